package codetag

import (
	"bytes"
	"strings"
)

// Bounds on what is read to find one name.
const (
	maxName  = 300 // bytes of a name
	maxAngle = 256 // bytes of type parameters
)

// analyse reads the statement from w.head to w.i, which ended with end.
func (w *braceWalker) analyse(end byte) (decl, bool) {
	if w.groups > 0 && len(w.scopes) == 0 {
		name, at := identAfter(w.mask, w.head)
		return decl{name: name, kind: w.group, start: w.head, head: at}, name != ""
	}
	if w.g == grammarGo && len(w.scopes) > 0 {
		return decl{}, false
	}
	at, test := readAnnotations(w.g, w.src, w.mask, w.head, w.i)
	if w.g.calls != nil {
		if d, ok := callAt(w.g, w.src, w.mask, at, w.i); ok {
			d.start = w.head
			return d, true
		}
	}
	d, rest, ok := keywordDecl(w.g, w.src, w.mask, at, w.i)
	top := w.top()
	switch {
	case ok && d.kind == kindVar && top.inFunc:
		return decl{}, false
	case ok && w.g.preproc && d.kind == kindType && !w.definesType(rest, end):
		ok, rest = false, at
	case ok && d.kind == kindFunc && w.g.clike && end != '{' && top.inFunc:
		return decl{}, false
	}
	if !ok && end == '{' && w.g.preproc && d.kind == kindType && d.name == "" && len(bytes.TrimSpace(w.mask[rest:w.i])) == 0 {
		ok = true // typedef struct { … } name
	}
	if !ok {
		switch {
		case w.g == grammarJS && top.kind == kindType:
			d, ok = w.method(rest)
		case w.g.clike && !top.inFunc:
			d, ok = w.cDecl(rest, end)
		case w.g.assign != nil && !top.inFunc:
			d, ok = assigned(w.g, w.mask, rest, w.i)
		}
	}
	d.start, d.test = w.head, d.test || test || ok && w.g == grammarGroovy && isQuote(w.mask[d.head]) // def "a sentence"()
	return d, ok
}

func isQuote(c byte) bool { return c == '"' || c == '\'' }

// call reads a test call in mask[from:end].
func (w *braceWalker) call(from, end int) (decl, bool) {
	d, ok := callAt(w.g, w.src, w.mask, from, end)
	d.start = from
	return d, ok
}

// definesType tells struct foo { and struct foo; from struct foo x and
// struct foo *f(void).
func (w *braceWalker) definesType(rest int, end byte) bool {
	t := bytes.TrimLeft(w.mask[rest:w.i], " \t\r\n\x02\x03")
	return len(t) == 0 || t[0] == ':' || t[0] == '<' || bytes.HasPrefix(t, []byte("final"))
}

// keywordDecl reads modifiers, a keyword and the name it declares in
// mask[at:end]. rest is the offset behind what was read: the name, or the
// modifiers where there is no declaration.
func keywordDecl(g *grammar, src, mask []byte, at, end int) (d decl, rest int, ok bool) {
	keyword := ""
	for n := 0; n < 20; n++ {
		word, from := keywordAt(g, mask, at, end)
		k := g.words[string(word)]
		next := from + len(word)
		switch {
		case len(word) == 0 || k == 0 && !g.mods[string(word)]:
			if keyword == "" {
				return decl{}, at, false
			}
			return namedDecl(g, src, mask, d, keyword, at, end)
		case keyword != "" && !namesSomething(g, mask, next, end):
			return namedDecl(g, src, mask, d, keyword, at, end) // val data = 5
		case k != 0:
			keyword, d = string(word), decl{kind: k, head: from}
		}
		at = next
		if k == 0 {
			if at = behindModifier(mask, word, next, end); at < 0 {
				return decl{}, next, false
			}
		}
	}
	return decl{}, at, false
}

