package schema

import (
	"strings"
	"testing"
)

// small is a valid kinds.yaml but for its protections, which load adds; the cases break one thing each.
const small = `standards:
  "62304": IEC 62304
groups:
  needs: What is needed.
sets:
  software: [SWU]
kinds:
  SRS:
    name: software requirement
    group: needs
    workflow: controlled
    help: What the software does.
    clauses: [62304 5.2.1]
    fields:
      category: {type: enum, values: {one: {code: a}, two: {}}, default: one, help: Which.}
      figure: {type: decimal, unit: mm, help: How much.}
      related: {type: reference, to: [SWU], many: true, help: To what.}
  SWU:
    name: software unit
    group: needs
    workflow: controlled
    help: A part.
  TEST:
    name: test
    group: needs
    derived: true
    help: Seen.
relations:
  implements:
    reverse: implemented by
    help: Makes real.
    impact: target-to-source
    ends:
      - {from: [software], to: [SRS], min: 1, max: 2}
workflows:
  controlled:
    help: Written and approved.
    initial: draft
    states:
      draft: {phase: open}
      approved: {phase: effective}
    transitions:
      - {from: draft, to: approved, signature: approval}
      - {from: approved, to: draft}
`

// protectedPart lists every protection, as kinds.yaml must.
func protectedPart() string {
	var b strings.Builder
	b.WriteString("protected:\n")
	for _, id := range protections() {
		b.WriteString("  " + id + ": {what: w, reason: r}\n")
	}
	return b.String()
}

func TestLoadTakesAValidFile(t *testing.T) {
	s, faults := Load([]byte(small + protectedPart()))
	if s == nil || len(faults) > 0 {
		t.Fatal(faults)
	}
	if k := s.Kind("SRS"); k.Plural != "software requirements" || k.Prefix != "SRS" || k.Field("category").Default != "one" {
		t.Errorf("have %+v", k)
	}
}

