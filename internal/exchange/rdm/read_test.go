package rdm_test

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
	"github.com/goldthread/goldthread/internal/exchange/rdm"
)

func read(t testing.TB, fsys fs.FS, options rdm.Options) *exchange.Tree {
	t.Helper()
	tree, err := rdm.Read(fsys, options)
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
		for _, it := range d.Items {
			fmt.Fprintf(&b, "%d %q (%s) %s title=%q text=%q %s\n", it.Order, it.Key, it.ID, it.Type, it.Title, it.Text, it.At)
			for _, l := range it.Links {
				fmt.Fprintf(&b, "  link %s %s %s %s written=%q", l.Verb, l.Target, l.State, l.At, l.Written)
				for _, f := range l.Fields {
					fmt.Fprintf(&b, " %s=%q", f.Name, f.Values)
				}
				b.WriteString("\n")
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
	return b.String()
}

// TestRealFolders counts what grep counts in the files.
func TestRealFolders(t *testing.T) {
	cases := map[string]struct {
		files  int
		counts exchange.Counts
		types  map[string]int
		verbs  map[string]int
	}{
		"innolitics-rdm/data": {13, exchange.Counts{Items: 17, Links: 17, Documents: 13},
			map[string]int{"requirement": 4, "risk": 1, "soup": 2, "manual test": 2, "unit test": 2, "integration test": 3, "change request": 1, "problem report": 1, "change": 1},
			map[string]int{"system_requirements unresolved": 6, "req_ids unresolved": 10, "change_ids unconfirmed": 1}},
		"respiraworks/rdm-2020": {8, exchange.Counts{Items: 13, Links: 12, Documents: 8},
			map[string]int{"requirement": 1, "risk": 1, "soup": 1, "manual test": 2, "unit test": 2, "integration test": 3, "change request": 1, "problem report": 1, "change": 1},
			map[string]int{"system_requirements unresolved": 1, "req_ids unresolved": 10, "change_ids unconfirmed": 1}},
	}
	for folder, want := range cases {
		t.Run(folder, func(t *testing.T) {
			name := exchangetest.Data(t, "medical", folder)
			tree, err := rdm.ReadFolder(name, rdm.Options{})
			if err != nil {
				t.Fatal(err)
			}
			types, verbs := map[string]int{}, map[string]int{}
			for _, d := range tree.Documents {
				if len(d.Items)+len(d.Fields) == 0 {
					t.Errorf("nothing of %s", d.Path)
				}
				for _, it := range d.Items {
					types[it.Type]++
					for _, l := range it.Links {
						verbs[l.Verb+" "+string(l.State)]++
					}
				}
			}
			if diff := cmp.Diff(want.types, types); diff != "" {
				t.Errorf("types (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.verbs, verbs); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			if tree.Read != want.counts || len(tree.Files) != want.files {
				t.Errorf("read %+v, %d files", tree.Read, len(tree.Files))
			}
			for _, f := range tree.Faults {
				t.Errorf("unexpected fault: %+v", f)
			}
			if !rdm.Detect(os.DirFS(name)) {
				t.Error("not detected")
			}
		})
	}
}

// goldthread:verifies SRS-75
func TestRead(t *testing.T) {
	tree := read(t, files("d/requirements.yml", `categories: [{id: A, name: Alarms}]
requirements:
- id: r-1
  title: {{ device.name }} stops
  description: "{{ device.name }}: \"now\" {% if x %}é{% endif %}"
  system_requirements: [SR-1, {{ sr }}]
  parents: r-2
  category: A
- id: r-2
  title: b
  specifications: |
    {{ not
    closed
  flow: {a: {b: [1, 2.50]}}
`, "d/risk.yml", `risk_levels:
- label: Low
risks:
- hazard: Heat
  harm: Burn
  control_measures: [r-1, r-2]
  severity: null
- id: K-2
  hazard: Heat
  control_measures: [a fuse]
- hazard: Heat
  harm: Burn
`, "d/soup.yml", "- title: FFTW\n  version: 3.10\n  requirements: |\n    Linux\n- name: x\n",
		"d/manual_tests.yml", "- name: M\n  steps:\n  - step: 5\n    result: pass\n    req_ids: [r-1]\n  - step: 6\n",
		"d/unit_test_record.yml", "A.b:\n  name: A.c\n  result: pass\n  req_ids: [r-1, r-9]\n  message: null\nx: y\n",
		"d/history.yml", "change_requests:\n- id: '1'\n  title: t\n  is_problem_report: true\n  change_ids: ['1', '2']\nchanges:\n- id: '1'\n  content: c\n",
		"d/user_needs.yml", "- id: UN-1\n  name: n\n  description: d\n", "d/people.yml", "- name: Socrates\n", "d/device.yml", "name: D\nsamd: true\nversion: 1\n", "d/empty.yml", "# nothing\n",
		"other/data.yml", "a: b\n"), rdm.Options{})
	want := `document d/device "Device"
  field name=["D"]  nested=false d/device.yml:1:1
  field samd=["true"] boolean nested=false d/device.yml:2:1
  field version=["1"] integer nested=false d/device.yml:3:1
document d/empty "Empty"
document d/history "History"
1 "1" (change_requests/1) problem report title="t" text="" d/history.yml:2:3
  link change_ids changes/1 unconfirmed d/history.yml:5:16 written="1"
  link change_ids 2 unresolved d/history.yml:5:21 written=""
  field is_problem_report=["true"] boolean nested=false d/history.yml:4:3
2 "1" (changes/1) change title="" text="c" d/history.yml:7:3
document d/manual_tests "Manual tests"
1 "M" () manual test title="M" text="" d/manual_tests.yml:1:3
  link req_ids r-1 unconfirmed d/manual_tests.yml:5:15 written="" step=["5"] result=["pass"]
  field steps=["[{\"step\":5,\"result\":\"pass\",\"req_ids\":[\"r-1\"]},{\"step\":6}]"]  nested=true d/manual_tests.yml:2:3
document d/people "People"
  field people=["[{\"name\":\"Socrates\"}]"]  nested=true d/people.yml:1:1
document d/requirements "Requirements"
  field categories=["[{\"id\":\"A\",\"name\":\"Alarms\"}]"]  nested=true d/requirements.yml:1:1
1 "r-1" () requirement title="{{ device.name }} stops" text="{{ device.name }}: \"now\" {% if x %}é{% endif %}" d/requirements.yml:3:3
  link system_requirements SR-1 unresolved d/requirements.yml:6:25 written=""
  link system_requirements {{ sr }} unresolved d/requirements.yml:6:31 written=""
  link parents r-2 unconfirmed d/requirements.yml:7:12 written=""
  field category=["A"]  nested=false d/requirements.yml:8:3
2 "r-2" () requirement title="b" text="" d/requirements.yml:9:3
  field specifications=["{{ not\nclosed\n"]  nested=false d/requirements.yml:11:3
  field flow=["{\"a\":{\"b\":[1,2.50]}}"]  nested=true d/requirements.yml:14:3
document d/risk "Risk"
  field risk_levels=["[{\"label\":\"Low\"}]"]  nested=true d/risk.yml:1:1
1 "" (Heat / Burn) risk title="Heat" text="" d/risk.yml:4:3
  link control_measures r-1 unconfirmed d/risk.yml:6:3 written=""
  link control_measures r-2 unconfirmed d/risk.yml:6:3 written=""
  field harm=["Burn"]  nested=false d/risk.yml:5:3
  field severity=[]  nested=false d/risk.yml:7:3
2 "K-2" () risk title="Heat" text="" d/risk.yml:8:3
  field control_measures=["a fuse"]  nested=false d/risk.yml:10:3
3 "" (Heat / Burn) risk title="Heat" text="" d/risk.yml:11:3
  field harm=["Burn"]  nested=false d/risk.yml:12:3
document d/soup "Soup"
1 "" (FFTW) soup title="FFTW" text="" d/soup.yml:1:3
  field version=["3.10"] real nested=false d/soup.yml:2:3
  field requirements=["Linux\n"]  nested=false d/soup.yml:3:3
2 "" (x) soup title="x" text="" d/soup.yml:5:3
document d/unit_test_record "Unit test record"
  field x=["y"]  nested=false d/unit_test_record.yml:6:1
1 "A.b" () unit test title="" text="" d/unit_test_record.yml:1:1
  link req_ids r-1 unconfirmed d/unit_test_record.yml:4:13 written=""
  link req_ids r-9 unresolved d/unit_test_record.yml:4:18 written=""
  field name=["A.c"]  nested=false d/unit_test_record.yml:2:3
  field result=["pass"]  nested=false d/unit_test_record.yml:3:3
  field message=[]  nested=false d/unit_test_record.yml:5:3
document d/user_needs "User needs"
1 "UN-1" () user_needs title="n" text="d" d/user_needs.yml:1:3
fault error=false d/requirements.yml:1:1 : the file holds templates ({{ }}), which are kept as they are and not filled in
fault error=false d/risk.yml:11:3 : Heat / Burn is there already in d/risk.yml; links lead to that one
fault error=false d/soup.yml:5:3 : the entry of soup has no title
fault error=false d/soup.yml:5:3 : the entry of soup has no version
`
	if diff := cmp.Diff(want, summary(tree)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := (exchange.Counts{Items: 12, Links: 10, Documents: 10}); tree.Read != want {
		t.Errorf("read %+v, want %+v", tree.Read, want)
	}
}

func TestFaults(t *testing.T) {
	const risk = "risk_levels: []\n"
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
		want     []string
	}{
		{"an empty folder", files("a.txt", ""), []string{"fault error=true . : no data folder of RDM"}},
		{"files of reqstool", files("requirements.yml", "metadata:\n  urn: a\nrequirements:\n- id: a\n  specifications: b\n"), []string{"no data folder of RDM"}},
		{"no YAML", files("risk.yml", risk+"a: b: c\n", "soup.yml", "- title: t\n  version: 1\n"), []string{"fault error=true risk.yml:2 : the file is not valid YAML", "(t) soup"}},
		{"an alias", files("risk.yml", risk+"x: &a 1\ny: *a\n"), []string{"fault error=true risk.yml:2 : the file has anchors or aliases"}},
		{"an entry without attributes", files("risk.yml", risk+"risks:\n- a\n"), []string{"fault error=true risk.yml:3:3 : an entry of risks has no attributes", "(1, 0)"}},
		{"an id twice", files("risk.yml", risk, "requirements.yml", "- {id: a, title: b}\n- {id: a, title: c}\n"), []string{"fault error=false requirements.yml:2:3 a: a is there already in requirements.yml"}},
		{"a key twice", files("risk.yml", risk, "requirements.yml", "- id: a\n  title: b\n  title: c\n"), []string{"fault error=false requirements.yml:3:3 : title is given twice", `title="b"`, `field title=["c"]`}},
		{"a scalar", files("risk.yml", risk, "soup.yml", "nothing\n"), []string{`field soup=["nothing"]`}},
		{"templates that are no YAML", files("risk.yml", risk+"{% for x in y %}\na: b\n"), []string{"fault error=true risk.yml:2 : the file is not valid YAML"}},
		{"all characters for private use", files("risk.yml", risk+"a: '{{ b }} \U0000f8d0\ue000\ue100\ue700\ueff0'\n"), []string{`field a=["{{ b }} `}},
		{"NUL", files("risk.yml", risk+"\x00"), []string{"fault error=true risk.yml:2 : the file holds a NUL character"}},
		{"no UTF-8", files("risk.yml", risk+"\xff"), []string{"fault error=true risk.yml:2 : the file is not UTF-8 (byte 0xff)"}},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, c.fsys, rdm.Options{}))
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
	const text = "risk_levels:\r\n- label: é {{ x }}\r\n"
	want := summary(read(t, files("risk.yml", text), rdm.Options{}))
	wide := []byte{0xfe, 0xff}
	for _, r := range text {
		wide = append(wide, byte(r>>8), byte(r))
	}
	for _, other := range []string{"\ufeff" + text, string(wide), strings.ReplaceAll(text, "\r", ""), strings.ReplaceAll(text, "\n", "")} {
		if got := summary(read(t, files("risk.yml", other), rdm.Options{})); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", other, got, want)
		}
		if !rdm.Detect(files("x/risk.yml", other)) {
			t.Errorf("%q is not detected", other)
		}
	}
}

// TestHostile reads what is large and nasty within the default limits.
//
// goldthread:verifies SRS-50
func TestHostile(t *testing.T) {
	const n = 1_000_000
	for name, text := range map[string]string{
		"depth":     "x: " + strings.Repeat("[", n),
		"maps":      "x: " + strings.Repeat("{a: ", n),
		"templates": "x: " + strings.Repeat("{{", n),
		"closed":    "x: " + strings.Repeat("{{}}", n),
		"many":      "x: [" + strings.Repeat("1,", 10*n) + "]",
		"large":     "x: " + strings.Repeat("a", 20<<20),
	} {
		t.Run(name, func(t *testing.T) {
			if tree := read(t, files("risk.yml", "risk_levels: []\n"+text), rdm.Options{}); len(tree.Faults) == 0 {
				t.Error("no fault")
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("- {id: r, title: {{ x }}, system_requirements: [a]}\n", "risks: [{hazard: h, control_measures: [r]}]\nrisk_levels: {% y %}\n", "a: {req_ids: [r]}")
	for _, folder := range []string{"innolitics-rdm/data", "respiraworks/rdm-2020"} {
		var text [3]string
		for i, name := range []string{"requirements", "risk", "unit_test_record"} {
			raw, err := os.ReadFile(filepath.Join(exchangetest.Data(f, "medical", folder), name+".yml"))
			if err != nil {
				f.Skip(err)
			}
			text[i] = string(raw)
		}
		f.Add(text[0], text[1], text[2])
	}
	f.Fuzz(func(t *testing.T, requirements, risk, tests string) {
		tree := read(t, files("workflow.yml", "version_of_62304: x\n", "requirements.yml", requirements, "risk.yml", risk, "unit_test_record.yml", tests, "history.yml", tests, "x.yml", requirements), rdm.Options{})
		lost, links := exchange.Counts{}, 0
		for _, l := range tree.Lost {
			lost.Items += l.Items
		}
		for _, d := range tree.Documents {
			for _, it := range d.Items {
				links += len(it.Links)
			}
		}
		if tree.Read.Items != tree.Items()+lost.Items || tree.Read.Links != links {
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
	for i := range 10_000 {
		fmt.Fprintf(&text, "- id: r-%d\n  title: Requirement %d of {{ device.name }}\n  type: Functional\n  system_requirements: [SR-%d]\n  description: The software shall stop the pump within %d ms after the detection of an occlusion.\n  specifications: |\n    A timer of the motor control is read every 10 ms.\n\n    It stops the motor.\n", i, i, i/2, i)
	}
	fsys := files("requirements.yml", text.String())
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if tree := read(b, fsys, rdm.Options{}); tree.Items() != 10_000 {
			b.Fatal(tree.Items(), tree.Faults)
		}
	}
}
