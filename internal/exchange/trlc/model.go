package trlc

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// typeKind is what a declared type is.
type typeKind uint8

const (
	record typeKind = iota
	enumeration
	tuple
)

// declared is a type that a model declares.
type declared struct {
	kind       typeKind
	pkg, name  string
	parentName string // as written
	parent     *declared
	abstract   bool
	final      bool
	components []*component // its own
	frozen     []assignment
	literals   []string
	separators bool // of a tuple
	at         exchange.Position
	all        map[string]*component // with those of its parents, made when needed
	allFrozen  map[string]assignment // the same
	mandatory  []*component          // the same
}

func (d *declared) full() string { return d.pkg + "." + d.name }

// component is a component of a record or a field of a tuple.
type component struct {
	name     string
	types    []string // as written; several for a union
	pkg      string   // in which the types are looked up
	imports  []string
	resolved []*declared // nil for what is built in or unknown
	optional bool
	array    bool
	low      int
	high     int // -1 for any
	at       exchange.Position
}

// builtin is the type that the language has itself, empty for another one.
func (c *component) builtin() string {
	if c == nil || len(c.types) != 1 {
		return ""
	}
	switch c.types[0] {
	case "Boolean", "Integer", "Decimal", "String", "Markup_String":
		return c.types[0]
	}
	return ""
}

// assignment is a component with its value.
type assignment struct {
	name  string
	value value
	at    exchange.Position
}

// modelParser reads one .rsl or .check file.
type modelParser struct {
	parser
	doc     *exchange.Document
	pkg     string
	imports []string
	types   []*declared
	checks  []exchange.Loss
}

// preamble is the package of a file and what it imports.
func (p *parser) preamble(doc *exchange.Document) (pkg string, imports []string, ok bool) {
	if !p.expect("package", "at the beginning of the file") {
		return "", nil, false
	}
	pkg, t, ok := p.qualified()
	if !ok {
		p.missing("the name of the package", "here")
		return "", nil, false
	}
	doc.Fields = append(doc.Fields, exchange.Field{Name: "package", Values: []string{pkg}, At: p.position(t)})
	if p.is(";") {
		p.next()
	}
	var at exchange.Position
	for p.is("import") {
		p.next()
		name, t, ok := p.qualified()
		if !ok {
			p.missing("the name of a package", "behind import")
			continue
		}
		if at.Line == 0 {
			at = p.position(t)
		}
		if p.is(".") && p.string(p.peek(1)) == "*" {
			p.next()
			p.next()
			name += ".*"
		}
		imports = append(imports, name)
	}
	if imports != nil {
		doc.Fields = append(doc.Fields, exchange.Field{Name: "import", Values: imports, At: at})
	}
	return pkg, imports, true
}

func (m *modelParser) parse() bool {
	var ok bool
	m.peek(0)
	m.commentBlocks()
	if m.pkg, m.imports, ok = m.preamble(m.doc); !ok {
		return false
	}
	for {
		start := m.peek(0)
		m.commentBlocks()
		if start.kind == tokenEnd {
			return true
		}
		if !m.declaration() {
			m.recover()
		}
		m.block(start)
	}
}

// block keeps a declaration as it is written, with the comments in it.
func (m *modelParser) block(start token) {
	m.take(m.last)
	text := m.text[start.start:max(start.end, m.last)]
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	m.doc.Blocks = append(m.doc.Blocks, exchange.Block{Kind: BlockModel, Text: fence + "trlc\n" + text + "\n" + fence, At: m.position(start), Order: len(m.doc.Blocks) + 1})
}

func (m *modelParser) commentBlocks() {
	for _, c := range m.take(m.peek(0).start) {
		m.doc.Blocks = append(m.doc.Blocks, exchange.Block{Kind: BlockComment, Text: c.text(), At: c.at, Order: len(m.doc.Blocks) + 1})
	}
}

// recover passes over what cannot be read, up to the next declaration.
func (m *modelParser) recover() {
	for t := m.peek(0); t.kind != tokenEnd; t = m.peek(0) {
		if t.kind == tokenKeyword {
			switch m.string(t) {
			case "type", "abstract", "final", "enum", "tuple", "checks":
				return
			}
		}
		m.next()
	}
}

func (m *modelParser) declaration() bool {
	switch {
	case m.is("enum"):
		return m.enumeration()
	case m.is("tuple"):
		return m.tuple()
	case m.is("checks"):
		return m.checkBlock()
	case m.is("type"), m.is("abstract"), m.is("final"):
		return m.record()
	}
	m.missing("a type, an enum, a tuple or checks", "here")
	m.next()
	return false
}

// described is a name and its description, which stays in the block.
func (m *modelParser) described(what string) (string, exchange.Position, bool) {
	name, t, ok := m.name()
	if !ok {
		m.missing(what, "here")
		return "", exchange.Position{}, false
	}
	if m.peek(0).kind == tokenString {
		m.next()
	}
	return name, m.position(t), true
}

// begin is the head of a declaration, up to its opening brace.
func (m *modelParser) begin(kind typeKind, what string) (*declared, bool) {
	name, at, ok := m.described(what)
	if !ok {
		return nil, false
	}
	d := &declared{kind: kind, pkg: m.pkg, name: name, at: at}
	if kind == record && m.is("extends") {
		m.next()
		if d.parentName, _, ok = m.qualified(); !ok {
			m.missing("the name of a type", "behind extends")
			return nil, false
		}
	}
	m.types = append(m.types, d)
	return d, m.expect("{", "behind the name "+name)
}

