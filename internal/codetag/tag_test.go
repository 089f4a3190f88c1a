package codetag

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// goldthread:verifies SRS-36
func TestTagGrammar(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string // verb key@column, or "!" and a word of the fault @column
	}{
		{"one key", "goldthread:implements SRS-12", []string{"implements SRS-12@26"}},
		{"keys behind commas", "goldthread:verifies SRS-12, SRS-13,SRS-14", []string{"verifies SRS-12@24", "verifies SRS-13@32", "verifies SRS-14@39"}},
		{"keys behind blanks", "goldthread:verifies SRS-12 SRS-13\tSRS-14", []string{"verifies SRS-12@24", "verifies SRS-13@31", "verifies SRS-14@38"}},
		{"a verb of several words", "goldthread:verifies-effectiveness-of RC-1", []string{"verifies-effectiveness-of RC-1@41"}},
		{"foreign keys", "goldthread:implements REQ001 pump/SRS-1 A_1.b", []string{"implements REQ001@26", "implements pump/SRS-1@33", "implements A_1.b@44"}},
		{"a remark behind the keys", "goldthread:implements SRS-12 stops on occlusion", []string{"implements SRS-12@26"}},
		{"a remark in brackets", "goldthread:implements SRS-12 (see SRS-11)", []string{"implements SRS-12@26"}},
		{"a remark behind a dash", "goldthread:implements SRS-12 - not SRS-11", []string{"implements SRS-12@26"}},
		{"the end of a sentence", "goldthread:implements SRS-12.", []string{"implements SRS-12@26"}},
		{"in brackets", "(goldthread:implements SRS-12)", []string{"implements SRS-12@27"}},
		{"two tags on a line", "goldthread:implements SRS-1 goldthread:verifies SRS-2", []string{"implements SRS-1@26", "verifies SRS-2@52"}},
		{"two tags behind a comma", "goldthread:implements SRS-1, goldthread:verifies SRS-2", []string{"implements SRS-1@26", "verifies SRS-2@53"}},
		{"decoration before it", "** goldthread:implements SRS-1 **", []string{"implements SRS-1@29"}},
		{"an at sign before it", "@goldthread:implements SRS-1", []string{"implements SRS-1@27"}},
		{"many blanks", "goldthread:implements    SRS-1", []string{"implements SRS-1@29"}},
		{"letters of any alphabet in the remark", "goldthread:implements SRS-1 für später", []string{"implements SRS-1@26"}},

		{"the escape", `goldthread\:implements SRS-12`, nil},
		{"part of a path", "github.com/goldthread/goldthread:implements SRS-12", nil},
		{"part of a word", "mygoldthread:implements SRS-12", nil},
		{"a mention in backticks", "`goldthread:implements SRS-12` is a tag", nil},
		{"a mention in quotes", `"goldthread:implements SRS-12" is a tag`, nil},
		{"prose", "goldthread: the program", nil},
		{"a port", "goldthread:8080", nil},

		{"no key", "goldthread:implements", []string{"!no key@4"}},
		{"no key but blanks", "goldthread:implements   ", []string{"!no key@4"}},
		{"no key but a full stop", "goldthread:implements.", []string{"!no key@4"}},
		{"a verb in capitals", "goldthread:Implements SRS-1", []string{"!lower case@15"}},
		{"a verb with an underscore", "goldthread:verifies_it SRS-1", []string{"!lower case@15"}},
		{"a sign behind the verb", "goldthread:implements(SRS-1)", []string{"!a blank must@25"}},
		{"a blank before the verb", "goldthread: implements SRS-1", []string{"!blank before@4"}},
		{"a key without number", "goldthread:implements SRS-x", []string{"!is not a key@26"}},
		{"a key with a sign in it", "goldthread:implements SRS-1#2", []string{"!is not a key@26"}},
		{"a bad key between good ones", "goldthread:implements SRS-1, SRS?3, SRS-2", []string{"implements SRS-1@26", "!is not a key@33", "implements SRS-2@40"}},
		{"a key that opens with a digit", "goldthread:implements SRS-1 2SRS", []string{"implements SRS-1@26", "!is not a key@32"}},
		{"a comma at the end", "goldthread:implements SRS-1,", []string{"implements SRS-1@26", "!ends in a comma@31"}},
		{"a key lost in a remark", "goldthread:implements SRS-1 and SRS-2", []string{"implements SRS-1@26", "!in a remark@36"}},
		{"a key behind a semicolon", "goldthread:implements SRS-1; SRS-2", []string{"implements SRS-1@26", "!in a remark@33"}},
		{"two separators in a key", "goldthread:implements SRS--1", []string{"!is not a key@26"}},
		{"a very long key", "goldthread:implements A" + strings.Repeat("1", 300), []string{"!is not a key@26"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := scanString("a.go", "// "+c.text+"\n")
			var got []string
			i := 0
			for _, tag := range res.Tags {
				got = append(got, fmt.Sprintf("%s %s@%d", tag.Verb, tag.Key, tag.Column))
			}
			for _, w := range c.want {
				if !strings.HasPrefix(w, "!") {
					continue
				}
				words, column, _ := strings.Cut(w[1:], "@")
				if i < len(res.Faults) && strings.Contains(res.Faults[i].Message, words) && fmt.Sprint(res.Faults[i].Column) == column {
					got = append(got, w)
				}
				i++
			}
			if i != len(res.Faults) {
				t.Errorf("faults: %v", res.Faults)
			}
			if diff := cmp.Diff(sorted(c.want), sorted(got)); diff != "" {
				t.Errorf("(-want +got):\n%s\nfaults %v", diff, res.Faults)
			}
		})
	}
}

// goldthread:verifies SRS-37
func TestUnclosedTextIsAFault(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"a.c", "int x;\n/* goldthread:implements SRS-1\n", "comment opens here"},
		{"a.go", "x := `\n// goldthread:implements SRS-1\n", "string opens here"},
		{"a.py", "x = '''\n# goldthread:implements SRS-1\n", "string opens here"},
		{"a.js", "x = `${a\n// goldthread:implements SRS-1\n", "string opens here"},
		{"a.lua", "x = [[\n-- goldthread:implements SRS-1\n", "string opens here"},
		{"a.html", "<a b='>\n<!-- goldthread:implements SRS-1 -->", "attribute opens here"},
		{"a.xml", "<![CDATA[ <!-- goldthread:implements SRS-1 -->", "markup opens here"},
	} {
		res := scanString(c.file, c.text)
		if len(res.Faults) == 0 || !strings.HasPrefix(res.Faults[0].Message, c.want) {
			t.Errorf("%s: faults %v, want one that opens with %q", c.file, res.Faults, c.want)
		}
	}
	if res := scanString("a.go", "// goldthread:implements SRS-1\nx := `\n"); len(res.Faults) > 0 {
		t.Errorf("an open string behind the last tag is no concern of ours: %v", res.Faults)
	}
}
