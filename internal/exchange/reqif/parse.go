package reqif

import (
	"bytes"
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xhtml"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// reader holds one reading.
type reader struct {
	fsys     fs.FS
	options  Options
	tree     *exchange.Tree
	files    []*file
	attached map[string]bool
	untold   int   // faults that are not in the tree
	room     int64 // bytes that files beside the source may still have
}

// file is one .reqif as it was scanned.
type file struct {
	name, folder string // the folder to which references to files are relative
	data         []byte
	tool         string
	raw          []byte // data as it was given
	prefix       string // of the elements of ReqIF, with its colon
	xhtml        string // of XHTML where the root declares one; else empty
	header       bool   // there is one
	root         span

	enums     map[string]string // identifier of a value → its name
	datatypes map[string]*datatype
	attrs     map[string]*attribute
	types     map[string]*specType
	typeList  []*specType
	objects   []*object
	byID      map[string]*object // the first of each identifier
	relations []*relation
	groups    []*group
	specs     []*spec
	sections  map[string]span // SPEC-TYPES, SPEC-OBJECTS, … of REQ-IF-CONTENT: what is within their tags
	content   span
	ids       map[string]int // identifier → line, of all elements that have one
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
}

type datatype struct {
	id, kind string
	values   []string // identifiers, of an enumeration
	keys     int      // above those of all values
	span     span
	list     span // the element SPECIFIED-VALUES
}

type specType struct {
	id, name, element string
	title             string // of a type of ours, where that is not its name
	desc              string
	attrs             []*attribute
	file              *file
	at                exchange.Position
	span              span
	list              span // the element SPEC-ATTRIBUTES
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
	file                             *file
	at                               exchange.Position
	span                             span
	list                             span // the element VALUES
}

type relation struct {
	id, typ, name, desc string
	source, target      string
	to, kind            span // the elements TARGET and TYPE
	sourceAt, targetAt  exchange.Position
	values              []value
	groups              []string
	file                *file
	from                *object // nil where the source is not there
	at                  exchange.Position
	span                span
	list                span // the element VALUES
}

type group struct {
	id, name, typ string
	relations     []string
	refs          []span   // of relations
	ends          []string // specifications that it leads from and to
	at            exchange.Position
	span          span
}

type spec struct {
	id, typ, name, desc string
	values              []value
	nodes               []hierarchy // in reading order
	file                *file
	at                  exchange.Position
	span                span
	list                span // the element VALUES
	children            span // the element CHILDREN
}

type hierarchy struct {
	id, object string
	depth      int // from 1
	at         exchange.Position
	span       span
	children   span // the element CHILDREN
}

// positionOf is where an error of a file is.
func positionOf(name string, err error) exchange.Position {
	at := exchange.Position{File: name}
	if e, ok := errors.AsType[*xmlscan.Error](err); ok {
		at.Line, at.Column = e.Line, e.Column
	}
	return at
}

// parser goes through one file.
type parser struct {
	*xmlscan.Scanner
	r *reader
	f *file
}

// reqifSpace is the namespace of all versions of ReqIF.
const reqifSpace = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"

// maxDepth is how deep elements may be nested: two for every level of a hierarchy.
const maxDepth = 512

func (r *reader) parse(name, folder string, data []byte) error {
	s, err := xmlscan.New(data, xmlscan.Options{MaxDepth: maxDepth})
	if err != nil {
		return err
	}
	f := &file{name: name, folder: folder, raw: data, data: s.Data(), enums: map[string]string{}, datatypes: map[string]*datatype{}, byID: map[string]*object{}, attrs: map[string]*attribute{}, types: map[string]*specType{}, sections: map[string]span{}, ids: map[string]int{}}
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
		p.namespaces()
		f.root = p.spanned(func() { p.children(p.top) })
	}
	if s.Err() != nil {
		return s.Err()
	}
	if !bytes.HasPrefix(f.data, []byte("<?xml")) {
		r.fault(exchange.Position{File: name, Line: 1, Column: 1}, "", false, "the file does not begin with an XML declaration; it is read as UTF-8", `begin it with <?xml version="1.0" encoding="UTF-8"?>`)
	}
	if !f.header {
		line, column := s.Position(f.root.from)
		r.fault(exchange.Position{File: name, Line: line, Column: column}, "", false, "the file has no header", "export the whole file: THE-HEADER says which tool wrote it, and when")
	}
	r.files = append(r.files, f)
	return nil
}

