package project_test

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// world is a project as the plainest code would hold it: maps that are copied whole. Snapshots are compared with it.
type world struct {
	items     map[record.ID]*thing
	links     []edge
	settings  record.Settings
	baselines []project.NamedBaseline
}

type thing struct {
	item      record.Item // with its text
	revisions int
	state     record.State
	retired   bool
	document  record.ID
	outline   []record.Block
	result    project.Result
}

type edge struct {
	verb      record.Verb
	source    record.ID
	target    record.ID
	ref       record.Ref // where there is no target
	confirmed record.Confirmation
}

func newWorld() *world { return &world{items: map[record.ID]*thing{}} }

func (w *world) clone() *world {
	c := &world{items: map[record.ID]*thing{}, links: slices.Clone(w.links), settings: w.settings, baselines: slices.Clone(w.baselines)}
	for id, it := range w.items {
		copied := *it
		c.items[id] = &copied
	}
	return c
}

func (w *world) byKey(key record.Key) (record.ID, bool) {
	for id, it := range w.items {
		if it.item.Key == key {
			return id, true
		}
	}
	return record.ID{}, false
}

// resolve turns links that waited for a key into links to the item; the same link is kept once.
func (w *world) resolve(key record.Key, id record.ID) {
	for i := 0; i < len(w.links); i++ {
		if w.links[i].ref != record.Ref(key) {
			continue
		}
		l := w.links[i]
		l.ref, l.target = "", id
		if w.find(l) >= 0 {
			w.links = slices.Delete(w.links, i, i+1)
			i--
			continue
		}
		w.links[i] = l
	}
}

// find returns the index of the link with the verb and ends of l.
func (w *world) find(l edge) int {
	return slices.IndexFunc(w.links, func(x edge) bool {
		return x.verb == l.verb && x.source == l.source && x.target == l.target && x.ref == l.ref
	})
}

// end is what a link named so leads to.
func (w *world) end(l edge) edge {
	if l.target.IsZero() {
		if id, ok := w.byKey(record.Key(l.ref)); ok {
			l.target = id
		}
	}
	if !l.target.IsZero() {
		l.ref = ""
	}
	return l
}

// apply takes operations that contradict nothing.
func (w *world) apply(entry int64, op record.Operation) {
	switch op := op.(type) {
	case record.PutItem:
		it := w.items[op.Item.ID]
		if it == nil {
			w.items[op.Item.ID] = &thing{item: op.Item, revisions: 1}
			w.resolve(op.Item.Key, op.Item.ID)
			return
		}
		it.item = op.Item
		it.revisions++
	case record.Rekey:
		w.items[op.ID].item.Key = op.Key
		w.resolve(op.Key, op.ID)
	case record.Retire:
		w.items[op.ID].retired = true
	case record.MoveState:
		w.items[op.ID].state = op.State
	case record.Place:
		w.place(op)
	case record.AddLink:
		w.links = append(w.links, w.end(edge{op.Link.Verb, op.Link.Source, op.Link.Target, op.Link.Ref, op.Link.Confirmed}))
	case record.Unlink:
		i := w.find(w.end(edge{verb: op.Verb, source: op.Source, target: op.Target, ref: op.Ref}))
		w.links = slices.Delete(w.links, i, i+1)
	case record.ConfirmLink:
		w.links[w.find(w.end(edge{verb: op.Verb, source: op.Source, target: op.Target, ref: op.Ref}))].confirmed = op.Confirmed
	case record.AttachEvidence:
		for _, r := range op.Results {
			w.items[r.Test].result = project.Result{Outcome: r.Outcome, Name: r.Name, Message: r.Message, Report: op.Report.Name, Line: r.Line, Manifest: op.Manifest}
		}
	case record.Baseline:
		w.baselines = append(w.baselines, project.NamedBaseline{Name: op.Name, Title: op.Title, Entry: entry})
	case record.Settings:
		w.settings = op
	case record.Comment, record.Branch:
	default:
		panic(fmt.Sprintf("the world does not know %T", op))
	}
}

