package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// inserts are the statements of the writer, prepared once.
type inserts struct{ entry, operation, hash, checkpoint, redaction, redact *sql.Stmt }

func prepareInserts(ctx context.Context, writer *sql.DB) (p inserts, err error) {
	for _, s := range []struct {
		into **sql.Stmt
		text string
	}{
		{&p.entry, `insert into entries (project, sequence, idempotency_key, operation_count, operations_root, root, envelope)
			values (?1, ?2, nullif(?3, ''), ?4, ?5, ?6, ?7)`},
		{&p.operation, `insert into operations (project, sequence, number, commitment, salt, bytes) values (?1, ?2, ?3, ?4, ?5, ?6)`},
		{&p.hash, `insert into tree_hashes (project, node, hash) values (?1, ?2, ?3)`},
		{&p.checkpoint, `insert into checkpoints (project, size, note) values (?1, ?2, ?3)`},
		{&p.redaction, `insert into redactions (project, sequence, number, by_sequence) values (?1, ?2, ?3, ?4)`},
		{&p.redact, `update operations set salt = null, bytes = null where project = ?1 and sequence = ?2 and number = ?3`},
	} {
		if *s.into, err = writer.PrepareContext(ctx, s.text); err != nil {
			return inserts{}, err
		}
	}
	return p, nil
}

// Create implements ledger.Store.
func (s *Store) Create(ctx context.Context, project string) error {
	if err := ledger.CheckProject(project); err != nil {
		return err
	}
	return s.write(ctx, fmt.Sprintf("project %s cannot be made", project), func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "insert into projects (project) values (?1)", project)
		if isTaken(err) {
			return fault.New(fault.Conflict, fmt.Sprintf("project %s exists already", project), err)
		}
		return err
	})
}

// Append implements ledger.Store.
//
// goldthread:implements SRS-53
func (s *Store) Append(ctx context.Context, project string, expected ledger.Head, entries []ledger.Entry, checkpoints ...ledger.CheckpointRow) (ledger.Receipt, error) {
	rows, err := ledger.Prepare(expected.Size, entries) // hashing is done before the turn is taken
	if err != nil {
		return ledger.Receipt{}, fmt.Errorf("append to project %s: %w", project, err)
	}
	if err := ledger.CheckCheckpoints(checkpoints); err != nil {
		return ledger.Receipt{}, fmt.Errorf("append to project %s: %w", project, err)
	}
	redacts := slices.ContainsFunc(rows, func(r ledger.Row) bool { return len(r.Redacts) > 0 })
	var receipt ledger.Receipt
	err = s.write(ctx, fmt.Sprintf("project %s cannot be written", project), func(ctx context.Context, tx *sql.Tx) error {
		look := s.writing.in(ctx, tx)
		now, err := look.headOf(ctx, project)
		if err != nil {
			return err
		}
		if receipt, err = repeated(ctx, look, project, now, rows); err != nil || receipt.Repeated {
			return err
		}
		if now != expected {
			return fault.New(fault.Conflict, fmt.Sprintf("project %s has changed: it has %d entries, not %d", project, now.Size, expected.Size), ledger.ErrHeadMoved)
		}
		if receipt, err = s.insertRows(ctx, tx, project, now, rows); err != nil {
			return err
		}
		return s.insertCheckpoints(ctx, tx, project, now.Size, checkpoints)
	})
	if err != nil {
		return ledger.Receipt{}, err
	}
	if redacts && !receipt.Repeated {
		return receipt, s.forget(ctx)
	}
	return receipt, nil
}

// PutCheckpoint implements ledger.Store.
func (s *Store) PutCheckpoint(ctx context.Context, project string, c ledger.CheckpointRow) error {
	rows := []ledger.CheckpointRow{c}
	if err := ledger.CheckCheckpoints(rows); err != nil {
		return fmt.Errorf("checkpoint of project %s: %w", project, err)
	}
	return s.write(ctx, fmt.Sprintf("project %s cannot be written", project), func(ctx context.Context, tx *sql.Tx) error {
		now, err := s.writing.in(ctx, tx).headOf(ctx, project)
		if err != nil {
			return err
		}
		return s.insertCheckpoints(ctx, tx, project, now.Size, rows)
	})
}

// insertCheckpoints writes checkpoints of heads that the ledger has had.
func (s *Store) insertCheckpoints(ctx context.Context, tx *sql.Tx, project string, size int64, checkpoints []ledger.CheckpointRow) error {
	insert := tx.StmtContext(ctx, s.insert.checkpoint)
	for _, c := range checkpoints {
		if c.Size > size {
			return fault.Newf(fault.Invalid, "a checkpoint of %d entries cannot be kept by project %s, which has %d", c.Size, project, size)
		}
		if _, err := insert.ExecContext(ctx, project, c.Size, c.Note); err != nil {
			if isTaken(err) {
				return fault.New(fault.Conflict, fmt.Sprintf("project %s has a checkpoint of %d entries already", project, c.Size), err)
			}
			return err
		}
	}
	return nil
}

