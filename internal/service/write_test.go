package service_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/service"
)

func local() service.Command {
	return service.Command{Project: "pump", Actor: service.LocalActor, Channel: "test", Reason: "a test"}
}

// withPump is a service with one project, at the given times, one an entry.
func withPump(t *testing.T, now func() time.Time, more ...record.Operation) *service.Service {
	t.Helper()
	s := openAt(t, t.TempDir(), now)
	cmd := takeIn(picture)
	cmd.Operations = append(cmd.Operations, more...)
	if err := s.TakeIn(t.Context(), cmd); err != nil {
		t.Fatal(err)
	}
	return s
}

// Commands of many writers at once are all done, each once, each with its own entry, in an order without gaps.
//
// goldthread:verifies SRS-61
// goldthread:verifies SRS-89
func TestManyWritersAtOnce(t *testing.T) {
	s := withPump(t, noon)
	const writers, each = 16, 12
	entries := make([][]int64, writers)
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for n := range each {
				cmd := local()
				cmd.Idempotency = fmt.Sprintf("baseline %d of %d", n, w)
				r, err := s.Baseline(context.WithoutCancel(t.Context()), cmd, fmt.Sprintf("w%d.%d", w, n), "")
				if err != nil {
					t.Error(err)
				}
				entries[w] = append(entries[w], r.Entry)
			}
		})
	}
	wait.Wait()
	all := slices.Sorted(slices.Values(slices.Concat(entries...)))
	for i, e := range all {
		if e != int64(i)+2 {
			t.Fatalf("entries %v: want 2 to %d, each once", all, 1+writers*each)
		}
	}
	p, err := s.Project(t.Context(), "pump")
	if err != nil || len(p.Snapshot.Baselines()) != writers*each {
		t.Errorf("%d baselines, %v", len(p.Snapshot.Baselines()), err)
	}
}

// Of those that ask for the same, one is served and the others are told so; nobody else suffers.
func TestARefusalStandsAlone(t *testing.T) {
	s := withPump(t, noon)
	var wait sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wait.Go(func() { _, errs[i] = s.Baseline(context.WithoutCancel(t.Context()), local(), "1.0", "") })
		wait.Go(func() {
			if _, err := s.Baseline(context.WithoutCancel(t.Context()), local(), fmt.Sprintf("other.%d", i), ""); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, fault.Conflict):
			t.Errorf("%v, want a conflict", err)
		}
	}
	if done != 1 {
		t.Errorf("%d baselines of one name were made", done)
	}
}

