package table

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// header is where the names of columns stand, as indexes of the sampled rows.
type header struct {
	first, last int
	names       map[int]string // by column
	low, high   int            // the outermost columns that have a name
}

// grid is the sampled rows with their merges.
type grid struct {
	rows    []Row
	merges  []Merge
	covered map[[2]int]*Merge // index of row, column; also the upper left cell of each
	high    int
}

func newGrid(rows []Row, merges []Merge) *grid {
	g := &grid{rows: rows, merges: merges, covered: map[[2]int]*Merge{}}
	index := map[int]int{}
	for i, r := range rows {
		index[r.Number] = i
		if n := len(r.Cells); n > 0 {
			g.high = max(g.high, r.Cells[n-1].Column)
		}
	}
	for i := range merges {
		m := &merges[i]
		for row := m.Row; row < m.Row+m.Rows && row <= m.Row+HeaderRows; row++ {
			at, there := index[row]
			if !there {
				continue
			}
			for c := m.Column; c < m.Column+m.Columns && c <= g.high; c++ {
				g.covered[[2]int{at, c}] = m
			}
		}
	}
	return g
}

// own is the text of a cell itself.
func (g *grid) own(row, column int) string {
	if row < 0 || row >= len(g.rows) {
		return ""
	}
	if i, ok := slices.BinarySearchFunc(g.rows[row].Cells, column, byColumn); ok {
		return g.rows[row].Cells[i].Unmarked()
	}
	return ""
}

func byColumn(c Cell, column int) int { return c.Column - column }

// text is what a reader sees at a cell: that of the merged cell that covers it.
func (g *grid) text(row, column int) string {
	m := g.covered[[2]int{row, column}]
	if m == nil {
		return g.own(row, column)
	}
	for i := row; i >= 0 && g.rows[i].Number >= m.Row; i-- {
		if g.rows[i].Number == m.Row {
			return g.own(i, m.Column)
		}
	}
	return ""
}

// ownHeader finds the header of our own layout.
func ownHeader(rows []Row, protected bool) (int, bool) {
	for i := range rows[:min(len(rows), HeaderRows)] {
		found := 0
		for _, c := range rows[i].Cells {
			switch unprotectIf(c.Text, protected) {
			case ColumnKey, ColumnKind, ColumnTitle, ColumnText:
				found++
			}
		}
		if found == 4 {
			return i, true
		}
	}
	return 0, false
}

// findHeader finds the row that names most of what tables of requirements name, and those that belong to it.
func (b *Builder) findHeader(g *grid) (header, bool) {
	best, most := -1, 0
	single := true
	for i := range g.rows {
		single = single && len(g.rows[i].Cells) <= 1
	}
	for i := range g.rows[:min(len(g.rows), HeaderRows)] {
		if score := b.score(g, i, single); score > most {
			best, most = i, score
		}
	}
	if best < 0 {
		return header{}, false
	}
	return g.around(best), true
}

// score says how much a row is a header, 0 for not at all. Only the first name of a role counts fully.
func (b *Builder) score(g *grid, row int, single bool) int {
	cells := g.rows[row].Cells
	if len(cells) < 2 && !single || len(cells) == 0 {
		return 0
	}
	score := 0
	seen := map[role]bool{}
	says := false
	for _, c := range cells {
		name := c.Unmarked()
		m, known := b.meaning(name)
		if utf8.RuneCountInString(name) > 200 || !known || utf8.RuneCountInString(shortName(name)) > 60 {
			continue
		}
		n := weight(m)
		if seen[m.role] && m.role != roleField && m.role != roleLink {
			n = 1
		}
		seen[m.role] = true
		if strings.Contains(strings.TrimSuffix(strings.TrimSpace(name), ":"), ":") && m.rank >= 0 && !strings.Contains(name, "\n") {
			n /= 2 // Name: Pump
		} else if m.role == roleKey || m.role == roleText || m.role == roleTitle {
			says = true
		}
		score += n
	}
	if !says && score < 8 {
		return 0
	}
	return score
}

