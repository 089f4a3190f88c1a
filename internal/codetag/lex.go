package codetag

import (
	"bytes"
	"fmt"
)

// What the mask of a source holds in place of what is not code. Other bytes are
// those of the source at the same offset.
const (
	inString  = 1 // strings, but for the first byte of their opening quote and the last of the closing one
	inComment = 2
	lineBreak = 3 // a line end in a comment
)

// Bounds that keep hostile files linear.
const (
	maxInterp       = 1000 // strings in code in strings
	maxHeredocs     = 100  // heredocs opened on one line
	maxHeredocFails = 8    // heredocs without an end, before no more are looked for
)

// comment is one comment that holds the word of tags.
type comment struct {
	start, end         int // with its signs
	textStart, textEnd int // without
}

// lexer tells comments and strings from code. It goes once through the source.
type lexer struct {
	src, mask []byte
	end       int // of what is to be read; within src
	i         int
	st        *style

	words    []int // offsets of "goldthread:" in src
	word     int   // index of the first one not yet passed
	comments []comment
	flaws    []flaw

	stack        []interpolation
	heredocs     []heredoc
	heredocFails int
	depth        int      // of brackets, where the style counts them
	noRegex      int      // offset up to which no regular expression opens
	noQuote      [256]int // by the byte that opens a string: offset up to which none opens
	noString     int      // offset up to which no string opens in a comment
	lineFrom     int      // the start of the line lineSeen is in
	lineSeen     int      // offset up to which lineStart has looked
	scalar       int      // YAML: indent of the block scalar to come, plus 1
}

// interpolation is code inside a string: when its bracket closes, the string
// goes on.
type interpolation struct {
	q           *quote
	start       int // of the string
	depth       int
	open, close byte
}

type heredoc struct {
	end    string
	indent bool // blanks may stand before the end
}

// lex reads src as style st. The offsets of "goldthread:" are in w.words.
//
// goldthread:implements SRS-36
func (w *scratch) lex(src []byte, st *style) *lexer {
	w.mask = append(w.mask[:0], src...)
	x := &lexer{src: src, mask: w.mask, end: len(src), st: st, words: w.words, comments: w.comments[:0]}
	if st.begin != nil {
		st.begin(x)
	}
	if st.whole != nil {
		st.whole(x)
	} else {
		x.run()
	}
	w.comments = x.comments
	return x
}

// run reads up to x.end.
func (x *lexer) run() {
	for x.i < x.end {
		c := x.src[x.i]
		switch {
		case !x.st.hot[c]:
			x.i++
		case x.st.special != nil && x.st.special(x, c):
		case x.block(), x.mark(), x.quote():
		case c == '\n' && len(x.heredocs) > 0:
			x.i++
			x.readHeredocs()
		case len(x.stack) > 0 && x.bracket(c):
		case c == x.st.escapes && c != 0:
			x.i += 2
		default:
			x.i++
		}
	}
	if len(x.stack) > 0 {
		x.unclosed(x.stack[0].start, "string")
		x.stack = nil
	}
	x.i = x.end
}

func (x *lexer) at(s string) bool {
	return x.end-x.i >= len(s) && string(x.src[x.i:x.i+len(s)]) == s
}

func (x *lexer) peek(n int) byte {
	if x.i+n < 0 || x.i+n >= x.end {
		return 0
	}
	return x.src[x.i+n]
}

// block reads a block comment, if one opens here.
func (x *lexer) block() bool {
	for k := range x.st.blocks {
		b := &x.st.blocks[k]
		if !x.at(b.open) || b.notBefore != 0 && x.peek(len(b.open)) == b.notBefore {
			continue
		}
		if b.ownLine && !x.aloneOnLine(len(b.open)) {
			continue
		}
		x.readBlock(b)
		return true
	}
	return false
}

func (x *lexer) readBlock(b *block) {
	start := x.i
	x.i += len(b.open)
	text := x.i
	for level := 1; ; {
		at := x.nextSign(b)
		switch {
		case at < 0:
			x.unclosed(start, "comment")
			x.comment(start, text, x.end, x.end)
			return
		case x.at(b.close) && (!b.ownLine || x.aloneOnLine(len(b.close))):
			x.i += len(b.close)
			if level--; level == 0 {
				x.comment(start, text, x.i-len(b.close), x.i)
				return
			}
		case b.nests && x.at(b.open) && (!b.ownLine || x.aloneOnLine(len(b.open))):
			x.i += len(b.open)
			level++
		case b.strings && x.src[x.i] == '"':
			x.skipString()
		default:
			x.i++
		}
	}
}

// nextSign moves to the next byte that may open or close something in a block
// comment; -1 when there is none.
func (x *lexer) nextSign(b *block) int {
	if !b.nests && !b.strings {
		n := bytes.IndexByte(x.src[x.i:x.end], b.close[0])
		if n < 0 {
			x.i = x.end
			return -1
		}
		x.i += n
		return x.i
	}
	for ; x.i < x.end; x.i++ {
		if c := x.src[x.i]; c == b.close[0] || c == b.open[0] || b.strings && c == '"' {
			return x.i
		}
	}
	return -1
}

