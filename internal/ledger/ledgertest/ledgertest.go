// Package ledgertest is the contract of ledger.Store as tests. Every store runs the same suite, so that a caller need not know
// which one it has. It holds no store of its own, and is imported by tests only.
package ledgertest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

const project = "pump"

// Run runs the suite. Each call of open gives a new, empty store and closes it when its test ends.
func Run(t *testing.T, open func(t *testing.T) ledger.Store) {
	for _, test := range []struct {
		sentence string
		run      func(*testing.T, ledger.Store)
	}{
		{"projects are made once and listed in order", testProjects},
		{"what is appended is read in order, from any entry on", testReadOrder},
		{"an entry without operations, and an operation without bytes, come back as they were", testEmptyParts},
		{"what no ledger takes is refused, and nothing is written", testRefused},
		{"an append to a head that moved is refused", testHeadMoved},
		{"a group is written whole or not at all", testGroup},
		{"of many concurrent writers each entry is there exactly once", testWriters},
		{"readers see whole groups while others write", testReaders},
		{"a retry with the same keys returns the first result", testRetry},
		{"a group of which only some keys are known is refused", testPartlyRepeated},
		{"projects do not see each other", testIsolation},
		{"tree hashes and roots are those of tlog and of a second implementation", testTree},
		{"a large entry is stored and each of its operations can be proven", testLargeEntry},
		{"one operation is read alone", testOperation},
		{"proofs for every earlier head check", testProofs},
		{"an untouched ledger has no damage", testVerify},
		{"checkpoints are signed from what is read back, and written with the next append", testCheckpoints},
		{"a rotation is signed by the old key and the new", testRotation},
		{"what is redacted is gone, and everything else is provable", testRedaction},
		{"an import is the same ledger, and whole or absent", testImport},
		{"what does not exist is not found", testNotFound},
		{"a cancelled request changes nothing", testCancelled},
	} {
		t.Run(test.sentence, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// Entry makes entry n of a test ledger: n%4 operations, all bytes derived from n.
func Entry(n int) ledger.Entry {
	e := ledger.Entry{Envelope: fmt.Appendf(nil, `{"n":%d}`, n)}
	for i := range n % 4 {
		e.Operations = append(e.Operations, Operation(n, i))
	}
	return e
}

// Operation makes operation i (from 0) of entry n.
func Operation(n, i int) ledger.Operation {
	return ledger.Operation{
		Salt:  sha256.Sum256(fmt.Appendf(nil, "salt %d %d", n, i)),
		Bytes: fmt.Appendf(nil, `{"put":"entry %d operation %d"}`, n, i),
	}
}

// Fill makes a project with entries 1 to n, appended in groups of growing size.
func Fill(t testing.TB, s ledger.Store, project string, n int) ledger.Head {
	t.Helper()
	if err := s.Create(t.Context(), project); err != nil {
		t.Fatal(err)
	}
	head := ledger.EmptyHead()
	for next, size := 1, 1; next <= n; size++ {
		var group []ledger.Entry
		for ; len(group) < size && next <= n; next++ {
			group = append(group, Entry(next))
		}
		head = mustAppend(t, s, project, head, group...).Head
	}
	return head
}

func mustAppend(t testing.TB, s ledger.Store, project string, head ledger.Head, entries ...ledger.Entry) ledger.Receipt {
	t.Helper()
	receipt, err := s.Append(t.Context(), project, head, entries)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func mustCreate(t testing.TB, s ledger.Store, project string) {
	t.Helper()
	if err := s.Create(t.Context(), project); err != nil {
		t.Fatal(err)
	}
}

func mustHead(t testing.TB, s ledger.Store, project string) ledger.Head {
	t.Helper()
	head, err := s.Head(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func mustRead(t testing.TB, s ledger.Store, project string, from, limit int64) []ledger.Entry {
	t.Helper()
	var all []ledger.Entry
	for e, err := range ledger.Entries(t.Context(), s, project, from, limit) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func wantKind(t testing.TB, err error, kind fault.Kind, cause error) {
	t.Helper()
	if fault.KindOf(err) != kind {
		t.Errorf("error is %v (%v), want kind %v", fault.KindOf(err), err, kind)
	}
	if cause != nil && !errors.Is(err, cause) {
		t.Errorf("error %v does not have the cause %v", err, cause)
	}
}

func testProjects(t *testing.T, s ledger.Store) {
	for _, name := range []string{"pump", "Ventilator", "défibrillateur", "a b", "pump2"} {
		mustCreate(t, s, name)
	}
	wantKind(t, s.Create(t.Context(), "pump"), fault.Conflict, nil)
	for _, name := range []string{"", "line\nbreak", "nul\x00", "bad\xff", strings.Repeat("x", ledger.MaxName+1)} {
		wantKind(t, s.Create(t.Context(), name), fault.Invalid, nil)
	}
	got, err := s.Projects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"Ventilator", "a b", "défibrillateur", "pump", "pump2"}, got); d != "" {
		t.Errorf("projects (-want +got):\n%s", d)
	}
	if head := mustHead(t, s, "pump"); head != ledger.EmptyHead() {
		t.Errorf("head of a new project is %v", head)
	}
}

func testReadOrder(t *testing.T, s ledger.Store) {
	const n = 1200 // more than a page of any store
	head := Fill(t, s, project, n)
	if head.Size != n || mustHead(t, s, project) != head {
		t.Fatalf("head is %v, the last append said %v", mustHead(t, s, project), head)
	}
	var want []ledger.Entry
	for i := range n {
		e := Entry(i + 1)
		e.Sequence = int64(i + 1)
		want = append(want, e)
	}
	for _, part := range []struct{ from, limit, first, last int }{
		{1, 0, 1, n}, {0, 0, 1, n}, {-5, 3, 1, 3}, {n, 0, n, n}, {n + 1, 0, 1, 0}, {500, 700, 500, 1199}, {600, 10000, 600, n}, {1, 1, 1, 1},
	} {
		got := mustRead(t, s, project, int64(part.from), int64(part.limit))
		if d := cmp.Diff(want[part.first-1:part.last], got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("entries from %d, at most %d (-want +got):\n%s", part.from, part.limit, d)
		}
	}
	seen := 0
	for range s.Rows(t.Context(), project, 1, 0) {
		if seen++; seen == 3 {
			break
		}
	}
	if seen != 3 {
		t.Errorf("a reader that stopped after 3 saw %d", seen)
	}
}

func testEmptyParts(t *testing.T, s ledger.Store) {
	mustCreate(t, s, project)
	salt := ledger.Salt{1}
	mustAppend(t, s, project, ledger.EmptyHead(),
		ledger.Entry{Envelope: []byte{0}},
		ledger.Entry{Envelope: []byte("e"), Operations: []ledger.Operation{{Salt: salt}, {Salt: salt, Bytes: []byte{}}, {Salt: salt, Bytes: []byte{0}}}})
	want := []ledger.Entry{
		{Sequence: 1, Envelope: []byte{0}},
		{Sequence: 2, Envelope: []byte("e"), Operations: []ledger.Operation{{Salt: salt}, {Salt: salt}, {Salt: salt, Bytes: []byte{0}}}},
	}
	if d := cmp.Diff(want, mustRead(t, s, project, 1, 0), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("entries (-want +got):\n%s", d)
	}
	verifyClean(t, s, project, mustHead(t, s, project))
}

func testRefused(t *testing.T, s ledger.Store) {
	head := Fill(t, s, project, 5)
	valid := func() ledger.Entry { return Entry(3) }
	for _, test := range []struct {
		sentence string
		group    func() []ledger.Entry
	}{
		{"no entry", func() []ledger.Entry { return nil }},
		{"no envelope", func() []ledger.Entry { e := valid(); e.Envelope = nil; return []ledger.Entry{e} }},
		{"an envelope too large", func() []ledger.Entry {
			e := valid()
			e.Envelope = make([]byte, ledger.MaxEnvelope+1)
			return []ledger.Entry{e}
		}},
		{"an operation too large", func() []ledger.Entry {
			e := valid()
			e.Operations[1].Bytes = make([]byte, ledger.MaxOperation+1)
			return []ledger.Entry{e}
		}},
		{"an operation without salt", func() []ledger.Entry { e := valid(); e.Operations[2].Salt = ledger.Salt{}; return []ledger.Entry{e} }},
		{"a number that it will not get", func() []ledger.Entry { e := valid(); e.Sequence = 5; return []ledger.Entry{e} }},
		{"a key too long", func() []ledger.Entry {
			e := valid()
			e.Key = strings.Repeat("k", ledger.MaxKey+1)
			return []ledger.Entry{e}
		}},
		{"a key that cannot be printed", func() []ledger.Entry { e := valid(); e.Key = "a\x00b"; return []ledger.Entry{e} }},
		{"two entries with one key", func() []ledger.Entry { e := valid(); e.Key = "k"; return []ledger.Entry{e, e} }},
		{"a fault in the last of a group", func() []ledger.Entry { return []ledger.Entry{valid(), valid(), {}} }},
	} {
		_, err := s.Append(t.Context(), project, head, test.group())
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want it refused as invalid", test.sentence, err)
		}
		if now := mustHead(t, s, project); now != head {
			t.Fatalf("%s: head is %v, was %v", test.sentence, now, head)
		}
	}
	e := valid()
	e.Sequence = 6
	if got := mustAppend(t, s, project, head, e); !cmp.Equal(got.Sequences, []int64{6}) {
		t.Errorf("an entry that says its right number got %v", got.Sequences)
	}
}

func testHeadMoved(t *testing.T, s ledger.Store) {
	head := Fill(t, s, project, 5)
	older := ledger.Head{Size: 4, Root: rootOf(t, 4)}
	for _, stale := range []ledger.Head{older, ledger.EmptyHead(), {Size: 5, Root: older.Root}, {Size: 6, Root: head.Root}, {}} {
		_, err := s.Append(t.Context(), project, stale, []ledger.Entry{Entry(6)})
		wantKind(t, err, fault.Conflict, ledger.ErrHeadMoved)
	}
	if now := mustHead(t, s, project); now != head {
		t.Errorf("head is %v after refused appends, was %v", now, head)
	}
}

func testGroup(t *testing.T, s ledger.Store) {
	head := Fill(t, s, project, 3)
	keyed := Entry(4)
	keyed.Key = "taken"
	head = mustAppend(t, s, project, head, keyed).Head
	// The last of the group collides inside the transaction, after the others would have been written.
	_, err := s.Append(t.Context(), project, head, []ledger.Entry{Entry(5), Entry(6), keyed})
	wantKind(t, err, fault.Conflict, ledger.ErrPartlyRepeated)
	if now := mustHead(t, s, project); now != head || len(mustRead(t, s, project, 1, 0)) != 4 {
		t.Errorf("part of a refused group was written: head %v, was %v", now, head)
	}
	receipt := mustAppend(t, s, project, head, Entry(5), Entry(6), Entry(7))
	if d := cmp.Diff([]int64{5, 6, 7}, receipt.Sequences); d != "" || receipt.Repeated || receipt.Head.Size != 7 {
		t.Errorf("receipt %+v", receipt)
	}
	verifyClean(t, s, project, receipt.Head)
}

func testWriters(t *testing.T, s ledger.Store) {
	const writers, each = 8, 12
	mustCreate(t, s, project)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				e := Entry(w*each + i)
				for {
					head, err := s.Head(t.Context(), project)
					if err == nil {
						_, err = s.Append(t.Context(), project, head, []ledger.Entry{e})
					}
					if err == nil {
						break
					}
					if !errors.Is(err, ledger.ErrHeadMoved) {
						t.Errorf("writer %d: %v", w, err)
						return
					}
				}
			}
		})
	}
	group.Wait()
	seen := make(map[string]int)
	for _, e := range mustRead(t, s, project, 1, 0) {
		seen[string(e.Envelope)]++
	}
	for n := range writers * each {
		if name := string(Entry(n).Envelope); seen[name] != 1 {
			t.Errorf("entry %s is there %d times", name, seen[name])
		}
	}
	verifyClean(t, s, project, mustHead(t, s, project))
}

