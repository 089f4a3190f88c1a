package verification

import (
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// ResultOf is the result of a test together with the tests that are part of it:
// those in the sources carry out the test case that they are part of. It is the
// worst of their results, and nil where none failed and one of the parts has no
// result. It names the test that has it; where there is no result, h itself.
func ResultOf(t *trace.Thread, h project.Handle) (*project.Result, project.Handle) {
	s := t.Snapshot
	worst, from, unknown := s.Node(h).Result, h, false
	if s.In(h).Len() == 0 {
		return worst, from
	}
	seen := map[project.Handle]bool{h: true}
	for queue := []project.Handle{h}; len(queue) > 0; queue = queue[1:] {
		for e := range s.In(queue[0]).All() {
			part := s.Node(e.Node)
			if seen[e.Node] || !part.Present() || !isPart(t, part, s.Verb(e.Verb), s.Node(queue[0])) {
				continue
			}
			seen[e.Node] = true
			queue = append(queue, e.Node)
			switch {
			case part.Result == nil:
				unknown = unknown || isDerived(t, part)
			case worst == nil || worse(part.Result, worst):
				worst, from = part.Result, e.Node
			}
		}
	}
	if unknown && outcome(worst) != Failed {
		return nil, h
	}
	return worst, from
}

func worse(a, b *project.Result) bool {
	return outcome(a) != outcome(b) && Worse(outcome(a), outcome(b)) == outcome(a)
}

// isPart reports whether a link says that one test is part of another.
func isPart(t *trace.Thread, part *project.Node, verb record.Verb, whole *project.Node) bool {
	return verb == schema.VerbPartOf && isTest(t.Schema, part.Item.Kind) && isTest(t.Schema, whole.Item.Kind)
}

func isDerived(t *trace.Thread, n *project.Node) bool {
	k := t.Schema.Kind(n.Item.Kind)
	return k != nil && k.Derived
}
