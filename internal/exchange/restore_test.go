package exchange_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/strictdoc"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/workspace"
)

// pumpDocument has what no document of a workspace has: attributes of documents, sections and texts, ends of sections, a
// grammar, an item that holds others.
const pumpDocument = `[DOCUMENT]
MID: d0
TITLE: Pump
UID: DOC-7
VERSION: 3
OPTIONS:
  ENABLE_MID: True
METADATA:
  AUTHOR: ann

[TEXT]
MID: t0
STATEMENT: >>>
What the pump does.
<<<

[[SECTION]]
MID: s1
TITLE: Alarms

[TEXT]
MID: t1
STATEMENT: >>>
All of them are loud.
<<<

[TEXT]
MID: t2
STATEMENT: >>>
And none is long.
<<<

[REQUIREMENT]
MID: r1
UID: REQ-1
TITLE: Occlusion
STATEMENT: >>>
It shall alarm on occlusion.
<<<
COMMENT: >>>
One.
<<<
COMMENT: >>>
Two.
<<<

[[SECTION]]
MID: s2
UID: SEC-2
TITLE: Air

[REQUIREMENT]
MID: r2
UID: REQ-2
STATEMENT: >>>
It shall stop on air.
<<<
RELATIONS:
- TYPE: Parent
  VALUE: REQ-1

[[/SECTION]]

[REQUIREMENT]
MID: r3
UID: REQ-3
STATEMENT: >>>
It shall tell the nurse.
<<<

[[REQUIREMENT]]
MID: r6
UID: REQ-6
STATEMENT: >>>
It shall keep a log.
<<<

[REQUIREMENT]
MID: r7
UID: REQ-7
STATEMENT: >>>
The log shall hold a year.
<<<

[[/REQUIREMENT]]

[REQUIREMENT]
MID: r8
UID: REQ-8
STATEMENT: >>>
It shall beep.
<<<

[[/SECTION]]

[REQUIREMENT]
MID: r4
UID: REQ-4
STATEMENT: >>>
It shall run on battery.
<<<

[[SECTION]]
MID: s3
TITLE: Power

[REQUIREMENT]
MID: r5
UID: REQ-5
STATEMENT: >>>
It shall run for an hour.
<<<

[[/SECTION]]
`

// restoredTree is a source, edited here and written again.
type restoredTree struct {
	source  string
	origin  *exchange.Origin
	mapping *exchange.Mapping
	schema  *schema.Schema
}

func restorable(t testing.TB, source string) *restoredTree {
	t.Helper()
	tree, err := strictdoc.Read(fstest.MapFS{"pump.sdoc": {Data: []byte(source)}}, strictdoc.Options{})
	if err != nil || len(tree.Faults) > 0 {
		t.Fatalf("%v, %v", err, tree.Faults)
	}
	r := &restoredTree{source: source}
	first := exchange.Convert(tree, schema.Builtin(), exchange.Options{TakeAll: true})
	r.schema, r.mapping = first.Schema, first.Mapping
	r.origin = exchange.NewOrigin(tree, r.schema, exchange.Options{TakeAll: true, Mapping: r.mapping})
	r.origin.Documents = r.readBack(t, r.origin.Documents)
	return r
}

type fataler interface{ Fatalf(string, ...any) }

func (r *restoredTree) readBack(t fataler, docs []*workspace.Document) []*workspace.Document {
	var out []*workspace.Document
	for _, d := range docs {
		data, err := workspace.Write(d, r.schema)
		if err != nil {
			t.Fatalf("%v", err)
		}
		again, _ := workspace.Read(d.Path, data, r.schema)
		out = append(out, again)
	}
	return out
}

