// Package xmlscan reads XML out of memory, token by token, for formats that are large and may mean harm. It is strict about
// what is well-formed (XML 1.0, fifth edition), keeps offsets so that elements can be copied out as they stand, and allocates
// only where text has to be changed. Document types are refused, and with them all entities but those that XML has itself.
// Depth and sizes have limits.
package xmlscan

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// Kind tells tokens apart.
type Kind int

// The kinds of tokens. Comments and processing instructions, of which the XML declaration is one, are passed over unless
// Options.Asides asks for them.
const (
	Start Kind = iota + 1
	End
	Text
	Comment
	Instruction
)

// Name is a name as written: prefix and local part.
type Name struct{ Prefix, Local string }

// Attr is an attribute; its value is as XML normalises it.
type Attr struct {
	Name
	Value string
}

// Options are the limits of a scan.
type Options struct {
	MaxDepth int // of elements; 0 for 256
	MaxValue int // bytes of one attribute or one run of text; 0 for 16 MiB
	MaxAttrs int // of one element; 0 for 1024
	// AllowDoctype passes over a document type without an internal subset; nothing is fetched. Else any is refused.
	AllowDoctype bool
	Asides       bool // comments and processing instructions are tokens
}

// Error is what is wrong, and where.
type Error struct {
	Line, Column int // from 1; the column in bytes
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Scanner holds one reading. Its strings refer to the data, which must not change.
type Scanner struct {
	Kind  Kind
	Name  Name
	Attrs []Attr // of a Start; overwritten by the next token
	Text  string // of a Text, and what stands within a Comment or Instruction
	// Offset and EndOffset say where the token stands in Data.
	Offset, EndOffset int
	// Declared is the encoding that the XML declaration names, as written; Transcoded says that the data is not what was
	// given: it was in that encoding.
	Declared   string
	Transcoded bool
	// Warning says that the declared encoding is not the one the data is in.
	Warning string

	data    []byte
	pos     int
	options Options
	open    []string // raw names of open elements
	pending bool     // an End for an element without content
	rooted  bool
	err     error
	names   map[string]Name
	lineAt  int // offset up to which lines are counted
	line    int
	lineBeg int
}

// New begins a scan. The data is UTF-8, or UTF-16 with a byte order mark, or in the encoding that it declares: UTF-8,
// US-ASCII, ISO-8859-1, windows-1252.
func New(data []byte, options Options) (*Scanner, error) {
	if options.MaxDepth == 0 {
		options.MaxDepth = 256
	}
	if options.MaxValue == 0 {
		options.MaxValue = 16 << 20
	}
	if options.MaxAttrs == 0 {
		options.MaxAttrs = 1024
	}
	s := &Scanner{options: options, names: map[string]Name{}, line: 1}
	if err := s.decode(data); err != nil {
		return nil, err
	}
	return s, nil
}

// Data is the whole text in UTF-8, to which offsets refer.
func (s *Scanner) Data() []byte { return s.data }

// Err is the error that ended the scan; nil at its proper end.
func (s *Scanner) Err() error { return s.err }

// Depth is the number of open elements, the one at hand included.
func (s *Scanner) Depth() int { return len(s.open) }

// Position is the line and column of an offset. It is quick for offsets that grow.
func (s *Scanner) Position(offset int) (line, column int) {
	if offset < s.lineAt {
		s.lineAt, s.line, s.lineBeg = 0, 1, 0
	}
	for {
		i := bytes.IndexByte(s.data[s.lineAt:offset], '\n')
		if i < 0 {
			s.lineAt = offset
			break
		}
		s.lineAt += i + 1
		s.line++
		s.lineBeg = s.lineAt
	}
	return s.line, offset - s.lineBeg + 1
}

// Attr returns the value of an attribute by its local name, "" where there is none.
func (s *Scanner) Attr(local string) string {
	for i := range s.Attrs {
		if s.Attrs[i].Local == local {
			return s.Attrs[i].Value
		}
	}
	return ""
}

func (s *Scanner) fail(offset int, format string, args ...any) bool {
	if s.err == nil {
		line, column := s.Position(min(offset, len(s.data)))
		s.err = &Error{line, column, fmt.Sprintf(format, args...)}
	}
	return false
}

// Next reads the next token; false at the end and at an error.
func (s *Scanner) Next() bool {
	if s.err != nil {
		return false
	}
	if s.pending {
		s.pending = false
		s.Kind, s.Attrs = End, nil
		s.open = s.open[:len(s.open)-1]
		return true
	}
	for {
		if s.pos >= len(s.data) {
			switch {
			case len(s.open) > 0:
				return s.fail(s.pos, "the file ends within <%s>", s.open[len(s.open)-1])
			case !s.rooted:
				return s.fail(s.pos, "there is no element")
			}
			return false
		}
		if s.data[s.pos] != '<' {
			if s.text() {
				return true
			}
			if s.err != nil {
				return false
			}
			continue
		}
		rest := s.data[s.pos:]
		switch {
		case len(rest) > 1 && rest[1] == '/':
			return s.end()
		case len(rest) > 1 && rest[1] == '?':
			i := bytes.Index(rest[2:], []byte("?>"))
			if i < 0 {
				return s.fail(s.pos, "a processing instruction is not closed")
			}
			if s.aside(Instruction, rest[2:2+i], i+4) {
				return true
			}
		case bytes.HasPrefix(rest, []byte("<!--")):
			i := bytes.Index(rest[4:], []byte("-->"))
			if i < 0 {
				return s.fail(s.pos, "a comment is not closed")
			}
			if s.aside(Comment, rest[4:4+i], i+7) {
				return true
			}
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			if len(s.open) == 0 {
				return s.fail(s.pos, "text outside of the root element")
			}
			i := bytes.Index(rest, []byte("]]>"))
			if i < 0 {
				return s.fail(s.pos, "a CDATA section is not closed")
			}
			if i-9 > s.options.MaxValue {
				return s.fail(s.pos, "a text of more than %d bytes", s.options.MaxValue)
			}
			s.Kind, s.Text, s.Offset, s.EndOffset = Text, lines(str(rest[9:i])), s.pos, s.pos+i+3
			s.pos += i + 3
			return true
		case bytes.HasPrefix(rest, []byte("<!")):
			if !s.doctype(rest) {
				return false
			}
		default:
			return s.start()
		}
	}
}

// aside goes behind a comment or an instruction of n bytes, which is a token where those are asked for.
func (s *Scanner) aside(kind Kind, inside []byte, n int) bool {
	if s.options.Asides {
		s.Kind, s.Text, s.Attrs, s.Offset, s.EndOffset = kind, lines(str(inside)), nil, s.pos, s.pos+n
	}
	s.pos += n
	return s.options.Asides
}

func (s *Scanner) doctype(rest []byte) bool {
	if !bytes.HasPrefix(rest, []byte("<!DOCTYPE")) {
		return s.fail(s.pos, "a declaration that does not belong here")
	}
	i := bytes.IndexAny(rest, "[>")
	if !s.options.AllowDoctype || s.rooted || i < 0 || rest[i] == '[' {
		return s.fail(s.pos, "a document type (DOCTYPE) is refused: it can name files and grow without end")
	}
	s.pos += i + 1
	return true
}

// text reads up to the next tag; false where there is only space outside of the root, and at an error.
func (s *Scanner) text() bool {
	n := bytes.IndexByte(s.data[s.pos:], '<')
	if n < 0 {
		n = len(s.data) - s.pos
	}
	raw := s.data[s.pos : s.pos+n]
	at := s.pos
	s.pos += n
	if len(s.open) == 0 {
		if len(bytes.TrimLeft(raw, " \t\r\n")) > 0 {
			return s.fail(at, "text outside of the root element")
		}
		return false
	}
	if len(raw) > s.options.MaxValue {
		return s.fail(at, "a text of more than %d bytes", s.options.MaxValue)
	}
	if i := bytes.Index(raw, []byte("]]>")); i >= 0 {
		return s.fail(at+i, "]]> must not stand in text")
	}
	s.Kind, s.Offset, s.EndOffset = Text, at, s.pos
	s.Text = str(raw)
	if bytes.IndexByte(raw, '&') >= 0 || bytes.IndexByte(raw, '\r') >= 0 {
		text, ok := s.expand(raw, at, false)
		if !ok {
			return false
		}
		s.Text = text
	}
	return true
}

func (s *Scanner) end() bool {
	i := bytes.IndexByte(s.data[s.pos:], '>')
	if i < 0 {
		return s.fail(s.pos, "a closing tag is not closed")
	}
	raw := bytes.TrimRight(s.data[s.pos+2:s.pos+i], " \t\r\n")
	if len(s.open) == 0 {
		return s.fail(s.pos, "</%s> closes nothing", short(raw))
	}
	if last := s.open[len(s.open)-1]; last != string(raw) {
		return s.fail(s.pos, "</%s> stands where </%s> should", short(raw), last)
	}
	s.Kind, s.Name, s.Attrs = End, s.names[str(raw)], nil
	s.Offset, s.EndOffset = s.pos, s.pos+i+1
	s.pos += i + 1
	s.open = s.open[:len(s.open)-1]
	return true
}

func short(b []byte) string {
	if len(b) > 40 {
		return string(b[:40]) + "…"
	}
	return string(b)
}

func (s *Scanner) start() bool {
	if len(s.open) == 0 && s.rooted {
		return s.fail(s.pos, "a second root element")
	}
	if len(s.open) >= s.options.MaxDepth {
		return s.fail(s.pos, "elements more than %d deep", s.options.MaxDepth)
	}
	s.Offset = s.pos
	p := s.pos + 1
	raw, p, ok := s.name(p)
	if !ok {
		return false
	}
	name := s.intern(raw)
	s.Kind, s.Name, s.Attrs = Start, name, s.Attrs[:0]
	for {
		before := p
		p = s.space(p)
		if p >= len(s.data) {
			return s.fail(s.Offset, "the tag <%s is not closed", short(raw))
		}
		switch c := s.data[p]; {
		case c == '>':
			p++
		case c == '/' && p+1 < len(s.data) && s.data[p+1] == '>':
			p += 2
			s.pending = true
		case before == p:
			return s.fail(p, "%q does not belong into the tag <%s>", rune(c), short(raw))
		default:
			if p, ok = s.attribute(p); !ok {
				return false
			}
			continue
		}
		break
	}
	s.rooted = true
	s.open = append(s.open, str(raw))
	s.EndOffset = p
	s.pos = p
	return true
}

func (s *Scanner) attribute(p int) (int, bool) {
	at := p
	raw, p, ok := s.name(p)
	if !ok {
		return p, false
	}
	p = s.space(p)
	if p >= len(s.data) || s.data[p] != '=' {
		return p, s.fail(at, "the attribute %s has no value", short(raw))
	}
	p = s.space(p + 1)
	if p >= len(s.data) || s.data[p] != '"' && s.data[p] != '\'' {
		return p, s.fail(p, "the value of %s does not stand in quotes", short(raw))
	}
	i := bytes.IndexByte(s.data[p+1:], s.data[p])
	if i < 0 {
		return p, s.fail(p, "the value of %s is not closed", short(raw))
	}
	value := s.data[p+1 : p+1+i]
	if len(value) > s.options.MaxValue {
		return p, s.fail(p, "the value of %s has more than %d bytes", short(raw), s.options.MaxValue)
	}
	if j := bytes.IndexByte(value, '<'); j >= 0 {
		return p, s.fail(p+1+j, "< must not stand in the value of %s", short(raw))
	}
	name := s.intern(raw)
	for _, a := range s.Attrs {
		if a.Name == name {
			return p, s.fail(at, "the attribute %s is there twice", short(raw))
		}
	}
	if len(s.Attrs) >= s.options.MaxAttrs {
		return p, s.fail(at, "more than %d attributes", s.options.MaxAttrs)
	}
	text := str(value)
	if bytes.ContainsAny(value, "&\t\r\n") {
		if text, ok = s.expand(value, p+1, true); !ok {
			return p, false
		}
	}
	s.Attrs = append(s.Attrs, Attr{name, text})
	return p + i + 2, true
}

func (s *Scanner) space(p int) int {
	for p < len(s.data) && (s.data[p] == ' ' || s.data[p] == '\n' || s.data[p] == '\t' || s.data[p] == '\r') {
		p++
	}
	return p
}

// nameBytes marks the ASCII bytes of names; bytes of other letters are taken for such.
var nameBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == ':' || c >= 0x80
	}
	return t
}()

