package xlsx_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xlsx"
)

// told is what a test says of a tree: items, sections, blocks, and what is said of the reading.
func told(tree *exchange.Tree) []string {
	var out []string
	for i := range tree.Documents {
		d := &tree.Documents[i]
		out = append(out, "= "+d.Key+" "+d.Title)
		for _, s := range d.Sections {
			out = append(out, fmt.Sprintf("%s %s", strings.Repeat("#", s.Level), s.Title))
		}
		for _, b := range d.Blocks {
			out = append(out, b.Kind+" "+b.Text)
		}
		for j := range d.Items {
			item := &d.Items[j]
			line := fmt.Sprintf("%s|%s|%s|%s", item.Key, item.Type, item.Title, item.Text)
			for _, f := range item.Fields {
				line += fmt.Sprintf("; %s=%s%s", f.Name, strings.Join(f.Values, "/"), strings.TrimSuffix(":"+string(f.Data), ":"))
			}
			for _, l := range item.Links {
				line += fmt.Sprintf("; %s→%s", l.Verb, l.Target)
			}
			out = append(out, line)
		}
	}
	for _, f := range tree.Faults {
		out = append(out, fmt.Sprintf("fault %s %v %s", f.At, f.Error, f.Message))
	}
	for _, c := range tree.Changed {
		out = append(out, fmt.Sprintf("changed %s %s", c.At, c.What))
	}
	for _, l := range tree.Lost {
		out = append(out, fmt.Sprintf("lost %s %s", l.At, l.What))
	}
	return out
}

const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.0&quot; mm&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>` +
	`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="4"/></cellXfs></styleSheet>`

func TestRead(t *testing.T) {
	comments := map[string]string{"xl/comments1.xml": `<comments><authors><author>Jane</author></authors><commentList>` +
		`<comment ref="B2" authorId="0"><text><r><t>Jane:</t></r><r><t xml:space="preserve">
