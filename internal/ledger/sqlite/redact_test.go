package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/ledgertest"
)

// mark stands in every twenty bytes of a secret operation.
func mark(sequence, number int) string { return fmt.Sprintf("<%06d/%04d>", sequence, number) }

// secret is an operation of some length, whose smallest piece can be recognised.
func secret(sequence, number, length int) ledger.Operation {
	var text strings.Builder
	for i := 0; text.Len() < length; i++ {
		fmt.Fprintf(&text, "%s%06d", mark(sequence, number), i)
	}
	return ledger.Operation{Salt: sha256.Sum256(fmt.Append(nil, "salt", sequence, number)), Bytes: []byte(text.String())[:length]}
}

// traces counts how many pieces of an operation the files of a folder hold.
func traces(t *testing.T, folder, mark string, salt ledger.Salt) (found int) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, fileName+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found += bytes.Count(text, salt[:]) + bytes.Count(text, []byte(mark))
	}
	return found
}

// goldthread:verifies SRS-94
func TestWhatIsRedactedIsInNoFile(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	folder := t.TempDir()
	s := openIn(t, folder)
	type place struct {
		project string
		ref     ledger.OperationRef
	}
	var places []place
	heads := map[string]ledger.Head{}
	add := func(project string, e ledger.Entry) {
		receipt, err := s.Append(t.Context(), project, heads[project], []ledger.Entry{e})
		if err != nil {
			t.Fatal(err)
		}
		heads[project] = receipt.Head
	}
	name := func(n int) string { return fmt.Sprintf("pump%02d", n) }
	number := func(p place) int { n, _ := strconv.Atoi(p.project[4:]); return n }
	for n := range projects {
		heads[name(n)] = ledger.EmptyHead()
		if err := s.Create(t.Context(), name(n)); err != nil {
			t.Fatal(err)
		}
	}
	for range 1000 { // rows come in everywhere, so that pages are split and rows move between them
		n := random.IntN(projects)
		p := place{name(n), ledger.OperationRef{Sequence: heads[name(n)].Size + 1, Number: 1}}
		length := []int{60, 200, 400, 900, 900, 20_000}[random.IntN(6)]
		add(p.project, ledger.Entry{Envelope: []byte("e"), Operations: []ledger.Operation{secret(n, int(p.ref.Sequence), length)}})
		places = append(places, p)
	}
	random.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	gone, kept := places[:300], places[300:]
	for i, p := range gone {
		redacting := ledger.Entry{Envelope: []byte("by order"), Redacts: []ledger.OperationRef{p.ref}}
		if i%100 != 99 {
			// The group is cleaned with its last, to spare time.
			appendUncleaned(t, s, p.project, heads, redacting)
			continue
		}
		add(p.project, redacting)
		for _, p := range gone[i-99 : i+1] {
			op := secret(number(p), int(p.ref.Sequence), 1)
			if n := traces(t, folder, mark(number(p), int(p.ref.Sequence)), op.Salt); n > 0 {
				t.Errorf("%s of %s has left %d traces", p.ref, p.project, n)
			}
		}
	}
	for _, p := range kept {
		if _, _, err := s.Operation(t.Context(), p.project, p.ref.Sequence, 1); err != nil {
			t.Fatalf("%s of %s, which nobody redacted: %v", p.ref, p.project, err)
		}
	}
	for project, head := range heads {
		if got, damages, err := ledger.Verify(t.Context(), s, project); got != head || len(damages) > 0 || err != nil {
			t.Errorf("Verify = %v, %v, %v; want %v", got, damages, err, head)
		}
	}
}

const projects = 12

