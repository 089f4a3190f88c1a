package openfasttrace_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/openfasttrace"
)

// write writes a tree into a folder in memory.
func write(t testing.TB, tree *exchange.Tree) (fstest.MapFS, []exchange.Loss) {
	t.Helper()
	written, losses, err := openfasttrace.Write(tree)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, f := range written {
		if fsys[f.Path] != nil {
			t.Fatalf("%s is written twice", f.Path)
		}
		fsys[f.Path] = &fstest.MapFile{Data: f.Data}
	}
	return fsys, losses
}

func contents(fsys fstest.MapFS) map[string]string {
	out := map[string]string{}
	for name, f := range fsys {
		out[name] = string(f.Data)
	}
	return out
}

// withoutPlaces compares trees without where they were read, and without what the reading has left out.
var withoutPlaces = cmp.Options{cmpopts.IgnoreTypes(exchange.Position{}), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(exchange.Tree{}, "Faults", "Files", "Lost", "Changed", "Read")}

func same(t testing.TB, want, got *exchange.Tree) {
	t.Helper()
	if diff := cmp.Diff(want, got, withoutPlaces); diff != "" {
		t.Errorf("(-tree +written and read):\n%s", diff)
	}
}

func TestWriteGivesRealDocumentsAgain(t *testing.T) {
	tree, err := openfasttrace.ReadFolder(exchangetest.Data(t, "reqtext", "openfasttrace", "samples"), openfasttrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fsys, losses := write(t, tree)
	if len(losses) > 0 {
		t.Errorf("losses %+v", losses)
	}
	same(t, tree, read(t, fsys))
	names, err := filepath.Glob(exchangetest.Data(t, "reqtext", "openfasttrace", "reqm2", "*.xml"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tree := read(t, files(filepath.Base(name), string(data)))
		fsys, losses := write(t, tree)
		if len(losses) > 0 {
			t.Errorf("losses %+v", losses)
		}
		same(t, tree, read(t, fsys))
	}
}

// TestWriteKeeps reads, writes and reads again.
func TestWriteKeeps(t *testing.T) {
	for name, text := range map[string]string{
		"everything in Markdown": "# Doc\n\nIntro\n\n## Stop\n`req~a~2` <a id=\"x\"></a>\nStatus: draft\n\nThe pump\n\nstops.\n\nRationale:\nBecause.\n\nComment:\n\nNote\n\nCovers:\n\n* [feat~a~1](#a)\n* nothing\n\nDepends:\n\n- `req~c~1`\n\nNeeds: dsn\n\nTags:\n\n* a b\n* c\n",
		"what stands apart":      "# Doc\n\n<!-- -->\n\nreq~a~1\nText\n<!-- oft:off -->\nreq~no~1\n\n<!-- oft:on -->\n<!-- [doc->req~a~1] -->\n\n---\n\nProse\n\n* `arch-->dsn:req~a~1`\n\n##### Deep\nreq~b~1\n",
	} {
		t.Run(name, func(t *testing.T) {
			tree := read(t, files("d.md", text))
			fsys, losses := write(t, tree)
			if len(losses) > 0 {
				t.Errorf("losses %+v", losses)
			}
			same(t, tree, read(t, fsys))
			again, _ := write(t, read(t, fsys))
			if diff := cmp.Diff(contents(fsys), contents(again)); diff != "" {
				t.Errorf("(-written +written again):\n%s", diff)
			}
		})
	}
}

// TestLosses writes what OpenFastTrace cannot hold.
func TestLosses(t *testing.T) {
	item := func(change func(*exchange.Item)) *exchange.Tree {
		it := exchange.Item{Type: "SRS", Key: "SRS-1", Order: 1, Normative: true, Active: true}
		change(&it)
		return &exchange.Tree{Format: "goldthread", Markup: "markdown", Documents: []exchange.Document{{Key: "D", Path: ".", Items: []exchange.Item{it}}}}
	}
	cases := []struct {
		sentence string
		tree     *exchange.Tree
		loss     string // What: Why
		written  string
	}{
		{"a key", item(func(*exchange.Item) {}), "key: it is written as srs~SRS-1~1", "`srs~SRS-1~1`\n"},
		{"a type of two words", item(func(it *exchange.Item) { it.Type, it.Key = "Software Test", "1/2 x" }), "key: it is written as SoftwareTest~x-1-2-x~1", "`SoftwareTest~x-1-2-x~1`\n"},
		{"a text with what begins something else", item(func(it *exchange.Item) {
			it.Text = "\n# h\nNeeds: x\nreq~a~1\na\n---\narch --> dsn : req~x~1\n<!-- oft:off -->\n```\nopen"
		}), "text: it is changed", "\\# h\n Needs: x\n req~a~1\na\n\\---\n\\arch --> dsn : req~x~1\n\\<!-- oft:off -->\n```\nopen\n```\n"},
		{"a field without a home", item(func(it *exchange.Item) { it.Fields = []exchange.Field{{Name: "priority", Values: []string{"high"}}} }), "priority: it is written into the comment", "Comment:\n\n* priority: high\n"},
		{"a status of its own", item(func(it *exchange.Item) { it.Fields = []exchange.Field{{Name: "status", Values: []string{"done"}}} }), "status: it is written into the comment", "* status: done\n"},
		{"a flag", item(func(it *exchange.Item) { it.Active = false }), "active: it is written into the comment", "* active: no\n"},
		{"a relation", item(func(it *exchange.Item) { it.Links = []exchange.Link{{Verb: "refines", Target: "SYS 4"}} }), "the relation refines: it is written as covers", "Covers:\n\n* `unknown~SYS-4~1`\n"},
		{"a dependency", item(func(it *exchange.Item) { it.Links = []exchange.Link{{Verb: "uses", Target: "SRS-1"}} }), "the relation uses: it is written as depends", "Depends:\n\n* `srs~SRS-1~1`\n"},
		{"a title of two lines", item(func(it *exchange.Item) { it.Title = "a\nb" }), "title: it is written in one line", "# a b\n"},
		{"a document field", &exchange.Tree{Format: "x", Documents: []exchange.Document{{Title: "T", Path: "d", Fields: []exchange.Field{{Name: "sep", Values: []string{"-"}}}}}}, "sep: a document has no fields", "# T\n"},
		{"prose with items", &exchange.Tree{Format: "x", Documents: []exchange.Document{{Path: "d", Blocks: []exchange.Block{{Kind: "prose", Text: "req~a~1", Order: 1}}}}}, "", "<!-- oft:off -->\nreq~a~1\n<!-- oft:on -->\n"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			fsys, losses := write(t, c.tree)
			var told, text string
			for _, l := range losses {
				told += l.What + ": " + l.Why + "\n"
			}
			for _, s := range contents(fsys) {
				text += s
			}
			if !strings.Contains(told, c.loss) || !strings.Contains(text, c.written) {
				t.Errorf("losses:\n%s\nwritten:\n%s", told, text)
			}
		})
	}
}

func TestWriteSpecobject(t *testing.T) {
	tree := read(t, files("d.md", "# T\n\nProse\n\n## A & <B>\nreq~a~1\nText\n\nCovers:\n* feat~f~2\n\nDepends:\n* req~b~1\n\nNeeds: dsn\n\nTags: x\n\ndsn~d~1\n"))
	data, losses, err := openfasttrace.WriteSpecobject(tree)
	if err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<specdocument>
	<specobjects doctype="req">
		<specobject>
			<id>a</id>
			<version>1</version>
			<shortdesc>A &amp; &lt;B&gt;</shortdesc>
			<description>Text</description>
			<needscoverage>
				<needsobj>dsn</needsobj>
			</needscoverage>
			<tags>
				<tag>x</tag>
			</tags>
			<providescoverage>
				<provcov>
					<linksto>feat:f</linksto>
					<dstversion>2</dstversion>
				</provcov>
			</providescoverage>
			<dependencies>
				<dependson>req~b~1</dependson>
			</dependencies>
		</specobject>
	</specobjects>
	<specobjects doctype="dsn">
		<specobject>
			<id>d</id>
			<version>1</version>
		</specobject>
	</specobjects>
</specdocument>
`
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("(-want +written):\n%s", diff)
	}
	if len(losses) != 2 {
		t.Errorf("losses %+v", losses)
	}
	got := read(t, files("d.xml", string(data)))
	if len(got.Faults) > 0 || got.Items() != 2 || len(got.Documents[0].Items[0].Links) != 2 {
		t.Errorf("%+v", got)
	}
}