func (s *Scanner) name(p int) (raw []byte, next int, ok bool) {
	begin := p
	for p < len(s.data) && nameBytes[s.data[p]] {
		p++
	}
	if p == begin || s.data[begin] == '-' || s.data[begin] == '.' || s.data[begin] >= '0' && s.data[begin] <= '9' || p-begin > 1024 {
		return nil, p, s.fail(begin, "a name is missing, or is none")
	}
	return s.data[begin:p], p, true
}

// maxNames is how many names are remembered: a file has few, unless it means harm.
const maxNames = 4096

func (s *Scanner) intern(raw []byte) Name {
	if n, ok := s.names[str(raw)]; ok {
		return n
	}
	prefix, local, found := strings.Cut(string(raw), ":")
	if !found {
		prefix, local = "", prefix
	}
	n := Name{prefix, local}
	if len(s.names) >= maxNames {
		clear(s.names)
		for _, open := range s.open {
			p, l, found := strings.Cut(open, ":")
			if !found {
				p, l = "", p
			}
			s.names[open] = Name{p, l}
		}
	}
	s.names[string(raw)] = n
	return n
}

// expand resolves references, and normalises line ends and, in attributes, space.
func (s *Scanner) expand(raw []byte, at int, attribute bool) (string, bool) {
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		switch c := raw[i]; c {
		case '&':
			r, n, why := reference(raw[i:])
			if why != "" {
				return "", s.fail(at+i, "%s", why)
			}
			b.WriteRune(r)
			i += n
		case '\r':
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
			fallthrough
		case '\n', '\t':
			switch {
			case attribute:
				b.WriteByte(' ')
			case c == '\t':
				b.WriteByte('\t')
			default:
				b.WriteByte('\n')
			}
			i++
		default:
			j := i + 1
			for j < len(raw) && raw[j] != '&' && raw[j] != '\r' && raw[j] != '\n' && raw[j] != '\t' {
				j++
			}
			b.Write(raw[i:j])
			i = j
		}
	}
	return b.String(), true
}

