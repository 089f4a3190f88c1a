package xhtml

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

func TestToMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"":                                   "",
		"<div>The pump shall\n  stop.</div>": "The pump shall stop.",
		"<xhtml:div>a &lt;b&gt; &amp;amp; c</xhtml:div>":                                                          "a \\<b> \\&amp; c",
		"<div>one<br/>two<br/></div>":                                                                             "one\\\ntwo",
		"<div><p>a</p><p>b <b>bold </b>c</p></div>":                                                               "a\n\nb **bold** c",
		"<div>a <i>it</i>, <code>x*y</code>, <a href=\"https://x.org/a(b)\">z</a></div>":                          "a *it*, `x*y`, [z](https://x.org/a%28b%29)",
		"<ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>":                                              "- a\n- b\n  1. c\n  2. d",
		"<table><tr><th>A</th><th>B|C</th></tr><tr><td>1</td><td>2<br/>3</td></tr></table>":                       "| A | B\\|C |\n|---|---|\n| 1 | 2 3 |",
		"<table><tr><td>1</td><td/></tr></table>":                                                                 "| | |\n|---|---|\n| 1 | |",
		"<object data='a b.png' type='image/png'>alt</object>":                                                    "![alt](a%20b.png)",
		"<object data='a.ole' type='application/rtf'><object data='a.png' type='image/png'>OLE</object></object>": "[![OLE](a.png)](a.ole)",
		"<p># no heading</p><p>- no item</p><p>1. no number</p><p>*x* _y_ a_b [z]</p>":                            "\\# no heading\n\n\\- no item\n\n1\\. no number\n\n\\*x\\* \\_y\\_ a_b \\[z\\]",
		"<pre>a\n  b</pre>":                         "```\na\n  b\n```",
		"<blockquote><p>a</p><p>b</p></blockquote>": "> a\n> \n> b",
		"m<sup>2</sup> H<sub>2</sub>O":              "m² H₂O",
		"<h2>Title</h2>text":                        "**Title**\n\ntext",
	} {
		got, err := ToMarkdown(in)
		if err != nil || got.Markdown != want {
			t.Errorf("%s\ngives %q, %v\nwant  %q", in, got.Markdown, err, want)
		}
	}
}

func TestWhatMarkdownCannotSay(t *testing.T) {
	got, err := ToMarkdown("<div><u>a</u><span style='color: red; font-size: 2pt'>b</span><table><tr><td colspan='2'>c</td></tr></table><blink>d</blink><a href='files/x.pdf'>e</a></div>")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"underline", "style: color, font-size", "merged cells", "element blink"} {
		if !slices.Contains(got.Lost, want) {
			t.Errorf("%q is not among %q", want, got.Lost)
		}
	}
	if !slices.Equal(got.Files, []string{"files/x.pdf"}) {
		t.Errorf("files %q", got.Files)
	}
	if _, err := ToMarkdown("<div><p></div>"); err == nil {
		t.Error("what is not well-formed is taken")
	}
	if _, err := ToMarkdown(strings.Repeat("<div>", 10000)); err == nil {
		t.Error("any depth is taken")
	}
}

func TestFromMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"a **b** `c<d`\\\ne & f":          `<x:div><x:p>a <x:strong>b</x:strong> <x:code>c&lt;d</x:code><x:br/>e &amp; f</x:p></x:div>`,
		"| a | b |\n|---|---|\n| 1 | 2 |": `<x:div><x:table><x:tr><x:th>a</x:th><x:th>b</x:th></x:tr><x:tr><x:td>1</x:td><x:td>2</x:td></x:tr></x:table></x:div>`,
		"![alt](a.png) <b>raw</b>":        `<x:div><x:p><x:object data="a.png" type="image/png">alt</x:object> &lt;b&gt;raw&lt;/b&gt;</x:p></x:div>`,
		"- a\n- b":                        `<x:div><x:ul><x:li>a</x:li><x:li>b</x:li></x:ul></x:div>`,
	} {
		if got := FromMarkdown(in, "x", nil); got != want {
			t.Errorf("%q\ngives %s\nwant  %s", in, got, want)
		}
	}
}

// Whatever Markdown says becomes well-formed XHTML, and plain text comes back as it was.
func TestPlainTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(strings.Fields(rapid.StringOf(rapid.SampledFrom([]rune("ab *_`[]<>&;#-+1.|~\\!()é\"' "))).Draw(t, "text")), " ")
		got, err := ToMarkdown("<div><p>" + EscapeText(text) + "</p></div>")
		if err != nil {
			t.Fatal(err)
		}
		back, err := ToMarkdown(FromMarkdown(got.Markdown, "x", nil))
		if err != nil || back.Markdown != got.Markdown {
			t.Fatalf("%q is %q, and then %q, %v", text, got.Markdown, back.Markdown, err)
		}
		wrapped := FromMarkdown(got.Markdown, "", nil)
		s, err := xmlscan.New([]byte(wrapped), xmlscan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		for s.Next() {
			if s.Kind == xmlscan.Text {
				said.WriteString(s.Text)
			}
		}
		if s.Err() != nil || said.String() != text {
			t.Fatalf("%q is written %q and says %q, %v", text, wrapped, said.String(), s.Err())
		}
	})
}

func FuzzToMarkdown(f *testing.F) {
	f.Add("<div>a<br/><ul><li>b</li></ul></div>")
	f.Add("<table><tr><td colspan='1000000000'>c</td></tr></table>")
	f.Fuzz(func(t *testing.T, in string) {
		got, err := ToMarkdown(in)
		if err != nil {
			return
		}
		if _, err := ToMarkdown(FromMarkdown(got.Markdown, "x", nil)); err != nil {
			t.Errorf("%q gives %q, whose XHTML is not well-formed: %v", in, got.Markdown, err)
		}
	})
}
