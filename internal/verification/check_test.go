package verification_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
	"github.com/goldthread/goldthread/internal/verification"
)

// A project of a test is written as lines: "SRS-1" is an item, with fields behind it; "TEST-1|verifies|SRS-1" a link; "TEST-1 = failed: why" a result;
// "!TEST-1" retires an item.
func threadOf(t *testing.T, sch *schema.Schema, lines ...string) *trace.Thread {
	t.Helper()
	var ops []record.Operation
	there := map[string]bool{}
	for _, line := range lines {
		there[strings.Fields(line)[0]] = true
	}
	id := func(key string) record.ID { return record.ProvisionalID(record.Key(key)) }
	for _, line := range lines {
		parts := strings.Split(line, "|")
		test, result, isResult := strings.Cut(line, " = ")
		switch {
		case strings.HasPrefix(line, "!"):
			ops = append(ops, record.Retire{ID: id(line[1:])})
		case isResult:
			outcome, message, _ := strings.Cut(result, ": ")
			ops = append(ops, record.AttachEvidence{Report: record.File{Name: "run.xml"}, Results: []record.TestResult{{Test: id(test), Outcome: outcome, Message: message, Name: test}}})
		case len(parts) == 3 && there[parts[2]]:
			ops = append(ops, record.AddLink{Link: record.Link{Verb: record.Verb(parts[1]), Source: id(parts[0]), Target: id(parts[2])}})
		case len(parts) == 3:
			ops = append(ops, record.AddLink{Link: record.Link{Verb: record.Verb(parts[1]), Source: id(parts[0]), Ref: record.Ref(parts[2])}})
		default:
			words := strings.Fields(line)
			it := record.Item{ID: id(words[0]), Key: record.Key(words[0]), Kind: record.Kind(record.Key(words[0]).Prefix())}
			for _, w := range words[1:] {
				name, value, _ := strings.Cut(w, "=")
				it.Fields = append(it.Fields, record.Field{Name: strings.ReplaceAll(name, "_", " "), Values: strings.Split(value, ","), Many: true})
			}
			ops = append(ops, record.PutItem{Item: it})
		}
	}
	s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Operations: ops})
	if err != nil {
		t.Fatal(err)
	}
	return trace.New(s, sch)
}

func atLine(p project.Position) (string, int, int) { return "fixture", int(p.Operation) + 1, 1 }

