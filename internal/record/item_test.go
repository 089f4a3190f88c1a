package record_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
)

// validItem is well formed in every way; each case of a test breaks one thing.
func validItem() record.Item {
	return record.Item{
		ID: record.ID{15: 1}, Key: "SRS-12", Kind: "SRS", Title: "Stop on occlusion", Text: "The controller shall stop.\n\nAt once.",
		Fields:   []record.Field{{Name: "category", Values: []string{"alarms", "functional"}, Many: true}, {Name: "rationale", Values: []string{"burst"}}},
		Files:    []record.File{{Name: "img/a.png", Hash: record.Hash{1}}, {Name: "img/b.png", Hash: record.Hash{2}}},
		Language: "en",
	}
}

// goldthread:verifies SRS-8
func TestItemCheck(t *testing.T) {
	tests := []struct {
		sentence string
		bend     func(*record.Item)
		refusal  string
	}{
		{"the valid item", func(*record.Item) {}, ""},
		{"no title, text, fields, files or language", func(it *record.Item) { *it = record.Item{ID: it.ID, Key: it.Key, Kind: it.Kind} }, ""},
		{"no identity", func(it *record.Item) { it.ID = record.ID{} }, "item SRS-12: no identity"},
		{"a bad key", func(it *record.Item) { it.Key = "SRS" }, "has no number"},
		{"no kind", func(it *record.Item) { it.Kind = "" }, "no kind"},
		{"a kind that is no UTF-8 could not be encoded", func(it *record.Item) { it.Kind = "S\xff" }, "kind: invalid UTF-8"},
		{"a kind of two lines", func(it *record.Item) { it.Kind = "S\nS" }, "kind: "},
		{"a language that is no UTF-8 could not be encoded", func(it *record.Item) { it.Language = "\xc3" }, "language: invalid UTF-8"},
		{"a title of two lines", func(it *record.Item) { it.Title = "a\nb" }, "title: "},
		{"a title with a blank at its end", func(it *record.Item) { it.Title = "a " }, "title: "},
		{"a title with a no-break space at its end", func(it *record.Item) { it.Title = "a\u00a0" }, "title: "},
		{"a control character in the text", func(it *record.Item) { it.Text = "a\x00b" }, "text: control character 0x0 at byte 1"},
		{"an empty line at the end of the text", func(it *record.Item) { it.Text = "a\n" }, "text: empty lines"},
		{"a bad field name", func(it *record.Item) { it.Fields[0].Name = "Category" }, "lower-case words"},
		{"fields out of order", func(it *record.Item) { slices.Reverse(it.Fields) }, `field "category" is set twice or out of order`},
		{"a field set twice", func(it *record.Item) { it.Fields[1].Name = "category" }, `field "category" is set twice or out of order`},
		{"a field of one value without it", func(it *record.Item) { it.Fields[1].Values = nil }, "holds 0 values, it takes one"},
		{"a field of one value with two", func(it *record.Item) { it.Fields[1].Values = []string{"a", "b"} }, "holds 2 values, it takes one"},
		{"a field of one empty value", func(it *record.Item) { it.Fields[1].Values = []string{""} }, ""},
		{"a field of many without a value", func(it *record.Item) { it.Fields[0].Values = nil }, ""},
		{"a value of several lines", func(it *record.Item) { it.Fields[1].Values = []string{"a\nb"} }, ""},
		{"a value with a control character", func(it *record.Item) { it.Fields[0].Values[1] = "\x1b[0m" }, `field "category": control character`},
		{"a file without a name", func(it *record.Item) { it.Files[0].Name = "" }, `file name ""`},
		{"a file name of two lines", func(it *record.Item) { it.Files[0].Name = "a\nb" }, "file name"},
		{"files out of order", func(it *record.Item) { slices.Reverse(it.Files) }, "attached twice or out of order"},
		{"a file attached twice", func(it *record.Item) { it.Files[1].Name = "img/a.png" }, "attached twice or out of order"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			it := validItem()
			tt.bend(&it)
			err := it.Check()
			switch {
			case tt.refusal == "" && err != nil:
				t.Errorf("Check = %v", err)
			case tt.refusal != "" && (err == nil || !strings.Contains(err.Error(), tt.refusal)):
				t.Errorf("Check = %v, want an error about %q", err, tt.refusal)
			}
		})
	}
}

