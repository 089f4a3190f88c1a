package table

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Layout is a Tree as one table, in our own layout:
//
//	key,kind,title,text,document,section,level,id,…,one column a field,…,one column a relation
//
// A row is an item. Several values or targets in one cell are written as JoinList does, the titles of the sections around
// an item with " > " between. Columns from section on are there only where an item has something to say in them. The column
// of a field that is named like another column is called "NAME (field)", that of a relation that is not one of ours "VERB (link)".
type Layout struct {
	Header []string
	Losses []exchange.Loss // what the layout cannot hold

	tree  *exchange.Tree
	at    map[string]int // columns by name
	data  map[string]exchange.DataType
	cells []string
	// columns of fields and of relations, by the names of those
	fieldAt, linkAt map[string]int
}

// Lay lays out a Tree.
func Lay(tree *exchange.Tree) *Layout {
	l := &Layout{tree: tree, at: map[string]int{}, data: map[string]exchange.DataType{}}
	for _, name := range []string{ColumnKey, ColumnKind, ColumnTitle, ColumnText, ColumnDocument} {
		l.column(name)
	}
	l.optional()
	l.fieldAt, l.linkAt = map[string]int{}, map[string]int{}
	var relations []string
	l.each(func(_ *exchange.Document, item *exchange.Item) {
		for i := range item.Fields {
			f := &item.Fields[i]
			if at, there := l.fieldAt[f.Name]; there && l.data[l.Header[at]] == f.Data {
				continue
			}
			name := fieldColumn(f.Name)
			l.column(name)
			l.fieldAt[f.Name] = l.at[name]
			if before, there := l.data[name]; there && before != f.Data {
				l.data[name] = ""
			} else {
				l.data[name] = f.Data
			}
		}
		for i := range item.Links {
			if verb := item.Links[i].Verb; !slices.Contains(relations, verb) {
				relations = append(relations, verb)
			}
		}
	})
	for _, verb := range relations {
		l.column(linkColumn(verb))
		l.linkAt[verb] = l.at[linkColumn(verb)]
	}
	l.cells = make([]string, len(l.Header))
	l.documents()
	return l
}

// Data is the type of the values of a column where all have the same.
func (l *Layout) Data(column int) exchange.DataType { return l.data[l.Header[column]] }

func (l *Layout) column(name string) {
	if _, there := l.at[name]; !there {
		l.at[name] = len(l.Header)
		l.Header = append(l.Header, name)
	}
}

func (l *Layout) each(do func(*exchange.Document, *exchange.Item)) {
	for i := range l.tree.Documents {
		for j := range l.tree.Documents[i].Items {
			do(&l.tree.Documents[i], &l.tree.Documents[i].Items[j])
		}
	}
}

// optional adds the columns that not every Tree needs.
func (l *Layout) optional() {
	has := map[string]bool{}
	for i := range l.tree.Documents {
		has[ColumnSection] = has[ColumnSection] || len(l.tree.Documents[i].Sections) > 0
	}
	l.each(func(_ *exchange.Document, item *exchange.Item) {
		has[ColumnLevel] = has[ColumnLevel] || item.Level != ""
		has[ColumnID] = has[ColumnID] || item.ID != ""
		has[ColumnHeading] = has[ColumnHeading] || item.Heading
		has[ColumnNormative] = has[ColumnNormative] || !item.Normative
		has[ColumnDerived] = has[ColumnDerived] || item.Derived
		has[ColumnActive] = has[ColumnActive] || !item.Active
		has[ColumnFiles] = has[ColumnFiles] || len(item.Files) > 0
	})
	for _, name := range []string{ColumnSection, ColumnLevel, ColumnID, ColumnHeading, ColumnNormative, ColumnDerived, ColumnActive, ColumnFiles} {
		if has[name] {
			l.column(name)
		}
	}
}

