package xmlscan

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

var declaration = regexp.MustCompile(`^<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']`)

// decode brings the data into UTF-8 and refuses what is no text.
func (s *Scanner) decode(data []byte) error {
	why := ""
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("<\x00?\x00")):
		data, why = exchange.FromUTF16(data, binary.LittleEndian)
		s.Transcoded = true
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00<\x00?")):
		data, why = exchange.FromUTF16(data, binary.BigEndian)
		s.Transcoded = true
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	head := data[:min(len(data), 300)]
	if m := declaration.FindSubmatch(head); m != nil {
		s.Declared = string(m[1])
	}
	s.data = data
	if why != "" {
		s.fail(len(data), "%s; save it as UTF-8", why)
		return s.err
	}
	valid := utf8.Valid(data)
	switch name := strings.ToLower(s.Declared); {
	case s.Transcoded:
	case name == "" || name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii":
		if !valid {
			at := invalid(data)
			s.fail(at, "invalid UTF-8; save the file as UTF-8")
			return s.err
		}
	case valid && !ascii(data):
		s.Warning = "the file says that it is in " + s.Declared + ", but it is UTF-8"
	case valid && (strings.HasPrefix(name, "utf") || strings.HasPrefix(name, "ucs")):
		s.Warning = "the file says that it is in " + s.Declared + ", but it is ASCII"
	case valid: // ASCII is the same in all of them
		s.Warning = "the file is declared as " + s.Declared + "; ReqIF and most tools want UTF-8"
	case name == "iso-8859-1" || name == "latin1" || name == "iso8859-1":
		s.data, s.Transcoded = fromLatin(data, nil), true
	case name == "windows-1252" || name == "cp1252":
		s.data, s.Transcoded = fromLatin(data, windows1252), true
	default:
		s.fail(0, "the encoding %s is not read; save the file as UTF-8", s.Declared)
		return s.err
	}
	if at := control(s.data); at >= 0 {
		s.fail(at, "a control character (%#02x)", s.data[at])
		return s.err
	}
	return nil
}

func ascii(data []byte) bool {
	for _, c := range data {
		if c >= 0x80 {
			return false
		}
	}
	return true
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

// control is the offset of the first character that XML does not have, -1 for none: eight bytes at once (a byte is below a
// blank where subtracting one borrows; Warren, Hacker's Delight, 6-1).
func control(data []byte) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(data); i += 8 {
		x := binary.LittleEndian.Uint64(data[i:])
		if (x-low*0x20)&^x&high == 0 {
			continue
		}
		for j := i; j < i+8; j++ {
			if c := data[j]; c < 0x20 && c != '\n' && c != '\t' && c != '\r' {
				return j
			}
		}
	}
	for ; i < len(data); i++ {
		if c := data[i]; c < 0x20 && c != '\n' && c != '\t' && c != '\r' {
			return i
		}
	}
	return -1
}

// windows1252 are the characters of the bytes 0x80 to 0x9f; zero where there is none.
var windows1252 = []rune("\u20ac\x00\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x00\u017d\x00\x00\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x00\u017e\u0178")

func fromLatin(data []byte, table []rune) []byte {
	out := make([]byte, 0, len(data)+len(data)/8)
	for _, c := range data {
		r := rune(c)
		if table != nil && c >= 0x80 && c < 0xa0 {
			if r = table[c-0x80]; r == 0 {
				r = utf8.RuneError
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}
