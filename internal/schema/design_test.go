package schema

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/record"
)

// recordsOfTheDesign is section 3 of docs/design.md.
func recordsOfTheDesign(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/design.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, begun := strings.Cut(string(text), "\n## 3. Records\n")
	section, _, ended := strings.Cut(rest, "\n## ")
	if !begun || !ended {
		t.Fatal("docs/design.md has no section 3")
	}
	return section
}

var (
	inBrackets   = regexp.MustCompile(` \([^()]*\)`)
	kindOfDesign = regexp.MustCompile(`^([A-Za-z -]+?) ([A-Z]{2,5})$`)
)

// TestKindsAreThoseOfTheTable reads the table of kinds in the design: name and key prefix of each.
func TestKindsAreThoseOfTheTable(t *testing.T) {
	_, rest, _ := strings.Cut(recordsOfTheDesign(t), "| group | kinds (key prefix) |\n|---|---|\n")
	table, _, _ := strings.Cut(rest, "\n\n")
	want := map[string]string{}
	for _, row := range strings.Split(table, "\n") {
		cells := strings.Split(row, "|")
		if len(cells) != 4 {
			t.Fatalf("a row of %d cells: %s", len(cells), row)
		}
		listed := inBrackets.ReplaceAllString(cells[2], "")
		for _, entry := range strings.Split(listed, ",") {
			m := kindOfDesign.FindStringSubmatch(strings.TrimSpace(entry))
			if m == nil {
				t.Fatalf("%q names no kind", entry)
			}
			want[m[2]] = m[1]
		}
	}
	have := map[string]string{}
	for _, k := range Builtin().Kinds() {
		if !k.Derived {
			have[k.Prefix] = k.Name
		}
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("kinds of the design (-table +schema):\n%s", diff)
	}
}

// TestVerbsAreThoseOfTheText reads the verbs that the design names.
func TestVerbsAreThoseOfTheText(t *testing.T) {
	_, rest, _ := strings.Cut(recordsOfTheDesign(t), "\nRelations are verbs read from the source: ")
	sentence, _, _ := strings.Cut(rest, ". Each declares")
	var want []record.Verb
	for i, part := range strings.Split(sentence, "`") {
		if i%2 == 1 {
			want = append(want, record.Verb(part))
		}
	}
	var have []record.Verb
	for _, r := range Builtin().Relations() {
		have = append(have, r.Verb)
		if r.Reverse == "" || len(r.Ends) == 0 {
			t.Errorf("%s declares no reading backwards, or no ends", r.Verb)
		}
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("verbs of the design (-text +schema):\n%s", diff)
	}
}

// TestFieldsOfTheDesign holds what the table says in brackets. A list of values is whole; nil is a field that is no list.
func TestFieldsOfTheDesign(t *testing.T) {
	for _, c := range []struct {
		kind, field string
		values      []string // values, or their codes where the standard letters them
		coded       bool
	}{
		{"DEV", "intended use", nil, false},
		{"DEV", "variants", nil, false},
		{"DEV", "udi", nil, false},
		{"MKT", "legal status", nil, false},
		{"MKT", "edition recognised", nil, false},
		{"MKT", "as of", nil, false},
		{"QUAL", "is a device", nil, false},
		{"QUAL", "standard applies", nil, false},
		{"QUAL", "edition", []string{"2006", "2015"}, false},
		{"QUAL", "rationale", nil, false},
		{"SRS", "category", strings.Split("abcdefghijkl", ""), true},
		{"SWS", "safety class", []string{"A", "B", "C"}, false},
		{"SWI", "safety class", []string{"A", "B", "C"}, false},
		{"SWU", "safety class", []string{"A", "B", "C"}, false},
		{"HAZ", "domain", []string{"software", "equipment", "use", "security"}, false},
		{"CAU", "topic", strings.Split("abcde", ""), true},
		{"RC", "option", []string{"design", "protective", "information"}, false},
		{"RC", "means", []string{"software", "hardware", "other system", "procedure", "labelling", "training"}, false},
		{"RC", "external", nil, false},
		{"RC", "external to", nil, false},
		{"RSK", "severity", nil, false},
		{"RSK", "residual probability", nil, false},
		{"TC", "level", []string{"unit", "integration", "system"}, false},
		{"TC", "method", []string{"manual", "automated"}, false},
		{"TOOL", "use", nil, false},
		{"TOOL", "risk", []string{"low", "medium", "high"}, false},
		{"TOOL", "validation", nil, false},
		{"PLN", "subject", []string{"development", "integration", "verification", "configuration", "risk", "maintenance", "problem resolution", "data management"}, false},
		{"ANO", "affected versions", nil, false},
		{"ST", "clause", nil, false},
	} {
		f := Builtin().Kind(record.Kind(c.kind)).Field(c.field)
		if f == nil {
			t.Errorf("%s has no field %q", c.kind, c.field)
			continue
		}
		var have []string
		for _, v := range f.Values {
			if c.coded {
				have = append(have, v.Code)
			} else {
				have = append(have, v.Value)
			}
		}
		slices.Sort(have)
		want := slices.Sorted(slices.Values(c.values))
		if c.kind == "PLN" { // there are plans that the design does not name
			have = slices.DeleteFunc(have, func(v string) bool { return !slices.Contains(want, v) })
		}
		if diff := cmp.Diff(want, slices.Compact(have)); diff != "" {
			t.Errorf("values of %s %q (-design +schema):\n%s", c.kind, c.field, diff)
		}
	}
}