// skipString passes a string inside a comment. One that does not close on its
// line is none: OCaml demands it closed, people write 5" all the same.
func (x *lexer) skipString() {
	if x.i < x.noString {
		x.i++
		return
	}
	for j := x.i + 1; j < x.end; j++ {
		switch x.src[j] {
		case '\\':
			j++
		case '"':
			x.i = j + 1
			return
		case '\n':
			x.noString = j
			x.i++
			return
		}
	}
	x.noString = x.end
	x.i++
}

func (x *lexer) aloneOnLine(n int) bool {
	if !x.onlyBlanksBefore() {
		return false
	}
	for j := x.i + n; j < x.end && x.src[j] != '\n'; j++ {
		if !isBlank(x.src[j]) && x.src[j] != '\r' {
			return false
		}
	}
	return true
}

// mark reads a line comment, if one opens here.
func (x *lexer) mark() bool {
	for k := range x.st.marks {
		m := &x.st.marks[k]
		if !x.at(m.open) && (!x.st.fold || !x.atFold(m.open)) {
			continue
		}
		if x.mayOpen(m) {
			x.lineComment(len(m.open))
			return true
		}
	}
	return false
}

func (x *lexer) atFold(s string) bool {
	return x.end-x.i >= len(s) && bytes.EqualFold(x.src[x.i:x.i+len(s)], []byte(s))
}

func (x *lexer) mayOpen(m *mark) bool {
	switch m.where {
	case lineStart:
		return x.onlyBlanksBefore()
	case firstColumn:
		return x.i == 0 || x.src[x.i-1] == '\n'
	case wordStart:
		return x.atWordStart()
	case notAfterColon:
		return x.peek(-1) != ':'
	case notBracket:
		return x.peek(len(m.open)) != '['
	}
	return true
}

