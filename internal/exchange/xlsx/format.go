package xlsx

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/goldthread/goldthread/internal/exchange"
)

// numberFormat is a format code such as 0.00 or yyyy-mm-dd (ECMA-376 part 1, 18.8.31), as far as it says what is read: the
// number of decimals, thousands, percent, what stands before and behind, and whether it is a date. Colours, conditions and
// alignment are passed over.
type numberFormat struct {
	date, clock, elapsed bool
	text                 bool // @
	parts                []numberPart
}

// numberPart is one of the parts for positive, negative and zero.
type numberPart struct {
	before, after string
	digits        bool // it shows a number at all
	least         int  // digits before the point
	decimals      int  // digits behind it, of which keep are shown even when 0
	keep          int
	thousands     bool
	percent       int
	scale         int // commas behind the digits: each divides by 1,000
	exponent      int // digits, 0 for none
	plain         bool
}

// parseFormat reads a format code; nil for General and for what cannot be shown otherwise, such as fractions.
func parseFormat(code string) *numberFormat {
	if code == "" || strings.EqualFold(code, "General") || strings.EqualFold(code, "Standard") || len(code) > 1000 {
		return nil
	}
	f := &numberFormat{}
	for i, section := range splitFormat(code) {
		if f.times(section); i == 0 && (f.date || f.clock) {
			return f
		}
		if i > 2 {
			break
		}
		part, ok := parsePart(section)
		if !ok {
			return nil
		}
		if part.text() {
			f.text = true
		}
		f.parts = append(f.parts, part.numberPart)
	}
	return f
}

type parsedPart struct {
	numberPart
	at bool
}

func (p parsedPart) text() bool { return p.at }

// splitFormat divides a code at the semicolons that are no text.
func splitFormat(code string) []string {
	var parts []string
	begin := 0
	quoted := false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\':
			i++
		case c == ';':
			parts = append(parts, code[begin:i])
			begin = i + 1
		}
	}
	return append(parts, code[begin:])
}

// times finds the letters of dates and times outside of text and brackets.
func (f *numberFormat) times(section string) {
	letters := ""
	for i := 0; i < len(section); i++ {
		switch c := section[i]; c {
		case '"':
			end := strings.IndexByte(section[i+1:], '"')
			if end < 0 {
				return
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(section[i:], ']')
			if end < 0 {
				return
			}
			if name := strings.ToLower(section[i+1 : i+end]); name != "" && strings.Trim(name, "hms") == "" {
				f.elapsed, f.clock = true, true
			}
			i += end
		case 'E', 'e', 'G', 'g', 'A', 'a', 'P', 'p', 'n', 'N', 'l', 'r':
			if strings.HasPrefix(strings.ToLower(section[i:]), "general") {
				return
			}
			if (c == 'e' || c == 'E') && i+1 < len(section) && (section[i+1] == '+' || section[i+1] == '-') {
				return
			}
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			letters += strings.ToLower(string(c))
		}
	}
	if strings.ContainsAny(letters, "yd") {
		f.date = true
	}
	if strings.ContainsAny(letters, "hs") {
		f.clock = true
	}
	if letters != "" && !f.date && !f.clock {
		f.date = true // months only
	}
}

// parsePart reads one part of a code for numbers.
func parsePart(section string) (parsedPart, bool) {
	p := parsedPart{}
	var before, after strings.Builder
	out := func() *strings.Builder {
		if p.digits {
			return &after
		}
		return &before
	}
	point := false
	for i := 0; i < len(section); i++ {
		switch c := section[i]; c {
		case '"':
			end := strings.IndexByte(section[i+1:], '"')
			if end < 0 {
				return p, false
			}
			out().WriteString(section[i+1 : i+1+end])
			i += end + 1
		case '\\':
			if i++; i < len(section) {
				out().WriteByte(section[i])
			}
		case '_', '*':
			i++ // a gap, or what fills one
		case '[':
			end := strings.IndexByte(section[i:], ']')
			if end < 0 {
				return p, false
			}
			if currency, ok := strings.CutPrefix(section[i+1:i+end], "$"); ok {
				symbol, _, _ := strings.Cut(currency, "-")
				out().WriteString(symbol)
			}
			i += end
		case '0', '#', '?':
			if after.Len() > 0 {
				return p, false // 000-00
			}
			p.digits = true
			switch {
			case point:
				p.decimals++
				if c == '0' {
					p.keep = p.decimals
				}
			case c == '0':
				p.least++
			}
		case '.':
			p.digits, point = true, true
		case ',':
			if !p.digits {
				break
			}
			if i+1 < len(section) && strings.IndexByte("0#?", section[i+1]) >= 0 {
				p.thousands = true
			} else {
				p.scale++
			}
		case '%':
			p.percent++
			out().WriteByte('%')
		case 'E', 'e':
			n := strings.TrimLeft(section[min(i+2, len(section)):], "0#")
			p.exponent = len(section) - min(i+2, len(section)) - len(n)
			if p.exponent == 0 {
				if strings.HasPrefix(strings.ToLower(section[i:]), "general") {
					p.plain, p.digits = true, true
					i += len("general") - 1
					break
				}
				return p, false
			}
			i = len(section) - len(n) - 1
		case 'G', 'g':
			if !strings.HasPrefix(strings.ToLower(section[i:]), "general") {
				return p, false
			}
			p.plain, p.digits = true, true
			i += len("general") - 1
		case '@':
			p.at, p.plain, p.digits = true, true, true
		case '/':
			if p.digits {
				return p, false // a fraction
			}
			out().WriteByte(c)
		default:
			out().WriteByte(c)
		}
	}
	p.before, p.after = before.String(), after.String()
	return p, true
}

// apply writes a value as a cell of the format shows it.
func (f *numberFormat) apply(value string, date04 bool) (string, exchange.DataType) {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return value, ""
	}
	if f == nil || f.text {
		return general(value, n), numberType(n)
	}
	if f.date || f.clock {
		if text, ok := f.when(n, date04); ok {
			return text, dateType(f)
		}
		return general(value, n), numberType(n)
	}
	part := f.parts[0]
	negative := n < 0
	switch {
	case n < 0 && len(f.parts) > 1:
		part, negative = f.parts[1], false
	case n == 0 && len(f.parts) > 2:
		part = f.parts[2]
	}
	if !part.digits {
		return strings.TrimSpace(part.before), ""
	}
	text := part.write(value, math.Abs(n))
	sign := ""
	if negative && strings.ContainsAny(text, "123456789") {
		sign = "-"
	}
	text = strings.TrimSpace(sign + part.before + text + part.after)
	if part.before == "" && part.after == "" && !part.thousands {
		return text, numberType(n)
	}
	return text, ""
}

