package xlsx

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/table"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// The last row and column that a sheet can have.
const (
	lastRow    = 1 << 20
	lastColumn = 1 << 14
)

// sheet is one sheet while it is read.
type sheet struct {
	r       *reader
	book    *book
	name    string
	state   string
	file    string // of positions
	data    []byte
	part    string
	merges  []table.Merge
	notes   map[int][]exchange.Field // by row
	isTable bool
	empty   bool

	row           int // at hand
	hiddenRows    int
	firstHidden   int
	hiddenColumns []span
	formulas      int
	firstFormula  int
	rich          int
	others        []opc.Relation
}

type cellAt struct{ row, column int } // from 1, and from 0

type span struct{ from, to int }

// openSheet reads what of a sheet stands behind its rows, and looks at the first of those.
func (r *reader) openSheet(b *book, entry *sheetEntry) (*sheet, *opc.Error) {
	s := &sheet{r: r, book: b, name: entry.name, state: entry.state, file: b.name + "/" + entry.name, part: entry.part, notes: map[int][]exchange.Field{}, empty: true}
	var refused *opc.Error
	if s.data, refused = b.pack.Part(entry.part); refused != nil {
		return nil, refused
	}
	x, err := xmlscan.New(s.data, xmlscan.Options{})
	if err != nil {
		return nil, opc.Broken(s.part, err)
	}
	s.data = x.Data() // UTF-8
	relations, refused := b.pack.Relations(entry.part)
	if refused != nil {
		return nil, refused
	}
	if refused := s.surroundings(relations); refused != nil {
		return nil, refused
	}
	if refused := s.comments(relations); refused != nil {
		return nil, refused
	}
	var head []table.Row
	quiet := *s
	quiet.r, quiet.notes = &reader{options: r.options, tree: &exchange.Tree{}}, nil
	refused = quiet.rows(func(row table.Row) bool {
		s.empty = false
		row.Cells = slices.Clone(row.Cells)
		head = append(head, row)
		return len(head) < table.HeaderRows
	})
	if refused != nil && s.empty {
		return nil, refused
	}
	if s.empty {
		r.tree.Faults = append(r.tree.Faults, quiet.r.tree.Faults...)
		r.tree.Lost = append(r.tree.Lost, quiet.r.tree.Lost...)
	}
	s.isTable = table.IsTable(head)
	s.empty = s.empty && len(s.notes) == 0
	return s, nil
}

// behind begins what follows the rows of a sheet.
func (s *sheet) behind() []byte {
	for _, end := range []string{"</sheetData>", "<sheetData/>", ":sheetData>"} {
		if i := strings.LastIndex(str(s.data), end); i >= 0 {
			return s.data[i+len(end):]
		}
	}
	return nil
}

// surroundings reads hidden columns, merged cells and hyperlinks. What stands behind the rows is scanned alone, so that the
// rows need not be scanned twice.
func (s *sheet) surroundings(relations []opc.Relation) *opc.Error {
	targets := map[string]string{}
	for _, r := range relations {
		switch r.Type {
		case "hyperlink":
			targets[r.ID] = r.Target
		case "comments", "threadedComment", "vmlDrawing", "printerSettings", "customProperty", "table":
		default:
			s.others = append(s.others, r)
		}
	}
	tail := s.behind()
	if tail == nil {
		return nil
	}
	root := rootName(s.data)
	whole := slices.Concat([]byte("<"+root+">"), tail)
	return opc.Scan(s.part, whole, func(x *xmlscan.Scanner) {
		if x.Kind != xmlscan.Start {
			return
		}
		switch x.Name.Local {
		case "mergeCell":
			if a, b, ok := area(x.Attr("ref")); ok && len(s.merges) < s.r.options.Limits.Merges {
				s.merges = append(s.merges, table.Merge{Row: a.row, Column: a.column, Rows: b.row - a.row + 1, Columns: b.column - a.column + 1})
			}
		case "hyperlink":
			s.hyperlink(x, targets)
		}
	})
}

