// Package table makes documents of tables: of the sheets of a workbook, of files of comma separated values, of the tables of
// a text document. It knows cells and where they stand, and nothing of files.
//
// The header is looked for in the first rows. A column is what its name says, in English or German: the key of an item, its
// kind, title, text or level, a link; every other column is a field. A row is an item; a row with one cell across is a
// heading; a row without a key is an item without one, or goes on with the item above where its cell is merged with that
// one's. What our own exports write (see Lay) is read back exactly.
//
// No row and no cell is dropped in silence. Clause served: requirements traceable to their source [62304 5.2.6].
package table

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/goldthread/goldthread/internal/exchange"
)

// HeaderRows is how many rows are looked through for the header.
const HeaderRows = 30

// sampleRows is how many rows tell what is in a column whose name does not say it.
const sampleRows = 60

// Limits bound what hostile input can cost. A zero value of a field means its default.
type Limits struct {
	Cells   int // most filled cells of one reading; default 5,000,000
	Columns int // most columns of one table; default 16,384
	Faults  int // most faults of one table, after which they are counted only; default 1,000
}

func (l Limits) withDefaults() Limits {
	l.Cells = cmp.Or(max(l.Cells, 0), 5_000_000)
	l.Columns = cmp.Or(max(l.Columns, 0), 16_384)
	l.Faults = cmp.Or(max(l.Faults, 0), 1_000)
	return l
}

// Options are the caller's wishes. The zero value is good.
type Options struct {
	// Columns say what columns are, by their names: key, kind, title, text, level, section, document, "link VERB", field,
	// "field NAME" or ignore. What stands here goes before what a name says by itself.
	Columns map[string]string
	Limits  Limits
}

// Cell is one filled cell.
type Cell struct {
	Column int // from 0
	Text   string
	Plain  string            // the text without the marks of Markdown, where it has some
	Data   exchange.DataType // empty for text
	Line   int               // where it stands, as exchange.Position has it
	At     int               // column of that position
	Notes  []exchange.Field  // what belongs to the cell besides, such as a comment
}

// Row is one row. Its cells are in order of their columns; empty ones are left out.
type Row struct {
	Number int // as merges count
	Cells  []Cell
}

// Merge is a cell that covers several.
type Merge struct {
	Row, Column   int // of the upper left one; rows as Row.Number counts, columns from 0
	Rows, Columns int // that it covers
}

// Sheet is what is known of a table before its rows.
type Sheet struct {
	File   string // as positions have it
	Merges []Merge
	// Document takes what the table holds; Order is the last number given in it. A table of our own layout makes further
	// documents, and leaves this one out where it is empty.
	Document *exchange.Document
	Order    *int
	// Inline says that the table stands in a text, whose headings are its own: its first rows are not titles.
	Inline bool
	// Type is that of items of which no cell says another one.
	Type string
	// Strict says that a table without a header of requirements is none: its rows are kept as prose.
	Strict bool
	// Protected says that the cells of our own layout have a mark against being taken for formulas (see Protect).
	Protected bool
}

// Builder makes a Tree of tables.
type Builder struct {
	Tree *exchange.Tree
	// Key is the pattern of keys in tables without a header; nil for LooksLikeKey.
	Key func(string) bool

	options   Options
	columns   map[string]string // Options.Columns by compact names
	documents []*exchange.Document
	byKey     map[string]*exchange.Document
	orders    map[*exchange.Document]*int
	paths     map[*exchange.Document][]string // of sections, as the last row named them
	spare     map[*exchange.Document]bool     // for tables of our own layout, whose rows name their documents
	cells     int
	values    []string // from which values of fields are cut
	pending   bool     // some links may turn out to be none
}

// NewBuilder begins a Tree.
func NewBuilder(tree *exchange.Tree, options Options) *Builder {
	options.Limits = options.Limits.withDefaults()
	b := &Builder{Tree: tree, options: options, columns: map[string]string{}, byKey: map[string]*exchange.Document{},
		orders: map[*exchange.Document]*int{}, paths: map[*exchange.Document][]string{}, spare: map[*exchange.Document]bool{}}
	for _, name := range sortedKeys(options.Columns) {
		if _, ok := explicitRole(options.Columns[name], name); !ok {
			b.fault(exchange.Position{}, "", false, fmt.Sprintf("the column %q cannot be %q; it is read as its name says", name, options.Columns[name]),
				`say key, kind, title, text, level, section, document, "link VERB", field or ignore`)
			continue
		}
		b.columns[compact(name)] = options.Columns[name]
	}
	return b
}

// Document begins a document of the Tree; its key is made to differ from those before.
func (b *Builder) Document(d exchange.Document) (*exchange.Document, *int) {
	key := d.Key
	for n := 2; b.byKey[d.Key] != nil; n++ {
		d.Key = fmt.Sprintf("%s %d", key, n)
	}
	added := &d
	order := 0
	b.documents = append(b.documents, added)
	b.byKey[d.Key] = added
	b.orders[added] = &order
	return added, &order
}

