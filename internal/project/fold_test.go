package project_test

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// compare holds a Snapshot against a world and against itself.
func compare(t rapid.TB, what string, s *project.Snapshot, w *world) {
	t.Helper()
	if d := cmp.Diff(w.view(), see(s), cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s (-world +snapshot):\n%s", what, d)
	}
	if err := check(s); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// fold applies a whole story and returns every head on the way.
func (s *story) fold(t rapid.TB) (*project.Fold, []*project.Snapshot) {
	t.Helper()
	f := project.NewFold()
	var heads []*project.Snapshot
	for _, c := range s.entries {
		if err := f.Apply(c, s.entries); err != nil {
			t.Fatal(err)
		}
		heads = append(heads, f.Head(c.Stream))
	}
	return f, heads
}

func TestFoldIsTheWorld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genStory(25).Draw(t, "story")
		f, heads := s.fold(t)
		if f.Entry() != int64(len(s.entries)) {
			t.Fatalf("the fold is at entry %d of %d", f.Entry(), len(s.entries))
		}
		for i, c := range s.entries { // every head, after all others were made: none was altered
			w := s.asOf(c.Stream, c.Sequence)
			compare(t, fmt.Sprintf("entry %d", c.Sequence), heads[i], w.world)
			if heads[i].Stream() != c.Stream || heads[i].Entry() != c.Sequence || !heads[i].Time().Equal(c.Time) {
				t.Fatalf("entry %d: stream %s, entry %d, time %v", c.Sequence, heads[i].Stream(), heads[i].Entry(), heads[i].Time())
			}
		}
		for stream := range s.lines {
			compare(t, "head of "+string(stream), f.Head(stream), s.asOf(stream, f.Entry()).world)
		}
	})
}

func TestAsOfAnyEntryIsThePrefix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genStory(20).Draw(t, "story")
		f, _ := s.fold(t)
		for stream := range s.lines {
			for entry := range f.Entry() + 1 {
				got, err := f.AsOf(stream, entry, s.entries)
				if err != nil {
					t.Fatal(err)
				}
				want := s.asOf(stream, entry)
				compare(t, fmt.Sprintf("%s as of entry %d", stream, entry), got, want.world)
				if got.Stream() != stream || got.Entry() != want.entry {
					t.Fatalf("%s as of entry %d is called %s at entry %d", stream, entry, got.Stream(), got.Entry())
				}
			}
		}
	})
}

// TestSplitHistories cuts the operations of one stream into changes at other places: the state at the end is the same.
func TestSplitHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genStory(15).Draw(t, "story")
		var ops []record.Operation
		for _, c := range s.entries {
			if c.Stream != record.Main {
				continue
			}
			for _, op := range c.Operations {
				switch op.(type) {
				case record.Branch, record.Baseline: // they name the entry they stand in
				default:
					ops = append(ops, op)
				}
			}
		}
		whole, err := project.Empty(record.Main).Apply(change(1, ops...))
		if err != nil {
			t.Fatal(err)
		}
		if err := check(whole); err != nil {
			t.Fatal(err)
		}
		split := project.Empty(record.Main)
		for seq := int64(1); len(ops) > 0; seq++ {
			n := rapid.IntRange(1, len(ops)).Draw(t, "operations of a change")
			if split, err = split.Apply(change(seq, ops[:n]...)); err != nil {
				t.Fatal(err)
			}
			ops = ops[n:]
		}
		if d := cmp.Diff(see(whole), see(split), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("(-one change +several):\n%s", d)
		}
	})
}

