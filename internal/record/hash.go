package record

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Hash is a SHA-256 value; the zero value means "none".
type Hash [sha256.Size]byte

// Schemes of hashes in text. They never change their meaning; a new rule gets a
// new number.
const (
	ContentScheme = "h1:"
	LinkScheme    = "l1:"
)

// IsZero reports whether h holds no hash.
func (h Hash) IsZero() bool { return h == Hash{} }

// Hex returns the 64 hexadecimal digits of h.
func (h Hash) Hex() string { return hex.EncodeToString(h[:]) }

// Content returns h as a content hash in text, "-" for none.
func (h Hash) Content() string { return h.text(ContentScheme) }

// Links returns h as a link-set hash in text, "-" for none.
func (h Hash) Links() string { return h.text(LinkScheme) }

func (h Hash) text(scheme string) string {
	if h.IsZero() {
		return "-"
	}
	return scheme + h.Hex()
}

// ParseHash reads a hash of the given scheme; "-" is the zero hash.
func ParseHash(scheme, s string) (Hash, error) {
	var h Hash
	if s == "-" {
		return h, nil
	}
	digits, ok := strings.CutPrefix(s, scheme)
	if !ok || len(digits) != 2*len(h) {
		return h, fmt.Errorf("hash %.80q: want %s and %d hexadecimal digits", s, scheme, 2*len(h))
	}
	for i := range h {
		hi, lo := fromHex(digits[2*i]), fromHex(digits[2*i+1])
		if hi > 15 || lo > 15 {
			return Hash{}, fmt.Errorf("hash %.80q: not lower-case hexadecimal", s)
		}
		h[i] = hi<<4 | lo
	}
	return h, nil
}

// fromHex is the value of a lower-case hexadecimal digit, 0xff for other bytes.
func fromHex(c byte) byte { return hexValues[c] }

var hexValues = func() (values [256]byte) {
	for i := range values {
		values[i] = 0xff
	}
	for i, c := range "0123456789abcdef" {
		values[c] = byte(i)
	}
	return values
}()

// ContentHash computes the content hash of it. Fields and files must be sorted.
//
// goldthread:implements SRS-1
func (it *Item) ContentHash() Hash {
	h, _ := it.AppendContentHash(nil)
	return h
}

// AppendContentHash is ContentHash with a buffer that the caller keeps between
// items; it returns the buffer for the next call.
func (it *Item) AppendContentHash(buf []byte) (Hash, []byte) {
	buf = append(buf[:0], `{"fields":`...)
	buf = appendFields(buf, it.Fields)
	buf = append(buf, `,"files":`...)
	buf = appendFiles(buf, it.Files)
	buf = append(buf, `,"goldthread":"content 1","kind":`...)
	buf = appendString(buf, string(it.Kind))
	buf = append(buf, `,"text":`...)
	buf = appendNormalText(buf, it.Text)
	buf = append(buf, `,"title":`...)
	buf = appendString(buf, it.Title)
	buf = append(buf, '}')
	return sha256.Sum256(buf), buf
}

// LinkSetHash computes the link-set hash of the outgoing links of one item, in
// any order.
//
// goldthread:implements SRS-3
func LinkSetHash(links []Link) Hash {
	type pair struct{ verb, target string }
	pairs := make([]pair, len(links))
	for i := range links {
		pairs[i] = pair{string(links[i].Verb), links[i].TargetName()}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		if c := strings.Compare(a.verb, b.verb); c != 0 {
			return c
		}
		return strings.Compare(a.target, b.target)
	})
	buf := make([]byte, 0, 40+64*len(pairs))
	buf = append(buf, `{"goldthread":"links 1","links":[`...)
	for i, p := range pairs {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, '[')
		buf = appendString(buf, p.verb)
		buf = append(buf, ',')
		buf = appendString(buf, p.target)
		buf = append(buf, ']')
	}
	buf = append(buf, "]}"...)
	return sha256.Sum256(buf)
}

// NormalText is text as the content hash sees it: \n as line end, no blanks at
// line ends, no empty lines at both ends.
//
// goldthread:implements SRS-2
func NormalText(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\r")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// appendNormalText appends NormalText(s) as a JSON string in one pass.
func appendNormalText(dst []byte, s string) []byte {
	dst = append(dst, '"')
	newlines, begun := 0, false
	for s != "" {
		line := s
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			line, s = s[:i], s[i+1:]
		} else {
			s = ""
		}
		line = strings.TrimRight(line, " \t\r")
		if line == "" {
			newlines++
			continue
		}
		if begun {
			for range newlines + 1 {
				dst = append(dst, `\n`...)
			}
		}
		newlines, begun = 0, true
		dst = appendEscaped(dst, line)
	}
	return append(dst, '"')
}
