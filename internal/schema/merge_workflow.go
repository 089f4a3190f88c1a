package schema

import (
	"slices"

	"github.com/goldthread/goldthread/internal/record"
)

// mergeWorkflow adds a workflow, or states and steps to one of the base, unless they lead around a signature.
func (m *merger) mergeWorkflow(w workflowSource) {
	old := m.base.workflow(w.Name)
	if old == nil {
		m.src.Workflows = append(m.src.Workflows, w)
		return
	}
	if w.given.has("initial") && w.Initial != old.Initial {
		m.weakens(workflowStartChanged, w.given["initial"], "take initial out", "workflow %q begins in %q.", w.Name, old.Initial)
	}
	if w.given.has("clauses") && !slices.Equal(w.Clauses, old.Clauses) {
		m.weakens(citationChanged, w.given["clauses"], "take clauses out", "clauses of workflow %q are fixed.", w.Name)
	}
	target := m.src.workflow(w.Name)
	if w.Help != "" {
		target.Help = w.Help
	}
	for _, s := range w.States {
		m.mergeState(target, s)
	}
	for _, t := range w.Transitions {
		m.mergeTransition(&old.Workflow, target, t)
	}
}

func (m *merger) mergeState(target *workflowSource, s State) {
	old := target.State(s.Name)
	switch {
	case old == nil:
		target.States = append(target.States, s)
	case s.Phase != "" && s.Phase != old.Phase:
		m.weakens(stateChanged, s.at, "take phase out", "state %q of workflow %q is %s.", s.Name, target.Name, old.Phase)
	case s.Help != "":
		old.Help = s.Help
	}
}

// mergeTransition takes a step if, with it, no state of the base that could only be reached by a signature can be reached
// without.
func (m *merger) mergeTransition(old *Workflow, target *workflowSource, t Transition) {
	if same := target.Transition(t.From, t.To); same != nil {
		if same.Signature != NoSignature && t.Signature != same.Signature {
			m.weakens(signatureLifted, t.at, "leave the step as it is", "the step from %q to %q asks for the signature %s.", t.From, t.To, same.Signature)
			return
		}
		same.Signature = t.Signature
		return
	}
	target.Transitions = append(target.Transitions, t)
	if gate, state := bypassed(old, &target.Workflow); gate != NoSignature {
		target.Transitions = target.Transitions[:len(target.Transitions)-1]
		m.cut = append(m.cut, target.Name)
		m.weakens(workflowBypassed, t.at, "let the step ask for the signature "+string(gate),
			"with the step from %q to %q, %q can be reached without the signature %s.", t.From, t.To, state, gate)
	}
}

// bypassed looks for a state of the old workflow that could be entered only by a signature of some meaning, and in the new
// one can be entered without it from a state from which it could not before. A new state that is effective or closed counts
// as those of its phase that were there.
func bypassed(old, changed *Workflow) (Meaning, record.State) {
	for _, gate := range Meanings() {
		free := old.reach(old.Initial, gate)
		if state := newWay(old, changed, gate); state != "" {
			return gate, state
		}
		for _, from := range old.States {
			before, after := old.reach(from.Name, gate), changed.reach(from.Name, gate)
			for _, to := range old.States {
				gated := !slices.Contains(free, to.Name)
				if gated && slices.Contains(after, to.Name) && !slices.Contains(before, to.Name) {
					return gate, to.Name
				}
			}
		}
	}
	return NoSignature, ""
}

// newWay looks for a new state of a phase that could be entered only by a signature, and that can be entered without it from
// a state of the old workflow.
func newWay(old, changed *Workflow, gate Meaning) record.State {
	for _, phase := range []Phase{Effective, Closed} {
		if !old.has(phase, old.states()) || old.has(phase, old.reach(old.Initial, gate)) {
			continue
		}
		for _, from := range old.States {
			if old.has(phase, old.reach(from.Name, gate)) {
				continue // it is in force, or was finished, already
			}
			for _, to := range changed.reach(from.Name, gate) {
				if old.State(to) == nil && changed.has(phase, []record.State{to}) {
					return to
				}
			}
		}
	}
	return ""
}

func (w *Workflow) states() []record.State {
	names := make([]record.State, len(w.States))
	for i := range w.States {
		names[i] = w.States[i].Name
	}
	return names
}

// has reports whether one of the states is of the phase.
func (w *Workflow) has(phase Phase, states []record.State) bool {
	return slices.ContainsFunc(states, func(name record.State) bool {
		s := w.State(name)
		return s != nil && s.Phase == phase
	})
}
