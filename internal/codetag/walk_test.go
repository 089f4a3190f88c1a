package codetag

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

const tagLine = "// goldthread:implements SRS-1\n"

func scanFiles(t *testing.T, files map[string]string, opt Options) *Result {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, files)
	res, err := ScanDir(context.Background(), dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// goldthread:verifies SRS-37
// goldthread:verifies-implementation-of RC-3
// goldthread:verifies-effectiveness-of RC-3
func TestWhatIsSkippedIsListed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"nul.go":        "\x00" + tagLine,
		"late.go":       strings.Repeat("x", 8000) + "\n\x00\n" + tagLine,
		"big.go":        tagLine + strings.Repeat("x", 10000),
		"image.png":     "\x89PNG\x00\x00",
		"text.unknown":  strings.Repeat("x", 9000) + "// goldthread:implements SRS-1",
		"port.unknown":  "goldthread:8080 goldthread: the program",
		"README.md":     "<!-- goldthread:implements SRS-1 -->",
		"tool":          "#!/bin/sh\n# goldthread:implements SRS-2\n",
		"long-tool":     "#!/bin/sh\n" + strings.Repeat("x\n", 4400) + "# goldthread:implements SRS-2\n",
		"utf32.go":      "\xff\xfe\x00\x00",
		"half.go":       "\xff\xfea",
		".git/x.go":     tagLine,
		".github/x.yml": "# goldthread:implements SRS-1\n",
		"latin.go":      "// f\xfcr goldthread:implements SRS-3\n",
		"out/target.go": tagLine,
	})
	if err := os.Symlink("nul.go", filepath.Join(dir, "link.go")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(os.TempDir(), filepath.Join(dir, "outside")); err != nil {
		t.Fatal(err)
	}
	res, err := ScanDir(context.Background(), dir, Options{MaxFile: 9500, Skip: func(rel string, isDir bool) bool { return rel == "out" && isDir }})
	if err != nil {
		t.Fatal(err)
	}
	want := []Skipped{
		{File: "big.go", Why: "larger than 9500 bytes"}, {File: "half.go", Why: "UTF-16 text with half a character at its end: store it as UTF-8"},
		{File: "image.png", Why: "binary file"}, {File: "link.go", Why: "symbolic link, not followed"}, {File: "nul.go", Why: "binary file"},
		{File: "outside", Why: "symbolic link, not followed"}, {File: "text.unknown", Why: "holds tags, and its language is not known by its name or first line", Tags: true}, {File: "utf32.go", Why: "UTF-32 text: store it as UTF-8"},
	}
	if diff := cmp.Diff(want, res.Skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{".github/x.yml", "late.go", "latin.go", "long-tool", "tool"}, tagged(res)); diff != "" {
		t.Errorf("tagged (-want +got):\n%s", diff)
	}
	if len(res.Faults) > 0 || res.Files != 5 {
		t.Errorf("faults %v, files %d", res.Faults, res.Files)
	}
}

