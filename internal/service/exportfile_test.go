package service_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/goldthread/goldthread/internal/ledger/exportfile"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/verify"
)

// What the service writes, signs and rotates is verified by a program that knows nothing of it. A key that was lost cannot vouch for
// the next: that is damage until a checkpoint that was kept elsewhere covers it.
//
// goldthread:verifies SRS-122
// goldthread:verifies SRS-123
func TestALedgerOfTheServiceProvesItself(t *testing.T) {
	for _, lost := range []bool{false, true} {
		dir := t.TempDir()
		s, closeAll := opened(t, dir, noon)
		if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Push(t.Context(), pushed(1, put("SYS-1", schema.KindSYS, "Later"))); err != nil {
			t.Fatal(err)
		}
		closeAll()
		if lost {
			if err := os.Remove(filepath.Join(dir, "keys", "pump.key")); err != nil {
				t.Fatal(err)
			}
		}
		s, closeAll = opened(t, dir, noon)
		if _, err := s.RotateKey(t.Context(), local()); err != nil {
			t.Fatal(err)
		}
		note, err := s.Checkpoint(t.Context(), "pump")
		if err != nil {
			t.Fatal(err)
		}
		closeAll() // stores the newest checkpoint
		s = openAt(t, dir, noon)
		var b bytes.Buffer
		if err := exportfile.Write(t.Context(), &b, s.Store, s.Blobs, "pump"); err != nil {
			t.Fatal(err)
		}
		file := bytes.NewReader(b.Bytes())
		alone, err := verify.File(file, file.Size())
		if err != nil || len(alone.Damages) != map[bool]int{false: 0, true: 1}[lost] || alone.Size != 3 || alone.Blobs != 1 || alone.Checkpoints != 3 {
			t.Errorf("the key lost %v: %+v, %v", lost, alone, err)
		}
		if compared, err := verify.File(file, file.Size(), note); err != nil || len(compared.Damages) != 0 || compared.Kept != 3 {
			t.Errorf("the key lost %v, with the checkpoint that was printed: %+v, %v", lost, compared, err)
		}
	}
}
