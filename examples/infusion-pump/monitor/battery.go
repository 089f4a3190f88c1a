package monitor

import "time"

// Charge is how the battery stands.
type Charge uint8

// Charges, from good to bad.
const (
	ChargeGood Charge = iota
	ChargeLow
	ChargeEmpty
)

// Bounds of remaining running time.
const (
	BatteryLow   = 30 * time.Minute
	BatteryEmpty = 3 * time.Minute
)

// Battery judges the remaining running time; on mains it is always good.
//
// goldthread:implements SRS-16
func Battery(left time.Duration, mains bool) Charge {
	switch {
	case mains:
		return ChargeGood
	case left <= BatteryEmpty:
		return ChargeEmpty
	case left <= BatteryLow:
		return ChargeLow
	default:
		return ChargeGood
	}
}
