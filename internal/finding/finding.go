// Package finding holds what a check found: values that say which rule, how bad,
// which record, where it stands, what is wrong and how to mend it. It finds
// nothing itself and prints nothing.
package finding

import (
	"cmp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// Severity says what a finding means for the answer "is anything wrong?".
type Severity string

// The closed list of severities. Errors and warnings fail a check; a note tells.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Severities lists them, worst first.
func Severities() []Severity { return []Severity{Error, Warning, Note} }

// Finding is one thing found.
type Finding struct {
	Rule     string     `json:"rule"`
	Severity Severity   `json:"severity"`
	Item     record.Key `json:"item"` // "" where it is about no item
	File     string     `json:"file"` // slash path below the folder checked, "" for none
	Line     int        `json:"line"` // from 1, 0 for none
	Column   int        `json:"column"`
	Message  string     `json:"message"`
	Remedy   string     `json:"remedy"`
	Clauses  []string   `json:"clauses,omitempty"`
	// Difference is what changed, one line a field, for suspect links.
	Difference []string `json:"difference,omitempty"`
}

// Sort puts findings into the order in which people mend them: by file, line,
// column, then rule and message. Findings without a file come first.
//
// goldthread:implements SRS-64
func Sort(list []Finding) {
	slices.SortFunc(list, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Rule, b.Rule), record.CompareKeys(a.Item, b.Item), strings.Compare(a.Message, b.Message))
	})
}

// Fails reports whether any of the findings is more than a note.
func Fails(list []Finding) bool {
	return slices.ContainsFunc(list, func(f Finding) bool { return f.Severity != Note })
}

// Count returns how many findings have the severity.
func Count(list []Finding, s Severity) int {
	n := 0
	for i := range list {
		if list[i].Severity == s {
			n++
		}
	}
	return n
}
