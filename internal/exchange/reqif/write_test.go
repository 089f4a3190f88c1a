package reqif

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
)

// ownTree draws a project with every kind of data, and characters that files take for more than they are.
func ownTree(t *rapid.T) *exchange.Tree {
	tree := &exchange.Tree{Format: Format, Markup: "markdown"}
	types := []exchange.Type{
		{Name: "SRS", Title: "Software requirement", Attributes: []exchange.Attribute{
			{Name: "text", Data: exchange.DataMarkup}, {Name: "title", Data: exchange.DataString}, {Name: "class & <category>", Data: exchange.DataEnum, Many: true, Values: []string{"a", "b c", "\"d\""}},
			{Name: "count", Data: exchange.DataInteger}, {Name: "weight", Data: exchange.DataReal}, {Name: "safe", Data: exchange.DataBoolean}, {Name: "due", Data: exchange.DataDate},
			{Name: "lines", Data: exchange.DataString, Many: true}, {Name: "ReqIF.Name", Data: exchange.DataString}}},
		{Name: "Requirement"}, {Name: "bare"},
	}
	tree.Types = types
	tree.Relations = []exchange.Relation{{Verb: "refines", Reverse: "is refined by"}, {Verb: "tests & <more>"}}
	var ids []string
	items := rapid.IntRange(0, 6).Draw(t, "items")
	for i := range items {
		ids = append(ids, fmt.Sprintf("id-%d", i))
	}
	n := 0
	for k := range rapid.IntRange(1, 2).Draw(t, "documents") {
		d := exchange.Document{Key: fmt.Sprintf("D%d", k), Title: line.Draw(t, "document")}
		if rapid.Bool().Draw(t, "settings") {
			d.Fields = []exchange.Field{{Name: "version", Data: exchange.DataString, Values: []string{nasty.Draw(t, "value")}}, {Name: "pages", Data: exchange.DataInteger, Values: []string{"12"}}}
		}
		for rapid.IntRange(0, 3).Draw(t, "more") > 0 {
			switch what := rapid.SampledFrom([]string{"item", "item", "item", "section", "prose"}).Draw(t, "what"); {
			case what == "section":
				d.Sections = append(d.Sections, exchange.Section{Title: line.Draw(t, "title"), Level: rapid.IntRange(1, 3).Draw(t, "level"), Order: len(d.Items) + len(d.Sections) + len(d.Blocks) + 1})
			case what == "prose":
				d.Blocks = append(d.Blocks, exchange.Block{Kind: "prose", Text: markdownText.Draw(t, "text"), Order: len(d.Items) + len(d.Sections) + len(d.Blocks) + 1})
			case n < items:
				it := ownItem(t, types, ids)
				it.ID, it.Key, it.Document = ids[n], fmt.Sprintf("K-%d", n), d.Key
				it.Order = len(d.Items) + len(d.Sections) + len(d.Blocks) + 1
				n++
				d.Items = append(d.Items, it)
			}
		}
		tree.Documents = append(tree.Documents, d)
	}
	for i := range tree.Documents {
		number2(&tree.Documents[i])
	}
	tree.Read = exchange.Counts{Items: n, Documents: len(tree.Documents)}
	return tree
}

