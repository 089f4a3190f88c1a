package cli

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

func TestEveryFormatHasItsPage(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range formats() {
		if seen[f.name] || f.about == "" || f.detect == nil || f.read == nil {
			t.Errorf("%s: %+v", f.name, f)
		}
		seen[f.name] = true
		if _, err := os.Stat(filepath.Join("..", "..", "docs", f.doc)); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		if f.detect(fstest.MapFS{"README.md": {Data: []byte("# Nothing\n\nNo requirement here.\n")}, "main.go": {Data: []byte("package main\n")}}) {
			t.Errorf("%s is found where nothing is", f.name)
		}
	}
}
