package cli

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// changed writes a copy of the small project with some files changed; "" takes
// a file away.
func changed(t *testing.T, files map[string]string) string {
	t.Helper()
	all := smallFiles()
	maps.Copy(all, files)
	maps.DeleteFunc(all, func(_, text string) bool { return text == "" })
	return folderOf(t, all)
}

// goldthread:verifies SRS-20
func TestDiffText(t *testing.T) {
	small := smallFiles()
	software := small["docs/software.md"]
	tests := []struct {
		sentence string
		after    map[string]string
		want     string
	}{
		{"nothing differs", nil, "no difference\n"},
		{"a title and a text, line by line with some lines around", map[string]string{"docs/software.md": strings.NewReplacer("Stop on occlusion", "Stop on an occlusion",
			"| 1 | 2 |", "| 1 | 3 |").Replace(software)}, `
changed SRS-2 Stop on an occlusion
    - title: Stop on occlusion
    + title: Stop on an occlusion
    text:
      …
        | a | b |
        |---|---|
      - | 1 | 2 |
      + | 1 | 3 |
0 added, 0 removed, 1 changed, 0 rekeyed
`},
		{"fields set, unset and changed, and one of several lines", map[string]string{"docs/software.md": strings.NewReplacer("- category: alarms\n", "", "- safety related: yes\n", "- safety related: no\n",
			"  See the bench report.", "  See the report.", "- refines: SYS-1\n\nIt shall start", "- refines: SYS-1\n- category: operation\n\nIt shall start").Replace(software)}, `
changed REQ-1 Start
    + category: operation
changed SRS-2 Stop on occlusion
    rationale:
        The line can burst.
      - See the bench report.
      + See the report.
    - safety related: yes
    + safety related: no
changed SRS-10 Reminder
    - category: alarms
0 added, 0 removed, 3 changed, 0 rekeyed
`},
		{"items and links that came and went", map[string]string{"docs/tests.md": "# Tests\n\n## TC-1 Reminder\n\n- verifies: SRS-2\n\n## TC-3 New\n\n- verifies: SRS-10, REQ-1\n\nText.\n"}, `
changed TC-1 Reminder
    - verifies SRS-10
    + verifies SRS-2
removed TC-2 Nothing yet
added TC-3 New
    + verifies REQ-1
    + verifies SRS-10
    text:
      + Text.
1 added, 1 removed, 1 changed, 0 rekeyed
`},
		{"tags in code, but not their lines", map[string]string{"src/remind.go": "package src\n\n// A line more.\n\n// Remind reminds.\n//\n// goldthread:implements SRS-10, SRS-2\nfunc Remind() {}\n",
			"src/start_test.go": "package src\n\nimport \"testing\"\n\n// Another line.\n// goldthread:verifies REQ-1\nfunc TestStart(t *testing.T) {}\n"}, `
changed src/remind.go#Remind
    + implements SRS-2
0 added, 0 removed, 1 changed, 0 rekeyed
`},
		{"prose of a document", map[string]string{"docs/software.md": strings.Replace(software, "What the software does.", "What it does.", 1)}, `
changed DOC-0.docs.software Software
    prose:
        # Software
        
      - What the software does.
      + What it does.
        
        ## Alarms
0 added, 0 removed, 1 changed, 0 rekeyed
`},
		{"the configuration", map[string]string{"goldthread.yaml": strings.Replace(small["goldthread.yaml"], "Small device", "Tiny device", 1)}, `
changed goldthread.yaml
      project: small
    - title: Small device
    + title: Tiny device
      keys: {REQ: SRS}
      code: [src]
    …
0 added, 0 removed, 0 changed, 0 rekeyed
`},
		{"control characters are printed harmlessly", map[string]string{"docs/needs.md": "# Needs\n\n## UN-1 Safe\u202e infusion\n\nNobody is harmed.\n"}, `
changed UN-1 Safe� infusion
    - title: Safe infusion
    + title: Safe� infusion
0 added, 0 removed, 1 changed, 0 rekeyed
`},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got := askIn(t, t.TempDir(), "diff", smallFolder(t), changed(t, tt.after))
			want := answer{Out: strings.ReplaceAll(strings.TrimPrefix(tt.want, "\n"), "        \n", "       \n"), Exit: 1}
			if tt.after == nil {
				want.Exit = 0
			}
			same(t, "answer", want, got)
		})
	}
}

