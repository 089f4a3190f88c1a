package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is.
type kind uint8

const (
	word   kind = iota // letters, with the digits, hyphens and apostrophes inside
	number             // digits, with a unit or a range that is written onto them
	mark               // a sign
	opaque             // code, quoted words, an address: there, but not read
)

// Signs outside of ASCII, as the mark of a token.
const (
	ellipsis  byte = 1
	plusMinus byte = 2
	dash      byte = 3
	degree    byte = 4
)

// token is a word, number or sign of a text.
type token struct {
	start, end int
	entry      *entry // what the lexicon knows of a word, nil for nothing
	kind       kind
	mark       byte  // which sign
	depth      uint8 // open parentheses around it
	capital    bool  // the word begins with a capital
	capitals   bool  // a capital is in it, as in macOS
	upper      bool  // two letters or more, all of them capitals
	unit       bool  // the number has a unit written onto it
	odd        bool  // the number is a ratio, time of day or reference (1:4, 60601-1-8); the word is a name of code
	span       bool  // the number is a range (5-30)
}

// is tells whether the token is the sign.
func (t *token) is(sign byte) bool { return t.kind == mark && t.mark == sign }

// has tells whether the lexicon has the word in one of the classes.
func (t *token) has(c class) bool { return t.entry != nil && t.entry.class&c != 0 }

// inline reads a stretch of text without blocks into tokens.
type inline struct {
	r     *run
	at    int
	to    int
	depth uint8
	// Where the next of a sign stands at or behind a place already asked about: each is looked for once.
	angle, square, round, brace, quote, closing seeker
	ticks                                       [17]int // for a run of n backticks: no closing run behind here
}

// seeker remembers the next place of a text, so that asking again costs nothing.
type seeker struct{ at, from int }

// next is the first place of what at or behind from and before to, or to.
func (s *seeker) next(text, what string, from, to int) int {
	if s.from != 0 && s.from <= from && from <= s.at {
		return s.at
	}
	s.from, s.at = from, to
	if i := strings.Index(text[from:to], what); i >= 0 {
		s.at = from + i
	}
	return s.at
}

// tokenize reads text[from:to] into tokens.
func (r *run) tokenize(from, to int) {
	in := inline{r: r, at: from, to: to}
	for in.at < in.to {
		in.step()
	}
}

// add adds a token that ends at end, and moves on to there.
func (in *inline) add(t token, end int) {
	t.start, t.end, t.depth = in.at, end, in.depth
	in.r.tokens = append(in.r.tokens, t)
	in.at = end
}

