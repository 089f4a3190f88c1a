package docx_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/docx"
)

// told is what a test says of a tree, the parts of a document in their order. Prose is not told again among the changes.
func told(tree *exchange.Tree) []string {
	var out []string
	for i := range tree.Documents {
		d := &tree.Documents[i]
		byOrder := map[int]string{}
		last := 0
		put := func(order int, line string) {
			byOrder[order] = line
			last = max(last, order)
		}
		for _, s := range d.Sections {
			put(s.Order, fmt.Sprintf("%s %s", strings.Repeat("#", s.Level), s.Title))
		}
		for _, b := range d.Blocks {
			put(b.Order, b.Kind+" "+b.Text)
		}
		for j := range d.Items {
			item := &d.Items[j]
			line := fmt.Sprintf("%s|%s|%s", item.Key, item.Title, item.Text)
			for _, f := range item.Fields {
				line += fmt.Sprintf("; %s=%s", f.Name, strings.Join(f.Values, "/"))
			}
			for _, l := range item.Links {
				line += fmt.Sprintf("; %s→%s", l.Verb, l.Target)
			}
			put(item.Order, line)
		}
		for n := 1; n <= last; n++ {
			if line, ok := byOrder[n]; ok {
				out = append(out, line)
			}
		}
	}
	for _, f := range tree.Faults {
		out = append(out, fmt.Sprintf("fault %s %v %s", f.At, f.Error, f.Message))
	}
	for _, c := range tree.Changed {
		if !strings.HasPrefix(c.What, "paragraph ") {
			out = append(out, fmt.Sprintf("changed %s %s %s: %s", c.At, c.Item, c.What, c.Why))
		}
	}
	for _, l := range tree.Lost {
		out = append(out, fmt.Sprintf("lost %s %s", l.At, l.What))
	}
	for _, a := range tree.Attachments {
		out = append(out, fmt.Sprintf("file %s %d", a.Path, len(a.Data)))
	}
	return out
}

const headings = `<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>` +
	`<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="Our heading"/><w:basedOn w:val="berschrift2"/></w:style><w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="Überschrift 2"/></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Outline"><w:name w:val="Chapter"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>` +
	`<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style><w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="a"/><w:basedOn w:val="Loop"/></w:style>`

func run(properties, text string) string {
	return "<w:r><w:rPr>" + properties + `</w:rPr><w:t xml:space="preserve">` + text + "</w:t></w:r>"
}

func para(content ...string) string { return "<w:p>" + strings.Join(content, "") + "</w:p>" }

