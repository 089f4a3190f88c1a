package codetag

import "bytes"

// Bounds that keep hostile files linear.
const (
	maxCallHead = 4096 // bytes of it.each([…])("…") read again at each { in it
	maxIfs      = 64   // nested #if whose brackets are remembered
	maxBodyHead = 512  // bytes of the head of a function that holds other brackets
	maxScopes   = 16   // brackets remembered at an #if
	maxNested   = 1000 // brackets in brackets; those further inside are only counted
)

// scope is an open {.
type scope struct {
	decl     int  // the declaration whose body it is, or -1
	kind     kind // of that declaration; 0 for other blocks
	inFunc   bool // a function is around
	parens   int  // brackets open before it
	head     int  // where the statement it is part of began, if that goes on behind it
	skip     int
	anonType bool // typedef struct { … } name
}

// braceWalker finds the declarations of languages with { and }. It goes once
// through the mask and cuts it into statements: a statement ends at ';', '{',
// '}', and where the language says so at the end of a line.
type braceWalker struct {
	src, mask []byte
	g         *grammar
	decls     []decl

	i       int
	head    int // first byte of the statement, -1 between statements
	skip    int // annotations of the statement are read up to here
	parens  int // open ( and [
	scopes  []scope
	ifs     [][]scope // scopes at the open #if, for their #else; nil: not remembered
	ifLevel int
	deeper  int // open { beyond maxNested
	ahead   int // next byte of code behind a line end, once looked for
	groups  int // open brackets of a declaration group: Go's const ( … )
	group   kind
}

func walkBraces(src, mask []byte, g *grammar, decls []decl) []decl {
	w := &braceWalker{decls: decls, src: src, mask: mask, g: g, head: -1}
	w.run()
	for i := range w.decls {
		if w.decls[i].end == 0 {
			w.decls[i].end = len(mask)
		}
	}
	return w.decls
}

func (w *braceWalker) run() {
	for ; w.i < len(w.mask); w.i++ {
		switch c := w.mask[w.i]; c {
		case ' ', '\t', '\r', '\f', inComment:
		case '\n', lineBreak:
			w.lineEnd()
		case '(', '[':
			w.begin()
			w.openParen(c)
		case ')', ']':
			w.begin()
			w.closeParen()
		case '{':
			w.begin()
			w.open()
		case '}':
			w.close()
		case ';':
			if w.parens == 0 {
				w.statement(';')
			}
		case ':':
			w.begin()
			w.label()
		case '#':
			if w.g.preproc && w.firstOnLine() {
				w.directive()
				continue
			}
			w.begin()
		default:
			w.begin()
		}
	}
	if w.head >= 0 && w.parens == 0 {
		w.statement(';')
	}
	w.deeper = 0
	for len(w.scopes) > 0 {
		w.close()
	}
}

func (w *braceWalker) begin() {
	if w.head < 0 {
		w.head, w.skip = w.i, w.i
	}
}

func (w *braceWalker) reset() { w.head, w.skip = -1, -1 }

func (w *braceWalker) top() scope {
	if len(w.scopes) == 0 {
		return scope{decl: -1}
	}
	return w.scopes[len(w.scopes)-1]
}

// openParen opens a bracket; that of a Go group declares what is in it.
func (w *braceWalker) openParen(c byte) {
	if c == '(' && w.g == grammarGo && w.parens == 0 && len(w.scopes) == 0 {
		switch string(bytes.TrimSpace(w.mask[w.head:w.i])) {
		case "const", "var":
			w.group = kindVar
		case "type":
			w.group = kindType
		}
		if w.group != 0 {
			w.groups = 1
			w.reset()
			return
		}
	}
	w.parens++
}

func (w *braceWalker) closeParen() {
	if w.parens == 0 && w.groups > 0 {
		w.statement('\n')
		w.groups, w.group = 0, 0
		w.reset()
		return
	}
	w.parens = max(0, w.parens-1)
}

// lineEnd ends the statement where the language has it so and the line does not
// obviously go on.
func (w *braceWalker) lineEnd() {
	if !w.g.newline || w.head < 0 || w.parens > 0 {
		return
	}
	if w.goesOn() {
		return
	}
	if w.skip > w.head { // comments may stand below annotations
		if w.skip = nextCodeByte(w.mask[:w.i], w.skip); w.skip >= w.i {
			return
		}
	}
	w.skip = skipAnnotations(w.g, w.mask, w.skip, w.i)
	if w.skip >= w.i {
		return // annotations only: they belong to what follows
	}
	w.statement('\n')
}

