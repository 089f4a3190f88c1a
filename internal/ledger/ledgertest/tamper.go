package ledgertest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
)

// Tamper changes rows behind the store's back, as a database administrator could, and wants Verify to name each change and
// nothing else. Each call of open gives a new store, and a function that runs SQL statements with every guard of the store
// taken off. The tables are those of the SQLite store; another store names its own the same.
func Tamper(t *testing.T, open func(t *testing.T) (s ledger.Store, run func(sql string))) {
	const n = 10 // entries; entry 10 has 2 operations, entry 7 has 3, entry 8 none; the tree of 10 has 18 nodes
	type damages = []ledger.Damage
	for _, test := range []struct {
		sentence string
		sql      string
		want     damages
	}{
		{"nothing", "", nil},
		{"the newest entry cut off with everything that hangs on it: only a head kept elsewhere shows it", `delete from operations where sequence = 10;
			delete from entries where sequence = 10; delete from tree_hashes where node >= 16`, nil},
		{"an edited envelope", `update entries set envelope = cast('{"n":70}' as blob) where sequence = 7`,
			damages{{Kind: ledger.EntryChanged, Sequence: 7}}},
		{"one added byte in the newest envelope", `update entries set envelope = cast('{"n":10} ' as blob) where sequence = 10`,
			damages{{Kind: ledger.EntryChanged, Sequence: 10}}},
		{"an edited operation", `update operations set bytes = cast('x' as blob) where sequence = 7 and number = 2`,
			damages{{Kind: ledger.OperationChanged, Sequence: 7, Operation: 2}}},
		{"an edited salt", `update operations set salt = zeroblob(32) where sequence = 7 and number = 2`,
			damages{{Kind: ledger.OperationChanged, Sequence: 7, Operation: 2}}},
		{"an edited commitment", `update operations set commitment = zeroblob(32) where sequence = 7 and number = 2`,
			damages{{Kind: ledger.OperationChanged, Sequence: 7, Operation: 2}, {Kind: ledger.CommitmentChanged, Sequence: 7}}},
		{"an operation swapped whole for that of another entry", `update operations set
			commitment = (select commitment from operations o where o.sequence = 3 and o.number = 1),
			salt = (select salt from operations o where o.sequence = 3 and o.number = 1),
			bytes = (select bytes from operations o where o.sequence = 3 and o.number = 1) where sequence = 7 and number = 2`,
			damages{{Kind: ledger.CommitmentChanged, Sequence: 7}}},
		{"two swapped operations", `update operations set number = 100 where sequence = 7 and number = 1;
			update operations set number = 1 where sequence = 7 and number = 2; update operations set number = 2 where sequence = 7 and number = 100`,
			damages{{Kind: ledger.CommitmentChanged, Sequence: 7}}},
		{"an edited operations root", `update entries set operations_root = zeroblob(32) where sequence = 7`,
			damages{{Kind: ledger.CommitmentChanged, Sequence: 7}, {Kind: ledger.EntryChanged, Sequence: 7}}},
		{"a deleted operation in the middle", `delete from operations where sequence = 7 and number = 2`,
			damages{{Kind: ledger.OperationMissing, Sequence: 7, Operation: 2, LastOperation: 2}}},
		{"all operations of an entry deleted", `delete from operations where sequence = 7`,
			damages{{Kind: ledger.OperationMissing, Sequence: 7, Operation: 1, LastOperation: 3}}},
		{"the last operation deleted and the count mended", `delete from operations where sequence = 7 and number = 3;
			update entries set operation_count = 2 where sequence = 7`,
			damages{{Kind: ledger.CommitmentChanged, Sequence: 7}, {Kind: ledger.EntryChanged, Sequence: 7}}},
		{"an added operation", `insert into operations select project, sequence, 4, commitment, salt, bytes from operations where sequence = 7 and number = 1`,
			damages{{Kind: ledger.OperationAdded, Sequence: 7, Operation: 4}}},
		{"an operation added to an entry without any", `insert into operations select project, 8, 1, commitment, salt, bytes from operations where sequence = 7 and number = 1`,
			damages{{Kind: ledger.OperationAdded, Sequence: 8, Operation: 1}}},
		{"two swapped entries", `update operations set sequence = 100 where sequence = 3; update entries set sequence = 100 where sequence = 3;
			update operations set sequence = 3 where sequence = 7; update entries set sequence = 3 where sequence = 7;
			update operations set sequence = 7 where sequence = 100; update entries set sequence = 7 where sequence = 100`,
			damages{{Kind: ledger.EntryChanged, Sequence: 3}, {Kind: ledger.RootChanged, Sequence: 3},
				{Kind: ledger.EntryChanged, Sequence: 7}, {Kind: ledger.RootChanged, Sequence: 7}}},
		{"two swapped envelopes", `update entries set envelope = cast('{"n":99}' as blob) where sequence = 3;
			update entries set envelope = cast('{"n":3}' as blob) where sequence = 7; update entries set envelope = cast('{"n":7}' as blob) where sequence = 3`,
			damages{{Kind: ledger.EntryChanged, Sequence: 3}, {Kind: ledger.EntryChanged, Sequence: 7}}},
		{"a deleted entry in the middle", `delete from entries where sequence = 7; delete from operations where sequence = 7`,
			damages{{Kind: ledger.EntryMissing, Sequence: 7, Last: 7}}},
		{"a deleted entry, and the later ones renumbered", `delete from operations where sequence = 7; delete from entries where sequence = 7;
			update entries set sequence = 7 where sequence = 8; update entries set sequence = 8 where sequence = 9;
			update operations set sequence = 8 where sequence = 9;
			update entries set sequence = 9 where sequence = 10; update operations set sequence = 9 where sequence = 10`,
			damages{{Kind: ledger.EntryChanged, Sequence: 7}, {Kind: ledger.RootChanged, Sequence: 7},
				{Kind: ledger.EntryChanged, Sequence: 8}, {Kind: ledger.RootChanged, Sequence: 8},
				{Kind: ledger.EntryChanged, Sequence: 9}, {Kind: ledger.RootChanged, Sequence: 9},
				{Kind: ledger.TreeAdded, Sequence: 10, Index: 16}, {Kind: ledger.TreeAdded, Sequence: 10, Index: 17}}},
		{"the newest entry deleted", `delete from operations where sequence = 10; delete from entries where sequence = 10`,
			damages{{Kind: ledger.TreeAdded, Sequence: 10, Index: 16}, {Kind: ledger.TreeAdded, Sequence: 10, Index: 17}}},
		{"all entries deleted", `delete from operations; delete from entries`, func() (all damages) {
			for i := range tlog.StoredHashCount(n) {
				level, k := tlog.SplitStoredHashIndex(i)
				all = append(all, ledger.Damage{Kind: ledger.TreeAdded, Sequence: (k + 1) << level, Index: i})
			}
			return all
		}()},
		{"an entry moved to an absurd number", `update operations set sequence = 1000000000000 where sequence = 10;
			update entries set sequence = 1000000000000 where sequence = 10`,
			damages{{Kind: ledger.EntryMissing, Sequence: 10, Last: 999999999999}}},
		{"an edited root", `update entries set root = zeroblob(32) where sequence = 7`,
			damages{{Kind: ledger.RootChanged, Sequence: 7}}},
		{"an edited leaf", `update tree_hashes set hash = zeroblob(32) where node = 3`,
			damages{{Kind: ledger.EntryChanged, Sequence: 3}}},
		{"an edited inner node", `update tree_hashes set hash = zeroblob(32) where node = 6`,
			damages{{Kind: ledger.TreeChanged, Sequence: 4, Index: 6}}},
		{"a node of the wrong length", `update tree_hashes set hash = x'00' where node = 6`,
			damages{{Kind: ledger.TreeChanged, Sequence: 4, Index: 6}}},
		{"two swapped nodes", `update tree_hashes set node = 100 where node = 2; update tree_hashes set node = 2 where node = 5;
			update tree_hashes set node = 5 where node = 100`,
			damages{{Kind: ledger.TreeChanged, Sequence: 2, Index: 2}, {Kind: ledger.TreeChanged, Sequence: 4, Index: 5}}},
		{"a deleted inner node", `delete from tree_hashes where node = 5`,
			damages{{Kind: ledger.TreeMissing, Sequence: 4, Index: 5}}},
		{"a deleted leaf", `delete from tree_hashes where node = 3`,
			damages{{Kind: ledger.TreeMissing, Sequence: 3, Index: 3}}},
		{"a node put in behind the last", `insert into tree_hashes select project, 18, hash from tree_hashes where node = 0`,
			damages{{Kind: ledger.TreeAdded, Sequence: 11, Index: 18}}},
		{"an edited envelope with its leaf made to match", fmt.Sprintf(`update entries set envelope = cast('{"n":70}' as blob) where sequence = 7;
			update tree_hashes set hash = x'%x' where node = 10`, forgedLeaf(7)),
			damages{{Kind: ledger.RootChanged, Sequence: 7}, {Kind: ledger.TreeChanged, Sequence: 8, Index: 12}}},
		{"several at once", `update entries set envelope = cast('x' as blob) where sequence = 2; update operations set bytes = cast('x' as blob) where sequence = 5;
			update entries set root = zeroblob(32) where sequence = 9; update tree_hashes set hash = zeroblob(32) where node = 17`,
			damages{{Kind: ledger.EntryChanged, Sequence: 2},
				{Kind: ledger.OperationChanged, Sequence: 5, Operation: 1}, {Kind: ledger.RootChanged, Sequence: 9},
				{Kind: ledger.TreeChanged, Sequence: 10, Index: 17}, {Kind: ledger.RootChanged, Sequence: 10}}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			s, run := open(t)
			head := Fill(t, s, project, n)
			if test.sql != "" {
				run(test.sql)
			}
			got, damages, err := ledger.Verify(t.Context(), s, project)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(test.want, damages); d != "" {
				t.Errorf("damages (-want +got):\n%s", d)
			}
			if len(damages) == 0 && test.sql != "" && got == head {
				t.Error("neither damage nor another head")
			}
		})
	}
	t.Run("redactions and checkpoints", func(t *testing.T) { tamperSigned(t, open) })
	t.Run("nothing is appended to a damaged tail, and nothing damaged is proven", func(t *testing.T) { tamperThenUse(t, open) })
}

