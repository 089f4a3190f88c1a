// Package exchangetest gives tests of readers the real files they read and what is known of them: the folder
// GOLDTHREAD_DATA, each of whose parts has a manifest.json with facts about its files that other programs counted.
//
// It holds no files of its own, and a test that needs them is skipped where they are not at hand. Clause served:
// tests of what tools read [62304 5.7.4].
package exchangetest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Data is the folder of real files, or of a part of it: GOLDTHREAD_DATA, else shared/data beside the root of the repository.
func Data(t testing.TB, part ...string) string {
	t.Helper()
	folder := os.Getenv("GOLDTHREAD_DATA")
	if folder == "" {
		folder = filepath.Join(root(t), "..", "shared", "data")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no real data at %s: set GOLDTHREAD_DATA", folder)
	}
	return filepath.Join(folder, filepath.Join(part...))
}

// root is the folder of go.mod.
func root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("no go.mod above the test")
		}
		folder = parent
	}
}

// Row is one file or folder of a manifest.
type Row struct {
	File  string // slash path below the folder of the manifest
	Facts json.RawMessage
}

// Manifest is what the manifest of a part of the data says.
func Manifest(t testing.TB, part string) []Row {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(Data(t, part), "manifest.json"))
	if err != nil {
		t.Skipf("no manifest: %v", err)
	}
	var rows []Row
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// Facts reads what a manifest says of one file into facts.
func Facts(t testing.TB, part, file string, facts any) {
	t.Helper()
	for _, row := range Manifest(t, part) {
		if row.File != file {
			continue
		}
		if err := json.Unmarshal(row.Facts, facts); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("the manifest of %s does not name %s", part, file)
}
