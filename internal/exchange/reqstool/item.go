package reqstool

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/yamltree"
)

// Relations, under the names that the schemas give them.
const (
	verbReferences   = "references"      // of a requirement to another
	verbRequirements = "requirement_ids" // of a verification case to a requirement
	verbCases        = "svc_ids"         // of a manual result to a verification case
)

// entry says how the entries of a kind of file are read.
type entry struct {
	list     string // name of the list
	typeName string
	title    string
	text     string // attribute that is the text
	links    string // attribute that is a list of ids
	required []string
	enums    map[string][]string
}

var entries = map[fileKind]entry{
	requirements: {list: "requirements", typeName: TypeRequirement, title: "Requirement", text: "description",
		required: []string{"id", "title", "significance", "description", "revision"},
		enums: map[string][]string{"significance": {"shall", "should", "may"},
			"implementation": {"in-code", "configuration", "platform", "framework", "N/A"}}},
	cases: {list: "cases", typeName: TypeCase, title: "Software verification case", text: "description", links: verbRequirements,
		required: []string{"id", "requirement_ids", "title", "verification", "revision"},
		enums:    map[string][]string{"verification": {"automated-test", "manual-test", "review", "platform", "other"}}},
	results: {list: "results", typeName: TypeResult, title: "Manual result", text: "comment", links: verbCases,
		required: []string{"id", "svc_ids", "pass"}},
}

var (
	states         = []string{"draft", "effective", "deprecated", "obsolete"}
	categoryValues = []string{"functional-suitability", "performance-efficiency", "compatibility", "interaction-capability", "reliability", "security", "maintainability", "flexibility", "safety"}
)

// types are those of the schemas.
func types() []exchange.Type {
	attribute := func(name string, values ...string) exchange.Attribute {
		a := exchange.Attribute{Name: name, Data: exchange.DataString, Values: values}
		if values != nil {
			a.Data = exchange.DataEnum
		}
		return a
	}
	r, c := entries[requirements], entries[cases]
	categories := attribute("categories", categoryValues...)
	categories.Many = true
	return []exchange.Type{
		{Name: TypeRequirement, Title: r.title, Attributes: []exchange.Attribute{attribute("significance", r.enums["significance"]...), attribute("rationale"), categories, attribute("revision"),
			attribute("implementation", r.enums["implementation"]...), attribute("lifecycle/state", states...), attribute("lifecycle/reason")}},
		{Name: TypeCase, Title: c.title, Attributes: []exchange.Attribute{attribute("verification", c.enums["verification"]...), attribute("instructions"), attribute("revision"),
			attribute("lifecycle/state", states...), attribute("lifecycle/reason")}},
		{Name: TypeResult, Title: entries[results].title, Attributes: []exchange.Attribute{{Name: "pass", Data: exchange.DataBoolean}, {Name: "date", Data: exchange.DataDate}}},
	}
}

// items reads the entries of a file, and keeps all else that it says as fields of the document.
func (r *reader) items(f *file) {
	e := entries[f.kind]
	for i := 0; i+1 < len(f.Root.Content); i += 2 {
		key, value := f.Root.Content[i], f.Root.Content[i+1]
		switch {
		case key.Value == e.list && value.Kind == yaml.SequenceNode:
			for _, node := range value.Content {
				r.entry(f, e, node)
			}
		case key.Value == e.list && yamltree.IsNull(value):
		case key.Value == "metadata" && f.kind == requirements && value.Kind == yaml.MappingNode:
		default:
			f.doc.Fields = append(f.doc.Fields, f.Field(key.Value, key, value))
			if key.Value == e.list {
				f.Fault(f.Position(key), true, "", key.Value+" is no list", "write one entry after the other, each with - before it")
			}
			if key.Value == "filters" && len(value.Content) > 0 {
				f.Fault(f.Position(key), false, "", "filters are not applied: everything that lies in the folder is read", "leave out by the mapping what is not wanted")
			}
		}
	}
}

// entry reads one requirement, case or result.
func (r *reader) entry(f *file, e entry, node *yaml.Node) {
	r.counts.Items++
	if node.Kind != yaml.MappingNode {
		at := f.Position(node)
		f.Fault(at, true, "", "an entry of "+e.list+" has no attributes", "write them as name: value, beginning with id")
		r.lost = append(r.lost, exchange.Loss{At: at, What: "entry of " + e.list, Why: "it has no attributes: " + yamltree.JSON(node), Items: 1})
		return
	}
	it := exchange.Item{Type: e.typeName, Document: f.doc.Key, Order: len(f.doc.Items) + 1, Normative: true, Active: true,
		Review: exchange.Review{State: exchange.NotReviewed}, At: f.Position(node)}
	if id, _ := member(node, "id"); id != nil && id.Kind == yaml.ScalarNode && id.Value != "" {
		it.Key, it.ID, it.At = id.Value, identity(f.urn, id.Value), f.Position(id)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		r.attribute(f, e, &it, node.Content[i], node.Content[i+1], seen[node.Content[i].Value])
		seen[node.Content[i].Value] = true
	}
	for _, name := range e.required {
		if !seen[name] {
			f.Fault(it.At, false, it.Key, fmt.Sprintf("the entry has no %s", name), "add it")
		}
	}
	f.doc.Items = append(f.doc.Items, it)
}