func (w *braceWalker) goesOn() bool {
	for j := w.i - 1; j >= w.head; j-- {
		switch w.mask[j] {
		case ' ', '\t', '\r', inComment:
			continue
		case ',', '=', '&', '|', '+', '-', '*', '.', ':', '\\', '<':
			return true
		}
		break
	}
	if w.g == grammarGo {
		return false
	}
	if w.ahead <= w.i {
		w.ahead = nextCodeByte(w.mask, w.i+1)
	}
	if w.ahead == len(w.mask) {
		return false
	}
	switch w.mask[w.ahead] {
	case '{', '.', '=', '?', ':', '&', '|', ',', ')':
		return true
	}
	return false
}

// nextCodeByte returns the offset of the next byte that is no blank, line end or
// comment.
func nextCodeByte(mask []byte, at int) int {
	for at < len(mask) && isSpace(mask[at]) {
		at++
	}
	return at
}

func isSpace(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '\f', '\v', inComment, lineBreak:
		return true
	}
	return false
}

// open is at a {.
func (w *braceWalker) open() {
	if len(w.scopes) >= maxNested {
		w.deeper++
		w.reset()
		return
	}
	s := scope{decl: -1, inFunc: w.top().inFunc, parens: w.parens, head: -1}
	head := w.mask[w.head:w.i]
	switch {
	case w.parens > 0:
		// in brackets: the statement goes on behind }, unless a test is called
		s.head, s.skip = w.head, w.skip
		if w.g.calls != nil && len(head) < maxCallHead && w.opensBody(head) {
			if d, ok := w.call(w.head, w.i); ok {
				s.decl, s.kind, s.head = w.add(d), d.kind, -1
			}
		}
	case len(head) < maxBodyHead && (w.bracesOfType(head) || w.bracesOfMember(head) || w.bracesOfWord(head)):
		s.head, s.skip = w.head, w.skip
	default:
		if d, ok := w.analyse('{'); ok {
			s.decl, s.kind = w.add(d), d.kind
			s.inFunc = s.inFunc || d.kind == kindFunc
			s.anonType = d.name == "" && d.kind == kindType
		} else {
			s.inFunc = s.inFunc || w.g.clike && bytes.IndexByte(head, '(') >= 0
		}
	}
	w.scopes = append(w.scopes, s)
	w.parens = 0
	w.reset()
}

// bracesOfType reports whether the { belongs to a type in the head of a Go
// function: func f() struct{…} {
func (w *braceWalker) bracesOfType(head []byte) bool {
	if w.g != grammarGo || !bytes.HasPrefix(head, []byte("func")) {
		return false
	}
	t := bytes.TrimRight(head, " \t")
	return bytes.HasSuffix(t, []byte("interface")) || bytes.HasSuffix(t, []byte("struct"))
}

// bracesOfMember reports whether the { initialises a member in the head of a
// C++ constructor: A() : b{1}, c{2} {
func (w *braceWalker) bracesOfMember(head []byte) bool {
	t := bytes.TrimRight(head, " \t\n\r")
	if w.g != grammarC || len(t) == 0 || !isNameByte(t[len(t)-1]) && t[len(t)-1] != '>' {
		return false
	}
	n := bytes.IndexByte(t, ')')
	for n >= 0 && n+1 < len(t) {
		rest := bytes.TrimLeft(t[n+1:], " \t\n\r")
		if len(rest) > 1 && rest[0] == ':' && rest[1] != ':' {
			return true
		}
		next := bytes.IndexByte(t[n+1:], ')')
		if next < 0 {
			break
		}
		n += 1 + next
	}
	return false
}

// bracesOfWord reports whether the { opens a word of a Tcl command that is not
// its last: proc name {args} {
func (w *braceWalker) bracesOfWord(head []byte) bool {
	if w.g != grammarTcl {
		return false
	}
	end := balanced(w.mask, w.i, min(len(w.mask), w.i+maxCallHead))
	if end < 0 {
		return false
	}
	for end < len(w.mask) && isBlank(w.mask[end]) {
		end++
	}
	return end < len(w.mask) && w.mask[end] == '{'
}

// opensBody tells the body of the function a test call is given from an object,
// a parameter taken apart or a table among its arguments.
func (w *braceWalker) opensBody(head []byte) bool {
	t := bytes.TrimRight(head, " \t\n\r\x02\x03")
	if len(t) == 0 {
		return false
	}
	c := t[len(t)-1]
	return c != '(' && c != '[' && c != ':' && c != '=' && (c != ',' || w.g != grammarJS)
}

