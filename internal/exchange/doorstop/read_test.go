package doorstop_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/doorstop"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

func read(t testing.TB, fsys fs.FS, options doorstop.Options) *exchange.Tree {
	t.Helper()
	tree, err := doorstop.Read(fsys, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// files makes a folder of name, content pairs.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// summary is a tree in a few lines: each item with what matters, then each fault.
func summary(tree *exchange.Tree) string {
	var b strings.Builder
	for _, d := range tree.Documents {
		fmt.Fprintf(&b, "document %s<-%s in %s\n", d.Key, d.Parent, d.Path)
		for _, item := range d.Items {
			fmt.Fprintf(&b, "%d %s level=%s", item.Order, item.Key, item.Level)
			for name, on := range map[string]bool{" inactive": !item.Active} {
				if on {
					b.WriteString(name)
				}
			}
			if !item.Normative {
				b.WriteString(" informative")
			}
			if item.Derived {
				b.WriteString(" derived")
			}
			if item.Heading {
				b.WriteString(" heading")
			}
			fmt.Fprintf(&b, " title=%q text=%q", item.Title, item.Text)
			for _, l := range item.Links {
				fmt.Fprintf(&b, "\n  link %s %s %s written=%q", l.Target, l.State, l.At, l.Written)
			}
			for _, f := range item.Fields {
				fmt.Fprintf(&b, "\n  field %s=%q nested=%t %s", f.Name, f.Values, f.Nested, f.At)
			}
			for _, f := range item.Files {
				fmt.Fprintf(&b, "\n  file %s type=%s keyword=%s sha=%s", f.Path, f.Type, f.Keyword, f.SHA256)
			}
			b.WriteString("\n")
		}
	}
	for _, f := range tree.Faults {
		fmt.Fprintf(&b, "fault error=%t %s %s: %s\n", f.Error, f.At, f.Item, f.Message)
		if f.Remedy == "" {
			b.WriteString("  without a remedy\n")
		}
	}
	for _, other := range tree.Others {
		fmt.Fprintf(&b, "other %s\n", other)
	}
	return b.String()
}

const config = "settings:\n  prefix: REQ\n  digits: 3\n  sep: ''\n"

// goldthread:verifies SRS-47
func TestRead(t *testing.T) {
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
		want     []string // lines that the summary has
		lacks    string
	}{
		{"a level stays as written and an unquoted 1.10 is placed as Doorstop places it",
			files(".doorstop.yml", config, "REQ001.yml", "level: 1.10\ntext: a", "REQ002.yml", "level: '1.10'\ntext: b", "REQ003.yml", "level: 1.2\ntext: c"),
			[]string{`1 REQ001 level=1.10 title="" text="a"`, `2 REQ003 level=1.2 title="" text="c"`, `3 REQ002 level=1.10 title="" text="b"`,
				"fault error=false REQ001.yml:1:8 REQ001: level 1.10 is a number in YAML and Doorstop places it as 1.1"}, ""},
		{"items of one level are ordered by number, not by text",
			files(".doorstop.yml", config, "REQ10.yml", "level: 1", "REQ9.yml", "level: 1"),
			[]string{`1 REQ9 level=1 title="" text=""`, `2 REQ10 level=1 title="" text=""`}, "fault"},
		{"a level may be a list of numbers",
			files(".doorstop.yml", config, "REQ1.yml", "level: [1, 10]", "REQ2.yml", "level: 1.9"),
			[]string{`1 REQ2 level=1.9 title="" text=""`, `2 REQ1 level=1.10 title="" text=""`}, "fault"},
		{"a level of words is named and the item kept",
			files(".doorstop.yml", config, "REQ001.yml", "level: one\ntext: a"),
			[]string{`1 REQ001 level=one title="" text="a"`, `fault error=false REQ001.yml:1:8 REQ001: level "one" is no level; the item is placed as if it were 1.0`}, ""},
		{"a heading takes its first line as title, a header goes before",
			files(".doorstop.yml", config, "REQ001.yml", "level: 1.0\nnormative: false\ntext: |\n  Alarms\n\n  All of them.\n",
				"REQ002.yml", "level: 2.0\nnormative: no\nheader: |\n  Doses\ntext: Body\n", "REQ003.yml", "level: 3.0\nheader: Not a heading\n"),
			[]string{`1 REQ001 level=1.0 informative heading title="Alarms" text="All of them."`, `2 REQ002 level=2.0 informative heading title="Doses" text="Body"`,
				`3 REQ003 level=3.0 title="Not a heading" text=""`}, "fault"},
		{"flags are read as Doorstop reads them",
			files(".doorstop.yml", config, "REQ001.yml", "active: 'no'\nderived: 'Enabled'\nnormative: 0\nlevel: 1.1\n"),
			[]string{`1 REQ001 level=1.1 inactive informative derived title="" text=""`}, "fault"},
		{"links are UIDs, UIDs with a fingerprint, or maps; a UID may be written in other ways",
			files(".doorstop.yml", config, "REQ001.yml", "level: 1\n", "REQ002.yml", "level: 2\nlinks:\n- REQ001\n- req-1: null\n- {REQ1: wrong}\n- REQ001:wrong\n- REQ099: x\n- REQ001: true\n"),
			[]string{`  link REQ001 unconfirmed REQ002.yml:3:3 written=""`, `  link REQ001 unconfirmed REQ002.yml:4:3 written="req-1"`,
				`  link REQ001 suspect REQ002.yml:5:4 written="REQ1"`, `  link REQ001 suspect REQ002.yml:6:3 written=""`, `  link REQ099 unresolved REQ002.yml:7:3 written=""`,
				`  link REQ001 unconfirmed REQ002.yml:8:3 written=""`, "fault error=false REQ002.yml:8:11 REQ002: the link to REQ001 is confirmed by hand (true) and has no fingerprint"}, ""},
		{"columns count bytes",
			files(".doorstop.yml", config, "REQ001.yml", "level: 1\n", "REQ002.yml", "{prüfung: ä, links: [REQ001]}"),
			[]string{`  link REQ001 unconfirmed REQ002.yml:1:24 written=""`}, "fault"},
		{"named items, separators and prefixes with dots",
			files(".doorstop.yml", "settings: {prefix: A.B_C, sep: '-'}", "A.B_C-stop.yml", "level: 1\nlinks: [A.B_C-002]", "A.B_C-002.yml", "level: 1"),
			[]string{`1 A.B_C-stop level=1 title="" text=""`, `  link A.B_C-002 unconfirmed A.B_C-stop.yml:2:9 written=""`, `2 A.B_C-002 level=1 title="" text=""`}, "fault"},
		{"every other attribute is a field",
			files(".doorstop.yml", config, "REQ001.yml", "verify: [test, review]\nlevel: 1\nasil: 1.50\ntree: {a: [1, 1.10]}\nempty:\n"),
			[]string{`  field verify=["test" "review"] nested=false REQ001.yml:1:1`, `  field asil=["1.50"] nested=false REQ001.yml:3:1`,
				`  field tree=["{\"a\":[1,\"1.10\"]}"] nested=true REQ001.yml:4:1`, `  field empty=[] nested=false REQ001.yml:5:1`}, "fault"},
		{"references and ref are files",
			files(".doorstop.yml", config, "REQ001.yml", "level: 1\nref: test.c\nreferences:\n- {path: a.c, type: file, keyword: REQ001, sha: ff, line: 3}\n- {type: file}\n"),
			[]string{`  file test.c type=ref keyword= sha=`, `  file a.c type=file keyword=REQ001 sha=ff`, `  field references/line=["3"] nested=false REQ001.yml:4:3`,
				"fault error=true REQ001.yml:5:3 REQ001: a reference has no path"}, ""},
		{"Markdown items have front matter, and a first heading as header",
			files(".doorstop.yml", config+"  itemformat: markdown\n", "REQ001.md", "---\r\nlevel: 1.1\r\nlinks:\r\n- REQ002: x\r\n---\r\n\r\n# Stop\r\n\r\nThe pump stops.\r\n# Not a header\r\n",
				"REQ002.md", "just text"),
			[]string{`2 REQ001 level=1.1 title="Stop" text="The pump stops.\n# Not a header"`, `  link REQ002 suspect REQ001.md:4:3 written=""`,
				`1 REQ002 level=1.0 title="" text="just text"`, "fault error=false REQ002.md:1:1 REQ002: the file has no attributes between two lines --- at its beginning"}, ""},
		{"bad files are faults with their line and the others are read",
			files(".doorstop.yml", config, "REQ001.yml", "level: 1\ntext: a: b: c\n", "REQ002.yml", "level: 1\n", "REQ003.yml", "- a\n", "REQ004.yml", "", "REQ005.yml", "level: 1\n---\nlevel: 2\n", "REQ006.yml", "level: 1\ntext: \"\xff\"\n"),
			[]string{`1 REQ002 level=1 title="" text=""`, `2 REQ004 level=1.0 title="" text=""`,
				"fault error=true REQ001.yml:2 REQ001: the file is not valid YAML: mapping values are not allowed in this context",
				"fault error=true REQ003.yml:1:1 REQ003: the file does not hold attributes (name: value)",
				"fault error=true REQ005.yml:2:1 REQ005: the file holds more than one YAML document",
				"fault error=true REQ006.yml:2:8 REQ006: the file is not UTF-8 text"}, ""},
		{"a repeated attribute is named and the last one counts",
			files(".doorstop.yml", config, "REQ001.yml", "text: a\nlevel: 1\ntext: b\n"),
			[]string{`1 REQ001 level=1 title="" text="b"`, "fault error=false REQ001.yml:3:1 REQ001: the attribute text is given twice; the last one counts"}, ""},
		{"documents are in the order of the tree, and one inside another is its own",
			files("b/.doorstop.yml", "settings: {prefix: TST, parent: req}", "a/.doorstop.yml", "settings: {prefix: ZZZ, parent: TST}", "c/.doorstop.yml", config,
				"c/sub/REQ001.yml", "level: 1", "c/sub/d/.doorstop.yml", "settings: {prefix: EXT, parent: REQ}", "c/sub/d/EXT001.yml", "level: 1\nlinks: [REQ001]"),
			[]string{"document REQ<- in c\n1 REQ001 level=1 title=\"\" text=\"\"\ndocument EXT<-REQ in c/sub/d\n1 EXT001", "document TST<-req in b\ndocument ZZZ<-TST in a\n"}, "fault"},
		{"a parent that is not there and parents in a circle are named",
			files("a/.doorstop.yml", "settings: {prefix: A, parent: GONE}", "b/.doorstop.yml", "settings: {prefix: B, parent: C}", "c/.doorstop.yml", "settings: {prefix: C, parent: B}"),
			[]string{"fault error=false a/.doorstop.yml:1:1 : the parent document GONE of A is not in the folder read",
				"fault error=false b/.doorstop.yml:1:1 : the document B is its own forebear: its parents form a circle", "document C<-B in c"}, ""},
		{"files that are no items are listed",
			files(".doorstop.yml", config, "REQ001.yml", "level: 1", "index.yml", "x: 1", "assets/a.png", "png", "docker-compose.yml", "services: {}", "notes.txt", ""),
			[]string{"other assets/a.png", "other docker-compose.yml", "other index.yml", "other notes.txt"}, "fault"},
		{"an item in the wrong document is read and named",
			files(".doorstop.yml", config, "TST001.yml", "level: 1"),
			[]string{`1 TST001 level=1 title="" text=""`, "fault error=false TST001.yml:1:1 TST001: TST001 lies in the document REQ, whose prefix it does not have"}, ""},
		{"two files of one UID are both returned",
			files(".doorstop.yml", config, "REQ001.yml", "level: 1", "REQ1.yml", "level: 2"),
			[]string{"1 REQ001 level=1", "2 REQ1 level=2", "fault error=false REQ1.yml:1:1 REQ1: REQ1 is the same item as REQ001 in REQ001.yml to Doorstop; links to it are judged by the latter"}, ""},
		{"a skipped document is named",
			files("a/.doorstop.yml", config, "a/.doorstop.skip", "", "a/REQ001.yml", "level: 1"),
			[]string{"fault error=false a/.doorstop.skip : the document of this folder is left out, as Doorstop does where this file lies"}, "REQ001"},
		{"documents of a hidden folder are named together, items of the document around it stay",
			files(".doorstop.yml", config, "a/.doorstop.skip-all", "", "a/REQ001.yml", "level: 1", "a/b/.doorstop.yml", "settings: {prefix: TST}", "a/b/TST001.yml", "level: 1", "a/b/c/.doorstop.yml", "settings: {prefix: ZZZ}", "a/b/c/.doorstop.skip", ""),
			[]string{"1 REQ001 level=1", "fault error=false a/.doorstop.skip-all : the documents of this folder and below it are left out, as Doorstop does where this file lies"}, "b/"},
		{"a level of zero is placed as if there were none",
			files(".doorstop.yml", config, "REQ001.yml", "level: 0.0", "REQ002.yml", "level: 1", "REQ003.yml", "level: 0"),
			[]string{"1 REQ001 level=0.0", "2 REQ002 level=1", "3 REQ003 level=0"}, "fault"},
		{"fingerprints of the first versions are named once a document",
			files(".doorstop.yml", config, "REQ001.yml", "reviewed: 1f33605bbc5d1a39c9a6441b91389e88", "REQ002.yml", "links:\n- REQ001: 1f33605bbc5d1a39c9a6441b91389e88\n- REQ003: wrong\n", "REQ003.yml", ""),
			[]string{"link REQ001 suspect", "link REQ003 suspect", "fault error=false .doorstop.yml:1:1 : 2 fingerprints of the document REQ are those of an early Doorstop (MD5), which later ones take for those of other texts"}, ""},
		{"folders of Python's environments are passed over",
			files("venv/p/.doorstop.yml", config, "venv/p/REQ001.yml", "level: 1"), nil, "REQ001"},
		{"a configuration that cannot be read names what is lost with it",
			files("a/.doorstop.yml", "settings: {prefix: [\n", "a/REQ001.yml", "level: 1", "b/.doorstop.yml", config, "b/REQ001.yml", "level: 1"),
			[]string{"document REQ<- in b", "fault error=true a/.doorstop.yml : the items of this document are not read (1 files), because its configuration cannot be read", "other a/REQ001.yml"}, ""},
		{"an attribute that cannot be hashed is named and the review is unknown",
			files(".doorstop.yml", config+"attributes: {reviewed: [when]}\n", "REQ001.yml", "level: 1\nwhen: 2020-01-01 10:00:00\nreviewed: x\n"),
			[]string{"fault error=false REQ001.yml:1:1 REQ001: the fingerprint of REQ001 cannot be computed, because of its attribute when"}, ""},
		{"an included file is read, one outside is refused",
			files(".doorstop.yml", config+"attributes:\n  defaults: !include d.yml\n  publish: !include ../../secret.yml\n", "d.yml", "doc: {title: Title of it}"),
			[]string{"fault error=true .doorstop.yml:7:12 : the included file ../../secret.yml lies outside the folder and is not read"}, ""},
		{"folders of version control are passed over",
			files(".git/.doorstop.yml", config, ".git/REQ001.yml", "level: 1"), nil, "REQ001"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, c.fsys, doorstop.Options{}))
			for _, line := range c.want {
				if !strings.Contains(got, line) {
					t.Errorf("lacks %s\nin:\n%s", line, got)
				}
			}
			if c.lacks != "" && strings.Contains(got, c.lacks) {
				t.Errorf("has %q:\n%s", c.lacks, got)
			}
			if strings.Contains(got, "without a remedy") {
				t.Errorf("a fault has no remedy:\n%s", got)
			}
		})
	}
}

