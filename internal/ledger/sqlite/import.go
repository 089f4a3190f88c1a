package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// batch bounds what an import holds in memory.
const (
	batchRows  = 512
	batchBytes = 16 << 20
)

// Import implements ledger.Store.
//
// goldthread:implements SRS-94
func (s *Store) Import(ctx context.Context, project string, rows iter.Seq2[ledger.Row, error], checkpoints iter.Seq2[ledger.CheckpointRow, error]) (ledger.Head, error) {
	if err := ledger.CheckProject(project); err != nil {
		return ledger.Head{}, err
	}
	head := ledger.EmptyHead()
	err := s.write(ctx, fmt.Sprintf("project %s cannot be imported", project), func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "insert into projects (project) values (?1) on conflict do nothing", project); err != nil {
			return err
		}
		now, err := s.writing.in(ctx, tx).headOf(ctx, project)
		if err != nil {
			return err
		}
		if now.Size != 0 {
			return fault.Newf(fault.Conflict, "project %s has %d entries already", project, now.Size).WithHint("import under another name")
		}
		if head, err = s.importRows(ctx, tx, project, rows); err != nil {
			return err
		}
		for c, err := range checkpoints {
			if err == nil {
				err = s.insertCheckpoint(ctx, tx, project, c)
			}
			if err != nil {
				return err
			}
		}
		return checkRedactions(ctx, tx, project)
	})
	if err != nil {
		return ledger.Head{}, err
	}
	return head, nil
}

func (s *Store) importRows(ctx context.Context, tx *sql.Tx, project string, rows iter.Seq2[ledger.Row, error]) (ledger.Head, error) {
	head := ledger.EmptyHead()
	var batch []ledger.Row
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		var err error
		if head, err = s.importBatch(ctx, tx, project, head, batch); err != nil {
			return err
		}
		batch, size = nil, 0
		return nil
	}
	for row, err := range rows {
		if err != nil {
			return head, err
		}
		batch = append(batch, row)
		size += len(row.Envelope)
		for _, op := range row.Operations {
			size += len(op.Bytes)
		}
		if len(batch) < batchRows && size < batchBytes {
			continue
		}
		if err := flush(); err != nil {
			return head, err
		}
	}
	return head, flush()
}

func (s *Store) importBatch(ctx context.Context, tx *sql.Tx, project string, head ledger.Head, rows []ledger.Row) (ledger.Head, error) {
	said := make([]ledger.Hash, len(rows))
	for i, row := range rows {
		said[i] = row.Root
	}
	hashes, err := ledger.Adopt(head, s.writing.in(ctx, tx).tree(ctx, project), rows)
	if err != nil {
		return head, err
	}
	for i, row := range rows {
		if said[i] != (ledger.Hash{}) && said[i] != row.Root {
			return head, fault.Newf(fault.Corrupt, "entry %d leads to the root %s, and is said to lead to %s", row.Sequence, row.Root, said[i])
		}
	}
	last, err := s.insertGrown(ctx, tx, project, head, rows, hashes)
	if err != nil {
		return head, err
	}
	insert := tx.StmtContext(ctx, s.insert.redaction)
	for _, row := range rows {
		for _, op := range row.Operations {
			if op.RedactedBy == 0 {
				continue
			}
			if _, err := insert.ExecContext(ctx, project, row.Sequence, op.Number, op.RedactedBy); err != nil {
				return head, err
			}
		}
	}
	return last, nil
}

// checkRedactions refuses redactions that no entry follows, and those of entries that redact.
func checkRedactions(ctx context.Context, tx *sql.Tx, project string) error {
	wrong, err := collect(scanRef)(tx.QueryContext(ctx, `select r.sequence, r.number, r.by_sequence from redactions r where r.project = ?1
		and (not exists (select 1 from entries e where e.project = r.project and e.sequence = r.by_sequence)
			or exists (select 1 from redactions b where b.project = r.project and b.by_sequence = r.sequence))
		order by r.sequence, r.number limit 1`, project))
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return fault.Newf(fault.Corrupt, "%s cannot have been redacted by entry %d", wrong[0].Operation, wrong[0].By)
	}
	return nil
}

func scanRef(rows *sql.Rows) (r ledger.Redacted, err error) {
	err = rows.Scan(&r.Operation.Sequence, &r.Operation.Number, &r.By)
	return r, err
}
