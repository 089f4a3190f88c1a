package signature

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Check says why the signature of an operation is not one of its credential
// over its bytes, nil where it is. It does not ask whose the credential is:
// that is Verify.
//
// goldthread:implements SRS-103
func Check(op record.Sign, origin string) error {
	key, err := publicKey(op.Credential)
	if err != nil {
		return fmt.Errorf("its credential: %w", err)
	}
	return verifySSH(key, op.SignedBytes(origin), op.Signature)
}

// Standing is what a signature is worth for an item as it is now.
type Standing string

// The standings, a closed list. A signature is never void: it stays what it was
// for the revision that was signed.
const (
	Valid      Standing = "valid"      // the item is as it was signed
	Superseded Standing = "superseded" // its content or its links have changed since
	Retired    Standing = "retired"    // the item is not in use any more
)

// Context is what a recorded signature is held against.
type Context struct {
	Origin string            // name of the ledger
	Ledger *project.Ledger   // with who was enrolled
	At     project.Position  // of the operation that is the signature
	Seen   *project.Snapshot // the stream that was looked at, as of the entry that was looked at
	Now    *project.Snapshot // for which the standings are told; nil for none
}

// Verdict is what a recorded signature is worth.
type Verdict struct {
	Kind   Kind    // empty where the credential is of no kind that is known
	Faults []error // what is wrong with it, all of kind fault.Corrupt; empty for a signature that is good
	Items  []ItemStanding
}

// ItemStanding is what a signature is worth for one of its items.
type ItemStanding struct {
	record.SignedItem
	Standing Standing
}

// Good reports whether the signature is what it says.
func (v Verdict) Good() bool { return len(v.Faults) == 0 && v.Kind != "" }

// Verify judges a signature that a ledger holds: made by the key of the person
// over these bytes, the key enrolled for the person when it was recorded, the
// name as it was enrolled, the items as they were then; and what it is worth
// for the items as they are now.
//
// goldthread:implements SRS-103
func Verify(op record.Sign, c Context) Verdict {
	var v Verdict
	wrong := func(err error) {
		if err != nil {
			v.Faults = append(v.Faults, fault.Newf(fault.Corrupt, "the signature of %s in entry %d does not hold: %v", op.Name, c.At.Entry, err))
		}
	}
	v.Kind, _ = KindOf(op.Credential)
	wrong(Check(op, c.Origin))
	wrong(checkWords(op))
	wrong(checkPerson(op, c))
	for _, err := range checkSeen(op, c) {
		wrong(err)
	}
	if c.Now != nil {
		for _, it := range op.Items {
			v.Items = append(v.Items, ItemStanding{it, StandingOf(it, c.Now)})
		}
	}
	return v
}

// checkWords refuses meanings and times that no version has written.
func checkWords(op record.Sign) error {
	if !slices.Contains(Meanings(), op.Meaning) {
		return fmt.Errorf("%q is no meaning of a signature", op.Meaning)
	}
	_, err := record.ParseTime(op.Time)
	return err
}

// checkPerson holds name and key against those that were enrolled.
func checkPerson(op record.Sign, c Context) error {
	person, enrolled := c.Ledger.Person(op.Person)
	var was record.Membership
	if enrolled {
		was, enrolled = person.Before(c.At)
	}
	switch {
	case !enrolled:
		return errors.New("nobody of this identity was enrolled then")
	case len(was.Roles) == 0:
		return errors.New("the person had left")
	case was.Name != op.Name:
		return fmt.Errorf("the person was enrolled as %s", was.Name)
	case !slices.Contains(was.Credentials, op.Credential):
		return errors.New("the key was not enrolled for this person then")
	}
	return nil
}

// checkSeen holds the manifest against what was there to be looked at.
func checkSeen(op record.Sign, c Context) []error {
	switch {
	case len(op.Items) == 0:
		return []error{errors.New("it is of nothing")}
	case c.Seen == nil:
		return []error{fmt.Errorf("stream %s after entry %d, which was looked at, cannot be read", op.Stream, op.Entry)}
	case op.Entry >= c.At.Entry:
		return []error{fmt.Errorf("it is of a state after entry %d, which was not there yet", op.Entry)}
	case c.Seen.Stream() != op.Stream || c.Seen.Entry() > op.Entry:
		return []error{fmt.Errorf("it is of stream %s after entry %d, not of what it was held against", op.Stream, op.Entry)}
	}
	var wrong []error
	seen := map[record.ID]bool{}
	for _, it := range op.Items {
		h, there := c.Seen.ByID(it.ID)
		switch {
		case seen[it.ID]:
			wrong = append(wrong, fmt.Errorf("it names %s twice", it.Key))
		case !there || !c.Seen.Node(h).Present():
			wrong = append(wrong, fmt.Errorf("there was no item %s", it.Key))
		case RevisionOf(c.Seen, h) != it:
			wrong = append(wrong, fmt.Errorf("%s was not as it says", it.Key))
		}
		seen[it.ID] = true
	}
	return wrong
}

// StandingOf is what a signature of an item is worth for the item as it is in a
// snapshot. It holds for the content and the links that were signed, whatever
// the number of the revision that has them.
//
// goldthread:implements SRS-104
func StandingOf(it record.SignedItem, now *project.Snapshot) Standing {
	h, there := now.ByID(it.ID)
	if !there || !now.Node(h).Present() {
		return Retired
	}
	if is := RevisionOf(now, h); is.Content != it.Content || is.Links != it.Links {
		return Superseded
	}
	return Valid
}

// Line prints a signature as it stands wherever a signed record is shown: who,
// with which meaning, when, and how it is to be read [21 CFR 11.50(b)].
func Line(op record.Sign) string {
	when := strings.TrimSuffix(op.Time, "Z")
	if t, err := record.ParseTime(op.Time); err == nil {
		when = t.Format("2006-01-02 15:04:05")
	}
	kind, err := KindOf(op.Credential)
	if err != nil {
		kind = "of a kind that is not known"
	}
	return fmt.Sprintf("%s, %s, %s UTC (%s)", op.Name, op.Meaning, when, kind)
}