func ownItem(t *rapid.T, types []exchange.Type, ids []string) exchange.Item {
	ty := types[rapid.IntRange(0, 1).Draw(t, "type")]
	it := exchange.Item{Type: ty.Name, Title: line.Draw(t, "title"), Normative: true, Active: true, Level: strings.Repeat("1.", rapid.IntRange(0, 3).Draw(t, "depth")) + "1"}
	if rapid.IntRange(0, 3).Draw(t, "heading") == 0 {
		it.Heading = true
	} else if rapid.IntRange(0, 5).Draw(t, "empty") > 0 {
		it.Text = markdownText.Draw(t, "text")
	}
	for _, a := range ty.Attributes {
		if rapid.Bool().Draw(t, "set") {
			it.Fields = append(it.Fields, exchange.Field{Name: a.Name, Data: a.Data, Values: valuesFor(t, a)})
		}
	}
	if ty.Name == "SRS" {
		it.Fields = slices.DeleteFunc(it.Fields, func(f exchange.Field) bool { return f.Name == "text" })
		if rapid.Bool().Draw(t, "markup") {
			it.Fields = append(it.Fields, exchange.Field{Name: "text", Data: exchange.DataMarkup, Values: []string{"**bold** and\n\n- a\n- b"}})
		}
	}
	if rapid.Bool().Draw(t, "undeclared") {
		it.Fields = append(it.Fields, exchange.Field{Name: "undeclared", Data: exchange.DataEnum, Values: []string{rapid.SampledFrom([]string{"red", "blue"}).Draw(t, "colour")}})
	}
	for range rapid.IntRange(0, 2).Draw(t, "links") {
		l := exchange.Link{Verb: rapid.SampledFrom([]string{"refines", "tests & <more>"}).Draw(t, "verb"), Target: rapid.SampledFrom(append([]string{"not there"}, ids...)).Draw(t, "target")}
		if rapid.Bool().Draw(t, "why") {
			l.Fields = []exchange.Field{{Name: "why", Data: exchange.DataString, Values: []string{nasty.Draw(t, "value")}}}
		}
		it.Links = append(it.Links, l)
	}
	return it
}

func valuesFor(t *rapid.T, a exchange.Attribute) []string {
	one := func() string {
		switch a.Data {
		case exchange.DataEnum:
			return rapid.SampledFrom(a.Values).Draw(t, "value")
		case exchange.DataInteger:
			return fmt.Sprint(rapid.Int64Range(-1e15, 1e15).Draw(t, "value"))
		case exchange.DataReal:
			return fmt.Sprintf("%.3f", rapid.Float64Range(-1e6, 1e6).Draw(t, "value"))
		case exchange.DataBoolean:
			return fmt.Sprint(rapid.Bool().Draw(t, "value"))
		case exchange.DataDate:
			return "2026-11-28T10:00:00+01:00"
		}
		return nasty.Draw(t, "value")
	}
	out := []string{one()}
	for a.Many && rapid.Bool().Draw(t, "several") {
		out = append(out, one())
	}
	return out
}

// number2 gives what stands in a document the levels that a reader finds.
func number2(d *exchange.Document) {
	type place struct {
		order int
		depth *int
		item  *exchange.Item
	}
	var all []place
	for i := range d.Items {
		all = append(all, place{order: d.Items[i].Order, item: &d.Items[i]})
	}
	for i := range d.Sections {
		all = append(all, place{order: d.Sections[i].Order, depth: &d.Sections[i].Level})
	}
	for i := range d.Blocks {
		all = append(all, place{order: d.Blocks[i].Order})
	}
	slices.SortFunc(all, func(a, b place) int { return a.order - b.order })
	var numbers []int
	depth := 0
	for _, p := range all {
		switch {
		case p.item != nil:
			depth = min(depthOf(p.item.Level), depth+1)
		case p.depth != nil:
			depth = min(*p.depth, depth+1)
			*p.depth = depth
		default:
			depth = max(depth, 1)
		}
		for len(numbers) < depth {
			numbers = append(numbers, 0)
		}
		numbers = numbers[:depth]
		numbers[depth-1]++
		if p.item != nil {
			parts := make([]string, depth)
			for k, n := range numbers {
				parts[k] = itoa(n)
			}
			p.item.Level = strings.Join(parts, ".")
		}
	}
}

