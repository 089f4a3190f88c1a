package doorstop

import (
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/exchange"
)

// kind is the type that Python's YAML reader, which Doorstop uses, gives a value. It differs from newer YAML: yes, on
// and off are booleans. Types go into fingerprints, so they have to be the same here.
type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindInt
	kindFloat
	kindDate
	kindString
	kindList
	kindMap
	kindOther // a value whose Python form is not reproduced here
)

// value is a YAML value as Python would hold it.
type value struct {
	kind  kind
	text  string // scalars: as str() prints it
	raw   string // scalars: as written
	items []value
	keys  []string // maps: the keys of items
}

var (
	errTooMany = errors.New("the file holds too many YAML nodes, counting aliases each time they are used")
	errTooDeep = errors.New("the YAML is nested too deeply")
)

// converter turns nodes into values within limits, so that aliases of aliases cannot grow without bound.
type converter struct {
	nodes int // left
	depth int // deepest
}

func (c *converter) value(node *yaml.Node, depth int) (value, error) {
	if c.nodes--; c.nodes < 0 {
		return value{}, errTooMany
	}
	if depth > c.depth {
		return value{}, errTooDeep
	}
	switch node.Kind {
	case yaml.AliasNode:
		return c.value(node.Alias, depth+1)
	case yaml.ScalarNode:
		return scalar(node), nil
	case yaml.SequenceNode:
		v := value{kind: kindList}
		for _, child := range node.Content {
			item, err := c.value(child, depth+1)
			if err != nil {
				return value{}, err
			}
			v.items = append(v.items, item)
		}
		return v, nil
	case yaml.MappingNode:
		return c.mapping(node, depth)
	}
	return value{kind: kindOther}, nil
}

// mapping keeps the last value of a repeated key, as Python does.
func (c *converter) mapping(node *yaml.Node, depth int) (value, error) {
	v := value{kind: kindMap}
	at := make(map[string]int, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, err := c.value(node.Content[i], depth+1)
		if err != nil {
			return value{}, err
		}
		item, err := c.value(node.Content[i+1], depth+1)
		if err != nil {
			return value{}, err
		}
		name := key.text
		if key.kind == kindList || key.kind == kindMap {
			name = key.json()
		}
		if old, ok := at[name]; ok {
			v.items[old] = item
			continue
		}
		at[name] = len(v.items)
		v.keys = append(v.keys, name)
		v.items = append(v.items, item)
	}
	return v, nil
}

