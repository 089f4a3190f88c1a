package docx_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/docx"
)

const spaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
	`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" ` +
	`xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:o="urn:schemas-microsoft-com:office:office"`

// doc is a document in parts; what is not set is left out.
type doc struct {
	body, styles, numbering, comments, footnotes, header string
	relations                                            string // more of those of the body
	files                                                map[string]string
}

const officeRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

func (d doc) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, text string) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	add("_rels/.rels", `<Relationships><Relationship Id="rId1" Type="`+officeRelations+`officeDocument" Target="word/document.xml"/></Relationships>`)
	links := d.relations
	part := func(kind, root, text string) {
		if text != "" {
			links += `<Relationship Id="p` + kind + `" Type="` + officeRelations + kind + `" Target="` + kind + `.xml"/>`
			add("word/"+kind+".xml", "<w:"+root+" "+spaces+">"+text+"</w:"+root+">")
		}
	}
	part("styles", "styles", d.styles)
	part("numbering", "numbering", d.numbering)
	part("comments", "comments", d.comments)
	part("footnotes", "footnotes", d.footnotes)
	part("header", "hdr", d.header)
	add("word/_rels/document.xml.rels", "<Relationships>"+links+"</Relationships>")
	add("word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document `+spaces+"><w:body>"+d.body+"</w:body></w:document>")
	for name, text := range d.files {
		add(name, text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (d doc) read(t testing.TB, options docx.Options) *exchange.Tree {
	t.Helper()
	return readFile(t, d.zip(t), options)
}

func readFile(t testing.TB, data []byte, options docx.Options) *exchange.Tree {
	t.Helper()
	tree, err := docx.Read(fstest.MapFS{"spec.docx": {Data: data}}, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// p is a paragraph of one run.
func p(text string) string {
	return "<w:p><w:r><w:t xml:space=\"preserve\">" + text + "</w:t></w:r></w:p>"
}

// styled is a paragraph of a style.
func styled(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + "</w:t></w:r></w:p>"
}

// tbl is a table; rows are divided by line ends, cells by |.
func tbl(rows string) string {
	var b strings.Builder
	b.WriteString("<w:tbl><w:tblPr/>")
	for row := range strings.SplitSeq(rows, "\n") {
		b.WriteString("<w:tr>")
		for cell := range strings.SplitSeq(row, "|") {
			b.WriteString("<w:tc><w:tcPr/>" + p(strings.TrimSpace(cell)) + "</w:tc>")
		}
		b.WriteString("</w:tr>")
	}
	return b.String() + "</w:tbl>"
}
