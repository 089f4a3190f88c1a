// Package disk is the part of a file system that durability rests on: making, writing, renaming and syncing files, and syncing the
// names in a folder. It serves the retrievability of controlled items [62304 8.3]: what goldthread says is stored must be there after
// the power fails.
//
// Packages that keep files (ledger/sqlite, blob, and whoever writes a key, an export or a backup) take a Disk, so that a test can put
// one beneath them that forgets what was not synced and fails at any call: package disktest is that. The program uses System.
//
// What it refuses: it has no function that writes without saying whether it lasts. Write is the way to put a file in place: whole,
// synced and named, or not at all.
package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Files are files and folders by name.
type Files interface {
	// OpenFile is os.OpenFile. What it makes has a name that lasts only after SyncNames of its folder.
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	// Mkdir is os.Mkdir. The name lasts only after SyncNames of the folder above.
	Mkdir(name string, perm fs.FileMode) error
	// Rename is os.Rename. It is done at once or not at all; it lasts after SyncNames of the folder of the new name.
	Rename(from, to string) error
	// Remove is os.Remove.
	Remove(name string) error
	// Stat is os.Stat.
	Stat(name string) (fs.FileInfo, error)
	// ReadDir is os.ReadDir.
	ReadDir(name string) ([]fs.DirEntry, error)
	// SyncNames makes the names in a folder durable. It does nothing on systems that keep a journal of names of their own and
	// cannot sync a folder (Windows).
	SyncNames(folder string) error
}

// File is an open file. What is written lasts only after Sync.
type File interface {
	io.ReadWriteCloser
	Sync() error
}

// Root is a folder that no name leads out of.
type Root interface {
	Files
	io.Closer
}

// Disk is where files are.
type Disk interface {
	Files
	// Root opens a folder, as os.OpenRoot does; its names are relative to it.
	Root(folder string) (Root, error)
	// SQLite names the VFS through which SQLite reaches the files of this disk; "" is SQLite's own.
	SQLite() string
}

// Write puts a file in place: write fills a new file beside it, which is synced, renamed and its name synced. When Write returns
// without an error, the file lasts; when it fails, or the power does, the file is as it was before, and "name.new" may be left, which
// the next Write goes over.
func Write(d Files, name string, perm fs.FileMode, write func(io.Writer) error) error {
	beside := name + ".new"
	f, err := d.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, d.Remove(beside))
	}
	if err := d.Rename(beside, name); err != nil {
		return errors.Join(err, d.Remove(beside))
	}
	return d.SyncNames(filepath.Dir(name))
}