func (r *reader) attribute(f *file, e entry, it *exchange.Item, key, value *yaml.Node, again bool) {
	scalar := value.Kind == yaml.ScalarNode && !again
	switch name := key.Value; {
	case name == "id" && scalar && value.Value != "":
	case name == "title" && scalar:
		it.Title = value.Value
	case name == e.text && scalar:
		it.Text = value.Value
		if yamltree.IsNull(value) {
			it.Text = ""
		}
	case name == e.links && e.links != "":
		r.links(f, it, e.links, key, value)
	case name == "references" && f.kind == requirements && value.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(value.Content); i += 2 {
			if value.Content[i].Value == "requirement_ids" {
				r.links(f, it, verbReferences, value.Content[i], value.Content[i+1])
				continue
			}
			it.Fields = append(it.Fields, f.Field("references/"+value.Content[i].Value, value.Content[i], value.Content[i+1]))
		}
	case name == "lifecycle" && value.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(value.Content); i += 2 {
			part, v := value.Content[i], value.Content[i+1]
			it.Fields = append(it.Fields, f.Field("lifecycle/"+part.Value, part, v))
			if part.Value == "state" {
				it.Active = v.Value != "obsolete"
				f.oneOf(it, "lifecycle/state", v, states)
			}
		}
	default:
		it.Fields = append(it.Fields, f.Field(name, key, value))
		if values, ok := e.enums[name]; ok {
			f.oneOf(it, name, value, values)
		}
	}
}

// oneOf names a value that the schema does not know.
func (f *file) oneOf(it *exchange.Item, name string, value *yaml.Node, values []string) {
	if value.Kind != yaml.ScalarNode || !slices.Contains(values, value.Value) {
		f.Fault(f.Position(value), false, it.Key, fmt.Sprintf("%s is %.60s, which reqstool does not know", name, yamltree.JSON(value)), fmt.Sprintf("write one of %v", values))
	}
}

// links reads a list of ids; a single id is taken for a list of one.
func (r *reader) links(f *file, it *exchange.Item, verb string, key, value *yaml.Node) {
	list := value.Content
	switch {
	case value.Kind == yaml.ScalarNode && !yamltree.IsNull(value):
		list = []*yaml.Node{value}
	case value.Kind == yaml.ScalarNode:
		return
	case value.Kind != yaml.SequenceNode:
		f.Fault(f.Position(key), false, it.Key, key.Value+" is no list of ids; it is kept as a field", "write the ids with - before each, or in [ ]")
		it.Fields = append(it.Fields, f.Field(key.Value, key, value))
		return
	}
	for _, id := range list {
		if id.Kind != yaml.ScalarNode || id.Value == "" {
			r.counts.Links++
			at := f.Position(id)
			f.Fault(at, true, it.Key, "an entry of "+key.Value+" is no id", "write the id of a requirement or case")
			r.lost = append(r.lost, exchange.Loss{At: at, Item: it.Key, What: "entry of " + key.Value, Why: "it is no id: " + yamltree.JSON(id), Links: 1})
			continue
		}
		r.counts.Links++
		it.Links = append(it.Links, exchange.Link{Verb: verb, Target: id.Value, At: f.Position(id)})
	}
}

// annotations gives the elements of the code to the items that they implement or test. Those whose item is not there stay
// with the document.
func (r *reader) annotations(f *file) {
	for i := 0; i+1 < len(f.Root.Content); i += 2 {
		key, value := f.Root.Content[i], f.Root.Content[i+1]
		if key.Value != "requirement_annotations" || value.Kind != yaml.MappingNode {
			f.doc.Fields = append(f.doc.Fields, f.Field(key.Value, key, value))
			continue
		}
		for j := 0; j+1 < len(value.Content); j += 2 {
			r.annotated(f, value.Content[j], value.Content[j+1])
		}
	}
}

// annotated reads the annotations of one kind: implementations or tests.
func (r *reader) annotated(f *file, kind, ids *yaml.Node) {
	if ids.Kind != yaml.MappingNode {
		f.doc.Fields = append(f.doc.Fields, f.Field(kind.Value, kind, ids))
		return
	}
	for i := 0; i+1 < len(ids.Content); i += 2 {
		id, elements := ids.Content[i], ids.Content[i+1]
		field := f.elements(kind.Value, id, elements)
		slot := r.index[identity(f.urn, id.Value)]
		if slot == nil {
			field.Name += "/" + id.Value
			f.doc.Fields = append(f.doc.Fields, field)
			f.Fault(f.Position(id), false, id.Value, fmt.Sprintf("%s are annotated with %s, which is not in the folder", kind.Value, id.Value), "read a folder that holds it, or correct the annotation")
			continue
		}
		it := &slot.file.doc.Items[slot.n]
		it.Fields = append(it.Fields, field)
	}
}

// elements are the elements of the code that one annotation names: CLASS com.example.Pump.
func (f *file) elements(name string, id, list *yaml.Node) exchange.Field {
	out := exchange.Field{Name: name, At: f.Position(id)}
	for _, element := range list.Content {
		kind, _ := member(element, "elementKind")
		full, _ := member(element, "fullyQualifiedName")
		if list.Kind != yaml.SequenceNode || element.Kind != yaml.MappingNode || len(element.Content) != 4 || kind == nil || full == nil || kind.Kind != yaml.ScalarNode || full.Kind != yaml.ScalarNode {
			whole := f.Field(name, id, list) // in another form than the schema has it
			whole.At = out.At
			return whole
		}
		out.Values = append(out.Values, kind.Value+" "+full.Value)
	}
	if list.Kind == yaml.ScalarNode && !yamltree.IsNull(list) {
		return f.Field(name, id, list)
	}
	return out
}
