package strictdoc

import "strings"

// lines goes through a text line by line.
type lines struct {
	text  string
	start int // of the line in text
	end   int // of the line, without its \n
	line  int // from 1
}

func newLines(text string, firstLine int) *lines {
	l := &lines{text: text, line: firstLine}
	l.end = l.endFrom(0)
	return l
}

func (l *lines) endFrom(start int) int {
	if n := strings.IndexByte(l.text[start:], '\n'); n >= 0 {
		return start + n
	}
	return len(l.text)
}

// done says that there is no line more; what follows the last \n is none when it is empty.
func (l *lines) done() bool { return l.start >= len(l.text) }

func (l *lines) current() string { return l.text[l.start:l.end] }

func (l *lines) next() {
	l.line++
	l.start = min(l.end+1, len(l.text))
	l.end = l.endFrom(l.start)
}

// back goes to the line with the number that begins at start.
func (l *lines) back(start, line int) {
	l.start, l.line = start, line
	l.end = l.endFrom(start)
}

// blank says that the line holds nothing but blanks.
func blank(line string) bool { return strings.Trim(line, " \t") == "" }
