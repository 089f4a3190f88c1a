package sqlite

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/ledgertest"
)

// benchEntry is an entry of the size that one edit of a requirement makes.
func benchEntry(n, operations int) ledger.Entry {
	e := ledger.Entry{Key: fmt.Sprintf("key-%d", n), Envelope: make([]byte, 400)}
	copy(e.Envelope, fmt.Sprintf(`{"sequence":%d}`, n))
	for i := range operations {
		op := ledger.Operation{Salt: sha256.Sum256(fmt.Appendf(nil, "%d %d", n, i)), Bytes: make([]byte, 600)}
		copy(op.Bytes, fmt.Sprintf(`{"put":%d}`, i))
		e.Operations = append(e.Operations, op)
	}
	return e
}

func benchStore(b *testing.B, entries, operations int) (*Store, ledger.Head) {
	b.Helper()
	s := openIn(b, b.TempDir())
	if err := s.Create(b.Context(), "pump"); err != nil {
		b.Fatal(err)
	}
	head := ledger.EmptyHead()
	for n := 0; n < entries; {
		var group []ledger.Entry
		for ; len(group) < 1000 && n < entries; n++ {
			group = append(group, benchEntry(n, operations))
		}
		receipt, err := s.Append(b.Context(), "pump", head, group)
		if err != nil {
			b.Fatal(err)
		}
		head = receipt.Head
	}
	return s, head
}

// BenchmarkAppend appends to a ledger of 10,000 entries, in groups of different sizes.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("group=%d", size), func(b *testing.B) {
			s, head := benchStore(b, 10_000, 1)
			n := 10_000
			for b.Loop() {
				var group []ledger.Entry
				for range size {
					group = append(group, benchEntry(n, 1))
					n++
				}
				receipt, err := s.Append(b.Context(), "pump", head, group)
				if err != nil {
					b.Fatal(err)
				}
				head = receipt.Head
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

// BenchmarkYardstick commits one small row a transaction with the same pragmas: what the disk and SQLite take by themselves.
func BenchmarkYardstick(b *testing.B) {
	db, err := pool(filepath.Join(b.TempDir(), "plain.db"), pragmas, "_txlock=immediate", 1)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("create table t (n integer primary key, b blob)"); err != nil {
		b.Fatal(err)
	}
	payload := make([]byte, 1000)
	for b.Loop() {
		if _, err := db.Exec("insert into t (b) values (?1)", payload); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// BenchmarkAppendLarge appends one entry of 100,000 operations.
func BenchmarkAppendLarge(b *testing.B) {
	s, head := benchStore(b, 0, 0)
	n := 0
	for b.Loop() {
		receipt, err := s.Append(b.Context(), "pump", head, []ledger.Entry{benchEntry(n, 100_000)})
		if err != nil {
			b.Fatal(err)
		}
		head = receipt.Head
		n++
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "operations/s")
}

func BenchmarkRead(b *testing.B) {
	const entries = 100_000
	s, _ := benchStore(b, entries, 1)
	for b.Loop() {
		for _, err := range ledger.Entries(b.Context(), s, "pump", 1, 0) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N)*entries/b.Elapsed().Seconds(), "entries/s")
}

func BenchmarkVerify(b *testing.B) {
	const entries = 100_000
	s, head := benchStore(b, entries, 1)
	for b.Loop() {
		got, damages, err := ledger.Verify(b.Context(), s, "pump")
		if err != nil || len(damages) > 0 || got != head {
			b.Fatal(got, damages, err)
		}
	}
	b.ReportMetric(float64(b.N)*entries/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkSignHead appends an entry with the checkpoint of the one before, and signs the head: what an append costs with all.
func BenchmarkSignHead(b *testing.B) {
	s, head := benchStore(b, 10_000, 1)
	with := ledgertest.Signing(b, map[int64]string{1: "a"})
	pending := []ledger.CheckpointRow{ledgertest.Sign(b, s, "pump", with)}
	n := 10_000
	for b.Loop() {
		receipt, err := s.Append(b.Context(), "pump", head, []ledger.Entry{benchEntry(n, 1)}, pending...)
		if err != nil {
			b.Fatal(err)
		}
		head = receipt.Head
		n++
		c, err := ledger.SignHead(b.Context(), s, "pump", with)
		if err != nil {
			b.Fatal(err)
		}
		pending = []ledger.CheckpointRow{c}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

func BenchmarkProveEntry(b *testing.B) {
	s, head := benchStore(b, 100_000, 1)
	n := int64(0)
	for b.Loop() {
		n = n%head.Size + 1
		if _, err := ledger.ProveEntry(b.Context(), s, "pump", head, n); err != nil {
			b.Fatal(err)
		}
	}
}
