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

// goldthread:verifies SRS-50
func TestMarkupThatSwells(t *testing.T) {
	deep := func(open, shut string, n int) string {
		return strings.Repeat(open, n) + strings.Repeat("<p>x</p>", 100_000) + strings.Repeat(shut, n)
	}
	for name, in := range map[string]string{
		"wide cells":   "<table>" + strings.Repeat("<tr><td colspan='256'/></tr>", 30_000) + "</table>",
		"one wide row": "<table><tr>" + strings.Repeat("<td/>", 1000) + "</tr>" + strings.Repeat("<tr><td/></tr>", 30_000) + "</table>",
		"lists":        deep("<ul><li>", "</li></ul>", 100),
		"quotations":   deep("<blockquote>", "</blockquote>", 200),
		"marks":        deep("<b><i>", "</i></b>", 100),
		"breaks":       "<p>" + strings.Repeat("<br/>", 200_000) + "</p>",
		"stars":        "<p>" + strings.Repeat("*_`[<", 100_000)[:400_000] + "</p>",
	} {
		got, err := ToMarkdown(strings.ReplaceAll(in, "[<", "[&lt;"))
		if err != nil || len(got.Markdown) > 12*len(in)+1000 {
			t.Errorf("%s: %d bytes give %d, %v", name, len(in), len(got.Markdown), err)
		}
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

// fragment draws blocks with text in them that Markdown could take for more than it is.
func fragment(t *rapid.T, depth int) string {
	words := rapid.StringOfN(rapid.SampledFrom([]rune("ab1 *_`[]<>&;#-+.|~\\!():é\n")), 1, 8, -1)
	var inline func(depth int) string
	inline = func(depth int) string {
		var b strings.Builder
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			name := rapid.SampledFrom([]string{"", "", "b", "i", "em", "strong", "del", "code", "span", "a", "br"}).Draw(t, "inline")
			switch {
			case name == "" || depth > 2:
				b.WriteString(EscapeText(words.Draw(t, "words")))
			case name == "br":
				b.WriteString("<br/>")
			case name == "code":
				b.WriteString("<code>" + EscapeText(words.Draw(t, "words")) + "</code>")
			case name == "a":
				b.WriteString("<a href='https://x.org/(a)'>k" + EscapeText(words.Draw(t, "words")) + "</a>")
			default:
				b.WriteString("<" + name + ">" + inline(depth+1) + "</" + name + ">")
			}
		}
		return b.String()
	}
	var b strings.Builder
	for range rapid.IntRange(1, 3).Draw(t, "blocks") {
		switch name := rapid.SampledFrom([]string{"p", "div", "", "ul", "ol", "blockquote", "pre", "table"}).Draw(t, "block"); {
		case name == "" || depth > 2:
			b.WriteString(inline(0))
		case name == "pre":
			b.WriteString("<pre>" + EscapeText(words.Draw(t, "code")) + "</pre>")
		case name == "ul" || name == "ol":
			b.WriteString("<" + name + "><li>" + fragment(t, depth+1) + "</li><li>" + inline(0) + "</li></" + name + ">")
		case name == "table":
			b.WriteString("<table><tr><td>" + inline(0) + "</td><td>" + inline(1) + "</td></tr><tr><td>x</td></tr></table>")
		case name == "p":
			b.WriteString("<p>" + inline(0) + "</p>")
		default:
			b.WriteString("<" + name + ">" + fragment(t, depth+1) + "</" + name + ">")
		}
	}
	return b.String()
}

// letters is a text without space.
func letters(t *rapid.T, fragment string) string {
	s, err := xmlscan.New([]byte("<x>"+fragment+"</x>"), xmlscan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for s.Next() {
		if s.Kind == xmlscan.Text {
			b.WriteString(strings.Join(strings.Fields(s.Text), ""))
		}
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	return b.String()
}

// No letter of a text is lost or added on the way to Markdown and back.
func TestEveryLetterStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := "<div>" + fragment(t, 0) + "</div>"
		got, err := ToMarkdown(in)
		if err != nil {
			t.Fatal(err)
		}
		out := FromMarkdown(got.Markdown, "", nil)
		if want, have := letters(t, in), letters(t, out); want != have {
			t.Fatalf("%s\nsays %q\nis   %q\nand  %s\nsays %q", in, want, got.Markdown, out, have)
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
