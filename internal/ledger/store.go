package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
)

// Causes of a fault of kind Conflict that a caller of Append tells apart with errors.Is.
var (
	// ErrHeadMoved: the ledger has another head than the one expected. Read what is new, decide again, append again.
	ErrHeadMoved = errors.New("the ledger has moved on")
	// ErrPartlyRepeated: some entries of the group were appended before, but not all. The group was not one retry.
	ErrPartlyRepeated = errors.New("some entries of the group were appended before")
)

// Redacted is the cause of the fault that ProveOperation answers for an operation that was taken out; errors.As finds it.
type Redacted struct {
	Operation OperationRef
	By        int64 // the entry that redacts it
}

func (r *Redacted) Error() string {
	return fmt.Sprintf("%s was redacted by entry %d", r.Operation, r.By)
}

// Receipt says where the entries of an append are.
type Receipt struct {
	Head      Head    // after the append; for a repeated one the head there is now
	Sequences []int64 // the numbers of the entries, in the order they were given
	Repeated  bool    // nothing was written: the keys were found, the numbers are those of the first time
}

// Store keeps the rows of ledgers, one ledger a project. A Store is safe for concurrent use; readers never wait for writers.
// Every method refuses a project that does not exist with fault.NotFound (save Projects and Create), and answers a cancelled
// context with fault.Unavailable.
type Store interface {
	// Projects returns the names of all projects in the order of their bytes.
	Projects(ctx context.Context) ([]string, error)

	// Create makes an empty ledger and is durable when it returns. It fails with fault.Conflict if there is one, and with
	// fault.Invalid for a name that CheckProject refuses.
	Create(ctx context.Context, project string) error

	// Head returns the newest head. An append that has returned is in it.
	Head(ctx context.Context, project string) (Head, error)

	// Append writes the entries after the expected head, all or none, and is durable when it returns. It fails
	//   - with fault.Conflict and ErrHeadMoved when the head is another (size or root): of concurrent appends to one head one wins;
	//   - with fault.Conflict and ErrPartlyRepeated, see there;
	//   - with fault.Invalid for a group that Prepare refuses, with fault.Full when the disk is, with fault.Corrupt when the
	//     stored tree does not give the stored head.
	// When every entry has a key, and all keys are in the ledger, it changes nothing, whatever the expected head, and returns
	// where those entries are. A cancelled context stops an append that waits for its turn, never one that has begun. After any
	// other error the outcome may be unknown: retry with the same keys.
	//
	// What the entries redact loses salt and bytes in the same transaction, and the files of the store no longer hold them when
	// Append returns (or, where a reader kept it from that, when a later Append or Close has). An operation that does not exist,
	// that is redacted already, or that is of an entry which itself redacts is refused with fault.Invalid.
	//
	// Checkpoints of what was there before, made by SignHead or Checkpoint.Sign, are written in the same transaction as by PutCheckpoint; so one
	// commit an append is enough. A repeated append does not write them.
	Append(ctx context.Context, project string, expected Head, entries []Entry, checkpoints ...CheckpointRow) (Receipt, error)

	// Import makes a ledger out of rows that were kept elsewhere, as they are: it fails with fault.Conflict unless the project
	// does not exist or has no entry, with fault.Corrupt for rows that do not agree with themselves or with a root they say
	// (Adopt; a zero Root says none), for an operation redacted by an entry that does not follow, and for a checkpoint that is
	// not of the ledger. All or nothing is written; it is durable when it returns.
	Import(ctx context.Context, project string, rows iter.Seq2[Row, error], checkpoints iter.Seq2[CheckpointRow, error]) (Head, error)

	// PutCheckpoint writes a checkpoint by itself, durably: when the ledger is idle, and before Close. One that is there already,
	// byte for byte, changes nothing. It fails with fault.Conflict where there is another of that size, with fault.Invalid
	// for a text that is none or that is not about the root the ledger had at that size.
	PutCheckpoint(ctx context.Context, project string, c CheckpointRow) error

	// Checkpoints yields the checkpoints that cover entry number from (1 or less: all), ordered by size, as they are stored.
	// The first of them is the oldest that proves that entry. An error ends it.
	Checkpoints(ctx context.Context, project string, from int64) iter.Seq2[CheckpointRow, error]

	// LastCheckpoint returns the checkpoint that covers most entries, or fault.NotFound.
	LastCheckpoint(ctx context.Context, project string) (CheckpointRow, error)

	// Sequence returns the number of the entry with an idempotency key, or fault.NotFound.
	Sequence(ctx context.Context, project, key string) (int64, error)

	// Rows yields the rows from entry number from on (1 or less: the first), at most limit of them (0: up to the head at the
	// time of the call), ordered by number, as they are stored: gaps and damage included. It holds a bounded number of rows
	// and no lock while the caller works. An error ends it. Read entries through Entries, which refuses gaps.
	Rows(ctx context.Context, project string, from, limit int64) iter.Seq2[Row, error]

	// TreeRows yields the stored nodes from an index on, ordered by index, as they are stored, up to the last at the time of
	// the call. An error ends it.
	TreeRows(ctx context.Context, project string, from int64) iter.Seq2[TreeRow, error]

	// TreeHashes returns the nodes with the given indexes of tlog.StoredHashIndex, in the order of indexes, or fault.Corrupt
	// when one is not there.
	TreeHashes(ctx context.Context, project string, indexes []int64) ([]Hash, error)

	// Operation returns one operation by the number of its entry and its own, both from 1: fault.NotFound if there is none,
	// fault.Corrupt if its bytes do not match its commitment. Of one that was redacted it returns the entry that did so, and no
	// bytes.
	Operation(ctx context.Context, project string, sequence, number int64) (op Operation, redactedBy int64, err error)

	// Close waits for the append in progress and releases the store. No other method may be called after it.
	Close() error
}

// Entries yields entries from number from on, at most limit of them (0: up to the head at the time of the call), in order and
// without gaps: a missing entry or operation ends it with fault.Corrupt. It does not recompute hashes; Verify does. Of an operation
// that was redacted it has only the number, in Redacted; whoever folds puts in its place what the redaction says.
func Entries(ctx context.Context, s Store, project string, from, limit int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		next := max(from, 1)
		for row, err := range s.Rows(ctx, project, next, limit) {
			if err == nil && row.Sequence != next {
				err = fault.Newf(fault.Corrupt, "project %s: entry %d is missing", project, next)
			}
			var e Entry
			if err == nil {
				e, err = row.entry()
			}
			if !yield(e, err) || err != nil {
				return
			}
			next++
		}
	}
}

// hashReader reads a project's tree for the functions of tlog.
func hashReader(ctx context.Context, s Store, project string) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		return s.TreeHashes(ctx, project, indexes)
	})
}