// TestCheckedItemsAreEncodable is the promise of Check, and that all generated items keep it.
func TestCheckedItemsAreEncodable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := genItem.Draw(t, "item")
		if err := it.Check(); err != nil {
			t.Fatalf("the generator made an item that is not well formed: %v", err)
		}
		back, err := record.DecodeOperation(record.EncodeOperation(record.PutItem{Item: it}))
		if err != nil {
			t.Fatal(err)
		}
		decoded := back.(record.PutItem).Item
		if d := cmp.Diff(it, decoded, equateEmpty); d != "" {
			t.Fatalf("item changed (-before +after):\n%s", d)
		}
		if it.ContentHash() != decoded.ContentHash() {
			t.Fatal("the content hash changed on the way through the codec")
		}
	})
}

func TestFieldLookup(t *testing.T) {
	it := validItem()
	if d := cmp.Diff([]string{"alarms", "functional"}, it.Field("category")); d != "" {
		t.Error(d)
	}
	if it.Field("none") != nil || it.Value("none") != "" || it.Value("category") != "alarms" || it.Value("rationale") != "burst" {
		t.Error("a field is not found, or one is that is not there")
	}
	it.Fields[0].Values = nil
	if it.Value("category") != "" {
		t.Error("a field of many without values has a first one")
	}
}

func TestSortFieldsIsTheOrderThatCheckDemands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := genItem.Draw(t, "item")
		want := it
		it.Fields = rapid.Permutation(it.Fields).Draw(t, "fields")
		it.Files = rapid.Permutation(it.Files).Draw(t, "files")
		it.SortFields()
		if d := cmp.Diff(want, it, equateEmpty); d != "" {
			t.Fatalf("(-want +got):\n%s", d)
		}
	})
}

func TestFieldNames(t *testing.T) {
	tests := []struct {
		sentence, in string
		good         bool
	}{
		{"a word", "category", true},
		{"words with single blanks", "date of review", true},
		{"a digit that is not the first", "part 11", true},
		{"a foreign name", "doorstop/level", true},
		{"a foreign name in upper case with blanks and further slashes", "reqif/Object ID/x", true},
		{"a foreign name of other letters", "reqif/Prüfung", true},
		{"as long as allowed", strings.Repeat("a", 200), true},
		{"one byte too long", strings.Repeat("a", 201), false},
		{"a foreign name too long", "x/" + strings.Repeat("a", 199), false},
		{"nothing", "", false},
		{"upper case", "Category", false},
		{"a digit first", "11 part", false},
		{"a blank first", " a", false},
		{"a blank last", "a ", false},
		{"two blanks", "a  b", false},
		{"a colon, which ends a name in text", "a:b", false},
		{"a dash", "a-b", false},
		{"a letter that is not ASCII", "größe", false},
		{"a foreign name without a format", "/level", false},
		{"a format without a name", "doorstop/", false},
		{"a foreign name with a colon", "doorstop/a: b", false},
		{"a foreign name with a line feed", "doorstop/a\nb", false},
		{"a foreign name with a blank at its end", "doorstop/a ", false},
		{"a foreign name with a control character", "doorstop/a\x00", false},
		{"a foreign name that is no UTF-8", "doorstop/\xff", false},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if err := record.CheckFieldName(tt.in); (err == nil) != tt.good {
				t.Errorf("CheckFieldName(%q) = %v", tt.in, err)
			}
		})
	}
}

