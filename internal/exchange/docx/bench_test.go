package docx_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/exchange/docx"
)

func BenchmarkRead(b *testing.B) {
	var body strings.Builder
	for i := range 10_000 {
		if i%50 == 0 {
			body.WriteString(styled("Heading1", fmt.Sprintf("Section %d", i)))
		}
		fmt.Fprintf(&body, `<w:p w:rsidR="00A77B3E" w:rsidRDefault="00A77B3E"><w:pPr><w:spacing w:after="120"/><w:rPr><w:b/></w:rPr></w:pPr><w:r w:rsidRPr="00B1"><w:rPr><w:b/><w:bCs/><w:lang w:val="en-US"/></w:rPr><w:t>SRS-%d</w:t></w:r><w:r><w:t xml:space="preserve"> Stop on occlusion</w:t></w:r></w:p>`, i)
		fmt.Fprintf(&body, `<w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr><w:r><w:t xml:space="preserve">The pump shall stop within %d ms </w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>at any rate</w:t></w:r><w:r><w:t>, and alarm.</w:t></w:r></w:p>`, i)
		body.WriteString(p(fmt.Sprintf("covers: SYS-%d", i)))
		body.WriteString("<w:p/>")
	}
	body.WriteString(tbl("ID|Requirement|Priority\n" + strings.Repeat("TAB-9|The pump shall beep|high\n", 2000) + "TAB-10|x|low"))
	data := doc{body: body.String()}.zip(b)
	b.SetBytes(int64(body.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if tree := readFile(b, data, docx.Options{}); tree.Items() != 12_001 {
			b.Fatal(tree.Items())
		}
	}
}
