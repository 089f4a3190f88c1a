package codetag

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// kind is what a declaration declares.
type kind uint8

const (
	kindVar   kind = iota + 1 // variable, constant, field, target
	kindFunc                  // function, method, task, procedure
	kindType                  // class, struct, interface, entity: qualifies what is in it
	kindSpace                 // namespace, module: does not qualify symbols
	kindSuite                 // describe("…"): qualifies what is in it
	kindTest                  // it("…"), test("…"), Scenario:
)

// decl is one declaration: offsets into the source.
type decl struct {
	name   string
	kind   kind
	test   bool // a test by its annotation, its name or its kind
	start  int  // first byte, annotations included
	head   int  // the name, or the last place where a comment still stands above it
	end    int  // behind its body
	indent int  // of its line, in languages without brackets
	parent int  // index, -1 at the top
}

// outline is the declarations of one file in order.
type outline struct {
	g     *grammar
	mask  []byte
	src   []byte
	decls []decl

	// What was found for the comment before: comments come in order, and
	// thousands of them in a row must not be passed again and again.
	line               struct{ at, start, indent int }
	own                bool
	codeFrom, codeStop int // nextCode gives code for all offsets between these
	code               int
}

// maxDepth is how deep declarations may nest; deeper ones are left out.
const maxDepth = 200

