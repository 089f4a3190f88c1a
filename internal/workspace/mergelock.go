package workspace

import (
	"github.com/goldthread/goldthread/internal/record"
)

// lock merges the lock: identities with their hashes as they are here, and the
// confirmation of each link by itself. A contradiction stays in it as two lines,
// which check reports and mend settles.
func (m *merger) lock() {
	l := NewLock()
	l.Present, l.Origin = true, m.theirs.text.Lock.Origin
	m.out.Text.Lock = l
	for _, d := range m.docs {
		if !m.unknown(d.id) {
			it := documentItem(d.doc, d.id)
			m.lockItem(d.doc.Key(), d.theirs != nil, LockItem{ID: d.id, Content: it.ContentHash(), Links: record.LinkSetHash(nil)})
		}
	}
	for _, id := range m.order {
		it := m.items[id]
		shown := it.here
		if shown == nil {
			shown = it.theirs.Item
		}
		if !m.unknown(id) {
			m.lockItem(it.key(), it.theirs != nil, LockItem{ID: id, Content: shown.ContentHash(), Links: m.linkSet(it)})
		}
		for i := range it.links {
			m.lockLink(it, &it.links[i])
		}
	}
}

// unknown reports whether no lock and no ledger has named the identity yet.
func (m *merger) unknown(id record.ID) bool {
	for _, s := range []*side{m.base, m.theirs, m.ours} {
		if key := s.key(id); key != "" && id == unknownID(key) {
			return true
		}
	}
	return false
}

// lockItem adds the line of an item. Of two with one key, that of the ledger
// comes first: its key is the one that others know.
func (m *merger) lockItem(key record.Key, inLedger bool, line LockItem) {
	l := m.out.Text.Lock
	before, twice := l.Items[key]
	switch {
	case !twice:
		l.Items[key] = line
	case inLedger:
		l.Items[key] = line
		l.OtherItems[key] = append(l.OtherItems[key], before)
	default:
		l.OtherItems[key] = append(l.OtherItems[key], line)
	}
}

// linkSet is the link-set hash of an item of the result.
func (m *merger) linkSet(it *mergedItem) record.Hash {
	var links []record.Link
	for i := range it.links {
		l := &it.links[i]
		link := record.Link{Verb: l.verb, Ref: l.written(m)}
		if key := m.keyOf(l.id); !l.id.IsZero() && key != "" {
			if link.Target, link.Ref = l.id, ""; m.unknown(l.id) {
				link.Target = record.ProvisionalID(key)
			}
		}
		links = append(links, link)
	}
	return record.LinkSetHash(links)
}

// lockLink merges the confirmation of one link.
func (m *merger) lockLink(it *mergedItem, l *mergedLink) {
	of := func(s *side, x *sideItem, target record.Ref) (LockLink, bool) {
		if x == nil || target == "" {
			return LockLink{}, false
		}
		line, ok := s.text.Lock.Links[LinkName(x.Key, l.verb, target)]
		return line, ok
	}
	base, hasBase := of(m.base, it.base, l.base)
	ours, hasOurs := of(m.ours, it.ours, l.ours)
	theirs, hasTheirs := of(m.theirs, it.theirs, l.theirs)
	lock := m.out.Text.Lock
	name := LinkName(it.key(), l.verb, l.written(m))
	if _, twice := lock.Links[name]; twice || !hasOurs && !hasTheirs {
		return
	}
	if m.keyOf(l.id) == "" && ours.Confirmed.IsZero() && theirs.Confirmed.IsZero() {
		return // nothing that anybody could have seen
	}
	switch {
	case !hasTheirs, hasOurs && ours.Confirmed == theirs.Confirmed:
		lock.Links[name] = ours
	case !hasOurs, ours.Person == "", hasBase && ours.Confirmed == base.Confirmed:
		lock.Links[name] = theirs // nobody has looked at it here since
	case hasBase && theirs.Confirmed == base.Confirmed:
		lock.Links[name] = ours
	default:
		lock.Links[name] = theirs
		lock.OtherLinks[name] = append(lock.OtherLinks[name], ours)
		m.conflict(Conflict{Item: it.id, Key: it.sideKey(), File: LockFile, Part: "link " + string(l.verb) + " " + string(l.written(m)),
			Base: shownLine(base), Ours: shownLine(ours), Theirs: shownLine(theirs)})
	}
}

// shownLine is a confirmation as the lock has it.
func shownLine(l LockLink) string {
	if l.Confirmed.IsZero() {
		return ""
	}
	return string(l.line(nil, "…"))
}
