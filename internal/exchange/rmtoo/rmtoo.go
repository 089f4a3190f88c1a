// Package rmtoo reads requirements of rmtoo (florath/rmtoo) as they lie in a folder, with no help from rmtoo itself: one
// requirement a file .req, and test cases (.tec), constraints (.ctr) and topics (.tic) of the same syntax.
//
//	Name: Interoperability
//	Type: requirement
//	Description: The EMail Client \textbf{must} be interoperable with the
//	 current existing email system.
//	Solved by: SMTP
//	# a comment
//
// A line that begins with a blank goes on with the one above. The name of the file without its extension is the key. Texts
// are LaTeX, and stay so. "Solved by" of one requirement is "Depends on" of the other; both are the relation solves, which
// the first says backwards.
//
// The format is that of the manual pages rmtoo-req-format(5) and rmtoo-topic-format(5), https://sltoo.dev/man. Clause served:
// requirements traceable to their source [62304 5.2.6], traceability [62304 5.1.1].
package rmtoo

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"runtime"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// Format is the name of this format in a Tree.
const Format = "rmtoo"

// Relations.
const (
	verbSolves      = "solves" // Depends on
	verbSolvedBy    = "Solved by"
	verbConstraints = "Constraints"
	verbTests       = "Test Cases"
)

const (
	requirementExtension = ".req"
	testExtension        = ".tec"
	constraintExtension  = ".ctr"
	topicExtension       = ".tic"
)

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-50
type Limits struct {
	FileBytes  int64 // largest file read; default 256 MiB
	ValueBytes int   // longest value; default 16 MiB
	Lines      int   // most lines of a file, and most targets of one tag; default 1,000,000
	Tags       int   // most tags of a file; default 10,000
	Files      int   // most entries of folders looked at; default 2,000,000
	Faults     int   // most faults of one file, after which it is read no further; default 10,000
}

func (l Limits) withDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 256 << 20
	}
	if l.ValueBytes <= 0 {
		l.ValueBytes = 16 << 20
	}
	if l.Lines <= 0 {
		l.Lines = 1_000_000
	}
	if l.Tags <= 0 {
		l.Tags = 10_000
	}
	if l.Files <= 0 {
		l.Files = 2_000_000
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

// knownTag begins a line that only rmtoo writes in such a file.
var knownTag = regexp.MustCompile(`(?m)^(Name|Type|Invented on|Invented by|Owner|Description|Rationale|Solved by|Depends on|Topic|Effort estimation|SubTopic|IncludeRequirements):`)

// Detect reports whether a requirement of rmtoo lies in the folder or below it: a file .req that begins with its tags.
// Certificate requests have the same extension.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool {
		head, _ := jsontree.Head(fsys, name)
		return knownTag.MatchString(strings.ReplaceAll(string(head), "\r", "\n"))
	}, requirementExtension)
}

// ReadFolder is Read on a folder of the disk, which the reading cannot leave.
func ReadFolder(folder string, options Options) (*exchange.Tree, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of the rmtoo files: %w", err)
	}
	defer root.Close()
	return Read(root.FS(), options)
}

// Read reads every requirement, test case, constraint and topic of a tree. What is wrong with single files is in the faults
// of the Tree; an error means that the folder itself could not be read.
//
// goldthread:implements SRS-75
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.withDefaults()
	names, faults, err := jsontree.Files(fsys, options.Limits.Files, requirementExtension, testExtension, constraintExtension, topicExtension)
	if err != nil {
		return nil, err
	}
	sources := exchange.Concurrently(len(names), runtime.GOMAXPROCS(0), func(i int) source { return open(fsys, names[i], options.Limits) })
	r := &reader{faults: faults, folders: map[string]*exchange.Document{}, sizes: map[string]int{}, keys: map[string]map[string]exchange.Position{}, verbs: map[string]bool{}}
	for _, name := range names {
		r.sizes[path.Dir(name)]++
	}
	for i := range sources {
		r.take(&sources[i])
	}
	return r.tree(), nil
}
