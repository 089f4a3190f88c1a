package exchange

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// item converts one item; its links follow when all items are known.
func (c *converter) item(b *builder, d *Document, it *Item) {
	key, err := record.ParseKey(it.Key)
	if err != nil {
		c.add(finding.Finding{Rule: "foreign-key", Severity: finding.Error, Message: "the item was not taken: " + err.Error(), Remedy: "rename it at its source"}, it.At)
		return
	}
	if !it.Active {
		c.inactive[key] = true
		c.add(finding.Finding{Rule: "inactive-item", Severity: finding.Note, Item: key, Message: fmt.Sprintf("%s is not active at its source and was not taken", key),
			Remedy: "make it active there, if it is to count"}, it.At)
		return
	}
	kind := c.kind(key, d)
	if kind == nil {
		return
	}
	level := b.level + 1
	if it.Level != "" {
		level = depth(it.Level) + 1
	}
	out := &workspace.Item{Line: it.At.Line, File: it.At.File, TextLine: it.At.Line, Item: record.Item{Key: key, Kind: kind.ID, Title: oneLine(it.Title), Text: c.text(key, it)}}
	out.Fields = c.fields(key, it)
	out.SortFields()
	if c.byKey[key] == nil {
		c.hashes[key] = out.ContentHash()
		c.byKey[key] = out
	}
	c.items[it.At] = out
	c.review(key, it)
	b.doc.Blocks = append(b.doc.Blocks, workspace.Block{Level: min(level, 6), Item: out, Line: it.At.Line})
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
// that no kind has: that of the document where the key begins with it, so that
// REQ-stop1 and REQ-go1 are of one kind.
func (c *converter) kind(key record.Key, d *Document) *schema.Kind {
	if k := c.out.Schema.KindOfKey(key); k != nil {
		return k
	}
	prefix := key.Prefix()
	if key.HasPrefix(d.Key) {
		prefix = d.Key
	}
	extended, err := c.out.Schema.WithForeignKind(prefix, documentTitle(d)+" item")
	if err != nil {
		c.add(finding.Finding{Rule: "foreign-kind", Severity: finding.Error, Item: key, Message: fmt.Sprintf("%s was not taken: no kind can be made for its prefix: %v", key, err),
			Remedy: "name the prefix under keys: in goldthread.yaml"}, d.At)
		return nil
	}
	c.out.Schema = extended
	c.out.Foreign = append(c.out.Foreign, prefix)
	return extended.KindOfKey(key)
}

func (c *converter) text(key record.Key, it *Item) string {
	text, control := plainText(it.Text)
	if control {
		c.add(finding.Finding{Rule: "foreign-text", Severity: finding.Warning, Item: key, Message: fmt.Sprintf("control characters in the text of %s were left out", key),
			Remedy: "remove them at the source"}, it.At)
	}
	closed, unclosed, conflict := closeText(text)
	if unclosed {
		c.add(finding.Finding{Rule: "foreign-text", Severity: finding.Note, Item: key,
			Message: fmt.Sprintf("a code fence or HTML comment in the text of %s is not closed; it was closed at the end of the text", key), Remedy: "close it at the source"}, it.At)
	}
	if conflict {
		c.add(finding.Finding{Rule: "foreign-text", Severity: finding.Note, Item: key,
			Message: fmt.Sprintf("a line of the text of %s looks like a conflict of a git merge; a blank was put before it", key), Remedy: "settle the conflict at the source, if it is one"}, it.At)
	}
	return closed
}

// fields keeps what has no home here under foreign names.
func (c *converter) fields(key record.Key, it *Item) []record.Field {
	var out []record.Field
	named := func(name string) bool {
		return slices.ContainsFunc(out, func(f record.Field) bool { return f.Name == name })
	}
	add := func(name string, values ...string) {
		name = c.tree.Format + "/" + strings.NewReplacer(":", "%3A", "\n", " ").Replace(strings.TrimSpace(name))
		value := strings.Trim(strings.Join(values, "\n"), "\n")
		if record.CheckFieldName(name) != nil || record.CheckText(value) != nil {
			c.add(finding.Finding{Rule: "foreign-field", Severity: finding.Warning, Item: key, Message: fmt.Sprintf("the attribute %q of %s cannot be kept", name, key),
				Remedy: "rename it, or remove control characters, at the source"}, it.At)
			return
		}
		for named(name) {
			name += "'"
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
		add("file "+f.Path, strings.Join(strings.Fields(strings.Join([]string{f.Type, f.Keyword, f.SHA256}, " ")), " "))
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
