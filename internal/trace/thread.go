package trace

import (
	"slices"

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
	follow   [2]ways // by Direction
	descent  []descent
	partOf   int // the verb of parts, -1 where the project has none
}

// ways says for each verb of a project whether a walk goes along its links from
// source to target (out) or from target to source (in).
type ways struct {
	out, in       []bool
	anyOut, anyIn bool // whether there is any at all
}

// New prepares the thread of a Snapshot.
func New(s *project.Snapshot, sch *schema.Schema) *Thread {
	t := &Thread{Snapshot: s, Schema: sch, descent: make([]descent, s.Verbs()), partOf: -1}
	for d := range t.follow {
		t.follow[d] = ways{out: make([]bool, s.Verbs()), in: make([]bool, s.Verbs())}
	}
	for v := range s.Verbs() {
		verb := s.Verb(project.VerbIndex(v))
		t.descent[v] = t.descentOf(verb)
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
	return t
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
