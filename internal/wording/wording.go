// Package wording finds words in a requirement that make it hard to understand or to test: vague words, escape clauses,
// open lists, several demands in one, numbers without a unit. It judges form, never content, and always gives the same
// answer to the same text.
//
//	for _, f := range wording.Check("Stop on occlusion", "The pump should stop quickly.", wording.Options{}) {
//		fmt.Println(f.Line, f.Column, f.Rule, f.Message, f.Better)
//	}
//
// Each rule is a row of [Rules] with its published source: the rules of the INCOSE Guide to Writing Requirements (INCOSE-TP-2010-006,
// version 4), the sentence patterns of EARS (Mavin, Wilkinson, Harwood, Novak: Easy Approach to Requirements Syntax, 17th IEEE
// International Requirements Engineering Conference, 2009), and the characteristics and language criteria of
// ISO/IEC/IEEE 29148:2018, 5.2.5 to 5.2.7.
//
// The text is the Markdown of one requirement. Code, quoted words, block quotes, link targets, pictures and remarks that say
// that they are remarks ("NOTE:", "Example:") are not judged. List items belong to the sentence that introduces them. Where
// some sentences hold a demand, the others are read as explanation.
//
// It refuses to guess: a text in another language than English gets no findings and [Skipped] says why; what is right often
// enough to be left to the reader is of low [Confidence]. It reads no files and calls nothing outside. Time is linear in the
// size of the text, whatever it holds. Clause served: requirements that are unambiguous and testable [62304 5.2.6].
package wording

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Confidence says how often a finding of a rule is right.
type Confidence string

// The closed list of confidences. The share of right findings on the labelled sentences of testdata is printed by the tests.
const (
	High   Confidence = "high"   // at least nine of ten are right
	Medium Confidence = "medium" // most are right; read the sentence
	Low    Confidence = "low"    // a hint for the author
)

// Confidences lists them, highest first.
func Confidences() []Confidence { return []Confidence{High, Medium, Low} }

// Options say what a project has settled. The zero value is ready for use.
type Options struct {
	// Terms are words that the project has defined, such as "fast bolus". What stands in one is not judged. Case is ignored.
	Terms []string
	// Off are the ids of rules that do not apply.
	Off []string
}

// Finding is a place in a text that a rule speaks about.
type Finding struct {
	Rule       string     `json:"rule"` // id of a row of Rules
	Confidence Confidence `json:"confidence"`
	InTitle    bool       `json:"inTitle,omitempty"` // offsets are of the title: the text is empty, and the title is the demand
	Start      int        `json:"start"`             // in bytes
	End        int        `json:"end"`               // in bytes, behind the last
	Line       int        `json:"line"`              // from 1
	Column     int        `json:"column"`            // from 1, in bytes
	Excerpt    string     `json:"excerpt"`           // the words, shortened with … when long
	Message    string     `json:"message"`           // what is wrong
	Better     string     `json:"better"`            // a better form
	Source     string     `json:"source"`            // where the rule is published
}

// Checker checks texts under one set of options. It may be used by several goroutines at once.
type Checker struct {
	terms map[string][][]string // first word → the further words of each term
	heads [1 << 12]bool         // by their first two bytes, whether terms begin so
	off   [ruleCount]bool
	runs  sync.Pool // of *run, to be used again
}

// New makes a checker.
func New(options Options) *Checker {
	c := &Checker{terms: map[string][][]string{}}
	for _, t := range options.Terms {
		if words := termWords(t); len(words) > 0 {
			c.terms[words[0]] = append(c.terms[words[0]], words[1:])
			c.heads[head(words[0])] = true
		}
	}
	for i := range table {
		c.off[i] = slices.Contains(options.Off, table[i].ID)
	}
	return c
}

// head is a place in heads for a word in either case.
func head(word string) int {
	h := int(word[0] | 0x20)
	if len(word) > 1 && word[0]|word[1] < utf8.RuneSelf {
		h |= int(word[1]|0x20) << 4
	}
	return h & (1<<12 - 1)
}

