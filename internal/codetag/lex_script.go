package codetag

import (
	"bytes"
	"strings"
)

// What languages of scripts write in their own way: Shell, PHP, Python, Ruby and
// Perl, and the here-documents that some of them share with others.

// specialHeredoc notes <<WORD, <<-WORD, <<~WORD, with the word in quotes or not.
func specialHeredoc(x *lexer, c byte) bool {
	if c != '<' || x.peek(1) != '<' {
		return false
	}
	return x.openHeredoc(x.i+2, false)
}

// openHeredoc reads the word of a heredoc at j. Words in small letters count
// where the language allows them.
func (x *lexer) openHeredoc(j int, small bool) bool {
	h := heredoc{indent: x.st.heredocIndent}
	if j < x.end && (x.src[j] == '-' || x.src[j] == '~') {
		h.indent = true
		j++
	}
	for x.st.heredocBlank && j < x.end && isBlank(x.src[j]) {
		j++
	}
	var closing byte
	if j < x.end && (x.src[j] == '"' || x.src[j] == '\'' || x.src[j] == '\\') {
		if closing = x.src[j]; closing == '\\' {
			closing = 0
		}
		j++
	}
	from := j
	for j < x.end && j-from < 100 && (isAlnum(x.src[j]) || x.src[j] == '_' || closing != 0 && x.src[j] != closing && x.src[j] != '\n') {
		j++
	}
	h.end = string(x.src[from:j])
	if closing != 0 {
		if j >= x.end || x.src[j] != closing {
			return false
		}
		j++
	}
	plain := h.end != "" && (closing != 0 || !isDigit(h.end[0]) && (small || h.end[0] == '_' || h.end[0] < 'a'))
	if !plain || len(x.heredocs) >= maxHeredocs {
		return false
	}
	x.heredocs = append(x.heredocs, h)
	x.i = j
	return true
}

// specialShell reads $'…', whose backslash escapes, and heredocs.
func specialShell(x *lexer, c byte) bool {
	switch c {
	case '\'':
		if x.peek(-1) == '$' {
			q := lines("'")
			x.readQuote(&q)
			return true
		}
	case '<':
		if x.peek(1) == '<' && x.peek(2) != '<' {
			return x.openHeredoc(x.i+2, true)
		}
		if x.at("<<<") {
			x.i += 3
			return true
		}
	}
	return false
}

// specialPHP passes what stands outside <?php … ?>, and reads heredocs.
func specialPHP(x *lexer, c byte) bool {
	switch {
	case c == '?' && x.at("?>"):
		x.i += 2
		outsidePHP(x)
		return true
	case c == '<' && x.at("<<<"):
		return x.openHeredoc(x.i+3, true)
	case c == '#' || c == '/' && x.peek(1) == '/':
		if c == '#' && x.peek(1) == '[' {
			return false
		}
		end := x.lineEnd() // a line comment ends before ?> too
		if n := bytes.Index(x.src[x.i:end], []byte("?>")); n >= 0 {
			end = x.i + n
			x.comment(x.i, min(x.i+2, end), end, end)
			x.i = end
			return true
		}
	}
	return false
}

// outsidePHP passes HTML up to the next <?, with its comments.
func outsidePHP(x *lexer) {
	for x.i < x.end {
		n := bytes.IndexByte(x.src[x.i:x.end], '<')
		if n < 0 {
			n = x.end - x.i
		}
		x.fill(x.i, x.i+n, inString)
		x.i += n
		switch {
		case x.at("<?php"):
			x.fill(x.i, x.i+5, inComment) // no part of the first statement
			x.i += 5
			return
		case x.at("<?"):
			x.fill(x.i, x.i+2, inComment)
			x.i += 2
			return
		case x.at("<!--"):
			x.readBlock(&block{open: "<!--", close: "-->"})
		default:
			x.i++
		}
	}
	x.i = x.end
}

