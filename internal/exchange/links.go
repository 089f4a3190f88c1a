package exchange

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// verbs maps the relations of foreign formats to ours. What is not listed keeps
// its name when the schema knows it, and is taken for the link to a parent otherwise.
var verbs = map[string]record.Verb{
	"parent": schema.VerbRefines, "fulfills": schema.VerbRefines, "depends_on": schema.VerbUses, "trace": schema.VerbRefines,
	"implements": schema.VerbImplements, "realizes": schema.VerbImplements, "validates": schema.VerbValidates,
}

// linkName is what makes a link of one item one link.
type linkName struct {
	from   *workspace.Item
	verb   record.Verb
	target record.Ref
}

// links converts the links of one item.
func (c *converter) links(it *Item) {
	out := c.items[it.At]
	if out == nil {
		return
	}
	for i := range it.Links {
		l := &it.Links[i]
		target, err := record.ParseRef(l.Target)
		switch {
		case err != nil:
			c.add(finding.Finding{Rule: "bad-link", Severity: finding.Error, Item: out.Key, Message: fmt.Sprintf("%s %s: %v", l.Verb, l.Target, err), Remedy: "correct the link at its source"}, l.At)
		case c.inactive[record.Key(target)] && c.byKey[record.Key(target)] == nil:
			c.add(finding.Finding{Rule: "inactive-target", Severity: finding.Note, Item: out.Key, Message: fmt.Sprintf("%s %s %s was not taken, because %s is not active", out.Key, l.Verb, target, target),
				Remedy: "make the target active at its source, or remove the link"}, l.At)
		case c.tree.Backwards[l.Verb] != "":
			c.backwards(out, c.tree.Backwards[l.Verb], target, l.At)
		default:
			c.forwards(out, l, target)
		}
	}
}

func (c *converter) forwards(out *workspace.Item, l *Link, target record.Ref) {
	link := workspace.Link{Verb: c.verb(l.Verb, out, target, l.At), Target: target, Line: l.At.Line, Column: l.At.Column, File: l.At.File, Known: true}
	switch l.State {
	case Confirmed:
		link.Confirmed.Target = c.hashes[record.Key(target)]
	case Suspect:
		// What the target was is known only by the format's own
		// fingerprint; this hash stands for it and equals no content.
		link.Confirmed.Target = sha256.Sum256([]byte("goldthread foreign fingerprint 1\n" + c.tree.Format + "\n" + l.Fingerprint))
	case Unconfirmed, Unresolved:
	default:
		panic(fmt.Sprintf("exchange: link state %q", l.State)) // a reader gives one of LinkStates
	}
	if !c.link(out, link) {
		c.add(finding.Finding{Rule: "duplicate-link", Severity: finding.Error, Item: out.Key, Message: fmt.Sprintf("%s %s %s is written twice", out.Key, link.Verb, target),
			Remedy: "remove one of them at its source"}, l.At)
	}
}

// backwards gives the link to the item at its other end. Formats of this sort
// let people write a link at both ends, so a second one is no fault.
func (c *converter) backwards(it *workspace.Item, verb string, source record.Ref, at Position) {
	from := c.byKey[record.Key(source)]
	if from == nil {
		c.add(finding.Finding{Rule: "unresolved-link", Severity: finding.Error, Item: it.Key, Message: fmt.Sprintf("%s says that %s %s it, but there is no such item", it.Key, source, verb),
			Remedy: "correct the key, or write the item"}, at)
		return
	}
	target := record.Ref(it.Key)
	c.link(from, workspace.Link{Verb: c.verb(verb, from, target, at), Target: target, Line: at.Line, Column: at.Column, File: at.File, Known: true})
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

// verb is ours for a foreign one. Where the schema does not let it lead from the
// one item to the other, it is taken for the link to a parent, and that is said once.
func (c *converter) verb(name string, from *workspace.Item, target record.Ref, at Position) record.Verb {
	verb, known := verbs[name]
	if !known {
		verb = record.Verb(strings.ReplaceAll(name, "_", " "))
		known = c.out.Schema.Relation(verb) != nil
	}
	to := c.kindOf(target)
	parent := c.parentVerb(from.Kind, to)
	switch {
	case known && verb == schema.VerbRefines:
		return parent
	case known && (to == "" || c.out.Schema.Allowed(verb, from.Kind, to)):
		return verb
	}
	message := fmt.Sprintf("the relation %s is none of the schema; it is taken for %s", name, parent)
	if known {
		message = fmt.Sprintf("the relation %s is taken for %s: %s leads from no %s to a %s", name, parent, verb, from.Kind, to)
	}
	if !c.said[message] {
		c.said[message] = true
		c.add(finding.Finding{Rule: "foreign-relation", Severity: finding.Note, Item: from.Key, Message: message,
			Remedy: "declare the relation under relations: in goldthread.yaml, or say under keys: what the items are"}, at)
	}
	return parent
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
