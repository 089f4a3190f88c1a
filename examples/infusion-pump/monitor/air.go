package monitor

import (
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

// Limits of air in the line.
const (
	MaxBubble = 50 * quantity.Microlitre
	MaxAir    = 1000 * quantity.Microlitre // in any AirWindow
	AirWindow = 15 * time.Minute
)

// airSlots is one more than the window has minutes, because the first slot is
// only partly within the window: the sum covers 15 to 16 minutes and so is
// never too small.
const airSlots = int64(AirWindow/time.Minute) + 1

// Air sums the air that passes the sensor: each bubble, and all of them in a
// sliding window. The zero value is ready.
type Air struct {
	bubble quantity.Volume
	slots  [airSlots]quantity.Volume // by minute
	minute int64                     // of the newest slot
}

// Observe takes the air seen since the last cycle. Air in successive cycles is
// one bubble.
//
// goldthread:implements SRS-14
func (a *Air) Observe(now time.Time, seen quantity.Volume) bool {
	a.advance(now.Unix() / 60)
	if seen == 0 {
		a.bubble = 0
	}
	a.bubble += seen
	a.slots[a.minute%airSlots] += seen
	var sum quantity.Volume
	for _, v := range a.slots {
		sum += v
	}
	return a.bubble >= MaxBubble || sum > MaxAir
}

// advance empties the slots of the minutes that have begun since.
func (a *Air) advance(minute int64) {
	if minute-a.minute >= airSlots {
		a.slots = [airSlots]quantity.Volume{}
		a.minute = minute
	}
	for a.minute < minute {
		a.minute++
		a.slots[a.minute%airSlots] = 0
	}
}
