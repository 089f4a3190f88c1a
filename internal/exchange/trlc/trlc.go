// Package trlc reads requirements in TRLC, "Treat Requirements Like Code" (bmw-software-engineering/trlc), as they lie in a
// folder, with no help from TRLC itself: models in .rsl files, objects in .trlc files, and the .check files of its first
// versions.
//
//	package Pump                        // pump.rsl
//	type Requirement {
//	  description          String
//	  derived_from optional Requirement [1 .. *]
//	}
//
//	package Pump                        // alarms.trlc
//	section "Alarms" {
//	  Requirement occlusion {
//	    description  = "The pump shall alarm on occlusion."
//	    derived_from = [safe_delivery]
//	  }
//	}
//
// A record object is an item with the key Package.Name; a component whose type is a record, and a [[reference]] in a
// Markup_String, is a link with the component's name as verb. Declarations of a model are blocks of its document, as
// written. Checks are never evaluated: each is listed as lost.
//
// The reader refuses to follow symbolic links, to leave the folder, and to run anything. The language is
// https://bmw-software-engineering.github.io/trlc/lrm.html (TRLC Language Reference Manual). Clause served: requirements
// traceable to their source [62304 5.2.6], traceability [62304 5.1.1].
package trlc

import (
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// Format is the name of this format in a Tree.
const Format = "trlc"

// Kinds of blocks of a document.
const (
	BlockComment = "comment"
	BlockEnd     = "end" // the innermost open section ends here
	BlockModel   = "model"
)

const (
	modelExtension  = ".rsl"
	checkExtension  = ".check"
	objectExtension = ".trlc"
)

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-50
type Limits struct {
	FileBytes  int64 // largest file read; default 256 MiB
	ValueBytes int   // longest string of a component; default 16 MiB
	Values     int   // most values of one component, those inside of others counted; default 1,000,000
	Files      int   // most entries of folders looked at; default 2,000,000
	Depth      int   // deepest nesting of values and of sections; default 256
	Faults     int   // most faults of one file, after which it is read no further; default 10,000
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 256 << 20
	}
	if l.ValueBytes <= 0 {
		l.ValueBytes = 16 << 20
	}
	if l.Values <= 0 {
		l.Values = 1_000_000
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

// Detect reports whether a TRLC file lies in the folder or below it: by its name, and the package that it begins with.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool {
		head, _ := jsontree.Head(fsys, name)
		l := newLexer(name, strings.ReplaceAll(string(head), "\r", "\n"), Limits{}.withDefaults())
		return l.text[l.peek(0).start:l.peek(0).end] == "package" && l.peek(1).kind == tokenName
	}, modelExtension, objectExtension)
}

// ReadFolder is Read on a folder of the disk, which the reading cannot leave.
func ReadFolder(folder string, options Options) (*exchange.Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the TRLC files: %w", err)
	}
	defer root.Close()
	return Read(root.FS(), options)
}

// Read reads every model and every file of objects of a tree. What is wrong with single files is in the faults of the
// Tree; an error means that the folder itself could not be read.
//
// goldthread:implements SRS-75
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.withDefaults()
	names, faults, err := jsontree.Files(fsys, options.Limits.Files, modelExtension, checkExtension, objectExtension, ".md")
	if err != nil {
		return nil, err
	}
	r := newReader(fsys, options.Limits)
	r.faults = faults
	r.read(names)
	return r.tree(), nil
}
