package wording

import "strings"

// sentence is a stretch of tokens of one block.
type sentence struct {
	from, to int // tokens
	place    place
	leads    bool // introduces a list
	note     bool // says of itself that it is a remark
	member   bool // a list item without a word of duty, under a sentence that has one
	question bool // a question mark is in it
	asks     bool // it ends with a question mark

	shall  int  // the first shall or must, or -1
	shalls int  // how many
	should int  // the first should
	will   int  // the first will
	may    int  // the first can, could, may or might
	needs  int  // the first "needs to", "has to", "is to"
	value  bool // a number with a unit, a percentage or a tolerance is in it

	classes  class // of all of its words
	numbers  bool  // a number is in it
	brackets bool  // a parenthesis is in it

	tolerant bool // a tolerance is in it
	compared bool // it says than what
	cites    bool // it names a standard
}

// duty tells whether the sentence has a word of duty of its own.
func (s *sentence) duty() bool { return s.shall >= 0 || s.should >= 0 || s.will >= 0 || s.needs >= 0 }

// modal is the first word of duty or permission, or -1.
func (s *sentence) modal() int {
	first := -1
	for _, i := range []int{s.shall, s.should, s.will, s.needs, s.may} {
		if i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	return first
}

// split takes the tokens from first on apart into sentences, and returns the last of them.
func (r *run) split(first int, p place, above intro) *sentence {
	note, begin := above.active && above.note, first
	add := func(to int) {
		s := r.sentence(begin, to, p)
		aside, rest := r.remark(&s)
		s.note = note || aside || p == heading
		note = note || rest
		s.member = p == listItem && above.active && above.demand && !s.duty() && !s.note
		r.sentences = append(r.sentences, s)
		begin = to
	}
	for i := first; i < len(r.tokens); i++ {
		if r.ends(i) {
			add(i + 1)
		}
	}
	if begin < len(r.tokens) {
		add(len(r.tokens))
	}
	return &r.sentences[len(r.sentences)-1]
}

// ends tells whether a sentence ends with the token.
func (r *run) ends(i int) bool {
	t := &r.tokens[i]
	if t.kind != mark || t.depth > 0 || t.mark != '.' && t.mark != '!' && t.mark != '?' {
		return false
	}
	if i+1 == len(r.tokens) {
		return true
	}
	next := &r.tokens[i+1]
	if next.start == t.end {
		return next.kind == word && next.capital && next.has(opener) || t.mark == '.' && next.is('(')
	}
	if t.mark != '.' || i == 0 {
		return next.kind == opaque || next.kind == number || next.capital || next.is('[') || next.is('(')
	}
	before := &r.tokens[i-1]
	if before.has(abbreviation) {
		return next.capital && next.has(opener)
	}
	return before.end == t.start || next.capital
}

// remark tells whether the sentence is a remark, and whether the rest of its block is as well.
func (r *run) remark(s *sentence) (aside, rest bool) {
	i := s.from
	for i < s.to && (r.tokens[i].is('(') || r.tokens[i].is('[')) {
		i++
	}
	if i >= s.to || !r.tokens[i].has(remark) {
		return false, false
	}
	if i+1 >= s.to {
		return true, true
	}
	next := &r.tokens[i+1]
	switch {
	case next.is(':'), next.is('.'), r.tokens[i].upper && next.kind == word:
		return true, true
	case next.kind == number, r.word(i+1, "that"), r.word(i+1, "of"), next.is(','):
		return true, false
	}
	return false, false
}

// sentence looks for the words of duty of a sentence, and for values.
func (r *run) sentence(from, to int, p place) sentence {
	s := sentence{from: from, to: to, place: p, shall: -1, should: -1, will: -1, may: -1, needs: -1}
	first := func(at *int, i int) {
		if *at < 0 {
			*at = i
		}
	}
	for i := from; i < to; i++ {
		t := &r.tokens[i]
		if t.entry != nil {
			s.classes |= t.entry.class
		}
		s.brackets = s.brackets || t.depth > 0
		switch {
		case t.kind == number:
			s.numbers = true
			s.value = s.value || r.measured(i)
		case t.is(plusMinus), t.is('+') && (r.isMark(i+1, '-') || r.isMark(i+1, '/')):
			s.value, s.tolerant = true, true
		case t.is('?'):
			s.question = true
		case t.has(standard):
			s.cites = true
		case t.has(reference):
			s.compared = true
		case t.entry == nil || t.entry.class&(shallWord|shouldWord|willWord|mayWord|needWord) == 0:
		case t.has(shallWord):
			if t.depth == 0 || s.shall < 0 {
				s.shalls++
			}
			first(&s.shall, i)
		case t.has(shouldWord):
			first(&s.should, i)
		case t.has(willWord):
			first(&s.will, i)
		case t.has(mayWord):
			if !(t.capital && i > from && !t.upper) { // the month
				first(&s.may, i)
			}
		case i+1 < to && r.word(i+1, "to") && r.needed(from, i):
			first(&s.needs, i)
		}
	}
	if s.shalls > 1 && r.relative(s.shall) { // "a part that must not move shall …": the second is the demand
		for i := s.shall + 1; i < to; i++ {
			if r.tokens[i].has(shallWord) && !r.relative(i) {
				s.shall, s.shalls = i, s.shalls-1
				break
			}
		}
	}
	if s.should >= 0 && s.shall < 0 && r.supposes(from, s.should, to) {
		s.should = -1
	}
	s.asks = to > from && r.tokens[to-1].is('?') && !r.isMark(to-2, '?')
	return s
}

// supposes tells whether "should" at i is part of the condition that the sentence begins with: "If the line should burst, the pump stops."
func (r *run) supposes(from, i, to int) bool {
	if !r.word(from, "if") && !r.word(from, "when") {
		return false
	}
	ended := false
	for k := from + 1; k < to; k++ {
		t := &r.tokens[k]
		switch {
		case t.depth > 0:
		case k < i && (t.kind == mark || t.has(beWord) || r.word(k, "then")): // the condition ends before
			return false
		case k > i && t.has(shouldWord): // and there is another one, of the demand
			return false
		case k > i && !ended && (t.is(',') || r.word(k, "then")):
			if ended = true; r.word(k+1, "and") || r.word(k+1, "or") || r.word(k+1, "but") {
				return false
			}
		}
	}
	return ended
}

// needed tells whether "needs to", "is to" at i is the duty of the sentence, not of a clause within it.
func (r *run) needed(from, i int) bool {
	for k := max(from, i-12); k < i; k++ {
		if r.tokens[k].has(subordinate) {
			return false
		}
	}
	return !r.word(i+2, "the") && !r.word(i+2, "a")
}

// word tells whether the token is the word, given in small letters. The token may lie outside.
func (r *run) word(i int, text string) bool {
	if i < 0 || i >= len(r.tokens) || r.tokens[i].kind != word {
		return false
	}
	if e := r.tokens[i].entry; e != nil {
		return e.text == text
	}
	return r.tokens[i].end-r.tokens[i].start == len(text) && strings.EqualFold(r.raw(i), text)
}

// Words that are asked for at every token.
var (
	wordAnd = lexicon.get("and")
	wordTo  = lexicon.get("to")
	wordOr  = lexicon.get("or")
)

// has tells whether the token is a word of the class; the token may lie outside.
func (r *run) has(i int, c class) bool {
	return i >= 0 && i < len(r.tokens) && r.tokens[i].has(c)
}

// isMark tells whether the token is the sign; the token may lie outside.
func (r *run) isMark(i int, sign byte) bool {
	return i >= 0 && i < len(r.tokens) && r.tokens[i].is(sign)
}

// measured tells whether the number has a unit, a percent sign or a tolerance.
func (r *run) measured(i int) bool {
	t := &r.tokens[i]
	if t.odd && !t.unit {
		return false
	}
	if t.unit || r.isMark(i+1, '%') || r.isMark(i+1, degree) || r.isMark(i-1, plusMinus) {
		return true
	}
	if r.has(i+1, unitWord) && !r.tokens[i+1].capitalWord() {
		return true
	}
	return r.isMark(i-1, '<') || r.isMark(i-1, '>')
}

// capitalWord tells whether a word that may be a unit is written as a name (In, As, Bar).
func (t *token) capitalWord() bool { return t.capital && t.end-t.start > 2 && !t.upper }

// quote is the text of the tokens from up to and with last.
func (r *run) quote(from, last int) string {
	return shorten(r.text[r.tokens[from].start:r.tokens[last].end], 60)
}
