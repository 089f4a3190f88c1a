package exchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/workspace"
)

// FieldComposite is the field of a document, under the number of an item, that says that the item holds those behind it up
// to a BlockEnd.
const FieldComposite = "composite"

// outlineNode is a section, block or item of a document of the source.
type outlineNode struct {
	section *Section
	block   *Block
	item    *Item
	key     record.Key // of the item here, "" where it was not taken
	order   int
	at      int // the block that it was made part of here
}

// Blocks that a node was made, where it was none.
const (
	nowhere = -1 // there is nothing of it here: the end of a section, an empty text
	unknown = -2 // nobody can say
)

// nodesOf are the nodes of a document in their order, and whether it got a title of its own here, as first block.
func nodesOf(d *Document, keys []record.Key, was *workspace.Document) (nodes []outlineNode, titled bool) {
	for i := range d.Sections {
		nodes = append(nodes, outlineNode{section: &d.Sections[i], order: d.Sections[i].Order})
	}
	for i := range d.Blocks {
		nodes = append(nodes, outlineNode{block: &d.Blocks[i], order: d.Blocks[i].Order})
	}
	for i := range d.Items {
		nodes = append(nodes, outlineNode{item: &d.Items[i], key: keys[i], order: d.Items[i].Order})
	}
	slices.SortStableFunc(nodes, func(a, b outlineNode) int { return cmp.Compare(a.order, b.order) })
	b := newBuilder(d, &workspace.Document{Meta: was.Meta})
	for i := range nodes {
		b.place(&nodes[i])
	}
	before := len(b.doc.Blocks)
	merged := before > 0 && b.doc.Blocks[0].Level == 0
	titled = !slices.ContainsFunc(b.doc.Blocks, func(x workspace.Block) bool { return x.Level == 1 && x.Item == nil && x.Heading != "" })
	b.title()
	for i := range nodes {
		switch n := &nodes[i]; {
		case len(b.doc.Blocks) != len(was.Blocks) && n.item == nil:
			n.at = unknown
		case n.at >= 0 && titled && !merged:
			n.at++
		}
	}
	return nodes, titled
}

// place does with a node what Convert did.
func (b *builder) place(n *outlineNode) {
	n.at = nowhere
	switch {
	case n.section != nil:
		b.section(n.section)
	case n.block != nil:
		if n.block.Kind == BlockEnd {
			b.end()
		}
		if proseText(n.block.Text) == "" {
			return
		}
		b.prose(n.block.Text)
	case n.key == "":
		b.begin(n.item.Order)
		return
	default:
		b.item(n.item, &workspace.Item{})
	}
	n.at = len(b.doc.Blocks) - 1
}

// outline is a document of the source with the outline that it has now.
type outline struct {
	source    *Document
	nodes     []outlineNode
	composite map[int]bool  // orders of items that hold others
	main      map[int]int   // nodes of sections, by block
	texts     map[int][]int // nodes of prose, by block
	byKey     map[record.Key]int
	now       map[record.Key]*Item

	out     Document
	moved   map[int]int  // old order → new one
	inOrder map[int]bool // nodes that are in the order in which they were; the others were moved
	last    int          // the node up to which the source was followed
	open    []bool       // sections that are open, and (true) items that hold others
	stack   []bool       // those of the source, and whether they are open here
}

// newOutline lays the nodes of the source out as the document has them now. What the source says and a workspace does not,
// such as the end of a section, stays between the nodes between which it was.
func newOutline(source *Document, keys []record.Key, was, now *workspace.Document, items map[record.Key]*Item) *outline {
	nodes, titled := nodesOf(source, keys, was)
	o := &outline{source: source, nodes: nodes, composite: composites(source), main: map[int]int{}, texts: map[int][]int{}, byKey: map[record.Key]int{}, now: items, moved: map[int]int{}, last: -1}
	for i, n := range nodes {
		switch {
		case n.section != nil && n.at >= 0:
			o.main[n.at] = i
		case n.block != nil && n.at >= 0:
			o.texts[n.at] = append(o.texts[n.at], i)
		case n.item != nil && n.key != "":
			o.byKey[n.key] = i
		}
	}
	below := 0 // a document without sections has a title above those that come
	if titled && len(source.Sections) == 0 {
		below = 1
	}
	same := alignBlocks(was.Blocks, now.Blocks)
	o.findOrder(now.Blocks, same)
	for i := range now.Blocks {
		b := &now.Blocks[i]
		var old *workspace.Block
		if same[i] >= 0 {
			old = &was.Blocks[same[i]]
		}
		switch {
		case b.Item != nil:
			o.item(b)
		case b.Heading != "" && !(titled && (same[i] == 0 || old == nil && b.Level == 1)):
			o.section(b, old, same[i], max(1, b.Level-below))
		}
		o.prose(b, old, same[i])
	}
	return o
}

