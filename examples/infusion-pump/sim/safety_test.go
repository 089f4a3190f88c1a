package sim_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/alarm"
	"github.com/goldthread/goldthread/examples/infusion-pump/control"
	"github.com/goldthread/goldthread/examples/infusion-pump/eventlog"
	"github.com/goldthread/goldthread/examples/infusion-pump/sim"
	"github.com/goldthread/goldthread/examples/infusion-pump/watchdog"
)

// goldthread:verifies SRS-22, SRS-24
// goldthread:part-of TC-14
func TestAHungLoopLosesTheMotor(t *testing.T) {
	b := infusing(t, 1200*mLh, 100*mL)
	before := b.Plant.Delivered()
	b.Plant.Faults.HungLoop = true
	if took := b.until(time.Second, b.motorStands); took > watchdog.Latest+watchdog.Period {
		t.Errorf("the motor had its supply for %v", took)
	}
	if given := b.Plant.Delivered() - before; given > 60*µL {
		t.Errorf("%v were given meanwhile", given)
	}
	b.Plant.Faults.HungLoop = false
	b.pass(time.Second)
	b.wantState(control.Alarm)
	b.wantAlarms(alarm.InternalFault)
	b.wantStopped()
	if !b.logged("the watchdog has cut the supply") {
		t.Error("the trip is not in the log")
	}
	b.mustRefuse(b.Pump.Acknowledge(), "still stands")
}

// goldthread:verifies SRS-23
// goldthread:part-of TC-14
func TestALoopThatSkipsItsProtectionLosesTheMotor(t *testing.T) {
	b := infusing(t, 100*mLh, 100*mL)
	b.Plant.Faults.SkipProtect = true
	if took := b.until(time.Second, b.motorStands); took > control.Cycle {
		t.Errorf("the motor had its supply for %v", took)
	}
}

// goldthread:verifies SRS-32
// goldthread:part-of TC-15
func TestADeadProcessorLosesTheMotor(t *testing.T) {
	b := infusing(t, 1200*mLh, 100*mL)
	b.Plant.Faults.Dead = true
	if took := b.until(time.Second, b.motorStands); took > sim.ProtectionTimeout+watchdog.Period {
		t.Errorf("the motor had its supply for %v", took)
	}
}

// goldthread:verifies SRS-29
// goldthread:part-of TC-9
func TestAMotorThatDoesNotObeyLosesItsSupply(t *testing.T) {
	b := infusing(t, 100*mLh, 100*mL)
	b.Plant.Faults.Motor = errBroken
	if took := b.until(time.Second, b.motorStands); took > control.Cycle+watchdog.Latest+watchdog.Period {
		t.Errorf("the motor had its supply for %v", took)
	}
	b.wantAlarms(alarm.InternalFault)
}

// goldthread:verifies SRS-30
// goldthread:part-of TC-16
func TestSelfTest(t *testing.T) {
	for why, break_ := range map[string]func(bench){
		"the sensors do not answer":   func(b bench) { b.Plant.Faults.Sensors = errBroken },
		"the motor does not answer":   func(b bench) { b.Plant.Faults.Motor = errBroken },
		"the pressure is implausible": func(b bench) { b.Plant.SetPressure(-1_000_000) },
	} {
		t.Run(why, func(t *testing.T) {
			b := assemble(t)
			break_(b)
			if b.Pump.PowerOn() == nil {
				t.Fatal("the self-test passed")
			}
			b.pass(time.Second)
			b.wantState(control.Alarm)
			b.wantStopped()
			b.mustRefuse(b.Pump.Prime(), "self-test has not passed")
		})
	}
	t.Run("without a self-test the motor does not start", func(t *testing.T) {
		b := assemble(t)
		b.pass(time.Second)
		b.mustRefuse(b.Pump.Prime(), "self-test has not passed")
	})
	t.Run("before the watchdog supervises the motor does not start", func(t *testing.T) {
		b := assemble(t)
		b.must(b.Pump.PowerOn())
		b.mustRefuse(b.Pump.Prime(), "watchdog does not supervise")
	})
}

// goldthread:verifies SRS-28
// goldthread:part-of TC-17
func TestALogThatFailsDoesNotStopTheDrug(t *testing.T) {
	b := infusing(t, 100*mLh, 100*mL)
	b.Plant.Faults.LogMedium = errBroken
	b.must(b.Pump.Pause())
	b.wantAlarms(alarm.LogFailure)
	b.mustRefuse(b.Pump.Resume(), "event log fails")
	b.Plant.Faults.LogMedium = nil
	b.must(b.Pump.Resume())
	b.wantAlarms()

	b.Plant.Faults.LogMedium = errBroken
	b.Plant.Mains, b.Plant.Battery = false, 20*time.Minute
	b.pass(time.Minute)
	b.wantState(control.Infusing)
	b.wantAlarms(alarm.LogFailure, alarm.BatteryLow)
}

// goldthread:verifies SRS-25, SRS-27
// goldthread:part-of TC-18
func TestEverythingIsLogged(t *testing.T) {
	b := infusing(t, 100*mLh, 100*mL)
	b.mustRefuse(b.Pump.Start(), "not possible")
	b.Plant.Bubble(60 * µL)
	b.pass(time.Second)
	b.Pump.PauseAudio()
	b.must(b.Pump.Acknowledge())
	b.must(b.Pump.Stop())
	for _, text := range []string{
		"self-test passed", "programme Saline 0.9 %, 100.000 mL/h, 100.000 mL", "idle to infusing: start", "start refused",
		"air in line (high)", "infusing to alarm", "audio pause", "air in line ended", "alarm to paused: acknowledge", "paused to stopped: stop",
	} {
		if !b.logged(text) {
			t.Errorf("the log does not hold %q", text)
		}
	}
	records, err := eventlog.Read(bytes.NewReader(b.written.Bytes()))
	if held, _ := b.Log.Records(); err != nil || len(records) != len(held) {
		t.Errorf("written are %d events, held %d: %v", len(records), len(held), err)
	}
}

// goldthread:verifies SRS-26
// goldthread:part-of TC-18
func TestADayOfUseKeepsTheLogBounded(t *testing.T) {
	b := infusing(t, mLh, 100*mL)
	for range 700 {
		b.must(b.Pump.Pause())
		b.must(b.Pump.Resume())
		b.pass(control.Cycle)
	}
	records, forgotten := b.Log.Records()
	if len(records) != 2000 || forgotten == 0 || b.Log.Verify() != nil {
		t.Errorf("the log holds %d events and forgot %d: %v", len(records), forgotten, b.Log.Verify())
	}
}
