package codetag

// place is where a line comment may open.
type place uint8

const (
	anywhere      place = iota
	lineStart           // only blanks before it on its line
	firstColumn         // in column 1
	wordStart           // after a blank or a sign that ends a word
	notAfterColon       // not in url(http://…)
	notBracket          // not before '[': PHP attributes
)

// mark opens a comment that lasts to the end of the line.
type mark struct {
	open  string // lower case where the style folds
	where place
}

// block is a comment with an end.
type block struct {
	open, close string
	nests       bool
	ownLine     bool // open and close stand alone on their lines (MATLAB)
	strings     bool // strings inside are read as strings (OCaml)
	notBefore   byte // is no comment before this byte: F# (*)
}

// quote is a kind of string.
type quote struct {
	open, close string
	escape      byte   // takes the meaning of the next byte; 0: none
	double      bool   // a doubled close stands for itself
	multi       bool   // may hold line ends
	doc         bool   // is a comment where a docstring may stand (Python)
	interp      string // opens code inside the string: ${ #{ \(
	wordStart   bool   // opens only at the start of a word
}

// style is how a language writes comments and strings.
type style struct {
	marks   []mark
	blocks  []block
	quotes  []quote
	fold    bool // marks in any case
	spliced bool // a backslash at its end takes the next line into a line comment
	escapes byte // outside strings, this byte takes the meaning of the next: \# \'
	// special is tried first at the bytes in also and at every byte that opens
	// something; it moves x.i and reports true when it knew what stood there.
	special func(x *lexer, c byte) bool
	also    string
	// whole replaces the common loop for formats that are not like the others.
	whole func(x *lexer)
	// begin is called once at the start of a file.
	begin func(x *lexer)
	// heredocs are strings from the next line to a line that holds a word.
	heredocs      bool
	heredocBlank  bool // blanks may stand before the word
	heredocIndent bool // and before the end, which code may follow (PHP)

	hot [256]bool // bytes at which something may start
}

// ready computes the table of bytes at which the lexer has to look closer.
func (s style) ready() *style {
	add := func(c byte) {
		s.hot[c] = true
		if s.fold && isLetter(c) {
			s.hot[c^0x20] = true
		}
	}
	for _, m := range s.marks {
		add(m.open[0])
	}
	for _, b := range s.blocks {
		add(b.open[0])
	}
	for _, q := range s.quotes {
		add(q.open[0])
		if q.interp != "" {
			for _, c := range []byte("(){}") {
				add(c)
			}
		}
	}
	for _, c := range []byte(s.also) {
		add(c)
	}
	if s.escapes != 0 {
		add(s.escapes)
	}
	if s.heredocs {
		add('\n')
		add('<')
	}
	return &s
}

// Parts that many styles share.
func slashes() mark  { return mark{open: "//"} }
func hash() mark     { return mark{open: "#"} }
func cBlock() block  { return block{open: "/*", close: "*/"} }
func nesting() block { return block{open: "/*", close: "*/", nests: true} }
func mlBlock() block { return block{open: "(*", close: "*)", nests: true} }

// line is a string on one line with backslash escapes.
func line(q string) quote { return quote{open: q, close: q, escape: '\\'} }

// lines is a string over many lines with backslash escapes.
func lines(q string) quote { return quote{open: q, close: q, escape: '\\', multi: true} }

// raw is a string over many lines without escapes.
func raw(q string) quote { return quote{open: q, close: q, multi: true} }

// doubled is a string in which the doubled quote stands for itself.
func doubled(q string) quote { return quote{open: q, close: q, double: true} }

func doubledLines(q string) quote { return quote{open: q, close: q, double: true, multi: true} }

func (q quote) with(interp string) quote { q.interp = interp; return q }

