package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Locator says where in a text an operation came from; "" and 0 where it came
// from no text.
type Locator func(project.Position) (file string, line, column int)

// Rules of this package, as findings name them.
const (
	RuleUnresolvedLink = "unresolved-link"
	RuleUnresolvedTag  = "unresolved-tag"
	RuleRetiredTarget  = "retired-target"
	RuleLinkNotAllowed = "link-not-allowed"
	RuleTooManyLinks   = "too-many-links"
	RuleMissingLink    = "missing-link"
	RuleMissingField   = "missing-field"
	// RuleUnresolvedReference is about fields that name items.
	RuleUnresolvedReference = "unresolved-reference"
	RuleSuspectLink         = "suspect-link"
	RuleCycle               = "cycle"
	RuleOrphan              = "orphan"
	RuleDeadEnd             = "dead-end"
)

// Check finds what is wrong with the links of a project. Suspect links show
// what changed when texts are at hand; texts may be nil.
func (t *Thread) Check(locate Locator, texts Texts) []finding.Finding {
	c := &checker{thread: t, locate: locate, texts: texts}
	for l, link := range t.Snapshot.AllLinks() {
		c.link(l, link)
	}
	for _, suspect := range t.Suspects() {
		c.suspect(suspect)
	}
	c.cardinalities()
	c.fields()
	c.cycles()
	c.coverage()
	return c.findings
}

type checker struct {
	thread   *Thread
	locate   Locator
	texts    Texts
	findings []finding.Finding
}

func (c *checker) add(rule string, severity finding.Severity, item record.Key, at project.Position, message, remedy string, clauses ...string) {
	f := finding.Finding{Rule: rule, Severity: severity, Item: item, Message: message, Remedy: remedy, Clauses: clauses}
	f.File, f.Line, f.Column = c.locate(at)
	c.findings = append(c.findings, f)
}

func (c *checker) link(_ project.LinkHandle, l *project.Link) {
	s := c.thread.Snapshot
	source, target := s.Node(l.Source), s.Node(l.Target)
	if !source.Present() {
		return
	}
	verb := s.Verb(l.Verb)
	switch {
	case target.Missing:
		c.unresolved(source, target, verb, l.At)
	case target.Retired:
		c.add(RuleRetiredTarget, finding.Error, source.Item.Key, l.At, fmt.Sprintf("%s %s %s, which is retired", source.Item.Key, verb, target.Item.Key),
			"link to what took its place, or remove the link")
	default:
		c.allowed(source, target, verb, l.At)
	}
}

// goldthread:implements SRS-29
func (c *checker) unresolved(source, target *project.Node, verb record.Verb, at project.Position) {
	if name, _ := record.Ref(target.Item.Key).Split(); name != "" {
		return // another project: resolved where that project is at hand
	}
	kind := c.thread.Schema.Kind(source.Item.Kind)
	if kind != nil && kind.Derived {
		c.add(RuleUnresolvedTag, finding.Error, target.Item.Key, at, fmt.Sprintf("the tag says that the code here %s %s, but there is no such item", verb, target.Item.Key),
			"correct the key in the tag, or write the item", "62304 5.1.1.c")
		return
	}
	c.add(RuleUnresolvedLink, finding.Error, source.Item.Key, at, fmt.Sprintf("%s %s %s, but there is no such item", source.Item.Key, verb, target.Item.Key),
		"correct the key, or write the item", "62304 5.1.1.c")
}

// goldthread:implements SRS-11
func (c *checker) allowed(source, target *project.Node, verb record.Verb, at project.Position) {
	sch := c.thread.Schema
	if source == target {
		c.itself(source, verb, at)
	}
	if sch.Allowed(verb, source.Item.Kind, target.Item.Kind) || sch.Kind(source.Item.Kind) == nil {
		return
	}
	subject := string(source.Item.Key)
	if k := sch.Kind(source.Item.Kind); k.Derived {
		subject = "a tag in the code"
	}
	c.add(RuleLinkNotAllowed, finding.Error, source.Item.Key, at, fmt.Sprintf("%s cannot say %q of %s, a %s", subject, verb, target.Item.Key, kindName(sch, target.Item.Kind)),
		c.allowedRemedy(verb, source.Item.Kind))
}

// itself finds a link from an item to itself. In a relation that may not run in
// circles it is one, and found as such.
func (c *checker) itself(n *project.Node, verb record.Verb, at project.Position) {
	if r := c.thread.Schema.Relation(verb); r != nil && !r.Self && !r.Acyclic {
		c.add(RuleLinkNotAllowed, finding.Error, n.Item.Key, at, fmt.Sprintf("%s %s itself", n.Item.Key, verb), "remove the link")
	}
}

func (c *checker) allowedRemedy(verb record.Verb, from record.Kind) string {
	sch := c.thread.Schema
	r := sch.Relation(verb)
	if r == nil {
		return "use a relation of the schema"
	}
	var to []string
	for _, end := range r.Ends {
		for _, f := range end.From {
			if !sch.Is(from, f) {
				continue
			}
			for _, k := range end.To {
				if sch.Allowed(verb, from, k) && !slices.Contains(to, string(k)) {
					to = append(to, string(k))
				}
			}
		}
	}
	if len(to) == 0 {
		return fmt.Sprintf("a %s takes no link %q; use another relation", kindName(sch, from), verb)
	}
	return fmt.Sprintf("%q of a %s leads to %s", verb, kindName(sch, from), strings.Join(to, ", "))
}

