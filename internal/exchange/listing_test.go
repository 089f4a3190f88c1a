package exchange_test

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/goldthread/goldthread/internal/exchange"
)

type counting struct {
	fs.FS
	read map[string]int
}

func (c counting) ReadDir(name string) ([]fs.DirEntry, error) {
	c.read[name]++
	return fs.ReadDir(c.FS, name)
}

func TestListingReadsAFolderOnce(t *testing.T) {
	c := counting{fstest.MapFS{"a/b/c.txt": {}, "a/d.txt": {Data: []byte("x")}}, map[string]int{}}
	l := exchange.NewListing(c)
	walk := func() (names []string) {
		err := fs.WalkDir(l, ".", func(name string, _ fs.DirEntry, err error) error {
			names = append(names, name)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	first := walk()
	if again := walk(); !slices.Equal(first, again) || len(first) != 5 {
		t.Errorf("walked %v, then %v", first, again)
	}
	for name, n := range c.read {
		if n != 1 {
			t.Errorf("%s was read %d times", name, n)
		}
	}
	if data, err := fs.ReadFile(l, "a/d.txt"); err != nil || string(data) != "x" {
		t.Errorf("a file behind a listing: %q, %v", data, err)
	}
	for range 2 {
		if _, err := l.ReadDir("nothing"); err == nil {
			t.Error("a folder that is not there can be listed")
		}
	}
}
