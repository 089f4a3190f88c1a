package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// answer is what a command gave back.
type answer struct {
	Out, Talk string
	Exit      int
}

// askIn runs one command with a working folder.
func askIn(t *testing.T, dir string, args ...string) answer {
	t.Helper()
	var out, talk bytes.Buffer
	env := &Environment{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &talk, Dir: dir, Random: rand.Reader, Version: "test", User: "Tester",
		Now: func() time.Time { return time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC) }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	code := Run(t.Context(), env)
	return answer{out.String(), talk.String(), code}
}

// askOK is askIn for a command that must succeed without talk.
func askOK(t *testing.T, dir string, args ...string) string {
	t.Helper()
	a := askIn(t, dir, args...)
	if a.Exit != 0 || a.Talk != "" {
		t.Fatalf("%q: exit code %d, talk %q; want 0 and silence", args, a.Exit, a.Talk)
	}
	return a.Out
}

// folderOf writes files into a folder of its own.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, files)
	return dir
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// pumpFolder is the worked example.
func pumpFolder(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../examples/infusion-pump")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// smallFiles is a valid little project. SRS-2 has no test, TC-2 verifies
// nothing, and SRS-10 comes after SRS-2.
func smallFiles() map[string]string {
	return map[string]string{
		"goldthread.yaml": "project: small\ntitle: Small device\nkeys: {REQ: SRS}\ncode: [src]\nresults: [results]\n",
		"docs/needs.md":   "# Needs\n\n## UN-1 Safe infusion\n\nNobody is harmed.\n",
		"docs/system.md":  "# System\n\n## SYS-1 Alarms\n\n- refines: UN-1\n\nIt shall warn.\n",
		"docs/software.md": `# Software

What the software does.

## Alarms

### SRS-10 Reminder

- refines: SYS-1
- category: alarms
- verification method: test

It shall remind.

### SRS-2 Stop on occlusion

- refines: SYS-1
- category: functional, alarms
- safety related: yes
- rationale: The line can burst.
  See the bench report.

It shall stop.

| a | b |
|---|---|
| 1 | 2 |

### REQ-1 Start

- refines: SYS-1

It shall start.
`,
		"docs/tests.md":     "# Tests\n\n## TC-1 Reminder\n\n- verifies: SRS-10\n\n## TC-2 Nothing yet\n",
		"src/remind.go":     "package src\n\n// Remind reminds.\n//\n// goldthread:implements SRS-10\nfunc Remind() {}\n",
		"src/start_test.go": "package src\n\nimport \"testing\"\n\n// goldthread:verifies REQ-1\nfunc TestStart(t *testing.T) {}\n",
		"results/junit.xml": `<testsuite name="src"><testcase classname="src" name="TestStart" file="src/start_test.go"><failure message="no start"/></testcase></testsuite>` + "\n",
	}
}

func smallFolder(t *testing.T) string { return folderOf(t, smallFiles()) }

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&v); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatalf("something stands behind the JSON: %v\n%s", err, text)
	}
	refuseNull(t, text)
	return v
}

