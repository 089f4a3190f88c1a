// Package tabletest draws Trees for tests of formats that write tables, and compares them with what is read back.
//
// It reads and writes nothing itself. Clause served: tests of what tools read [62304 5.7.4].
package tabletest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Nasty are texts that are easily broken on the way through a table.
var Nasty = rapid.OneOf(
	rapid.SampledFrom([]string{"a", "true", "null", "1.10", "007", "2024-01-02", "a;b", "a, b", "a|b", "  leading", "trailing  ", "line\nline", "\n", "\"quoted\" 'text'", `back\slash`, "ümläut 😀 \u2028", "<b>&amp;</b>", "=1+1", "+1", "-1", "@x", "'",
		"''", "'=1", "\t", "# head", "_x000D_", "_x0041_", "\"", "\"\"", "a\"", ",", ", ", " ", "key", "text", "(field)", "> >", "a > b", "\ufeff", "- list\n- list"}),
	rapid.StringOfN(rapid.RuneFrom([]rune("abc \n\t\"\\{}[],;|ä😀'=+-@>_x0")), 1, 20, -1),
)

// Tree draws a Tree of all that a table in our own layout holds.
func Tree(t *rapid.T) *exchange.Tree {
	tree := &exchange.Tree{Format: "goldthread", Markup: "markdown"}
	keys := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Z]{2,4}-[0-9]{1,3}`), 1, 12, rapid.ID[string]).Draw(t, "keys")
	fields := rapid.SliceOfNDistinct(rapid.OneOf(rapid.StringMatching(`[a-z]{3,8} ?[a-z]{1,4}`), rapid.SampledFrom([]string{"key", "title", "document", "verifies", "x (field)", "y (link)", "csv/key", "=x", "Status"})), 0, 5, rapid.ID[string]).Draw(t, "fields")
	verbs := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"verifies", "implements", "allocated to", "parent", "text", "z (field)", "is part of (x)"}), 1, 4, rapid.ID[string]).Draw(t, "verbs")
	for n := range rapid.IntRange(1, 3).Draw(t, "documents") {
		key := fmt.Sprintf("doc %d", n)
		tree.Documents = append(tree.Documents, exchange.Document{Key: key, Title: key})
	}
	for n, key := range keys {
		d := &tree.Documents[n*len(tree.Documents)/len(keys)]
		order := len(d.Items) + len(d.Sections) + 1
		for range rapid.IntRange(0, 2).Draw(t, "sections") {
			d.Sections = append(d.Sections, exchange.Section{Title: Nasty.Draw(t, "heading"), Level: rapid.IntRange(1, 4).Draw(t, "level"), Order: order})
			order++
		}
		d.Items = append(d.Items, item(t, key, d.Key, order, keys, fields, verbs))
	}
	tree.Documents = slices.DeleteFunc(tree.Documents, func(d exchange.Document) bool { return len(d.Items) == 0 })
	return tree
}

func item(t *rapid.T, key, document string, order int, keys, fields, verbs []string) exchange.Item {
	some := func(what string) string {
		if rapid.Bool().Draw(t, what) {
			return Nasty.Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).Draw(t, what)
		}
		return ""
	}
	flag := func(what string, usual bool) bool { return (rapid.IntRange(0, 4).Draw(t, what) == 0) != usual }
	it := exchange.Item{Key: key, Document: document, Order: order, Type: rapid.SampledFrom([]string{"SRS", "TC", "", "System Requirement"}).Draw(t, "type"), Title: some("title"), Text: some("text"),
		Level: rapid.SampledFrom([]string{"", "1", "1.10"}).Draw(t, "place"), ID: rapid.SampledFrom([]string{"", key + "/id"}).Draw(t, "id"),
		Heading: flag("heading", false), Normative: flag("normative", true), Derived: flag("derived", false), Active: flag("active", true), Review: exchange.Review{State: exchange.NotReviewed}}
	for _, name := range fields {
		f := exchange.Field{Name: name}
		for range rapid.IntRange(0, 3).Draw(t, "values") {
			f.Values = append(f.Values, rapid.OneOf(Nasty, rapid.Just("")).Draw(t, "value"))
		}
		if len(f.Values) > 0 {
			it.Fields = append(it.Fields, f)
		}
	}
	for _, verb := range verbs {
		for range rapid.IntRange(0, 2).Draw(t, "links") {
			l := exchange.Link{Verb: verb, Target: rapid.SampledFrom(keys).Draw(t, "target"), State: exchange.Unconfirmed}
			if rapid.IntRange(0, 4).Draw(t, "gone") == 0 {
				l.Target, l.State = "GONE, "+Nasty.Draw(t, "gone"), exchange.Unresolved
			}
			it.Links = append(it.Links, l)
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "file") == 0 {
		it.Files = []exchange.File{{Path: "src/a, b.c"}, {Path: "x.c"}}
	}
	return it
}

// Same compares Items without their places.
var Same = cmp.Options{cmpopts.IgnoreTypes(exchange.Position{}), cmpopts.EquateEmpty()}

// Outline is the documents of a Tree with their sections and items, each on a line, in order.
func Outline(tree *exchange.Tree) []string {
	var out []string
	for i := range tree.Documents {
		d := &tree.Documents[i]
		out = append(out, "= "+d.Key)
		next := 0
		for j := range d.Items {
			for ; next < len(d.Sections) && d.Sections[next].Order < d.Items[j].Order; next++ {
				out = append(out, fmt.Sprintf("%d %s", d.Sections[next].Level, d.Sections[next].Title))
			}
			out = append(out, d.Items[j].Key)
		}
	}
	return out
}

// Items are the items of a Tree in order, with what a table keeps of them: the order in the document, the order of columns
// and the types of values say nothing.
func Items(tree *exchange.Tree) []exchange.Item {
	var all []exchange.Item
	for i := range tree.Documents {
		for _, it := range tree.Documents[i].Items {
			it.Order = 0
			it.Links, it.Fields = slices.Clone(it.Links), slices.Clone(it.Fields)
			slices.SortStableFunc(it.Links, func(a, b exchange.Link) int { return strings.Compare(a.Verb, b.Verb) })
			slices.SortFunc(it.Fields, func(a, b exchange.Field) int { return strings.Compare(a.Name, b.Name) })
			for j := range it.Fields {
				it.Fields[j].Data = ""
			}
			all = append(all, it)
		}
	}
	return all
}
