package jsontree

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"iter"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Kind is what a value is.
type Kind uint8

// The kinds of values. Absent is that of the zero Value, which a missing member has.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"nothing", "null", "a truth value", "a number", "a string", "a list", "an object"}

// article is a kind with its article, for messages.
func (k Kind) article() string { return kindNames[k] }

// String makes Kind a fmt.Stringer.
func (k Kind) String() string { return k.article() }

// document is a parsed file. It is not safe for concurrent use.
type document struct {
	file  string
	data  []byte
	nodes []node
	lines []uint32     // offsets of the beginnings of lines, made when needed
	line  int          // index of the line asked for last
	short []string     // strings read before, by hash: names of members and such come again and again
	seed  maphash.Seed // of the hash
}

// Value is one value of a document. The zero Value is absent and holds nothing.
type Value struct {
	document *document
	node     uint32
}

// Kind says what the value is.
func (v Value) Kind() Kind {
	if v.document == nil {
		return Absent
	}
	return v.document.nodes[v.node].kind
}

// Exists says that the value is not absent. Null exists.
func (v Value) Exists() bool { return v.document != nil }

// Empty says that the value is absent, null, an empty string, list or object.
func (v Value) Empty() bool {
	if v.document == nil {
		return true
	}
	n := v.document.nodes[v.node]
	switch n.kind {
	case Null:
		return true
	case String:
		return n.end-n.at == 2
	case Array, Object:
		return n.next == v.node+1
	}
	return false
}

// At is where the value begins.
func (v Value) At() exchange.Position {
	if v.document == nil {
		return exchange.Position{}
	}
	return v.document.position(int(v.document.nodes[v.node].at))
}

// NameAt is where the name of a member begins, given its value as Members and Get deliver it.
func (v Value) NameAt() exchange.Position {
	return Value{v.document, v.node - 1}.At()
}

// Text is a string without its quotes and escapes, a number or truth value as written, and empty for anything else.
func (v Value) Text() string {
	switch v.Kind() {
	case String, Number, Bool:
		return v.document.text(v.node)
	}
	return ""
}

// Bool says that the value is the truth value true.
func (v Value) Bool() bool { return v.Kind() == Bool && v.document.text(v.node) == "true" }

// Members goes through the members of an object in the order of the file; of anything else there are none.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != Object {
			return
		}
		d := v.document
		for i := v.node + 1; i < d.nodes[v.node].next; i = d.nodes[i+1].next {
			if !yield(d.text(i), Value{d, i + 1}) {
				return
			}
		}
	}
}

// Elements goes through the elements of an array; of anything else there are none.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != Array {
			return
		}
		d := v.document
		for i := v.node + 1; i < d.nodes[v.node].next; i = d.nodes[i].next {
			if !yield(Value{d, i}) {
				return
			}
		}
	}
}

// Len is the number of members or elements.
func (v Value) Len() int {
	n := 0
	switch v.Kind() {
	case Object:
		d := v.document
		for i := v.node + 1; i < d.nodes[v.node].next; i = d.nodes[i+1].next {
			n++
		}
	case Array:
		for range v.Elements() {
			n++
		}
	}
	return n
}

// Get is the member of an object with a name, absent where there is none. It takes time in proportion to the members.
func (v Value) Get(name string) Value {
	if v.Kind() != Object {
		return Value{}
	}
	d := v.document
	for i := v.node + 1; i < d.nodes[v.node].next; i = d.nodes[i+1].next {
		if string(d.raw(i)) == name {
			return Value{d, i + 1}
		}
	}
	return Value{}
}

// Strings are the texts of the elements of an array of scalars, or the text of a scalar as the only one; ok is false
// for anything else.
func (v Value) Strings() (texts []string, ok bool) {
	switch v.Kind() {
	case String, Number, Bool:
		return []string{v.Text()}, true
	case Array:
		for e := range v.Elements() {
			if k := e.Kind(); k == Array || k == Object || k == Null {
				return nil, false
			}
			texts = append(texts, e.Text())
		}
		return texts, true
	}
	return nil, false
}

// JSON is the value as JSON without blanks, its strings with as few escapes as can be. Parsed again and written again it
// is the same.
func (v Value) JSON() string {
	if v.document == nil {
		return ""
	}
	d := v.document
	end := d.nodes[v.node].next
	out := make([]byte, 0, d.nodes[v.node].end-d.nodes[v.node].at)
	var open []uint32 // indexes of containers, each written up to their first value
	for i := v.node; i < end; i++ {
		for len(open) > 0 && d.nodes[open[len(open)-1]].next <= i {
			out = append(out, closing(d.nodes[open[len(open)-1]].kind))
			open = open[:len(open)-1]
		}
		out = d.separate(out)
		n := d.nodes[i]
		switch n.kind {
		case Array:
			out = append(out, '[')
			open = append(open, i)
		case Object:
			out = append(out, '{')
			open = append(open, i)
		case String:
			out = AppendString(out, d.text(i))
		default:
			out = append(out, d.data[n.at:n.end]...)
		}
		if n.kind == String && len(open) > 0 && d.isName(open[len(open)-1], i) {
			out = append(out, ':')
		}
	}
	for _, container := range slices.Backward(open) {
		out = append(out, closing(d.nodes[container].kind))
	}
	return string(out)
}

