package roboclerk

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// linkTypes are the sorts of links by their number (ItemLinkType).
var linkTypes = []string{
	"Parent", "Child", "Related", "TestedBy", "Tests", "Predecessor", "Successor", "Duplicate", "Affects", "AffectedBy",
	"RiskControl", "Risk", "DOC", "DocumentedBy", "UnitTest", "UnitTests", "ResultOf", "Result", "None",
}

// backwards are the links that say of an item what another one does to it. RiskControl leads from a risk to what controls
// it, UnitTest to the test of an item, DocumentedBy from an item to the document.
var backwards = map[string]string{
	"Child": "Parent", "TestedBy": "Tests", "Successor": "Predecessor", "AffectedBy": "Affects", "RiskControl": "Risk", "DocumentedBy": "DOC", "UnitTest": "UnitTests", "Result": "ResultOf",
}

// links reads LinkedItems.
func (r *reader) links(item *exchange.Item, list jsontree.Value) {
	if list.Kind() != jsontree.Array {
		if !list.Empty() {
			r.tree.Read.Links++
			r.badLink(item, list, "LinkedItems is not a list")
		}
		return
	}
	for v := range list.Elements() {
		r.tree.Read.Links++
		target := v.Get("TargetID")
		if target.Text() == "" {
			r.badLink(item, v, "a link has no TargetID")
			continue
		}
		link := exchange.Link{Verb: r.verb(item, v), Target: target.Text(), At: target.At()}
		for name, member := range v.Members() {
			if name != "TargetID" && name != "LinkType" && !member.Empty() {
				values, ok := member.Strings()
				if !ok {
					values = []string{member.JSON()}
				}
				link.Fields = append(link.Fields, exchange.Field{Name: name, Values: values, Nested: !ok, At: member.NameAt()})
			}
		}
		item.Links = append(item.Links, link)
	}
}

func (r *reader) badLink(item *exchange.Item, v jsontree.Value, why string) {
	r.lose(v.At(), item.Key, "link "+v.JSON(), why, 0, 1)
	r.fault(v.At(), item.Key, true, why+" and is not read", "mend the link at its source")
}

// verb is the sort of a link, which is written as a number or a name.
func (r *reader) verb(item *exchange.Item, v jsontree.Value) string {
	kind := v.Get("LinkType")
	if kind.Kind() == jsontree.String && slices.Contains(linkTypes, kind.Text()) {
		return kind.Text()
	}
	if n, err := strconv.Atoi(kind.Text()); err == nil && n >= 0 && n < len(linkTypes) {
		return linkTypes[n]
	}
	at := kind.At()
	if !kind.Exists() {
		at = v.At()
	}
	r.fault(at, item.Key, false, fmt.Sprintf("a link of %s is of the unknown sort %q", item.Key, kind.Text()), "say in the mapping of the import what it means")
	return "LinkType " + kind.Text()
}

// descriptions reads a file of test descriptions: what RoboClerk makes unit tests and system tests of.
func (r *reader) descriptions(name string, root jsontree.Value) {
	r.notSet, r.endings = map[string]int{}, 0
	base := path.Base(name)
	d := exchange.Document{Key: base[:len(base)-len(path.Ext(base))], Path: name, At: exchange.Position{File: name, Line: 1, Column: 1}}
	for v := range root.Elements() {
		r.tree.Read.Items++
		id := v.Get("id").Text()
		if v.Kind() != jsontree.Object || id == "" {
			r.tree.Read.Links += v.Get("trace").Len()
			r.lose(v.At(), "", "test description", "it has no id", 1, v.Get("trace").Len())
			r.fault(v.At(), "", true, "a test description has no id and is not read", "give it one")
			continue
		}
		item := exchange.Item{Key: id, Document: d.Key, Order: len(d.Items) + 1, Normative: true, Active: true, Review: exchange.Review{State: exchange.NotReviewed}, At: v.At()}
		for name, member := range v.Members() {
			r.description(&item, name, member)
		}
		r.add(&d, item)
	}
	r.tree.Documents = append(r.tree.Documents, d)
	r.tree.Read.Documents++
	r.say(name)
}

func (r *reader) description(item *exchange.Item, name string, v jsontree.Value) {
	switch name {
	case "id":
	case "name":
		item.Title = r.text(v)
	case "description":
		item.Text = r.text(v)
	case "type":
		switch v.Text() {
		case "UNIT":
			item.Type = "UnitTest"
		case "SYSTEM":
			item.Type = "SoftwareSystemTest"
		default:
			item.Type = v.Text()
			r.fault(v.At(), item.Key, false, fmt.Sprintf("the type of %s is %s, neither UNIT nor SYSTEM", item.Key, v.JSON()), "write one of the two")
		}
	case "trace":
		if v.Kind() != jsontree.Array && !v.Empty() {
			r.trace(item, v)
		}
		for e := range v.Elements() {
			r.trace(item, e)
		}
	default:
		r.field(item, name, v)
	}
}

// trace reads the id of an item that a test tests.
func (r *reader) trace(item *exchange.Item, v jsontree.Value) {
	r.tree.Read.Links++
	if v.Text() == "" {
		r.badLink(item, v, "a trace is no id")
		return
	}
	item.Links = append(item.Links, exchange.Link{Verb: "Tests", Target: v.Text(), At: v.At()})
}

// finish says which targets are there, and which verbs.
func (r *reader) finish() {
	verbs := map[string]bool{}
	for i := range r.tree.Documents {
		for j := range r.tree.Documents[i].Items {
			links := r.tree.Documents[i].Items[j].Links
			for k := range links {
				links[k].State = exchange.Unresolved
				if _, there := r.ids[links[k].Target]; there {
					links[k].State = exchange.Unconfirmed
				}
				verbs[links[k].Verb] = true
			}
		}
	}
	for back, forth := range backwards {
		if verbs[back] {
			if r.tree.Backwards == nil {
				r.tree.Backwards = map[string]string{}
			}
			r.tree.Backwards[back] = forth
			verbs[forth] = true
		}
	}
	for _, verb := range slices.Sorted(maps.Keys(verbs)) {
		if backwards[verb] == "" {
			relation := exchange.Relation{Verb: verb}
			for back, forth := range backwards {
				if forth == verb {
					relation.Reverse = back
				}
			}
			r.tree.Relations = append(r.tree.Relations, relation)
		}
	}
	r.notes.Into(r.tree)
	slices.Sort(r.tree.Files)
	slices.Sort(r.tree.Others)
}
