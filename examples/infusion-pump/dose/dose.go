// Package dose judges what a user asks for against the limits of the drug
// library, before any of it reaches the motor. It decides and does nothing:
// asking for confirmation, refusing and logging are the controller's part.
package dose

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/examples/infusion-pump/druglib"
	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

// Order is a programme as entered: which drug, how fast, how much.
type Order struct {
	Drug string // name of a library entry
	Rate quantity.Rate
	VTBI quantity.Volume // volume to be infused
}

// Excess is one limit that an order exceeds.
type Excess struct {
	What         string // rate or volume to be infused
	Hard         bool
	Asked, Limit fmt.Stringer
}

func (e Excess) String() string {
	kind := "soft"
	if e.Hard {
		kind = "hard"
	}
	return fmt.Sprintf("%s %v is above the %s limit of %v", e.What, e.Asked, kind, e.Limit)
}

// Verdict is the judgement of an order; without excesses it may run.
type Verdict struct{ Excesses []Excess }

// Refused reports whether a hard limit is exceeded: nobody can confirm that.
func (v Verdict) Refused() bool {
	for _, e := range v.Excesses {
		if e.Hard {
			return true
		}
	}
	return false
}

// NeedsConfirmation reports whether soft limits, and only those, are exceeded.
func (v Verdict) NeedsConfirmation() bool { return len(v.Excesses) > 0 && !v.Refused() }

func (v Verdict) String() string {
	parts := make([]string, len(v.Excesses))
	for i, e := range v.Excesses {
		parts[i] = e.String()
	}
	return strings.Join(parts, "; ")
}

// Judge holds an order against the limits of its entry. Its error says that
// the order lies outside of what the pump can do at all.
//
// goldthread:implements SRS-3, SRS-4
func Judge(o Order, e druglib.Entry) (Verdict, error) {
	if err := inRange(o); err != nil {
		return Verdict{}, err
	}
	var v Verdict
	switch {
	case o.Rate > e.Rate.Hard:
		v.Excesses = append(v.Excesses, Excess{"rate", true, o.Rate, e.Rate.Hard})
	case o.Rate > e.Rate.Soft:
		v.Excesses = append(v.Excesses, Excess{"rate", false, o.Rate, e.Rate.Soft})
	}
	switch {
	case o.VTBI > e.VTBI.Hard:
		v.Excesses = append(v.Excesses, Excess{"volume to be infused", true, o.VTBI, e.VTBI.Hard})
	case o.VTBI > e.VTBI.Soft:
		v.Excesses = append(v.Excesses, Excess{"volume to be infused", false, o.VTBI, e.VTBI.Soft})
	}
	return v, nil
}

// goldthread:implements SRS-2
func inRange(o Order) error {
	var faults []error
	if o.Rate < druglib.MinRate || o.Rate > druglib.MaxRate {
		faults = append(faults, fmt.Errorf("rate %v is outside of %v to %v", o.Rate, druglib.MinRate, druglib.MaxRate))
	}
	if o.VTBI < druglib.MinVTBI || o.VTBI > druglib.MaxVTBI {
		faults = append(faults, fmt.Errorf("volume to be infused %v is outside of %v to %v", o.VTBI, druglib.MinVTBI, druglib.MaxVTBI))
	}
	return errors.Join(faults...)
}
