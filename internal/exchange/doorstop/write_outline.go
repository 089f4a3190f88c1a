package doorstop

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// outline gives the entries of a document their order and levels. In a document of Doorstop they have them. In others
// headings and prose become entries too.
func (w *writer) outline(t *target) {
	orders := map[*written]int{}
	for _, e := range t.entries {
		orders[e] = e.item.Order
		e.level = e.item.Level
	}
	w.headings(t, orders)
	w.prose(t, orders)
	slices.SortStableFunc(t.entries, func(a, b *written) int { return cmp.Compare(orders[a], orders[b]) })
	switch {
	case t.own:
		w.fitIn(t, w.sectionLevels(t), orders)
	case !t.leveled():
		t.number(w.sectionLevels(t))
	}
}

// fitIn gives those entries of a document of Doorstop another level that would not stand where they stand: new ones, and
// those that were moved. All others keep theirs.
func (w *writer) fitIn(t *target, sections, orders map[*written]int) {
	var before level
	var beforeID uid
	for i, e := range t.entries {
		l, _ := parseLevel(e.level)
		id, _ := parseUID(e.name)
		depth := len(l.parts)
		switch {
		case e.section != nil:
			depth = sections[e]
		case e.made && before.heading:
			depth = len(before.parts) + 1
		case e.made:
			depth = len(before.parts)
		}
		moved := i > 0 && orders[t.entries[i-1]] < orders[e] && cmp.Or(before.compare(l), beforeID.compare(id)) > 0
		if e.made || !w.has(t, e.item, e.name) || moved {
			l = level{parts: before.next(max(depth, 1), beforeID.compare(id) < 0 && e.section == nil), heading: e.section != nil || e.item.Heading}
			e.level = l.String()
		}
		before, beforeID = l, id
	}
}

// next are the parts of a level behind another one, at a depth; the same where entries of one level stand in that order.
func (l level) next(depth int, same bool) []int {
	parts := slices.Clone(l.parts)
	switch {
	case len(parts) == 0 || len(parts) < depth:
		for len(parts) < max(depth, 1) {
			parts = append(parts, 1)
		}
		return parts
	case len(parts) == depth && same:
		return parts
	}
	parts = parts[:depth]
	parts[depth-1]++
	return parts
}

// headings makes entries of the sections of a document.
func (w *writer) headings(t *target, orders map[*written]int) {
	for i := range t.source.Sections {
		s := &t.source.Sections[i]
		if e := w.make(t, s.Title, ""); e != nil {
			e.section = s
			orders[e] = s.Order
		}
	}
	w.madeLoss(t, "headings", len(t.source.Sections))
}

// prose makes entries of the text between items.
func (w *writer) prose(t *target, orders map[*written]int) {
	n := 0
	for i := range t.source.Blocks {
		b := &t.source.Blocks[i]
		if strings.TrimSpace(b.Text) == "" {
			continue
		}
		if e := w.make(t, "", b.Text); e != nil {
			orders[e] = b.Order
			n++
		}
	}
	w.madeLoss(t, "texts between items", n)
}

func (w *writer) madeLoss(t *target, what string, n int) {
	if n > 0 {
		w.lose(t.source.At, "", fmt.Sprintf("%d %s of %s", n, what, cmp.Or(t.source.Title, t.prefix)), "Doorstop has items only; they are written as items that are not normative")
	}
}

// make adds an entry that is not an item of the tree.
func (w *writer) make(t *target, title, text string) *written {
	name, id := w.free(t)
	w.taken[id] = true
	e := &written{document: t, made: true, name: name, title: title, text: text, item: &exchange.Item{Title: title, Text: text, Active: true}}
	e.path = w.filePath(t, e.item, name)
	w.paths[strings.ToLower(e.path)] = true
	t.entries = append(t.entries, e)
	return e
}

// leveled says that the items of a document have levels that put them in their order.
func (t *target) leveled() bool {
	var before level
	var beforeID uid
	for i, e := range t.entries {
		l, ok := parseLevel(e.item.Level)
		if e.made || !ok || e.item.Level == "" || len(l.parts) == 0 {
			return false
		}
		id, _ := parseUID(e.name)
		if i > 0 && cmp.Or(before.compare(l), beforeID.compare(id)) > 0 {
			return false
		}
		before, beforeID = l, id
	}
	for _, e := range t.entries {
		l, _ := parseLevel(e.item.Level)
		l.heading = l.heading && (e.item.Heading || e.item.Normative) || e.item.Heading
		if l.String() != e.item.Level {
			e.level = l.String()
		}
	}
	return true
}

// sectionLevels are the levels of sections, which may begin anywhere and leave some out.
func (w *writer) sectionLevels(t *target) map[*written]int {
	levels := map[*written]int{}
	for _, e := range t.entries {
		if e.section != nil {
			levels[e] = max(1, e.section.Level)
		}
	}
	return levels
}

// number gives entries the levels that follow from the headings around them.
func (t *target) number(sections map[*written]int) {
	type heading struct {
		level  int
		isItem bool
	}
	var open []heading
	var numbers []int
	next := func() string {
		depth := len(open)
		for len(numbers) <= depth {
			numbers = append(numbers, 0)
		}
		numbers = numbers[:depth+1]
		numbers[depth]++
		parts := make([]string, len(numbers))
		for i, n := range numbers {
			parts[i] = strconv.Itoa(n)
		}
		return strings.Join(parts, ".")
	}
	for _, e := range t.entries {
		switch level := sections[e]; {
		case level > 0:
			for len(open) > 0 && open[len(open)-1].level >= level {
				open = open[:len(open)-1]
			}
			e.level = next() + ".0"
			open = append(open, heading{level: level})
		case e.item.Heading:
			for len(open) > 0 && open[len(open)-1].isItem {
				open = open[:len(open)-1]
			}
			e.level = next() + ".0"
			below := 1
			if len(open) > 0 {
				below = open[len(open)-1].level + 1
			}
			open = append(open, heading{below, true})
		default:
			e.level = next()
		}
	}
}
