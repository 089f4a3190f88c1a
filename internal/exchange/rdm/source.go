package rdm

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
)

// source is one YAML file.
type source struct {
	file   string
	text   []byte // UTF-8, line ends \n
	mask   mask
	root   *yaml.Node
	faults []exchange.Fault
	lines  []int // beginnings of the lines of text, made when needed
}

func (s *source) fault(at exchange.Position, isError bool, item, message, remedy string) {
	s.faults = append(s.faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

func (s *source) refuse(line int, message, remedy string) bool {
	s.fault(exchange.Position{File: s.file, Line: line}, true, "", message, remedy)
	return false
}

// load reads and parses the file; false, with a fault, where nothing of it can be read. root is nil for an empty file.
func (s *source) load(fsys fs.FS, limits Limits) bool {
	data, why := exchange.ReadFile(fsys, s.file, limits.FileBytes)
	if why != "" {
		return s.refuse(0, "the file cannot be read: "+why, "check the file")
	}
	text, ok := decode(data)
	if !ok {
		return s.refuse(0, "the file begins as UTF-16 and is none", "save it as UTF-8")
	}
	if at := bytes.IndexByte(text, 0); at >= 0 {
		return s.refuse(lineOf(text, at), "the file holds a NUL character and is not read", "remove it, or save the file as UTF-8")
	}
	if at := invalid(text); at >= 0 {
		return s.refuse(lineOf(text, at), fmt.Sprintf("the file is not UTF-8 (byte %#x) and is not read", text[at]), "save it as UTF-8")
	}
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	s.text = text
	if n := marks(text); n > limits.Nodes {
		return s.refuse(0, fmt.Sprintf("the file may hold more than %d values", limits.Nodes), "split it")
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
func (s *source) parse() bool {
	decoder := yaml.NewDecoder(bytes.NewReader(s.mask.hide(s.text)))
	var document, second yaml.Node
	err := decodeNode(decoder, &document)
	switch {
	case errors.Is(err, io.EOF):
		return true
	case err == nil:
		if err = decodeNode(decoder, &second); errors.Is(err, io.EOF) {
			s.root = &document
			if document.Kind == yaml.DocumentNode && len(document.Content) == 1 {
				s.root = document.Content[0]
			}
			return true
		}
		if err == nil {
			return s.refuse(second.Line, "the file holds more than one YAML document", "split it into one file a document")
		}
	}
	message, line := yamlError(err)
	return s.refuse(line, "the file is not valid YAML: "+message, "mend the YAML; text with a colon or a quote goes into a block (text: |)")
}

// decodeNode keeps a panic of the YAML library on hostile input from ending the program.
func decodeNode(decoder *yaml.Decoder, node *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	return decoder.Decode(node)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:input error: )?(?:line (\d+): )?(.*)`)

func yamlError(err error) (message string, line int) {
	text := strings.Join(strings.Fields(err.Error()), " ")
	match := yamlLine.FindStringSubmatch(text)
	if match == nil {
		return text, 0
	}
	line, _ = strconv.Atoi(match[1]) // without a number the line is unknown: 0
	return match[2], line
}

// check refuses anchors, aliases and depth, and names keys that are there twice. It keeps its own stack.
func (s *source) check(limits Limits) bool {
	type level struct {
		node  *yaml.Node
		depth int
	}
	if s.root == nil {
		return true
	}
	stack := []level{{s.root, 1}}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		at.node.Value = s.mask.show(at.node.Value)
		switch n := at.node; {
		case n.Kind == yaml.AliasNode || n.Anchor != "":
			return s.refuse(n.Line, "the file has anchors or aliases (& and *), which are not read", "write out what they stand for, or put the text into quotes")
		case at.depth > limits.Depth:
			return s.refuse(n.Line, fmt.Sprintf("values are nested more than %d deep", limits.Depth), "write them flat")
		case len(n.Value) > limits.ValueBytes:
			return s.refuse(n.Line, fmt.Sprintf("a value is longer than %d bytes", limits.ValueBytes), "shorten it")
		case n.Kind == yaml.MappingNode:
			s.repeated(n)
		}
		for _, child := range slices.Backward(at.node.Content) {
			stack = append(stack, level{child, at.depth + 1})
		}
	}
	return true
}

func (s *source) repeated(mapping *yaml.Node) {
	seen := make(map[string]bool, len(mapping.Content)/2)
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key := mapping.Content[i]
		key.Value = s.mask.show(key.Value)
		if seen[key.Value] && key.Kind == yaml.ScalarNode {
			s.fault(s.position(key), false, "", fmt.Sprintf("%s is given twice; both are kept", key.Value), "keep one of the two")
		}
		seen[key.Value] = true
	}
}

// position is where a node begins. YAML counts columns in characters.
func (s *source) position(node *yaml.Node) exchange.Position {
	p := exchange.Position{File: s.file, Line: node.Line, Column: node.Column}
	line := s.line(node.Line)
	column := 0
	for range node.Column - 1 {
		if column >= len(line) {
			return p
		}
		_, size := utf8.DecodeRune(line[column:])
		column += size
	}
	p.Column = column + 1
	return p
}

func (s *source) line(number int) []byte {
	if s.lines == nil {
		s.lines = []int{0}
		for i, c := range s.text {
			if c == '\n' {
				s.lines = append(s.lines, i+1)
			}
		}
	}
	if number < 1 || number > len(s.lines) {
		return nil
	}
	rest := s.text[s.lines[number-1]:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// decode takes the marks of UTF-8 and UTF-16 into account.
func decode(data []byte) (text []byte, ok bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		return data[3:], true
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return data, true
	}
	data = data[2:]
	if len(data)%2 != 0 {
		return nil, false
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units))), true
}

// invalid is the index of the first byte that is not UTF-8, else -1.
func invalid(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

func lineOf(text []byte, at int) int {
	before := bytes.ReplaceAll(text[:at], []byte("\r\n"), []byte("\n"))
	return 1 + bytes.Count(before, []byte("\n")) + bytes.Count(before, []byte("\r"))
}

// isNull says that a node is there and says nothing.
func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// field is an attribute with a value of any shape: a scalar, a list of scalars, or JSON.
func (s *source) field(name string, key, n *yaml.Node) exchange.Field {
	f := exchange.Field{Name: name, At: s.position(key)}
	switch {
	case n.Kind == yaml.ScalarNode:
		f.Values, f.Data = []string{n.Value}, dataOf(n)
		if isNull(n) {
			f.Values = nil
		}
	case n.Kind == yaml.SequenceNode && flat(n):
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
		f.Values, f.Nested = []string{jsonOf(n)}, true
	}
	return f
}

func flat(list *yaml.Node) bool {
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

// jsonOf is a value as JSON; numbers are as written, so that 1.10 stays 1.10. Its depth was bounded by check.
func jsonOf(n *yaml.Node) string {
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
				name = jsonOf(n.Content[i])
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
