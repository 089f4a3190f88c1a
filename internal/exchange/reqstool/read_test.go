package reqstool_test

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
	"github.com/goldthread/goldthread/internal/exchange/reqstool"
)

func read(t testing.TB, fsys fs.FS, options reqstool.Options) *exchange.Tree {
	t.Helper()
	tree, err := reqstool.Read(fsys, options)
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
		fmt.Fprintf(&b, "document %s<-%s %q %s\n", d.Key, d.Parent, d.Title, d.At)
		for _, f := range d.Fields {
			fmt.Fprintf(&b, "  field %s=%q nested=%t %s\n", f.Name, f.Values, f.Nested, f.At)
		}
		for _, it := range d.Items {
			fmt.Fprintf(&b, "%d %s (%s) %s title=%q text=%q %s\n", it.Order, it.Key, it.ID, it.Type, it.Title, it.Text, it.At)
			if !it.Active {
				b.WriteString("  inactive\n")
			}
			for _, l := range it.Links {
				fmt.Fprintf(&b, "  link %s %s %s %s written=%q\n", l.Verb, l.Target, l.State, l.At, l.Written)
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
	for _, l := range tree.Lost {
		fmt.Fprintf(&b, "lost %s %s: %s: %s (%d, %d)\n", l.At, l.Item, l.What, l.Why, l.Items, l.Links)
	}
	for _, o := range tree.Others {
		fmt.Fprintf(&b, "other %s\n", o)
	}
	return b.String()
}

// TestRealChain counts what grep counts in the files.
func TestRealChain(t *testing.T) {
	tree, err := reqstool.ReadFolder(exchangetest.Data(t, "reqtext", "reqstool", "standard-ms-001"), reqstool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, d := range tree.Documents {
		got["documents"]++
		for _, it := range d.Items {
			got[it.Type]++
			for _, l := range it.Links {
				got[l.Verb]++
				got[string(l.State)]++
			}
			for _, f := range it.Fields {
				if f.Name == "implementations" || f.Name == "tests" {
					got[f.Name] += len(f.Values)
				}
			}
		}
		for _, f := range d.Fields {
			if strings.Contains(f.Name, "/REQ_") || strings.Contains(f.Name, ":") {
				got["annotations of others"] += len(f.Values)
			}
		}
	}
	want := map[string]int{"documents": 5, "requirements": 2, "cases": 7, "results": 2, "requirement_ids": 9, "svc_ids": 2, "unconfirmed": 6, "unresolved": 5, "implementations": 4, "tests": 4, "annotations of others": 7}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, summary(tree))
	}
	if want := (exchange.Counts{Items: 11, Links: 11, Documents: 5}); tree.Read != want {
		t.Errorf("read %+v, want %+v", tree.Read, want)
	}
	if len(tree.Others) != 2 || len(tree.Files) != 5 || len(tree.Lost) != 0 {
		t.Errorf("others %v, files %v, lost %v", tree.Others, tree.Files, tree.Lost)
	}
	for _, f := range tree.Faults {
		if f.Error {
			t.Errorf("unexpected fault: %+v", f)
		}
	}
}

// goldthread:verifies SRS-75
func TestRead(t *testing.T) {
	fsys := files("a/requirements.yml", `# c
metadata:
  urn: a
  title: "A"
  variant: system
imports:
  local:
    - path: ../b
    - path: ../c
filters: {b: {requirement_ids: {includes: [R1]}}}
requirements:
  - id: R1
    title: One
    significance: shall
    description: |
      The pump
      stops.
    rationale: because
    categories: [safety, "reliability"]
    references:
      requirement_ids: ["b:R1", R2, ä]
    revision: 1.10
    implementation: in-code
    lifecycle: {state: obsolete, reason: old}
    extra: {x: [1, 2.50, yes, ~, "q"]}
`, "a/software_verification_cases.yml", `cases:
- {id: S1, requirement_ids: [R1], title: T, verification: review, revision: "1", instructions: do}
`, "a/manual_verification_results.yml", "results:\n- id: M1\n  svc_ids: [S1]\n  pass: true\n  comment:\n  date: 2026-01-15T14:30:00Z\n",
		"b/requirements.yaml", "metadata: {urn: b, title: B}\nrequirements:\n- {id: R1, title: t, significance: may, description: d, revision: 0.0.1, categories: []}\n",
		"b/x/annotations.yml", "requirement_annotations:\n  implementations:\n    R1:\n    - elementKind: CLASS\n      fullyQualifiedName: x.Y\n    a:R9:\n    - {elementKind: METHOD, fullyQualifiedName: x.Z}\n    a:R1: [{elementKind: METHOD, fullyQualifiedName: q, line: 3}]\n",
		"b/data.yml", "requirements:\n- id: r-1\n")
	want := `document a<- "A" a/requirements.yml:3:3
  field metadata/variant=["system"] nested=false a/requirements.yml:5:3
  field imports=["{\"local\":[{\"path\":\"../b\"},{\"path\":\"../c\"}]}"] nested=true a/requirements.yml:6:1
  field filters=["{\"b\":{\"requirement_ids\":{\"includes\":[\"R1\"]}}}"] nested=true a/requirements.yml:10:1
1 R1 (a:R1) requirements title="One" text="The pump\nstops.\n" a/requirements.yml:12:9
  inactive
  link references b:R1 unconfirmed a/requirements.yml:21:25 written=""
  link references R2 unresolved a/requirements.yml:21:33 written=""
  link references ä unresolved a/requirements.yml:21:37 written=""
  field significance=["shall"]  nested=false a/requirements.yml:14:5
  field rationale=["because"]  nested=false a/requirements.yml:18:5
  field categories=["safety" "reliability"]  nested=false a/requirements.yml:19:5
  field revision=["1.10"] real nested=false a/requirements.yml:22:5
  field implementation=["in-code"]  nested=false a/requirements.yml:23:5
  field lifecycle/state=["obsolete"]  nested=false a/requirements.yml:24:17
  field lifecycle/reason=["old"]  nested=false a/requirements.yml:24:34
  field extra=["{\"x\":[1,2.50,\"yes\",null,\"q\"]}"]  nested=true a/requirements.yml:25:5
  field implementations=["[{\"elementKind\":\"METHOD\",\"fullyQualifiedName\":\"q\",\"line\":3}]"]  nested=true b/x/annotations.yml:8:5
document a/software_verification_cases<-a "Software verification cases of A" a/software_verification_cases.yml:1:1
1 S1 (a:S1) cases title="T" text="" a/software_verification_cases.yml:2:8
  link requirement_ids a:R1 unconfirmed a/software_verification_cases.yml:2:30 written="R1"
  field verification=["review"]  nested=false a/software_verification_cases.yml:2:45
  field revision=["1"]  nested=false a/software_verification_cases.yml:2:67
  field instructions=["do"]  nested=false a/software_verification_cases.yml:2:82
document a/manual_verification_results<-a "Manual verification results of A" a/manual_verification_results.yml:1:1
1 M1 (a:M1) results title="" text="" a/manual_verification_results.yml:2:7
  link svc_ids a:S1 unconfirmed a/manual_verification_results.yml:3:13 written="S1"
  field pass=["true"] boolean nested=false a/manual_verification_results.yml:4:3
  field date=["2026-01-15T14:30:00Z"] date nested=false a/manual_verification_results.yml:6:3
document b<- "B" b/requirements.yaml:1:12
1 R1 (b:R1) requirements title="t" text="d" b/requirements.yaml:3:8
  field significance=["may"]  nested=false b/requirements.yaml:3:22
  field revision=["0.0.1"]  nested=false b/requirements.yaml:3:57
  field categories=[]  nested=false b/requirements.yaml:3:74
  field implementations=["CLASS x.Y"]  nested=false b/x/annotations.yml:3:5
document b/x/annotations<-b "Annotations of B" b/x/annotations.yml:1:1
  field implementations/a:R9=["METHOD x.Z"] nested=false b/x/annotations.yml:6:5
fault error=false a/requirements.yml:9:7 : imports: local {"path":"../c"} is not followed; what it holds is not read
fault error=false a/requirements.yml:10:1 : filters are not applied: everything that lies in the folder is read
fault error=false b/x/annotations.yml:6:5 a:R9: implementations are annotated with a:R9, which is not in the folder
other b/data.yml
`
	tree := read(t, fsys, reqstool.Options{})
	if diff := cmp.Diff(want, summary(tree)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := (exchange.Counts{Items: 4, Links: 5, Documents: 5}); tree.Read != want {
		t.Errorf("read %+v, want %+v", tree.Read, want)
	}
}

func TestFaults(t *testing.T) {
	const head = "metadata: {urn: a, title: A}\n"
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
		want     []string
	}{
		{"an empty folder", files("a.txt", ""), []string{"fault error=true . : no file of reqstool"}},
		{"requirements of another tool", files("requirements.yml", "requirements:\n- id: r-1\n"), []string{"no file of reqstool", "other requirements.yml"}},
		{"no YAML", files("requirements.yml", head+"a: b: c\n"), []string{"fault error=true requirements.yml:2 : the file is not valid YAML: mapping values are not allowed in this context"}},
		{"two documents", files("requirements.yml", head+"---\na: b\n"), []string{"fault error=true requirements.yml:2 : the file holds more than one YAML document"}},
		{"an alias", files("requirements.yml", head+"x: &a 1\ny: *a\n"), []string{"fault error=true requirements.yml:2 : the file has anchors or aliases", "fault error=true"}},
		{"no id, no title", files("requirements.yml", head+"requirements:\n- description: d\n"), []string{"fault error=false requirements.yml:3:3 : the entry has no id", "the entry has no title", "the entry has no significance", `1  () requirements title="" text="d"`}},
		{"an id twice", files("requirements.yml", head+"requirements:\n- {id: a}\n- {id: a}\n"), []string{"fault error=false requirements.yml:4:8 a: a is given already at requirements.yml:3:8"}},
		{"a key twice", files("requirements.yml", head+"requirements:\n- id: a\n  title: x\n  title: y\n"), []string{"fault error=false requirements.yml:5:3 : title is given twice; both are kept", `title="x"`, `field title=["y"]`}},
		{"an entry without attributes", files("requirements.yml", head+"requirements:\n- a\n- id: b\n"), []string{"fault error=true requirements.yml:3:3 : an entry of requirements has no attributes", "lost requirements.yml:3:3 : entry of requirements: it has no attributes: \"a\" (1, 0)", "1 b (a:b)"}},
		{"entries that are no list", files("requirements.yml", head+"requirements: {id: a}\n"), []string{"fault error=true requirements.yml:2:1 : requirements is no list", `field requirements=["{\"id\":\"a\"}"]`}},
		{"words that the schema does not have", files("requirements.yml", head+"requirements:\n- {id: a, significance: must, lifecycle: {state: x}}\n"), []string{`significance is "must", which reqstool does not know`, `lifecycle/state is "x"`, `field significance=["must"]`}},
		{"links that are none", files("requirements.yml", head, "software_verification_cases.yml", "cases:\n- {id: s, requirement_ids: [[x], r]}\n- {id: t, requirement_ids: {a: b}}\n- {id: u, requirement_ids: r}\n- {id: v, requirement_ids: }\n"), []string{
			"fault error=true software_verification_cases.yml:2:29 s: an entry of requirement_ids is no id", "lost software_verification_cases.yml:2:29 s: entry of requirement_ids: it is no id: [\"x\"] (0, 1)", "link requirement_ids r unresolved software_verification_cases.yml:2:34",
			"requirement_ids is no list of ids", `field requirement_ids=["{\"a\":\"b\"}"]`, "link requirement_ids r unresolved software_verification_cases.yml:4:28"}},
		{"no urn", files("requirements.yml", "# $schema=https://x/reqstool-client/v1/requirements.schema.json\nmetadata: {title: A}\n"), []string{"the metadata have no urn"}},
		{"no metadata", files("requirements.yml", "# $schema=https://x/reqstool-client/v1/requirements.schema.json\nrequirements: []\n"), []string{"the file has no metadata"}},
		{"two requirements in a folder", files("requirements.yml", head, "sub.yml", strings.Replace(head, "urn: a", "urn: b", 1)), []string{"the requirements of the folder are those of requirements.yml already"}},
		{"a list instead of names", files("annotations.yml", "- a\n"), []string{"fault error=true annotations.yml:1 : the file does not hold names and values"}},
		{"annotations in another form", files("requirements.yml", head+"requirements: [{id: r}]\n", "annotations.yml", "requirement_annotations: {tests: [x], implementations: {r: y, s: {a: b}}}\nz: 1\n"), []string{`field tests=["x"]`, `field implementations=["y"]`, `field implementations/s=["{\"a\":\"b\"}"]`, `field z=["1"]`}},
		{"NUL", files("requirements.yml", head+"\x00"), []string{"fault error=true requirements.yml:2 : the file holds a NUL character"}},
		{"no UTF-8", files("requirements.yml", head+"\xff"), []string{"fault error=true requirements.yml:2 : the file is not UTF-8 (byte 0xff)"}},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, c.fsys, reqstool.Options{}))
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
	const text = "metadata:\r\n  urn: é\r\n  title: é\r\n"
	want := summary(read(t, files("requirements.yml", text), reqstool.Options{}))
	wide := []byte{0xfe, 0xff}
	for _, r := range text {
		wide = append(wide, byte(r>>8), byte(r))
	}
	for _, other := range []string{"\ufeff" + text, string(wide), strings.ReplaceAll(text, "\r", ""), strings.ReplaceAll(text, "\n", "")} {
		if got := summary(read(t, files("requirements.yml", other), reqstool.Options{})); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", other, got, want)
		}
		if !reqstool.Detect(files("x/requirements.yml", other)) {
			t.Errorf("%q is not detected", other)
		}
	}
}

