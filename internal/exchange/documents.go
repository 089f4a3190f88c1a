package exchange

import (
	"crypto/sha256"
	"fmt"
	"path"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// Converted is a Tree in the terms of a workspace.
type Converted struct {
	Documents []*workspace.Document
	Schema    *schema.Schema // with a kind for every key prefix that had none
	Foreign   []string       // those prefixes
	Findings  []finding.Finding
}

// verbs maps the relations of foreign formats to ours. What is not listed keeps
// its name when the schema knows it, and refines otherwise.
var verbs = map[string]record.Verb{
	"parent": schema.VerbRefines, "fulfills": schema.VerbRefines, "depends_on": schema.VerbUses, "trace": schema.VerbRefines,
	"implements": schema.VerbImplements, "realizes": schema.VerbImplements, "validates": schema.VerbValidates,
}

// reversed are relations that say of an item what another one does to it.
var reversed = map[string]string{
	"fulfilled_by": "fulfills", "impacts_on": "depends_on", "implemented_by": "implements", "realized_by": "realizes",
	"validated_by": "validates", "backtrace": "trace",
}

// Convert turns a Tree into documents of a workspace. Every item of the Tree is
// in them, or is named by a finding. What a format knows about a link becomes
// its confirmation: a fingerprint that agrees confirms the target as it is now,
// one that does not makes the link suspect.
func Convert(t *Tree, sch *schema.Schema) *Converted {
	c := &converter{tree: t, out: &Converted{Schema: sch}, hashes: map[record.Key]record.Hash{}, items: map[string]*workspace.Item{}, byKey: map[record.Key]*workspace.Item{}}
	for _, f := range t.Faults {
		severity := finding.Warning
		if f.Error {
			severity = finding.Error
		}
		c.add(finding.Finding{Rule: t.Format + "-fault", Severity: severity, Item: record.Key(f.Item), Message: f.Message, Remedy: f.Remedy}, f.At)
	}
	for i := range t.Documents {
		c.document(&t.Documents[i])
	}
	for i := range t.Documents {
		for j := range t.Documents[i].Items {
			c.links(&t.Documents[i].Items[j])
		}
	}
	return c.out
}

type converter struct {
	tree   *Tree
	out    *Converted
	hashes map[record.Key]record.Hash
	items  map[string]*workspace.Item // by place, since keys may be there twice
	byKey  map[record.Key]*workspace.Item
}

func (c *converter) add(f finding.Finding, at Position) {
	f.File, f.Line, f.Column = at.File, at.Line, at.Column
	c.out.Findings = append(c.out.Findings, f)
}

// document converts one document: title, then sections, prose and items in the
// order in which they stand.
func (c *converter) document(d *Document) {
	doc := &workspace.Document{Path: documentPath(d), Meta: workspace.Meta{Title: documentTitle(d)}}
	sections, blocks, items := d.Sections, d.Blocks, d.Items
	level := 1
	for len(sections)+len(blocks)+len(items) > 0 {
		switch {
		case len(sections) > 0 && before(sections[0].Order, blocks, items):
			level = min(sections[0].Level, 5)
			doc.Blocks = append(doc.Blocks, workspace.Block{Level: level, Heading: oneLine(sections[0].Title), Line: sections[0].At.Line})
			sections = sections[1:]
		case len(blocks) > 0 && (len(items) == 0 || blocks[0].Order < items[0].Order):
			appendProse(doc, blocks[0].Text)
			blocks = blocks[1:]
		default:
			c.item(doc, &items[0], level+1)
			items = items[1:]
		}
	}
	if len(doc.Blocks) == 0 || doc.Blocks[0].Level != 1 {
		doc.Blocks = append([]workspace.Block{{Level: 1, Heading: documentTitle(d)}}, doc.Blocks...)
	}
	c.out.Documents = append(c.out.Documents, doc)
}

func before(order int, blocks []Block, items []Item) bool {
	return (len(blocks) == 0 || order < blocks[0].Order) && (len(items) == 0 || order < items[0].Order)
}

func documentTitle(d *Document) string {
	if t := oneLine(d.Title); t != "" {
		return t
	}
	return d.Key
}

// documentPath is where the document is written by an import.
func documentPath(d *Document) string {
	if ext := path.Ext(d.Path); d.Path != "." && ext != "" && ext != ".md" {
		return strings.TrimSuffix(d.Path, ext) + ".md"
	}
	name := strings.ToLower(d.Key) + ".md"
	if d.Path == "." || d.Path == "" {
		return name
	}
	return path.Join(d.Path, name)
}

// appendProse adds prose of a document below what stands last; below an item it
// would become the item's text, so it gets a section without a heading there.
func appendProse(doc *workspace.Document, text string) {
	text = strings.Trim(text, "\n")
	if text == "" {
		return
	}
	n := len(doc.Blocks)
	switch {
	case n == 0:
		doc.Blocks = append(doc.Blocks, workspace.Block{Level: 1, Heading: "", Prose: text})
	case doc.Blocks[n-1].Item != nil:
		doc.Blocks = append(doc.Blocks, workspace.Block{Level: doc.Blocks[n-1].Level, Prose: text})
	case doc.Blocks[n-1].Prose == "":
		doc.Blocks[n-1].Prose = text
	default:
		doc.Blocks[n-1].Prose += "\n\n" + text
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// item converts one item; its links follow when all items are known.
func (c *converter) item(doc *workspace.Document, it *Item, level int) {
	key, err := record.ParseKey(it.Key)
	if err != nil {
		c.add(finding.Finding{Rule: "foreign-key", Severity: finding.Error, Message: "the item was not taken: " + err.Error(), Remedy: "rename it at its source"}, it.At)
		return
	}
	if !it.Active {
		c.add(finding.Finding{Rule: "inactive-item", Severity: finding.Note, Item: key, Message: fmt.Sprintf("%s is not active at its source and was not taken", key), Remedy: ""}, it.At)
		return
	}
	kind := c.kind(key, doc)
	if kind == nil {
		return
	}
	if it.Level != "" {
		level = depth(it.Level) + 1
	}
	out := &workspace.Item{Line: it.At.Line, File: it.At.File, TextLine: it.At.Line, Item: record.Item{Key: key, Kind: kind.ID, Title: oneLine(it.Title), Text: c.text(key, it)}}
	out.Fields = c.fields(key, it)
	out.SortFields()
	if _, taken := c.hashes[key]; !taken {
		c.hashes[key] = out.ContentHash()
		c.byKey[key] = out
	}
	c.items[it.At.String()] = out
	c.review(key, it)
	doc.Blocks = append(doc.Blocks, workspace.Block{Level: min(level, 6), Item: out, Line: it.At.Line})
}

// depth is the number of parts of a level: 2.3 is 2, 1.0 is 1.
func depth(level string) int {
	parts := strings.Split(level, ".")
	for len(parts) > 1 && strings.Trim(parts[len(parts)-1], "0") == "" {
		parts = parts[:len(parts)-1]
	}
	return min(len(parts), 5)
}

// kind finds the kind of a key, and makes one that serves no rule for a prefix
// that no kind has.
func (c *converter) kind(key record.Key, doc *workspace.Document) *schema.Kind {
	if k := c.out.Schema.KindOfKey(key); k != nil {
		return k
	}
	prefix := key.Prefix()
	extended, err := c.out.Schema.WithForeignKind(prefix, doc.Meta.Title+" item")
	if err != nil {
		c.add(finding.Finding{Rule: "foreign-kind", Severity: finding.Error, Item: key, Message: fmt.Sprintf("no kind can be made for the keys of %s: %v", prefix, err),
			Remedy: "name the prefix under keys: in goldthread.yaml"}, Position{File: doc.Path})
		return nil
	}
	c.out.Schema = extended
	c.out.Foreign = append(c.out.Foreign, prefix)
	return extended.KindOfKey(key)
}

func (c *converter) text(key record.Key, it *Item) string {
	text := strings.Trim(strings.ReplaceAll(it.Text, "\r\n", "\n"), "\n")
	clean := strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
	if clean != text {
		c.add(finding.Finding{Rule: "foreign-text", Severity: finding.Warning, Item: key, Message: fmt.Sprintf("control characters in the text of %s were left out", key),
			Remedy: "remove them at the source"}, it.At)
	}
	return strings.ToValidUTF8(clean, "\uFFFD")
}

// fields keeps what has no home here under foreign names.
func (c *converter) fields(key record.Key, it *Item) []record.Field {
	var out []record.Field
	add := func(name string, values ...string) {
		name = c.tree.Format + "/" + strings.NewReplacer(":", "%3A", "\n", " ").Replace(strings.TrimSpace(name))
		value := strings.Trim(strings.Join(values, "\n"), "\n")
		if record.CheckFieldName(name) != nil || record.CheckText(value) != nil {
			c.add(finding.Finding{Rule: "foreign-field", Severity: finding.Warning, Item: key, Message: fmt.Sprintf("the attribute %q of %s cannot be kept", name, key),
				Remedy: "rename it, or remove control characters, at the source"}, it.At)
			return
		}
		for _, f := range out {
			if f.Name == name {
				name += "'"
			}
		}
		out = append(out, record.Field{Name: name, Values: []string{value}})
	}
	if it.Level != "" {
		add("level", it.Level)
	}
	if !it.Normative {
		add("normative", "no")
	}
	if it.Derived {
		add("derived", "yes")
	}
	for _, f := range it.Files {
		add("file "+f.Path, strings.TrimSpace(strings.Join([]string{f.Type, f.Keyword, f.SHA256}, " ")))
	}
	if it.Review.Fingerprint != "" {
		add("reviewed", it.Review.Fingerprint)
	}
	for _, f := range it.Fields {
		add(f.Name, f.Values...)
	}
	return out
}

func (c *converter) review(key record.Key, it *Item) {
	if it.Review.State == ReviewChanged {
		c.add(finding.Finding{Rule: "changed-since-review", Severity: finding.Warning, Item: key, Message: fmt.Sprintf("%s changed since it was reviewed", key),
			Remedy: "review it again at its source"}, it.At)
	}
}

// links converts the links of one item.
func (c *converter) links(it *Item) {
	out := c.items[it.At.String()]
	if out == nil {
		return
	}
	for i := range it.Links {
		l := &it.Links[i]
		target, err := record.ParseRef(l.Target)
		if err != nil {
			c.add(finding.Finding{Rule: "bad-link", Severity: finding.Error, Item: out.Key, Message: fmt.Sprintf("%s %s: %v", l.Verb, l.Target, err), Remedy: "correct the link at its source"}, l.At)
			continue
		}
		if forward, ok := reversed[l.Verb]; ok {
			c.reverseLink(out, c.verb(forward), target, l.At)
			continue
		}
		link := workspace.Link{Verb: c.verb(l.Verb), Target: target, Line: l.At.Line, Column: l.At.Column, File: l.At.File, Known: true}
		switch l.State {
		case Confirmed:
			link.Confirmed.Target = c.hashes[record.Key(target)]
		case Suspect:
			// What the target was is known only by the format's own
			// fingerprint; this hash stands for it and equals no content.
			link.Confirmed.Target = sha256.Sum256([]byte("goldthread foreign fingerprint 1\n" + c.tree.Format + "\n" + l.Fingerprint))
		}
		if c.repeated(out, link) {
			c.add(finding.Finding{Rule: "duplicate-link", Severity: finding.Error, Item: out.Key, Message: fmt.Sprintf("%s %s %s is written twice", out.Key, link.Verb, target),
				Remedy: "remove one of them at its source"}, l.At)
			continue
		}
		out.Links = append(out.Links, link)
	}
}

// reverseLink gives the link to the item at its other end. Formats of this sort
// let people write a link at both ends, so a second one is no fault.
func (c *converter) reverseLink(it *workspace.Item, verb record.Verb, source record.Ref, at Position) {
	from := c.byKey[record.Key(source)]
	if from == nil {
		c.add(finding.Finding{Rule: "unresolved-link", Severity: finding.Error, Item: it.Key, Message: fmt.Sprintf("%s says that %s %s it, but there is no such item", it.Key, source, verb),
			Remedy: "correct the key, or write the item"}, at)
		return
	}
	link := workspace.Link{Verb: verb, Target: record.Ref(it.Key), Line: at.Line, Column: at.Column, File: at.File, Known: true}
	if !c.repeated(from, link) {
		from.Links = append(from.Links, link)
	}
}

func (c *converter) repeated(it *workspace.Item, l workspace.Link) bool {
	for _, x := range it.Links {
		if x.Verb == l.Verb && x.Target == l.Target {
			return true
		}
	}
	return false
}

func (c *converter) verb(name string) record.Verb {
	if v, ok := verbs[name]; ok {
		return v
	}
	if v := record.Verb(strings.ReplaceAll(name, "_", " ")); c.out.Schema.Relation(v) != nil {
		return v
	}
	return schema.VerbRefines
}
