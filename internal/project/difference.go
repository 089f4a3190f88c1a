package project

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// Side is one of the two states that a difference compares.
type Side struct {
	Snapshot *Snapshot
	Source   Source
}

// Kinds of difference of an item.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// ItemDifference says how one item differs.
type ItemDifference struct {
	ID     record.ID
	Key    record.Key // after, or before where it was removed
	Kind   record.Kind
	What   string // Added, Removed or Changed
	Fields []FieldDifference
}

// FieldDifference is one field before and after, "" where it is not there. Name
// is a field's name, or one of key, kind, title, text, language and state; a link
// is "link" and its verb; an attached file is "file" and its name; document is
// the key of the document that an item stands in, named where it moved to another
// one. Several values are separated by
// commas, and written in quotation marks where they would be misread, as in the
// text of a workspace.
type FieldDifference struct {
	Name          string
	Before, After string
}

// Difference compares two states item by item, field by field, in the order of
// keys. Items are the same when their identities are; where one side has
// provisional identities (text without a lock), when their keys are.
//
// goldthread:implements SRS-20
func Difference(a, b Side) ([]ItemDifference, error) {
	var out []ItemDifference
	for _, n := range b.Snapshot.All() {
		before, found := counterpart(b.Snapshot, a.Snapshot, n)
		d, err := itemDifference(a, b, before, found, n)
		if err != nil {
			return nil, err
		}
		if d != nil {
			out = append(out, *d)
		}
	}
	for h, n := range a.Snapshot.All() {
		if after, found := counterpart(a.Snapshot, b.Snapshot, n); found && b.Snapshot.Node(after).Present() {
			continue
		}
		fields, err := allFields(a, h)
		if err != nil {
			return nil, err
		}
		d := ItemDifference{ID: n.Item.ID, Key: n.Item.Key, Kind: n.Item.Kind, What: Removed}
		for _, f := range fields {
			d.Fields = append(d.Fields, FieldDifference{Name: f.name, Before: f.value})
		}
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(x, y ItemDifference) int { return record.CompareKeys(x.Key, y.Key) })
	return out, nil
}

// counterpart finds the item of to that is the item n of from.
func counterpart(from, to *Snapshot, n *Node) (Handle, bool) {
	if h, ok := to.ByID(n.Item.ID); ok {
		return h, true
	}
	h, ok := to.ByKey(n.Item.Key)
	if !ok || to.Node(h).Missing {
		return NoHandle, false
	}
	if _, taken := from.ByID(to.Node(h).Item.ID); taken {
		return NoHandle, false // that one has its counterpart under another key
	}
	provisional := record.ProvisionalID(n.Item.Key)
	if n.Item.ID == provisional || to.Node(h).Item.ID == provisional {
		return h, true
	}
	return NoHandle, false
}

func itemDifference(a, b Side, before Handle, found bool, n *Node) (*ItemDifference, error) {
	after, _ := b.Snapshot.ByID(n.Item.ID)
	d := &ItemDifference{ID: n.Item.ID, Key: n.Item.Key, Kind: n.Item.Kind, What: Added}
	if found && a.Snapshot.Node(before).Present() && a.Snapshot.Node(before).Content == n.Content {
		d.What = Changed // nothing that the content hash covers: no need to read texts
		d.Fields = moved(a, b, before, after, compareFields(a.outside(before), b.outside(after)))
		if len(d.Fields) == 0 {
			return nil, nil // the same on both sides
		}
		return d, nil
	}
	fields, err := allFields(b, after)
	if err != nil {
		return nil, err
	}
	if !found || !a.Snapshot.Node(before).Present() {
		for _, f := range fields {
			d.Fields = append(d.Fields, FieldDifference{Name: f.name, After: f.value})
		}
		return d, nil
	}
	d.What = Changed
	old, err := allFields(a, before)
	if err != nil {
		return nil, err
	}
	d.Fields = moved(a, b, before, after, compareFields(old, fields))
	if len(compareFields(old[len(a.outside(before)):], fields[len(b.outside(after)):])) == 0 {
		// Nothing that can be shown, such as one value in a field that now takes many: never say nothing.
		d.Fields = append(d.Fields, FieldDifference{"content hash", a.Snapshot.Node(before).Content.Content(), n.Content.Content()})
	}
	return d, nil
}

// moved adds the documents of an item that stands in another one than before. A
// document that only has another key is the same.
func moved(a, b Side, before, after Handle, fields []FieldDifference) []FieldDifference {
	d := FieldDifference{Name: "document"}
	from, to := a.Snapshot.Node(before).Document, b.Snapshot.Node(after).Document
	if from != NoHandle {
		d.Before = string(a.Snapshot.Node(from).Item.Key)
		if same, ok := counterpart(a.Snapshot, b.Snapshot, a.Snapshot.Node(from)); ok && same == to {
			return fields
		}
	}
	if to != NoHandle {
		d.After = string(b.Snapshot.Node(to).Item.Key)
	}
	if d.Before == d.After {
		return fields
	}
	return append(fields, d)
}

