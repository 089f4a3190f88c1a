package record_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
)

// goldthread:verifies SRS-5
func TestParseKey(t *testing.T) {
	tests := []struct {
		sentence string
		in       string
		refusal  string // part of the error, "" where the key is good
	}{
		{"a prefix, a dash and a number", "SRS-12", ""},
		{"a prefix of two words", "RW-SYS-3", ""},
		{"no separator before the number", "REQ001", ""},
		{"dots and underscores separate as dashes do", "a.1_b", ""},
		{"a letter may follow the number", "SRS-12a", ""},
		{"the shortest one", "A1", ""},
		{"as long as allowed", "A" + strings.Repeat("1", record.MaxKey-1), ""},
		{"one byte too long", "A" + strings.Repeat("1", record.MaxKey), "longer than 80"},
		{"nothing", "", "empty key"},
		{"no digit", "SRS", "has no number"},
		{"a digit first", "1SRS", "must begin with a letter"},
		{"a separator first", "-SRS1", "must begin with a letter"},
		{"a separator last", "SRS-1-", "ends in a separator"},
		{"two separators in a row", "SRS--1", "two separators"},
		{"two different separators in a row", "SRS-.1", "two separators"},
		{"a blank", "SRS 1", `' ' is not allowed`},
		{"a slash, which stands for another project", "a/SRS-1", `'/' is not allowed`},
		{"a letter that is not ASCII, named whole", "SRSÄ1", `'Ä' is not allowed`},
		{"a letter that is not ASCII at the beginning", "Ä1", "must begin with a letter"},
		{"a digit that is not ASCII", "SRS-١", `'١' is not allowed`},
		{"a line feed at the end", "SRS-1\n", `'\n' is not allowed`},
		{"bytes that are no UTF-8", "S\xff1", `is not allowed`},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			key, err := record.ParseKey(tt.in)
			if tt.refusal == "" {
				if err != nil || key != record.Key(tt.in) {
					t.Fatalf("ParseKey(%q) = %q, %v", tt.in, key, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.refusal) || key != "" {
				t.Errorf("ParseKey(%q) = %q, %v; want an error about %q", tt.in, key, err, tt.refusal)
			}
			if err != nil && len(err.Error()) > 300 {
				t.Errorf("the error has %d bytes: hostile input is not repeated whole", len(err.Error()))
			}
		})
	}
}

// TestSmallKeys enumerates all strings up to five bytes over one character of each class.
func TestSmallKeys(t *testing.T) {
	good := 0
	for s := range smallStrings("a1-/", 5) {
		checkKey(t, s)
		if record.LooksLikeKey(s) {
			good++
		}
	}
	// Counted by hand for up to three bytes: a1, aa1, a1a, a11, a-1; of four and five by the same rule.
	if want := 5 + countKeys(4) + countKeys(5); good != want {
		t.Errorf("%d strings are keys, want %d", good, want)
	}
}

// countKeys counts the keys of n characters over a, 1 and -, by building them up: another way than reading them.
func countKeys(n int) int {
	type end struct{ digit, separator bool }
	now := map[end]int{{}: 1} // the letter at the beginning
	for range n - 1 {
		next := map[end]int{}
		for e, c := range now {
			next[end{e.digit, false}] += c
			next[end{true, false}] += c
			if !e.separator {
				next[end{e.digit, true}] += c
			}
		}
		now = next
	}
	return now[end{true, false}]
}

// smallStrings yields all strings up to max bytes over the alphabet.
func smallStrings(alphabet string, max int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		level := []string{""}
		for range max + 1 {
			var longer []string
			for _, s := range level {
				if !yield(s) {
					return
				}
				for _, c := range []byte(alphabet) {
					longer = append(longer, s+string(rune(c)))
				}
			}
			level = longer
		}
	}
}

// checkKey holds what is true of every string.
func checkKey(t *testing.T, s string) {
	t.Helper()
	key, err := record.ParseKey(s)
	if (err == nil) != record.LooksLikeKey(s) {
		t.Errorf("ParseKey(%q) says %v, LooksLikeKey says %v", s, err, record.LooksLikeKey(s))
	}
	ref, refErr := record.ParseRef(s)
	if !strings.Contains(s, "/") && (err == nil) != (refErr == nil) {
		t.Errorf("ParseRef(%q) says %v, ParseKey says %v", s, refErr, err)
	}
	if refErr == nil {
		if string(ref) != s {
			t.Errorf("ParseRef(%q) = %q", s, ref)
		}
		if _, key := ref.Split(); !record.LooksLikeKey(string(key)) {
			t.Errorf("reference %q leads to %q, which is no key", s, key)
		}
	}
	if err != nil {
		return
	}
	if string(key) != s {
		t.Errorf("ParseKey(%q) = %q", s, key)
	}
	if p := key.Prefix(); p == "" || !key.HasPrefix(p) {
		t.Errorf("the prefix of %q is %q, which it does not have", key, p)
	}
}

func TestPrefixes(t *testing.T) {
	tests := []struct {
		key    record.Key
		prefix string
		has    []string
		hasNot []string
	}{
		{"SRS-12", "SRS", []string{"SRS"}, []string{"", "SR", "SRS-12", "srs", "SRS-"}},
		{"REQ001", "REQ", []string{"REQ"}, []string{"RE", "R"}},
		{"RW-SYS-3", "RW-SYS", []string{"RW-SYS", "RW"}, []string{"SYS", "RW-SY"}},
		{"SRS_1.2", "SRS_1", []string{"SRS", "SRS_1"}, []string{"SRS_1.2"}},
		{"SRS-12a", "SRS", []string{"SRS"}, []string{"SRS-12a"}},
		{"SRSX-1", "SRSX", []string{"SRSX"}, []string{"SRS"}},
		{"A1", "A", []string{"A"}, nil},
	}
	for _, tt := range tests {
		if got := tt.key.Prefix(); got != tt.prefix {
			t.Errorf("Prefix of %s = %q, want %q", tt.key, got, tt.prefix)
		}
		for _, p := range tt.has {
			if !tt.key.HasPrefix(p) {
				t.Errorf("%s has not the prefix %q", tt.key, p)
			}
		}
		for _, p := range tt.hasNot {
			if tt.key.HasPrefix(p) {
				t.Errorf("%s has the prefix %q", tt.key, p)
			}
		}
	}
}

