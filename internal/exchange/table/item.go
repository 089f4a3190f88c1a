package table

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// row takes a row of data.
func (t *Table) row(r *Row) {
	t.forget(r)
	switch {
	case t.prose:
		t.block(r)
	case t.own:
		t.ownRow(r)
	case t.isHeader(r):
	case t.goesOn(r):
		t.join(r)
	case t.isSection(r):
	default:
		t.item(r)
	}
	t.remember(r)
}

// remember keeps the cells that go on below.
func (t *Table) remember(r *Row) {
	if len(t.merges) == 0 {
		return
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		if m, ok := t.merges[[2]int{r.Number, c.Column}]; ok && m.Rows > 1 {
			t.active[c.Column] = below{cell: *c, from: r.Number, until: r.Number + m.Rows - 1}
		}
	}
}

// forget drops the cells that end above a row. Those that go on count as cells of it: filling them costs as much.
func (t *Table) forget(r *Row) {
	for c, a := range t.active {
		if r.Number > a.until {
			delete(t.active, c)
		}
	}
	t.b.cells += len(t.active)
}

// isHeader takes a row that names columns again: the header repeated, or that of another table below.
func (t *Table) isHeader(r *Row) bool {
	if len(r.Cells) < 2 || len(r.Cells[0].Text) > 100 {
		return false
	}
	if len(r.Cells) == len(t.heading) {
		same := true
		for i := range r.Cells {
			same = same && compact(r.Cells[i].Unmarked()) == t.heading[i]
		}
		if same {
			t.repeated++
			return true
		}
	}
	hasKey, hasText := false, false
	for i := range r.Cells {
		text := r.Cells[i].Unmarked()
		if len(text) > 60 || LooksLikeKey(text) {
			return false
		}
		m, known := t.b.meaning(text)
		if !known {
			continue
		}
		hasKey = hasKey || m.role == roleKey
		hasText = hasText || m.role == roleText || m.role == roleTitle
	}
	if !hasKey || !hasText {
		return false
	}
	h := header{names: map[int]string{}, low: r.Cells[0].Column, high: r.Cells[len(r.Cells)-1].Column}
	for i := range r.Cells {
		h.names[r.Cells[i].Column] = r.Cells[i].Unmarked()
	}
	t.columnsOf(h, nil)
	t.says(h, []Row{*r})
	t.last = -1
	return true
}

// goesOn reports whether a row belongs to the item above: its key, or its title where there are no keys, is one cell with that one's.
func (t *Table) goesOn(r *Row) bool {
	if t.last < 0 || len(t.active) == 0 {
		return false
	}
	c := t.key
	if c < 0 {
		c = t.title
	}
	if c < 0 {
		c = t.text
	}
	a, ok := t.active[c]
	return ok && r.Number <= a.until && a.from == t.lastRow && t.at(r, c) == nil
}

func (t *Table) at(r *Row, column int) *Cell {
	if i, ok := slices.BinarySearchFunc(r.Cells, column, byColumn); ok {
		return &r.Cells[i]
	}
	return nil
}

// join adds a row to the item above.
func (t *Table) join(r *Row) {
	item := &t.sheet.Document.Items[t.last]
	for i := range r.Cells {
		t.take(item, &r.Cells[i], true)
	}
}

// longest heading, in characters.
const headingRunes = 160

// isSection takes a row that is a heading of the outline, or a remark across the table.
func (t *Table) isSection(r *Row) bool {
	if t.named() < 2 || len(r.Cells) > 2 {
		return false
	}
	c := &r.Cells[0]
	text := strings.TrimSpace(c.Unmarked())
	level := headingLevel(text)
	if len(r.Cells) == 2 {
		title := &r.Cells[1]
		first, second := t.roleOf(c), t.roleOf(title)
		if t.key < 0 || first != roleLevel || second != roleTitle || t.text < 0 {
			return false
		}
		level = headingLevel(text + " x")
		text += " " + strings.TrimSpace(title.Unmarked())
	} else if !t.across(r, c, text) {
		return false
	}
	if len(c.Notes) > 0 || len(r.Cells[len(r.Cells)-1].Notes) > 0 || utf8.RuneCountInString(text) > headingRunes || strings.Contains(text, "\n") {
		t.block(r)
		return true
	}
	t.addSection(text, level, t.position(c))
	return true
}