// appendUncleaned redacts and leaves the cleaning to the next append, as when a reader is in the way.
func appendUncleaned(t *testing.T, s *Store, project string, heads map[string]ledger.Head, e ledger.Entry) {
	t.Helper()
	rows, err := ledger.Prepare(heads[project].Size, []ledger.Entry{e})
	if err != nil {
		t.Fatal(err)
	}
	err = s.transact(t.Context(), "redact", func(ctx context.Context, tx *sql.Tx) error {
		receipt, err := s.insertRows(ctx, tx, project, heads[project], rows)
		heads[project] = receipt.Head
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A reader can hold the log open, so that a redaction is only committed; a process can end then. Both are made good.
//
// goldthread:verifies SRS-94
func TestRedactionThatWasNotCleaned(t *testing.T) {
	for _, sentence := range []string{"by the next append", "by closing", "by opening after a crash"} {
		t.Run(sentence, func(t *testing.T) {
			folder := t.TempDir()
			s, err := Open(t.Context(), folder)
			if err != nil {
				t.Fatal(err)
			}
			mustExec(t, s.writer, "pragma busy_timeout = 1")
			if err := s.Create(t.Context(), "pump"); err != nil {
				t.Fatal(err)
			}
			first := ledger.OperationRef{Sequence: 1, Number: 1}
			op := secret(1, 1, 20_000)
			receipt, err := s.Append(t.Context(), "pump", ledger.EmptyHead(), []ledger.Entry{{Envelope: []byte("e"), Operations: []ledger.Operation{op}}})
			if err != nil {
				t.Fatal(err)
			}
			reading, err := s.reader.Begin()
			if err != nil {
				t.Fatal(err)
			}
			var n int
			if err := reading.QueryRow("select count(*) from entries").Scan(&n); err != nil {
				t.Fatal(err)
			}
			receipt, err = s.Append(t.Context(), "pump", receipt.Head, []ledger.Entry{{Envelope: []byte("by order"), Redacts: []ledger.OperationRef{first}}})
			if err != nil {
				t.Fatal(err)
			}
			if traces(t, folder, mark(1, 1), op.Salt) == 0 {
				t.Fatal("the reader kept nothing, so that there is nothing to test")
			}
			after := folder
			switch sentence {
			case "by the next append":
				if err := reading.Rollback(); err != nil {
					t.Fatal(err)
				}
				if _, err := s.Append(t.Context(), "pump", receipt.Head, []ledger.Entry{ledgertest.Entry(3)}); err != nil {
					t.Fatal(err)
				}
			case "by opening after a crash":
				after = t.TempDir()
				for _, name := range []string{fileName, fileName + "-wal"} {
					text, err := os.ReadFile(filepath.Join(folder, name))
					if err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(after, name), text, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				openIn(t, after)
			}
			_ = reading.Rollback()
			if sentence == "by closing" {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			} else {
				defer s.Close()
			}
			if n := traces(t, after, mark(1, 1), op.Salt); n > 0 {
				t.Errorf("%d traces are left", n)
			}
		})
	}
}

// goldthread:verifies SRS-54
// goldthread:verifies SRS-94
func TestOnlyARedactionTakesOut(t *testing.T) {
	s := openIn(t, t.TempDir())
	head := ledgertest.Fill(t, s, "pump", 7)
	receipt, err := s.Append(t.Context(), "pump", head, []ledger.Entry{{Envelope: []byte("by order"), Redacts: []ledger.OperationRef{{Sequence: 7, Number: 2}}}})
	if err != nil {
		t.Fatal(err)
	}
	with := ledgertest.Signing(t, map[int64]string{1: "a"})
	ledgertest.Sign(t, s, "pump", with)
	mustExec(t, s.writer, "insert into redactions values ('pump', 6, 1, 8)") // what the triggers then allow for operation 1 of entry 6
	for _, text := range []string{
		"update operations set salt = null, bytes = null where sequence = 6 and number = 2",
		"update operations set salt = null where sequence = 6 and number = 1",
		"update operations set bytes = x'00' where sequence = 6 and number = 1",
		"update operations set salt = null, bytes = null, commitment = zeroblob(32) where sequence = 6 and number = 1",
		"update operations set salt = null, bytes = null, number = 9 where sequence = 6 and number = 1",
		"update operations set salt = zeroblob(32), bytes = x'00' where sequence = 7 and number = 2",
		"update operations set salt = null, bytes = null where sequence = 7 and number = 2",
		"delete from operations where sequence = 7", "replace into operations select * from operations where sequence = 7",
		"update redactions set by_sequence = 9", "delete from redactions", "replace into redactions select * from redactions",
		"update checkpoints set note = x'00'", "delete from checkpoints", "replace into checkpoints select * from checkpoints",
	} {
		if _, err := s.writer.Exec(text); err == nil || !strings.Contains(err.Error(), "append-only") && !strings.Contains(err.Error(), "CHECK") {
			t.Errorf("%s: %v, want it refused because the ledger is append-only", text, err)
		}
	}
	if got, damages, err := ledger.VerifySigned(t.Context(), s, "pump", with.Keys); err != nil || got != receipt.Head || len(damages) != 1 || damages[0].Kind != ledger.RedactionUndone {
		t.Errorf("VerifySigned = %v, %v, %v; the planted redaction has bytes still", got, damages, err)
	}
}

func TestReadersAreNotInTheWayOfARedaction(t *testing.T) {
	s := openIn(t, t.TempDir())
	head := ledgertest.Fill(t, s, "pump", 700)
	n := 0
	for _, err := range s.Rows(t.Context(), "pump", 1, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			if _, err := s.Append(t.Context(), "pump", head, []ledger.Entry{{Envelope: []byte("by order"), Redacts: []ledger.OperationRef{{Sequence: 699, Number: 2}}}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s.due != nothingDue {
		t.Error("the file was not cleaned while somebody read")
	}
	if _, by, err := s.Operation(t.Context(), "pump", 699, 2); by != 701 || err != nil {
		t.Errorf("the operation is still there: %d, %v", by, err)
	}
}
