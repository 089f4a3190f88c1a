package workspace

import (
	"path"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// Document is one file as blocks in reading order.
type Document struct {
	Path   string // slash path below the root of the workspace
	Front  string // front matter without its two lines ---, kept byte for byte
	Meta   Meta   // what the front matter says
	Blocks []Block
	BOM    bool // the file began with a byte order mark, which is not written again
}

// Meta is the front matter as read.
type Meta struct {
	Key      record.Key
	Title    string
	Language string
	Kind     record.Kind         // of items whose prefix names none
	Defaults map[string][]string // by field name
}

// Block is leading prose (Level 0), a section (Heading) or an item.
type Block struct {
	Level   int
	Heading string
	Prose   string
	Item    *Item
	Line    int // of its first line
}

// Item is an item as it stands in a document.
type Item struct {
	record.Item
	Links    []Link
	Line     int    // of the heading
	File     string // where it stands, if not in the document's own file
	TextLine int    // of the first line of the text

	fileLines []fileLine
}

// Link is a link as written.
type Link struct {
	Verb         record.Verb
	Target       record.Ref
	Line, Column int
	File         string // where it stands, if not in the document's own file
	// Confirmed is what the format itself knows about the link; Known says
	// that it knows anything. Markdown leaves it to the lock.
	Known     bool
	Confirmed record.Confirmation
}

// Title is the title of the document: of the front matter, else its first
// heading of level 1, else its file name.
func (d *Document) Title() string {
	if d.Meta.Title != "" {
		return d.Meta.Title
	}
	for _, b := range d.Blocks {
		if b.Level == 1 && b.Item == nil && b.Heading != "" {
			return b.Heading
		}
	}
	return strings.TrimSuffix(path.Base(d.Path), path.Ext(d.Path))
}

// Key is the key of the document: of the front matter, else one made of its
// path, whose number 0 tells it from those that people give.
func (d *Document) Key() record.Key {
	if d.Meta.Key != "" {
		return d.Meta.Key
	}
	name := strings.TrimSuffix(d.Path, path.Ext(d.Path))
	var b strings.Builder
	b.WriteString("DOC-0")
	separator := true
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' {
			if separator {
				b.WriteByte('.')
			}
			b.WriteByte(c)
			separator = false
			continue
		}
		separator = true
	}
	return record.Key(b.String())
}

// Items yields the items of the document in reading order.
func (d *Document) Items() func(yield func(*Item) bool) {
	return func(yield func(*Item) bool) {
		for i := range d.Blocks {
			if it := d.Blocks[i].Item; it != nil && !yield(it) {
				return
			}
		}
	}
}

// HasItems reports whether the document holds any item.
func (d *Document) HasItems() bool {
	for range d.Items() {
		return true
	}
	return false
}
