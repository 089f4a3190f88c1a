package service_test

import (
	"testing"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
)

// goldthread:verifies SRS-91
func TestWhatAChangeTouches(t *testing.T) {
	a, b, other := record.ProvisionalID("SRS-1"), record.ProvisionalID("SYS-1"), record.ProvisionalID("SRS-9")
	for _, op := range []record.Operation{
		record.PutItem{Item: record.Item{ID: a}}, record.Rekey{ID: a}, record.Retire{ID: a}, record.MoveState{ID: a}, record.Place{Document: a},
		record.AddLink{Link: record.Link{Source: a, Target: b}}, record.AddLink{Link: record.Link{Source: b, Target: a}}, record.Unlink{Source: a}, record.Unlink{Target: a},
		record.ConfirmLink{Source: a}, record.ConfirmLink{Target: a}, record.Comment{ID: a}, record.Sign{Items: []record.SignedItem{{ID: b}, {ID: a}}},
		record.AttachEvidence{Results: []record.TestResult{{Test: a}}},
	} {
		c := &record.Change{Operations: []record.Operation{record.Settings{}, op}}
		if !service.Touches(c, a) || service.Touches(c, other) {
			t.Errorf("%s: touches SRS-1 %v, SRS-9 %v; want true, false", op.Type(), service.Touches(c, a), service.Touches(c, other))
		}
	}
}

func TestChangesInOrder(t *testing.T) {
	s := withPump(t, noon)
	for i, title := range []string{"Second", "Third"} {
		if _, err := s.Push(t.Context(), pushed(int64(i+1), put("SYS-1", schema.KindSYS, title))); err != nil {
			t.Fatal(err)
		}
	}
	var seen []int64
	for c, err := range s.Changes(t.Context(), "pump", 2, 0) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, c.Sequence)
	}
	if len(seen) != 2 || seen[0] != 2 || seen[1] != 3 {
		t.Errorf("entries %v, want 2 and 3", seen)
	}
	for _, err := range s.Changes(t.Context(), "nix", 1, 0) {
		if err == nil {
			t.Error("a project that is not there has changes")
		}
	}
}
