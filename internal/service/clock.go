package service

import (
	"fmt"
	"time"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

// What the clock may do without an operator's word. A clock that is set back a little is an adjustment, and the ledger's time
// stands still until it has caught up. One that is ahead by more than a year since the last entry is more likely wrong than the
// project forgotten, and could not be put right: the time of a ledger never decreases.
const (
	maxBack    = 5 * time.Minute
	maxForward = 366 * 24 * time.Hour
)

// stamp is the time of the next entry after one of the given time, zero for none. A larger jump needs the operator's word,
// which it then returns as a claim for the entry to keep.
//
// goldthread:implements SRS-88
func stamp(now, last time.Time, accepted bool) (time.Time, []record.Claim, error) {
	now = now.UTC().Truncate(time.Microsecond)
	if last.IsZero() {
		return now, nil, nil
	}
	jump := now.Sub(last)
	if jump >= -maxBack && jump <= maxForward {
		if jump < 0 {
			now = last
		}
		return now, nil, nil
	}
	if !accepted {
		return time.Time{}, nil, fault.Newf(fault.Conflict, "the clock says %s, and the newest entry is of %s: one of them is wrong", record.FormatTime(now), record.FormatTime(last)).
			WithHint("set the clock of this machine; if it is right, repeat the command with --accept-clock, which is kept with the entry")
	}
	word := []record.Claim{{What: "clock", Value: fmt.Sprintf("%s after an entry of %s", record.FormatTime(now), record.FormatTime(last)), Source: "operator"}}
	if jump < 0 {
		now = last
	}
	return now, word, nil
}
