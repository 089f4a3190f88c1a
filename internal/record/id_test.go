package record_test

import (
	"encoding/base32"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
)

// goldthread:verifies SRS-4
func TestIdentityAsText(t *testing.T) {
	tests := []struct {
		sentence string
		id       record.ID
		text     string
	}{
		{"all bits clear", record.ID{}, "00000000000000000000000000"},
		{"all bits set", record.ID{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, "vvvvvvvvvvvvvvvvvvvvvvvvvs"},
		{"the highest bit", record.ID{0x80}, "g0000000000000000000000000"},
		{"the lowest bit", record.ID{15: 1}, "00000000000000000000000004"},
	}
	for _, tt := range tests {
		if got := tt.id.String(); got != tt.text {
			t.Errorf("%s: %s, want %s", tt.sentence, got, tt.text)
		}
		if got, err := record.ParseID(tt.text); err != nil || got != tt.id {
			t.Errorf("%s: ParseID(%s) = %v, %v", tt.sentence, tt.text, got, err)
		}
	}
	if !(record.ID{}).IsZero() || (record.ID{15: 1}).IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestIdentityIsBase32Hex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := genID.Draw(t, "id")
		want := strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(id[:]))
		if id.String() != want || len(want) != record.IDLength {
			t.Fatalf("%v is written %s, want %s", [16]byte(id), id, want)
		}
		if back, err := record.ParseID(want); err != nil || back != id {
			t.Fatalf("ParseID(%s) = %s, %v", want, back, err)
		}
	})
}

// goldthread:verifies SRS-4
func TestOneIdentityHasOneSpelling(t *testing.T) {
	good := "0123456789abcdefghijklmnos"
	if _, err := record.ParseID(good); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ sentence, in string }{
		{"nothing", ""},
		{"one character short", good[:25]},
		{"one character more", good + "0"},
		{"padding", good[:24] + "=="},
		{"upper case", strings.ToUpper(good)},
		{"one letter upper case", good[:12] + "C" + good[13:]},
		{"unused bits of the last character set", good[:25] + "t"},
		{"a letter beyond v", good[:3] + "w" + good[4:]},
		{"a line feed, which base32 decoders skip", good[:25] + "\n"},
		{"a carriage return inside", good[:5] + "\r" + good[6:]},
		{"a blank first", " " + good[:25]},
		{"a letter that is not ASCII", good[:24] + "é"},
		{"a megabyte", strings.Repeat("0", 1<<20)},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			id, err := record.ParseID(tt.in)
			if err == nil || !id.IsZero() {
				t.Fatalf("ParseID(%.60q) = %s, %v; want an error and no identity", tt.in, id, err)
			}
			if len(err.Error()) > 300 {
				t.Errorf("the error has %d bytes: hostile input is not repeated whole", len(err.Error()))
			}
		})
	}
}

// TestEverySpellingOfTheLastCharacter tries all bytes there: eight of 256 are good, those with the two unused bits clear.
func TestEverySpellingOfTheLastCharacter(t *testing.T) {
	good := ""
	for c := range 256 {
		s := strings.Repeat("0", 25) + string([]byte{byte(c)})
		if id, err := record.ParseID(s); err == nil {
			good += string(rune(c))
			if id.String() != s {
				t.Errorf("%s comes back as %s", s, id)
			}
		}
	}
	if good != "048cgkos" {
		t.Errorf("good last characters are %q", good)
	}
}

func TestProvisionalIdentities(t *testing.T) {
	// sha256sum of "goldthread provisional id 1\nSRS-12", its first 16 bytes as base32hex.
	if got, want := record.ProvisionalID("SRS-12").String(), "uaac48oertq7ij1qkougjibquc"; got != want {
		t.Errorf("ProvisionalID(SRS-12) = %s, want %s", got, want)
	}
	if record.ProvisionalID("SRS-1") == record.ProvisionalID("SRS-2") {
		t.Error("two keys have one provisional identity")
	}
}
