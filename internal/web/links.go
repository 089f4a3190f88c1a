package web

import (
	"slices"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// linkGroup holds the links of an item that read alike.
type linkGroup struct {
	Reading, Help string
	Links         []linkRow
}

// linkRow is one link as seen from one of its ends.
type linkRow struct {
	Key, Title, URL, Kind string
	Outcome               outcome // of a test
	Missing, Retired      bool
	Other                 string // name of the project, where it leads to another one
	Unconfirmed           bool   // nobody has confirmed it yet
	Suspect               *suspectView
}

// suspectView says what changed since the link was confirmed, and what to do.
type suspectView struct {
	Link    string // the link as a sentence
	Ends    []changedEnd
	Command string
}

// changedEnd is an end of a link that has changed.
type changedEnd struct {
	Key, URL string
	Changes  []fieldChange
	Note     string // why there is nothing to compare with
}

// linkGroups gathers the links of one side of an item by their reading.
func (v *view) linkGroups(h project.Handle, edges *project.Edges, outgoing bool) ([]linkGroup, int) {
	at := map[project.VerbIndex]int{}
	var groups []linkGroup
	for e := range edges.All() {
		i, ok := at[e.Verb]
		if !ok {
			i = len(groups)
			at[e.Verb] = i
			groups = append(groups, v.newGroup(e.Verb, outgoing))
		}
		groups[i].Links = append(groups[i].Links, v.linkRow(e))
	}
	for _, g := range groups {
		slices.SortStableFunc(g.Links, func(a, b linkRow) int { return record.CompareKeys(record.Key(a.Key), record.Key(b.Key)) })
	}
	return groups, edges.Len()
}

func (v *view) newGroup(verb project.VerbIndex, outgoing bool) linkGroup {
	name := v.Snapshot.Verb(verb)
	g := linkGroup{Reading: string(name)}
	if r := v.Schema.Relation(name); r != nil {
		g.Help = r.Help
	}
	if !outgoing {
		g.Reading = v.thread.Reverse(name)
	}
	return g
}

func (v *view) linkRow(e project.Edge) linkRow {
	far := v.Snapshot.Node(e.Node)
	l := v.Snapshot.Link(e.Link)
	row := linkRow{Key: string(far.Item.Key), Title: titleBeside(&far.Item), Kind: v.kindName(far.Item.Kind), Missing: far.Missing, Retired: far.Retired}
	if far.Missing {
		row.Kind = ""
		row.Other, _ = record.Ref(far.Item.Key).Split()
		return row
	}
	row.URL = v.itemURL(far.Item.Key)
	if v.isTest(far) {
		row.Outcome = show(v.testSays(e.Node))
	}
	source := v.Schema.Kind(v.Snapshot.Node(l.Source).Item.Kind)
	row.Unconfirmed = l.Confirmed.IsZero() && source != nil && !source.Derived
	row.Suspect = v.suspectView(e.Link)
	return row
}

// suspectView compares the ends of a suspect link with what was confirmed, nil
// for a link that is not suspect.
func (v *view) suspectView(at project.LinkHandle) *suspectView {
	if !v.thread.IsSuspect(at) {
		return nil
	}
	l := v.Snapshot.Link(at)
	source, target := v.Snapshot.Node(l.Source), v.Snapshot.Node(l.Target)
	s := &suspectView{Link: string(source.Item.Key) + " " + string(v.Snapshot.Verb(l.Verb)) + " " + string(target.Item.Key),
		Command: "goldthread confirm " + string(source.Item.Key) + " --reason …"}
	if differs(l.Confirmed.Target, target.Content) {
		s.Ends = append(s.Ends, v.changedEnd(l.Target, l.Confirmed.Target))
	}
	if differs(l.Confirmed.Source, source.Content) {
		s.Ends = append(s.Ends, v.changedEnd(l.Source, l.Confirmed.Source))
	}
	return s
}

func differs(confirmed, now record.Hash) bool { return !confirmed.IsZero() && confirmed != now }

func (v *view) changedEnd(h project.Handle, confirmed record.Hash) changedEnd {
	key := v.Snapshot.Node(h).Item.Key
	end := changedEnd{Key: string(key), URL: v.itemURL(key)}
	texts := ledgerTexts{v.Project}
	before, err := texts.Confirmed(h, confirmed)
	if err != nil || before == nil {
		end.Note = "The text as it was confirmed is not available."
		return end
	}
	now, err := texts.Now(h)
	if err != nil {
		end.Note = "The present text cannot be read."
		return end
	}
	end.Changes = fieldChanges(project.CompareItems(before, now))
	return end
}

func suspectsIn(groups []linkGroup) int {
	n := 0
	for _, g := range groups {
		for _, l := range g.Links {
			if l.Suspect != nil {
				n++
			}
		}
	}
	return n
}