// Check judges one requirement, and sorts what it finds by place. A title is judged only where the text is empty.
//
// goldthread:implements SRS-77
func Check(title, text string, options Options) []Finding { return New(options).Check(title, text) }

// Check judges one requirement, and sorts what it finds by place. A title is judged only where the text is empty.
func (c *Checker) Check(title, text string) []Finding {
	inTitle := strings.TrimSpace(text) == ""
	if inTitle {
		text = title
	}
	r := c.read(text)
	defer c.done(r)
	if r.foreign() != "" {
		return nil
	}
	r.judge()
	return r.finish(inTitle)
}

// Skipped says why a requirement is not judged, or "" when it is.
func Skipped(title, text string) string {
	if strings.TrimSpace(text) == "" {
		text = title
	}
	return New(Options{}).read(text).foreign()
}

// read takes a text apart.
func (c *Checker) read(text string) *run {
	r, _ := c.runs.Get().(*run)
	if r == nil {
		r = &run{}
	}
	*r = run{checker: c, text: text, tokens: r.tokens[:0], sentences: r.sentences[:0], found: r.found[:0]}
	r.scan()
	return r
}

// done gives the room of a run back, unless it is large.
func (c *Checker) done(r *run) {
	if cap(r.tokens) < 1<<16 {
		clear(r.found)
		c.runs.Put(r)
	}
}

// run is one text under judgement.
type run struct {
	checker   *Checker
	text      string
	tokens    []token
	sentences []sentence
	binding   bool // a sentence holds shall, must, should or another word of duty
	strong    bool // a sentence holds shall, must or should
	languages [languageCount]int
	letters   int // all letters
	unlatin   int // letters of other scripts
	found     []raw
}

// raw is a finding before its place is known as line and column.
type raw struct {
	rule            ruleIndex
	start, end      int
	message, better string
}

// report notes a finding over the tokens from to last, unless its rule is off.
func (r *run) report(rule ruleIndex, from, last int, message, better string) {
	if r.checker.off[rule] {
		return
	}
	r.found = append(r.found, raw{rule, r.tokens[from].start, r.tokens[last].end, message, better})
}

// judge runs every rule.
func (r *run) judge() {
	for i := range r.sentences {
		if s := &r.sentences[i]; !s.note {
			r.judgeWords(s)
			r.judgeSentence(s)
		}
	}
	r.judgeText()
}

// finish sorts the findings and gives them their places.
func (r *run) finish(inTitle bool) []Finding {
	slices.SortStableFunc(r.found, func(a, b raw) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.rule, b.rule), cmp.Compare(a.end, b.end))
	})
	if len(r.found) == 0 {
		return nil
	}
	list := make([]Finding, 0, len(r.found))
	line, begin, at := 1, 0, 0
	for _, f := range r.found {
		for ; at < f.start; at++ {
			if r.text[at] == '\n' {
				line, begin = line+1, at+1
			}
		}
		rule := &table[f.rule]
		list = append(list, Finding{
			Rule: rule.ID, Confidence: rule.Confidence, InTitle: inTitle,
			Start: f.start, End: f.end, Line: line, Column: f.start - begin + 1,
			Excerpt: shorten(r.text[f.start:f.end], 80), Message: f.message, Better: f.better, Source: rule.Source,
		})
	}
	return list
}

// plain tells whether a text is one line of ASCII, without blanks side by side.
func plain(text string) bool {
	for i := 0; i < len(text); i++ {
		if b := text[i]; b < ' ' || b >= utf8.RuneSelf || b == ' ' && i > 0 && text[i-1] == ' ' {
			return false
		}
	}
	return true
}

// shorten cuts a text to about limit bytes, at a word where there is one, and joins its lines.
func shorten(text string, limit int) string {
	if len(text) > 4*limit {
		text = text[:4*limit]
	}
	if !plain(text) {
		text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "�")
	}
	if len(text) <= limit {
		return text
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	if blank := strings.LastIndexByte(text[:cut], ' '); blank > limit/2 {
		cut = blank
	}
	return text[:cut] + "…"
}
