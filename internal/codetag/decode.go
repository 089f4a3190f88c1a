package codetag

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// binaryProbe is how far git looks for a NUL byte.
const binaryProbe = 8000

// decode returns the text of a file as UTF-8 without byte order mark, or why
// the file is no text. UTF-8 and other 8-bit text is returned as it is, faults
// of encoding included.
func decode(raw []byte) (text []byte, why string) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xef, 0xbb, 0xbf}):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(raw, []byte{0, 0, 0xfe, 0xff}):
		return nil, "UTF-32 text: store it as UTF-8"
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return decodeUTF16(raw[2:], binary.LittleEndian)
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return decodeUTF16(raw[2:], binary.BigEndian)
	}
	if bytes.IndexByte(raw[:min(len(raw), binaryProbe)], 0) >= 0 {
		return nil, "binary file"
	}
	return raw, ""
}

func decodeUTF16(raw []byte, order binary.ByteOrder) ([]byte, string) {
	if len(raw)%2 != 0 {
		return nil, "UTF-16 text with half a character at its end: store it as UTF-8"
	}
	text := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i += 2 {
		r := rune(order.Uint16(raw[i:]))
		if utf16.IsSurrogate(r) {
			next := rune(utf8.RuneError)
			if i+4 <= len(raw) {
				next = rune(order.Uint16(raw[i+2:]))
			}
			if r = utf16.DecodeRune(r, next); r != utf8.RuneError {
				i += 2
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return text, ""
}
