package ledger

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
)

// Tail follows a ledger by its rows as they are read back from the store, and recomputes everything that they say: what it
// gives a head for is what a checkpoint may be signed for.
type Tail struct{ tree frontier }

// NewTail is a Tail before the first entry.
func NewTail() *Tail { return &Tail{} }

// TailAt is a Tail after the entries of a head, whose peaks it reads from the store: fault.Corrupt where they do not give it.
func TailAt(ctx context.Context, s Store, project string, head Head) (*Tail, error) {
	t := &Tail{}
	if head.Size == 0 {
		return t, nil
	}
	var peaks []Hash
	keep := tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		hashes, err := s.TreeHashes(ctx, project, indexes)
		peaks = hashes
		return hashes, err
	})
	root, err := tlog.TreeHash(head.Size, keep)
	if err != nil {
		return nil, fmt.Errorf("read the tree of %d entries: %w", head.Size, err)
	}
	if root != head.Root {
		return nil, fault.Newf(fault.Corrupt, "the tree over %d entries has root %s, not %s", head.Size, root, head.Root)
	}
	t.tree = frontier{size: head.Size, peaks: append([]Hash(nil), peaks...)}
	return t, nil
}

// Head is that of the rows taken so far.
func (t *Tail) Head() Head { return Head{Size: t.tree.size, Root: t.tree.root()} }

// Add takes the next row, and says with fault.Corrupt what in it is not as it was written.
func (t *Tail) Add(r Row) error {
	if r.Sequence != t.tree.size+1 {
		return fault.Newf(fault.Corrupt, "entry %d follows entry %d", r.Sequence, t.tree.size)
	}
	if int64(len(r.Operations)) != r.OperationCount {
		return fault.Newf(fault.Corrupt, "entry %d has %d operations, %d are stored", r.Sequence, r.OperationCount, len(r.Operations))
	}
	for i, op := range r.Operations {
		if op.Number != int64(i)+1 || op.RedactedBy == 0 && OperationCommitment(op.Operation) != op.Commitment {
			return fault.Newf(fault.Corrupt, "operation %d of entry %d is not as it was written", i+1, r.Sequence)
		}
	}
	if OperationsRoot(r.commitments()) != r.OperationsRoot {
		return fault.Newf(fault.Corrupt, "the operations of entry %d are not those that were written", r.Sequence)
	}
	t.tree.push(r.leaf().Hash())
	if t.tree.root() != r.Root {
		return fault.Newf(fault.Corrupt, "the root stored with entry %d is not that of its entries", r.Sequence)
	}
	return nil
}
