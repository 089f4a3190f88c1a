package ledgertest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/mod/sumdb/note"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// Key makes a signing key out of a word, the same each time.
func Key(t testing.TB, word string) (signer note.Signer, public string) {
	t.Helper()
	private, public, err := note.GenerateKey(&wordReader{word: word}, "goldthread-"+word)
	if err != nil {
		t.Fatal(err)
	}
	if signer, err = note.NewSigner(private); err != nil {
		t.Fatal(err)
	}
	return signer, public
}

// wordReader yields bytes that follow from a word.
type wordReader struct {
	word string
	left []byte
}

func (r *wordReader) Read(p []byte) (int, error) {
	for len(r.left) < len(p) {
		sum := sha256.Sum256([]byte(r.word + string(r.left)))
		r.left = append(r.left, sum[:]...)
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}

var _ io.Reader = (*wordReader)(nil)

// Signing signs by keys that are made of words, each from an entry on.
func Signing(t testing.TB, words map[int64]string) ledger.Signing {
	t.Helper()
	var with ledger.Signing
	signers := map[string]note.Signer{}
	for sequence, word := range words {
		signer, public := Key(t, word)
		signers[public] = signer
		with.Keys = append(with.Keys, ledger.KeyChange{Sequence: sequence, Key: public})
	}
	slices.SortFunc(with.Keys, func(a, b ledger.KeyChange) int { return int(a.Sequence - b.Sequence) })
	with.Signer = func(key string) (note.Signer, error) {
		if s := signers[key]; s != nil {
			return s, nil
		}
		return nil, errors.New("no such key")
	}
	return with
}

// Sign signs the head of a project and stores the checkpoint.
func Sign(t testing.TB, s ledger.Store, project string, with ledger.Signing) ledger.CheckpointRow {
	t.Helper()
	c, err := ledger.SignHead(t.Context(), s, project, with)
	if err == nil {
		err = s.PutCheckpoint(t.Context(), project, c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func checkpointSizes(t testing.TB, s ledger.Store, project string, from int64) (sizes []int64) {
	t.Helper()
	for c, err := range s.Checkpoints(t.Context(), project, from) {
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, c.Size)
	}
	return sizes
}

func testCheckpoints(t *testing.T, s ledger.Store) {
	with := Signing(t, map[int64]string{1: "a"})
	mustCreate(t, s, project)
	_, err := ledger.SignHead(t.Context(), s, project, with)
	wantKind(t, err, fault.NotFound, nil)
	_, err = s.LastCheckpoint(t.Context(), project)
	wantKind(t, err, fault.NotFound, nil)

	head := ledger.EmptyHead()
	var pending []ledger.CheckpointRow
	for n := 1; n <= 5; n++ {
		receipt, err := s.Append(t.Context(), project, head, []ledger.Entry{Entry(n)}, pending...)
		if err != nil {
			t.Fatal(err)
		}
		head = receipt.Head
		c, err := ledger.SignHead(t.Context(), s, project, with)
		if err != nil {
			t.Fatal(err)
		}
		pending = []ledger.CheckpointRow{c}
	}
	if d := cmp.Diff([]int64{1, 2, 3, 4}, checkpointSizes(t, s, project, 0)); d != "" {
		t.Errorf("the checkpoint of an entry is written with the next (-want +got):\n%s", d)
	}
	last := pending[0]
	for range 2 { // writing one twice changes nothing
		if err := s.PutCheckpoint(t.Context(), project, last); err != nil {
			t.Fatal(err)
		}
	}
	again, err := ledger.SignHead(t.Context(), s, project, with)
	if err != nil || !bytes.Equal(again.Note, last.Note) {
		t.Errorf("what is signed is signed again: %v", err)
	}
	if got, err := s.LastCheckpoint(t.Context(), project); err != nil || !cmp.Equal(got, last) {
		t.Errorf("LastCheckpoint = %v, %v", got, err)
	}
	if d := cmp.Diff([]int64{4, 5}, checkpointSizes(t, s, project, 4)); d != "" {
		t.Errorf("checkpoints from entry 4 on (-want +got):\n%s", d)
	}
	if got, damages, err := ledger.VerifySigned(t.Context(), s, project, with.Keys); got != head || len(damages) > 0 || err != nil {
		t.Errorf("VerifySigned = %v, %v, %v", got, damages, err)
	}

	other, _ := Key(t, "b")
	origin, err := ledger.OriginOf(t.Context(), s, project)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(origin string, head ledger.Head) ledger.CheckpointRow {
		c, err := ledger.SignCheckpoint(origin, head, other)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	wantKind(t, s.PutCheckpoint(t.Context(), project, sign(origin, head)), fault.Conflict, nil)
	wantKind(t, s.PutCheckpoint(t.Context(), project, sign(origin, ledger.Head{Size: 6, Root: head.Root})), fault.Invalid, nil)
	wantKind(t, s.PutCheckpoint(t.Context(), project, sign(origin, ledger.Head{Size: 3, Root: head.Root})), fault.Invalid, nil)
	wantKind(t, s.PutCheckpoint(t.Context(), project, sign("goldthread/other", head)), fault.Invalid, nil)
	_, err = s.Append(t.Context(), project, head, []ledger.Entry{Entry(6)}, sign("goldthread/other", head))
	wantKind(t, err, fault.Invalid, nil)
	if mustHead(t, s, project) != head {
		t.Error("an entry was written with a checkpoint that was refused")
	}
}

func testRotation(t *testing.T, s ledger.Store) {
	with := Signing(t, map[int64]string{1: "a", 3: "b", 4: "c", 8: "d"})
	head := Fill(t, s, project, 1)
	sizes := [][]int{{2}, {3, 4, 5}, {6}, {7, 8}, {9}}
	Sign(t, s, project, with)
	for _, group := range sizes {
		for _, n := range group {
			head = mustAppend(t, s, project, head, Entry(n)).Head
		}
		Sign(t, s, project, with)
	}
	signers := map[int64]int{1: 1, 2: 1, 5: 3, 6: 1, 8: 2, 9: 1}
	for c, err := range s.Checkpoints(t.Context(), project, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(c.Note, []byte("\n— ")); n != signers[c.Size] {
			t.Errorf("the checkpoint of %d entries has %d signatures, want %d", c.Size, n, signers[c.Size])
		}
	}
	if got, damages, err := ledger.VerifySigned(t.Context(), s, project, with.Keys); got != head || len(damages) > 0 || err != nil {
		t.Errorf("VerifySigned = %v, %v, %v", got, damages, err)
	}
	_, damages, err := ledger.VerifySigned(t.Context(), s, project, with.Keys[:3])
	if d := cmp.Diff([]ledger.Damage{{Kind: ledger.CheckpointUnsigned, Sequence: 8, Last: 9}}, damages); d != "" || err != nil {
		t.Errorf("a key that nobody announced (-want +got): %v\n%s", err, d)
	}
}

func testRedaction(t *testing.T, s ledger.Store) {
	with := Signing(t, map[int64]string{1: "a"})
	head := Fill(t, s, project, 7)
	Sign(t, s, project, with)
	ref := func(sequence, number int64) ledger.OperationRef {
		return ledger.OperationRef{Sequence: sequence, Number: number}
	}
	redacting := func(n int, refs ...ledger.OperationRef) ledger.Entry {
		e := Entry(n)
		e.Redacts = refs
		return e
	}
	for sentence, e := range map[string]ledger.Entry{
		"an operation that is not there":       redacting(9, ref(7, 4)),
		"an operation of an entry without any": redacting(9, ref(4, 1)),
		"an entry that is not there":           redacting(9, ref(10, 1)),
		"an operation of its own":              redacting(9, ref(8, 1)),
		"no operation":                         redacting(9, ref(7, 0)),
		"the same twice":                       redacting(9, ref(7, 2), ref(7, 2)),
	} {
		_, err := s.Append(t.Context(), project, head, []ledger.Entry{e})
		if fault.KindOf(err) != fault.Invalid || mustHead(t, s, project) != head {
			t.Errorf("%s is redacted: %v", sentence, err)
		}
	}
	first := redacting(9, ref(7, 2), ref(3, 3))
	first.Key = "first"
	head = mustAppend(t, s, project, head, first, redacting(11, ref(6, 1))).Head
	if again, err := s.Append(t.Context(), project, head, []ledger.Entry{first}); err != nil || !again.Repeated {
		t.Errorf("a redaction that is repeated: %v, %v", again, err)
	}
	for sentence, e := range map[string]ledger.Entry{
		"what is redacted already":              redacting(13, ref(7, 2)),
		"an operation of an entry that redacts": redacting(13, ref(8, 1)),
	} {
		_, err := s.Append(t.Context(), project, head, []ledger.Entry{e})
		if fault.KindOf(err) != fault.Invalid || mustHead(t, s, project) != head {
			t.Errorf("%s is redacted: %v", sentence, err)
		}
	}

	if op, by, err := s.Operation(t.Context(), project, 7, 2); by != 8 || err != nil || op.Bytes != nil || op.Salt != (ledger.Salt{}) {
		t.Errorf("reading what was redacted: %v, by %d, %v", op, by, err)
	}
	entries := mustRead(t, s, project, 7, 1)
	want := Entry(7).Operations
	want[1] = ledger.Operation{}
	if d := cmp.Diff(want, entries[0].Operations, cmpopts.EquateEmpty()) + cmp.Diff(map[int64]int64{2: 8}, entries[0].Redacted); d != "" {
		t.Errorf("entry 7 (-want +got):\n%s", d)
	}
	Sign(t, s, project, with)
	if got, damages, err := ledger.VerifySigned(t.Context(), s, project, with.Keys); got != head || len(damages) > 0 || err != nil {
		t.Errorf("VerifySigned = %v, %v, %v", got, damages, err)
	}
	if p, err := ledger.ProveOperation(t.Context(), s, project, head, 7, 3); err != nil || ledger.CheckOperation(p, head) != nil {
		t.Errorf("the neighbour of a redacted operation cannot be proven: %v", err)
	}
	_, err := ledger.ProveOperation(t.Context(), s, project, head, 7, 2)
	wantKind(t, err, fault.NotFound, nil)
	gone, ok := errors.AsType[*ledger.Redacted](err)
	if d := cmp.Diff(&ledger.Redacted{Operation: ref(7, 2), By: 8}, gone); !ok || d != "" {
		t.Errorf("proving what was redacted: %v\n%s", err, d)
	}
}

// rowsOf returns the rows and checkpoints of a project.
func rowsOf(t testing.TB, s ledger.Store, project string) (rows []ledger.Row, checkpoints []ledger.CheckpointRow) {
	t.Helper()
	for row, err := range s.Rows(t.Context(), project, 1, 0) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	for c, err := range s.Checkpoints(t.Context(), project, 0) {
		if err != nil {
			t.Fatal(err)
		}
		checkpoints = append(checkpoints, c)
	}
	return rows, checkpoints
}

func yielding[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

func testImport(t *testing.T, s ledger.Store) {
	with := Signing(t, map[int64]string{1: "a", 6: "b"})
	head := Fill(t, s, project, 7)
	Sign(t, s, project, with)
	e := Entry(9)
	e.Key = "key"
	e.Redacts = []ledger.OperationRef{{Sequence: 7, Number: 2}, {Sequence: 1, Number: 1}}
	head = mustAppend(t, s, project, head, e).Head
	Sign(t, s, project, with)
	rows, checkpoints := rowsOf(t, s, project)

	got, err := s.Import(t.Context(), "copy", yielding(rows), yielding(checkpoints))
	if err != nil || got != head {
		t.Fatalf("Import = %v, %v; want %v", got, err, head)
	}
	copied, copiedCheckpoints := rowsOf(t, s, "copy")
	if d := cmp.Diff(rows, copied) + cmp.Diff(checkpoints, copiedCheckpoints); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	if got, damages, err := ledger.VerifySigned(t.Context(), s, "copy", with.Keys); got != head || len(damages) > 0 || err != nil {
		t.Errorf("VerifySigned = %v, %v, %v", got, damages, err)
	}
	_, err = s.Import(t.Context(), "copy", yielding(rows), yielding(checkpoints))
	wantKind(t, err, fault.Conflict, nil)
	grown := mustAppend(t, s, "copy", head, Entry(10))
	if grown.Head.Size != 9 {
		t.Errorf("the copy grows to %v", grown.Head)
	}

	lost := errors.New("the file ends")
	failing := func(yield func(ledger.Row, error) bool) { yield(ledger.Row{}, lost) }
	if _, err := s.Import(t.Context(), "lost", failing, yielding(checkpoints)); !errors.Is(err, lost) {
		t.Errorf("Import of a file that ends: %v", err)
	}
	for sentence, change := range map[string]func(rows []ledger.Row, checkpoints []ledger.CheckpointRow) ([]ledger.Row, []ledger.CheckpointRow){
		"an edited operation": func(r []ledger.Row, c []ledger.CheckpointRow) ([]ledger.Row, []ledger.CheckpointRow) {
			r[5].Operations[0].Bytes = []byte("x")
			return r, c
		},
		"an edited envelope": func(r []ledger.Row, c []ledger.CheckpointRow) ([]ledger.Row, []ledger.CheckpointRow) {
			r[5].Envelope = []byte("x")
			return r, c
		},
		"a missing entry":         func(r []ledger.Row, c []ledger.CheckpointRow) ([]ledger.Row, []ledger.CheckpointRow) { return r[1:], c },
		"fewer than a checkpoint": func(r []ledger.Row, c []ledger.CheckpointRow) ([]ledger.Row, []ledger.CheckpointRow) { return r[:7], c },
		"a redaction by nobody": func(r []ledger.Row, c []ledger.CheckpointRow) ([]ledger.Row, []ledger.CheckpointRow) {
			r[6].Operations[1].RedactedBy = 9
			return r, c
		},
		"another checkpoint": func(r []ledger.Row, c []ledger.CheckpointRow) ([]ledger.Row, []ledger.CheckpointRow) {
			c[0].Size--
			return r, c
		},
	} {
		rows, checkpoints := rowsOf(t, s, project)
		rows, checkpoints = change(rows, checkpoints)
		if _, err := s.Import(t.Context(), "wrong", yielding(rows), yielding(checkpoints)); err == nil {
			t.Errorf("%s is imported", sentence)
		}
		if _, err := s.Head(t.Context(), "wrong"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: part of it was written", sentence)
		}
	}
}