type namedValue struct{ name, value string }

// allFields lists everything about an item that a difference may show, in the
// order in which it shows it.
func allFields(s Side, h Handle) ([]namedValue, error) {
	it, err := s.Snapshot.Full(s.Source, h)
	if err != nil {
		return nil, err
	}
	return append(s.outside(h), covered(it)...), nil
}

// covered lists what the content hash covers.
func covered(it *record.Item) []namedValue {
	out := []namedValue{{"kind", string(it.Kind)}, {"title", it.Title}, {"text", record.NormalText(it.Text)}}
	for _, f := range it.Fields {
		out = append(out, namedValue{f.Name, shownValues(f)})
	}
	for _, f := range it.Files {
		out = append(out, namedValue{"file " + f.Name, f.Hash.Hex()})
	}
	return slices.DeleteFunc(out, func(f namedValue) bool { return f.value == "" })
}

// shownValues are the values of a field as people read them, "" for no field
// that is set.
func shownValues(f record.Field) string {
	if len(f.Values) == 0 {
		return "(no values)"
	}
	shown := make([]string, len(f.Values))
	for i, v := range f.Values {
		shown[i] = record.NormalText(v)
		if shown[i] == "" || strings.HasPrefix(shown[i], `"`) || f.Many && strings.Contains(shown[i], ",") {
			shown[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(shown[i]) + `"`
		}
	}
	return strings.Join(shown, ", ")
}

// outside lists what the content hash does not cover.
func (s Side) outside(h Handle) []namedValue {
	n := s.Snapshot.Node(h)
	out := []namedValue{{"key", string(n.Item.Key)}, {"language", n.Item.Language}, {"state", string(n.State)}}
	links := map[string][]string{}
	for e := range s.Snapshot.Out(h).All() {
		name := "link " + string(s.Snapshot.Verb(e.Verb))
		links[name] = append(links[name], string(s.Snapshot.Node(e.Node).Item.Key))
	}
	for _, name := range slices.Sorted(maps.Keys(links)) {
		slices.SortFunc(links[name], func(x, y string) int { return record.CompareKeys(record.Key(x), record.Key(y)) })
		out = append(out, namedValue{name, strings.Join(links[name], ", ")})
	}
	return slices.DeleteFunc(out, func(f namedValue) bool { return f.value == "" })
}

func compareFields(before, after []namedValue) []FieldDifference {
	var out []FieldDifference
	for _, f := range after {
		i := slices.IndexFunc(before, func(x namedValue) bool { return x.name == f.name })
		switch {
		case i < 0:
			out = append(out, FieldDifference{Name: f.name, After: f.value})
		case before[i].value != f.value:
			out = append(out, FieldDifference{Name: f.name, Before: before[i].value, After: f.value})
		}
	}
	for _, f := range before {
		if !slices.ContainsFunc(after, func(x namedValue) bool { return x.name == f.name }) {
			out = append(out, FieldDifference{Name: f.name, Before: f.value})
		}
	}
	return out
}

// CompareItems compares two revisions of one item: what a suspect link shows.
func CompareItems(before, after *record.Item) []FieldDifference {
	return compareFields(covered(before), covered(after))
}

// String is the difference on one line, for messages. Of long values it shows
// what changed with a few words around it; Before and After hold all.
func (d FieldDifference) String() string {
	switch {
	case d.Before == "":
		return fmt.Sprintf("%s: added %q", d.Name, d.After)
	case d.After == "":
		return fmt.Sprintf("%s: removed %q", d.Name, d.Before)
	}
	before, after := around(d.Before, d.After)
	return fmt.Sprintf("%s: %q became %q", d.Name, before, after)
}

// What is shown of long values: so many bytes around the change, at least.
const (
	longValue     = 120
	aroundAChange = 40
)

// around cuts what two long values have in common at both ends, at blanks.
func around(a, b string) (string, string) {
	if len(a) < longValue && len(b) < longValue {
		return a, b
	}
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	tail := 0
	for tail < min(len(a), len(b))-same && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	begin, end := "", ""
	if from := strings.LastIndexByte(a[:max(0, same-aroundAChange)], ' '); from > 0 {
		begin, same = "…", from+1
	} else {
		same = 0
	}
	if i := strings.IndexByte(a[len(a)-max(0, tail-aroundAChange):], ' '); i >= 0 && tail > aroundAChange {
		end, tail = "…", tail-aroundAChange-i
	} else {
		tail = 0
	}
	return begin + a[same:len(a)-tail] + end, begin + b[same:len(b)-tail] + end
}
