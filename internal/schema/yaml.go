package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Limits on input. A schema is written by hand; what is larger is a mistake or an attack.
const (
	maxYAML  = 2 << 20 // bytes
	maxNodes = 100_000
	maxKinds = 500
	// An extension of one kind, relation or workflow.
	maxFields      = 100
	maxRelations   = 200
	maxStates      = 50
	maxTransitions = 300
	maxHints       = 200 // faults after which no more guesses are made at what was meant
)

// reader walks YAML nodes and gathers faults.
type reader struct {
	file    string
	aliases bool // kinds.yaml may use anchors; extensions write everything out
	faults  []Fault
}

func (r *reader) fault(at position, rule, remedy, format string, args ...any) {
	r.faults = append(r.faults, Fault{File: r.file, Line: at.line, Column: at.column, Severity: SeverityError, Rule: rule,
		Message: fmt.Sprintf(format, args...), Remedy: remedy})
}

// tooMany reports the element at which a list is longer than limit.
func (r *reader) tooMany(at position, have, limit int, what string) bool {
	if have < limit {
		return false
	}
	r.fault(at, ruleSize, "declare fewer", "more than %d %s", limit, what)
	return true
}

func at(n *yaml.Node) position { return position{n.Line, n.Column} }

// document parses text and returns its top-level mapping, nil when it is empty or faulty.
func (r *reader) document(text []byte) *yaml.Node {
	if len(text) > maxYAML {
		r.fault(position{1, 1}, ruleSize, "write less, or split the project", "%d bytes; at most %d are read", len(text), maxYAML)
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			r.broken(err, text)
		}
		return nil
	}
	var second yaml.Node
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			r.broken(err, text)
			return nil
		}
		r.fault(at(&second), ruleSyntax, "keep one document, without a line ---", "more than one YAML document")
		return nil
	}
	root := doc.Content[0]
	if isNull(root) {
		return nil
	}
	if budget := maxNodes; !countNodes(root, &budget) {
		r.fault(position{1, 1}, ruleSize, "write less", "more than %d YAML nodes", maxNodes)
		return nil
	}
	return root
}

// countNodes reports whether n has no more nodes than budget.
func countNodes(n *yaml.Node, budget *int) bool {
	*budget--
	if *budget < 0 {
		return false
	}
	for _, c := range n.Content {
		if !countNodes(c, budget) {
			return false
		}
	}
	return true
}

var (
	yamlLine   = regexp.MustCompile(`^line (\d+): `)
	yamlAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
)

// broken reports why the YAML reader stopped, where it stopped.
func (r *reader) broken(err error, text []byte) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	where := position{1, 1}
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		message = message[len(m[0]):]
		where.line, _ = strconv.Atoi(m[1])
		if strings.HasPrefix(message, "did not find expected") {
			where.line++ // its parser, unlike its scanner, counts lines from 0
		}
	}
	if m := yamlAnchor.FindStringSubmatch(message); m != nil {
		where = offsetPosition(text, bytes.Index(text, []byte("*"+m[1])))
	} else if i := firstNoText(text); i >= 0 {
		where = offsetPosition(text, i)
	}
	r.fault(where, ruleSyntax, "mend the YAML", "%s", message)
}

// firstNoText is the place of the first byte that no text holds, -1 when there is none.
func firstNoText(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 || c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return i
		}
		i += size
	}
	return -1
}

// offsetPosition is the line and column of a byte.
func offsetPosition(text []byte, offset int) position {
	before := text[:max(0, offset)]
	return position{1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])}
}

// entry is one member of a mapping.
type entry struct {
	name  string
	at    position
	value *yaml.Node
}

// resolve follows an alias where aliases may be used; it reports others.
func (r *reader) resolve(n *yaml.Node) *yaml.Node {
	if n.Kind != yaml.AliasNode {
		return n
	}
	if !r.aliases {
		r.fault(at(n), ruleSyntax, "write it out", "an alias (*%s) is not read here", n.Value)
		return nil
	}
	return n.Alias
}

// entries returns the members of a mapping in their order; what is the mapping in words. It reports repeated names.
func (r *reader) entries(n *yaml.Node, what string) []entry {
	n = r.resolve(n)
	if n == nil || isNull(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.fault(at(n), ruleSyntax, "write NAME: and what belongs to it, indented", "%s: want names and values", what)
		return nil
	}
	var list, merged []entry
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode:
			r.fault(at(key), ruleSyntax, "write a plain name", "%s: a name is not a word", what)
		case key.Value == "":
			r.fault(at(key), ruleSyntax, "write a name", "%s: a name is empty", what)
		case key.Tag == "!!merge" && r.aliases:
			merged = append(merged, r.entries(value, what)...)
		case seen[key.Value]:
			r.fault(at(key), ruleDuplicate, "keep one of them", "%s: %q stands here twice", what, key.Value)
		default:
			seen[key.Value] = true
			list = append(list, entry{key.Value, at(key), value})
		}
	}
	for _, e := range merged {
		if !seen[e.name] {
			list = append(list, e)
		}
	}
	return list
}

// members calls the function named after each member of a mapping and reports members that have none.
func (r *reader) members(n *yaml.Node, what string, known map[string]func(entry)) members {
	given := make(members)
	for _, e := range r.entries(n, what) {
		read, ok := known[e.name]
		if !ok {
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			slices.Sort(names)
			r.unknown(e, what, names)
			continue
		}
		given[e.name] = e.at
		read(e)
	}
	return given
}

func (r *reader) unknown(e entry, what string, names []string) {
	remedy := "take one of " + strings.Join(names, ", ")
	if near := r.nearest(e.name, names); near != "" {
		remedy = fmt.Sprintf("did you mean %q?", near)
	}
	r.fault(e.at, ruleMember, remedy, "%s: unknown member %q", what, e.name)
}

// nearest guesses at what was meant, as long as there are few faults.
func (r *reader) nearest(name string, candidates []string) string {
	if len(r.faults) > maxHints {
		return ""
	}
	return nearest(name, candidates)
}

// word reads a scalar as written.
func (r *reader) word(e entry, into *string) {
	n := r.resolve(e.value)
	if n == nil {
		return
	}
	if n.Kind != yaml.ScalarNode || isNull(n) {
		r.fault(at(n), ruleSyntax, "write one value", "%s: want one value", e.name)
		return
	}
	*into = n.Value
}

func (r *reader) truth(e entry, into *bool) {
	n := r.resolve(e.value)
	if n == nil {
		return
	}
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!bool" && strings.EqualFold(n.Value, "true"):
		*into = true
	case n.Kind == yaml.ScalarNode && n.Tag == "!!bool" && strings.EqualFold(n.Value, "false"):
		*into = false
	default:
		r.fault(at(n), ruleSyntax, "write true or false", "%s: want true or false", e.name)
	}
}

func (r *reader) number(e entry, into *int) {
	n := r.resolve(e.value)
	if n == nil {
		return
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 0 || v > 1_000_000 {
		r.fault(at(n), ruleSyntax, "write a whole number from 0 on", "%s: want a whole number", e.name)
		return
	}
	*into = v
}

// words reads a list of scalars. One scalar is not a list.
func (r *reader) words(e entry, into *[]string) {
	n := r.resolve(e.value)
	if n == nil {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.fault(at(n), ruleSyntax, "write a list: ["+n.Value+"]", "%s: want a list", e.name)
		return
	}
	for _, c := range n.Content {
		if c.Kind != yaml.ScalarNode || isNull(c) {
			r.fault(at(c), ruleSyntax, "write words", "%s: want a list of words", e.name)
			continue
		}
		*into = append(*into, c.Value)
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }
