package ledger

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// DamageKind says what does not fit together.
type DamageKind int

// The closed list of damages.
const (
	// EntryMissing: entries Sequence to Last are not stored although later ones, or hashes over them, are.
	EntryMissing DamageKind = iota + 1
	// EntryChanged: envelope, count or operations root of the entry do not give the leaf that was hashed into the tree.
	EntryChanged
	// OperationChanged: bytes or salt of the operation do not give its commitment.
	OperationChanged
	// OperationMissing: the entry's operations from Operation to LastOperation are not stored.
	OperationMissing
	// OperationAdded: the entry has an operation beyond its count.
	OperationAdded
	// CommitmentChanged: the commitments of the entry do not give its operations root.
	CommitmentChanged
	// RootChanged: the root stored with the entry is not that of the tree up to it.
	RootChanged
	// TreeChanged: a stored node of the tree is not the hash of its children.
	TreeChanged
	// TreeMissing: nodes of the tree are not stored.
	TreeMissing
	// TreeAdded: the tree has a node that belongs to an entry after the last one: that entry is gone, or the node was put in.
	TreeAdded
	// CheckpointChanged: a stored checkpoint is of another ledger, or says another root than the entries give.
	CheckpointChanged
	// CheckpointBeyond: a stored checkpoint is of more entries than there are: the last ones were cut off.
	CheckpointBeyond
)

// Damage is one thing that Verify found wrong in the rows of a ledger. Numbers that do not apply are 0.
type Damage struct {
	Kind          DamageKind
	Sequence      int64 // the entry; for a node of the tree the entry it was written with
	Last          int64 // EntryMissing: the last of the run
	Operation     int64 // the operation, from 1
	LastOperation int64 // OperationMissing: the last of the run
	Index         int64 // the node's index, for Tree kinds
}

// String is a sentence for the user.
func (d Damage) String() string {
	switch d.Kind {
	case EntryMissing:
		if d.Last > d.Sequence {
			return fmt.Sprintf("entries %d to %d are missing", d.Sequence, d.Last)
		}
		return fmt.Sprintf("entry %d is missing", d.Sequence)
	case EntryChanged:
		return fmt.Sprintf("entry %d was changed: its envelope, operation count or operations root does not match its hash", d.Sequence)
	case OperationChanged:
		return fmt.Sprintf("operation %d of entry %d was changed: it does not match its commitment", d.Operation, d.Sequence)
	case OperationMissing:
		if d.LastOperation > d.Operation {
			return fmt.Sprintf("operations %d to %d of entry %d are missing", d.Operation, d.LastOperation, d.Sequence)
		}
		return fmt.Sprintf("operation %d of entry %d is missing", d.Operation, d.Sequence)
	case OperationAdded:
		return fmt.Sprintf("operation %d of entry %d was added after the fact", d.Operation, d.Sequence)
	case CommitmentChanged:
		return fmt.Sprintf("commitments of entry %d were changed: they do not give its operations root", d.Sequence)
	case RootChanged:
		return fmt.Sprintf("the root stored with entry %d was changed: it is not that of the tree", d.Sequence)
	case TreeChanged:
		return fmt.Sprintf("tree hash %d, written with entry %d, was changed: it is not the hash of its children", d.Index, d.Sequence)
	case TreeMissing:
		return fmt.Sprintf("tree hash %d, written with entry %d, is missing", d.Index, d.Sequence)
	case TreeAdded:
		return fmt.Sprintf("tree hash %d is stored for entry %d, which is not there", d.Index, d.Sequence)
	case CheckpointChanged:
		return fmt.Sprintf("the checkpoint of %d entries is not one of these entries", d.Sequence)
	case CheckpointBeyond:
		return fmt.Sprintf("there is a checkpoint of %d entries, and fewer entries: the last ones were cut off", d.Sequence)
	default:
		return fmt.Sprintf("damage of unknown kind %d", int(d.Kind))
	}
}

