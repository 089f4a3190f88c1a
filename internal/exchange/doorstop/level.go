package doorstop

import (
	"slices"
	"strconv"
	"strings"
)

// level is the place of an item in the outline of its document.
type level struct {
	parts   []int // without the zero that marks a heading
	heading bool  // it ended in a zero
}

func defaultLevel() level { return level{parts: []int{1}, heading: true} }

// parseLevel reads a level from its text, or says that it is none. Like Doorstop it takes trailing zeros for the mark
// of a heading.
func parseLevel(text string) (level, bool) {
	var l level
	for _, part := range strings.Split(text, ".") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return defaultLevel(), false
		}
		l.parts = append(l.parts, n)
	}
	for len(l.parts) > 0 && l.parts[len(l.parts)-1] == 0 {
		l.parts = l.parts[:len(l.parts)-1]
		l.heading = true
	}
	return l, true
}

func (l level) compare(m level) int { return slices.Compare(l.parts, m.parts) }

// String is the level as Doorstop writes and hashes it.
func (l level) String() string {
	parts := make([]string, 0, len(l.parts)+1)
	for _, n := range l.parts {
		parts = append(parts, strconv.Itoa(n))
	}
	if l.heading {
		parts = append(parts, "0")
	}
	return strings.Join(parts, ".")
}
