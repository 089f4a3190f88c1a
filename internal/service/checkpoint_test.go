package service_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
)

// goldthread:verifies SRS-93
func TestEveryEntryGetsACheckpoint(t *testing.T) {
	dir := t.TempDir()
	s, closeAll := opened(t, dir, noon)
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if _, err := s.Push(t.Context(), pushed(int64(i+1), put("SYS-1", schema.KindSYS, strings.Repeat("x", i+1)))); err != nil {
			t.Fatal(err)
		}
	}
	note, err := s.Checkpoint(t.Context(), "pump")
	if err != nil {
		t.Fatal(err)
	}
	key := keyOf(t, s)
	c, by, err := ledger.OpenCheckpoint(note, key)
	if err != nil || c.Size != 4 || len(by) != 1 || !strings.HasPrefix(c.Origin, "goldthread/") {
		t.Fatalf("%+v by %q, %v", c, by, err)
	}
	closeAll()
	again := openAt(t, dir, noon)
	kept, err := again.Checkpoint(t.Context(), "pump")
	if err != nil || !bytes.Equal(kept, note) {
		t.Errorf("after the program stopped: %v\n%s", err, kept)
	}
	v, err := again.Verify(t.Context(), "pump")
	if err != nil || len(v.Damages) > 0 || v.Checkpoints != 4 {
		t.Errorf("%+v, %v", v, err)
	}
	info, err := os.Stat(filepath.Join(dir, "keys", "pump.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v", info.Mode(), err)
	}
}

func keyOf(t *testing.T, s *service.Service) string {
	t.Helper()
	p, err := s.Project(t.Context(), "pump")
	if err != nil {
		t.Fatal(err)
	}
	return p.Ledger.Keys[len(p.Ledger.Keys)-1].Key
}

// What was written and not signed when the program died is signed when it starts again.
//
// goldthread:verifies SRS-93
func TestTheUnsignedTailIsSignedAtTheStart(t *testing.T) {
	dir := t.TempDir()
	s, closeAll := opened(t, dir, noon)
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	closeAll()
	sqlOn("drop trigger checkpoints_no_delete", "delete from checkpoints")(t, dir)
	again := openAt(t, dir, noon)
	note, err := again.Checkpoint(t.Context(), "pump")
	if err != nil {
		t.Fatal(err)
	}
	if c, _, err := ledger.OpenCheckpoint(note, keyOf(t, again)); err != nil || c.Size != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestADamagedTailIsNotSigned(t *testing.T) {
	dir := t.TempDir()
	s, closeAll := opened(t, dir, noon)
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	closeAll()
	sqlOn("drop trigger checkpoints_no_delete", "delete from checkpoints", "drop trigger operations_no_update",
		`update operations set bytes = cast(replace(cast(bytes as text), 'shall stop', 'may stop') as blob)`)(t, dir)
	if _, err := openAt(t, dir, noon).Project(t.Context(), "pump"); !errors.Is(err, fault.Corrupt) {
		t.Errorf("%v, want it refused as corrupt", err)
	}
}

func TestATailThatWasCutOff(t *testing.T) {
	dir := t.TempDir()
	s, closeAll := opened(t, dir, noon)
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Push(t.Context(), pushed(1, put("SYS-1", schema.KindSYS, "Later"))); err != nil {
		t.Fatal(err)
	}
	closeAll()
	sqlOn("pragma foreign_keys = off", "drop trigger entries_no_delete", "drop trigger operations_no_delete", "drop trigger tree_hashes_no_delete",
		"delete from entries where sequence = 2", "delete from operations where sequence = 2", "delete from tree_hashes where node > 0")(t, dir)
	if _, err := openAt(t, dir, noon).Project(t.Context(), "pump"); !errors.Is(err, fault.Corrupt) || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("%v, want it refused as cut off", err)
	}
}

