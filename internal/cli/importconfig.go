package cli

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// workspaceConfig is goldthread.yaml as an import writes it.
type workspaceConfig struct {
	Project   string                  `yaml:"project,omitempty"`
	Title     string                  `yaml:"title,omitempty"`
	Keys      map[string]string       `yaml:"keys,omitempty"`
	Kinds     map[string]importedKind `yaml:"kinds,omitempty"`
	Relations map[string]importedVerb `yaml:"relations,omitempty"`
}

type importedKind struct {
	Name   string `yaml:"name"`
	Plural string `yaml:"plural"`
	Prefix string `yaml:"prefix"`
}

type importedVerb struct {
	Ends []importedEnd `yaml:"ends"`
}

type importedEnd struct {
	From []string `yaml:"from,flow"`
	To   []string `yaml:"to,flow"`
}

func (c *workspaceConfig) bytes() []byte {
	data, _ := yaml.Marshal(c) // strings and lists of strings always can be
	return data
}

// schemaOf is the schema that a configuration makes.
func schemaOf(config []byte) (*schema.Schema, error) {
	sch, faults := schema.Builtin().Extend(config, workspace.ConfigFile)
	var errs []error
	for _, f := range faults {
		if finding.Severity(f.Severity) == finding.Error {
			errs = append(errs, errors.New(f.Message))
		}
	}
	if sch == nil || len(errs) > 0 {
		return nil, fault.New(fault.Invalid, "the key prefixes of the tree do not go with the schema", errors.Join(errs...)).
			WithHint("say what they stand for, for example --map REQ=SRS")
	}
	return sch, nil
}

// configBytes is goldthread.yaml with the key prefixes and kinds that a source needs.
func (p *importPlan) configBytes(converted *exchange.Converted) ([]byte, error) {
	needs := &workspaceConfig{Keys: map[string]string{}, Kinds: map[string]importedKind{}, Relations: map[string]importedVerb{}}
	for prefix, kind := range converted.Prefixes {
		needs.Keys[prefix] = string(kind)
	}
	needs.foreignKinds(converted)
	if p.config != nil {
		c := *p.config
		c.Keys, c.Kinds, c.Relations = needs.Keys, needs.Kinds, needs.Relations
		maps.Copy(c.Keys, p.config.Keys)
		return c.bytes(), nil
	}
	if len(needs.Keys)+len(needs.Kinds) == 0 {
		return []byte(p.text.Config.Raw), nil
	}
	return addToConfig([]byte(p.text.Config.Raw), needs)
}

// foreignKinds declares the kinds that a conversion made, with the links that their items may have.
func (c *workspaceConfig) foreignKinds(converted *exchange.Converted) {
	var ids []string
	for _, prefix := range converted.Foreign {
		k := converted.Schema.KindOfKey(record.Key(prefix + "1"))
		name := kindNameFor(k)
		c.Kinds[string(k.ID)] = importedKind{Name: name, Plural: name + "s", Prefix: k.Prefix}
		ids = append(ids, string(k.ID))
	}
	if len(ids) == 0 {
		return
	}
	c.Relations[string(schema.VerbRefines)] = importedVerb{[]importedEnd{{ids, []string{"any"}}, {[]string{"any"}, ids}}}
	c.Relations[string(schema.VerbImplements)] = importedVerb{[]importedEnd{{[]string{string(schema.KindCODE)}, ids}}}
	c.Relations[string(schema.VerbVerifies)] = importedVerb{[]importedEnd{{[]string{string(schema.KindTEST), string(schema.KindTC)}, ids}}}
}

// kindNameFor makes a name that the schema takes out of the title of a
// document, which may hold anything.
func kindNameFor(k *schema.Kind) string {
	words := strings.FieldsFunc(strings.ToLower(k.Name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' })
	name := strings.Join(words, " ")
	if len(words) == 0 || !unicode.IsLetter([]rune(name)[0]) {
		return strings.ToLower(k.Prefix) + " item"
	}
	return name
}

// addToConfig adds members to a configuration and leaves all else, comments too, as it is.
func addToConfig(raw []byte, needs *workspaceConfig) ([]byte, error) {
	var root, more yaml.Node
	if err := yaml.Unmarshal(raw, &root); err != nil {
		return nil, fault.New(fault.Invalid, workspace.ConfigFile+" cannot be read", err)
	}
	if err := yaml.Unmarshal(needs.bytes(), &more); err != nil {
		return nil, fmt.Errorf("internal: the additions to %s: %w", workspace.ConfigFile, err)
	}
	if len(root.Content) == 0 {
		return needs.bytes(), nil
	}
	if root.Content[0].Kind != yaml.MappingNode {
		return nil, fault.Newf(fault.Invalid, "%s is not a list of `name: value`", workspace.ConfigFile)
	}
	if !addNodes(root.Content[0], more.Content[0]) {
		return raw, nil
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := errors.Join(e.Encode(&root), e.Close()); err != nil {
		return nil, fault.New(fault.Invalid, workspace.ConfigFile+" cannot be written", err)
	}
	return b.Bytes(), nil
}

// addNodes adds what a mapping does not have: members, and of the same lists, entries.
func addNodes(to, from *yaml.Node) (changed bool) {
	for i := 0; i+1 < len(from.Content); i += 2 {
		name, value := from.Content[i], from.Content[i+1]
		at := slices.IndexFunc(to.Content, func(n *yaml.Node) bool { return n.Value == name.Value && n.Kind == yaml.ScalarNode })
		switch {
		case at < 0 || at%2 == 1:
			to.Content = append(to.Content, name, value)
			to.Style = 0
			changed = true
		case to.Content[at+1].Kind == yaml.MappingNode && value.Kind == yaml.MappingNode:
			changed = addNodes(to.Content[at+1], value) || changed
		case to.Content[at+1].Kind == yaml.SequenceNode && value.Kind == yaml.SequenceNode:
			for _, entry := range value.Content {
				if !slices.ContainsFunc(to.Content[at+1].Content, func(n *yaml.Node) bool { return sameNode(n, entry) }) {
					to.Content[at+1].Content = append(to.Content[at+1].Content, entry)
					changed = true
				}
			}
		}
	}
	return changed
}

func sameNode(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Value == b.Value && slices.EqualFunc(a.Content, b.Content, sameNode)
}
