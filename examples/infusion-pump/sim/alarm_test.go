package sim_test

import (
	"testing"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/alarm"
	"github.com/goldthread/goldthread/examples/infusion-pump/control"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

// goldthread:verifies SRS-12, SRS-13, SRS-20
// goldthread:part-of TC-7
func TestOcclusionStopsTheInfusion(t *testing.T) {
	b := infusing(t, 100*mLh, 100*mL)
	b.Plant.Faults.Clamped = true
	before := b.Plant.Delivered()
	took := b.until(time.Minute, b.motorStands)
	b.wantState(control.Alarm)
	b.wantAlarms(alarm.Occlusion)
	// From 4 to 80 kPa at 5 µL/kPa are 380 µL: 13.7 s at 100 mL/h, and the hold time.
	if took < 13*time.Second || took > 14200*time.Millisecond {
		t.Errorf("alarm after %v", took)
	}
	if pumped := b.Plant.Delivered() - before; pumped > 400*µL {
		t.Errorf("%v were pumped into the closed line", pumped)
	}
	b.mustRefuse(b.Pump.Acknowledge(), "occlusion still stands")
	b.mustRefuse(b.Pump.Resume(), "not possible")
	b.Plant.Faults.Clamped = false
	b.pass(time.Second)
	b.wantState(control.Alarm) // it does not go on by itself
	b.must(b.Pump.Acknowledge())
	b.wantState(control.Paused)
	b.wantStopped()
	b.must(b.Pump.Resume())
	b.pass(time.Minute)
	b.wantState(control.Infusing)
}

// goldthread:verifies SRS-14, SRS-20
// goldthread:part-of TC-8
func TestAirStopsTheInfusion(t *testing.T) {
	b := infusing(t, 100*mLh, 100*mL)
	for range 25 { // 1 mL in all, the limit
		b.Plant.Bubble(40 * µL)
		b.pass(10 * time.Second)
	}
	b.wantState(control.Infusing)
	b.Plant.Bubble(µL)
	if took := b.until(time.Second, b.motorStands); took > control.Cycle {
		t.Errorf("the motor stood %v after the air", took)
	}
	b.wantAlarms(alarm.AirInLine)
	b.pass(time.Second)
	b.must(b.Pump.Acknowledge())
	b.must(b.Pump.Resume())
	b.pass(time.Second)
	b.wantState(control.Infusing)
	b.Plant.Bubble(50 * µL)
	b.pass(100 * time.Millisecond)
	b.wantAlarms(alarm.AirInLine)
}

// goldthread:verifies SRS-15, SRS-20, SRS-29
// goldthread:part-of TC-9
func TestRunawayIsStopped(t *testing.T) {
	b := infusing(t, 5*mLh, 100*mL)
	before := b.Plant.Delivered()
	b.Plant.Faults.Runaway = true // it heeds no stop: only the supply is left
	b.until(time.Second, func() bool { return b.Pump.Status().State == control.Alarm })
	b.wantAlarms(alarm.FlowDeviation)
	if given := b.Plant.Delivered() - before; given > 50*µL {
		t.Errorf("%v were given until the alarm", given)
	}
	b.mustRefuse(b.Pump.Acknowledge(), "flow deviation still stands")
	b.until(time.Second, b.motorStands)
	if given := b.Plant.Delivered() - before; !b.Plant.IsCut() || given > 200*µL {
		t.Errorf("%v were given until the supply was cut: %t", given, b.Plant.IsCut())
	}
}

// goldthread:verifies SRS-15, SRS-20
// goldthread:part-of TC-9
func TestAMotorThatStandsIsFound(t *testing.T) {
	b := infusing(t, 100*mLh, 100*mL)
	b.Plant.Faults.Stuck = true
	b.until(20*time.Second, func() bool { return b.Pump.Status().State == control.Alarm })
	b.wantAlarms(alarm.FlowDeviation)
	b.Plant.Faults.Stuck = false
	b.must(b.Pump.Acknowledge())
	b.must(b.Pump.Resume())
	b.pass(time.Minute)
	b.wantState(control.Infusing)
}

// goldthread:verifies SRS-16
// goldthread:part-of TC-10
func TestBattery(t *testing.T) {
	b := infusing(t, 100*mLh, 1000*mL)
	b.Plant.Mains, b.Plant.Battery = false, 31*time.Minute
	b.pass(59 * time.Second)
	b.wantAlarms()
	b.pass(2 * time.Second)
	b.wantAlarms(alarm.BatteryLow)
	b.wantState(control.Infusing)
	b.Plant.Mains = true
	b.pass(time.Second)
	b.wantAlarms()
	b.Plant.Mains, b.Plant.Battery = false, 3*time.Minute+time.Second
	b.pass(2 * time.Second)
	b.wantAlarms(alarm.BatteryEmpty, alarm.BatteryLow)
	b.wantState(control.Alarm)
	b.wantStopped()
	b.mustRefuse(b.Pump.Acknowledge(), "battery empty still stands")
	b.Plant.Mains = true
	b.pass(time.Second)
	b.must(b.Pump.Acknowledge())
	b.wantAlarms()
}

// goldthread:verifies SRS-18, SRS-19
// goldthread:part-of TC-11
func TestTwoAlarmsAreShownByPriority(t *testing.T) {
	b := infusing(t, 100*mLh, 100*mL)
	b.Plant.Mains, b.Plant.Battery = false, 20*time.Minute
	b.pass(time.Second)
	b.Pump.PauseAudio()
	if b.Pump.Status().Sounding {
		t.Error("sounds during the audio pause")
	}
	b.Plant.Bubble(60 * µL)
	b.pass(100 * time.Millisecond)
	b.wantAlarms(alarm.AirInLine, alarm.BatteryLow)
	if !b.Pump.Status().Sounding {
		t.Error("the new alarm is silent")
	}
}

// goldthread:verifies SRS-21
// goldthread:part-of TC-11
func TestALongPauseIsRemembered(t *testing.T) {
	b := infusing(t, 100*mLh, 100*mL)
	b.must(b.Pump.Pause())
	b.pass(119 * time.Second)
	b.wantAlarms()
	b.pass(2 * time.Second)
	b.wantAlarms(alarm.PausedTooLong)
	b.must(b.Pump.Resume())
	b.pass(time.Second)
	b.wantAlarms()
	b.wantState(control.Infusing)
}

// goldthread:verifies SRS-20
// goldthread:part-of TC-12
func TestAnAlarmOutsideOfAnInfusionDropsTheProgramme(t *testing.T) {
	b := infusing(t, 1200*mLh, mL)
	b.pass(5 * time.Second)
	b.wantState(control.Stopped)
	b.Plant.Mains, b.Plant.Battery = false, time.Minute
	b.pass(time.Second)
	b.wantState(control.Alarm)
	b.Plant.Mains = true
	b.pass(time.Second)
	b.must(b.Pump.Acknowledge())
	b.wantState(control.Idle)
	b.wantAlarms()
	b.mustRefuse(b.Pump.Start(), "no programme")
}

// goldthread:verifies SRS-17
// goldthread:part-of TC-13
func TestSensorsThatFailStopForGood(t *testing.T) {
	for why, break_ := range map[string]func(bench){
		"no answer":               func(b bench) { b.Plant.Faults.Sensors = errBroken },
		"an implausible pressure": func(b bench) { b.Plant.SetPressure(301 * quantity.Kilopascal) },
		"a torn pressure sensor":  func(b bench) { b.Plant.SetPressure(-21 * quantity.Kilopascal) },
		"a negative air volume":   func(b bench) { b.Plant.Bubble(-1) },
	} {
		t.Run(why, func(t *testing.T) {
			b := infusing(t, 100*mLh, 100*mL)
			break_(b)
			if took := b.until(time.Second, b.motorStands); took > control.Cycle {
				t.Errorf("the motor stood after %v", took)
			}
			b.wantAlarms(alarm.InternalFault)
			b.Plant.Faults.Sensors = nil
			b.Plant.SetPressure(4 * quantity.Kilopascal)
			b.pass(time.Second)
			b.mustRefuse(b.Pump.Acknowledge(), "internal fault still stands")
			b.wantStopped()
			b.wantState(control.Alarm)
		})
	}
}
