package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/goldthread/goldthread/internal/fault"
)

// Backup writes a copy of all ledgers into a folder, which must not hold one, while others read and write: the copy is what there
// was at one moment, durable when Backup returns. It is a data folder of its own, without the files beside the ledgers.
//
// goldthread:implements SRS-96
func (s *Store) Backup(ctx context.Context, folder string) error {
	if err := makeFolder(s.disk, folder); err != nil {
		return cannotBeMade(fmt.Sprintf("the folder %s cannot be made", folder), err)
	}
	path := filepath.Join(folder, fileName)
	if _, err := s.disk.Stat(path); err == nil {
		return fault.Newf(fault.Conflict, "%s holds a ledger already", folder).WithHint("name a new folder")
	}
	failed := fmt.Sprintf("the ledgers cannot be copied to %s", folder)
	// The file is there first, empty, so that nobody else may read it and its name lasts.
	if err := makeFile(s.disk, path); err != nil {
		return cannotBeMade(failed, err)
	}
	if err := s.copyTo(ctx, path); err != nil {
		_ = s.disk.Remove(path) // half a copy is none; the error of the copying is what counts
		return classify(err, failed)
	}
	return nil
}

// copyTo copies all into an empty file, durably.
func (s *Store) copyTo(ctx context.Context, path string) error {
	// A connection of its own: readers may not write, and the writer is not to be kept waiting.
	db, err := pool(s.path, pragmas, vfsOf(s.disk), 1)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "vacuum into ?1", path)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	file, err := s.disk.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
