package table

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Table is one table while its rows come in.
type Table struct {
	b     *Builder
	sheet Sheet

	sample  []Row // until it is known where the header is
	decided bool
	own     bool // in the layout of Lay

	columns          []*column // nil where the header says nothing
	low, high        int       // outermost named columns
	key, text, title int       // columns of those roles, -1 for none
	kind             string
	heading          []string // compact names of the header, to know it again

	merges    map[[2]int]Merge // by row and column
	active    map[int]below    // by column
	last      int              // index of the last item, -1 where none can go on
	lastRow   int              // where that one began
	renamed   bool             // the document of the file has the key that its first row names
	prose     bool             // nothing but prose, since there is no table
	lost      int              // rows after the limit
	lostAt    exchange.Position
	repeated  int
	wide      int // cells of columns after the limit
	wideAt    exchange.Position
	sections  bool   // a column names sections
	section   string // of the last row
	lastKind  string
	isHeading bool // what that kind says
}

// below is a cell that goes on in the rows below.
type below struct {
	cell  Cell
	from  int
	until int
}

// Begin begins a table.
func (b *Builder) Begin(sheet Sheet) *Table {
	t := &Table{b: b, sheet: sheet, last: -1, merges: make(map[[2]int]Merge, len(sheet.Merges)), active: map[int]below{}}
	for _, m := range sheet.Merges {
		t.merges[[2]int{m.Row, m.Column}] = m
	}
	return t
}

// Row takes the next row. Its cells may be used again by the caller.
func (t *Table) Row(r Row) {
	if len(r.Cells) == 0 {
		return
	}
	if r.Cells[len(r.Cells)-1].Column >= t.b.options.Limits.Columns {
		if r.Cells = t.narrow(r.Cells); len(r.Cells) == 0 {
			return
		}
	}
	if t.b.cells += len(r.Cells); t.b.cells > t.b.options.Limits.Cells {
		if t.lost == 0 {
			t.lostAt = t.position(&r.Cells[0])
		}
		t.lost++
		return
	}
	if t.decided {
		t.row(&r)
		return
	}
	r.Cells = slices.Clone(r.Cells)
	t.sample = append(t.sample, r)
	if len(t.sample) >= sampleRows {
		t.decide()
	}
}

// narrow takes only so many columns as a table may have.
func (t *Table) narrow(cells []Cell) []Cell {
	most := t.b.options.Limits.Columns
	n, _ := slices.BinarySearchFunc(cells, most, byColumn)
	if t.wide == 0 {
		t.b.fault(t.position(&cells[n]), "", true, fmt.Sprintf("a row has more than %d columns; those behind are not read", most), "look whether the cells are divided as they should be")
		t.wideAt = t.position(&cells[n])
	}
	t.wide += len(cells) - n
	return cells[:n]
}

// End takes what is left.
func (t *Table) End() {
	if !t.decided {
		t.decide()
	}
	at := exchange.Position{File: t.sheet.File}
	if t.lost > 0 {
		what := fmt.Sprintf("%d rows", t.lost)
		t.b.Tree.Read.Items += t.lost
		t.b.Tree.Lost = append(t.b.Tree.Lost, exchange.Loss{At: t.lostAt, What: what, Why: fmt.Sprintf("more than %d cells are not read", t.b.options.Limits.Cells), Items: t.lost})
		t.b.fault(t.lostAt, "", true, fmt.Sprintf("more than %d cells; %s are not read", t.b.options.Limits.Cells, what), "divide the table into several files, or allow more")
	}
	if t.wide > 0 {
		t.b.Tree.Lost = append(t.b.Tree.Lost, exchange.Loss{At: t.wideAt, What: fmt.Sprintf("%d cells", t.wide), Why: fmt.Sprintf("more than %d columns are not read", t.b.options.Limits.Columns)})
	}
	if t.repeated > 0 {
		t.b.changed(at, "", fmt.Sprintf("%d rows that repeat the header", t.repeated), "they say again what the columns are; nothing is made of them")
	}
	for c, col := range t.columns {
		if col != nil && col.taken > 0 {
			t.b.Tree.Lost = append(t.b.Tree.Lost, exchange.Loss{At: at, What: fmt.Sprintf("%s: %d cells", t.called(c), col.taken), Why: "the column is to be ignored"})
		}
	}
}

