package project_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// story of one item, two people and what happens around them.
func signedStory() entries {
	ann, bob := record.ProvisionalID("ann"), record.ProvisionalID("bob")
	item := record.Item{ID: record.ProvisionalID("SRS-1"), Key: "SRS-1", Kind: "SRS", Title: "Stop", Text: "The pump shall stop."}
	other := record.Item{ID: record.ProvisionalID("SYS-1"), Key: "SYS-1", Kind: "SYS", Title: "Safe"}
	link := record.Link{Verb: "refines", Source: item.ID, Target: other.ID}
	changed := item
	changed.Text = "The pump shall stop at once."
	sign := func(person record.ID, it record.Item, links ...record.Link) record.Operation {
		return record.Sign{Person: person, Name: "Ann", Meaning: record.MeaningApproval, Stream: record.Main, Items: []record.SignedItem{{ID: it.ID, Key: it.Key, Revision: 1, Content: it.ContentHash(), Links: record.LinkSetHash(links)}}}
	}
	steps := [][]record.Operation{
		{record.RotateKey{Key: "first"}, record.Membership{Person: ann, Name: "Ann", Roles: []string{"manager"}}},
		{record.PutItem{Item: item}, record.PutItem{Item: other}},
		{sign(ann, item)},
		{record.AddLink{Link: link}},
		{sign(bob, item, link), record.Membership{Person: bob, Name: "Bob", Roles: []string{"reviewer"}}},
		{record.PutItem{Item: changed}},
		{record.PutItem{Item: item}},
		{record.Membership{Person: ann, Name: "Ann B."}, record.RotateKey{Key: "second", Previous: "first"}, record.Anchor{Kind: "git", Size: 7}, record.Redact{Entry: 6, Number: 1}},
	}
	var out entries
	for i, ops := range steps {
		out = append(out, &record.Change{Sequence: int64(i + 1), Stream: record.Main, Time: time.UnixMicro(int64(i)).UTC(), Operations: ops})
	}
	return out
}

// A signature holds for the content and the links that were signed, and for nothing else; what comes back is signed again.
func TestSignaturesHoldForTheirRevision(t *testing.T) {
	f, want := project.NewFold(), []int{0, 0, 1, 0, 1, 0, 1, 1}
	story := signedStory()
	for i, c := range story {
		if err := f.Apply(c, story); err != nil {
			t.Fatal(err)
		}
		s := f.Head(record.Main)
		h, ok := s.ByKey("SRS-1")
		if !ok {
			continue
		}
		holding := slices.Collect(s.Signatures(h))
		if len(holding) != want[i] {
			t.Errorf("after entry %d: %d signatures hold, want %d", i+1, len(holding), want[i])
		}
	}
	s := f.Head(record.Main)
	h, _ := s.ByKey("SRS-1")
	if all := s.Node(h).Signed; len(all) != 2 || all[0].Person != record.ProvisionalID("ann") || all[1].At != (project.Position{Entry: 5}) {
		t.Errorf("all signatures: %+v", all)
	}
}

func TestASignatureOfNothingIsRefused(t *testing.T) {
	f := project.NewFold()
	c := &record.Change{Sequence: 1, Stream: record.Main, Operations: []record.Operation{record.Sign{Items: []record.SignedItem{{ID: record.ProvisionalID("SRS-9"), Key: "SRS-9"}}}}}
	if err := f.Apply(c, entries{}); err == nil {
		t.Error("a signature of an item that is not there was taken")
	}
}

