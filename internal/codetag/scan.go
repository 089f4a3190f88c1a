package codetag

import (
	"bytes"
	"strings"
)

// source is one file to be scanned.
type source struct {
	file   string // slash path
	module string // Go import path of its folder
	lang   *language
	text   []byte
}

// scratch is the memory a worker uses again for file after file.
type scratch struct {
	words    []int
	mask     []byte
	comments []comment
	decls    []decl
	reader   reader
}

// scan reads the tags of one file into res.
//
// goldthread:implements SRS-35
func (w *scratch) scan(s source, res *Result) {
	w.words = occurrences(w.words[:0], s.text)
	if len(w.words) == 0 {
		return
	}
	lang := s.lang.refine(s.text)
	x := w.lex(s.text, lang.style)
	where := position{text: s.text, line: 1} // asked in rising order, as are the two below
	for _, f := range x.flaws {
		res.Faults = append(res.Faults, where.fault(s.file, f))
	}
	if len(x.comments) == 0 {
		return
	}
	o := w.outline(x, lang.grammar, s.file)
	pkg := packageOf(s, x.mask, lang)
	ofTags, ofFlaws := position{text: s.text, line: 1}, position{text: s.text, line: 1}
	r := &w.reader
	r.src = s.text
	for _, c := range x.comments {
		r.read(c.textStart, c.textEnd)
		for _, f := range r.flaws {
			res.Faults = append(res.Faults, ofFlaws.fault(s.file, f))
		}
		if len(r.tags) == 0 {
			continue
		}
		test, symbol := o.names(o.at(c))
		for _, t := range r.tags {
			line, column := ofTags.of(t.at)
			res.Tags = append(res.Tags, Tag{File: s.file, Line: line, Column: column, Verb: t.verb, Key: t.key,
				Test: test, Symbol: symbol, Package: pkg, Language: lang.name})
		}
	}
	r.src = nil
}

// occurrences appends the offsets of the word that opens tags.
func occurrences(words []int, text []byte) []int {
	for at := 0; ; at += len(word) {
		n := bytes.Index(text[at:], []byte(word))
		if n < 0 {
			return words
		}
		at += n
		words = append(words, at)
	}
}

// position turns offsets into lines and columns. Asked in rising order it takes
// one pass over the text.
type position struct {
	text            []byte
	at, line, start int // offset reached, its line, where that line starts
}

func (p *position) of(at int) (line, column int) {
	if at < p.at {
		*p = position{text: p.text, line: 1}
	}
	for {
		n := bytes.IndexByte(p.text[p.at:at], '\n')
		if n < 0 {
			break
		}
		p.at += n + 1
		p.line++
		p.start = p.at
	}
	p.at = at
	return p.line, at - p.start + 1
}

func (p *position) fault(file string, f flaw) Fault {
	line, column := p.of(f.at)
	return Fault{File: file, Line: line, Column: column, Message: f.message}
}

// packageOf returns the package of a file where it is cheap to know.
func packageOf(s source, mask []byte, lang *language) string {
	switch {
	case lang.grammar == grammarGo:
		return s.module
	case lang.grammar == grammarPython:
		name := strings.TrimSuffix(s.file, "."+extension(s.file))
		name = strings.TrimSuffix(strings.TrimSuffix(name, "__init__"), "/")
		return strings.ReplaceAll(name, "/", ".")
	case lang.grammar.space != "":
		return declaredPackage(mask, lang.grammar.space)
	}
	return ""
}

// declaredPackage returns the first package or namespace a file declares.
func declaredPackage(mask []byte, keyword string) string {
	for at := 0; ; {
		n := bytes.Index(mask[at:], []byte(keyword))
		if n < 0 {
			return ""
		}
		at += n
		after := at + len(keyword)
		if startsStatement(mask, at) && after < len(mask) && isBlank(mask[after]) {
			for after < len(mask) && isBlank(mask[after]) {
				after++
			}
			end := after
			for end < len(mask) && (isAlnum(mask[end]) || mask[end] >= 0x80 || strings.IndexByte("._\\`$", mask[end]) >= 0) {
				end++
			}
			if end > after && end-after < 500 {
				return strings.NewReplacer("\\", ".", "`", "").Replace(string(mask[after:end]))
			}
		}
		at = after
	}
}

// startsStatement reports whether only blanks and comments stand before at on
// its line, or a statement ends there.
func startsStatement(mask []byte, at int) bool {
	for i := at - 1; i >= 0 && at-i < 1000; i-- {
		switch mask[i] {
		case '\n', lineBreak, ';', '}':
			return true
		case ' ', '\t', '\r', inComment:
		default:
			return false
		}
	}
	return true
}