func (w *world) place(op record.Place) {
	for _, it := range w.items {
		if it.document == op.Document {
			it.document = record.ID{}
		}
	}
	for _, b := range op.Outline {
		if !b.Item.IsZero() {
			w.items[b.Item].document = op.Document
		}
	}
	w.items[op.Document].outline = op.Outline
}

// view is all that can be seen of a state, in a form that can be compared.
type view struct {
	Items     []itemView
	Missing   []record.Key
	Links     []string
	Settings  record.Settings
	Baselines []project.NamedBaseline
}

type itemView struct {
	Item      record.Item // without its text
	Content   record.Hash
	LinkSet   record.Hash
	Revisions int
	State     record.State
	Retired   bool
	Document  record.ID
	Outline   []record.Block
	Result    project.Result // without its position
}

func (w *world) view() view {
	v := view{Settings: w.settings, Baselines: slices.Clone(w.baselines)}
	missing := map[record.Key]bool{}
	outgoing := map[record.ID][]record.Link{}
	for _, l := range w.links {
		to := string(l.ref)
		if l.target.IsZero() {
			missing[record.Key(l.ref)] = true
		} else {
			to = string(w.items[l.target].item.Key)
		}
		v.Links = append(v.Links, linkView(w.items[l.source].item.Key, l.verb, to, l.confirmed))
		outgoing[l.source] = append(outgoing[l.source], record.Link{Verb: l.verb, Source: l.source, Target: l.target, Ref: l.ref})
	}
	for id, it := range w.items {
		shown := itemView{Item: it.item, Content: it.item.ContentHash(), LinkSet: record.LinkSetHash(outgoing[id]), Revisions: it.revisions, State: it.state,
			Retired: it.retired, Document: it.document, Outline: it.outline, Result: it.result}
		shown.Item.Text = ""
		v.Items = append(v.Items, shown)
	}
	v.Missing = slices.Sorted(maps.Keys(missing))
	v.sort()
	return v
}

func linkView(source record.Key, verb record.Verb, target string, c record.Confirmation) string {
	return fmt.Sprintf("%s %s %s %.8s %.8s", source, verb, target, c.Source.Hex(), c.Target.Hex())
}

func (v *view) sort() {
	slices.SortFunc(v.Items, func(a, b itemView) int { return strings.Compare(a.Item.ID.String(), b.Item.ID.String()) })
	slices.Sort(v.Links)
	slices.Sort(v.Missing)
}

// see is the view of a Snapshot. Missing items count only while a link leads to them.
func see(s *project.Snapshot) view {
	v := view{Settings: s.Settings(), Baselines: slices.Clone(s.Baselines())}
	for h := range s.Handles() {
		n := s.Node(h)
		if n.Missing {
			if s.In(h).Len() > 0 {
				v.Missing = append(v.Missing, n.Item.Key)
			}
			continue
		}
		shown := itemView{Item: n.Item, Content: n.Content, LinkSet: s.LinkSetHash(h), Revisions: n.Revision(), State: n.State, Retired: n.Retired}
		if n.Document != project.NoHandle {
			shown.Document = s.Node(n.Document).Item.ID
		}
		if n.Outline != nil {
			shown.Outline = n.Outline.Blocks
		}
		if n.Result != nil {
			shown.Result = *n.Result
			shown.Result.At = project.Position{}
		}
		v.Items = append(v.Items, shown)
	}
	for _, l := range s.AllLinks() {
		v.Links = append(v.Links, linkView(s.Node(l.Source).Item.Key, s.Verb(l.Verb), string(s.Node(l.Target).Item.Key), l.Confirmed))
	}
	v.sort()
	return v
}

// entries is a ledger in memory.
type entries []*record.Change

func (e entries) Changes(from, to int64) iter.Seq2[*record.Change, error] {
	return func(yield func(*record.Change, error) bool) {
		for _, c := range e {
			if c.Sequence >= from && c.Sequence <= to && !yield(c, nil) {
				return
			}
		}
	}
}

func (e entries) Operation(p project.Position) (record.Operation, error) {
	if p.Entry < 1 || p.Entry > int64(len(e)) || int(p.Operation) >= len(e[p.Entry-1].Operations) {
		return nil, fmt.Errorf("there is no operation %d of entry %d", p.Operation, p.Entry)
	}
	return e[p.Entry-1].Operations[p.Operation], nil
}

