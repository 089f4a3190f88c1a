package codetag

import "strings"

// shape is how a language holds a declaration together.
type shape uint8

const (
	shapeNone   shape = iota // no declarations are looked for
	shapeBraces              // { … }
	shapeIndent              // by indentation, as all people write it where "end" closes
	shapeRobot
	shapeGherkin
)

// grammar is what is known of the declarations of a language.
type grammar struct {
	shape    shape
	newline  bool // the end of a line ends a statement
	clike    bool // functions are a type, a name and parameters: no keyword
	preproc  bool // lines that open with # are for the preprocessor
	fold     bool // keywords in any case
	brackets bool // indentation counts only outside brackets (Python)
	flat     bool // a declaration lasts to the next one of any indentation

	words  map[string]kind // keywords that declare, and what
	mods   map[string]bool // words that may stand before them
	calls  map[string]kind // it("…"), describe("…")
	annos  []string        // what opens an annotation: @ [ #[
	tests  map[string]bool // annotations that make a test
	keep   map[string]bool // words that go on with the block above at its own indentation
	assign []string        // name := function, as signs behind a name at the top
	last   bool            // the name is the last word before ( or ; (Verilog)
	labels bool            // name: at the start of a line (assembly, make)

	testName   func(testCandidate) bool
	symbolSep  string // between type and member; "" is "."
	typeSep    string // between nested types in test reports; "" is "."
	suiteSep   string // between suites and tests; "" is " > "
	testSpaces bool   // modules qualify tests (Rust)
	space      string // keyword of the package or namespace of a file
}

func (g *grammar) symbolJoin() string { return or(g.symbolSep, ".") }
func (g *grammar) testJoin() string   { return or(g.typeSep, ".") }
func (g *grammar) suiteJoin() string  { return or(g.suiteSep, " > ") }

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// set makes a set of the words in s.
func set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// kinds makes a map from lists of words, each opened by its kind.
func kinds(lists map[kind]string) map[string]kind {
	m := map[string]kind{}
	for k, words := range lists {
		for _, w := range strings.Fields(words) {
			m[w] = k
		}
	}
	return m
}

// testPrefix makes tests of functions named test…, at any place or in types only.
func testPrefix(prefixes ...string) func(testCandidate) bool {
	return func(c testCandidate) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(c.name, p) {
				return true
			}
		}
		return false
	}
}

// methodPrefix is testPrefix for methods.
func methodPrefix(prefix string) func(testCandidate) bool {
	return func(c testCandidate) bool { return c.inType && strings.HasPrefix(c.name, prefix) }
}

// goTest holds a name to the rule of go test.
func goTest(c testCandidate) bool {
	if !strings.HasSuffix(c.file, "_test.go") || c.name == "TestMain" {
		return false
	}
	for _, p := range []string{"Test", "Benchmark", "Fuzz", "Example"} {
		if rest, ok := strings.CutPrefix(c.name, p); ok {
			return rest == "" || rest[0] < 'a' || rest[0] > 'z'
		}
	}
	return false
}

var jvmTests = set("Test ParameterizedTest RepeatedTest TestFactory TestTemplate Theory Property Example")

