package reqif

import (
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// What files of this program say that no other's do, so that a project comes back as it was.
const (
	ToolID      = "goldthread"
	xhtmlPrefix = "xhtml"
	// exactName is the attribute that holds a text as it was written, where its XHTML would be read as another. It counts
	// only while the XHTML is still the one it was written as.
	exactName   = "goldthread.Markdown"
	sectionName = "goldthread section"
	proseName   = "goldthread prose"
	manyMark    = "one value a line"
)

func isOwnFrame(name string) bool { return name == sectionName || name == proseName }

// frame takes objects that stand for sections and prose of a document of ours.
func (b *builder) frame(d *exchange.Document, o *object, n *hierarchy, order int) bool {
	name := b.typeName(o.typ)
	if !isOwnFrame(name) {
		return false
	}
	if b.placed[o] {
		return true
	}
	b.placed[o] = true
	b.tree.Read.Items--
	text := ""
	for i := range o.values {
		text = o.values[i].text
	}
	if name == sectionName {
		d.Sections = append(d.Sections, exchange.Section{Title: text, Level: n.depth, Order: order, At: o.at})
	} else {
		d.Blocks = append(d.Blocks, exchange.Block{Kind: "prose", Text: strings.TrimRight(text, "\n"), Order: order, At: o.at})
	}
	return true
}
