package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// redact takes salt and bytes out of an operation. The row that names it comes first: the trigger asks for it.
//
// goldthread:implements SRS-94
func (s *Store) redact(ctx context.Context, tx *sql.Tx, project string, ref ledger.OperationRef, by int64) error {
	var redacts bool
	err := tx.QueryRowContext(ctx, "select exists (select 1 from redactions where project = ?1 and by_sequence = ?2)", project, ref.Sequence).Scan(&redacts)
	if err != nil {
		return err
	}
	if redacts {
		return fault.Newf(fault.Invalid, "%s cannot be redacted: its entry redacts others, and has to go on saying so", ref)
	}
	if _, err := tx.StmtContext(ctx, s.insert.redaction).ExecContext(ctx, project, ref.Sequence, ref.Number, by); err != nil {
		if isTaken(err) {
			return fault.New(fault.Invalid, fmt.Sprintf("%s is redacted already", ref), err)
		}
		return err
	}
	result, err := tx.StmtContext(ctx, s.insert.takeOut).ExecContext(ctx, project, ref.Sequence, ref.Number)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return fault.New(fault.Invalid, fmt.Sprintf("%s cannot be redacted: there is none", ref), err)
	}
	s.due = vacuumDue // the turn is ours until the transaction has ended
	return nil
}

// clean makes the files forget what was redacted. The update overwrote the bytes in place (secure_delete), but pages that were
// split or merged before may hold copies in space that no row uses, and the log holds pages as they were: so the file is written
// anew, and the log is emptied. Redactions are few, and a ledger of a million entries takes seconds. It needs the turn.
func (s *Store) clean(ctx context.Context) error {
	if s.due == vacuumDue {
		if _, err := s.writer.ExecContext(ctx, "vacuum"); err != nil {
			return classify(err, "what was redacted cannot be taken out of free space of the ledger file yet")
		}
		s.due = truncateDue
	}
	// A reader that is in the way is not waited for: writers would wait with us, and the next of them tries again.
	if _, err := s.writer.ExecContext(ctx, "pragma busy_timeout = 50"); err != nil {
		return classify(err, "what was redacted cannot be taken out of the write-ahead log yet")
	}
	var busy, pages, moved int
	err := s.writer.QueryRowContext(ctx, "pragma wal_checkpoint(truncate)").Scan(&busy, &pages, &moved)
	_, restored := s.writer.ExecContext(ctx, "pragma busy_timeout = 5000")
	switch err := errors.Join(err, restored); {
	case err != nil:
		return classify(err, "what was redacted cannot be taken out of the write-ahead log yet")
	case busy != 0:
		return fault.Newf(fault.Unavailable, "what was redacted cannot be taken out of the write-ahead log while it is read")
	}
	s.due = nothingDue
	return nil
}

// cleaning is what is still to be done so that the files forget what was redacted.
type cleaning int

const (
	nothingDue cleaning = iota
	truncateDue
	vacuumDue
)

// cleanAfterCrash cleans where a process ended between a redaction and its cleaning: whoever closes cleanly leaves no log.
func (s *Store) cleanAfterCrash(ctx context.Context) error {
	if !s.leftLog {
		return nil
	}
	var redacted bool
	if err := s.writer.QueryRowContext(ctx, "select exists (select 1 from redactions)").Scan(&redacted); err != nil {
		return err
	}
	if !redacted {
		return nil
	}
	s.due = vacuumDue
	return s.clean(ctx)
}
