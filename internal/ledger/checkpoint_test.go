package ledger

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"github.com/goldthread/goldthread/internal/fault"
)

// testKey makes a key out of a word.
func testKey(t testing.TB, word string) (note.Signer, string) {
	t.Helper()
	seed := sha256.Sum256([]byte(word))
	private, public, err := note.GenerateKey(bytes.NewReader(append(seed[:], seed[:]...)), "goldthread-"+word)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

// signed is a ledger in memory with a checkpoint of its newest head.
func signed(t testing.TB, n int, words ...string) (g grown, origin string, c CheckpointRow, keys []string) {
	t.Helper()
	g = grow(t, n)
	origin = Origin(g.stored[0])
	var signers []note.Signer
	for _, word := range words {
		signer, key := testKey(t, word)
		signers, keys = append(signers, signer), append(keys, key)
	}
	c, err := SignCheckpoint(origin, g.heads[n], signers...)
	if err != nil {
		t.Fatal(err)
	}
	return g, origin, c, keys
}

// goldthread:verifies SRS-93
func TestSigningKeys(t *testing.T) {
	changes := []KeyChange{{1, "a"}, {5, "b"}, {6, "c"}, {9, "d"}}
	for _, test := range []struct {
		before, size int64
		want         []string
	}{
		{0, 1, []string{"a"}}, {0, 4, []string{"a"}}, {1, 4, []string{"a"}},
		{4, 5, []string{"a", "b"}}, {5, 6, []string{"b", "c"}}, {4, 8, []string{"a", "b", "c"}}, {0, 9, []string{"a", "b", "c", "d"}},
		{5, 5, []string{"b"}}, {6, 8, []string{"c"}}, {9, 20, []string{"d"}}, {0, 0, nil},
	} {
		if d := cmp.Diff(test.want, SigningKeys(changes, test.before, test.size)); d != "" {
			t.Errorf("from %d to %d (-want +got):\n%s", test.before, test.size, d)
		}
	}
}

// goldthread:verifies SRS-93
func TestCheckpoints(t *testing.T) {
	g, origin, c, keys := signed(t, 9, "old", "new")
	_, stranger := testKey(t, "stranger")
	head, signers, err := VerifyCheckpoint(c.Note, origin, append([]string{stranger}, keys...))
	if err != nil || head != g.heads[9] {
		t.Fatalf("VerifyCheckpoint = %v, %v", head, err)
	}
	if d := cmp.Diff(keys, signers); d != "" {
		t.Errorf("signers (-want +got):\n%s", d)
	}
	for sentence, test := range map[string]struct {
		text   []byte
		origin string
		keys   []string
	}{
		"no keys":                      {c.Note, origin, nil},
		"one of two keys":              {c.Note, origin, keys[:1]},
		"the keys of a stranger":       {c.Note, origin, []string{stranger}},
		"what is no key":               {c.Note, origin, append([]string{"x"}, keys...)},
		"another ledger":               {c.Note, "goldthread/00000000000000000000000000000000", keys},
		"a note without signatures":    {[]byte(FormatHead(origin, head) + "\n"), origin, keys},
		"nothing":                      {nil, origin, keys},
		"a signature twice":            {append(c.Note[:len(c.Note):len(c.Note)], c.Note[bytes.LastIndex(c.Note, []byte("— ")):]...), origin, keys},
		"a fourth line":                {bytes.Replace(c.Note, []byte("\n\n"), []byte("\nmore\n\n"), 1), origin, keys},
		"a size with a leading zero":   {bytes.Replace(c.Note, []byte("\n9\n"), []byte("\n09\n"), 1), origin, keys},
		"a size that no ledger has":    {bytes.Replace(c.Note, []byte("\n9\n"), []byte("\n9223372036854775807\n"), 1), origin, keys},
		"a note longer than any other": {append(c.Note[:len(c.Note):len(c.Note)], make([]byte, MaxNote)...), origin, keys},
	} {
		if _, _, err := VerifyCheckpoint(test.text, test.origin, test.keys); fault.KindOf(err) != fault.Corrupt {
			t.Errorf("%s: %v, want it refused", sentence, err)
		}
	}
}

// The name of a ledger is made of the content of entry 1 and of nothing else.
//
// goldthread:verifies SRS-118
func TestOrigin(t *testing.T) {
	if got, want := Origin(Hash{0xab, 15: 0x01, 16: 0xff}), "goldthread/ab000000000000000000000000000001"; got != want {
		t.Errorf("Origin = %s, want %s", got, want)
	}
	first := Entry{Sequence: 1, Envelope: []byte("e"), Operations: []Operation{{Salt: Salt{1}}}}
	names := map[string]bool{}
	for _, change := range []func(*Entry){
		func(*Entry) {}, func(e *Entry) { e.Envelope = []byte("f") }, func(e *Entry) { e.Operations = nil },
		func(e *Entry) { e.Operations = []Operation{{Salt: Salt{2}}} }, func(e *Entry) { e.Operations = []Operation{{Salt: Salt{1}, Bytes: []byte("x")}} },
	} {
		e := first
		change(&e)
		leaf, err := LeafHash(e)
		if err != nil || names[Origin(leaf)] {
			t.Errorf("entry %+v: %v, or it has the name of another", e, err)
		}
		names[Origin(leaf)] = true
		e.Key = "an index, not content"
		if again, err := LeafHash(e); err != nil || again != leaf {
			t.Errorf("the key of a retry is in the name: %v", err)
		}
	}
}

// proofs are one of each kind in text, and what reads them.
func proofs(t *testing.T) map[string]struct {
	text []byte
	read func([]byte) error
} {
	t.Helper()
	_, _, both, bothKeys := signed(t, 13, "old", "new")
	g, origin, c, keys := signed(t, 13, "old")
	consistency, err := ProveConsistency(t.Context(), memory{grown: g}, "pump", g.heads[6], g.heads[13])
	if err != nil {
		t.Fatal(err)
	}
	type kind = struct {
		text []byte
		read func([]byte) error
	}
	return map[string]kind{
		"checkpoint": {both.Note, func(text []byte) error {
			_, signers, err := VerifyCheckpoint(text, origin, bothKeys)
			if err == nil && !cmp.Equal(signers, bothKeys) {
				err = errors.New("a signature is missing")
			}
			return err
		}},
		"entry": {FormatEntryProof(g.entryProof(t, 13, 7), c), func(text []byte) error {
			_, _, err := ReadEntryProof(text, origin, keys)
			return err
		}},
		"operation": {FormatOperationProof(g.operationProof(t, 13, 7, 3), c), func(text []byte) error {
			_, _, err := ReadOperationProof(text, origin, keys)
			return err
		}},
		"consistency": {FormatConsistencyProof(consistency, c), func(text []byte) error {
			_, err := ReadConsistencyProof(text, origin, keys, g.heads[6])
			return err
		}},
	}
}

// Every value of every byte, and every byte taken away or put in between, is refused: all positions of checkpoints and proofs.
//
// goldthread:verifies SRS-56
// goldthread:verifies SRS-93
func TestEveryByteOfEveryProofCounts(t *testing.T) {
	mutants := 0
	for name, p := range proofs(t) {
		if err := p.read(p.text); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		refuse := func(what string, at int, text []byte) {
			mutants++
			if p.read(text) == nil {
				t.Errorf("%s: byte %d %s, and it is taken:\n%s", name, at, what, text)
			}
		}
		for i := range p.text {
			for _, flip := range []byte{0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff} {
				text := bytes.Clone(p.text)
				text[i] ^= flip
				refuse(fmt.Sprintf("with bits %02x flipped", flip), i, text)
			}
			refuse("taken away", i, append(p.text[:i:i], p.text[i+1:]...))
			for _, b := range []byte("\n\r =A0") {
				refuse(fmt.Sprintf("after an added %q", b), i, append(append(p.text[:i:i], b), p.text[i:]...))
			}
			refuse("being the end", i, p.text[:i])
		}
		for _, b := range []byte("\n\r =A0") {
			refuse("the last, with one more", len(p.text), append(p.text[:len(p.text):len(p.text)], b))
		}
	}
	t.Logf("%d mutants refused", mutants)
}

// goldthread:verifies SRS-56
func TestEveryGrowthOfEveryTree(t *testing.T) {
	g := grow(t, 40)
	for from := 0; from <= 40; from++ {
		for to := from; to <= 40; to++ {
			p, err := ProveConsistency(t.Context(), memory{grown: g}, "pump", g.heads[from], g.heads[to])
			if err != nil {
				t.Fatalf("from %d to %d: %v", from, to, err)
			}
			for other := 0; other <= 40; other++ {
				q, r := p, p
				q.Old, r.New = g.heads[other], g.heads[other]
				if other != from && other > 0 && from > 0 && CheckConsistency(q) == nil {
					t.Errorf("the proof from %d to %d is taken for one from %d", from, to, other)
				}
				if other != to && from > 0 && CheckConsistency(r) == nil {
					t.Errorf("the proof from %d to %d is taken for one to %d", from, to, other)
				}
			}
		}
	}
	forked := Head{Size: 7, Root: Hash{1}}
	if _, err := ProveConsistency(t.Context(), memory{grown: g}, "pump", forked, g.heads[40]); fault.KindOf(err) != fault.Corrupt {
		t.Errorf("growth from a head of another history: %v", err)
	}
}

// FuzzReadProofs gives the readers texts of a stranger: they end, and take only what is true.
func FuzzReadProofs(f *testing.F) {
	g, origin, c, keys := signed(f, 13, "old", "new")
	f.Add(FormatEntryProof(g.entryProof(f, 13, 7), c))
	f.Add(FormatOperationProof(g.operationProof(f, 13, 7, 3), c))
	f.Add(c.Note)
	f.Fuzz(func(t *testing.T, text []byte) {
		if p, head, err := ReadEntryProof(text, origin, keys); err == nil && (head != g.heads[13] || p.Leaf.Hash() != g.rows[p.Leaf.Sequence-1].leaf().Hash()) {
			t.Errorf("a forged proof is taken:\n%s", text)
		}
		if p, head, err := ReadOperationProof(text, origin, keys); err == nil && (head != g.heads[13] || OperationCommitment(p.Operation) != g.rows[p.Entry.Leaf.Sequence-1].Operations[p.Number-1].Commitment) {
			t.Errorf("a forged proof is taken:\n%s", text)
		}
		if _, head, err := ParseNote(text); err == nil && head.Size < 1 {
			t.Errorf("a checkpoint of nothing is taken:\n%s", text)
		}
	})
}
