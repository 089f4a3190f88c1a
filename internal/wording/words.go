package wording

import (
	"slices"
	"strings"
)

// groups are the words and phrases that a rule finds wherever they stand in a demand, but for an exception.
var groups = []group{
	{placeholder, "tbd|tbc|tbr|tbs|tba|tbn|todo|to-do|fixme|lorem ipsum|xxx|xxxx|xyz|foobar", "“%s” stands for something that is still to be filled in", "put the value or the words in the place of “%s”, or keep the question as an open point", aboutPlaceholders},
	{placeholder, "to be defined|to be determined|to be decided|to be specified|to be confirmed|to be agreed|to be clarified|to be completed|to be announced|to be detailed", "“%s” puts the decision off", "put the decision in the place of “%s”", goesOn},
	{placeholder, "need to clarify|needs to be clarified|need to be clarified|needs clarification|to clarify|please clarify", "“%s” puts the decision off", "clarify it, and write the result here", nil},

	{vagueWord, "user friendly|user-friendly|easy to use|easy-to-use|simple to use|intuitive|intuitively|ergonomic|ergonomically|convenient|conveniently|self-explanatory|cumbersome", "“%s” is judged differently by every user", "in place of “%s”, name the users, the task and the result: “a trained nurse completes the set-up in at most 3 min without help”", nil},
	{vagueWord, "easy|easily|effortless|effortlessly|straightforward|seamless|seamlessly|smooth|smoothly|simple and|simple to|simplified", "what is “%s” depends on who is asked", "in place of “%s”, name the number of steps, the time or the help that is allowed", technical},
	{vagueWord, "simple", "what is “%s” depends on who is asked", "in place of “%s”, name the number of steps, the time or the help that is allowed", attribute},
	{vagueWord, "adequate|adequately|sufficient|sufficiently|appropriate|appropriately|suitable|suitably|reasonable|reasonably|acceptable|acceptably|satisfactory|satisfactorily|satisfying", "“%s” leaves open how much or which", "in place of “%s”, give the limit with its unit, or the criterion that is checked", technical},
	{vagueWord, "robust|robustly|flexible|flexibly|versatile|powerful|extensible|maintainable|state-of-the-art|state of the art|world-class|cutting-edge|optimal|optimally|utmost|excellent|elegant|pleasant|attractive|appealing|high-quality|high quality|best|demanding", "“%s” praises and demands nothing that could be tested", "in place of “%s”, say what it withstands, does or reaches, with limits", technical},
	{vagueWord, "good|nice|bad|poor", "“%s” is an opinion", "in place of “%s”, give the criterion that is checked", attributeOf},
	{vagueWord, "minimal|minimally|negligible|negligibly|significant|significantly|considerable|considerably|substantial|substantially|perfect|perfectly", "“%s” names no amount", "in place of “%s”, give the smallest or largest amount, with its unit", technical},
	{vagueWord, "absurd|strange|weird|unusual|unusually|unreasonable|unreasonably|excessive|excessively|undue|unduly", "“%s” has no limit", "in place of “%s”, give the range outside of which it applies", nil},
	{vagueWord, "something|somehow|thing|things|stuff", "“%s” names nothing", "put the name of what is meant in the place of “%s”", nil},

	{noAcceptanceValue, "fast|quick|quickly|rapid|rapidly|swift|swiftly|slow|slowly|speedy|speedily|responsive|performant|high performance|high-performance|good performance|low latency|low-latency|high throughput|high speed|short response time|short response times|short time|performance degradation", "“%s” names no time", "in place of “%s”, give the time with its unit and between which events: “within 500 ms of the key press”", valued},
	{noAcceptanceValue, "accurate|accurately|precise|precisely|high accuracy|high precision|good accuracy|high resolution|sufficient accuracy|great accuracy|utmost accuracy", "“%s” names no error that is allowed", "in place of “%s”, give the largest error: “within ± 2 % of the reading”", valued},
	{noAcceptanceValue, "efficient|efficiently|power-efficient|energy-efficient|resource-efficient|lightweight|economical|economically|cost-effective|low power consumption|low memory consumption|low cost", "“%s” names no amount that may be used", "in place of “%s”, give the largest amount: “at most 200 mW while idle”", valued},
	{noAcceptanceValue, "reliable|reliably|highly reliable|high reliability|high availability|highly available|scalable|stable|lose stability", "“%s” names no rate or load", "in place of “%s”, give the rate, the load or the time for which it holds: “at most one restart in 1000 h”", valued},
	{noAcceptanceValue, "too high|too low|too long|too short|too large|too small|too big|too fast|too slow|too hot|too cold|too many|too few|too much|too little|too close|too far|too loud|too bright", "“%s” names no threshold", "in place of “%s”, give the threshold: “above 60 cmH2O”", valued},
	{noAcceptanceValue, "enough", "“%s” names no value", "in place of “%s”, give the value", enoughOf},
	{noAcceptanceValue, "fast enough|long enough|high enough|low enough|large enough|small enough|loud enough|bright enough|strong enough|short enough|quickly enough", "“%s” names no value", "in place of “%s”, give the value", valued},

	{softWord, "normal|normally|typical|typically|commonly|usual|usually|generally|modern|popular|relevant|proper|properly|correctly|important|serious|special|well-defined|well-maintained|well-known|well-structured|meaningful|useful|helpful|clearly|safely|securely|unexpected|sensible|careful|carefully|graceful|gracefully|effective|effectively|certain types|comprehensive", "what is “%s” is for somebody to say", "in place of “%s”, name the cases, the standard or the criterion", soft},
	{softWord, "correct", "what is “%s” is for somebody to say", "in place of “%s”, name the expected value and its tolerance", rightOne},

	{vagueQuantity, "several|many|few|various|numerous|a number of|a large number of|large number of|a small number of|large numbers of|a variety of|variety of|a wide variety of|a lot of|lots of|a broad range of|a wide range of|a broad spectrum of|a couple of|plenty of|a large amount of|a large volume of|large volumes of|a high number of|high numbers of|a small amount of|a great deal of|large amounts of|some", "“%s” names no number", "in place of “%s”, give the number, or the smallest and the largest", counted},
	{vagueQuantity, "certain", "“%s” does not say which", "in place of “%s”, name them", certainOf},
	{vagueQuantity, "enough", "“%s” names no number", "in place of “%s”, give the smallest number or amount, or list what is needed", notEnoughOf},
	{approximateValue, "approximately|approx|about|around|roughly|nearly|almost|circa|ca|close to", "“%s” leaves the tolerance open", "in place of “%s”, give the tolerance or both limits: “2 s ± 0.2 s”", notNumber},

	{escapeClause, `as appropriate|as applicable|as necessary|as needed|as required|as desired|if possible|if practicable|if practical|if feasible|if necessary|if needed|if appropriate|if applicable|if required|if desired
		|if at all possible|where possible|where practicable|where practical|where feasible|where necessary|where needed|where appropriate|where applicable|where required|when possible|when practicable|when necessary|when needed|when appropriate|when applicable
		|whenever possible|whenever necessary|wherever possible|wherever practicable|as far as possible|as far as practicable|as far as is practicable|as far as reasonably practicable|as far as feasible|so far as possible|so far as is possible|insofar as possible|in so far as
		|to the extent possible|to the extent practicable|to the extent practical|to the extent necessary|to the extent feasible|to the extent that|to the maximum extent possible|to the greatest extent possible
		|as much as possible|as little as possible|as soon as possible|as fast as possible|as quickly as possible|as early as possible|as low as possible|as high as possible|as short as possible|as long as possible|as small as possible|as closely as possible|as accurately as possible|as simple as possible|as many as possible|as few as possible
		|as possible|as practicable|as practical|as feasible|as low as reasonably practicable|as low as reasonably achievable|as soon as practicable|if it should prove necessary|unless impractical|at the discretion of|at its discretion|with reasonable effort|reasonable efforts|best effort|best efforts|preferably|ideally|in principle|if time permits`,
		"“%s” lets whoever builds it decide whether it applies", "drop “%s”, or state the condition: “when CONDITION, the SYSTEM shall …”", referring},
	{openList, "etc|et cetera|and so on|and so forth|and the like|or the like|and others|among others|or similar|and similar|and such", "“%s” leaves the list open", "drop “%s” and list everything that is meant", nil},
	{openList, "including but not limited to|includes but not limited to|include but not limited to|includes but is not limited to|include but are not limited to|but not limited to|not limited to|but is not limited to", "“%s” leaves the list open", "drop “%s” and list everything that is meant", nil},
	{exampleList, "such as|e.g.|e.g|eg|for example|for instance", "“%s” gives examples where the demand belongs", "in place of “%s”, list everything that is meant, or move the examples to a note", nil},

	{undefinedTime, "immediately|instantly|instantaneously|promptly|soon|shortly|at once|without delay|without undue delay|right away|straight away|timely|in a timely manner|in a timely fashion|in due time", "“%s” names no time", "in place of “%s”, give the time and from when: “within 200 ms of …”", timed},
	{undefinedTime, "periodically|regularly|frequently|occasionally|sporadically|often|from time to time|at regular intervals|in regular intervals|continually", "“%s” names no interval", "in place of “%s”, give the interval: “every 10 s ± 1 s”", timed},
	{undefinedTime, "in real time|in real-time|in near real time|near real time|near real-time|in near real-time", "“%s” names no delay", "in place of “%s”, give the largest delay: “at most 100 ms after …”", timed},
	{undefinedTime, "eventually|indefinitely|for some time|for a short time|for a long time|for a while|a short period|a brief period|a long period|at some point|sooner or later|at a later time", "“%s” names no end", "in place of “%s”, give the time or the event that ends it", timed},

	{unboundedGoal, "minimise|minimize|maximise|maximize|minimising|minimizing|maximising|maximizing|optimise|optimize|optimising|optimizing|minimised|minimized|maximised|maximized|optimised|optimized", "“%s” names no value that is enough", "in place of “%s”, give the value: “keep … below …”", windowed},
	{unboundedGoal, "highest possible|lowest possible|best possible|shortest possible|smallest possible|largest possible|greatest possible|fastest possible|least possible|maximum possible", "“%s” names no value that is enough", "in place of “%s”, give the value: “at least …”", nil},

	{absoluteWord, `always|never|at all times|under all circumstances|under any circumstances|under all conditions|under any conditions|under all operating conditions|in all cases|in any case|in all circumstances|in every case|in any circumstances|in all situations|in any situation|in any operating cases|in all conditions
		|all possible|every possible|any possible|all conceivable|any conceivable|error free|error-free|bug-free|fail-proof|foolproof|forever`, "“%s” cannot be shown by any test", "in place of “%s”, name the states and conditions in which it holds", absolutely},

	{superfluousInfinitive, `be able to|be capable of|be capable to|be designed to|be possible to|have the ability to|have an ability to|have the ability of|have the capability to|have the capability of|have a capability to|have the possibility to|have the means to|have a means to|have means to
		|provide the ability to|provide the ability for|provide an ability to|provide the capability to|provide the capability for|provide the capability of|provide a capability to|provide a capability for|provide capability to|provide capability for|provide capabilities to|provide capabilities for|provide the capabilities to
		|provide means to|provide means for|provide means of|provide a means to|provide a means for|provide a means of|provide the means to|provide the means for|provide functionality to|provide functionality for|provide the functionality to|provide a functionality to|provide the possibility to|provide a possibility to
		|provide the possibility of|provide a facility to|offer the possibility to|offer the ability to|offer the capability to|offer means to`,
		"“%s” demands an ability, not an act", "", nil},

	{purposePhrase, "in order to|in order that|so as to|so that|for the purpose of|for purposes of|with the aim of|with the goal of|to ensure that|to ensure|to allow|to guarantee|to avoid", "“%s” begins the purpose, which is no demand", "move what follows “%s” to the rationale", leading},
}

