package wording

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the rules into docs/wording.md")

const page = "../../docs/wording.md"

// TestRulesAreExplained holds the rules on docs/wording.md against the table.
func TestRulesAreExplained(t *testing.T) {
	const begin, end = "<!-- rules: written by the tests -->\n", "<!-- end of rules -->\n"
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(raw), begin)
	got, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the rules", page)
	}
	var want strings.Builder
	for _, c := range Confidences() {
		fmt.Fprintf(&want, "\n## Rules of %s confidence\n", c)
		for _, r := range Rules() {
			if r.Confidence == c {
				fmt.Fprintf(&want, "\n### `%s`: %s\n\n%s %s\n\n- not: %s\n- but: %s\n- source: %s\n", r.ID, r.Title, r.Why, r.Better, r.Bad, r.Good, r.Source)
			}
		}
	}
	want.WriteString("\n")
	if *update {
		if err := os.WriteFile(page, []byte(before+begin+want.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), got); diff != "" {
		t.Errorf("%s does not say what the table says; run with -update\n%s", page, diff)
	}
}
