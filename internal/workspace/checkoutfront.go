package workspace

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// setFront gives a document a front matter, and reads it. It reports whether it
// could be read.
func (d *Document) setFront(front string, sch *schema.Schema) bool {
	d.Front, d.Meta = front, Meta{}
	if front == "" {
		return true
	}
	r := &reader{name: d.Path, schema: sch, doc: d}
	r.meta()
	return len(r.findings) == 0
}

// front gives a document the front matter that it has in the ledger, changed
// where the item says something else by now: its key, title or language.
func (c *checkout) front(d *Document, doc *record.Item) {
	front := doc.Value(FrontField)
	if front != "" {
		front += "\n"
	}
	if !d.setFront(front, c.text.Schema) {
		d.setFront("", c.text.Schema)
	}
	if !d.HasItems() && d.Front == "" {
		d.setMember("key", string(doc.Key), c.text.Schema) // without it the file would be no document
	}
	if d.Key() != doc.Key {
		d.setMember("key", string(doc.Key), c.text.Schema)
	}
	if d.Title() != doc.Title && doc.Title != "" {
		d.setMember("title", yamlScalar(doc.Title), c.text.Schema)
	}
	if d.Meta.Language != doc.Language {
		d.setMember("language", doc.Language, c.text.Schema)
	}
}

// member is a member of a front matter with the lines that belong to it.
type member struct{ name, text string }

// members cuts a front matter into its members, in order. What stands before
// the first belongs to a member without a name. It fails where the front matter
// is no block of `name: value` lines.
func members(front string) ([]member, bool) {
	var root yaml.Node
	if front == "" {
		return nil, true
	}
	if err := yaml.Unmarshal([]byte(front), &root); err != nil || len(root.Content) == 0 {
		return nil, false
	}
	m := root.Content[0]
	if m.Kind != yaml.MappingNode || m.Style&yaml.FlowStyle != 0 {
		return nil, false
	}
	lines := strings.SplitAfter(front, "\n")
	var out []member
	from := 0
	for i := 0; i < len(m.Content); i += 2 {
		at := m.Content[i].Line - 1
		if at < from || at > len(lines) || i > 0 && at == from {
			return nil, false
		}
		if at > from || i > 0 {
			name := ""
			if i > 0 {
				name = m.Content[i-2].Value
			}
			out = append(out, member{name, strings.Join(lines[from:at], "")})
		}
		from = at
	}
	if len(m.Content) > 0 {
		out = append(out, member{m.Content[len(m.Content)-2].Value, strings.Join(lines[from:], "")})
	}
	return out, true
}

// setMember sets one member of the front matter, or takes it out where the value
// is empty. A front matter that cannot be changed line by line is written anew.
func (d *Document) setMember(name, value string, sch *schema.Schema) {
	line := ""
	if value != "" {
		line = name + ": " + value + "\n"
	}
	meta := d.Meta
	if list, ok := members(d.Front); ok {
		var b strings.Builder
		done := false
		for _, m := range list {
			if m.name == name {
				m.text, done = line, true
			}
			b.WriteString(m.text)
		}
		front := b.String()
		if !done {
			front = line + front
		}
		if d.setFront(front, sch) {
			return
		}
	}
	front := line
	for _, m := range []member{{"key", string(meta.Key)}, {"title", yamlScalar(meta.Title)}, {"language", meta.Language}, {"kind", string(meta.Kind)}} {
		if m.name != name && cmp.Or(m.text, `""`) != `""` {
			front += m.name + ": " + m.text + "\n"
		}
	}
	d.setFront(front+defaultsText(meta.Defaults), sch)
}

func defaultsText(defaults map[string][]string) string {
	if len(defaults) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("defaults:\n")
	for _, name := range slices.Sorted(maps.Keys(defaults)) {
		values := make([]string, len(defaults[name]))
		for i, v := range defaults[name] {
			values[i] = yamlScalar(strings.ReplaceAll(v, "\n", " "))
		}
		value := "[" + strings.Join(values, ", ") + "]"
		if len(values) == 1 {
			value = values[0]
		}
		b.WriteString("  " + yamlScalar(name) + ": " + value + "\n")
	}
	return b.String()
}
