package trace_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// randomProject has items that each link to several before them, by relations
// that impact follows in one way, the other, both and not at all.
func randomProject(t *testing.T, items, links int, seed uint64) *project.Snapshot {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 62304))
	verbs := []record.Verb{schema.VerbRefines, schema.VerbAllocatedTo, schema.VerbSegregates, schema.VerbUses, "foreign"}
	key := func(i int) record.Key { return record.Key(fmt.Sprintf("SRS-%d", i+1)) }
	var ops []record.Operation
	for i := range items {
		ops = append(ops, record.PutItem{Item: record.Item{ID: record.ProvisionalID(key(i)), Key: key(i), Kind: schema.KindSRS}})
	}
	made := map[string]bool{}
	for i := 1; i < items; i++ {
		for range links {
			l := record.Link{Verb: verbs[random.IntN(len(verbs))], Source: record.ProvisionalID(key(i)), Target: record.ProvisionalID(key(random.IntN(i)))}
			if name := fmt.Sprint(l.Verb, l.Source, l.Target); !made[name] {
				made[name] = true
				ops = append(ops, record.AddLink{Link: l})
			}
		}
	}
	s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Actor: "test", Channel: "test", Operations: ops})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// naive walks with a map and a queue and returns the distance of each item.
func naive(s *project.Snapshot, start project.Handle, d trace.Direction) map[project.Handle]int {
	sch := schema.Builtin()
	along := func(verb record.Verb) (forward, backward bool) {
		direction := schema.TargetToSource
		if r := sch.Relation(verb); r != nil {
			direction = r.Impact
		}
		forward = direction == schema.SourceToTarget || direction == schema.BothWays
		backward = direction == schema.TargetToSource || direction == schema.BothWays
		if d == trace.Upstream {
			forward, backward = backward, forward
		}
		return forward, backward
	}
	distance := map[project.Handle]int{start: 0}
	for queue := []project.Handle{start}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		visit := func(h project.Handle) {
			if _, seen := distance[h]; !seen {
				distance[h] = distance[at] + 1
				queue = append(queue, h)
			}
		}
		for e := range s.Out(at).All() {
			if forward, _ := along(s.Verb(e.Verb)); forward {
				visit(e.Node)
			}
		}
		for e := range s.In(at).All() {
			if _, backward := along(s.Verb(e.Verb)); backward {
				visit(e.Node)
			}
		}
	}
	return distance
}

// A walk reaches what a naive one reaches, at the same distance, and each path
// is made of links that are there; also where levels are wide.
func TestWalksAgreeWithANaiveOne(t *testing.T) {
	for _, c := range []struct{ items, links int }{{1, 0}, {2, 1}, {50, 1}, {300, 3}, {30_000, 1}, {30_000, 4}} {
		s := randomProject(t, c.items, c.links, uint64(c.items*10+c.links))
		thread := trace.New(s, schema.Builtin())
		var w trace.Walker
		for _, start := range []int{0, c.items / 2, c.items - 1, 0} {
			for _, d := range []trace.Direction{trace.Downstream, trace.Upstream} {
				h := project.Handle(start)
				want := naive(s, h, d)
				got := thread.Walk(&w, h, d)
				if got.Len() != len(want)-1 {
					t.Fatalf("%d items, from %d %s: %d reached, want %d", c.items, start, d, got.Len(), len(want)-1)
				}
				for i := range got.Len() {
					if want[got.At(i)] != got.Depth(i) {
						t.Fatalf("%d items, from %d %s: item %d at distance %d, want %d", c.items, start, d, got.At(i), got.Depth(i), want[got.At(i)])
					}
					if i%97 == 0 || i > got.Len()-50 {
						checkPath(t, s, h, got, i)
					}
				}
			}
		}
	}
}

func checkPath(t *testing.T, s *project.Snapshot, start project.Handle, c *trace.Closure, i int) {
	t.Helper()
	path := c.Path(s, i)
	if len(path) != c.Depth(i) {
		t.Fatalf("a path of %d steps to an item at distance %d", len(path), c.Depth(i))
	}
	at := start
	for _, step := range path {
		l := s.Link(step.Link)
		from, to := l.Source, l.Target
		if !step.Forward {
			from, to = to, from
		}
		if step.From != at || from != step.From || to != step.To || l.Removed {
			t.Fatalf("step %+v does not go along link %+v from %d", step, l, at)
		}
		at = step.To
	}
	if at != c.At(i) {
		t.Fatalf("the path ends at %d, want %d", at, c.At(i))
	}
}

// A change of one item reaches the same, asked with a walker of one's own.
func TestImpactIsAWalk(t *testing.T) {
	th := trace.New(randomProject(t, 12_000, 3, 7), schema.Builtin())
	var w trace.Walker
	for _, d := range []trace.Direction{trace.Downstream, trace.Upstream} {
		a, b := th.Impact(11_000, d), th.Walk(&w, 11_000, d)
		if a.Len() != b.Len() {
			t.Fatalf("%s: %d and %d reached", d, a.Len(), b.Len())
		}
		for i := range a.Len() {
			if a.At(i) != b.At(i) {
				t.Fatalf("%s: item %d is %d and %d", d, i, a.At(i), b.At(i))
			}
		}
	}
}
