package xlsx

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/table"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// book is an open workbook.
type book struct {
	name    string // of the file
	pack    *opc.Package
	main    string // part
	sheets  []sheetEntry
	strings []richText
	styles  []style
	date04  bool // dates count from 1904
	tool    string
}

// sheetEntry is a sheet as the workbook lists it.
type sheetEntry struct {
	name, state, id, part, kind string
}

func openBook(p *opc.Package) (*book, *opc.Error) {
	b := &book{pack: p}
	var refused *opc.Error
	if b.main, refused = p.Main(); refused != nil {
		return nil, refused
	}
	relations, refused := p.Relations(b.main)
	if refused != nil {
		return nil, refused
	}
	if refused := b.workbook(); refused != nil {
		return nil, refused
	}
	for i := range b.sheets {
		s := &b.sheets[i]
		for _, r := range relations {
			if r.ID == s.id {
				s.part, s.kind = r.Target, r.Type
			}
		}
	}
	if part := opc.One(relations, "sharedStrings"); part != "" && p.Has(part) {
		if refused := b.sharedStrings(part); refused != nil {
			return nil, refused
		}
	}
	if part := opc.One(relations, "styles"); part != "" && p.Has(part) {
		if refused := b.readStyles(part); refused != nil {
			return nil, refused
		}
	}
	b.readTool()
	return b, nil
}

// workbook lists the sheets.
func (b *book) workbook() *opc.Error {
	data, refused := b.pack.Part(b.main)
	if refused != nil {
		return refused
	}
	isBook := false
	refused = opc.Scan(b.main, data, func(s *xmlscan.Scanner) {
		if s.Kind != xmlscan.Start {
			return
		}
		switch s.Name.Local {
		case "workbook":
			isBook = true
		case "sheet":
			entry := sheetEntry{name: s.Attr("name"), state: s.Attr("state")}
			for _, a := range s.Attrs {
				if a.Local == "id" && a.Prefix != "" {
					entry.id = a.Value
				}
			}
			b.sheets = append(b.sheets, entry)
		case "workbookPr":
			b.date04 = s.Attr("date1904") == "1" || s.Attr("date1904") == "true"
		}
	})
	if refused == nil && !isBook {
		return &opc.Error{Message: "the file is no workbook", Remedy: "name the format that it is in"}
	}
	return refused
}

// readTool reads which program wrote the file; that it does not say so is no fault.
func (b *book) readTool() {
	data, refused := b.pack.Part("docProps/app.xml")
	if refused != nil {
		return
	}
	var name, version string
	into := (*string)(nil)
	_ = opc.Scan("docProps/app.xml", data, func(s *xmlscan.Scanner) {
		switch s.Kind {
		case xmlscan.Start:
			switch s.Name.Local {
			case "Application":
				into = &name
			case "AppVersion":
				into = &version
			default:
				into = nil
			}
		case xmlscan.End:
			into = nil
		case xmlscan.Text:
			if into != nil && len(s.Text) < 200 {
				*into += s.Text
			}
		}
	})
	b.tool = strings.TrimSpace(name + " " + version)
}

// defaultName is what programs call a sheet when nobody does.
var defaultName = regexp.MustCompile(`^(?i)(sheet|tabelle|table|foglio|feuil|hoja|blatt|planilha|arkusz|list|лист)[ _-]?\d*$`)

