package control

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The packages of the controller reach nothing but what is handed to them.
//
// goldthread:verifies SRS-37
// goldthread:part-of TC-25
func TestTheControllerReachesNoNetworkFilesOrProcesses(t *testing.T) {
	allowed := []string{"bufio", "bytes", "context", "crypto/sha256", "encoding/hex", "errors", "fmt", "io",
		"math/bits", "slices", "strconv", "strings", "sync", "time", "unicode/utf8"}
	const own = "github.com/goldthread/goldthread/examples/infusion-pump/"
	files := 0
	for _, pkg := range []string{"alarm", "control", "dose", "druglib", "eventlog", "monitor", "quantity", "watchdog"} {
		err := fs.WalkDir(os.DirFS(filepath.Join("..", pkg)), ".", func(name string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			files++
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", pkg, name), nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			for _, spec := range f.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					return err
				}
				if !slices.Contains(allowed, path) && (!strings.HasPrefix(path, own) || path == own+"sim") {
					t.Errorf("%s/%s imports %s", pkg, name, path)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files == 0 {
		t.Error("no source found")
	}
}
