//go:build unix

package wording

import (
	"maps"
	"slices"
	"syscall"
	"testing"
	"time"
)

// TestHostile holds that eight times the text takes nowhere near sixty-four times the time, for each of the hostile texts. Forty times is
// allowed, for the caches and the collector, which a short text is spared. Time is that of the processor: a busy machine is no fault of ours.
func TestHostile(t *testing.T) {
	small, large := hostile(2_000), hostile(16_000)
	for _, name := range slices.Sorted(maps.Keys(large)) {
		least := [2]time.Duration{1<<63 - 1, 1<<63 - 1} // of several
		steep := true
		for try := 0; steep && try < 5; try++ {
			for i, text := range []string{small[name], large[name]} {
				start := spent(t)
				Check("", text, Options{})
				least[i] = min(least[i], spent(t)-start)
			}
			steep = least[1] >= 40*max(least[0], time.Millisecond/2)
		}
		if steep {
			t.Errorf("%s: %v for eight times the text of %v", name, least[1], least[0])
		}
	}
}

// spent is the time of the processor that this process has used.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
