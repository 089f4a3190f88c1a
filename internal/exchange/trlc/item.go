package trlc

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Components that say the text and the title of an object, the first that is there.
var (
	textNames  = []string{"description", "text"}
	titleNames = []string{"title", "summary"}
)

// commentField holds the comments that stand inside of an object.
const commentField = "comment"

// itemMaker makes one item of an object.
type itemMaker struct {
	*reader
	file  *objectParser
	of    *declared // nil where its type is not known
	item  *exchange.Item
	asked string // component at hand
}

// items makes the items of a file.
func (r *reader) items(o *objectParser) {
	o.doc.Items = make([]exchange.Item, len(o.objects))
	for i, obj := range o.objects {
		m := itemMaker{reader: r, file: o, of: r.lookupType(obj.typeName, o.pkg, o.imports), item: &o.doc.Items[i]}
		*m.item = exchange.Item{Key: o.pkg + "." + obj.name, Type: obj.typeName, Document: o.doc.Key, Order: obj.order, Normative: true, Active: true,
			Review: exchange.Review{State: exchange.NotReviewed}, At: obj.at}
		m.judgeType(obj)
		m.components(obj)
	}
}

func (m *itemMaker) warn(at exchange.Position, message, remedy string) {
	m.fault(at, false, m.item.Key, message, remedy)
}

func (m *itemMaker) judgeType(obj *object) {
	switch {
	case m.of != nil && m.of.kind == record:
		m.item.Type = m.of.full()
		if m.of.abstract {
			m.warn(obj.typeAt, fmt.Sprintf("%s is abstract and can have no objects", m.item.Type), "name a type that extends it")
		}
		return
	case m.of != nil:
		m.warn(obj.typeAt, fmt.Sprintf("%s is no record type and can have no objects", obj.typeName), "name a record type")
		m.of = nil
	case len(m.packages) > 0:
		m.warn(obj.typeAt, fmt.Sprintf("the type %s is not declared in the folder; what its components mean is guessed", obj.typeName), "read the folder that holds all models")
	}
	if !strings.Contains(obj.typeName, ".") {
		m.item.Type = m.file.pkg + "." + obj.typeName
	}
}

// components gives every component its place.
func (m *itemMaker) components(obj *object) {
	var all map[string]*component
	if m.of != nil {
		all = m.componentsOf(m.of)
	}
	given := make(map[string]bool, len(obj.assigned))
	m.item.Fields = make([]exchange.Field, 0, len(obj.assigned))
	frozen := m.frozen(m.of)
	textName, titleName := role(obj, textNames), role(obj, titleNames)
	for _, a := range obj.assigned {
		c := all[a.name]
		switch _, isFrozen := frozen[a.name]; {
		case m.of != nil && c == nil:
			m.warn(a.at, fmt.Sprintf("%s has no component %s", m.item.Type, a.name), "declare it in the model, or correct its name")
		case given[a.name]:
			m.warn(a.at, fmt.Sprintf("the component %s is given twice; both are kept", a.name), "keep one of the two")
		case isFrozen:
			m.warn(a.at, fmt.Sprintf("the component %s is frozen by the type and given here", a.name), "remove it")
		}
		switch {
		case given[a.name]:
			m.component(a, c)
		case a.name == textName && a.value.kind == valueString:
			m.item.Text = m.stringOf(a, c)
		case a.name == titleName && a.value.kind == valueString:
			m.item.Title = m.stringOf(a, c)
		default:
			m.component(a, c)
		}
		given[a.name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(frozen)) {
		if !given[name] {
			m.component(frozen[name], all[name])
		}
	}
	m.missing(given, frozen)
	m.comments(obj)
}

// role is the first of the names under which an object has a string.
func role(obj *object, names []string) string {
	for _, name := range names {
		for _, a := range obj.assigned {
			if a.name == name && a.value.kind == valueString {
				return name
			}
		}
	}
	return ""
}

// frozen are the components that the type, or one above it, gives all of its objects.
func (r *reader) frozen(of *declared) map[string]assignment {
	if of == nil {
		return nil
	}
	if of.allFrozen != nil {
		return of.allFrozen
	}
	of.allFrozen = map[string]assignment{}
	for _, d := range lineage(of) {
		for _, a := range d.frozen {
			if _, there := of.allFrozen[a.name]; !there {
				of.allFrozen[a.name] = a
			}
		}
	}
	return of.allFrozen
}

// missing names the components that an object must have and has not.
func (m *itemMaker) missing(given map[string]bool, frozen map[string]assignment) {
	if m.of == nil {
		return
	}
	for _, c := range m.required(m.of) {
		if _, isFrozen := frozen[c.name]; !given[c.name] && !isFrozen {
			m.warn(m.item.At, fmt.Sprintf("the component %s, which %s requires (%s), is not given", c.name, m.item.Type, c.at), "give it, or make it optional in the model")
		}
	}
}

// required are the components of a type that are not optional, by name.
func (r *reader) required(of *declared) []*component {
	if of.mandatory == nil {
		of.mandatory = []*component{}
		all := r.componentsOf(of)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if !all[name].optional {
				of.mandatory = append(of.mandatory, all[name])
			}
		}
	}
	return of.mandatory
}