func TestDocumentSettingsAreKept(t *testing.T) {
	tree := read(t, files("r/.doorstop.yml", "settings:\n  prefix: REQ now\n  sep: '-'\nattributes:\n  defaults:\n    doc: {name: Short, title: The Title}\n  publish: [a, b]\nextensions:\n  item_sha_required: true\n"), doorstop.Options{})
	at := func(line, column int) exchange.Position {
		return exchange.Position{File: "r/.doorstop.yml", Line: line, Column: column}
	}
	want := []exchange.Document{{Key: "REQ", Title: "The Title", Path: "r", At: at(1, 1), Items: []exchange.Item{}, Fields: []exchange.Field{
		{Name: "settings/prefix", Values: []string{"REQ now"}, At: at(2, 3)},
		{Name: "settings/sep", Values: []string{"-"}, At: at(3, 3)},
		{Name: "attributes/defaults", Values: []string{`{"doc":{"name":"Short","title":"The Title"}}`}, Nested: true, At: at(5, 3)},
		{Name: "attributes/publish", Values: []string{"a", "b"}, At: at(7, 3)},
		{Name: "extensions/item_sha_required", Values: []string{"true"}, Data: exchange.DataBoolean, At: at(9, 3)},
	}}}
	if diff := cmp.Diff(want, tree.Documents); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// goldthread:verifies SRS-50
// goldthread:verifies-implementation-of RC-11
// goldthread:verifies-effectiveness-of RC-11
func TestHostileInputIsBounded(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+string(c-1)+",", 10), ","))
	}
	cases := []struct {
		sentence, item, want string
	}{
		{"aliases of aliases", bomb, "the file holds too many YAML nodes"},
		{"an alias that holds itself", "a: &a [*a]\nlevel: 1\n", "the YAML is nested too deeply"},
		{"aliases in links", "x: &x {REQ001: " + strings.Repeat("y", 100) + "}\nlinks: [" + strings.Repeat("*x,", 250_000) + "]\n", "the file holds too many YAML nodes"},
		{"deep nesting", "a: " + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), "the YAML is nested too deeply"},
		{"nesting beyond what the YAML library takes", "a: " + strings.Repeat("[", 100_000), "not valid YAML"},
		{"a huge file", "text: " + strings.Repeat("x", 5<<20), "it is larger than 4194304 bytes"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			tree := read(t, files(".doorstop.yml", config, "REQ002.yml", c.item, "REQ003.yml", "level: 1\n"), doorstop.Options{})
			got := summary(tree)
			if !strings.Contains(got, c.want) || !strings.Contains(got, "REQ003 level=1") {
				t.Errorf("want %q and the other item:\n%.2000s", c.want, got)
			}
		})
	}
}

