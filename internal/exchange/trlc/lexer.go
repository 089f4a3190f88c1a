package trlc

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// tokenKind is what a token is.
type tokenKind uint8

const (
	tokenEnd     tokenKind = iota // of the file
	tokenName                     // an identifier
	tokenKeyword                  // a word that the language keeps for itself
	tokenString
	tokenInteger
	tokenDecimal
	tokenMark // punctuation and operators
)

// token is a piece of the text; lineStart is where its line begins.
type token struct {
	kind                  tokenKind
	start, end            int
	line, lineStart       int
	unterminated, foreign bool // a string without its end; a name with letters beyond ASCII
}

// comment is one comment, or several whole-line ones below each other.
type comment struct {
	lines []string
	at    exchange.Position
	start int // in the text of the file
	line  int // the last one
}

func (c *comment) text() string { return strings.Join(c.lines, "\n") }

// lexer cuts a text into tokens. Comments are put aside.
type lexer struct {
	file            string
	text            string
	limits          Limits
	at              int
	last            int // end of the token taken last
	line, lineStart int
	ahead           [3]token
	n               int // of ahead
	comments        []comment
	faults          []exchange.Fault
	stopped         bool // too many faults
}

func newLexer(file, text string, limits Limits) *lexer {
	return &lexer{file: file, text: text, limits: limits, line: 1}
}

// fault notes what is wrong; after too many the file counts as read to its end.
func (l *lexer) fault(at exchange.Position, isError bool, item, message, remedy string) {
	if l.stopped {
		return
	}
	if len(l.faults) >= l.limits.Faults {
		l.stopped = true
		l.faults = append(l.faults, exchange.Fault{At: at, Message: fmt.Sprintf("more than %d faults; the file is read no further", l.limits.Faults), Remedy: "correct those above", Error: true})
		return
	}
	l.faults = append(l.faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

func (l *lexer) position(t token) exchange.Position {
	return exchange.Position{File: l.file, Line: t.line, Column: t.start - t.lineStart + 1}
}

func (l *lexer) string(t token) string { return l.text[t.start:t.end] }

// peek is the token n places ahead, 0 for the next.
func (l *lexer) peek(n int) token {
	for l.n <= n {
		l.ahead[l.n] = l.scan()
		l.n++
	}
	return l.ahead[n]
}

func (l *lexer) next() token {
	t := l.peek(0)
	copy(l.ahead[:], l.ahead[1:l.n])
	l.n--
	l.last = t.end
	return t
}

// is says that the next token is a mark or keyword.
func (l *lexer) is(text string) bool {
	t := l.peek(0)
	return (t.kind == tokenMark || t.kind == tokenKeyword) && l.string(t) == text
}

// scan is the next token of the text.
func (l *lexer) scan() token {
	for {
		l.skip()
		t := token{start: l.at, end: l.at, line: l.line, lineStart: l.lineStart}
		if l.at >= len(l.text) || l.stopped {
			return t
		}
		if l.begin(&t) {
			l.at = t.end
			return t
		}
		r, n := utf8.DecodeRuneInString(l.text[l.at:])
		l.fault(l.position(t), true, "", fmt.Sprintf("the character %q is unexpected and passed over", r), "remove it, or put it into a string")
		l.at += n
	}
}

// begin scans the token that begins with the next character; false where none does.
func (l *lexer) begin(t *token) bool {
	switch c := l.text[l.at]; {
	case isLetter(c):
		l.name(t)
	case c >= utf8.RuneSelf:
		if r, _ := utf8.DecodeRuneInString(l.text[l.at:]); !unicode.IsLetter(r) {
			return false
		}
		l.name(t)
	case isDigit(c):
		l.number(t)
	case c == '"':
		l.quoted(t)
	case c == '\'':
		if !strings.HasPrefix(l.text[l.at:], "'''") {
			return false
		}
		l.tripleQuoted(t)
	default:
		return l.mark(t)
	}
	return true
}

// skip passes over blanks and comments.
func (l *lexer) skip() {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == '\n':
			l.at++
			l.line++
			l.lineStart = l.at
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			l.at++
		case c == '/' && strings.HasPrefix(l.text[l.at:], "//"):
			end := strings.IndexByte(l.text[l.at:], '\n')
			if end < 0 {
				end = len(l.text) - l.at
			}
			l.comment(l.text[l.at+2:l.at+end], l.at)
			l.at += end
		case c == '/' && strings.HasPrefix(l.text[l.at:], "/*"):
			l.longComment()
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(l.text[l.at:])
			if !unicode.IsSpace(r) {
				return
			}
			l.at += n
		default:
			return
		}
	}
}

