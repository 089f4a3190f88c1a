package ledger

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
)

// grown is a ledger in memory and everything that can be proven of it: entry n has n-1 operations.
type grown struct {
	rows   []Row
	stored []Hash
	heads  []Head // heads[n] has size n
}

func grow(t testing.TB, n int) grown {
	t.Helper()
	var entries []Entry
	for i := range n {
		e := Entry{Envelope: fmt.Appendf(nil, `{"entry":%d}`, i+1)}
		for k := range i {
			e.Operations = append(e.Operations, Operation{Salt: sha256.Sum256(fmt.Append(nil, i, k)), Bytes: fmt.Append(nil, "op ", k)})
		}
		entries = append(entries, e)
	}
	rows, err := Prepare(0, entries)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := Grow(EmptyHead(), sliceReader(nil), rows)
	if err != nil {
		t.Fatal(err)
	}
	g := grown{rows: rows, stored: stored, heads: []Head{EmptyHead()}}
	for _, row := range rows {
		g.heads = append(g.heads, Head{Size: row.Sequence, Root: row.Root})
	}
	return g
}

func (g grown) entryProof(t testing.TB, size, sequence int) EntryProof {
	t.Helper()
	path, err := tlog.ProveRecord(int64(size), int64(sequence)-1, sliceReader(g.stored))
	if err != nil {
		t.Fatal(err)
	}
	return EntryProof{Leaf: g.rows[sequence-1].leaf(), Path: path}
}

func (g grown) operationProof(t testing.TB, size, sequence, number int) OperationProof {
	t.Helper()
	row := g.rows[sequence-1]
	path, err := tlog.ProveRecord(row.OperationCount, int64(number)-1, operationsTree(row.commitments()))
	if err != nil {
		t.Fatal(err)
	}
	return OperationProof{Operation: row.Operations[number-1].Operation, Number: int64(number), Path: path, Entry: g.entryProof(t, size, sequence)}
}

const exhaustive = 64

// goldthread:verifies SRS-56
func TestEveryEntryOfEveryTree(t *testing.T) {
	g := grow(t, exhaustive)
	for size := 1; size <= exhaustive; size++ {
		for sequence := 1; sequence <= size; sequence++ {
			p := g.entryProof(t, size, sequence)
			if err := CheckEntry(p, g.heads[size]); err != nil {
				t.Fatalf("entry %d of %d: %v", sequence, size, err)
			}
			leaf := p.Leaf.Hash()
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(sequence-1), uint64(size), leaf[:], pathBytes(p.Path), g.heads[size].Root[:]); err != nil {
				t.Errorf("entry %d of %d: transparency-dev/merkle says %v", sequence, size, err)
			}
			for other := 0; other <= exhaustive; other++ {
				if other != size && CheckEntry(p, g.heads[other]) == nil {
					t.Errorf("the proof of entry %d for size %d is taken for size %d", sequence, size, other)
				}
				q := p
				q.Leaf.Sequence = int64(other)
				if other != sequence && CheckEntry(q, g.heads[size]) == nil {
					t.Errorf("the proof of entry %d of %d is taken for entry %d", sequence, size, other)
				}
			}
		}
	}
}

// goldthread:verifies SRS-56
func TestEveryOperationOfEveryTree(t *testing.T) {
	g := grow(t, exhaustive+1)
	head := g.heads[exhaustive+1]
	for sequence := 2; sequence <= exhaustive+1; sequence++ {
		for number := 1; number < sequence; number++ {
			p := g.operationProof(t, exhaustive+1, sequence, number)
			if err := CheckOperation(p, head); err != nil {
				t.Fatalf("operation %d of entry %d: %v", number, sequence, err)
			}
			for other := 0; other <= sequence; other++ {
				q := p
				q.Number = int64(other)
				if other != number && CheckOperation(q, head) == nil {
					t.Errorf("the proof of operation %d of entry %d is taken for operation %d", number, sequence, other)
				}
			}
			if sequence <= exhaustive {
				q := p
				q.Entry = g.entryProof(t, exhaustive+1, sequence+1)
				if CheckOperation(q, head) == nil {
					t.Errorf("the proof of operation %d of entry %d is taken for entry %d", number, sequence, sequence+1)
				}
			}
		}
	}
}

// bytesOf returns every byte that a proof and the head it is checked against are made of, each in place.
func bytesOf(p *OperationProof, head *Head) (all []*byte) {
	add := func(part []byte) {
		for i := range part {
			all = append(all, &part[i])
		}
	}
	add(p.Operation.Salt[:])
	add(p.Operation.Bytes)
	for i := range p.Path {
		add(p.Path[i][:])
	}
	add(p.Entry.Leaf.OperationsRoot[:])
	add(p.Entry.Leaf.Envelope)
	for i := range p.Entry.Path {
		add(p.Entry.Path[i][:])
	}
	add(head.Root[:])
	return all
}