// judgeWords finds the phrases of the lexicon, and the signs that belong to the same rules.
func (r *run) judgeWords(s *sentence) {
	if !r.demands(s) {
		r.judgeDescription(s)
		return
	}
	for i := s.from; i < s.to; {
		if n := r.term(i, s.to); n > 0 {
			i += n
			continue
		}
		t := &r.tokens[i]
		switch {
		case t.kind == word:
			i += max(1, r.judgeWord(s, i))
			continue
		case t.is(ellipsis) && (i+1 >= s.to || !r.tokens[i+1].is('?')):
			r.report(openList, i, i, "“"+r.quote(i, i)+"” leaves the list open", "drop the dots and list everything that is meant")
		case t.is('~') && i+1 < s.to && r.tokens[i+1].kind == number && !s.tolerant:
			r.report(approximateValue, i, i+1, "“"+r.quote(i, i+1)+"” leaves the tolerance open", "give the tolerance or both limits: “± 10 %”")
		case t.is('/'):
			r.judgeSlash(s, i)
		case t.is('?') && i > s.from && r.tokens[i-1].is('?'):
			if i+1 >= s.to || !r.tokens[i+1].is('?') {
				from := i
				for from > s.from && r.tokens[from-1].is('?') {
					from--
				}
				r.report(placeholder, from, i, "“"+r.quote(from, i)+"” stands for something that is still to be filled in", "put the value or the words in its place")
			}
		}
		i++
	}
}

