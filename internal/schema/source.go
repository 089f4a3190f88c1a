package schema

import "slices"

// source is a schema as declared, before names are resolved: what kinds.yaml and extensions are read into, what the
// generated tables hold, and what the hash of a schema covers. It never changes once a Schema was made of it.
type source struct {
	Standards []Standard
	Groups    []Group
	Sets      []setSource
	Kinds     []kindSource
	Relations []relationSource
	Workflows []workflowSource
	Keys      []keySource
	Protected []Protection
}

// setSource names several kinds at once, for the ends of relations.
type setSource struct {
	Name  string
	Kinds []string

	at position
}

type kindSource struct {
	ID          string
	Name        string
	Plural      string
	Group       string
	Prefix      string
	Help        string
	Clauses     []string
	Specialises string
	Derived     bool
	Workflow    string
	Fields      []fieldSource
	Origin      origin

	at    position
	given members
}

type fieldSource struct {
	Name     string
	Type     FieldType
	Many     bool
	Required bool
	Closed   bool
	Default  string
	Values   []EnumValue
	Help     string
	Clauses  []string
	Unit     string
	To       []string

	at    position
	given members
	gone  []string // values written as null
}

type relationSource struct {
	Verb     string
	Reverse  string
	Ends     []endSource
	Acyclic  bool
	Self     bool
	Evidence bool
	Impact   Direction
	Help     string
	Clauses  []string

	at    position
	given members
}

type endSource struct {
	From []string // kinds, sets, or any
	To   []string
	Same bool
	Min  int
	Max  int

	at    position
	given members
}

type workflowSource struct {
	Workflow

	at    position
	given members
}

// keySource gives a further key prefix to a kind.
type keySource struct {
	Prefix string
	Kind   string

	at position
}

// Protection is something an extension may not weaken.
type Protection struct {
	ID     string
	What   string // the attempt, in words
	Reason string

	at position
}

// anyKind stands in the ends of a relation for every kind that a person writes.
const anyKind = "any"

// origin tells who declared a kind.
type origin string

const (
	fromBuiltin origin = ""
	fromProject origin = "project"
	fromForeign origin = "foreign"
)

// position is a place in a YAML file, both counted from 1; the zero value is none.
type position struct{ line, column int }

// members says where each member of a mapping was written, by name.
type members map[string]position

func (m members) has(name string) bool { _, ok := m[name]; return ok }

// clone copies src as deep as an extension may change it.
func (src *source) clone() *source {
	c := *src
	c.Sets = slices.Clone(src.Sets)
	c.Kinds = slices.Clone(src.Kinds)
	for i := range c.Kinds {
		c.Kinds[i].Fields = slices.Clone(c.Kinds[i].Fields)
	}
	c.Relations = slices.Clone(src.Relations)
	for i := range c.Relations {
		c.Relations[i].Ends = slices.Clone(c.Relations[i].Ends)
	}
	c.Workflows = slices.Clone(src.Workflows)
	for i := range c.Workflows {
		c.Workflows[i].States = slices.Clone(c.Workflows[i].States)
		c.Workflows[i].Transitions = slices.Clone(c.Workflows[i].Transitions)
	}
	c.Keys = slices.Clone(src.Keys)
	return &c
}

func (src *source) kind(id string) *kindSource {
	for i := range src.Kinds {
		if src.Kinds[i].ID == id {
			return &src.Kinds[i]
		}
	}
	return nil
}

func (src *source) relation(verb string) *relationSource {
	for i := range src.Relations {
		if src.Relations[i].Verb == verb {
			return &src.Relations[i]
		}
	}
	return nil
}

func (src *source) workflow(name string) *workflowSource {
	for i := range src.Workflows {
		if src.Workflows[i].Name == name {
			return &src.Workflows[i]
		}
	}
	return nil
}

func (src *source) set(name string) *setSource {
	for i := range src.Sets {
		if src.Sets[i].Name == name {
			return &src.Sets[i]
		}
	}
	return nil
}

func (k *kindSource) field(name string) *fieldSource {
	for i := range k.Fields {
		if k.Fields[i].Name == name {
			return &k.Fields[i]
		}
	}
	return nil
}

// maxDepth is how many kinds a kind may specialise at any remove.
const maxDepth = 5

// lineage is the kind and all it specialises, nearest first; a cycle ends it.
func (src *source) lineage(id string) []*kindSource {
	var line []*kindSource
	for k := src.kind(id); k != nil && len(line) <= maxDepth && !slices.Contains(line, k); k = src.kind(k.Specialises) {
		line = append(line, k)
	}
	return line
}

// inherited returns the field that a kind has from the kinds it specialises, nil if there is none.
func (src *source) inherited(k *kindSource, name string) *fieldSource {
	for _, up := range src.lineage(k.Specialises) {
		if f := up.field(name); f != nil {
			return f
		}
	}
	return nil
}