func TestTheLedgerAsAWhole(t *testing.T) {
	f, story := project.NewFold(), signedStory()
	var halfway *project.Ledger
	for i, c := range story {
		if err := f.Apply(c, story); err != nil {
			t.Fatal(err)
		}
		if i == 4 {
			halfway = f.Ledger()
		}
	}
	l := f.Ledger()
	ann, _ := l.Person(record.ProvisionalID("ann"))
	first := record.Membership{Person: record.ProvisionalID("ann"), Name: "Ann", Roles: []string{"manager"}}
	want := project.Person{Enrolment: project.Enrolment{Membership: record.Membership{Person: record.ProvisionalID("ann"), Name: "Ann B."}, At: project.Position{Entry: 8}}, Since: 1,
		Earlier: []project.Enrolment{{Membership: first, At: project.Position{Entry: 1, Operation: 1}}}}
	if d := cmp.Diff(want, ann); d != "" {
		t.Errorf("Ann (-want +got):\n%s", d)
	}
	if _, there := l.Person(record.ProvisionalID("eve")); there {
		t.Error("Eve was never enrolled")
	}
	if len(l.People) != 2 || len(l.Keys) != 2 || l.Keys[1].Previous != "first" || len(l.Anchors) != 1 || len(l.Redactions) != 1 || !l.Time.Equal(time.UnixMicro(7)) {
		t.Errorf("the ledger: %+v", l)
	}
	if was, _ := halfway.Person(record.ProvisionalID("ann")); was.Name != "Ann" || len(halfway.People) != 2 || len(halfway.Keys) != 1 {
		t.Errorf("an earlier state was altered: %+v", halfway)
	}
}

func TestWhatWasKnownOfAPersonBefore(t *testing.T) {
	f, story := project.NewFold(), signedStory()
	for _, c := range story {
		if err := f.Apply(c, story); err != nil {
			t.Fatal(err)
		}
	}
	ann, _ := f.Ledger().Person(record.ProvisionalID("ann"))
	for _, tt := range []struct {
		sentence string
		at       project.Position
		want     string
	}{
		{"before the first enrolment nobody is there", project.Position{Entry: 1}, ""},
		{"an operation is not before itself", project.Position{Entry: 1, Operation: 1}, ""},
		{"the next operation of the same entry sees it", project.Position{Entry: 1, Operation: 2}, "Ann"},
		{"so do later entries", project.Position{Entry: 7, Operation: 5}, "Ann"},
		{"until the next one", project.Position{Entry: 8}, "Ann"},
		{"which then holds", project.Position{Entry: 8, Operation: 1}, "Ann B."},
	} {
		if got, there := ann.Before(tt.at); got.Name != tt.want || there != (tt.want != "") {
			t.Errorf("%s: %q, %v, want %q", tt.sentence, got.Name, there, tt.want)
		}
	}
}

// A stream has seen its own changes, and those of its parent up to where it branches.
func TestWhatAStreamHasSeen(t *testing.T) {
	f := project.NewFold()
	story := entries{
		{Sequence: 1, Stream: record.Main}, {Sequence: 2, Stream: record.Main},
		{Sequence: 3, Stream: record.Main, Operations: []record.Operation{record.Branch{Stream: "1.x", Parent: record.Main, Entry: 1}}},
		{Sequence: 4, Stream: "1.x"}, {Sequence: 5, Stream: record.Main},
		{Sequence: 6, Stream: "1.x", Operations: []record.Operation{record.Branch{Stream: "1.0.x", Parent: "1.x", Entry: 4}}},
		{Sequence: 7, Stream: "1.x"}, {Sequence: 8, Stream: "1.0.x"},
	}
	for _, c := range story {
		if err := f.Apply(c, story); err != nil {
			t.Fatal(err)
		}
	}
	for stream, want := range map[record.Stream][]int64{record.Main: {1, 2, 3, 5}, "1.x": {1, 4, 6, 7}, "1.0.x": {1, 4, 8}, "2.x": nil} {
		var seen []int64
		for _, c := range story {
			if f.Now().InStream(c, stream) {
				seen = append(seen, c.Sequence)
			}
		}
		if d := cmp.Diff(want, seen); d != "" {
			t.Errorf("stream %s (-want +got):\n%s", stream, d)
		}
	}
}
