package exchange

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ReadText reads a file of a tree as text with line ends \n; a fault says why that is not possible. UTF-8, and UTF-16
// with its mark, are read. Recode may turn what the bytes say into text; nil takes them as UTF-8.
func ReadText(fsys fs.FS, name string, limit int64, recode func(string) string) (string, *Fault) {
	refuse := func(line int, message, remedy string) *Fault {
		return &Fault{At: Position{File: name, Line: line}, Message: message, Remedy: remedy, Error: true}
	}
	data, why := ReadFile(fsys, name, limit)
	if why != "" {
		return "", refuse(0, "the file cannot be read: "+why, "check the file")
	}
	text, ok := DecodeText(data)
	if !ok {
		return "", refuse(0, "the file begins as UTF-16 and is none", "save it as UTF-8")
	}
	if recode != nil {
		text = recode(text)
	}
	if at := strings.IndexByte(text, 0); at >= 0 {
		return "", refuse(lineOf(text, at), "the file holds a NUL character and is not read", "remove it, or save the file as UTF-8")
	}
	if at := invalidUTF8(text); at >= 0 {
		return "", refuse(lineOf(text, at), fmt.Sprintf("the file is not UTF-8 (byte %#x) and is not read", text[at]), "save it as UTF-8")
	}
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return text, nil
}

// DecodeText takes the marks of UTF-8 and UTF-16 into account.
func DecodeText(data []byte) (text string, ok bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		return string(data[3:]), true
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return string(data), true
	}
	data = data[2:]
	if len(data)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units)), true
}

// invalidUTF8 is the index of the first byte that is not UTF-8, else -1.
func invalidUTF8(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

func lineOf(text string, at int) int {
	before := strings.ReplaceAll(text[:at], "\r\n", "\n")
	return 1 + strings.Count(before, "\n") + strings.Count(before, "\r")
}
