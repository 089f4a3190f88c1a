package schema

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/record"
)

// schemaPage returns docs/schema.md.
func schemaPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/schema.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheExampleOfThePage(t *testing.T) {
	_, rest, ok := strings.Cut(schemaPage(t), "<!-- example -->\n```yaml\n")
	example, _, closed := strings.Cut(rest, "```\n")
	if !ok || !closed {
		t.Fatal("docs/schema.md has no example")
	}
	s, faults := Builtin().Extend([]byte(example), "goldthread.yaml")
	var rules []string
	for _, f := range faults {
		rules = append(rules, f.Rule)
	}
	if diff := cmp.Diff([]string{ruleServesNoRule}, rules); diff != "" {
		t.Fatalf("rules (-want +have):\n%s\n%v", diff, faults)
	}
	for what, ok := range map[string]bool{
		"a further prefix":            s.KindOfKey("REQ001").ID == "SRS",
		"a kind":                      s.Is("UI", "SRS") && s.Kind("UI").Field("rationale").Required,
		"a kind that serves no rule":  s.Kind("NOTE").ServesNoRule,
		"a field":                     s.Kind("RC").Field("release train") != nil,
		"a field of any kind":         s.Kind("UI").Field("custodian") != nil && s.Kind("HAZ").Field("custodian") != nil,
		"a relation":                  s.Allowed("comments on", "NOTE", "SRS") && s.Relation("comments on").Impact == NoImpact,
		"a further end of a relation": minimum(s, "refines", "UI") == 1 && minimum(s, "refines", "SRS") == 0,
		"a further state":             s.Workflow("controlled").Transition("draft", "on hold") != nil,
	} {
		if !ok {
			t.Errorf("%s of the example is not there", what)
		}
	}
}

// TestThePageNamesEverything checks that no type, phase, signature, direction or member is missing from the page.
func TestThePageNamesEverything(t *testing.T) {
	page := schemaPage(t)
	var words []string
	for _, x := range FieldTypes() {
		words = append(words, string(x))
	}
	for _, x := range Phases() {
		words = append(words, string(x))
	}
	for _, x := range Meanings() {
		words = append(words, string(x))
	}
	for _, x := range Directions() {
		words = append(words, string(x))
	}
	words = append(words, "name", "plural", "specialises", "prefix", "group", "workflow", "help", "fields", "type", "many", "required", "default", "values", "closed",
		"unit", "to", "clauses", "reverse", "ends", "min", "max", "impact", "acyclic", "self", "evidence", "initial", "states", "phase", "transitions", "keys",
		"standards", "groups", "sets", "protected", ruleServesNoRule)
	for _, w := range words {
		if !strings.Contains(page, "`"+w+"`") {
			t.Errorf("docs/schema.md does not explain %q", w)
		}
	}
}

// TestOwnKindsKeepTheLimitsOfWhatTheyAre tries to let a special case of a unit stand in no software item, or in two.
func TestOwnKindsKeepTheLimitsOfWhatTheyAre(t *testing.T) {
	s, _ := Builtin().Extend([]byte("kinds:\n  DRV: {name: driver, specialises: SWU}\nrelations:\n  part of: {ends: [{from: [DRV], to: [SWI, SWS], min: 0, max: 5}]}\n"), "goldthread.yaml")
	least, most := 0, 0
	for _, end := range s.EndsFrom("part of", "DRV") {
		if least = max(least, end.Min); end.Max > 0 && (most == 0 || end.Max < most) {
			most = end.Max
		}
	}
	if least != 1 || most != 1 {
		t.Errorf("a driver is part of %d to %d items, a unit of exactly one", least, most)
	}
	if !s.Allowed(record.Verb("part of"), "DRV", "SWI") {
		t.Error("a driver cannot be part of a software item")
	}
}