func TestLoadFaults(t *testing.T) {
	for _, c := range []struct {
		name     string
		old, new string // replaced in small
		place    string // line:column
		rule     string
		says     string // part of message or remedy
	}{
		{"an unknown top-level member", "sets:", "groops: {}\nsets:", "5:1", ruleMember, `did you mean "groups"`},
		{"an unknown member of a kind", "    derived: true", "    derivd: true", "26:5", ruleMember, `did you mean "derived"`},
		{"an unknown member of a field", "unit: mm", "units: mm", "16:31", ruleMember, `did you mean "unit"`},
		{"an unknown member of a relation", "    impact:", "    impakt:", "32:5", ruleMember, `did you mean "impact"`},
		{"an unknown member of an end", "min: 1", "minn: 1", "34:39", ruleMember, `did you mean "min"`},
		{"an unknown member of a workflow", "    initial:", "    start:", "38:5", ruleMember, "initial"},
		{"an unknown member of a state", "draft: {phase: open}", "draft: {phase: open, color: red}", "40:28", ruleMember, "color"},
		{"an unknown member of a transition", "signature: approval", "sign: approval", "43:37", ruleMember, `did you mean "signature"`},
		{"an unknown member of a value", "{code: a}", "{kode: a}", "15:45", ruleMember, `did you mean "code"`},
		{"a kind twice", "  TEST:", "  SWU:", "23:3", ruleDuplicate, `"SWU" stands here twice`},
		{"a name twice", "name: software unit", "name: software requirement", "18:3", ruleDuplicate, "already names the kind SRS"},
		{"the name of a group", "name: software unit", "name: needs", "18:3", ruleDuplicate, "the group needs"},
		{"a prefix twice", "    help: A part.", "    help: A part.\n    prefix: SRS", "18:3", rulePrefix, "already leads to SRS"},
		{"a prefix whose keys are numbers of another", "    help: A part.", "    help: A part.\n    prefix: SRS-2", "18:3", rulePrefix, "numbers of SRS"},
		{"a prefix with a separator at its end", "    help: A part.", "    help: A part.\n    prefix: SW-", "18:3", rulePrefix, "at its end"},
		{"a prefix that is no word", "    help: A part.", "    help: A part.\n    prefix: 5W", "18:3", rulePrefix, "letters and digits"},
		{"a prefix of a derived kind", "    derived: true", "    derived: true\n    prefix: TEST", "23:3", rulePrefix, "is derived"},
		{"a kind in lower case", "  SWU:", "  swu:", "18:3", ruleName, "capital letters"},
		{"a kind without name", "    name: software unit\n", "", "18:3", ruleIncomplete, "needs a name"},
		{"a kind without help", "    help: A part.\n", "", "18:3", ruleIncomplete, "and help"},
		{"an unknown group", "    group: needs\n    workflow: controlled\n    help: A part.", "    group: need\n    workflow: controlled\n    help: A part.", "18:3", ruleUndeclared, "no group"},
		{"an unknown workflow", "    workflow: controlled\n    help: A part.", "    workflow: loose\n    help: A part.", "21:5", ruleUndeclared, "no workflow"},
		{"no workflow", "    workflow: controlled\n    help: A part.", "    help: A part.", "18:3", ruleIncomplete, "has no workflow"},
		{"an unknown kind to specialise", "    help: A part.", "    help: A part.\n    specialises: SR", "23:5", ruleUndeclared, "did you mean SRS"},
		{"itself to specialise", "    help: A part.", "    help: A part.\n    specialises: SWU", "23:5", ruleCycle, "specialises itself"},
		{"a citation without clause", "[62304 5.2.1]", "[62304]", "8:3", ruleCitation, "62304 5.2.2"},
		{"a citation of nobody", "[62304 5.2.1]", "[99999 5.2.1]", "8:3", ruleCitation, "unknown standard"},
		{"a clause that is none", "[62304 5.2.1]", "[62304 five]", "8:3", ruleCitation, "cites no clause"},
		{"a field twice", "      figure: {", "      category: {", "16:7", ruleDuplicate, "twice"},
		{"a field in capitals", "      figure: {", "      Figure: {", "16:7", ruleName, "lower-case"},
		{"a field with a name that is taken", "      figure: {", "      title: {", "16:7", ruleName, "meaning of its own"},
		{"a field with the name of a verb", "      figure: {", "      implements: {", "16:7", ruleName, "that of a relation"},
		{"an unknown type", "type: decimal", "type: number", "16:7", ruleField, "decimal"},
		{"a field without help", ", help: How much.", "", "16:7", ruleIncomplete, "no help"},
		{"an enum without values", "values: {one: {code: a}, two: {}}, ", "", "15:7", ruleField, "values"},
		{"values of a number", "unit: mm", "unit: mm, values: {a: {}}", "16:7", ruleField, "values"},
		{"a value with a comma", "two: {}", "'two, three': {}", "15:7", ruleField, "commas"},
		{"a default that is no value", "default: one", "default: three", "15:7", ruleField, `"three" is not a value`},
		{"a default of the wrong type", "unit: mm", "default: wide", "16:7", ruleField, "not a decimal number"},
		{"a default of many", "to: [SWU], many: true", "to: [SWU], default: SWU-1, many: true", "17:7", ruleField, "no default"},
		{"a unit of words", "type: decimal, unit: mm", "type: line, unit: mm", "16:7", ruleField, "only numbers"},
		{"a reference to no kind", "to: [SWU]", "to: [SWX]", "17:7", ruleUndeclared, "did you mean SWU"},
		{"a reference to a derived kind", "to: [SWU]", "to: [TEST]", "17:7", ruleUndeclared, "no kind people write"},
		{"kinds for a number", "unit: mm", "to: [SWU]", "16:7", ruleField, "only a reference"},
		{"a set of no kind", "software: [SWU]", "software: [SWX]", "6:3", ruleUndeclared, "no kind"},
		{"a set named any", "software: [SWU]", "any: [SWU]", "6:3", ruleName, "any"},
		{"a relation without reverse", "    reverse: implemented by\n", "", "29:3", ruleIncomplete, "reading from the target"},
		{"a relation read alike both ways", "implemented by", "implements", "29:3", ruleDuplicate, "already read"},
		{"a relation without ends", "      - {from: [software], to: [SRS], min: 1, max: 2}", "      []", "33:5", ruleIncomplete, "no body"},
		{"an end of no kind", "from: [software]", "from: [softwear]", "34:9", ruleUndeclared, "no kind"},
		{"an end without source", "from: [software], ", "", "34:9", ruleIncomplete, "lacks its kinds"},
		{"more at least than at most", "min: 1", "min: 3", "34:9", ruleRelation, "at most 2"},
		{"a limit that is no number", "min: 1", "min: one", "34:44", ruleSyntax, "whole number"},
		{"an unknown impact", "impact: target-to-source", "impact: backwards", "29:3", ruleRelation, "both"},
		{"a start that is no state", "initial: draft", "initial: begun", "36:3", ruleWorkflow, "no state"},
		{"an unknown phase", "approved: {phase: effective}", "approved: {phase: done}", "41:7", ruleWorkflow, "effective"},
		{"a state nobody reaches", "      approved: {phase: effective}", "      approved: {phase: effective}\n      lost: {phase: closed}", "42:7", ruleWorkflow, "no way leads"},
		{"a step to nowhere", "to: approved, signature", "to: aproved, signature", "43:9", ruleUndeclared, "undeclared state"},
		{"a step twice", "{from: approved, to: draft}", "{from: draft, to: approved}", "44:9", ruleDuplicate, "twice"},
		{"an unknown signature", "signature: approval", "signature: seal", "43:9", ruleWorkflow, "responsibility"},
		{"a truth that is none", "derived: true", "derived: maybe", "26:14", ruleSyntax, "true or false"},
		{"one word for a list", "clauses: [62304 5.2.1]", "clauses: 62304 5.2.1", "13:14", ruleSyntax, "[62304 5.2.1]"},
		{"a list for one word", "help: A part.", "help: [A part.]", "22:11", ruleSyntax, "one value"},
		{"a body that is a word", "    name: test\n    group: needs\n    derived: true\n    help: Seen.", "    test", "24:5", ruleSyntax, "names and values"},
		{"broken YAML", "kinds:", "kinds: [", "7:1", ruleSyntax, "did not find"},
		{"a second document", "kinds:", "---\nkinds:", "7:1", ruleSyntax, "more than one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken := strings.Replace(small, c.old, c.new, 1)
			if broken == small {
				t.Fatalf("%q is not in the file", c.old)
			}
			s, faults := Load([]byte(broken + protectedPart()))
			if s != nil {
				t.Fatal("is taken")
			}
			for _, f := range faults {
				if strings.HasPrefix(f.String(), "kinds.yaml:"+c.place+": error: ") && f.Rule == c.rule && strings.Contains(f.Message+f.Remedy, c.says) {
					return
				}
			}
			t.Errorf("no fault of %s at %s that says %q among\n%v", c.rule, c.place, c.says, faults)
		})
	}
}

