package project_test

import (
	"testing"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

func TestTextsAreReadThroughTheSource(t *testing.T) {
	put := func(text string) record.PutItem {
		op := requirement(1, "title")
		op.Item.Text = text
		return op
	}
	history := entries{
		change(1, requirement(2, "other"), put("first")),
		change(2, put("second"), record.AddLink{Link: record.Link{Verb: "refines", Source: testID(1), Ref: "SYS-9"}}),
		change(3, record.Rekey{ID: testID(1), Key: "SRS-100"}, put2("third")),
		change(4, record.MoveState{ID: testID(1), State: "approved"}),
	}
	f := project.NewFold()
	for _, c := range history {
		if err := f.Apply(c, history); err != nil {
			t.Fatal(err)
		}
	}
	s := f.Head(record.Main)
	h, _ := s.ByKey("SRS-100")
	n := s.Node(h)
	if text, err := s.Text(history, h); err != nil || text != "third" {
		t.Errorf("text %q, %v", text, err)
	}
	if full, err := s.Full(history, h); err != nil || full.Key != "SRS-100" || full.Text != "third" || full.ContentHash() != n.Content {
		t.Errorf("%+v, %v", full, err)
	}
	if n.Item.Text != "" || n.Revision() != 3 || n.At != (project.Position{Entry: 3, Operation: 1}) || n.State != "approved" {
		t.Errorf("revision %d at %v in state %q; the node holds the text %q", n.Revision(), n.At, n.State, n.Item.Text)
	}
	for i, want := range []string{"first", "second"} {
		old, err := project.Revision(history, n.Earlier[i])
		if err != nil || old.Text != want || old.Key != "SRS-1" {
			t.Errorf("revision %d: %+v, %v", i+1, old, err)
		}
		found, err := s.ByContent(history, h, old.ContentHash())
		if err != nil || found == nil || found.Text != want {
			t.Errorf("revision %d is not found by its hash: %v, %v", i+1, found, err)
		}
	}
	if found, err := s.ByContent(history, h, record.Hash{1}); err != nil || found != nil {
		t.Errorf("a hash of no revision leads to %v, %v", found, err)
	}
	missing, ok := s.ByKey("SYS-9")
	if !ok || !s.Node(missing).Missing {
		t.Fatal("the missing item is not there")
	}
	if _, err := s.Text(history, missing); err == nil {
		t.Error("a missing item has a text")
	}
	if found, err := s.ByContent(history, missing, record.Hash{1}); err != nil || found != nil {
		t.Error("a missing item has revisions")
	}
	if _, err := project.Revision(history, project.Position{Entry: 4}); err == nil {
		t.Error("a move of state is read as a revision")
	}
	if _, err := s.Text(entries{}, h); err == nil {
		t.Error("a text is read out of an empty ledger")
	}
	if _, err := s.ByContent(entries{}, h, record.Hash{1}); err == nil {
		t.Error("revisions are read out of an empty ledger")
	}
}

// put2 is a revision under the new key.
func put2(text string) record.PutItem {
	op := requirement(1, "title")
	op.Item.Key, op.Item.Text = "SRS-100", text
	return op
}