// The implicit types of YAML 1.1 as PyYAML has them.
var (
	boolPattern = regexp.MustCompile(`^(?i:yes|no|true|false|on|off)$`)
	intPattern  = regexp.MustCompile(`^[-+]?(0|[1-9][0-9_]*)$`)
	// Binary, octal, hexadecimal and base 60 numbers: Python prints them in decimal, which is not reproduced.
	oddIntPattern  = regexp.MustCompile(`^[-+]?(0b[0-1_]+|0[0-7_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)$`)
	floatPattern   = regexp.MustCompile(`^[-+]?([0-9][0-9_]*)\.[0-9_]*([eE][-+][0-9]+)?$|^\.[0-9][0-9_]*([eE][-+][0-9]+)?$|^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$`)
	decimalPattern = regexp.MustCompile(`^-?[0-9]+\.[0-9]+$`)
	datePattern    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	timePattern    = regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}`)
)

func scalar(node *yaml.Node) value {
	text := node.Value
	quoted := node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if node.Style&yaml.TaggedStyle != 0 && node.Tag != "!!str" {
		return value{kind: kindOther, text: text, raw: text}
	}
	if quoted || node.Style&yaml.TaggedStyle != 0 {
		return value{kind: kindString, text: text, raw: text}
	}
	k, printed := implicit(text)
	return value{kind: k, text: printed, raw: text}
}

// implicit is the type of a plain scalar and how Python prints it.
func implicit(text string) (kind, string) {
	switch {
	case text == "" || text == "~" || text == "null" || text == "Null" || text == "NULL":
		return kindNull, "None"
	case !strings.ContainsRune("-+.0123456789yYnNtTfFoO", rune(text[0])) || len(text) > 400:
		return kindString, text
	case strings.ContainsRune("yYnNtTfFoO", rune(text[0])):
		if !boolPattern.MatchString(text) {
			return kindString, text
		}
		switch text[0] | 0x20 {
		case 'y', 't':
			return kindBool, "True"
		}
		if strings.EqualFold(text, "on") {
			return kindBool, "True"
		}
		return kindBool, "False"
	case intPattern.MatchString(text):
		return kindInt, pythonInt(text)
	case oddIntPattern.MatchString(text), timePattern.MatchString(text):
		return kindOther, text
	case floatPattern.MatchString(text):
		return kindFloat, pythonFloat(text)
	case datePattern.MatchString(text):
		return kindDate, text
	}
	return kindString, text
}

func pythonInt(text string) string {
	text = strings.ReplaceAll(text, "_", "")
	if digits := strings.TrimPrefix(text, "+"); digits != "-0" {
		return digits
	}
	return "0"
}

// pythonFloat prints a float as Python's repr: shortest form, exponents outside 1e-4 to 1e16.
func pythonFloat(text string) string {
	f, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	if err != nil && !math.IsInf(f, 0) {
		switch lower := strings.ToLower(strings.TrimLeft(text, "+")); lower {
		case ".inf":
			return "inf"
		case "-.inf":
			return "-inf"
		}
		return "nan"
	}
	if math.IsInf(f, 1) {
		return "inf"
	}
	if math.IsInf(f, -1) {
		return "-inf"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// truth is Doorstop's to_bool.
func (v value) truth() bool {
	switch v.kind {
	case kindNull:
		return false
	case kindBool:
		return v.text == "True"
	case kindInt, kindFloat:
		f, err := strconv.ParseFloat(v.text, 64)
		return err != nil || f != 0
	case kindList, kindMap:
		return len(v.items) > 0
	}
	switch strings.ToLower(strings.TrimSpace(v.text)) {
	case "yes", "true", "enabled", "1":
		return true
	}
	return false
}

// string is the text of a scalar as a person wrote it; null is empty.
func (v value) string() string {
	switch v.kind {
	case kindNull:
		return ""
	case kindList, kindMap:
		return v.json()
	}
	return v.raw
}

// get is the value of a map's key.
func (v value) get(key string) (value, bool) {
	if i := slices.Index(v.keys, key); i >= 0 && v.kind == kindMap {
		return v.items[i], true
	}
	return value{}, false
}

// field is a value as a Field: a list of scalars has a value each, anything deeper is one value holding its JSON.
func (v value) field(name string, at exchange.Position) exchange.Field {
	f := exchange.Field{Name: name, At: at}
	switch v.kind {
	case kindMap:
		f.Values, f.Nested = []string{v.json()}, true
	case kindList:
		f.Values = []string{}
		for i, item := range v.items {
			if item.kind == kindList || item.kind == kindMap || item.kind == kindNull {
				f.Values, f.Data, f.Nested = []string{v.json()}, "", true
				return f
			}
			text, data := item.typed()
			if i == 0 {
				f.Data = data
			} else if f.Data != data {
				f.Data = ""
			}
			f.Values = append(f.Values, text)
		}
	case kindNull:
	default:
		text, data := v.typed()
		f.Values, f.Data = []string{text}, data
	}
	return f
}

// typed is a scalar as a Field holds it, with its type where a Field has it.
func (v value) typed() (text string, data exchange.DataType) {
	switch v.kind {
	case kindBool:
		return strings.ToLower(v.text), exchange.DataBoolean
	case kindInt:
		return v.text, exchange.DataInteger
	case kindFloat:
		switch {
		case decimalPattern.MatchString(v.raw): // 1.50 stays 1.50
			return v.raw, exchange.DataReal
		case v.text != "inf" && v.text != "-inf" && v.text != "nan":
			return v.text, exchange.DataReal
		}
	case kindDate:
		return v.raw, exchange.DataDate
	case kindOther:
		if timePattern.MatchString(v.raw) {
			return v.raw, exchange.DataDate
		}
	}
	return v.raw, ""
}

func (v value) json() string {
	var b strings.Builder
	v.writeJSON(&b)
	return b.String()
}

func (v value) writeJSON(b *strings.Builder) {
	switch v.kind {
	case kindNull:
		b.WriteString("null")
	case kindBool:
		b.WriteString(strings.ToLower(v.text))
	case kindInt:
		b.WriteString(v.text)
	case kindList:
		b.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.writeJSON(b)
		}
		b.WriteByte(']')
	case kindMap:
		b.WriteByte('{')
		for i, item := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSONString(b, v.keys[i])
			b.WriteByte(':')
			item.writeJSON(b)
		}
		b.WriteByte('}')
	default: // floats, dates and odd numbers as written, so that 1.10 stays 1.10
		writeJSONString(b, v.raw)
	}
}

func writeJSONString(b *strings.Builder, s string) {
	encoded, err := json.Marshal(s)
	if err != nil { // a string always has a JSON form
		panic("doorstop: encode a string as JSON: " + err.Error())
	}
	b.Write(encoded)
}