// namespaces notes the prefixes that the root declares.
func (p *parser) namespaces() {
	if p.Name.Prefix != "" {
		p.f.prefix = p.Name.Prefix + ":"
	}
	space := ""
	for _, a := range p.Attrs {
		switch {
		case a.Prefix == "xmlns" && a.Value == xhtmlSpace:
			p.f.xhtml = a.Local
		case a.Prefix == "xmlns" && a.Local == p.Name.Prefix, a.Name == xmlscan.Name{Local: "xmlns"} && p.Name.Prefix == "":
			space = a.Value
		}
	}
	if !strings.HasPrefix(space, "http://www.omg.org/spec/ReqIF/") {
		p.r.fault(p.at(), "", false, "the namespace of REQ-IF is "+strconv.Quote(space)+"; it is read as that of ReqIF 1.2", `it is `+reqifSpace)
	}
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
		p.f.header = true
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
	d := &datatype{id: p.Attr("IDENTIFIER"), kind: strings.TrimPrefix(name, "DATATYPE-DEFINITION-")}
	p.identified(d.id)
	d.span = p.spanned(func() {
		p.children(func(name string) {
			switch name {
			case "SPECIFIED-VALUES":
				d.list = p.spanned(func() { p.children(func(string) { p.enumValue(d) }) })
			case "ALTERNATIVE-ID":
				p.children(func(name string) {
					p.identified(p.Attr("IDENTIFIER"))
					p.skip(name)
				})
			default:
				p.skip(name)
			}
		})
	})
	if p.f.datatypes[d.id] == nil {
		p.f.datatypes[d.id] = d
	}
}

func (p *parser) enumValue(d *datatype) {
	id := p.Attr("IDENTIFIER")
	p.identified(id)
	p.f.enums[id] = firstOf(p.Attr("LONG-NAME"), id)
	d.values = append(d.values, id)
	p.children(func(name string) {
		if name != "PROPERTIES" {
			p.skip(name)
			return
		}
		p.children(func(string) {
			if key, err := strconv.Atoi(p.Attr("KEY")); err == nil && key < 1<<30 {
				d.keys = max(d.keys, key+1)
			}
			p.skip("")
		})
	})
}

func (p *parser) specType(element string) {
	t := &specType{id: p.Attr("IDENTIFIER"), name: firstOf(p.Attr("LONG-NAME"), p.Attr("IDENTIFIER")), element: element, desc: p.Attr("DESC"), file: p.f, at: p.at()}
	p.identified(t.id)
	t.span = p.spanned(func() {
		p.children(func(name string) {
			if name != "SPEC-ATTRIBUTES" {
				p.skip(name)
				return
			}
			t.list = p.spanned(func() { p.children(func(name string) { t.attrs = append(t.attrs, p.attribute(name)) }) })
		})
	})
	if isOwn(t) && t.desc != "" {
		t.name, t.title = t.desc, t.name
	}
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
	o := &object{id: p.Attr("IDENTIFIER"), name: p.Attr("LONG-NAME"), desc: p.Attr("DESC"), file: p.f, at: p.at()}
	p.identified(o.id)
	o.span = p.spanned(func() {
		p.children(func(name string) {
			switch name {
			case "TYPE":
				o.typ, _ = p.ref()
			case "VALUES":
				o.list = p.spanned(func() { o.values = p.valuesOf(o.values) })
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
	switch {
	case o.id == "":
		p.r.fault(o.at, "", false, "an object has no IDENTIFIER", "objects without one cannot be referred to: export again")
	case p.f.byID[o.id] == nil:
		p.f.byID[o.id] = o
	}
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
	l := &relation{id: p.Attr("IDENTIFIER"), name: p.Attr("LONG-NAME"), desc: p.Attr("DESC"), file: p.f, at: p.at()}
	p.identified(l.id)
	l.span = p.spanned(func() {
		p.children(func(name string) {
			switch name {
			case "TYPE":
				l.kind = p.spanned(func() { l.typ, _ = p.ref() })
			case "SOURCE":
				l.source, l.sourceAt = p.ref()
			case "TARGET":
				l.to = p.spanned(func() { l.target, l.targetAt = p.ref() })
			case "VALUES":
				l.list = p.spanned(func() { l.values = p.valuesOf(l.values) })
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
	s := &spec{id: p.Attr("IDENTIFIER"), name: p.Attr("LONG-NAME"), desc: p.Attr("DESC"), file: p.f, at: p.at()}
	p.identified(s.id)
	s.span = p.spanned(func() {
		p.children(func(name string) {
			switch name {
			case "TYPE":
				s.typ, _ = p.ref()
			case "VALUES":
				s.list = p.spanned(func() { s.values = p.valuesOf(s.values) })
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
		where := p.spanned(func() {
			p.children(func(name string) {
				switch name {
				case "OBJECT":
					s.nodes[n].object, _ = p.ref()
				case "CHILDREN":
					in := p.spanned(func() { p.hierarchy(s, depth+1) })
					s.nodes[n].children = in
				default:
					p.skip(name)
				}
			})
		})
		s.nodes[n].span = where
	})
}

func (p *parser) group(element string) {
	g := &group{id: p.Attr("IDENTIFIER"), name: p.Attr("LONG-NAME"), at: p.at()}
	p.identified(g.id)
	g.span = p.spanned(func() {
		p.children(func(name string) {
			switch name {
			case "SPEC-RELATIONS":
				p.children(func(string) {
					g.refs = append(g.refs, p.spanned(func() { g.relations = append(g.relations, p.text()) }))
				})
			case "TYPE":
				g.typ, _ = p.ref()
			case "SOURCE-SPECIFICATION", "TARGET-SPECIFICATION":
				end, _ := p.ref()
				g.ends = append(g.ends, end)
			default:
				p.skip(name)
			}
		})
	})
	p.f.groups = append(p.f.groups, g)
}