func closing(k Kind) byte {
	if k == Object {
		return '}'
	}
	return ']'
}

// separate puts a comma behind a value that another follows.
func (d *document) separate(out []byte) []byte {
	if len(out) == 0 {
		return out
	}
	switch out[len(out)-1] {
	case '[', '{', ':':
		return out
	}
	return append(out, ',')
}

// isName says that a string directly in an object is the name of a member: a colon stands behind it.
func (d *document) isName(container, i uint32) bool {
	if d.nodes[container].kind != Object {
		return false
	}
	rest := bytes.TrimLeft(d.data[d.nodes[i].end:], " \t\r\n")
	return len(rest) > 0 && rest[0] == ':'
}

// raw is a string without its quotes; escapes are resolved.
func (d *document) raw(i uint32) []byte {
	n := d.nodes[i]
	inner := d.data[n.at+1 : n.end-1]
	if n.escaped {
		return unescape(inner)
	}
	return inner
}

// text is a scalar as text. Short strings are shared.
func (d *document) text(i uint32) string {
	n := d.nodes[i]
	raw := d.data[n.at:n.end]
	if n.kind == String {
		raw = d.raw(i)
	}
	if len(raw) > shortBytes {
		return string(raw)
	}
	if d.short == nil {
		d.short, d.seed = make([]string, shortStrings), maphash.MakeSeed()
	}
	known := &d.short[maphash.Bytes(d.seed, raw)%shortStrings]
	if *known != string(raw) {
		*known = string(raw)
	}
	return *known
}

// Strings up to shortBytes long are shared where the hash lets them.
const (
	shortBytes   = 32
	shortStrings = 512
)

// unescape resolves escapes that the scanner has found to be right.
func unescape(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for {
		at := bytes.IndexByte(raw, '\\')
		if at < 0 {
			return append(out, raw...)
		}
		out = append(out, raw[:at]...)
		raw = raw[at:]
		if raw[1] != 'u' {
			out = append(out, unescaped[raw[1]])
			raw = raw[2:]
			continue
		}
		r, _ := hex4(raw[2:])
		raw = raw[6:]
		if utf16.IsSurrogate(r) {
			low, _ := hex4(raw[2:])
			r = utf16.DecodeRune(r, low)
			raw = raw[6:]
		}
		out = utf8.AppendRune(out, r)
	}
}

var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// AppendString appends a string as JSON, with the escapes that are needed and no others (RFC 8785, 3.2.2.2). What is not
// UTF-8 becomes the replacement character.
func AppendString(out []byte, s string) []byte {
	out = append(out, '"')
	for len(s) > 0 {
		n := 0
		for n < len(s) && plain[s[n]] && s[n] < utf8.RuneSelf {
			n++
		}
		out = append(out, s[:n]...)
		s = s[n:]
		if s == "" {
			break
		}
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch r {
		case '"', '\\':
			out = append(out, '\\', byte(r))
		case '\b':
			out = append(out, `\b`...)
		case '\f':
			out = append(out, `\f`...)
		case '\n':
			out = append(out, `\n`...)
		case '\r':
			out = append(out, `\r`...)
		case '\t':
			out = append(out, `\t`...)
		default:
			if r < 0x20 {
				out = fmt.Appendf(out, `\u%04x`, r)
			} else {
				out = utf8.AppendRune(out, r)
			}
		}
	}
	return append(out, '"')
}

// IsNumber says that a text is a number as JSON writes it, such as 3, -0.5 or 1e9.
func IsNumber(text string) bool {
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	s := &scanner{document: &document{data: []byte(text)}, limits: Limits{Values: 1, StringBytes: len(text)}}
	return s.number() == nil && s.at == len(text)
}

// IsInteger says that a text is a number without fraction and exponent.
func IsInteger(text string) bool {
	if !IsNumber(text) {
		return false
	}
	for _, c := range text[1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != "-"
}

// position is the place of an offset: lines from 1, columns in bytes from 1.
func (d *document) position(at int) exchange.Position {
	if d.lines == nil {
		d.lines = append(make([]uint32, 0, 1+bytes.Count(d.data, []byte("\n"))), 0)
		for from := 0; ; {
			n := bytes.IndexByte(d.data[from:], '\n')
			if n < 0 {
				break
			}
			from += n + 1
			d.lines = append(d.lines, uint32(from))
		}
	}
	line := d.line
	if !d.onLine(line, at) {
		if line++; !d.onLine(line, at) {
			found, exact := slices.BinarySearch(d.lines, uint32(at))
			line = found
			if !exact {
				line--
			}
		}
	}
	d.line = line
	return exchange.Position{File: d.file, Line: line + 1, Column: at - int(d.lines[line]) + 1}
}

func (d *document) onLine(line, at int) bool {
	return line < len(d.lines) && int(d.lines[line]) <= at && (line+1 == len(d.lines) || at < int(d.lines[line+1]))
}

// Int is a number without fraction; ok is false for anything else and for what an int cannot hold.
func (v Value) Int() (n int, ok bool) {
	if v.Kind() != Number {
		return 0, false
	}
	n, err := strconv.Atoi(v.Text())
	return n, err == nil
}
