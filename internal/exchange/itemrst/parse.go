package itemrst

import (
	"path"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// parsed is one file, before its links are resolved.
type parsed struct {
	document exchange.Document
	options  [][]option // for each item of document
	items    int
	linkers  []linker
	faults   []exchange.Fault
}

// parser goes through the lines of one file once.
type parser struct {
	name   string
	lines  []line
	keep   bool // sections and blocks are wanted too
	out    *parsed
	styles []string // of headings, in the order of their levels
	order  int

	paragraph int // first line of the text that is being gathered, -1 when there is none
	open      int // index of the item that takes text without indentation, -1 when there is none
	openText  int // first line of that text
	indent    int // of the directive of that item
	depth     int // items around this one
}

func parse(name string, data []byte, keep bool) *parsed {
	p := &parser{name: name, lines: splitLines(string(data)), keep: keep, paragraph: -1, open: -1}
	p.out = &parsed{document: exchange.Document{
		Key: strings.TrimSuffix(name, path.Ext(name)), Path: name, At: exchange.Position{File: name, Line: 1, Column: 1},
	}}
	p.run(0, len(p.lines))
	p.flush(len(p.lines))
	p.close(len(p.lines))
	if sections := p.out.document.Sections; len(sections) > 0 {
		p.out.document.Title = sections[0].Title
	}
	return p.out
}

// run reads the lines from i up to end at the outermost level of the file.
func (p *parser) run(i, end int) {
	for i < end {
		if l := p.lines[i]; p.open >= 0 && !l.blank() && l.indent < p.indent {
			p.flush(i)
			p.close(i)
		}
		switch l := p.lines[i]; {
		case l.blank():
			i = p.blankLine(i, end)
		case p.paragraphOpen(i):
			if p.paragraph < 0 {
				p.paragraph = i
			}
			i++
		case strings.HasPrefix(l.text(), ".. ") || strings.HasPrefix(l.text(), "..\t") || l.text() == "..":
			i = p.explicit(i, end)
		default:
			if next := p.heading(i, end); next > i {
				i = next
				continue
			}
			if p.paragraph < 0 {
				p.paragraph = i
			}
			i++
		}
	}
}

// paragraphOpen says that a line goes on with the paragraph of the line before, where neither markup nor a heading
// can begin; an item may stand in what is indented more.
func (p *parser) paragraphOpen(i int) bool {
	if p.paragraph < 0 || i == 0 || p.lines[i-1].blank() {
		return false
	}
	l, before := p.lines[i], p.lines[i-1]
	if l.indent == before.indent && isItem(l) {
		p.fault(p.at(i, l.begin), "", true, "an item directive directly under a line of text is text to Sphinx, and is not read as an item",
			"leave a blank line before it")
	}
	return l.indent == before.indent || l.indent > before.indent && !isItem(l)
}

func isItem(l line) bool {
	d, ok := asDirective(l)
	return ok && itemDirective(d.name)
}

// blankLine ends a paragraph, and passes over the literal block that one ending in :: announces.
func (p *parser) blankLine(i, end int) int {
	if i == 0 || p.lines[i-1].blank() || p.paragraph < 0 || !strings.HasSuffix(p.lines[i-1].text(), "::") {
		return i + 1
	}
	return max(i+1, p.body(i, end, p.lines[i-1].indent))
}

// body is the line after the last one, from i on, that is blank or indented more than the indent given; blank lines
// at the end are not part of it.
func (p *parser) body(i, end, indent int) int {
	last := i
	for ; i < end; i++ {
		if p.lines[i].blank() {
			continue
		}
		if p.lines[i].indent <= indent {
			break
		}
		last = i + 1
	}
	return last
}

// heading reads a section heading at i and returns the line after it, or i.
func (p *parser) heading(i, end int) int {
	first := p.lines[i]
	if c := adornment(first); c != 0 && i+2 < end && !p.lines[i+1].blank() && adornment(p.lines[i+2]) == c &&
		len(p.lines[i+2].raw) == len(first.raw) && underlines(first, p.lines[i+1].text()) {
		p.section(i, p.lines[i+1], string([]byte{c, c}))
		return i + 3
	}
	if first.begin == 0 && adornment(first) == 0 && i+1 < end {
		if c := adornment(p.lines[i+1]); c != 0 && underlines(p.lines[i+1], first.text()) {
			p.section(i, first, string(c))
			return i + 2
		}
	}
	return i
}

// section ends what went before and begins a section. The level of a style is that of its first use.
func (p *parser) section(i int, title line, style string) {
	p.flush(i)
	p.close(i)
	level := 0
	for level < len(p.styles) && p.styles[level] != style {
		level++
	}
	if level == len(p.styles) {
		p.styles = append(p.styles, style)
	}
	p.order++
	if p.keep {
		p.out.document.Sections = append(p.out.document.Sections, exchange.Section{
			Title: title.text(), Level: level + 1, Order: p.order, At: p.at(i, 0),
		})
	}
}

func (p *parser) at(i, column int) exchange.Position {
	return exchange.Position{File: p.name, Line: i + 1, Column: column + 1}
}

func (p *parser) fault(at exchange.Position, item string, isError bool, message, remedy string) {
	p.out.faults = append(p.out.faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

// flush makes a block of the text gathered before line i, unless an item takes it.
func (p *parser) flush(i int) {
	if p.paragraph >= 0 && p.open < 0 {
		p.block("prose", p.paragraph, i)
	}
	p.paragraph = -1
}

// close ends the text of the item that took paragraphs without indentation.
func (p *parser) close(i int) {
	if p.open >= 0 && p.keep {
		p.out.document.Items[p.open].Text = dedent(p.lines[p.openText:i])
	}
	p.open = -1
}

func (p *parser) block(kind string, from, to int) {
	text := dedent(p.lines[from:to])
	if text == "" {
		return
	}
	p.order++
	if p.keep {
		p.out.document.Blocks = append(p.out.document.Blocks, exchange.Block{
			Kind: kind, Text: text, Order: p.order, At: p.at(from, p.lines[from].begin),
		})
	}
}

// explicit reads markup that begins with two dots.
func (p *parser) explicit(i, end int) int {
	l := p.lines[i]
	p.flush(i)
	p.close(i)
	after := p.body(i+1, end, l.indent)
	d, ok := asDirective(l)
	switch {
	case l.text() == ".." && (i+1 >= end || p.lines[i+1].blank()):
		return i + 1 // an empty comment takes nothing with it
	case !ok:
		p.block(markupKind(l.text()), i, after)
	case itemDirective(d.name):
		p.item(i, after, d)
	case d.name == "item-link":
		p.block(d.name, i, after)
		p.link(i, after)
	case !literal(d.name) && p.holdsItems(i+1, after):
		p.block(d.name, i, p.headEnd(i+1, after))
		return p.headEnd(i+1, after)
	default:
		p.block(d.name, i, after)
		p.unapplied(i, d)
	}
	return after
}

// unapplied names directives of the plugin that change items elsewhere and are not carried out here.
func (p *parser) unapplied(i int, d directive) {
	switch d.name {
	case "item-relink", "attribute-link":
		p.fault(p.at(i, p.lines[i].begin), "", false, "the directive "+d.name+" is kept as text and not carried out: the items it names are unchanged",
			"write the link or attribute into the items themselves")
	}
}

// headEnd is the line after the argument and options of a directive: the first blank one.
func (p *parser) headEnd(i, end int) int {
	for i < end && !p.lines[i].blank() && !isItem(p.lines[i]) {
		i++
	}
	return i
}

func (p *parser) holdsItems(i, end int) bool {
	for ; i < end; i++ {
		if isItem(p.lines[i]) {
			return true
		}
		if d, ok := asDirective(p.lines[i]); ok && d.name == "item-link" {
			return true
		}
	}
	return false
}

// markupKind tells comments from targets, footnotes and substitutions.
func markupKind(text string) string {
	switch rest := strings.TrimLeft(text[2:], " \t"); {
	case strings.HasPrefix(rest, "_"):
		return "target"
	case strings.HasPrefix(rest, "["):
		return "footnote"
	case strings.HasPrefix(rest, "|"):
		return "substitution"
	}
	return "comment"
}

func itemDirective(name string) bool { return name == "item" || name == "checklist-item" }

// literal says that the content of a directive is not reStructuredText: an item in it is an example.
func literal(name string) bool {
	switch name {
	case "code", "code-block", "sourcecode", "highlight", "parsed-literal", "literalinclude", "raw", "math", "uml", "plantuml",
		"graphviz", "graph", "digraph", "mermaid", "doctest", "testcode", "testoutput", "testsetup", "testcleanup", "prompt",
		"csv-table", "productionlist", "needs", "todo-example", "rst-example":
		return true
	}
	return false
}
