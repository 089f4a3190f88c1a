package exchangetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// Example is an example of a page: files, and what the page says that they give.
type Example struct {
	Line  int // of the page, where the files begin
	Files []txtar.File
	Gives string
}

// Examples are the examples of a page below docs/. One is a block of code that begins with "-- name --", as txtar has it,
// and the block of code behind it.
func Examples(t testing.TB, page string) []Example {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root(t), "docs", page))
	if err != nil {
		t.Fatal(err)
	}
	var all []Example
	var files *Example
	for _, b := range blocks(string(data)) {
		switch {
		case strings.HasPrefix(b.text, "-- "):
			files = &Example{Line: b.line, Files: txtar.Parse([]byte(b.text)).Files}
		case files != nil:
			files.Gives = b.text
			all = append(all, *files)
			files = nil
		}
	}
	if len(all) == 0 || files != nil {
		t.Fatalf("docs/%s: %d examples, and files without what they give: %v", page, len(all), files)
	}
	return all
}

type block struct {
	line int
	text string
}

// blocks are the blocks of code between lines of three backticks.
func blocks(page string) []block {
	var all []block
	var open *block
	for i, line := range strings.Split(page, "\n") {
		switch {
		case strings.HasPrefix(line, "```") && open == nil:
			open = &block{line: i + 2}
		case strings.HasPrefix(line, "```"):
			all = append(all, *open)
			open = nil
		case open != nil:
			open.text += line + "\n"
		}
	}
	return all
}

// Write writes the files of an example into a new folder.
func (e *Example) Write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range e.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
