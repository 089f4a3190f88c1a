package roboclerk_test

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
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/roboclerk"
)

func read(t testing.TB, fsys fs.FS, options roboclerk.Options) *exchange.Tree {
	t.Helper()
	tree, err := roboclerk.Read(fsys, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// reconcile holds what was counted at the source against what is in the tree or listed as not.
func reconcile(t testing.TB, tree *exchange.Tree) {
	t.Helper()
	items, links := tree.Items(), 0
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

// TestRealCheckpoint counts what the manifest counts.
//
// goldthread:verifies SRS-75
func TestRealCheckpoint(t *testing.T) {
	want := map[string]int{}
	exchangetest.Facts(t, "medical", "roboclerk/DataSourceData.json", &want)
	tree := read(t, one(t, "DataSourceData.json"), roboclerk.Options{})
	got := map[string]int{"links": 0, "links_unresolved": 0}
	for _, d := range tree.Documents {
		got[d.Key] = len(d.Items)
		for _, item := range d.Items {
			for _, l := range item.Links {
				got["links"]++
				if l.State == exchange.Unresolved {
					got["links_unresolved"]++
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-manifest +read)\n%s", diff)
	}
	reconcile(t, tree)
	if len(tree.Faults) > 0 {
		t.Errorf("faults %+v", tree.Faults)
	}
}

func one(t testing.TB, name string) fstest.MapFS {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(exchangetest.Data(t), "medical", "roboclerk", name))
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{name: {Data: data}}
}

// TestRealExamples reads test descriptions as tests and names test results.
func TestRealExamples(t *testing.T) {
	for name, want := range map[string]string{
		"ExampleSystemLevelTestDescriptions.json": "7 SoftwareSystemTest, 14 links",
		"ExampleUnitLevelTestDescriptions.json":   "6 UnitTest, 10 links",
		"ExampleSystemLevelTestResults.json":      "the file holds 5 test results; they are evidence of tests, not requirements, and are not read",
		"ExampleUnitLevelTestResults.json":        "the file holds 48 test results; they are evidence of tests, not requirements, and are not read",
	} {
		tree := read(t, one(t, name), roboclerk.Options{})
		reconcile(t, tree)
		var got []string
		for _, f := range tree.Faults {
			got = append(got, f.Message)
		}
		for _, d := range tree.Documents {
			got = append(got, fmt.Sprintf("%d %s, %d links", len(d.Items), d.Items[0].Type, tree.Read.Links))
		}
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// summary is a tree in a few lines.
func summary(tree *exchange.Tree) string {
	var b strings.Builder
	for _, d := range tree.Documents {
		fmt.Fprintf(&b, "document %s %q in %s\n", d.Key, d.Title, d.Path)
		for _, item := range d.Items {
			fmt.Fprintf(&b, "  %d %s %s active=%t %q %q %s\n", item.Order, item.Type, item.Key, item.Active, item.Title, item.Text, item.At)
			for _, l := range item.Links {
				fmt.Fprintf(&b, "    %s %s %s %s", l.Verb, l.Target, l.State, l.At)
				for _, f := range l.Fields {
					fmt.Fprintf(&b, " %s=%q", f.Name, f.Values)
				}
				b.WriteByte('\n')
			}
			for _, f := range item.Fields {
				fmt.Fprintf(&b, "    %s=%q %s nested=%t\n", f.Name, f.Values, f.Data, f.Nested)
			}
		}
	}
	for _, r := range tree.Relations {
		fmt.Fprintf(&b, "relation %s, %s\n", r.Verb, r.Reverse)
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

// goldthread:verifies SRS-75
func TestRead(t *testing.T) {
	cases := []struct {
		sentence, text string
		want           []string
		lacks          string
	}{
		{"a requirement has its places, and fields for the rest",
			"{\"SystemRequirements\": [{\n\"ItemID\": \"2\", \"ItemType\": \"SystemRequirement\", \"ItemTitle\": \"T\", \"RequirementDescription\": \"a\\r\\nb\", \"TypeOfRequirement\": 0, \"HasLink\": true, \"Link\": \"http://x/2\", \"ItemLastUpdated\": \"2023-04-01T14:02:54Z\", \"ItemStatus\": \"\"}]}",
			[]string{`document SystemRequirements "System requirements" in .`, `  1 SystemRequirement 2 active=true "T" "a\nb" c.json:1:25`, `    TypeOfRequirement=["0"] integer nested=false`, `    Link=["http://x/2"]  nested=false`, `    ItemLastUpdated=["2023-04-01T14:02:54Z"] date nested=false`,
				"changed values that are not set: ItemStatus 1", "changed line ends of 1 texts"}, "fault"},
		{"items without a title have another member for one, and what C# sets to nothing is not set",
			`{"Risks":[{"ItemID":"1","ItemTitle":"","RiskFailureMode":"F","RiskPrimaryHazard":"H","RiskModifiedOccScore":2147483647}],"SOUPs":[{"ItemID":"2","SOUPName":"lib","SOUPVersion":"1.2","SOUPDetailedDescription":"D"}],"UnitTests":[{"ItemID":"a.cs:7","UnitTestPurpose":"P","UnitTestAcceptanceCriteria":"A"}],
				"SoftwareSystemTests":[{"ItemID":"4","ItemTitle":"T","TestCaseSteps":[{"Step":"1","Action":"x"}]}]}`,
			[]string{`  1 Risk 1 active=true "F" "" c.json:1:11`, `    RiskPrimaryHazard=["H"]  nested=false`, `  1 SOUP 2 active=true "lib 1.2" "D" c.json:1:128`, `    SOUPName=["lib"]  nested=false`, `  1 UnitTest a.cs:7 active=true "P" "" c.json:1:223`, `    UnitTestAcceptanceCriteria=["A"]  nested=false`,
				`    TestCaseSteps=["[{\"Step\":\"1\",\"Action\":\"x\"}]"]  nested=true`, "changed values that are not set: ItemTitle 1, RiskModifiedOccScore 1"}, "fault"},
		{"links have their sorts, by number or name",
			`{"SystemRequirements":[{"ItemID":"1","LinkedItems":[{"TargetID":"2","LinkType":1},{"TargetID":"9","LinkType":"Tests","TargetType":"Risk"},{"TargetID":"1","LinkType":77},{"LinkType":0},5]}],"Risks":[{"ItemID":"2","LinkedItems":[{"TargetID":"1","LinkType":10}]},{"ItemID":"3","LinkedItems":{"a":1}}]}`,
			[]string{"    Child 2 unconfirmed c.json:1:64", `    Tests 9 unresolved c.json:1:94 TargetType=["Risk"]`, "    LinkType 77 1 unconfirmed c.json:1:151", "    RiskControl 1 unconfirmed c.json:1:243", "relation LinkType 77, ", "relation Parent, Child", "relation Risk, RiskControl", "relation Tests, TestedBy",
				`fault error=false c.json:1:166 1: a link of 1 is of the unknown sort "77"`, "fault error=true c.json:1:170 1: a link has no TargetID and is not read", `lost c.json:1:185 link 5: a link has no TargetID`, `lost c.json:1:298 link {"a":1}: LinkedItems is not a list`}, ""},
		{"items that filters left out are not active, and lists of other names are read where they hold items",
			`{"EliminatedRisks":[{"ItemID":"1","EliminationReason":"why"}],"systemRequirements":[],"Hazards":[{"ItemID":"7"}],"Version":3,"Anomalies":null}`,
			[]string{`document EliminatedRisks "Risks, left out by filters" in .`, `  1 Risk 1 active=false "" "" c.json:1:21`, `    EliminationReason=["why"]  nested=false`, `  1 Hazards 7 active=true "" "" c.json:1:98`, "fault error=false c.json:1:114 : Version is no list of items and is not read"}, "Anomalies"},
		{"items without an id are lost with their links, one twice is said",
			`{"Risks":[{"LinkedItems":[{},{}]},3,{"ItemID":"1"},{"ItemID":"1"}],"SOUPs":[],"UnitTests":[]}`,
			[]string{"lost c.json:1:11 item of Risks: it has no ItemID", "lost c.json:1:35 item of Risks: it has no ItemID", "fault error=false c.json:1:52 1: the item 1 is there already, at c.json:1:37; links lead to that one"}, ""},
		{"test descriptions are tests",
			`[{"id":"U1","name":"N","type":"UNIT","description":"D","trace":["1","U1",""],"purpose":"P","filename":"a.cs"},{"id":"S1","name":"N","type":"OTHER","description":"D","trace":"U1"},{"name":"x","trace":["1"]}]`,
			[]string{`document c "" in c.json`, `  1 UnitTest U1 active=true "N" "D" c.json:1:2`, "    Tests 1 unresolved c.json:1:65", "    Tests U1 unconfirmed c.json:1:69", `    purpose=["P"]  nested=false`, `  2 OTHER S1 active=true "N" "D" c.json:1:111`, "    Tests U1 unconfirmed c.json:1:173",
				`lost c.json:1:74 link "": a trace is no id`, "lost c.json:1:179 test description: it has no id", `fault error=false c.json:1:139 S1: the type of S1 is "OTHER", neither UNIT nor SYSTEM`}, ""},
		{"test results are named", `[{"id":"1","type":"UNIT","status":"PASS"},{}]`,
			[]string{"other c.json", "fault error=false c.json:1:1 : the file holds 2 test results; they are evidence of tests, not requirements, and are not read"}, "document"},
		{"other JSON is named", `{"a":[]}`, []string{"other c.json"}, "fault"},
		{"broken JSON is a fault with its place", "{\"Risks\":[{\"ItemID\":\"1\"},\n{\"ItemID\":\"1\",\"ItemID\":2}]}", []string{`fault error=true c.json:2:15 : the name "ItemID" is given twice in one object, first in line 2`, "other c.json"}, "document"},
		{"an empty file is a fault", "", []string{"fault error=true c.json:1:1 : the file is empty, where a JSON value is expected"}, "document"},
		{"depth of a million is refused", `{"Risks":[{"ItemID":"1","x":` + strings.Repeat("[", 1_000_000), []string{"fault error=true c.json:1:282 : values are nested more than 256 deep"}, "document"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			tree := read(t, fstest.MapFS{"c.json": {Data: []byte(c.text)}}, roboclerk.Options{})
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
var place = regexp.MustCompile(`:[0-9]+:[0-9]+`)

func TestPlaces(t *testing.T) {
	tree := read(t, fstest.MapFS{"c.json": {Data: []byte("{\"Risks\": [\n  {\"ItemID\": \"1\", \"x\": 2,\r\n \"LinkedItems\": [{\"LinkType\": 0, \"TargetID\": \"2\"}, {}]}]}")}}, roboclerk.Options{})
	item := tree.Documents[0].Items[0]
	var got []string
	for _, at := range []exchange.Position{tree.Documents[0].At, item.At, item.Fields[0].At, item.Links[0].At, tree.Faults[0].At} {
		got = append(got, at.String())
	}
	if diff := cmp.Diff([]string{"c.json:1:2", "c.json:2:3", "c.json:2:19", "c.json:3:46", "c.json:3:52"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]bool{
		`{"SystemRequirements":[{"ItemID":"1"`:                      true,
		`{"EliminatedRisks":[],"Risks":[],"SOUPs":[],"UnitTests":[`: true,
		`{"Risks":[{"id":1}]}`:                                      false,
		`[{"id":"1","type":"UNIT","description":"x","trace":[]}]`:   false,
		``: false,
	} {
		if got := roboclerk.Detect(fstest.MapFS{"a/x.json": {Data: []byte(text)}}); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	folder := filepath.Join("..", "..", "..", "..", "shared", "data", "medical", "roboclerk")
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Add([]byte(`{"Risks":[{"ItemID":"1","LinkedItems":[{"TargetID":"1","LinkType":10,"x":[1]}],"RiskFailureMode":"a\r\n"}],"EliminatedSOUPs":[{"ItemID":5}],"UnitTests":[]}`))
	f.Add([]byte(`[{"id":"1","type":"UNIT","description":"x","trace":["1"],"purpose":null}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{"c.json": {Data: data}}
		roboclerk.Detect(fsys)
		reconcile(t, read(t, fsys, roboclerk.Options{}))
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"SoftwareRequirements": [`)
	for i := range 20_000 {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `
    {"TypeOfRequirement": 1, "RequirementState": "default status", "RequirementAssignee": "Ann", "RequirementDescription": "The software shall stop.\r\nNumber %d.", "LinkedItems": [{"TargetID": "%d", "LinkType": 0}],
     "ItemID": "%d", "ItemTitle": "A title", "ItemCategory": "Performance", "ItemType": "SoftwareRequirement", "ItemRevision": "4/1/2023", "ItemStatus": "open", "ItemTargetVersion": "", "ItemLastUpdated": "2023-04-01T15:08:00Z", "HasLink": true, "Link": "http://localhost/%d"}`, i, i/2, i, i)
	}
	text.WriteString("]}")
	fsys := fstest.MapFS{"c.json": {Data: []byte(text.String())}}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if tree := read(b, fsys, roboclerk.Options{}); tree.Items() != 20_000 {
			b.Fatal(tree.Faults)
		}
	}
}
