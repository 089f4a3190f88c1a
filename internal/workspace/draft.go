package workspace

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Names of the foreign fields in which a document keeps what only text needs.
const (
	PathField  = "workspace/path"
	FrontField = "workspace/front"
)

// Place is where in the text an operation came from.
type Place struct {
	File         string
	Line, Column int
}

// Draft collects the operations of one reading of a folder: one change, from
// which a Snapshot is folded. It is the Source of that Snapshot.
type Draft struct {
	Findings []finding.Finding
	ops      []record.Operation
	places   []Place
	known    map[record.Key]claimed
	lock     *Lock
}

// claimed is who has a key.
type claimed struct {
	id    record.ID
	place int32 // index of where it stands
}

// NewDraft begins a draft whose identities and confirmations come from lock.
func NewDraft(lock *Lock, items int) *Draft {
	return &Draft{lock: lock, known: make(map[record.Key]claimed, items),
		ops: make([]record.Operation, 0, 2*items+16), places: make([]Place, 0, 2*items+16)}
}

// Add appends one operation.
func (d *Draft) Add(op record.Operation, at Place) {
	d.ops = append(d.ops, op)
	d.places = append(d.places, at)
}

// Operations are those collected so far.
func (d *Draft) Operations() []record.Operation { return d.ops }

// Operation makes the draft a project.Source.
func (d *Draft) Operation(p project.Position) (record.Operation, error) {
	if p.Operation < 0 || int(p.Operation) >= len(d.ops) {
		return nil, fmt.Errorf("internal: no operation %d in the draft", p.Operation)
	}
	return d.ops[p.Operation], nil
}

// Place says where the operation at p came from.
func (d *Draft) Place(p project.Position) Place {
	if p.Operation < 0 || int(p.Operation) >= len(d.places) {
		return Place{}
	}
	return d.places[p.Operation]
}

// claim gives a key its identity: that of the lock, else a provisional one. The
// operation that is added next says where it stands. A key that is already there
// is a finding that names both places.
//
// goldthread:implements SRS-24
func (d *Draft) claim(key record.Key, at Place) (record.ID, bool) {
	if first, taken := d.known[key]; taken {
		before := d.places[first.place]
		d.Findings = append(d.Findings, finding.Finding{Rule: RuleDuplicateKey, Severity: finding.Error, Item: key, File: at.File, Line: at.Line, Column: at.Column,
			Message: fmt.Sprintf("%s is already the key of the item at %s:%d; this one was not read", key, before.File, before.Line),
			Remedy:  "run goldthread mend, or give one of them another key with goldthread rekey"})
		return record.ID{}, false
	}
	var id record.ID
	if known, ok := d.lock.Items[key]; ok {
		id = known.ID
	} else {
		id = record.ProvisionalID(key)
	}
	d.known[key] = claimed{id, int32(len(d.ops))}
	return id, true
}

// link is a link from source to what a key names, resolved or not.
func (d *Draft) link(source record.ID, verb record.Verb, target record.Ref, confirmed record.Confirmation) record.AddLink {
	l := record.Link{Verb: verb, Source: source, Confirmed: confirmed}
	if known, ok := d.known[record.Key(target)]; ok {
		l.Target = known.id
	} else {
		l.Ref = target
	}
	return record.AddLink{Link: l}
}

// Part is a part of a draft that is made beside others and joined to it later.
// It knows what the draft knew when it was begun, and claims no keys.
type Part struct {
	draft       *Draft
	puts, links []record.Operation
	putAt       []Place
	linkAt      []Place
	name        []byte
}

// Part begins a part of about so many items and links. The draft must not change
// until all parts are made.
func (d *Draft) Part(puts, links int) *Part {
	return &Part{draft: d, puts: make([]record.Operation, 0, puts), putAt: make([]Place, 0, puts),
		links: make([]record.Operation, 0, links), linkAt: make([]Place, 0, links)}
}

