package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// vModel is the picture of the project as a V: what was asked for on its left
// side, what shows it on its right, counted from the records.
type vModel struct {
	Width       int
	Height      int
	Boxes       []vBox
	Lines       []vLine
	Description string // the picture in words
}

// vBox is one box of the picture. Parts lead to the records they count.
type vBox struct {
	X, Y, Width, Height int
	Name                string
	NameX, NameY        int
	Parts               []vPart
	Words               string // the box as a sentence, for the text beside the picture
	Empty               bool
}

// vPart is a number with its words.
type vPart struct {
	X, Y int
	Text string
	URL  string
	Tone string
}

// vLine joins what is verified to what verifies it.
type vLine struct {
	X1, Y1, X2, Y2 int
	Label          string
	LabelX, LabelY int
}

// Measures of the picture, in its own units.
const (
	vWidth              = 960
	boxWidth, boxHeight = 236, 74
	stepX, stepY        = 46, 84
	vTop                = 6
	vHeight             = 2*vTop + 5*stepY + boxHeight
	firstLine, nextLine = 42, 66 // of numbers, below the name; far enough apart to be hit
)

// tally counts the items of one level.
type tally struct {
	items, verified int
	results         map[string]int
	others          map[string]int // by kind, of what has no result: reviews
}

// vModel draws the picture from the rows.
func (v *view) vModel() *vModel {
	tallies := map[string]*tally{}
	for i := range v.rows {
		for _, l := range v.rows[i].levels {
			t := tallies[l]
			if t == nil {
				t = &tally{results: map[string]int{}, others: map[string]int{}}
				tallies[l] = t
			}
			t.items++
			if slices.Contains(v.rows[i].has, "verified") {
				t.verified++
			}
			if word := v.rows[i].Outcome.Word; v.isTest(v.Snapshot.Node(v.rows[i].Handle)) {
				t.results[word]++
			} else {
				t.others[v.rows[i].Kind]++
			}
		}
	}
	m := &vModel{Width: vWidth, Height: vHeight}
	for i, l := range levels() {
		left, right := tallies[l.ID], tallies[testsOf(l.ID)]
		switch l.ID {
		case "code":
			m.add(v.leftBox(l, left, (vWidth-boxWidth)/2, vTop+5*stepY))
		case "risk":
			m.add(v.leftBox(l, left, (vWidth-boxWidth)/2, vTop+stepY/2))
			m.words(v.rightBox(l, right, 0, 0))
		default:
			y := vTop + i*stepY
			m.Lines = append(m.Lines, lineBetween(i*stepX+boxWidth+2, vWidth-boxWidth-i*stepX-2, y+boxHeight/2, i))
			m.add(v.leftBox(l, left, i*stepX+2, y))
			m.add(v.rightBox(l, right, vWidth-boxWidth-i*stepX-2, y))
		}
	}
	var words []string
	for _, b := range m.Boxes {
		words = append(words, b.Words)
	}
	m.Description = strings.Join(words, " ")
	return m
}

func (m *vModel) add(b vBox) { m.Boxes = append(m.Boxes, b) }

// words notes a box that has no place in the picture, in words alone.
func (m *vModel) words(b vBox) {
	if n := len(m.Boxes); n > 0 && !b.Empty {
		m.Boxes[n-1].Words += " " + b.Words
	}
}

// lineBetween joins the two sides of a level; its label stands where nothing else does.
func lineBetween(x1, x2, y, i int) vLine {
	l := vLine{X1: x1, Y1: y, X2: x2, Y2: y}
	if i > 1 {
		l.Label, l.LabelX, l.LabelY = "verified by", (x1+x2)/2, y-5
	}
	if i == 0 {
		l.Label, l.LabelX, l.LabelY = "validated by", (x1+x2)/2, y-5
	}
	return l
}

func box(name string, x, y int) vBox {
	return vBox{X: x, Y: y, Width: boxWidth, Height: boxHeight, Name: name, NameX: x + 10, NameY: y + 19}
}

// leftBox counts the items of a level and how many of them are verified.
func (v *view) leftBox(l level, t *tally, x, y int) vBox {
	b := box(l.Name, x, y)
	if t == nil {
		b.Empty, b.Words = true, l.Name+": none."
		b.Parts = []vPart{{X: b.NameX, Y: y + firstLine, Text: "none"}}
		return b
	}
	all := query{Level: l.ID, Sort: "key"}
	with, without := all, all
	with.Has, without.Has = "verified", "unverified"
	b.Parts = []vPart{{b.NameX, y + firstLine, count(t.items, "item", "items"), v.listURL(all), ""}}
	if l.ID == "code" {
		b.Words = fmt.Sprintf("%s: %s.", l.Name, count(t.items, "tagged place", "tagged places"))
		b.Parts[0].Text = count(t.items, "tagged place", "tagged places")
		return b
	}
	b.Parts = append(b.Parts,
		vPart{b.NameX, y + nextLine, fmt.Sprintf("%d with verification", t.verified), v.listURL(with), ""},
		vPart{b.NameX + 134, y + nextLine, fmt.Sprintf("%d without", t.items-t.verified), v.listURL(without), either(t.items > t.verified, "open", "")})
	b.Words = fmt.Sprintf("%s: %s, %d with verification, %d without.", l.Name, count(t.items, "item", "items"), t.verified, t.items-t.verified)
	return b
}

// rightBox counts the tests of a level by their results.
func (v *view) rightBox(l level, t *tally, x, y int) vBox {
	b := box(l.Tests, x, y)
	if t == nil {
		b.Empty, b.Words = true, l.Tests+": none."
		b.Parts = []vPart{{X: b.NameX, Y: y + firstLine, Text: "none"}}
		return b
	}
	all := query{Level: testsOf(l.ID), Sort: "key"}
	b.Parts = []vPart{{b.NameX, y + firstLine, count(t.items, "verification", "verifications"), v.listURL(all), ""}}
	at := b.NameX
	add := func(text, tone string, only query) {
		b.Parts = append(b.Parts, vPart{at, y + nextLine, text, v.listURL(only), tone})
		at += 14 + len(text)*6
	}
	for _, word := range outcomeWords() {
		if n := t.results[word]; n > 0 {
			only := all
			only.Result = word
			add(fmt.Sprintf("%d %s", n, word), toneOf(word), only)
		}
	}
	if text, only, some := v.others(t, all); some {
		add(text, "", only)
	}
	var words []string
	for _, p := range b.Parts {
		words = append(words, p.Text)
	}
	b.Words = l.Tests + ": " + strings.Join(words, ", ") + "."
	return b
}

// others counts the reviews and the like, by their name where they are of one kind.
func (v *view) others(t *tally, all query) (text string, only query, some bool) {
	n := 0
	for kind, m := range t.others {
		n += m
		only = all
		only.Kind = kind
	}
	switch len(t.others) {
	case 0:
		return "", all, false
	case 1:
		k := v.Schema.Kind(record.Kind(only.Kind))
		return count(n, k.Name, k.Plural), only, true
	default:
		return fmt.Sprintf("%d other", n), all, true
	}
}

func toneOf(word string) string {
	switch word {
	case wordFailed:
		return "bad"
	case wordSkipped:
		return "warn"
	case wordPassed:
		return "good"
	default:
		return ""
	}
}
