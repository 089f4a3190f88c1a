package workspace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// blockMark says which parts of a block are in conflict: how they were at the
// beginning, and how they are there. What is here is in the block.
type blockMark struct {
	names    names
	heading  bool
	base     string // headings as whole lines, "" for none
	theirs   string
	fields   map[string][2]*record.Field
	language *[2]string
	files    []string // both sides changed what is in them
	beside   map[string]string
	text     *versions // of the text of an item, or the prose of a section
}

// write is the document as it stands in the folder, with its conflicts.
func (d *mergedDocument) write(sch *schema.Schema) ([]byte, error) {
	doc := *d.doc
	doc.Front = d.front
	w := &writer{doc: &doc, schema: sch}
	if doc.Front != "" {
		w.front()
	}
	above := 0
	for i := range d.blocks {
		b := &d.blocks[i]
		if err := w.merged(b, i, above); err != nil {
			return nil, fmt.Errorf("%s: %w", d.path, err)
		}
		if b.here {
			if above = 0; b.Item != nil {
				above = b.Level
			}
		}
	}
	return w.out, nil
}

// merged writes a block with its conflicts.
func (w *writer) merged(b *mergedBlock, index, above int) error {
	if b.other == nil {
		w.mark = b.mark
		defer func() { w.mark = nil }()
		return w.block(&b.Block, index, above)
	}
	if index > 0 {
		w.text("\n")
	}
	var versions [3]string
	for i, version := range []*Block{&b.Block, b.other[0], b.other[1]} {
		if version == nil || i == 0 && !b.here {
			continue
		}
		var err error
		versions[i] = w.capture(func() { err = w.block(version, 0, 0) })
		if err != nil {
			return err
		}
	}
	w.text(conflictText(b.names, versions[0], versions[1], versions[2]))
	return nil
}

// capture returns what f writes.
func (w *writer) capture(f func()) string {
	start := len(w.out)
	f()
	s := string(w.out[start:])
	w.out = w.out[:start]
	return s
}

// headingLine writes the heading of a block, or its three versions.
func (w *writer) headingLine(line string) {
	if w.mark == nil || !w.mark.heading {
		w.text(line, "\n")
		return
	}
	w.text(conflictText(w.mark.names, line+"\n", w.mark.base, w.mark.theirs))
}

// entry writes an entry of an item's list in its three versions.
func (w *writer) entry(here, base, theirs func()) {
	w.text(conflictText(w.mark.names, w.capture(here), w.capture(base), w.capture(theirs)))
}

// conflictingFields are the fields of the item at hand that are in conflict.
func (w *writer) conflictingFields() []string {
	if w.mark == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(w.mark.fields))
}

// fieldConflict writes a field in its three versions, if it is in conflict.
func (w *writer) fieldConflict(kind *schema.Kind, it *Item, name string) bool {
	if w.mark == nil {
		return false
	}
	versions, ok := w.mark.fields[name]
	if ok {
		w.entry(w.fieldVersion(kind, name, fieldOf(it, name)), w.fieldVersion(kind, name, versions[0]), w.fieldVersion(kind, name, versions[1]))
	}
	return ok
}

// fieldVersion writes a version of a field, nil for one that is not set.
func (w *writer) fieldVersion(kind *schema.Kind, name string, f *record.Field) func() {
	return func() {
		if f != nil {
			w.field(kind, *f)
			return
		}
		if declared := kind.Field(name); declared != nil && w.doc.Meta.Defaults[name] != nil {
			w.field(kind, record.Field{Name: name, Many: declared.Many})
		}
	}
}

// language writes the language of an item, if it is not that of the document.
func (w *writer) language(of string) {
	line := func(language string) func() {
		return func() {
			if language != w.doc.Meta.Language {
				w.text("- ", languageName, ": ", language, "\n")
			}
		}
	}
	if w.mark == nil || w.mark.language == nil {
		line(of)()
		return
	}
	w.entry(line(of), line(w.mark.language[0]), line(w.mark.language[1]))
}

// listFiles writes the files that the text does not name.
func (w *writer) listFiles(files []string) {
	line := func(list []string) func() {
		return func() {
			if len(list) > 0 {
				w.text("- ", filesName, ": ", joinQuoted(list), "\n")
			}
		}
	}
	if w.mark == nil || len(w.mark.files) == 0 {
		line(files)()
		return
	}
	w.entry(line(files), line(files), line(w.theirFiles(files)))
}

// theirFiles are the listed files, with the version of theirs in place of those
// that both sides changed.
func (w *writer) theirFiles(listed []string) []string {
	out := append([]string{}, listed...)
	for _, name := range w.mark.files {
		there := relativeTo(w.doc.Path, w.mark.beside[name])
		replaced := false
		for i := range out {
			if resolve(w.doc.Path, out[i]) == name {
				out[i], replaced = there, true
			}
		}
		if !replaced {
			out = append(out, there)
		}
	}
	return out
}

// body writes the text of an item or the prose of a section, or its versions.
func (w *writer) body(text string, write func(string) string) {
	if w.mark == nil || w.mark.text == nil {
		if text != "" {
			w.text(write(text), "\n")
		}
		return
	}
	w.text(w.mark.text.marked(w.mark.names, write), "\n")
}

// beginsLikeList reports whether a version of a text would be taken for links
// and fields.
func (w *writer) beginsLikeList(text string) bool {
	list := []string{text}
	if w.mark != nil && w.mark.text != nil {
		list = append(list, w.mark.text.base, w.mark.text.ours, w.mark.text.theirs)
	}
	for _, s := range list {
		if strings.HasPrefix(s, "- ") || strings.HasPrefix(s, textMarker) {
			return true
		}
	}
	return false
}
