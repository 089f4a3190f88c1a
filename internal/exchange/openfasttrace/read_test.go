package openfasttrace_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/openfasttrace"
)

func read(t testing.TB, fsys fstest.MapFS) *exchange.Tree {
	t.Helper()
	tree, err := openfasttrace.Read(fsys, openfasttrace.Options{})
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

// summary is a tree in a few lines.
func summary(tree *exchange.Tree) string {
	var b strings.Builder
	fmt.Fprintf(&b, "markup %s, read %d items %d links %d documents\n", tree.Markup, tree.Read.Items, tree.Read.Links, tree.Read.Documents)
	for _, d := range tree.Documents {
		fmt.Fprintf(&b, "document %s %q in %s\n", d.Key, d.Title, d.Path)
		for _, f := range d.Fields {
			fmt.Fprintf(&b, " field %s=%q\n", f.Name, f.Values)
		}
		for _, s := range d.Sections {
			fmt.Fprintf(&b, "%d section %d %q %s\n", s.Order, s.Level, s.Title, s.At)
		}
		for _, p := range d.Blocks {
			fmt.Fprintf(&b, "%d block %s %q %s\n", p.Order, p.Kind, p.Text, p.At)
		}
		for _, it := range d.Items {
			fmt.Fprintf(&b, "%d item %s %s title=%q text=%q %s\n", it.Order, it.Type, it.Key, it.Title, it.Text, it.At)
			for _, l := range it.Links {
				fmt.Fprintf(&b, "  link %s %s %s %s written=%q\n", l.Verb, l.Target, l.State, l.At, l.Written)
			}
			for _, f := range it.Fields {
				fmt.Fprintf(&b, "  field %s=%q nested=%t %s\n", f.Name, f.Values, f.Nested, f.At)
			}
		}
	}
	for _, f := range tree.Faults {
		fmt.Fprintf(&b, "fault error=%t %s %s: %s\n", f.Error, f.At, f.Item, f.Message)
		if f.Remedy == "" {
			b.WriteString("  without a remedy\n")
		}
	}
	for _, l := range tree.Lost {
		fmt.Fprintf(&b, "lost %s %s %s: %s (%d links)\n", l.At, l.Item, l.What, l.Why, l.Links)
	}
	for _, l := range tree.Changed {
		fmt.Fprintf(&b, "changed %s %s %s: %s\n", l.At, l.Item, l.What, l.Why)
	}
	fmt.Fprintf(&b, "backwards %v files %v\n", tree.Backwards, tree.Files)
	return b.String()
}

type readCase struct {
	sentence string
	fsys     fstest.MapFS
	want     []string // lines that the summary has
	lacks    string
}

func check(t *testing.T, cases []readCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, c.fsys))
			missing := false
			for _, line := range c.want {
				if !strings.Contains(got, line) {
					t.Errorf("lacks %s", line)
					missing = true
				}
			}
			if missing {
				t.Logf("in:\n%s", got)
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

func TestReadMarkdown(t *testing.T) {
	check(t, []readCase{
		{"an item with all its parts",
			files("d.md", "# Doc\n\nIntro\nline\n\n## Stop\n`req~stop.on_occlusion-1~2` <a id=\"x\"></a>\nStatus: draft\n\nThe pump\n\nstops.\n\nRationale:\nBecause.\n\nComment:\n\nNote\n\nCovers:\n\n  * [feat~a~1](#a)\n  + feat~b~1 (B)\n\nDepends:\n\n- `req~c~1`\n\nNeeds: dsn, utest \n\nTags: a, b_1\n"),
			[]string{`document d "Doc" in d.md`, `1 section 1 "Doc" d.md:1:1`, `2 block prose "Intro\nline" d.md:3:1`, `3 item req req~stop.on_occlusion-1~2 title="Stop" text="The pump\n\nstops." d.md:7:2`, `  field Behind ID=["<a id=\"x\"></a>"]`, `  field Status=["draft"] nested=false d.md:8:1`,
				`  field Rationale=["Because."]`, `  field Comment=["Note"]`, `  link covers feat~a~1 unresolved d.md:23:6 written=""`, `  link covers feat~b~1 unresolved d.md:24:5`, `  link depends req~c~1 unresolved d.md:28:4`, `  field Needs=["dsn" "utest"]`, `  field Tags=["a" "b_1"]`, "read 1 items 3 links 1 documents"}, "fault"},
		{"items follow each other without headings, and links are found in other files",
			files("a.md", "req~a~1\nText A.\nreq~b~1\nText B.\nCovers:\n* req~a~1\n", "sub/b.markdown", "dsn~c~1\n\nDescription:\nText C.\n\nCovers:\n\n* req~b~1\n"),
			[]string{`1 item req req~a~1 title="" text="Text A."`, `2 item req req~b~1 title="" text="Text B."`, "link covers req~a~1 unconfirmed", `document sub/b ""`, `1 item dsn dsn~c~1 title="" text="Text C."`, "link covers req~b~1 unconfirmed"}, "fault"},
		{"lists of needs and tags",
			files("a.md", "req~a~1\n\nNeeds:\n\n* dsn\n* unit test `utest`\n\nTags:\n\n* one\n\n* two three, four\n"),
			[]string{`  field Needs=["dsn" "utest"]`, `  field Tags=["one" "two three" "four"]`}, "fault"},
		{"forwarded needs are items",
			files("a.md", "# F\n\n* `arch-->dsn, utest:req~a~1`\narch --> dsn : req~b~2 is clear.\n\nreq~a~1\nneeds --> no : thing\n"),
			[]string{"2 item arch arch~a~1 title=\"\" text=\"\" a.md:3:4", "  link covers req~a~1 unconfirmed a.md:3:22", `  field Needs=["dsn" "utest"]`, `  field Forwards=["true"]`, "3 item arch arch~b~2", "changed a.md:4:1 arch~b~2 forward: the text around it is not part of the item: is clear", `text="needs --> no : thing"`, "read 3 items 2 links"}, "fault"},
		{"ids in the old style",
			files("a.md", "`req:foo, v2`\n\nCovers:\n\n* feat~x:bar, v1\n\nfeat~bar~1\n"),
			[]string{"item req req~foo~2", `  link covers feat~bar~1 unconfirmed a.md:5:3 written="feat~x:bar, v1"`, "changed a.md:1:2 req~foo~2 id: it is written in the old style, as req:foo, v2"}, "fault"},
		{"headings: a title is that of the item behind it, all others are sections",
			files("a.md", "Title\n=====\n\n### Deep\n\n#### Item\n\n`req~a~1`\n\nUnder\n---\n`req~b~1`\n\n##### Too deep\n`req~c~1`\n## Last\n"),
			[]string{`1 section 1 "Title"`, `2 section 3 "Deep"`, `3 item req req~a~1 title="Item"`, `4 item req req~b~1 title="Under"`, ` field 4/level=["2"]`, ` field 5/level=["5"]`, `6 section 2 "Last"`}, "fault"},
		{"code blocks hold no items",
			files("a.md", "```\nreq~x~1\n# no\n```\n\nreq~a~1\n\n~~~~ sh\n# comment\nreq~y~1\n~~~\nNeeds: x\n~~~~\n\nNeeds: dsn\n"),
			[]string{`1 block prose "` + "```\\nreq~x~1\\n# no\\n```" + `"`, `2 item req req~a~1 title="" text="~~~~ sh\n# comment\nreq~y~1\n~~~\nNeeds: x\n~~~~"`, `  field Needs=["dsn"]`, "read 1 items"}, "fault"},
		{"reading is switched off and on",
			files("a.md", "req~a~1\n\nText\n<!-- oft:off -->\nreq~b~1\n\n<!-- oft:on -->\nmore\n\nNeeds: x\n"),
			[]string{`1 item req req~a~1 title="" text="Text\nmore"`, `2 block prose "req~b~1\n"`, "read 1 items"}, "fault"},
		{"front matter, lines across the page, and prose",
			files("a.md", "---\ntitle: x\n---\n\nProse\n\nreq~a~1\n\nText\n\n---\n\nreq is no id, req~b, ~c~1 neither\n"),
			[]string{`1 block prose "---\ntitle: x\n---"`, `2 block prose "Prose"`, `3 item req req~a~1 title="" text="Text"`, `4 block prose "---\n\nreq is no id, req~b, ~c~1 neither"`}, "fault"},
		{"coverage tags in comments are items",
			files("a.md", "# G\n<!-- [doc->req~guide~1] -->\n\nreq~guide~1\nText <!-- [doc->req~no~1] -->\n<!-- [uman~x~2->req~guide~1, req~b~1>>a, b] -->\n"),
			[]string{"2 item doc doc~guide-", "link covers req~guide~1 unconfirmed a.md:2:12", `  field Tag=["true"]`, `text="Text <!-- [doc->req~no~1] -->"`, "4 item uman uman~x~2", "link covers req~b~1 unresolved a.md:6:30", `  field Needs=["a" "b"]`, "read 3 items 3 links"}, "fault"},
		{"what is taken as text or prose is named",
			files("a.md", "req~a~1\n\nText\nStatus: draft\nNeeds: foo-bar!\nCovers: req~b~1\n\nCovers:\n\n* nothing\n* req~c~1, req~d~1\ntrailing text\n\nDepends:\n* req~a~2\n"),
			[]string{`text="Text\nStatus: draft\nNeeds: foo-bar!\nCovers: req~b~1"`, "a.md:4:1 req~a~1: the status stands behind the text", "a.md:5:1 req~a~1: the line is taken as text", "a.md:6:1", "a.md:10:1 req~a~1: the line is no entry of the list", "a.md:11:3 req~a~1: several ids stand in one entry", "a.md:12:1",
				`2 block prose "* nothing"`, `3 block prose "trailing text"`, "link covers req~d~1", "lost a.md:11:3 req~a~1 covers req~c~1", "fault error=false a.md:15:3 req~a~1: req~a~1 depends req~a~2, but that item has the revision of req~a~1", "read 1 items 3 links"}, "error=true"},
		{"ids given twice, unclosed parts, and bad tags",
			files("a.md", "req~a~1\n\n<!-- [doc->req~x] -->\n", "b.md", "req~a~1\n```\n", "c.md", "req~c~12345678901\n<!-- oft:off -->\n"),
			[]string{"fault error=false b.md:1:1 req~a~1: req~a~1 is given already at a.md:1:1", "fault error=true a.md:3:6 req~a~1: this is no coverage tag: [doc->req~x] -->", "fault error=false b.md:2:1 : the code block that begins here is not closed", "fault error=false c.md:2:1 req~c~12345678901: the reading of items is switched off", "the revision of req~c~12345678901 is too long"}, ""},
		{"documents without items are none",
			files("a.md", "# Just\n\nprose\n", "b.md", "req~a~1\n"), []string{"document b", "1 documents"}, "document a"},
		{"nothing at all is named", files("x.txt", "y"), []string{"fault error=true . : no specification item of OpenFastTrace lies in the folder"}, "document "},
		{"a source file in UTF-16", files("a.c", inUTF16("x\n// [impl->dsn~ä~1]\n")), []string{"item impl", "link covers dsn~ä~1 unresolved a.c:2:"}, "fault"},
		{"line ends, marks and UTF-16",
			files("a.md", "\ufeff# T\r\n\r\nreq~a~1\r\nx\r\n", "b.md", inUTF16("req~ä~1\n")), []string{`title="T"`, `text="x"`, "item req req~ä~1"}, "fault"},
		{"what is no text is refused with its line",
			files("a.md", "a\n\x00", "b.md", "a\n\nx\xff"),
			[]string{"fault error=true a.md:2 : the file holds a NUL character and is not read", "fault error=true b.md:3 : the file is not UTF-8 (byte 0xff) and is not read"}, "document a"},
	})
}

func inUTF16(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func TestReadReStructuredText(t *testing.T) {
	check(t, []readCase{
		{"titles are underlined, and comments switch off and hold tags",
			files("a.rst", "====\nDoc\n====\n\nPart\n----\n\nStop\n~~~~\n`req~a~1`\n\nText\n\nCovers:\n\n* feat~b~1\n\nNeeds: dsn , utest\n\n.. oft:off\n\nreq~x~1\n\n.. oft:on\n.. [doc->req~a~1]\n\nPart 2\n------\n\narch-->dsn:req~a~1\n\n.. note::\n   x\n"),
			[]string{"markup rst", `document a "Doc"`, `1 section 1 "Doc"`, `2 section 2 "Part"`, `3 item req req~a~1 title="Stop" text="Text"`, `  field Needs=["dsn" "utest"]`, `block prose "\nreq~x~1\n"`, "item doc doc~a-", `section 2 "Part 2"`, "item arch arch~a~1", `block prose ".. note::\n   x"`}, "fault"},
	})
}

func TestReadTags(t *testing.T) {
	check(t, []readCase{
		{"tags in comments of source files are items that cover",
			files("src/a.c", "// [impl->dsn~x~1]\nint a; /* [ impl -> dsn~y~2 >> utest , itest ] [utest->dsn~x~1] */\np->q[1] = a->b;\n# [impl~name.z~3->dsn~x~1,dsn~y~2]\n[impl~~4->dsn~y~2>>utest]\n[impl->dsn~x]\n[impl->x]", "d.md", "dsn~x~1\n", "bin.c", "\x00[impl->dsn~x~1]"),
			[]string{`document coverage tags "Coverage tags" in .`, "1 item impl impl~x-", "src/a.c:1:4", "  link covers dsn~x~1 unconfirmed src/a.c:1:11", "2 item impl impl~y~0", `  field Needs=["utest" "itest"]`, "3 item utest utest~x-", "4 item impl impl~name.z~3", "link covers dsn~y~2 unresolved src/a.c:4:27", "5 item impl impl~y~4",
				"fault error=true src/a.c:6:1 : this is no coverage tag: [impl->dsn~x]", "read 6 items 6 links", "files [d.md src/a.c]"}, "src/a.c:7"},
		{"the name of a tag is the one that OpenFastTrace gives it",
			files("guide.md", "# Guide\n<!-- [doc->req~guide~1] -->\nreq~ordinary~1\n"), []string{"item doc doc~guide-1257333065~0"}, "fault"},
	})
}

func TestReadSpecobjects(t *testing.T) {
	wrap := func(s string) string {
		return "<?xml version=\"1.0\"?>\n<specdocument><specobjects doctype=\"req\">\n" + s + "</specobjects></specdocument>"
	}
	check(t, []readCase{
		{"an object with all its parts",
			files("a.xml", wrap("<specobject><id>req:foo</id><status>approved</status><version>2</version><shortdesc>T</shortdesc><sourcefile>a.md</sourcefile><description>A &lt;b&gt;\n c</description><rationale>R</rationale><comment>C</comment><tags><tag>x</tag><tag>y z</tag></tags>"+
				"<needscoverage><needsobj>dsn</needsobj></needscoverage><providescoverage><provcov><linksto>feat:bar</linksto><dstversion>1</dstversion></provcov></providescoverage><dependencies><dependson>req~z~1</dependson></dependencies>"+
				"<fulfilledby><ffbObj><ffbId>d</ffbId><ffbType>dsn</ffbType><ffbVersion>3</ffbVersion></ffbObj></fulfilledby><safety class=\"B\"><x>y</x></safety></specobject>\n")),
			[]string{`1 item req req~foo~2 title="T" text="A <b>\n c" a.xml:3:`, `  field Status=["approved"]`, `  field sourcefile=["a.md"]`, `  field Rationale=["R"]`, `  field Comment=["C"]`, `  field Tags=["x" "y z"]`, `  field Needs=["dsn"]`, "link covers feat~bar~1", "link depends req~z~1", "link fulfilled by dsn~d~3",
				`  field safety=["{\"name\":\"safety\",\"attributes\":{\"class\":\"B\"},\"children\":[{\"name\":\"x\",\"text\":\"y\"}]}"] nested=true`, `  field id=["req:foo"]`, "backwards map[fulfilled by:covers]", "read 1 items 3 links"}, "fault"},
		{"a target without type is found by its name",
			files("a.oreqm", wrap("<specobject><id>a</id><version>1</version></specobject><specobject><id>b</id><version>1</version><providescoverage><provcov><linksto>a</linksto><dstversion>1</dstversion></provcov><provcov><linksto>c</linksto><dstversion>1</dstversion></provcov></providescoverage></specobject>")),
			[]string{`link covers req~a~1 unconfirmed`, `written="a"`, "link covers unknown~c~1 unresolved"}, "fault"},
		{"a document type without declarations is passed over, one with them refused",
			files("a.xml", "<?xml version=\"1.0\"?>\n<!DOCTYPE specdocument SYSTEM \"x.dtd\">\n<specdocument/>", "b.xml", "<!DOCTYPE specdocument [\n<!ENTITY a \"b\">]>\n<specdocument>&a;</specdocument>"),
			[]string{"document a", "fault error=true b.xml:1:1 : a document type (DOCTYPE) is refused"}, "document b"},
		{"what is not understood is kept and named",
			files("a.xml", "<specdocument a=\"b\"><x>y</x>stray<!-- c --><specobjects><specobject><version>x</version><tags><tag/><other>1</other></tags><dependencies><dependson>bad</dependson></dependencies></specobject></specobjects></specdocument>"),
			[]string{` field @a=["b"]`, ` field x=["y"]`, "<x> has no place in the document", "lost a.xml:1:34  stray: text has no place here", "comment: a comment of the XML is not kept", "have no doctype", "the <specobject> has no id", `  field tags/tag=[""]`, `  field tags/other=["1"]`, `  field dependencies/dependson=["bad"]`}, "error=true"},
		{"XML that is not well-formed is read up to where it breaks",
			files("a.xml", wrap("<specobject><id>a</id><version>1</version></specobject>\n<specobject><id>b</x></specobject>"), "b.xml", "<specdocument>", "c.xml", "<specdocument/><more/>", "d.xml", "<other/>", "e.xml", "<specdocument>&undefined;</specdocument>"),
			[]string{"item req req~a~1", "fault error=true a.xml:4", "</x> stands where </id> should; the file is read up to here", "fault error=true b.xml:1", "the file ends within <specdocument>", "fault error=true c.xml:1", "a second root element", "fault error=true e.xml:1", "the entity &undefined; is refused"}, "d.xml"},
		{"other encodings", files("a.xml", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><specdocument><specobjects doctype=\"req\"><specobject><id>\xe4</id><version>1</version></specobject></specobjects></specdocument>", "b.oreqm", inUTF16("<?xml version=\"1.0\" encoding=\"UTF-16\"?><specdocument/>")),
			[]string{"item req req~ä~1", "document b"}, "fault"},
	})
}

func TestDetect(t *testing.T) {
	cases := []struct {
		sentence string
		fsys     fs.FS
		want     bool
	}{
		{"an item anywhere below", files("a/b/d.md", "# T\n`req~a~1`\n"), true},
		{"an item in reStructuredText", files("d.rst", "req~a~1\n"), true},
		{"a specdocument", files("d.xml", "<specdocument/>"), true},
		{"other Markdown and XML", files("d.md", "# T\n\nSee `req~a~1`.\n", "e.xml", "<a/>"), false},
		{"tags alone", files("d.c", "// [impl->dsn~a~1]"), false},
		{"an item of a foreign package", files("node_modules/d.md", "req~a~1"), false},
		{"an empty folder", files(), false},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			if got := openfasttrace.Detect(c.fsys); got != c.want {
				t.Errorf("Detect = %t", got)
			}
		})
	}
}

