package workspace

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Write returns the canonical text of a document. A section whose heading could
// be taken for an item, and anything else that reading would not give back, is
// an error.
//
// goldthread:implements SRS-21
func Write(d *Document, sch *schema.Schema) ([]byte, error) {
	const run = 1024
	w := &writer{doc: d, schema: sch}
	if d.Front != "" || d.Meta.Key != "" || d.Meta.Title != "" {
		w.front()
	}
	if len(d.Blocks) <= run {
		if err := w.blocks(0, len(d.Blocks)); err != nil {
			return nil, err
		}
		return w.out, nil
	}
	parts := make([][]byte, 1+(len(d.Blocks)+run-1)/run)
	errs := make([]error, len(parts))
	parts[0] = w.out
	parallel.Runs(len(d.Blocks), run, func(from, to int) {
		part := &writer{doc: d, schema: sch, fronted: w.fronted}
		errs[1+from/run] = part.blocks(from, to)
		parts[1+from/run] = part.out
	})
	if err := cmp.Or(errs...); err != nil {
		return nil, err
	}
	return bytes.Join(parts, nil), nil
}

// writer writes a run of the blocks of a document.
type writer struct {
	doc     *Document
	schema  *schema.Schema
	fronted bool       // front matter stands before the first block
	mark    *blockMark // conflicts of the block at hand
	out     []byte
}

func (w *writer) blocks(from, to int) error {
	above := 0 // level of the item above, whose text would take in deeper headings
	if from > 0 && w.doc.Blocks[from-1].Item != nil {
		above = w.doc.Blocks[from-1].Level
	}
	for i := from; i < to; i++ {
		b := &w.doc.Blocks[i]
		if err := w.block(b, i, above); err != nil {
			return fmt.Errorf("%s: %w", w.doc.Path, err)
		}
		above = 0
		if b.Item != nil {
			above = b.Level
		}
	}
	return nil
}

func (w *writer) text(s ...string) {
	for _, x := range s {
		w.out = append(w.out, x...)
	}
}

// front writes the front matter as it was read, or a new one for a document
// that never was a file.
func (w *writer) front() {
	front := w.doc.Front
	if front == "" {
		if w.doc.Meta.Key != "" {
			front += "key: " + string(w.doc.Meta.Key) + "\n"
		}
		if w.doc.Meta.Title != "" {
			front += "title: " + yamlScalar(w.doc.Meta.Title) + "\n"
		}
	}
	w.text("---\n", front, "---\n")
	w.fronted = true
}

