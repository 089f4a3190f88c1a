package xmlscan

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/goldthread/goldthread/internal/exchange/exchangetest"
)

// said is every token as one line.
func said(data []byte, options Options) (out []string, err error) {
	s, err := New(data, options)
	if err != nil {
		return nil, err
	}
	for s.Next() {
		switch s.Kind {
		case Start:
			line := "<" + s.Name.Local
			for _, a := range s.Attrs {
				line += fmt.Sprintf(" %s=%q", a.Local, a.Value)
			}
			out = append(out, line)
		case End:
			out = append(out, "/"+s.Name.Local)
		case Text:
			out = append(out, fmt.Sprintf("%q", s.Text))
		case Comment:
			out = append(out, "!"+s.Text)
		case Instruction:
			out = append(out, "?"+s.Text)
		}
	}
	return out, s.Err()
}

func TestTokens(t *testing.T) {
	for in, want := range map[string]string{
		`<a/>`: `<a|/a`,
		"<?xml version='1.0'?>\n<a>x</a>\n<!-- end -->":               `<a|"x"|/a`,
		`<a b="1" c='2 "3"'>x &amp; &#233;&#xE9; &lt;</a >`:           `<a b="1" c="2 \"3\""|"x & éé <"|/a`,
		"<a b='x\r\n\ty'>1\r\n2\r3</a>":                               `<a b="x  y"|"1\n2\n3"|/a`,
		`<x:a xmlns:x="u"><x:b/><!-- <c> --><![CDATA[<d> & ]]></x:a>`: `<a x="u"|<b|/b|"<d> & "|/a`,
		"\xef\xbb\xbf<a/>": `<a|/a`,
		"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>":   `<a|"é"|/a`,
		"<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>": `<a|"€"|/a`,
	} {
		got, err := said([]byte(in), Options{})
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("%q gives %s, %v, want %s", in, strings.Join(got, "|"), err, want)
		}
	}
}

func TestAsides(t *testing.T) {
	in := "<?xml version='1.0'?><!-- a\r\nb --><a>x<?y z?>w<!----></a><!--c-->"
	want := "?xml version='1.0'|! a\nb |<a|\"x\"|?y z|\"w\"|!|/a|!c"
	if got, err := said([]byte(in), Options{Asides: true}); err != nil || strings.Join(got, "|") != want {
		t.Errorf("%q gives %s, %v, want %s", in, strings.Join(got, "|"), err, want)
	}
}

