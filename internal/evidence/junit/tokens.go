package junit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// The reader of tokens replaces encoding/xml for three reasons: it is several times faster; it hands long texts over
// in pieces, so that neither they nor hostile attributes grow in memory; and it passes over control characters,
// which XML forbids and terminal output is full of. It takes the XML that test runners write: no document type, no
// entities of one's own. Where XML demands more than it checks (names of letters only, attributes given once), it is
// more lenient, never more generous with what it returns.

// kind is the kind of a token.
type kind uint8

const (
	tokenEnd     kind = iota // the report ends
	tokenOpen                // <name attribute="value">; an empty element is followed by its tokenClose
	tokenClose               // </name>
	tokenText                // a piece of text
	tokenDoctype             // <!DOCTYPE and its like
)

// element is an opening tag. It is valid until the next token.
type element struct {
	name       string // without its namespace
	line       int
	attributes []attr
}

type attr struct {
	name  string
	value []byte
}

// get is the value of an attribute without a namespace, empty where there is none.
func (e *element) get(name string) string {
	for i := range e.attributes {
		if e.attributes[i].name == name {
			return string(e.attributes[i].value)
		}
	}
	return ""
}

func (e *element) has(name string) bool {
	for i := range e.attributes {
		if e.attributes[i].name == name {
			return true
		}
	}
	return false
}

// syntaxError says why a report is no XML.
type syntaxError string

func (e syntaxError) Error() string { return string(e) }

var (
	errTooLarge = errors.New("the report is larger than the limit")
	errTag      = errors.New("a tag is larger than the limit")
	errCut      = errors.New("the report ends within a tag or text")
)

// tokens reads a report token by token.
type tokens struct {
	in       *bufio.Reader
	line     int
	most     int // bytes of a tag
	replaced int // control characters

	element element
	name    string // of the last tokenClose
	text    []byte // of the last tokenText
	empty   bool   // the last tag was <name/>
	cdata   bool   // the next bytes are in a CDATA section

	tag    []byte
	values []byte // of the attributes of element
	carry  []byte // end of a piece of text that belongs to the next
	joined []byte
	names  map[string]string
}

func newTokens(in io.Reader, most int) *tokens {
	return &tokens{in: bufio.NewReaderSize(in, 64<<10), line: 1, most: most, names: map[string]string{}}
}

// next reads a token; wanted says whether texts are of interest. The error is a syntaxError, one of the limits,
// errCut, or that of the input.
func (z *tokens) next(wanted bool) (kind, error) {
	if z.empty {
		z.empty = false
		z.name = z.element.name
		return tokenClose, nil
	}
	for {
		if z.cdata {
			if some, err := z.readCDATA(wanted); some || err != nil {
				return tokenText, err
			}
			continue
		}
		head, err := z.in.Peek(1)
		if rest := len(z.carry) > 0 && (len(head) == 0 || head[0] == '<'); rest {
			if some, err := z.deliver(nil, false, wanted, true); some || err != nil {
				return tokenText, err
			}
		}
		switch {
		case len(head) == 0 && errors.Is(err, io.EOF):
			return tokenEnd, nil
		case len(head) == 0:
			return tokenEnd, err
		case head[0] != '<':
			if some, err := z.readText(wanted); some || err != nil {
				return tokenText, err
			}
			continue
		}
		k, err := z.markup()
		if k != tokenText || err != nil {
			return k, err
		}
	}
}

// markup reads what begins with <; tokenText says that nothing of interest was read.
func (z *tokens) markup() (kind, error) {
	head, _ := z.in.Peek(9) // a shorter head shows its error at the next read
	switch {
	case bytes.HasPrefix(head, []byte("<!--")):
		return tokenText, z.skip(4, "--")
	case bytes.HasPrefix(head, []byte("<?")):
		return tokenText, z.skip(2, "?")
	case bytes.HasPrefix(head, []byte("<![CDATA[")):
		z.in.Discard(9) // they were peeked at
		z.cdata = true
		return tokenText, nil
	case bytes.HasPrefix(head, []byte("<!")):
		return tokenDoctype, nil
	case bytes.HasPrefix(head, []byte("</")):
		return tokenClose, z.readClose()
	}
	return tokenOpen, z.readOpen()
}

// skip passes over a comment or instruction, which ends in > after the ending.
func (z *tokens) skip(begin int, ending string) error {
	z.in.Discard(begin)
	last := make([]byte, 0, 2*len(ending))
	for {
		piece, err := z.slice('>')
		whole := err == nil
		if whole {
			piece = piece[:len(piece)-1]
		}
		last = append(last, piece[max(0, len(piece)-len(ending)):]...)
		last = last[max(0, len(last)-len(ending)):]
		switch {
		case whole && string(last) == ending:
			return nil
		case whole:
			last = append(last, '>')
		case !errors.Is(err, bufio.ErrBufferFull):
			return cut(err)
		}
	}
}

