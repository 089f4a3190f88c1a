// Package yamltree reads YAML of any origin for the readers of formats: with places in bytes, without anchors and aliases,
// within limits, keys that are there twice named. It keeps the YAML library from ending the program.
//
// Clause served: requirements traceable to their source [62304 5.2.6].
package yamltree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Limits bound what hostile input can cost. A zero value of a field means its default.
//
// goldthread:implements SRS-50
type Limits struct {
	FileBytes  int64 // largest file read; default 16 MiB
	ValueBytes int   // longest single value; default 16 MiB
	Nodes      int   // most values of one file, as far as its commas, colons and lines tell; default 500,000
	Files      int   // most entries of folders looked at; default 2,000,000
	Depth      int   // deepest nesting of values; default 256
}

// WithDefaults puts the defaults where nothing is said.
func (l Limits) WithDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 16 << 20
	}
	if l.ValueBytes <= 0 {
		l.ValueBytes = 16 << 20
	}
	if l.Nodes <= 0 {
		l.Nodes = 500_000
	}
	if l.Files <= 0 {
		l.Files = 2_000_000
	}
	if l.Depth <= 0 {
		l.Depth = 256
	}
	return l
}

// Source is one YAML file.
type Source struct {
	File   string
	Root   *yaml.Node
	Faults []exchange.Fault
	// Mask hides from YAML what is none of it; nil for nothing.
	Mask Mask

	text  []byte // UTF-8, line ends \n
	lines Lines
}

// Mask hides parts of a text from YAML, and shows them again in its values.
type Mask interface {
	Hide(text []byte) []byte
	Show(value string) string
}

