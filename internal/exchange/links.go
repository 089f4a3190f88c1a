package exchange

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// linkName is what makes a link of one item one link.
type linkName struct {
	from   *workspace.Item
	verb   record.Verb
	target record.Ref
}

// links converts the links of one item.
func (c *converter) links(it *Item) {
	out := c.items[it]
	if out == nil {
		return
	}
	for i := range it.Links {
		l := &it.Links[i]
		target, found := c.target(l)
		if l.State == Unresolved || !found {
			c.out.Ledger.Unresolved = append(c.out.Ledger.Unresolved, Dangling{Verb: l.Verb, From: string(out.Key), To: l.Target, At: l.At})
		}
		ref, err := record.ParseRef(target)
		switch {
		case err != nil && c.takeAll:
			c.out.Ledger.Kept.Links++ // in a field
			continue
		case err != nil:
			c.add(finding.Finding{Rule: "bad-link", Severity: finding.Error, Item: out.Key, Message: fmt.Sprintf("%s %s: %v", l.Verb, l.Target, err), Remedy: "correct the link at its source"}, l.At)
			c.lostLink(out, l, "its target can be no key here")
			continue
		case c.inactive[record.Key(ref)] && c.byKey[record.Key(ref)] == nil:
			c.add(finding.Finding{Rule: "inactive-target", Severity: finding.Note, Item: out.Key, Message: fmt.Sprintf("%s %s %s was not taken, because %s is not active", out.Key, l.Verb, ref, ref),
				Remedy: "make the target active at its source, or remove the link"}, l.At)
			c.lostLink(out, l, "its target is not active")
			continue
		}
		switch {
		case c.tree.Backwards[l.Verb] != "":
			c.backwards(out, l, c.tree.Backwards[l.Verb], ref)
		case c.mapping.Relations[l.Verb].Backwards:
			c.backwards(out, l, string(c.mapping.Relations[l.Verb].Verb), ref)
		default:
			c.forwards(out, l, ref)
		}
	}
}

// verbName is the field of a link that keeps which relation of ours it was taken for, where its own is not always the same.
const verbName = "taken as"

// settleVerbs finds out which of our relations every foreign one was taken for. Where that is always the same, it is what the
// mapping says from now on, so that the way back is known.
func (c *converter) settleVerbs() {
	used := map[string]map[record.Verb]bool{}
	for it, out := range c.items {
		for i := range it.Links {
			l := &it.Links[i]
			if ref, ok := c.forward(l); ok {
				verb, _ := c.verbOf(l.Verb, out, ref)
				if used[l.Verb] == nil {
					used[l.Verb] = map[record.Verb]bool{}
				}
				used[l.Verb][verb] = true
			}
		}
	}
	for name, verbs := range used {
		if len(verbs) == 1 {
			for verb := range verbs {
				c.mapping.Relations[name] = RelationMapping{Verb: verb}
			}
			continue
		}
		c.mixed[name] = true
	}
}

// forward is the target of a link that is read from its source.
func (c *converter) forward(l *Link) (record.Ref, bool) {
	if c.tree.Backwards[l.Verb] != "" || c.mapping.Relations[l.Verb].Backwards {
		return "", false
	}
	target, _ := c.target(l)
	ref, err := record.ParseRef(target)
	return ref, err == nil
}

// fieldsOfLinks keeps what links say themselves, and links whose target can be no key here, in fields of their source.
func (c *converter) fieldsOfLinks(it *Item) {
	out := c.items[it]
	if out == nil {
		return
	}
	for i := range it.Links {
		l := &it.Links[i]
		target, _ := c.target(l)
		if ref, err := record.ParseRef(target); err == nil {
			c.linkFields(out, l, ref)
			if verb, _ := c.verbOf(l.Verb, out, ref); c.takeAll && c.mixed[l.Verb] && verb != c.mapping.Relations[l.Verb].Verb {
				c.linkField(out, l, ref, Field{Name: verbName, Values: []string{string(verb)}})
			}
		} else if c.takeAll {
			c.unresolved(out, l)
		}
	}
	out.SortFields()
}

