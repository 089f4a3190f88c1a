package trace

import (
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/goldthread/goldthread/internal/project"
)

// wideLevel is the number of items at one distance from which on a walk goes on
// with all processors, level by level. Levels are in ascending order, whoever
// found what, so that memory is read nearly in order and the answer is always
// the same. Paths are found again when they are asked for.
const wideLevel = 4096

// wideWalk is the memory of a wide walk.
type wideWalk struct {
	found         [][]uint64 // what each worker has found
	level         []uint64   // the level at hand, as a set
	out, in       []uint64   // by verb: all bits where its links are followed
	anyOut, anyIn bool
	snapshot      *project.Snapshot
	handles       int // of the snapshot
	workers       int
}

// walkWide goes on with the level that begins at an index of the closure. While
// a level is smaller than what is not reached yet, its items are asked what they
// lead to; when it is larger, what is not reached is asked whether it can be
// reached from the level, which ends at the first link that says so (Beamer,
// Asanović, Patterson 2012).
func (w *Walker) walkWide(s *project.Snapshot, begin int) {
	c := &w.closure
	w.sortLevel(begin)
	defer func() { w.wide.snapshot = nil }() // nobody may keep it alive
	w.prepareWide(s)
	for begin < len(c.handles) {
		c.levels = append(c.levels, begin)
		level := c.handles[begin:]
		begin = len(c.handles)
		switch left := w.wide.handles - len(c.handles); {
		case left == 0:
			return
		case len(level) < left:
			w.ask(level)
		default:
			w.askWhatIsLeft(level)
		}
		w.join()
	}
}

func (w *Walker) prepareWide(s *project.Snapshot) {
	x, words, follow := &w.wide, len(w.seen), w.closure.follow
	x.snapshot, x.handles, x.workers = s, int(s.Handles()), runtime.GOMAXPROCS(0)
	x.anyOut, x.anyIn = follow.anyOut, follow.anyIn
	x.out, x.in = masks(x.out, follow.out), masks(x.in, follow.in)
	for len(x.found) < x.workers {
		x.found = append(x.found, nil)
	}
	for i := range x.workers {
		if len(x.found[i]) < words {
			x.found[i] = make([]uint64, words)
		}
	}
	if len(x.level) < words {
		x.level = make([]uint64, words)
	}
}

// masks are sets of all bits, or none, in place of truths: they are joined
// without a branch that no processor could foresee.
func masks(dst []uint64, follow []bool) []uint64 {
	dst = dst[:0]
	for _, f := range follow {
		var m uint64
		if f {
			m = ^m
		}
		dst = append(dst, m)
	}
	return dst
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

// each does work on n things on all processors, in parts that whoever is free
// takes: items that came in early have more links than others.
func (x *wideWalk) each(n, part int, work func(worker, from, to int)) {
	var wait sync.WaitGroup
	var next atomic.Int64
	for i := range x.workers {
		wait.Go(func() {
			for from := int(next.Add(int64(part))) - part; from < n; from = int(next.Add(int64(part))) - part {
				work(i, from, min(from+part, n))
			}
		})
	}
	wait.Wait()
}

// ask marks what the items of a level lead to.
func (w *Walker) ask(level []project.Handle) {
	x := &w.wide
	x.each(len(level), 1024, func(worker, from, to int) {
		for _, h := range level[from:to] {
			if x.anyOut {
				mark(x.snapshot.Out(h), x.out, x.found[worker])
			}
			if x.anyIn {
				mark(x.snapshot.In(h), x.in, x.found[worker])
			}
		}
	})
}

// mark puts the far ends of edges into a set, those seen before too: looking
// would take longer.
func mark(edges *project.Edges, follow, found []uint64) {
	for i := 0; ; i++ {
		chunk := edges.Chunk(i)
		if chunk == nil {
			return
		}
		for k := range chunk {
			e := &chunk[k]
			found[e.Node>>6] |= 1 << (e.Node & 63) & follow[e.Verb]
		}
	}
}

// askWhatIsLeft marks the items not reached yet that a level leads to.
func (w *Walker) askWhatIsLeft(level []project.Handle) {
	x := &w.wide
	for _, h := range level {
		x.level[h>>6] |= 1 << (h & 63)
	}
	words := (x.handles + 63) / 64
	x.each(words, 64, func(worker, from, to int) {
		for word := from; word < to; word++ {
			left := ^w.seen[word]
			if word == x.handles>>6 {
				left &= 1<<(x.handles&63) - 1
			}
			for ; left != 0; left &= left - 1 {
				bit := bits.TrailingZeros64(left)
				h := project.Handle(word*64 + bit)
				if x.anyOut && reachedFrom(x.snapshot.In(h), x.out, x.level) || x.anyIn && reachedFrom(x.snapshot.Out(h), x.in, x.level) {
					x.found[worker][word] |= 1 << bit
				}
			}
		}
	})
	for _, h := range level {
		x.level[h>>6] = 0
	}
}

// reachedFrom reports whether an edge that is followed has its far end in a set.
func reachedFrom(edges *project.Edges, follow, set []uint64) bool {
	for i := 0; ; i++ {
		chunk := edges.Chunk(i)
		if chunk == nil {
			return false
		}
		for k := range chunk {
			e := &chunk[k]
			if set[e.Node>>6]>>(e.Node&63)&1&follow[e.Verb] != 0 {
				return true
			}
		}
	}
}

// join makes the next level of what the workers have found and nobody saw
// before, in ascending order, and empties their sets.
func (w *Walker) join() {
	c := &w.closure
	for word := range w.seen {
		var found uint64
		for _, set := range w.wide.found[:w.wide.workers] {
			found |= set[word]
			set[word] = 0
		}
		found &^= w.seen[word]
		w.seen[word] |= found
		for ; found != 0; found &= found - 1 {
			c.handles = append(c.handles, project.Handle(word*64+bits.TrailingZeros64(found)))
		}
	}
}
