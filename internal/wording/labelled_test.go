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

// labelled is one row of a file of labelled sentences.
type labelled struct {
	line     int
	file     string
	sentence string
	good     bool
	rules    []string
	part     string
}

// partHeldOut is the part of a set that nobody looks at while rules are made or mended.
const partHeldOut = "held-out"

// readLabelled reads sentences that were labelled by reading them; besides the held-out part, the file has the part that is named.
func readLabelled(t testing.TB, file, part string) []labelled {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	confidence := confidenceOf()
	var list []labelled
	for i, line := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 5 {
			t.Fatalf("%s:%d: %d columns, want 5", file, i+1, len(f))
		}
		if i == 0 {
			continue
		}
		l := labelled{line: i + 1, file: f[0], sentence: strings.NewReplacer(`\n`, "\n", `\\`, `\`).Replace(f[1]), good: f[2] == "good", part: f[4]}
		if f[3] != "" {
			l.rules = strings.Split(f[3], ",")
		}
		if l.good != (len(l.rules) == 0) || f[2] != "good" && f[2] != "bad" || l.part != partHeldOut && l.part != part {
			t.Fatalf("%s:%d: label %q, rules %q, part %q", file, i+1, f[2], f[3], f[4])
		}
		for _, rule := range l.rules {
			if _, known := confidence[rule]; !known {
				t.Fatalf("%s:%d: no rule %q", file, i+1, rule)
			}
		}
		list = append(list, l)
	}
	return list
}

func confidenceOf() map[string]Confidence {
	confidence := map[string]Confidence{}
	for _, r := range Rules() {
		confidence[r.ID] = r.Confidence
	}
	return confidence
}

// score counts right, wrong and missed findings, one a sentence and rule.
type score struct{ right, wrong, missed int }

func (s score) precision() float64 { return float64(s.right) / float64(max(1, s.right+s.wrong)) }
func (s score) recall() float64    { return float64(s.right) / float64(max(1, s.right+s.missed)) }

func (s score) String() string {
	return fmt.Sprintf("precision %.2f  recall %.2f  (%d right, %d wrong, %d missed)", s.precision(), s.recall(), s.right, s.wrong, s.missed)
}

// scores are those of a set of sentences.
type scores struct {
	rules map[string]score // by rule
	parts map[string]score // by part and confidence, such as "held-out high", and "all high"
	good  int
	clean int // of the good ones, without a finding
}

// measure holds the rules against the labels. With WORDING_SHOW it shows what differs, but for the held-out part.
func measure(t *testing.T, list []labelled) scores {
	confidence := confidenceOf()
	s := scores{rules: map[string]score{}, parts: map[string]score{}}
	count := func(l labelled, rule string, d score) {
		add := func(m map[string]score, key string) {
			was := m[key]
			m[key] = score{was.right + d.right, was.wrong + d.wrong, was.missed + d.missed}
		}
		add(s.rules, rule)
		add(s.parts, "all "+string(confidence[rule]))
		add(s.parts, l.part+" "+string(confidence[rule]))
		if rule != "should-demand" { // which one word decides, and which specifications are full of
			add(s.parts, "all but should "+string(confidence[rule]))
			add(s.parts, l.part+" but should "+string(confidence[rule]))
		}
		if (d.wrong > 0 || d.missed > 0) && os.Getenv("WORDING_SHOW") != "" && l.part != partHeldOut {
			t.Logf("line %d %s %+v: %s", l.line, rule, d, l.sentence)
		}
	}
	for _, l := range list {
		found := map[string]bool{}
		for _, f := range Check("", l.sentence, Options{}) {
			found[f.Rule] = true
		}
		if l.good {
			s.good++
			if len(found) == 0 {
				s.clean++
			}
		}
		for _, rule := range l.rules {
			if found[rule] {
				count(l, rule, score{right: 1})
			} else {
				count(l, rule, score{missed: 1})
			}
			delete(found, rule)
		}
		for _, rule := range slices.Sorted(maps.Keys(found)) {
			count(l, rule, score{wrong: 1})
		}
	}
	return s
}

// log prints the figures.
func (s scores) log(t *testing.T, parts ...string) {
	t.Logf("of %d good sentences %d have no finding", s.good, s.clean)
	for _, part := range append([]string{"all"}, parts...) {
		for _, c := range Confidences() {
			t.Logf("%-8s %-6s %v", part, c, s.parts[part+" "+string(c)])
		}
		t.Logf("%-8s %-6s %v, without should-demand", part, High, s.parts[part+" but should "+string(High)])
	}
	confidence := confidenceOf()
	for _, rule := range slices.SortedFunc(maps.Keys(s.rules), func(a, b string) int {
		return cmp.Or(slices.Index(Confidences(), confidence[a])-slices.Index(Confidences(), confidence[b]), cmp.Compare(a, b))
	}) {
		t.Logf("%-6s %-26s %v", confidence[rule], rule, s.rules[rule])
	}
}

// want fails where a share of right findings lies below a limit.
func (s scores) want(t *testing.T, part string, c Confidence, least float64) {
	t.Helper()
	if got := s.parts[part+" "+string(c)]; got.precision() < least {
		t.Errorf("findings of %s confidence, %s: %v: want a precision of %.2f", c, part, got, least)
	}
}

// TestLabelledSentences holds the rules against sentences of real requirement documents, and prints the figures.
//
// goldthread:verifies SRS-77
func TestLabelledSentences(t *testing.T) {
	list := readLabelled(t, "labelled.tsv", "tuning")
	s := measure(t, list)
	s.log(t, "tuning", partHeldOut)
	if len(list) < 300 || s.good*5 < len(list)*2 {
		t.Errorf("%d sentences, %d of them good: want 300, about half of them good", len(list), s.good)
	}
	s.want(t, "all", High, 0.9)
	s.want(t, "all", Medium, 0.75)
}

// TestUnseenSentences does so on documents that were not read while the rules were made.
//
// goldthread:verifies SRS-77
func TestUnseenSentences(t *testing.T) {
	list := readLabelled(t, "unseen.tsv", "mending")
	s := measure(t, list)
	s.log(t, "mending", partHeldOut)
	if len(list) < 200 || s.good < 100 {
		t.Errorf("%d sentences, %d of them good: want 200, 100 of them good", len(list), s.good)
	}
	s.want(t, "all", High, 0.9)
	s.want(t, partHeldOut, High, 0.9)
	s.want(t, "all but should", High, 0.85)
}
