package codetag

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// goSource is about 10 KB of Go with 25 tags, as bench projects have it.
func goSource(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package p%d\n\nimport \"fmt\"\n\n", n)
	for i := range 25 {
		fmt.Fprintf(&b, "// F%d computes the dose for channel %d.\n//\n// goldthread:implements SRS-%d\nfunc F%d(rate, limit int) (int, error) {\n", i, i, n*25+i, i)
		b.WriteString("\tif rate > limit { // never above the limit\n\t\treturn 0, fmt.Errorf(\"rate %d above limit %d: %q\", rate, limit, `raw \"text\"`)\n\t}\n")
		b.WriteString("\ttotal := map[string]int{\"a\": 1, \"b\": 2}\n\tfor k, v := range total {\n\t\tfmt.Println(k, v, 'x')\n\t}\n\treturn rate, nil\n}\n\n")
	}
	return b.String()
}

func benchDir(tb testing.TB, files int) string {
	dir := tb.TempDir()
	write(tb, dir, map[string]string{"go.mod": "module example.org/bench\n", ".gitignore": "*.out\n/build/\n"})
	for i := range files {
		write(tb, dir, map[string]string{fmt.Sprintf("p%d/f%d.go", i%40, i): goSource(i)})
	}
	return dir
}

// BenchmarkScan400 scans 400 files of 10 KB with 10,000 tags.
func BenchmarkScan400(b *testing.B) { benchmarkScan(b, benchDir(b, 400), 10000) }

// BenchmarkScan4000 scans 4,000 such files.
func BenchmarkScan4000(b *testing.B) { benchmarkScan(b, benchDir(b, 4000), 100000) }

func benchmarkScan(b *testing.B, dir string, tags int) {
	for b.Loop() {
		res, err := ScanDir(context.Background(), dir, Options{})
		if err != nil || len(res.Tags) != tags {
			b.Fatalf("%d tags, %v", len(res.Tags), err)
		}
		b.SetBytes(res.Bytes)
	}
}

// BenchmarkUntagged scans files without a tag: the prefilter.
func BenchmarkUntagged(b *testing.B) {
	dir := b.TempDir()
	for i := range 400 {
		write(b, dir, map[string]string{fmt.Sprintf("p%d/f%d.go", i%40, i): strings.ReplaceAll(goSource(i), "goldthread:", "goldthread ")})
	}
	benchmarkScan(b, dir, 0)
}

// hostile is text of which much tempts a reader to look back or ahead again and
// again.
var hostile = []string{"{", "}", "(", "a(", "[", "`${", "\"\\(", "/*", "(*", "{-", "<<A\n", "<<A ", "'", "\"", "`", "\"\"\"", "R\"(", "r#\"", "#", "r#", "[=", "--[=[",
	"@a\n", "@a(", "#[a", "f<", ">(", "a>()", "a():b{}", "test.each([{", "it(", "//", "/", "/[", "\n", "x,\n", "x\n\n\n", "#if\n", "#if\n{\n#else\n", "{{#if\n",
	"%q(", "q(", "s{a}", "=begin\n", "=pod\n", "?", "~s(", "| ", "a: |\n ", "- ", "- a: |\n", "<!--", "<a b='", "<script>", "<a ", "<?", "?>", "\\", "$'", "$(", "#|", "%{\n",
	"type (", "const (\n", "func f() struct{", "proc a {", "enum class ", "template<", "public ", "def a\n ", " ", "\t", "\x00", "\xff", "goldthread:", "goldthread:a B-1,",
	"goldthread:a B-1 and B-2 ", "// goldthread:implements SRS-1\n", "/* goldthread:implements SRS-1 */", "# goldthread:implements SRS-1\n", "a\n", "class A {", "fn f() {", "def f():\n", "\n\n", "A::", "a.b", "a[", "]", "impl<", "*** Test Cases ***\n", "  ", "Scenario: a\n"}

