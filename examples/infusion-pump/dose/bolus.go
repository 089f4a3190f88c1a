package dose

import (
	"errors"
	"fmt"
	"time"

	"github.com/goldthread/goldthread/examples/infusion-pump/druglib"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

// maxRemembered bounds the memory of Boluses. A history that is full refuses.
const maxRemembered = 64

// Boluses remembers what was granted in the last hour, whatever the drug, so
// that a new programme does not reset the limit. The zero value is ready.
// It counts what was granted, not what was delivered: a bolus that an alarm cut
// short still counts in full, which errs to the safe side.
type Boluses struct{ granted []grant }

type grant struct {
	at     time.Time
	volume quantity.Volume
}

// Grant allows a bolus of volume v at the time now and remembers it, or says
// which limit forbids it.
//
// goldthread:implements SRS-5, SRS-6
func (b *Boluses) Grant(now time.Time, v quantity.Volume, limits druglib.Bolus) error {
	if limits.Max == 0 {
		return errors.New("this drug allows no bolus")
	}
	if v <= 0 || v > limits.Max {
		return fmt.Errorf("the limit for one bolus is %v", limits.Max)
	}
	b.forget(now.Add(-time.Hour))
	sum := v
	for _, g := range b.granted {
		sum += g.volume
	}
	if sum > limits.MaxPerHour {
		return fmt.Errorf("with it %v were given within one hour, the limit is %v", sum, limits.MaxPerHour)
	}
	if len(b.granted) == maxRemembered {
		return fmt.Errorf("%d boluses were given within one hour: wait", maxRemembered)
	}
	b.granted = append(b.granted, grant{now, v})
	return nil
}

// forget drops what is older than since; a grant of exactly one hour ago counts.
func (b *Boluses) forget(since time.Time) {
	old := 0
	for old < len(b.granted) && b.granted[old].at.Before(since) {
		old++
	}
	b.granted = append(b.granted[:0], b.granted[old:]...)
}