func TestDiffKnowsRekeyedItems(t *testing.T) {
	before := smallFolder(t)
	askIn(t, before, "fmt")
	after := t.TempDir()
	if err := os.CopyFS(after, os.DirFS(before)); err != nil {
		t.Fatal(err)
	}
	if got := askIn(t, after, "rekey", "SRS-10", "SRS-20"); got.Exit != 0 {
		t.Fatal(got.Talk)
	}
	got := askIn(t, after, "diff", before, after)
	same(t, "answer", answer{Out: "rekeyed SRS-10 → SRS-20 Reminder\n0 added, 0 removed, 0 changed, 1 rekeyed\n", Exit: 1}, got)
}

func TestDiffJSON(t *testing.T) {
	type field struct{ Name, Before, After string }
	type item struct {
		What, Key, Kind, Title string
		OldKey                 string `json:"old_key"`
		Fields                 []field
		Links                  []struct{ What, Verb, Target string }
	}
	type report struct {
		Before, After string
		Different     bool
		Counts        map[string]int
		Configuration []field
		Items         []item
	}
	before := smallFolder(t)
	after := changed(t, map[string]string{"docs/needs.md": "# Needs\n\n## UN-1 Safe infusion\n\nNobody is hurt.\n"})
	got := askIn(t, before, "diff", before, after, "--json")
	if got.Exit != 1 {
		t.Errorf("exit code %d, want 1", got.Exit)
	}
	r := decode[report](t, got.Out)
	same(t, "report", report{Before: before, After: after, Different: true, Counts: map[string]int{"added": 0, "removed": 0, "changed": 1, "rekeyed": 0}, Configuration: []field{},
		Items: []item{{What: "changed", Key: "UN-1", Kind: "UN", Title: "Safe infusion", Fields: []field{{"text", "Nobody is harmed.", "Nobody is hurt."}},
			Links: []struct{ What, Verb, Target string }{}}}}, r)
	none := askIn(t, before, "diff", before, before, "--json")
	if r := decode[report](t, none.Out); none.Exit != 0 || r.Different || r.Items == nil || r.Configuration == nil {
		t.Errorf("exit code %d, report %+v; want 0 and empty lists", none.Exit, r)
	}
}

// repository is the small project below pump/ of a git repository, with code
// beside it, in two revisions.
func repository(t *testing.T) string {
	t.Helper()
	top := t.TempDir()
	gitIn(t, top, "init", "-q")
	files := smallFiles()
	for name, text := range files {
		if !strings.HasPrefix(name, "src/") {
			writeFiles(t, top, map[string]string{"pump/" + name: strings.Replace(text, "code: [src]", "code: [../src]", 1)})
			continue
		}
		writeFiles(t, top, map[string]string{name: text})
	}
	writeFiles(t, top, map[string]string{"elsewhere/big.go": "// goldthread:implements SRS-2\n", ".gitattributes": "*.md filter=evil export-ignore\n"})
	gitIn(t, top, "add", "-A")
	gitIn(t, top, "commit", "-q", "-m", "one")
	gitIn(t, top, "tag", "v1")
	writeFiles(t, top, map[string]string{"pump/docs/needs.md": "# Needs\n\n## UN-1 Safer infusion\n\nNobody is harmed.\n", "src/remind.go": "package src\n"})
	gitIn(t, top, "commit", "-q", "-a", "-m", "two")
	// A filter that runs would leave a trace.
	gitIn(t, top, "config", "filter.evil.smudge", "touch "+filepath.Join(top, "pwned")+"; cat")
	return top
}

func TestDiffOfRevisions(t *testing.T) {
	top := repository(t)
	pump := filepath.Join(top, "pump")
	docs := filepath.Join(pump, "docs")
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	want := answer{Out: "removed ../src/remind.go#Remind\n    - implements SRS-10\n" +
		"changed UN-1 Safer infusion\n    - title: Safe infusion\n    + title: Safer infusion\n0 added, 1 removed, 1 changed, 0 rekeyed\n", Exit: 1}
	tests := []struct {
		sentence, dir string
		args          []string
	}{
		{"two revisions of the workspace around", pump, []string{"v1", "HEAD"}},
		{"from a folder within it", docs, []string{"HEAD~1", "HEAD"}},
		{"a revision and a folder", pump, []string{"v1", "."}},
		{"a folder from the top of the repository", docs, []string{"v1:pump", "HEAD:pump"}},
		{"a folder from here", docs, []string{"v1:..", "HEAD:../../pump"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) { same(t, "answer", want, askIn(t, tt.dir, append([]string{"diff"}, tt.args...)...)) })
	}
	t.Run("one revision is no different from itself", func(t *testing.T) {
		same(t, "answer", answer{Out: "no difference\n"}, askIn(t, pump, "diff", "HEAD", "."))
	})
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(top, "pwned")); err == nil {
		t.Error("a filter of the repository ran")
	}
}

