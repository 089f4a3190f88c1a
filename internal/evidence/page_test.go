package evidence_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/evidence"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

// TestExamplesOfThePage reads the reports of docs/evidence.md.
func TestExamplesOfThePage(t *testing.T) {
	for _, e := range exchangetest.Examples(t, "evidence.md") {
		var b strings.Builder
		for _, f := range e.Files {
			r, err := evidence.Read(f.Name, bytes.NewReader(f.Data), evidence.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for _, result := range r.Results {
				b.WriteString(line(result) + "\n")
			}
			for _, fault := range r.Faults {
				fmt.Fprintf(&b, "%s fault: %s\n", fault.At, fault.Message)
			}
		}
		if diff := cmp.Diff(e.Gives, b.String()); diff != "" {
			t.Errorf("docs/evidence.md:%d (-page +read):\n%s", e.Line, diff)
		}
	}
}

// line is a result as the page shows it.
func line(r evidence.Result) string {
	s := fmt.Sprintf("%s %s %s", r.At, r.Outcome, r.Name)
	if r.Class != "" {
		s += " of " + r.Class
	}
	if in := r.Package + r.Suite; in != "" {
		s += " in " + in
	}
	if first, _, _ := strings.Cut(r.Message, "\n"); first != "" {
		s += ": " + strings.TrimSpace(first)
	}
	return s
}
