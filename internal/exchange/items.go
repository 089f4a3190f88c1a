package exchange

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// item converts one item; its links follow when all items are known.
func (c *converter) item(b *builder, d *Document, it *Item) {
	key, kind := c.keys[it], c.kinds[it]
	if key == "" {
		c.lost(it, "it can have no key here")
		return
	}
	if !it.Active && !c.takeAll {
		c.inactive[key] = true
		c.add(finding.Finding{Rule: "inactive-item", Severity: finding.Note, Item: key, Message: fmt.Sprintf("%s is not active at its source and was not taken", key),
			Remedy: "make it active there, if it is to count"}, it.At)
		c.lost(it, "it is not active")
		return
	}
	level := b.level + 1
	if it.Level != "" {
		level = depth(it.Level) + 1
	}
	out := &workspace.Item{Line: it.At.Line, File: it.At.File, TextLine: it.At.Line, Item: record.Item{Key: key, Kind: kind.ID, Title: c.title(key, it), Text: c.text(key, it)}}
	out.Fields = c.fields(key, it)
	out.SortFields()
	if c.byKey[key] == nil {
		c.byKey[key] = out
	}
	c.items[it] = out
	c.out.Ledger.Kept.Items++
	c.review(key, it)
	b.doc.Blocks = append(b.doc.Blocks, workspace.Block{Level: min(level, 6), Item: out, Line: it.At.Line})
}

func (c *converter) lost(it *Item, why string) {
	c.out.Ledger.Lost = append(c.out.Ledger.Lost, Loss{At: it.At, Item: it.Identity(), What: "item", Why: why, Items: 1, Links: len(it.Links)})
}

// title is the title in one line.
func (c *converter) title(key record.Key, it *Item) string {
	title := oneLine(it.Title)
	if title != it.Title && strings.TrimSpace(it.Title) != it.Title || strings.ContainsAny(it.Title, "\n\r") {
		c.out.Ledger.Changed = append(c.out.Ledger.Changed, Loss{At: it.At, Item: string(key), What: "title", Why: "it was brought into one line"})
	}
	return title
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

// ownNames are foreign fields that say what an item was at its source. An attribute with such a name, or with that of
// another, has a mark behind it.
var ownNames = []string{"id", "key", "type", "level", "heading", "normative", "derived", "active", "reviewed"}

const again = "'"

// foreignName is the name of the field that keeps an attribute.
func foreignName(format, name string) string {
	name = strings.NewReplacer("%", "%25", ":", "%3A").Replace(oneLine(name))
	if name == "" {
		name = "%"
	}
	for len(format)+1+len(name) > maxForeignName || record.CheckFieldName(format+"/"+name) != nil && len(name) > 1 {
		_, n := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-n]
	}
	return format + "/" + name
}

// foreignName remembers names: a source has few.
func (c *converter) foreignName(name string) string {
	known, ok := c.foreignNames[name]
	if !ok {
		known = foreignName(c.tree.Format, name)
		c.foreignNames[name] = known
	}
	return known
}

// attributeName is the name of the attribute that a foreign field keeps.
func attributeName(field string) string {
	_, name, _ := strings.Cut(field, "/")
	name = strings.TrimRight(name, again)
	return strings.NewReplacer("%3A", ":", "%25", "%").Replace(name)
}

// maxForeignName is the length in bytes above which the name of an attribute is cut.
const maxForeignName = 180

