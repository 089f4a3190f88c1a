package verification

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// Rules of this package.
const (
	RuleWithoutTest   = "requirement-without-test"
	RuleFailingTest   = "failing-test"
	RuleSkippedTest   = "skipped-test"
	RuleNoResult      = "test-without-result"
	RuleUnknownFailed = "failed-without-tag"
)

// Verifier is one test behind an item.
type Verifier struct {
	Test   project.Handle
	Link   project.LinkHandle
	Result *project.Result // of the test and its parts, nil where no report speaks of one of them
}

// Verifiers lists the tests, test cases and evaluations of models in use that
// verify h, by links that say so. A review or a statement is no test.
func Verifiers(t *trace.Thread, h project.Handle) []Verifier {
	s := t.Snapshot
	var out []Verifier
	for e := range s.In(h).All() {
		n := s.Node(e.Node)
		if trace.IsVerification(s.Verb(e.Verb)) && n.Present() && isTest(t.Schema, n.Item.Kind) {
			result, _ := ResultOf(t, e.Node)
			out = append(out, Verifier{e.Node, e.Link, result})
		}
	}
	return out
}

func isTest(sch *schema.Schema, k record.Kind) bool {
	return sch.Is(k, schema.KindTEST) || sch.Is(k, schema.KindTC) || sch.Is(k, schema.KindEVAL)
}

// ItemOutcome is what the tests behind an item say together: the worst of
// their outcomes, and NoResult where one of them has none and no other failed.
func ItemOutcome(verifiers []Verifier) Outcome {
	if len(verifiers) == 0 {
		return NoResult
	}
	out := Passed
	for _, v := range verifiers {
		switch o := outcome(v.Result); {
		case o == Failed:
			return Failed
		case o == NoResult || out == NoResult:
			out = NoResult
		default:
			out = Worse(out, o)
		}
	}
	return out
}

func outcome(r *project.Result) Outcome {
	if r == nil {
		return NoResult
	}
	return known(Outcome(r.Outcome))
}

// Check finds requirements without a test, failing and skipped tests, and,
// where there are results at all, tests of which none speaks.
func Check(t *trace.Thread, locate trace.Locator) []finding.Finding {
	c := &checker{thread: t, locate: locate, tested: map[project.Handle]int8{}}
	results := false
	for h, n := range t.AllOf(func(k *schema.Kind) bool { return t.Schema.Is(k.ID, schema.KindSRS) }) {
		if !c.isTested(h) && !trace.Informative(n) {
			c.add(RuleWithoutTest, finding.Error, n.Item.Key, n.At, fmt.Sprintf("%s has no test", n.Item.Key),
				fmt.Sprintf("write a test and tag it `goldthread:verifies %s`, or a test case with `- verifies: %s`", n.Item.Key, n.Item.Key), "62304 5.7.1", "62304 5.7.4")
		}
	}
	tests := t.AllOf(func(k *schema.Kind) bool { return isTest(t.Schema, k.ID) })
	for _, n := range tests {
		if n.Result != nil {
			results = true
			break
		}
	}
	for h, n := range tests {
		c.test(h, n, results)
	}
	return c.findings
}

type checker struct {
	thread   *trace.Thread
	locate   trace.Locator
	tested   map[project.Handle]int8 // 1 yes, -1 no or being looked at
	findings []finding.Finding
}

func (c *checker) add(rule string, severity finding.Severity, item record.Key, at project.Position, message, remedy string, clauses ...string) {
	f := finding.Finding{Rule: rule, Severity: severity, Item: item, Message: message, Remedy: remedy, Clauses: clauses}
	f.File, f.Line, f.Column = c.locate(at)
	c.findings = append(c.findings, f)
}

