package codetag

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// What single languages write in their own way. Each function is called at a
// byte that may open something; it moves x.i and reports true when it knew it.

// text marks src[x.i:end] as a string and moves behind it.
func (x *lexer) text(end int) bool {
	end = min(end, x.end)
	x.fill(x.i+1, end-1, inString)
	if end > x.i && (x.src[end-1] == '\n' || isOpener(x.src[end-1])) {
		x.mask[end-1] = inString
	}
	x.i = end
	return true
}

func isOpener(c byte) bool { return strings.IndexByte("(){}[];", c) >= 0 }

// until marks a string from x.i to behind the next close at or after from.
func (x *lexer) until(from int, close string) bool {
	if from <= x.end {
		if n := bytes.Index(x.src[from:x.end], []byte(close)); n >= 0 {
			return x.text(from + n + len(close))
		}
	}
	x.unclosed(x.i, "string")
	x.fill(x.i+1, x.end, inString)
	x.i = x.end
	return true
}

// charLength returns the length of the character literal at x.i, or 0.
func (x *lexer) charLength() int {
	rest := x.src[x.i+1 : x.end]
	if len(rest) > 1 && rest[0] == '\\' {
		for k := 2; k < min(len(rest), 14); k++ {
			if rest[k] == '\n' {
				return 0
			}
			if rest[k] == '\'' {
				return k + 2
			}
		}
		return 0
	}
	_, n := utf8.DecodeRune(rest[:min(len(rest), utf8.UTFMax)])
	if n > 0 && n < len(rest) && rest[n] == '\'' && rest[0] != '\n' {
		return n + 2
	}
	return 0
}

// specialRaw reads r"…" and r'…', in which a backslash is a letter (Dart, D).
func specialRaw(x *lexer, c byte) bool {
	if c != '"' && c != '\'' || x.wordBefore(x.i-1) != "r" || x.at(strings.Repeat(string(c), 3)) {
		return false
	}
	if n := bytes.IndexByte(x.src[x.i+1:x.lineEnd()], c); n >= 0 {
		return x.text(x.i + n + 2)
	}
	return false
}

// specialNim reads r"…" too; a doubled quote stands for itself in it.
func specialNim(x *lexer, c byte) bool {
	if c == '"' && x.wordBefore(x.i-1) == "r" && !x.at(`"""`) {
		q := doubled(`"`)
		x.readQuote(&q)
		return true
	}
	return specialTick(x, c)
}

// specialSQL reads E'…' of PostgreSQL, whose backslash escapes.
func specialSQL(x *lexer, c byte) bool {
	if c != '\'' || !strings.EqualFold(x.wordBefore(x.i-1), "e") {
		return false
	}
	q := lines("'")
	x.readQuote(&q)
	return true
}

// specialMake reads strings in recipes, which are lines of the shell. In other
// lines a quote is a letter like others.
func specialMake(x *lexer, c byte) bool {
	if c != '"' && c != '\'' || x.src[x.lineStart()] != '\t' {
		return false
	}
	q := quote{open: string(c), close: string(c)}
	if c == '"' {
		q.escape = '\\'
	}
	x.readQuote(&q)
	return true
}

// specialChar reads 'c' where ' may also open something else (Scala symbols).
func specialChar(x *lexer, c byte) bool {
	if c != '\'' {
		return false
	}
	if n := x.charLength(); n > 0 {
		return x.text(x.i + n)
	}
	x.i++
	return true
}

// specialTick reads 'c' where ' after a name or bracket is an operator or part
// of the name (Ada, VHDL, Julia, Haskell, OCaml, Nim).
func specialTick(x *lexer, c byte) bool {
	if c != '\'' {
		return false
	}
	if p := x.peek(-1); isAlnum(p) || p == '_' || p == ')' || p == ']' || p == '}' || p == '\'' || p == '.' {
		x.i++
		return true
	}
	return specialChar(x, c)
}

