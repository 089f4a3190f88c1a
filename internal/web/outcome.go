package web

import (
	"fmt"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/verification"
)

// outcome is what tests say, as pages show it. Tone is good only where it is
// proven: good, bad, warn, neutral or none.
type outcome struct{ Word, Tone, Note string }

// Words of outcomes, as tables show and filter them.
const (
	wordPassed   = "passed"
	wordUnbound  = "passed, unbound"
	wordSkipped  = "skipped"
	wordFailed   = "failed"
	wordNoResult = "no result"
	wordNoTest   = "no test"
)

// outcomeWords lists them, worst first.
func outcomeWords() []string {
	return []string{wordFailed, wordSkipped, wordNoResult, wordNoTest, wordUnbound, wordPassed}
}

// said is what one test says.
type said struct {
	outcome verification.Outcome
	bound   bool // to a build manifest
}

// testSays is the result of a test: its own, else the worst of the tests in the
// sources that are part of it and carry it out.
func (v *view) testSays(h project.Handle) said {
	n := v.Snapshot.Node(h)
	if n.Result != nil {
		return saidBy(n.Result)
	}
	var parts []said
	for e := range v.Snapshot.In(h).All() {
		part := v.Snapshot.Node(e.Node)
		if v.Snapshot.Verb(e.Verb) == schema.VerbPartOf && part.Present() && v.isTest(part) {
			parts = append(parts, saidBy(part.Result))
		}
	}
	return together(parts)
}

func saidBy(r *project.Result) said {
	if r == nil {
		return said{outcome: verification.NoResult}
	}
	return said{verification.Outcome(r.Outcome), r.Manifest != ""}
}

// together is what several tests say: one that failed decides; one without a
// result leaves open what the others say; passed is bound only where all are.
func together(all []said) said {
	if len(all) == 0 {
		return said{outcome: verification.NoResult}
	}
	out := said{verification.Passed, true}
	open := false
	for _, s := range all {
		if s.outcome == verification.Failed {
			return s
		}
		open = open || s.outcome == verification.NoResult
		out.bound = out.bound && s.bound
		out.outcome = verification.Worse(out.outcome, s.outcome)
	}
	if open {
		out.outcome = verification.NoResult
	}
	return out
}

func (v *view) isTest(n *project.Node) bool {
	return v.Schema.Is(n.Item.Kind, schema.KindTEST) || v.Schema.Is(n.Item.Kind, schema.KindTC)
}

// outcomeOf is what stands in the column verification: of a test its result, of
// another item what the tests behind it say.
func (v *view) outcomeOf(h project.Handle) outcome {
	n := v.Snapshot.Node(h)
	if v.isTest(n) {
		return show(v.testSays(h))
	}
	var all []said
	without := 0
	for _, by := range verification.Verifiers(v.thread, h) {
		if !v.isTest(v.Snapshot.Node(by.Test)) {
			continue // a review: its state tells, not a result
		}
		says := v.testSays(by.Test)
		all = append(all, says)
		if says.outcome == verification.NoResult {
			without++
		}
	}
	switch {
	case len(all) == 0 && !v.isVerified(n.Item.Kind):
		return outcome{}
	case len(all) == 0:
		return outcome{Word: wordNoTest, Tone: "none"}
	}
	o := show(together(all))
	if without > 0 && o.Word == wordNoResult && len(all) > 1 {
		o.Note = fmt.Sprintf("for %d of %d", without, len(all))
	}
	return o
}

// isVerified reports whether the schema lets tests or validations verify items
// of a kind.
func (v *view) isVerified(k record.Kind) bool {
	for _, verb := range []record.Verb{schema.VerbVerifies, schema.VerbVerifiesImplementationOf, schema.VerbValidates} {
		if v.Schema.Allowed(verb, schema.KindTC, k) || v.Schema.Allowed(verb, schema.KindVAL, k) {
			return true
		}
	}
	return false
}

// goldthread:implements SRS-46
func show(s said) outcome {
	switch s.outcome {
	case verification.Failed:
		return outcome{Word: wordFailed, Tone: "bad"}
	case verification.Skipped:
		return outcome{Word: wordSkipped, Tone: "warn"}
	case verification.Passed:
		if s.bound {
			return outcome{Word: wordPassed, Tone: "good"}
		}
		return outcome{Word: wordUnbound, Tone: "neutral"}
	default:
		return outcome{Word: wordNoResult, Tone: "none"}
	}
}

// resultOf is the result of a test as its page tells it.
type resultOf struct {
	outcome
	Name, Report, Message, Manifest string
	Line                            int
	Entry                           int64
}

func (v *view) resultOf(h project.Handle) *resultOf {
	n := v.Snapshot.Node(h)
	if n.Result == nil {
		return nil
	}
	r := n.Result
	return &resultOf{show(saidBy(r)), r.Name, r.Report, r.Message, r.Manifest, r.Line, r.At.Entry}
}
