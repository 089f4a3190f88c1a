package cli

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// goldthread:verifies SRS-65
func TestShowText(t *testing.T) {
	dir := smallFolder(t)
	tests := []struct {
		sentence, key, want string
	}{
		{"fields, text, links and both trees", "SRS-2", `
SRS-2 Stop on occlusion
software requirement, draft, docs/software.md:15, in DOC-0.docs.software › Software › Alarms

category: functional, alarms
rationale:
  The line can burst.
  See the bench report.
safety related: yes

It shall stop.

| a | b |
|---|---|
| 1 | 2 |

links: 1
  refines SYS-1 Alarms  docs/system.md:3

upstream: 2 items
  refines SYS-1 Alarms  docs/system.md:3
    refines UN-1 Safe infusion  docs/needs.md:3

downstream: 0 items
`},
		{"links to the item, and a tree with a branch for each", "SYS-1", `
SYS-1 Alarms
system requirement, draft, docs/system.md:3, in DOC-0.docs.system › System

It shall warn.

links: 4
  refines UN-1 Safe infusion  docs/needs.md:3
  refined by REQ-1 Start  docs/software.md:29
  refined by SRS-2 Stop on occlusion  docs/software.md:15
  refined by SRS-10 Reminder  docs/software.md:7

upstream: 1 item
  refines UN-1 Safe infusion  docs/needs.md:3

downstream: 6 items
  refined by REQ-1 Start  docs/software.md:29
    verified by src/start_test.go#TestStart  src/start_test.go:5  failed (results/junit.xml:1)
  refined by SRS-2 Stop on occlusion  docs/software.md:15
  refined by SRS-10 Reminder  docs/software.md:7
    verified by TC-1 Reminder  docs/tests.md:3
    implemented by src/remind.go#Remind  src/remind.go:5
`},
		{"a test with its result", "src/start_test.go#TestStart", `
src/start_test.go#TestStart
source test, src/start_test.go:5, failed (results/junit.xml:1)

result: no start

links: 1
  verifies REQ-1 Start  docs/software.md:29

upstream: 3 items
  verifies REQ-1 Start  docs/software.md:29
    refines SYS-1 Alarms  docs/system.md:3
      refines UN-1 Safe infusion  docs/needs.md:3

downstream: 0 items
`},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			same(t, "output", strings.TrimPrefix(tt.want, "\n"), askOK(t, dir, "show", tt.key))
		})
	}
}

// goldthread:verifies SRS-31
func TestShowSaysWhatChangedBehindASuspectLink(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := smallFolder(t)
	askIn(t, dir, "fmt")
	gitIn(t, dir, "init", "-q")
	gitIn(t, dir, "add", "-A")
	gitIn(t, dir, "commit", "-q", "-m", "first")
	writeFiles(t, dir, map[string]string{"docs/system.md": "# System\n\n## SYS-1 Alarms\n\n- refines: UN-1\n\nIt shall warn loudly.\n"})
	got := askOK(t, dir, "show", "SRS-2")
	for _, want := range []string{"  refines SYS-1 Alarms  docs/system.md:3  suspect: SYS-1 changed\n", `      SYS-1 text: "It shall warn." became "It shall warn loudly."`, "\n  refines SYS-1 Alarms  docs/system.md:3  suspect\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("output lacks %q:\n%s", want, got)
		}
	}
	links := decode[struct {
		Links []struct {
			Suspect, Confirmed  bool
			Changed, Difference []string
		}
	}](t, askOK(t, dir, "show", "SRS-2", "--json")).Links
	same(t, "links in JSON", `[{true true [SYS-1] [SYS-1 text: "It shall warn." became "It shall warn loudly."]}]`, fmt.Sprint(links))
}

func TestShowJSON(t *testing.T) {
	type branches []struct {
		Depth         int
		From, Reading string
		Item          struct{ Key string }
	}
	got := decode[struct {
		Key, Kind, Title, State, File, Document, Text string
		KindName                                      string `json:"kind_name"`
		ContentHash                                   string `json:"content_hash"`
		Line                                          int
		Sections                                      []string
		Fields                                        []struct {
			Name   string
			Values []string
		}
		Files []any
		Links []struct {
			Direction, Verb, Reading string
			Item                     struct{ Key string }
		}
		Upstream, Downstream branches
	}](t, askOK(t, smallFolder(t), "show", "SRS-10", "--json"))
	if len(got.ContentHash) != 64 {
		t.Errorf("content_hash = %q", got.ContentHash)
	}
	got.ContentHash = ""
	same(t, "item", "{SRS-10 SRS Reminder draft docs/software.md DOC-0.docs.software It shall remind. software requirement  7 [Software Alarms] "+
		"[{category [alarms]} {verification method [test]}] [] [{out refines refines {SYS-1}} {in implements implemented by {src/remind.go#Remind}} {in verifies verified by {TC-1}}] "+
		"[{1 SRS-10 refines {SYS-1}} {2 SYS-1 refines {UN-1}}] [{1 SRS-10 verified by {TC-1}} {1 SRS-10 implemented by {src/remind.go#Remind}}]}", fmt.Sprint(got))
}

func TestShowOfALongChainIsNotCutOff(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Chain\n\n## SRS-1 First\n\nText.\n")
	const n = 2000
	for i := 2; i <= n; i++ {
		fmt.Fprintf(&b, "\n## SRS-%d Next\n\n- refines: SRS-%d\n\nText.\n", i, i-1)
	}
	got := askOK(t, folderOf(t, map[string]string{"chain.md": b.String()}), "show", "SRS-1")
	if !strings.Contains(got, fmt.Sprintf("downstream: %d items\n", n-1)) || !strings.Contains(got, fmt.Sprintf("refined by SRS-%d Next", n)) {
		t.Error("the end of a long chain is not shown")
	}
}

func TestShowOfTheWorkedExample(t *testing.T) {
	got := askOK(t, pumpFolder(t), "show", "SRS-12")
	for _, want := range []string{"SRS-12 Stop on occlusion", "› ", "![", "file: ", "HAZ-", "monitor/occlusion.go", "passed (results/go-test.json:"} {
		if !strings.Contains(got, want) {
			t.Errorf("the sheet of SRS-12 lacks %q", want)
		}
	}
}
