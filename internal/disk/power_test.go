package disk_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/goldthread/goldthread/internal/disk"
	"github.com/goldthread/goldthread/internal/disk/disktest"
)

// place is a disk with the one file that is written.
type place struct {
	disk disk.Disk
	name string
}

// onDisk writes the file with write.
func onDisk(write func(d disk.Files, name string, perm os.FileMode, write func(io.Writer) error) error) (disktest.System[place], []disktest.Path[place]) {
	sys := disktest.System[place]{
		Open: func(_ context.Context, d disk.Disk, folder string) (place, error) {
			if err := disktest.MakeFolder(d, folder); err != nil {
				return place{}, err
			}
			return place{d, filepath.Join(folder, "key")}, nil
		},
		Close: func(place) error { return nil },
		Check: func(context.Context, place) error { return nil },
	}
	put := func(n int) disktest.Step[place] {
		return disktest.Step[place]{
			Name: fmt.Sprintf("write number %d", n),
			Do: func(_ context.Context, p place) error {
				return write(p.disk, p.name, 0o600, func(w io.Writer) error {
					_, err := io.WriteString(w, text(n))
					return err
				})
			},
			Done: func(_ context.Context, p place) error { return holds(p, func(is string) bool { return is >= text(n) }) },
			Undone: func(_ context.Context, p place) error {
				if _, err := p.disk.Stat(p.name); n == 1 && os.IsNotExist(err) {
					return nil
				}
				return holds(p, func(is string) bool { return is < text(n) })
			},
		}
	}
	return sys, []disktest.Path[place]{
		{Name: "a file is made", Steps: []disktest.Step[place]{put(1)}},
		{Name: "a file is replaced", Before: []disktest.Step[place]{put(1)}, Steps: []disktest.Step[place]{put(2), put(3)}},
	}
}

// text is 3,000 times the number.
func text(n int) string {
	all := make([]byte, 3000)
	for i := range all {
		all[i] = '0' + byte(n)
	}
	return string(all)
}

// holds wants one of the texts, and that which is wanted.
func holds(p place, wanted func(string) bool) error {
	f, err := p.disk.OpenFile(p.name, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	is, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	for n := range 10 {
		if string(is) == text(n) && wanted(text(n)) {
			return nil
		}
	}
	return fmt.Errorf("%d bytes, beginning with %.5q", len(is), is)
}

// goldthread:verifies SRS-52
func TestWriteSurvivesAPowerCut(t *testing.T) {
	sys, paths := onDisk(disk.Write)
	disktest.Cut(t, sys, paths, disktest.FromEnvironment(t, 1000))
}

func TestWriteSurvivesAnyFailingCall(t *testing.T) {
	sys, paths := onDisk(disk.Write)
	o := disktest.FromEnvironment(t, 0)
	o.Plain = true
	disktest.Fault(t, sys, paths, o)
}

// TestLesserWritesAreFound shows that the test above can fail.
func TestLesserWritesAreFound(t *testing.T) {
	if disktest.Short {
		t.Skip("takes more cuts than there are under the race detector")
	}
	plain := func(d disk.Files, name string, perm os.FileMode, write func(io.Writer) error) error {
		f, err := d.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
		if err != nil {
			return err
		}
		if err := write(f); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		return d.SyncNames(filepath.Dir(name))
	}
	t.Run("written in place", func(t *testing.T) {
		sys, paths := onDisk(plain)
		t.Log(disktest.MustLose(t, sys, paths, disktest.FromEnvironment(t, 1000)))
	})
	sys, paths := onDisk(disk.Write)
	for _, forgotten := range disktest.Syncs(t, sys, paths) {
		t.Run("without the sync of "+forgotten.Name, func(t *testing.T) {
			o := disktest.FromEnvironment(t, 1000)
			o.Forget = func(s disktest.Sync) bool { return s.Name == forgotten.Name }
			t.Log(disktest.MustLose(t, sys, paths, o))
		})
	}
}
