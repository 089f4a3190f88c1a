// Package itemrst reads requirements written as item directives in reStructuredText, in the dialect of the Sphinx
// plugin mlx.traceability (melexis/sphinx-traceability-extension), without Sphinx, docutils or Python.
//
//	.. item:: RW-SW-8 Clocks do not overflow
//	   :fulfills: RW-SYS-16
//	      RW-SYS-17
//	   :status: Approved
//
//	   All software clocks must have high enough range to not overflow within 2 weeks.
//
// The first word after the directive is the key, the rest its title. Options named as relations hold targets divided
// by blanks or lines; every other option is a field. The text is what is indented below; where nothing is, it is
// what follows up to the next heading or directive, as some projects write it. Links may also stand apart
// (item-link). Headings become sections, and what lies between items becomes blocks.
//
// The reader refuses to run a conf.py; of one it reads the literal dictionary traceability_relationships and nothing
// else. Clause served: traceability [62304 5.1.1], requirements traceable to their source [62304 5.2.6].
package itemrst

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Format is the name of this format in a Tree.
const Format = "item-rst"

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-50
type Limits struct {
	FileBytes int64 // largest file read; default 16 MiB
	Files     int   // most entries of folders looked at; default 2,000,000
	Links     int   // most links that item-link directives may make; default 1,000,000
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 16 << 20
	}
	if l.Files <= 0 {
		l.Files = 2_000_000
	}
	if l.Links <= 0 {
		l.Links = 1_000_000
	}
	return l
}

// Options are the caller's wishes. The zero value is good.
type Options struct {
	Limits    Limits
	Relations []Relation // beside those of the plugin and of conf.py
}

// Detect reports whether a file with an item directive lies in the folder or below it.
func Detect(fsys fs.FS) bool {
	found := errors.New("found")
	limit := Limits{}.withDefaults().FileBytes
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() && exchange.SkippedFolder(name):
			return fs.SkipDir
		case entry.Type().IsRegular() && isRST(name):
			data, why := exchange.ReadFile(fsys, name, limit)
			if why == "" && mayHoldItems(data) && parse(name, data, false).items > 0 {
				return found
			}
		}
		return nil
	})
	return errors.Is(err, found)
}

// ReadFolder is Read on a folder of the disk, which the reading cannot leave.
func ReadFolder(folder string, options Options) (*exchange.Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the item directives: %w", err)
	}
	defer root.Close()
	return Read(root.FS(), options)
}

// reader holds one reading.
type reader struct {
	fsys      fs.FS
	limits    Limits
	relations relations
	parsed    []*parsed
	tree      *exchange.Tree
}

// Read reads every .rst and .rest file of a folder that holds item directives; files without any are named in
// Tree.Others. What is wrong with single files is in the faults of the Tree; an error means that the folder itself
// could not be read.
//
// goldthread:implements SRS-49
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	if _, err := fs.ReadDir(fsys, "."); err != nil {
		return nil, fmt.Errorf("read the folder of the item directives: %w", err)
	}
	r := &reader{
		fsys: fsys, limits: options.Limits.withDefaults(), relations: defaultRelations(),
		tree: &exchange.Tree{Format: Format, Markup: "rst"},
	}
	r.relations.add(options.Relations)
	if err := r.walk(); err != nil {
		return nil, err
	}
	r.finish()
	return r.tree, nil
}

var errEnough = errors.New("enough files")

func (r *reader) walk() error {
	seen := 0
	err := fs.WalkDir(r.fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if seen++; seen > r.limits.Files {
			r.fault(exchange.Position{File: name}, true, fmt.Sprintf("more than %d files; the rest is not read", r.limits.Files), "read a folder closer to the requirements")
			return errEnough
		}
		switch {
		case err != nil:
			r.fault(exchange.Position{File: name}, true, "the folder cannot be read: "+exchange.Reason(err), "check its permissions")
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
			if exchange.SkippedFolder(name) {
				return fs.SkipDir
			}
		case isRST(name) || entry.Name() == confName:
			r.file(name, entry)
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return fmt.Errorf("walk the folder of the item directives: %w", err)
	}
	return nil
}

func (r *reader) file(name string, entry fs.DirEntry) {
	at := exchange.Position{File: name}
	if !entry.Type().IsRegular() {
		r.fault(at, true, "this is a symbolic link or no regular file and is not read", "put the file itself into the folder")
		return
	}
	data, why := exchange.ReadFile(r.fsys, name, r.limits.FileBytes)
	switch {
	case why != "":
		r.fault(at, true, "the file cannot be read: "+why, "mend or replace the file")
	case entry.Name() == confName:
		if given, ok := confRelations(data); ok {
			r.relations.add(given)
			r.tree.Files = append(r.tree.Files, name)
		}
	case !utf8.Valid(data):
		if mayHoldItems(data) {
			r.fault(at, true, "the file is not UTF-8 text", "save it as UTF-8")
		} else {
			r.tree.Others = append(r.tree.Others, name)
		}
	case !mayHoldItems(data):
		r.tree.Others = append(r.tree.Others, name)
	default:
		p := parse(name, data, true)
		if p.items == 0 && len(p.linkers) == 0 {
			r.tree.Others = append(r.tree.Others, name)
			return
		}
		r.tree.Files = append(r.tree.Files, name)
		r.parsed = append(r.parsed, p)
	}
}

func (r *reader) fault(at exchange.Position, isError bool, message, remedy string) {
	r.tree.Faults = append(r.tree.Faults, exchange.Fault{At: at, Message: message, Remedy: remedy, Error: isError})
}

// mayHoldItems is a cheap look before the parsing.
func mayHoldItems(data []byte) bool {
	return bytes.Contains(data, []byte("item::")) || bytes.Contains(data, []byte("item-link::"))
}

func isRST(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".rst", ".rest":
		return true
	}
	return false
}
