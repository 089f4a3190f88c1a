package codetag

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

// sample is text of one language: § stands for a tag. In comments it is to be
// found once, in strings never.
type sample struct {
	file     string
	before   string   // what a file needs so that the rest is code
	comments []string // each a whole piece of text
	strings  []string
}

const tagText = "goldthread:verifies SRS-7"

var cComments = []string{"// §", "//§", "/// §", "x = 1; // §", "/* § */", "/*\n * §\n */", "/** § */ int a;", "int a; /* b */ /* § */", "// it's \"one\"\n// §"}

var samples = map[string]sample{
	"Ada":                   {file: "a.adb", comments: []string{"-- §", "A := 'x'; -- §", "B := A'First; -- §", "C := '\"'; -- §"}, strings: []string{`S := "-- §";`, `S := "a""-- §";`}},
	"Assembly":              {file: "a.s", comments: []string{"; §", "# §", "// §", "/* § */", "@ §", "mov r0, #1 @ §"}, strings: []string{`.ascii "; §"`, `.ascii "\"# §"`}},
	"Assembly (NASM, MASM)": {file: "a.asm", comments: []string{"; §", "mov al, ';' ; §"}, strings: []string{`db "; §", 0`, `db '; §', 0`}},
	"Awk":                   {file: "a.awk", comments: []string{"# §", "/#\"/ { print } # §"}, strings: []string{`{ print "# §" }`, `/# §/ { print }`}},
	"Basic":                 {file: "a.vb", comments: []string{"' §", "REM §", "Dim x = 1 ' §"}, strings: []string{`s = "' §"`, `s = "a""' §"`}},
	"Batch":                 {file: "a.bat", comments: []string{"REM §", ":: §", "@rem §", "  rem §"}, strings: []string{`echo "REM §"`, `set X=:: §`}},
	"C": {file: "a.c", comments: append([]string{"char q = '\"'; // §", "char q = '\\''; /* § */", "#if 0\n// §\n#endif", "#error don't\n// §", "#error don't // §", "// a \\\n§"}, cComments...), strings: []string{`char *s = "// §";`, `char *s = "\"/* § */";`, `char *s = "a\
// §";`}},
	"C#":                         {file: "a.cs", comments: cComments, strings: []string{`var s = "// §";`, `var s = @"a\"; var t = @"x""// §";`, "var s = \"\"\"\n// §\n\"\"\";", `var s = $"// § {x}";`, "var s = @\"\n/* § */\";"}},
	"C++":                        {file: "a.cpp", comments: append([]string{"int n = 1'000'000; // §", "auto c = L'x'; // §"}, cComments...), strings: []string{`auto s = "// §";`, `auto s = R"x(")" // §)x";`, "auto s = u8R\"(\n// §\n)\";"}},
	"Clojure":                    {file: "a.clj", comments: []string{"; §", ";;; §", "(def q \\\") ; §"}, strings: []string{`(def s "; §")`, `(re-find #"; §" s)`}},
	"CMake":                      {file: "a.cmake", comments: []string{"# §", "#[[ § ]]", "#[=[\n]] §\n]=]", "set(A B) # §"}, strings: []string{`set(A "# §")`, "set(A [[\n# §\n]])"}},
	"COBOL":                      {file: "a.cob", comments: []string{"000100* §", "      * §", "           MOVE A TO B. *> §"}, strings: []string{`           DISPLAY "*> §".`}},
	"CSS":                        {file: "a.css", comments: []string{"/* § */", "a { b: c; /* § */ }"}, strings: []string{`a::before { content: "/* § */"; }`, `a { content: '/* § */' }`}},
	"D":                          {file: "a.d", comments: append([]string{"/+ /+ x +/ § +/", "string s = r\"\\\"; // §"}, cComments...), strings: []string{`string s = "// §";`, "string s = `// §`;", "string s = \"\n// §\";"}},
	"Dart":                       {file: "a.dart", comments: append([]string{"/* /* x */ § */", "var s = 'a ${b('x')} c'; // §", "var s = r'\\'; // §"}, cComments...), strings: []string{`var s = "// §";`, `var s = '// §';`, "var s = '''\n// §\n''';", "var s = \"\"\"\n// §\n\"\"\";", `var s = "${f("// §")}";`, `var s = r"\" "// §";`}},
	"Device tree, linker script": {file: "a.dts", comments: []string{"/* § */", "// §"}, strings: []string{`compatible = "/* § */";`}},
	"Dockerfile":                 {file: "Dockerfile", comments: []string{"# §", "  # §"}, strings: []string{`RUN echo "# §"`, `LABEL a='# §'`}},
	"Elixir":                     {file: "a.ex", comments: []string{"# §", "x = ?\" # §", "x = ~r/\"#/ # §", "x = \"a #{b} c\" # §"}, strings: []string{`x = "# §"`, "@doc \"\"\"\n# §\n\"\"\"", `x = '# §'`, `x = ~s(# §)`, "x = ~S\"\"\"\n# §\n\"\"\""}},
	"Erlang":                     {file: "a.erl", comments: []string{"% §", "%% §", "X = $\", % §", "X = $%, % §"}, strings: []string{`X = "% §",`, `X = '% §',`}},
	"F#":                         {file: "a.fs", comments: []string{"// §", "(* § *)", "(* (* x *) § *)", "let f (x: 'a) = 'b' // §", "let op = (*) // §"}, strings: []string{`let s = "// §"`, "let s = \"\"\"\n// §\n\"\"\"", `let s = @"a\" + "// §"`}},
	"Fortran":                    {file: "a.f90", comments: []string{"! §", "x = 1 ! §", "s = 'it''s' ! §"}, strings: []string{`s = "! §"`, `s = '! §'`, `s = 'a''! §'`}},
	"Fortran (fixed form)":       {file: "a.f", comments: []string{"C §", "c §", "* §", "! §", "      X = 1 ! §"}, strings: []string{`      S = '! §'`, `      S = "C §"`}},
	"Gherkin":                    {file: "a.feature", comments: []string{"# §", "  # §", "@smoke # §"}, strings: []string{"  Given text\n    \"\"\"\n    # §\n    \"\"\"", "  Given a \"# §\""}},
	"GLSL, HLSL":                 {file: "a.glsl", comments: cComments, strings: []string{`x = "// §";`}},
	"Go":                         {file: "a.go", comments: append([]string{"//goldthread\\:x §", "r := '\"' // §", "s := `\\` // §"}, cComments...), strings: []string{`var s = "// §"`, "var s = `\n// §\n`", `var s = "\"// §"`, "var s = `/* § */`"}},
	"Go module":                  {file: "go.mod", comments: []string{"// §", "require a v1 // §"}, strings: []string{`module "// §"`}},
	"GraphQL":                    {file: "a.graphql", comments: []string{"# §"}, strings: []string{`"# §"`, "\"\"\"\n# §\n\"\"\""}},
	"Groovy":                     {file: "a.groovy", comments: append([]string{"def r = a =~ /'/ // §"}, cComments...), strings: []string{`def s = "// §"`, `def s = '// §'`, "def s = '''\n// §\n'''", "def s = \"\"\"\n// §\n\"\"\""}},
	"Haskell":                    {file: "a.hs", comments: []string{"-- §", "--- §", "-- | §", "{- § -}", "{- {- x -} § -}", "f' x = '\"' -- §", "a --> b -- §"}, strings: []string{`s = "-- §"`, `s = "{- § -}"`, "a --> §"}},
	"HTML":                       {file: "a.html", comments: []string{"<!-- § -->", "<p>it's</p>\n<!--\n§\n-->", "<script>\n// §\n</script>", "<style>/* § */</style>"}, strings: []string{`<a title="<!-- § -->">x</a>`, `<p>// §</p>`, `<script>var s = "// §";</script>`}},
	"INI":                        {file: "a.ini", comments: []string{"; §", "# §", "  ; §"}, strings: []string{`a = "; §"`, `a = x # §`}},
	"Java":                       {file: "A.java", comments: append([]string{"char c = '\"'; // §"}, cComments...), strings: []string{`String s = "// §";`, "String s = \"\"\"\n  // §\n  \\\"\"\" /* § */\"\"\";"}},
	"JavaScript":                 {file: "a.js", comments: append([]string{"var r = /[/\"]'/; // §", "x = `a ${b + `c ${d}`} e`; // §", "return /'/ // §", "a = b / c; // §", "x = `${ /* § */ 1}`", "<p>don't</p>\n// §", "return <p>don't</p> // §", "if (x) /\"/.test(y) // §", "a = x++ / 2; // §"}, cComments...), strings: []string{`var s = "// §";`, `var s = '// §';`, "var s = `\n// §\n`;", "var s = `a ${b} // §`;", `var r = /\/\* §*/;`, "var s = `${f({a: \"// §\"})}`;"}},
	"JSON with comments":         {file: "a.jsonc", comments: []string{"// §", "/* § */", `{"a": 1} // §`}, strings: []string{`{"a": "// §"}`}},
	"Julia":                      {file: "a.jl", comments: []string{"# §", "#= § =#", "#= #= x =# § =#", "x = A' # §", "c = '\"' # §"}, strings: []string{`s = "# §"`, "s = \"\"\"\n# §\n\"\"\""}},
	"Kotlin":                     {file: "a.kt", comments: append([]string{"/* /* x */ § */", "val s = \"${m[\"a\"]}\" // §"}, cComments...), strings: []string{`val s = "// §"`, "val s = \"\"\"\n// §\n\"\"\"", `val s = "${f("// §")}"`}},
	"Less, SCSS":                 {file: "a.scss", comments: []string{"// §", "/* § */"}, strings: []string{`$s: "// §";`, `a { b: url(http://§) }`}},
	"Lisp, Scheme":               {file: "a.lisp", comments: []string{"; §", ";;; §", "#| § |#", "#| #| x |# § |#", "(list #\\\" #\\;) ; §"}, strings: []string{`(setq s "; §")`, "(defun f () \"doc\n; §\")"}},
	"Lua":                        {file: "a.lua", comments: []string{"-- §", "--[[ § ]]", "--[==[\n]] §\n]==]", "x = a[b[1]] -- §"}, strings: []string{`s = "-- §"`, `s = '-- §'`, "s = [[\n-- §\n]]", "s = [=[ ]] -- § ]=]"}},
	"Make":                       {file: "Makefile", comments: []string{"# §", "A = b # §", "A = \\\\# §", "all: # §", "all:\n\techo it's # §", "A = \"it # §"}, strings: []string{`A = "§"`, `A = \# §`, "all:\n\techo \"# §\"", "all:\n\techo '\\' '# §'", "all:\n\techo \"\\\"# §\""}},
	"MATLAB, Octave":             {file: "a.m", comments: []string{"% §", "%% §", "%{\n§\n%}", "x = A'; % §", "x = [1 ... §\n2]", "s = 'it''s'; % §"}, strings: []string{`s = '% §';`, `s = "% §";`}},
	"Meson":                      {file: "meson.build", comments: []string{"# §"}, strings: []string{`s = '# §'`, "s = '''\n# §\n'''"}},
	"ML":                         {file: "a.sml", comments: []string{"(* § *)", "(* (* x *) § *)"}, strings: []string{`val s = "(* § *)"`}},
	"Modelica":                   {file: "a.mo", comments: []string{"// §", "/* § */"}, strings: []string{`String s = "// §";`}},
	"Nim":                        {file: "a.nim", comments: []string{"# §", "## §", "#[ § ]#", "#[ #[ x ]# § ]#", "##[ § ]##", "let c = '\"' # §", "let s = r\"a\"\"\\\" # §"}, strings: []string{`let s = "# §"`, "let s = \"\"\"\n# §\n\"\"\""}},
	"Nix":                        {file: "a.nix", comments: []string{"# §", "/* § */"}, strings: []string{`s = "# §";`, "s = ''\n# §\n'';"}},
	"Objective-C":                {file: "a.mm", comments: cComments, strings: []string{`NSString *s = @"// §";`}},
	"OCaml":                      {file: "a.ml", comments: []string{"(* § *)", "(* (* x *) § *)", "(* \"*)\" § *)", "let f' = '\"' (* § *)", "(* 5\" wide *) (* § *)"}, strings: []string{`let s = "(* § *)"`, `let s = {x|(* § *)|x}`}},
	"Pascal":                     {file: "a.pas", comments: []string{"// §", "{ § }", "(* § *)", "s := 'it''s'; // §"}, strings: []string{`s := '// §';`, `s := 'a''{ § }';`}},
	"Perl":                       {file: "a.pl", comments: []string{"# §", "=pod\n\n§\n\n=cut", "$x = $#a; # §", "$x =~ s/'//; # §", "$x =~ m{#}; # §", "@a = qw(a' b); # §"}, strings: []string{`$s = "# §";`, `$s = '# §';`, `$s = q(# §);`, "$s = <<\"EOT\";\n# §\nEOT", `$s =~ s/# §/x/;`, `$s =~ tr{# §}{x};`}},
	"PHP":                        {file: "a.php", before: "<?php\n", comments: []string{"// §", "# §", "/* § */", "#[A] # §", "$x = 'it'; // §", "?>\n<!-- § -->\n<?php", "// § ?> <p>don't</p>"}, strings: []string{`$s = "// §";`, `$s = '# §';`, "$s = <<<EOT\n// §\nEOT;", "$s = <<<'EOT'\n  # §\n  EOT . 'x';", "?>\n<p>// §</p>\n<?php"}},
	"PowerShell":                 {file: "a.ps1", comments: []string{"# §", "<# § #>", "$x = \"a`\"\" # §"}, strings: []string{`$s = "# §"`, `$s = '# §'`, "$s = @\"\n# §\n\"@", "$s = @'\n# §\n'@"}},
	"Properties":                 {file: "a.properties", comments: []string{"# §", "! §"}, strings: []string{`a = # §`}},
	"Protobuf":                   {file: "a.proto", comments: []string{"// §", "/* § */", "int32 a = 1; // §"}, strings: []string{`option a = "// §";`}},
	"Python":                     {file: "a.py", comments: []string{"# §", "x = 1 # §", "def f():\n    \"\"\"§\"\"\"", "def f(a,\n      b):\n    '''\n    §\n    '''", "class A:\n    r\"\"\"x\n    §\"\"\"\n", "def f():\n    \"§\"", "def f(a: int): \"\"\"§\"\"\"", "async def f(): '§'"}, strings: []string{`s = "# §"`, `s = '# §'`, "s = \"\"\"\n# §\n\"\"\"", "s = {\"a\":\n    \"\"\"§\"\"\"}", "f(\"\"\"\n§\n\"\"\")", `s = r"\" # §"`, `x: "§"`, "if x: \"§\""}},
	"QML":                        {file: "a.qml", comments: cComments, strings: []string{`property string s: "// §"`}},
	"Qt project, Kconfig":        {file: "a.pro", comments: []string{"# §", "SOURCES += a.cpp # §"}, strings: []string{`DEFINES += "# §"`, `A = a#§`}},
	"R":                          {file: "a.R", comments: []string{"# §", "#' §", "x <- 'it\\'s' # §"}, strings: []string{`s <- "# §"`, `s <- '# §'`, `s <- r"(# § " )"`}},
	"Robot Framework":            {file: "a.robot", comments: []string{"# §", "*** Test Cases ***\nA\n    Log    x    # §", "*** Test Cases ***\nA\n    [Tags]    smoke    §\n", "*** Settings ***\nTest Tags    §"}, strings: []string{"*** Test Cases ***\nA\n    Log    a # §", "*** Test Cases ***\nA\n    Log    §"}},
	"Ruby":                       {file: "a.rb", comments: []string{"# §", "=begin\n§\n=end", "x = \"a #{b(\"c\")} d\" # §", "x =~ /'#/ # §", "x = %w[a' b] # §", "x = ?\" # §", "a = b / c # §", "puts 'a', <<~EOS\n  it's\nEOS\n# §"}, strings: []string{`s = "# §"`, `s = '# §'`, `s = %q(# §)`, "s = <<~EOS\n  # §\nEOS", `r = /# §/`}},
	"Rust":                       {file: "a.rs", comments: append([]string{"/* /* x */ § */", "fn f<'a>(x: &'a str) {} // §", "let c = '\"'; // §", "let c = '\\''; // §", "//! §"}, cComments...), strings: []string{`let s = "// §";`, `let s = r#"" // §"#;`, "let s = \"\n// §\";", `let s = br"\"; let t = "// §";`}},
	"Sass":                       {file: "a.sass", comments: []string{"// §", "/* § */"}, strings: []string{`$s: "// §"`}},
	"Scala":                      {file: "a.scala", comments: append([]string{"/* /* x */ § */", "val c = '\"' // §", "val s = 'sym // §"}, cComments...), strings: []string{`val s = "// §"`, "val s = \"\"\"\n// §\n\"\"\""}},
	"Script":                     {file: "tool", before: "#!/usr/bin/unheard-of\n", comments: []string{"# §"}, strings: []string{`x "# §"`, `x '# §'`}},
	"Shell":                      {file: "a.sh", comments: []string{"# §", "x=1 # §", "x=${#a} # §", "x=$'it\\'s' # §", "echo it\\'s # §", "cat <<EOF\nit's\nEOF\n# §", "x=$((1 << 2)) # §"}, strings: []string{`echo "# §"`, `echo '# §'`, "cat <<EOF\n# §\nEOF", "cat <<-'EOF'\n# §\n\tEOF", `echo a#§`}},
	"Solidity":                   {file: "a.sol", comments: cComments, strings: []string{`string s = "// §";`}},
	"SQL":                        {file: "a.sql", comments: []string{"-- §", "/* § */", "SELECT 'it''s' -- §", "SELECT 1 -- §", `SELECT E'\'' -- §`, "SELECT name'' -- §"}, strings: []string{`SELECT '-- §'`, "SELECT 'a\n-- §'", `SELECT "-- §"`}},
	"Starlark":                   {file: "BUILD", comments: []string{"# §"}, strings: []string{`x = "# §"`, "x = \"\"\"\n# §\n\"\"\""}},
	"Structured Text":            {file: "a.st", comments: []string{"// §", "(* § *)", "/* § */", "s := 'it$'s'; // §"}, strings: []string{`s := '// §';`, `s := "(* § *)";`}},
	"Svelte":                     {file: "a.svelte", comments: []string{"<!-- § -->", "<script>\n// §\n</script>"}, strings: []string{`<p>// §</p>`, `<script>let s = '// §'</script>`}},
	"Swift":                      {file: "a.swift", comments: append([]string{"/* /* x */ § */", "let s = \"\\(f(\"a\"))\" // §", "let r = /\"/ // §"}, cComments...), strings: []string{`let s = "// §"`, "let s = \"\"\"\n// §\n\"\"\"", `let s = #""// §"#`, `let s = "\(f("// §"))"`}},
	"SystemVerilog":              {file: "a.sv", comments: append([]string{"assign a = 1'b0; // §"}, cComments...), strings: []string{`$display("// §");`}},
	"Tcl":                        {file: "a.tcl", comments: []string{"# §", "set x 1 ;# §", "proc f {} {\n  # §\n}"}, strings: []string{`puts "# §"`, `set x a#§`}},
	"Terraform":                  {file: "a.tf", comments: []string{"# §", "// §", "/* § */", "a = \"${b[\"c\"]}\" # §"}, strings: []string{`a = "# §"`, "a = <<EOT\n# §\nEOT", "a = <<-EOT\n  # §\n  EOT"}},
	"TeX":                        {file: "a.tex", comments: []string{"% §", "50\\% of % §", "\\begin{comment}\n§\n\\end{comment}"}, strings: []string{`50\% §`, `\text{§}`}},
	"Thrift":                     {file: "a.thrift", comments: []string{"// §", "# §", "/* § */"}, strings: []string{`const string a = "// §"`}},
	"TOML":                       {file: "a.toml", comments: []string{"# §", "a = 1 # §", "a = 'c:\\' # §"}, strings: []string{`a = "# §"`, `a = '# §'`, "a = \"\"\"\n# §\n\"\"\"", "a = '''\n# §\n'''"}},
	"TypeScript":                 {file: "a.ts", comments: cComments, strings: []string{`const s = "// §";`, "const s = `// §`;"}},
	"Verilog":                    {file: "a.v", comments: append([]string{"assign a = 4'hf; // §"}, cComments...), strings: []string{`$display("// §");`}},
	"VHDL":                       {file: "a.vhd", comments: []string{"-- §", "/* § */", "c <= '\"'; -- §", "if clk'event then -- §"}, strings: []string{`report "-- §";`}},
	"Vue":                        {file: "a.vue", comments: []string{"<!-- § -->", "<script setup lang=\"ts\">\n// §\n</script>", "<style scoped>\n/* § */\n</style>"}, strings: []string{`<p title="<!-- § -->">it's</p>`, "<script>const s = `// §`</script>"}},
	"XML":                        {file: "a.xml", comments: []string{"<!-- § -->", "<a>it's</a><!--\n§ -->"}, strings: []string{`<a b="<!-- § -->"/>`, `<![CDATA[<!-- § -->]]>`, `<a>§</a>`}},
	"YAML":                       {file: "a.yaml", comments: []string{"# §", "a: b # §", "a: it's # §", "a: \"b\" # §", "a: | # §\n  text\nb: c", "a: |\n  text\n# §", "- a: |\n    text\n  b: c # §", "- |\n  x\n- b # §"}, strings: []string{`a: "# §"`, `a: '# §'`, "a: |\n  # §\n  x\nb: c", "- a: >-\n    # §\n  b: c", `a: b#§`}},
	"Zig":                        {file: "a.zig", comments: []string{"// §", "/// §", "const c = '\"'; // §"}, strings: []string{`const s = "// §";`, "const s =\n    \\\\// §\n;"}},
}

