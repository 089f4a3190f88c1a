package junit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/goldthread/goldthread/internal/evidence/junit"
	"github.com/goldthread/goldthread/internal/evidence/report"
)

func read(t testing.TB, text string, limits report.Limits) *report.Report {
	t.Helper()
	r, err := junit.Read("r.xml", strings.NewReader(text), limits)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func faultsOf(t *testing.T, r *report.Report) []string {
	t.Helper()
	var faults []string
	for _, f := range r.Faults {
		faults = append(faults, fmt.Sprintf("%s %t %s", f.At, f.Error, f.Message))
		if f.Remedy == "" {
			t.Errorf("no remedy: %+v", f)
		}
	}
	return faults
}

// goldthread:verifies SRS-41
func TestRead(t *testing.T) {
	at := func(line int) report.Position { return report.Position{File: "r.xml", Line: line} }
	one := func(r report.Result) []report.Result {
		r.At = at(1)
		return []report.Result{r}
	}
	cases := []struct {
		sentence string
		in       string
		results  []report.Result
		faults   []string
	}{
		{"everything a test may have",
			"<testsuites>\n<testsuite name=\"a\"><testsuite name=\"b\">\n<testcase classname=\"C\" name=\"n &lt;&amp;&#252;\" file=\"f.py\" line=\"12\" time=\"1,234.5\">\n<properties><property name=\"verifies\" value=\"SRS-1\"/><property name=\"note\">in the\n element</property></properties>\n<failure type=\"T\" message=\"M\">\n  trace\n</failure><system-out>out</system-out></testcase></testsuite></testsuite></testsuites>",
			[]report.Result{{Suite: "a/b", Class: "C", Name: "n <&ü", File: "f.py", Line: 12, Duration: 1234500 * time.Millisecond, Outcome: report.Failed, Message: "T: M\n\n  trace\nout", At: at(3),
				Properties: []report.Property{{Name: "verifies", Value: "SRS-1"}, {Name: "note", Value: "in the\n element"}}}}, nil},
		{"a test alone as root", `<testcase name="n"/>`, one(report.Result{Name: "n", Outcome: report.Passed}), nil},
		{"error goes before failure, failure before skipped", `<testsuite><testcase><skipped/><failure message="f"/></testcase><testcase><failure/><error message="e"/></testcase></testsuite>`,
			[]report.Result{{Outcome: report.Failed, Message: "f", At: at(1)}, {Outcome: report.Error, Message: "e", At: at(1)}}, nil},
		{"two failures of one test are both kept", `<testcase><failure message="a">A</failure><failure message="b"/></testcase>`,
			one(report.Result{Outcome: report.Failed, Message: "a\nA\nb"}), nil},
		{"flaky tests passed, reruns that failed did not", `<testsuite><testcase><flakyFailure message="once"><stackTrace>s</stackTrace></flakyFailure></testcase><testcase><failure/><rerunFailure message="again"/></testcase></testsuite>`,
			[]report.Result{{Outcome: report.Passed, Flaky: true, Message: "once\ns", At: at(1)}, {Outcome: report.Failed, Message: "again", At: at(1)}}, nil},
		{"words in attributes count where elements are missing", `<testsuite><testcase status="notrun"/><testcase result="Suppressed"/><testcase status="failed"/><testcase status="run" result="completed"/></testsuite>`,
			[]report.Result{{Outcome: report.Skipped, Message: "status: notrun", At: at(1)}, {Outcome: report.Skipped, Message: "result: Suppressed", At: at(1)},
				{Outcome: report.Failed, Message: "status: failed", At: at(1)}, {Outcome: report.Passed, At: at(1)}}, nil},
		{"an error of a suite is a result without a name, and no test of the suite", `<testsuite name="a" tests="1" errors="1" failures="1"><error type="E" message="setup">trace</error><testcase name="n"/><failure/><skipped/></testsuite>`,
			[]report.Result{{Suite: "a", Outcome: report.Error, Message: "E: setup\ntrace", At: at(1)}, {Suite: "a", Name: "n", Outcome: report.Passed, At: at(1)}, {Suite: "a", Outcome: report.Failed, At: at(1)}}, nil},
		{"output of tests that passed is not kept", `<testcase><system-out>noise</system-out><system-err><![CDATA[<testcase/>]]></system-err></testcase>`, one(report.Result{Outcome: report.Passed}), nil},
		{"decimals with a comma", `<testcase time="0,250"/>`, one(report.Result{Outcome: report.Passed, Duration: 250 * time.Millisecond}), nil},
		{"times that no clock measured", `<testsuite><testcase time="-1"/><testcase time="NaN"/><testcase time="1e300"/><testcase time="x"/></testsuite>`,
			[]report.Result{{Outcome: report.Passed, At: at(1)}, {Outcome: report.Passed, At: at(1)}, {Outcome: report.Passed, At: at(1)}, {Outcome: report.Passed, At: at(1)}}, nil},
		{"control characters are replaced and named", "<testcase><failure>\x1b[31mred</failure></testcase>",
			one(report.Result{Outcome: report.Failed, Message: "?[31mred"}), []string{"r.xml false the report holds control characters, which XML forbids (1); they are read as ?"}},
		{"a DOCTYPE is refused", "<!DOCTYPE x [<!ENTITY a \"b\">]>\n<testsuite><testcase/></testsuite>", nil,
			[]string{"r.xml:1 true the report has a DOCTYPE, which is refused; from here on nothing is read"}},
		{"entities of one's own are not known", "<testcase name='&a;'/>", nil, []string{"r.xml:1 true the report is no well-formed XML; from here on nothing is read: invalid character entity &a;"}},
		{"a report that ends early keeps what it has", "<testsuite>\n<testcase name='a'/>\n<testcase name='b'>",
			[]report.Result{{Name: "a", Outcome: report.Passed, At: at(2)}, {Name: "b", Outcome: report.Error, Message: "the report ends within this test", At: at(3)}},
			[]string{"r.xml:3 true the report ends within the element testcase"}},
		{"a failure that was cut off is still one", "<testsuite><testcase name='b'><failure message='m'>tra",
			[]report.Result{{Name: "b", Outcome: report.Failed, Message: "m\ntra", At: at(1)}}, []string{"r.xml:1 true the report ends within the element failure"}},
		{"wrong nesting ends the reading", "<testsuite><testcase></testsuite></testcase>",
			[]report.Result{{Outcome: report.Error, Message: "the report ends within this test", At: at(1)}},
			[]string{"r.xml:1 true the report is no well-formed XML; from here on nothing is read: </testsuite> closes no element"}},
		{"tests within tests are read and named", "<testcase name='a'><testcase name='b'/></testcase>",
			[]report.Result{{Name: "a", Outcome: report.Passed, At: at(1)}, {Name: "b", Outcome: report.Passed, At: at(1)}}, []string{"r.xml:1 false a testcase stands within another; both are read"}},
		{"another root is refused", "<html/>", nil, []string{"r.xml:1 true the root element is html, not testsuites or testsuite"}},
		{"a second root is named", "<testsuite/><testsuite><testcase/></testsuite>", nil, []string{"r.xml:1 true the report has a second root element testsuite, which is not read"}},
		{"nothing at all", "", nil, []string{"r.xml:1 true the report is empty"}},
		{"claims that the tests do not bear out", `<testsuite name="s" tests="3" failures="2" errors="0"><testcase><failure/></testcase><testcase/><testcase/></testsuite>`,
			[]report.Result{{Suite: "s", Outcome: report.Failed, At: at(1)}, {Suite: "s", Outcome: report.Passed, At: at(1)}, {Suite: "s", Outcome: report.Passed, At: at(1)}},
			[]string{`r.xml:1 true the suite "s" claims 2 failures and errors and holds 1`}},
		{"namespaces do not matter to elements", `<t:testsuite xmlns:t="x"><t:testcase name="a" t:name="b"><t:failure/></t:testcase></t:testsuite>`,
			one(report.Result{Name: "a", Outcome: report.Failed}), nil},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			r := read(t, c.in, report.Limits{})
			if diff := cmp.Diff(c.results, r.Results, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.faults, faultsOf(t, r)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// goldthread:verifies SRS-41
func TestEncodings(t *testing.T) {
	const body = "<testcase name='Prüfung €'/>"
	wide := func(text string, big bool) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(text)) {
			if big {
				b.Write([]byte{byte(u >> 8), byte(u)})
			} else {
				b.Write([]byte{byte(u), byte(u >> 8)})
			}
		}
		return b.String()
	}
	cases := []struct{ sentence, in, name, fault string }{
		{"UTF-8 with a mark", "\ufeff<?xml version='1.0' encoding='UTF-8'?>" + body, "Prüfung €", ""},
		{"UTF-16, little end first", wide("\ufeff<?xml version='1.0' encoding='UTF-16'?>"+body+"<!--😀-->", false), "Prüfung €", ""},
		{"UTF-16, big end first, without a mark", wide("<?xml version='1.0' encoding='utf-16be'?>"+body, true), "Prüfung €", ""},
		{"ISO 8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?><testcase name='Pr\xfcfung'/>", "Prüfung", ""},
		{"Windows 1252", "<?xml version='1.0' encoding='Windows-1252'?><testcase name='Pr\xfcfung \x80 \x96 \x81'/>", "Prüfung € – \u0081", ""},
		{"an encoding that is not read", "<?xml version='1.0' encoding='Shift_JIS'?><testcase/>", "", `the encoding "Shift_JIS" is not read; save the report as UTF-8`},
		{"UTF-8 that is none", "<testcase name='Pr\xfcfung'/>", "", "invalid UTF-8"},
		{"a claim of UTF-16 that is not true", "<?xml version='1.0' encoding='utf-16'?><testcase name='a'/>", "a", ""},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			r := read(t, c.in, report.Limits{})
			name := ""
			if len(r.Results) > 0 {
				name = r.Results[0].Name
			}
			if faults := fmt.Sprint(faultsOf(t, r)); name != c.name || !strings.Contains(faults, c.fault) || c.fault == "" && len(r.Faults) > 0 {
				t.Errorf("name %q, faults %s", name, faults)
			}
		})
	}
}

