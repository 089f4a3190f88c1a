package codetag

import (
	"bytes"
	"path"
	"strings"
)

// language is one row of the table: how a language is known, how it writes
// comments and strings, and what declares something in it.
type language struct {
	name     string
	exts     string // without dot, lower case
	files    string // whole names
	programs string // in a shebang line, without version
	style    *style
	grammar  *grammar
}

// languages is the table. docs/codetags.md shows it; a test compares them.
var languages = []language{
	{"Ada", "adb ads ada gpr", "", "", styleAda, grammarAda},
	{"Assembly", "s asm65", "", "", styleAssembly, grammarAssembly},
	{"Assembly (NASM, MASM)", "asm nasm a51", "", "", styleNasm, grammarAssembly},
	{"Awk", "awk", "", "awk gawk mawk", styleAwk, grammarAwk},
	{"Basic", "vb bas vbs", "", "", styleBasic, grammarBasic},
	{"Batch", "bat cmd", "", "", styleBatch, grammarBatch},
	{"C", "c", "", "", styleC, grammarC},
	{"C#", "cs csx", "", "", styleCSharp, grammarCSharp},
	{"C++", "cc cpp cxx c++ h hh hpp hxx h++ inl ipp tpp ino cu cuh cl ixx cppm", "", "", styleC, grammarC},
	{"Clojure", "clj cljs cljc edn", "", "", styleClojure, grammarLisp},
	{"CMake", "cmake", "CMakeLists.txt", "", styleCMake, grammarCMake},
	{"COBOL", "cob cbl cpy", "", "", styleCobol, grammarCobol},
	{"CSS", "css", "", "", styleCSS, grammarNone},
	{"D", "d di", "", "", styleD, grammarD},
	{"Dart", "dart", "", "", styleDart, grammarDart},
	{"Device tree, linker script", "dts dtsi ld lds", "", "", styleCOnly, grammarNone},
	{"Dockerfile", "dockerfile containerfile", "Dockerfile Containerfile", "", styleDocker, grammarNone},
	{"Elixir", "ex exs", "", "elixir", styleElixir, grammarElixir},
	{"Erlang", "erl hrl", "", "escript", styleErlang, grammarErlang},
	{"F#", "fs fsi fsx", "", "", styleFSharp, grammarOCaml},
	{"Fortran", "f90 f95 f03 f08 f18 pf", "", "", styleFortran, grammarFortran},
	{"Fortran (fixed form)", "f for ftn f77", "", "", styleFortranFixed, grammarFortran},
	{"Gherkin", "feature", "", "", styleGherkin, grammarGherkin},
	{"GLSL, HLSL", "glsl vert frag comp geom hlsl fx metal wgsl", "", "", styleC, grammarC},
	{"Go", "go", "", "", styleGo, grammarGo},
	{"Go module", "", "go.mod go.work", "", styleProto, grammarNone},
	{"GraphQL", "graphql gql", "", "", styleGraphQL, grammarGraphQL},
	{"Groovy", "groovy gradle gvy", "Jenkinsfile", "groovy", styleGroovy, grammarGroovy},
	{"Haskell", "hs elm purs idr agda", "", "runhaskell", styleHaskell, grammarHaskell},
	{"HTML", "html htm xhtml", "", "", styleHTML, grammarJS},
	{"INI", "ini cfg conf desktop service timer socket editorconfig", ".editorconfig .gitconfig", "", styleINI, grammarNone},
	{"Java", "java", "", "", styleJava, grammarJava},
	{"JavaScript", "js jsx mjs cjs", "", "node nodejs", styleJS, grammarJS},
	{"JSON with comments", "jsonc json5", "", "", styleProto, grammarNone},
	{"Julia", "jl", "", "julia", styleJulia, grammarJulia},
	{"Kotlin", "kt kts", "", "", styleKotlin, grammarKotlin},
	{"Less, SCSS", "less scss", "", "", styleSCSS, grammarNone},
	{"Lisp, Scheme", "lisp lsp el scm ss rkt", "", "sbcl clisp guile racket", styleLisp, grammarLisp},
	{"Lua", "lua", "", "lua luajit", styleLua, grammarLua},
	{"Make", "mk mak make", "Makefile makefile GNUmakefile", "make", styleMake, grammarMake},
	{"MATLAB, Octave", "m", "", "octave", styleMatlab, grammarMatlab},
	{"Meson", "", "meson.build meson_options.txt", "", styleMeson, grammarNone},
	{"ML", "sml sig fun wl", "", "", styleML, grammarOCaml},
	{"Modelica", "mo", "", "", styleProto, grammarNone},
	{"Nim", "nim nims", "", "nim", styleNim, grammarNim},
	{"Nix", "nix", "", "", styleNix, grammarNone},
	{"Objective-C", "mm", "", "", styleC, grammarC},
	{"OCaml", "ml mli mll mly", "", "ocaml", styleOCaml, grammarOCaml},
	{"Pascal", "pas pp dpr lpr", "", "", stylePascal, grammarPascal},
	{"Perl", "pl pm t", "", "perl", stylePerl, grammarPerl},
	{"PHP", "php phtml", "", "php", stylePHP, grammarPHP},
	{"PowerShell", "ps1 psm1 psd1", "", "pwsh powershell", stylePowerShell, grammarPowerShell},
	{"Properties", "properties", "", "", styleProperties, grammarNone},
	{"Protobuf", "proto", "", "", styleProto, grammarProto},
	{"Python", "py pyi pyw pyx pxd", "SConstruct SConscript", "python pypy", stylePython, grammarPython},
	{"QML", "qml", "", "", styleJS, grammarJS},
	{"Qt project, Kconfig", "pro pri", "Kconfig", "", styleHash, grammarNone},
	{"R", "r", "", "Rscript", styleR, grammarR},
	{"Robot Framework", "robot resource", "", "", styleRobot, grammarRobot},
	{"Ruby", "rb rake gemspec ru cr", "Rakefile Gemfile Vagrantfile", "ruby", styleRuby, grammarRuby},
	{"Rust", "rs", "", "rust-script", styleRust, grammarRust},
	{"Sass", "sass", "", "", styleSass, grammarNone},
	{"Scala", "scala sc sbt", "", "scala", styleScala, grammarScala},
	{"Shell", "sh bash zsh ksh bats", ".bashrc .profile", "sh bash zsh ksh dash ash bats", styleShell, grammarShell},
	{"Solidity", "sol", "", "", styleJava, grammarSolidity},
	{"SQL", "sql psql pls plsql", "", "", styleSQL, grammarSQL},
	{"Starlark", "bzl star bazel", "BUILD WORKSPACE", "", styleStarlark, grammarStarlark},
	{"Structured Text", "st iecst", "", "", styleST, grammarST},
	{"Svelte", "svelte", "", "", styleHTML, grammarJS},
	{"Swift", "swift", "", "swift", styleSwift, grammarSwift},
	{"SystemVerilog", "sv svh", "", "", styleVerilog, grammarVerilog},
	{"Tcl", "tcl tk sdc xdc", "", "tclsh wish expect", styleTcl, grammarTcl},
	{"Terraform", "tf tfvars hcl", "", "", styleTerraform, grammarTerraform},
	{"TeX", "tex sty ltx bib", "", "", styleTeX, grammarNone},
	{"Thrift", "thrift", "", "", styleThrift, grammarProto},
	{"TOML", "toml", "", "", styleTOML, grammarNone},
	{"TypeScript", "ts tsx mts cts", "", "deno ts-node tsx bun", styleJS, grammarJS},
	{"Verilog", "v vh", "", "", styleVerilog, grammarVerilog},
	{"VHDL", "vhd vhdl", "", "", styleVHDL, grammarVHDL},
	{"Vue", "vue", "", "", styleHTML, grammarJS},
	{"XML", "xml xsd xsl xslt svg xaml csproj vbproj fsproj props targets plist reqif ui qrc", "", "", styleXML, grammarNone},
	{"YAML", "yml yaml", ".clang-format .clang-tidy", "", styleYAML, grammarNone},
	{"Zig", "zig zon", "", "", styleZig, grammarZig},

	// what a shebang opens that the table does not know
	{"Script", "", "", "", styleHash, grammarNone},
}

