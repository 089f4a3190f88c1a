// Package parallel spreads work over the processors.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Runs does work in runs of the given length from 0 to n, on all processors where there is more than one run. Runs are
// begun in order, and may be done at the same time and end in any order; Runs returns when all are done.
func Runs(n, length int, work func(from, to int)) {
	if n <= length {
		if n > 0 {
			work(0, n)
		}
		return
	}
	var wait sync.WaitGroup
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), (n+length-1)/length) {
		wait.Go(func() {
			for from := int(next.Add(int64(length))) - length; from < n; from = int(next.Add(int64(length))) - length {
				work(from, min(from+length, n))
			}
		})
	}
	wait.Wait()
}

// Each does work for every number from 0 to n, as Runs of one.
func Each(n int, work func(i int)) {
	Runs(n, 1, func(i, _ int) { work(i) })
}
