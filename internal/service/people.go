package service

import (
	"context"

	"github.com/goldthread/goldthread/internal/access"
	"github.com/goldthread/goldthread/internal/record"
)

// LocalActor acts in a ledger in which nobody is enrolled.
const LocalActor = access.Local

// permit holds a change against the rights of who makes it, and against the control of changes.
func permit(st *State, c *record.Change, cmd Command) error {
	if err := access.Permit(st.Ledger, c); err != nil {
		return err
	}
	if cmd.AcceptClock {
		if err := access.May(st.Ledger, cmd.Actor, access.AcceptClock); err != nil {
			return err
		}
	}
	return control(st, c)
}

// Enrol takes a person into a project, or replaces what is known of one as a whole: name, roles and keys [21 CFR 11.100]. A
// person who is new gets an identity, which the operation returns.
//
// goldthread:implements SRS-107
func (s *Service) Enrol(ctx context.Context, cmd Command, m record.Membership) (record.Membership, Receipt, error) {
	if m.Person.IsZero() {
		if err := s.newID(&m.Person); err != nil {
			return m, Receipt{}, err
		}
	}
	r, err := s.submit(ctx, cmd, func(*State) ([]record.Operation, error) { return []record.Operation{m}, nil })
	return m, r, err
}
