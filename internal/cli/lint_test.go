package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/wording"
)

// lintFiles is a project whose SRS-1 has findings of high confidence, SRS-2 one of medium and one of low; SRS-3 is clean, SRS-4 is German,
// and TC-1 is of a kind that demands nothing.
func lintFiles() map[string]string {
	return map[string]string{
		"goldthread.yaml": "project: pump\n",
		"docs/software.md": `# Software

It should be easy to read.

## SRS-1 Stop

- category: alarms

When the line is occluded, the pump should stop
immediately.

## SRS-2 Keys

The pump shall support keys in order to avoid mistakes.

## SRS-3 Fast bolus

The pump shall offer a fast bolus for 3 s ± 1 s.

## SRS-4 Anhalten

Die Pumpe muss bei einem Verschluss der Leitung anhalten und der Alarm wird nicht mit dem Benutzer geteilt.

## TC-1 Try

The nurse should look.
`,
	}
}

// lintOf gives the places and rules that lint reports, and its exit code.
func lintOf(t *testing.T, dir string, args ...string) (found []string, exit int, r lintReport) {
	t.Helper()
	a := askIn(t, dir, append([]string{"lint", "--json"}, args...)...)
	r = decode[lintReport](t, a.Out)
	for _, f := range r.Findings {
		found = append(found, string(f.Item)+" "+f.Rule)
	}
	return found, a.Exit, r
}

// goldthread:verifies SRS-77
func TestLint(t *testing.T) {
	const should, at = "SRS-1 should-demand", "SRS-1 undefined-time"
	const support, order = "SRS-2 vague-verb", "SRS-2 purpose-phrase"
	tests := []struct {
		sentence string
		config   string
		args     []string
		exit     int
		want     []string
	}{
		{"high and medium confidence unless another is asked for", "", nil, 1, []string{should, at, support}},
		{"the highest alone", "", []string{"--confidence", "high"}, 1, []string{should, at}},
		{"all of them", "", []string{"--confidence", "low"}, 1, []string{should, at, support, order}},
		{"medium confidence is for the reader to judge", "", []string{"--off", "should-demand", "--off", "undefined-time"}, 0, []string{support}},
		{"rules that the project has switched off", "wording: {off: [should-demand, vague-verb]}\n", nil, 1, []string{at}},
		{"a term that the project has defined", "wording: {terms: [immediately]}\n", nil, 1, []string{should, support}},
		{"a term on the command line", "", []string{"--term", "immediately"}, 1, []string{should, support}},
		{"a kind that is asked for", "", []string{"--kind", "TC"}, 1, []string{"TC-1 should-demand"}},
		{"several kinds", "", []string{"--kind", "TC", "--kind", "SRS", "--confidence", "high"}, 1, []string{should, at, "TC-1 should-demand"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			files := lintFiles()
			files["goldthread.yaml"] += tt.config
			found, exit, r := lintOf(t, folderOf(t, files), tt.args...)
			same(t, "findings", tt.want, found)
			same(t, "exit code", tt.exit, exit)
			counts := map[string]int{}
			for _, f := range r.Findings {
				counts[string(f.Confidence)]++
			}
			same(t, "counts", counts, r.Counts)
		})
	}
}

func TestLintText(t *testing.T) {
	got := askIn(t, folderOf(t, lintFiles()), "lint")
	want := `docs/software.md:9:37: warning, high confidence: SRS-1 “should” is a wish that nobody has to fulfil [should-demand]
    “the pump shall stop immediately”, or take it out of the requirements (ISO/IEC/IEEE 29148:2018, 5.2.4)
docs/software.md:10:1: warning, high confidence: SRS-1 “immediately” names no time [undefined-time]
    in place of “immediately”, give the time and from when: “within 200 ms of …” (INCOSE Guide to Writing Requirements v4, R35 Temporal dependencies)
docs/software.md:14:16: note, medium confidence: SRS-2 “support” names no act that could be seen [vague-verb]
    say what is done with “keys in order to …”: read, write, show, offer, accept … (INCOSE Guide to Writing Requirements v4, R3 Appropriate subject-verb)
SRS-4 was not judged: the text is German; the rules are for English
pump: 3 items judged; 2 of high confidence, 1 of medium
`
	same(t, "answer", answer{want, "", 1}, got)
}

