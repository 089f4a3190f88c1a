// Package sim simulates the hardware of the pump, so that the controller runs
// and is tested without it: motor, line, sensors, battery and supply switch
// under one clock that moves only when told. It models what the controller can
// notice, no more; accuracy of the flow is a matter of the bench [62304 5.7.1].
package sim

import (
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/control"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

// The line: the pressure at rest, and the volume that raises a closed line by 1 kPa.
const (
	restPressure = 4 * quantity.Kilopascal
	compliance   = 5 * quantity.Microlitre
)

// ProtectionTimeout is the time after the last heartbeat at which the
// protection processor opens its switch; see firmware/supervisor.h.
const ProtectionTimeout = 500 * time.Millisecond

// Faults that can be put into the plant.
type Faults struct {
	Clamped     bool  // the line is closed behind the sensor
	Runaway     bool  // the motor turns at full speed, whatever the command
	Stuck       bool  // the motor does not turn
	Sensors     error // the sensors do not answer
	Motor       error // the motor driver does not answer
	LogMedium   error // the medium of the log does not take a record
	HungLoop    bool  // the control loop does not run
	Dead        bool  // the control processor does not run, nor its watchdog
	SkipProtect bool  // the loop answers the watchdog without having protected
}

// Plant is the hardware. It is not safe for concurrent use.
type Plant struct {
	Faults  Faults
	Mains   bool
	Battery time.Duration

	now       time.Time
	command   quantity.Rate
	cut       bool
	lastBeat  time.Time
	beats     uint8
	flow      quantity.Integrator
	pressure  quantity.Pressure
	stuckAt   bool            // the pressure sensor does not follow the line
	fresh     quantity.Volume // since the last reading
	bubble    quantity.Volume // since the last reading
	delivered quantity.Volume // to the patient or into the closed line, ever
}

// NewPlant starts the clock at now, on mains.
func NewPlant(now time.Time) *Plant {
	return &Plant{now: now, Mains: true, Battery: 6 * time.Hour, pressure: restPressure}
}

// Now is the clock.
func (p *Plant) Now() time.Time { return p.now }

// Run implements control.Motor.
func (p *Plant) Run(r quantity.Rate) error {
	if p.Faults.Motor != nil {
		return p.Faults.Motor
	}
	p.command = r
	return nil
}

// Stop implements control.Motor.
func (p *Plant) Stop() error { return p.Run(0) }

// Cut implements watchdog.Supply.
func (p *Plant) Cut() error {
	p.cut = true
	return nil
}

// Beat implements watchdog.Supply as the protection processor does.
func (p *Plant) Beat(number uint8) {
	if !p.lastBeat.IsZero() && number != p.beats+1 {
		p.cut = true
	}
	p.beats, p.lastBeat = number, p.now
}

// IsCut reports whether the supply of the motor was cut.
func (p *Plant) IsCut() bool { return p.cut }

// Speed is the rate at which the motor turns.
func (p *Plant) Speed() quantity.Rate {
	switch {
	case p.cut, p.Faults.Stuck:
		return 0
	case p.Faults.Runaway:
		return 1200 * quantity.MillilitrePerHour
	default:
		return p.command
	}
}

// Delivered is all that the motor ever moved.
func (p *Plant) Delivered() quantity.Volume { return p.delivered }

// Bubble lets air pass the sensor before the next reading.
func (p *Plant) Bubble(v quantity.Volume) { p.bubble += v }

// SetPressure is what the pressure sensor says from now on, whatever the line does.
func (p *Plant) SetPressure(v quantity.Pressure) { p.stuckAt, p.pressure = true, v }

// Read implements control.Sensors.
func (p *Plant) Read() (control.Reading, error) {
	if p.Faults.Sensors != nil {
		return control.Reading{}, p.Faults.Sensors
	}
	r := control.Reading{Pressure: p.pressure, Delivered: p.fresh, Air: p.bubble, BatteryLeft: p.Battery, Mains: p.Mains}
	p.fresh, p.bubble = 0, 0
	return r, nil
}

// Advance moves the clock, and with it the fluid.
func (p *Plant) Advance(d time.Duration) {
	p.now = p.now.Add(d)
	if !p.lastBeat.IsZero() && p.now.Sub(p.lastBeat) > ProtectionTimeout {
		p.cut = true
	}
	v := p.flow.Add(p.Speed(), d)
	p.fresh += v
	p.delivered += v
	switch {
	case p.stuckAt:
	case p.Faults.Clamped:
		p.pressure = min(p.pressure+quantity.Pressure(v)*quantity.Kilopascal/quantity.Pressure(compliance), 250*quantity.Kilopascal)
	default:
		p.pressure = restPressure
	}
	if !p.Mains {
		p.Battery = max(p.Battery-d, 0)
	}
}
