package strictdoc

import (
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Types of relations.
const (
	relationParent = "Parent"
	relationChild  = "Child"
	relationFile   = "File"
)

const (
	fieldRefs      = "REFS" // of versions before 0.0.47
	fieldRelations = "RELATIONS"
)

// verbOf is the verb of a relation: the role of a parent where it has one, else its type; of a child with a role the
// two together, since a child says it from the other end. typeOf is its inverse.
func verbOf(kind, role string) string {
	switch {
	case role == "":
		return kind
	case kind == relationParent && typedVerb(role):
		return relationParent + " " + role
	case kind == relationParent:
		return role
	}
	return kind + " " + role
}

// typedVerb says that a verb begins with a type of relations.
func typedVerb(verb string) bool {
	word, _, _ := strings.Cut(verb, " ")
	return word == relationParent || word == relationChild
}

func typeOf(verb string) (kind, role string) {
	if typedVerb(verb) {
		kind, role, _ = strings.Cut(verb, " ")
		return kind, role
	}
	return relationParent, verb
}

// backwards is the verb that the other end of a child would use.
func backwards(verb string) (string, bool) {
	kind, role := typeOf(verb)
	if kind != relationChild {
		return "", false
	}
	return verbOf(relationParent, role), true
}

// relation is one entry of RELATIONS as written.
type relation struct {
	kind       string
	attributes []attribute // the others, in their order
	line       int
}

type attribute struct {
	key, value string
	line       int
	column     int // of the value
}

func (r *relation) attribute(key string) *attribute {
	for i := range r.attributes {
		if r.attributes[i].key == key {
			return &r.attributes[i]
		}
	}
	return nil
}

func (r *relation) value(key string) string {
	if a := r.attribute(key); a != nil {
		return a.value
	}
	return ""
}

// relations reads the entries below RELATIONS: into the node.
func (p *parser) relations(n *node) {
	before := len(n.relations)
	head := p.in.line
	for p.in.next(); !p.in.done(); p.in.next() {
		line := p.in.current()
		switch {
		case strings.HasPrefix(line, "- "):
			p.relationHead(n, line)
		case strings.HasPrefix(line, "  ") && len(n.relations) > before:
			p.relationAttribute(&n.relations[len(n.relations)-1], line)
		default:
			if len(n.relations) == before {
				p.fault(head, 1, "no relations stand below "+fieldRelations, "write them, or remove the line")
			}
			return
		}
	}
}

func (p *parser) relationHead(n *node, line string) {
	kind, ok := strings.CutPrefix(line, "- TYPE: ")
	kind = strings.TrimRight(kind, " ")
	if !ok || kind == "" {
		p.junk("a relation begins with its TYPE, and this one does not", "write - TYPE: Parent, Child or File")
		kind = ""
	}
	n.relations = append(n.relations, relation{kind: kind, line: p.in.line})
}

func (p *parser) relationAttribute(r *relation, line string) {
	key, value, ok := strings.Cut(line[2:], ": ")
	if !ok || !isFieldName(key) {
		p.junk("the line is no attribute of a relation", "write VALUE: and what the relation leads to, two blanks before it")
		return
	}
	if r.attribute(key) != nil || len(r.attributes) > maxAttributes {
		p.junk("the attribute "+key+" is given twice in one relation", "keep one of the two")
		return
	}
	r.attributes = append(r.attributes, attribute{key, value, p.in.line, len("  ") + len(key) + len(": ") + 1})
}

// maxAttributes are more than any version of the format knows.
const maxAttributes = 32

// link is a relation as a link: one of the type Parent or Child with a value.
func (p *parser) link(r *relation) (exchange.Link, bool) {
	p.read.Links++
	to := r.attribute(attributeTo)
	if to == nil || blank(to.value) {
		p.error(r.line, 1, "the relation has no VALUE and is not read", "write VALUE: and the UID of what it leads to")
		p.lost = append(p.lost, exchange.Loss{At: p.at(r.line, 1), What: r.kind, Why: "it does not say what it leads to", Links: 1})
		return exchange.Link{}, false
	}
	l := exchange.Link{Verb: verbOf(r.kind, strings.TrimRight(r.value(attributeRole), " ")), Target: strings.TrimSpace(to.value), At: p.at(to.line, to.column), State: exchange.Unresolved}
	for _, a := range r.attributes {
		if a.key != attributeTo && a.key != attributeRole {
			l.Fields = append(l.Fields, exchange.Field{Name: a.key, Values: []string{a.value}, At: p.at(a.line, 3)})
		}
	}
	return l, true
}

// referenced is a relation of the type File. What it says beside the path and the hash is its keyword, line by line as
// written; a line PATH says that the path is given under that name, as new versions do, and not as VALUE.
func (p *parser) referenced(r *relation) (exchange.File, bool) {
	to := r.attribute(attributeTo)
	if to == nil {
		to = r.attribute(attributePath)
	}
	if to == nil || blank(to.value) {
		p.error(r.line, 1, "the file relation has no VALUE and is not read", "write VALUE: and the path of the file")
		p.lost = append(p.lost, exchange.Loss{At: p.at(r.line, 1), What: relationFile, Why: "it does not name a file"})
		return exchange.File{}, false
	}
	f := exchange.File{Path: to.value, Type: relationFile, SHA256: r.value(attributeHash), At: p.at(to.line, to.column)}
	var lines []string
	for i := range r.attributes {
		switch a := &r.attributes[i]; {
		case a == to && a.key == attributePath:
			lines = append(lines, attributePath)
		case a != to && (a.key != attributeHash || a.value == ""):
			lines = append(lines, a.key+": "+a.value)
		}
	}
	f.Keyword = strings.Join(lines, "\n")
	return f, true
}

// Attributes of relations.
const (
	attributeTo     = "VALUE"
	attributePath   = "PATH"
	attributeHash   = "HASH"
	attributeRole   = "ROLE"
	attributeFormat = "FORMAT"
)

// all are the attributes of a relation, one a line.
func (r *relation) all() string {
	lines := make([]string, len(r.attributes))
	for i, a := range r.attributes {
		lines[i] = a.key + ": " + a.value
	}
	return strings.Join(lines, "\n")
}