// across reports whether the only cell of a row is a heading and not a part of an item.
func (t *Table) across(r *Row, c *Cell, text string) bool {
	for column, a := range t.active {
		if r.Number <= a.until && column != c.Column && r.Number > a.from {
			return false // other cells are filled by those above
		}
	}
	if m, ok := t.merges[[2]int{r.Number, c.Column}]; ok && m.Columns > 1 && m.Columns*2 >= t.named() {
		return true
	}
	switch t.roleOf(c) {
	case roleKey:
		return c.Column == t.low && !LooksLikeKey(text)
	case roleTitle:
		return t.key >= 0 && t.text >= 0
	case roleText:
		return t.key >= 0 && !says(text)
	default:
		return c.Column <= t.low
	}
}

// says reports whether a text is a sentence and not a heading.
func says(text string) bool {
	if utf8.RuneCountInString(text) > 80 || strings.ContainsAny(text, "\n") || strings.HasSuffix(text, ".") {
		return true
	}
	for _, word := range strings.Fields(strings.ToLower(text)) {
		switch word {
		case "shall", "must", "should", "will", "can", "may", "is", "are", "muss", "soll", "kann", "darf", "wird", "ist", "sind":
			return true
		}
	}
	return false
}

func (t *Table) roleOf(c *Cell) role {
	if col := t.column(c.Column); col != nil {
		return col.role
	}
	return roleField
}

// headingLevel is how deep the number before a heading is: 2 for 1.2 Alarms.
func headingLevel(title string) int {
	number, _, found := strings.Cut(title, " ")
	number = strings.TrimSuffix(number, ".")
	if !found || !numbered(number) || len(number) > 40 {
		return 1
	}
	return min(1+strings.Count(number, "."), 9)
}

// item makes an item of a row.
func (t *Table) item(r *Row) {
	t.b.Tree.Read.Items++
	d := t.sheet.Document
	if section := t.sectionOf(r); section != t.section {
		if section != "" {
			t.addSection(section, headingLevel(section), t.position(&r.Cells[0]))
		}
		t.section = section
	}
	*t.sheet.Order++
	item := exchange.Item{Document: d.Key, Order: *t.sheet.Order, Normative: true, Active: true, Review: exchange.Review{State: exchange.NotReviewed}, At: t.position(&r.Cells[0])}
	item.Fields = make([]exchange.Field, 0, t.fields(len(r.Cells)))
	for i := range r.Cells {
		t.take(&item, &r.Cells[i], false)
	}
	t.fill(&item, r)
	t.finish(&item)
	push(d, &item)
	t.last, t.lastRow = len(d.Items)-1, r.Number
}

// push adds an item to a document. Room is doubled, since documents are long and items are large.
func push(d *exchange.Document, item *exchange.Item) {
	if len(d.Items) == cap(d.Items) {
		d.Items = slices.Grow(d.Items, max(16, len(d.Items)))
	}
	d.Items = append(d.Items, *item)
}

// sectionOf is the section that a row names, or that a cell above it names for it.
func (t *Table) sectionOf(r *Row) string {
	if !t.sections {
		return ""
	}
	for i := range r.Cells {
		if t.roleOf(&r.Cells[i]) == roleSection {
			return strings.TrimSpace(r.Cells[i].Text)
		}
	}
	for _, a := range t.active {
		if t.roleOf(&a.cell) == roleSection && r.Number <= a.until {
			return strings.TrimSpace(a.cell.Text)
		}
	}
	return ""
}

// fields is how many fields an item of so many cells may have.
func (t *Table) fields(cells int) int {
	n := cells
	for _, c := range []int{t.key, t.text, t.title} {
		if c >= 0 {
			n--
		}
	}
	return max(n, 0)
}

// fill adds the cells above that go on over this row.
func (t *Table) fill(item *exchange.Item, r *Row) {
	for _, c := range slices.Sorted(maps.Keys(t.active)) {
		if a := t.active[c]; c != t.key && r.Number > a.from && t.at(r, c) == nil {
			cell := a.cell
			cell.Notes = nil
			t.take(item, &cell, false)
		}
	}
}

