package exchange_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

func ofType(name string, fields ...exchange.Field) func(*exchange.Item) {
	return func(it *exchange.Item) { it.Type, it.Fields = name, append(it.Fields, fields...) }
}

func linked(verb, target string) func(*exchange.Item) {
	return func(it *exchange.Item) {
		it.Links = append(it.Links, exchange.Link{Verb: verb, Target: target, State: exchange.Unconfirmed, At: exchange.Position{File: "source", Line: it.Order, Column: 10}})
	}
}

func attribute(name string, values ...string) exchange.Field {
	return exchange.Field{Name: name, Values: values}
}

// goldthread:verifies SRS-70
func TestGuess(t *testing.T) {
	for _, c := range []struct {
		name, document string
		want           record.Kind
	}{
		{"Software Requirement", "", schema.KindSRS},
		{"SwRequirement", "", schema.KindSRS},
		{"SYS", "", schema.KindSYS},
		{"System requirements", "", schema.KindSYS},
		{"REQUIREMENT", "System Requirements Specification", schema.KindSYS},
		{"REQUIREMENT", "Stakeholder needs", schema.KindUN},
		{"REQUIREMENT", "Pump", schema.KindSRS},
		{"Hazardous Situation", "", schema.KindHS},
		{"Risk Control Measure", "", schema.KindRC},
		{"test", "", schema.KindTC},
		{"dsn", "", schema.KindDD},
		{"feat", "", schema.KindUN},
		{"Heading", "", ""},
		{"", "Software requirements", ""},
		{"TEST", "", schema.KindTC}, // a derived kind is none that items can be of
	} {
		d := file("a.x", item("1", 1, ofType(c.name)))
		d.Title = c.document
		m := exchange.Guess(tree(d), schema.Builtin(), nil)
		if got := m.Types[c.name].Kind; got != c.want {
			t.Errorf("a type %q in a document %q is %q, want %q", c.name, c.document, got, c.want)
		}
	}
}

func TestGuessKeepsWhatIsGiven(t *testing.T) {
	given := &exchange.Mapping{Types: map[string]*exchange.TypeMapping{"Requirement": {Kind: schema.KindSYS, Stated: true, Attributes: map[string]string{"Why": "rationale"}}},
		Relations: map[string]exchange.RelationMapping{"resembles": {Verb: schema.VerbRefines, Backwards: true}}}
	tr := tree(file("a.x", item("R1", 1, ofType("Requirement", attribute("Why", "x"), attribute("Priority", "high"), attribute("Owner", "me")), linked("resembles", "R1"), linked("is verified by", "R1"))))
	m := exchange.Guess(tr, schema.Builtin(), given)
	want := map[string]string{"Why": "rationale", "Priority": "priority", "Owner": exchange.RoleForeign}
	if d := cmp.Diff(want, m.Types["Requirement"].Attributes); d != "" || m.Types["Requirement"].Kind != schema.KindSYS {
		t.Errorf("(-want +got):\n%s%s", d, m.Types["Requirement"].Kind)
	}
	if d := cmp.Diff(map[string]exchange.RelationMapping{"resembles": {Verb: schema.VerbRefines, Backwards: true}, "is verified by": {Verb: schema.VerbVerifies, Backwards: true}}, m.Relations); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(given.Types["Requirement"].Attributes) != 1 {
		t.Error("what was given has changed")
	}
}