func TestLinksOfTheFileSystemAreNotFollowed(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.md")
	if err := os.WriteFile(outside, []byte("req~secret~1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(folder, "d.md")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	tree, err := openfasttrace.ReadFolder(folder, openfasttrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := summary(tree); tree.Items() != 0 || !strings.Contains(got, "fault error=true d.md : the file is a symbolic link, which is not followed") {
		t.Errorf("unexpected:\n%s", got)
	}
	if _, err := openfasttrace.ReadFolder(filepath.Join(folder, "gone"), openfasttrace.Options{}); err == nil {
		t.Error("no error")
	}
}

func TestHostileInputIsBounded(t *testing.T) {
	cases := []struct {
		sentence, name, text, want string
	}{
		{"a million nested elements", "d.xml", "<specdocument>" + strings.Repeat("<a>", 1_000_000), "elements more than 256 deep; the file is read up to here"},
		{"a huge CDATA section", "d.xml", "<specdocument><x><![CDATA[" + strings.Repeat("<", 50<<20) + "]]></x></specdocument>", "a text of more than 16777216 bytes"},
		{"a control character", "d.xml", "<specdocument>\x01</specdocument>", "a control character (0x01); the file is not read"},
		{"a huge attribute", "d.xml", "<specdocument a=\"" + strings.Repeat("x", 50<<20) + "\"/>", "an attribute or text is longer than 16777216 bytes; the file is not read"},
		{"a huge text", "d.md", "req~d~1\n" + strings.Repeat("x", 17<<20), "is longer than 16777216 bytes and is not read"},
		{"a million faults", "d.md", "req~d~1\n\nCovers:\n" + strings.Repeat("x\n", 1_000_000), "the file has more than 10000 faults; the rest of it is not read"},
		{"a million brackets", "d.c", "// ->~" + strings.Repeat("[impl->dsn~", 1_000_000), "this is no coverage tag"},
		{"a long line of marks", "d.md", "req~d~1\n\nCovers:\n* " + strings.Repeat("a~", 1_000_000) + "\n* " + strings.Repeat("-->", 1_000_000), "the line is no entry of the list"},
		{"code blocks that never end", "d.md", "req~d~1\n" + strings.Repeat("```\n", 200_001), "the code block that begins here is not closed"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := summary(read(t, files(c.name, c.text, "e.md", "req~e~1\n")))
			if !strings.Contains(got, c.want) || !strings.Contains(got, "item req req~e~1") {
				t.Errorf("want %q and the other item:\n%.2000s", c.want, got)
			}
		})
	}
}

