package main

import (
	"os"
	"testing"
)

// goldthread:verifies SRS-9
func TestGeneratedFilesAreCurrent(t *testing.T) {
	files, err := generate("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		have, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		if string(have) != string(f.content) {
			t.Errorf("%s is not what kinds.yaml asks for: run go generate ./internal/schema", f.path)
		}
	}
}
