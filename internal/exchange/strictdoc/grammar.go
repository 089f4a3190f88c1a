package strictdoc

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Names of fields that have a place of their own in an Item.
const (
	fieldMID       = "MID"
	fieldUID       = "UID"
	fieldLevel     = "LEVEL"
	fieldTitle     = "TITLE"
	fieldStatement = "STATEMENT"
)

// grammar says which nodes a document may hold.
type grammar struct {
	elements []*element
	byTag    map[string]*element
	text     string // as written, without its first line; empty for the default
	standard bool   // the one of documents that declare none
}

// element is one type of nodes.
type element struct {
	tag        string
	properties []keyValue
	fields     []grammarField
	relations  []grammarRelation
	line       int
	byTitle    map[string]int // of fields, the first of each
	required   int            // number of fields that are
	roles      map[grammarRelation]bool
}

type keyValue struct{ key, value string }

type grammarField struct {
	title, human string
	kind         string // String, SingleChoice, MultipleChoice, Tag
	options      []string
	required     bool
	allowed      map[string]bool // options
	seen         int             // number of the last node that had the field
}

type grammarRelation struct{ kind, role, reverse string }

const (
	kindString   = "String"
	kindSingle   = "SingleChoice"
	kindMultiple = "MultipleChoice"
	kindTag      = "Tag"
)

// field is the index of the field with the title, else -1.
func (e *element) field(title string) int {
	if i, ok := e.byTitle[title]; ok {
		return i
	}
	return -1
}

// content is the name of the field that holds the text of a node: the first of STATEMENT, DESCRIPTION and CONTENT that
// is declared.
func (e *element) content() string {
	if e != nil {
		for _, name := range []string{fieldStatement, "DESCRIPTION", "CONTENT"} {
			if e.field(name) >= 0 {
				return name
			}
		}
	}
	return fieldStatement
}

// markup says that the field at i holds text in the markup of the document: StrictDoc takes those behind TITLE and not
// before the content for such.
func (e *element) markup(i int) bool {
	if title := e.field(fieldTitle); title >= 0 && i <= title {
		return false
	}
	return i >= e.field(e.content()) && e.fields[i].kind == kindString
}

func (g *grammar) element(tag string) *element {
	if g == nil {
		return nil
	}
	return g.byTag[tag]
}

// standardGrammar is what StrictDoc takes where a document declares none.
func standardGrammar() *grammar {
	text := func(titles ...string) []grammarField {
		fields := make([]grammarField, len(titles))
		for i, title := range titles {
			fields[i] = grammarField{title: title, kind: kindString}
		}
		return fields
	}
	g := &grammar{standard: true, elements: []*element{
		{tag: tagSection, fields: text(fieldMID, fieldUID, fieldLevel, "PREFIX", "REQ_PREFIX", fieldTitle)},
		{tag: tagText, fields: text(fieldMID, fieldUID, fieldStatement)},
		{tag: tagRequirement, fields: text(fieldMID, fieldUID, fieldLevel, "STATUS", "TAGS", fieldTitle, fieldStatement, "RATIONALE", "COMMENT"),
			relations: []grammarRelation{{kind: relationParent}, {kind: relationFile}}},
	}}
	g.index()
	return g
}

func (g *grammar) index() {
	g.byTag = make(map[string]*element, len(g.elements))
	for _, e := range g.elements {
		if g.byTag[e.tag] == nil {
			g.byTag[e.tag] = e
		}
		e.byTitle = make(map[string]int, len(e.fields))
		for i, f := range e.fields {
			if _, known := e.byTitle[f.title]; known {
				continue
			}
			e.byTitle[f.title] = i
			if f.required {
				e.required++
			}
			if f.choice() {
				e.fields[i].allowed = make(map[string]bool, len(f.options))
				for _, option := range f.options {
					e.fields[i].allowed[option] = true
				}
			}
		}
		e.roles = make(map[grammarRelation]bool, len(e.relations))
		for _, r := range e.relations {
			e.roles[grammarRelation{kind: r.kind, role: r.role}] = true
		}
	}
}

// grammarParser reads the lines of a grammar.
type grammarParser struct {
	file    string
	out     *grammar
	element *element
	part    string // FIELDS, RELATIONS or PROPERTIES of the element
	faults  []exchange.Fault
	limit   int
}