// Join adds the operations of parts: first all items, then all links.
func (d *Draft) Join(parts ...*Part) {
	n := 0
	for _, p := range parts {
		n += len(p.puts) + len(p.links)
	}
	d.ops, d.places = slices.Grow(d.ops, n), slices.Grow(d.places, n)
	for _, p := range parts {
		d.ops, d.places = append(d.ops, p.puts...), append(d.places, p.putAt...)
	}
	for _, p := range parts {
		d.ops, d.places = append(d.ops, p.links...), append(d.places, p.linkAt...)
	}
}

// Put adds an item that stands in no document: a tagged place in the code. It
// has its identity already, and nothing links to it by its key.
func (p *Part) Put(it record.Item, at Place) {
	p.puts, p.putAt = append(p.puts, record.PutItem{Item: it}), append(p.putAt, at)
}

// Link adds a link from source to what a key names, resolved or not.
func (p *Part) Link(source record.ID, verb record.Verb, target record.Ref, confirmed record.Confirmation, at Place) {
	p.links, p.linkAt = append(p.links, p.draft.link(source, verb, target, confirmed)), append(p.linkAt, at)
}

// Documents adds all documents: first their items, then their outlines, then the
// links.
func (d *Draft) Documents(docs []*Document) {
	read := make([][]record.ID, len(docs))
	outlines := &Part{}
	for i, doc := range docs {
		read[i] = d.document(doc, outlines)
	}
	d.Join(outlines)
	parts := make([]*Part, len(docs))
	parallel.Each(len(docs), func(i int) { parts[i] = d.linksOf(docs[i], read[i]) })
	d.Join(parts...)
}

// linksOf makes the part of a draft that holds the links of one document.
func (d *Draft) linksOf(doc *Document, ids []record.ID) *Part {
	p := d.Part(0, 2*len(ids))
	n := 0
	for it := range doc.Items() {
		if id := ids[n]; !id.IsZero() {
			p.documentLinks(doc, it, id)
		}
		n++
	}
	return p
}

// document adds the items of one document, and its outline to a part for later.
// It returns the identities of the items, zero for one that was not taken.
func (d *Draft) document(doc *Document, outlines *Part) []record.ID {
	at := Place{doc.Path, 1, 1}
	docID, ok := d.claim(doc.Key(), at)
	if ok {
		d.Add(record.PutItem{Item: documentItem(doc, docID)}, at)
	}
	var ids []record.ID
	outline := make([]record.Block, 0, len(doc.Blocks))
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		block := record.Block{Level: b.Level, Heading: b.Heading, Prose: b.Prose}
		if b.Item == nil {
			outline = append(outline, block)
			continue
		}
		at := Place{cmp.Or(b.Item.File, doc.Path), b.Item.Line, b.Level + 2}
		id, ok := d.claim(b.Item.Key, at)
		ids = append(ids, id)
		if !ok {
			continue
		}
		it := b.Item.Item
		it.ID = id
		d.Add(record.PutItem{Item: it}, at)
		block.Item = id
		outline = append(outline, block)
	}
	if ok {
		outlines.puts, outlines.putAt = append(outlines.puts, record.Place{Document: docID, Outline: outline}), append(outlines.putAt, at)
	}
	return ids
}

func documentItem(doc *Document, id record.ID) record.Item {
	it := record.Item{ID: id, Key: doc.Key(), Kind: schema.KindDOC, Title: doc.Title(), Language: doc.Meta.Language,
		Fields: []record.Field{{Name: PathField, Values: []string{doc.Path}}}}
	if doc.Front != "" {
		it.Fields = append(it.Fields, record.Field{Name: FrontField, Values: []string{trimEmptyLines(doc.Front)}})
	}
	it.SortFields()
	return it
}

func (p *Part) documentLinks(doc *Document, it *Item, id record.ID) {
	for _, l := range it.Links {
		confirmed := l.Confirmed
		if !l.Known {
			p.name = appendLinkName(p.name[:0], it.Key, l.Verb, l.Target)
			confirmed = p.draft.lock.Links[string(p.name)].Confirmed
		}
		p.Link(id, l.Verb, l.Target, confirmed, Place{cmp.Or(l.File, it.File, doc.Path), l.Line, l.Column})
	}
}
