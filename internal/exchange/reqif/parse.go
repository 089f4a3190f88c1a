package reqif

import (
	"errors"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xhtml"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// reader holds one reading.
type reader struct {
	options  Options
	tree     *exchange.Tree
	files    []*file
	attached map[string]bool
}

// file is one .reqif as it was scanned.
type file struct {
	name, folder string // the folder to which references to files are relative
	data         []byte
	tool         string
	own          bool   // written by this program
	prefix       string // of the element names, with its colon
	root         span

	enums      map[string]string // identifier of a value → its name
	attrs      map[string]*attribute
	types      map[string]*specType
	typeList   []*specType
	objects    []*object
	relations  []*relation
	groups     []*group
	specs      []*spec
	stringType string          // a data type for strings
	sections   map[string]span // SPEC-TYPES, SPEC-OBJECTS, … of REQ-IF-CONTENT: what is within their tags
	content    span
	ids        map[string]int // identifier → line, of all elements that have one
}

// span is a part of a file: offsets of its element, and of what is within the tags.
type span struct {
	from, to           int
	innerFrom, innerTo int
}

type attribute struct {
	id, name, kind string // kind as in ATTRIBUTE-DEFINITION-kind
	desc           string
	many           bool
	datatype       string
	enum           []string
}

type specType struct {
	id, name, element string
	desc              string
	attrs             []*attribute
	at                exchange.Position
	span, inAttrs     span
}

type value struct {
	def, kind string
	text      string   // THE-VALUE of the attribute, or the XHTML within the element
	enums     []string // identifiers
	original  string   // THE-ORIGINAL-VALUE
	at        exchange.Position
	span      span

	markdown xhtml.Result // of markup
	wrong    error
}

type object struct {
	id, typ, name, desc, alternative string
	values                           []value
	at                               exchange.Position
	span                             span
	inValues                         span           // the element VALUES
	titled                           bool           // its LONG-NAME is the title
	from                             map[string]int // index of the value that is the key, title or text
}

type relation struct {
	id, typ, name, desc string
	source, target      string
	sourceAt, targetAt  exchange.Position
	values              []value
	groups              []string
	at                  exchange.Position
	span                span
}

type group struct {
	id, name, typ string
	relations     []string
	at            exchange.Position
}

type spec struct {
	id, typ, name, desc string
	values              []value
	nodes               []hierarchy // in reading order
	at                  exchange.Position
	span                span
	children            span // the element CHILDREN
}

type hierarchy struct {
	id, object string
	depth      int // from 1
	at         exchange.Position
}

func lineOf(err error) int {
	if e, ok := errors.AsType[*xmlscan.Error](err); ok {
		return e.Line
	}
	return 0
}

// parser goes through one file.
type parser struct {
	*xmlscan.Scanner
	r *reader
	f *file
}

// maxDepth is how deep elements may be nested: two for every level of a hierarchy.
const maxDepth = 512

func (r *reader) parse(name, folder string, data []byte) error {
	s, err := xmlscan.New(data, xmlscan.Options{MaxDepth: maxDepth})
	if err != nil {
		return err
	}
	f := &file{name: name, folder: folder, data: s.Data(), enums: map[string]string{}, attrs: map[string]*attribute{}, types: map[string]*specType{}, sections: map[string]span{}, ids: map[string]int{}}
	p := &parser{s, r, f}
	if s.Warning != "" {
		r.fault(exchange.Position{File: name, Line: 1}, "", false, s.Warning, "declare the encoding that the file is in")
	}
	for s.Next() {
		if s.Kind != xmlscan.Start {
			continue
		}
		if s.Name.Local != "REQ-IF" {
			line, _ := s.Position(s.Offset)
			return &xmlscan.Error{Line: line, Column: 1, Message: "the root element is " + s.Name.Local + ", not REQ-IF"}
		}
		if s.Name.Prefix != "" {
			f.prefix = s.Name.Prefix + ":"
		}
		f.root = p.spanned(func() { p.children(p.top) })
	}
	if s.Err() != nil {
		return s.Err()
	}
	r.files = append(r.files, f)
	return nil
}

func (p *parser) at() exchange.Position {
	line, column := p.Position(p.Offset)
	return exchange.Position{File: p.f.name, Line: line, Column: column}
}

// children calls do at the start of every child of the element at hand; do reads the child to its end.
func (p *parser) children(do func(name string)) {
	depth := p.Depth()
	for p.Next() {
		switch p.Kind {
		case xmlscan.Start:
			do(p.Name.Local)
		case xmlscan.End:
			if p.Depth() < depth {
				return
			}
		case xmlscan.Text:
		}
	}
}

func (p *parser) skip(string) { p.children(p.skip) }

// spanned is where the element at hand stands, which do reads to its end.
func (p *parser) spanned(do func()) span {
	s := span{from: p.Offset, innerFrom: p.EndOffset}
	do()
	s.innerTo, s.to = p.Offset, p.EndOffset
	if s.innerTo < s.innerFrom { // <X/>
		s.innerTo = s.innerFrom
	}
	return s
}

// content is the text of the element at hand.
func (p *parser) text() string {
	depth := p.Depth()
	var first string
	var more strings.Builder
	for p.Next() {
		switch {
		case p.Kind == xmlscan.Text && first == "":
			first = p.Text
		case p.Kind == xmlscan.Text:
			more.WriteString(p.Text)
		case p.Kind == xmlscan.End && p.Depth() < depth:
			return strings.TrimSpace(first + more.String())
		}
	}
	return ""
}

// ref is the text of the one reference within the element at hand: TYPE, DEFINITION, OBJECT, SOURCE, TARGET.
func (p *parser) ref() (id string, at exchange.Position) {
	at = p.at()
	p.children(func(string) {
		at = p.at()
		id = p.text()
	})
	return id, at
}

// identified notes the identifier of the element at hand.
func (p *parser) identified(id string) {
	if id == "" {
		return
	}
	line, _ := p.Position(p.Offset)
	if before, there := p.f.ids[id]; there {
		p.r.fault(p.at(), id, false, "the identifier "+id+" is that of the element in line "+itoa(before)+" too", "identifiers must be unique: export again")
		return
	}
	p.f.ids[id] = line
}

func (p *parser) top(name string) {
	switch name {
	case "THE-HEADER":
		p.children(func(string) { p.children(p.header) })
	case "CORE-CONTENT":
		p.children(func(string) { p.f.content = p.spanned(func() { p.children(p.section) }) })
	default: // TOOL-EXTENSIONS stay in the source
		p.skip(name)
	}
}

func (p *parser) header(name string) {
	at := p.at()
	switch text := p.text(); name {
	case "REQ-IF-TOOL-ID":
		p.f.tool = text
	case "SOURCE-TOOL-ID":
		p.f.own = text == ToolID
	case "REQ-IF-VERSION":
		if text != "1.0" && text != "1.1" && text != "1.2" {
			p.r.fault(at, "", false, "REQ-IF-VERSION is "+text+"; it is read as 1.2", "the version is 1.0, 1.1 or 1.2")
		}
	}
}

func (p *parser) section(name string) {
	p.f.sections[name] = p.spanned(func() {
		switch name {
		case "DATATYPES":
			p.children(p.datatype)
		case "SPEC-TYPES":
			p.children(p.specType)
		case "SPEC-OBJECTS":
			p.children(p.object)
		case "SPEC-RELATIONS":
			p.children(p.relation)
		case "SPECIFICATIONS":
			p.children(p.specification)
		case "SPEC-RELATION-GROUPS":
			p.children(p.group)
		default:
			p.r.fault(p.at(), "", false, "the element "+name+" is not read", "it stays in the source that the import keeps")
			p.skip(name)
		}
	})
}

func (p *parser) datatype(name string) {
	if name == "DATATYPE-DEFINITION-STRING" && p.f.stringType == "" {
		p.f.stringType = p.Attr("IDENTIFIER")
	}
	p.identified(p.Attr("IDENTIFIER"))
	id := p.Attr("IDENTIFIER")
	p.children(func(string) { // SPECIFIED-VALUES
		p.children(func(string) {
			value := p.Attr("IDENTIFIER")
			p.identified(value)
			p.f.enums[value] = firstOf(p.Attr("LONG-NAME"), value)
			p.f.enums[id+"\x00"+value] = "" // values of a datatype, for its attributes
			p.skip("")
		})
	})
}

func (p *parser) specType(element string) {
	t := &specType{id: p.Attr("IDENTIFIER"), name: firstOf(p.Attr("LONG-NAME"), p.Attr("IDENTIFIER")), element: element, desc: p.Attr("DESC"), at: p.at()}
	p.identified(t.id)
	t.span = p.spanned(func() {
		p.children(func(name string) {
			if name != "SPEC-ATTRIBUTES" {
				p.skip(name)
				return
			}
			t.inAttrs = p.spanned(func() { p.children(func(name string) { t.attrs = append(t.attrs, p.attribute(name)) }) })
		})
	})
	if _, there := p.f.types[t.id]; !there {
		p.f.types[t.id] = t
		p.f.typeList = append(p.f.typeList, t)
	}
}

func (p *parser) attribute(element string) *attribute {
	a := &attribute{id: p.Attr("IDENTIFIER"), name: firstOf(p.Attr("LONG-NAME"), p.Attr("IDENTIFIER")), kind: strings.TrimPrefix(element, "ATTRIBUTE-DEFINITION-"), desc: p.Attr("DESC"), many: p.Attr("MULTI-VALUED") == "true"}
	p.identified(a.id)
	p.children(func(name string) {
		if name == "TYPE" {
			a.datatype, _ = p.ref()
			return
		}
		p.skip(name) // DEFAULT-VALUE: no object has set it
	})
	if _, there := p.f.attrs[a.id]; !there {
		p.f.attrs[a.id] = a
	}
	return a
}

func (p *parser) object(element string) {
	if element != "SPEC-OBJECT" {
		p.skip(element)
		return
	}
	o := &object{id: p.Attr("IDENTIFIER"), name: p.Attr("LONG-NAME"), desc: p.Attr("DESC"), at: p.at()}
	p.identified(o.id)
	o.span = p.spanned(func() {
		p.children(func(name string) {
			switch name {
			case "TYPE":
				o.typ, _ = p.ref()
			case "VALUES":
				o.inValues = p.spanned(func() { o.values = p.valuesOf(o.values) })
			case "ALTERNATIVE-ID":
				p.children(func(string) {
					o.alternative = p.Attr("IDENTIFIER")
					p.skip("")
				})
			default:
				p.skip(name)
			}
		})
	})
	p.f.objects = append(p.f.objects, o)
	p.r.tree.Read.Items++
}

func (p *parser) valuesOf(values []value) []value {
	p.children(func(element string) {
		v := value{kind: strings.TrimPrefix(element, "ATTRIBUTE-VALUE-"), text: p.Attr("THE-VALUE"), at: p.at()}
		v.span = p.spanned(func() {
			p.children(func(name string) {
				switch name {
				case "DEFINITION":
					v.def, _ = p.ref()
				case "THE-VALUE":
					in := p.spanned(func() { p.skip("") })
					v.text = string(p.Data()[in.innerFrom:in.innerTo])
				case "THE-ORIGINAL-VALUE":
					in := p.spanned(func() { p.skip("") })
					v.original = string(p.Data()[in.innerFrom:in.innerTo])
				case "VALUES":
					p.children(func(string) { v.enums = append(v.enums, p.text()) })
				default:
					p.skip(name)
				}
			})
		})
		values = append(values, v)
	})
	return values
}

func (p *parser) relation(element string) {
	if element != "SPEC-RELATION" {
		p.skip(element)
		return
	}
	l := &relation{id: p.Attr("IDENTIFIER"), name: p.Attr("LONG-NAME"), desc: p.Attr("DESC"), at: p.at()}
	p.identified(l.id)
	l.span = p.spanned(func() {
		p.children(func(name string) {
			switch name {
			case "TYPE":
				l.typ, _ = p.ref()
			case "SOURCE":
				l.source, l.sourceAt = p.ref()
			case "TARGET":
				l.target, l.targetAt = p.ref()
			case "VALUES":
				l.values = p.valuesOf(l.values)
			default:
				p.skip(name)
			}
		})
	})
	p.f.relations = append(p.f.relations, l)
	p.r.tree.Read.Links++
}

func (p *parser) specification(element string) {
	if element != "SPECIFICATION" {
		p.skip(element)
		return
	}
	s := &spec{id: p.Attr("IDENTIFIER"), name: p.Attr("LONG-NAME"), desc: p.Attr("DESC"), at: p.at()}
	p.identified(s.id)
	s.span = p.spanned(func() {
		p.children(func(name string) {
			switch name {
			case "TYPE":
				s.typ, _ = p.ref()
			case "VALUES":
				s.values = p.valuesOf(s.values)
			case "CHILDREN":
				s.children = p.spanned(func() { p.hierarchy(s, 1) })
			default:
				p.skip(name)
			}
		})
	})
	p.f.specs = append(p.f.specs, s)
	p.r.tree.Read.Documents++
}

func (p *parser) hierarchy(s *spec, depth int) {
	p.children(func(element string) {
		n := len(s.nodes)
		s.nodes = append(s.nodes, hierarchy{id: p.Attr("IDENTIFIER"), depth: depth, at: p.at()})
		p.identified(s.nodes[n].id)
		p.children(func(name string) {
			switch name {
			case "OBJECT":
				s.nodes[n].object, _ = p.ref()
			case "CHILDREN":
				p.hierarchy(s, depth+1)
			default:
				p.skip(name)
			}
		})
	})
}

func (p *parser) group(element string) {
	g := &group{id: p.Attr("IDENTIFIER"), name: p.Attr("LONG-NAME"), at: p.at()}
	p.identified(g.id)
	p.children(func(name string) {
		switch name {
		case "SPEC-RELATIONS":
			p.children(func(string) { g.relations = append(g.relations, p.text()) })
		case "TYPE":
			g.typ, _ = p.ref()
		default:
			p.skip(name)
		}
	})
	p.f.groups = append(p.f.groups, g)
}