// scanString scans one file.
func scanString(file, text string) *Result {
	var res Result
	lang := byName(file)
	if lang == nil {
		lang = byShebang([]byte(text))
	}
	if lang != nil {
		new(scratch).scan(source{file: file, lang: lang, text: []byte(text)}, &res)
	}
	return &res
}

func TestEveryLanguageHasASample(t *testing.T) {
	for _, l := range languages {
		if _, ok := samples[l.name]; !ok {
			t.Errorf("language %q of the table has no sample", l.name)
		}
	}
	for name := range samples {
		if languageNamed(name) == nil {
			t.Errorf("sample %q is of no language of the table", name)
		}
	}
}

// goldthread:verifies SRS-35
func TestTagsAreFoundInComments(t *testing.T) {
	for name, s := range samples {
		for _, c := range s.comments {
			wantOnce(t, name, s.file, s.before+c)
			wantOnce(t, name, s.file, s.before+c+"\n")
			wantOnce(t, name, s.file, s.before+strings.ReplaceAll(c, "\n", "\r\n"))
		}
	}
}

// goldthread:verifies SRS-36
func TestTagsAreNotFoundInStrings(t *testing.T) {
	for name, s := range samples {
		if len(s.strings) == 0 {
			t.Errorf("%s: no sample of a string", name)
		}
		for _, str := range s.strings {
			text := s.before + strings.ReplaceAll(str, "§", tagText) + "\n"
			if res := scanString(s.file, text); len(res.Tags)+len(res.Faults) > 0 {
				t.Errorf("%s: found %v %v in\n%s", name, res.Tags, res.Faults, text)
			}
		}
	}
}

