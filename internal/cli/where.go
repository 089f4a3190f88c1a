package cli

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file reads the expressions of --where:
//
//	or        = and { "or" and }
//	and       = not { "and" not }
//	not       = "not" not | term
//	term      = "(" or ")" | "has" name | "links" name | "suspect" | "unverified" | name operator value
//	operator  = "=" | "!=" | "~" | "<" | "<=" | ">" | ">="
//	name      = quoted | word { word }
//	value     = quoted | word { word }
//
// A word is a run of characters other than blanks, brackets, double quotes and
// those of operators; a run of words is the words with single blanks between
// them. and, or and not end it, in capitals too. A quoted text stands between two
// " or two ', with \ before a quote or a backslash that belongs to it.
//
// What a name means is for property.go: an expression is read without a project.

// Limits of an expression.
const (
	maxWhere      = 16 << 10 // bytes
	maxWhereDepth = 200      // brackets and nots within each other
)

// whereOp is what a node of an expression does.
type whereOp string

// The closed list of operations. Comparisons are named by their operator.
const (
	opOr         whereOp = "or"
	opAnd        whereOp = "and"
	opNot        whereOp = "not"
	opHas        whereOp = "has"
	opLinks      whereOp = "links"
	opSuspect    whereOp = "suspect"
	opUnverified whereOp = "unverified"
	opEqual      whereOp = "="
	opUnequal    whereOp = "!="
	opContains   whereOp = "~"
	opLess       whereOp = "<"
	opAtMost     whereOp = "<="
	opMore       whereOp = ">"
	opAtLeast    whereOp = ">="
)

// where is a node of an expression.
type where struct {
	op      whereOp
	parts   []*where // of or, and, not
	name    string   // of has, links and comparisons
	nameAt  int      // byte
	value   string   // of comparisons
	valueAt int
}

// whereFault says what is wrong with an expression, and where.
type whereFault struct {
	text    string // of the expression
	at      int    // byte
	message string
	hint    string
}

// Column is where the fault is, in characters from 1.
func (f *whereFault) Column() int { return utf8.RuneCountInString(f.text[:f.at]) + 1 }

func (f *whereFault) Error() string { return f.message }

// mark shows the place within the expression.
func (f *whereFault) mark() string {
	return printable(f.text[:f.at]) + "▸" + printable(f.text[f.at:])
}

// parseWhere reads an expression.
func parseWhere(text string) (*where, error) {
	if len(text) > maxWhere {
		return nil, &whereFault{text, 0, fmt.Sprintf("the expression is longer than %d bytes", maxWhere), ""}
	}
	if !utf8.ValidString(text) {
		return nil, &whereFault{strings.ToValidUTF8(text, "?"), 0, "the expression is no valid UTF-8", ""}
	}
	p := &whereParser{text: text}
	if err := p.next(); err != nil {
		return nil, err
	}
	w, err := p.or()
	if err != nil {
		return nil, err
	}
	switch {
	case p.token.kind == tokenEnd:
		return w, nil
	case p.token.text == ")":
		return nil, p.fault("this bracket was never opened")
	case p.token.kind == tokenOperator:
		return nil, p.fault("an operator is too much; quote values that hold one")
	}
	return nil, p.fault("and or or is missing before %s", printable(p.token.text))
}

type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenQuoted
	tokenOperator
	tokenBracket
)

type token struct {
	kind tokenKind
	text string
	at   int
}

// keyword reports whether the token is a word that ends a run of words.
func (t token) keyword() string {
	if t.kind == tokenWord {
		switch low := strings.ToLower(t.text); low {
		case "and", "or", "not":
			return low
		}
	}
	return ""
}

type whereParser struct {
	text  string
	end   int // of the token
	token token
	depth int
}

func (p *whereParser) fault(format string, args ...any) error {
	return &whereFault{p.text, p.token.at, fmt.Sprintf(format, args...), ""}
}

// next reads the next token.
func (p *whereParser) next() error {
	rest := strings.TrimLeftFunc(p.text[p.end:], unicode.IsSpace)
	at := len(p.text) - len(rest)
	p.token = token{at: at}
	if rest == "" {
		p.end = at
		return nil
	}
	switch c := rest[0]; c {
	case '(', ')':
		p.token.kind, p.token.text = tokenBracket, rest[:1]
	case '"', '\'':
		return p.quoted(rest, c)
	case '=', '~', '<', '>', '!':
		p.token.kind, p.token.text = tokenOperator, rest[:1]
		if c != '=' && c != '~' && len(rest) > 1 && rest[1] == '=' {
			p.token.text = rest[:2]
		}
		if p.token.text == "!" {
			return p.fault("there is no operator !; there are = != ~ < <= > >= and the word not")
		}
	default:
		n := strings.IndexFunc(rest, endsWord)
		if n < 0 {
			n = len(rest)
		}
		p.token.kind, p.token.text = tokenWord, rest[:n]
	}
	p.end = at + len(p.token.text)
	return nil
}

func endsWord(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`()"=~<>!`, r) }

// quoted reads a quoted text; rest begins with its quote.
func (p *whereParser) quoted(rest string, quote byte) error {
	var b strings.Builder
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == quote:
			p.token.kind, p.token.text = tokenQuoted, b.String()
			p.end = p.token.at + i + 1
			return nil
		case c == '\\' && i+1 < len(rest) && strings.IndexByte(`\"'`, rest[i+1]) >= 0:
			i++
			b.WriteByte(rest[i])
		default:
			b.WriteByte(c)
		}
	}
	return p.fault("the quote that begins here does not end")
}

