package exchange

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// convertItems converts all items; their links follow when all are known. What one item becomes depends on no other, so
// that runs of them are converted at the same time, and what they say is put together in their order.
func (c *converter) convertItems() {
	const run = 256
	n := c.tree.Items()
	all := make([]*Item, 0, n)
	for _, it := range c.tree.All() {
		all = append(all, it)
	}
	made := make([]*workspace.Item, n)
	runs := make([]*itemConverter, (n+run-1)/run)
	parallel.Runs(n, run, func(from, to int) {
		w := &itemConverter{converter: c, values: namesLedger{}, foreignNames: map[string]string{}, enums: map[enumValue]string{}}
		for i := from; i < to; i++ {
			made[i] = w.item(all[i])
		}
		runs[from/run] = w
	})
	for _, w := range runs {
		c.out.Findings = append(c.out.Findings, w.findings...)
		c.out.Ledger.Lost = append(c.out.Ledger.Lost, w.lost...)
		c.out.Ledger.Changed = append(c.out.Ledger.Changed, w.changed...)
		c.values.add(w.values)
	}
	for i, out := range made {
		key := c.keys[all[i]]
		switch {
		case out != nil:
			if c.byKey[key] == nil {
				c.byKey[key] = out
			}
			c.items[all[i]] = out
			c.out.Ledger.Kept.Items++
		case key != "":
			c.inactive[key] = true
		}
	}
}

// itemConverter converts a run of items. What it shares with others it only reads.
type itemConverter struct {
	*converter
	findings      []finding.Finding
	lost, changed []Loss
	values        namesLedger
	foreignNames  map[string]string
	enums         map[enumValue]string
}

// item converts one item, nil where it cannot be taken.
func (c *itemConverter) item(it *Item) *workspace.Item {
	key, kind := c.keys[it], c.kinds[it]
	if key == "" {
		c.loseItem(it, "it can have no key here")
		return nil
	}
	if !it.Active && !c.takeAll {
		c.add(finding.Finding{Rule: "inactive-item", Severity: finding.Note, Item: key, Message: fmt.Sprintf("%s is not active at its source and was not taken", key),
			Remedy: "make it active there, if it is to count"}, it.At)
		c.loseItem(it, "it is not active")
		return nil
	}
	out := &workspace.Item{Line: it.At.Line, File: it.At.File, TextLine: it.At.Line, Item: record.Item{Key: key, Kind: kind.ID, Title: c.title(key, it), Text: c.text(key, it)}}
	out.Fields = c.fields(key, it)
	out.SortFields()
	c.review(key, it)
	return out
}

func (c *itemConverter) loseItem(it *Item, why string) {
	c.lost = append(c.lost, Loss{At: it.At, Item: it.Identity(), What: "item", Why: why, Items: 1, Links: len(it.Links)})
}

func (c *itemConverter) change(it *Item, key record.Key, what, why string) {
	c.changed = append(c.changed, Loss{At: it.At, Item: string(key), What: what, Why: why})
}

func (c *itemConverter) add(f finding.Finding, at Position) {
	c.findings = append(c.findings, foundAt(f, at))
}

// item puts a converted item into a document.
func (b *builder) item(it *Item, out *workspace.Item) {
	level := b.level + 1
	if it.Level != "" {
		level = depth(it.Level) + 1
	}
	b.doc.Blocks = append(b.doc.Blocks, workspace.Block{Level: min(level, 6), Item: out, Line: it.At.Line})
	b.begin(it.Order)
}

// title is the title in one line.
func (c *itemConverter) title(key record.Key, it *Item) string {
	title := oneLine(it.Title)
	if title != it.Title && strings.TrimSpace(it.Title) != it.Title || strings.ContainsAny(it.Title, "\n\r") {
		c.change(it, key, "title", "it was brought into one line")
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

func (c *itemConverter) text(key record.Key, it *Item) string {
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
func (c *itemConverter) foreignName(name string) string {
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
func (c *itemConverter) fields(key record.Key, it *Item) []record.Field {
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
			c.change(it, key, name, "control characters were left out")
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
			c.lost = append(c.lost, Loss{At: f.At, Item: string(key), What: f.Name, Why: "the mapping leaves it out"})
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
func (c *itemConverter) ownField(it *Item, f *Field, named func(string) bool) (own *record.Field, leave bool) {
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
		value, ok := c.ownValue(field, v)
		if !ok || slices.Contains(values, value) {
			return nil, false
		}
		values = append(values, value)
	}
	return &record.Field{Name: field.Name, Values: values, Many: field.Many}, false
}

// enumValue is a value that is to be one of a list, as written.
type enumValue struct {
	field *schema.Field
	value string
}

// ownEnum is the value of a list that a value stands for, "" for none. It remembers values: a source has few.
func (c *itemConverter) ownEnum(field *schema.Field, value string) string {
	known, ok := c.enums[enumValue{field, value}]
	if ok {
		return known
	}
	for _, v := range field.Values {
		if plainWords(v.Value) == plainWords(value) {
			known = v.Value
			break
		}
	}
	c.enums[enumValue{field, value}] = known
	return known
}

// ownValue is a value as a field of ours takes it. Nothing but its case, and yes for true, may change.
func (c *itemConverter) ownValue(field *schema.Field, value string) (string, bool) {
	plain, control := plainText(value)
	if control || plain != strings.ReplaceAll(value, "\r\n", "\n") || plain == "" {
		return "", false
	}
	switch field.Type {
	case schema.TypeEnum:
		own := c.ownEnum(field, plain)
		return own, own != ""
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

func (c *itemConverter) review(key record.Key, it *Item) {
	if it.Review.State == ReviewChanged {
		c.add(finding.Finding{Rule: "changed-since-review", Severity: finding.Warning, Item: key, Message: fmt.Sprintf("%s changed since it was reviewed", key),
			Remedy: "review it again at its source"}, it.At)
	}
}
