package wording

import (
	"cmp"
	"strings"
)

// acts are better verbs for the ones that name none.
var acts = map[string]string{
	"support": "read, write, show, offer, accept", "handle": "show, log, refuse, retry", "process": "read, compute, store, send", "manage": "create, store, change, delete, show",
	"accommodate": "take, hold, accept", "facilitate": "show, offer, compute", "address": "show, prevent, store", "consider": "use … to compute, refuse",
	"take into account": "use … to compute, refuse",
}

// judgeVerb finds main verbs that name no act, and verbs joined by and.
func (r *run) judgeVerb(s *sentence) {
	modal := s.modal()
	if modal < 0 {
		r.judgeThirdPerson(s)
		return
	}
	i := r.mainVerb(s, modal)
	if i >= s.to {
		return
	}
	r.judgeVague(s, i)
	if s.shall >= 0 || s.should >= 0 || s.will >= 0 || s.needs >= 0 {
		r.judgeJoined(s, i)
	}
}

// mainVerb is the token behind a word of duty and what can stand between, with "be able to" passed over.
func (r *run) mainVerb(s *sentence, modal int) int {
	i := modal + 1
	if modal == s.needs {
		i++
	}
	for i < s.to && (r.tokens[i].has(adverb) || r.tokens[i].has(notWord) || r.isAdverb(i)) {
		i++
	}
	if r.word(i, "be") && (r.word(i+1, "able") && r.word(i+2, "to") || r.word(i+1, "capable") && r.word(i+2, "of")) {
		i += 3
	}
	return i
}

// isAdverb tells whether a word ends as adverbs do.
func (r *run) isAdverb(i int) bool {
	if i >= len(r.tokens) || r.tokens[i].kind != word {
		return false
	}
	t := &r.tokens[i]
	return t.end-t.start > 4 && strings.HasSuffix(r.raw(i), "ly") && !r.word(i, "apply") && !r.word(i, "supply") && !r.word(i, "reply") && !r.word(i, "comply") && !r.word(i, "multiply") && !r.word(i, "assembly")
}

// judgeVague reports a verb that names no act.
func (r *run) judgeVague(s *sentence, i int) {
	last := i
	key := ""
	switch {
	case r.tokens[i].has(vagueVerb):
		key = r.tokens[i].entry.text
	case r.word(i, "supporting"), r.word(i, "handling"), r.word(i, "processing"), r.word(i, "managing"):
		key = map[byte]string{'s': "support", 'h': "handle", 'p': "process", 'm': "manage"}[r.text[r.tokens[i].start]|0x20]
	case r.word(i, "take") && r.word(i+1, "into") && (r.word(i+2, "account") || r.word(i+2, "consideration")):
		last, key = i+2, "take into account"
	case r.word(i, "deal") && r.word(i+1, "with"), r.word(i, "cope") && r.word(i+1, "with"):
		last, key = i+1, "handle"
	default:
		return
	}
	if key == "support" && r.mechanical(s, i) {
		return
	}
	found := r.quote(i, last)
	object := r.after(s, last, 4)
	r.report(vagueVerbRule, i, last, "“"+found+"” names no act that could be seen", "say what is done with “"+object+"”: "+acts[key]+" …")
}

// mechanical tells whether a support bears a weight.
func (r *run) mechanical(s *sentence, i int) bool {
	for k := i + 1; k < min(i+8, s.to); k++ {
		if r.word(k, "load") || r.word(k, "weight") || r.word(k, "kg") || r.word(k, "n") && r.tokens[k].kind == word && r.tokens[k-1].kind == number {
			return true
		}
	}
	return false
}

// judgeThirdPerson finds "supports" and the like in a text without a word of duty.
func (r *run) judgeThirdPerson(s *sentence) {
	for i := s.from + 1; i < min(s.from+9, s.to); i++ {
		if t := &r.tokens[i]; t.has(vagueVerbs) && !r.has(i-1, determiner) && !r.has(i-1, preposition) {
			r.report(vagueVerbRule, i, i, "“"+r.quote(i, i)+"” names no act that could be seen", "say what is done with “"+r.after(s, i, 4)+"”: "+acts[strings.TrimSuffix(strings.TrimSuffix(t.entry.text, "s"), "e")]+" …")
			return
		}
	}
}

