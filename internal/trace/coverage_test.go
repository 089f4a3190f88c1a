package trace_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/trace"
)

func TestOrphansAndDeadEnds(t *testing.T) {
	sch := extended(t, "kinds:\n  UI: {name: screen, specialises: SRS}\n  NOTE: {name: note}\n")
	tests := []struct {
		sentence string
		lines    []string
		want     []string
	}{
		{"a thread from end to end", []string{"UN-1", "SYS-1", "SYS-1|refines|UN-1", "SRS-1", "SRS-1|refines|SYS-1", "CODE-1", "CODE-1|implements|SRS-1", "TC-1", "TC-1|verifies|SRS-1"}, nil},
		{"a requirement from nowhere to nowhere", []string{"SRS-1"}, []string{
			"1 warning orphan SRS-1: SRS-1 is an orphan: it leads back to no system requirement, need or risk control",
			"1 warning dead-end SRS-1: SRS-1 is a dead end: no code, unit or other item implements it"}},
		{"a test is no way on: it shows nothing of how a requirement is made", []string{"SYS-1", "SRS-1", "SRS-1|refines|SYS-1", "TEST-1", "TEST-1|verifies|SRS-1", "UN-1", "SYS-1|refines|UN-1"},
			[]string{"2 warning dead-end SRS-1: SRS-1 is a dead end: no code, unit or other item implements it"}},
		{"allocation to a unit is a way on", []string{"SYS-1", "UN-1", "SYS-1|refines|UN-1", "SRS-1", "SRS-1|refines|SYS-1", "SWU-1", "SRS-1|allocated to|SWU-1"}, nil},
		{"a need that nothing refines", []string{"UN-1"}, []string{"1 warning dead-end UN-1: UN-1 is a dead end: no requirement refines it"}},
		{"a system requirement from nowhere to nowhere", []string{"SYS-1"}, []string{
			"1 warning orphan SYS-1: SYS-1 is an orphan: it refines no need, control or other requirement",
			"1 warning dead-end SYS-1: SYS-1 is a dead end: no software or hardware requirement refines it"}},
		{"a hazard that leads to nothing", []string{"HAZ-1"}, []string{"1 warning dead-end HAZ-1: HAZ-1 is a dead end: nothing says what it leads to or what controls it"}},
		{"a hazard that something controls", []string{"HAZ-1", "RC-1 means=labelling", "RC-1|controls|HAZ-1"}, nil},
		{"a control by software that no requirement implements", []string{"HAZ-1", "RC-1 means=software", "RC-1|controls|HAZ-1"},
			[]string{"2 warning dead-end RC-1: RC-1 is a dead end: no software requirement implements it"}},
		{"a control by several means, software among them", []string{"HAZ-1", "RC-1 means=software", "RC-1|controls|HAZ-1", "SRS-1", "SRS-1|implements|RC-1", "CODE-1", "CODE-1|implements|SRS-1"}, nil},
		{"a test case that verifies nothing", []string{"TC-1"}, []string{"1 warning orphan TC-1: TC-1 is an orphan: it verifies nothing"}},
		{"a test in the sources that is part of it does not say what a test case verifies", []string{"TC-1", "TEST-1", "TEST-1|part of|TC-1"}, []string{"1 warning orphan TC-1: TC-1 is an orphan: it verifies nothing"}},
		{"a requirement that only uses an interface", []string{"IF-1", "SRS-1", "SRS-1|uses|IF-1", "CODE-1", "CODE-1|implements|SRS-1"},
			[]string{"2 warning orphan SRS-1: SRS-1 is an orphan: it leads back to no system requirement, need or risk control"}},
		{"a translation has the place of what it translates", []string{"SYS-1", "UN-1", "SYS-1|refines|UN-1", "SRS-1", "SRS-1|refines|SYS-1", "CODE-1", "CODE-1|implements|SRS-1", "SRS-2", "SRS-2|translates|SRS-1"}, nil},
		{"a control by software that only brings a new situation", []string{"HAZ-1", "HS-1", "RC-1 means=software", "RC-1|controls|HAZ-1", "RC-1|causes|HS-1"},
			[]string{"3 warning dead-end RC-1: RC-1 is a dead end: no software requirement implements it"}},
		{"what specialises a requirement is expected to do as one", []string{"UI-1"}, []string{
			"1 warning orphan UI-1: UI-1 is an orphan: it leads back to no system requirement, need or risk control",
			"1 warning dead-end UI-1: UI-1 is a dead end: no code, unit or other item implements it"}},
		{"of a kind that serves no rule nothing is expected", []string{"NOTE-1"}, nil},
		{"of a retired item nothing is expected", []string{"SRS-1", "!SRS-1"}, nil},
		{"a retired item is no end to lead to", []string{"UN-1", "SYS-1", "SYS-1|refines|UN-1", "SRS-1", "SRS-1|refines|SYS-1", "CODE-1", "CODE-1|implements|SRS-1", "!CODE-1", "!SYS-1"}, []string{
			"1 warning dead-end UN-1: UN-1 is a dead end: no requirement refines it",
			"4 warning orphan SRS-1: SRS-1 is an orphan: it leads back to no system requirement, need or risk control",
			"4 warning dead-end SRS-1: SRS-1 is a dead end: no code, unit or other item implements it"}},
		{"a link to a missing item is a finding of its own", []string{"SRS-1", "SRS-1|refines|SYS-9", "CODE-1", "CODE-1|implements|SRS-1"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if d := cmp.Diff(tt.want, found(threadWith(t, sch, tt.lines...), trace.RuleOrphan, trace.RuleDeadEnd)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestAControlByManyMeans(t *testing.T) {
	th := threadOf(t, "HAZ-1", "RC-1", "RC-1|controls|HAZ-1")
	if got := found(th, trace.RuleDeadEnd); len(got) != 0 {
		t.Errorf("a control without means: %v", got)
	}
	ops := operations([]string{"HAZ-1", "RC-1", "RC-1|controls|HAZ-1"})
	control := ops[1].(record.PutItem)
	control.Item.Fields = []record.Field{{Name: "means", Many: true, Values: []string{"hardware", "software"}}}
	ops[1] = control
	if got := found(threadOfOperations(t, ops), trace.RuleDeadEnd); len(got) != 1 {
		t.Errorf("software is the second of its means: %v", got)
	}
}

func TestCoverage(t *testing.T) {
	th := threadOf(t, "SYS-1", "SRS-1", "SRS-2", "SRS-3", "SRS-1|refines|SYS-1", "SRS-2|refines|SYS-1", "CODE-1", "CODE-1|implements|SRS-1", "TEST-1", "TEST-1|verifies|SRS-1",
		"TEST-1|verifies|SRS-2", "SRS-4", "!SRS-4", "XX-1")
	type row struct {
		Kind                                  record.Kind
		Items, Upstream, Downstream, Verified int
		Orphans, DeadEnds, Unverified         []string
	}
	var got []row
	for _, c := range th.Coverage() {
		got = append(got, row{c.Kind, c.Items, c.Upstream, c.Downstream, c.Verified, keysOf(th, c.Orphans), keysOf(th, c.DeadEnds), keysOf(th, c.Unverified)})
		if c.Upstream+len(c.Orphans) != c.Items || c.Downstream+len(c.DeadEnds) != c.Items || c.Verified+len(c.Unverified) != c.Items {
			t.Errorf("%s: the numbers do not add up: %+v", c.Kind, c)
		}
	}
	want := []row{
		{"SYS", 1, 0, 1, 0, []string{"SYS-1"}, nil, []string{"SYS-1"}},
		{"SRS", 3, 2, 1, 2, []string{"SRS-3"}, []string{"SRS-2", "SRS-3"}, []string{"SRS-3"}},
		{"CODE", 1, 1, 0, 0, nil, []string{"CODE-1"}, []string{"CODE-1"}},
		{"TEST", 1, 1, 0, 0, nil, []string{"TEST-1"}, []string{"TEST-1"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := th.Ends(handle(t, th, "SRS-1")); got != (trace.Ends{Upstream: 1, Downstream: 1, Verified: 1}) {
		t.Errorf("SRS-1 has the ends %+v", got)
	}
}
