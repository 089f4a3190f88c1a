package exchange_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/doorstop"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/itemrst"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// item is a valid item of a Tree; a test breaks one thing of it.
func item(key string, order int, change ...func(*exchange.Item)) exchange.Item {
	it := exchange.Item{Key: key, Order: order, Text: "Text of " + key + ".", Normative: true, Active: true,
		At: exchange.Position{File: "source", Line: order, Column: 1}}
	for _, f := range change {
		f(&it)
	}
	return it
}

func links(targets ...string) func(*exchange.Item) {
	return func(it *exchange.Item) {
		for i, target := range targets {
			verb, target, ok := strings.Cut(target, " ")
			if !ok {
				verb, target = "parent", verb
			}
			it.Links = append(it.Links, exchange.Link{Verb: verb, Target: target, State: exchange.Unconfirmed, At: exchange.Position{File: "source", Line: it.Order, Column: 10 + i}})
		}
	}
}

// file is a document that is one file, folder one that is a folder.
func file(name string, items ...exchange.Item) exchange.Document {
	return exchange.Document{Key: strings.TrimSuffix(name, filepath.Ext(name)), Path: name, At: exchange.Position{File: name, Line: 1}, Items: items}
}

func folder(name, key string, items ...exchange.Item) exchange.Document {
	return exchange.Document{Key: key, Path: name, At: exchange.Position{File: name + "/.config", Line: 1}, Items: items}
}

func tree(documents ...exchange.Document) *exchange.Tree {
	return &exchange.Tree{Format: "made", Markup: "markdown", Documents: documents, Backwards: map[string]string{"fulfilled_by": "fulfills"}}
}

// text is what a conversion wrote: each document as a file, then the findings.
func text(t *testing.T, c *exchange.Converted) string {
	t.Helper()
	var b strings.Builder
	for _, d := range c.Documents {
		data, err := workspace.Write(d, c.Schema)
		if err != nil {
			t.Fatalf("%s cannot be written: %v", d.Path, err)
		}
		_, body, _ := strings.Cut(string(data), "---\n---\n")
		if body == "" {
			_, body, _ = strings.Cut(strings.TrimPrefix(string(data), "---\n"), "---\n")
		}
		fmt.Fprintf(&b, "== %s\n%s", d.Path, body)
	}
	for _, f := range c.Findings {
		fmt.Fprintf(&b, "%s:%d:%d %s %s %s: %s\n", f.File, f.Line, f.Column, f.Severity, f.Rule, f.Item, f.Message)
		if f.Remedy == "" {
			b.WriteString("  without a remedy\n")
		}
	}
	return b.String()
}

// withKeys is the schema in which the keys of a project stand for kinds.
func withKeys(t testing.TB, keys string) *schema.Schema {
	t.Helper()
	sch, faults := schema.Builtin().Extend([]byte("project: p\nkeys: {"+keys+"}\n"), "goldthread.yaml")
	if sch == nil {
		t.Fatal(faults)
	}
	return sch
}