func TestMappingFiles(t *testing.T) {
	tr := tree(file("a.x", item("R1", 1, ofType("Software: requirement", attribute("a: b", "x"), attribute("Priority", "high")), linked("is verified by", "R1"), linked("resembles", "R1"))))
	m := exchange.Guess(tr, schema.Builtin(), nil)
	m.Prefixes["REQ"] = schema.KindSRS
	data := m.Bytes(tr)
	if !strings.Contains(string(data), "# 1 item") || !strings.Contains(string(data), "verifies (backwards) # 1 link") {
		t.Errorf("a mapping file does not count:\n%s", data)
	}
	again, err := exchange.ReadMapping(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, tm := range again.Types {
		tm.Stated = false
	}
	if d := cmp.Diff(m, again); d != "" {
		t.Errorf("written (-), read (+):\n%s", d)
	}
	for text, want := range map[string]string{
		"format: [": "line 1",
		"kind: SRS": "line 1: field kind not found",
		"types:\n  a: {kind: SRS, atributes: {}}":  "line 2",
		"a: &x b\nformat: *x":                      "aliases",
		strings.Repeat("#", exchange.MaxMapping+1): "larger",
	} {
		if _, err := exchange.ReadMapping([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

func TestMappingCheck(t *testing.T) {
	m, err := exchange.ReadMapping([]byte("types:\n  A: {kind: NONE}\n  B: {kind: SRS, attributes: {x: no such, y: rationale, z: foreign}}\n  C: {kind: foreign, attributes: {x: rationale}}\n  D: {kind: CODE}\nrelations: {r: frobs}\n"))
	if err != nil {
		t.Fatal(err)
	}
	err = m.Check(schema.Builtin())
	if err == nil {
		t.Fatal("a mapping of things that are not there is taken")
	}
	for _, want := range []string{"A: NONE is no kind", "B: x: no such is no field of SRS", "C: x: rationale is no field of a kind without rule", "D: CODE is no kind", "r: frobs is no relation"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
	if n := strings.Count(err.Error(), "\n"); n != 4 {
		t.Errorf("%d faults:\n%v", n+1, err)
	}
}

// keysOf converts a tree and returns the keys that its items have got.
func keysOf(t *testing.T, tr *exchange.Tree, options exchange.Options) (keys []string, c *exchange.Converted) {
	t.Helper()
	options.TakeAll = true
	c = exchange.Convert(tr, schema.Builtin(), options)
	for _, d := range c.Documents {
		for it := range d.Items() {
			keys = append(keys, string(it.Kind)+" "+string(it.Key))
		}
	}
	if err := c.Ledger.Reconcile(); err != nil {
		t.Error(err)
	}
	return keys, c
}

// goldthread:verifies SRS-70
func TestKeys(t *testing.T) {
	id := func(id string) func(*exchange.Item) { return func(it *exchange.Item) { it.ID = id } }
	cases := []struct {
		name  string
		items []exchange.Item
		want  []string
	}{
		{"a key that says the kind stays", []exchange.Item{item("SRS-4", 1, ofType("Software requirement"))}, []string{"SRS SRS-4"}},
		{"a prefix of none stands for the kind", []exchange.Item{item("REQ_7", 1, ofType("Requirement")), item("req~stop~2", 2, ofType("req"))}, []string{"SRS REQ_7", "SRS req-stop-2"}},
		{"a number alone is a number of the kind", []exchange.Item{item("12", 1, ofType("Requirement")), item("12", 2, ofType("Hazard"))}, []string{"SRS SRS-12", "HAZ HAZ-12"}},
		{"what can be no key gets the next number", []exchange.Item{item("BlueBackground", 1, ofType("Requirement")), item("", 2, ofType("Requirement"), id("_0a1b2c3d4e5f6071")), item("SRS-1", 3, ofType("Requirement"))},
			[]string{"SRS SRS-2", "SRS SRS-3", "SRS SRS-1"}},
		{"a key that is there twice stays with the first", []exchange.Item{item("REQ-1", 1, ofType("Requirement"), id("a")), item("REQ-1", 2, ofType("Requirement"), id("b"))}, []string{"SRS REQ-1", "SRS SRS-1"}},
		{"types that say nothing are kinds of their own", []exchange.Item{item("a", 1, ofType("Heading")), item("b", 2, ofType("Heading"))}, []string{"HEADING HEADING-1", "HEADING HEADING-2"}},
		{"a prefix that most use for another kind", []exchange.Item{item("R-1", 1, ofType("Requirement")), item("R-2", 2, ofType("Requirement")), item("R-3", 3, ofType("Hazard"))},
			[]string{"SRS R-1", "SRS R-2", "HAZ HAZ-1"}},
		{"a universally unique identifier is no name", []exchange.Item{item("3f2504e0-4f89-11d3-9a0c-0305e82c3301", 1, ofType("Requirement"))}, []string{"SRS SRS-1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, _ := keysOf(t, tree(file("a.x", c.items...)), exchange.Options{})
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	t.Run("items of one identity keep the keys that they got", func(t *testing.T) {
		twice := tree(file("a.x", item("x", 1, ofType("Requirement"), id("one")), item("y", 2, ofType("Requirement"), id("one")), item("z", 3, ofType("Requirement"), id("one"))))
		got, _ := keysOf(t, twice, exchange.Options{Known: map[string]record.Key{"one": "SRS-9"}, Twice: map[string][]record.Key{"one": {"SRS-4", "SRS-5"}}, Taken: []record.Key{"SRS-4", "SRS-5", "SRS-9"}})
		if d := cmp.Diff([]string{"SRS SRS-9", "SRS SRS-4", "SRS SRS-5"}, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
	t.Run("what is known stays, and what others have is not given", func(t *testing.T) {
		got, _ := keysOf(t, tree(file("a.x", item("x", 1, ofType("Requirement"), id("one")), item("y", 2, ofType("Requirement")))),
			exchange.Options{Known: map[string]record.Key{"one": "SRS-9"}, Taken: []record.Key{"SRS-1", "SRS-9"}})
		if d := cmp.Diff([]string{"SRS SRS-9", "SRS SRS-2"}, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	})
}

// goldthread:verifies SRS-71
func TestLedger(t *testing.T) {
	tr := tree(file("a.x",
		item("1", 1, ofType("Requirement", attribute("Priority", "MUST"), attribute("Rationale", "because"), attribute("Colour", "red"), attribute("Left", "x")), linked("satisfies", "2"), linked("satisfies", "No such thing")),
		item("2", 2, ofType("Requirement", attribute("Priority", "extreme")))))
	tr.Lost = []exchange.Loss{{What: "item", Why: "broken", Items: 1, Links: 2}}
	tr.Dangling = []exchange.Dangling{{Verb: "v", From: "gone", To: "1"}}
	tr.Read = exchange.Counts{Items: 3, Links: 5, Documents: 1}
	m := &exchange.Mapping{Types: map[string]*exchange.TypeMapping{"Requirement": {Kind: schema.KindSRS, Attributes: map[string]string{"Left": exchange.RoleLeave}}}}
	_, c := keysOf(t, tr, exchange.Options{Mapping: m})
	want := []exchange.NameCount{
		{Type: "Requirement", Attribute: "Colour", To: "foreign", Read: 1, Foreign: 1},
		{Type: "Requirement", Attribute: "Left", Read: 1, NotKept: 1},
		{Type: "Requirement", Attribute: "Priority", To: "priority", Read: 2, Mapped: 1, Foreign: 1},
		{Type: "Requirement", Attribute: "Rationale", To: "rationale", Read: 1, Mapped: 1},
	}
	if d := cmp.Diff(want, c.Ledger.Names); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if c.Ledger.Kept.Items != 2 || c.Ledger.Kept.Links != 2 || len(c.Ledger.Unresolved) != 1 {
		t.Errorf("%+v", c.Ledger)
	}
	c.Ledger.Read.Items++
	if c.Ledger.Reconcile() == nil {
		t.Error("an item that nothing explains")
	}
	c.Ledger.Read.Items--
	c.Ledger.Read.Links++
	if c.Ledger.Reconcile() == nil {
		t.Error("a link that nothing explains")
	}
	c.Ledger.Read.Links--
	c.Ledger.Names[0].Read++
	if c.Ledger.Reconcile() == nil {
		t.Error("a value that nothing explains")
	}
}

func TestGuessOfRelations(t *testing.T) {
	for _, c := range []struct{ verb, want string }{
		{"parent", "refines"},
		{"Parent", "refines"},
		{"child", "refines (backwards)"},
		{"fulfills", "refines"},
		{"trace", "refines"},
		{"depends_on", "uses"},
		{"dependsOn", "uses"},
		{"realizes", "implements"},
		{"implements", "implements"}, // the schema has it
		{"is tested by", ""},
	} {
		x := item("1", 1)
		x.Links = []exchange.Link{{Verb: c.verb, Target: "2"}}
		got := ""
		if r, ok := exchange.Guess(tree(file("a.x", x)), schema.Builtin(), nil).Relations[c.verb]; ok {
			got = r.String()
		}
		if got != c.want {
			t.Errorf("the relation %q is %q, want %q", c.verb, got, c.want)
		}
	}
}
