package parallel

import "iter"

// Ahead yields what seq yields, which is made in another goroutine, up to n values ahead of their use. When the caller stops,
// seq is stopped too, and has ended when Ahead returns.
func Ahead[K, V any](seq iter.Seq2[K, V], n int) iter.Seq2[K, V] {
	type pair struct {
		k K
		v V
	}
	return func(yield func(K, V) bool) {
		values, stop := make(chan pair, n), make(chan struct{})
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			defer close(values)
			seq(func(k K, v V) bool {
				select {
				case values <- pair{k, v}:
					return true
				case <-stop:
					return false
				}
			})
		}()
		defer func() {
			close(stop)
			<-ended
		}()
		for p := range values {
			if !yield(p.k, p.v) {
				return
			}
		}
	}
}
