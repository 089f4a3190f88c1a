package doorstop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/yamltree"
)

// source is one file being read: its YAML with the place where it begins, and the faults found in it.
type source struct {
	file   string
	item   string // key for faults
	yaml   []byte
	before int // lines before the YAML begins
	faults []exchange.Fault
	lines  yamltree.Lines
}

func (s *source) fault(at exchange.Position, isError bool, message, remedy string) {
	s.faults = append(s.faults, exchange.Fault{At: at, Item: s.item, Message: message, Remedy: remedy, Error: isError})
}

// whole is the position of the file itself.
func (s *source) whole() exchange.Position {
	return exchange.Position{File: s.file, Line: 1, Column: 1}
}

// position is where a node begins.
func (s *source) position(node *yaml.Node) exchange.Position {
	return exchange.Position{File: s.file, Line: node.Line + s.before, Column: s.lines.Column(s.yaml, node)}
}

// parse is the single mapping that the YAML holds, or nil with a fault. An empty file is an empty mapping.
func (s *source) parse() *yaml.Node {
	if at, ok := s.invalidUTF8(); ok {
		s.fault(at, true, "the file is not UTF-8 text", "save it as UTF-8")
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(s.yaml))
	var document, second yaml.Node
	err := yamltree.Decode(decoder, &document)
	if errors.Is(err, io.EOF) {
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	}
	if err == nil && yamltree.Decode(decoder, &second) != io.EOF {
		at := s.whole()
		if second.Line > 0 {
			at = exchange.Position{File: s.file, Line: second.Line + s.before, Column: 1}
		}
		s.fault(at, true, "the file holds more than one YAML document", "split it into one file an item")
		return nil
	}
	if err != nil {
		message, line := yamltree.ErrorLine(err)
		at := s.whole()
		if line > 0 {
			at = exchange.Position{File: s.file, Line: line + s.before}
		}
		s.fault(at, true, "the file is not valid YAML: "+message, "mend the YAML; text with a colon or a quote goes into a block (text: |)")
		return nil
	}
	root := &document
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	switch {
	case root.Kind == yaml.MappingNode:
		s.warnRepeatedKeys(root)
		return root
	case root.Kind == yaml.ScalarNode && scalar(root).kind == kindNull:
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	}
	s.fault(s.position(root), true, "the file does not hold attributes (name: value)", "write one attribute a line, as in level: 1.2")
	return nil
}

// invalidUTF8 is where the first byte stands that is not UTF-8.
func (s *source) invalidUTF8() (exchange.Position, bool) {
	if utf8.Valid(s.yaml) {
		return exchange.Position{}, false
	}
	good := 0
	for good < len(s.yaml) {
		r, size := utf8.DecodeRune(s.yaml[good:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		good += size
	}
	line := 1 + bytes.Count(s.yaml[:good], []byte("\n"))
	column := good - bytes.LastIndexByte(s.yaml[:good], '\n')
	return exchange.Position{File: s.file, Line: line + s.before, Column: column}, true
}

func (s *source) warnRepeatedKeys(mapping *yaml.Node) {
	seen := make(map[string]bool, len(mapping.Content)/2)
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key := mapping.Content[i]
		if seen[key.Value] {
			s.fault(s.position(key), false, fmt.Sprintf("the attribute %s is given twice; the last one counts", key.Value), "keep one of the two")
		}
		seen[key.Value] = true
	}
}
