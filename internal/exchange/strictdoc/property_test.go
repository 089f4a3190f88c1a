package strictdoc_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/strictdoc"
)

// nasty are texts that are most likely to be taken for syntax.
var nasty = []string{"", " ", "x", " leading", "trailing ", "two\nlines", "\n", "\n\nblank\n\n", ">>>", ">>>\nx", "<<<", "a\n<<<\nb", "[REQUIREMENT]", "a\n\n[REQUIREMENT]\nUID: x\n", "[[/SECTION]]", "- TYPE: Parent", "RELATIONS:",
	"UID: x", "ü 𝒳 \u2028 \u00a0", "\u00a0x", "a, b", "a,b", "tab\tx", "\"quoted\" 'x' \\n", "<b>&amp;</b>", "`code` *x*", "# heading", "A: >>>", "x: y"}

func text(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, label+" nasty") {
		return rapid.SampledFrom(nasty).Draw(t, label)
	}
	return rapid.StringMatching(`[A-Za-z0-9 ,.;:<>\[\]\n#*"'ä-]{0,30}`).Draw(t, label)
}

// foreignTree is a tree of another format with every type of data.
func foreignTree(t *rapid.T) *exchange.Tree {
	tree := &exchange.Tree{Format: "goldthread", Markup: rapid.SampledFrom([]string{"rst", "markdown", "html", "text"}).Draw(t, "markup"), Backwards: map[string]string{"fulfilled_by": "fulfills"}}
	types := []exchange.Type{
		{Name: "SRS", Attributes: []exchange.Attribute{{Name: "priority", Data: exchange.DataEnum, Values: []string{"low", "very high"}}, {Name: "phases", Data: exchange.DataEnum, Many: true, Values: []string{"one", "two"}},
			{Name: "odd", Data: exchange.DataEnum, Values: []string{"a, b", "c(d)"}}, {Name: "labels", Data: exchange.DataString, Many: true}, {Name: "count", Data: exchange.DataInteger}, {Name: "rationale", Data: exchange.DataMarkup}}},
		{Name: "Software Test", Attributes: []exchange.Attribute{{Name: "flag", Data: exchange.DataBoolean}, {Name: "ratio", Data: exchange.DataReal}, {Name: "day", Data: exchange.DataDate}, {Name: "UID of parent", Data: exchange.DataItem}, {Name: "title", Data: exchange.DataString}, {Name: "größe", Data: exchange.DataString}}},
		{Name: "TEXT"}, {Name: "section"}, {Name: ""},
	}
	tree.Types = types
	var keys []string
	for d := range rapid.IntRange(1, 3).Draw(t, "documents") {
		doc := exchange.Document{Key: fmt.Sprintf("D%d", d), Title: text(t, "title"), Path: fmt.Sprintf("docs/D%d", d)}
		order, level := 0, 0
		for range rapid.IntRange(0, 8).Draw(t, "nodes") {
			order++
			switch rapid.IntRange(0, 3).Draw(t, "node") {
			case 0:
				level = rapid.IntRange(1, level+1).Draw(t, "level")
				doc.Sections = append(doc.Sections, exchange.Section{Title: text(t, "section"), Level: level, Order: order})
			case 1:
				doc.Blocks = append(doc.Blocks, exchange.Block{Kind: "prose", Text: text(t, "prose"), Order: order})
			default:
				key := fmt.Sprintf("K-%d", len(keys))
				keys = append(keys, key)
				doc.Items = append(doc.Items, foreignItem(t, types, doc.Key, key, order, keys))
			}
		}
		tree.Documents = append(tree.Documents, doc)
	}
	return tree
}