// finish sets what several columns say together.
func (t *Table) finish(item *exchange.Item) {
	if item.Type == "" {
		item.Type = t.kind
	}
	if item.Type != t.lastKind {
		t.lastKind = item.Type
		switch compact(item.Type) {
		case "heading", "header", "section", "chapter", "folder", "ueberschrift", "kapitel", "abschnitt":
			t.isHeading = true
		default:
			t.isHeading = false
		}
	}
	item.Heading = t.isHeading
	if item.Text == "" && item.Title != "" && t.title >= 0 && compact(t.column(t.title).header) == "objectheading" {
		item.Heading = true
	}
}

// take puts a cell where its column belongs. More: the item has a cell of the column already, to which this one is added.
func (t *Table) take(item *exchange.Item, c *Cell, more bool) {
	col := t.column(c.Column)
	if col == nil {
		col = t.extra(c.Column, t.position(c))
	}
	text := strings.TrimSpace(c.Text)
	if c.Plain != "" && col.role != roleText && col.role != roleField {
		text = strings.TrimSpace(c.Plain)
	}
	switch col.role {
	case roleKey:
		item.Key = add(item.Key, oneLine(text), " ")
	case roleKind:
		item.Type = add(item.Type, oneLine(text), " ")
	case roleTitle:
		item.Title = add(item.Title, oneLine(text), " ")
	case roleText:
		item.Text = add(item.Text, text, "\n\n")
	case roleLevel:
		item.Level = add(item.Level, text, " ")
	case roleSection:
		if more && text != t.section {
			t.field(item, col, c, text, more)
		}
	case roleActive, roleNormative, roleDerived:
		if !flag(item, col.role, text) {
			t.field(item, col, c, text, more)
		}
	case roleLink:
		t.links(item, col, c, text)
	case roleIgnore:
		col.taken++
	case roleField, roleDocument, roleHeading, roleID, roleFiles:
		t.field(item, col, c, text, more)
	default:
		t.field(item, col, c, text, more)
	}
	for i := range c.Notes {
		note(item, &c.Notes[i])
	}
}

// note adds what belongs to a cell besides; several of a name are values of one field.
func note(item *exchange.Item, n *exchange.Field) {
	for i := range item.Fields {
		if f := &item.Fields[i]; f.Name == n.Name && f.Data == n.Data {
			f.Values = append(f.Values, n.Values...)
			return
		}
	}
	item.Fields = append(item.Fields, *n)
}

// oneLine is a name without line breaks and doubled blanks. A very long one is none, and stays as it is.
func oneLine(text string) string {
	if len(text) > 4096 || !strings.ContainsAny(text, "\n\t\v\f\u00a0") && !strings.Contains(text, "  ") {
		return text
	}
	return strings.Join(strings.Fields(text), " ")
}

func add(before, more, between string) string {
	if before == "" || more == "" {
		return before + more
	}
	return before + between + more
}

func (t *Table) field(item *exchange.Item, col *column, c *Cell, text string, more bool) {
	if text == "" {
		return
	}
	if verb, targets, ok := Reference(text); ok && col.header == "" {
		for _, target := range targets {
			item.Links = append(item.Links, exchange.Link{Verb: verb, Target: target, At: t.position(c)})
		}
		return
	}
	name := col.field
	if name == "" {
		name = "column " + Letters(c.Column)
	}
	if more {
		for i := range item.Fields {
			if f := &item.Fields[i]; f.Name == name {
				f.Values = append(f.Values, text)
				return
			}
		}
	}
	item.Fields = append(item.Fields, exchange.Field{Name: name, Values: t.b.one(text), Data: c.Data, At: t.position(c)})
}

// flag sets a truth of an item; false where the text is none.
func flag(item *exchange.Item, r role, text string) bool {
	value, ok := truth(text)
	if !ok {
		return false
	}
	switch r {
	case roleActive:
		item.Active = value
	case roleNormative:
		item.Normative = value
	case roleDerived:
		item.Derived = value
	case roleHeading:
		item.Heading = value
	default:
		return false
	}
	return true
}

func truth(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "true", "yes", "ja", "wahr", "1", "x", "y":
		return true, true
	case "false", "no", "nein", "falsch", "0", "n":
		return false, true
	}
	return false, false
}