// tamperSigned changes rows of a ledger that has checkpoints of 8 and 10 entries and a redaction: operation 3 of entry 7, by entry 9.
func tamperSigned(t *testing.T, open func(t *testing.T) (ledger.Store, func(sql string))) {
	type damages = []ledger.Damage
	const cutTo9 = `delete from operations where sequence = 10; delete from entries where sequence = 10; delete from tree_hashes where node >= 16;`
	for _, test := range []struct {
		sentence, sql string
		want          damages
	}{
		{"nothing", "", nil},
		{"an operation taken out", `update operations set salt = null, bytes = null where sequence = 7 and number = 2`,
			damages{{Kind: ledger.OperationGone, Sequence: 7, Operation: 2}}},
		{"an operation taken out in the name of an entry that is not there", `update operations set salt = null, bytes = null where sequence = 7 and number = 2;
			insert into redactions values ('pump', 7, 2, 11)`, damages{{Kind: ledger.RedactionFalse, Sequence: 7, Operation: 2, Last: 11}}},
		{"an operation taken out in the name of an entry before it", `update operations set salt = null, bytes = null where sequence = 7 and number = 2;
			insert into redactions values ('pump', 7, 2, 3)`, damages{{Kind: ledger.RedactionFalse, Sequence: 7, Operation: 2, Last: 3}}},
		{"a redaction without effect", `insert into redactions values ('pump', 7, 2, 9)`, damages{{Kind: ledger.RedactionUndone, Sequence: 7, Operation: 2, Last: 9}}},
		{"something in the place of what was redacted", `update operations set salt = zeroblob(32), bytes = cast('x' as blob) where sequence = 7 and number = 3`,
			damages{{Kind: ledger.RedactionUndone, Sequence: 7, Operation: 3, Last: 9}}},
		{"a redaction deleted", `delete from redactions`, damages{{Kind: ledger.OperationGone, Sequence: 7, Operation: 3}}},
		{"the commitment of what was redacted", `update operations set commitment = zeroblob(32) where sequence = 7 and number = 3`,
			damages{{Kind: ledger.CommitmentChanged, Sequence: 7}}},
		{"an edited checkpoint", `update checkpoints set note = cast(replace(cast(note as text), '8', '9') as blob) where size = 8`,
			damages{{Kind: ledger.CheckpointChanged, Sequence: 8, Last: 8}}},
		{"a checkpoint that is none", `update checkpoints set note = x'00'`, damages{{Kind: ledger.CheckpointChanged, Sequence: 8, Last: 10}}},
		{"a checkpoint under another size", `update checkpoints set size = 9 where size = 8`, damages{{Kind: ledger.CheckpointChanged, Sequence: 9, Last: 9}}},
		{"a checkpoint of no entry", `update checkpoints set size = -1 where size = 8`, damages{{Kind: ledger.CheckpointChanged, Sequence: -1, Last: -1}}},
		{"a signature cut off", `update checkpoints set note = cast(substr(cast(note as text), 1, length(cast(note as text)) - 9) as blob) where size = 10`,
			damages{{Kind: ledger.CheckpointUnsigned, Sequence: 10, Last: 10}}},
		{"a signature of another checkpoint", `update checkpoints set note = cast(
			substr(cast(note as text), 1, instr(cast(note as text), char(8212)) - 1) ||
			(select substr(cast(o.note as text), instr(cast(o.note as text), char(8212))) from checkpoints o where o.size = 10) as blob) where size = 8`,
			damages{{Kind: ledger.CheckpointUnsigned, Sequence: 8, Last: 8}}},
		{"the tail cut off, its checkpoint left", cutTo9, damages{{Kind: ledger.CheckpointAdded, Sequence: 10, Last: 10}}},
		{"the tail cut off with its checkpoint: only one kept elsewhere shows it", cutTo9 + `delete from checkpoints where size = 10`, nil},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			s, run := open(t)
			with := Signing(t, map[int64]string{1: "a"})
			head := Fill(t, s, project, 8)
			Sign(t, s, project, with)
			redacting := Entry(9)
			redacting.Redacts = []ledger.OperationRef{{Sequence: 7, Number: 3}}
			head = mustAppend(t, s, project, head, redacting, Entry(10)).Head
			Sign(t, s, project, with)
			if test.sql != "" {
				run(test.sql)
			}
			got, damages, err := ledger.VerifySigned(t.Context(), s, project, with.Keys)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(test.want, damages); d != "" {
				t.Errorf("damages (-want +got):\n%s", d)
			}
			if len(damages) == 0 && test.sql != "" && got == head {
				t.Error("neither damage nor another head")
			}
			if _, err := ledger.SignHead(t.Context(), s, project, with); err == nil && damages != nil && damages[len(damages)-1].Kind == ledger.CheckpointUnsigned && damages[0].Sequence == 10 {
				t.Error("the next checkpoint rests on one that does not verify")
			}
		})
	}
}

