package service

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// stateOf is the state of an item and what it means; the initial one where nobody has moved it.
func stateOf(sch *schema.Schema, n *project.Node) (record.State, schema.Phase) {
	kind := sch.Kind(n.Item.Kind)
	if kind == nil || kind.Workflow == nil {
		return n.State, ""
	}
	state := n.State
	if state == "" {
		state = kind.Workflow.Initial
	}
	if s := kind.Workflow.State(state); s != nil {
		return state, s.Phase
	}
	return state, ""
}

// Move moves items to another state of their workflow. A step that asks for a signature is made by Sign.
func (s *Service) Move(ctx context.Context, cmd Command, keys []record.Key, to record.State) (Receipt, error) {
	return s.submit(ctx, cmd, func(st *State) ([]record.Operation, error) {
		var ops []record.Operation
		for _, key := range keys {
			n, err := st.item(key)
			if err != nil {
				return nil, err
			}
			from, _ := stateOf(st.Schema, n)
			if from == to {
				continue
			}
			step := st.step(n, from, to)
			switch {
			case step == nil:
				return nil, fault.Newf(fault.Invalid, "%s cannot go from %q to %q", key, from, to).WithHint(st.waysOut(n, from))
			case step.Signature != schema.NoSignature:
				return nil, fault.Newf(fault.Invalid, "%s goes from %q to %q by a signature of %s", key, from, to, step.Signature).
					WithHint(fmt.Sprintf("goldthread sign %s --meaning %s", key, step.Signature))
			}
			ops = append(ops, record.MoveState{ID: n.Item.ID, State: to})
		}
		return ops, nil
	})
}

// item finds an item in use by its key.
func (st *State) item(key record.Key) (*project.Node, error) {
	h, there := st.Snapshot.ByKey(key)
	if !there || !st.Snapshot.Node(h).Present() {
		return nil, fault.Newf(fault.NotFound, "there is no item %s in stream %s", key, st.Snapshot.Stream())
	}
	return st.Snapshot.Node(h), nil
}

func (st *State) step(n *project.Node, from, to record.State) *schema.Transition {
	kind := st.Schema.Kind(n.Item.Kind)
	if kind == nil || kind.Workflow == nil {
		return nil
	}
	return kind.Workflow.Transition(from, to)
}

// waysOut says where an item can go.
func (st *State) waysOut(n *project.Node, from record.State) string {
	kind := st.Schema.Kind(n.Item.Kind)
	if kind == nil || kind.Workflow == nil {
		return "items of this kind have no states"
	}
	var ways []string
	for _, t := range kind.Workflow.Transitions {
		if t.From == from {
			ways = append(ways, fmt.Sprintf("%q", t.To))
		}
	}
	return "from there it can go to " + strings.Join(ways, ", ")
}

// reopened are the steps that bring items in force whose content or links change back to their first state: a new revision
// is a draft again, until somebody has signed it.
func (st *State) reopened(ops []record.Operation) []record.Operation {
	revised, retired := map[record.ID]bool{}, map[record.ID]bool{}
	for _, op := range ops {
		switch op := op.(type) {
		case record.PutItem:
			revised[op.Item.ID] = true
		case record.AddLink:
			revised[op.Link.Source] = true
		case record.Unlink:
			revised[op.Source] = true
		case record.Retire:
			retired[op.ID] = true
		}
	}
	var out []record.Operation
	for _, id := range slices.SortedFunc(maps.Keys(revised), func(a, b record.ID) int { return bytes.Compare(a[:], b[:]) }) {
		h, there := st.Snapshot.ByID(id)
		if !there || retired[id] {
			continue
		}
		n := st.Snapshot.Node(h)
		state, phase := stateOf(st.Schema, n)
		if phase != schema.Effective {
			continue
		}
		if workflow := st.Schema.Kind(n.Item.Kind).Workflow; workflow.Transition(state, workflow.Initial) != nil {
			out = append(out, record.MoveState{ID: id, State: workflow.Initial})
		}
	}
	return out
}
