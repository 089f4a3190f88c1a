package reqif

import (
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xhtml"
)

// What files of this program say that no other's do, so that a project comes back as it was.
const (
	ToolID      = "goldthread"
	xhtmlPrefix = "xhtml"
	xhtmlSpace  = "http://www.w3.org/1999/xhtml"
	// exactName is the attribute that holds a text as it was written, where its XHTML would be read as another. It counts
	// only while the XHTML is still the one it was written as.
	exactName   = "goldthread.Markdown"
	sectionName = "goldthread section"
	proseName   = "goldthread prose"
	manyMark    = "one value a line"
)

// What types of this program call the places of an item.
const (
	foreignID   = "ReqIF.ForeignID"
	nameName    = "ReqIF.Name"
	chapterName = "ReqIF.ChapterName"
	textName    = "ReqIF.Text"
)

// isOwn reports a type of objects that this program has written: its fields may have any names.
func isOwn(t *specType) bool {
	return strings.HasPrefix(t.id, "_type-") && slices.ContainsFunc(t.attrs, func(a *attribute) bool { return a.name == exactName })
}

// isRole reports an attribute of a type of ours that is a place of its own, and no field.
func isRole(t *specType, a *attribute) bool { return isOwn(t) && a.id == made("role", t.id, a.name) }

// reverseOf is the reading of a relation of ours from its target.
func reverseOf(t *specType) string {
	if t.id == relationTypeID(t.name) {
		return t.desc
	}
	return ""
}

// joinValues and splitValues are several values in one string.
func joinValues(values []string) string {
	lines := make([]string, len(values))
	for i, v := range values {
		lines[i] = lineEscaper.Replace(v)
	}
	return strings.Join(lines, "\n")
}

func splitValues(text string) []string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = lineUnescaper.Replace(l)
	}
	return lines
}

var (
	lineEscaper   = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	lineUnescaper = strings.NewReplacer(`\\`, `\`, `\n`, "\n")
)

// frameAttribute is the one attribute of sections and prose.
var frameAttribute = map[string]string{sectionName: chapterName, proseName: "Text"}

// isOwnFrame reports the types of objects that stand for sections and prose.
func isOwnFrame(t *specType) bool {
	return t != nil && (t.name == sectionName || t.name == proseName) && t.id == typeID(t.name)
}

var (
	xhtmlName = ` xmlns="` + xhtmlSpace + `"`
	targets   = regexp.MustCompile(`( (?:href|data))="[^"]*"`)
)

// isFrom reports whether a fragment is the XHTML of a text, wherever its links lead.
func isFrom(text, fragment string) bool {
	fragment = strings.Replace(strings.TrimSpace(fragment), xhtmlName, "", 1)
	root, _, _ := strings.Cut(fragment, ">")
	prefix, _, prefixed := strings.Cut(strings.TrimPrefix(root, "<"), ":")
	if !prefixed {
		prefix = ""
	}
	return targets.ReplaceAllString(xhtml.FromMarkdown(text, prefix, nil), `$1=""`) == targets.ReplaceAllString(fragment, `$1=""`)
}

// frameText is what a section or prose says.
func frameText(o *object) (text string) {
	for i := range o.values {
		text = o.values[i].text
	}
	return strings.TrimRight(text, "\n")
}

// frame takes objects that stand for sections and prose of a document of ours.
func (b *builder) frame(d *exchange.Document, o *object, n *hierarchy, order int) bool {
	t := b.typ(o.file, o.typ)
	if !isOwnFrame(t) || b.placed[o] {
		return false
	}
	b.placed[o] = true
	b.tree.Read.Items--
	b.origins[o] = &origin{frame: true}
	text := frameText(o)
	if t.name == sectionName {
		d.Sections = append(d.Sections, exchange.Section{Title: text, Level: n.depth, Order: order, At: o.at})
	} else {
		d.Blocks = append(d.Blocks, exchange.Block{Kind: "prose", Text: text, Order: order, At: o.at})
	}
	return true
}
