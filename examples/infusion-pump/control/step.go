package control

import (
	"errors"
	"fmt"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/alarm"
	"github.com/goldthread/goldthread/examples/infusion-pump/eventlog"
	"github.com/goldthread/goldthread/examples/infusion-pump/monitor"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
	"github.com/goldthread/goldthread/examples/infusion-pump/watchdog"
)

// Cycle is the period in which Step must be called.
const Cycle = 50 * time.Millisecond

// Limits of the controller itself.
const (
	PrimingRate   = 600 * quantity.MillilitrePerHour
	PrimingVolume = 25 * quantity.Millilitre
	MaxPause      = 2 * time.Minute
	MaxCoast      = 50 * quantity.Microlitre // after a stop; one late cycle is 17 µL
)

// Plausible readings of the pressure sensor.
const (
	minPressure = -20 * quantity.Kilopascal
	maxPressure = 300 * quantity.Kilopascal
)

type monitors struct {
	occlusion   *monitor.Occlusion
	air         *monitor.Air
	short, long *monitor.Flow
}

func newMonitors(l monitor.Level) monitors {
	return monitors{
		occlusion: monitor.NewOcclusion(l.Limit()),
		air:       &monitor.Air{},
		short:     monitor.NewFlow(monitor.ShortWindow),
		long:      monitor.NewFlow(monitor.LongWindow),
	}
}

// restart begins a monitor anew after the alarm it raised: the user has removed
// the air, or looked at the flow. The others keep their history.
func (m *monitors) restart(k alarm.Kind) {
	switch k {
	case alarm.AirInLine:
		m.air = &monitor.Air{}
	case alarm.FlowDeviation:
		m.short, m.long = monitor.NewFlow(monitor.ShortWindow), monitor.NewFlow(monitor.LongWindow)
	}
}

// Step is one control cycle. The motor stops in the cycle that sees the cause.
//
// goldthread:implements SRS-17, SRS-29
func (c *Controller) Step() {
	now := c.Now()
	trail := watchdog.Trail(c.Watchdog.Challenge())

	reading, err := c.Sensors.Read()
	if err == nil {
		err = plausible(reading)
	}
	if err != nil {
		c.fault(fmt.Errorf("sensors: %w", err))
		reading = Reading{Pressure: c.last.Pressure}
	}
	trail = trail.Pass(watchdog.Sense)

	expected := c.integrator.Add(c.commanded, now.Sub(c.lastStep))
	c.last, c.lastStep = reading, now
	c.account(reading)
	trail = trail.Pass(watchdog.Account)

	c.superviseParts()
	if err == nil {
		c.protect(now, expected)
	}
	trail = trail.Pass(watchdog.Protect)

	c.drive(c.demand())
	trail = trail.Pass(watchdog.Drive)

	if !c.driveFailed { // a motor that does not obey is the watchdog's to stop
		c.Watchdog.Feed(trail)
	}
}

// superviseParts looks whether the watchdog and the motor do their part.
//
// goldthread:implements SRS-24, SRS-29
func (c *Controller) superviseParts() {
	armed := c.Watchdog.Armed()
	if c.supervised && !armed {
		c.fault(errors.New("the watchdog has cut the supply of the motor"))
	}
	c.supervised = c.supervised || armed

	if c.commanded > 0 {
		c.coasted = 0
		return
	}
	c.coasted += c.last.Delivered
	if c.coasted > MaxCoast {
		c.driveFailed = true
		c.fault(fmt.Errorf("the motor moved %v since it was stopped", c.coasted))
	}
}

// account books what was delivered and ends what is complete. The encoder
// counts, not the command; and all that reached the patient counts, also what a
// motor delivers that should stand still.
//
// goldthread:implements SRS-10, SRS-11
func (c *Controller) account(r Reading) {
	if c.state == Priming {
		c.primed += r.Delivered
		if c.primed >= PrimingVolume {
			c.must(c.change(primed))
		}
		return
	}
	if c.state == Idle {
		return
	}
	c.delivered += r.Delivered
	c.bolusLeft = max(c.bolusLeft-r.Delivered, 0)
	if c.state == Infusing && c.delivered >= c.order.VTBI {
		c.must(c.change(complete))
		c.begun = false
		c.raise(alarm.InfusionComplete)
	}
}

