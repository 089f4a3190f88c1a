package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/record"
)

const project = `project: pump
title: Pump
keys: {REQ: SRS, RW-SYS: SYS}
kinds:
  UI:
    name: screen requirement
    specialises: SRS
    help: What a screen shows.
    fields:
      screen: {type: line, required: true, help: Which screen.}
      rationale: {required: true}
  NOTE:
    name: note
  BENCH:
    name: bench test
    plural: bench tests
    specialises: TC
    prefix: BT
fields:
  SRS:
    release train: {type: enum, values: {spring: {}, autumn: {}}}
  any:
    custodian: {type: line}
  TC:
    expected result: {help: What is to be seen at the pump.}
    purpose: {values: {function: {}, risk control: {}, timing: {}, interface: {}, abnormal conditions: {}, misuse: {}, regression: {}, security: {}, usability: {}, installation: {}, endurance: {}}}
relations:
  comments on:
    reverse: commented by
    ends: [{from: [NOTE], to: [any]}]
  verifies:
    ends: [{from: [TC], to: [NOTE]}]
  refines:
    ends: [{from: [NOTE], to: [SYS]}, {from: [SRS], to: [SYS, UN], min: 1}]
workflows:
  controlled:
    states:
      on hold: {phase: open}
    transitions:
      - {from: draft, to: on hold}
      - {from: on hold, to: draft}
      - {from: in review, to: draft, signature: review}
  quick:
    initial: new
    states: {new: {phase: open}, done: {phase: closed}}
    transitions: [{from: new, to: done}]
`

// goldthread:verifies SRS-12
func TestExtend(t *testing.T) {
	s, faults := Builtin().Extend([]byte(project), "goldthread.yaml")
	want := []Fault{{File: "goldthread.yaml", Line: 12, Column: 3, Severity: SeverityNote, Rule: ruleServesNoRule,
		Message: "kind NOTE specialises no built-in kind: no rule asks for it, and no clause is met by it",
		Remedy:  "add specialises, if it is a special case of a built-in kind"}}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Fatalf("faults (-want +have):\n%s", diff)
	}
	ui, srs := s.Kind("UI"), s.Kind("SRS")
	for name, ok := range map[string]bool{
		"a kind inherits fields, also added ones":         ui.Field("category") != nil && ui.Field("release train") != nil && ui.Field("custodian") != nil,
		"its own fields come after":                       ui.Fields[len(ui.Fields)-1].Name == "screen" && ui.Field("screen").Required,
		"it may ask for more than it inherits":            ui.Field("rationale").Required && !srs.Field("rationale").Required,
		"an inherited field keeps its place":              ui.Field("rationale").Order == srs.Field("rationale").Order,
		"it has workflow and group of what it is":         ui.Workflow == s.Workflow("controlled") && ui.Group == "requirements",
		"it is what it specialises":                       s.Is("UI", "SRS") && !s.Is("SRS", "UI") && !s.Is("UI", "SYS"),
		"it may be linked as what it specialises":         s.Allowed("refines", "UI", "SYS") && s.Allowed("verifies", "BENCH", "UI") && s.Allowed("implements", "CODE", "UI"),
		"a kind may have another prefix":                  s.KindOfKey("BT-3").ID == "BENCH" && s.KindOfKey("REQ-1").ID == "SRS",
		"a kind may serve no rule":                        s.Kind("NOTE").ServesNoRule && !ui.ServesNoRule && s.Kind("NOTE").Workflow.Name == "controlled",
		"every kind may have a field":                     s.Kind("HAZ").Field("custodian") != nil && s.Kind("NOTE").Field("custodian") != nil && s.Kind("TEST").Field("custodian") == nil,
		"help may be said in other words":                 strings.Contains(s.Kind("TC").Field("expected result").Help, "pump") && s.Kind("TC").Field("expected result").Required,
		"an open field may have more values":              s.Kind("TC").Field("purpose").Value("endurance") != nil,
		"a relation may be added":                         s.Allowed("comments on", "NOTE", "SRS") && s.Relation("comments on").Impact == TargetToSource,
		"own kinds may be verified, not verify":           s.Allowed("verifies", "TC", "NOTE") && !s.Allowed("verifies", "NOTE", "SRS"),
		"a kind without rules may refine":                 s.Allowed("refines", "NOTE", "SYS"),
		"an end may ask for more":                         minimum(s, "refines", "SRS") == 1 && minimum(Builtin(), "refines", "SRS") == 0,
		"a workflow may have more states":                 s.Workflow("controlled").State("on hold") != nil,
		"a step may ask for a signature":                  s.Workflow("controlled").Transition("in review", "draft").Signature == MeaningReview,
		"a workflow may be added":                         s.Workflow("quick") != nil,
		"the built-in schema is as it was":                Builtin().Kind("UI") == nil && Builtin().Kind("SRS").Field("custodian") == nil && Builtin().Workflow("controlled").State("on hold") == nil,
		"references take what specialises their kinds":    s.Kind("CR").Field("tests to repeat").Check("BT-3") == nil,
		"references refuse other kinds, of the extension": s.Kind("CR").Field("tests to repeat").Check("REQ-3") != nil,
	} {
		if !ok {
			t.Errorf("%s: does not hold", name)
		}
	}
}

