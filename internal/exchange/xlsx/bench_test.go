package xlsx_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/exchange/xlsx"
)

// hundredThousand is a sheet of 100,000 rows of ten columns.
func hundredThousand(t testing.TB) []byte {
	var b strings.Builder
	b.WriteString("<sheetData>")
	row := func(n int, cells ...string) {
		fmt.Fprintf(&b, `<row r="%d">`, n)
		for i, c := range cells {
			fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+i, n, c)
		}
		b.WriteString("</row>")
	}
	row(1, "ID", "Title", "Requirement", "Status", "Priority", "Owner", "Rationale", "Verification", "Parent", "Release")
	for i := range 100_000 {
		row(i+2, fmt.Sprintf("SRS-%d", i), fmt.Sprintf("Stop on occlusion %d", i), fmt.Sprintf("The pump shall stop within %d ms, and alarm.\nThen it waits.", i%977), "approved", fmt.Sprint(i%4), "ann",
			fmt.Sprintf("because of hazard %d", i%371), "test", fmt.Sprintf("SYS-%d", i%5000), "1.5")
	}
	b.WriteString("</sheetData>")
	return book(t, nil, sheet{name: "Sheet1", xml: b.String()})
}

func BenchmarkRead(b *testing.B) {
	data := hundredThousand(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if tree := read(b, data, xlsx.Options{}); tree.Items() != 100_000 || tree.Read.Links != 100_000 {
			b.Fatal(tree.Items(), tree.Read)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	tree := read(b, hundredThousand(b), xlsx.Options{})
	for b.Loop() {
		data, _, err := xlsx.Write(tree, xlsx.WriteOptions{})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(data)))
	}
}
