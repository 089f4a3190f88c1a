package xlsx

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/table"
)

// WriteOptions are what a tree does not say itself. The zero value is good.
type WriteOptions struct {
	Sheet string // name of the sheet; default is items
	Rows  int    // most rows of a sheet, after which another one follows; default and most is what Excel has, 1,048,576
}

// mostCharacters is what a cell may hold, in UTF-16 units.
const mostCharacters = 32_767

// Write gives a tree as a workbook of one table in the layout that package table describes, which Read reads as the same
// items. All cells are text, except whole and decimal numbers of fields that are such. What it cannot hold is a Loss.
func Write(tree *exchange.Tree, options WriteOptions) ([]byte, []exchange.Loss, error) {
	w := &writer{layout: table.Lay(tree), name: cmp.Or(sheetName(options.Sheet), "items"), most: lastRow}
	if options.Rows > 1 {
		w.most = min(options.Rows, lastRow)
	}
	if n := len(w.layout.Header); n > lastColumn {
		return nil, nil, fmt.Errorf("write a workbook: the items have %d fields and relations, and a sheet has %d columns only", n, lastColumn)
	}
	w.zip = zip.NewWriter(&w.out)
	if err := w.sheets(); err != nil {
		return nil, nil, err
	}
	if err := w.surroundings(); err != nil {
		return nil, nil, err
	}
	if err := w.zip.Close(); err != nil {
		return nil, nil, fmt.Errorf("write a workbook: %w", err)
	}
	return w.out.Bytes(), w.layout.Losses, nil
}

// sheetName is a name as Excel takes it for a sheet.
func sheetName(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, name), " '")
	for len(utf16.Encode([]rune(name))) > 25 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}

type writer struct {
	layout *table.Layout
	name   string
	most   int
	out    bytes.Buffer
	zip    *zip.Writer
	sheet  io.Writer // the part at hand
	number int       // of sheets so far
	row    int
	buffer bytes.Buffer
}

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

// Styles of cells, as surroundings writes them.
const (
	styleHeader  = 1
	styleText    = 2
	styleFormula = 3 // text that would be a formula if it were typed in
)

func (w *writer) sheets() error {
	if err := w.begin(); err != nil {
		return err
	}
	err := w.layout.Rows(func(item *exchange.Item, cells []string) error {
		if w.row >= w.most {
			if err := w.end(); err != nil {
				return err
			}
			if err := w.begin(); err != nil {
				return err
			}
		}
		return w.write(item, cells)
	})
	if err != nil {
		return err
	}
	return w.end()
}

