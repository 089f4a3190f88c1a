// Package disktest cuts the power of whatever writes to a disk, after every single operation, and looks at what is left. It serves
// the retrievability of controlled items [62304 8.3].
//
// Beneath the program it puts a Disk in memory with a volatile cache: a write lasts when the file was synced, a name when its folder
// was. The program runs once and everything it does to the disk is noted; then, for every point in that run and for many outcomes
// each, a disk is made of what lasted and of a random choice of the rest (dropped, torn and in any order, by the sector), the
// program is started on it, and what it finds is held against what it had acknowledged. The start and what follows it are cut in
// turn, now and then.
//
// SQLite reaches the Disk through a VFS: the same SQLite and driver as in the program, not another. Other files reach it as a
// disk.Disk.
//
// A new way to write is a Path: a name and Steps. A Step says how to write, how to see that it is there, and how to see that nothing
// of it is. For entries of a ledger, Create and Append make Steps:
//
//	disktest.Path[ledger.Store]{Name: "append an entry", Before: steps(Create("pump")), Steps: steps(Append("pump", 1, entry))}
//
// It is for tests alone.
package disktest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	driver "modernc.org/sqlite"

	"github.com/goldthread/goldthread/internal/disk"
)

// Folder is the data folder on the Disk. The one above it is not there at first.
const Folder = "/disk/data"

// System is a program under test: how it is started on a disk and stopped. S is what does the writing.
type System[S any] struct {
	Open  func(ctx context.Context, d disk.Disk, folder string) (S, error)
	Close func(S) error
	// Check looks for damage. It is called after every start and before every stop; the database in Folder is checked besides.
	Check func(ctx context.Context, s S) error
}

// Path is one way to write.
type Path[S any] struct {
	Name   string
	Before []Step[S] // done without a cut
	Steps  []Step[S]
}

// Step is a command that is acknowledged by returning. It keeps nothing in itself: it runs on many disks side by side.
type Step[S any] struct {
	Name string
	// Do writes. It is done again, with the same idempotency key, when it was not acknowledged, whether or not it had succeeded.
	Do func(ctx context.Context, s S) error
	// Done says what is missing or wrong of what Do wrote, also of what would be there twice.
	Done func(ctx context.Context, s S) error
	// Undone says what is there of what Do would write. Nil: parts of it may be there without harm (a file that nothing names).
	Undone func(ctx context.Context, s S) error
}

// run starts the program, does the steps from one on and stops it. before is called after the start.
func (p Path[S]) run(ctx context.Context, sys System[S], d *Disk, steps []Step[S], from int, before func(S) error) (err error) {
	s, err := sys.Open(ctx, d, Folder)
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	defer func() {
		if closing := sys.Close(s); closing != nil {
			err = errors.Join(err, fmt.Errorf("stop: %w", closing))
		}
	}()
	if before != nil {
		if err := before(s); err != nil {
			return err
		}
	}
	for i, step := range steps[from:] {
		if err := step.Do(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", step.Name, err)
		}
		d.acknowledge(from + i + 1)
	}
	if err := allDone(ctx, s, steps); err != nil {
		return fmt.Errorf("at the end: %w", err)
	}
	if err := sys.Check(ctx, s); err != nil {
		return fmt.Errorf("at the end: %w", err)
	}
	return d.checkDatabases(ctx)
}

func allDone[S any](ctx context.Context, s S, steps []Step[S]) error {
	for _, step := range steps {
		if err := step.Done(ctx, s); err != nil {
			return fmt.Errorf("%s is not done: %w", step.Name, err)
		}
	}
	return nil
}

// asAcknowledged holds what a start found against what had been acknowledged: all of that, the next step whole or not at all, and
// nothing of those after it.
func asAcknowledged[S any](ctx context.Context, s S, steps []Step[S], acknowledged int) error {
	for i, step := range steps {
		switch {
		case i < acknowledged:
			if err := step.Done(ctx, s); err != nil {
				return fmt.Errorf("%s was acknowledged and is lost: %w", step.Name, err)
			}
		case step.Undone == nil:
		case i == acknowledged:
			done, undone := step.Done(ctx, s), step.Undone(ctx, s)
			if done != nil && undone != nil {
				return fmt.Errorf("%s was not acknowledged and is there in part: %w; %w", step.Name, done, undone)
			}
		default:
			if err := step.Undone(ctx, s); err != nil {
				return fmt.Errorf("%s had not begun and is there: %w", step.Name, err)
			}
		}
	}
	return nil
}

// image runs the steps before a path and returns the disk they leave.
func (p Path[S]) image(ctx context.Context, sys System[S], seed uint64) (im image, err error) {
	im = newImage()
	if len(p.Before) == 0 {
		return im, nil
	}
	d, err := newDisk(im, seed)
	if err != nil {
		return im, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	d.quiet = true
	if err := p.run(ctx, sys, d, p.Before, 0, nil); err != nil {
		return im, fmt.Errorf("before the path: %w", err)
	}
	return d.image(), nil
}

// checkDatabases lets SQLite check the ledger's file, through a connection of its own.
func (d *Disk) checkDatabases(ctx context.Context) (err error) {
	const name = Folder + "/ledger.db"
	d.mu.Lock()
	_, missing := d.at(name)
	d.mu.Unlock()
	if missing != nil {
		return nil
	}
	connector, err := driver.NewConnector("file://" + name + "?vfs=" + d.SQLite() + "&_pragma=query_only(1)")
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()
	var answer string
	if err := db.QueryRowContext(ctx, "select group_concat(integrity_check, '; ') from pragma_integrity_check").Scan(&answer); err != nil {
		return fmt.Errorf("integrity check: %w", err)
	}
	if answer != "ok" {
		return fmt.Errorf("integrity check: %s", answer)
	}
	return nil
}
