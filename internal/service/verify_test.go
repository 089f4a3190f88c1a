package service_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
)

// goldthread:verifies SRS-92
func TestVerifyNamesWhatIsNotAsItWasWritten(t *testing.T) {
	for _, tt := range []struct {
		sentence string
		tamper   func(t *testing.T, dir string)
		want     []string // of each damage
	}{
		{"nothing", func(*testing.T, string) {}, nil},
		{"a requirement", sqlOn("drop trigger operations_no_update", `update operations set bytes = cast(replace(cast(bytes as text), 'shall stop', 'may stop') as blob)`),
			[]string{"operation 3 of entry 1 was changed"}},
		{"the reason of an entry", sqlOn("drop trigger entries_no_update", `update entries set envelope = cast(replace(cast(envelope as text), 'a test', 'a joke') as blob) where sequence = 2`),
			[]string{"entry 2 was changed"}},
		{"what is no change any more", sqlOn("drop trigger entries_no_update", `update entries set envelope = cast('{}' as blob) where sequence = 2`),
			[]string{"entry 2 was changed", "entry 2 of project pump cannot be read"}},
		{"an attached file", func(t *testing.T, dir string) {
			eachFile(t, dir, func(name string) error { return os.WriteFile(name, []byte("<svg>other</svg>"), 0o600) })
		}, []string{"a.svg: file"}},
		{"an attached file taken away", func(t *testing.T, dir string) { eachFile(t, dir, os.Remove) }, []string{"a.svg: file"}},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			dir := t.TempDir()
			s, closeAll := opened(t, dir, noon)
			if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Push(t.Context(), pushed(1, put("SYS-9", schema.KindSYS, "Later"))); err != nil {
				t.Fatal(err)
			}
			closeAll()
			tt.tamper(t, dir)
			v, err := openAt(t, dir, noon).Verify(t.Context(), "pump")
			if err != nil {
				t.Fatal(err)
			}
			if len(v.Damages) != len(tt.want) {
				t.Fatalf("damages %+v, want %q", v.Damages, tt.want)
			}
			for i, d := range v.Damages {
				if !strings.HasPrefix(d.What, tt.want[i]) {
					t.Errorf("%q, want %q", d.What, tt.want[i])
				}
			}
			if v.Files != 1 || v.Head.Size != 2 {
				t.Errorf("%d files, %d entries", v.Files, v.Head.Size)
			}
		})
	}
}

// sqlOn is what somebody with the database does.
func sqlOn(statements ...string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		db, err := sql.Open("sqlite", filepath.Join(dir, "ledger.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func eachFile(t *testing.T, dir string, do func(string) error) {
	err := filepath.WalkDir(filepath.Join(dir, service.BlobsFolder), func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return do(name)
	})
	if err != nil {
		t.Fatal(err)
	}
}
