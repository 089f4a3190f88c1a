package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/goldthread/goldthread/internal/fault"
)

// hexBytes reads hex from JSON.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

type vector struct {
	Name    string
	Root    hexBytes
	Entries []struct {
		Sequence   int64
		Envelope   hexBytes
		Operations []struct{ Salt, Bytes, Commitment hexBytes }

		OperationsRoot, LeafData, LeafHash, Root hexBytes
	}
}

func readVectors(t testing.TB) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors []vector }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) == 0 {
		t.Fatal("testdata/vectors.json has no vectors")
	}
	return file.Vectors
}

// goldthread:verifies SRS-55
func TestVectorsOfAnotherImplementation(t *testing.T) {
	for _, v := range readVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			same := func(what string, got Hash, want hexBytes) {
				t.Helper()
				if hex.EncodeToString(got[:]) != hex.EncodeToString(want) {
					t.Errorf("%s is %x, want %x", what, got[:], []byte(want))
				}
			}
			head := EmptyHead()
			var stored []Hash
			for _, want := range v.Entries {
				e := Entry{Sequence: want.Sequence, Envelope: want.Envelope}
				for _, op := range want.Operations {
					e.Operations = append(e.Operations, Operation{Salt: Salt(op.Salt), Bytes: op.Bytes})
				}
				for i, op := range e.Operations {
					same(fmt.Sprintf("commitment %d of entry %d", i+1, e.Sequence), OperationCommitment(op), want.Operations[i].Commitment)
				}
				rows, err := Prepare(head.Size, []Entry{e})
				if err != nil {
					t.Fatal(err)
				}
				hashes, err := Grow(head, sliceReader(stored), rows)
				if err != nil {
					t.Fatal(err)
				}
				stored = append(stored, hashes...)
				head = Head{Size: e.Sequence, Root: rows[0].Root}
				leaf, err := LeafHash(e)
				if err != nil {
					t.Fatal(err)
				}
				same("operations root", rows[0].OperationsRoot, want.OperationsRoot)
				same("leaf hash", leaf, want.LeafHash)
				same("hash of the leaf data", tlog.RecordHash(want.LeafData), want.LeafHash)
				same("root", head.Root, want.Root)
			}
			same("root of the ledger", head.Root, v.Root)
		})
	}
}

// TestWorkedExample keeps the example of the package comment and of docs/ledger.md true.
func TestWorkedExample(t *testing.T) {
	for _, file := range []string{"ledger.go", "../../docs/ledger.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range readVectors(t) {
			if v.Name != "the worked example" {
				continue
			}
			e := v.Entries[0]
			for _, hash := range []hexBytes{e.Operations[0].Commitment, e.OperationsRoot, e.Root} {
				if !strings.Contains(string(text), hex.EncodeToString(hash)) {
					t.Errorf("%s lacks the hash %x of the worked example", file, []byte(hash))
				}
			}
		}
	}
}

