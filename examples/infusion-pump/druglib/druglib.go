// Package druglib reads the drug library: which drugs in which concentration
// the ward may infuse, and within which limits [62304 5.2.2].
//
// A library file is a seal, a version and a line an entry:
//
//	druglib v1 sha256:<64 hex digits, SHA-256 of all that follows this line>
//	version 2026-03
//	Heparin | 50 IU/mL | 40000 80000 | 250000 500000 | 600000 2000 5000
//
// An entry is drug, concentration, soft and hard limit of the rate, soft and
// hard limit of the volume to be infused, and of the bolus its rate and the
// most of one and in an hour (three zeros: no bolus). Rates are microlitres per
// hour, volumes microlitres. The package refuses the whole library when anything
// in it is wrong, and names every fault: half a library would hide a drug or a
// limit. The checksum finds corruption; it does not prove who made the file.
package druglib

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

const (
	seal       = "druglib v1 sha256:"
	maxSize    = 1 << 20
	maxEntries = 2000
)

// The range of the pump itself, whatever a library says.
const (
	MinRate = quantity.MillilitrePerHour / 10
	MaxRate = 1200 * quantity.MillilitrePerHour
	MinVTBI = quantity.Millilitre / 10
	MaxVTBI = 9999 * quantity.Millilitre
)

// Limits are upper limits: above Soft the user must confirm, above Hard the
// pump refuses.
type Limits[Q quantity.Rate | quantity.Volume] struct{ Soft, Hard Q }

// Bolus limits; an entry that allows no bolus has zeros.
type Bolus struct {
	Rate       quantity.Rate
	Max        quantity.Volume // of one bolus
	MaxPerHour quantity.Volume // in any 60 minutes
}

// Entry is one drug in one concentration.
type Entry struct {
	Drug, Concentration string
	Rate                Limits[quantity.Rate]
	VTBI                Limits[quantity.Volume]
	Bolus               Bolus
}

// Name is what the display shows and the user picks.
func (e Entry) Name() string { return e.Drug + " " + e.Concentration }

// Library is immutable and safe for concurrent use.
type Library struct {
	version string
	entries map[string]Entry
}

// Version of the library, shown at start-up.
func (l *Library) Version() string { return l.version }

// Find returns the entry with that name.
//
// goldthread:implements SRS-1
func (l *Library) Find(name string) (Entry, error) {
	e, ok := l.entries[name]
	if !ok {
		return Entry{}, fmt.Errorf("drug %q is not in library %s: choose a drug of the list", name, l.version)
	}
	return e, nil
}

// Seal puts the checksum before the body of a library.
func Seal(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append([]byte(seal+hex.EncodeToString(sum[:])+"\n"), body...)
}

// Load reads a sealed library and refuses it whole on any fault.
//
// goldthread:implements SRS-7
func Load(data []byte) (*Library, error) {
	if len(data) > maxSize {
		return nil, fmt.Errorf("drug library has %d bytes, more than %d", len(data), maxSize)
	}
	line, body, _ := bytes.Cut(data, []byte("\n"))
	want, found := bytes.CutPrefix(line, []byte(seal))
	if !found {
		return nil, fmt.Errorf("drug library does not begin with %q", seal)
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != string(want) {
		return nil, errors.New("drug library is damaged, its checksum does not fit: load it again")
	}
	return parse(string(body))
}

func parse(body string) (*Library, error) {
	head, rest, _ := strings.Cut(body, "\n")
	version, found := strings.CutPrefix(head, "version ")
	if !found || strings.TrimSpace(version) == "" {
		return nil, errors.New("drug library line 2: want its version")
	}
	l := &Library{version: version, entries: map[string]Entry{}}
	var faults []error
	for i, line := range strings.Split(strings.TrimSuffix(rest, "\n"), "\n") {
		if err := l.add(line); err != nil {
			faults = append(faults, fmt.Errorf("drug library line %d: %w", i+3, err))
		}
	}
	if len(l.entries) > maxEntries {
		faults = append(faults, fmt.Errorf("drug library has more than %d entries", maxEntries))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Library) add(line string) error {
	e, err := parseEntry(line)
	if err != nil {
		return err
	}
	if err := e.check(); err != nil {
		return fmt.Errorf("%s: %w", e.Name(), err)
	}
	if _, twice := l.entries[e.Name()]; twice {
		return fmt.Errorf("%s is in the library twice", e.Name())
	}
	l.entries[e.Name()] = e
	return nil
}

func parseEntry(line string) (Entry, error) {
	f := strings.Split(line, "|")
	if len(f) != 5 {
		return Entry{}, errors.New("want drug | concentration | rate limits | volume limits | bolus limits")
	}
	var n [7]int64
	words := strings.Fields(strings.Join(f[2:], " | "))
	if len(words) != len(n)+2 || words[2] != "|" || words[5] != "|" {
		return Entry{}, errors.New("want two numbers for the rate, two for the volume, three for the bolus")
	}
	words = append(append(words[:2:2], words[3:5]...), words[6:]...)
	for i, w := range words {
		var err error
		if n[i], err = strconv.ParseInt(w, 10, 32); err != nil || n[i] < 0 {
			return Entry{}, fmt.Errorf("%q is not a whole number of microlitres or microlitres per hour", w)
		}
	}
	volume := func(i int) quantity.Volume { return quantity.Volume(n[i]) * quantity.Microlitre }
	return Entry{
		Drug:          strings.TrimSpace(f[0]),
		Concentration: strings.TrimSpace(f[1]),
		Rate:          Limits[quantity.Rate]{Soft: quantity.Rate(n[0]), Hard: quantity.Rate(n[1])},
		VTBI:          Limits[quantity.Volume]{Soft: volume(2), Hard: volume(3)},
		Bolus:         Bolus{Rate: quantity.Rate(n[4]), Max: volume(5), MaxPerHour: volume(6)},
	}, nil
}

func (e Entry) check() error {
	b := e.Bolus
	none := b == Bolus{}
	switch {
	case e.Drug == "" || e.Concentration == "":
		return errors.New("drug and concentration must be named")
	case e.Rate.Soft < MinRate || e.Rate.Hard < e.Rate.Soft || e.Rate.Hard > MaxRate:
		return fmt.Errorf("rate: want %v <= soft <= hard <= %v", MinRate, MaxRate)
	case e.VTBI.Soft < MinVTBI || e.VTBI.Hard < e.VTBI.Soft || e.VTBI.Hard > MaxVTBI:
		return fmt.Errorf("volume to be infused: want %v <= soft <= hard <= %v", MinVTBI, MaxVTBI)
	case !none && (b.Rate < MinRate || b.Rate > MaxRate):
		return fmt.Errorf("rate of the bolus: want %v to %v", MinRate, MaxRate)
	case !none && (b.Max <= 0 || b.MaxPerHour < b.Max || b.MaxPerHour > MaxVTBI):
		return fmt.Errorf("bolus: want 0 < most of one <= most in an hour <= %v", MaxVTBI)
	}
	return nil
}