// specialTranspose reads ' as the operator it is after a value (MATLAB).
func specialTranspose(x *lexer, c byte) bool {
	if c != '\'' {
		return false
	}
	p := x.peek(-1)
	if isAlnum(p) || p == '_' || p == ')' || p == ']' || p == '}' || p == '\'' || p == '.' {
		x.i++
		return true
	}
	return false
}

// specialC reads raw strings R"x(…)x" and digit separators 1'000.
func specialC(x *lexer, c byte) bool {
	switch c {
	case '"':
		if x.peek(-1) != 'R' || !rawPrefix(x) {
			return false
		}
		for n := 1; n <= 17; n++ {
			if d := x.peek(n); d == '(' {
				return x.until(x.i+n, ")"+string(x.src[x.i+1:x.i+n])+`"`)
			} else if d == 0 || d == '"' || d == ')' || d == '\\' || d == ' ' || d == '\n' {
				return false
			}
		}
	case '\'':
		if isHex(x.peek(-1)) && isHex(x.peek(1)) && x.peek(2) != '\'' {
			x.i++
			return true
		}
	}
	return false
}

// rawPrefix reports whether R, LR, uR, UR or u8R before x.i is no end of a name.
func rawPrefix(x *lexer) bool {
	w := x.wordBefore(x.i - 1)
	return w == "R" || w == "LR" || w == "uR" || w == "UR" || w == "u8R"
}