// goldthread:verifies SRS-50
func TestLinksOfTheFileSystemAreNotFollowed(t *testing.T) {
	outside := t.TempDir()
	writeFile(t, filepath.Join(outside, "REQ007.yml"), "level: 1\ntext: secret\n")
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, ".doorstop.yml"), config)
	for link, target := range map[string]string{"REQ007.yml": filepath.Join(outside, "REQ007.yml"), "more": outside} {
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	tree, err := doorstop.ReadFolder(folder, doorstop.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := summary(tree); tree.Items() != 0 || strings.Count(got, "is a symbolic link, which is not followed") != 2 {
		t.Errorf("unexpected:\n%s", got)
	}
}

func TestDetect(t *testing.T) {
	cases := []struct {
		sentence string
		fsys     fs.FS
		want     bool
	}{
		{"a document anywhere below", files("a/b/.doorstop.yml", config), true},
		{"nothing of Doorstop", files("a/REQ001.yml", "level: 1"), false},
		{"a document of a foreign package", files("node_modules/p/.doorstop.yml", config), false},
		{"an empty folder", files(), false},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			if got := doorstop.Detect(c.fsys); got != c.want {
				t.Errorf("Detect = %t", got)
			}
		})
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	if _, err := doorstop.ReadFolder(filepath.Join(t.TempDir(), "gone"), doorstop.Options{}); err == nil {
		t.Error("no error")
	}
}

