package openfasttrace

import "strings"

// lineKind is what a line is where an item may stand.
type lineKind int

const (
	lineText lineKind = iota
	lineBlank
	lineTitle
	lineID
	lineForward
	lineStatus
	lineDescription
	lineRationale
	lineComment
	lineCovers
	lineDepends
	lineNeeds
	lineTags
)

// keywords begin the parts of an item.
var keywords = []struct {
	word string
	kind lineKind
}{
	{"Status:", lineStatus}, {"Description:", lineDescription}, {"Rationale:", lineRationale}, {"Comment:", lineComment}, {"Covers:", lineCovers}, {"Depends:", lineDepends}, {"Needs:", lineNeeds}, {"Tags:", lineTags},
}

// statuses are what the status of an item may be; an item without is approved.
var statuses = []string{"approved", "proposed", "draft", "rejected"}

// keyword reads a line that begins a part of an item. words are what stands behind it, of a status one, of needs and
// tags any number; known is false where something else stands there, so that the line is text.
func keyword(line string) (k lineKind, words []string, known bool) {
	if line == "" || line[0] < 'C' || line[0] > 'T' {
		return lineText, nil, false
	}
	for _, w := range keywords {
		rest, ok := strings.CutPrefix(line, w.word)
		if !ok {
			continue
		}
		rest = strings.TrimSpace(rest)
		switch w.kind {
		case lineStatus:
			for _, s := range statuses {
				if rest == s {
					return w.kind, []string{s}, true
				}
			}
			return w.kind, nil, false
		case lineNeeds, lineTags:
			if rest == "" {
				return w.kind, nil, true
			}
			for _, word := range strings.Split(rest, ",") {
				word = strings.TrimSpace(word)
				if !isWords(word) {
					return w.kind, nil, false
				}
				words = append(words, word)
			}
			return w.kind, words, true
		}
		return w.kind, nil, rest == ""
	}
	return lineText, nil, false
}

// isWords says that s is one word.
func isWords(s string) bool {
	for _, r := range s {
		if !wordRune(r) {
			return false
		}
	}
	return s != ""
}

// forward is a statement that an artifact type hands on what is needed to others: arch --> dsn, utest : req~x~1.
type forward struct {
	skipped    string
	targets    []string
	original   found
	start, end int
}

const forwardMark = "-->"

// forwarded reads the statement of a line; atStart wants nothing but marks of lists and quotes before it.
func forwarded(line string, atStart bool) (forward, bool) {
	mark := strings.Index(line, forwardMark)
	if mark < 0 {
		return forward{}, false
	}
	before := strings.TrimRight(line[:mark], " \t")
	start := len(before)
	for start > 0 && isLetter(before[start-1]) {
		start--
	}
	f := forward{skipped: before[start:], start: start}
	if f.skipped == "" || atStart && strings.Trim(before[:start], " \t*+-`") != "" {
		return forward{}, false
	}
	rest := line[mark+len(forwardMark):]
	types, original, ok := strings.Cut(rest, ":")
	if !ok {
		return forward{}, false
	}
	for _, t := range strings.Split(types, ",") {
		t = strings.TrimSpace(t)
		if letters(t) != len(t) || t == "" {
			return forward{}, false
		}
		f.targets = append(f.targets, t)
	}
	trimmed := strings.TrimLeft(original, " \t")
	offset := len(line) - len(trimmed)
	i, n := parseID(trimmed)
	if n == 0 {
		return forward{}, false
	}
	f.original = found{i, offset, offset + n}
	f.end = offset + n
	return f, true
}

// bullet is what stands behind the mark of an entry of a list.
func bullet(line string) (text string, at int, ok bool) {
	at = len(line) - len(strings.TrimLeft(line, " \t"))
	if at > 3 || at >= len(line) || !strings.ContainsRune("*+-", rune(line[at])) {
		return "", 0, false
	}
	return line[at+1:], at + 1, true
}

// lastWord is the last word of letters alone: what an entry below Needs: names.
func lastWord(s string) string {
	for end := len(s); end > 0; {
		if !isWord(s[end-1]) {
			end--
			continue
		}
		start := end
		for start > 0 && isWord(s[start-1]) {
			start--
		}
		if letters(s[start:end]) == end-start {
			return s[start:end]
		}
		end = start
	}
	return ""
}

// fence follows code blocks, in which nothing is an item.
type fence struct {
	mark   byte // 0 outside
	length int
}

// step takes a line and says whether it belongs to a code block.
func (f *fence) step(line string) bool {
	text := strings.TrimLeft(line, " ")
	if len(line)-len(text) > 3 || text == "" || text[0] != '`' && text[0] != '~' {
		return f.mark != 0
	}
	info := strings.TrimLeft(text, text[:1])
	length := len(text) - len(info)
	switch {
	case f.mark == 0 && length >= 3 && (text[0] == '~' || !strings.Contains(info, "`")):
		*f = fence{text[0], length}
	case f.mark == 0:
		return false
	case f.mark == text[0] && length >= f.length && blank(info):
		f.mark = 0
	}
	return true
}

// underlined says that a line underlines a title: at least three of one sign. In Markdown that is = or -.
func underlined(line string, rst bool) bool {
	line = strings.TrimRight(line, " \t")
	signs := "=-"
	if rst {
		signs = "-=`:.'\"~^_*+#<>"
	}
	return len(line) >= 3 && strings.Contains(signs, line[:1]) && strings.Trim(line, line[:1]) == ""
}

// comment is the text of a line that is a comment by itself: <!-- text --> or .. text.
func comment(line string, rst bool) (string, bool) {
	line = strings.TrimSpace(line)
	if rst {
		if line == ".." {
			return "", true
		}
		text, ok := strings.CutPrefix(line, ".. ")
		return strings.TrimSpace(text), ok && !strings.Contains(text, "::")
	}
	text, ok := strings.CutPrefix(line, "<!--")
	if !ok {
		return "", false
	}
	text, ok = strings.CutSuffix(text, "-->")
	return strings.TrimSpace(text), ok && !strings.Contains(text, "-->")
}

// Comments that switch the reading of items off and on again.
const (
	switchOff = "oft:off"
	switchOn  = "oft:on"
)
