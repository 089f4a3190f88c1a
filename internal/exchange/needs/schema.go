package needs

import (
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// schema is the needs_schema of a version: a JSON schema of the members of needs, with a field_type each.
type schema struct {
	names  []string
	fields map[string]*property
}

// property is what a schema says of a member.
type property struct {
	role    string // core, extra, links or backlinks
	data    exchange.DataType
	many    bool
	values  []string
	initial jsontree.Value // its default
}

func readSchema(v jsontree.Value) schema {
	s := schema{fields: map[string]*property{}}
	for name, value := range v.Get("properties").Members() {
		p := &property{role: value.Get("field_type").Text(), initial: value.Get("default")}
		if p.role == "" {
			p.role = "extra"
			if isCore(name) {
				p.role = "core"
			}
		}
		what := value
		if hasType(value, "array") {
			p.many, what = true, value.Get("items")
		}
		p.data = dataOf(what)
		for e := range what.Get("enum").Elements() {
			if e.Kind() == jsontree.String {
				p.values = append(p.values, e.Text())
			}
		}
		if len(p.values) > 0 && p.data == exchange.DataString {
			p.data = exchange.DataEnum
		}
		s.names = append(s.names, name)
		s.fields[name] = p
	}
	return s
}

func dataOf(v jsontree.Value) exchange.DataType {
	switch {
	case hasType(v, "boolean"):
		return exchange.DataBoolean
	case hasType(v, "integer"):
		return exchange.DataInteger
	case hasType(v, "number"):
		return exchange.DataReal
	case strings.HasPrefix(v.Get("format").Text(), "date"):
		return exchange.DataDate
	}
	return exchange.DataString
}

// hasType says that a JSON schema allows a type: "type" is a name or a list of names.
func hasType(v jsontree.Value, name string) bool {
	types, _ := v.Get("type").Strings()
	for _, t := range types {
		if t == name {
			return true
		}
	}
	return false
}

func (s schema) role(name string) string {
	if p := s.fields[name]; p != nil {
		return p.role
	}
	return ""
}

// core are the members that sphinx-needs itself gives needs, each with the value it has unless said otherwise, as JSON.
// Source: sphinx_needs/core_fields.json, and data.py of older versions.
var core = map[string]string{
	"id": "", "title": "", "type": "", "type_name": "", "type_prefix": "", "type_color": "", "type_style": "", "content": "", "description": "", "status": "null", "tags": "[]",
	"docname": "null", "doctype": `".rst"`, "lineno": "null", "lineno_content": "null", "sections": "[]", "section_name": "null", "signature": "null",
	"collapse": "false", "hide": "false", "hide_status": "false", "hide_tags": "false", "layout": "null", "style": "null", "arch": "{}", "parts": "{}",
	"is_import": "false", "is_external": "false", "external_url": "null", "external_css": `""`, "is_modified": "false", "modifications": "0", "is_need": "true", "is_part": "false",
	"id_parent": "", "id_complete": "", "id_prefix": "", "full_title": "", "jinja_content": "false", "template": "null", "pre_template": "null", "post_template": "null",
	"pre_content": "null", "post_content": "null", "has_dead_links": "false", "has_forbidden_dead_links": "false", "constraints": "[]", "constraints_results": "{}",
	"constraints_passed": "true", "constraints_error": "null", "parent_need": "null", "target_id": "", "delete": "false", "max_content_lines": "",
}

func isCore(name string) bool {
	_, ok := core[name]
	return ok
}

// usual says that a core member says what is so unless said otherwise.
func (s schema) usual(name string, value jsontree.Value) bool {
	initial, isCore := core[name]
	p := s.fields[name]
	switch {
	case p != nil && p.role == "extra":
		return false
	case p != nil && p.role == "core" && p.initial.Exists():
		return value.Kind() == p.initial.Kind() && value.JSON() == p.initial.JSON()
	case !isCore || initial == "":
		return false
	case value.Kind() == jsontree.Bool, value.Kind() == jsontree.Number:
		return value.Text() == initial
	}
	return initial[0] == '"' && value.JSON() == initial
}
