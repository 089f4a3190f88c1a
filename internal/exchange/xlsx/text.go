package xlsx

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

func str(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// richText is a text: as Markdown, and without marks where that differs.
type richText struct{ marked, plain string }

// look is how a run of text looks.
type look struct{ bold, italic, struck bool }

// rich collects the runs of a text.
type rich struct {
	runs []run
	look look
}

type run struct {
	text string
	look look
}

func (r *rich) start(x *xmlscan.Scanner) {
	on := x.Attr("val") == "" || isTrue(x.Attr("val"))
	switch x.Name.Local {
	case "r":
		r.look = look{}
	case "b":
		r.look.bold = on
	case "i":
		r.look.italic = on
	case "strike":
		r.look.struck = on
	}
}

func (r *rich) run(text string) {
	if n := len(r.runs); n > 0 && r.runs[n-1].look == r.look {
		r.runs[n-1].text += text
		return
	}
	r.runs = append(r.runs, run{text, r.look})
}

func (r *rich) end() { r.look = look{} }

// text is the whole. A text that looks the same from end to end has no marks, unless it is struck.
func (r *rich) text() richText {
	switch len(r.runs) {
	case 0:
		return richText{}
	case 1:
		if !r.runs[0].look.struck {
			return richText{marked: r.runs[0].text}
		}
	}
	var plain, marked strings.Builder
	for _, run := range r.runs {
		plain.WriteString(run.text)
		marked.WriteString(run.marked())
	}
	if marked.String() == plain.String() {
		return richText{marked: plain.String()}
	}
	return richText{marked: marked.String(), plain: plain.String()}
}

// marked puts marks around each line of a run, within its blanks.
func (r run) marked() string {
	before, after := "", ""
	if r.look.struck {
		before, after = "~~", "~~"
	}
	if r.look.bold {
		before, after = before+"**", "**"+after
	}
	if r.look.italic {
		before, after = before+"*", "*"+after
	}
	if before == "" {
		return r.text
	}
	lines := strings.Split(r.text, "\n")
	for i, line := range lines {
		core := strings.TrimSpace(line)
		if core == "" {
			continue
		}
		at := strings.Index(line, core)
		lines[i] = line[:at] + before + core + after + line[at+len(core):]
	}
	return strings.Join(lines, "\n")
}

// sharedStrings reads the texts that cells refer to.
func (b *book) sharedStrings(part string) *opc.Error {
	data, refused := b.pack.Part(part)
	if refused != nil {
		return refused
	}
	var r rich
	var text strings.Builder
	inText, phonetic := false, 0
	tooMany := false
	refused = opc.Scan(part, data, func(x *xmlscan.Scanner) {
		switch x.Kind {
		case xmlscan.Start:
			switch x.Name.Local {
			case "si":
				tooMany = tooMany || len(b.strings) >= mostStrings
				r = rich{}
			case "t":
				inText = phonetic == 0
				text.Reset()
			case "rPh":
				phonetic++
			default:
				r.start(x)
			}
		case xmlscan.Text:
			if inText {
				text.WriteString(x.Text)
			}
		case xmlscan.End:
			switch x.Name.Local {
			case "si":
				if !tooMany {
					b.strings = append(b.strings, r.text())
				}
			case "t":
				if inText {
					r.run(unescape(text.String()))
				}
				inText = false
			case "rPh":
				phonetic--
			case "r":
				r.end()
			}
		}
	})
	if tooMany && refused == nil {
		return &opc.Error{Message: fmt.Sprintf("the workbook has more than %d different texts", mostStrings), Remedy: "divide it into several"}
	}
	return refused
}

// mostStrings is how many different texts a workbook may have.
const mostStrings = 2_000_000

// unescape resolves _x000D_ and the like, by which texts hold what XML cannot (ECMA-376 part 1, ST_Xstring), and makes line
// feeds of all line ends.
func unescape(s string) string {
	if strings.Contains(s, "_x") {
		s = unescapeHex(s)
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return s
}

func unescapeHex(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, ok := escaped(s[i:])
		if !ok {
			b.WriteByte(s[i])
			i++
			continue
		}
		i += 7
		if utf16.IsSurrogate(r) {
			if low, ok := escaped(s[i:]); ok {
				if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
					r = full
					i += 7
				}
			}
		}
		if r == 0 {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}

// escaped reads _xHHHH_ at the beginning of a text.
func escaped(s string) (rune, bool) {
	if len(s) < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return 0, false
	}
	r := rune(0)
	for _, c := range []byte(s[2:6]) {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// escape is the inverse of unescape; what is no character becomes U+FFFD.
func escape(s string) string {
	clean := true
	for i := 0; clean && i < len(s); i++ {
		c := s[i]
		clean = c >= 0x20 && c != '_' && c != 0xef || c == '\n' || c == '\t'
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		_, looksEscaped := escaped(s[i:])
		switch {
		case r == '_' && looksEscaped:
			b.WriteString("_x005F_")
		case r < 0x20 && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff:
			const digits = "0123456789ABCDEF"
			b.WriteString("_x" + string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]}) + "_")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
