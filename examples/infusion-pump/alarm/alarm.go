// Package alarm keeps the alarms that are active, orders them by priority and
// says whether the sounder is on. It does not decide what is an alarm and
// stops nothing; an alarm it holds disappears only by Clear.
package alarm

import (
	"slices"
	"time"
)

// Priority of an alarm after IEC 60601-1-8.
type Priority uint8

// Priorities; a high one needs an answer at once and stops the infusion.
const (
	LowPriority Priority = iota + 1
	MediumPriority
	HighPriority
)

func (p Priority) String() string {
	switch p {
	case LowPriority:
		return "low"
	case MediumPriority:
		return "medium"
	case HighPriority:
		return "high"
	default:
		return "unknown priority"
	}
}

// Kind of alarm.
type Kind uint8

// Kinds of alarm. The order within a priority is the order of display.
const (
	InternalFault Kind = iota + 1
	FlowDeviation
	AirInLine
	Occlusion
	BatteryEmpty
	InfusionComplete
	LogFailure
	BatteryLow
	PausedTooLong
)

// Kinds returns every kind, in the order of display.
func Kinds() []Kind {
	return []Kind{InternalFault, FlowDeviation, AirInLine, Occlusion, BatteryEmpty,
		InfusionComplete, LogFailure, BatteryLow, PausedTooLong}
}

// Priority of the kind. An unknown kind is a fault of the software and high.
//
// goldthread:implements SRS-18
func (k Kind) Priority() Priority {
	switch k {
	case InfusionComplete, LogFailure:
		return MediumPriority
	case BatteryLow, PausedTooLong:
		return LowPriority
	default:
		return HighPriority
	}
}

func (k Kind) String() string {
	switch k {
	case InternalFault:
		return "internal fault"
	case FlowDeviation:
		return "flow deviation"
	case AirInLine:
		return "air in line"
	case Occlusion:
		return "occlusion"
	case BatteryEmpty:
		return "battery empty"
	case InfusionComplete:
		return "infusion complete"
	case LogFailure:
		return "event log failure"
	case BatteryLow:
		return "battery low"
	case PausedTooLong:
		return "paused too long"
	default:
		return "unknown alarm"
	}
}

// MaxAudioPause is the longest silence of the sounder.
const MaxAudioPause = 120 * time.Second

// Board holds the active alarms. The zero value is ready.
type Board struct {
	active     []Kind
	pauseUntil time.Time
}

// Raise makes an alarm active and reports whether it was not so before. A new
// alarm ends an audio pause: the pause was given for the alarms seen then.
func (b *Board) Raise(k Kind) bool {
	if slices.Contains(b.active, k) {
		return false
	}
	b.active = append(b.active, k)
	slices.SortFunc(b.active, func(x, y Kind) int {
		if p := int(y.Priority()) - int(x.Priority()); p != 0 {
			return p
		}
		return int(x) - int(y)
	})
	b.pauseUntil = time.Time{}
	return true
}

// Clear ends an alarm and reports whether it was active.
func (b *Board) Clear(k Kind) bool {
	i := slices.Index(b.active, k)
	if i < 0 {
		return false
	}
	b.active = slices.Delete(b.active, i, i+1)
	return true
}

// Active returns the active alarms, the most urgent first.
func (b *Board) Active() []Kind { return slices.Clone(b.active) }

// Stopping reports whether an active alarm forbids to infuse.
func (b *Board) Stopping() bool {
	return len(b.active) > 0 && b.active[0].Priority() == HighPriority
}

// PauseAudio silences the sounder for MaxAudioPause; the alarms stay visible.
//
// goldthread:implements SRS-19
func (b *Board) PauseAudio(now time.Time) { b.pauseUntil = now.Add(MaxAudioPause) }

// Sounding reports whether the sounder is on.
func (b *Board) Sounding(now time.Time) bool {
	return len(b.active) > 0 && !now.Before(b.pauseUntil)
}