// demands tells whether the words of the sentence are part of a demand.
func (r *run) demands(s *sentence) bool {
	switch s.place {
	case heading:
		return false
	case cell:
		return s.duty()
	}
	return (s.duty() || s.member || !r.binding) && !s.asks
}

// judgeDescription finds what is wrong even in a sentence that demands nothing: placeholders.
func (r *run) judgeDescription(s *sentence) {
	for i := s.from; i < s.to; i++ {
		if t := &r.tokens[i]; t.kind == word {
			if p, last := r.phraseAt(s, i); p != nil && p.group.rule == placeholder {
				r.reportPhrase(s, p, i, last)
				i = last
			} else if n := r.judgeVariable(s, i); n > 0 {
				i += n - 1
			}
		}
	}
}

// judgeWord looks at one word, and returns how many tokens it has dealt with.
func (r *run) judgeWord(s *sentence, i int) int {
	if p, last := r.phraseAt(s, i); p != nil {
		r.reportPhrase(s, p, i, last)
		return last - i + 1
	}
	if n := r.judgeVariable(s, i); n > 0 {
		return n
	}
	t := &r.tokens[i]
	switch {
	case r.text[t.end-1] == 'y' && strings.HasSuffix(r.text[t.start:t.end], "-friendly"):
		found := r.quote(i, i)
		r.report(vagueWord, i, i, "“"+found+"” is judged differently by every user", "in place of “"+found+"”, say what can be seen or measured")
	case t.has(comparative) || (t.has(bound) && (r.word(i, "more") || r.word(i, "less"))):
		r.judgeComparative(s, i)
	}
	return 0
}