// The styles. A quote that opens another stands before it.
var (
	styleC = style{marks: []mark{slashes()}, blocks: []block{cBlock()},
		quotes: []quote{line(`"`), line(`'`)}, special: specialC, spliced: true}.ready()
	// C comments alone: linker scripts, device trees
	styleCOnly = style{blocks: []block{cBlock()}, marks: []mark{slashes()}, quotes: []quote{line(`"`)}}.ready()
	styleGo    = style{marks: []mark{slashes()}, blocks: []block{cBlock()},
		quotes: []quote{line(`"`), raw("`"), line(`'`)}}.ready()
	styleCSharp = style{marks: []mark{slashes()}, blocks: []block{cBlock()},
		quotes: []quote{line(`"`), line(`'`)}, special: specialCSharp}.ready()
	styleJava = style{marks: []mark{slashes()}, blocks: []block{cBlock()},
		quotes: []quote{lines(`"""`), line(`"`), line(`'`)}}.ready()
	styleKotlin = style{marks: []mark{slashes()}, blocks: []block{nesting()},
		quotes: []quote{raw(`"""`).with("${"), line(`"`).with("${"), line(`'`)}}.ready()
	styleScala = style{marks: []mark{slashes()}, blocks: []block{nesting()},
		quotes: []quote{raw(`"""`), line(`"`)}, special: specialChar, also: "'"}.ready()
	styleSwift = style{marks: []mark{slashes()}, blocks: []block{nesting()},
		quotes: []quote{lines(`"""`).with(`\(`), line(`"`).with(`\(`)}, special: specialSwift}.ready()
	styleRust = style{marks: []mark{slashes()}, blocks: []block{nesting()},
		quotes: []quote{lines(`"`)}, special: specialRust, also: "'"}.ready()
	styleJS = style{marks: []mark{slashes()}, blocks: []block{cBlock()},
		quotes: []quote{line(`"`), line(`'`), lines("`").with("${")}, special: specialRegex, also: "/"}.ready()
	styleDart = style{marks: []mark{slashes()}, blocks: []block{nesting()},
		quotes:  []quote{lines(`"""`).with("${"), lines(`'''`).with("${"), line(`"`).with("${"), line(`'`).with("${")},
		special: specialRaw}.ready()
	styleGroovy = style{marks: []mark{slashes()}, blocks: []block{cBlock()},
		quotes: []quote{lines(`"""`).with("${"), lines(`'''`), line(`"`).with("${"), line(`'`)}, special: specialRegex, also: "/"}.ready()
	styleZig = style{marks: []mark{slashes()}, quotes: []quote{line(`"`), line(`'`)},
		special: specialZig, also: `\`}.ready()
	styleD = style{marks: []mark{slashes()}, blocks: []block{cBlock(), {open: "/+", close: "+/", nests: true}},
		quotes: []quote{lines(`"`), raw("`"), line(`'`)}, special: specialRaw}.ready()
	styleProto  = style{marks: []mark{slashes()}, blocks: []block{cBlock()}, quotes: []quote{line(`"`), line(`'`)}}.ready()
	styleThrift = style{marks: []mark{slashes(), hash()}, blocks: []block{cBlock()}, quotes: []quote{line(`"`), line(`'`)}}.ready()
	styleCSS    = style{blocks: []block{cBlock()}, quotes: []quote{line(`"`), line(`'`)}}.ready()
	styleSCSS   = style{marks: []mark{{"//", notAfterColon}}, blocks: []block{cBlock()},
		quotes: []quote{line(`"`), line(`'`)}}.ready()
	styleSass = style{marks: []mark{{"//", notAfterColon}}, blocks: []block{cBlock()}, quotes: []quote{line(`"`), line(`'`)}}.ready()

	styleVerilog = style{marks: []mark{slashes()}, blocks: []block{cBlock()}, quotes: []quote{line(`"`)}}.ready()
	stylePHP     = style{marks: []mark{slashes(), {"#", notBracket}}, blocks: []block{cBlock()},
		quotes: []quote{lines(`"`), lines(`'`), lines("`")}, special: specialPHP, begin: outsidePHP, also: "?<",
		heredocs: true, heredocBlank: true, heredocIndent: true}.ready()
	styleTerraform = style{marks: []mark{hash(), slashes()}, blocks: []block{cBlock()},
		quotes: []quote{line(`"`).with("${")}, special: specialHeredoc, heredocs: true}.ready()
	styleNix = style{marks: []mark{hash()}, blocks: []block{cBlock()},
		quotes: []quote{lines(`"`).with("${"), raw("''").with("${")}}.ready()

	stylePython = style{marks: []mark{hash()},
		quotes:  []quote{docString(lines(`"""`)), docString(lines(`'''`)), docString(line(`"`)), docString(line(`'`))},
		special: specialPython, also: "()[]{}"}.ready()
	styleStarlark = style{marks: []mark{hash()},
		quotes: []quote{lines(`"""`), lines(`'''`), line(`"`), line(`'`)}}.ready()
	styleRuby = style{marks: []mark{hash()}, quotes: []quote{lines(`"`).with("#{"), lines(`'`), lines("`").with("#{")},
		special: specialRuby, also: "/%=_?:$", heredocs: true}.ready()
	stylePerl = style{marks: []mark{hash()}, quotes: []quote{lines(`"`), lines(`'`), lines("`")},
		special: specialPerl, also: "/=$mqstyw", heredocs: true}.ready()
	styleShell = style{marks: []mark{{"#", wordStart}},
		quotes: []quote{lines(`"`), raw(`'`)}, escapes: '\\', special: specialShell, heredocs: true, heredocBlank: true}.ready()
	stylePowerShell = style{marks: []mark{{"#", wordStart}}, blocks: []block{{open: "<#", close: "#>"}},
		quotes: []quote{{open: "@\"", close: "\n\"@", multi: true}, {open: "@'", close: "\n'@", multi: true},
			{open: `"`, close: `"`, escape: '`', double: true, multi: true}, doubledLines(`'`)}, escapes: '`'}.ready()
	styleBatch = style{marks: []mark{{"rem ", lineStart}, {"rem\t", lineStart}, {"@rem ", lineStart}, {"::", lineStart}}, fold: true}.ready()
	styleBasic = style{marks: []mark{{open: "'"}, {"rem ", lineStart}}, fold: true, quotes: []quote{doubled(`"`)}}.ready()
	styleLua   = style{marks: []mark{{open: "--"}}, quotes: []quote{line(`"`), line(`'`)},
		special: specialLua, also: "["}.ready()
	styleHaskell = style{blocks: []block{{open: "{-", close: "-}", nests: true}}, quotes: []quote{lines(`"`)},
		special: specialHaskell, also: "-'"}.ready()
	styleSQL = style{marks: []mark{{open: "--"}}, blocks: []block{cBlock()},
		quotes: []quote{doubledLines(`'`), doubledLines(`"`), raw("`")}, special: specialSQL}.ready()
	styleAda = style{marks: []mark{{open: "--"}}, quotes: []quote{doubled(`"`)},
		special: specialTick, also: "'"}.ready()
	styleVHDL = style{marks: []mark{{open: "--"}}, blocks: []block{cBlock()}, quotes: []quote{doubled(`"`)},
		special: specialTick, also: "'"}.ready()
	styleFortran      = style{marks: []mark{{open: "!"}}, quotes: []quote{doubled(`"`), doubled(`'`)}}.ready()
	styleFortranFixed = style{marks: []mark{{"c", firstColumn}, {"*", firstColumn}, {"!", anywhere}}, fold: true,
		quotes: []quote{doubled(`"`), doubled(`'`)}}.ready()
	styleCobol  = style{marks: []mark{{open: "*>"}}, quotes: []quote{doubled(`"`), doubled(`'`)}, special: specialCobol, also: "*/"}.ready()
	styleMatlab = style{marks: []mark{{open: "%"}, {open: "..."}, {open: "#"}},
		blocks: []block{{open: "%{", close: "%}", nests: true, ownLine: true}, {open: "#{", close: "#}", nests: true, ownLine: true}},
		quotes: []quote{doubled(`"`), doubled(`'`)}, special: specialTranspose}.ready()
	styleR = style{marks: []mark{hash()}, quotes: []quote{lines(`"`), lines(`'`), lines("`")},
		special: specialR}.ready()
	styleJulia = style{marks: []mark{hash()}, blocks: []block{{open: "#=", close: "=#", nests: true}},
		quotes: []quote{lines(`"""`), lines(`"`), lines("`")}, special: specialTick, also: "'"}.ready()
	styleElixir = style{marks: []mark{hash()},
		quotes:  []quote{lines(`"""`).with("#{"), lines(`'''`).with("#{"), lines(`"`).with("#{"), lines(`'`).with("#{")},
		special: specialElixir, also: "?~"}.ready()
	styleErlang = style{marks: []mark{{open: "%"}}, quotes: []quote{lines(`"""`), lines(`"`), line(`'`)},
		special: specialErlang, also: "$"}.ready()
	styleLisp = style{marks: []mark{{open: ";"}}, blocks: []block{{open: "#|", close: "|#", nests: true}},
		quotes: []quote{lines(`"`)}, special: specialLisp, also: "#?"}.ready()
	styleClojure = style{marks: []mark{{open: ";"}}, quotes: []quote{lines(`"`)}, escapes: '\\'}.ready()
	styleOCaml   = style{blocks: []block{{open: "(*", close: "*)", nests: true, strings: true}},
		quotes: []quote{lines(`"`)}, special: specialOCaml, also: "'{"}.ready()
	styleFSharp = style{marks: []mark{slashes()},
		blocks: []block{{open: "(*", close: "*)", nests: true, notBefore: ')'}},
		quotes: []quote{raw(`"""`), {open: `@"`, close: `"`, double: true, multi: true}, lines(`"`)}, special: specialTick, also: "'"}.ready()
	styleML     = style{blocks: []block{mlBlock()}, quotes: []quote{lines(`"`)}}.ready()
	stylePascal = style{marks: []mark{slashes()}, blocks: []block{{open: "{", close: "}"}, {open: "(*", close: "*)"}},
		quotes: []quote{doubled(`'`)}}.ready()
	// IEC 61131-3; '$' escapes
	styleST = style{marks: []mark{slashes()}, blocks: []block{mlBlock(), cBlock()},
		quotes: []quote{{open: `'`, close: `'`, escape: '$'}, {open: `"`, close: `"`, escape: '$'}}}.ready()
	styleAssembly = style{marks: []mark{{open: ";"}, {open: "#"}, slashes(), {open: "@"}, {"!", lineStart}, {"*", firstColumn}},
		blocks: []block{cBlock()}, quotes: []quote{line(`"`)}}.ready()
	styleNasm = style{marks: []mark{{open: ";"}}, quotes: []quote{doubled(`"`), doubled(`'`), line("`")}}.ready()
	styleNim  = style{marks: []mark{hash()},
		blocks: []block{{open: "##[", close: "]##", nests: true}, {open: "#[", close: "]#", nests: true}},
		quotes: []quote{raw(`"""`), line(`"`)}, special: specialNim, also: "'"}.ready()
	styleTcl = style{marks: []mark{{"#", wordStart}}, quotes: []quote{{open: `"`, close: `"`, escape: '\\', multi: true, wordStart: true}},
		escapes: '\\', special: specialTcl}.ready()
	styleTeX = style{marks: []mark{{open: "%"}}, blocks: []block{{open: `\begin{comment}`, close: `\end{comment}`}}, escapes: '\\'}.ready()

	styleYAML = style{marks: []mark{{"#", wordStart}}, quotes: []quote{
		{open: `"`, close: `"`, escape: '\\', multi: true, wordStart: true}, {open: `'`, close: `'`, double: true, multi: true, wordStart: true}},
		special: specialYAML, also: "|>\n"}.ready()
	styleTOML = style{marks: []mark{hash()}, quotes: []quote{lines(`"""`), raw(`'''`), line(`"`), {open: `'`, close: `'`}}}.ready()
	styleINI  = style{marks: []mark{{";", lineStart}, {"#", lineStart}}}.ready()
	// Java properties
	styleProperties = style{marks: []mark{{"#", lineStart}, {"!", lineStart}}}.ready()
	styleMake       = style{marks: []mark{hash()}, escapes: '\\', special: specialMake, also: "\"'"}.ready()
	styleCMake      = style{marks: []mark{hash()}, quotes: []quote{lines(`"`)}, escapes: '\\', special: specialCMake, also: "[#"}.ready()
	styleDocker     = style{marks: []mark{{"#", lineStart}}}.ready()
	styleHash       = style{marks: []mark{{"#", wordStart}}, quotes: []quote{line(`"`), line(`'`)}}.ready()
	styleMeson      = style{marks: []mark{hash()}, quotes: []quote{lines(`'''`), line(`'`)}}.ready()
	styleGraphQL    = style{marks: []mark{hash()}, quotes: []quote{lines(`"""`), line(`"`)}}.ready()
	styleAwk        = style{marks: []mark{hash()}, quotes: []quote{line(`"`)}, special: specialRegex, also: "/"}.ready()
	styleGherkin    = style{marks: []mark{{"#", lineStart}, {"@", lineStart}}, quotes: []quote{raw(`"""`), raw("```")}}.ready()
	styleRobot      = style{whole: lexRobot}.ready()
	styleXML        = style{whole: lexXML}.ready()
	styleHTML       = style{whole: lexHTML}.ready()
)

func docString(q quote) quote { q.doc = true; return q }