// goldthread:verifies SRS-5
func TestOrderOfKeysAsPeopleHaveIt(t *testing.T) {
	want := []record.Key{"A1", "A2", "A10", "A10a", "A11", "SRS-1", "SRS-1.1", "SRS-1.2", "SRS-1.10", "SRS-2", "SRS-02", "SRS-10",
		"SRS-18446744073709551616", "SRS-100000000000000000000", "SYS-1"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, record.CompareKeys)
	// SRS-2 and SRS-02 have one value: bytes decide.
	i := slices.Index(want, "SRS-2")
	want[i], want[i+1] = "SRS-02", "SRS-2"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("order of keys (-want +got):\n%s", d)
	}
	if !record.Key("SRS-9").Less("SRS-10") || record.Key("SRS-10").Less("SRS-9") || record.Key("SRS-9").Less("SRS-9") {
		t.Error("Less does not say what CompareKeys says")
	}
}

// TestOrderOfKeysIsTotal takes all triples of small strings, keys or not: an order that is total for all is for keys.
//
// goldthread:verifies SRS-5
func TestOrderOfKeysIsTotal(t *testing.T) {
	small := slices.Collect(smallStrings("a01-", 3))
	for _, a := range small {
		for _, b := range small {
			for _, c := range small {
				if fault := orderFault(record.Key(a), record.Key(b), record.Key(c)); fault != "" {
					t.Fatal(fault)
				}
			}
		}
	}
}

func TestOrderOfKeysIsTotalForRandomOnes(t *testing.T) {
	keys := rapid.OneOf(rapid.StringMatching(`[AB](-?(0|1|2|9|10|b)){1,6}`), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := keys.Draw(t, "a"), keys.Draw(t, "b"), keys.Draw(t, "c")
		if fault := orderFault(record.Key(a), record.Key(b), record.Key(c)); fault != "" {
			t.Fatal(fault)
		}
	})
}

func orderFault(a, b, c record.Key) string {
	ab, ba, bc, ac := record.CompareKeys(a, b), record.CompareKeys(b, a), record.CompareKeys(b, c), record.CompareKeys(a, c)
	switch {
	case sign(ab) != -sign(ba):
		return fmt.Sprintf("%q and %q compare as %d one way and %d the other", a, b, ab, ba)
	case (ab == 0) != (a == b):
		return fmt.Sprintf("%q and %q compare as %d", a, b, ab)
	case ab <= 0 && bc <= 0 && ac > 0:
		return fmt.Sprintf("%q, %q, %q are not in one order", a, b, c)
	}
	return ""
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestParseRef(t *testing.T) {
	tests := []struct {
		sentence     string
		in           string
		project, key string
		refused      bool
	}{
		{"a key of the same project", "SRS-1", "", "SRS-1", false},
		{"a key of another project", "pump-2/SRS-1", "pump-2", "SRS-1", false},
		{"nothing", "", "", "", true},
		{"no key", "pump/", "", "", true},
		{"no project before the slash", "/SRS-1", "", "", true},
		{"a project that is no name", "Pump/SRS-1", "", "", true},
		{"two projects", "a/b/SRS-1", "", "", true},
		{"a way out of the folder", "../SRS-1", "", "", true},
		{"a bad key of a good project", "pump/SRS", "", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			ref, err := record.ParseRef(tt.in)
			if (err != nil) != tt.refused {
				t.Fatalf("ParseRef(%q): %v", tt.in, err)
			}
			if tt.refused {
				return
			}
			project, key := ref.Split()
			if project != tt.project || key != record.Key(tt.key) {
				t.Errorf("ParseRef(%q) leads to %q, %q", tt.in, project, key)
			}
		})
	}
}

func TestProjectNames(t *testing.T) {
	tests := []struct {
		sentence, in string
		good         bool
	}{
		{"letters", "pump", true},
		{"a single character", "p", true},
		{"digits, at the beginning too", "2go", true},
		{"words with dashes", "infusion-pump-2", true},
		{"as long as allowed", strings.Repeat("a", record.MaxProjectName), true},
		{"one byte too long", strings.Repeat("a", record.MaxProjectName+1), false},
		{"nothing", "", false},
		{"upper case", "Pump", false},
		{"a dash first", "-pump", false},
		{"a dash last", "pump-", false},
		{"two dashes", "infusion--pump", false},
		{"a dot", "pump.1", false},
		{"a slash", "a/b", false},
		{"a blank", "a b", false},
		{"a letter that is not ASCII", "pümp", false},
		{"a megabyte", strings.Repeat("a", 1<<20), false},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			err := record.CheckProjectName(tt.in)
			if (err == nil) != tt.good {
				t.Errorf("CheckProjectName(%.80q) = %v", tt.in, err)
			}
			if err != nil && len(err.Error()) > 300 {
				t.Errorf("the error has %d bytes: hostile input is not repeated whole", len(err.Error()))
			}
		})
	}
}

// goldthread:verifies SRS-5
func FuzzParseKey(f *testing.F) {
	for _, s := range []string{"SRS-12", "RW-SYS-3", "REQ001", "a--1", "pump/SRS-1", "/A1", "Ä1", "A1\x00", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkKey(t, s) })
}