func TestLoadReportsEveryFault(t *testing.T) {
	broken := strings.NewReplacer("type: decimal", "type: number", "initial: draft", "initial: begun", "[62304 5.2.1]", "[five]",
		"from: [software]", "from: [softwear]").Replace(small)
	_, faults := Load([]byte(broken + protectedPart()))
	if len(faults) != 4 {
		t.Errorf("want 4 faults, have %d:\n%v", len(faults), faults)
	}
}

func TestLoadComparesProtections(t *testing.T) {
	_, faults := Load([]byte(small + strings.Replace(protectedPart(), kindRemoved, "kind-repainted", 1)))
	if len(faults) != 2 || !strings.Contains(faults[0].Message+faults[1].Message, `"kind-removed" is enforced, but not listed`) ||
		!strings.Contains(faults[0].Message+faults[1].Message, `"kind-repainted": nothing enforces it`) {
		t.Errorf("have %v", faults)
	}
}

func TestLoadBoundsItsInput(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":       "",
		"too large":     "# " + strings.Repeat("x", maxYAML),
		"too many":      "kinds: [" + strings.Repeat("1,", maxNodes) + "1]",
		"deeply nested": "kinds: " + strings.Repeat("[", 20000),
		"no mapping":    "- a\n",
	} {
		if s, faults := Load([]byte(text)); s != nil || len(faults) == 0 {
			t.Errorf("%s: is taken", name)
		}
	}
}

func TestUnknownMembers(t *testing.T) {
	known := []string{"project", "title", "keys", "documents", "code", "results", "kinds", "fields", "relations", "workflows"}
	faults := UnknownMembers([]byte("project: pump\ndocument: [docs]\nkinds: {}\n"), "goldthread.yaml", known)
	if len(faults) != 1 || faults[0].Line != 2 || faults[0].Column != 1 || faults[0].Remedy != `did you mean "documents"?` {
		t.Errorf("have %v", faults)
	}
}
