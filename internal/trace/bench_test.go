package trace_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// The large project of the benchmarks: a million items, five million links, each to any item before.
const (
	manyItems   = 1_000_000
	manySources = 200
)

// large makes the project once for all benchmarks of a run.
var large = sync.OnceValues(func() (*project.Snapshot, error) {
	random := rand.New(rand.NewPCG(62304, 2006))
	verbs := []record.Verb{schema.VerbRefines, schema.VerbImplements, schema.VerbVerifies, schema.VerbPartOf, schema.VerbUses}
	ids := make([]record.ID, manyItems)
	ops := make([]record.Operation, 0, 6*manyItems)
	for i := range ids {
		key := record.Key(fmt.Sprintf("SRS-%d", i+1))
		ids[i] = record.ProvisionalID(key)
		ops = append(ops, record.PutItem{Item: record.Item{ID: ids[i], Key: key, Kind: schema.KindSRS, Title: "Requirement"}})
	}
	for i := 1; i < manyItems; i++ {
		for _, v := range verbs {
			ops = append(ops, record.AddLink{Link: record.Link{Verb: v, Source: ids[i], Target: ids[random.IntN(i)]}})
		}
	}
	return project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Operations: ops})
})

// BenchmarkClosure measures everything that a change of one item may touch: fixed random sources, and the one of them that took
// longest, many times. An operation is one walk.
func BenchmarkClosure(b *testing.B) {
	s, err := large()
	if err != nil {
		b.Fatal(err)
	}
	th := trace.New(s, schema.Builtin())
	random := rand.New(rand.NewPCG(14971, 2019))
	sources := make([]project.Handle, manySources)
	for i := range sources {
		sources[i] = project.Handle(random.IntN(manyItems))
	}
	for _, d := range []trace.Direction{trace.Downstream, trace.Upstream} {
		var w trace.Walker
		walk := func(h project.Handle) (time.Duration, int) {
			begun := time.Now()
			n := th.Walk(&w, h, d).Len()
			return time.Since(begun), n
		}
		var longest project.Handle
		most := -1
		for _, h := range sources {
			if _, n := walk(h); n > most {
				longest, most = h, n
			}
		}
		b.Run(fmt.Sprintf("%s/%d sources", d, manySources), func(b *testing.B) {
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				t, _ := walk(sources[i%len(sources)])
				took = append(took, t)
			}
			report(b, took)
		})
		b.Run(fmt.Sprintf("%s/worst", d), func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				t, _ := walk(longest)
				took = append(took, t)
			}
			report(b, took)
			b.ReportMetric(float64(most), "reached")
		})
	}
}

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	for _, p := range []int{50, 95} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds())/1000, fmt.Sprintf("ms/p%d", p))
	}
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms/max")
}

// BenchmarkPaths measures a walk with one path to every item that it reaches.
func BenchmarkPaths(b *testing.B) {
	s, err := large()
	if err != nil {
		b.Fatal(err)
	}
	th := trace.New(s, schema.Builtin())
	steps := 0
	for b.Loop() {
		c := th.Impact(0, trace.Downstream)
		for i := range c.Len() {
			steps += len(c.Path(s, i))
		}
	}
	b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
}

// BenchmarkCheck measures all rules of this package.
func BenchmarkCheck(b *testing.B) {
	s, err := large()
	if err != nil {
		b.Fatal(err)
	}
	th := trace.New(s, schema.Builtin())
	nowhere := func(project.Position) (string, int, int) { return "", 0, 0 }
	n := 0
	for b.Loop() {
		n = len(th.Check(nowhere, nil))
	}
	b.ReportMetric(float64(n), "findings")
}
