// Package quantity holds the physical quantities of the pump as whole numbers
// of a fixed unit, so that no result depends on floating point rounding and a
// volume cannot be added to a rate by mistake. It refuses nothing: ranges are
// judged by the packages that know what a quantity is for [62304 5.4.2].
package quantity

import (
	"fmt"
	"time"
)

// Volume is a volume of fluid in nanolitres.
type Volume int64

// Units of volume.
const (
	Nanolitre  Volume = 1
	Microlitre        = 1000 * Nanolitre
	Millilitre        = 1000 * Microlitre
)

// String gives millilitres with three decimals.
func (v Volume) String() string { return thousandths(int64(v)/1000) + " mL" }

// Rate is a flow in microlitres per hour.
type Rate int64

// MillilitrePerHour is the unit clinicians enter.
const MillilitrePerHour Rate = 1000

// String gives millilitres per hour with three decimals.
func (r Rate) String() string { return thousandths(int64(r)) + " mL/h" }

// Pressure is a pressure above ambient in pascals.
type Pressure int64

// Kilopascal is the unit of the occlusion limits; 1 kPa is 7.5 mmHg.
const Kilopascal Pressure = 1000

// String gives kilopascals with three decimals.
func (p Pressure) String() string { return thousandths(int64(p)) + " kPa" }

func thousandths(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%03d", sign, n/1000, n%1000)
}

// Bounds of one call of [Integrator.Add]; their product fits 64 bits.
const (
	maxRate = 2000 * MillilitrePerHour
	maxSpan = time.Hour
)

// unitsPerNanolitre is how many microlitres per hour times nanoseconds make one
// nanolitre: 3600e9 ns/h divided by 1000 nL/µL.
const unitsPerNanolitre = 3_600_000_000

// Integrator turns a rate held for a time into whole nanolitres and keeps the
// remainder for the next call: at 0.1 mL/h one control cycle of 50 ms is
// 1.4 nL, and dropping the fraction would lose a quarter of the dose.
type Integrator struct{ rest int64 }

// Add returns the volume that rate delivers in span. A rate or span outside of
// zero to 2000 mL/h and zero to one hour is taken as the nearest bound.
func (i *Integrator) Add(rate Rate, span time.Duration) Volume {
	rate = min(max(rate, 0), maxRate)
	span = min(max(span, 0), maxSpan)
	sum := int64(rate)*int64(span) + i.rest
	i.rest = sum % unitsPerNanolitre
	return Volume(sum / unitsPerNanolitre)
}
