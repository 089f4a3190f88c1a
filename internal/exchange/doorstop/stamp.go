package doorstop

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Doorstop's fingerprint ("stamp") is the URL-safe Base64 of the SHA-256 over these texts, one after the other:
//
//  1. the UID as the file is named
//  2. the text, without blank lines at both ends and blanks at the ends of lines
//  3. the ref, without blanks at both ends
//  4. the references, if there are any, as Python prints the list: type, path, then keyword and sha where given
//  5. for a review only: the UIDs of the links as written, each once, sorted
//  6. the attributes that the document names under attributes/reviewed, sorted by name, each with its Python type
//
// A link keeps the fingerprint of its parent without 5, an item keeps its own with 5. Source: doorstop/core/item.py
// (stamp, _convert_to_str) and doorstop/core/types.py (Stamp, Text, UID) of doorstop-dev/doorstop.

// stampable is what of an item goes into its fingerprint.
type stampable struct {
	name       string
	text       string // already normalised by loadText
	ref        string
	references []reference
	links      []writtenUID
	reviewed   []string // serialised extra attributes
	unknown    string   // an attribute that cannot be serialised: there is no fingerprint
}

// reference is one entry of the list references.
type reference struct {
	kind, path, keyword, sha value
	hasKeyword, hasSHA       bool
}

// writtenUID is the target of a link as written and taken apart.
type writtenUID struct {
	text  string
	id    uid
	valid bool
}

// stamp is the fingerprint as a link to the item holds it, or with the links as the item itself holds it. It is empty
// where it cannot be computed.
//
// goldthread:implements SRS-48
func (s *stampable) stamp(withLinks bool) string {
	if s.unknown != "" {
		return ""
	}
	h := sha256.New()
	write := func(text string) { h.Write([]byte(text)) }
	write(s.name)
	write(s.text)
	write(s.ref)
	if len(s.references) > 0 {
		write(pythonReferences(s.references))
	}
	if withLinks {
		for _, link := range sortedUIDs(s.links) {
			write(link.text)
		}
	}
	for _, attribute := range s.reviewed {
		write(attribute)
	}
	return base64.URLEncoding.EncodeToString(h.Sum(nil))
}

// sortedUIDs is a set of UIDs in Doorstop's order: of equal ones the first stays.
func sortedUIDs(links []writtenUID) []writtenUID {
	var set []writtenUID
	seen := make(map[uid]bool, len(links))
	for _, link := range links {
		if link.valid {
			if seen[link.id] {
				continue
			}
			seen[link.id] = true
		}
		set = append(set, link)
	}
	slices.SortStableFunc(set, func(a, b writtenUID) int {
		if a.valid && b.valid {
			return a.id.compare(b.id)
		}
		return strings.Compare(a.text, b.text)
	})
	return set
}

// loadText is Doorstop's Text.load_text.
func loadText(s string) string {
	s = strings.Trim(s, "\n")
	if !endsInBlank(s) {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, pythonSpace)
	}
	return strings.Join(lines, "\n")
}

// endsInBlank says that one of the lines of a text does.
func endsInBlank(s string) bool {
	for line := range strings.SplitSeq(s, "\n") {
		if r, _ := utf8.DecodeLastRuneInString(line); pythonSpace(r) {
			return true
		}
	}
	return false
}

// pythonSpace is str.isspace of one character.
func pythonSpace(r rune) bool {
	return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f
}

func pythonReferences(references []reference) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, r := range references {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("{'type': " + r.kind.repr())
		path := r.path
		path.text = strings.TrimFunc(path.text, pythonSpace)
		b.WriteString(", 'path': " + path.repr())
		if r.hasKeyword {
			b.WriteString(", 'keyword': " + r.keyword.repr())
		}
		if r.hasSHA {
			b.WriteString(", 'sha': " + r.sha.repr())
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return b.String()
}

// repr is Python's repr of a scalar.
func (v value) repr() string {
	if v.kind != kindString {
		return v.text
	}
	return pythonQuote(v.text)
}

func pythonQuote(s string) string {
	quote := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteByte(quote)
	for _, r := range s {
		switch {
		case r == rune(quote) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == ' ' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			b.WriteString(`\x` + string([]byte{hex[r>>4], hex[r&15]}))
		case r <= 0xffff:
			b.WriteString(`\u` + string([]byte{hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15]}))
		default:
			b.WriteString(`\U` + string([]byte{'0', '0', hex[r>>20&15], hex[r>>16&15], hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15]}))
		}
	}
	b.WriteByte(quote)
	return b.String()
}

// serialise is Doorstop's _convert_to_str: the form in which an extra attribute is hashed. It fails on a value whose
// Python form is not reproduced here.
func (v value) serialise(b *strings.Builder) bool {
	switch v.kind {
	case kindList:
		b.WriteString(`\L`)
		for _, item := range v.items {
			if !item.serialise(b) {
				return false
			}
		}
		return true
	case kindMap:
		b.WriteString(`\D`)
		order := make([]int, len(v.keys))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return strings.Compare(v.keys[a], v.keys[b]) })
		for _, i := range order {
			if !v.items[i].serialise(b) {
				return false
			}
		}
		return true
	case kindOther:
		return false
	}
	serialiseScalar(b, pythonTypes[v.kind], v.text)
	return true
}

func serialiseScalar(b *strings.Builder, class, text string) {
	b.WriteString(`\T<class '` + class + `'>\V` + strings.ReplaceAll(text, `\`, `\\`))
}

var pythonTypes = map[kind]string{
	kindNull: "NoneType", kindBool: "bool", kindInt: "int", kindFloat: "float", kindDate: "datetime.date", kindString: "str",
}
