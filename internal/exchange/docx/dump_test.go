package docx_test

import (
	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/docx"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func dump(t *testing.T, tree *exchange.Tree) {
	t.Logf("tool %q read %+v", tree.Tool, tree.Read)
	for _, d := range tree.Documents {
		t.Logf("doc %s %q %d", d.Key, d.Title, len(d.Items))
		for _, s := range d.Sections {
			t.Logf("  %d section %d %s (%s)", s.Order, s.Level, s.Title, s.At)
		}
		for _, s := range d.Blocks {
			t.Logf("  %d %s %q (%s)", s.Order, s.Kind, s.Text, s.At)
		}
		for _, i := range d.Items {
			t.Logf("  %d %s type %s title %q text %q L%s fields %v links %v", i.Order, i.Key, i.Type, i.Title, i.Text, i.Level, i.Fields, i.Links)
		}
	}
	for _, x := range tree.Faults {
		t.Logf("fault %s %v %s (%s)", x.At, x.Error, x.Message, x.Remedy)
	}
	for _, x := range tree.Changed {
		t.Logf("changed %s %s %s: %s", x.At, x.Item, x.What, x.Why)
	}
	for _, x := range tree.Lost {
		t.Logf("lost %+v", x)
	}
	for _, x := range tree.Attachments {
		t.Logf("file %s %d", x.Path, len(x.Data))
	}
}
func TestDump(t *testing.T) {
	files := strings.Fields(os.Getenv("DUMP"))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("== %s", f)
		tree, err := docx.Read(fstest.MapFS{filepath.Base(f): {Data: data}}, docx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		dump(t, tree)
	}
}
