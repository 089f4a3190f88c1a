package project

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"sync/atomic"

	"github.com/goldthread/goldthread/internal/record"
)

// Changes reads entries back, from and to included, in order, of all streams.
type Changes interface {
	Changes(from, to int64) iter.Seq2[*record.Change, error]
}

// keepEvery says how many entries lie between the snapshots that a Fold keeps
// to answer questions about the past. They share all that did not change.
const keepEvery = 256

// Fold follows the entries of one ledger and holds the newest Snapshot of every
// stream. Apply is for one goroutine; all else may be called by any number.
type Fold struct {
	state atomic.Pointer[foldState]
}

type foldState struct {
	entry   int64
	streams map[record.Stream]streamState
	ledger  Ledger
}

type streamState struct {
	head   *Snapshot
	kept   []*Snapshot // ascending
	parent record.Stream
	from   int64 // last entry of the parent that the stream sees
}

// NewFold is a Fold before the first entry; the stream main is open.
func NewFold() *Fold {
	f := &Fold{}
	f.state.Store(&foldState{streams: map[record.Stream]streamState{record.Main: {head: Empty(record.Main)}}})
	return f
}

// Entry is the number of the last entry applied.
func (f *Fold) Entry() int64 { return f.state.Load().entry }

// Become makes f what another fold of the same ledger is, at once.
func (f *Fold) Become(other *Fold) { f.state.Store(other.state.Load()) }

// Head is the newest Snapshot of a stream, nil if there is no such stream.
func (f *Fold) Head(stream record.Stream) *Snapshot { return f.state.Load().streams[stream].head }

// Streams lists the streams, main first, the others by the entry they leave from.
func (f *Fold) Streams() []record.Stream {
	st := f.state.Load()
	out := []record.Stream{record.Main}
	for s := range st.streams {
		if s != record.Main {
			out = append(out, s)
		}
	}
	sortStreams(out[1:], st.streams)
	return out
}

func sortStreams(names []record.Stream, of map[record.Stream]streamState) {
	for i := 1; i < len(names); i++ {
		for j := i; j > 0; j-- {
			a, b := of[names[j-1]], of[names[j]]
			if a.from < b.from || a.from == b.from && names[j-1] < names[j] {
				break
			}
			names[j-1], names[j] = names[j], names[j-1]
		}
	}
}

// Apply folds in the next entry and publishes the new heads at once. On an
// error nothing has changed. src is read only when the change opens a stream
// from a place in the past.
func (f *Fold) Apply(c *record.Change, src Changes) error {
	p, err := f.Prepare(c, src)
	if err != nil {
		return err
	}
	p.Publish()
	return nil
}

// Prepared is a change that was folded and that nobody sees yet.
type Prepared struct {
	fold *Fold
	next *foldState
}

// Publish shows the change to readers, with those that it was prepared on. It
// must come before the next Prepare of the Fold.
func (p *Prepared) Publish() { p.fold.state.Store(p.next) }

// Head is the newest Snapshot of a stream after the change, nil if there is no
// such stream.
func (p *Prepared) Head(stream record.Stream) *Snapshot { return p.next.streams[stream].head }

// AsOf is Fold.AsOf upon p.
func (p *Prepared) AsOf(stream record.Stream, entry int64, src Changes) (*Snapshot, error) {
	if entry < 0 || entry > p.next.entry {
		return nil, fmt.Errorf("entry %d: the ledger holds entries 1 to %d", entry, p.next.entry)
	}
	return asOf(p.next.streams, stream, entry, src)
}

// InStream reports whether a stream has seen a change: its own, or one of those that it branches from, up to there.
func (p *Prepared) InStream(c *record.Change, stream record.Stream) bool {
	for limit := int64(math.MaxInt64); ; {
		line, there := p.next.streams[stream]
		if !there {
			return false
		}
		if c.Stream == stream {
			return c.Sequence <= limit
		}
		if line.parent == "" {
			return false
		}
		stream, limit = line.parent, min(limit, line.from)
	}
}

// Entry is the number of the last entry folded in.
func (p *Prepared) Entry() int64 { return p.next.entry }

// Ledger is what holds for the ledger as a whole after the change.
func (p *Prepared) Ledger() *Ledger { return &p.next.ledger }

