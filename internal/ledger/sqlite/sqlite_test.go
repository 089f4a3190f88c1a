package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/disk"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/ledgertest"
)

func openIn(t testing.TB, folder string) *Store {
	t.Helper()
	s, err := Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// raw opens the file of a folder behind the store's back.
func raw(t testing.TB, folder string, pragmas ...string) *sql.DB {
	t.Helper()
	db, err := pool(filepath.Join(folder, fileName), append(pragmas, "busy_timeout(5000)"), "", 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func mustExec(t testing.TB, db *sql.DB, text string) {
	t.Helper()
	if _, err := db.Exec(text); err != nil {
		t.Fatal(err)
	}
}

// goldthread:verifies SRS-52, SRS-53
func TestContract(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) ledger.Store { return openIn(t, t.TempDir()) })
}

// goldthread:verifies SRS-57
// goldthread:verifies-implementation-of RC-9
// goldthread:verifies-effectiveness-of RC-9
func TestTampering(t *testing.T) {
	ledgertest.Tamper(t, func(t *testing.T) (ledger.Store, func(string)) {
		folder := t.TempDir()
		s := openIn(t, folder)
		db := raw(t, folder, "ignore_check_constraints(1)", "foreign_keys(0)")
		for _, table := range []string{"projects", "entries", "operations", "tree_hashes"} {
			mustExec(t, db, fmt.Sprintf("drop trigger %s_no_update; drop trigger %s_no_delete", table, table))
		}
		return s, func(text string) { t.Helper(); mustExec(t, db, text) }
	})
}

// goldthread:verifies SRS-54
// goldthread:verifies-implementation-of RC-9
// goldthread:verifies-effectiveness-of RC-9
func TestTablesAreAppendOnly(t *testing.T) {
	s := openIn(t, t.TempDir())
	e := ledgertest.Entry(1)
	e.Key = "key"
	if err := s.Create(t.Context(), "pump"); err != nil {
		t.Fatal(err)
	}
	receipt, err := s.Append(t.Context(), "pump", ledger.EmptyHead(), []ledger.Entry{e})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"update projects set project = 'other'", "delete from projects",
		"update entries set envelope = x'00'", "update entries set root = root", "delete from entries",
		"update operations set bytes = x'00'", "delete from operations",
		"update tree_hashes set hash = zeroblob(32)", "delete from tree_hashes",
		"update schema_version set version = 2", "delete from schema_version",
		"insert or replace into projects values ('pump')",
		"insert or replace into entries select * from entries",
		"replace into operations select * from operations",
		"replace into tree_hashes select * from tree_hashes",
		"insert into entries select * from entries where true on conflict do update set envelope = x'00'",
	} {
		if _, err := s.writer.Exec(text); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v, want it refused because the ledger is append-only", text, err)
		}
	}
	if _, err := s.reader.Exec("insert into projects values ('other')"); err == nil {
		t.Error("a connection of the readers can write")
	}
	if head, damages, err := ledger.Verify(t.Context(), s, "pump"); head != receipt.Head || len(damages) > 0 || err != nil {
		t.Errorf("Verify = %v, %v, %v", head, damages, err)
	}
}

func TestReopening(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "made with", "its parents", "100% ?a=b#c é")
	s, err := Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	head := ledgertest.Fill(t, s, "pump", 20)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var names []string
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
		if info, err := e.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", e.Name(), info.Mode())
		}
	}
	if d := cmp.Diff([]string{"ledger.db", "ledger.lock"}, names); d != "" {
		t.Errorf("files after closing (-want +got):\n%s", d)
	}
	again := openIn(t, folder)
	if got, damages, err := ledger.Verify(t.Context(), again, "pump"); got != head || len(damages) > 0 || err != nil {
		t.Errorf("Verify after reopening = %v, %v, %v; want %v", got, damages, err, head)
	}
}