// ofNode takes the name of a field apart that belongs to a node.
func ofNode(name string) (order int, field string, ok bool) {
	number, field, ok := strings.Cut(name, "/")
	order, err := strconv.Atoi(number)
	return order, field, ok && err == nil
}

// composites are the orders of the items of a document that hold others.
func composites(d *Document) map[int]bool {
	out := map[int]bool{}
	for _, f := range d.Fields {
		if order, name, ok := ofNode(f.Name); ok && name == FieldComposite {
			out[order] = true
		}
	}
	return out
}

// alignBlocks finds for each block the one that it was: an item by its key, a section by its heading, prose by its text,
// and else what stands beside the same neighbour; -1 for none.
func alignBlocks(was, now []workspace.Block) []int {
	type name struct {
		level      int
		key        record.Key
		head, text string
	}
	out := slices.Repeat([]int{-1}, len(now))
	used := make([]bool, len(was))
	take := func(i, j int) {
		out[i], used[j] = j, true
	}
	for _, of := range []func(b *workspace.Block) name{
		func(b *workspace.Block) name {
			switch {
			case b.Item != nil:
				return name{key: b.Item.Key}
			case b.Heading != "":
				return name{level: b.Level, head: b.Heading}
			}
			return name{text: b.Prose}
		},
		func(b *workspace.Block) name { return name{head: b.Heading} },
	} {
		left := map[name][]int{}
		for j := range was {
			if n := of(&was[j]); !used[j] && n != (name{}) {
				left[n] = append(left[n], j)
			}
		}
		for i := range now {
			if n := of(&now[i]); out[i] < 0 && len(left[n]) > 0 {
				take(i, left[n][0])
				left[n] = left[n][1:]
			}
		}
	}
	like := func(i, j int) bool {
		return j >= 0 && j < len(was) && !used[j] && out[i] < 0 && now[i].Item == nil && was[j].Item == nil && (now[i].Heading == "") == (was[j].Heading == "")
	}
	for i := range now {
		next := 0
		if i > 0 {
			next = out[i-1] + 1
		}
		if (i == 0 || next > 0) && like(i, next) {
			take(i, next)
		}
	}
	for i := len(now) - 2; i >= 0; i-- {
		if out[i+1] > 0 && like(i, out[i+1]-1) {
			take(i, out[i+1]-1)
		}
	}
	return out
}

func (o *outline) item(b *workspace.Block) {
	it := o.now[b.Item.Key]
	if it == nil {
		return
	}
	above := b.Level - 1
	i, known := o.byKey[b.Item.Key]
	if known {
		o.follow(i, func() bool { return above < 2 || o.sections() > above })
		o.moved[o.nodes[i].order] = o.order() + 1
	}
	o.close(above)
	out := *it
	out.Order = o.order() + 1
	o.out.Items = append(o.out.Items, out)
	if known && o.composite[o.nodes[i].order] {
		o.begin(i, true)
	}
}

func (o *outline) section(b, old *workspace.Block, at, level int) {
	s := Section{Title: b.Heading, Level: level}
	i, known := o.main[at]
	if known {
		n := o.nodes[i].section
		s = *n
		s.Title = changed(n.Title, old.Heading, b.Heading)
		if old.Level != b.Level {
			s.Level = level
		}
		o.follow(i, func() bool { return len(o.open) >= s.Level })
		o.moved[n.Order] = o.order() + 1
	}
	s.Order = o.order() + 1
	o.out.Sections = append(o.out.Sections, s)
	o.open = o.open[:min(len(o.open), max(s.Level-1, 0))]
	if known {
		o.begin(i, false)
	} else {
		o.open = append(o.open, false)
	}
}

// prose writes the prose of a block: texts of the source that are in it still, and what stands between them.
func (o *outline) prose(b, old *workspace.Block, at int) {
	var texts []int
	if old != nil {
		texts = o.texts[at]
	}
	if old != nil && old.Prose == b.Prose && len(texts) > 0 {
		for _, i := range texts {
			o.text(i, o.nodes[i].block.Text)
		}
		return
	}
	rest := b.Prose
	gone := -1 // the first text of the source that is not there any more: what stands in its place is it
	for _, i := range texts {
		text := proseText(o.nodes[i].block.Text)
		from := strings.Index(rest, text)
		if from < 0 {
			if gone < 0 && o.nodes[i].block.Kind == "prose" {
				gone = i
			}
			continue
		}
		o.newText(b, rest[:from], gone)
		gone = -1
		o.text(i, o.nodes[i].block.Text)
		rest = rest[from+len(text):]
	}
	o.newText(b, rest, gone)
}

func (o *outline) newText(b *workspace.Block, text string, i int) {
	text = strings.Trim(text, "\n")
	switch {
	case strings.TrimSpace(text) == "":
	case i >= 0:
		o.text(i, text)
	default:
		if b.Heading == "" {
			o.close(b.Level - 1)
		}
		o.out.Blocks = append(o.out.Blocks, Block{Kind: "prose", Text: text, Order: o.order() + 1})
	}
}