// forgedLeaf is the leaf that entry n would have with the number 10n in its envelope.
func forgedLeaf(n int) []byte {
	var commitments []ledger.Hash
	for i := range n % 4 {
		commitments = append(commitments, ledger.OperationCommitment(Operation(n, i)))
	}
	hash := ledger.Leaf{
		Sequence:       int64(n),
		OperationCount: int64(n % 4),
		OperationsRoot: ledger.OperationsRoot(commitments),
		Envelope:       fmt.Appendf(nil, `{"n":%d}`, 10*n),
	}.Hash()
	return hash[:]
}

func tamperThenUse(t *testing.T, open func(t *testing.T) (ledger.Store, func(sql string))) {
	for _, sql := range []string{
		`delete from operations where sequence = 10; delete from entries where sequence = 10`,
		`delete from entries where sequence = 10; delete from tree_hashes where node >= 16`,
		`update tree_hashes set hash = zeroblob(32) where node = 14`,
		`delete from tree_hashes where node = 17`,
	} {
		s, run := open(t)
		Fill(t, s, project, 10)
		run(sql)
		before := mustHead(t, s, project)
		_, err := s.Append(t.Context(), project, before, []ledger.Entry{Entry(11)})
		if fault.KindOf(err) != fault.Corrupt || mustHead(t, s, project) != before {
			t.Errorf("append after %q: %v, want it refused as corrupt", sql, err)
		}
	}
	s, run := open(t)
	head := Fill(t, s, project, 10)
	run(`update entries set envelope = cast('x' as blob) where sequence = 7; update operations set bytes = cast('x' as blob) where sequence = 3 and number = 2;
		delete from operations where sequence = 6 and number = 1`)
	_, err := ledger.ProveEntry(t.Context(), s, project, head, 7)
	wantKind(t, err, fault.Corrupt, nil)
	_, err = ledger.ProveOperation(t.Context(), s, project, head, 3, 2)
	wantKind(t, err, fault.Corrupt, nil)
	_, _, err = s.Operation(t.Context(), project, 3, 2)
	wantKind(t, err, fault.Corrupt, nil)
	last, err := lastEntry(t, s, project)
	if wantKind(t, err, fault.Corrupt, nil); last != 5 {
		t.Errorf("a reader got as far as entry %d, entry 6 lacks an operation", last)
	}
	run(`delete from operations where sequence = 2; delete from entries where sequence = 2`)
	last, err = lastEntry(t, s, project)
	if wantKind(t, err, fault.Corrupt, nil); last != 1 {
		t.Errorf("a reader got as far as entry %d, entry 2 is missing", last)
	}
}

// lastEntry returns the number of the last entry a reader gets, and the error that ended it.
func lastEntry(t *testing.T, s ledger.Store, project string) (last int64, err error) {
	for e, err := range ledger.Entries(t.Context(), s, project, 1, 0) {
		if err != nil {
			return last, err
		}
		last = e.Sequence
	}
	return last, nil
}
