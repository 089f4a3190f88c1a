package itemrst

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// option is one option of an item directive.
type option struct {
	name  string
	at    exchange.Position
	words []word
	value string // as written, lines joined by \n
}

// word is one word of an option's value.
type word struct {
	text string
	at   exchange.Position
}

// item reads an item directive whose lines end before after.
func (p *parser) item(i, after int, d directive) {
	options, content, title := p.head(i, after, d)
	key, title := cutWord(title)
	at := p.at(i, d.begin)
	if key == "" {
		p.block(d.name, i, after)
		p.fault(p.at(i, p.lines[i].begin), "", true, "an item directive has no key", "write the key after it: .. item:: SRS-1")
		return
	}
	p.order++
	p.out.items++
	text := dedent(p.lines[content:after])
	if p.keep {
		p.out.document.Items = append(p.out.document.Items, exchange.Item{
			Key: key, Document: p.out.document.Key, Order: p.order, Title: title, Text: text, Normative: true, Active: true,
			Review: exchange.Review{State: exchange.NotReviewed}, At: at,
		})
		p.out.options = append(p.out.options, options)
		if text == "" {
			p.open, p.openText, p.indent = len(p.out.document.Items)-1, after, p.lines[i].indent
		}
	}
	if text != "" && p.holdsItems(content, after) {
		p.nested(content, after)
	}
}

// maxNesting bounds items inside items, each of which holds the text of those inside.
const maxNesting = 8

// nested reads the items inside the content of another, whose text stays with the outer one too.
func (p *parser) nested(from, to int) {
	if p.depth >= maxNesting {
		p.fault(p.at(from, 0), "", true, fmt.Sprintf("items are nested more than %d deep; those further inside stay text", maxNesting), "write the items one after the other")
		return
	}
	inner := &parser{name: p.name, lines: p.lines, keep: p.keep, out: p.out, styles: p.styles, order: p.order, paragraph: -1, open: -1, depth: p.depth + 1}
	blocks, sections := len(p.out.document.Blocks), len(p.out.document.Sections)
	inner.run(from, to)
	inner.close(to)
	p.out.document.Blocks = p.out.document.Blocks[:blocks]
	p.out.document.Sections = p.out.document.Sections[:sections]
	p.order = inner.order
}

// head reads the lines of a directive up to its content: the rest of the argument, then options.
func (p *parser) head(i, after int, d directive) (options []option, content int, argument string) {
	argument = d.argument
	i++
	for ; i < after && !p.lines[i].blank(); i++ {
		if _, _, _, ok := asOption(p.lines[i]); ok {
			break
		}
		argument = strings.TrimSpace(argument + " " + p.lines[i].text())
	}
	for i < after && !p.lines[i].blank() {
		name, val, begin, ok := asOption(p.lines[i])
		if !ok {
			p.fault(p.at(i, p.lines[i].begin), "", false, "a line between the options and the text of a directive is neither; it is taken for text",
				"leave a blank line before the text")
			return options, i, argument
		}
		o := option{name: name, at: p.at(i, p.lines[i].begin), value: val, words: words(val, p.at(i, begin))}
		indent := p.lines[i].indent
		for i++; i < after && p.lines[i].indent > indent && !p.lines[i].blank(); i++ {
			o.words = append(o.words, words(p.lines[i].text(), p.at(i, p.lines[i].begin))...)
			o.value = strings.TrimPrefix(o.value+"\n"+p.lines[i].text(), "\n")
		}
		options = append(options, o)
	}
	return options, i, argument
}

// words are the words of a text that begins at a place.
func words(text string, at exchange.Position) []word {
	var list []word
	for i := 0; i < len(text); {
		if text[i] == ' ' || text[i] == '\t' {
			i++
			continue
		}
		end := strings.IndexAny(text[i:], " \t")
		if end < 0 {
			end = len(text) - i
		}
		place := at
		place.Column += i
		list = append(list, word{text: text[i : i+end], at: place})
		i += end
	}
	return list
}

func cutWord(s string) (first, rest string) {
	s = strings.TrimSpace(s)
	end := strings.IndexAny(s, " \t")
	if end < 0 {
		return s, ""
	}
	return s[:end], strings.TrimSpace(s[end:])
}
