package service

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// moment is the entry that a person names: by the name of a baseline, or by its number. Empty means the newest one.
func moment(s *project.Snapshot, name string) (int64, error) {
	if name == "" {
		return s.Entry(), nil
	}
	for _, b := range s.Baselines() {
		if b.Name == name {
			return b.Entry, nil
		}
	}
	if n, err := strconv.ParseInt(name, 10, 64); err == nil && n > 0 {
		return n, nil
	}
	return 0, fault.Newf(fault.NotFound, "there is no baseline %q in stream %s", name, s.Stream()).WithHint("goldthread baseline --list; or give the number of an entry, or a time")
}

// timeForms are the forms in which people write a time: a day means its end.
var timeForms = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// Moment finds the entry that a person names: the name of a baseline, the number of an entry, or a time in UTC, which means the
// newest entry of that time or before. Empty means the newest entry.
func (s *Service) Moment(ctx context.Context, name string, stream record.Stream, at string) (int64, error) {
	l, err := s.open(ctx, name)
	if err != nil {
		return 0, err
	}
	head := l.fold.Head(stream)
	if head == nil {
		return 0, fault.Newf(fault.NotFound, "project %s has no stream %s", name, stream)
	}
	entry, err := moment(head, at)
	if err == nil {
		if entry > l.fold.Entry() {
			return 0, fault.Newf(fault.NotFound, "project %s has no entry %d; the newest is %d", name, entry, l.fold.Entry())
		}
		return entry, nil
	}
	t, ok := parseTime(at)
	if !ok {
		return 0, err
	}
	return s.lastBefore(ctx, name, l.fold.Entry(), t)
}

func parseTime(at string) (time.Time, bool) {
	if day, err := time.Parse(time.DateOnly, at); err == nil {
		return day.AddDate(0, 0, 1).Add(-time.Microsecond), true
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, at); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// lastBefore is the newest entry of a time or before, found by halves, since the time of a ledger never decreases.
func (s *Service) lastBefore(ctx context.Context, name string, last int64, t time.Time) (int64, error) {
	low, high := int64(0), last // entry low is not after t
	for low < high {
		middle := (low + high + 1) / 2
		e, err := s.Entry(ctx, name, middle)
		if err != nil {
			return 0, err
		}
		if e.Change.Time.After(t) {
			high = middle - 1
		} else {
			low = middle
		}
	}
	if low == 0 {
		return 0, fault.Newf(fault.NotFound, "project %s has no entry of %s or before", name, record.FormatTime(t))
	}
	return low, nil
}

// ProjectAt is a project as it was: a stream after the entry of the given number.
//
// goldthread:implements SRS-90
func (s *Service) ProjectAt(ctx context.Context, name string, stream record.Stream, entry int64) (*Project, error) {
	l, err := s.open(ctx, name)
	if err != nil {
		return nil, err
	}
	src := &source{ctx, s.Store, name}
	snapshot, err := l.fold.AsOf(stream, entry, src)
	if err != nil {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("project %s as of entry %d cannot be had", name, entry), err)
	}
	sch, err := schemaOf(snapshot.Settings())
	if err != nil {
		return nil, err
	}
	return &Project{Name: name, Snapshot: snapshot, Schema: sch, Source: src, Ledger: l.fold.Ledger(), Streams: l.fold.Streams()}, nil
}
