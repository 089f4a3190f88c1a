package service_test

import (
	"errors"
	"testing"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
)

func put(key record.Key, kind record.Kind, title string, fields ...record.Field) record.PutItem {
	return record.PutItem{Item: record.Item{ID: record.ProvisionalID(key), Key: key, Kind: kind, Title: title, Fields: fields}}
}

func pushed(base int64, ops ...record.Operation) service.Push {
	return service.Push{Command: local(), Base: base, Operations: ops}
}

// goldthread:verifies SRS-87
func TestAPushAnswersWithBothSides(t *testing.T) {
	s := withPump(t, noon)
	if _, err := s.Push(t.Context(), pushed(1, put("SYS-1", schema.KindSYS, "Theirs"), put("SYS-2", schema.KindSYS, "New"))); err != nil {
		t.Fatal(err)
	}
	_, err := s.Push(t.Context(), pushed(1, put("SYS-1", schema.KindSYS, "Ours"), put("SRS-1", schema.KindSRS, "Alone")))
	conflict, ok := errors.AsType[*service.ConflictError](err)
	if !ok || !errors.Is(err, fault.Conflict) {
		t.Fatalf("%v, want a conflict", err)
	}
	if len(conflict.Conflicts) != 1 {
		t.Fatalf("conflicts: %+v", conflict.Conflicts)
	}
	c := conflict.Conflicts[0]
	if c.Key != "SYS-1" || c.Entry != 2 || c.Base.Title != "Stop" || c.Theirs.Title != "Theirs" || c.Ours.Title != "Ours" || c.Actor != "local" || c.Reason != "a test" {
		t.Errorf("%+v", c)
	}
	p, _ := s.Project(t.Context(), "pump")
	if h, _ := p.Snapshot.ByKey("SRS-1"); p.Snapshot.Entry() != 2 || p.Snapshot.Node(h).Item.Title != "Motor" {
		t.Error("a part of the push was done")
	}
	if _, err := s.Push(t.Context(), pushed(1, put("SRS-1", schema.KindSRS, "Alone"))); err != nil {
		t.Errorf("an item that nobody else has touched: %v", err)
	}
	whole := pushed(2, put("SYS-2", schema.KindSYS, "New, again"))
	whole.Whole = true
	if _, err := s.Push(t.Context(), whole); !errors.Is(err, fault.Conflict) || fault.Hint(err) != "goldthread pull, then push again" {
		t.Errorf("the text of a whole stream, which lacks entry 3: %v", err)
	}
	if r, err := s.Push(t.Context(), pushed(3)); err != nil || r.Entry != 0 {
		t.Errorf("nothing pushed: %+v, %v", r, err)
	}
	if _, err := s.Push(t.Context(), pushed(99, put("SRS-1", schema.KindSRS, "Later"))); !errors.Is(err, fault.Invalid) {
		t.Errorf("from a state that is not there: %v", err)
	}
}

// goldthread:verifies SRS-86
func TestControlledItemsChangeByApprovedRequest(t *testing.T) {
	plan := func(point string) record.Operation {
		return put("PLN-1", schema.KindPLN, "Plan", record.Field{Name: "control point", Values: []string{point}})
	}
	for _, tt := range []struct {
		sentence  string
		plan      []record.Operation
		baselines []string
		change    record.Operation
		request   record.Key
		state     record.State // of CR-1
		want      fault.Kind   // 0 for done
	}{
		{"before any baseline a reason will do", nil, nil, put("SYS-1", schema.KindSYS, "Changed"), "", "", 0},
		{"from the first baseline on a request is needed", nil, []string{"1.0"}, put("SYS-1", schema.KindSYS, "Changed"), "", "", fault.Denied},
		{"a new item is not controlled yet", nil, []string{"1.0"}, put("SYS-9", schema.KindSYS, "New"), "", "", 0},
		{"a problem report is not controlled", nil, []string{"1.0"}, put("CR-1", schema.KindCR, "Other words"), "", "", 0},
		{"a comment changes nothing", nil, []string{"1.0"}, record.Comment{ID: record.ProvisionalID("SYS-1"), Text: "Why?"}, "", "", 0},
		{"a request that is not there", nil, []string{"1.0"}, put("SYS-1", schema.KindSYS, "Changed"), "CR-9", "", fault.Invalid},
		{"what is no request", nil, []string{"1.0"}, put("SYS-1", schema.KindSYS, "Changed"), "SRS-1", "", fault.Invalid},
		{"a request that nobody approved", nil, []string{"1.0"}, put("SYS-1", schema.KindSYS, "Changed"), "CR-1", "analysed", fault.Denied},
		{"an approved request", nil, []string{"1.0"}, put("SYS-1", schema.KindSYS, "Changed"), "CR-1", "approved", 0},
		{"links are controlled too", nil, []string{"1.0"}, record.Unlink{Source: record.ProvisionalID("SRS-1"), Verb: schema.VerbRefines, Target: record.ProvisionalID("SYS-1")}, "", "", fault.Denied},
		{"the plan names a later baseline", []record.Operation{plan("2.0")}, []string{"1.0"}, put("SYS-1", schema.KindSYS, "Changed"), "", "", 0},
		{"which is made", []record.Operation{plan("2.0")}, []string{"1.0", "2.0"}, put("SYS-1", schema.KindSYS, "Changed"), "", "", fault.Denied},
		{"the plan speaks in words", []record.Operation{plan("First build on hardware")}, []string{"1.0"}, put("SYS-1", schema.KindSYS, "Changed"), "", "", fault.Denied},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			ops := append(tt.plan, put("CR-1", schema.KindCR, "Faster"))
			if tt.state != "" {
				ops = append(ops, record.MoveState{ID: record.ProvisionalID("CR-1"), State: tt.state})
			}
			s := withPump(t, noon, ops...)
			for _, name := range tt.baselines {
				if _, err := s.Baseline(t.Context(), local(), name, ""); err != nil {
					t.Fatal(err)
				}
			}
			cmd := pushed(int64(1+len(tt.baselines)), tt.change)
			cmd.Request = tt.request
			_, err := s.Push(t.Context(), cmd)
			if fault.KindOf(err) != tt.want {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

func TestStates(t *testing.T) {
	s := withPump(t, noon)
	move := func(to record.State) error {
		_, err := s.Move(t.Context(), local(), []record.Key{"SYS-1"}, to)
		return err
	}
	if err := move("in review"); err != nil {
		t.Fatal(err)
	}
	if err := move("approved"); !errors.Is(err, fault.Invalid) || fault.Hint(err) != "goldthread sign SYS-1 --meaning approval" {
		t.Errorf("approved without a signature: %v, hint %q", err, fault.Hint(err))
	}
	if err := move("obsolete"); !errors.Is(err, fault.Invalid) || fault.Hint(err) != `from there it can go to "draft", "approved"` {
		t.Errorf("a step that there is not: %v, hint %q", err, fault.Hint(err))
	}
	if _, err := s.Push(t.Context(), pushed(2, record.MoveState{ID: record.ProvisionalID("SYS-1"), State: "approved"})); !errors.Is(err, fault.Invalid) {
		t.Errorf("a state that is pushed: %v", err)
	}
}
