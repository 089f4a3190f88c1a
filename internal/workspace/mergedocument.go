package workspace

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// mergedDocument is what becomes of one document.
type mergedDocument struct {
	id                 record.ID
	base, ours, theirs *sideDocument // nil where a side has none
	path               string
	front              string // as it is written, with its conflicts
	marks              string // conflicts about the document as such, as remarks of the front matter
	blocks             []mergedBlock
	doc                *Document // as it stands here
}

// mergedBlock is a block of a merged document.
type mergedBlock struct {
	Block
	here  bool       // it stands here
	mark  *blockMark // of parts that are in conflict
	other *[2]*Block // the whole block as it was at the beginning, and as it is there; nil where it is not in conflict as a whole
	names names
}

func (d *mergedDocument) key() record.Key {
	for _, s := range []*sideDocument{d.ours, d.theirs, d.base} {
		if s != nil {
			return s.doc.Key()
		}
	}
	return ""
}

// documents decides what becomes of every document.
func (m *merger) documents() []*mergedDocument {
	var out []*mergedDocument
	for _, s := range []*side{m.ours, m.theirs} {
		for _, sd := range s.docs {
			if m.docs[sd.id] != nil {
				continue
			}
			d := &mergedDocument{id: sd.id, base: m.base.doc[sd.id], ours: m.ours.doc[sd.id], theirs: m.theirs.doc[sd.id]}
			if m.keeps(d) {
				m.docs[d.id] = d
				out = append(out, d)
			}
		}
	}
	m.paths(out)
	for _, d := range out {
		m.outline(d)
		m.front(d)
	}
	slices.SortFunc(out, func(a, b *mergedDocument) int { return strings.Compare(a.path, b.path) })
	return out
}

// keeps reports whether a document is in the result. One that a side took out
// stays where the other side changed it, or put something into it.
func (m *merger) keeps(d *mergedDocument) bool {
	if d.base == nil || d.ours != nil && d.theirs != nil {
		return true
	}
	left := d.ours
	c := Conflict{Item: d.id, Key: d.key(), Part: "document", Base: d.base.doc.Path, Theirs: "taken out"}
	if left == nil {
		left = d.theirs
		c.Ours, c.Theirs = "taken out", left.doc.Path
	} else {
		c.Ours = left.doc.Path
	}
	same := left.doc.Path == d.base.doc.Path && left.doc.Front == d.base.doc.Front && slices.EqualFunc(frame(left), frame(d.base), sameSection)
	if same && !m.holds(d.id) {
		return false
	}
	m.conflict(c)
	d.mark(m, c.Base, c.Ours, c.Theirs)
	return true
}

// frame lists the sections of a document.
func frame(d *sideDocument) []*Block {
	var out []*Block
	for i := range d.doc.Blocks {
		if b := &d.doc.Blocks[i]; b.Item == nil {
			out = append(out, b)
		}
	}
	return out
}

// holds reports whether an item of the result stands in a document.
func (m *merger) holds(document record.ID) bool {
	for _, id := range m.order {
		if it := m.items[id]; it.doc == document || it.there == document {
			return true
		}
	}
	return false
}

// mark adds a conflict about the document as such, which stands in its front
// matter.
func (d *mergedDocument) mark(m *merger, base, ours, theirs string) {
	n := m.names(d.id)
	line := func(s string) string { return "# the document: " + s + "\n" }
	d.marks += conflictText(n, line(ours), line(base), line(theirs))
}

// conflictText is a conflict as it stands in a text. Each version ends its lines.
func conflictText(n names, here, base, theirs string) string {
	return markHere + " " + n.here + "\n" + here + markBase + " " + n.base + "\n" + base + markSplit + "\n" + theirs + markEnd + " " + n.theirs + "\n"
}

// paths decides where documents stand: ours where a path is wanted twice.
func (m *merger) paths(docs []*mergedDocument) {
	taken := map[string]bool{}
	for _, p := range m.ours.text.Plain {
		taken[p] = true
	}
	for _, d := range docs {
		if d.path = m.path(d); d.ours != nil && d.path == d.ours.doc.Path {
			taken[d.path] = true
		}
	}
	for _, d := range docs {
		if d.ours != nil && d.path == d.ours.doc.Path {
			continue
		}
		if taken[d.path] {
			want := d.path
			for stem := strings.TrimSuffix(want, path.Ext(want)) + ".theirs"; taken[d.path]; stem += "-2" {
				d.path = stem + ".md"
			}
			m.conflict(Conflict{Item: d.id, Key: d.key(), Part: "path", Ours: "another file stands there", Theirs: want})
			d.mark(m, "", d.path+", because another file stands at "+want, want)
		}
		taken[d.path] = true
	}
}