func TestAStringGoesOnBehindALineEndOfTwoBytes(t *testing.T) {
	res := scanString("a.c", "char *s = \"a\\\r\n// "+tagText+"\";\r\n")
	if len(res.Tags)+len(res.Faults) > 0 {
		t.Errorf("found %v %v", res.Tags, res.Faults)
	}
}

// goldthread:verifies SRS-36
func TestCommentsAreFoundBehindStrings(t *testing.T) {
	for name, s := range samples {
		for _, str := range s.strings {
			for _, c := range s.comments {
				wantOnce(t, name, s.file, s.before+strings.ReplaceAll(str, "§", tagText)+"\n"+c+"\n")
			}
		}
	}
}

// wantOnce wants the tag at § and no other.
func wantOnce(t *testing.T, name, file, text string) {
	t.Helper()
	before, _, _ := strings.Cut(text, "§")
	line := 1 + strings.Count(before, "\n")
	column := len(before) - strings.LastIndexByte(before, '\n') + len("goldthread:verifies ")
	text = strings.ReplaceAll(text, "§", tagText)
	res := scanString(file, text)
	if len(res.Faults) > 0 || len(res.Tags) != 1 {
		t.Errorf("%s: %d tags, faults %v in\n%s", name, len(res.Tags), res.Faults, text)
		return
	}
	got := res.Tags[0]
	if got.Line != line || got.Column != column || got.Key != "SRS-7" || got.Verb != "verifies" || got.Language != name {
		t.Errorf("%s: got %+v, want line %d column %d in\n%s", name, got, line, column, text)
	}
}

