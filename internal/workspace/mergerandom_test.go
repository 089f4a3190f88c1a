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
	var l *testLedger
	if rapid.Bool().Draw(t, "a small project") { // in which people meet
		l = newTestLedger()
		mustPush(t, l, readText(t, smallProject, fileHash))
	} else {
		l = drawLedger(t)
	}
	e := &edited{ledger: l, base: mustCheckout(t, l.state())}
	mustPush(t, l, edit(t, "Theirs", e.base, there))
	e.theirs = mustCheckout(t, l.state())
	e.ours = edit(t, "Ours", e.base, here)
	return e
}

var smallProject = []File{
	{"a.md", []byte("Before.\n\n# Alarms\n\nWhat sounds.\n\n## SRS-1 Stop\n\n- refines: SRS-2\n- doorstop/level: 1\n\none\ntwo\nthree\n\n## SRS-2 Start\n\n- refines: SRS-1, SRS-3\n\ntext\n")},
	{"b.md", []byte("---\nkey: DOC-2\ntitle: B\n---\n# Power\n\nWhat runs.\n\n## SRS-3 Wait\n\ntext\n")},
	{"c.md", []byte("# Rest\n\n## SRS-4 Go\n\ntext\n")},
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
		e := drawEdited(t, 8, 8)
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
		real(t, c, base, ours, theirs)
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
			if have != nil && b != nil {
				e.checkLinks(t, []*side{base, ours, theirs}, []*sideItem{b, o, th}, m, have)
				e.checkPlace(t, []*side{base, ours, theirs}, []*sideItem{b, o, th}, told[id.String()+" place"])
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

// checkLinks checks that a link is there if both sides have it or one has added
// it, and is not there if one has taken it out.
func (e *edited) checkLinks(t *rapid.T, sides []*side, items []*sideItem, m *Merged, have *Item) {
	ends := make([]map[string]bool, 4)
	certain := map[string]bool{}
	for i, s := range sides {
		ends[i] = map[string]bool{}
		for _, l := range items[i].Links {
			id, ok := s.byKey[record.Key(l.Target)]
			if ok && sides[0].has(id) && sides[1].has(id) && sides[2].has(id) {
				certain[string(l.Verb)+" "+id.String()] = true
				ends[i][string(l.Verb)+" "+id.String()] = true
			}
		}
	}
	ends[3] = map[string]bool{}
	for _, l := range have.Links {
		ends[3][string(l.Verb)+" "+m.Text.identity(record.Key(l.Target)).String()] = true
	}
	for end := range certain {
		b, o, th := ends[0][end], ends[1][end], ends[2][end]
		if want := o && th || !b && (o || th); want != ends[3][end] {
			t.Fatalf("link %s of %s: at the beginning %v, here %v, there %v, merged %v", end, items[1].Key, b, o, th, ends[3][end])
		}
	}
}

// checkPlace checks that a place is in conflict only where both sides moved the
// item, and always where they moved it to different documents.
func (e *edited) checkPlace(t *rapid.T, sides []*side, items []*sideItem, told bool) {
	path := func(i int) string { return sides[i].path(items[i].doc) }
	order := func(i int) []record.ID {
		var out []record.ID
		for _, it := range sides[i].doc[items[i].doc].items {
			if sides[0].has(it.id) && sides[1].has(it.id) && sides[2].has(it.id) {
				out = append(out, it.id)
			}
		}
		return out
	}
	b, o, th := items[0].doc, items[1].doc, items[2].doc
	if o != b && th != b && o != th && path(1) != path(2) && path(1) != path(0) && path(2) != path(0) && !told {
		t.Fatalf("%s was moved to %s here and to %s there, and that is not told", items[1].Key, path(1), path(2))
	}
	if told && (slices.Equal(order(0), order(1)) && b == o || slices.Equal(order(0), order(2)) && b == th) {
		t.Fatalf("the place of %s is told as a conflict, and only one side moved something", items[1].Key)
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

// real checks that a conflict has two sides that changed something.
func real(t *rapid.T, c Conflict, base, ours, theirs *side) {
	if c.Part != "key" && (c.Ours == c.Theirs && !strings.HasPrefix(c.Ours, "moved within") || c.Base == c.Ours && c.Part != "document" || c.Base == c.Theirs && c.Part != "document") {
		t.Fatalf("this is no conflict: %+v", c)
	}
	o, th, b := ours.doc[c.Item], theirs.doc[c.Item], base.doc[c.Item]
	if o == nil || th == nil || b == nil || strings.HasPrefix(c.Part, "path") || strings.HasPrefix(c.Part, "front") {
		return
	}
	if slices.EqualFunc(frame(b), frame(o), sameSection) || slices.EqualFunc(frame(b), frame(th), sameSection) {
		t.Fatalf("only one side changed a section of %s: %+v", c.Key, c)
	}
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
