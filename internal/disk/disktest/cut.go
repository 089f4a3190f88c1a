package disktest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"hash/maphash"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Seed names the variable that changes all random choices; the figure printed with a failure makes it again.
const Seed = "GOLDTHREAD_POWER_SEED"

// Options say how much is tried.
type Options struct {
	Seed uint64
	// Cuts is how many there are for each path at least: as many outcomes for each point as it takes.
	Cuts int
	// Again is one in how many restarts has its own power cut.
	Again int
	// Forget makes the disk say that a sync was done which was not.
	Forget func(Sync) bool
	// Plain lets errors be other than faults, in what stands below the packages that make them.
	Plain bool
	// stop ends the search at the first loss.
	stop bool
}

// Short tells that the race detector is on and few cuts are made.
const Short = slower > 1

// FromEnvironment returns the options of a test: the cuts given, ten times as many with GOLDTHREAD_SOAK=1, very few under the race
// detector, and the seed of Seed or 1.
func FromEnvironment(t testing.TB, cuts int) Options {
	t.Helper()
	o := Options{Seed: 1, Cuts: cuts / slower, Again: 16}
	if os.Getenv("GOLDTHREAD_SOAK") != "" {
		o.Cuts, o.Again = 10*o.Cuts, 8
	}
	if text := os.Getenv(Seed); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", Seed, err)
		}
		o.Seed = seed
	}
	return o
}

// Figures say what a run has tried.
type Figures struct {
	Events int // points of the run
	Cuts   int // outcomes looked at
	States int // different ones among them: what is the same need not be started twice
	Again  int // cuts of a restart
	Losses []string
}

// Add returns both together.
func (f Figures) Add(o Figures) Figures {
	f.Events += o.Events
	f.Cuts += o.Cuts
	f.States += o.States
	f.Again += o.Again
	f.Losses = append(f.Losses, o.Losses...)
	return f
}

func (f Figures) String() string {
	return fmt.Sprintf("%d events, %d cuts in %d states, %d of them in a restart", f.Events, f.Cuts, f.States, f.Again)
}

// Cut cuts the power of every path after every event. Whatever is lost or damaged fails the test.
func Cut[S any](t *testing.T, sys System[S], paths []Path[S], o Options) (sum Figures) {
	for _, p := range paths {
		t.Run(p.Name, func(t *testing.T) {
			f, err := search(t.Context(), sys, p, o)
			if err != nil {
				t.Fatal(err)
			}
			for i, loss := range f.Losses {
				if i == 5 {
					t.Errorf("and %d more", len(f.Losses)-i)
					break
				}
				t.Errorf("%s=%d: %s", Seed, o.Seed, loss)
			}
			t.Log(f)
			sum = sum.Add(f)
		})
	}
	t.Logf("in all: %v", sum)
	return sum
}

// MustLose is the proof that Cut can fail: it does the same to a system that is known to be careless, or on a disk that forgets to
// sync, and fails the test when nothing is lost. It stops at the first loss, and returns it.
func MustLose[S any](t *testing.T, sys System[S], paths []Path[S], o Options) string {
	t.Helper()
	o.stop = true
	for _, p := range paths {
		f, err := search(t.Context(), sys, p, o)
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		if len(f.Losses) > 0 {
			return p.Name + ": " + f.Losses[0]
		}
	}
	t.Errorf("%s=%d: nothing was lost, so this test would not notice", Seed, o.Seed)
	return ""
}

// Syncs returns what the paths sync, each name once, in the order of the first time.
func Syncs[S any](t *testing.T, sys System[S], paths []Path[S]) (all []Sync) {
	t.Helper()
	for _, p := range paths {
		_, err := trace(t.Context(), sys, p, Options{Seed: 1, Forget: func(s Sync) bool {
			s.Number = 0
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
			return false
		}})
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
	}
	return all
}

// recording is a run of a path as the disk has seen it.
type recording struct {
	base   image
	events []event
}