// parseGrammar reads the lines below [GRAMMAR], the first of which has the number line.
func parseGrammar(file, text string, line, limit int) (*grammar, []exchange.Fault) {
	p := &grammarParser{file: file, out: &grammar{text: text}, limit: limit}
	for l := newLines(text, line); !l.done(); l.next() {
		if l.line-line > maxGrammarLines {
			p.fault(l.line, fmt.Sprintf("the grammar has more than %d lines; the rest of it is not read", maxGrammarLines), "divide it")
			break
		}
		if !p.line(l.current(), l.line) {
			p.fault(l.line, "the line has no place in a grammar: "+shorten(l.current()), "compare it with the grammars of StrictDoc's manual")
		}
		if len(p.faults) > p.limit {
			break
		}
	}
	p.out.index()
	for _, e := range p.out.elements {
		if p.out.byTag[e.tag] != e {
			p.fault(e.line, "the type "+e.tag+" is declared twice; the first one counts", "declare it once")
		}
	}
	return p.out, p.faults
}

// maxGrammarLines is far above what a grammar needs.
const maxGrammarLines = 20_000

func (p *grammarParser) fault(line int, message, remedy string) {
	p.faults = append(p.faults, exchange.Fault{At: exchange.Position{File: p.file, Line: line, Column: 1}, Message: message, Remedy: remedy})
}

// line takes one line and says whether it has a place where it stands.
func (p *grammarParser) line(line string, number int) bool {
	if tag, ok := strings.CutPrefix(line, "- TAG: "); ok {
		p.element, p.part = &element{tag: strings.TrimRight(tag, " "), line: number}, ""
		p.out.elements = append(p.out.elements, p.element)
		return isTag(p.element.tag)
	}
	if p.element == nil {
		return line == "ELEMENTS:"
	}
	switch line {
	case "  PROPERTIES:", "  FIELDS:", "  RELATIONS:":
		p.part = line
		return true
	}
	switch p.part {
	case "  PROPERTIES:":
		key, value, ok := strings.Cut(strings.TrimPrefix(line, "    "), ": ")
		p.element.properties = append(p.element.properties, keyValue{key, value})
		return ok && strings.HasPrefix(line, "    ")
	case "  FIELDS:":
		return p.fieldLine(line)
	case "  RELATIONS:":
		return p.relationLine(line)
	}
	return false
}

func (p *grammarParser) fieldLine(line string) bool {
	if title, ok := strings.CutPrefix(line, "  - TITLE: "); ok {
		p.element.fields = append(p.element.fields, grammarField{title: strings.TrimRight(title, " "), kind: kindString})
		return isFieldName(title)
	}
	if len(p.element.fields) == 0 {
		return false
	}
	f := &p.element.fields[len(p.element.fields)-1]
	switch key, value, _ := strings.Cut(line, ": "); key {
	case "    HUMAN_TITLE":
		f.human = value
	case "    TYPE":
		return f.setKind(value)
	case "    REQUIRED":
		f.required = value == "True"
		return value == "True" || value == "False"
	default:
		return false
	}
	return true
}

// setKind reads the type of a field: String, Tag, SingleChoice(a, b), MultipleChoice(a, b), and Reference(…) of old
// versions.
func (f *grammarField) setKind(value string) bool {
	kind, options, choice := strings.Cut(value, "(")
	f.kind = kind
	if choice {
		inner, closed := strings.CutSuffix(options, ")")
		f.options = strings.Split(inner, ", ")
		return closed && (kind == kindSingle || kind == kindMultiple || kind == "Reference")
	}
	return kind == kindString || kind == kindTag
}

func (p *grammarParser) relationLine(line string) bool {
	if kind, ok := strings.CutPrefix(line, "  - TYPE: "); ok {
		p.element.relations = append(p.element.relations, grammarRelation{kind: strings.TrimRight(kind, " ")})
		return true
	}
	if len(p.element.relations) == 0 {
		return false
	}
	r := &p.element.relations[len(p.element.relations)-1]
	switch key, value, _ := strings.Cut(line, ": "); key {
	case "    ROLE":
		r.role = value
	case "    REVERSE_ROLE":
		r.reverse = value
	default:
		return false
	}
	return true
}

// isTag says that s can be the type of a node.
func isTag(s string) bool { return isUpper(s) }

// isFieldName says that s can be the name of a field.
func isFieldName(s string) bool { return isUpper(s) }

// isUpper says that s is a capital letter and then capital letters, digits and underscores.
func isUpper(s string) bool {
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// shorten cuts a line for a message.
func shorten(s string) string {
	const most = 60
	runes := 0
	for i := range s {
		if runes++; runes > most {
			return s[:i] + "…"
		}
	}
	return s
}