// phraseAt is the longest phrase at a token that is no exception, and its last token.
func (r *run) phraseAt(s *sentence, i int) (*phrase, int) {
	t := &r.tokens[i]
	if t.entry == nil {
		return nil, 0
	}
next:
	for _, p := range t.entry.phrases {
		last := i
		for _, e := range p.words[1:] {
			last++
			if last < s.to && len(p.words) > 3 && r.tokens[last].is(',') {
				last++
			}
			if last >= s.to || r.tokens[last].entry != e {
				continue next
			}
		}
		if p.group.rule != placeholder && r.named(s, i) {
			return nil, 0
		}
		if p.group.unless != nil && p.group.unless(r, s, i, last) {
			if len(p.words) > 1 {
				return nil, 0
			}
			continue
		}
		return p, last
	}
	return nil, 0
}

// reportPhrase reports a phrase.
func (r *run) reportPhrase(s *sentence, p *phrase, i, last int) {
	found := r.quote(i, last)
	better := strings.ReplaceAll(p.group.better, "%s", found)
	if p.group.rule == superfluousInfinitive {
		modal := s.modal()
		if modal < 0 || modal > i {
			return
		}
		better = r.withoutAbility(s, modal, last)
	}
	r.report(p.group.rule, i, last, strings.ReplaceAll(p.group.message, "%s", found), better)
}

