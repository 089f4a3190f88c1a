package sim

import (
	"fmt"
	"io"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/control"
	"github.com/goldthread/goldthread/examples/infusion-pump/druglib"
	"github.com/goldthread/goldthread/examples/infusion-pump/eventlog"
	"github.com/goldthread/goldthread/examples/infusion-pump/monitor"
	"github.com/goldthread/goldthread/examples/infusion-pump/watchdog"
)

// logCapacity is the number of events the pump keeps, as in the device.
const logCapacity = 2000

// Rig is a whole pump on the bench: the real controller, watchdog and log on a
// simulated plant.
type Rig struct {
	Plant    *Plant
	Pump     *control.Controller
	Watchdog *watchdog.Watchdog
	Log      *eventlog.Log
	ticks    int
}

// NewRig assembles a pump with a medium level of occlusion detection. Events
// are also written to sink. It is not switched on yet.
func NewRig(now time.Time, library *druglib.Library, sink io.Writer) (*Rig, error) {
	r := &Rig{Plant: NewPlant(now)}
	log, err := eventlog.New(logCapacity, medium{sink, &r.Plant.Faults})
	if err != nil {
		return nil, fmt.Errorf("assemble the pump: %w", err)
	}
	r.Log = log
	r.Watchdog = watchdog.New(r.Plant.Now, r.Plant)
	r.Pump = control.New(control.Parts{
		Now: r.Plant.Now, Sensors: r.Plant, Motor: r.Plant, Watchdog: r.Watchdog,
		Log: log, Library: library, Occlusion: monitor.Medium,
	})
	return r, nil
}

// Now is the simulated time.
func (r *Rig) Now() time.Time { return r.Plant.Now() }

// Run lets d of simulated time pass: fluid and watchdog every watchdog.Period,
// the control loop every control.Cycle.
func (r *Rig) Run(d time.Duration) {
	for end := r.Now().Add(d); r.Now().Before(end); {
		r.Plant.Advance(watchdog.Period)
		if r.Plant.Faults.Dead {
			continue
		}
		r.ticks++
		if r.ticks%int(control.Cycle/watchdog.Period) == 0 {
			r.cycle()
		}
		r.Watchdog.Supervise()
	}
}

func (r *Rig) cycle() {
	switch {
	case r.Plant.Faults.HungLoop:
	case r.Plant.Faults.SkipProtect:
		t := watchdog.Trail(r.Watchdog.Challenge())
		r.Watchdog.Feed(t.Pass(watchdog.Sense).Pass(watchdog.Account).Pass(watchdog.Drive))
	default:
		r.Pump.Step()
	}
}

// medium is the memory of the log, which can fail.
type medium struct {
	w      io.Writer
	faults *Faults
}

func (m medium) Write(p []byte) (int, error) {
	if m.faults.LogMedium != nil {
		return 0, m.faults.LogMedium
	}
	return m.w.Write(p)
}
