package trace_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// pump is a small project with a thread from need and hazard to code and test.
var pump = []string{
	"UN-1", "SYS-1", "SYS-1|refines|UN-1", "SYS-2", "SYS-2|refines|UN-1",
	"HAZ-1", "HS-1", "HAZ-1|leads to|HS-1", "RSK-1", "RSK-1|evaluates|HS-1", "RC-1", "RC-1|controls|RSK-1",
	"SRS-1", "SRS-1|refines|SYS-1", "SRS-2", "SRS-2|implements|RC-1", "SRS-10", "SRS-10|refines|SRS-1",
	"SWI-1", "SWU-1", "SWU-1|part of|SWI-1", "SWU-2", "SWU-2|part of|SWI-1", "SRS-2|allocated to|SWU-1",
	"CODE-1", "CODE-1|implements|SRS-10", "CODE-2", "CODE-2|part of|SWU-1", "SOUP-1", "SWU-1|uses|SOUP-1", "SWU-2|uses|SOUP-1",
	"TC-1", "TC-1|verifies|SRS-10", "TEST-1", "TEST-1|part of|TC-1", "TEST-2", "TEST-2|verifies|SWU-1",
}

// rows writes a matrix: one line an item, with what it is traced to and how.
func rows(th *trace.Thread, q trace.Query) []string {
	var out []string
	for row := range th.Matrix(q) {
		line := key(th, row.Item) + ":"
		for _, hit := range row.Hits {
			line += " [" + path(th, hit.Path) + "]"
			if last := hit.Path[len(hit.Path)-1].To; last != hit.Item {
				line += fmt.Sprintf(" which is not %s", key(th, hit.Item))
			}
		}
		out = append(out, line)
	}
	return out
}

func kinds(names string) (out []record.Kind) {
	for _, k := range strings.Fields(names) {
		out = append(out, record.Kind(k))
	}
	return out
}