func (m *merger) path(d *mergedDocument) string {
	of := func(s, other *sideDocument) string { return cmp.Or(s, d.base, other).doc.Path }
	ours, theirs := of(d.ours, d.theirs), of(d.theirs, d.ours)
	base := ours
	if d.base != nil {
		base = d.base.doc.Path
	}
	switch choose(base, ours, theirs) {
	case takeTheirs:
		return theirs
	case takeNeither:
		m.conflict(Conflict{Item: d.id, Key: d.key(), Part: "path", Base: base, Ours: ours, Theirs: theirs})
		d.mark(m, base, ours, theirs)
	}
	return ours
}

// outline merges the order of a document, and its sections.
func (m *merger) outline(d *mergedDocument) {
	base := d.base
	ours, theirs := cmp.Or(d.ours, base), cmp.Or(d.theirs, base)
	s := sectionsOf(base, ours, theirs)
	for _, n := range s.numbers() {
		sec := s.numbered[n]
		if n == leading { // prose that is not there is empty prose
			sec.base, sec.ours, sec.theirs = cmp.Or(sec.base, &Block{}), cmp.Or(sec.ours, &Block{}), cmp.Or(sec.theirs, &Block{})
		}
		m.section(d, sec)
	}
	wanted := func(list []element) []element {
		return slices.DeleteFunc(slices.Clone(list), func(e element) bool {
			if e.item.IsZero() {
				return s.numbered[e.section].gone
			}
			it := m.items[e.item]
			return it == nil || it.doc != d.id && it.there != d.id
		})
	}
	b, o, t := wanted(s.base), wanted(s.ours), wanted(s.theirs)
	for _, e := range b {
		if e.item.IsZero() && s.numbered[e.section].whole || !e.item.IsZero() && m.items[e.item].whole {
			o, t = reinsert(o, b, e), reinsert(t, b, e) // a removal that is in conflict moves nothing
		}
	}
	m.fill(d, s, mergeOrder(b, o, t))
}

// numbers lists the sections in the order in which they were numbered.
func (s *sections) numbers() []int {
	var out []int
	if s.numbered[leading] != nil {
		out = append(out, leading)
	}
	for n := 1; n <= s.last; n++ {
		out = append(out, n)
	}
	return out
}

// fill makes the blocks of a document.
func (m *merger) fill(d *mergedDocument, s *sections, order []placed) {
	where := map[element]int{}
	for i, p := range order {
		if first, twice := where[p.element]; !twice || order[first].theirs {
			where[p.element] = i // where ours has it, if both moved it
		}
	}
	for i, p := range order {
		switch {
		case !p.item.IsZero():
			m.fillItem(d, p, where[p.element] != i)
		case where[p.element] == i:
			d.fillSection(m, s.numbered[p.section])
		}
	}
	slices.SortStableFunc(d.blocks, func(a, b mergedBlock) int { return min(a.Level, 1) - min(b.Level, 1) }) // leading prose leads
	d.fitLevels()
}

func (m *merger) fillItem(d *mergedDocument, p placed, again bool) {
	it := m.items[p.item]
	b := mergedBlock{Block: Block{Level: it.level, Item: it.here}, here: true, mark: it.mark, names: m.names(it.id)}
	switch {
	case again || it.doc != d.id: // theirs has it here, and ours elsewhere
		if again {
			m.conflict(Conflict{Item: it.id, Key: it.sideKey(), Part: "place", Base: d.path, Ours: "moved within " + d.path, Theirs: "moved within " + d.path})
		}
		b.here, b.mark, b.other = false, nil, &[2]*Block{nil, m.blockOf(m.theirs, it.theirs)}
		b.names.here += ": " + string(it.sideKey()) + " stands in " + m.ours.path(it.ours.doc)
	case it.whole:
		b.here, b.other = it.here != nil, &[2]*Block{m.blockOf(m.base, it.base), m.blockOf(m.theirs, it.theirs)}
		b.names.takenOut(it.ours == nil, it.theirs == nil, string(it.sideKey()))
	}
	d.blocks = append(d.blocks, b)
}

// takenOut says behind the markers which side took something out.
func (n *names) takenOut(here, there bool, what string) {
	if here {
		n.here += ": " + what + " was taken out"
	}
	if there {
		n.theirs += ": " + what + " was taken out"
	}
}

