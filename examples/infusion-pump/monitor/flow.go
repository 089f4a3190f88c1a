package monitor

import (
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

// Windows of flow supervision: the short one finds a runaway at once, the long
// one a drift at low rates.
const (
	ShortWindow = 10 * time.Second
	LongWindow  = 15 * time.Minute
)

// Tolerance of delivered against commanded volume in a window: a fixed part
// above the 17 µL of one late cycle at the highest rate, and a relative part.
const (
	flowSlack   = 20 * quantity.Microlitre
	flowPercent = 10
)

// Flow compares what the encoder says with what was commanded.
type Flow struct {
	window              time.Duration
	start               time.Time
	begun               bool
	expected, delivered quantity.Volume
}

// NewFlow supervises windows of that length.
func NewFlow(window time.Duration) *Flow { return &Flow{window: window} }

// Observe takes the volumes expected and delivered since the last cycle and
// reports a deviation: too much at once, too little at the end of a window.
//
// goldthread:implements SRS-15
func (f *Flow) Observe(now time.Time, expected, delivered quantity.Volume) bool {
	if !f.begun {
		f.begun, f.start = true, now
	}
	f.expected += expected
	f.delivered += delivered
	tolerance := flowSlack + f.expected*flowPercent/100
	difference := f.delivered - f.expected
	full := now.Sub(f.start) >= f.window
	if full {
		f.start, f.expected, f.delivered = now, 0, 0
	}
	return difference > tolerance || full && difference < -tolerance
}