// goldthread:verifies SRS-56
func TestEveryFlippedBitIsRefused(t *testing.T) {
	g := grow(t, exhaustive)
	mutants := 0
	for size := 2; size <= exhaustive; size += 3 {
		for sequence := 2; sequence <= size; sequence += 5 {
			p, head := g.operationProof(t, size, sequence, sequence/2), g.heads[size]
			p.Entry.Leaf.Envelope = append([]byte(nil), p.Entry.Leaf.Envelope...)
			p.Operation.Bytes = append([]byte(nil), p.Operation.Bytes...)
			if err := CheckOperation(p, head); err != nil {
				t.Fatal(err)
			}
			for i, b := range bytesOf(&p, &head) {
				for bit := range 8 {
					*b ^= 1 << bit
					if CheckOperation(p, head) == nil {
						t.Fatalf("operation %d of entry %d of %d: bit %d of byte %d flipped is taken", sequence/2, sequence, size, bit, i)
					}
					*b ^= 1 << bit
					mutants++
				}
			}
			// The size of the head is not among them: a root of RFC 6962 does not hold its size. Size and root of a head are
			// trusted together, and signed together.
			for bit := range 64 {
				for _, number := range []*int64{&p.Number, &p.Entry.Leaf.Sequence, &p.Entry.Leaf.OperationCount} {
					*number ^= 1 << bit
					if CheckOperation(p, head) == nil {
						t.Fatalf("operation %d of entry %d of %d: bit %d of a number flipped is taken", sequence/2, sequence, size, bit)
					}
					*number ^= 1 << bit
					mutants++
				}
			}
			if err := CheckOperation(p, head); err != nil {
				t.Fatal("the test did not put its bits back")
			}
		}
	}
	t.Logf("%d mutants refused", mutants)
}

func TestPathsOfTheWrongLengthAreRefused(t *testing.T) {
	g := grow(t, 20)
	for size := 1; size <= 20; size++ {
		for sequence := 1; sequence <= size; sequence++ {
			p := g.entryProof(t, size, sequence)
			longer, first := p, p
			longer.Path = append(append([]Hash(nil), p.Path...), Hash{})
			first.Path = append([]Hash{{}}, p.Path...)
			wrong := []EntryProof{longer, first}
			if len(p.Path) > 0 {
				shorter := p
				shorter.Path = p.Path[1:]
				wrong = append(wrong, shorter)
			}
			for _, q := range wrong {
				if err := CheckEntry(q, g.heads[size]); fault.KindOf(err) != fault.Corrupt {
					t.Errorf("entry %d of %d with a path of %d instead of %d: %v", sequence, size, len(q.Path), len(p.Path), err)
				}
			}
		}
	}
}

// An attacker chooses the numbers in a proof. tlog does not come back for sizes near the largest.
//
// goldthread:verifies SRS-56
func TestAbsurdSizesAreRefusedAtOnce(t *testing.T) {
	path := make([]Hash, 100)
	for _, size := range []int64{-1 << 63, -1, 0, MaxSize + 1, 1<<62 + 1, 1<<63 - 1} {
		if CheckEntry(EntryProof{Leaf: Leaf{Sequence: 1}, Path: path}, Head{Size: size}) == nil {
			t.Errorf("size %d is taken", size)
		}
		if CheckEntry(EntryProof{Leaf: Leaf{Sequence: size}, Path: path}, Head{Size: 10}) == nil {
			t.Errorf("sequence %d is taken", size)
		}
	}
	g := grow(t, 3)
	p := g.operationProof(t, 3, 3, 1)
	p.Entry.Leaf.OperationCount = 1<<63 - 1
	p.Path = path
	head := Head{Size: 1, Root: p.Entry.Leaf.Hash()}
	p.Entry.Leaf.Sequence = 1
	head.Root = p.Entry.Leaf.Hash()
	p.Entry.Path = nil
	if err := CheckEntry(p.Entry, head); err != nil {
		t.Fatal(err)
	}
	if CheckOperation(p, head) == nil {
		t.Error("an absurd number of operations is taken")
	}
}

func pathBytes(path []Hash) [][]byte {
	all := make([][]byte, len(path))
	for i := range path {
		all[i] = path[i][:]
	}
	return all
}

// dataFolder returns the folder of real files of other projects, or skips the test.
func dataFolder(t *testing.T, part string) string {
	t.Helper()
	folder := os.Getenv("GOLDTHREAD_DATA")
	if folder == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; ; root = filepath.Dir(root) {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			if root == filepath.Dir(root) {
				t.Skip("no go.mod above the test")
			}
		}
		folder = filepath.Join(root, "..", "shared", "data")
	}
	folder = filepath.Join(folder, part)
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("no folder of real files: set GOLDTHREAD_DATA (%v)", err)
	}
	return folder
}