// text writes a text of the source.
func (o *outline) text(i int, text string) {
	o.follow(i, always)
	out := *o.nodes[i].block
	out.Text, out.Order = text, o.order()+1
	o.moved[o.nodes[i].order] = out.Order
	o.out.Blocks = append(o.out.Blocks, out)
}

// order is that of the last node that was written.
func (o *outline) order() int { return len(o.out.Items) + len(o.out.Sections) + len(o.out.Blocks) }

// findOrder finds the nodes that stand in their order still, as many as can be.
func (o *outline) findOrder(now []workspace.Block, same []int) {
	var nodes []int
	for i := range now {
		if it := now[i].Item; it != nil {
			if n, ok := o.byKey[it.Key]; ok {
				nodes = append(nodes, n)
			}
		}
		if same[i] < 0 {
			continue
		}
		if n, ok := o.main[same[i]]; ok {
			nodes = append(nodes, n)
		}
		nodes = append(nodes, o.texts[same[i]]...)
	}
	o.inOrder = map[int]bool{}
	for _, n := range longestRising(nodes) {
		o.inOrder[n] = true
	}
}

// longestRising is the longest part of a list of different numbers in which each is greater than the one before it.
func longestRising(list []int) []int {
	var ends []int // by length less one: where the part of that length with the least last number ends
	before := make([]int, len(list))
	for i, n := range list {
		at, _ := slices.BinarySearchFunc(ends, n, func(end, n int) int { return cmp.Compare(list[end], n) })
		before[i] = -1
		if at > 0 {
			before[i] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, i)
		} else {
			ends[at] = i
		}
	}
	var out []int
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			out = append(out, list[i])
		}
	}
	slices.Reverse(out)
	return out
}

func always() bool { return true }

// sections counts those that are open.
func (o *outline) sections() int {
	n := 0
	for _, composite := range o.open {
		if !composite {
			n++
		}
	}
	return n
}

// begin opens a node of the source.
func (o *outline) begin(i int, composite bool) {
	o.open = append(o.open, composite)
	if i == o.last {
		o.stack = append(o.stack, true)
	}
}

// follow goes through the source up to a node, unless that was moved, and writes what a workspace has nothing of: ends of
// sections, as far as they may end.
func (o *outline) follow(to int, mayEnd func() bool) {
	if to < len(o.nodes) && !o.inOrder[to] && o.nodes[to].at != nowhere {
		return
	}
	for i := o.last + 1; i < to; i++ {
		n := &o.nodes[i]
		switch {
		case n.section != nil:
			o.stack = append(o.stack[:min(len(o.stack), max(n.section.Level-1, 0))], false)
		case n.item != nil && n.key == "":
			out := *n.item
			out.Order = o.order() + 1
			o.moved[n.order] = out.Order
			o.out.Items = append(o.out.Items, out)
			if o.composite[n.order] {
				o.open = append(o.open, true)
				o.stack = append(o.stack, true)
			}
		case n.item != nil && o.composite[n.order]:
			o.stack = append(o.stack, false)
		case n.block != nil && n.block.Kind == BlockEnd:
			top := len(o.stack) - 1
			if top >= 0 && o.stack[top] && mayEnd() {
				o.writeEnd(*n.block)
			}
			o.stack = o.stack[:max(top, 0)]
		case n.block != nil && n.at == nowhere:
			o.last = i
			o.text(i, n.block.Text)
		}
	}
	if to > o.last && to < len(o.nodes) {
		o.last = to
		if s := o.nodes[to].section; s != nil {
			o.stack = o.stack[:min(len(o.stack), max(s.Level-1, 0))]
		}
	}
}

// close ends sections until as many are open as a block has above it.
func (o *outline) close(above int) {
	for o.sections() > max(above, 1) {
		o.writeEnd(Block{Kind: BlockEnd})
		for i := len(o.stack) - 1; i >= 0; i-- {
			if o.stack[i] {
				o.stack[i] = false
				break
			}
		}
	}
}

func (o *outline) writeEnd(b Block) {
	if b.Order != 0 {
		o.moved[b.Order] = o.order() + 1
	}
	b.Order = o.order() + 1
	o.out.Blocks = append(o.out.Blocks, b)
	o.open = o.open[:max(0, len(o.open)-1)]
}

// into gives a document the outline, and to its fields the new numbers of the nodes that they belong to.
func (o *outline) into(d *Document) {
	o.follow(len(o.nodes), always)
	d.Sections, d.Blocks, d.Items, d.Fields = o.out.Sections, o.out.Blocks, o.out.Items, nil
	for _, f := range o.source.Fields {
		if order, name, ok := ofNode(f.Name); ok {
			at, there := o.moved[order]
			if !there {
				continue
			}
			f.Name = strconv.Itoa(at) + "/" + name
		}
		d.Fields = append(d.Fields, f)
	}
}
