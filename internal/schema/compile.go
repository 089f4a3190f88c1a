package schema

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/goldthread/goldthread/internal/record"
)

// compile makes the schema of a source that validate has passed.
func compile(src *source) *Schema {
	s := &Schema{
		source: src,
		byID:   make(map[record.Kind]*Kind, len(src.Kinds)),
		byVerb: make(map[record.Verb]*Relation, len(src.Relations)),
		hash:   sync.OnceValue(func() record.Hash { return hashOf(src) }),
	}
	for i := range src.Workflows {
		s.workflows = append(s.workflows, &src.Workflows[i].Workflow)
	}
	for i := range src.Kinds {
		s.addKind(&src.Kinds[i], i)
	}
	for _, k := range s.kinds {
		s.inherit(k)
		s.prefix.add(k.Prefix, k)
	}
	for _, k := range src.Keys {
		s.prefix.add(k.Prefix, s.byID[record.Kind(k.Kind)])
	}
	for i := range src.Relations {
		s.addRelation(&src.Relations[i], i)
	}
	s.resolveReferences()
	return s
}

func (s *Schema) addKind(k *kindSource, order int) {
	kind := &Kind{
		ID: record.Kind(k.ID), Name: k.Name, Plural: k.Plural, Group: k.Group, Prefix: k.Prefix, Help: k.Help,
		Clauses: k.Clauses, Specialises: record.Kind(k.Specialises), Derived: k.Derived, Workflow: s.Workflow(k.Workflow),
		Order: order, ancestors: newBits(len(s.source.Kinds)),
	}
	s.kinds = append(s.kinds, kind)
	s.byID[kind.ID] = kind
}

// inherit fills in what a kind has from those it specialises.
func (s *Schema) inherit(k *Kind) {
	line := s.source.lineage(string(k.ID))
	k.ServesNoRule = line[len(line)-1].Origin != fromBuiltin
	k.byName = make(map[string]*Field)
	for _, up := range slices.Backward(line) {
		k.ancestors.add(s.byID[record.Kind(up.ID)].Order)
		for i := range up.Fields {
			s.addField(k, &up.Fields[i])
		}
	}
	for _, up := range line {
		if k.Workflow == nil {
			k.Workflow = s.Workflow(up.Workflow)
		}
		if k.Group == "" {
			k.Group = up.Group
		}
	}
}

// addField adds a field to a kind, or puts a stricter declaration in the place of an inherited one.
func (s *Schema) addField(k *Kind, f *fieldSource) {
	field := &Field{
		Name: f.Name, Type: f.Type, Many: f.Many, Required: f.Required, Default: f.Default, Values: f.Values,
		Closed: f.Closed, Help: f.Help, Clauses: f.Clauses, Unit: f.Unit, Order: len(k.Fields), schema: s,
	}
	for _, to := range f.To {
		field.To = append(field.To, record.Kind(to))
	}
	if old := k.byName[f.Name]; old != nil {
		field.Order = old.Order
		k.Fields[old.Order] = field
	} else {
		k.Fields = append(k.Fields, field)
	}
	k.byName[f.Name] = field
}

func (s *Schema) addRelation(r *relationSource, order int) {
	rel := &Relation{
		Verb: record.Verb(r.Verb), Reverse: r.Reverse, Acyclic: r.Acyclic, Self: r.Self, Evidence: r.Evidence,
		Impact: r.Impact, Help: r.Help, Clauses: r.Clauses, Order: order, allowed: make([]bits, len(s.kinds)), endsFrom: make([][]*End, len(s.kinds)),
	}
	for i := range rel.allowed {
		rel.allowed[i] = newBits(len(s.kinds))
	}
	for _, e := range r.Ends {
		from, to := s.expand(e.From), s.expand(e.To)
		end := &End{From: s.kindIDs(from), To: s.kindIDs(to), Same: e.Same, Min: e.Min, Max: e.Max}
		rel.Ends = append(rel.Ends, end)
		for i := range s.kinds {
			if !from.has(i) {
				continue
			}
			rel.endsFrom[i] = append(rel.endsFrom[i], end)
			if e.Same {
				rel.allowed[i].add(i)
			} else {
				rel.allowed[i].addAll(to)
			}
		}
	}
	s.relations = append(s.relations, rel)
	s.byVerb[rel.Verb] = rel
}

// expand resolves the names in an end of a relation: kinds, sets, any; with all that specialises them.
func (s *Schema) expand(names []string) bits {
	roots := newBits(len(s.kinds))
	for _, name := range names {
		members := []string{name}
		if set := s.source.set(name); set != nil {
			members = set.Kinds
		}
		for _, m := range members {
			if k := s.byID[record.Kind(m)]; k != nil {
				roots.add(k.Order)
			}
		}
	}
	all := newBits(len(s.kinds))
	any := slices.Contains(names, anyKind)
	for _, k := range s.kinds {
		if k.ancestors.meets(roots) || any && !k.Derived {
			all.add(k.Order)
		}
	}
	return all
}

func (b bits) meets(other bits) bool {
	for i := range b {
		if b[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

func (s *Schema) kindIDs(set bits) []record.Kind {
	var ids []record.Kind
	for _, k := range s.kinds {
		if set.has(k.Order) {
			ids = append(ids, k.ID)
		}
	}
	return ids
}

// resolveReferences adds to the kinds a reference may name those that specialise them.
func (s *Schema) resolveReferences() {
	for _, k := range s.kinds {
		for _, f := range k.Fields {
			if len(f.To) == 0 {
				continue
			}
			names := make([]string, len(f.To))
			for i, to := range f.To {
				names[i] = string(to)
			}
			f.To = s.kindIDs(s.expand(names))
		}
	}
}

// hashOf is SHA-256 over the JSON of all that is declared, in the order of its declaration, without positions.
func hashOf(src *source) record.Hash {
	content, err := json.Marshal(src)
	if err != nil {
		panic(fmt.Sprintf("schema: source holds nothing but strings, numbers and booleans: %v", err))
	}
	return sha256.Sum256(append([]byte("goldthread schema 1\n"), content...))
}
