package access

import (
	"iter"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// ExceptionText begins the text of a signature of responsibility by which a
// manager lets an author approve own work; the reason follows.
const ExceptionText = "exception to independent approval: "

// Exception reports whether a signature is an exception to independent
// approval, and the reason it gives.
func Exception(op record.Sign) (reason string, ok bool) {
	reason, ok = strings.CutPrefix(op.Text, ExceptionText)
	reason = strings.TrimSpace(reason)
	return reason, ok && reason != "" && op.Meaning == record.MeaningResponsibility
}

// Deed is a change of the content or the links of one item, or a signature of it.
type Deed struct {
	At    project.Position
	Actor string       // of the change
	Sign  *record.Sign // nil for a change of the item
}

// Deeds picks what was done to an item out of the changes of its stream, oldest
// first: those of the stream itself and, before it was opened, those of its
// parent.
func Deeds(item record.ID, changes iter.Seq2[*record.Change, error]) ([]Deed, error) {
	var deeds []Deed
	for c, err := range changes {
		if err != nil {
			return nil, err
		}
		for i, op := range c.Operations {
			d := Deed{At: project.Position{Entry: c.Sequence, Operation: int32(i)}, Actor: c.Actor}
			switch op := op.(type) {
			case record.PutItem:
				if op.Item.ID == item {
					deeds = append(deeds, d)
				}
			case record.AddLink:
				if op.Link.Source == item {
					deeds = append(deeds, d)
				}
			case record.Unlink:
				if op.Source == item {
					deeds = append(deeds, d)
				}
			case record.Sign:
				if _, of := signed(op, item); of {
					d.Sign = &op
					deeds = append(deeds, d)
				}
			}
		}
	}
	return deeds, nil
}

func signed(op record.Sign, item record.ID) (record.SignedItem, bool) {
	i := slices.IndexFunc(op.Items, func(it record.SignedItem) bool { return it.ID == item })
	if i < 0 {
		return record.SignedItem{}, false
	}
	return op.Items[i], true
}

// Approval says what the approvals of an item are worth.
type Approval struct {
	Item record.SignedItem // as it is
	// Authors have changed the item since the last approval that counts, each once, in the order in which they first did.
	Authors []record.ID
	// Approved tells that an approval of the item as it is counts: that of somebody who is not among its authors, or one under
	// an exception.
	Approved bool
	// Excepted is the exception that is signed for the item as it is; nil where there is none.
	Excepted *record.Sign
}

// JudgeApproval finds out who wrote an item since its last approval, and
// whether it is approved as it is. An approval counts when its signer has not
// changed the item since the last one that counts, up to the entry that was
// looked at; or when a manager has signed an exception for the same content and
// links. Signatures are taken as verified.
//
// goldthread:implements SRS-106
func JudgeApproval(l *project.Ledger, is record.SignedItem, deeds []Deed) Approval {
	j := judge{ledger: l, item: is.ID}
	for _, d := range deeds {
		switch {
		case d.Sign == nil:
			j.changed = append(j.changed, deed{d.At.Entry, j.who(d.Actor)})
		case d.Sign.Meaning == record.MeaningApproval:
			j.approve(*d.Sign)
		case j.exception(d):
			j.exceptions = append(j.exceptions, d.Sign)
			j.again()
		}
	}
	out := Approval{Item: is, Excepted: j.excepted(is)}
	for _, c := range j.changed {
		if !slices.Contains(out.Authors, c.person) {
			out.Authors = append(out.Authors, c.person)
		}
	}
	out.Approved = slices.ContainsFunc(j.counted, func(it record.SignedItem) bool { return same(it, is) })
	return out
}

// MayApprove says why an approval by somebody would not count, nil where it
// would. An author may still approve beside somebody else, after them.
//
// goldthread:implements SRS-106
func (a Approval) MayApprove(person project.Person) error {
	if a.Approved || a.Excepted != nil || !slices.Contains(a.Authors, person.Person) {
		return nil
	}
	return fault.Newf(fault.Denied, "%s has changed %s since its last approval and cannot be the only one to approve it", person.Name, a.Item.Key).
		WithHint("have somebody else approve it, or a manager sign the exception: goldthread sign " + string(a.Item.Key) +
			" --meaning responsibility --text '" + ExceptionText + "why'")
}

// judge walks through the deeds of an item.
type judge struct {
	ledger     *project.Ledger
	item       record.ID
	changed    []deed              // since the last approval that counts
	counted    []record.SignedItem // approved
	waiting    []record.Sign       // approvals by authors
	exceptions []*record.Sign
}

type deed struct {
	entry  int64
	person record.ID
}

// who is the person of an actor. What was done before anybody was enrolled is
// put down to the person who was enrolled first.
func (j *judge) who(actor string) record.ID {
	if actor == Local && len(j.ledger.People) > 0 {
		return j.ledger.People[0].Person
	}
	id, _ := record.ParseID(actor)
	return id
}

func (j *judge) approve(op record.Sign) {
	it, _ := signed(op, j.item)
	author := slices.ContainsFunc(j.changed, func(d deed) bool { return d.entry <= op.Entry && d.person == op.Person })
	if author && j.excepted(it) == nil {
		j.waiting = append(j.waiting, op)
		return
	}
	j.count(op, it)
}

// count takes an approval as one: what it has seen has no author any more.
func (j *judge) count(op record.Sign, it record.SignedItem) {
	j.counted = append(j.counted, it)
	j.changed = slices.DeleteFunc(j.changed, func(d deed) bool { return d.entry <= op.Entry })
}

// again counts approvals that waited for an exception.
func (j *judge) again() {
	j.waiting = slices.DeleteFunc(j.waiting, func(op record.Sign) bool {
		it, _ := signed(op, j.item)
		excepted := j.excepted(it) != nil
		if excepted {
			j.count(op, it)
		}
		return excepted
	})
}

// exception reports whether a deed is an exception by somebody who was a manager then.
func (j *judge) exception(d Deed) bool {
	if _, ok := Exception(*d.Sign); !ok {
		return false
	}
	p, _ := j.ledger.Person(d.Sign.Person)
	was, _ := p.Before(d.At)
	return slices.Contains(was.Roles, string(Manager)) && !slices.Contains(was.Roles, string(Machine))
}

// excepted finds the exception for an item as it is given.
func (j *judge) excepted(is record.SignedItem) *record.Sign {
	for _, op := range j.exceptions {
		if it, _ := signed(*op, j.item); same(it, is) {
			return op
		}
	}
	return nil
}

// same reports whether two revisions are the same content and links.
func same(a, b record.SignedItem) bool {
	return a.ID == b.ID && a.Content == b.Content && a.Links == b.Links
}