// slice reads up to a byte and counts lines.
func (z *tokens) slice(end byte) ([]byte, error) {
	piece, err := z.in.ReadSlice(end)
	z.line += bytes.Count(piece, []byte{'\n'})
	return piece, err
}

func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return errCut
	}
	return err
}

// readText reads text up to the next < or the end of the buffer.
func (z *tokens) readText(wanted bool) (some bool, err error) {
	piece, err := z.slice('<')
	full := errors.Is(err, bufio.ErrBufferFull)
	switch {
	case err == nil:
		piece = piece[:len(piece)-1]
		if err := z.in.UnreadByte(); err != nil {
			return false, err
		}
	case !full && !errors.Is(err, io.EOF):
		return false, err
	}
	return z.deliver(piece, full, wanted, true)
}

// readCDATA reads a CDATA section up to its end, a > or the end of the buffer.
func (z *tokens) readCDATA(wanted bool) (some bool, err error) {
	piece, err := z.slice('>')
	full := errors.Is(err, bufio.ErrBufferFull)
	if err != nil && !full {
		return false, cut(err)
	}
	whole := piece
	if len(z.carry) > 0 {
		z.joined = append(append(z.joined[:0], z.carry...), piece...)
		z.carry = z.carry[:0]
		whole = z.joined
	}
	if text, ended := bytes.CutSuffix(whole, []byte("]]>")); ended {
		z.cdata = false
		return z.deliver(text, false, wanted, false)
	}
	return z.deliver(whole, full, wanted, false)
}

// deliver makes a piece of text the present token. Where more of the text follows (full), an end that only makes
// sense with it is carried over.
func (z *tokens) deliver(piece []byte, full, wanted, entities bool) (some bool, err error) {
	if len(z.carry) > 0 {
		z.joined = append(append(z.joined[:0], z.carry...), piece...)
		z.carry = z.carry[:0]
		piece = z.joined
	}
	if full {
		keep := len(piece) - incomplete(piece, entities)
		z.carry = append(z.carry, piece[keep:]...)
		piece = piece[:keep]
	}
	if !wanted || len(piece) == 0 {
		return false, nil
	}
	z.text, err = z.decode(z.text[:0], piece, entities)
	return err == nil, err
}

// longestEntity is the length of the longest entity that is read, leading zeros included.
const longestEntity = 32

// incomplete is the length of the end of a piece that needs what follows: part of a character, of an entity, of a
// line end or of the end of a CDATA section.
func incomplete(piece []byte, entities bool) int {
	tail := piece[max(0, len(piece)-longestEntity):]
	if entities {
		if i := bytes.LastIndexByte(tail, '&'); i >= 0 && bytes.IndexByte(tail[i:], ';') < 0 {
			return len(tail) - i
		}
	} else if n := len(tail) - len(bytes.TrimRight(tail, "]")); n > 0 {
		return min(n, 2)
	}
	if len(tail) > 0 && tail[len(tail)-1] == '\r' {
		return 1
	}
	for i := 1; i < utf8.UTFMax && i <= len(tail); i++ {
		if c := tail[len(tail)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(tail[len(tail)-i:]) {
				return i
			}
			return 0
		}
	}
	return 0
}

// decode appends a text with its entities replaced and its line ends as \n.
func (z *tokens) decode(to, text []byte, entities bool) ([]byte, error) {
	if !utf8.Valid(text) {
		return to, syntaxError("invalid UTF-8")
	}
	begin := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c > ' ' && c != '&' || c == ' ' || c == '\n' || c == '\t' {
			continue
		}
		to = append(to, text[begin:i]...)
		switch {
		case c == '&' && entities:
			r, size, err := entity(text[i:])
			if err != nil {
				return to, err
			}
			to = utf8.AppendRune(to, z.allowed(r))
			i += size - 1
		case c == '&':
			to = append(to, c)
		case c == '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				to = append(to, '\n')
			}
		default:
			to = utf8.AppendRune(to, z.allowed(rune(c)))
		}
		begin = i + 1
	}
	return append(to, text[begin:]...), nil
}

// allowed replaces what XML does not allow as a character.
func (z *tokens) allowed(r rune) rune {
	switch {
	case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0xfffe, r == 0xffff:
		z.replaced++
		return '?'
	}
	return r
}

