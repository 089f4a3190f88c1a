package workspace

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
)

// edited is a random project that two people have changed, one in a folder and
// one in the ledger.
type edited struct {
	ledger             *testLedger
	base, theirs, ours *Text
}

func drawEdited(t *rapid.T, here, there int) *edited {
	l := drawLedger(t)
	e := &edited{ledger: l, base: mustCheckout(t, l.state())}
	mustPush(t, l, edit(t, "Theirs", e.base, there))
	e.theirs = mustCheckout(t, l.state())
	e.ours = edit(t, "Ours", e.base, here)
	return e
}

var testLabels = MergeOptions{Here: "here", Base: "entry 1", Theirs: "entry 2, Ann: the reason"}

func (e *edited) merge(t failer) *Merged {
	t.Helper()
	m, err := Merge3(e.base, e.theirs, e.ours, testLabels)
	if err != nil {
		t.Fatalf("merge: %v", err)
	}
	return m
}

// goldthread:verifies SRS-97
func TestMergeLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEdited(t, 6, 6)
		m := e.merge(t)
		again := e.merge(t)
		if diff := cmp.Diff(show(m.Write), show(again.Write)); diff != "" || !slices.Equal(m.Remove, again.Remove) || !slices.Equal(m.Conflicts, again.Conflicts) {
			t.Fatalf("merging again gives something else:\n%s", diff)
		}
		read := markersAreFound(t, m, e.ours)
		after := pulled(t, m, e.ours)
		wordsStay(t, "Ours", mustRender(t, e.ours), after)
		wordsStay(t, "Theirs", mustRender(t, e.theirs), after)
		e.parts(t, m)
		if len(m.Conflicts) == 0 {
			e.pushAndPull(t, read)
		}
	})
}

var testWords = map[string]*regexp.Regexp{"Ours": regexp.MustCompile(`Ours\d+`), "Theirs": regexp.MustCompile(`Theirs\d+`)}

// wordsStay checks that every word of a side is there after the merge, taken
// over or in a conflict. What the lock says has its own check.
func wordsStay(t *rapid.T, who string, side, after []File) {
	words := func(files []File) map[string]bool {
		out := map[string]bool{}
		for _, f := range files {
			text := f.Path + "\n" + string(f.Data)
			if f.Path == LockFile {
				text = ""
			}
			for _, w := range testWords[who].FindAllString(text, -1) {
				out[w] = true
			}
		}
		return out
	}
	have := words(after)
	for _, w := range slices.Sorted(maps.Keys(words(side))) {
		if !have[w] {
			t.Fatalf("%s is lost:\n%s\nmerged:\n%s", w, show(side), show(after))
		}
	}
}

// parts holds the result against what a merge by hand would do, item by item and
// part by part.
func (e *edited) parts(t *rapid.T, m *Merged) {
	base, err1 := sideOf(e.base, nil)
	theirs, err2 := sideOf(e.theirs, base)
	ours, err3 := sideOf(e.ours, base)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatalf("sides: %v, %v, %v", err1, err2, err3)
	}
	told := map[string]bool{}
	for _, c := range m.Conflicts {
		told[fmt.Sprintf("%s %s", c.Item, c.Part)] = true
	}
	merged := map[record.ID]*Item{}
	documentOf := map[record.ID]string{}
	for _, d := range m.Text.Documents {
		for it := range d.Items() {
			id := m.Text.identity(it.Key)
			for _, other := range m.Text.Lock.OtherItems[it.Key] { // one key, two items
				if other.Content == it.ContentHash() {
					id = other.ID
				}
			}
			if merged[id] == nil {
				merged[id], documentOf[id] = it, d.Path
			}
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(union(base.items, ours.items, theirs.items)), compareIDs) {
		b, o, th, have := base.items[id], ours.items[id], theirs.items[id], merged[id]
		switch {
		case o != nil && th != nil:
			if have == nil && !told[id.String()+" key"] {
				t.Fatalf("%s is lost", o.Key)
			}
			if have != nil {
				checkParts(t, told, b, o, th, have)
			}
		case b == nil && have == nil && len(m.Conflicts) == 0:
			t.Fatalf("a new item is lost: %v %v", o, th)
		case b != nil && o == nil && th == nil && have != nil:
			t.Fatalf("%s was taken out by both and is there", b.Key)
		case b != nil && (o == nil) != (th == nil):
			left, side := o, ours
			if o == nil {
				left, side = th, theirs
			}
			changed := !sameInText(b.Item, renamed(left.Item, base, side)) || !slices.Equal(b.Files, left.Files) ||
				b.doc != left.doc && base.path(b.doc) != side.path(left.doc)
			if changed != told[id.String()+" item"] {
				t.Fatalf("%s was taken out, and changed: %v; that is told as a conflict: %v", b.Key, changed, !changed)
			}
		}
	}
}

// renamed is an item of a side with the keys that its links had in the base.
func renamed(it *Item, base, side *side) *Item {
	c := *it
	c.Links = nil
	for _, l := range it.Links {
		if id, ok := side.byKey[record.Key(l.Target)]; ok && base.has(id) {
			l.Target = record.Ref(base.key(id))
		}
		c.Links = append(c.Links, l)
	}
	return &c
}