func TestDiffOfWhatIsNotThere(t *testing.T) {
	top := repository(t)
	tests := []struct {
		sentence, dir, name string
		talk                string
	}{
		{"an unknown revision", top, "nosuch", `git knows no revision "nosuch"`},
		{"an unknown revision of a folder", top, "nosuch:pump", "no revision of git"},
		{"a folder that the revision lacks", top, "v1:nowhere", "the revision has no folder nowhere"},
		{"a folder outside of the repository", top, "v1:../x", "leads out of the repository"},
		{"an option is no revision", top, "--output=x", "unknown flag"},
		{"no repository at all", t.TempDir(), "HEAD", "lies in no git repository"},
		{"control characters are printed harmlessly", top, "no\x1b[2J", "there is no folder no\ufffd[2J"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got := askIn(t, tt.dir, "diff", tt.name, top)
			if got.Exit != 2 || got.Out != "" || !strings.Contains(got.Talk, tt.talk) {
				t.Errorf("exit code %d, output %q, talk %q; want 2 and %q", got.Exit, got.Out, got.Talk, tt.talk)
			}
		})
	}
	t.Run("git is not installed", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		got := askIn(t, top, "diff", "HEAD", top)
		if got.Exit != 2 || !strings.Contains(got.Talk, "is not installed") {
			t.Errorf("exit code %d, talk %q; want 2 and that git is missing", got.Exit, got.Talk)
		}
	})
}

func TestLinesAreComparedTruly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 12)
		before, after := lines.Draw(t, "before"), lines.Draw(t, "after")
		var old, new []string
		kept := 0
		for _, c := range compareLines(before, after) {
			if c.sign != '+' {
				old = append(old, c.text)
			}
			if c.sign != '-' {
				new = append(new, c.text)
			}
			if c.sign == ' ' {
				kept++
			}
		}
		if strings.Join(old, "\n") != strings.Join(before, "\n") || strings.Join(new, "\n") != strings.Join(after, "\n") {
			t.Fatalf("taking away gives %q, putting in gives %q", old, new)
		}
		if want := int(commonLines(before, after)[0]); kept != want {
			t.Fatalf("%d lines kept, %d could be", kept, want)
		}
	})
}

func TestVeryDifferentLongTextsAreCompared(t *testing.T) {
	before, after := make([]string, 3000), make([]string, 3000)
	for i := range before {
		before[i], after[i] = "old "+strings.Repeat("x", i%7), "new "+strings.Repeat("y", i%5)
	}
	before[0], after[0] = "same", "same"
	changes := compareLines(before, after)
	if len(changes) != 1+2*2999 || changes[0].sign != ' ' || changes[1].sign != '-' || changes[3000].sign != '+' {
		t.Errorf("%d changes, want the first line kept, all others taken away and put in", len(changes))
	}
}

func TestDiffOfTheWorkedExample(t *testing.T) {
	after := t.TempDir()
	if err := os.CopyFS(after, os.DirFS(pumpFolder(t))); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(after, "docs", "software-requirements.md")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(text), "Only drugs of the library", "Only known drugs", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	got := askIn(t, after, "diff", pumpFolder(t), after, "--json")
	var d difference
	if err := json.Unmarshal([]byte(got.Out), &d); err != nil || got.Exit != 1 {
		t.Fatalf("exit code %d, %v", got.Exit, err)
	}
	if len(d.Items) != 1 || d.Items[0].Key != "SRS-1" || len(d.Items[0].Fields) != 1 || d.Items[0].Fields[0].After != "Only known drugs" {
		t.Errorf("items = %+v, want the title of SRS-1 only", d.Items)
	}
}