func (p *whereParser) or() (*where, error)  { return p.joined(opOr, p.and) }
func (p *whereParser) and() (*where, error) { return p.joined(opAnd, p.not) }

// joined reads parts with the word of op between them.
func (p *whereParser) joined(op whereOp, part func() (*where, error)) (*where, error) {
	first, err := part()
	if err != nil {
		return nil, err
	}
	parts := []*where{first}
	for p.token.keyword() == string(op) {
		if err := p.next(); err != nil {
			return nil, err
		}
		more, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, more)
	}
	if len(parts) == 1 {
		return first, nil
	}
	return &where{op: op, parts: parts}, nil
}

func (p *whereParser) not() (*where, error) {
	if p.token.keyword() != string(opNot) {
		return p.term()
	}
	if err := p.deeper(); err != nil {
		return nil, err
	}
	w, err := p.not()
	p.depth--
	if err != nil {
		return nil, err
	}
	return &where{op: opNot, parts: []*where{w}}, nil
}

// deeper steps over a token within which there is another expression.
func (p *whereParser) deeper() error {
	if p.depth++; p.depth > maxWhereDepth {
		return p.fault("more than %d brackets and nots within each other", maxWhereDepth)
	}
	return p.next()
}

func (p *whereParser) term() (*where, error) {
	t := p.token
	switch {
	case t.kind == tokenEnd:
		return nil, p.fault("a condition is missing here")
	case t.text == "(" && t.kind == tokenBracket:
		return p.bracketed()
	case t.kind == tokenBracket:
		return nil, p.fault("a condition is missing before this bracket")
	case t.kind == tokenOperator:
		return nil, p.fault("a name is missing before %s", t.text)
	case t.keyword() != "":
		return nil, p.fault("a condition is missing before %s", t.text)
	case t.kind == tokenWord:
		switch op := whereOp(strings.ToLower(t.text)); op {
		case opHas, opLinks:
			return p.named(op)
		case opSuspect, opUnverified:
			return p.flag(op)
		}
	}
	return p.comparison()
}

func (p *whereParser) bracketed() (*where, error) {
	open := p.token.at
	if err := p.deeper(); err != nil {
		return nil, err
	}
	w, err := p.or()
	p.depth--
	if err != nil {
		return nil, err
	}
	if p.token.kind == tokenEnd {
		return nil, &whereFault{p.text, open, "this bracket is never closed", ""}
	}
	if p.token.kind != tokenBracket || p.token.text != ")" {
		return nil, p.fault("and, or or a closing bracket is missing here")
	}
	return w, p.next()
}

// named reads what has and links are about.
func (p *whereParser) named(op whereOp) (*where, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	w := &where{op: op, nameAt: p.token.at}
	var err error
	what := "a field"
	if op == opLinks {
		what = "a relation"
	}
	if w.name, err = p.run("the name of " + what); err != nil {
		return nil, err
	}
	if p.token.kind == tokenOperator {
		return nil, p.fault("%s takes a name and no operator", op)
	}
	return w, nil
}

// flag reads suspect and unverified, which stand alone.
func (p *whereParser) flag(op whereOp) (*where, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.token.kind == tokenOperator {
		return nil, p.fault("%s stands alone, without operator and value", op)
	}
	return &where{op: op}, nil
}

func (p *whereParser) comparison() (*where, error) {
	w := &where{nameAt: p.token.at}
	var err error
	if w.name, err = p.run("a name"); err != nil {
		return nil, err
	}
	if p.token.kind != tokenOperator {
		return nil, p.fault("an operator is missing after %q: = != ~ < <= > >=; quote values that hold and, or, not", w.name)
	}
	w.op = whereOp(p.token.text)
	if err := p.next(); err != nil {
		return nil, err
	}
	w.valueAt = p.token.at
	w.value, err = p.run("a value")
	return w, err
}

// run reads a quoted text or a run of words.
func (p *whereParser) run(what string) (string, error) {
	if p.token.kind == tokenQuoted {
		text := p.token.text
		return text, p.next()
	}
	var words []string
	for p.token.kind == tokenWord && p.token.keyword() == "" {
		words = append(words, p.token.text)
		if err := p.next(); err != nil {
			return "", err
		}
	}
	if len(words) == 0 {
		return "", p.fault("%s is missing here", what)
	}
	return strings.Join(words, " "), nil
}

// String writes the expression so that reading it gives the same one.
func (w *where) String() string {
	switch w.op {
	case opOr, opAnd:
		parts := make([]string, len(w.parts))
		for i, part := range w.parts {
			parts[i] = part.within(w.op)
		}
		return strings.Join(parts, " "+string(w.op)+" ")
	case opNot:
		return "not " + w.parts[0].within(opNot)
	case opHas, opLinks:
		return string(w.op) + " " + quote(w.name)
	case opSuspect, opUnverified:
		return string(w.op)
	default:
		return quote(w.name) + " " + string(w.op) + " " + quote(w.value)
	}
}

// within puts brackets around a part that would be read otherwise without.
func (w *where) within(op whereOp) string {
	if w.op == opOr || w.op == opAnd && op != opOr {
		return "(" + w.String() + ")"
	}
	return w.String()
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