func TestConvert(t *testing.T) {
	section := func(title string, level, order int) exchange.Section {
		return exchange.Section{Title: title, Level: level, Order: order}
	}
	prose := func(text string, order int) exchange.Block {
		return exchange.Block{Kind: "prose", Text: text, Order: order}
	}
	cases := []struct {
		sentence string
		keys     string // of goldthread.yaml
		tree     *exchange.Tree
		want     string
	}{
		{"sections, prose and items keep their order and their depth", "",
			tree(exchange.Document{Key: "a", Title: "The  title", Path: "x/a.rst", At: exchange.Position{File: "x/a.rst"},
				Sections: []exchange.Section{section("One", 1, 1), section("Two", 2, 3)}, Blocks: []exchange.Block{prose("Before.", 2), prose("Inside.\n", 4), prose("Behind.", 6)},
				Items: []exchange.Item{item("SRS-1", 5), item("SRS-2", 7)}}),
			"== x/a.md\n# One\n\nBefore.\n\n## Two\n\nInside.\n\n### SRS-1\n\nText of SRS-1.\n\n###\n\nBehind.\n\n### SRS-2\n\nText of SRS-2.\n"},
		{"levels of items are depths below the title", "",
			tree(folder("r", "SRS", item("SRS-1", 1, func(it *exchange.Item) { it.Level, it.Title = "1.0", "Alarms" }), item("SRS-2", 2, func(it *exchange.Item) { it.Level = "1.1" }),
				item("SRS-3", 3, func(it *exchange.Item) { it.Level = "1.1.1.1.1.1.1" }))),
			"== r/srs.md\n# SRS\n\n## SRS-1 Alarms\n\n- made/level: 1.0\n\nText of SRS-1.\n\n### SRS-2\n\n- made/level: 1.1\n\nText of SRS-2.\n\n###### SRS-3\n\n- made/level: 1.1.1.1.1.1.1\n\nText of SRS-3.\n"},
		{"prose before any section stands at the top, or below the title that had to be made", "",
			tree(exchange.Document{Key: "a", Path: "a.rst", At: exchange.Position{File: "a.rst"}, Blocks: []exchange.Block{prose("Top.", 1)}, Sections: []exchange.Section{section("One", 1, 2)}},
				exchange.Document{Key: "b", Title: "B", Path: "b.rst", At: exchange.Position{File: "b.rst"}, Blocks: []exchange.Block{prose("Top.", 1)}, Items: []exchange.Item{item("SRS-1", 2)}}),
			"== a.md\nTop.\n\n# One\n== b.md\n# B\n\nTop.\n\n## SRS-1\n\nText of SRS-1.\n"},
		{"a section deeper than the item above it does not become its text", "",
			tree(exchange.Document{Key: "a", Path: "a.rst", At: exchange.Position{File: "a.rst"}, Sections: []exchange.Section{section("One", 1, 1), section("Deep", 4, 3)}, Items: []exchange.Item{item("SRS-1", 2), item("SRS-2", 4)}}),
			"== a.md\n# One\n\n## SRS-1\n\nText of SRS-1.\n\n## Deep\n\n### SRS-2\n\nText of SRS-2.\n"},
		{"a heading that begins with a key stays a section, and prose stays prose", "",
			tree(exchange.Document{Key: "a", Path: "a.rst", At: exchange.Position{File: "a.rst"}, Sections: []exchange.Section{section("SRS-1 and others", 1, 1), section("REQ-9", 2, 3)},
				Blocks: []exchange.Block{prose("# SRS-7 not an item\n\n```\n# in code\n", 2)}, Items: []exchange.Item{item("SRS-2", 4)}}),
			"== a.md\n# *SRS-1* and others\n\n\\# SRS-7 not an item\n\n```\n# in code\n```\n\n## *REQ-9*\n\n### SRS-2\n\nText of SRS-2.\n"},
		{"text that would take in what follows is closed, control characters go, lines of git are no conflict", "",
			tree(file("a.rst", item("SRS-1", 1, func(it *exchange.Item) { it.Text = "\n \n~~~ sh\ncode\n" }), item("SRS-2", 2, func(it *exchange.Item) { it.Text = "<!-- open" }),
				item("SRS-3", 3, func(it *exchange.Item) { it.Text, it.Title = "a\x1bb\r\nc\xff", "t\x01 u\n" }), item("SRS-4", 4, func(it *exchange.Item) { it.Text = "<<<<<<< HEAD" }))),
			"== a.md\n# a\n\n## SRS-1\n\n~~~ sh\ncode\n~~~\n\n## SRS-2\n\n<!-- open\n-->\n\n## SRS-3 t u\n\nab\nc\uFFFD\n\n## SRS-4\n\n <<<<<<< HEAD\n" +
				"source:1:1 note foreign-text SRS-1: a code fence or HTML comment in the text of SRS-1 is not closed; it was closed at the end of the text\n" +
				"source:2:1 note foreign-text SRS-2: a code fence or HTML comment in the text of SRS-2 is not closed; it was closed at the end of the text\n" +
				"source:3:1 warning foreign-text SRS-3: control characters in the text of SRS-3 were left out\n" +
				"source:4:1 note foreign-text SRS-4: a line of the text of SRS-4 looks like a conflict of a git merge; a blank was put before it\n"},
		{"keys: says which kind the keys of a tree are of", "REQ: SRS, TUT: SYS",
			tree(folder(".", "TUT", item("TUT1", 1)), folder(".", "REQ", item("REQ001", 2, links("TUT1")))),
			"== tut.md\n# TUT\n\n## TUT1\n\nText of TUT1.\n== req.md\n# REQ\n\n## REQ001\n\n- refines: TUT1\n\nText of REQ001.\n"},
		{"what may not be here is named and left out", "",
			tree(folder("r", "REQ", item("REQ-stop", 1), item("REQ 2", 2), item("REQ3", 3, func(it *exchange.Item) { it.Active = false }),
				item("REQ4", 4, links("REQ3", "REQ9", "nonsense", "REQ5", "REQ5")), item("REQ5", 5))),
			"== r/req.md\n# REQ\n\n## REQ4\n\n- refines: REQ9, REQ5\n\nText of REQ4.\n\n## REQ5\n\nText of REQ5.\n" +
				"source:1:1 error foreign-key : the item was not taken: key \"REQ-stop\": has no number\n" +
				"source:2:1 error foreign-key : the item was not taken: key \"REQ 2\": ' ' is not allowed; use letters, digits, and - _ or . as separators\n" +
				"source:3:1 note inactive-item REQ3: REQ3 is not active at its source and was not taken\n" +
				"source:4:10 note inactive-target REQ4: REQ4 parent REQ3 was not taken, because REQ3 is not active\n" +
				"source:4:12 error bad-link REQ4: parent nonsense: key \"nonsense\": has no number\n" +
				"source:4:14 error duplicate-link REQ4: REQ4 refines REQ5 is written twice\n"},
		{"relations read backwards are links of the other item, each once", "",
			tree(file("a.rst", item("SRS-1", 1, links("fulfilled_by SRS-2", "fulfilled_by SRS-9")), item("SRS-2", 2, links("fulfills SRS-1"), links("fulfilled_by SRS-3")), item("SRS-3", 3))),
			"== a.md\n# a\n\n## SRS-1\n\nText of SRS-1.\n\n## SRS-2\n\n- refines: SRS-1\n\nText of SRS-2.\n\n## SRS-3\n\n- refines: SRS-2\n\nText of SRS-3.\n" +
				"source:1:11 error unresolved-link SRS-1: SRS-1 says that SRS-9 fulfills it, but there is no such item\n"},
		{"a relation that the schema has not, or not between these kinds, is taken for refines, and that is said once", "",
			tree(file("a.rst", item("SRS-1", 1), item("SRS-2", 2, links("resembles SRS-1")), item("SRS-3", 3, links("resembles SRS-1", "validates SRS-2")))),
			"== a.md\n# a\n\n## SRS-1\n\nText of SRS-1.\n\n## SRS-2\n\n- refines: SRS-1\n\nText of SRS-2.\n\n## SRS-3\n\n- refines: SRS-1, SRS-2\n\nText of SRS-3.\n" +
				"source:2:10 note foreign-relation SRS-2: the relation resembles is none of the schema; it is taken for refines\n" +
				"source:3:11 note foreign-relation SRS-3: the relation validates is taken for refines: validates leads from no SRS to a SRS\n"},
		{"what an item has beside its text is kept under foreign names", "",
			tree(folder("r", "SRS", item("SRS-1", 1, func(it *exchange.Item) {
				it.Level, it.Normative, it.Derived = "2", false, true
				it.Files = []exchange.File{{Path: "a.c", Type: "file", Keyword: "K", SHA256: "ff"}, {Path: "b.c", Type: "file"}}
				it.Review = exchange.Review{Fingerprint: "f", State: exchange.ReviewChanged}
				it.Fields = []exchange.Field{{Name: "note", Values: []string{"x", "y"}}, {Name: "note", Values: []string{"z"}}, {Name: "note'", Values: []string{"w"}}, {Name: "a:b"}, {Name: "bad", Values: []string{"\x01"}}}
			}))),
			"== r/srs.md\n# SRS\n\n## SRS-1\n\n- made/a%3Ab: \"\"\n- made/bad: \"\"\n- made/derived: yes\n- made/file a.c: file K ff\n- made/file b.c: file\n- made/level: 2\n- made/normative: no\n- made/note: x\n  y\n- made/note': z\n- made/note'': w\n- made/reviewed: f\n\nText of SRS-1.\n" +
				"source:1:1 warning foreign-field SRS-1: control characters in made/bad of SRS-1 were left out\n" +
				"source:1:1 warning changed-since-review SRS-1: SRS-1 changed since it was reviewed\n"},
		{"a key used twice gives two items", "",
			tree(file("a.rst", item("SRS-1", 1), item("SRS-1", 2, func(it *exchange.Item) { it.Text = "Other." }))),
			"== a.md\n# a\n\n## SRS-1\n\nText of SRS-1.\n\n## SRS-1\n\nOther.\n"},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			got := text(t, exchange.Convert(c.tree, withKeys(t, c.keys), exchange.Options{}))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestForeignKinds says that keys without a kind get one that serves no rule, one for each prefix.
func TestForeignKinds(t *testing.T) {
	c := exchange.Convert(tree(folder("r", "REQ", item("REQ-1", 1), item("REQ-go2", 2), item("ZZZ-3", 3), item("SRS-4", 4))), schema.Builtin(), exchange.Options{})
	if diff := cmp.Diff([]string{"REQ", "ZZZ"}, c.Foreign); diff != "" {
		t.Errorf("foreign prefixes (-want +got):\n%s", diff)
	}
	kinds := map[record.Key]record.Kind{}
	for _, d := range c.Documents {
		for it := range d.Items() {
			kinds[it.Key] = it.Kind
		}
	}
	if diff := cmp.Diff(map[record.Key]record.Kind{"REQ-1": "REQ", "REQ-go2": "REQ", "ZZZ-3": "ZZZ", "SRS-4": "SRS"}, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	refused := exchange.Convert(tree(folder("r", "SRS-1", item("SRSX-1", 1), item("S1", 2))), withKeys(t, "S: SRS"), exchange.Options{})
	if len(refused.Documents) != 1 || len(refused.Foreign) != 1 {
		t.Errorf("%d documents, foreign %v, findings %v", len(refused.Documents), refused.Foreign, refused.Findings)
	}
}

func TestPathsOfDocuments(t *testing.T) {
	cases := []struct {
		sentence  string
		documents []exchange.Document
		want      []string
	}{
		{"a file becomes Markdown, a folder holds a file named after its document", []exchange.Document{file("a/b.rst"), folder("reqs", "REQ"), folder(".", "SYS")}, []string{"a/b.md", "reqs/req.md", "sys.md"}},
		{"a folder with a dot is a folder", []exchange.Document{folder("reqs.v1", "REQ"), folder("reqs.v2", "REQ")}, []string{"reqs.v1/req.md", "reqs.v2/req.md"}},
		{"two documents never become one file, whatever the case of letters", []exchange.Document{file("a.rst"), file("a.rest"), file("A.rst")}, []string{"a.md", "a-2.md", "A-3.md"}},
		{"names lead nowhere else, and are none that a workspace passes over", []exchange.Document{folder("../..", "../x"), folder(".hidden/r", "a:b|c"), folder("r", "..")}, []string{"-x.md", "hidden/r/a-b-c.md", "r/document.md"}},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			var got []string
			for _, d := range exchange.Convert(tree(c.documents...), schema.Builtin(), exchange.Options{}).Documents {
				got = append(got, d.Path)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestStatesOfLinks says what each state becomes: a confirmation of the target as it is, of something it is not, or none.
func TestStatesOfLinks(t *testing.T) {
	states := exchange.LinkStates()
	child := item("SRS-2", 2)
	for i, s := range states {
		child.Links = append(child.Links, exchange.Link{Verb: "parent", Target: fmt.Sprintf("SYS-%d", i), State: s, Fingerprint: "f"})
	}
	var parents []exchange.Item
	for i := range states {
		parents = append(parents, item(fmt.Sprintf("SYS-%d", i), 10+i))
	}
	c := exchange.Convert(tree(file("a.rst", append(parents, child)...)), schema.Builtin(), exchange.Options{})
	got := map[exchange.LinkState]string{}
	for _, l := range linksOf(c) {
		got[states[l.Target[len(l.Target)-1]-'0']] = confirmation(c, l)
	}
	want := map[exchange.LinkState]string{exchange.Confirmed: "as it is", exchange.Suspect: "as it was", exchange.Unconfirmed: "not", exchange.Unresolved: "not"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// linksOf are the links of all items, with where they come from.
func linksOf(c *exchange.Converted) []workspace.Link {
	var all []workspace.Link
	for _, d := range c.Documents {
		for it := range d.Items() {
			all = append(all, it.Links...)
		}
	}
	return all
}

// confirmation says how a link confirms its target.
func confirmation(c *exchange.Converted, l workspace.Link) string {
	for _, d := range c.Documents {
		for it := range d.Items() {
			switch {
			case record.Ref(it.Key) != l.Target:
			case l.Confirmed.Target == it.ContentHash():
				return "as it is"
			case !l.Confirmed.Target.IsZero():
				return "as it was"
			}
		}
	}
	return "not"
}

// sameAgain writes the documents of a conversion and reads them back: the items are the same.
func sameAgain(t *testing.T, c *exchange.Converted) {
	t.Helper()
	type plain struct {
		Kind        record.Kind
		Title, Text string
		Fields      []record.Field
		Links       []string
	}
	items := func(d *workspace.Document) map[string]plain {
		all := map[string]plain{}
		n := 0
		for it := range d.Items() {
			p := plain{Kind: it.Kind, Title: it.Title, Text: it.Text, Fields: it.Fields}
			for _, l := range it.Links {
				p.Links = append(p.Links, string(l.Verb)+" "+string(l.Target))
			}
			slices.Sort(p.Links)
			all[fmt.Sprintf("%d %s", n, it.Key)] = p
			n++
		}
		return all
	}
	for _, d := range c.Documents {
		data, err := workspace.Write(d, c.Schema)
		if err != nil {
			t.Fatalf("%s cannot be written: %v", d.Path, err)
		}
		again, findings := workspace.Read(d.Path, data, c.Schema)
		if again == nil {
			t.Fatalf("%s cannot be read back: %v\n%s", d.Path, findings, data)
		}
		for _, f := range findings {
			if f.Severity == finding.Error && f.Rule != workspace.RuleDuplicateKey {
				t.Errorf("%s: %s [%s]\n%s", d.Path, f.Message, f.Rule, data)
			}
		}
		if diff := cmp.Diff(items(d), items(again)); diff != "" {
			t.Errorf("%s is not read as it was written (-written +read):\n%s\n%s", d.Path, diff, data)
		}
	}
}

// TestDoorstopsOwnTree converts Doorstop's own requirements: every item, every link confirmed.
func TestDoorstopsOwnTree(t *testing.T) {
	c := exchange.Convert(readDoorstop(t, exchangetest.Data(t, "reqtext", "doorstop", "doorstop-own")), withKeys(t, "REQ: SRS"), exchange.Options{})
	var got struct{ Items, Links, Confirmed int }
	for _, d := range c.Documents {
		for it := range d.Items() {
			got.Items++
			got.Links += len(it.Links)
		}
	}
	for _, l := range linksOf(c) {
		if confirmation(c, l) == "as it is" {
			got.Confirmed++
		}
	}
	if want := (struct{ Items, Links, Confirmed int }{43, 22, 22}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	for _, f := range c.Findings {
		if f.Rule != "changed-since-review" || f.Item != "TUT017" {
			t.Errorf("unexpected: %+v", f)
		}
	}
	sameAgain(t, c)
}

// TestOneParentChanged changes the text of each parent of Doorstop's own tree in turn: exactly the links of its children
// turn suspect.
func TestOneParentChanged(t *testing.T) {
	original := exchangetest.Data(t, "reqtext", "doorstop", "doorstop-own")
	parents := map[string]bool{}
	for _, l := range linksOf(exchange.Convert(readDoorstop(t, original), schema.Builtin(), exchange.Options{})) {
		parents[string(l.Target)] = true
	}
	if len(parents) < 3 {
		t.Fatalf("too few parents: %v", parents)
	}
	for parent := range parents {
		t.Run(parent, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(original)); err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(dir, parent+".yml")
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(string(data), "text: |\n", "text: |\n  Changed.\n\n", 1)
			if changed == string(data) {
				t.Fatal("the text was not changed")
			}
			if err := os.Chmod(name, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
			c := exchange.Convert(readDoorstop(t, dir), schema.Builtin(), exchange.Options{})
			suspect := 0
			for _, l := range linksOf(c) {
				want := "as it is"
				if string(l.Target) == parent {
					want = "as it was"
					suspect++
				}
				if got := confirmation(c, l); got != want {
					t.Errorf("%s:%d: the link to %s confirms it %s, want %s", l.File, l.Line, l.Target, got, want)
				}
			}
			if suspect == 0 {
				t.Error("the parent has no children")
			}
		})
	}
}

func readDoorstop(t *testing.T, folder string) *exchange.Tree {
	t.Helper()
	tree, err := doorstop.ReadFolder(folder, doorstop.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// TestVentilator converts the requirements of the ventilator: every link that leads nowhere is there, with its place.
func TestVentilator(t *testing.T) {
	tree, err := itemrst.ReadFolder(exchangetest.Data(t, "medical", "respiraworks", "docs"), itemrst.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := exchange.Convert(tree, schema.Builtin(), exchange.Options{})
	keys := map[record.Ref]bool{}
	for _, d := range c.Documents {
		for it := range d.Items() {
			keys[record.Ref(it.Key)] = true
		}
	}
	var got struct{ Items, Links, Unresolved int }
	got.Items = len(keys)
	for _, l := range linksOf(c) {
		got.Links++
		if keys[l.Target] {
			continue
		}
		got.Unresolved++
		if l.File == "" || l.Line < 1 || l.Column < 1 {
			t.Errorf("the link to %s has no place", l.Target)
		}
	}
	if want := (struct{ Items, Links, Unresolved int }{262, 286, 94}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if len(c.Findings) > 0 {
		t.Errorf("unexpected: %v", c.Findings)
	}
	sameAgain(t, c)
}

// FuzzConvert says that whatever a reader makes of its input can be written as a workspace and is read back the same.
func FuzzConvert(f *testing.F) {
	f.Add("settings: {prefix: REQ}", "level: 1.1\nlinks:\n- REQ002: x\ntext: |\n  ```\n  # a\n", ".. item:: A-1 # T\n   :fulfills: B-1\n\nA-1 b\n=====\n\n.. item:: B-1\n   :owner: \"x\n\n# x\n")
	f.Add("", "header: \"# a #\"\ntext: \"- a: b\"\nx: [a, \"\", \" b\"]\nref: a:b", "x\n\n<!-- a\n\n.. item:: C-1\n\n   ~~~\n")
	f.Add("", "text: \"\\\\# REQ001\"\n'- a': \"\\\\\"\n", ".. item:: D-1\n   :trace: E-1/x p/D-1\n\n<<<<<<< a\n")
	f.Fuzz(func(t *testing.T, config, yml, rst string) {
		folder, err := doorstop.Read(fstest.MapFS{"r/.doorstop.yml": {Data: []byte(config)}, "r/REQ001.yml": {Data: []byte(yml)}, "r/REQ002.yml": {Data: []byte("links: [REQ001]")}}, doorstop.Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		files, err := itemrst.Read(fstest.MapFS{"a.rst": {Data: []byte(rst)}}, itemrst.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, tree := range []*exchange.Tree{folder, files} {
			sameAgain(t, exchange.Convert(tree, schema.Builtin(), exchange.Options{}))
		}
	})
}

// TestExamplesOfThePages converts the examples of the pages of the formats.
func TestExamplesOfThePages(t *testing.T) {
	pages := []struct {
		page, keys string
		read       func(folder string) (*exchange.Tree, error)
	}{
		{"doorstop.md", "REQ: SRS, TST: TC", func(folder string) (*exchange.Tree, error) { return doorstop.ReadFolder(folder, doorstop.Options{}) }},
		{"item-rst.md", "RW-SW: SRS, RW-SYS: SYS", func(folder string) (*exchange.Tree, error) { return itemrst.ReadFolder(folder, itemrst.Options{}) }},
	}
	for _, p := range pages {
		for _, e := range exchangetest.Examples(t, p.page) {
			tree, err := p.read(e.Write(t))
			if err != nil {
				t.Fatal(err)
			}
			got := text(t, exchange.Convert(tree, withKeys(t, p.keys), exchange.Options{})) + "== links\n"
			for _, d := range tree.Documents {
				for _, it := range d.Items {
					for _, l := range it.Links {
						got += fmt.Sprintf("%s %s %s: %s\n", it.Key, l.Verb, l.Target, l.State)
					}
				}
			}
			if diff := cmp.Diff(e.Gives, got); diff != "" {
				t.Errorf("docs/%s:%d (-page +read):\n%s", p.page, e.Line, diff)
			}
		}
	}
}

// The end of an item that holds others is not the end of the section around it.
func TestEndOfAnItemThatHoldsOthers(t *testing.T) {
	d := file("a.x", item("SRS-1", 3), item("SRS-2", 4), item("SRS-3", 6), item("SRS-4", 8))
	d.Sections = []exchange.Section{{Title: "One", Level: 1, Order: 1}, {Title: "Two", Level: 2, Order: 2}}
	d.Blocks = []exchange.Block{{Kind: exchange.BlockEnd, Order: 5}, {Kind: exchange.BlockEnd, Order: 7}}
	d.Fields = []exchange.Field{{Name: "3/" + exchange.FieldComposite, Values: []string{"true"}}}
	c := exchange.Convert(tree(d), schema.Builtin(), exchange.Options{})
	var levels []int
	for _, b := range c.Documents[0].Blocks {
		levels = append(levels, b.Level)
	}
	if d := cmp.Diff([]int{1, 2, 3, 3, 3, 2}, levels); d != "" {
		t.Errorf("levels of blocks (-want +got):\n%s", d)
	}
}
