package druglib

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/examples/infusion-pump/quantity"
)

const valid = "version 7\n" +
	"Heparin | 50 IU/mL | 40000 80000 | 250000 500000 | 600000 2000 5000\n" +
	"Noradrenaline | 80 ug/mL | 15000 40000 | 250000 500000 | 0 0 0\n"

// goldthread:verifies SRS-1, SWU-1
// goldthread:part-of TC-19
func TestFindKnowsOnlyTheLibrary(t *testing.T) {
	lib, err := Load(Seal([]byte(valid)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := lib.Find("Heparin 50 IU/mL")
	want := Entry{
		Drug: "Heparin", Concentration: "50 IU/mL",
		Rate:  Limits[quantity.Rate]{Soft: 40 * quantity.MillilitrePerHour, Hard: 80 * quantity.MillilitrePerHour},
		VTBI:  Limits[quantity.Volume]{Soft: 250 * quantity.Millilitre, Hard: 500 * quantity.Millilitre},
		Bolus: Bolus{Rate: 600 * quantity.MillilitrePerHour, Max: 2 * quantity.Millilitre, MaxPerHour: 5 * quantity.Millilitre},
	}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for _, name := range []string{"", "Heparin", "heparin 50 IU/mL", "Heparin 500 IU/mL"} {
		if _, err := lib.Find(name); err == nil {
			t.Errorf("found %q, which is not in the library", name)
		}
	}
}

// goldthread:verifies SRS-7, SWU-1
// goldthread:part-of TC-19
func TestLoadRefusesTheWholeLibrary(t *testing.T) {
	for _, c := range []struct {
		why, old, new string
		want          []string
	}{
		{"an entry twice", "Noradrenaline | 80 ug/mL", "Heparin | 50 IU/mL", []string{"line 4: Heparin 50 IU/mL is in the library twice"}},
		{"a hard limit below the soft one", "40000 80000", "40000 39999", []string{"line 3: Heparin 50 IU/mL: rate"}},
		{"a rate that the pump cannot do", "40000 80000", "40000 1200001", []string{"line 3", "1200.000 mL/h"}},
		{"a soft limit of nothing", "40000 80000", "0 80000", []string{"line 3", "rate"}},
		{"a volume that the pump cannot do", "250000 500000 | 6", "250000 9999001 | 6", []string{"line 3", "9999.000 mL"}},
		{"a bolus above its limit in an hour", "2000 5000", "5001 5000", []string{"line 3", "bolus"}},
		{"a bolus without a rate", "600000 2000", "0 2000", []string{"line 3", "rate of the bolus"}},
		{"a limit that is missing", "40000 80000", "80000", []string{"line 3: want two numbers"}},
		{"a negative limit", "40000 80000", "-1 80000", []string{`line 3: "-1"`}},
		{"a fraction", "40000 80000", "40000 80000.5", []string{`"80000.5" is not a whole number`}},
		{"a limit beyond 32 bits", "40000 80000", "40000 80000000000", []string{"is not a whole number"}},
		{"a field too many", "5000\n", "5000 | 1\n", []string{"line 3: want drug"}},
		{"no name", "Heparin |", " |", []string{"line 3", "must be named"}},
		{"no version", "version 7", "version  ", []string{"line 2"}},
		{"an empty line at the end", "0 0 0\n", "0 0 0\n\n", []string{"line 5"}},
		{"two faults at once", "|", "/", []string{"line 3", "line 4"}},
	} {
		body := strings.Replace(valid, c.old, c.new, 1)
		if c.why == "two faults at once" {
			body = strings.ReplaceAll(valid, c.old, c.new)
		}
		lib, err := Load(Seal([]byte(body)))
		if err == nil || lib != nil {
			t.Errorf("%s: was taken", c.why)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: message %q does not say %q", c.why, err, w)
			}
		}
	}
}

// goldthread:verifies SRS-7, SWU-1
// goldthread:part-of TC-19
func TestLoadFindsEveryDamagedBit(t *testing.T) {
	sealed := Seal([]byte(valid))
	for i := range sealed {
		for bit := range 8 {
			damaged := append([]byte(nil), sealed...)
			damaged[i] ^= 1 << bit
			if _, err := Load(damaged); err == nil {
				t.Fatalf("bit %d of byte %d changed, and the library was taken", bit, i)
			}
		}
	}
	if _, err := Load(make([]byte, maxSize+1)); err == nil {
		t.Error("a library above the size limit was taken")
	}
}

// goldthread:verifies SRS-7, SWU-1
// goldthread:part-of TC-19
func TestLoadBoundsTheNumberOfEntries(t *testing.T) {
	body := []byte("version 7\n")
	for i := range maxEntries {
		body = fmt.Appendf(body, "Drug %d | 1 %% | 100 100 | 100 100 | 0 0 0\n", i)
	}
	if _, err := Load(Seal(body)); err != nil {
		t.Errorf("the largest library was refused: %v", err)
	}
	body = append(body, "One more | 1 % | 100 100 | 100 100 | 0 0 0\n"...)
	if _, err := Load(Seal(body)); err == nil {
		t.Error("a library with one entry too many was taken")
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(valid)
	f.Add("version 1\n|||||\n")
	f.Fuzz(func(t *testing.T, body string) {
		lib, err := Load(Seal([]byte(body)))
		if err != nil {
			return
		}
		for name, e := range lib.entries {
			if e.Rate.Hard > MaxRate || e.Rate.Soft > e.Rate.Hard || e.VTBI.Hard > MaxVTBI || e.Bolus.Max > e.Bolus.MaxPerHour {
				t.Errorf("%s: limits %+v were taken", name, e)
			}
		}
	})
}
