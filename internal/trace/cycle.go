package trace

import (
	"slices"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Cycle is a circle of links of one verb, from which no item of it escapes.
type Cycle struct {
	Verb  record.Verb
	Items []project.Handle // each links to the next, the last to the first
	Links []project.LinkHandle
}

// Cycles finds, for every relation that must not run in circles, one shortest
// circle in each group of items that reach each other (Tarjan 1972, without
// recursion).
//
// goldthread:implements SRS-30
func (t *Thread) Cycles() []Cycle {
	s := t.Snapshot
	verbs := make([]bool, s.Verbs())
	for v := range verbs {
		r := t.Schema.Relation(s.Verb(project.VerbIndex(v)))
		verbs[v] = r == nil || r.Acyclic
	}
	var out []Cycle
	for v, acyclic := range verbs {
		if !acyclic {
			continue
		}
		verb := project.VerbIndex(v)
		for _, group := range t.groups(verb) {
			if c, ok := t.shortest(verb, group); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

// groups returns the strongly connected groups of the verb's links that hold a
// circle. Items that no circle can pass are peeled off first, so that the usual
// answer, none, costs one pass over the links.
func (t *Thread) groups(verb project.VerbIndex) [][]project.Handle {
	left := t.peel(verb)
	if len(left) == 0 {
		return nil
	}
	g := &tarjan{thread: t, verb: verb, number: map[project.Handle]int{}, low: map[project.Handle]int{}, on: map[project.Handle]bool{}}
	for _, h := range left {
		if g.number[h] == 0 {
			g.visit(h)
		}
	}
	return g.groups
}

// peel removes items without incoming links of the verb, again and again, and
// returns what is left.
func (t *Thread) peel(verb project.VerbIndex) []project.Handle {
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
	var left []project.Handle
	for h := range s.Handles() {
		if in[h] != gone {
			left = append(left, h)
		}
	}
	return left
}

type tarjan struct {
	thread  *Thread
	verb    project.VerbIndex
	counter int
	number  map[project.Handle]int
	low     map[project.Handle]int
	on      map[project.Handle]bool
	stack   []project.Handle
	groups  [][]project.Handle
}

type frame struct {
	item  project.Handle
	edges []project.Handle
}

func (g *tarjan) enter(h project.Handle) frame {
	g.counter++
	g.number[h], g.low[h], g.on[h] = g.counter, g.counter, true
	g.stack = append(g.stack, h)
	var next []project.Handle
	for e := range g.thread.Snapshot.Out(h).All() {
		if e.Verb == g.verb {
			next = append(next, e.Node)
		}
	}
	return frame{h, next}
}

func (g *tarjan) visit(root project.Handle) {
	frames := []frame{g.enter(root)}
	for len(frames) > 0 {
		f := &frames[len(frames)-1]
		if len(f.edges) > 0 {
			next := f.edges[0]
			f.edges = f.edges[1:]
			if g.number[next] == 0 {
				frames = append(frames, g.enter(next))
			} else if g.on[next] {
				g.low[f.item] = min(g.low[f.item], g.number[next])
			}
			continue
		}
		h := f.item
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			up := frames[len(frames)-1].item
			g.low[up] = min(g.low[up], g.low[h])
		}
		if g.low[h] == g.number[h] {
			g.leave(h)
		}
	}
}

func (g *tarjan) leave(h project.Handle) {
	i := slices.Index(g.stack, h)
	group := slices.Clone(g.stack[i:])
	g.stack = g.stack[:i]
	for _, x := range group {
		g.on[x] = false
	}
	if len(group) > 1 || g.selfLink(h) {
		slices.Sort(group)
		g.groups = append(g.groups, group)
	}
}

func (g *tarjan) selfLink(h project.Handle) bool {
	for e := range g.thread.Snapshot.Out(h).All() {
		if e.Verb == g.verb && e.Node == h {
			return true
		}
	}
	return false
}

// shortest returns a shortest circle through the first item of the group that
// has one of that length; all items of a group lie on some circle.
func (t *Thread) shortest(verb project.VerbIndex, group []project.Handle) (Cycle, bool) {
	s := t.Snapshot
	start := group[0]
	type arrival struct {
		from project.Handle
		link project.LinkHandle
	}
	arrived := map[project.Handle]arrival{}
	queue := []project.Handle{start}
	for len(queue) > 0 {
		h := queue[0]
		queue = queue[1:]
		for e := range s.Out(h).All() {
			if e.Verb != verb {
				continue
			}
			if e.Node == start {
				c := Cycle{Verb: s.Verb(verb), Items: []project.Handle{h}, Links: []project.LinkHandle{e.Link}}
				for h != start {
					a := arrived[h]
					h = a.from
					c.Items, c.Links = append(c.Items, h), append(c.Links, a.link)
				}
				slices.Reverse(c.Items)
				slices.Reverse(c.Links)
				return c, true
			}
			if _, seen := arrived[e.Node]; !seen && slices.Contains(group, e.Node) {
				arrived[e.Node] = arrival{h, e.Link}
				queue = append(queue, e.Node)
			}
		}
	}
	return Cycle{}, false
}
