// Package watchdog supervises the control loop and takes the supply from the
// motor when the loop does not prove that it works. The proof is an answer to a
// challenge, due in a window of time: too late means a loop that hangs, too
// early one that runs wild, and a wrong answer one that left out a task or
// changed their order. A cut stays: only a restart of the device ends it.
//
// The watchdog shares neither the thread nor the clock reading of the loop. It
// cannot survive a dead processor; that is the part of the protection
// processor, see firmware/supervisor.c [62304 5.3.5].
package watchdog

import (
	"context"
	"fmt"
	"math/bits"
	"sync"
	"time"
)

// The window in which an answer is accepted, counted from the last one.
const (
	Earliest = 20 * time.Millisecond
	Latest   = 150 * time.Millisecond
)

// Period is how often Supervise must be called, so that a cut comes within
// Latest and Period after the last answer.
const Period = 10 * time.Millisecond

// Task is a step of the control cycle, in the order in which it must be done.
type Task uint32

// Tasks of one cycle.
const (
	Sense Task = iota + 1
	Account
	Protect
	Drive
)

// Trail is the record of the tasks of one cycle.
type Trail uint32

// Pass adds a finished task.
func (t Trail) Pass(k Task) Trail {
	return Trail(bits.RotateLeft32(uint32(t), 7) ^ uint32(k)*0x9E3779B1)
}

// complete is the trail of a cycle that did every task once and in order.
func complete(challenge uint32) Trail {
	return Trail(challenge).Pass(Sense).Pass(Account).Pass(Protect).Pass(Drive)
}

// Supply is the switch in the supply of the motor, and the line to the
// protection processor that has a second one. Neither method may block.
type Supply interface {
	// Cut opens the switch; it may be called again.
	Cut() error
	// Beat is the heartbeat: the protection processor opens its switch
	// 500 ms after the last one, or when a number is left out.
	Beat(number uint8)
}

// Watchdog is safe for concurrent use.
type Watchdog struct {
	now    func() time.Time
	supply Supply

	mu        sync.Mutex // guards all below
	challenge uint32
	fed       time.Time
	armed     bool
	beats     uint8
	tripped   error
}

// New makes a watchdog that is not armed yet: the first answer arms it.
// The motor cannot be started before, see [Watchdog.Armed].
func New(now func() time.Time, supply Supply) *Watchdog {
	return &Watchdog{now: now, supply: supply, challenge: 0x2545F491}
}

// Challenge is what the next answer must be made from.
func (w *Watchdog) Challenge() uint32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.challenge
}

// Feed takes the answer to the challenge, and passes a heartbeat on while the
// loop proves that it works.
//
// goldthread:implements SRS-22, SRS-23, SRS-32
func (w *Watchdog) Feed(answer Trail) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	switch since := now.Sub(w.fed); {
	case answer != complete(w.challenge):
		w.trip(fmt.Errorf("wrong answer: a task of the control cycle was left out or out of order"))
	case w.armed && since < Earliest:
		w.trip(fmt.Errorf("answer %v after the last one, earlier than %v", since, Earliest))
	case w.armed && since > Latest:
		w.trip(fmt.Errorf("answer %v after the last one, later than %v", since, Latest))
	}
	if w.tripped == nil {
		w.beats++
		w.supply.Beat(w.beats)
	}
	w.armed, w.fed = true, now
	w.challenge = successor(w.challenge)
}

// Supervise cuts the supply when the answer is overdue, and cuts again for as
// long as the watchdog is tripped, should the first attempt have failed.
//
// goldthread:implements SRS-22, SRS-24
func (w *Watchdog) Supervise() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.tripped != nil {
		w.cut()
		return
	}
	if since := w.now().Sub(w.fed); w.armed && since > Latest {
		w.trip(fmt.Errorf("no answer for %v, the limit is %v", since, Latest))
	}
}

// Run supervises at every tick until ctx ends; it belongs in a goroutine of its
// own, with a ticker of Period.
func (w *Watchdog) Run(ctx context.Context, ticks <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			w.Supervise()
		}
	}
}

// Armed reports whether the watchdog supervises and has not tripped.
func (w *Watchdog) Armed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.armed && w.tripped == nil
}

// Tripped says why the supply was cut, nil when it was not.
func (w *Watchdog) Tripped() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tripped
}

// trip latches the first reason. The caller holds mu.
func (w *Watchdog) trip(why error) {
	if w.tripped == nil {
		w.tripped = why
	}
	w.cut()
}

// cut opens the switch; a failure is tried again at the next Supervise, and
// the protection processor stands behind it. The caller holds mu.
func (w *Watchdog) cut() { _ = w.supply.Cut() }

// successor is a 32-bit xorshift: no zero, full period.
func successor(x uint32) uint32 {
	x ^= x << 13
	x ^= x >> 17
	x ^= x << 5
	return x
}
