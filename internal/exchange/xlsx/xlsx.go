// Package xlsx reads and writes workbooks of Excel and its like (.xlsx, .xlsm; SpreadsheetML, ECMA-376 part 1) as tables of
// requirements.
//
// A sheet is a document. Merged cells, headers of several lines, formulas (as the values that were saved with them), rich
// text, dates (as ISO 8601 has them), numbers as they are shown, comments and addresses behind cells are read; hidden sheets,
// rows and columns are read and named. What the columns are, package table finds out. Write gives one sheet in the layout
// that package table describes.
//
// The reader runs no macro, computes no formula and opens no other file. Files of the binary formats before 2007 and
// encrypted ones are refused. Positions are those of the sheet: FILE/SHEET, row, column.
//
// Format: https://ecma-international.org/publications-and-standards/standards/ecma-376/. Clause served: requirements
// traceable to their source [62304 5.2.6].
package xlsx

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/table"
)

// Format is the name of this format in a Tree.
const Format = "xlsx"

// Limits bound what hostile input can cost. A zero value of a field means its default.
type Limits struct {
	FileBytes int64 // largest file read; default 256 MiB
	CellBytes int   // largest text of a cell; default 1 MiB (Excel has 32,767 characters)
	Merges    int   // most merged cells of a sheet; default 1,000,000
	Files     int   // most entries of folders looked at; default 2,000,000
	opc.Limits
	Table table.Limits
}

func (l Limits) withDefaults() Limits {
	l.FileBytes = cmp.Or(max(l.FileBytes, 0), 256<<20)
	l.CellBytes = cmp.Or(max(l.CellBytes, 0), 1<<20)
	l.Merges = cmp.Or(max(l.Merges, 0), 1_000_000)
	return l
}

// Options are the caller's wishes. The zero value is good.
type Options struct {
	// Columns say what columns are, as table.Options has it.
	Columns map[string]string
	// Sheets are the names of those to be read; nil for all.
	Sheets []string
	Limits Limits
}

var (
	extensions = []string{".xlsx", ".xlsm", ".xltx", ".xltm"}
	legacy     = []string{".xls", ".xlt"}
)

// Detect reports whether a workbook lies in the folder or below it, or one of a format that Read refuses with the way out.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool {
		if strings.HasPrefix(path.Base(name), "~$") {
			return false
		}
		head := opc.Head(fsys, name)
		return opc.IsZip(head) || opc.IsLegacy(head)
	}, slices.Concat(extensions, legacy)...)
}

// Read reads every workbook of a folder. The error is for a folder that cannot be listed.
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.withDefaults()
	names, faults, err := jsontree.Files(fsys, options.Limits.Files, slices.Concat(extensions, legacy)...)
	if err != nil {
		return nil, err
	}
	tree := &exchange.Tree{Format: Format, Markup: "markdown", Faults: faults}
	r := &reader{options: options, tree: tree, table: table.NewBuilder(tree, table.Options{Columns: options.Columns, Limits: options.Limits.Table})}
	for _, name := range names {
		if strings.HasPrefix(path.Base(name), "~$") {
			tree.Others = append(tree.Others, name) // the lock of an open file
			continue
		}
		if refused := r.file(fsys, name); refused != nil {
			tree.Others = append(tree.Others, name)
			r.fault(exchange.Position{File: name}, true, refused.Message, refused.Remedy)
		}
	}
	r.table.Finish()
	return tree, nil
}

// reader holds one reading.
type reader struct {
	options Options
	tree    *exchange.Tree
	table   *table.Builder
}

func (r *reader) fault(at exchange.Position, isError bool, message, remedy string) {
	r.tree.Faults = append(r.tree.Faults, exchange.Fault{At: at, Message: message, Remedy: remedy, Error: isError})
}

func (r *reader) changed(at exchange.Position, what, why string) {
	r.tree.Changed = append(r.tree.Changed, exchange.Loss{At: at, What: what, Why: why})
}

func (r *reader) lost(at exchange.Position, what, why string) {
	r.tree.Lost = append(r.tree.Lost, exchange.Loss{At: at, What: what, Why: why})
}

func (r *reader) file(fsys fs.FS, name string) *opc.Error {
	data, why := exchange.ReadFile(fsys, name, r.options.Limits.FileBytes)
	if why != "" {
		return &opc.Error{Message: "the file cannot be read: " + why, Remedy: "mend or replace the file"}
	}
	if opc.IsLegacy(data) {
		return opc.Legacy(data, ".xlsx")
	}
	p, refused := opc.Open(data, r.options.Limits.Limits)
	if refused != nil {
		return refused
	}
	b, refused := openBook(p)
	if refused != nil {
		return refused
	}
	b.name = name
	r.tree.Files = append(r.tree.Files, name)
	if b.tool != "" && r.tree.Tool == "" {
		r.tree.Tool = b.tool
	}
	r.book(b)
	return nil
}
