// Package reqif reads and writes ReqIF 1.0 to 1.2 (OMG formal/2016-07-01), as files and as .reqifz archives.
//
// Every SPEC-OBJECT becomes an item, every SPEC-RELATION a link of its source, every SPECIFICATION a document with the order and
// depth of its hierarchy, every attribute value a field, every embedded file an attachment. References are resolved over all
// files of a source. What has no place in the neutral document (identifiers of hierarchy nodes, times of last change,
// definitions of types, access rights, tool extensions) stays in the source that an import keeps, and a writer that is given
// it brings it back.
package reqif

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Format is the name of the format.
const Format = "reqif"

// Options are the limits of a reading.
type Options struct {
	MaxFile    int64 // bytes of one file, of an archive unpacked; 0 for 256 MiB
	MaxArchive int64 // bytes of an archive, all files unpacked; 0 for 512 MiB
	MaxEntries int   // of an archive; 0 for 65536
}

func (o Options) withDefaults() Options {
	if o.MaxFile == 0 {
		o.MaxFile = 256 << 20
	}
	if o.MaxArchive == 0 {
		o.MaxArchive = 512 << 20
	}
	if o.MaxEntries == 0 {
		o.MaxEntries = 65536
	}
	return o
}

// Detect reports whether a tree holds files of the format: by their names, and for .xml by how they begin.
func Detect(fsys fs.FS) bool {
	names, _ := find(fsys)
	return len(names) > 0
}

func find(fsys fs.FS) (names []string, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() && exchange.SkippedFolder(name):
			return fs.SkipDir
		case entry.Type().IsRegular() && (isReqIF(name) || isArchive(name) || isXML(fsys, name)):
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

func isReqIF(name string) bool { return strings.EqualFold(path.Ext(name), ".reqif") }

// isXML reports a file .xml that begins as ReqIF does.
func isXML(fsys fs.FS, name string) bool {
	if !strings.EqualFold(path.Ext(name), ".xml") {
		return false
	}
	f, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 2048)
	n, _ := io.ReadFull(f, head)
	return root.Match(bytes.ReplaceAll(head[:n], []byte{0}, nil))
}

var root = regexp.MustCompile(`^[^<]{0,8}(<\?[^>]*>\s*)?(<!--[^>]*-->\s*)*<([\w-]+:)?REQ-IF[\s>]`)

func isArchive(name string) bool { return strings.EqualFold(path.Ext(name), ".reqifz") }

// Read reads every .reqif and .reqifz of a tree as one source. It is an error where nothing could be read.
//
// goldthread:implements SRS-74
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	r, err := load(fsys, options)
	if err != nil {
		return nil, err
	}
	r.build()
	if r.untold > 0 {
		r.tree.Faults = append(r.tree.Faults, exchange.Fault{At: exchange.Position{File: r.files[0].name}, Message: fmt.Sprintf("%d more faults like these are not listed", r.untold), Remedy: "mend those that are listed first"})
	}
	exchange.SortFaults(r.tree.Faults)
	slices.Sort(r.tree.Files)
	slices.Sort(r.tree.Others)
	return r.tree, nil
}

// load parses the files of a tree.
func load(fsys fs.FS, options Options) (*reader, error) {
	options = options.withDefaults()
	names, err := find(fsys)
	if err != nil {
		return nil, err
	}
	r := &reader{fsys: fsys, options: options, room: options.MaxArchive, tree: &exchange.Tree{Format: Format, Markup: "markdown"}, attached: map[string]bool{}}
	var first error
	for _, name := range names {
		if err := r.readFile(fsys, name); err != nil {
			r.fault(positionOf(name, err), "", true, err.Error(), "export the file again, or correct it")
			if first == nil {
				first = fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	if len(r.files) == 0 {
		if first == nil {
			first = fmt.Errorf("there is no .reqif and no .reqifz")
		}
		return nil, first
	}
	return r, nil
}

func (r *reader) readFile(fsys fs.FS, name string) error {
	data, why := exchange.ReadFile(fsys, name, r.options.MaxFile)
	if why != "" {
		return fmt.Errorf("%s", why)
	}
	r.tree.Files = append(r.tree.Files, name)
	if !isArchive(name) {
		return r.parse(name, path.Dir(name), data)
	}
	return r.archive(name, data)
}

// maxFaults is how many faults are told one by one.
const maxFaults = 10_000

func (r *reader) fault(at exchange.Position, item string, isError bool, message, remedy string) {
	if len(r.tree.Faults) >= maxFaults && !isError {
		r.untold++
		return
	}
	r.tree.Faults = append(r.tree.Faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}
