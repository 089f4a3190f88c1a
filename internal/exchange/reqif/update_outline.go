package reqif

import (
	"cmp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// unplacedTitle is the document of objects that no specification places.
const (
	unplacedKey   = "unplaced"
	unplacedTitle = "Objects in no specification"
)

// maxOutline is how deep a hierarchy is written: what lies deeper stands at this depth. It is less than readers take.
const maxOutline = 200

// match finds the specification of every document: the one whose key it has, or that has most of its items, else its title.
func (u *updater) match() {
	type pair struct {
		d *exchange.Document
		s *spec
		n int
	}
	var pairs []pair
	byID, taken := map[string]*spec{}, map[*spec]bool{}
	for _, f := range u.files {
		for _, s := range f.specs {
			if s.id != "" && byID[s.id] == nil {
				byID[s.id] = s
			}
		}
	}
	for i := range u.next.Documents {
		d := &u.next.Documents[i]
		if s := byID[d.Key]; s != nil && !taken[s] {
			u.matched[d], taken[s] = s, true
			continue
		}
		at := map[*spec]int{}
		for j := range d.Items {
			if o := u.kept[&d.Items[j]]; o != nil && u.place[o] != nil {
				s := u.place[o]
				if at[s] == 0 {
					at[s] = len(pairs) + 1
					pairs = append(pairs, pair{d, s, 0})
				}
				pairs[at[s]-1].n++
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return b.n - a.n })
	for _, p := range pairs {
		if u.matched[p.d] == nil && !taken[p.s] {
			u.matched[p.d], taken[p.s] = p.s, true
		}
	}
	for i := range u.next.Documents {
		d := &u.next.Documents[i]
		for _, f := range u.files {
			for _, s := range f.specs {
				if u.matched[d] == nil && !taken[s] && !u.isUnplaced(d) && oneLine(d.Title) == oneLine(u.specs[s].title) {
					u.matched[d], taken[s] = s, true
				}
			}
		}
	}
}

// isUnplaced reports the document of objects that stand in no specification.
func (u *updater) isUnplaced(d *exchange.Document) bool {
	if d.Key == unplacedKey || d.Title == unplacedTitle {
		return true
	}
	was := false
	for i := range d.Items {
		o := u.kept[&d.Items[i]]
		if o == nil || u.place[o] != nil {
			return false
		}
		was = true
	}
	return was && len(d.Sections)+len(d.Blocks) == 0
}

// documents brings specifications to what the documents say: titles, attributes, and hierarchies where the outline is another.
func (u *updater) documents() {
	home := map[*spec]*exchange.Document{}
	for d, s := range u.matched {
		home[s] = d
	}
	for i := range u.next.Documents {
		d := &u.next.Documents[i]
		f := u.main()
		if s := u.matched[d]; s != nil {
			f = s.file
		}
		for j := range d.Items {
			if it := &d.Items[j]; u.kept[it] == nil {
				u.newObject(f, it)
			}
		}
	}
	for _, f := range u.files {
		for _, s := range f.specs {
			u.specification(s, home[s])
		}
	}
	for i := range u.next.Documents {
		switch d := &u.next.Documents[i]; {
		case u.matched[d] != nil:
		case !u.isUnplaced(d):
			u.newSpecification(d)
		case len(d.Sections)+len(d.Blocks) > 0:
			u.lose("", "sections and prose of "+d.Title, "its objects stand in no specification, and so have no outline")
		}
	}
	for _, f := range u.files {
		for _, o := range f.objects { // sections and prose that stand nowhere any more
			if from := u.origins[o]; from != nil && from.frame && !u.frames[o] {
				u.takeOut(f, o.id, o.span)
			}
		}
		for _, g := range f.groups {
			if slices.ContainsFunc(g.ends, func(id string) bool { return u.gone[id] }) {
				u.lose(g.id, "group of relations "+firstOf(g.name, g.id), "one of the specifications that it leads between is gone")
				u.edits[f] = slices.DeleteFunc(u.edits[f], func(e edit) bool { return e.from >= g.span.from && e.to <= g.span.to })
				u.remove(f, g.span)
			}
		}
	}
}

// specification writes what has changed in a specification; one whose document is gone goes with it.
func (u *updater) specification(s *spec, d *exchange.Document) {
	if d == nil {
		u.orphan(s)
		return
	}
	was := u.specs[s]
	e := &element{f: s.file, id: s.id, span: s.span, list: s.list, values: s.values, typ: u.typ(s.file, s.typ)}
	if title := oneLine(d.Title); title != "" && title != oneLine(was.title) {
		u.attribute(s.file, s.span, "LONG-NAME", title)
		e.changed = true
	}
	if len(d.Fields) > 0 {
		u.fields(e, d.Fields, was.fields, was.from)
	}
	e.changed = u.hierarchy(s, u.outline(d, s)) || e.changed
	u.finish(e)
}

// orphan is a specification without a document. It stays where it never had items of its own, without nodes of what is gone.
func (u *updater) orphan(s *spec) {
	own := false
	var stay []outlined
	for i := range u.nodes[s] {
		n := &u.nodes[s][i]
		frame := n.object != nil && u.origins[n.object].frame
		if n.object != nil && n.text == "" && !frame {
			own = true
		}
		if n.object == nil || frame || u.homes[n.object] != nil {
			stay = append(stay, outlined{node: n, depth: n.depth})
		}
	}
	for _, o := range stay {
		if !own && o.node.object != nil {
			u.frames[o.node.object] = true
		}
	}
	if own {
		u.takeOut(s.file, s.id, s.span)
		return
	}
	u.hierarchy(s, clamp(stay))
}

// outlined is what stands in an outline: a node that was there, or a new one of an object.
type outlined struct {
	node   *placedNode
	object string
	depth  int
	order  int
	loose  bool // its depth is that of what stands before it
}

// outline is what the hierarchy of a document shall be.
func (u *updater) outline(d *exchange.Document, s *spec) []outlined {
	f := u.main()
	pool := newPool(u, s)
	if s != nil {
		f = s.file
	}
	var list []outlined
	for i := range d.Items {
		it := &d.Items[i]
		o := outlined{object: u.ids[it], depth: depthOf(it.Level), order: it.Order, loose: it.Level == ""}
		if was := u.kept[it]; was != nil {
			o.node = pool.objects[was]
		}
		list = append(list, o)
	}
	for i := range d.Sections {
		x := &d.Sections[i]
		o := outlined{node: pool.frame(sectionName, x.Title), depth: max(x.Level, 1), order: x.Order}
		if o.node == nil {
			o.object = u.newFrame(f, sectionName, x.Title)
		}
		list = append(list, o)
	}
	for i := range d.Blocks {
		list = append(list, u.block(f, pool, &d.Blocks[i])...)
	}
	slices.SortStableFunc(list, func(a, b outlined) int { return cmp.Compare(a.order, b.order) })
	return clamp(pool.withLost(list))
}

// block is prose, or places where objects stand once more.
func (u *updater) block(f *file, pool *nodePool, b *exchange.Block) []outlined {
	if n := pool.frame(proseName, b.Text); n != nil {
		return []outlined{{node: n, depth: n.depth, order: b.Order}}
	}
	var list []outlined
	var rest []string
	for _, part := range strings.Split(b.Text, "\n\n") {
		if n := pool.reference(part); n != nil {
			list = append(list, outlined{node: n, depth: n.depth, order: b.Order})
			continue
		}
		rest = append(rest, part)
	}
	text := strings.Join(rest, "\n\n")
	name, isReference := strings.CutPrefix(strings.TrimSuffix(text, "."), "See ")
	switch {
	case text == "":
	case b.Kind == "reference" && isReference && u.names[name] != "":
		list = append(list, outlined{object: u.names[name], order: b.Order, loose: true})
	case b.Kind == "comment":
		u.lose("", "comment", "ReqIF has no place for comments")
	default:
		list = append(list, outlined{object: u.newFrame(f, proseName, text), order: b.Order, loose: true})
	}
	return list
}

func depthOf(level string) int { return strings.Count(level, ".") + 1 }

// clamp makes an outline a tree: nothing stands more than one deeper than what stands before it.
func clamp(list []outlined) []outlined {
	depth := 0
	for i := range list {
		o := &list[i]
		if o.loose {
			o.depth = max(depth, 1)
		}
		o.depth = min(o.depth, depth+1, maxOutline)
		depth = o.depth
	}
	return list
}

// nodePool is the nodes of a specification, each to be used once.
type nodePool struct {
	u          *updater
	nodes      []placedNode
	objects    map[*object]*placedNode
	frames     map[[2]string][]*placedNode
	references map[string][]*placedNode
}

func newPool(u *updater, s *spec) *nodePool {
	p := &nodePool{u: u, objects: map[*object]*placedNode{}, frames: map[[2]string][]*placedNode{}, references: map[string][]*placedNode{}}
	if s == nil {
		return p
	}
	p.nodes = u.nodes[s]
	for i := range p.nodes {
		n := &p.nodes[i]
		switch {
		case n.object == nil:
		case n.text != "":
			p.references[n.text] = append(p.references[n.text], n)
		case u.origins[n.object].frame:
			key := [2]string{u.typeName(n.object.file, n.object.typ), frameText(n.object)}
			p.frames[key] = append(p.frames[key], n)
		default:
			p.objects[n.object] = n
		}
	}
	return p
}

func (p *nodePool) frame(name, text string) *placedNode {
	key := [2]string{name, strings.TrimRight(text, "\n")}
	list := p.frames[key]
	if len(list) == 0 {
		return nil
	}
	p.frames[key] = list[1:]
	p.u.frames[list[0].object] = true
	return list[0]
}

// reference is a node that places an object once more, and is still to be there.
func (p *nodePool) reference(text string) *placedNode {
	list := p.references[text]
	if len(list) == 0 {
		return nil
	}
	p.references[text] = list[1:]
	if p.u.homes[list[0].object] == nil {
		return nil
	}
	return list[0]
}

// withLost puts nodes that name nothing, and so are nothing in a tree, behind what they stood behind.
func (p *nodePool) withLost(list []outlined) []outlined {
	if !slices.ContainsFunc(p.nodes, func(n placedNode) bool { return n.object == nil }) {
		return list
	}
	at := map[*hierarchy]int{}
	for i, o := range list {
		if o.node != nil {
			at[o.node.hierarchy] = i + 1
		}
	}
	behind := map[int][]outlined{}
	last := 0
	for i := range p.nodes {
		n := &p.nodes[i]
		if k := at[n.hierarchy]; k > 0 {
			last = k
		}
		if n.object == nil {
			behind[last] = append(behind[last], outlined{node: n, depth: n.depth})
		}
	}
	out := behind[0]
	for i, o := range list {
		out = append(append(out, o), behind[i+1]...)
	}
	return out
}

// hierarchy writes an outline where it is not the one that is there.
func (u *updater) hierarchy(s *spec, list []outlined) bool {
	was := u.nodes[s]
	if len(was) == len(list) {
		same := true
		for i := range list {
			same = same && list[i].node != nil && list[i].node.hierarchy == was[i].hierarchy && list[i].depth == was[i].depth
		}
		if same {
			return false
		}
	}
	text := ""
	if len(list) > 0 {
		text = s.file.el("CHILDREN", "", u.nodesXML(s.file, s.id, list, s.file.endSpace(s.children)))
	}
	switch {
	case s.children.to > 0 && text == "":
		u.remove(s.file, s.children)
	case s.children.to > 0:
		u.edit(s.file, s.children.from, s.children.to, text)
	case s.list.to == 0 && s.file.empty(s.span): // its values may have to be added at the same place
		u.lose(s.id, "hierarchy", "the specification has no content in the file")
	case text != "":
		at := s.file.lastOf(s.span)
		u.edit(s.file, at, at, "\n"+text)
	}
	return true
}

// nodesXML writes nodes and, within each, those below it. What was there keeps all that it says, and the space before it; end
// is the space behind all.
func (u *updater) nodesXML(f *file, spec string, list []outlined, end string) string {
	var b strings.Builder
	space := "\n"
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].depth > list[0].depth {
			n++
		}
		old := list[0].node
		if old != nil {
			space = f.spaceBefore(old.span)
		}
		b.WriteString(space)
		below := ""
		if n > 1 {
			below = "\n"
			if old != nil {
				below = f.endSpace(old.children)
			}
			below = f.el("CHILDREN", "", u.nodesXML(f, spec, list[1:n], below))
		}
		if old != nil {
			b.WriteString(f.withChildren(old.hierarchy, below))
		} else {
			b.WriteString(f.el("SPEC-HIERARCHY", u.identity(u.w.identifier("node", spec, list[0].object), ""), below+f.ref("OBJECT", "SPEC-OBJECT", list[0].object)))
		}
		list = list[n:]
	}
	b.WriteString(end)
	return b.String()
}

