package trace

import (
	"fmt"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Texts reads revisions of items, so that a suspect link can show what changed.
type Texts interface {
	// Now is the present revision with its text.
	Now(h project.Handle) (*record.Item, error)
	// Confirmed is the revision with the content hash, nil where it cannot be
	// had any more.
	Confirmed(h project.Handle, content record.Hash) (*record.Item, error)
}

// Difference says, line by line, what changed at the ends of a suspect link
// since it was confirmed; where an old text cannot be had, it says that.
func (t *Thread) Difference(s Suspect, texts Texts) []string {
	l := t.Snapshot.Link(s.Link)
	var out []string
	if s.TargetChanged {
		out = append(out, t.endDifference(l.Target, l.Confirmed.Target, texts)...)
	}
	if s.SourceChanged {
		out = append(out, t.endDifference(l.Source, l.Confirmed.Source, texts)...)
	}
	return out
}

func (t *Thread) endDifference(h project.Handle, confirmed record.Hash, texts Texts) []string {
	key := t.Snapshot.Node(h).Item.Key
	before, err := texts.Confirmed(h, confirmed)
	if err != nil {
		return []string{fmt.Sprintf("%s: the text as it was confirmed cannot be read: %v", key, err)}
	}
	if before == nil {
		return []string{fmt.Sprintf("%s: the text as it was confirmed is not available", key)}
	}
	now, err := texts.Now(h)
	if err != nil {
		return []string{fmt.Sprintf("%s: the present text cannot be read: %v", key, err)}
	}
	var out []string
	for _, d := range project.CompareItems(before, now) {
		out = append(out, fmt.Sprintf("%s %s", key, d))
	}
	return out
}