// goldthread:verifies SRS-58
func TestOneProcessAFolder(t *testing.T) {
	folder := t.TempDir()
	first, err := Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), folder)
	if fault.KindOf(err) != fault.Unavailable || fault.Hint(err) == "" || !errors.Is(err, errHeld) {
		t.Errorf("second open: %v (%v), hint %q", err, fault.KindOf(err), fault.Hint(err))
	}
	if want := fmt.Sprintf("the data folder %s is in use by another goldthread (process %d)", folder, os.Getpid()); fault.Sentence(err) != want {
		t.Errorf("sentence is %q, want %q", fault.Sentence(err), want)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	openIn(t, folder)
}

// goldthread:verifies SRS-58
func TestRefusedAtOpening(t *testing.T) {
	for _, test := range []struct {
		sentence string
		pragmas  []string
		prepare  func(t *testing.T, folder string)
		kind     fault.Kind
		says     string
	}{
		{"a connection that is not durable", []string{"journal_mode(WAL)", "synchronous(NORMAL)"}, nil, fault.Internal, "synchronous 1"},
		{"a journal that is not a write-ahead log", []string{"journal_mode(DELETE)", "synchronous(FULL)"}, nil, fault.Internal, "journal mode delete"},
		{"a file of a newer goldthread", pragmas, func(t *testing.T, folder string) {
			s, err := Open(t.Context(), folder)
			if err != nil {
				t.Fatal(err)
			}
			mustExec(t, s.writer, "insert into schema_version values (2, '0002_later')")
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}, fault.Invalid, "has version 2"},
		{"a database of another program", pragmas, func(t *testing.T, folder string) {
			mustExec(t, raw(t, folder), "create table theirs (n)")
		}, fault.Invalid, "another program"},
		{"a file that is no database", pragmas, func(t *testing.T, folder string) {
			if err := os.WriteFile(filepath.Join(folder, fileName), []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, fault.Corrupt, "damaged"},
		{"a folder that is a file", pragmas, func(t *testing.T, folder string) {
			if err := os.Remove(folder); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(folder, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, fault.Unavailable, "cannot be made"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "data")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if test.prepare != nil {
				test.prepare(t, folder)
			}
			s, err := open(t.Context(), disk.System(), folder, test.pragmas)
			if err == nil {
				s.Close()
			}
			if fault.KindOf(err) != test.kind || !strings.Contains(fault.Sentence(err), test.says) {
				t.Errorf("open: %v (%v), want %v and %q", err, fault.KindOf(err), test.kind, test.says)
			}
		})
	}
}

// goldthread:verifies SRS-58
func TestOldSQLiteIsRefused(t *testing.T) {
	for version, ok := range map[string]bool{
		"3.51.3": true, "3.51.4": true, "3.52.0": true, "4.0.0": true, "3.51.3.1": true,
		"3.51.2": false, "3.50.9": false, "2.99.99": false, "3.51": false, "": false, "x.y.z": false, "3.-1.3": false,
	} {
		if err := checkVersion(version); (err == nil) != ok {
			t.Errorf("checkVersion(%q) = %v, want it taken: %v", version, err, ok)
		}
	}
}

// goldthread:verifies SRS-59
// goldthread:verifies-implementation-of RC-10
// goldthread:verifies-effectiveness-of RC-10
func TestFullDisk(t *testing.T) {
	s := openIn(t, t.TempDir())
	head := ledgertest.Fill(t, s, "pump", 5)
	var pages int
	if err := s.writer.QueryRow("pragma page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	mustExec(t, s.writer, fmt.Sprintf("pragma max_page_count = %d", pages+20))
	large := func(n int) ledger.Entry {
		e := ledgertest.Entry(n)
		e.Operations = []ledger.Operation{{Salt: ledger.Salt{1}, Bytes: make([]byte, 20_000)}}
		return e
	}
	var err error
	n := 6
	for ; err == nil && n < 100; n++ {
		var receipt ledger.Receipt
		if receipt, err = s.Append(t.Context(), "pump", head, []ledger.Entry{large(n)}); err == nil {
			head = receipt.Head
		}
	}
	if fault.KindOf(err) != fault.Full || !strings.Contains(fault.Sentence(err), "the disk is full") || fault.Hint(err) == "" {
		t.Fatalf("append to a full disk: %v (%v)", err, fault.KindOf(err))
	}
	if got, damages, err := ledger.Verify(t.Context(), s, "pump"); got != head || len(damages) > 0 || err != nil {
		t.Errorf("Verify on a full disk = %v, %v, %v; want %v", got, damages, err, head)
	}
	mustExec(t, s.writer, "pragma max_page_count = 1000000")
	receipt, err := s.Append(t.Context(), "pump", head, []ledger.Entry{large(n)})
	if err != nil {
		t.Fatalf("append when there is space again: %v", err)
	}
	if got, damages, err := ledger.Verify(t.Context(), s, "pump"); got != receipt.Head || len(damages) > 0 || err != nil {
		t.Errorf("Verify = %v, %v, %v; want %v", got, damages, err, receipt.Head)
	}
}

func TestACancelledWriterLeavesTheQueue(t *testing.T) {
	s := openIn(t, t.TempDir())
	head := ledgertest.Fill(t, s, "pump", 1)
	s.turn <- struct{}{} // somebody is writing
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() {
		_, err := s.Append(ctx, "pump", head, []ledger.Entry{ledgertest.Entry(2)})
		result <- err
	}()
	cancel()
	if err := <-result; fault.KindOf(err) != fault.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("append that was given up: %v", err)
	}
	<-s.turn
	if _, err := s.Append(t.Context(), "pump", head, []ledger.Entry{ledgertest.Entry(2)}); err != nil {
		t.Errorf("append after it: %v", err)
	}
}

func TestNoTimeInTheSchema(t *testing.T) {
	for _, m := range migrations() {
		for line := range strings.Lines(m.text) {
			if code, _, _ := strings.Cut(line, "--"); strings.Contains(code, "time") || strings.Contains(code, "date ") && !strings.Contains(code, "update") {
				t.Errorf("%s has a time: %s", m.name, line)
			}
		}
	}
}

// TestSmallDisk needs a small disk, which takes root: it is part of the long run.
//
// goldthread:verifies SRS-59
func TestSmallDisk(t *testing.T) {
	if os.Getenv("GOLDTHREAD_SOAK") == "" {
		t.Skip("set GOLDTHREAD_SOAK=1 to mount small disks")
	}
	for kilobytes := 400; kilobytes <= 3400; kilobytes += 100 {
		t.Run(fmt.Sprintf("%d KB", kilobytes), func(t *testing.T) {
			disk := t.TempDir()
			if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dk", kilobytes), "none", disk).CombinedOutput(); err != nil {
				t.Skipf("no small disk: %v: %s", err, out)
			}
			t.Cleanup(func() {
				if out, err := exec.Command("umount", disk).CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			})
			fillDisk(t, filepath.Join(disk, "data"), disk)
		})
	}
}

// fillDisk appends until the disk is full, makes space and goes on.
func fillDisk(t *testing.T, folder, disk string) {
	reserve := filepath.Join(disk, "reserve")
	if err := os.WriteFile(reserve, make([]byte, 150_000), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openIn(t, folder)
	if err := s.Create(t.Context(), "pump"); err != nil {
		t.Fatal(err)
	}
	head := ledger.EmptyHead()
	appendOne := func() error {
		receipt, err := s.Append(t.Context(), "pump", head, []ledger.Entry{keyed(head.Size + 1)})
		if err == nil {
			head = receipt.Head
		}
		return err
	}
	verify := func(when string) {
		t.Helper()
		if got, damages, err := ledger.Verify(t.Context(), s, "pump"); got != head || len(damages) > 0 || err != nil {
			t.Fatalf("Verify %s = %v, %v, %v; want %v", when, got, damages, err, head)
		}
	}
	var err error
	for err == nil {
		err = appendOne()
	}
	if fault.KindOf(err) != fault.Full {
		t.Fatalf("append %d to a full disk: %v (%v)", head.Size+1, err, fault.KindOf(err))
	}
	verify("on the full disk")
	if err := os.Remove(reserve); err != nil {
		t.Fatal(err)
	}
	if err := appendOne(); err != nil {
		t.Fatalf("append when there is space again: %v", err)
	}
	verify("when there is space again")
}
