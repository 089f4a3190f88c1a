// Package doorstop reads requirement trees of Doorstop (doorstop-dev/doorstop, versions 1 to 3) as they lie in a
// folder, with no help from Doorstop itself.
//
// A document is a folder with a file .doorstop.yml; every file below it named by a UID (REQ001.yml, SRS-12.md) is an
// item. A folder inside a document that has a .doorstop.yml of its own is another document.
//
//	reqs/.doorstop.yml     settings: {prefix: REQ, digits: 3, sep: ''}
//	reqs/REQ001.yml        level: 2.3
//	                       links:
//	                       - SYS004: T2tSkn27DO3GXvagwOgNNLvhW4FPNg9gyLfru-l9hWQ=
//	                       reviewed: avwblqPimDJ2OgTrRCXxRPN8FQhUBWqPIXm7kSR95C4=
//	                       text: |
//	                         The pump **shall** stop on occlusion.
//
// Doorstop's fingerprints are recomputed (see stamp.go), so that a link whose parent changed is suspect and an item
// that changed since its review is known. The reader refuses to follow symbolic links, to leave the folder, to run
// validators named by a configuration, and to write.
//
// Clause served: traceability and its upkeep under change [62304 5.1.1], [62304 7.4.1].
package doorstop

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Format is the name of this format in a Tree.
const Format = "doorstop"

// parentVerb is the only relation Doorstop has: from a child to its parent.
const parentVerb = "parent"

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-50
type Limits struct {
	FileBytes int64 // largest file read; default 4 MiB
	Files     int   // most entries of folders looked at; default 2,000,000
	Nodes     int   // most YAML nodes of one file, aliases counted each time they are used; default 200,000
	Depth     int   // deepest nesting of YAML nodes and of folders; default 64
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 4 << 20
	}
	if l.Files <= 0 {
		l.Files = 2_000_000
	}
	if l.Nodes <= 0 {
		l.Nodes = 200_000
	}
	if l.Depth <= 0 {
		l.Depth = 64
	}
	return l
}

// Options are the caller's wishes. The zero value is good.
type Options struct {
	Limits  Limits
	Workers int // files read at once; default twice the processors, at most 16
}

// Detect reports whether a document lies in the folder or below it.
func Detect(fsys fs.FS) bool {
	found := errors.New("found")
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return skipUnreadable(entry)
		case entry.IsDir() && exchange.SkippedFolder(name):
			return fs.SkipDir
		case entry.Name() == configName && entry.Type().IsRegular():
			return found
		}
		return nil
	})
	return errors.Is(err, found)
}

// ReadFolder is Read on a folder of the disk, which the reading cannot leave.
func ReadFolder(folder string, options Options) (*exchange.Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the doorstop tree: %w", err)
	}
	defer root.Close()
	return Read(root.FS(), options)
}

// Read reads every document of a tree. What is wrong with single files is in the faults of the Tree; an error means
// that the folder itself could not be read.
//
// goldthread:implements SRS-47
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.withDefaults()
	if options.Workers <= 0 {
		options.Workers = min(16, 2*runtime.GOMAXPROCS(0))
	}
	found, err := walk(fsys, options.Limits)
	if err != nil {
		return nil, err
	}
	r := &reader{fsys: fsys, options: options, walked: found}
	r.readConfigs()
	r.readItems()
	return r.tree(), nil
}
