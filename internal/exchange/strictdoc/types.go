package strictdoc

import "github.com/goldthread/goldthread/internal/exchange"

// declared collects what the grammars of all documents declare: types by name, each with the attributes of all its
// declarations, and verbs.
type declared struct {
	types      []exchange.Type
	relations  []exchange.Relation
	typeAt     map[string]int
	attributes map[attributeName]int
	values     map[attributeValue]bool
	verbs      map[string]bool
}

type attributeName struct{ tag, field string }

type attributeValue struct {
	attributeName
	value string
}

func newDeclared() *declared {
	return &declared{typeAt: map[string]int{}, attributes: map[attributeName]int{}, values: map[attributeValue]bool{}, verbs: map[string]bool{}}
}

// add takes the elements of a grammar, those of the standard one only where the document has such nodes.
func (d *declared) add(g *grammar, file string, met map[string]bool) {
	for _, e := range g.elements {
		if e.tag == tagSection || g.standard && !met[e.tag] {
			continue
		}
		at, known := d.typeAt[e.tag]
		if !known {
			at = len(d.types)
			d.typeAt[e.tag] = at
			d.types = append(d.types, exchange.Type{Name: e.tag})
			if e.line > 0 {
				d.types[at].At = exchange.Position{File: file, Line: e.line, Column: 1}
			}
		}
		d.addFields(&d.types[at], e)
		for _, r := range e.relations {
			d.addRelation(r)
		}
	}
}

func (d *declared) addFields(t *exchange.Type, e *element) {
	content := e.content()
	for i, f := range e.fields {
		switch f.title {
		case fieldMID, fieldUID, fieldLevel, fieldTitle, content, fieldRefs:
			continue
		}
		name := attributeName{e.tag, f.title}
		at, known := d.attributes[name]
		if !known {
			at = len(t.Attributes)
			d.attributes[name] = at
			t.Attributes = append(t.Attributes, exchange.Attribute{Name: f.title, Data: e.data(i), Many: f.many()})
		}
		if !f.choice() {
			continue
		}
		for _, option := range f.options {
			if v := (attributeValue{name, option}); !d.values[v] {
				d.values[v] = true
				t.Attributes[at].Values = append(t.Attributes[at].Values, option)
			}
		}
	}
}

func (d *declared) addRelation(r grammarRelation) {
	if r.kind != relationParent && r.kind != relationChild {
		return
	}
	verb := verbOf(r.kind, r.role)
	if !d.verbs[verb] {
		d.verbs[verb] = true
		d.relations = append(d.relations, exchange.Relation{Verb: verb, Reverse: r.reverse})
	}
}

func (f *grammarField) many() bool { return f.kind == kindMultiple || f.kind == kindTag }

func (f *grammarField) choice() bool { return f.kind == kindMultiple || f.kind == kindSingle }

// data is the type of the values of the field at i.
func (e *element) data(i int) exchange.DataType {
	switch {
	case e.fields[i].choice():
		return exchange.DataEnum
	case e.markup(i):
		return exchange.DataMarkup
	}
	return exchange.DataString
}
