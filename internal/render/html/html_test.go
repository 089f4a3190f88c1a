package html_test

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/render/html"
)

var options = html.Options{
	Top: 3,
	File: func(address string) (string, bool) {
		if address == "img/states.svg" || address == "plans.md" {
			return "/files/" + address, true
		}
		return "", false
	},
	Key: func(word string) (string, bool) { return "/items/" + word, word != "SRS-99" },
}

// goldthread:verifies SRS-67
// goldthread:verifies-implementation-of RC-12
// goldthread:verifies-effectiveness-of RC-12
func TestMarkdown(t *testing.T) {
	tests := []struct{ sentence, text, want string }{
		{"headings stand below those of the page", "# One\n\n##### Five", "<h3>One</h3>\n<h6>Five</h6>\n"},
		{"a link to a file of the project is resolved", "[plans](plans.md)", `<p><a href="/files/plans.md">plans</a></p>` + "\n"},
		{"a link that leads nowhere keeps its words and shows its address", "see [it](gone.md)!", `<p>see it <code class="address">gone.md</code>!</p>` + "\n"},
		{"a link that would run is shown, not made", "[a](javascript:alert(1)) [b](JaVaScript&colon;alert(1)) [c](data:text/html,x) [d](//host/x)",
			`<p>a <code class="address">javascript:alert(1)</code> b <code class="address">JaVaScript:alert(1)</code> c <code class="address">data:text/html,x</code> d <code class="address">//host/x</code></p>` + "\n"},
		{"a link to another site tells it nothing", "<https://example.org/?a=1&b=2> [x](https://example.org)",
			`<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer" class="external">https://example.org/?a=1&amp;b=2</a> <a href="https://example.org" rel="noopener noreferrer" class="external">x</a></p>` + "\n"},
		{"an address in angle brackets with a wrong scheme is no link", "<vbscript:x>", `<p><code class="address">vbscript:x</code></p>` + "\n"},
		{"raw HTML is shown as written", "a <b onclick=x>b</b>\n\n<script>alert(1)</script>\n\n<!-- said -->\n",
			"<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n<pre class=\"plain\">&lt;script&gt;alert(1)&lt;/script&gt;\n</pre>\n<pre class=\"plain\">&lt;!-- said --&gt;\n</pre>\n"},
		{"a picture alone is a figure with a caption", `![states "of" the pump](img/states.svg)`,
			`<figure><a href="/files/img/states.svg"><img src="/files/img/states.svg" alt="states &#34;of&#34; the pump"></a><figcaption>states &#34;of&#34; the pump</figcaption></figure>` + "\n"},
		{"a picture of another site is not fetched", "![spy](https://example.org/p.png) seen",
			`<p><a href="https://example.org/p.png" rel="noopener noreferrer" class="external">picture: spy</a> <code class="address">https://example.org/p.png</code> seen</p>` + "\n"},
		{"a picture that is not there keeps its words", "![curve](img/gone.png)", "<figure>picture: curve <code class=\"address\">img/gone.png</code><figcaption>curve</figcaption></figure>\n"},
		{"a table has a frame, scopes and no styles", "| a | b |\n|---|--:|\n| 1 | 2 |",
			`<div class="frame" role="group" aria-label="table" tabindex="0"><table>` + "\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th class=\"right\" scope=\"col\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td class=\"right\">2</td>\n</tr>\n</tbody>\n</table></div>\n"},
		{"keys in the text lead to their items", "See SRS-1, SRS-99 (SWS-2)\nand RC-1.", "<p>See <a href=\"/items/SRS-1\">SRS-1</a>, SRS-99 (<a href=\"/items/SWS-2\">SWS-2</a>)\nand <a href=\"/items/RC-1\">RC-1</a>.</p>\n"},
		{"keys in code and in links stay words", "`SRS-1` [SRS-1](plans.md)", `<p><code>SRS-1</code> <a href="/files/plans.md">SRS-1</a></p>` + "\n"},
		{"a line of separators is only a line", "a ... -- SRS-1", "<p>a ... -- <a href=\"/items/SRS-1\">SRS-1</a></p>\n"},
		{"tasks are no form", "- [x] done\n- [ ] open", "<ul>\n<li>[x] done</li>\n<li>[ ] open</li>\n</ul>\n"},
		{"rules and wide tables are not taken for depth", strings.Repeat("-", 200) + "\n\na|b\n" + strings.Repeat("-", 100) + "|-\n1|2\n",
			"<hr>\n<div class=\"frame\" role=\"group\" aria-label=\"table\" tabindex=\"0\"><table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th scope=\"col\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table></div>\n"},
		{"nothing is nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if d := cmp.Diff(tt.want, string(html.Markdown(tt.text, options))); d != "" {
				t.Errorf("HTML differs (-want +got):\n%s", d)
			}
		})
	}
}