// named tells whether the word is written as a name: a capital within a sentence that is not all capitals.
func (r *run) named(s *sentence, i int) bool {
	t := &r.tokens[i]
	if !t.capital || t.upper || i == s.from {
		return false
	}
	before := &r.tokens[i-1]
	return before.kind == word || before.kind == number || before.is(',')
}

// term is the number of tokens of a defined term at a token, or 0.
func (r *run) term(i, to int) int {
	if r.tokens[i].kind == mark || !r.checker.heads[head(r.raw(i))] {
		return 0
	}
	best := 0
	for _, rest := range r.checker.terms[strings.ToLower(r.raw(i))] {
		k := i + 1
		for _, w := range rest {
			if k >= to || !strings.EqualFold(r.raw(k), w) {
				k = 0
				break
			}
			k++
		}
		best = max(best, k-i)
	}
	return best
}

// raw is the text of a token, without the s of a plural that a term does not have.
func (r *run) raw(i int) string { return r.text[r.tokens[i].start:r.tokens[i].end] }

// termWords takes a term apart as the text is.
func termWords(term string) []string {
	if len(term) > 200 {
		term = term[:200]
	}
	r := &run{text: term}
	r.tokenize(0, len(term))
	var words []string
	for i := range r.tokens {
		words = append(words, strings.ToLower(r.raw(i)))
	}
	return words
}

// judgeVariable finds a letter that stands for a value: "X ms", "between X and Y", "N meters".
func (r *run) judgeVariable(s *sentence, i int) int {
	t := &r.tokens[i]
	if !t.capital || t.end-t.start > 2 || strings.Trim(r.raw(i), "XYZN") != "" {
		return 0
	}
	isLast := i+1 >= s.to
	valueAfter := !isLast && (r.has(i+1, unitWord) && r.tokens[i+1].start > t.end || r.isMark(i+1, '%'))
	pair := i+2 < s.to && (r.word(i+1, "and") || r.word(i+1, "to")) && r.raw(i) == "X" && r.raw(i+2) == "Y" && r.word(i-1, "between")
	after := (isLast || r.isMark(i+1, '.')) && (r.word(i-1, "per") || r.word(i-1, "than") || r.word(i-1, "least") || r.word(i-1, "to"))
	switch {
	case pair:
		r.report(placeholder, i, i+2, "“"+r.quote(i, i+2)+"” stand for values that are still to be filled in", "put the values with their unit in the place of “"+r.quote(i, i+2)+"”")
		return 3
	case valueAfter || after:
		r.report(placeholder, i, i, "“"+r.quote(i, i)+"” stands for a value that is still to be filled in", "put the value in the place of “"+r.quote(i, min(i+1, s.to-1))+"”")
		return 1
	}
	return 0
}

