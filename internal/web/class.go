package web

import (
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// classField is the field that holds a software safety class.
const classField = "safety class"

// class is the software safety class of an item and where it comes from.
type class struct {
	Letter    string // "" where the kind has none
	Inherited record.Key
	Undecided bool // nobody has decided it, so it is handled as C [62304 4.3.g]
}

// String is the class in a cell of a table.
func (c class) String() string {
	switch {
	case c.Undecided:
		return c.Letter + ", undecided"
	case c.Inherited != "":
		return c.Letter + ", of " + string(c.Inherited)
	}
	return c.Letter
}

// classes works classes out: an item without one has that of what it is part
// of [62304 4.3.d], a system without one is C [62304 4.3.g].
type classes struct {
	thread *trace.Thread
	partOf project.VerbIndex
	parts  bool // some link says part of
	known  map[project.Handle]class
}

func newClasses(t *trace.Thread) *classes {
	c := &classes{thread: t, known: map[project.Handle]class{}}
	c.partOf, c.parts = t.Snapshot.VerbIndex(schema.VerbPartOf)
	return c
}

// fill works out the class of every item, so that of can be asked by many at once.
func (c *classes) fill() {
	for h := range c.thread.Snapshot.All() {
		c.work(h, map[project.Handle]bool{})
	}
}

// of returns the class of an item.
func (c *classes) of(h project.Handle) class { return c.known[h] }

func (c *classes) work(h project.Handle, above map[project.Handle]bool) class {
	if known, ok := c.known[h]; ok {
		return known
	}
	n := c.thread.Snapshot.Node(h)
	kind := c.thread.Schema.Kind(n.Item.Kind)
	var found class
	switch own := n.Item.Value(classField); {
	case kind == nil || kind.Field(classField) == nil:
	case own != "":
		found = class{Letter: own}
	case c.isSoftware(n.Item.Kind):
		found = c.inherited(h, above)
	}
	c.known[h] = found
	return found
}

// isSoftware reports whether a kind has a class whether or not it says one.
func (c *classes) isSoftware(k record.Kind) bool {
	sch := c.thread.Schema
	return sch.Is(k, schema.KindSWS) || sch.Is(k, schema.KindSWI) || sch.Is(k, schema.KindSWU) || sch.Is(k, schema.KindSOUP)
}

func (c *classes) inherited(h project.Handle, above map[project.Handle]bool) class {
	above[h] = true
	if c.parts {
		for e := range c.thread.Snapshot.Out(h).All() {
			parent := c.thread.Snapshot.Node(e.Node)
			if e.Verb != c.partOf || !parent.Present() || above[e.Node] || !c.isSoftware(parent.Item.Kind) {
				continue
			}
			from := c.work(e.Node, above)
			if from.Inherited == "" && !from.Undecided {
				from.Inherited = parent.Item.Key
			}
			return from
		}
	}
	return class{Letter: "C", Undecided: true}
}

// system is a software system with its class.
type system struct {
	Key, Title, URL, Class string
	Undecided              bool
}

// systems lists the software systems in the order of their keys.
func (v *view) systems() []system {
	var out []system
	for _, h := range v.thread.Of([]record.Kind{schema.KindSWS}) {
		it, c := &v.Snapshot.Node(h).Item, v.classes.of(h)
		out = append(out, system{string(it.Key), it.Title, v.itemURL(it.Key), c.Letter, c.Undecided})
	}
	return out
}
