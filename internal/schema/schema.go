package schema

import (
	"slices"
	"strings"
	"sync"

	"github.com/goldthread/goldthread/internal/record"
)

// Schema is a set of kinds, relations and workflows. It never changes once made and is safe for concurrent use.
type Schema struct {
	source    *source
	kinds     []*Kind
	relations []*Relation
	workflows []*Workflow

	byID   map[record.Kind]*Kind
	byVerb map[record.Verb]*Relation
	prefix prefixIndex
	hash   func() record.Hash
}

// builtin makes the schema of kinds.yaml once.
var builtin = sync.OnceValue(func() *Schema { return compile(&builtinSource) })

// Builtin returns the schema every project begins with. The first call builds its indexes; none parses YAML.
func Builtin() *Schema { return builtin() }

// Kind returns the kind of that name, nil if there is none.
func (s *Schema) Kind(k record.Kind) *Kind { return s.byID[k] }

// Kinds returns all kinds in the order of their declaration, built-in ones first. The caller must not change it.
func (s *Schema) Kinds() []*Kind { return s.kinds }

// KindOfKey returns the kind whose prefix, or a further prefix given to it, is the longest that begins key; nil if there
// is none. It allocates nothing.
func (s *Schema) KindOfKey(key record.Key) *Kind { return s.prefix.kindOf(string(key)) }

// Relation returns the relation of that verb, nil if there is none.
func (s *Schema) Relation(v record.Verb) *Relation { return s.byVerb[v] }

// Relations returns all relations in the order of their declaration. The caller must not change it.
func (s *Schema) Relations() []*Relation { return s.relations }

// Verb finds a relation by its verb as people and tools write it: in any case, with dashes or underscores for blanks.
func (s *Schema) Verb(name string) (record.Verb, bool) {
	if r := s.byVerb[record.Verb(name)]; r != nil {
		return r.Verb, true
	}
	r := s.byVerb[record.Verb(plainName(name))]
	if r == nil {
		return "", false
	}
	return r.Verb, true
}

// Workflows returns all workflows in the order of their declaration. The caller must not change it.
func (s *Schema) Workflows() []*Workflow { return s.workflows }

// Workflow returns the workflow of that name, nil if there is none.
func (s *Schema) Workflow(name string) *Workflow {
	for _, w := range s.workflows {
		if w.Name == name {
			return w
		}
	}
	return nil
}

// Allowed reports whether a link of verb v may lead from an item of kind from to one of kind to. A kind may what the kind
// it specialises may.
func (s *Schema) Allowed(v record.Verb, from, to record.Kind) bool {
	r, f, t := s.byVerb[v], s.byID[from], s.byID[to]
	if r == nil || f == nil || t == nil {
		return false
	}
	return r.allowed[f.Order].has(t.Order)
}

// EndsFrom returns the ends of relation v that apply to items of kind from, for their limits: an item of that kind has at
// least Min and, if Max is not 0, at most Max links of verb v to the kinds in To. The caller must not change it.
func (s *Schema) EndsFrom(v record.Verb, from record.Kind) []*End {
	r, k := s.byVerb[v], s.byID[from]
	if r == nil || k == nil {
		return nil
	}
	return r.endsFrom[k.Order]
}

// Is reports whether k is ancestor, or specialises it at any remove.
func (s *Schema) Is(k, ancestor record.Kind) bool {
	if k == ancestor {
		return s.byID[k] != nil
	}
	kind, a := s.byID[k], s.byID[ancestor]
	return kind != nil && a != nil && kind.ancestors.has(a.Order)
}

// Hash names the schema in reports: it covers all that a schema says, and not where in a file it says so.
func (s *Schema) Hash() record.Hash { return s.hash() }

// Declaration returns the schema as it was declared, before names are resolved: a pointer to a structure of strings,
// numbers, booleans and slices, for programs that write it out. It must not be changed.
func (s *Schema) Declaration() any { return s.source }

// Protected returns what an extension may not weaken, in the order of its declaration.
func (s *Schema) Protected() []Protection { return slices.Clone(s.source.Protected) }

// Standards returns the standards that may be cited, in the order of their declaration.
func (s *Schema) Standards() []Standard { return slices.Clone(s.source.Standards) }

// Groups returns the groups of kinds in the order of their declaration.
func (s *Schema) Groups() []Group { return slices.Clone(s.source.Groups) }

// plainName is a name as people write it: lower case, single blanks for dashes, underscores and blanks.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return ' '
		}
		return r
	}, strings.ToLower(name))
	return strings.Join(strings.Fields(name), " ")
}
