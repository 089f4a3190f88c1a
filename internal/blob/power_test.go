package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/disk"
	"github.com/goldthread/goldthread/internal/disk/disktest"
)

// onDisk is a folder of files on a disk whose power is cut.
func onDisk() disktest.System[*blob.Folder] {
	return disktest.System[*blob.Folder]{
		Open: func(_ context.Context, d disk.Disk, folder string) (*blob.Folder, error) {
			if err := disktest.MakeFolder(d, folder); err != nil {
				return nil, err
			}
			return blob.OpenFolderOn(d, filepath.Join(folder, "blobs"))
		},
		Close: func(f *blob.Folder) error { return f.Close() },
		Check: func(context.Context, *blob.Folder) error { return nil },
	}
}

// kept puts content and reads it again. What was not acknowledged may be there: no entry names it yet.
func kept(content string) disktest.Step[*blob.Folder] {
	return disktest.Step[*blob.Folder]{
		Name: fmt.Sprintf("put %d bytes %.3q", len(content), content),
		Do: func(_ context.Context, f *blob.Folder) error {
			_, err := f.Put(strings.NewReader(content), 1<<20)
			return err
		},
		Done: func(_ context.Context, f *blob.Folder) error {
			r, err := f.Open(sha256.Sum256([]byte(content)))
			if err != nil {
				return err
			}
			defer r.Close()
			got, err := io.ReadAll(r)
			if err == nil && !bytes.Equal(got, []byte(content)) {
				return errors.New("other bytes")
			}
			return err
		},
	}
}

func putPaths() []disktest.Path[*blob.Folder] {
	large := strings.Repeat("a page of a report\n", 5000)
	return []disktest.Path[*blob.Folder]{
		{Name: "first files", Steps: []disktest.Step[*blob.Folder]{kept("a"), kept("b"), kept("")}},
		{Name: "a large file and one that is there", Before: []disktest.Step[*blob.Folder]{kept("a"), kept("b")}, Steps: []disktest.Step[*blob.Folder]{kept(large), kept("a"), kept(large)}},
	}
}

// goldthread:verifies SRS-60
func TestPutSurvivesAPowerCut(t *testing.T) {
	disktest.Cut(t, onDisk(), putPaths(), disktest.FromEnvironment(t, 1000))
}

// goldthread:verifies SRS-59, SRS-60
func TestPutSurvivesAnyFailingCall(t *testing.T) {
	disktest.Fault(t, onDisk(), putPaths(), disktest.FromEnvironment(t, 0))
}

// TestEverySyncOfPutIsNeeded shows that the test above can fail: each sync that is left out loses a file.
func TestEverySyncOfPutIsNeeded(t *testing.T) {
	if disktest.Short {
		t.Skip("takes more cuts than there are under the race detector")
	}
	tried := map[string]bool{}
	for _, s := range disktest.Syncs(t, onDisk(), putPaths()) {
		which := class(s.Name)
		if tried[which] {
			continue
		}
		tried[which] = true
		t.Run("without the sync of "+which, func(t *testing.T) {
			o := disktest.FromEnvironment(t, 1000)
			o.Forget = func(s disktest.Sync) bool { return class(s.Name) == which }
			t.Log(disktest.MustLose(t, onDisk(), putPaths(), o))
		})
	}
}

// class is the name of a file, if it is not named at random or by its hash.
func class(name string) string {
	above, last := filepath.Split(name)
	switch {
	case strings.HasPrefix(last, "incoming-"):
		return above + "incoming"
	case len(last) == 2:
		return above + "hash"
	default:
		return name
	}
}
