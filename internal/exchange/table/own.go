package table

import (
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// The columns of our own layout that are neither fields nor relations. The first four are always there and make a table ours.
const (
	ColumnKey       = "key"
	ColumnKind      = "kind"
	ColumnTitle     = "title"
	ColumnText      = "text"
	ColumnDocument  = "document"
	ColumnSection   = "section"
	ColumnLevel     = "level"
	ColumnID        = "id"
	ColumnHeading   = "heading"
	ColumnNormative = "normative"
	ColumnDerived   = "derived"
	ColumnActive    = "active"
	ColumnFiles     = "files"
)

var ownRoles = map[string]role{
	ColumnKey: roleKey, ColumnKind: roleKind, ColumnTitle: roleTitle, ColumnText: roleText, ColumnDocument: roleDocument, ColumnSection: roleSection,
	ColumnLevel: roleLevel, ColumnID: roleID, ColumnHeading: roleHeading, ColumnNormative: roleNormative, ColumnDerived: roleDerived,
	ColumnActive: roleActive, ColumnFiles: roleFiles,
}

// What stands behind the name of a column that would be taken for another thing.
const (
	linkMark  = " (link)"
	fieldMark = " (field)"
)

// ownColumn reads a name of our own layout.
func ownColumn(name string) *column {
	if r, ok := ownRoles[name]; ok {
		return &column{header: name, meaning: meaning{role: r}}
	}
	if field, ok := strings.CutSuffix(name, fieldMark); ok {
		return &column{header: name, field: field}
	}
	if verb, ok := strings.CutSuffix(name, linkMark); ok {
		return &column{header: name, field: verb, meaning: meaning{role: roleLink, verb: verb}}
	}
	if isVerb(name) {
		return &column{header: name, field: name, meaning: meaning{role: roleLink, verb: name}}
	}
	return &column{header: name, field: name}
}

// fieldColumn is the name of the column of a field.
func fieldColumn(field string) string {
	if c := ownColumn(field); c.role == roleField && c.field == field && field != "" {
		return field
	}
	return field + fieldMark
}

// linkColumn is the name of the column of a relation.
func linkColumn(verb string) string {
	if isVerb(verb) {
		return verb
	}
	return verb + linkMark
}

// formulaBytes begin what spreadsheets take for a formula, and the mark itself.
const formulaBytes = "=+-@\t\r'"

// Protect puts a ' before a text that a spreadsheet would take for a formula, and before one that begins with a ' itself.
// OWASP, CSV injection: https://owasp.org/www-community/attacks/CSV_Injection.
func Protect(text string) string {
	if text != "" && strings.IndexByte(formulaBytes, text[0]) >= 0 {
		return "'" + text
	}
	return text
}

// Unprotect is the inverse of Protect.
func Unprotect(text string) string {
	if len(text) > 1 && text[0] == '\'' && strings.IndexByte(formulaBytes, text[1]) >= 0 {
		return text[1:]
	}
	return text
}

func unprotectIf(text string, protected bool) string {
	if protected {
		return Unprotect(text)
	}
	return text
}

// ownColumns reads the header of our own layout.
func (t *Table) ownColumns(r *Row) {
	t.own = true
	t.b.spare[t.sheet.Document] = true
	t.columns = nil
	t.low, t.high = r.Cells[0].Column, r.Cells[len(r.Cells)-1].Column
	t.key, t.text, t.title = -1, -1, -1
	taken := map[column]bool{}
	for i := range r.Cells {
		name := unprotectIf(r.Cells[i].Text, t.sheet.Protected)
		col := ownColumn(name)
		if m, ok := t.b.columns[compact(name)]; ok {
			col.meaning, _ = explicitRole(m, name)
		}
		if taken[*col] {
			t.b.fault(t.position(&r.Cells[i]), "", false, "the column "+name+" is there twice", "write its values into one")
		}
		taken[*col] = true
		t.setColumn(r.Cells[i].Column, col)
	}
}

// ownRow makes an item of a row of our own layout; cells are what Lay wrote, to the blank.
func (t *Table) ownRow(r *Row) {
	t.b.Tree.Read.Items++
	item := exchange.Item{Normative: true, Active: true, Review: exchange.Review{State: exchange.NotReviewed}, At: t.position(&r.Cells[0])}
	item.Fields = make([]exchange.Field, 0, max(0, len(r.Cells)-4))
	d, order := t.sheet.Document, t.sheet.Order
	var path []string
	hasPath := false
	for i := range r.Cells {
		c := &r.Cells[i]
		col := t.column(c.Column)
		if col == nil {
			col = t.extra(c.Column, t.position(c))
		}
		text := unprotectIf(c.Text, t.sheet.Protected)
		switch col.role {
		case roleDocument:
			if key := strings.TrimSpace(text); key != "" {
				d, order = t.ownDocument(key)
			}
		case roleSection:
			path, hasPath = splitPath(text), true
		default:
			t.ownCell(&item, col, c, text)
		}
		for j := range c.Notes {
			note(&item, &c.Notes[j])
		}
	}
	if hasPath || len(t.b.paths[d]) > 0 {
		t.enter(d, order, path, item.At)
	}
	*order++
	item.Document, item.Order = d.Key, *order
	if len(item.Fields) == 0 {
		item.Fields = nil
	}
	push(d, &item)
}

func (t *Table) ownCell(item *exchange.Item, col *column, c *Cell, text string) {
	switch col.role {
	case roleKey:
		item.Key = strings.TrimSpace(text)
	case roleKind:
		item.Type = strings.TrimSpace(text)
	case roleTitle:
		item.Title = text
	case roleText:
		item.Text = text
	case roleLevel:
		item.Level = strings.TrimSpace(text)
	case roleID:
		item.ID = strings.TrimSpace(text)
	case roleFiles:
		for _, path := range SplitList(text) {
			item.Files = append(item.Files, exchange.File{Path: path, At: t.position(c)})
		}
	case roleLink:
		for _, target := range SplitList(text) {
			item.Links = append(item.Links, exchange.Link{Verb: col.verb, Target: target, At: t.position(c)})
		}
	case roleIgnore:
		col.taken++
	case roleHeading, roleNormative, roleDerived, roleActive:
		if !flag(item, col.role, strings.TrimSpace(text)) {
			t.b.fault(t.position(c), item.Key, false, "the column "+col.header+" is neither true nor false; the cell is kept in a field of that name", "write true or false")
			item.Fields = append(item.Fields, exchange.Field{Name: col.header, Values: t.b.one(text), At: t.position(c)})
		}
	case roleField, roleDocument, roleSection:
		t.ownField(item, col, c, text)
	default:
		t.ownField(item, col, c, text)
	}
}

func (t *Table) ownField(item *exchange.Item, col *column, c *Cell, text string) {
	values := SplitList(text)
	if len(values) == 1 {
		values = t.b.one(values[0])
	}
	if len(values) > 0 {
		item.Fields = append(item.Fields, exchange.Field{Name: col.field, Values: values, Data: c.Data, At: t.position(c)})
	}
}

// ownDocument is the document of a key. The one of the file is taken for the first that is named.
func (t *Table) ownDocument(key string) (*exchange.Document, *int) {
	if d := t.b.byKey[key]; d != nil {
		return d, t.b.orders[d]
	}
	if d := t.sheet.Document; len(d.Items) == 0 && !t.renamed {
		t.renamed = true
		delete(t.b.byKey, d.Key)
		d.Key, d.Title = key, key
		t.b.byKey[key] = d
		return d, t.b.orders[d]
	}
	d := exchange.Document{Key: key, Title: key, Path: t.sheet.Document.Path, At: t.sheet.Document.At}
	return t.b.Document(d)
}

// enter opens the sections that lead to an item.
func (t *Table) enter(d *exchange.Document, order *int, path []string, at exchange.Position) {
	now := t.b.paths[d]
	same := 0
	for same < len(path) && same < len(now) && path[same] == now[same] {
		same++
	}
	if same == len(path) && same < len(now) && same > 0 {
		same-- // an item after a section below: its own section begins again
	}
	for i := same; i < len(path); i++ {
		if path[i] != "" {
			*order++
			d.Sections = append(d.Sections, exchange.Section{Title: path[i], Level: i + 1, Order: *order, At: at})
		}
	}
	t.b.paths[d] = path
}

// pathMark stands between the titles of sections.
const pathMark = " > "

// joinPath writes the titles of the sections around an item, outermost first; a level without a section is empty.
func joinPath(path []string) string {
	parts := make([]string, len(path))
	for i, p := range path {
		if p != "" && (strings.ContainsAny(p, ">\"") || strings.TrimSpace(p) != p) {
			p = `"` + strings.ReplaceAll(p, `"`, `""`) + `"`
		}
		parts[i] = p
	}
	return strings.Join(parts, pathMark)
}

// splitPath is the inverse of joinPath.
func splitPath(text string) []string {
	var path []string
	for rest := strings.TrimSpace(text); ; {
		if strings.HasPrefix(rest, `"`) {
			if title, after, ok := quotedTitle(rest); ok {
				path = append(path, title)
				if rest = after; rest == "" {
					return path
				}
				rest = strings.TrimSpace(rest[1:])
				continue
			}
		}
		title, after, more := strings.Cut(rest, ">")
		path = append(path, strings.TrimSpace(title))
		if !more {
			break
		}
		rest = strings.TrimSpace(after)
	}
	if len(path) == 1 && path[0] == "" {
		return nil
	}
	return path
}

func quotedTitle(s string) (title, after string, ok bool) {
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		after = strings.TrimSpace(s[i+1:])
		if after != "" && after[0] != '>' {
			return "", "", false
		}
		return strings.ReplaceAll(s[1:i], `""`, `"`), after, true
	}
	return "", "", false
}
