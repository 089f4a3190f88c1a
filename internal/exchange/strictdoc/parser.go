package strictdoc

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Tags that are no types of items.
const (
	tagDocument     = "DOCUMENT"
	tagFragment     = "FRAGMENT"
	tagGrammar      = "GRAMMAR"
	tagBibliography = "BIBLIOGRAPHY"
	tagSection      = "SECTION"
	tagText         = "TEXT"
	tagRequirement  = "REQUIREMENT"
	tagFreeText     = "FREETEXT" // before 0.2
	tagInclude      = "DOCUMENT_FROM_FILE"
	tagOldInclude   = "FRAGMENT_FROM_FILE" // before 0.0.50
	prefixComposite = "COMPOSITE_"         // before 0.2
)

// parser reads one document.
type parser struct {
	file    string
	limits  Limits
	in      *lines
	grammar *grammar
	load    func(name string, at exchange.Position) (*grammar, []exchange.Fault) // of IMPORT_FROM_FILE; nil where there is none

	doc      exchange.Document
	titled   bool
	fragment bool
	markup   string // as the document says
	order    int
	open     []opened
	ends     int             // sections that ended since the last node
	met      map[string]bool // types of nodes
	read     exchange.Counts
	faults   []exchange.Fault
	lost     []exchange.Loss
	changed  []exchange.Loss
	dangling []exchange.Dangling
	includes []include
	names    []named // every MID and UID
	unknown  map[string]bool
	stopped  bool // at a limit
	gap      int  // blank lines before the current one
	// No text and no free text ends any more: what begins one need not look for its end.
	noTextEnd, noFreeTextEnd bool
	n                        node // reused
	nodes                    int  // held against the grammar
}

// opened is a node that holds others.
type opened struct {
	tag  string
	old  bool // [SECTION], closed by [/SECTION]
	item bool
	line int
}

// include is a place where another document is shown.
type include struct {
	path string // from the root of the tree; empty when it leads out of it
	at   exchange.Position
}

// named is a MID or UID where it is given.
type named struct {
	name, value string
	at          exchange.Position
}

func (p *parser) at(line, column int) exchange.Position {
	return exchange.Position{File: p.file, Line: line, Column: column}
}

func (p *parser) add(f exchange.Fault) {
	if p.stopped {
		return
	}
	if len(p.faults) >= p.limits.Faults {
		p.stop(fmt.Sprintf("the file has more than %d faults; the rest of it is not read", p.limits.Faults), "mend those named first")
		return
	}
	p.faults = append(p.faults, f)
}

// stop ends the reading of the file.
func (p *parser) stop(message, remedy string) {
	if p.stopped {
		return
	}
	p.stopped = true
	p.faults = append(p.faults, exchange.Fault{At: p.at(p.in.line, 1), Message: message, Remedy: remedy, Error: true})
	p.in.start, p.in.end = len(p.in.text), len(p.in.text)
}

// fault is about something that was read all the same.
func (p *parser) fault(line, column int, message, remedy string) {
	p.add(exchange.Fault{At: p.at(line, column), Message: message, Remedy: remedy})
}

// error is about something that is missing from the Tree.
func (p *parser) error(line, column int, message, remedy string) {
	p.add(exchange.Fault{At: p.at(line, column), Message: message, Remedy: remedy, Error: true})
}

// junk says that the current line is not read.
func (p *parser) junk(message, remedy string) {
	p.error(p.in.line, 1, message+": "+shorten(p.in.current()), remedy)
	p.lost = append(p.lost, exchange.Loss{At: p.at(p.in.line, 1), What: shorten(p.in.current()), Why: "the line has no place where it stands"})
}

// parse reads the whole document; false says that it is none.
func (p *parser) parse() bool {
	for !p.in.done() && blank(p.in.current()) {
		p.in.next()
	}
	switch strings.TrimRight(p.in.current(), " ") {
	case "[" + tagDocument + "]":
		p.doc.At = p.at(p.in.line, 1)
		p.in.next()
		p.header()
	case "[" + tagFragment + "]":
		p.doc.At = p.at(p.in.line, 1)
		p.fragment = true
		p.changed = append(p.changed, exchange.Loss{At: p.doc.At, What: tagFragment, Why: "it is a document of its own here"})
		p.in.next()
	default:
		p.error(p.in.line, 1, "the file does not begin with ["+tagDocument+"] and is not read", "begin it with ["+tagDocument+"] and a TITLE")
		return false
	}
	p.read.Documents++
	for {
		p.blanks()
		if p.in.done() {
			break
		}
		p.top()
	}
	for i := len(p.open) - 1; i >= 0; i-- {
		o := p.open[i]
		p.fault(o.line, 1, "the node "+o.tag+" is not closed", "write "+o.closing()+" where it ends")
		if o.item {
			p.end()
		}
	}
	if !p.titled && !p.fragment {
		p.fault(p.doc.At.Line, 1, "the document has no TITLE", "write TITLE: below ["+tagDocument+"]")
	}
	return true
}