// column is a column that is known, nil where it is not.
func (t *Table) column(c int) *column {
	if c < 0 || c >= len(t.columns) {
		return nil
	}
	return t.columns[c]
}

func (t *Table) setColumn(c int, col *column) {
	for len(t.columns) <= c {
		t.columns = append(t.columns, nil)
	}
	t.columns[c] = col
}

// named is the number of columns.
func (t *Table) named() int {
	n := 0
	for _, col := range t.columns {
		if col != nil {
			n++
		}
	}
	return n
}

func (t *Table) position(c *Cell) exchange.Position {
	return exchange.Position{File: t.sheet.File, Line: c.Line, Column: c.At}
}

func (t *Table) note(message, remedy string) {
	at := exchange.Position{File: t.sheet.File}
	if len(t.sample) > 0 {
		at = t.position(&t.sample[0].Cells[0])
	}
	t.b.fault(at, "", false, message, remedy)
}

// decide finds the header among the sampled rows and takes them.
func (t *Table) decide() {
	t.decided = true
	if len(t.sample) == 0 {
		return
	}
	from := 0
	if i, ok := ownHeader(t.sample, t.sheet.Protected); ok {
		t.before(t.sample[:i])
		t.ownColumns(&t.sample[i])
		from = i + 1
	} else {
		from = t.findColumns(newGrid(t.sample, t.sheet.Merges))
	}
	rows := t.sample[from:]
	t.sample = nil
	for i := range rows {
		t.row(&rows[i])
	}
}

// findColumns finds the columns of a foreign table and gives the index of its first row of data.
func (t *Table) findColumns(g *grid) int {
	if d := t.sheet.Document; !t.sheet.Inline {
		t.kind = Says(d.Title, d.Key)
	} else {
		t.kind = t.sheet.Type
	}
	if h, ok := t.b.findHeader(g); ok {
		t.before(g.rows[:h.first])
		t.columnsOf(h, g.rows[h.last+1:])
		t.says(h, g.rows[h.first:h.last+1])
		return h.last + 1
	}
	if t.sheet.Strict {
		t.prose = true
		return 0
	}
	if keys := t.keyColumn(g.rows); keys >= 0 {
		t.withoutHeader(keys, g)
		return 0
	}
	for i := range g.rows[:min(len(g.rows), HeaderRows)] {
		if len(g.rows[i].Cells) < 2 || i+1 == len(g.rows) {
			continue
		}
		if !names(&g.rows[i]) {
			t.withoutHeader(-1, g)
			return 0
		}
		h := g.around(i)
		t.before(g.rows[:h.first])
		t.columnsOf(h, g.rows[h.last+1:])
		t.note(fmt.Sprintf("no row names the columns of keys, titles or texts; the first one (%s) is taken for the header, and rows become items without keys where no column is full of keys", joined(&g.rows[i])),
			"name the columns ID, Title and Text, or say which ones they are")
		t.says(h, g.rows[h.first:h.last+1])
		return h.last + 1
	}
	t.prose = true
	t.note("this is no table of requirements: there is no header, and no row with several cells; its rows are kept as prose", "name the columns in a first row, such as ID, Title, Text")
	return 0
}

// says remembers the header and reports names that were shortened.
func (t *Table) says(h header, rows []Row) {
	t.heading = nil
	for _, c := range rows[len(rows)-1].Cells {
		t.heading = append(t.heading, compact(c.Unmarked()))
	}
	for c := h.low; c <= h.high; c++ {
		col := t.column(c)
		if col == nil || col.role != roleField {
			continue
		}
		if whole := strings.Join(strings.Fields(col.header), " "); whole != col.field && col.name == "" && whole != "" {
			t.b.changed(t.position(&rows[len(rows)-1].Cells[0]), "", fmt.Sprintf("column %q", whole), fmt.Sprintf("its fields are called %q", col.field))
		}
	}
}