// yamlScalar quotes what YAML could read as something else than a plain text.
func yamlScalar(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func (w *writer) block(b *Block, index, above int) error {
	if index > 0 {
		w.text("\n") // the first stands directly below the front matter
	}
	if b.Level == 0 {
		if index != 0 || b.Item != nil || b.Heading != "" {
			return fmt.Errorf("block %d has no heading", index+1)
		}
		if !w.fronted && strings.HasPrefix(b.Prose, "---") {
			w.text("\n") // a rule, not the beginning of front matter
		}
		w.body(b.Prose, asItIs)
		return nil
	}
	if b.Level > 6 {
		return fmt.Errorf("block %d stands %d levels deep, there are 6", index+1, b.Level)
	}
	if b.Item == nil {
		return w.section(b, above)
	}
	return w.item(b)
}

func (w *writer) section(b *Block, above int) error {
	if key, _, _ := itemHeading(b.Heading, w.schema, w.doc.Meta.Kind); key != "" {
		return fmt.Errorf("the section %q begins with a key, so that it would be read as an item", b.Heading)
	}
	if above > 0 && b.Level > above {
		return fmt.Errorf("the section %q stands below an item, so that it would be read as its text", b.Heading)
	}
	w.headingLine(sectionLine(b.Level, b.Heading))
	if b.Prose == "" && (w.mark == nil || w.mark.text == nil) {
		return nil
	}
	w.text("\n")
	w.body(b.Prose, asItIs)
	return nil
}

func asItIs(s string) string { return s }

// sectionLine is the heading of a section, itemLine that of an item.
func sectionLine(level int, heading string) string {
	if heading == "" {
		return levelMark(level)
	}
	return levelMark(level) + " " + heading
}

func itemLine(level int, key record.Key, title string) string {
	return sectionLine(level, strings.TrimSuffix(string(key)+" "+title, " "))
}

func (w *writer) item(b *Block) error {
	it := b.Item
	if key, _, kind := itemHeading(string(it.Key), w.schema, w.doc.Meta.Kind); key != it.Key || kind != it.Kind {
		return fmt.Errorf("%s: its prefix does not stand for the kind %s; name it under keys: in goldthread.yaml", it.Key, it.Kind)
	}
	w.headingLine(itemLine(b.Level, it.Key, it.Title))
	before := len(w.out)
	w.text("\n")
	start := len(w.out)
	w.links(it)
	w.fields(it)
	listed := len(w.out) > start
	if !listed {
		w.out = w.out[:before]
	}
	if it.Text == "" && (w.mark == nil || w.mark.text == nil) {
		return nil
	}
	w.text("\n")
	if w.beginsLikeList(it.Text) {
		w.text(textMarker, "\n\n")
	}
	w.body(it.Text, func(s string) string { return w.escape(s, b.Level) })
	return nil
}

// escape is the inverse of the reader's unescape.
func (w *writer) escape(text string, level int) string {
	if !strings.Contains(text, "#") {
		return text
	}
	lines := strings.Split(text, "\n")
	var f fence
	for i, l := range lines {
		if f.mark == 0 && l != "" && (l[0] == '#' || l[0] == '\\') {
			if endsItem(strings.TrimLeft(l, `\`), level, w.schema, w.doc.Meta.Kind) {
				lines[i] = `\` + l
				continue
			}
		}
		f.step(l, 0)
	}
	return strings.Join(lines, "\n")
}

func (w *writer) links(it *Item) {
	order := func(v record.Verb) int {
		if r := w.schema.Relation(v); r != nil {
			return r.Order
		}
		return 1 << 20
	}
	verbs := []record.Verb{}
	for _, l := range it.Links {
		if !slices.Contains(verbs, l.Verb) {
			verbs = append(verbs, l.Verb)
		}
	}
	slices.SortStableFunc(verbs, func(a, b record.Verb) int { return order(a) - order(b) })
	for _, v := range verbs {
		w.text("- ", string(v), ": ")
		first := true
		for _, l := range it.Links {
			if l.Verb != v {
				continue
			}
			if !first {
				w.text(", ")
			}
			first = false
			w.text(string(l.Target))
		}
		w.text("\n")
	}
}

func (w *writer) fields(it *Item) {
	kind := w.schema.Kind(it.Kind)
	fields := slices.Clone(it.Fields)
	for name := range w.doc.Meta.Defaults {
		if f := kind.Field(name); f != nil && it.Field(name) == nil {
			fields = append(fields, record.Field{Name: name, Many: f.Many})
		}
	}
	for _, name := range w.conflictingFields() {
		if !slices.ContainsFunc(fields, func(f record.Field) bool { return f.Name == name }) {
			fields = append(fields, record.Field{Name: name})
		}
	}
	order := func(f record.Field) int {
		if d := kind.Field(f.Name); d != nil {
			return d.Order
		}
		return 1 << 20
	}
	slices.SortFunc(fields, func(a, b record.Field) int {
		if d := order(a) - order(b); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	for _, f := range fields {
		if !w.fieldConflict(kind, it, f.Name) {
			w.field(kind, f)
		}
	}
	w.listFiles(w.explicitFiles(it))
	w.language(it.Language)
}

func (w *writer) field(kind *schema.Kind, f record.Field) {
	if values, ok := w.doc.Meta.Defaults[f.Name]; ok && kind.Field(f.Name) != nil && slices.Equal(values, f.Values) {
		return
	}
	switch {
	case len(f.Values) == 0:
		w.text("- ", f.Name, ":\n")
	case f.Many:
		w.text("- ", f.Name, ": ", joinQuoted(f.Values), "\n")
	default:
		w.text("- ", f.Name, ": ", singleValue(f.Values[0]), "\n")
	}
}

func joinQuoted(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = v
		if v == "" || strings.ContainsAny(v, ",\n") || v[0] == '"' || strings.Trim(v, " \t") != v {
			quoted[i] = quote(v)
		}
	}
	return strings.Join(quoted, ", ")
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// singleValue writes the value of a field that holds one.
func singleValue(v string) string {
	lines := strings.Split(v, "\n")
	mustQuote := v == "" || v[0] == '"' || strings.Trim(v, " \t") != v
	for i, l := range lines {
		blank := l != "" && strings.Trim(l, " \t") == ""
		mustQuote = mustQuote || blank || i == 0 && len(lines) > 1 && l == ""
	}
	if mustQuote {
		return quote(v)
	}
	for i, l := range lines[1:] {
		if l == "" || l[0] == '.' {
			l = "." + l
		}
		lines[i+1] = "  " + l
	}
	return strings.Join(lines, "\n")
}

// explicitFiles are the paths, as seen from the document, of those attached
// files that the text does not name itself.
func (w *writer) explicitFiles(it *Item) []string {
	var out []string
	named := map[string]bool{}
	for _, ref := range FileReferences(it.Text) {
		named[resolve(w.doc.Path, ref.Path)] = true
	}
	for _, f := range it.Files {
		if !named[f.Name] {
			out = append(out, relativeTo(w.doc.Path, f.Name))
		}
	}
	return out
}