// lineComment makes a comment of the rest of the line; skip bytes open it.
func (x *lexer) lineComment(skip int) {
	start := x.i
	end := x.lineEnd()
	for x.st.spliced && end < x.end && bytes.HasSuffix(bytes.TrimSuffix(x.src[start:end], []byte("\r")), []byte(`\`)) {
		x.i = end + 1
		end = x.lineEnd()
	}
	x.comment(start, min(start+skip, end), end, end)
	x.i = end
}

func (x *lexer) lineEnd() int {
	if n := bytes.IndexByte(x.src[x.i:x.end], '\n'); n >= 0 {
		return x.i + n
	}
	return x.end
}

// lineStart is the start of the line of x.i. Asked in rising order it takes one
// pass over the source.
func (x *lexer) lineStart() int {
	if x.i < x.lineSeen {
		x.lineFrom, x.lineSeen = 0, 0
	}
	if n := bytes.LastIndexByte(x.src[x.lineSeen:x.i], '\n'); n >= 0 {
		x.lineFrom = x.lineSeen + n + 1
	}
	x.lineSeen = x.i
	return x.lineFrom
}

// onlyBlanksBefore reports whether nothing stands before x.i on its line.
func (x *lexer) onlyBlanksBefore() bool {
	for j := x.i - 1; j >= 0; j-- {
		switch x.src[j] {
		case '\n':
			return true
		case ' ', '\t', '\r', '\f':
		default:
			return false
		}
	}
	return true
}

func (x *lexer) atWordStart() bool {
	switch x.peek(-1) {
	case 0, ' ', '\t', '\n', '\r', ';', '&', '|', '(', ')':
		return true
	}
	return false
}

// quote reads a string, if one opens here.
func (x *lexer) quote() bool {
	for k := range x.st.quotes {
		q := &x.st.quotes[k]
		if x.at(q.open) && x.i >= x.noQuote[q.open[0]] && (!q.wordStart || x.atValueStart()) {
			x.readQuote(q)
			return true
		}
	}
	return false
}

// atValueStart reports whether a scalar may start here (YAML, Tcl).
func (x *lexer) atValueStart() bool {
	switch x.peek(-1) {
	case 0, ' ', '\t', '\n', '\r', '[', '{', ',', '(':
		return true
	}
	return false
}

// How scanning a string ended.
type stop uint8

const (
	closed    stop = iota // by its closing quote
	brokenOff             // at a line end it may not hold, the last one too
	inCode                // at code inside the string
	runAway               // at the end of the source
)

func (x *lexer) readQuote(q *quote) {
	start := x.i
	doc := q.doc && x.docPlace()
	end, how := x.scanQuote(q, start, start+len(q.open))
	switch {
	case how == closed && doc:
		x.comment(start, start+len(q.open), end-len(q.close), end)
	case how == closed:
		x.fill(start+1, end-1, inString)
	case how == brokenOff:
		// A string that must close on its line and does not is none: the
		// apostrophe of #error don't, of JSX, of a regular expression.
		x.noQuote[q.open[0]] = end
		x.i = start + 1
		return
	default:
		x.fill(start+1, end, inString)
	}
	if how == runAway {
		x.unclosed(start, "string")
	}
	x.i = end
}

// scanQuote looks for the end of q from j on; start is where the string began.
// At code inside the string it stops behind the sign that opens it.
func (x *lexer) scanQuote(q *quote, start, j int) (end int, how stop) {
	first := q.close[0]
	for j < x.end {
		c := x.src[j]
		switch {
		case q.interp != "" && c == q.interp[0] && len(x.stack) < maxInterp && bytes.HasPrefix(x.src[j:x.end], []byte(q.interp)):
			code := interpolation{q: q, start: start, open: '{', close: '}'}
			if q.interp[len(q.interp)-1] == '(' {
				code.open, code.close = '(', ')'
			}
			x.stack = append(x.stack, code)
			return j + len(q.interp), inCode
		case c == q.escape && c != 0:
			if j++; x.endsWithCR(j) {
				j++
			}
		case c == first && bytes.HasPrefix(x.src[j:x.end], []byte(q.close)):
			j += len(q.close)
			if !q.double || !bytes.HasPrefix(x.src[j:x.end], []byte(q.close)) {
				return j, closed
			}
			j += len(q.close) - 1
		case c == '\n' && !q.multi:
			return j, brokenOff
		}
		j++
	}
	if !q.multi {
		return x.end, brokenOff
	}
	return x.end, runAway
}

// endsWithCR reports whether a line end of two bytes stands at j.
func (x *lexer) endsWithCR(j int) bool { return j+1 < x.end && x.src[j] == '\r' && x.src[j+1] == '\n' }

// bracket counts the brackets of code in a string and goes on with the string
// behind the last one.
func (x *lexer) bracket(c byte) bool {
	top := &x.stack[len(x.stack)-1]
	switch c {
	case top.open:
		top.depth++
	case top.close:
		if top.depth > 0 {
			top.depth--
			break
		}
		code := *top
		x.stack = x.stack[:len(x.stack)-1]
		end, how := x.scanQuote(code.q, code.start, x.i+1)
		x.fill(x.i, end, inString)
		if how == runAway {
			x.unclosed(code.start, "string")
		}
		x.i = end
		return true
	}
	x.i++
	return true
}

func (x *lexer) fill(start, end int, c byte) {
	for k := start; k < min(end, len(x.mask)); k++ {
		x.mask[k] = c
	}
}

// comment marks a comment and keeps it if a tag may be in it.
func (x *lexer) comment(start, textStart, textEnd, end int) {
	for k := start; k < end; k++ {
		if x.src[k] == '\n' {
			x.mask[k] = lineBreak
		} else {
			x.mask[k] = inComment
		}
	}
	if x.passWords(textStart) && x.words[x.word] < textEnd {
		x.comments = append(x.comments, comment{start, end, textStart, textEnd})
	}
}

// passWords moves to the first word at or behind offset at, if there is one.
func (x *lexer) passWords(at int) bool {
	for x.word < len(x.words) && x.words[x.word] < at {
		x.word++
	}
	return x.word < len(x.words)
}

// unclosed reports a string or comment without an end, if a tag may be in it.
func (x *lexer) unclosed(start int, what string) {
	if !x.passWords(start) {
		return
	}
	effect := "the tags in it are not read"
	if what == "comment" {
		effect = "close it, else what follows counts as comment too"
	}
	x.flaws = append(x.flaws, flaw{start, fmt.Sprintf("%s opens here and never closes; %s", what, effect)})
}

// significant returns the last byte of code before x.i and its offset.
func (x *lexer) significant() (byte, int) {
	for j := x.i - 1; j >= 0; j-- {
		switch c := x.mask[j]; c {
		case ' ', '\t', '\n', '\r', inComment, lineBreak:
		default:
			return c, j
		}
	}
	return 0, -1
}

// wordBefore returns the word that ends at offset j.
func (x *lexer) wordBefore(j int) string {
	i := j
	for i >= 0 && j-i < 20 && (isAlnum(x.src[i]) || x.src[i] == '_') {
		i--
	}
	return string(x.src[i+1 : j+1])
}

func (x *lexer) readHeredocs() {
	pending := x.heredocs
	x.heredocs = x.heredocs[:0]
	for _, h := range pending {
		if x.heredocFails >= maxHeredocFails {
			return
		}
		end, ok := x.heredocEnd(h)
		if !ok {
			x.heredocFails++
			continue
		}
		x.fill(x.i, end, inString)
		x.i = end
	}
}

// heredocEnd returns the offset behind the line that ends h.
func (x *lexer) heredocEnd(h heredoc) (int, bool) {
	for at := x.i; at < x.end; {
		next := x.end
		if n := bytes.IndexByte(x.src[at:x.end], '\n'); n >= 0 {
			next = at + n
		}
		text := bytes.TrimSuffix(x.src[at:next], []byte("\r"))
		if h.indent {
			text = bytes.TrimLeft(text, " \t")
			if !bytes.Equal(text, []byte(h.end)) && bytes.HasPrefix(text, []byte(h.end)) && x.st.heredocIndent {
				rest := text[len(h.end):]
				if !isAlnum(rest[0]) && rest[0] != '_' {
					return next - len(rest), true
				}
			}
		}
		if string(text) == h.end {
			return next, true
		}
		at = next + 1
	}
	return 0, false
}