// prose is the file types that are text for people: a tag in them is a mention.
var prose = set("md markdown mdx mkd txt rst adoc asciidoc org log csv tsv json ipynb")

// index is the table by extension, by name and by program.
type index struct {
	ext, file, program map[string]*language
}

var known = makeIndex()

func makeIndex() index {
	x := index{map[string]*language{}, map[string]*language{}, map[string]*language{}}
	for i := range languages {
		l := &languages[i]
		for _, e := range strings.Fields(l.exts) {
			x.ext[e] = l
		}
		for _, f := range strings.Fields(l.files) {
			x.file[f] = l
		}
		for _, p := range strings.Fields(l.programs) {
			x.program[p] = l
		}
	}
	return x
}

// languageNamed returns the row with that name.
func languageNamed(name string) *language {
	for i := range languages {
		if languages[i].name == name {
			return &languages[i]
		}
	}
	return nil
}

// byName returns the language of a file name, nil if it is not known.
func byName(name string) *language {
	if l := known.file[name]; l != nil {
		return l
	}
	if l := known.ext[extension(name)]; l != nil {
		return l
	}
	if base, _, ok := strings.Cut(name, "."); ok && (base == "Dockerfile" || base == "Makefile" || base == "Containerfile") {
		return known.file[base]
	}
	return nil
}

func extension(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
}

// neverScanned reports whether a file is prose or data without comments.
func neverScanned(name string) bool {
	return known.file[name] == nil && prose[extension(name)]
}

// byShebang returns the language of a script by its first line, nil if it has
// no shebang or is binary.
func byShebang(raw []byte) *language {
	if !bytes.HasPrefix(raw, []byte("#!")) || bytes.IndexByte(raw, 0) >= 0 {
		return nil
	}
	first, _, _ := bytes.Cut(raw[2:min(len(raw), 512)], []byte("\n"))
	for _, f := range strings.Fields(string(first)) {
		program := path.Base(f)
		if program == "env" || strings.HasPrefix(f, "-") || strings.Contains(program, "=") {
			continue
		}
		if l := known.program[program]; l != nil {
			return l
		}
		if l := known.program[strings.TrimRight(program, "0123456789.-")]; l != nil {
			return l
		}
		break
	}
	return languageNamed("Script")
}

// refine tells languages apart that share an extension.
func (l *language) refine(text []byte) *language {
	if l.style == styleMatlab {
		head := text[:min(len(text), 64<<10)]
		for _, sign := range []string{"@interface", "@implementation", "@protocol", "#import", "#include"} {
			if bytes.Contains(head, []byte(sign)) {
				return languageNamed("Objective-C")
			}
		}
	}
	return l
}
