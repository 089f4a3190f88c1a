package openfasttrace

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// id is the identity of a specification item: TYPE~NAME~REVISION.
type id struct{ artifact, name, revision string }

func (i id) String() string { return i.artifact + "~" + i.name + "~" + i.revision }

// unknownType is the artifact type of old references that do not name one.
const unknownType = "unknown"

// maxRevision is the length of a revision in digits that OpenFastTrace can hold.
const maxRevision = 9

// parseID reads an id at the beginning of s: req~name~1, or req:name, v1 in the old style. n is its length, 0 when there
// is none.
func parseID(s string) (out id, n int) {
	artifact := letters(s)
	if artifact == 0 {
		return id{}, 0
	}
	rest := s[artifact:]
	if strings.HasPrefix(rest, "~") {
		if name := nameLength(rest[1:]); name > 0 {
			after := rest[1+name:]
			if strings.HasPrefix(after, "~") {
				if d := digits(after[1:]); d > 0 {
					return id{s[:artifact], rest[1 : 1+name], after[1 : 1+d]}, artifact + 1 + name + 1 + d
				}
			}
		}
		// In the old style the document may have a second type: req~sub:name, v1.
		second := letters(rest[1:])
		if second == 0 {
			return id{}, 0
		}
		rest = rest[1+second:]
	}
	if !strings.HasPrefix(rest, ":") {
		return id{}, 0
	}
	name := nameLength(rest[1:])
	if name == 0 {
		return id{}, 0
	}
	after, ok := strings.CutPrefix(rest[1+name:], ",")
	if !ok {
		return id{}, 0
	}
	after, ok = strings.CutPrefix(strings.TrimLeft(after, " "), "v")
	d := digits(after)
	if !ok || d == 0 {
		return id{}, 0
	}
	return id{s[:artifact], rest[1 : 1+name], after[:d]}, len(s) - len(after) + d
}

// wholeID reads an id that is all of s.
func wholeID(s string) (id, bool) {
	i, n := parseID(s)
	return i, n > 0 && n == len(s)
}

func letters(s string) int {
	n := 0
	for n < len(s) && isLetter(s[n]) {
		n++
	}
	return n
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// isWord says that a byte is one of a word; of letters beyond ASCII every byte is.
func isWord(c byte) bool {
	return isLetter(c) || c >= '0' && c <= '9' || c == '_' || c >= utf8.RuneSelf
}

func wordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// nameLength is the length of the name at the beginning of s: a letter, then letters, digits, _ and -, in parts divided
// by dots.
func nameLength(s string) int {
	first, size := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(first) {
		return 0
	}
	n := size
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if r == '.' {
			next, _ := utf8.DecodeRuneInString(s[n+1:])
			if n+1 >= len(s) || !wordRune(next) && next != '-' {
				break
			}
		} else if r != '-' && !wordRune(r) {
			break
		}
		n += size
	}
	return n
}

// found is an id within a line.
type found struct {
	id         id
	start, end int
}

// findIDs gives the ids of a line, each between characters that belong to no word.
func findIDs(line string) []found {
	var out []found
	if !strings.ContainsAny(line, "~:") {
		return nil
	}
	for i := 0; i < len(line); {
		if !isLetter(line[i]) {
			i++
			continue
		}
		word := letters(line[i:])
		if i == 0 || !isWord(line[i-1]) {
			if id, n := parseID(line[i:]); n > 0 && (i+n == len(line) || !isWord(line[i+n])) {
				out = append(out, found{id, i, i + n})
				i += n
				continue
			}
		}
		i += word
	}
	return out
}

// itemLine reads a line that begins an item: its id at the beginning, perhaps between backticks.
func itemLine(line string) (found, bool) {
	start := 0
	if strings.HasPrefix(line, "`") {
		start = 1
	}
	if start >= len(line) || !isLetter(line[start]) {
		return found{}, false
	}
	id, n := parseID(line[start:])
	if n == 0 {
		return found{}, false
	}
	return found{id, start, start + n}, true
}
