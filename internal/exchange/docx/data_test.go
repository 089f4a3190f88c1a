package docx_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange/docx"
	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

// facts are what the manifest says of a document.
type facts struct {
	Paragraphs, Tables, Rows, Images, Comments, Ins, Dels int
}

func TestRealDocuments(t *testing.T) {
	for _, c := range []struct {
		file  string
		items string
		read  int // with those that only repeat a key
		last  int // number of the last paragraph that is told
	}{
		{"reqflow-spec.docx", "PRINTF_01 PRINTF_02 PRINTF_03 PRINTF_05 PRINTF_06 PRINTF_12 PRINTF_14 PRINTF_15 PRINTF_15 PRINTF_20", 13, 62},
		{"reqflow-spec-table.docx", "REQ_PRINTF_01 REQ_PRINTF_02 REQ_PRINTF_03", 3, 0},
	} {
		t.Run(c.file, func(t *testing.T) {
			var want facts
			exchangetest.Facts(t, "office", c.file, &want)
			data, err := os.ReadFile(filepath.Join(exchangetest.Data(t, "office"), c.file))
			if err != nil {
				t.Fatal(err)
			}
			tree := readFile(t, data, docx.Options{})
			var keys []string
			for _, item := range tree.Documents[0].Items {
				keys = append(keys, item.Key)
			}
			if diff := cmp.Diff(c.items, strings.Join(keys, " ")); diff != "" {
				t.Error(diff)
			}
			if tree.Read.Items != c.read || tree.Read.Links != 1 || len(tree.Attachments) != want.Images {
				t.Errorf("read %+v, the manifest says %+v", tree.Read, want)
			}
			reconcile(t, tree)
			link := tree.Documents[0].Items[0].Links[0]
			if link.Verb != "Ref" || link.Target != "SYS_155" || link.At.Line == 0 {
				t.Errorf("%+v", link)
			}
			last := 0
			for _, b := range tree.Documents[0].Blocks {
				last = max(last, b.At.Line)
			}
			if c.last > 0 && (last != c.last || last != want.Paragraphs) {
				t.Errorf("the last paragraph is %d of %d", last, want.Paragraphs)
			}
		})
	}
}