// protect looks for every condition that must stop the infusion or warn. All
// monitors see every cycle, so that one alarm does not hide another.
//
// goldthread:implements SRS-12, SRS-14, SRS-15, SRS-16, SRS-18
func (c *Controller) protect(now time.Time, expected quantity.Volume) {
	r := c.last
	short := c.monitors.short.Observe(now, expected, r.Delivered)
	long := c.monitors.long.Observe(now, expected, r.Delivered)
	if short || long {
		c.raise(alarm.FlowDeviation)
	}
	if c.monitors.occlusion.Observe(now, r.Pressure) {
		c.raise(alarm.Occlusion)
	}
	if c.state == Priming || c.state == Idle { // air leaves an open line
		r.Air = 0
	}
	if c.monitors.air.Observe(now, r.Air) {
		c.raise(alarm.AirInLine)
	}
	c.watchBattery()
	c.watchPause(now)
	if c.alarms.Stopping() && c.state != Alarm {
		c.bolusLeft = 0
		c.must(c.change(trip))
	}
}

func (c *Controller) watchBattery() {
	switch monitor.Battery(c.last.BatteryLeft, c.last.Mains) {
	case monitor.ChargeEmpty:
		c.raise(alarm.BatteryEmpty)
	case monitor.ChargeLow:
		c.raise(alarm.BatteryLow)
	default:
		c.clear(alarm.BatteryLow)
	}
}

// goldthread:implements SRS-21
func (c *Controller) watchPause(now time.Time) {
	if c.state == Paused && now.Sub(c.pausedSince) >= MaxPause {
		c.raise(alarm.PausedTooLong)
	} else if c.state != Paused {
		c.clear(alarm.PausedTooLong)
	}
}

// demand is the rate that the state asks for.
//
// goldthread:implements SRS-9, SRS-11
func (c *Controller) demand() quantity.Rate {
	switch {
	case c.state == Priming:
		return PrimingRate
	case c.state == Infusing && c.bolusLeft > 0:
		return c.entry.Bolus.Rate
	case c.state == Infusing:
		return c.order.Rate
	default:
		return 0
	}
}

// drive commands the motor, in every cycle, so that a command that was lost is
// made good within one.
func (c *Controller) drive(rate quantity.Rate) {
	var err error
	if rate > 0 {
		err = c.Motor.Run(rate)
	} else {
		err = c.Motor.Stop()
	}
	c.commanded = rate
	if err != nil && !c.driveFailed {
		c.driveFailed = true
		c.fault(fmt.Errorf("motor: %w", err))
	}
}

// stands reports whether the cause of an alarm can still be seen.
func (c *Controller) stands(k alarm.Kind) bool {
	switch k {
	case alarm.Occlusion:
		return c.last.Pressure > monitor.Relieved
	case alarm.AirInLine:
		return c.last.Air > 0
	case alarm.FlowDeviation:
		return c.last.Delivered > 0 // while the motor should stand still
	case alarm.BatteryEmpty:
		return monitor.Battery(c.last.BatteryLeft, c.last.Mains) == monitor.ChargeEmpty
	default:
		return true // an internal fault stands until the pump is switched off
	}
}

// fault stops the pump for good.
//
// goldthread:implements SRS-17
func (c *Controller) fault(why error) {
	if c.faulted {
		return
	}
	c.faulted, c.tested, c.bolusLeft = true, false, 0
	c.log(eventlog.Fault, why.Error())
	c.raise(alarm.InternalFault)
	if c.state != Alarm {
		c.must(c.change(trip))
	}
	c.drive(0)
}

// must turns a transition that cannot fail, did it fail, into a fault.
func (c *Controller) must(err error) {
	if err != nil {
		c.fault(err)
	}
}

func plausible(r Reading) error {
	var faults []error
	if r.Pressure < minPressure || r.Pressure > maxPressure {
		faults = append(faults, fmt.Errorf("pressure of %v is not plausible", r.Pressure))
	}
	if r.Delivered < 0 || r.Air < 0 || r.BatteryLeft < 0 {
		faults = append(faults, errors.New("a volume or time below zero is not plausible"))
	}
	return errors.Join(faults...)
}
