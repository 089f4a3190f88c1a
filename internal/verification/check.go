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
	Result *project.Result // nil where no report speaks of it
}

// Verifiers lists the tests in use that verify h, by links that say so.
func Verifiers(t *trace.Thread, h project.Handle) []Verifier {
	s := t.Snapshot
	var out []Verifier
	for e := range s.In(h).All() {
		n := s.Node(e.Node)
		if trace.IsVerification(s.Verb(e.Verb)) && n.Present() {
			out = append(out, Verifier{e.Node, e.Link, n.Result})
		}
	}
	return out
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
	requirements := kindsOf(t.Schema, schema.KindSRS)
	tests := append(kindsOf(t.Schema, schema.KindTEST), kindsOf(t.Schema, schema.KindTC)...)
	results := false
	for h, n := range t.Snapshot.All() {
		if slices.Contains(requirements, n.Item.Kind) && !c.isTested(h) && !trace.Informative(n) {
			c.add(RuleWithoutTest, finding.Error, n.Item.Key, n.At, fmt.Sprintf("%s has no test", n.Item.Key),
				fmt.Sprintf("write a test and tag it `goldthread:verifies %s`, or a test case with `- verifies: %s`", n.Item.Key, n.Item.Key), "62304 5.7.1", "62304 5.7.4")
		}
		results = results || n.Result != nil
	}
	for h, n := range t.Snapshot.All() {
		if slices.Contains(tests, n.Item.Kind) {
			c.test(h, n, results)
		}
	}
	return c.findings
}

func kindsOf(sch *schema.Schema, ancestor record.Kind) []record.Kind {
	var out []record.Kind
	for _, k := range sch.Kinds() {
		if sch.Is(k.ID, ancestor) {
			out = append(out, k.ID)
		}
	}
	return out
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
// requirements that all have one.
//
// goldthread:implements SRS-44
func (c *checker) isTested(h project.Handle) bool {
	if known := c.tested[h]; known != 0 {
		return known > 0
	}
	c.tested[h] = -1
	ok := len(Verifiers(c.thread, h)) > 0
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

// goldthread:implements SRS-45
func (c *checker) test(h project.Handle, n *project.Node, results bool) {
	kind := c.thread.Schema.Kind(n.Item.Kind)
	s := c.thread.Snapshot
	for e := range s.Out(h).All() {
		verb := s.Verb(e.Verb)
		if !trace.IsVerification(verb) {
			continue
		}
		target, at := s.Node(e.Node), s.Link(e.Link).At
		switch outcome(n.Result) {
		case Failed:
			c.add(RuleFailingTest, finding.Error, target.Item.Key, at, fmt.Sprintf("%s %s %s and failed%s", name(n), verb, target.Item.Key, reason(n.Result)),
				"mend what the test found, then run it again", "62304 5.7.2")
		case Skipped:
			c.add(RuleSkippedTest, finding.Warning, target.Item.Key, at, fmt.Sprintf("%s %s %s, but was skipped%s", name(n), verb, target.Item.Key, reason(n.Result)),
				"run the test, or give the requirement another one", "62304 5.7.1")
		case NoResult:
			if results && kind.Derived {
				c.add(RuleNoResult, finding.Warning, target.Item.Key, at, fmt.Sprintf("no report speaks of %s, which %s %s", name(n), verb, target.Item.Key),
					"add the report of the run, or correct the tag", "62304 5.7.5")
			}
		case Passed:
		}
	}
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
