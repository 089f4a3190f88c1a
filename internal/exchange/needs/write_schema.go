package needs

import (
	"slices"

	"github.com/goldthread/goldthread/internal/exchange"
)

// extra is a field that needs.json has to declare.
type extra struct {
	name   string
	types  []string // names of JSON types; none for any
	date   bool
	many   bool
	nested bool
	values []string
}

// nameFields gathers the fields of all items: those that types declare, then those met.
func (w *writer) nameFields() {
	w.extra = map[string]*extra{}
	of := func(name string) *extra {
		name = optionName(name)
		e := w.extra[name]
		if e == nil {
			e = &extra{name: name}
			w.extra[name] = e
			w.extras = append(w.extras, e)
		}
		return e
	}
	mine := func(name string) bool {
		return name != "" && !ownMember(name) && !isCore(name) && !w.isVerb[optionName(name)]
	}
	for _, t := range w.tree.Types {
		for _, a := range t.Attributes {
			if mine(a.Name) {
				e := of(a.Name)
				e.add(a.Data)
				e.many = e.many || a.Many
				e.date = e.date || a.Data == exchange.DataDate
				for _, v := range a.Values {
					if !slices.Contains(e.values, v) {
						e.values = append(e.values, v)
					}
				}
			}
		}
	}
	declared := len(w.extras)
	w.each(func(item *exchange.Item) {
		for i := range item.Fields {
			f := &item.Fields[i]
			if !mine(f.Name) {
				continue
			}
			e := of(f.Name)
			e.nested = e.nested || f.Nested
			e.many = e.many || len(f.Values) > 1
			if slices.Index(w.extras, e) >= declared {
				e.date = e.date || f.Data == exchange.DataDate
			}
			if rawData(f) {
				e.add(f.Data)
			} else {
				e.add("")
			}
		}
	})
}

func (e *extra) add(data exchange.DataType) {
	name := "string"
	switch data {
	case exchange.DataBoolean:
		name = "boolean"
	case exchange.DataInteger:
		name = "integer"
	case exchange.DataReal:
		name = "number"
	}
	if !slices.Contains(e.types, name) {
		e.types = append(e.types, name)
	}
}

// coreSchema are the members that every need written here has or may have.
var coreSchema = []struct{ name, kind, initial, says string }{
	{"id", "string", "", "ID of the data."},
	{"type", "string", `""`, "Type of the need."},
	{"title", "string", "", "Title of the need."},
	{"content", "string", `""`, "The main content of the need."},
	{"docname", "string", "null", "Name of the document where the need is defined (None if external)."},
	{"sections", "array", "[]", "Sections of the need."},
	{"status", "string", "null", "Status of the need."},
	{"tags", "array", "[]", "List of tags."},
}

// schema writes the needs_schema: what each member of a need is.
func (w *writer) schema() {
	w.json.Begin('{')
	w.json.Name("$schema").String("http://json-schema.org/draft-07/schema#")
	w.json.Name("type").String("object")
	w.json.Name("properties").Begin('{')
	for _, c := range coreSchema {
		w.property(c.name, c.says, "core", c.initial, []string{c.kind}, &extra{many: c.kind == "array"})
	}
	for _, e := range w.extras {
		initial := ""
		switch {
		case e.nested:
		case e.many:
			initial = "[]"
		case len(e.types) == 1 && e.types[0] == "string":
			initial = `""`
		}
		w.property(e.name, "Added by needs_extra_options config", "extra", initial, e.types, e)
	}
	for _, verb := range w.verbs {
		list := &extra{many: true}
		w.property(verb, "Link field", "links", "[]", []string{"string"}, list)
		w.property(verb+backOf, "Backlink field", "backlinks", "[]", []string{"string"}, list)
	}
	w.json.End('}')
	w.json.End('}')
}

// property writes the schema of one member.
func (w *writer) property(name, says, role, initial string, types []string, e *extra) {
	w.json.Name(name).Begin('{')
	if e.many {
		w.json.Name("type").String("array")
		w.json.Name("items").Begin('{')
	}
	if role == "core" && e.many {
		types = []string{"string"}
	}
	if !e.nested {
		w.json.Name("type")
		switch {
		case role == "core" && initial == "null":
			w.json.Strings(append(slices.Clone(types), "null"))
		case len(types) == 1:
			w.json.String(types[0])
		default:
			w.json.Strings(types)
		}
	}
	if e.date {
		w.json.Name("format").String("date")
	}
	if len(e.values) > 0 {
		w.json.Name("enum").Strings(e.values)
	}
	if e.many {
		w.json.End('}')
	}
	w.json.Name("description").String(says)
	w.json.Name("field_type").String(role)
	if initial != "" {
		w.json.Name("default").Raw(initial)
	}
	w.json.End('}')
}
