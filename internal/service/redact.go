package service

import (
	"context"
	"fmt"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Redact takes the content of an operation out of the ledger for good, and files with it: what must not be kept, such as
// personal data that came in by mistake. Everything else stays proven, and everybody can see that something was taken out, by
// whom and on whose order.
//
// What stands in for the operation is said by instead; where it is nil and the operation is a revision of an item, an item
// without title, text and fields stands in, so that its links stay.
//
// goldthread:implements SRS-94
func (s *Service) Redact(ctx context.Context, cmd Command, r record.Redact) (Receipt, error) {
	if r.Order == "" {
		return Receipt{}, fault.Newf(fault.Invalid, "say on whose order the content is taken out").WithHint("--order 'data protection officer, request 2026-11'")
	}
	receipt, err := s.submit(ctx, cmd, func(st *State) ([]record.Operation, error) {
		op, err := st.Source.Operation(project.Position{Entry: r.Entry, Operation: int32(r.Number - 1)})
		if err != nil {
			return nil, err
		}
		switch op := op.(type) {
		case record.Redact, record.RotateKey, record.Membership, record.Sign, record.Anchor, record.Branch:
			return nil, fault.Newf(fault.Invalid, "operation %d of entry %d is %q, which is what others are proven by; it cannot be taken out", r.Number, r.Entry, op.Type())
		case record.PutItem:
			r.Content = op.Item.ContentHash()
			if r.Instead == nil {
				r.Instead = record.PutItem{Item: record.Item{ID: op.Item.ID, Key: op.Item.Key, Kind: op.Item.Kind, Title: fmt.Sprintf("Redacted by entry %d", st.Entry)}}
			}
			if put, ok := r.Instead.(record.PutItem); !ok || put.Item.ID != op.Item.ID || put.Item.Key != op.Item.Key || put.Item.Kind != op.Item.Kind {
				return nil, fault.Newf(fault.Invalid, "what stands in for a revision of %s must be one of %s", op.Item.Key, op.Item.Key)
			}
		}
		return []record.Operation{r}, nil
	})
	if err != nil || receipt.Repeated {
		return receipt, err
	}
	for _, h := range r.Blobs {
		if err := s.Blobs.Remove(blob.Hash(h)); err != nil {
			return receipt, fmt.Errorf("entry %d redacts file %s: %w", receipt.Entry, h.Hex(), err)
		}
	}
	return receipt, nil
}

// redactionsOf are the operations whose bytes the store takes out with a change.
func redactionsOf(c *record.Change) []ledger.OperationRef {
	var refs []ledger.OperationRef
	for _, op := range c.Operations {
		if r, ok := op.(record.Redact); ok && r.Entry > 0 {
			refs = append(refs, ledger.OperationRef{Sequence: r.Entry, Number: r.Number})
		}
	}
	return refs
}

// refold folds a project anew after something was taken out of its past, so that no state of it shows it any more.
func (s *Service) refold(ctx context.Context, l *live, name string) error {
	fold := project.NewFold()
	src := &source{ctx, s.Store, name}
	for c, err := range src.Changes(1, l.head.Size) {
		if err == nil {
			err = fold.Apply(c, src)
		}
		if err != nil {
			return fmt.Errorf("fold project %s anew: %w", name, err)
		}
	}
	l.fold.Become(fold)
	return nil
}