// rootName is the name of the root element, with its prefix.
func rootName(data []byte) string {
	text := str(data[:min(len(data), 4096)])
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 || i+1 >= len(text) {
			return "worksheet"
		}
		text = text[i+1:]
		if text[0] != '?' && text[0] != '!' {
			return text[:max(1, strings.IndexAny(text, " \t\r\n/>"))]
		}
	}
}

func (s *sheet) hyperlink(x *xmlscan.Scanner, targets map[string]string) {
	a, _, ok := area(x.Attr("ref"))
	if !ok {
		return
	}
	to := targets[x.Attr("id")]
	if location := x.Attr("location"); location != "" {
		to += "#" + location
	}
	if to != "" {
		s.note(a, "hyperlink", to)
	}
}

func (s *sheet) note(at cellAt, name, text string) {
	s.notes[at.row] = append(s.notes[at.row], exchange.Field{Name: name, Values: []string{text}, At: exchange.Position{File: s.file, Line: at.row, Column: at.column + 1}})
}

// leftNotes are those of cells in rows that have no filled cell.
func (s *sheet) leftNotes() []exchange.Field {
	var left []exchange.Field
	for _, notes := range s.notes {
		left = append(left, notes...)
	}
	slices.SortFunc(left, func(a, b exchange.Field) int {
		if a.At.Line != b.At.Line {
			return a.At.Line - b.At.Line
		}
		return a.At.Column - b.At.Column
	})
	return left
}

// scan holds the reading of the rows.
type scan struct {
	*sheet
	x       *xmlscan.Scanner
	cells   []table.Cell
	cell    rawCell
	column  int // of the last cell
	into    *collected
	value   collected
	formula collected
	inline  rich
	runs    bool // the text has runs
	sorted  bool
	deep    int // of phonetic text, which is passed over
}

// collected is text in pieces, of which there is mostly one.
type collected struct {
	first string
	more  strings.Builder
}

func (c *collected) reset() {
	c.first = ""
	if c.more.Len() > 0 {
		c.more.Reset()
	}
}

func (c *collected) add(s string) {
	if c.first == "" && c.more.Len() == 0 {
		c.first = s
		return
	}
	if c.more.Len() == 0 {
		c.more.WriteString(c.first)
	}
	c.more.WriteString(s)
}

func (c *collected) text() string {
	if c.more.Len() > 0 {
		return c.more.String()
	}
	return c.first
}

// rawCell is a cell before it is known what its value means.
type rawCell struct {
	column   int
	kind     string // attribute t
	style    int
	formula  bool
	hasValue bool
}

// rows gives each row that has a filled cell, until it is told to stop.
func (s *sheet) rows(take func(table.Row) bool) *opc.Error {
	x, err := xmlscan.New(s.data, xmlscan.Options{})
	if err != nil {
		return opc.Broken(s.part, err)
	}
	c := &scan{sheet: s, x: x}
	s.row = 0
	for x.Next() {
		switch x.Kind {
		case xmlscan.Start:
			c.start()
		case xmlscan.Text:
			c.text()
		case xmlscan.End:
			if x.Name.Local == "row" {
				if row, ok := c.rowEnds(); ok && !take(row) {
					return nil
				}
				continue
			}
			c.end()
		}
	}
	return opc.Broken(s.part, x.Err())
}

func (c *scan) start() {
	x := c.x
	switch x.Name.Local {
	case "c":
		c.cellBegins()
	case "v":
		c.value.reset()
		c.into = &c.value
		c.cell.hasValue = true
	case "f":
		c.cell.formula = true
		c.formula.reset()
		c.into = &c.formula
	case "t":
		if c.deep == 0 {
			c.value.reset()
			c.into = &c.value
		}
	case "rPh":
		c.deep++
	case "r", "rPr", "b", "i", "strike":
		c.runs = true
		c.inline.start(x)
	case "row":
		c.rowBegins()
	case "col":
		c.hiddenColumn()
	}
}

