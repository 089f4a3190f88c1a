package cli

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReadingExpressions(t *testing.T) {
	tests := []struct{ sentence, text, want string }{
		{"one comparison", `kind=SRS`, `"kind" = "SRS"`},
		{"blanks do not matter", "  kind  =\tSRS\n", `"kind" = "SRS"`},
		{"and binds closer than or", `a=1 or b=2 and c=3`, `"a" = "1" or "b" = "2" and "c" = "3"`},
		{"brackets turn that round", `(a=1 or b=2) and c=3`, `("a" = "1" or "b" = "2") and "c" = "3"`},
		{"not binds closest", `not a=1 and b=2`, `not "a" = "1" and "b" = "2"`},
		{"not of brackets, and of not", `not (a=1 and not not b=2)`, `not ("a" = "1" and not not "b" = "2")`},
		{"every operator", `a=1 and a!=1 and a~1 and a<1 and a<=1 and a>1 and a>=1`, `"a" = "1" and "a" != "1" and "a" ~ "1" and "a" < "1" and "a" <= "1" and "a" > "1" and "a" >= "1"`},
		{"words join to one name and one value", `verification   method = user interface`, `"verification method" = "user interface"`},
		{"has, links, and the two that stand alone", `has safety class and links refined by or suspect and not unverified`, `has "safety class" and links "refined by" or suspect and not unverified`},
		{"quotes keep what would be read otherwise", `title ~ "inputs and (outputs)" or 'a"b' = "say \"no\" \\"`, `"title" ~ "inputs and (outputs)" or "a\"b" = "say \"no\" \\"`},
		{"an apostrophe within a word is no quote", `title ~ patient's`, `"title" ~ "patient's"`},
		{"an empty value may be asked for in quotes", `title = ""`, `"title" = ""`},
		{"the words of the language in capitals", `KIND = SRS AND NOT Suspect OR Has x`, `"KIND" = "SRS" and not suspect or has "x"`},
		{"brackets around brackets are dropped", `((a=1))`, `"a" = "1"`},
		{"a flag before a bracket", `(suspect)`, `suspect`},
		{"a value that is a word of the language but not a joining one", `title = has`, `"title" = "has"`},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			w, err := parseWhere(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "expression", tt.want, w.String())
		})
	}
}

func TestFaultsOfExpressions(t *testing.T) {
	tests := []struct {
		sentence, text string
		column         int
		message        string
	}{
		{"nothing at all", ``, 1, "a condition is missing here"},
		{"nothing after and", `kind = SRS and`, 15, "a condition is missing here"},
		{"nothing before or", `or kind = SRS`, 1, "a condition is missing before or"},
		{"no operator", `kind SRS`, 9, `an operator is missing after "kind SRS"`},
		{"no value", `kind = and x = 1`, 8, "a value is missing here"},
		{"no value at the end", `kind =`, 7, "a value is missing here"},
		{"no name", `= SRS`, 1, "a name is missing before ="},
		{"a value that should be quoted", `category = inputs and outputs`, 30, "an operator is missing after"},
		{"two operators", `kind = = SRS`, 8, "a value is missing here"},
		{"a second operator behind a value", `a = b = c`, 7, "an operator is too much"},
		{"an open bracket", `(kind = SRS`, 1, "this bracket is never closed"},
		{"an empty bracket", `()`, 2, "a condition is missing before this bracket"},
		{"a bracket too many", `kind = SRS)`, 11, "this bracket was never opened"},
		{"an open quote", `title ~ "stop`, 9, "the quote that begins here does not end"},
		{"and is missing before not", `kind = SRS not suspect`, 12, "and or or is missing before not"},
		{"and is missing between a quoted value and a word", `title = "a" b = c`, 13, "and or or is missing before b"},
		{"and is missing in brackets", `(title = "a" b = c)`, 14, "and, or or a closing bracket is missing here"},
		{"an operator that there is not", `kind ! SRS`, 6, "there is no operator !"},
		{"has with an operator", `has kind = SRS`, 10, "has takes a name and no operator"},
		{"has without a name", `has`, 4, "the name of a field is missing here"},
		{"links without a name", `links and a=1`, 7, "the name of a relation is missing here"},
		{"suspect with an operator", `suspect = yes`, 9, "suspect stands alone"},
		{"columns count characters, not bytes", `größe ~ ä and`, 14, "a condition is missing here"},
		{"no valid UTF-8", "a = \xff", 1, "no valid UTF-8"},
		{"too long", strings.Repeat("x", maxWhere+1), 1, "longer than"},
		{"too deep in brackets", strings.Repeat("(", maxWhereDepth+1), maxWhereDepth + 1, "within each other"},
		{"too deep in nots", strings.Repeat("not ", maxWhereDepth+1), 4*maxWhereDepth + 1, "within each other"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			_, err := parseWhere(tt.text)
			var bad *whereFault
			if !errors.As(err, &bad) {
				t.Fatalf("parseWhere gave %v, want a fault of the expression", err)
			}
			if bad.Column() != tt.column || !strings.Contains(bad.message, tt.message) {
				t.Errorf("column %d: %s; want column %d: %s", bad.Column(), bad.message, tt.column, tt.message)
			}
		})
	}
}

func FuzzWhere(f *testing.F) {
	for _, text := range []string{"", `kind=SRS and not title~"stop"`, `(a=1 or b<=2) and has x y`, `links "refined by" or suspect`, `not (not unverified)`, `'a\'b' != "c\\"`,
		"((((", "a = \xff", "größe ~ ä", "! !! != <>", `not a="and"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := parseWhere(text)
		var bad *whereFault
		if err != nil {
			if !errors.As(err, &bad) || bad.message == "" {
				t.Fatalf("%q: %v is no fault of the expression", text, err)
			}
			if c := bad.Column(); c < 1 || c > utf8.RuneCountInString(bad.text)+1 {
				t.Fatalf("%q: column %d lies outside of it", text, c)
			}
			bad.mark()
			return
		}
		again, err := parseWhere(w.String())
		if len(w.String()) > maxWhere {
			return
		}
		if err != nil {
			t.Fatalf("%q was written as %q, which cannot be read: %v", text, w, err)
		}
		if again.String() != w.String() {
			t.Fatalf("%q was written as %q and then as %q", text, w, again)
		}
	})
}

func TestNumbersAndDatesInOrder(t *testing.T) {
	tests := []struct {
		value string
		op    whereOp
		want  string
		holds bool
	}{
		{"2", opLess, "10", true}, {"10", opLess, "10", false}, {"10", opAtMost, "10", true}, {"10.50", opAtLeast, "10.5", true}, {"-3", opMore, "-4", true},
		{"999999999999999999", opMore, "999999999999999998", true}, {"0.1", opAtMost, "0.10", true},
		{"abc", opMore, "1", false}, {"", opLess, "1", false}, {"1e9", opMore, "1", false}, {strings.Repeat("9", maxDigits+1), opMore, "1", false},
		{"2026-03-02", opLess, "2026-12-01", true}, {"2026-03-02T14:05:00Z", opMore, "2026-03-02", true}, {"2026", opLess, "2027-01-01", false},
	}
	for _, tt := range tests {
		order, err := (&question{}).ordered(&where{op: tt.op, value: tt.want})
		if err != nil {
			t.Fatal(err)
		}
		if got := order(tt.value); got != tt.holds {
			t.Errorf("%s %s %s is %v", tt.value, tt.op, tt.want, got)
		}
	}
	if _, err := (&question{}).ordered(&where{op: opLess, value: "big"}); err == nil {
		t.Error("a word has an order")
	}
}