// judgeJoined finds a second verb behind and.
func (r *run) judgeJoined(s *sentence, first int) {
	if !r.tokens[first].has(verb|nounVerb|beWord) && first+1 < s.to && !r.word(first+1, "and") {
		return
	}
	for i := first + 1; i+1 < s.to; i++ {
		t := &r.tokens[i]
		switch {
		case t.has(subordinate) || t.has(shallWord|shouldWord|willWord) || t.is(';') || t.is(':') || t.is('('):
			return
		case t.entry == wordTo && r.has(i+1, verb|nounVerb) && !r.has(i+2, preposition): // to start and stop
			return
		case t.entry != wordAnd:
			continue
		}
		second := i + 1
		for second < s.to && (r.isAdverb(second) || r.tokens[second].has(adverb)) {
			second++
		}
		if second >= s.to || !r.verbAt(s, first, i, second) {
			continue
		}
		r.report(joinedVerbs, i, second, "“"+r.quote(first, first)+" … and "+r.quote(second, second)+"” are two acts", "make “"+r.subject(s, s.modal())+" shall "+r.after(s, second-1, 4)+"” a requirement of its own")
		return
	}
}

// verbAt tells whether the word behind and is a verb beside the first one, not a noun.
func (r *run) verbAt(s *sentence, first, and, second int) bool {
	t := &r.tokens[second]
	next := second + 1
	if next >= s.to || r.named(s, second) {
		return false
	}
	object := r.tokens[next].has(determiner) && !r.word(next, "that") && !r.word(next, "those") || r.word(next, "it") || r.word(next, "them") || r.word(next, "itself")
	direct := and == first+1
	for k := first + 1; !direct && k < and; k++ { // "shall validate, store, and notify"
		if !r.tokens[k].is(',') && !r.tokens[k].has(verb|nounVerb) {
			break
		}
		direct = k+1 == and && r.tokens[first+1].is(',')
	}
	if direct { // "shall measure and display pressure"
		return t.has(verb|nounVerb) && !(r.tokens[first].has(nounVerb) && !r.tokens[first].has(verb))
	}
	switch {
	case t.has(nounVerb):
		return object && !r.word(next, "at")
	case t.has(verb):
		return object || r.has(next, preposition) || r.tokens[next].kind == word && !r.tokens[next].has(beWord)
	}
	return false
}

// judgePassive finds what shall be done by nobody.
func (r *run) judgePassive(s *sentence) {
	modal := s.modal()
	if modal < 0 || s.member {
		return
	}
	for i := modal; i < s.to; i++ {
		if !r.tokens[i].has(shallWord|shouldWord|willWord) && (i != s.needs || r.strong) || r.relative(i) {
			continue
		}
		k := i + 1
		if r.word(k, "to") {
			k++
		}
		for k < s.to && (r.tokens[k].has(adverb) || r.tokens[k].has(notWord) || r.isAdverb(k)) {
			k++
		}
		if k >= s.to || !r.word(k, "be") {
			continue
		}
		be := k
		k++
		for k < s.to && (r.tokens[k].has(adverb) || r.isAdverb(k)) {
			k++
		}
		if k >= s.to {
			continue
		}
		base, ok := r.participleAt(k)
		if !ok || r.actorAfter(s, k) {
			continue
		}
		better := "name who does it: “The SYSTEM shall "
		if object := lowerFirst(r.plainSubject(s, i)); object == "" {
			better += cmp.Or(base, "VERB") + " …”"
		} else {
			better += cmp.Or(base, "VERB") + " " + object + r.rest(s, k) + "”"
		}
		r.report(passiveWithoutActor, be, k, "“"+r.quote(be, k)+"” does not say by whom or by what", better)
		return
	}
}

// participleAt tells whether the token is a past participle that tells an act, and its base form where that is known.
func (r *run) participleAt(i int) (base string, ok bool) {
	t := &r.tokens[i]
	if t.kind != word || t.has(stative) || t.odd {
		return "", false
	}
	if t.has(participle) {
		return t.entry.base, true
	}
	text := strings.ToLower(r.raw(i))
	if !strings.HasSuffix(text, "ed") || len(text) < 5 || strings.Contains(text, "-") || strings.HasSuffix(text, "eed") {
		return "", false
	}
	stem := text[:len(text)-2]
	forms := []string{stem, stem + "e"}
	if n := len(stem); n > 2 && stem[n-1] == stem[n-2] {
		forms = append(forms, stem[:n-1])
	}
	if strings.HasSuffix(stem, "i") {
		forms = append(forms, stem[:len(stem)-1]+"y")
	}
	for _, f := range forms {
		if e := lexicon.get(f); e != nil && e.class&(verb|nounVerb) != 0 {
			return f, true
		}
	}
	return "", true
}

// actorAfter tells whether "by" follows within the clause.
func (r *run) actorAfter(s *sentence, i int) bool {
	for k := i + 1; k < s.to; k++ {
		if r.tokens[k].depth > r.tokens[i].depth {
			continue
		}
		if r.word(k, "by") || r.word(k, "using") || r.word(k, "via") {
			return true
		}
		if r.tokens[k].has(shallWord) || r.tokens[k].is(';') {
			return false
		}
	}
	return false
}
