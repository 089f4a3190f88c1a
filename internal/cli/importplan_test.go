package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An import that is repeated reads its old source again. What was wrong with that is no finding of the new one.
func TestFindingsOfTheOldSourceAreNotRepeated(t *testing.T) {
	const head = "active: true\nlevel: 1.1\nnormative: true\ntext: |\n  "
	dir := folderOf(t, map[string]string{
		"tree/.doorstop.yml": "settings: {digits: 3, prefix: REQ, sep: ''}\n",
		"tree/REQ001.yml":    head + strings.Repeat("x", 1<<20+1) + "\n", // no document of a workspace has such a line
		"tree/REQ002.yml":    head + "Stop.\n",
	})
	first := askIn(t, dir, "import", "tree", "--into", "thread", "--map", "REQ=SRS", "--json")
	if got := rulesIn(t, first.Out); got != "line-too-long" {
		t.Fatalf("the first import finds %q in %q, talk %q", got, first.Out, first.Talk)
	}
	for _, name := range []string{"tree/REQ001.yml", "thread/req.md"} { // mended on both sides
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		short := strings.ReplaceAll(string(data), strings.Repeat("x", 1<<20+1), "Go.")
		if err := os.WriteFile(filepath.Join(dir, name), []byte(short), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	again := askIn(t, dir, "import", "tree", "--into", "thread", "--json")
	if got := rulesIn(t, again.Out); again.Exit != 0 || got != "" {
		t.Errorf("exit code %d, findings %q, talk %q; want none", again.Exit, got, again.Talk)
	}
}

// rulesIn names the rules of the findings of a report.
func rulesIn(t *testing.T, report string) string {
	t.Helper()
	var r struct{ Findings []struct{ Rule string } }
	if err := json.Unmarshal([]byte(report), &r); err != nil {
		t.Fatalf("%v in %q", err, report)
	}
	var rules []string
	for _, f := range r.Findings {
		rules = append(rules, f.Rule)
	}
	return strings.Join(rules, " ")
}