func (c *scan) text() {
	if c.into != nil {
		c.into.add(c.x.Text)
	}
}

func (c *scan) end() {
	switch c.x.Name.Local {
	case "c":
		c.cellEnds()
	case "v", "f":
		c.into = nil
	case "t":
		if c.deep == 0 {
			if c.runs {
				c.inline.run(unescape(c.value.text()))
			}
			c.into = nil
		}
	case "rPh":
		c.deep--
	case "r":
		c.inline.end()
	}
}

func (c *scan) hiddenColumn() {
	if !isTrue(c.x.Attr("hidden")) {
		return
	}
	from, to := number(c.x.Attr("min")), number(c.x.Attr("max"))
	if from >= 1 && to >= from && to <= lastColumn && len(c.hiddenColumns) < 1000 {
		c.hiddenColumns = append(c.hiddenColumns, span{from - 1, to - 1})
	}
}

func (c *scan) rowBegins() {
	c.sheet.row++
	if n := number(c.x.Attr("r")); n >= 1 && n <= lastRow {
		c.sheet.row = n
	}
	if isTrue(c.x.Attr("hidden")) {
		if c.hiddenRows++; c.hiddenRows == 1 {
			c.firstHidden = c.sheet.row
		}
	}
	c.cells, c.column, c.sorted = c.cells[:0], -1, true
}

func (c *scan) rowEnds() (table.Row, bool) {
	if !c.sorted {
		slices.SortStableFunc(c.cells, func(a, b table.Cell) int { return a.Column - b.Column })
	}
	if len(c.notes) > 0 && len(c.cells) > 0 && len(c.notes[c.sheet.row]) > 0 {
		c.rowNotes()
	}
	return table.Row{Number: c.sheet.row, Cells: c.cells}, len(c.cells) > 0
}

// rowNotes gives the notes of a row to its cells; those of empty cells go to the first one, and say where they stand.
func (c *scan) rowNotes() {
	filled := map[int]int{}
	for i := range c.cells {
		filled[c.cells[i].Column] = i
	}
	notes := c.notes[c.sheet.row]
	slices.SortStableFunc(notes, func(a, b exchange.Field) int { return a.At.Column - b.At.Column })
	for _, n := range notes {
		i, there := filled[n.At.Column-1]
		if n.Name == "hyperlink" && there && (c.cells[i].Text == n.Values[0] || "mailto:"+c.cells[i].Text == n.Values[0]) {
			continue // the cell says it
		}
		if !there {
			i = 0
			n.Values = []string{table.Letters(n.At.Column-1) + strconv.Itoa(n.At.Line) + ": " + n.Values[0]}
		}
		c.cells[i].Notes = append(c.cells[i].Notes, n)
	}
	delete(c.notes, c.sheet.row)
}

func (c *scan) cellBegins() {
	c.cell = rawCell{column: c.column + 1}
	for i := range c.x.Attrs {
		a := &c.x.Attrs[i]
		switch a.Local {
		case "r":
			if at, ok := reference(a.Value); ok {
				c.cell.column = at.column
			}
		case "t":
			c.cell.kind = a.Value
		case "s":
			c.cell.style = number(a.Value)
		}
	}
	c.sorted = c.sorted && c.cell.column > c.column
	c.column = c.cell.column
	c.value.reset()
	if c.runs {
		c.inline, c.runs = rich{}, false
	}
	c.into = nil
}