// namesSomething reports whether a name follows at at: then the word before it
// is one more keyword or modifier, as in enum class X, const fn x, table if not
// exists x.
func namesSomething(g *grammar, mask []byte, at, end int) bool {
	word, _ := keywordAt(g, mask, at, end)
	return len(word) > 0 && word[0] != '(' && word[0] != ':'
}

// behindModifier passes what may follow a modifier: pub(crate), template <…>.
func behindModifier(mask, word []byte, at, end int) int {
	for at < end && (mask[at] == '(' || mask[at] == '[' || mask[at] == '<') {
		if at = balanced(mask, at, end); at < 0 {
			return -1
		}
	}
	if a := nextCodeByte(mask, at); string(word) == "template" && a < end && mask[a] == '<' {
		return balanced(mask, a, end)
	}
	return at
}

// namedDecl completes d, which keyword declares, by the name at at.
func namedDecl(g *grammar, src, mask []byte, d decl, keyword string, at, end int) (decl, int, bool) {
	name, nameAt, behind := nameAfter(g, src, mask, keyword, at, end)
	if name == "" {
		if !selfNamed[keyword] {
			return d, at, false
		}
		name, nameAt, behind = keyword, d.head, at
	}
	d.name, d.head = name, nameAt
	return d, behind, true
}

var selfNamed = set("init deinit constructor subscript")

// keywordAt returns the word at or behind at, in lower case where the grammar
// folds.
func keywordAt(g *grammar, mask []byte, at, end int) ([]byte, int) {
	for at < end && isSpace(mask[at]) {
		at++
	}
	i := at
	if i < end && strings.IndexByte("@(:", mask[i]) >= 0 {
		i++
	}
	lisp := g == grammarLisp
	for i < end && i-at < 40 && (isNameByte(mask[i]) || lisp && strings.IndexByte("-/!?*", mask[i]) >= 0 || g == grammarCobol && strings.IndexByte("-.", mask[i]) >= 0) {
		i++
	}
	if g == grammarCMake && i < end && mask[i] == '(' {
		i++
	}
	if g.fold {
		return bytes.ToLower(mask[at:i]), at
	}
	return mask[at:i], at
}

// nameAfter reads the name that keyword declares, at or behind at.
func nameAfter(g *grammar, src, mask []byte, keyword string, at, end int) (name string, from, behind int) {
	for at < end && (isSpace(mask[at]) || mask[at] == '!' || mask[at] == '*') {
		at++
	}
	if at < end && mask[at] == '<' {
		if at = balanced(mask, at, end); at < 0 {
			return "", 0, 0
		}
		at = min(nextCodeByte(mask, at), end)
	}
	if at >= end {
		return "", at, at
	}
	switch {
	case g == grammarGo && keyword == "func" && mask[at] == '(':
		return receiverName(mask, at, end)
	case g == grammarRust && keyword == "impl":
		if n := bytes.Index(mask[at:min(end, at+maxName)], []byte(" for ")); n >= 0 {
			at += n + 5
		}
	case g == grammarMatlab && keyword == "function":
		at = behindResult(mask, at, end)
	case g.last && keyword != "module":
		return lastWord(mask, at, end)
	case g == grammarCMake && keyword == "add_test(":
		if n := bytes.Index(mask[at:min(end, at+20)], []byte("NAME ")); n >= 0 {
			at += n + 5
		}
	case g == grammarTcl || g == grammarPowerShell || g == grammarLisp || g == grammarBatch || g == grammarCobol:
		return bareWord(mask, at, end)
	case (g == grammarRuby || g == grammarPython) && bytes.HasPrefix(mask[at:end], []byte("self.")):
		at += 5
	}
	at = min(nextCodeByte(mask, at), end)
	switch c := byteAt(mask, at, end); {
	case c == '"' || c == '\'':
		return stringNames(g, src, mask, at, end)
	case c == '`':
		if n := bytes.IndexByte(mask[at+1:min(end, at+maxName)], '`'); n >= 0 {
			return string(src[at+1 : at+1+n]), at, at + n + 2
		}
	}
	name, behind = dottedName(mask, at, end)
	if g == grammarC {
		return lastOfMacros(mask, name, at, behind, end)
	}
	return name, at, behind
}

