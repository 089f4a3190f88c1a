package cli

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

// filesIn are the files below a folder.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What other tools have written comes back from an import and an export byte for byte, but files that are no part of it; and
// where items have changed here, those files or lines differ and no others.
//
// goldthread:verifies SRS-73, SRS-75
func TestSourcesComeBack(t *testing.T) {
	for _, c := range []struct {
		format, folder string
		others         []string // that an import does not read
		edit, edited   string   // words that are changed wherever a document here has them
	}{
		{"doorstop", "doorstop/doorstop-own", []string{"ext/test-modified.file", "ext/test.file"}, "Doorstop", "Goldthread"},
		{"doorstop", "doorstop/doorstop-llt", nil, "", ""},
		{"strictdoc", "strictdoc/own-l1-l2-l3", nil, "StrictDoc shall", "It shall"},
		{"strictdoc", "strictdoc/bad-duplicate-mid", nil, "", ""},
		{"openfasttrace", "openfasttrace/samples", nil, "", ""},
		{"openfasttrace", "openfasttrace/reqm2", nil, "", ""},
	} {
		t.Run(c.folder, func(t *testing.T) {
			source := filepath.Join(exchangetest.Data(t), "reqtext", filepath.FromSlash(c.folder))
			dir := t.TempDir()
			if a := askIn(t, dir, "import", c.format, source, "--into", "thread", "--name", "it"); a.Exit != 0 {
				t.Fatalf("exit code %d, %s %s", a.Exit, a.Out, a.Talk)
			}
			want := filesIn(t, source)
			for _, name := range c.others {
				delete(want, name)
			}
			if d := cmp.Diff(want, exported(t, dir, c.format)); d != "" {
				t.Errorf("(-source +exported)\n%s", d)
			}
			if c.edit == "" {
				return
			}
			editAll(t, filepath.Join(dir, "thread"), c.edit, c.edited)
			got := exported(t, dir, c.format)
			for name, data := range want {
				if has := strings.Contains(data, c.edit); has != (got[name] != data) {
					t.Errorf("%s has %q: %v, and is as it was: %v", name, c.edit, has, !has)
				}
				if c.format == "strictdoc" { // the whole text of an item is written anew, but no line of another one
					if d := cmp.Diff(strings.ReplaceAll(data, c.edit, c.edited), got[name]); d != "" {
						t.Errorf("%s (-edited +exported)\n%s", name, d)
					}
				}
			}
		})
	}
}

func exported(t *testing.T, dir, format string) map[string]string {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	a := askIn(t, dir, "export", format, "thread", "-o", "out")
	if a.Exit != 0 || strings.Contains(a.Out, "not written") {
		t.Fatalf("exit code %d, %s %s", a.Exit, a.Out, a.Talk)
	}
	return filesIn(t, filepath.Join(dir, "out"))
}

func editAll(t *testing.T, dir, old, now string) {
	t.Helper()
	for name, data := range filesIn(t, dir) {
		if !strings.HasSuffix(name, ".md") {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), bytes.ReplaceAll([]byte(data), []byte(old), []byte(now)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
