package service

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/fault"
)

// copier is a store that can copy itself while it is used.
type copier interface {
	Backup(ctx context.Context, folder string) error
}

// Folders below a data folder.
const (
	BlobsFolder = "blobs"
	KeysFolder  = "keys"
)

// Backup copies everything that the service keeps into a new folder, which is a data folder of its own: all ledgers as they were
// at one moment, every file, and the signing keys. Others read and write meanwhile.
//
// goldthread:implements SRS-96
func (s *Service) Backup(ctx context.Context, folder string) error {
	c, ok := s.Store.(copier)
	if !ok {
		return fault.Newf(fault.Unavailable, "this store is copied with the tools of its database")
	}
	if err := s.flushAll(ctx); err != nil {
		return err
	}
	if err := c.Backup(ctx, folder); err != nil { // before the files: every file that an entry names is there by now
		return err
	}
	to, err := blob.OpenFolder(filepath.Join(folder, BlobsFolder))
	if err != nil {
		return err
	}
	defer to.Close()
	for info, err := range s.Blobs.All() {
		if err == nil {
			err = s.copyBlob(to, info)
		}
		if err != nil {
			return fmt.Errorf("copy the files: %w", err)
		}
	}
	if s.Keys == nil {
		return nil
	}
	return s.Keys.CopyTo(filepath.Join(folder, KeysFolder))
}

// copyBlob copies a file and holds it against its hash on the way. One that was redacted meanwhile is left out.
func (s *Service) copyBlob(to *blob.Folder, info blob.Info) error {
	r, err := s.Blobs.Open(info.Hash)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = to.Put(r, info.Size)
	return errors.Join(err, r.Close())
}

// Restore makes a data folder out of a backup. It copies all or nothing: where the copy is not whole the folder is taken away
// again. The folder must not be there yet.
//
// goldthread:implements SRS-96
func Restore(backup, folder string) (err error) {
	if _, err := os.Lstat(folder); err == nil {
		return fault.Newf(fault.Conflict, "%s is there already; nothing was restored", folder).WithHint("name a new folder, or move the old one aside")
	}
	if _, err := os.Stat(filepath.Join(backup, "ledger.db")); err != nil {
		return fault.New(fault.NotFound, backup+" holds no backup", err)
	}
	temp := folder + ".restoring"
	if err := os.RemoveAll(temp); err != nil {
		return fault.New(fault.Unavailable, "what an earlier restoring left at "+temp+" cannot be taken away", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	failed := func(err error) error {
		return fault.New(fault.Unavailable, "the backup cannot be copied to "+folder, err)
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return failed(err)
	}
	if err := os.CopyFS(temp, os.DirFS(backup)); err != nil {
		return failed(err)
	}
	if err := harden(temp); err != nil {
		return failed(err)
	}
	if err := os.Rename(temp, folder); err != nil {
		return failed(err)
	}
	return syncDir(filepath.Dir(folder))
}

// harden makes a copied data folder durable, and lets only its owner read it.
func harden(folder string) error {
	return filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := os.FileMode(0o600)
		if d.IsDir() {
			mode = 0o700
		}
		if err := os.Chmod(name, mode); err != nil {
			return err
		}
		return syncDir(name)
	})
}

// syncDir makes a file or the names of a folder durable.
func syncDir(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
