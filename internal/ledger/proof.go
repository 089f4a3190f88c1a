package ledger

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
)

// EntryProof shows that an entry is in the ledger with a given head, without the bytes of its operations. Path is the audit
// path of RFC 6962, from the leaf upwards.
type EntryProof struct {
	Leaf Leaf
	Path []Hash
}

// OperationProof shows that one operation is in an entry, and that entry in a ledger, without any other operation. Path leads
// from the operation's commitment to the entry's operations root.
type OperationProof struct {
	Operation Operation
	Number    int64
	Path      []Hash
	Entry     EntryProof
}

// CheckEntry verifies a proof against a head that the caller trusts. It needs nothing but its arguments, and takes time and
// memory bounded by the size of the proof, whatever it holds. It fails with fault.Corrupt.
//
// goldthread:implements SRS-56
func CheckEntry(p EntryProof, head Head) error {
	if err := checkPath(p.Path, head.Size, head.Root, p.Leaf.Sequence, p.Leaf.Hash()); err != nil {
		return fault.New(fault.Corrupt, fmt.Sprintf("entry %d is not proven to be in the ledger of %d entries", p.Leaf.Sequence, head.Size), err)
	}
	return nil
}

// CheckOperation verifies a proof against a head that the caller trusts, as CheckEntry does.
//
// goldthread:implements SRS-56
func CheckOperation(p OperationProof, head Head) error {
	if err := CheckEntry(p.Entry, head); err != nil {
		return err
	}
	leaf := p.Entry.Leaf
	commitment := OperationCommitment(p.Operation)
	if err := checkPath(p.Path, leaf.OperationCount, leaf.OperationsRoot, p.Number, tlog.RecordHash(commitment[:])); err != nil {
		return fault.New(fault.Corrupt, fmt.Sprintf("operation %d is not proven to be in entry %d", p.Number, leaf.Sequence), err)
	}
	return nil
}

// ConsistencyProof shows that a ledger is an earlier state of the same ledger, grown: that nothing of what there was has changed.
type ConsistencyProof struct {
	Old, New Head
	Path     []Hash // of RFC 6962, section 2.1.2
}

// CheckConsistency verifies a proof between two heads that the caller trusts to be heads, and asks whether they are of one history.
// It fails with fault.Corrupt, and like CheckEntry is bounded by the size of the proof.
//
// goldthread:implements SRS-56
func CheckConsistency(p ConsistencyProof) error {
	err := checkGrowth(p)
	if err == nil {
		return nil
	}
	return fault.New(fault.Corrupt, fmt.Sprintf("the ledger of %d entries is not proven to be that of %d entries, grown", p.New.Size, p.Old.Size), err)
}

func checkGrowth(p ConsistencyProof) error {
	switch {
	case p.Old.Size < 0 || p.Old.Size > p.New.Size || p.New.Size > MaxSize:
		return fmt.Errorf("a ledger of %d entries does not grow to %d", p.Old.Size, p.New.Size)
	case p.Old.Size == 0:
		if p.Old != EmptyHead() || len(p.Path) > 0 {
			return errors.New("the root of nothing is another")
		}
		return nil
	default:
		return tlog.CheckTree(p.Path, p.New.Size, p.New.Root, p.Old.Size, p.Old.Root)
	}
}

// ProveConsistency makes the proof between two heads that the ledger had. It refuses to hand out a proof that does not check.
func ProveConsistency(ctx context.Context, s Store, project string, from, to Head) (ConsistencyProof, error) {
	now, err := s.Head(ctx, project)
	if err != nil {
		return ConsistencyProof{}, err
	}
	if from.Size < 0 || from.Size > to.Size || to.Size > now.Size {
		return ConsistencyProof{}, fault.Newf(fault.Invalid, "project %s has %d entries; from %d to %d there is nothing to prove", project, now.Size, from.Size, to.Size)
	}
	p := ConsistencyProof{Old: from, New: to}
	if from.Size > 0 {
		if p.Path, err = tlog.ProveTree(to.Size, from.Size, hashReader(ctx, s, project)); err != nil {
			return ConsistencyProof{}, fmt.Errorf("prove growth from %d to %d entries: %w", from.Size, to.Size, err)
		}
	}
	if err := CheckConsistency(p); err != nil {
		return ConsistencyProof{}, fmt.Errorf("prove growth from %d to %d entries: %w", from.Size, to.Size, err)
	}
	return p, nil
}

