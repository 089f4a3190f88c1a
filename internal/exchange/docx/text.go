package docx

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// look is how a piece of text looks.
type look struct {
	bold, italic, struck bool
	raised, lowered      bool
}

// piece is text of one look.
type piece struct {
	text string
	look look
	href string
	raw  bool // Markdown already, such as a picture
}

// plain is the text of pieces, without pictures.
func plain(pieces []piece) string {
	if len(pieces) == 1 && !pieces[0].raw {
		return pieces[0].text
	}
	var b strings.Builder
	for i := range pieces {
		if !pieces[i].raw {
			b.WriteString(pieces[i].text)
		}
	}
	return b.String()
}

// after cuts so many characters of text from the beginning of pieces.
func after(pieces []piece, runes int) []piece {
	for i := range pieces {
		p := pieces[i]
		if p.raw {
			continue
		}
		n := utf8.RuneCountInString(p.text)
		if n <= runes {
			runes -= n
			continue
		}
		at := 0
		for ; runes > 0; runes-- {
			_, size := utf8.DecodeRuneInString(p.text[at:])
			at += size
		}
		p.text = p.text[at:]
		return append([]piece{p}, pieces[i+1:]...)
	}
	return nil
}

// before keeps so many characters of text.
func before(pieces []piece, runes int) []piece {
	var kept []piece
	for _, p := range pieces {
		n := utf8.RuneCountInString(p.text)
		if p.raw || n <= runes {
			if !p.raw {
				runes -= n
			}
			kept = append(kept, p)
			continue
		}
		at := 0
		for ; runes > 0; runes-- {
			_, size := utf8.DecodeRuneInString(p.text[at:])
			at += size
		}
		p.text = p.text[:at]
		return append(kept, p)
	}
	return kept
}

// markdown is the text of pieces in Markdown, on lines of one paragraph. All: a look that all of it has is not marked.
func markdown(pieces []piece) string {
	if len(pieces) == 1 && pieces[0].look == (look{}) && pieces[0].href == "" && !pieces[0].raw {
		return paragraphText(escape(spaces(pieces[0].text)))
	}
	var b strings.Builder
	for i := 0; i < len(pieces); i++ {
		p := pieces[i]
		for i+1 < len(pieces) && pieces[i+1].look == p.look && pieces[i+1].href == p.href && !p.raw && !pieces[i+1].raw {
			i++
			p.text += pieces[i].text
		}
		b.WriteString(p.markdown())
	}
	return paragraphText(b.String())
}

func (p *piece) markdown() string {
	if p.raw {
		return p.text
	}
	text := p.text
	switch {
	case p.look.raised:
		text = raise(text, superscripts, "^")
	case p.look.lowered:
		text = raise(text, subscripts, "_")
	}
	text = spaces(text)
	core := strings.TrimFunc(text, unicode.IsSpace)
	if core == "" {
		return text
	}
	at := strings.Index(text, core)
	front, back := text[:at], text[at+len(core):]
	core = escape(core)
	if p.look.italic {
		core = "*" + core + "*"
	}
	if p.look.bold {
		core = "**" + core + "**"
	}
	if p.look.struck {
		core = "~~" + core + "~~"
	}
	if p.href != "" {
		core = "[" + core + "](" + address(p.href) + ")"
	}
	return front + core + back
}

func address(href string) string {
	if strings.ContainsAny(href, " ()<>\n") {
		return "<" + strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", "\n", "").Replace(href) + ">"
	}
	return href
}

const (
	superscripts = "0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹+⁺-⁻−⁻=⁼(⁽)⁾nⁿiⁱ"
	subscripts   = "0₀1₁2₂3₃4₄5₅6₆7₇8₈9₉+₊-₋−₋=₌(₍)₎"
)

// raise writes raised or lowered text with the characters that Unicode has for it, else in brackets behind a mark.
func raise(text, table, mark string) string {
	if strings.TrimSpace(text) == "" {
		return text
	}
	digits := []rune(table)
	var b strings.Builder
	for _, r := range text {
		found := false
		for i := 0; i+1 < len(digits); i += 2 {
			if digits[i] == r {
				b.WriteRune(digits[i+1])
				found = true
				break
			}
		}
		if !found {
			return mark + "(" + text + ")"
		}
	}
	return b.String()
}

// spaces makes blanks of tabs and of blanks that do not break.
func spaces(s string) string {
	if strings.ContainsAny(s, "\t\u00a0") {
		return strings.NewReplacer("\t", " ", "\u00a0", " ").Replace(s)
	}
	return s
}

// escape keeps text from being taken for Markdown.
func escape(s string) string {
	if !strings.ContainsAny(s, "\\`*_<[~&") {
		return s
	}
	var b strings.Builder
	lastLink := strings.LastIndex(s, "](")
	for i := 0; i < len(s); i++ {
		c := s[i]
		escaped := false
		switch c {
		case '\\':
			escaped = i+1 < len(s) && s[i+1] != '\n' && !wordByte(s[i+1]) && s[i+1] != ' '
		case '`', '*':
			escaped = true
		case '_':
			escaped = i == 0 || i == len(s)-1 || !wordByte(s[i-1]) || !wordByte(s[i+1])
		case '<':
			escaped = i+1 < len(s) && (wordByte(s[i+1]) && (s[i+1] < '0' || s[i+1] > '9') || strings.IndexByte("/!?", s[i+1]) >= 0)
		case '[':
			escaped = i < lastLink
		case '~':
			escaped = i+1 < len(s) && s[i+1] == '~' || i > 0 && s[i-1] == '~'
		case '&':
			j := strings.IndexByte(s[i:min(len(s), i+34)], ';')
			escaped = j > 1 && !strings.ContainsAny(s[i+1:i+j], " &")
		}
		if escaped {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

// paragraphText trims a paragraph, and keeps its lines from being taken for headings and quotations. What looks like a list stays one.
func paragraphText(s string) string {
	s = strings.TrimSpace(s)
	if strings.IndexByte(s, '\n') < 0 {
		return lineStart(s)
	}
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = lineStart(strings.TrimLeft(lines[i], " "))
	}
	return strings.Join(lines, "\n")
}

func lineStart(l string) string {
	if l == "" {
		return l
	}
	switch l[0] {
	case '#', '>':
		return `\` + l
	case '=', '-':
		if strings.Trim(l, string(l[0])+" ") == "" {
			return `\` + l
		}
	case '|':
		return `\` + l
	}
	return l
}

// oneLine is a text on one line.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\\\n", "\n")), " ")
}

// short is the beginning of a text, for reports.
func short(s string) string {
	s = oneLine(strings.ToValidUTF8(s[:min(len(s), 4*changeBytes)], "")) // a cut may go through a character
	if utf8.RuneCountInString(s) <= 80 {
		return s
	}
	return string([]rune(s)[:77]) + "…"
}