// worst are texts that make readers of Markdown slow or deep.
func worst(n int) map[string]string {
	return map[string]string{
		"quotes":             strings.Repeat(">", n),
		"quotes with blanks": strings.Repeat("> ", n/2) + "a",
		"stairs of quotes":   stairs(n, ">"),
		"lists":              strings.Repeat("- ", n/2) + "a",
		"stairs of lists":    stairs(n, "  "),
		"brackets":           strings.Repeat("[", n),
		"links in links":     strings.Repeat("[a](", n/4),
		"pictures":           strings.Repeat("![", n/2),
		"plus lists":         strings.Repeat("+ ", n/2),
		"numbers":            strings.Repeat("1. ", n/3) + "a",
		"emphasis":           strings.Repeat("*a_ ", n/4),
		"stars":              strings.Repeat("a**b", n/4),
		"back quotes":        backQuotes(n),
		"angles":             strings.Repeat("<", n),
		"open comments":      strings.Repeat("<!--", n/4),
		"entities":           strings.Repeat("&", n),
		"table of pipes":     "|" + strings.Repeat("a|", n/4) + "\n|" + strings.Repeat("-|", n/4) + "\n",
		"many tables":        strings.Repeat("a|b\n-|-\n", n/8),
		"references":         strings.Repeat("[a]: b\n", n/7),
		"strikes":            strings.Repeat("~~a ~", n/5),
		"setext":             strings.Repeat("a\n=\n", n/4),
		"one word":           strings.Repeat("a", n),
		"keys":               strings.Repeat("SRS-1 ", n/6),
	}
}

func stairs(n int, step string) string {
	var b strings.Builder
	for i := 1; b.Len() < n; i++ {
		fmt.Fprintf(&b, "%s- a\n", strings.Repeat(step, i))
	}
	return b.String()
}

func backQuotes(n int) string {
	var b strings.Builder
	for i := 1; b.Len() < n; i++ {
		b.WriteString("a" + strings.Repeat("`", i))
	}
	return b.String()
}

func TestTooDeepOrTooLargeIsShownPlainly(t *testing.T) {
	for name, text := range worst(1 << 20) {
		t.Run(name, func(t *testing.T) {
			got := string(html.Markdown(text, options))
			if want := "<pre class=\"plain\">" + template.HTMLEscapeString(text) + "</pre>\n"; got != want {
				t.Errorf("not shown as it was written")
			}
		})
	}
}

func BenchmarkWorst(b *testing.B) {
	texts := worst(250 << 10)
	for name, text := range worst(20_000) {
		texts[name+" within limits"] = text
	}
	for name, text := range texts {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				html.Markdown(text, options)
			}
		})
	}
}

// goldthread:verifies SRS-67
func FuzzMarkdown(f *testing.F) {
	for _, text := range worst(200) {
		f.Add(text)
	}
	f.Add("[x](javascript:y) <https://a\"onclick=x> ![a\"b](img/states.svg 'c\"d')")
	f.Fuzz(func(t *testing.T, text string) {
		out := []byte(html.Markdown(text, options))
		for _, bad := range []string{"<script", " style=", "javascript:\"", "=\"javascript:", "=\"data:"} {
			if bytes.Contains(bytes.ToLower(out), []byte(bad)) {
				t.Errorf("%q in %q", bad, out)
			}
		}
	})
}
