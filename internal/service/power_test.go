package service_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/disk"
	"github.com/goldthread/goldthread/internal/disk/disktest"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/sqlite"
	"github.com/goldthread/goldthread/internal/service"
)

// powered is a service with all that it keeps on a disk whose power is cut.
type powered struct {
	*service.Service
	store ledger.Store
	blobs *blob.Folder
	keys  *service.Keys
}

func (p *powered) close() error {
	var faults []error
	if p.store != nil {
		faults = append(faults, p.store.Close())
	}
	if p.blobs != nil {
		faults = append(faults, p.blobs.Close())
	}
	if p.keys != nil {
		faults = append(faults, p.keys.Close())
	}
	return errors.Join(faults...)
}

func openOn(ctx context.Context, d disk.Disk, folder string) (_ *powered, err error) {
	p := &powered{}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	store, err := sqlite.OpenOn(ctx, d, folder)
	if err != nil {
		return nil, err
	}
	p.store = store
	if p.blobs, err = blob.OpenFolderOn(d, filepath.Join(folder, "files")); err != nil {
		return nil, err
	}
	random := new(counting)
	if p.keys, err = service.OpenKeysOn(d, filepath.Join(folder, "keys"), random); err != nil {
		return nil, err
	}
	p.Service = service.New(service.Config{Store: p.store, Blobs: p.blobs, Keys: p.keys, Now: noon, Random: random})
	return p, nil
}

// counting is randomness that is the same in every run.
type counting struct{ n uint64 }

func (c *counting) Read(p []byte) (int, error) {
	for i := 0; i < len(p); {
		c.n++
		sum := sha256.Sum256(fmt.Appendf(nil, "%d", c.n))
		i += copy(p[i:], sum[:])
	}
	return len(p), nil
}

func onDisk() disktest.System[*powered] {
	return disktest.System[*powered]{
		Open:  openOn,
		Close: (*powered).close,
		Check: func(ctx context.Context, p *powered) error { return disktest.CheckLedgers(ctx, p.store) },
	}
}

// commandStep is a command of the project pump that is entry number n. do gives it its key.
func commandStep(n int64, name string, do func(context.Context, *powered, service.Command) error) disktest.Step[*powered] {
	key := fmt.Sprintf("command %d", n)
	return disktest.Step[*powered]{
		Name: name,
		Do: func(ctx context.Context, p *powered) error {
			cmd := local()
			cmd.Idempotency = key
			return do(ctx, p, cmd)
		},
		Done: func(ctx context.Context, p *powered) error {
			at, err := p.store.Sequence(ctx, "pump", key)
			if err == nil && at != n {
				err = fmt.Errorf("it is entry %d, not %d", at, n)
			}
			if err == nil {
				_, err = p.Project(ctx, "pump")
			}
			return err
		},
		Undone: func(ctx context.Context, p *powered) error {
			if at, err := p.store.Sequence(ctx, "pump", key); !errors.Is(err, fault.NotFound) {
				return fmt.Errorf("it is entry %d, %w", at, err)
			}
			return nil
		},
	}
}

func taken() disktest.Step[*powered] {
	step := commandStep(1, "take in", func(ctx context.Context, p *powered, cmd service.Command) error {
		all := takeIn(picture)
		all.Command = cmd
		return p.TakeIn(ctx, all)
	})
	entry := step.Done
	step.Done = func(ctx context.Context, p *powered) error {
		if err := entry(ctx, p); err != nil {
			return err
		}
		r, err := p.Blob(sha256.Sum256([]byte(picture)))
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r)
		return errors.Join(err, r.Close())
	}
	return step
}

func baselined(n int64) disktest.Step[*powered] {
	return commandStep(n, "baseline", func(ctx context.Context, p *powered, cmd service.Command) error {
		_, err := p.Baseline(ctx, cmd, fmt.Sprintf("b%d", n), "")
		return err
	})
}

func rotated(n int64) disktest.Step[*powered] {
	return commandStep(n, "new signing key", func(ctx context.Context, p *powered, cmd service.Command) error {
		_, err := p.RotateKey(ctx, cmd)
		return err
	})
}

// commandPaths are the commands. Whoever adds one adds a line.
func commandPaths() []disktest.Path[*powered] {
	type steps = []disktest.Step[*powered]
	return []disktest.Path[*powered]{
		{Name: "take in, with a file and the first signing key", Steps: steps{taken()}},
		{Name: "commands", Before: steps{taken()}, Steps: steps{baselined(2), baselined(3)}},
		{Name: "a new signing key", Before: steps{taken(), baselined(2)}, Steps: steps{rotated(3), baselined(4)}},
	}
}

// goldthread:verifies SRS-52, SRS-60, SRS-61
func TestCommandsSurviveAPowerCut(t *testing.T) {
	disktest.Cut(t, onDisk(), commandPaths(), disktest.FromEnvironment(t, 500))
}

// goldthread:verifies SRS-59
func TestCommandsSurviveAnyFailingCall(t *testing.T) {
	disktest.Fault(t, onDisk(), commandPaths(), disktest.FromEnvironment(t, 0))
}
