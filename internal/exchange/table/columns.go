package table

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// column is one column of a table.
type column struct {
	meaning
	header string // as written
	field  string // the name of its fields, and of its links where no verb is said
	taken  int    // cells that were left out, of one to be ignored
}

// Letters names a column as spreadsheets do: A, B, …, AA.
func Letters(column int) string {
	var b []byte
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		b = append([]byte{byte('A' + (n-1)%26)}, b...)
	}
	return string(b)
}

// columnsOf makes columns of a header, by their names and, where those leave it open, by what is in them.
func (t *Table) columnsOf(h header, sample []Row) {
	t.columns = nil
	t.low, t.high = h.low, h.high
	known := map[int]bool{}
	for c := h.low; c <= h.high; c++ {
		name, there := h.names[c]
		if !there {
			continue
		}
		parts := strings.Split(name, groupMark)
		col := &column{header: strings.Join(parts, " ")}
		for i := range parts {
			parts[i] = strings.Join(strings.Fields(parts[i]), " ")
		}
		for _, try := range []string{parts[len(parts)-1], col.header} {
			if m, ok := t.b.meaning(try); ok && (len(parts) == 1 || m.role != roleField) {
				col.meaning, known[c] = m, true
				break
			}
		}
		for i := range parts {
			parts[i] = shortName(parts[i])
		}
		if col.role == roleLink {
			parts = parts[len(parts)-1:]
		}
		col.field = strings.Join(parts, " ")
		if col.name != "" {
			col.field = col.name
		}
		t.setColumn(c, col)
	}
	t.settle(known, sampled(sample))
	t.nameFields()
	t.sections = false
	for _, col := range t.columns {
		t.sections = t.sections || col != nil && col.role == roleSection
	}
}

// contents is what a sample tells of a column.
type contents struct {
	filled, keys, named, runes int
	distinct                   map[string]bool
	numbers                    int
}

func sampled(rows []Row) map[int]*contents {
	all := map[int]*contents{}
	for _, r := range rows {
		for i := range r.Cells {
			c := &r.Cells[i]
			text := strings.TrimSpace(c.Unmarked())
			s := all[c.Column]
			if s == nil {
				s = &contents{distinct: map[string]bool{}}
				all[c.Column] = s
			}
			s.filled++
			s.runes += utf8.RuneCountInString(text)
			if LooksLikeKey(text) {
				s.keys++
			}
			if namedKey(text) {
				s.named++
			}
			if numbered(text) {
				s.numbers++
			}
			s.distinct[text] = true
		}
	}
	return all
}

// numbered reports whether a text is a number of an outline, such as 2.3.
func numbered(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && r != '.' {
			return false
		}
	}
	return s != ""
}

func (c *contents) average() int {
	if c == nil || c.filled == 0 {
		return 0
	}
	return c.runes / c.filled
}

// mostly reports whether at least four of five are.
func mostly(n, all int) bool { return n > 0 && n*5 >= all*4 }

// settle gives every role to one column; the others of that role are fields.
func (t *Table) settle(known map[int]bool, sample map[int]*contents) {
	holder := map[role]int{}
	holds := func(r role) bool { _, ok := holder[r]; return ok }
	var vague []int
	for c := t.low; c <= t.high; c++ {
		col := t.column(c)
		if col == nil {
			continue
		}
		if col.vague && col.rank >= 0 {
			vague = append(vague, c)
			continue
		}
		if col.role == roleSection && col.rank >= 0 && sample[c] != nil && mostly(sample[c].numbers, sample[c].filled) {
			col.role = roleLevel
		}
		if col.role == roleField || col.role == roleLink || col.role == roleIgnore {
			continue
		}
		before, there := holder[col.role]
		if there && t.columns[before].rank <= col.rank {
			col.role = roleField
			continue
		}
		if there {
			t.columns[before].role = roleField
		}
		holder[col.role] = c
	}
	for _, c := range vague {
		t.settleVague(c, holder, sample)
	}
	if !holds(roleKey) {
		t.guessKey(known, holder, sample)
	}
	if !holds(roleText) && !holds(roleTitle) {
		t.guessText(known, holder, sample)
	}
	t.key, t.text, t.title = -1, -1, -1
	for r, at := range map[role]*int{roleKey: &t.key, roleText: &t.text, roleTitle: &t.title} {
		if c, ok := holder[r]; ok {
			*at = c
		}
	}
}

