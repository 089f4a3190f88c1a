package exportfile_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/exportfile"
	"github.com/goldthread/goldthread/internal/verify"
)

// histories is how many random honest ones are verified. Each raises no alarm.
const histories = 1000

// goldthread:verifies SRS-122
// goldthread:verifies SRS-123
func TestNoFalseAlarm(t *testing.T) {
	n, entries := 0, int64(0)
	for n < histories {
		h := newHouse(t) // a redaction writes the file of its store anew, so it is kept small
		rapid.Check(t, func(rt *rapid.T) {
			n++
			name := fmt.Sprintf("p%d", n)
			made := begin(h, name, func(k int) int { return rapid.IntRange(0, k-1).Draw(rt, "choice") })
			for range rapid.IntRange(1, 14).Draw(rt, "steps") {
				made.step()
				if made.choose(2) == 0 {
					made.commit()
				}
			}
			made.commit()
			made.save()
			entries += made.head.Size
			if head, damages, err := ledger.VerifySigned(t.Context(), h.store, name, made.keys); head != made.head || len(damages) > 0 || err != nil {
				rt.Fatalf("VerifySigned = %v, %v, %v", head, damages, err)
			}
			file := h.export(name)
			last, err := h.store.LastCheckpoint(t.Context(), name)
			if err != nil {
				rt.Fatal(err)
			}
			report, err := verify.File(bytes.NewReader(file), int64(len(file)), last.Note)
			if err != nil || len(report.Damages) > 0 || report.Size != made.head.Size || report.Root != made.head.Root || report.Origin != made.origin || report.Kept != made.head.Size {
				rt.Fatalf("a false alarm: %+v, %v", report, err)
			}
			if n%20 != 0 {
				return
			}
			copied := name + "copy"
			if _, err := exportfile.Import(t.Context(), h.store, h.blobs, copied, bytes.NewReader(file), int64(len(file))); err != nil {
				rt.Fatal(err)
			}
			if again := h.export(copied); !bytes.Equal(file, again) {
				rt.Fatal("the export of an import is another")
			}
		})
	}
	t.Logf("%d honest histories of %d entries", n, entries)
}

// example is a ledger that holds one of everything, with choices that are always the same.
func example(h house, name string, steps int) *history {
	state := uint32(7)
	made := begin(h, name, func(k int) int {
		state = state*1664525 + 1013904223
		return int(state>>8) % k
	})
	for range steps {
		made.step()
		made.commit()
	}
	made.save()
	return made
}

// python runs the second verifier; it skips, saying so, where there is no Python.
func python(t *testing.T, args ...string) (output string, ok bool) {
	t.Helper()
	program, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3, so that the second verifier was not run")
	}
	out, err := exec.Command(program, append([]string{"../../verify/testdata/verify.py"}, args...)...).CombinedOutput()
	return string(out), err == nil
}

func write(t *testing.T, file []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.zip")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExportOfWhatIsNotThere(t *testing.T) {
	h := newHouse(t)
	var b bytes.Buffer
	if err := exportfile.Write(t.Context(), &b, h.store, h.blobs, "none"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a project that is not there: %v", err)
	}
	if err := h.store.Create(t.Context(), "empty"); err != nil {
		t.Fatal(err)
	}
	if err := exportfile.Write(t.Context(), &b, h.store, h.blobs, "empty"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a project without an entry: %v", err)
	}
}

// The second verifier, made from docs/ledger.md in another language, says the same of a ledger that holds one of everything.
//
// goldthread:verifies SRS-122
func TestTheSecondVerifierAgrees(t *testing.T) {
	h := newHouse(t)
	made := example(h, "pump", 60)
	file := h.export("pump")
	report, err := verify.File(bytes.NewReader(file), int64(len(file)))
	if err != nil || len(report.Damages) > 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	if report.Signatures < 3 || report.Blobs < 2 || len(made.keys) < 3 || len(made.gone) < 2 || len(made.fold.Streams()) < 3 || len(made.fold.Ledger().Anchors) < 2 {
		t.Fatalf("the example lacks something: %+v", report)
	}
	out, ok := python(t, write(t, file))
	if want := fmt.Sprintf("%s %d %x checkpoints %d signatures %d\n", report.Origin, report.Size, report.Root[:], report.Checkpoints, report.Signatures); !ok || out != want {
		t.Errorf("it says\n%swant\n%s", out, want)
	}
}
