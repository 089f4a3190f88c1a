package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/record"
)

func TestTable(t *testing.T) {
	rows := [][]cell{{"a", "längst", "x"}, {"bbb", "日本", "y"}, {"", "", ""}, {"e\u0301", "1", "z"}}
	var b strings.Builder
	if err := writeTable(&b, "> ", rows); err != nil {
		t.Fatal(err)
	}
	same(t, "table", "> a    längst  x\n> bbb  日本    y\n> \n> e\u0301    1       z\n", b.String())
	b.Reset()
	if err := writeTable(&b, "", nil); err != nil || b.Len() > 0 {
		t.Errorf("an empty table is %q, %v; want nothing", b.String(), err)
	}
}

func TestPrintable(t *testing.T) {
	tests := []struct{ sentence, text, line, lines string }{
		{"plain text stays", "Größe – 日本", "Größe – 日本", "Größe – 日本"},
		{"line ends and tabs become blanks on one line", "a\nb\tc\rd", "a b c d", "a\nb\tc\ufffdd"},
		{"escape sequences are broken", "\x1b[31mred\u009b0m\x7f", "\ufffd[31mred\ufffd0m\ufffd", "\ufffd[31mred\ufffd0m\ufffd"},
		{"what turns the order of reading is taken out", "a\u202eb\u2066c", "a\ufffdb\ufffdc", "a\ufffdb\ufffdc"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			same(t, "on one line", tt.line, printable(tt.text))
			same(t, "on several", tt.lines, printableText(tt.text))
		})
	}
}

func TestNearestNames(t *testing.T) {
	names := []string{"title", "text", "SRS-1", "SRS-10", "SRS-11", "verification method", "title"}
	tests := []struct {
		sentence, name string
		want           []string
	}{
		{"two letters swapped", "titel", []string{"title"}},
		{"capitals do not matter", "TEXT", []string{"text"}},
		{"the nearest first, then by name", "SRS-1x", []string{"SRS-1", "SRS-10", "SRS-11"}},
		{"far off is nothing", "completely else", []string{}},
		{"nothing is near to nothing", "", nil},
		{"a name of a hostile length is not compared", strings.Repeat("x", 10000), nil},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			same(t, "names", tt.want, nearestNames(tt.name, slices.Values(names), 3))
		})
	}
}

func TestOneOf(t *testing.T) {
	for want, names := range map[string][]string{"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := oneOf(names); got != want {
			t.Errorf("oneOf(%q) = %q, want %q", names, got, want)
		}
	}
}

func TestPrefixOfAKey(t *testing.T) {
	tests := []struct {
		key    record.Key
		prefix string
		want   bool
	}{{"REQ-1", "REQ", true}, {"REQ1", "req", true}, {"REQUEST-1", "REQ", false}, {"REQ", "REQ", false}, {"RW-SYS-3", "rw-sys", true}, {"RW-SYS-3", "RW", true}}
	for _, tt := range tests {
		if got := hasPrefixFold(tt.key, tt.prefix); got != tt.want {
			t.Errorf("hasPrefixFold(%s, %s) = %v", tt.key, tt.prefix, got)
		}
	}
}
