package trace_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

func TestCircles(t *testing.T) {
	tests := []struct {
		sentence string
		lines    []string
		want     []string
	}{
		{"none", []string{"SRS-1", "SRS-2", "SRS-3", "SRS-1|refines|SRS-2", "SRS-1|refines|SRS-3", "SRS-2|refines|SRS-3"}, nil},
		{"an item that refines itself", []string{"SRS-1", "SRS-1|refines|SRS-1"}, []string{"2 error cycle SRS-1: SRS-1 refines itself"}},
		{"two items", []string{"SRS-1", "SRS-2", "SRS-1|refines|SRS-2", "SRS-2|refines|SRS-1"}, []string{`3 error cycle SRS-1: SRS-1 → SRS-2 → SRS-1 form a circle of "refines"`}},
		{"three items, and others that lead to and from it", []string{"SRS-1", "SRS-2", "SRS-3", "SRS-4", "SRS-5", "SRS-4|refines|SRS-1", "SRS-1|refines|SRS-2", "SRS-2|refines|SRS-3", "SRS-3|refines|SRS-1", "SRS-3|refines|SRS-5"},
			[]string{`7 error cycle SRS-1: SRS-1 → SRS-2 → SRS-3 → SRS-1 form a circle of "refines"`}},
		{"two apart", []string{"SRS-1", "SRS-2", "SRS-3", "SRS-4", "SRS-3|refines|SRS-4", "SRS-4|refines|SRS-3", "SRS-2|refines|SRS-1", "SRS-1|refines|SRS-2"},
			[]string{`8 error cycle SRS-1: SRS-1 → SRS-2 → SRS-1 form a circle of "refines"`, `5 error cycle SRS-3: SRS-3 → SRS-4 → SRS-3 form a circle of "refines"`}},
		{"two that share an item: both are named", []string{"SRS-1", "SRS-2", "SRS-3", "SRS-2|refines|SRS-1", "SRS-1|refines|SRS-2", "SRS-1|refines|SRS-3", "SRS-3|refines|SRS-1"},
			[]string{`5 error cycle SRS-1: SRS-1 → SRS-2 → SRS-1 form a circle of "refines"`, `7 error cycle SRS-3: SRS-3 → SRS-1 → SRS-3 form a circle of "refines"`}},
		{"two interlocked ones that share a way", []string{"SRS-1", "SRS-2", "SRS-3", "SRS-4", "SRS-1|refines|SRS-2", "SRS-2|refines|SRS-3", "SRS-3|refines|SRS-1", "SRS-3|refines|SRS-4", "SRS-4|refines|SRS-2"},
			[]string{`5 error cycle SRS-1: SRS-1 → SRS-2 → SRS-3 → SRS-1 form a circle of "refines"`, `9 error cycle SRS-4: SRS-4 → SRS-2 → SRS-3 → SRS-4 form a circle of "refines"`}},
		{"one that also refines itself is named once", []string{"SRS-1", "SRS-2", "SRS-1|refines|SRS-1", "SRS-1|refines|SRS-2", "SRS-2|refines|SRS-1"},
			[]string{"3 error cycle SRS-1: SRS-1 refines itself", `5 error cycle SRS-2: SRS-2 → SRS-1 → SRS-2 form a circle of "refines"`}},
		{"links of several verbs make no circle", []string{"SRS-1", "SRS-2", "SRS-1|refines|SRS-2", "SRS-2|leads to|SRS-1"}, nil},
		{"a relation that may run in circles", []string{"SWI-1", "SWI-2", "SWI-1|uses|SWI-2", "SWI-2|uses|SWI-1"}, nil},
		{"a verb that the schema does not have is read as refining", []string{"SRS-1", "SRS-2", "SRS-1|likes|SRS-2", "SRS-2|likes|SRS-1"}, []string{`3 error cycle SRS-1: SRS-1 → SRS-2 → SRS-1 form a circle of "likes"`}},
		{"a retired item breaks it", []string{"SRS-1", "SRS-2", "SRS-1|refines|SRS-2", "SRS-2|refines|SRS-1", "!SRS-2"}, nil},
		{"each relation by itself", []string{"SRS-1", "SRS-2", "SRS-1|refines|SRS-2", "SRS-2|refines|SRS-1", "SRS-1|part of|SRS-2", "SRS-2|part of|SRS-1"},
			[]string{`3 error cycle SRS-1: SRS-1 → SRS-2 → SRS-1 form a circle of "refines"`, `5 error cycle SRS-1: SRS-1 → SRS-2 → SRS-1 form a circle of "part of"`}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if d := cmp.Diff(tt.want, found(threadOf(t, tt.lines...), trace.RuleCycle)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestCirclesOfTheSchema makes a circle of two in every built-in relation: it is found exactly where the schema says acyclic.
func TestCirclesOfTheSchema(t *testing.T) {
	for _, r := range schema.Builtin().Relations() {
		th := threadOf(t, "SRS-1", "SRS-2", fmt.Sprintf("SRS-1|%s|SRS-2", r.Verb), fmt.Sprintf("SRS-2|%s|SRS-1", r.Verb))
		if got := len(th.Cycles()); (got == 1) != r.Acyclic {
			t.Errorf("%s, acyclic %v: %d circles", r.Verb, r.Acyclic, got)
		}
	}
}

// TestCirclesNameWhatIsOnOne holds random graphs against a naive answer: which items reach themselves.
func TestCirclesNameWhatIsOnOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "items")
		var lines []string
		reach := make([][]bool, n)
		for i := range n {
			lines = append(lines, fmt.Sprintf("SRS-%d", i))
			reach[i] = make([]bool, n)
		}
		for _, l := range rapid.SliceOfNDistinct(rapid.IntRange(0, n*n-1), 0, 2*n, rapid.ID[int]).Draw(t, "links") {
			lines = append(lines, fmt.Sprintf("SRS-%d|refines|SRS-%d", l/n, l%n))
			reach[l/n][l%n] = true
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		th := threadOf(t, lines...)
		named := make([]bool, n)
		for _, c := range th.Cycles() {
			checkCircle(t, th.Snapshot, c)
			for _, h := range c.Items {
				named[h] = true
			}
		}
		for i := range n {
			if named[i] != reach[i][i] {
				t.Fatalf("item %d is on a circle: %v, named: %v", i, reach[i][i], named[i])
			}
		}
	})
}

func checkCircle(t rapid.TB, s *project.Snapshot, c trace.Cycle) {
	t.Helper()
	if len(c.Items) == 0 || len(c.Items) != len(c.Links) {
		t.Fatalf("%d items, %d links", len(c.Items), len(c.Links))
	}
	for i, h := range c.Items {
		l := s.Link(c.Links[i])
		if l.Source != h || l.Target != c.Items[(i+1)%len(c.Items)] || s.Verb(l.Verb) != c.Verb || l.Removed {
			t.Fatalf("link %d of the circle leads from %d to %d", i, l.Source, l.Target)
		}
	}
	if sorted := slices.Clone(c.Items); len(slices.Compact(sortHandles(sorted))) != len(c.Items) {
		t.Fatalf("an item stands twice in the circle %v", c.Items)
	}
}

func sortHandles(list []project.Handle) []project.Handle { slices.Sort(list); return list }

// TestLargeCircles makes graphs that a search with the square of their size would not come to an end with: a ring, a long way out of a
// circle, a hub with many circles, and a group in which every item refines many.
func TestLargeCircles(t *testing.T) {
	const n = 200_000
	graphs := map[string]struct {
		items int
		links func(add func(from, to int))
		named int
		found int // 0: any number
	}{
		"a ring": {n, func(add func(from, to int)) {
			for i := range n {
				add(i, (i+1)%n)
			}
		}, n, 1},
		"a long way out of a circle": {n, func(add func(from, to int)) {
			add(1, 0)
			for i := range n - 1 {
				add(i, i+1)
			}
		}, 2, 1},
		"a hub": {n, func(add func(from, to int)) {
			for i := 1; i < n; i++ {
				add(0, i)
				add(i, 0)
			}
		}, n, 0},
		"everything with everything": {1200, func(add func(from, to int)) {
			for i := range 1200 {
				for j := range 1200 {
					if (i*7+j*3)%5 == 0 {
						add(i, j)
					}
				}
			}
		}, 1200, 0},
	}
	for name, g := range graphs {
		t.Run(name, func(t *testing.T) {
			var ops []record.Operation
			id := func(i int) record.ID { return record.ProvisionalID(record.Key(fmt.Sprintf("SRS-%d", i))) }
			for i := range g.items {
				key := record.Key(fmt.Sprintf("SRS-%d", i))
				ops = append(ops, record.PutItem{Item: record.Item{ID: id(i), Key: key, Kind: "SRS"}})
			}
			g.links(func(from, to int) {
				ops = append(ops, record.AddLink{Link: record.Link{Verb: "refines", Source: id(from), Target: id(to)}})
			})
			s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Operations: ops})
			if err != nil {
				t.Fatal(err)
			}
			cycles := trace.New(s, schema.Builtin()).Cycles()
			named := map[project.Handle]bool{}
			for _, c := range cycles {
				checkCircle(t, s, c)
				for _, h := range slices.Concat(c.Items, c.Entangled) {
					named[h] = true
				}
			}
			if len(named) != g.named || g.found > 0 && len(cycles) != g.found {
				t.Errorf("%d circles name %d items, want %d circles and %d items", len(cycles), len(named), g.found, g.named)
			}
		})
	}
}