// close is at a }, or at the end of the file with a { open.
func (w *braceWalker) close() {
	if w.deeper > 0 {
		w.deeper--
		w.reset()
		return
	}
	if w.head >= 0 && w.parens == 0 {
		w.statement('}')
	}
	if len(w.scopes) == 0 {
		w.parens = 0
		w.reset()
		return
	}
	s := w.scopes[len(w.scopes)-1]
	w.scopes = w.scopes[:len(w.scopes)-1]
	if s.decl >= 0 {
		w.decls[s.decl].end = min(w.i+1, len(w.mask))
		if s.anonType {
			w.decls[s.decl].name, _ = identAfter(w.mask, w.i+1)
		}
	}
	w.parens = s.parens
	w.head, w.skip = s.head, s.skip
}

// statement ends the statement from head to here.
func (w *braceWalker) statement(end byte) {
	if w.head < 0 {
		return
	}
	if d, ok := w.analyse(end); ok {
		d.end = w.i
		w.add(d)
	}
	w.reset()
}

func (w *braceWalker) add(d decl) int {
	w.decls = append(w.decls, d)
	return len(w.decls) - 1
}

// label ends a "public:" or "signals:" of C++, which declares nothing.
func (w *braceWalker) label() {
	if !w.g.preproc || w.parens > 0 || w.i-w.head > 30 {
		return
	}
	switch string(bytes.TrimSpace(w.mask[w.head:w.i])) {
	case "public", "protected", "private", "signals", "public slots", "private slots", "protected slots", "default":
		w.reset()
	}
}

func (w *braceWalker) firstOnLine() bool {
	for j := w.i - 1; j >= 0; j-- {
		switch w.mask[j] {
		case '\n', lineBreak:
			return true
		case ' ', '\t', inComment:
		default:
			return false
		}
	}
	return true
}

// directive passes a line of the preprocessor. #define declares; the branches
// of an #if start with the same brackets open.
func (w *braceWalker) directive() {
	start := w.i
	end := start
	for end < len(w.mask) && w.mask[end] != '\n' && w.mask[end] != lineBreak {
		if w.mask[end] == '\\' {
			end++
			if end < len(w.mask) && w.mask[end] == '\r' {
				end++
			}
		}
		end++
	}
	end = min(end, len(w.mask))
	word, at := identAfter(w.mask, start+1)
	switch word {
	case "if", "ifdef", "ifndef":
		if w.ifLevel++; w.ifLevel <= maxIfs {
			var saved []scope
			if len(w.scopes) <= maxScopes {
				saved = append(make([]scope, 0, len(w.scopes)), w.scopes...)
			}
			w.ifs = append(w.ifs, saved)
		}
	case "else", "elif", "elifdef", "elifndef":
		w.otherBranch()
	case "endif":
		if w.ifLevel--; w.ifLevel < len(w.ifs) {
			w.ifs = w.ifs[:max(0, w.ifLevel)]
		}
		w.ifLevel = max(0, w.ifLevel)
	case "define":
		if name, head := identAfter(w.mask, at+len(word)); name != "" && w.head < 0 {
			w.add(decl{name: name, kind: kindVar, start: start, head: head, end: end})
		}
	}
	w.i = end - 1
}

// otherBranch is at an #else: the brackets are those at its #if again.
func (w *braceWalker) otherBranch() {
	n := len(w.ifs)
	if n == 0 || n != w.ifLevel || w.ifs[n-1] == nil || len(w.ifs[n-1]) == len(w.scopes) {
		return
	}
	for _, s := range w.scopes[min(len(w.ifs[n-1]), len(w.scopes)):] {
		if s.decl >= 0 {
			w.decls[s.decl].end = w.i
		}
	}
	w.scopes = append(w.scopes[:0], w.ifs[n-1]...)
	w.parens, w.deeper = 0, 0
	w.reset()
}

// identAfter returns the first identifier at or behind at, on the same line,
// past blanks only, and its offset.
func identAfter(mask []byte, at int) (string, int) {
	at = min(at, len(mask)) // a } that the end of the file stands for has nothing behind it
	for at < len(mask) && (isBlank(mask[at]) || mask[at] == inComment) {
		at++
	}
	end := at
	for end < len(mask) && isNameByte(mask[end]) {
		end++
	}
	return string(mask[at:end]), at
}

func isNameByte(c byte) bool { return isAlnum(c) || c == '_' || c == '$' || c >= 0x80 }
