package xlsx_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/xlsx"
)

func office(t testing.TB, file string) fstest.MapFS {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(exchangetest.Data(t, "office"), file))
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{file: {Data: data}}
}

func read(t testing.TB, fsys fstest.MapFS, options xlsx.Options) *exchange.Tree {
	t.Helper()
	tree, err := xlsx.Read(fsys, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}
func TestDump(t *testing.T) {
	for _, f := range []string{"req-basic.xlsx","req-basic.xls","doorstop-export.xlsx","basil-reqs.xlsx"} {
		tree := read(t, office(t, f), xlsx.Options{})
		t.Logf("== %s tool %q read %+v", f, tree.Tool, tree.Read)
		for _, d := range tree.Documents { t.Logf("doc %s %q %d sections %v blocks %v", d.Key, d.Title, len(d.Items), d.Sections, d.Blocks)
			for _, i := range d.Items { t.Logf("  %s %s %q %q L%s %v %v", i.Key, i.Type, i.Title, i.Text, i.Level, i.Fields, i.Links) } }
		for _, x := range tree.Faults { t.Logf("fault %s %v %s (%s)", x.At, x.Error, x.Message, x.Remedy) }
		for _, x := range tree.Changed { t.Logf("changed %+v", x) }
		for _, x := range tree.Lost { t.Logf("lost %+v", x) }
	}
}
