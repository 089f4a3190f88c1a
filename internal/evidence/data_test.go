package evidence_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/evidence"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

type facts struct {
	Format     string `json:"fmt"`
	Cases      int
	Outcome    map[string]int
	Properties int
	Flaky      int
	Suites     int
	Claims     map[string]int `json:"sum_of_suite_attributes"`
}

// TestRealReports reads every report of the manifest: JUnit and go test -json give the manifest's counts, every
// other format is refused and not misread.
//
// goldthread:verifies SRS-40, SRS-41
func TestRealReports(t *testing.T) {
	folder := exchangetest.Data(t, "testreports")
	seen := map[string]int{}
	for _, row := range exchangetest.Manifest(t, "testreports") {
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(row.File)))
		if err != nil {
			t.Errorf("the manifest names %s: %v", row.File, err)
			continue
		}
		family, _, _ := strings.Cut(row.File, "/")
		seen[family]++
		t.Run(row.File, func(t *testing.T) {
			r, err := evidence.Read(row.File, bytes.NewReader(data), evidence.Limits{})
			ours := family == "junit" || family == "gojson" && strings.HasSuffix(row.File, ".jsonl")
			if !ours {
				if err == nil {
					t.Errorf("read as %s", r.Format)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var want facts
			if err := json.Unmarshal(row.Facts, &want); err != nil {
				t.Fatal(err)
			}
			if family == "junit" {
				checkJUnit(t, want, r)
			} else {
				checkGo(t, want, r)
			}
		})
	}
	if seen["junit"] < 20 || seen["gojson"] < 2 {
		t.Errorf("too few reports: %v", seen)
	}
}

func checkJUnit(t *testing.T, want facts, r *evidence.Report) {
	t.Helper()
	claimed := want.Claims["tests"]
	want.Claims = nil
	got := facts{Format: r.Format, Cases: len(r.Results), Outcome: map[string]int{}, Suites: len(r.Suites)}
	words := map[evidence.Outcome]string{evidence.Passed: "passed", evidence.Failed: "failure", evidence.Error: "error", evidence.Skipped: "skipped"}
	for outcome, n := range r.Counts() {
		if n > 0 {
			got.Outcome[words[outcome]] = n
		}
	}
	for _, result := range r.Results {
		got.Properties += len(result.Properties)
		if result.Flaky {
			got.Flaky++
		}
		if result.At.Line < 1 {
			t.Errorf("no place: %+v", result)
		}
	}
	for _, s := range r.Suites {
		got.Properties += len(s.Properties)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-manifest +read):\n%s", diff)
	}
	// A report that holds fewer tests than it claims (three of these do) has a fault that says so; no other has any.
	for _, f := range r.Faults {
		if !strings.Contains(f.Message, " tests and holds ") {
			t.Errorf("unexpected fault: %+v", f)
		}
	}
	if nested := want.Suites > 1; !nested && (claimed > want.Cases) != (len(r.Faults) > 0) || nested && len(r.Faults) > 0 {
		t.Errorf("claims %d tests, holds %d, has the faults %v", claimed, want.Cases, r.Faults)
	}
}

func checkGo(t *testing.T, want facts, r *evidence.Report) {
	t.Helper()
	got := map[string]int{}
	for _, result := range r.Results {
		got[map[evidence.Outcome]string{evidence.Passed: "pass", evidence.Failed: "fail", evidence.Skipped: "skip", evidence.Error: "error"}[result.Outcome]+" test"]++
	}
	for _, s := range r.Suites {
		if s.Outcome == evidence.Failed {
			got["fail package"]++
		}
	}
	if diff := cmp.Diff(want.Outcome, got); diff != "" {
		t.Errorf("facts (-manifest +read):\n%s", diff)
	}
	if len(r.Faults) > 0 {
		t.Errorf("unexpected faults: %v", r.Faults)
	}
}
