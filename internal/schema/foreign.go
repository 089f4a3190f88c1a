package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// WithForeignKind returns s with a kind for the items of a tree that is read as it is: its keys begin with prefix, name
// is what people call one item. It serves no rule. Its items may refine each other and any item; code, tests and test
// cases may implement and verify them. It refuses a prefix that another kind has: such items are of that kind, or need
// another prefix.
func (s *Schema) WithForeignKind(prefix, name string) (*Schema, error) {
	if err := checkPrefix(prefix); err != nil {
		return nil, err
	}
	if k := s.prefix.kinds[prefix]; k != nil {
		return nil, fmt.Errorf("prefix %s is that of %s (%s)", prefix, k.Name, k.ID)
	}
	for _, other := range slices.Sorted(maps.Keys(s.prefix.kinds)) {
		if overlaps(prefix, other) || overlaps(other, prefix) {
			return nil, fmt.Errorf("prefix %s: some of its keys are also numbers of %s", prefix, other)
		}
	}
	if err := record.CheckLine(name); err != nil || name == "" {
		return nil, fmt.Errorf("name of the kind with prefix %s: want one line", prefix)
	}
	src := s.source.clone()
	id := foreignID(prefix)
	for n := 1; src.kind(id) != nil; n++ {
		end := "-FOREIGN"
		if n > 1 {
			end = fmt.Sprintf("-%d", n)
		}
		id = strings.TrimRight(foreignID(prefix)[:min(len(foreignID(prefix)), maxKindID-len(end))], "-") + end
	}
	for src.named(name) {
		name += " (" + prefix + ")"
	}
	src.Kinds = append(src.Kinds, kindSource{
		ID: id, Name: name, Plural: name + "s", Group: "foreign", Prefix: prefix, Origin: fromForeign,
		Help: "Read from a foreign tree as it is; serves no rule.", Workflow: src.defaultWorkflow(),
	})
	src.allowForeign("refines", endSource{From: []string{id}, To: []string{anyKind}})
	src.allowForeign("refines", endSource{From: []string{anyKind}, To: []string{id}})
	src.allowForeign("implements", endSource{From: []string{"CODE"}, To: []string{id}})
	src.allowForeign("verifies", endSource{From: []string{"TEST", "TC"}, To: []string{id}})
	return compile(src), nil
}

// maxKindID is the length of the longest name of a kind.
const maxKindID = 20

// foreignID makes the name of a kind out of a prefix, which may hold small letters and other separators.
func foreignID(prefix string) string {
	id := strings.Map(func(r rune) rune {
		if r == '_' || r == '.' {
			return '-'
		}
		return r
	}, strings.ToUpper(prefix))
	return strings.TrimRight(id[:min(len(id), maxKindID)], "-")
}

// allowForeign adds an end to a relation, if the schema has the relation and the kinds.
func (src *source) allowForeign(verb string, end endSource) {
	r := src.relation(verb)
	if r == nil {
		return
	}
	declared := func(name string) bool { return name == anyKind || src.kind(name) != nil }
	end.From = slices.DeleteFunc(end.From, func(name string) bool { return !declared(name) })
	if len(end.From) > 0 {
		r.Ends = append(r.Ends, end)
	}
}

// named reports whether a kind or group has that name.
func (src *source) named(name string) bool {
	plain := plainName(name)
	return slices.ContainsFunc(src.Kinds, func(k kindSource) bool {
		return plainName(k.Name) == plain || plainName(k.Plural) == plain || record.Kind(k.ID) == record.Kind(name)
	}) || slices.ContainsFunc(src.Groups, func(g Group) bool { return plainName(g.Name) == plain })
}
