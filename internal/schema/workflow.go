package schema

import (
	"slices"

	"github.com/goldthread/goldthread/internal/record"
)

// Workflow is the way items of a kind go from draft to done.
type Workflow struct {
	Name        string
	Help        string
	Clauses     []string
	Initial     record.State
	States      []State
	Transitions []Transition
}

// State is one state of a workflow.
type State struct {
	Name  record.State
	Phase Phase
	Help  string

	at position
}

// Transition is an allowed step between two states.
type Transition struct {
	From, To  record.State
	Signature Meaning // NoSignature for none

	at position
}

// Phase says what a state means to rules, whatever its name.
type Phase string

// The closed list of phases.
const (
	Open      Phase = "open"      // work is going on
	Effective Phase = "effective" // it stands, and counts
	Closed    Phase = "closed"    // done with, or out of force
)

// Phases lists every phase.
func Phases() []Phase { return []Phase{Open, Effective, Closed} }

// Meaning is what a signature says, printed with it [21 CFR 11.50].
type Meaning = record.Meaning

// The closed list of meanings.
const (
	NoSignature           Meaning = ""
	MeaningAuthorship             = record.MeaningAuthorship
	MeaningReview                 = record.MeaningReview
	MeaningApproval               = record.MeaningApproval
	MeaningResponsibility         = record.MeaningResponsibility
)

// Meanings lists every meaning a signature may have.
func Meanings() []Meaning {
	return []Meaning{MeaningAuthorship, MeaningReview, MeaningApproval, MeaningResponsibility}
}

// State returns the state of that name, nil if there is none.
func (w *Workflow) State(name record.State) *State {
	for i := range w.States {
		if w.States[i].Name == name {
			return &w.States[i]
		}
	}
	return nil
}

// Transition returns the step between two states, nil if there is none.
func (w *Workflow) Transition(from, to record.State) *Transition {
	for i := range w.Transitions {
		if w.Transitions[i].From == from && w.Transitions[i].To == to {
			return &w.Transitions[i]
		}
	}
	return nil
}

// reach returns the states that can be reached from one state along transitions other than those that ask for a
// signature of meaning without; NoSignature leaves none out.
func (w *Workflow) reach(from record.State, without Meaning) []record.State {
	reached := []record.State{from}
	for i := 0; i < len(reached); i++ {
		for _, t := range w.Transitions {
			barred := without != NoSignature && t.Signature == without
			if t.From == reached[i] && !barred && !slices.Contains(reached, t.To) {
				reached = append(reached, t.To)
			}
		}
	}
	return reached
}