// goldthread:verifies SRS-43
// goldthread:verifies-implementation-of RC-11
// goldthread:verifies-effectiveness-of RC-11
func TestLimits(t *testing.T) {
	cases := []struct {
		sentence, in string
		limits       report.Limits
		want         string
	}{
		{"depth", "<testsuite>" + strings.Repeat("<a>", 1000), report.Limits{}, "elements are nested more than 100 deep"},
		{"an attribute", "<testcase name='" + strings.Repeat("x", 1<<20) + "'/>", report.Limits{Token: 1 << 16}, "a tag is larger than 65536 bytes"},
		{"a text", "<testcase><failure>" + strings.Repeat("x", 10<<20) + "</failure></testcase>", report.Limits{Token: 1 << 16}, "[9437184 bytes more are in the report]"},
		{"the whole", "<testsuite>" + strings.Repeat("<testcase/>", 1000), report.Limits{Bytes: 1000}, "the report is larger than 1000 bytes"},
		{"a message", "<testcase><failure>" + strings.Repeat("ü", 1000) + "</failure></testcase>", report.Limits{Message: 101}, "[1900 bytes more are in the report]"},
		{"results", "<testsuite><testcase/><testcase/></testsuite>", report.Limits{Results: 1}, "more than 1 results"},
		{"suites", "<testsuites><testsuite/><testsuite><testcase name='in it'/></testsuite><testsuite/></testsuites>", report.Limits{Suites: 1}, "more than 1 suites"},
		{"properties", "<testcase>" + strings.Repeat("<property name='a' value='b'/>", 100) + "</testcase>", report.Limits{Text: 1000}, "this property and those that find no room are left out"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			r := read(t, c.in, c.limits)
			if got := fmt.Sprint(r.Results, r.Faults); !strings.Contains(got, c.want) {
				t.Errorf("lacks %q: %.2000s", c.want, got)
			}
		})
	}
}

