package openfasttrace_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/openfasttrace"
)

// facts are what the manifest says of a folder.
type facts struct {
	Files       int
	Definitions int
	Distinct    int
	ByType      map[string]int `json:"by_type"`
	Covers      int
	Depends     int
	Unresolved  int `json:"covers_unresolved"`
	Needs       map[string]int
	Forwards    int
}

func factsOf(tree *exchange.Tree) facts {
	f := facts{Files: len(tree.Files), ByType: map[string]int{}, Needs: map[string]int{}}
	distinct := map[string]bool{}
	for _, d := range tree.Documents {
		for _, it := range d.Items {
			f.Definitions++
			distinct[it.Key] = true
			f.ByType[it.Type]++
			for _, l := range it.Links {
				switch {
				case l.Verb == "depends":
					f.Depends++
				case l.State == exchange.Unresolved:
					f.Unresolved++
					fallthrough
				default:
					f.Covers++
				}
			}
			for _, field := range it.Fields {
				switch field.Name {
				case "Needs":
					for _, v := range field.Values {
						f.Needs[v]++
					}
				case "Forwards":
					f.Forwards++
				}
			}
		}
	}
	f.Distinct = len(distinct)
	return f
}

func TestRealMarkdown(t *testing.T) {
	const file = "openfasttrace/samples/"
	var want facts
	exchangetest.Facts(t, "reqtext", file, &want)
	tree, err := openfasttrace.ReadFolder(exchangetest.Data(t, "reqtext", file), openfasttrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, factsOf(tree)); diff != "" {
		t.Errorf("facts (-manifest +read):\n%s", diff)
	}
	if tree.Read.Items != want.Definitions || tree.Read.Links != want.Covers+want.Depends || tree.Read.Documents != want.Files {
		t.Errorf("read %+v, manifest %+v", tree.Read, want)
	}
	for _, f := range tree.Faults {
		t.Errorf("unexpected fault: %+v", f)
	}
}

// TestRealSpecobjects reads each file of the sample by itself: the manifest has no facts about them, and they share ids.
func TestRealSpecobjects(t *testing.T) {
	folder := exchangetest.Data(t, "reqtext", "openfasttrace", "reqm2")
	covers := []exchange.LinkState{exchange.Unresolved}
	cases := map[string]struct {
		keys   []string
		covers []exchange.LinkState
	}{
		"no-specobject.xml":                     {},
		"single-specobject.xml":                 {[]string{"doctype~id~42"}, covers},
		"two-specobjects.xml":                   {[]string{"doctype~id~42", "doctype~id2~43"}, covers},
		"two-specobjects-different-doctype.xml": {[]string{"doctype1~id~42", "doctype2~id2~43"}, covers},
		"two-specobjects-unified-newlines.xml":  {[]string{"foo~single-newlines~1", "bar~mixed-newlines~2"}, nil},
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != len(cases) {
		t.Fatalf("%d files: %v", len(entries), err)
	}
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		tree := read(t, fstest.MapFS{entry.Name(): &fstest.MapFile{Data: data}})
		want := cases[entry.Name()]
		var keys []string
		var states []exchange.LinkState
		for _, it := range tree.Documents[0].Items {
			keys = append(keys, it.Key)
			for _, l := range it.Links {
				if l.Verb == "covers" {
					states = append(states, l.State)
				}
			}
		}
		if diff := cmp.Diff(want.keys, keys) + cmp.Diff(want.covers, states); diff != "" || len(tree.Faults) > 0 || tree.Read.Items != len(keys) {
			t.Errorf("%s: %s\nfaults %v, read %+v", entry.Name(), diff, tree.Faults, tree.Read)
		}
	}
}
