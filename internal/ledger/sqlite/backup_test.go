package sqlite

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// A backup that is made while others write holds a beginning of the ledger, whole and provable.
//
// goldthread:verifies SRS-96
func TestABackupWhileOthersWrite(t *testing.T) {
	s := openIn(t, t.TempDir())
	if err := s.Create(t.Context(), "pump"); err != nil {
		t.Fatal(err)
	}
	heads := []ledger.Head{ledger.EmptyHead()}
	appendOne := func() {
		r, err := s.Append(t.Context(), "pump", heads[len(heads)-1], []ledger.Entry{benchEntry(len(heads), 3)})
		if err != nil {
			t.Error(err)
		}
		heads = append(heads, r.Head)
	}
	for range 20 {
		appendOne()
	}
	var wait sync.WaitGroup
	stop := make(chan struct{})
	wait.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				appendOne()
			}
		}
	})
	var folders []string
	for range 5 {
		folder := filepath.Join(t.TempDir(), "copy")
		if err := s.Backup(t.Context(), folder); err != nil {
			t.Error(err)
		}
		folders = append(folders, folder)
	}
	close(stop)
	wait.Wait()
	for _, folder := range folders {
		copied := openIn(t, folder)
		head, damages, err := ledger.Verify(t.Context(), copied, "pump")
		if err != nil || len(damages) > 0 || head.Size < 20 || head != heads[head.Size] {
			t.Errorf("a copy with head %s: %v, %v", head, damages, err)
		}
		if _, err := copied.Append(t.Context(), "pump", head, []ledger.Entry{benchEntry(100_000, 1)}); err != nil {
			t.Errorf("a copy cannot be written: %v", err)
		}
		if err := s.Backup(t.Context(), folder); !errors.Is(err, fault.Conflict) {
			t.Errorf("a second backup into one folder: %v", err)
		}
	}
}
