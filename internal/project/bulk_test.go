package project_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// many is a change that puts n items, then leads a link from each to the first.
func many(seq int64, from, n int) *record.Change {
	c := change(seq)
	for i := from; i < from+n; i++ {
		c.Operations = append(c.Operations, requirement(i, "Title"))
	}
	for i := from; i < from+n; i++ {
		c.Operations = append(c.Operations, link(i, "refines", 0))
	}
	return c
}

// inSteps applies the operations of a change one by one.
func inSteps(s *project.Snapshot, c *record.Change) (*project.Snapshot, error) {
	for i, op := range c.Operations {
		next, err := s.Apply(change(s.Entry()+1, op))
		if err != nil {
			return s, fmt.Errorf("step %d: %w", i, err)
		}
		s = next
	}
	return s, nil
}

// goldthread:verifies SRS-17
func TestLargeChangesAreTheSumOfTheirOperations(t *testing.T) {
	const n = 5000
	small, err := project.Empty(record.Main).Apply(change(1, requirement(0, "Root"), link(0, "refines", 0)))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		base   *project.Snapshot
		change *record.Change
	}{
		{"into an empty project", project.Empty(record.Main), many(1, 0, n)},
		{"after other items", small, many(2, 1, n)},
		{"with an item that is there", small, func() *record.Change {
			c := many(2, 1, n)
			c.Operations = slices.Insert(c.Operations, n/2, record.Operation(requirement(0, "Changed root")))
			return c
		}()},
		{"with an item put twice", project.Empty(record.Main), func() *record.Change {
			c := many(1, 0, n)
			c.Operations = slices.Insert(c.Operations, n, record.Operation(requirement(7, "Put again")))
			return c
		}()},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.base.Apply(c.change)
			if err != nil {
				t.Fatal(err)
			}
			if err := check(got); err != nil {
				t.Fatal(err)
			}
			want, err := inSteps(c.base, c.change)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(see(want), see(got)); d != "" {
				t.Errorf("in steps (-), at once (+):\n%s", d)
			}
		})
	}
}

// goldthread:verifies SRS-17
func TestLargeChangesThatAreRefused(t *testing.T) {
	const n = 5000
	small, err := project.Empty(record.Main).Apply(change(1, requirement(n, "There")))
	if err != nil {
		t.Fatal(err)
	}
	before := see(small)
	other := requirement(2*n, "Another")
	other.Item.Key = requirement(n, "").Item.Key
	for _, at := range []int{0, 1, n - 1} {
		c := many(2, 0, n)
		c.Operations = slices.Insert(c.Operations, at, record.Operation(other))
		if _, err := small.Apply(c); err == nil || !contains(err, fmt.Sprintf("operation %d ", at+1)) || !contains(err, "already that of item") {
			t.Errorf("a key that is taken, at %d: %v", at, err)
		}
	}
	if d := cmp.Diff(before, see(small)); d != "" {
		t.Errorf("a refused change shows:\n%s", d)
	}
	if err := check(small); err != nil {
		t.Error(err)
	}
}
