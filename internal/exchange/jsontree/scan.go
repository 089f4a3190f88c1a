package jsontree

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"unicode/utf8"
)

// node is one value, or one name of an object, whose value is the node behind it. Values lie in the order in which they
// are written, containers before what they hold.
type node struct {
	at      uint32 // offset of the first byte
	end     uint32 // behind the last byte
	next    uint32 // index of the node behind this one and all it holds
	kind    Kind
	escaped bool // a string with escapes
}

// scanner goes through the bytes once, without recursion.
type scanner struct {
	*document
	limits Limits
	at     int
	open   []uint32 // containers around at
	names  nameSet
}

const syntaxRemedy = "mend the JSON, or have the tool write the file again"

func (s *scanner) scan() *Error {
	s.nodes = make([]node, 0, s.expected())
	s.space()
	for {
		if err := s.value(); err != nil {
			return err
		}
		done, err := s.behind()
		if err != nil {
			return err
		}
		if done {
			return nil
		}
	}
}

// expected is how many nodes the data can have, or the limit: each but the first stands behind one of these signs.
func (s *scanner) expected() int {
	n := 1
	for _, sign := range []string{",", ":", "[", "{"} {
		n += bytes.Count(s.data, []byte(sign))
	}
	return min(n, s.limits.Values, len(s.data)/2+1)
}

func (s *scanner) fail(at int, message string) *Error {
	return &Error{s.position(at), message, syntaxRemedy}
}

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\n', '\r', '\t':
			s.at++
		default:
			return
		}
	}
}

// add appends a node; where there are too many it reports false.
func (s *scanner) add(n node) *Error {
	if len(s.nodes) >= s.limits.Values {
		return &Error{s.position(int(n.at)), fmt.Sprintf("the file holds more than %d values", s.limits.Values), "split it into several files"}
	}
	n.next = uint32(len(s.nodes) + 1)
	s.nodes = append(s.nodes, n)
	return nil
}

// value reads one scalar, or the beginning of a container up to where its first value begins.
func (s *scanner) value() *Error {
	for {
		if s.at >= len(s.data) {
			return s.fail(s.at, "the file ends where a value is expected")
		}
		c := s.data[s.at]
		switch {
		case c == '"':
			return s.string()
		case c == '{' || c == '[':
			empty, err := s.container(c)
			if err != nil || empty {
				return err
			}
		case c == '-' || '0' <= c && c <= '9':
			return s.number()
		default:
			return s.literal()
		}
	}
}

// container begins an object or array. Where it is empty it is closed at once, else at stands on its first value.
func (s *scanner) container(c byte) (empty bool, err *Error) {
	kind, closing := Array, byte(']')
	if c == '{' {
		kind, closing = Object, '}'
	}
	if len(s.open) >= s.limits.Depth {
		return false, &Error{s.position(s.at), fmt.Sprintf("values are nested more than %d deep", s.limits.Depth), "simplify the file"}
	}
	if err := s.add(node{at: uint32(s.at), kind: kind}); err != nil {
		return false, err
	}
	s.at++
	s.space()
	if s.at < len(s.data) && s.data[s.at] == closing {
		s.at++
		s.nodes[len(s.nodes)-1].end = uint32(s.at)
		return true, nil
	}
	s.open = append(s.open, uint32(len(s.nodes)-1))
	if kind == Object {
		return false, s.name()
	}
	return false, nil
}

// name reads a name of an object and the colon behind it.
func (s *scanner) name() *Error {
	if s.at >= len(s.data) || s.data[s.at] != '"' {
		return s.fail(s.at, "the name of a member is expected, in double quotes")
	}
	if err := s.string(); err != nil {
		return err
	}
	s.space()
	if s.at >= len(s.data) || s.data[s.at] != ':' {
		return s.fail(s.at, "a colon is expected behind the name of a member")
	}
	s.at++
	s.space()
	return nil
}

// behind goes from the end of a value to the beginning of the next, closing containers on the way; done at the end.
func (s *scanner) behind() (done bool, err *Error) {
	for {
		s.space()
		if len(s.open) == 0 {
			if s.at < len(s.data) {
				return false, s.fail(s.at, "something stands behind the end of the JSON value")
			}
			return true, nil
		}
		container := s.open[len(s.open)-1]
		kind := s.nodes[container].kind
		if s.at >= len(s.data) {
			return false, s.fail(s.at, "the file ends within "+kind.article())
		}
		c := s.data[s.at]
		s.at++
		switch {
		case c == ',':
			s.space()
			if kind == Object {
				return false, s.name()
			}
			return false, nil
		case c == '}' && kind == Object:
			if err := s.duplicates(container); err != nil {
				return false, err
			}
			s.close(container)
		case c == ']' && kind == Array:
			s.close(container)
		default:
			return false, s.fail(s.at-1, fmt.Sprintf("a comma or the end of %s is expected", kind.article()))
		}
	}
}

func (s *scanner) close(container uint32) {
	n := &s.nodes[container]
	n.end, n.next = uint32(s.at), uint32(len(s.nodes))
	s.open = s.open[:len(s.open)-1]
}

// plain are the bytes that stand in a string as they are.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x20 && c != '"' && c != '\\'
	}
	return t
}()

