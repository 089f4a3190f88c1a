package csv

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// refusal is why a file is not read.
type refusal struct {
	line            int
	message, remedy string
}

// decode makes a text of a file: UTF-8, UTF-16 with or without a byte order mark, else windows-1252, of which the note
// speaks. A text that is only the head of a file may end within a character.
func decode(data []byte, head bool) (text, note string, refused *refusal) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return "", "", &refusal{1, "the file is UTF-32 text", "save it as UTF-8"}
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return fromUTF16(data[2:], 1, 0, head)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return fromUTF16(data[2:], 0, 1, head)
	case zeros(data, 1):
		return fromUTF16(data, 1, 0, head)
	case zeros(data, 0):
		return fromUTF16(data, 0, 1, head)
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return "", "", &refusal{1 + bytes.Count(data[:i], []byte("\n")), "the file holds the character NUL and is no text", "export it again as CSV in UTF-8"}
	}
	if head {
		for n := 0; n < 3 && len(data) > 0 && !utf8.Valid(data); n++ {
			if r, size := utf8.DecodeLastRune(data); r != utf8.RuneError || size != 1 {
				break
			}
			data = data[:len(data)-1]
		}
	}
	if utf8.Valid(data) {
		return oneLineEnd(unsafe.String(unsafe.SliceData(data), len(data))), "", nil
	}
	line := 1 + bytes.Count(data[:invalid(data)], []byte("\n"))
	return oneLineEnd(fromWindows(data)), fmt.Sprintf("the file is not UTF-8 (line %d); it is read as windows-1252", line), nil
}

// oneLineEnd makes line feeds of carriage returns that stand alone, as old programs write them.
func oneLineEnd(text string) string {
	if strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') >= 0 {
		return strings.ReplaceAll(text, "\r", "\n")
	}
	return text
}

func invalid(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

// zeros reports whether nearly every second byte is zero, from an offset: UTF-16 without a mark.
func zeros(data []byte, from int) bool {
	n, all := 0, 0
	for i := from; i < min(len(data), 4096); i += 2 {
		all++
		if data[i] == 0 {
			n++
		}
	}
	other := 0
	for i := 1 - from; i < min(len(data), 4096); i += 2 {
		if data[i] == 0 {
			other++
		}
	}
	return all > 1 && n*10 >= all*9 && other == 0
}

func fromUTF16(data []byte, high, low int, head bool) (string, string, *refusal) {
	text := make([]byte, 0, len(data)/2+16)
	line := 1
	bad := func(what string) (string, string, *refusal) {
		if head {
			return oneLineEnd(string(text)), "", nil
		}
		return "", "", &refusal{line, "the file is no valid UTF-16 text: " + what, "save it as UTF-8"}
	}
	for ; len(data) >= 2; data = data[2:] {
		r := rune(data[high])<<8 | rune(data[low])
		switch {
		case r == '\n':
			line++
		case r == 0:
			return bad("it holds the character NUL")
		case utf16.IsSurrogate(r):
			if len(data) < 4 {
				return bad("it ends within a character")
			}
			data = data[2:]
			if r = utf16.DecodeRune(r, rune(data[high])<<8|rune(data[low])); r == utf8.RuneError {
				return bad("half a character")
			}
		}
		text = utf8.AppendRune(text, r)
	}
	if len(data) > 0 {
		return bad("it ends within a character")
	}
	return oneLineEnd(unsafe.String(unsafe.SliceData(text), len(text))), "", nil
}

// windows1252 are the characters of the bytes 0x80 to 0x9f; where there is none, the control character of Latin-1.
var windows1252 = []rune("\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178")

func fromWindows(data []byte) string {
	out := make([]byte, 0, len(data)+len(data)/8)
	for _, c := range data {
		switch {
		case c < 0x80:
			out = append(out, c)
		case c < 0xa0:
			out = utf8.AppendRune(out, windows1252[c-0x80])
		default:
			out = utf8.AppendRune(out, rune(c))
		}
	}
	return unsafe.String(unsafe.SliceData(out), len(out))
}
