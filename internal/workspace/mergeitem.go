package workspace

import (
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// mergedItem is what becomes of one item.
type mergedItem struct {
	id                 record.ID
	base, ours, theirs *sideItem // nil where a side has none
	here               *Item     // nil where it does not stand here
	level              int
	doc                record.ID  // the document in which it stands
	there              record.ID  // the document to which theirs moved it, where ours moved it to another one
	whole              bool       // one side took it out, and the other changed it
	mark               *blockMark // of parts that are in conflict
	links              []mergedLink
}

// mergedLink is a link of the result: where it leads, and how each side writes
// it, "" where it does not have it.
type mergedLink struct {
	verb               record.Verb
	end                string
	base, ours, theirs record.Ref
	id                 record.ID // of its target, zero where that is none of the project
}

func (l mergedLink) name() string { return string(l.verb) + " " + l.end }

// key is what the item is called in the result.
func (it *mergedItem) key() record.Key {
	if it.here != nil {
		return it.here.Key
	}
	return it.theirs.Key
}

// sideKey is what the item is called here, or there where it is not here.
func (it *mergedItem) sideKey() record.Key {
	if it.ours != nil {
		return it.ours.Key
	}
	return it.theirs.Key
}

// allItems decides what becomes of every item, in the order in which it is read.
func (m *merger) allItems() {
	for _, s := range []*side{m.ours, m.theirs} {
		for _, it := range s.order {
			if m.items[it.id] != nil {
				continue
			}
			if merged := m.item(it.id); merged != nil {
				m.items[it.id] = merged
				m.order = append(m.order, it.id)
			}
		}
	}
}

// item decides what becomes of one item; nil where it is in neither text.
func (m *merger) item(id record.ID) *mergedItem {
	it := &mergedItem{id: id, base: m.base.items[id], ours: m.ours.items[id], theirs: m.theirs.items[id]}
	switch {
	case it.ours == nil && it.base == nil:
		it.take(it.theirs)
	case it.theirs == nil && it.base == nil:
		it.take(it.ours)
	case it.ours == nil:
		if m.untouched(m.theirs, it.theirs) {
			return nil
		}
		it.whole, it.doc, it.level = true, it.theirs.doc, it.theirs.level
		m.conflict(Conflict{Item: id, Key: it.theirs.Key, Part: "item", Base: "there", Ours: "taken out", Theirs: "changed"})
	case it.theirs == nil:
		if m.untouched(m.ours, it.ours) {
			return nil
		}
		it.take(it.ours)
		it.whole = true
		m.conflict(Conflict{Item: id, Key: it.ours.Key, Part: "item", Base: "there", Ours: "changed", Theirs: "taken out"})
	default:
		m.both(it)
	}
	m.takeFiles(it)
	m.linksOf(it)
	return it
}

// take makes the item what it is on one side.
func (it *mergedItem) take(s *sideItem) {
	copied := *s.Item
	copied.Item.Fields, copied.Item.Files = slices.Clone(s.Fields), slices.Clone(s.Files)
	it.here, it.level, it.doc = &copied, s.level, s.doc
}

// takeFiles decides which versions of its files an item has that only one side
// brings.
func (m *merger) takeFiles(it *mergedItem) {
	if it.here != nil {
		for i := range it.here.Files {
			it.here.Files[i].Hash = m.file(it.here.Files[i].Name, &parts{m, it})
		}
	}
}

// untouched reports whether an item of a side is as it was at the beginning, but
// for its place within its document.
func (m *merger) untouched(s *side, it *sideItem) bool {
	b := m.base.items[it.id]
	x, y := b.Item.Item, it.Item.Item
	x.ID, y.ID = record.ID{}, record.ID{}
	return x.Key == y.Key && x.Language == y.Language && b.doc == it.doc && x.ContentHash() == y.ContentHash() && slices.Equal(m.ends(m.base, b), m.ends(s, it))
}

// ends lists the links of an item by what they lead to, sorted.
func (m *merger) ends(s *side, it *sideItem) []string {
	out := make([]string, len(it.Links))
	for i, l := range it.Links {
		end, _ := m.end(s, l.Target)
		out[i] = string(l.Verb) + " " + end
	}
	slices.Sort(out)
	return out
}

// end is what a link of a side leads to. A key that the side has no item for
// means what it meant at the beginning, if that is gone since, or what another
// side has.
func (m *merger) end(s *side, target record.Ref) (string, record.ID) {
	key := record.Key(target)
	if id, ok := s.byKey[key]; ok {
		return id.String(), id
	}
	if id, ok := m.base.byKey[key]; ok && !s.has(id) {
		return id.String(), id
	}
	for _, other := range []*side{m.ours, m.theirs} {
		if id, ok := other.byKey[key]; ok && !s.has(id) {
			return id.String(), id
		}
	}
	return string(target), record.ID{}
}

// both merges an item that is on both sides, part by part.
func (m *merger) both(it *mergedItem) {
	b, o, t := it.base, it.ours, it.theirs
	if b == nil {
		b = &sideItem{Item: &Item{}}
	}
	it.take(o)
	h := it.here
	parts := &parts{m: m, it: it}
	m.placeOf(it)
	parts.line("key", string(b.Key), string(o.Key), string(t.Key), func(s string) { h.Key = record.Key(s) })
	parts.line("title", b.Title, o.Title, t.Title, func(s string) { h.Title = s })
	if it.there.IsZero() {
		parts.line("level", levelMark(b.level), levelMark(o.level), levelMark(t.level), func(s string) { it.level = len(s) })
	}
	if choose(b.Kind, o.Kind, t.Kind) == takeTheirs {
		h.Kind = t.Kind
	}
	switch choose(b.Language, o.Language, t.Language) {
	case takeTheirs:
		h.Language = t.Language
	case takeNeither:
		parts.conflict("language", b.Language, o.Language, t.Language).language = &[2]string{b.Language, t.Language}
	}
	parts.heading(b, t)
	text, v, conflicts := mergeText(b.Text, o.Text, t.Text, false)
	h.Text = text
	for _, c := range conflicts {
		parts.conflict("text", c.base, c.ours, c.theirs).text = v
	}
	m.fields(it, b, parts)
	m.attached(it, b)
	h.SortFields()
}

func levelMark(n int) string { return strings.Repeat("#", n) }

// parts merges the parts of one item.
type parts struct {
	m  *merger
	it *mergedItem
}

// conflict notes that a part of the item is in conflict, and returns the marks
// of the item.
func (p *parts) conflict(part, base, ours, theirs string) *blockMark {
	p.m.conflict(Conflict{Item: p.it.id, Key: p.it.sideKey(), Part: part, Base: base, Ours: ours, Theirs: theirs})
	if p.it.mark == nil {
		p.it.mark = &blockMark{names: p.m.names(p.it.id), fields: map[string][2]*record.Field{}}
	}
	return p.it.mark
}

// line merges a part of the heading.
func (p *parts) line(part, base, ours, theirs string, set func(string)) {
	switch choose(base, ours, theirs) {
	case takeTheirs:
		set(theirs)
	case takeNeither:
		p.conflict(part, base, ours, theirs).heading = true
	}
}

// heading notes the other versions of a heading that is in conflict. Parts of it
// that are not are the same in all.
func (p *parts) heading(b, t *sideItem) {
	it := p.it
	if it.mark == nil || !it.mark.heading {
		return
	}
	version := func(s *sideItem) string {
		key, title, level := it.here.Key, it.here.Title, it.level
		if choose(b.Key, it.ours.Key, t.Key) == takeNeither {
			key = s.Key
		}
		if choose(b.Title, it.ours.Title, t.Title) == takeNeither {
			title = s.Title
		}
		if it.there.IsZero() && choose(b.level, it.ours.level, t.level) == takeNeither {
			level = s.level
		}
		return itemLine(level, key, title) + "\n"
	}
	if it.base != nil {
		it.mark.base = version(b)
	}
	it.mark.theirs = version(t)
}

// placeOf decides in which document an item stands.
func (m *merger) placeOf(it *mergedItem) {
	b := it.ours.doc
	if it.base != nil {
		b = it.base.doc
	}
	switch {
	case it.ours.doc == it.theirs.doc, it.theirs.doc == b && it.base != nil:
	case it.ours.doc == b && it.base != nil:
		it.doc = it.theirs.doc
	default:
		it.there = it.theirs.doc
		m.conflict(Conflict{Item: it.id, Key: it.ours.Key, Part: "place", Base: m.base.path(b), Ours: m.ours.path(it.ours.doc), Theirs: m.theirs.path(it.theirs.doc)})
	}
}

func (s *side) path(id record.ID) string {
	if d := s.doc[id]; d != nil {
		return d.doc.Path
	}
	return ""
}

// fields merges each field by itself.
func (m *merger) fields(it *mergedItem, b *sideItem, p *parts) {
	named := map[string]bool{}
	for _, s := range []*sideItem{b, it.ours, it.theirs} {
		for _, f := range s.Fields {
			named[f.Name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		base, ours, theirs := fieldOf(b.Item, name), fieldOf(it.ours.Item, name), fieldOf(it.theirs.Item, name)
		switch decide(sameField(base, ours), sameField(base, theirs), sameField(ours, theirs)) {
		case takeTheirs:
			it.here.setField(name, theirs)
		case takeNeither:
			p.conflict("field "+name, shownField(base), shownField(ours), shownField(theirs)).fields[name] = [2]*record.Field{base, theirs}
		}
	}
}

func fieldOf(it *Item, name string) *record.Field {
	for i := range it.Fields {
		if it.Fields[i].Name == name {
			return &it.Fields[i]
		}
	}
	return nil
}

func (it *Item) setField(name string, to *record.Field) {
	it.Fields = slices.DeleteFunc(it.Fields, func(f record.Field) bool { return f.Name == name })
	if to != nil {
		it.Fields = append(it.Fields, *to)
	}
}

func sameField(a, b *record.Field) bool {
	if a == nil || b == nil {
		return a == b
	}
	return slices.Equal(a.Values, b.Values)
}

func shownField(f *record.Field) string {
	if f == nil {
		return ""
	}
	return joinQuoted(f.Values)
}

// attached merges the files of an item as a set: those that the text names
// itself follow the text.
func (m *merger) attached(it *mergedItem, b *sideItem) {
	listed := mergeSet(explicit(b.Item, m.base.path(b.doc)), explicit(it.ours.Item, m.ours.path(it.ours.doc)), explicit(it.theirs.Item, m.theirs.path(it.theirs.doc)),
		func(s string) string { return s })
	it.here.Files = nil
	attach := func(name string) {
		if slices.ContainsFunc(it.here.Files, func(f record.File) bool { return f.Name == name }) {
			return
		}
		it.here.Files = append(it.here.Files, record.File{Name: name}) // its version is decided later
	}
	for _, name := range listed {
		attach(name)
	}
	known := map[string]bool{} // files that one side has seen
	for _, s := range []*sideItem{it.ours, it.theirs} {
		for _, f := range s.Files {
			known[f.Name] = true
		}
	}
	for _, ref := range FileReferences(it.here.Text) {
		for _, path := range []string{m.ours.path(it.doc), m.theirs.path(it.doc)} {
			if name := resolve(path, ref.Path); path != "" && known[name] {
				attach(name)
			}
		}
	}
}

// explicit are the files of an item that its text does not name.
func explicit(it *Item, document string) []string {
	named := map[string]bool{}
	for _, ref := range FileReferences(it.Text) {
		named[resolve(document, ref.Path)] = true
	}
	var out []string
	for _, f := range it.Files {
		if !named[f.Name] {
			out = append(out, f.Name)
		}
	}
	return out
}

// file decides which version of a file is here. One that both sides changed
// stays, and theirs is put beside it.
func (m *merger) file(name string, p *parts) record.Hash {
	base, ours, theirs := m.base.files[name], m.ours.files[name], m.theirs.files[name]
	hash := ours
	switch {
	case ours.IsZero():
		hash = theirs
	case theirs.IsZero():
	default:
		switch choose(base, ours, theirs) {
		case takeTheirs:
			hash = theirs
		case takeNeither:
			m.fileConflicts[name] = theirsBeside(name)
			mark := p.conflict("file "+name, base.Hex(), ours.Hex(), theirs.Hex())
			mark.files, mark.beside = append(mark.files, name), m.fileConflicts
		}
	}
	m.files[name] = hash
	return hash
}

// linksOf merges the links of an item as a set.
func (m *merger) linksOf(it *mergedItem) {
	list := func(s *side, x *sideItem, set func(*mergedLink, record.Ref)) []mergedLink {
		if x == nil {
			return nil
		}
		var out []mergedLink
		for _, l := range x.Links {
			link := mergedLink{verb: l.Verb}
			link.end, link.id = m.end(s, l.Target)
			set(&link, l.Target)
			out = append(out, link)
		}
		return out
	}
	base := list(m.base, it.base, func(l *mergedLink, r record.Ref) { l.base = r })
	ours := list(m.ours, it.ours, func(l *mergedLink, r record.Ref) { l.ours = r })
	theirs := list(m.theirs, it.theirs, func(l *mergedLink, r record.Ref) { l.theirs = r })
	switch {
	case it.ours == nil:
		it.links = theirs
	case it.theirs == nil:
		it.links = ours
	default:
		it.links = mergeSet(base, ours, theirs, mergedLink.name)
	}
	for i := range it.links {
		l := &it.links[i]
		for _, others := range [][]mergedLink{base, ours, theirs} {
			for _, x := range others {
				if x.name() == l.name() {
					l.base, l.ours, l.theirs = orRef(l.base, x.base), orRef(l.ours, x.ours), orRef(l.theirs, x.theirs)
				}
			}
		}
	}
}

func orRef(a, b record.Ref) record.Ref {
	if a != "" {
		return a
	}
	return b
}

// written is how a link stands in the result.
func (l *mergedLink) written(m *merger) record.Ref {
	if !l.id.IsZero() {
		if key := m.keyOf(l.id); key != "" {
			return record.Ref(key)
		}
	}
	return orRef(l.ours, orRef(l.theirs, l.base))
}

// writeLinks gives the item its links under the keys of the result.
func (it *mergedItem) writeLinks(m *merger) {
	if it.here == nil {
		return
	}
	it.here.Links = nil
	seen := map[string]bool{}
	for i := range it.links {
		l := Link{Verb: it.links[i].verb, Target: it.links[i].written(m)}
		if name := string(l.Verb) + " " + string(l.Target); !seen[name] {
			seen[name] = true
			it.here.Links = append(it.here.Links, l)
		}
	}
}

// keys reports keys that both sides gave to different items.
func (m *merger) keys() {
	first := map[record.Key]*mergedItem{}
	for _, id := range m.order {
		it := m.items[id]
		if it.here == nil {
			continue
		}
		before := first[it.here.Key]
		if before == nil {
			first[it.here.Key] = it
			continue
		}
		m.conflict(Conflict{Item: id, Key: it.here.Key, Part: "key", Ours: before.here.Title, Theirs: it.here.Title})
	}
}

// copyOf is an item of a side as it would stand in the result.
func (m *merger) copyOf(s *side, x *sideItem) *Item {
	if x == nil {
		return nil
	}
	copied := *x.Item
	copied.Links = nil
	for _, l := range x.Links {
		copied.Links = append(copied.Links, Link{Verb: l.Verb, Target: m.ref(s, l.Target)})
	}
	return &copied
}
