package openfasttrace

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
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
	d       *xml.Decoder
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
	line       int
	column     int
}

func (s *specobject) add(line, column int, isError bool, message, remedy string) {
	s.faults = append(s.faults, exchange.Fault{At: exchange.Position{File: s.file, Line: line, Column: column}, Message: message, Remedy: remedy, Error: isError})
}

// errRefused ends the reading of a document that is not safe to read.
var errRefused = errors.New("refused")

// parse reads the document; false says that it is none.
func (s *specobject) parse(data []byte) bool {
	if line := overlong(data, s.limits.FieldBytes); line > 0 {
		s.add(line, 1, true, fmt.Sprintf("an attribute or text is longer than %d bytes; the file is not read", s.limits.FieldBytes), "put it into a file of its own")
		return false
	}
	s.d = xml.NewDecoder(bytes.NewReader(data))
	s.d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // readText has decoded it
	root, err := s.start()
	if err == nil && root.Name.Local != tagSpecDocument {
		line, _ := s.d.InputPos()
		s.add(line, 1, true, "the file is no <"+tagSpecDocument+"> and is not read", "export it as ReqM2")
		return false
	}
	if err == nil {
		line, column := s.d.InputPos()
		s.doc.At = exchange.Position{File: s.file, Line: line, Column: max(column-1, 1)}
		for _, a := range root.Attr {
			s.doc.Fields = append(s.doc.Fields, exchange.Field{Name: "@" + a.Name.Local, Values: []string{a.Value}, At: s.doc.At})
		}
		if err = s.document(); err == nil {
			err = s.nothingMore()
		}
	}
	if err != nil && !errors.Is(err, errRefused) {
		s.xmlError(err)
	}
	return err == nil || len(s.doc.Items) > 0
}

// nothingMore wants the end of the file.
func (s *specobject) nothingMore() error {
	_, err := s.start()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil, errors.Is(err, errEnd):
		return errors.New("elements stand behind the last one")
	}
	return err
}

func (s *specobject) xmlError(err error) {
	line, column := s.d.InputPos()
	message := err.Error()
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		line, column, message = syntax.Line, 0, syntax.Msg
	}
	if errors.Is(err, io.EOF) {
		message = "unexpected end of file"
	}
	s.add(line, column, true, "the XML is not well-formed: "+message+"; the file is read up to here", "mend it")
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

// token gives the next token; it refuses declarations of entities.
func (s *specobject) token() (xml.Token, error) {
	for {
		t, err := s.d.RawToken()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.Directive:
			line, _ := s.d.InputPos()
			if bytes.ContainsAny(t, "[") {
				s.add(line, 1, true, "the document type declares entities; the file is not read", "remove the declaration")
				return nil, errRefused
			}
		case xml.ProcInst:
			if t.Target != "xml" {
				s.loss("<?"+t.Target+"?>", "an instruction to programs is not kept")
			}
		case xml.Comment:
			s.loss("comment", "a comment of the XML is not kept")
		default:
			return t, nil
		}
	}
}

func (s *specobject) loss(what, why string) {
	line, column := s.d.InputPos()
	s.lost = append(s.lost, exchange.Loss{At: exchange.Position{File: s.file, Line: line, Column: column}, What: what, Why: why})
}

// start gives the next element that begins; io.EOF where the one around it ends.
func (s *specobject) start() (xml.StartElement, error) {
	for {
		t, err := s.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return t, nil
		case xml.EndElement:
			return xml.StartElement{Name: t.Name}, errEnd
		case xml.CharData:
			if text := strings.TrimSpace(string(t)); text != "" {
				s.loss(shorten(text), "text has no place here")
			}
		}
	}
}

// errEnd says that the element around ends.
var errEnd = errors.New("end of the element")

// each calls visit for the elements of the current one.
func (s *specobject) each(around string, visit func(xml.StartElement) error) error {
	for {
		e, err := s.start()
		if errors.Is(err, errEnd) {
			if e.Name.Local != around {
				return fmt.Errorf("<%s> is closed by </%s>", around, e.Name.Local)
			}
			return nil
		}
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("<%s> is not closed", around)
		}
		if err != nil {
			return err
		}
		if err := visit(e); err != nil {
			return err
		}
	}
}

func (s *specobject) document() error {
	return s.each(tagSpecDocument, func(e xml.StartElement) error {
		if e.Name.Local != tagSpecObjects {
			return s.unknown(e, "the document")
		}
		line, column := s.d.InputPos()
		s.doctype = ""
		for _, a := range e.Attr {
			if a.Name.Local == "doctype" {
				s.doctype = a.Value
			}
		}
		if s.doctype == "" {
			s.add(line, max(column-1, 1), false, "the <"+tagSpecObjects+"> have no doctype", "name the type of the items")
		}
		return s.each(tagSpecObjects, func(e xml.StartElement) error {
			if e.Name.Local != tagSpecObject {
				return s.unknown(e, "<"+tagSpecObjects+">")
			}
			return s.object(e)
		})
	})
}

// unknown keeps an element of the document that is no item.
func (s *specobject) unknown(e xml.StartElement, where string) error {
	el, err := s.element(e, 1)
	if err != nil {
		return err
	}
	s.doc.Fields = append(s.doc.Fields, s.field(el))
	s.add(el.line, el.column, false, "<"+el.Name+"> has no place in "+where+"; it is kept as a field of the document", "check the file")
	return nil
}

// element reads an element whole.
func (s *specobject) element(e xml.StartElement, depth int) (*element, error) {
	line, column := s.d.InputPos()
	out := &element{Name: e.Name.Local, line: line, column: max(column-1, 1)}
	if depth > s.limits.Depth {
		s.add(line, out.column, true, fmt.Sprintf("elements are nested more than %d deep; the rest of the file is not read", s.limits.Depth), "nest them less")
		return nil, errRefused
	}
	for _, a := range e.Attr {
		if out.Attributes == nil {
			out.Attributes = map[string]string{}
		}
		if _, twice := out.Attributes[a.Name.Local]; twice {
			s.add(line, out.column, false, "the attribute "+a.Name.Local+" is given twice", "keep one of the two")
			continue
		}
		out.Attributes[a.Name.Local] = a.Value
	}
	var more strings.Builder // where the text is in several pieces
	for {
		t, err := s.token()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("<%s> is not closed", out.Name)
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.CharData:
			if out.Text == "" {
				out.Text = string(t)
				continue
			}
			if more.Len() == 0 {
				more.WriteString(out.Text)
			}
			more.Write(t)
		case xml.StartElement:
			child, err := s.element(t, depth+1)
			if err != nil {
				return nil, err
			}
			out.Children = append(out.Children, child)
		case xml.EndElement:
			if t.Name.Local != out.Name {
				return nil, fmt.Errorf("<%s> is closed by </%s>", out.Name, t.Name.Local)
			}
			if more.Len() > 0 {
				out.Text = more.String()
			}
			if len(out.Children) > 0 && strings.TrimSpace(out.Text) == "" {
				out.Text = ""
			}
			return out, nil
		}
	}
}

// field keeps an element: its text, or all of it as JSON where it has more.
func (s *specobject) field(e *element) exchange.Field {
	f := exchange.Field{Name: e.Name, Values: []string{e.Text}, At: exchange.Position{File: s.file, Line: e.line, Column: e.column}}
	if len(e.Children) > 0 || len(e.Attributes) > 0 {
		raw, _ := json.Marshal(e) // strings always can be
		f.Values, f.Nested = []string{string(raw)}, true
	}
	return f
}