// entity reads &name; or &#number; at the beginning of a text.
func entity(text []byte) (r rune, size int, err error) {
	end := bytes.IndexByte(text[:min(len(text), longestEntity+1)], ';')
	if end < 0 {
		return 0, 0, syntaxError("an & begins no entity")
	}
	name := text[1:end]
	switch string(name) {
	case "lt":
		return '<', end + 1, nil
	case "gt":
		return '>', end + 1, nil
	case "amp":
		return '&', end + 1, nil
	case "apos":
		return '\'', end + 1, nil
	case "quot":
		return '"', end + 1, nil
	}
	if digits, ok := bytes.CutPrefix(name, []byte("#")); ok {
		base := 10
		if hex, ok := bytes.CutPrefix(digits, []byte("x")); ok {
			digits, base = hex, 16
		}
		n, err := strconv.ParseUint(string(digits), base, 32)
		if err == nil && n <= utf8.MaxRune && utf8.ValidRune(rune(n)) {
			return rune(n), end + 1, nil
		}
	}
	return 0, 0, syntaxError("invalid character entity &" + string(name) + ";")
}

// readTag reads up to the > that ends a tag into z.tag, without < and >.
func (z *tokens) readTag(skip int) error {
	z.in.Discard(skip)
	z.tag = z.tag[:0]
	quote := byte(0)
	for {
		piece, err := z.slice('>')
		if len(z.tag)+len(piece) > z.most {
			return errTag
		}
		z.tag = append(z.tag, piece...)
		for _, c := range piece {
			switch {
			case quote == 0 && (c == '"' || c == '\''):
				quote = c
			case c == quote:
				quote = 0
			}
		}
		switch {
		case err == nil && quote == 0:
			z.tag = z.tag[:len(z.tag)-1]
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return cut(err)
		}
	}
}

func (z *tokens) readClose() error {
	if err := z.readTag(2); err != nil {
		return err
	}
	name, rest := word(z.tag)
	if len(name) == 0 || len(bytes.TrimLeft(rest, " \t\r\n")) > 0 {
		return syntaxError("a closing tag without a name, or with more than it")
	}
	z.name = z.local(name)
	return nil
}

func (z *tokens) readOpen() error {
	line := z.line
	if err := z.readTag(1); err != nil {
		return err
	}
	tag := z.tag
	if rest, ok := bytes.CutSuffix(tag, []byte("/")); ok {
		tag, z.empty = rest, true
	}
	name, rest := word(tag)
	if len(name) == 0 {
		z.empty = false
		return syntaxError("a < begins no tag")
	}
	z.element = element{name: z.local(name), line: line, attributes: z.element.attributes[:0]}
	z.values = z.values[:0]
	if cap(z.values) < len(tag) {
		z.values = make([]byte, 0, 2*len(tag)) // attributes point into it: it must not move. Decoding never lengthens.
	}
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		if len(rest) == 0 {
			return nil
		}
		var err error
		if rest, err = z.attribute(rest); err != nil {
			z.empty = false
			return err
		}
	}
}

// attribute reads name="value" at the beginning of a text and gives the rest.
func (z *tokens) attribute(text []byte) (rest []byte, err error) {
	name, text := word(text)
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(name) == 0 || len(text) == 0 || text[0] != '=' {
		return nil, syntaxError(fmt.Sprintf("an attribute of <%s> has no value", z.element.name))
	}
	text = bytes.TrimLeft(text[1:], " \t\r\n")
	if len(text) == 0 || text[0] != '"' && text[0] != '\'' {
		return nil, syntaxError(fmt.Sprintf("the value of an attribute of <%s> is not in quotes", z.element.name))
	}
	end := bytes.IndexByte(text[1:], text[0])
	if end < 0 {
		return nil, syntaxError(fmt.Sprintf("the value of an attribute of <%s> does not end", z.element.name))
	}
	value, rest := text[1:end+1], text[end+2:]
	if bytes.IndexByte(value, '<') >= 0 {
		return nil, syntaxError(fmt.Sprintf("a < stands in an attribute of <%s>", z.element.name))
	}
	begin := len(z.values)
	if z.values, err = z.decode(z.values, value, true); err != nil {
		return nil, err
	}
	if bytes.IndexByte(name, ':') < 0 {
		z.element.attributes = append(z.element.attributes, attr{z.intern(name), z.values[begin:len(z.values):len(z.values)]})
	}
	return rest, nil
}

// word cuts a name off the beginning of a text.
func word(text []byte) (name, rest []byte) {
	for i, c := range text {
		switch c {
		case ' ', '\t', '\r', '\n', '=', '/', '<', '>', '"', '\'', '&':
			return text[:i], text[i:]
		}
	}
	return text, nil
}

// local is a name without its namespace.
func (z *tokens) local(name []byte) string {
	return z.intern(name[bytes.LastIndexByte(name, ':')+1:])
}

// intern holds each name once, as far as there are not too many.
func (z *tokens) intern(name []byte) string {
	if known, ok := z.names[string(name)]; ok {
		return known
	}
	s := string(name)
	if len(z.names) < 1000 && len(s) < 100 {
		z.names[s] = s
	}
	return s
}
