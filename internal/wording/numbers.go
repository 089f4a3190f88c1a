package wording

// judgeNumbers finds numbers without a unit, and exact values of what is measured.
func (r *run) judgeNumbers(s *sentence) {
	tolerance := false
	subject := r.measuredSubject(s)
	for i := s.from; i < s.to; i++ {
		t := &r.tokens[i]
		if t.kind != number || t.odd && !t.unit {
			continue
		}
		if r.judgeUnit(s, i, subject) || tolerance || s.tolerant {
			continue
		}
		tolerance = r.judgeTolerance(s, i)
	}
}

// judgeUnit reports a number that needs a unit and has none. Subject is the measured quantity the sentence is about, or -1.
func (r *run) judgeUnit(s *sentence, i, subject int) bool {
	t := &r.tokens[i]
	if t.unit || r.measured(i) && !r.isMark(i-1, '<') && !r.isMark(i-1, '>') || r.has(i-1, referred) || r.isMark(i-1, plusMinus) {
		return false
	}
	end := i
	if i+2 < s.to && (r.word(i+1, "to") || r.word(i+1, "and") || r.isMark(i+1, dash) || r.isMark(i+1, '-')) && r.tokens[i+2].kind == number {
		end = i + 2
		if r.measured(end) {
			return false
		}
	}
	if end+1 < s.to {
		next := &r.tokens[end+1]
		switch {
		case next.kind == mark && (next.mark == ',' || next.mark == '.' || next.mark == ';' || next.mark == ')'):
		case next.kind == word && (next.has(preposition) || next.has(subordinate) || r.word(end+1, "and") || r.word(end+1, "or")) && !r.word(end+1, "of") && !r.word(end+1, "to"):
		default:
			return false
		}
	}
	of := ""
	switch {
	case r.word(i-1, "every"):
		of = "interval"
	case r.has(i-1, preposition) && (r.word(i-2, "increments") || r.word(i-2, "steps") || r.word(i-2, "increment")):
		if r.text[t.start] == '0' {
			return false // 0.1 of a fraction
		}
		of = r.quote(i-2, i-2)
	default:
		k := i - 1
		for k >= s.from && i-k < 6 && (r.tokens[k].has(link) || r.tokens[k].has(shallWord|shouldWord|mayWord) || r.has(k, notWord) || r.isMark(k, '<') || r.isMark(k, '>') || r.isMark(k, '=') || r.isMark(k, '-')) {
			k--
		}
		if k >= s.from && k < i-1 && !r.tokens[k].has(quantity) && s.shall > k {
			k = subject
		}
		if k < s.from || k == i-1 || !r.tokens[k].has(quantity) || r.word(k+1, "by") && k+2 == i {
			return false
		}
		of = r.quote(k, k)
	}
	found := r.quote(i, end)
	r.report(missingUnit, i, end, "“"+found+"” has no unit", "write the unit behind “"+found+"”, as the "+of+" is measured")
	return true
}

// measuredSubject is the noun of a measured quantity that is the subject of the demand, or -1: the delay between A and B.
func (r *run) measuredSubject(s *sentence) int {
	for k := s.from; k+1 < s.shall; k++ {
		if r.tokens[k].has(quantity) {
			if r.tokens[k+1].has(preposition) || r.word(k+1, "of") {
				return k
			}
			return -1
		}
	}
	return -1
}

// exact are words before a value that is meant exactly.
func (r *run) exact(i int) bool {
	return r.word(i, "of") || r.word(i, "be") || r.word(i, "is") || r.word(i, "lasting") || r.word(i, "during") || r.word(i, "for") || r.word(i, "last") && !r.has(i-1, determiner) || r.word(i, "lasts") || r.word(i, "provide")
}

// judgeTolerance reports an exact value of something that is measured.
func (r *run) judgeTolerance(s *sentence, i int) bool {
	t := &r.tokens[i]
	unit := t.unit || r.has(i+1, unitWord) && !r.tokens[i+1].capitalWord()
	if !unit || t.span || t.depth > 0 || !r.exact(i-1) || s.cites || s.modal() < 0 && r.binding {
		return false
	}
	if r.text[t.end-1] == '%' || !t.unit && (r.word(i+1, "bit") || r.word(i+1, "bits") || r.word(i+1, "bytes") || r.word(i+1, "pixels") || r.word(i+1, "percent")) {
		return false
	}
	for k := max(s.from, i-5); k < min(i+5, s.to); k++ {
		if x := &r.tokens[k]; x.has(bound) && !(r.word(k, "last") && !r.has(k-1, determiner)) || x.is(plusMinus) || x.is('<') || x.is('>') || x.is(dash) || x.is('*') {
			return false
		}
	}
	last := i
	if !t.unit {
		last++
	}
	found := r.quote(i, last)
	r.report(missingTolerance, i, last, "“"+found+"” is exact; a measurement never is", "give a range or tolerance, or write “at least "+found+"” or “at most "+found+"”")
	return true
}
