package csv_test

import (
	"bytes"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/goldthread/goldthread/internal/exchange/csv"
)

// hundredThousand is a table of 100,000 rows of ten columns.
func hundredThousand() []byte {
	var b bytes.Buffer
	b.WriteString("ID,Title,Requirement,Status,Priority,Owner,Rationale,Verification,Parent,Release\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "SRS-%d,Stop on occlusion %d,\"The pump shall stop within %d ms, and alarm \"\"high\"\".\nThen it waits.\",approved,%d,ann,because of hazard %d,test,SYS-%d,1.%d\n", i, i, i%977, i%4, i%371, i%5000, i%7)
	}
	return b.Bytes()
}

func BenchmarkRead(b *testing.B) {
	data := hundredThousand()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		tree, err := csv.Read(fstest.MapFS{"a.csv": {Data: data}}, csv.Options{})
		if err != nil || tree.Items() != 100_000 || tree.Read.Links != 100_000 {
			b.Fatal(err, tree.Items(), tree.Read)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	tree, err := csv.Read(fstest.MapFS{"a.csv": {Data: hundredThousand()}}, csv.Options{})
	if err != nil {
		b.Fatal(err)
	}
	data, _, err := csv.Write(tree, csv.WriteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, _, err := csv.Write(tree, csv.WriteOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
