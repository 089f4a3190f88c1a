package doorstop_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goldthread/goldthread/internal/exchange/doorstop"
)

// TestFingerprints compares with fingerprints made by Doorstop's own functions (Text.load_text, _convert_to_str,
// Stamp.digest) under Python 3.11 and PyYAML.
//
// goldthread:verifies SRS-48
func TestFingerprints(t *testing.T) {
	cases := []struct {
		sentence string
		item     string
		reviewed []string
		plain    string // as a link holds it
		review   string // as the item holds it
	}{
		{"plain text", "text: |\n  The pump shall stop.\n", []string{},
			"-JG0Kms1CNFPSuIgH5tniXPIr3TizcUpCM8cJcFXOqs=",
			"-JG0Kms1CNFPSuIgH5tniXPIr3TizcUpCM8cJcFXOqs="},
		{"blank lines around and blanks at line ends", "text: \"\\n\\n first  \\nsecond\\t\\n\\n\"\n", []string{},
			"o8yYl7hyMa8j8BZlxMmLmr_eM0CVT2yBkW8hKuacy-I=",
			"o8yYl7hyMa8j8BZlxMmLmr_eM0CVT2yBkW8hKuacy-I="},
		{"folded text with umlauts", "text: >\n  Prüfung über\n  zwei Zeilen\n\n  Absatz\n", []string{},
			"l9MB3UQWAddGKx1mHnbEKPRoq7R9pV3Imd2S1-_iWT0=",
			"l9MB3UQWAddGKx1mHnbEKPRoq7R9pV3Imd2S1-_iWT0="},
		{"a ref", "text: x\nref: \" test.c \"\n", []string{},
			"0H4b8-DrW1CbDVKxTWYWztCK_kJaiMgv6Z5WHNsRNeY=",
			"0H4b8-DrW1CbDVKxTWYWztCK_kJaiMgv6Z5WHNsRNeY="},
		{"references with quotes, backslash and umlaut", "text: x\nreferences:\n- path: \" it's.c\"\n  type: file\n- path: \"a\\\\b\\\"c'ü\\u0001.c\"\n  type: file\n  keyword: K\n- {path: p, type: file, sha: abc, keyword: 12}\n", []string{},
			"OqBm9agzKPrgxM9Mpf_7AspfmX7dgGLQIL4aJRKVzpU=",
			"OqBm9agzKPrgxM9Mpf_7AspfmX7dgGLQIL4aJRKVzpU="},
		{"links sorted and once", "text: x\nlinks:\n- REQ010: abc\n- REQ2\n- REQ-2: null\n- ABC3\n- ZZZ-name\n- zzz1\n", []string{},
			"SP0co5Or4fFyXJVSapt74kWtVcqJniuLnsTIEwOnOgc=",
			"d97SHiHX6MoZl_uKBZ5zgD83RMo9SnqHFT2uG6cLGhE="},
		{"extra attributes of all types", "text: x\na: yes\nb: 12\nc: 1.50\nd: null\ne: [x, {z: 1, y: off}]\nf: 2020-01-02\ng: \"12\"\nh: 1e5\ni: 1.0e+20\nj: -0.00001\nk: c:\\\\tmp\nl: |\n  two\n  lines\nm: 1_000\nn: .inf\no: y\nq: 0\nr: -7\n", []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "q", "r", "z"},
			"82lK5QgPa9Eq7G1wyvYTRcfUUGSEaVB8gRNePnQqvYw=",
			"82lK5QgPa9Eq7G1wyvYTRcfUUGSEaVB8gRNePnQqvYw="},
	}
	for _, c := range cases {
		t.Run(c.sentence, func(t *testing.T) {
			config := "settings: {prefix: REQ}\n"
			if len(c.reviewed) > 0 {
				config += "attributes:\n  reviewed: [" + strings.Join(c.reviewed, ", ") + "]\n"
			}
			item := c.item + "reviewed: " + c.review + "\n"
			tree := read(t, fstest.MapFS{
				".doorstop.yml": {Data: []byte(config)},
				"REQ001.yml":    {Data: []byte(item)},
			}, doorstop.Options{})
			got := tree.Documents[0].Items[0]
			if got.Fingerprint != c.plain {
				t.Errorf("fingerprint %s, Doorstop makes %s", got.Fingerprint, c.plain)
			}
			if fmt.Sprint(got.Review) != fmt.Sprintf("{%s reviewed}", c.review) {
				t.Errorf("review %v, Doorstop makes %s", got.Review, c.review)
			}
		})
	}
}
