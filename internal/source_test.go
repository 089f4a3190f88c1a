package internal

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// A goFile is one parsed Go file of the module, or of the small made-up tree of a test.
type goFile struct {
	path      string // below the root, with slashes
	dir       string // the folder, "." for the root
	test      bool   // a _test.go file
	generated bool
	lines     int
	syntax    *ast.File
	positions *token.FileSet
}

// program tells whether the file belongs to a command.
func (f goFile) program() bool { return f.syntax.Name.Name == "main" }

// at formats a place of the file as path:line.
func (f goFile) at(node ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, f.positions.Position(node.Pos()).Line)
}

// imports yields the import paths of the file with their declarations.
func (f goFile) imports(yield func(path string, spec *ast.ImportSpec) bool) {
	for _, spec := range f.syntax.Imports {
		unquoted, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has accepted it, so this cannot be
		}
		if !yield(unquoted, spec) {
			return
		}
	}
}

// skipFolder tells which folders hold nothing of the module's own source: what tools and tests keep there is not ours to judge.
func skipFolder(fsys fs.FS, name string) bool {
	base := path.Base(name)
	if name == "." {
		return false
	}
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	switch base {
	case "testdata", "node_modules", "vendor", "bin":
		return true
	}
	_, err := fs.Stat(fsys, path.Join(name, "go.mod")) // a module of its own
	return err == nil
}

// walkSource calls visit for every file below the root that is not in a skipped folder.
func walkSource(fsys fs.FS, visit func(name string) error) error {
	return fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && skipFolder(fsys, name):
			return fs.SkipDir
		case entry.Type().IsRegular():
			return visit(name)
		}
		return nil
	})
}

// readSource parses every Go file below the root.
func readSource(fsys fs.FS) ([]goFile, error) {
	var files []goFile
	positions := token.NewFileSet()
	err := walkSource(fsys, func(name string) error {
		if path.Ext(name) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(positions, name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		files = append(files, goFile{
			path:      name,
			dir:       path.Dir(name),
			test:      strings.HasSuffix(name, "_test.go"),
			generated: ast.IsGenerated(syntax),
			lines:     strings.Count(string(text), "\n"),
			syntax:    syntax,
			positions: positions,
		})
		return nil
	})
	return files, err
}

// root finds the folder of go.mod above the test's working folder.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = parent
	}
}

// moduleSource is the parsed source of this module.
func moduleSource(t *testing.T) []goFile {
	t.Helper()
	files, err := readSource(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no Go file found: the walk is broken")
	}
	return files
}

// madeUpSource is the parsed source of a txtar text, a tree small enough to read in a test.
func madeUpSource(t *testing.T, archive string) []goFile {
	t.Helper()
	files, err := readSource(madeUpTree(archive))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// madeUpTree is the file tree of a txtar text.
func madeUpTree(archive string) fstest.MapFS {
	tree := fstest.MapFS{}
	for _, file := range txtar.Parse([]byte(archive)).Files {
		tree[file.Name] = &fstest.MapFile{Data: file.Data}
	}
	return tree
}

// report fails the test once for each finding.
func report(t *testing.T, findings []string) {
	t.Helper()
	for _, finding := range findings {
		t.Error(finding)
	}
}
