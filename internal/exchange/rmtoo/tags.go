package rmtoo

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// tag is one name with its value.
type tag struct {
	name    string
	value   string // lines without the blank that they begin with
	at      exchange.Position
	valueAt exchange.Position
	linesAt []exchange.Position // of each line of value behind the first
}

// parsed is what a file says.
type parsed struct {
	tags      []tag
	comments  []string
	commentAt exchange.Position
	links     int
	lost      []exchange.Loss
	faults    []exchange.Fault
}

func (p *parsed) fault(at exchange.Position, isError bool, message, remedy string) {
	p.faults = append(p.faults, exchange.Fault{At: at, Message: message, Remedy: remedy, Error: isError})
}

// parse cuts a file into tags and comments. A line that is neither is lost.
func parse(file, text string, limits Limits) *parsed {
	p := &parsed{tags: make([]tag, 0, 8)}
	line, open := 0, false // open: a tag is there that a line may go on with
	var value []string
	finish := func() {
		if open {
			p.tags[len(p.tags)-1].value = strings.Join(value, "\n")
		}
	}
	for s := range strings.Lines(text) {
		line++
		s = strings.TrimRight(s, "\n")
		at := exchange.Position{File: file, Line: line, Column: 1}
		switch name, rest, isTag := cutTag(s); {
		case len(p.faults) >= limits.Faults, line > limits.Lines, len(p.tags) >= limits.Tags:
			p.fault(at, true, "the file has too many faults, lines or tags and is read no further", "split it, or correct it")
			finish()
			return p
		case s == "":
		case s[0] == '#':
			if p.comments == nil {
				p.commentAt = at
			}
			p.comments = append(p.comments, strings.TrimSpace(s[1:]))
		case isTag:
			finish()
			first := strings.TrimLeft(rest, " \t")
			p.tags = append(p.tags, tag{name: name, at: at, valueAt: exchange.Position{File: file, Line: line, Column: len(s) - len(first) + 1}})
			value, open = append(value[:0], strings.TrimRight(first, " \t")), true
		case (s[0] == ' ' || s[0] == '\t') && open:
			t := &p.tags[len(p.tags)-1]
			at.Column = 2
			t.linesAt = append(t.linesAt, at)
			value = append(value, strings.TrimRight(s[1:], " \t"))
		case strings.TrimSpace(s) == "":
		default:
			p.fault(at, true, fmt.Sprintf("the line %.40q is no tag, no comment and goes on with nothing", s), "begin it with a blank, if it belongs to the line above")
			p.lost = append(p.lost, exchange.Loss{At: at, What: "line", Why: fmt.Sprintf("it is no tag and goes on with nothing: %.200s", s)})
		}
	}
	finish()
	return p
}

// cutTag cuts a line into its tag and what follows: letters, digits, blanks and underscores up to a colon.
func cutTag(line string) (name, rest string, ok bool) {
	for i := range len(line) {
		c := line[i]
		switch letter := c|0x20 >= 'a' && c|0x20 <= 'z'; {
		case i > 0 && c == ':':
			return strings.TrimRight(line[:i], " "), line[i+1:], true
		case letter, i > 0 && (c == ' ' || c == '_' || c >= '0' && c <= '9'):
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// word is a part of a value and where it stands.
type word struct {
	text      string
	arguments string // behind the name of a constraint, in parentheses
	at        exchange.Position
}

// words are the names in a value, between blanks or commas. With calls, a name may have arguments in parentheses.
func (t *tag) words(calls bool) []word {
	var out []word
	at, behind := t.valueAt, t.linesAt
	for line := range strings.SplitSeq(t.value, "\n") {
		for i := 0; i < len(line); {
			if strings.IndexByte(" \t,", line[i]) >= 0 {
				i++
				continue
			}
			end := i
			for end < len(line) && strings.IndexByte(" \t,", line[end]) < 0 && !(calls && line[end] == '(') {
				end++
			}
			w := word{text: line[i:end], at: at}
			w.at.Column += i
			if calls && end < len(line) && line[end] == '(' {
				close := closing(line[end:])
				w.arguments = line[end : end+close]
				end += close
			}
			i = end
			out = append(out, w)
		}
		if len(behind) > 0 {
			at, behind = behind[0], behind[1:]
		}
	}
	return out
}

// closing is the length of a text up to the parenthesis that closes the first one.
func closing(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}