// reference reads &amp; and the like, and &#233; and &#xE9;.
func reference(raw []byte) (r rune, n int, why string) {
	end := bytes.IndexByte(raw[:min(len(raw), 16)], ';')
	if end < 0 {
		return 0, 0, "& begins a reference that is not closed; write &amp;"
	}
	name := string(raw[1:end])
	switch name {
	case "amp":
		return '&', end + 1, ""
	case "lt":
		return '<', end + 1, ""
	case "gt":
		return '>', end + 1, ""
	case "quot":
		return '"', end + 1, ""
	case "apos":
		return '\'', end + 1, ""
	}
	if !strings.HasPrefix(name, "#") {
		return 0, 0, fmt.Sprintf("the entity &%s; is refused: XML has only amp, lt, gt, quot, apos", name)
	}
	digits, base := name[1:], rune(10)
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	if digits == "" {
		return 0, 0, fmt.Sprintf("&%s; is no reference", name)
	}
	for _, c := range digits {
		var d rune
		switch {
		case c >= '0' && c <= '9':
			d = c - '0'
		case base == 16 && c|0x20 >= 'a' && c|0x20 <= 'f':
			d = c | 0x20 - 'a' + 10
		default:
			return 0, 0, fmt.Sprintf("&%s; is no reference", name)
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, 0, fmt.Sprintf("&%s; is no character", name)
		}
	}
	if !isChar(r) {
		return 0, 0, fmt.Sprintf("&%s; is no character of XML", name)
	}
	return r, end + 1, ""
}

func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000
}

// lines normalises line ends.
func lines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

func str(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
