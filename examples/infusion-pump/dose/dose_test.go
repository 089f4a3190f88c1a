package dose

import (
	"strings"
	"testing"

	"github.com/goldthread/goldthread/examples/infusion-pump/druglib"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

const (
	mL  = quantity.Millilitre
	mLh = quantity.MillilitrePerHour
)

func heparin() druglib.Entry {
	return druglib.Entry{
		Drug: "Heparin", Concentration: "50 IU/mL",
		Rate:  druglib.Limits[quantity.Rate]{Soft: 40 * mLh, Hard: 80 * mLh},
		VTBI:  druglib.Limits[quantity.Volume]{Soft: 250 * mL, Hard: 500 * mL},
		Bolus: druglib.Bolus{Rate: 600 * mLh, Max: 2 * mL, MaxPerHour: 5 * mL},
	}
}

// goldthread:verifies SRS-3, SRS-4, SWU-2
// goldthread:part-of TC-19
func TestJudgeHoldsTheLimits(t *testing.T) {
	const step = 1 // µL/h, nL: the smallest excess
	for _, c := range []struct {
		why              string
		rate             quantity.Rate
		vtbi             quantity.Volume
		refused, confirm bool
	}{
		{"at both soft limits it may run", 40 * mLh, 250 * mL, false, false},
		{"just above the soft rate it needs confirmation", 40*mLh + step, 250 * mL, false, true},
		{"at the hard rate it needs confirmation", 80 * mLh, 250 * mL, false, true},
		{"just above the hard rate it is refused", 80*mLh + step, 250 * mL, true, false},
		{"just above the soft volume it needs confirmation", 40 * mLh, 250*mL + step, false, true},
		{"at the hard volume it needs confirmation", 40 * mLh, 500 * mL, false, true},
		{"just above the hard volume it is refused", 40 * mLh, 500*mL + step, true, false},
		{"a soft and a hard excess together are refused", 41 * mLh, 501 * mL, true, false},
	} {
		v, err := Judge(Order{Rate: c.rate, VTBI: c.vtbi}, heparin())
		if err != nil || v.Refused() != c.refused || v.NeedsConfirmation() != c.confirm {
			t.Errorf("%s: refused %t, needs confirmation %t, error %v", c.why, v.Refused(), v.NeedsConfirmation(), err)
		}
	}
}

// goldthread:verifies SRS-3, SWU-2
// goldthread:part-of TC-19
func TestVerdictNamesEveryExcess(t *testing.T) {
	v, err := Judge(Order{Rate: 400 * mLh, VTBI: 300 * mL}, heparin())
	const want = "rate 400.000 mL/h is above the hard limit of 80.000 mL/h; volume to be infused 300.000 mL is above the soft limit of 250.000 mL"
	if err != nil || v.String() != want {
		t.Errorf("got %q, %v, want %q", v, err, want)
	}
}

// goldthread:verifies SRS-2, SWU-2
// goldthread:part-of TC-19
func TestJudgeKnowsTheRangeOfThePump(t *testing.T) {
	wide := heparin()
	wide.Rate.Soft, wide.Rate.Hard = druglib.MaxRate, druglib.MaxRate
	wide.VTBI.Soft, wide.VTBI.Hard = druglib.MaxVTBI, druglib.MaxVTBI
	for _, c := range []struct {
		why  string
		rate quantity.Rate
		vtbi quantity.Volume
		want []string
	}{
		{"the smallest order is in range", 100, mL / 10, nil},
		{"the largest order is in range", 1200 * mLh, 9999 * mL, nil},
		{"a rate below the range", 99, mL, []string{"rate"}},
		{"a rate above the range", 1200*mLh + 1, mL, []string{"rate"}},
		{"a volume below the range", mLh, mL/10 - 1, []string{"volume"}},
		{"a volume above the range", mLh, 9999*mL + 1, []string{"volume"}},
		{"both below zero", -1, -1, []string{"rate", "volume"}},
	} {
		_, err := Judge(Order{Rate: c.rate, VTBI: c.vtbi}, wide)
		if (err != nil) != (len(c.want) > 0) {
			t.Errorf("%s: error %v", c.why, err)
		}
		for _, w := range c.want {
			if err != nil && !strings.Contains(err.Error(), w) {
				t.Errorf("%s: message %q does not name the %s", c.why, err, w)
			}
		}
	}
}
