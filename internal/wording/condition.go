package wording

// judgeFragment finds a sentence that is a condition and nothing else: "If the battery is low."
func (r *run) judgeFragment(s *sentence) {
	if s.place != prose || s.leads || s.asks || s.modal() >= 0 || !r.tokens[s.from].has(condition) || !r.tokens[s.from].has(subordinate) || r.count(s) < 4 {
		return
	}
	if r.word(s.from, "before") || r.word(s.from, "after") || !r.tokens[s.to-1].is('.') {
		return
	}
	for i := s.from; i < s.to; i++ {
		if t := &r.tokens[i]; t.kind == mark && t.depth == 0 && i < s.to-1 || r.word(i, "then") {
			return
		}
	}
	r.report(conditionWithoutOutcome, s.from, s.to-1, "what happens then is missing", "“"+r.quote(s.from, s.to-2)+", the SYSTEM shall …”")
}

// judgeCondition finds conditions without an outcome, and conditions in which and meets or.
func (r *run) judgeCondition(s *sentence) {
	last := s.to - 1
	for last > s.from && r.tokens[last].kind == mark {
		last--
	}
	if r.tokens[last].has(condition) && r.tokens[last].has(subordinate) && !r.tokens[s.to-1].is(':') && s.place != cell && r.tokens[last].depth == 0 && s.modal() >= 0 && s.modal() < last &&
		!s.leads && !r.word(last, "once") && !r.word(last, "before") && !r.word(last, "after") && !r.word(last, "while") {
		r.report(conditionWithoutOutcome, last, last, "the condition behind “"+r.quote(last, last)+"” is missing", "write the condition first: “When CONDITION, "+lowerFirst(r.subject(s, s.modal()))+" shall "+r.after(s, s.modal(), 3)+"”")
	}
	for i := s.from + 1; i+1 < s.to; i++ { // when (to be clarified)
		if r.tokens[i].is('(') && r.has(i-1, condition) && r.has(i-1, subordinate) && i+1 < s.to && r.closes(s, i) && s.modal() >= 0 && s.modal() < i {
			r.report(conditionWithoutOutcome, i-1, i-1, "the condition behind “"+r.quote(i-1, i-1)+"” is missing", "write the condition first: “When CONDITION, "+lowerFirst(r.subject(s, s.modal()))+" shall "+r.after(s, s.modal(), 3)+"”")
		}
	}
	r.judgeMixed(s)
}

// closes tells whether the parenthesis that opens at i closes at the end of the sentence.
func (r *run) closes(s *sentence, i int) bool {
	last := s.to - 1
	for last > i && (r.tokens[last].is('.') || r.tokens[last].is('!')) {
		last--
	}
	if !r.tokens[last].is(')') {
		return false
	}
	for k := i + 1; k < last; k++ {
		if r.tokens[k].depth <= r.tokens[i].depth {
			return false
		}
	}
	return true
}

// judgeMixed finds a condition in which and meets or.
func (r *run) judgeMixed(s *sentence) {
	for i := s.from; i < s.to; i++ {
		if !r.tokens[i].has(condition) || !r.word(i, "if") && !r.word(i, "when") && !r.word(i, "while") && !r.word(i, "unless") {
			continue
		}
		and, or := 0, 0
		k := i + 1
		for ; k < s.to; k++ {
			t := &r.tokens[k]
			if t.kind == mark && t.mark != '-' || t.has(shallWord|shouldWord|willWord) || r.word(k, "either") || r.word(k, "both") || r.word(k, "whether") || r.word(k, "then") || r.word(k, "between") {
				break
			}
			if t.entry == wordAnd {
				and = k
			}
			if t.entry == wordOr && r.tokens[k-1].kind != number {
				or = k
			}
		}
		if and > 0 && or > 0 {
			from, last := min(and, or), max(and, or)
			r.report(mixedAndOr, from, last, "“"+r.quote(from, from)+"” and “"+r.quote(last, last)+"” in one condition can be read in two ways", "use “either … or” or “both … and”, or make a list of the conditions")
			return
		}
		i = k
	}
}
