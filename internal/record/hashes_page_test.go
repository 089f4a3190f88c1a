package record_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/record"
)

// hashesPage is where the bytes are promised to strangers.
const hashesPage = "../../docs/hashes.md"

// marked returns the fenced block that follows a marker in a page.
func marked(t *testing.T, page, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "<!-- "+name+" -->\n```")
	_, rest, opened := strings.Cut(rest, "\n")
	block, _, closed := strings.Cut(rest, "\n```")
	if !ok || !opened || !closed {
		t.Fatalf("%s has no block %q", hashesPage, name)
	}
	return block
}

// TestTheExampleOfThePage recomputes the worked example of docs/hashes.md in three ways: from the bytes that the page shows, by
// encoding/json and jcs, and by this package.
func TestTheExampleOfThePage(t *testing.T) {
	text, err := os.ReadFile(hashesPage)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	item := record.Item{
		ID: record.ID{1}, Key: "SRS-12", Kind: "SRS", Title: "Stop on occlusion",
		Text: "The controller shall stop the motor within 200 ms.\n\n![Pressure over time](img/pressure.png)",
		Fields: []record.Field{
			{Name: "category", Values: []string{"alarms", "functional"}, Many: true},
			{Name: "rationale", Values: []string{"The line can burst."}},
		},
		Files: []record.File{{Name: "docs/img/pressure.png", Hash: sha256.Sum256([]byte("image"))}},
	}
	shown := marked(t, page, "content bytes")
	if d := cmp.Diff(string(secondOpinion(t, &item)), shown); d != "" {
		t.Errorf("the content bytes of the page (-jcs +page):\n%s", d)
	}
	want := marked(t, page, "content hash")
	if got := "h1:" + sum(shown); got != want {
		t.Errorf("the page's content hash is %s, its bytes have %s", want, got)
	}
	if got := item.ContentHash().Content(); got != want {
		t.Errorf("the page's content hash is %s, the item has %s", want, got)
	}
	for _, line := range append(strings.Split(item.Text, "\n"), "## SRS-12 "+item.Title, "- category: alarms, functional", "- rationale: The line can burst.") {
		if line != "" && !strings.Contains(page, "\n    "+line+"\n") {
			t.Errorf("the page does not show the line %q of the item", line)
		}
	}

	id, err := record.ParseID("0000000000000000000000000c")
	if err != nil {
		t.Fatal(err)
	}
	links := []record.Link{{Verb: "uses", Source: item.ID, Ref: "platform/SOUP-7"}, {Verb: "refines", Source: item.ID, Target: id, Ref: "SYS-3"}}
	want = marked(t, page, "links hash")
	if got := "l1:" + sum(marked(t, page, "links bytes")); got != want {
		t.Errorf("the page's link-set hash is %s, its bytes have %s", want, got)
	}
	if got := record.LinkSetHash(links).Links(); got != want {
		t.Errorf("the page's link-set hash is %s, the links have %s", want, got)
	}
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}
