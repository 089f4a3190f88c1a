package openfasttrace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// Elements of ReqM2.
const (
	tagSpecDocument = "specdocument"
	tagSpecObjects  = "specobjects"
	tagSpecObject   = "specobject"
)

// specobject reads a document of ReqM2.
type specobject struct {
	file    string
	limits  Limits
	doc     exchange.Document
	x       *xmlscan.Scanner
	items   int
	links   int
	faults  []exchange.Fault
	lost    []exchange.Loss
	order   int
	doctype string
}

// element is an element with what is in it.
type element struct {
	Name       string            `json:"name"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Text       string            `json:"text,omitempty"`
	Children   []*element        `json:"children,omitempty"`
	at         exchange.Position // the end of its start tag
}

func (s *specobject) add(line, column int, isError bool, message, remedy string) {
	s.faults = append(s.faults, exchange.Fault{At: exchange.Position{File: s.file, Line: line, Column: column}, Message: message, Remedy: remedy, Error: isError})
}

// parse reads the document; false says that it is none.
func (s *specobject) parse(data []byte) bool {
	if line := overlong(data, s.limits.FieldBytes); line > 0 {
		s.add(line, 1, true, fmt.Sprintf("an attribute or text is longer than %d bytes; the file is not read", s.limits.FieldBytes), "put it into a file of its own")
		return false
	}
	// The text was decoded before, whatever the declaration of XML says.
	x, err := xmlscan.New(data, xmlscan.Options{MaxDepth: s.limits.Depth, MaxValue: s.limits.FieldBytes, AllowDoctype: true, Asides: true})
	if err != nil {
		s.refuse(err, "the file is not read")
		return false
	}
	s.x = x
	for s.next() {
		if s.x.Name.Local != tagSpecDocument {
			line, _ := s.end()
			s.add(line, 1, true, "the file is no <"+tagSpecDocument+"> and is not read", "export it as ReqM2")
			return false
		}
		s.document()
	}
	if err := s.x.Err(); err != nil {
		s.refuse(err, "the file is read up to here")
		return len(s.doc.Items) > 0
	}
	return true
}

// refuse reports what the scanner does not read.
func (s *specobject) refuse(err error, consequence string) {
	at, _ := errors.AsType[*xmlscan.Error](err) // all errors of the scanner are such
	s.add(at.Line, at.Column, true, at.Message+"; "+consequence, "mend it")
}

// overlong is the line in which more than limit bytes stand without a <, else 0.
func overlong(data []byte, limit int) int {
	for at := 0; ; {
		next := bytes.IndexByte(data[at:], '<')
		if next < 0 {
			next = len(data) - at
		}
		if next > limit {
			return 1 + bytes.Count(data[:at], []byte{'\n'})
		}
		if at += next + 1; at >= len(data) {
			return 0
		}
	}
}

// next goes to the next token; comments and instructions to programs are lost.
func (s *specobject) next() bool {
	for s.x.Next() {
		switch s.x.Kind {
		case xmlscan.Comment:
			s.loss("comment", "a comment of the XML is not kept")
		case xmlscan.Instruction:
			if target, _, _ := strings.Cut(s.x.Text, " "); target != "xml" {
				s.loss("<?"+target+"?>", "an instruction to programs is not kept")
			}
		default:
			return true
		}
	}
	return false
}

// end is where the present token ends.
func (s *specobject) end() (line, column int) { return s.x.Position(s.x.EndOffset) }

func (s *specobject) loss(what, why string) {
	line, column := s.end()
	s.lost = append(s.lost, exchange.Loss{At: exchange.Position{File: s.file, Line: line, Column: column}, What: what, Why: why})
}

// place is the end of the start tag at hand.
func (s *specobject) place() exchange.Position {
	line, column := s.end()
	return exchange.Position{File: s.file, Line: line, Column: column - 1}
}

// each calls visit for the elements of the current one.
func (s *specobject) each(visit func()) {
	for s.next() {
		switch s.x.Kind {
		case xmlscan.Start:
			visit()
		case xmlscan.Text:
			if text := strings.TrimSpace(s.x.Text); text != "" {
				s.loss(shorten(text), "text has no place here")
			}
		default:
			return
		}
	}
}

func (s *specobject) document() {
	s.doc.At = s.place()
	for _, a := range s.x.Attrs {
		s.doc.Fields = append(s.doc.Fields, exchange.Field{Name: "@" + a.Local, Values: []string{a.Value}, At: s.doc.At})
	}
	s.each(func() {
		if s.x.Name.Local != tagSpecObjects {
			s.unknown("the document")
			return
		}
		if s.doctype = s.x.Attr("doctype"); s.doctype == "" {
			at := s.place()
			s.add(at.Line, at.Column, false, "the <"+tagSpecObjects+"> have no doctype", "name the type of the items")
		}
		s.each(func() {
			if s.x.Name.Local != tagSpecObject {
				s.unknown("<" + tagSpecObjects + ">")
				return
			}
			s.object()
		})
	})
}

// unknown keeps an element of the document that is no item.
func (s *specobject) unknown(where string) {
	e := s.element()
	if e == nil {
		return
	}
	s.doc.Fields = append(s.doc.Fields, e.field())
	s.add(e.at.Line, e.at.Column, false, "<"+e.Name+"> has no place in "+where+"; it is kept as a field of the document", "check the file")
}

// element reads an element whole; nil where the XML breaks within.
func (s *specobject) element() *element {
	e := &element{Name: s.x.Name.Local, at: s.place()}
	for _, a := range s.x.Attrs {
		if e.Attributes == nil {
			e.Attributes = map[string]string{}
		}
		if _, twice := e.Attributes[a.Local]; twice {
			s.add(e.at.Line, e.at.Column, false, "the attribute "+a.Local+" is given twice", "keep one of the two")
			continue
		}
		e.Attributes[a.Local] = a.Value
	}
	var more strings.Builder // where the text is in several pieces
	for s.next() {
		switch s.x.Kind {
		case xmlscan.Text:
			if e.Text == "" {
				e.Text = s.x.Text
				continue
			}
			if more.Len() == 0 {
				more.WriteString(e.Text)
			}
			more.WriteString(s.x.Text)
		case xmlscan.Start:
			child := s.element()
			if child == nil {
				return nil
			}
			e.Children = append(e.Children, child)
		default:
			if more.Len() > 0 {
				e.Text = more.String()
			}
			if len(e.Children) > 0 && strings.TrimSpace(e.Text) == "" {
				e.Text = ""
			}
			return e
		}
	}
	return nil
}

// field keeps an element: its text, or all of it as JSON where it has more.
func (e *element) field() exchange.Field {
	f := exchange.Field{Name: e.Name, Values: []string{e.Text}, At: e.at}
	if len(e.Children) > 0 || len(e.Attributes) > 0 {
		raw, _ := json.Marshal(e) // strings always can be
		f.Values, f.Nested = []string{string(raw)}, true
	}
	return f
}