func byteAt(mask []byte, at, end int) byte {
	if at < end {
		return mask[at]
	}
	return 0
}

// dottedName reads a name with its qualifiers: a.b, A::b, and the signs Ruby
// methods end in.
func dottedName(mask []byte, at, end int) (string, int) {
	i := at
	for i < end && i-at < maxName {
		switch c := mask[i]; {
		case isNameByte(c):
			i++
		case i > at && c == '.' && i+1 < end && isNameByte(mask[i+1]):
			i++
		case i > at && c == ':' && i+2 < end && mask[i+1] == ':' && (isNameByte(mask[i+2]) || mask[i+2] == '~'):
			i += 3
		case i > at && c == ':' && i+1 < end && isNameByte(mask[i+1]) && mask[i-1] != ':':
			i++ // Lua: M:method
		case i > at && (c == '?' || c == '!') && i+1 < end && (mask[i+1] == '(' || isSpace(mask[i+1])):
			return string(mask[at : i+1]), i + 1
		default:
			return string(mask[at:i]), i
		}
	}
	return string(mask[at:i]), i
}

// lastOfMacros passes macros before the name of a C++ class: class API Name.
func lastOfMacros(mask []byte, name string, at, behind, end int) (string, int, int) {
	for n := 0; n < 8; n++ {
		next := behind
		for next < end && (isSpace(mask[next]) || mask[next] == '[' || mask[next] == '(') {
			if mask[next] == '[' || mask[next] == '(' {
				if next = balanced(mask, next, end); next < 0 {
					return name, at, behind
				}
				continue
			}
			next++
		}
		another, b := dottedName(mask, next, end)
		if another == "" || another == "final" {
			return name, at, behind
		}
		if c := byteAt(mask, min(nextCodeByte(mask, b), end), end); c != 0 && c != ':' && c != '<' && !isNameByte(c) {
			return name, at, behind
		}
		name, at, behind = another, next, b
	}
	return name, at, behind
}

// receiverName reads (p *Pump[T]) Start of a Go method as Pump.Start.
func receiverName(mask []byte, at, end int) (string, int, int) {
	closing := balanced(mask, at, end)
	if closing < 0 {
		return "", at, at
	}
	r := mask[at+1 : closing-1]
	if i := bytes.IndexByte(r, '['); i >= 0 {
		r = r[:i]
	}
	r = bytes.TrimRight(r, " \t\n\x02\x03")
	i := len(r)
	for i > 0 && isNameByte(r[i-1]) {
		i--
	}
	name, from := identAfter(mask, closing)
	if name == "" {
		return "", at, at
	}
	return string(r[i:]) + "." + name, from, from + len(name)
}

// behindResult passes "[a, b] =" of a MATLAB function.
func behindResult(mask []byte, at, end int) int {
	stop := at
	for stop < end && mask[stop] != '(' {
		if mask[stop] == '=' {
			return stop + 1
		}
		stop++
	}
	return at
}

// lastWord reads the word before ( or ; (Verilog: function automatic int f().
func lastWord(mask []byte, at, end int) (string, int, int) {
	stop := at
	for stop < end && stop-at < maxName && strings.IndexByte("(;:#\n", mask[stop]) < 0 {
		stop++
	}
	i := stop
	for i > at && isSpace(mask[i-1]) {
		i--
	}
	to := i
	for i > at && (isNameByte(mask[i-1])) {
		i--
	}
	return string(mask[i:to]), i, to
}

// bareWord reads up to a blank or bracket.
func bareWord(mask []byte, at, end int) (string, int, int) {
	i := at
	for i < end && i-at < maxName && !isSpace(mask[i]) && strings.IndexByte("()[]{}", mask[i]) < 0 {
		i++
	}
	return strings.TrimRight(string(mask[at:i]), "."), at, i
}

