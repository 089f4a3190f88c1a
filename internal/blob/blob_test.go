package blob_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/fault"
)

func open(t testing.TB, name string) *blob.Folder {
	t.Helper()
	f, err := blob.OpenFolder(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func put(t testing.TB, f *blob.Folder, content []byte) blob.Info {
	t.Helper()
	info, err := f.Put(bytes.NewReader(content), math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func read(f *blob.Folder, h blob.Hash) ([]byte, error) {
	r, err := f.Open(h)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(r)
	return content, errors.Join(err, r.Close())
}

// files lists every file below a folder.
func files(t testing.TB, name string) (all []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(name), ".", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// goldthread:verifies SRS-60
func TestWhatIsPutIsRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "blobs")
	f := open(t, name)
	for _, size := range []int{0, 1, 31, 32, 33, 4096, 1_000_003} {
		content := bytes.Repeat([]byte{byte(size), 7}, size)[:size]
		info := put(t, f, content)
		if d := cmp.Diff(blob.Info{Hash: sha256.Sum256(content), Size: int64(size)}, info); d != "" {
			t.Errorf("Put of %d bytes (-want +got):\n%s", size, d)
		}
		if stat, err := f.Stat(info.Hash); stat != info || err != nil {
			t.Errorf("Stat = %v, %v; want %v", stat, err, info)
		}
		if got, err := read(f, info.Hash); !bytes.Equal(got, content) || err != nil {
			t.Errorf("%d bytes came back as %d, %v", size, len(got), err)
		}
	}
	again := open(t, name)
	if got, err := read(again, sha256.Sum256(nil)); len(got) != 0 || err != nil {
		t.Errorf("after opening again: %q, %v", got, err)
	}
}

func TestLayout(t *testing.T) {
	name := filepath.Join(t.TempDir(), "blobs")
	f := open(t, name)
	for range 3 {
		put(t, f, []byte("hello"))
	}
	want := []string{"2c/f24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}
	if d := cmp.Diff(want, files(t, name)); d != "" {
		t.Errorf("files after the same was put three times (-want +got):\n%s", d)
	}
}

func TestLimit(t *testing.T) {
	for _, test := range []struct {
		sentence  string
		size, max int64
		kind      fault.Kind
	}{
		{"as many bytes as allowed", 10, 10, 0},
		{"nothing, where nothing is allowed", 0, 0, 0},
		{"one byte more than allowed", 11, 10, fault.Invalid},
		{"a byte where nothing is allowed", 1, 0, fault.Invalid},
		{"a limit below nothing", 0, -1, fault.Invalid},
		{"the largest limit there is", 11, math.MaxInt64, 0},
		{"a limit just below it", 11, math.MaxInt64 - 1, 0},
	} {
		name := filepath.Join(t.TempDir(), "blobs")
		f := open(t, name)
		info, err := f.Put(bytes.NewReader(make([]byte, test.size)), test.max)
		if fault.KindOf(err) != test.kind {
			t.Errorf("%s: %v, want %v", test.sentence, err, test.kind)
		}
		want := 1
		if test.kind != 0 {
			want = 0
		} else if info.Size != test.size {
			t.Errorf("%s: %d bytes were stored", test.sentence, info.Size)
		}
		if got := files(t, name); len(got) != want {
			t.Errorf("%s: files %v are left", test.sentence, got)
		}
	}
}

// endless is a reader that a limit must stop.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) { e.read += int64(len(p)); return len(p), nil }

func TestAnEndlessFileIsStopped(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "blobs"))
	r := &endless{}
	if _, err := f.Put(r, 100_000); fault.KindOf(err) != fault.Invalid || r.read > 200_000 {
		t.Errorf("%v after %d bytes", err, r.read)
	}
}

func TestAReaderThatFails(t *testing.T) {
	name := filepath.Join(t.TempDir(), "blobs")
	f := open(t, name)
	lost := errors.New("connection lost")
	_, err := f.Put(io.MultiReader(strings.NewReader("half of it"), iotest.ErrReader(lost)), 1000)
	if !errors.Is(err, lost) {
		t.Errorf("Put = %v, want the error of the reader", err)
	}
	_, err = f.Put(iotest.ErrReader(fault.New(fault.Denied, "no", nil)), 1000)
	if fault.KindOf(err) != fault.Denied {
		t.Errorf("Put = %v, want the kind of the reader's error", err)
	}
	if got := files(t, name); len(got) != 0 {
		t.Errorf("files %v are left", got)
	}
}

// goldthread:verifies SRS-60
func TestDamageIsFoundAndHealed(t *testing.T) {
	original := bytes.Repeat([]byte("evidence "), 10_000)
	for _, test := range []struct {
		sentence string
		damage   func([]byte) []byte
	}{
		{"first bit", func(b []byte) []byte { b[0] ^= 1; return b }},
		{"last bit", func(b []byte) []byte { b[len(b)-1] ^= 0x80; return b }},
		{"one byte fewer", func(b []byte) []byte { return b[:len(b)-1] }},
		{"one byte more", func(b []byte) []byte { return append(b, ' ') }},
		{"nothing left", func([]byte) []byte { return nil }},
	} {
		name := filepath.Join(t.TempDir(), "blobs")
		f := open(t, name)
		info := put(t, f, original)
		path := filepath.Join(name, files(t, name)[0])
		if err := os.WriteFile(path, test.damage(bytes.Clone(original)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(f, info.Hash); fault.KindOf(err) != fault.Corrupt {
			t.Errorf("%s: %v, want it found corrupt", test.sentence, err)
		}
		if again := put(t, f, original); again != info {
			t.Errorf("%s: putting it again gave %v", test.sentence, again)
		}
		if got, err := read(f, info.Hash); !bytes.Equal(got, original) || err != nil {
			t.Errorf("%s: not healed: %v", test.sentence, err)
		}
	}
}

// goldthread:verifies SRS-60
func TestReadsOfAnySizeAreVerified(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "blobs"))
	content := []byte("a file of some bytes")
	r, err := f.Open(put(t, f, content).Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := iotest.TestReader(r, content); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "blobs"))
	if _, err := f.Open(blob.Hash{1}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Open = %v", err)
	}
	if _, err := f.Stat(blob.Hash{1}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Stat = %v", err)
	}
}

// goldthread:verifies SRS-60
func TestNoLinkLeadsOut(t *testing.T) {
	parent := t.TempDir()
	name := filepath.Join(parent, "blobs")
	f := open(t, name)
	if err := os.WriteFile(filepath.Join(parent, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	hash := blob.Hash(sha256.Sum256([]byte("secret")))
	if err := os.Mkdir(filepath.Join(name, hash.String()[:2]), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../../secret", filepath.Join(name, hash.String()[:2], hash.String()[2:])); err != nil {
		t.Skip(err)
	}
	if content, err := read(f, hash); err == nil {
		t.Errorf("a link led out of the folder to %q", content)
	}
}

func TestUnfinishedFilesAreSweptAway(t *testing.T) {
	name := filepath.Join(t.TempDir(), "blobs")
	f := open(t, name)
	info := put(t, f, []byte("kept"))
	if err := os.WriteFile(filepath.Join(name, "incoming-ABC"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, name)
	if got := files(t, name); len(got) != 1 {
		t.Errorf("files after opening: %v", got)
	}
	if _, err := read(again, info.Hash); err != nil {
		t.Error(err)
	}
}

func TestManyAtOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "blobs")
	f := open(t, name)
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			content := bytes.Repeat([]byte{byte(i % 4)}, 10_000) // ten put the same
			info, err := f.Put(bytes.NewReader(content), 10_000)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := read(f, info.Hash); !bytes.Equal(got, content) || err != nil {
				t.Errorf("read back %d bytes, %v", len(got), err)
			}
		})
	}
	group.Wait()
	if got := files(t, name); len(got) != 4 {
		t.Errorf("files %v, want four", got)
	}
}