// TestHostile reads what is large and nasty within the default limits.
//
// goldthread:verifies SRS-50
func TestHostile(t *testing.T) {
	const n = 1_000_000
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 9))
	}
	for name, text := range map[string]string{
		"depth":     "x: " + strings.Repeat("[", n),
		"maps":      "x: " + strings.Repeat("{a: ", n),
		"less deep": "x: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"lines":     strings.Repeat("- ", n),
		"many":      "x: [" + strings.Repeat("1,", 10*n) + "]",
		"indent":    "x:\n" + strings.Repeat(" ", n) + "a: b",
		"bomb":      bomb,
		"string":    "x: \"" + strings.Repeat("a", 15<<20) + "\"",
		"quotes":    "x: " + strings.Repeat("'", n),
		"tags":      "x: " + strings.Repeat("!a ", n),
	} {
		t.Run(name, func(t *testing.T) {
			tree := read(t, files("requirements.yml", "metadata: {urn: a, title: b}\n"+text), reqstool.Options{})
			if len(tree.Faults) == 0 && name != "quotes" && name != "string" && name != "indent" {
				t.Error("no fault")
			}
			for _, f := range tree.Faults {
				t.Logf("%s: %.150s", f.At, f.Message)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("metadata: {urn: a, title: b}\nrequirements:\n- {id: R, references: {requirement_ids: [R, x]}}\n", "cases:\n- {id: S, requirement_ids: [R]}\n", "results: [{id: M, svc_ids: [S], pass: no}]", "requirement_annotations: {tests: {S: [{elementKind: METHOD, fullyQualifiedName: x}]}}")
	if data := exchangetest.Data(f, "reqtext", "reqstool", "standard-ms-001"); data != "" {
		var text [4]string
		for i, name := range []string{"requirements", "software_verification_cases", "manual_verification_results", "annotations"} {
			raw, err := os.ReadFile(filepath.Join(data, name+".yml"))
			if err != nil {
				f.Skip(err)
			}
			text[i] = string(raw)
		}
		f.Add(text[0], text[1], text[2], text[3])
	}
	f.Fuzz(func(t *testing.T, requirements, cases, results, annotations string) {
		tree := read(t, files("requirements.yml", requirements, "software_verification_cases.yml", cases, "manual_verification_results.yml", results, "annotations.yml", annotations), reqstool.Options{})
		lost, links := exchange.Counts{}, 0
		for _, l := range tree.Lost {
			lost.Items += l.Items
			lost.Links += l.Links
		}
		for _, d := range tree.Documents {
			for _, it := range d.Items {
				links += len(it.Links)
			}
		}
		if tree.Read.Items != tree.Items()+lost.Items || tree.Read.Links != links+lost.Links {
			t.Errorf("read %+v, %d items kept, %+v lost, %d links kept", tree.Read, tree.Items(), lost, links)
		}
		for _, f := range tree.Faults {
			if f.Message == "" || f.Remedy == "" || f.At.File == "" {
				t.Errorf("fault %+v", f)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	text.WriteString("metadata:\n  urn: a\n  title: b\nrequirements:\n")
	for i := range 10_000 {
		fmt.Fprintf(&text, "  - id: REQ_%d\n    title: Requirement %d\n    significance: shall\n    description: |\n      The pump shall stop within %d ms after the detection of an occlusion.\n      It shall tell so.\n    categories: [safety, reliability]\n    references:\n      requirement_ids: [REQ_%d]\n    revision: 0.0.1\n", i, i, i, i/2)
	}
	fsys := files("requirements.yml", text.String())
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if tree := read(b, fsys, reqstool.Options{}); tree.Items() != 10_000 {
			b.Fatal(tree.Items(), tree.Faults)
		}
	}
}
