package verification_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/verification"
)

const (
	passed  = verification.Passed
	failed  = verification.Failed
	skipped = verification.Skipped
)

func TestMatch(t *testing.T) {
	type result = verification.Reported
	tests := []struct {
		sentence string
		tests    []verification.Test
		results  []result
		want     string // for each test the results, by their numbers; then those of no test
	}{
		{"go: the name and the package", []verification.Test{{Package: "example.org/pump/dose", File: "dose/dose_test.go", Name: "TestStop"}},
			[]result{{Package: "example.org/pump/dose", Name: "TestStop", Outcome: passed}}, "[0]"},
		{"go: one name in two packages", []verification.Test{{Package: "example.org/a", Name: "TestStop"}, {Package: "example.org/b", Name: "TestStop"}},
			[]result{{Package: "example.org/b", Name: "TestStop", Outcome: passed}, {Package: "example.org/a", Name: "TestStop", Outcome: failed}}, "[1] [0]"},
		{"go: a package without a tag", []verification.Test{{Package: "example.org/a", Name: "TestStop"}}, []result{{Package: "example.org/b", Name: "TestStop", Outcome: failed}}, "[] none 0"},
		{"go: subtests belong to the test around them", []verification.Test{{Package: "p", Name: "TestStop"}},
			[]result{{Package: "p", Name: "TestStop", Outcome: passed}, {Package: "p", Name: "TestStop/at_once", Outcome: failed}, {Package: "p", Name: "TestStop/deep/er", Outcome: passed}}, "[0 1 2]"},
		{"go: a subtest with a tag of its own", []verification.Test{{Package: "p", Name: "TestStop"}, {Package: "p", Name: "TestStop/at_once"}},
			[]result{{Package: "p", Name: "TestStop/at_once", Outcome: passed}, {Package: "p", Name: "TestStop/later", Outcome: passed}}, "[1] [0]"},
		{"go: a name that begins another", []verification.Test{{Package: "p", Name: "TestStop"}}, []result{{Package: "p", Name: "TestStopAtOnce", Outcome: passed}}, "[] none 0"},
		{"JUnit: class and method, with dots", []verification.Test{{File: "src/PumpTest.java", Name: "PumpTest.stops"}}, []result{{Class: "org.example.PumpTest", Name: "stops", Outcome: passed}}, "[0]"},
		{"JUnit: one method in two classes", []verification.Test{{File: "src/PumpTest.java", Name: "PumpTest.stops"}, {File: "src/AlarmTest.java", Name: "AlarmTest.stops"}},
			[]result{{Class: "org.example.AlarmTest", Name: "stops", Outcome: passed}, {Class: "org.example.PumpTest", Name: "stops", Outcome: failed}}, "[1] [0]"},
		{"JUnit: a class that only ends alike", []verification.Test{{File: "src/PumpTest.java", Name: "PumpTest.stops"}}, []result{{Class: "org.example.BigPumpTest", Name: "stops", Outcome: passed}}, "[] none 0"},
		{"JUnit: an inner class", []verification.Test{{File: "src/PumpTest.java", Name: "Stop.atOnce"}}, []result{{Class: "org.example.PumpTest$Stop", Name: "atOnce", Outcome: passed}}, "[0]"},
		{"pytest: the module as class", []verification.Test{{File: "tests/test_pump.py", Name: "test_stops"}}, []result{{Class: "tests.test_pump", Name: "test_stops", Outcome: passed}}, "[0]"},
		{"pytest: one function in two modules", []verification.Test{{File: "tests/test_pump.py", Name: "test_stops"}, {File: "tests/test_alarm.py", Name: "test_stops"}},
			[]result{{Class: "tests.test_alarm", Name: "test_stops", Outcome: passed}}, "[] [0]"},
		{"pytest: a class within a module", []verification.Test{{File: "tests/test_pump.py", Name: "TestStop.test_at_once"}}, []result{{Class: "tests.test_pump.TestStop", Name: "test_at_once", Outcome: passed}}, "[0]"},
		{"pytest: parameters", []verification.Test{{File: "tests/test_pump.py", Name: "test_stops"}},
			[]result{{Class: "tests.test_pump", Name: "test_stops[200-ms]", Outcome: passed}, {Class: "tests.test_pump", Name: "test_stops[a/b.c]", Outcome: failed}}, "[0 1]"},
		{"JUnit 5: parameters in brackets of both kinds", []verification.Test{{File: "src/PumpTest.java", Name: "PumpTest.stops"}},
			[]result{{Class: "PumpTest", Name: "stops(int)[1]", Outcome: passed}, {Class: "PumpTest", Name: "stops [2]", Outcome: passed}}, "[0 1]"},
		{"googletest: suite and name", []verification.Test{{File: "pump_test.cc", Name: "Pump.Stops"}}, []result{{Suite: "Pump", Class: "Pump", Name: "Stops", Outcome: passed}}, "[0]"},
		{"googletest: a suite with the same name of a test", []verification.Test{{File: "pump_test.cc", Name: "Pump.Stops"}, {File: "alarm_test.cc", Name: "Alarm.Stops"}},
			[]result{{Suite: "Alarm", Name: "Stops", Class: "Alarm", Outcome: failed}}, "[] [0]"},
		{"googletest: the name holds the suite", []verification.Test{{File: "pump_test.cc", Name: "Pump.Stops"}}, []result{{Name: "Pump.Stops", Outcome: passed}}, "[0]"},
		{"Rust: a path of modules", []verification.Test{{File: "src/pump.rs", Name: "stops"}}, []result{{Name: "pump::tests::stops", Outcome: passed}}, "[0]"},
		{"a sentence as name, with dots and brackets in it", []verification.Test{{File: "pump.spec.ts", Name: "stops at 0.5 bar"}}, []result{{Class: "Pump", Name: "stops at 0.5 bar", Outcome: passed}}, "[0]"},
		{"Kotlin: a sentence behind a class", []verification.Test{{Package: "org.example", File: "PumpTest.kt", Name: "PumpTest.stops on occlusion"}},
			[]result{{Class: "org.example.PumpTest", Name: "stops on occlusion", Outcome: passed}, {Class: "org.example.PumpTest", Name: "stops on occlusion()", Outcome: passed},
				{Class: "PumpTest", Name: "stops on occlusion(double)[1]", Outcome: failed}, {Suite: "org.example.PumpTest", Name: "stops on occlusion()[jvm]", Outcome: passed}}, "[0 1 2 3]"},
		{"Kotlin: one sentence in two classes", []verification.Test{{File: "PumpTest.kt", Name: "PumpTest.stops on occlusion"}, {File: "AlarmTest.kt", Name: "AlarmTest.stops on occlusion"}},
			[]result{{Class: "org.example.AlarmTest", Name: "stops on occlusion()", Outcome: passed}, {Class: "org.example.PumpTest", Name: "stops on occlusion()", Outcome: failed}}, "[1] [0]"},
		{"Kotlin: an inner class that is a sentence itself", []verification.Test{{File: "PumpTest.kt", Name: "PumpTest$when occluded.stops at once"}},
			[]result{{Class: "org.example.PumpTest$when occluded", Name: "stops at once()", Outcome: passed}, {Class: "org.example.PumpTest$when empty", Name: "stops at once()", Outcome: passed}}, "[0] none 1"},
		{"Kotlin: the sentence of another class, of a class that only ends alike, of none", []verification.Test{{File: "PumpTest.kt", Name: "PumpTest.stops on occlusion"}},
			[]result{{Class: "org.example.AlarmTest", Name: "stops on occlusion", Outcome: passed}, {Class: "org.example.BigPumpTest", Name: "stops on occlusion", Outcome: passed},
				{Class: "org.example.AlarmTest", Suite: "PumpTest", Name: "stops on occlusion", Outcome: passed}, {Name: "stops on occlusion", Outcome: passed}}, "[] none 0 1 2 3"},
		{"Kotlin: a class of the same name in another package", []verification.Test{{Package: "org.example", File: "PumpTest.kt", Name: "PumpTest.stops on occlusion"}},
			[]result{{Class: "org.other.PumpTest", Name: "stops on occlusion", Outcome: passed}}, "[] none 0"},
		{"Kotlin: classes that agree equally", []verification.Test{{File: "a/PumpTest.kt", Name: "PumpTest.stops on occlusion"}, {File: "b/PumpTest.kt", Name: "PumpTest.stops on occlusion"}},
			[]result{{Class: "PumpTest", Name: "stops on occlusion", Outcome: passed}, {Class: "PumpTest", Name: "stops on occlusion", Outcome: failed}}, "[1] [1] none 0"},
		{"Kotlin: brackets that are part of the sentence", []verification.Test{{File: "PumpTest.kt", Name: "PumpTest.stops at once"}, {File: "PumpTest.kt", Name: "PumpTest.stops at once (fast)"}, {File: "PumpTest.kt", Name: "PumpTest.stops"}},
			[]result{{Class: "PumpTest", Name: "stops at once (fast)()", Outcome: passed}, {Class: "PumpTest", Name: "stops (slow)()", Outcome: passed}, {Class: "PumpTest", Name: "stops at once(slow)", Outcome: passed}}, "[] [0] [] none 1 2"},
		{"Spock: a sentence with dots, once for each row", []verification.Test{{Package: "org.example", File: "PumpSpec.groovy", Name: "PumpSpec.stops at 0.5 bar"}},
			[]result{{Class: "org.example.PumpSpec", Name: "stops at 0.5 bar", Outcome: passed}, {Class: "org.example.PumpSpec", Name: "stops at 0.5 bar [flow: [1, 2], #0]", Outcome: passed},
				{Class: "org.example.PumpSpec", Name: "stops at 0.5 bar [#1]", Outcome: failed}, {Class: "org.example.PumpSpec", Name: "stops at 0.5 bar[2]", Outcome: passed}}, "[0 1 2 3]"},
		{"Spock: brackets that are no row", []verification.Test{{File: "PumpSpec.groovy", Name: "PumpSpec.stops at once"}},
			[]result{{Class: "PumpSpec", Name: "stops at once [unless empty]", Outcome: passed}, {Class: "PumpSpec", Name: "stops at once [bug #12]", Outcome: passed}}, "[] none 0 1"},
		{"Jest: suite and title in name and class", []verification.Test{{File: "src/pump.test.ts", Name: "pump > when occluded > stops at once"}},
			[]result{{Suite: "jest tests/pump", Class: "pump when occluded stops at once", Name: "pump when occluded stops at once", Outcome: passed}}, "[0]"},
		{"Jest: the suites as class", []verification.Test{{File: "src/pump.test.ts", Name: "pump > when occluded > stops"}, {File: "src/pump.test.ts", Name: "pump > when empty > stops"}},
			[]result{{Class: "pump when empty", Name: "stops", Outcome: passed}, {Class: "pump › when occluded", Name: "stops", Outcome: failed}, {Class: "pump", Name: "stops", Outcome: passed}}, "[1] [0] none 2"},
		{"Jest: suite and title as name, the suite as class", []verification.Test{{File: "src/pump.test.ts", Name: "pump > stops"}}, []result{{Class: "pump", Name: "pump stops", Outcome: passed}}, "[0]"},
		{"Jest: another class", []verification.Test{{File: "src/pump.test.ts", Name: "pump > stops"}}, []result{{Class: "org.example.Alarm", Name: "pump stops", Outcome: passed}}, "[] none 0"},
		{"Jest: one name for two tests", []verification.Test{{File: "pump.test.ts", Name: "pump > on battery stops"}, {File: "pump.test.ts", Name: "pump on battery > stops"}},
			[]result{{Class: "pump on battery stops", Name: "pump on battery stops", Outcome: passed}, {Class: "pump on battery stops", Name: "pump on battery stops", Outcome: failed}}, "[1] [1] none 0"},
		{"Jest: a suite and a test that is named like it with its title", []verification.Test{{File: "pump.test.ts", Name: "pump > stops"}, {File: "alarm.test.ts", Name: "pump stops"}},
			[]result{{Class: "pump stops", Name: "pump stops", Outcome: passed}}, "[] [] none 0"},
		{"Jest: two files with one suite, told apart by the file", []verification.Test{{File: "a/pump.test.ts", Name: "pump > stops"}, {File: "b/pump.test.ts", Name: "pump > stops"}},
			[]result{{Class: "pump stops", Name: "pump stops", File: "b/pump.test.ts", Outcome: passed}, {Class: "pump stops", Name: "pump stops", Outcome: passed}}, "[] [0] none 1"},
		{"Jest: brackets are part of the title", []verification.Test{{File: "pump.test.ts", Name: "pump > calls stop"}, {File: "pump.test.ts", Name: "calls stop"}},
			[]result{{Class: "pump", Name: "pump calls stop(now)", Outcome: passed}, {Class: "pump", Name: "calls stop (issue #12)", Outcome: passed}, {Class: "pump", Name: "calls stop [2]", Outcome: passed}}, "[] [] none 0 1 2"},
		{"Mocha: suite and title as name, the title as class", []verification.Test{{File: "pump.spec.js", Name: "pump > when empty > stops"}}, []result{{Class: "stops", Name: "pump when empty stops", Outcome: passed}}, "[0]"},
		{"node:test: suites with dots as class", []verification.Test{{File: "pump.test.mjs", Name: "pump > when empty > stops"}}, []result{{Class: "pump.when empty", Name: "stops", Outcome: passed}}, "[0]"},
		{"Vitest: the file as class", []verification.Test{{File: "a/pump.test.ts", Name: "pump > stops"}, {File: "b/pump.test.ts", Name: "pump > stops"}},
			[]result{{Class: "b/pump.test.ts", Name: "pump > stops", Outcome: passed}, {Class: "c/pump.test.ts", Name: "pump > stops", Outcome: passed}}, "[] [0] none 1"},
		{"Playwright: the file as class, suites with its own sign", []verification.Test{{File: "tests/pump.spec.ts", Name: "pump > when empty > stops"}},
			[]result{{Class: "pump.spec.ts", Name: "pump › when empty › stops", Outcome: passed}, {Class: "alarm.spec.ts", Name: "pump › when empty › stops", Outcome: passed}}, "[0] none 1"},
		{"ScalaTest: the class is that of the file", []verification.Test{{File: "PumpSpec.scala", Name: "pump > stops"}}, []result{{Class: "org.example.PumpSpec", Name: "pump stops", Outcome: passed}}, "[0]"},
		{"a title that holds the sign of suites", []verification.Test{{File: "pump.test.ts", Name: "pump > stops when a > b"}}, []result{{Class: "pump", Name: "stops when a > b", Outcome: passed}}, "[0]"},
		{"the file decides between two of one name", []verification.Test{{File: "a/pump.spec.ts", Name: "stops"}, {File: "b/pump.spec.ts", Name: "stops"}},
			[]result{{File: "b/pump.spec.ts", Name: "stops", Outcome: passed}}, "[] [0]"},
		{"a file of another tree, with the same end", []verification.Test{{File: "tests/pump.py", Name: "stops"}}, []result{{File: "/home/ci/work/tests/pump.py", Name: "stops", Outcome: passed}}, "[0]"},
		{"a file as Windows writes it", []verification.Test{{File: "tests/pump.py", Name: "stops"}}, []result{{File: `C:\ci\tests\pump.py`, Name: "stops", Outcome: passed}}, "[0]"},
		{"a file that only ends alike", []verification.Test{{File: "tests/pump.py", Name: "stops"}}, []result{{File: "tests/bigpump.py", Name: "stops", Outcome: passed}}, "[] none 0"},
		{"a tag on a whole file takes what no other tag takes", []verification.Test{{File: "tests/test_pump.py"}, {File: "tests/test_pump.py", Name: "test_stops"}},
			[]result{{Class: "tests.test_pump", Name: "test_starts", Outcome: passed}, {Class: "tests.test_pump", Name: "test_stops", Outcome: failed}}, "[0] [1]"},
		{"a tag on a whole file, by its path", []verification.Test{{File: "tests/pump.robot"}}, []result{{File: "tests/pump.robot", Name: "Stops", Outcome: passed}, {File: "tests/other.robot", Name: "Stops", Outcome: failed}}, "[0] none 1"},
		{"two that agree equally: a passed result counts for neither", []verification.Test{{File: "a.ts", Name: "stops"}, {File: "b.ts", Name: "stops"}}, []result{{Name: "stops", Outcome: passed}}, "[] [] none 0"},
		{"two that agree equally: a skipped result counts for neither", []verification.Test{{File: "a.ts", Name: "stops"}, {File: "b.ts", Name: "stops"}}, []result{{Name: "stops", Outcome: skipped}}, "[] [] none 0"},
		{"two that agree equally: a failed result counts for both", []verification.Test{{File: "a.ts", Name: "stops"}, {File: "b.ts", Name: "stops"}}, []result{{Name: "stops", Outcome: failed}}, "[0] [0]"},
		{"two that agree equally: what is no known outcome counts for both", []verification.Test{{File: "a.ts", Name: "stops"}, {File: "b.ts", Name: "stops"}}, []result{{Name: "stops", Outcome: "aborted"}}, "[0] [0]"},
		{"two tags on one test", []verification.Test{{Package: "p", File: "a_test.go", Name: "TestStop"}, {Package: "p", File: "a_test.go", Name: "TestStop"}}, []result{{Package: "p", Name: "TestStop", Outcome: failed}}, "[0] [0]"},
		{"several results of one test, from several reports", []verification.Test{{Package: "p", Name: "TestStop"}},
			[]result{{Package: "p", Name: "TestStop", Outcome: passed, Report: "a"}, {Package: "p", Name: "TestStop", Outcome: failed, Report: "b"}}, "[0 1]"},
		{"no name, no test", []verification.Test{{Package: "p", Name: "TestStop"}}, []result{{Package: "p", Outcome: failed}, {}}, "[] none 0 1"},
		{"nothing at all", nil, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			byTest, unmatched := verification.Match(tt.tests, tt.results)
			got := ""
			if len(byTest) > 0 {
				got = fmt.Sprint(byTest)
				got = got[1 : len(got)-1]
			}
			if len(unmatched) > 0 {
				got += " none " + strings.Trim(fmt.Sprint(unmatched), "[]")
			}
			if d := cmp.Diff(tt.want, strings.TrimSpace(got)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestMatchLosesNothing draws tests and results: each result is with a test or left over, never both; each failed one that has its own
// test is with it; the order of results does not matter.
func TestMatchLosesNothing(t *testing.T) {
	word := rapid.SampledFrom([]string{"stops", "starts", "TestStop", "Pump", "Alarm", ""})
	name := rapid.Custom(func(t *rapid.T) string {
		return strings.Trim(word.Draw(t, "a")+rapid.SampledFrom([]string{".", "/", "::", " ", " > ", "[1]", " [#1]", "#", ""}).Draw(t, "between")+word.Draw(t, "b"), "./: #")
	})
	genTest := rapid.Custom(func(t *rapid.T) verification.Test {
		return verification.Test{Package: rapid.SampledFrom([]string{"", "p", "q"}).Draw(t, "package"), File: rapid.SampledFrom([]string{"a/pump.py", "b/pump.py", "Pump.java"}).Draw(t, "file"), Name: name.Draw(t, "name")}
	})
	genResult := rapid.Custom(func(t *rapid.T) verification.Reported {
		return verification.Reported{Package: rapid.SampledFrom([]string{"", "p", "q"}).Draw(t, "package"), Suite: word.Draw(t, "suite"), Class: word.Draw(t, "class"), Name: name.Draw(t, "name"),
			File: rapid.SampledFrom([]string{"", "a/pump.py", "pump.py", "/x/b/pump.py"}).Draw(t, "file"), Outcome: rapid.SampledFrom([]verification.Outcome{passed, failed, skipped}).Draw(t, "outcome")}
	})
	rapid.Check(t, func(t *rapid.T) {
		tests, results := rapid.SliceOfN(genTest, 0, 6).Draw(t, "tests"), rapid.SliceOfN(genResult, 0, 6).Draw(t, "results")
		byTest, unmatched := verification.Match(tests, results)
		count := make([]int, len(results))
		for _, list := range byTest {
			for _, i := range list {
				count[i]++
			}
		}
		for i, n := range count {
			left := slices.Contains(unmatched, i)
			if left == (n > 0) || n > 1 && results[i].Outcome != failed {
				t.Fatalf("result %d is with %d tests, left over %v", i, n, left)
			}
		}
		order := rapid.Permutation(indexes(len(results))).Draw(t, "order")
		shuffled := make([]verification.Reported, len(results))
		for i, at := range order {
			shuffled[i] = results[at]
		}
		again, _ := verification.Match(tests, shuffled)
		for i := range again {
			back := make([]int, len(again[i]))
			for k, x := range again[i] {
				back[k] = order[x]
			}
			slices.Sort(back)
			if !slices.Equal(back, byTest[i]) {
				t.Fatalf("test %d has the results %v, in another order %v", i, byTest[i], back)
			}
		}
	})
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestWorse(t *testing.T) {
	order := []verification.Outcome{failed, skipped, passed, verification.NoResult}
	for i, a := range order {
		for j, b := range order {
			if got := verification.Worse(a, b); got != order[min(i, j)] {
				t.Errorf("the worse of %s and %s is %s", a, b, got)
			}
		}
	}
	if got := verification.Worse(passed, "aborted"); got != failed {
		t.Errorf("an outcome that nobody knows counts as %s", got)
	}
	if d := cmp.Diff([]verification.Outcome{failed, skipped, passed}, verification.Outcomes()); d != "" {
		t.Errorf("outcomes, worst first (-want +got):\n%s", d)
	}
}

// FuzzMatch looks for names that are too much for the matcher.
func FuzzMatch(f *testing.F) {
	f.Add("p", "a/b_test.go", "TestA", "p", "suite", "class", "TestA/sub[1]", "b_test.go")
	f.Add("org.example", "PumpTest.kt", "PumpTest.stops at 0.5 bar", "", "", "org.example.PumpTest", "stops at 0.5 bar [flow: [1, 2], #0]", "")
	f.Add("", "pump.test.ts", "pump > when empty > stops", "", "pump", "pump when empty stops", "pump when empty stops", "")
	f.Add("", `C:\a.py`, "Class.method", "", "", "x.Class$Inner", "method(int)[2]", `a\b.py`)
	f.Fuzz(func(t *testing.T, pkg, file, name, reportedPkg, suite, class, reported, reportedFile string) {
		tests := []verification.Test{{Package: pkg, File: file, Name: name}, {File: file}}
		byTest, unmatched := verification.Match(tests, []verification.Reported{{Package: reportedPkg, Suite: suite, Class: class, Name: reported, File: reportedFile, Outcome: passed}})
		if len(byTest) != 2 || len(byTest[0])+len(byTest[1])+len(unmatched) != 1 {
			t.Errorf("one result: %v, left over %v", byTest, unmatched)
		}
	})
}
