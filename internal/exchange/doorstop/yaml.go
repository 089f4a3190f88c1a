package doorstop

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// What Doorstop writes is what PyYAML makes of a dictionary: yaml.dump(data, default_flow_style=False,
// allow_unicode=True). This file lays YAML out the same way, byte by byte. Source: emitter.py, representer.py and
// resolver.py of PyYAML 6.

// tree is a YAML value that is to be written: one of scalar, list or mapping.
type tree struct {
	text    string
	plain   bool // a number, truth value, date or null: never quoted
	literal bool // a string that is wanted as a block
	double  bool // a string that is wanted in double quotes
	isList  bool
	isMap   bool
	list    []tree
	keys    []string
	values  []tree
}

func (t *tree) set(key string, value tree) {
	t.keys, t.values, t.isMap = append(t.keys, key), append(t.values, value), true
}

// put sets what lies at a path of mappings, which it makes where they are not.
func (t *tree) put(value tree, path ...string) {
	at := slices.Index(t.keys, path[0])
	if at < 0 {
		t.set(path[0], tree{})
		at = len(t.keys) - 1
	}
	if len(path) == 1 {
		t.values[at] = value
		return
	}
	if !t.values[at].isMap {
		t.values[at] = tree{isMap: true}
	}
	t.values[at].put(value, path[1:]...)
}

// at is the text at a path of mappings.
func (t *tree) at(path ...string) string {
	for _, key := range path {
		i := slices.Index(t.keys, key)
		if i < 0 {
			return ""
		}
		t = &t.values[i]
	}
	return t.text
}

// stringTree is a string. Line ends beyond ASCII would be read back as others, or as the end of a line of the file, and so
// are escaped.
func stringTree(text string) tree {
	return tree{text: text, double: strings.IndexFunc(text, func(r rune) bool { return r != '\n' && isBreak(r) }) >= 0}
}

// lineWidth is the column behind which PyYAML breaks a line at the next blank.
const lineWidth = 80

// emitter writes one document.
type emitter struct {
	out    bytes.Buffer
	column int  // in characters
	open   bool // the last thing written is a block that keeps the line ends behind it
}

// dump is a mapping as a YAML document.
func dump(t tree) []byte {
	e := &emitter{}
	if len(t.keys) == 0 {
		return []byte("{}\n")
	}
	e.mapping(t, 0)
	if e.open {
		e.write("...\n")
	}
	return e.out.Bytes()
}

func (e *emitter) write(s string) {
	e.open = false
	e.out.WriteString(s)
	if at := strings.LastIndexByte(s, '\n'); at >= 0 {
		e.column = utf8.RuneCountInString(s[at+1:])
	} else {
		e.column += utf8.RuneCountInString(s)
	}
}

func (e *emitter) indent(n int) {
	e.write("\n")
	e.blanks(n)
}

func (e *emitter) blanks(n int) {
	const some = "                                "
	for ; n > len(some); n -= len(some) {
		e.write(some)
	}
	e.write(some[:n])
}

// mapping writes the members of a mapping, each in a line that begins at an indent; the first goes on where the line is.
func (e *emitter) mapping(t tree, indent int) {
	for i, key := range t.keys {
		if i > 0 {
			e.blanks(indent)
		}
		if simpleKey(key) {
			e.scalar(stringTree(key), indent, true)
			e.write(":")
		} else {
			e.write("? ")
			e.scalar(stringTree(key), indent, false)
			e.blanks(indent)
			e.write(":")
		}
		e.member(t.values[i], indent)
	}
}

// simpleKey says that a key fits before a colon.
func simpleKey(key string) bool {
	return key != "" && utf8.RuneCountInString(key)+len("!!str") < 128 && !strings.ContainsAny(key, "\n\u0085\u2028\u2029")
}

// member writes the value behind a colon and ends its line.
func (e *emitter) member(t tree, indent int) {
	switch {
	case t.isMap && len(t.keys) > 0:
		e.indent(indent + 2)
		e.mapping(t, indent+2)
	case t.isList && len(t.list) > 0:
		e.indent(indent) // lists in mappings are not indented
		e.sequence(t, indent)
	default:
		e.write(" ")
		e.leaf(t, indent)
	}
}

