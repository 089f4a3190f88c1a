package reqif

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

// facts are what another program has counted in one .reqif.
type facts struct {
	Objects        int            `json:"objects"`
	Relations      int            `json:"relations"`
	Specifications int            `json:"specifications"`
	Hierarchy      int            `json:"hierarchy"`
	Depth          int            `json:"depth"`
	NotInHierarchy int            `json:"not_in_hierarchy"`
	Groups         int            `json:"groups"`
	ObjTypes       int            `json:"obj_types"`
	Values         map[string]int `json:"values"`
	EndsDangling   int            `json:"relation_ends_dangling"`
	EndsMissing    int            `json:"relation_ends_missing"`
	NodesDangling  int            `json:"hierarchy_dangling"`
	DuplicateIDs   int            `json:"duplicate_ids"`
	XMLError       string         `json:"xml_error"`
}

// readData reads one file of the data folder as a source of its own.
func readData(t testing.TB, name string) (*exchange.Tree, error) {
	t.Helper()
	data, err := os.ReadFile(exchangetest.Data(t, "reqif", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return Read(fstest.MapFS{filepath.Base(name): {Data: data}}, Options{})
}

// goldthread:verifies SRS-74
func TestRealFilesHaveTheirCounts(t *testing.T) {
	for _, row := range exchangetest.Manifest(t, "reqif") {
		t.Run(row.File, func(t *testing.T) {
			var all map[string]json.RawMessage
			if err := json.Unmarshal(row.Facts, &all); err != nil {
				t.Fatal(err)
			}
			var want facts
			list := []json.RawMessage{row.Facts}
			if strings.HasSuffix(row.File, ".reqifz") {
				list = nil
				for name, raw := range all {
					if strings.HasSuffix(name, ".reqif") {
						list = append(list, raw)
					}
				}
			}
			for _, raw := range list {
				var f facts
				if err := json.Unmarshal(raw, &f); err != nil {
					t.Fatal(err)
				}
				want.Objects, want.Relations, want.Specifications, want.Hierarchy = want.Objects+f.Objects, want.Relations+f.Relations, want.Specifications+f.Specifications, want.Hierarchy+f.Hierarchy
				want.NotInHierarchy, want.NodesDangling, want.DuplicateIDs, want.XMLError = want.NotInHierarchy+f.NotInHierarchy, want.NodesDangling+f.NodesDangling, want.DuplicateIDs+f.DuplicateIDs, f.XMLError
				want.ObjTypes, want.EndsDangling = want.ObjTypes+f.ObjTypes, want.EndsDangling+f.EndsDangling
				want.Depth = max(want.Depth, f.Depth)
			}
			tree, err := readData(t, row.File)
			if want.XMLError != "" {
				if err == nil || !strings.Contains(err.Error(), "line 1, column 1") {
					t.Fatalf("read with %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := facts{Objects: tree.Read.Items, Relations: tree.Read.Links, Specifications: tree.Read.Documents}
			links, unresolved, unplaced, nodes, depth := 0, 0, 0, 0, 0
			for _, d := range tree.Documents {
				for _, it := range d.Items {
					links += len(it.Links)
					for _, l := range it.Links {
						if l.State == exchange.Unresolved {
							unresolved++
						}
					}
					if d.Key == "unplaced" {
						unplaced++
					} else {
						nodes++
						depth = max(depth, strings.Count(it.Level, ".")+1)
					}
				}
				for _, b := range d.Blocks {
					if b.Kind == "reference" {
						nodes++
					}
				}
			}
			if got.Objects != want.Objects || got.Relations != want.Relations || got.Specifications != want.Specifications {
				t.Errorf("read %+v, want %+v", got, want)
			}
			if tree.Items() != want.Objects || links+len(tree.Dangling) != want.Relations {
				t.Errorf("%d items of %d, %d links and %d without a source of %d", tree.Items(), want.Objects, links, len(tree.Dangling), want.Relations)
			}
			if lost := len(tree.Lost); nodes+lost != want.Hierarchy || lost != want.NodesDangling || depth != want.Depth && lost == 0 {
				t.Errorf("%d nodes and %d lost, %d deep, want %d, %d, %d", nodes, lost, depth, want.Hierarchy, want.NodesDangling, want.Depth)
			}
			if want.DuplicateIDs == 0 && unplaced != want.NotInHierarchy {
				t.Errorf("%d objects in no hierarchy, want %d", unplaced, want.NotInHierarchy)
			}
			if cross := row.File == "rmf-TC1700-two-files.reqifz"; !cross && unresolved+len(tree.Dangling) == 0 && want.EndsDangling > 0 {
				t.Errorf("no relation leads nowhere, want %d ends", want.EndsDangling)
			} else if cross && unresolved+len(tree.Dangling) > 0 {
				t.Error("a reference to another file of the archive is not found")
			}
			duplicates := 0
			for _, f := range tree.Faults {
				if strings.Contains(f.Message, "is that of the element in line") {
					duplicates++
				}
				if f.At.File == "" || f.Remedy == "" {
					t.Errorf("a fault without a place or a remedy: %+v", f)
				}
			}
			if duplicates != want.DuplicateIDs {
				t.Errorf("%d identifiers twice, want %d", duplicates, want.DuplicateIDs)
			}
			if len(tree.Types) != want.ObjTypes {
				t.Errorf("%d types, want %d", len(tree.Types), want.ObjTypes)
			}
		})
	}
}
