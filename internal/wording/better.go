package wording

import (
	"slices"
	"strings"
)

// subject is the text before a word of duty, for a better form.
func (r *run) subject(s *sentence, modal int) string {
	if text := r.plainSubject(s, modal); text != "" {
		return text
	}
	return "The SYSTEM"
}

// plainSubject is the text before a word of duty where it is short and one piece: from the beginning of the sentence, or behind
// the comma of a condition with which it begins.
func (r *run) plainSubject(s *sentence, modal int) string {
	from := modal
	for from > s.from && modal-from < 14 {
		t := &r.tokens[from-1]
		if t.is(':') || t.is(';') || t.is(',') && r.tokens[s.from].has(condition|preposition) {
			break
		}
		if t.kind == mark && !t.is('(') && !t.is(')') && !t.is('-') {
			return ""
		}
		from--
	}
	if from == modal || modal-from == 14 || r.tokens[from].has(condition) {
		return ""
	}
	return r.quote(from, modal-1)
}

// after is up to n tokens behind a token, for a better form, with dots where there are more.
func (r *run) after(s *sentence, i, n int) string {
	from := i + 1
	if r.word(from, "be") && r.word(from+1, "able") && r.word(from+2, "to") { // no better form with the next finding in it
		from += 3
	}
	last := min(from+n, s.to) - 1
	for last > from && r.tokens[last].kind == mark {
		last--
	}
	if from >= s.to || last < from {
		return "…"
	}
	text := r.quote(from, last)
	if last+1 < s.to && !r.tokens[last+1].is('.') {
		text += " …"
	}
	return text
}

// people are who uses a system: what they are able to do, the system lets them do.
var people = []string{"user", "users", "operator", "operators", "clinician", "clinicians", "nurse", "nurses", "patient", "patients", "administrator", "administrators",

	"person", "persons", "customer", "customers", "caregiver", "caregivers", "physician", "physicians", "doctor", "you", "staff", "technician", "reviewer"}

// withoutAbility is a better form of "shall be able to", from the words behind it.
func (r *run) withoutAbility(s *sentence, modal, last int) string {
	subject := r.subject(s, modal)
	switch {
	case modal > s.from && slices.Contains(people, strings.ToLower(r.raw(modal-1))):
		return "“The SYSTEM shall let " + lowerFirst(subject) + " " + r.after(s, last, 5) + "”"
	case r.word(last, "to") && last+1 < s.to && r.word(modal+1, "be"):
		return "“" + subject + " shall " + r.after(s, last, 5) + "”, with the condition under which it does"
	}
	return "say what the system does: “" + subject + " shall VERB " + r.after(s, last, 5) + "”"
}

// rest is a few words behind a participle, for a better form.
func (r *run) rest(s *sentence, i int) string {
	if i+1 >= s.to || r.tokens[i+1].is('.') {
		return ""
	}
	if text := r.after(s, i, 4); r.tokens[i+1].kind != mark {
		return " " + text
	}
	return " …"
}

// lowerFirst writes the first word small where it is a word of grammar.
func lowerFirst(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if e := lexicon.get(strings.ToLower(first)); e != nil && e.class&(determiner|preposition|notWord|subordinate) != 0 {
		return strings.ToLower(first) + text[len(first):]
	}
	return text
}

// withShall writes a description as a demand, where its verb is plain to see.
func (r *run) withShall(s *sentence) string {
	for i := s.from + 1; i < min(s.from+14, s.to); i++ {
		t := &r.tokens[i]
		if t.kind == mark || t.has(subordinate) {
			break
		}
		if r.word(i, "is") || r.word(i, "are") {
			return "“" + r.quote(s.from, i-1) + " shall be " + r.after(s, i, 4) + "”"
		}
		if r.word(i, "has") {
			return "“" + r.quote(s.from, i-1) + " shall have " + r.after(s, i, 4) + "”"
		}
		if base := thirdPerson(strings.ToLower(r.raw(i))); base != "" && i > s.from && t.kind == word && !t.capital {
			return "“" + r.quote(s.from, i-1) + " shall " + base + " " + r.after(s, i, 4) + "”"
		}
	}
	return "“The SYSTEM shall …”"
}

// thirdPerson is the base form of a verb with the s of the third person, or "".
func thirdPerson(text string) string {
	if !strings.HasSuffix(text, "s") {
		return ""
	}
	for _, base := range []string{text[:len(text)-1], strings.TrimSuffix(text, "es")} {
		if e := lexicon.get(base); e != nil && e.class&verb != 0 && e.class&nounVerb == 0 {
			return base
		}
	}
	if text == "displays" || text == "supports" || text == "triggers" || text == "shows" {
		return text[:len(text)-1]
	}
	return ""
}

// number10 writes a small number.
func number10(n int) string {
	names := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(names) {
		return names[n]
	}
	return "many"
}
