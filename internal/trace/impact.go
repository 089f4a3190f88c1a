package trace

import (
	"github.com/goldthread/goldthread/internal/project"
)

// Closure is everything that a walk from one item reaches, in the order of
// their distance. It holds one shortest path to each.
type Closure struct {
	Start   project.Handle
	handles []project.Handle
	from    []uint32 // index of the item before, in handles
	links   []project.LinkHandle
}

// Len is the number of items reached, without the start.
func (c *Closure) Len() int { return len(c.handles) - 1 }

// At returns the i-th item reached, from 0, nearest first.
func (c *Closure) At(i int) project.Handle { return c.handles[i+1] }

// Path returns the steps from the start to the i-th item reached.
func (c *Closure) Path(s *project.Snapshot, i int) []Step {
	n := 0
	for at := uint32(i + 1); at != 0; at = c.from[at] {
		n++
	}
	path := make([]Step, n)
	for at := uint32(i + 1); at != 0; at = c.from[at] {
		n--
		to := c.handles[at]
		path[n] = Step{Link: c.links[at], From: c.handles[c.from[at]], To: to, Forward: s.Link(c.links[at]).Target == to}
	}
	return path
}

// Depth is the number of steps to the i-th item reached.
func (c *Closure) Depth(i int) int {
	n := 0
	for at := uint32(i + 1); at != 0; at = c.from[at] {
		n++
	}
	return n
}

// Impact walks from an item in one direction and returns all it reaches,
// missing items included, retired ones not.
//
// goldthread:implements SRS-34, SRS-69
func (t *Thread) Impact(start project.Handle, d Direction) *Closure {
	var w Walker
	return t.Walk(&w, start, d).clone()
}

// Walker holds the memory of a walk, so that many walks need it once. Its
// Closure is good until the next walk.
type Walker struct {
	closure Closure
	seen    []uint64
}

func (c *Closure) clone() *Closure {
	return &Closure{Start: c.Start, handles: append([]project.Handle(nil), c.handles...), from: append([]uint32(nil), c.from...),
		links: append([]project.LinkHandle(nil), c.links...)}
}

// Walk is Impact with the caller's memory.
func (t *Thread) Walk(w *Walker, start project.Handle, d Direction) *Closure {
	s, c := t.Snapshot, w.begin(t, start)
	follow := &t.follow[d]
	for at := 0; at < len(c.handles); at++ {
		h := c.handles[at]
		w.spread(s.Out(h), follow.out, uint32(at))
		w.spread(s.In(h), follow.in, uint32(at))
	}
	return c
}

// begin forgets the walk before and starts one.
func (w *Walker) begin(t *Thread, start project.Handle) *Closure {
	c := &w.closure
	words := int(t.Snapshot.Handles()+63) / 64
	if len(w.seen) < words {
		w.seen = make([]uint64, words)
	} else if len(c.handles)*64 < words { // few to forget: forget them one by one
		for _, h := range c.handles {
			w.seen[h>>6] &^= 1 << (h & 63)
		}
	} else {
		clear(w.seen)
	}
	c.Start = start
	c.handles = append(c.handles[:0], start)
	c.from = append(c.from[:0], 0)
	c.links = append(c.links[:0], 0)
	w.seen[start>>6] |= 1 << (start & 63)
	return c
}

// spread takes in the far ends of edges that are not seen yet.
func (w *Walker) spread(edges *project.Edges, follow []bool, at uint32) {
	c := &w.closure
	for i := 0; ; i++ {
		chunk := edges.Chunk(i)
		if chunk == nil {
			return
		}
		for k := range chunk {
			e := &chunk[k]
			word, bit := e.Node>>6, uint64(1)<<(e.Node&63)
			if w.seen[word]&bit != 0 || !follow[e.Verb] {
				continue
			}
			w.seen[word] |= bit
			c.handles = append(c.handles, e.Node)
			c.from = append(c.from, at)
			c.links = append(c.links, e.Link)
		}
	}
}
