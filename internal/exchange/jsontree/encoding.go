package jsontree

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// decode makes the data UTF-8 without a byte order mark, or says where it is none.
func (d *document) decode() *Error {
	switch {
	case bytes.HasPrefix(d.data, []byte("\xef\xbb\xbf")):
		d.data = d.data[3:]
	case bytes.HasPrefix(d.data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(d.data, []byte("\x00\x00\xfe\xff")):
		return &Error{exchange.Position{File: d.file, Line: 1, Column: 1}, "the file is UTF-32 text", "save it as UTF-8"}
	case bytes.HasPrefix(d.data, []byte("\xff\xfe")), bytes.HasPrefix(d.data, []byte("\xfe\xff")):
		text, ok := fromUTF16(d.data)
		if !ok {
			return &Error{exchange.Position{File: d.file, Line: 1 + bytes.Count(text, []byte("\n"))}, "the file is not valid UTF-16 text", "save it as UTF-8"}
		}
		d.data = text
	}
	if len(bytes.TrimLeft(d.data, " \t\r\n")) == 0 {
		return &Error{exchange.Position{File: d.file, Line: 1, Column: 1}, "the file is empty, where a JSON value is expected", "have the tool write the file again"}
	}
	if utf8.Valid(d.data) {
		return nil
	}
	good := 0
	for good < len(d.data) {
		r, size := utf8.DecodeRune(d.data[good:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		good += size
	}
	return &Error{d.position(good), "the file is not UTF-8 text", "save it as UTF-8"}
}

// fromUTF16 decodes text with a byte order mark up to where it is invalid.
func fromUTF16(data []byte) (text []byte, ok bool) {
	high, low := 1, 0
	if data[0] == 0xfe {
		high, low = 0, 1
	}
	data = data[2:]
	text = make([]byte, 0, len(data))
	for ; len(data) >= 2; data = data[2:] {
		r := rune(data[high])<<8 | rune(data[low])
		if utf16.IsSurrogate(r) {
			if len(data) < 4 {
				return text, false
			}
			data = data[2:]
			r = utf16.DecodeRune(r, rune(data[high])<<8|rune(data[low]))
			if r == utf8.RuneError {
				return text, false
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return text, len(data) == 0
}
