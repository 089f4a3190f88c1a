package ledgerkey

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"github.com/goldthread/goldthread/internal/fault"
)

func mustOpen(t *testing.T, folder string) *Keys {
	t.Helper()
	k, err := Open(folder, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// signs says whether the private half of a key makes what its public half verifies.
func signs(t *testing.T, k *Keys, public string) {
	t.Helper()
	signer, err := k.Signer(public)
	if err != nil {
		t.Fatal(err)
	}
	text, err := note.Sign(&note.Note{Text: "text\n"}, signer)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(text, note.VerifierList(verifier)); err != nil {
		t.Error(err)
	}
}

// goldthread:verifies SRS-121
func TestTheFirstKeyIsMadeAndStays(t *testing.T) {
	folder := t.TempDir()
	first := mustOpen(t, folder)
	if !regexp.MustCompile(`^goldthread-[0-9a-f]{8}\+[0-9a-f]{8}\+`).MatchString(first.Public()) {
		t.Errorf("the key is %s", first.Public())
	}
	if again := mustOpen(t, folder); again.Public() != first.Public() {
		t.Errorf("opened again it is %s, was %s", again.Public(), first.Public())
	}
	signs(t, first, first.Public())
	if other := mustOpen(t, t.TempDir()); other.Public() == first.Public() {
		t.Error("two folders have one key")
	}
	if _, err := first.Signer("goldthread-0+00000000+AA"); fault.KindOf(err) != fault.NotFound || fault.Hint(err) == "" {
		t.Errorf("a key that is not there: %v", err)
	}
	stat, err := os.Stat(filepath.Join(folder, inForce))
	if err != nil || runtime.GOOS != "windows" && stat.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v, %v", stat.Mode(), err)
	}
}

// goldthread:verifies SRS-121
func TestKeyFilesThatAreRefused(t *testing.T) {
	for sentence, test := range map[string]struct {
		spoil func(path string) error
		kind  fault.Kind
	}{
		"readable by the group": {func(path string) error { return os.Chmod(path, 0o640) }, fault.Denied},
		"writable by others":    {func(path string) error { return os.Chmod(path, 0o602) }, fault.Denied},
		"empty":                 {func(path string) error { return os.Truncate(path, 0) }, fault.Corrupt},
		"cut short":             {func(path string) error { return os.Truncate(path, 30) }, fault.Corrupt},
		"something else":        {func(path string) error { return os.WriteFile(path, []byte("a+b+c+d+e\n"), 0o600) }, fault.Corrupt},
	} {
		for _, name := range []string{inForce, coming} {
			folder := t.TempDir()
			k := mustOpen(t, folder)
			if _, err := k.Prepare(); err != nil {
				t.Fatal(err)
			}
			if err := test.spoil(filepath.Join(folder, name)); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(folder, rand.Reader); fault.KindOf(err) != test.kind || fault.Hint(err) == "" {
				t.Errorf("%s, %s: %v (%v), want %v", name, sentence, err, fault.KindOf(err), test.kind)
			}
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none"), rand.Reader); err == nil {
		t.Error("a key is made in a folder that is not there")
	}
}

// goldthread:verifies SRS-121
func TestRotation(t *testing.T) {
	folder := t.TempDir()
	k := mustOpen(t, folder)
	if err := k.Settle(); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a rotation that was not begun: %v", err)
	}
	var was []string
	for range 3 {
		old := k.Public()
		next, err := k.Prepare()
		if err != nil {
			t.Fatal(err)
		}
		k = mustOpen(t, folder) // the process may end at any step
		if again, err := k.Prepare(); again != next || err != nil || k.Next() != next || k.Public() != old {
			t.Fatalf("prepared again it is %s, %v; was %s", again, err, next)
		}
		signs(t, k, old)
		signs(t, k, next)
		if err := k.remember(old); err != nil { // as Settle does first
			t.Fatal(err)
		}
		k = mustOpen(t, folder)
		if err := k.Settle(); err != nil {
			t.Fatal(err)
		}
		k = mustOpen(t, folder)
		if k.Public() != next || k.Next() != "" {
			t.Errorf("after the rotation the key is %s, and %q is coming; want %s", k.Public(), k.Next(), next)
		}
		if _, err := k.Signer(old); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the former key still signs: %v", err)
		}
		was = append(was, old)
	}
	former, err := k.Former()
	if d := cmp.Diff(was, former); d != "" || err != nil {
		t.Errorf("former keys (-want +got): %v\n%s", err, d)
	}
}
