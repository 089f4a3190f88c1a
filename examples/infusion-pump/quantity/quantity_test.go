package quantity

import (
	"math"
	"testing"
	"time"
)

// goldthread:verifies SWU-14
// goldthread:part-of TC-24
func TestIntegratorLosesNothing(t *testing.T) {
	for _, c := range []struct {
		why  string
		rate Rate
		step time.Duration
		n    int
		want Volume
	}{
		{"the lowest rate in control cycles is exact over an hour", 100, 50 * time.Millisecond, 72_000, 100 * Microlitre},
		{"the highest rate in control cycles is exact over an hour", 1200 * MillilitrePerHour, 50 * time.Millisecond, 72_000, 1200 * Millilitre},
		{"an uneven step is exact over its least common multiple", 333, 7 * time.Millisecond, 3_600_000 / 7 * 7, 333 * 7 * Microlitre * (3_600_000 / 7 * 7) / 3_600_000},
		{"a negative rate delivers nothing", -5, time.Second, 10, 0},
		{"time that runs backwards delivers nothing", 1000, -time.Second, 10, 0},
	} {
		var i Integrator
		var got Volume
		for range c.n {
			got += i.Add(c.rate, c.step)
		}
		if got != c.want {
			t.Errorf("%s: got %d nL, want %d nL", c.why, got, c.want)
		}
	}
}

// goldthread:verifies SWU-14
// goldthread:part-of TC-24
func TestIntegratorNeverOverflows(t *testing.T) {
	var i Integrator
	if got := i.Add(math.MaxInt64, math.MaxInt64); got != 2000*Millilitre {
		t.Errorf("largest arguments: got %v, want the bound of 2000 mL", got)
	}
}

// goldthread:verifies SWU-14
// goldthread:part-of TC-24
func TestStrings(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{(1250 * Microlitre).String(), "1.250 mL"},
		{(-5 * Microlitre).String(), "-0.005 mL"},
		{(125 * MillilitrePerHour).String(), "125.000 mL/h"},
		{(80 * Kilopascal).String(), "80.000 kPa"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
