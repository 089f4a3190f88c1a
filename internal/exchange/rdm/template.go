package rdm

import (
	"bytes"
	"strings"
)

// Values may hold templates of Jinja, {{ device.name }}, with which RDM fills in other values. YAML takes their braces for
// mappings where no quotes stand around them. So the marks of a template are hidden from YAML behind characters for
// private use that the file does not hold, one for one, and shown again in its values.
const templateMarks = "{}%#:,[]"

// mask says behind what the marks of templates are hidden; 0 where there is no template.
type mask rune

// bases are where characters for private use begin that may be taken.
var bases = []rune{0xf8d0, 0xe000, 0xe100, 0xe700, 0xeff0}

// Hide is the text with its templates hidden. A template ends in the line in which it begins.
func (m *mask) Hide(text []byte) []byte {
	*m = 0
	if !bytes.Contains(text, []byte("{{")) && !bytes.Contains(text, []byte("{%")) && !bytes.Contains(text, []byte("{#")) {
		return text
	}
	base := freeBase(text)
	if base == 0 {
		return text
	}
	var out bytes.Buffer
	for at := 0; at < len(text); {
		begin := bytes.IndexByte(text[at:], '{')
		if begin < 0 {
			out.Write(text[at:])
			break
		}
		out.Write(text[at : at+begin])
		at += begin
		n := template(text[at:])
		if n == 0 {
			out.WriteByte(text[at])
			at++
			continue
		}
		*m = mask(base)
		for _, c := range text[at : at+n] {
			if i := strings.IndexByte(templateMarks, c); i >= 0 {
				out.WriteRune(base + rune(i))
			} else {
				out.WriteByte(c)
			}
		}
		at += n
	}
	return out.Bytes()
}

// template is the length of the template that a text begins with, 0 for none.
func template(text []byte) int {
	if len(text) < 4 {
		return 0
	}
	end := ""
	switch text[1] {
	case '{':
		end = "}}"
	case '%', '#':
		end = string(text[1]) + "}"
	default:
		return 0
	}
	line := text[:min(len(text), 1<<12)]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	i := bytes.Index(line[2:], []byte(end))
	if i < 0 {
		return 0
	}
	return 2 + i + 2
}

// freeBase begins a row of characters that a text does not hold, 0 where there is none.
func freeBase(text []byte) rune {
	for _, base := range bases {
		free := true
		for i := range len(templateMarks) {
			free = free && !bytes.ContainsRune(text, base+rune(i))
		}
		if free {
			return base
		}
	}
	return 0
}

// Show gives a value its marks back.
func (m mask) Show(value string) string {
	if m == 0 || strings.IndexByte(value, string(rune(m))[0]) < 0 { // the characters of a row begin with the same byte
		return value
	}
	return strings.Map(func(r rune) rune {
		if i := r - rune(m); i >= 0 && i < rune(len(templateMarks)) {
			return rune(templateMarks[i])
		}
		return r
	}, value)
}
