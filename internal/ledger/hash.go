package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
)

// Hash is a SHA-256 hash: a commitment, or a node of a tree.
type Hash = tlog.Hash

const (
	operationPrefix = "goldthread op v1\n"
	entryPrefix     = "goldthread entry v1\n"
	originPrefix    = "goldthread/"
)

// OperationCommitment returns what an entry's tree holds of an operation.
func OperationCommitment(op Operation) Hash {
	h := sha256.New()
	h.Write([]byte(operationPrefix))
	h.Write(op.Salt[:])
	h.Write(op.Bytes)
	var commitment Hash
	h.Sum(commitment[:0])
	return commitment
}

// OperationsRoot returns the tree head over commitments in their order; of none it is SHA-256 of nothing.
func OperationsRoot(commitments []Hash) Hash {
	var tree frontier
	for _, commitment := range commitments {
		tree.push(tlog.RecordHash(commitment[:]))
	}
	return tree.root()
}

// Leaf is what the leaf of an entry is made of: the entry without the bytes of its operations.
type Leaf struct {
	Sequence       int64
	OperationCount int64
	OperationsRoot Hash
	Envelope       []byte
}

// Hash returns the hash of the leaf in the ledger's tree.
func (l Leaf) Hash() Hash { return tlog.RecordHash(l.data()) }

// data is what is hashed.
func (l Leaf) data() []byte {
	data := make([]byte, 0, len(entryPrefix)+len(l.Envelope)+110)
	data = append(data, entryPrefix...)
	data = strconv.AppendInt(data, l.Sequence, 10)
	data = append(data, '\n')
	data = strconv.AppendInt(data, l.OperationCount, 10)
	data = append(data, '\n')
	data = hex.AppendEncode(data, l.OperationsRoot[:])
	data = append(data, '\n')
	return append(data, l.Envelope...)
}

// LeafHash returns the hash of an entry in its ledger's tree. It refuses an entry that no ledger would take, and one whose
// Sequence is not set.
//
// goldthread:implements SRS-55
func LeafHash(e Entry) (Hash, error) {
	if err := e.check(); err != nil {
		return Hash{}, err
	}
	if err := checkSequence(e.Sequence); err != nil {
		return Hash{}, err
	}
	return rowOf(e, e.Sequence).leaf().Hash(), nil
}

// Origin is the name of a ledger, by which its checkpoints and signatures say what they are of. It is made of the leaf hash of
// entry 1, and so of content alone: a copy of the ledger has the same name wherever it is kept and however the project is called
// there, and two ledgers that begin differently never share one. The first 128 bits are enough: to find a second entry 1 of a
// given name takes 2^128 trials.
//
// goldthread:implements SRS-118
func Origin(first Hash) string { return originPrefix + hex.EncodeToString(first[:16]) }

// OriginOf returns the name of a ledger in a store: fault.NotFound before its first entry.
func OriginOf(ctx context.Context, s Store, project string) (string, error) {
	head, err := s.Head(ctx, project)
	if err != nil {
		return "", err
	}
	if head.Size == 0 {
		return "", fault.Newf(fault.NotFound, "project %s has no entry yet, so that its ledger has no name", project)
	}
	leaf, err := s.TreeHashes(ctx, project, []int64{0})
	if err != nil {
		return "", err
	}
	return Origin(leaf[0]), nil
}

// frontier is a tree of RFC 6962 of which only the peaks are kept: the roots of its complete subtrees, the largest first. It is
// enough to go on adding leaves.
type frontier struct {
	size  int64
	peaks []Hash
}

// push adds a leaf and returns the hashes of the nodes it completes, the leaf first, each the parent of the one before. That
// is the order in which tlog stores them. The result is valid until the next push.
func (f *frontier) push(leaf Hash) []Hash {
	completed := append(make([]Hash, 0, 4), leaf)
	for n := f.size; n&1 == 1; n >>= 1 {
		last := len(f.peaks) - 1
		leaf = tlog.NodeHash(f.peaks[last], leaf)
		f.peaks = f.peaks[:last]
		completed = append(completed, leaf)
	}
	f.peaks = append(f.peaks, leaf)
	f.size++
	return completed
}

// root returns the tree head.
func (f *frontier) root() Hash {
	if len(f.peaks) == 0 {
		return sha256.Sum256(nil)
	}
	root := f.peaks[len(f.peaks)-1]
	for i := len(f.peaks) - 2; i >= 0; i-- {
		root = tlog.NodeHash(f.peaks[i], root)
	}
	return root
}
