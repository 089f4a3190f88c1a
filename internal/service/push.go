package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Push brings operations that were made somewhere else, on the state after an entry: a text workspace, an import, a page that
// was open for a while.
type Push struct {
	Command
	Base       int64 // entry that was looked at
	Operations []record.Operation
	Files      []File // that the operations name
	// Whole says that the operations come from the text of a whole stream, which then is what it holds: nothing may have been
	// written to the stream since the base, or the text would take it back.
	Whole bool
}

// Conflict is an item that was changed on both sides since the base.
type Conflict struct {
	Key    record.Key
	Entry  int64 // that changed it in the ledger
	Actor  string
	Time   time.Time
	Reason string
	// The revisions of both sides and of the base; nil where a side has not changed the item itself (but its links or place),
	// or where it was not there.
	Base, Theirs, Ours *record.Item
}

// ConflictError names every item that was changed on both sides. It is a fault of kind Conflict.
type ConflictError struct {
	Base      int64
	Conflicts []Conflict
}

// Error implements error.
func (e *ConflictError) Error() string {
	var said []string
	for _, c := range e.Conflicts {
		said = append(said, fmt.Sprintf("%s was changed by entry %d (%s, %s)", c.Key, c.Entry, c.Actor, c.Reason))
	}
	return strings.Join(said, "; ")
}

// Push carries out the operations, unless the ledger has changed one of their items since the base: then nothing is done, and
// the error holds a ConflictError with both sides.
//
// goldthread:implements SRS-87
func (s *Service) Push(ctx context.Context, cmd Push) (Receipt, error) {
	for i, op := range cmd.Operations {
		if !mayBePushed(op) {
			return Receipt{}, fault.Newf(fault.Invalid, "operation %d is %q, which is not for texts and imports to do", i+1, op.Type())
		}
	}
	for _, f := range cmd.Files {
		if err := s.keep(f); err != nil {
			return Receipt{}, err
		}
	}
	return s.submit(ctx, cmd.Command, func(st *State) ([]record.Operation, error) {
		if cmd.Base > st.Snapshot.Entry() {
			return nil, fault.Newf(fault.Invalid, "stream %s is at entry %d, not at entry %d yet: this comes from another ledger, or this one was put back", st.Snapshot.Stream(), st.Snapshot.Entry(), cmd.Base).
				WithHint("goldthread verify")
		}
		if err := st.unmoved(cmd.Base, cmd.Operations); err != nil {
			return nil, err
		}
		if len(cmd.Operations) == 0 {
			return nil, nil
		}
		if cmd.Whole && st.Snapshot.Entry() > cmd.Base {
			return nil, fault.Newf(fault.Conflict, "stream %s is at entry %d, and the folder at entry %d", st.Snapshot.Stream(), st.Snapshot.Entry(), cmd.Base).WithHint("goldthread pull, then push again")
		}
		return append(slices.Clone(cmd.Operations), st.reopened(cmd.Operations)...), nil
	})
}

// mayBePushed reports whether an operation is one that says what items are. States, signatures, people, keys and what was taken
// out are not made of text: each has a command of its own, with its own checks.
func mayBePushed(op record.Operation) bool {
	switch op.(type) {
	case record.PutItem, record.Rekey, record.Retire, record.Place, record.AddLink, record.Unlink, record.ConfirmLink, record.Comment, record.AttachEvidence, record.Settings:
		return true
	}
	return false
}

// unmoved refuses operations on items that the ledger has changed since an entry.
func (st *State) unmoved(base int64, ops []record.Operation) error {
	ours := changedItems(ops)
	conflicts := map[record.ID]*Conflict{}
	var order []record.ID
	for d, err := range st.changesSince(base) {
		if err != nil {
			return err
		}
		if d.stream != st.Snapshot.Stream() {
			continue
		}
		for id := range ours {
			if !d.items[id] {
				continue
			}
			if conflicts[id] == nil {
				order = append(order, id)
			}
			conflicts[id] = &Conflict{Entry: d.entry, Actor: NameOf(st.Ledger, d.actor), Time: d.time, Reason: d.reason}
		}
	}
	if len(order) == 0 {
		return nil
	}
	out := &ConflictError{Base: base}
	for _, id := range order {
		c := conflicts[id]
		if err := st.sides(c, id, base, ops); err != nil {
			return err
		}
		out.Conflicts = append(out.Conflicts, *c)
	}
	slices.SortFunc(out.Conflicts, func(a, b Conflict) int { return record.CompareKeys(a.Key, b.Key) })
	return fault.New(fault.Conflict, fmt.Sprintf("%d of the items have changed in the ledger since entry %d: %s", len(out.Conflicts), base, out.keys()), out).WithHint("goldthread pull, settle what both sides changed, then push again")
}

func (e *ConflictError) keys() string {
	var keys []string
	for _, c := range e.Conflicts {
		keys = append(keys, string(c.Key))
	}
	return strings.Join(keys, ", ")
}

// sides fills in the revisions of an item on both sides.
func (st *State) sides(c *Conflict, id record.ID, base int64, ops []record.Operation) (err error) {
	if h, there := st.Snapshot.ByID(id); there {
		n := st.Snapshot.Node(h)
		c.Key = n.Item.Key
		if n.At.Entry > base {
			if c.Theirs, err = project.Revision(st.Source, n.At); err != nil {
				return err
			}
		}
		for _, p := range append(slices.Clone(n.Earlier), n.At) { // oldest first
			if p.Entry <= base {
				if c.Base, err = project.Revision(st.Source, p); err != nil {
					return err
				}
			}
		}
	}
	for _, op := range ops {
		if put, ok := op.(record.PutItem); ok && put.Item.ID == id {
			c.Ours = &put.Item
		}
	}
	return nil
}
