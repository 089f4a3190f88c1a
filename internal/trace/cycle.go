package trace

import (
	"slices"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Cycle is a circle of links of one verb between items in use.
type Cycle struct {
	Verb  record.Verb
	Items []project.Handle // each links to the next, the last to the first
	Links []project.LinkHandle
	// Entangled are further items that stand on circles with these, where the
	// group is too large for every item to be shown on one of its own.
	Entangled []project.Handle
}

// Cycles finds, for every relation that must not run in circles, circles that
// together name every item that stands on one: in each group of items that reach
// each other (Tarjan 1972, without recursion) a shortest circle through the
// first item, then one through the first item that no circle has named yet.
//
// goldthread:implements SRS-30
func (t *Thread) Cycles() []Cycle {
	s := t.Snapshot
	var out []Cycle
	for v := range s.Verbs() {
		verb := project.VerbIndex(v)
		if r := t.Schema.Relation(s.Verb(verb)); r != nil && !r.Acyclic {
			continue
		}
		g := t.peel(verb)
		if g == nil {
			continue
		}
		for _, group := range g.groups() {
			out = append(out, g.circles(group)...)
		}
	}
	return out
}

// circleGraph are the links of one verb between items that a circle may pass.
// Its arrays are by handle.
type circleGraph struct {
	thread *Thread
	verb   project.VerbIndex
	left   []project.Handle // ascending
	on     []bool           // among left
	group  []uint32         // number of the group, from 1
	steps  int              // of searches for circles
}

// peel removes items that no link of the verb leads to, again and again, and
// returns what is left, nil where that is nothing: the usual answer costs one
// pass over the links.
func (t *Thread) peel(verb project.VerbIndex) *circleGraph {
	s := t.Snapshot
	in := make([]uint32, s.Handles())
	seen := false
	for _, l := range s.AllLinks() {
		if l.Verb == verb {
			in[l.Target]++
			seen = true
		}
	}
	if !seen {
		return nil
	}
	free := make([]project.Handle, 0, 64)
	const gone = ^uint32(0)
	for h := range s.Handles() {
		if in[h] == 0 {
			free = append(free, h)
		}
	}
	for len(free) > 0 {
		h := free[len(free)-1]
		free = free[:len(free)-1]
		in[h] = gone
		for e := range s.Out(h).All() {
			if e.Verb != verb {
				continue
			}
			if in[e.Node]--; in[e.Node] == 0 {
				free = append(free, e.Node)
			}
		}
	}
	var g *circleGraph
	for h := range s.Handles() {
		if in[h] == gone || !s.Node(h).Present() {
			continue // what is out of use is on no circle
		}
		if g == nil {
			g = &circleGraph{thread: t, verb: verb, on: make([]bool, s.Handles())}
		}
		g.left, g.on[h] = append(g.left, h), true
	}
	return g
}

// next yields the edges that a circle may go along.
func (g *circleGraph) next(h project.Handle, yield func(project.Edge) bool) {
	for e := range g.thread.Snapshot.Out(h).All() {
		if e.Verb == g.verb && g.on[e.Node] && !yield(e) {
			return
		}
	}
}

// tarjan finds the groups.
type tarjan struct {
	graph   *circleGraph
	counter uint32
	number  []uint32 // by handle, from 1
	low     []uint32
	stack   []project.Handle
	frames  []frame
	found   [][]project.Handle
}

// frame is an item whose edges are being followed.
type frame struct {
	item project.Handle
	to   []project.Handle // not followed yet
}

// groups returns the groups of items that reach each other along the verb, by
// their first items.
func (g *circleGraph) groups() [][]project.Handle {
	n := len(g.on)
	g.group = make([]uint32, n)
	f := &tarjan{graph: g, number: make([]uint32, n), low: make([]uint32, n)}
	for _, h := range g.left {
		if f.number[h] == 0 {
			f.visit(h)
		}
	}
	slices.SortFunc(f.found, func(a, b []project.Handle) int { return int(int64(a[0]) - int64(b[0])) })
	for i, group := range f.found {
		for _, h := range group {
			g.group[h] = uint32(i + 1)
		}
	}
	return f.found
}

func (f *tarjan) enter(h project.Handle) {
	f.counter++
	f.number[h], f.low[h] = f.counter, f.counter
	f.stack = append(f.stack, h)
	var to []project.Handle
	f.graph.next(h, func(e project.Edge) bool { to = append(to, e.Node); return true })
	f.frames = append(f.frames, frame{h, to})
}

// done is the lowest link of an item whose group is known.
const done = ^uint32(0)

func (f *tarjan) visit(root project.Handle) {
	f.enter(root)
	for len(f.frames) > 0 {
		top := &f.frames[len(f.frames)-1]
		h := top.item
		if len(top.to) > 0 {
			next := top.to[0]
			top.to = top.to[1:]
			if f.number[next] == 0 {
				f.enter(next)
			} else if f.low[next] != done {
				f.low[h] = min(f.low[h], f.number[next])
			}
			continue
		}
		f.frames = f.frames[:len(f.frames)-1]
		low := f.low[h]
		if low == f.number[h] {
			f.leave(h)
		}
		if n := len(f.frames); n > 0 && f.low[h] != done {
			up := f.frames[n-1].item
			f.low[up] = min(f.low[up], low)
		}
	}
}

// leave takes the group of which h was entered first from the stack.
func (f *tarjan) leave(h project.Handle) {
	i := len(f.stack) - 1
	for f.stack[i] != h {
		i--
	}
	group := slices.Clone(f.stack[i:])
	f.stack = f.stack[:i]
	for _, x := range group {
		f.low[x] = done
	}
	if len(group) > 1 || f.graph.toItself(h) {
		slices.Sort(group)
		f.found = append(f.found, group)
	}
}

func (g *circleGraph) toItself(h project.Handle) bool {
	found := false
	g.next(h, func(e project.Edge) bool { found = e.Node == h; return !found })
	return found
}

// maxCircleSteps bounds the search for circles in one relation; a search may
// take as many steps as the group has links.
const maxCircleSteps = 20_000_000

// circles returns circles that name every item of a group.
func (g *circleGraph) circles(group []project.Handle) []Cycle {
	var out []Cycle
	named := make(map[project.Handle]bool, len(group))
	for _, h := range group {
		if named[h] {
			continue
		}
		if len(out) > 0 && g.steps > maxCircleSteps {
			first := &out[0]
			for _, x := range group {
				if !named[x] {
					first.Entangled = append(first.Entangled, x)
				}
			}
			return out
		}
		c := g.shortest(h)
		for _, x := range c.Items {
			named[x] = true
		}
		out = append(out, c)
	}
	return out
}

// arrival is how a search came to an item.
type arrival struct {
	from project.Handle
	link project.LinkHandle
}

// shortest returns a shortest circle through an item of a group; there is one.
func (g *circleGraph) shortest(start project.Handle) Cycle {
	s := g.thread.Snapshot
	arrived := map[project.Handle]arrival{}
	var closing arrival
	closed := false
	for queue := []project.Handle{start}; len(queue) > 0 && !closed; queue = queue[1:] {
		h := queue[0]
		g.next(h, func(e project.Edge) bool {
			g.steps++
			if e.Node == start {
				closing, closed = arrival{h, e.Link}, true
				return false
			}
			if _, seen := arrived[e.Node]; !seen && g.group[e.Node] == g.group[start] {
				arrived[e.Node] = arrival{h, e.Link}
				queue = append(queue, e.Node)
			}
			return true
		})
	}
	c := Cycle{Verb: s.Verb(g.verb), Items: []project.Handle{closing.from}, Links: []project.LinkHandle{closing.link}}
	for h := closing.from; h != start; {
		a := arrived[h]
		h = a.from
		c.Items, c.Links = append(c.Items, h), append(c.Links, a.link)
	}
	slices.Reverse(c.Items)
	slices.Reverse(c.Links)
	return c
}