var (
	grammarNone = &grammar{}

	grammarGo = &grammar{shape: shapeBraces, newline: true,
		words:    kinds(map[kind]string{kindFunc: "func", kindType: "type", kindVar: "var const"}),
		testName: goTest}

	grammarC = &grammar{shape: shapeBraces, clike: true, preproc: true, symbolSep: "::",
		words:    kinds(map[kind]string{kindType: "class struct union enum concept", kindSpace: "namespace"}),
		mods:     set("typedef static extern inline export volatile const constexpr template friend"),
		testName: testPrefix("test_", "Test_")}
	grammarJava = &grammar{shape: shapeBraces, clike: true, annos: []string{"@"}, tests: jvmTests, typeSep: "$", space: "package",
		words: kinds(map[kind]string{kindType: "class interface enum record"}),
		mods:  set("public protected private static final abstract sealed non-sealed strictfp")}
	grammarCSharp = &grammar{shape: shapeBraces, clike: true, annos: []string{"["}, typeSep: "+", space: "namespace",
		tests: set("Test TestCase TestCaseSource Fact Theory TestMethod DataTestMethod SkippableFact SkippableTheory Property"),
		words: kinds(map[kind]string{kindType: "class interface struct enum record", kindSpace: "namespace"}),
		mods:  set("public protected private internal static sealed abstract partial readonly ref new unsafe file")}
	grammarDart = &grammar{shape: shapeBraces, clike: true, annos: []string{"@"}, suiteSep: " ",
		words: kinds(map[kind]string{kindType: "class mixin enum extension"}),
		mods:  set("abstract base final interface sealed"),
		calls: kinds(map[kind]string{kindTest: "test testWidgets", kindSuite: "group"})}
	grammarGroovy = &grammar{shape: shapeBraces, clike: true, newline: true, annos: []string{"@"}, tests: jvmTests, typeSep: "$", space: "package",
		words: kinds(map[kind]string{kindType: "class interface enum trait", kindFunc: "def void"}),
		mods:  set("public protected private static final abstract")}

	grammarKotlin = &grammar{shape: shapeBraces, newline: true, annos: []string{"@"}, tests: jvmTests, typeSep: "$", space: "package",
		words: kinds(map[kind]string{kindFunc: "fun constructor", kindType: "class interface object", kindVar: "val var typealias"}),
		mods: set("public protected private internal open abstract final sealed data enum inner value inline annotation override " +
			"suspend operator infix tailrec external const lateinit companion expect actual noinline crossinline"),
		calls: kinds(map[kind]string{kindTest: "test it should", kindSuite: "describe context"})}
	grammarScala = &grammar{shape: shapeBraces, newline: true, annos: []string{"@"}, tests: jvmTests, typeSep: "$", space: "package",
		words: kinds(map[kind]string{kindFunc: "def", kindType: "class trait object enum", kindVar: "val var type given"}),
		mods:  set("private protected final sealed abstract case implicit lazy override inline open transparent"),
		calls: kinds(map[kind]string{kindTest: "test it property", kindSuite: "describe"})}
	grammarSwift = &grammar{shape: shapeBraces, newline: true, annos: []string{"@"}, tests: set("Test"),
		words: kinds(map[kind]string{kindFunc: "func init deinit subscript", kindType: "class struct enum protocol extension actor", kindVar: "var let typealias"}),
		mods: set("public private fileprivate internal open final static override mutating nonmutating indirect required convenience " +
			"lazy weak unowned dynamic optional prefix postfix infix nonisolated isolated distributed async"),
		testName: methodPrefix("test")}
	grammarRust = &grammar{shape: shapeBraces, annos: []string{"#[", "#!["}, symbolSep: "::", typeSep: "::", testSpaces: true,
		tests: set("test bench rstest test_case quickcheck proptest wasm_bindgen_test"),
		words: kinds(map[kind]string{kindFunc: "fn macro_rules!", kindType: "struct enum union trait impl", kindSpace: "mod", kindVar: "const static type"}),
		mods:  set("pub async unsafe extern default mut")}
	grammarJS = &grammar{shape: shapeBraces, newline: true, annos: []string{"@"}, assign: []string{"="},
		words: kinds(map[kind]string{kindFunc: "function function*", kindType: "class interface enum", kindSpace: "namespace module", kindVar: "const let var type"}),
		mods:  set("export default async declare abstract public private protected static readonly override get set accessor"),
		calls: kinds(map[kind]string{kindTest: "it test specify xit fit xtest Deno QUnit bench",
			kindSuite: "describe context suite fdescribe xdescribe"})}
	grammarPHP = &grammar{shape: shapeBraces, annos: []string{"#["}, tests: set("Test"), space: "namespace",
		words: kinds(map[kind]string{kindFunc: "function", kindType: "class interface trait enum", kindVar: "const"}),
		mods:  set("public protected private static final abstract readonly"),
		calls: kinds(map[kind]string{kindTest: "it test", kindSuite: "describe"}), testName: methodPrefix("test")}
	grammarZig = &grammar{shape: shapeBraces,
		words: kinds(map[kind]string{kindFunc: "fn", kindVar: "const var", kindTest: "test"}),
		mods:  set("pub export extern inline noinline threadlocal comptime")}
	grammarProto = &grammar{shape: shapeBraces, space: "package",
		words: kinds(map[kind]string{kindType: "message enum service struct union exception interface", kindFunc: "rpc"})}
	grammarTerraform = &grammar{shape: shapeBraces, newline: true,
		words: kinds(map[kind]string{kindType: "resource data module variable output provider"})}
	grammarGraphQL = &grammar{shape: shapeBraces, newline: true,
		words: kinds(map[kind]string{kindType: "type interface enum input union scalar query mutation subscription fragment"}), mods: set("extend")}
	grammarSolidity = &grammar{shape: shapeBraces,
		words: kinds(map[kind]string{kindType: "contract interface library struct enum", kindFunc: "function modifier event"}),
		mods:  set("abstract"), testName: testPrefix("test")}
	grammarPerl = &grammar{shape: shapeBraces,
		words:    kinds(map[kind]string{kindFunc: "sub", kindSpace: "package"}),
		calls:    kinds(map[kind]string{kindTest: "subtest"}),
		testName: testPrefix("test_")}
	grammarShell = &grammar{shape: shapeBraces, newline: true, clike: true,
		words: kinds(map[kind]string{kindFunc: "function", kindTest: "@test"}), testName: testPrefix("test")}
	grammarPowerShell = &grammar{shape: shapeBraces, newline: true, fold: true,
		words: kinds(map[kind]string{kindFunc: "function filter", kindType: "class enum"}),
		calls: kinds(map[kind]string{kindTest: "it", kindSuite: "describe context"})}
	grammarTcl = &grammar{shape: shapeBraces, newline: true,
		words: kinds(map[kind]string{kindFunc: "proc method", kindTest: "test"})}
	grammarR = &grammar{shape: shapeBraces, newline: true, assign: []string{"<-", "="},
		calls: kinds(map[kind]string{kindTest: "test_that it", kindSuite: "describe"}), suiteSep: " "}
	grammarD = &grammar{shape: shapeBraces, clike: true, annos: []string{"@"}, space: "module",
		words: kinds(map[kind]string{kindType: "class struct interface union enum template"}),
		mods:  set("public private protected package static final abstract")}
	grammarAwk = &grammar{shape: shapeBraces, newline: true, words: kinds(map[kind]string{kindFunc: "function"})}

	grammarPython = &grammar{shape: shapeIndent, brackets: true, annos: []string{"@"},
		words: kinds(map[kind]string{kindFunc: "def", kindType: "class"}), mods: set("async"), assign: []string{"=", ":"},
		testName: testPrefix("test")}
	grammarStarlark = &grammar{shape: shapeIndent, brackets: true, words: kinds(map[kind]string{kindFunc: "def"})}
	grammarRuby     = &grammar{shape: shapeIndent, brackets: true, suiteSep: " ",
		words: kinds(map[kind]string{kindFunc: "def", kindType: "class module"}), mods: set("private public protected private_class_method RSpec."),
		calls: kinds(map[kind]string{kindTest: "it test specify scenario example should", kindSuite: "describe context feature RSpec"}),
		keep:  set("rescue ensure else elsif ) }"), testName: testPrefix("test_")}
	grammarElixir = &grammar{shape: shapeIndent, brackets: true, suiteSep: " ", annos: []string{"@"},
		words: kinds(map[kind]string{kindFunc: "def defp defmacro defmacrop", kindType: "defmodule defprotocol defimpl"}),
		calls: kinds(map[kind]string{kindTest: "test property", kindSuite: "describe"}), keep: set("rescue else after catch")}
	grammarLua = &grammar{shape: shapeIndent, suiteSep: " ",
		words: kinds(map[kind]string{kindFunc: "function"}), mods: set("local"), assign: []string{"="},
		calls: kinds(map[kind]string{kindTest: "it test", kindSuite: "describe context"}),
		keep:  set("else elseif ) }"),
		testName: func(c testCandidate) bool {
			return strings.HasPrefix(c.name[strings.LastIndexAny(c.name, ".:")+1:], "test")
		}}
	grammarJulia = &grammar{shape: shapeIndent, brackets: true,
		words: kinds(map[kind]string{kindFunc: "function macro", kindType: "struct module", kindTest: "@testset @testitem", kindVar: "const"}),
		mods:  set("mutable abstract primitive type baremodule"), keep: set("else elseif catch finally )")}
	grammarNim = &grammar{shape: shapeIndent, brackets: true,
		words: kinds(map[kind]string{kindFunc: "proc func method template macro iterator converter", kindTest: "test", kindSuite: "suite", kindType: "type", kindVar: "const let var"}),
		keep:  set("else elif except finally")}
	grammarMatlab = &grammar{shape: shapeIndent,
		words: kinds(map[kind]string{kindFunc: "function", kindType: "classdef"}), keep: set("else elseif catch otherwise"),
		testName: testPrefix("test")}
	grammarFortran = &grammar{shape: shapeIndent, fold: true, annos: []string{"@"}, tests: set("test"),
		words: kinds(map[kind]string{kindFunc: "subroutine function program", kindSpace: "module submodule", kindType: "type"}),
		mods:  set("pure elemental impure recursive integer real complex logical character double precision"),
		keep:  set("contains else elseif case"), testName: testPrefix("test_")}
	grammarAda = &grammar{shape: shapeIndent, fold: true,
		words: kinds(map[kind]string{kindFunc: "procedure function task entry", kindSpace: "package", kindType: "type subtype protected"}),
		mods:  set("overriding not private generic body separate limited"),
		keep:  set("begin is declare exception private else elsif when return with ) or"), testName: testPrefix("test_")}
	grammarVHDL = &grammar{shape: shapeIndent, fold: true,
		words: kinds(map[kind]string{kindFunc: "procedure function", kindSpace: "package", kindType: "entity architecture component configuration", kindVar: "type subtype signal constant"}),
		mods:  set("pure impure body shared"), keep: set("begin is generic port else elsif when ) );")}
	grammarVerilog = &grammar{shape: shapeIndent, last: true,
		words: kinds(map[kind]string{kindFunc: "task function", kindType: "module class interface program", kindSpace: "package", kindVar: "property sequence covergroup"}),
		mods:  set("virtual static protected local automatic extern"), keep: set("begin else ) );"),
		testName: testPrefix("test_")}
	grammarPascal = &grammar{shape: shapeIndent, fold: true,
		words: kinds(map[kind]string{kindFunc: "procedure function constructor destructor", kindSpace: "program unit library"}),
		mods:  set("class"), keep: set("begin var const type label else"),
		testName: func(c testCandidate) bool {
			name := strings.ToLower(c.name)
			return strings.HasPrefix(name[strings.LastIndexByte(name, '.')+1:], "test")
		}}
	grammarST = &grammar{shape: shapeIndent, fold: true, flat: true, // people leave bodies unindented
		words: kinds(map[kind]string{kindFunc: "function method", kindType: "function_block program interface struct"}),
		mods:  set("public private protected internal abstract final"),
	}
	grammarSQL = &grammar{shape: shapeIndent, fold: true, flat: true,
		words: kinds(map[kind]string{kindFunc: "function procedure trigger", kindType: "table view index type schema package"}),
		mods:  set("create or replace temp temporary if not exists unique materialized global body unlogged virtual alter")}
	grammarHaskell = &grammar{shape: shapeIndent,
		words: kinds(map[kind]string{kindType: "data newtype class instance type", kindSpace: "module"}), assign: []string{"::", "="}}
	grammarOCaml = &grammar{shape: shapeIndent,
		words: kinds(map[kind]string{kindFunc: "let and member val", kindType: "type class", kindSpace: "module namespace"}),
		mods:  set("rec inline private mutable static override abstract default"), annos: []string{"[<"},
		tests: set("Test Fact Theory Property"), keep: set("end in |")}
	grammarErlang = &grammar{shape: shapeIndent, assign: []string{"("},
		testName: func(c testCandidate) bool {
			return strings.HasSuffix(c.name, "_test") || strings.HasSuffix(c.name, "_test_")
		}}
	grammarLisp = &grammar{shape: shapeIndent,
		words: kinds(map[kind]string{kindFunc: "(defun (defn (defn- (define (defmacro (defmethod (defgeneric (defmulti (define/public (define-syntax",
			kindType: "(defclass (defstruct (deftype (defrecord (defprotocol (define-record-type", kindVar: "(def (defvar (defparameter (defconstant (defconst (defcustom",
			kindTest: "(deftest (ert-deftest (define-test (test-case", kindSpace: "(ns (defpackage"})}
	grammarAssembly = &grammar{shape: shapeIndent, flat: true, labels: true}
	grammarMake     = &grammar{shape: shapeIndent, labels: true,
		words: kinds(map[kind]string{kindVar: "define"})}
	grammarCMake = &grammar{shape: shapeIndent, fold: true, flat: true,
		words: kinds(map[kind]string{kindFunc: "function( macro(", kindType: "add_library( add_executable( add_custom_target(", kindTest: "add_test("})}
	grammarBatch = &grammar{shape: shapeIndent, flat: true, words: kinds(map[kind]string{kindFunc: ":"})}
	grammarBasic = &grammar{shape: shapeIndent, fold: true, annos: []string{"<"}, tests: set("test testmethod fact testcase"), space: "namespace",
		words: kinds(map[kind]string{kindFunc: "sub function property", kindType: "class module structure interface enum", kindSpace: "namespace"}),
		mods:  set("public private protected friend shared overrides overridable partial mustinherit notinheritable async readonly"), keep: set("else elseif catch finally")}
	grammarCobol = &grammar{shape: shapeIndent, fold: true, flat: true, words: kinds(map[kind]string{kindFunc: "program-id."})}

	grammarRobot   = &grammar{shape: shapeRobot}
	grammarGherkin = &grammar{shape: shapeGherkin}
)
