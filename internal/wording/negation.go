package wording

// limits are verbs with which "shall not" sets a limit.
var limits = []string{"exceed", "drop", "fall", "rise", "leave", "deviate", "differ"}

// judgeNot finds negative demands, and double negations.
func (r *run) judgeNot(s *sentence) {
	modal := s.shall
	if modal < 0 {
		modal = s.should
	}
	if modal < 0 {
		return
	}
	not := modal
	if !r.tokens[modal].has(notWord) {
		if not++; !r.has(not, notWord) || not >= s.to {
			return
		}
	}
	verbAt := not + 1
	if verbAt >= s.to {
		return
	}
	if double := r.negatedAgain(s, verbAt); double > 0 {
		r.report(doubleNegation, not, double, "“"+r.quote(not, double)+"” negates twice", "say what the system does, without a negation")
		return
	}
	for i := verbAt; i < s.to; i++ {
		if r.word(i, "unless") || r.word(i, "without") && !r.has(i+1, adverb) && !r.word(verbAt, "be") || r.word(i, "until") || r.word(i, "except") && (r.word(i+1, "when") || r.word(i+1, "if")) {
			r.report(notUnless, not, i, "“"+r.quote(not, not)+" … "+r.quote(i, i)+"” hides the demand behind two negations", "“"+r.subject(s, modal)+" shall "+r.after(s, not, 3)+"” only when …")
			return
		}
	}
	for _, limit := range limits {
		if r.word(verbAt, limit) || r.word(verbAt+1, limit) {
			return
		}
	}
	for i := verbAt; i < min(verbAt+8, s.to); i++ {
		if r.word(i, "more") && r.word(i+1, "than") || r.word(i, "less") && r.word(i+1, "than") || r.word(i, "than") || r.word(i, "beyond") {
			return
		}
	}
	if r.word(not, "never") { // an absolute
		return
	}
	r.report(negativeDemand, modal, not, "that something never happens cannot be shown by a test", "say what “"+r.subject(s, modal)+"” does instead, or within which limits it stays")
}

// negatedAgain is the token that negates a negated verb again, or 0.
func (r *run) negatedAgain(s *sentence, i int) int {
	if r.word(i, "fail") && r.word(i+1, "to") {
		return i + 1
	}
	for k := i; k < min(i+3, s.to); k++ {
		if r.word(i, "be") && (r.word(k, "unable") || r.word(k, "impossible") || r.word(k, "unavailable") || r.word(k, "unknown") && k == i+1) {
			return k
		}
	}
	for k := i; k < min(i+4, s.to); k++ {
		if t := &r.tokens[k]; t.kind == mark || t.has(subordinate) {
			return 0
		}
		if k > i && (r.word(k, "no") || r.word(k, "never") || r.word(k, "not") && !r.has(k-1, beWord)) {
			return k
		}
	}
	return 0
}
