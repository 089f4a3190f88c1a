package doorstop

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

const (
	configName = ".doorstop.yml"
	skipName   = ".doorstop.skip"     // Doorstop leaves out a document whose folder has this file
	hideName   = ".doorstop.skip-all" // and all documents of a folder and below it where it has this one
)

// walked is what a folder holds, before any file is opened.
type walked struct {
	documents []*document // in order of their paths
	others    []string
	faults    []exchange.Fault
}

// document is one document while it is being read.
type document struct {
	path     string // folder
	skipped  bool
	config   config
	items    []candidate
	readable bool // the configuration could be read
}

// candidate is a file that is named like an item.
type candidate struct {
	path string
	uid  uid
	name string // the file name without its extension: the item's UID as Doorstop hashes it
}

func (d *document) configPath() string { return path.Join(d.path, configName) }

type walker struct {
	fsys    fs.FS
	limits  Limits
	out     walked
	entries int
}

func walk(fsys fs.FS, limits Limits) (*walked, error) {
	w := &walker{fsys: fsys, limits: limits}
	if _, err := fs.ReadDir(fsys, "."); err != nil {
		return nil, fmt.Errorf("read the folder of the doorstop tree: %w", err)
	}
	w.folder(".", nil, false, 0)
	return &w.out, nil
}

// folder collects one folder; owner is the document that the folder belongs to, nil outside of any. In a hidden one no
// document begins.
func (w *walker) folder(name string, owner *document, hidden bool, depth int) {
	if depth > w.limits.Depth {
		w.fault(name, true, fmt.Sprintf("folders are nested more than %d deep; what lies below is not read", w.limits.Depth),
			"read a folder closer to the requirements")
		return
	}
	entries, err := fs.ReadDir(w.fsys, name)
	if err != nil {
		w.fault(name, true, "the folder cannot be read: "+exchange.Reason(err), "check its permissions")
	}
	hidden = hidden || w.hides(name, entries)
	owner = w.ownerOf(name, entries, owner, hidden)
	for _, entry := range entries {
		if w.entries++; w.entries > w.limits.Files {
			if w.entries == w.limits.Files+1 {
				w.fault(name, true, fmt.Sprintf("more than %d files; the rest is not read", w.limits.Files),
					"read a folder closer to the requirements")
			}
			return
		}
		if entry.IsDir() && !exchange.SkippedFolder(entry.Name()) {
			w.folder(path.Join(name, entry.Name()), owner, hidden, depth+1)
			continue
		}
		w.entry(path.Join(name, entry.Name()), entry, owner)
	}
}

// hides says that a folder has the file that hides it.
func (w *walker) hides(name string, entries []fs.DirEntry) bool {
	if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == hideName }) {
		return false
	}
	w.fault(path.Join(name, hideName), false, "the documents of this folder and below it are left out, as Doorstop does where this file lies",
		"remove the file to have the documents read")
	return true
}

// ownerOf is the document that the files of a folder belong to: its own where it has a configuration.
func (w *walker) ownerOf(name string, entries []fs.DirEntry, outer *document, hidden bool) *document {
	own := (*document)(nil)
	skipped := false
	for _, entry := range entries {
		switch entry.Name() {
		case configName:
			own = &document{path: name}
		case skipName:
			skipped = true
		}
	}
	if own == nil {
		return outer
	}
	own.skipped = skipped || hidden
	w.out.documents = append(w.out.documents, own)
	if skipped && !hidden {
		w.fault(path.Join(name, skipName), false, "the document of this folder is left out, as Doorstop does where this file lies",
			"remove the file to have the document read")
	}
	return own
}

func (w *walker) entry(name string, entry fs.DirEntry, owner *document) {
	switch {
	case entry.IsDir() || owner == nil || owner.skipped || entry.Name() == skipName || entry.Name() == hideName:
	case entry.Type()&fs.ModeSymlink != 0:
		w.fault(name, true, "the file is a symbolic link, which is not followed", "put the file itself into the folder")
	case !entry.Type().IsRegular():
		w.fault(name, true, "this is not a regular file and is not read", "remove it from the folder")
	case entry.Name() == configName:
	default:
		w.file(name, entry.Name(), owner)
	}
}

func (w *walker) file(name, base string, owner *document) {
	ext := path.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	if id, ok := parseUID(stem); ok && itemExtension(ext) {
		owner.items = append(owner.items, candidate{path: name, uid: id, name: stem})
		return
	}
	w.out.others = append(w.out.others, name)
}

func itemExtension(ext string) bool {
	switch strings.ToLower(ext) {
	case ".yml", ".yaml", ".md":
		return true
	}
	return false
}

func skipUnreadable(entry fs.DirEntry) error {
	if entry != nil && entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func (w *walker) fault(file string, isError bool, message, remedy string) {
	w.out.faults = append(w.out.faults, exchange.Fault{
		At: exchange.Position{File: file}, Message: message, Remedy: remedy, Error: isError,
	})
}