// Prepare folds another entry upon p, for writers that store several at once.
// Publish of the last one shows all.
func (p *Prepared) Prepare(c *record.Change, src Changes) (*Prepared, error) {
	return p.fold.prepare(p.next, c, src)
}

// Prepare folds the next entry without showing it: for writers that must store
// the entry first.
//
// goldthread:implements SRS-17
func (f *Fold) Prepare(c *record.Change, src Changes) (*Prepared, error) {
	return f.prepare(f.state.Load(), c, src)
}

// Now is the state that readers see, as something to prepare upon.
func (f *Fold) Now() *Prepared { return &Prepared{f, f.state.Load()} }

func (f *Fold) prepare(st *foldState, c *record.Change, src Changes) (*Prepared, error) {
	if c.Sequence != st.entry+1 {
		return nil, fmt.Errorf("entry %d: the next one is %d", c.Sequence, st.entry+1)
	}
	old, ok := st.streams[c.Stream]
	if !ok {
		return nil, fmt.Errorf("entry %d: there is no stream %q", c.Sequence, c.Stream)
	}
	next, err := old.head.Apply(c)
	if err != nil {
		return nil, err
	}
	streams := maps.Clone(st.streams)
	kept := old.kept
	if n := len(kept); n == 0 || kept[n-1].entry+keepEvery <= old.head.entry || len(next.baselines) > len(old.head.baselines) {
		kept = append(kept[:n:n], old.head)
	}
	streams[c.Stream] = streamState{head: next, kept: kept, parent: old.parent, from: old.from}
	for _, op := range c.Operations {
		branch, ok := op.(record.Branch)
		if !ok {
			continue
		}
		if branch.Entry < 0 || branch.Entry > c.Sequence {
			return nil, fmt.Errorf("entry %d: stream %q cannot branch from entry %d, which is not there yet", c.Sequence, branch.Stream, branch.Entry)
		}
		s, err := f.branch(streams, branch, src)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", c.Sequence, err)
		}
		streams[branch.Stream] = s
	}
	return &Prepared{f, &foldState{entry: c.Sequence, streams: streams, ledger: st.ledger.apply(c)}}, nil
}

func (f *Fold) branch(streams map[record.Stream]streamState, op record.Branch, src Changes) (streamState, error) {
	if _, exists := streams[op.Stream]; exists || op.Stream == "" {
		return streamState{}, fmt.Errorf("stream %q is already there", op.Stream)
	}
	if _, ok := streams[op.Parent]; !ok {
		return streamState{}, fmt.Errorf("stream %q branches from %q, which does not exist", op.Stream, op.Parent)
	}
	base, err := asOf(streams, op.Parent, op.Entry, src)
	if err != nil {
		return streamState{}, err
	}
	head := *base
	head.stream = op.Stream
	return streamState{head: &head, parent: op.Parent, from: op.Entry}, nil
}

// AsOf returns the Snapshot of a stream as it was after the given entry. It
// folds again from the nearest state kept, reading entries from src.
//
// goldthread:implements SRS-18
func (f *Fold) AsOf(stream record.Stream, entry int64, src Changes) (*Snapshot, error) {
	st := f.state.Load()
	if entry < 0 || entry > st.entry {
		return nil, fmt.Errorf("entry %d: the ledger holds entries 1 to %d", entry, st.entry)
	}
	return asOf(st.streams, stream, entry, src)
}

func asOf(streams map[record.Stream]streamState, stream record.Stream, entry int64, src Changes) (*Snapshot, error) {
	line, ok := streams[stream]
	if !ok {
		return nil, fmt.Errorf("there is no stream %q", stream)
	}
	if line.parent != "" && entry <= line.from {
		s, err := asOf(streams, line.parent, entry, src)
		if err != nil {
			return nil, err
		}
		relabelled := *s
		relabelled.stream = stream
		return &relabelled, nil
	}
	if line.head.entry <= entry {
		return line.head, nil
	}
	base := Empty(stream)
	for _, k := range line.kept {
		if k.entry <= entry {
			base = k
		}
	}
	if base.entry == entry {
		return base, nil
	}
	for c, err := range src.Changes(base.entry+1, entry) {
		if err != nil {
			return nil, fmt.Errorf("replay to entry %d: %w", entry, err)
		}
		if c.Stream != stream {
			continue
		}
		if base, err = base.Apply(c); err != nil {
			return nil, err
		}
	}
	return base, nil
}
