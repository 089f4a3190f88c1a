package workspace

import (
	"slices"
	"strings"
)

// versions are the three versions of a text that two sides have changed.
type versions struct {
	base, ours, theirs string
	whole              bool // shown as one conflict: cut at its lines it would be no text
}

// names of the sides behind the markers.
type names struct{ here, base, theirs string }

// textConflict is a run of lines that both sides changed, each line with its
// end, so that an empty line is not none.
type textConflict struct{ base, ours, theirs string }

func splitLines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func withEnds(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// lines merges the versions line by line. Where both sides changed the same
// lines, the result has those that stand here, and the conflict is told.
func (v versions) lines() (merged string, conflicts []textConflict) {
	out, conflicts := v.merge(splitLines(v.base), splitLines(v.ours), splitLines(v.theirs), nil)
	return strings.Join(out, "\n"), conflicts
}

// marked is the merged text with markers around what is in conflict. Each
// version is written as show does it.
func (v versions) marked(n names, show func(string) string) string {
	out, _ := v.merge(splitLines(show(v.base)), splitLines(show(v.ours)), splitLines(show(v.theirs)), &n)
	return strings.Join(out, "\n")
}

// merge merges the versions and writes the lines that are given for them.
func (v versions) merge(base, ours, theirs []string, mark *names) ([]string, []textConflict) {
	b, o, t := splitLines(v.base), splitLines(v.ours), splitLines(v.theirs)
	all := chunks(b, o, t)
	if v.whole {
		all = []chunk{{base: span{0, len(b)}, ours: span{0, len(o)}, theirs: span{0, len(t)}}}
	}
	var out []string
	var conflicts []textConflict
	for _, c := range all {
		switch c.settle(b, o, t) {
		case takeOurs:
			out = append(out, ours[c.ours.from:c.ours.to]...)
		case takeTheirs:
			out = append(out, theirs[c.theirs.from:c.theirs.to]...)
		default:
			conflicts = append(conflicts, textConflict{withEnds(b[c.base.from:c.base.to]), withEnds(o[c.ours.from:c.ours.to]), withEnds(t[c.theirs.from:c.theirs.to])})
			if mark == nil {
				out = append(out, ours[c.ours.from:c.ours.to]...)
				continue
			}
			out = slices.Concat(out, []string{markHere + " " + mark.here}, ours[c.ours.from:c.ours.to], []string{markBase + " " + mark.base}, base[c.base.from:c.base.to],
				[]string{markSplit}, theirs[c.theirs.from:c.theirs.to], []string{markEnd + " " + mark.theirs})
		}
	}
	return out, conflicts
}

// mergeText merges the three versions of a text. What it returns is the text as
// it stands here; versions are there for what is in conflict.
func mergeText(base, ours, theirs string, prose bool) (merged string, v *versions, conflicts []textConflict) {
	v = &versions{base: base, ours: ours, theirs: theirs}
	switch choose(base, ours, theirs) {
	case takeOurs:
		return ours, nil, nil
	case takeTheirs:
		return theirs, nil, nil
	}
	merged, conflicts = v.lines()
	merged = trimEmptyLines(merged)
	if !stands(merged, prose) {
		v.whole = true
		return ours, v, []textConflict{{withEnds(splitLines(base)), withEnds(splitLines(ours)), withEnds(splitLines(theirs))}}
	}
	if len(conflicts) == 0 {
		return merged, nil, nil
	}
	return merged, v, conflicts
}

// stands reports whether a text ends what it begins, and as prose holds no
// heading: else it would swallow, or cut, what it stands in.
func stands(text string, prose bool) bool {
	var f fence
	for i, l := range strings.Split(text, "\n") {
		if level, _ := heading(l); prose && f.mark == 0 && level > 0 {
			return false
		}
		f.step(l, i)
	}
	return f.mark == 0
}