// goldthread:verifies SRS-89
func TestARetryHasTheFirstAnswer(t *testing.T) {
	dir := t.TempDir()
	cmd := local()
	cmd.Idempotency = "once"
	var first service.Receipt
	t.Run("first", func(t *testing.T) {
		s := openAt(t, dir, noon)
		if err := s.TakeIn(t.Context(), takeIn(picture)); err != nil {
			t.Fatal(err)
		}
		var err error
		if first, err = s.Baseline(t.Context(), cmd, "1.0", ""); err != nil || first.Repeated || first.Entry != 2 {
			t.Fatalf("%+v, %v", first, err)
		}
		if _, err := s.Baseline(t.Context(), local(), "1.1", ""); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("again, after the answer was lost", func(t *testing.T) {
		s := openAt(t, dir, noon)
		again, err := s.Baseline(t.Context(), cmd, "1.0", "")
		if err != nil || !again.Repeated || again.Entry != first.Entry {
			t.Errorf("%+v, %v: want entry %d again", again, err, first.Entry)
		}
		if p, _ := s.Project(t.Context(), "pump"); p.Snapshot.Entry() != 3 {
			t.Errorf("the ledger is at entry %d, want 3", p.Snapshot.Entry())
		}
	})
}

// goldthread:verifies SRS-88
func TestTheClockJumps(t *testing.T) {
	begin := noon()
	for _, tt := range []struct {
		sentence string
		jump     time.Duration
		accept   bool
		want     time.Duration // of the entry after the begin; -1 for a refusal
	}{
		{"a second later", time.Second, false, time.Second},
		{"set back a little: time stands still", -4 * time.Minute, false, 0},
		{"set back an hour", -time.Hour, false, -1},
		{"an hour back, and the operator says so", -time.Hour, true, 0},
		{"eleven months later", 335 * 24 * time.Hour, false, 335 * 24 * time.Hour},
		{"eighty years later", 80 * 365 * 24 * time.Hour, false, -1},
		{"eighty years later, and the operator says so", 80 * 365 * 24 * time.Hour, true, 80 * 365 * 24 * time.Hour},
		{"eighty years back", -80 * 365 * 24 * time.Hour, false, -1},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			now := begin
			s := withPump(t, func() time.Time { return now })
			now = begin.Add(tt.jump)
			cmd := local()
			cmd.AcceptClock = tt.accept
			r, err := s.Baseline(t.Context(), cmd, "1.0", "")
			if tt.want < 0 {
				if !errors.Is(err, fault.Conflict) || !strings.Contains(fault.Hint(err), "--accept-clock") {
					t.Errorf("%v, hint %q: want a conflict and the way out", err, fault.Hint(err))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			e, err := s.Entry(t.Context(), "pump", r.Entry)
			if err != nil || !e.Change.Time.Equal(begin.Add(tt.want)) {
				t.Errorf("entry of %v, %v: want %v", e.Change.Time, err, begin.Add(tt.want))
			}
			if word := len(e.Change.Claimed) > 0; word != tt.accept {
				t.Errorf("the operator's word is kept: %v, want %v", word, tt.accept)
			}
		})
	}
}

// goldthread:verifies SRS-90
func TestMomentsThatPeopleName(t *testing.T) {
	now := noon()
	s := withPump(t, func() time.Time { return now })
	for i, name := range []string{"1.0", "1.1"} {
		now = noon().Add(time.Duration(i+1) * 24 * time.Hour)
		if _, err := s.Baseline(t.Context(), local(), name, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		at   string
		want int64 // -1 for none
	}{
		{"", 3}, {"1.0", 2}, {"1.1", 3}, {"2", 2}, {"4", -1}, {"0", -1}, {"2.0", -1},
		{"2026-11-25", 1}, {"2026-11-26T11:59", 1}, {"2026-11-26T12:00", 2}, {"2026-11-26T13:00:00+01:00", 2}, {"2026-11-26", 2}, {"2030-01-01", 3}, {"2026-11-24", -1}, {"yesterday", -1},
	} {
		got, err := s.Moment(t.Context(), "pump", record.Main, tt.at)
		if tt.want < 0 {
			if !errors.Is(err, fault.NotFound) {
				t.Errorf("%q: %d, %v: want it not found", tt.at, got, err)
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("%q: entry %d, %v: want %d", tt.at, got, err, tt.want)
		}
	}
}

func TestStreams(t *testing.T) {
	s := withPump(t, noon)
	if _, err := s.Baseline(t.Context(), local(), "1.0", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Branch(t.Context(), local(), "1.x", "1.0"); err != nil {
		t.Fatal(err)
	}
	cmd := local()
	cmd.Stream = "1.x"
	if _, err := s.Baseline(t.Context(), cmd, "1.0.1", ""); err != nil {
		t.Fatal(err)
	}
	p, err := s.ProjectAt(t.Context(), "pump", "1.x", 4)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.Snapshot.Baselines()); n != 2 || len(p.Streams) != 2 || p.Snapshot.Items() != 2 {
		t.Errorf("stream 1.x: %d baselines, %d streams, %d items", n, len(p.Streams), p.Snapshot.Items())
	}
	if p, _ := s.Project(t.Context(), "pump"); len(p.Snapshot.Baselines()) != 1 {
		t.Error("main sees the baseline of 1.x")
	}
	for _, tt := range []struct {
		sentence string
		do       func() error
		want     fault.Kind
	}{
		{"a stream twice", func() error { _, err := s.Branch(t.Context(), local(), "1.x", "1.0"); return err }, fault.Invalid},
		{"from a baseline that is not there", func() error { _, err := s.Branch(t.Context(), local(), "2.x", "2.0"); return err }, fault.NotFound},
		{"from an entry that is not there", func() error { _, err := s.Branch(t.Context(), local(), "2.x", "99"); return err }, fault.NotFound},
		{"a name of digits", func() error { _, err := s.Branch(t.Context(), local(), "2", "1.0"); return err }, fault.Invalid},
		{"a name that leads away", func() error { _, err := s.Branch(t.Context(), local(), "../a", "1.0"); return err }, fault.Invalid},
		{"in a stream that is not there", func() error {
			cmd := local()
			cmd.Stream = "9.x"
			_, err := s.Baseline(t.Context(), cmd, "9.0", "")
			return err
		}, fault.NotFound},
	} {
		if err := tt.do(); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.sentence, err, tt.want)
		}
	}
}

func TestACommandThatIsGivenUp(t *testing.T) {
	s := withPump(t, noon)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Baseline(ctx, local(), "1.0", ""); err != nil && !errors.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
	if _, err := s.Baseline(t.Context(), local(), "1.1", ""); err != nil {
		t.Errorf("the next command: %v", err)
	}
}
