package record

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Key is what people call an item: SRS-12. It begins with a letter, holds
// letters, digits and the separators - _ . between them, contains at least one
// digit, and ends in a letter or digit. Letters are ASCII: a key must survive
// every file name, branch name and identifier it will be copied into.
type Key string

// MaxKey is the longest key in bytes.
const MaxKey = 80

// ParseKey checks s and returns it as a Key.
//
// goldthread:implements SRS-5
func ParseKey(s string) (Key, error) {
	if s == "" {
		return "", fmt.Errorf("empty key: write a kind's prefix and a number, as in SRS-12")
	}
	if len(s) > MaxKey {
		return "", fmt.Errorf("key %.20q…: longer than %d characters", s, MaxKey)
	}
	if !isLetter(s[0]) {
		return "", fmt.Errorf("key %q: must begin with a letter", s)
	}
	digit, last := false, byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isDigit(c):
			digit = true
		case isLetter(c):
		case isSeparator(c):
			if isSeparator(last) {
				return "", fmt.Errorf("key %q: two separators in a row", s)
			}
		default:
			r, _ := utf8.DecodeRuneInString(s[i:])
			return "", fmt.Errorf("key %q: %q is not allowed; use letters, digits, and - _ or . as separators", s, r)
		}
		last = c
	}
	if isSeparator(last) {
		return "", fmt.Errorf("key %q: ends in a separator", s)
	}
	if !digit {
		return "", fmt.Errorf("key %q: has no number", s)
	}
	return Key(s), nil
}

// LooksLikeKey reports whether s has the shape of a key without building an error.
func LooksLikeKey(s string) bool {
	if s == "" || len(s) > MaxKey || !isLetter(s[0]) {
		return false
	}
	digit, last := false, byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isDigit(c):
			digit = true
		case isLetter(c):
		case isSeparator(c):
			if isSeparator(last) {
				return false
			}
		default:
			return false
		}
		last = c
	}
	return digit && !isSeparator(last)
}

// HasPrefix reports whether prefix is the prefix of k: followed by a separator,
// or directly by a digit as in REQ001.
func (k Key) HasPrefix(prefix string) bool {
	rest, ok := strings.CutPrefix(string(k), prefix)
	if !ok || prefix == "" || isSeparator(prefix[len(prefix)-1]) {
		return false
	}
	return rest != "" && (isSeparator(rest[0]) || isDigit(rest[0]))
}

// Prefix is the part of k before its last number, without the separator:
// SRS of SRS-12, RW-SYS of RW-SYS-3, REQ of REQ001.
func (k Key) Prefix() string {
	s := string(k)
	end := len(s)
	for end > 0 && !isDigit(s[end-1]) {
		end--
	}
	for end > 0 && isDigit(s[end-1]) {
		end--
	}
	for end > 0 && isSeparator(s[end-1]) {
		end--
	}
	return s[:end]
}

// Less orders keys as people do: by prefix text, runs of digits by their value.
func (k Key) Less(other Key) bool { return CompareKeys(k, other) < 0 }

// CompareKeys is the order of keys: runs of digits compare by value, all else
// by bytes; keys that differ only in leading zeros compare by bytes.
//
// goldthread:implements SRS-5
func CompareKeys(a, b Key) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if isDigit(a[i]) && isDigit(b[j]) {
			si, sj := i, j
			for i < len(a) && isDigit(a[i]) {
				i++
			}
			for j < len(b) && isDigit(b[j]) {
				j++
			}
			na, nb := strings.TrimLeft(string(a[si:i]), "0"), strings.TrimLeft(string(b[sj:j]), "0")
			if len(na) != len(nb) {
				return len(na) - len(nb)
			}
			if c := strings.Compare(na, nb); c != 0 {
				return c
			}
			continue
		}
		if a[i] != b[j] {
			return int(a[i]) - int(b[j])
		}
		i++
		j++
	}
	if d := (len(a) - i) - (len(b) - j); d != 0 {
		return d
	}
	return strings.Compare(string(a), string(b))
}

func isDigit(c byte) bool     { return '0' <= c && c <= '9' }
func isLetter(c byte) bool    { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isSeparator(c byte) bool { return c == '-' || c == '_' || c == '.' }

// Ref names the target of a link: the key of an item of the same project, or
// project/KEY of another one.
type Ref string

// Split returns the project ("" for the same one) and the key.
func (r Ref) Split() (project string, key Key) {
	if i := strings.LastIndexByte(string(r), '/'); i >= 0 {
		return string(r[:i]), Key(r[i+1:])
	}
	return "", Key(r)
}

// ParseRef checks s.
func ParseRef(s string) (Ref, error) {
	project, key := Ref(s).Split()
	if _, err := ParseKey(string(key)); err != nil {
		return "", err
	}
	if project != "" || strings.HasPrefix(s, "/") {
		if err := CheckProjectName(project); err != nil {
			return "", err
		}
	}
	return Ref(s), nil
}

// MaxProjectName is the longest project name in bytes.
const MaxProjectName = 64

// CheckProjectName refuses what cannot stand in an address, a file name and a
// link: project names are lower-case letters, digits and single dashes.
func CheckProjectName(name string) error {
	if name == "" || len(name) > MaxProjectName {
		return fmt.Errorf("project name %.70q: want 1 to %d characters", name, MaxProjectName)
	}
	last := byte('-')
	for i := 0; i < len(name); i++ {
		c := name[i]
		ok := isDigit(c) || 'a' <= c && c <= 'z' || c == '-' && last != '-'
		if !ok {
			return fmt.Errorf("project name %q: use lower-case letters, digits and single dashes", name)
		}
		last = c
	}
	if last == '-' {
		return fmt.Errorf("project name %q: ends in a dash", name)
	}
	return nil
}
