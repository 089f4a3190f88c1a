package strictdoc

import (
	"fmt"
	"strings"
)

// check holds a node against the grammar; each thing that a grammar does not know is named once a document.
func (p *parser) check(n *node) {
	e := p.grammar.element(n.tag)
	switch {
	case e == nil && len(p.grammar.elements) == 0:
		return
	case e == nil && n.tag == tagSection:
		return
	case e == nil:
		p.once(n.line, 1, n.tag, "the grammar of the document declares no type "+n.tag, "declare it below ["+tagGrammar+"], or correct the tag")
		return
	}
	p.nodes++
	required := 0
	for i := range n.fields {
		required += p.checkField(n, &n.fields[i], e)
	}
	if n.tag != tagSection || !n.old {
		p.checkOrder(n, e)
	}
	if required < e.required {
		p.nameMissing(n, e)
	}
	p.checkRelations(n, e)
}

// once adds a fault for the first of all nodes that have it.
func (p *parser) once(line, column int, what, message, remedy string) {
	if !p.unknown[what] {
		p.unknown[what] = true
		p.fault(line, column, message, remedy)
	}
}

// checkField gives 1 for the first field of a node that the grammar requires.
func (p *parser) checkField(n *node, f *nodeField, e *element) (required int) {
	at := e.field(f.name)
	if at < 0 {
		if f.name != fieldMID {
			p.once(f.line, 1, n.tag+" "+f.name, fmt.Sprintf("the grammar of the document declares no field %s of %s", f.name, n.tag), "declare it below ["+tagGrammar+"], or correct the name")
		}
		return 0
	}
	declared := &e.fields[at]
	if declared.required && declared.seen != p.nodes {
		required = 1
	}
	declared.seen = p.nodes
	if declared.choice() {
		p.checkChoice(f, declared)
	}
	return required
}

func (p *parser) checkChoice(f *nodeField, declared *grammarField) {
	values := []string{f.value}
	if declared.kind == kindMultiple {
		values = strings.Split(f.value, listSeparator)
	}
	for _, v := range values {
		if !declared.allowed[v] {
			p.fault(f.line, len(f.name)+3, fmt.Sprintf("%s is %q, and the grammar allows only %s", f.name, shorten(v), shorten(strings.Join(declared.options[:min(len(declared.options), 20)], listSeparator))), "write one of those")
			return
		}
	}
}

// checkOrder names a field that stands before one that the grammar declares earlier; StrictDoc refuses it.
func (p *parser) checkOrder(n *node, e *element) {
	last := -1
	for i := range n.fields {
		at := e.field(n.fields[i].name)
		if at < 0 {
			continue
		}
		if at < last {
			p.fault(n.fields[i].line, 1, fmt.Sprintf("the field %s stands behind %s, and the grammar has it before", n.fields[i].name, e.fields[last].title), "put the fields into the order of the grammar")
			return
		}
		last = at
	}
}

// nameMissing names the first field that the grammar requires and a node does not have.
func (p *parser) nameMissing(n *node, e *element) {
	for i := range e.fields {
		if f := &e.fields[i]; f.required && f.seen != p.nodes && e.byTitle[f.title] == i {
			p.fault(n.line, 1, fmt.Sprintf("%s has no field %s, which the grammar requires", n.tag, f.title), "write it")
			return
		}
	}
}

func (p *parser) checkRelations(n *node, e *element) {
	for i := range n.relations {
		r := &n.relations[i]
		role := strings.TrimRight(r.value(attributeRole), " ")
		if r.kind != "" && !e.roles[grammarRelation{kind: r.kind, role: role}] {
			p.once(r.line, 1, n.tag+" "+r.kind+" "+role, strings.TrimSuffix(fmt.Sprintf("the grammar declares no relation %s of %s with the role %s", r.kind, n.tag, role), " with the role "), "declare it below ["+tagGrammar+"], or correct it")
		}
	}
}
