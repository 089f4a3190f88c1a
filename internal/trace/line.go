package trace

import (
	"iter"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// A matrix follows lines of descent, which are narrower than impact: what
// refines, implements, carries, causes, controls and verifies, always in one
// direction, and not what is only part of the same whole or uses the same thing.
// Places in code that are part of a unit or a test case are what it consists of:
// they come after it.
// A line that goes from a requirement to the unit that carries it ends before
// the tests of that unit: they verify the unit, and would hide that nothing
// verifies the requirement [62304 5.7.1].

// lineClass is what a verb means for a line.
type lineClass uint8

const (
	offLine   lineClass = iota
	onLine              // goes on in either kind of line
	evidence            // a line that has it takes no allocation
	allocates           // a line that has it takes no evidence
)

func classOf(verb record.Verb) lineClass {
	switch {
	case IsVerification(verb):
		return evidence
	case verb == schema.VerbAllocatedTo:
		return allocates
	case verb == schema.VerbUses, verb == schema.VerbSegregates, verb == schema.VerbContains, verb == schema.VerbInstalledAt, verb == schema.VerbTranslates:
		return offLine
	}
	return onLine
}

// lines are the ways of the two kinds of line in one direction.
type lines struct {
	with   [2]ways // without allocation, and without evidence
	partOf int     // the verb of parts, -1 where the project has none
}

func (t *Thread) lines(d Direction) *lines {
	s := t.Snapshot
	l := &lines{partOf: t.partOf}
	for k := range l.with {
		l.with[k] = ways{out: make([]bool, s.Verbs()), in: make([]bool, s.Verbs())}
	}
	for v := range s.Verbs() {
		verb := s.Verb(project.VerbIndex(v))
		class := classOf(verb)
		for k, not := range [2]lineClass{allocates, evidence} {
			if class == not || t.descent[v] == asideOf {
				continue
			}
			out := (t.descent[v] == afterSource) == (d == Downstream)
			l.with[k].out[v], l.with[k].in[v] = out, !out
		}
	}
	return l
}

// reach returns all that lines of one kind reach from an item, nearest first.
func (l *lines) reach(t *Thread, w *Walker, start project.Handle, kind int) *Closure {
	s, c := t.Snapshot, w.begin(t, start, &l.with[kind])
	end := 1
	for at := 0; at < len(c.handles); at++ {
		if at == end {
			c.levels = append(c.levels, end)
			end = len(c.handles)
		}
		h := c.handles[at]
		l.spread(t, w, s.Out(h), l.with[kind].out, at, true)
		l.spread(t, w, s.In(h), l.with[kind].in, at, false)
	}
	return c
}

func (l *lines) spread(t *Thread, w *Walker, edges *project.Edges, follow []bool, at int, out bool) {
	c := &w.closure
	for e := range edges.All() {
		word, bit := e.Node>>6, uint64(1)<<(e.Node&63)
		if !follow[e.Verb] || w.seen[word]&bit != 0 {
			continue
		}
		if int(e.Verb) == l.partOf {
			part := e.Node
			if out {
				part = c.handles[at]
			}
			if !t.isDerived(part) {
				continue
			}
		}
		if t.Snapshot.Node(e.Node).Retired {
			continue // a line through what is out of use would hide a gap
		}
		w.seen[word] |= bit
		c.handles, c.from, c.links = append(c.handles, e.Node), append(c.from, uint32(at)), append(c.links, e.Link)
	}
}

// descent says which end of a link comes after the other on a line.
type descent uint8

const (
	asideOf     descent = iota // neither
	afterSource                // the target
	afterTarget                // the source
)

// descentOf is that of the lines of a matrix.
func (t *Thread) descentOf(verb record.Verb) descent {
	if r := t.Schema.Relation(verb); classOf(verb) == offLine || r != nil && r.Impact == schema.NoImpact {
		return asideOf
	}
	return t.comesAfter(verb)
}

// stepOf is that of the steps of Along.
func (t *Thread) stepOf(verb record.Verb) descent {
	switch verb {
	case schema.VerbFoundIn, schema.VerbFixedIn, schema.VerbRemainsIn: // where something is, not what it comes from
		return asideOf
	}
	if classOf(verb) == offLine {
		return asideOf
	}
	return t.comesAfter(verb)
}

// comesAfter is the end that comes after the other. Foreign verbs are read as
// refinements.
func (t *Thread) comesAfter(verb record.Verb) descent {
	r := t.Schema.Relation(verb)
	if r != nil && r.Impact == schema.SourceToTarget && verb != schema.VerbPartOf { // parts are what their whole consists of
		return afterSource
	}
	return afterTarget // also where a change travels both ways: the source depends on its target
}

// Along yields the steps of the thread from an item in one direction: those of
// a line of descent, whichever its kind, without what only says where a problem
// is. It runs through parts of a test case too, and not to what is out of use.
func (t *Thread) Along(h project.Handle, d Direction) iter.Seq[Step] {
	s, out, in := t.Snapshot, afterSource, afterTarget
	if d == Upstream {
		out, in = in, out
	}
	return func(yield func(Step) bool) {
		for e := range s.Out(h).All() {
			if t.follows(e, h, e.Node, out) && !s.Node(e.Node).Retired && !yield(Step{Link: e.Link, From: h, To: e.Node, Forward: true}) {
				return
			}
		}
		for e := range s.In(h).All() {
			if t.follows(e, e.Node, h, in) && !s.Node(e.Node).Retired && !yield(Step{Link: e.Link, From: h, To: e.Node}) {
				return
			}
		}
	}
}

// follows reports whether a link from source to target is a step of Along, with
// the end wanted that comes after the other.
func (t *Thread) follows(e project.Edge, source, target project.Handle, wanted descent) bool {
	if t.steps[e.Verb] != wanted {
		return false
	}
	return int(e.Verb) != t.partOf || t.isDerived(source) || t.isTest(t.Snapshot.Node(target).Item.Kind)
}

func (t *Thread) isTest(k record.Kind) bool {
	return t.Schema.Is(k, schema.KindTEST) || t.Schema.Is(k, schema.KindTC)
}

// isDerived reports whether an item stands for a place in the code: it is part
// of a test case or unit as its substance, not as a component beside others.
func (t *Thread) isDerived(h project.Handle) bool { return t.derived(t.Snapshot.Node(h)) }

func (t *Thread) derived(n *project.Node) bool {
	k := t.Schema.Kind(n.Item.Kind)
	return k != nil && k.Derived
}
