package project_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// TestReadersSeeOneState lets readers walk whole Snapshots while a writer publishes. Each change gives its number to two items as their
// titles and moves a link between them, so that a mixture of two states would show; run it with -race.
func TestReadersSeeOneState(t *testing.T) {
	const changes, readers, crowd = 400, 4, 60
	f := project.NewFold()
	ops := []record.Operation{requirement(1, "1"), requirement(2, "1"), link(1, "refines", 2)}
	for i := 10; i < 10+crowd; i++ {
		ops = append(ops, requirement(i, "crowd"))
	}
	history := make(entries, 0, changes)
	history = append(history, change(1, ops...))
	if err := f.Apply(history[0], history); err != nil {
		t.Fatal(err)
	}
	var done atomic.Bool
	var wait sync.WaitGroup
	var seen [readers]int
	for r := range readers {
		wait.Go(func() {
			last := int64(0)
			for !done.Load() || seen[r] == 0 {
				s := f.Head(record.Main)
				if err := read(s, last); err != nil {
					t.Errorf("reader %d at entry %d: %v", r, s.Entry(), err)
					return
				}
				last = s.Entry()
				seen[r]++
			}
		})
	}
	random := rand.New(rand.NewPCG(1, 2))
	linked := map[[2]int]bool{}
	for seq := int64(2); seq <= changes; seq++ {
		title := fmt.Sprint(seq)
		c := change(seq, requirement(1, title), moveLink(seq, true), moveLink(seq, false), requirement(2, title))
		pair := [2]int{10 + random.IntN(crowd), 10 + random.IntN(crowd)}
		if linked[pair] {
			c.Operations = append(c.Operations, record.Unlink{Source: testID(pair[0]), Verb: "uses", Target: testID(pair[1])})
		} else {
			c.Operations = append(c.Operations, link(pair[0], "uses", pair[1]))
		}
		linked[pair] = !linked[pair]
		if seq%50 == 0 {
			c.Operations = append(c.Operations, record.Branch{Stream: record.Stream(fmt.Sprintf("%d.x", seq)), Parent: record.Main, Entry: seq - 20})
		}
		history = append(history, c)
		if err := f.Apply(c, history); err != nil {
			t.Error(err)
			break
		}
	}
	done.Store(true)
	wait.Wait()
	for _, name := range f.Streams() {
		if err := check(f.Head(name)); err != nil {
			t.Errorf("stream %s: %v", name, err)
		}
	}
}

// moveLink turns the link between items 1 and 2 around: from 1 to 2 after odd entries.
func moveLink(seq int64, remove bool) record.Operation {
	from, to := 1, 2
	if (seq%2 == 0) != remove {
		from, to = 2, 1
	}
	if remove {
		return record.Unlink{Source: testID(from), Verb: "refines", Target: testID(to)}
	}
	return link(from, "refines", to)
}

func read(s *project.Snapshot, last int64) error {
	if s.Entry() < last {
		return fmt.Errorf("it was at entry %d before", last)
	}
	want := fmt.Sprint(s.Entry())
	for _, i := range []int{1, 2} {
		h, ok := s.ByID(testID(i))
		if !ok || s.Node(h).Item.Title != want {
			return fmt.Errorf("item %d has the title %q", i, s.Node(h).Item.Title)
		}
		out := 1
		if (i == 1) != (s.Entry()%2 == 1) {
			out = 0
		}
		if s.Out(h).Len() != out || s.In(h).Len() != 1-out {
			return fmt.Errorf("%d links lead out of item %d, %d lead in", s.Out(h).Len(), i, s.In(h).Len())
		}
	}
	return check(s)
}

// TestOneOutlineForManyReaders asks one outline for the first time from many readers at once.
func TestOneOutlineForManyReaders(t *testing.T) {
	var blocks []record.Block
	for i := range 100 {
		blocks = append(blocks, record.Block{Level: 1, Item: testID(i)})
	}
	o := &project.Outline{Blocks: blocks}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := range 100 {
				if o.Index(testID(i)) != i {
					t.Errorf("item %d is not block %d", i, i)
				}
			}
		})
	}
	wait.Wait()
}
