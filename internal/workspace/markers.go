package workspace

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
)

// The markers of a conflict, as git writes them. The version that stands here
// comes first, then what both sides began with, then the other one.
const (
	markHere  = "<<<<<<<"
	markBase  = "|||||||"
	markSplit = "======="
	markEnd   = ">>>>>>>"
)

// marker is a line that a merge has left: a conflict that begins there, or a
// marker that belongs to none.
type marker struct {
	line int
	what string
}

// hidden is a run of lines that is not read: markers, and all versions of a
// conflict but the one that stands here.
type hidden struct {
	from, to int // offsets of bytes
	lines    int
}

// conflicts finds the conflicts that merges have left in a text. What stands
// here is read as if it stood alone, so that a conflict is one finding, and
// not one for each thing that is there several times.
func conflicts(text string) ([]hidden, []marker) {
	if !strings.Contains(text, markHere) && !strings.Contains(text, markBase) && !strings.Contains(text, markEnd) {
		return nil, nil
	}
	var f markerFinder
	for line := 1; f.to < len(text); line++ {
		f.from = f.to
		f.to = len(text)
		if i := strings.IndexByte(text[f.from:], '\n'); i >= 0 {
			f.to = f.from + i + 1
		}
		f.step(strings.TrimRight(text[f.from:f.to], "\r\n"), line)
	}
	f.stray()
	return f.hidden, f.markers
}

// markerFinder follows the lines of a text.
type markerFinder struct {
	from, to int // of the line at hand
	part     string
	open     []marker // those of the conflict at hand
	hiding   []hidden // what it hides
	hidden   []hidden
	markers  []marker
}

func (f *markerFinder) step(line string, number int) {
	mark := markerOf(line)
	switch {
	case mark == "" || mark == markSplit && (f.part == "" || f.part == markSplit):
		if f.part == markBase || f.part == markSplit {
			f.hide()
		}
		return
	case mark == markHere && f.part == "":
	case mark == markBase && f.part == markHere, mark == markSplit, mark == markEnd && f.part == markSplit:
	default: // none that could stand here
		f.open = append(f.open, marker{number, line})
		f.stray()
		return
	}
	f.part = mark
	f.open = append(f.open, marker{number, line})
	f.hide()
	if mark == markEnd {
		f.markers = append(f.markers, marker{f.open[0].line, fmt.Sprintf("%s … %s", f.open[0].what, line)})
		f.hidden = append(f.hidden, f.hiding...)
		f.part, f.open, f.hiding = "", nil, nil
	}
}

// hide takes the line at hand out of what is read, should the conflict be whole.
func (f *markerFinder) hide() {
	if n := len(f.hiding); n > 0 && f.hiding[n-1].to == f.from {
		f.hiding[n-1].to = f.to
		f.hiding[n-1].lines++
		return
	}
	f.hiding = append(f.hiding, hidden{f.from, f.to, 1})
}

// stray gives up the conflict at hand: its markers stand for themselves.
func (f *markerFinder) stray() {
	for _, m := range f.open {
		if m.what != markSplit {
			f.markers = append(f.markers, m)
		}
	}
	f.part, f.open, f.hiding = "", nil, nil
}

// markerOf returns the marker that a line is, "" for other lines.
func markerOf(line string) string {
	if len(line) < len(markHere) {
		return ""
	}
	switch mark, rest := line[:len(markHere)], line[len(markHere):]; mark {
	case markHere, markBase, markEnd:
		if rest == "" || rest[0] == ' ' {
			return mark
		}
	case markSplit:
		if rest == "" {
			return mark
		}
	}
	return ""
}

// finding is what check says of a marker.
func (m marker) finding(file string) finding.Finding {
	return finding.Finding{Rule: RuleConflictMarker, Severity: finding.Error, File: file, Line: m.line, Column: 1,
		Message: "a conflict of a merge is left in the file: " + short(m.what), Remedy: "settle the conflict, then run the command again"}
}

// within returns the hidden run that begins at or before pos and ends behind it.
func within(runs []hidden, pos int) (hidden, bool) {
	i := sort.Search(len(runs), func(i int) bool { return runs[i].to > pos })
	if i == len(runs) || runs[i].from > pos {
		return hidden{}, false
	}
	return runs[i], true
}

// visible is what of text[from:to] is read.
func visible(text string, runs []hidden, from, to int) string {
	if !slices.ContainsFunc(runs, func(h hidden) bool { return h.from < to && h.to > from }) {
		return text[from:to]
	}
	var b strings.Builder
	for _, h := range runs {
		if h.from >= to || h.to <= from {
			continue
		}
		b.WriteString(text[from:max(from, h.from)])
		from = min(h.to, to)
	}
	b.WriteString(text[from:to])
	return b.String()
}
