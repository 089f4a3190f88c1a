package needs_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/needs"
)

// same compares trees without places and without what is said about their reading.
var same = gocmp.Options{
	cmpopts.IgnoreTypes(exchange.Position{}),
	cmpopts.IgnoreFields(exchange.Tree{}, "Changed", "Lost", "Faults", "Files", "Others"),
	cmpopts.EquateEmpty(),
}

type tester interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func write(t tester, tree *exchange.Tree, options needs.WriteOptions) ([]byte, []exchange.Loss) {
	t.Helper()
	data, losses, err := needs.Write(tree, options)
	if err != nil {
		t.Fatal(err)
	}
	return data, losses
}

// again reads what was written; nothing in it may be at fault.
func again(t tester, data []byte, file string) *exchange.Tree {
	t.Helper()
	tree, err := needs.Read(fstest.MapFS{file: {Data: data}}, needs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Files) != 1 {
		t.Fatalf("not read: %+v\n%s", tree.Faults, data)
	}
	return tree
}

func TestRealFilesAgain(t *testing.T) {
	for _, file := range []string{"needs_test.json", "small.json", "score-needs.json"} {
		t.Run(file, func(t *testing.T) {
			tree := read(t, one(t, "sphinx-needs/"+file), needs.Options{})
			data, losses := write(t, tree, needs.WriteOptions{})
			if len(losses) > 0 {
				t.Errorf("lost %+v", losses)
			}
			if diff := gocmp.Diff(tree, again(t, data, file), same); diff != "" {
				t.Errorf("(-read +written and read)\n%s", diff)
			}
		})
	}
}

var nasty = rapid.OneOf(
	rapid.SampledFrom([]string{"a", "true", "null", "1.0", "2024-01-02", "a;b", "  leading", "trailing  ", "line\nline", "\r\n", "\"quoted\" 'text'", `back\slash`, "ümläut 😀 \u2028", "<b>&amp;</b>", "{\"json\": [1]}", "=1+1", "# head", "\t", "\x01"}),
	rapid.StringOfN(rapid.RuneFrom([]rune("abc \n\t\"\\{}[]:,ä😀.*")), 1, 20, -1),
)

// generate draws a tree of all that needs.json holds.
func generate(t *rapid.T) *exchange.Tree {
	tree := &exchange.Tree{Format: needs.Format, Markup: rapid.SampledFrom([]string{"rst", "markdown"}).Draw(t, "markup")}
	ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Z]{2,4}[_-][0-9]{1,3}`), 1, 12, rapid.ID[string]).Draw(t, "ids")
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z_]{3,8}[0-9]`), 0, 5, rapid.ID[string]).Draw(t, "fields")
	data := map[string]exchange.DataType{}
	for _, name := range names {
		data[name] = rapid.SampledFrom([]exchange.DataType{"", exchange.DataBoolean, exchange.DataInteger, exchange.DataReal, exchange.DataDate, exchange.DataEnum}).Draw(t, "data")
	}
	verbs := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"links", "verifies", "implements", "satisfies", "title"}), 1, 4, rapid.ID[string]).Draw(t, "verbs")
	root := exchange.Document{Key: "Project", Title: "Project", Fields: []exchange.Field{{Name: "current_version", Values: []string{"1.2"}}, {Name: "project", Values: []string{"Project"}},
		{Name: "version/filters", Values: []string{`{"F":{"amount":1}}`}, Nested: true}}}
	tree.Documents = append(tree.Documents, root)
	documents := []string{"", "index", "sub/page ä"}
	for _, id := range ids {
		d := document(tree, rapid.SampledFrom(documents).Draw(t, "document"))
		order := len(d.Items) + len(d.Sections) + 1
		if rapid.IntRange(0, 2).Draw(t, "section") == 0 {
			d.Sections = append(d.Sections, exchange.Section{Title: nasty.Draw(t, "heading"), Level: rapid.IntRange(1, 4).Draw(t, "level"), Order: order})
			order++
		}
		item := exchange.Item{Key: id, Order: order, Document: d.Key, Type: rapid.SampledFrom([]string{"req", "test", ""}).Draw(t, "type"), Title: nasty.Draw(t, "title"), Normative: true, Active: true,
			Review: exchange.Review{State: exchange.NotReviewed}}
		if rapid.Bool().Draw(t, "text") {
			item.Text = nasty.Draw(t, "text")
		}
		for _, name := range append([]string{"status", "tags"}, names...) {
			if f, ok := field(t, name, data[name]); ok {
				item.Fields = append(item.Fields, f)
			}
		}
		if rapid.Bool().Draw(t, "nested") {
			item.Fields = append(item.Fields, exchange.Field{Name: "nested", Values: []string{`{"a":[1,"x",{"b":null}]}`}, Nested: true})
		}
		for _, verb := range verbs {
			for range rapid.IntRange(0, 2).Draw(t, "links") {
				l := exchange.Link{Verb: verb, Target: rapid.SampledFrom(ids).Draw(t, "target"), State: exchange.Unconfirmed}
				switch rapid.IntRange(0, 5).Draw(t, "kind of link") {
				case 0:
					l.Target, l.State = "GONE "+nasty.Draw(t, "gone"), exchange.Unresolved
				case 1:
					l.Written = l.Target + ".1"
					l.Fields = []exchange.Field{{Name: "part", Values: []string{"1"}}}
				}
				item.Links = append(item.Links, l)
			}
		}
		d.Items = append(d.Items, item)
	}
	return tree
}