// stringNames reads the string at at; that of a Terraform block and the one
// behind it are one name.
func stringNames(g *grammar, src, mask []byte, at, end int) (string, int, int) {
	name, behind := stringAt(src, mask, at, end)
	if g == grammarTerraform {
		if next := nextCodeByte(mask, behind); next < end && mask[next] == '"' {
			second, b := stringAt(src, mask, next, end)
			return name + "." + second, at, b
		}
	}
	return name, at, behind
}

// stringAt returns the text of the string whose opening quote is at at, with
// escaped quotes as they are meant and code in it as it is written.
func stringAt(src, mask []byte, at, end int) (string, int) {
	text, behind := rawStringAt(src, mask, at, end)
	if strings.IndexByte(text, '\\') >= 0 {
		text = strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\"`, `"`, "\\`", "`").Replace(text)
	}
	return text, behind
}

func rawStringAt(src, mask []byte, at, end int) (string, int) {
	i := at + 1
	for i < end && mask[i] == inString {
		i++
	}
	if end > i && i > at+1 && strings.IndexByte("{(", src[i-1]) >= 0 && mask[i] != src[at] {
		i = behindCode(src, mask, at, i, end)
	}
	text := string(src[at+1 : min(i, at+1+maxName)])
	for len(text) >= 2 && text[0] == src[at] && text[1] == src[at] { // """…"""
		text = strings.TrimRight(text[2:], string(src[at]))
	}
	return strings.TrimSpace(text), min(i+1, end)
}

// behindCode returns the offset of the last byte of a string that holds code,
// which the mask shows as code: `a ${b}`. Code that holds strings of its own
// ends the search.
func behindCode(src, mask []byte, at, i, end int) int {
	for i < end && i-at < maxName {
		for i < end && mask[i] != inString && strings.IndexByte("\"'`", mask[i]) < 0 {
			i++
		}
		from := i
		for i < end && mask[i] == inString {
			i++
		}
		if i == from || src[i-1] == src[at] {
			return i - 1
		}
	}
	return i
}

