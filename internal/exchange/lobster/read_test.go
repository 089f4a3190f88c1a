package lobster_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/lobster"
)

func read(t testing.TB, fsys fs.FS, options lobster.Options) *exchange.Tree {
	t.Helper()
	tree, err := lobster.Read(fsys, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// reconcile holds what was counted at the source against what is in the tree or listed as not.
func reconcile(t testing.TB, tree *exchange.Tree) {
	t.Helper()
	items, links := tree.Items(), len(tree.Dangling)
	for _, d := range tree.Documents {
		for _, item := range d.Items {
			links += len(item.Links)
		}
	}
	for _, l := range tree.Lost {
		items += l.Items
		links += l.Links
	}
	if items != tree.Read.Items || links != tree.Read.Links {
		t.Errorf("read %+v, found again %d items and %d links", tree.Read, items, links)
	}
}

func one(t testing.TB, file string) fstest.MapFS {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(exchangetest.Data(t), "reqtext", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{path.Base(file): {Data: data}}
}

// facts are what the manifest says of a file.
type facts struct {
	Schema, Generator string
	Items             int
	Levels            [][2]any
}

// goldthread:verifies SRS-75
func TestRealFiles(t *testing.T) {
	for file, links := range map[string]int{"lobster/cpptest.lobster": 14, "lobster/report_octopus.lobster": 21} {
		t.Run(file, func(t *testing.T) {
			var want facts
			exchangetest.Facts(t, "reqtext", file, &want)
			tree := read(t, one(t, file), lobster.Options{})
			reconcile(t, tree)
			got := facts{Generator: tree.Tool}
			for _, d := range tree.Documents {
				for _, f := range d.Fields {
					if f.Name == "schema" {
						got.Schema = f.Values[0]
					}
				}
				if d.Parent != "" {
					got.Levels = append(got.Levels, [2]any{d.Key, float64(len(d.Items))})
				} else {
					got.Items += len(d.Items)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-manifest +read)\n%s", diff)
			}
			if len(tree.Faults)+len(tree.Lost)+len(tree.Dangling) > 0 || tree.Read.Links != links {
				t.Errorf("%d links, faults %+v, lost %+v, dangling %+v", tree.Read.Links, tree.Faults, tree.Lost, tree.Dangling)
			}
		})
	}
}

// summary is a tree in a few lines.
func summary(tree *exchange.Tree) string {
	var b strings.Builder
	for _, d := range tree.Documents {
		fmt.Fprintf(&b, "document %s<-%s %q in %s\n", d.Key, d.Parent, d.Title, d.Path)
		for _, f := range d.Fields {
			fmt.Fprintf(&b, "  %s=%q\n", f.Name, f.Values)
		}
		for _, item := range d.Items {
			fmt.Fprintf(&b, "  %d %s | %s | %s %q %q %s\n", item.Order, item.Type, item.ID, item.Key, item.Title, item.Text, item.At)
			for _, l := range item.Links {
				fmt.Fprintf(&b, "    %s %s %s written=%q %s\n", l.Verb, l.Target, l.State, l.Written, l.At)
			}
			for _, f := range item.Files {
				fmt.Fprintf(&b, "    file %s %s\n", f.Path, f.Type)
			}
			for _, f := range item.Fields {
				fmt.Fprintf(&b, "    %s=%q %s nested=%t\n", f.Name, f.Values, f.Data, f.Nested)
			}
		}
	}
	for _, ty := range tree.Types {
		fmt.Fprintf(&b, "type %s %q\n", ty.Name, ty.Title)
	}
	for _, r := range tree.Relations {
		fmt.Fprintf(&b, "relation %s, %s\n", r.Verb, r.Reverse)
	}
	for _, d := range tree.Dangling {
		fmt.Fprintf(&b, "dangling %s %s %s\n", d.Verb, d.From, d.To)
	}
	for _, l := range tree.Lost {
		fmt.Fprintf(&b, "lost %s %s: %s\n", l.At, l.What, l.Why)
	}
	for _, l := range tree.Changed {
		fmt.Fprintf(&b, "changed %s\n", l.What)
	}
	for _, f := range tree.Faults {
		fmt.Fprintf(&b, "fault error=%t %s %s: %s\n", f.Error, f.At, f.Item, f.Message)
		if f.Remedy == "" {
			b.WriteString("without a remedy\n")
		}
	}
	for _, other := range tree.Others {
		fmt.Fprintf(&b, "other %s\n", other)
	}
	return b.String()
}

// place is a line and column; TestPlaces is about those.
var place = regexp.MustCompile(`:[0-9]+:[0-9]+`)

// file is a trace file with items.
func file(schema string, version int, items string) fstest.MapFS {
	return fstest.MapFS{"a.lobster": {Data: fmt.Appendf(nil, `{"data":[%s],"generator":"tool","schema":%q,"version":%d}`, items, schema, version)}}
}

// goldthread:verifies SRS-75
func TestRead(t *testing.T) {
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
		want     []string
		lacks    string
	}{
		{"a requirement has its places, and fields for the rest",
			file("lobster-req-trace", 4, `{"tag":"req a.b@3","location":{"kind":"file","file":"a.trlc","line":4,"column":null},"name":"a.b","messages":[],"just_up":["why","so"],"framework":"TRLC","kind":"functional","text":"T","status":null}`),
			[]string{`document a<- "" in a.lobster`, `  generator=["tool"]`, `  schema=["lobster-req-trace"]`, `  1 requirement functional | req a.b | a.b "a.b" "T"`, "    file a.trlc file", `    version=["3"]  nested=false`, `    location/line=["4"] integer nested=false`, `    just_up=["why" "so"]  nested=false`,
				`    framework=["TRLC"]  nested=false`, `    kind=["functional"]  nested=false`, `type requirement functional ""`, "changed values that are not set: messages 1, status 1"}, "fault"},
		{"implementations and activities of one kind are two types",
			fstest.MapFS{"a.lobster": file("lobster-imp-trace", 3, `{"tag":"cpp f","location":{"kind":"void"},"name":"f","language":"C++","kind":"Function"}`)["a.lobster"], "b.json": file("lobster-act-trace", 3, `{"tag":"gtest t","location":{"kind":"codebeamer","cb_root":"https://cb","tracker":1,"item":2,"version":null,"name":"n"},"name":"t","framework":"GTest","kind":"Function","status":"ok","refs":["cpp f"]}`)["a.lobster"]},
			[]string{`type implementation Function ""`, `type activity Function "verification activity Function"`, `    location/kind=["void"]  nested=false`, `    location/tracker=["1"] integer nested=false`, "    refs cpp f unconfirmed written=\"\"", `    status=["ok"]  nested=false`, "relation refs, "}, "fault"},
		{"a version says whether a reference is still right",
			file("lobster-req-trace", 3, `{"tag":"req 1@2","refs":["req 2@1","req 2@7","req 2","req 3@1","req 4 b@1@2"]},{"tag":"req 2@1"},{"tag":"req 4 b@1@2"}`),
			[]string{`    refs req 2 confirmed written="req 2@1"`, `    refs req 2 suspect written="req 2@7"`, `    refs req 2 unconfirmed written=""`, `    refs req 3 unresolved written="req 3@1"`, `    refs req 4 b confirmed written="req 4 b@1@2"`}, "fault"},
		{"a location on GitHub is a file with its commit",
			file("lobster-imp-trace", 3, `{"tag":"py f","location":{"kind":"github","gh_root":"https://github.com/a/b","commit":"abc","file":"f.py","line":7}}`),
			[]string{"    file f.py github", `    location/gh_root=["https://github.com/a/b"]  nested=false`, `    location/commit=["abc"]  nested=false`, `    location/line=["7"] integer nested=false`}, "fault"},
		{"a report has levels, and references down are those up from the other end",
			fstest.MapFS{"r.lobster": {Data: []byte(`{"schema":"lobster-report","version":2,"generator":"lobster_report","levels":[{"name":"Req","kind":"requirements","coverage":100.0,"items":[{"tag":"req a","ref_up":[],"ref_down":["py f","py gone","py g"],"tracing_status":"OK"}]},
				{"name":"Code","kind":"implementation","items":[{"tag":"py f","ref_up":["req a"],"ref_down":[]},{"tag":"py g"}]},{"items":[{},{}]}],"policy":{"Req":{"traces":[]}},"matrix":[],"custom_data":{"branch":"x"}}`)}},
			[]string{`document r<- "" in r.lobster`, `  policy=["{\"Req\":{\"traces\":[]}}"]`, `  custom_data=["{\"branch\":\"x\"}"]`, `document Req<-r "Req" in .`, `  kind=["requirements"]`, `  coverage=["100.0"]`, `  1 requirement | req a | a "" ""`, `    tracing_status=["OK"]  nested=false`, `document Code<-r "Code" in .`,
				`    ref_up req a unconfirmed written=""`, "dangling ref_up py gone req a", `    ref_down py g unconfirmed written=""`, "fault error=false r.lobster req a: req a says that py g traces to it, which py g itself does not say", "relation ref_up, ref_down", "lost r.lobster level: it has no name"}, ""},
		{"items and references without a tag are lost, an item twice is said",
			file("lobster-act-trace", 3, `{"tag":"one","refs":["a b","c d"]},7,{"tag":"a b","refs":["x",3,""]},{"tag":"a b","refs":"a b"}`),
			[]string{`lost a.lobster item "one": its tag is not a namespace and a name`, "lost a.lobster item: its tag is not a namespace and a name", `lost a.lobster refs "x": it is not a namespace and a name`, `lost a.lobster refs 3: it is not a namespace and a name`, `lost a.lobster refs "a b": it is not a list of tags`,
				"fault error=false a.lobster a b: the item a b is there already, at a.lobster; references lead to that one"}, ""},
		{"versions and schemas that are not known are said",
			fstest.MapFS{"a.lobster": file("lobster-req-trace", 9, `{"tag":"req a"}`)["a.lobster"], "b.lobster": {Data: []byte(`{"schema":"lobster-x","data":[]}`)}, "c.lobster": {Data: []byte(`{"schema":"lobster-report","version":2,"levels":{}}`)}, "d.lobster": {Data: []byte(`[]`)}, "e.lobster": {}, "f.lobster": {Data: []byte(`{"schema":"lobster-imp-trace","data":[]}`)}},
			[]string{`  1 requirement | req a | a "" ""`, "fault error=false a.lobster : version 9 of lobster-req-trace is not known; it is read as version 4", `fault error=true b.lobster : the schema is "lobster-x", which is none of LOBSTER that is known`, "fault error=true c.lobster : the file has no list of items", `fault error=true d.lobster : the schema is "", which is none of LOBSTER that is known`,
				"fault error=true e.lobster : the file is empty, where a JSON value is expected", "fault error=false f.lobster : version (none) of lobster-imp-trace is not known; it is read as version 3"}, ""},
		{"other JSON is named", fstest.MapFS{"a.json": {Data: []byte(`{"data":[{"tag":"req a"}]}`)}, "b.json": {Data: []byte(`{"x":"\"lobster-\""}`)}}, []string{"other a.json", "other b.json"}, "fault"},
		{"depth of a million is refused", file("lobster-req-trace", 4, `{"tag":"req a","x":`+strings.Repeat("[", 1_000_000)), []string{"fault error=true a.lobster : values are nested more than 256 deep"}, "document"},
		{"a name twice is refused", file("lobster-req-trace", 4, `{"tag":"req a","tag":"req b"}`), []string{`fault error=true a.lobster : the name "tag" is given twice in one object, first in line 1`}, "document"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			tree := read(t, c.fsys, lobster.Options{})
			reconcile(t, tree)
			got := place.ReplaceAllString(summary(tree), "")
			for _, want := range c.want {
				if !slices.ContainsFunc(strings.Split(got, "\n"), func(line string) bool {
					return line == want || strings.HasPrefix(line, want+" a.lobster") || strings.HasPrefix(line, want+" b.json") || strings.HasPrefix(line, want+" r.lobster")
				}) {
					t.Errorf("lacks %q in\n%s", want, got)
				}
			}
			if c.lacks != "" && strings.Contains(got, c.lacks) || strings.Contains(got, "without a remedy") {
				t.Errorf("has %q in\n%s", c.lacks, got)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	tree := read(t, fstest.MapFS{"a.lobster": {Data: []byte("{\"schema\": \"lobster-req-trace\", \"version\": 1,\n\"data\": [\r\n  {\"tag\": \"req a\", \"kind\": \"k\",\n   \"refs\": [\"req b\", \"bad\"]}]}")}}, lobster.Options{})
	item := tree.Documents[0].Items[0]
	var got []string
	for _, at := range []exchange.Position{item.At, item.Fields[0].At, item.Links[0].At, tree.Faults[0].At, tree.Faults[1].At} {
		got = append(got, at.String())
	}
	if diff := cmp.Diff([]string{"a.lobster:3:3", "a.lobster:3:20", "a.lobster:4:13", "a.lobster:1:44", "a.lobster:4:22"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDetect(t *testing.T) {
	long := `{"data":[` + strings.Repeat(`{"tag":"req a","name":"x"},`, 5_000) + `{}],"generator":"x","schema":"lobster-req-trace","version":4}`
	for text, want := range map[string]bool{
		`{"data":[],"schema":"lobster-imp-trace"}`: true, `{"schema":"lobster-report","levels":[`: true, long: true,
		`{"data":[],"schema":"other"}`: false, `{"name":"lobster-tool"}`: false, ``: false, `[]`: false,
	} {
		for _, name := range []string{"x/report.json", "x.lobster"} {
			if got := lobster.Detect(fstest.MapFS{name: {Data: []byte(text)}}); got != want {
				t.Errorf("%s %.60q: %t", name, text, got)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "data", "reqtext", "lobster", "*.lobster"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Add([]byte(`{"schema":"lobster-req-trace","version":4,"data":[{"tag":"req a@1","refs":["req a@2","x"],"location":{"kind":"file","file":"a"}}]}`))
	f.Add([]byte(`{"schema":"lobster-report","levels":[{"name":"a","items":[{"tag":"a b","ref_up":["a c"],"ref_down":["a c","d e"]},{"tag":"a c"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{"a.lobster": {Data: data}}
		lobster.Detect(fsys)
		reconcile(t, read(t, fsys, lobster.Options{}))
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	for i := range 20_000 {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `
    {"tag": "req pump.r%d@1", "location": {"kind": "file", "file": "pump.trlc", "line": %d, "column": 4}, "name": "pump.r%d", "messages": [], "just_up": [], "just_down": [], "just_global": [], "refs": ["req pump.r%d@1"],
     "framework": "TRLC", "kind": "requirement", "text": "The pump stops within a second.", "status": null}`, i, i+1, i, i/2)
	}
	fsys := file("lobster-req-trace", 4, text.String())
	b.SetBytes(int64(len(fsys["a.lobster"].Data)))
	b.ReportAllocs()
	for b.Loop() {
		if tree := read(b, fsys, lobster.Options{}); tree.Items() != 20_000 {
			b.Fatal(tree.Faults)
		}
	}
}
