package alarm

import (
	"slices"
	"testing"
	"time"
)

func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

// goldthread:verifies SRS-18, SWU-11
// goldthread:part-of TC-21
func TestEveryKindHasItsPriority(t *testing.T) {
	want := map[Kind]Priority{
		InternalFault: HighPriority, FlowDeviation: HighPriority, AirInLine: HighPriority, Occlusion: HighPriority,
		BatteryEmpty: HighPriority, InfusionComplete: MediumPriority, LogFailure: MediumPriority,
		BatteryLow: LowPriority, PausedTooLong: LowPriority,
	}
	for _, k := range Kinds() {
		if got := k.Priority(); got != want[k] {
			t.Errorf("%v: priority %v, want %v", k, got, want[k])
		}
	}
	if len(Kinds()) != len(want) {
		t.Errorf("%d kinds, the table has %d", len(Kinds()), len(want))
	}
	if got := Kind(200).Priority(); got != HighPriority {
		t.Errorf("an unknown kind has priority %v, want high", got)
	}
}

// goldthread:verifies SRS-18, SWU-11
// goldthread:part-of TC-21
func TestTheMostUrgentIsFirstInAnyOrderOfRaising(t *testing.T) {
	want := Kinds()
	for shift := range want {
		var b Board
		for i := range want {
			b.Raise(want[(i*7+shift)%len(want)])
		}
		if got := b.Active(); !slices.Equal(got, want) {
			t.Errorf("raised from %d: shown as %v, want %v", shift, got, want)
		}
	}
}

// goldthread:verifies SRS-18, SWU-11
// goldthread:part-of TC-21
func TestOnlyHighAlarmsStop(t *testing.T) {
	for _, k := range Kinds() {
		var b Board
		b.Raise(k)
		if got, want := b.Stopping(), k.Priority() == HighPriority; got != want {
			t.Errorf("%v: stops %t, want %t", k, got, want)
		}
		if b.Raise(k) {
			t.Errorf("%v: was new twice", k)
		}
		if !b.Clear(k) || b.Clear(k) || b.Stopping() {
			t.Errorf("%v: did not clear once", k)
		}
	}
}

// goldthread:verifies SRS-19, SWU-11
// goldthread:part-of TC-21
func TestAudioPause(t *testing.T) {
	var b Board
	if b.Sounding(noon()) {
		t.Error("sounds without an alarm")
	}
	b.Raise(BatteryLow)
	b.PauseAudio(noon())
	for _, c := range []struct {
		why   string
		after time.Duration
		want  bool
	}{
		{"silent at once", 0, false},
		{"silent for 120 s", 120*time.Second - 1, false},
		{"sounds again after 120 s", 120 * time.Second, true},
	} {
		if got := b.Sounding(noon().Add(c.after)); got != c.want {
			t.Errorf("%s: sounding %t", c.why, got)
		}
	}
	b.PauseAudio(noon())
	b.Raise(BatteryLow)
	if b.Sounding(noon()) {
		t.Error("an alarm that was active already ended the pause")
	}
	b.Raise(Occlusion)
	if !b.Sounding(noon()) {
		t.Error("a new alarm did not end the pause")
	}
}
