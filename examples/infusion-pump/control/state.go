// Package control holds the state machine of the pump and its control cycle:
// it takes the commands of the user, watches the sensors, raises alarms and
// drives the motor. Every way out of the ordinary ends with the motor stopped,
// and only the user starts it again.
//
// One goroutine owns a Controller: it calls Step every Cycle and the commands
// in between. Clock, motor, sensors, watchdog and log are given to it. The
// package refuses a programme outside of the limits, any command that the state
// does not allow, and to infuse before its self-test [62304 5.3.1, 5.4.3].
package control

import "fmt"

// State of the pump.
type State uint8

// States of the pump. The motor turns in Priming and Infusing only.
const (
	Idle State = iota + 1
	Priming
	Infusing
	Paused
	Alarm
	Stopped
)

func (s State) String() string {
	switch s {
	case Idle:
		return "idle"
	case Priming:
		return "priming"
	case Infusing:
		return "infusing"
	case Paused:
		return "paused"
	case Alarm:
		return "alarm"
	case Stopped:
		return "stopped"
	default:
		return "unknown state"
	}
}

// event is what may change the state.
type event string

const (
	prime       event = "prime"
	primed      event = "end of priming"
	start       event = "start"
	pause       event = "pause"
	resume      event = "resume"
	stop        event = "stop"
	complete    event = "completion"
	trip        event = "alarm of high priority"
	acknowledge event = "acknowledge"
	dismiss     event = "acknowledge without infusion"
	renew       event = "new programme"
)

type transition struct {
	from State
	on   event
}

// next is the whole state machine; what it does not list is refused.
//
// goldthread:implements SRS-8
func next(from State, on event) (State, error) {
	switch (transition{from, on}) {
	case transition{Idle, prime}:
		return Priming, nil
	case transition{Priming, primed}, transition{Priming, stop}, transition{Stopped, renew}, transition{Alarm, dismiss}:
		return Idle, nil
	case transition{Idle, start}, transition{Paused, resume}:
		return Infusing, nil
	case transition{Infusing, pause}, transition{Alarm, acknowledge}:
		return Paused, nil
	case transition{Infusing, stop}, transition{Paused, stop}, transition{Infusing, complete}:
		return Stopped, nil
	}
	if on == trip && from != Alarm {
		return Alarm, nil
	}
	return from, fmt.Errorf("%s is not possible while the pump is %v", on, from)
}