unclear</t></r></text></comment><comment ref="D2" authorId="0"><text><t>empty cell</t></text></comment><comment ref="A9" authorId="0"><text><t>empty row</t></text></comment></commentList></comments>`}
	commentsRelation := `<Relationship Id="c" Type="` + officeRelations + `/comments" Target="../comments1.xml"/>`
	for _, c := range []struct {
		name   string
		parts  map[string]string
		sheets []sheet
		want   []string
	}{
		{"a sheet with a name of its own gives the document its title",
			nil, []sheet{{name: "System Requirements", xml: cells("ID|Text\nSYS-1|The system shall.")}},
			[]string{"= book System Requirements", "SYS-1|Requirement||The system shall."}},
		{"several sheets are several documents; one that is no table is prose, an empty one is named",
			nil, []sheet{{name: "A", xml: cells("ID|Text\nX-1|one")}, {name: "B", xml: cells("ID|Text|Parent\nY-1|two|X-1")}, {name: "History", xml: cells("Version|Date\n1.0|today")}, {name: "Sheet4", xml: "<sheetData/>"}},
			[]string{"= A A", "X-1|||one", "= B B", "Y-1|||two; Parent→X-1", "= History History", "prose Version | Date", "prose 1.0 | today", "changed book.xlsx/Sheet4 sheet Sheet4"}},
		{"a hidden sheet is read where it is a table, and named in any case",
			nil, []sheet{{name: "A", xml: cells("ID|Text\nX-1|one")}, {name: "B", state: "hidden", xml: cells("ID|Text\nY-1|two")}, {name: "Lists", state: "veryHidden", xml: cells("high\nlow")}},
			[]string{"= A A", "X-1|||one", "= B B", "Y-1|||two", "changed book.xlsx/B sheet B", "lost book.xlsx/Lists sheet Lists"}},
		{"merged cells: a title, a header of two rows, a heading, an item of two rows, a cell for two items",
			nil, []sheet{{name: "Sheet1", xml: cells("Pump\n\nID|Requirement|Verification||Priority\n||Method|Place|\n1.2 Alarms\nA-1|one|test|lab|high\n|two||field|\nA-2|three|test|lab|") +
				`<mergeCells><mergeCell ref="A1:E1"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/><mergeCell ref="C3:D3"/><mergeCell ref="E3:E4"/><mergeCell ref="A5:E5"/><mergeCell ref="A6:A7"/><mergeCell ref="E6:E8"/></mergeCells>`}},
			[]string{"= book Pump", "## 1.2 Alarms", "A-1|Requirement||one\n\ntwo; Verification Method=test; Verification Place=lab/field; Priority=high", "A-2|Requirement||three; Verification Method=test; Verification Place=lab; Priority=high"}},
		{"dates are ISO, numbers are as shown, truths are words",
			map[string]string{"xl/styles.xml": styles}, []sheet{{name: "Sheet1", xml: `<sheetData><row><c t="inlineStr"><is><t>ID</t></is></c><c t="inlineStr"><is><t>Text</t></is></c><c t="inlineStr"><is><t>Date</t></is></c><c t="inlineStr"><is><t>Time</t></is></c><c t="inlineStr"><is><t>Share</t></is></c><c t="inlineStr"><is><t>Size</t></is></c><c t="inlineStr"><is><t>Cost</t></is></c><c t="inlineStr"><is><t>Done</t></is></c><c t="inlineStr"><is><t>Number</t></is></c></row>` +
				`<row><c t="inlineStr"><is><t>A-1</t></is></c><c t="inlineStr"><is><t>x</t></is></c><c s="1"><v>45351</v></c><c s="2"><v>45351.75</v></c><c s="3"><v>0.5</v></c><c s="4"><v>2</v></c><c s="5"><v>1234.5</v></c><c t="b"><v>1</v></c><c><v>0.30000000000000004</v></c></row></sheetData>`}},
			[]string{"= book book", "A-1|||x; Date=2024-02-29:date; Time=2024-02-29T18:00:00:date; Share=50%; Size=2.0 mm; Cost=1,234.50; Done=true:boolean; Number=0.3:real"}},
		{"formulas are read as the values saved with them; one without a value is a fault",
			nil, []sheet{{name: "Sheet1", xml: `<sheetData><row><c t="inlineStr"><is><t>ID</t></is></c><c t="inlineStr"><is><t>Text</t></is></c><c t="inlineStr"><is><t>N</t></is></c></row>` +
				`<row><c t="str"><f>"A-"&amp;1</f><v>A-1</v></c><c t="inlineStr"><is><t>x</t></is></c><c><f>1+1</f><v>2</v></c></row>` +
				`<row><c t="inlineStr"><is><t>A-2</t></is></c><c t="inlineStr"><is><t>y</t></is></c><c><f>1+1</f></c></row><row><c t="inlineStr"><is><t>A-3</t></is></c><c t="str"><f>""</f><v></v></c><c t="str"><f>1+1</f><v></v></c></row><row><c t="inlineStr"><is><t>A-4</t></is></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData>`}},
			[]string{"= book book", "A-1|||x; N=2:integer", "A-2|||y", "A-3|||", "A-4|||#DIV/0!", "fault book.xlsx/Sheet1:3:3 true a formula has no value: the program that wrote the file did not compute it",
				"fault book.xlsx/Sheet1:4:3 true a formula has no value: the program that wrote the file did not compute it", "fault book.xlsx/Sheet1:5:2 false the cell shows the error #DIV/0!; it is read as that text",
				"changed book.xlsx/Sheet1:2 6 formulas", "lost book.xlsx/Sheet1:3:3 formula", "lost book.xlsx/Sheet1:4:3 formula"}},
		{"rich text is Markdown in texts, and plain in names; phonetic text and escapes are resolved",
			map[string]string{"xl/sharedStrings.xml": `<sst><si><t>ID</t></si><si><r><t>Te</t></r><r><rPr><b/></rPr><t>xt</t></r></si><si><r><rPr><b/></rPr><t>A</t></r><r><t>-1</t></r></si><si><r><t xml:space="preserve">shall </t></r><r><rPr><b/></rPr><t xml:space="preserve">stop </t></r><r><rPr><i/></rPr><t>now</t></r><rPh><t>x</t></rPh></si><si><r><rPr><strike/></rPr><t>gone</t></r></si><si><t>a_x000D_
