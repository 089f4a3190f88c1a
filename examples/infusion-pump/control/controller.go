package control

import (
	"errors"
	"fmt"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/alarm"
	"github.com/goldthread/goldthread/examples/infusion-pump/dose"
	"github.com/goldthread/goldthread/examples/infusion-pump/druglib"
	"github.com/goldthread/goldthread/examples/infusion-pump/eventlog"
	"github.com/goldthread/goldthread/examples/infusion-pump/monitor"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
	"github.com/goldthread/goldthread/examples/infusion-pump/watchdog"
)

// Version of the controller software, shown at start-up and logged.
const Version = "1.0.0"

// Reading is what the sensors say in one cycle.
type Reading struct {
	Pressure    quantity.Pressure
	Delivered   quantity.Volume // by the encoder, since the last reading
	Air         quantity.Volume // past the air sensor, since the last reading
	BatteryLeft time.Duration   // running time that the gauge predicts
	Mains       bool
}

// Sensors reads all sensors at once. An error means that no value can be
// trusted. It returns within a millisecond.
type Sensors interface{ Read() (Reading, error) }

// Motor drives the pump. A command is in force until the next; an error means
// that it is not known whether it is in force. Both return within a millisecond.
type Motor interface {
	Run(quantity.Rate) error
	Stop() error
}

// Watchdog asks the loop to prove itself in every cycle.
type Watchdog interface {
	Challenge() uint32
	Feed(watchdog.Trail)
	Armed() bool
}

// Log takes the events; an error means that an event may not outlive a loss of power.
type Log interface {
	Append(at time.Time, kind eventlog.Kind, detail string) error
	Verify() error
}

// Parts are all that a Controller can reach: no network, no files, no other clock.
//
// goldthread:implements SRS-37
type Parts struct {
	Now       func() time.Time
	Sensors   Sensors
	Motor     Motor
	Watchdog  Watchdog
	Log       Log
	Library   *druglib.Library
	Occlusion monitor.Level
}

// Controller of one pump.
type Controller struct {
	Parts
	state    State
	tested   bool // the self-test has passed, and no fault since
	begun    bool // an infusion has started and not ended
	alarms   alarm.Board
	monitors monitors

	entry     druglib.Entry
	order     dose.Order // zero when there is no programme
	boluses   dose.Boluses
	delivered quantity.Volume // of the programme
	bolusLeft quantity.Volume
	primed    quantity.Volume

	last        Reading
	lastStep    time.Time
	commanded   quantity.Rate // in force since lastStep
	integrator  quantity.Integrator
	pausedSince time.Time
	coasted     quantity.Volume // since the motor was commanded to stop
	driveFailed bool            // the motor does not obey: the watchdog must act
	supervised  bool            // the watchdog has been armed
	faulted     bool
}

// New makes a controller that is idle and has not tested itself.
func New(p Parts) *Controller {
	return &Controller{Parts: p, state: Idle, monitors: newMonitors(p.Occlusion)}
}

// PowerOn tests what can be tested without a patient: that the motor obeys a
// stop, that the sensors answer plausibly and that the log is whole. Without
// it no command starts the motor.
//
// goldthread:implements SRS-30, SRS-36
func (c *Controller) PowerOn() error {
	reading, err := c.Sensors.Read()
	if err == nil {
		err = plausible(reading)
	}
	if err := errors.Join(err, c.Motor.Stop(), c.Log.Verify()); err != nil {
		c.fault(fmt.Errorf("self-test: %w", err))
		return err
	}
	c.lastStep = c.Now()
	c.tested = true
	c.log(eventlog.Power, fmt.Sprintf("self-test passed, software %s, drug library %s", Version, c.Library.Version()))
	return nil
}

// Status is what the display shows.
type Status struct {
	State                State
	Drug                 string
	Rate                 quantity.Rate // commanded
	Delivered, Remaining quantity.Volume
	Alarms               []alarm.Kind // the most urgent first
	Sounding             bool
	Software, Library    string
}

// Status returns the state of the pump after the last cycle.
//
// goldthread:implements SRS-31, SRS-36
func (c *Controller) Status() Status {
	return Status{
		State:     c.state,
		Drug:      c.order.Drug,
		Rate:      c.commanded,
		Delivered: c.delivered,
		Remaining: max(c.order.VTBI-c.delivered, 0),
		Alarms:    c.alarms.Active(),
		Sounding:  c.alarms.Sounding(c.Now()),
		Software:  Version,
		Library:   c.Library.Version(),
	}
}

// change moves the state machine and logs it.
func (c *Controller) change(on event) error {
	to, err := next(c.state, on)
	if err != nil {
		return err
	}
	c.log(eventlog.State, fmt.Sprintf("%v to %v: %s", c.state, to, on))
	c.state = to
	return nil
}

// log appends an event. A log that fails is an alarm, but does not stop a
// running infusion: the patient needs the drug more than the record.
//
// goldthread:implements SRS-28
func (c *Controller) log(kind eventlog.Kind, detail string) {
	if err := c.Log.Append(c.Now(), kind, detail); err != nil {
		c.alarms.Raise(alarm.LogFailure)
	}
}

func (c *Controller) raise(k alarm.Kind) {
	if c.alarms.Raise(k) {
		c.log(eventlog.Alarm, fmt.Sprintf("%v (%v): delivered %v, pressure %v", k, k.Priority(), c.delivered, c.last.Pressure))
	}
}

func (c *Controller) clear(k alarm.Kind) {
	if c.alarms.Clear(k) {
		c.log(eventlog.Alarm, fmt.Sprintf("%v ended", k))
	}
}
