package itemrst

import (
	"strings"
	"unicode/utf8"
)

// tabStop is the width of a tab to docutils.
const tabStop = 8

// line is one line of a file.
type line struct {
	raw    string // without its end
	begin  int    // bytes of white space before the text
	indent int    // columns before the text, tabs expanded
}

func (l line) text() string { return l.raw[l.begin:] }
func (l line) blank() bool  { return l.begin == len(l.raw) }

// splitLines takes a file apart; \r\n, \n and \r end lines. Blanks at the ends of lines are no text.
func splitLines(data string) []line {
	data = strings.TrimPrefix(data, "\ufeff")
	var lines []line
	for len(data) > 0 {
		end := strings.IndexAny(data, "\r\n")
		raw, rest := data, ""
		if end >= 0 {
			raw, rest = data[:end], data[end+1:]
			if data[end] == '\r' {
				rest = strings.TrimPrefix(rest, "\n")
			}
		}
		lines = append(lines, newLine(raw))
		data = rest
	}
	return lines
}

func newLine(raw string) line {
	l := line{raw: strings.TrimRight(raw, " \t\v\f")}
	for l.begin < len(l.raw) {
		switch l.raw[l.begin] {
		case ' ', '\v', '\f':
			l.indent++
		case '\t':
			l.indent += tabStop - l.indent%tabStop
		default:
			return l
		}
		l.begin++
	}
	return l
}

// dedent joins lines without what all of them are indented by; tabs before the text become blanks.
func dedent(lines []line) string {
	least := -1
	for _, l := range lines {
		if !l.blank() && (least < 0 || l.indent < least) {
			least = l.indent
		}
	}
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		if !l.blank() {
			b.WriteString(strings.Repeat(" ", l.indent-least))
			b.WriteString(l.text())
		}
	}
	return strings.Trim(b.String(), "\n")
}

// directive is the first line of explicit markup: .. name:: argument
type directive struct {
	name     string // in lower case
	argument string
	begin    int // byte column of the argument in the line, from 0
}

// asDirective takes the first line of a directive apart.
func asDirective(l line) (directive, bool) {
	text := l.text()
	rest, ok := strings.CutPrefix(text, "..")
	if !ok || rest == "" || rest[0] != ' ' && rest[0] != '\t' {
		return directive{}, false
	}
	rest = strings.TrimLeft(rest, " \t")
	end := strings.Index(rest, "::")
	if end <= 0 || !directiveName(rest[:end]) {
		return directive{}, false
	}
	argument := rest[end+2:]
	if argument != "" && argument[0] != ' ' && argument[0] != '\t' {
		return directive{}, false
	}
	argument = strings.TrimLeft(argument, " \t")
	return directive{name: strings.ToLower(rest[:end]), argument: argument, begin: len(l.raw) - len(argument)}, true
}

// directiveName is a word that may hold single - _ + : . between its letters.
func directiveName(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c >= utf8.RuneSelf:
		case strings.IndexByte("-_+:.", c) >= 0 && i > 0 && i < len(name)-1:
		default:
			return false
		}
	}
	return true
}

// asOption takes a line :name: value apart; begin is the byte column of the value in the line, from 0.
func asOption(l line) (name, val string, begin int, ok bool) {
	text := l.text()
	if len(text) < 3 || text[0] != ':' || text[1] == ':' || text[1] == ' ' {
		return "", "", 0, false
	}
	end := strings.IndexByte(text[1:], ':') + 1
	if end < 2 || text[end-1] == ' ' {
		return "", "", 0, false
	}
	val = text[end+1:]
	if val != "" && val[0] != ' ' && val[0] != '\t' {
		return "", "", 0, false
	}
	val = strings.TrimLeft(val, " \t")
	return strings.ToLower(text[1:end]), val, len(l.raw) - len(val), true
}

// adornment is the character that a line repeats and nothing else, 0 when it is no such line.
func adornment(l line) byte {
	if l.begin > 0 || l.raw == "" {
		return 0
	}
	c := l.raw[0]
	if c <= ' ' || c >= utf8.RuneSelf || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
		return 0
	}
	if strings.Trim(l.raw, string(c)) != "" {
		return 0
	}
	return c
}

// underlines says whether a line of adornment is long enough to make a heading of a title.
func underlines(under line, title string) bool {
	return len(under.raw) >= 4 || len(under.raw) >= utf8.RuneCountInString(title)
}
