package html

import (
	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/goldthread/goldthread/internal/record"
)

// transformer changes a tree before it is written: levels of headings, cells of
// tables, words that are keys.
type transformer struct{ Options }

// Transform is part of parser.ASTTransformer.
func (t *transformer) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var words []*ast.Text
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			if t.Top > 0 {
				n.Level = min(n.Level+t.Top-1, 6)
			}
		case *tables.TableCell:
			cell(n)
		case *ast.Link, *ast.Image, *ast.CodeSpan, *ast.AutoLink:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if t.Key != nil {
				words = append(words, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, w := range words {
		t.keys(w, reader.Source())
	}
}

// cell marks the cell of a table for style sheets and screen readers.
func cell(n *tables.TableCell) {
	if n.Alignment == tables.AlignRight || n.Alignment == tables.AlignCenter {
		n.SetAttributeString("class", []byte(n.Alignment.String()))
	}
	if n.Parent().Kind() == tables.KindTableHeader {
		n.SetAttributeString("scope", []byte("col"))
	}
}

// keys turns the words of a text that are keys of items into links to them.
func (t *transformer) keys(n *ast.Text, source []byte) {
	segment := n.Segment
	parent := n.Parent()
	if parent == nil || n.IsRaw() {
		return
	}
	at := segment.Start
	for start, stop := nextWord(source, segment.Start, segment.Stop); start < stop; start, stop = nextWord(source, stop, segment.Stop) {
		word := string(source[start:stop])
		if !record.LooksLikeKey(word) {
			continue
		}
		address, ok := t.Key(word)
		if !ok {
			continue
		}
		if start > at {
			parent.InsertBefore(parent, n, ast.NewTextSegment(text.NewSegment(at, start)))
		}
		link := &keyLink{address: address}
		link.AppendChild(link, ast.NewTextSegment(text.NewSegment(start, stop)))
		parent.InsertBefore(parent, n, link)
		at = stop
	}
	n.Segment = segment.WithStart(at)
}

// nextWord finds the next run of letters, digits and separators of keys between
// from and to, without separators at its end; start is stop when there is none.
func nextWord(source []byte, from, to int) (start, stop int) {
	for from < to && !inKey(source[from]) {
		from++
	}
	start = from
	for from < to && inKey(source[from]) {
		from++
	}
	for stop = from; stop > start && (source[stop-1] == '.' || source[stop-1] == '-' || source[stop-1] == '_'); {
		stop--
	}
	if stop == start && from < to && from > start {
		return nextWord(source, from, to) // nothing but separators
	}
	return start, stop
}

func inKey(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}

// keyLink is a word that is the key of an item.
type keyLink struct {
	ast.BaseInline
	address string
}

// kindKeyLink is its kind.
var kindKeyLink = ast.NewNodeKind("KeyLink")

// Kind is part of ast.Node.
func (*keyLink) Kind() ast.NodeKind { return kindKeyLink }

// Dump is part of ast.Node.
func (k *keyLink) Dump(source []byte, level int) {
	ast.DumpHelper(k, source, level, map[string]string{"address": k.address}, nil)
}