// eachVector reads the JSON files of a folder of vectors and says how many there were.
func eachVector[V any](t *testing.T, folder string, check func(t *testing.T, v V)) (n int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".json") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var v V
		if err := json.Unmarshal(text, &v); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		n++
		relative, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		t.Run(relative, func(t *testing.T) { check(t, v) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// number is a size in a vector; some are beyond int64 and must be refused like any other that is too large.
func number(n uint64) int64 {
	if n > 1<<62 {
		return 1 << 62
	}
	return int64(n)
}

func hashes(raw [][]byte) (all []Hash, ok bool) {
	for _, h := range raw {
		if len(h) != len(Hash{}) {
			return nil, false
		}
		all = append(all, Hash(h))
	}
	return all, true
}

func TestInclusionVectors(t *testing.T) {
	type inclusion struct {
		LeafIdx, TreeSize uint64
		Root, LeafHash    []byte
		Proof             [][]byte
		Desc              string
		WantErr           bool
	}
	n := eachVector(t, dataFolder(t, "crypto/merkle/inclusion"), func(t *testing.T, v inclusion) {
		path, ok := hashes(v.Proof)
		ends, okEnds := hashes([][]byte{v.Root, v.LeafHash})
		failed := !ok || !okEnds || checkPath(path, number(v.TreeSize), ends[0], number(v.LeafIdx)+1, ends[1]) != nil
		if failed != v.WantErr {
			t.Errorf("%s: refused %v, want %v", v.Desc, failed, v.WantErr)
		}
	})
	if n != 98 {
		t.Errorf("the manifest says 98 vectors, %d were read", n)
	}
}

// Consistency proofs come with signed checkpoints; until then these vectors hold the library to what it says.
func TestConsistencyVectorsOfTlog(t *testing.T) {
	type consistency struct {
		Size1, Size2 uint64
		Root1, Root2 []byte
		Proof        [][]byte
		Desc         string
		WantErr      bool
	}
	n := eachVector(t, dataFolder(t, "crypto/merkle/consistency"), func(t *testing.T, v consistency) {
		path, ok := hashes(v.Proof)
		ends, okEnds := hashes([][]byte{v.Root1, v.Root2})
		if v.Size2 > MaxSize {
			t.Skip("refused by our bounds before it reaches the library")
		}
		failed := !ok || !okEnds || tlog.CheckTree(path, number(v.Size2), ends[1], number(v.Size1), ends[0]) != nil
		if failed != v.WantErr {
			t.Errorf("%s: refused %v, want %v", v.Desc, failed, v.WantErr)
		}
	})
	if n != 84 {
		t.Errorf("the manifest says 84 vectors, %d were read", n)
	}
}

// FuzzCheckOperation gives the verifier proofs of a stranger: it ends, and takes only the true one.
func FuzzCheckOperation(f *testing.F) {
	g := grow(f, 12)
	honest := g.operationProof(f, 12, 7, 3)
	head := g.heads[12]
	flat := func(path []Hash) (all []byte) {
		for _, h := range path {
			all = append(all, h[:]...)
		}
		return all
	}
	f.Add(int64(7), int64(6), int64(3), honest.Entry.Leaf.OperationsRoot[:], honest.Entry.Leaf.Envelope, flat(honest.Entry.Path), honest.Operation.Salt[:], honest.Operation.Bytes, flat(honest.Path))
	f.Add(int64(1<<62+1), int64(1<<62+1), int64(1), make([]byte, 32), []byte("e"), []byte{}, make([]byte, 32), []byte{}, []byte{})
	split := func(all []byte) (path []Hash) {
		for ; len(all) >= 32; all = all[32:] {
			path = append(path, Hash(all[:32]))
		}
		return path
	}
	fixed := func(b []byte) (h Hash) { copy(h[:], b); return h }
	f.Fuzz(func(t *testing.T, sequence, count, n int64, root, envelope, entryPath, salt, bytes, path []byte) {
		p := OperationProof{
			Operation: Operation{Salt: Salt(fixed(salt)), Bytes: bytes}, Number: n, Path: split(path),
			Entry: EntryProof{Leaf: Leaf{Sequence: sequence, OperationCount: count, OperationsRoot: fixed(root), Envelope: envelope}, Path: split(entryPath)},
		}
		if CheckOperation(p, head) != nil {
			return
		}
		row := g.rows[sequence-1]
		if p.Entry.Leaf.Hash() != row.leaf().Hash() || string(row.Operations[n-1].Bytes) != string(bytes) {
			t.Errorf("a forged proof is taken: %+v", p)
		}
	})
}
