package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// inserts are the statements of the writer, prepared once.
type inserts struct{ entry, operation, hash, redaction, checkpoint, takeOut *sql.Stmt }

func prepareInserts(ctx context.Context, writer *sql.DB) (p inserts, err error) {
	for _, s := range []struct {
		into **sql.Stmt
		text string
	}{
		{&p.entry, `insert into entries (project, sequence, idempotency_key, operation_count, operations_root, root, envelope)
			values (?1, ?2, nullif(?3, ''), ?4, ?5, ?6, ?7)`},
		{&p.operation, `insert into operations (project, sequence, number, commitment, salt, bytes) values (?1, ?2, ?3, ?4, ?5, ?6)`},
		{&p.hash, `insert into tree_hashes (project, node, hash) values (?1, ?2, ?3)`},
		{&p.redaction, `insert into redactions (project, sequence, number, by_sequence) values (?1, ?2, ?3, ?4)`},
		{&p.checkpoint, `insert into checkpoints (project, size, note) values (?1, ?2, ?3)`},
		{&p.takeOut, `update operations set salt = null, bytes = null where project = ?1 and sequence = ?2 and number = ?3`},
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
		for _, c := range checkpoints {
			if err := s.insertCheckpoint(ctx, tx, project, c); err != nil {
				return err
			}
		}
		receipt, err = s.insertRows(ctx, tx, project, now, rows)
		return err
	})
	if err != nil {
		return ledger.Receipt{}, err
	}
	return receipt, nil
}

// insertRows writes the rows of new entries and the hashes they add to the tree, and takes out what they redact.
func (s *Store) insertRows(ctx context.Context, tx *sql.Tx, project string, head ledger.Head, rows []ledger.Row) (ledger.Receipt, error) {
	hashes, err := ledger.Grow(head, s.writing.in(ctx, tx).tree(ctx, project), rows)
	if err != nil {
		return ledger.Receipt{}, err
	}
	last, err := s.insertGrown(ctx, tx, project, head, rows, hashes)
	if err != nil {
		return ledger.Receipt{}, err
	}
	receipt := ledger.Receipt{Head: last, Sequences: make([]int64, len(rows))}
	for i, row := range rows {
		receipt.Sequences[i] = row.Sequence
		for _, ref := range row.Redacts {
			if err := s.redact(ctx, tx, project, ref, row.Sequence); err != nil {
				return ledger.Receipt{}, err
			}
		}
	}
	return receipt, nil
}

// insertGrown writes rows whose roots are computed, and the hashes that they add to the tree of the head.
func (s *Store) insertGrown(ctx context.Context, tx *sql.Tx, project string, head ledger.Head, rows []ledger.Row, hashes []ledger.Hash) (ledger.Head, error) {
	insertEntry, insertOperation := tx.StmtContext(ctx, s.insert.entry), tx.StmtContext(ctx, s.insert.operation)
	for _, row := range rows {
		if _, err := insertEntry.ExecContext(ctx, project, row.Sequence, row.Key, row.OperationCount, row.OperationsRoot[:], row.Root[:], row.Envelope); err != nil {
			return ledger.Head{}, beyondHead(err, project, head)
		}
		for _, op := range row.Operations {
			salt, bytes := op.Salt[:], op.Bytes
			switch {
			case op.RedactedBy != 0:
				salt, bytes = nil, nil // the driver writes nil as null
			case bytes == nil:
				bytes = []byte{}
			}
			if _, err := insertOperation.ExecContext(ctx, project, row.Sequence, op.Number, op.Commitment[:], salt, bytes); err != nil {
				return ledger.Head{}, beyondHead(err, project, head)
			}
		}
	}
	insertHash := tx.StmtContext(ctx, s.insert.hash)
	first := tlog.StoredHashCount(head.Size)
	for i, hash := range hashes {
		if _, err := insertHash.ExecContext(ctx, project, first+int64(i), hash[:]); err != nil {
			return ledger.Head{}, beyondHead(err, project, head)
		}
	}
	last := rows[len(rows)-1]
	return ledger.Head{Size: last.Sequence, Root: last.Root}, nil
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
	if err := s.transact(ctx, sentence, do); err != nil {
		return err
	}
	if s.due != nothingDue {
		// What is committed is done, whatever comes of this; the next append or Close tries again.
		_ = s.clean(ctx)
	}
	return nil
}

func (s *Store) transact(ctx context.Context, sentence string, do func(context.Context, *sql.Tx) error) error {
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
