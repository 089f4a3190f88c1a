package xlsx_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/xlsx"
)

// facts are what the manifest says of a workbook.
type facts struct {
	Sheets []struct {
		Name               string
		Rows, Nonempty     int
		FirstRow           []string `json:"first_row"`
		Merged, HiddenRows int
	}
}

// filled counts the filled cells that an item keeps.
func filled(item *exchange.Item) int {
	n := 0
	for _, s := range []string{item.Key, item.Title, item.Text, item.Level} {
		if s != "" {
			n++
		}
	}
	for _, f := range item.Fields {
		n += len(f.Values)
	}
	return n
}

func TestRealBooks(t *testing.T) {
	for _, c := range []struct {
		file   string
		header int // rows that are no items
		more   int // filled cells that are elsewhere: the header, a title, flags; less links, which are counted apart
		keys   string
		links  int
	}{
		{file: "req-basic.xlsx", header: 1, more: 9, keys: "A-1 A-2", links: 1},
		{file: "doorstop-export.xlsx", header: 1, more: 11 + 3*6, keys: "REQ001 REQ003 REQ006 REQ004 REQ002 REQ2-001", links: 5},
		{file: "basil-reqs.xlsx", header: 2, more: 4, keys: "1 2 3 4 5"},
	} {
		t.Run(c.file, func(t *testing.T) {
			var want facts
			exchangetest.Facts(t, "office", c.file, &want)
			tree, err := xlsx.Read(office(t, c.file), xlsx.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(tree.Documents) != len(want.Sheets) || tree.Items() != want.Sheets[0].Rows-c.header || tree.Read.Items != tree.Items() || tree.Read.Links != c.links {
				t.Errorf("%d documents, %d items, read %+v; the manifest says %+v", len(tree.Documents), tree.Items(), tree.Read, want)
			}
			kept, linking := c.more, 0
			var keys []string
			for i := range tree.Documents[0].Items {
				item := &tree.Documents[0].Items[i]
				keys = append(keys, item.Key)
				kept += filled(item)
				if len(item.Links) > 0 {
					linking++
				}
			}
			if kept+linking != want.Sheets[0].Nonempty {
				t.Errorf("%d cells are kept, %d are filled", kept+linking, want.Sheets[0].Nonempty)
			}
			if diff := cmp.Diff(c.keys, strings.Join(keys, " ")); diff != "" {
				t.Error(diff)
			}
			for _, f := range tree.Faults {
				t.Errorf("fault %+v", f)
			}
			if len(tree.Lost) > 0 {
				t.Errorf("lost %+v", tree.Lost)
			}
		})
	}
}

// TestRealColumns looks at what the columns of a sheet with long names of several lines became.
func TestRealColumns(t *testing.T) {
	tree, err := xlsx.Read(office(t, "req-basic.xlsx"), xlsx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	item := tree.Documents[0].Items[1]
	var got []string
	for _, f := range item.Fields {
		got = append(got, f.Name+": "+strings.Join(f.Values, ", "))
	}
	want := []string{"Applicable Component Categories: all", "Category: something", "Public Requirements References/Descriptions: NIST 800-53 AC501",
		"Verification: setup the DUT in jig A-1 and confimr the statement is true under all conditions", "Criticality: high", "Remarks: a comment"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	link := exchange.Link{Verb: "PARENT_UID", Target: "A-1", At: exchange.Position{File: "req-basic.xlsx/Sheet1", Line: 3, Column: 9}, State: exchange.Unconfirmed}
	if diff := cmp.Diff([]exchange.Link{link}, item.Links); diff != "" || item.Text != "a statement" {
		t.Error(item.Text, diff)
	}
}

// TestRealFingerprints: Doorstop exports links with the fingerprints of their targets.
func TestRealFingerprints(t *testing.T) {
	tree, err := xlsx.Read(office(t, "doorstop-export.xlsx"), xlsx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range tree.Documents[0].Items {
		for _, l := range item.Links {
			if l.Written == "REQ001:35ed54323e3054c33ae5545fffdbbbf5" && l.Target == "REQ001" && l.Fingerprint == "35ed54323e3054c33ae5545fffdbbbf5" && l.State == exchange.Unconfirmed {
				return
			}
		}
	}
	t.Error("the fingerprint of the link of REQ006 is not read")
}

func TestRealBinaryFile(t *testing.T) {
	fsys := office(t, "req-basic.xls")
	tree, err := xlsx.Read(fsys, xlsx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !xlsx.Detect(fsys) || len(tree.Faults) != 1 || !tree.Faults[0].Error || !strings.Contains(tree.Faults[0].Remedy, ".xlsx") || tree.Faults[0].At.File != "req-basic.xls" {
		t.Errorf("%+v", tree.Faults)
	}
}
