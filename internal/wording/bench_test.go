package wording

import (
	"strings"
	"testing"
	"time"
)

// BenchmarkCheck measures the labelled sentences, one requirement at a time.
func BenchmarkCheck(b *testing.B) {
	list := readLabelled(b, "labelled.tsv", "tuning")
	size := 0
	for _, l := range list {
		size += len(l.sentence)
	}
	checker := New(Options{Terms: []string{"PIP too high", "tidal volume"}})
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range list {
			checker.Check("", l.sentence)
		}
	}
}

// BenchmarkProse measures one long text, in which most sentences are clean.
func BenchmarkProse(b *testing.B) {
	var text strings.Builder
	for _, l := range readLabelled(b, "labelled.tsv", "tuning") {
		if l.good {
			text.WriteString(l.sentence + "\n\n")
		}
	}
	long := strings.Repeat(text.String(), 10)
	checker := New(Options{})
	b.SetBytes(int64(len(long)))
	b.ReportAllocs()
	for b.Loop() {
		checker.Check("", long)
	}
}

// BenchmarkHostile measures texts that would take a careless scanner more than linear time, all of them in one go, and the slowest of them.
func BenchmarkHostile(b *testing.B) {
	texts := hostile(10_000)
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	b.SetBytes(int64(size))
	slowest := time.Duration(0)
	for b.Loop() {
		for _, text := range texts {
			start := time.Now()
			Check("", text, Options{})
			slowest = max(slowest, time.Since(start))
		}
	}
	b.ReportMetric(float64(slowest.Milliseconds()), "ms/slowest")
}
