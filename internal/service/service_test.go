package service_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger/sqlite"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
)

func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

// open opens a service on a data folder.
func open(t *testing.T, dir string) *service.Service { return openAt(t, dir, noon) }

func openAt(t testing.TB, dir string, now func() time.Time) *service.Service {
	t.Helper()
	s, closeAll := opened(t, dir, now)
	t.Cleanup(closeAll)
	return s
}

// opened is a service that the caller closes.
func opened(t testing.TB, dir string, now func() time.Time) (s *service.Service, closeAll func()) {
	t.Helper()
	store, err := sqlite.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.OpenFolder(filepath.Join(dir, service.BlobsFolder))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := service.OpenKeys(filepath.Join(dir, "keys"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s = service.New(service.Config{Store: store, Blobs: blobs, Now: now, Random: rand.Reader, Keys: keys})
	return s, func() {
		if err := errors.Join(s.Close(), blobs.Close(), keys.Close()); err != nil {
			t.Error(err)
		}
	}
}

const picture = "<svg/>"

func takeIn(content string) service.TakeIn {
	hash := record.Hash(sha256.Sum256([]byte(picture)))
	id := record.ProvisionalID
	return service.TakeIn{Command: service.Command{Project: "pump", Actor: service.LocalActor, Channel: "test", Reason: "a test"}, Settings: record.Settings{Title: "Pump"},
		Files: []service.File{{File: record.File{Name: "a.svg", Hash: hash}, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}},
		Operations: []record.Operation{
			record.PutItem{Item: record.Item{ID: id("SYS-1"), Key: "SYS-1", Kind: schema.KindSYS, Title: "Stop", Text: "The pump shall stop."}},
			record.PutItem{Item: record.Item{ID: id("SRS-1"), Key: "SRS-1", Kind: schema.KindSRS, Title: "Motor", Files: []record.File{{Name: "a.svg", Hash: hash}}}},
			record.AddLink{Link: record.Link{Verb: schema.VerbRefines, Source: id("SRS-1"), Target: id("SYS-1")}},
		}}
}

func TestWhatIsTakenInIsThereAfterAReopening(t *testing.T) {
	dir := t.TempDir()
	t.Run("taken in", func(t *testing.T) {
		s := open(t, dir)
		if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
			t.Fatal(err)
		}
		look(t, s)
		if err := s.TakeIn(t.Context(), takeIn(picture)); !errors.Is(err, fault.Conflict) {
			t.Errorf("a second project of the name: %v, want a conflict", err)
		}
	})
	t.Run("opened again", func(t *testing.T) { look(t, open(t, dir)) })
}

// look checks what the project holds.
func look(t *testing.T, s *service.Service) {
	t.Helper()
	p, err := s.Project(t.Context(), "pump")
	if err != nil {
		t.Fatal(err)
	}
	if n, l := p.Snapshot.Items(), p.Snapshot.Links(); n != 2 || l != 1 {
		t.Errorf("%d items and %d links, want 2 and 1", n, l)
	}
	h, ok := p.Snapshot.ByKey("SYS-1")
	if !ok {
		t.Fatal("SYS-1 is not there")
	}
	if text, err := p.Snapshot.Text(p.Source, h); err != nil || text != "The pump shall stop." {
		t.Errorf("text %q, %v", text, err)
	}
	r, err := s.Blob(sha256.Sum256([]byte(picture)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if data, err := io.ReadAll(r); err != nil || !bytes.Equal(data, []byte(picture)) {
		t.Errorf("the attached file: %q, %v", data, err)
	}
}

func TestAFileThatChangedMeanwhileStopsEverything(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.TakeIn(t.Context(), takeIn("<svg>other</svg>")); !errors.Is(err, fault.Conflict) {
		t.Fatalf("%v, want a conflict", err)
	}
	if has, err := s.Has(t.Context(), "pump"); err != nil || has {
		t.Errorf("there is a project all the same: %v, %v", has, err)
	}
}

func TestWhatDoesNotFoldIsNotWritten(t *testing.T) {
	s := open(t, t.TempDir())
	cmd := takeIn(picture)
	cmd.Operations = append(cmd.Operations, cmd.Operations[2]) // the same link again
	if err := s.TakeIn(t.Context(), cmd); !errors.Is(err, fault.Invalid) {
		t.Fatalf("%v, want invalid", err)
	}
	p, err := s.Project(t.Context(), "pump")
	if err == nil && p.Snapshot.Items() > 0 {
		t.Error("a part of the change was written")
	}
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Errorf("the command without the fault: %v", err)
	}
}

func TestReadersShareOneProject(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			p, err := s.Project(context.WithoutCancel(t.Context()), "pump")
			if err != nil || p.Snapshot.Links() != 1 {
				t.Errorf("a reader sees %v, %v", p, err)
			}
		})
	}
	wait.Wait()
	if _, err := s.Project(t.Context(), "pumpe"); !errors.Is(err, fault.NotFound) {
		t.Errorf("an unknown project: %v, want not found", err)
	}
}
