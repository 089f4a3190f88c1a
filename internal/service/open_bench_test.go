package service_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
)

// BenchmarkOpen opens a project of 100,000 items with a link each, written in entries of 1,000.
func BenchmarkOpen(b *testing.B) {
	const items = 100_000
	dir := b.TempDir()
	fill(b, dir, items)
	b.ReportAllocs()
	for b.Loop() {
		s, closeAll := opened(b, dir, noon)
		p, err := s.Project(b.Context(), "pump")
		if err != nil || p.Snapshot.Items() != items+items/10+2 {
			b.Fatal(err)
		}
		closeAll()
	}
	b.ReportMetric(items*float64(b.N)/b.Elapsed().Seconds(), "items/s")
}

func fill(b *testing.B, dir string, items int) {
	s, closeAll := opened(b, dir, noon)
	defer closeAll()
	if err := s.TakeIn(b.Context(), takeIn(picture)); err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("The pump shall stop within 200 ms, and alarm. ", 8)
	for n := 0; n < items; {
		var ops []record.Operation
		for end := n + 1000; n < end; n++ {
			it := put(record.Key(fmt.Sprintf("SRS-%d", n+10)), schema.KindSRS, fmt.Sprint("Stop ", n), record.Field{Name: "category", Values: []string{"functional"}, Many: true})
			it.Item.Text = text
			parent := record.Key(fmt.Sprintf("SYS-%d", n/10+10))
			if n%10 == 0 {
				ops = append(ops, put(parent, schema.KindSYS, "System"))
			}
			ops = append(ops, it, record.AddLink{Link: record.Link{Verb: schema.VerbRefines, Source: it.Item.ID, Target: record.ProvisionalID(parent)}})
		}
		if _, err := s.Push(b.Context(), service.Push{Command: local(), Base: int64(n / 1000), Operations: ops}); err != nil {
			b.Fatal(err)
		}
	}
}