// line is a stream of a history: the worlds after each of its entries.
type line struct {
	parent record.Stream
	from   int64
	states []dated
}

type dated struct {
	entry int64
	world *world
}

// story is a random history with the worlds it makes.
type story struct {
	entries entries
	lines   map[record.Stream]*line
}

// asOf is the world of a stream as the design defines it: the parent's up to the branch point, its own after it.
func (s *story) asOf(stream record.Stream, entry int64) dated {
	l := s.lines[stream]
	if l.parent != "" && entry <= l.from {
		return s.asOf(l.parent, entry)
	}
	var at dated
	for _, d := range l.states {
		if d.entry <= entry {
			at = d
		}
	}
	return at
}

// genStory draws a history of several streams.
func genStory(longest int) *rapid.Generator[*story] {
	return rapid.Custom(func(t *rapid.T) *story {
		s := &story{lines: map[record.Stream]*line{record.Main: {states: []dated{{0, newWorld()}}}}}
		for range rapid.IntRange(1, longest).Draw(t, "entries") {
			s.grow(t)
		}
		return s
	})
}

func (s *story) grow(t *rapid.T) {
	seq := int64(len(s.entries) + 1)
	streams := slices.Sorted(maps.Keys(s.lines))
	stream := rapid.SampledFrom(streams).Draw(t, "stream")
	l := s.lines[stream]
	w := l.states[len(l.states)-1].world.clone()
	c := &record.Change{Sequence: seq, Stream: stream, Time: time.Unix(seq, 0).UTC(), Actor: "local"}
	for range rapid.IntRange(1, 5).Draw(t, "operations") {
		op := w.draw(t, seq)
		w.apply(seq, op)
		c.Operations = append(c.Operations, op)
	}
	l.states = append(l.states, dated{seq, w})
	if len(streams) < 4 && rapid.IntRange(0, 4).Draw(t, "branch") == 0 {
		op := record.Branch{Stream: record.Stream(fmt.Sprintf("%d.x", len(streams))), Parent: rapid.SampledFrom(streams).Draw(t, "parent"), Entry: rapid.Int64Range(0, seq).Draw(t, "from")}
		c.Operations = append(c.Operations, op)
		base := s.asOf(op.Parent, op.Entry)
		s.lines[op.Stream] = &line{parent: op.Parent, from: op.Entry, states: []dated{{base.entry, base.world}}}
	}
	s.entries = append(s.entries, c)
}

var (
	verbs  = []record.Verb{"refines", "uses", "verifies"}
	titles = []string{"Stop", "Start", "Alarm", ""}
	values = []string{"one", "two", "a, b", "", `"quoted"`, "two\nlines"}
)

func smallKey(t *rapid.T) record.Key {
	return record.Key(fmt.Sprintf("SRS-%d", rapid.IntRange(1, 9).Draw(t, "key")))
}

func smallHash(t *rapid.T) record.Hash {
	return record.Hash{byte(rapid.IntRange(0, 3).Draw(t, "hash"))}
}