func TestParseHash(t *testing.T) {
	hash := blob.Hash(sha256.Sum256([]byte("x")))
	if got, err := blob.ParseHash(hash.String()); got != hash || err != nil {
		t.Errorf("ParseHash(%s) = %v, %v", hash, got, err)
	}
	for _, text := range []string{"", "../../etc/passwd", hash.String()[1:], hash.String() + "0", strings.ToUpper(hash.String()), strings.Repeat("g", 64), strings.Repeat("x", 1<<20)} {
		if _, err := blob.ParseHash(text); fault.KindOf(err) != fault.Invalid || len(fault.Sentence(err)) > 500 {
			t.Errorf("ParseHash(%.100q) = %v", text, err)
		}
	}
}

func TestFolderThatCannotBeOpened(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{name, filepath.Join(name, "below"), filepath.Join(t.TempDir(), "no", "parent")} {
		if _, err := blob.OpenFolder(bad); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("OpenFolder(%s) = %v (%v)", bad, err, fault.KindOf(err))
		}
	}
}

// TestFullDisk needs a small disk, which takes root: it is part of the long run.
//
// goldthread:verifies SRS-59
func TestFullDisk(t *testing.T) {
	if os.Getenv("GOLDTHREAD_SOAK") == "" {
		t.Skip("set GOLDTHREAD_SOAK=1 to mount a small disk")
	}
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "none", disk).CombinedOutput(); err != nil {
		t.Skipf("no small disk: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", disk).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	f, err := blob.OpenFolder(filepath.Join(disk, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	kept := put(t, f, bytes.Repeat([]byte("k"), 300_000))
	if _, err := f.Put(&endless{}, 10<<20); fault.KindOf(err) != fault.Full || fault.Hint(err) == "" {
		t.Errorf("Put on a full disk: %v (%v)", err, fault.KindOf(err))
	}
	if got, err := read(f, kept.Hash); len(got) != 300_000 || err != nil {
		t.Errorf("read on a full disk: %d bytes, %v", len(got), err)
	}
	put(t, f, bytes.Repeat([]byte("n"), 300_000)) // what did not fit has left nothing behind
}

func TestAllFilesAndTheirCheck(t *testing.T) {
	dir := t.TempDir()
	f, err := blob.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := map[blob.Hash]int64{}
	for _, text := range []string{"", "a", "bb"} {
		info, err := f.Put(strings.NewReader(text), 10)
		if err != nil {
			t.Fatal(err)
		}
		want[info.Hash] = info.Size
	}
	if err := os.WriteFile(filepath.Join(dir, "stranger"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	strangers := 0
	for info, err := range f.All() {
		if err != nil {
			strangers++
			if !errors.Is(err, fault.Corrupt) {
				t.Error(err)
			}
			continue
		}
		if size, there := want[info.Hash]; !there || size != info.Size {
			t.Errorf("%s of %d bytes", info.Hash, info.Size)
		}
		if err := f.Check(info.Hash); err != nil {
			t.Error(err)
		}
		delete(want, info.Hash)
	}
	if len(want) > 0 || strangers != 1 {
		t.Errorf("%d files were not found, %d strangers", len(want), strangers)
	}
	if err := f.Check(blob.Hash{1}); !errors.Is(err, fault.NotFound) {
		t.Errorf("a file that is not there: %v", err)
	}
}
