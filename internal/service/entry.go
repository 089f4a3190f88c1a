package service

import (
	"context"
	"fmt"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/record"
)

// Entry says who made one entry of a ledger, when and why, without what it did.
type Entry struct {
	Change     *record.Change // without its operations
	Operations int
	Root       ledger.Hash // of the ledger's tree up to and with this entry
}

// Entry reads an entry by its number: fault.NotFound where there is none.
func (s *Service) Entry(ctx context.Context, name string, sequence int64) (*Entry, error) {
	for row, err := range s.Store.Rows(ctx, name, sequence, 1) {
		if err != nil {
			return nil, fmt.Errorf("read entry %d of project %s: %w", sequence, name, err)
		}
		if row.Sequence != sequence {
			break
		}
		c, n, err := record.DecodeEnvelope(row.Envelope)
		if err != nil {
			return nil, fault.New(fault.Corrupt, fmt.Sprintf("entry %d of project %s cannot be read", sequence, name), err)
		}
		return &Entry{Change: c, Operations: n, Root: row.Root}, nil
	}
	return nil, fault.Newf(fault.NotFound, "project %s has no entry %d", name, sequence)
}