func field(t *rapid.T, name string, data exchange.DataType) (exchange.Field, bool) {
	f := exchange.Field{Name: name, Data: data}
	n := rapid.IntRange(0, 3).Draw(t, "values")
	if name == "status" {
		n = min(n, 1)
	}
	for range n {
		switch data {
		case exchange.DataBoolean:
			f.Values = append(f.Values, rapid.SampledFrom([]string{"true", "false"}).Draw(t, "value"))
		case exchange.DataInteger:
			f.Values = append(f.Values, fmt.Sprint(rapid.Int().Draw(t, "value")))
		case exchange.DataReal:
			f.Values = append(f.Values, rapid.SampledFrom([]string{"1", "-0.50", "1e9", "1.10"}).Draw(t, "value"))
		case exchange.DataDate:
			f.Values = append(f.Values, "2024-02-29")
		default:
			f.Values = append(f.Values, nasty.Draw(t, "value"))
		}
	}
	return f, n > 0
}

func document(tree *exchange.Tree, key string) *exchange.Document {
	if key == "" {
		return &tree.Documents[0]
	}
	for i := range tree.Documents {
		if tree.Documents[i].Key == key {
			return &tree.Documents[i]
		}
	}
	tree.Documents = append(tree.Documents, exchange.Document{Key: key, Parent: "Project", Path: "."})
	return &tree.Documents[len(tree.Documents)-1]
}

// byKey are the items of a tree in order of their keys, without what depends on the order of the file.
func byKey(tree *exchange.Tree) []exchange.Item {
	var items []exchange.Item
	each(tree, func(item *exchange.Item) {
		it := *item
		it.Order = 0
		it.Links = slices.Clone(it.Links)
		slices.SortStableFunc(it.Links, func(a, b exchange.Link) int { return strings.Compare(a.Verb, b.Verb) })
		for i := range it.Links {
			if it.Links[i].Verb == "title" {
				it.Links[i].Verb = "title_link"
			}
		}
		items = append(items, it)
	})
	slices.SortFunc(items, func(a, b exchange.Item) int { return cmp.Compare(a.Key, b.Key) })
	return items
}

