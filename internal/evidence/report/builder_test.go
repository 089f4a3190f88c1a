package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/evidence/report"
)

func TestPositions(t *testing.T) {
	cases := []struct {
		sentence string
		at       report.Position
		want     string
	}{
		{"a line", report.Position{File: "r.xml", Line: 7}, "r.xml:7"},
		{"the whole report", report.Position{File: "r.xml"}, "r.xml"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			if got := c.at.String(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// TestEveryLimitHasADefault says that no zero value of a limit means no limit.
func TestEveryLimitHasADefault(t *testing.T) {
	l := report.Limits{}.WithDefaults()
	if l.Bytes <= 0 || l.Token <= 0 || l.Depth <= 0 || l.Message <= 0 || l.Text <= 0 || l.Results <= 0 || l.Suites <= 0 || l.Faults <= 0 {
		t.Errorf("%+v", l)
	}
	own := report.Limits{Bytes: 1, Token: 2, Depth: 3, Message: 4, Text: 5, Results: 6, Suites: 7, Faults: 8}
	if diff := cmp.Diff(own, own.WithDefaults()); diff != "" {
		t.Errorf("limits that were given changed (-want +got):\n%s", diff)
	}
}

// TestTexts says what of a text is kept within the limits, and that the rest is counted.
func TestTexts(t *testing.T) {
	cases := []struct {
		sentence string
		limits   report.Limits
		appended []string
		want     string
	}{
		{"all that fits", report.Limits{Message: 10}, []string{"abc", "def"}, "abcdef"},
		{"a text is cut between characters", report.Limits{Message: 4}, []string{"abcü€"}, "abc\n[5 bytes more are in the report]"},
		{"what comes behind a cut is counted, however short", report.Limits{Message: 4}, []string{"abcdef", "g"}, "abcd\n[3 bytes more are in the report]"},
		{"all texts together are bounded", report.Limits{Message: 10, Text: 3}, []string{"abcd"}, "abc\n[1 bytes more are in the report]"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			b := report.NewBuilder("x", c.limits)
			var text report.Text
			for _, s := range c.appended {
				b.Append(&text, s)
			}
			if got := text.String(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			b.Release(&text)
			if !text.Empty() {
				t.Error("a text that was released is not empty")
			}
			b.Append(&text, "abc") // there is room again
			if got := text.String(); got != "abc" {
				t.Errorf("%q after the release", got)
			}
		})
	}
}

// TestNothingIsDroppedInSilence fills every list beyond its limit.
func TestNothingIsDroppedInSilence(t *testing.T) {
	b := report.NewBuilder("x", report.Limits{Results: 1, Suites: 1, Faults: 2, Text: 40})
	at := report.Position{File: "r", Line: 1}
	b.SuiteAt(b.Suite(report.Suite{Name: "a"})).Duration = time.Second
	b.SuiteAt(b.Suite(report.Suite{Name: "b"})).Duration = time.Hour
	for range 3 {
		b.Result(report.Result{Outcome: report.Passed})
	}
	var list []report.Property
	if !b.Property(&list, report.Property{Name: "k", Value: "v"}, at) || b.Property(&list, report.Property{Name: "k", Value: "w"}, at) {
		t.Errorf("properties %v", list)
	}
	r := b.Report()
	if len(r.Results) != 1 || b.Results() != 3 || len(r.Suites) != 1 || r.Suites[0].Duration != time.Second || r.Counts()[report.Passed] != 1 {
		t.Errorf("%+v", r)
	}
	var faults []string
	for _, f := range r.Faults {
		faults = append(faults, f.Message)
		if !f.Error || f.Remedy == "" {
			t.Errorf("%+v", f)
		}
	}
	want := []string{
		"the report has more than 1 suites; from here on only their tests are read",
		"the report has more than 1 results; from here on none is read",
		"1 more faults of this report are not listed",
	}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