// goldthread:verifies SRS-8
func TestLinesAndTexts(t *testing.T) {
	tests := []struct {
		sentence, in string
		line, text   bool
	}{
		{"nothing", "", true, true},
		{"a word", "word", true, true},
		{"letters of any script, and beyond the basic plane", "é\u0301 輸液 \U0001f489", true, true},
		{"a tab inside", "a\tb", true, true},
		{"the replacement character, written as such", "a\ufffdb", true, true},
		{"two lines", "a\nb", false, true},
		{"an empty line inside", "a\n\nb", false, true},
		{"a line feed at the end", "a\n", false, false},
		{"a line feed at the beginning", "\na", false, false},
		{"a line feed alone", "\n", false, false},
		{"a blank at the beginning", " a", false, true},
		{"a blank at the end", "a ", false, true},
		{"a no-break space at the end", "a\u00a0", false, true},
		{"a carriage return", "a\rb", false, false},
		{"a NUL", "a\x00b", false, false},
		{"an escape", "a\x1bb", false, false},
		{"a delete", "a\x7fb", false, false},
		{"a byte that begins nothing", "a\xffb", false, false},
		{"a character cut off", "a\xe2\x82", false, false},
		{"half of a surrogate pair", "a\xed\xa0\x80b", false, false},
		{"an overlong form", "a\xc0\xafb", false, false},
		{"beyond the last character", "a\xf4\x90\x80\x80", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if err := record.CheckLine(tt.in); (err == nil) != tt.line {
				t.Errorf("CheckLine(%q) = %v", tt.in, err)
			}
			if err := record.CheckText(tt.in); (err == nil) != tt.text {
				t.Errorf("CheckText(%q) = %v", tt.in, err)
			}
		})
	}
}

// TestEveryByteInAText tries all bytes alone, and all pairs of a lead byte and another one.
//
// goldthread:verifies SRS-8
func TestEveryByteInAText(t *testing.T) {
	check := func(s string) {
		want := utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' || r == 0x7f })
		if err := record.CheckText(s); (err == nil) != want {
			t.Errorf("CheckText(%q) = %v", s, err)
		}
	}
	for a := range 256 {
		check("x" + string([]byte{byte(a)}) + "x")
		for b := range 256 {
			check("x" + string([]byte{byte(a), byte(b)}) + "x")
		}
	}
}

func TestLinkNames(t *testing.T) {
	resolved := record.Link{Verb: "refines", Source: record.ID{1}, Target: record.ID{15: 1}, Ref: "SYS-3"}
	if got := resolved.TargetName(); got != "00000000000000000000000004" {
		t.Errorf("a link with a target is named by %q", got)
	}
	missing := record.Link{Verb: "refines", Source: record.ID{1}, Ref: "SYS-3"}
	if got := missing.TargetName(); got != "SYS-3" {
		t.Errorf("a link without a target is named by %q", got)
	}
	if !(record.Confirmation{}).IsZero() || (record.Confirmation{Target: record.Hash{1}}).IsZero() {
		t.Error("IsZero of a confirmation is wrong")
	}
}

func TestOrderOfLinks(t *testing.T) {
	want := []record.Link{
		{Source: record.ID{1}, Verb: "refines", Ref: "SYS-1"},
		{Source: record.ID{1}, Verb: "refines", Ref: "SYS-2"},
		{Source: record.ID{1}, Verb: "refines", Target: record.ID{1}},
		{Source: record.ID{1}, Verb: "refines", Target: record.ID{2}},
		{Source: record.ID{1}, Verb: "uses", Target: record.ID{1}},
		{Source: record.ID{2}, Verb: "refines", Target: record.ID{1}},
	}
	rapid.Check(t, func(t *rapid.T) {
		got := rapid.Permutation(want).Draw(t, "links")
		slices.SortFunc(got, record.CompareLinks)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("(-want +got):\n%s", d)
		}
	})
}
