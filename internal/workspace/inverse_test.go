package workspace

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// sameDocument compares what documents say, not where they say it.
var sameDocument = cmp.Options{
	cmpopts.IgnoreFields(Document{}, "BOM"), cmpopts.IgnoreFields(Block{}, "Line"), cmpopts.IgnoreFields(Item{}, "Line", "TextLine", "fileLines"),
	cmpopts.IgnoreFields(Link{}, "Line", "Column"), cmpopts.EquateEmpty(),
}

// lines are texts that have something to do with how documents are written.
var lines = []string{"The pump shall stop.", "- one", "- refines: SYS-1", "# SRS-9 no item", "## A heading", "#### deeper", "\\# escaped", "\\\\## twice", "```", "~~~ text", "<!-- a comment -->",
	"| a | b |", "|---|---|", "    indented", "> quoted", "1. first", "", "", "---", "***", "text with `code`", "ends with blanks  ", "\ttab", "<!-- text -->", "ünïcode 漢字", "a: b", "- state: approved"}

func drawText(t *rapid.T, name string, balanced bool) string {
	n := rapid.IntRange(0, 8).Draw(t, name+" lines")
	var out []string
	for range n {
		out = append(out, rapid.SampledFrom(lines).Draw(t, name))
	}
	text := trimEmptyLines(strings.Join(out, "\n"))
	if balanced { // an open fence would swallow what follows: that is a finding, not a document
		var f fence
		for i, l := range strings.Split(text, "\n") {
			f.step(l, i)
		}
		if f.mark != 0 {
			return ""
		}
	}
	return text
}

func drawItem(t *rapid.T, n int) *Item {
	sch := schema.Builtin()
	kind := rapid.SampledFrom([]record.Kind{schema.KindSRS, schema.KindSYS, schema.KindHAZ, schema.KindTC}).Draw(t, "kind")
	it := &Item{Item: record.Item{Kind: kind, Key: record.Key(sch.Kind(kind).Prefix + "-" + string(rune('1'+n%9)) + strings.Repeat("0", n/9)),
		Title: rapid.SampledFrom([]string{"", "Stop", "Stop: at once", "*now* and `then`", "\"quoted\"", "# hash", "- dash"}).Draw(t, "title"), Text: drawText(t, "text", true)}}
	for _, verb := range []record.Verb{schema.VerbRefines, schema.VerbVerifies, "allocated to"} {
		for i := range rapid.IntRange(0, 3).Draw(t, string(verb)) {
			it.Links = append(it.Links, Link{Verb: verb, Target: record.Ref([]string{"SYS-1", "other/SRS-2", "RC-3.1"}[i])})
		}
	}
	sortLinks(it)
	values := []string{"plain", "with, comma", " blank before", "ends blank ", "\"quote", "two\nlines", "two\n\nparagraphs", ".dot", "a\n.dot", "back\\slash", "", "colon: here", "# hash", "- dash"}
	for _, f := range sch.Kind(kind).Fields {
		if f.Type != schema.TypeText && f.Type != schema.TypeLine || !rapid.Bool().Draw(t, f.Name+" is set") {
			continue
		}
		field := record.Field{Name: f.Name, Many: f.Many}
		count := 1
		if f.Many {
			count = rapid.IntRange(1, 3).Draw(t, "values")
		}
		for range count {
			v := rapid.SampledFrom(values).Draw(t, f.Name)
			if f.Check(v) != nil || !f.Many && strings.Trim(v, "\n") != v || f.Type == schema.TypeLine && strings.Contains(v, "\n") {
				v = "plain"
			}
			field.Values = append(field.Values, v)
		}
		it.Fields = append(it.Fields, field)
	}
	it.Fields = append(it.Fields, record.Field{Name: "doorstop/level", Values: []string{"1.2"}})
	it.SortFields()
	return it
}

func drawDocument(t *rapid.T) *Document {
	d := &Document{Path: "docs/a.md"}
	if rapid.Bool().Draw(t, "front matter") {
		d.Front = "key: DOC-7\ntitle: \"A title\" # with a remark\n"
		d.Meta.Key, d.Meta.Title = "DOC-7", "A title"
	}
	if prose := drawText(t, "leading prose", true); prose != "" && !opensSomething(prose) {
		d.Blocks = append(d.Blocks, Block{Prose: prose})
	}
	above := 0
	for n := range rapid.IntRange(0, 6).Draw(t, "blocks") {
		b := Block{Level: rapid.IntRange(1, 4).Draw(t, "level")}
		if rapid.Bool().Draw(t, "is an item") {
			b.Item = drawItem(t, n)
			above = b.Level
		} else {
			if above > 0 {
				b.Level = min(b.Level, above)
			}
			b.Heading, above = rapid.SampledFrom([]string{"Scope", "1 Scope", "", "*x*", "SRS about"}).Draw(t, "heading"), 0
			if prose := drawText(t, "prose", true); !opensSomething(prose) {
				b.Prose = prose
			}
		}
		d.Blocks = append(d.Blocks, b)
	}
	return d
}