func (b *Builder) fault(at exchange.Position, item string, isError bool, message, remedy string) {
	b.Tree.Faults = append(b.Tree.Faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

func (b *Builder) changed(at exchange.Position, item, what, why string) {
	b.Tree.Changed = append(b.Tree.Changed, exchange.Loss{At: at, Item: item, What: what, Why: why})
}

// one is a list of one value.
func (b *Builder) one(value string) []string {
	if len(b.values) == cap(b.values) {
		b.values = make([]string, 0, 1024)
	}
	b.values = append(b.values, value)
	n := len(b.values)
	return b.values[n-1 : n : n]
}

// Finish puts the documents into the Tree, finds the targets of links, and declares types and relations.
func (b *Builder) Finish() {
	named := b.named()
	met := newMet()
	for _, d := range b.documents {
		if b.spare[d] && len(d.Items)+len(d.Blocks) == 0 {
			continue
		}
		for i := range d.Items {
			item := &d.Items[i]
			if b.pending {
				b.settle(item, named)
			}
			for j := range item.Links {
				link := &item.Links[j]
				link.State = exchange.Unresolved
				if named[link.Target] {
					link.State = exchange.Unconfirmed
				}
			}
			b.Tree.Read.Links += len(item.Links)
			met.item(item)
		}
		b.Tree.Documents = append(b.Tree.Documents, *d)
	}
	b.documents = nil
	b.Tree.Read.Documents = len(b.Tree.Documents)
	b.Tree.Types = append(b.Tree.Types, met.types...)
	b.Tree.Relations = append(b.Tree.Relations, met.relations...)
	exchange.SortFaults(b.Tree.Faults)
	slices.Sort(b.Tree.Files)
	slices.Sort(b.Tree.Others)
}

// named are the keys and identities of items; keys that are there twice are faults.
func (b *Builder) named() map[string]bool {
	n := 0
	for _, d := range b.documents {
		n += len(d.Items)
	}
	named := make(map[string]bool, n)
	first := map[string]*exchange.Item{}
	for _, d := range b.documents {
		for i := range d.Items {
			item := &d.Items[i]
			if item.ID != "" {
				named[item.ID] = true
			}
			if item.Key == "" {
				continue
			}
			if named[item.Key] {
				b.twice(item, first)
			}
			named[item.Key] = true
		}
	}
	return named
}

func (b *Builder) twice(item *exchange.Item, first map[string]*exchange.Item) {
	if len(first) == 0 {
		for _, d := range b.documents {
			for i := range d.Items {
				if key := d.Items[i].Key; key != "" && first[key] == nil {
					first[key] = &d.Items[i]
				}
			}
		}
	}
	if before := first[item.Key]; before != nil && before != item {
		b.fault(item.At, item.Key, false, fmt.Sprintf("the key %s is there already, at %s; links lead to that one", item.Key, before.At), "give one of the two another key")
	}
}

// met collects types and relations as items show them.
type met struct {
	types     []exchange.Type
	byName    map[string]int
	known     []map[string]int // attributes by name, of each type
	relations []exchange.Relation
	verbs     map[string]bool
	last      string // type
	at        int    // index of that one
	verb      string // the last one
}

func newMet() *met {
	return &met{byName: map[string]int{}, verbs: map[string]bool{}, at: -1}
}

func (m *met) item(item *exchange.Item) {
	if m.at < 0 || item.Type != m.last {
		m.last = item.Type
		m.at = m.typeOf(item)
	}
	ty := &m.types[m.at]
	for j := range item.Fields {
		f := &item.Fields[j]
		if j >= len(ty.Attributes) || ty.Attributes[j].Name != f.Name || len(f.Values) > 1 {
			m.attribute(ty, m.known[m.at], f)
		}
	}
	for j := range item.Links {
		if verb := item.Links[j].Verb; verb != m.verb && !m.verbs[verb] {
			m.verbs[verb] = true
			m.relations = append(m.relations, exchange.Relation{Verb: verb})
		}
		m.verb = item.Links[j].Verb
	}
}

func (m *met) typeOf(item *exchange.Item) int {
	i, there := m.byName[item.Type]
	if !there {
		i = len(m.types)
		m.byName[item.Type] = i
		m.types = append(m.types, exchange.Type{Name: item.Type, At: item.At})
		m.known = append(m.known, map[string]int{})
	}
	return i
}

func (m *met) attribute(ty *exchange.Type, known map[string]int, f *exchange.Field) {
	i, there := known[f.Name]
	if !there {
		i = len(ty.Attributes)
		known[f.Name] = i
		ty.Attributes = append(ty.Attributes, exchange.Attribute{Name: f.Name, Data: exchange.DataString})
	}
	if len(f.Values) > 1 {
		ty.Attributes[i].Many = true
	}
}
