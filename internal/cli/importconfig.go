package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
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

// addToConfig adds members to a configuration and leaves all else in it, comments and layout too, as it is: text is put in at
// places, and nothing is written anew.
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
	a := &configAdder{lines: bytes.SplitAfter(raw, []byte("\n"))}
	if root.Content[0].Kind != yaml.MappingNode || !a.members(root.Content[0], more.Content[0], true) {
		return nil, fault.Newf(fault.Invalid, "%s cannot be added to", workspace.ConfigFile).WithHint("add by hand: " + flow(more.Content[0]))
	}
	return a.bytes(), nil
}

// configAdder collects what is put into a text.
type configAdder struct {
	lines [][]byte
	in    []insertion
	end   string // behind the last line
}

type insertion struct {
	line, column int // from 0, in bytes
	text         string
}

func (a *configAdder) bytes() []byte {
	slices.SortStableFunc(a.in, func(x, y insertion) int { return cmp.Or(y.line-x.line, y.column-x.column) })
	for _, i := range a.in { // from the end, so that places hold
		l := a.lines[i.line]
		a.lines[i.line] = slices.Concat(l[:i.column], []byte(i.text), l[i.column:])
	}
	out := bytes.Join(a.lines, nil)
	if a.end != "" && len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	return append(out, a.end...)
}

// members adds the members of a mapping that another does not have, and of lists that both have, the entries.
func (a *configAdder) members(to, from *yaml.Node, top bool) bool {
	for i := 0; i+1 < len(from.Content); i += 2 {
		name, value := from.Content[i], from.Content[i+1]
		at := -1
		for k := 0; k+1 < len(to.Content); k += 2 {
			if to.Content[k].Value == name.Value {
				at = k
			}
		}
		if at < 0 {
			a.put(to, flow(name)+": "+flow(value), top)
			continue
		}
		switch own := to.Content[at+1]; {
		case own.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode:
			if !a.members(own, value, false) {
				return false
			}
		case own.Kind == yaml.SequenceNode && value.Kind == yaml.SequenceNode:
			for _, entry := range value.Content {
				if !slices.ContainsFunc(own.Content, func(n *yaml.Node) bool { return sameNode(n, entry) }) {
					a.put(own, flow(entry), false)
				}
			}
		case own.Kind != value.Kind:
			return false
		}
	}
	return true
}

// put puts an entry into a mapping or list: between its brackets, or as a line before its first one; behind the end of the
// file where that is the whole.
func (a *configAdder) put(to *yaml.Node, entry string, top bool) {
	switch {
	case to.Style&yaml.FlowStyle != 0:
		if len(to.Content) > 0 {
			entry += ", "
		}
		a.in = append(a.in, insertion{to.Line - 1, to.Column, entry})
	case top || len(to.Content) == 0:
		a.end += entry + "\n"
	case to.Kind == yaml.SequenceNode:
		a.in = append(a.in, insertion{to.Line - 1, 0, strings.Repeat(" ", to.Column-1) + "- " + entry + "\n"})
	default:
		first := to.Content[0]
		a.in = append(a.in, insertion{first.Line - 1, 0, strings.Repeat(" ", first.Column-1) + entry + "\n"})
	}
}

// flow writes a value on one line.
func flow(n *yaml.Node) string {
	var parts []string
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, flow(n.Content[i])+": "+flow(n.Content[i+1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case yaml.SequenceNode:
		for _, c := range n.Content {
			parts = append(parts, flow(c))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	if strings.ContainsAny(n.Value, ",:[]{}#&*!|>'\"%@`") || n.Value == "" || n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		return strconv.Quote(n.Value)
	}
	return n.Value
}

func sameNode(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Value == b.Value && slices.EqualFunc(a.Content, b.Content, sameNode)
}