// export writes a document as it is now.
func (r *restoredTree) export(t fataler, now *workspace.Document) string {
	tree := exchange.Project(r.readBack(t, []*workspace.Document{now}), r.schema, exchange.ProjectOptions{Format: "strictdoc", Mapping: r.mapping, Origin: r.origin})
	files, lost, err := strictdoc.Write(tree)
	if err != nil || len(files) != 1 || files[0].Path != "pump.sdoc" {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, x := range lost {
		if s, ok := t.(interface{ Skipf(string, ...any) }); ok && strings.HasSuffix(x.Why, "below what is there") {
			s.Skipf("a section of level 2 behind what had left its section of level 1, which Markdown does not tell: %+v", x)
		}
		t.Fatalf("lost: %+v", x)
	}
	return string(files[0].Data)
}

// pumpText is the document as it was made here.
func (r *restoredTree) pumpText(t testing.TB) string {
	data, err := workspace.Write(r.origin.Documents[0], r.schema)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What is edited here is different in the source again, and nothing else.
//
// goldthread:verifies SRS-73
func TestOriginGivesBackWhatHasNoHome(t *testing.T) {
	r := restorable(t, pumpDocument)
	text := r.pumpText(t)
	for _, c := range []struct {
		sentence string
		edits    []string // old and new, in turn
		want     []string // in the source
	}{
		{"nothing", nil, nil},
		{"the text of an item", []string{"stop on air", "stop on any air"}, []string{"stop on air", "stop on any air"}},
		{"one value of a field that is given twice", []string{"One.", "First."}, []string{"One.", "First."}},
		{"a link that goes", []string{"- refines: REQ-1\n", ""}, []string{"RELATIONS:\n- TYPE: Parent\n  VALUE: REQ-1\n", ""}},
		{"the title of the document", []string{`title: "Pump"`, `title: "Pumps"`, "# Alarms", "# Alarms"}, []string{"TITLE: Pump\n", "TITLE: Pumps\n"}},
		{"the heading of a section", []string{"## Air", "## Air in the line"}, []string{"TITLE: Air\n", "TITLE: Air in the line\n"}},
		{"the first of two texts", []string{"All of them are loud.", "All of them are very loud."}, []string{"All of them are loud.", "All of them are very loud."}},
		{"the second of two texts", []string{"And none is long.", "And each is short."}, []string{"And none is long.", "And each is short."}},
		{"a text that goes", []string{"And none is long.\n\n", ""}, []string{"[TEXT]\nMID: t2\nSTATEMENT: >>>\nAnd none is long.\n<<<\n\n", ""}},
		{"a text that comes between two", []string{"loud.\n\nAnd", "loud.\n\nMore.\n\nAnd"}, []string{"[TEXT]\nMID: t2", "[TEXT]\nSTATEMENT: >>>\nMore.\n<<<\n\n[TEXT]\nMID: t2"}},
		{"an item that comes", []string{"## REQ-4", "## REQ-9\n\nIt shall be new.\n\n## REQ-4"},
			[]string{"[[/SECTION]]\n\n[REQUIREMENT]\nMID: r4", "[REQUIREMENT]\nUID: REQ-9\nSTATEMENT: >>>\nIt shall be new.\n<<<\n\n[[/SECTION]]\n\n[REQUIREMENT]\nMID: r4"}},
		{"an item that goes", []string{"## REQ-3\n\n- strictdoc/id: r3\n\nIt shall tell the nurse.\n\n", ""}, []string{"[REQUIREMENT]\nMID: r3\nUID: REQ-3\nSTATEMENT: >>>\nIt shall tell the nurse.\n<<<\n\n", ""}},
		{"an item that goes and held others", []string{"## REQ-6\n\n- strictdoc/id: r6\n\nIt shall keep a log.\n\n", ""},
			[]string{"[[REQUIREMENT]]\nMID: r6\nUID: REQ-6\nSTATEMENT: >>>\nIt shall keep a log.\n<<<\n\n", "", "[[/REQUIREMENT]]\n\n", ""}},
		{"an item that moves", []string{"## REQ-8\n\n- strictdoc/id: r8\n\nIt shall beep.\n\n", "", "## REQ-1 Occ", "## REQ-8\n\n- strictdoc/id: r8\n\nIt shall beep.\n\n## REQ-1 Occ"},
			[]string{"[REQUIREMENT]\nMID: r8\nUID: REQ-8\nSTATEMENT: >>>\nIt shall beep.\n<<<\n\n", "", "[REQUIREMENT]\nMID: r1", "[REQUIREMENT]\nMID: r8\nUID: REQ-8\nSTATEMENT: >>>\nIt shall beep.\n<<<\n\n[REQUIREMENT]\nMID: r1"}},
		{"a section that goes with what is in it", []string{text[strings.Index(text, "# Power"):], ""}, []string{pumpDocument[strings.Index(pumpDocument, "[[SECTION]]\nMID: s3")-1:], ""}},
		{"a section that comes", []string{"# Power", "# Noise\n\n# Power"}, []string{"[[SECTION]]\nMID: s3", "[[SECTION]]\nTITLE: Noise\n\n[[/SECTION]]\n\n[[SECTION]]\nMID: s3"}},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			edited, want := replaceAll(t, text, c.edits), replaceAll(t, pumpDocument, c.want)
			now, findings := workspace.Read("pump.md", []byte(edited), r.schema)
			if len(findings) > 0 {
				t.Fatal(findings)
			}
			if d := cmp.Diff(want, r.export(t, now)); d != "" {
				t.Errorf("(-want +exported):\n%s\nof\n%s", d, edited)
			}
		})
	}
}

func replaceAll(t *testing.T, text string, edits []string) string {
	t.Helper()
	for i := 0; i+1 < len(edits); i += 2 {
		if strings.Count(text, edits[i]) != 1 {
			t.Fatalf("%q stands %d times in\n%s", edits[i], strings.Count(text, edits[i]), text)
		}
		text = strings.Replace(text, edits[i], edits[i+1], 1)
	}
	return text
}

