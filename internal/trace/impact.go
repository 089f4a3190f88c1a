package trace

import (
	"slices"
	"sort"

	"github.com/goldthread/goldthread/internal/project"
)

// Closure is everything that a walk from one item reaches, in the order of
// their distance. It tells one shortest path to each, always the same one.
type Closure struct {
	Start   project.Handle
	handles []project.Handle
	levels  []int                // where each distance begins in handles
	from    []uint32             // index of the item before, in handles; for the first ones
	links   []project.LinkHandle // that lead there; for the first ones
	follow  *ways
}

// Len is the number of items reached, without the start.
func (c *Closure) Len() int { return len(c.handles) - 1 }

// At returns the i-th item reached, from 0, nearest first.
func (c *Closure) At(i int) project.Handle { return c.handles[i+1] }

// Depth is the number of steps to the i-th item reached.
func (c *Closure) Depth(i int) int { return c.level(i + 1) }

func (c *Closure) level(at int) int {
	return sort.Search(len(c.levels), func(k int) bool { return c.levels[k] > at }) - 1
}

// Path returns the steps from the start to the i-th item reached.
func (c *Closure) Path(s *project.Snapshot, i int) []Step {
	at := i + 1
	path := make([]Step, c.level(at))
	for n := len(path) - 1; n >= 0; n-- {
		before, link := c.before(s, at)
		to := c.handles[at]
		path[n] = Step{Link: link, From: c.handles[before], To: to, Forward: s.Link(link).Target == to}
		at = before
	}
	return path
}

// before finds the item before the one at an index, and the link between them.
// Where the walk was wide nothing was written down: it is the first link, as
// they were made, to an item one step nearer.
func (c *Closure) before(s *project.Snapshot, at int) (int, project.LinkHandle) {
	if at < len(c.from) {
		return int(c.from[at]), c.links[at]
	}
	level := c.level(at)
	from, to := c.levels[level-1], c.levels[level]
	nearer := c.handles[from:to] // ascending
	search := func(edges *project.Edges, follow []bool) (int, project.LinkHandle, bool) {
		for e := range edges.All() {
			if !follow[e.Verb] {
				continue
			}
			if i, found := slices.BinarySearch(nearer, e.Node); found {
				return from + i, e.Link, true
			}
		}
		return 0, 0, false
	}
	h := c.handles[at]
	if i, link, found := search(s.In(h), c.follow.out); found {
		return i, link
	}
	i, link, _ := search(s.Out(h), c.follow.in)
	return i, link
}

// Impact walks from an item in one direction and returns all it reaches,
// missing and retired items included.
//
// goldthread:implements SRS-34, SRS-69
func (t *Thread) Impact(start project.Handle, d Direction) *Closure {
	var w Walker
	return t.Walk(&w, start, d)
}

// Walker holds the memory of a walk, so that many walks need it once. Its
// Closure is good until the next walk.
type Walker struct {
	closure Closure
	seen    []uint64
	wide    wideWalk
}

// Walk is Impact with the caller's memory.
func (t *Thread) Walk(w *Walker, start project.Handle, d Direction) *Closure {
	s, c := t.Snapshot, w.begin(t, start, &t.follow[d])
	end := 1 // of the level at hand
	for at := 0; at < len(c.handles); at++ {
		if at == end {
			if len(c.handles)-end >= wideLevel {
				w.walkWide(s, end)
				return c
			}
			c.levels = append(c.levels, end)
			end = len(c.handles)
		}
		h := c.handles[at]
		if c.follow.anyOut {
			w.spread(s.Out(h), c.follow.out, uint32(at))
		}
		if c.follow.anyIn {
			w.spread(s.In(h), c.follow.in, uint32(at))
		}
	}
	return c
}

// begin forgets the walk before and starts one.
func (w *Walker) begin(t *Thread, start project.Handle, follow *ways) *Closure {
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
	c.Start, c.follow = start, follow
	c.handles = append(c.handles[:0], start)
	c.levels = append(c.levels[:0], 0)
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