// opensSomething reports whether prose holds a heading or front matter of its
// own: it would be read as another block, and no document holds such prose.
func opensSomething(prose string) bool {
	if strings.HasPrefix(prose, "---") {
		return true
	}
	var f fence
	for i, l := range strings.Split(prose, "\n") {
		if level, _ := heading(l); f.mark == 0 && level > 0 {
			return true
		}
		f.step(l, i)
	}
	return false
}

// read(write(p)) == p, and writing again gives the same bytes.
//
// goldthread:verifies SRS-21
// goldthread:verifies-implementation-of RC-6
// goldthread:verifies-effectiveness-of RC-6
func TestReadingIsTheInverseOfWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDocument(t)
		data, err := Write(d, schema.Builtin())
		if err != nil {
			t.Fatalf("write: %v", err)
		}
		again, findings := Read(d.Path, data, schema.Builtin())
		for _, f := range findings {
			if f.Rule != "bad-list" && f.Rule != "unknown-prefix" { // remarks about text that looks like fields
				t.Fatalf("finding %+v in\n%s", f, data)
			}
		}
		for it := range again.Items() {
			it.SortFields()
		}
		if diff := cmp.Diff(d, again, sameDocument); diff != "" {
			t.Fatalf("read(write(d)) differs (-d +read):\n%s\nin\n%s", diff, data)
		}
		twice, err := Write(again, schema.Builtin())
		if err != nil || string(twice) != string(data) {
			t.Fatalf("write(read(f)) differs: %v\n%s", err, cmp.Diff(string(data), string(twice)))
		}
	})
}

// Whatever is read, its canonical form is read the same again, and is its own
// canonical form.
func checkCanonical(t testing.TB, name string, data []byte) {
	d, findings := Read(name, data, schema.Builtin())
	if d == nil || finding.Count(findings, finding.Error) > 0 {
		return
	}
	first, err := Write(d, schema.Builtin())
	if err != nil {
		t.Fatalf("write what was read without a finding: %v\n%q", err, data)
	}
	again, findings := Read(name, first, schema.Builtin())
	if finding.Count(findings, finding.Error) > 0 {
		t.Fatalf("the canonical form has findings %+v\nof\n%q\nis\n%q", findings, data, first)
	}
	sortFields(d)
	sortFields(again)
	if diff := cmp.Diff(d, again, sameDocument); diff != "" {
		t.Fatalf("the canonical form says something else (-read +again):\n%s\n%q\n%q", diff, data, first)
	}
	second, err := Write(again, schema.Builtin())
	if err != nil || string(second) != string(first) {
		t.Fatalf("the canonical form is not its own: %v\n%q\n%q", err, first, second)
	}
}

func sortFields(d *Document) {
	for it := range d.Items() {
		it.SortFields()
		sortLinks(it)
	}
}

// sortLinks puts links into the order in which they are written.
func sortLinks(it *Item) {
	slices.SortStableFunc(it.Links, func(a, b Link) int {
		return schema.Builtin().Relation(a.Verb).Order - schema.Builtin().Relation(b.Verb).Order
	})
}

// goldthread:verifies SRS-21
func TestDocumentsOfTheExampleAreCanonical(t *testing.T) {
	names, err := filepath.Glob("../../examples/infusion-pump/docs/*.md")
	if err != nil || len(names) < 5 {
		t.Fatalf("documents of the example: %v, %v", names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d, findings := Read("docs/"+filepath.Base(name), data, schema.Builtin())
		if finding.Count(findings, finding.Error) > 0 {
			t.Errorf("%s: %+v", name, findings)
		}
		out, err := Write(d, schema.Builtin())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(string(data), string(out)); diff != "" {
			t.Errorf("write(read(%s)) differs (-file +written):\n%s", name, diff)
		}
	}
}

// goldthread:verifies SRS-23
func FuzzRead(f *testing.F) {
	f.Add([]byte("---\nkey: DOC-1\ndefaults: {category: functional}\n---\n# T\n\n## SRS-1 Stop\n\n- refines: SYS-1, a/SYS-2\n- category: alarms\n- rationale: two\n  lines\n\n- a list\n\n\\# heading\n"))
	f.Add([]byte("prose\n\n# SRS-1\n\n<!-- text -->\n\n- refines: SYS-1\n```\n# SRS-2\n```\n"))
	f.Add([]byte("## SRS-1 x\r\n- category: \"a, b\", alarms\r\n\r\n![x](img/a.png)\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		checkCanonical(t, "docs/a.md", data)
	})
}