// balanced returns the offset behind the bracket that closes the one at at, or
// -1. Type parameters are read only so far.
func balanced(mask []byte, at, end int) int {
	open := mask[at]
	closing := byte(')')
	switch open {
	case '[':
		closing = ']'
	case '<':
		closing = '>'
		end = min(end, at+maxAngle)
	case '{':
		closing = '}'
	}
	level := 0
	for i := at; i < end; i++ {
		switch mask[i] {
		case open:
			level++
		case closing:
			if level--; level == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// callAt reads it("…"), test.each([…])("…"), describe "…" do, describe Name do
// at at.
func callAt(g *grammar, src, mask []byte, at, end int) (decl, bool) {
	word, from := keywordAt(g, mask, at, end)
	k := g.calls[string(word)]
	if k == 0 {
		return decl{}, false
	}
	i := from + len(word)
	for i < end && mask[i] == '.' { // .only, .each, .skip
		next, _ := identAfter(mask, i+1)
		if second := g.calls[next]; second != 0 {
			k = second // RSpec.describe, Deno.test
		}
		i += 1 + len(next)
	}
	for n := 0; n < 3; n++ {
		i = min(nextCodeByte(mask, i), end)
		c := byteAt(mask, i, end)
		inside := i
		if c == '(' {
			inside = min(nextCodeByte(mask, i+1), end)
		}
		switch q := byteAt(mask, inside, end); {
		case (q == '"' || q == '\'' || q == '`') && !(c == '`' && n == 0 && i == from+len(word)):
			name, _ := stringAt(src, mask, inside, end)
			return decl{name: name, kind: k, head: from}, name != ""
		case k == kindSuite && isNameByte(q) && (c == '(' || g.shape == shapeIndent):
			name, _ := dottedName(mask, inside, end)
			return decl{name: name, kind: k, head: from}, true
		case c == '(':
			if i = balanced(mask, i, end); i < 0 {
				return decl{}, false
			}
		case c == '`': // test.each`table`("…")
			_, i = stringAt(src, mask, i, end)
		default:
			return decl{}, false
		}
	}
	return decl{}, false
}

// method reads a method of a JavaScript class: name(…) {
func (w *braceWalker) method(at int) (decl, bool) {
	at = min(nextCodeByte(w.mask, at), w.i)
	from := at
	if at < w.i && (w.mask[at] == '#' || w.mask[at] == '*') {
		at++
	}
	name, _ := identAfter(w.mask, at)
	behind := at + len(name)
	if name == "" || behind >= w.i || notNames[name] {
		return decl{}, false
	}
	switch w.mask[behind] {
	case '(', '<':
		return decl{name: name, kind: kindFunc, head: from}, true
	case '=', ':', ' ', ';', '?', '!':
		return decl{name: name, kind: kindVar, head: from}, true
	}
	return decl{}, false
}

// assigned reads name = function at the top of a file.
func assigned(g *grammar, mask []byte, at, end int) (decl, bool) {
	at = min(nextCodeByte(mask, at), end)
	name, behind := dottedName(mask, at, end)
	if name == "" || notNames[name] || isDigit(name[0]) {
		return decl{}, false
	}
	next := min(nextCodeByte(mask, behind), end)
	for _, sign := range g.assign {
		if !bytes.HasPrefix(mask[next:end], []byte(sign)) {
			continue
		}
		value := bytes.TrimLeft(mask[next+len(sign):end], " \t\n")
		if len(value) == 0 || sign == "=" && value[0] == '=' {
			return decl{}, false
		}
		k := kindVar
		if sign == "(" || bytes.HasPrefix(value, []byte("function")) || bytes.HasPrefix(value, []byte("async")) {
			k = kindFunc
		}
		return decl{name: name, kind: k, head: at}, true
	}
	return decl{}, false
}

// readAnnotations passes the annotations that open a statement and tells
// whether one of them makes it a test.
func readAnnotations(g *grammar, src, mask []byte, at, end int) (int, bool) {
	test := false
	for {
		at = min(nextCodeByte(mask, at), end)
		open := annotationAt(g, mask, at, end)
		if open == "" {
			return at, test
		}
		from := at + len(open)
		if open == "@" {
			name, behind := dottedName(mask, from, end)
			if name == "" || name == "interface" {
				return at, test
			}
			test = test || g.isTest(name[strings.LastIndexAny(name, ".:")+1:])
			if at = behind; at < end && mask[at] == '(' {
				if at = balanced(mask, at, end); at < 0 {
					return end, test
				}
			}
			continue
		}
		closing := balanced(mask, from-1, end)
		if closing < 0 {
			return at, test
		}
		for part := range bytes.SplitSeq(mask[from:closing-1], []byte(",")) {
			name, _ := dottedName(part, min(nextCodeByte(part, 0), len(part)), len(part))
			test = test || g.isTest(name[strings.LastIndexAny(name, ".:\\")+1:])
		}
		at = closing
	}
}

func (g *grammar) isTest(name string) bool {
	if g.fold {
		name = strings.ToLower(name)
	}
	return g.tests[name]
}

func annotationAt(g *grammar, mask []byte, at, end int) string {
	for _, a := range g.annos {
		if bytes.HasPrefix(mask[at:end], []byte(a)) {
			return a
		}
	}
	return ""
}

// skipAnnotations returns the offset behind the annotations and modifiers at at;
// end when there is nothing else.
func skipAnnotations(g *grammar, mask []byte, at, end int) int {
	if g.annos == nil || annotationAt(g, mask, min(nextCodeByte(mask, at), end), end) == "" {
		return at
	}
	at, _ = readAnnotations(g, mask, mask, at, end)
	return at
}
