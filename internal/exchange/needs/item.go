package needs

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// tally counts members by name.
type tally map[string]int

func (t tally) add(name string) { t[name]++ }

// String lists the names, with how often each is there.
func (t tally) String() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(t)) {
		all = append(all, fmt.Sprintf("%s %d", name, t[name]))
	}
	return strings.Join(all, ", ")
}

// members distributes what a need holds.
func (n *need) members() {
	textOf := "content"
	if n.value.Get("content").Text() == "" {
		textOf = "description" // what the content was called up to sphinx-needs 1
	}
	for name, value := range n.value.Members() {
		switch {
		case name == "id":
		case name == "type" && isText(value):
			n.item.Type = value.Text()
		case name == "title" && isText(value):
			n.item.Title = value.Text()
		case name == textOf && isText(value):
			n.item.Text = value.Text()
		case (name == "content" || name == "description") && value.JSON() == n.value.Get(textOf).JSON():
			n.file.usual.add(name)
		case name == "docname" && isText(value):
			n.docname = value.Text()
		case name == "sections" && n.sections(value):
		case name == "doctype" && isText(value):
			n.doctype = value.Text()
		default:
			n.member(name, value)
		}
	}
	n.absent()
}

func isText(v jsontree.Value) bool { return v.Kind() == jsontree.String }

// sections takes the headings around a need, which the file lists from the innermost.
func (n *need) sections(value jsontree.Value) bool {
	titles, ok := value.Strings()
	if !ok || value.Kind() != jsontree.Array {
		return false
	}
	slices.Reverse(titles)
	n.section = titles
	return true
}

// member takes a member that has no place of its own.
func (n *need) member(name string, value jsontree.Value) {
	switch {
	case n.file.schema.role(name) == "backlinks", strings.HasSuffix(name, "_back") && n.file.schema.role(name) == "" && value.Kind() == jsontree.Array:
		n.backs = append(n.backs, list{name: name, value: value, at: value.NameAt(), before: len(n.item.Fields)})
	case value.Empty():
		if name != "links" && n.file.schema.role(name) != "links" {
			n.file.notSet.add(name)
		}
	case n.repeats(name, value) || n.file.schema.usual(name, value):
		n.file.usual.add(name)
	case n.mayLink(name, value):
		n.lists = append(n.lists, list{name: name, value: value, at: value.NameAt(), before: len(n.item.Fields)})
	default:
		n.take(name, value)
	}
}

func (n *need) take(name string, value jsontree.Value) {
	switch name {
	case "lineno":
		n.line, _ = value.Int() // else it has no place to be sorted by
	case "parts":
		n.parts = value
	}
	n.item.Fields = append(n.item.Fields, n.file.field(name, value))
}

// field is a field with the data type that the schema declares.
func (f *file) field(name string, value jsontree.Value) exchange.Field {
	field := fieldOf(name, value)
	p := f.schema.fields[name]
	if p == nil || field.Nested {
		return field
	}
	texts := field.Data == "" && (p.data == exchange.DataDate || p.data == exchange.DataEnum)
	if texts || field.Data == exchange.DataInteger && p.data == exchange.DataReal {
		field.Data = p.data
	}
	return field
}

// mayLink says that a member can be a list of links: strings, or one.
func (n *need) mayLink(name string, value jsontree.Value) bool {
	role := n.file.schema.role(name)
	if role == "links" || name == "links" {
		return true
	}
	if role != "" || isCore(name) || value.Kind() != jsontree.Array {
		return false
	}
	for e := range value.Elements() {
		if e.Kind() != jsontree.String {
			return false
		}
	}
	return true
}

// repeats says that a member says again what others say.
func (n *need) repeats(name string, value jsontree.Value) bool {
	of := func(other string) bool { return value.JSON() == n.value.Get(other).JSON() }
	switch name {
	case "full_title":
		return of("title")
	case "id_complete", "id_parent", "target_id":
		return of("id")
	case "section_name", "parent_need":
		lists := map[string]string{"section_name": "sections", "parent_need": "parent_needs"}
		for first := range n.value.Get(lists[name]).Elements() {
			return value.JSON() == first.JSON()
		}
	}
	return false
}

// absent adds what the schema says of members that a need does not have.
func (n *need) absent() {
	for _, name := range n.file.schema.names {
		p := n.file.schema.fields[name]
		if p.role == "extra" && !p.initial.Empty() && !n.value.Get(name).Exists() {
			field := n.file.field(name, p.initial)
			field.At = n.item.At
			n.item.Fields = append(n.item.Fields, field)
		}
	}
}

// fieldOf is a member as a field: a list of values of one kind has each, anything deeper is JSON.
func fieldOf(name string, value jsontree.Value) exchange.Field {
	field := exchange.Field{Name: name, At: value.NameAt()}
	values, ok := value.Strings()
	var data exchange.DataType
	if ok && value.Kind() == jsontree.Array {
		data, ok = listData(value)
	} else {
		data = scalarData(value)
	}
	if !ok {
		field.Values, field.Nested = []string{value.JSON()}, true
		return field
	}
	field.Values, field.Data = values, data
	return field
}

// listData is the type of all elements of a list, if they have one: numbers with and without fraction have.
func listData(value jsontree.Value) (data exchange.DataType, ok bool) {
	isNumber := func(d exchange.DataType) bool { return d == exchange.DataInteger || d == exchange.DataReal }
	first := true
	for e := range value.Elements() {
		d := scalarData(e)
		switch {
		case first || d == data:
			data, first = d, false
		case isNumber(d) && isNumber(data):
			data = exchange.DataReal
		default:
			return "", false
		}
	}
	return data, true
}

func scalarData(v jsontree.Value) exchange.DataType {
	switch v.Kind() {
	case jsontree.Bool:
		return exchange.DataBoolean
	case jsontree.Number:
		if jsontree.IsInteger(v.Text()) {
			return exchange.DataInteger
		}
		return exchange.DataReal
	}
	return ""
}

// declare adds the type of an item to those of the tree, with the attributes that the schema declares, else those met.
func (r *reader) declare(n *need) {
	t := r.types[n.item.Type]
	if t == nil {
		t = &exchange.Type{Name: n.item.Type, Title: n.value.Get("type_name").Text(), At: n.item.At}
		if t.Title == t.Name {
			t.Title = ""
		}
		r.types[n.item.Type] = t
		r.tree.Types = append(r.tree.Types, exchange.Type{Name: n.item.Type})
	}
	if !n.file.declared[n.item.Type] {
		n.file.declared[n.item.Type] = true
		for _, name := range n.file.schema.names {
			if p := n.file.schema.fields[name]; p.role == "extra" && !hasAttribute(t, name) {
				t.Attributes = append(t.Attributes, exchange.Attribute{Name: name, Data: p.data, Many: p.many, Values: p.values})
			}
		}
	}
	for _, f := range n.item.Fields {
		if isCore(f.Name) || n.file.schema.role(f.Name) == "core" {
			continue
		}
		i := slices.IndexFunc(t.Attributes, func(a exchange.Attribute) bool { return a.Name == f.Name })
		if i < 0 {
			t.Attributes = append(t.Attributes, exchange.Attribute{Name: f.Name, Data: cmp.Or(f.Data, exchange.DataString), Many: len(f.Values) > 1})
		} else if len(f.Values) > 1 {
			t.Attributes[i].Many = true
		}
	}
}

func hasAttribute(t *exchange.Type, name string) bool {
	return slices.ContainsFunc(t.Attributes, func(a exchange.Attribute) bool { return a.Name == name })
}