// However the blocks of a document are thrown about, what is written is read as the document that it was.
//
// goldthread:verifies SRS-73
func TestOriginTakesAnyOutline(t *testing.T) {
	r := restorable(t, pumpDocument)
	rapid.Check(t, func(t *rapid.T) {
		now := *r.origin.Documents[0]
		now.Blocks = slices.Clone(now.Blocks)
		for n := range rapid.IntRange(1, 4).Draw(t, "edits") {
			i := rapid.IntRange(0, len(now.Blocks)-1).Draw(t, "block")
			switch b := &now.Blocks[i]; rapid.SampledFrom([]string{"delete", "move", "prose", "heading", "section", "item"}).Draw(t, "edit") {
			case "delete":
				if len(now.Blocks) > 1 {
					now.Blocks = slices.Delete(now.Blocks, i, i+1)
				}
			case "move":
				x := now.Blocks[i]
				now.Blocks = slices.Delete(now.Blocks, i, i+1)
				now.Blocks = slices.Insert(now.Blocks, rapid.IntRange(0, len(now.Blocks)).Draw(t, "to"), x)
			case "prose":
				if b.Item == nil {
					b.Prose = rapid.SampledFrom([]string{"Other.", "And none is long.", "Other.\n\nAnd none is long.", "All of them are loud.\n\nOther.\n\nAnd none is long.", ""}).Draw(t, "prose")
				}
			case "heading":
				if b.Heading != "" {
					b.Heading = rapid.SampledFrom([]string{"Air", "Power", "Other"}).Draw(t, "heading")
				}
			case "section":
				now.Blocks = slices.Insert(now.Blocks, i, workspace.Block{Level: rapid.IntRange(1, 2).Draw(t, "level"), Heading: fmt.Sprintf("New %d", n)})
			case "item":
				now.Blocks = slices.Insert(now.Blocks, i, workspace.Block{Level: 2, Item: &workspace.Item{Item: record.Item{Key: record.Key(fmt.Sprintf("REQ-9%d", n)), Kind: "SRS", Text: "New."}}})
			}
		}
		settle(&now)
		if len(now.Blocks) == 0 || !now.HasItems() {
			t.Skip("nothing is left")
		}
		want := outlineOf(&now)
		written := r.export(t, &now)
		again, err := strictdoc.Read(fstest.MapFS{"pump.sdoc": {Data: []byte(written)}}, strictdoc.Options{})
		if err != nil || len(again.Faults) > 0 {
			t.Fatalf("%v %v\n%s", err, again.Faults, written)
		}
		c := exchange.Convert(again, r.schema, exchange.Options{TakeAll: true, Mapping: r.mapping})
		if d := cmp.Diff(want, outlineOf(r.readBack(t, c.Documents)[0])); d != "" {
			t.Fatalf("(-now +written and read):\n%s\n%s", d, written)
		}
		known := attributesOf(r.origin.Source)
		for _, a := range attributesOf(again) {
			at := slices.Index(known, a)
			if at < 0 {
				t.Fatalf("%s: what has this attribute does not have it in the source, or it is there twice\n%s", a, written)
			}
			known = slices.Delete(known, at, at+1)
		}
	})
}

// settle makes an outline one that a source can have: no level is passed over, items stand in their section, and what
// stands beside each other is told apart.
func settle(d *workspace.Document) {
	level := 0
	var kept []workspace.Block
	for _, b := range d.Blocks {
		switch {
		case b.Item != nil:
			b.Level = max(level, 1) + 1
		case b.Heading != "":
			b.Level = min(b.Level, level+1)
			level = b.Level
		case b.Prose == "", len(kept) > 0 && kept[len(kept)-1].Item == nil:
			continue // it would be part of the block before it
		default:
			b.Level = 2
			if len(kept) > 0 {
				b.Level = kept[len(kept)-1].Level
			}
		}
		kept = append(kept, b)
	}
	d.Blocks = kept
}

// outlineOf is what stands in a document, one block a line. Whether a section of level 1 is left is not seen in Markdown.
func outlineOf(d *workspace.Document) []string {
	var out []string
	for i, b := range d.Blocks {
		switch {
		case b.Item != nil:
			out = append(out, fmt.Sprintf("%d item %s %q", b.Level, b.Item.Key, b.Item.Text))
		case i == 0 && b.Heading == d.Title() && b.Level == 1:
		case b.Heading != "":
			out = append(out, fmt.Sprintf("%d section %s", b.Level, b.Heading))
		}
		if b.Item == nil && b.Prose != "" {
			out = append(out, fmt.Sprintf("prose %q", b.Prose))
		}
	}
	return out
}

// attributesOf are the attributes of the nodes of a tree, by what they stand on.
func attributesOf(t *exchange.Tree) []string {
	var out []string
	for _, d := range t.Documents {
		for _, f := range d.Fields {
			_, name, numbered := strings.Cut(f.Name, "/")
			if numbered {
				out = append(out, fmt.Sprint(name, " ", f.Values))
			}
		}
	}
	slices.Sort(out)
	return out
}