// target is the key of the target of a link: ours, or as written.
func (c *converter) target(l *Link) (key string, found bool) {
	if own, ok := c.named[l.Target]; ok {
		return string(own), true
	}
	if own, ok := c.known[l.Target]; ok {
		return string(own), true
	}
	return l.Target, false
}

// unresolved keeps a link whose target can be no key here in a field of its source.
func (c *converter) unresolved(out *workspace.Item, l *Link) {
	name := foreignName(c.tree.Format, "unresolved "+l.Verb)
	value, _ := plainText(l.Target)
	for i := range out.Fields {
		if f := &out.Fields[i]; f.Name == name {
			f.Values = []string{f.Values[0] + "\n" + value}
			return
		}
	}
	out.Fields = append(out.Fields, record.Field{Name: name, Values: []string{value}})
	c.add(finding.Finding{Rule: "unresolved-link", Severity: finding.Error, Item: out.Key, Message: fmt.Sprintf("%s %s %s, but there is no such item", out.Key, l.Verb, l.Target),
		Remedy: "correct the link at its source, or write the item; until then it is kept in the field " + name}, l.At)
}

// linkFields keeps the attributes of a link itself in a field of its source.
func (c *converter) linkFields(out *workspace.Item, l *Link, target record.Ref) {
	for _, f := range l.Fields {
		c.linkField(out, l, target, f)
	}
}

func (c *converter) linkField(out *workspace.Item, l *Link, target record.Ref, f Field) {
	name := foreignName(c.tree.Format, fmt.Sprintf("link %s %s %s", l.Verb, target, f.Name))
	value, _ := plainText(strings.Join(f.Values, "\n"))
	for slices.ContainsFunc(out.Fields, func(f record.Field) bool { return f.Name == name }) {
		name += again
	}
	out.Fields = append(out.Fields, record.Field{Name: name, Values: []string{value}})
}

func (c *converter) lostLink(out *workspace.Item, l *Link, why string) {
	c.out.Ledger.Lost = append(c.out.Ledger.Lost, Loss{At: l.At, Item: string(out.Key), What: strings.TrimSpace(l.Verb + " " + l.Target), Why: why, Links: 1})
}

// contentOf is the content hash of an item as it will be.
func (c *converter) contentOf(key record.Key) record.Hash {
	h, ok := c.hashes[key]
	if it := c.byKey[key]; !ok && it != nil {
		h = it.ContentHash()
		c.hashes[key] = h
	}
	return h
}

func (c *converter) forwards(out *workspace.Item, l *Link, target record.Ref) {
	link := workspace.Link{Verb: c.verb(l.Verb, out, target, l.At), Target: target, Line: l.At.Line, Column: l.At.Column, File: l.At.File, Known: true}
	switch l.State {
	case Confirmed:
		link.Confirmed.Target = c.contentOf(record.Key(target))
	case Suspect:
		// What the target was is known only by the format's own
		// fingerprint; this hash stands for it and equals no content.
		link.Confirmed.Target = sha256.Sum256([]byte("goldthread foreign fingerprint 1\n" + c.tree.Format + "\n" + l.Fingerprint))
	case Unconfirmed, Unresolved, "":
	default:
		panic(fmt.Sprintf("exchange: link state %q", l.State)) // a reader gives one of LinkStates
	}
	if name := (linkName{out, link.Verb, link.Target}); c.mirrored[name] { // its target has said it
		delete(c.mirrored, name)
		c.out.Ledger.Kept.Links++
		return
	}
	if !c.link(out, link) {
		c.add(finding.Finding{Rule: "duplicate-link", Severity: finding.Error, Item: out.Key, Message: fmt.Sprintf("%s %s %s is written twice", out.Key, link.Verb, target),
			Remedy: "remove one of them at its source"}, l.At)
		c.lostLink(out, l, "the same link is there already")
		return
	}
	c.out.Ledger.Kept.Links++
}

