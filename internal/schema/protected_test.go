package schema

import (
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/record"
)

// attempt is an extension that would weaken the schema.
type attempt struct {
	name  string
	text  string
	place string // line:column of the fault
	also  string // another protection that it touches at the same time
}

// attempts holds, for each protection, ways to get around it.
var attempts = map[string][]attempt{
	kindRemoved: {
		{"an empty body", "kinds:\n  SRS:\n", "2:3", ""},
		{"null", "kinds: {SRS: null}\n", "1:9", ""},
	},
	kindRenamed: {
		{"another name", "kinds:\n  SRS: {name: wish}\n", "2:9", ""},
		{"another plural", "kinds:\n  SRS: {plural: wishes}\n", "2:9", ""},
	},
	kindMoved: {{"another group", "kinds:\n  SRS: {group: needs}\n", "2:9", ""}},
	kindRespecialised: {
		{"a requirement becomes a test", "kinds:\n  SRS: {specialises: TC}\n", "2:9", ""},
	},
	kindWorkflowChanged: {
		{"another workflow", "kinds:\n  SRS: {workflow: statement}\n", "2:9", ""},
		{"another workflow of a kind that specialises", "kinds:\n  UI: {name: screen, specialises: SRS, workflow: statement}\n", "2:40", ""},
		{"a workflow of one's own, at second remove", "kinds:\n  UI: {name: screen, specialises: SRS}\n  UJ: {name: form, specialises: UI, workflow: quick}\nworkflows:\n  quick: {initial: a, states: {a: {phase: effective}}}\n", "3:37", ""},
	},
	prefixChanged: {{"another prefix", "kinds:\n  SRS: {prefix: REQ}\n", "2:9", ""}},
	prefixTaken: {
		{"a further prefix that is there", "keys: {SYS: SRS}\n", "1:8", ""},
		{"a kind with a prefix that is there", "kinds:\n  UI: {name: screen, prefix: SRS}\n", "2:3", ""},
	},
	derivedWritten: {
		{"a derived kind becomes writable", "kinds:\n  TEST: {derived: false}\n", "2:3", ""},
		{"a prefix for it", "kinds:\n  TEST: {prefix: TEST}\n", "2:3", ""},
		{"a further prefix for it", "keys: {TEST: TEST}\n", "1:8", ""},
		{"a kind that specialises it", "kinds:\n  PROOF: {name: proof, specialises: TEST}\n", "2:24", ""},
		{"fields of it", "fields:\n  TEST: {verdict: {type: line}}\n", "2:3", ""},
		{"a derived kind of one's own", "kinds:\n  PROOF: {name: proof, derived: true}\n", "2:24", ""},
		{"a kind becomes derived", "kinds:\n  TC: {derived: true}\n", "2:8", ""},
	},
	citationChanged: {
		{"clauses of a kind", "kinds:\n  SRS: {clauses: [62304 5.7.1]}\n", "2:9", ""},
		{"clauses of a field", "fields:\n  SRS: {category: {clauses: []}}\n", "2:20", ""},
		{"clauses of a relation", "relations:\n  uses: {clauses: [62304 5.7.1]}\n", "2:10", ""},
		{"clauses of a workflow", "workflows:\n  controlled: {clauses: [62304 5.7.1]}\n", "2:16", ""},
	},
	fieldRemoved: {
		{"a field of a kind", "fields:\n  SRS: {category: null}\n", "2:9", ""},
		{"a field under kinds", "kinds:\n  SRS: {fields: {category: ~}}\n", "2:18", ""},
		{"a field that is inherited", "kinds:\n  UI: {name: screen, specialises: SRS, fields: {category: null}}\n", "2:49", ""},
	},
	fieldTypeChanged: {
		{"another type", "fields:\n  SRS: {category: {type: line}}\n", "2:20", ""},
		{"another type of an inherited field", "kinds:\n  UI: {name: screen, specialises: SRS, fields: {category: {type: line}}}\n", "2:60", ""},
		{"another unit", "fields:\n  TC: {duration: {unit: h}}\n", "2:19", ""},
		{"other kinds to refer to", "fields:\n  SWS: {external controls: {to: [SRS]}}\n", "2:29", ""},
	},
	fieldManyChanged: {
		{"one instead of many", "fields:\n  SRS: {category: {many: false}}\n", "2:20", ""},
		{"many instead of one", "fields:\n  SWS: {safety class: {many: true}}\n", "2:24", ""},
	},
	fieldDefaultChanged: {
		{"a class that nobody decided", "fields:\n  SWS: {safety class: {default: A}}\n", "2:24", ""},
		{"the same of an inherited field", "kinds:\n  UI: {name: screen, specialises: SRS, fields: {safety class: {default: A}}}\n", "2:64", ""},
	},
	requirementLifted: {
		{"of a kind", "fields:\n  SRS: {category: {required: false}}\n", "2:20", ""},
		{"of a kind, under kinds", "kinds:\n  SRS: {fields: {category: {required: false}}}\n", "2:29", ""},
		{"of a kind that specialises", "kinds:\n  UI: {name: screen, specialises: SRS, fields: {category: {required: false}}}\n", "2:60", ""},
	},
	valueRemoved: {
		{"a value set to nothing", "fields:\n  SWS: {safety class: {values: {A: {}, B: {}, C: null}}}\n", "2:47", ""},
		{"a value left out", "fields:\n  SWS: {safety class: {values: {A: {}, B: {}}}}\n", "2:24", ""},
		{"a value renamed", "fields:\n  RC: {option: {values: {design: {}, protective: {}, notes: {}}}}\n", "2:17", valueAdded},
	},
	valueChanged: {
		{"another letter", "fields:\n  CAU: {topic: {values: {specification: {code: b}, defect: {}, SOUP: {}, hardware: {}, misuse: {}}}}\n", "2:17", ""},
		{"another title", "fields:\n  SWS: {safety class: {values: {A: {title: class C}, B: {}, C: {}}}}\n", "2:24", ""},
		{"other clauses", "fields:\n  CAU: {topic: {values: {specification: {clauses: [62304 7.1.1]}, defect: {}, SOUP: {}, hardware: {}, misuse: {}}}}\n", "2:17", ""},
	},
	valueAdded: {
		{"a class below A", "fields:\n  SWS: {safety class: {values: {A: {}, B: {}, C: {}, exempt: {}}}}\n", "2:24", ""},
		{"a class below A for a kind that specialises", "kinds:\n  UI: {name: screen, specialises: SRS, fields: {safety class: {values: {A: {}, B: {}, C: {}, exempt: {}}}}}\n", "2:64", ""},
	},
	fieldOpened: {{"a closed field", "fields:\n  SWS: {safety class: {closed: false}}\n", "2:24", ""}},
	relationRemoved: {
		{"an empty body", "relations:\n  verifies:\n", "2:3", ""},
	},
	relationReversed: {{"another reading", "relations:\n  verifies: {reverse: checked by}\n", "2:14", ""}},
	relationNarrowed: {
		{"no ends", "relations:\n  verifies: {ends: []}\n", "2:14", ""},
		{"ends set to nothing", "relations:\n  verifies: {ends: null}\n", "2:14", ""},
		{"a limit on an end that is there", "relations:\n  segregates: {ends: [{from: [SEG], to: [SWS, SWI, SWU, SOUP, HW, MDL, PIPE], max: 2}]}\n", "2:23", ""},
		{"a limit by a further end", "relations:\n  refines: {ends: [{from: [SRS], to: [SYS], max: 1}]}\n", "2:20", ""},
		{"a limit by a further end for any kind", "relations:\n  refines: {ends: [{from: [any], to: [SYS], max: 1}]}\n", "2:20", ""},
		{"a limit on kinds that are there, by way of one's own", "kinds:\n  UI: {name: screen, specialises: SRS}\nrelations:\n  refines: {ends: [{from: [UI, SRS], to: [SYS], max: 1}]}\n", "4:20", ""},
	},
	relationWidened: {
		{"a document that verifies", "relations:\n  verifies: {ends: [{from: [DOC], to: [SRS]}]}\n", "2:21", ""},
		{"a kind without rules that verifies", "kinds:\n  NOTE: {name: note}\nrelations:\n  verifies: {ends: [{from: [NOTE], to: [SRS]}]}\n", "4:21", ""},
		{"a kind without rules that verifies what specialises", "kinds:\n  NOTE: {name: note}\n  UI: {name: screen, specialises: SRS}\nrelations:\n  verifies: {ends: [{from: [NOTE], to: [UI]}]}\n", "5:21", ""},
		{"anything that controls a risk", "relations:\n  controls: {ends: [{from: [any], to: [any]}]}\n", "2:21", ""},
		{"a set that implements a risk control", "relations:\n  implements: {ends: [{from: [hazardous], to: [RC]}]}\n", "2:23", ""},
	},
	evidenceLifted: {{"a relation that is evidence", "relations:\n  verifies: {evidence: false}\n", "2:14", ""}},
	minimumLowered: {
		{"none instead of one", "relations:\n  part of: {ends: [{from: [SWU], to: [SWI, SWS], min: 0}]}\n", "2:50", ""},
		{"one instead of two, in a further end", "relations:\n  segregates: {ends: [{from: [SEG], to: [SWU], min: 1}]}\n", "2:23", ""},
	},
	maximumRaised: {
		{"two instead of one", "relations:\n  part of: {ends: [{from: [SWU], to: [SWI, SWS], min: 1, max: 2}]}\n", "2:58", ""},
		{"no limit instead of one, kinds in another order", "relations:\n  part of: {ends: [{from: [SWU], to: [SWS, SWI], min: 1, max: 0}]}\n", "2:58", ""},
	},
	cycleAllowed: {
		{"cycles", "relations:\n  refines: {acyclic: false}\n", "2:13", ""},
		{"links to oneself", "relations:\n  refines: {self: true}\n", "2:13", ""},
	},
	impactNarrowed: {
		{"no impact", "relations:\n  refines: {impact: none}\n", "2:13", ""},
		{"the other way", "relations:\n  refines: {impact: source-to-target}\n", "2:13", ""},
		{"one way instead of both", "relations:\n  controls: {impact: target-to-source}\n", "2:14", ""},
	},
	workflowRemoved: {{"an empty body", "workflows:\n  controlled:\n", "2:3", ""}},
	workflowStartChanged: {
		{"approved from the start", "workflows:\n  controlled: {initial: approved}\n", "2:16", ""},
	},
	stateRemoved: {{"a state set to nothing", "workflows:\n  controlled: {states: {in review: null}}\n", "2:25", ""}},
	stateChanged: {
		{"a draft that counts", "workflows:\n  controlled: {states: {draft: {phase: effective}}}\n", "2:25", ""},
		{"a problem that is no longer open", "workflows:\n  problem: {states: {investigating: {phase: closed}}}\n", "2:22", ""},
	},
	transitionRemoved: {
		{"a step marked as removed", "workflows:\n  controlled:\n    transitions:\n      - {from: draft, to: in review, remove: true}\n", "4:9", ""},
		{"no steps", "workflows:\n  controlled: {transitions: []}\n", "2:16", ""},
	},
	signatureLifted: {
		{"no signature", "workflows:\n  controlled: {transitions: [{from: in review, to: approved, signature: none}]}\n", "2:30", ""},
		{"a signature not mentioned", "workflows:\n  controlled: {transitions: [{from: in review, to: approved}]}\n", "2:30", ""},
		{"a weaker one", "workflows:\n  controlled: {transitions: [{from: in review, to: approved, signature: authorship}]}\n", "2:30", ""},
	},
	workflowBypassed: {
		{"straight from draft", "workflows:\n  controlled: {transitions: [{from: draft, to: approved}]}\n", "2:30", ""},
		{"straight from draft with a weaker signature", "workflows:\n  controlled: {transitions: [{from: draft, to: approved, signature: review}]}\n", "2:30", ""},
		{"around by a new state", "workflows:\n  controlled:\n    states: {fast: {phase: open}}\n    transitions:\n      - {from: draft, to: fast}\n      - {from: fast, to: approved}\n", "6:9", ""},
		{"around by a new state, in the other order", "workflows:\n  controlled:\n    states: {fast: {phase: open}}\n    transitions:\n      - {from: fast, to: approved}\n      - {from: draft, to: fast}\n", "6:9", ""},
		{"back from obsolete", "workflows:\n  controlled: {transitions: [{from: obsolete, to: approved}]}\n", "2:30", ""},
		{"into a state of one's own that is in force", "workflows:\n  controlled:\n    states: {live: {phase: effective}}\n    transitions:\n      - {from: draft, to: live}\n", "5:9", ""},
		{"into a state of one's own that is in force, with another signature", "workflows:\n  controlled:\n    states: {live: {phase: effective}}\n    transitions:\n      - {from: draft, to: live, signature: review}\n", "5:9", ""},
		{"from obsolete into a state of one's own that is in force", "workflows:\n  controlled:\n    states: {revived: {phase: effective}}\n    transitions:\n      - {from: obsolete, to: revived}\n", "5:9", ""},
		{"into a state of one's own in which a problem is closed", "workflows:\n  problem:\n    states: {ignored: {phase: closed}}\n    transitions:\n      - {from: open, to: ignored}\n", "5:9", ""},
		{"closed without approval", "workflows:\n  problem: {transitions: [{from: open, to: closed}]}\n", "2:27", ""},
		{"verified without review", "workflows:\n  change: {transitions: [{from: approved, to: verified}]}\n", "2:26", ""},
		{"released without approval", "workflows:\n  release: {transitions: [{from: planned, to: released, signature: authorship}]}\n", "2:27", ""},
	},
	protectionChanged: {
		{"a list of one's own", "protected: {kind-removed: {what: a, reason: b}}\n", "1:13", ""},
		{"no list", "protected: {}\n", "1:1", ""},
	},
}