// goldthread:verifies SRS-43
func FuzzRead(f *testing.F) {
	f.Add("<testsuites><testsuite name='a' tests='1'><properties><property name='x'>y</property></properties><testcase name='n'><failure>f</failure></testcase></testsuite></testsuites>")
	f.Add("\xff\xfe<\x00a\x00")
	f.Add("<?xml version='1.0' encoding='latin1'?><testcase name='\xfc'><skipped/><flakyError/></testcase>")
	f.Fuzz(func(t *testing.T, in string) {
		r := read(t, in, report.Limits{Message: 100, Text: 1000, Token: 1 << 16})
		for _, result := range r.Results {
			if result.Duration < 0 || result.Line < 0 || result.At.Line < 1 || result.Outcome == "" || len(result.Message) > 1000 {
				t.Errorf("odd result: %+v", result)
			}
		}
		if len(r.Results) == 0 && len(r.Faults) == 0 && strings.Contains(in, "<testcase/>") && !strings.Contains(in, "<!") && !strings.Contains(in, "<?") &&
			!strings.Contains(in, "<system") && !strings.Contains(in, "<property") && !strings.ContainsAny(in, "'\"") {
			t.Errorf("a test vanished: %q", in)
		}
	})
}

// TestEveryTruncationIsNamed cuts a report at every byte: what is left never looks whole, and no test that may not have ended passes.
func TestEveryTruncationIsNamed(t *testing.T) {
	const whole = "<?xml version='1.0'?>\n<testsuites>\n<testsuite name='a' tests='2'>\n<testcase name='p'/>\n<testcase name='q'>\n<failure message='m'><![CDATA[t]]></failure>\n</testcase>\n</testsuite>\n</testsuites>"
	for n := range len(whole) {
		r := read(t, whole[:n], report.Limits{})
		lines := 1 + strings.Count(whole[:n], "\n")
		missing := 0
		for _, f := range r.Faults {
			if f.Error {
				missing++
			}
			if f.At.Line < 1 || f.At.Line > lines {
				t.Errorf("cut at %d: %v is not within %d lines", n, f, lines)
			}
		}
		if missing == 0 {
			t.Errorf("cut at %d: nothing is missing from %+v", n, r)
		}
		for _, result := range r.Results {
			if result.Name == "q" && result.Outcome == report.Passed {
				t.Errorf("cut at %d: %+v", n, result)
			}
		}
	}
	if r := read(t, whole, report.Limits{}); len(r.Faults) > 0 || len(r.Results) != 2 {
		t.Errorf("whole: %+v", r)
	}
}