func foreignItem(t *rapid.T, types []exchange.Type, document, key string, order int, keys []string) exchange.Item {
	typ := rapid.SampledFrom(types).Draw(t, "type")
	it := exchange.Item{Type: typ.Name, Document: document, Key: key, Order: order, Title: text(t, "item title"), Text: text(t, "item text"), Normative: rapid.Bool().Draw(t, "normative"), Derived: rapid.Bool().Draw(t, "derived"), Active: true}
	if rapid.Bool().Draw(t, "identity") {
		it.ID = "id-" + key
	}
	for _, a := range typ.Attributes {
		if !rapid.Bool().Draw(t, a.Name) {
			continue
		}
		f := exchange.Field{Name: a.Name, Data: a.Data}
		for range rapid.IntRange(1, map[bool]int{true: 3, false: 1}[a.Many]).Draw(t, "values") {
			v := text(t, "value")
			if len(a.Values) > 0 && rapid.IntRange(0, 9).Draw(t, "declared") > 0 {
				v = rapid.SampledFrom(a.Values).Draw(t, "choice")
			}
			f.Values = append(f.Values, v)
		}
		it.Fields = append(it.Fields, f)
	}
	if rapid.Bool().Draw(t, "other") {
		it.Fields = append(it.Fields, exchange.Field{Name: "doorstop/level", Values: []string{text(t, "other value")}})
	}
	for range rapid.IntRange(0, 2).Draw(t, "links") {
		it.Links = append(it.Links, exchange.Link{Verb: rapid.SampledFrom([]string{"refines", "verifies implementation of", "fulfilled_by", "parent"}).Draw(t, "verb"), Target: rapid.SampledFrom(keys).Draw(t, "target")})
	}
	if rapid.Bool().Draw(t, "file") {
		it.Files = []exchange.File{{Path: "src/a b.c", SHA256: "ff"}}
	}
	return it
}

// TestForeignTrees writes trees of another format: what is written is read without a fault, holds the same, and gives
// itself when it is written again.
func TestForeignTrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := foreignTree(t)
		written := rapidWrite(t, tree)
		got := rapidRead(t, written)
		for _, f := range got.Faults {
			t.Fatalf("fault: %+v\n%s", f, written)
		}
		if diff := cmp.Diff(meaning(tree), meaning(got)); diff != "" {
			t.Fatalf("(-tree +written and read):\n%s\n%s", diff, written)
		}
		again := rapidWrite(t, got)
		if diff := cmp.Diff(written, again); diff != "" {
			t.Fatalf("(-written +written again):\n%s", diff)
		}
		if diff := cmp.Diff(got, rapidRead(t, again)); diff != "" {
			t.Fatalf("(-read +read again):\n%s", diff)
		}
	})
}

func rapidWrite(t *rapid.T, tree *exchange.Tree) map[string]string {
	files, _, err := strictdoc.Write(tree)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range files {
		out[f.Path] = string(f.Data)
	}
	return out
}

func rapidRead(t *rapid.T, files map[string]string) *exchange.Tree {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := strictdoc.Read(fsys, strictdoc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

var beforeEnd = regexp.MustCompile(` *<<<`)

// meaning is what a tree says, in lines that are the same before and after it was written: names of types and fields
// are reduced to capitals, values of a field are put together.
func meaning(tree *exchange.Tree) []string {
	// A blank is written before the mark that ends a text.
	plain := func(s string) string { return beforeEnd.ReplaceAllString(s, "<<<") }
	name := func(s string) string {
		s = strings.NewReplacer(" ", "_", "/", "_", "ö", "_", "ß", "_").Replace(strings.ToUpper(strings.ReplaceAll(s, "ß", "_")))
		return strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(s, "Ö", "_"), "FIELD_"), "_ITEM")
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, plain(fmt.Sprintf(format, args...))) }
	for i := range tree.Documents {
		d := &tree.Documents[i]
		add("document %d", i)
		for _, s := range d.Sections {
			add("%d section %d %s", s.Order, s.Level, s.Title)
		}
		for _, b := range d.Blocks {
			add("%d block %s", b.Order, b.Text)
		}
		for j := range d.Items {
			it := &d.Items[j]
			typ := name(it.Type)
			if typ == "" {
				typ = "REQUIREMENT"
			}
			add("%d item %s %s %s title %s text %s", it.Order, typ, it.Key, it.ID, it.Title, it.Text)
			var fields []string
			flags := map[string]bool{"NORMATIVE": true, "DERIVED": true}
			for _, f := range it.Fields {
				if flags[f.Name] || strings.Join(f.Values, "") == "" {
					continue
				}
				fields = append(fields, plain(fmt.Sprintf("field %s %s", name(f.Name), strings.Join(slices.DeleteFunc(slices.Clone(f.Values), func(v string) bool { return v == "" }), ", "))))
			}
			slices.Sort(fields)
			out = append(out, fields...)
			for _, l := range it.Links {
				verb := strings.TrimPrefix(l.Verb, "Child ")
				if reverse := tree.Backwards[l.Verb]; reverse != "" {
					verb = "from " + reverse
				}
				add("link %s %s", strings.ToLower(verb), l.Target)
			}
			for _, f := range it.Files {
				add("file %s %s", f.Path, f.SHA256)
			}
		}
	}
	return out
}
