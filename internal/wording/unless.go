package wording

import "strings"

// This file holds the exceptions of the groups in words.go: when a word is not what its rule looks for.

// names are what a vague word is part of a technical name with: the word, and the words behind it.
var names = map[string]string{
	"fast":        "fourier fft forward charge charging boot mode path track ethernet start acting-insulin flush bolus scan",
	"rapid":       "sequence prototyping eye infuser test antigen application",
	"quick":       "start reference guide connect release access disconnect view fix",
	"slow":        "wave motion mode start scan",
	"high speed":  "usb mode can bus camera",
	"stable":      "release version branch angina state isotope sort order identifier id ids api identity",
	"responsive":  "design layout web",
	"easy":        "mode start read",
	"smooth":      "muscle pursuit",
	"flexible":    "tube tubing hose cable circuit endoscope catheter cord pcb display substrate electrode",
	"powerful":    "",
	"best":        "practice practices match fit",
	"good":        "practice practices manufacturing clinical laboratory documentation distribution",
	"bad":         "block blocks pixel pixels sector request gateway",
	"poor":        "",
	"significant": "digit digits figure figures bit bits byte bytes place places decimal",
	"minimal":     "invasive set subset spanning",
	"minimally":   "invasive",
	"suitable":    "",
	"acceptable":  "quality daily risk",
	"appropriate": "technical",
	"reasonably":  "foreseeable practicable",
	"normal":      "saline distribution form vector sinus mode state use condition operation operating termination",
	"special":     "character characters case cases purpose",
	"serious":     "injury injuries incident incidents adverse harm deterioration",
	"important":   "",
	"proper":      "name noun subset",
	"unexpected":  "eof",
	"effective":   "dose radiation date area length diameter user",
	"typical":     "",
	"few":         "",
	"precise":     "",
	"efficient":   "",
	"demanding":   "",
	"poorly":      "",
	"too high":    "alarm alarms",
	"too low":     "alarm alarms",
	"too fast":    "alarm alarms",
	"too slow":    "alarm alarms",
	"too long":    "alarm alarms",
	"too hot":     "alarm alarms",
	"too cold":    "alarm alarms",
	"optimal":     "",
}

// technical tells whether the phrase is part of a technical name.
func technical(r *run, s *sentence, from, last int) bool {
	if last+1 >= s.to || r.tokens[last+1].kind != word {
		return r.word(from-1, "statistically") || r.word(from-1, "clinically")
	}
	found := strings.ToLower(r.text[r.tokens[from].start:r.tokens[last].end])
	next := strings.ToLower(r.raw(last + 1))
	for name := range strings.FieldsSeq(names[found]) {
		if name == next {
			return true
		}
	}
	if found == "minimal" && r.word(from-1, "the") { // the smallest
		return true
	}
	before := ""
	if from > s.from {
		before = strings.ToLower(r.raw(from - 1))
	}
	return before == "statistically" || before == "clinically" || before == "least" && (found == "significant" || found == "minimal") || before == "most" && found == "significant"
}

// attribute tells whether the word stands before a noun ("a simple text file"), where it names a kind more often than it praises.
func attribute(r *run, s *sentence, from, last int) bool {
	if last+1 >= s.to {
		return false
	}
	next := &r.tokens[last+1]
	return next.kind != mark && !next.has(preposition) && !r.word(last+1, "and") && !r.word(last+1, "or")
}

// attributeOf tells whether "good" or "bad" names a kind ("bad blocks", "known good"), not a quality.
func attributeOf(r *run, s *sentence, from, last int) bool {
	if technical(r, s, from, last) || r.word(from-1, "known") || r.word(from-1, "as") {
		return true
	}
	if last+1 >= s.to {
		return false
	}
	switch strings.ToLower(r.raw(last + 1)) {
	case "quality", "performance", "result", "results", "readability", "usability", "visibility", "contrast", "condition", "conditions", "reason", "reasons", "user", "image", "picture", "coverage", "enough":
		return false
	}
	return r.tokens[last+1].kind == word && !r.has(last+1, preposition) && !r.word(last+1, "and") && !r.word(last+1, "or")
}

// valued tells whether the sentence gives a value for the performance.
func valued(r *run, s *sentence, from, last int) bool {
	if s.value || technical(r, s, from, last) || r.word(from-1, "how") || r.word(from, "too") && r.tokens[from].depth > 0 {
		return true
	}
	// "faster than real time", "as fast as", "at least as accurate as": measured against something.
	for i := last + 1; i < min(last+3, s.to); i++ {
		if r.word(i, "than") || r.word(i, "as") && r.word(from-1, "as") {
			return true
		}
	}
	return r.isMark(from-1, '-') || r.isMark(last+1, '-') || r.resolved(last+1)
}

// resolved tells whether "precise" goes on with a unit: "to the day", "to the nearest second".
func (r *run) resolved(i int) bool {
	if !r.word(i, "to") || !r.has(i+1, determiner) {
		return false
	}
	return r.has(i+2, unitWord) || r.word(i+2, "nearest") && r.has(i+3, unitWord)
}

// enoughOf tells whether "enough" counts what follows ("enough space"), or has a value.
func enoughOf(r *run, s *sentence, from, last int) bool {
	return r.counts(s, last) || valued(r, s, from, last)
}

// notEnoughOf is the other way round.
func notEnoughOf(r *run, s *sentence, from, last int) bool {
	return !r.counts(s, last) || valued(r, s, from, last)
}

// counts tells whether a noun follows that the word counts.
func (r *run) counts(s *sentence, i int) bool {
	return i+1 < s.to && r.tokens[i+1].kind == word && !r.tokens[i+1].has(preposition|subordinate|shallWord|shouldWord) && !r.word(i+1, "and") && !r.word(i+1, "or")
}