// fields keeps what has no home here under foreign names.
func (c *converter) fields(key record.Key, it *Item) []record.Field {
	var out []record.Field
	named := func(name string) bool {
		return slices.ContainsFunc(out, func(f record.Field) bool { return f.Name == name })
	}
	add := func(name string, values ...string) {
		name = c.foreignName(name)
		value, control := plainText(strings.Join(values, "\n"))
		if control {
			c.add(finding.Finding{Rule: "foreign-field", Severity: finding.Warning, Item: key, Message: fmt.Sprintf("control characters in %s of %s were left out", name, key),
				Remedy: "remove them at the source"}, it.At)
			c.out.Ledger.Changed = append(c.out.Ledger.Changed, Loss{At: it.At, Item: string(key), What: name, Why: "control characters were left out"})
		}
		for named(name) {
			name += again
		}
		out = append(out, record.Field{Name: name, Values: []string{value}})
	}
	if it.ID != "" {
		add("id", it.ID)
	}
	if it.Key != "" && it.Key != string(key) {
		add("key", it.Key)
	}
	if it.Type != "" && c.kinds[it] != nil && c.typesOf(c.kinds[it].ID) != 1 {
		add("type", it.Type)
	}
	if it.Level != "" {
		add("level", it.Level)
	}
	if it.Heading && typed(it) {
		add("heading", "yes")
	}
	if !it.Normative || it.Heading && typed(it) {
		add("normative", "no")
	}
	if it.Derived {
		add("derived", "yes")
	}
	if !it.Active {
		add("active", "no")
	}
	for _, f := range it.Files {
		add("file "+f.Path, strings.Join(strings.Fields(strings.Join([]string{f.Type, f.Keyword, f.SHA256}, " ")), " "))
	}
	if it.Review.Fingerprint != "" {
		add("reviewed", it.Review.Fingerprint)
	}
	for i := range it.Fields {
		f := &it.Fields[i]
		count := c.values.of(it, f.Name)
		count.Read++
		own, leave := c.ownField(it, f, named)
		switch {
		case leave:
			count.NotKept++
			c.lose(f.At, string(key), f.Name, "the mapping leaves it out")
		case own != nil:
			count.Mapped++
			count.To = own.Name
			out = append(out, *own)
		default:
			if count.To == "" {
				count.To = RoleForeign
			}
			count.Foreign++
			name := f.Name
			if slices.Contains(ownNames, name) {
				name += again
			}
			add(name, f.Values...)
		}
	}
	return out
}

// ownField is a field of our kind that takes the values of an attribute as they are, nil where there is none.
func (c *converter) ownField(it *Item, f *Field, named func(string) bool) (own *record.Field, leave bool) {
	tm := c.mapping.Types[it.Type]
	if tm == nil {
		return nil, false
	}
	to := tm.Attributes[f.Name]
	if to == RoleLeave {
		return nil, true
	}
	kind := c.kinds[it]
	if it.Type == "" && !tm.Stated && to == RoleForeign { // its key says what it is
		to = guessField(f.Name, kind)
	}
	if kind == nil || kind.ID != tm.Kind && it.Type != "" || named(to) {
		return nil, false
	}
	field := kind.Field(to)
	if field == nil || len(f.Values) == 0 || len(f.Values) > 1 && !field.Many {
		return nil, false
	}
	values := make([]string, 0, len(f.Values))
	for _, v := range f.Values {
		if own, there := c.named[v]; there && field.Type == schema.TypeReference {
			v = string(own)
		}
		value, ok := ownValue(field, v)
		if !ok || slices.Contains(values, value) {
			return nil, false
		}
		values = append(values, value)
	}
	return &record.Field{Name: field.Name, Values: values, Many: field.Many}, false
}

// ownValue is a value as a field of ours takes it. Nothing but its case, and yes for true, may change.
func ownValue(field *schema.Field, value string) (string, bool) {
	plain, control := plainText(value)
	if control || plain != strings.ReplaceAll(value, "\r\n", "\n") || plain == "" {
		return "", false
	}
	switch field.Type {
	case schema.TypeEnum:
		for _, v := range field.Values {
			if plainWords(v.Value) == plainWords(plain) {
				return v.Value, true
			}
		}
	case schema.TypeBoolean:
		switch strings.ToLower(plain) {
		case "true", "yes", "1":
			plain = "yes"
		case "false", "no", "0":
			plain = "no"
		}
	case schema.TypeReference, schema.TypeText, schema.TypeLine, schema.TypeInteger, schema.TypeDecimal, schema.TypeDate, schema.TypeTime, schema.TypeURL, schema.TypeHash:
	}
	return plain, field.Check(plain) == nil
}

// typesOf counts the types of the source whose items are of a kind.
func (c *converter) typesOf(kind record.Kind) int {
	n := 0
	for name, tm := range c.mapping.Types {
		if tm.Kind == kind && name != "" {
			n++
		}
	}
	return n
}

func (c *converter) review(key record.Key, it *Item) {
	if it.Review.State == ReviewChanged {
		c.add(finding.Finding{Rule: "changed-since-review", Severity: finding.Warning, Item: key, Message: fmt.Sprintf("%s changed since it was reviewed", key),
			Remedy: "review it again at its source"}, it.At)
	}
}
