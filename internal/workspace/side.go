package workspace

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

// side is a text seen by identities, so that it can be compared with another
// state of the same project, whatever keys and paths it has there.
type side struct {
	text  *Text
	docs  []*sideDocument // in the order of paths
	doc   map[record.ID]*sideDocument
	items map[record.ID]*sideItem
	order []*sideItem // as they are read
	byKey map[record.Key]record.ID
	files map[string]record.Hash // attached ones
}

type sideDocument struct {
	id    record.ID
	doc   *Document
	items []*sideItem // as they are read
}

type sideItem struct {
	*Item
	id    record.ID
	level int
	doc   record.ID
}

// sideOf finds the identities of a text: those of the lock. A document that the
// lock does not know is the one of base, if any, that had its path or most of its
// items. What nobody knows has an identity that is made of its key and holds as
// long as the comparison.
func sideOf(t *Text, base *side) (*side, error) {
	if err := t.whole(); err != nil {
		return nil, err
	}
	s := &side{text: t, doc: map[record.ID]*sideDocument{}, items: map[record.ID]*sideItem{}, byKey: map[record.Key]record.ID{}, files: map[string]record.Hash{}}
	for _, d := range t.Documents {
		sd := &sideDocument{doc: d, id: t.Lock.Items[d.Key()].ID}
		s.docs = append(s.docs, sd)
		for i := range d.Blocks {
			if it := d.Blocks[i].Item; it != nil {
				sd.items = append(sd.items, &sideItem{Item: it, id: t.identity(it.Key), level: d.Blocks[i].Level})
			}
		}
	}
	s.documentIdentities(base)
	return s, s.index()
}

func (t *Text) identity(key record.Key) record.ID {
	if known, ok := t.Lock.Items[key]; ok {
		return known.ID
	}
	return unknownID(key)
}

// unknownID is the identity of what no lock knows, within one comparison.
func unknownID(key record.Key) record.ID {
	sum := sha256.Sum256([]byte("goldthread unknown identity 1\n" + string(key)))
	return record.ID(sum[:len(record.ID{})])
}

// whole is an error where something of the text could not be read, or is there
// twice: comparing it would take that for a removal.
func (t *Text) whole() error {
	var faults []error
	for _, f := range t.Unread() {
		faults = append(faults, fmt.Errorf("%s:%d: %s", f.File, f.Line, f.Message))
	}
	if len(t.Unread()) == 0 {
		seen := map[record.Key]string{}
		for _, d := range t.Documents {
			if before, twice := seen[d.Key()]; twice {
				faults = append(faults, fmt.Errorf("%s and %s are both the document %s", before, d.Path, d.Key()))
			}
			seen[d.Key()] = d.Path
			for it := range d.Items() {
				if before, twice := seen[it.Key]; twice {
					faults = append(faults, fmt.Errorf("%s is there twice, in %s and in %s", it.Key, before, d.Path))
				}
				seen[it.Key] = d.Path
			}
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "the text has faults that must be mended first", errors.Join(faults...)).WithHint("goldthread check")
}

// documentIdentities finds out which documents the lock does not know are old
// ones at another path or under another key.
func (s *side) documentIdentities(base *side) {
	taken := map[record.ID]bool{}
	for _, d := range s.docs {
		taken[d.id] = true
	}
	for _, find := range []func(*sideDocument, *side) record.ID{samePath, mostItems} {
		for _, d := range s.docs {
			if !d.id.IsZero() || base == nil {
				continue
			}
			if id := find(d, base); !taken[id] {
				d.id, taken[id] = id, true
			}
		}
	}
	for _, d := range s.docs {
		if d.id.IsZero() {
			d.id = unknownID(d.doc.Key())
		}
		for _, it := range d.items {
			it.doc = d.id
		}
	}
}

func samePath(d *sideDocument, base *side) record.ID {
	for _, b := range base.docs {
		if b.doc.Path == d.doc.Path {
			return b.id
		}
	}
	return record.ID{}
}

// mostItems is the document of base that held more than half of the items which
// both know.
func mostItems(d *sideDocument, base *side) record.ID {
	from := map[record.ID]int{}
	known := 0
	for _, it := range d.items {
		if b, ok := base.items[it.id]; ok {
			from[b.doc]++
			known++
		}
	}
	for id, n := range from {
		if 2*n > known {
			return id
		}
	}
	return record.ID{}
}

// index makes identities and keys findable.
func (s *side) index() error {
	var faults []error
	claim := func(id record.ID, key record.Key) {
		if s.doc[id] != nil || s.items[id] != nil {
			faults = append(faults, fmt.Errorf("%s has the identity of another item; remove its line from %s", key, LockFile))
		}
		s.byKey[key] = id
	}
	for _, d := range s.docs {
		claim(d.id, d.doc.Key())
		s.doc[d.id] = d
		for _, it := range d.items {
			claim(it.id, it.Key)
			s.items[it.id] = it
			s.order = append(s.order, it)
			for _, f := range it.Files {
				s.files[f.Name] = f.Hash
			}
		}
	}
	if len(faults) > 0 {
		return fault.New(fault.Invalid, "two items have one identity", errors.Join(faults...))
	}
	return nil
}

// end names what a link of the side leads to: an identity, or the reference as
// it is written where the side has no such item.
func (s *side) end(target record.Ref) string {
	if id, ok := s.byKey[record.Key(target)]; ok {
		return id.String()
	}
	return string(target)
}

// has reports whether the side has an item or document of the identity.
func (s *side) has(id record.ID) bool { return s.items[id] != nil || s.doc[id] != nil }

// key is the key that the side has for an identity.
func (s *side) key(id record.ID) record.Key {
	if it := s.items[id]; it != nil {
		return it.Key
	}
	if d := s.doc[id]; d != nil {
		return d.doc.Key()
	}
	return ""
}

// outline is a document as the ledger has its order.
func (s *side) outline(d *sideDocument) []record.Block {
	out := make([]record.Block, 0, len(d.doc.Blocks))
	items := d.items
	for i := range d.doc.Blocks {
		b := &d.doc.Blocks[i]
		if b.Item == nil {
			out = append(out, record.Block{Level: b.Level, Heading: b.Heading, Prose: b.Prose})
			continue
		}
		out = append(out, record.Block{Level: b.Level, Item: items[0].id})
		items = items[1:]
	}
	return out
}
