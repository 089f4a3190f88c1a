package workspace

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Rules about what a text cannot bring into a ledger.
const (
	RuleKeyTaken      = "key-taken"
	RuleKindChanged   = "kind-changed"
	RuleUnsigned      = "unsigned-confirmation"
	RuleNoKey         = "no-key"
	remedyRekey       = "run goldthread rekey and push again: a key is never given twice"
	remedyDocumentKey = "give the document a key in its front matter: key: DOC-9"
)

// Pushed is what a text changes in a ledger.
type Pushed struct {
	// Operations bring the state to the text, in an order that folds. There are
	// none where nothing changed, or where a finding is an error.
	Operations []record.Operation
	// Lock is that of the text afterwards; its Origin is still the old one.
	Lock *Lock
	// Files are those whose content the ledger does not know yet.
	Files    []record.File
	Findings []finding.Finding
}

// Push says what must happen in a ledger so that it holds what the text holds.
// The text must begin with the state: Merge brings it there. Items that are new
// get identities from random, and new links are recorded as fmt does it: whoever
// writes a link down has seen both ends. States, signatures and memberships stay
// as they are, and so does what a text cannot show.
//
// goldthread:implements SRS-111
func Push(st State, ours *Text, random io.Reader) (*Pushed, error) {
	text, err := Checkout(st)
	if err != nil {
		return nil, err
	}
	p := &push{State: st, random: random, out: &Pushed{}}
	if p.base, err = sideOf(text, nil); err != nil {
		return nil, err
	}
	found, err := sideOf(ours, p.base)
	if err != nil {
		return nil, err
	}
	if err := p.identities(found, ours); err != nil {
		return nil, err
	}
	p.refuse()
	if err := errorsOf(p.out.Findings, ""); err != nil {
		return p.out, nil
	}
	if err := p.record(); err != nil {
		return nil, err
	}
	if err := p.operations(); err != nil {
		return nil, err
	}
	p.files()
	return p.out, nil
}

// push is a push under way.
type push struct {
	State
	random     io.Reader
	base, ours *side
	out        *Pushed
}

func (p *push) report(rule string, severity finding.Severity, key record.Key, file string, line int, message, remedy string) {
	p.out.Findings = append(p.out.Findings, finding.Finding{Rule: rule, Severity: severity, Item: key, File: file, Line: line, Column: 1, Message: message, Remedy: remedy})
}

// identities gives what is new its identities, and finds the text by them.
func (p *push) identities(found *side, ours *Text) error {
	t := *ours
	t.Lock = ours.Lock.Clone()
	keep := map[record.Key]LockItem{}
	for _, d := range found.docs {
		if err := p.identity(keep, d.id, d.doc.Key()); err != nil {
			return err
		}
		for _, it := range d.items {
			if err := p.identity(keep, it.id, it.Key); err != nil {
				return err
			}
		}
	}
	t.Lock.Items = keep
	var err error
	p.ours, err = sideOf(&t, nil)
	return err
}

// identity keeps an identity that the ledger knows or can know, and gives a new
// one in place of others: of items out of use, which stay so, and of those that
// are made of a key.
func (p *push) identity(keep map[record.Key]LockItem, id record.ID, key record.Key) error {
	h, known := p.Snapshot.ByID(id)
	switch {
	case known && p.Snapshot.Node(h).Present():
	case known, p.base.has(id), id == unknownID(key), id == record.ProvisionalID(key):
		id = record.ID{}
		if _, err := io.ReadFull(p.random, id[:]); err != nil {
			return fault.New(fault.Internal, "no randomness for the identity of an item", err)
		}
	}
	keep[key] = LockItem{ID: id}
	return nil
}

// refuse finds what no operation can bring into the ledger.
func (p *push) refuse() {
	for _, d := range p.ours.docs {
		key := d.doc.Key()
		if _, err := record.ParseKey(string(key)); err != nil {
			p.report(RuleNoKey, finding.Error, "", d.doc.Path, 1, fmt.Sprintf("%s: the path makes no key: %v", d.doc.Path, err), remedyDocumentKey)
		}
		p.refuseKey(d.id, key, documentKind, d.doc.Path, 1, remedyDocumentKey)
		for _, it := range d.items {
			p.refuseKey(it.id, it.Key, it.Kind, d.doc.Path, it.Line, remedyRekey)
		}
	}
}

