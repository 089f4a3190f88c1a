package project

import (
	"slices"
	"time"

	"github.com/goldthread/goldthread/internal/record"
)

// Ledger is what holds for a ledger as a whole, in all of its streams. It is
// immutable.
type Ledger struct {
	Time       time.Time // of the newest entry of any stream
	People     []Person  // in the order in which they were enrolled
	Keys       []Key     // that sign checkpoints, oldest first
	Anchors    []Anchored
	Redactions []Redaction
}

// Person is what is known of somebody who was enrolled.
type Person struct {
	Enrolment
	Since   int64       // entry that enrolled the person
	Earlier []Enrolment // what was known before, oldest first
}

// Enrolment is what is known of a person from an operation on.
type Enrolment struct {
	record.Membership
	At Position
}

// Before is what was known of the person just before an operation: what a
// signature is held against.
func (p Person) Before(at Position) (record.Membership, bool) {
	if p.At.before(at) {
		return p.Membership, true
	}
	for _, e := range slices.Backward(p.Earlier) {
		if e.At.before(at) {
			return e.Membership, true
		}
	}
	return record.Membership{}, false
}

// Key is a key that signs checkpoints, from an entry on.
type Key struct {
	record.RotateKey
	At Position
}

// Anchored is an anchor and the entry that records it.
type Anchored struct {
	record.Anchor
	At Position
}

// Redaction is a redaction and the entry that holds it.
type Redaction struct {
	record.Redact
	At Position
}

// Person finds somebody who was enrolled, by identity.
func (l *Ledger) Person(id record.ID) (Person, bool) {
	i := slices.IndexFunc(l.People, func(p Person) bool { return p.Person == id })
	if i < 0 {
		return Person{}, false
	}
	return l.People[i], true
}

// Ledger is what holds for the ledger as a whole.
func (f *Fold) Ledger() *Ledger { return &f.state.Load().ledger }

// apply is the ledger after one more change.
func (l Ledger) apply(c *record.Change) Ledger {
	l.Time = c.Time
	for i, op := range c.Operations {
		at := Position{Entry: c.Sequence, Operation: int32(i)}
		switch op := op.(type) {
		case record.Membership:
			l.People = enrol(l.People, op, at)
		case record.RotateKey:
			l.Keys = append(l.Keys[:len(l.Keys):len(l.Keys)], Key{op, at})
		case record.Anchor:
			l.Anchors = append(l.Anchors[:len(l.Anchors):len(l.Anchors)], Anchored{op, at})
		case record.Redact:
			l.Redactions = append(l.Redactions[:len(l.Redactions):len(l.Redactions)], Redaction{op, at})
		}
	}
	return l
}

func enrol(people []Person, op record.Membership, at Position) []Person {
	i := slices.IndexFunc(people, func(p Person) bool { return p.Person == op.Person })
	if i < 0 {
		return append(people[:len(people):len(people)], Person{Enrolment: Enrolment{op, at}, Since: at.Entry})
	}
	people = slices.Clone(people)
	was := people[i]
	people[i] = Person{Enrolment{op, at}, was.Since, append(was.Earlier[:len(was.Earlier):len(was.Earlier)], was.Enrolment)}
	return people
}
