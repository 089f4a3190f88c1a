package csv

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/goldthread/goldthread/internal/exchange"
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
		return fromUTF16(data[2:], binary.LittleEndian, head)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return fromUTF16(data[2:], binary.BigEndian, head)
	case zeros(data, 1):
		return fromUTF16(data, binary.LittleEndian, head)
	case zeros(data, 0):
		return fromUTF16(data, binary.BigEndian, head)
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

func fromUTF16(data []byte, order binary.ByteOrder, head bool) (text, note string, refused *refusal) {
	out, why := exchange.FromUTF16(data, order)
	if i := bytes.IndexByte(out, 0); i >= 0 {
		out, why = out[:i], "the file is not valid UTF-16 text: it holds the character NUL"
	}
	if why != "" && !head {
		return "", "", &refusal{1 + bytes.Count(out, []byte("\n")), why, "save it as UTF-8"}
	}
	return oneLineEnd(unsafe.String(unsafe.SliceData(out), len(out))), "", nil
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