// begin begins a sheet with its header.
func (w *writer) begin() error {
	w.number++
	w.row = 0
	var err error
	if w.sheet, err = w.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", w.number)); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	w.buffer.WriteString(xmlHead + `<worksheet xmlns="` + mainSpace + `"><sheetViews><sheetView workbookViewId="0"`)
	if w.number == 1 {
		w.buffer.WriteString(` tabSelected="1"`)
	}
	w.buffer.WriteString(`><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i, name := range w.layout.Header {
		fmt.Fprintf(&w.buffer, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, width(name))
	}
	w.buffer.WriteString(`</cols><sheetData>`)
	w.row++
	w.buffer.WriteString(`<row r="1">`)
	for i, name := range w.layout.Header {
		w.text(i, name, styleHeader)
	}
	w.buffer.WriteString(`</row>`)
	return w.flush(true)
}

func width(column string) int {
	switch column {
	case table.ColumnText:
		return 70
	case table.ColumnTitle:
		return 40
	}
	return 16
}

func (w *writer) end() error {
	last := table.Letters(len(w.layout.Header)-1) + strconv.Itoa(w.row)
	w.buffer.WriteString(`</sheetData><autoFilter ref="A1:` + last + `"/></worksheet>`)
	return w.flush(true)
}

// flush writes what is collected into the part.
func (w *writer) flush(all bool) error {
	if !all && w.buffer.Len() < 64<<10 {
		return nil
	}
	if _, err := w.sheet.Write(w.buffer.Bytes()); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	w.buffer.Reset()
	return nil
}

func (w *writer) write(item *exchange.Item, cells []string) error {
	w.row++
	w.buffer.WriteString(`<row r="`)
	w.buffer.WriteString(strconv.Itoa(w.row))
	w.buffer.WriteString(`">`)
	for i, c := range cells {
		if c == "" {
			continue
		}
		if isNumber(c, w.layout.Data(i)) {
			w.open(i, 0)
			w.buffer.WriteString(`><v>` + c + `</v></c>`)
			continue
		}
		styled := styleText
		if strings.IndexByte("=+-@", c[0]) >= 0 {
			styled = styleFormula
		}
		w.text(i, w.fit(item, i, c), styled)
	}
	w.buffer.WriteString(`</row>`)
	return w.flush(false)
}

// isNumber reports whether a value is read from a number as it is written.
func isNumber(value string, data exchange.DataType) bool {
	if data != exchange.DataInteger && data != exchange.DataReal || len(value) > 15 {
		return false
	}
	n, err := strconv.ParseFloat(value, 64)
	return err == nil && plainNumber(n) == value
}

// fit cuts what no cell can hold, and says so.
func (w *writer) fit(item *exchange.Item, column int, text string) string {
	if len(text) <= mostCharacters {
		return text
	}
	units := 0
	for i, r := range text {
		if units += max(1, utf16.RuneLen(r)); units > mostCharacters {
			w.layout.Losses = append(w.layout.Losses, exchange.Loss{At: item.At, Item: cmp.Or(item.Key, item.ID), What: fmt.Sprintf("the end of %s, %d bytes", w.layout.Header[column], len(text)-i),
				Why: fmt.Sprintf("a cell of a workbook holds %d characters only", mostCharacters)})
			return text[:i]
		}
	}
	return text
}

func (w *writer) open(column, styled int) {
	w.buffer.WriteString(`<c r="`)
	w.buffer.WriteString(table.Letters(column))
	w.buffer.WriteString(strconv.Itoa(w.row))
	w.buffer.WriteByte('"')
	if styled > 0 {
		w.buffer.WriteString(` s="`)
		w.buffer.WriteString(strconv.Itoa(styled))
		w.buffer.WriteByte('"')
	}
}

func (w *writer) text(column int, text string, styled int) {
	w.open(column, styled)
	w.buffer.WriteString(` t="inlineStr"><is><t xml:space="preserve">`)
	escapeXML(&w.buffer, escape(text))
	w.buffer.WriteString(`</t></is></c>`)
}

func escapeXML(b *bytes.Buffer, s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		var to string
		switch s[i] {
		case '&':
			to = "&amp;"
		case '<':
			to = "&lt;"
		case '>':
			to = "&gt;"
		case '"':
			to = "&quot;"
		default:
			continue
		}
		b.WriteString(s[from:i])
		b.WriteString(to)
		from = i + 1
	}
	b.WriteString(s[from:])
}

// surroundings writes the parts around the sheets.
func (w *writer) surroundings() error {
	var types, list, links strings.Builder
	for i := 1; i <= w.number; i++ {
		var name bytes.Buffer
		escapeXML(&name, w.name)
		if i > 1 {
			fmt.Fprintf(&name, " %d", i)
		}
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, i)
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name.String(), i, i)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i, relations, i)
	}
	fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, w.number+1, relations)
	const packageSpace = "http://schemas.openxmlformats.org/package/2006/"
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="` + packageSpace + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packageSpace + `relationships"><Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relations + `"><sheets>` + list.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packageSpace + `relationships">` + links.String() + `</Relationships>`},
		{"xl/styles.xml", `<styleSheet xmlns="` + mainSpace + `"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
			`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
			`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
			`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>` +
			`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
			`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>` +
			`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`},
	}
	for _, p := range parts {
		part, err := w.zip.Create(p.name)
		if err == nil {
			_, err = io.WriteString(part, xmlHead+p.text)
		}
		if err != nil {
			return fmt.Errorf("write a workbook: %w", err)
		}
	}
	return nil
}
