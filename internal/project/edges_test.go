package project_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// hubSize makes an item with links in several chunks.
const hubSize = 1800

// hub is a project in which hubSize items refine item 0.
func hub(t *testing.T) *project.Snapshot {
	t.Helper()
	ops := []record.Operation{requirement(0, "hub")}
	for i := 1; i <= hubSize; i++ {
		ops = append(ops, requirement(i, "spoke"), link(i, "refines", 0))
	}
	s, err := project.Empty(record.Main).Apply(change(1, ops...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func spokes(s *project.Snapshot) []string {
	h, _ := s.ByKey("SRS-0")
	var keys []string
	for e := range s.In(h).All() {
		keys = append(keys, string(s.Node(e.Node).Item.Key))
	}
	return keys
}

func unlink(i int) record.Unlink {
	return record.Unlink{Source: testID(i), Verb: "refines", Target: testID(0)}
}

// TestLinksOfAHub takes links of a hub away and makes them again, in several orders, one change each or all in one.
func TestLinksOfAHub(t *testing.T) {
	orders := map[string]func(order []int){
		"first to last": func([]int) {},
		"last to first": slices.Reverse[[]int],
		"shuffled": func(order []int) {
			rand.New(rand.NewPCG(1, 1)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		},
	}
	for name, arrange := range orders {
		for _, atOnce := range []int{1, 7, hubSize} {
			t.Run(fmt.Sprintf("%s, %d at once", name, atOnce), func(t *testing.T) {
				s := hub(t)
				first := s
				order := make([]int, hubSize)
				for i := range order {
					order[i] = i + 1
				}
				arrange(order)
				left := map[int]bool{}
				for _, i := range order {
					left[i] = true
				}
				seq := int64(1)
				for n := 0; n < len(order); n += atOnce {
					var ops []record.Operation
					for _, i := range order[n:min(n+atOnce, len(order))] {
						ops = append(ops, unlink(i))
						delete(left, i)
					}
					seq++
					var err error
					if s, err = s.Apply(change(seq, ops...)); err != nil {
						t.Fatal(err)
					}
					if n%301 == 0 {
						compareHub(t, s, left)
					}
				}
				compareHub(t, s, left)
				seq++
				s, err := s.Apply(change(seq, link(order[0], "refines", 0), link(order[1], "refines", 0)))
				if err != nil {
					t.Fatal(err)
				}
				compareHub(t, s, map[int]bool{order[0]: true, order[1]: true})
				if len(spokes(first)) != hubSize {
					t.Error("the first state was altered")
				}
			})
		}
	}
}

func compareHub(t *testing.T, s *project.Snapshot, want map[int]bool) {
	t.Helper()
	got := spokes(s)
	for _, key := range got {
		var i int
		if _, err := fmt.Sscanf(key, "SRS-%d", &i); err != nil || !want[i] {
			t.Fatalf("%s is still linked", key)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d links, want %d", len(got), len(want))
	}
	if err := check(s); err != nil {
		t.Fatal(err)
	}
}

// TestTwoChangesOfAFullChunk lets two changes of one state each add a link behind a full chunk, after the chunk behind it was emptied.
func TestTwoChangesOfAFullChunk(t *testing.T) {
	const full = 512
	ops := []record.Operation{requirement(0, "hub")}
	for i := 1; i <= full+3; i++ {
		ops = append(ops, requirement(i, "spoke"))
		if i <= full+1 {
			ops = append(ops, link(i, "refines", 0))
		}
	}
	s, err := project.Empty(record.Main).Apply(change(1, ops...))
	if err != nil {
		t.Fatal(err)
	}
	if s, err = s.Apply(change(2, unlink(full+1))); err != nil {
		t.Fatal(err)
	}
	var states []*project.Snapshot
	for _, i := range []int{full + 2, full + 3} {
		next, err := s.Apply(change(3, link(i, "refines", 0)))
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, next)
	}
	for i, state := range states {
		keys := spokes(state)
		if got, want := keys[len(keys)-1], fmt.Sprintf("SRS-%d", full+2+i); got != want || len(keys) != full+1 {
			t.Errorf("the last of %d links of state %d is from %s, want %s", len(keys), i, got, want)
		}
		if err := check(state); err != nil {
			t.Errorf("state %d: %v", i, err)
		}
	}
}

// TestManyLinksWaitForAKey makes more links to a missing item than a chunk holds, and then gives its key to an item, in the same
// change and in a later one.
func TestManyLinksWaitForAKey(t *testing.T) {
	for _, later := range []bool{false, true} {
		ops := []record.Operation{requirement(0, "hub")}
		for i := 1; i <= hubSize; i++ {
			ops = append(ops, requirement(i, "spoke"), record.AddLink{Link: record.Link{Verb: "refines", Source: testID(i), Ref: "SYS-1"}})
		}
		// One of them has the same link to the item already: it stays once.
		ops = append(ops, link(7, "refines", 0))
		rekey := record.Rekey{ID: testID(0), Key: "SYS-1"}
		if !later {
			ops = append(ops, rekey)
		}
		s, err := project.Empty(record.Main).Apply(change(1, ops...))
		if err == nil && later {
			s, err = s.Apply(change(2, rekey))
		}
		if err != nil {
			t.Fatal(err)
		}
		h, ok := s.ByKey("SYS-1")
		if !ok || s.Node(h).Missing || s.In(h).Len() != hubSize || s.Links() != hubSize {
			t.Errorf("later %v: %d links lead to the item, %d in all, want %d", later, s.In(h).Len(), s.Links(), hubSize)
		}
		if err := check(s); err != nil {
			t.Errorf("later %v: %v", later, err)
		}
	}
}

// TestLinksKeepTheirOrder shows the order in which links were made, whatever was removed between them.
func TestLinksKeepTheirOrder(t *testing.T) {
	s, err := project.Empty(record.Main).Apply(change(1, requirement(0, "hub"), requirement(1, ""), requirement(2, ""), requirement(3, ""),
		link(3, "refines", 0), link(1, "refines", 0), link(2, "refines", 0), unlink(1)))
	if err != nil {
		t.Fatal(err)
	}
	if s, err = s.Apply(change(2, link(1, "refines", 0))); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"SRS-3", "SRS-2", "SRS-1"}, spokes(s)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestTwoChangesOfASmallHub lets two changes of one new state each add a link, for every number of links that were there: slices that
// have room must not be shared.
func TestTwoChangesOfASmallHub(t *testing.T) {
	for n := range 20 {
		ops := []record.Operation{requirement(0, "hub")}
		for i := 1; i <= n+2; i++ {
			ops = append(ops, requirement(i, "spoke"))
			if i <= n {
				ops = append(ops, link(i, "refines", 0))
			}
		}
		s, err := project.Empty(record.Main).Apply(change(1, ops...))
		if err != nil {
			t.Fatal(err)
		}
		var states []*project.Snapshot
		for _, i := range []int{n + 1, n + 2} {
			next, err := s.Apply(change(2, link(i, "refines", 0)))
			if err != nil {
				t.Fatal(err)
			}
			states = append(states, next)
		}
		for i, state := range states {
			keys := spokes(state)
			if got, want := keys[len(keys)-1], fmt.Sprintf("SRS-%d", n+1+i); got != want || len(keys) != n+1 {
				t.Errorf("the last of %d links of state %d is from %s, want %s", len(keys), i, got, want)
			}
			if err := check(state); err != nil {
				t.Errorf("%d links, state %d: %v", n, i, err)
			}
		}
	}
}

// TestGrowthAcrossPages adds items one change at a time where pages of every level begin, and two ways from each state.
func TestGrowthAcrossPages(t *testing.T) {
	const page = 64 * 256
	for _, begin := range []int{60, page - 3} {
		var ops []record.Operation
		for i := range begin {
			ops = append(ops, requirement(i, "first"))
		}
		s, err := project.Empty(record.Main).Apply(change(1, ops...))
		if err != nil {
			t.Fatal(err)
		}
		states := []*project.Snapshot{s}
		for i := range 70 {
			last := states[len(states)-1]
			next, err := last.Apply(change(int64(i+2), requirement(begin+i, "right")))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := last.Apply(change(int64(i+2), requirement(begin+i, "wrong"), link(0, "refines", begin+i))); err != nil {
				t.Fatal(err)
			}
			states = append(states, next)
		}
		for i, s := range states {
			if s.Items() != begin+i || int(s.Handles()) != begin+i || s.Links() != 0 {
				t.Fatalf("state %d: %d items, %d handles, %d links", i, s.Items(), s.Handles(), s.Links())
			}
			for h, n := range s.All() {
				if want := "right"; int(h) >= begin && n.Item.Title != want || s.Out(h).Len()+s.In(h).Len() > 0 {
					t.Fatalf("state %d: item %d has the title %q", i, h, n.Item.Title)
				}
			}
		}
	}
}