// peek is the byte i places on, or 0.
func (in *inline) peek(i int) byte {
	if i += in.at; i >= 0 && i < in.to {
		return in.r.text[i]
	}
	return 0
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isBlank(b byte) bool  { return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == 0 }
func isLower(b byte) bool  { return b >= 'a' && b <= 'z' }
func isUpper(b byte) bool  { return b >= 'A' && b <= 'Z' }

// step reads one token or passes over what is none.
func (in *inline) step() {
	b := in.r.text[in.at]
	switch {
	case isBlank(b):
		in.at++
	case isLetter(b):
		in.word()
	case isDigit(b):
		in.number()
	case b >= utf8.RuneSelf:
		in.foreign()
	default:
		in.sign(b)
	}
}

// sign reads what begins with an ASCII sign.
func (in *inline) sign(b byte) {
	text := in.r.text
	switch b {
	case '*', '_', '~':
		in.at++
		if b == '~' && isDigit(in.peek(0)) {
			in.at--
			in.add(token{kind: mark, mark: '~'}, in.at+1)
		}
	case '\\':
		in.at += 2
	case '`':
		in.code()
	case '<':
		if next := in.peek(1); isLetter(next) || next == '/' || next == '!' {
			if end := in.angle.next(text, ">", in.at, in.to); end < in.to && end-in.at < 400 && !openPoint(text[in.at+1:end]) {
				in.at = end + 1
				return
			}
		}
		in.add(token{kind: mark, mark: b}, in.at+1)
	case '!':
		if in.peek(1) == '[' {
			if end := in.linkEnd(in.at + 1); end > 0 {
				in.add(token{kind: opaque}, end)
				return
			}
		}
		in.add(token{kind: mark, mark: b}, in.at+1)
	case '[':
		in.bracket()
	case ']':
		in.add(token{kind: mark, mark: b}, in.at+1)
		if in.peek(0) == '(' {
			if end := in.round.next(text, ")", in.at, in.to); end < in.to {
				in.at = end + 1
			}
		}
	case '{':
		if next := in.peek(1); next == '{' || next == '%' || next == '#' {
			if end := in.brace.next(text, "}", in.at, in.to); end < in.to {
				in.add(token{kind: opaque}, min(end+2, in.to))
				return
			}
		}
		in.add(token{kind: mark, mark: b}, in.at+1)
	case '(':
		in.add(token{kind: mark, mark: b}, in.at+1)
		in.depth = min(in.depth+1, 200)
	case ')':
		in.depth -= min(in.depth, 1)
		in.add(token{kind: mark, mark: b}, in.at+1)
	case '"', '\'':
		in.quoted(b)
	case '.':
		in.dots()
	default:
		in.add(token{kind: mark, mark: b}, in.at+1)
	}
}

// openPoint tells whether what stands in angle brackets is no tag but a value to be filled in: <TBD>.
func openPoint(text string) bool {
	e := lexicon.get(strings.ToLower(text))
	return e != nil && len(e.phrases) > 0 && e.phrases[0].group.rule == placeholder
}

// dots reads one full stop, or a run of them as an ellipsis; two are a range (0..20).
func (in *inline) dots() {
	n := 1
	for in.peek(n) == '.' {
		n++
	}
	switch {
	case n == 1:
		in.add(token{kind: mark, mark: '.'}, in.at+1)
	case n == 2, isDigit(in.peek(n)):
		in.add(token{kind: mark, mark: dash}, in.at+n)
	default:
		in.add(token{kind: mark, mark: ellipsis}, in.at+n)
	}
}

// code passes over a code span, as CommonMark has them: as many backticks behind as before.
func (in *inline) code() {
	n := 1
	for in.peek(n) == '`' {
		n++
	}
	if n < len(in.ticks) && in.ticks[n] == 0 {
		for i := in.at + n; i < in.to; {
			j := strings.IndexByte(in.r.text[i:in.to], '`')
			if j < 0 {
				break
			}
			i += j
			k := i
			for k < in.to && in.r.text[k] == '`' {
				k++
			}
			if k-i == n {
				in.add(token{kind: opaque}, k)
				return
			}
			i = k
		}
		in.ticks[n] = 1
	}
	in.at += n
}

// bracket reads the beginning of a link, or passes over a [[reference]] or footnote.
func (in *inline) bracket() {
	text := in.r.text
	switch in.peek(1) {
	case '[':
		if end := in.square.next(text, "]]", in.at, in.to); end < in.to && end-in.at < 1000 {
			in.add(token{kind: opaque}, end+2)
			return
		}
	case '^':
		if end := strings.IndexByte(text[in.at:min(in.to, in.at+100)], ']'); end > 0 {
			in.at += end + 1
			return
		}
	}
	in.add(token{kind: mark, mark: '['}, in.at+1)
}

// linkEnd is the end of the picture whose bracket opens at open, or 0 when it is none.
func (in *inline) linkEnd(open int) int {
	middle := in.closing.next(in.r.text, "](", open, in.to)
	if middle >= in.to {
		return 0
	}
	end := in.round.next(in.r.text, ")", middle, in.to)
	if end >= in.to {
		return 0
	}
	return end + 1
}

// quoted passes over words in straight quotes. A quote behind a digit is inches.
func (in *inline) quoted(b byte) {
	text := in.r.text
	if b == '"' && !isDigit(in.peek(-1)) {
		if end := in.quote.next(text, `"`, in.at+1, in.to); end < in.to && end-in.at < 400 {
			in.add(token{kind: opaque}, end+1)
			return
		}
	}
	if before := in.peek(-1); b == '\'' && (isBlank(before) || before == '(') && !isBlank(in.peek(1)) {
		for i := in.at + 1; i < min(in.to-1, in.at+60); i++ {
			if text[i] == '\'' && !isLetter(text[i+1]) {
				in.add(token{kind: opaque}, i+1)
				return
			}
		}
	}
	in.add(token{kind: mark, mark: b}, in.at+1)
}

// foreign reads what begins with a character outside of ASCII.
func (in *inline) foreign() {
	text := in.r.text[in.at:in.to]
	c, size := utf8.DecodeRuneInString(text)
	sign := byte(0)
	switch c {
	case '…':
		sign = ellipsis
	case '±':
		sign = plusMinus
	case '≥', '⩾':
		sign = '>'
	case '≤', '⩽':
		sign = '<'
	case '–', '—', '−':
		sign = dash
	case '°':
		sign = degree
	case '“', '„', '«', '‘':
		if end := closingQuote(text[size:], c); end > 0 {
			in.add(token{kind: opaque}, in.at+size+end)
			return
		}
		in.at += size
		return
	default:
		if unicode.IsLetter(c) {
			in.word()
			return
		}
		in.at += size
		return
	}
	in.add(token{kind: mark, mark: sign}, in.at+size)
}

// closingQuote is the end of the words that an opening quote begins, or 0.
func closingQuote(text string, open rune) int {
	if len(text) > 400 {
		text = text[:400]
	}
	for i, c := range text {
		closes := c == '”' || c == '“' && open == '„'
		switch open {
		case '«':
			closes = c == '»'
		case '‘':
			closes = c == '’' && !startsWithLetter(text[i+len("’"):])
		}
		if closes {
			return i + utf8.RuneLen(c)
		}
	}
	return 0
}

func startsWithLetter(text string) bool { return text != "" && isLetter(text[0]) }

// word reads a word: letters and digits, hyphens and apostrophes between them, dots as in "e.g." and "file.ext".
func (in *inline) word() {
	text := in.r.text
	var lower [maxWord]byte
	n, hash := 0, hashStart
	t := token{kind: word, capital: isUpper(text[in.at])}
	i, letters, smalls := in.at, 0, 0
scan:
	for i < in.to {
		b := text[i]
		if isLower(b) {
			smalls++
			if n < maxWord {
				lower[n] = b
				n, hash = n+1, hashNext(hash, b)
			}
			i++
			continue
		}
		add := b
		size := 1
		switch {
		case isUpper(b):
			add = b | 0x20
			t.capitals = true
			letters++
		case isDigit(b):
		case b == '_' && i+1 < in.to && (isLetter(text[i+1]) || isDigit(text[i+1])):
			t.odd = true
		case b == '-' && i+1 < in.to && (isLetter(text[i+1]) || isDigit(text[i+1])):
		case b == '\'' && i+1 < in.to && isLetter(text[i+1]):
		case b == '.' && in.joins(i):
			t.odd = t.odd || i-in.at > 1
		case b >= utf8.RuneSelf:
			c, s := utf8.DecodeRuneInString(text[i:in.to])
			switch {
			case c == '’' && i+s < in.to && isLetter(text[i+s]):
				add = '\''
			case unicode.IsLetter(c) || unicode.IsMark(c):
				letters++
				if !unicode.Is(unicode.Latin, c) && c != 'µ' && c != 'Ω' {
					in.r.unlatin++
				}
				if !unicode.IsUpper(c) {
					smalls, letters = smalls+1, letters-1
				}
				for k := i; k < i+s; k++ {
					if n < maxWord {
						lower[n] = text[k]
						n, hash = n+1, hashNext(hash, text[k])
					}
				}
				i += s
				continue
			default:
				break scan
			}
			size = s
		default:
			break scan
		}
		if n < maxWord {
			lower[n] = add
			n, hash = n+1, hashNext(hash, add)
		}
		i += size
	}
	if i == in.at { // cannot be: word is called at a letter
		i++
	}
	t.upper = smalls == 0 && letters > 1
	in.r.letters += letters + smalls
	if n < maxWord {
		t.entry = lexicon.find(hash, lower[:n])
	}
	t.odd = t.odd && t.entry == nil
	if end := in.address(i, t.entry); end > 0 {
		in.add(token{kind: opaque}, end)
		return
	}
	if t.entry != nil {
		in.r.countLanguage(t.entry)
	}
	in.add(t, i)
}

// joins tells whether a dot at i belongs to the word: "e.g." and "i.e." between and behind single letters, "file.ext".
func (in *inline) joins(i int) bool {
	text := in.r.text
	if i+1 >= in.to || !isLetter(text[i+1]) && !isDigit(text[i+1]) {
		return i-in.at == 3 && text[i-2] == '.' // the last dot of e.g.
	}
	if !isUpper(text[i+1]) || isDigit(text[i-1]) {
		return true
	}
	end := i + 1
	for end < in.to && end < i+12 && isLetter(text[end]) {
		end++
	}
	e := lexicon.get(strings.ToLower(text[i+1 : end]))
	return e == nil || e.class&opener == 0 // "repair.The device": a full stop without its blank
}

// address is the end of a web address that begins with the word that ends at i, or 0.
func (in *inline) address(i int, e *entry) int {
	text := in.r.text
	scheme := i-in.at <= 6 && strings.HasPrefix(text[i:in.to], "://")
	if !scheme && !strings.HasPrefix(text[in.at:i], "www.") {
		return 0
	}
	for i < in.to && !isBlank(text[i]) && strings.IndexByte(")>]\"'", text[i]) < 0 {
		i++
	}
	return i
}

// number reads a number with the decimals, exponent, range, ratio and unit that are written onto it.
func (in *inline) number() {
	text := in.r.text
	t := token{kind: number}
	i, dashes := in.at, 0
digits:
	for ; i < in.to; i++ {
		b := text[i]
		next := byte(0)
		if i+1 < in.to {
			next = text[i+1]
		}
		switch {
		case isDigit(b):
		case (b == '.' || b == ',') && isDigit(next):
			t.odd = t.odd || b == '.' && strings.IndexByte(text[in.at:i], '.') >= 0 // 9.6.2 is a section
		case b == ':' && isDigit(next), b == '/' && isDigit(next):
			t.odd = true
		case b == '-' && isDigit(next):
			dashes++
		case (b == 'e' || b == 'E') && isDigit(next):
		default:
			break digits
		}
	}
	t.span = dashes == 1
	t.odd = t.odd || dashes > 1
	end := unitEnd(text[:in.to], i)
	if end > i {
		switch strings.ToLower(text[i:end]) {
		case "x", "st", "nd", "rd", "th", "d", "k":
		default:
			t.unit = true
		}
	}
	in.add(t, end)
}

// unitEnd is the end of a unit that is written onto a number at i: mL, L/min, %, µs, cmH2O.
func unitEnd(text string, i int) int {
	end := i
	for end < len(text) {
		b := text[end]
		switch {
		case isLetter(b), b == '%', isDigit(b) && end > i:
			end++
		case b == '/' && end > i && end+1 < len(text) && isLetter(text[end+1]):
			end++
		case strings.HasPrefix(text[end:], "µ"), strings.HasPrefix(text[end:], "μ"):
			end += 2
		default:
			return end
		}
	}
	return end
}
