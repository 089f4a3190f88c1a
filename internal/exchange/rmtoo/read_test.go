package rmtoo_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/rmtoo"
)

func read(t testing.TB, fsys fs.FS, options rmtoo.Options) *exchange.Tree {
	t.Helper()
	tree, err := rmtoo.Read(fsys, options)
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
		fmt.Fprintf(&b, "document %s %q %s\n", d.Key, d.Title, d.At)
		for _, f := range d.Fields {
			fmt.Fprintf(&b, "  field %s=%q %s\n", f.Name, f.Values, f.At)
		}
		for _, bl := range d.Blocks {
			fmt.Fprintf(&b, "%d block %s %q\n", bl.Order, bl.Kind, bl.Text)
		}
		for _, it := range d.Items {
			fmt.Fprintf(&b, "%d %s %q title=%q text=%q %s\n", it.Order, it.Key, it.Type, it.Title, it.Text, it.At)
			for _, l := range it.Links {
				fmt.Fprintf(&b, "  link %s %s %s %s %v\n", l.Verb, l.Target, l.State, l.At, l.Fields)
			}
			for _, f := range it.Fields {
				fmt.Fprintf(&b, "  field %s=%q %s %s\n", f.Name, f.Values, f.Data, f.At)
			}
		}
	}
	for _, f := range tree.Faults {
		fmt.Fprintf(&b, "fault error=%t %s %s: %s\n", f.Error, f.At, f.Item, f.Message)
		if f.Remedy == "" {
			b.WriteString("  without a remedy\n")
		}
	}
	for _, l := range tree.Lost {
		fmt.Fprintf(&b, "lost %s %s: %s: %s (%d, %d)\n", l.At, l.Item, l.What, l.Why, l.Items, l.Links)
	}
	for _, o := range tree.Others {
		fmt.Fprintf(&b, "other %s\n", o)
	}
	return b.String()
}

// TestRealProject counts what grep counts in the files.
func TestRealProject(t *testing.T) {
	tree, err := rmtoo.ReadFolder(exchangetest.Data(t, "reqtext", "rmtoo", "emailclient"), rmtoo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, d := range tree.Documents {
		for _, it := range d.Items {
			got[it.Type]++
			for _, l := range it.Links {
				got[l.Verb+" "+string(l.State)]++
			}
			for _, f := range it.Fields {
				got[f.Name]++
			}
		}
	}
	want := map[string]int{"design decision": 6, "requirement": 2, "Solved by unconfirmed": 7, "Invented on": 8, "Invented by": 8, "Owner": 8, "Rationale": 8, "Status": 8, "Priority": 8, "Topic": 8}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, summary(tree))
	}
	if want := (exchange.Counts{Items: 8, Links: 7, Documents: 1}); tree.Read != want {
		t.Errorf("read %+v, want %+v", tree.Read, want)
	}
	for _, f := range tree.Faults {
		t.Errorf("unexpected fault: %+v", f)
	}
	if want := map[string]string{"Solved by": "solves", "Test Cases": "verifies"}; !cmp.Equal(want, tree.Backwards) {
		t.Errorf("backwards %v", tree.Backwards)
	}
}

