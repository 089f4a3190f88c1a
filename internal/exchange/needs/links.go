package needs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// backOf is what sphinx-needs appends to the name of links for those read from their target.
const backOf = "_back"

// finish makes links of lists, and documents of needs.
func (r *reader) finish() {
	for _, f := range r.files {
		linking := r.linking(f)
		for _, n := range f.needs {
			r.links(n, linking)
		}
	}
	forward := r.forward()
	for _, f := range r.files {
		for _, n := range f.needs {
			r.backs(n, forward)
		}
		r.relate(f)
		r.say(f)
	}
	r.documents()
	for _, f := range r.files {
		for _, n := range f.needs {
			r.declare(n)
		}
	}
	for i := range r.tree.Types {
		r.tree.Types[i] = *r.types[r.tree.Types[i].Name]
	}
	if len(r.tree.Backwards) == 0 {
		r.tree.Backwards = nil
	}
	r.notes.Into(r.tree)
	slices.Sort(r.tree.Files)
	slices.Sort(r.tree.Others)
}

// linking are the members of a file that are links: declared ones, and lists of which one element names a need or to
// which there are links back.
func (r *reader) linking(f *file) map[string]bool {
	is := map[string]bool{"links": true}
	for name, p := range f.schema.fields {
		if p.role == "links" {
			is[name] = true
		}
	}
	for _, n := range f.needs {
		for _, b := range n.backs {
			if name := strings.TrimSuffix(b.name, backOf); f.schema.role(b.name) == "" && !isCore(name) {
				is[name] = true
			}
		}
		for _, l := range n.lists {
			if is[l.name] {
				continue
			}
			for e := range l.value.Elements() {
				if target, _ := r.target(e.Text()); target != nil {
					is[l.name] = true
					break
				}
			}
		}
	}
	return is
}

// maxDots bounds the places at which the id of a link may end and a part begin; sphinx-needs itself knows the first only.
const maxDots = 16

// target finds the need that a link names, and the part of it, if it names one: ID or ID.PART.
func (r *reader) target(written string) (n *need, part string) {
	if n := r.items[written]; n != nil {
		return n, ""
	}
	id := written
	for range maxDots {
		at := strings.LastIndexByte(id, '.')
		if at <= 0 {
			break
		}
		id = written[:at]
		if n := r.items[id]; n != nil {
			return n, written[at+1:]
		}
	}
	return nil, ""
}

// links makes links, or fields, of the lists of a need.
func (r *reader) links(n *need, linking map[string]bool) {
	inserted := 0
	for _, l := range n.lists {
		if !linking[l.name] {
			n.item.Fields = slices.Insert(n.item.Fields, l.before+inserted, n.file.field(l.name, l.value))
			inserted++
			continue
		}
		switch l.value.Kind() {
		case jsontree.Array:
			for e := range l.value.Elements() {
				r.link(n, l.name, e)
			}
		case jsontree.String:
			r.oneString(n, l)
		default:
			r.tree.Read.Links++
			r.badLink(n, l.name, l.value)
		}
	}
}

// oneString takes a string where a list of links is expected: one target, or several with commas or semicolons between.
func (r *reader) oneString(n *need, l list) {
	text := l.value.Text()
	targets := []string{text}
	if t, _ := r.target(text); t == nil {
		targets = strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ';' })
	}
	r.fault(l.value.At(), n.item.Key, false, fmt.Sprintf("%s of %s is a string, not a list; it is taken for %d links", l.name, n.item.Key, len(targets)), "write a list")
	for _, target := range targets {
		r.tree.Read.Links++
		r.addLink(n, l.name, strings.TrimSpace(target), l.value.At())
	}
}

func (r *reader) link(n *need, verb string, e jsontree.Value) {
	r.tree.Read.Links++
	if e.Kind() != jsontree.String || e.Text() == "" {
		r.badLink(n, verb, e)
		return
	}
	r.addLink(n, verb, e.Text(), e.At())
}

func (r *reader) badLink(n *need, verb string, e jsontree.Value) {
	r.notes.Lose(exchange.Loss{At: e.At(), Item: n.item.Key, What: verb + " " + e.JSON(), Why: "it is not the id of a need", Links: 1})
	r.fault(e.At(), n.item.Key, true, fmt.Sprintf("a link of %s is %s, not the id of a need", n.item.Key, e.Kind()), "write the id as a string")
}