// spaceBefore is the space before an element.
func (f *file) spaceBefore(s span) string {
	from := s.from
	for from > 0 && isSpace(f.data[from-1]) {
		from--
	}
	return string(f.data[from:s.from])
}

// endSpace is the space before the end tag of an element, a new line where there is no such tag.
func (f *file) endSpace(s span) string {
	if s.to == 0 || f.empty(s) {
		return "\n"
	}
	return string(f.data[f.lastOf(s):s.innerTo])
}

// withChildren is a node as it stands in the file, with what lies below it now.
func (f *file) withChildren(n *hierarchy, below string) string {
	switch {
	case n.children.to > 0:
		return string(f.data[n.span.from:n.children.from]) + below + string(f.data[n.children.to:n.span.to])
	case below == "":
		return string(f.data[n.span.from:n.span.to])
	case f.empty(n.span):
		return string(f.data[n.span.from:n.span.to-2]) + ">" + below + "</" + f.tagName(n.span) + ">"
	}
	at := f.lastOf(n.span)
	return string(f.data[n.span.from:at]) + below + string(f.data[at:n.span.to])
}

// newSpecification writes a document that the files do not have.
func (u *updater) newSpecification(d *exchange.Document) {
	f := u.main()
	t := u.specificationType(f)
	e := &element{f: f, id: u.w.own(d.Key, "document", d.Key), typ: t}
	extra := ""
	for i := range d.Fields {
		if n := &d.Fields[i]; n.Name == "DESC" {
			extra = ` DESC="` + escape(joined(n)) + `"`
		} else {
			u.addNew(e, n)
		}
	}
	inner := ""
	if e.added.Len() > 0 {
		inner = f.el("VALUES", "", e.added.String())
	}
	inner += f.ref("TYPE", "SPECIFICATION-TYPE", t.id)
	if list := u.outline(d, nil); len(list) > 0 {
		inner += f.el("CHILDREN", "", u.nodesXML(f, e.id, list, "\n"))
	}
	u.add(f, "SPECIFICATIONS", f.el("SPECIFICATION", u.identity(e.id, d.Title)+extra, inner))
}

// specificationType is the first type of specifications of a file, else one that is made.
func (u *updater) specificationType(f *file) *specType {
	for _, t := range f.typeList {
		if t.element == "SPECIFICATION-TYPE" {
			return t
		}
	}
	return u.typeFor(f, "SPECIFICATION-TYPE", "document", "_specification-type")
}