func (s *scanner) string() *Error {
	begin := s.at
	escaped := false
	at := s.at + 1
	for {
		for at < len(s.data) && plain[s.data[at]] {
			at++
		}
		if at-begin > s.limits.StringBytes {
			return &Error{s.position(begin), fmt.Sprintf("a string is longer than %d bytes", s.limits.StringBytes), "shorten it, or keep it in a file of its own"}
		}
		if at >= len(s.data) {
			return s.fail(begin, "a string has no end")
		}
		switch s.data[at] {
		case '"':
			s.at = at + 1
			return s.add(node{at: uint32(begin), end: uint32(at + 1), kind: String, escaped: escaped})
		case '\\':
			escaped = true
			n, message := escape(s.data[at:])
			if message != "" {
				return s.fail(at, message)
			}
			at += n
		default:
			return s.fail(at, fmt.Sprintf("the control character %#x stands in a string without an escape", s.data[at]))
		}
	}
}

// escape is the length of the escape at the beginning of data, or what is wrong with it.
func escape(data []byte) (length int, message string) {
	if len(data) < 2 {
		return 0, "a string has no end"
	}
	switch data[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, ""
	case 'u':
	default:
		return 0, `a backslash in a string is followed by none of "\/bfnrtu`
	}
	r, ok := hex4(data[2:])
	switch {
	case !ok:
		return 0, `\u is not followed by four hexadecimal digits`
	case r == 0:
		return 0, "a string holds the character NUL"
	case r < 0xd800 || r > 0xdfff:
		return 6, ""
	case r < 0xdc00 && len(data) >= 12 && data[6] == '\\' && data[7] == 'u':
		if low, ok := hex4(data[8:]); ok && low >= 0xdc00 && low <= 0xdfff {
			return 12, ""
		}
	}
	return 0, fmt.Sprintf(`\u%s is half of a surrogate pair, which is no character`, data[2:6])
}

func hex4(data []byte) (rune, bool) {
	if len(data) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range data[:4] {
		r <<= 4
		switch {
		case '0' <= c && c <= '9':
			r |= rune(c - '0')
		case 'a' <= c && c <= 'f':
			r |= rune(c-'a') + 10
		case 'A' <= c && c <= 'F':
			r |= rune(c-'A') + 10
		default:
			return 0, false
		}
	}
	return r, true
}

func (s *scanner) number() *Error {
	begin := s.at
	at := s.at
	digits := func() bool {
		first := at
		for at < len(s.data) && '0' <= s.data[at] && s.data[at] <= '9' {
			at++
		}
		return at > first
	}
	sign := func(signs string) bool {
		if at < len(s.data) && bytes.IndexByte([]byte(signs), s.data[at]) >= 0 {
			at++
			return true
		}
		return false
	}
	sign("-")
	ok := sign("0") || digits()
	if ok && sign(".") {
		ok = digits()
	}
	if ok && sign("eE") {
		sign("+-")
		ok = digits()
	}
	switch {
	case !ok || at < len(s.data) && wordByte(s.data[at]):
		return s.fail(begin, "this is no number as JSON writes it")
	case at-begin > s.limits.StringBytes:
		return s.fail(begin, fmt.Sprintf("a number is longer than %d bytes", s.limits.StringBytes))
	}
	s.at = at
	return s.add(node{at: uint32(begin), end: uint32(at), kind: Number})
}

func wordByte(c byte) bool {
	return c == '.' || c == '_' || c == '+' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
}

func (s *scanner) literal() *Error {
	end := s.at
	for end < len(s.data) && wordByte(s.data[end]) && end-s.at < 20 {
		end++
	}
	word := string(s.data[s.at:end])
	kind := Null
	switch word {
	case "null":
	case "true", "false":
		kind = Bool
	case "NaN", "Infinity", "-Infinity":
		return s.fail(s.at, word+" is no value of JSON")
	case "":
		r, _ := utf8.DecodeRune(s.data[s.at:])
		return s.fail(s.at, fmt.Sprintf("a value is expected, not %q", r))
	default:
		return s.fail(s.at, fmt.Sprintf("a value is expected, not %q", word))
	}
	begin := s.at
	s.at = end
	return s.add(node{at: uint32(begin), end: uint32(end), kind: kind})
}

// duplicates refuses an object that has a name twice.
func (s *scanner) duplicates(object uint32) *Error {
	first, end := object+1, uint32(len(s.nodes))
	count := 0
	for i := first; i < end && count <= 1; i = s.nodes[i+1].next {
		count++
	}
	if count <= 1 {
		return nil
	}
	s.names.reset(int(end-first) / 2)
	for i := first; i < end; i = s.nodes[i+1].next {
		if other, twice := s.names.add(s.document, i); twice {
			return &Error{s.position(int(s.nodes[i].at)), fmt.Sprintf("the name %q is given twice in one object, first in line %d", s.text(i), s.position(int(s.nodes[other].at)).Line),
				"keep one of the two: programs differ in which they take"}
		}
	}
	return nil
}

// nameSet finds equal names of one object; it is a hash table of indexes of nodes, used for one object after the other.
type nameSet struct {
	seed  maphash.Seed
	table []uint32 // 0 is free: node 0 is never a name
	mask  uint64
}

// reset makes room for n names.
func (t *nameSet) reset(n int) {
	size := 16
	for size < 2*n {
		size *= 2
	}
	if len(t.table) == 0 {
		t.seed = maphash.MakeSeed()
	}
	if cap(t.table) < size {
		t.table = make([]uint32, size)
	}
	t.table = t.table[:size]
	clear(t.table)
	t.mask = uint64(size - 1)
}

func (t *nameSet) add(d *document, i uint32) (other uint32, twice bool) {
	name := d.raw(i)
	for slot := maphash.Bytes(t.seed, name) & t.mask; ; slot = (slot + 1) & t.mask {
		other := t.table[slot]
		if other == 0 {
			t.table[slot] = i
			return 0, false
		}
		if bytes.Equal(d.raw(other), name) {
			return other, true
		}
	}
}