func numberType(n float64) exchange.DataType {
	if n == math.Trunc(n) {
		return exchange.DataInteger
	}
	return exchange.DataReal
}

func dateType(f *numberFormat) exchange.DataType {
	if f.date {
		return exchange.DataDate
	}
	return ""
}

// general is a number with the 15 digits that Excel has.
func general(value string, n float64) string {
	if len(value) <= 15 && !strings.ContainsAny(value, "eE+") {
		return value
	}
	if a := math.Abs(n); a != 0 && (a < 1e-9 || a >= 1e15) {
		return strings.Replace(strconv.FormatFloat(n, 'G', 15, 64), "E+0", "E+", 1)
	}
	return plainNumber(n)
}

func plainNumber(n float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		short = n
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// write writes the digits of a number.
func (p *numberPart) write(value string, n float64) string {
	if p.plain {
		return general(strings.TrimPrefix(value, "-"), n)
	}
	for range p.percent {
		n *= 100
	}
	for range p.scale {
		n /= 1000
	}
	if p.exponent > 0 {
		return p.scientific(n)
	}
	decimals := min(p.decimals, 30)
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(round(n, decimals), 'f', decimals, 64), ".")
	for len(fraction) > p.keep && strings.HasSuffix(fraction, "0") {
		fraction = fraction[:len(fraction)-1]
	}
	if whole == "0" && p.least == 0 && fraction != "" {
		whole = ""
	}
	for len(whole) < min(p.least, 100) {
		whole = "0" + whole
	}
	if p.thousands {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
	}
	if fraction != "" {
		return whole + "." + fraction
	}
	return whole
}

// round rounds halves up, as Excel does on the 15 digits that it shows.
func round(n float64, decimals int) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil || decimals > 15 || short > 1e15 {
		return n
	}
	factor := math.Pow10(decimals)
	return math.Floor(short*factor+0.5) / factor
}

func (p *numberPart) scientific(n float64) string {
	text := strconv.FormatFloat(n, 'E', min(p.decimals, 30), 64)
	mantissa, exponent, _ := strings.Cut(text, "E")
	sign, digits := exponent[:1], strings.TrimLeft(exponent[1:], "0")
	for len(digits) < min(p.exponent, 10) {
		digits = "0" + digits
	}
	return mantissa + "E" + sign + digits
}

// when is the time that a number of days stands for, in ISO 8601.
func (f *numberFormat) when(n float64, date04 bool) (string, bool) {
	if n < 0 || n > 2958466 {
		return "", false
	}
	seconds := int64(math.Round(n * 86400))
	if f.elapsed {
		return clock(seconds/3600) + ":" + clock(seconds/60%60) + ":" + clock(seconds%60), true
	}
	day, rest := seconds/86400, seconds%86400
	if f.clock && !f.date {
		return clock(rest/3600) + ":" + clock(rest/60%60) + ":" + clock(rest%60), true
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date04:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return "1900-02-29", true // which never was, but Excel has it
	case day < 60:
		first = first.AddDate(0, 0, 1)
	}
	date := first.AddDate(0, 0, int(day))
	if f.clock && rest > 0 {
		return date.Add(time.Duration(rest) * time.Second).Format("2006-01-02T15:04:05"), true
	}
	return date.Format("2006-01-02"), true
}

func clock(n int64) string {
	if n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}
