package cli

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/record"
)

// goldthread:verifies SRS-33
func TestTraceText(t *testing.T) {
	dir := smallFolder(t)
	tests := []struct {
		sentence string
		args     []string
		want     string
	}{
		{"rows come by key, a row without a hit is a gap, and what has no source comes last", []string{"--from", "SRS", "--to", "TC"}, `
REQ-1 Start  docs/software.md:29
  gap: traced to none of the test cases
SRS-2 Stop on occlusion  docs/software.md:15
  gap: traced to none of the test cases
SRS-10 Reminder  docs/software.md:7
  TC-1 Reminder  docs/tests.md:3
without a source of the software requirements
  TC-2 Nothing yet  docs/tests.md:7
SRS → TC: 1 of 3 traced, 2 gaps; 1 of 2 without a source
`},
		{"the other way gives the same pairs", []string{"--from", "TC", "--to", "SRS"}, `
TC-1 Reminder  docs/tests.md:3
  SRS-10 Reminder  docs/software.md:7
TC-2 Nothing yet  docs/tests.md:7
  gap: traced to none of the software requirements
without a source of the test cases
  REQ-1 Start  docs/software.md:29
  SRS-2 Stop on occlusion  docs/software.md:15
TC → SRS: 1 of 2 traced, 1 gap; 2 of 3 without a source
`},
		{"a path explains each hit, through whatever lies between", []string{"--from", "UN", "--to", "TEST", "--paths"}, `
UN-1 Safe infusion  docs/needs.md:3
  src/start_test.go#TestStart  src/start_test.go:5  failed (results/junit.xml:1)
      UN-1 –refined by→ SYS-1 –refined by→ REQ-1 –verified by→ src/start_test.go#TestStart
UN → TEST: 1 of 1 traced, 0 gaps; 0 of 1 without a source
`},
		{"with --within only short paths count", []string{"--from", "UN", "--to", "SRS", "--within", "1"}, `
UN-1 Safe infusion  docs/needs.md:3
  gap: traced to none of the software requirements
without a source of the user needs
  REQ-1 Start  docs/software.md:29
  SRS-2 Stop on occlusion  docs/software.md:15
  SRS-10 Reminder  docs/software.md:7
UN → SRS: 0 of 1 traced, 1 gap; 3 of 3 without a source
`},
		{"with --via a path passes these kinds; back to itself is no hit", []string{"--from", "REQ", "--to", "SRS", "--via", "SYS"}, `
REQ-1 Start  docs/software.md:29
  SRS-2 Stop on occlusion  docs/software.md:15
  SRS-10 Reminder  docs/software.md:7
without a source of REQ
  REQ-1 Start  docs/software.md:29
REQ → SRS: 1 of 1 traced, 0 gaps; 1 of 3 without a source
`},
		{"a kind may be named as people call it", []string{"--from", "user-needs", "--to", "req"}, `
UN-1 Safe infusion  docs/needs.md:3
  REQ-1 Start  docs/software.md:29
user-needs → req: 1 of 1 traced, 0 gaps; 0 of 1 without a source
`},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			same(t, "output", strings.TrimPrefix(tt.want, "\n"), askOK(t, dir, append([]string{"trace"}, tt.args...)...))
		})
	}
}

func TestTraceSaysThatASideIsEmpty(t *testing.T) {
	got := askIn(t, smallFolder(t), "trace", "--from", "HAZ", "--to", "RC")
	same(t, "output", "HAZ → RC: 0 of 0 traced, 0 gaps; 0 of 0 without a source\n", got.Out)
	if got.Exit != 0 || !strings.Contains(got.Talk, "no items of the kind HAZ (hazard)") || !strings.Contains(got.Talk, "no items of the kind RC (risk control") {
		t.Errorf("exit code %d, talk %q; want 0 and both sides named", got.Exit, got.Talk)
	}
}

