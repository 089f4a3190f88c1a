package docx

import (
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

const listLevels = 9

// numbering is the lists of a document and how far each has been counted.
type numbering struct {
	abstract map[string]*abstractList
	lists    map[string]*list
}

// abstractList is how a list counts.
type abstractList struct {
	levels [listLevels]listLevel
	counts [listLevels]int
	link   string // name of the style that holds the levels of a list
	style  string // name of the style that this list holds the levels for
}

type listLevel struct {
	start  int
	format string // decimal, lowerLetter, bullet, …
	text   string // such as %1.%2
	style  string // identity of the paragraph style of this level
}

// list is a list in use.
type list struct {
	of        *abstractList
	overrides map[int]int // starts by level
	begun     bool
}

func (d *document) readNumbering(part string) *opc.Error {
	data, refused := d.pack.Part(part)
	if refused != nil {
		return refused
	}
	n := numbering{abstract: map[string]*abstractList{}, lists: map[string]*list{}}
	var a *abstractList
	var l *list
	level := -1
	refused = opc.Scan(part, data, func(x *xmlscan.Scanner) {
		if x.Kind == xmlscan.End {
			switch x.Name.Local {
			case "abstractNum":
				a = nil
			case "num":
				l = nil
			case "lvl", "lvlOverride":
				level = -1
			}
		}
		if x.Kind != xmlscan.Start {
			return
		}
		val := x.Attr("val")
		switch x.Name.Local {
		case "abstractNum":
			a = &abstractList{}
			n.abstract[x.Attr("abstractNumId")] = a
		case "num":
			l = &list{overrides: map[int]int{}}
			n.lists[x.Attr("numId")] = l
		case "abstractNumId":
			if l != nil {
				l.of = n.abstract[val]
			}
		case "lvl", "lvlOverride":
			level = number(x.Attr("ilvl"))
		case "startOverride":
			if l != nil {
				l.overrides[level] = number(val)
			}
		case "numStyleLink":
			if a != nil {
				a.link = val
			}
		case "styleLink":
			if a != nil {
				a.style = val
			}
		}
		if a == nil || l != nil || level < 0 || level >= listLevels {
			return
		}
		switch v := &a.levels[level]; x.Name.Local {
		case "start":
			v.start = max(number(val), 0)
		case "numFmt":
			v.format = val
		case "lvlText":
			v.text = val
		case "pStyle":
			v.style = val
		}
	})
	for _, l := range n.lists {
		if l.of != nil && l.of.link != "" {
			for _, other := range n.abstract {
				if other.style == l.of.link {
					l.of = other
					break
				}
			}
		}
	}
	d.numbering = n
	return refused
}

// levelOf is the level of a list that belongs to a paragraph style, 0 where none says so.
func (n *numbering) levelOf(numID, style string) int {
	if l := n.lists[numID]; l != nil && l.of != nil {
		for i := range l.of.levels {
			if l.of.levels[i].style == style {
				return i
			}
		}
	}
	return 0
}

// next counts a paragraph of a list and gives its label; bullet says that it has a sign and no number.
func (n *numbering) next(numID string, ilvl int) (label string, bullet bool) {
	l := n.lists[numID]
	if l == nil || l.of == nil || ilvl < 0 || ilvl >= listLevels {
		return "", l != nil || numID != ""
	}
	if !l.begun {
		l.begun = true
		for level, start := range l.overrides {
			if level >= 0 && level < listLevels && start >= 0 {
				l.of.counts[level] = start - 1
				if start == 0 {
					l.of.counts[level] = -1
				}
				clear(l.of.counts[level+1:])
			}
		}
	}
	a := l.of
	this := &a.levels[ilvl]
	if a.counts[ilvl] == 0 {
		a.counts[ilvl] = max(this.start, 1) - 1
	}
	a.counts[ilvl]++
	clear(a.counts[ilvl+1:])
	if this.format == "bullet" {
		return "", true
	}
	if this.format == "none" && !strings.Contains(this.text, "%") {
		return this.text, false
	}
	text := this.text
	for i := 0; i <= ilvl; i++ {
		mark := "%" + strconv.Itoa(i+1)
		if strings.Contains(text, mark) {
			count := a.counts[i]
			if count == 0 {
				count = max(a.levels[i].start, 1)
			}
			text = strings.ReplaceAll(text, mark, counted(count, a.levels[i].format))
		}
	}
	return text, false
}

// counted writes a number in a format of lists (ECMA-376 part 1, ST_NumberFormat), in digits where the format is another one.
func counted(n int, format string) string {
	switch format {
	case "none":
		return ""
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "lowerLetter", "upperLetter":
		if n < 1 || n > 780 {
			break
		}
		text := strings.Repeat(string(rune('a'+(n-1)%26)), 1+(n-1)/26)
		if format == "upperLetter" {
			return strings.ToUpper(text)
		}
		return text
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperRoman":
		return roman(n)
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, r := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= r.value {
			b.WriteString(r.sign)
			n -= r.value
		}
	}
	return b.String()
}