func (e *emitter) sequence(t tree, indent int) {
	for i, element := range t.list {
		if i > 0 {
			e.blanks(indent)
		}
		e.write("-")
		switch {
		case element.isMap && len(element.keys) > 0:
			e.write(" ")
			e.mapping(element, indent+2)
		case element.isList && len(element.list) > 0:
			e.write(" ")
			e.sequence(element, indent+2)
		default:
			e.write(" ")
			e.leaf(element, indent)
		}
	}
}

// leaf writes what holds nothing, and ends its line.
func (e *emitter) leaf(t tree, indent int) {
	switch {
	case t.isMap:
		e.write("{}\n")
	case t.isList:
		e.write("[]\n")
	default:
		e.scalar(t, indent, false)
	}
}

// scalar writes a scalar; unless it is a key, it ends its line. What goes on in further lines stands two deeper.
func (e *emitter) scalar(t tree, indent int, key bool) {
	a := analyse(t.text)
	inner := indent + 2
	switch {
	case t.plain:
		e.write(t.text)
	case t.double:
		e.double(t.text, inner, !key)
	case !t.literal && isText(t.text) && a.plain && !(key && t.text == ""):
		e.fold(t.text, inner, !key, "")
	case t.literal && t.text != "" && a.block && !key:
		e.block(t.text, inner)
		return
	case a.single && (!t.literal || t.text == ""):
		e.write("'")
		e.single(t.text, inner, !key)
		e.write("'")
	default:
		e.double(t.text, inner, !key)
	}
	if !key {
		e.write("\n")
	}
}

// isText says that a plain scalar is a string to PyYAML.
func isText(text string) bool {
	if len(text) > 400 && strings.ContainsRune("-+.0123456789", rune(text[0])) {
		return false // a long number or not: quoted it is a string for sure
	}
	k, _ := implicit(text)
	return k == kindString && text != "=" && text != "<<"
}

// analysis says in which styles a scalar can be written (Emitter.analyze_scalar).
type analysis struct{ plain, single, block bool }

const breaks = "\n\u0085\u2028\u2029"

func isBreak(r rune) bool { return r == '\n' || r == 0x85 || r == 0x2028 || r == 0x2029 }

func analyse(text string) analysis {
	if text == "" {
		return analysis{plain: true, single: true}
	}
	var indicator, lineBreak, special, edge, trailingSpace, breakSpace, spaceBreak bool
	if strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") {
		indicator = true
	}
	const none = rune(-1)
	isBlank := func(r rune) bool {
		return r == none || r == 0 || r == ' ' || r == '\t' || r == '\r' || isBreak(r)
	}
	previous := none
	r, size := utf8.DecodeRuneInString(text)
	for rest := text[size:]; r != none; {
		next := none
		if rest != "" {
			next, size = utf8.DecodeRuneInString(rest)
			rest = rest[size:]
		}
		first, last := previous == none, next == none
		switch {
		case first && strings.ContainsRune("#,[]{}&*!|>'\"%@`", r), first && strings.ContainsRune("?:-", r) && isBlank(next),
			!first && r == ':' && isBlank(next), !first && r == '#' && isBlank(previous):
			indicator = true
		}
		special = special || !plainRune(r)
		switch {
		case r == ' ':
			edge = edge || first || last
			trailingSpace = trailingSpace || last
			breakSpace = breakSpace || isBreak(previous)
		case isBreak(r):
			lineBreak = true
			edge = edge || first || last
			spaceBreak = spaceBreak || previous == ' '
		}
		previous, r = r, next
	}
	return analysis{
		plain:  !indicator && !lineBreak && !special && !edge && !breakSpace && !spaceBreak,
		single: !special && !breakSpace && !spaceBreak,
		block:  !special && !spaceBreak && !trailingSpace,
	}
}

// plainRune says that PyYAML writes a character without an escape.
func plainRune(r rune) bool {
	switch {
	case r == '\n', 0x20 <= r && r <= 0x7e, r == 0x85:
		return true
	case 0xa0 <= r && r <= 0xd7ff, 0xe000 <= r && r <= 0xfffd && r != 0xfeff, 0x10000 <= r && r < 0x10ffff:
		return true
	}
	return false
}

