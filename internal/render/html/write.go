package html

import (
	"html/template"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// writer writes those nodes that could do harm or be lost, and tables and
// figures.
type writer struct{ Options }

// RegisterFuncs is part of renderer.NodeRenderer.
func (w *writer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, w.link)
	r.Register(ast.KindAutoLink, w.autoLink)
	r.Register(ast.KindImage, w.image)
	r.Register(ast.KindRawHTML, w.rawHTML)
	r.Register(ast.KindHTMLBlock, w.htmlBlock)
	r.Register(ast.KindParagraph, w.paragraph)
	r.Register(tables.KindTable, w.table)
	r.Register(tables.KindTaskCheckBox, w.checkBox)
	r.Register(kindKeyLink, w.keyLink)
}

// target is where an address leads: outside of the project, or to a file of it.
type target struct {
	url      string
	external bool
}

// addressOf is a destination with what it spells in entities and backslashes.
func addressOf(destination []byte) string { return string(util.URLEscape(destination, true)) }

// resolve says where an address leads, and whether pages may lead there.
func (w *writer) resolve(address string) (target, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return target{}, false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return target{address, true}, u.Host != ""
	case "mailto":
		return target{address, true}, true
	case "":
		if u.Host != "" || w.File == nil || u.Path == "" || u.Path[0] == '/' || strings.Contains(u.Path, `\`) {
			return target{}, false
		}
		to, ok := w.File(u.Path)
		return target{url: to}, ok
	default:
		return target{}, false
	}
}

func open(out util.BufWriter, t target) {
	_, _ = out.WriteString(`<a href="` + template.HTMLEscapeString(t.url) + `"`)
	if t.external {
		_, _ = out.WriteString(` rel="noopener noreferrer" class="external"`)
	}
	_ = out.WriteByte('>')
}

// nowhere shows an address that pages do not lead to.
func nowhere(out util.BufWriter, address string) {
	_, _ = out.WriteString(` <code class="address">` + template.HTMLEscapeString(address) + `</code>`)
}

func (w *writer) link(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	address := addressOf(node.(*ast.Link).Destination)
	t, ok := w.resolve(address)
	switch {
	case entering && ok:
		open(out, t)
	case ok:
		_, _ = out.WriteString("</a>")
	case !entering:
		nowhere(out, address)
	}
	return ast.WalkContinue, nil
}

func (w *writer) autoLink(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.AutoLink)
	if !entering {
		return ast.WalkContinue, nil
	}
	address, label := string(n.URL(source)), template.HTMLEscapeString(string(n.Label(source)))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	t, ok := w.resolve(address)
	if !ok || !t.external {
		_, _ = out.WriteString(`<code class="address">` + label + `</code>`)
		return ast.WalkContinue, nil
	}
	open(out, t)
	_, _ = out.WriteString(label + "</a>")
	return ast.WalkContinue, nil
}

// image draws a picture of the project. Others are not fetched: a link leads to
// them.
func (w *writer) image(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	address, words := addressOf(n.Destination), template.HTMLEscapeString(wordsOf(n, source))
	t, ok := w.resolve(address)
	switch {
	case ok && !t.external:
		_, _ = out.WriteString(`<a href="` + template.HTMLEscapeString(t.url) + `"><img src="` + template.HTMLEscapeString(t.url) + `" alt="` + words + `"></a>`)
	case ok:
		open(out, t)
		_, _ = out.WriteString("picture: " + words + "</a>")
		nowhere(out, address)
	default:
		_, _ = out.WriteString("picture: " + words)
		nowhere(out, address)
	}
	if isFigure(n.Parent(), n) {
		caption := string(n.Title)
		if caption == "" {
			caption = wordsOf(n, source)
		}
		_, _ = out.WriteString("<figcaption>" + template.HTMLEscapeString(caption) + "</figcaption>")
	}
	return ast.WalkSkipChildren, nil
}

// wordsOf is the text below a node.
func wordsOf(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Value(source))
			if t.SoftLineBreak() || t.HardLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// isFigure reports whether a paragraph holds one picture and nothing else.
func isFigure(paragraph, child ast.Node) bool {
	return paragraph != nil && paragraph.Kind() == ast.KindParagraph && child != nil && child.Kind() == ast.KindImage && paragraph.ChildCount() == 1
}

func (w *writer) paragraph(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	name := "p"
	if isFigure(node, node.FirstChild()) {
		name = "figure"
	}
	if entering {
		_, _ = out.WriteString("<" + name + ">")
	} else {
		_, _ = out.WriteString("</" + name + ">\n")
	}
	return ast.WalkContinue, nil
}

func (w *writer) rawHTML(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		segments := node.(*ast.RawHTML).Segments
		for i := range segments.Len() {
			at := segments.At(i)
			template.HTMLEscape(out, at.Value(source))
		}
	}
	return ast.WalkSkipChildren, nil
}

func (w *writer) htmlBlock(out util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.HTMLBlock)
	if !entering {
		return ast.WalkContinue, nil
	}
	_, _ = out.WriteString(`<pre class="plain">`)
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		template.HTMLEscape(out, at.Value(source))
	}
	if n.HasClosure() {
		template.HTMLEscape(out, n.ClosureLine.Value(source))
	}
	_, _ = out.WriteString("</pre>\n")
	return ast.WalkContinue, nil
}

// table puts a table into a frame of its own, which scrolls on a small screen.
func (w *writer) table(out util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = out.WriteString(`<div class="frame" role="group" aria-label="table" tabindex="0"><table>` + "\n")
	} else {
		_, _ = out.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

func (w *writer) checkBox(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		mark := "[ ] "
		if node.(*tables.TaskCheckBox).IsChecked {
			mark = "[x] "
		}
		_, _ = out.WriteString(mark)
	}
	return ast.WalkContinue, nil
}

func (w *writer) keyLink(out util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		open(out, target{url: node.(*keyLink).address})
	} else {
		_, _ = out.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}
