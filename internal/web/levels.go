package web

import (
	"slices"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// level is a level of the V-model: what stands on its left side, and what its
// right side is called.
type level struct {
	ID, Name, Tests string
	Clause          string // of the tests
	Kinds           []record.Kind
}

// levels are those of the V-model from its top to its bottom, then risk
// management, which has no place in the V. The kinds of each are listed so that
// together with specialised ones every kind of a product has its level; plans,
// problems, releases and people have none.
func levels() []level {
	return []level{
		{"needs", "Intended use and needs", "Validation", "", []record.Kind{schema.KindDEV, schema.KindUG, schema.KindENV, schema.KindCLM, schema.KindUN, schema.KindUSE}},
		{"system", "System requirements", "System verification", "", []record.Kind{schema.KindSYS, schema.KindSC}},
		{"software", "Software requirements", "Software system testing", "62304 5.7", []record.Kind{schema.KindSRS, schema.KindLBL}},
		{"architecture", "Software architecture", "Integration testing", "62304 5.6", []record.Kind{schema.KindSWS, schema.KindSWI, schema.KindHW, schema.KindIF, schema.KindDF, schema.KindSEG, schema.KindSOUP, schema.KindMDL, schema.KindPIPE}},
		{"design", "Detailed design, units", "Unit verification", "62304 5.5", []record.Kind{schema.KindSWU, schema.KindDD}},
		{"code", "Code", "", "", []record.Kind{schema.KindCODE}},
		{"risk", "Risk management", "Verification of risk controls", "62304 7.3", []record.Kind{schema.KindHAZ, schema.KindSEQ, schema.KindHS, schema.KindHARM, schema.KindRSK, schema.KindCAU, schema.KindTHR, schema.KindBEN, schema.KindRC}},
	}
}

// testsOf is the level of the tests that verify items of a level.
func testsOf(level string) string { return level + "-tests" }

// levelsByKind says on which level the items of each kind stand.
func levelsByKind(sch *schema.Schema) map[record.Kind]string {
	out := map[record.Kind]string{}
	for _, k := range sch.Kinds() {
		for _, l := range levels() {
			if slices.ContainsFunc(l.Kinds, func(of record.Kind) bool { return sch.Is(k.ID, of) }) {
				out[k.ID] = l.ID
			}
		}
	}
	return out
}

// levelsOf lists the levels of an item: its own, and as a test those of what it
// verifies.
func (v *view) levelsOf(h project.Handle, byKind map[record.Kind]string) []string {
	n := v.Snapshot.Node(h)
	var out []string
	if own := byKind[n.Item.Kind]; own != "" {
		out = append(out, own)
	}
	for e := range v.Snapshot.Out(h).All() {
		target := v.Snapshot.Node(e.Node)
		if !v.shows(n.Item.Kind, v.Snapshot.Verb(e.Verb)) || !target.Present() {
			continue
		}
		if l := byKind[target.Item.Kind]; l != "" && !slices.Contains(out, testsOf(l)) {
			out = append(out, testsOf(l))
		}
	}
	return out
}

// shows reports whether links of a verb from items of a kind show that something
// is as it should be. A risk evaluates a hazardous situation, and verifies nothing.
func (v *view) shows(kind record.Kind, verb record.Verb) bool {
	if verb == schema.VerbEvaluates {
		return v.Schema.Is(kind, schema.KindEVAL)
	}
	return trace.IsVerification(verb)
}

// isShown reports whether anything is linked to an item that is to show that it
// is as it should be.
func (v *view) isShown(h project.Handle) bool {
	for e := range v.Snapshot.In(h).All() {
		n := v.Snapshot.Node(e.Node)
		if n.Present() && v.shows(n.Item.Kind, v.Snapshot.Verb(e.Verb)) {
			return true
		}
	}
	return false
}
