package trlc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// object is a record object as written.
type object struct {
	typeName string
	name     string
	assigned []assignment
	comments []comment
	order    int
	at       exchange.Position
	typeAt   exchange.Position
}

// objectParser reads one .trlc file.
type objectParser struct {
	parser
	doc     *exchange.Document
	pkg     string
	imports []string
	objects []*object
	order   int
	open    []exchange.Position // sections
	items   int                 // objects begun
	lost    []exchange.Loss
	scratch []assignment // of the object being read
}

func (o *objectParser) parse() bool {
	var ok bool
	o.commentBlocks()
	if o.pkg, o.imports, ok = o.preamble(o.doc); !ok {
		return false
	}
	for {
		o.commentBlocks()
		t := o.peek(0)
		switch {
		case t.kind == tokenEnd:
			for _, at := range o.open {
				o.fault(at, false, "", "the section is not closed", "close it with }")
			}
			return true
		case o.is("section"):
			o.section()
		case o.is("}") && len(o.open) > 0:
			o.next()
			o.open = o.open[:len(o.open)-1]
			o.block(BlockEnd, "", o.position(t))
		case t.kind == tokenName:
			o.object()
		default:
			o.missing("an object or a section", "here")
			o.next()
			o.recover()
		}
	}
}

func (o *objectParser) block(kind, text string, at exchange.Position) {
	o.order++
	o.doc.Blocks = append(o.doc.Blocks, exchange.Block{Kind: kind, Text: text, Order: o.order, At: at})
}

func (o *objectParser) commentBlocks() {
	for _, c := range o.take(o.peek(0).start) {
		o.block(BlockComment, c.text(), c.at)
	}
}

// recover passes over what cannot be read, up to what may be an object or a section.
func (o *objectParser) recover() {
	for t := o.peek(0); t.kind != tokenEnd && !o.is("section") && !o.is("}"); t = o.peek(0) {
		if next := o.peek(1); t.kind == tokenName && (next.kind == tokenName || next.kind == tokenMark && o.string(next) == ".") {
			return
		}
		o.next()
	}
}

func (o *objectParser) section() {
	t := o.next()
	at := o.position(t)
	if len(o.open) >= o.limits.Depth {
		o.fault(at, true, "", fmt.Sprintf("sections are nested more than %d deep", o.limits.Depth), "write them flat")
		o.recover()
		return
	}
	title := ""
	if s := o.peek(0); s.kind == tokenString {
		title = stringValue(o.string(o.next()), s.unterminated)
	} else {
		o.missing("the title of the section", "behind section")
	}
	if !o.expect("{", "behind the title of the section") {
		o.recover()
		return
	}
	o.open = append(o.open, at)
	o.order++
	o.doc.Sections = append(o.doc.Sections, exchange.Section{Title: title, Level: len(o.open), Order: o.order, At: at})
}

// object reads an object. What is wrong in it costs a component, not the object.
func (o *objectParser) object() {
	typeName, typeToken, _ := o.qualified()
	name, t, ok := o.name()
	if !ok {
		o.missing("the name of an object", "behind the type "+typeName)
		o.recover()
		return
	}
	o.items++
	o.order++
	obj := &object{typeName: typeName, typeAt: o.position(typeToken), name: name, at: o.position(t), order: o.order}
	if !o.expect("{", "behind the name "+name) {
		o.lost = append(o.lost, exchange.Loss{At: obj.at, Item: o.pkg + "." + name, What: "object", Why: "its components do not begin with {", Items: 1})
		o.order--
		o.recover()
		return
	}
	o.objects = append(o.objects, obj)
	o.scratch = o.scratch[:0]
	for !o.is("}") {
		if o.peek(0).kind == tokenEnd {
			o.missing("'}'", "at the end of "+name)
			break
		}
		a, ok := o.assignment()
		if !ok {
			o.lost = append(o.lost, exchange.Loss{At: a.at, Item: o.pkg + "." + name, What: "component " + a.name, Why: "it cannot be read"})
			o.nextComponent()
			continue
		}
		o.scratch = append(o.scratch, a)
	}
	o.next()
	obj.assigned = slices.Clone(o.scratch)
	obj.comments = o.take(o.last)
}

// nextComponent passes over what cannot be read, up to the next component or the end of the object.
func (o *objectParser) nextComponent() {
	depth := 0
	for first := true; ; first = false {
		t := o.peek(0)
		switch {
		case t.kind == tokenEnd:
			return
		case o.is("["), o.is("("):
			depth++
		case o.is("]"), o.is(")"):
			depth--
		case o.is("}"):
			return
		case !first && depth <= 0 && t.kind == tokenName && o.assigned(1):
			return
		}
		o.next()
	}
}

// reference is one name in a [[list]] of a Markup_String.
type reference struct {
	name string
	at   exchange.Position
}

// references are those in a string as written, which begins at a position.
func references(raw string, at exchange.Position) (found []reference, unclosed bool) {
	for i := 0; ; {
		open := strings.Index(raw[i:], "[[")
		if open < 0 {
			return found, unclosed
		}
		begin := i + open + 2
		end := strings.Index(raw[begin:], "]]")
		if end < 0 {
			return found, true
		}
		from := begin
		for part := range strings.SplitSeq(raw[begin:begin+end], ",") {
			name := strings.TrimSpace(part)
			if name != "" {
				lead := from + strings.Index(part, name)
				p := at
				p.Line += strings.Count(raw[:lead], "\n")
				if last := strings.LastIndexByte(raw[:lead], '\n'); last >= 0 {
					p.Column = lead - last
				} else {
					p.Column += lead
				}
				found = append(found, reference{strings.Join(strings.Fields(strings.ReplaceAll(name, ".", " . ")), ""), p})
			}
			from += len(part) + 1
		}
		i = begin + end + 2
	}
}