// goldthread:verifies SRS-75
func TestRead(t *testing.T) {
	tree := read(t, files("r/Stop.req", `# Copyright

Name: Stop
Type: master requirement
Invented on: 2012-03-08
Description:The pump \textbf{must}
   stop.
# in between
	At once.
Effort estimation: 5
Solved by: Valve,  Motor
 Nothing
Depends on:
Constraints: Fast("a, b", f(1)) Cheap
Test cases: T1
Note: a: b
`, "r/Valve.req", "Name: Valve\nDescription: d\nDepends on: Stop\n", "r/Motor.req", "Name: Motor\nDescription: d\n",
		"c/Fast.ctr", "Name: Fast\nDescription: d\n", "t/T1.tec", "Name: T\nDescription: d\nExpected Result: good\n",
		"topics/All.tic", "# c\nName: All\nSubTopic: Sub\nText: One\n two.\nIncludeRequirements: full\nText: Three\n", "server.req", "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n"), rmtoo.Options{})
	want := `document c "c" c
1 Fast "constraint" title="Fast" text="d" c/Fast.ctr:1:1
document r "r" r
1 Motor "requirement" title="Motor" text="d" r/Motor.req:1:1
2 Stop "master requirement" title="Stop" text="The pump \\textbf{must}\n  stop.\nAt once." r/Stop.req:1:1
  link Solved by Valve unconfirmed r/Stop.req:11:12 []
  link Solved by Motor unconfirmed r/Stop.req:11:20 []
  link Solved by Nothing unresolved r/Stop.req:12:2 []
  link Constraints Fast unconfirmed r/Stop.req:14:14 [{arguments [("a, b", f(1))]  false r/Stop.req:14:14}]
  link Constraints Cheap unresolved r/Stop.req:14:33 []
  link Test Cases T1 unconfirmed r/Stop.req:15:13 []
  field Invented on=["2012-03-08"] date r/Stop.req:5:1
  field Effort estimation=["5"] integer r/Stop.req:10:1
  field Note=["a: b"]  r/Stop.req:16:1
  field comment=["Copyright" "in between"]  r/Stop.req:1:1
3 Valve "requirement" title="Valve" text="d" r/Valve.req:1:1
  link solves Stop unconfirmed r/Valve.req:3:13 []
document t "t" t
1 T1 "test case" title="T" text="d" t/T1.tec:1:1
  field Expected Result=["good"]  t/T1.tec:3:1
document topics/All "All" topics/All.tic:1:1
  field SubTopic=["Sub"] topics/All.tic:3:1
  field IncludeRequirements=["full"] topics/All.tic:6:1
  field comment=["c"] topics/All.tic:1:1
1 block prose "One\ntwo."
2 block prose "Three"
other server.req
`
	if diff := cmp.Diff(want, summary(tree)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := (exchange.Counts{Items: 5, Links: 7, Documents: 4}); tree.Read != want {
		t.Errorf("read %+v, want %+v", tree.Read, want)
	}
}

func TestFaults(t *testing.T) {
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
		want     []string
	}{
		{"an empty folder", files("a.txt", ""), []string{"fault error=true . : no requirement of rmtoo"}},
		{"an empty file", files("a.req", ""), []string{"a has no Name", "a has no Description"}},
		{"a tag twice", files("a.req", "Name: x\nName: y\nDescription: d\nType: b\nType: c\n"), []string{"fault error=false a.req:2:1 a: the tag Name is given twice", `title="x"`, `field Name=["y"]`, `field Type=["c"]`}},
		{"a line that is none", files("a.req", " before\nName: x\nDescription: d\nnothing\nNote-1: y\n"), []string{
			"fault error=true a.req:1:1 a: the line \" before\"", "fault error=true a.req:4:1 a: the line \"nothing\" is no tag", "lost a.req:4:1 a: line: it is no tag and goes on with nothing: nothing", "a.req:5:1 a: the line \"Note-1: y\""}},
		{"one name in two folders", files("a/x.req", "Name: x\nDescription: d\n", "b/x.req", "Name: x\nDescription: d\n"), []string{"fault error=false b/x.req:1:1 x: x lies in a/x.req already"}},
		{"a constraint without an end", files("a.req", "Name: x\nDescription: d\nConstraints: A(b\n"), []string{"link Constraints A unresolved a.req:3:14 [{arguments [(b]"}},
		{"NUL", files("a.req", "Name: x\n\x00"), []string{"fault error=true a.req:2 : the file holds a NUL character"}},
		{"no UTF-8", files("a.req", "Name: x\n\xff"), []string{"fault error=true a.req:2 : the file is not UTF-8 (byte 0xff)"}},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, c.fsys, rmtoo.Options{}))
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
	const text = "Name: é\r\nDescription: d\r\n e\r\n"
	want := summary(read(t, files("a.req", text), rmtoo.Options{}))
	wide := []byte{0xff, 0xfe}
	for _, r := range text {
		wide = append(wide, byte(r), byte(r>>8))
	}
	for _, other := range []string{"\ufeff" + text, string(wide), strings.ReplaceAll(text, "\r", ""), strings.ReplaceAll(text, "\n", "")} {
		if got := summary(read(t, files("a.req", other), rmtoo.Options{})); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", other, got, want)
		}
		if !rmtoo.Detect(files("x/a.req", other)) {
			t.Errorf("%q is not detected", other)
		}
	}
	if rmtoo.Detect(files("a.req", "-----BEGIN CERTIFICATE REQUEST-----\n")) || rmtoo.Detect(files(".git/a.req", text)) {
		t.Error("detected where it must not be")
	}
}

// TestHostile reads what is large and nasty within limits.
//
// goldthread:verifies SRS-50
func TestHostile(t *testing.T) {
	const n = 1_000_000
	for name, text := range map[string]string{
		"tags":      strings.Repeat("a:\n", n+10),
		"lines":     strings.Repeat("x\n", n),
		"blanks":    "Name:" + strings.Repeat("\n ", 5*n),
		"value":     "Name: " + strings.Repeat("a", 50<<20),
		"targets":   "Solved by: " + strings.Repeat("a ", 2*n),
		"arguments": "Constraints: " + strings.Repeat("a(", 2*n),
		"comments":  strings.Repeat("#\n", n+10),
	} {
		t.Run(name, func(t *testing.T) {
			found := false
			for _, f := range read(t, files("a.req", "Name: x\nDescription: d\n"+text), rmtoo.Options{}).Faults {
				found = found || f.Error
			}
			if !found && name != "arguments" {
				t.Error("no fault")
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Name: x\nSolved by: a b\n c\n# d\nConstraints: A(b) C\nTest Cases: T\n", "Name: y\nDepends on: a\n")
	if data := exchangetest.Data(f, "reqtext", "rmtoo", "emailclient"); data != "" {
		names, _ := filepath.Glob(filepath.Join(data, "*.req"))
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(raw), "Name: t\n")
		}
	}
	f.Fuzz(func(t *testing.T, requirement, constraint string) {
		tree := read(t, files("a.req", requirement, "A.ctr", constraint, "b.tic", constraint), rmtoo.Options{})
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
			if f.Message == "" || f.Remedy == "" || f.At.File == "" {
				t.Errorf("fault %+v", f)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	fsys, size := fstest.MapFS{}, 0
	for i := range 5_000 {
		text := fmt.Sprintf("Name: Requirement %d\nType: requirement\nInvented on: 2012-03-08\nDescription: The pump \\textbf{must} stop within %d ms after\n the detection of an occlusion, and tell so, whatever else\n happens at that moment.\nRationale: Patients.\nSolved by: R%d R%d\nTopic: All\n", i, i, i+1, i+2)
		fsys[fmt.Sprintf("R%d.req", i)] = &fstest.MapFile{Data: []byte(text)}
		size += len(text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		if tree := read(b, fsys, rmtoo.Options{}); tree.Items() != 5_000 {
			b.Fatal(tree.Items(), tree.Faults)
		}
	}
}
