package strictdoc_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/strictdoc"
)

// facts are what the manifest says of a folder.
type facts struct {
	Files      int
	Nodes      map[string]int
	UIDs       int `json:"uids"`
	MIDs       int `json:"mids"`
	Relations  map[string]int
	Unresolved int `json:"parent_child_unresolved_in_set"`
	allFiles   int
}

// factsOf counts a tree as the manifest does: TEXT nodes are items or prose, sections and documents have their MIDs and
// UIDs in the fields of the document.
func factsOf(tree *exchange.Tree) facts {
	f := facts{Files: len(tree.Files), Nodes: map[string]int{}, Relations: map[string]int{}}
	count := func(m map[string]int, name string, n int) {
		if n > 0 {
			m[name] += n
		}
	}
	for _, d := range tree.Documents {
		count(f.Nodes, "DOCUMENT", 1)
		count(f.Nodes, "SECTION", len(d.Sections))
		for _, b := range d.Blocks {
			if b.Kind == "prose" {
				count(f.Nodes, "TEXT", 1)
			}
		}
		for _, field := range d.Fields {
			switch name := filepath.Base(field.Name); {
			case name == "UID":
				f.UIDs++
			case name == "MID":
				f.MIDs++
			case field.Name == "GRAMMAR":
				count(f.Nodes, "GRAMMAR", 1)
			}
		}
		for _, it := range d.Items {
			count(f.Nodes, it.Type, 1)
			if it.Key != "" {
				f.UIDs++
			}
			if it.ID != "" {
				f.MIDs++
			}
			for _, file := range it.Files {
				// The manifest counts those whose path follows in the next line; the others have a FORMAT before it.
				if file.Keyword == "" {
					count(f.Relations, "File", 1)
				}
				f.allFiles++
			}
			for _, l := range it.Links {
				count(f.Relations, l.Verb, 1)
				if l.State == exchange.Unresolved {
					f.Unresolved++
				}
			}
		}
	}
	return f
}

func TestRealDocuments(t *testing.T) {
	const file = "strictdoc/own-l1-l2-l3/"
	var want facts
	exchangetest.Facts(t, "reqtext", file, &want)
	tree, err := strictdoc.ReadFolder(exchangetest.Data(t, "reqtext", file), strictdoc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want.allFiles = 37
	if diff := cmp.Diff(want, factsOf(tree), cmp.AllowUnexported(facts{})); diff != "" {
		t.Errorf("facts (-manifest +read):\n%s", diff)
	}
	if tree.Read.Items != want.Nodes["REQUIREMENT"] || tree.Read.Links != want.Relations["Parent"] || tree.Read.Documents != want.Nodes["DOCUMENT"] || tree.Items() != tree.Read.Items {
		t.Errorf("read %+v, manifest %+v", tree.Read, want)
	}
	for _, f := range tree.Faults {
		t.Errorf("unexpected fault: %+v", f)
	}
	if len(tree.Lost)+len(tree.Changed)+len(tree.Dangling) > 0 {
		t.Errorf("lost %v, changed %v, dangling %v", tree.Lost, tree.Changed, tree.Dangling)
	}
}

// TestDuplicateMIDs reads each folder of the sample as a tree of its own.
func TestDuplicateMIDs(t *testing.T) {
	const file = "strictdoc/bad-duplicate-mid/"
	var want facts
	exchangetest.Facts(t, "reqtext", file, &want)
	folder := exchangetest.Data(t, "reqtext", file)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	got := facts{Nodes: map[string]int{}, Relations: map[string]int{}}
	for _, entry := range entries {
		tree, err := strictdoc.ReadFolder(filepath.Join(folder, entry.Name()), strictdoc.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f := factsOf(tree)
		got.Files, got.UIDs, got.MIDs = got.Files+f.Files, got.UIDs+f.UIDs, got.MIDs+f.MIDs
		for name, n := range f.Nodes {
			got.Nodes[name] += n
		}
		if len(tree.Faults) != 1 {
			t.Fatalf("%s: faults %+v", entry.Name(), tree.Faults)
		}
		fault := tree.Faults[0]
		first, ok := map[string]string{"01_document_mid_must_be_unique": "input.sdoc:2:6", "02_section_mid_must_be_unique": "input.sdoc:7:6", "03_requirement_mid_must_be_unique": "input.sdoc:25:6"}[entry.Name()]
		if !ok || fault.Message != "the MID ABC0123 is given already at "+first || fault.At.File != "input2.sdoc" || "input"+fault.At.String()[len("input2"):] != first {
			t.Errorf("%s: %+v", entry.Name(), fault)
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(facts{})); diff != "" {
		t.Errorf("facts (-manifest +read):\n%s", diff)
	}
}