func (m *itemMaker) comments(obj *object) {
	if len(obj.comments) == 0 {
		return
	}
	f := exchange.Field{Name: commentField, At: obj.comments[0].at}
	for _, c := range obj.comments {
		f.Values = append(f.Values, c.text())
	}
	m.item.Fields = append(m.item.Fields, f)
}

// stringOf is the value of a component that is a string, with the references in it.
func (m *itemMaker) stringOf(a assignment, c *component) string {
	m.asked = a.name
	m.judge(a.value, c)
	return m.text(a.value, c)
}

// text is what a string says; the references in one with markup are links.
func (m *itemMaker) text(v value, c *component) string {
	if c.builtin() == "Markup_String" {
		found, unclosed := references(v.text, v.at)
		if unclosed {
			m.warn(v.at, "a list of references is not closed", "close it with ]]")
		}
		for _, ref := range found {
			m.link(ref.name, ref.at)
		}
	}
	return stringValue(v.text, v.unterminated)
}

func (m *itemMaker) link(name string, at exchange.Position) {
	key, found := m.lookupObject(name, m.file)
	l := exchange.Link{Verb: m.asked, Target: key, At: at, State: exchange.Unresolved}
	if found {
		l.State = exchange.Unconfirmed
	}
	if key != name {
		l.Written = name
	}
	m.verbs[m.asked] = true
	m.counts.Links++
	m.item.Links = append(m.item.Links, l)
}

// component keeps a value as a field, as links, or as both.
func (m *itemMaker) component(a assignment, c *component) {
	m.asked = a.name
	m.judge(a.value, c)
	f := exchange.Field{Name: a.name, Data: dataType(c), At: a.at}
	if f.Data == exchange.DataString {
		f.Data = ""
	}
	if a.value.kind != valueArray {
		if s, kept := m.flat(a.value, c, &f); kept {
			f.Values = []string{s}
			m.item.Fields = append(m.item.Fields, f)
		}
		return
	}
	if slices.ContainsFunc(a.value.items, func(v value) bool { return v.kind == valueTuple || v.kind == valueArray }) {
		var b strings.Builder
		m.json(&b, a.value, c)
		f.Values, f.Nested, f.Data = []string{b.String()}, true, ""
		m.item.Fields = append(m.item.Fields, f)
		return
	}
	links := 0
	for _, v := range a.value.items {
		if s, kept := m.flat(v, c, &f); kept {
			f.Values = append(f.Values, s)
		} else {
			links++
		}
	}
	if links == 0 || len(f.Values) > 0 {
		m.item.Fields = append(m.item.Fields, f)
	}
}

// flat is a value in one string; kept is false for a reference, which is a link.
func (m *itemMaker) flat(v value, c *component, f *exchange.Field) (s string, kept bool) {
	if isSeparated(c) && v.kind != valueSeparated { // its other fields are optional
		v = value{kind: valueSeparated, items: []value{v}, at: v.at}
	}
	switch v.kind {
	case valueString:
		return m.text(v, c), true
	case valueNull:
		return "", true
	case valueName:
		literal, isReference := m.meaning(v.text, c)
		if isReference {
			m.link(v.text, v.at)
			return "", false
		}
		return literal, true
	case valueTuple, valueArray:
		var b strings.Builder
		m.json(&b, v, c)
		f.Nested, f.Data = true, ""
		return b.String(), true
	case valueSeparated:
		var b strings.Builder
		for i, item := range v.items {
			if i > 0 {
				b.WriteString(" " + v.separators[i-1] + " ")
			}
			s, kept := m.flat(item, m.field(c, i), f)
			if !kept {
				s = item.text
			}
			b.WriteString(s)
		}
		f.Data = ""
		return b.String(), true
	case valueInteger, valueDecimal:
		return strings.ReplaceAll(v.text, "_", ""), true
	}
	return v.text, true
}

// meaning says whether a name is a literal of an enumeration, without its type, or a reference to an object.
func (m *itemMaker) meaning(name string, c *component) (literal string, isReference bool) {
	short := name[strings.LastIndexByte(name, '.')+1:]
	if c != nil && len(c.resolved) > 0 {
		for _, t := range c.resolved {
			if t.kind == record {
				return "", true
			}
		}
		return short, false
	}
	if _, found := m.lookupObject(name, m.file); found || short == name {
		return "", true
	}
	if t := m.lookupType(name[:len(name)-len(short)-1], m.file.pkg, m.file.imports); t != nil && t.kind == enumeration {
		return short, false
	}
	return name, false
}