func weight(m meaning) int {
	if m.rank < 0 {
		return 12
	}
	switch m.role {
	case roleKey, roleText:
		return 6
	case roleTitle, roleKind, roleLink:
		return 4
	case roleField, roleLevel, roleSection, roleDocument, roleActive, roleNormative, roleDerived, roleHeading, roleID, roleFiles, roleIgnore:
		return 2
	default:
		return 2
	}
}

// around extends a header row to those above that group its columns, and to those below that divide them.
func (g *grid) around(row int) header {
	h := header{first: row, last: row}
	for h.last+1 < len(g.rows) && g.divides(h.last+1, h.last) {
		h.last++
	}
	for h.first > 0 && g.groups(h.first-1, h.first) {
		h.first--
	}
	h.names = map[int]string{}
	h.low = -1
	for column := 0; column <= g.high; column++ {
		var parts []string
		for r := h.first; r <= h.last; r++ {
			text := strings.TrimSpace(g.text(r, column))
			if text != "" && (len(parts) == 0 || parts[len(parts)-1] != text) {
				parts = append(parts, text)
			}
		}
		if len(parts) == 0 {
			continue
		}
		if h.low < 0 {
			h.low = column
		}
		h.high = column
		h.names[column] = strings.Join(parts, groupMark)
	}
	return h
}

// groupMark stands between the lines of a header in the name of a column; no name has it by itself.
const groupMark = "\x1f"

// divides reports whether a row only has cells below merged ones of the row above, or itself is covered by that.
func (g *grid) divides(row, above int) bool {
	if row+1 >= len(g.rows) || g.rows[row].Number != g.rows[above].Number+1 || !names(&g.rows[row]) {
		return false
	}
	parts, below := 0, false
	for column := 0; column <= g.high; column++ {
		m := g.covered[[2]int{row, column}]
		switch {
		case m != nil && m.Row < g.rows[row].Number: // goes on from above
			below = true
		case g.own(row, column) == "":
		case g.covered[[2]int{above, column}] != nil && g.covered[[2]int{above, column}].Columns > 1 && g.covered[[2]int{above, column}].Rows == 1:
			parts++
		default:
			return false
		}
	}
	return parts > 1 || below && parts == len(g.rows[row].Cells)
}

// groups reports whether a row has merged cells, none of them over all columns, above the names of a row.
func (g *grid) groups(row, below int) bool {
	if g.rows[below].Number != g.rows[row].Number+1 || len(g.rows[row].Cells) == 0 || !names(&g.rows[row]) {
		return false
	}
	groups := false
	names := len(g.rows[below].Cells)
	for _, c := range g.rows[row].Cells {
		m := g.covered[[2]int{row, c.Column}]
		switch {
		case m == nil:
		case m.Columns >= names && m.Columns > 1 && len(g.rows[row].Cells) == 1:
			return false // a title
		case m.Columns > 1 || m.Rows > 1:
			groups = true
		}
	}
	return groups || g.repeats(row, below)
}

// repeats reports whether names of a row are there twice and the row above tells them apart: merged cells in a file that
// knows none.
func (g *grid) repeats(row, below int) bool {
	seen := map[string]int{}
	apart := false
	for _, c := range g.rows[below].Cells {
		if before, twice := seen[compact(c.Text)]; twice && g.own(row, c.Column) != g.own(row, before) {
			apart = true
		}
		seen[compact(c.Text)] = c.Column
	}
	return apart && len(g.merges) == 0 && len(g.rows[row].Cells) < len(g.rows[below].Cells)
}

// IsTable reports whether the first rows of a table have a header that names at least the keys, or the texts, and another
// column of requirements.
func IsTable(rows []Row) bool {
	if _, ok := ownHeader(rows, true); ok {
		return true
	}
	b := &Builder{}
	for i := range rows[:min(len(rows), HeaderRows)] {
		roles := map[role]bool{}
		for _, c := range rows[i].Cells {
			if m, known := means(c.Unmarked()); known && len(c.Text) <= 200 {
				roles[m.role] = true
			}
		}
		says := roles[roleKey] && (roles[roleText] || roles[roleTitle] || roles[roleLink]) || roles[roleText] && (roles[roleTitle] || roles[roleKind] || roles[roleLink])
		if says && b.score(newGrid(rows[i:i+1], nil), 0, false) > 0 {
			return true
		}
	}
	return false
}