func TestUTF16(t *testing.T) {
	for _, little := range []bool{true, false} {
		var b bytes.Buffer
		for _, u := range utf16.Encode([]rune("\ufeff<?xml version='1.0' encoding='UTF-16'?><a>é\U0001F489</a>")) {
			if little {
				b.Write([]byte{byte(u), byte(u >> 8)})
			} else {
				b.Write([]byte{byte(u >> 8), byte(u)})
			}
		}
		if got, err := said(b.Bytes(), Options{}); err != nil || strings.Join(got, "|") != `<a|"é`+"\U0001F489"+`"|/a` {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func TestFaults(t *testing.T) {
	deep := strings.Repeat("<a>", 300)
	for in, want := range map[string]string{
		"":                           "line 1, column 1: there is no element",
		"<a>\n<b></a>":               "line 2, column 4: </a> stands where </b> should",
		"<a":                         "not closed",
		"<a b>":                      "column 4: the attribute b has no value",
		"<a b=c>":                    "column 6: the value of b does not stand in quotes",
		"<a b='1' b='2'/>":           "column 10: the attribute b is there twice",
		"<a b='<'/>":                 "< must not stand",
		"<a/><b/>":                   "a second root element",
		"<a>&x;</a>":                 "column 4: the entity &x; is refused",
		"<a>&#0;</a>":                "no character of XML",
		"<a>&#x110000;</a>":          "no character",
		"<a>& b</a>":                 "not closed; write &amp;",
		"<!DOCTYPE a><a/>":           "DOCTYPE",
		"<a>\x00</a>":                "column 4: a control character",
		"<a>\xff</a>":                "column 4: invalid UTF-8",
		"\xff\xfe<\x00a\x00":         "not closed",
		"\xff\xfe<\x00\n\x00a":       "line 2, column 1: the file is not valid UTF-16 text: it ends within a character",
		"\xfe\xff\x00<\xdc\x00\x00a": "line 1, column 2: the file is not valid UTF-16 text: half a character",
		"x<a/>":                      "text outside",
		"<a/>x":                      "text outside",
		"<a>]]></a>":                 "]]>",
		"<1/>":                       "a name is missing",
		"<a><!-- </a>":               "a comment is not closed",
		"<a><![CDATA[ </a>":          "CDATA",
		"<a><?x </a>":                "processing instruction",
		"<a><?></a>":                 "processing instruction",
		deep:                         "elements more than 256 deep",
		"<a b='" + strings.Repeat("x", 100) + "'/>":          "more than 50 bytes",
		"<a>" + strings.Repeat("x", 100) + "</a>":            "more than 50 bytes",
		"<?xml version='1.0' encoding='EBCDIC'?><a>\xe9</a>": "the encoding EBCDIC is not read",
	} {
		_, err := said([]byte(in), Options{MaxValue: 50})
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", in, err, want)
		}
	}
	if _, err := said([]byte("<!DOCTYPE a SYSTEM 'a.dtd'><a/>"), Options{AllowDoctype: true}); err != nil {
		t.Error(err)
	}
	if _, err := said([]byte("<!DOCTYPE a [<!ENTITY x 'y'>]><a/>"), Options{AllowDoctype: true}); err == nil {
		t.Error("an internal subset is taken")
	}
}

func TestWarnings(t *testing.T) {
	s, err := New([]byte("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>"), Options{})
	if err != nil || !strings.Contains(s.Warning, "but it is UTF-8") {
		t.Errorf("%v, %q", err, s.Warning)
	}
}

func TestPositions(t *testing.T) {
	s, _ := New([]byte("<a>\n  <b x='1'/>\n</a>"), Options{})
	for s.Next() {
		if s.Kind == Start && s.Name.Local == "b" {
			if line, column := s.Position(s.Offset); line != 2 || column != 3 {
				t.Errorf("%d:%d", line, column)
			}
			if got := string(s.Data()[s.Offset:s.EndOffset]); got != "<b x='1'/>" {
				t.Error(got)
			}
			if line, _ := s.Position(0); line != 1 {
				t.Error("an earlier place")
			}
		}
	}
}

// seeds are files that other tools have written.
func seeds(f *testing.F) {
	f.Add([]byte("<a b='1'>x &amp; y<c/></a>"))
	f.Add([]byte("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9<![CDATA[x]]></a>"))
	folder := os.Getenv("GOLDTHREAD_DATA")
	if folder == "" {
		return
	}
	names, _ := filepath.Glob(filepath.Join(folder, "reqif", "*.reqif"))
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil && len(data) < 20000 {
			f.Add(data)
		}
	}
}

// Whatever is read without a fault, encoding/xml reads too, with the same elements and the same text.
func FuzzScan(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := said(data, Options{})
		if err != nil || bytes.Contains(data[:min(len(data), 300)], []byte("encoding")) || bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) || bytes.Contains(data[:min(len(data), 4)], []byte("\x00")) {
			return
		}
		d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
		elements := 0
		for {
			tok, err := d.RawToken()
			if err == io.EOF {
				break
			}
			if err != nil {
				return // stricter in names and characters
			}
			if _, ok := tok.(xml.StartElement); ok {
				elements++
			}
		}
		mine := 0
		for _, line := range got {
			if line[0] == '<' {
				mine++
			}
		}
		if mine != elements {
			t.Errorf("%d elements, encoding/xml has %d", mine, elements)
		}
	})
}

func TestRealFiles(t *testing.T) {
	names, _ := filepath.Glob(filepath.Join(exchangetest.Data(t, "reqif"), "*.reqif"))
	if len(names) == 0 {
		t.Skip("no real files")
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := said(data, Options{}); err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	part := `<SPEC-OBJECT IDENTIFIER="_abc"><VALUES><ATTRIBUTE-VALUE-STRING THE-VALUE="some value"><DEFINITION><REF>d1</REF></DEFINITION></ATTRIBUTE-VALUE-STRING></VALUES><div>` + strings.Repeat("The pump shall stop &amp; alarm. ", 10) + "</div></SPEC-OBJECT>\n"
	data := []byte("<a>" + strings.Repeat(part, 10000) + "</a>")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s, err := New(data, Options{})
		if err != nil {
			b.Fatal(err)
		}
		for s.Next() {
		}
		if s.Err() != nil {
			b.Fatal(s.Err())
		}
	}
}