// TestTwoChangesOfOneState applies two changes to the same Snapshot, as two streams do: neither sees the other.
func TestTwoChangesOfOneState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genStory(12).Draw(t, "story")
		_, heads := s.fold(t)
		at := rapid.IntRange(0, len(heads)-1).Draw(t, "state")
		base, w := heads[at], s.asOf(s.entries[at].Stream, int64(at+1)).world
		var made []*project.Snapshot
		var worlds []*world
		for range 3 {
			next := w.clone()
			c := &record.Change{Sequence: base.Entry() + 1, Stream: base.Stream()}
			for range rapid.IntRange(1, 6).Draw(t, "operations") {
				op := next.draw(t, c.Sequence)
				next.apply(c.Sequence, op)
				c.Operations = append(c.Operations, op)
			}
			snapshot, err := base.Apply(c)
			if err != nil {
				t.Fatal(err)
			}
			made, worlds = append(made, snapshot), append(worlds, next)
		}
		for i := range made {
			compare(t, fmt.Sprintf("change %d", i), made[i], worlds[i])
		}
		compare(t, "the state before", base, w)
	})
}

// TestAsOfFromKeptStates folds more entries than lie between two states that are kept.
func TestAsOfFromKeptStates(t *testing.T) {
	f := project.NewFold()
	var history entries
	want := map[int64]string{}
	for seq := int64(1); seq <= 700; seq++ {
		c := change(seq, requirement(int(seq%7), fmt.Sprint("title ", seq)))
		if seq == 300 {
			c.Operations = append(c.Operations, record.Baseline{Name: "1.0"})
		}
		if seq == 400 {
			c.Operations = append(c.Operations, record.Branch{Stream: "1.x", Parent: record.Main, Entry: 300})
		}
		if seq > 400 && seq%3 == 0 {
			c.Stream = "1.x"
		} else {
			want[seq] = fmt.Sprint("title ", seq)
		}
		history = append(history, c)
		if err := f.Apply(c, history); err != nil {
			t.Fatal(err)
		}
	}
	reads := &counting{entries: history}
	for seq, title := range want {
		s, err := f.AsOf(record.Main, seq, reads)
		if err != nil {
			t.Fatal(err)
		}
		if h, _ := s.ByID(testID(int(seq % 7))); s.Node(h).Item.Title != title || s.Entry() != seq {
			t.Errorf("as of entry %d: title %q at entry %d", seq, s.Node(h).Item.Title, s.Entry())
		}
	}
	if reads.longest > 400 {
		t.Errorf("%d entries were read for one state", reads.longest)
	}
	s, err := f.AsOf("1.x", 300, history)
	if err != nil {
		t.Fatal(err)
	}
	if h, _ := s.ByID(testID(300 % 7)); s.Node(h).Item.Title != "title 300" || s.Stream() != "1.x" || len(s.Baselines()) != 1 {
		t.Errorf("1.x begins with %q, baselines %v", s.Node(h).Item.Title, s.Baselines())
	}
}

// counting counts the entries read.
type counting struct {
	entries
	longest int64
}

func (c *counting) Changes(from, to int64) iter.Seq2[*record.Change, error] {
	c.longest = max(c.longest, to-from+1)
	return c.entries.Changes(from, to)
}

