package wording

import "strings"

// place is where a sentence stands.
type place uint8

const (
	prose place = iota
	listItem
	heading
	cell
)

// blocks reads the blocks of a Markdown text, without nesting: what matters is which words belong to one sentence.
type blocks struct {
	r      *run
	open   bool // a paragraph or list item is being read
	place  place
	from   int
	to     int
	inList bool
	blank  bool // the line before was blank, or there was none
	table  bool
	quote  bool
	fence  byte // 0 outside of a code block
	fences int
	skip   bool // below a directive of reStructuredText, until the margin
	intro  intro
}

// intro is what the sentence before a list says of its items.
type intro struct {
	active, demand, note bool
	sentence             int // which one
}

// scan reads the text into tokens and sentences.
func (r *run) scan() {
	b := blocks{r: r, blank: true}
	for at := 0; at < len(r.text); {
		end := strings.IndexByte(r.text[at:], '\n')
		if end < 0 {
			end = len(r.text)
		} else {
			end += at
		}
		b.line(at, end)
		at = end + 1
	}
	b.close()
	for i := range r.sentences {
		s := &r.sentences[i]
		r.binding = r.binding || !s.note && s.duty()
		r.strong = r.strong || !s.note && (s.shall >= 0 || s.should >= 0)
	}
}

// line reads one line.
func (b *blocks) line(at, end int) {
	text := b.r.text
	start, indent := at, 0
	for start < end && (text[start] == ' ' || text[start] == '\t' || text[start] == '\r') {
		if indent++; text[start] == '\t' {
			indent += 3
		}
		start++
	}
	stop := end
	for stop > start && isBlank(text[stop-1]) {
		stop--
	}
	line := text[start:stop]
	if b.hidden(line, indent) {
		return
	}
	if line == "" {
		b.close()
		b.blank, b.table, b.quote = true, false, false
		return
	}
	wasBlank := b.blank
	b.blank = false
	switch marker := listMarker(line); {
	case indent >= 4 && wasBlank && !b.open && !b.inList:
		b.blank = true // a code block; the next of its lines is one as well
	case line[0] == '#' && strings.HasPrefix(strings.TrimLeft(line, "#"), " "):
		b.close()
		b.single(heading, start, stop)
	case line[0] == '>' || b.quote && marker == 0:
		b.close()
		b.quote = true
	case rule(line):
		if b.open && line[0] != '*' && line[0] != '_' {
			b.place = heading
		}
		b.close()
	case strings.HasPrefix(line, ".. "):
		b.close()
		b.skip = true
	case line[0] == '|' || b.table || !b.open && b.header(line, end):
		b.close()
		b.row(start, stop)
	case marker > 0:
		b.close()
		b.open, b.place, b.from, b.to, b.inList, b.quote = true, listItem, start+marker, stop, true, false
	case line[0] == '[' && !b.open && definition(line):
	case b.open:
		b.to = stop
	default:
		b.inList = b.inList && indent > 0
		b.open, b.place, b.from, b.to = true, prose, start, stop
	}
}

// hidden tells whether the line lies in a block of code or below a directive, or opens or closes one.
func (b *blocks) hidden(line string, indent int) bool {
	if b.fence != 0 {
		if n := run1(line, b.fence); n >= b.fences && strings.TrimLeft(line[n:], " ") == "" {
			b.fence = 0
		}
		return true
	}
	if b.skip {
		if line == "" || indent > 0 {
			return true
		}
		b.skip = false
	}
	for _, c := range []byte{'`', '~'} {
		if n := run1(line, c); n >= 3 && (c == '~' || strings.IndexByte(line[n:], '`') < 0) {
			b.close()
			b.fence, b.fences = c, n
			return true
		}
	}
	return false
}

// run1 counts the c at the beginning of a line.
func run1(line string, c byte) int {
	n := 0
	for n < len(line) && line[n] == c {
		n++
	}
	return n
}

// listMarker is the length of the marker of a list item with its blanks, or 0.
func listMarker(line string) int {
	n := 0
	switch {
	case line == "":
		return 0
	case line[0] == '-' || line[0] == '*' || line[0] == '+':
		n = 1
	default:
		for n < len(line) && n < 9 && isDigit(line[n]) {
			n++
		}
		if n == 0 && len(line) > 1 && isLower(line[0]) && line[1] == ')' {
			n = 1
		}
		if n == 0 || n >= len(line) || line[n] != '.' && line[n] != ')' {
			return 0
		}
		n++
	}
	if n >= len(line) || line[n] != ' ' && line[n] != '\t' {
		return 0
	}
	for n < len(line) && (line[n] == ' ' || line[n] == '\t') {
		n++
	}
	if rest := line[n:]; len(rest) > 3 && rest[0] == '[' && rest[2] == ']' && rest[3] == ' ' { // a task
		n += 4
	}
	return n
}

// rule tells whether the line is a thematic break or the underline of a heading.
func rule(line string) bool {
	c := line[0]
	if len(line) < 3 || strings.IndexByte("=-*_^", c) < 0 {
		return false
	}
	return strings.Trim(line, string(c)+" ") == ""
}

// definition tells whether the line defines the target of a link.
func definition(line string) bool {
	end := strings.Index(line, "]:")
	return end > 0 && end < 200
}

// header tells whether a table begins here: the next line is its delimiter row.
func (b *blocks) header(line string, end int) bool {
	if strings.IndexByte(line, '|') < 0 || end+1 >= len(b.r.text) {
		return false
	}
	next := b.r.text[end+1:]
	if i := strings.IndexByte(next, '\n'); i >= 0 {
		next = next[:i]
	}
	return delimiter(next)
}

// delimiter tells whether the line is the delimiter row of a table.
func delimiter(line string) bool {
	return strings.IndexByte(line, '-') >= 0 && strings.IndexByte(line, '|') >= 0 && strings.Trim(line, "|-: \t\r+=") == ""
}

// row reads the cells of one row of a table.
func (b *blocks) row(start, stop int) {
	b.table = true
	text := b.r.text
	if delimiter(text[start:stop]) {
		return
	}
	for start < stop {
		end := start
		for end < stop && text[end] != '|' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end, stop)
		b.single(cell, start, end)
		start = end + 1
	}
}

// single reads a block of one line.
func (b *blocks) single(p place, from, to int) {
	b.open, b.place, b.from, b.to = true, p, from, to
	keep := b.intro
	b.close()
	if p == cell {
		b.intro = keep
	}
}

// close ends the block that is being read, and takes its sentences apart.
func (b *blocks) close() {
	if !b.open {
		return
	}
	b.open = false
	first := len(b.r.tokens)
	b.r.tokenize(b.from, b.to)
	if len(b.r.tokens) == first {
		return
	}
	above := b.intro
	if b.place != listItem && !(b.place == prose && b.inList) {
		above, b.intro = intro{}, intro{}
	}
	if b.place == listItem && above.active {
		b.r.sentences[above.sentence].leads = true
	}
	last := b.r.split(first, b.place, above)
	if b.place == prose && !b.inList || b.place == listItem && !above.active {
		t := &b.r.tokens[len(b.r.tokens)-1]
		if t.is(':') || !t.is('.') && !t.is('!') && !t.is('?') {
			b.intro = intro{active: true, demand: last.duty() || last.may >= 0, note: last.note, sentence: len(b.r.sentences) - 1}
		}
	}
}
