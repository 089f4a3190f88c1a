package schema

import (
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/record"
)

// goldthread:verifies SRS-10
func TestFieldCheck(t *testing.T) {
	long := strings.Repeat("9", 50)
	for _, c := range []struct {
		name, kind, field, value string
		wayOut                   string // part of the error; empty for none
	}{
		{"text of paragraphs", "SRS", "rationale", "one\n\ntwo", ""},
		{"text with a control character", "SRS", "rationale", "a\x01", "control"},
		{"a line", "SRS", "source", "interview of 2026-01-02", ""},
		{"a line of two", "SRS", "source", "a\nb", "more than one line"},
		{"a value", "SRS", "category", "inputs and outputs", ""},
		{"a value in capitals", "SRS", "category", "Functional", `write "functional"`},
		{"the letter of a value", "SRS", "category", "b", `write "inputs and outputs"`},
		{"a slip in a value", "SRS", "category", "alarm", `did you mean "alarms"?`},
		{"no value", "SRS", "safety class", "D", `"A"`},
		{"a value where there are several names", "RC", "option", "protective", ""},
		{"a whole number", "BL", "entry", "12", ""},
		{"zero", "BL", "entry", "0", ""},
		{"a negative number", "BL", "entry", "-3", ""},
		{"leading zeros", "BL", "entry", "007", `write "7"`},
		{"minus zero", "BL", "entry", "-0", `write "0"`},
		{"a sign without need", "BL", "entry", "+1", "like 12"},
		{"a number too long", "BL", "entry", long, "18 digits"},
		{"a fraction for a whole number", "BL", "entry", "1.5", "like 12"},
		{"no number", "BL", "entry", "", "like 12"},
		{"a decimal", "SRS", "figure", "0.250", ""},
		{"a negative decimal", "SRS", "figure", "-12.5", ""},
		{"a decimal without fraction", "SRS", "figure", "12", ""},
		{"an exponent", "SRS", "figure", "1e3", "plainly"},
		{"a comma", "SRS", "figure", "0,5", "plainly"},
		{"no digit before the point", "SRS", "figure", ".5", "plainly"},
		{"no digit after the point", "SRS", "figure", "5.", "plainly"},
		{"zeros in front", "SRS", "figure", "00.5", `write "0.5"`},
		{"minus zero", "SRS", "figure", "-0.0", `write "0.0"`},
		{"a decimal too long", "SRS", "figure", long, "longer"},
		{"empty", "SRS", "figure", "", "plainly"},
		{"yes", "SRS", "safety related", "yes", ""},
		{"true", "SRS", "safety related", "true", "write yes"},
		{"No", "SRS", "safety related", "No", "write no"},
		{"maybe", "SRS", "safety related", "maybe", "neither"},
		{"a date", "SWS", "classified on", "2024-02-29", ""},
		{"a day that is not", "SWS", "classified on", "2023-02-29", "2026-03-02"},
		{"a date as others write it", "SWS", "classified on", "02.03.2026", "2026-03-02"},
		{"a time", "BLD", "built at", "2026-03-02T14:05:00Z", ""},
		{"a time elsewhere", "BLD", "built at", "2026-03-02T14:05:00+01:00", "UTC"},
		{"a fraction of a second", "BLD", "built at", "2026-03-02T14:05:00.5Z", "UTC"},
		{"an address", "SOUP", "website", "https://example.org/a?b=c", ""},
		{"an address without scheme", "SOUP", "website", "example.org", "full address"},
		{"a script as an address", "SOUP", "website", "javascript:alert(1)", "not taken"},
		{"a blank in an address", "SOUP", "website", "https://example.org/a b", "full address"},
		{"a hash", "SOUP", "hash", "sha256:" + strings.Repeat("0a", 32), ""},
		{"a longer hash", "SOUP", "hash", "sha512:" + strings.Repeat("0a", 64), ""},
		{"a hash without scheme", "SOUP", "hash", strings.Repeat("0A", 32), "write sha256:0a0a0a0a"},
		{"a hash in capitals", "SOUP", "hash", "sha256:" + strings.Repeat("0A", 32), "lower-case"},
		{"a weak hash", "SOUP", "hash", "md5:" + strings.Repeat("0a", 16), "sha256"},
		{"a reference", "TC", "configuration", "CFG-1", ""},
		{"a reference to another project", "TC", "configuration", "platform/CFG-1", ""},
		{"a reference to another kind", "TC", "configuration", "SRS-1", "name a test configuration (CFG)"},
		{"a reference to nothing known", "TC", "configuration", "QQ-1", "no key prefix"},
		{"no key", "TC", "configuration", "the bench", "not allowed"},
		{"a reference to any kind", "IF", "provider", "SWU-1", ""},
	} {
		f := Builtin().Kind(record.Kind(c.kind)).Field(c.field)
		err := f.Check(c.value)
		switch {
		case c.wayOut == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.wayOut != "" && err == nil:
			t.Errorf("%s: %q is taken", c.name, c.value)
		case err != nil && (!strings.Contains(err.Error(), c.wayOut) || !strings.Contains(err.Error(), c.field)):
			t.Errorf("%s: %v; want %q", c.name, err, c.wayOut)
		}
	}
}

// TestPlainNumber checks that the spelling an error proposes is one that is taken.
func TestPlainNumber(t *testing.T) {
	for _, value := range []string{"00", "-00", "007", "-007", "00.50", "-0.0", "-00.5", "0000"} {
		if err := checkDecimal(plainNumber(value)); err != nil {
			t.Errorf("%s: proposes %s: %v", value, plainNumber(value), err)
		}
	}
}
