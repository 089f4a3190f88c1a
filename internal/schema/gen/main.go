// Command gen turns kinds.yaml into what is made from it: the Go tables of package schema, the typed accessors and the
// table their test walks through, and the tables in docs/schema.md. It runs in internal/schema by go generate, built with
// the tag bootstrap so that it does not depend on what it writes. It refuses a kinds.yaml with faults, and lists them.
package main

import (
	"fmt"
	"go/format"
	"os"
	"path/filepath"

	"github.com/goldthread/goldthread/internal/schema"
)

// goldthread:implements SRS-9
func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run writes every file that differs from what dir, the folder of package schema, asks for.
func run(dir string) error {
	files, err := generate(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		old, err := os.ReadFile(f.path)
		if err == nil && string(old) == string(f.content) {
			continue
		}
		if err := os.WriteFile(f.path, f.content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// file is one generated file.
type file struct {
	path    string
	content []byte
}

const header = "// Code generated from kinds.yaml by go generate; DO NOT EDIT.\n\n"

// generate makes all files without writing them.
func generate(dir string) ([]file, error) {
	kinds, err := os.ReadFile(filepath.Join(dir, "kinds.yaml"))
	if err != nil {
		return nil, err
	}
	s, faults := schema.Load(kinds)
	for _, f := range faults {
		fmt.Fprintln(os.Stderr, f)
	}
	if s == nil {
		return nil, fmt.Errorf("kinds.yaml: %d faults", len(faults))
	}
	page := filepath.Join(dir, "..", "..", "docs", "schema.md")
	text, err := os.ReadFile(page)
	if err != nil {
		return nil, err
	}
	filled, err := fillPage(string(text), s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", page, err)
	}
	files := []file{{page, []byte(filled)}}
	for name, code := range map[string]string{
		"tables_gen.go":         tables(s),
		"accessors_gen.go":      accessors(s),
		"accessors_gen_test.go": accessorTable(s),
	} {
		formatted, err := format.Source([]byte(code))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, file{filepath.Join(dir, name), formatted})
	}
	return files, nil
}