// blockOf is an item of a side as a block; its links get the keys of the result
// when it is written.
func (m *merger) blockOf(s *side, it *sideItem) *Block {
	if it == nil {
		return nil
	}
	copied := *it.Item
	m.later = append(m.later, func() { copied.Links = m.copyOf(s, it).Links })
	return &Block{Level: it.level, Item: &copied}
}

func (d *mergedDocument) fillSection(m *merger, sec *mergedSection) {
	b := mergedBlock{here: sec.here != nil, mark: sec.mark, names: m.names(d.id)}
	if b.here {
		b.Block = *sec.here
	} else {
		b.Level = 1 // it stands here as a conflict
	}
	if sec.whole {
		b.other = &[2]*Block{sec.base, sec.theirs}
		b.names.takenOut(sec.ours == nil, sec.theirs == nil, "the section")
	}
	if b.here && b.Level == 0 && b.Prose == "" && b.mark == nil && b.other == nil {
		return
	}
	d.blocks = append(d.blocks, b)
}

// fitLevels raises sections that stand deeper than the item above them, whose
// text they would be.
func (d *mergedDocument) fitLevels() {
	above := 0
	fit := func(b *Block) *Block {
		if b == nil || b.Item != nil || above == 0 || b.Level <= above {
			return b
		}
		c := *b
		c.Level = above
		return &c
	}
	for i := range d.blocks {
		b := &d.blocks[i]
		if b.other != nil {
			b.other = &[2]*Block{fit(b.other[0]), fit(b.other[1])}
		}
		if !b.here {
			continue
		}
		b.Block = *fit(&b.Block)
		if above = 0; b.Item != nil {
			above = b.Level
		}
	}
}

// front merges the front matter, member by member where both sides changed it.
func (m *merger) front(d *mergedDocument) {
	of := func(s *sideDocument) string {
		if s = cmp.Or(s, d.base); s == nil {
			return ""
		}
		return s.doc.Front
	}
	base, ours, theirs := "", of(d.ours), of(d.theirs)
	switch {
	case d.base != nil:
		base = d.base.doc.Front
	case d.ours == nil:
		base, ours = theirs, theirs
	case d.theirs == nil:
		base, theirs = ours, ours
	}
	here := ours
	d.front = ours
	switch choose(base, ours, theirs) {
	case takeTheirs:
		here, d.front = theirs, theirs
	case takeNeither:
		here, d.front = m.members(d, base, ours, theirs)
	}
	d.doc = &Document{Path: d.path}
	for i := range d.blocks {
		if d.blocks[i].here {
			d.doc.Blocks = append(d.doc.Blocks, d.blocks[i].Block)
		}
	}
	if !d.doc.setFront(here, m.schema) {
		d.doc.setFront(ours, m.schema)
	}
	if !d.doc.HasItems() && d.front == "" {
		d.doc.setMember("key", string(d.key()), m.schema) // without it the file would be no document
		d.front = d.doc.Front
	}
	d.front = d.marks + d.front
}

// members merges a front matter member by member. It returns what stands here,
// and what is written.
func (m *merger) members(d *mergedDocument, base, ours, theirs string) (here, written string) {
	b, ok1 := members(base)
	o, ok2 := members(ours)
	t, ok3 := members(theirs)
	v := versions{base: strings.TrimSuffix(base, "\n"), ours: strings.TrimSuffix(ours, "\n"), theirs: strings.TrimSuffix(theirs, "\n")}
	if !ok1 || !ok2 || !ok3 {
		merged, conflicts := v.lines()
		for _, c := range conflicts {
			m.conflict(Conflict{Item: d.id, Key: d.key(), Part: "front matter", Base: c.base, Ours: c.ours, Theirs: c.theirs})
		}
		return merged + "\n", v.marked(m.names(d.id), func(s string) string { return s }) + "\n"
	}
	var names []string
	for _, x := range slices.Concat(o, t) {
		if !slices.Contains(names, x.name) {
			names = append(names, x.name)
		}
	}
	for _, name := range names {
		vb, vo, vt := memberText(b, name), memberText(o, name), memberText(t, name)
		switch choose(vb, vo, vt) {
		case takeOurs:
			here, written = here+vo, written+vo
		case takeTheirs:
			here, written = here+vt, written+vt
		default:
			m.conflict(Conflict{Item: d.id, Key: d.key(), Part: strings.TrimSpace("front matter " + name), Base: vb, Ours: vo, Theirs: vt})
			here, written = here+vo, written+conflictText(m.names(d.id), vo, vb, vt)
		}
	}
	return here, written
}

func memberText(list []member, name string) string {
	for _, x := range list {
		if x.name == name {
			return x.text
		}
	}
	return ""
}
