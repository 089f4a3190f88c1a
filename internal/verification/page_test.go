package verification_test

import (
	"os"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/verification"
)

// TestSentencesOfThePage holds the tables of docs/evidence.md against what is matched: the first are names that are, the
// second those that are not.
func TestSentencesOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/evidence.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "### Names that are sentences\n")
	section, _, _ = strings.Cut(section, "\n## ")
	are, not, _ := strings.Cut(section, "These are not")
	for want, rows := range map[bool][][]string{true: tableRows(are), false: tableRows(not)} {
		if len(rows) < 5 {
			t.Fatalf("%d rows of names that match: %v", len(rows), want)
		}
		for _, row := range rows {
			test := verification.Test{File: "tests/pump.test.ts", Package: "org.example", Name: row[0]}
			if !strings.Contains(row[0], "$") && !strings.HasPrefix(row[0], "PumpTest.") && !strings.HasPrefix(row[0], "PumpSpec.") {
				test.Package = "" // of a language that has none
			}
			byTest, _ := verification.Match([]verification.Test{test}, []verification.Reported{{Class: row[1], Name: row[2], Outcome: passed}})
			if got := len(byTest[0]) == 1; got != want {
				t.Errorf("%s, reported as %q of %q: matched is %v, the page says %v", row[0], row[2], row[1], got, want)
			}
		}
	}
}

// tableRows are the rows of a table, each cell without the signs of code.
func tableRows(text string) [][]string {
	var rows [][]string
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " `")
		}
		rows = append(rows, cells)
	}
	return rows
}
