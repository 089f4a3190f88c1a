package ledger

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/parallel"
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
	// OperationGone: salt and bytes of the operation are not there, and it is not said to be redacted.
	OperationGone
	// RedactionFalse: the operation is said to be redacted by entry Last, which cannot have done that.
	RedactionFalse
	// RedactionUndone: the operation was redacted by entry Last, and there are bytes in its place.
	RedactionUndone
	// CheckpointChanged: the checkpoints of Sequence to Last entries do not say the roots that the entries give.
	CheckpointChanged
	// CheckpointAdded: there are checkpoints of Sequence to Last entries, which are more than there are: entries were cut off.
	CheckpointAdded
	// CheckpointUnsigned: the checkpoints of Sequence to Last entries are not signed by the keys in force, or by others too.
	CheckpointUnsigned
)

// Damage is one thing that Verify found wrong in the rows of a ledger. Numbers that do not apply are 0.
type Damage struct {
	Kind          DamageKind
	Sequence      int64 // the entry; for a node of the tree the entry it was written with
	Last          int64 // EntryMissing and Checkpoint kinds: the last of the run; Redaction kinds: the entry that is said to redact
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
	case OperationGone:
		return fmt.Sprintf("operation %d of entry %d was taken out, and no entry redacts it", d.Operation, d.Sequence)
	case RedactionFalse:
		return fmt.Sprintf("operation %d of entry %d is said to be redacted by entry %d, which cannot be", d.Operation, d.Sequence, d.Last)
	case RedactionUndone:
		return fmt.Sprintf("operation %d of entry %d was redacted by entry %d, and something was put in its place", d.Operation, d.Sequence, d.Last)
	case CheckpointChanged:
		return d.checkpoints() + " not of these entries: entries or checkpoints were changed"
	case CheckpointAdded:
		return d.checkpoints() + " of more entries than there are: entries were cut off"
	case CheckpointUnsigned:
		return d.checkpoints() + " not signed by the key of the ledger"
	default:
		return fmt.Sprintf("damage of unknown kind %d", int(d.Kind))
	}
}

func (d Damage) checkpoints() string {
	if d.Last > d.Sequence {
		return fmt.Sprintf("the checkpoints of %d to %d entries are", d.Sequence, d.Last)
	}
	return fmt.Sprintf("the checkpoint of %d entries is", d.Sequence)
}

// Verify recomputes everything that the rows of a project's ledger say about each other: commitments, operations roots, leaves,
// tree nodes and roots, and holds the checkpoints against the roots. It lists every damage and goes on after each; the error is for what kept it from reading. The head it
// returns is computed from envelopes and operations roots alone, not from stored nodes: without damage it is the head of the
// ledger, to be compared with one that was kept elsewhere. Only that comparison finds a ledger that was rewritten or cut short
// consistently and, by somebody who has its key, signed anew.
//
// Of an operation that was redacted it says nothing when a later entry is named as the reason. Whether that entry says the same in
// its bytes is for whoever reads them. It does not look at signatures; VerifySigned does.
//
// It reads in one pass, ahead of the hashing, with memory for two pages of rows, one path of the tree, and the damages. Entries appended while it runs
// are left for the next time.
//
// goldthread:implements SRS-57
func Verify(ctx context.Context, s Store, project string) (Head, []Damage, error) {
	return verify(ctx, s, project, nil)
}

// VerifySigned is Verify that looks at the signatures of checkpoints as well: each must be signed by the keys that SigningKeys
// says, and by no other. The keys are those that entries of the ledger name; there is at least one.
//
// goldthread:implements SRS-93
func VerifySigned(ctx context.Context, s Store, project string, keys []KeyChange) (Head, []Damage, error) {
	if len(keys) == 0 {
		return Head{}, nil, fault.Newf(fault.Invalid, "the ledger of project %s names no key for its checkpoints", project)
	}
	return verify(ctx, s, project, keys)
}

