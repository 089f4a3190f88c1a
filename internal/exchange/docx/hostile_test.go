package docx_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/exchange/docx"
)

func TestHostile(t *testing.T) {
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 512)
	for _, c := range []struct {
		name string
		data []byte
		says string
	}{
		{"binary", []byte(ole), "binary format"},
		{"encrypted", []byte(ole + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), "encrypted"},
		{"no archive", []byte("<html>"), "damaged"},
		{"a document type", doc{body: "<!DOCTYPE x>"}.zip(t), "DOCTYPE"},
		{"an entity", doc{body: p("&x;")}.zip(t), "entity"},
		{"depth of a million", doc{body: strings.Repeat("<w:tbl><w:tr><w:tc>", 300_000)}.zip(t), "deep"},
		{"broken", doc{body: "<w:p>"}.zip(t), "proper XML"},
		{"a body that swells", doc{body: strings.Repeat(" ", 100<<20)}.zip(t), "swells"},
		{"an attribute of 50 MB", doc{body: `<w:p w:x="` + strings.Repeat("xyzw", 50<<18) + `"/>`}.zip(t), "more than"},
		{"lists without end", doc{numbering: `<w:num w:numId="1"><w:abstractNumId w:val="9"/></w:num>`, body: listed("1", "99999", "x") + listed("7", "-1", "y")}.zip(t), ""},
		{"a span without end", doc{body: `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>` + p("ID") + `</w:tc><w:tc>` + p("Text") + `</w:tc></w:tr></w:tbl>`}.zip(t), ""},
		{"texts in a million pieces", doc{body: "<w:p><w:ins><w:r><w:t>" + strings.Repeat("<![CDATA[a]]>", 300_000) + "</w:t></w:r></w:ins></w:p>"}.zip(t), ""},
		{"fields without end", doc{body: "<w:p><w:r>" + strings.Repeat(`<w:fldChar w:fldCharType="begin"/>`, 100_000) + "</w:r></w:p>"}.zip(t), ""},
		{"a million marks", doc{body: p("SRS-1: " + strings.Repeat("[", 1_000_000))}.zip(t), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			tree := readFile(t, c.data, docx.Options{})
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 200<<20 {
				t.Errorf("%d bytes were allocated", used)
			}
			found := c.says == ""
			for _, f := range tree.Faults {
				found = found || f.Error && strings.Contains(f.Message, c.says)
			}
			if !found {
				t.Errorf("no fault says %q: %+v", c.says, tree.Faults)
			}
		})
	}
}

func TestMostParagraphs(t *testing.T) {
	d := doc{body: strings.Repeat(p("x"), 10)}
	tree := d.read(t, docx.Options{Limits: docx.Limits{Paragraphs: 3}})
	if len(tree.Documents[0].Blocks) != 3 || len(tree.Lost) != 1 || len(tree.Faults) != 1 || !tree.Faults[0].Error {
		t.Errorf("%+v, %+v", tree.Lost, tree.Faults)
	}
}

func FuzzBody(f *testing.F) {
	f.Add(p("SRS-1: x") + tbl("ID | Text\nSRS-2 | y"))
	f.Add(`<w:p><w:ins w:author="a">` + run("<w:b/>", "x") + `</w:ins><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p><w:sdt><w:sdtContent>` + listed("1", "0", "x") + "</w:sdtContent></w:sdt>")
	f.Fuzz(func(t *testing.T, body string) {
		d := doc{styles: headings, numbering: lists, body: body}
		reconcile(t, d.read(t, docx.Options{}))
	})
}

func FuzzRead(f *testing.F) {
	f.Add(doc{styles: headings, numbering: lists, body: p("SRS-1: x") + listed("1", "0", "y")}.zip(f))
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "data", "office", "*.docx")) // where there are some
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 1<<20 {
			reconcile(t, readFile(t, data, docx.Options{}))
		}
	})
}
