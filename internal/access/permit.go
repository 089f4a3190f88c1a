package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/signature"
)

// Local acts in a ledger in which nobody is enrolled.
const Local = "local"

// Open reports whether nobody is enrolled, so that Local acts.
func Open(l *project.Ledger) bool { return len(l.People) == 0 }

// Actor finds who acts, by the identity in a change. In an open ledger that is
// Local, of whom nothing is known.
//
// goldthread:implements SRS-105
func Actor(l *project.Ledger, name string) (project.Person, error) {
	if Open(l) {
		if name != Local {
			return project.Person{}, fault.Newf(fault.Denied, "nobody is enrolled in this project, %.40s neither", name)
		}
		return project.Person{}, nil
	}
	if name == Local {
		return project.Person{}, fault.Newf(fault.Denied, "people are enrolled in this project: say who you are").WithHint("--key FILE, or GOLDTHREAD_KEY; goldthread key --help")
	}
	id, err := record.ParseID(name)
	if err != nil {
		return project.Person{}, fault.New(fault.Denied, "that is nobody", err)
	}
	p, there := l.Person(id)
	if !there || len(p.Roles) == 0 {
		return project.Person{}, fault.Newf(fault.Denied, "%s takes no part in this project", name)
	}
	return p, nil
}

// WithCredential finds the person who has enrolled a credential and takes part.
func WithCredential(l *project.Ledger, c record.Credential) (project.Person, error) {
	for _, p := range l.People {
		if len(p.Roles) > 0 && slices.Contains(p.Credentials, c) {
			return p, nil
		}
	}
	return project.Person{}, fault.Newf(fault.Denied, "nobody in this project has this key").WithHint("goldthread key show FILE, and have a manager enrol it")
}

// May says why somebody may not do something, nil where they may.
//
// goldthread:implements SRS-105
func May(l *project.Ledger, name string, a Act) error {
	p, err := Actor(l, name)
	if err != nil {
		return err
	}
	return may(l, p, a)
}

func may(l *project.Ledger, p project.Person, a Act) error {
	needs := row(a)
	roles := rolesOf(p.Membership)
	switch {
	case needs == nil:
		return fault.Newf(fault.Denied, "nobody may do %q in this version", a)
	case Open(l) && a.signing():
		return fault.Newf(fault.Denied, "nobody is enrolled who could sign").WithHint("make a key (goldthread key new), then enrol yourself as a manager")
	case Open(l), Permitted(a, roles...):
		return nil
	case needs.personal && slices.Contains(roles, Machine):
		return fault.Newf(fault.Denied, "%s is a machine: %q is for people", p.Name, a)
	}
	return fault.Newf(fault.Denied, "%s may not do %q as %s", p.Name, a, strings.Join(p.Roles, ", ")).WithHint("a manager can give the role " + either(needs.roles))
}

func rolesOf(m record.Membership) []Role {
	roles := make([]Role, len(m.Roles))
	for i, r := range m.Roles {
		roles[i] = Role(r)
	}
	return roles
}

func either(roles []Role) string {
	var words []string
	for _, r := range roles {
		words = append(words, string(r))
	}
	return strings.Join(words, " or ")
}

// Permit says why a change may not be made by its actor, nil where it may. The
// ledger is as it was before the change.
//
// goldthread:implements SRS-105
func Permit(l *project.Ledger, c *record.Change) error {
	p, err := Actor(l, c.Actor)
	if err != nil {
		return err
	}
	for _, a := range acts(c) {
		if err := may(l, p, a); err != nil {
			return err
		}
	}
	for _, op := range c.Operations {
		if sign, ok := op.(record.Sign); ok && sign.Person != p.Person {
			return fault.Newf(fault.Denied, "%s cannot sign for %s", p.Name, sign.Name)
		}
	}
	return checkEnrolment(l, c.Operations)
}

// acts lists what a change does, each once.
func acts(c *record.Change) []Act {
	var out []Act
	add := func(a Act) {
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	if len(c.Ported) > 0 {
		add(Port)
	}
	for _, op := range c.Operations {
		switch op := op.(type) {
		case record.Sign:
			add(SignAs(op.Meaning))
		case record.MoveState:
			if !signedFor(c, op.ID) { // the step that a signature makes needs no right beside that to sign
				add(act(op))
			}
		case record.Unknown:
			add(Act("unknown: " + op.Name)) // whatever it is called, it has no row
		default:
			add(act(op))
		}
	}
	return out
}

// signedFor reports whether a change holds a signature of an item.
func signedFor(c *record.Change, item record.ID) bool {
	return slices.ContainsFunc(c.Operations, func(op record.Operation) bool {
		sign, ok := op.(record.Sign)
		if !ok {
			return false
		}
		_, of := signed(sign, item)
		return of
	})
}

// checkEnrolment refuses memberships that make no sense, and changes after which
// nobody could enrol anybody.
func checkEnrolment(l *project.Ledger, ops []record.Operation) error {
	people := slices.Clone(l.People)
	enrols := false
	for _, op := range ops {
		m, ok := op.(record.Membership)
		if !ok {
			continue
		}
		enrols = true
		if err := checkMembership(m); err != nil {
			return err
		}
		if err := ownKeys(m, people); err != nil {
			return err
		}
		next := project.Person{Enrolment: project.Enrolment{Membership: m}}
		if i := slices.IndexFunc(people, func(p project.Person) bool { return p.Person == m.Person }); i >= 0 {
			next.Earlier = append(slices.Clone(people[i].Earlier), people[i].Enrolment)
			people[i] = next
		} else {
			people = append(people, next)
		}
	}
	manages := func(p project.Person) bool {
		return slices.Contains(p.Roles, string(Manager)) && len(p.Credentials) > 0
	}
	if enrols && !slices.ContainsFunc(people, manages) {
		return fault.Newf(fault.Invalid, "nobody with a key would be a manager of the project").WithHint("enrol a manager first")
	}
	return nil
}

// ownKeys refuses a key that stands, or has ever stood, for somebody else
// [21 CFR 11.100(a)].
func ownKeys(m record.Membership, people []project.Person) error {
	for _, p := range people {
		if p.Person == m.Person {
			continue
		}
		for _, e := range append(slices.Clone(p.Earlier), p.Enrolment) {
			if slices.ContainsFunc(m.Credentials, func(c record.Credential) bool { return slices.Contains(e.Credentials, c) }) {
				return fault.Newf(fault.Conflict, "the key of %s is or was that of %s", m.Name, e.Name).WithHint("each person has a key of their own: goldthread key new")
			}
		}
	}
	return nil
}

// checkMembership refuses what makes no member.
//
// goldthread:implements SRS-107
func checkMembership(m record.Membership) error {
	machine := slices.Contains(m.Roles, string(Machine))
	switch {
	case m.Person.IsZero():
		return fault.Newf(fault.Invalid, "%s has no identity", m.Name)
	case strings.TrimSpace(m.Name) == "" || record.CheckLine(m.Name) != nil:
		return fault.Newf(fault.Invalid, "a person needs a name of one line, as it is printed beside signatures")
	case machine && len(m.Credentials) > 0:
		return fault.Newf(fault.Invalid, "%s is a machine: it can have no key that signs", m.Name)
	}
	for _, c := range m.Credentials {
		if err := signature.CheckCredential(c); err != nil {
			return fmt.Errorf("enrol %s: %w", m.Name, err)
		}
	}
	if err := checkRoles(rolesOf(m)); err != nil {
		return fmt.Errorf("enrol %s: %w", m.Name, err)
	}
	return nil
}