func (c *scan) cellEnds() {
	out := table.Cell{Column: c.cell.column, Line: c.sheet.row, At: c.cell.column + 1}
	at := exchange.Position{File: c.file, Line: out.Line, Column: out.At}
	value := c.value.text()
	if c.cell.formula {
		if c.formulas++; c.formulas == 1 {
			c.firstFormula = c.sheet.row
		}
		if !c.cell.hasValue || value == "" && (c.cell.kind != "str" || !givesText(c.formula.text())) {
			c.r.fault(at, true, "a formula has no value: the program that wrote the file did not compute it", "open the file in Excel or LibreOffice and save it again")
			c.r.lost(at, "formula", "no value was saved with it")
			return
		}
	}
	switch c.cell.kind {
	case "s":
		i := number(value)
		if i < 0 || i >= len(c.book.strings) || value == "" {
			c.r.fault(at, true, fmt.Sprintf("the cell refers to the text %q, which is not there", value), "open the file in Excel or LibreOffice and save it again")
			c.r.lost(at, "cell", "its text is not in the file")
			return
		}
		text := &c.book.strings[i]
		out.Text, out.Plain = text.marked, text.plain
	case "inlineStr":
		if !c.runs {
			out.Text = unescape(value)
			break
		}
		text := c.inline.text()
		out.Text, out.Plain = text.marked, text.plain
	case "str":
		out.Text = unescape(value)
	case "b":
		out.Text, out.Data = "false", exchange.DataBoolean
		if isTrue(value) {
			out.Text = "true"
		}
		if value == "" {
			return
		}
	case "e":
		if value != "" {
			c.r.fault(at, false, fmt.Sprintf("the cell shows the error %s; it is read as that text", value), "correct the formula")
		}
		out.Text = value
	case "d":
		out.Text, out.Data = value, exchange.DataDate
	default:
		out.Text, out.Data = c.book.shown(value, c.cell.style)
	}
	c.add(out, at)
}

// textFormula finds what a formula needs to give an empty text.
var textFormula = regexp.MustCompile(`(?i)"|&|\b(T|TRIM|CONCAT|CONCATENATE|TEXTJOIN|LEFT|RIGHT|MID|SUBSTITUTE|REPLACE|REPT|UPPER|LOWER|PROPER|CLEAN|TEXT|PHONETIC)\(`)

// givesText reports whether a formula may give an empty text. One that shares that of another cell may.
func givesText(formula string) bool {
	return formula == "" || len(formula) > 8192 || textFormula.MatchString(formula)
}

func (c *scan) add(out table.Cell, at exchange.Position) {
	if out.Plain != "" {
		c.rich++
	}
	if len(out.Text) > c.r.options.Limits.CellBytes {
		c.r.fault(at, true, fmt.Sprintf("a cell has more than %d bytes and is not read", c.r.options.Limits.CellBytes), "shorten it")
		c.r.lost(at, "cell", fmt.Sprintf("it has more than %d bytes", c.r.options.Limits.CellBytes))
		return
	}
	if strings.TrimSpace(out.Text) != "" {
		c.cells = append(c.cells, out)
	}
}

// reference reads A1.
func reference(ref string) (cellAt, bool) {
	column, row := 0, 0
	i := 0
	for ; i < len(ref) && (ref[i] == '$' || ref[i]|0x20 >= 'a' && ref[i]|0x20 <= 'z'); i++ {
		if ref[i] == '$' {
			continue
		}
		if column = column*26 + int(ref[i]|0x20-'a') + 1; column > lastColumn {
			return cellAt{}, false
		}
	}
	for ; i < len(ref); i++ {
		if ref[i] == '$' {
			continue
		}
		if ref[i] < '0' || ref[i] > '9' {
			return cellAt{}, false
		}
		if row = row*10 + int(ref[i]-'0'); row > lastRow {
			return cellAt{}, false
		}
	}
	return cellAt{row, column - 1}, row > 0 && column > 0
}

// area reads A1:B2, or A1.
func area(ref string) (from, to cellAt, ok bool) {
	a, b, two := strings.Cut(ref, ":")
	if !two {
		b = a
	}
	from, ok = reference(a)
	if !ok {
		return from, to, false
	}
	to, ok = reference(b)
	return from, to, ok && to.row >= from.row && to.column >= from.column
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func isTrue(s string) bool { return s == "1" || s == "true" }
