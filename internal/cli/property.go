package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/verification"
)

// property is something that can be asked of an item, and shown in a column.
type property struct {
	name     string
	relation bool
	closed   []closedValue // all values it can have, nil for any
	values   func(project.Handle) ([]string, error)
	// set is values without defaults of the schema, and without reading texts.
	set func(project.Handle) []string
}

type closedValue struct{ value, code string }

// property finds what a name means: a property of all items, a field, a
// relation read from either end; else the names that come near.
func (f *folder) property(name string) (p *property, near []string) {
	plain := plainPropertyName(name)
	for _, p := range f.ownProperties() {
		if p.name == plain {
			return p, nil
		}
	}
	if p := f.fieldProperty(plain, name); p != nil {
		return p, nil
	}
	if p := f.relationProperty(plain); p != nil {
		return p, nil
	}
	return nil, nearestNames(plain, slices.Values(f.propertyNames()), 3)
}

// plainPropertyName is a name as people type it: in any case, with dots, dashes
// and underscores for blanks.
func plainPropertyName(name string) string {
	return plainKindName(strings.ReplaceAll(name, ".", " "))
}

// ownProperties are those that every item has, whatever its kind.
func (f *folder) ownProperties() []*property {
	s := f.snapshot
	one := func(name string, value func(h project.Handle, n *project.Node) string) *property {
		set := func(h project.Handle) []string {
			if v := value(h, s.Node(h)); v != "" {
				return []string{v}
			}
			return nil
		}
		return &property{name: name, set: set, values: func(h project.Handle) ([]string, error) { return set(h), nil }}
	}
	state := one("state", func(_ project.Handle, n *project.Node) string { return string(f.state(n)) })
	state.closed = f.states()
	result := one("result", f.result)
	for _, o := range append(verification.Outcomes(), verification.NoResult) {
		result.closed = append(result.closed, closedValue{value: string(o)})
	}
	return []*property{
		one("key", func(_ project.Handle, n *project.Node) string { return string(n.Item.Key) }),
		one("kind", func(_ project.Handle, n *project.Node) string { return string(n.Item.Kind) }),
		one("title", func(_ project.Handle, n *project.Node) string { return n.Item.Title }),
		state, f.textProperty(), result,
		one("language", func(_ project.Handle, n *project.Node) string { return n.Item.Language }),
		one("document", func(_ project.Handle, n *project.Node) string {
			if n.Document == project.NoHandle {
				return ""
			}
			return string(s.Node(n.Document).Item.Key)
		}),
		one("file", func(h project.Handle, _ *project.Node) string { file, _ := f.place(h); return file }),
		one("line", func(h project.Handle, _ *project.Node) string { _, line := f.place(h); return fmt.Sprint(line) }),
	}
}

func (f *folder) states() []closedValue {
	var all []closedValue
	for _, w := range f.schema.Workflows() {
		for _, s := range w.States {
			all = append(all, closedValue{value: string(s.Name)})
		}
	}
	return all
}

// result is the outcome of a test, and for an item that tests verify what they
// say together.
func (f *folder) result(h project.Handle, n *project.Node) string {
	if n.Result != nil {
		return n.Result.Outcome
	}
	if verifiers := verification.Verifiers(f.thread, h); len(verifiers) > 0 || f.schema.Is(n.Item.Kind, schema.KindTEST) {
		return string(verification.ItemOutcome(verifiers))
	}
	return ""
}

func (f *folder) textProperty() *property {
	values := func(h project.Handle) ([]string, error) {
		text, err := f.snapshot.Text(f.source, h)
		if text == "" {
			return nil, err
		}
		return []string{text}, err
	}
	return &property{name: "text", values: values, set: func(h project.Handle) []string { v, _ := values(h); return v }}
}

// fieldProperty is a field of some kind; foreign ones are known by their exact
// name.
func (f *folder) fieldProperty(plain, typed string) *property {
	p := &property{}
	defaults := map[record.Kind]string{}
	open := false
	for _, k := range f.schema.Kinds() {
		field := k.Field(plain)
		if field == nil {
			continue
		}
		p.name = field.Name
		defaults[k.ID] = field.Default
		closed := closedValues(field)
		p.closed = append(p.closed, closed...)
		open = open || closed == nil
	}
	if open {
		p.closed = nil
	}
	if p.name == "" && slices.Contains(f.foreignFields(), typed) {
		p.name = typed
	}
	if p.name == "" {
		return nil
	}
	p.set = func(h project.Handle) []string { return f.snapshot.Node(h).Item.Field(p.name) }
	p.values = func(h project.Handle) ([]string, error) {
		n := f.snapshot.Node(h)
		set := slices.ContainsFunc(n.Item.Fields, func(x record.Field) bool { return x.Name == p.name })
		if d := defaults[n.Item.Kind]; !set && d != "" {
			return []string{d}, nil
		}
		return n.Item.Field(p.name), nil
	}
	return p
}

func closedValues(field *schema.Field) []closedValue {
	switch field.Type {
	case schema.TypeEnum:
		all := []closedValue{}
		for _, v := range field.Values {
			all = append(all, closedValue{v.Value, v.Code})
		}
		return all
	case schema.TypeBoolean:
		return []closedValue{{value: "yes"}, {value: "no"}}
	default:
		return nil
	}
}

// foreignFields lists the fields that no kind declares.
func (f *folder) foreignFields() []string {
	var names []string
	known := map[string]bool{}
	for _, n := range f.snapshot.All() {
		for _, x := range n.Item.Fields {
			if !known[x.Name] && strings.Contains(x.Name, "/") {
				known[x.Name] = true
				names = append(names, x.Name)
			}
		}
	}
	return names
}

// relationProperty is a relation, read from its source or from its target; its
// values are the keys at the other end.
func (f *folder) relationProperty(plain string) *property {
	for v := range f.verbs() {
		for _, side := range []struct {
			reading string
			edges   func(project.Handle) *project.Edges
		}{{string(v), f.snapshot.Out}, {f.thread.Reverse(v), f.snapshot.In}} {
			if plainKindName(side.reading) != plain {
				continue
			}
			set := func(h project.Handle) []string { return f.farKeys(side.edges(h), v) }
			return &property{name: side.reading, relation: true, set: set, values: func(h project.Handle) ([]string, error) { return set(h), nil }}
		}
	}
	return nil
}

func (f *folder) farKeys(edges *project.Edges, verb record.Verb) []string {
	var keys []string
	for e := range edges.All() {
		n := f.snapshot.Node(e.Node)
		if f.snapshot.Verb(e.Verb) == verb && !n.Retired {
			keys = append(keys, string(n.Item.Key))
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return record.CompareKeys(record.Key(a), record.Key(b)) })
	return keys
}

// verbs yields those of the schema, then the foreign ones of the project.
func (f *folder) verbs() func(yield func(record.Verb) bool) {
	return func(yield func(record.Verb) bool) {
		for _, r := range f.schema.Relations() {
			if !yield(r.Verb) {
				return
			}
		}
		for i := range f.snapshot.Verbs() {
			v := f.snapshot.Verb(project.VerbIndex(i))
			if f.schema.Relation(v) == nil && !yield(v) {
				return
			}
		}
	}
}

// propertyNames lists every name that property knows.
func (f *folder) propertyNames() []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, p := range f.ownProperties() {
		add(p.name)
	}
	for _, k := range f.schema.Kinds() {
		for _, field := range k.Fields {
			add(field.Name)
		}
	}
	for v := range f.verbs() {
		add(string(v))
		add(f.thread.Reverse(v))
	}
	return append(names, f.foreignFields()...)
}