// book reads the sheets of a workbook.
func (r *reader) book(b *book) {
	var sheets []*sheet
	for i := range b.sheets {
		entry := &b.sheets[i]
		at := exchange.Position{File: b.name + "/" + entry.name}
		if r.options.Sheets != nil && !slices.Contains(r.options.Sheets, entry.name) {
			r.lost(at, "sheet "+entry.name, "other sheets were asked for")
			continue
		}
		if entry.kind != "worksheet" {
			r.lost(at, "sheet "+entry.name, fmt.Sprintf("it is no table but a %s", entry.kind))
			continue
		}
		s, refused := r.openSheet(b, entry)
		if refused != nil {
			r.fault(exchange.Position{File: at.File, Line: refused.Line}, true, "the sheet cannot be read: "+refused.Message, refused.Remedy)
			r.lost(at, "sheet "+entry.name, refused.Message)
			continue
		}
		sheets = append(sheets, s)
	}
	tables := 0
	filled := 0
	for _, s := range sheets {
		if s.isTable {
			tables++
		}
		if !s.empty {
			filled++
		}
	}
	for _, s := range sheets {
		r.sheet(b, s, tables > 0, filled == 1)
	}
	for _, n := range b.pack.Names() {
		if strings.HasSuffix(n, "vbaProject.bin") {
			r.lost(exchange.Position{File: b.name}, "macros", "programs in a workbook are neither run nor kept")
		}
	}
}

// sheet reads one sheet. Where others are tables of requirements, one that is none is kept as prose; a hidden one is not taken then.
func (r *reader) sheet(b *book, s *sheet, others, only bool) {
	at := exchange.Position{File: s.file}
	if s.empty {
		if len(b.sheets) > 1 {
			r.changed(at, "sheet "+s.name, "it is empty; no document is made of it")
		}
		return
	}
	if hidden := s.state != "" && s.state != "visible"; hidden {
		if others && !s.isTable {
			r.lost(at, "sheet "+s.name, "it is hidden, and no table of requirements")
			return
		}
		r.changed(at, "sheet "+s.name, "it is hidden, and was read like the others")
	}
	d := exchange.Document{Key: s.name, Title: s.name, Path: b.name, At: at}
	if stem := strings.TrimSuffix(path.Base(b.name), path.Ext(b.name)); only || defaultName.MatchString(s.name) {
		d.Key = stem
		if defaultName.MatchString(s.name) {
			d.Title = stem
			if !only {
				d.Key, d.Title = stem+" "+s.name, stem+" "+s.name
			}
		}
	}
	document, order := r.table.Document(d)
	t := r.table.Begin(table.Sheet{File: s.file, Document: document, Order: order, Merges: s.merges, Strict: others && !s.isTable})
	refused := s.rows(func(row table.Row) bool { t.Row(row); return true })
	t.End()
	if refused != nil {
		r.fault(exchange.Position{File: s.file, Line: s.row}, true, "the sheet cannot be read to its end: "+refused.Message, refused.Remedy)
		r.lost(exchange.Position{File: s.file, Line: s.row}, "rows of sheet "+s.name, refused.Message)
	}
	for _, n := range s.leftNotes() {
		*order++
		document.Blocks = append(document.Blocks, exchange.Block{Kind: "comment", Text: strings.Join(n.Values, ", "), Order: *order, At: n.At})
	}
	r.report(s)
}

// report says what of a sheet was read otherwise than it stands there.
func (r *reader) report(s *sheet) {
	at := exchange.Position{File: s.file}
	if s.hiddenRows > 0 {
		r.changed(exchange.Position{File: s.file, Line: s.firstHidden}, fmt.Sprintf("%d hidden rows", s.hiddenRows), "they were read like the others")
	}
	if len(s.hiddenColumns) > 0 {
		var names []string
		for _, c := range s.hiddenColumns {
			names = append(names, table.Letters(c.from)+dash(c))
		}
		r.changed(at, "hidden columns "+strings.Join(names, ", "), "they were read like the others")
	}
	if s.formulas > 0 {
		r.changed(exchange.Position{File: s.file, Line: s.firstFormula}, fmt.Sprintf("%d formulas", s.formulas), "the values that were saved with them were read, not the formulas")
	}
	if s.rich > 0 {
		r.changed(at, fmt.Sprintf("%d cells with formatted text", s.rich), "bold, italic and struck text is written in Markdown; colours, fonts and underlining are not kept")
	}
	for _, o := range s.others {
		r.lost(at, fmt.Sprintf("%s of sheet %s", o.Type, s.name), "only cells, comments and addresses are read")
	}
}

func dash(c span) string {
	if c.to == c.from {
		return ""
	}
	return ":" + table.Letters(c.to)
}