func TestTraceMarksSuspectPaths(t *testing.T) {
	dir := suspectFolder(t)
	got := askOK(t, dir, "trace", "--from", "UN", "--to", "SRS", "--paths")
	for _, want := range []string{"  SRS-10 Reminder  docs/software.md:7  suspect\n", "–refined by, suspect→ SRS-10", "3 pairs by way of a suspect link"} {
		if !strings.Contains(got, want) {
			t.Errorf("output lacks %q:\n%s", want, got)
		}
	}
}

// suspectFolder is the small project after the text of SYS-1 changed behind
// confirmed links.
func suspectFolder(t *testing.T) string {
	t.Helper()
	dir := smallFolder(t)
	askIn(t, dir, "fmt")
	writeFiles(t, dir, map[string]string{"docs/system.md": "# System\n\n## SYS-1 Alarms\n\n- refines: UN-1\n\nIt shall warn loudly.\n"})
	return dir
}

func TestTraceCSV(t *testing.T) {
	files := smallFiles()
	files["docs/tests.md"] = "# Tests\n\n## TC-1 =HYPERLINK(\"http://x\",\"y\")\n\n- verifies: SRS-10\n\n## TC-2 -1, \"quoted\"\n\n## TC-3 @SUM(A1)\n\n- verifies: SRS-2\n"
	out := askOK(t, folderOf(t, files), "trace", "--from", "SRS", "--to", "TC", "--format", "csv")
	if strings.Count(out, "\n") != strings.Count(out, "\r\n") {
		t.Error("a line does not end in CRLF, as RFC 4180 has it")
	}
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", [][]string{
		{"status", "from", "from_title", "from_file", "from_line", "to", "to_title", "to_file", "to_line", "to_outcome", "suspect", "path"},
		{"gap", "REQ-1", "Start", "docs/software.md", "29", "", "", "", "", "", "", ""},
		{"traced", "SRS-2", "Stop on occlusion", "docs/software.md", "15", "TC-3", "'@SUM(A1)", "docs/tests.md", "9", "", "no", "SRS-2 –verified by→ TC-3"},
		{"traced", "SRS-10", "Reminder", "docs/software.md", "7", "TC-1", `'=HYPERLINK("http://x","y")`, "docs/tests.md", "3", "", "no", "SRS-10 –verified by→ TC-1"},
		{"without source", "", "", "", "", "TC-2", `'-1, "quoted"`, "docs/tests.md", "7", "", "", ""},
	}, rows)
}

func TestFormulasAreDisarmed(t *testing.T) {
	tests := []struct{ cell, want string }{
		{"", ""}, {"plain", "plain"}, {"a=b", "a=b"}, {"=1+1", "'=1+1"}, {"+1", "'+1"}, {"-1", "'-1"}, {"@x", "'@x"},
		{"\t=1", "'\t=1"}, {"\r=1", "'\r=1"}, {"\n=1", "'\n=1"}, {"＝1", "'＝1"}, {"－1", "'－1"}, {"'=1", "'=1"}, {"ä", "ä"},
	}
	for _, tt := range tests {
		if got := plainCell(tt.cell); got != tt.want {
			t.Errorf("plainCell(%q) = %q, want %q", tt.cell, got, tt.want)
		}
	}
}

// The parts of the JSON form that tests look at.
type (
	tracedJSON struct {
		From, To      string
		Via           []string
		Rows          []tracedRow
		WithoutSource []struct{ Key record.Key } `json:"without_source"`
		Counts        map[string]int
	}
	tracedRow struct {
		Item struct {
			Key  record.Key
			File string
			Line int
		}
		Hits []tracedHit
	}
	tracedHit struct {
		Item    struct{ Key, Outcome string }
		Suspect bool
		Path    []struct{ From, Verb, Reading, To string }
	}
)

