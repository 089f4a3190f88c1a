package exchange_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// said is what a round trip must keep of an item.
type said struct {
	Kind        record.Kind
	Title, Text string
	Fields      []record.Field
	Links       []string
}

func saidBy(docs []*workspace.Document) map[record.Key]said {
	out := map[record.Key]said{}
	for _, d := range docs {
		for it := range d.Items() {
			s := said{it.Kind, it.Title, it.Text, slices.Clone(it.Fields), nil}
			s.Fields = slices.DeleteFunc(s.Fields, func(f record.Field) bool {
				return slices.Contains([]string{"made/id", "made/level", "made/type"}, f.Name)
			})
			for _, l := range it.Links {
				s.Links = append(s.Links, string(l.Verb)+" "+string(l.Target))
			}
			slices.Sort(s.Links)
			out[it.Key] = s
		}
	}
	return out
}

// example is the worked example as it lies in the repository.
func example(t *testing.T) *workspace.Text {
	t.Helper()
	root, err := os.OpenRoot(filepath.Join("..", "..", "examples", "infusion-pump"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	text, err := workspace.Load(t.Context(), root, workspace.LoadOptions{DirName: "infusion-pump"})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// goldthread:verifies SRS-73
func TestProjectIsTheInverseOfConvert(t *testing.T) {
	text := example(t)
	tr := exchange.Project(text.Documents, text.Schema, exchange.ProjectOptions{Format: "made"})
	if tr.Items() == 0 || tr.Read.Items != tr.Items() {
		t.Fatalf("%d items, counted %d", tr.Items(), tr.Read.Items)
	}
	c := exchange.Convert(tr, text.Schema, exchange.Options{TakeAll: true})
	if err := c.Ledger.Reconcile(); err != nil {
		t.Error(err)
	}
	if len(c.Foreign)+len(c.Prefixes)+len(c.Ledger.Lost) > 0 {
		t.Errorf("a project of ours needs %v, %v, and loses %v", c.Foreign, c.Prefixes, c.Ledger.Lost)
	}
	if d := cmp.Diff(saidBy(text.Documents), saidBy(c.Documents), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-project +converted back):\n%.4000s", d)
	}
}

// goldthread:verifies SRS-73
func TestWhatCameInGoesOutAgain(t *testing.T) {
	in := tree(exchange.Document{Key: "a", Title: "Spec", Path: "a.x", At: exchange.Position{File: "a.x", Line: 1},
		Sections: []exchange.Section{{Title: "One", Level: 1, Order: 1}},
		Items: []exchange.Item{
			item("12", 2, ofType("Software Requirement", attribute("Priority", "must"), attribute("Colour", "red", "blue"), attribute("id", "mine"), attribute("a:b%", "1")),
				func(it *exchange.Item) { it.ID, it.Level = "_one", "1.1" }, linked("is verified by", "_two"), linked("resembles", "_gone")),
			item("", 3, ofType("Test"), func(it *exchange.Item) { it.ID, it.Level = "_two", "1.2" }),
		}})
	c := exchange.Convert(in, schema.Builtin(), exchange.Options{TakeAll: true})
	out := exchange.Project(c.Documents, c.Schema, exchange.ProjectOptions{Format: "made", Mapping: c.Mapping})
	type shape struct {
		ID, Type, Key, Level, Text string
		Fields                     map[string][]string
		Links                      []string
	}
	shapes := func(t *exchange.Tree) (list []shape) {
		for _, it := range t.Documents[0].Items {
			s := shape{it.ID, it.Type, it.Key, it.Level, it.Text, map[string][]string{}, nil}
			for _, f := range it.Fields {
				s.Fields[f.Name] = f.Values
			}
			for _, l := range it.Links {
				s.Links = append(s.Links, l.Verb+" "+l.Target)
			}
			slices.Sort(s.Links)
			list = append(list, s)
		}
		return list
	}
	want := shapes(in)
	want[0].Fields["Colour"] = []string{"red\nblue"} // one value of a foreign field
	want[1].Key = "TC-1"                             // it had none
	if d := cmp.Diff(want, shapes(out), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-in +out):\n%s", d)
	}
}

// goldthread:verifies SRS-72
// goldthread:verifies SRS-70
func TestAttributesAsTitleAndText(t *testing.T) {
	in := tree(file("a.x", item("12", 1, ofType("Requirement", attribute("Heading", "Stop"), attribute("Body", "The pump shall stop."), attribute("Number", "R-7")))))
	in.Documents[0].Items[0].Title = "old"
	m := &exchange.Mapping{Types: map[string]*exchange.TypeMapping{"Requirement": {Kind: schema.KindSRS, Stated: true, Attributes: map[string]string{"Heading": "title", "Body": "text", "Number": "key"}}}}
	c := exchange.Convert(in, schema.Builtin(), exchange.Options{TakeAll: true, Mapping: m})
	if err := c.Ledger.Reconcile(); err != nil {
		t.Error(err)
	}
	for it := range c.Documents[0].Items() {
		if it.Title != "Stop" || it.Text != "The pump shall stop." || it.Key != "R-7" {
			t.Errorf("%+v", it.Item)
		}
	}
	out := exchange.Project(c.Documents, c.Schema, exchange.ProjectOptions{Format: "made", Mapping: c.Mapping})
	got := out.Documents[0].Items[0]
	fields := map[string]string{}
	for _, f := range got.Fields {
		fields[f.Name] = f.Values[0]
	}
	if d := cmp.Diff(map[string]string{"Heading": "Stop", "Body": "The pump shall stop.", "Number": "R-7"}, fields); d != "" || got.Title != "old" || got.Text != "Text of 12." {
		t.Errorf("%q, %q, %q, fields (-in +out):\n%s", got.Key, got.Title, got.Text, d)
	}
}

func TestMerge(t *testing.T) {
	doc := func(items ...*workspace.Item) []*workspace.Document {
		d := &workspace.Document{Path: "a.md", Blocks: []workspace.Block{{Level: 1, Heading: "A"}}}
		for _, it := range items {
			d.Blocks = append(d.Blocks, workspace.Block{Level: 2, Item: it})
		}
		return []*workspace.Document{d}
	}
	srs := func(key, title, text string, targets ...string) *workspace.Item {
		it := &workspace.Item{Item: record.Item{Key: record.Key(key), Kind: schema.KindSRS, Title: title, Text: text}}
		for _, target := range targets {
			it.Links = append(it.Links, workspace.Link{Verb: schema.VerbRefines, Target: record.Ref(target)})
		}
		return it
	}
	rationale := func(it *workspace.Item, value string) *workspace.Item {
		it.Fields = []record.Field{{Name: "rationale", Values: []string{value}}}
		return it
	}
	result := func(m *exchange.Merged, ours []*workspace.Document) (out []string) {
		docs := ours
		for _, d := range m.Documents {
			if d != ours[0] {
				docs = append(docs, d)
			}
		}
		for _, d := range docs {
			for it := range d.Items() {
				s := string(it.Key) + " " + it.Title + "|" + it.Text
				for _, f := range it.Fields {
					s += "|" + f.Name + "=" + f.Values[0]
				}
				for _, l := range it.Links {
					s += "|" + string(l.Target)
				}
				out = append(out, s)
			}
		}
		return out
	}
	cases := []struct {
		name               string
		base, theirs, ours []*workspace.Document
		side               exchange.Side
		want               []string
		conflicts, changed int
	}{
		{"nothing changed", doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "x")), "", []string{"SRS-1 t|x"}, 0, 0},
		{"each side changed another part", doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "theirs")), doc(srs("SRS-1", "ours", "x")), "", []string{"SRS-1 ours|theirs"}, 0, 1},
		{"both changed the same to the same", doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "y")), doc(srs("SRS-1", "t", "y")), "", []string{"SRS-1 t|y"}, 0, 0},
		{"both changed the same", doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "y")), doc(srs("SRS-1", "t", "z")), "", []string{"SRS-1 t|z"}, 1, 1},
		{"theirs are taken", doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "y")), doc(srs("SRS-1", "t", "z")), exchange.Theirs, []string{"SRS-1 t|y"}, 0, 1},
		{"ours are taken", doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "y")), doc(srs("SRS-1", "t", "z")), exchange.Ours, []string{"SRS-1 t|z"}, 0, 1},
		{"a field is set there and another here", doc(srs("SRS-1", "t", "x")), doc(rationale(srs("SRS-1", "t", "x"), "r")), doc(srs("SRS-1", "t2", "x")), "", []string{"SRS-1 t2|x|rationale=r"}, 0, 1},
		{"a field is unset there", doc(rationale(srs("SRS-1", "t", "x"), "r")), doc(srs("SRS-1", "t", "x")), doc(rationale(srs("SRS-1", "t", "x"), "r")), "", []string{"SRS-1 t|x"}, 0, 1},
		{"links come and go", doc(srs("SRS-1", "t", "x", "A-1", "A-2")), doc(srs("SRS-1", "t", "x", "A-2", "A-3")), doc(srs("SRS-1", "t", "x", "A-1", "A-2", "A-4")), "", []string{"SRS-1 t|x|A-2|A-4|A-3"}, 0, 1},
		{"a new item goes behind the one before it", doc(srs("SRS-1", "t", "x"), srs("SRS-2", "t", "x")), doc(srs("SRS-1", "t", "x"), srs("SRS-9", "n", "n"), srs("SRS-2", "t", "x")),
			doc(srs("SRS-1", "t", "x"), srs("SRS-5", "own", ""), srs("SRS-2", "t", "x")), "", []string{"SRS-1 t|x", "SRS-9 n|n", "SRS-5 own|", "SRS-2 t|x"}, 0, 1},
		{"an outline nobody changed here is taken over", doc(srs("SRS-1", "t", "x"), srs("SRS-2", "t", "x")), doc(srs("SRS-2", "t", "x"), srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "own"), srs("SRS-2", "t", "x")), "",
			[]string{"SRS-2 t|x", "SRS-1 t|own"}, 0, 0},
		{"removed there", doc(srs("SRS-1", "t", "x"), srs("SRS-2", "t", "x")), doc(srs("SRS-2", "t", "x")), doc(srs("SRS-1", "t", "x"), srs("SRS-2", "t", "x")), "", []string{"SRS-2 t|x"}, 0, 1},
		{"removed there and changed here", doc(srs("SRS-1", "t", "x")), doc(), doc(srs("SRS-1", "t", "y")), "", []string{"SRS-1 t|y"}, 1, 1},
		{"removed there and changed here, theirs taken", doc(srs("SRS-1", "t", "x")), doc(), doc(srs("SRS-1", "t", "y")), exchange.Theirs, nil, 0, 1},
		{"removed here", doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "x")), doc(), "", nil, 0, 1},
		{"removed here and changed there", doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "y")), doc(), "", nil, 1, 1},
		{"removed here and changed there, theirs taken", doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "y")), doc(), exchange.Theirs, []string{"SRS-1 t|y"}, 0, 1},
		{"the first time, both have it", nil, doc(srs("SRS-1", "t", "x")), doc(srs("SRS-1", "t", "y")), "", []string{"SRS-1 t|y"}, 1, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := exchange.Merge(c.base, c.theirs, c.ours, c.side)
			if d := cmp.Diff(c.want, result(m, c.ours)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if m.Conflicts() != c.conflicts || len(m.Changes) != c.changed {
				t.Errorf("%d conflicts, %d changes, want %d and %d: %+v", m.Conflicts(), len(m.Changes), c.conflicts, c.changed, m.Changes)
			}
		})
	}
}
