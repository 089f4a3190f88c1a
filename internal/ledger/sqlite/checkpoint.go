package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// PutCheckpoint implements ledger.Store.
func (s *Store) PutCheckpoint(ctx context.Context, project string, c ledger.CheckpointRow) error {
	return s.write(ctx, fmt.Sprintf("the checkpoint of project %s cannot be written", project), func(ctx context.Context, tx *sql.Tx) error {
		if _, err := s.writing.in(ctx, tx).headOf(ctx, project); err != nil {
			return err
		}
		return s.insertCheckpoint(ctx, tx, project, c)
	})
}

// insertCheckpoint writes a checkpoint unless it is there.
func (s *Store) insertCheckpoint(ctx context.Context, tx *sql.Tx, project string, c ledger.CheckpointRow) error {
	look := s.writing.in(ctx, tx)
	first, err := look.tree(ctx, project).ReadHashes([]int64{0})
	if err != nil {
		return fault.New(fault.Invalid, fmt.Sprintf("project %s has no entry that a checkpoint could cover", project), err)
	}
	var sequence int64
	var column []byte
	err = look.root.QueryRowContext(ctx, project, c.Size).Scan(&sequence, &column)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Newf(fault.Invalid, "project %s has no entry %d that a checkpoint could cover", project, c.Size)
	}
	if err != nil {
		return err
	}
	var root ledger.Hash
	fixed(root[:], column)
	if err := c.CheckNew(ledger.Origin(first[0]), root); err != nil {
		return err
	}
	var stored []byte
	err = tx.QueryRowContext(ctx, "select note from checkpoints where project = ?1 and size = ?2", project, c.Size).Scan(&stored)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, err = tx.StmtContext(ctx, s.insert.checkpoint).ExecContext(ctx, project, c.Size, c.Note)
		return err
	case err != nil:
		return err
	case !bytes.Equal(stored, c.Note):
		return fault.Newf(fault.Conflict, "project %s has another checkpoint of %d entries", project, c.Size)
	}
	return nil
}

// LastCheckpoint implements ledger.Store.
func (s *Store) LastCheckpoint(ctx context.Context, project string) (ledger.CheckpointRow, error) {
	if _, err := s.Head(ctx, project); err != nil {
		return ledger.CheckpointRow{}, err
	}
	found, err := collect(scanCheckpoint)(s.reader.QueryContext(ctx, "select size, note from checkpoints where project = ?1 order by size desc limit 1", project))
	if err != nil {
		return ledger.CheckpointRow{}, classify(err, unreadable(project))
	}
	if len(found) == 0 {
		return ledger.CheckpointRow{}, fault.Newf(fault.NotFound, "project %s has no checkpoint yet", project)
	}
	return found[0], nil
}

// pageCheckpoints is how many checkpoints are read in one go.
const pageCheckpoints = 1024

// Checkpoints implements ledger.Store.
func (s *Store) Checkpoints(ctx context.Context, project string, from int64) iter.Seq2[ledger.CheckpointRow, error] {
	return func(yield func(ledger.CheckpointRow, error) bool) {
		if _, err := s.Head(ctx, project); err != nil {
			yield(ledger.CheckpointRow{}, err)
			return
		}
		if from <= 1 {
			from = math.MinInt64 // what somebody has put in is to be seen too
		}
		for next := from; ; {
			page, err := collect(scanCheckpoint)(s.reader.QueryContext(ctx, "select size, note from checkpoints where project = ?1 and size >= ?2 order by size limit ?3", project, next, pageCheckpoints))
			if err != nil {
				yield(ledger.CheckpointRow{}, classify(err, unreadable(project)))
				return
			}
			for _, c := range page {
				if !yield(c, nil) {
					return
				}
			}
			if len(page) < pageCheckpoints {
				return
			}
			next = page[len(page)-1].Size + 1
		}
	}
}

func scanCheckpoint(rows *sql.Rows) (c ledger.CheckpointRow, err error) {
	err = rows.Scan(&c.Size, &c.Note)
	return c, err
}
