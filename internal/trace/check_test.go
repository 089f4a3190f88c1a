package trace_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

func TestLinksThatAreWrong(t *testing.T) {
	rules := []string{trace.RuleUnresolvedLink, trace.RuleUnresolvedTag, trace.RuleRetiredTarget, trace.RuleLinkNotAllowed}
	tests := []struct {
		sentence string
		lines    []string
		want     []string
	}{
		{"links that are right", []string{"SYS-1", "SRS-1", "SRS-1|refines|SYS-1", "CODE-1", "CODE-1|implements|SRS-1", "TEST-1", "TEST-1|verifies|SRS-1"}, nil},
		{"a link to nothing", []string{"SRS-1", "SRS-1|refines|SYS-9"}, []string{"2 error unresolved-link SRS-1: SRS-1 refines SYS-9, but there is no such item"}},
		{"each link to nothing", []string{"SRS-1", "SRS-1|refines|SYS-9", "SRS-1|refines|SYS-8", "SRS-2", "SRS-2|refines|SYS-9"},
			[]string{"2 error unresolved-link SRS-1: SRS-1 refines SYS-9, but there is no such item", "3 error unresolved-link SRS-1: SRS-1 refines SYS-8, but there is no such item",
				"5 error unresolved-link SRS-2: SRS-2 refines SYS-9, but there is no such item"}},
		{"a link into another project is that project's to resolve", []string{"SOUP-1", "SOUP-1|reused from|platform/SOUP-7"}, nil},
		{"a tag that implements nothing", []string{"CODE-1", "CODE-1|implements|SRS-9"},
			[]string{"2 error unresolved-tag SRS-9: the tag says that the code here implements SRS-9, but there is no such item"}},
		{"a tag that verifies nothing", []string{"TEST-1", "TEST-1|verifies|SRS-9"},
			[]string{"2 error unresolved-tag SRS-9: the tag says that the code here verifies SRS-9, but there is no such item"}},
		{"a link to what is retired", []string{"SYS-1", "SRS-1", "SRS-1|refines|SYS-1", "!SYS-1"}, []string{"3 error retired-target SRS-1: SRS-1 refines SYS-1, which is retired"}},
		{"a link from what is retired says nothing any more", []string{"SRS-1", "SRS-1|refines|SYS-9", "!SRS-1"}, nil},
		{"kinds that the relation does not join", []string{"SYS-1", "SRS-1", "SYS-1|refines|SRS-1"}, []string{`3 error link-not-allowed SYS-1: SYS-1 cannot say "refines" of SRS-1, a software requirement`}},
		{"a tag that says what no tag can", []string{"SRS-1", "CODE-1", "CODE-1|verifies|SRS-1"}, []string{`3 error link-not-allowed CODE-1: a tag in the code cannot say "verifies" of SRS-1, a software requirement`}},
		{"a verb that the schema does not have", []string{"SYS-1", "SRS-1", "SRS-1|likes|SYS-1"}, []string{`3 error link-not-allowed SRS-1: SRS-1 cannot say "likes" of SYS-1, a system requirement`}},
		{"an item that uses itself, where circles may be", []string{"SWI-1", "SWI-1|uses|SWI-1"}, []string{"2 error link-not-allowed SWI-1: SWI-1 uses itself"}},
		{"an item of a kind that nobody knows is found elsewhere", []string{"XX-1", "SYS-1", "XX-1|refines|SYS-1"}, nil},
		{"a target of a kind that nobody knows", []string{"XX-1", "SRS-1", "SRS-1|refines|XX-1"}, []string{`3 error link-not-allowed SRS-1: SRS-1 cannot say "refines" of XX-1, a XX`}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			th := threadOf(t, tt.lines...)
			if d := cmp.Diff(tt.want, found(th, rules...)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			complete(t, th.Check(atLine, nil))
		})
	}
}

// TestWaysOut reads what link-not-allowed proposes.
func TestWaysOut(t *testing.T) {
	tests := []struct {
		lines []string
		want  string
	}{
		{[]string{"SRS-1", "HAZ-1", "SRS-1|refines|HAZ-1"}, `"refines" of a software requirement leads to `},
		{[]string{"SRS-1", "HAZ-1", "SRS-1|installed at|HAZ-1"}, `a software requirement takes no link "installed at"; use another relation`},
		{[]string{"SRS-1", "HAZ-1", "SRS-1|likes|HAZ-1"}, "use a relation of the schema"},
		{[]string{"SRS-1", "HAZ-1", "SRS-1|translates|HAZ-1"}, `"translates" of a software requirement leads to SRS`},
	}
	for _, tt := range tests {
		for _, f := range threadOf(t, tt.lines...).Check(atLine, nil) {
			if f.Rule == trace.RuleLinkNotAllowed && !strings.HasPrefix(f.Remedy, tt.want) {
				t.Errorf("%v: %q, want %q", tt.lines, f.Remedy, tt.want)
			}
			if f.Rule == trace.RuleLinkNotAllowed && strings.Contains(f.Remedy, "leads to") {
				_, list, _ := strings.Cut(f.Remedy, "leads to ")
				_, verb, _ := strings.Cut(f.Remedy, `"`)
				verb, _, _ = strings.Cut(verb, `"`)
				for _, k := range strings.Split(list, ", ") {
					if !schema.Builtin().Allowed(record.Verb(verb), "SRS", record.Kind(k)) {
						t.Errorf("%q proposes %s, which would be refused too", f.Remedy, k)
					}
				}
			}
		}
	}
}