// large is a document of n items, each covering the one before.
func large(n int) string {
	var b strings.Builder
	b.WriteString("# Large\n")
	for i := range n {
		fmt.Fprintf(&b, "\n## Requirement %d\n`req~number-%d~1`\n\nThe pump shall do number %d\nwithin a second.\n\nRationale:\n\nBecause.\n\nCovers:\n\n* `req~number-%d~1`\n\nNeeds: dsn, utest\n", i, i, i, max(i-1, 0))
	}
	return b.String()
}

func BenchmarkReadMarkdown(b *testing.B) {
	benchmark(b, "d.md", large(20_000), 20_000)
}

func BenchmarkReadTags(b *testing.B) {
	benchmark(b, "d.c", strings.Repeat("// a comment\nint f(struct x *p) { return p->a[3] + p->b; } // [impl->dsn~x~1]\n/* nothing here */\nint g(void);\n", 20_000), 20_000)
}

func BenchmarkReadSpecobjects(b *testing.B) {
	benchmark(b, "d.xml", "<specdocument><specobjects doctype=\"req\">"+strings.Repeat("<specobject><id>a</id><version>1</version><shortdesc>Title of it</shortdesc><description>The pump shall do this within a second, and nothing else.</description><needscoverage><needsobj>dsn</needsobj></needscoverage></specobject>\n", 20_000)+"</specobjects></specdocument>", 20_000)
}

func benchmark(b *testing.B, name, text string, items int) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	fsys := files(name, text)
	for b.Loop() {
		if tree := read(b, fsys); tree.Items() != items {
			b.Fatal(tree.Items())
		}
	}
}