// isSeparated says that a component holds a tuple whose fields stand between separators.
func isSeparated(c *component) bool {
	return c != nil && slices.ContainsFunc(c.resolved, func(t *declared) bool { return t.kind == tuple && t.separators })
}

// field is the n-th field of the tuple that a component holds, nil where it holds none.
func (m *itemMaker) field(c *component, n int) *component {
	if c == nil {
		return nil
	}
	for _, t := range c.resolved {
		if t.kind == tuple && n < len(t.components) {
			return t.components[n]
		}
	}
	return nil
}

// json writes a nested value: a tuple is an object where its type is known, else an array. References are links too.
func (m *itemMaker) json(b *strings.Builder, v value, c *component) {
	switch v.kind {
	case valueInteger, valueDecimal:
		text := strings.ReplaceAll(v.text, "_", "")
		if !json.Valid([]byte(text)) {
			text = quote(v.text)
		}
		b.WriteString(text)
	case valueBoolean:
		b.WriteString(v.text)
	case valueNull:
		b.WriteString("null")
	case valueArray:
		m.jsonList(b, v, "[", "]", func(int) *component { return c })
	case valueTuple:
		if m.field(c, 0) != nil {
			m.jsonList(b, v, "{", "}", func(n int) *component { return m.field(c, n) })
			return
		}
		m.jsonList(b, v, "[", "]", func(int) *component { return nil })
	default:
		s, kept := m.flat(v, c, &exchange.Field{})
		if !kept {
			s = m.item.Links[len(m.item.Links)-1].Target
		}
		b.WriteString(quote(s))
	}
}

func (m *itemMaker) jsonList(b *strings.Builder, v value, open, end string, of func(int) *component) {
	b.WriteString(open)
	for i, item := range v.items {
		if i > 0 {
			b.WriteByte(',')
		}
		c := of(i)
		if open == "{" {
			name := fmt.Sprintf("%d", i+1)
			if c != nil {
				name = c.name
			}
			b.WriteString(quote(name) + ":")
		}
		m.json(b, item, c)
	}
	b.WriteString(end)
}

func quote(s string) string {
	out, err := json.Marshal(s)
	if err != nil { // a string always has a JSON form
		panic("trlc: encode a string as JSON: " + err.Error())
	}
	return string(out)
}

// judge holds a value against the type of its component.
func (m *itemMaker) judge(v value, c *component) {
	if c == nil {
		return
	}
	if v.kind == valueNull {
		m.warn(v.at, "a component cannot be given as null", "leave it out")
		return
	}
	if !c.array {
		m.judgeOne(v, c)
		return
	}
	if v.kind != valueArray {
		m.warn(v.at, fmt.Sprintf("the component %s is an array and %s is none", c.name, v), "write it in [ ]")
		return
	}
	if n := len(v.items); n < c.low || c.high >= 0 && n > c.high {
		m.warn(v.at, fmt.Sprintf("the component %s has %d values, which is outside of its bounds (%s)", c.name, n, c.at), "give it as many as the model says")
	}
	for _, item := range v.items {
		m.judgeOne(item, c)
	}
}

func (m *itemMaker) judgeOne(v value, c *component) {
	if !m.fits(v, c) {
		m.warn(v.at, fmt.Sprintf("the component %s is of the type %s, which %s is not", c.name, strings.Join(c.types, " or "), v), "correct the value, or the model")
	}
}

func (m *itemMaker) fits(v value, c *component) bool {
	switch c.builtin() {
	case "Boolean":
		return v.kind == valueBoolean
	case "Integer":
		return v.kind == valueInteger
	case "Decimal":
		return v.kind == valueDecimal
	case "String", "Markup_String":
		return v.kind == valueString
	}
	if len(c.resolved) == 0 {
		return true
	}
	for _, t := range c.resolved {
		switch {
		case t.kind == record && v.kind == valueName, t.kind == tuple && (v.kind == valueTuple || v.kind == valueSeparated || t.separators):
			return true
		case t.kind == enumeration && v.kind == valueName && slices.Contains(t.literals, v.text[strings.LastIndexByte(v.text, '.')+1:]):
			return true
		}
	}
	return false
}

// String is how messages name a value.
func (v value) String() string {
	switch v.kind {
	case valueArray:
		return "an array"
	case valueTuple, valueSeparated:
		return "a tuple"
	case valueNull:
		return "null"
	}
	return fmt.Sprintf("%.60s", v.text)
}