// refuseNull holds JSON against the promise that no list is null.
func refuseNull(t *testing.T, text string) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case nil:
			t.Errorf("%s is null", at)
		case map[string]any:
			for name, x := range v {
				walk(at+"."+name, x)
			}
		case []any:
			for _, x := range v {
				walk(at+"[]", x)
			}
		}
	}
	walk("", v)
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// gitIn runs git in a folder, on settings of its own.
func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	cmd := exec.CommandContext(context.Background(), "git", append([]string{"-C", dir, "-c", "user.name=Tester", "-c", "user.email=tester@example.org",
		"-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// everyQuestion lists one call of every command that answers, for what holds of
// all of them.
func everyQuestion() map[string][]string {
	return map[string][]string{
		"trace":  {"trace", "--from", "SYS", "--to", "SRS"},
		"impact": {"impact", "SRS-2"},
		"show":   {"show", "SRS-2"},
		"list":   {"list", "--columns", "key,title,text,refines"},
	}
}

func TestHostileTitlesAreHarmlessOnATerminal(t *testing.T) {
	files := smallFiles()
	files["docs/software.md"] = "# S\n\n## SRS-2 Stop\u202e now\u0085\u009b31m\u2066\n\n- refines: SYS-1\n- rationale: a\u202eb\n\nText\u009b2J\u202e.\n"
	files["docs/tests.md"] = "# T\n"
	delete(files, "src/remind.go")
	delete(files, "src/start_test.go")
	delete(files, "results/junit.xml")
	dir := folderOf(t, files)
	for name, args := range everyQuestion() {
		got := askIn(t, dir, args...).Out
		if strings.ContainsAny(got, "\u202e\u2066\u0085\u009b\x1b") {
			t.Errorf("%s lets a control character through: %q", name, got)
		}
		if !strings.Contains(got, "SRS-2 Stop\ufffd now") && !strings.Contains(got, "Stop\ufffd now") {
			t.Errorf("%s does not show that there was one: %q", name, got)
		}
	}
}

// goldthread:verifies SRS-65
func TestNothingIsCutOff(t *testing.T) {
	long := strings.Repeat("word ", 400) + "end"
	files := smallFiles()
	files["docs/software.md"] = "# S\n\n## SRS-2 " + long + "\n\n- refines: SYS-1\n\nText " + long + ".\n"
	files["docs/tests.md"] = "# T\n"
	delete(files, "src/remind.go")
	delete(files, "src/start_test.go")
	delete(files, "results/junit.xml")
	dir := folderOf(t, files)
	questions := everyQuestion()
	questions["trace as csv"] = []string{"trace", "--from", "SYS", "--to", "SRS", "--format", "csv"}
	questions["trace as html"] = []string{"trace", "--from", "SYS", "--to", "SRS", "--format", "html"}
	for name, args := range questions {
		if got := askOK(t, dir, args...); !strings.Contains(got, long) {
			t.Errorf("%s cuts a long title off", name)
		}
	}
}

// goldthread:verifies SRS-65
func TestWhatCouldNotBeReadIsTold(t *testing.T) {
	files := smallFiles()
	files["docs/broken.md"] = "# B\n\n## SRS-99 Broken\n\n- nonsense: 1\n"
	dir := folderOf(t, files)
	for name, args := range everyQuestion() {
		got := askIn(t, dir, args...)
		if got.Exit != 0 || !strings.Contains(got.Talk, "1 error while reading "+dir) || !strings.Contains(got.Talk, "hint: goldthread check "+dir) {
			t.Errorf("%s: exit code %d, talk %q; want 0 and the error", name, got.Exit, got.Talk)
		}
		if strings.Contains(got.Out, "while reading") {
			t.Errorf("%s talks on standard output", name)
		}
	}
}

// goldthread:verifies SRS-63
func TestWrongUse(t *testing.T) {
	dir := smallFolder(t)
	tests := []struct {
		sentence string
		args     []string
		talk     []string
	}{
		{"an unknown key names near ones", []string{"show", "SRS-11"}, []string{"there is no item SRS-11 in " + dir, "hint: did you mean SRS-10"}},
		{"a key far from any leads to the list", []string{"impact", "XYZW-999"}, []string{"there is no item XYZW-999", "hint: goldthread list " + dir}},
		{"a key in small letters names the real one", []string{"show", "srs-10"}, []string{"hint: did you mean SRS-10"}},
		{"a key with control characters is printed harmlessly", []string{"show", "S\x1b[2J"}, []string{"there is no item S\ufffd[2J"}},
		{"an unknown kind names those that are here", []string{"trace", "--from", "SRX", "--to", "TC"},
			[]string{`there is no kind "SRX"; the items here are of UN, SYS, SRS, TC`, "hint: did you mean SRS?"}},
		{"trace needs both kinds", []string{"trace", "--from", "SRS"}, []string{"needs the two kinds", "hint: goldthread trace --from"}},
		{"a prefix is no kind for --via", []string{"trace", "--from", "UN", "--to", "TC", "--via", "SYS,REQ"}, []string{"REQ is a key prefix", "hint: --via SRS"}},
		{"trace cannot go a negative way", []string{"trace", "--from", "UN", "--to", "TC", "--within", "-1"}, []string{"takes a number of links, not -1"}},
		{"trace has no such format", []string{"trace", "--from", "UN", "--to", "TC", "--format", "pdf"}, []string{`there is no format "pdf"`}},
		{"impact has no such direction", []string{"impact", "SRS-2", "--direction", "sideways"}, []string{`there is no direction "sideways"; there are down, up, both`}},
		{"list has no such format", []string{"list", "--format", "html"}, []string{`there is no format "html"`}},
		{"list has no such column", []string{"list", "--columns", "key,titel"}, []string{`there is no field or relation "titel"`, "hint: did you mean title?"}},
		{"show wants a key", []string{"show"}, []string{"want show KEY [DIR]"}},
		{"diff wants two states", []string{"diff", "."}, []string{"want diff A B"}},
		{"a folder that is not there", []string{"list", "nowhere"}, []string{"there is no folder"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got := askIn(t, dir, tt.args...)
			if got.Exit != 2 || got.Out != "" {
				t.Errorf("exit code %d, output %q; want 2 and none", got.Exit, got.Out)
			}
			for _, want := range tt.talk {
				if !strings.Contains(got.Talk, want) {
					t.Errorf("talk lacks %q:\n%s", want, got.Talk)
				}
			}
		})
	}
}

func TestEveryCommandExplainsItself(t *testing.T) {
	seen := 0
	var look func(*cobra.Command)
	look = func(c *cobra.Command) {
		for _, below := range c.Commands() {
			look(below)
		}
		if !c.HasParent() || c.HasSubCommands() {
			return
		}
		seen++
		if c.Short == "" || c.Long == "" || c.Example == "" || c.Args == nil {
			t.Errorf("%s lacks short help, long help, an example or a check of its arguments", c.CommandPath())
		}
		if c.Flags().Lookup("json") == nil {
			t.Errorf("%s has no --json", c.CommandPath())
		}
	}
	look(command(&Environment{}))
	if seen == 0 {
		t.Error("no command was looked at")
	}
}

func TestCompletion(t *testing.T) {
	dir := smallFolder(t)
	tests := []struct {
		sentence string
		args     []string
		want     []string
	}{
		{"keys with their titles", []string{"show", "SRS"}, []string{"SRS-10\tReminder", "SRS-2\tStop on occlusion"}},
		{"folders after the key", []string{"impact", "SRS-2", ""}, nil},
		{"kinds that have items", []string{"trace", "--from", "s"}, []string{"SYS\tsystem requirement", "SRS\tsoftware requirement"}},
		{"the last one of several kinds", []string{"trace", "--via", "SYS,UN"}, []string{"SYS,UN\tuser need"}},
		{"columns", []string{"list", "--columns", "key,verified.b"}, []string{"key,verified.by"}},
		{"formats", []string{"list", "--format", ""}, []string{"text", "csv", "json"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			out := askIn(t, dir, append([]string{"__complete"}, tt.args...)...).Out
			var got []string
			for line := range strings.Lines(out) {
				if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, ":") {
					got = append(got, line)
				}
			}
			same(t, "completions", tt.want, got)
		})
	}
}

func TestEveryCommandHasItsSection(t *testing.T) {
	page, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range command(&Environment{}).Commands() {
		if !strings.Contains(string(page), "\n## "+c.Name()+"\n") || !strings.Contains(string(page), "](#"+c.Name()+")") {
			t.Errorf("docs/commands.md has no section on %s, or does not list it", c.Name())
		}
	}
	for _, op := range []whereOp{opEqual, opUnequal, opContains, opLess, opAtMost, opMore, opAtLeast} {
		if !strings.Contains(string(page), `"`+string(op)+`"`) {
			t.Errorf("the grammar in docs/commands.md has no operator %s", op)
		}
	}
}
