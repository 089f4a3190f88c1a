package trace

import (
	"slices"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Query asks for a matrix between kinds.
type Query struct {
	From, To []record.Kind // kinds and all that specialise them
	// Via names the kinds that a path passes, in order, each by links in
	// whatever direction. Without it a path runs along a line of descent,
	// downstream or upstream, as long as it takes: see lines.
	Via [][]record.Kind
	// FromItems and ToItems select within the kinds; nil takes all.
	FromItems, ToItems func(project.Handle) bool
}

// Row is one item of the matrix with what it is traced to.
type Row struct {
	Item project.Handle
	Hits []Hit
}

// Hit is one item that a row is traced to, with one shortest path.
type Hit struct {
	Item project.Handle
	Path []Step
}

// Matrix yields the rows of a matrix in the order of the keys of their items.
// A row without hits is a gap. Only one row is held at a time.
//
// goldthread:implements SRS-33
func (t *Thread) Matrix(q Query) func(yield func(Row) bool) {
	return func(yield func(Row) bool) {
		m := &matrix{thread: t, query: q, to: t.kindSet(q.To), hit: map[project.Handle]bool{}}
		for _, via := range q.Via {
			m.via = append(m.via, t.kindSet(via))
		}
		for _, h := range t.Of(q.From) {
			if q.FromItems != nil && !q.FromItems(h) {
				continue
			}
			if !yield(Row{h, m.hits(h)}) {
				return
			}
		}
	}
}

// Of lists the items in use of the given kinds in the order of their keys.
func (t *Thread) Of(kinds []record.Kind) []project.Handle {
	set := t.kindSet(kinds)
	var out []project.Handle
	for h := range t.AllOf(func(k *schema.Kind) bool { return set[k.ID] }) {
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b project.Handle) int {
		return record.CompareKeys(t.Snapshot.Node(a).Item.Key, t.Snapshot.Node(b).Item.Key)
	})
	return out
}

func (t *Thread) kindSet(kinds []record.Kind) map[record.Kind]bool {
	set := map[record.Kind]bool{}
	for _, k := range t.Schema.Kinds() {
		for _, want := range kinds {
			if t.Schema.Is(k.ID, want) {
				set[k.ID] = true
			}
		}
	}
	return set
}

type matrix struct {
	thread *Thread
	query  Query
	to     map[record.Kind]bool
	via    []map[record.Kind]bool
	walker Walker
	lines  [2]*lines               // by Direction, made when first asked for
	hit    map[project.Handle]bool // of the row
}

func (m *matrix) hits(h project.Handle) []Hit {
	var hits []Hit
	if len(m.via) > 0 {
		hits = m.through(h)
	} else {
		clear(m.hit)
		hits = m.along(h, Downstream, nil)
		hits = m.along(h, Upstream, hits)
	}
	s := m.thread.Snapshot
	slices.SortStableFunc(hits, func(a, b Hit) int { return record.CompareKeys(s.Node(a.Item).Item.Key, s.Node(b.Item).Item.Key) })
	return hits
}

func (m *matrix) wanted(h project.Handle) bool {
	n := m.thread.Snapshot.Node(h)
	return n.Present() && m.to[n.Item.Kind] && (m.query.ToItems == nil || m.query.ToItems(h))
}

// along takes the hits of all lines in one direction.
func (m *matrix) along(h project.Handle, d Direction, hits []Hit) []Hit {
	l := &m.lines[d]
	if *l == nil {
		*l = m.thread.lines(d)
	}
	for kind := range (*l).with {
		c := (*l).reach(m.thread, &m.walker, h, kind)
		for i := range c.Len() {
			item := c.At(i)
			if m.wanted(item) && !m.hit[item] {
				m.hit[item] = true
				hits = append(hits, Hit{item, c.Path(m.thread.Snapshot, i)})
			}
		}
	}
	return hits
}

// through walks from kind to kind as the query names them.
func (m *matrix) through(start project.Handle) []Hit {
	s := m.thread.Snapshot
	front := []Hit{{Item: start}}
	for step := 0; step <= len(m.via); step++ {
		var next []Hit
		seen := map[project.Handle]bool{}
		for _, at := range front {
			m.neighbours(at.Item, func(far project.Handle, e Step) {
				n := s.Node(far)
				ok := n.Present() && !seen[far]
				if step < len(m.via) {
					ok = ok && m.via[step][n.Item.Kind]
				} else {
					ok = ok && m.wanted(far)
				}
				if ok {
					seen[far] = true
					next = append(next, Hit{far, append(slices.Clone(at.Path), e)})
				}
			})
		}
		front = next
	}
	return front
}

func (m *matrix) neighbours(h project.Handle, visit func(project.Handle, Step)) {
	s := m.thread.Snapshot
	for e := range s.Out(h).All() {
		visit(e.Node, Step{e.Link, h, e.Node, true})
	}
	for e := range s.In(h).All() {
		visit(e.Node, Step{e.Link, h, e.Node, false})
	}
}
