package service

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/goldthread/goldthread/internal/access"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/signature"
)

func (s *Service) newID(id *record.ID) error {
	if _, err := io.ReadFull(s.Random, id[:]); err != nil {
		return fault.New(fault.Internal, "no randomness for an identity", err)
	}
	return nil
}

// Origin is the name of a project's ledger, which every signature is bound to.
func (s *Service) Origin(ctx context.Context, name string) (string, error) {
	if _, err := s.open(ctx, name); err != nil {
		return "", err
	}
	return originOf(ctx, s.Store, name)
}

// Sign records a signature that a person has made [21 CFR 11.50 11.70], and moves the items along the step of their workflow that
// asks for it: to the state named, or where none is named to the one in which they are in force. It is refused where the items
// have changed since they were looked at, where the signature does not hold, and where an approval would be that of an author
// alone.
//
// goldthread:implements SRS-109
func (s *Service) Sign(ctx context.Context, cmd Command, op record.Sign, to record.State) (Receipt, error) {
	origin, err := s.Origin(ctx, cmd.Project)
	if err != nil {
		return Receipt{}, err
	}
	return s.submit(ctx, cmd, func(st *State) ([]record.Operation, error) {
		for _, it := range op.Items {
			h, there := st.Snapshot.ByID(it.ID)
			if !there || !st.Snapshot.Node(h).Present() {
				return nil, fault.Newf(fault.NotFound, "there is no item %s in stream %s", it.Key, st.Snapshot.Stream())
			}
			if now := signature.RevisionOf(st.Snapshot, h); now.Content != it.Content || now.Links != it.Links || now.Revision != it.Revision {
				return nil, fault.Newf(fault.Conflict, "%s has changed since it was looked at", it.Key).WithHint("look at it again, then sign")
			}
		}
		if op.Stream != st.Snapshot.Stream() || op.Entry > st.Snapshot.Entry() {
			return nil, fault.Newf(fault.Invalid, "the signature is of entry %d of stream %s, which is not the state here", op.Entry, op.Stream)
		}
		seen, err := st.state.AsOf(op.Stream, op.Entry, st.Source)
		if err != nil {
			return nil, err
		}
		verdict := signature.Verify(op, signature.Context{Origin: origin, Ledger: st.Ledger, At: project.Position{Entry: st.Entry}, Seen: seen})
		if !verdict.Good() {
			if len(verdict.Faults) > 0 {
				return nil, fault.New(fault.Denied, "the signature does not hold; nothing was recorded", verdict.Faults[0])
			}
			return nil, fault.Newf(fault.Denied, "the key of the signature is of a kind that this version does not know")
		}
		if op.Meaning == record.MeaningApproval {
			if err := st.independent(op); err != nil {
				return nil, err
			}
		}
		ops := []record.Operation{op}
		for _, it := range op.Items {
			step, err := st.signedStep(it, op.Meaning, to)
			if err != nil {
				return nil, err
			}
			if step != nil {
				ops = append(ops, *step)
			}
		}
		return ops, nil
	})
}

// independent refuses an approval that would be that of an author alone.
func (st *State) independent(op record.Sign) error {
	var about []*record.Change
	for c, err := range st.Source.Changes(1, st.Entry-1) {
		if err != nil {
			return err
		}
		if st.state.InStream(c, st.Snapshot.Stream()) && slices.ContainsFunc(op.Items, func(it record.SignedItem) bool { return Touches(c, it.ID) }) {
			about = append(about, c)
		}
	}
	for _, it := range op.Items {
		deeds, err := access.Deeds(it.ID, changes(about))
		if err != nil {
			return err
		}
		if err := access.JudgeApproval(st.Ledger, it, deeds).MayApprove(st.Person); err != nil {
			return err
		}
	}
	return nil
}

func changes(list []*record.Change) iter.Seq2[*record.Change, error] {
	return func(yield func(*record.Change, error) bool) {
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// signedStep is the step of its workflow that an item takes by a signature, nil for none.
func (st *State) signedStep(it record.SignedItem, meaning record.Meaning, to record.State) (*record.MoveState, error) {
	h, _ := st.Snapshot.ByID(it.ID)
	n := st.Snapshot.Node(h)
	kind := st.Schema.Kind(n.Item.Kind)
	if kind == nil || kind.Workflow == nil {
		return nil, nil
	}
	from, phase := stateOf(st.Schema, n)
	var ways []record.State
	for _, t := range kind.Workflow.Transitions {
		if t.From != from || t.Signature != meaning {
			continue
		}
		if to == t.To {
			return &record.MoveState{ID: it.ID, State: to}, nil
		}
		if state := kind.Workflow.State(t.To); state != nil && state.Phase == schema.Effective {
			ways = append(ways, t.To)
		}
	}
	switch {
	case to != "":
		return nil, fault.Newf(fault.Invalid, "%s does not go from %q to %q by a signature of %s", it.Key, from, to, meaning).WithHint(st.waysOut(n, from))
	case len(ways) == 1:
		return &record.MoveState{ID: it.ID, State: ways[0]}, nil
	case meaning == record.MeaningApproval && phase == schema.Open && len(ways) == 0:
		return nil, fault.Newf(fault.Invalid, "%s is %q, from where an approval does not bring it into force", it.Key, from).
			WithHint(fmt.Sprintf("goldthread move %s STATE; %s", it.Key, st.waysOut(n, from)))
	}
	return nil, nil
}
