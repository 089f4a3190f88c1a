package workspace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// element is an item or a section in the order of a document. Sections have
// numbers: what is one section on several sides has one number.
type element struct {
	item    record.ID
	section int
}

// leading is the number of the prose before the first heading.
const leading = -1

// mergedSection is what becomes of one section.
type mergedSection struct {
	base, ours, theirs *Block // nil where a side has none
	here               *Block // nil where it does not stand here
	gone               bool
	whole              bool // one side took it out, and the other changed it
	mark               *blockMark
}

// sections finds which sections of two sides are those of the base, whatever
// they are called and say by now.
type sections struct {
	base, ours, theirs []element
	numbered           map[int]*mergedSection
	last               int   // number given
	new                []int // those that only ours has
}

// sectionsOf gives the sections of the three versions of a document their
// numbers. A version that is not there counts as the base.
func sectionsOf(base, ours, theirs *sideDocument) *sections {
	s := &sections{numbered: map[int]*mergedSection{}}
	b := outlineOf(base)
	s.base = s.number(b, nil, func(sec *mergedSection, x *Block) { sec.base = x })
	of := s.last
	s.ours = s.number(outlineOf(ours), b, func(sec *mergedSection, x *Block) { sec.ours = x })
	for n := of + 1; n <= s.last; n++ {
		s.new = append(s.new, n)
	}
	s.theirs = s.number(outlineOf(theirs), b, func(sec *mergedSection, x *Block) { sec.theirs = x })
	return s
}

// entry is a block with what it is matched by.
type entry struct {
	block  *Block
	item   record.ID
	number int // of a section, 0 while it has none
}

func outlineOf(d *sideDocument) []*entry {
	if d == nil {
		return nil
	}
	var out []*entry
	items := d.items
	for i := range d.doc.Blocks {
		e := &entry{block: &d.doc.Blocks[i]}
		if e.block.Item != nil {
			e.item, items = items[0].id, items[1:]
		} else if e.block.Level == 0 {
			e.number = leading
		}
		out = append(out, e)
	}
	return out
}

// number gives the sections of one version their numbers, those of the base
// where they are sections of the base.
func (s *sections) number(list, base []*entry, set func(*mergedSection, *Block)) []element {
	pairSections(base, list)
	out := make([]element, len(list))
	for i, e := range list {
		if e.item.IsZero() {
			if e.number == 0 {
				e.number = s.newNumber(e.block)
			}
			if s.numbered[e.number] == nil {
				s.numbered[e.number] = &mergedSection{}
			}
			set(s.numbered[e.number], e.block)
		}
		out[i] = element{e.item, e.number}
	}
	return out
}

// newNumber is the number of a section that the base does not have. Sections
// that both sides wrote in the same words are one.
func (s *sections) newNumber(b *Block) int {
	for _, n := range s.new {
		if sec := s.numbered[n]; sec.theirs == nil && sameSection(sec.ours, b) {
			return n
		}
	}
	s.last++
	return s.last
}

func sameSection(a, b *Block) bool {
	return a.Level == b.Level && a.Heading == b.Heading && a.Prose == b.Prose
}

// pairSections finds the sections of the base in another version: by their
// headings where these stand in the same order, then by what else they have in
// common, the surest first.
func pairSections(base, list []*entry) {
	taken := map[int]bool{}
	pairUp := func(b, e *entry) {
		if e.number == 0 && e.item.IsZero() && b.item.IsZero() && b.number > 0 && !taken[b.number] {
			e.number = b.number
			taken[b.number] = true
		}
	}
	for _, p := range match(tokens(base), tokens(list)) {
		pairUp(base[p.a], list[p.b])
	}
	for _, alike := range []func(a, b *Block) bool{
		func(a, b *Block) bool { return a.Heading == b.Heading && a.Prose == b.Prose },
		func(a, b *Block) bool { return a.Prose == b.Prose && a.Prose != "" },
		func(a, b *Block) bool { return a.Heading == b.Heading },
	} {
		for _, e := range list {
			if e.number != 0 || !e.item.IsZero() {
				continue
			}
			for _, b := range base {
				if b.item.IsZero() && alike(b.block, e.block) {
					pairUp(b, e)
				}
			}
		}
	}
	pairGaps(base, list, taken, pairUp)
}

// pairGaps pairs the sections that are left between two neighbours, where there
// are as many in both versions.
func pairGaps(base, list []*entry, taken map[int]bool, pairUp func(b, e *entry)) {
	name := func(e *entry, known bool) string {
		if e.item.IsZero() && !known {
			return ""
		}
		return fmt.Sprintf("%s %d", e.item, e.number)
	}
	var fromBase, fromList []string
	for _, b := range base {
		fromBase = append(fromBase, name(b, taken[b.number] || b.number == leading))
	}
	for _, e := range list {
		fromList = append(fromList, name(e, e.number != 0))
	}
	at := pair{}
	for _, p := range append(match(withoutEmpty(fromBase, "base "), withoutEmpty(fromList, "list ")), pair{len(base), len(list)}) {
		free := func(in []*entry, is func(*entry) bool) []*entry {
			return slices.DeleteFunc(slices.Clone(in), func(e *entry) bool { return !e.item.IsZero() || !is(e) })
		}
		b := free(base[at.a:p.a], func(e *entry) bool { return !taken[e.number] && e.number > 0 })
		l := free(list[at.b:p.b], func(e *entry) bool { return e.number == 0 })
		if len(b) == len(l) {
			for i := range b {
				pairUp(b[i], l[i])
			}
		}
		at = p
	}
}

// withoutEmpty makes names that are empty unlike any other.
func withoutEmpty(list []string, side string) []string {
	for i, s := range list {
		if s == "" {
			list[i] = fmt.Sprint(side, i)
		}
	}
	return list
}