func (l *lexer) longComment() {
	start := token{start: l.at, line: l.line, lineStart: l.lineStart}
	end := strings.Index(l.text[l.at+2:], "*/")
	body := l.text[l.at+2:]
	if end >= 0 {
		body = body[:end]
		end += l.at + 4
	} else {
		end = len(l.text)
		l.fault(l.position(start), true, "", "the comment is not closed; the rest of the file belongs to it", "close it with */")
	}
	l.comment(body, l.at)
	l.lines(l.at, end)
	l.at = end
}

// lines counts the lines from one place to another.
func (l *lexer) lines(from, to int) {
	l.line += strings.Count(l.text[from:to], "\n")
	if last := strings.LastIndexByte(l.text[from:to], '\n'); last >= 0 {
		l.lineStart = from + last + 1
	}
}

// comment puts a comment aside; one directly below another one goes on with it.
func (l *lexer) comment(text string, start int) {
	at := exchange.Position{File: l.file, Line: l.line, Column: start - l.lineStart + 1}
	last := l.line + strings.Count(text, "\n")
	text = strings.TrimSpace(text)
	if n := len(l.comments); n > 0 && l.comments[n-1].line == l.line-1 && l.comments[n-1].at.Column == at.Column && l.comments[n-1].start >= l.last {
		l.comments[n-1].lines = append(l.comments[n-1].lines, text)
		l.comments[n-1].line = last
		return
	}
	l.comments = append(l.comments, comment{[]string{text}, at, start, last})
}

// take hands over the comments put aside that begin before a place in the text.
func (l *lexer) take(before int) []comment {
	n := 0
	for n < len(l.comments) && l.comments[n].start < before {
		n++
	}
	out := l.comments[:n:n]
	l.comments = l.comments[n:]
	return out
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// name scans an identifier. Those of TRLC are ASCII; letters beyond it are taken and said.
func (l *lexer) name(t *token) {
	i := l.at
	for i < len(l.text) {
		c := l.text[i]
		if isLetter(c) || isDigit(c) || c == '_' {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			break
		}
		r, n := utf8.DecodeRuneInString(l.text[i:])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) {
			break
		}
		t.foreign = true
		i += n
	}
	t.kind, t.end = tokenName, i
	if isKeyword(l.text[l.at:i]) {
		t.kind = tokenKeyword
	}
	if l.text[l.at:i] == "trlc" && i+1 < len(l.text) && l.text[i] == ':' && isLetter(l.text[i+1]) { // functions of the first versions
		i++
		for i < len(l.text) && (isLetter(l.text[i]) || l.text[i] == '_') {
			i++
		}
		t.end = i
	}
	if t.foreign {
		l.fault(l.position(*t), false, "", fmt.Sprintf("the name %s has letters beyond ASCII, which TRLC refuses", l.text[t.start:t.end]), "write the name with the letters a to z, digits and _")
	}
}

func isKeyword(word string) bool {
	switch word {
	case "abs", "abstract", "and", "checks", "else", "elsif", "enum", "error", "exists", "extends", "false", "fatal", "final", "forall", "freeze", "if", "implies", "import", "in", "not", "null",
		"optional", "or", "package", "section", "separator", "then", "true", "tuple", "type", "warning", "xor":
		return true
	}
	return false
}

