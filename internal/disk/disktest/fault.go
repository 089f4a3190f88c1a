package disktest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/fault"
)

// way is how a call fails.
type way struct {
	words       string
	full, lasts bool
}

var ways = []way{
	{"an I/O error", false, false},
	{"a full disk, once", true, false},
	{"a full disk, until space is made", true, true},
}

// Fault lets every call of every path fail once: with an I/O error, and, where a full disk refuses it, with that, once and until
// space is made. What must hold: the step says so with a fault, of kind Full where the disk is; what can be read before can be read
// then; the step done again succeeds without a new start of the program; and when the power fails after all that, nothing is lost.
func Fault[S any](t *testing.T, sys System[S], paths []Path[S], o Options) {
	for _, p := range paths {
		t.Run(p.Name, func(t *testing.T) {
			base, err := p.image(t.Context(), sys, o.Seed)
			if err != nil {
				t.Fatal(err)
			}
			tried, met, told := 0, 0, 0
			for _, w := range ways {
				for call := 1; ; call++ {
					if Short && call%16 != 0 {
						continue
					}
					f := &faulty[S]{sys: sys, path: p, way: w, call: call, seed: o.Seed + uint64(call), plain: o.Plain}
					if err := f.run(t.Context(), base); err != nil {
						t.Errorf("%s=%d: %s at call %d (%s): %s", Seed, o.Seed, w.words, call, f.met, strings.ReplaceAll(err.Error(), "\n", "; "))
					}
					tried++
					if f.met != "" {
						met++
					}
					if f.told {
						told++
					}
					if f.calls < call {
						break
					}
				}
			}
			t.Logf("%d runs, a call failed in %d, a command said so in %d", tried, met, told)
		})
	}
}

// faulty is one run with one fault.
type faulty[S any] struct {
	sys   System[S]
	path  Path[S]
	way   way
	call  int
	seed  uint64
	plain bool
	calls int    // that there were
	met   string // the call that failed
	told  bool   // somebody was told
}

func (f *faulty[S]) run(ctx context.Context, base image) (err error) {
	d, err := newDisk(base, f.seed)
	if err != nil {
		return err
	}
	err = f.withFault(ctx, d)
	if closing := d.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return f.withoutPower(ctx, recording{base, d.trace})
}

func (f *faulty[S]) withFault(ctx context.Context, d *Disk) (err error) {
	d.trouble = trouble{fail: f.call, full: f.way.full, lasts: f.way.lasts}
	defer func() { f.calls, f.met = d.trouble.calls, d.trouble.met }()
	s, err := f.start(ctx, d)
	if err != nil {
		return err
	}
	defer func() {
		if closing := f.sys.Close(s); closing != nil {
			if told := f.judge(d, closing); told != nil {
				err = errors.Join(err, fmt.Errorf("stop: %w", told))
			}
		}
	}()
	for i, step := range f.path.Steps {
		if err := f.step(ctx, d, s, step); err != nil {
			return fmt.Errorf("%s: %w", step.Name, err)
		}
		d.acknowledge(i + 1)
	}
	f.relieve(d)
	if err := allDone(ctx, s, f.path.Steps); err != nil {
		return err
	}
	return errors.Join(f.sys.Check(ctx, s), d.checkDatabases(ctx))
}

// start starts the program; when that meets the fault, once more.
func (f *faulty[S]) start(ctx context.Context, d *Disk) (S, error) {
	s, err := f.sys.Open(ctx, d, Folder)
	if err == nil {
		return s, nil
	}
	if err := f.judge(d, err); err != nil {
		return s, fmt.Errorf("start: %w", err)
	}
	f.relieve(d)
	s, err = f.sys.Open(ctx, d, Folder)
	if err != nil {
		return s, fmt.Errorf("start, when the fault was gone: %w", err)
	}
	return s, nil
}

// step does a step; when that meets the fault, reads, and does it once more on the same program.
func (f *faulty[S]) step(ctx context.Context, d *Disk, s S, step Step[S]) error {
	err := step.Do(ctx, s)
	if err == nil {
		return nil
	}
	if err := f.judge(d, err); err != nil {
		return err
	}
	if f.way.full {
		if err := f.sys.Check(ctx, s); err != nil {
			return fmt.Errorf("reading on the full disk: %w", err)
		}
	}
	f.relieve(d)
	if err := step.Do(ctx, s); err != nil {
		return fmt.Errorf("when the fault was gone: %w", err)
	}
	return nil
}

// judge says what is wrong with how a fault was told.
func (f *faulty[S]) judge(d *Disk, err error) error {
	f.told = true
	found, ok := errors.AsType[*fault.Error](err)
	switch {
	case d.trouble.met == "":
		return fmt.Errorf("failed before any call did: %w", err)
	case f.plain:
	case !ok || fault.Sentence(found) == "":
		return fmt.Errorf("no fault: %w", err)
	case f.way.full && fault.KindOf(err) != fault.Full:
		return fmt.Errorf("told as %v: %w", fault.KindOf(err), err)
	case f.way.full && (!strings.Contains(fault.Sentence(err), "full") || fault.Hint(err) == ""):
		return fmt.Errorf("not told plainly: %q, hint %q", fault.Sentence(err), fault.Hint(err))
	}
	return nil
}

// relieve ends the fault.
func (f *faulty[S]) relieve(d *Disk) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trouble.fail = 0
}

// withoutPower cuts the power at the end, and at a few points before.
func (f *faulty[S]) withoutPower(ctx context.Context, rec recording) error {
	if f.met == "" {
		return nil
	}
	n := len(rec.events)
	where := points{outcomes: 2, at: func(event int) bool { return event == n || event == (int(f.seed)*31+7)%(n+1) }}
	var losses []error
	for j := range distinct(rec, where, f.seed, new(int)) {
		_, lost := examine(ctx, f.sys, f.path, j)
		for _, words := range lost {
			losses = append(losses, errors.New(words))
		}
	}
	return errors.Join(losses...)
}
