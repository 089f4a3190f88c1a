package openfasttrace_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/openfasttrace"
)

// nasty are texts that are most likely to be taken for syntax.
var nasty = []string{"", " ", "x", " leading", "trailing ", "two\nlines", "\n", "\n\nblank\n\n", "# h", "#", "---", "a\n---\nb", "a\n===", "---\nx\n---", "req~x~1", "`req~x~1`", "a\nreq~x~1\nb", "req:x, v1", "Needs: a", "Needs:", "Covers:\n* req~a~1", "Status: draft", "Description:", "Rationale:", "Comment:",
	"```\nreq~x~1\n```", "```\nopen", "~~~\n```", "arch --> dsn : req~x~1", "<!-- oft:off -->", "<!-- oft:on -->", "x\n<!-- oft:on -->\ny", "<!-- -->", "..", ".. oft:off", ".. [a->b~c~1]", "<!-- [a->b~c~1] -->", "[a->b~c~1]", "====\nT\n====", "* a\n* b", "| a |\n|---|", "ü 𝒳 \u2028", "<b>&amp;</b> ]]>", "tab\tx", "a\n\n\nb", "    code"}

func text(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, label+" nasty") {
		return rapid.SampledFrom(nasty).Draw(t, label)
	}
	return rapid.StringMatching("[A-Za-z0-9 ,.;:~<>\\[\\]\\n#*=`ä-]{0,30}").Draw(t, label)
}

// foreignTree is a tree of another format.
func foreignTree(t *rapid.T, markup string) *exchange.Tree {
	tree := &exchange.Tree{Format: "goldthread", Markup: markup, Backwards: map[string]string{"fulfilled_by": "fulfills"}}
	var keys []string
	for d := range rapid.IntRange(1, 2).Draw(t, "documents") {
		doc := exchange.Document{Key: fmt.Sprintf("D%d", d), Title: text(t, "title"), Path: fmt.Sprintf("docs/D%d", d)}
		level := 0
		for order := 1; order <= rapid.IntRange(0, 8).Draw(t, "nodes"); order++ {
			switch rapid.IntRange(0, 3).Draw(t, "node") {
			case 0:
				level = rapid.IntRange(1, min(level+1, 6)).Draw(t, "level")
				doc.Sections = append(doc.Sections, exchange.Section{Title: text(t, "section"), Level: level, Order: order})
			case 1:
				doc.Blocks = append(doc.Blocks, exchange.Block{Kind: "prose", Text: text(t, "prose"), Order: order})
			default:
				key := fmt.Sprintf("K-%d", len(keys))
				keys = append(keys, key)
				doc.Items = append(doc.Items, foreignItem(t, doc.Key, key, order, keys))
			}
		}
		tree.Documents = append(tree.Documents, doc)
	}
	return tree
}

func foreignItem(t *rapid.T, document, key string, order int, keys []string) exchange.Item {
	it := exchange.Item{Type: rapid.SampledFrom([]string{"SRS", "Software Test", "", "req"}).Draw(t, "type"), Document: document, Key: key, Order: order, Title: text(t, "item title"), Text: text(t, "item text"), Normative: rapid.Bool().Draw(t, "normative"), Active: true}
	for _, name := range []string{"Rationale", "comment", "status", "tags", "Needs", "priority"} {
		if rapid.IntRange(0, 2).Draw(t, name) > 0 {
			continue
		}
		f := exchange.Field{Name: name}
		for range rapid.IntRange(1, 2).Draw(t, "values") {
			switch {
			case name == "status" && rapid.Bool().Draw(t, "known"):
				f.Values = []string{"draft"}
			case name == "Needs" && rapid.Bool().Draw(t, "word"):
				f.Values = append(f.Values, "dsn")
			default:
				f.Values = append(f.Values, text(t, "value"))
			}
		}
		it.Fields = append(it.Fields, f)
	}
	for range rapid.IntRange(0, 2).Draw(t, "links") {
		it.Links = append(it.Links, exchange.Link{Verb: rapid.SampledFrom([]string{"refines", "fulfilled_by", "depends"}).Draw(t, "verb"), Target: rapid.SampledFrom(keys).Draw(t, "target")})
	}
	return it
}

func testForeignTrees(t *testing.T, markup string) {
	rapid.Check(t, func(t *rapid.T) {
		tree := foreignTree(t, markup)
		written := rapidWrite(t, tree)
		got := rapidRead(t, written)
		for _, f := range got.Faults {
			if f.Error && !strings.HasPrefix(f.Message, "no specification item") && !strings.HasPrefix(f.Message, "this is no coverage tag") {
				t.Fatalf("fault: %+v\n%s", f, written)
			}
		}
		if diff := cmp.Diff(meaning(tree), meaning(got)); diff != "" {
			t.Fatalf("(-tree +written and read):\n%s\n%s", diff, written)
		}
		again := rapidWrite(t, got)
		if diff := cmp.Diff(got, rapidRead(t, again), withoutPlaces); diff != "" {
			t.Fatalf("(-read +written and read again):\n%s\n%s\n%s", diff, written, again)
		}
	})
}

// TestForeignTreesInMarkdown writes trees of another format: what is written is read without an error, holds the same,
// and is the same when it is written and read again.
func TestForeignTreesInMarkdown(t *testing.T) { testForeignTrees(t, "markdown") }