// number scans an integer or a decimal; 1 .. 2 is none.
func (l *lexer) number(t *token) {
	i := l.at
	digits := func() {
		for i < len(l.text) && (isDigit(l.text[i]) || l.text[i] == '_') {
			i++
		}
	}
	t.kind = tokenInteger
	if n := len("0x"); strings.HasPrefix(l.text[i:], "0x") || strings.HasPrefix(l.text[i:], "0b") {
		for i += n; i < len(l.text) && (isDigit(l.text[i]) || l.text[i] == '_' || l.text[i]|0x20 >= 'a' && l.text[i]|0x20 <= 'f'); i++ {
		}
		t.end = i
		return
	}
	digits()
	if i+1 < len(l.text) && l.text[i] == '.' && isDigit(l.text[i+1]) {
		i++
		digits()
		t.kind = tokenDecimal
	}
	t.end = i
}

// quoted scans a string in double quotes, which ends with its line.
func (l *lexer) quoted(t *token) {
	t.kind = tokenString
	for i := l.at + 1; i < len(l.text); i++ {
		switch l.text[i] {
		case '"':
			t.end = i + 1
			return
		case '\\':
			if i+1 < len(l.text) && l.text[i+1] == '"' {
				i++
			}
		case '\n':
			t.end = i
			l.unterminated(t, "the string ends with its line, without a quote", `end it with ", or write it in '''`)
			return
		}
	}
	t.end = len(l.text)
	l.unterminated(t, "the string is not closed", `end it with "`)
}

func (l *lexer) unterminated(t *token, message, remedy string) {
	t.unterminated = true
	l.fault(l.position(*t), false, "", message, remedy)
}

// tripleQuoted scans a string of several lines.
func (l *lexer) tripleQuoted(t *token) {
	t.kind = tokenString
	end := strings.Index(l.text[l.at+3:], "'''")
	if end < 0 {
		t.end = len(l.text)
		l.unterminated(t, "the string is not closed; the rest of the file belongs to it", "end it with '''")
	} else {
		t.end = l.at + 3 + end + 3
	}
	l.lines(l.at, t.end)
}

var longMarks = []string{"..", "=>", "==", "<=", ">=", "!=", "**"}

func (l *lexer) mark(t *token) bool {
	t.kind = tokenMark
	for _, m := range longMarks {
		if strings.HasPrefix(l.text[l.at:], m) {
			t.end = l.at + 2
			return true
		}
	}
	if strings.IndexByte("(){}[],@:;/%+-=.<>*|", l.text[l.at]) < 0 {
		return false
	}
	t.end = l.at + 1
	return true
}

// stringValue is what a string token says: without quotes, without escapes, and in ”' without the blanks that all lines
// but the first begin with.
func stringValue(raw string, unterminated bool) string {
	if strings.HasPrefix(raw, "'''") {
		raw = raw[3:]
		if !unterminated {
			raw = raw[:len(raw)-3]
		}
		return unindent(raw)
	}
	raw = raw[1:]
	if !unterminated {
		raw = raw[:len(raw)-1]
	}
	return strings.ReplaceAll(raw, `\"`, `"`)
}

func unindent(text string) string {
	text = strings.TrimSpace(text)
	if strings.IndexByte(text, '\n') < 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	common, known := "", false
	for _, line := range lines[1:] {
		if strings.TrimSpace(line) == "" {
			continue
		}
		blanks := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if !known {
			common, known = blanks, true
			continue
		}
		n := 0
		for n < min(len(common), len(blanks)) && common[n] == blanks[n] {
			n++
		}
		common = common[:n]
	}
	for i, line := range lines[1:] {
		lines[i+1] = strings.TrimRightFunc(strings.TrimPrefix(line, common), unicode.IsSpace)
	}
	return strings.Join(lines, "\n")
}
