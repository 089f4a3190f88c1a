package service

import (
	"iter"
	"slices"
	"time"

	"github.com/goldthread/goldthread/internal/record"
)

// What is remembered of the newest changes, so that a command that was made on a state of a moment ago need not read them back.
const (
	maxRecent      = 2048 // changes
	maxRecentItems = 2000 // changed by one of them
)

// digest is what a change did, without how.
type digest struct {
	entry  int64
	stream record.Stream
	actor  string
	reason string
	time   time.Time
	items  map[record.ID]bool // that it changed
}

func digestOf(c *record.Change) digest {
	return digest{entry: c.Sequence, stream: c.Stream, actor: c.Actor, reason: c.Reason, time: c.Time, items: changedItems(c.Operations)}
}

// recent are digests of the newest entries, without gaps, oldest first.
type recent []digest

// with is r and what came after it. A change of very many items makes it begin anew: it is read back where it is asked for.
func (r recent) with(c *record.Change) recent {
	d := digestOf(c)
	if len(d.items) > maxRecentItems {
		return nil
	}
	if len(r) >= maxRecent {
		r = slices.Clone(r[maxRecent/2:])
	}
	return append(r, d)
}

// changesSince yields digests of the entries after one, of all streams.
func (st *State) changesSince(entry int64) iter.Seq2[digest, error] {
	return func(yield func(digest, error) bool) {
		first := st.Entry
		if len(st.recent) > 0 {
			first = st.recent[0].entry
		}
		for c, err := range st.Source.Changes(entry+1, first-1) {
			if err != nil {
				yield(digest{}, err)
				return
			}
			if !yield(digestOf(c), nil) {
				return
			}
		}
		for _, d := range st.recent {
			if d.entry > entry && !yield(d, nil) {
				return
			}
		}
	}
}
