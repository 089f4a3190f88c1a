package service_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"testing"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
	"github.com/goldthread/goldthread/internal/signature"
)

// person is somebody with a key of their own.
type person struct {
	record.Membership
	private ed25519.PrivateKey
}

func newPerson(t *testing.T, name string, roles ...string) *person {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &person{record.Membership{Name: name, Roles: roles, Credentials: []record.Credential{signature.CredentialOf(public)}}, private}
}

func (p *person) Credential() record.Credential { return p.Credentials[0] }

func (p *person) Sign(message []byte) ([]byte, error) { return ed25519.Sign(p.private, message), nil }

func (p *person) command() service.Command {
	cmd := local()
	cmd.Actor = p.Person.String()
	return cmd
}

// enrol takes somebody in, by somebody who is there already, or the first one.
func enrol(t *testing.T, s *service.Service, by service.Command, p *person) {
	t.Helper()
	m, _, err := s.Enrol(t.Context(), by, p.Membership)
	if err != nil {
		t.Fatal(err)
	}
	p.Membership = m
}

// signs makes a signature of items as they are, and has it recorded.
func (p *person) signs(t *testing.T, s *service.Service, meaning record.Meaning, keys ...record.Key) error {
	t.Helper()
	_, err := s.Sign(t.Context(), p.command(), p.signature(t, s, meaning, keys...), "")
	return err
}

func (p *person) signature(t *testing.T, s *service.Service, meaning record.Meaning, keys ...record.Key) record.Sign {
	t.Helper()
	project, err := s.Project(t.Context(), "pump")
	if err != nil {
		t.Fatal(err)
	}
	op, err := signature.Prepare(project.Snapshot, signature.Request{Person: p.Membership, Meaning: meaning, Keys: keys, Time: noon()})
	if err != nil {
		t.Fatal(err)
	}
	origin, err := s.Origin(t.Context(), "pump")
	if err != nil {
		t.Fatal(err)
	}
	if op, err = signature.Complete(op, origin, p.Membership, p); err != nil {
		t.Fatal(err)
	}
	return op
}

// goldthread:verifies SRS-109
func TestItemsAreSignedIntoForce(t *testing.T) {
	s := withPump(t, noon)
	ann, bob := newPerson(t, "Ann", "manager", "author"), newPerson(t, "Bob", "reviewer", "approver")
	enrol(t, s, local(), ann)
	enrol(t, s, ann.command(), bob)

	state := func() record.State {
		p, err := s.Project(t.Context(), "pump")
		if err != nil {
			t.Fatal(err)
		}
		h, _ := p.Snapshot.ByKey("SYS-1")
		return p.Snapshot.Node(h).State
	}
	entry := func() int64 {
		p, _ := s.Project(t.Context(), "pump")
		return p.Snapshot.Entry()
	}
	change := func(by *person, title string) {
		t.Helper()
		cmd := pushed(entry(), put("SYS-1", schema.KindSYS, title))
		cmd.Actor = by.Person.String()
		if _, err := s.Push(t.Context(), cmd); err != nil {
			t.Fatal(err)
		}
	}
	change(ann, "By Ann")
	refused := func(what string, err error, want fault.Kind) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	refused("the approval of a draft", bob.signs(t, s, record.MeaningApproval, "SYS-1"), fault.Invalid)
	if _, err := s.Move(t.Context(), ann.command(), []record.Key{"SYS-1"}, "in review"); err != nil {
		t.Fatal(err)
	}
	stale := bob.signature(t, s, record.MeaningApproval, "SYS-1")
	refused("a signature of a role that may not", ann.signs(t, s, record.MeaningApproval, "SYS-1"), fault.Denied)
	_, err := s.Sign(t.Context(), ann.command(), stale, "")
	refused("another's signature", err, fault.Denied)
	forged := stale
	forged.Text = "and everything else"
	_, err = s.Sign(t.Context(), bob.command(), forged, "")
	refused("a signature of other words", err, fault.Denied)
	cmd := pushed(entry(), put("SRS-1", schema.KindSRS, "Meanwhile, of something else"))
	cmd.Actor = ann.Person.String()
	if _, err := s.Push(t.Context(), cmd); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(t.Context(), bob.command(), stale, ""); err != nil { // what was signed is as it was
		t.Fatal(err)
	}
	if state() != "approved" {
		t.Errorf("after the approval: %q", state())
	}
	change(ann, "By Ann again")
	if state() != "draft" {
		t.Errorf("a new revision is %q", state())
	}
	_, err = s.Sign(t.Context(), bob.command(), stale, "")
	refused("a signature of what has changed since", err, fault.Conflict)
	if v, err := s.Verify(t.Context(), "pump"); err != nil || len(v.Damages) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

// goldthread:verifies SRS-109
func TestNobodyApprovesOwnWorkAlone(t *testing.T) {
	s := withPump(t, noon)
	ann, bob := newPerson(t, "Ann", "manager", "author"), newPerson(t, "Bob", "author", "approver")
	enrol(t, s, local(), ann)
	enrol(t, s, ann.command(), bob)
	cmd := pushed(3, put("SYS-1", schema.KindSYS, "By Bob"))
	cmd.Actor = bob.Person.String()
	if _, err := s.Push(t.Context(), cmd); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Move(t.Context(), bob.command(), []record.Key{"SYS-1"}, "in review"); err != nil {
		t.Fatal(err)
	}
	if err := bob.signs(t, s, record.MeaningApproval, "SYS-1"); !errors.Is(err, fault.Denied) {
		t.Errorf("own work was approved: %v", err)
	}
}

func TestWhoIsNotEnrolledDoesNothing(t *testing.T) {
	s := withPump(t, noon)
	ann := newPerson(t, "Ann", "manager")
	enrol(t, s, local(), ann)
	if _, err := s.Baseline(t.Context(), local(), "1.0", ""); !errors.Is(err, fault.Denied) {
		t.Errorf("the local person: %v", err)
	}
	eve := newPerson(t, "Eve", "manager")
	eve.Person = record.ProvisionalID("Eve")
	if _, err := s.Baseline(t.Context(), eve.command(), "1.0", ""); !errors.Is(err, fault.Denied) {
		t.Errorf("a stranger: %v", err)
	}
	left := ann.Membership
	left.Roles = nil
	if _, _, err := s.Enrol(t.Context(), ann.command(), left); !errors.Is(err, fault.Invalid) {
		t.Errorf("the last manager left: %v", err)
	}
}
