package jsontree

import (
	"bytes"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// decode makes the data UTF-8 without a byte order mark, or says where it is none.
func (d *document) decode() *Error {
	if bytes.HasPrefix(d.data, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(d.data, []byte("\x00\x00\xfe\xff")) {
		return &Error{exchange.Position{File: d.file, Line: 1, Column: 1}, "the file is UTF-32 text", "save it as UTF-8"}
	}
	text, why := exchange.DecodeText(d.data)
	if why != "" {
		return &Error{exchange.Position{File: d.file, Line: 1 + bytes.Count(text, []byte("\n"))}, why, "save it as UTF-8"}
	}
	d.data = text
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
