package monitor

import (
	"testing"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

const (
	cycle = 50 * time.Millisecond
	kPa   = quantity.Kilopascal
	µL    = quantity.Microlitre
)

func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

// goldthread:verifies SRS-12, SWU-4
// goldthread:part-of TC-20
func TestOcclusionWaitsForTheHoldTime(t *testing.T) {
	for _, c := range []struct {
		why       string
		pressures []quantity.Pressure // one a cycle
		trips     int                 // index of the first cycle that trips, -1 for none
	}{
		{"just below the limit never trips", []quantity.Pressure{79999, 79999, 79999, 79999, 79999, 79999}, -1},
		{"at the limit trips after 200 ms", []quantity.Pressure{80000, 80000, 80000, 80000, 80000, 80000}, 4},
		{"a stroke of 150 ms does not trip", []quantity.Pressure{90000, 90000, 90000, 90000, 5000, 5000, 5000}, -1},
		{"a dip starts the time anew", []quantity.Pressure{90000, 90000, 90000, 5000, 90000, 90000, 90000, 90000, 90000}, 8},
	} {
		o := NewOcclusion(80 * kPa)
		first := -1
		for i, p := range c.pressures {
			if o.Observe(noon().Add(time.Duration(i)*cycle), p) && first < 0 {
				first = i
			}
		}
		if first != c.trips {
			t.Errorf("%s: trips in cycle %d, want %d", c.why, first, c.trips)
		}
	}
}

// goldthread:verifies SRS-13, SWU-4
// goldthread:part-of TC-20
func TestLevelsHaveTheirLimits(t *testing.T) {
	for level, want := range map[Level]quantity.Pressure{Low: 40 * kPa, Medium: 80 * kPa, High: 120 * kPa, 99: 40 * kPa} {
		if got := level.Limit(); got != want {
			t.Errorf("level %d: limit %v, want %v", level, got, want)
		}
	}
}

// goldthread:verifies SRS-14, SWU-5
// goldthread:part-of TC-20
func TestAirOfOneBubble(t *testing.T) {
	for _, c := range []struct {
		why  string
		seen []quantity.Volume // one a cycle
		want bool
	}{
		{"just below the limit", []quantity.Volume{50*µL - 1}, false},
		{"at the limit in one cycle", []quantity.Volume{50 * µL}, true},
		{"at the limit over several cycles", []quantity.Volume{20 * µL, 20 * µL, 10 * µL}, true},
		{"two bubbles with fluid between them", []quantity.Volume{40 * µL, 0, 40 * µL}, false},
	} {
		var a Air
		got := false
		for i, v := range c.seen {
			got = a.Observe(noon().Add(time.Duration(i)*cycle), v)
		}
		if got != c.want {
			t.Errorf("%s: trips %t, want %t", c.why, got, c.want)
		}
	}
}

// goldthread:verifies SRS-14, SWU-5
// goldthread:part-of TC-20
func TestAirInTheWindow(t *testing.T) {
	for _, c := range []struct {
		why   string
		every time.Duration
		want  int // bubbles of 40 µL until it trips, 0 for never
	}{
		{"a bubble every 10 s trips with the one that exceeds 1 mL", 10 * time.Second, 26},
		{"a bubble every 34 s trips within the window", 34 * time.Second, 26},
		{"a bubble a minute is 0.64 mL in the window and never trips", time.Minute, 0},
		{"a bubble every 20 min never trips", 20 * time.Minute, 0},
	} {
		var a Air
		got := 0
		for i := range 500 {
			at := noon().Add(time.Duration(i) * c.every)
			if a.Observe(at, 40*µL) && got == 0 {
				got = i + 1
			}
			a.Observe(at.Add(cycle), 0)
		}
		if got != c.want {
			t.Errorf("%s: trips at bubble %d, want %d", c.why, got, c.want)
		}
	}
}

// goldthread:verifies SRS-14, SWU-5
// goldthread:part-of TC-20
func TestAirSurvivesAClockThatRunsBackwards(t *testing.T) {
	var a Air
	a.Observe(noon(), 0)
	trips := false
	for i := range 30 {
		at := noon().Add(-time.Duration(i) * time.Hour)
		trips = trips || a.Observe(at, 40*µL)
		a.Observe(at, 0)
	}
	if !trips {
		t.Error("1.2 mL of air passed unnoticed")
	}
}

// goldthread:verifies SRS-15, SWU-6
// goldthread:part-of TC-20
func TestFlowDeviation(t *testing.T) {
	const inTime = 10*time.Second + cycle
	for _, c := range []struct {
		why                 string
		window              time.Duration
		expected, delivered quantity.Volume // a cycle
		within              time.Duration   // 0: never within 30 min
	}{
		{"exact delivery is no deviation", ShortWindow, 5 * µL, 5 * µL, 0},
		{"9 % too much is within the tolerance", ShortWindow, 10000, 10900, 0},
		{"9 % too little is within the tolerance", ShortWindow, 10000, 9100, 0},
		{"15 % too much at 360 mL/h is found in the short window", ShortWindow, 5 * µL, 5750, inTime},
		{"15 % too little at 360 mL/h is found in the short window", ShortWindow, 5 * µL, 4250, inTime},
		{"a runaway to 1200 mL/h from 5 mL/h is found within 100 ms", ShortWindow, 69, 16667, 100 * time.Millisecond},
		{"a motor that turns when it should stand is found within 100 ms", ShortWindow, 0, 16667, 100 * time.Millisecond},
		{"a motor that stands at 100 mL/h is found in the short window", ShortWindow, 1389, 0, inTime},
		{"the double of 1 mL/h is too little for the short window", ShortWindow, 14, 28, 0},
		{"the double of 1 mL/h is found in the long window", LongWindow, 14, 28, LongWindow},
		{"a motor that stands at 1 mL/h is found in the long window", LongWindow, 14, 0, LongWindow + cycle},
		{"half of 1 mL/h is found in the long window", LongWindow, 14, 7, LongWindow + cycle},
	} {
		f := NewFlow(c.window)
		var found time.Duration
		for at := cycle; at < 30*time.Minute && found == 0; at += cycle {
			if f.Observe(noon().Add(at), c.expected, c.delivered) {
				found = at
			}
		}
		if (found == 0) != (c.within == 0) || found > c.within {
			t.Errorf("%s: found after %v, want within %v", c.why, found, c.within)
		}
	}
}

// goldthread:verifies SRS-16, SWU-7
// goldthread:part-of TC-20
func TestBatteryBounds(t *testing.T) {
	for _, c := range []struct {
		why   string
		left  time.Duration
		mains bool
		want  Charge
	}{
		{"above half an hour it is good", 30*time.Minute + 1, false, ChargeGood},
		{"at half an hour it is low", 30 * time.Minute, false, ChargeLow},
		{"above three minutes it is low", 3*time.Minute + 1, false, ChargeLow},
		{"at three minutes it counts as empty", 3 * time.Minute, false, ChargeEmpty},
		{"on mains an empty battery is no alarm", 0, true, ChargeGood},
	} {
		if got := Battery(c.left, c.mains); got != c.want {
			t.Errorf("%s: got %d, want %d", c.why, got, c.want)
		}
	}
}