// fold writes text that is broken at single blanks behind the line width; a quote in it is doubled.
func (e *emitter) fold(text string, indent int, split bool, quote string) {
	for begin := 0; begin < len(text); {
		blank := strings.IndexByte(text[begin:], ' ')
		if blank < 0 {
			e.write(doubled(text[begin:], quote))
			return
		}
		e.write(doubled(text[begin:begin+blank], quote))
		begin += blank
		end := begin
		for end < len(text) && text[end] == ' ' {
			end++
		}
		if end == begin+1 && e.column > lineWidth && split && (quote == "" || begin != 0 && end != len(text)) {
			e.indent(indent)
		} else {
			e.write(text[begin:end])
		}
		begin = end
	}
}

func doubled(text, quote string) string {
	if quote == "" {
		return text
	}
	return strings.ReplaceAll(text, quote, quote+quote)
}

// single writes the inside of a string in single quotes.
func (e *emitter) single(text string, indent int, split bool) {
	for text != "" {
		at := strings.IndexFunc(text, isBreak)
		if at < 0 {
			e.fold(text, indent, split, "'")
			return
		}
		// fold must not take the blank before the break for the last one of the text; there is none, see analyse.
		e.fold(text[:at], indent, split, "'")
		run := len(text[at:]) - len(strings.TrimLeft(text[at:], breaks))
		e.breaks(text[at : at+run])
		e.blanks(indent)
		text = text[at+run:]
	}
}

// breaks writes line breaks in quotes, where the first of them stands for itself only if it is doubled.
func (e *emitter) breaks(run string) {
	if strings.HasPrefix(run, "\n") {
		e.write("\n")
	}
	e.write(run)
}

// block writes a literal block and ends its last line.
func (e *emitter) block(text string, indent int) {
	e.write("|")
	if strings.ContainsRune(" "+breaks, firstRune(text)) {
		e.write("2")
	}
	body := strings.TrimRight(text, breaks)
	keep := false
	switch tail := utf8.RuneCountInString(text[len(body):]); {
	case tail == 0:
		e.write("-")
	case tail > 1 || body == "":
		e.write("+")
		keep = true
	}
	e.write("\n")
	for text != "" {
		at := strings.IndexFunc(text, isBreak)
		line := text
		if at >= 0 {
			line = text[:at]
		}
		if line != "" {
			e.blanks(indent)
			e.write(line)
		}
		if at < 0 {
			e.write("\n")
			return
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		e.write(text[at : at+size])
		text = text[at+size:]
	}
	e.open = keep
}

func firstRune(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

var yamlEscapes = map[rune]string{
	0: "0", 7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 27: "e", '"': `"`, '\\': `\`, 0x85: "N", 0xa0: "_", 0x2028: "L", 0x2029: "P",
}

// double writes a string in double quotes (Emitter.write_double_quoted).
func (e *emitter) double(text string, indent int, split bool) {
	e.write(`"`)
	runes := []rune(text)
	begin := 0
	for end := 0; end <= len(runes); end++ {
		if end == len(runes) || escaped(runes[end]) {
			if begin < end {
				e.write(string(runes[begin:end]))
				begin = end
			}
			if end < len(runes) {
				e.write(yamlEscape(runes[end]))
				begin = end + 1
			}
		}
		if 0 < end && end < len(runes)-1 && (runes[end] == ' ' || begin >= end) && e.column+end-begin > lineWidth && split {
			if begin < end {
				e.write(string(runes[begin:end]))
				begin = end
			}
			e.write(`\`)
			e.indent(indent)
			if runes[begin] == ' ' {
				e.write(`\`)
			}
		}
	}
	e.write(`"`)
}

func escaped(r rune) bool {
	switch r {
	case '"', '\\', 0x85, 0x2028, 0x2029, 0xfeff:
		return true
	}
	return !(0x20 <= r && r <= 0x7e || 0xa0 <= r && r <= 0xd7ff || 0xe000 <= r && r <= 0xfffd)
}

func yamlEscape(r rune) string {
	if short, ok := yamlEscapes[r]; ok {
		return `\` + short
	}
	switch {
	case r <= 0xff:
		return fmt.Sprintf(`\x%02X`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04X`, r)
	}
	return fmt.Sprintf(`\U%08X`, r)
}