func minimum(s *Schema, verb record.Verb, kind record.Kind) int {
	least := 0
	for _, e := range s.EndsFrom(verb, kind) {
		least = max(least, e.Min)
	}
	return least
}

func TestExtendIsRepeatable(t *testing.T) {
	once, _ := Builtin().Extend([]byte(project), "a.yaml")
	twice, faults := once.Extend([]byte("kinds:\n  FORM: {name: form requirement, specialises: UI}\n"), "b.yaml")
	if len(faults) > 0 || !twice.Is("FORM", "SRS") || twice.Kind("FORM").Field("screen") == nil || twice.Kind("FORM").ServesNoRule {
		t.Errorf("an extension of an extension: %v", faults)
	}
	_, faults = once.Extend([]byte("kinds:\n  UI: {name: other, prefix: U}\n"), "b.yaml")
	if len(faults) != 2 {
		t.Errorf("an extension is protected as well: %v", faults)
	}
}

// TestExtendLeavesOutWhatIsFaulty checks that the rest can be worked with, and that what follows is not reported as well.
//
// goldthread:verifies SRS-14
func TestExtendLeavesOutWhatIsFaulty(t *testing.T) {
	text := `keys: {REQ: SRS, XX: NONE}
kinds:
  GOOD: {name: good kind, specialises: SRS, fields: {note: {type: line}, bad: {type: colour}}}
  LOST: {name: lost kind, specialises: NONE}
  CHILD: {name: child, specialises: LOST}
relations:
  likes: {reverse: liked by, ends: [{from: [GOOD], to: [SRS]}]}
  hates: {reverse: hated by, ends: [{from: [LOST], to: [SRS]}]}
  refines: {ends: [{from: [NONE], to: [SRS]}]}
workflows:
  odd: {initial: x, states: {y: {phase: open}}}
  controlled: {states: {island: {phase: open}}}
fields:
  SRS: {broken: {type: colour}, sound: {type: line}}
`
	s, faults := Builtin().Extend([]byte(text), "goldthread.yaml")
	var lines []int
	for _, f := range faults {
		lines = append(lines, f.Line)
	}
	if diff := cmp.Diff([]int{1, 3, 4, 9, 11, 12, 14}, lines); diff != "" {
		t.Errorf("lines (-want +have):\n%s\n%v", diff, faults)
	}
	for name, ok := range map[string]bool{
		"sound key":              s.KindOfKey("REQ-1") != nil,
		"faulty key":             s.KindOfKey("XX-1") == nil,
		"sound kind":             s.Kind("GOOD") != nil && s.Kind("GOOD").Field("note") != nil,
		"its faulty field":       s.Kind("GOOD") != nil && s.Kind("GOOD").Field("bad") == nil,
		"faulty kind":            s.Kind("LOST") == nil && s.Kind("CHILD") == nil,
		"sound relation":         s.Relation("likes") != nil,
		"relation of no kind":    s.Relation("hates") == nil,
		"built-in relation":      s.Allowed("refines", "SRS", "SYS"),
		"faulty workflow":        s.Workflow("odd") == nil,
		"built-in workflow":      s.Workflow("controlled").State("island") == nil && s.Workflow("controlled").State("draft") != nil,
		"fields of a built-in":   s.Kind("SRS").Field("sound") != nil && s.Kind("SRS").Field("broken") == nil,
		"its field before":       s.Kind("SRS").Field("category") != nil,
		"kinds that were before": len(s.Kinds()) == len(Builtin().Kinds())+1,
	} {
		if !ok {
			t.Errorf("%s: is not as it should be", name)
		}
	}
}