// goldthread:verifies SRS-93
func TestKeysAreRotated(t *testing.T) {
	for _, lost := range []bool{false, true} {
		dir := t.TempDir()
		s, closeAll := opened(t, dir, noon)
		if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
			t.Fatal(err)
		}
		old := keyOf(t, s)
		closeAll()
		if lost {
			if err := os.Remove(filepath.Join(dir, "keys", "pump.key")); err != nil {
				t.Fatal(err)
			}
		}
		s, closeAll = opened(t, dir, noon)
		if _, err := s.Push(t.Context(), pushed(1, put("SYS-1", schema.KindSYS, "Later"))); lost != errors.Is(err, fault.Denied) {
			t.Errorf("a change, the key being lost %v: %v", lost, err)
		}
		if _, err := s.RotateKey(t.Context(), local()); err != nil {
			t.Fatal(err)
		}
		fresh := keyOf(t, s)
		note, err := s.Checkpoint(t.Context(), "pump")
		if err != nil {
			t.Fatal(err)
		}
		if _, by, err := ledger.OpenCheckpoint(note, old, fresh); err != nil || fresh == old || len(by) != map[bool]int{false: 2, true: 1}[lost] {
			t.Errorf("the first checkpoint of the new key is signed by %q, %v", by, err)
		}
		p, _ := s.Project(t.Context(), "pump")
		if _, err := s.Push(t.Context(), pushed(p.Snapshot.Entry(), put("SYS-1", schema.KindSYS, "Still later"))); err != nil {
			t.Errorf("a change under the new key: %v", err)
		}
		closeAll()
		again := openAt(t, dir, noon)
		if v, err := again.Verify(t.Context(), "pump"); err != nil || len(v.Damages) > 0 {
			t.Errorf("%+v, %v", v, err)
		}
		if _, err := again.Push(t.Context(), pushed(p.Snapshot.Entry()+1, put("SYS-1", schema.KindSYS, "At last"))); err != nil {
			t.Errorf("a change after a restart: %v", err)
		}
	}
}

func TestAKeyThatOthersMayReadIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, closeAll := opened(t, dir, noon)
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	closeAll()
	if err := os.Chmod(filepath.Join(dir, "keys", "pump.key"), 0o640); err != nil {
		t.Fatal(err)
	}
	_, err := openAt(t, dir, noon).Push(t.Context(), pushed(1, put("SYS-1", schema.KindSYS, "Later")))
	if !errors.Is(err, fault.Denied) || !strings.Contains(fault.Hint(err), "chmod 600") {
		t.Errorf("%v, hint %q", err, fault.Hint(err))
	}
}