b_x005F_x0041_</t></si></sst>`},
			[]sheet{{name: "Sheet1", xml: `<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row><row><c r="B3" t="s"><v>4</v></c><c r="A3" t="inlineStr"><is><t>A-2</t></is></c></row><row><c r="A4" t="inlineStr"><is><t>A-3</t></is></c><c r="B4" t="s"><v>5</v></c></row></sheetData>`}},
			[]string{"= book book", "A-1|||shall **stop** *now*", "A-2|||~~gone~~", "A-3|||a\nb_x0041_", "changed book.xlsx/Sheet1 4 cells with formatted text"}},
		{"comments and addresses stay with their items; those of empty cells say where they stand",
			comments, []sheet{{name: "Sheet1", xml: cells("ID|Text|Link\nA-1|one|\nA-2|two|") + `<hyperlinks><hyperlink ref="A3" r:id="h"/><hyperlink ref="B3" location="Sheet1!A1"/></hyperlinks>`,
				relations: commentsRelation + `<Relationship Id="h" Type="x/hyperlink" TargetMode="External" Target="https://example.org/"/><Relationship Id="d" Type="x/drawing" Target="../drawings/d.xml"/>`}},
			[]string{"= book book", "comment Jane: empty row", "A-1|||one; comment=D2: Jane: empty cell/Jane: unclear", "A-2|||two; hyperlink=https://example.org//#Sheet1!A1", "lost book.xlsx/Sheet1 drawing of sheet Sheet1"}},
		{"hidden rows and columns are read and named",
			nil, []sheet{{name: "Sheet1", xml: `<cols><col min="2" max="3" hidden="1"/></cols>` + strings.Replace(cells("ID|Text\nA-1|one"), `<row r="2"`, `<row hidden="1" r="2"`, 1)}},
			[]string{"= book book", "A-1|||one", "changed book.xlsx/Sheet1:2 1 hidden rows", "changed book.xlsx/Sheet1 hidden columns B:C"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := book(t, c.parts, c.sheets...)
			tree := read(t, data, xlsx.Options{})
			if diff := cmp.Diff(c.want, told(tree)); diff != "" {
				t.Error(diff)
			}
			if tree.Read.Items != tree.Items() || tree.Read.Documents != len(tree.Documents) {
				t.Errorf("read %+v, kept %d items of %d documents", tree.Read, tree.Items(), len(tree.Documents))
			}
		})
	}
}

func TestColumns(t *testing.T) {
	data := book(t, nil, sheet{name: "Sheet1", xml: cells("Foo|Bar|Baz|Boo|Bla\nA-1|one|SYS-1|x|hidden")})
	tree := read(t, data, xlsx.Options{Columns: map[string]string{"foo": "key", "Bar": "text", "BAZ": "link satisfies", "Boo": "field priority", "Bla": "ignore"}})
	want := []string{"= book book", "A-1|||one; priority=x; satisfies→SYS-1", "changed book.xlsx/Sheet1:1:1 column Boo", "lost book.xlsx/Sheet1 column E (Bla): 1 cells"}
	got := told(tree)
	if diff := cmp.Diff(want[:2], got[:2]); diff != "" || got[len(got)-1] != want[3] {
		t.Errorf("%s %q", diff, got)
	}
}

func TestSheets(t *testing.T) {
	data := book(t, nil, sheet{name: "A", xml: cells("ID|Text\nX-1|one")}, sheet{name: "B", xml: cells("ID|Text\nY-1|two")})
	tree := read(t, data, xlsx.Options{Sheets: []string{"B"}})
	if diff := cmp.Diff([]string{"= book B", "Y-1|||two", "lost book.xlsx/A sheet A"}, told(tree)); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 512)
	encrypted := ole + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"
	for _, c := range []struct{ name, file, data, message, remedy string }{
		{"binary", "a.xls", ole, "binary format", "save it as .xlsx"},
		{"binary under another name", "a.xlsx", ole, "binary format", "save it as .xlsx"},
		{"encrypted", "a.xlsx", encrypted, "encrypted", "remove the password"},
		{"no archive", "a.xlsx", "ID,Text\nA-1,x", "damaged", "save it again"},
		{"empty", "a.xlsx", "", "damaged", "save it again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, err := xlsx.Read(fstest.MapFS{c.file: {Data: []byte(c.data)}}, xlsx.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(tree.Faults) != 1 || !tree.Faults[0].Error || !strings.Contains(tree.Faults[0].Message, c.message) || !strings.Contains(tree.Faults[0].Remedy, c.remedy) || len(tree.Others) != 1 {
				t.Errorf("%+v, others %v", tree.Faults, tree.Others)
			}
		})
	}
}
