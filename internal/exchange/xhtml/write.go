package xhtml

import (
	"fmt"
	"mime"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))

// FromMarkdown writes a text as the XHTML that ReqIF allows: one div in the namespace of the prefix, "" for none. Pictures
// become objects with their type; raw HTML is text. Resolve turns the targets of links and pictures into what they are
// beside the file that is written; nil leaves them.
func FromMarkdown(source, prefix string, resolve func(string) string) string {
	if resolve == nil {
		resolve = func(to string) string { return to }
	}
	w := &writer{source: []byte(source), prefix: prefix, resolve: resolve}
	if prefix != "" {
		w.prefix += ":"
	}
	doc := markdown.Parser().Parse(text.NewReader(w.source))
	w.open("div")
	w.children(doc)
	w.shut("div")
	return w.b.String()
}

type writer struct {
	b      strings.Builder
	source []byte
	prefix string
	depth  int

	resolve func(string) string
}

// maxNesting bounds the recursion; what lies deeper is written as text.
const maxNesting = 100

func (w *writer) open(name string, attrs ...string) {
	w.b.WriteString("<" + w.prefix + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		w.b.WriteString(" " + attrs[i] + `="` + Escape(attrs[i+1]) + `"`)
	}
	w.b.WriteString(">")
}

func (w *writer) shut(name string) { w.b.WriteString("</" + w.prefix + name + ">") }

// Escape makes text safe for text and attribute values of XML.
func Escape(s string) string {
	if !strings.ContainsAny(s, "&<>\"\t\n\r") {
		return s
	}
	return escaper.Replace(s)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")

// EscapeText makes text safe for text of XML, and leaves lines as they are.
func EscapeText(s string) string {
	if !strings.ContainsAny(s, "&<>\r") {
		return s
	}
	return textEscaper.Replace(s)
}

var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")

func (w *writer) children(n ast.Node) {
	if w.depth++; w.depth > maxNesting {
		w.b.WriteString(EscapeText(string(n.Text(w.source)))) //nolint:staticcheck // all of it, flat
		w.depth--
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.node(c)
	}
	w.depth--
}

func (w *writer) wrap(n ast.Node, name string, attrs ...string) {
	w.open(name, attrs...)
	w.children(n)
	w.shut(name)
}

func (w *writer) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		w.wrap(n, "p")
	case *ast.TextBlock:
		w.children(n)
	case *ast.Heading:
		w.wrap(n, fmt.Sprintf("h%d", n.Level))
	case *ast.ThematicBreak:
		w.b.WriteString("<" + w.prefix + "hr/>")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.open("pre")
		w.lines(n)
		w.shut("pre")
	case *ast.Blockquote:
		w.wrap(n, "blockquote")
	case *ast.List:
		name := "ul"
		if n.IsOrdered() {
			name = "ol"
		}
		w.wrap(n, name)
	case *ast.ListItem:
		w.wrap(n, "li")
	case *ast.HTMLBlock:
		w.open("pre")
		w.lines(n)
		w.shut("pre")
	case *east.Table:
		w.wrap(n, "table")
	case *east.TableHeader:
		w.row(n, "th")
	case *east.TableRow:
		w.row(n, "td")
	case *ast.Text:
		value := n.Segment.Value(w.source)
		if !n.IsRaw() {
			value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
		}
		w.b.WriteString(EscapeText(string(value)))
		switch {
		case n.HardLineBreak():
			w.b.WriteString("<" + w.prefix + "br/>")
		case n.SoftLineBreak():
			w.b.WriteByte('\n')
		}
	case *ast.String:
		w.b.WriteString(EscapeText(string(n.Value)))
	case *ast.CodeSpan:
		w.open("code")
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				w.b.WriteString(EscapeText(string(t.Segment.Value(w.source))))
			}
		}
		w.shut("code")
	case *ast.Emphasis:
		name := "em"
		if n.Level == 2 {
			name = "strong"
		}
		w.wrap(n, name)
	case *east.Strikethrough:
		w.wrap(n, "del")
	case *ast.Link:
		w.wrap(n, "a", "href", w.resolve(string(n.Destination)))
	case *ast.AutoLink:
		to := string(n.URL(w.source))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(to, "mailto:") {
			to = "mailto:" + to
		}
		w.open("a", "href", to)
		w.b.WriteString(EscapeText(string(n.Label(w.source))))
		w.shut("a")
	case *ast.Image:
		w.picture(n)
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			seg := n.Segments.At(i)
			w.b.WriteString(EscapeText(string(seg.Value(w.source))))
		}
	default:
		w.children(n)
	}
}

func (w *writer) lines(n ast.Node) {
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		w.b.WriteString(EscapeText(string(seg.Value(w.source))))
	}
	if h, ok := n.(*ast.HTMLBlock); ok && h.HasClosure() {
		w.b.WriteString(EscapeText(string(h.ClosureLine.Value(w.source))))
	}
}

func (w *writer) row(n ast.Node, cell string) {
	w.open("tr")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.wrap(c, cell)
	}
	w.shut("tr")
}

// picture is an object, since the XHTML of ReqIF has no img.
func (w *writer) picture(n *ast.Image) {
	src := string(n.Destination)
	kind := "image/png"
	if u, err := url.Parse(src); err == nil {
		if k := mime.TypeByExtension(strings.ToLower(path.Ext(u.Path))); strings.HasPrefix(k, "image/") {
			kind, _, _ = strings.Cut(k, ";")
		}
	}
	w.wrap(n, "object", "data", w.resolve(src), "type", kind)
}
