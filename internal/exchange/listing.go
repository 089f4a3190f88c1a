package exchange

import (
	"io/fs"
	"sync"
)

// Listing is a file system that remembers what folders list, so that every
// format may look through the same tree for its files at the cost of one walk.
// It is safe for concurrent use.
type Listing struct {
	fs.FS
	folders sync.Map // name → listed
}

type listed struct {
	entries []fs.DirEntry
	err     error
}

// NewListing begins a listing of fsys, which must not change meanwhile.
func NewListing(fsys fs.FS) *Listing { return &Listing{FS: fsys} }

// ReadDir makes Listing an fs.ReadDirFS.
func (l *Listing) ReadDir(name string) ([]fs.DirEntry, error) {
	if known, ok := l.folders.Load(name); ok {
		k := known.(listed)
		return k.entries, k.err
	}
	entries, err := fs.ReadDir(l.FS, name)
	l.folders.Store(name, listed{entries, err})
	return entries, err
}
