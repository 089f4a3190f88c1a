package exchange_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goldthread/goldthread/internal/exchange"
)

func TestSources(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a/spec.reqif": "one", "a/other.txt": "x", "b/spec.reqif": "two", "tree/sub/c.yml": "three"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "a", "other.txt"), filepath.Join(dir, "tree", "out")); err != nil {
		t.Fatal(err)
	}
	at := func(names ...string) (paths []string) {
		for _, n := range names {
			paths = append(paths, filepath.Join(dir, filepath.FromSlash(n)))
		}
		return paths
	}
	for _, c := range []struct {
		names, want []string
	}{
		{[]string{"a/spec.reqif"}, []string{"spec.reqif"}},
		{[]string{"tree"}, []string{"out", "sub/c.yml"}},
		{[]string{"a/spec.reqif", "b/spec.reqif", "tree"}, []string{"spec-2.reqif", "spec.reqif", "tree/out", "tree/sub/c.yml"}},
	} {
		s, err := exchange.OpenSources(at(c.names...))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := fs.WalkDir(s, ".", func(name string, e fs.DirEntry, err error) error {
			if !e.IsDir() {
				got = append(got, name)
			}
			return err
		}); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%v holds %v, %v", c.names, got, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	s, err := exchange.OpenSources(at("a/spec.reqif", "tree"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if data, err := fs.ReadFile(s, "spec.reqif"); err != nil || string(data) != "one" {
		t.Errorf("%q, %v", data, err)
	}
	for _, name := range []string{"other.txt", "spec.reqif/x", "../a/other.txt", "tree/out"} { // beside, below, above and behind a link
		if _, err := fs.ReadFile(s, name); err == nil {
			t.Errorf("%s can be read", name)
		}
	}
	if _, err := exchange.OpenSources(at("nothing")); err == nil {
		t.Error("what is not there is opened")
	}
}
