package codetag

import (
	"bytes"
	"strings"
)

// indentWalker finds the declarations of languages in which indentation makes
// blocks, or in which people indent what "end" closes. A declaration lasts to
// the next line of code that is indented no deeper.
type indentWalker struct {
	src, mask []byte
	g         *grammar
	decls     []decl
	open      []int // declarations not closed, from the outside in
	depth     int   // open brackets, where the language counts them
	annotated int   // start of the annotations before the line, -1 without
	test      bool  // one of them makes a test
}

func walkIndent(src, mask []byte, g *grammar, decls []decl) []decl {
	w := &indentWalker{decls: decls, src: src, mask: mask, g: g, annotated: -1}
	for at := 0; at < len(mask); {
		end := maskLineEnd(mask, at)
		w.line(at, end)
		at = end + 1
	}
	w.closeFrom(0, len(mask))
	return w.decls
}

func maskLineEnd(mask []byte, at int) int {
	for at < len(mask) && mask[at] != '\n' && mask[at] != lineBreak {
		at++
	}
	return at
}

func (w *indentWalker) line(start, end int) {
	first, indent := start, 0
	for ; first < end && isSpace(w.mask[first]); first++ {
		if w.mask[first] == '\t' {
			indent += 8 - indent%8
		} else {
			indent++
		}
	}
	if first == end {
		return
	}
	keyword, _ := keywordAt(w.g, w.mask, first, end)
	inside := w.depth > 0 && (indent > 0 || w.g.words[string(keyword)] == 0)
	if w.g.brackets {
		if !inside {
			w.depth = 0
		}
		w.count(first, end)
	}
	if inside {
		return
	}
	if !w.g.flat {
		w.outdent(keyword, indent, start, end)
	}
	at, test := readAnnotations(w.g, w.src, w.mask, first, end)
	if at > first || w.g == grammarErlang && w.mask[first] == '-' {
		if w.annotated < 0 {
			w.annotated = first
		}
		w.test = w.test || test
		if at >= end || at == first || w.g == grammarElixir {
			return
		}
	}
	if d, ok := w.declared(at, end, indent); ok {
		w.add(d, first, indent)
	}
	w.annotated, w.test = -1, false
}

// count adds the brackets of a line.
func (w *indentWalker) count(at, end int) {
	for ; at < end; at++ {
		switch w.mask[at] {
		case '(', '[', '{':
			w.depth++
		case ')', ']', '}':
			w.depth = max(0, w.depth-1)
		}
	}
}

// outdent closes what a line of this indentation is no longer part of.
func (w *indentWalker) outdent(keyword []byte, indent, start, end int) {
	goesOn := w.g.keep[string(keyword)] || w.g.keep[string(w.mask[start+indentBytes(w.mask, start)])]
	for n := len(w.open); n > 0; n = len(w.open) {
		d := &w.decls[w.open[n-1]]
		if d.indent < indent || d.indent == indent && goesOn {
			return
		}
		to := start
		if d.indent == indent && len(keyword) >= 3 && bytes.EqualFold(keyword[:3], []byte("end")) {
			to = end
		}
		w.closeFrom(n-1, to)
	}
}

func indentBytes(mask []byte, at int) int {
	n := 0
	for isSpace(mask[at+n]) {
		n++
	}
	return n
}

func (w *indentWalker) closeFrom(n, at int) {
	for _, i := range w.open[n:] {
		w.decls[i].end = at
	}
	w.open = w.open[:n]
}

func (w *indentWalker) add(d decl, first, indent int) {
	d.start, d.indent, d.test = first, indent, d.test || w.test
	if w.annotated >= 0 {
		d.start = w.annotated
	}
	if w.g.flat {
		w.closeFrom(0, d.start)
	}
	if n := len(w.decls); n > 0 && indent == 0 && w.decls[n-1].name == d.name && (w.g == grammarHaskell || w.g == grammarErlang) {
		if w.decls[n-1].end != 0 { // one more clause of the same function
			w.decls[n-1].end = 0
			w.open = append(w.open, n-1)
		}
		return
	}
	w.decls = append(w.decls, d)
	w.open = append(w.open, len(w.decls)-1)
}

// declared reads what the line mask[at:end] declares.
func (w *indentWalker) declared(at, end, indent int) (decl, bool) {
	g := w.g
	if g.calls != nil {
		if d, ok := callAt(g, w.src, w.mask, at, end); ok {
			return d, true
		}
	}
	d, rest, ok := keywordDecl(g, w.src, w.mask, at, end)
	if ok && (d.kind != kindVar || indent == 0 || g == grammarLisp || g == grammarVHDL) {
		return d, true
	}
	switch {
	case ok:
		return decl{}, false
	case g.labels || g == grammarBatch:
		return labelAt(g, w.mask, at, end, indent)
	case indent > 0:
		return decl{}, false
	case g == grammarHaskell:
		name, behind := dottedName(w.mask, at, end)
		if name == "" || notNames[name] || behind < end && !isSpace(w.mask[behind]) {
			return decl{}, false
		}
		return decl{name: name, kind: kindFunc, head: at}, true
	case g.assign != nil:
		return assigned(g, w.mask, rest, end)
	}
	return decl{}, false
}