func TestNamesDecideTheLanguage(t *testing.T) {
	for file, want := range map[string]string{
		"a.GO": "Go", "Makefile": "Make", "Dockerfile.dev": "Dockerfile", "CMakeLists.txt": "CMake", "x.h": "C++",
		"README.md": "", "notes.txt": "", "a.unknown": "", "Jenkinsfile": "Groovy",
	} {
		got := ""
		if l := byName(file); l != nil {
			got = l.name
		}
		if got != want {
			t.Errorf("%s is %q, want %q", file, got, want)
		}
	}
	for first, want := range map[string]string{
		"#!/bin/sh\n": "Shell", "#!/usr/bin/env python3\n": "Python", "#!/usr/bin/env -S node --x\n": "JavaScript",
		"#!/usr/bin/perl5.36\n": "Perl", "#! /usr/bin/zzz\n": "Script", "# no\n": "",
	} {
		got := ""
		if l := byShebang([]byte(first)); l != nil {
			got = l.name
		}
		if got != want {
			t.Errorf("%q is %q, want %q", first, got, want)
		}
	}
}

func TestNoExtensionIsClaimedTwice(t *testing.T) {
	seen := map[string]string{}
	for _, l := range languages {
		for _, w := range append(strings.Fields(l.exts), strings.Fields(l.files)...) {
			if seen[w] != "" {
				t.Errorf("%s is claimed by %s and %s", w, seen[w], l.name)
			}
			seen[w] = l.name
			if prose[w] {
				t.Errorf("%s is prose and claimed by %s", w, l.name)
			}
		}
	}
}