// settleVague decides what a column called Requirement holds: keys, the text, or the title beside a description.
func (t *Table) settleVague(c int, holder map[role]int, sample map[int]*contents) {
	col := t.columns[c]
	_, hasKey := holder[roleKey]
	text, hasText := holder[roleText]
	_, hasTitle := holder[roleTitle]
	s := sample[c]
	is := roleField
	switch {
	case !hasKey && s != nil && mostly(s.keys, s.filled):
		is = roleKey
	case !hasText:
		is = roleText
	case t.columns[text].vague || t.columns[text].rank < textNames["specification"]:
	case s.average() > sample[text].average():
		t.columns[text].role = roleField
		is = roleText
	case !hasTitle:
		is = roleTitle
	}
	col.role = is
	if is != roleField {
		holder[is] = c
	}
	if (t.kind == "" || t.kind == TypeRequirement) && is != roleField {
		t.kind = TypeRequirement // what the name of the column says of each row
		if name := compact(shortName(col.header)); strings.HasPrefix(name, "user") || strings.HasPrefix(name, "test") || strings.HasPrefix(name, "software") || strings.HasPrefix(name, "system") {
			t.kind = strings.TrimSuffix(shortName(col.header), "s")
		}
	}
}

// guessKey takes the first column that is full of keys.
func (t *Table) guessKey(known map[int]bool, holder map[role]int, sample map[int]*contents) {
	for c := t.low; c <= t.high; c++ {
		s, col := sample[c], t.column(c)
		if col == nil || s == nil || known[c] && col.role != roleField || col.rank < 0 || s.filled < 1 || !mostly(s.named, s.filled) || len(s.distinct) < s.filled {
			continue
		}
		col.role = roleKey
		holder[roleKey] = c
		t.note(fmt.Sprintf("no column is named as that of the keys; %s is taken for it, since it is full of keys", t.called(c)), "name the column ID, or say which one it is")
		return
	}
}

// guessText takes the column with the longest texts.
func (t *Table) guessText(known map[int]bool, holder map[role]int, sample map[int]*contents) {
	best := -1
	for c := t.low; c <= t.high; c++ {
		if col := t.column(c); col == nil || known[c] || col.role != roleField || col.rank < 0 || sample[c] == nil || sample[c].average() < 10 {
			continue
		}
		if best < 0 || sample[c].average() > sample[best].average() {
			best = c
		}
	}
	if best >= 0 {
		t.columns[best].role = roleText
		holder[roleText] = best
		t.note(fmt.Sprintf("no column is named as that of the text; %s is taken for it, since its texts are the longest", t.called(best)), "name the column Text, or say which one it is")
	}
}

func (t *Table) called(c int) string {
	if col := t.column(c); col != nil && col.header != "" {
		return fmt.Sprintf("column %s (%s)", Letters(c), shortName(col.header))
	}
	return "column " + Letters(c)
}

// nameFields gives every column a name of its own for its fields.
func (t *Table) nameFields() {
	taken, last := map[string]bool{}, map[string]int{}
	for c := t.low; c <= t.high; c++ {
		col := t.column(c)
		if col == nil || col.role != roleField {
			continue
		}
		name := col.field
		if whole := strings.Join(strings.Fields(col.header), " "); taken[name] && whole != name && !taken[whole] {
			name = whole
		}
		for n := max(2, last[col.field]); taken[name]; n++ {
			name = col.field + " " + strconv.Itoa(n)
			last[col.field] = n + 1
		}
		taken[name] = true
		col.field = name
	}
}

// extra is a column that the header does not name.
func (t *Table) extra(c int, at exchange.Position) *column {
	col := &column{field: "column " + Letters(c)}
	t.setColumn(c, col)
	t.b.fault(at, "", false, fmt.Sprintf("column %s has no name in the header; its cells are kept in a field of that name", Letters(c)), "give the column a name")
	return col
}
