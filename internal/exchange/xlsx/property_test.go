package xlsx_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/table/tabletest"
	"github.com/goldthread/goldthread/internal/exchange/xlsx"
)

// TestWrittenIsRead writes drawn trees and reads them: every item is as it was, and so is every section that is not among the losses.
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := tabletest.Tree(t)
		if rapid.Bool().Draw(t, "control") {
			tree.Documents[0].Items[0].Text = "\x01\x1f\ufffe_"
		}
		data, losses, err := xlsx.Write(tree, xlsx.WriteOptions{Rows: rapid.SampledFrom([]int{0, 3}).Draw(t, "rows"), Sheet: tabletest.Nasty.Draw(t, "sheet")})
		if err != nil {
			t.Fatal(err)
		}
		again := read(t, data, xlsx.Options{})
		if len(again.Faults) > 0 {
			t.Fatalf("%+v", again.Faults)
		}
		if diff := cmp.Diff(tabletest.Items(tree), tabletest.Items(again), tabletest.Same); diff != "" {
			t.Fatalf("(-tree +read)\n%s", diff)
		}
		for _, l := range losses {
			if !strings.HasPrefix(l.What, "section ") {
				t.Fatalf("lost %+v", l)
			}
		}
		if len(losses) == 0 {
			if diff := cmp.Diff(tabletest.Outline(tree), tabletest.Outline(again)); diff != "" {
				t.Fatalf("nothing is said to be lost, but (-tree +read)\n%s", diff)
			}
		}
		if same, _, _ := xlsx.Write(tree, xlsx.WriteOptions{Rows: 3}); !slices.Equal(same, first(xlsx.Write(tree, xlsx.WriteOptions{Rows: 3}))) {
			t.Fatal("the same tree gives another file")
		}
	})
}

func first(data []byte, _ []exchange.Loss, _ error) []byte { return data }

func TestNumbersAreNumbers(t *testing.T) {
	field := func(value string, data exchange.DataType) exchange.Field {
		return exchange.Field{Name: "n", Values: []string{value}, Data: data}
	}
	for _, c := range []struct {
		value  string
		number bool
	}{{"12", true}, {"-1.5", true}, {"007", false}, {"1.10", false}, {"1e5", false}, {"0", true}, {"1234567890123456789", false}, {"", false}, {"x", false}} {
		tree := &exchange.Tree{Documents: []exchange.Document{{Key: "d", Items: []exchange.Item{{Key: "A-1", Fields: []exchange.Field{field(c.value, exchange.DataReal)}}}}}}
		data, _, err := xlsx.Write(tree, xlsx.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got := read(t, data, xlsx.Options{}).Documents[0].Items[0].Fields
		if len(got) != 1 || got[0].Values[0] != c.value || (got[0].Data != "") != c.number {
			t.Errorf("%q is read as %+v", c.value, got)
		}
	}
}

// TestLongTexts: what no cell can hold is cut, and said.
func TestLongTexts(t *testing.T) {
	long := strings.Repeat("ä😀", 20_000)
	tree := &exchange.Tree{Documents: []exchange.Document{{Key: "d", Items: []exchange.Item{{Key: "A-1", Text: long}}}}}
	data, losses, err := xlsx.Write(tree, xlsx.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, data, xlsx.Options{}).Documents[0].Items[0].Text
	if !strings.HasPrefix(long, got) || len(got) < 32_000 || len(losses) != 1 || losses[0].Item != "A-1" {
		t.Errorf("%d bytes of %d, losses %+v", len(got), len(long), losses)
	}
}
