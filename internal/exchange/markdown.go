package exchange

import (
	"strings"
	"unicode/utf8"
)

// What a foreign text needs so that it stays one text in a Markdown document of
// a workspace, in which headings begin items and sections, except in code fences
// and HTML comments.

// oneLine is a title: one line without control characters.
func oneLine(s string) string {
	s, _ = plainText(strings.Join(strings.Fields(s), " "))
	return strings.Join(strings.Fields(s), " ")
}

// plainText is a text without control characters, invalid UTF-8 and blank lines
// at its ends; control says that there were such characters.
func plainText(s string) (text string, control bool) {
	if isPlain(s) {
		return s, false
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
	control = len(text) != len(strings.ToValidUTF8(s, string(utf8.RuneError)))
	lines := strings.Split(text, "\n")
	for len(lines) > 0 && strings.Trim(lines[0], " \t") == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.Trim(lines[len(lines)-1], " \t") == "" {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n"), control
}

// isPlain reports whether a text may stay as it is: most may.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	first, rest, _ := strings.Cut(s, "\n")
	last := rest[strings.LastIndexByte(rest, '\n')+1:]
	blank := func(line string) bool { return strings.Trim(line, " \t") == "" }
	return !blank(first) && (rest == "" && len(first) == len(s) || !blank(last)) && utf8.ValidString(s)
}

// closeText closes what a text leaves open and would take in all that follows,
// and keeps lines from being taken for the conflicts of a git merge. It says
// whether it had to.
func closeText(text string) (closed string, unclosed, conflicts bool) {
	if !strings.Contains(text, "```") && !strings.Contains(text, "~~~") && !strings.Contains(text, "<!--") && !strings.Contains(text, "<<<<<<<") &&
		!strings.Contains(text, ">>>>>>>") && !strings.Contains(text, "|||||||") {
		return text, false, false
	}
	lines := strings.Split(text, "\n")
	var open fence
	for i, line := range lines {
		open.step(line)
		if isConflict(line) {
			lines[i] = " " + line
			conflicts = true
		}
	}
	if ending := open.ending(); ending != "" {
		lines = append(lines, ending)
		unclosed = true
	}
	return strings.Join(lines, "\n"), unclosed, conflicts
}

// isConflict reports a line that git writes between the two sides of a merge.
func isConflict(line string) bool {
	for _, sign := range []string{"<<<<<<<", ">>>>>>>", "|||||||"} {
		if line == sign || strings.HasPrefix(line, sign+" ") {
			return true
		}
	}
	return false
}

// proseText is closed too, and none of its lines is a heading.
func proseText(text string) string {
	text, _ = plainText(text)
	text, _, _ = closeText(text)
	if !strings.Contains(text, "#") {
		return text
	}
	lines := strings.Split(text, "\n")
	var open fence
	for i, line := range lines {
		if open.mark == 0 && strings.HasPrefix(line, "#") {
			lines[i] = `\` + line
		}
		open.step(line)
	}
	return strings.Join(lines, "\n")
}

// fence follows code fences and HTML comments line by line, as a workspace does.
type fence struct {
	mark   byte // '`', '~', '-' in a comment, 0 outside
	length int
}

func (f *fence) step(line string) {
	if f.mark == '-' {
		if strings.Contains(line, "-->") {
			f.mark = 0
		}
		return
	}
	text := strings.TrimLeft(line, " ")
	if len(line)-len(text) > 3 || text == "" {
		return
	}
	if f.mark == 0 && strings.HasPrefix(text, "<!--") {
		if !strings.Contains(text[4:], "-->") {
			f.mark = '-'
		}
		return
	}
	c := text[0]
	info := strings.TrimLeft(text, text[:1])
	length := len(text) - len(info)
	switch {
	case c != '`' && c != '~' || length < 3:
	case f.mark == 0 && (c == '~' || !strings.Contains(info, "`")):
		*f = fence{c, length}
	case f.mark == c && length >= f.length && strings.Trim(info, " \t") == "":
		f.mark = 0
	}
}

// ending is the line that closes what is open.
func (f *fence) ending() string {
	switch f.mark {
	case 0:
		return ""
	case '-':
		return "-->"
	default:
		return strings.Repeat(string(f.mark), f.length)
	}
}