// TestExtendSaysOnceWhatHoldsForAnyKind checks that one slip in a field of any kind is not reported for each kind.
func TestExtendSaysOnceWhatHoldsForAnyKind(t *testing.T) {
	_, faults := Builtin().Extend([]byte("fields:\n  any: {owned by: {type: colour}, last seen: {type: day}}\n"), "goldthread.yaml")
	var places []string
	for _, f := range faults {
		places = append(places, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Rule))
	}
	if diff := cmp.Diff([]string{"2:9 schema-field", "2:35 schema-field"}, places); diff != "" {
		t.Errorf("faults (-want +have):\n%s", diff)
	}
}

// goldthread:verifies SRS-14
func TestExtendFaults(t *testing.T) {
	for _, c := range []struct{ name, text, place, rule, says string }{
		{"an unknown member of a kind", "kinds:\n  UI: {name: a, specialises: SRS, colour: red}\n", "2:35", ruleMember, "colour"},
		{"the name of a kind that is there", "kinds:\n  UI: {name: software requirement, specialises: SRS}\n", "2:3", ruleDuplicate, "already names"},
		{"a kind without name", "kinds:\n  UI: {specialises: SRS}\n", "2:3", ruleIncomplete, "needs a name"},
		{"a kind without body", "kinds:\n  UI:\n", "2:3", ruleIncomplete, "no body"},
		{"a workflow without body", "workflows:\n  odd:\n", "2:3", ruleIncomplete, "no body"},
		{"a name for a kind to specialise", "kinds:\n  UI: {name: a, specialises: software requirement}\n", "2:17", ruleUndeclared, "write SRS"},
		{"kinds that specialise each other", "kinds:\n  UI: {name: a, specialises: UJ}\n  UJ: {name: b, specialises: UI}\n", "2:17", ruleCycle, "by way of UJ"},
		{"a key for no kind", "keys: {REQ: SR}\n", "1:8", ruleUndeclared, "did you mean SRS"},
		{"a prefix of which keys are numbers of another", "keys: {SRS-1: SYS}\n", "1:8", rulePrefix, "numbers of SRS"},
		{"fields for no kind", "fields:\n  SR: {a: {type: line}}\n", "2:3", ruleUndeclared, "did you mean SRS"},
		{"a field of a taken name", "fields:\n  SRS: {state: {type: line}}\n", "2:9", ruleName, "meaning of its own"},
		{"a field of one's own twice", "kinds:\n  UI: {name: a, specialises: SRS, fields: {b: {type: line}}}\nfields:\n  UI: {b: {type: line}}\n", "4:8", ruleDuplicate, "twice"},
		{"a field that a descendant has otherwise", "kinds:\n  UI: {name: a, specialises: SRS, fields: {b: {type: line}}}\nfields:\n  SRS: {b: {type: date}}\n", "2:44", ruleField, "another type"},
		{"an alias", "fields:\n  SRS: {a: &x {type: line}, b: *x}\n", "2:32", ruleSyntax, "write it out"},
		{"more kinds than anybody writes", "kinds:\n" + strings.Repeat("  U%d: {name: a}\n", 0) + manyKinds(maxKinds+1), fmt.Sprintf("%d:3", maxKinds+2), ruleSize, "declare fewer"},
		{"kinds that specialise too deeply", deepKinds(maxDepth + 2), fmt.Sprintf("%d:%d", maxDepth+3, 20), ruleCycle, "deep"},
		{"a value of a closed field, by way of any kind", "fields:\n  any: {means: {values: {software: {}, hardware: {}, other system: {}, procedure: {}, labelling: {}, training: {}, hope: {}}}}\n", "2:17", protectedRule + valueAdded, "hope"},
		{"a field kept out of the hash", "fields:\n  SRS: {rationale: {hashed: false}}\n", "2:21", ruleMember, "hashed"},
		{"a verb that is the name of a field", "relations:\n  category: {reverse: category of, ends: [{from: [SRS], to: [SYS]}]}\n", "2:3", ruleName, "field of SRS"},
		{"a verb that is the reading of another", "relations:\n  refined by: {reverse: refined from, ends: [{from: [SYS], to: [SRS]}]}\n", "2:3", ruleDuplicate, "choose other words"},
		{"broken YAML", "kinds:\n\t- x\n", "2:1", ruleSyntax, "mend the YAML"},
		{"a kind with an empty name", "kinds:\n  \"\": {name: a}\n", "2:3", ruleSyntax, "a name is empty"},
		{"a list that is not closed", "title: x\nkinds: [\n  SRS:\n    name: x\n", "2:1", ruleSyntax, "expected ','"},
		{"a list that closes nothing", "title: x\nkinds: ]\n", "2:1", ruleSyntax, "node content"},
		{"a value after a value", "title: x\nkinds: a: b\n", "2:1", ruleSyntax, "mapping values"},
		{"an alias of nothing", "title: x\nkinds: *x\n", "2:8", ruleSyntax, "unknown anchor"},
		{"a control character", "title: x\nkinds: \x01\n", "2:8", ruleSyntax, "control characters"},
		{"bytes that are no text", "title: x\nkinds: \xff\n", "2:8", ruleSyntax, "UTF-8"},
		{"a second document that is broken", "title: x\n---\nkinds: ]\n", "3:1", ruleSyntax, "node content"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, faults := Builtin().Extend([]byte(c.text), "goldthread.yaml")
			if s == nil {
				t.Fatal("no schema")
			}
			for _, f := range faults {
				if strings.HasPrefix(f.String(), "goldthread.yaml:"+c.place+": error: ") && f.Rule == c.rule && strings.Contains(f.Message+f.Remedy, c.says) {
					return
				}
			}
			t.Errorf("no fault of %s at %s that says %q among\n%v", c.rule, c.place, c.says, faults)
		})
	}
}