// Verify recomputes everything that the rows of a project's ledger say about each other: commitments, operations roots, leaves,
// tree nodes and roots. It lists every damage and goes on after each; the error is for what kept it from reading. The head it
// returns is computed from envelopes and operations roots alone, not from stored nodes: without damage it is the head of the
// ledger, to be compared with one that was kept elsewhere. Only that comparison finds a ledger that was rewritten or cut short
// consistently.
//
// It reads in one pass, with memory for one page of rows, one path of the tree, and the damages. Entries appended while it runs
// are left for the next time.
//
// goldthread:implements SRS-57
func Verify(ctx context.Context, s Store, project string) (Head, []Damage, error) {
	head, err := s.Head(ctx, project)
	if err != nil {
		return Head{}, nil, err
	}
	nextNode, stop := iter.Pull2(s.TreeRows(ctx, project, 0))
	defer stop()
	nextCheckpoint, stopCheckpoints := iter.Pull2(s.Checkpoints(ctx, project, 0))
	defer stopCheckpoints()
	v := &verifier{nodes: nodeCursor{next: nextNode}, checkpoints: checkpointCursor{next: nextCheckpoint}}
	if head.Size > 0 {
		for row, err := range s.Rows(ctx, project, 1, 0) {
			if err != nil {
				return Head{}, v.damages, fmt.Errorf("verify project %s: %w", project, err)
			}
			if row.Sequence > head.Size {
				break
			}
			if err := v.row(row); err != nil {
				return Head{}, v.damages, fmt.Errorf("verify project %s: %w", project, err)
			}
		}
	}
	if err := v.end(ctx, s, project, head); err != nil {
		return Head{}, v.damages, fmt.Errorf("verify project %s: %w", project, err)
	}
	if err := v.checkpointsBeyond(ctx, s, project); err != nil {
		return Head{}, v.damages, fmt.Errorf("verify project %s: %w", project, err)
	}
	return Head{Size: v.content.size, Root: v.content.root()}, v.damages, nil
}

// verifier goes through entries and nodes side by side: the nodes of an entry follow those of the entry before.
type verifier struct {
	nodes       nodeCursor
	checkpoints checkpointCursor
	origin      string
	stored      frontier // peaks as stored, so that a changed entry is one damage and not one for each node and root above it
	content     frontier // peaks as computed from the content of entries, so that a changed node is one damage
	lost        bool     // so many rows are gone that the tree cannot be followed; entries are still checked in themselves
	damages     []Damage
}

func (v *verifier) found(d Damage) { v.damages = append(v.damages, d) }

// row checks one entry and the nodes that were written with it.
func (v *verifier) row(row Row) error {
	if row.Sequence > v.content.size+1 && !v.lost {
		if err := v.gap(v.content.size+1, row.Sequence-1); err != nil {
			return err
		}
	}
	v.operations(row)
	if v.lost {
		return nil
	}
	leaf := row.leaf().Hash()
	stored, there, err := v.nodes.take(tlog.StoredHashCount(row.Sequence - 1))
	if err != nil {
		return err
	}
	switch {
	case !there:
		v.found(Damage{Kind: TreeMissing, Sequence: row.Sequence, Index: tlog.StoredHashCount(row.Sequence - 1)})
		stored = leaf
	case stored != leaf:
		v.found(Damage{Kind: EntryChanged, Sequence: row.Sequence})
	}
	if err := v.grow(row.Sequence, leaf, stored); err != nil {
		return err
	}
	if row.Sequence == 1 {
		v.origin = Origin(leaf)
	}
	if err := v.checkpoint(row.Sequence); err != nil {
		return err
	}
	if row.Root != v.stored.root() && row.Root != v.content.root() {
		v.found(Damage{Kind: RootChanged, Sequence: row.Sequence})
	}
	return nil
}

// gap reports entries first to last as missing and follows the tree through them by the leaves that are still stored. Where
// those end too, the tree is lost: a row moved to an absurd number must not cost absurd time.
func (v *verifier) gap(first, last int64) error {
	v.found(Damage{Kind: EntryMissing, Sequence: first, Last: last})
	for n := first; n <= last; n++ {
		stored, there, err := v.nodes.take(tlog.StoredHashCount(n - 1))
		if err != nil {
			return err
		}
		if !there {
			v.lost = true
			return nil
		}
		if err := v.grow(n, stored, stored); err != nil {
			return err
		}
	}
	return nil
}

// grow adds a leaf to both trees and compares the nodes it completes with the stored ones. A stored node is right when it is the
// hash of its stored children or the node that the content gives. While nothing is damaged the two are the same; after damage
// elsewhere, one of them still fits, and the node is not blamed for its neighbour.
func (v *verifier) grow(sequence int64, leaf, stored Hash) error {
	completed := v.content.push(leaf)
	index := tlog.StoredHashCount(sequence - 1)
	node := stored
	for _, fromContent := range completed[1:] {
		last := len(v.stored.peaks) - 1
		fromStored := tlog.NodeHash(v.stored.peaks[last], node)
		v.stored.peaks = v.stored.peaks[:last]
		index++
		got, there, err := v.nodes.take(index)
		if err != nil {
			return err
		}
		switch {
		case !there:
			v.found(Damage{Kind: TreeMissing, Sequence: sequence, Index: index})
			got = fromStored
		case got != fromStored && got != fromContent:
			v.found(Damage{Kind: TreeChanged, Sequence: sequence, Index: index})
		}
		node = got
	}
	v.stored.peaks = append(v.stored.peaks, node)
	v.stored.size++
	return nil
}

