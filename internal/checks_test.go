package internal

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// rulePatterns are the ways in which the source names a rule of a finding.
var rulePatterns = []*regexp.Regexp{
	regexp.MustCompile(`\b[Rr]ule[A-Z]\w*\s*=\s*"([a-z-]+)"`),
	regexp.MustCompile(`\bRule:\s*"([a-z-]+)"`),
	regexp.MustCompile(`\breport\((?:r?\.?line, [^,]*, )?"([a-z]+-[a-z-]+)"`),
}

// TestEveryRuleOfCheckIsExplained holds the rules that the source names against docs/checks.md.
func TestEveryRuleOfCheckIsExplained(t *testing.T) {
	tree := os.DirFS(root(t))
	page, err := fs.ReadFile(tree, "docs/checks.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := readSource(tree)
	if err != nil {
		t.Fatal(err)
	}
	rules := 0
	for _, f := range files {
		if f.test || !strings.HasPrefix(f.dir, "internal/") {
			continue
		}
		source, err := fs.ReadFile(tree, f.path)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range rulePatterns {
			for _, m := range p.FindAllStringSubmatch(string(source), -1) {
				rules++
				if !strings.Contains(string(page), "`"+m[1]+"`") {
					t.Errorf("%s: rule %s is not explained in docs/checks.md", f.path, m[1])
				}
			}
		}
	}
	if rules < 40 {
		t.Errorf("only %d rules found in the source: the patterns miss some", rules)
	}
}