// timed tells whether the sentence names the time, or the phrase is part of a name.
func timed(r *run, s *sentence, from, last int) bool {
	if s.value {
		return true
	}
	if r.word(from, "at") && from > s.from && strings.HasSuffix(r.raw(from-1), "s") { // three readers at once
		return true
	}
	for _, name := range []string{"clock", "clocks", "operating", "os", "kernel", "protocol", "preceding", "adjacent", "following", "bus", "scheduler", "thread"} {
		if last+1 < s.to && r.tokens[last+1].kind == word && strings.EqualFold(r.raw(last+1), name) {
			return true
		}
	}
	if r.word(from, "often") || r.word(from, "soon") || r.word(from, "frequently") {
		return r.word(from-1, "how") || r.word(from-1, "as") || r.word(from-1, "most")
	}
	return false
}

// soft lets technical names pass, and words that begin a sentence as a remark.
func soft(r *run, s *sentence, from, last int) bool { return technical(r, s, from, last) }

// rightOne tells whether "correct" is a verb, or an adjective without an article.
func rightOne(r *run, s *sentence, from, last int) bool {
	return !r.word(from-1, "the") && !r.word(from-1, "a")
}

// counted tells whether the word counts nothing in the demand.
func counted(r *run, s *sentence, from, last int) bool {
	switch {
	case r.word(from-1, "how"), r.word(from-1, "as"), r.word(from-1, "too"), r.word(from-1, "so"), r.word(from-1, "there"), r.word(from-1, "are"):
		return true
	case r.isMark(from-1, '-'), r.isMark(last+1, '-'):
		return true
	case r.word(from, "some") || r.word(from, "several") || r.word(from, "few"):
		return last+1 >= s.to || r.word(from-1, "at")
	case r.word(last+1, "to") && r.word(last+2, "many"):
		return true
	}
	return false
}

// certainOf tells whether "certain" stands alone.
func certainOf(r *run, s *sentence, from, last int) bool {
	return last+1 >= s.to || r.tokens[last+1].kind != word || r.has(last+1, preposition) || r.word(last+1, "that") || r.has(from-1, beWord)
}

// notNumber tells whether no number follows, or the tolerance is given.
func notNumber(r *run, s *sentence, from, last int) bool {
	i := last + 1
	if r.word(from, "close") && r.word(from-1, "as") {
		return true
	}
	if r.isMark(i, '.') { // approx.
		i++
	}
	for i < s.to && (r.isMark(i, '-') || r.isMark(i, '+')) {
		i++
	}
	return i >= s.to || r.tokens[i].kind != number || r.tokens[i].odd || r.tokens[i].span || s.tolerant
}

// referring tells whether "as required" names by what.
func referring(r *run, s *sentence, from, last int) bool {
	if !r.word(last, "required") && !r.word(last, "needed") && !r.word(last, "necessary") && !r.word(last, "appropriate") && !r.word(last, "applicable") && !r.word(last, "that") {
		return false
	}
	for _, w := range []string{"by", "in", "per", "for", "to", "according"} {
		if r.word(last+1, w) {
			return !r.word(last, "that")
		}
	}
	return false
}

// windowed tells whether a window is minimised.
func windowed(r *run, s *sentence, from, last int) bool {
	if s.value {
		return true
	}
	for i := last + 1; i < min(last+4, s.to); i++ {
		switch strings.ToLower(r.raw(i)) {
		case "window", "windows", "dialog", "dialogue", "panel", "pane", "application", "screen", "button", "icon", "build", "compiler", "code":
			return true
		}
	}
	return from > s.from && (r.has(from-1, determiner) && !strings.HasSuffix(strings.ToLower(r.raw(from)), "ing"))
}

// absolutely tells whether always or never has a limit beside it.
func absolutely(r *run, s *sentence, from, last int) bool {
	return r.word(from, "never") && r.word(from+1, "mind") || r.word(from-1, "not") || r.word(last+1, "less") || r.word(last+1, "more")
}

// leading tells whether the phrase comes before the demand, or is its verb.
func leading(r *run, s *sentence, from, last int) bool {
	if s.modal() < 0 || from < s.modal()+2 {
		return true
	}
	if !r.word(from, "to") { // in order to, so that
		return false
	}
	return !r.tokens[from-1].is(',') && !r.word(last+1, "that") && !r.word(last, "allow") || r.word(from-1, "not")
}

// aboutPlaceholders tells whether the text speaks about placeholders, as a checker of documents does.
func aboutPlaceholders(r *run, s *sentence, from, last int) bool {
	for i := max(s.from, from-4); i < from; i++ {
		if r.word(i, "number") || r.word(i, "any") || r.word(i, "no") || r.word(i, "contain") || r.word(i, "contains") || r.word(i, "count") || r.word(i, "every") {
			return !r.measuredAfter(last + 1)
		}
	}
	if last+1 < s.to && r.word(from, "xyz") {
		switch strings.ToLower(r.raw(last + 1)) {
		case "axis", "axes", "coordinate", "coordinates", "stage", "position", "plane", "table", "space":
			return true
		}
	}
	return false
}

// measuredAfter tells whether a unit follows.
func (r *run) measuredAfter(i int) bool { return r.has(i, unitWord) || r.isMark(i, '%') }

// goesOn tells whether "to be confirmed" goes on with by whom or when, which is a demand.
func goesOn(r *run, s *sentence, from, last int) bool {
	if last+1 >= s.to {
		return s.modal() >= 0 && s.modal() < from && r.word(last, "confirmed")
	}
	next := &r.tokens[last+1]
	return next.kind != mark && !r.word(last+1, "later") && !r.word(last+1, "soon") || next.is(',') && r.word(last, "confirmed")
}
