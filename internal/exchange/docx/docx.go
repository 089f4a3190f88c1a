// Package docx reads requirement documents of Word and its like (.docx, .docm; WordprocessingML, ECMA-376 part 1).
//
// Headings are the outline. An item is a paragraph that begins with a key, with the text below it up to the next item or
// heading:
//
//	REQ_PRINTF_01 Help
//	printf --help shall display a help message and exit.
//	Ref: SYS_155
//
// or a row of a table whose header names the columns, or a table whose first column says ID, Requirement and so on. Every
// other paragraph and table becomes a block of prose. Formatting, lists with their numbers, tables, pictures, addresses and
// footnotes become Markdown. Of tracked changes what was inserted is taken and what was deleted is not; both are listed, as
// are comments, with author and date.
//
// The reader fetches nothing and runs nothing; files of Word before 2007 and encrypted ones are refused. A position is the
// file and, as its line, the number of the paragraph, counted from 1 through the whole body, tables and text boxes included.
//
// Format: https://ecma-international.org/publications-and-standards/standards/ecma-376/. Clause served: requirements
// traceable to their source [62304 5.2.6].
package docx

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/table"
)

// Format is the name of this format in a Tree.
const Format = "docx"

// Limits bound what hostile input can cost. A zero value of a field means its default.
type Limits struct {
	FileBytes  int64 // largest file read; default 256 MiB
	Paragraphs int   // most of a document; default 2,000,000
	Files      int   // most entries of folders looked at; default 2,000,000
	opc.Limits
	Table table.Limits
}

func (l Limits) withDefaults() Limits {
	l.FileBytes = cmp.Or(max(l.FileBytes, 0), 256<<20)
	l.Paragraphs = cmp.Or(max(l.Paragraphs, 0), 2_000_000)
	return l
}

// Options are the caller's wishes. The zero value is good.
type Options struct {
	// Pattern finds the keys of items in paragraphs, at their beginning or elsewhere; its first group is the key, where it
	// has one. The default is a word such as SRS-12, REQ_001 or PUMP-SRS-001 at the beginning, in brackets or not, or in
	// square brackets at the end.
	Pattern *regexp.Regexp
	// Columns say what columns of tables are, as table.Options has it.
	Columns map[string]string
	Limits  Limits
}

var (
	extensions = []string{".docx", ".docm", ".dotx", ".dotm"}
	legacy     = []string{".doc", ".dot"}
)

// Detect reports whether a document lies in the folder or below it, or one of a format that Read refuses with the way out.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool {
		if strings.HasPrefix(path.Base(name), "~$") {
			return false
		}
		head := opc.Head(fsys, name)
		return opc.IsZip(head) || opc.IsLegacy(head)
	}, slices.Concat(extensions, legacy)...)
}

// Read reads every document of a folder. The error is for a folder that cannot be listed.
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.withDefaults()
	names, faults, err := jsontree.Files(fsys, options.Limits.Files, slices.Concat(extensions, legacy)...)
	if err != nil {
		return nil, err
	}
	tree := &exchange.Tree{Format: Format, Markup: "markdown", Faults: faults}
	r := &reader{options: options, tree: tree, attached: map[string]bool{}, table: table.NewBuilder(tree, table.Options{Columns: options.Columns, Limits: options.Limits.Table})}
	r.table.Key = r.isKey
	for _, name := range names {
		if strings.HasPrefix(path.Base(name), "~$") {
			tree.Others = append(tree.Others, name) // the lock of an open file
			continue
		}
		if refused := r.file(fsys, name); refused != nil {
			tree.Others = append(tree.Others, name)
			r.fault(exchange.Position{File: name}, "", true, refused.Message, refused.Remedy)
		}
	}
	r.table.Finish()
	tree.Read.Files = len(tree.Attachments)
	return tree, nil
}

// reader holds one reading.
type reader struct {
	options  Options
	tree     *exchange.Tree
	table    *table.Builder
	attached map[string]bool // paths
}

func (r *reader) fault(at exchange.Position, item string, isError bool, message, remedy string) {
	r.tree.Faults = append(r.tree.Faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

func (r *reader) changed(at exchange.Position, item, what, why string) {
	r.tree.Changed = append(r.tree.Changed, exchange.Loss{At: at, Item: item, What: what, Why: why})
}

func (r *reader) lost(at exchange.Position, item, what, why string) {
	r.tree.Lost = append(r.tree.Lost, exchange.Loss{At: at, Item: item, What: what, Why: why})
}

func (r *reader) file(fsys fs.FS, name string) *opc.Error {
	data, why := exchange.ReadFile(fsys, name, r.options.Limits.FileBytes)
	if why != "" {
		return &opc.Error{Message: "the file cannot be read: " + why, Remedy: "mend or replace the file"}
	}
	if opc.IsLegacy(data) {
		return opc.Legacy(data, ".docx")
	}
	p, refused := opc.Open(data, r.options.Limits.Limits)
	if refused != nil {
		return refused
	}
	d, refused := openDocument(p)
	if refused != nil {
		return refused
	}
	d.r, d.name = r, name
	d.stem = strings.TrimSuffix(path.Base(name), path.Ext(name))
	body, refused := d.body()
	if refused != nil {
		return refused
	}
	r.tree.Files = append(r.tree.Files, name)
	if r.tree.Tool == "" {
		r.tree.Tool = d.tool
	}
	d.items(body)
	return nil
}
