package record

import "unicode/utf8"

// Canonical JSON as of RFC 8785, as far as records need it: objects with keys
// already in order, arrays, strings, small integers.

// compareUTF16 is the key order of RFC 8785: by UTF-16 code units. It differs
// from byte order only where a character beyond the basic plane meets one of
// U+E000 to U+FFFF.
func compareUTF16(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i == len(a) || i == len(b) {
		return len(a) - len(b)
	}
	if a[i] < utf8.RuneSelf || b[i] < utf8.RuneSelf {
		return int(a[i]) - int(b[i])
	}
	for i > 0 && !(utf8.RuneStart(a[i]) && utf8.RuneStart(b[i])) {
		i--
	}
	ra, _ := utf8.DecodeRuneInString(a[i:])
	rb, _ := utf8.DecodeRuneInString(b[i:])
	if (ra > 0xffff) != (rb > 0xffff) {
		return int(utf16Lead(ra)) - int(utf16Lead(rb))
	}
	return int(ra) - int(rb)
}

func utf16Lead(r rune) rune {
	if r > 0xffff {
		return 0xd800 + (r-0x10000)>>10
	}
	return r
}

const hexDigits = "0123456789abcdef"

// plain marks bytes that stand for themselves in a JSON string.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x20 && c != '"' && c != '\\'
	}
	return t
}()

func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = appendEscaped(dst, s)
	return append(dst, '"')
}

// plainWord reports whether none of eight bytes has to be escaped: none is below
// a blank, a quotation mark or a backslash (a byte is zero where subtracting one
// borrows from its highest bit; Warren, Hacker's Delight, 6-1).
func plainWord(s string) bool {
	const low, high = 0x0101010101010101, 0x8080808080808080
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	quote, backslash := x^low*'"', x^low*'\\'
	return ((x-low*0x20)&^x|(quote-low)&^quote|(backslash-low)&^backslash)&high == 0
}

func appendEscaped(dst []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); i++ {
		if i+8 <= len(s) && plainWord(s[i:i+8]) {
			i += 7
			continue
		}
		c := s[i]
		if plain[c] {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, `\b`...)
		case '\t':
			dst = append(dst, `\t`...)
		case '\n':
			dst = append(dst, `\n`...)
		case '\f':
			dst = append(dst, `\f`...)
		case '\r':
			dst = append(dst, `\r`...)
		default:
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(dst, s[start:]...)
}

func appendFields(dst []byte, fields []Field) []byte {
	dst = append(dst, '{')
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, f.Name)
		dst = append(dst, ':')
		if !f.Many {
			v := ""
			if len(f.Values) > 0 {
				v = f.Values[0]
			}
			dst = appendNormalText(dst, v)
			continue
		}
		dst = append(dst, '[')
		for j, v := range f.Values {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = appendNormalText(dst, v)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

func appendFiles(dst []byte, files []File) []byte {
	dst = append(dst, '{')
	for i, f := range files {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, f.Name)
		dst = append(dst, ':', '"')
		for _, b := range f.Hash {
			dst = append(dst, hexDigits[b>>4], hexDigits[b&15])
		}
		dst = append(dst, '"')
	}
	return append(dst, '}')
}
