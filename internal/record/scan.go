package record

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// scanOperation reads the operations that ledgers are full of, in canonical form, in one pass: an item and a link. It reports
// false for everything else and everything that is not canonical; DecodeOperation then says what it is, or what is wrong.
// What it takes is what DecodeOperation would take, which the tests hold.
func scanOperation(b []byte) (Operation, bool) {
	switch {
	case hasPrefix(b, `{"fields":{`):
		return scanPut(b)
	case hasPrefix(b, `{"confirmed":["`):
		return scanLink(b)
	}
	return nil, false
}

func hasPrefix(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && string(b[:len(prefix)]) == prefix
}

func scanPut(b []byte) (Operation, bool) {
	s := scanner{b: b}
	var it Item
	s.expect(`{"fields":{`)
	it.Fields = s.fields()
	s.expect(`,"files":{`)
	it.Files = s.files()
	s.expect(`,"id":`)
	it.ID = s.id()
	s.expect(`,"key":`)
	it.Key = Key(s.str())
	s.expect(`,"kind":`)
	it.Kind = Kind(s.str())
	s.expect(`,"language":`)
	it.Language = s.str()
	s.expect(`,"op":"put","text":`)
	it.Text = s.str()
	s.expect(`,"title":`)
	it.Title = s.str()
	s.expect(`}`)
	return PutItem{Item: it}, s.done()
}

func scanLink(b []byte) (Operation, bool) {
	s := scanner{b: b}
	var l Link
	s.expect(`{"confirmed":[`)
	l.Confirmed.Source = s.content()
	s.expect(`,`)
	l.Confirmed.Target = s.content()
	s.expect(`],"op":"link","ref":`)
	l.Ref = Ref(s.str())
	s.expect(`,"source":`)
	l.Source = s.id()
	s.expect(`,"target":`)
	if !s.next(`""`) {
		l.Target = s.id()
		s.failed = s.failed || l.Target.IsZero()
	}
	s.expect(`,"verb":`)
	l.Verb = Verb(s.str())
	s.expect(`}`)
	return AddLink{l}, s.done()
}

// scanner reads canonical JSON [RFC 8785]. After the first deviation it fails and reads nothing more.
type scanner struct {
	b      []byte
	i      int
	failed bool
}

func (s *scanner) done() bool { return !s.failed && s.i == len(s.b) && utf8.Valid(s.b) }

// next takes a text, if it comes next.
func (s *scanner) next(text string) bool {
	if s.failed || len(s.b)-s.i < len(text) || string(s.b[s.i:s.i+len(text)]) != text {
		return false
	}
	s.i += len(text)
	return true
}

func (s *scanner) expect(text string) { s.failed = s.failed || !s.next(text) }

// raw takes a string whose characters all stand for themselves, and returns what is between its quotes.
func (s *scanner) raw() []byte {
	s.expect(`"`)
	if s.failed {
		return nil
	}
	for i := s.i; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '"':
			text := s.b[s.i:i]
			s.i = i + 1
			return text
		case !plain[c]:
			s.failed = true
			return nil
		}
	}
	s.failed = true
	return nil
}

// str takes a string.
func (s *scanner) str() string {
	if !s.next(`"`) {
		s.failed = true
		return ""
	}
	for i := s.i; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '"':
			text := string(s.b[s.i:i])
			s.i = i + 1
			return text
		case !plain[c]:
			return s.escaped(i)
		}
	}
	s.failed = true
	return ""
}

// escaped takes the rest of a string with escapes, the first of which is at i.
func (s *scanner) escaped(i int) string {
	var out strings.Builder
	out.Grow(len(s.b[s.i:i]) + 64)
	out.Write(s.b[s.i:i])
	for i < len(s.b) {
		c := s.b[i]
		switch {
		case c == '"':
			s.i = i + 1
			return out.String()
		case c == '\\':
			char, n := unescape(s.b[i:])
			if n == 0 {
				s.failed = true
				return ""
			}
			out.WriteByte(char)
			i += n
			continue
		case c < 0x20:
			s.failed = true
			return ""
		}
		from := i
		for i < len(s.b) && plain[s.b[i]] {
			i++
		}
		out.Write(s.b[from:i])
	}
	s.failed = true
	return ""
}

// unescape is the character of an escape as appendEscaped writes it, and its length; 0 for any other.
func unescape(b []byte) (char byte, n int) {
	if len(b) < 2 {
		return 0, 0
	}
	if i := strings.IndexByte(`"\btnfr`, b[1]); i >= 0 {
		return "\"\\\b\t\n\f\r"[i], 2
	}
	if len(b) < 6 || string(b[1:4]) != "u00" {
		return 0, 0
	}
	high, low := fromHex(b[4]), fromHex(b[5])
	if high > 1 || low > 15 || strings.IndexByte("\b\t\n\f\r", high<<4|low) >= 0 {
		return 0, 0
	}
	return high<<4 | low, 6
}

func (s *scanner) id() ID {
	id, ok := parseID(s.raw())
	s.failed = s.failed || !ok
	return id
}

// content takes a content hash.
func (s *scanner) content() Hash {
	text := s.raw()
	if len(text) == 1 && text[0] == '-' {
		return Hash{}
	}
	if !hasPrefix(text, ContentScheme) {
		s.failed = true
		return Hash{}
	}
	h := s.digits(text[len(ContentScheme):])
	s.failed = s.failed || h.IsZero() // that is written as a dash
	return h
}

func (s *scanner) digits(text []byte) (h Hash) {
	if len(text) != 2*len(h) {
		s.failed = true
		return h
	}
	for i := range h {
		high, low := fromHex(text[2*i]), fromHex(text[2*i+1])
		s.failed = s.failed || high > 15 || low > 15
		h[i] = high<<4 | low
	}
	return h
}

// members takes the members of an object behind its brace, in their order, each name once.
func (s *scanner) members(each func(name string)) {
	last := ""
	for n := 0; !s.failed && !s.next(`}`); n++ {
		if n > 0 {
			s.expect(`,`)
		}
		name := s.str()
		s.failed = s.failed || n > 0 && compareUTF16(last, name) >= 0
		s.expect(`:`)
		each(name)
		last = name
	}
}

func (s *scanner) fields() (fields []Field) {
	s.members(func(name string) {
		f := Field{Name: name}
		if f.Many = s.next(`[`); f.Many {
			f.Values = s.list()
		} else {
			f.Values = []string{s.str()}
		}
		fields = append(fields, f)
	})
	return slices.Clip(fields)
}

// list takes the strings of an array behind its bracket.
func (s *scanner) list() []string {
	values := []string{}
	for n := 0; !s.failed && !s.next(`]`); n++ {
		if n > 0 {
			s.expect(`,`)
		}
		values = append(values, s.str())
	}
	return values
}

func (s *scanner) files() (files []File) {
	s.members(func(name string) { files = append(files, File{name, s.digits(s.raw())}) })
	return files
}