// goldthread:verifies SRS-94
func TestWhatIsRedactedIsGoneAndTheRestIsProven(t *testing.T) {
	dir := t.TempDir()
	s, closeAll := opened(t, dir, noon)
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	secret := put("SYS-1", schema.KindSYS, "The patient is Erika Mustermann")
	secret.Item.Text = "Erika Mustermann, born 12 August 1964, complains of pain."
	if _, err := s.Push(t.Context(), pushed(1, secret)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Baseline(t.Context(), local(), "1.0", ""); err != nil {
		t.Fatal(err)
	}
	before, err := s.Checkpoint(t.Context(), "pump")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redact(t.Context(), local(), record.Redact{Entry: 2, Number: 1}); !errors.Is(err, fault.Invalid) {
		t.Errorf("without an order: %v", err)
	}
	r, err := s.Redact(t.Context(), local(), record.Redact{Entry: 2, Number: 1, Order: "data protection officer"})
	if err != nil || r.Entry != 4 {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, ref := range []record.Redact{{Entry: 2, Number: 1}, {Entry: 4, Number: 1}, {Entry: 2, Number: 9}, {Entry: 9, Number: 1}} {
		ref.Order = "again"
		if _, err := s.Redact(t.Context(), local(), ref); err == nil {
			t.Errorf("operation %d of entry %d was redacted", ref.Number, ref.Entry)
		}
	}
	look := func(s *service.Service) {
		t.Helper()
		for _, entry := range []int64{2, 4} {
			p, err := s.ProjectAt(t.Context(), "pump", record.Main, entry)
			if err != nil {
				t.Fatal(err)
			}
			h, _ := p.Snapshot.ByKey("SYS-1")
			if title := p.Snapshot.Node(h).Item.Title; title != "Redacted by entry 4" || p.Snapshot.Links() != 1 {
				t.Errorf("as of entry %d: %q with %d links", entry, title, p.Snapshot.Links())
			}
			if p.Snapshot.Node(h).Content != secret.Item.ContentHash() {
				t.Errorf("as of entry %d: the content is another, so that links and signatures would not hold", entry)
			}
			if text, err := p.Snapshot.Text(p.Source, h); err != nil || text != "" {
				t.Errorf("as of entry %d: text %q, %v", entry, text, err)
			}
		}
		v, err := s.Verify(t.Context(), "pump")
		if err != nil || len(v.Damages) > 0 || v.Redacted != 1 {
			t.Errorf("%+v, %v", v, err)
		}
	}
	look(s)
	c, _, err := ledger.OpenCheckpoint(before, keyOf(t, s))
	if err != nil {
		t.Fatal(err)
	}
	p, err := ledger.ProveEntry(t.Context(), s.Store, "pump", c.Head, 2)
	if err != nil || ledger.CheckEntry(p, c.Head) != nil {
		t.Errorf("entry 2 is not proven any more by a checkpoint of before: %v", err)
	}
	closeAll()
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if bytes.Contains(data, []byte("Mustermann")) {
			t.Errorf("%s still holds what was redacted", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	look(openAt(t, dir, noon))
}

// Somebody who takes bytes out of the database and says that an entry redacted them is found out: that entry does not say so.
//
// goldthread:verifies SRS-94
func TestAForgedRedaction(t *testing.T) {
	dir := t.TempDir()
	s, closeAll := opened(t, dir, noon)
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Push(t.Context(), pushed(1, put("SYS-9", schema.KindSYS, "Later"))); err != nil {
		t.Fatal(err)
	}
	closeAll()
	sqlOn("insert into redactions (project, sequence, number, by_sequence) values ('pump', 1, 3, 2)", "update operations set salt = null, bytes = null where sequence = 1 and number = 3")(t, dir)
	if _, err := openAt(t, dir, noon).Project(t.Context(), "pump"); !errors.Is(err, fault.Corrupt) || !strings.Contains(err.Error(), "does not say so") {
		t.Errorf("%v", err)
	}
}

// goldthread:verifies SRS-95
func TestACheckpointThatWasKeptElsewhere(t *testing.T) {
	dir := t.TempDir()
	s, closeAll := opened(t, dir, noon)
	if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	old := copyOf(t, dir)
	push := func(s *service.Service, base int64, title string) []byte {
		t.Helper()
		if _, err := s.Push(t.Context(), pushed(base, put("SYS-1", schema.KindSYS, title))); err != nil {
			t.Fatal(err)
		}
		note, err := s.Checkpoint(t.Context(), "pump")
		if err != nil {
			t.Fatal(err)
		}
		return note
	}
	kept := push(s, 1, "Second")
	push(s, 2, "Third")
	closeAll()
	holds := func(what, dir string, note []byte, want string) {
		t.Helper()
		size, damages, err := openAt(t, dir, noon).Holds(t.Context(), "pump", note)
		switch {
		case err != nil || size != 2:
			t.Errorf("%s: %d, %v", what, size, err)
		case want == "" && len(damages) > 0 || want != "" && (len(damages) != 1 || !strings.Contains(damages[0].What, want)):
			t.Errorf("%s: %+v, want %q", what, damages, want)
		}
	}
	holds("as it was", copyOf(t, dir), kept, "")
	holds("an older copy put back", copyOf(t, old), kept, "an older copy was put back")
	rewritten := copyOf(t, old)
	other, closeOther := opened(t, rewritten, noon)
	push(other, 1, "Another second")
	closeOther()
	holds("put back and continued otherwise", rewritten, kept, "history was rewritten")
	holds("a forged signature", copyOf(t, dir), bytes.Replace(kept, []byte("— goldthread-"), []byte("— goldthreat-"), 1), "signed by none of the keys")

	stranger := openAt(t, t.TempDir(), noon)
	if err := stranger.TakeIn(t.Context(), takeIn(picture)); err != nil {
		t.Fatal(err)
	}
	if size, damages, err := stranger.Holds(t.Context(), "pump", kept); size != 0 || len(damages) > 0 || err != nil {
		t.Errorf("the checkpoint of another ledger: %d, %+v, %v", size, damages, err)
	}
}

// copyOf copies a data folder that nobody writes.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(to, "keys", "pump.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}
