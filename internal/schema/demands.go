//go:build !bootstrap

package schema

import (
	"slices"

	"github.com/goldthread/goldthread/internal/record"
)

// Demands reports whether items of a kind demand something in words: needs, requirements, risk controls and labelling.
// Their wording is judged.
func (s *Schema) Demands(k record.Kind) bool {
	return slices.ContainsFunc([]record.Kind{KindUN, KindSYS, KindSRS, KindRC, KindLBL}, func(a record.Kind) bool { return s.Is(k, a) })
}
