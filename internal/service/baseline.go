package service

import (
	"context"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

// maxName bounds the names of baselines and streams in bytes: they stand in tables, file names and addresses.
const maxName = 60

// checkName refuses a name that could be taken for something else where people and programs write it: a number is an entry.
func checkName(what, name string) error {
	ok := name != "" && len(name) <= maxName
	digits := true
	for i := 0; i < len(name); i++ {
		c := name[i]
		letter, digit := c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9'
		ok = ok && (letter || digit || i > 0 && strings.IndexByte("._-", c) >= 0)
		digits = digits && digit
	}
	if !ok || digits {
		return fault.Newf(fault.Invalid, "%q cannot be the name of a %s", name, what).WithHint("letters, digits, dots, dashes and underscores, at most 60, not digits alone: 1.2.0 or design-freeze")
	}
	return nil
}

// Baseline names the present state of a stream [62304 5.8.4] [62304 8.1.1], so that it can be looked at and compared for ever.
func (s *Service) Baseline(ctx context.Context, cmd Command, name, title string) (Receipt, error) {
	if err := checkName("baseline", name); err != nil {
		return Receipt{}, err
	}
	return s.submit(ctx, cmd, func(st *State) ([]record.Operation, error) {
		for _, b := range st.Snapshot.Baselines() {
			if b.Name == name {
				return nil, fault.Newf(fault.Conflict, "baseline %s was made at entry %d", name, b.Entry)
			}
		}
		return []record.Operation{record.Baseline{Name: name, Title: title}}, nil
	})
}