// redact takes salt and bytes out of the operations that an entry redacts.
func (s *Store) redact(ctx context.Context, tx *sql.Tx, project string, row ledger.Row) error {
	note, clear := tx.StmtContext(ctx, s.insert.redaction), tx.StmtContext(ctx, s.insert.redact)
	for _, ref := range row.Redacts {
		refused := func(err error) error {
			return fault.New(fault.Invalid, fmt.Sprintf("operation %d of entry %d of project %s cannot be redacted: it is not there, or was redacted before", ref.Number, ref.Sequence, project), err)
		}
		if ref.Sequence >= row.Sequence {
			return refused(nil)
		}
		if _, err := note.ExecContext(ctx, project, ref.Sequence, ref.Number, row.Sequence); err != nil {
			if isTaken(err) || isForeign(err) {
				return refused(err)
			}
			return err
		}
		result, err := clear.ExecContext(ctx, project, ref.Sequence, ref.Number)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n != 1 {
			return refused(err)
		}
	}
	return nil
}

// forget brings the write-ahead log into the file and empties it, so that what was redacted is in neither: overwritten bytes
// are zeroed (secure_delete).
func (s *Store) forget(ctx context.Context) error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	var busy, log, moved int
	err := s.writer.QueryRowContext(context.WithoutCancel(ctx), "pragma wal_checkpoint(truncate)").Scan(&busy, &log, &moved)
	if err == nil && busy != 0 {
		err = errors.New("somebody was reading meanwhile")
	}
	if err != nil {
		return fault.New(fault.Unavailable, "the operation is redacted, but its bytes may still stand in the log of the database until it is next emptied", err)
	}
	return nil
}

// insertRows writes the rows and the hashes they add to the tree.
func (s *Store) insertRows(ctx context.Context, tx *sql.Tx, project string, head ledger.Head, rows []ledger.Row) (ledger.Receipt, error) {
	hashes, err := ledger.Grow(head, s.writing.in(ctx, tx).tree(ctx, project), rows)
	if err != nil {
		return ledger.Receipt{}, err
	}
	receipt := ledger.Receipt{Sequences: make([]int64, len(rows))}
	insertEntry, insertOperation := tx.StmtContext(ctx, s.insert.entry), tx.StmtContext(ctx, s.insert.operation)
	for i, row := range rows {
		if _, err := insertEntry.ExecContext(ctx, project, row.Sequence, row.Key, row.OperationCount, row.OperationsRoot[:], row.Root[:], row.Envelope); err != nil {
			return ledger.Receipt{}, beyondHead(err, project, head)
		}
		for _, op := range row.Operations {
			bytes := op.Bytes
			if bytes == nil {
				bytes = []byte{} // the driver writes nil as null
			}
			if _, err := insertOperation.ExecContext(ctx, project, row.Sequence, op.Number, op.Commitment[:], op.Salt[:], bytes); err != nil {
				return ledger.Receipt{}, beyondHead(err, project, head)
			}
		}
		if err := s.redact(ctx, tx, project, row); err != nil {
			return ledger.Receipt{}, err
		}
		receipt.Sequences[i] = row.Sequence
	}
	insertHash := tx.StmtContext(ctx, s.insert.hash)
	first := tlog.StoredHashCount(head.Size)
	for i, hash := range hashes {
		if _, err := insertHash.ExecContext(ctx, project, first+int64(i), hash[:]); err != nil {
			return ledger.Receipt{}, beyondHead(err, project, head)
		}
	}
	last := rows[len(rows)-1]
	receipt.Head = ledger.Head{Size: last.Sequence, Root: last.Root}
	return receipt, nil
}

// beyondHead recognises a row where there should be none: the last entries are gone, what hung on them is not.
func beyondHead(err error, project string, head ledger.Head) error {
	if !isTaken(err) {
		return err
	}
	return fault.New(fault.Corrupt, fmt.Sprintf("project %s has rows beyond its last entry %d; nothing is written to it", project, head.Size), err)
}

// repeated looks for the keys of the rows. All found: the receipt of the first time. None found: an empty receipt.
func repeated(ctx context.Context, look lookups, project string, now ledger.Head, rows []ledger.Row) (ledger.Receipt, error) {
	receipt := ledger.Receipt{Head: now, Repeated: true}
	for _, row := range rows {
		if row.Key == "" {
			continue
		}
		sequence, found, err := look.sequenceOf(ctx, project, row.Key)
		if err != nil {
			return ledger.Receipt{}, err
		}
		if found {
			receipt.Sequences = append(receipt.Sequences, sequence)
		}
	}
	switch len(receipt.Sequences) {
	case 0:
		return ledger.Receipt{}, nil
	case len(rows):
		return receipt, nil
	default:
		return ledger.Receipt{}, fault.New(fault.Conflict, fmt.Sprintf("project %s has %d of the %d entries already", project, len(receipt.Sequences), len(rows)), ledger.ErrPartlyRepeated)
	}
}

// write runs do in the one write transaction and commits it durably, or undoes it whole. The context can stop the wait for the
// turn. What has begun is not stopped: then the outcome would be unknown more often than it need be.
//
// goldthread:implements SRS-52
func (s *Store) write(ctx context.Context, sentence string, do func(context.Context, *sql.Tx) error) error {
	if err := ctx.Err(); err != nil { // before select, which would choose at random
		return classify(err, sentence)
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return classify(ctx.Err(), sentence)
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return classify(err, sentence)
	}
	if err := do(ctx, tx); err != nil {
		// A rollback that fails leaves nothing behind: the transaction was never committed. SQLite may also have rolled back
		// by itself, as it does when the disk is full, so its complaint is no news.
		_ = tx.Rollback()
		return classify(err, sentence)
	}
	if err := tx.Commit(); err != nil {
		return classify(err, sentence)
	}
	return nil
}