// checkPath verifies an audit path of RFC 6962 for the leaf with a number from 1. The bounds come before tlog, whose size
// arithmetic does not end for trees beyond any real one.
func checkPath(path []Hash, size int64, root Hash, number int64, leaf Hash) error {
	if size < 1 || size > MaxSize || number < 1 || number > size {
		return fmt.Errorf("a tree of size %d has no leaf %d", size, number)
	}
	return tlog.CheckRecord(path, size, root, number-1, leaf)
}

// ProveEntry makes the proof that an entry is in the ledger with the given head, which may be any head the ledger ever had. It
// refuses to hand out a proof that does not check: fault.Corrupt then says that the stored rows do not lead to that head.
func ProveEntry(ctx context.Context, s Store, project string, head Head, sequence int64) (EntryProof, error) {
	row, err := rowWithin(ctx, s, project, head, sequence)
	if err != nil {
		return EntryProof{}, err
	}
	return proveRow(ctx, s, project, head, row)
}

// ProveOperation makes the proof that an operation is in an entry of the ledger with the given head, as ProveEntry does.
func ProveOperation(ctx context.Context, s Store, project string, head Head, sequence, number int64) (OperationProof, error) {
	row, err := rowWithin(ctx, s, project, head, sequence)
	if err != nil {
		return OperationProof{}, err
	}
	if number < 1 || number > int64(len(row.Operations)) {
		return OperationProof{}, fault.Newf(fault.NotFound, "entry %d has no operation %d; it has %d", sequence, number, len(row.Operations))
	}
	if by := row.Operations[number-1].RedactedBy; by != 0 {
		gone := &Redacted{Operation: OperationRef{sequence, number}, By: by}
		return OperationProof{}, fault.New(fault.NotFound, gone.Error()+", so that nothing is left to prove", gone)
	}
	entry, err := proveRow(ctx, s, project, head, row)
	if err != nil {
		return OperationProof{}, err
	}
	path, err := tlog.ProveRecord(int64(len(row.Operations)), number-1, operationsTree(row.commitments()))
	if err != nil {
		return OperationProof{}, fmt.Errorf("prove operation %d of entry %d: %w", number, sequence, err)
	}
	p := OperationProof{Operation: row.Operations[number-1].Operation, Number: number, Path: path, Entry: entry}
	if err := CheckOperation(p, head); err != nil {
		return OperationProof{}, fmt.Errorf("prove operation %d of entry %d: %w", number, sequence, err)
	}
	return p, nil
}

func proveRow(ctx context.Context, s Store, project string, head Head, row Row) (EntryProof, error) {
	path, err := tlog.ProveRecord(head.Size, row.Sequence-1, hashReader(ctx, s, project))
	if err != nil {
		return EntryProof{}, fmt.Errorf("prove entry %d: %w", row.Sequence, err)
	}
	p := EntryProof{Leaf: row.leaf(), Path: path}
	if err := CheckEntry(p, head); err != nil {
		return EntryProof{}, fmt.Errorf("prove entry %d: %w", row.Sequence, err)
	}
	return p, nil
}

// rowWithin reads the row of an entry that is to be proven for a head.
func rowWithin(ctx context.Context, s Store, project string, head Head, sequence int64) (Row, error) {
	if err := checkSequence(sequence); err != nil {
		return Row{}, err
	}
	now, err := s.Head(ctx, project)
	if err != nil {
		return Row{}, err
	}
	if head.Size > now.Size {
		return Row{}, fault.Newf(fault.Invalid, "project %s has %d entries, a proof for %d cannot be made", project, now.Size, head.Size)
	}
	if sequence > head.Size {
		return Row{}, fault.Newf(fault.NotFound, "entry %d is not among the %d entries of project %s", sequence, head.Size, project)
	}
	for row, err := range s.Rows(ctx, project, sequence, 1) {
		if err != nil {
			return Row{}, err
		}
		if row.Sequence == sequence {
			return row, nil
		}
	}
	return Row{}, fault.Newf(fault.Corrupt, "project %s: entry %d is missing", project, sequence)
}

// operationsTree holds the nodes of an entry's operations tree in the order of tlog.StoredHashIndex.
func operationsTree(commitments []Hash) tlog.HashReader {
	var tree frontier
	var stored []Hash
	for _, commitment := range commitments {
		stored = append(stored, tree.push(tlog.RecordHash(commitment[:]))...)
	}
	return tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		hashes := make([]Hash, len(indexes))
		for i, index := range indexes {
			if index < 0 || index >= int64(len(stored)) {
				return nil, errors.New("no such node in the operations tree")
			}
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
}
