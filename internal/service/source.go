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

// Operation reads one operation; operations of entries count from 1 in the ledger.
func (s *source) Operation(p project.Position) (record.Operation, error) {
	op, err := s.store.Operation(s.ctx, s.name, p.Entry, int64(p.Operation)+1)
	if err != nil {
		return nil, fmt.Errorf("project %s: %w", s.name, err)
	}
	return record.DecodeOperation(op.Bytes)
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
			c, err := decode(e)
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
func decode(e ledger.Entry) (*record.Change, error) {
	c, n, err := record.DecodeEnvelope(e.Envelope)
	if err != nil {
		return nil, err
	}
	if c.Sequence != e.Sequence || n != len(e.Operations) {
		return nil, fmt.Errorf("the envelope speaks of entry %d with %d operations, the row is entry %d with %d", c.Sequence, n, e.Sequence, len(e.Operations))
	}
	c.Operations = make([]record.Operation, n)
	for i := range e.Operations {
		if c.Operations[i], err = record.DecodeOperation(e.Operations[i].Bytes); err != nil {
			return nil, fmt.Errorf("operation %d: %w", i+1, err)
		}
	}
	return c, nil
}
