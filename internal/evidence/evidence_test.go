package evidence_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/evidence"
)

// goldthread:verifies SRS-42
func TestDetect(t *testing.T) {
	cases := []struct{ sentence, head, want string }{
		{"a stream of events", `{"Action":"start","Package":"p"}`, "go-test-json"},
		{"events after a notice of the go command", "go: downloading x\n{\"Action\":\"start\",\"Package\":\"p\"}\n", "go-test-json"},
		{"a build that failed first", `{"ImportPath":"p","Action":"build-output","Output":"x"}`, "go-test-json"},
		{"JUnit XML after a comment", "<?xml version=\"1.0\"?><!-- c -->\n<testsuites/>", "junit"},
		{"JUnit XML in UTF-16", "\xff\xfe<\x00t\x00e\x00s\x00t\x00s\x00u\x00i\x00t\x00e\x00>\x00", "junit"},
		{"a suite as root", "<testsuite name='x'>", "junit"},
		{"JUnit XML that is going to be refused", "<!DOCTYPE testsuite>\n<testsuite/>", "junit"},
		{"another XML", "<test-run id='2'/>", ""},
		{"another JSON", `{"stats":{"tests":1}}`, ""},
		{"text", "ok  \tpump\t0.1s\n", ""},
		{"nothing", "", ""},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got, _ := evidence.Detect("report", []byte(c.head))
			if got.Name != c.want {
				t.Errorf("is %q, want %q", got.Name, c.want)
			}
		})
	}
}

// goldthread:verifies SRS-42
func TestUnknownFormatIsAnError(t *testing.T) {
	if _, err := evidence.Read("x.txt", strings.NewReader("hello"), evidence.Limits{}); !errors.Is(err, evidence.ErrUnknown) {
		t.Errorf("error %v", err)
	}
	if _, err := evidence.ReadAs("xunit", "x.txt", strings.NewReader("hello"), evidence.Limits{}); !errors.Is(err, evidence.ErrUnknown) {
		t.Errorf("error %v", err)
	}
}

func TestErrorsOfTheReaderAreErrors(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, head := range []string{`{"Action":"start","Package":"p"}` + "\n", "<testsuite>"} {
		long := head + strings.Repeat(" ", 64<<10)
		_, err := evidence.Read("x", io.MultiReader(strings.NewReader(long), iotest.ErrReader(broken)), evidence.Limits{})
		if !errors.Is(err, broken) {
			t.Errorf("%s: error %v", head, err)
		}
	}
	if _, err := evidence.Read("x", iotest.ErrReader(broken), evidence.Limits{}); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestOutcomesAreClosed(t *testing.T) {
	want := []evidence.Outcome{"passed", "failed", "error", "skipped"}
	if diff := cmp.Diff(want, evidence.Outcomes()); diff != "" {
		t.Error(diff)
	}
}

func TestFormatsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range evidence.Formats() {
		if f.Name == "" || f.Title == "" || seen[f.Name] {
			t.Errorf("format %+v", f)
		}
		seen[f.Name] = true
	}
}

// TestFaultsAreCounted says that faults beyond the limit are not dropped in silence.
func TestFaultsAreCounted(t *testing.T) {
	in := `{"Action":"start","Package":"p"}` + "\n" + strings.Repeat("noise\n", 50) + `{"Action":"pass","Package":"p"}` + "\n"
	r, err := evidence.Read("x", strings.NewReader(in), evidence.Limits{Faults: 10})
	if err != nil {
		t.Fatal(err)
	}
	if last := r.Faults[len(r.Faults)-1].Message; len(r.Faults) != 11 || last != "40 more faults of this report are not listed" {
		t.Errorf("%d faults, last %q", len(r.Faults), last)
	}
}

func BenchmarkGoTest(b *testing.B) {
	var s strings.Builder
	s.WriteString(`{"Action":"start","Package":"example.org/pump"}` + "\n")
	for i := range 20_000 {
		line := func(action, more string) {
			fmt.Fprintf(&s, `{"Time":"2026-11-21T07:00:50.490714532Z","Action":%q,"Package":"example.org/pump","Test":"TestDose/case_%d"%s}`+"\n", action, i, more)
		}
		line("run", "")
		line("output", fmt.Sprintf(`,"Output":"=== RUN   TestDose/case_%d\n"`, i))
		line("output", `,"Output":"    pump_test.go:12: rate 7 \u003e 5\n"`)
		line("output", fmt.Sprintf(`,"Output":"--- PASS: TestDose/case_%d (0.00s)\n"`, i))
		line("pass", `,"Elapsed":0.01`)
	}
	s.WriteString(`{"Action":"pass","Package":"example.org/pump","Elapsed":1}` + "\n")
	benchmark(b, s.String(), 20_000)
}

func BenchmarkJUnit(b *testing.B) {
	var s strings.Builder
	s.WriteString("<testsuites><testsuite name='x'>")
	for i := range 50_000 {
		fmt.Fprintf(&s, "<testcase classname=\"org.example.pump.DoseTest\" name=\"testDose%d\" time=\"0.001\">", i)
		if i%10 == 0 {
			fmt.Fprintf(&s, "<failure message=\"boom\" type=\"x\">%s</failure>", strings.Repeat("at org.example.Foo.bar(Foo.java:12)\n", 20))
		}
		s.WriteString("</testcase>\n")
	}
	s.WriteString("</testsuite></testsuites>")
	benchmark(b, s.String(), 50_000)
}

func benchmark(b *testing.B, text string, results int) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := evidence.Read("x", strings.NewReader(text), evidence.Limits{})
		if err != nil || len(r.Results) != results || len(r.Faults) > 0 {
			b.Fatal(err, len(r.Results), r.Faults)
		}
	}
}