// isTested reports whether an item has a test, or is refined only by
// requirements that all have one. A review is enough where the requirement says
// that it is to be verified in another way than by test.
//
// goldthread:implements SRS-44
func (c *checker) isTested(h project.Handle) bool {
	if known := c.tested[h]; known != 0 {
		return known > 0
	}
	c.tested[h] = -1
	ok := len(Verifiers(c.thread, h)) > 0 || c.isReviewed(h)
	if !ok {
		s := c.thread.Snapshot
		parts := 0
		whole := true
		for e := range s.In(h).All() {
			n := s.Node(e.Node)
			if s.Verb(e.Verb) == schema.VerbRefines && n.Present() {
				parts++
				whole = whole && c.isTested(e.Node)
			}
		}
		ok = parts > 0 && whole
	}
	if ok {
		c.tested[h] = 1
	}
	return ok
}

// isReviewed reports whether a requirement that is not to be tested has
// something else that shows it.
func (c *checker) isReviewed(h project.Handle) bool {
	s := c.thread.Snapshot
	methods := s.Node(h).Item.Field("verification method")
	if len(methods) == 0 || slices.Contains(methods, "test") {
		return false
	}
	for e := range s.In(h).All() {
		if s.Verb(e.Verb) == schema.VerbVerifies && s.Node(e.Node).Present() {
			return true
		}
	}
	return false
}

// test finds what is wrong with the result of one test. A test in the sources
// that is part of a test case speaks through it.
//
// goldthread:implements SRS-45
func (c *checker) test(h project.Handle, n *project.Node, results bool) {
	s := c.thread.Snapshot
	result, from := ResultOf(c.thread, h)
	verifies := false
	for e := range s.Out(h).All() {
		verb, target, at := s.Verb(e.Verb), s.Node(e.Node), s.Link(e.Link).At
		switch {
		case trace.IsVerification(verb):
			verifies = true
			c.result(h, from, result, fmt.Sprintf("%s %s", verb, target.Item.Key), target.Item.Key, at)
			if result == nil && results && isDerived(c.thread, n) {
				c.noResult(n, verb, target, at)
			}
		case isPart(c.thread, n, verb, target) && n.Result == nil && results && isDerived(c.thread, n):
			c.noResult(n, verb, target, at)
		}
	}
	if !verifies && !isDerived(c.thread, n) {
		c.result(h, from, result, "verifies nothing", n.Item.Key, n.At)
	}
}

// result finds a test that failed or was skipped; says is what the test says of
// the item that the finding is about.
func (c *checker) result(test, from project.Handle, r *project.Result, says string, about record.Key, at project.Position) {
	s := c.thread.Snapshot
	who := name(s.Node(test))
	if from != test {
		who = fmt.Sprintf("%s, part of %s,", name(s.Node(from)), s.Node(test).Item.Key)
	}
	switch outcome(r) {
	case Failed:
		c.add(RuleFailingTest, finding.Error, about, at, fmt.Sprintf("%s %s and failed%s", who, says, reason(r)),
			"mend what the test found, then run it again", "62304 5.7.2")
	case Skipped:
		c.add(RuleSkippedTest, finding.Warning, about, at, fmt.Sprintf("%s %s, but was skipped%s", who, says, reason(r)),
			"run the test, or give the requirement another one", "62304 5.7.1")
	case Passed, NoResult:
	default:
		// outcome returns no other
	}
}

func (c *checker) noResult(n *project.Node, verb record.Verb, target *project.Node, at project.Position) {
	c.add(RuleNoResult, finding.Warning, target.Item.Key, at, fmt.Sprintf("no report speaks of %s, which %s %s", name(n), predicate(verb), target.Item.Key),
		"add the report of the run, or correct the tag", "62304 5.7.5")
}

// predicate reads a verb in a sentence.
func predicate(verb record.Verb) string {
	if verb == schema.VerbPartOf {
		return "is part of"
	}
	return string(verb)
}

// name is how people call a test.
func name(n *project.Node) string {
	if n.Item.Title != "" {
		return n.Item.Title
	}
	return string(n.Item.Key)
}

func reason(r *project.Result) string {
	where := ""
	if r.Report != "" {
		where = " (" + r.Report + ")"
	}
	message, _, _ := strings.Cut(strings.TrimSpace(r.Message), "\n")
	if message == "" {
		return where
	}
	return ": " + message + where
}