func tokens(list []*entry) []string {
	out := make([]string, len(list))
	for i, e := range list {
		if out[i] = e.item.String(); e.item.IsZero() {
			out[i] = fmt.Sprintf("%d %s", e.block.Level, e.block.Heading)
		}
	}
	return out
}

// section decides what becomes of one section of a document.
func (m *merger) section(d *mergedDocument, sec *mergedSection) {
	b, o, t := sec.base, sec.ours, sec.theirs
	if b == nil {
		b = &Block{}
	}
	whole := func(side *Block, ours, theirs string) {
		if sec.gone = sec.base != nil && sameSection(sec.base, side); sec.gone || sec.base == nil {
			return
		}
		sec.whole = true
		m.conflict(Conflict{Item: d.id, Key: d.key(), Part: "section " + side.Heading, Base: shownSection(b), Ours: ours, Theirs: theirs})
	}
	switch {
	case o == nil && t == nil:
		sec.gone = true
	case o == nil:
		if whole(t, "taken out", shownSection(t)); !sec.whole && !sec.gone {
			sec.here = copyBlock(t)
		}
	case t == nil:
		whole(o, shownSection(o), "taken out")
		sec.here = copyBlock(o)
	default:
		m.bothSections(d, sec, b, o, t)
	}
}

// shownSection is a section as it stands in a text.
func shownSection(b *Block) string {
	return strings.TrimRight(sectionLine(b.Level, b.Heading)+"\n\n"+b.Prose, "\n")
}

func copyBlock(b *Block) *Block { c := *b; return &c }

func (m *merger) bothSections(d *mergedDocument, sec *mergedSection, b, o, t *Block) {
	sec.here = copyBlock(o)
	conflict := func(part, base, ours, theirs string) *blockMark {
		m.conflict(Conflict{Item: d.id, Key: d.key(), Part: part, Base: base, Ours: ours, Theirs: theirs})
		if sec.mark == nil {
			sec.mark = &blockMark{names: m.names(d.id)}
		}
		return sec.mark
	}
	switch choose(b.Level, o.Level, t.Level) {
	case takeTheirs:
		sec.here.Level = t.Level
	case takeNeither:
		conflict("level of section "+o.Heading, levelMark(b.Level), levelMark(o.Level), levelMark(t.Level)).heading = true
	}
	switch choose(b.Heading, o.Heading, t.Heading) {
	case takeTheirs:
		sec.here.Heading = t.Heading
	case takeNeither:
		conflict("heading of section "+o.Heading, b.Heading, o.Heading, t.Heading).heading = true
	}
	if sec.mark != nil {
		version := func(x *Block) string {
			level, heading := sec.here.Level, sec.here.Heading
			if choose(b.Level, o.Level, t.Level) == takeNeither {
				level = x.Level
			}
			if choose(b.Heading, o.Heading, t.Heading) == takeNeither {
				heading = x.Heading
			}
			return sectionLine(level, heading) + "\n"
		}
		sec.mark.base, sec.mark.theirs = version(b), version(t)
	}
	prose, v, conflicts := mergeText(b.Prose, o.Prose, t.Prose, true)
	sec.here.Prose = prose
	for _, c := range conflicts {
		conflict(strings.TrimSuffix("prose of section "+o.Heading, " of section "), c.base, c.ours, c.theirs).text = v
	}
}

// placed is an element of a merged order. A copy is where theirs has an item
// that stands elsewhere here.
type placed struct {
	element
	theirs bool
}

// mergeOrder merges three orders. Where both sides put something, both stay:
// ours first. What one side took away is gone from there.
func mergeOrder(base, ours, theirs []element) []placed {
	var out []placed
	for _, c := range chunks(base, ours, theirs) {
		b, o, t := base[c.base.from:c.base.to], ours[c.ours.from:c.ours.to], theirs[c.theirs.from:c.theirs.to]
		switch decide(c.stable || slices.Equal(b, o), slices.Equal(b, t), slices.Equal(o, t)) {
		case takeOurs:
			for _, e := range o {
				out = append(out, placed{e, false})
			}
		case takeTheirs:
			for _, e := range t {
				out = append(out, placed{e, true})
			}
		default:
			out = append(out, mergeRun(b, o, t)...)
		}
	}
	return out
}

// mergeRun merges a run of an order that both sides changed.
func mergeRun(base, ours, theirs []element) []placed {
	var out []placed
	for _, e := range ours {
		if !slices.Contains(base, e) || slices.Contains(theirs, e) {
			out = append(out, placed{e, false})
		}
	}
	at := func(e element) int { return slices.IndexFunc(out, func(p placed) bool { return p.element == e }) }
	for i, e := range theirs {
		if slices.Contains(base, e) || at(e) >= 0 {
			continue
		}
		to := len(out)
		for k := i - 1; k >= 0; k-- {
			if before := at(theirs[k]); before >= 0 {
				to = before + 1
				for to < len(out) && !out[to].theirs && !slices.Contains(base, out[to].element) && !slices.Contains(theirs, out[to].element) {
					to++ // what ours put there comes first
				}
				break
			}
		}
		out = slices.Insert(out, to, placed{e, true})
	}
	return out
}

// reinsert puts back into an order what its side took out, behind what stood
// before it at the beginning.
func reinsert(order, base []element, e element) []element {
	from := slices.Index(base, e)
	if from < 0 || slices.Contains(order, e) {
		return order
	}
	for i := from - 1; i >= 0; i-- {
		if at := slices.Index(order, base[i]); at >= 0 {
			return slices.Insert(slices.Clone(order), at+1, e)
		}
	}
	return slices.Insert(slices.Clone(order), 0, e)
}
