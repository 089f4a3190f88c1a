package schema

import (
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// NearestName returns the field of kind k, or the verb an item of it may have, that name most likely means; empty where
// none is near. A name read backwards ("refined by") leads to its verb.
func (s *Schema) NearestName(k record.Kind, name string) string {
	names := []string{"files", "language"}
	kind := s.byID[k]
	for _, r := range s.relations {
		if r.Reverse == plainName(name) {
			return string(r.Verb)
		}
		if kind == nil || len(s.EndsFrom(r.Verb, k)) > 0 {
			names = append(names, string(r.Verb))
		}
	}
	if kind != nil {
		for _, f := range kind.Fields {
			names = append(names, f.Name)
		}
	}
	return nearest(name, names)
}

// nearest returns the candidate with the fewest edits from name, empty where even that one is far off.
func nearest(name string, candidates []string) string {
	name = plainName(name)
	if name == "" || len(name) > 100 {
		return ""
	}
	best, bestCost := "", 2*max(1, len(name)/3)+1
	for _, c := range candidates {
		plain := plainName(c)
		cost := 2 * edits(name, plain)
		if strings.HasPrefix(plain, name) {
			if len(name) >= 4 {
				cost = min(cost, 2)
			}
			cost-- // of two as near, the one that was not finished
		}
		if cost < bestCost {
			best, bestCost = c, cost
		}
	}
	return best
}

// edits is the number of letters to insert, drop, change or swap with their neighbour to turn a into b.
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