func TestLintJSON(t *testing.T) {
	_, _, r := lintOf(t, folderOf(t, lintFiles()), "--confidence", "high")
	same(t, "project and items", []any{"pump", 3}, []any{r.Project, r.Items})
	same(t, "skipped", []skippedItem{{"SRS-4", "the text is German; the rules are for English"}}, r.Skipped)
	f := r.Findings[1]
	same(t, "place and words", []any{"docs/software.md", 10, 1, wording.High, "immediately"}, []any{f.File, f.Line, f.Column, f.Confidence, f.Excerpt})
	if f.Message == "" || f.Remedy == "" || !strings.Contains(f.Source, "R35") {
		t.Errorf("the finding says too little: %+v", f)
	}
}

// TestLintOtherFiles reads what is no Markdown of a workspace: a tree of another tool, and a title without a text.
func TestLintOtherFiles(t *testing.T) {
	tree := folderOf(t, map[string]string{
		".doorstop.yml": "settings:\n  digits: 3\n  prefix: REQ\n  sep: ''\n",
		"REQ001.yml":    "active: true\nderived: false\nheader: ''\nlevel: 1.0\nlinks: []\nnormative: true\nref: ''\nreviewed: null\ntext: |\n  The tool should be fast.\n",
	})
	found, exit, r := lintOf(t, tree)
	same(t, "findings in a Doorstop tree", []string{"REQ001 should-demand", "REQ001 no-acceptance-value"}, found)
	same(t, "exit code", 1, exit)
	same(t, "file", "REQ001.yml", r.Findings[0].File)
	_, _, r = lintOf(t, folderOf(t, map[string]string{"a.md": "# A\n\n## SRS-1 The pump should stop\n"}))
	if len(r.Findings) != 1 || r.Findings[0].Line != 3 || r.Findings[0].Column != 1 {
		t.Errorf("a finding in a title: %+v", r.Findings)
	}
}

func TestLintRefuses(t *testing.T) {
	dir := folderOf(t, lintFiles())
	wrong := lintFiles()
	wrong["goldthread.yaml"] += "wording: {off: [nothing]}\n"
	tests := []struct {
		sentence, dir string
		args          []string
		exit          int
		talk          string
	}{
		{"a folder that is not there", dir, []string{"nowhere"}, 2, "there is no folder"},
		{"a single file", dir, []string{"docs/software.md"}, 2, "cannot be opened as a folder"},
		{"two folders", dir, []string{"docs", "docs"}, 2, "want lint [DIR]"},
		{"a confidence that there is not", dir, []string{"--confidence", "total"}, 2, "there are high, medium and low"},
		{"a kind that there is not", dir, []string{"--kind", "SRX"}, 2, "there is no kind SRX"},
		{"a rule that there is not", dir, []string{"--off", "spelling"}, 2, "there is no rule spelling of wording"},
		{"a rule in goldthread.yaml that there is not", folderOf(t, wrong), nil, 2, "there is no rule nothing of wording"},
		{"a folder without items", t.TempDir(), nil, 1, "there is no item to judge"},
		{"a kind without items", dir, []string{"--kind", "HAZ"}, 1, "there is no item to judge"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got := askIn(t, tt.dir, append([]string{"lint"}, tt.args...)...)
			if got.Exit != tt.exit || !strings.Contains(got.Talk, tt.talk) {
				t.Errorf("exit code %d, talk %q; want %d and %q", got.Exit, got.Talk, tt.exit, tt.talk)
			}
		})
	}
}

func TestLintRules(t *testing.T) {
	text := askOK(t, t.TempDir(), "lint", "--rules")
	rules := decode[[]wording.Rule](t, askOK(t, t.TempDir(), "lint", "--rules", "--json"))
	same(t, "rules", wording.Rules(), rules)
	for _, r := range rules {
		for _, part := range []string{r.ID, r.Bad, r.Good, r.Source} {
			if !strings.Contains(text, part) {
				t.Errorf("%q is not explained", part)
			}
		}
	}
}

// TestLintHelp holds that the rules which the help names are there.
func TestLintHelp(t *testing.T) {
	_, named, _ := strings.Cut(askOK(t, t.TempDir(), "lint", "--help"), "off: [")
	named, _, _ = strings.Cut(named, "]")
	if !slices.ContainsFunc(wording.Rules(), func(r wording.Rule) bool { return r.ID == named }) {
		t.Errorf("the help switches off %q, which is no rule", named)
	}
}
