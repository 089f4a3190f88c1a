package sim_test

import (
	"errors"
	"testing"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/alarm"
	"github.com/goldthread/goldthread/examples/infusion-pump/control"
	"github.com/goldthread/goldthread/examples/infusion-pump/dose"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

// goldthread:verifies SRS-1, SRS-2, SRS-3, SRS-4
// goldthread:part-of TC-1
func TestProgrammeIsGuarded(t *testing.T) {
	b := ready(t)
	heparin := func(rate quantity.Rate) dose.Order {
		return dose.Order{Drug: "Heparin 50 IU/mL", Rate: rate, VTBI: 10 * mL}
	}
	b.mustRefuse(b.Pump.Start(), "no programme")
	b.mustRefuse(b.Pump.Program(dose.Order{Drug: "Heparin", Rate: mLh, VTBI: mL}, true), "not in library")
	b.mustRefuse(b.Pump.Program(heparin(2000*mLh), true), "outside")
	b.mustRefuse(b.Pump.Program(heparin(81*mLh), true), "hard limit")
	b.mustRefuse(b.Pump.Start(), "no programme")

	err := b.Pump.Program(heparin(41*mLh), false)
	if !errors.Is(err, control.ErrNeedsConfirmation) {
		t.Fatalf("got %v, want to be asked for confirmation", err)
	}
	b.mustRefuse(b.Pump.Start(), "no programme")
	b.must(b.Pump.Program(heparin(41*mLh), true))
	if !b.logged("user confirmed: rate 41.000 mL/h is above the soft limit of 40.000 mL/h") {
		t.Error("the confirmation is not in the log")
	}
	b.must(b.Pump.Start())
	b.mustRefuse(b.Pump.Program(heparin(mLh), false), "while the pump is infusing")
}

// goldthread:verifies SRS-9, SRS-10
// goldthread:part-of TC-2
func TestVolumeIsDeliveredInTime(t *testing.T) {
	for _, c := range []struct {
		why  string
		rate quantity.Rate
		vtbi quantity.Volume
	}{
		{"the lowest rate", mLh / 10, mL / 10},
		{"a usual rate", 100 * mLh, 50 * mL},
		{"the highest rate", 1200 * mLh, 100 * mL},
	} {
		b := ready(t)
		b.must(b.Pump.Program(dose.Order{Drug: "Saline 0.9 %", Rate: c.rate, VTBI: c.vtbi}, false))
		before := b.Plant.Delivered()
		b.must(b.Pump.Start())
		ideal := time.Duration(float64(c.vtbi) / float64(c.rate) * 3.6e9)
		b.pass(ideal + ideal/1000) // software may use up 0.1 %
		b.wantState(control.Stopped)
		b.wantStopped()
		b.wantAlarms(alarm.InfusionComplete)
		given := b.Plant.Delivered() - before
		if excess := given - c.vtbi; excess < 0 || excess > 17*µL {
			t.Errorf("%s: given %v of %v, want at most 17 µL more", c.why, given, c.vtbi)
		}
	}
}

// goldthread:verifies SRS-5, SRS-6
// goldthread:part-of TC-3
func TestBolus(t *testing.T) {
	b := ready(t)
	b.must(b.Pump.Program(dose.Order{Drug: "Heparin 50 IU/mL", Rate: 10 * mLh, VTBI: 6 * mL}, false))
	b.mustRefuse(b.Pump.Bolus(mL), "while the pump is idle")
	b.must(b.Pump.Start())
	b.pass(time.Second)

	b.mustRefuse(b.Pump.Bolus(2*mL+1), "limit for one bolus is 2.000 mL")
	before := b.Plant.Delivered()
	b.must(b.Pump.Bolus(2 * mL))
	b.mustRefuse(b.Pump.Bolus(mL), "a bolus is running")
	b.pass(12*time.Second + 200*time.Millisecond) // 2 mL at 600 mL/h
	if got := b.Plant.Delivered() - before; got < 2*mL || got > 2*mL+17*µL {
		t.Errorf("bolus of 2 mL delivered %v", got)
	}
	if b.Plant.Speed() != 10*mLh {
		t.Errorf("after the bolus the motor turns at %v", b.Plant.Speed())
	}
	b.must(b.Pump.Bolus(2 * mL))
	b.pass(13 * time.Second)
	b.mustRefuse(b.Pump.Bolus(mL+1), "5.000 mL")
	b.must(b.Pump.Bolus(mL))
	b.pass(7 * time.Second)
	b.mustRefuse(b.Pump.Bolus(mL), "remain")
}

// goldthread:verifies SRS-5
// goldthread:part-of TC-3
func TestAPauseGivesUpTheBolus(t *testing.T) {
	b := ready(t)
	b.must(b.Pump.Program(dose.Order{Drug: "Heparin 50 IU/mL", Rate: 10 * mLh, VTBI: 10 * mL}, false))
	b.must(b.Pump.Start())
	b.pass(time.Second)
	b.must(b.Pump.Bolus(2 * mL))
	b.pass(time.Second)
	b.must(b.Pump.Pause())
	b.must(b.Pump.Resume())
	b.pass(time.Second)
	if b.Plant.Speed() != 10*mLh {
		t.Errorf("the motor turns at %v, the bolus goes on", b.Plant.Speed())
	}
}

// goldthread:verifies SRS-11
// goldthread:part-of TC-4
func TestPriming(t *testing.T) {
	b := ready(t)
	b.must(b.Pump.Program(dose.Order{Drug: "Saline 0.9 %", Rate: 10 * mLh, VTBI: 10 * mL}, false))
	b.must(b.Pump.Prime())
	b.Plant.Bubble(5 * mL) // the line is empty: air is to be expected
	took := b.until(3*time.Minute, func() bool { return b.Pump.Status().State == control.Idle })
	if took < 149*time.Second || took > 151*time.Second {
		t.Errorf("priming ended after %v, want 25 mL at 600 mL/h: 150 s", took)
	}
	b.wantStopped()
	b.wantAlarms()
	if s := b.Pump.Status(); s.Delivered != 0 || s.Remaining != 10*mL {
		t.Errorf("priming counts as infused: %+v", s)
	}
	b.must(b.Pump.Prime())
	b.pass(time.Second)
	b.must(b.Pump.Stop())
	b.wantStopped()
	b.must(b.Pump.Start())
	b.mustRefuse(b.Pump.Prime(), "prime is not possible while the pump is infusing")
}

// goldthread:verifies SRS-9, SRS-8
// goldthread:part-of TC-5
func TestPauseAndStopAct(t *testing.T) {
	b := infusing(t, 600*mLh, 100*mL)
	b.must(b.Pump.Pause())
	b.wantStopped() // at once, not in the next cycle
	before := b.Plant.Delivered()
	b.pass(time.Minute)
	if b.Plant.Delivered() != before {
		t.Error("fluid moved during a pause")
	}
	b.must(b.Pump.Resume())
	b.pass(time.Second)
	b.must(b.Pump.Stop())
	b.wantStopped()
	b.wantState(control.Stopped)
	b.mustRefuse(b.Pump.Resume(), "not possible")
	b.mustRefuse(b.Pump.Start(), "not possible")
	b.must(b.Pump.Renew())
	b.mustRefuse(b.Pump.Start(), "no programme")
}

// goldthread:verifies SRS-31, SRS-36
// goldthread:part-of TC-6
func TestDisplayShowsTheInfusion(t *testing.T) {
	b := infusing(t, 360*mLh, 10*mL)
	b.pass(9050 * time.Millisecond)
	s := b.Pump.Status()
	if s.State != control.Infusing || s.Drug != "Saline 0.9 %" || s.Rate != 360*mLh || s.Software != control.Version || s.Library != "2026-03" {
		t.Errorf("display %+v", s)
	}
	if off := s.Delivered - mL; off < -10*µL || off > 10*µL || s.Delivered+s.Remaining != 10*mL {
		t.Errorf("after 10 s at 360 mL/h: delivered %v, remaining %v", s.Delivered, s.Remaining)
	}
	if !b.logged("software " + control.Version + ", drug library 2026-03") {
		t.Error("the versions are not in the log")
	}
}
