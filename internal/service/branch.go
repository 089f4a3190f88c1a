package service

import (
	"context"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

// Branch opens a stream that begins as the command's own stream was at a baseline, or at the entry of its number: a maintenance
// line beside the next version [62304 6.3.1].
func (s *Service) Branch(ctx context.Context, cmd Command, name record.Stream, from string) (Receipt, error) {
	if err := checkName("stream", string(name)); err != nil {
		return Receipt{}, err
	}
	return s.submit(ctx, cmd, func(st *State) ([]record.Operation, error) {
		entry, err := moment(st.Snapshot, from)
		if err != nil {
			return nil, err
		}
		if entry >= st.Entry {
			return nil, fault.Newf(fault.NotFound, "entry %d is not there yet", entry)
		}
		return []record.Operation{record.Branch{Stream: name, Parent: st.Snapshot.Stream(), Entry: entry}}, nil
	})
}
