package watchdog

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clock is safe for concurrent use.
type clock struct{ ns atomic.Int64 }

func (c *clock) Now() time.Time          { return time.Unix(0, c.ns.Load()) }
func (c *clock) advance(d time.Duration) { c.ns.Add(int64(d)) }

// supply counts; it fails the first failures cuts.
type supply struct {
	mu       sync.Mutex // guards all below
	failures int
	cuts     int
	beats    []uint8
}

func (s *supply) Cut() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failures > 0 {
		s.failures--
		return errors.New("the driver of the switch does not answer")
	}
	s.cuts++
	return nil
}

func (s *supply) Beat(n uint8) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beats = append(s.beats, n)
}

func (s *supply) isCut() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cuts > 0
}

func newBench() (*clock, *supply, *Watchdog) {
	c, s := &clock{}, &supply{}
	c.advance(time.Hour)
	return c, s, New(c.Now, s)
}

// goldthread:verifies SRS-22, SWU-13
// goldthread:part-of TC-23
func TestWindowOfTheAnswer(t *testing.T) {
	for _, c := range []struct {
		why   string
		after time.Duration
		cut   bool
	}{
		{"in the cycle of the control loop", 50 * time.Millisecond, false},
		{"at the earliest", Earliest, false},
		{"at the latest", Latest, false},
		{"just too early", Earliest - 1, true},
		{"just too late", Latest + 1, true},
	} {
		clock, supply, w := newBench()
		w.Feed(complete(w.Challenge()))
		clock.advance(c.after)
		w.Feed(complete(w.Challenge()))
		if supply.isCut() != c.cut || (w.Tripped() != nil) != c.cut || w.Armed() == c.cut {
			t.Errorf("%s: cut %t, armed %t, reason %v", c.why, supply.isCut(), w.Armed(), w.Tripped())
		}
	}
}

// goldthread:verifies SRS-22, SWU-13
// goldthread:part-of TC-23
func TestSilenceCutsTheSupply(t *testing.T) {
	clock, supply, w := newBench()
	w.Supervise()
	if w.Armed() || supply.isCut() {
		t.Fatal("it supervises before the first answer")
	}
	w.Feed(complete(w.Challenge()))
	for waited := time.Duration(0); waited <= Latest; waited += Period {
		if w.Supervise(); supply.isCut() {
			t.Fatalf("cut after %v, which is in time", waited)
		}
		clock.advance(Period)
	}
	if w.Supervise(); !supply.isCut() {
		t.Errorf("not cut within %v and one period", Latest)
	}
}

// goldthread:verifies SRS-23, SWU-13
// goldthread:part-of TC-23
func TestOnlyTheWholeCycleIsAnAnswer(t *testing.T) {
	tasks := []Task{Sense, Account, Protect, Drive}
	// Every sequence of up to five tasks: only the one in order is right.
	var try func(prefix []Task)
	try = func(prefix []Task) {
		_, supply, w := newBench()
		trail := Trail(w.Challenge())
		for _, k := range prefix {
			trail = trail.Pass(k)
		}
		w.Feed(trail)
		right := len(prefix) == 4 && prefix[0] == Sense && prefix[1] == Account && prefix[2] == Protect && prefix[3] == Drive
		if supply.isCut() == right {
			t.Errorf("tasks %v: cut is %t", prefix, supply.isCut())
		}
		if len(prefix) < 5 {
			for _, k := range tasks {
				try(append(prefix[:len(prefix):len(prefix)], k))
			}
		}
	}
	try(nil)
}

// goldthread:verifies SRS-23, SWU-13
// goldthread:part-of TC-23
func TestAnOldAnswerIsWrong(t *testing.T) {
	clock, supply, w := newBench()
	old := complete(w.Challenge())
	w.Feed(old)
	clock.advance(50 * time.Millisecond)
	w.Feed(old)
	if !supply.isCut() {
		t.Error("the answer to the last challenge was taken again")
	}
}

// goldthread:verifies SRS-24, SWU-13
// goldthread:part-of TC-23
func TestACutStays(t *testing.T) {
	clock, supply, w := newBench()
	w.Feed(0)
	reason := w.Tripped()
	for range 100 {
		clock.advance(50 * time.Millisecond)
		w.Feed(complete(w.Challenge()))
		w.Supervise()
	}
	if w.Armed() || w.Tripped() != reason {
		t.Errorf("right answers ended the cut: armed %t, reason %v", w.Armed(), w.Tripped())
	}
	if len(supply.beats) != 0 {
		t.Error("the protection processor still gets a heartbeat")
	}
}

// goldthread:verifies SRS-24, SWU-13
// goldthread:part-of TC-23
func TestAFailedCutIsTriedAgain(t *testing.T) {
	_, supply, w := newBench()
	supply.failures = 3
	w.Feed(0)
	for range 3 {
		w.Supervise()
	}
	if !supply.isCut() {
		t.Error("the supply is still there")
	}
}

// goldthread:verifies SRS-32, SWU-13
// goldthread:part-of TC-23
func TestEveryRightAnswerIsOneHeartbeat(t *testing.T) {
	clock, supply, w := newBench()
	for range 300 {
		w.Feed(complete(w.Challenge()))
		clock.advance(50 * time.Millisecond)
	}
	if len(supply.beats) != 300 {
		t.Fatalf("%d heartbeats for 300 answers", len(supply.beats))
	}
	for i, n := range supply.beats {
		if n != uint8(i+1) {
			t.Fatalf("heartbeat %d has the number %d", i+1, n)
		}
	}
}

// The watchdog has a goroutine of its own: the one that feeds may hang.
//
// goldthread:verifies SRS-22, SWU-13
// goldthread:part-of TC-23
func TestItCutsWhileTheLoopHangs(t *testing.T) {
	clock, supply, w := newBench()
	ticks := make(chan time.Time)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.Run(ctx, ticks) }()

	for range 10 { // the loop works
		w.Feed(complete(w.Challenge()))
		for range 5 {
			clock.advance(Period)
			ticks <- clock.Now()
		}
	}
	if supply.isCut() {
		t.Fatalf("cut while the loop worked: %v", w.Tripped())
	}
	for range 17 { // it hangs
		clock.advance(Period)
		ticks <- clock.Now()
	}
	cancel()
	<-done
	if !supply.isCut() {
		t.Error("not cut")
	}
}
