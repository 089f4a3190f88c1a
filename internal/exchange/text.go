package exchange

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
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
	data, why = DecodeText(data)
	text := unsafe.String(unsafe.SliceData(data), len(data)) // nothing changes the bytes from here on
	if why != "" {
		return "", refuse(lineOf(text, len(text)), why, "save it as UTF-8")
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

// DecodeText takes the marks of UTF-8 and UTF-16 into account; all else it takes for UTF-8, and does not look whether it is.
// Where UTF-16 is not valid, why says so and the text ends there. The text may share the bytes of data.
func DecodeText(data []byte) (text []byte, why string) {
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		return data[3:], ""
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return FromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return FromUTF16(data[2:], binary.BigEndian)
	}
	return data, ""
}

// FromUTF16 makes UTF-8 of UTF-16 without a mark, for the readers of all formats. Half a character is refused: then why
// says what is wrong, and the text ends before it.
func FromUTF16(data []byte, order binary.ByteOrder) (text []byte, why string) {
	text = make([]byte, 0, len(data)/2+len(data)/8)
	for ; len(data) >= 2; data = data[2:] {
		r := rune(order.Uint16(data))
		if utf16.IsSurrogate(r) {
			if len(data) < 4 {
				return text, "the file is not valid UTF-16 text: it ends within a character"
			}
			data = data[2:]
			if r = utf16.DecodeRune(r, rune(order.Uint16(data))); r == utf8.RuneError {
				return text, "the file is not valid UTF-16 text: half a character"
			}
		}
		text = utf8.AppendRune(text, r)
	}
	if len(data) > 0 {
		return text, "the file is not valid UTF-16 text: it ends within a character"
	}
	return text, ""
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
