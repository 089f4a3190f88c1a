package wording

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzCheck holds what is true of every text: no panic, offsets inside the text, places that fit them, findings in order, the same
// answer twice.
func FuzzCheck(f *testing.F) {
	for _, r := range Rules() {
		f.Add(r.Title, r.Bad)
		f.Add("", r.Good+"\n\n- "+r.Bad)
	}
	for _, l := range readLabelled(f, "labelled.tsv", "tuning") {
		f.Add("", l.sentence)
	}
	for _, text := range hostile(40) {
		f.Add("", text)
	}
	options := Options{Terms: []string{"fast bolus", "a/b", "`", "\xff", "pump"}, Off: []string{"slash"}}
	checker := New(options)
	f.Fuzz(func(t *testing.T, title, text string) {
		found := checker.Check(title, text)
		if again := Check(title, text, options); !slices.Equal(found, again) {
			t.Fatalf("the second answer differs:\n%+v\n%+v", found, again)
		}
		if Skipped(title, text) != "" && len(found) > 0 {
			t.Fatalf("findings in a text that is skipped: %+v", found)
		}
		judged := text
		if strings.TrimSpace(text) == "" {
			judged = title
		}
		for i, f := range found {
			if f.Start < 0 || f.Start >= f.End || f.End > len(judged) {
				t.Fatalf("offsets %d to %d of %d bytes: %+v", f.Start, f.End, len(judged), f)
			}
			if i > 0 && cmp.Compare(found[i-1].Start, f.Start) > 0 {
				t.Fatalf("out of order: %+v", found)
			}
			before := judged[:f.Start]
			if line := strings.Count(before, "\n") + 1; f.Line != line || f.Column != f.Start-strings.LastIndexByte(before, '\n') {
				t.Fatalf("at %d:%d: %+v", line, f.Start-strings.LastIndexByte(before, '\n'), f)
			}
			for _, text := range []string{f.Excerpt, f.Message, f.Better, f.Source} {
				if text == "" || !utf8.ValidString(text) || len(text) > 1000 {
					t.Fatalf("%q in %+v", text, f)
				}
			}
			if f.Rule == "slash" || f.InTitle != (strings.TrimSpace(text) == "") {
				t.Fatalf("%+v", f)
			}
		}
	})
}

// hostile are texts of about n repetitions that would take a careless scanner more than linear time.
func hostile(n int) map[string]string {
	texts := map[string]string{}
	for name, part := range map[string]string{
		"backticks": "`` ` ", "ticks": "`", "brackets": "[[", "pictures": "![", "links": "](", "parentheses": "(", "closing": ")", "quotes": "\"a", "single": " 'a",
		"curly": "“", "angle": "<a", "braces": "{{", "footnotes": "[^", "pipes": "|", "quoted": "> ", "bullets": "- a\n", "fences": "```\n", "stars": "*", "underscores": "_a",
		"dots": ". ", "letters": "a", "digits": "1", "commas": "1,", "slashes": "a/", "and": "and ", "or": "when a or b and c ", "modals": "shall ", "shouldbe": "should be used ",
		"whens": "when (", "asas": "as ", "faster": "faster ", "will": "It will. ", "needs": "It needs to be. ", "questions": "? ", "marks": "?", "addresses": "http://a ",
		"scheme": "http://", "lists": "- The pump shall:\n  - ", "colons": "a:\n\n- b\n\n", "not": "shall not ", "adverbs": "shall be quickly ", "tilde": "~1 ", "x": "X ",
		"words": "including but ", "ands": "shall stop and ", "between": "between 1 and ", "headings": "# a\n", "rules": "---\n", "rst": ".. a::\n", "eg": "e.g. ", "nul": "\x00", "invalid": "\xff\xfe",
		"delimiters": "a | b\n--- | ---\n", "these": "this ", "dashes": "a-", "apostrophes": "a'", "points": "a.", "percent": "%",
	} {
		texts[name] = "The pump shall " + strings.Repeat(part, n)
		texts[name+" after"] = strings.Repeat(part, n) + " shall stop."
	}
	return texts
}
