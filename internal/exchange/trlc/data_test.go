package trlc_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/trlc"
)

// facts are what the manifest says of a folder.
type facts struct {
	Files   int `json:"trlc_files"`
	Objects int `json:"objects_by_line_pattern"`
	Types   int
}

func folders(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, row := range exchangetest.Manifest(t, "reqtext") {
		if strings.HasPrefix(row.File, "trlc/") {
			out = append(out, row.File)
		}
	}
	if len(out) == 0 {
		t.Skip("no TRLC files in the data")
	}
	return out
}

func TestRealFolders(t *testing.T) {
	// The pattern of the manifest takes no name with letters beyond ASCII, as TRLC itself; here the object is read and its
	// name is a fault.
	more := map[string]int{"trlc/unicode/": 1}
	for _, file := range folders(t) {
		t.Run(file, func(t *testing.T) {
			var want facts
			exchangetest.Facts(t, "reqtext", file, &want)
			tree, err := trlc.ReadFolder(exchangetest.Data(t, "reqtext", file), trlc.Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := facts{}
			types := map[string]bool{}
			for _, d := range tree.Documents {
				if strings.HasSuffix(d.Path, ".trlc") {
					got.Files++
				}
				for _, it := range d.Items {
					types[it.Type] = true
				}
			}
			got.Objects, got.Types = tree.Items(), len(types)
			want.Objects += more[file]
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("facts (-manifest +read):\n%s", diff)
			}
			if tree.Read.Items != want.Objects {
				t.Errorf("read %+v", tree.Read)
			}
			for _, f := range tree.Faults {
				if f.Error {
					t.Errorf("unexpected fault: %+v", f)
				}
			}
		})
	}
}

// TestSameAsReference compares the objects with what TRLC itself says that they are, where it found no error in them.
func TestSameAsReference(t *testing.T) {
	compared := 0
	for _, file := range folders(t) {
		folder := exchangetest.Data(t, "reqtext", file)
		raw, err := os.ReadFile(filepath.Join(folder, "output.json"))
		if err != nil {
			continue
		}
		begin, end := strings.Index(string(raw), "\n{\n"), strings.LastIndex(string(raw), "\n}\n")
		if strings.HasPrefix(string(raw), "{\n") {
			begin = -1
		} else if begin < 0 {
			continue
		}
		var want map[string]map[string]any
		if err := json.Unmarshal(raw[begin+1:end+2], &want); err != nil {
			t.Fatal(file, err)
		}
		tree, err := trlc.ReadFolder(folder, trlc.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, values(t, tree)); diff != "" {
			t.Errorf("%s (-reference +read):\n%s", file, diff)
		}
		compared++
	}
	if compared < 3 {
		t.Errorf("only %d outputs compared", compared)
	}
}

// values are the objects of a tree as TRLC writes them in JSON.
func values(t *testing.T, tree *exchange.Tree) map[string]map[string]any {
	out := map[string]map[string]any{}
	declared := map[string]exchange.Type{}
	for _, ty := range tree.Types {
		declared[ty.Name] = ty
	}
	for _, d := range tree.Documents {
		for _, it := range d.Items {
			object := map[string]any{}
			for _, a := range declared[it.Type].Attributes {
				object[a.Name] = nil
			}
			for _, f := range it.Fields {
				if f.Name != "comment" {
					object[f.Name] = jsonValue(t, f)
				}
			}
			for _, l := range it.Links {
				object[l.Verb] = l.Target
			}
			out[it.Key[strings.LastIndexByte(it.Key, '.')+1:]] = object
		}
	}
	return out
}

func jsonValue(t *testing.T, f exchange.Field) any {
	if len(f.Values) != 1 {
		t.Errorf("%s has %d values", f.Name, len(f.Values))
	}
	if f.Data == exchange.DataInteger || f.Data == exchange.DataReal {
		n, err := strconv.ParseFloat(f.Values[0], 64)
		if err != nil {
			t.Error(err)
		}
		return n
	}
	return f.Values[0]
}

// TestRealFaults holds the faults against those that TRLC itself prints: the same place, whatever the words.
func TestRealFaults(t *testing.T) {
	cases := map[string]string{
		"trlc/unicode/":    "instances.trlc:4:16",
		"trlc/tutorial-1/": "car.trlc:13:13",
	}
	for file, want := range cases {
		tree, err := trlc.ReadFolder(exchangetest.Data(t, "reqtext", file), trlc.Options{})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range tree.Faults {
			found = found || f.At.String() == want
		}
		if !found {
			t.Errorf("%s: no fault at %s: %+v", file, want, tree.Faults)
		}
	}
}
