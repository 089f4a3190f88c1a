package service

import (
	"context"
	"fmt"
	"iter"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// source reads operations and changes of one project from its ledger.
type source struct {
	ctx   context.Context
	store ledger.Store
	name  string
}

// Operation reads one operation; operations of entries count from 1 in the ledger. Of one that was redacted it is what stands
// in for it, or fault.NotFound.
func (s *source) Operation(p project.Position) (record.Operation, error) {
	op, redactedBy, err := s.store.Operation(s.ctx, s.name, p.Entry, int64(p.Operation)+1)
	if err != nil {
		return nil, fmt.Errorf("project %s: %w", s.name, err)
	}
	if redactedBy == 0 {
		return record.DecodeOperation(op.Bytes)
	}
	instead, err := s.instead(p.Entry, int64(p.Operation)+1, redactedBy)
	if err == nil && instead == nil {
		err = fault.Newf(fault.NotFound, "operation %d of entry %d of project %s was redacted by entry %d", p.Operation+1, p.Entry, s.name, redactedBy)
	}
	return instead, err
}

// instead finds what the entry that redacted an operation says that stands in for it, nil for nothing. An entry that says
// nothing of it has not redacted it: then somebody else has taken it out.
func (s *source) instead(entry, number, by int64) (record.Operation, error) {
	for e, err := range ledger.Entries(s.ctx, s.store, s.name, by, 1) {
		if err != nil {
			return nil, err
		}
		for _, op := range e.Operations {
			if len(op.Bytes) == 0 {
				continue
			}
			decoded, err := record.DecodeOperation(op.Bytes)
			if err != nil {
				return nil, err
			}
			if r, ok := decoded.(record.Redact); ok && r.Entry == entry && r.Number == number {
				if put, ok := r.Instead.(record.PutItem); ok {
					put.Content = r.Content
					return put, nil
				}
				return r.Instead, nil
			}
		}
	}
	return nil, fault.Newf(fault.Corrupt, "operation %d of entry %d of project %s was taken out, and entry %d, which is said to have redacted it, does not say so", number, entry, s.name, by)
}

// Changes yields the entries from one number to another.
func (s *source) Changes(from, to int64) iter.Seq2[*record.Change, error] {
	return func(yield func(*record.Change, error) bool) {
		if from > to {
			return
		}
		for e, err := range ledger.Entries(s.ctx, s.store, s.name, from, to-from+1) {
			if err != nil {
				yield(nil, err)
				return
			}
			c, err := s.decode(e)
			if err != nil {
				err = fault.New(fault.Corrupt, fmt.Sprintf("entry %d of project %s cannot be read", e.Sequence, s.name), err)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// decode reads an entry and holds its envelope against what surrounds it.
func (s *source) decode(e ledger.Entry) (*record.Change, error) {
	c, n, err := record.DecodeEnvelope(e.Envelope)
	if err != nil {
		return nil, err
	}
	if c.Sequence != e.Sequence || n != len(e.Operations) {
		return nil, fmt.Errorf("the envelope speaks of entry %d with %d operations, the row is entry %d with %d", c.Sequence, n, e.Sequence, len(e.Operations))
	}
	c.Operations = make([]record.Operation, n)
	for i := range e.Operations {
		number := int64(i) + 1
		if by := e.Redacted[number]; by != 0 {
			c.Operations[i], err = s.instead(e.Sequence, number, by)
		} else {
			c.Operations[i], err = record.DecodeOperation(e.Operations[i].Bytes)
		}
		if err != nil {
			return nil, fmt.Errorf("operation %d: %w", number, err)
		}
	}
	return c, nil
}
