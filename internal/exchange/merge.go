package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/workspace"
)

// Side decides conflicts of a merge.
type Side string

// Neither leaves conflicts as they are.
const (
	Neither Side = ""
	Ours    Side = "ours"
	Theirs  Side = "theirs"
)

// Change is what a merge does to one item.
type Change struct {
	Key    record.Key
	What   ChangeKind
	Fields []FieldChange // of a changed item
}

// ChangeKind is the closed list of what a merge does.
type ChangeKind string

// What a merge does.
const (
	ItemAdded   ChangeKind = "added"
	ItemChanged ChangeKind = "changed"
	ItemRemoved ChangeKind = "removed"
	ItemKept    ChangeKind = "kept" // removed or changed here only
)

// FieldChange is one part of an item at the last import, at the source now, and here. Title, text and links are parts
// too.
type FieldChange struct {
	Name               string
	Base, Theirs, Ours string
	Conflict           bool // changed on both sides, in different ways
}

// Merged is a workspace with what a source has changed since the last import.
type Merged struct {
	Documents []*workspace.Document // those that are new or changed
	Changes   []Change              // ordered by key
	Notes     []string
}

// Conflicts counts the parts changed on both sides.
func (m *Merged) Conflicts() int {
	n := 0
	for _, c := range m.Changes {
		for _, f := range c.Fields {
			if f.Conflict {
				n++
			}
		}
	}
	return n
}

// Merge brings what theirs has changed since base into our documents, item by item and field by field. Base and theirs
// are two readings of one source with the same keys. What both sides have changed in different ways is a conflict, which
// side decides; with Neither it stays as it is here, and the caller should not use the result.
//
// goldthread:implements SRS-72
func Merge(base, theirs, ours []*workspace.Document, side Side) *Merged {
	m := &merger{side: side, base: itemsByKey(base), theirs: itemsByKey(theirs), ours: itemsByKey(ours), out: &Merged{}, touched: map[*workspace.Document]bool{}, before: map[*workspace.Document]string{},
		gone: map[record.Key]bool{}, added: map[record.Key]bool{}}
	for _, d := range ours {
		m.before[d] = frame(d)
	}
	keys := make([]record.Key, 0, len(m.theirs)) // in the order of the source, which is often that of keys
	for _, d := range slices.Concat(theirs, base) {
		for it := range d.Items() {
			keys = append(keys, it.Key)
		}
	}
	slices.SortFunc(keys, record.CompareKeys)
	for _, key := range slices.Compact(keys) {
		m.item(key)
	}
	m.outlines(base, theirs, ours)
	for _, d := range ours {
		if m.touched[d] {
			m.out.Documents = append(m.out.Documents, d)
		}
	}
	return m.out
}

type placed struct {
	doc *workspace.Document
	it  *workspace.Item
}

func itemsByKey(docs []*workspace.Document) map[record.Key]placed {
	out := map[record.Key]placed{}
	for _, d := range docs {
		for it := range d.Items() {
			if _, there := out[it.Key]; !there {
				out[it.Key] = placed{d, it}
			}
		}
	}
	return out
}

type merger struct {
	side               Side
	base, theirs, ours map[record.Key]placed
	out                *Merged
	touched            map[*workspace.Document]bool
	before             map[*workspace.Document]string // frames of our documents
	gone, added        map[record.Key]bool
}

func (m *merger) item(key record.Key) {
	base, theirs, ours := m.base[key].it, m.theirs[key].it, m.ours[key].it
	switch {
	case theirs != nil && ours != nil:
		m.both(key, base, theirs, ours)
	case theirs != nil && base == nil:
		m.added[key] = true
		m.change(Change{Key: key, What: ItemAdded})
	case theirs != nil: // removed here
		if sameItem(base, theirs) {
			m.change(Change{Key: key, What: ItemKept})
			return
		}
		c := Change{Key: key, What: ItemChanged, Fields: []FieldChange{{Name: "item", Base: "there", Theirs: "changed", Ours: "removed", Conflict: m.side == Neither}}}
		if m.side == Theirs {
			m.added[key] = true
			c.What = ItemAdded
		}
		m.change(c)
	case ours != nil: // removed there
		if m.side != Theirs && !sameItem(base, ours) {
			m.change(Change{Key: key, What: ItemKept, Fields: []FieldChange{{Name: "item", Base: "there", Theirs: "removed", Ours: "changed", Conflict: m.side == Neither}}})
			return
		}
		m.gone[key] = true
		m.change(Change{Key: key, What: ItemRemoved})
	}
}

