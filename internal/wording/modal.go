package wording

// judgeModal finds words of duty that are none, and more than one of them.
func (r *run) judgeModal(s *sentence) {
	switch {
	case s.shall >= 0 && (s.should < 0 || s.shall < s.should):
		will := s.will >= 0 && s.will < s.shall && s.will > s.from && !r.relative(s.will) && !r.within(s, s.will)
		if will {
			r.report(unclearModal, s.will, s.will, "“"+r.quote(s.will, s.will)+"” can be read as a fact", "“"+r.subject(s, s.will)+" shall "+r.after(s, s.will, 5)+"”")
		}
		if s.shalls > 1 || will {
			r.judgeTwo(s, will)
		}
	case s.should >= 0:
		if (s.should > s.from || r.word(s.should+1, "be")) && !r.relative(s.should) {
			r.report(shouldDemand, s.should, s.should, "“"+r.quote(s.should, s.should)+"” is a wish that nobody has to fulfil", "“"+r.subject(s, s.should)+" shall "+r.after(s, s.should, 5)+"”, or take it out of the requirements")
		}
	case s.needs >= 0 && !r.strong:
		if s.needs > s.from && s.needs+2 < s.to {
			r.report(unclearModal, s.needs, s.needs+1, "“"+r.quote(s.needs, s.needs+1)+"” can be read as a fact", "“"+r.subject(s, s.needs)+" shall "+r.after(s, s.needs+1, 5)+"”")
		} else if s.needs == s.from && r.word(s.needs, "need") {
			r.report(unclearModal, s.needs, s.needs+1, "“"+r.quote(s.needs, s.needs+1)+"” does not say who has to", "“The SYSTEM shall "+r.after(s, s.needs+1, 5)+"”")
		}
	case s.will >= 0 && !r.strong:
		if s.will > s.from && !r.relative(s.will) && !r.within(s, s.will) {
			r.report(unclearModal, s.will, s.will, "“"+r.quote(s.will, s.will)+"” can be read as a fact", "“"+r.subject(s, s.will)+" shall "+r.after(s, s.will, 5)+"”")
		}
	case s.may >= 0 && !r.binding:
		if !r.relative(s.may) && !r.within(s, s.may) {
			r.report(mayDemand, s.may, s.may, "“"+r.quote(s.may, s.may)+"” demands nothing", "“"+r.subject(s, s.may)+" shall "+r.after(s, s.may, 5)+"”")
		}
	}
}

// relative tells whether the word follows that, which or who: its clause is not the demand.
func (r *run) relative(i int) bool {
	return r.word(i-1, "that") || r.word(i-1, "which") || r.word(i-1, "who") || r.word(i-1, "what")
}

// within tells whether the token lies in a clause that begins with if or when, or the like, and has not ended.
func (r *run) within(s *sentence, i int) bool {
	for k := i - 1; k >= s.from; k-- {
		t := &r.tokens[k]
		if t.is(',') || t.is(';') || t.is(':') || r.word(k, "then") {
			return false
		}
		if t.has(subordinate) && (k == s.from || !r.word(k, "that") || r.tokens[k-1].kind == word) {
			return true
		}
	}
	return false
}

// judgeTwo finds two demands in one sentence.
func (r *run) judgeTwo(s *sentence, will bool) {
	begin := s.shall + 1
	if will {
		begin = s.shall
	}
	for i := begin; i < s.to; i++ {
		t := &r.tokens[i]
		if !t.has(shallWord) || t.depth > r.tokens[s.shall].depth || r.word(i-1, "or") || r.word(i-1, "that") || r.explains(begin, i) {
			continue
		}
		from := r.clause(begin, i)
		r.report(twoDemands, from, i, "“"+r.quote(from, i)+" …” is a second demand in the sentence", "make it a requirement of its own: “"+r.second(s, from, i)+" "+r.quote(i, i)+" "+r.after(s, i, 4)+"”")
		return
	}
}

// explains tells whether the word of duty stands in words that explain the first demand: "…, meaning that …".
func (r *run) explains(begin, modal int) bool {
	for k := modal - 1; k > begin && !r.tokens[k].is(';'); k-- {
		if r.word(k, "meaning") && r.tokens[k-1].is(',') || r.word(k, "i.e.") || r.word(k, "i.e") {
			return true
		}
	}
	return false
}

// clause is where the clause of a word of duty begins: behind a semicolon, at an and, or at a comma.
func (r *run) clause(begin, modal int) int {
	from, comma := 0, 0
	for k := modal - 1; k >= begin && modal-k < 20 && from == 0; k-- {
		t := &r.tokens[k]
		switch {
		case t.depth > r.tokens[modal].depth:
		case t.is(';'), r.word(k, "and") && (k == modal-1 || !r.has(k+1, preposition)):
			from = k
		case t.is(',') && comma == 0:
			comma = k
		}
	}
	switch {
	case from > 0:
		return from
	case comma > 0:
		return comma
	}
	return max(begin, modal-3)
}

// second is the subject of the second demand of a sentence.
func (r *run) second(s *sentence, from, modal int) string {
	for from < modal && (r.word(from, "and") || r.tokens[from].kind == mark || r.tokens[from].has(subordinate) || r.word(from, "or") || r.word(from, "but")) {
		from++
	}
	if from == modal || r.tokens[from].has(pronoun) {
		return r.subject(s, s.shall)
	}
	return r.quote(from, modal-1)
}
