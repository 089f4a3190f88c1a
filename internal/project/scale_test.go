package project_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

func testID(n int) record.ID {
	var id record.ID
	binary.BigEndian.PutUint64(id[8:], uint64(n)+1)
	return id
}

// synthetic is a change that makes n items with about five links each.
func synthetic(n int) *record.Change {
	rng := rand.New(rand.NewPCG(1, 2))
	c := &record.Change{Sequence: 1, Stream: record.Main, Time: time.Unix(0, 0), Actor: "local"}
	for i := range n {
		c.Operations = append(c.Operations, record.PutItem{Item: record.Item{ID: testID(i), Key: record.Key(fmt.Sprintf("SRS-%d", i)), Kind: "SRS", Title: "Title"}})
	}
	verbs := []record.Verb{"refines", "implements", "verifies", "part of", "uses"}
	for i := 1; i < n; i++ {
		for _, v := range verbs {
			c.Operations = append(c.Operations, record.AddLink{Link: record.Link{Verb: v, Source: testID(i), Target: testID(rng.IntN(i))}})
		}
	}
	return c
}

func BenchmarkApply(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, err := project.Empty(record.Main).Apply(synthetic(n))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			var took []time.Duration
			defer func() {
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/median")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs/p99")
			}()
			seq := int64(1)
			for b.Loop() {
				seq++
				begin := time.Now()
				h, round := int(seq)%(n-1), int(seq)/(n-1) // each round links to other items: a link is made once
				s, err = s.Apply(&record.Change{Sequence: seq, Stream: record.Main, Operations: []record.Operation{
					record.PutItem{Item: record.Item{ID: testID(h), Key: record.Key(fmt.Sprintf("SRS-%d", h)), Kind: "SRS", Title: "Changed"}},
					record.AddLink{Link: record.Link{Verb: "changes", Source: testID(h + 1), Target: testID((h + 2 + round) % n)}},
				}})
				took = append(took, time.Since(begin))
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
