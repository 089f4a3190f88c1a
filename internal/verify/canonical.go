package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// object is a JSON object of an envelope or an operation.
type object map[string]any

// parseObject reads an object in canonical form (RFC 8785) and refuses any other spelling: members twice or out of order, blanks, other
// escapes. Numbers are whole; a record writes others as strings.
func parseObject(text string) (object, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var o map[string]any
	if err := d.Decode(&o); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows the object")
	}
	again, err := appendValue(nil, o)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, []byte(text)) {
		return nil, errors.New("it is not in canonical form")
	}
	return o, nil
}

func appendValue(dst []byte, v any) ([]byte, error) {
	var err error
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case string:
		return appendString(dst, v), nil
	case json.Number:
		n, err := strconv.ParseInt(string(v), 10, 64)
		if err != nil || n > 1<<53-1 || n < -(1<<53-1) {
			return nil, fmt.Errorf("the number %.40s is not whole or too large", v)
		}
		return strconv.AppendInt(dst, n, 10), nil
	case []any:
		dst = append(dst, '[')
		for i, one := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = appendValue(dst, one); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	case map[string]any:
		dst = append(dst, '{')
		for i, name := range slices.SortedFunc(maps.Keys(v), compareNames) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, name), ':')
			if dst, err = appendValue(dst, v[name]); err != nil {
				return nil, err
			}
		}
		return append(dst, '}'), nil
	default:
		return nil, fmt.Errorf("a value of type %T is no JSON", v)
	}
}

// compareNames orders names by UTF-16 code units, as RFC 8785 does. That is the order of bytes unless there is a character from U+E000 on,
// whose first byte in UTF-8 is 0xEE or more.
func compareNames(a, b string) int {
	high := func(r rune) bool { return r >= 0xe000 }
	if strings.IndexFunc(a, high) < 0 && strings.IndexFunc(b, high) < 0 {
		return strings.Compare(a, b)
	}
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= 0x20:
			dst = append(dst, c)
		case strings.IndexByte("\b\t\n\f\r", c) >= 0:
			dst = append(dst, '\\', "btnfr"[strings.IndexByte("\b\t\n\f\r", c)])
		default:
			dst = fmt.Appendf(dst, `\u%04x`, c)
		}
	}
	return append(dst, '"')
}

// text returns a member that is a string, "" for any other.
func (o object) text(name string) string {
	s, _ := o[name].(string)
	return s
}

// number returns a member that is a whole number, -1 for any other.
func (o object) number(name string) int64 {
	n, ok := o[name].(json.Number)
	if !ok {
		return -1
	}
	i, err := n.Int64()
	if err != nil {
		return -1
	}
	return i
}

// list returns a member that is an array of objects, what else is in it left out.
func (o object) list(name string) (all []object) {
	list, _ := o[name].([]any)
	for _, one := range list {
		if m, ok := one.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

// texts returns the strings of a member that is an array or an object.
func (o object) texts(name string) (all []string) {
	switch v := o[name].(type) {
	case []any:
		for _, one := range v {
			if s, ok := one.(string); ok {
				all = append(all, s)
			}
		}
	case map[string]any:
		for _, key := range slices.SortedFunc(maps.Keys(v), compareNames) {
			if s, ok := v[key].(string); ok {
				all = append(all, s)
			}
		}
	}
	return all
}

// member returns a member that is an object.
func (o object) member(name string) object {
	m, _ := o[name].(map[string]any)
	return m
}
