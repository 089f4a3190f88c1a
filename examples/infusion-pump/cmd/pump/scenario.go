package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/control"
	"github.com/goldthread/goldthread/examples/infusion-pump/dose"
	"github.com/goldthread/goldthread/examples/infusion-pump/druglib"
	"github.com/goldthread/goldthread/examples/infusion-pump/eventlog"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
	"github.com/goldthread/goldthread/examples/infusion-pump/sim"
)

// scene is one step of the script: something done, time that passes, and the
// state in which the pump must be then.
type scene struct {
	what    string
	do      func(*sim.Rig) error
	refused bool // do must fail: the pump guards the patient
	wait    time.Duration
	want    control.State
}

func script() []scene {
	heparin := func(rate quantity.Rate, confirmed bool) func(*sim.Rig) error {
		order := dose.Order{Drug: "Heparin 50 IU/mL", Rate: rate, VTBI: 10 * quantity.Millilitre}
		return func(r *sim.Rig) error { return r.Pump.Program(order, confirmed) }
	}
	const mlh = quantity.MillilitrePerHour
	return []scene{
		{what: "switch on", do: func(r *sim.Rig) error { return r.Pump.PowerOn() }, wait: time.Second, want: control.Idle},
		{what: "programme 400 mL/h instead of 40", do: heparin(400*mlh, true), refused: true, want: control.Idle},
		{what: "programme 60 mL/h", do: heparin(60*mlh, false), refused: true, want: control.Idle},
		{what: "confirm 60 mL/h", do: heparin(60*mlh, true), want: control.Idle},
		{what: "prime the line", do: func(r *sim.Rig) error { return r.Pump.Prime() }, wait: 45 * time.Second, want: control.Priming},
		{what: "line is full, stop priming", do: func(r *sim.Rig) error { return r.Pump.Stop() }, wait: time.Second, want: control.Idle},
		{what: "start", do: func(r *sim.Rig) error { return r.Pump.Start() }, wait: 2 * time.Minute, want: control.Infusing},
		{what: "bolus of 5 mL", do: func(r *sim.Rig) error { return r.Pump.Bolus(5 * quantity.Millilitre) }, refused: true, want: control.Infusing},
		{what: "bolus of 1 mL", do: func(r *sim.Rig) error { return r.Pump.Bolus(quantity.Millilitre) }, wait: 30 * time.Second, want: control.Infusing},
		{what: "the patient lies on the line", do: func(r *sim.Rig) error { r.Plant.Faults.Clamped = true; return nil }, wait: 30 * time.Second, want: control.Alarm},
		{what: "acknowledge", do: func(r *sim.Rig) error { return r.Pump.Acknowledge() }, refused: true, want: control.Alarm},
		{what: "free the line", do: func(r *sim.Rig) error { r.Plant.Faults.Clamped = false; return nil }, wait: time.Second, want: control.Alarm},
		{what: "acknowledge", do: func(r *sim.Rig) error { return r.Pump.Acknowledge() }, wait: 5 * time.Second, want: control.Paused},
		{what: "resume", do: func(r *sim.Rig) error { return r.Pump.Resume() }, wait: time.Minute, want: control.Infusing},
		{what: "a bubble of 60 µL passes", do: func(r *sim.Rig) error { r.Plant.Bubble(60 * quantity.Microlitre); return nil }, wait: time.Second, want: control.Alarm},
		{what: "remove the air, acknowledge", do: func(r *sim.Rig) error { return r.Pump.Acknowledge() }, want: control.Paused},
		{what: "resume", do: func(r *sim.Rig) error { return r.Pump.Resume() }, wait: 10 * time.Minute, want: control.Stopped},
		{what: "new programme", do: func(r *sim.Rig) error { return errors.Join(r.Pump.Renew(), heparin(20*mlh, false)(r), r.Pump.Start()) }, wait: time.Minute, want: control.Infusing},
		{what: "the control loop hangs", do: func(r *sim.Rig) error { r.Plant.Faults.HungLoop = true; return nil }, wait: time.Second, want: control.Infusing},
		{what: "the loop comes back", do: func(r *sim.Rig) error { r.Plant.Faults.HungLoop = false; return nil }, wait: time.Second, want: control.Alarm},
	}
}

// run plays the script and then reads back and verifies what was logged.
func run(out, events io.Writer) error {
	lib, err := druglib.Load(library)
	if err != nil {
		return err
	}
	begin := time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)
	var stored bytes.Buffer
	rig, err := sim.NewRig(begin, lib, &stored)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "infusion pump, software %s, drug library %s, simulated\n\n", control.Version, lib.Version())
	for _, s := range script() {
		fmt.Fprintf(out, "%s  > %s\n", clock(rig, begin), s.what)
		err := s.do(rig)
		if err != nil {
			fmt.Fprintf(out, "          refused: %v\n", err)
		}
		if refused := err != nil; refused != s.refused {
			return fmt.Errorf("%s: refused is %t, the script expects %t", s.what, refused, s.refused)
		}
		rig.Run(s.wait)
		fmt.Fprintf(out, "%s  %s\n", clock(rig, begin), display(rig))
		if got := rig.Pump.Status().State; got != s.want {
			return fmt.Errorf("%s: the pump is %v, the script expects %v", s.what, got, s.want)
		}
	}
	records, err := eventlog.Read(bytes.NewReader(stored.Bytes()))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nwatchdog: %v; supply of the motor cut: %t\n", rig.Watchdog.Tripped(), rig.Plant.IsCut())
	fmt.Fprintf(out, "event log: %d events, every checksum fits\n", len(records))
	_, err = stored.WriteTo(events)
	return err
}

func clock(r *sim.Rig, begin time.Time) string {
	return time.Time{}.Add(r.Plant.Now().Sub(begin)).Format("15:04:05")
}

func display(r *sim.Rig) string {
	s := r.Pump.Status()
	line := s.State.String()
	if s.Drug != "" {
		line += fmt.Sprintf("  %s  %v  given %v  remaining %v", s.Drug, s.Rate, s.Delivered, s.Remaining)
	}
	if r.Plant.IsCut() {
		line += "  [motor has no supply]"
	}
	if len(s.Alarms) == 0 {
		return line
	}
	names := make([]string, len(s.Alarms))
	for i, k := range s.Alarms {
		names[i] = fmt.Sprintf("%v (%v)", k, k.Priority())
	}
	return line + "  ALARM " + strings.Join(names, ", ")
}