// goldthread:verifies SRS-37
func TestUnreadableIsAFault(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.go": tagLine, "d/b.go": tagLine})
	os.Chmod(filepath.Join(dir, "a.go"), 0)
	os.Chmod(filepath.Join(dir, "d"), 0)
	defer os.Chmod(filepath.Join(dir, "d"), 0o755)
	res, err := ScanDir(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Fault{{"a.go", 1, 1, "file cannot be opened: permission denied"}, {"d", 1, 1, "folder cannot be opened: permission denied"}}
	if diff := cmp.Diff(want, res.Faults); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnIgnoreFileTooLargeIsAFault(t *testing.T) {
	res := scanFiles(t, map[string]string{".gitignore": strings.Repeat("x\n", maxIgnore), "a.go": tagLine}, Options{})
	if len(res.Faults) != 1 || res.Faults[0].File != ".gitignore" || len(res.Tags) != 1 {
		t.Errorf("faults %v, tags %v", res.Faults, res.Tags)
	}
}

func TestByteOrderMarks(t *testing.T) {
	text := "x\n/* ä😀 goldthread:implements SRS-1 */"
	encode := func(order binary.AppendByteOrder, mark string) string {
		b := []byte(mark)
		for _, u := range utf16.Encode([]rune(text)) {
			b = order.AppendUint16(b, u)
		}
		return string(b)
	}
	res := scanFiles(t, map[string]string{
		"utf8.c": "\ufeff" + text, "le.c": encode(binary.LittleEndian, "\xff\xfe"), "be.c": encode(binary.BigEndian, "\xfe\xff"), "plain.c": text,
	}, Options{})
	if len(res.Tags) != 4 || len(res.Skipped) > 0 {
		t.Fatalf("tags %v, skipped %v", res.Tags, res.Skipped)
	}
	for _, tag := range res.Tags {
		if tag.Line != 2 || tag.Column != 33 {
			t.Errorf("%s: line %d column %d", tag.File, tag.Line, tag.Column)
		}
	}
}

func TestPackageOfAGoFile(t *testing.T) {
	res := scanFiles(t, map[string]string{
		"x.go": tagLine, "go.mod": "// x\nmodule \"example.org/a\"\n\ngo 1.26\n", "b/x.go": tagLine, "b/c/x.go": tagLine,
		"b/c/go.mod": "module example.org/c\n", "b/c/d/x.go": tagLine,
	}, Options{})
	var got []string
	for _, tag := range res.Tags {
		got = append(got, tag.File+" "+tag.Package)
	}
	want := []string{"b/c/d/x.go example.org/c/d", "b/c/x.go example.org/c", "b/x.go example.org/a/b", "x.go example.org/a"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOwnIgnoreFileHasTheLastWordInItsFolder(t *testing.T) {
	res := scanFiles(t, map[string]string{
		".gitignore": "gen.go\n", ".goldthreadignore": "!gen.go\nold/\n", "gen.go": tagLine, "old/x.go": tagLine, "a/gen.go": tagLine,
		"b/.goldthreadignore": "*.go\n", "b/x.go": tagLine,
	}, Options{})
	if diff := cmp.Diff([]string{"a/gen.go", "gen.go"}, tagged(res)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// goldthread:verifies SRS-39
func TestResultIsTheSameWhateverTheWorkers(t *testing.T) {
	files := map[string]string{}
	for i := range 200 {
		files[fmt.Sprintf("d%d/e%d/f%d.go", i%7, i%13, i)] = "// goldthread:implements SRS-1, SRS-2\n// goldthread:implements\n"
		files[fmt.Sprintf("d%d/f%d.go", i%7, i)] = "\x00"
	}
	dir := t.TempDir()
	write(t, dir, files)
	var first *Result
	for _, n := range []int{1, 2, 3, 16} {
		last := 0
		res, err := ScanDir(context.Background(), dir, Options{Workers: n, Progress: func(files int) {
			if files <= last {
				t.Errorf("progress went from %d to %d", last, files)
			}
			last = files
		}})
		if err != nil {
			t.Fatal(err)
		}
		if last != 200 || len(res.Tags) != 400 || len(res.Faults) != 200 || len(res.Skipped) != 200 {
			t.Errorf("%d workers: progress %d, %d tags, %d faults, %d skipped", n, last, len(res.Tags), len(res.Faults), len(res.Skipped))
		}
		if first == nil {
			first = res
		}
		if diff := cmp.Diff(first, res); diff != "" {
			t.Errorf("%d workers (-1 +n):\n%s", n, diff)
		}
	}
}

// goldthread:verifies SRS-39
// goldthread:verifies-implementation-of RC-11
// goldthread:verifies-effectiveness-of RC-11
func TestScanEnds(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.go": tagLine, "b/a.go": tagLine})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ScanDir(ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled scan: %v", err)
	}
	if _, err := ScanDir(context.Background(), filepath.Join(dir, "none"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	if _, err := ScanDir(context.Background(), filepath.Join(dir, "a.go"), Options{}); err == nil {
		t.Error("a file was scanned as a folder")
	}
	// deep folders do not hold more open files than they are deep
	deep := strings.Repeat("d/", 200)
	write(t, dir, map[string]string{deep + "a.go": tagLine})
	res, err := ScanDir(context.Background(), dir, Options{})
	if err != nil || len(res.Tags) != 3 {
		t.Errorf("%v %v", res, err)
	}
	if runtime.GOOS == "linux" {
		entries, err := os.ReadDir("/proc/self/fd")
		if err == nil && len(entries) > 50 {
			t.Errorf("%d files are still open", len(entries))
		}
	}
}
