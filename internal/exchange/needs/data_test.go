package needs_test

import (
	"os"
	"path"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/needs"
)

// facts are what the manifest says of a needs.json.
type facts struct {
	Current  string
	Versions map[string]version
}

type version struct {
	Needs           int
	Types           map[string]int
	Links           int
	LinksUnresolved int `json:"links_unresolved"`
}

func one(t testing.TB, file string) fstest.MapFS {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(exchangetest.Data(t), "reqtext", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{path.Base(file): {Data: data}}
}

// goldthread:verifies SRS-75
func TestRealFiles(t *testing.T) {
	for _, file := range []string{"sphinx-needs/needs_test.json", "sphinx-needs/small.json", "sphinx-needs/score-needs.json"} {
		var want facts
		exchangetest.Facts(t, "reqtext", file, &want)
		for name, want := range want.Versions {
			t.Run(file+" "+name, func(t *testing.T) {
				tree := read(t, one(t, file), needs.Options{Version: name})
				got := version{Types: map[string]int{}, Needs: tree.Items()}
				each(tree, func(item *exchange.Item) {
					got.Types[item.Type]++
					for _, l := range item.Links {
						got.Links++
						if l.State == exchange.Unresolved {
							got.LinksUnresolved++
						}
					}
				})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-manifest +read)\n%s", diff)
				}
				reconcile(t, tree)
			})
		}
	}
}

// TestRealCurrentVersion reads a file of three versions, of which two say a wrong number of needs.
func TestRealCurrentVersion(t *testing.T) {
	tree := read(t, one(t, "sphinx-needs/needs_test.json"), needs.Options{})
	want := []string{
		"needs_test.json:190:29 needs_amount is 13, but the version 0.1.33 holds 14 needs",
	}
	var got []string
	for _, f := range tree.Faults {
		got = append(got, f.At.String()+" "+f.Message)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got)\n%s", diff)
	}
	lost := []string{"version 1.0 with 13 needs", "version 1.31 with 13 needs"}
	for i, l := range tree.Lost {
		if i >= len(lost) || l.What != lost[i] {
			t.Errorf("lost %+v", l)
		}
	}
}

func TestRealEmptyFile(t *testing.T) {
	tree := read(t, one(t, "sphinx-needs/bad/empty.json"), needs.Options{})
	if len(tree.Faults) != 1 || !tree.Faults[0].Error || tree.Faults[0].At.String() != "empty.json:1:1" {
		t.Errorf("faults %+v", tree.Faults)
	}
}
