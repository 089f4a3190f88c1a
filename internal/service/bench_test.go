package service_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
)

// Yardstick: BenchmarkYardstick of package sqlite, one row a commit on the same disk.

// BenchmarkPush is one change of one item at a time.
func BenchmarkPush(b *testing.B) {
	s := openAt(b, b.TempDir(), noon)
	if err := s.TakeIn(b.Context(), takeIn(picture)); err != nil {
		b.Fatal(err)
	}
	entry := int64(1)
	for b.Loop() {
		r, err := s.Push(b.Context(), service.Push{Command: local(), Base: entry, Operations: []record.Operation{put("SYS-1", schema.KindSYS, fmt.Sprint("Title ", entry))}})
		if err != nil {
			b.Fatal(err)
		}
		entry = r.Entry
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkManyWriters is 16 writers at once, each with items of its own.
func BenchmarkManyWriters(b *testing.B) {
	s := openAt(b, b.TempDir(), noon)
	if err := s.TakeIn(b.Context(), takeIn(picture)); err != nil {
		b.Fatal(err)
	}
	var writer atomic.Int64
	b.SetParallelism(8) // times GOMAXPROCS
	b.RunParallel(func(pb *testing.PB) {
		key := record.Key(fmt.Sprintf("SYS-%d", 100+writer.Add(1)))
		entry := int64(1)
		for n := 0; pb.Next(); n++ {
			r, err := s.Push(context.Background(), service.Push{Command: local(), Base: entry, Operations: []record.Operation{put(key, schema.KindSYS, fmt.Sprint("Title ", n))}})
			if err != nil {
				b.Fatal(err)
			}
			entry = r.Entry
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
