package cli

import (
	"cmp"
	"slices"
	"strings"
)

// longestName is the longest name for which near ones are looked for.
const longestName = 200

// nearestNames returns the candidates that a mistyped name most likely means,
// best first, at most limit; none where even the best is far off.
func nearestNames(name string, candidates func(yield func(string) bool), limit int) []string {
	type scored struct {
		name string
		cost int
	}
	name = strings.ToLower(name)
	if name == "" || len(name) > longestName {
		return nil
	}
	most := max(1, len(name)/3)
	var found []scored
	for c := range candidates {
		if len(c) > len(name)+most || len(c) < len(name)-most {
			continue
		}
		if cost := edits(name, strings.ToLower(c)); cost <= most {
			found = append(found, scored{c, cost})
		}
	}
	slices.SortFunc(found, func(a, b scored) int { return cmp.Or(cmp.Compare(a.cost, b.cost), strings.Compare(a.name, b.name)) })
	names := make([]string, 0, limit)
	for _, f := range found {
		if len(names) < limit && !slices.Contains(names, f.name) {
			names = append(names, f.name)
		}
	}
	return names
}

// edits is the number of bytes to insert, drop, change or swap with their
// neighbour to turn a into b.
func edits(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// oneOf lists names as a sentence does: a, b or c.
func oneOf(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
