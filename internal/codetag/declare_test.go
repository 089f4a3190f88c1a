package codetag

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is found into testdata")

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// TestAttribution reads the sources in testdata. Every tag in them is followed
// by what it should stand on, in brackets: test | symbol | package.
//
// goldthread:verifies SRS-35
func TestAttribution(t *testing.T) {
	files, err := filepath.Glob("testdata/attribution/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var res Result
			new(scratch).scan(source{file: "src/" + name, module: "example.org/pump/src", lang: byName(name), text: text}, &res)
			if len(res.Faults) > 0 {
				t.Errorf("faults: %v", res.Faults)
			}
			lines := strings.Split(string(text), "\n")
			var want, got []string
			for _, tag := range res.Tags {
				l := lines[tag.Line-1]
				open, end := strings.Index(l, "[["), strings.Index(l, "]]")
				got = append(got, fmt.Sprintf("%d: %s | %s | %s", tag.Line, tag.Test, tag.Symbol, tag.Package))
				if *update {
					found := fmt.Sprintf("[[%s | %s | %s]]", tag.Test, tag.Symbol, tag.Package)
					if open >= 0 {
						lines[tag.Line-1] = l[:open] + found + l[end+2:]
					} else {
						lines[tag.Line-1] = l[:tag.Column-1+len(tag.Key)] + " " + found + l[tag.Column-1+len(tag.Key):]
					}
				}
			}
			if *update {
				if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for i, l := range lines {
				if open, end := strings.Index(l, "[["), strings.Index(l, "]]"); open >= 0 && end > open {
					want = append(want, fmt.Sprintf("%d: %s", i+1, l[open+2:end]))
				}
			}
			if len(want) == 0 {
				t.Error("no tags expected")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestWhatATagStandsOn holds small sources, each with one tag at §, against the
// test and the symbol of the tag.
func TestWhatATagStandsOn(t *testing.T) {
	for _, c := range []struct{ file, text, test, symbol string }{
		{"a_test.go", "func TestA(t *testing.T) {\n\tfor _, c := range cases {\n\t\tt.Run(c.name, func(t *testing.T) { // §\n\t\t})\n\t}\n}\n", "TestA", "TestA"},
		{"a_test.go", "// §\nfunc (s *Suite) TestA() {\n}\n", "", "Suite.TestA"},
		{"a_test.go", "func TestMain(m *testing.M) { // §\n}\n", "", "TestMain"},
		{"a.go", "//\n// §\n//\n// Deprecated: x\nfunc A() {}\n", "", "A"},
		{"a.go", "type T struct {\n\t// §\n\tA int\n}\n", "", "T"},
		{"a.go", "var (\n\ta = 1\n\tb = func() {\n\t\t// §\n\t}\n)\n", "", ""},
		{"a.go", "func A[T any](x T) T { return x } // §\n", "", "A"},
		{"a.go", "package a // §\n", "", ""},
		{"test_a.py", "class TestA:\n    class TestB:\n        def test_c(self): # §\n            pass\n", "TestA.TestB.test_c", "TestA.TestB.test_c"},
		{"test_a.py", "@pytest.fixture\ndef x(): # §\n    pass\n", "", "x"},
		{"test_a.py", "def test_x(): # §\n    pass\n", "test_x", "test_x"},
		{"test_a.py", "class A(TestCase):\n    def setUp(self):\n        pass # §\n", "", "A.setUp"},
		{"test_a.py", "class A(TestCase):\n    @staticmethod\n    # §\n    def testB():\n        pass\n", "A.testB", "A.testB"},
		{"a.test.js", "describe('a', () => {\n  beforeEach(() => { // §\n  });\n});\n", "a", "a"},
		{"a.test.js", "describe(\"a\", function() {\n it('b', async function() {\n // §\n });\n});\n", "a > b", "a.b"},
		{"a.test.ts", "describe.skip('a', () => {\n  test.only('b', () => {\n    expect(f({ a: { b: 1 } })).toEqual({ c: 1 });\n    // §\n  });\n});\n", "a > b", "a.b"},
		{"a.test.ts", "test('it\\'s', () => { // §\n});", "it's", "it's"},
		{"a.test.ts", "test(`a ${b}`, () => { // §\n});", "a ${b}", "a ${b}"},
		{"a.ts", "export const f = (x: number): number => { // §\n};\n", "", "f"},
		{"a.ts", "class A {\n  @Input() b: string; // §\n}\n", "", "A.b"},
		{"a.ts", "class A {\n  constructor(private x: B) { // §\n  }\n}\n", "", "A.constructor"},
		{"a.ts", "class A {\n  static #x() { // §\n  }\n}\n", "", "A.x"},
		{"a.ts", "export interface A {\n  b: string; // §\n}\n", "", "A.b"},
		{"A.java", "class A {\n  @Test\n  @DisplayName(\"x {\")\n  // §\n  void b() throws E {\n  }\n}\n", "A.b", "A.b"},
		{"A.java", "class A {\n  @Test void b() { x.f(() -> { /* § */ }); }\n}\n", "A.b", "A.b"},
		{"A.java", "class A {\n  // §\n  static { x(); }\n}\n", "", "A"},
		{"A.kt", "class A {\n  @Test\n  fun `stops on occlusion`() { // §\n  }\n}\n", "A.stops on occlusion", "A.stops on occlusion"},
		{"A.kt", "class A {\n  @Nested\n  inner class `when occluded` {\n    @Test\n    // §\n    fun `stops (at once)`() {\n    }\n  }\n}\n", "A$when occluded.stops (at once)", "A.when occluded.stops (at once)"},
		{"A.kt", "class A {\n  @Test fun b() = runBlocking {\n    // §\n  }\n}\n", "A.b", "A.b"},
		{"a.cc", "TEST(A, B) {\n  // §\n}\n", "A.B", "A.B"},
		{"a.cc", "// §\nTEST_P(A, B)\n{\n}\n", "A.B", "A.B"},
		{"a.cc", "TEST_CASE(\"stops [x]\", \"[tag]\") {\n SECTION(\"y\") {\n // §\n }\n}\n", "stops [x]", "stops [x]"},
		{"a.cc", "TEST_CASE_METHOD(Fix, \"stops\", \"[tag]\") {\n // §\n}\n", "stops", "stops"},
		{"a.cc", "SCENARIO(\"stops\") {\n GIVEN(\"x\") { /* § */ }\n}\n", "stops", "stops"},
		{"a.cc", "BOOST_AUTO_TEST_SUITE(s)\nBOOST_AUTO_TEST_CASE(b) {\n// §\n}\nBOOST_AUTO_TEST_SUITE_END()\n", "b", "b"},
		{"a.cc", "TEST(Group, Name)\n{\n  LONGS_EQUAL(1, 1); // §\n};\n", "Group.Name", "Group.Name"},
		{"a.c", "static void test_stop(void **state) { // §\n}\n", "test_stop", "test_stop"},
		{"a.c", "void test_stop(void)\n{\n  // §\n}\n", "test_stop", "test_stop"},
		{"a.c", "// §\nstatic const struct x y[] = { 1, 2 };\n", "", "y"},
		{"a.c", "int f(int a) { // §\n}\n", "", "f"},
		{"a.c", "__attribute__((noreturn)) void f(void) { // §\n}\n", "", "f"},
		{"a.c", "ISR(TIMER0_OVF_vect) { // §\n}\n", "", "ISR"},
		{"a.cpp", "template <typename T> T A<T>::f() const noexcept { // §\n}\n", "", "f"},
		{"a.cpp", "A::A() : b(1), c{2} { // §\n}\n", "", "A::A"},
		{"a.cpp", "auto f() -> int { // §\n}\n", "", "f"},
		{"a.cpp", "namespace a::b {\nclass C { // §\n};\n}\n", "", "C"},
		{"a.cpp", "auto l = [](int x) { return x; }; // §\n", "", "l"},
		{"a.cpp", "[[nodiscard]] int f() { // §\n}\n", "", "f"},
		{"a.cpp", "int A::b = 1; // §\n", "", "A::b"},
		{"A.cs", "namespace N;\npublic class A {\n  [Fact]\n  public async Task B() { // §\n  }\n}\n", "A.B", "A.B"},
		{"A.cs", "class A {\n  [Theory, InlineData(1)]\n  public void B(int x) => C(); // §\n}\n", "A.B", "A.B"},
		{"A.cs", "class A {\n  public int B { get; set; } // §\n}\n", "", "A.B"},
		{"A.cs", "class A {\n  // §\n  public int B { get => 1; }\n}\n", "", "A.B"},
		{"a.rs", "#[cfg(test)]\nmod tests {\n  use super::*;\n  #[test]\n  fn b() { // §\n  }\n}\n", "tests::b", "b"},
		{"a.rs", "impl A for B {\n  fn c(&self) -> X { // §\n  }\n}\n", "", "B::c"},
		{"a.rs", "impl<T: X> A<T> {\n  pub async fn c(&self) { // §\n  }\n}\n", "", "A::c"},
		{"a.rs", "#[tokio::test]\nasync fn b() { // §\n}\n", "b", "b"},
		{"a.rs", "pub const A: u8 = 1; // §\n", "", "A"},
		{"a.rb", "describe 'a' do\n  it 'b' do\n    # §\n  end\nend\n", "a b", "a.b"},
		{"a.rb", "class ATest < Test\n  test 'stops' do\n    # §\n  end\nend\n", "stops", "ATest.stops"},
		{"a.php", "<?php\nclass A extends TestCase {\n  public function testB(): void { // §\n  }\n}\n", "A.testB", "A.testB"},
		{"a.php", "<?php\nclass A {\n  #[Test]\n  public function b(): void { // §\n  }\n}\n", "A.b", "A.b"},
		{"a.swift", "class A: XCTestCase {\n  func testB() throws { // §\n  }\n}\n", "A.testB", "A.testB"},
		{"a.swift", "@Test(\"stops\") func b() { // §\n}\n", "b", "b"},
		{"a.scala", "class A extends AnyFunSuite {\n  test(\"stops\") { // §\n  }\n}\n", "stops", "A.stops"},
		{"a.groovy", "class A extends Specification {\n  def \"stops on x\"() { // §\n  }\n}\n", "A.stops on x", "A.stops on x"},
		{"a.groovy", "class A extends Specification {\n  def 'stops at 0.5 bar (fast)'() { // §\n  }\n}\n", "A.stops at 0.5 bar (fast)", "A.stops at 0.5 bar (fast)"},
		{"a.groovy", "class A extends Specification {\n  // §\n  void \"stops on x\"() {\n  }\n}\n", "A.stops on x", "A.stops on x"},
		{"a.groovy", "class A {\n  void stops() { // §\n  }\n}\n", "", "A.stops"},
		{"a.groovy", "class A {\n  @Test\n  public void stops() { // §\n  }\n}\n", "A.stops", "A.stops"},
		{"a.m", "function tests = aTest\ntests = functiontests(localfunctions);\nend\nfunction testB(testCase)\n % §\nend\n", "testB", "testB"},
		{"a.sh", "f() { # §\n}\n", "", "f"},
		{"a.bats", "@test \"stops\" {\n # §\n}\n", "stops", "stops"},
		{"a.sv", "module m;\n  always_ff @(posedge c) begin // §\n  end\nendmodule\n", "", "m"},
		{"a.st", "FUNCTION_BLOCK A\nVAR\nEND_VAR\n// §\nEND_FUNCTION_BLOCK\n", "", "A"},
		{"a.adb", "package body A is\n   procedure B is\n   begin\n      null; -- §\n   end B;\nend A;\n", "", "B"},
		{"a.f90", "module a\ncontains\nsubroutine b()\n ! §\nend subroutine\nend module\n", "", "b"},
		{"Makefile", "all: a\n\techo # §\n", "", "all"},
		{"CMakeLists.txt", "add_test(NAME a COMMAND b) # §\n", "a", "a"},
		{"a.sql", "-- §\nCREATE TABLE a.b (c int);\n", "", "a.b"},
		{"a.proto", "service A {\n  // §\n  rpc B(C) returns (D) {}\n}\n", "", "A.B"},
		{"a.yaml", "# §\na: b\n", "", ""},
		{"a.lua", "local function f() -- §\nend\n", "", "f"},
		{"a.r", "f <- function(x) { # §\n}\n", "", "f"},
		{"a.r", "test_that(\"stops\", {\n  # §\n})\n", "stops", "stops"},
		{"a.ex", "defmodule A do\n  test \"stops\", %{a: b} do\n    # §\n  end\nend\n", "stops", "A.stops"},
		{"a.hs", "f :: Int\nf = 1 -- §\n", "", "f"},
		{"a.dart", "void main() {\n  testWidgets('stops', (t) async {\n    // §\n  });\n}\n", "stops", "stops"},
		{"a.robot", "*** Test Cases ***\nStops\n    [Documentation]    x\n    # §\n", "Stops", "Stops"},
		{"a.js", "function A() {}\nA.prototype.b = function() { // §\n};\n", "", "A.prototype.b"},
		{"a.js", "const x = require('x'); // §\n", "", "x"},
	} {
		res := scanString(c.file, strings.ReplaceAll(c.text, "§", tagText))
		if len(res.Tags) != 1 || len(res.Faults) > 0 {
			t.Errorf("%s: %d tags, faults %v in\n%s", c.file, len(res.Tags), res.Faults, c.text)
			continue
		}
		if got := res.Tags[0]; got.Test != c.test || got.Symbol != c.symbol {
			t.Errorf("%s: test %q and symbol %q, want %q and %q in\n%s", c.file, got.Test, got.Symbol, c.test, c.symbol, c.text)
		}
	}
}
