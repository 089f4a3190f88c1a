package parallel_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/goldthread/goldthread/internal/parallel"
)

func TestRunsDoEverythingOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 511, 512, 513, 100_000} {
		for _, length := range []int{1, 2, 512} {
			t.Run(fmt.Sprintf("%d by %d", n, length), func(t *testing.T) {
				done := make([]atomic.Int32, n)
				parallel.Runs(n, length, func(from, to int) {
					if to-from < 1 || to-from > length {
						t.Errorf("a run from %d to %d", from, to)
					}
					for i := from; i < to; i++ {
						done[i].Add(1)
					}
				})
				for i := range done {
					if times := done[i].Load(); times != 1 {
						t.Fatalf("%d was done %d times", i, times)
					}
				}
			})
		}
	}
}

func TestEach(t *testing.T) {
	var sum atomic.Int64
	parallel.Each(1000, func(i int) { sum.Add(int64(i)) })
	if sum.Load() != 999*1000/2 {
		t.Error(sum.Load())
	}
}

func TestAheadYieldsTheSame(t *testing.T) {
	var made atomic.Int64
	numbers := func(yield func(int, string) bool) {
		for i := range 1000 {
			made.Add(1)
			if !yield(i, fmt.Sprint(i)) {
				return
			}
		}
	}
	next := 0
	for i, s := range parallel.Ahead(numbers, 8) {
		if i != next || s != fmt.Sprint(i) {
			t.Fatalf("%d %s, want %d", i, s, next)
		}
		next++
	}
	if next != 1000 {
		t.Errorf("%d of 1000", next)
	}
	made.Store(0)
	for i := range parallel.Ahead(numbers, 8) {
		if i == 10 {
			break
		}
	}
	if n := made.Load(); n > 20 {
		t.Errorf("%d were made for 11 that were used", n)
	}
}
