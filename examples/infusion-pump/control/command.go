package control

import (
	"errors"
	"fmt"
	"slices"

	"github.com/goldthread/goldthread/examples/infusion-pump/alarm"
	"github.com/goldthread/goldthread/examples/infusion-pump/dose"
	"github.com/goldthread/goldthread/examples/infusion-pump/eventlog"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

// ErrNeedsConfirmation is wrapped by the answer to an order above a soft limit.
var ErrNeedsConfirmation = errors.New("confirm to go on")

// Program enters an order. An order above a soft limit needs confirmed, which
// the user interface sets only after it has shown the excess of that order.
//
// goldthread:implements SRS-1, SRS-4
func (c *Controller) Program(o dose.Order, confirmed bool) error {
	return c.command(fmt.Sprintf("programme %s, %v, %v", o.Drug, o.Rate, o.VTBI), func() error {
		if c.state != Idle {
			return fmt.Errorf("a programme cannot be entered while the pump is %v", c.state)
		}
		entry, err := c.Library.Find(o.Drug)
		if err != nil {
			return err
		}
		verdict, err := dose.Judge(o, entry)
		switch {
		case err != nil:
			return err
		case verdict.Refused():
			return errors.New(verdict.String())
		case verdict.NeedsConfirmation() && !confirmed:
			return fmt.Errorf("%v: %w", verdict, ErrNeedsConfirmation)
		case verdict.NeedsConfirmation():
			c.log(eventlog.Command, "user confirmed: "+verdict.String())
		}
		c.entry, c.order, c.delivered, c.bolusLeft = entry, o, 0, 0
		return nil
	})
}

// Prime fills the line, with the patient disconnected.
func (c *Controller) Prime() error {
	return c.command("prime", func() error {
		if err := c.ready(); err != nil {
			return err
		}
		c.primed = 0
		return c.change(prime)
	})
}

// Start begins the programmed infusion.
//
// goldthread:implements SRS-9
func (c *Controller) Start() error {
	return c.command("start", func() error {
		if c.order == (dose.Order{}) {
			return errors.New("there is no programme: enter one first")
		}
		if err := c.ready(); err != nil {
			return err
		}
		if err := c.change(start); err != nil {
			return err
		}
		c.begun = true
		return nil
	})
}

// Resume goes on after a pause or an acknowledged alarm.
func (c *Controller) Resume() error {
	return c.command("resume", func() error {
		if err := c.ready(); err != nil {
			return err
		}
		return c.change(resume)
	})
}

// ready reports why the motor may not start. A cause that stands without an
// active alarm, an empty battery say, trips in the next cycle.
//
// goldthread:implements SRS-28, SRS-30
func (c *Controller) ready() error {
	switch {
	case !c.tested:
		return errors.New("the self-test has not passed: switch the pump off and on")
	case !c.Watchdog.Armed():
		return errors.New("the watchdog does not supervise: switch the pump off and on")
	}
	if err := c.logWorks(); err != nil {
		return fmt.Errorf("the event log fails, call service: %w", err)
	}
	return nil
}

// logWorks verifies the log and tries it again after a failure.
func (c *Controller) logWorks() error {
	if err := c.Log.Verify(); err != nil {
		return err
	}
	if !slices.Contains(c.alarms.Active(), alarm.LogFailure) {
		return nil
	}
	if err := c.Log.Append(c.Now(), eventlog.Power, "event log tried again"); err != nil {
		return err
	}
	c.clear(alarm.LogFailure)
	return nil
}

// Bolus gives volume at the bolus rate of the drug, as part of the programme.
//
// goldthread:implements SRS-5
func (c *Controller) Bolus(volume quantity.Volume) error {
	return c.command(fmt.Sprintf("bolus %v", volume), func() error {
		switch {
		case c.state != Infusing:
			return fmt.Errorf("a bolus is not possible while the pump is %v", c.state)
		case c.bolusLeft > 0:
			return errors.New("a bolus is running")
		case volume > c.order.VTBI-c.delivered:
			return fmt.Errorf("only %v remain", c.order.VTBI-c.delivered)
		}
		if err := c.boluses.Grant(c.Now(), volume, c.entry.Bolus); err != nil {
			return err
		}
		c.bolusLeft = volume
		return nil
	})
}

// Pause stops the motor for a while; a bolus that was running is given up.
func (c *Controller) Pause() error {
	return c.command("pause", func() error { return c.halt(pause) })
}

// Stop ends the infusion, or the priming.
func (c *Controller) Stop() error {
	return c.command("stop", func() error { return c.halt(stop) })
}

// Renew leaves the ended infusion for a new programme.
func (c *Controller) Renew() error {
	return c.command("new programme", func() error {
		if err := c.change(renew); err != nil {
			return err
		}
		c.forget()
		return nil
	})
}

// Acknowledge leaves the alarm once its causes are gone: for a pause where an
// infusion was under way, else for a new programme.
//
// goldthread:implements SRS-20
func (c *Controller) Acknowledge() error {
	return c.command("acknowledge", func() error {
		if c.state != Alarm {
			return fmt.Errorf("there is nothing to acknowledge while the pump is %v", c.state)
		}
		for _, k := range c.alarms.Active() {
			if k.Priority() == alarm.HighPriority && c.stands(k) {
				return fmt.Errorf("%v still stands: remove its cause first", k)
			}
		}
		for _, k := range c.alarms.Active() {
			if k.Priority() == alarm.HighPriority {
				c.clear(k)
				c.monitors.restart(k)
			}
		}
		if c.begun {
			c.pausedSince = c.Now()
			return c.change(acknowledge)
		}
		c.forget()
		return c.change(dismiss)
	})
}

// forget drops the programme.
func (c *Controller) forget() {
	c.order, c.delivered = dose.Order{}, 0
	c.clear(alarm.InfusionComplete)
}

// PauseAudio silences the sounder for a while.
func (c *Controller) PauseAudio() {
	c.alarms.PauseAudio(c.Now())
	c.log(eventlog.Command, "audio pause")
}

// halt stops the motor at once, not in the next cycle.
func (c *Controller) halt(on event) error {
	if err := c.change(on); err != nil {
		return err
	}
	c.begun = c.begun && on == pause
	c.pausedSince = c.Now()
	c.bolusLeft = 0
	c.drive(0)
	return nil
}

// command runs one command of the user and logs what came of it.
//
// goldthread:implements SRS-25
func (c *Controller) command(what string, do func() error) error {
	if err := do(); err != nil {
		c.log(eventlog.Command, what+" refused: "+err.Error())
		return fmt.Errorf("%s: %w", what, err)
	}
	c.log(eventlog.Command, what)
	return nil
}
