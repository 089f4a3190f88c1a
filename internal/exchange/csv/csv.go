// Package csv reads and writes tables of requirements as comma separated values (RFC 4180), also with semicolons, tabs or
// bars between, in UTF-8, UTF-16 or windows-1252.
//
//	key,kind,title,text,document,section,level,verifies
//	SRS-1,SRS,Stop on occlusion,"The pump shall stop.
//	Within 2 s.",srs,Alarms,1.1,
//	TC-1,TC,Block the line,Block it and measure.,tests,,1,"SRS-1, SRS-2"
//
// What the columns of foreign tables are, package table finds out. Our own layout, which it describes too, is read back as
// it was written: cells that a spreadsheet would take for formulas are written with a ' before them, which reading takes
// away again. The reader refuses to guess where it cannot know: what it took for granted stands in the faults.
//
// Format: https://www.rfc-editor.org/rfc/rfc4180. Clause served: requirements traceable to their source [62304 5.2.6].
package csv

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
	"github.com/goldthread/goldthread/internal/exchange/table"
)

// Format is the name of this format in a Tree.
const Format = "csv"

// Limits bound what hostile input can cost. A zero value of a field means its default.
type Limits struct {
	FileBytes int64 // largest file read; default 256 MiB
	CellBytes int   // largest cell; default 16 MiB
	Files     int   // most entries of folders looked at; default 2,000,000
	table.Limits
}

func (l Limits) withDefaults() Limits {
	l.FileBytes = cmp.Or(max(l.FileBytes, 0), 256<<20)
	l.CellBytes = cmp.Or(max(l.CellBytes, 0), 16<<20)
	return l
}

// Options are the caller's wishes. The zero value is good.
type Options struct {
	// Columns say what columns are, as table.Options has it.
	Columns map[string]string
	// Delimiter stands between cells; 0 for the one that divides the file best.
	Delimiter byte
	Limits    Limits
}

var extensions = []string{".csv", ".tsv", ".tab"}

// Detect reports whether a table with a header of requirements lies in the folder or below it.
func Detect(fsys fs.FS) bool {
	return jsontree.Any(fsys, func(name string) bool { return isTable(fsys, name) }, extensions...)
}

// isTable reports whether a file begins as a table with a header of requirements.
func isTable(fsys fs.FS, name string) bool {
	text, _, refused := decode(head(fsys, name), true)
	if refused != nil || text == "" {
		return false
	}
	rows := &sample{}
	p := &parser{text: text, delimiter: delimiter(text, name), cell: 1 << 20, columns: mostSampled}
	p.start()
	p.rows(rows)
	return table.IsTable(rows.rows)
}

const headBytes = 64 << 10

func head(fsys fs.FS, name string) []byte {
	f, err := fsys.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data := make([]byte, headBytes)
	n := 0
	for n < len(data) {
		m, err := f.Read(data[n:])
		n += m
		if err != nil || m == 0 {
			break
		}
	}
	return data[:n]
}

// Read reads every table of a folder; each file is a document. Where some have a header of requirements, those that have none
// are named in Tree.Others and not read. The error is for a folder that cannot be listed.
//
// goldthread:implements SRS-76
func Read(fsys fs.FS, options Options) (*exchange.Tree, error) {
	options.Limits = options.Limits.withDefaults()
	names, faults, err := jsontree.Files(fsys, options.Limits.Files, extensions...)
	if err != nil {
		return nil, err
	}
	tree := &exchange.Tree{Format: Format, Markup: "markdown", Faults: faults}
	b := table.NewBuilder(tree, table.Options{Columns: options.Columns, Limits: options.Limits.Limits})
	if len(names) > 1 && len(options.Columns) == 0 {
		tables := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !isTable(fsys, name) })
		if len(tables) > 0 {
			tree.Others = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(tables, name) })
			names = tables
		}
	}
	for _, name := range names {
		readFile(fsys, name, b, options)
	}
	b.Finish()
	return tree, nil
}

func readFile(fsys fs.FS, name string, b *table.Builder, options Options) {
	tree := b.Tree
	fault := func(at exchange.Position, isError bool, message, remedy string) {
		tree.Faults = append(tree.Faults, exchange.Fault{At: at, Message: message, Remedy: remedy, Error: isError})
	}
	data, why := exchange.ReadFile(fsys, name, options.Limits.FileBytes)
	if why != "" {
		fault(exchange.Position{File: name}, true, "the file cannot be read: "+why, "mend or replace the file")
		tree.Others = append(tree.Others, name)
		return
	}
	text, note, refused := decode(data, false)
	if refused != nil {
		fault(exchange.Position{File: name, Line: refused.line}, true, refused.message, refused.remedy)
		tree.Others = append(tree.Others, name)
		return
	}
	tree.Files = append(tree.Files, name)
	if note != "" {
		fault(exchange.Position{File: name, Line: 1}, false, note, "save the file as UTF-8")
	}
	if strings.TrimSpace(text) == "" {
		fault(exchange.Position{File: name, Line: 1}, true, "the file is empty, where a table is expected", "export the table again")
		return
	}
	p := &parser{text: text, delimiter: options.Delimiter, cell: options.Limits.CellBytes, columns: cmp.Or(max(options.Limits.Columns, 0), 16_384), fault: func(line int, isError bool, message, remedy string) {
		fault(exchange.Position{File: name, Line: line}, isError, message, remedy)
	}}
	if p.delimiter == 0 {
		p.delimiter = delimiter(text, name)
	}
	p.start()
	stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
	document, order := b.Document(exchange.Document{Key: stem, Title: stem, Path: name, At: exchange.Position{File: name, Line: 1}})
	t := b.Begin(table.Sheet{File: name, Document: document, Order: order, Protected: true})
	p.rows(t)
	t.End()
	for _, l := range p.lost {
		l.At.File = name
		tree.Lost = append(tree.Lost, l)
	}
}

// sample takes the first rows of a table.
type sample struct{ rows []table.Row }

func (s *sample) Row(r table.Row) {
	if len(s.rows) < table.HeaderRows && len(r.Cells) > 0 {
		r.Cells = append([]table.Cell(nil), r.Cells...)
		s.rows = append(s.rows, r)
	}
}