func (m *modelParser) enumeration() bool {
	m.next()
	d, ok := m.begin(enumeration, "the name of the enumeration")
	if !ok {
		return false
	}
	for !m.is("}") {
		name, _, ok := m.described("a literal or '}'")
		if !ok {
			return false
		}
		d.literals = append(d.literals, name)
	}
	m.next()
	return true
}

func (m *modelParser) tuple() bool {
	m.next()
	d, ok := m.begin(tuple, "the name of the tuple")
	if !ok {
		return false
	}
	for !m.is("}") {
		if m.is("separator") {
			m.next()
			d.separators = true
			m.next()
		}
		c, ok := m.component("a field or '}'")
		if !ok {
			return false
		}
		d.components = append(d.components, c)
	}
	m.next()
	return true
}

func (m *modelParser) record() bool {
	abstract, final := m.is("abstract"), m.is("final")
	if abstract || final {
		m.next()
	}
	if !m.expect("type", "here") {
		return false
	}
	d, ok := m.begin(record, "the name of the type")
	if !ok {
		return false
	}
	d.abstract, d.final = abstract, final
	for !m.is("}") {
		if m.is("freeze") {
			m.next()
			a, ok := m.assignment()
			if !ok {
				return false
			}
			d.frozen = append(d.frozen, a)
			continue
		}
		c, ok := m.component("a component or '}'")
		if !ok {
			return false
		}
		d.components = append(d.components, c)
	}
	m.next()
	return true
}

// assignment is name = value.
func (p *parser) assignment() (assignment, bool) {
	name, t, ok := p.name()
	a := assignment{name: name, at: p.position(t)}
	if !ok {
		p.missing("a component", "here")
		return a, false
	}
	if !p.expect("=", "behind the component "+name) {
		return a, false
	}
	p.values = 0
	a.value, ok = p.value(0)
	return a, ok
}

func (m *modelParser) component(what string) (*component, bool) {
	name, at, ok := m.described(what)
	if !ok {
		return nil, false
	}
	c := &component{name: name, at: at, pkg: m.pkg, imports: m.imports}
	if m.is("optional") {
		m.next()
		c.optional = true
	}
	if !m.typesOf(c) {
		return nil, false
	}
	if m.is("[") {
		return c, m.bounds(c)
	}
	return c, true
}

// typesOf reads the type of a component, or the types of a union.
func (m *modelParser) typesOf(c *component) bool {
	union := m.is("[")
	if union {
		m.next()
	}
	for {
		name, _, ok := m.qualified()
		if !ok {
			m.missing("the type of "+c.name, "here")
			return false
		}
		c.types = append(c.types, name)
		if !union {
			return true
		}
		if m.is(",") {
			m.next()
			continue
		}
		return m.expect("]", "behind the types of "+c.name)
	}
}

// bounds reads how many values an array has.
func (m *modelParser) bounds(c *component) bool {
	m.next()
	c.array, c.high = true, -1
	low := m.peek(0)
	if low.kind != tokenInteger {
		m.missing("a number", "as lower bound of "+c.name)
		return false
	}
	c.low, _ = strconv.Atoi(strings.ReplaceAll(m.string(m.next()), "_", "")) // one too large bounds nothing
	if !m.expect("..", "between the bounds of "+c.name) {
		return false
	}
	switch high := m.peek(0); {
	case high.kind == tokenInteger:
		if n, err := strconv.Atoi(strings.ReplaceAll(m.string(high), "_", "")); err == nil {
			c.high = n
		}
		m.next()
	case m.is("*"):
		m.next()
	default:
		m.missing("a number or *", "as upper bound of "+c.name)
		return false
	}
	return m.expect("]", "behind the bounds of "+c.name)
}

// checkBlock lists every check: an expression, a severity and a message. None is evaluated.
func (m *modelParser) checkBlock() bool {
	m.next()
	of, _, ok := m.qualified()
	if !ok {
		m.missing("the name of a type", "behind checks")
		return false
	}
	if !m.expect("{", "behind the name "+of) {
		return false
	}
	for !m.is("}") {
		if !m.check(of) {
			return false
		}
	}
	m.next()
	return true
}

func (m *modelParser) check(of string) bool {
	start := m.peek(0)
	depth := 0
	for depth > 0 || !m.is(",") { // the expression
		switch t := m.peek(0); {
		case t.kind == tokenEnd, depth == 0 && m.is("}"):
			m.missing("','", "behind the expression of a check")
			return false
		case m.is("("), m.is("["):
			depth++
		case m.is(")"), m.is("]"):
			depth--
		}
		m.next()
	}
	end := m.peek(0).start
	m.next()
	if m.is("warning") || m.is("error") || m.is("fatal") {
		m.next()
	}
	if m.peek(0).kind != tokenString {
		m.missing("the message of the check", "behind its expression")
		return false
	}
	t := m.next()
	message := stringValue(m.string(t), t.unterminated)
	m.checks = append(m.checks, exchange.Loss{At: m.position(start), What: fmt.Sprintf("check of %s: %s", of, message),
		Why: "checks are not evaluated: " + strings.Join(strings.Fields(m.text[start.start:end]), " ")})
	if m.is(",") {
		m.next()
		if m.peek(0).kind == tokenString {
			m.next()
			if !m.is(",") {
				return true
			}
			m.next()
		}
		if _, _, ok := m.name(); !ok {
			m.missing("a component or a string", "behind the message of a check")
			return false
		}
	}
	return true
}
