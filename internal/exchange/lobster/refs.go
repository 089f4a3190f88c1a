package lobster

import (
	"fmt"
	"slices"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

const (
	upVerb   = "ref_up"
	downVerb = "ref_down"
)

// refs reads what an item traces to.
func (r *reader) refs(item *exchange.Item, verb string, list jsontree.Value) {
	r.each(item, verb, list, func(t tag, v jsontree.Value) {
		r.tree.Read.Links++
		item.Links = append(item.Links, r.link(verb, t, v))
	})
}

func (r *reader) link(verb string, t tag, v jsontree.Value) exchange.Link {
	l := exchange.Link{Verb: verb, Target: t.id, At: v.At()}
	if t.version != "" {
		l.Written, l.Fingerprint = v.Text(), t.version
	}
	return l
}

// refsDown keeps what traces to an item until all items are known.
func (r *reader) refsDown(item *exchange.Item, at place, list jsontree.Value) {
	r.each(item, downVerb, list, func(t tag, v jsontree.Value) {
		r.downs = append(r.downs, down{at, t, v.At()})
	})
}

// each visits the tags of a list of references.
func (r *reader) each(item *exchange.Item, verb string, list jsontree.Value, visit func(tag, jsontree.Value)) {
	bad := func(v jsontree.Value, why string) {
		r.tree.Read.Links++
		r.notes.Lose(exchange.Loss{At: v.At(), Item: item.ID, What: verb + " " + v.JSON(), Why: why, Links: 1})
		r.fault(v.At(), item.ID, true, fmt.Sprintf("a reference of %s is not read: %s", item.ID, why), `write a tag, such as "req pump.stop"`)
	}
	if list.Kind() != jsontree.Array && !list.Empty() {
		bad(list, "it is not a list of tags")
	}
	for v := range list.Elements() {
		if t, ok := parseTag(v.Text()); ok && v.Kind() == jsontree.String {
			visit(t, v)
		} else {
			bad(v, "it is not a namespace and a name")
		}
	}
}

// finish says which targets are there and in which version, and keeps what only the target of a reference says.
func (r *reader) finish() {
	there := map[[2]string]bool{}
	for i := range r.tree.Documents {
		for j := range r.tree.Documents[i].Items {
			item := &r.tree.Documents[i].Items[j]
			for k := range item.Links {
				r.judge(&item.Links[k])
				there[[2]string{item.ID, item.Links[k].Target}] = true
			}
		}
	}
	for _, d := range r.downs {
		r.down(d, there)
	}
	r.relations()
	r.notes.Into(r.tree)
	slices.Sort(r.tree.Files)
	slices.Sort(r.tree.Others)
}

// judge compares the version that a reference names with that of the item.
func (r *reader) judge(l *exchange.Link) {
	p, ok := r.items[l.Target]
	switch {
	case !ok:
		l.State = exchange.Unresolved
	case l.Fingerprint == "":
		l.State = exchange.Unconfirmed
	case l.Fingerprint == version(r.at(p)):
		l.State = exchange.Confirmed
	default:
		l.State = exchange.Suspect
	}
}

func version(item *exchange.Item) string {
	if len(item.Fields) > 0 && item.Fields[0].Name == "version" && len(item.Fields[0].Values) == 1 {
		return item.Fields[0].Values[0]
	}
	return ""
}

// down holds a reference down against what its source says. One that is not there is kept as what it is.
func (r *reader) down(d down, there map[[2]string]bool) {
	item := r.at(d.from)
	if there[[2]string{d.target.id, item.ID}] {
		return
	}
	r.tree.Read.Links++
	if _, ok := r.items[d.target.id]; !ok {
		r.tree.Dangling = append(r.tree.Dangling, exchange.Dangling{Verb: upVerb, From: d.target.id, To: item.ID, At: d.at})
		return
	}
	item.Links = append(item.Links, exchange.Link{Verb: downVerb, Target: d.target.id, At: d.at, State: exchange.Unconfirmed})
	r.tree.Backwards = map[string]string{downVerb: upVerb}
	r.fault(d.at, item.ID, false, fmt.Sprintf("%s says that %s traces to it, which %s itself does not say", item.ID, d.target.id, d.target.id), "write the report again with lobster-report")
}

// relations lists the verbs that were met.
func (r *reader) relations() {
	met := map[string]bool{}
	for i := range r.tree.Documents {
		for _, item := range r.tree.Documents[i].Items {
			for _, l := range item.Links {
				met[l.Verb] = true
			}
		}
	}
	if met["refs"] {
		r.tree.Relations = append(r.tree.Relations, exchange.Relation{Verb: "refs"})
	}
	if met[upVerb] || met[downVerb] {
		r.tree.Relations = append(r.tree.Relations, exchange.Relation{Verb: upVerb, Reverse: downVerb})
	}
}
