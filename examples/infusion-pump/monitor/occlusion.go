// Package monitor watches the measured values of the pump for conditions that
// must stop the infusion. Each monitor sees one value a control cycle and
// answers whether its condition holds; none of them touches the motor or raises
// an alarm. Memory is bounded, whatever the sensors say [62304 5.5.4].
package monitor

import (
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

// OcclusionHold is how long the pressure must stay at the limit: longer than
// the pulse of one pump stroke (80 ms at most), short against the rise of an occlusion.
const OcclusionHold = 200 * time.Millisecond

// Relieved is the pressure up to which an occlusion counts as released. What is
// still in the line then is a bolus of 0.2 mL at most (sets of up to 10 µL/kPa).
const Relieved = 20 * quantity.Kilopascal

// Occlusion tells a blocked line from the pulse of a pump stroke.
type Occlusion struct {
	limit quantity.Pressure
	over  bool
	since time.Time // start of the present excess
}

// NewOcclusion watches for pressures at or above limit.
func NewOcclusion(limit quantity.Pressure) *Occlusion { return &Occlusion{limit: limit} }

// Observe takes the pressure at the time now and reports whether it has been
// at or above the limit for the hold time.
//
// goldthread:implements SRS-12
func (o *Occlusion) Observe(now time.Time, p quantity.Pressure) bool {
	if p < o.limit {
		o.over = false
		return false
	}
	if !o.over {
		o.over, o.since = true, now
	}
	return now.Sub(o.since) >= OcclusionHold
}

// Level is the sensitivity that the user picks.
type Level uint8

// Levels of occlusion detection.
const (
	Low Level = iota
	Medium
	High
)

// Limit of a level. An unknown level gets the most sensitive limit.
//
// goldthread:implements SRS-13
func (l Level) Limit() quantity.Pressure {
	switch l {
	case High:
		return 120 * quantity.Kilopascal
	case Medium:
		return 80 * quantity.Kilopascal
	default:
		return 40 * quantity.Kilopascal
	}
}