// outline finds the declarations of a source that x has read.
func (w *scratch) outline(x *lexer, g *grammar, file string) *outline {
	o := &outline{g: g, src: x.src, mask: x.mask, decls: w.decls[:0]}
	switch g.shape {
	case shapeNone:
		return o
	case shapeBraces:
		o.decls = walkBraces(x.src, x.mask, g, o.decls)
	case shapeIndent:
		o.decls = walkIndent(x.src, x.mask, g, o.decls)
	case shapeRobot:
		o.decls = walkRobot(x.src, x.mask, o.decls)
	case shapeGherkin:
		o.decls = walkGherkin(x.src, x.mask, o.decls)
	}
	w.decls = o.decls
	slices.SortStableFunc(o.decls, func(a, b decl) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	o.nest(file)
	return o
}

// nest gives every declaration its parent, and marks tests by their names.
func (o *outline) nest(file string) {
	g := o.g
	var open []int
	kept := o.decls[:0]
	for _, next := range o.decls {
		for len(open) > 0 && kept[open[len(open)-1]].end <= next.start {
			open = open[:len(open)-1]
		}
		if len(open) == maxDepth {
			continue
		}
		i := len(kept)
		kept = append(kept, next)
		d := &kept[i]
		d.parent = -1
		if len(open) > 0 {
			d.parent = open[len(open)-1]
		}
		open = append(open, i)
		d.test = d.test || d.kind == kindTest || d.kind == kindFunc && g.testName != nil && g.testName(testCandidate{
			name: d.name, file: file, inType: d.parent >= 0 && kept[d.parent].kind == kindType})
	}
	o.decls = kept
}

// testCandidate is a function that may be a test by its name.
type testCandidate struct {
	name, file string
	inType     bool
}

// at returns the declaration the comment belongs to, or -1: the next one when
// the comment stands on lines of its own directly above it, the one on the same
// line when the comment follows code, else the one around it.
func (o *outline) at(c comment) int {
	o.goTo(c.start)
	lineStart := o.line.start
	if o.own {
		if p := o.nextCode(c.end); p >= 0 {
			if i := o.headed(p); i >= 0 && o.decls[i].head >= c.end {
				return i
			}
		}
		return o.around(c.start, o.line.indent)
	}
	for i := o.last(c.start); i >= 0 && o.decls[i].start >= lineStart; i-- {
		if o.decls[i].head < c.start {
			return i
		}
	}
	if i := o.last(c.start); i >= 0 && o.g.shape == shapeBraces {
		// the name may stand on this line, its annotations above
		if d := &o.decls[i]; d.head >= lineStart && d.head < c.start {
			return i
		}
	}
	return o.around(c.start, o.line.indent+1)
}

// goTo finds the line of offset at, and whether nothing but comments stands
// before at on it.
func (o *outline) goTo(at int) {
	own, i := true, at
	for ; i > o.line.at; i-- {
		switch c := o.mask[i-1]; c {
		case '\n', lineBreak:
			o.line.at, o.line.start, o.line.indent = at, i, o.indentOf(i)
			o.own = own
			return
		case ' ', '\t', '\r', '\f', inComment:
		default:
			own = false
		}
	}
	if o.line.at == 0 { // the first line
		o.own, o.line.indent = true, o.indentOf(0)
	}
	o.line.at = at
	o.own = o.own && own
}

// nextCode returns the offset of the code that follows a comment with no blank
// line between, or -1.
func (o *outline) nextCode(at int) int {
	if at >= o.codeFrom && at <= o.codeStop {
		return o.code
	}
	o.codeFrom, o.code = at, -1
	empty := false // the line so far holds nothing
	for ; at < len(o.mask); at++ {
		c := o.mask[at]
		if c == '\n' && empty {
			break
		}
		if !isSpace(c) {
			o.code = at
			break
		}
		empty = c == '\n' || empty && c != inComment && c != lineBreak
	}
	o.codeStop = at
	return o.code
}

// last returns the last declaration that starts at or before offset at, or -1.
func (o *outline) last(at int) int {
	return sort.Search(len(o.decls), func(i int) bool { return o.decls[i].start > at }) - 1
}

// headed returns the innermost declaration between whose start and name p lies.
func (o *outline) headed(p int) int {
	for i := o.last(p); i >= 0; i = o.decls[i].parent {
		if p <= o.decls[i].head {
			return i
		}
	}
	return -1
}

// around returns the innermost declaration around offset at. Where indentation
// makes blocks, a comment indented no deeper than a declaration is not in it.
func (o *outline) around(at, indent int) int {
	for i := o.last(at); i >= 0; i = o.decls[i].parent {
		d := &o.decls[i]
		if at < d.end && (o.g.shape == shapeBraces || o.g.flat || d.indent < indent) {
			return i
		}
	}
	return -1
}

func (o *outline) indentOf(lineStart int) int {
	n := 0
	for _, c := range o.src[lineStart:] {
		switch c {
		case ' ':
			n++
		case '\t':
			n += 8 - n%8
		default:
			return n
		}
	}
	return n
}

// names returns test and symbol of declaration i.
func (o *outline) names(i int) (test, symbol string) {
	if i < 0 {
		return "", ""
	}
	symbol = o.join(i, o.g.symbolJoin(), kindType, kindSuite)
	for ; i >= 0; i = o.decls[i].parent {
		switch d := &o.decls[i]; {
		case d.test && o.g.testSpaces:
			return o.join(i, o.g.testJoin(), kindSpace), symbol
		case d.test:
			return o.joinTest(i), symbol
		case d.kind == kindSuite:
			return o.joinTest(i), symbol
		}
	}
	return "", symbol
}

// join is the name of i behind the names of those around it that are of a kind
// in qualify.
func (o *outline) join(i int, sep string, qualify ...kind) string {
	name := o.decls[i].name
	for p := o.decls[i].parent; p >= 0; p = o.decls[p].parent {
		d := &o.decls[p]
		if slices.Contains(qualify, d.kind) && d.name != "" && len(name) < 1000 {
			if name == "" {
				name = d.name
			} else {
				name = d.name + sep + name
			}
		}
	}
	return name
}

// joinTest qualifies a test as test reports do: nested types by their own sign,
// the method by a dot; suites by theirs.
func (o *outline) joinTest(i int) string {
	d := &o.decls[i]
	if d.kind == kindTest || d.kind == kindSuite {
		return o.join(i, o.g.suiteJoin(), kindSuite)
	}
	for p := d.parent; p >= 0; p = o.decls[p].parent {
		if o.decls[p].kind == kindType && o.decls[p].name != "" {
			return strings.TrimPrefix(o.join(p, o.g.testJoin(), kindType)+"."+d.name, ".")
		}
	}
	return d.name
}
