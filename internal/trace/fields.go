package trace

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// fieldsToCheck are the fields of one kind that a project can be held against.
type fieldsToCheck struct{ required, references []*schema.Field }

// fields finds items without a field that their kind requires, and fields that
// name items which are not there, or of another kind than the field takes.
func (c *checker) fields() {
	sch := c.thread.Schema
	byKind := map[record.Kind]*fieldsToCheck{}
	for _, k := range sch.Kinds() {
		f := &fieldsToCheck{}
		for i := range k.Fields {
			field := k.Fields[i]
			if field.Required && field.Default == "" {
				f.required = append(f.required, field)
			}
			if field.Type == schema.TypeReference {
				f.references = append(f.references, field)
			}
		}
		if len(f.required)+len(f.references) > 0 && !k.Derived {
			byKind[k.ID] = f
		}
	}
	for _, n := range c.thread.AllOf(func(k *schema.Kind) bool { return byKind[k.ID] != nil }) {
		f := byKind[n.Item.Kind]
		c.required(n, f.required)
		c.references(n, f.references)
	}
}

func (c *checker) required(n *project.Node, fields []*schema.Field) {
	for _, f := range fields {
		if strings.TrimSpace(n.Item.Value(f.Name)) == "" && !Informative(n) {
			c.add(RuleMissingField, finding.Warning, n.Item.Key, n.At, fmt.Sprintf("%s has no %s", n.Item.Key, f.Name),
				fmt.Sprintf("add `- %s: …`: %s", f.Name, strings.TrimSuffix(f.Help, ".")), f.Clauses...)
		}
	}
}

func (c *checker) references(n *project.Node, fields []*schema.Field) {
	s := c.thread.Snapshot
	for _, f := range fields {
		for _, value := range n.Item.Field(f.Name) {
			if name, _ := record.Ref(value).Split(); name != "" || value == "" {
				continue // another project: resolved where that project is at hand
			}
			h, ok := s.ByKey(record.Key(value))
			switch {
			case !ok || s.Node(h).Missing:
				c.add(RuleUnresolvedReference, finding.Error, n.Item.Key, n.At, fmt.Sprintf("%s names %s under %s, but there is no such item", n.Item.Key, value, f.Name),
					"correct the key, or write the item")
			case s.Node(h).Retired:
				c.add(RuleUnresolvedReference, finding.Error, n.Item.Key, n.At, fmt.Sprintf("%s names %s under %s, which is retired", n.Item.Key, value, f.Name),
					"name what took its place")
			case len(f.To) > 0 && !isAny(c.thread.Schema, s.Node(h).Item.Kind, f.To):
				c.add(RuleUnresolvedReference, finding.Error, n.Item.Key, n.At, fmt.Sprintf("%s names %s under %s, a %s", n.Item.Key, value, f.Name, kindName(c.thread.Schema, s.Node(h).Item.Kind)),
					"the field takes "+joinKinds(f.To))
			}
		}
	}
}