// sliceReader reads nodes stored in a slice at their index.
func sliceReader(stored []Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		hashes := make([]Hash, len(indexes))
		for i, index := range indexes {
			if index < 0 || index >= int64(len(stored)) {
				return nil, fmt.Errorf("no node %d", index)
			}
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
}

// goldthread:verifies SRS-55
func TestFrontierIsTheTreeOfTlogAndOfASecondImplementation(t *testing.T) {
	second := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	var mine frontier
	var stored []Hash
	if mine.root() != sha256.Sum256(nil) || mine.root() != Hash(rfc6962.DefaultHasher.EmptyRoot()) {
		t.Error("the root of nothing is not SHA-256 of nothing")
	}
	for n := range int64(300) {
		leaf := tlog.RecordHash(fmt.Append(nil, n))
		want, err := tlog.StoredHashesForRecordHash(n, leaf, sliceReader(stored))
		if err != nil {
			t.Fatal(err)
		}
		if got := mine.push(leaf); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("leaf %d completes %v, tlog says %v", n, got, want)
		}
		stored = append(stored, want...)
		if err := second.Append(leaf[:], nil); err != nil {
			t.Fatal(err)
		}
		byTlog, err := tlog.TreeHash(n+1, sliceReader(stored))
		if err != nil {
			t.Fatal(err)
		}
		bySecond, err := second.GetRootHash(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := mine.root(); got != byTlog || got != Hash(bySecond) {
			t.Fatalf("root of %d is %v, tlog says %v, transparency-dev/merkle %x", n+1, got, byTlog, bySecond)
		}
	}
}

func TestGrowInOneGroupOrMany(t *testing.T) {
	var entries []Entry
	for n := range 70 {
		entries = append(entries, Entry{Envelope: fmt.Append(nil, "entry ", n)})
	}
	whole, err := Prepare(0, entries)
	if err != nil {
		t.Fatal(err)
	}
	wantHashes, err := Grow(EmptyHead(), sliceReader(nil), whole)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(entries) + 1 {
		head, stored := EmptyHead(), []Hash(nil)
		for _, part := range [][]Entry{entries[:cut], entries[cut:]} {
			if len(part) == 0 {
				continue
			}
			rows, err := Prepare(head.Size, part)
			if err != nil {
				t.Fatal(err)
			}
			hashes, err := Grow(head, sliceReader(stored), rows)
			if err != nil {
				t.Fatal(err)
			}
			stored = append(stored, hashes...)
			head = Head{Size: head.Size + int64(len(part)), Root: rows[len(rows)-1].Root}
		}
		if head.Root != whole[len(whole)-1].Root || fmt.Sprint(stored) != fmt.Sprint(wantHashes) {
			t.Errorf("cut after %d: another tree", cut)
		}
	}
}

func TestGrowRefusesATreeThatIsNotTheHeads(t *testing.T) {
	rows, err := Prepare(1, []Entry{{Envelope: []byte("e")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Grow(Head{Size: 1, Root: Hash{1}}, sliceReader([]Hash{{2}}), rows); fault.KindOf(err) != fault.Corrupt {
		t.Errorf("Grow on a wrong tree: %v", err)
	}
	if _, err := Grow(Head{Size: 1}, sliceReader(nil), rows); err == nil {
		t.Error("Grow on a missing tree is taken")
	}
	if _, err := Grow(EmptyHead(), sliceReader(nil), rows); fault.KindOf(err) != fault.Internal {
		t.Errorf("Grow with rows that do not follow: %v", err)
	}
}

// Two entries that differ in any part have different leaves, however their parts are shifted between each other.
//
// goldthread:verifies SRS-55
func TestLeafIsUnambiguous(t *testing.T) {
	seen := make(map[Hash]string)
	roots := []Hash{{}, {1}, sha256.Sum256([]byte("1\n1\n"))}
	for _, sequence := range []int64{1, 11, 111, 1111} {
		for _, count := range []int64{0, 1, 11, 111} {
			for _, root := range roots {
				for _, envelope := range []string{"", "\n", "1", "1\n1\n", hex.EncodeToString(root[:]), entryPrefix, "1\n" + hex.EncodeToString(root[:]) + "\n"} {
					l := Leaf{Sequence: sequence, OperationCount: count, OperationsRoot: root, Envelope: []byte(envelope)}
					name := fmt.Sprintf("%+v", l)
					if other, taken := seen[l.Hash()]; taken {
						t.Errorf("%s and %s have the same leaf", name, other)
					}
					seen[l.Hash()] = name
				}
			}
		}
	}
}

func TestLeafHashRefusesWhatNoLedgerTakes(t *testing.T) {
	for _, e := range []Entry{{}, {Envelope: []byte("e")}, {Sequence: -1, Envelope: []byte("e")}, {Sequence: MaxSize + 1, Envelope: []byte("e")}, {Sequence: 1}} {
		if _, err := LeafHash(e); fault.KindOf(err) != fault.Invalid {
			t.Errorf("LeafHash(%+v): %v, want it refused as invalid", e, err)
		}
	}
}

func TestPrepareBoundsTheLedger(t *testing.T) {
	one := []Entry{{Envelope: []byte("e")}}
	for _, size := range []int64{-1, MaxSize, MaxSize + 1, 1<<63 - 1} {
		if _, err := Prepare(size, one); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Prepare(%d): %v, want it refused as invalid", size, err)
		}
	}
	if _, err := Prepare(MaxSize-1, one); err != nil {
		t.Errorf("Prepare(%d): %v", MaxSize-1, err)
	}
}