func testReaders(t *testing.T, s ledger.Store) {
	const groups, size = 40, 5
	mustCreate(t, s, project)
	ctx, done := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				head, err := s.Head(t.Context(), project)
				if err != nil || head.Size%size != 0 {
					t.Errorf("a reader saw head %v, %v", head, err)
					return
				}
				if damagedHead, damages, err := ledger.Verify(t.Context(), s, project); err != nil || len(damages) != 0 || damagedHead.Size < head.Size {
					t.Errorf("a reader verified %v, %v, %v after it saw %v", damagedHead, damages, err, head)
					return
				}
			}
		})
	}
	head := ledger.EmptyHead()
	for g := range groups {
		var entries []ledger.Entry
		for i := range size {
			entries = append(entries, Entry(g*size+i))
		}
		head = mustAppend(t, s, project, head, entries...).Head
	}
	done()
	readers.Wait()
	verifyClean(t, s, project, head)
}

func testRetry(t *testing.T, s ledger.Store) {
	head := Fill(t, s, project, 2)
	first, second := Entry(3), Entry(4)
	first.Key, second.Key = "one", "two"
	want := mustAppend(t, s, project, head, first, second)
	later := mustAppend(t, s, project, want.Head, Entry(5)).Head
	second.Envelope = []byte("the same change, encoded again with another time")
	for _, expected := range []ledger.Head{head, want.Head, later, {}} {
		got, err := s.Append(t.Context(), project, expected, []ledger.Entry{first, second})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(ledger.Receipt{Head: later, Sequences: []int64{3, 4}, Repeated: true}, got); d != "" {
			t.Errorf("retry with expected head %v (-want +got):\n%s", expected, d)
		}
	}
	got, err := s.Append(t.Context(), project, head, []ledger.Entry{second})
	if err != nil || !cmp.Equal(got.Sequences, []int64{4}) {
		t.Errorf("retry of one of the group = %v, %v", got, err)
	}
	if n, err := s.Sequence(t.Context(), project, "two"); n != 4 || err != nil {
		t.Errorf("Sequence = %d, %v", n, err)
	}
	_, err = s.Sequence(t.Context(), project, "three")
	wantKind(t, err, fault.NotFound, nil)
	if e := mustRead(t, s, project, 4, 1)[0]; e.Key != "two" || string(e.Envelope) != string(Entry(4).Envelope) {
		t.Errorf("a retry changed the entry to %+v", e)
	}
	verifyClean(t, s, project, later)
}

