package doorstop

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// separators are the characters Doorstop allows between the prefix and the number of a UID.
const separators = "-_."

// uid is a UID taken apart the way Doorstop does it: REQ001, REQ-1 and req_0001 are the same item.
type uid struct {
	prefix string // in lower case
	number string // without leading zeros; empty for a named item
	name   string // of a named item, such as REQ-STOP
}

// parseUID takes a UID apart. Like Doorstop it looks at the beginning of s only. It has two ways: a prefix, a
// separator and a number or name; failing that, a prefix that ends in no digit and a number.
func parseUID(s string) (uid, bool) {
	run := s[:span(s, func(r rune) bool { return isWord(r) || r == '-' || r == '.' })]
	if id, ok := separated(run); ok {
		return id, true
	}
	return joined(s, len(run))
}

// separated splits at the last separator that has something before it and a word after it.
func separated(run string) (uid, bool) {
	for i := len(run) - 1; i > 0; i-- {
		if !strings.ContainsRune(separators, rune(run[i])) {
			continue
		}
		word := run[i+1:]
		word = word[:span(word, isWord)]
		if word == "" {
			continue
		}
		id := uid{prefix: strings.ToLower(run[:i])}
		if number, ok := wholeNumber(word); ok {
			id.number = number
		} else {
			id.name = word
		}
		return id, true
	}
	return uid{}, false
}

// joined finds the last non-digit followed by digits; the non-digit may be the first character after the run.
func joined(s string, run int) (uid, bool) {
	for i := run; i >= 0; i-- {
		if i == len(s) || !utf8.RuneStart(s[i]) {
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if isDigit(r) {
			continue
		}
		digits := s[i+size:]
		digits = digits[:span(digits, isDigit)]
		if digits == "" {
			continue
		}
		prefix := strings.TrimRight(s[:i+size], separators)
		return uid{prefix: strings.ToLower(prefix), number: trimZeros(digits)}, true
	}
	return uid{}, false
}

// compare orders UIDs as Doorstop sorts items: by prefix, by number, by name; named items before numbered ones.
func (u uid) compare(v uid) int {
	if c := cmp.Compare(u.prefix, v.prefix); c != 0 {
		return c
	}
	if c := compareNumbers(u.number, v.number); c != 0 {
		return c
	}
	return cmp.Compare(u.name, v.name)
}

// compareNumbers compares decimal numbers without leading zeros of any length; "" is less than all of them.
func compareNumbers(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func wholeNumber(word string) (string, bool) {
	if span(word, isDigit) == len(word) {
		return trimZeros(word), true
	}
	// Python's int takes single underscores between digits: 1_000.
	plain := strings.ReplaceAll(word, "_", "")
	if plain == "" || span(plain, isDigit) != len(plain) || word[0] == '_' || word[len(word)-1] == '_' || strings.Contains(word, "__") {
		return "", false
	}
	return trimZeros(plain), true
}

func trimZeros(digits string) string {
	if trimmed := strings.TrimLeft(digits, "0"); trimmed != "" {
		return trimmed
	}
	return "0"
}

// span is the length in bytes of the beginning of s whose runes all satisfy ok.
func span(s string, ok func(rune) bool) int {
	for i, r := range s {
		if !ok(r) {
			return i
		}
	}
	return len(s)
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