func manyKinds(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  U%d: {name: kind %da, specialises: SRS}\n", i, i)
	}
	return b.String()
}

func deepKinds(n int) string {
	text := "kinds:\n  UI: {name: a, specialises: SRS}\n"
	for i, up := 1, "UI"; i < n; i++ {
		id := "UI" + string(rune('A'+i))
		text += fmt.Sprintf("  %s: {name: %s, specialises: %s}\n", id, strings.ToLower(id), up)
		up = id
	}
	return text
}

// TestExtendIsBounded feeds what would take hours if anything grew with a high power of the input, and what would flood a
// reader if every line were reported with all that follows from it.
//
// goldthread:verifies SRS-15
func TestExtendIsBounded(t *testing.T) {
	var ends, keys, fields, steps, values, wrong strings.Builder
	for i := range 8000 {
		fmt.Fprintf(&ends, "    - {from: [any], to: [U%d, any]}\n", i%maxKinds)
		fmt.Fprintf(&keys, "  Q%dX: SRX\n", i)
		fmt.Fprintf(&fields, "  U%d: {a: {type: colour}, b: {type: line}}\n", i)
		fmt.Fprintf(&steps, "    - {from: s%d, to: draft}\n", i)
		fmt.Fprintf(&values, "v%d: {}, ", i)
		fmt.Fprintf(&wrong, "  W%d: {name: w, colour: red, specialises: SRX}\n", i)
	}
	for name, text := range map[string]string{
		"ends":   "kinds:\n" + manyKinds(maxKinds) + "relations:\n  verifies:\n    ends:\n" + ends.String() + "  refines:\n    ends:\n" + ends.String(),
		"keys":   "keys:\n" + keys.String(),
		"fields": "fields:\n" + fields.String(),
		"steps":  "workflows:\n  controlled:\n    transitions:\n" + steps.String(),
		"values": "fields:\n  TC: {purpose: {values: {" + values.String() + "x: {}}}}\n",
		"wrong":  "kinds:\n" + wrong.String(),
	} {
		_, faults := Builtin().Extend([]byte(text), "goldthread.yaml")
		if lines := strings.Count(text, "\n"); len(faults) > 10+3*lines {
			t.Errorf("%s: %d faults of %d lines", name, len(faults), lines)
		}
	}
}
