package wording

// judgeSentence finds what lies in the build of one sentence.
func (r *run) judgeSentence(s *sentence) {
	if s.question {
		r.judgeQuestion(s)
	}
	if s.classes&condition != 0 {
		r.judgeFragment(s)
	}
	if !r.demands(s) {
		return
	}
	r.judgeModal(s)
	r.judgeVerb(s)
	r.judgeNot(s)
	if s.classes&beWord != 0 {
		r.judgePassive(s)
	}
	if s.classes&pronoun != 0 {
		r.judgePronoun(s)
	}
	if s.numbers {
		r.judgeNumbers(s)
	}
	if s.classes&condition != 0 {
		r.judgeCondition(s)
	}
	if s.brackets {
		r.judgeParentheses(s)
	}
}

// judgeQuestion finds a question mark that ends words.
func (r *run) judgeQuestion(s *sentence) {
	for i := s.from; i < s.to; i++ {
		if !r.tokens[i].is('?') || i > s.from && r.tokens[i-1].is('?') {
			continue
		}
		if i+1 < s.to && r.tokens[i+1].is('?') { // ??? is a placeholder
			continue
		}
		from := i
		for from > s.from && !r.tokens[from-1].is('(') && !r.tokens[from-1].is('[') && i-from < 12 {
			from--
		}
		r.report(openQuestion, from, i, "“"+r.quote(from, i)+"” is a question", "answer it in the requirement, or move it to a comment")
		return
	}
}

// judgePronoun finds a pronoun for the subject of a demand.
func (r *run) judgePronoun(s *sentence) {
	modal := s.modal()
	if s.place == listItem && s.member {
		return
	}
	i := s.from
	if i+1 < s.to && r.tokens[i].has(pronoun) && modal == i+1 {
		if r.word(i, "it") && r.word(modal+1, "be") && r.has(modal+2, cleft) {
			return
		}
		r.report(pronounRule, i, i, "what “"+r.quote(i, i)+"” refers to stands elsewhere", "put the noun in the place of “"+r.quote(i, i)+"”: “The SYSTEM "+r.quote(modal, modal)+" "+r.after(s, modal, 4)+"”")
		return
	}
	for i++; i < s.to; i++ {
		if r.tokens[i].has(pronoun) && (r.word(i, "this") || r.word(i, "these") || r.word(i, "those")) && r.alone(s, i) {
			r.report(pronounRule, i, i, "what “"+r.quote(i, i)+"” refers to stands elsewhere", "put the noun behind “"+r.quote(i, i)+"”")
			return
		}
	}
}

// alone tells whether no noun follows "this".
func (r *run) alone(s *sentence, i int) bool {
	if i+1 >= s.to {
		return true
	}
	next := &r.tokens[i+1]
	if r.word(i, "those") { // those that, those of
		return false
	}
	return next.is('.') || next.is(',') || next.has(shallWord|shouldWord|willWord|mayWord) || next.has(preposition) || next.has(beWord) || r.word(i+1, "based")
}

// judgeParentheses finds parentheses in parentheses. What is written onto a word is a call.
func (r *run) judgeParentheses(s *sentence) {
	for i := s.from; i < s.to; i++ {
		t := &r.tokens[i]
		if !t.is('(') || t.depth == 0 || i > s.from && r.tokens[i-1].end == t.start && !r.tokens[i-1].is('(') {
			continue
		}
		last := i
		for last+1 < s.to && r.tokens[last].depth >= t.depth && !(r.tokens[last].is(')') && last > i && r.tokens[last].depth == t.depth) && last-i < 40 {
			last++
		}
		r.report(nestedParentheses, i, last, "“"+r.quote(i, last)+"” stands within other parentheses", "make a sentence of it, or move it to a note")
		return
	}
}

// judgeText finds what only the whole text shows.
func (r *run) judgeText() {
	var first, second *sentence
	demands, words := 0, 0
	for i := range r.sentences {
		s := &r.sentences[i]
		if s.note || s.place == heading || s.place == cell {
			continue
		}
		if s.shall >= 0 || s.should >= 0 || s.will >= 0 && !r.strong || s.needs >= 0 && !r.strong {
			if demands++; demands == 2 {
				second = s
			}
		}
		if first == nil && !s.question && r.count(s) > 2 {
			first = s
		}
		words += r.count(s)
		if s.may >= 0 || s.question {
			words -= 1000 // has its own finding
		}
	}
	switch {
	case second != nil:
		modal := second.modal()
		r.report(severalDemands, second.from, modal, "“"+r.quote(second.from, modal)+" …” is the second of "+number10(demands)+" demands in one requirement", "give each demand a requirement of its own")
	case !r.binding && first != nil && words > 2 && r.languages[english] > 0:
		last := first.to - 1
		for last > first.from && r.tokens[last].kind == mark {
			last--
		}
		r.report(noModal, first.from, last, "no sentence has a word of duty", r.withShall(first))
	}
}

// count counts the words of a sentence.
func (r *run) count(s *sentence) int {
	n := 0
	for i := s.from; i < s.to; i++ {
		if r.tokens[i].kind == word {
			n++
		}
	}
	return n
}