func kindName(sch *schema.Schema, k record.Kind) string {
	if kind := sch.Kind(k); kind != nil {
		return kind.Name
	}
	return string(k)
}

func (c *checker) suspect(s Suspect) {
	snap := c.thread.Snapshot
	l := snap.Link(s.Link)
	source, target := snap.Node(l.Source), snap.Node(l.Target)
	changed := []string{}
	if s.TargetChanged {
		changed = append(changed, string(target.Item.Key))
	}
	if s.SourceChanged {
		changed = append(changed, string(source.Item.Key))
	}
	verb := snap.Verb(l.Verb)
	c.add(RuleSuspectLink, finding.Error, source.Item.Key, l.At,
		fmt.Sprintf("%s changed since the link %s %s %s was confirmed", strings.Join(changed, " and "), source.Item.Key, verb, target.Item.Key),
		fmt.Sprintf("look at both ends, then: goldthread confirm %s --reason …", source.Item.Key), "62304 5.1.1.c", "62304 7.4.1")
	if c.texts != nil {
		c.findings[len(c.findings)-1].Difference = c.thread.Difference(s, c.texts)
	}
}

// cardinalities finds items with too many or too few links of a relation.
//
// goldthread:implements SRS-11
func (c *checker) cardinalities() {
	sch := c.thread.Schema
	type limit struct {
		verb record.Verb
		end  *schema.End
	}
	limits := map[record.Kind][]limit{}
	for _, k := range sch.Kinds() {
		for _, r := range sch.Relations() {
			for _, end := range r.Ends {
				if (end.Min > 0 || end.Max > 0) && isAny(sch, k.ID, end.From) {
					limits[k.ID] = append(limits[k.ID], limit{r.Verb, end})
				}
			}
		}
	}
	for h, n := range c.thread.AllOf(func(k *schema.Kind) bool { return limits[k.ID] != nil }) {
		for _, l := range limits[n.Item.Kind] {
			count := c.count(h, l.verb, l.end)
			switch {
			case count < l.end.Min:
				c.add(RuleMissingLink, finding.Warning, n.Item.Key, n.At, fmt.Sprintf("%s has %s %q; it needs %s", n.Item.Key, howMany(count), l.verb, atLeast(l.end)),
					fmt.Sprintf("add `- %s: …`", l.verb))
			case l.end.Max > 0 && count > l.end.Max:
				c.add(RuleTooManyLinks, finding.Error, n.Item.Key, n.At, fmt.Sprintf("%s has %d links %q to %s, at most %d are allowed", n.Item.Key, count, l.verb, joinKinds(l.end.To), l.end.Max),
					"keep the right one")
			}
		}
	}
}

func isAny(sch *schema.Schema, k record.Kind, of []record.Kind) bool {
	for _, o := range of {
		if sch.Is(k, o) {
			return true
		}
	}
	return false
}

// count counts links that an end declares. A link to a missing item counts: it
// is a finding of its own.
func (c *checker) count(h project.Handle, verb record.Verb, end *schema.End) int {
	s := c.thread.Snapshot
	n := 0
	for e := range s.Out(h).All() {
		target := s.Node(e.Node)
		if s.Verb(e.Verb) == verb && (target.Missing || isAny(c.thread.Schema, target.Item.Kind, end.To)) {
			n++
		}
	}
	return n
}

func howMany(links int) string {
	switch links {
	case 0:
		return "no link"
	case 1:
		return "only one link"
	}
	return fmt.Sprintf("only %d links", links)
}

func atLeast(end *schema.End) string {
	if end.Min == 1 {
		return "one to " + joinKinds(end.To)
	}
	return fmt.Sprintf("%d to %s", end.Min, joinKinds(end.To))
}

func joinKinds(kinds []record.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

func (c *checker) cycles() {
	s := c.thread.Snapshot
	for _, cycle := range c.thread.Cycles() {
		keys := c.keys(cycle.Items)
		message := fmt.Sprintf("%s → %s form a circle of %q", strings.Join(keys, " → "), keys[0], cycle.Verb)
		if len(cycle.Items) == 1 {
			message = fmt.Sprintf("%s %s itself", keys[0], cycle.Verb)
		}
		if len(cycle.Entangled) > 0 {
			message += "; further items stand on circles with them: " + strings.Join(c.keys(cycle.Entangled), ", ")
		}
		c.add(RuleCycle, finding.Error, record.Key(keys[0]), s.Link(cycle.Links[0]).At, message, "remove one of its links")
	}
}

func (c *checker) keys(items []project.Handle) []string {
	keys := make([]string, len(items))
	for i, h := range items {
		keys[i] = string(c.thread.Snapshot.Node(h).Item.Key)
	}
	return keys
}
