package souptoml

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/goldthread/goldthread/internal/exchange"
)

// valueKind is what a value of TOML is.
type valueKind uint8

const (
	scalar valueKind = iota
	array
	table
)

// value is a value of TOML with the place of its key.
type value struct {
	kind    valueKind
	text    string // of a scalar: a string without quotes, all else as written
	quoted  bool   // the scalar is a string
	data    exchange.DataType
	items   []*value          // of an array
	names   []string          // of a table, in order
	members map[string]*value // of a table
	at      exchange.Position
	header  bool // the table has a header of its own
	tables  bool // an array whose items have headers [[ ]]
	closed  bool // an inline table or array, which nothing may be added to
	dotted  bool // a table made by a dotted key
	comment []string
}

// note is a comment in a line of its own.
type note struct {
	text string
	at   exchange.Position
}

// file is one file being parsed.
type file struct {
	name   string
	text   []byte
	limits Limits
	lines  []int // beginnings of lines
	values int
	notes  []note
	within []string // comments in the value at hand
}

// refusal says where and why a file is not read.
type refusal struct {
	at      exchange.Position
	message string
	remedy  string
}

func (r *refusal) Error() string { return r.message }

func (f *file) refuse(at exchange.Position, format string, arguments ...any) error {
	return &refusal{at, fmt.Sprintf(format, arguments...), "mend the file as TOML 1.0 wants it"}
}

// position is that of a byte of the text.
func (f *file) position(offset int) exchange.Position {
	if f.lines == nil {
		f.lines = []int{0}
		for i, c := range f.text {
			if c == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	}
	n := sort.SearchInts(f.lines, offset+1)
	return exchange.Position{File: f.name, Line: n, Column: offset - f.lines[n-1] + 1}
}

// parse makes the tables of a text.
func (f *file) parse() (root *value, err error) {
	if err := f.bounds(); err != nil {
		return nil, err
	}
	defer func() {
		if r := recover(); r != nil { // the library is not to end the program, whatever it is given
			root, err = nil, f.refuse(exchange.Position{File: f.name}, "the file cannot be parsed: %v", r)
		}
	}()
	root = &value{kind: table, members: map[string]*value{}, at: exchange.Position{File: f.name, Line: 1, Column: 1}}
	p := &unstable.Parser{KeepComments: true}
	p.Reset(f.text)
	current := root
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Comment:
			f.note(e)
		case unstable.Table, unstable.ArrayTable:
			current, err = f.header(root, e)
		default:
			err = f.assign(current, e)
		}
		if err != nil {
			return nil, err
		}
		f.trailing(current, e)
	}
	return root, f.syntax(p)
}

// syntax is the error that ended the parsing, nil for none.
func (f *file) syntax(p *unstable.Parser) error {
	err := p.Error()
	if err == nil {
		return nil
	}
	at := exchange.Position{File: f.name}
	if parse, ok := errors.AsType[*unstable.ParserError](err); ok {
		if offset, known := offsetOf(p, parse.Highlight); known {
			at = f.position(offset)
		}
	}
	return f.refuse(at, "the file is not valid TOML: %s", err.Error())
}

// offsetOf is where a part of the text begins; not known where it is no part of it.
func offsetOf(p *unstable.Parser, part []byte) (offset int, known bool) {
	defer func() {
		if recover() != nil {
			known = false
		}
	}()
	return int(p.Range(part).Offset), true
}

// note keeps a comment that stands alone.
func (f *file) note(e *unstable.Node) {
	f.notes = append(f.notes, note{commentText(e), f.position(int(e.Raw.Offset))})
}

// trailing keeps the comments in a value, and behind a table or key.
func (f *file) trailing(current *value, e *unstable.Node) {
	if e.Kind == unstable.Comment {
		return
	}
	current.comment = append(current.comment, f.within...)
	f.within = nil
	if n := e.Next(); n.Valid() && n.Kind == unstable.Comment {
		current.comment = append(current.comment, commentText(n))
	}
}

func commentText(n *unstable.Node) string {
	return strings.TrimSpace(strings.TrimLeft(string(n.Data), "#"))
}

// keyPart is one part of a dotted key.
type keyPart struct {
	name string
	at   exchange.Position
}

func (f *file) key(e *unstable.Node) ([]keyPart, error) {
	var parts []keyPart
	for it := e.Key(); it.Next(); {
		n := it.Node()
		if n.Kind != unstable.Key {
			break // the comment behind it
		}
		parts = append(parts, keyPart{string(n.Data), f.position(int(n.Raw.Offset))})
		if len(parts) > f.limits.Depth {
			return nil, f.refuse(parts[0].at, "a key has more than %d parts", f.limits.Depth)
		}
	}
	return parts, f.count(len(parts), parts[0].at)
}

func (f *file) count(n int, at exchange.Position) error {
	if f.values += n; f.values > f.limits.Values {
		return f.refuse(at, "the file has more than %d values", f.limits.Values)
	}
	return nil
}

func newTable(at exchange.Position) *value {
	return &value{kind: table, members: map[string]*value{}, at: at}
}

func (v *value) put(name string, member *value) {
	v.names = append(v.names, name)
	v.members[name] = member
}