func testPartlyRepeated(t *testing.T, s ledger.Store) {
	mustCreate(t, s, project)
	old, fresh := Entry(1), Entry(2)
	old.Key, fresh.Key = "old", "fresh"
	head := mustAppend(t, s, project, ledger.EmptyHead(), old).Head
	for _, group := range [][]ledger.Entry{{old, fresh}, {fresh, old}, {old, Entry(3)}} {
		_, err := s.Append(t.Context(), project, head, group)
		wantKind(t, err, fault.Conflict, ledger.ErrPartlyRepeated)
	}
	if mustHead(t, s, project) != head {
		t.Error("a refused group was written")
	}
}

func testIsolation(t *testing.T, s ledger.Store) {
	pump := Fill(t, s, "pump", 7)
	mustCreate(t, s, "ventilator")
	e := Entry(50)
	e.Key = "same key"
	ventilator := mustAppend(t, s, "ventilator", ledger.EmptyHead(), e).Head
	grown := mustAppend(t, s, "pump", pump, e)
	if grown.Repeated || grown.Head.Size != 8 {
		t.Errorf("a key of another project was taken for a retry: %+v", grown)
	}
	if got := mustHead(t, s, "ventilator"); got != ventilator {
		t.Errorf("head of ventilator is %v, was %v", got, ventilator)
	}
	if got := mustRead(t, s, "ventilator", 1, 0); len(got) != 1 || string(got[0].Envelope) != string(e.Envelope) {
		t.Errorf("ventilator has %v", got)
	}
	_, _, err := s.Operation(t.Context(), "ventilator", 3, 1)
	wantKind(t, err, fault.NotFound, nil)
	_, err = s.TreeHashes(t.Context(), "ventilator", []int64{1})
	wantKind(t, err, fault.Corrupt, nil)
	verifyClean(t, s, "pump", grown.Head)
	verifyClean(t, s, "ventilator", ventilator)
}

