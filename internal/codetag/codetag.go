// Package codetag finds trace tags in the comments of source files:
//
//	// goldthread\:implements SRS-12
//	# goldthread\:verifies SRS-12, SRS-13
//
// (written here with the escape, a backslash before the colon, so that this
// comment carries no tag). A tag says which unit of code realises a requirement
// and which test verifies it [62304 5.1.1, 5.5.5, 5.7.4]; what a verb means and
// whether a key exists is for the caller to judge.
//
// # What is a tag
//
// The word "goldthread:" at the start of a word in a comment, a verb of lower
// case letters (blanks written as '-'), blanks, and one or more keys on the same
// line separated by commas or blanks. A key begins with a letter, holds letters,
// digits, '-', '_' and '.', at least one digit, and may stand behind "project/".
// A remark may follow; it ends the list of keys. A tag in quotes or backticks is
// a mention, not a tag.
//
// # What it refuses
//
// Nothing is dropped in silence: a tag that cannot be read is a [Fault]; a file
// that cannot be scanned is a Fault or [Skipped]. It never follows a symbolic
// link, never leaves the root, never reads what git ignores, never runs code,
// and takes time linear in the size of the files, whatever they hold. It knows
// comments, strings and declarations of many languages, from a table, not their
// grammars: see docs/codetags.md for the table and the rules by which a tag gets
// its test and its symbol.
package codetag

import (
	"cmp"
	"context"
	"os"
	"runtime"
	"slices"
)

// DefaultMaxFile is the largest file read where Options do not say otherwise.
const DefaultMaxFile = 16 << 20

// Tag is one key of one tag in one comment.
type Tag struct {
	File     string // slash path relative to the scanned root
	Line     int    // from 1
	Column   int    // from 1, in bytes (of UTF-8, without a byte order mark), of the key
	Verb     string // as written: implements, verifies-effectiveness-of
	Key      string // as written
	Test     string // the test the tag stands on, "" when it stands on none; see below
	Symbol   string // function, method, type or unit declared next to the tag or around it
	Package  string // package, module or namespace of the file where it is cheap to know
	Language string // from the table of languages

	// Test is qualified as test reports do it, so that Package + "." + Test is
	// class name + "." + name in the JUnit reports of most runners: TestX,
	// TestClass.test_x, Suite.Name.
}

// Fault is something that looks like a tag and is none, or a file that could not
// be read. A fault of a whole file stands at line 1, column 1.
type Fault struct {
	File         string
	Line, Column int
	Message      string
}

// Skipped is a file that was not scanned though it might hold tags.
type Skipped struct {
	File, Why string
	Tags      bool // the file holds what looks like a tag
}

// Result is what a scan found, sorted by file, line and column.
type Result struct {
	Tags    []Tag
	Faults  []Fault
	Skipped []Skipped
	Files   int   // files of a known language that were read
	Bytes   int64 // and their size
}

// Options of a scan; the zero value is good.
type Options struct {
	// Skip leaves out more files and folders than git ignores. It may be called
	// from several goroutines.
	Skip func(rel string, dir bool) bool
	// MaxFile is the size in bytes above which a file is skipped and listed;
	// 0 means DefaultMaxFile.
	MaxFile int64
	// Workers is the number of files read at the same time; 0 means GOMAXPROCS.
	Workers int
	// Progress hears the number of files read so far, one call at a time.
	Progress func(files int)
}

func (o Options) withDefaults() Options {
	if o.MaxFile <= 0 {
		o.MaxFile = DefaultMaxFile
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return o
}

// ScanDir scans the folder dir. Unlike [Scan] it looks above dir for what holds
// there too: the ignore files and go.mod of the git work tree dir lies in.
// The error is that of ctx, or says that dir cannot be opened.
func ScanDir(ctx context.Context, dir string, opt Options) (*Result, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return scan(ctx, root, outside(dir), opt.withDefaults())
}

// Scan scans the files under root and reads nothing outside it.
// The error is that of ctx, or says that root cannot be read.
func Scan(ctx context.Context, root *os.Root, opt Options) (*Result, error) {
	return scan(ctx, root, surroundings{}, opt.withDefaults())
}

// sort orders what is not in order yet; tags are.
func (r *Result) sort() {
	slices.SortFunc(r.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	slices.SortFunc(r.Skipped, func(a, b Skipped) int { return cmp.Compare(a.File, b.File) })
}
