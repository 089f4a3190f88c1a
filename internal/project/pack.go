package project

import "github.com/goldthread/goldthread/internal/parallel"

// pack lays the edges of the items that a large change has touched side by side,
// in the order of the items: made link by link they lie where memory was free,
// and a walk over many of them would wait for each. Small changes leave things
// as they are; what they touch they copy.
func (b *builder) pack(linksBefore int) {
	added := b.next.linkCount - linksBefore
	if added < bulk || added < b.next.linkCount/8 {
		return
	}
	b.packSide(&b.next.out)
	b.packSide(&b.next.in)
}

func (b *builder) packSide(side *vector[Edges]) {
	var leaves []*leaf[Edges]
	for _, m := range side.root {
		for _, l := range m.leaves {
			if l != nil && l.generation == b.generation {
				leaves = append(leaves, l)
			}
		}
	}
	parallel.Runs(len(leaves), run, func(from, to int) {
		for _, l := range leaves[from:to] {
			packLeaf(l)
		}
	})
}

func packLeaf(l *leaf[Edges]) {
	n := 0
	for i := range l.at {
		n += len(l.at[i].first)
	}
	all := make([]Edge, 0, n)
	for i := range l.at {
		if len(l.at[i].first) == 0 {
			continue
		}
		begin := len(all)
		all = append(all, l.at[i].first...)
		l.at[i].first = all[begin:len(all):len(all)] // no room to grow into the neighbour's
	}
}