// TestThePageShowsTheTable compares docs/codetags.md with the table; -update writes it.
func TestThePageShowsTheTable(t *testing.T) {
	const head = "| language | files | comments | declarations |\n| --- | --- | --- | --- |\n"
	page := filepath.Join("..", "..", "docs", "codetags.md")
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), head)
	if !ok {
		t.Fatalf("docs/codetags.md has no table that begins with\n%s", head)
	}
	table, after, _ := strings.Cut(rest, "\n\n")
	var want []string
	for _, l := range languages {
		want = append(want, tableRow(l))
	}
	if *update {
		if err := os.WriteFile(page, []byte(before+head+strings.Join(want, "\n")+"\n\n"+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, strings.Split(table, "\n")); diff != "" {
		t.Errorf("docs/codetags.md differs from the table of languages; go test ./internal/codetag -update writes it (-want +page):\n%s", diff)
	}
}

// TestExamplesOfThePage scans the examples of docs/codetags.md.
func TestExamplesOfThePage(t *testing.T) {
	for _, e := range exchangetest.Examples(t, "codetags.md") {
		res, err := ScanDir(context.Background(), e.Write(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, tag := range res.Tags {
			fmt.Fprintf(&b, "%s:%d:%d %s %s", tag.File, tag.Line, tag.Column, tag.Verb, tag.Key)
			for _, part := range []struct{ name, value string }{{"test", tag.Test}, {"symbol", tag.Symbol}, {"package", tag.Package}} {
				if part.value != "" {
					fmt.Fprintf(&b, ", %s %s", part.name, part.value)
				}
			}
			b.WriteString("\n")
		}
		for _, f := range res.Faults {
			fmt.Fprintf(&b, "%s:%d:%d fault: %s\n", f.File, f.Line, f.Column, f.Message)
		}
		for _, s := range res.Skipped {
			fmt.Fprintf(&b, "%s skipped: %s\n", s.File, s.Why)
		}
		if diff := cmp.Diff(e.Gives, b.String()); diff != "" {
			t.Errorf("docs/codetags.md:%d (-page +found):\n%s", e.Line, diff)
		}
	}
}

// tableRow is a language as docs/codetags.md shows it.
func tableRow(l language) string {
	files := []string{}
	for _, e := range strings.Fields(l.exts) {
		files = append(files, "."+e)
	}
	files = append(files, strings.Fields(l.files)...)
	for _, p := range strings.Fields(l.programs) {
		files = append(files, "#!"+p)
	}
	if len(files) == 0 {
		files = append(files, "#! of anything else")
	}
	var opens []string
	for _, m := range l.style.marks {
		opens = append(opens, code(strings.TrimRight(m.open, " \t")))
	}
	for _, b := range l.style.blocks {
		s := code(b.open + " " + b.close)
		if b.nests {
			s += " (nests)"
		}
		opens = append(opens, s)
	}
	opens = append(opens, inWords[l.name]...)
	decls := [...]string{"–", "brackets", "indentation", "sections", "headings"}[l.grammar.shape]
	return "| " + l.name + " | " + strings.Join(files, " ") + " | " + strings.Join(compact(opens), ", ") + " | " + decls + " |"
}

func compact(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			out = append(out, s)
		}
		seen[s] = true
	}
	return out
}

func code(s string) string {
	s = strings.ReplaceAll(s, "|", `\|`)
	if strings.Contains(s, "`") {
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}

// inWords is comments that single languages write in their own way.
var inWords = map[string][]string{
	"COBOL":           {"`*` `/` in column 7"},
	"CMake":           {"`#[[ ]]`"},
	"Haskell":         {"`--`"},
	"HTML":            {"`<!-- -->`", "script and style elements"},
	"Lua":             {"`--[[ ]]`"},
	"PHP":             {"`<!-- -->` outside `<?php`"},
	"Perl":            {"POD"},
	"Python":          {"docstrings"},
	"Robot Framework": {"`#`", "tag settings"},
	"Ruby":            {"`=begin =end`"},
	"Svelte":          {"`<!-- -->`", "script and style elements"},
	"Vue":             {"`<!-- -->`", "script and style elements"},
	"XML":             {"`<!-- -->`"},
}