func TestForeignTreesInReStructuredText(t *testing.T) { testForeignTrees(t, "rst") }

func TestForeignTreesInReqM2(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := foreignTree(t, "markdown")
		data, _, err := openfasttrace.WriteSpecobject(tree)
		if err != nil {
			t.Fatal(err)
		}
		got := rapidRead(t, map[string]string{"d.xml": string(data)})
		if len(got.Faults) > 0 {
			t.Fatalf("faults: %+v\n%s", got.Faults, data)
		}
		var want, have []string
		for _, d := range tree.Documents {
			for _, it := range d.Items {
				want = append(want, it.Title+"\n"+it.Text)
			}
		}
		for _, it := range got.Documents[0].Items {
			have = append(have, it.Title+"\n"+it.Text)
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Fatalf("(-tree +written and read):\n%s\n%s", diff, data)
		}
		again := rapidWrite(t, got)
		if diff := cmp.Diff(string(data), again["d.xml"]); diff != "" {
			t.Fatalf("(-written +written again):\n%s", diff)
		}
	})
}

func rapidWrite(t *rapid.T, tree *exchange.Tree) map[string]string {
	written, _, err := openfasttrace.Write(tree)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range written {
		out[f.Path] = string(f.Data)
	}
	return out
}

func rapidRead(t *rapid.T, files map[string]string) *exchange.Tree {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := openfasttrace.Read(fsys, openfasttrace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// meaning is what the documents with items say, without blanks and backslashes, which may be written before a line.
func meaning(tree *exchange.Tree) []string {
	plain := func(s string) string {
		s = strings.NewReplacer("\\", "", " ", "", "\n", "", "\t", "", "`", "", "~", "", "\u2028", "").Replace(s)
		return strings.ReplaceAll(strings.ReplaceAll(s, "oft:on", "oft: on"), " ", "")
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, plain(fmt.Sprintf(format, args...))) }
	for i := range tree.Documents {
		d := &tree.Documents[i]
		if len(d.Items) == 0 {
			continue
		}
		add("document")
		titled := false
		for _, s := range d.Sections {
			titled = titled || s.Level == 1
		}
		if !titled && tree.Format != "openfasttrace" && strings.TrimSpace(d.Title) != "" {
			add("section %s", d.Title)
		}
		for _, s := range d.Sections {
			add("section %s", s.Title)
		}
		for _, b := range d.Blocks {
			add("block %s", b.Text)
		}
		for j := range d.Items {
			it := &d.Items[j]
			add("item %s title %s text %s", strings.TrimSuffix(it.Key[strings.Index(it.Key, "K"):], "~1"), it.Title, it.Text)
			for _, f := range it.Fields {
				if f.Name == "Rationale" && strings.Trim(plain(strings.Join(f.Values, "")), "~`") != "" {
					add("rationale %s", strings.Join(f.Values, ""))
				}
			}
		}
	}
	return out
}

// FuzzRead reads anything and holds what it says against itself; what was read is written and read again.
func FuzzRead(f *testing.F) {
	for _, s := range nasty {
		f.Add([]byte("# T\n\nreq~a~1\n\n"+s+"\n\nCovers:\n* feat~b~1\n\nNeeds: x\n"), uint8(0))
		f.Add([]byte("T\n=\n\nreq~a~1\n\n"+s+"\n"), uint8(1))
	}
	f.Add([]byte("// [impl->dsn~x~1] [impl~a~2->dsn~x~1,dsn~y~2>>a]"), uint8(3))
	for pattern, kind := range map[string]uint8{"reqm2/*.xml": 2, "samples/*.md": 0} {
		names, _ := filepath.Glob(filepath.Join(os.Getenv("GOLDTHREAD_DATA"), "reqtext", "openfasttrace", pattern))
		for _, name := range names {
			if data, err := os.ReadFile(name); err == nil {
				f.Add(data, kind)
			}
		}
	}
	f.Add([]byte("<specdocument><specobjects doctype=\"a\"><specobject><id>b</id><version>1</version><x y=\"z\"><q/></x><providescoverage><provcov><linksto>c</linksto><dstversion>1</dstversion></provcov></providescoverage></specobject></specobjects></specdocument>"), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, kind uint8) {
		name := []string{"d.md", "d.rst", "d.xml", "d.c"}[kind%4]
		tree := read(t, files(name, string(data)))
		links := 0
		for _, fault := range tree.Faults {
			if fault.Message == "" || fault.Remedy == "" || fault.At.File == "" {
				t.Errorf("incomplete fault: %+v", fault)
			}
		}
		for _, d := range tree.Documents {
			for _, it := range d.Items {
				links += len(it.Links)
				for _, l := range it.Links {
					if l.State == "" || l.At.Line < 1 || l.At.Column < 1 || l.Target == "" {
						t.Errorf("incomplete link: %+v", l)
					}
				}
			}
		}
		for _, l := range tree.Lost {
			links += l.Links
		}
		if tree.Read.Items != tree.Items() || tree.Read.Links != links {
			t.Errorf("read %+v, but there are %d items and %d links", tree.Read, tree.Items(), links)
		}
		written, losses := write(t, tree)
		again := read(t, written)
		if len(losses) == 0 && kind%4 != 3 && len(tree.Faults) == 0 {
			same(t, tree, again)
		}
	})
}
