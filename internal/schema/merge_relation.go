package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// mergeRelation adds a relation, or further ends to one of the base.
func (m *merger) mergeRelation(r relationSource) {
	old := m.base.relation(r.Verb)
	if old == nil {
		for i := range m.base.Kinds {
			if m.base.Kinds[i].field(r.Verb) != nil {
				m.fault(r.at, ruleName, "choose another verb", "relation %q: the name is that of a field of %s", r.Verb, m.base.Kinds[i].ID)
				return
			}
		}
		r.fillIn()
		m.src.Relations = append(m.src.Relations, r)
		return
	}
	check := func(member, id string, differs bool, remedy string) {
		if r.given.has(member) && differs {
			m.weakens(id, r.given[member], remedy, "%s of relation %q is fixed.", member, r.Verb)
		}
	}
	check("reverse", relationReversed, r.Reverse != old.Reverse, "take reverse out")
	check("evidence", evidenceLifted, r.Evidence != old.Evidence, "take evidence out, or add a relation of your own")
	check("acyclic", cycleAllowed, old.Acyclic && !r.Acyclic, "take acyclic out")
	check("self", cycleAllowed, r.Self && !old.Self, "take self out")
	check("impact", impactNarrowed, r.Impact != old.Impact && r.Impact != BothWays, "take impact out, or write both")
	check("clauses", citationChanged, !slices.Equal(r.Clauses, old.Clauses), "take clauses out")
	target := m.src.relation(r.Verb)
	target.Acyclic = old.Acyclic || r.Acyclic
	if r.Impact == BothWays {
		target.Impact = BothWays
	}
	if r.Help != "" {
		target.Help = r.Help
	}
	for _, end := range r.Ends {
		m.mergeEnd(old, target, end)
	}
}

// mergeEnd adds an end to a relation of the base, unless it weakens what is there.
func (m *merger) mergeEnd(old, target *relationSource, end endSource) {
	if same := m.sameEnd(target, end); same != nil {
		m.changeEnd(same, end, old.Verb)
		return
	}
	ours := slices.ContainsFunc(end.From, func(name string) bool { return name == anyKind || m.base.kind(name) != nil || m.base.set(name) != nil })
	if ours && end.Max > 0 {
		m.weakens(relationNarrowed, end.at, "take max out", "an end of %q limits kinds that are not the extension's own.", old.Verb)
		return
	}
	if ours && m.lowersMinimum(old, end) {
		m.weakens(minimumLowered, end.at, "leave min as it is, or raise it", "an end of %q asks for fewer links than there must be.", old.Verb)
		return
	}
	if from, to := m.falseEvidence(old, end); from != "" {
		m.weakens(relationWidened, end.at, fmt.Sprintf("let %s specialise a kind that may", from), "%s cannot give evidence about %s: %q counts as proof.", from, to, old.Verb)
		return
	}
	m.ends[old.Verb][m.linked(&end)] = len(target.Ends)
	target.Ends = append(target.Ends, end)
}

// sameEnd is the end of a relation that links the same kinds.
func (m *merger) sameEnd(r *relationSource, end endSource) *endSource {
	known := m.ends[r.Verb]
	if known == nil {
		known = make(map[string]int)
		for i := range r.Ends {
			known[m.linked(&r.Ends[i])] = i
		}
		m.ends[r.Verb] = known
	}
	if i, ok := known[m.linked(&end)]; ok {
		return &r.Ends[i]
	}
	return nil
}

// linked names the kinds that an end links.
func (m *merger) linked(end *endSource) string {
	return strings.Join(m.src.members(end.From), " ") + " to " + strings.Join(m.src.members(end.To), " ")
}

// changeEnd makes the limits of an end stricter.
func (m *merger) changeEnd(old *endSource, end endSource, verb string) {
	switch {
	case end.given.has("min") && end.Min < old.Min:
		m.weakens(minimumLowered, end.given["min"], "leave min as it is, or raise it", "an end of %q needs %d.", verb, old.Min)
	case old.Max > 0 && end.given.has("max") && (end.Max == 0 || end.Max > old.Max):
		m.weakens(maximumRaised, end.given["max"], "leave max as it is", "an end of %q takes at most %d.", verb, old.Max)
	case end.Max > 0 && (old.Max == 0 || end.Max < old.Max), end.Same && !old.Same:
		m.weakens(relationNarrowed, end.at, "take max and same out", "an end of %q takes what it takes.", verb)
	default:
		old.Min = max(old.Min, end.Min)
	}
}

// lowersMinimum reports whether an end says fewer links of kinds that the base asks more of.
func (m *merger) lowersMinimum(old *relationSource, end endSource) bool {
	if !end.given.has("min") {
		return false
	}
	from := m.base.members(end.From)
	for _, e := range old.Ends {
		if e.Min > end.Min && slices.ContainsFunc(m.base.members(e.From), func(k string) bool { return slices.Contains(from, k) }) {
			return true
		}
	}
	return false
}

// falseEvidence finds a source and a target in an end that may not be linked by a relation that counts as evidence: the
// target stands for something built in, and the source does not stand for a kind that may show anything about it.
func (m *merger) falseEvidence(old *relationSource, end endSource) (from, to string) {
	if !old.Evidence {
		return "", ""
	}
	sources, targets := m.roots(end.From), m.roots(end.To)
	for _, f := range sources {
		for _, t := range targets {
			if t.root != "" && !m.schema.Allowed(record.Verb(old.Verb), record.Kind(f.root), record.Kind(t.root)) {
				return f.kind, t.kind
			}
		}
	}
	return "", ""
}

// rooted is a kind and the nearest kind of the base that it is or specialises, empty for none.
type rooted struct{ kind, root string }

// roots resolves names in an end of a relation, and keeps one kind for each root.
func (m *merger) roots(names []string) []rooted {
	var list []rooted
	for _, kind := range m.src.members(names) {
		root := m.root(kind)
		if !slices.ContainsFunc(list, func(r rooted) bool { return r.root == root }) {
			list = append(list, rooted{kind, root})
		}
	}
	return list
}

// root is the nearest kind of the base that a kind is or specialises, empty for none.
func (m *merger) root(kind string) string {
	for _, k := range m.src.lineage(kind) {
		if m.base.kind(k.ID) != nil {
			return k.ID
		}
	}
	return ""
}

// members resolves sets and any in an end to kinds, in the order of their declaration.
func (src *source) members(names []string) []string {
	var kinds []string
	listed := make(map[string]bool)
	for _, name := range names {
		listed[name] = true
		if set := src.set(name); set != nil {
			for _, k := range set.Kinds {
				listed[k] = true
			}
		}
	}
	for i := range src.Kinds {
		if k := &src.Kinds[i]; listed[k.ID] || listed[anyKind] && !k.Derived {
			kinds = append(kinds, k.ID)
		}
	}
	return kinds
}
