package trace_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/trace"
)

func TestAlong(t *testing.T) {
	tests := []struct {
		sentence  string
		lines     []string
		start     record.Key
		direction trace.Direction
		want      []string
	}{
		{"to what refines, implements and verifies", []string{"SYS-1", "SRS-1", "SWU-1", "TEST-1", "SRS-1|refines|SYS-1", "SWU-1|implements|SRS-1", "TEST-1|verifies|SRS-1"}, "SRS-1", trace.Downstream,
			[]string{"SRS-1 implemented by SWU-1", "SRS-1 verified by TEST-1"}},
		{"and back", []string{"SYS-1", "SRS-1", "SWU-1", "SRS-1|refines|SYS-1", "SWU-1|implements|SRS-1"}, "SRS-1", trace.Upstream, []string{"SRS-1 refines SYS-1"}},
		{"to the unit that carries it, and to its tests, whichever line they are on", []string{"SRS-1", "SWU-1", "TEST-1", "SRS-1|allocated to|SWU-1", "TEST-1|verifies|SWU-1"}, "SWU-1", trace.Downstream,
			[]string{"SWU-1 verified by TEST-1"}},
		{"from a cause, in the direction of the verb", []string{"HAZ-1", "HS-1", "HAZ-1|leads to|HS-1"}, "HAZ-1", trace.Downstream, []string{"HAZ-1 leads to HS-1"}},
		{"a control comes after what it controls, though a change travels both ways", []string{"RSK-1", "RC-1", "RC-1|controls|RSK-1"}, "RC-1", trace.Upstream, []string{"RC-1 controls RSK-1"}},
		{"to the code of a unit, and not to the units of an item", []string{"SWI-1", "SWU-1", "CODE-1", "SWU-1|part of|SWI-1", "CODE-1|part of|SWI-1"}, "SWI-1", trace.Downstream, []string{"SWI-1 has part CODE-1"}},
		{"to the parts of a test case", []string{"TC-1", "TC-2", "TEST-1", "TC-2|part of|TC-1", "TEST-1|part of|TC-1"}, "TC-1", trace.Downstream, []string{"TC-1 has part TC-2", "TC-1 has part TEST-1"}},
		{"not to users, nor to where a problem is found, mended or left", []string{"PR-1", "SWU-1", "SWU-2", "REL-1", "SWU-2|uses|SWU-1", "PR-1|found in|SWU-1", "PR-1|fixed in|SWU-1", "PR-1|remains in|REL-1"}, "SWU-1", trace.Downstream, nil},
		{"nor back from them", []string{"PR-1", "SWU-1", "REL-1", "PR-1|found in|SWU-1", "PR-1|fixed in|SWU-1", "PR-1|remains in|REL-1"}, "PR-1", trace.Upstream, nil},
		{"foreign verbs are refinements", []string{"SYS-1", "SRS-1", "SRS-1|likes|SYS-1"}, "SYS-1", trace.Downstream, []string{"SYS-1 ← likes SRS-1"}},
		{"to what is missing, and not to what is out of use", []string{"SRS-1", "SRS-2", "SRS-1|refines|SYS-9", "SRS-1|refines|SRS-2", "!SRS-2"}, "SRS-1", trace.Upstream, []string{"SRS-1 refines SYS-9"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			th := threadOf(t, tt.lines...)
			var got []string
			for step := range th.Along(handle(t, th, tt.start), tt.direction) {
				got = append(got, path(th, []trace.Step{step}))
			}
			slices.Sort(got)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			for range th.Along(handle(t, th, tt.start), tt.direction) {
				break // a walk may end early
			}
		})
	}
}
