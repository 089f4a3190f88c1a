package wording

// countLanguage counts a small word for each language that has it.
func (r *run) countLanguage(e *entry) {
	for lang, bits := 0, e.lang; bits != 0; lang, bits = lang+1, bits>>1 {
		if bits&1 != 0 {
			r.languages[lang]++
		}
	}
}

// foreign says why the text is not English, or "". A few words are not enough to tell.
func (r *run) foreign() string {
	if r.letters >= 4 && 2*r.unlatin > r.letters {
		return "the text is not in Latin letters; the rules are for English"
	}
	best := english
	for lang := range r.languages {
		if r.languages[lang] > r.languages[best] {
			best = lang
		}
	}
	if best != english && r.languages[best] >= 3 && 2*r.languages[best] > 3*r.languages[english] {
		return "the text is " + languageNames[best] + "; the rules are for English"
	}
	return ""
}