// TestWrittenIsRead writes drawn trees and reads them: every item is as it was, and a tree that was read is so to the order
// of its outline.
//
// goldthread:verifies SRS-75
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := generate(t)
		data, losses := write(t, tree, needs.WriteOptions{})
		for _, l := range losses {
			if !strings.Contains(l.Why, "a member title says something else") {
				t.Fatalf("lost %+v", l)
			}
		}
		first := again(t, data, "needs.json")
		if diff := gocmp.Diff(byKey(tree), byKey(first), same, ignoreEnum); diff != "" {
			t.Fatalf("items (-tree +read)\n%s\n%s", diff, data)
		}
		data, losses = write(t, first, needs.WriteOptions{})
		if len(losses) > 0 {
			t.Fatalf("lost %+v", losses)
		}
		if diff := gocmp.Diff(first, again(t, data, "needs.json"), same); diff != "" {
			t.Fatalf("(-read +written and read)\n%s\n%s", diff, data)
		}
	})
}

// ignoreEnum: an enumeration is one by the values that a type declares, which the drawn trees do not.
var ignoreEnum = gocmp.Transformer("enum", func(d exchange.DataType) string {
	if d == exchange.DataEnum {
		return ""
	}
	return string(d)
})

// TestProject writes a project of ours: files are documents, and what is lost is listed.
func TestProject(t *testing.T) {
	tree := &exchange.Tree{Format: "sphinx-needs", Markup: "markdown", Documents: []exchange.Document{{
		Key: "DOC-0.docs.srs", Title: "Software", Path: "docs/srs.md", At: exchange.Position{File: "docs/srs.md", Line: 1},
		Sections: []exchange.Section{{Title: "Alarms", Level: 1, Order: 2}, {Title: "Nothing", Level: 1, Order: 5}},
		Blocks:   []exchange.Block{{Kind: "prose", Text: "So.", Order: 1}},
		Items: []exchange.Item{
			{ID: "0123", Key: "SRS-1", Type: "SRS", Order: 3, Level: "1.1", Title: "Stop", Text: "It *stops*.", Normative: true, Active: true,
				Links:  []exchange.Link{{Verb: "part of", Target: "4567", State: exchange.Suspect, Fingerprint: "x", Fields: []exchange.Field{{Name: "why", Values: []string{"y"}}}}, {Verb: "part of", Target: "SYS-9", State: exchange.Unresolved}},
				Fields: []exchange.Field{{Name: "verification method", Values: []string{"test"}}, {Name: "links", Values: []string{"x"}}, {Name: "none"}}},
			{ID: "4567", Key: "SRS-1", Type: "SRS", Order: 4, Normative: true, Files: []exchange.File{{Path: "a.c"}}},
		}}},
		Attachments: []exchange.Attachment{{Path: "a.png"}},
	}
	data, losses := write(t, tree, needs.WriteOptions{Project: "Pump", Version: "2.0", Created: "2026-01-02T03:04:05Z"})
	read := again(t, data, "needs.json")
	for _, line := range []string{
		`document Pump<- "Pump" in needs.json`, `  created=["2026-01-02T03:04:05Z"]`, `  current_version=["2.0"]`, `document docs/srs<-Pump "Software" in .`, "  1 section 1 Software", "  2 section 2 Alarms",
		`  3 SRS SRS-1 "Stop" "It *stops*."`, "    part_of SRS-1_2 unconfirmed", "    part_of SYS-9 unresolved", `    verification_method=["test"]`, `  4 SRS SRS-1_2 "" ""`,
	} {
		if !strings.Contains(summary(read), line) {
			t.Errorf("lacks %q in\n%s", line, summary(read))
		}
	}
	var got []string
	for _, l := range losses {
		got = append(got, l.Item+": "+l.What)
	}
	want := []string{"SRS-1: key", "SRS-1: confirmation of the link part_of 4567", "SRS-1: links", "SRS-1: none", "SRS-1: why of the link part_of 4567", "SRS-1: file a.c", ": file a.png", ": text between items (prose)", ": section Nothing",
		": identities of 2 items of DOC-0.docs.srs", ": levels, beside the order of 1 items of DOC-0.docs.srs", ": being not active of 1 items of DOC-0.docs.srs"}
	slices.Sort(got)
	slices.Sort(want)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("losses (-want +got)\n%s", diff)
	}
}
