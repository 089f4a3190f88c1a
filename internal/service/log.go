package service

import (
	"context"
	"iter"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Changes yields the entries of a project from one number to another, both included, of all streams, oldest first. To 0 means
// the newest one.
//
// goldthread:implements SRS-91
func (s *Service) Changes(ctx context.Context, name string, from, to int64) iter.Seq2[*record.Change, error] {
	return func(yield func(*record.Change, error) bool) {
		l, err := s.open(ctx, name)
		if err != nil {
			yield(nil, err)
			return
		}
		if to == 0 || to > l.fold.Entry() {
			to = l.fold.Entry()
		}
		src := &source{ctx, s.Store, name}
		for c, err := range src.Changes(max(from, 1), to) {
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Touches reports whether a change says anything about an item: what it is, where it stands, what it links to or who judged it.
func Touches(c *record.Change, id record.ID) bool {
	for _, op := range c.Operations {
		switch op := op.(type) {
		case record.PutItem:
			if op.Item.ID == id {
				return true
			}
		case record.Rekey:
			if op.ID == id {
				return true
			}
		case record.Retire:
			if op.ID == id {
				return true
			}
		case record.MoveState:
			if op.ID == id {
				return true
			}
		case record.Place:
			if op.Document == id {
				return true
			}
		case record.AddLink:
			if op.Link.Source == id || op.Link.Target == id {
				return true
			}
		case record.Unlink:
			if op.Source == id || op.Target == id {
				return true
			}
		case record.ConfirmLink:
			if op.Source == id || op.Target == id {
				return true
			}
		case record.Comment:
			if op.ID == id {
				return true
			}
		case record.Sign:
			for _, it := range op.Items {
				if it.ID == id {
					return true
				}
			}
		case record.AttachEvidence:
			for _, r := range op.Results {
				if r.Test == id {
					return true
				}
			}
		}
	}
	return false
}

// NameOf is the name of an actor as people know it.
func NameOf(l *project.Ledger, actor string) string {
	if id, err := record.ParseID(actor); err == nil {
		if p, there := l.Person(id); there {
			return p.Name
		}
	}
	return actor
}
