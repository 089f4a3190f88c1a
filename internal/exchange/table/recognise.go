package table

import "strings"

// Shape is how a table that stands in a text holds items.
type Shape int

// The shapes of tables.
const (
	NoItems Shape = iota
	Rows          // a header, and an item a row
	Pairs         // names in the first column, and an item in each of the others
	Keys          // no header, but a column of keys
)

// Recognise tells whether a table in a text is one of requirements. It is stricter than a file of a table need be: texts are
// full of tables that have a number or a name in each row.
func (b *Builder) Recognise(rows []Row) Shape {
	if len(rows) == 0 {
		return NoItems
	}
	inFirst, keyRow := b.firstColumn(rows)
	for i := range rows[:min(len(rows), 5)] {
		known, key := 0, -1
		vague := false
		for _, c := range rows[i].Cells {
			m, ok := b.meaning(c.Unmarked())
			if !ok || len(c.Text) > 200 {
				continue
			}
			known++
			vague = vague || m.vague
			if m.role == roleKey && key < 0 {
				key = c.Column
			}
		}
		if key < 0 || known < 2 || inFirst > known && keyRow >= 0 {
			continue
		}
		if keyed(rows[i+1:], key, vague) {
			return Rows
		}
	}
	if inFirst >= 2 && keyRow >= 0 {
		return Pairs
	}
	if b.keyed(rows) {
		return Keys
	}
	return NoItems
}

// Unmarked is the text of a cell without marks.
func (c *Cell) Unmarked() string {
	if c.Plain != "" {
		return c.Plain
	}
	return c.Text
}

// firstColumn counts the names in the first column, and finds the row of the key.
func (b *Builder) firstColumn(rows []Row) (known, keyRow int) {
	keyRow = -1
	for i := range rows {
		cells := rows[i].Cells
		if len(cells) < 1 || cells[0].Column != 0 {
			continue
		}
		m, ok := b.meaning(cells[0].Unmarked())
		if !ok {
			continue
		}
		known++
		if m.role == roleKey && len(cells) > 1 && LooksLikeKey(strings.TrimSpace(cells[1].Unmarked())) && keyRow < 0 {
			keyRow = i
		}
	}
	return known, keyRow
}

// keyed reports whether a column below a header is one of keys. Mere numbers are keys only where a column is called Requirement.
func keyed(rows []Row, column int, numbers bool) bool {
	all, keys := 0, 0
	for i := range rows {
		for j := range rows[i].Cells {
			c := &rows[i].Cells[j]
			if c.Column != column {
				continue
			}
			all++
			text := strings.TrimSpace(c.Unmarked())
			if namedKey(text) || LooksLikeKey(text) && (numbers || strings.ContainsFunc(text, func(r rune) bool { return r >= 'A' })) {
				keys++
			}
		}
	}
	return keys > 0 && keys*2 >= all
}

// keyed reports whether the first or second column of a table without a header holds keys and nothing else.
func (b *Builder) keyed(rows []Row) bool {
	if b.Key == nil {
		return false
	}
	n, columns := map[int]int{}, map[int]bool{}
	for i := range rows {
		for j := range rows[i].Cells {
			c := &rows[i].Cells[j]
			columns[c.Column] = true
			if c.Column < 2 && b.Key(strings.TrimSpace(c.Unmarked())) {
				n[c.Column]++
			}
		}
	}
	for _, keys := range n {
		if keys > 0 && keys*5 >= len(rows)*4 && len(columns) > 1 {
			return true
		}
	}
	return false
}

// Turned is a table of pairs as one of rows: its first column becomes the header.
func Turned(rows []Row) []Row {
	most := 1
	for i := range rows {
		for _, c := range rows[i].Cells {
			most = max(most, c.Column)
		}
	}
	out := make([]Row, most+1)
	for i := range out {
		out[i].Number = i + 1
	}
	for i := range rows {
		for _, c := range rows[i].Cells {
			at := c.Column
			c.Column = i
			out[at].Cells = append(out[at].Cells, c)
		}
	}
	return out
}
