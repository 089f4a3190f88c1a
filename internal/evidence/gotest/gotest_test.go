package gotest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/goldthread/goldthread/internal/evidence/gotest"
	"github.com/goldthread/goldthread/internal/evidence/report"
)

func read(t testing.TB, text string, limits report.Limits) *report.Report {
	t.Helper()
	r, err := gotest.Read("r.json", strings.NewReader(text), limits)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// lines writes events in a short form: action test text, all of package p; "-" is no test.
func lines(events ...string) string {
	var b strings.Builder
	for _, e := range events {
		if strings.HasPrefix(e, "{") || strings.HasPrefix(e, "!") {
			b.WriteString(strings.TrimPrefix(e, "!") + "\n")
			continue
		}
		parts := strings.SplitN(e, " ", 3)
		event := map[string]any{"Action": parts[0], "Package": "p", "Elapsed": 0.5}
		if len(parts) > 1 && parts[1] != "-" {
			event["Test"] = parts[1]
		}
		if len(parts) > 2 {
			event["Output"] = parts[2] + "\n"
		}
		line, err := json.Marshal(event)
		if err != nil {
			panic(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}

// goldthread:verifies SRS-40
func TestRead(t *testing.T) {
	const half = 500 * time.Millisecond
	at := func(line int) report.Position { return report.Position{File: "r.json", Line: line} }
	cases := []struct {
		sentence string
		in       string
		results  []report.Result
		faults   []string
	}{
		{"tests and subtests are results, output of those that passed is not kept",
			lines("start", "run A", "output A === RUN   A", "run A/x", "output A/x     a_test.go:7: broke", "output A/x more", "output A/x     --- FAIL: A/x (0.00s)", "fail A/x", "fail A", "run B", "output B noise", "pass B", "fail"),
			[]report.Result{
				{Package: "p", Name: "A/x", Outcome: report.Failed, Message: "    a_test.go:7: broke\nmore", File: "a_test.go", Line: 7, Duration: half, At: at(4)},
				{Package: "p", Name: "A", Outcome: report.Failed, Duration: half, At: at(2)},
				{Package: "p", Name: "B", Outcome: report.Passed, Duration: half, At: at(10)},
			}, nil},
		{"a skipped test keeps its reason", lines("start", "run A", "output A     a_test.go:3: no device", "skip A", "pass"),
			[]report.Result{{Package: "p", Name: "A", Outcome: report.Skipped, Message: "    a_test.go:3: no device", File: "a_test.go", Line: 3, Duration: half, At: at(2)}}, nil},
		{"a test that did not finish has failed, in the order of the beginnings", lines("start", "run A", "run B", "output B panic: boom", "run C", "pass C", "fail"),
			[]report.Result{
				{Package: "p", Name: "C", Outcome: report.Passed, Duration: half, At: at(5)},
				{Package: "p", Name: "A", Outcome: report.Failed, Message: "the test did not finish", At: at(2)},
				{Package: "p", Name: "B", Outcome: report.Failed, Message: "panic: boom\n\nthe test did not finish", At: at(3)},
			}, nil},
		{"a report that ends early says so", lines("start", "run A"),
			[]report.Result{{Package: "p", Name: "A", Outcome: report.Failed, Message: "the test did not finish", At: at(2)}},
			[]string{"r.json:2 true the report ends before the package p does"}},
		{"a package that failed without a failing test is an error", lines("start", "run A", "pass A", "output - exit status 3", "fail"),
			[]report.Result{{Package: "p", Name: "A", Outcome: report.Passed, Duration: half, At: at(2)},
				{Package: "p", Outcome: report.Error, Message: "exit status 3", Duration: half, At: at(5)}}, nil},
		{"a build that failed gives what the compiler said", lines(`{"ImportPath":"p [p.test]","Action":"build-output","Output":"p.go:1:1: bad\n"}`, `{"ImportPath":"p [p.test]","Action":"build-fail"}`,
			"start", "output - FAIL p [build failed]", `{"Action":"fail","Package":"p","Elapsed":0,"FailedBuild":"p [p.test]"}`),
			[]report.Result{{Package: "p", Outcome: report.Error, Message: "p.go:1:1: bad", At: at(5)}}, nil},
		{"a package without tests has no result", lines("start", "output - ? p [no test files]", "skip"), nil, nil},
		{"a test that ran twice has two results", lines("start", "run A", "pass A", "run A", "fail A", "fail"),
			[]report.Result{{Package: "p", Name: "A", Outcome: report.Passed, Duration: half, At: at(2)}, {Package: "p", Name: "A", Outcome: report.Failed, Duration: half, At: at(4)}}, nil},
		{"attributes are properties", lines("start", "run A", `{"Action":"attr","Package":"p","Test":"A","Key":"verifies","Value":"SRS-1"}`, "pass A", "pass"),
			[]report.Result{{Package: "p", Name: "A", Outcome: report.Passed, Duration: half, At: at(2), Properties: []report.Property{{Name: "verifies", Value: "SRS-1"}}}}, nil},
		{"a benchmark that ended passed", lines("start", "run B", "bench B", "pass"),
			[]report.Result{{Package: "p", Name: "B", Outcome: report.Passed, Duration: half, At: at(2)}}, nil},
		{"other lines are faults and do not end the reading",
			lines("start", "!make: entering", "!", `!{"Action":"run","Package":"p","Test":`, "run A", `{"Action":"run","Package":{"x":1}}`, `{"action":"run","Package":"p","Test":"folded"}`, "!\xff\xfe", "pass A", "dance A", "dance A", "pass"),
			[]report.Result{{Package: "p", Name: "A", Outcome: report.Passed, Duration: half, At: at(5)}},
			[]string{`r.json:2 false the line is no event of go test -json: "make: entering"`, `r.json:4 false the line is no event of go test -json: "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":"`,
				`r.json:6 false the line is no event of go test -json: "{\"Action\":\"run\",\"Package\":{\"x\":1}}"`, `r.json:7 false the line is no event of go test -json: "{\"action\":\"run\",\"Package\":\"p\",\"Test\":\"folded\"}"`,
				`r.json:8 false the line is no event of go test -json: "\xff\xfe"`, `r.json:10 false the action "dance" is not known; its events are passed over`}},
		{"escapes of JSON", lines("start", `{"Action":"fail","Package":"p","Test":"\u00fc\ud83d\ude00\ud800\u0041\"\\\/\t"}`, "fail"),
			[]report.Result{{Package: "p", Name: "ü😀\ufffdA\"\\/\t", Outcome: report.Failed, At: at(2)}}, nil},
		{"nothing at all", "", nil, []string{"r.json true the report holds no events of tests"}},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			r := read(t, c.in, report.Limits{})
			if diff := cmp.Diff(c.results, r.Results, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			var faults []string
			for _, f := range r.Faults {
				faults = append(faults, fmt.Sprintf("%s %t %s", f.At, f.Error, f.Message))
				if f.Remedy == "" {
					t.Errorf("no remedy: %+v", f)
				}
			}
			if diff := cmp.Diff(c.faults, faults); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSuites(t *testing.T) {
	in := lines(`{"Time":"2026-01-01T00:00:00Z","Action":"start","Package":"a"}`, `{"Action":"output","Package":"a","Output":"ok  \ta\t(cached)\n"}`, `{"Action":"pass","Package":"a","Elapsed":2}`,
		"start", "output - exit status 2", "fail", `{"Action":"start","Package":"c"}`)
	want := []report.Suite{
		{Name: "a", Outcome: report.Passed, Started: "2026-01-01T00:00:00Z", Duration: 2 * time.Second, Cached: true, At: report.Position{File: "r.json", Line: 1}},
		{Name: "p", Outcome: report.Failed, Duration: 500 * time.Millisecond, Output: "exit status 2\n", At: report.Position{File: "r.json", Line: 4}},
		{Name: "c", Outcome: report.Error, At: report.Position{File: "r.json", Line: 7}},
	}
	if diff := cmp.Diff(want, read(t, in, report.Limits{}).Suites); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// goldthread:verifies SRS-43
func TestLimits(t *testing.T) {
	long := strings.Repeat("x", 1000)
	cases := []struct {
		sentence string
		in       string
		limits   report.Limits
		want     string // in the messages and faults
	}{
		{"a message is cut and says how much is missing", lines("run A", "output A "+long, "fail A", "fail"), report.Limits{Message: 100}, "[901 bytes more are in the report]"},
		{"all messages together too", lines("run A", "output A "+long, "fail A", "run B", "output B "+long, "fail B", "fail"), report.Limits{Text: 1500}, "bytes more are in the report]"},
		{"a long line is passed over", lines("run A", "output A "+strings.Repeat("x", 2<<20), "pass A", "pass"), report.Limits{Token: 1 << 20}, "the line is longer than 1048576 bytes"},
		{"a long report is not read to its end", lines("run A", "output A "+long, "fail A", "fail"), report.Limits{Bytes: 500}, "the report is larger than 500 bytes"},
		{"results are bounded", lines("run A", "fail A", "run B", "fail B", "fail"), report.Limits{Results: 1}, "more than 1 results"},
		{"properties are bounded", lines("run A") + strings.Repeat(`{"Action":"attr","Package":"p","Test":"A","Key":"k","Value":"v"}`+"\n", 50) + lines("pass A", "pass"), report.Limits{Text: 1000}, "this property and those that find no room are left out"},
		{"packages that are built are bounded", `{"ImportPath":"p","Action":"build-output","Output":"x"}` + "\n" + `{"ImportPath":"q","Action":"build-output","Output":"x"}` + "\n", report.Limits{Suites: 1}, "more than 1 packages were built"},
		{"tests that run at once are bounded", lines("run A", "run B", "fail"), report.Limits{Results: 1}, "more than 1 tests or packages run at once"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			r := read(t, c.in, c.limits)
			got := fmt.Sprint(r.Results, r.Faults)
			if !strings.Contains(got, c.want) {
				t.Errorf("lacks %q: %.2000s", c.want, got)
			}
		})
	}
}

// TestTextOfPassedTestsIsForgotten runs more output through than may be held at once.
func TestTextOfPassedTestsIsForgotten(t *testing.T) {
	var events []string
	for i := range 100 {
		name := fmt.Sprintf("T%d", i)
		events = append(events, "run "+name, "output "+name+" "+strings.Repeat("x", 90), "pass "+name)
	}
	events = append(events, "run F", "output F the reason", "fail F", "fail")
	r := read(t, lines(events...), report.Limits{Text: 200})
	if got := r.Results[len(r.Results)-1].Message; got != "the reason" {
		t.Errorf("message %q", got)
	}
}

// goldthread:verifies SRS-43
func FuzzRead(f *testing.F) {
	f.Add(lines("start", "run A", "output A x", "fail A", "fail"))
	f.Add(`{"Action":"run","Test":"\ud83d\ude00"}` + "\nnoise\n" + `{"Action":"attr","Key":"k","Value":"v","Elapsed":1e400}`)
	f.Fuzz(func(t *testing.T, in string) {
		r := read(t, in, report.Limits{Message: 100, Text: 1000})
		for _, result := range r.Results {
			if result.Duration < 0 || result.At.Line < 1 || len(result.Message) > 300 {
				t.Errorf("odd result: %+v", result)
			}
		}
		checkAgainstStandardLibrary(t, in)
	})
}

// checkAgainstStandardLibrary compares what our scanner takes from lines that encoding/json takes as well.
func checkAgainstStandardLibrary(t *testing.T, in string) {
	t.Helper()
	for line := range strings.Lines(in) {
		fields := map[string]string{}
		if !utf8.ValidString(line) || json.Unmarshal([]byte(line), &fields) != nil || fields["Action"] != "fail" || fields["Test"] == "" {
			continue
		}
		r := read(t, line, report.Limits{})
		if len(r.Results) == 0 || r.Results[0].Name != fields["Test"] || r.Results[0].Package != fields["Package"] {
			t.Errorf("line %q gives %+v %+v, encoding/json %q", line, r.Results, r.Faults, fields)
		}
	}
}

// TestEveryTruncationIsNamed cuts a report at every byte: what is left never looks whole, and no test that may not have ended passes.
func TestEveryTruncationIsNamed(t *testing.T) {
	whole := strings.TrimSuffix(lines("start", "run A", "output A x", "pass A", "run B", "fail B", "fail"), "\n")
	for n := range len(whole) {
		r := read(t, whole[:n], report.Limits{})
		missing := 0
		for _, f := range r.Faults {
			if f.Error {
				missing++
			}
		}
		if missing == 0 {
			t.Errorf("cut at %d: nothing is missing from %+v", n, r)
		}
		for _, result := range r.Results {
			if result.Outcome == report.Passed && !strings.Contains(whole[:n], `"pass"`) {
				t.Errorf("cut at %d: %+v", n, result)
			}
		}
	}
	if r := read(t, whole, report.Limits{}); len(r.Faults) > 0 || len(r.Results) != 2 {
		t.Errorf("whole: %+v", r)
	}
}