func verify(ctx context.Context, s Store, project string, keys []KeyChange) (Head, []Damage, error) {
	head, err := s.Head(ctx, project)
	if err != nil {
		return Head{}, nil, err
	}
	nextNode, stop := iter.Pull2(s.TreeRows(ctx, project, 0))
	defer stop()
	nextCheckpoint, stopCheckpoints := iter.Pull2(s.Checkpoints(ctx, project, 0))
	defer stopCheckpoints()
	v := &verifier{nodes: nodeCursor{cursor[TreeRow]{next: nextNode}}, checkpoints: checkpointCursor{cursor: cursor[CheckpointRow]{next: nextCheckpoint}, keys: keys}, size: head.Size}
	if head.Size > 0 {
		for row, err := range parallel.Ahead(s.Rows(ctx, project, 1, 0), 256) {
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
	return Head{Size: v.content.size, Root: v.content.root()}, v.damages, nil
}

// verifier goes through entries and nodes side by side: the nodes of an entry follow those of the entry before.
type verifier struct {
	nodes   nodeCursor
	stored  frontier // peaks as stored, so that a changed entry is one damage and not one for each node and root above it
	content frontier // peaks as computed from the content of entries, so that a changed node is one damage
	lost    bool     // so many rows are gone that the tree cannot be followed; entries are still checked in themselves
	damages []Damage

	checkpoints checkpointCursor
	size        int64 // of the ledger when it began
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
	if sequence == 1 {
		v.checkpoints.origins = [2]string{Origin(leaf), Origin(stored)}
	}
	return v.checkpoint(sequence)
}

// checkpoint checks the checkpoint of a size, if there is one, when the trees have that size. Its root is right when it is that of
// the content or that of the stored nodes, as with nodes themselves.
func (v *verifier) checkpoint(size int64) error {
	c, there, err := v.checkpoints.peek()
	for ; there && err == nil && c.Size < size; c, there, err = v.checkpoints.peek() {
		v.checkpoints.drop() // of a size that no ledger has
		v.foundCheckpoint(CheckpointChanged, c.Size)
	}
	if err != nil || !there || c.Size != size {
		return err
	}
	v.checkpoints.drop()
	origin, head, err := ParseNote(c.Note)
	known := slices.Contains(v.checkpoints.origins[:], origin)
	if err != nil || !known || head.Size != size || head.Root != v.content.root() && head.Root != v.stored.root() {
		v.foundCheckpoint(CheckpointChanged, size)
	} else if !v.checkpoints.signed(c, origin) {
		v.foundCheckpoint(CheckpointUnsigned, size)
	}
	v.checkpoints.before = size
	return nil
}

// foundCheckpoint reports damaged checkpoints that follow each other as one run.
func (v *verifier) foundCheckpoint(kind DamageKind, size int64) {
	if at, there := v.checkpoints.runs[kind]; there && v.damages[at].Last == v.checkpoints.before {
		v.damages[at].Last = size
		return
	}
	if v.checkpoints.runs == nil {
		v.checkpoints.runs = map[DamageKind]int{}
	}
	v.checkpoints.runs[kind] = len(v.damages)
	v.found(Damage{Kind: kind, Sequence: size, Last: size})
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
		v.operation(row.Sequence, op)
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

// operation checks one operation in itself.
func (v *verifier) operation(sequence int64, op OperationRow) {
	gone := op.Salt == Salt{} && op.Bytes == nil
	switch {
	case op.RedactedBy != 0 && (op.RedactedBy <= sequence || op.RedactedBy > v.size):
		v.found(Damage{Kind: RedactionFalse, Sequence: sequence, Operation: op.Number, Last: op.RedactedBy})
	case op.RedactedBy != 0 && !gone:
		v.found(Damage{Kind: RedactionUndone, Sequence: sequence, Operation: op.Number, Last: op.RedactedBy})
	case op.RedactedBy != 0:
	case gone:
		v.found(Damage{Kind: OperationGone, Sequence: sequence, Operation: op.Number})
	case OperationCommitment(op.Operation) != op.Commitment:
		v.found(Damage{Kind: OperationChanged, Sequence: sequence, Operation: op.Number})
	}
}

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
	beyond, there, err := v.checkpoints.peek()
	if err != nil || len(extra) == 0 && !there {
		return err
	}
	now, err := s.Head(ctx, project)
	if err != nil {
		return err
	}
	for ; there && err == nil; beyond, there, err = v.checkpoints.peek() {
		v.checkpoints.drop()
		if beyond.Size > now.Size || beyond.Size <= head.Size {
			v.foundCheckpoint(CheckpointAdded, beyond.Size)
			v.checkpoints.before = beyond.Size
		}
	}
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

// cursor reads what is ordered by number, and looks one ahead.
type cursor[T any] struct {
	next   func() (T, error, bool)
	one    T
	loaded bool
}

func (c *cursor[T]) peek() (T, bool, error) {
	if c.loaded {
		return c.one, true, nil
	}
	one, err, more := c.next()
	if err != nil || !more {
		var none T
		return none, false, err
	}
	c.one, c.loaded = one, true
	return one, true, nil
}

func (c *cursor[T]) drop() { c.loaded = false }

// nodeCursor reads nodes by ascending index.
type nodeCursor struct{ cursor[TreeRow] }

// take returns the node with an index if it is the next; nodes before it were missing or already reported.
func (c *nodeCursor) take(index int64) (Hash, bool, error) {
	row, there, err := c.peek()
	if err != nil || !there || row.Index != index {
		return Hash{}, false, err
	}
	c.drop()
	return row.Hash, true, nil
}

// checkpointCursor reads checkpoints by ascending size.
type checkpointCursor struct {
	cursor[CheckpointRow]
	keys    []KeyChange // nil: signatures are not looked at
	origins [2]string   // by the content of entry 1 and by its stored leaf
	before  int64       // the size of the one before
	runs    map[DamageKind]int
}

// signed says whether a checkpoint is signed by the keys that must have signed it and no others.
func (c *checkpointCursor) signed(one CheckpointRow, origin string) bool {
	if c.keys == nil {
		return true
	}
	due := SigningKeys(c.keys, c.before, one.Size)
	_, signers, err := VerifyCheckpoint(one.Note, origin, due)
	slices.Sort(signers)
	slices.Sort(due)
	return err == nil && slices.Equal(signers, due)
}
