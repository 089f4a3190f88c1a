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

// expectation says that the items of a kind have their place within the
// thread, not at its ends.
type expectation struct {
	kind         record.Kind
	upstream     string // what is missing above an orphan, "" where nothing is expected
	downstream   string // what is missing below a dead end
	clauses      []string
	onlySoftware bool // only where the means of the risk control is software
}

// expectations are ordered as kinds are in the schema. A kind that specialises
// another is expected to do as that one.
func expectations() []expectation {
	return []expectation{
		{kind: schema.KindUN, downstream: "no requirement refines it"},
		{kind: schema.KindSYS, upstream: "it refines no need, control or other requirement", downstream: "no software or hardware requirement refines it", clauses: []string{"62304 5.2.1"}},
		{kind: schema.KindSRS, upstream: "it leads back to no system requirement, need or risk control", downstream: "no code, unit or other item implements it", clauses: []string{"62304 5.2.6", "62304 5.1.1.c"}},
		{kind: schema.KindHAZ, downstream: "nothing says what it leads to or what controls it", clauses: []string{"62304 7.3.3"}},
		{kind: schema.KindRC, upstream: "it controls no risk, hazard or hazardous situation", downstream: "no software requirement implements it", clauses: []string{"62304 5.2.3", "62304 7.2.2"}, onlySoftware: true},
		{kind: schema.KindTC, upstream: "it verifies nothing", clauses: []string{"62304 5.7.4"}},
	}
}

// Ends says what an item is connected to along lines of descent, verification
// apart: an item that only uses the same as others has no place in the thread.
type Ends struct {
	Upstream, Downstream, Verified int
}

// Ends counts the items in use around h.
func (t *Thread) Ends(h project.Handle) Ends {
	var ends Ends
	t.neighbours(h, func(far *project.Node, verb project.VerbIndex, out bool) {
		part := t.Snapshot.Node(h)
		if !out {
			part = far
		}
		switch {
		case t.descent[verb] == asideOf, int(verb) == t.partOf && !t.derived(part):
		case out == (t.descent[verb] == afterTarget):
			ends.Upstream++
		case IsVerification(t.Snapshot.Verb(verb)):
			ends.Verified++
		default:
			ends.Downstream++
		}
	})
	return ends
}

func (t *Thread) neighbours(h project.Handle, visit func(far *project.Node, verb project.VerbIndex, out bool)) {
	for side, edges := range []*project.Edges{t.Snapshot.Out(h), t.Snapshot.In(h)} {
		for i := 0; ; i++ {
			chunk := edges.Chunk(i)
			if chunk == nil {
				break
			}
			for _, e := range chunk {
				if n := t.Snapshot.Node(e.Node); !n.Retired { // a missing end is a finding of its own
					visit(n, e.Verb, side == 0)
				}
			}
		}
	}
}

// KindCoverage counts the items of one kind by what they are connected to.
type KindCoverage struct {
	Kind                                  record.Kind
	Items, Upstream, Downstream, Verified int
	Orphans, DeadEnds, Unverified         []project.Handle
}

// Coverage says for every kind that has items how many lead on upstream and
// downstream and how many are verified, and which do not.
func (t *Thread) Coverage() []KindCoverage {
	byKind := map[record.Kind]*KindCoverage{}
	var out []*KindCoverage
	for _, k := range t.Schema.Kinds() {
		c := &KindCoverage{Kind: k.ID}
		byKind[k.ID] = c
		out = append(out, c)
	}
	for h, n := range t.Snapshot.All() {
		c := byKind[n.Item.Kind]
		if c == nil {
			continue
		}
		ends := t.Ends(h)
		c.Items++
		note(&c.Upstream, &c.Orphans, ends.Upstream, h)
		note(&c.Downstream, &c.DeadEnds, ends.Downstream, h)
		note(&c.Verified, &c.Unverified, ends.Verified, h)
	}
	list := make([]KindCoverage, 0, len(out))
	for _, c := range out {
		if c.Items > 0 {
			list = append(list, *c)
		}
	}
	return list
}

func note(count *int, without *[]project.Handle, n int, h project.Handle) {
	if n > 0 {
		*count++
		return
	}
	*without = append(*without, h)
}

// Informative reports whether an item says of itself that it demands nothing:
// trees of other tools keep headings and remarks among their items.
func Informative(n *project.Node) bool {
	return slices.ContainsFunc(n.Item.Fields, func(f record.Field) bool {
		return strings.HasSuffix(f.Name, "/normative") && slices.Equal(f.Values, []string{"no"})
	})
}

// coverage reports orphans and dead ends among the kinds from which the
// standard expects a place within the thread.
//
// goldthread:implements SRS-32
func (c *checker) coverage() {
	sch := c.thread.Schema
	byKind := map[record.Kind]*expectation{}
	all := expectations()
	for _, k := range sch.Kinds() {
		for i := range all {
			if sch.Is(k.ID, all[i].kind) {
				byKind[k.ID] = &all[i]
			}
		}
	}
	for h, n := range c.thread.AllOf(func(k *schema.Kind) bool { return byKind[k.ID] != nil }) {
		if c.thread.translates(h) {
			continue // a translation has the place of what it translates
		}
		e := byKind[n.Item.Kind]
		ends := c.thread.Ends(h)
		if (ends.Upstream == 0 || ends.Downstream == 0) && Informative(n) {
			continue
		}
		if e.upstream != "" && ends.Upstream == 0 {
			c.add(RuleOrphan, finding.Warning, n.Item.Key, n.At, fmt.Sprintf("%s is an orphan: %s", n.Item.Key, e.upstream), "link it to what it comes from", e.clauses...)
		}
		if e.onlySoftware {
			if !slices.Contains(n.Item.Field("means"), "software") {
				continue
			}
			ends.Downstream = c.implementedBy(h)
		}
		if e.downstream != "" && ends.Downstream == 0 {
			c.add(RuleDeadEnd, finding.Warning, n.Item.Key, n.At, fmt.Sprintf("%s is a dead end: %s", n.Item.Key, e.downstream), "write what follows from it, or retire it", e.clauses...)
		}
	}
}

// implementedBy counts the requirements that implement a risk control. A missing
// one is a finding of its own.
func (c *checker) implementedBy(control project.Handle) int {
	s, n := c.thread.Snapshot, 0
	for e := range s.In(control).All() {
		by := s.Node(e.Node)
		if s.Verb(e.Verb) == schema.VerbImplements && by.Present() && isAny(c.thread.Schema, by.Item.Kind, []record.Kind{schema.KindSRS, schema.KindSYS}) {
			n++
		}
	}
	return n
}

// translates reports whether an item says the same as another in another language.
func (t *Thread) translates(h project.Handle) bool {
	for e := range t.Snapshot.Out(h).All() {
		if t.Snapshot.Verb(e.Verb) == schema.VerbTranslates && !t.Snapshot.Node(e.Node).Retired {
			return true
		}
	}
	return false
}