// leafHashes returns the leaf hashes of entries 1 to n as Fill writes them.
func leafHashes(t testing.TB, n int) []ledger.Hash {
	t.Helper()
	hashes := make([]ledger.Hash, n)
	for i := range n {
		e := Entry(i + 1)
		e.Sequence = int64(i + 1)
		hash, err := ledger.LeafHash(e)
		if err != nil {
			t.Fatal(err)
		}
		hashes[i] = hash
	}
	return hashes
}

// rootOf returns the root over entries 1 to n by transparency-dev/merkle.
func rootOf(t testing.TB, n int) ledger.Hash {
	t.Helper()
	tree := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	for _, leaf := range leafHashes(t, n) {
		if err := tree.Append(leaf[:], nil); err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		return ledger.Hash(rfc6962.DefaultHasher.EmptyRoot())
	}
	root, err := tree.GetRootHash(nil)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Hash(root)
}

func testTree(t *testing.T, s ledger.Store) {
	const n = 130
	Fill(t, s, project, n)
	var stored []ledger.Hash
	inMemory := tlog.HashReaderFunc(func(indexes []int64) ([]ledger.Hash, error) {
		hashes := make([]ledger.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for i, leaf := range leafHashes(t, n) {
		hashes, err := tlog.StoredHashesForRecordHash(int64(i), leaf, inMemory)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
	}
	var got []ledger.Hash
	for row, err := range s.TreeRows(t.Context(), project, 0) {
		if err != nil || row.Index != int64(len(got)) {
			t.Fatalf("tree row %d, %v; want index %d", row.Index, err, len(got))
		}
		got = append(got, row.Hash)
	}
	if d := cmp.Diff(stored, got); d != "" {
		t.Errorf("stored tree, tlog in memory against the store (-want +got):\n%s", d)
	}
	picked, err := s.TreeHashes(t.Context(), project, []int64{9, 0, 9, 100})
	if d := cmp.Diff([]ledger.Hash{stored[9], stored[0], stored[9], stored[100]}, picked); d != "" || err != nil {
		t.Errorf("TreeHashes (-want +got): %v\n%s", err, d)
	}
	for _, index := range []int64{-1, tlog.StoredHashCount(n)} {
		_, err := s.TreeHashes(t.Context(), project, []int64{0, index})
		wantKind(t, err, fault.Corrupt, nil)
	}
	for row, err := range s.Rows(t.Context(), project, 1, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if want := rootOf(t, int(row.Sequence)); row.Root != want {
			t.Errorf("root after entry %d is %v, transparency-dev/merkle says %v", row.Sequence, row.Root, want)
		}
	}
}

func testLargeEntry(t *testing.T, s ledger.Store) {
	const n = 100_000
	mustCreate(t, s, project)
	large := ledger.Entry{Envelope: []byte("import")}
	for i := range n {
		large.Operations = append(large.Operations, Operation(0, i))
	}
	head := mustAppend(t, s, project, ledger.EmptyHead(), Entry(1), large, Entry(3)).Head
	entries := mustRead(t, s, project, 1, 0)
	if len(entries) != 3 || len(entries[1].Operations) != n {
		t.Fatalf("read %d entries back", len(entries))
	}
	for i, op := range entries[1].Operations { // cmp.Diff takes seconds for so many
		if d := operationDiff(large.Operations[i], op); d != "" {
			t.Fatalf("operation %d (-want +got):\n%s", i+1, d)
		}
	}
	for _, number := range []int64{1, 2, 65536, 65537, n - 1, n} {
		p, err := ledger.ProveOperation(t.Context(), s, project, head, 2, number)
		if err != nil {
			t.Fatal(err)
		}
		if err := ledger.CheckOperation(p, head); err != nil || string(p.Operation.Bytes) != string(Operation(0, int(number)-1).Bytes) {
			t.Errorf("operation %d: %v", number, err)
		}
	}
	verifyClean(t, s, project, head)
}

func operationDiff(want, got ledger.Operation) string {
	if want.Salt == got.Salt && string(want.Bytes) == string(got.Bytes) {
		return ""
	}
	return cmp.Diff(want, got)
}

func testOperation(t *testing.T, s ledger.Store) {
	Fill(t, s, project, 7)
	got, _, err := s.Operation(t.Context(), project, 7, 3)
	if d := cmp.Diff(Operation(7, 2), got); d != "" || err != nil {
		t.Errorf("operation 3 of entry 7 (-want +got): %v\n%s", err, d)
	}
	for _, at := range [][2]int64{{7, 0}, {7, 4}, {4, 1}, {8, 1}, {0, 1}, {-1, 1}} {
		_, _, err := s.Operation(t.Context(), project, at[0], at[1])
		wantKind(t, err, fault.NotFound, nil)
	}
}

func testProofs(t *testing.T, s ledger.Store) {
	const n = 20
	head := Fill(t, s, project, n)
	for size := int64(1); size <= n; size++ {
		earlier := ledger.Head{Size: size, Root: rootOf(t, int(size))}
		for sequence := int64(1); sequence <= size; sequence++ {
			p, err := ledger.ProveEntry(t.Context(), s, project, earlier, sequence)
			if err != nil {
				t.Fatalf("entry %d of %d: %v", sequence, size, err)
			}
			if string(p.Leaf.Envelope) != string(Entry(int(sequence)).Envelope) {
				t.Errorf("the proof of entry %d of %d is about another entry", sequence, size)
			}
		}
	}
	_, err := ledger.ProveEntry(t.Context(), s, project, head, n+1)
	wantKind(t, err, fault.NotFound, nil)
	_, err = ledger.ProveEntry(t.Context(), s, project, head, 0)
	wantKind(t, err, fault.Invalid, nil)
	_, err = ledger.ProveEntry(t.Context(), s, project, ledger.Head{Size: n + 1}, 1)
	wantKind(t, err, fault.Invalid, nil)
	_, err = ledger.ProveEntry(t.Context(), s, project, ledger.Head{Size: n, Root: ledger.Hash{1}}, 1)
	wantKind(t, err, fault.Corrupt, nil)
	_, err = ledger.ProveOperation(t.Context(), s, project, head, 4, 1)
	wantKind(t, err, fault.NotFound, nil)
}

func testVerify(t *testing.T, s ledger.Store) {
	for _, n := range []int{0, 1, 2, 3, 64, 700} {
		name := fmt.Sprintf("of %d", n)
		Fill(t, s, name, n)
		verifyClean(t, s, name, ledger.Head{Size: int64(n), Root: rootOf(t, n)})
	}
}

func verifyClean(t testing.TB, s ledger.Store, project string, want ledger.Head) {
	t.Helper()
	got, damages, err := ledger.Verify(t.Context(), s, project)
	if err != nil || len(damages) != 0 || got != want {
		t.Errorf("Verify(%s) = %v, %v, %v; want head %v and no damage", project, got, damages, err, want)
	}
}

func testNotFound(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	_, err := s.Head(ctx, "none")
	wantKind(t, err, fault.NotFound, nil)
	_, err = s.Append(ctx, "none", ledger.EmptyHead(), []ledger.Entry{Entry(1)})
	wantKind(t, err, fault.NotFound, nil)
	_, err = s.Sequence(ctx, "none", "key")
	wantKind(t, err, fault.NotFound, nil)
	_, _, err = s.Operation(ctx, "none", 1, 1)
	wantKind(t, err, fault.NotFound, nil)
	_, err = s.LastCheckpoint(ctx, "none")
	wantKind(t, err, fault.NotFound, nil)
	wantKind(t, s.PutCheckpoint(ctx, "none", ledger.CheckpointRow{}), fault.NotFound, nil)
	_, err = s.TreeHashes(ctx, "none", []int64{0})
	wantKind(t, err, fault.NotFound, nil)
	for _, err := range s.Rows(ctx, "none", 1, 0) {
		wantKind(t, err, fault.NotFound, nil)
	}
	for _, err := range s.TreeRows(ctx, "none", 0) {
		wantKind(t, err, fault.NotFound, nil)
	}
	for _, err := range s.Checkpoints(ctx, "none", 0) {
		wantKind(t, err, fault.NotFound, nil)
	}
	_, _, err = ledger.Verify(ctx, s, "none")
	wantKind(t, err, fault.NotFound, nil)
}

func testCancelled(t *testing.T, s ledger.Store) {
	head := Fill(t, s, project, 3)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Append(ctx, project, head, []ledger.Entry{Entry(4)})
	wantKind(t, err, fault.Unavailable, context.Canceled)
	_, err = s.Head(ctx, project)
	wantKind(t, err, fault.Unavailable, context.Canceled)
	_, _, err = ledger.Verify(ctx, s, project)
	wantKind(t, err, fault.Unavailable, context.Canceled)
	if now := mustHead(t, s, project); now != head {
		t.Errorf("head is %v, was %v", now, head)
	}
}
