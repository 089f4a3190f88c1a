package access_test

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/access"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// play makes a ledger out of a play in words, an entry a word: "Ann:a" puts the content a, "Ann+l" adds a link, "Ann!a" approves
// the content a as of the entry before, "Ann!a@3" as of entry 3, "Mia?a" signs an exception for a, "Mia-a" one without a reason,
// "Rob.a" reviews it. The first three entries enrol Mia (manager, approver), Ann and Bob (authors, approvers).
func play(t *testing.T, words string) access.Approval {
	t.Helper()
	changes := []*record.Change{
		{Actor: "local", Operations: []record.Operation{person("Mia", "manager", "approver")}},
		{Actor: idOf("Mia").String(), Operations: []record.Operation{person("Ann", "author", "approver")}},
		{Actor: idOf("Mia").String(), Operations: []record.Operation{person("Bob", "author", "approver")}},
	}
	is := record.SignedItem{ID: idOf("SRS-1"), Key: "SRS-1"}
	content := func(s string) record.Hash { return record.Hash{s[0]} }
	for word := range strings.FieldsSeq(words) {
		at := strings.IndexAny(word, ":+!?-.")
		name, what, rest := word[:at], word[at], word[at+1:]
		var op record.Operation
		seen := int64(len(changes))
		rest, as, dated := strings.Cut(rest, "@")
		if dated {
			seen = int64(as[0] - '0')
		}
		signing := record.Sign{Person: idOf(name), Name: name, Entry: seen, Items: []record.SignedItem{{ID: idOf("SRS-2")}, {ID: is.ID, Content: content(rest), Links: is.Links}}}
		switch what {
		case ':':
			op, is.Content = record.PutItem{Item: record.Item{ID: is.ID, Key: is.Key, Kind: "SRS", Title: rest}}, content(rest)
		case '+':
			op, is.Links = record.AddLink{Link: record.Link{Source: is.ID, Ref: record.Ref(rest)}}, content(rest)
		case '!':
			signing.Meaning = record.MeaningApproval
		case '?':
			signing.Meaning, signing.Text = record.MeaningResponsibility, access.ExceptionText+"a company of one"
		case '-':
			signing.Meaning, signing.Text = record.MeaningResponsibility, access.ExceptionText
		case '.':
			signing.Meaning = record.MeaningReview
		}
		if op == nil {
			op = signing
		}
		actor := idOf(name).String()
		if name == "local" {
			actor = name
		}
		changes = append(changes, &record.Change{Actor: actor, Operations: []record.Operation{record.PutItem{Item: record.Item{ID: idOf("SRS-2")}}, op}})
	}
	var people []record.Membership
	for i, c := range changes {
		c.Sequence = int64(i + 1)
		if m, ok := c.Operations[0].(record.Membership); ok {
			people = append(people, m)
		}
	}
	deeds, err := access.Deeds(is.ID, all(changes))
	if err != nil {
		t.Fatal(err)
	}
	return access.JudgeApproval(ledgerOf(t, people...), is, deeds)
}