// TestChangedParent changes the text of one parent in a copy of the real tree: its children's links turn suspect, and
// no others.
//
// goldthread:verifies SRS-48
func TestChangedParent(t *testing.T) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(exchangetest.Data(t, "reqtext", "doorstop", "doorstop-own"))); err != nil {
		t.Fatal(err)
	}
	parent := filepath.Join(folder, "REQ004.yml")
	before, err := os.ReadFile(parent)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, parent, strings.Replace(string(before), "text: |\n  ", "text: |\n  Also: ", 1))
	tree, err := doorstop.ReadFolder(folder, doorstop.Options{})
	if err != nil {
		t.Fatal(err)
	}
	children := 0
	for _, d := range tree.Documents {
		for _, item := range d.Items {
			for _, link := range item.Links {
				want := exchange.Confirmed
				if link.Target == "REQ004" {
					want = exchange.Suspect
					children++
				}
				if link.State != want {
					t.Errorf("%s: link to %s is %s", link.At, link.Target, link.State)
				}
			}
			if item.Key == "REQ004" && item.Review.State != exchange.ReviewChanged {
				t.Errorf("REQ004 is %s", item.Review.State)
			}
		}
	}
	if children == 0 {
		t.Error("REQ004 has no children")
	}
}

// TestOrderDoesNotDependOnWorkers reads with one and with many workers.
func TestOrderDoesNotDependOnWorkers(t *testing.T) {
	fsys := large(300)
	one := read(t, fsys, doorstop.Options{Workers: 1})
	for range 5 {
		if diff := cmp.Diff(one, read(t, fsys, doorstop.Options{Workers: 16})); diff != "" {
			t.Fatal(diff)
		}
	}
}

