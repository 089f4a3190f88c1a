// Package openfasttrace reads and writes specification items of OpenFastTrace (itsallcode/openfasttrace): in Markdown
// and reStructuredText, in ReqM2 XML (specobject), and as coverage tags in the comments of source code.
//
//	## Stop on occlusion
//	`req~stop-on-occlusion~1`
//
//	The pump stops on occlusion.
//
//	Covers:
//
//	* [feat~safety~2](#safety)
//
//	Needs: dsn, utest
//
//	// [impl->dsn~stop-motor~1]
//
// An item has the key TYPE~NAME~REVISION and the type TYPE; what it covers and depends on are links, all else fields.
// Headings that are no title of an item are sections, and what lies between is prose. Where the heading of an item is not
// one level below its section, the field N/level of the document says it, N being the Order of the item.
//
// The reader refuses to follow symbolic links, to leave the folder, and to fetch anything; short tags, which need a
// configuration, are not read. The format is described in
// https://github.com/itsallcode/openfasttrace/blob/main/doc/user_guide.md, the XML in its importer of specobject files.
// Clause served: requirements traceable to their source [62304 5.2.6], traceability [62304 5.1.1].
package openfasttrace

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Format is the name of this format in a Tree.
const Format = "openfasttrace"

// Verbs of links.
const (
	verbCovers    = "covers"
	verbDepends   = "depends"
	verbFulfilled = "fulfilled by" // of ReqM2, from the other end of covers
)

// Names of fields.
const (
	fieldNeeds     = "Needs"
	fieldTags      = "Tags"
	fieldStatus    = "Status"
	fieldRationale = "Rationale"
	fieldComment   = "Comment"
	fieldForwards  = "Forwards" // the item only hands on what is needed
	fieldTag       = "Tag"      // the item is a coverage tag
	fieldBehindID  = "Behind ID"
)

// Limits bound what hostile input can cost. A zero value of a field means its default.
type Limits struct {
	FileBytes   int64 // largest document read; default 256 MiB
	SourceBytes int64 // largest source file searched for tags; default 16 MiB
	FieldBytes  int   // largest value of a field; default 16 MiB
	Files       int   // most entries of folders looked at; default 2,000,000
	Depth       int   // deepest nesting of XML; default 256
	Faults      int   // most faults of one file, after which it is read no further; default 10,000
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 256 << 20
	}
	if l.SourceBytes <= 0 {
		l.SourceBytes = 16 << 20
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

// kind is what a file may hold, by its name.
type kind int

const (
	kindNone kind = iota
	kindMarkdown
	kindRST
	kindXML
	kindSource
)

// sourceExtensions are those of files that OpenFastTrace searches for tags.
var sourceExtensions = strings.Fields("adb ads asm bash bat c c# c++ cc cfg clj cmake conf cpp cs css cxx dart ex exs f90 feature go gradle groovy h h++ hh hpp hs htm html hxx ini java jl js json jsx kt kts lua m mm php pl pls plantuml pm proto ps1 pu puml py r rb robot rs s scala sh sql st sv swift tcl tf tfvars toml ts tsx v vhd vhdl xhtml yaml yml zig zsh")

func kindOf(name string) kind {
	switch ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")); ext {
	case "md", "markdown":
		return kindMarkdown
	case "rst":
		return kindRST
	case "xml", "oreqm", "reqm", "reqm2":
		return kindXML
	default:
		if _, found := slices.BinarySearch(sourceExtensions, ext); found {
			return kindSource
		}
	}
	return kindNone
}

// Detect reports whether a specification item lies in the folder or below it: at the beginning of a line of a Markdown or
// reStructuredText file, in its first 64 KiB, or in a specdocument. Coverage tags alone do not count.
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
		case entry.Type().IsRegular() && holdsItems(fsys, name):
			return found
		}
		return nil
	})
	return errors.Is(err, found)
}

func holdsItems(fsys fs.FS, name string) bool {
	k := kindOf(name)
	if k == kindNone || k == kindSource {
		return false
	}
	f, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head, _ := io.ReadAll(io.LimitReader(f, 64<<10))
	head, _ = exchange.DecodeText(head) // it may end anywhere
	text := string(head)
	if k == kindXML {
		return strings.Contains(text, "<"+tagSpecDocument)
	}
	for line := range strings.Lines(text) {
		if _, ok := itemLine(strings.TrimRight(line, "\r\n")); ok {
			return true
		}
	}
	return false
}

// ReadFolder is Read on a folder of the disk, which the reading cannot leave.
func ReadFolder(folder string, options Options) (*exchange.Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the specification items: %w", err)
	}
	defer root.Close()
	return Read(root.FS(), options)
}

// Read reads every specification item of a tree. What is wrong with single files is in the faults of the Tree; an error
// means that the folder itself could not be read.
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.withDefaults()
	if _, err := fs.ReadDir(fsys, "."); err != nil {
		return nil, fmt.Errorf("read the folder of the specification items: %w", err)
	}
	r := &reader{fsys: fsys, limits: options.Limits}
	r.walk()
	for _, name := range r.names {
		r.readFile(name)
	}
	return r.tree(), nil
}