func TestHowManyLinks(t *testing.T) {
	sch := extended(t, "kinds:\n  DRV: {name: driver, specialises: SWU}\nrelations:\n  refines: {ends: [{from: [DRV], to: [SRS], min: 2}]}\n")
	tests := []struct {
		sentence string
		lines    []string
		want     []string
	}{
		{"a unit in one item", []string{"SWI-1", "SWS-1", "SWI-1|part of|SWS-1", "SWU-1", "SWU-1|part of|SWI-1"}, nil},
		{"a unit in nothing", []string{"SWU-1"}, []string{`1 warning missing-link SWU-1: SWU-1 has no link "part of"; it needs one to SWS, SWI`}},
		{"a unit in two items", []string{"SWS-1", "SWI-1", "SWI-1|part of|SWS-1", "SWU-1", "SWU-1|part of|SWI-1", "SWU-1|part of|SWS-1"},
			[]string{`4 error too-many-links SWU-1: SWU-1 has 2 links "part of" to SWS, SWI, at most 1 are allowed`}},
		{"a link to nothing is a finding of its own, and counts", []string{"SWU-1", "SWU-1|part of|SWI-9"}, nil},
		{"a control that controls nothing", []string{"RC-1"}, []string{`1 warning missing-link RC-1: RC-1 has no link "controls"; it needs one to HAZ, SEQ, HS, HARM, RSK, CAU, THR, PR, ANO, VF`}},
		{"a segregation of one item", []string{"SEG-1", "SWI-1", "SWS-1", "SWI-1|part of|SWS-1", "SEG-1|segregates|SWI-1"},
			[]string{`1 warning missing-link SEG-1: SEG-1 has only one link "segregates"; it needs 2 to SWS, SWI, SWU, HW, SOUP, MDL, PIPE, DRV`}},
		{"two translations of one", []string{"SRS-1", "SRS-2", "SRS-3", "SRS-1|translates|SRS-2", "SRS-1|translates|SRS-3"}, []string{`1 error too-many-links SRS-1: SRS-1 has 2 links "translates" to `}},
		{"a retired item needs nothing", []string{"SWU-1", "!SWU-1"}, nil},
		{"what specialises a unit needs what a unit needs, and its own", []string{"DRV-1", "SRS-1", "DRV-1|refines|SRS-1"},
			[]string{`1 warning missing-link DRV-1: DRV-1 has only one link "refines"; it needs 2 to SRS`, `1 warning missing-link DRV-1: DRV-1 has no link "part of"; it needs one to SWS, SWI`}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got := found(threadWith(t, sch, tt.lines...), trace.RuleMissingLink, trace.RuleTooManyLinks)
			for i := range got {
				if i < len(tt.want) && strings.HasSuffix(tt.want[i], " to ") {
					got[i] = got[i][:min(len(got[i]), len(tt.want[i]))]
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestFieldsThatAreWrong(t *testing.T) {
	sch := extended(t, "kinds:\n  NOTE: {name: note, fields: {about: {type: reference, to: [SRS]}, near: {type: reference}, day: {type: line, required: true}}}\n")
	tests := []struct {
		sentence string
		lines    []string
		want     []string
	}{
		{"all there", []string{"SRS-1", "NOTE-1 about=SRS-1 near=SRS-1 day=monday"}, nil},
		{"a required field that is not there", []string{"NOTE-1"}, []string{"1 warning missing-field NOTE-1: NOTE-1 has no day"}},
		{"a required field that is empty", []string{"NOTE-1 day="}, []string{"1 warning missing-field NOTE-1: NOTE-1 has no day"}},
		{"a reference to nothing", []string{"NOTE-1 day=x about=SRS-9"}, []string{"1 error unresolved-reference NOTE-1: NOTE-1 names SRS-9 under about, but there is no such item"}},
		{"a reference to what only a link names", []string{"NOTE-1 day=x about=SRS-9", "NOTE-1|refines|SRS-9"},
			[]string{"1 error unresolved-reference NOTE-1: NOTE-1 names SRS-9 under about, but there is no such item"}},
		{"a reference to what is retired", []string{"SRS-1", "NOTE-1 day=x near=SRS-1", "!SRS-1"}, []string{"2 error unresolved-reference NOTE-1: NOTE-1 names SRS-1 under near, which is retired"}},
		{"a reference to another kind", []string{"SYS-1", "NOTE-1 day=x about=SYS-1 near=SYS-1"}, []string{"2 error unresolved-reference NOTE-1: NOTE-1 names SYS-1 under about, a system requirement"}},
		{"a reference into another project", []string{"NOTE-1 day=x about=platform/SRS-1"}, nil},
		{"a retired item is not judged", []string{"NOTE-1", "!NOTE-1"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			var got []string
			for _, line := range found(threadWith(t, sch, tt.lines...), trace.RuleMissingField, trace.RuleUnresolvedReference) {
				if strings.Contains(line, " NOTE-") {
					got = append(got, line)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// texts holds revisions of items by their hashes.
type texts struct {
	snapshot *project.Snapshot
	now      map[record.Key]record.Item
	before   map[record.Hash]record.Item
	broken   error
}

func (x texts) Now(h project.Handle) (*record.Item, error) {
	it, ok := x.now[x.snapshot.Node(h).Item.Key]
	if !ok {
		return nil, errors.New("the file is gone")
	}
	return &it, nil
}

func (x texts) Confirmed(_ project.Handle, content record.Hash) (*record.Item, error) {
	if x.broken != nil {
		return nil, x.broken
	}
	if it, ok := x.before[content]; ok {
		return &it, nil
	}
	return nil, nil
}

func TestSuspectLinks(t *testing.T) {
	put := func(key record.Key, title string) record.Item {
		return record.Item{ID: record.ProvisionalID(key), Key: key, Kind: record.Kind(key.Prefix()), Title: title}
	}
	old := map[string]record.Item{"SRS": put("SRS-1", "Stop"), "SYS": put("SYS-1", "Safe")}
	confirmed := func(source, target string) record.Confirmation {
		var c record.Confirmation
		if it, ok := old[source]; ok {
			c.Source = it.ContentHash()
		}
		if it, ok := old[target]; ok {
			c.Target = it.ContentHash()
		}
		return c
	}
	tests := []struct {
		sentence     string
		srs, sys     string // titles now
		confirmation record.Confirmation
		more         []record.Operation
		want         []string
	}{
		{"nothing changed", "Stop", "Safe", confirmed("SRS", "SYS"), nil, nil},
		{"never confirmed", "Stop!", "Safe!", record.Confirmation{}, nil, nil},
		{"the target changed", "Stop", "Safe!", confirmed("SRS", "SYS"), nil, []string{"SYS-1 changed since the link SRS-1 refines SYS-1 was confirmed"}},
		{"the source changed", "Stop!", "Safe", confirmed("SRS", "SYS"), nil, []string{"SRS-1 changed since the link SRS-1 refines SYS-1 was confirmed"}},
		{"both changed", "Stop!", "Safe!", confirmed("SRS", "SYS"), nil, []string{"SYS-1 and SRS-1 changed since the link SRS-1 refines SYS-1 was confirmed"}},
		{"only one end was ever confirmed", "Stop!", "Safe!", confirmed("SRS", ""), nil, []string{"SRS-1 changed since the link SRS-1 refines SYS-1 was confirmed"}},
		{"confirmed again", "Stop!", "Safe", confirmed("SRS", "SYS"), []record.Operation{record.ConfirmLink{Source: record.ProvisionalID("SRS-1"), Verb: "refines", Target: record.ProvisionalID("SYS-1"),
			Confirmed: record.Confirmation{Source: hashOf(put("SRS-1", "Stop!")), Target: hashOf(put("SYS-1", "Safe"))}, Reason: "seen"}}, nil},
		{"another key is no change", "Stop", "Safe", confirmed("SRS", "SYS"), []record.Operation{record.Rekey{ID: record.ProvisionalID("SYS-1"), Key: "SYS-2"}}, nil},
		{"another state is no change", "Stop", "Safe", confirmed("SRS", "SYS"), []record.Operation{record.MoveState{ID: record.ProvisionalID("SYS-1"), State: "approved"}}, nil},
		{"a retired target is a finding of its own", "Stop!", "Safe", confirmed("SRS", "SYS"), []record.Operation{record.Retire{ID: record.ProvisionalID("SYS-1")}}, nil},
		{"a retired source says nothing", "Stop!", "Safe", confirmed("SRS", "SYS"), []record.Operation{record.Retire{ID: record.ProvisionalID("SRS-1")}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			ops := append([]record.Operation{record.PutItem{Item: put("SRS-1", tt.srs)}, record.PutItem{Item: put("SYS-1", tt.sys)},
				record.AddLink{Link: record.Link{Verb: "refines", Source: record.ProvisionalID("SRS-1"), Target: record.ProvisionalID("SYS-1"), Confirmed: tt.confirmation}}}, tt.more...)
			s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Operations: ops})
			if err != nil {
				t.Fatal(err)
			}
			th := trace.New(s, schema.Builtin())
			var got []string
			for _, f := range th.Check(atLine, nil) {
				if f.Rule == trace.RuleSuspectLink {
					got = append(got, f.Message)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if th.IsSuspect(0) != (len(tt.want) > 0) || len(th.Suspects()) != len(tt.want) {
				t.Errorf("IsSuspect says %v, Suspects %v", th.IsSuspect(0), th.Suspects())
			}
		})
	}
}

func hashOf(it record.Item) record.Hash { return it.ContentHash() }

// TestSuspectLinksShowWhatChanged reads old texts, and says so where there are none.
func TestSuspectLinksShowWhatChanged(t *testing.T) {
	before := record.Item{ID: record.ProvisionalID("SYS-1"), Key: "SYS-1", Kind: "SYS", Title: "Safe", Text: "In 200 ms."}
	now := before
	now.Text = "In 250 ms."
	ops := []record.Operation{record.PutItem{Item: itemOf("SRS-1")}, record.PutItem{Item: now},
		record.AddLink{Link: record.Link{Verb: "refines", Source: record.ProvisionalID("SRS-1"), Target: now.ID, Confirmed: record.Confirmation{Source: record.Hash{1}, Target: before.ContentHash()}}}}
	s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Operations: ops})
	if err != nil {
		t.Fatal(err)
	}
	th := trace.New(s, schema.Builtin())
	all := texts{snapshot: s, now: map[record.Key]record.Item{"SYS-1": now, "SRS-1": itemOf("SRS-1")}, before: map[record.Hash]record.Item{before.ContentHash(): before}}
	tests := []struct {
		sentence string
		change   func(*texts)
		want     []string
	}{
		{"one old text is at hand", func(*texts) {}, []string{`SYS-1 text: "In 200 ms." became "In 250 ms."`, "SRS-1: the text as it was confirmed is not available"}},
		{"the store fails", func(x *texts) { x.broken = errors.New("the disk is gone") },
			[]string{"SYS-1: the text as it was confirmed cannot be read: the disk is gone", "SRS-1: the text as it was confirmed cannot be read: the disk is gone"}},
		{"the present text cannot be read", func(x *texts) { x.now = nil },
			[]string{"SYS-1: the present text cannot be read: the file is gone", "SRS-1: the text as it was confirmed is not available"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			x := all
			tt.change(&x)
			var got []string
			for _, f := range th.Check(atLine, x) {
				if f.Rule == trace.RuleSuspectLink {
					got = append(got, f.Difference...)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestReadings(t *testing.T) {
	th := threadOf(t, "SYS-1", "SRS-1", "SRS-1|refines|SYS-1", "SRS-1|likes|SYS-1")
	a, b := handle(t, th, "SRS-1"), handle(t, th, "SYS-1")
	for want, step := range map[string]trace.Step{
		"refines":    {Link: 0, From: a, To: b, Forward: true},
		"refined by": {Link: 0, From: b, To: a},
		"likes":      {Link: 1, From: a, To: b, Forward: true},
		"← likes":    {Link: 1, From: b, To: a},
	} {
		if got := th.Reading(step); got != want {
			t.Errorf("a step reads %q, want %q", got, want)
		}
	}
	if fmt.Sprint(trace.Upstream, trace.Downstream) != "upstream downstream" {
		t.Errorf("directions are called %v, %v", trace.Upstream, trace.Downstream)
	}
}

// TestVerificationIsEvidence holds the verbs that count as verification against the schema: each is evidence there.
func TestVerificationIsEvidence(t *testing.T) {
	for _, r := range schema.Builtin().Relations() {
		if trace.IsVerification(r.Verb) && !r.Evidence {
			t.Errorf("%s counts as verification, but the schema does not take it as evidence", r.Verb)
		}
	}
	for _, verb := range []record.Verb{"verifies", "verifies implementation of", "verifies effectiveness of", "validates"} {
		if !trace.IsVerification(verb) {
			t.Errorf("%s does not count as verification", verb)
		}
	}
	for _, verb := range []record.Verb{"refines", "implements", "verify", ""} {
		if trace.IsVerification(verb) {
			t.Errorf("%q counts as verification", verb)
		}
	}
}
