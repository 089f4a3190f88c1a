package needs_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/needs"
)

func read(t testing.TB, fsys fs.FS, options needs.Options) *exchange.Tree {
	t.Helper()
	tree, err := needs.Read(fsys, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func each(tree *exchange.Tree, do func(*exchange.Item)) {
	for i := range tree.Documents {
		for j := range tree.Documents[i].Items {
			do(&tree.Documents[i].Items[j])
		}
	}
}

// reconcile holds what was counted at the source against what is in the tree or listed as not.
func reconcile(t testing.TB, tree *exchange.Tree) {
	t.Helper()
	items, links := tree.Items(), len(tree.Dangling)
	each(tree, func(item *exchange.Item) { links += len(item.Links) })
	for _, l := range tree.Lost {
		items += l.Items
		links += l.Links
	}
	if items != tree.Read.Items || links != tree.Read.Links {
		t.Errorf("read %+v, found again %d items and %d links", tree.Read, items, links)
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
		for _, s := range d.Sections {
			fmt.Fprintf(&b, "  %d section %d %s\n", s.Order, s.Level, s.Title)
		}
		for _, item := range d.Items {
			fmt.Fprintf(&b, "  %d %s %s %q %q %s\n", item.Order, item.Type, item.Key, item.Title, item.Text, item.At)
			for _, l := range item.Links {
				fmt.Fprintf(&b, "    %s %s %s written=%q %s\n", l.Verb, l.Target, l.State, l.Written, l.At)
			}
			for _, f := range item.Fields {
				fmt.Fprintf(&b, "    %s=%q", f.Name, f.Values)
				if f.Data != "" {
					b.WriteString(" " + string(f.Data))
				}
				if f.Nested {
					b.WriteString(" nested")
				}
				b.WriteByte('\n')
			}
		}
	}
	for _, ty := range tree.Types {
		fmt.Fprintf(&b, "type %s %q %v\n", ty.Name, ty.Title, ty.Attributes)
	}
	for _, r := range tree.Relations {
		fmt.Fprintf(&b, "relation %s, %s\n", r.Verb, r.Reverse)
	}
	for _, d := range tree.Dangling {
		fmt.Fprintf(&b, "dangling %+v\n", d)
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
			b.WriteString("  without a remedy\n")
		}
	}
	for _, other := range tree.Others {
		fmt.Fprintf(&b, "other %s\n", other)
	}
	return b.String()
}

// file is a needs.json with the needs given as members of an object, and further members of its version.
func file(needs string, more ...string) fstest.MapFS {
	return fstest.MapFS{"needs.json": {Data: []byte(`{"current_version":"1","versions":{"1":{"needs":{` + needs + `}` + strings.Join(append([]string{""}, more...), ",") + `}}}`)}}
}

// goldthread:verifies SRS-75
func TestRead(t *testing.T) {
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
		options  needs.Options
		want     []string // lines that the summary has
		lacks    string
	}{
		{"a need has its places, and fields for the rest",
			file(`"R1":{"id":"R1","type":"req","type_name":"Requirement","title":"T","content":"C","status":"open","tags":["a","b"],"effort":3,"cost":1.50,"done":false,"x":{"y":[1]},"list":[1,"a"],"empty":"","avatar":null}`),
			needs.Options{},
			[]string{`  1 req R1 "T" "C" needs.json:1:48`, `    type_name=["Requirement"]`, `    status=["open"]`, `    tags=["a" "b"]`, `    effort=["3"] integer`, `    cost=["1.50"] real`, `    done=["false"] boolean`,
				`    x=["{\"y\":[1]}"] nested`, `    list=["[1,\"a\"]"] nested`, `changed values that are not set: avatar 1, empty 1`, `type req "Requirement" [{effort integer false []} {cost real false []} {done boolean false []} {x string false []} {list string false []}]`}, "fault"},
		{"description is the text where content says nothing, and kept where it says something else",
			file(`"R1":{"description":"D"},"R2":{"content":"","description":"D"},"R3":{"content":"C","description":"D"},"R4":{"content":"C","description":"C"}`), needs.Options{},
			[]string{`  1  R1 "" "D" needs.json:1:48`, `  2  R2 "" "D" needs.json:1:71`, `  3  R3 "" "C" needs.json:1:107`, `    description=["D"]`, `  4  R4 "" "C" needs.json:1:144`}, "fault"},
		{"what sphinx-needs works out itself is no field",
			file(`"R1":{"id":"R1","title":"T","full_title":"T","id_complete":"R1","id_parent":"R1","is_need":true,"is_part":false,"is_external":false,"sections":["B","A"],"section_name":"B","constraints_passed":true,"modifications":0,"doctype":".rst","parts":{}}`), needs.Options{},
			[]string{"  1 section 1 A", "  2 section 2 B", `  3  R1 "T" "" needs.json:1:48`, "changed values that are not set: parts 1",
				"changed values that say nothing of their own: constraints_passed 1, full_title 1, id_complete 1, id_parent 1, is_external 1, is_need 1, is_part 1, modifications 1, section_name 1"}, "fault"},
		{"needs may be a list",
			fstest.MapFS{"n.json": {Data: []byte(`{"current_version":"1","versions":{"1":{"needs":[{"id":"R1","links":["R2"]},{"id":"R2"},{"title":"no id"},3]}}}`)}}, needs.Options{},
			[]string{`  1  R1 "" "" n.json:1:50`, `    links R2 unconfirmed written="" n.json:1:71`, `  2  R2 "" "" n.json:1:78`, "lost n.json:1:90 need: it has no id", "lost n.json:1:108 need : it is a number, not an object",
				"fault error=true n.json:1:90 : a need is not read: it has no id"}, ""},
		{"an id that differs from its name counts",
			file(`"R1":{"id":"R2"}`), needs.Options{}, []string{`  1  R2 "" "" needs.json:1:48`, "fault error=false needs.json:1:59 R2: the id of the need R1 is R2; the latter counts"}, ""},
		{"needs stand by document, heading and line",
			file(`"R1":{"docname":"b","lineno":9,"sections":["Two","Doc"]},"R2":{"docname":"b","lineno":3,"sections":["One","Doc"]},"R3":{"docname":"b","lineno":1,"sections":["Doc"]},"R4":{"docname":"a/c"},"R5":{}`), needs.Options{},
			[]string{"document needs<- \"\" in needs.json", `  1  R5 "" "" needs.json:1:237`, "document b<-needs \"Doc\" in .", "  1 section 1 Doc", `  2  R3 "" "" needs.json:1:165`, "  3 section 2 One", `  4  R2 "" "" needs.json:1:105`, "  5 section 2 Two", `  6  R1 "" "" needs.json:1:48`,
				"document a/c<-needs \"\" in ."}, "fault"},
		{"Markdown is said by all needs, or by some in a field",
			file(`"R1":{"doctype":".md"},"R2":{"doctype":".rst"}`), needs.Options{}, []string{`    doctype=[".md"]`}, "fault"},
		{"declared links are links, and links back are not counted again",
			file(`"R1":{"verifies":["R2","R9"],"links":[],"see":["R2"]},"R2":{"verifies_back":["R1"],"links_back":[]}`,
				`"needs_schema":{"properties":{"id":{"field_type":"core","type":"string"},"see":{"field_type":"extra","type":"array","items":{"type":"string"}},"verifies":{"field_type":"links","type":"array"},"verifies_back":{"field_type":"backlinks","type":"array"}}}`), needs.Options{},
			[]string{`    verifies R2 unconfirmed written="" needs.json:1:66`, `    verifies R9 unresolved written="" needs.json:1:71`, `    see=["R2"]`, "relation verifies, verifies_back", `type  "" [{see string true []}]`}, "fault"},
		{"without a schema a list that names a need is links, one that names none is a field",
			file(`"R1":{"tests":["R2","GONE"],"owners":["ann","bob"],"parent_needs":["R2"],"tags":["R2"]},"R2":{"covers":["NONE"],"parent_needs_back":["R1"]},"R3":{"covers_back":[],"owners":["R"]}`), needs.Options{},
			[]string{"    tests R2 unconfirmed written=\"\" needs.json:1:63", "    tests GONE unresolved written=\"\" needs.json:1:68", `    owners=["ann" "bob"]`, `    tags=["R2"]`, "    parent_needs R2 unconfirmed written=\"\" needs.json:1:115", "    covers NONE unresolved written=\"\" needs.json:1:151"}, "fault"},
		{"a link back that its source does not have is kept as such, one without a source dangles",
			file(`"R1":{},"R2":{"links_back":["R1","X1"]}`), needs.Options{},
			[]string{`    links_back R1 unconfirmed written="" needs.json:1:76`, "dangling {Verb:links From:X1 To:R2 At:needs.json:1:81}", "fault error=false needs.json:1:76 R2: R2 says that R1 links to it (links), which R1 itself does not say"}, ""},
		{"a link to a part is one to its need",
			file(`"R1":{"links":["R2.1","R2.b","R2.x","A.B","C.1.2"]},"R2":{"parts":{"1":{"id":"1","content":"c"},"b":{}}},"A.B":{},"C.1":{"parts":{"2":{}},"links_back":["R1"]}`), needs.Options{},
			[]string{`    links R2 unconfirmed written="R2.1" needs.json:1:63`, `    links R2 unconfirmed written="R2.b" needs.json:1:70`, `    links R2 unconfirmed written="R2.x" needs.json:1:77`, `    links A.B unconfirmed written="" needs.json:1:84`, `    links C.1 unconfirmed written="C.1.2" needs.json:1:90`,
				`    parts=["{\"1\":{\"id\":\"1\",\"content\":\"c\"},\"b\":{}}"] nested`, "fault error=false needs.json:1:77 R1: R1 links to R2.x, but R2 has no part x"}, "error=true"},
		{"links may be a string",
			file(`"R1":{"links":"R2; R3"},"R2":{"links":"R1"},"R3":{"links":5},"R4":{"links":["",null,7,["R1"]]}`), needs.Options{},
			[]string{`    links R2 unconfirmed written="" needs.json:1:62`, `    links R3 unconfirmed written="" needs.json:1:62`, `    links R1 unconfirmed written="" needs.json:1:86`, "fault error=false needs.json:1:62 R1: links of R1 is a string, not a list; it is taken for 2 links",
				"lost needs.json:1:106 links 5: it is not the id of a need", "lost needs.json:1:124 links \"\": it is not the id of a need", "lost needs.json:1:127 links null: it is not the id of a need", "lost needs.json:1:132 links 7: it is not the id of a need", "lost needs.json:1:134 links [\"R1\"]: it is not the id of a need"}, ""},
		{"a default that the schema declares holds where a need says nothing",
			file(`"R1":{},"R2":{"level":"low","day":"2024-01-02"}`, `"needs_defaults_removed":true,"needs_schema":{"properties":{"level":{"field_type":"extra","type":"string","enum":["low","high"],"default":"high"},"day":{"type":"string","format":"date"},"is_external":{"field_type":"core","type":"boolean","default":true},"n":{"type":["null","number"],"default":null}}}`), needs.Options{},
			[]string{`    level=["high"] enumeration`, `    level=["low"] enumeration`, `    day=["2024-01-02"] date`, `type  "" [{level enumeration false [low high]} {day date false []} {n real false []}]`}, "fault"},
		{"the current version is read and the others are named",
			fstest.MapFS{"n.json": {Data: []byte(`{"versions":{"1":{"needs":{"A":{}},"needs_amount":2},"2":{"needs":{"B":{}}}},"current_version":"1"}`)}}, needs.Options{},
			[]string{`  1  A "" "" n.json:1:28`, "lost n.json:1:54 version 2 with 1 needs: only the version 1 is read; it can be chosen instead", "fault error=false n.json:1:51 : needs_amount is 2, but the version 1 holds 1 needs"}, "B"},
		{"another version can be asked for",
			fstest.MapFS{"n.json": {Data: []byte(`{"versions":{"1":{"needs":{"A":{}}},"2":{"needs":{"B":{}}}},"current_version":"1"}`)}}, needs.Options{Version: "2"},
			[]string{`  1  B "" "" n.json:1:51`, `  version=["2"]`, "lost n.json:1:14 version 1 with 1 needs: only the version 2 is read; it can be chosen instead"}, "fault"},
		{"a version that is not there is a fault, and what is there is named",
			fstest.MapFS{"n.json": {Data: []byte(`{"versions":{"1":{"needs":{"A":{}}}},"current_version":"1"}`)}}, needs.Options{Version: "3"},
			[]string{"fault error=true n.json:1:13 : the version 3 is not in the file, which has 1", "lost n.json:1:14 version 1 with 1 needs: the version 3 was asked for"}, "  1 "},
		{"where the current version is not there the last one is read",
			fstest.MapFS{"n.json": {Data: []byte(`{"versions":{"1":{"needs":{"A":{}}},"2":{"needs":{"B":{}}}},"current_version":"9"}`)}}, needs.Options{},
			[]string{`  1  B "" "" n.json:1:51`, `fault error=false n.json:1:79 : current_version is "9", which is none of the versions 1, 2; the last one, 2, is read`}, ""},
		{"what a file says of itself is kept with its document",
			fstest.MapFS{"n.json": {Data: []byte(`{"project":"P","project_url":"https://x","current_version":"1","versions":{"1":{"creator":{"program":"sphinx_needs","version":"4.2"},"filters":{"F":{"amount":1}},"needs":{}}}}`)}}, needs.Options{},
			[]string{`document P<- "P" in n.json`, `  project_url=["https://x"]`, `  version/filters=["{\"F\":{\"amount\":1}}"]`}, "fault"},
		{"files of one project in one folder are one, and one need twice is said",
			fstest.MapFS{"needs_id/A.json": {Data: []byte(`{"project":"P","current_version":"1","versions":{"1":{"needs":{"A":{"docname":"i","links":["B"]}}}}}`)},
				"needs_id/B.json": {Data: []byte(`{"project":"P","current_version":"1","versions":{"1":{"needs":{"B":{"docname":"i"}}}}}`)},
				"needs.json":      {Data: []byte(`{"project":"P","current_version":"1","versions":{"1":{"needs":{"B":{}}}}}`)}}, needs.Options{},
			[]string{"document P<- \"P\" in needs.json", "document P<- \"P\" in needs_id/A.json", "document i<-P \"\" in needs_id", `  1  A "" "" needs_id/A.json:1:64`, `  2  B "" "" needs_id/B.json:1:64`, `    links B unconfirmed written="" needs_id/A.json:1:92`,
				"fault error=false needs_id/B.json:1:64 B: the need B is there already, at needs.json:1:64; links lead to that one"}, ""},
		{"other JSON is named, broken JSON is a fault with its place",
			fstest.MapFS{"package.json": {Data: []byte(`{"name":"x","versions":1}`)}, "list.json": {Data: []byte(`[1]`)}, "bad.json": {Data: []byte("{\"current_version\": \"1\",\n\"versions\": {]")}, "empty.json": {},
				"twice.json": {Data: []byte(`{"current_version":"1","versions":{"1":{"needs":{"A":{},"A":{}}}}}`)}, "none.json": {Data: []byte(`{"current_version":"1","versions":[]}`)}, "no.json": {Data: []byte(`{"current_version":"1","versions":{}}`)}}, needs.Options{},
			[]string{"other package.json", "other list.json", "fault error=true bad.json:2:14 : the name of a member is expected, in double quotes", "fault error=true empty.json:1:1 : the file is empty, where a JSON value is expected",
				"fault error=true twice.json:1:57 : the name \"A\" is given twice in one object, first in line 1", "fault error=true none.json:1:1 : the file has no versions, and so no needs", "fault error=true no.json:1:35 : the file has no version, and so no needs"}, ""},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			tree := read(t, c.fsys, c.options)
			reconcile(t, tree)
			got := summary(tree)
			lines := strings.Split(place.ReplaceAllString(got, ""), "\n")
			for _, want := range c.want {
				if !slices.Contains(lines, place.ReplaceAllString(want, "")) {
					t.Errorf("lacks %q in\n%s", want, got)
				}
			}
			if c.lacks != "" && strings.Contains(got, c.lacks) || strings.Contains(got, "without a remedy") {
				t.Errorf("has %q in\n%s", c.lacks, got)
			}
		})
	}
}