func (m *merger) change(c Change) { m.out.Changes = append(m.out.Changes, c) }

// both merges an item that is on both sides; base is nil where it came here by another way.
func (m *merger) both(key record.Key, base, theirs, ours *workspace.Item) {
	if base == nil {
		base = &workspace.Item{}
	}
	c := Change{Key: key, What: ItemChanged}
	pick := func(name, b, t, o string) bool {
		if t == b || t == o {
			return false
		}
		f := FieldChange{Name: name, Base: b, Theirs: t, Ours: o, Conflict: o != b && m.side == Neither}
		c.Fields = append(c.Fields, f)
		return o == b || m.side == Theirs
	}
	if pick("title", base.Title, theirs.Title, ours.Title) {
		ours.Title = theirs.Title
	}
	if pick("text", base.Text, theirs.Text, ours.Text) {
		ours.Text = theirs.Text
	}
	if pick("files", filesText(base), filesText(theirs), filesText(ours)) {
		ours.Files = slices.Clone(theirs.Files)
	}
	for _, name := range fieldNames(base, theirs, ours) {
		if pick(name, fieldText(base, name), fieldText(theirs, name), fieldText(ours, name)) {
			setField(ours, theirs, name)
		}
	}
	c.Fields = append(c.Fields, mergeLinks(base, theirs, ours)...)
	if len(c.Fields) > 0 {
		m.touched[m.ours[key].doc] = true
		m.change(c)
	}
}

func filesText(it *workspace.Item) string {
	var names []string
	for _, f := range it.Files {
		names = append(names, fmt.Sprintf("%s %s", f.Name, f.Hash))
	}
	return strings.Join(names, "\n")
}