// backwards gives the link to the item at its other end. Formats of this sort
// let people write a link at both ends, so a second one is no fault.
func (c *converter) backwards(it *workspace.Item, l *Link, verb string, source record.Ref) {
	from := c.byKey[record.Key(source)]
	if from == nil {
		c.add(finding.Finding{Rule: "unresolved-link", Severity: finding.Error, Item: it.Key, Message: fmt.Sprintf("%s says that %s %s it, but there is no such item", it.Key, source, verb),
			Remedy: "correct the key, or write the item"}, l.At)
		c.lostLink(it, l, "the item that it leads from is not there")
		return
	}
	target := record.Ref(it.Key)
	link := workspace.Link{Verb: c.verb(verb, from, target, l.At), Target: target, Line: l.At.Line, Column: l.At.Column, File: l.At.File, Known: true}
	if c.link(from, link) {
		c.mirrored[linkName{from, link.Verb, link.Target}] = true
	}
	c.out.Ledger.Kept.Links++
}

// link adds a link that the item does not have yet.
func (c *converter) link(from *workspace.Item, l workspace.Link) bool {
	name := linkName{from, l.Verb, l.Target}
	if c.linked[name] {
		return false
	}
	c.linked[name] = true
	from.Links = append(from.Links, l)
	return true
}

// verb is ours for a foreign one; where it is not what the name says, that is said once.
func (c *converter) verb(name string, from *workspace.Item, target record.Ref, at Position) record.Verb {
	verb, message := c.verbOf(name, from, target)
	if message != "" && !c.said[message] {
		c.said[message] = true
		c.add(finding.Finding{Rule: "foreign-relation", Severity: finding.Note, Item: from.Key, Message: message,
			Remedy: "declare the relation under relations: in goldthread.yaml, or say under keys: what the items are"}, at)
	}
	return verb
}

// verbOf is ours for a foreign one. Where the schema does not let it lead from the
// one item to the other, it is taken for the link to a parent.
func (c *converter) verbOf(name string, from *workspace.Item, target record.Ref) (verb record.Verb, message string) {
	verb = c.statedVerb(name)
	known := verb != ""
	to := c.kindOf(target)
	parent := c.parentVerb(from.Kind, to)
	switch {
	case known && verb == schema.VerbRefines:
		return parent, ""
	case known && (to == "" || c.out.Schema.Allowed(verb, from.Kind, to)):
		return verb, ""
	case known:
		return parent, fmt.Sprintf("the relation %s is taken for %s: %s leads from no %s to a %s", name, parent, verb, from.Kind, to)
	}
	return parent, fmt.Sprintf("the relation %s is none of the schema; it is taken for %s", name, parent)
}

// statedVerb is what the mapping, or the schema by the name itself, says of a relation.
func (c *converter) statedVerb(name string) record.Verb {
	if v := c.relations[name].Verb; v != "" {
		return v
	}
	if v := record.Verb(strings.ReplaceAll(name, "_", " ")); c.out.Schema.Relation(v) != nil {
		return v
	}
	return ""
}

// kindOf is the kind of the target of a link: of the item, or by its key of one
// that is not there; empty when neither says it.
func (c *converter) kindOf(target record.Ref) record.Kind {
	project, key := target.Split()
	if it := c.byKey[key]; it != nil && project == "" {
		return it.Kind
	}
	if k := c.out.Schema.KindOfKey(key); k != nil {
		return k.ID
	}
	return ""
}

// parentVerb is what the link to a parent means between two kinds: a requirement
// refines it, a test verifies it.
func (c *converter) parentVerb(from, to record.Kind) record.Verb {
	for _, verb := range []record.Verb{schema.VerbRefines, schema.VerbVerifies, schema.VerbImplements} {
		if to == "" && len(c.out.Schema.EndsFrom(verb, from)) > 0 || to != "" && c.out.Schema.Allowed(verb, from, to) {
			return verb
		}
	}
	return schema.VerbRefines
}
