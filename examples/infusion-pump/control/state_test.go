package control

import "testing"

// goldthread:verifies SRS-8, SWU-8
// goldthread:part-of TC-24
func TestEveryTransition(t *testing.T) {
	states := []State{Idle, Priming, Infusing, Paused, Alarm, Stopped}
	events := []event{prime, primed, start, pause, resume, stop, complete, trip, acknowledge, dismiss, renew}
	want := map[transition]State{
		{Idle, prime}:        Priming,
		{Idle, start}:        Infusing,
		{Idle, trip}:         Alarm,
		{Priming, primed}:    Idle,
		{Priming, stop}:      Idle,
		{Priming, trip}:      Alarm,
		{Infusing, pause}:    Paused,
		{Infusing, stop}:     Stopped,
		{Infusing, complete}: Stopped,
		{Infusing, trip}:     Alarm,
		{Paused, resume}:     Infusing,
		{Paused, stop}:       Stopped,
		{Paused, trip}:       Alarm,
		{Alarm, acknowledge}: Paused,
		{Alarm, dismiss}:     Idle,
		{Stopped, renew}:     Idle,
		{Stopped, trip}:      Alarm,
	}
	for _, from := range states {
		for _, on := range events {
			to, err := next(from, on)
			expected, allowed := want[transition{from, on}]
			if !allowed {
				expected = from
			}
			if to != expected || (err == nil) != allowed {
				t.Errorf("%v, %s: got %v, %v, want %v, allowed %t", from, on, to, err, expected, allowed)
			}
		}
	}
}

// goldthread:verifies SRS-9, SWU-10
// goldthread:part-of TC-24
func TestTheMotorIsAskedForInTwoStatesOnly(t *testing.T) {
	for state, want := range map[State]bool{
		Idle: false, Priming: true, Infusing: true, Paused: false, Alarm: false, Stopped: false, 0: false, 99: false,
	} {
		c := New(Parts{})
		c.state, c.order.Rate = state, 5000
		if got := c.demand() > 0; got != want {
			t.Errorf("%v: the motor is asked for: %t", state, got)
		}
	}
}

// goldthread:verifies SWU-8
// goldthread:part-of TC-24
func TestEveryStateHasAName(t *testing.T) {
	seen := map[string]bool{}
	for s := Idle; s <= Stopped; s++ {
		if seen[s.String()] || s.String() == State(0).String() {
			t.Errorf("state %d has the name %q", s, s)
		}
		seen[s.String()] = true
	}
}