// goldthread:verifies SRS-13
// goldthread:verifies-implementation-of RC-8
// goldthread:verifies-effectiveness-of RC-8
func TestWhatMayNotBeWeakened(t *testing.T) {
	for _, p := range Builtin().Protected() {
		if len(attempts[p.ID]) == 0 {
			t.Errorf("%s: no attempt tests it", p.ID)
		}
		for _, a := range attempts[p.ID] {
			t.Run(p.ID+"/"+a.name, func(t *testing.T) { tryToWeaken(t, p, a) })
		}
	}
	for id := range attempts {
		if protection(id) == nil {
			t.Errorf("%s: is attempted, but not protected", id)
		}
	}
}

func protection(id string) *Protection {
	for _, p := range Builtin().Protected() {
		if p.ID == id {
			return &p
		}
	}
	return nil
}

func tryToWeaken(t *testing.T, p Protection, a attempt) {
	s, faults := Builtin().Extend([]byte(a.text), "goldthread.yaml")
	found := false
	for _, f := range faults {
		if f.Severity == SeverityNote {
			continue
		}
		if a.also != "" && f.Rule == protectedRule+a.also {
			continue
		}
		if f.Rule != protectedRule+p.ID {
			t.Errorf("another fault: %v", f)
			continue
		}
		found = true
		if !strings.HasPrefix(f.String(), "goldthread.yaml:"+a.place+": ") {
			t.Errorf("want it at %s: %v", a.place, f)
		}
		if !strings.Contains(f.Message, p.ID+": ") || !strings.Contains(f.Message, p.Reason) || f.Remedy == "" {
			t.Errorf("names neither id, reason nor way out: %v", f)
		}
	}
	if !found {
		t.Errorf("is not noticed")
	}
	checkUnweakened(t, s)
}