func (r *reader) addLink(n *need, verb, written string, at exchange.Position) {
	link := exchange.Link{Verb: verb, Target: written, At: at, State: exchange.Unresolved}
	if target, part := r.target(written); target != nil {
		link.State = exchange.Unconfirmed
		if part != "" {
			link.Target, link.Written = target.item.Key, written
			link.Fields = []exchange.Field{{Name: "part", Values: []string{part}, At: at}}
			if !target.parts.Get(part).Exists() {
				r.fault(at, n.item.Key, false, fmt.Sprintf("%s links to %s, but %s has no part %s", n.item.Key, written, link.Target, part), "correct the link, or write the part")
			}
		}
	}
	n.item.Links = append(n.item.Links, link)
}

// end is a link in terms of needs.
type end struct{ verb, from, to string }

// forward are the links that are there, needed only where a file lists links back.
func (r *reader) forward() map[end]bool {
	if !slices.ContainsFunc(r.files, func(f *file) bool {
		return slices.ContainsFunc(f.needs, func(n *need) bool { return slices.ContainsFunc(n.backs, func(b list) bool { return !b.value.Empty() }) })
	}) {
		return nil
	}
	there := map[end]bool{}
	for _, f := range r.files {
		for _, n := range f.needs {
			for _, l := range n.item.Links {
				there[end{l.Verb, n.item.Key, l.Target}] = true
			}
		}
	}
	return there
}

// backs holds the links back of a need against the links that are there. One that is not there is kept as what it is.
func (r *reader) backs(n *need, forward map[end]bool) {
	for _, b := range n.backs {
		verb := strings.TrimSuffix(b.name, backOf)
		sources, ok := b.value.Strings()
		if !ok {
			if !b.value.Empty() {
				n.item.Fields = append(n.item.Fields, n.file.field(b.name, b.value))
			}
			continue
		}
		at := b.value.Elements()
		if b.value.Kind() != jsontree.Array {
			at = func(yield func(jsontree.Value) bool) { yield(b.value) }
		}
		i := 0
		for e := range at {
			r.back(n, b.name, verb, sources[i], e.At(), forward)
			i++
		}
	}
}

func (r *reader) back(n *need, name, verb, written string, at exchange.Position, forward map[end]bool) {
	source, _ := r.target(written)
	switch {
	case source == nil:
		r.tree.Read.Links++
		r.tree.Dangling = append(r.tree.Dangling, exchange.Dangling{Verb: verb, From: written, To: n.item.Key, At: at})
	case !forward[end{verb, source.item.Key, n.item.Key}]:
		r.tree.Read.Links++
		r.tree.Backwards[name] = verb
		r.fault(at, n.item.Key, false, fmt.Sprintf("%s says that %s links to it (%s), which %s itself does not say", n.item.Key, written, verb, written), "export the file again with sphinx-needs")
		n.item.Links = append(n.item.Links, exchange.Link{Verb: name, Target: source.item.Key, At: at, State: exchange.Unconfirmed})
	}
}

// relate adds the verbs of a file to those of the tree: declared ones, then those met.
func (r *reader) relate(f *file) {
	add := func(verb string) {
		if !r.relations[verb] {
			r.relations[verb] = true
			r.tree.Relations = append(r.tree.Relations, exchange.Relation{Verb: verb, Reverse: verb + backOf})
		}
	}
	for _, name := range f.schema.names {
		if f.schema.fields[name].role == "links" {
			add(name)
		}
	}
	for _, n := range f.needs {
		for _, l := range n.item.Links {
			if r.tree.Backwards[l.Verb] == "" {
				add(l.Verb)
			}
		}
	}
}

// say lists what members of a file were passed over because they say nothing of their own.
func (r *reader) say(f *file) {
	at := exchange.Position{File: f.name}
	if len(f.notSet) > 0 {
		r.tree.Changed = append(r.tree.Changed, exchange.Loss{At: at, What: "values that are not set: " + f.notSet.String(), Why: `null, "", [] and {} say in needs.json that a need does not have the option; the item has no such field`})
	}
	if len(f.usual) > 0 {
		r.tree.Changed = append(r.tree.Changed, exchange.Loss{At: at, What: "values that say nothing of their own: " + f.usual.String(), Why: "they repeat another value, or are what sphinx-needs takes where nothing is said; the item has no such field"})
	}
}
