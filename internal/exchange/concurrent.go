package exchange

import (
	"sync"
	"sync/atomic"
)

// Concurrently makes n results, at most so many at once as there are workers. Each stands where it would if they were made
// one after the other.
func Concurrently[T any](n, workers int, result func(i int) T) []T {
	out := make([]T, n)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(workers, n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				out[i] = result(i)
			}
		})
	}
	wait.Wait()
	return out
}
