package trace

import (
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"github.com/goldthread/goldthread/internal/project"
)

// wideLevel is the number of items at one distance from which on a walk goes on
// with all processors: each looks at a part of the level and marks what it finds
// in a set of its own. The sets are joined at the end of the level, so that the
// next one is in ascending order, whoever found what, and memory is read nearly
// in order. Paths are found again when they are asked for.
const wideLevel = 4096

// walkWide goes on with the level that begins at an index of the closure.
func (w *Walker) walkWide(s *project.Snapshot, begin int) {
	c := &w.closure
	w.sortLevel(begin)
	words := len(w.seen)
	workers := runtime.GOMAXPROCS(0)
	for len(w.wide) < workers {
		w.wide = append(w.wide, nil)
	}
	for i := range workers {
		if len(w.wide[i]) < words {
			w.wide[i] = make([]uint64, words)
		}
	}
	for begin < len(c.handles) {
		c.levels = append(c.levels, begin)
		level := c.handles[begin:]
		begin = len(c.handles)
		each := (len(level) + workers - 1) / workers
		var wait sync.WaitGroup
		for i := range workers {
			part := level[min(i*each, len(level)):min((i+1)*each, len(level))]
			wait.Go(func() { w.mark(s, part, w.wide[i]) })
		}
		wait.Wait()
		w.join(workers)
	}
}

// sortLevel puts the last level into ascending order. Nothing refers to its
// indexes yet.
func (w *Walker) sortLevel(begin int) {
	type reached struct {
		handle project.Handle
		from   uint32
		link   project.LinkHandle
	}
	c := &w.closure
	level := make([]reached, len(c.handles)-begin)
	for i := range level {
		level[i] = reached{c.handles[begin+i], c.from[begin+i], c.links[begin+i]}
	}
	slices.SortFunc(level, func(a, b reached) int { return int(int64(a.handle) - int64(b.handle)) })
	for i, r := range level {
		c.handles[begin+i], c.from[begin+i], c.links[begin+i] = r.handle, r.from, r.link
	}
}

// mark puts the far ends of the edges of a part of a level into a set. The set
// of what was seen does not change meanwhile.
func (w *Walker) mark(s *project.Snapshot, part []project.Handle, found []uint64) {
	follow := w.closure.follow
	for _, h := range part {
		if follow.anyOut {
			w.markEdges(s.Out(h), follow.out, found)
		}
		if follow.anyIn {
			w.markEdges(s.In(h), follow.in, found)
		}
	}
}

func (w *Walker) markEdges(edges *project.Edges, follow []bool, found []uint64) {
	for i := 0; ; i++ {
		chunk := edges.Chunk(i)
		if chunk == nil {
			return
		}
		for k := range chunk {
			e := &chunk[k]
			if word, bit := e.Node>>6, uint64(1)<<(e.Node&63); w.seen[word]&bit == 0 && follow[e.Verb] {
				found[word] |= bit
			}
		}
	}
}

// join makes the next level of what the workers have found, in ascending order,
// and empties their sets.
func (w *Walker) join(workers int) {
	c := &w.closure
	for word := range w.seen {
		var found uint64
		for _, set := range w.wide[:workers] {
			found |= set[word]
			set[word] = 0
		}
		w.seen[word] |= found
		for ; found != 0; found &= found - 1 {
			c.handles = append(c.handles, project.Handle(word*64+bits.TrailingZeros64(found)))
		}
	}
}
