package itemrst_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/itemrst"
)

// facts are what the manifest says of the ventilator's requirements.
type facts struct {
	Items         int
	Distinct      int
	Duplicates    []string
	Fulfills      int            `json:"fulfills_links"`
	WithoutParent int            `json:"without_parent"`
	Unresolved    int            `json:"links_unresolved"`
	Prefixes      map[string]int `json:"unresolved_targets_by_prefix"`
}

// goldthread:verifies SRS-49
func TestVentilator(t *testing.T) {
	data := exchangetest.Data(t)
	var want facts
	exchangetest.Facts(t, "medical", "respiraworks/docs/", &want)
	tree, err := itemrst.ReadFolder(filepath.Join(data, "medical", "respiraworks", "docs"), itemrst.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, factsOf(tree)); diff != "" {
		t.Errorf("facts (-manifest +read):\n%s", diff)
	}
	for _, f := range tree.Faults {
		t.Errorf("unexpected fault: %+v", f)
	}
	checkPlaces(t, os.DirFS(filepath.Join(data, "medical", "respiraworks", "docs")), tree)
	for _, d := range tree.Documents {
		for _, item := range d.Items {
			if item.Text == "" {
				t.Errorf("%s: %s has no text", item.At, item.Key)
			}
		}
	}
	if diff := cmp.Diff([]string{"hardware/hardware_requirements.rst", "software/SRS.rst", "system/system_requirements.rst"}, tree.Files); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"software/SDP.rst", "software/level_of_concern.rst"}, tree.Others); diff != "" {
		t.Error(diff)
	}
}

func factsOf(tree *exchange.Tree) facts {
	f := facts{Duplicates: []string{}, Prefixes: map[string]int{}}
	keys := map[string]int{}
	missing := map[string]bool{}
	for _, d := range tree.Documents {
		for _, item := range d.Items {
			f.Items++
			keys[item.Key]++
			if keys[item.Key] == 2 {
				f.Duplicates = append(f.Duplicates, item.Key)
			}
			if len(item.Links) == 0 {
				f.WithoutParent++
			}
			for _, link := range item.Links {
				f.Fulfills++
				if link.State == exchange.Unresolved {
					f.Unresolved++
					missing[link.Target] = true
				}
			}
		}
	}
	f.Distinct = len(keys)
	for target := range missing {
		f.Prefixes[strings.TrimRight(target, "0123456789")]++
	}
	return f
}
