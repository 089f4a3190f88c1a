package exchange

import (
	"cmp"
	"slices"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// Origin is what an import brought in the last time. Project takes from it what has no home in a workspace: settings and
// attributes of documents and sections, where the outline of the source is not that of Markdown, attributes that the
// mapping leaves out.
type Origin struct {
	Source    *Tree
	Documents []*workspace.Document // what its documents were made, in their order
	Converted *Converted
	keys      []record.Key // what its items were made, in their order; "" for those that were not taken
}

// NewOrigin converts a source as an import did. The caller may put documents in the place of Documents that were
// written and read again.
func NewOrigin(t *Tree, sch *schema.Schema, options Options) *Origin {
	c := convert(t, sch, options)
	o := &Origin{Source: t, Documents: c.out.Documents, Converted: c.out}
	for _, it := range c.tree.All() {
		key := c.keys[it]
		if c.items[it] == nil {
			key = ""
		}
		o.keys = append(o.keys, key)
	}
	return o
}

// match finds for each document the one of the origin that it is: that of the same path, else that of most of its items,
// else that of its title; -1 for none.
func (o *Origin) match(now []*workspace.Document) []int {
	out := slices.Repeat([]int{-1}, len(now))
	taken := make([]bool, len(o.Documents))
	take := func(i, j int) {
		if out[i] < 0 && !taken[j] {
			out[i], taken[j] = j, true
		}
	}
	byPath, byTitle, home := map[string]int{}, map[string]int{}, map[record.Key]int{}
	for j, d := range o.Documents {
		byPath[d.Path] = j
		if _, there := byTitle[d.Title()]; !there {
			byTitle[d.Title()] = j
		}
		for it := range d.Items() {
			home[it.Key] = j
		}
	}
	for i, d := range now {
		if j, ok := byPath[d.Path]; ok {
			take(i, j)
		}
	}
	for i, d := range now {
		votes := map[int]int{}
		best := -1
		for it := range d.Items() {
			if j, ok := home[it.Key]; ok && !taken[j] {
				if votes[j]++; best < 0 || votes[j] > votes[best] || votes[j] == votes[best] && j < best {
					best = j
				}
			}
		}
		if best >= 0 {
			take(i, best)
		}
	}
	for i, d := range now {
		if j, ok := byTitle[d.Title()]; ok {
			take(i, j)
		}
	}
	return out
}

// restorer brings a tree of a project to what its source says of the same.
type restorer struct {
	origin  *Origin
	then    *Tree // an export of what the source was made
	pairs   map[record.Key]pair
	keys    [][]record.Key // of the items of each document of the source
	leveled bool           // items of the source say their levels
	typed   bool           // and their types
}

// pair is an item of the source, and what an export of just that would say of it.
type pair struct{ source, then *Item }

// restore gives the tree of documents what has no home in a workspace. What a project says of itself in the same way
// as it did when it came from the source is as the source says it; all else stands as it does now.
//
// goldthread:implements SRS-73
func (p *projector) restore(docs []*workspace.Document, matched []int) {
	r := newRestorer(p)
	restored := make([]*Document, len(r.origin.Documents))
	var others []Document
	for i, d := range docs {
		now := &p.tree.Documents[i]
		items := r.items(d, now)
		if j := matched[i]; j >= 0 {
			restored[j] = r.document(j, d, now, items)
		} else {
			others = append(others, *now)
		}
	}
	p.tree.Documents = nil
	for _, d := range restored {
		if d != nil {
			p.tree.Documents = append(p.tree.Documents, *d)
		}
	}
	p.tree.Documents = append(p.tree.Documents, others...)
	for i := range p.tree.Documents {
		for j := range p.tree.Documents[i].Items {
			p.tree.Documents[i].Items[j].Document = p.tree.Documents[i].Key
		}
	}
	files := p.tree.Read.Files
	p.tree.Read = p.tree.counted()
	p.tree.Read.Files = files
	r.about(p.tree)
}

func newRestorer(p *projector) *restorer {
	options := p.options
	options.Origin, options.File, options.State = nil, nil, nil
	o := p.options.Origin
	r := &restorer{origin: o, then: projectAll(o.Documents, p.schema, options), pairs: map[record.Key]pair{}, keys: make([][]record.Key, len(o.Documents))}
	thens := map[record.Key]*Item{}
	for i, d := range o.Documents {
		j := 0
		for it := range d.Items() {
			thens[it.Key] = &r.then.Documents[i].Items[j]
			j++
		}
	}
	n := 0
	for i := range o.Source.Documents {
		d := &o.Source.Documents[i]
		r.keys[i] = o.keys[n : n+len(d.Items)]
		n += len(d.Items)
		for j := range d.Items {
			r.leveled, r.typed = r.leveled || d.Items[j].Level != "", r.typed || d.Items[j].Type != ""
			if then := thens[r.keys[i][j]]; then != nil {
				r.pairs[r.keys[i][j]] = pair{&d.Items[j], then}
			}
		}
	}
	return r
}

// items restores the items of a document, and gives them by their keys here.
func (r *restorer) items(d *workspace.Document, now *Document) map[record.Key]*Item {
	byKey := map[record.Key]*Item{}
	j := 0
	for it := range d.Items() {
		out := &now.Items[j]
		j++
		if p, ok := r.pairs[it.Key]; ok {
			order := out.Order
			*out = r.item(p, out)
			out.Order = order
		} else {
			r.likeSource(out)
		}
		byKey[it.Key] = out
	}
	return byKey
}

// likeSource takes off a new item what the source says of none.
func (r *restorer) likeSource(it *Item) {
	if !r.leveled {
		it.Level = ""
	}
	if !r.typed { // the key says what it is
		it.Type = ""
	}
}

// document is a document of the source as it is now.
func (r *restorer) document(j int, d *workspace.Document, now *Document, items map[record.Key]*Item) *Document {
	source, was := &r.origin.Source.Documents[j], r.origin.Documents[j]
	out := *source
	out.Title = changed(source.Title, r.then.Documents[j].Title, now.Title)
	if frame(d) != frame(was) {
		newOutline(source, r.keys[j], was, d, items).into(&out)
		return &out
	}
	out.Items = slices.Clone(source.Items)
	for i, key := range r.keys[j] {
		if it := items[key]; it != nil { // those that were never taken stay as they are
			out.Items[i] = *it
			out.Items[i].Order = source.Items[i].Order
		}
	}
	return &out
}

// about brings what is said of the tree as a whole together.
func (r *restorer) about(next *Tree) {
	source := r.origin.Source
	next.Markup, next.Tool = cmp.Or(source.Markup, next.Markup), source.Tool
	next.Backwards, next.Dangling = source.Backwards, source.Dangling
	next.Types = unionTypes(source.Types, next.Types)
	relations := slices.Clone(source.Relations)
	for _, n := range next.Relations {
		if !slices.ContainsFunc(relations, func(o Relation) bool { return o.Verb == n.Verb }) {
			relations = append(relations, n)
		}
	}
	next.Relations = relations
}

// unionTypes are types of a source, and what new items have beside.
func unionTypes(source, next []Type) []Type {
	out := slices.Clone(source)
	for _, n := range next {
		at := slices.IndexFunc(out, func(o Type) bool { return o.Name == n.Name })
		if at < 0 {
			out = append(out, n)
			continue
		}
		attributes := slices.Clone(out[at].Attributes)
		for _, a := range n.Attributes {
			if !slices.ContainsFunc(attributes, func(o Attribute) bool { return o.Name == a.Name }) {
				attributes = append(attributes, a)
			}
		}
		out[at].Attributes = attributes
	}
	return out
}

// changed is what the source says, unless the project says something else than it did.
func changed[T comparable](source, then, now T) T {
	if now == then {
		return source
	}
	return now
}
