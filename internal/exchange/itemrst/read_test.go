package itemrst_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/itemrst"
)

func read(t testing.TB, fsys fs.FS, options itemrst.Options) *exchange.Tree {
	t.Helper()
	tree, err := itemrst.Read(fsys, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// checkPlaces says that every key stands where its position says.
func checkPlaces(t *testing.T, fsys fs.FS, tree *exchange.Tree) {
	t.Helper()
	at := func(p exchange.Position, want string) {
		data, err := fs.ReadFile(fsys, p.File)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n")
		lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
		if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len(lines[p.Line-1])+1 || !strings.HasPrefix(lines[p.Line-1][p.Column-1:], want) {
			t.Errorf("%s is not the place of %q", p, want)
		}
	}
	for _, d := range tree.Documents {
		for _, item := range d.Items {
			at(item.At, item.Key)
			for _, link := range item.Links {
				at(link.At, link.Target)
			}
		}
	}
}

// summary is a tree in a few lines.
func summary(tree *exchange.Tree) string {
	var b strings.Builder
	for _, d := range tree.Documents {
		fmt.Fprintf(&b, "document %s title=%q\n", d.Key, d.Title)
		for _, s := range d.Sections {
			fmt.Fprintf(&b, "section %d %q %s\n", s.Level, s.Title, s.At)
		}
		for _, block := range d.Blocks {
			fmt.Fprintf(&b, "block %s %q %s\n", block.Kind, block.Text, block.At)
		}
		for _, item := range d.Items {
			fmt.Fprintf(&b, "item %s title=%q text=%q %s\n", item.Key, item.Title, item.Text, item.At)
			for _, l := range item.Links {
				fmt.Fprintf(&b, "  %s %s %s %s\n", l.Verb, l.Target, l.State, l.At)
			}
			for _, f := range item.Fields {
				fmt.Fprintf(&b, "  field %s=%q\n", f.Name, f.Values)
			}
		}
	}
	for _, f := range tree.Faults {
		fmt.Fprintf(&b, "fault error=%t %s %s: %s\n", f.Error, f.At, f.Item, f.Message)
		if f.Remedy == "" {
			b.WriteString("without a remedy\n")
		}
	}
	for _, other := range tree.Others {
		fmt.Fprintf(&b, "other %s\n", other)
	}
	return b.String()
}

// goldthread:verifies SRS-49
func TestRead(t *testing.T) {
	cases := []struct {
		sentence string
		rst      string
		want     []string
		lacks    string
	}{
		{"an item as the plugin documents it",
			".. item:: A-1 First of\n   all\n   :fulfills: B-1 A-2\n      B-2\n   :trace:\n      A-2\n   :value: 400 ms\n   :nocaptions:\n\n   The text.\n\n     Quoted.\n\nProse.\n\n.. item:: A-2\n",
			[]string{`item A-1 title="First of all" text="The text.\n\n  Quoted." a.rst:1:11`, "  fulfills B-1 unresolved a.rst:3:15\n  fulfills A-2 unconfirmed a.rst:3:19\n  fulfills B-2 unresolved a.rst:4:7\n  trace A-2 unconfirmed a.rst:6:7\n",
				`  field value=["400 ms"]`, `  field nocaptions=[]`, `block prose "Prose." a.rst:14:1`, `item A-2 title="" text="" a.rst:16:11`}, "fault"},
		{"text that is not indented belongs to an item that has none, up to a directive or heading",
			".. item:: A-1\n   :fulfills:\n\nThe text.\n\n* a list::\n\n   .. item:: NOT-1\n\nMore.\n\n.. item:: A-2\n\nOther.\n\nHead\n====\n\nProse.\n",
			[]string{`item A-1 title="" text="The text.\n\n* a list::\n\n   .. item:: NOT-1\n\nMore."`, `item A-2 title="" text="Other."`, `section 1 "Head"`, `block prose "Prose."`}, "item NOT-1"},
		{"headings get their level from the order of their styles",
			"=====\nTitle\n=====\n\nPart\n====\n\nChapter\n-------\n\nPart two\n========\n\nToo long for it\n---\n\n----\n\n.. item:: A\n",
			[]string{`document a title="Title"`, `section 1 "Title" a.rst:1:1`, `section 2 "Part" a.rst:5:1`, `section 3 "Chapter" a.rst:8:1`, `section 2 "Part two" a.rst:11:1`, `block prose "Too long for it\n---\n\n----"`}, "fault"},
		{"CRLF, a byte order mark, tabs and trailing blanks",
			"\ufeff.. item:: A-1  \r\n\t:fulfills:\tA-2   \r\n\r\n\tText\r\n\t  more\r\n\r\n.. item::\tA-2\r\n",
			[]string{`item A-1 title="" text="Text\n  more" a.rst:1:11`, "  fulfills A-2 unconfirmed a.rst:2:13", `item A-2 title="" text="" a.rst:7:11`}, "fault"},
		{"old Mac line ends", ".. item:: A-1\r   :trace: A-1\r", []string{"  trace A-1 unconfirmed a.rst:2:12"}, "fault"},
		{"a key used twice gives two items", ".. item:: A-1\n\n   one\n\n.. item:: A-1\n\n   two\n", []string{`text="one"`, `text="two"`}, "fault"},
		{"commas are named and passed over", ".. item:: A-1\n   :trace: A-1, A-2,\n",
			[]string{"  trace A-1 unconfirmed", "  trace A-2 unresolved", "fault error=false a.rst:2:12 A-1: the targets of trace are divided by commas"}, ""},
		{"an item without a key is named and kept as text", ".. item::\n   :trace: A-1\n\n.. item:: A-1\n",
			[]string{"fault error=true a.rst:1:1 : an item directive has no key", `block item ".. item::\n   :trace: A-1"`}, ""},
		{"examples in code and comments are no items",
			".. code-block:: rest\n\n   .. item:: NOT-1\n\n.. a comment\n   .. item:: NOT-2\n\n.. item:: A-1\n\n   Text::\n\n      .. item:: NOT-3\n\n``.. item:: NOT-4``\n",
			[]string{`item A-1`, `block code-block ".. code-block:: rest\n\n   .. item:: NOT-1"`, `block comment`}, "item NOT"},
		{"an item in another directive is found, its head kept",
			".. container:: x\n   :name: y\n\n   Before.\n\n   .. item:: A-1\n\n   Its text.\n\nAfter.\n",
			[]string{`item A-1 title="" text="Its text."`, `block container ".. container:: x\n   :name: y"`, `block prose "Before."`, `block prose "After."`}, "fault"},
		{"an item in the text of another is found too",
			".. item:: A-1\n\n   Outer.\n\n   .. item:: A-2\n      :trace: A-1\n\n      Inner.\n\n   More.\n",
			[]string{`item A-1 title="" text="Outer.\n\n.. item:: A-2\n   :trace: A-1\n\n   Inner.\n\nMore."`, `item A-2 title="" text="Inner."`, "  trace A-1 unconfirmed"}, "block"},
		{"an item directly under text is named, because Sphinx does not see it",
			".. item:: A-1\n\nText.\n.. item:: A-2\n", []string{"fault error=true a.rst:4:1 : an item directive directly under a line of text is text to Sphinx, and is not read as an item"}, "item A-2"},
		{"text without a blank line after the options is text, and named",
			".. item:: A-1\n   :trace: A-1\n   Text.\n", []string{`text="Text."`, "fault error=false a.rst:3:4 : a line between the options and the text of a directive is neither; it is taken for text"}, ""},
		{"links apart: by keys and by patterns, each once",
			".. item:: R1\n   :validates: T1\n\n.. item:: R2\n\n.. item:: T1\n\n.. item:: T2\n\n.. item-link::\n   :sources: R1 R2\n   :targets: T1 T9\n   :type: validates\n\n.. item-link::\n   :source: R\\d\n   :target: T[2]\n   :type: trace\n",
			[]string{"item R1 title=\"\" text=\"\" a.rst:1:11\n  validates T1 unconfirmed a.rst:2:16\n  validates T9 unresolved a.rst:12:17\n  trace T2 unconfirmed a.rst:17:4\nitem R2", "block item-link"}, "fault"},
		{"links apart that cannot be made are named",
			".. item:: A\n\n.. item-link::\n   :sources: GONE\n   :targets: A\n   :type: trace\n\n.. item-link::\n   :source: (\n   :targets: A\n   :type: trace\n\n.. item-link::\n   :sources: A\n   :targets: A\n",
			[]string{"fault error=true a.rst:4:14 : the item GONE, from which an item-link leads, does not exist; its links are left out",
				"fault error=true a.rst:9:4 : the pattern ( cannot be read", "fault error=true a.rst:13:1 : an item-link directive lacks its type, its sources or its targets, and makes no link"}, ""},
		{"directives that change items elsewhere are named and kept",
			".. item:: A\n\n.. attribute-link::\n   :filter: A\n   :asil: D\n", []string{`block attribute-link`, "fault error=false a.rst:3:1 : the directive attribute-link is kept as text and not carried out: the items it names are unchanged"}, ""},
		{"an unknown option that names an item is a relation, others are fields",
			".. item:: A\n   :satisfies: B GONE\n   :owner: ann\n   :status: B\n   :ext_jira: B\n\n.. item:: B\n",
			[]string{"  satisfies B unconfirmed", "  satisfies GONE unresolved", `  field owner=["ann"]`, `  field status=["B"]`, `  field ext_jira=["B"]`,
				"fault error=false a.rst:2:4 : the option satisfies is no relation that mlx.traceability has by default; it is taken for one, because B is an item"}, ""},
		{"other markup is kept as blocks",
			".. _target:\n\n.. [1] note\n\n.. |x| replace:: y\n\n..\n\n   Quote.\n\n.. todo:: do it\n   and this\n\n.. item:: A\n",
			[]string{`block target ".. _target:"`, `block footnote ".. [1] note"`, `block substitution ".. |x| replace:: y"`, `block prose "Quote."`, `block todo ".. todo:: do it\n   and this"`}, "fault"},
		{"checklist items are items", ".. checklist-item:: A Title\n   :trace: A\n", []string{`item A title="Title"`}, "fault"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			fsys := fstest.MapFS{"a.rst": {Data: []byte(c.rst)}}
			tree := read(t, fsys, itemrst.Options{})
			got := summary(tree)
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

func TestFilesOfAFolder(t *testing.T) {
	fsys := fstest.MapFS{
		"conf.py":          {Data: []byte("x = 1\ntraceability_relationships = {\n    # ours\n    'satisfies': 'satisfied_by',\n    \"ext_jira\": '',\n}\n")},
		"b/two.rst":        {Data: []byte(".. item:: B\n   :satisfies: GONE\n")},
		"a/one.rst":        {Data: []byte(".. item:: A\n   :satisfied_by: B\n   :ext_jira: B\n")},
		"a/prose.rst":      {Data: []byte("Prose.\n")},
		"a/example.rst":    {Data: []byte("::\n\n  .. item:: A\n")},
		"a/latin.rst":      {Data: []byte(".. item:: L\xe4\n")},
		"a/other.rst":      {Data: []byte("L\xe4\n")},
		"a/other.txt":      {Data: []byte(".. item:: T\n")},
		".git/x/three.rst": {Data: []byte(".. item:: G\n")},
		"big.rst":          {Data: []byte(".. item:: BIG\n\n" + strings.Repeat("x", 1000))},
	}
	got := summary(read(t, fsys, itemrst.Options{Limits: itemrst.Limits{FileBytes: 900}}))
	want := `document a/one title=""
item A title="" text="" a/one.rst:1:11
  satisfied_by B unconfirmed a/one.rst:2:19
  field ext_jira=["B"]
document b/two title=""
item B title="" text="" b/two.rst:1:11
  satisfies GONE unresolved b/two.rst:2:16
fault error=true a/latin.rst : the file is not UTF-8 text
fault error=true big.rst : the file cannot be read: it is larger than 900 bytes
other a/example.rst
other a/other.rst
other a/prose.rst
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestDetect(t *testing.T) {
	cases := []struct {
		sentence, name, rst string
		want                bool
	}{
		{"an item anywhere below", "a/b.rst", "x\n\n.. item:: A\n", true},
		{"only an example of one", "b.rst", "::\n\n  .. item:: A\n", false},
		{"prose", "b.rst", "The item:: is not one\n", false},
		{"another file", "b.md", ".. item:: A\n", false},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			if got := itemrst.Detect(fstest.MapFS{c.name: {Data: []byte(c.rst)}}); got != c.want {
				t.Errorf("Detect = %t", got)
			}
		})
	}
}

// goldthread:verifies SRS-50
func TestLinksOfTheFileSystemAreNotFollowed(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "x.rst")
	if err := os.WriteFile(outside, []byte(".. item:: SECRET\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(folder, "x.rst")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	tree, err := itemrst.ReadFolder(folder, itemrst.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if tree.Items() != 0 || len(tree.Faults) != 1 {
		t.Errorf("unexpected:\n%s", summary(tree))
	}
}

// goldthread:verifies SRS-50
func TestHostileInputIsBounded(t *testing.T) {
	var nested, chain strings.Builder
	for i := range 400 {
		fmt.Fprintf(&nested, "%s.. item:: N-%d\n\n", strings.Repeat(" ", i), i)
		fmt.Fprintf(&chain, "%s.. container::\n\n", strings.Repeat(" ", i))
	}
	for range 4000 {
		nested.WriteString(strings.Repeat(" ", 400) + "text\n")
	}
	chain.WriteString(strings.Repeat(" ", 401) + ".. item:: A\n")
	var many strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&many, ".. item:: M-%d\n\n", i)
	}
	many.WriteString(".. item-link::\n   :source: M\n   :target: M\n   :type: trace\n")
	cases := []struct{ sentence, rst, want string }{
		{"items in items", nested.String(), "items are nested more than 8 deep"},
		{"directives in directives", chain.String(), "item A "},
		{"a link of everything with everything", many.String(), "item-link directives make more than 1000000 links"},
		{"blank lines and colons", strings.Repeat("a::\n\n", 200_000) + ".. item:: A\n", "item A "},
		{"headings of many styles", strings.Repeat("t\n====\n\n", 50_000) + ".. item:: A\n", "item A "},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, fstest.MapFS{"a.rst": {Data: []byte(c.rst)}}, itemrst.Options{}))
			if !strings.Contains(got, c.want) {
				t.Errorf("lacks %q", c.want)
			}
		})
	}
}

// goldthread:verifies SRS-50
func FuzzRead(f *testing.F) {
	f.Add(".. item:: A-1 Title\n   :fulfills: B\n\n   Text\n\nHead\n====\n\n.. item-link::\n   :sources: A-1\n   :target: .*\n   :type: trace\n", "traceability_relationships = {'a': 'b'}")
	f.Add("x::\n\n\t.. item:: A\n\n..\n.. c::\n", "")
	f.Fuzz(func(t *testing.T, rst, conf string) {
		fsys := fstest.MapFS{"a.rst": {Data: []byte(rst)}, "conf.py": {Data: []byte(conf)}}
		tree, err := itemrst.Read(fsys, itemrst.Options{Limits: itemrst.Limits{Links: 1000}})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Documents {
			last := 0
			for _, item := range d.Items {
				if item.Key == "" || item.Order <= last {
					t.Errorf("item without a key or out of order: %+v", item)
				}
				last = item.Order
				for _, link := range item.Links {
					if link.State == "" || link.Verb == "" || link.Target == "" || link.At.Line < 1 {
						t.Errorf("incomplete link: %+v", link)
					}
				}
			}
		}
		for _, fault := range tree.Faults {
			if fault.Message == "" || fault.Remedy == "" || fault.At.File == "" {
				t.Errorf("incomplete fault: %+v", fault)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&text, ".. item:: SRS-%d\n   :fulfills: SYS-%d\n\nThe pump shall do number %d within a second, whatever the state of its battery.\n\n", i, i, i)
	}
	fsys := fstest.MapFS{"a.rst": {Data: []byte(text.String())}}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		tree, err := itemrst.Read(fsys, itemrst.Options{})
		if err != nil || tree.Items() != 100_000 {
			b.Fatal(err, tree.Items())
		}
	}
}