// Fault reports what is wrong at a place.
func (s *Source) Fault(at exchange.Position, isError bool, item, message, remedy string) {
	s.Faults = append(s.Faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

// Refuse reports that nothing of the file can be read, and returns false.
func (s *Source) Refuse(line int, message, remedy string) bool {
	s.Fault(exchange.Position{File: s.File, Line: line}, true, "", message, remedy)
	return false
}

// Load reads and parses the file; false, with a fault, where nothing of it can be read. Root is nil for an empty file.
func (s *Source) Load(fsys fs.FS, limits Limits) bool {
	text, refused := exchange.ReadText(fsys, s.File, limits.FileBytes, nil)
	if refused != nil {
		s.Faults = append(s.Faults, *refused)
		return false
	}
	s.text = []byte(text)
	if n := marks(s.text); n > limits.Nodes {
		return s.Refuse(0, fmt.Sprintf("the file may hold more than %d values", limits.Nodes), "split it")
	}
	return s.parse() && s.check(limits)
}

// marks is an upper bound of the nodes that YAML text holds, found without building them.
func marks(text []byte) int {
	n := 2
	for i, c := range text {
		switch c {
		case '\n', ',', '[', '{', ':', '?':
			n++
		case '-':
			if i+1 < len(text) && text[i+1] == ' ' {
				n++
			}
		}
	}
	return n
}

// parse makes the nodes of the one document that the file holds.
func (s *Source) parse() bool {
	text := s.text
	if s.Mask != nil {
		text = s.Mask.Hide(text)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document, second yaml.Node
	err := Decode(decoder, &document)
	switch {
	case errors.Is(err, io.EOF):
		return true
	case err == nil:
		if err = Decode(decoder, &second); errors.Is(err, io.EOF) {
			s.Root = &document
			if document.Kind == yaml.DocumentNode && len(document.Content) == 1 {
				s.Root = document.Content[0]
			}
			return true
		}
		if err == nil {
			return s.Refuse(second.Line, "the file holds more than one YAML document", "split it into one file a document")
		}
	}
	message, line := ErrorLine(err)
	return s.Refuse(line, "the file is not valid YAML: "+message, "mend the YAML; text with a colon or a quote goes into a block (text: |)")
}

// check refuses anchors, aliases and depth, and names keys that are there twice. It keeps its own stack.
func (s *Source) check(limits Limits) bool {
	type level struct {
		node  *yaml.Node
		depth int
	}
	if s.Root == nil {
		return true
	}
	stack := []level{{s.Root, 1}}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		s.show(at.node)
		switch n := at.node; {
		case n.Kind == yaml.AliasNode || n.Anchor != "":
			return s.Refuse(n.Line, "the file has anchors or aliases (& and *), which are not read", "write out what they stand for, or put the text into quotes")
		case at.depth > limits.Depth:
			return s.Refuse(n.Line, fmt.Sprintf("values are nested more than %d deep", limits.Depth), "write them flat")
		case len(n.Value) > limits.ValueBytes:
			return s.Refuse(n.Line, fmt.Sprintf("a value is longer than %d bytes", limits.ValueBytes), "shorten it")
		case n.Kind == yaml.MappingNode:
			s.repeated(n)
		}
		for _, child := range slices.Backward(at.node.Content) {
			stack = append(stack, level{child, at.depth + 1})
		}
	}
	return true
}

// show gives a value back what was hidden of it.
func (s *Source) show(n *yaml.Node) {
	if s.Mask != nil {
		n.Value = s.Mask.Show(n.Value)
	}
}

func (s *Source) repeated(mapping *yaml.Node) {
	seen := make(map[string]bool, len(mapping.Content)/2)
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key := mapping.Content[i]
		s.show(key)
		if seen[key.Value] && key.Kind == yaml.ScalarNode {
			s.Fault(s.Position(key), false, "", fmt.Sprintf("%s is given twice; both are kept", key.Value), "keep one of the two")
		}
		seen[key.Value] = true
	}
}

// Position is where a node begins.
func (s *Source) Position(node *yaml.Node) exchange.Position {
	return exchange.Position{File: s.File, Line: node.Line, Column: s.lines.Column(s.text, node)}
}

// IsNull says that a node is there and says nothing.
func IsNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// Field is an attribute with a value of any shape: a scalar, a list of scalars, or JSON.
func (s *Source) Field(name string, key, n *yaml.Node) exchange.Field {
	f := exchange.Field{Name: name, At: s.Position(key)}
	switch {
	case n.Kind == yaml.ScalarNode:
		f.Values, f.Data = []string{n.Value}, dataOf(n)
		if IsNull(n) {
			f.Values = nil
		}
	case n.Kind == yaml.SequenceNode && Flat(n):
		f.Values = make([]string, len(n.Content))
		for i, item := range n.Content {
			f.Values[i] = item.Value
		}
		if len(n.Content) > 0 {
			f.Data = dataOf(n.Content[0])
		}
		for _, item := range n.Content {
			if dataOf(item) != f.Data {
				f.Data = ""
			}
		}
	default:
		f.Values, f.Nested = []string{JSON(n)}, true
	}
	return f
}

// Flat reports whether a list holds scalars only.
func Flat(list *yaml.Node) bool {
	for _, item := range list.Content {
		if item.Kind != yaml.ScalarNode {
			return false
		}
	}
	return true
}

func dataOf(n *yaml.Node) exchange.DataType {
	switch n.ShortTag() {
	case "!!bool":
		return exchange.DataBoolean
	case "!!int":
		return exchange.DataInteger
	case "!!float":
		return exchange.DataReal
	case "!!timestamp":
		return exchange.DataDate
	}
	return ""
}

// JSON is a value as JSON; numbers are as written, so that 1.10 stays 1.10. Its depth was bounded by check.
func JSON(n *yaml.Node) string {
	var b strings.Builder
	writeJSON(&b, n)
	return b.String()
}

func writeJSON(b *strings.Builder, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			name := n.Content[i].Value
			if n.Content[i].Kind != yaml.ScalarNode {
				name = JSON(n.Content[i])
			}
			writeJSONString(b, name)
			b.WriteByte(':')
			writeJSON(b, n.Content[i+1])
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, item)
		}
		b.WriteByte(']')
	default:
		switch tag := n.ShortTag(); {
		case tag == "!!null":
			b.WriteString("null")
		case (tag == "!!bool" || tag == "!!int" || tag == "!!float") && json.Valid([]byte(n.Value)):
			b.WriteString(n.Value)
		default:
			writeJSONString(b, n.Value)
		}
	}
}

func writeJSONString(b *strings.Builder, s string) {
	encoded, err := json.Marshal(s)
	if err != nil { // a string always has a JSON form
		panic("encode a string as JSON: " + err.Error())
	}
	b.Write(encoded)
}
