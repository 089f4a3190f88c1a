package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// threadView is all that is reached from an item in one direction, as a tree of
// shortest paths.
type threadView struct {
	Direction string
	Count     int
	Summary   []kindCount
	Branches  []*branch
	Closed    bool // some branches are closed at first
	Impact    int  // items that a change may touch, by every relation
}

// kindCount counts what is reached of a kind, tests by their results.
type kindCount struct {
	Name    string
	N       int
	Results map[string]int
}

// branch is one item of the tree, with the step that leads to it.
type branch struct {
	Step       int // from the start, 1 for its neighbours
	Reading    string
	Key, Title string
	URL        string
	Kind       string
	Outcome    outcome
	Missing    bool
	Suspect    bool
	Branches   []*branch
	Behind     int  // items of all its branches
	Open       bool // its branches are shown at first
	handle     project.Handle
	order      int // of its kind
	parent     *branch
}

// openRows is how many items of a thread are shown at first: whole steps, as far
// as they fit. Branches further along are there, and closed.
const openRows = 60

// maxDepth is how deep branches are nested on the page; what lies further along
// the thread is listed at that depth, with the number of its step.
const maxDepth = 24

// threadOf walks the thread from an item. The nearest come first, so that each
// is reached on a shortest path.
func (v *view) threadOf(h project.Handle, d trace.Direction, open bool) *threadView {
	t := &threadView{Direction: d.String(), Impact: v.thread.Impact(h, d).Len()}
	seen := map[project.Handle]bool{h: true}
	var all []*branch
	spread := func(from *branch, at project.Handle) {
		throughHarm := from != nil && v.is(at, schema.KindHARM)
		if throughHarm && d == trace.Upstream {
			return // many situations lead to the same harm: from a risk to its harm and no further
		}
		for step := range v.thread.Along(at, d) {
			if seen[step.To] || throughHarm && v.evaluatesSituation(step.To) {
				continue
			}
			seen[step.To] = true
			all = append(all, v.newBranch(step, from))
		}
	}
	spread(nil, h)
	for i := 0; i < len(all); i++ {
		spread(all[i], all[i].handle)
	}
	t.Count = len(all)
	for _, b := range all {
		if b.parent == nil {
			t.Branches = append(t.Branches, b)
		} else {
			b.parent.Branches = append(b.parent.Branches, b)
		}
	}
	for _, b := range slices.Backward(all) { // the far ones first: parents come before their branches
		sortBranches(b.Branches)
		if b.parent != nil {
			b.parent.Behind += b.Behind + 1
		}
	}
	sortBranches(t.Branches)
	t.open(open)
	t.Summary = v.summary(all)
	return t
}

func (v *view) is(h project.Handle, kind record.Kind) bool {
	return v.Schema.Is(v.Snapshot.Node(h).Item.Kind, kind)
}

// evaluatesSituation reports whether a risk is that of a hazardous situation:
// then it belongs to the thread of that situation, not to all of the same harm.
func (v *view) evaluatesSituation(h project.Handle) bool {
	for e := range v.Snapshot.Out(h).All() {
		if v.Snapshot.Verb(e.Verb) == schema.VerbEvaluates && v.is(e.Node, schema.KindHS) {
			return true
		}
	}
	return false
}

func (v *view) newBranch(s trace.Step, from *branch) *branch {
	n := v.Snapshot.Node(s.To)
	b := &branch{Step: 1, Reading: v.thread.Reading(s), Key: string(n.Item.Key), Title: titleBeside(&n.Item), Kind: v.kindName(n.Item.Kind),
		Missing: n.Missing, Suspect: v.thread.IsSuspect(s.Link), handle: s.To, parent: from}
	if from != nil {
		b.Step = from.Step + 1
		if b.Step > maxDepth {
			b.parent = from.parent
		}
	}
	if kind := v.Schema.Kind(n.Item.Kind); kind != nil {
		b.order = kind.Order
	}
	if !n.Missing {
		b.URL = v.itemURL(n.Item.Key)
	}
	if v.isTest(n) {
		b.Outcome = show(v.testSays(s.To))
	}
	return b
}

// titleBeside is the title of an item where it says more than the key beside it:
// the key of a place in code ends in its name.
func titleBeside(it *record.Item) string {
	if strings.HasSuffix(string(it.Key), it.Title) {
		return ""
	}
	return it.Title
}

func sortBranches(list []*branch) {
	slices.SortStableFunc(list, func(a, b *branch) int {
		if a.order != b.order {
			return a.order - b.order
		}
		return record.CompareKeys(record.Key(a.Key), record.Key(b.Key))
	})
}

// open opens the branches step by step as long as what they show fits, or all.
func (t *threadView) open(all bool) {
	shown := len(t.Branches)
	for front := t.Branches; len(front) > 0; {
		var next []*branch
		for _, b := range front {
			next = append(next, b.Branches...)
		}
		if shown += len(next); shown > openRows && !all {
			t.Closed = len(next) > 0
			return
		}
		for _, b := range front {
			b.Open = true
		}
		front = next
	}
}

// summary counts the branches by kind, in the order of the schema.
func (v *view) summary(all []*branch) []kindCount {
	byKind := make([]kindCount, len(v.Schema.Kinds()))
	for _, b := range all {
		if b.Missing {
			continue
		}
		c := &byKind[b.order]
		c.N++
		if b.Outcome.Word != "" {
			if c.Results == nil {
				c.Results = map[string]int{}
			}
			c.Results[b.Outcome.Word]++
		}
	}
	var out []kindCount
	for i, k := range v.Schema.Kinds() {
		if c := byKind[i]; c.N > 0 {
			c.Name = either(c.N == 1, k.Name, k.Plural)
			out = append(out, c)
		}
	}
	return out
}

// String is the count of a kind in words.
func (c kindCount) String() string {
	var results []string
	for _, word := range outcomeWords() {
		if n := c.Results[word]; n > 0 {
			results = append(results, fmt.Sprintf("%d %s", n, word))
		}
	}
	if len(results) == 0 {
		return fmt.Sprintf("%d %s", c.N, c.Name)
	}
	return fmt.Sprintf("%d %s (%s)", c.N, c.Name, strings.Join(results, ", "))
}
