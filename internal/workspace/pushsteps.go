package workspace

import (
	"fmt"
	"slices"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// operations lists the steps in an order that folds: links go before the keys
// they are named by, keys are free before they are given, items are there before
// they are placed, and have their place before others go out of use.
func (p *push) operations() error {
	puts, err := p.puts()
	p.out.Operations = slices.Concat(p.settings(), p.unlinks(), p.rekeys(), puts, p.places(), p.retires(), p.links())
	return err
}

// settings takes over goldthread.yaml.
func (p *push) settings() []record.Operation {
	was, now := p.Snapshot.Settings(), p.ours.text.Config
	if was.Schema == now.Raw {
		return nil
	}
	return []record.Operation{record.Settings{Title: now.Title, Schema: now.Raw, Catalogue: was.Catalogue, Rules: was.Rules}}
}

// unlinks removes the links that the text does not have any more. Those of items
// that go out of use stay with them.
func (p *push) unlinks() []record.Operation {
	var out []record.Operation
	for _, b := range p.base.order {
		it := p.ours.items[b.id]
		if it == nil {
			continue
		}
		has := map[string]bool{}
		for _, l := range it.Links {
			has[string(l.Verb)+" "+p.ours.end(l.Target)] = true
		}
		h, _ := p.Snapshot.ByID(b.id)
		for e := range p.Snapshot.Out(h).All() {
			if name := string(p.Snapshot.Verb(e.Verb)) + " " + p.end(e.Node); !has[name] {
				l := p.Snapshot.RecordLink(p.Snapshot.Link(e.Link))
				out = append(out, record.Unlink{Source: l.Source, Verb: l.Verb, Target: l.Target, Ref: l.Ref})
			}
		}
	}
	return out
}

// rekeys gives items their new keys, those whose key is free first. Where keys
// go round in a circle, one item has another key on the way.
func (p *push) rekeys() []record.Operation {
	var out []record.Operation
	var waiting []record.Rekey
	holder := map[record.Key]record.ID{}
	want := func(id record.ID, key record.Key) {
		h, known := p.Snapshot.ByID(id)
		if !known {
			return
		}
		if was := p.Snapshot.Node(h).Item.Key; was != key {
			holder[was] = id
			waiting = append(waiting, record.Rekey{ID: id, Key: key})
		}
	}
	for _, d := range p.ours.docs {
		want(d.id, d.doc.Key())
		for _, it := range d.items {
			want(it.id, it.Key)
		}
	}
	give := func(op record.Rekey) {
		for was, id := range holder {
			if id == op.ID {
				delete(holder, was)
			}
		}
		out = append(out, op)
	}
	for len(waiting) > 0 {
		blocked := slices.DeleteFunc(slices.Clone(waiting), func(op record.Rekey) bool {
			_, taken := holder[op.Key]
			if !taken {
				give(op)
			}
			return !taken
		})
		if len(blocked) == len(waiting) {
			aside := record.Rekey{ID: waiting[0].ID, Key: p.spare(waiting[0].Key)}
			give(aside)
			holder[aside.Key] = aside.ID
		}
		waiting = blocked
	}
	return out
}

// spare is a key that nobody has: the given one with a further number.
func (p *push) spare(key record.Key) record.Key {
	for n := 1; ; n++ {
		spare := record.Key(fmt.Sprintf("%s.%d", key, n))
		if _, taken := p.Snapshot.ByKey(spare); !taken && p.ours.byKey[spare].IsZero() {
			return spare
		}
	}
}

// puts makes items and documents that are new, and revisions of those that
// changed.
func (p *push) puts() ([]record.Operation, error) {
	var out []record.Operation
	for _, d := range p.ours.docs {
		it, changed, err := p.documentPut(d)
		if err != nil {
			return nil, err
		}
		if changed {
			out = append(out, record.PutItem{Item: it})
		}
		for _, it := range d.items {
			if was := p.base.items[it.id]; was != nil && was.Language == it.Language && was.ContentHash() == it.ContentHash() {
				continue
			}
			put := it.Item.Item
			put.ID = it.id
			put.SortFields()
			out = append(out, record.PutItem{Item: put})
		}
	}
	return out, nil
}

// documentPut is the revision of a document that changed. What a file cannot
// show stays as it is.
func (p *push) documentPut(d *sideDocument) (it record.Item, changed bool, err error) {
	now := documentItem(d.doc, d.id)
	was := p.base.doc[d.id]
	if was == nil {
		return now, true, nil
	}
	before := documentItem(was.doc, d.id)
	same := before.Language == now.Language && before.ContentHash() == now.ContentHash()
	if same && slices.Equal(p.base.outline(was), p.ours.outline(d)) {
		return now, false, nil
	}
	h, _ := p.Snapshot.ByID(d.id)
	full, err := p.Snapshot.Full(p.Source, h)
	if err != nil {
		return now, false, err
	}
	for _, f := range full.Fields {
		if f.Name != PathField && f.Name != FrontField {
			now.Fields = append(now.Fields, f)
		}
	}
	now.Kind, now.Text, now.Files = full.Kind, full.Text, full.Files
	now.SortFields()
	return now, full.Language != now.Language || full.ContentHash() != now.ContentHash(), nil
}

// retires takes out of use what the text does not have any more.
func (p *push) retires() []record.Operation {
	var out []record.Operation
	for _, b := range p.base.order {
		if !p.ours.has(b.id) {
			out = append(out, record.Retire{ID: b.id})
		}
	}
	for _, d := range p.base.docs {
		if _, known := p.Snapshot.ByID(d.id); known && !p.ours.has(d.id) {
			out = append(out, record.Retire{ID: d.id})
		}
	}
	return out
}

// links makes the links that are new, and confirms those that a person has
// confirmed.
func (p *push) links() []record.Operation {
	var made, confirmed []record.Operation
	for _, it := range p.ours.order {
		for _, l := range it.Links {
			line := p.out.Lock.Links[LinkName(it.Key, l.Verb, l.Target)]
			end := record.Link{Verb: l.Verb, Source: it.id, Confirmed: line.Confirmed}
			if id, ok := p.ours.byKey[record.Key(l.Target)]; ok {
				end.Target = id
			} else {
				end.Ref = l.Target
			}
			was := p.linkOf(it.id, l.Verb, p.ours.end(l.Target))
			switch {
			case was == nil:
				made = append(made, record.AddLink{Link: end})
			case was.Confirmed != line.Confirmed:
				confirmed = append(confirmed, record.ConfirmLink{Source: end.Source, Verb: end.Verb, Target: end.Target, Ref: end.Ref,
					Confirmed: line.Confirmed, Person: line.Person, Reason: line.Reason})
			}
		}
	}
	return append(made, confirmed...)
}

// places gives documents their new outlines. An item leaves a document before
// it stands in another one.
func (p *push) places() []record.Operation {
	s := &seating{where: map[record.ID]record.ID{}, now: map[record.ID][]record.Block{}, then: map[record.ID][]record.Block{}}
	for h, n := range p.Snapshot.All() {
		s.sit(p.Snapshot, h, n)
	}
	for _, d := range p.ours.docs {
		outline := p.ours.outline(d)
		was := p.base.doc[d.id]
		if was == nil && len(outline) > 0 || was != nil && !slices.Equal(p.base.outline(was), outline) {
			s.then[d.id] = outline
			s.order = append(s.order, d.id)
		}
	}
	for _, it := range p.ours.order {
		if from, placed := s.where[it.id]; placed && from != it.doc && s.then[from] == nil {
			if !slices.Contains(s.leaving, from) {
				s.leaving = append(s.leaving, from)
			}
		}
	}
	return s.operations(p.ours)
}

// seating knows where items stand while they move.
type seating struct {
	where     map[record.ID]record.ID // item → document
	now, then map[record.ID][]record.Block
	order     []record.ID // documents with a new outline
	leaving   []record.ID // what is no document of the text, and loses items to one
	out       []record.Operation
}

func (s *seating) sit(snapshot *project.Snapshot, h project.Handle, n *project.Node) {
	if n.Outline != nil {
		s.now[n.Item.ID] = n.Outline.Blocks
	}
	if n.Document == project.NoHandle {
		return
	}
	document := snapshot.Node(n.Document)
	s.where[n.Item.ID] = document.Item.ID
	if document.Outline != nil {
		s.now[document.Item.ID] = document.Outline.Blocks
	}
}

func (s *seating) operations(ours *side) []record.Operation {
	for _, d := range s.leaving {
		s.empty(d, ours)
	}
	for waiting := s.order; len(waiting) > 0; {
		blocked := slices.DeleteFunc(slices.Clone(waiting), func(d record.ID) bool { return s.place(d, s.then[d]) })
		if len(blocked) == len(waiting) {
			for _, d := range blocked {
				s.empty(d, ours)
			}
		}
		waiting = blocked
	}
	return s.out
}

// place gives a document its outline, if no other one has its items.
func (s *seating) place(document record.ID, outline []record.Block) bool {
	for _, b := range outline {
		if from, placed := s.where[b.Item]; !b.Item.IsZero() && placed && from != document {
			return false
		}
	}
	for _, b := range s.now[document] {
		if s.where[b.Item] == document {
			delete(s.where, b.Item)
		}
	}
	for _, b := range outline {
		if !b.Item.IsZero() {
			s.where[b.Item] = document
		}
	}
	s.now[document] = outline
	s.out = append(s.out, record.Place{Document: document, Outline: outline})
	return true
}

// empty takes out of a document what will stand in another one.
func (s *seating) empty(document record.ID, ours *side) {
	left := slices.DeleteFunc(slices.Clone(s.now[document]), func(b record.Block) bool {
		it := ours.items[b.Item]
		return !b.Item.IsZero() && (s.where[b.Item] != document || it != nil && it.doc != document)
	})
	if len(left) < len(s.now[document]) {
		s.place(document, left)
	}
}