// specialPython counts brackets, which tell a docstring from an argument.
func specialPython(x *lexer, c byte) bool {
	switch c {
	case '(', '[', '{':
		x.depth++
	case ')', ']', '}':
		x.depth = max(0, x.depth-1)
	default:
		return false
	}
	x.i++
	return true
}

// docPlace reports whether a string that opens here is a docstring: the first
// statement of a file or of a block.
func (x *lexer) docPlace() bool {
	if x.depth > 0 {
		return false
	}
	i := x.i
	for n := 0; n < 2 && i > 0 && strings.IndexByte("rRuU", x.src[i-1]) >= 0; n++ {
		i--
	}
	at := x.i
	x.i = i
	blank := x.onlyBlanksBefore()
	c, _ := x.significant()
	x.i = at
	return c == 0 && blank || c == ':' && (blank || x.inHead())
}

// inHead reports whether the line of x.i opens a function or class, whose
// docstring may stand on it too.
func (x *lexer) inHead() bool {
	from := x.lineStart()
	line := bytes.TrimLeft(x.src[from:min(x.i, from+200)], " \t")
	return bytes.HasPrefix(line, []byte("def ")) || bytes.HasPrefix(line, []byte("class ")) || bytes.HasPrefix(line, []byte("async def "))
}

// specialRuby reads =begin … =end, %q(…), regular expressions, heredocs, ?c.
func specialRuby(x *lexer, c byte) bool {
	switch c {
	case '=':
		return x.podComment("=begin", "\n=end")
	case '_':
		if x.at("__END__") && x.lineIs("__END__") {
			x.fill(x.i, x.end, inString)
			x.i = x.end
			return true
		}
	case '$', ':':
		if p := x.peek(1); c == '$' && strings.IndexByte("\"'`/<", p) >= 0 && p != 0 {
			x.i += 2
			return true
		}
	case '?':
		if p := x.peek(-1); !isAlnum(p) && p != '_' && p != ')' && x.i+2 < x.end && strings.IndexByte("\"'`#/", x.peek(1)) >= 0 && !isAlnum(x.peek(2)) {
			x.i += 2
			return true
		}
	case '/':
		return x.rubyOperand() && x.i >= x.noRegex && x.regex('/')
	case '%':
		return x.rubyOperand() && x.percentLiteral()
	case '<':
		if x.peek(1) == '<' && x.peek(-1) != '<' && (isLetter(x.peek(2)) || strings.IndexByte("-~\"'_", x.peek(2)) >= 0) {
			small := x.peek(2) == '-' || x.peek(2) == '~'
			return x.openHeredoc(x.i+2, small)
		}
	}
	return false
}

// rubyOperand reports whether an operand may start here, so that / and % open a
// literal and are no operators.
func (x *lexer) rubyOperand() bool {
	p, at := x.significant()
	if at < 0 || strings.IndexByte("(,=:[!&|?{;+-*~^>", p) >= 0 {
		return true
	}
	if isLetter(p) && regexWords[x.wordBefore(at)] {
		return true
	}
	newLine := bytes.IndexByte(x.src[at+1:x.i], '\n') >= 0
	// an argument without brackets: puts /x/
	next := x.peek(1)
	return newLine || (isAlnum(p) || p == '_') && at < x.i-1 && next != ' ' && next != '='
}

// percentLiteral reads %q(…), %w[…], %(…) and their like.
func (x *lexer) percentLiteral() bool {
	n := 1
	if strings.IndexByte("qQwWiIrxs", x.peek(1)) >= 0 && x.peek(1) != 0 {
		n = 2
	}
	d := x.peek(n)
	if d == 0 || d >= 0x80 || isAlnum(d) || isBlank(d) || d == '\n' || d == '=' || n == 1 && strings.IndexByte("([{<|!", d) < 0 {
		return false
	}
	end, ok := x.delimited(x.i + n)
	if !ok {
		x.unclosed(x.i, "string")
	}
	return x.text(end)
}

