package sqlite

import (
	"context"
	"fmt"
	"testing"

	"github.com/goldthread/goldthread/internal/disk"
	"github.com/goldthread/goldthread/internal/disk/disktest"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/ledgertest"
)

type step = disktest.Step[ledger.Store]

// writePaths are all ways to write to the store. Whoever adds one adds a line.
func writePaths(many int) []disktest.Path[ledger.Store] {
	create := disktest.Create("pump")
	filled := []step{create, group(1, 1), group(2, 3), group(5, 5)}
	return []disktest.Path[ledger.Store]{
		{Name: "first start and first project", Steps: []step{create}},
		{Name: "second project", Before: filled, Steps: []step{disktest.Create("valve")}},
		{Name: "first entry", Before: []step{create}, Steps: []step{group(1, 1)}},
		{Name: "small entries one by one", Before: filled, Steps: []step{group(10, 1), group(11, 1), group(12, 1), group(13, 1)}},
		{Name: "a group of entries", Before: filled, Steps: []step{group(10, 40)}},
		{Name: "two projects in turn", Before: filled, Steps: []step{disktest.Create("valve"), group(10, 2), inProject("valve", 1, 2), group(12, 2)}},
		{Name: fmt.Sprintf("an entry of %d operations", many), Before: filled, Steps: []step{large(10, many), group(11, 1)}},
		{Name: "a retry of what was answered", Before: filled, Steps: []step{group(10, 2), again(group(2, 3)), again(group(10, 2)), group(12, 1)}},
	}
}

// group appends n entries from number first on.
func group(first int64, n int) step { return inProject("pump", first, n) }

func inProject(project string, first int64, n int) step {
	entries := make([]ledger.Entry, n)
	for i := range entries {
		entries[i] = keyed(first + int64(i))
	}
	return disktest.Append(project, first, entries...)
}

// again is a step that was done before, so there is no telling whether it was done again: nothing must change.
func again(s step) step {
	s.Undone = nil
	return s
}

// large appends one entry of many operations.
func large(sequence int64, operations int) step {
	e := keyed(sequence)
	e.Operations = nil
	for i := range operations {
		e.Operations = append(e.Operations, ledgertest.Operation(int(sequence), i))
	}
	return disktest.Append("pump", sequence, e)
}

// onDisk is the store on a disk whose power is cut, opened with pragmas and then with more.
func onDisk(pragmas []string, more string) disktest.System[ledger.Store] {
	return disktest.System[ledger.Store]{
		Open: func(ctx context.Context, d disk.Disk, folder string) (ledger.Store, error) {
			s, err := open(ctx, d, folder, pragmas)
			if err != nil {
				return nil, err
			}
			if _, err := s.writer.ExecContext(ctx, more); err != nil {
				return nil, err
			}
			return s, nil
		},
		Close: func(s ledger.Store) error { return s.Close() },
		Check: disktest.CheckLedgers,
	}
}

// eager writes the log back into the database after every few pages, where the program does so after a thousand: so that this and the
// new beginning of the log fall into every path.
func eager() []string { return append([]string{"wal_autocheckpoint(4)"}, pragmas...) }

// TestPowerCut cuts the power after every event of every way to write. Under the race detector, which makes SQLite forty times slower,
// it makes few cuts; scripts/test runs it without. GOLDTHREAD_SOAK=1 makes ten times as many.
//
// goldthread:verifies SRS-52, SRS-53
// goldthread:verifies-implementation-of RC-10
// goldthread:verifies-effectiveness-of RC-10
func TestPowerCut(t *testing.T) {
	o := disktest.FromEnvironment(t, 900)
	sum := disktest.Cut(t, onDisk(pragmas, ""), writePaths(2000), o)
	t.Run("writing the log back all the time", func(t *testing.T) {
		if disktest.Short {
			t.Skip("takes too long under the race detector")
		}
		sum = sum.Add(disktest.Cut(t, onDisk(eager(), ""), writePaths(100), o))
	})
	if least := 10_000 * o.Cuts / 900; sum.Cuts < least && !disktest.Short {
		t.Errorf("there were %d cuts, %d are promised", sum.Cuts, least)
	}
}

// TestPowerCutHasTeeth shows that TestPowerCut can fail: a store that syncs less loses what it had acknowledged, whatever it is that it
// does not sync.
func TestPowerCutHasTeeth(t *testing.T) {
	if disktest.Short {
		t.Skip("takes more cuts than there are under the race detector")
	}
	o := disktest.FromEnvironment(t, 700)
	for _, c := range []struct{ sentence, pragma string }{
		{"synchronous NORMAL", "pragma synchronous = normal"},
		{"synchronous OFF", "pragma synchronous = off"},
	} {
		t.Run(c.sentence, func(t *testing.T) { t.Log(disktest.MustLose(t, onDisk(pragmas, c.pragma), writePaths(10), o)) })
	}
	for _, forgotten := range disktest.Syncs(t, onDisk(eager(), ""), writePaths(10)) {
		t.Run("without the sync of "+forgotten.Name, func(t *testing.T) {
			o := o
			o.Forget = func(s disktest.Sync) bool { return s.Name == forgotten.Name }
			t.Log(disktest.MustLose(t, onDisk(eager(), ""), writePaths(10), o))
		})
	}
	t.Run("without the sync of one commit", func(t *testing.T) {
		o := o
		o.Forget = func(s disktest.Sync) bool { return s.Name == disktest.Folder+"/ledger.db-wal" && s.Number == 1 }
		t.Log(disktest.MustLose(t, onDisk(pragmas, ""), writePaths(10), o))
	})
}

// TestEveryCallFailsOnce: no fault of the disk loses anything or needs a new start.
//
// goldthread:verifies SRS-52, SRS-59
// goldthread:verifies-implementation-of RC-10
// goldthread:verifies-effectiveness-of RC-10
func TestEveryCallFailsOnce(t *testing.T) {
	disktest.Fault(t, onDisk(eager(), ""), writePaths(20), disktest.FromEnvironment(t, 0))
}
