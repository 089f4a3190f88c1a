package doorstop

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// link gives entries their links. A link that another item says of this one is written where Doorstop has it.
func (w *writer) link() {
	index := w.index()
	verbs := map[string]int{}
	for _, t := range w.documents {
		for _, e := range t.entries {
			for i := range e.item.Links {
				l := &e.item.Links[i]
				if w.tree.Backwards[l.Verb] != "" {
					w.backwards(e, l)
				} else {
					w.forwards(e, l, index)
				}
				if l.Verb != parentVerb {
					verbs[l.Verb]++
				}
				w.linkLosses(e, l)
			}
		}
	}
	for _, t := range w.documents {
		for _, e := range t.entries {
			w.tidy(e)
		}
	}
	for _, verb := range slices.Sorted(maps.Keys(verbs)) {
		w.lose(exchange.Position{}, "", fmt.Sprintf("verb %s of %d links", verb, verbs[verb]), "Doorstop has one sort of links; they are written as that")
	}
}

// index finds entries as Doorstop finds items: of those that are one to it, the first file.
func (w *writer) index() map[uid]*written {
	all := w.all()
	slices.SortStableFunc(all, func(a, b *written) int { return strings.Compare(a.path, b.path) })
	index := map[uid]*written{}
	for _, e := range all {
		if id, ok := parseUID(e.name); ok && index[id] == nil {
			index[id] = e
		}
	}
	return index
}

func (w *writer) forwards(e *written, l *exchange.Link, index map[uid]*written) {
	name := l.Target
	if to := w.byName[l.Target]; e.document.own && l.Written != "" {
		name = l.Written
	} else if to != nil {
		name = to.name
	} else if !e.document.own && !validUID(name) {
		w.lose(l.At, e.item.Key, strings.TrimSpace(l.Verb+" "+l.Target), "its target is no item of the tree and no UID of Doorstop")
		return
	}
	id, ok := parseUID(name)
	to := index[id]
	if !ok {
		to = nil
	}
	e.links = append(e.links, link{source: l, name: name, to: to})
}

// backwards writes a link at its source.
func (w *writer) backwards(e *written, l *exchange.Link) {
	source := w.byName[l.Target]
	if source == nil {
		w.lose(l.At, e.item.Key, l.Verb+" "+l.Target, "the item that links is not there")
		return
	}
	source.links = append(source.links, link{source: l, name: e.name, to: e})
}

func (w *writer) linkLosses(e *written, l *exchange.Link) {
	for _, f := range l.Fields {
		w.lose(f.At, e.item.Key, f.Name+" of the link to "+l.Target, "links have no attributes in Doorstop")
	}
	if l.ID != "" {
		w.lose(l.At, e.item.Key, "identity of the link to "+l.Target, "links have none in Doorstop")
	}
}

// tidy writes each link once and in the order of Doorstop, which a tree of its own has already.
func (w *writer) tidy(e *written) {
	if e.document.own || len(e.links) < 2 {
		return
	}
	seen := map[string]bool{}
	e.links = slices.DeleteFunc(e.links, func(l link) bool {
		twice := seen[l.name]
		seen[l.name] = true
		if twice {
			w.lose(l.source.At, e.item.Key, strings.TrimSpace(l.source.Verb+" "+l.source.Target), "there is one link between two items in Doorstop, and another leads there")
		}
		return twice
	})
	slices.SortStableFunc(e.links, func(a, b link) int {
		x, _ := parseUID(a.name)
		y, _ := parseUID(b.name)
		return x.compare(y)
	})
}

// parents gives documents that have none the parent that most of their links lead to, and all but one a parent: Doorstop
// takes one root only.
func (w *writer) parents() {
	byPrefix := map[string]*target{}
	for _, t := range w.documents {
		byPrefix[strings.ToLower(t.prefix)] = t
	}
	under := func(t, above *target) bool { // above is t or hangs below it
		for range w.documents {
			if above == nil || above == t {
				return above == t
			}
			above = byPrefix[strings.ToLower(above.parent)]
		}
		return true // a circle
	}
	for _, t := range w.documents {
		if t.own {
			continue
		}
		if named := w.documentNamed(t.source.Parent); named != nil && !under(t, named) {
			t.parent = named.prefix
			continue
		}
		for _, above := range t.votes() {
			if !under(t, above) {
				t.parent = above.prefix
				break
			}
		}
	}
	root := w.root(under)
	for _, t := range w.documents {
		if t.parent == "" && !t.own && t != root && !under(t, root) {
			t.parent = root.prefix
			w.lose(t.source.At, "", "document "+t.prefix, fmt.Sprintf("it hangs below none, but Doorstop takes one root; it is written below %s", root.prefix))
		}
	}
}

// root is the document without a parent that most others hang below, the first of those.
func (w *writer) root(under func(t, above *target) bool) *target {
	var root *target
	most := -1
	for _, t := range w.documents {
		if t.parent != "" {
			continue
		}
		below := 0
		for _, other := range w.documents {
			if under(t, other) {
				below++
			}
		}
		if below > most {
			root, most = t, below
		}
	}
	return root
}

func (w *writer) documentNamed(key string) *target {
	for _, t := range w.documents {
		if key != "" && t.source.Key == key {
			return t
		}
	}
	return nil
}

// votes are the other documents that the links of a document lead to, the most wanted first.
func (t *target) votes() []*target {
	counts := map[*target]int{}
	var all []*target
	for _, e := range t.entries {
		for _, l := range e.links {
			if l.to != nil && l.to.document != t {
				if counts[l.to.document]++; counts[l.to.document] == 1 {
					all = append(all, l.to.document)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *target) int { return cmp.Compare(counts[b], counts[a]) })
	return all
}

// noStamp is a fingerprint that no item has: that of nothing.
var noStamp = func() string {
	sum := sha256.Sum256(nil)
	return base64.URLEncoding.EncodeToString(sum[:])
}()

// linkStamp is the fingerprint that a link is written with; empty for none.
func (l link) linkStamp() string {
	now := ""
	if l.to != nil {
		now, _ = l.to.stamps()
	}
	written := l.source.Fingerprint
	switch l.source.State {
	case exchange.Confirmed:
		return now
	case exchange.Suspect:
		if written == "" || written == now {
			return noStamp
		}
	case exchange.Unconfirmed:
		if written == now {
			return written
		}
		if l.to != nil && now != "" {
			return "" // Doorstop would take any other for that of a changed item
		}
	}
	return written
}

// reviewStamp is the fingerprint that an item is written with.
func (e *written) reviewStamp() string {
	review := e.item.Review
	switch review.State {
	case exchange.Reviewed:
		_, own := e.stamps()
		return own
	case exchange.NotReviewed:
		return ""
	case exchange.ReviewChanged:
		if _, own := e.stamps(); review.Fingerprint == "" || review.Fingerprint == own {
			return noStamp
		}
	}
	return review.Fingerprint
}
