package cli

import (
	"fmt"
	"strings"
	"testing"
)

// goldthread:verifies SRS-34
func TestImpactText(t *testing.T) {
	dir := smallFolder(t)
	tests := []struct {
		sentence string
		args     []string
		want     string
	}{
		{"both ways, by distance and key, into code, with a path to each", []string{"SRS-10"}, `
SRS-10 Reminder  docs/software.md:7

downstream: 2 items
  1 link away
    TC-1 Reminder  docs/tests.md:3
        SRS-10 –verified by→ TC-1
    src/remind.go#Remind  src/remind.go:5
        SRS-10 –implemented by→ src/remind.go#Remind

upstream: 2 items
  1 link away
    SYS-1 Alarms  docs/system.md:3
        SRS-10 –refines→ SYS-1
  2 links away
    UN-1 Safe infusion  docs/needs.md:3
        SRS-10 –refines→ SYS-1 –refines→ UN-1
`},
		{"downstream only, as far as the result of a test", []string{"SYS-1", "--direction", "down"}, `
SYS-1 Alarms  docs/system.md:3

downstream: 6 items
  1 link away
    REQ-1 Start  docs/software.md:29
        SYS-1 –refined by→ REQ-1
    SRS-2 Stop on occlusion  docs/software.md:15
        SYS-1 –refined by→ SRS-2
    SRS-10 Reminder  docs/software.md:7
        SYS-1 –refined by→ SRS-10
  2 links away
    TC-1 Reminder  docs/tests.md:3
        SYS-1 –refined by→ SRS-10 –verified by→ TC-1
    src/remind.go#Remind  src/remind.go:5
        SYS-1 –refined by→ SRS-10 –implemented by→ src/remind.go#Remind
    src/start_test.go#TestStart  src/start_test.go:5  failed (results/junit.xml:1)
        SYS-1 –refined by→ REQ-1 –verified by→ src/start_test.go#TestStart
`},
		{"nothing above a need", []string{"UN-1", "--direction", "up"}, "\nUN-1 Safe infusion  docs/needs.md:3\n\nupstream: 0 items\n"},
		{"a place in the code has an impact too", []string{"src/remind.go#Remind", "--direction", "up"}, `
src/remind.go#Remind  src/remind.go:5

upstream: 3 items
  1 link away
    SRS-10 Reminder  docs/software.md:7
        src/remind.go#Remind –implements→ SRS-10
  2 links away
    SYS-1 Alarms  docs/system.md:3
        src/remind.go#Remind –implements→ SRS-10 –refines→ SYS-1
  3 links away
    UN-1 Safe infusion  docs/needs.md:3
        src/remind.go#Remind –implements→ SRS-10 –refines→ SYS-1 –refines→ UN-1
`},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			same(t, "output", strings.TrimPrefix(tt.want, "\n"), askOK(t, dir, append([]string{"impact"}, tt.args...)...))
		})
	}
}

func TestImpactMarksSuspects(t *testing.T) {
	got := askOK(t, suspectFolder(t), "impact", "UN-1", "--direction", "down")
	for _, want := range []string{"    SRS-10 Reminder  docs/software.md:7  suspect\n        UN-1 –refined by, suspect→ SYS-1 –refined by, suspect→ SRS-10\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("output lacks %q:\n%s", want, got)
		}
	}
}

func TestImpactNamesMissingItems(t *testing.T) {
	files := smallFiles()
	files["docs/system.md"] = "# System\n\n## SYS-1 Alarms\n\n- refines: UN-404\n"
	dir := folderOf(t, files)
	if got := askOK(t, dir, "impact", "SYS-1", "--direction", "up"); !strings.Contains(got, "    UN-404 (no such item)\n") {
		t.Errorf("a missing item is not named:\n%s", got)
	}
	got := askIn(t, dir, "impact", "UN-404")
	if got.Exit != 2 || !strings.Contains(got.Talk, "UN-404 is referred to, but there is no such item") {
		t.Errorf("exit code %d, talk %q; want 2 and that links lead there", got.Exit, got.Talk)
	}
}

func TestImpactJSON(t *testing.T) {
	type hits []struct {
		Distance int
		Item     struct {
			Key, File, Outcome, Report string
			Line                       int
		}
		Suspect bool
		Path    []struct{ From, Reading, To string }
	}
	got := decode[struct {
		Item                 struct{ Key string }
		Downstream, Upstream hits
		Counts               map[string]int
	}](t, askOK(t, smallFolder(t), "impact", "REQ-1", "--json"))
	same(t, "downstream", "[{1 {src/start_test.go#TestStart src/start_test.go failed results/junit.xml 5} false [{REQ-1 verified by src/start_test.go#TestStart}]}]", fmt.Sprint(got.Downstream))
	same(t, "upstream", "[{1 {SYS-1 docs/system.md   3} false [{REQ-1 refines SYS-1}]} {2 {UN-1 docs/needs.md   3} false [{REQ-1 refines SYS-1} {SYS-1 refines UN-1}]}]", fmt.Sprint(got.Upstream))
	same(t, "counts", map[string]int{"downstream": 1, "upstream": 2, "suspect": 0}, got.Counts)
}

// goldthread:verifies SRS-34
func TestImpactOfTheWorkedExample(t *testing.T) {
	got := askOK(t, pumpFolder(t), "impact", "SYS-5")
	for _, want := range []string{"downstream: ", "upstream: ", "SYS-5 –refined by→ SRS-12", "passed (results/go-test.json:", "DEV-1"} {
		if !strings.Contains(got, want) {
			t.Errorf("the impact of SYS-5 lacks %q", want)
		}
	}
}