func (o *opened) closing() string {
	switch {
	case o.old && o.item:
		return "[/" + prefixComposite + o.tag + "]"
	case o.old:
		return "[/" + o.tag + "]"
	}
	return "[[/" + o.tag + "]]"
}

// blanks passes over blank lines, of which StrictDoc wants exactly one before a node.
func (p *parser) blanks() {
	for p.gap = 0; !p.in.done() && blank(p.in.current()); p.in.next() {
		p.gap++
	}
}

// top reads what stands between nodes: a node, the end of one, or a part of the document.
func (p *parser) top() {
	line, number := p.in.current(), p.in.line
	tag, form := bracketed(strings.TrimRight(line, " \t"))
	if form == formNone {
		p.junk("a node or the end of one is expected here", "indent it, or give it the name of a field")
		p.in.next()
		return
	}
	if p.gap != 1 && !p.stopped {
		p.fault(number, 1, fmt.Sprintf("%d blank lines stand before %s, and StrictDoc wants one", p.gap, line), "leave one line blank")
	}
	if len(line) != len(strings.TrimRight(line, " \t")) {
		p.fault(number, len(strings.TrimRight(line, " \t"))+1, "blanks stand behind "+strings.TrimRight(line, " \t")+", and StrictDoc does not take them", "remove them")
	}
	switch {
	case form == formClose || form == formCloseOld:
		p.close(tag, form)
		p.in.next()
	case form == formOpen:
		p.node(tag, true, false)
	case tag == tagGrammar:
		p.readGrammar()
	case tag == tagBibliography:
		p.in.next()
		p.verbatim(tagBibliography, number)
	case tag == tagFreeText:
		p.freeText()
	case tag == tagInclude || tag == tagOldInclude:
		p.include()
	case tag == tagSection:
		p.node(tag, true, true)
	case strings.HasPrefix(tag, prefixComposite):
		p.node(tag[len(prefixComposite):], true, true)
	case tag == tagDocument || tag == tagFragment:
		p.error(number, 1, "a second document begins in the file, and is not read", "give it a file of its own")
		p.lost = append(p.lost, exchange.Loss{At: p.at(number, 1), What: tag, Why: "a file holds one document"})
		for p.in.next(); !p.in.done() && !blank(p.in.current()); p.in.next() {
		}
	default:
		p.node(tag, false, false)
	}
}

type form int

const (
	formNone     form = iota
	formPlain         // [X]
	formOpen          // [[X]]
	formClose         // [[/X]]
	formCloseOld      // [/X]
)

// bracketed reads a line that begins or ends a node.
func bracketed(line string) (tag string, f form) {
	if len(line) < 3 || line[0] != '[' || line[len(line)-1] != ']' {
		return "", formNone
	}
	tag, f = line[1:len(line)-1], formPlain
	if len(tag) > 2 && tag[0] == '[' && tag[len(tag)-1] == ']' {
		tag, f = tag[1:len(tag)-1], formOpen
	}
	if closes, ok := strings.CutPrefix(tag, "/"); ok {
		tag = closes
		if f == formOpen {
			f = formClose
		} else {
			f = formCloseOld
		}
	}
	if !isTag(tag) {
		return "", formNone
	}
	return tag, f
}

// close ends the innermost open node.
func (p *parser) close(tag string, f form) {
	if len(p.open) == 0 {
		p.error(p.in.line, 1, p.in.current()+" ends a node, but none is open", "remove it")
		return
	}
	o := p.open[len(p.open)-1]
	if f == formCloseOld {
		tag = strings.TrimPrefix(tag, prefixComposite)
	}
	if o.tag != tag || o.old != (f == formCloseOld) {
		p.fault(p.in.line, 1, fmt.Sprintf("%s stands where %s is expected, which ends the node that begins in line %d", p.in.current(), o.closing(), o.line), "write "+o.closing())
		if !p.isOpen(tag) {
			return
		}
		for p.open[len(p.open)-1].tag != tag {
			p.pop()
		}
	}
	p.pop()
}

func (p *parser) isOpen(tag string) bool {
	for _, o := range p.open {
		if o.tag == tag {
			return true
		}
	}
	return false
}

func (p *parser) pop() {
	o := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	if o.item {
		p.flushEnds()
		p.end()
		return
	}
	p.ends++
}

func (p *parser) push(o opened) {
	if len(p.open) >= p.limits.Depth {
		p.stop(fmt.Sprintf("nodes are nested more than %d deep; the rest of the file is not read", p.limits.Depth), "nest them less")
		return
	}
	p.open = append(p.open, o)
}

func (p *parser) nextOrder() int {
	p.order++
	return p.order
}

// flushEnds says which sections ended before what follows, which is no section.
func (p *parser) flushEnds() {
	for ; p.ends > 0; p.ends-- {
		p.end()
	}
}

func (p *parser) end() {
	p.doc.Blocks = append(p.doc.Blocks, exchange.Block{Kind: BlockEnd, Order: p.nextOrder(), At: p.at(p.in.line, 1)})
}
