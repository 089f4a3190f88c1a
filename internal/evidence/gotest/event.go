package gotest

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// event is one line of test2json. Bytes point into the line or into the scanner's buffer.
type event struct {
	action      string
	pack        string
	test        string
	output      string
	importPath  string
	failedBuild string
	key, value  string // of an attribute
	path        string // of artifacts
	time        string
	elapsed     float64 // seconds
}

// scanner reads one JSON object of strings, numbers and literals. Unlike encoding/json it takes names as they are
// (no folding of case) and is several times faster; what it does not understand is no event.
type scanner struct {
	line   []byte
	at     int
	buffer []byte
	names  map[string]string // texts seen before, so that they are held once
}

// scan reads the event of a line.
func (s *scanner) scan(line []byte) (e event, ok bool) {
	s.line, s.at = line, 0
	if !s.take('{') {
		return e, false
	}
	if s.take('}') {
		return e, s.end()
	}
	for {
		name, ok := s.text()
		if !ok || !s.take(':') || !s.field(&e, string(name)) {
			return e, false
		}
		if s.take('}') {
			return e, s.end()
		}
		if !s.take(',') {
			return e, false
		}
	}
}

func (s *scanner) field(e *event, name string) bool {
	s.blanks()
	if s.at < len(s.line) && s.line[s.at] != '"' {
		literal := s.literal()
		if name == "Elapsed" {
			elapsed, err := strconv.ParseFloat(literal, 64)
			e.elapsed = elapsed
			return err == nil
		}
		return literal == "true" || literal == "false" || literal == "null" || isNumber(literal)
	}
	text, ok := s.text()
	if !ok {
		return false
	}
	switch name {
	case "Action":
		e.action = s.intern(text)
	case "Package":
		e.pack = s.intern(text)
	case "Test":
		e.test = s.intern(text)
	case "Output":
		e.output = string(text)
	case "ImportPath":
		e.importPath = s.intern(text)
	case "FailedBuild":
		e.failedBuild = s.intern(text)
	case "Key":
		e.key = s.intern(text)
	case "Value":
		e.value = string(text)
	case "Path":
		e.path = string(text)
	case "Time":
		if e.time == "" {
			e.time = string(text)
		}
	}
	return true
}

// intern holds short texts once. The map is bounded: past its size texts are plain copies.
func (s *scanner) intern(text []byte) string {
	if known, ok := s.names[string(text)]; ok {
		return known
	}
	name := string(text)
	if len(s.names) < 1<<16 && len(name) <= 256 {
		s.names[name] = name
	}
	return name
}

func (s *scanner) blanks() {
	for s.at < len(s.line) {
		switch s.line[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) take(c byte) bool {
	s.blanks()
	if s.at < len(s.line) && s.line[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) end() bool {
	s.blanks()
	return s.at == len(s.line)
}

func (s *scanner) literal() string {
	begin := s.at
	for s.at < len(s.line) {
		switch c := s.line[s.at]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c == '-', c == '+', c == '.', c == 'E':
			s.at++
		default:
			return string(s.line[begin:s.at])
		}
	}
	return string(s.line[begin:s.at])
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// text reads a JSON string. The bytes are valid until the next call.
func (s *scanner) text() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	begin := s.at
	for s.at < len(s.line) {
		switch c := s.line[s.at]; {
		case c == '"':
			text := s.line[begin:s.at]
			s.at++
			return text, utf8.Valid(text)
		case c == '\\':
			return s.escaped(begin)
		case c < ' ':
			return nil, false
		}
		s.at++
	}
	return nil, false
}

// escaped goes on with a string at its first escape.
func (s *scanner) escaped(begin int) ([]byte, bool) {
	s.buffer = append(s.buffer[:0], s.line[begin:s.at]...)
	for s.at < len(s.line) {
		c := s.line[s.at]
		s.at++
		switch {
		case c == '"':
			return s.buffer, utf8.Valid(s.buffer)
		case c < ' ':
			return nil, false
		case c != '\\':
			s.buffer = append(s.buffer, c)
		default:
			if !s.escape() {
				return nil, false
			}
		}
	}
	return nil, false
}

var plainEscapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *scanner) escape() bool {
	if s.at >= len(s.line) {
		return false
	}
	c := s.line[s.at]
	s.at++
	if c != 'u' {
		s.buffer = append(s.buffer, plainEscapes[c])
		return plainEscapes[c] != 0
	}
	r, ok := s.hex()
	if !ok {
		return false
	}
	if utf16.IsSurrogate(r) {
		mark := s.at
		low := rune(0)
		if s.at+1 < len(s.line) && s.line[s.at] == '\\' && s.line[s.at+1] == 'u' {
			s.at += 2
			if low, ok = s.hex(); !ok {
				return false
			}
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			s.at = mark
		}
	}
	s.buffer = utf8.AppendRune(s.buffer, r)
	return true
}

func (s *scanner) hex() (rune, bool) {
	if s.at+4 > len(s.line) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.line[s.at:s.at+4]), 16, 16)
	s.at += 4
	return rune(n), err == nil
}
