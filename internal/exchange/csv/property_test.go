package csv_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/csv"
	"github.com/goldthread/goldthread/internal/exchange/table/tabletest"
)

type tester interface {
	Helper()
	Fatal(...any)
}

func read(t tester, text string, options csv.Options) *exchange.Tree {
	t.Helper()
	tree, err := csv.Read(fstest.MapFS{"a.csv": {Data: []byte(text)}}, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// TestWrittenIsRead writes drawn trees and reads them: every item is as it was, and so is every section that is not among the losses.
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := tabletest.Tree(t)
		data, losses, err := csv.Write(tree, csv.WriteOptions{Delimiter: rapid.SampledFrom([]byte(",;\t|")).Draw(t, "delimiter"), Mark: rapid.Bool().Draw(t, "mark")})
		if err != nil {
			t.Fatal(err)
		}
		again := read(t, string(data), csv.Options{})
		if len(again.Faults) > 0 {
			t.Fatalf("%+v\n%s", again.Faults, data)
		}
		if diff := cmp.Diff(tabletest.Items(tree), tabletest.Items(again), tabletest.Same); diff != "" {
			t.Fatalf("(-tree +read)\n%s\n%s", diff, data)
		}
		lost := map[string]bool{}
		for _, l := range losses {
			title, ok := strings.CutPrefix(l.What, "section ")
			if !ok {
				t.Fatalf("lost %+v", l)
			}
			lost[title] = true
		}
		if len(losses) == 0 {
			if diff := cmp.Diff(tabletest.Outline(tree), tabletest.Outline(again)); diff != "" {
				t.Fatalf("nothing is said to be lost, but (-tree +read)\n%s\n%s", diff, data)
			}
		}
		second, losses, err := csv.Write(again, csv.WriteOptions{})
		if err != nil || len(losses) > 0 {
			t.Fatal(err, losses)
		}
		if third, _, _ := csv.Write(read(t, string(second), csv.Options{}), csv.WriteOptions{}); !slices.Equal(second, third) {
			t.Fatalf("written again it is another file:\n%s\n%s", second, third)
		}
	})
}
