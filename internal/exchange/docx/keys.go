package docx

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange/table"
)

// found is a key in a paragraph.
type found struct {
	key      string
	rest     []piece // what stands beside the key
	alone    bool    // nothing
	explicit bool    // it stands in brackets, or with a colon behind it
	label    string  // number of the paragraph in its list, where that is not the key
}

// A key at the beginning of a paragraph: capitals and digits in parts, the last of which ends in a digit.
var (
	leading  = regexp.MustCompile(`^([\[({<]?)\s?((?:[A-Z][A-Z0-9]*[-_.])(?:[A-Za-z0-9]+[-_.])*[A-Za-z]*\d+[a-z]?|[A-Z]{2,10}\d{1,8})\s?([\])}>]?)\s?(:|–|—|-|\.)?(\s|$)`)
	trailing = regexp.MustCompile(`\s*\[((?:[A-Z][A-Z0-9]*[-_.])(?:[A-Za-z0-9]+[-_.])*[A-Za-z]*\d+[a-z]?)\]\s*\.?\s*$`)
	single   = regexp.MustCompile(`^[A-Z][-_.]\d`)
	plainKey = regexp.MustCompile(`^[A-Z]+\d+$`)
	// standards and the like look like keys and are none.
	standards = regexp.MustCompile(`^(?:ISO|IEC|EN|DIN|ASTM|ANSI|UL|IEEE|FDA|CFR|MDR|IVDR|MDCG|IMDRF|AAMI|VDE|VDI|RFC|UTF|SHA|MD|AES|RS|USB|RJ|CAT|BS|NIST|NEMA|IP|ECMA|ITU|ETSI|OWASP|CVE|CWE|COVID|GHTF|GAMP|HL|DICOM|TIR|TR|TS|SOR|WEEE|REACH|EU|EC|CE|US|UK|RAL|IPX|ICD|LOINC|SNOMED|FIGURE|FIG|TABLE|TAB|PAGE|SECTION|CHAPTER|APPENDIX|ANNEX|NOTE|STEP|REV|VERSION|V)[-_. ]?\d`)
)

// hyphens makes plain hyphens of those that word processors put in their place, one character for one.
func hyphens(s string) string {
	if strings.IndexByte(s, 0xe2) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u2010', '\u2011', '\u2012', '\u2013':
			return '-'
		}
		return r
	}, s)
}

// keyOf finds the key of a paragraph; the key of what was found is empty where there is none.
func (r *reader) keyOf(q *paragraph, words string) found {
	if label := strings.TrimSpace(strings.Trim(strings.TrimSpace(q.label), "[]().:")); label != "" && label != words {
		if r.isKey(label) { // the list gives the keys
			return found{key: label, rest: q.pieces, alone: strings.TrimSpace(words) == "", explicit: true}
		}
	}
	text, skipped := trimmedRunes(words)
	if text == "" || len(text) > 1<<20 {
		return found{}
	}
	if r.options.Pattern != nil {
		return r.byPattern(q, hyphens(text), skipped)
	}
	c := text[0]
	if (c < 'A' || c > 'Z') && c != '[' && c != '(' && c != '{' && c != '<' {
		return r.atEnd(q, words)
	}
	if !mayBegin(text) {
		return r.atEnd(q, words)
	}
	same := hyphens(text)
	m := leading.FindStringSubmatchIndex(same)
	if m == nil {
		return r.atEnd(q, words)
	}
	key := same[m[4]:m[5]]
	opened, closed, colon := m[3] > m[2], m[7] > m[6], m[8] >= 0 && same[m[8]:m[9]] == ":"
	end := m[1]
	f := found{key: key, explicit: opened && closed || colon || strings.HasPrefix(same[end-min(end, 1):], "\t"), label: q.shown()}
	f.rest = after(q.pieces, skipped+utf8.RuneCountInString(same[:end]))
	f.alone = strings.TrimSpace(plain(f.rest)) == "" && !hasPicture(f.rest)
	switch {
	case opened != closed, standards.MatchString(key):
		return r.atEnd(q, words)
	case (single.MatchString(key) || plainKey.MatchString(key)) && !f.explicit && !f.alone && q.level == 0:
		return r.atEnd(q, words)
	}
	return f
}

// mayBegin reports whether the first two words of a text have a digit, as keys do: a quick look before the pattern.
func mayBegin(text string) bool {
	words := 0
	for i := 0; i < len(text) && i < 100; i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			return true
		case c == ' ' || c == '\t':
			if words++; words > 1 {
				return false
			}
		}
	}
	return false
}

// shown is the number of a paragraph in its list, where it has one.
func (q *paragraph) shown() string {
	if q.bullet {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSpace(q.label), ".")
}

// atEnd finds a key in square brackets at the end of a paragraph.
func (r *reader) atEnd(q *paragraph, words string) found {
	if !strings.HasSuffix(strings.TrimRight(words, " \t.\u00a0"), "]") || q.contents {
		return found{}
	}
	same := hyphens(words)
	m := trailing.FindStringSubmatchIndex(same)
	if m == nil || standards.MatchString(same[m[2]:m[3]]) || strings.TrimSpace(same[:m[0]]) == "" {
		return found{}
	}
	return found{key: same[m[2]:m[3]], rest: before(q.pieces, utf8.RuneCountInString(same[:m[0]])), explicit: true, label: q.shown()}
}

// byPattern finds a key by the pattern of the caller. At the beginning it is cut off, elsewhere the text stays whole.
func (r *reader) byPattern(q *paragraph, text string, skipped int) found {
	m := r.options.Pattern.FindStringSubmatchIndex(text)
	if m == nil || m[1] == m[0] {
		return found{}
	}
	if _, _, ok := table.Reference(text); ok {
		return found{}
	}
	from, to := m[0], m[1]
	if len(m) > 3 && m[2] >= 0 {
		from, to = m[2], m[3]
	}
	f := found{key: strings.TrimSpace(text[from:to]), explicit: true, rest: q.pieces, label: q.shown()}
	if f.key == "" {
		return found{}
	}
	if strings.Trim(text[:m[0]], "[({< ") == "" {
		end := m[1]
		tail := strings.TrimLeft(text[end:], "])}>:–—-. \t")
		if end < len(text) && strings.IndexByte("])}>:. \t-", text[end]) >= 0 || len(tail) == len(text[end:]) {
			end = len(text) - len(tail)
		}
		f.rest = after(q.pieces, skipped+utf8.RuneCountInString(text[:end]))
	}
	f.alone = strings.TrimSpace(plain(f.rest)) == ""
	return f
}

// isKey reports whether a text is a key and nothing else.
func (r *reader) isKey(text string) bool {
	text = hyphens(strings.TrimSpace(text))
	if len(text) > 80 {
		return false
	}
	if r.options.Pattern != nil {
		m := r.options.Pattern.FindStringIndex(text)
		return m != nil && m[0] == 0 && m[1] == len(text)
	}
	m := leading.FindStringSubmatchIndex(text)
	return m != nil && m[1] == len(text) && !standards.MatchString(text[m[4]:m[5]])
}