// draw returns an operation that contradicts nothing in w.
func (w *world) draw(t *rapid.T, seq int64) record.Operation {
	var present []record.ID // in use
	for id, it := range w.items {
		if !it.retired {
			present = append(present, id)
		}
	}
	slices.SortFunc(present, func(a, b record.ID) int { return strings.Compare(a.String(), b.String()) })
	if len(present) == 0 {
		return w.drawPut(t, nil)
	}
	id := rapid.SampledFrom(present).Draw(t, "item")
	switch rapid.IntRange(0, 14).Draw(t, "operation") {
	case 0:
		if key := smallKey(t); w.free(key) {
			return record.Rekey{ID: id, Key: key}
		}
	case 1:
		return record.Retire{ID: id}
	case 2:
		return record.MoveState{ID: id, State: rapid.SampledFrom([]record.State{"draft", "approved", ""}).Draw(t, "state")}
	case 3, 4:
		return w.drawPlace(t, id, present)
	case 5, 6, 7, 8:
		l := w.drawLink(t, id, present)
		if w.find(w.end(l)) < 0 {
			return record.AddLink{Link: record.Link{Verb: l.verb, Source: l.source, Target: l.target, Ref: l.ref, Confirmed: l.confirmed}}
		}
		if rapid.Bool().Draw(t, "unlink") {
			return record.Unlink{Source: l.source, Verb: l.verb, Target: l.target, Ref: l.ref}
		}
		return record.ConfirmLink{Source: l.source, Verb: l.verb, Target: l.target, Ref: l.ref, Confirmed: l.confirmed, Reason: "seen"}
	case 9:
		return record.AttachEvidence{Report: record.File{Name: "report.xml"}, Format: "junit", Results: []record.TestResult{
			{Test: id, Outcome: rapid.SampledFrom([]string{"passed", "failed"}).Draw(t, "outcome"), Name: "T", Line: 3}}}
	case 10:
		return record.Settings{Title: rapid.SampledFrom(titles).Draw(t, "project title")}
	case 11:
		name := fmt.Sprintf("B%d", rapid.IntRange(1, 9).Draw(t, "baseline"))
		if !slices.ContainsFunc(w.baselines, func(b project.NamedBaseline) bool { return b.Name == name }) {
			return record.Baseline{Name: name, Title: "as of " + name}
		}
	case 12:
		return record.Comment{ID: id, Text: "hm"}
	}
	return w.drawPut(t, present)
}

func (w *world) free(key record.Key) bool { _, taken := w.byKey(key); return !taken }

// drawPut makes a new item where a key is free, else a new revision; where all are retired it makes a comment-like no-change: settings.
func (w *world) drawPut(t *rapid.T, present []record.ID) record.Operation {
	it := record.Item{Kind: "SRS", Title: rapid.SampledFrom(titles).Draw(t, "title"), Text: rapid.SampledFrom(values[:3]).Draw(t, "text")}
	if rapid.Bool().Draw(t, "field") {
		it.Fields = append(it.Fields, record.Field{Name: "rationale", Values: []string{rapid.SampledFrom(values).Draw(t, "value")}})
	}
	if rapid.Bool().Draw(t, "many") {
		it.Fields = append(it.Fields, record.Field{Name: "tags", Many: true, Values: rapid.SliceOfN(rapid.SampledFrom(values), 0, 3).Draw(t, "values")})
	}
	if rapid.Bool().Draw(t, "file") {
		it.Files = []record.File{{Name: "a.png", Hash: smallHash(t)}}
	}
	key := smallKey(t)
	if !w.free(key) {
		if len(present) == 0 {
			return record.Settings{Title: "nothing to change"}
		}
		old := w.items[rapid.SampledFrom(present).Draw(t, "revised")].item
		it.ID, it.Key = old.ID, old.Key
		return record.PutItem{Item: it}
	}
	it.ID, it.Key = testID(len(w.items)+100), key
	return record.PutItem{Item: it}
}

func (w *world) drawLink(t *rapid.T, source record.ID, present []record.ID) edge {
	l := edge{verb: rapid.SampledFrom(verbs).Draw(t, "verb"), source: source, confirmed: record.Confirmation{Source: smallHash(t), Target: smallHash(t)}}
	switch {
	case rapid.Bool().Draw(t, "by identity"):
		l.target = rapid.SampledFrom(present).Draw(t, "target")
	case rapid.IntRange(0, 9).Draw(t, "other project") == 0:
		l.ref = "platform/SRS-1"
	default:
		l.ref = record.Ref(smallKey(t))
	}
	return l
}

func (w *world) drawPlace(t *rapid.T, document record.ID, present []record.ID) record.Operation {
	op := record.Place{Document: document, Outline: []record.Block{{Level: 0, Prose: "Before."}}}
	for _, id := range rapid.Permutation(present).Draw(t, "order") {
		if d := w.items[id].document; id == document || !d.IsZero() && d != document || !rapid.Bool().Draw(t, "placed") {
			continue
		}
		if rapid.IntRange(0, 3).Draw(t, "section") == 0 {
			op.Outline = append(op.Outline, record.Block{Level: 1, Heading: "Part"})
		}
		op.Outline = append(op.Outline, record.Block{Level: 2, Item: id})
	}
	return op
}