func union(sides ...map[record.ID]*sideItem) map[record.ID]bool {
	out := map[record.ID]bool{}
	for _, s := range sides {
		for id := range s {
			out[id] = true
		}
	}
	return out
}

func compareIDs(a, b record.ID) int { return strings.Compare(a.String(), b.String()) }

func checkParts(t *rapid.T, told map[string]bool, b, o, th *sideItem, have *Item) {
	if b == nil {
		b = &sideItem{Item: &Item{}}
	}
	check := func(part, base, ours, theirs, have string) {
		want, conflict := ours, false
		switch {
		case ours == theirs || theirs == base:
		case ours == base:
			want = theirs
		default:
			conflict = true
		}
		if have != want || conflict != told[o.id.String()+" "+part] {
			t.Fatalf("%s of %s was %q, is %q here and %q there: merged %q (conflict %v), told as a conflict: %v", part, o.Key, base, ours, theirs, have, conflict, told[o.id.String()+" "+part])
		}
	}
	check("key", string(b.Key), string(o.Key), string(th.Key), string(have.Key))
	check("title", b.Title, o.Title, th.Title, have.Title)
	check("language", b.Language, o.Language, th.Language, have.Language)
	for _, name := range []string{"doorstop/level", "doorstop/other", "rationale"} {
		check("field "+name, b.Value(name), o.Value(name), th.Value(name), have.Value(name))
	}
	checkText(t, told[o.id.String()+" text"], b.Text, o.Text, th.Text, have.Text)
}

// checkText checks a merged text by the words that somebody wrote.
func checkText(t *rapid.T, conflict bool, base, ours, theirs, have string) {
	if ours == theirs || theirs == base || ours == base {
		want := ours
		if ours == base {
			want = theirs
		}
		if have != want || conflict {
			t.Fatalf("text was\n%s\nhere\n%s\nthere\n%s\nmerged\n%s\nconflict %v", base, ours, theirs, have, conflict)
		}
		return
	}
	if conflict {
		return // the words are looked for in what is written
	}
	for _, side := range []string{ours, theirs} {
		for _, l := range strings.Split(side, "\n") {
			if (strings.HasPrefix(l, "Ours") || strings.HasPrefix(l, "Theirs")) && !slices.Contains(strings.Split(have, "\n"), l) {
				t.Fatalf("line %q is lost of\n%s\nhere\n%s\nthere\n%s\nmerged\n%s", l, base, ours, theirs, have)
			}
		}
	}
}

// pushAndPull pushes what a merge made, and pulls again: nothing changes.
func (e *edited) pushAndPull(t *rapid.T, merged *Text) {
	before := e.theirs
	pushed, err := Push(e.ledger.state(), merged, e.ledger)
	if err != nil {
		t.Fatal(err)
	}
	if errorsOf(pushed.Findings, "") != nil {
		return // such as a key that was given twice at different times
	}
	after := mustPush(t, e.ledger, merged)
	head := mustCheckout(t, e.ledger.state())
	for _, base := range []*Text{head, before} { // the lock names the new state; or the answer was lost, and it names the old one
		folder := after
		if base == before {
			folder = merged
		}
		m, err := Merge3(base, head, folder, testLabels)
		if err != nil {
			t.Fatalf("pull after push: %v", err)
		}
		for _, f := range m.Write {
			if f.Path != LockFile {
				t.Fatalf("pull after push writes %s:\n%s", f.Path, cmp.Diff(show(mustRender(t, folder)), show(m.Write)))
			}
		}
		if len(m.Remove)+len(m.Files)+len(m.Conflicts) > 0 || base == head && len(m.Write) > 0 {
			t.Fatalf("pull after push changes something: %+v %+v %+v\n%s\n%s", m.Remove, m.Files, m.Conflicts, show(m.Write), folder.Lock.Write())
		}
	}
}

// goldthread:verifies SRS-97
func TestMergeWhenOneSideDidNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEdited(t, 0, 6)
		e.ours = e.base
		m := e.merge(t)
		if diff := cmp.Diff(show(mustRender(t, e.theirs)), show(pulled(t, m, e.ours))); diff != "" || len(m.Conflicts) > 0 {
			t.Fatalf("a folder that nobody touched is not as it would be checked out, %+v:\n%s", m.Conflicts, diff)
		}
		here := drawEdited(t, 6, 0)
		m = here.merge(t)
		for _, f := range m.Write {
			if f.Path != LockFile {
				t.Fatalf("nothing happened in the ledger, and %s changes:\n%s", f.Path, cmp.Diff(show(mustRender(t, here.ours)), show(m.Write)))
			}
		}
		if len(m.Remove)+len(m.Files)+len(m.Conflicts) > 0 {
			t.Fatalf("nothing happened in the ledger: %+v %+v %+v", m.Remove, m.Files, m.Conflicts)
		}
	})
}