// keyColumn is the column of a table without a header that is full of keys, -1 for none.
func (t *Table) keyColumn(rows []Row) int {
	is := t.b.Key
	if is == nil {
		is = namedKey
	}
	n, all := map[int]int{}, map[int]int{}
	for _, r := range rows {
		for i := range r.Cells {
			all[r.Cells[i].Column]++
			if is(strings.TrimSpace(r.Cells[i].Unmarked())) {
				n[r.Cells[i].Column]++
			}
		}
	}
	for _, c := range sortedInts(n) {
		if mostly(n[c], all[c]) && all[c]*2 >= len(rows) && len(all) > 1 {
			return c
		}
	}
	return -1
}

func sortedInts(m map[int]int) []int {
	var all []int
	for c := range m {
		all = append(all, c)
	}
	slices.Sort(all)
	return all
}

// names reports whether a row may be a header: its cells are short and no sentences, and none is a number or key.
func names(r *Row) bool {
	return !slices.ContainsFunc(r.Cells, func(c Cell) bool {
		text := strings.TrimSpace(c.Unmarked())
		return len(text) > 100 || LooksLikeKey(text) || numbered(text) || strings.Contains(text, " ") && says(oneLine(text))
	})
}

// withoutHeader names the columns of a table that has no header: the keys, if there are some, the longest texts, and the
// others by letters.
func (t *Table) withoutHeader(keys int, g *grid) {
	sample := sampled(g.rows)
	t.columns, t.low, t.high = nil, 0, g.high
	t.key, t.text, t.title = keys, -1, -1
	for c := 0; c <= g.high; c++ {
		if sample[c] == nil {
			continue
		}
		t.setColumn(c, &column{field: "column " + Letters(c)})
		if c != keys && (t.text < 0 || sample[c].runes > sample[t.text].runes) {
			t.text = c
		}
	}
	if t.text >= 0 {
		t.columns[t.text].role = roleText
	}
	if keys < 0 {
		t.note("the table has no header, and no column full of keys; its rows become items without keys, and the column with the longest texts is taken for the text", "write a first row with the names of the columns")
		return
	}
	t.columns[keys].role = roleKey
	t.note(fmt.Sprintf("the table has no header; column %s, which is full of keys, is taken for the keys, and the one with the longest texts for the text", Letters(keys)),
		"write a first row with the names of the columns")
}

// unnamed is what programs call a table when nobody does.
var unnamed = regexp.MustCompile(`^(?i)\s*(table|tabelle|tabella|tableau|tabla|sheet)\s*\d*\s*$`)

// before keeps what stands above the header: a title, and prose.
func (t *Table) before(rows []Row) {
	for i := range rows {
		r := &rows[i]
		if len(r.Cells) == 1 && i == 0 && !t.sheet.Inline && len(r.Cells[0].Notes) == 0 && !strings.Contains(r.Cells[0].Text, "\n") && len(t.sheet.Document.Items) == 0 && !unnamed.MatchString(r.Cells[0].Text) {
			t.sheet.Document.Title = strings.TrimSpace(r.Cells[0].Text)
			continue
		}
		t.block(r)
	}
}

// joined is a row on one line.
func joined(r *Row) string {
	texts := make([]string, len(r.Cells))
	for i := range r.Cells {
		texts[i] = strings.TrimSpace(r.Cells[i].Text)
	}
	return strings.Join(texts, " | ")
}

// block keeps a row as prose.
func (t *Table) block(r *Row) {
	t.addBlock("prose", joined(r), t.position(&r.Cells[0]))
	for i := range r.Cells {
		for _, n := range r.Cells[i].Notes {
			t.addBlock("comment", n.Name+": "+strings.Join(n.Values, ", "), n.At)
		}
	}
}

func (t *Table) addBlock(kind, text string, at exchange.Position) {
	*t.sheet.Order++
	d := t.sheet.Document
	if len(d.Blocks) == cap(d.Blocks) {
		d.Blocks = slices.Grow(d.Blocks, len(d.Blocks)+1) // twice as many: append alone allocates five times what it holds in the end
	}
	d.Blocks = append(d.Blocks, exchange.Block{Kind: kind, Text: text, Order: *t.sheet.Order, At: at})
}

func (t *Table) addSection(title string, level int, at exchange.Position) {
	*t.sheet.Order++
	t.sheet.Document.Sections = append(t.sheet.Document.Sections, exchange.Section{Title: title, Level: level, Order: *t.sheet.Order, At: at})
	t.last = -1
}
