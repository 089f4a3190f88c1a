package xhtml

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

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

// Clean is a text without what XML does not have: control characters, and bytes that are no UTF-8.
func Clean(s string) string {
	if !strings.ContainsFunc(s, isForeign) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isForeign(r) && r != utf8.RuneError {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

func isForeign(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff || r == utf8.RuneError
}

// Escape makes text safe for text and attribute values of XML.
func Escape(s string) string {
	s = Clean(s)
	if !strings.ContainsAny(s, "&<>\"\t\n\r") {
		return s
	}
	return escaper.Replace(s)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")

// EscapeText makes text safe for text of XML, and leaves lines as they are.
func EscapeText(s string) string {
	s = Clean(s)
	if !strings.ContainsAny(s, "&<>\r") {
		return s
	}
	return textEscaper.Replace(s)
}

var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")

func (w *writer) children(n ast.Node) {
	if w.depth++; w.depth > maxNesting {
		w.flat(n)
		w.depth--
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.node(c)
	}
	w.depth--
}

func (w *writer) text(n *ast.Text) {
	value := n.Segment.Value(w.source)
	if !n.IsRaw() {
		value = literal(value)
	}
	w.b.WriteString(EscapeText(string(value)))
}

// literal resolves escapes and references. What was escaped is no reference.
func literal(value []byte) []byte {
	if bytes.IndexByte(value, '\\') < 0 {
		if bytes.IndexByte(value, '&') < 0 {
			return value
		}
		return util.ResolveEntityNames(util.ResolveNumericReferences(value))
	}
	var out []byte
	for i := 0; i < len(value); {
		end := i + 1
		switch {
		case value[i] == '\\' && end < len(value) && util.IsPunct(value[end]):
			out = append(out, value[end])
			i += 2
			continue
		case value[i] == '&':
			if j := bytes.IndexByte(value[i:min(len(value), i+64)], ';'); j > 0 && bytes.IndexByte(value[i:i+j], '\\') < 0 {
				end = i + j + 1
			}
		}
		out = append(out, util.ResolveEntityNames(util.ResolveNumericReferences(value[i:end]))...)
		i = end
	}
	return out
}

// flat writes the text of a node without its markup.
func (w *writer) flat(n ast.Node) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch t, isText := n.(*ast.Text); {
		case !entering:
		case isText:
			w.text(t)
		case n.Kind() == ast.KindAutoLink:
			w.b.WriteString(EscapeText(string(n.(*ast.AutoLink).Label(w.source))))
		case n.Type() == ast.TypeBlock && n.ChildCount() == 0:
			w.lines(n)
		}
		return ast.WalkContinue, nil
	})
}

func (w *writer) wrap(n ast.Node, name string, attrs ...string) {
	w.open(name, attrs...)
	w.children(n)
	w.shut(name)
}

func (w *writer) node(n ast.Node) {
	if w.depth >= maxNesting && n.Type() == ast.TypeBlock {
		name := "p"
		if n.Kind() == ast.KindListItem {
			name = "li"
		}
		w.open(name)
		w.flat(n)
		w.shut(name)
		return
	}
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
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if c.HasChildren() { // a header of empty cells is none
				w.row(n, "th")
				break
			}
		}
	case *east.TableRow:
		w.row(n, "td")
	case *ast.Text:
		w.text(n)
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
		w.wrap(n, "a", "href", uri(w.resolve(string(n.Destination))))
	case *ast.AutoLink:
		to := string(n.URL(w.source))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(to, "mailto:") {
			to = "mailto:" + to
		}
		w.open("a", "href", uri(to))
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

// uri is an address as the schema takes one (RFC 3986): what cannot stand in it is percent-encoded.
func uri(to string) string {
	var b strings.Builder
	for i := 0; i < len(to); i++ {
		c := to[i]
		hex := i+2 < len(to) && isHex(to[i+1]) && isHex(to[i+2])
		if c <= ' ' || c == 0x7f || strings.IndexByte("\"<>[]\\^`{|}", c) >= 0 || c == '%' && !hex {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

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
	w.wrap(n, "object", "data", uri(w.resolve(src)), "type", kind)
}
