package service_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
)

// goldthread:verifies SRS-96
func TestABackupIsRestoredAndGoesOn(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir, noon)
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() { // somebody goes on writing
		for n := int64(1); ; n++ {
			select {
			case <-stop:
				return
			default:
				if _, err := s.Push(context.WithoutCancel(t.Context()), pushed(n, put("SYS-1", schema.KindSYS, fmt.Sprint("Title ", n)))); err != nil {
					t.Error(err)
				}
			}
		}
	})
	backup := filepath.Join(t.TempDir(), "backup")
	err := s.Backup(t.Context(), backup)
	close(stop)
	wait.Wait()
	if err != nil {
		t.Fatal(err)
	}
	restored := filepath.Join(t.TempDir(), "restored")
	if err := service.Restore(backup, restored); err != nil {
		t.Fatal(err)
	}
	r := openAt(t, restored, noon)
	v, err := r.Verify(t.Context(), "pump")
	if err != nil || len(v.Damages) > 0 || v.Files != 1 {
		t.Fatalf("%+v, %v", v, err)
	}
	if _, err := r.Push(t.Context(), pushed(v.Head.Size, put("SYS-1", schema.KindSYS, "After the restoring"))); err != nil {
		t.Error(err)
	}
	if err := service.Restore(backup, restored); !errors.Is(err, fault.Conflict) {
		t.Errorf("over a folder that is there: %v", err)
	}
	if err := service.Restore(t.TempDir(), filepath.Join(t.TempDir(), "x")); !errors.Is(err, fault.NotFound) {
		t.Errorf("from a folder without a backup: %v", err)
	}
	if err := s.Backup(t.Context(), backup); !errors.Is(err, fault.Conflict) {
		t.Errorf("into a folder with a backup: %v", err)
	}
}
