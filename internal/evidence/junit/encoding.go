package junit

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var declaration = regexp.MustCompile(`^<\?xml\s[^>]*?\bencoding\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')`)

// toUTF8 gives a report in UTF-8, by its first bytes and by the encoding it declares. A reader of an encoding that is
// not known fails with a sentence for the user.
func toUTF8(r io.Reader) io.Reader {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(1024) // an error shows again at the first read
	if order, ok := utf16Order(head); ok {
		return withoutMark(&utf16Reader{in: in, big: order == bigEndian})
	}
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	label := ""
	if match := declaration.FindSubmatch(head); match != nil {
		label = string(match[1]) + string(match[2])
	}
	switch strings.ToLower(label) {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be": // UTF-16 was declared and is not true
		return withoutMark(in)
	case "iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1":
		return &byteReader{in: in}
	case "windows-1252", "cp1252", "cp-1252":
		return &byteReader{in: in, upper: &windows1252}
	}
	return failingReader{syntaxError(fmt.Sprintf("the encoding %q is not read; save the report as UTF-8", label))}
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// withoutMark passes over a byte order mark.
func withoutMark(r io.Reader) io.Reader {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(3); string(head) == "\ufeff" {
		in.Discard(3) // they were peeked at
	}
	return in
}

// limited fails with errTooLarge where a report is longer than allowed, and keeps the error of its input apart from
// those of the XML.
type limited struct {
	in   io.Reader
	left int64
	err  error
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		// At the limit exactly, the end may come now.
		if n, err := l.in.Read(p[:min(1, len(p))]); n == 0 {
			return 0, l.keep(err)
		}
		return 0, errTooLarge
	}
	n, err := l.in.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, l.keep(err)
}

func (l *limited) keep(err error) error {
	if err != nil && err != io.EOF {
		l.err = err
	}
	return err
}

// byteReader turns an encoding of one byte a character into UTF-8.
type byteReader struct {
	in      *bufio.Reader
	upper   *[32]rune // of the bytes from 0x80 to 0x9f; nil: they stand for themselves
	pending []byte
}

// windows1252 is what Windows has where ISO 8859-1 has control characters.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}

func (r *byteReader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(r.pending) > 0 {
			k := copy(p[n:], r.pending)
			r.pending = r.pending[k:]
			n += k
			continue
		}
		c, err := r.in.ReadByte()
		switch {
		case err != nil && n > 0:
			return n, nil
		case err != nil:
			return 0, err
		case c < utf8.RuneSelf:
			p[n] = c
			n++
		case c < 0xa0 && r.upper != nil:
			r.pending = utf8.AppendRune(r.pending[:0], r.upper[c-0x80])
		default:
			r.pending = utf8.AppendRune(r.pending[:0], rune(c))
		}
	}
	return n, nil
}

type byteOrder bool

const (
	littleEndian byteOrder = false
	bigEndian    byteOrder = true
)

// utf16Order tells UTF-16 by its mark or by the first < of a report.
func utf16Order(head []byte) (byteOrder, bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{'<', 0}):
		return littleEndian, true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}), bytes.HasPrefix(head, []byte{0, '<'}):
		return bigEndian, true
	}
	return littleEndian, false
}

// utf16Reader turns UTF-16 into UTF-8; what is no character becomes U+FFFD.
type utf16Reader struct {
	in      *bufio.Reader
	big     bool
	pending []byte
	unread  rune // a unit read too far, -1 and 0 when there is none
}

func (r *utf16Reader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(r.pending) > 0 {
			k := copy(p[n:], r.pending)
			r.pending = r.pending[k:]
			n += k
			continue
		}
		c, err := r.character()
		if err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
		r.pending = utf8.AppendRune(r.pending[:0], c)
	}
	return n, nil
}

func (r *utf16Reader) character() (rune, error) {
	first, err := r.unit()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	second, err := r.unit()
	if err != nil {
		return utf8.RuneError, nil
	}
	pair := utf16.DecodeRune(first, second)
	if pair == utf8.RuneError {
		r.unread = second
	}
	return pair, nil
}

func (r *utf16Reader) unit() (rune, error) {
	if u := r.unread; u > 0 {
		r.unread = 0
		return u, nil
	}
	a, err := r.in.ReadByte()
	if err != nil {
		return 0, err
	}
	b, err := r.in.ReadByte()
	if err != nil {
		return utf8.RuneError, nil
	}
	if r.big {
		return rune(a)<<8 | rune(b), nil
	}
	return rune(b)<<8 | rune(a), nil
}