func fieldNames(items ...*workspace.Item) []string {
	names := map[string]bool{}
	for _, it := range items {
		for _, f := range it.Fields {
			names[f.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Unset tells a part that is not there from one that is empty.
const Unset = "\x00"

func fieldText(it *workspace.Item, name string) string {
	for i := range it.Fields {
		if it.Fields[i].Name == name {
			return strings.Join(it.Fields[i].Values, "\n")
		}
	}
	return Unset
}

func setField(to, from *workspace.Item, name string) {
	to.Fields = slices.DeleteFunc(to.Fields, func(f record.Field) bool { return f.Name == name })
	for _, f := range from.Fields {
		if f.Name == name {
			to.Fields = append(to.Fields, f)
		}
	}
	to.SortFields()
}

// mergeLinks takes over links that were added or removed at the source. Links are a set, so that the two sides cannot
// contradict each other.
func mergeLinks(base, theirs, ours *workspace.Item) []FieldChange {
	type name struct {
		verb   record.Verb
		target record.Ref
	}
	has := func(it *workspace.Item, n name) bool {
		return slices.ContainsFunc(it.Links, func(l workspace.Link) bool { return l.Verb == n.verb && l.Target == n.target })
	}
	var changes []FieldChange
	for _, l := range theirs.Links {
		if n := (name{l.Verb, l.Target}); !has(base, n) && !has(ours, n) {
			ours.Links = append(ours.Links, l)
			changes = append(changes, FieldChange{Name: string(l.Verb), Base: Unset, Ours: Unset, Theirs: string(l.Target)})
		}
	}
	for _, l := range base.Links {
		if n := (name{l.Verb, l.Target}); !has(theirs, n) && has(ours, n) {
			ours.Links = slices.DeleteFunc(ours.Links, func(o workspace.Link) bool { return o.Verb == n.verb && o.Target == n.target })
			changes = append(changes, FieldChange{Name: string(l.Verb), Base: string(l.Target), Ours: string(l.Target), Theirs: Unset})
		}
	}
	return changes
}

// sameItem compares two items with their links.
func sameItem(a, b *workspace.Item) bool {
	links := func(it *workspace.Item) []string {
		var out []string
		for _, l := range it.Links {
			out = append(out, string(l.Verb)+" "+string(l.Target))
		}
		slices.Sort(out)
		return out
	}
	return a.Title == b.Title && a.Text == b.Text && filesText(a) == filesText(b) && slices.Equal(links(a), links(b)) &&
		slices.EqualFunc(a.Fields, b.Fields, func(x, y record.Field) bool { return x.Name == y.Name && slices.Equal(x.Values, y.Values) })
}

// outlines removes items, adds new ones behind what stands before them at the source, and takes over the outline of
// documents that nobody has changed here.
func (m *merger) outlines(base, theirs, ours []*workspace.Document) {
	byPath := func(docs []*workspace.Document) map[string]*workspace.Document {
		out := map[string]*workspace.Document{}
		for _, d := range docs {
			out[d.Path] = d
		}
		return out
	}
	b, o := byPath(base), byPath(ours)
	m.remove(ours)
	for _, t := range theirs {
		d := o[t.Path]
		if d == nil {
			m.newDocument(t)
			continue
		}
		was := b[t.Path]
		if was != nil && frame(was) != frame(t) && frame(was) == m.before[d] && holdsAll(t, d) {
			m.takeFrame(d, t)
			continue
		}
		if was != nil && frame(was) != frame(t) && !m.onlyItems(was, t) {
			m.out.Notes = append(m.out.Notes, fmt.Sprintf("%s: sections or prose changed at the source and here; those here stay", t.Path))
		}
		m.insert(d, t)
	}
}

func (m *merger) remove(ours []*workspace.Document) {
	for key := range m.gone {
		d := m.ours[key].doc
		m.touched[d] = true
	}
	for _, d := range ours {
		if m.touched[d] {
			d.Blocks = slices.DeleteFunc(d.Blocks, func(b workspace.Block) bool { return b.Item != nil && m.gone[b.Item.Key] })
		}
	}
}

// newDocument adds a document of the source that is not here, with those of its items that are new here.
func (m *merger) newDocument(t *workspace.Document) {
	d := *t
	d.Blocks = slices.Clone(t.Blocks)
	d.Blocks = slices.DeleteFunc(d.Blocks, func(b workspace.Block) bool { return b.Item != nil && !m.added[b.Item.Key] })
	if d.HasItems() || !slices.ContainsFunc(t.Blocks, func(b workspace.Block) bool { return b.Item != nil }) {
		m.out.Documents = append(m.out.Documents, &d)
	}
}

// frame is a document without what its items say.
func frame(d *workspace.Document) string {
	var b strings.Builder
	for i := range d.Blocks {
		writeFrame(&b, &d.Blocks[i])
	}
	return b.String()
}

func writeFrame(b *strings.Builder, x *workspace.Block) {
	if x.Item != nil {
		fmt.Fprintf(b, "%d %s\n", x.Level, x.Item.Key)
		return
	}
	fmt.Fprintf(b, "%d %q %q\n", x.Level, x.Heading, x.Prose)
}

// onlyItems reports whether two frames differ in nothing but items.
func (m *merger) onlyItems(a, b *workspace.Document) bool {
	rest := func(d *workspace.Document) string {
		var s strings.Builder
		for i := range d.Blocks {
			if d.Blocks[i].Item == nil {
				writeFrame(&s, &d.Blocks[i])
			}
		}
		return s.String()
	}
	return rest(a) == rest(b)
}

// holdsAll reports whether every item of b is in a.
func holdsAll(a, b *workspace.Document) bool {
	there := map[record.Key]bool{}
	for it := range a.Items() {
		there[it.Key] = true
	}
	for it := range b.Items() {
		if !there[it.Key] {
			return false
		}
	}
	return true
}

// takeFrame gives a document the outline that it has at the source.
func (m *merger) takeFrame(d, t *workspace.Document) {
	m.touched[d] = true
	blocks := make([]workspace.Block, 0, len(t.Blocks))
	for _, b := range t.Blocks {
		if b.Item != nil {
			switch own := m.ours[b.Item.Key]; {
			case own.it != nil && own.doc == d:
				b.Item = own.it
			case own.it != nil, !m.added[b.Item.Key]:
				continue // it stands elsewhere here, or was removed here
			}
		}
		blocks = append(blocks, b)
	}
	d.Blocks = blocks
}

// insert puts new items of a document behind the item that stands before them at the source, else at its end.
func (m *merger) insert(d, t *workspace.Document) {
	here := map[record.Key]bool{}
	for it := range d.Items() {
		here[it.Key] = true
	}
	behind := map[record.Key][]workspace.Block{}
	var last record.Key
	any := false
	for _, b := range t.Blocks {
		switch {
		case b.Item == nil:
		case here[b.Item.Key]:
			last = b.Item.Key
		case m.added[b.Item.Key]:
			behind[last] = append(behind[last], b)
			any = true
		}
	}
	if !any {
		return
	}
	m.touched[d] = true
	blocks := make([]workspace.Block, 0, len(d.Blocks)+len(m.added))
	for _, b := range d.Blocks {
		blocks = append(blocks, b)
		if b.Item != nil {
			blocks = append(blocks, behind[b.Item.Key]...)
		}
	}
	d.Blocks = append(blocks, behind[""]...)
}
