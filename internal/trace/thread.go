package trace

import (
	"iter"
	"slices"
	"sync"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Direction is a way along the thread.
type Direction int

// The two ways.
const (
	Downstream Direction = iota // to what depends on an item
	Upstream                    // to what an item depends on
)

// String names the direction.
func (d Direction) String() string {
	if d == Upstream {
		return "upstream"
	}
	return "downstream"
}

// Thread is a Snapshot with the directions of its relations.
type Thread struct {
	Snapshot *project.Snapshot
	Schema   *schema.Schema
	follow   [2]ways             // by Direction
	descent  []descent           // on the lines of a matrix, by verb
	steps    []descent           // of Along, by verb
	partOf   int                 // the verb of parts, -1 where the project has none
	kinds    func() []kindNumber // by Handle
}

// kindNumber is the number of a kind of the schema from 1, and 0 for what is not
// in use or of no kind of the schema.
type kindNumber uint16

// ways says for each verb of a project whether a walk goes along its links from
// source to target (out) or from target to source (in).
type ways struct {
	out, in       []bool
	anyOut, anyIn bool // whether there is any at all
}

// New prepares the thread of a Snapshot.
func New(s *project.Snapshot, sch *schema.Schema) *Thread {
	t := &Thread{Snapshot: s, Schema: sch, descent: make([]descent, s.Verbs()), steps: make([]descent, s.Verbs()), partOf: -1}
	for d := range t.follow {
		t.follow[d] = ways{out: make([]bool, s.Verbs()), in: make([]bool, s.Verbs())}
	}
	for v := range s.Verbs() {
		verb := s.Verb(project.VerbIndex(v))
		t.descent[v], t.steps[v] = t.descentOf(verb), t.stepOf(verb)
		if verb == schema.VerbPartOf {
			t.partOf = v
		}
		direction := schema.TargetToSource // foreign verbs are read as refinements
		if r := sch.Relation(verb); r != nil {
			direction = r.Impact
		}
		t.direct(v, direction)
	}
	for d := range t.follow {
		t.follow[d].count()
	}
	t.kinds = sync.OnceValue(t.numberKinds)
	return t
}

func (t *Thread) numberKinds() []kindNumber {
	numbers := map[record.Kind]kindNumber{}
	for i, k := range t.Schema.Kinds() {
		numbers[k.ID] = kindNumber(i + 1)
	}
	out := make([]kindNumber, t.Snapshot.Handles())
	var last record.Kind // items of a kind mostly come together
	var number kindNumber
	for h, n := range t.Snapshot.All() {
		if n.Item.Kind != last {
			last, number = n.Item.Kind, numbers[n.Item.Kind]
		}
		out[h] = number
	}
	return out
}

// AllOf yields the items in use of the kinds for which is says so, in the order in
// which they came in. It is asked once for each kind of the schema.
func (t *Thread) AllOf(is func(*schema.Kind) bool) iter.Seq2[project.Handle, *project.Node] {
	return func(yield func(project.Handle, *project.Node) bool) {
		wanted := make([]bool, len(t.Schema.Kinds())+1)
		for i, k := range t.Schema.Kinds() {
			wanted[i+1] = is(k)
		}
		for h, k := range t.kinds() {
			if wanted[k] && !yield(project.Handle(h), t.Snapshot.Node(project.Handle(h))) {
				return
			}
		}
	}
}

func (w *ways) count() { w.anyOut, w.anyIn = slices.Contains(w.out, true), slices.Contains(w.in, true) }

func (t *Thread) direct(v int, direction schema.Direction) {
	down, up := &t.follow[Downstream], &t.follow[Upstream]
	switch direction {
	case schema.TargetToSource:
		down.in[v], up.out[v] = true, true
	case schema.SourceToTarget:
		down.out[v], up.in[v] = true, true
	case schema.BothWays:
		down.in[v], down.out[v], up.in[v], up.out[v] = true, true, true, true
	case schema.NoImpact:
	}
}

// Step is one link of a path, as it is walked.
type Step struct {
	Link     project.LinkHandle
	From, To project.Handle
	Forward  bool // from the link's source to its target
}

// Reading is the verb as it reads in the direction of the step.
func (t *Thread) Reading(s Step) string {
	verb := t.Snapshot.Verb(t.Snapshot.Link(s.Link).Verb)
	if s.Forward {
		return string(verb)
	}
	return t.Reverse(verb)
}

// Reverse is the reading of a verb from its target.
func (t *Thread) Reverse(verb record.Verb) string {
	if r := t.Schema.Relation(verb); r != nil && r.Reverse != "" {
		return r.Reverse
	}
	return "← " + string(verb)
}

// IsVerification reports whether links of the verb say that their source shows
// something about their target. A risk that evaluates a hazardous situation shows
// nothing.
func IsVerification(verb record.Verb) bool {
	switch verb {
	case schema.VerbVerifies, schema.VerbVerifiesImplementationOf, schema.VerbVerifiesEffectivenessOf, schema.VerbValidates:
		return true
	}
	return false
}