func writeFile(t testing.TB, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// large is a tree of n items, each linked to the one before.
func large(n int) fstest.MapFS {
	fsys := files(".doorstop.yml", config)
	for i := range n {
		fsys[fmt.Sprintf("REQ%05d.yml", i)] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"active: true\nderived: false\nheader: |\n  Item %d\nlevel: 1.%d\nlinks:\n- REQ%05d: T2tSkn27DO3GXvagwOgNNLvhW4FPNg9gyLfru-l9hWQ=\nnormative: true\nref: ''\nreviewed: 9TcFUzsQWUHhoh5wsqnhL7VRtSqMaIhrCXg7mfIkxKM=\ntext: |\n  The pump **shall** do number %d\n  within a second.\n",
			i, i+1, i-1, i)}
	}
	return fsys
}

func BenchmarkRead(b *testing.B) {
	folder := b.TempDir()
	for name, file := range large(5000) {
		writeFile(b, filepath.Join(folder, name), string(file.Data))
	}
	for b.Loop() {
		tree, err := doorstop.ReadFolder(folder, doorstop.Options{})
		if err != nil || tree.Items() != 5000 {
			b.Fatal(err, tree.Items())
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/5000, "µs/item")
}

// goldthread:verifies SRS-50
func FuzzRead(f *testing.F) {
	f.Add("settings: {prefix: REQ}", "level: 1.1\nlinks:\n- REQ001: x\n", "---\nlevel: 1\n---\n# T\n")
	f.Add("attributes: {reviewed: [a]}", "a: &a [*a]\nreferences: [{path: x, type: file}]\n", "")
	f.Add("a: !include .doorstop.yml", "level: [1, 2]\nreviewed: true\n", "---\n")
	f.Fuzz(func(t *testing.T, config, item, markdown string) {
		tree, err := doorstop.Read(files(".doorstop.yml", config, "REQ001.yml", item, "REQ002.md", markdown), doorstop.Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		errors := 0
		for _, fault := range tree.Faults {
			if fault.Error {
				errors++
			}
			if fault.Message == "" || fault.Remedy == "" || fault.At.File == "" {
				t.Errorf("incomplete fault: %+v", fault)
			}
		}
		if tree.Items()+errors+len(tree.Others) < 2 {
			t.Errorf("an item vanished without a fault: %+v", tree)
		}
		for _, d := range tree.Documents {
			for _, item := range d.Items {
				for _, link := range item.Links {
					if link.State == "" || link.At.Line < 1 || link.At.Column < 1 {
						t.Errorf("incomplete link: %+v", link)
					}
				}
			}
		}
	})
}
