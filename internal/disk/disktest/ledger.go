package disktest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// Create is the step that makes a project.
func Create(project string) Step[ledger.Store] {
	return Step[ledger.Store]{
		Name: "create project " + project,
		Do: func(ctx context.Context, s ledger.Store) error {
			if err := s.Create(ctx, project); !errors.Is(err, fault.Conflict) { // made before, not acknowledged
				return err
			}
			return nil
		},
		Done: func(ctx context.Context, s ledger.Store) error {
			_, err := s.Head(ctx, project)
			return err
		},
		Undone: func(ctx context.Context, s ledger.Store) error { return notFound(s.Head(ctx, project)) },
	}
}

// notFound wants an answer to be fault.NotFound.
func notFound[T any](found T, err error) error {
	switch {
	case errors.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	default:
		return fmt.Errorf("found %v", found)
	}
}

// Append is the step that appends a group of entries, of which the first has a number. Entries must have a key.
func Append(project string, first int64, entries ...ledger.Entry) Step[ledger.Store] {
	last := first + int64(len(entries)) - 1
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Sequence = 0 // a retry comes after a head that may be another
	}
	return Step[ledger.Store]{
		Name: fmt.Sprintf("append entries %d to %d of project %s", first, last, project),
		Do: func(ctx context.Context, s ledger.Store) error {
			head, err := s.Head(ctx, project)
			if err != nil {
				return err
			}
			receipt, err := s.Append(ctx, project, head, entries)
			if err != nil {
				return err
			}
			if want := last - head.Size; receipt.Repeated != (want <= 0) || receipt.Sequences[0] != first || receipt.Head.Size < last {
				return fmt.Errorf("appending after entry %d gave %+v", head.Size, receipt)
			}
			return nil
		},
		Done: func(ctx context.Context, s ledger.Store) error {
			at := 0
			for e, err := range ledger.Entries(ctx, s, project, first, int64(len(entries))) {
				if err != nil {
					return err
				}
				if !same(e, entries[at], first+int64(at)) {
					return fmt.Errorf("entry %d is another", first+int64(at))
				}
				at++
			}
			if at != len(entries) {
				return fmt.Errorf("there are %d of %d entries", at, len(entries))
			}
			return once(ctx, s, project, first, entries)
		},
		Undone: func(ctx context.Context, s ledger.Store) error {
			head, err := s.Head(ctx, project)
			if err != nil && !errors.Is(err, fault.NotFound) {
				return err
			}
			if head.Size >= first {
				return fmt.Errorf("the ledger has %d entries", head.Size)
			}
			for _, e := range entries {
				if err := notFound(s.Sequence(ctx, project, e.Key)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// once wants each key to lead to the entry of its number.
func once(ctx context.Context, s ledger.Store, project string, first int64, entries []ledger.Entry) error {
	for i, e := range entries {
		n, err := s.Sequence(ctx, project, e.Key)
		if err != nil {
			return err
		}
		if n != first+int64(i) {
			return fmt.Errorf("key %q leads to entry %d, not %d", e.Key, n, first+int64(i))
		}
	}
	return nil
}

func same(got, want ledger.Entry, sequence int64) bool {
	return got.Sequence == sequence && got.Key == want.Key && slices.Equal(got.Envelope, want.Envelope) &&
		slices.EqualFunc(got.Operations, want.Operations, func(a, b ledger.Operation) bool {
			return a.Salt == b.Salt && slices.Equal(a.Bytes, b.Bytes)
		})
}

// CheckLedgers verifies every project of a store.
func CheckLedgers(ctx context.Context, s ledger.Store) error {
	projects, err := s.Projects(ctx)
	if err != nil {
		return err
	}
	for _, project := range projects {
		head, err := s.Head(ctx, project)
		if err != nil {
			return err
		}
		got, damages, err := ledger.Verify(ctx, s, project)
		switch {
		case err != nil:
			return err
		case len(damages) > 0:
			return fmt.Errorf("project %s is damaged: %v", project, damages[0])
		case got != head:
			return fmt.Errorf("project %s has head %v, its entries give %v", project, head, got)
		}
	}
	return nil
}