// header opens the table that [a.b] or [[a.b]] names.
func (f *file) header(root *value, e *unstable.Node) (*value, error) {
	parts, err := f.key(e)
	if err != nil {
		return nil, err
	}
	in := root
	for _, part := range parts[:len(parts)-1] {
		next := in.members[part.name]
		if next == nil {
			next = newTable(part.at)
			in.put(part.name, next)
		}
		if in = f.inside(next); in == nil {
			return nil, f.refuse(part.at, "%s is no table that can be added to", part.name)
		}
	}
	last := parts[len(parts)-1]
	there := in.members[last.name]
	if e.Kind == unstable.ArrayTable {
		if there == nil {
			there = &value{kind: array, tables: true, at: last.at}
			in.put(last.name, there)
		}
		if !there.tables {
			return nil, f.refuse(last.at, "%s is there already (%s) and is no array of tables", last.name, there.at)
		}
		there.items = append(there.items, newTable(last.at))
		return there.items[len(there.items)-1], nil
	}
	if there == nil {
		there = newTable(last.at)
		in.put(last.name, there)
	} else if there.kind != table || there.header || there.closed || there.dotted {
		return nil, f.refuse(last.at, "%s is there already (%s)", last.name, there.at)
	}
	there.header = true
	return there, nil
}

// inside is the table that a part of a key leads into: of an array of tables the last one; nil where it leads into none.
func (f *file) inside(v *value) *value {
	switch {
	case v.tables:
		return v.items[len(v.items)-1]
	case v.kind != table || v.closed:
		return nil
	}
	return v
}

// assign reads a = value, or a.b = value.
func (f *file) assign(in *value, e *unstable.Node) error {
	parts, err := f.key(e)
	if err != nil {
		return err
	}
	for _, part := range parts[:len(parts)-1] {
		next := in.members[part.name]
		if next == nil {
			next = newTable(part.at)
			next.dotted = true
			in.put(part.name, next)
		}
		if next.kind != table || next.closed || next.header {
			return f.refuse(part.at, "%s is there already (%s) and cannot be added to", part.name, next.at)
		}
		in = next
	}
	last := parts[len(parts)-1]
	if there := in.members[last.name]; there != nil {
		return f.refuse(last.at, "%s is given twice (%s)", last.name, there.at)
	}
	v, err := f.value(e.Value(), last.at)
	if err == nil {
		in.put(last.name, v)
	}
	return err
}

// value copies a value of the parser. Its depth was bounded before.
func (f *file) value(n *unstable.Node, at exchange.Position) (*value, error) {
	if err := f.count(1, at); err != nil {
		return nil, err
	}
	v := &value{at: at}
	switch n.Kind {
	case unstable.Array:
		v.kind, v.closed = array, true
		for it := n.Children(); it.Next(); {
			child := it.Node()
			if child.Kind == unstable.Comment {
				f.within = append(f.within, commentText(child))
				continue
			}
			item, err := f.value(child, at)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, item)
		}
	case unstable.InlineTable:
		v.kind, v.members = table, map[string]*value{}
		for it := n.Children(); it.Next(); {
			if child := it.Node(); child.Kind == unstable.KeyValue {
				if err := f.assign(v, child); err != nil {
					return nil, err
				}
			}
		}
		v.close()
	default:
		v.text, v.quoted, v.data = string(n.Data), n.Kind == unstable.String, dataOf(n.Kind)
		if len(v.text) > f.limits.ValueBytes {
			return nil, f.refuse(at, "a value is longer than %d bytes", f.limits.ValueBytes)
		}
	}
	return v, nil
}

// close makes an inline table, with the tables in it that dotted keys have made, one that nothing may be added to.
func (v *value) close() {
	for t := []*value{v}; len(t) > 0; {
		last := t[len(t)-1]
		t = t[:len(t)-1]
		last.closed = true
		for _, m := range last.members {
			if m.kind == table && !m.closed {
				t = append(t, m)
			}
		}
	}
}

func dataOf(kind unstable.Kind) exchange.DataType {
	switch kind {
	case unstable.Bool:
		return exchange.DataBoolean
	case unstable.Integer:
		return exchange.DataInteger
	case unstable.Float:
		return exchange.DataReal
	case unstable.LocalDate, unstable.LocalDateTime, unstable.DateTime:
		return exchange.DataDate
	}
	return ""
}

// bounds refuses text whose brackets nest too deep, since the parser follows them by recursion, or that has too many values
// and comments, since the parser makes them all at once. It reads strings and comments as the parser does, up to the first
// fault of syntax.
func (f *file) bounds() error {
	depth, values := 0, 0
	for i := 0; i < len(f.text); i++ {
		switch f.text[i] {
		case '#':
			values++
			if end := bytes.IndexByte(f.text[i:], '\n'); end >= 0 {
				i += end
			} else {
				i = len(f.text)
			}
		case '"', '\'':
			i = f.endOfString(i)
		case ',', '=':
			values++
		case '[', '{':
			values++
			if depth++; depth > f.limits.Depth {
				return f.refuse(f.position(i), "values are nested more than %d deep", f.limits.Depth)
			}
		case ']', '}':
			depth = max(0, depth-1)
		}
		if values > f.limits.Values {
			return f.refuse(f.position(i), "the file has more than %d values and comments", f.limits.Values)
		}
	}
	return nil
}

// endOfString is the last byte of a string, or of the text.
func (f *file) endOfString(i int) int {
	quote := f.text[i]
	n := 1
	if i+2 < len(f.text) && f.text[i+1] == quote && f.text[i+2] == quote {
		n = 3
	}
	run := 0
	for i += n; i < len(f.text); i++ {
		switch c := f.text[i]; {
		case c == quote:
			if run++; run == n {
				if n == 3 { // up to two more quotes belong to the string
					for k := 0; k < 2 && i+1 < len(f.text) && f.text[i+1] == quote; k++ {
						i++
					}
				}
				return i
			}
		case c == '\\' && quote == '"':
			i++
			run = 0
		case c == '\n' && n == 1:
			return i
		default:
			run = 0
		}
	}
	return len(f.text) - 1
}
