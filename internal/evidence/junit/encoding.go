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
		return &latin1Reader{in: in}
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

// latin1Reader turns ISO 8859-1 into UTF-8.
type latin1Reader struct {
	in   *bufio.Reader
	next byte // second byte of a character, 0 when there is none
}

func (r *latin1Reader) Read(p []byte) (int, error) {
	for i := range p {
		if r.next != 0 {
			p[i], r.next = r.next, 0
			continue
		}
		c, err := r.in.ReadByte()
		switch {
		case err != nil && i > 0:
			return i, nil
		case err != nil:
			return 0, err
		case c < utf8.RuneSelf:
			p[i] = c
		default:
			p[i], r.next = 0xc0|c>>6, 0x80|c&0x3f
		}
	}
	return len(p), nil
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