// labelAt reads "name:" of assembly, "target: …" and "name = …" of make, and
// ":name" of batch files.
func labelAt(g *grammar, mask []byte, at, end, indent int) (decl, bool) {
	if g == grammarBatch {
		name, from := identAfter(mask, at+1)
		return decl{name: name, kind: kindFunc, head: at}, mask[at] == ':' && name != "" && from == at+1
	}
	if g == grammarMake && (indent > 0 || mask[at] == '-') {
		return decl{}, false
	}
	i := at
	for i < end && i-at < maxName && (isNameByte(mask[i]) || strings.IndexByte(".-/%()@?", mask[i]) >= 0) {
		i++
	}
	name := string(mask[at:i])
	rest := bytes.TrimLeft(mask[i:end], " \t:?+!")
	switch {
	case name == "":
	case i < end && mask[i] == ':' && (g == grammarAssembly || len(rest) == 0 || rest[0] != '='):
		return decl{name: name, kind: kindFunc, head: at}, true
	case g == grammarMake && len(rest) > 0 && rest[0] == '=':
		return decl{name: strings.TrimRight(name, "?"), kind: kindVar, head: at}, true
	case g == grammarAssembly && (bytes.HasPrefix(bytes.ToUpper(rest), []byte("PROC")) || bytes.HasPrefix(bytes.ToUpper(rest), []byte("EQU"))):
		return decl{name: name, kind: kindFunc, head: at}, true
	}
	return decl{}, false
}

// walkRobot finds test cases and keywords of Robot Framework: names in the first
// column of their sections.
func walkRobot(src, mask []byte, decls []decl) []decl {
	var section kind
	closeLast := func(at int) {
		if n := len(decls); n > 0 && decls[n-1].end == 0 {
			decls[n-1].end = at
		}
	}
	for at := 0; at < len(mask); {
		end := maskLineEnd(mask, at)
		first := mask[at:end]
		switch {
		case len(first) == 0 || isSpace(first[0]):
		case first[0] == '*':
			closeLast(at)
			section = robotSection(string(src[at:end]))
		case section != 0:
			closeLast(at)
			_, to := robotCell(src, at, end)
			decls = append(decls, decl{name: string(src[at:to]), kind: section, start: at, head: at})
		}
		at = end + 1
	}
	closeLast(len(mask))
	return decls
}

func robotSection(title string) kind {
	switch strings.ToLower(strings.Trim(title, "* \t\r")) {
	case "test cases", "test case", "tasks", "task":
		return kindTest
	case "keywords", "keyword":
		return kindFunc
	}
	return 0
}

// gherkinLevel is how deep a heading stands, in English, German, French and Spanish.
var gherkinLevel = map[string]int{
	"feature": 1, "business need": 1, "ability": 1, "funktionalität": 1, "funktion": 1, "fonctionnalité": 1, "característica": 1,
	"rule": 2, "regel": 2, "règle": 2, "regla": 2,
	"scenario": 3, "scenario outline": 3, "scenario template": 3, "example": 3, "szenario": 3, "szenariogrundriss": 3, "beispiel": 3,
	"scénario": 3, "plan du scénario": 3, "exemple": 3, "escenario": 3, "esquema del escenario": 3, "ejemplo": 3,
	"background": 4, "grundlage": 4, "hintergrund": 4, "contexte": 4, "antecedentes": 4,
}

// walkGherkin finds features, rules and scenarios.
func walkGherkin(src, mask []byte, decls []decl) []decl {
	var open []int
	levels := map[int]int{}
	for at := 0; at < len(mask); {
		end := maskLineEnd(mask, at)
		first := at
		for first < end && isSpace(mask[first]) {
			first++
		}
		title, name, ok := bytes.Cut(mask[first:end], []byte(":"))
		level := 0
		if ok && len(title) < 40 {
			level = gherkinLevel[strings.ToLower(string(title))]
		}
		if level > 0 {
			for len(open) > 0 && min(3, levels[open[len(open)-1]]) >= min(3, level) {
				decls[open[len(open)-1]].end = at
				open = open[:len(open)-1]
			}
			k := []kind{kindSpace, kindSpace, kindTest, kindFunc}[level-1]
			open = append(open, len(decls))
			levels[len(decls)] = level
			decls = append(decls, decl{name: strings.TrimSpace(string(name)), kind: k, start: first, head: first, indent: first - at})
		}
		at = end + 1
	}
	for _, i := range open {
		decls[i].end = len(mask)
	}
	return decls
}