// trace runs a path and records it.
func trace[S any](ctx context.Context, sys System[S], p Path[S], o Options) (rec recording, err error) {
	seed := o.Seed ^ number(p.Name)
	base, err := p.image(ctx, sys, seed)
	if err != nil {
		return rec, err
	}
	d, err := newDisk(base, seed)
	if err != nil {
		return rec, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	d.forget = o.Forget
	if err := p.run(ctx, sys, d, p.Steps, 0, nil); err != nil {
		return rec, fmt.Errorf("without any cut: %w", err)
	}
	return recording{base, d.trace}, nil
}

// number makes a number of a name.
func number(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}

// job is a disk after a cut.
type job struct {
	im           image
	acknowledged int
	words        string
	seed         uint64
	again        bool
	before       recording // how the disk came about, with what of it may still be lost
}

// search cuts a path everywhere, and collects what is lost.
func search[S any](ctx context.Context, sys System[S], p Path[S], o Options) (Figures, error) {
	rec, err := trace(ctx, sys, p, o)
	if err != nil {
		return Figures{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	jobs := make(chan job)
	var mu sync.Mutex // guards f
	f := Figures{Events: len(rec.events)}
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for j := range jobs {
				again, losses := examine(ctx, sys, p, j)
				mu.Lock()
				f.Cuts, f.Again, f.Losses = f.Cuts+again, f.Again+again, append(f.Losses, losses...)
				if o.stop && len(f.Losses) > 0 {
					cancel()
				}
				mu.Unlock()
			}
		})
	}
	cuts, states := 0, 0
	everywhere := points{at: func(event int) bool { return !Short || event%7 == 0 }, outcomes: max(3, o.Cuts/(len(rec.events)+1)+1)}
	for j := range distinct(rec, everywhere, o.Seed^number(p.Name), &cuts) {
		if ctx.Err() != nil {
			break
		}
		j.again = o.Again > 0 && (states%o.Again == 0 || len(j.before.events) > 0 && states%(o.Again/4) == 0)
		states++
		jobs <- j
	}
	close(jobs)
	wait.Wait()
	f.Cuts, f.States = f.Cuts+cuts, states
	slices.Sort(f.Losses)
	return f, nil
}

// points are where a recording is cut, and how often at each.
type points struct {
	at       func(event int) bool
	outcomes int
}

// distinct yields the outcomes of points of a recording, each disk once for what was acknowledged by then.
func distinct(rec recording, where points, seed uint64, cuts *int) func(yield func(job) bool) {
	return func(yield func(job) bool) {
		c := cache{lasting: rec.base.clone()}
		seen := map[[2]uint64]bool{}
		hashing := maphash.MakeSeed()
		acknowledged, last := 0, "before the first event"
		for at := 0; ; at++ {
			for outcome := 0; outcome < where.outcomes && where.at(at); outcome++ {
				chance := (seed*1_000_003 + uint64(at)) * 1_000_003
				im, words := c.cut(outcome, chance)
				*cuts++
				key := [2]uint64{im.hash(hashing), uint64(acknowledged)}
				if seen[key] {
					continue
				}
				seen[key] = true
				words = fmt.Sprintf("cut %s, outcome %d (%s), %d acknowledged", last, outcome, words, acknowledged)
				before := recording{base: im}
				if outcome == 0 { // the process alone died: the cache is as it was
					before = recording{c.lasting.clone(), slices.Clone(c.pending)}
				}
				if !yield(job{im: im, before: before, acknowledged: acknowledged, seed: chance + uint64(outcome), words: words}) {
					return
				}
			}
			if at == len(rec.events) {
				return
			}
			e := rec.events[at]
			c.take(e)
			last = fmt.Sprintf("after event %d of %d (%v)", at+1, len(rec.events), e)
			if e.kind == answered {
				acknowledged = int(e.at)
			}
		}
	}
}

// hash tells images apart.
func (im image) hash(seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, name := range slices.Sorted(maps.Keys(im.names)) {
		fmt.Fprintf(&h, "%q %t %d\n", name, im.folders[im.names[name]], len(im.files[im.names[name]]))
		h.Write(im.files[im.names[name]])
	}
	return h.Sum64()
}

// examine starts the program after a cut, looks, goes on where it had stopped, and now and then cuts that run too.
func examine[S any](ctx context.Context, sys System[S], p Path[S], j job) (again int, losses []string) {
	if ctx.Err() != nil {
		return 0, nil
	}
	d, err := newDisk(j.im, j.seed)
	if err != nil {
		return 0, []string{err.Error()}
	}
	d.quiet = !j.again
	err = p.run(ctx, sys, d, p.Steps, j.acknowledged, func(s S) error {
		err := errors.Join(asAcknowledged(ctx, s, p.Steps, j.acknowledged), sys.Check(ctx, s), d.checkDatabases(ctx))
		if err != nil {
			return fmt.Errorf("after the cut: %w", err)
		}
		return nil
	})
	if err = errors.Join(err, d.Close()); err != nil {
		if ctx.Err() != nil {
			return 0, nil
		}
		return 0, []string{j.words + ": " + strings.ReplaceAll(err.Error(), "\n", "; ")}
	}
	if !j.again {
		return 0, nil
	}
	// A few outcomes of a few points: a restart is much the same every time.
	rec := recording{j.before.base, append(j.before.events, d.trace...)}
	every := max(1, len(rec.events)/3)
	few := points{at: func(event int) bool { return event%every == int(j.seed%uint64(every)) }, outcomes: 3}
	for next := range distinct(rec, few, j.seed, &again) {
		next.acknowledged = max(next.acknowledged, j.acknowledged)
		next.words = j.words + "; the restart " + next.words
		_, more := examine(ctx, sys, p, next)
		losses = append(losses, more...)
	}
	return again, losses
}