// place is a line and column; TestPlaces is about those.
var place = regexp.MustCompile(`:1:\d+`)

func TestPlaces(t *testing.T) {
	tree := read(t, fstest.MapFS{"n.json": {Data: []byte("{\"current_version\": \"1\", \"versions\": {\r\n \"1\": {\"needs\": {\n  \"ä\": {\"links\": [\"B\",\n \"ä\"], \"x\": 1,\n\"links_back\": [\"Z\"]}}, \"needs_amount\": 7}}}")}}, needs.Options{})
	item := tree.Documents[0].Items[0]
	var got []string
	for _, at := range []exchange.Position{item.At, item.Links[0].At, item.Links[1].At, item.Fields[0].At, tree.Dangling[0].At, tree.Faults[0].At} {
		got = append(got, at.String())
	}
	want := []string{"n.json:3:3", "n.json:3:20", "n.json:4:2", "n.json:4:9", "n.json:5:16", "n.json:5:40"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]bool{
		`{"current_version":"1","versions":{}}`:                                    true,
		`{"versions":{"1":{"needs":{`:                                              true,
		"\xef\xbb\xbf{\"created\":\"x\",\"current_version\":\"1\",\"versions\": {": true,
		`{"versions":["1"]}`:                                                       false,
		`{"a":{"versions":{"current_version":1}}}`:                                 false,
		``: false,
	} {
		if got := needs.Detect(fstest.MapFS{"docs/_build/x.json": {Data: []byte(text)}}); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	if needs.Detect(fstest.MapFS{"node_modules/needs.json": {Data: []byte(`{"current_version":"1","versions":{}}`)}}) {
		t.Error("a foreign package was looked into")
	}
}

// TestHostile reads files that cost as much as they can; the time and memory they take are bounded by their size.
func TestHostile(t *testing.T) {
	head := `{"current_version":"1","versions":{"1":{"needs":{`
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	cases := map[string]struct {
		text  string
		fault string // of the whole file; empty where it is read
	}{
		"depth of a million":     {head + `"A":` + strings.Repeat("[", 1_000_000), "values are nested more than 256 deep"},
		"a giant string":         {head + `"A":{"title":"` + strings.Repeat("x", 17<<20) + `"}}}}}`, "a string is longer than 16777216 bytes"},
		"many sections deep":     {head + `"A":{"sections":[` + many(50_000, `"s%d",`) + `]}}}}}`, ""},
		"many links back to one": {head + `"A":{"links_back":[` + many(20_000, `"B%d",`) + `]},` + many(20_000, `"B%d":{},`) + `}}}}`, ""},
		"one links to all":       {head + `"A":{"links":[` + many(20_000, `"B%d",`) + `]},` + many(20_000, `"B%d":{"links_back":["A"]},`) + `}}}}`, ""},
		"nothing but bad links":  {head + `"A":{"links":[` + strings.TrimSuffix(strings.Repeat("1,", 100_000), ",") + `]}}}}}`, ""},
		"a target of dots":       {head + `"A":{"links":["` + strings.Repeat(".", 100_000) + `"]}}}}}`, ""},
		"NUL":                    {head + `"A":{"title":"\u0000"}}}}}`, "a string holds the character NUL"},
		"bytes that are no text": {head + "\"A\":{\"title\":\"\xff\"}}}}}", "the file is not UTF-8 text"},
		"data behind the end":    {head + `}}}}{}`, "something stands behind the end of the JSON value"},
	}
	for sentence, c := range cases {
		t.Run(sentence, func(t *testing.T) {
			tree := read(t, fstest.MapFS{"needs.json": {Data: []byte(c.text)}}, needs.Options{})
			reconcile(t, tree)
			switch {
			case c.fault == "" && len(tree.Files) != 1:
				t.Errorf("not read: %+v", tree.Faults)
			case c.fault != "" && (len(tree.Faults) != 1 || tree.Faults[0].Message != c.fault || tree.Faults[0].At.Line == 0):
				t.Errorf("faults %+v, want %s", tree.Faults, c.fault)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"needs_test.json", "small.json", "score-needs.json"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", "reqtext", "sphinx-needs", name))
		if err == nil {
			f.Add(data)
		}
	}
	for _, seed := range []string{`"A":{"id":"A","links":["B","C.1"],"links_back":["B"]},"B":{"parts":{"1":{}},"x":[1,2.5],"docname":"d","sections":["b","a"],"lineno":3}`, `"A":{"links":"x;y","tags":null}`} {
		f.Add(file(seed, `"needs_amount":3`, `"needs_schema":{"properties":{"x":{"type":"array","items":{"type":"number"}},"y":{"type":"string","default":"z"}}}`)["needs.json"].Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{"needs.json": {Data: data}}
		needs.Detect(fsys)
		tree := read(t, fsys, needs.Options{})
		reconcile(t, tree)
		written, _ := write(t, tree, needs.WriteOptions{})
		if len(tree.Files) == 1 && tree.Items() > 0 {
			second := again(t, written, "needs.json")
			if second.Items() != tree.Items() {
				t.Fatalf("%d items were written, %d read again\n%s", tree.Items(), second.Items(), written)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	for i := range 20_000 {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `
        "REQ_%d": {"id": "REQ_%d", "type": "req", "type_name": "Requirement", "title": "A title of %d", "tags": ["a", "b"], "links": ["REQ_%d"], "links_back": [], "content": "Some text\\nof two lines.", "docname": "doc%d", "sections": ["b", "a"], "lineno": %d, "is_need": true, "status": null, "asil": "B", "effort": ""}`,
			i, i, i, i/2, i%50, i)
	}
	fsys := file(text.String())
	b.SetBytes(int64(len(fsys["needs.json"].Data)))
	b.ReportAllocs()
	for b.Loop() {
		tree := read(b, fsys, needs.Options{})
		if tree.Items() != 20_000 {
			b.Fatal(tree.Faults)
		}
	}
}
