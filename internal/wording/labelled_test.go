package wording

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// labelled is one row of testdata/labelled.tsv.
type labelled struct {
	line     int
	file     string
	sentence string
	good     bool
	rules    []string
	heldOut  bool
}

// readLabelled reads the sentences that were labelled by reading them, before the rules were tuned.
func readLabelled(t testing.TB) []labelled {
	t.Helper()
	raw, err := os.ReadFile("testdata/labelled.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var list []labelled
	for i, line := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 5 {
			t.Fatalf("labelled.tsv:%d: %d columns, want 5", i+1, len(f))
		}
		if i == 0 {
			continue
		}
		l := labelled{line: i + 1, file: f[0], sentence: strings.NewReplacer(`\n`, "\n", `\\`, `\`).Replace(f[1]), good: f[2] == "good", heldOut: f[4] == "held-out"}
		if f[3] != "" {
			l.rules = strings.Split(f[3], ",")
		}
		if l.good != (len(l.rules) == 0) || f[2] != "good" && f[2] != "bad" || f[4] != "held-out" && f[4] != "tuning" {
			t.Fatalf("labelled.tsv:%d: label %q, rules %q, part %q", i+1, f[2], f[3], f[4])
		}
		list = append(list, l)
	}
	return list
}

// score counts right, wrong and missed findings, one a sentence and rule.
type score struct{ right, wrong, missed int }

func (s score) precision() float64 { return float64(s.right) / float64(max(1, s.right+s.wrong)) }
func (s score) recall() float64    { return float64(s.right) / float64(max(1, s.right+s.missed)) }

func (s score) String() string {
	return fmt.Sprintf("precision %.2f  recall %.2f  (%d right, %d wrong, %d missed)", s.precision(), s.recall(), s.right, s.wrong, s.missed)
}

// TestLabelledSentences holds the rules against sentences of real requirement documents, and prints the figures.
//
// goldthread:verifies SRS-77
func TestLabelledSentences(t *testing.T) {
	list := readLabelled(t)
	good := 0
	confidence := map[string]Confidence{}
	for _, r := range Rules() {
		confidence[r.ID] = r.Confidence
	}
	byRule, byConfidence := map[string]*score{}, map[string]*score{}
	count := func(l labelled, rule string, f func(*score)) {
		of := func(m map[string]*score, key string) *score {
			if m[key] == nil {
				m[key] = &score{}
			}
			return m[key]
		}
		f(of(byRule, rule))
		for _, part := range []string{"all", map[bool]string{true: "held-out", false: "tuning"}[l.heldOut]} {
			f(of(byConfidence, part+" "+string(confidence[rule])))
		}
	}
	clean := score{}
	for _, l := range list {
		found := map[string]bool{}
		for _, f := range Check("", l.sentence, Options{}) {
			found[f.Rule] = true
		}
		if l.good {
			good++
			if len(found) > 0 {
				clean.wrong++
			} else {
				clean.right++
			}
		}
		for _, rule := range l.rules {
			if _, known := confidence[rule]; !known {
				t.Fatalf("labelled.tsv:%d: no rule %q", l.line, rule)
			}
			if found[rule] {
				count(l, rule, func(s *score) { s.right++ })
			} else {
				count(l, rule, func(s *score) { s.missed++ })
				if os.Getenv("WORDING_SHOW") != "" && !l.heldOut {
					t.Logf("missed %s:%d %s: %s", "labelled.tsv", l.line, rule, l.sentence)
				}
			}
			delete(found, rule)
		}
		for _, rule := range slices.Sorted(maps.Keys(found)) {
			count(l, rule, func(s *score) { s.wrong++ })
			if os.Getenv("WORDING_SHOW") != "" && !l.heldOut {
				t.Logf("wrong  %s:%d %s: %s", "labelled.tsv", l.line, rule, l.sentence)
			}
		}
	}
	t.Logf("%d sentences, %d good; of the good ones %d have no finding", len(list), good, clean.right)
	for _, part := range []string{"all", "tuning", "held-out"} {
		for _, c := range Confidences() {
			if s := byConfidence[part+" "+string(c)]; s != nil {
				t.Logf("%-8s %-6s %v", part, c, *s)
			}
		}
	}
	order := slices.SortedFunc(maps.Keys(byRule), func(a, b string) int {
		return cmp.Or(slices.Index(Confidences(), confidence[a])-slices.Index(Confidences(), confidence[b]), cmp.Compare(a, b))
	})
	for _, rule := range order {
		t.Logf("%-6s %-26s %v", confidence[rule], rule, *byRule[rule])
	}

	if len(list) < 300 || good*5 < len(list)*2 {
		t.Errorf("%d sentences, %d of them good: want 300, about half of them good", len(list), good)
	}
	if s := byConfidence["all high"]; s.precision() < 0.9 {
		t.Errorf("findings of high confidence: %v: want a precision of 0.9", *s)
	}
	if s := byConfidence["all medium"]; s.precision() < 0.75 {
		t.Errorf("findings of medium confidence: %v: want a precision of 0.75", *s)
	}
}