// TestTimeIsLinear holds four times the text against the text: what takes much
// more than four times as long, try after try, goes over it again and again. It
// compares times with each other, never with a clock on the wall, and what is
// over at once needs no comparison.
//
// goldthread:verifies SRS-39
func TestTimeIsLinear(t *testing.T) {
	if os.Getenv("GOLDTHREAD_SOAK") == "" {
		t.Skip("set GOLDTHREAD_SOAK=1, on a quiet machine: a busy one makes times uneven")
	}
	pick := map[*style]language{}
	for _, l := range languages {
		pick[l.style] = l
	}
	for _, l := range slices.SortedFunc(maps.Values(pick), func(a, b language) int { return strings.Compare(a.name, b.name) }) {
		for _, h := range hostile {
			prefixes := []string{l.linePrefix()}
			if strings.Contains(h, word) {
				prefixes = append(prefixes, l.linePrefix()+l.commentOpen())
			}
			for _, prefix := range prefixes {
				if !l.linear(prefix, h) {
					t.Errorf("%s: the time for text made of %q behind %q grows faster than the text", l.name, h, prefix)
				}
			}
		}
	}
}

// linear scans text made of h, and four times as much of it.
func (l *language) linear(prefix, h string) bool {
	const size, atOnce, tries = 16 << 10, 2 * time.Millisecond, 10
	long, short := time.Hour, time.Duration(0) // the quickest and the slowest: what else runs on the machine must not count
	for range tries {
		long = min(long, l.timeFor(prefix, h, 4*size))
		if long < atOnce {
			return true
		}
		short = max(short, l.timeFor(prefix, h, size))
		if long < 10*short {
			return true
		}
	}
	return false
}

func (l *language) timeFor(prefix, h string, size int) time.Duration {
	text := []byte(prefix + strings.Repeat(h, size/len(h)) + "\n// goldthread:implements SRS-1\n")
	start := time.Now()
	new(scratch).scan(source{file: "x", lang: l, text: text}, new(Result))
	return time.Since(start)
}

func (l *language) linePrefix() string {
	switch {
	case l.style == stylePHP:
		return "<?php "
	case l.style == styleMatlab:
		return "% goldthread:implements SRS-1\n"
	}
	return ""
}

// commentOpen opens a comment, in which the text is to stand.
func (l *language) commentOpen() string {
	switch {
	case len(l.style.blocks) > 0:
		return l.style.blocks[0].open + "\n"
	case len(l.style.marks) > 0:
		return l.style.marks[0].open + " "
	}
	return ""
}

// FuzzScan gives text to every language that shares the style of a file name.
//
// goldthread:verifies SRS-39
func FuzzScan(f *testing.F) {
	for _, s := range samples {
		for _, c := range slices.Concat(s.comments, s.strings) {
			f.Add(s.file, s.before+strings.ReplaceAll(c, "§", tagText))
		}
	}
	sources, _ := filepath.Glob("testdata/attribution/*")
	for _, file := range sources {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(filepath.Base(file), string(text))
		}
	}
	f.Fuzz(func(t *testing.T, file, text string) {
		if len(text) > 64<<10 {
			return
		}
		res := scanString(file, text)
		lines := strings.Split(text, "\n")
		last := 0
		for _, tag := range res.Tags {
			if tag.Line < 1 || tag.Line > len(lines) || !strings.HasPrefix(lines[tag.Line-1][tag.Column-1:], tag.Key) {
				t.Errorf("%s: %+v is not there", file, tag)
			}
			if tag.Line < last || !isVerb(tag.Verb) || !isKey([]byte(tag.Key)) {
				t.Errorf("%s: %+v out of order or malformed", file, tag)
			}
			last = tag.Line
		}
		for _, fault := range res.Faults {
			if fault.Line < 1 || fault.Line > len(lines) || fault.Column < 1 {
				t.Errorf("%s: fault %+v is nowhere", file, fault)
			}
		}
		if n := strings.Count(text, word); n == 0 && len(res.Tags)+len(res.Faults) > 0 {
			t.Errorf("%s: tags in text without any", file)
		}
	})
}