// delimited returns the offset behind the text between delimiters that opens at
// j; brackets nest.
func (x *lexer) delimited(j int) (end int, ok bool) {
	if j >= x.end {
		return x.end, false
	}
	open := x.src[j]
	closing := open
	if k := strings.IndexByte("([{<", open); k >= 0 {
		closing = ")]}>"[k]
	}
	level := 1
	for j++; j < x.end; j++ {
		switch c := x.src[j]; {
		case c == '\\':
			j++
		case c == closing:
			if level--; level == 0 {
				return j + 1, true
			}
		case c == open:
			level++
		}
	}
	return x.end, false
}

// podComment reads a comment from a line that begins with open to the line that
// begins with close.
func (x *lexer) podComment(open, close string) bool {
	if !x.at(open) || x.i > 0 && x.src[x.i-1] != '\n' {
		return false
	}
	start := x.i
	n := bytes.Index(x.src[start:x.end], []byte(close))
	if n < 0 {
		x.comment(start, start+len(open), x.end, x.end)
		x.i = x.end
		return true
	}
	x.i = start + n + len(close)
	end := x.lineEnd()
	x.comment(start, start+len(open), start+n, end)
	x.i = end
	return true
}

func (x *lexer) lineIs(s string) bool {
	return (x.i == 0 || x.src[x.i-1] == '\n') && string(bytes.TrimRight(x.src[x.i:x.lineEnd()], "\r")) == s
}

// specialPerl reads POD, quote-like operators, regular expressions, heredocs.
func specialPerl(x *lexer, c byte) bool {
	switch c {
	case '=':
		if isLetter(x.peek(1)) && (x.i == 0 || x.src[x.i-1] == '\n') {
			return x.podComment("=", "\n=cut")
		}
	case '$':
		if p := x.peek(1); p != 0 && strings.IndexByte("#\"'`/<", p) >= 0 {
			x.i += 2
			return true
		}
	case '/':
		p, at := x.significant()
		operand := at < 0 || strings.IndexByte("(,=:[!&|?{};+-*~^>", p) >= 0 || isLetter(p) && regexWords[x.wordBefore(at)]
		return operand && x.i >= x.noRegex && x.regex('/')
	case '<':
		if x.peek(1) == '<' {
			if p := x.peek(2); isLetter(p) || p == '"' || p == '\'' || p == '~' || p == '_' {
				return x.openHeredoc(x.i+2, p == '~')
			}
		}
	case 'm', 'q', 's', 't', 'y':
		return x.perlQuote()
	}
	return false
}

// perlQuote reads q(…), qq{…}, qw/…/, m!…!, s#…#…#, tr/…/…/, y/…/…/.
func (x *lexer) perlQuote() bool {
	p := x.peek(-1)
	if isAlnum(p) || p != 0 && strings.IndexByte("_$@%&>{'", p) >= 0 {
		return false
	}
	op := ""
	for _, w := range []string{"qq", "qw", "qr", "qx", "tr", "q", "m", "s", "y"} {
		if x.at(w) {
			op = w
			break
		}
	}
	if op == "" {
		return false
	}
	j := x.i + len(op)
	if j < x.end && (isAlnum(x.src[j]) || x.src[j] == '_') {
		return false
	}
	at := j
	for j < x.end && (isBlank(x.src[j]) || x.src[j] == '\n') {
		j++
	}
	if j >= x.end || isAlnum(x.src[j]) || x.src[j] >= 0x80 || strings.IndexByte("_,;)=>}", x.src[j]) >= 0 || j > at && x.src[j] == '#' {
		return false
	}
	end, ok := x.delimited(j)
	if ok && (op == "s" || op == "tr" || op == "y") {
		if x.src[j] == x.src[end-1] {
			end, ok = x.delimited(end - 1)
		} else {
			for end < x.end && (isBlank(x.src[end]) || x.src[end] == '\n') {
				end++
			}
			end, ok = x.delimited(end)
		}
	}
	if !ok {
		x.unclosed(x.i, "string")
	}
	return x.text(end)
}
