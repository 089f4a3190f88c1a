package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// A synthetic project: software requirements in files of fifty, each with a
// parent among the system requirements and about a kilobyte of text, each
// realised by a tagged function and verified by a tagged test.
const (
	perDocument = 50
	perSource   = 50  // tags in one source file
	perSystem   = 10  // software requirements that refine one system requirement
	textBytes   = 850 // of one requirement
)

// words of the texts; what they say does not matter.
var words = strings.Fields(`the pump controller shall stop the motor when line pressure exceeds the occlusion limit for longer than two hundred
milliseconds and raise the alarm so that the nurse can see which line is blocked before bolus volume builds up behind the clamp without losing
count of the delivered dose while battery voltage remains above its lower threshold`)

// synthesise writes a project of n software requirements below dir and returns
// the number of bytes.
func synthesise(dir string, n int) (bytes int64, err error) {
	random := rand.New(rand.NewPCG(62304, uint64(n)))
	w := &writer{dir: dir}
	w.file("goldthread.yaml", "project: synthetic\ndocuments: [docs]\ncode: [src]\n")
	systems := max(1, n/perSystem)
	need := "# Needs\n\n## UN-1 Need\n\nA need.\n"
	w.file("docs/needs.md", need)
	for at := 0; at < systems; at += perDocument {
		w.file(fmt.Sprintf("docs/sys%05d.md", at/perDocument), systemDocument(random, at, min(systems, at+perDocument)))
	}
	for at := 0; at < n; at += perDocument {
		w.file(fmt.Sprintf("docs/srs%05d.md", at/perDocument), softwareDocument(random, at, min(n, at+perDocument)))
	}
	for at := 0; at < n; at += perSource {
		code, tests := sources(at, min(n, at+perSource))
		w.file(fmt.Sprintf("src/p%05d/unit.go", at/perSource), code)
		w.file(fmt.Sprintf("src/p%05d/unit_test.go", at/perSource), tests)
	}
	return w.bytes, w.err
}

type writer struct {
	dir   string
	bytes int64
	err   error
}

func (w *writer) file(name, text string) {
	if w.err != nil {
		return
	}
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	if w.err = os.MkdirAll(filepath.Dir(path), 0o777); w.err == nil {
		w.err = os.WriteFile(path, []byte(text), 0o666)
		w.bytes += int64(len(text))
	}
}

func prose(random *rand.Rand, bytes int) string {
	var b strings.Builder
	column := 0
	for b.Len() < bytes {
		word := words[random.IntN(len(words))]
		if column+len(word) > 100 {
			b.WriteByte('\n')
			column = 0
		} else if column > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
		column += len(word) + 1
	}
	return b.String() + "."
}

func systemDocument(random *rand.Rand, from, to int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# System requirements %d to %d\n", from+1, to)
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "\n## SYS-%d System requirement %d\n\n- refines: UN-1\n\n%s\n", i+1, i+1, prose(random, textBytes))
	}
	return b.String()
}

func softwareDocument(random *rand.Rand, from, to int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Software requirements %d to %d\n", from+1, to)
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "\n## SRS-%d Software requirement %d\n\n- refines: SYS-%d\n- category: functional\n\n%s\n", i+1, i+1, i/perSystem+1, prose(random, textBytes))
	}
	return b.String()
}

func sources(from, to int) (code, tests string) {
	var c, t strings.Builder
	fmt.Fprintf(&c, "package p%05d\n", from/perSource)
	fmt.Fprintf(&t, "package p%05d\n\nimport \"testing\"\n", from/perSource)
	for i := from; i < to; i++ {
		fmt.Fprintf(&c, "\n// Unit%d does one thing.\n//\n// %simplements SRS-%d\nfunc Unit%d(a, b int) int {\n\tif a > b {\n\t\treturn a - b\n\t}\n\treturn b - a\n}\n", i+1, tag, i+1, i+1)
		fmt.Fprintf(&t, "\n// %sverifies SRS-%d\nfunc TestUnit%d(t *testing.T) {\n\tif Unit%d(1, 2) != 1 {\n\t\tt.Fatal(\"wrong\")\n\t}\n}\n", tag, i+1, i+1, i+1)
	}
	return c.String(), t.String()
}

// tag begins a tag; it is put together here so that this file holds none.
const tag = "goldthread" + ":"
