package project

import (
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/record"
)

// linkEnds are the handles of the ends of a link; NoHandle where an end is not
// known by its identity.
type linkEnds struct{ source, target Handle }

// linksAhead finds the ends of links on all processors; nil where they are few.
// Links make no identities, so what is found now holds for all of them.
func (b *builder) linksAhead(ops []record.Operation) []linkEnds {
	n := len(ops)
	if n < bulk {
		return nil
	}
	ends := make([]linkEnds, n)
	parallel.Runs(n, run, func(from, to int) {
		for i := from; i < to; i++ {
			l := ops[i].(record.AddLink).Link
			ends[i] = linkEnds{NoHandle, NoHandle}
			if h, ok := b.next.ByID(l.Source); ok {
				ends[i].source = h
			}
			if h, ok := b.next.ByID(l.Target); ok && !l.Target.IsZero() {
				ends[i].target = h
			}
		}
	})
	return ends
}

// linkEnds makes a link whose ends were looked for beforehand.
func (b *builder) linkEnds(l record.Link, ends linkEnds) error {
	if ends.source == NoHandle || ends.target == NoHandle {
		return b.link(l) // a reference, or an error that names the identity
	}
	return b.join(ends.source, l, ends.target)
}
