package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/record"
)

// A mapping as a file: YAML that people edit.
//
//	format: reqif
//	types:
//	  Software Requirement:
//	    kind: SRS
//	    attributes:
//	      Priority: priority
//	      Remark: foreign
//	relations:
//	  satisfies: refines
//	  is tested by: verifies (backwards)
//	keys:
//	  REQ: SRS
type mappingFile struct {
	Format    string                  `yaml:"format"`
	Types     map[string]*typeMapping `yaml:"types,omitempty"`
	Relations map[string]string       `yaml:"relations,omitempty"`
	Keys      map[string]string       `yaml:"keys,omitempty"`
}

type typeMapping struct {
	Kind       string            `yaml:"kind"`
	Attributes map[string]string `yaml:"attributes,omitempty"`
}

// MaxMapping is the size in bytes above which no mapping file is read.
const MaxMapping = 4 << 20

// ReadMapping reads a mapping file; errors name its lines.
func ReadMapping(data []byte) (*Mapping, error) {
	if len(data) > MaxMapping {
		return nil, fmt.Errorf("the mapping is larger than %d bytes", MaxMapping)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	if line := aliasLine(&root); line > 0 {
		return nil, fmt.Errorf("line %d: aliases are not read in a mapping", line)
	}
	var f mappingFile
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	m := &Mapping{Format: f.Format, Types: map[string]*TypeMapping{}, Relations: map[string]RelationMapping{}, Prefixes: map[string]record.Kind{}}
	for name, t := range f.Types {
		if t == nil {
			t = &typeMapping{}
		}
		tm := &TypeMapping{Kind: record.Kind(t.Kind), Stated: true, Attributes: maps.Clone(t.Attributes)}
		if t.Kind == RoleForeign {
			tm.Kind = ""
		}
		m.Types[name] = tm
	}
	for name, verb := range f.Relations {
		v, backwards := strings.CutSuffix(verb, backwardsMark)
		m.Relations[name] = RelationMapping{record.Verb(v), backwards}
	}
	for prefix, kind := range f.Keys {
		m.Prefixes[prefix] = record.Kind(kind)
	}
	return m, nil
}

func aliasLine(n *yaml.Node) int {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return n.Line
	}
	for _, c := range n.Content {
		if line := aliasLine(c); line > 0 {
			return line
		}
	}
	return 0
}

// Bytes is the mapping as a file, with the number of items and values of t behind each line; t may be nil.
func (m *Mapping) Bytes(t *Tree) []byte {
	count := countNames(t)
	root := &yaml.Node{Kind: yaml.MappingNode, HeadComment: "What the types, attributes and relations of the source are here. Edit this, then import again with --map.\n" +
		"kind: a kind of the schema, or foreign. attributes: a field of the kind, or key, title, text, foreign, leave."}
	add := func(to *yaml.Node, name, value, comment string) *yaml.Node {
		v := &yaml.Node{Kind: yaml.ScalarNode, Value: value, Tag: "!!str", LineComment: comment}
		to.Content = append(to.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name, Tag: "!!str"}, v)
		return v
	}
	sub := func(to *yaml.Node, name, comment string) *yaml.Node {
		v := &yaml.Node{Kind: yaml.MappingNode}
		to.Content = append(to.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name, Tag: "!!str", LineComment: comment}, v)
		return v
	}
	add(root, "format", m.Format, "")
	if len(m.Types) > 0 {
		types := sub(root, "types", "")
		for _, name := range slices.Sorted(maps.Keys(m.Types)) {
			tm := m.Types[name]
			n := sub(types, name, "")
			kind := string(tm.Kind)
			if kind == "" {
				kind = RoleForeign
			}
			add(n, "kind", kind, counted(count.types[name], "item"))
			if len(tm.Attributes) > 0 {
				attributes := sub(n, "attributes", "")
				for _, a := range slices.Sorted(maps.Keys(tm.Attributes)) {
					add(attributes, a, tm.Attributes[a], counted(count.attributes[[2]string{name, a}], "value"))
				}
			}
		}
	}
	if len(m.Relations) > 0 {
		relations := sub(root, "relations", "")
		for _, name := range slices.Sorted(maps.Keys(m.Relations)) {
			add(relations, name, m.Relations[name].String(), counted(count.verbs[name], "link"))
		}
	}
	if len(m.Prefixes) > 0 {
		keys := sub(root, "keys", "")
		for _, prefix := range slices.Sorted(maps.Keys(m.Prefixes)) {
			add(keys, prefix, string(m.Prefixes[prefix]), "")
		}
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	_ = e.Encode(root) // strings always can be
	_ = e.Close()
	return b.Bytes()
}

func counted(n int, what string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

type nameCounts struct {
	types, verbs map[string]int
	attributes   map[[2]string]int
}

func countNames(t *Tree) nameCounts {
	c := nameCounts{map[string]int{}, map[string]int{}, map[[2]string]int{}}
	if t == nil {
		return c
	}
	c.verbs = verbsOf(t)
	for _, it := range t.All() {
		c.types[it.Type]++
		for _, f := range it.Fields {
			c.attributes[[2]string{it.Type, f.Name}]++
		}
	}
	return c
}