func TestCheck(t *testing.T) {
	sch, faults := schema.Builtin().Extend([]byte("kinds:\n  UI: {name: screen, specialises: SRS}\n  BENCH: {name: bench test, specialises: TC}\n"), "goldthread.yaml")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	tests := []struct {
		sentence string
		lines    []string
		want     []string
	}{
		{"a requirement with a test that passed", []string{"SRS-1", "TEST-1", "TEST-1|verifies|SRS-1", "TEST-1 = passed"}, nil},
		{"a requirement without a test", []string{"SRS-1"}, []string{"1 error requirement-without-test SRS-1: SRS-1 has no test"}},
		{"what specialises a requirement, without a test", []string{"UI-1"}, []string{"1 error requirement-without-test UI-1: UI-1 has no test"}},
		{"a test case is a test", []string{"SRS-1", "TC-1", "TC-1|verifies|SRS-1"}, nil},
		{"what specialises a test case is one", []string{"SRS-1", "BENCH-1", "BENCH-1|verifies|SRS-1"}, nil},
		{"code is no test", []string{"SRS-1", "CODE-1", "CODE-1|implements|SRS-1"}, []string{"1 error requirement-without-test SRS-1: SRS-1 has no test"}},
		{"a review is no test", []string{"SRS-1", "REV-1", "REV-1|verifies|SRS-1"}, []string{"1 error requirement-without-test SRS-1: SRS-1 has no test"}},
		{"a statement is no test", []string{"SRS-1", "ST-1", "ST-1|evaluates|SRS-1"}, []string{"1 error requirement-without-test SRS-1: SRS-1 has no test"}},
		{"a review is enough where the requirement asks for inspection", []string{"SRS-1 verification_method=inspection", "REV-1", "REV-1|verifies|SRS-1"}, nil},
		{"a review is not enough where it asks for a test too", []string{"SRS-1 verification_method=inspection,test", "REV-1", "REV-1|verifies|SRS-1"}, []string{"1 error requirement-without-test SRS-1: SRS-1 has no test"}},
		{"inspection that nobody made", []string{"SRS-1 verification_method=inspection"}, []string{"1 error requirement-without-test SRS-1: SRS-1 has no test"}},
		{"a retired test is none", []string{"SRS-1", "TEST-1", "TEST-1|verifies|SRS-1", "!TEST-1"}, []string{"1 error requirement-without-test SRS-1: SRS-1 has no test"}},
		{"a retired requirement needs none", []string{"SRS-1", "!SRS-1"}, nil},
		{"refined only by requirements that have tests", []string{"SRS-1", "SRS-2", "SRS-3", "SRS-2|refines|SRS-1", "SRS-3|refines|SRS-2", "TEST-1", "TEST-1|verifies|SRS-3"}, nil},
		{"refined by one that has a test and one that has none", []string{"SRS-1", "SRS-2", "SRS-3", "SRS-2|refines|SRS-1", "SRS-3|refines|SRS-1", "TEST-1", "TEST-1|verifies|SRS-3"},
			[]string{"1 error requirement-without-test SRS-1: SRS-1 has no test", "2 error requirement-without-test SRS-2: SRS-2 has no test"}},
		{"a circle proves nothing", []string{"SRS-1", "SRS-2", "SRS-1|refines|SRS-2", "SRS-2|refines|SRS-1"},
			[]string{"1 error requirement-without-test SRS-1: SRS-1 has no test", "2 error requirement-without-test SRS-2: SRS-2 has no test"}},
		{"other kinds need no test here", []string{"SYS-1", "RC-1", "SWU-1"}, nil},
		{"a test that failed", []string{"SRS-1", "TEST-1", "TEST-1|verifies|SRS-1", "TEST-1 = failed: want 3, have 4"}, []string{"3 error failing-test SRS-1: TEST-1 verifies SRS-1 and failed: want 3, have 4 (run.xml)"}},
		{"a test that failed and said several lines", []string{"SRS-1", "TEST-1", "TEST-1|verifies|SRS-1", "TEST-1 = failed: \n first\nsecond"}, []string{"3 error failing-test SRS-1: TEST-1 verifies SRS-1 and failed: first (run.xml)"}},
		{"a test that failed, for each item that it verifies", []string{"SRS-1", "RC-1", "TEST-1", "TEST-1|verifies|SRS-1", "TEST-1|verifies effectiveness of|RC-1", "TEST-1 = failed"},
			[]string{"4 error failing-test SRS-1: TEST-1 verifies SRS-1 and failed (run.xml)", "5 error failing-test RC-1: TEST-1 verifies effectiveness of RC-1 and failed (run.xml)"}},
		{"one of two tests failed", []string{"SRS-1", "TEST-1", "TEST-2", "TEST-1|verifies|SRS-1", "TEST-2|verifies|SRS-1", "TEST-1 = passed", "TEST-2 = failed"}, []string{"5 error failing-test SRS-1: TEST-2 verifies SRS-1 and failed (run.xml)"}},
		{"an outcome that this version does not know", []string{"SRS-1", "TEST-1", "TEST-1|verifies|SRS-1", "TEST-1 = aborted"}, []string{"3 error failing-test SRS-1: TEST-1 verifies SRS-1 and failed (run.xml)"}},
		{"a test that was skipped", []string{"SRS-1", "TEST-1", "TEST-1|verifies|SRS-1", "TEST-1 = skipped: no bench"}, []string{"3 warning skipped-test SRS-1: TEST-1 verifies SRS-1, but was skipped: no bench (run.xml)"}},
		{"no report at all: nothing was run yet", []string{"SRS-1", "TEST-1", "TEST-1|verifies|SRS-1"}, nil},
		{"a report that does not speak of the test", []string{"SRS-1", "TEST-1", "TEST-2", "TEST-1|verifies|SRS-1", "TEST-2|verifies|SRS-1", "TEST-2 = passed"}, []string{"4 warning test-without-result SRS-1: no report speaks of TEST-1, which verifies SRS-1"}},
		{"of a test case without tests in the sources no report is expected to speak", []string{"SRS-1", "TC-1", "TEST-2", "TC-1|verifies|SRS-1", "TEST-2|verifies|SRS-1", "TEST-2 = passed"}, nil},
		{"a retired test that failed", []string{"SRS-1", "TEST-1", "TEST-2", "TEST-1|verifies|SRS-1", "TEST-2|verifies|SRS-1", "TEST-2 = failed", "!TEST-2"}, nil},
		{"a test case fails with a test that is part of it", []string{"SRS-1", "TC-1", "TEST-1", "TEST-2", "TC-1|verifies|SRS-1", "TEST-1|part of|TC-1", "TEST-2|part of|TC-1", "TEST-1 = passed", "TEST-2 = failed: too late"},
			[]string{"5 error failing-test SRS-1: TEST-2, part of TC-1, verifies SRS-1 and failed: too late (run.xml)"}},
		{"a test case is skipped with a test that is part of it", []string{"SRS-1", "TC-1", "TEST-1", "TEST-2", "TC-1|verifies|SRS-1", "TEST-1|part of|TC-1", "TEST-2|part of|TC-1", "TEST-1 = passed", "TEST-2 = skipped"},
			[]string{"5 warning skipped-test SRS-1: TEST-2, part of TC-1, verifies SRS-1, but was skipped (run.xml)"}},
		{"a part of a test case of which no report speaks", []string{"SRS-1", "TC-1", "TEST-1", "TEST-2", "TC-1|verifies|SRS-1", "TEST-1|part of|TC-1", "TEST-2|part of|TC-1", "TEST-1 = passed"},
			[]string{"7 warning test-without-result TC-1: no report speaks of TEST-2, which is part of TC-1"}},
		{"a failing part of a test case that verifies nothing", []string{"TC-1", "TEST-1", "TEST-1|part of|TC-1", "TEST-1 = failed"}, []string{"1 error failing-test TC-1: TEST-1, part of TC-1, verifies nothing and failed (run.xml)"}},
		{"parts in a circle", []string{"SRS-1", "TC-1", "TC-2", "TC-1|part of|TC-2", "TC-2|part of|TC-1", "TEST-1", "TEST-1|part of|TC-2", "TC-1|verifies|SRS-1", "TC-2|verifies|SRS-1", "TEST-1 = failed"},
			[]string{"8 error failing-test SRS-1: TEST-1, part of TC-1, verifies SRS-1 and failed (run.xml)", "9 error failing-test SRS-1: TEST-1, part of TC-2, verifies SRS-1 and failed (run.xml)"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			var got []string
			for _, f := range verification.Check(threadOf(t, sch, tt.lines...), atLine) {
				got = append(got, fmt.Sprintf("%d %s %s %s: %s", f.Line, f.Severity, f.Rule, f.Item, f.Message))
				if f.Remedy == "" || len(f.Clauses) == 0 || f.File == "" || !slices.Contains(finding.Severities(), f.Severity) {
					t.Errorf("a finding lacks something: %+v", f)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestItemOutcome(t *testing.T) {
	result := func(outcomes ...string) (list []verification.Verifier) {
		for _, o := range outcomes {
			v := verification.Verifier{}
			if o != "" {
				v.Result = &project.Result{Outcome: o}
			}
			list = append(list, v)
		}
		return list
	}
	tests := []struct {
		outcomes []string
		want     verification.Outcome
	}{
		{nil, verification.NoResult}, {[]string{"passed"}, passed}, {[]string{"passed", "passed"}, passed}, {[]string{"passed", "skipped"}, skipped}, {[]string{"skipped", "failed", "passed"}, failed},
		{[]string{""}, verification.NoResult}, {[]string{"passed", ""}, verification.NoResult}, {[]string{"", "passed"}, verification.NoResult}, {[]string{"", "skipped"}, verification.NoResult},
		{[]string{"", "failed"}, failed}, {[]string{"failed", ""}, failed}, {[]string{"passed", "aborted"}, failed}, {[]string{"", "aborted"}, failed},
	}
	for _, tt := range tests {
		if got := verification.ItemOutcome(result(tt.outcomes...)); got != tt.want {
			t.Errorf("%q say together %s, want %s", tt.outcomes, got, tt.want)
		}
	}
}

func TestVerifiers(t *testing.T) {
	th := threadOf(t, schema.Builtin(), "SRS-1", "TC-1", "TC-1|verifies|SRS-1", "TEST-1", "TEST-1|part of|TC-1", "TEST-2", "TEST-2|verifies|SRS-1", "REV-1", "REV-1|verifies|SRS-1",
		"SRS-2", "SRS-2|refines|SRS-1", "TEST-3", "TEST-3|verifies|SRS-1", "!TEST-3", "TEST-1 = passed")
	h, _ := th.Snapshot.ByKey("SRS-1")
	var got []string
	for _, v := range verification.Verifiers(th, h) {
		outcome := "-"
		if v.Result != nil {
			outcome = v.Result.Outcome
		}
		l := th.Snapshot.Link(v.Link)
		got = append(got, fmt.Sprintf("%s %s %v", th.Snapshot.Node(v.Test).Item.Key, outcome, l.Source == v.Test && l.Target == h))
	}
	if d := cmp.Diff([]string{"TC-1 passed true", "TEST-2 - true"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
