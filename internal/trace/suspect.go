package trace

import (
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Suspect is a link of which an end has changed since it was last confirmed.
type Suspect struct {
	Link                         project.LinkHandle
	SourceChanged, TargetChanged bool
}

// Suspects lists the suspect links in the order in which the links were made.
// A link that was never confirmed is not suspect, and neither is one to a
// missing item: both are findings of their own.
//
// goldthread:implements SRS-31
func (t *Thread) Suspects() []Suspect {
	var out []Suspect
	for h, l := range t.Snapshot.AllLinks() {
		if source, target := t.suspect(l); source || target {
			out = append(out, Suspect{h, source, target})
		}
	}
	return out
}

func (t *Thread) suspect(l *project.Link) (source, target bool) {
	if l.Confirmed.IsZero() {
		return false, false
	}
	from, to := t.Snapshot.Node(l.Source), t.Snapshot.Node(l.Target)
	if !from.Present() || !to.Present() {
		return false, false
	}
	return changed(l.Confirmed.Source, from.Content), changed(l.Confirmed.Target, to.Content)
}

func changed(confirmed, now record.Hash) bool { return !confirmed.IsZero() && confirmed != now }

// IsSuspect reports whether one link is suspect.
func (t *Thread) IsSuspect(h project.LinkHandle) bool {
	source, target := t.suspect(t.Snapshot.Link(h))
	return source || target
}
