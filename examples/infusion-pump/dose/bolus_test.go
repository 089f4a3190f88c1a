package dose

import (
	"testing"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/druglib"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

// goldthread:verifies SRS-5, SWU-3
// goldthread:part-of TC-19
func TestGrantLimitsOneBolus(t *testing.T) {
	for _, c := range []struct {
		why    string
		volume quantity.Volume
		limits druglib.Bolus
		want   bool
	}{
		{"at the limit it is granted", 2 * mL, heparin().Bolus, true},
		{"just above the limit it is refused", 2*mL + 1, heparin().Bolus, false},
		{"nothing is no bolus", 0, heparin().Bolus, false},
		{"less than nothing is no bolus", -mL, heparin().Bolus, false},
		{"a drug without bolus refuses the smallest", 1, druglib.Bolus{}, false},
	} {
		var b Boluses
		if err := b.Grant(noon(), c.volume, c.limits); (err == nil) != c.want {
			t.Errorf("%s: error %v", c.why, err)
		}
	}
}

// goldthread:verifies SRS-6, SWU-3
// goldthread:part-of TC-19
func TestGrantLimitsTheHour(t *testing.T) {
	var b Boluses
	for _, c := range []struct {
		why    string
		after  time.Duration
		volume quantity.Volume
		want   bool
	}{
		{"the first", 0, 2 * mL, true},
		{"the second", 10 * time.Minute, 2 * mL, true},
		{"one that would exceed 5 mL in the hour is refused", 20 * time.Minute, mL + 1, false},
		{"a refused one does not count, 5 mL are reached", 20 * time.Minute, mL, true},
		{"exactly one hour after the first it still counts", time.Hour, 1, false},
		{"a moment later its 2 mL are free again", time.Hour + 1, 2 * mL, true},
		{"and no more than those", time.Hour + 1, 1, false},
	} {
		if err := b.Grant(noon().Add(c.after), c.volume, heparin().Bolus); (err == nil) != c.want {
			t.Errorf("%s: error %v", c.why, err)
		}
	}
}

// goldthread:verifies SRS-6, SWU-3
// goldthread:part-of TC-19
func TestGrantRemembersABoundedNumber(t *testing.T) {
	var b Boluses
	granted := 0
	for range 10 * maxRemembered {
		if b.Grant(noon(), 1, heparin().Bolus) == nil {
			granted++
		}
	}
	if granted != maxRemembered {
		t.Errorf("granted %d, want %d: a full history refuses", granted, maxRemembered)
	}
}
