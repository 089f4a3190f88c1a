package project

// Handle is the number of an item within a project: dense, from 0.
type Handle uint32

// LinkHandle is the number of a link within a project. Links get ascending
// numbers, and the number of a removed link is not given again.
type LinkHandle uint32

// Edge is one link as seen from one of its ends.
type Edge struct {
	Node Handle // the other end
	Link LinkHandle
	Verb VerbIndex
}

// chunkSize bounds what adding or removing one link copies.
const chunkSize = 512

// Edges are the links at one side of one item, in the order in which they were
// made. They are kept in chunks, so that an item with a million links can get
// another one cheaply.
type Edges struct {
	first []Edge
	more  [][]Edge
}

// Chunk returns the i-th run of edges, nil behind the last. It is the quick way
// to walk; All is the convenient one.
func (e *Edges) Chunk(i int) []Edge {
	if i == 0 {
		return e.first
	}
	if i <= len(e.more) {
		return e.more[i-1]
	}
	return nil
}

// Len returns the number of edges.
func (e *Edges) Len() int {
	n := len(e.first)
	for _, c := range e.more {
		n += len(c)
	}
	return n
}

// All yields the edges in order.
func (e *Edges) All() func(yield func(Edge) bool) {
	return func(yield func(Edge) bool) {
		for _, x := range e.first {
			if !yield(x) {
				return
			}
		}
		for _, c := range e.more {
			for _, x := range c {
				if !yield(x) {
					return
				}
			}
		}
	}
}

// add appends x without touching memory that other versions of e may see.
// inPlace says that this version made its slices itself.
func (e *Edges) add(x Edge, inPlace bool) {
	last := &e.first
	if n := len(e.more); n > 0 {
		if !inPlace {
			e.more = append(make([][]Edge, 0, n+1), e.more...)
		}
		last = &e.more[n-1]
	}
	if len(*last) >= chunkSize {
		if len(e.more) == 0 {
			e.more = nil // an emptied array may have room, which is not ours alone
		}
		e.more = append(e.more, []Edge{x})
		return
	}
	if inPlace {
		*last = append(*last, x)
		return
	}
	grown := make([]Edge, len(*last)+1)
	copy(grown, *last)
	grown[len(*last)] = x
	*last = grown
}

// remove takes out the edge of link l. Edges are in ascending order of links.
func (e *Edges) remove(l LinkHandle) bool {
	if without, ok := cut(e.first, l); ok {
		e.first = without
		if len(without) == 0 && len(e.more) > 0 {
			e.first, e.more = e.more[0], append([][]Edge(nil), e.more[1:]...)
		}
		return true
	}
	// The chunk that may hold l is the last one that begins at or before it.
	lo, hi := 0, len(e.more)
	for lo < hi {
		mid := (lo + hi) / 2
		if e.more[mid][0].Link <= l {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return false
	}
	without, ok := cut(e.more[lo-1], l)
	if !ok {
		return false
	}
	more := append([][]Edge(nil), e.more...)
	if len(without) == 0 {
		more = append(more[:lo-1], more[lo:]...)
	} else {
		more[lo-1] = without
	}
	e.more = more
	return true
}

func cut(c []Edge, l LinkHandle) ([]Edge, bool) {
	lo, hi := 0, len(c)
	for lo < hi {
		mid := (lo + hi) / 2
		if c[mid].Link < l {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(c) || c[lo].Link != l {
		return nil, false
	}
	out := make([]Edge, 0, len(c)-1)
	return append(append(out, c[:lo]...), c[lo+1:]...), true
}