func TestStreams(t *testing.T) {
	f := project.NewFold()
	history := entries{
		change(1, requirement(1, "one")),
		change(2, record.Branch{Stream: "2.x", Parent: record.Main, Entry: 1}, record.Branch{Stream: "2.y", Parent: "2.x", Entry: 0}),
		change(3, requirement(1, "two"), record.Branch{Stream: "1.x", Parent: record.Main, Entry: 1}),
		{Sequence: 4, Stream: "1.x", Operations: []record.Operation{requirement(2, "only here")}},
	}
	for _, c := range history {
		if err := f.Apply(c, history); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff([]record.Stream{record.Main, "2.y", "1.x", "2.x"}, f.Streams()); d != "" {
		t.Errorf("streams, main first, by the entry they leave from, then by name (-want +got):\n%s", d)
	}
	titles := map[record.Stream][]string{}
	for _, name := range f.Streams() {
		for _, n := range f.Head(name).All() {
			titles[name] = append(titles[name], n.Item.Title)
		}
	}
	if d := cmp.Diff(map[record.Stream][]string{record.Main: {"two"}, "1.x": {"one", "only here"}, "2.x": {"one"}}, titles); d != "" {
		t.Errorf("titles (-want +got):\n%s", d)
	}
	if f.Head("3.x") != nil {
		t.Error("a stream that does not exist has a head")
	}
}

// TestRefusedChanges makes changes that the fold must refuse, and shows that nothing of them is left.
func TestRefusedChanges(t *testing.T) {
	history := entries{change(1, requirement(1, "one"), requirement(2, "two"), link(1, "refines", 2), record.Baseline{Name: "1.0"},
		requirement(3, "retired"), record.Retire{ID: testID(3)}, requirement(4, "document"), requirement(5, "other document"),
		record.Place{Document: testID(4), Outline: []record.Block{{Level: 1, Item: testID(1)}}})}
	in := func(c *record.Change, f func(*record.Change)) *record.Change { f(c); return c }
	tests := []struct {
		sentence string
		change   *record.Change
		says     string
	}{
		{"an entry twice", change(1, requirement(9, "nine")), "the next one is 2"},
		{"an entry left out", change(3, requirement(9, "nine")), "the next one is 2"},
		{"a stream that is not there", in(change(2, requirement(9, "nine")), func(c *record.Change) { c.Stream = "1.x" }), `no stream "1.x"`},
		{"an unknown identity", change(2, record.Retire{ID: testID(77)}), "no item has the identity"},
		{"a state of an unknown identity", change(2, record.MoveState{ID: testID(77)}), "no item has the identity"},
		{"a comment on an unknown identity", change(2, record.Comment{ID: testID(77)}), "no item has the identity"},
		{"another key of an unknown identity", change(2, record.Rekey{ID: testID(77), Key: "SRS-9"}), "no item has the identity"},
		{"a result of an unknown test", change(2, record.AttachEvidence{Results: []record.TestResult{{Test: testID(77)}}}), "no item has the identity"},
		{"a key that is taken", change(2, record.PutItem{Item: record.Item{ID: testID(9), Key: "SRS-1", Kind: "SRS"}}), "already that of item"},
		{"the key of a retired item", change(2, record.PutItem{Item: record.Item{ID: testID(9), Key: "SRS-3", Kind: "SRS"}}), "already that of item"},
		{"a rekey to a key that is taken", change(2, record.Rekey{ID: testID(1), Key: "SRS-2"}), "already taken"},
		{"a key changed by an edit", change(2, record.PutItem{Item: record.Item{ID: testID(1), Key: "SRS-9", Kind: "SRS"}}), "cannot become"},
		{"a kind changed by an edit", change(2, record.PutItem{Item: record.Item{ID: testID(1), Key: "SRS-1", Kind: "SYS"}}), "cannot become"},
		{"an edit of a retired item", change(2, requirement(3, "again")), "is retired"},
		{"retired twice", change(2, record.Retire{ID: testID(3)}), "already retired"},
		{"a link twice", change(2, link(1, "refines", 2)), "already there"},
		{"a link twice, once by key", change(2, record.AddLink{Link: record.Link{Verb: "refines", Source: testID(1), Ref: "SRS-2"}}), "already there"},
		{"a link from nowhere", change(2, link(77, "refines", 2)), "no item has the identity"},
		{"a link to an unknown identity", change(2, link(1, "refines", 77)), "no item has the identity"},
		{"a link without target", change(2, record.AddLink{Link: record.Link{Verb: "refines", Source: testID(1)}}), "without a target"},
		{"an unlink of nothing", change(2, record.Unlink{Source: testID(2), Verb: "refines", Target: testID(1)}), "there is no link"},
		{"an unlink from nowhere", change(2, record.Unlink{Source: testID(77), Verb: "refines", Target: testID(1)}), "no item has the identity"},
		{"an unlink to nowhere", change(2, record.Unlink{Source: testID(1), Verb: "refines", Target: testID(77)}), "no item has the identity"},
		{"a confirmation of nothing", change(2, record.ConfirmLink{Source: testID(1), Verb: "likes", Target: testID(2)}), "there is no link"},
		{"a document that is not there", change(2, record.Place{Document: testID(77)}), "no item has the identity"},
		{"an unknown item in a document", change(2, record.Place{Document: testID(4), Outline: []record.Block{{Item: testID(77)}}}), "no item has the identity"},
		{"an item twice in a document", change(2, record.Place{Document: testID(4), Outline: []record.Block{{Item: testID(2)}, {Item: testID(2)}}}), "stands twice"},
		{"an item in two documents", change(2, record.Place{Document: testID(5), Outline: []record.Block{{Item: testID(1)}}}), "stands in document SRS-4"},
		{"a baseline twice", change(2, record.Baseline{Name: "1.0"}), "was made at entry 1"},
		{"an operation of a later version", change(2, record.Unknown{Name: "sign"}), "newer one"},
		{"a stream twice", change(2, record.Branch{Stream: record.Main, Parent: record.Main, Entry: 1}), "already there"},
		{"a stream without name", change(2, record.Branch{Parent: record.Main, Entry: 1}), "already there"},
		{"a stream from one that is not there", change(2, record.Branch{Stream: "1.x", Parent: "0.x", Entry: 1}), "does not exist"},
		{"a stream from the future", change(2, record.Branch{Stream: "1.x", Parent: record.Main, Entry: 3}), "not there yet"},
		{"a stream from before the beginning", change(2, record.Branch{Stream: "1.x", Parent: record.Main, Entry: -1}), "not there yet"},
		{"good operations before a bad one", change(2, requirement(9, "nine"), link(9, "refines", 1), record.Retire{ID: testID(77)}), "operation 3 (retire)"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			f := project.NewFold()
			if err := f.Apply(history[0], history); err != nil {
				t.Fatal(err)
			}
			before := see(f.Head(record.Main))
			err := f.Apply(tt.change, history)
			if err == nil {
				t.Fatal("is taken")
			}
			if !contains(err, tt.says) {
				t.Errorf("%v: does not say %q", err, tt.says)
			}
			if d := cmp.Diff(before, see(f.Head(record.Main)), cmpopts.EquateEmpty()); d != "" || f.Entry() != 1 || len(f.Streams()) != 1 {
				t.Errorf("something was left (-before +after):\n%s", d)
			}
			if err := check(f.Head(record.Main)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAChangeOfAnotherStreamIsRefused(t *testing.T) {
	s := project.Empty("1.x")
	if _, err := s.Apply(change(1, requirement(1, "one"))); err == nil {
		t.Error("a change of main is applied to 1.x")
	}
	s, err := project.Empty(record.Main).Apply(change(5))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Apply(change(5)); err == nil {
		t.Error("an entry is applied twice")
	}
}

func TestMoreVerbsThanAnySchema(t *testing.T) {
	ops := []record.Operation{requirement(1, "one"), requirement(2, "two")}
	for i := range 5000 {
		ops = append(ops, link(1, record.Verb(fmt.Sprint("v", i)), 2))
	}
	if _, err := project.Empty(record.Main).Apply(change(1, ops...)); err == nil || !contains(err, "verb more") {
		t.Errorf("5000 verbs: %v", err)
	}
}

// TestPreparedChangesAreNotSeen folds a change for a writer whose store then fails.
func TestPreparedChangesAreNotSeen(t *testing.T) {
	f := project.NewFold()
	first, err := f.Prepare(change(1, requirement(1, "lost")), entries{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Entry() != 0 || f.Head(record.Main).Items() != 0 {
		t.Fatal("a prepared change is seen")
	}
	second, err := f.Prepare(change(1, requirement(1, "kept")), entries{})
	if err != nil {
		t.Fatal(err)
	}
	second.Publish()
	if h, ok := f.Head(record.Main).ByKey("SRS-1"); !ok || f.Head(record.Main).Node(h).Item.Title != "kept" || f.Entry() != 1 {
		t.Error("the published change is not seen")
	}
	_ = first
}

// broken is a ledger that cannot be read.
type broken struct{}

var errBroken = errors.New("the disk is gone")

func (broken) Changes(_, _ int64) iter.Seq2[*record.Change, error] {
	return func(yield func(*record.Change, error) bool) { yield(nil, errBroken) }
}

func TestAsOfErrors(t *testing.T) {
	f := project.NewFold()
	for seq := range int64(4) {
		if err := f.Apply(change(seq+1, requirement(1, fmt.Sprint(seq))), entries{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.AsOf(record.Main, 2, broken{}); !errors.Is(err, errBroken) {
		t.Errorf("the cause is lost: %v", err)
	}
	if err := f.Apply(change(5, record.Branch{Stream: "1.x", Parent: record.Main, Entry: 2}), broken{}); !errors.Is(err, errBroken) || f.Entry() != 4 {
		t.Errorf("a branch from a past that cannot be read: %v, at entry %d", err, f.Entry())
	}
	for _, entry := range []int64{-1, 5} {
		if _, err := f.AsOf(record.Main, entry, entries{}); err == nil {
			t.Errorf("entry %d is there", entry)
		}
	}
	if _, err := f.AsOf("1.x", 1, entries{}); err == nil {
		t.Error("a stream that does not exist has a past")
	}
	wrong := entries{change(2, record.Retire{ID: testID(77)})}
	if _, err := f.AsOf(record.Main, 2, wrong); err == nil {
		t.Error("a ledger that says something else is believed")
	}
}

func TestStreamsOfAStoryAreAllThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genStory(15).Draw(t, "story")
		f, _ := s.fold(t)
		if d := cmp.Diff(slices.Sorted(maps.Keys(s.lines)), slices.Sorted(slices.Values(f.Streams()))); d != "" {
			t.Fatalf("(-story +fold):\n%s", d)
		}
	})
}

// TestChangesOfManyOperations holds a change that is large enough to be worked on in parallel against the same one in small changes.
func TestChangesOfManyOperations(t *testing.T) {
	const n = 3000
	var ops, bad []record.Operation
	for i := range n {
		ops = append(ops, requirement(i, fmt.Sprint("title ", i%5)))
	}
	for i := 1; i < n; i++ {
		ops = append(ops, link(i, "refines", i-1), record.AddLink{Link: record.Link{Verb: "uses", Source: testID(i), Ref: record.Ref(fmt.Sprintf("SRS-%d", i+n-10))}},
			record.AddLink{Link: record.Link{Verb: "verifies", Source: testID(i), Ref: record.Ref(fmt.Sprintf("SRS-%d", i-1))}})
	}
	whole, err := project.Empty(record.Main).Apply(change(1, ops...))
	if err != nil {
		t.Fatal(err)
	}
	items, err := project.Empty(record.Main).Apply(change(1, ops[:n]...))
	if err != nil {
		t.Fatal(err)
	}
	linked, err := items.Apply(change(2, ops[n:]...)) // begins with links alone
	if err != nil {
		t.Fatal(err)
	}
	small := project.Empty(record.Main)
	for seq := int64(1); len(ops) > 0; seq++ {
		k := min(len(ops), 101)
		if small, err = small.Apply(change(seq, ops[:k]...)); err != nil {
			t.Fatal(err)
		}
		ops = ops[k:]
	}
	want := see(small)
	for name, s := range map[string]*project.Snapshot{"in one change": whole, "in two": linked} {
		if d := cmp.Diff(want, see(s), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s (-small changes +large):\n%.2000s", name, d)
		}
		if err := check(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range 5000 {
		bad = append(bad, link(i%n, record.Verb(fmt.Sprint("v", i/n)), (i+1)%n))
	}
	for name, last := range map[string]record.Operation{"to nowhere": link(1, "refines", n+5), "from nowhere": link(n+5, "refines", 1), "twice": link(0, "v0", 1)} {
		if _, err := items.Apply(change(2, append(slices.Clone(bad), last)...)); err == nil || !contains(err, "operation 5001 (link)") {
			t.Errorf("a link %s behind many others: %v", name, err)
		}
	}
}
