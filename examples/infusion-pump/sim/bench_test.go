package sim_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/alarm"
	"github.com/goldthread/goldthread/examples/infusion-pump/control"
	"github.com/goldthread/goldthread/examples/infusion-pump/dose"
	"github.com/goldthread/goldthread/examples/infusion-pump/druglib"
	"github.com/goldthread/goldthread/examples/infusion-pump/eventlog"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
	"github.com/goldthread/goldthread/examples/infusion-pump/sim"
)

const (
	mL  = quantity.Millilitre
	mLh = quantity.MillilitrePerHour
	µL  = quantity.Microlitre
)

var errBroken = errors.New("does not answer")

// bench is a pump under test, and what it wrote to its log.
type bench struct {
	*testing.T
	*sim.Rig
	written *bytes.Buffer
}

// assemble makes a pump that is not switched on.
func assemble(t *testing.T) bench {
	t.Helper()
	library, err := druglib.Load(druglib.Seal([]byte("version 2026-03\n" +
		"Heparin | 50 IU/mL | 40000 80000 | 250000 500000 | 600000 2000 5000\n" +
		"Saline | 0.9 % | 1200000 1200000 | 1000000 2000000 | 0 0 0\n")))
	if err != nil {
		t.Fatal(err)
	}
	written := &bytes.Buffer{}
	rig, err := sim.NewRig(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), library, written)
	if err != nil {
		t.Fatal(err)
	}
	return bench{t, rig, written}
}

// ready makes a pump that is switched on and has passed its self-test.
func ready(t *testing.T) bench {
	t.Helper()
	b := assemble(t)
	b.must(b.Pump.PowerOn())
	b.pass(time.Second)
	b.wantState(control.Idle)
	return b
}

// infusing makes a pump that infuses saline.
func infusing(t *testing.T, rate quantity.Rate, vtbi quantity.Volume) bench {
	t.Helper()
	b := ready(t)
	b.must(b.Pump.Program(dose.Order{Drug: "Saline 0.9 %", Rate: rate, VTBI: vtbi}, false))
	b.must(b.Pump.Start())
	b.pass(time.Second)
	b.wantState(control.Infusing)
	return b
}

func (b bench) pass(d time.Duration) { b.Rig.Run(d) }

func (b bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) mustRefuse(err error, saying string) {
	b.Helper()
	if err == nil || !strings.Contains(err.Error(), saying) {
		b.Fatalf("got %v, want a refusal that says %q", err, saying)
	}
}

func (b bench) wantState(want control.State) {
	b.Helper()
	if got := b.Pump.Status().State; got != want {
		b.Fatalf("state %v, want %v; alarms %v", got, want, b.Pump.Status().Alarms)
	}
}

func (b bench) wantAlarms(want ...alarm.Kind) {
	b.Helper()
	if got := b.Pump.Status().Alarms; !slices.Equal(got, want) {
		b.Fatalf("alarms %v, want %v", got, want)
	}
}

// wantStopped holds the motor itself, not what the controller believes.
func (b bench) wantStopped() {
	b.Helper()
	if got := b.Plant.Speed(); got != 0 {
		b.Fatalf("the motor turns at %v", got)
	}
}

// until lets time pass cycle by cycle until the condition holds, and returns how long it took.
func (b bench) until(limit time.Duration, holds func() bool) time.Duration {
	b.Helper()
	begin := b.Plant.Now()
	for !holds() {
		if b.Plant.Now().Sub(begin) > limit {
			b.Fatalf("not within %v; state %v", limit, b.Pump.Status().State)
		}
		b.pass(10 * time.Millisecond)
	}
	return b.Plant.Now().Sub(begin)
}

func (b bench) motorStands() bool { return b.Plant.Speed() == 0 }

// logged reports whether the log holds an event with that text.
func (b bench) logged(text string) bool {
	records, _ := b.Log.Records()
	return slices.ContainsFunc(records, func(r eventlog.Record) bool { return strings.Contains(r.Detail, text) })
}
