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
	record.Membership
	Since int64 // entry that enrolled the person
	At    Position
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
		return append(people[:len(people):len(people)], Person{op, at.Entry, at})
	}
	people = slices.Clone(people)
	people[i] = Person{op, people[i].Since, at}
	return people
}