// judgeSlash finds words joined by a slash.
func (r *run) judgeSlash(s *sentence, i int) {
	if i == s.from || i+1 >= s.to {
		return
	}
	a, b := &r.tokens[i-1], &r.tokens[i+1]
	if a.kind != word || b.kind != word {
		return
	}
	if r.word(i-1, "and") && r.word(i+1, "or") || r.word(i-1, "or") && r.word(i+1, "and") {
		r.report(andOr, i-1, i+1, "“"+r.quote(i-1, i+1)+"” leaves open which of both is demanded", "write “and”, or “or”, or “"+r.around(i-2)+" or "+r.around(i+2)+" or both”")
		return
	}
	joined := a.end == r.tokens[i].start && b.start == r.tokens[i].end
	if !joined && b.start == r.tokens[i].end { // the path /health
		return
	}
	path := joined && (r.isMark(i+2, '/') || i >= 2 && r.isMark(i-2, '/') && r.tokens[i-2].end == a.start) || a.odd || b.odd
	unit := a.has(unitWord) || b.has(unitWord)
	known := slices.Contains(slashPairs, strings.ToLower(r.raw(i-1)+"/"+r.raw(i+1))) && !r.has(i-2, shallWord|shouldWord|willWord|mayWord)
	if path || unit || known || a.upper && b.upper || a.end-a.start == 1 || r.ratio(i+2) || a.capitals && b.capitals || r.has(i-1, abbreviation) {
		return
	}
	r.report(slashRule, i-1, i+1, "the slash of “"+r.quote(i-1, i+1)+"” can mean and, or, or per", "write “"+r.quote(i-1, i-1)+" and "+r.quote(i+1, i+1)+"” or “"+r.quote(i-1, i-1)+" or "+r.quote(i+1, i+1)+"”")
}

// around is the text of a token, or dots where there is none.
func (r *run) around(i int) string {
	if i < 0 || i >= len(r.tokens) || r.tokens[i].kind == mark {
		return "…"
	}
	return r.quote(i, i)
}

// slashPairs are words that a slash makes one name of.
var slashPairs = strings.Fields(`read/write input/output on/off in/out client/server tcp/ip yes/no true/false pass/fail open/close open/closed opened/closed date/time
	key/value start/stop begin/end up/down left/right high/low low/high min/max host/port source/sink send/receive tx/rx rx/tx sender/receiver enable/disable
	success/failure male/female day/night hot/cold plus/minus positive/negative systolic/diastolic assist/control inspiratory/expiratory inhale/exhale
	request/response analog/digital ac/dc push/pull play/pause show/hide import/export upload/download encode/decode front/back top/bottom login/logout
	add/remove http/https n/a w/o i/o a/d d/a master/slave primary/secondary drag/drop copy/paste signal/noise publish/subscribe hardware/software`)

// plotted are nouns before which a slash is "over" or "against".
var plotted = []string{"loop", "loops", "curve", "curves", "diagram", "diagrams", "ratio", "ratios", "plot", "plots", "chart", "charts", "converter", "interface", "pair", "pairs", "cycle", "cycles", "screen", "button", "switch", "key", "bit", "flag"}

// ratio tells whether a token is a noun before which a slash is no choice.
func (r *run) ratio(i int) bool {
	return i < len(r.tokens) && r.tokens[i].kind == word && slices.Contains(plotted, strings.ToLower(r.raw(i)))
}

// judgeComparative finds a comparison without its other side.
func (r *run) judgeComparative(s *sentence, i int) {
	last := i
	if !r.tokens[i].has(comparative) { // more or less: only before a word that can be compared
		if i+1 >= s.to || !r.comparable(i+1) {
			return
		}
		last = i + 1
	}
	if r.word(i-1, "the") || r.word(i-1, "no") || r.word(i-1, "or") || r.word(i-1, "not") || r.tokens[max(i-1, 0)].kind == number || r.has(i-1, unitWord) ||
		r.word(i-1, "whichever") || r.named(s, i) || r.word(i+1, "or") {
		return
	}
	if s.compared {
		return
	}
	if r.tokens[i].has(bound) && s.value { // shorter, longer: with a limit beside it
		return
	}
	found := r.quote(i, last)
	r.report(comparativeWord, i, last, "“"+found+"” does not say than what", "say “"+found+" than …” and by how much, or give the value itself")
}

// comparable tells whether a word is one of the vague or measurable qualities: more accurate, less robust.
func (r *run) comparable(i int) bool {
	e := r.tokens[i].entry
	if e == nil {
		return false
	}
	for _, p := range e.phrases {
		if len(p.words) == 1 && (p.group.rule == vagueWord || p.group.rule == noAcceptanceValue) {
			return true
		}
	}
	return false
}