func listed(numID, ilvl, text string) string {
	return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + ilvl + `"/><w:numId w:val="` + numID + `"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

const lists = `<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>` +
	`<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl></w:abstractNum>` +
	`<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="7"/><w:numFmt w:val="decimalZero"/><w:lvlText w:val="SRS-%1"/></w:lvl></w:abstractNum>` +
	`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>` +
	`<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name string
		doc  doc
		want []string
	}{
		{"headings by name, by language, through the style they are based on, by outline level",
			doc{styles: headings, body: styled("T", "Pump") + styled("Heading1", "One") + styled("H2", "Two") + styled("Outline", "Three") + `<w:p><w:pPr><w:outlineLvl w:val="3"/></w:pPr><w:r><w:t>Four</w:t></w:r></w:p>` +
				`<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:outlineLvl w:val="9"/></w:pPr><w:r><w:t>no heading</w:t></w:r></w:p>` + styled("Loop", "prose")},
			[]string{"# One", "## Two", "### Three", "#### Four", "prose no heading", "prose prose"}},
		{"paragraphs that begin with a key, and the text below them",
			doc{styles: headings, body: p("Before") + p("SRS-1") + p("The pump shall stop.") + p("At once.") + p("[SRS-2] Alarm") + p("The pump shall alarm.") + p("PUMP-SRS-003: The pump shall wait.") + styled("Heading1", "End") + p("After")},
			[]string{"prose Before", "SRS-1||The pump shall stop.\n\nAt once.", "SRS-2|Alarm|The pump shall alarm.", "PUMP-SRS-003||The pump shall wait.", "# End", "prose After"}},
		{"a heading that begins with a key is an item", doc{styles: headings, body: styled("Heading1", "Alarms") + styled("H2", "SRS-1 Stop") + p("Text.") + styled("H2", "Other") + p("x")}, []string{"# Alarms", "SRS-1|Stop|Text.", "## Other", "prose x"}},
		{"a key in brackets at the end", doc{body: p("The pump shall stop. [SRS-1]") + p("See [1].")}, []string{"SRS-1||The pump shall stop.\n\nSee [1]."}},
		{"what only looks like a key", doc{body: p("IEC-62304 requires this.") + p("UTF-8 is used.") + p("A-1 sauce.") + p("COVID19 came.") + p("In 2024 it was.") + p("ISO_14971")},
			[]string{"prose IEC-62304 requires this.", "prose UTF-8 is used.", "prose A-1 sauce.", "prose COVID19 came.", "prose In 2024 it was.", `prose ISO_14971`}},
		{"a hyphen that does not break is a hyphen", doc{body: para(run("", "SRS"), "<w:r><w:noBreakHyphen/></w:r>", run("", "1 x")) + p("SRS\u20112 y")}, []string{"SRS-1||x", "SRS-2||y"}},
		{"references and fields on lines of their own", doc{body: p("SRS-1") + p("Text.") + p("covers: SYS-1, SYS-2") + p("Ref: SYS_3") + p("Priority: high") + p("Note: this is text")},
			[]string{"SRS-1||Text.\n\nNote: this is text; Priority=high; covers→SYS-1; covers→SYS-2; Ref→SYS_3"}},
		{"keys one below the other that are items already are a list of them", doc{body: p("SRS-1") + p("One.") + p("SRS-2") + p("Two.") + p("SRS-1") + p("SRS-2")},
			[]string{"SRS-1||One.", "SRS-2||Two.", "prose SRS-1", "prose SRS-2", "lost spec.docx:5 item SRS-1", "lost spec.docx:6 item SRS-2"}},
		{"a key that is there twice", doc{body: p("SRS-1") + p("One.") + p("SRS-1") + p("Again.")}, []string{"SRS-1||One.", "SRS-1||Again.", "fault spec.docx:3 false the key SRS-1 is there already, at spec.docx:1; links lead to that one"}},
		{"text that begins with the key of an item is text", doc{body: p("SRS-1: One.") + p("SRS-1 is tested by hand.")}, []string{"SRS-1||One.\n\nSRS-1 is tested by hand."}},
		{"formatting", doc{relations: `<Relationship Id="h" Type="x/hyperlink" Target="https://example.org/a b" TargetMode="External"/>`,
			body: para(run("<w:b/>", "SRS-1"), run("", " a "), run("<w:b/>", "bold "), run(`<w:b w:val="0"/><w:i/>`, "italic"), run("<w:strike/>", "gone"), run("", " m"), run(`<w:vertAlign w:val="superscript"/>`, "2"), run("", " x"), run(`<w:vertAlign w:val="subscript"/>`, "max")) +
				para(`<w:hyperlink r:id="h">`+run("", "there")+"</w:hyperlink>", run("", "*_#&lt;a&gt; "), "<w:r><w:br/></w:r>", run("", "next"), "<w:r><w:tab/></w:r>", run("", "tab")) + p("# no heading") + p("a_b_c _d_")},
			[]string{"SRS-1|a **bold** *italic*~~gone~~ m² x\\_(max)|[there](<https://example.org/a%20b>)\\*\\_#\\<a> \\\nnext tab\n\n\\# no heading\n\na_b_c \\_d\\_"}},
		{"lists with their numbers, and keys that a list gives", doc{numbering: lists, body: listed("3", "0", "The pump shall:") + listed("1", "0", "one") + listed("1", "1", "a") + listed("1", "1", "b") + listed("1", "0", "two") + listed("2", "0", "bullet") + listed("4", "0", "anew") + listed("3", "0", "Next.")},
			[]string{"SRS-07|The pump shall:|1. one\n    - a) a\n    - b) b\n2. two\n- bullet\n1. anew", "SRS-08||Next."}},
		{"a table with a header is an item a row", doc{body: p("Table 1") + tbl("ID | Requirement | Priority | Parent\nSRS-1 | The pump shall stop. | high | SYS-1\nSRS-2 | It shall alarm. | | SYS-1, SYS-2") + p("After")},
			[]string{"prose Table 1", "SRS-1||The pump shall stop.; Priority=high; Parent→SYS-1", "SRS-2||It shall alarm.; Parent→SYS-1; Parent→SYS-2", "prose After"}},
		{"a table of names and values is one item", doc{body: tbl("ID | SRS-1\nTitle | Stop\nRequirement | The pump shall stop.\nSatisfies | SYS-1\nPriority | high")}, []string{"SRS-1|Stop|The pump shall stop.; Priority=high; Satisfies→SYS-1"}},
		{"a table without a header but with keys", doc{body: tbl("SRS-1 | Ref: SYS-1 | The pump shall stop.\nSRS-2 | | It shall alarm.")},
			[]string{"SRS-1||The pump shall stop.; Ref→SYS-1", "SRS-2||It shall alarm.", "fault spec.docx:1 false the table has no header; column A, which is full of keys, is taken for the keys, and the one with the longest texts for the text"}},
		{"other tables are prose, or the text of an item", doc{body: tbl("Term | Description\nPump | moves | x\n") + p("SRS-1 See:") + tbl("mode | limit\nslow | 1 \\ 2")},
			[]string{"prose | Term | Description |  |\n| --- | --- | --- |\n| Pump | moves | x |\n|  |  |  |", "SRS-1|See:|| mode | limit |\n| --- | --- |\n| slow | 1 \\ 2 |"}},
		{"a frame of one cell is none", doc{body: "<w:tbl><w:tr><w:tc>" + p("SRS-1: The pump shall stop.") + p("Now.") + "</w:tc></w:tr></w:tbl>"}, []string{"SRS-1||The pump shall stop.\n\nNow."}},
		{"merged cells and nested tables", doc{body: `<w:tbl><w:tr><w:tc>` + p("ID") + `</w:tc><w:tc>` + p("Text") + `</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>` + p("Alarms") + `</w:tc></w:tr>` +
			`<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>` + p("SRS-1") + `</w:tc><w:tc>` + p("one") + tbl("a | b\n1 | 2") + `<w:p/></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc>` + p("two") + `</w:tc></w:tr></w:tbl>`},
			[]string{"# Alarms", "SRS-1||one\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\ntwo"}},
		{"tracked changes: the new text, with who and when of both", doc{body: p("SRS-1") + para(run("", "shall "), `<w:del w:author="Jane" w:date="2024-01-02T03:04:05Z"><w:r><w:delText>not </w:delText></w:r></w:del>`, `<w:ins w:author="Joe">`+run("", "always ")+"</w:ins>", run("", "stop"))},
			[]string{"SRS-1||shall always stop", "changed spec.docx:2 SRS-1 deleted not: Jane (2024-01-02T03:04:05Z): a tracked deletion, which is left out", "changed spec.docx:2 SRS-1 inserted always: Joe: a tracked insertion, which is taken"}},
		{"a deleted end of a paragraph joins it with the next", doc{body: `<w:p><w:pPr><w:rPr><w:del w:author="J"/></w:rPr></w:pPr>` + run("", "SRS-1: one ") + "</w:p>" + p("two")}, []string{"SRS-1||one two"}},
		{"a deleted row is left out", doc{body: `<w:tbl><w:tr><w:tc>` + p("ID") + `</w:tc><w:tc>` + p("Text") + `</w:tc></w:tr><w:tr><w:trPr><w:del w:author="J"/></w:trPr><w:tc>` + p("SRS-1") + `</w:tc><w:tc>` + p("gone") + `</w:tc></w:tr><w:tr><w:tc>` + p("SRS-2") + `</w:tc><w:tc>` + p("here") + `</w:tc></w:tr></w:tbl>`},
			[]string{"SRS-2||here", "changed spec.docx:4  deleted row SRS-1 | gone: J: a tracked deletion, which is left out"}},
		{"properties before a change do not hold", doc{body: para("<w:pPr><w:pPrChange><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr></w:pPrChange></w:pPr>", run("<w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange>", "plain"))}, []string{"prose plain"}},
		{"comments", doc{comments: `<w:comment w:id="1" w:author="Jane" w:date="2024-01-02T00:00:00Z"><w:p><w:r><w:t>why?</w:t></w:r></w:p></w:comment><w:comment w:id="2"><w:p><w:r><w:t>hm</w:t></w:r></w:p></w:comment>`,
			body: para(run("", "prose"), `<w:r><w:commentReference w:id="2"/></w:r>`) + para(run("", "SRS-1: text"), `<w:r><w:commentReference w:id="1"/></w:r>`) + tbl("ID | Text\nSRS-2 | x") + strings.Replace(tbl("ID | Text\nSRS-3 | y"), "y</w:t></w:r>", `y</w:t></w:r><w:r><w:commentReference w:id="2"/></w:r>`, 1)},
			[]string{"prose prose", "comment hm", "SRS-1||text; comment=Jane (2024-01-02T00:00:00Z): why?", "SRS-2||x", "SRS-3||y; comment=hm"}},
		{"footnotes", doc{footnotes: `<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r><w:t>see there</w:t></w:r></w:p></w:footnote>`, body: para(run("", "SRS-1: text"), `<w:r><w:footnoteReference w:id="2"/></w:r>`) + p("more")},
			[]string{"SRS-1|text[^2]|more\n\n[^2]: see there"}},
		{"pictures", doc{relations: `<Relationship Id="i" Type="x/image" Target="media/image1.png"/>`, files: map[string]string{"word/media/image1.png": "PNG"},
			body: p("SRS-1: as shown") + para(`<w:r><w:drawing><wp:inline><wp:docPr descr="the pump"/><a:graphic><a:blip r:embed="i"/></a:graphic></wp:inline></w:drawing></w:r>`)},
			[]string{"SRS-1|as shown|![the pump](spec-media/image1.png)", "file spec-media/image1.png 3"}},
		{"text boxes, once, and drawings that are no pictures", doc{body: para(run("", "before"), `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>`+p("SRS-1: boxed")+`</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>`+p("SRS-1: boxed")+`</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>`) +
			para(`<w:r><w:drawing><c:chart xmlns:c="x"/></w:drawing></w:r>`)}, []string{"prose before", "SRS-1||boxed", "lost spec.docx:3 drawing (c:chart) "}},
		{"headers and footers", doc{header: p("Pump SRS"), body: p("x")}, []string{"prose x", "header Pump SRS"}},
		{"a table of contents is not read", doc{styles: headings, body: `<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>` + p("SRS-1 Stop 3") + `</w:sdtContent></w:sdt>` + styled("TOC1", "SRS-2 Alarm 4") + p("SRS-1: real")},
			[]string{"SRS-1||real", "lost spec.docx:1 table of contents, 2 paragraphs"}},
		{"fields: what they show, with the address of a link", doc{body: para(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://example.org" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`, run("", "there"), `<w:r><w:fldChar w:fldCharType="end"/></w:r>`, `<w:fldSimple w:instr="PAGE">`+run("", " 7")+"</w:fldSimple>")},
			[]string{"prose [there](https://example.org) 7"}},
		{"symbols and formulas", doc{body: para(run("", "p "), `<w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r>`, run("", " "), `<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>`)},
			[]string{"prose p ≤ (a)/(b)x^(2)", "changed spec.docx:1  formula (a)/(b)x^(2): it is written as text on one line"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := c.doc.read(t, docx.Options{})
			if diff := cmp.Diff(c.want, told(tree)); diff != "" {
				t.Error(diff)
			}
			reconcile(t, tree)
		})
	}
}

func reconcile(t testing.TB, tree *exchange.Tree) {
	t.Helper()
	lost, links := 0, 0
	for _, l := range tree.Lost {
		lost += l.Items
	}
	for i := range tree.Documents {
		for j := range tree.Documents[i].Items {
			links += len(tree.Documents[i].Items[j].Links)
		}
	}
	if tree.Read.Items != tree.Items()+lost || tree.Read.Links != links || tree.Read.Files != len(tree.Attachments) {
		t.Errorf("read %+v, kept %d items and %d links, lost %d", tree.Read, tree.Items(), links, lost)
	}
}

func TestTitle(t *testing.T) {
	d := doc{styles: headings, body: styled("T", "Pump requirements") + p("SRS-1: x")}
	tree := d.read(t, docx.Options{})
	if got := tree.Documents[0]; got.Title != "Pump requirements" || got.Key != "spec" || got.Items[0].Type != "Requirement" {
		t.Errorf("%+v", got)
	}
}

func TestPattern(t *testing.T) {
	d := doc{body: p("req 12) The pump shall stop.") + p("It says (req 13) that it alarms.") + p("Ref: SYS_1")}
	tree := d.read(t, docx.Options{Pattern: regexp.MustCompile(`req (\d+)`)})
	want := []string{"12||The pump shall stop.", "13||It says (req 13) that it alarms.; Ref→SYS_1"}
	if diff := cmp.Diff(want, told(tree)); diff != "" {
		t.Error(diff)
	}
}

// TestPlaces: a place is the number of a paragraph.
func TestPlaces(t *testing.T) {
	tree := doc{body: p("one") + tbl("ID | Text\nSRS-1 | x") + p("SRS-2: y")}.read(t, docx.Options{})
	items := tree.Documents[0].Items
	if items[0].At.String() != "spec.docx:4" || items[1].At.String() != "spec.docx:6" {
		t.Error(items[0].At, items[1].At)
	}
}

// TestListed: every paragraph that is no part of an item is listed.
func TestListed(t *testing.T) {
	tree := doc{body: p("one") + p("SRS-1: x")}.read(t, docx.Options{})
	if len(tree.Changed) != 1 || tree.Changed[0].What != "paragraph one" || tree.Changed[0].At.Line != 1 {
		t.Errorf("%+v", tree.Changed)
	}
}

func TestDetect(t *testing.T) {
	d := doc{body: p("x")}.zip(t)
	for name, want := range map[string]bool{"a.docx": true, "sub/a.DOCX": true, "a.txt": false, "~$a.docx": false} {
		if got := docx.Detect(fstest.MapFS{name: {Data: d}}); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
