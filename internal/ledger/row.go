package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
)

// Row is an entry as a store keeps it: the bytes, and the hashes computed when they were appended. What a store reads back may
// have been tampered with; nothing in a Row is true until Verify has recomputed it.
type Row struct {
	Sequence       int64
	Key            string
	Envelope       []byte
	OperationCount int64
	OperationsRoot Hash
	Root           Hash // of the ledger's tree up to and with this entry
	Operations     []OperationRow
	Redacts        []OperationRef // of an entry to append; not read back
}

// OperationRow is an operation as a store keeps it. Of one that was redacted salt and bytes are zero and RedactedBy is set.
type OperationRow struct {
	Operation
	Number     int64 // from 1
	Commitment Hash
	RedactedBy int64 // entry that took salt and bytes out; 0 where they are there
}

// TreeRow is a node of the ledger's tree at its place in the order of tlog.StoredHashIndex.
type TreeRow struct {
	Index int64
	Hash  Hash
}

// Prepare turns entries into the rows that follow a head of the given size, all but the ledger's roots. It refuses the group
// when one entry cannot be taken, naming it by its place in the group.
func Prepare(size int64, entries []Entry) ([]Row, error) {
	if len(entries) == 0 {
		return nil, fault.Newf(fault.Invalid, "there is no entry to append")
	}
	if size < 0 || size > MaxSize-int64(len(entries)) {
		return nil, fault.Newf(fault.Invalid, "a ledger cannot grow from %d entries by %d", size, len(entries))
	}
	rows := make([]Row, len(entries))
	keys := make(map[string]int)
	for i, e := range entries {
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("entry %d of %d to append: %w", i+1, len(entries), err)
		}
		sequence := size + 1 + int64(i)
		if e.Sequence != 0 && e.Sequence != sequence {
			return nil, fault.Newf(fault.Invalid, "entry %d of %d to append says it is entry %d, but would be %d", i+1, len(entries), e.Sequence, sequence)
		}
		if first, twice := keys[e.Key]; twice && e.Key != "" {
			return nil, fault.Newf(fault.Invalid, "entries %d and %d to append have the same idempotency key %q", first, i+1, e.Key)
		}
		keys[e.Key] = i + 1
		for _, ref := range e.Redacts {
			if ref.Sequence >= sequence {
				return nil, fault.Newf(fault.Invalid, "entry %d cannot redact %s: only what was appended before it", sequence, ref)
			}
		}
		rows[i] = rowOf(e, sequence)
	}
	return rows, nil
}

// Grow computes what a ledger with the given head gets when rows are appended: the roots, which it sets in rows, and the hashes
// to store, of which the first has the index tlog.StoredHashCount(head.Size) and the others follow. It reads the peaks of the
// present tree through r and refuses to build on a tree that does not give the head's root.
//
// goldthread:implements SRS-55
func Grow(head Head, r tlog.HashReader, rows []Row) ([]Hash, error) {
	tree, err := frontierAt(head, r)
	if err != nil {
		return nil, err
	}
	var hashes []Hash
	for i := range rows {
		if rows[i].Sequence != tree.size+1 {
			return nil, fault.Newf(fault.Internal, "row %d cannot follow entry %d", rows[i].Sequence, tree.size)
		}
		hashes = append(hashes, tree.push(rows[i].leaf().Hash())...)
		rows[i].Root = tree.root()
	}
	return hashes, nil
}

func rowOf(e Entry, sequence int64) Row {
	row := Row{
		Sequence:       sequence,
		Key:            e.Key,
		Envelope:       e.Envelope,
		OperationCount: int64(len(e.Operations)),
		Operations:     make([]OperationRow, len(e.Operations)),
		Redacts:        e.Redacts,
	}
	for i, op := range e.Operations {
		row.Operations[i] = OperationRow{Operation: op, Number: int64(i) + 1, Commitment: OperationCommitment(op)}
	}
	row.OperationsRoot = OperationsRoot(row.commitments())
	return row
}

// CheckContent says the first way in which a row does not agree with itself: numbers of operations, commitments, operations
// root, redactions. It says nothing about its place in a tree. It fails with fault.Corrupt.
func (r Row) CheckContent() error {
	if int64(len(r.Operations)) != r.OperationCount {
		return fault.Newf(fault.Corrupt, "entry %d has %d operations, %d are there", r.Sequence, r.OperationCount, len(r.Operations))
	}
	for i, op := range r.Operations {
		ref := OperationRef{r.Sequence, int64(i) + 1}
		switch {
		case op.Number != ref.Number:
			return fault.Newf(fault.Corrupt, "%s is missing", ref)
		case op.RedactedBy != 0 && (op.RedactedBy <= r.Sequence || op.RedactedBy > MaxSize || op.Bytes != nil || op.Salt != Salt{}):
			return fault.Newf(fault.Corrupt, "%s cannot have been redacted by entry %d", ref, op.RedactedBy)
		case op.RedactedBy == 0 && OperationCommitment(op.Operation) != op.Commitment:
			return fault.Newf(fault.Corrupt, "%s was changed: it does not match its commitment", ref)
		}
	}
	if OperationsRoot(r.commitments()) != r.OperationsRoot {
		return fault.Newf(fault.Corrupt, "commitments of entry %d were changed: they do not give its operations root", r.Sequence)
	}
	return nil
}

// Adopt takes over rows of a ledger that was kept elsewhere, as they follow a head: it checks each in itself and as an entry that a
// ledger takes, and computes what Grow computes, setting the roots. Rows need no salt and no bytes where they were redacted.
func Adopt(head Head, r tlog.HashReader, rows []Row) ([]Hash, error) {
	for _, row := range rows {
		e := Entry{Key: row.Key, Envelope: row.Envelope}
		for _, op := range row.Operations {
			if op.RedactedBy == 0 {
				e.Operations = append(e.Operations, op.Operation)
			}
		}
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("entry %d: %w", row.Sequence, err)
		}
		if err := row.CheckContent(); err != nil {
			return nil, err
		}
	}
	return Grow(head, r, rows)
}

// LeafHash is the hash of the entry in its ledger's tree, as its row says.
func (r Row) LeafHash() Hash { return r.leaf().Hash() }

func (r Row) leaf() Leaf {
	return Leaf{Sequence: r.Sequence, OperationCount: r.OperationCount, OperationsRoot: r.OperationsRoot, Envelope: r.Envelope}
}

func (r Row) commitments() []Hash {
	commitments := make([]Hash, len(r.Operations))
	for i, op := range r.Operations {
		commitments[i] = op.Commitment
	}
	return commitments
}

// entry returns the row as the entry that was appended, or says that operations are missing.
func (r Row) entry() (Entry, error) {
	e := Entry{Sequence: r.Sequence, Key: r.Key, Envelope: r.Envelope}
	if int64(len(r.Operations)) != r.OperationCount {
		return Entry{}, fault.Newf(fault.Corrupt, "entry %d has %d operations, %d are stored", r.Sequence, r.OperationCount, len(r.Operations))
	}
	if len(r.Operations) > 0 {
		e.Operations = make([]Operation, len(r.Operations))
	}
	for i, op := range r.Operations {
		if op.Number != int64(i)+1 {
			return Entry{}, fault.Newf(fault.Corrupt, "entry %d: operation %d is missing", r.Sequence, i+1)
		}
		e.Operations[i] = op.Operation
		if op.RedactedBy != 0 {
			if e.Redacted == nil {
				e.Redacted = map[int64]int64{}
			}
			e.Redacted[op.Number] = op.RedactedBy
		}
	}
	return e, nil
}
