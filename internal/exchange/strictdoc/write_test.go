package strictdoc_test

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/strictdoc"
)

// write writes a tree into a folder in memory.
func write(t testing.TB, tree *exchange.Tree) (fstest.MapFS, []exchange.Loss) {
	t.Helper()
	files, losses, err := strictdoc.Write(tree)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, f := range files {
		if fsys[f.Path] != nil {
			t.Fatalf("%s is written twice", f.Path)
		}
		fsys[f.Path] = &fstest.MapFile{Data: f.Data}
	}
	return fsys, losses
}

func read(t testing.TB, fsys fstest.MapFS) *exchange.Tree {
	t.Helper()
	tree, err := strictdoc.Read(fsys, strictdoc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// withoutPlaces compares trees without where they were read.
var withoutPlaces = cmp.Options{cmpopts.IgnoreTypes(exchange.Position{}), cmpopts.EquateEmpty()}

func TestWriteGivesRealDocumentsAgain(t *testing.T) {
	folder := exchangetest.Data(t, "reqtext", "strictdoc", "own-l1-l2-l3")
	tree, err := strictdoc.ReadFolder(folder, strictdoc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fsys, losses := write(t, tree)
	for _, l := range losses {
		t.Errorf("unexpected loss: %+v", l)
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.sdoc"))
	if err != nil || len(names) != 3 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := fsys[path.Base(name)]; got == nil || !bytes.Equal(want, got.Data) {
			t.Errorf("%s is not written as it was:\n%s", name, cmp.Diff(string(want), string(got.Data)))
		}
	}
	if diff := cmp.Diff(tree, read(t, fsys)); diff != "" {
		t.Error(diff)
	}
}

func same(t testing.TB, want, got *exchange.Tree) {
	t.Helper()
	if diff := cmp.Diff(want, got, withoutPlaces); diff != "" {
		t.Errorf("(-tree +written and read):\n%s", diff)
	}
}

func TestWriteGivesAgain(t *testing.T) {
	sgra := "[GRAMMAR]\nELEMENTS:\n- TAG: SPEC\n  FIELDS:\n  - TITLE: UID\n    TYPE: String\n    REQUIRED: False\n  - TITLE: STATEMENT\n    TYPE: String\n    REQUIRED: False\n"
	cases := []struct {
		sentence string
		fsys     fstest.MapFS
	}{
		{"a head with everything", files("d.sdoc", "[DOCUMENT]\nMID: m\nTITLE: T \nUID: U\nVERSION: 1\nDATE: d\nCLASSIFICATION: c\nPREFIX: p\nROOT: False\nOPTIONS:\n  ENABLE_MID: True\n  MARKUP: Markdown\nMETADATA:\n  A-b: c\nVIEWS:\n- ID: V\n  TAGS:\n  - OBJECT_TYPE: REQUIREMENT\n    VISIBLE_FIELDS:\n    - NAME: UID\n")},
		{"grammars imported from one file", files("a/d.sdoc", head+"\n[GRAMMAR]\nIMPORT_FROM_FILE: ../g/x.sgra\n\n[SPEC]\nUID: A\n", "b.sdoc", head+"\n[GRAMMAR]\nIMPORT_FROM_FILE: g/x.sgra\n", "g/x.sgra", sgra)},
		{"relations of all sorts in their order", files("d.sdoc", head+sgra[:0]+"\n[GRAMMAR]\nELEMENTS:\n- TAG: SPEC\n  FIELDS:\n  - TITLE: UID\n    TYPE: String\n    REQUIRED: False\n  - TITLE: STATEMENT\n    TYPE: String\n    REQUIRED: False\n  RELATIONS:\n  - TYPE: Parent\n  - TYPE: Child\n    ROLE: R\n  - TYPE: File\n    ROLE: Impl\n  - TYPE: BibTex\n\n[SPEC]\nUID: A\nRELATIONS:\n- TYPE: File\n  ROLE: Impl\n  FORMAT: Sourcecode\n  PATH: a.c\n  LINE_RANGE: 1, 2\n  FUNCTION: f\n- TYPE: Parent\n  VALUE: B\n- TYPE: BibTex\n  FORMAT: String\n  VALUE: Knuth\n- TYPE: Child\n  VALUE: C\n  ROLE: R\n  HASH: h\n")},
		{"nested nodes and included documents", files("d.sdoc", head+"\n[[SECTION]]\nMID: m\nTITLE: A\n\n[[REQUIREMENT]]\nUID: A\n\n[[SECTION]]\nTITLE: B\n\n[[/SECTION]]\n\n[[/REQUIREMENT]]\n\n[DOCUMENT_FROM_FILE]\nFILE: e.sdoc\n\n[[/SECTION]]\n\n[TEXT]\nMID: x\nSTATEMENT: >>>\nEnd.\n\n<<<\n", "e.sdoc", head)},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			tree := read(t, c.fsys)
			for _, f := range tree.Faults {
				t.Errorf("fault: %+v", f)
			}
			got, losses := write(t, tree)
			if diff := cmp.Diff(contents(c.fsys), contents(got)); diff != "" {
				t.Errorf("(-source +written):\n%s", diff)
			}
			if len(losses) > 0 {
				t.Errorf("losses: %+v", losses)
			}
		})
	}
}

func contents(fsys fstest.MapFS) map[string]string {
	out := map[string]string{}
	for name, f := range fsys {
		out[name] = string(f.Data)
	}
	return out
}

func TestWriteNewSyntax(t *testing.T) {
	tree := read(t, files("d.sdoc", head+"\n[FREETEXT]\nIntro\n[/FREETEXT]\n\n[SECTION]\nLEVEL: 3\nTITLE: A\nREQ_PREFIX: P-\n\n[COMPOSITE_REQUIREMENT]\nREFS:\n- TYPE: Parent\n  VALUE: X\nUID: C-1\nTITLE: Whole\n\n[REQUIREMENT]\nUID: C-2\nCOMMENT: a\nCOMMENT: b\n\n[/COMPOSITE_REQUIREMENT]\n\n[/SECTION]\n"))
	got, _ := write(t, tree)
	want := head + "\n[TEXT]\nSTATEMENT: >>>\nIntro\n<<<\n\n[[SECTION]]\nLEVEL: 3\nREQ_PREFIX: P-\nTITLE: A\n\n[[REQUIREMENT]]\nUID: C-1\nTITLE: Whole\nRELATIONS:\n- TYPE: Parent\n  VALUE: X\n\n[REQUIREMENT]\nUID: C-2\nCOMMENT: >>>\na\n<<<\nCOMMENT: >>>\nb\n<<<\n\n[[/REQUIREMENT]]\n\n[[/SECTION]]\n"
	if diff := cmp.Diff(want, contents(got)["d.sdoc"]); diff != "" {
		t.Errorf("(-want +written):\n%s", diff)
	}
	same(t, tree, read(t, got))
}

// TestLosses writes what StrictDoc cannot hold.
func TestLosses(t *testing.T) {
	item := func(change func(*exchange.Item)) *exchange.Tree {
		it := exchange.Item{Type: "SRS", Key: "SRS-1", Order: 1, Normative: true, Active: true}
		change(&it)
		return &exchange.Tree{Format: "goldthread", Documents: []exchange.Document{{Key: "D", Title: "D", Path: ".", Items: []exchange.Item{it}}}}
	}
	cases := []struct {
		sentence string
		tree     *exchange.Tree
		loss     string // What: Why
		written  string
	}{
		{"a line that would end a text", item(func(it *exchange.Item) { it.Text = "a\n<<<\nb" }), "STATEMENT: a line that begins with <<< would end the text; a blank is written before it", "STATEMENT: >>>\na\n <<<\nb\n<<<\n"},
		{"a line end that a file has not", item(func(it *exchange.Item) { it.Text = "a\rb\x00" }), "STATEMENT: characters that a file cannot hold were left out or replaced", "STATEMENT: >>>\na\nb\n<<<\n"},
		{"a field with a foreign name", item(func(it *exchange.Item) {
			it.Fields = []exchange.Field{{Name: "doorstop/level", Values: []string{"1.2"}}}
		}), "SRS doorstop/level: it is written as DOORSTOP_LEVEL", "DOORSTOP_LEVEL: 1.2\n"},
		{"two fields with one name in capitals", item(func(it *exchange.Item) {
			it.Fields = []exchange.Field{{Name: "a b", Values: []string{"1"}}, {Name: "a/b", Values: []string{"2"}}}
		}), "SRS a/b: it is written as A_B_2", "A_B: 1\nA_B_2: 2\n"},
		{"a field without a value", item(func(it *exchange.Item) { it.Fields = []exchange.Field{{Name: "X"}} }), "X: it has no value", "UID: SRS-1\n"},
		{"a type with a foreign name", item(func(it *exchange.Item) { it.Type = "Software Requirement" }), "the type Software Requirement: it is written as SOFTWARE_REQUIREMENT", "[SOFTWARE_REQUIREMENT]\n"},
		{"an item that is not active", item(func(it *exchange.Item) { it.Active = false }), "ACTIVE: it is written as the field ACTIVE", "ACTIVE: False\n"},
		{"a review", item(func(it *exchange.Item) { it.Review.Fingerprint = "f" }), "REVIEWED: it is written as the field REVIEWED", "REVIEWED: f\n"},
		{"a fingerprint of a link", item(func(it *exchange.Item) {
			it.Links = []exchange.Link{{Verb: "refines", Target: "SYS-1", Fingerprint: "f"}}
		}), "fingerprints of links: StrictDoc has none", "RELATIONS:\n- TYPE: Parent\n  VALUE: SYS-1\n  ROLE: refines\n"},
		{"an attribute of a link", item(func(it *exchange.Item) {
			it.Links = []exchange.Link{{Verb: "refines", Target: "SYS-1", Fields: []exchange.Field{{Name: "why", Values: []string{"x"}}}}}
		}), "refines SYS-1 why: a relation has no other attributes", "VALUE: SYS-1\n"},
		{"a keyword of a file", item(func(it *exchange.Item) {
			it.Files = []exchange.File{{Path: "a.c", Type: "file", Keyword: "REQ", SHA256: "ff"}}
		}), "a.c: the keyword REQ has no place in a relation", "- TYPE: File\n  VALUE: a.c\n  HASH: ff\n"},
		{"a UID of several lines", item(func(it *exchange.Item) { it.Key = "A\nB" }), `UID: "A\nB" is written as "A B"`, "UID: A B\n"},
		{"a UID that StrictDoc refuses", item(func(it *exchange.Item) { it.Key = "A§1" }), "", "UID: A§1\n"},
		{"a markup that StrictDoc does not know", &exchange.Tree{Format: "x", Markup: "asciidoc", Documents: []exchange.Document{{Title: "D", Path: "d"}}}, "markup asciidoc: StrictDoc does not know it", "TITLE: D\n"},
		{"a parent document", &exchange.Tree{Format: "x", Documents: []exchange.Document{{Key: "D", Title: "D", Parent: "P", Path: "d"}}}, "D: that its parent is P is written as METADATA parent", "METADATA:\n  parent: P\n"},
		{"settings of a document", &exchange.Tree{Format: "x", Documents: []exchange.Document{{Title: "D", Path: "d", Fields: []exchange.Field{{Name: "settings/sep", Values: []string{"-"}}}}}}, "settings/sep: it is written as METADATA settings_sep", "METADATA:\n  settings_sep: -\n"},
		{"a section that jumps a level", &exchange.Tree{Format: "x", Documents: []exchange.Document{{Title: "D", Path: "d", Sections: []exchange.Section{{Title: "S", Level: 3, Order: 1}}}}}, "S: the section of level 3 is written at level 1, below what is there", "[[SECTION]]\nTITLE: S\n"},
		{"a document without a title", &exchange.Tree{Format: "x", Documents: []exchange.Document{{Key: "K", Path: "d"}}}, `TITLE: StrictDoc wants one in one line; "K" is written`, "TITLE: K\n"},
		{"an attachment that leads out", &exchange.Tree{Format: "x", Attachments: []exchange.Attachment{{Path: "../x"}}}, "../x: its path is taken or leads out of the folder", ""},
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

// TestGrammarIsCompleted gives items to a document that its grammar does not know.
func TestGrammarIsCompleted(t *testing.T) {
	tree := read(t, files("d.sdoc", head+"\n[REQUIREMENT]\nUID: A\nSTATEMENT: S\n"))
	tree.Documents[0].Items = append(tree.Documents[0].Items, exchange.Item{Type: "NEW", Key: "N", Order: 9, Normative: true, Active: true, Fields: []exchange.Field{{Name: "X", Values: []string{"y"}}}, Links: []exchange.Link{{Verb: "Refines", Target: "A"}}})
	fsys, losses := write(t, tree)
	got := read(t, fsys)
	for _, f := range got.Faults {
		t.Errorf("fault: %+v", f)
	}
	if len(losses) != 1 || got.Items() != 2 || got.Documents[0].Items[1].Links[0].State != exchange.Unconfirmed {
		t.Errorf("losses %+v\n%s", losses, contents(fsys)["d.sdoc"])
	}
}

// A project gives links by the identities of items; StrictDoc knows their UIDs only. Texts of a new document are what the
// tree says, also beside documents that were read.
func TestWriteProject(t *testing.T) {
	tree := read(t, fstest.MapFS{"a.sdoc": {Data: []byte("[DOCUMENT]\nTITLE: A\n\n[REQUIREMENT]\nMID: m1\nUID: REQ-1\nSTATEMENT: >>>\nText.\n<<<\n")}})
	tree.Markup = "markdown"
	made := exchange.Item{Key: "REQ-2", ID: "m2", Order: 1, Type: "REQUIREMENT", Text: "Text.", Normative: true, Active: true, Links: []exchange.Link{{Verb: "Parent", Target: "m1"}, {Verb: "Parent", Target: "REQ-1"}}}
	tree.Documents = append(tree.Documents, exchange.Document{Key: "B", Title: "B", Path: "b.md", At: exchange.Position{File: "b.md"}, Items: []exchange.Item{made}})
	fsys, losses := write(t, tree)
	if len(losses) > 0 {
		t.Errorf("lost %+v", losses)
	}
	want := "[DOCUMENT]\nTITLE: B\nOPTIONS:\n  MARKUP: Markdown\n\n[REQUIREMENT]\nMID: m2\nUID: REQ-2\nSTATEMENT: >>>\nText.\n<<<\nRELATIONS:\n- TYPE: Parent\n  VALUE: REQ-1\n- TYPE: Parent\n  VALUE: REQ-1\n"
	if d := cmp.Diff(want, string(fsys["b.sdoc"].Data)); d != "" {
		t.Error(d)
	}
	if got := string(fsys["a.sdoc"].Data); strings.Contains(got, "MARKUP") {
		t.Errorf("a document that was read gets a markup:\n%s", got)
	}
}
