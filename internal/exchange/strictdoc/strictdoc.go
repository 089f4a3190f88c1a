// Package strictdoc reads and writes documents of StrictDoc (strictdoc-project/strictdoc) as they lie in a folder, with
// no help from StrictDoc itself: .sdoc files, the grammars in .sgra files, and the syntax of all versions so far.
//
//	[DOCUMENT]
//	TITLE: Pump requirements
//
//	[[SECTION]]
//	TITLE: Alarms
//
//	[REQUIREMENT]
//	UID: REQ-1
//	STATEMENT: >>>
//	The pump shall alarm on occlusion.
//	<<<
//	RELATIONS:
//	- TYPE: Parent
//	  VALUE: SYS-4
//
//	[[/SECTION]]
//
// Every node but a section and a text is an item; a text with a UID is one too. What the neutral document has no place
// for stands in the fields of the document under the number of the node: 3/MID is the MID of the section with Order 3,
// 4/composite says that the item with Order 4 holds others. A node that ends before the next section begins is followed
// by a Block of the kind "end". So Write gives back what Read has read.
//
// The reader refuses to follow symbolic links, to leave the folder, and to fetch anything. The grammar of the format is
// https://github.com/strictdoc-project/strictdoc/blob/main/strictdoc/backend/sdoc/grammar/grammar.py. Clause served:
// requirements traceable to their source [62304 5.2.6], traceability [62304 5.1.1].
package strictdoc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Format is the name of this format in a Tree.
const Format = "strictdoc"

// Kinds of blocks beside "prose".
const (
	BlockEnd     = "end"                // the innermost open section or composite item ends here
	BlockInclude = "DOCUMENT_FROM_FILE" // another document is shown here; the text is its path as written
)

// Limits bound what hostile input can cost. A zero value of a field means its default.
type Limits struct {
	FileBytes  int64 // largest file read; default 256 MiB
	FieldBytes int   // largest value of a field; default 16 MiB
	Files      int   // most entries of folders looked at; default 2,000,000
	Depth      int   // deepest nesting of nodes; default 256
	Faults     int   // most faults of one file, after which it is read no further; default 10,000
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 256 << 20
	}
	if l.FieldBytes <= 0 {
		l.FieldBytes = 16 << 20
	}
	if l.Files <= 0 {
		l.Files = 2_000_000
	}
	if l.Depth <= 0 {
		l.Depth = 256
	}
	if l.Faults <= 0 {
		l.Faults = 10_000
	}
	return l
}

// Options are the caller's wishes. The zero value is good.
type Options struct {
	Limits Limits
}

// Detect reports whether a document of StrictDoc lies in the folder or below it: a file .sdoc that begins as one.
func Detect(fsys fs.FS) bool {
	found := errors.New("found")
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir() && exchange.SkippedFolder(name):
			return fs.SkipDir
		case entry.Type().IsRegular() && hasExtension(name, documentExtension) && beginsAsDocument(fsys, name):
			return found
		}
		return nil
	})
	return errors.Is(err, found)
}

func beginsAsDocument(fsys fs.FS, name string) bool {
	f, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 256)
	n, _ := f.Read(head)
	decoded, _ := exchange.DecodeText(head[:n]) // it may end anywhere
	text := strings.TrimLeft(string(decoded), "\r\n ")
	return strings.HasPrefix(text, "["+tagDocument+"]") || strings.HasPrefix(text, "["+tagFragment+"]")
}

const (
	documentExtension = ".sdoc"
	grammarExtension  = ".sgra"
)

func hasExtension(name, extension string) bool { return strings.EqualFold(path.Ext(name), extension) }

// ReadFolder is Read on a folder of the disk, which the reading cannot leave.
func ReadFolder(folder string, options Options) (*exchange.Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the documents: %w", err)
	}
	defer root.Close()
	return Read(root.FS(), options)
}

// Read reads every .sdoc file of a tree. What is wrong with single files is in the faults of the Tree; an error means
// that the folder itself could not be read.
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.withDefaults()
	if _, err := fs.ReadDir(fsys, "."); err != nil {
		return nil, fmt.Errorf("read the folder of the documents: %w", err)
	}
	r := &reader{fsys: fsys, limits: options.Limits, grammars: map[string]*importedGrammar{}}
	r.walk()
	for _, name := range r.names {
		r.readDocument(name)
	}
	return r.tree(), nil
}
