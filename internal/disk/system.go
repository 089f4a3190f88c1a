package disk

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
)

// System is the disk of this machine.
func System() Disk { return system{} }

type system struct{}

func (system) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	return file(os.OpenFile(name, flag, perm))
}

func (system) Mkdir(name string, perm fs.FileMode) error  { return os.Mkdir(name, perm) }
func (system) Rename(from, to string) error               { return os.Rename(from, to) }
func (system) Remove(name string) error                   { return os.Remove(name) }
func (system) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (system) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (system) SyncNames(folder string) error              { return syncNames(os.Open(folder)) }
func (system) SQLite() string                             { return "" }

func (system) Root(folder string) (Root, error) {
	r, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	return root{r}, nil
}

type root struct{ root *os.Root }

func (r root) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	return file(r.root.OpenFile(name, flag, perm))
}

func (r root) Mkdir(name string, perm fs.FileMode) error  { return r.root.Mkdir(name, perm) }
func (r root) Rename(from, to string) error               { return r.root.Rename(from, to) }
func (r root) Remove(name string) error                   { return r.root.Remove(name) }
func (r root) Stat(name string) (fs.FileInfo, error)      { return r.root.Stat(name) }
func (r root) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(r.root.FS(), name) }
func (r root) SyncNames(folder string) error              { return syncNames(r.root.Open(folder)) }
func (r root) Close() error                               { return r.root.Close() }

// file keeps a nil *os.File from becoming a File that is not nil.
func file(f *os.File, err error) (File, error) {
	if err != nil {
		return nil, err
	}
	return f, nil
}

func syncNames(folder *os.File, err error) error {
	if err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // folders cannot be synced there; NTFS has its own journal of names
		return folder.Close()
	}
	return errors.Join(folder.Sync(), folder.Close())
}
