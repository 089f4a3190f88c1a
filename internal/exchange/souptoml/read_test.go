package souptoml_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/souptoml"
)

func read(t testing.TB, fsys fs.FS, options souptoml.Options) *exchange.Tree {
	t.Helper()
	tree, err := souptoml.Read(fsys, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// files makes a folder of name, content pairs.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// summary is a tree in a few lines.
func summary(tree *exchange.Tree) string {
	var b strings.Builder
	for _, d := range tree.Documents {
		fmt.Fprintf(&b, "document %s %q\n", d.Key, d.Title)
		for _, f := range d.Fields {
			fmt.Fprintf(&b, "  field %s=%q %s nested=%t %s\n", f.Name, f.Values, f.Data, f.Nested, f.At)
		}
		for _, bl := range d.Blocks {
			fmt.Fprintf(&b, "%d block %s %q %s\n", bl.Order, bl.Kind, bl.Text, bl.At)
		}
		for _, it := range d.Items {
			fmt.Fprintf(&b, "%d %q (%s) %s title=%q text=%q %s\n", it.Order, it.Key, it.ID, it.Type, it.Title, it.Text, it.At)
			for _, l := range it.Links {
				fmt.Fprintf(&b, "  link %s %s %s %s\n", l.Verb, l.Target, l.State, l.At)
			}
			for _, f := range it.Fields {
				fmt.Fprintf(&b, "  field %s=%q %s nested=%t %s\n", f.Name, f.Values, f.Data, f.Nested, f.At)
			}
		}
	}
	for _, f := range tree.Faults {
		fmt.Fprintf(&b, "fault error=%t %s %s: %s\n", f.Error, f.At, f.Item, f.Message)
		if f.Remedy == "" {
			b.WriteString("  without a remedy\n")
		}
	}
	for _, o := range tree.Others {
		fmt.Fprintf(&b, "other %s\n", o)
	}
	return b.String()
}

func TestRealRegister(t *testing.T) {
	var want struct{ Entries int }
	exchangetest.Facts(t, "medical", "mdux/soup-register.toml", &want)
	folder := exchangetest.Data(t, "medical", "mdux")
	tree, err := souptoml.ReadFolder(folder, souptoml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if tree.Read.Items != want.Entries || tree.Items() != want.Entries || len(tree.Faults) > 0 || len(tree.Lost) > 0 {
		t.Errorf("read %+v, %d items, faults %v", tree.Read, tree.Items(), tree.Faults)
	}
	got := map[string]int{}
	for _, it := range tree.Documents[0].Items {
		got[it.Type]++
		for _, f := range it.Fields {
			got[f.Name] += len(f.Values)
		}
		if it.Key == "" || it.Title == "" || it.Text == "" {
			t.Errorf("%+v", it)
		}
	}
	for _, f := range tree.Documents[0].Fields {
		got["document/"+f.Name]++
	}
	wantFields := map[string]int{"SOUP": 3, "build-tool": 2, "version": 5, "supplier": 5, "repository": 5, "license": 5, "trust_zone": 5, "integration_path": 5, "pinned_by": 6, "runtime_deployment": 5,
		"support_model": 5, "boundary_rationale": 5, "risk_controls": 10, "known_anomaly_tracking": 5,
		"document/schema_version": 1, "document/register_kind": 1, "document/scope": 1, "document/owner": 1, "document/scoping_policy": 1}
	if diff := cmp.Diff(wantFields, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !souptoml.Detect(os.DirFS(folder)) {
		t.Error("not detected")
	}
}

// goldthread:verifies SRS-75
func TestRead(t *testing.T) {
	tree := read(t, files("a/soup.toml", `# Register
# of SOUP
title = "All"
schema = 1
owner.name = 'é'

# first
[[entries]]   # the window
component_id = "glfw"
name = "GLFW"
version = "3.4"
classification = "SOUP"
usage = """\
  Window \
  creation
"""
depends_on = ["vk", 'vk2']
pins = [1, 0x2F, # hex
  3_000]
mixed = [1, "a"]
date = 2026-01-15T14:30:00Z
runtime = true
size = 1.50
[entries.support]
model = {by = "x", years = [1, 2.0]}
[[entries.anomalies]]
id = 7
[[entries]]
component_id = "vk"
depends_on = ["nothing"]
[[entries]]
name = "vk2"
version = 1
# last
[soup.zlib]
version = "1"
license = "Zlib"
`, "a/other.toml", "[package]\nname = 'x'\n", "b/Cargo.toml", "[[bin]]\nname = 'soup'\n"), souptoml.Options{})
	want := `document a/soup "All"
  field schema=["1"] integer nested=false a/soup.toml:4:1
  field owner=["{\"name\":\"é\"}"]  nested=true a/soup.toml:5:1
1 block comment "Register\nof SOUP" a/soup.toml:1:1
2 block comment "first" a/soup.toml:7:1
6 block comment "last" a/soup.toml:34:1
3 "glfw" () SOUP title="GLFW" text="Window creation\n" a/soup.toml:8:3
  link depends_on vk unconfirmed a/soup.toml:17:1
  link depends_on vk2 unconfirmed a/soup.toml:17:1
  field version=["3.4"]  nested=false a/soup.toml:11:1
  field pins=["1" "0x2F" "3_000"] integer nested=false a/soup.toml:18:1
  field mixed=["1" "a"]  nested=false a/soup.toml:20:1
  field date=["2026-01-15T14:30:00Z"] date nested=false a/soup.toml:21:1
  field runtime=["true"] boolean nested=false a/soup.toml:22:1
  field size=["1.50"] real nested=false a/soup.toml:23:1
  field support=["{\"model\":{\"by\":\"x\",\"years\":[1,2.0]}}"]  nested=true a/soup.toml:24:10
  field anomalies=["[{\"id\":7}]"]  nested=true a/soup.toml:26:11
  field comment=["the window" "hex"]  nested=false a/soup.toml:8:3
4 "vk" () SOUP title="" text="" a/soup.toml:28:3
  field depends_on=["nothing"]  nested=false a/soup.toml:30:1
5 "" (vk2) SOUP title="vk2" text="" a/soup.toml:31:3
  field version=["1"] integer nested=false a/soup.toml:33:1
7 "zlib" () SOUP title="" text="" a/soup.toml:35:7
  field version=["1"]  nested=false a/soup.toml:36:1
  field license=["Zlib"]  nested=false a/soup.toml:37:1
fault error=false a/soup.toml:28:3 vk: the component vk has no version
other a/other.toml
other b/Cargo.toml
`
	if diff := cmp.Diff(want, summary(tree)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := (exchange.Counts{Items: 4, Links: 2, Documents: 1}); tree.Read != want {
		t.Errorf("read %+v, want %+v", tree.Read, want)
	}
}

func TestFaults(t *testing.T) {
	const entry = "[[soup]]\nid = 'a'\nversion = 1\n"
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
		want     []string
	}{
		{"an empty folder", files("a.txt", ""), []string{"fault error=true . : no TOML file lies in the folder"}},
		{"a file that no name tells of", files("deps.toml", "[[x]]\nid = 'a'\nversion = 1\n"), []string{`1 "a" () SOUP`}},
		{"no components", files("soup.toml", "[x]\na = 1\n"), []string{"the file holds no table of components", `field x=["{\"a\":1}"]`}},
		{"a value that is none", files("soup.toml", entry+"b = \n"), []string{"fault error=true soup.toml:4:5 : the file is not valid TOML"}},
		{"a file that ends", files("soup.toml", entry+"b"), []string{"fault error=true soup.toml", "the file is not valid TOML"}},
		{"a key twice", files("soup.toml", entry+"id = 1\n"), []string{"fault error=true soup.toml:4:1 : id is given twice (soup.toml:2:1)"}},
		{"a table twice", files("soup.toml", entry+"[x]\n[x]\n"), []string{"fault error=true soup.toml:5:2 : x is there already (soup.toml:4:2)"}},
		{"a table that is a value", files("soup.toml", "x = 1\n[x.y]\n"), []string{"fault error=true soup.toml:2:2 : x is no table that can be added to"}},
		{"an array of tables that is an array", files("soup.toml", "x = []\n[[x]]\n"), []string{"fault error=true soup.toml:2:3 : x is there already (soup.toml:1:1) and is no array of tables"}},
		{"a table beside an array of tables", files("soup.toml", "[[x]]\n[x]\n"), []string{"fault error=true soup.toml:2:2 : x is there already"}},
		{"an inline table that is added to", files("soup.toml", "x = {a.b = 1}\nx.c = 2\n"), []string{"fault error=true soup.toml:2:1 : x is there already (soup.toml:1:1) and cannot be added to"}},
		{"a part of an inline table that is added to", files("soup.toml", "x = {a.b = 1}\n[x.a.c]\n"), []string{"soup.toml:2:2 : x is no table"}},
		{"a dotted key into a table with a header", files("soup.toml", "[a.b]\n[a]\nb.c = 1\n"), []string{"fault error=true soup.toml:3:1 : b is there already"}},
		{"an id twice", files("soup.toml", entry+entry), []string{"fault error=false soup.toml:4:3 a: the component a is there already"}},
		{"a component without a name", files("soup.toml", entry+"[[soup]]\nversion = 1\n"), []string{"fault error=false soup.toml:4:3 : the component has neither a name nor an id", `2 "" () SOUP`}},
		{"a component without a version", files("soup.toml", "[[soup]]\nid = 'a'\n"), []string{"fault error=false soup.toml:1:3 a: the component a has no version"}},
		{"NUL", files("soup.toml", entry+"\x00"), []string{"fault error=true soup.toml:4 : the file holds a NUL character"}},
		{"no UTF-8", files("soup.toml", entry+"\xff"), []string{"fault error=true soup.toml:4 : the file is not UTF-8 (byte 0xff)"}},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, c.fsys, souptoml.Options{}))
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
			if strings.Contains(got, "without a remedy") {
				t.Error(got)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	const text = "[[soup]]\r\nid = \"é\"\r\nversion = '''\r\n1\r\n2'''\r\n"
	want := summary(read(t, files("soup.toml", text), souptoml.Options{}))
	wide := []byte{0xff, 0xfe}
	for _, r := range text {
		wide = append(wide, byte(r), byte(r>>8))
	}
	for _, other := range []string{"\ufeff" + text, string(wide), strings.ReplaceAll(text, "\r", "")} {
		if got := summary(read(t, files("soup.toml", other), souptoml.Options{})); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", other, got, want)
		}
		if !souptoml.Detect(files("x/soup.toml", other)) {
			t.Errorf("%q is not detected", other)
		}
	}
	for name, text := range map[string]string{"Cargo.toml": "[[soup]]", "pyproject.toml": "soup", "a.toml": "x = 1", ".git/soup.toml": "[x]", "group.toml": "[[x]]"} {
		if souptoml.Detect(files(name, text)) {
			t.Errorf("%s is detected", name)
		}
	}
}

// TestHostile reads what is large and nasty within the default limits.
//
// goldthread:verifies SRS-50
func TestHostile(t *testing.T) {
	const n = 1_000_000
	var keys, headers strings.Builder
	for i := range n {
		fmt.Fprintf(&keys, "k%d=1\n", i)
		fmt.Fprintf(&headers, "[a%d.b.c]\n", i)
	}
	for name, text := range map[string]string{
		"depth":        "x = " + strings.Repeat("[", 10*n),
		"tables":       "x = " + strings.Repeat("{a=", n),
		"after text":   "y = \"[\\\"\"\nz = '''a''''\nx = " + strings.Repeat("[", 10*n),
		"dots":         strings.Repeat("a.", n) + "a = 1",
		"header":       "[" + strings.Repeat("a.", n) + "a]",
		"keys":         keys.String(),
		"headers":      headers.String(),
		"tables again": strings.Repeat("[[a]]\n", n),
		"array":        "x = [" + strings.Repeat("1,", 10*n) + "]",
		"string":       "x = \"" + strings.Repeat("a", 50<<20) + "\"",
		"comments":     strings.Repeat("#\n", n),
		"quotes":       "x = " + strings.Repeat("\"", n),
	} {
		t.Run(name, func(t *testing.T) {
			if tree := read(t, files("soup.toml", text), souptoml.Options{}); len(tree.Faults) == 0 {
				t.Error("no fault")
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("[[soup]]\nid = 'a' # c\nversion = {a.b = [1, 2.0, 1979-05-27]}\ndepends_on = ['a']\n[x.y]\nversion = \"\"\"\\\n z\"\"\"\n")
	f.Add("a.b = 1\n[[a.c]]\n[a.c.d]\n")
	if raw, err := os.ReadFile(exchangetest.Data(f, "medical", "mdux", "soup-register.toml")); err == nil {
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree := read(t, files("soup.toml", text), souptoml.Options{})
		links := 0
		for _, d := range tree.Documents {
			for _, it := range d.Items {
				links += len(it.Links)
			}
		}
		if tree.Read.Items != tree.Items() || tree.Read.Links != links {
			t.Errorf("read %+v, %d items kept, %d links kept", tree.Read, tree.Items(), links)
		}
		for _, f := range tree.Faults {
			if f.Message == "" || f.Remedy == "" || f.At.File == "" || strings.Contains(f.Message, "cannot be parsed") {
				t.Errorf("fault %+v", f)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, "[[entries]]\ncomponent_id = \"c-%d\"\nname = \"Component %d\"\nversion = \"3.%d\"\nclassification = \"SOUP\"\nusage = \"Cross-platform window creation and input handling for the example applications only.\"\nruntime_deployment = false\nrisk_controls = [\n    \"GIT_TAG 3.4 pins an exact tagged release rather than a branch.\",\n]\n\n", i, i, i)
	}
	fsys := files("soup.toml", text.String())
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if tree := read(b, fsys, souptoml.Options{}); tree.Items() != 10_000 {
			b.Fatal(tree.Items(), tree.Faults)
		}
	}
}
