package xlsx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
	"github.com/goldthread/goldthread/internal/exchange/xlsx"
)

type tester interface {
	Helper()
	Fatal(...any)
}

func read(t tester, data []byte, options xlsx.Options) *exchange.Tree {
	t.Helper()
	tree, err := xlsx.Read(fstest.MapFS{"book.xlsx": {Data: data}}, options)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func office(t testing.TB, file string) fstest.MapFS {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(exchangetest.Data(t, "office"), file))
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{file: {Data: data}}
}

// sheet is a sheet of a made-up workbook: what stands between <worksheet> and its end.
type sheet struct{ name, state, xml, relations string }

// cells makes rows of text cells of lines, in which | divides cells.
func cells(text string) string {
	var b strings.Builder
	b.WriteString("<sheetData>")
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		fmt.Fprintf(&b, `<row r="%d">`, n)
		for i, c := range strings.Split(line, "|") {
			if c = strings.TrimSpace(c); c != "" {
				fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+i, n, c)
			}
		}
		b.WriteString("</row>")
	}
	return b.String() + "</sheetData>"
}

const officeRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

// book makes a workbook; parts are more parts by name.
func book(t tester, parts map[string]string, sheets ...sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("_rels/.rels", `<Relationships><Relationship Id="r" Type="`+officeRelations+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	list, links := "", ""
	for i, s := range sheets {
		list += fmt.Sprintf(`<sheet name="%s" state="%s" sheetId="%d" r:id="s%d"/>`, s.name, s.state, i+1, i+1)
		links += fmt.Sprintf(`<Relationship Id="s%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, officeRelations, i+1)
		add(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), "<worksheet>"+s.xml+"</worksheet>")
		if s.relations != "" {
			add(fmt.Sprintf("xl/worksheets/_rels/sheet%d.xml.rels", i+1), "<Relationships>"+s.relations+"</Relationships>")
		}
	}
	for _, kind := range []string{"sharedStrings", "styles"} {
		if parts["xl/"+kind+".xml"] != "" {
			links += `<Relationship Id="` + kind + `" Type="` + officeRelations + "/" + kind + `" Target="` + kind + `.xml"/>`
		}
	}
	add("xl/workbook.xml", `<workbook xmlns:r="`+officeRelations+`"><sheets>`+list+`</sheets></workbook>`)
	add("xl/_rels/workbook.xml.rels", "<Relationships>"+links+"</Relationships>")
	for name, text := range parts {
		add(name, text)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// officeData is a real file, where there are some.
func officeData(t testing.TB, file string) ([]byte, bool) {
	t.Helper()
	folder := os.Getenv("GOLDTHREAD_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	data, err := os.ReadFile(filepath.Join(folder, "office", file))
	return data, err == nil
}
