package exportfile_test

import (
	"bytes"
	"testing"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/verify"
)

// BenchmarkFile proves an export of entries with one revision of an item each, with a checkpoint for every hundred.
func BenchmarkFile(b *testing.B) {
	const entries = 5_000
	h := newHouse(b)
	made := begin(h, "pump", func(int) int { return 1 })
	for n := range entries {
		made.serial++
		made.put(record.Main, made.fold.Head(record.Main))
		if n%100 == 0 {
			made.commit()
			made.save()
		}
	}
	made.commit()
	made.save()
	file := h.export("pump")
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		r, err := verify.File(bytes.NewReader(file), int64(len(file)))
		if err != nil || len(r.Damages) > 0 {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(float64(b.N)*entries/b.Elapsed().Seconds(), "entries/s")
}