// Rows gives each row in turn, as many cells as the header has; they are used again for the next one.
func (l *Layout) Rows(row func(item *exchange.Item, cells []string) error) error {
	for i := range l.tree.Documents {
		d := &l.tree.Documents[i]
		o := outlined{sections: d.Sections}
		for j := range d.Items {
			item := &d.Items[j]
			clear(l.cells)
			l.set(ColumnDocument, l.trimmed(item, ColumnDocument, d.Key))
			l.set(ColumnSection, joinPath(o.around(item.Order)))
			l.item(item)
			if err := row(item, l.cells); err != nil {
				return err
			}
		}
		for _, s := range o.unsaid() {
			l.lose(s.At, "", "section "+s.Title, "a table names sections with their items only: this one has none of its own, has no title, or is called as the one before")
		}
	}
	slices.SortStableFunc(l.Losses, func(a, b exchange.Loss) int {
		if c := strings.Compare(a.At.File, b.At.File); c != 0 {
			return c
		}
		return a.At.Line - b.At.Line
	})
	return nil
}

func (l *Layout) set(column, text string) {
	if i, ok := l.at[column]; ok {
		l.cells[i] = text
	}
}

func (l *Layout) lose(at exchange.Position, item, what, why string) {
	l.Losses = append(l.Losses, exchange.Loss{At: at, Item: item, What: what, Why: why})
}

func identity(item *exchange.Item) string {
	if item.Key != "" {
		return item.Key
	}
	return item.ID
}

// clean is a text as every table can hold it.
func (l *Layout) clean(item *exchange.Item, what, text string) string {
	if strings.ContainsAny(text, "\r\x00") || !utf8.ValidString(text) {
		l.lose(item.At, identity(item), what, "line ends are written as line feeds, and what is no character as U+FFFD")
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", "\ufffd"), "\ufffd")
	}
	return text
}

// filled is a text, unless it is nothing but space: a cell of that is an empty one.
func (l *Layout) filled(item *exchange.Item, what, text string) string {
	text = l.clean(item, what, text)
	if text != "" && strings.TrimSpace(text) == "" {
		l.lose(item.At, identity(item), what, "it is nothing but space")
		return ""
	}
	return text
}

// trimmed is a name, around which space says nothing.
func (l *Layout) trimmed(item *exchange.Item, what, text string) string {
	text = l.clean(item, what, text)
	if t := strings.TrimSpace(text); t != text {
		l.lose(item.At, identity(item), what, "space around it is not written")
		return t
	}
	return text
}

func truthText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func (l *Layout) item(item *exchange.Item) {
	l.set(ColumnKey, l.trimmed(item, ColumnKey, item.Key))
	l.set(ColumnKind, l.trimmed(item, ColumnKind, item.Type))
	l.set(ColumnTitle, l.filled(item, ColumnTitle, item.Title))
	l.set(ColumnText, l.filled(item, ColumnText, item.Text))
	l.set(ColumnLevel, l.trimmed(item, ColumnLevel, item.Level))
	l.set(ColumnID, l.trimmed(item, ColumnID, item.ID))
	l.set(ColumnHeading, truthText(item.Heading))
	l.set(ColumnNormative, truthText(item.Normative))
	l.set(ColumnDerived, truthText(item.Derived))
	l.set(ColumnActive, truthText(item.Active))
	l.fields(item)
	l.links(item)
	l.files(item)
	if item.Review.Fingerprint != "" {
		l.lose(item.At, identity(item), "review", "a table has no place for the fingerprint of a review")
	}
}

func (l *Layout) fields(item *exchange.Item) {
	for i := range item.Fields {
		f := &item.Fields[i]
		at := l.fieldAt[f.Name]
		if len(f.Values) == 0 {
			l.lose(f.At, identity(item), f.Name, "the field has no value")
			continue
		}
		if f.Nested {
			l.lose(f.At, identity(item), f.Name, "it is written as the text of its JSON")
		}
		values := f.Values
		if slices.ContainsFunc(values, func(v string) bool { return strings.ContainsAny(v, "\r\x00") || !utf8.ValidString(v) }) {
			values = slices.Clone(values)
			for j := range values {
				values[j] = l.clean(item, f.Name, values[j])
			}
		}
		if l.cells[at] != "" {
			l.lose(f.At, identity(item), f.Name, "the item has two fields of that name; they are written as one")
			values = append(SplitList(l.cells[at]), values...)
		}
		l.cells[at] = JoinList(values)
	}
}

