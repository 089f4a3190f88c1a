package junit

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// ours lists the tokens of a text in a simple form, texts joined.
func ours(in io.Reader) (list []string, err error) {
	z := newTokens(in, 1<<20)
	text := ""
	flush := func() {
		if text != "" {
			list = append(list, "text "+text)
			text = ""
		}
	}
	for {
		k, err := z.next(true)
		if k != tokenText {
			flush()
		}
		if err != nil {
			return list, err
		}
		switch k {
		case tokenOpen:
			line := "<" + z.element.name
			for _, a := range z.element.attributes {
				line += fmt.Sprintf(" %s=%q", a.name, a.value)
			}
			list = append(list, line)
		case tokenClose:
			list = append(list, "</"+z.name)
		case tokenText:
			text += string(z.text)
		case tokenDoctype:
			return list, errors.New("doctype")
		case tokenEnd:
			return list, nil
		}
	}
}

// theirs is the same by encoding/xml.
func theirs(in io.Reader) (list []string, err error) {
	d := xml.NewDecoder(in)
	text := ""
	for {
		token, err := d.RawToken()
		if _, is := token.(xml.CharData); !is {
			if _, comment := token.(xml.Comment); !comment && text != "" {
				if _, pi := token.(xml.ProcInst); !pi {
					list = append(list, "text "+text)
					text = ""
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			line := "<" + t.Name.Local
			for _, a := range t.Attr {
				if a.Name.Space == "" {
					line += fmt.Sprintf(" %s=%q", a.Name.Local, a.Value)
				}
			}
			list = append(list, line)
		case xml.EndElement:
			list = append(list, "</"+t.Name.Local)
		case xml.CharData:
			text += string(t)
		case xml.Directive:
			return list, errors.New("doctype")
		}
	}
}

// TestPiecesOfText moves what must not be torn across the end of the buffer.
func TestPiecesOfText(t *testing.T) {
	const buffer = 64 << 10
	for _, tail := range []string{"&#xFC;!", "ü!", "😀", "\r\n", "\r", "a\r\nb", "<![CDATA[]]]]><x/>", "<![CDATA[a]]b]>c]]>d", "<![CDATA[ü\r\n]]>", "<!-- - - ->x-->y", "<?x ?a?>y", "<x a='1>2' b=\">\"/>z", "&amp;&lt;"} {
		for pad := buffer - 40; pad < buffer+3; pad++ {
			for _, open := range []string{"<a>", "<a><![CDATA["} {
				in := open + strings.Repeat("x", pad-len(open)) + strings.ReplaceAll(tail, "<![CDATA[", map[bool]string{true: "]]><![CDATA[", false: "<![CDATA["}[open != "<a>"])
				if open != "<a>" && !strings.Contains(tail, "]]>") {
					in += "]]>"
				}
				in += "</a>"
				want, wantErr := theirs(strings.NewReader(in))
				got, err := ours(strings.NewReader(in))
				if (wantErr == nil) != (err == nil) || wantErr == nil && strings.Join(want, "\n") != strings.Join(got, "\n") {
					t.Fatalf("pad %d, %s..%q: %v %v, encoding/xml %v", pad, open, tail, short(got), err, short(want))
				}
			}
		}
	}
}

func short(list []string) string {
	return strings.ReplaceAll(strings.Join(list, "|"), strings.Repeat("x", 1000), "")
}

// TestOneByteAtATime reads from a reader that never gives more.
func TestOneByteAtATime(t *testing.T) {
	const in = "<a b='1'>x&amp;ü<![CDATA[<]]>\r\n<!-- c --><b/></a>"
	whole, err := ours(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := ours(iotest.OneByteReader(strings.NewReader(in)))
	if err != nil || strings.Join(whole, "\n") != strings.Join(bytes, "\n") {
		t.Errorf("%v %v, whole %v", bytes, err, whole)
	}
}

// FuzzTokens says that whatever encoding/xml reads, we read in the same way.
func FuzzTokens(f *testing.F) {
	f.Add("<?xml version='1.0'?><a b='1' c=\"&lt;\">x&#65;<![CDATA[<y>]]]>]]><!-- c --><b/>\r\n</a>")
	f.Add("<a>&#0;\x01]]></a ><b\n/>")
	f.Fuzz(func(t *testing.T, in string) {
		want, err := theirs(strings.NewReader(in))
		if err != nil || strings.Contains(in, ":") {
			return
		}
		got, err := ours(strings.NewReader(in))
		if err != nil || strings.Join(want, "\n") != strings.Join(got, "\n") {
			t.Errorf("%q gives %q %v, encoding/xml %q", in, got, err, want)
		}
	})
}
