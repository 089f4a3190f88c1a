package main

import (
	"archive/zip"
	"bytes"
	"context"
	stdcsv "encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Sizes of the foreign files: a ReqIF file as a tool of a whole car project
// writes it, and tables as long as they get.
const (
	reqifBytes = 18_000_000
	tableRows  = 100_000
)

// foreign is a file of another tool with the yardstick of its reading: what a
// plain decoder of the standard library takes for the same bytes.
type foreign struct {
	format, file string
	make         func() ([]byte, error)
	decode       func([]byte) error
}

var foreignFiles = []foreign{
	{"reqif", "large.reqif", largeReqIF, decodeXML},
	{"csv", "large.csv", largeCSV, decodeCSV},
	{"xlsx", "large.xlsx", largeXLSX, decodeXLSX},
}

// benchImports times `goldthread import`, as a preview and into a new folder,
// and the export of what came in, beside a plain decoder over the same bytes.
func benchImports(ctx context.Context) error {
	fmt.Printf("\nimports of foreign files, medians; yardstick: a plain decoder of the standard library over the same bytes\n")
	fmt.Printf("%8s %8s %12s %12s %12s %12s %12s %8s %14s\n", "format", "MB", "preview", "import", "memory", "export", "yardstick", "ratio", "memory / file")
	program, err := builtProgram()
	if err != nil {
		return err
	}
	for _, f := range foreignFiles {
		if err := benchImport(ctx, program, f); err != nil {
			return fmt.Errorf("%s: %w", f.format, err)
		}
	}
	return nil
}

func benchImport(ctx context.Context, program string, f foreign) error {
	dir, err := os.MkdirTemp("", "goldthread-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	data, err := f.make()
	if err != nil {
		return err
	}
	source := filepath.Join(dir, f.file)
	if err := os.WriteFile(source, data, 0o666); err != nil {
		return err
	}
	into, out := filepath.Join(dir, "project"), filepath.Join(dir, "out-"+f.file)
	var preview, whole, back, yardstick times
	var memory int64
	for range 5 {
		if err := os.RemoveAll(into); err != nil {
			return err
		}
		took, _, err := run(ctx, program, "import", f.format, source, "--into", into, "--preview")
		if err != nil {
			return err
		}
		preview = append(preview, took)
		took, peak, err := run(ctx, program, "import", f.format, source, "--into", into)
		if err != nil {
			return err
		}
		whole, memory = append(whole, took), max(memory, peak)
		if took, _, err = run(ctx, program, "export", f.format, into, "-o", out); err != nil {
			return err
		}
		back = append(back, took)
		begun := time.Now()
		if err := f.decode(data); err != nil {
			return err
		}
		yardstick = append(yardstick, time.Since(begun))
	}
	fmt.Printf("%8s %8.1f %12s %12s %9d MB %12s %12s %8s %13.1f×\n", f.format, float64(len(data))/1e6, short(preview.median()), short(whole.median()), memory>>20, short(back.median()),
		short(yardstick.median()), ratio(whole.median(), yardstick.median()), float64(memory)/float64(len(data)))
	return nil
}

// largeReqIF is a document of requirements with text in XHTML, each linked to
// the one before it.
func largeReqIF() ([]byte, error) {
	const stamp = `LAST-CHANGE="2026-01-01T00:00:00Z"`
	random := rand.New(rand.NewPCG(62304, 12))
	var objects, relations, hierarchy strings.Builder
	n := 0
	for ; objects.Len()+relations.Len()+hierarchy.Len() < reqifBytes; n++ {
		fmt.Fprintf(&objects, `<SPEC-OBJECT IDENTIFIER="_o%d" `+stamp+`><TYPE><SPEC-OBJECT-TYPE-REF>_t</SPEC-OBJECT-TYPE-REF></TYPE><VALUES>`+
			`<ATTRIBUTE-VALUE-STRING THE-VALUE="REQ-%d"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>_id</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>`+
			`<ATTRIBUTE-VALUE-XHTML><DEFINITION><ATTRIBUTE-DEFINITION-XHTML-REF>_text</ATTRIBUTE-DEFINITION-XHTML-REF></DEFINITION><THE-VALUE>`+
			"<xhtml:div><xhtml:p>%s</xhtml:p><xhtml:p>Not <xhtml:b>later</xhtml:b>.</xhtml:p></xhtml:div></THE-VALUE></ATTRIBUTE-VALUE-XHTML></VALUES></SPEC-OBJECT>\n", n, n, prose(random, 200))
		fmt.Fprintf(&hierarchy, `<SPEC-HIERARCHY IDENTIFIER="_h%d" `+stamp+`><OBJECT><SPEC-OBJECT-REF>_o%d</SPEC-OBJECT-REF></OBJECT></SPEC-HIERARCHY>`+"\n", n, n)
		if n > 0 {
			fmt.Fprintf(&relations, `<SPEC-RELATION IDENTIFIER="_r%d" `+stamp+`><TYPE><SPEC-RELATION-TYPE-REF>_link</SPEC-RELATION-TYPE-REF></TYPE>`+
				`<SOURCE><SPEC-OBJECT-REF>_o%d</SPEC-OBJECT-REF></SOURCE><TARGET><SPEC-OBJECT-REF>_o%d</SPEC-OBJECT-REF></TARGET></SPEC-RELATION>`+"\n", n, n, n-1)
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" xmlns:xhtml="http://www.w3.org/1999/xhtml"><THE-HEADER><REQ-IF-HEADER IDENTIFIER="_header">`+
		`<CREATION-TIME>2026-01-01T00:00:00Z</CREATION-TIME><REQ-IF-TOOL-ID>bench</REQ-IF-TOOL-ID><REQ-IF-VERSION>1.0</REQ-IF-VERSION><SOURCE-TOOL-ID>bench</SOURCE-TOOL-ID>`+
		`<TITLE>Large</TITLE></REQ-IF-HEADER></THE-HEADER><CORE-CONTENT><REQ-IF-CONTENT><DATATYPES>`+
		`<DATATYPE-DEFINITION-STRING IDENTIFIER="_string" `+stamp+` MAX-LENGTH="200"/><DATATYPE-DEFINITION-XHTML IDENTIFIER="_xhtml" `+stamp+`/></DATATYPES><SPEC-TYPES>`+
		`<SPEC-OBJECT-TYPE IDENTIFIER="_t" LONG-NAME="Software requirement" `+stamp+`><SPEC-ATTRIBUTES>`+
		`<ATTRIBUTE-DEFINITION-STRING IDENTIFIER="_id" LONG-NAME="ReqIF.ForeignID" `+stamp+`><TYPE><DATATYPE-DEFINITION-STRING-REF>_string</DATATYPE-DEFINITION-STRING-REF></TYPE></ATTRIBUTE-DEFINITION-STRING>`+
		`<ATTRIBUTE-DEFINITION-XHTML IDENTIFIER="_text" LONG-NAME="ReqIF.Text" `+stamp+`><TYPE><DATATYPE-DEFINITION-XHTML-REF>_xhtml</DATATYPE-DEFINITION-XHTML-REF></TYPE></ATTRIBUTE-DEFINITION-XHTML>`+
		`</SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE><SPEC-RELATION-TYPE IDENTIFIER="_link" LONG-NAME="follows" `+stamp+`/><SPECIFICATION-TYPE IDENTIFIER="_spec" `+stamp+`/></SPEC-TYPES>`+
		"<SPEC-OBJECTS>\n%s</SPEC-OBJECTS><SPEC-RELATIONS>\n%s</SPEC-RELATIONS>"+
		`<SPECIFICATIONS><SPECIFICATION IDENTIFIER="_s" LONG-NAME="Software requirements" `+stamp+`><TYPE><SPECIFICATION-TYPE-REF>_spec</SPECIFICATION-TYPE-REF></TYPE><CHILDREN>`+
		"\n%s</CHILDREN></SPECIFICATION></SPECIFICATIONS></REQ-IF-CONTENT></CORE-CONTENT></REQ-IF>\n", objects.String(), relations.String(), hierarchy.String())
	return b.Bytes(), nil
}

// tableColumns are those of the large tables; refines names the parent.
var tableColumns = []string{"key", "kind", "title", "text", "status", "priority", "owner", "rationale", "refines", "release"}

func tableRow(i int) []string {
	parent := ""
	if i > 0 {
		parent = fmt.Sprintf("SRS-%d", (i-1)/10+1)
	}
	return []string{fmt.Sprintf("SRS-%d", i+1), "SRS", fmt.Sprintf("Stop on occlusion %d", i), fmt.Sprintf("The pump shall stop within %d ms, and alarm \"high\".\nThen it waits.", i%977), "draft",
		fmt.Sprint(i % 4), "ann", fmt.Sprintf("because of hazard %d", i%371), parent, fmt.Sprintf("1.%d", i%7)}
}

func largeCSV() ([]byte, error) {
	var b bytes.Buffer
	w := stdcsv.NewWriter(&b)
	err := w.Write(tableColumns)
	for i := range tableRows {
		err = errors.Join(err, w.Write(tableRow(i)))
	}
	w.Flush()
	return b.Bytes(), errors.Join(err, w.Error())
}

// largeXLSX is the same table as a workbook with shared strings, as spreadsheet
// programs write them.
func largeXLSX() ([]byte, error) {
	var sheet, shared strings.Builder
	index := map[string]int{}
	row := func(n int, cells []string) {
		fmt.Fprintf(&sheet, `<row r="%d">`, n)
		for i, c := range cells {
			at, ok := index[c]
			if !ok {
				at = len(index)
				index[c] = at
				shared.WriteString("<si><t xml:space=\"preserve\">")
				_ = xml.EscapeText(&shared, []byte(c)) // a builder does not fail
				shared.WriteString("</t></si>")
			}
			fmt.Fprintf(&sheet, `<c r="%c%d" t="s"><v>%d</v></c>`, 'A'+i, n, at)
		}
		sheet.WriteString("</row>")
	}
	row(1, tableColumns)
	for i := range tableRows {
		row(i+2, tableRow(i))
	}
	const (
		head     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
		main     = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
		packages = "http://schemas.openxmlformats.org/package/2006/"
		office   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
		kind     = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	)
	parts := [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + packages + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + kind + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + kind + `worksheet+xml"/>` +
			`<Override PartName="/xl/sharedStrings.xml" ContentType="` + kind + `sharedStrings+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packages + `relationships"><Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + main + ` xmlns:r="` + office + `"><sheets><sheet name="Requirements" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packages + `relationships"><Relationship Id="rId1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + office + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet ` + main + `><sheetData>` + sheet.String() + `</sheetData></worksheet>`},
		{"xl/sharedStrings.xml", `<sst ` + main + `>` + shared.String() + `</sst>`},
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p[0])
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(w, head+p[1]); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func decodeXML(data []byte) error { return decodeTokens(bytes.NewReader(data)) }

func decodeTokens(r io.Reader) error {
	d := xml.NewDecoder(r)
	for {
		if _, err := d.RawToken(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func decodeCSV(data []byte) error {
	_, err := stdcsv.NewReader(bytes.NewReader(data)).ReadAll()
	return err
}

func decodeXLSX(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		if err := errors.Join(decodeTokens(r), r.Close()); err != nil {
			return err
		}
	}
	return nil
}