// A project that is written and read again is the same, is valid, and goes unchanged through an update.
//
// goldthread:verifies SRS-74
func TestWrittenProjectsAreReadAsTheyWere(t *testing.T) {
	outer, checked := t, 0
	rapid.Check(t, func(t *rapid.T) {
		tree := ownTree(t)
		data, lost, err := Write(tree, WriteOptions{Title: "A <project>", Now: now})
		if err != nil || len(lost) > 0 {
			t.Fatal(err, lost)
		}
		source := fstest.MapFS{"x.reqif": {Data: data}}
		again, err := Read(source, Options{})
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		for _, f := range again.Faults {
			if !strings.Contains(f.Message, "not there") && !strings.Contains(f.Message, "did not come along") {
				t.Fatalf("%+v", f)
			}
		}
		for _, f := range tree.Types {
			if got := again.Types[slices.IndexFunc(again.Types, func(x exchange.Type) bool { return x.Name == f.Name })]; got.Title != f.Title || len(f.Attributes) > 0 && !cmp.Equal(f.Attributes[:len(f.Attributes)-1], got.Attributes[:len(f.Attributes)-1], cmpopts.EquateEmpty()) {
				t.Fatalf("the type %+v is read as %+v", f, got)
			}
		}
		if d := cmp.Diff(tree.Relations, again.Relations); d != "" {
			t.Fatal(d)
		}
		unchanged, _, err := Update(source, again, WriteOptions{Now: now})
		if err != nil || !bytes.Equal(unchanged, data) {
			t.Fatalf("%v, an update changes it:\n%s", err, cmp.Diff(strings.Split(string(data), "\n"), strings.Split(string(unchanged), "\n")))
		}
		settle(tree)
		settle(again)
		again.Tool = ""
		if d := cmp.Diff(tree, again, sameTree); d != "" {
			t.Fatalf("(-tree +again):\n%s", d)
		}
		if checked++; checked%8 == 0 {
			if wrong := isValid(outer, data); wrong != "" {
				t.Fatalf("%s\n%s", wrong, data)
			}
		}
	})
}

// goldthread:verifies SRS-74
func TestWhatReqIFHasNoPlaceForIsListed(t *testing.T) {
	tree := &exchange.Tree{Documents: []exchange.Document{{Key: "d", Items: []exchange.Item{
		{Key: "A-1", Title: "a\x00b", Files: []exchange.File{{Path: "x.c"}}, Derived: true, Links: []exchange.Link{{Verb: "v", Target: "A-1", Fingerprint: "f"}}, Review: exchange.Review{Fingerprint: "r"}},
	}, Blocks: []exchange.Block{{Kind: "comment", Text: "c"}}}}, Attachments: []exchange.Attachment{{Path: "p.png"}}}
	data, lost, err := Write(tree, WriteOptions{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	valid(t, data)
	said := fmt.Sprint(lost)
	for _, want := range []string{"review", "not active", "not normative", "derived", "x.c", "control characters", "fingerprint", "comment", "p.png"} {
		if !strings.Contains(said, want) {
			t.Errorf("%s is not listed: %s", want, said)
		}
	}
	if again, _, _ := Write(tree, WriteOptions{Now: now}); !bytes.Equal(data, again) {
		t.Error("the same tree gives other bytes")
	}
}

// Whatever a text holds is XHTML that the schema takes.
func TestTextsAreValid(t *testing.T) {
	tree := &exchange.Tree{Documents: []exchange.Document{{Key: "d"}}}
	d := &tree.Documents[0]
	for i, text := range []string{">", "> > deep\n>\n> - a", "- ", "1. a\n   - b\n\n     c\n2. ```\n   code\n   ```", "# A\n\n## B *i* ![p](a b.png)", "| a | b |\n|:--|--:|\n| ![p](a.png) | `c` <br> |\n| |", "| | |\n|---|---|\n| x | |",
		"<https://x.org/[a]> and <a@b.c>", "[a](<b c[d]%zz\"'>)", "![](x.svg)", "~~gone~~ **b*i*b**", "a\\\nb  \nc", "***", "    indented\n    code", "<div>\nraw\n</div>", "<!-- comment -->", "[ref]\n\n[ref]: https://x.org/ 'title'", "&amp; &lt; &#233; &nope;",
		strings.Repeat("> ", 300) + "deep", strings.Repeat("- ", 300) + "deep", "[![p](a.png)](b.pdf)", "- [ ] task\n- [x] done", "a\x0bb\ufffe"} {
		d.Items = append(d.Items, exchange.Item{Key: fmt.Sprintf("A-%d", i), Text: text, Order: i + 1, Normative: true, Active: true})
	}
	data, _, err := Write(tree, WriteOptions{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	valid(t, data)
	again, err := Read(fstest.MapFS{"x.reqif": {Data: data}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, it := range again.Documents[0].Items[:len(d.Items)-1] { // the last one has what XML has not
		if it.Text != d.Items[i].Text {
			t.Errorf("%q is read as %q", d.Items[i].Text, it.Text)
		}
	}
}