func TestMatrix(t *testing.T) {
	only := func(th *trace.Thread, keys ...string) func(project.Handle) bool {
		return func(h project.Handle) bool {
			for _, k := range keys {
				if key(th, h) == k {
					return true
				}
			}
			return false
		}
	}
	tests := []struct {
		sentence string
		more     []string
		query    func(th *trace.Thread) trace.Query
		want     []string
	}{
		{"downstream, as long as it takes; a row without hits is a gap", nil, func(*trace.Thread) trace.Query { return trace.Query{From: kinds("SYS"), To: kinds("TEST")} },
			[]string{"SYS-1: [SYS-1 refined by SRS-1 refined by SRS-10 verified by TC-1 has part TEST-1]", "SYS-2:"}},
		{"the same backwards", nil, func(*trace.Thread) trace.Query { return trace.Query{From: kinds("TEST"), To: kinds("SYS")} },
			[]string{"TEST-1: [TEST-1 part of TC-1 verifies SRS-10 refines SRS-1 refines SYS-1]", "TEST-2:"}},
		{"from a hazard to the unit that carries its control", nil, func(*trace.Thread) trace.Query { return trace.Query{From: kinds("HAZ"), To: kinds("SWU")} },
			[]string{"HAZ-1: [HAZ-1 leads to HS-1 evaluated by RSK-1 controlled by RC-1 implemented by SRS-2 allocated to SWU-1]"}},
		{"the test of the unit that carries a requirement does not verify the requirement", nil, func(*trace.Thread) trace.Query { return trace.Query{From: kinds("SRS"), To: kinds("TEST")} },
			[]string{"SRS-1: [SRS-1 refined by SRS-10 verified by TC-1 has part TEST-1]", "SRS-2:", "SRS-10: [SRS-10 verified by TC-1 has part TEST-1]"}},
		{"rows are in the order of keys, several kinds in one matrix", nil, func(*trace.Thread) trace.Query { return trace.Query{From: kinds("RC UN"), To: kinds("SRS")} },
			[]string{"RC-1: [RC-1 implemented by SRS-2]", "UN-1: [UN-1 refined by SYS-1 refined by SRS-1] [UN-1 refined by SYS-1 refined by SRS-1 refined by SRS-10]"}},
		{"parts of one whole, and users of one thing, are not traced to each other", nil, func(th *trace.Thread) trace.Query { return trace.Query{From: kinds("SWU"), To: kinds("SWU SOUP")} },
			[]string{"SWU-1:", "SWU-2:"}},
		{"within one kind", nil, func(*trace.Thread) trace.Query { return trace.Query{From: kinds("SRS"), To: kinds("SRS")} },
			[]string{"SRS-1: [SRS-1 refined by SRS-10]", "SRS-2:", "SRS-10: [SRS-10 refines SRS-1]"}},
		{"through the kinds named, in that order, in whatever direction", nil, func(*trace.Thread) trace.Query {
			return trace.Query{From: kinds("SWI"), Via: [][]record.Kind{kinds("SWU")}, To: kinds("SOUP")}
		}, []string{"SWI-1: [SWI-1 has part SWU-1 uses SOUP-1]"}},
		{"through two kinds", nil, func(*trace.Thread) trace.Query {
			return trace.Query{From: kinds("RC"), Via: [][]record.Kind{kinds("SRS"), kinds("SWU")}, To: kinds("TEST")}
		}, []string{"RC-1: [RC-1 implemented by SRS-2 allocated to SWU-1 verified by TEST-2]"}},
		{"only some rows and hits", nil, func(th *trace.Thread) trace.Query {
			return trace.Query{From: kinds("UN SYS"), To: kinds("SRS"), FromItems: only(th, "UN-1"), ToItems: only(th, "SRS-10")}
		}, []string{"UN-1: [UN-1 refined by SYS-1 refined by SRS-1 refined by SRS-10]"}},
		{"an unknown kind has no items", nil, func(*trace.Thread) trace.Query { return trace.Query{From: kinds("XX"), To: kinds("SRS")} }, nil},
		{"a retired item is no row, no hit, and no way", []string{"!SRS-1", "!SYS-2"}, func(*trace.Thread) trace.Query { return trace.Query{From: kinds("UN SYS"), To: kinds("SRS TEST")} },
			[]string{"SYS-1:", "UN-1:"}},
		{"a retired item is no way through kinds either", []string{"!SWU-1"}, func(*trace.Thread) trace.Query {
			return trace.Query{From: kinds("SWI"), Via: [][]record.Kind{kinds("SWU")}, To: kinds("SOUP")}
		}, []string{"SWI-1: [SWI-1 has part SWU-2 uses SOUP-1]"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			th := threadOf(t, append(append([]string{}, pump...), tt.more...)...)
			if d := cmp.Diff(tt.want, rows(th, tt.query(th))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestMatrixTakesWhatSpecialises(t *testing.T) {
	sch := extended(t, "kinds:\n  UI: {name: screen, specialises: SRS}\n")
	th := threadWith(t, sch, "SYS-1", "UI-1", "SRS-1", "UI-1|refines|SYS-1", "SRS-1|refines|UI-1")
	if d := cmp.Diff([]string{"SYS-1: [SYS-1 refined by UI-1 refined by SRS-1] [SYS-1 refined by UI-1]"}, rows(th, trace.Query{From: kinds("SYS"), To: kinds("SRS")})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"UI-1"}, keysOf(th, th.Of(kinds("UI")))); d != "" {
		t.Errorf("items of the kind alone (-want +got):\n%s", d)
	}
}

// TestMatrixIsWorkedOutRowByRow stops after the first row: no other was worked out.
func TestMatrixIsWorkedOutRowByRow(t *testing.T) {
	th := threadOf(t, pump...)
	asked := map[string]bool{}
	for row := range th.Matrix(trace.Query{From: kinds("SRS"), To: kinds("CODE"), FromItems: func(h project.Handle) bool { asked[key(th, h)] = true; return true }}) {
		if got := key(th, row.Item); got != "SRS-1" {
			t.Errorf("the first row is %s", got)
		}
		break
	}
	if d := cmp.Diff(map[string]bool{"SRS-1": true}, asked); d != "" {
		t.Errorf("rows asked for (-want +got):\n%s", d)
	}
}

// TestRowsAreKept shows that a row, with its paths, stays as it was when the next ones are worked out.
func TestRowsAreKept(t *testing.T) {
	th := threadOf(t, pump...)
	q := trace.Query{From: kinds("UN SYS SRS HAZ RC SWU"), To: kinds("SRS TEST CODE SWU SYS")}
	var kept []trace.Row
	for row := range th.Matrix(q) {
		kept = append(kept, row)
	}
	for i, line := range rows(th, q) {
		again := key(th, kept[i].Item) + ":"
		for _, hit := range kept[i].Hits {
			again += " [" + path(th, hit.Path) + "]"
		}
		if again != line {
			t.Errorf("row %d was %s, is %s", i, line, again)
		}
	}
}

// TestBothWaysAgree holds a matrix against the one the other way round: what is traced to what is the same.
func TestBothWaysAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		th := trace.New(genProject(t, 14), schema.Builtin())
		pairs := func(q trace.Query, swap bool) map[string]bool {
			out := map[string]bool{}
			for row := range th.Matrix(q) {
				for _, hit := range row.Hits {
					a, b := key(th, row.Item), key(th, hit.Item)
					if swap {
						a, b = b, a
					}
					out[a+" "+b] = true
					checkSteps(t, th, row.Item, hit)
				}
			}
			return out
		}
		from, to := kinds("SYS RC HAZ"), kinds("SRS TEST SWU")
		if d := cmp.Diff(pairs(trace.Query{From: from, To: to}, false), pairs(trace.Query{From: to, To: from}, true)); d != "" {
			t.Fatalf("(-there +back):\n%s", d)
		}
		via := kinds("SRS SWU")
		if d := cmp.Diff(pairs(trace.Query{From: from, Via: [][]record.Kind{via}, To: to}, false), pairs(trace.Query{From: to, Via: [][]record.Kind{via}, To: from}, true)); d != "" {
			t.Fatalf("by way of kinds (-there +back):\n%s", d)
		}
	})
}

func checkSteps(t *rapid.T, th *trace.Thread, from project.Handle, hit trace.Hit) {
	t.Helper()
	at := from
	for _, step := range hit.Path {
		l := th.Snapshot.Link(step.Link)
		near, far := l.Source, l.Target
		if !step.Forward {
			near, far = far, near
		}
		if step.From != at || near != at || far != step.To || l.Removed {
			t.Fatalf("a step leads from %s to %s along another link", key(th, at), key(th, step.To))
		}
		at = step.To
	}
	if at != hit.Item {
		t.Fatalf("the path ends at %s", key(th, at))
	}
}

// genProject draws items of several kinds with links of several verbs, some of them wrong.
func genProject(t *rapid.T, most int) *project.Snapshot {
	names := []string{"SYS", "SRS", "TEST", "RC", "HAZ", "SWU", "CODE", "TC"}
	verbs := []string{"refines", "implements", "verifies", "allocated to", "part of", "uses", "controls", "leads to", "segregates", "fixed in", "likes"}
	var lines []string
	n := rapid.IntRange(1, most).Draw(t, "items")
	for i := range n {
		lines = append(lines, fmt.Sprintf("%s-%d", rapid.SampledFrom(names).Draw(t, "kind"), i))
	}
	made := map[string]bool{}
	for range rapid.IntRange(0, 3*n).Draw(t, "links") {
		target := lines[rapid.IntRange(0, n-1).Draw(t, "target")]
		if rapid.IntRange(0, 9).Draw(t, "missing") == 0 {
			target = fmt.Sprintf("SRS-%d", 900+rapid.IntRange(0, 1).Draw(t, "which"))
		}
		l := fmt.Sprintf("%s|%s|%s", lines[rapid.IntRange(0, n-1).Draw(t, "source")], rapid.SampledFrom(verbs).Draw(t, "verb"), target)
		if !made[l] {
			made[l] = true
			lines = append(lines, l)
		}
	}
	if rapid.Bool().Draw(t, "retired") {
		lines = append(lines, "!"+lines[rapid.IntRange(0, n-1).Draw(t, "which is retired")])
	}
	return threadOf(t, lines...).Snapshot
}
