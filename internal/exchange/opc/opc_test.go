package opc_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/exchange/opc"
)

func archive(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRelations(t *testing.T) {
	p, refused := opc.Open(archive(t, "_rels/.rels", `<Relationships><Relationship Id="1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", "<x/>", "xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="x/theme" Target="../theme.xml"/>`+
			`<Relationship Id="c" Type="x/hyperlink" Target="https://example.org" TargetMode="External"/><Relationship Id="d" Type="x/evil" Target="../../../etc/passwd"/></Relationships>`), opc.Limits{})
	if refused != nil {
		t.Fatal(refused)
	}
	main, refused := p.Main()
	if refused != nil || main != "xl/workbook.xml" {
		t.Fatal(main, refused)
	}
	got, refused := p.Relations(main)
	if refused != nil {
		t.Fatal(refused)
	}
	want := []opc.Relation{{ID: "a", Type: "worksheet", Target: "xl/worksheets/sheet1.xml"}, {ID: "b", Type: "theme", Target: "theme.xml"}, {ID: "c", Type: "hyperlink", Target: "https://example.org", External: true}, {ID: "d", Type: "evil", Target: "../../etc/passwd"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, refused := p.Part("../../etc/passwd"); refused == nil || !strings.Contains(refused.Message, "missing") {
		t.Error(refused)
	}
	if opc.One(got, "theme") != "theme.xml" || opc.One(got, "hyperlink") != "" {
		t.Error("One")
	}
}

func TestLimits(t *testing.T) {
	data := archive(t, "a.xml", "<a>12345</a>", "b.xml", "<b/>")
	for _, c := range []struct {
		name   string
		limits opc.Limits
		says   string
	}{
		{"parts", opc.Limits{Parts: 1}, "more than 1 parts"},
		{"all bytes", opc.Limits{TotalBytes: 10}, "swells"},
		{"bytes of a part", opc.Limits{PartBytes: 10}, "more than 10"},
		{"none", opc.Limits{}, ""},
	} {
		p, refused := opc.Open(data, c.limits)
		if refused == nil {
			_, refused = p.Part("a.xml")
		}
		if (refused == nil) != (c.says == "") || refused != nil && !strings.Contains(refused.Message, c.says) {
			t.Errorf("%s: %v", c.name, refused)
		}
	}
}

func TestPartsAreNamedWithoutCase(t *testing.T) {
	p, refused := opc.Open(archive(t, "Word/Document.XML", "<a/>"), opc.Limits{})
	if refused != nil || !p.Has("word/document.xml") {
		t.Error(refused)
	}
	if data, refused := p.Part("word/document.xml"); refused != nil || string(data) != "<a/>" {
		t.Error(string(data), refused)
	}
}
