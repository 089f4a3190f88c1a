package service

import (
	"context"
	"fmt"
	"io"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

// TakeIn makes a project out of a folder that was read: its settings and all
// operations of the reading, as one change.
type TakeIn struct {
	Command
	Settings   record.Settings
	Operations []record.Operation
	Files      []File // that the operations name
}

// File is a file that goes into the blobs of the store.
type File struct {
	record.File
	Open func() (io.ReadCloser, error)
}

// maxBlob is the largest file that is taken in, in bytes.
const maxBlob = 4 << 30

// TakeIn carries out the command. A project of the name must not exist yet:
// fault.Conflict. A file that is not what its hash says is refused before
// anything is written to the ledger.
func (s *Service) TakeIn(ctx context.Context, cmd TakeIn) error {
	for _, f := range cmd.Files {
		if err := s.keep(f); err != nil {
			return err
		}
	}
	if err := s.create(ctx, cmd.Project); err != nil {
		return err
	}
	_, err := s.submit(ctx, cmd.Command, func(*State) ([]record.Operation, error) {
		return append([]record.Operation{cmd.Settings}, cmd.Operations...), nil
	})
	return err
}

// keep puts a file into the blobs.
func (s *Service) keep(f File) error {
	r, err := f.Open()
	if err != nil {
		return fault.New(fault.Invalid, "cannot read "+f.Name, err)
	}
	defer r.Close()
	info, err := s.Blobs.Put(r, maxBlob)
	if err != nil {
		return fmt.Errorf("keep %s: %w", f.Name, err)
	}
	if info.Hash != blob.Hash(f.Hash) {
		return fault.Newf(fault.Conflict, "%s has changed since it was read", f.Name).WithHint("run the command again")
	}
	return nil
}

// Blob opens a file by its hash.
func (s *Service) Blob(h record.Hash) (io.ReadCloser, error) { return s.Blobs.Open(blob.Hash(h)) }