func all(changes []*record.Change) iter.Seq2[*record.Change, error] {
	return func(yield func(*record.Change, error) bool) {
		for _, c := range changes {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// goldthread:verifies SRS-106
func TestIndependentApproval(t *testing.T) {
	for _, tt := range []struct {
		sentence, play string
		authors        string
		approved       bool
		excepted       bool
		mayBob         bool // Bob's approval would count
	}{
		{"written and not approved", "Ann:a", "Ann", false, false, true},
		{"approved by another", "Ann:a Bob!a", "", true, false, true},
		{"an author alone does not approve", "Bob:a Bob!a", "Bob", false, false, false},
		{"nor one of several authors", "Ann:a Bob:b Bob!b", "Ann Bob", false, false, false},
		{"a link is a change too", "Ann:a Mia!a Bob+l", "Bob", false, false, false},
		{"an author approves beside another", "Bob:a Ann!a Bob!a", "", true, false, true},
		{"and before another, which counts from then on", "Bob:a Bob!a Ann!a", "", true, false, true},
		{"a review is no approval", "Bob:a Ann.a", "Bob", false, false, false},
		{"an approval clears only what it has seen", "Ann:a Bob:b Mia!a@4", "Bob", false, false, false},
		{"who wrote before the last approval is free again", "Bob:a Ann!a Ann:b", "Ann", false, false, true},
		{"an approval of oneself clears nothing", "Bob:a Bob!a Ann:b Bob!b", "Bob Ann", false, false, false},
		{"the same content is approved again", "Ann:a Bob!a Bob:b Ann:a", "Bob Ann", true, false, true},
		{"other links of the same content are not", "Ann:a Bob!a Ann+l", "Ann", false, false, true},
		{"an exception lets an author approve", "Bob:a Mia?a Bob!a", "", true, true, true},
		{"also when it comes after", "Bob:a Bob!a Mia?a", "", true, true, true},
		{"it holds for its content alone", "Bob:a Mia?a Bob:b Bob!b", "Bob", false, false, false},
		{"not without a reason", "Bob:a Mia-a Bob!a", "Bob", false, false, false},
		{"not by somebody who is no manager", "Bob:a Bob?a Bob!a", "Bob", false, false, false},
		{"an exception alone approves nothing", "Bob:a Mia?a", "Bob", false, true, true},
		{"an exception does not bring back what it was not for", "Bob:a Bob!a Ann:b Mia!b Bob:c Mia?c Ann:a", "Bob Ann", false, false, false},
		{"what local wrote is put down to the first person", "local:a Mia!a", "Mia", false, false, true},
		{"whom another approves", "local:a Bob!a", "", true, false, true},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			got := play(t, tt.play)
			var authors []string
			for _, id := range got.Authors {
				for _, name := range []string{"Ann", "Bob", "Mia"} {
					if idOf(name) == id {
						authors = append(authors, name)
					}
				}
			}
			if d := cmp.Diff(tt.authors, strings.Join(authors, " ")); d != "" {
				t.Errorf("authors (-want +got):\n%s", d)
			}
			if got.Approved != tt.approved || (got.Excepted != nil) != tt.excepted {
				t.Errorf("approved %v, excepted %v", got.Approved, got.Excepted != nil)
			}
			bob, _ := ledgerOf(t, person("Bob", "approver")).Person(idOf("Bob"))
			err := got.MayApprove(bob)
			if (err == nil) != tt.mayBob || err != nil && !strings.Contains(fault.Hint(err), access.ExceptionText) {
				t.Errorf("Bob: %v", err)
			}
		})
	}
}

func TestExceptionsGiveAReason(t *testing.T) {
	for text, want := range map[string]string{"": "", access.ExceptionText: "", access.ExceptionText + " \n": "", access.ExceptionText + "one person": "one person", "x " + access.ExceptionText + "y": ""} {
		reason, ok := access.Exception(record.Sign{Meaning: record.MeaningResponsibility, Text: text})
		if ok != (want != "") || ok && reason != want {
			t.Errorf("%q: %q, %v", text, reason, ok)
		}
		if _, ok := access.Exception(record.Sign{Meaning: record.MeaningReview, Text: text}); ok {
			t.Errorf("%q as a review is an exception", text)
		}
	}
}

func TestDeedsOfAnItem(t *testing.T) {
	id, other := idOf("SRS-1"), idOf("SRS-2")
	c := &record.Change{Sequence: 7, Actor: "local", Operations: []record.Operation{
		record.PutItem{Item: record.Item{ID: other}}, record.PutItem{Item: record.Item{ID: id}}, record.MoveState{ID: id}, record.Rekey{ID: id}, record.Comment{ID: id},
		record.AddLink{Link: record.Link{Source: other, Target: id}}, record.AddLink{Link: record.Link{Source: id, Target: other}}, record.Unlink{Source: id, Target: other},
		record.ConfirmLink{Source: id}, record.Sign{Items: []record.SignedItem{{ID: other}}}, record.Sign{Items: []record.SignedItem{{ID: id}}}}}
	deeds, err := access.Deeds(id, all([]*record.Change{c}))
	if err != nil {
		t.Fatal(err)
	}
	var at []int
	for _, d := range deeds {
		at = append(at, int(d.At.Operation))
	}
	if want := []int{1, 6, 7, 10}; !slices.Equal(at, want) || deeds[3].Sign == nil || deeds[0].At != (project.Position{Entry: 7, Operation: 1}) {
		t.Errorf("operations %v, want %v: content, own links, signatures", at, want)
	}
}
