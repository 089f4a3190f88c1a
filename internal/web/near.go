package web

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// longestName is the longest name for which near ones are looked for.
const longestName = 200

// nearest returns those of names that a mistyped one most likely means, best
// first, at most limit.
func nearest(name string, names iter.Seq[string], limit int) []string {
	type scored struct {
		name string
		cost int
	}
	want := plainName(name)
	if want == "" || len(name) > longestName {
		return nil
	}
	most := max(1, len(want)/4)
	var found []scored
	for n := range names {
		have := plainName(n)
		if d := len(have) - len(want); d > most || -d > most {
			continue
		}
		if cost := edits(want, have); cost <= most {
			found = append(found, scored{n, cost})
		}
	}
	slices.SortFunc(found, func(a, b scored) int { return cmp.Or(a.cost-b.cost, strings.Compare(a.name, b.name)) })
	var out []string
	for _, f := range found[:min(limit, len(found))] {
		out = append(out, f.name)
	}
	return out
}

// plainName is a name without what people leave out or write differently: case,
// separators, zeros before a number.
func plainName(s string) string {
	var b strings.Builder
	digit := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '-' || c == '_' || c == '.' || c == ' ':
			digit = false
			continue
		case c == '0' && !digit && i+1 < len(s) && '0' <= s[i+1] && s[i+1] <= '9':
			continue
		}
		digit = '0' <= c && c <= '9'
		b.WriteByte(c)
	}
	return strings.ToLower(b.String())
}

// edits is the number of bytes to insert, drop or change to turn a into b.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
}