// checkUnweakened compares what the attempts are after with the built-in schema.
func checkUnweakened(t *testing.T, s *Schema) {
	t.Helper()
	b := Builtin()
	for _, k := range b.Kinds() {
		have := s.Kind(k.ID)
		if have == nil || have.Name != k.Name || have.Prefix != k.Prefix || have.Derived != k.Derived || have.Group != k.Group ||
			have.Specialises != k.Specialises || len(have.Fields) != len(k.Fields) {
			t.Fatalf("%s is weakened: %+v", k.ID, have)
		}
		for _, f := range k.Fields {
			h := have.Field(f.Name)
			if h.Type != f.Type || h.Many != f.Many || h.Default != f.Default || f.Required && !h.Required || len(h.Values) != len(f.Values) || h.Closed != f.Closed || h.Unit != f.Unit {
				t.Errorf("%s %q is weakened: %+v", k.ID, f.Name, h)
			}
		}
		if k.Prefix != "" && s.KindOfKey(record.Key(k.Prefix+"-1")).ID != k.ID {
			t.Errorf("prefix %s leads elsewhere", k.Prefix)
		}
		for _, r := range b.Relations() {
			for _, to := range b.Kinds() {
				before, after := b.Allowed(r.Verb, k.ID, to.ID), s.Allowed(r.Verb, k.ID, to.ID)
				if before && !after || r.Evidence && after && !before {
					t.Errorf("%s %s %s: was %v, is %v", k.ID, r.Verb, to.ID, before, after)
				}
			}
			if minimum(s, r.Verb, k.ID) < minimum(b, r.Verb, k.ID) {
				t.Errorf("%s %s: fewer links are asked for", k.ID, r.Verb)
			}
		}
	}
	for _, w := range b.Workflows() {
		have := s.Workflow(w.Name)
		if have.Initial != w.Initial {
			t.Errorf("workflow %s begins elsewhere", w.Name)
		}
		if gate, state := bypassed(w, have); gate != NoSignature {
			t.Errorf("workflow %s: %s can be reached without %s", w.Name, state, gate)
		}
		for _, state := range w.States {
			if have.State(state.Name) == nil || have.State(state.Name).Phase != state.Phase {
				t.Errorf("workflow %s: state %s is weakened", w.Name, state.Name)
			}
		}
		for _, step := range w.Transitions {
			if h := have.Transition(step.From, step.To); h == nil || h.Signature != step.Signature {
				t.Errorf("workflow %s: step %s to %s is weakened", w.Name, step.From, step.To)
			}
		}
	}
}