// refuseKey reports a key that another item has, or had until it went out of
// use, and a kind that another key prefix would give an item.
func (p *push) refuseKey(id record.ID, key record.Key, kind record.Kind, file string, line int, remedy string) {
	if h, ok := p.Snapshot.ByID(id); ok {
		if n := p.Snapshot.Node(h); n.Item.Kind != kind && !(p.base.doc[id] != nil && kind == documentKind) {
			p.report(RuleKindChanged, finding.Error, key, file, line, fmt.Sprintf("%s was of the kind %s and cannot become a %s", n.Item.Key, n.Item.Kind, kind),
				"write a new item, and take the old one out")
		}
	}
	h, ok := p.Snapshot.ByKey(key)
	if !ok || p.Snapshot.Node(h).Missing {
		return
	}
	n := p.Snapshot.Node(h)
	switch {
	case n.Item.ID == id:
	case !n.Present():
		p.report(RuleKeyTaken, finding.Error, key, file, line, fmt.Sprintf("%s is the key of an item that was taken out of use", key), remedy)
	case !p.ours.has(n.Item.ID):
		p.report(RuleKeyTaken, finding.Error, key, file, line, fmt.Sprintf("%s is the key of another item, which this push takes out of use", key), remedy)
	}
}

// record makes the lock of the text: identities, hashes, and for each link what
// counts of its confirmation.
func (p *push) record() error {
	t := p.ours.text
	lock := t.Lock
	for _, it := range p.ours.order {
		for _, l := range it.Links {
			name := LinkName(it.Key, l.Verb, l.Target)
			line, ok := lock.Links[name]
			was := p.linkOf(it.id, l.Verb, p.ours.end(l.Target))
			_, there := p.ours.byKey[record.Key(l.Target)]
			if was == nil || was.Confirmed.IsZero() && (!there || p.Snapshot.Node(was.Target).Missing) {
				continue // it is recorded as soon as both ends are there
			}
			lock.Links[name] = p.confirmation(it, l, line, ok, was)
		}
	}
	s, err := t.Fold()
	if err != nil {
		return err
	}
	p.out.Lock, err = t.Record(s, bytes.NewReader(nil))
	return err
}

// confirmation decides what a link that the ledger has counts as: what it is
// there, unless a person has confirmed it since by name.
func (p *push) confirmation(it *sideItem, l Link, line LockLink, ok bool, was *project.Link) LockLink {
	if ok && (line.Confirmed == was.Confirmed || line.Person != "") {
		return line
	}
	if ok {
		p.report(RuleUnsigned, finding.Warning, it.Key, LockFile, line.Line, fmt.Sprintf("the lock has %s as confirmed by nobody; the ledger keeps its own confirmation", LinkName(it.Key, l.Verb, l.Target)),
			"look at both ends, then run goldthread confirm")
	}
	return LockLink{Confirmed: was.Confirmed}
}

// linkOf is the link of the ledger that leads from an item to an end of the
// text; nil if there is none.
func (p *push) linkOf(source record.ID, verb record.Verb, end string) *project.Link {
	h, ok := p.Snapshot.ByID(source)
	if !ok {
		return nil
	}
	for e := range p.Snapshot.Out(h).All() {
		if p.Snapshot.Verb(e.Verb) == verb && p.end(e.Node) == end {
			return p.Snapshot.Link(e.Link)
		}
	}
	return nil
}

// end names the end of a link of the ledger as the text would name it.
func (p *push) end(target project.Handle) string {
	n := p.Snapshot.Node(target)
	if !n.Missing && p.ours.has(n.Item.ID) {
		return n.Item.ID.String()
	}
	return p.ours.end(record.Ref(n.Item.Key))
}

// files lists the files of the text that the ledger does not have.
func (p *push) files() {
	known := map[record.File]bool{}
	for _, f := range p.base.text.Attached() {
		known[f] = true
	}
	p.out.Files = slices.DeleteFunc(p.ours.text.Attached(), func(f record.File) bool { return known[f] })
}
