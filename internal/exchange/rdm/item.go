package rdm

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/yamltree"
)

// kind says how the entries of a list are read.
type kind struct {
	typeName string
	list     bool     // the file is a list of them
	mapping  bool     // the file is a mapping of their names
	key      []string // attributes that are the key, the first that is there
	identity []string // attributes that together tell entries without a key apart
	title    []string // attributes that are the title, the first that is there
	text     []string
	required []string
}

// verbChanges leads from a change request to its changes, whose identities begin with changePrefix: both have numbers.
const (
	verbChanges  = "change_ids"
	changePrefix = "changes/"
)

// verbs are attributes that name other items, whether they are there or not.
var verbs = []string{"parents", "parent", "system_requirements", "user_needs", "req_ids", "risks", "risk_ids", "soup_ids", verbChanges, "control_measures", "mitigations", "requirements"}

// mayRefer are those of verbs that are links only where all that they name are items: they may be plain text.
var mayRefer = map[string]bool{"control_measures": true, "mitigations": true, "requirements": true}

var (
	risks        = kind{typeName: "risk", list: true, key: []string{"id"}, identity: []string{"hazard", "hazardous_situation", "harm", "software_item"}, title: []string{"title", "hazard"}, text: []string{"description"}}
	requirements = kind{typeName: "requirement", list: true, key: []string{"id"}, title: []string{"title"}, text: []string{"description"}, required: []string{"id", "title"}}

	// kinds are the files whose entries are items, by their names.
	kinds = map[string]kind{
		"requirements":            requirements,
		"risk":                    risks,
		"soup":                    {typeName: "soup", list: true, key: []string{"id"}, identity: []string{"title", "name"}, title: []string{"title", "name"}, text: []string{"purpose", "description"}, required: []string{"title", "version"}},
		"manual_tests":            {typeName: "manual test", list: true, key: []string{"id", "name"}, title: []string{"title", "name"}, text: []string{"description"}, required: []string{"name"}},
		"unit_test_record":        {typeName: "unit test", list: true, mapping: true, key: []string{"id", "name"}, title: []string{"title"}, text: []string{"description"}},
		"integration_test_record": {typeName: "integration test", list: true, mapping: true, key: []string{"id", "name"}, title: []string{"title"}, text: []string{"description"}},
	}

	// lists are lists of items inside of a file.
	lists = map[string]kind{
		"requirements/requirements": requirements,
		"risk/risks":                risks,
		"history/change_requests":   {typeName: "change request", key: []string{"id"}, title: []string{"title"}, text: []string{"content"}},
		"history/changes":           {typeName: "change", key: []string{"id"}, title: []string{"title"}, text: []string{"content"}},
		"soup/soup":                 {typeName: "soup", key: []string{"id"}, identity: []string{"title", "name"}, title: []string{"title", "name"}, text: []string{"purpose"}},
	}
)

// entries reads a list of items.
func (r *reader) entries(f *file, k kind, name string, list *yaml.Node) {
	for _, n := range list.Content {
		r.counts.Items++
		if n.Kind != yaml.MappingNode {
			at := f.Position(n)
			f.Fault(at, true, "", "an entry of "+name+" has no attributes", "write them as name: value")
			r.lost = append(r.lost, exchange.Loss{At: at, What: "entry of " + name, Why: "it has no attributes: " + yamltree.JSON(n), Items: 1})
			continue
		}
		r.item(f, k, n, "", f.Position(n), name)
	}
}

// records reads a mapping of the names of tests to what is known of them.
func (r *reader) records(f *file, k kind) {
	for i := 0; i+1 < len(f.Root.Content); i += 2 {
		key, value := f.Root.Content[i], f.Root.Content[i+1]
		if value.Kind != yaml.MappingNode {
			f.doc.Fields = append(f.doc.Fields, f.Field(key.Value, key, value))
			continue
		}
		r.counts.Items++
		r.item(f, k, value, key.Value, f.Position(key), stem(f.File))
	}
}

// item reads one entry; named is its key where it stands before it.
func (r *reader) item(f *file, k kind, n *yaml.Node, named string, at exchange.Position, list string) {
	it := exchange.Item{Type: k.typeName, Key: named, Document: f.doc.Key, Order: len(f.doc.Items) + 1, Normative: true, Active: true,
		Review: exchange.Review{State: exchange.NotReviewed}, At: at}
	taken := map[string]bool{}
	take := func(names []string) string {
		for _, name := range names {
			if v := scalarOf(n, name); v != "" {
				taken[name] = true
				return v
			}
		}
		return ""
	}
	if named == "" {
		it.Key = take(k.key)
	}
	it.Title = take(k.title)
	it.Text = take(k.text)
	r.identify(f, &it, k, n, list)
	for _, name := range k.required {
		if v, _ := member(n, name); v == nil {
			f.Fault(at, false, it.Key, "the entry of "+list+" has no "+name, "add it")
		}
	}
	r.met(it.Type, "", exchange.Field{})
	done := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if taken[key.Value] && !done[key.Value] {
			done[key.Value] = true
			continue
		}
		r.attribute(f, &it, key, value)
	}
	f.doc.Items = append(f.doc.Items, it)
}

// identify gives an entry what tells it apart: changes and change requests have numbers of their own, risks and SOUP
// have none.
func (r *reader) identify(f *file, it *exchange.Item, k kind, n *yaml.Node, list string) {
	switch {
	case list == "changes":
		it.ID = changePrefix + it.Key
	case list == "change_requests":
		it.ID = "change_requests/" + it.Key
		if scalarOf(n, "is_problem_report") == "true" {
			it.Type = "problem report"
		}
	case it.Key == "" && k.identity != nil:
		var parts []string
		for _, name := range k.identity {
			if v := scalarOf(n, name); v != "" {
				parts = append(parts, strings.Join(strings.Fields(v), " "))
			}
		}
		it.ID = strings.Join(parts, " / ")
	}
	f.duplicate(it)
}

func (r *reader) attribute(f *file, it *exchange.Item, key, value *yaml.Node) {
	switch name := key.Value; {
	case isVerb(name) && !mayRefer[name] && value.Kind == yaml.SequenceNode && yamltree.Flat(value):
		for _, target := range value.Content {
			r.link(it, name, target.Value, f.Position(target), nil)
		}
	case isVerb(name) && !mayRefer[name] && value.Kind == yaml.ScalarNode && !yamltree.IsNull(value):
		r.link(it, name, value.Value, f.Position(value), nil)
	default:
		field := f.Field(name, key, value)
		r.met(it.Type, name, field)
		it.Fields = append(it.Fields, field)
		if name == "steps" && value.Kind == yaml.SequenceNode {
			r.steps(f, it, value)
		}
	}
}

func isVerb(name string) bool {
	for _, v := range verbs {
		if v == name {
			return true
		}
	}
	return false
}

// steps makes links of what the steps of a manual test say that they test; the steps themselves are a field.
func (r *reader) steps(f *file, it *exchange.Item, steps *yaml.Node) {
	for _, step := range steps.Content {
		ids, _ := member(step, "req_ids")
		if ids == nil || ids.Kind != yaml.SequenceNode {
			continue
		}
		var fields []exchange.Field
		for _, name := range []string{"step", "result"} {
			if v, key := member(step, name); v != nil && v.Kind == yaml.ScalarNode {
				fields = append(fields, f.Field(name, key, v))
			}
		}
		for _, id := range ids.Content {
			if id.Kind == yaml.ScalarNode {
				r.link(it, "req_ids", id.Value, f.Position(id), fields)
			}
		}
	}
}
