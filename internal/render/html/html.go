// Package html turns the Markdown of items and sections into HTML for pages.
//
// Text is written by people who may mean harm, so the result holds nothing that
// runs: raw HTML is shown as it was written, and links lead to web pages, mail
// addresses and what the caller resolves, nowhere else. Nothing is dropped: a
// link or picture that leads nowhere keeps its words and shows its address. There
// is no style attribute in the result, so that pages can forbid them all.
//
// The package reads no files and knows no project; what a relative address or a
// word means is said by arguments. Text too large or too deeply nested to be read
// as Markdown in bounded time is shown as plain text.
package html

import (
	"bytes"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// Options say what stands around a text.
type Options struct {
	// Top is the level that headings of level 1 get, so that they stand below
	// those of the page; 0 leaves them.
	Top int
	// File resolves a relative address, such as img/states.svg, for links and
	// pictures. Without it none is.
	File func(address string) (url string, ok bool)
	// Key resolves a word of the text that has the shape of an item's key.
	// Without it words are only words.
	Key func(word string) (url string, ok bool)
}

// Markdown returns the text as HTML.
//
// goldthread:implements SRS-67
func Markdown(text string, o Options) template.HTML {
	if !bounded(text) {
		return plain(text)
	}
	var out bytes.Buffer
	if err := converter(o).Convert([]byte(text), &out); err != nil {
		return plain(text)
	}
	return template.HTML(out.String()) // made by our own renderer, which escapes
}

// plain shows a text as it was written.
func plain(text string) template.HTML {
	return template.HTML(`<pre class="plain">` + template.HTMLEscapeString(text) + "</pre>\n")
}

func converter(o Options) goldmark.Markdown {
	w := &writer{o}
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			extension.Strikethrough,
			extension.TaskList,
		),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(&transformer{o}, 900))),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(w, 10))), // before the usual ones
	)
}

// Limits within which reading Markdown is quick whatever the text holds; the
// tests of this package show it on the worst texts known.
const (
	maxText    = 256 << 10 // bytes
	maxNesting = 64        // marks that open something at the start of a line
	maxOpen    = 8000      // brackets, stars and the like in one paragraph
)

// bounded reports whether a text can be read as Markdown in bounded time and
// depth.
func bounded(text string) bool {
	if len(text) > maxText {
		return false
	}
	open := 0
	for line := range strings.Lines(text) {
		if nesting(line) > maxNesting {
			return false
		}
		if strings.TrimSpace(line) == "" {
			open = 0
			continue
		}
		for i := range len(line) {
			if strings.IndexByte("[]*_~<`&\\", line[i]) >= 0 {
				open++
			}
		}
		if open > maxOpen {
			return false
		}
	}
	return true
}

// nesting counts what may open quotes and lists at the start of a line, blanks
// by fours included.
func nesting(line string) int {
	line = strings.TrimRight(line, "\r\n")
	marks, blanks := 0, 0
	for i := range len(line) {
		ends := i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t'
		switch c := line[i]; {
		case c == ' ':
			blanks++
		case c == '\t':
			blanks += 4
		case c == '>', ends && strings.IndexByte("-+*.)", c) >= 0:
			marks++
		case '0' <= c && c <= '9':
		default:
			return marks + blanks/4
		}
	}
	return marks + blanks/4
}
