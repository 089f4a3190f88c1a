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
	if err := makeFolder(folder); err != nil {
		return fault.New(fault.Unavailable, fmt.Sprintf("the folder %s cannot be made", folder), err)
	}
	path := filepath.Join(folder, fileName)
	if _, err := os.Lstat(path); err == nil {
		return fault.Newf(fault.Conflict, "%s holds a ledger already", folder).WithHint("name a new folder")
	}
	failed := fmt.Sprintf("the ledgers cannot be copied to %s", folder)
	// A connection of its own: readers may not write, and the writer is not to be kept waiting.
	db, err := pool(s.path, pragmas, "", 1)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "vacuum into ?1", path)
	if err = errors.Join(err, db.Close()); err != nil {
		_ = os.Remove(path) // half a copy is none; the error of the copying is what counts
		return classify(err, failed)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fault.New(fault.Unavailable, failed, err)
	}
	err = file.Chmod(0o600)
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = syncFolder(folder)
	}
	if err != nil {
		return fault.New(fault.Unavailable, failed, err)
	}
	return nil
}
