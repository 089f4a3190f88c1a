package access_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/access"
)

// goldthread:verifies SRS-105
func TestThePageShowsTheTable(t *testing.T) {
	text, err := os.ReadFile("../../docs/signatures.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "<!-- permissions -->\n")
	shown, _, _ := strings.Cut(rest, "\n\n")
	if d := cmp.Diff(strings.TrimSuffix(access.Table(), "\n"), shown); d != "" {
		t.Errorf("docs/signatures.md (-program +page):\n%s", d)
	}
	if !strings.Contains(string(text), "`"+access.ExceptionText+"…`") {
		t.Error("the page does not say how an exception begins")
	}
}