// operations checks the operations of an entry in themselves: bytes against commitments, commitments against their root.
func (v *verifier) operations(row Row) {
	next, complete := int64(1), true
	for _, op := range row.Operations {
		if op.Number > row.OperationCount || op.Number < next {
			v.found(Damage{Kind: OperationAdded, Sequence: row.Sequence, Operation: op.Number})
			complete = false
			continue
		}
		if op.Number > next {
			v.found(Damage{Kind: OperationMissing, Sequence: row.Sequence, Operation: next, LastOperation: op.Number - 1})
			complete = false
		}
		redacted := op.RedactedBy > row.Sequence && op.Salt == (Salt{}) && len(op.Bytes) == 0
		if !redacted && OperationCommitment(op.Operation) != op.Commitment {
			v.found(Damage{Kind: OperationChanged, Sequence: row.Sequence, Operation: op.Number})
		}
		next = op.Number + 1
	}
	if next <= row.OperationCount {
		v.found(Damage{Kind: OperationMissing, Sequence: row.Sequence, Operation: next, LastOperation: row.OperationCount})
		complete = false
	}
	if complete && OperationsRoot(row.commitments()) != row.OperationsRoot {
		v.found(Damage{Kind: CommitmentChanged, Sequence: row.Sequence})
	}
}

// checkpoint holds the checkpoint of so many entries, if there is one, against them.
func (v *verifier) checkpoint(size int64) error {
	for {
		row, there, err := v.checkpoints.peek()
		if err != nil || !there || row.Size > size {
			return err
		}
		v.checkpoints.drop()
		text, _, _ := strings.Cut(string(row.Note), "\n\n")
		c, err := ParseCheckpoint(text + "\n")
		if err != nil || row.Size != size || c.Size != size || c.Root != v.content.root() && c.Root != v.stored.root() || c.Origin != v.origin {
			v.found(Damage{Kind: CheckpointChanged, Sequence: row.Size})
		}
	}
}

// checkpointsBeyond names those of more entries than there are.
func (v *verifier) checkpointsBeyond(ctx context.Context, s Store, project string) error {
	for {
		row, there, err := v.checkpoints.peek()
		if err != nil || !there {
			return err
		}
		v.checkpoints.drop()
		now, err := s.Head(ctx, project)
		if err != nil {
			return err
		}
		if row.Size > now.Size {
			v.found(Damage{Kind: CheckpointBeyond, Sequence: row.Size})
		}
	}
}

// checkpointCursor reads checkpoints by ascending size.
type checkpointCursor struct {
	next   func() (CheckpointRow, error, bool)
	row    CheckpointRow
	loaded bool
}

func (c *checkpointCursor) peek() (CheckpointRow, bool, error) {
	if c.loaded {
		return c.row, true, nil
	}
	row, err, more := c.next()
	if err != nil || !more {
		return CheckpointRow{}, false, err
	}
	c.row, c.loaded = row, true
	return row, true, nil
}

func (c *checkpointCursor) drop() { c.loaded = false }

// end looks for entries that the head or the tree say should have followed. Nodes of entries appended since the start are not
// damage: they are there only together with a newer head.
func (v *verifier) end(ctx context.Context, s Store, project string, head Head) error {
	if v.content.size < head.Size && !v.lost {
		if err := v.gap(v.content.size+1, head.Size); err != nil {
			return err
		}
	}
	if v.lost {
		return nil
	}
	var extra []Damage
	for {
		row, there, err := v.nodes.peek()
		if err != nil {
			return err
		}
		if !there {
			break
		}
		v.nodes.drop()
		extra = append(extra, Damage{Kind: TreeAdded, Sequence: writtenWith(row.Index), Index: row.Index})
	}
	if len(extra) == 0 {
		return nil
	}
	now, err := s.Head(ctx, project)
	if err != nil {
		return err
	}
	for _, d := range extra {
		if d.Index >= tlog.StoredHashCount(now.Size) || d.Index < tlog.StoredHashCount(head.Size) {
			v.found(d)
		}
	}
	return nil
}

// writtenWith returns the number of the entry that a node was stored with.
func writtenWith(index int64) int64 {
	if index < 0 || index > 2*MaxSize {
		return 0
	}
	level, n := tlog.SplitStoredHashIndex(index)
	return (n + 1) << level
}

// nodeCursor reads nodes by ascending index.
type nodeCursor struct {
	next   func() (TreeRow, error, bool)
	row    TreeRow
	loaded bool
}

func (c *nodeCursor) peek() (TreeRow, bool, error) {
	if c.loaded {
		return c.row, true, nil
	}
	row, err, more := c.next()
	if err != nil {
		return TreeRow{}, false, err
	}
	if !more {
		return TreeRow{}, false, nil
	}
	c.row, c.loaded = row, true
	return row, true, nil
}

func (c *nodeCursor) drop() { c.loaded = false }

// take returns the node with an index if it is the next; nodes before it were missing or already reported.
func (c *nodeCursor) take(index int64) (Hash, bool, error) {
	row, there, err := c.peek()
	if err != nil || !there || row.Index != index {
		return Hash{}, false, err
	}
	c.drop()
	return row.Hash, true, nil
}