func isHex(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

// specialCSharp reads raw strings of three and more quotes and verbatim @"…".
func specialCSharp(x *lexer, c byte) bool {
	if c != '"' {
		return false
	}
	if x.at(`"""`) {
		n := 3
		for x.peek(n) == '"' {
			n++
		}
		return x.until(x.i+n, strings.Repeat(`"`, n))
	}
	if p := x.peek(-1); p == '@' || p == '$' && x.peek(-2) == '@' {
		q := doubledLines(`"`)
		x.readQuote(&q)
		return true
	}
	return false
}

// specialSwift reads #"…"# with any number of signs.
func specialSwift(x *lexer, c byte) bool {
	if c != '"' {
		return false
	}
	n := hashesBefore(x)
	if n == 0 {
		return false
	}
	quotes := `"`
	if x.at(`"""`) {
		quotes = `"""`
	}
	return x.until(x.i+len(quotes), quotes+strings.Repeat("#", n))
}

func hashesBefore(x *lexer) int {
	n := 0
	for x.peek(-1-n) == '#' && n < 255 {
		n++
	}
	return n
}

// specialRust reads raw strings r#"…"# and tells characters from lifetimes.
func specialRust(x *lexer, c byte) bool {
	if c == '"' {
		n := hashesBefore(x)
		j := x.i - 1 - n
		if j >= 0 && x.src[j] == 'r' {
			if w := x.wordBefore(j); w == "r" || w == "br" || w == "cr" {
				return x.until(x.i+1, `"`+strings.Repeat("#", n))
			}
		}
		return false
	}
	return specialChar(x, c)
}

// regexWords may stand before a regular expression; after other words / divides.
var regexWords = map[string]bool{"return": true, "typeof": true, "case": true, "in": true, "of": true,
	"delete": true, "void": true, "throw": true, "new": true, "do": true, "else": true, "yield": true, "await": true,
	"if": true, "unless": true, "and": true, "or": true, "not": true, "when": true, "while": true, "until": true,
	"split": true, "grep": true, "elsif": true, "then": true, "match": true}

// specialRegex reads a regular expression between slashes on one line.
func specialRegex(x *lexer, c byte) bool {
	if c != '/' || x.peek(1) == '/' || x.peek(1) == '*' || x.i < x.noRegex {
		return false
	}
	p, at := x.significant()
	switch {
	case at < 0:
	case (p == '+' || p == '-') && at > 0 && x.mask[at-1] == p:
		return false // x++ / 2
	case strings.IndexByte("(,=:[!&|?{;+-*%~^>", p) >= 0:
	case !isLetter(p) || !regexWords[x.wordBefore(at)]:
		return false
	}
	return x.regex('/')
}

func (x *lexer) regex(delim byte) bool {
	class := false
	for j := x.i + 1; j < x.end && x.src[j] != '\n'; j++ {
		switch c := x.src[j]; {
		case c == '\\':
			j++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == delim && !class:
			return x.text(j + 1)
		}
	}
	x.noRegex = x.lineEnd()
	return false
}

// specialZig reads lines of multi-line strings: \\text
func specialZig(x *lexer, c byte) bool {
	if c == '\\' && x.peek(1) == '\\' {
		return x.text(x.lineEnd())
	}
	return false
}

// specialLua reads [[…]], [==[…]==] and --[[…]].
func specialLua(x *lexer, c byte) bool {
	switch c {
	case '[':
		if n := x.longBracket(x.i); n > 0 {
			return x.until(x.i+n, "]"+strings.Repeat("=", n-2)+"]")
		}
	case '-':
		if x.at("--") {
			if n := x.longBracket(x.i + 2); n > 0 {
				open := string(x.src[x.i : x.i+2+n])
				x.readBlock(&block{open: open, close: "]" + strings.Repeat("=", n-2) + "]"})
				return true
			}
		}
	}
	return false
}

// longBracket returns the length of [[ or [==[ at j, or 0.
func (x *lexer) longBracket(j int) int {
	if j >= x.end || x.src[j] != '[' {
		return 0
	}
	k := j + 1
	for k < x.end && x.src[k] == '=' {
		k++
	}
	if k >= x.end || x.src[k] != '[' {
		return 0
	}
	return k + 1 - j
}

// specialCMake reads bracket arguments [[…]] and bracket comments #[[…]].
func specialCMake(x *lexer, c byte) bool {
	switch c {
	case '[':
		return specialLua(x, c)
	case '#':
		if n := x.longBracket(x.i + 1); n > 0 {
			open := string(x.src[x.i : x.i+1+n])
			x.readBlock(&block{open: open, close: "]" + strings.Repeat("=", n-2) + "]"})
			return true
		}
	}
	return false
}

const haskellSigns = "!#$%&*+./<=>?@\\^|~:-"

// specialHaskell reads -- where it is no part of an operator, and 'c'.
func specialHaskell(x *lexer, c byte) bool {
	if c != '-' {
		return specialTick(x, c)
	}
	n := 0
	for x.peek(n) == '-' {
		n++
	}
	before := x.peek(-1)
	if n < 2 || before != 0 && strings.IndexByte(haskellSigns, before) >= 0 {
		x.i += n
		return n > 0
	}
	if d := x.peek(n); d != 0 && strings.IndexByte(haskellSigns, d) >= 0 && d != '|' && d != '^' {
		x.i += n
		return true
	}
	x.lineComment(n)
	return true
}

// specialCobol reads the fixed form: * or / in column 7.
func specialCobol(x *lexer, c byte) bool {
	if (c == '*' || c == '/') && x.i >= 6 && bytes.IndexByte(x.src[x.i-6:x.i], '\n') < 0 && (x.i == 6 || x.src[x.i-7] == '\n') {
		x.lineComment(1)
		return true
	}
	return false
}

// specialR reads raw strings r"(…)", r"---[…]---".
func specialR(x *lexer, c byte) bool {
	if c != '"' && c != '\'' {
		return false
	}
	if w := x.wordBefore(x.i - 1); x.i == 0 || w != "r" && w != "R" {
		return false
	}
	n := 1
	for x.peek(n) == '-' {
		n++
	}
	k := strings.IndexByte("([{", x.peek(n))
	if k < 0 {
		return false
	}
	return x.until(x.i+n, ")]}"[k:k+1]+strings.Repeat("-", n-1)+string(c))
}

// specialElixir reads ?c and sigils ~s(…), ~r/…/.
func specialElixir(x *lexer, c byte) bool {
	switch c {
	case '?':
		if p := x.peek(-1); !isAlnum(p) && p != '_' && strings.IndexByte("\"'#~", x.peek(1)) >= 0 && x.peek(1) != 0 {
			x.i += 2
			return true
		}
	case '~':
		n := 1
		for isLetter(x.peek(n)) && n < 16 {
			n++
		}
		if n == 1 {
			return false
		}
		for _, triple := range []string{`"""`, `'''`} {
			if bytes.HasPrefix(x.src[x.i+n:x.end], []byte(triple)) {
				return x.until(x.i+n+3, triple)
			}
		}
		if d := x.peek(n); d != 0 && strings.IndexByte("/|\"'([{<", d) >= 0 {
			end, ok := x.delimited(x.i + n)
			if !ok {
				x.unclosed(x.i, "string")
			}
			return x.text(end)
		}
	}
	return false
}

// specialErlang passes character literals: $", $', $%, $\".
func specialErlang(x *lexer, c byte) bool {
	if c != '$' {
		return false
	}
	x.i += 2
	if x.peek(-1) == '\\' {
		x.i++
	}
	return true
}

// specialLisp passes characters: #\" #\; and ?\" of Emacs.
func specialLisp(x *lexer, c byte) bool {
	if (c == '#' || c == '?') && x.peek(1) == '\\' {
		x.i += 3
		return true
	}
	if c == '?' && x.peek(1) == '"' && !isAlnum(x.peek(-1)) {
		x.i += 2
		return true
	}
	return false
}

// specialOCaml reads {id|…|id} and characters.
func specialOCaml(x *lexer, c byte) bool {
	if c == '{' {
		n := 1
		for p := x.peek(n); p == '_' || p >= 'a' && p <= 'z'; p = x.peek(n) {
			n++
		}
		if x.peek(n) == '|' {
			return x.until(x.i+n+1, "|"+string(x.src[x.i+1:x.i+n])+"}")
		}
		return false
	}
	return specialTick(x, c)
}

// specialTcl keeps # to where a command may start.
func specialTcl(x *lexer, c byte) bool {
	if c != '#' || x.onlyBlanksBefore() {
		return false
	}
	if p, _ := x.significant(); p == ';' || p == '{' {
		return false
	}
	x.i++
	return true
}

// specialYAML keeps block scalars apart: text behind | or > is a string as long
// as it is indented deeper than the key it belongs to.
func specialYAML(x *lexer, c byte) bool {
	switch c {
	case '|', '>':
		p, at := x.significant()
		if at < 0 || p != ':' && p != '-' || !x.atValueStart() {
			return false
		}
		j := x.i + 1
		for j < x.end && (x.src[j] == '-' || x.src[j] == '+' || isDigit(x.src[j])) && j-x.i < 4 {
			j++
		}
		for k := j; k < x.end && x.src[k] != '\n'; k++ {
			if x.src[k] == '#' && isBlank(x.src[k-1]) {
				break
			}
			if !isBlank(x.src[k]) && x.src[k] != '\r' {
				return false
			}
		}
		x.scalar = x.yamlIndent() + 1
		x.i = j
		return true
	case '\n':
		if x.scalar == 0 {
			return false
		}
		x.i++
		x.blockScalar(x.scalar - 1)
		x.scalar = 0
		return true
	}
	return false
}

// yamlIndent returns the column of the key (or dash) whose value opens at x.i.
func (x *lexer) yamlIndent() int {
	from := bytes.LastIndexByte(x.src[:x.i], '\n') + 1
	j := from
	for j < x.i {
		for j < x.i && x.src[j] == ' ' {
			j++
		}
		if x.src[j] != '-' || j+1 >= x.end || !isBlank(x.src[j+1]) {
			break
		}
		k := j + 1
		for k < x.i && isBlank(x.src[k]) {
			k++
		}
		if k >= x.i {
			break
		}
		j = k
	}
	return j - from
}

func (x *lexer) blockScalar(indent int) {
	start := x.i
	for x.i < x.end {
		end := x.lineEnd()
		text := bytes.TrimLeft(x.src[x.i:end], " ")
		blank := len(bytes.TrimSpace(text)) == 0
		if !blank && end-x.i-len(text) <= indent {
			break
		}
		x.i = min(end+1, x.end)
	}
	if x.i > start {
		x.fill(start, x.i-1, inString)
	}
}