func (l *Layout) links(item *exchange.Item) {
	for i := range item.Links {
		k := &item.Links[i]
		at := l.linkAt[k.Verb]
		target := JoinList([]string{l.clean(item, "target of "+k.Verb, k.Target)})
		if l.cells[at] != "" {
			target = l.cells[at] + ", " + target
		}
		l.cells[at] = target
		var lost []string
		if k.ID != "" {
			lost = append(lost, "identity")
		}
		if k.Fingerprint != "" {
			lost = append(lost, "fingerprint")
		}
		for j := range k.Fields {
			lost = append(lost, k.Fields[j].Name)
		}
		if len(lost) > 0 {
			l.lose(k.At, identity(item), fmt.Sprintf("%s of the link %s %s", strings.Join(lost, ", "), k.Verb, k.Target), "a table has the targets of links only")
		}
	}
}

func (l *Layout) files(item *exchange.Item) {
	var paths []string
	for i := range item.Files {
		f := &item.Files[i]
		paths = append(paths, l.clean(item, ColumnFiles, f.Path))
		if f.Type != "" && f.Type != "file" || f.Keyword != "" || f.SHA256 != "" {
			l.lose(f.At, identity(item), "file "+f.Path, "a table has the paths of files only, not what else is known of them")
		}
	}
	if len(paths) > 0 {
		l.set(ColumnFiles, JoinList(paths))
	}
}

// documents lists what is not in items.
func (l *Layout) documents() {
	for i := range l.tree.Documents {
		d := &l.tree.Documents[i]
		for _, b := range d.Blocks {
			l.lose(b.At, "", "text between items ("+b.Kind+")", "a table holds items only")
		}
		for _, f := range d.Fields {
			l.lose(f.At, "", f.Name+" of the document "+d.Key, "documents have no fields in a table")
		}
		if len(d.Items) == 0 {
			l.lose(d.At, "", "document "+d.Key, "it has no items")
			continue
		}
		if d.Title != "" && d.Title != d.Key {
			l.lose(d.At, "", "title of the document "+d.Key, "documents have only a key in a table")
		}
		if d.Parent != "" {
			l.lose(d.At, "", "parent of the document "+d.Key, "documents have only a key in a table")
		}
	}
	for _, a := range l.tree.Attachments {
		l.lose(exchange.Position{}, "", "file "+a.Path, "a table holds no files")
	}
	for _, d := range l.tree.Dangling {
		l.lose(d.At, d.To, strings.TrimSpace(d.Verb+" from "+d.From), "the item that links is not there")
	}
}

// outlined follows the sections of a document along its items, and knows which of them a reader of the table finds again.
type outlined struct {
	sections []exchange.Section
	next     int
	path     []string
	said     []string // the path of the item before
	lost     []exchange.Section
}

func (o *outlined) around(order int) []string {
	var since []exchange.Section
	path := slices.Clone(o.path)
	for ; o.next < len(o.sections) && o.sections[o.next].Order < order; o.next++ {
		s := o.sections[o.next]
		level := min(max(s.Level, 1), 100)
		for len(path) < level {
			path = append(path, "")
		}
		path = path[:level]
		path[level-1] = strings.ReplaceAll(strings.ReplaceAll(s.Title, "\r", ""), "\x00", "")
		since = append(since, s)
	}
	o.path = path
	o.compare(since)
	o.said = path
	return path
}

// compare finds the sections that the path does not tell: those that have no item before the next one of their level, and
// those that begin again under the same name.
func (o *outlined) compare(since []exchange.Section) {
	same := 0
	for same < len(o.path) && same < len(o.said) && o.path[same] == o.said[same] {
		same++
	}
	if same == len(o.path) && same < len(o.said) && same > 0 {
		same--
	}
	at := len(o.path) - 1
	for _, s := range slices.Backward(since) {
		for at >= same && o.path[at] == "" {
			at--
		}
		if at >= same && s.Level == at+1 && s.Title == o.path[at] {
			at--
			continue
		}
		o.lost = append(o.lost, s)
	}
}

func (o *outlined) unsaid() []exchange.Section {
	return append(o.lost, o.sections[o.next:]...)
}
