package reqif

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

var now = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)

// sameTree compares what trees say, not where it stands.
var sameTree = cmp.Options{
	cmpopts.IgnoreTypes(exchange.Position{}), cmpopts.IgnoreFields(exchange.Tree{}, "Faults", "Changed", "Types", "Relations", "Files", "Others"), cmpopts.IgnoreFields(exchange.Link{}, "ID"),
	cmpopts.IgnoreFields(exchange.Item{}, "Order"), cmpopts.EquateEmpty(),
}

func source(t *testing.T, name string) (fstest.MapFS, *exchange.Tree) {
	t.Helper()
	data, err := os.ReadFile(exchangetest.Data(t, "reqif", name))
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{filepath.Base(name): {Data: data}}
	tree, err := Read(fsys, Options{})
	if err != nil {
		t.Skip(err)
	}
	return fsys, tree
}

// What nobody has changed comes out byte by byte as it came in.
//
// goldthread:verifies SRS-74
func TestUnchangedFilesStayAsTheyAre(t *testing.T) {
	for _, row := range exchangetest.Manifest(t, "reqif") {
		if strings.HasSuffix(row.File, ".reqifz") {
			continue
		}
		t.Run(row.File, func(t *testing.T) {
			fsys, tree := source(t, row.File)
			got, lost, err := Update(fsys, tree, WriteOptions{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			if want := fsys[filepath.Base(row.File)].Data; !bytes.Equal(got, want) && !strings.Contains(row.File, "encoding") {
				t.Errorf("(-in +out), losses %v:\n%.1500s", lost, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
			}
		})
	}
}

// goldthread:verifies SRS-74
func TestArchivesStayAsTheyAre(t *testing.T) {
	for _, name := range []string{"attach-macosx.reqifz", "doors-ole-spielwiese.reqifz", "rmf-TC1700-two-files.reqifz"} {
		fsys, tree := source(t, name)
		got, _, err := Update(fsys, tree, WriteOptions{Now: now, Archive: true})
		if err != nil {
			t.Fatal(err)
		}
		was, err := unpack(fsys[name].Data, Options{}.withDefaults())
		if err != nil {
			t.Fatal(err)
		}
		is, err := unpack(got, Options{}.withDefaults())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(was, is, cmp.AllowUnexported(entry{})); d != "" {
			t.Errorf("%s: (-in +out):\n%.1000s", name, d)
		}
	}
}

// change does to a tree what people do.
func change(t *exchange.Tree) {
	var all []*exchange.Item
	for i := range t.Documents {
		for j := range t.Documents[i].Items {
			all = append(all, &t.Documents[i].Items[j])
		}
	}
	for i, it := range all {
		switch i % 3 {
		case 0:
			it.Heading = false
			it.Title = "A new <title> & more"
			it.Text = "A **new** text.\n\n- with\n- a list"
		case 1:
			it.Fields = append(it.Fields, exchange.Field{Name: "Added by goldthread", Data: exchange.DataString, Values: []string{"\"quoted\" <value>\nof two lines"}})
		}
	}
	d := &t.Documents[0]
	if d.Key == "unplaced" {
		return
	}
	fresh := exchange.Item{Key: "NEW-1", Type: "A new type", Title: "New", Text: "New text.", Level: "1", Normative: true, Active: true, Document: d.Key,
		Fields: []exchange.Field{{Name: "Colour", Data: exchange.DataString, Values: []string{"red"}}}}
	if len(all) > 0 && all[0].ID != "" {
		fresh.Links = []exchange.Link{{Verb: "a new relation", Target: all[0].ID, State: exchange.Unconfirmed}}
	}
	d.Items = append([]exchange.Item{fresh}, d.Items...)
	t.Read.Items++
	t.Read.Links += len(fresh.Links)
	number(d)
}

// number gives the items of a document the levels that a reader would give them.
func number(d *exchange.Document) {
	var numbers []int
	for i := range d.Items {
		depth := strings.Count(d.Items[i].Level, ".") + 1
		for len(numbers) < depth {
			numbers = append(numbers, 0)
		}
		numbers = numbers[:depth]
		numbers[depth-1]++
		parts := make([]string, depth)
		for k, n := range numbers {
			parts[k] = itoa(n)
		}
		d.Items[i].Level = strings.Join(parts, ".")
	}
}

// What was changed in a tree is what is read again, and the file is still one that the schema takes.
//
// goldthread:verifies SRS-74
func TestChangesGoIntoTheFile(t *testing.T) {
	for _, row := range exchangetest.Manifest(t, "reqif") {
		if strings.Contains(row.File, "bad/") || strings.HasSuffix(row.File, ".reqifz") {
			continue
		}
		t.Run(row.File, func(t *testing.T) {
			fsys, tree := source(t, row.File)
			if len(tree.Documents) == 0 || len(tree.Lost)+len(tree.Dangling) > 0 {
				t.Skip("nothing to change")
			}
			references := false
			for _, d := range tree.Documents {
				references = references || len(d.Blocks) > 0
			}
			if references {
				t.Skip("its hierarchy places objects twice")
			}
			before := tree.Types
			change(tree)
			got, lost, err := Update(fsys, tree, WriteOptions{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			again, err := Read(fstest.MapFS{"x.reqif": {Data: got}}, Options{})
			if err != nil {
				t.Fatalf("%v\n%s", err, got)
			}
			for i := range again.Documents { // new items have identifiers now
				again.Documents[i].Path = tree.Documents[i].Path
				for j := range again.Documents[i].Items {
					it := &again.Documents[i].Items[j]
					if it.Key == "NEW-1" {
						it.ID = ""
					}
				}
			}
			if len(lost) > 0 && len(before) == 0 {
				return // without types nothing can be added
			}
			if d := cmp.Diff(tree, again, sameTree); d != "" {
				t.Errorf("losses %v, (-tree +again):\n%.3000s", lost, d)
			}
			if isValid(t, fsys[row.File].Data) == "" {
				valid(t, got)
			}
		})
	}
}