func TestTraceJSON(t *testing.T) {
	got := decode[tracedJSON](t, askOK(t, smallFolder(t), "trace", "--from", "SRS", "--to", "TEST", "--json"))
	var shape []string
	for _, r := range got.Rows {
		shape = append(shape, fmt.Sprintf("%s %s:%d", r.Item.Key, r.Item.File, r.Item.Line))
		for _, h := range r.Hits {
			shape = append(shape, fmt.Sprintf("  %s %s %v", h.Item.Key, h.Item.Outcome, h.Path))
		}
	}
	same(t, "rows", []string{
		"REQ-1 docs/software.md:29",
		"  src/start_test.go#TestStart failed [{REQ-1 verifies verified by src/start_test.go#TestStart}]",
		"SRS-2 docs/software.md:15",
		"SRS-10 docs/software.md:7",
	}, shape)
	same(t, "counts", map[string]int{"from": 3, "traced": 1, "gaps": 2, "to": 1, "without_source": 0, "pairs": 1, "suspect": 0}, got.Counts)
	empty := decode[tracedJSON](t, askIn(t, smallFolder(t), "trace", "--from", "HAZ", "--to", "RC", "--json").Out)
	if empty.Rows == nil || empty.WithoutSource == nil || empty.Via == nil {
		t.Error("an empty list is null")
	}
}

func TestTraceHTML(t *testing.T) {
	files := smallFiles()
	files["docs/tests.md"] = "# Tests\n\n## TC-1 <script>alert(1)</script> & \"more\"\n\n- verifies: SRS-10\n\n## TC-2 </script><!-- \n"
	out := askOK(t, folderOf(t, files), "trace", "--from", "SRS", "--to", "TC", "--format", "html")
	for _, want := range []string{"<!DOCTYPE html>", `<th scope="col"`, `<th scope="row"`, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;more&#34;", "prefers-color-scheme: dark",
		"@media print", `<span class="gap">gap</span>`, "SRS-10 –verified by→ TC-1", "Made 2026-11-25 08:00 UTC by goldthread test", "Small device", "default-src 'none'",
		"1 of 3 rows traced, 2 gaps; 1 of 2 without a source; 1 pairs"} {
		if !strings.Contains(out, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"<script>alert", "http://", "https://", "src=", "href=", "@import", "ZgotmplZ"} {
		if strings.Contains(out, bad) {
			t.Errorf("the page has %q: it must need nothing else, and run nothing that is not its own", bad)
		}
	}
	if n := strings.Count(out, "<script>"); n != 1 {
		t.Errorf("%d scripts, want its own one", n)
	}
	if i, j := strings.Index(out, "TC-1"), strings.Index(out, `id="without"`); i < 0 || i > j || !strings.Contains(out[j:], "TC-2") {
		t.Error("what has no source is not listed apart")
	}
}

// goldthread:verifies SRS-33
func TestMatrixOfTheWorkedExample(t *testing.T) {
	got := decode[tracedJSON](t, askOK(t, pumpFolder(t), "trace", "--from", "SRS", "--to", "TEST", "--json"))
	if len(got.Rows) < 30 || got.Counts["pairs"] < len(got.Rows) {
		t.Fatalf("%d rows, %d pairs: the example is larger", len(got.Rows), got.Counts["pairs"])
	}
	if !slices.IsSortedFunc(got.Rows, func(a, b tracedRow) int { return record.CompareKeys(a.Item.Key, b.Item.Key) }) {
		t.Error("rows are not in the order of their keys")
	}
	back := decode[tracedJSON](t, askOK(t, pumpFolder(t), "trace", "--from", "TEST", "--to", "SRS", "--json"))
	if got.Counts["pairs"] != back.Counts["pairs"] {
		t.Errorf("%d pairs one way, %d the other", got.Counts["pairs"], back.Counts["pairs"])
	}
	for _, r := range got.Rows {
		if r.Item.Key == "SRS-9" {
			for _, h := range r.Hits {
				if h.Path[0].From != "SRS-9" || h.Path[len(h.Path)-1].To != h.Item.Key {
					t.Errorf("the path %v does not lead from SRS-9 to %s", h.Path, h.Item.Key)
				}
			}
		}
	}
}
