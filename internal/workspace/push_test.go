package workspace

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
)

// mustPush pushes a text into the ledger that it began with, and returns it as
// it stands in the folder afterwards.
func mustPush(t failer, l *testLedger, ours *Text) *Text {
	t.Helper()
	pushed, err := Push(l.state(), ours, l)
	if err != nil {
		t.Fatalf("push: %v", err)
	}
	if err := errorsOf(pushed.Findings, "push"); err != nil {
		t.Fatalf("push: %v", err)
	}
	if len(pushed.Operations) > 0 {
		if err := l.append(pushed.Operations...); err != nil {
			t.Fatalf("the operations do not fold: %v", err)
		}
	}
	after := *ours
	after.Lock = pushed.Lock
	after.Lock.Origin = l.state().Origin
	return &after
}

// What a push brings into the ledger is what the text says, no more and no less.
//
// goldthread:verifies SRS-111
func TestPushBringsTheLedgerToTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		before := l.snapshot
		ours := edit(t, "Ours", mustCheckout(t, l.state()), 6)
		after := mustPush(t, l, ours)
		folded, err := after.Fold()
		if err != nil {
			t.Fatal(err)
		}
		want, have := said(folded), said(l.snapshot)
		withoutLost(have, want)
		if diff := cmp.Diff(want, have); diff != "" {
			t.Fatalf("the ledger says something else (-text +ledger):\n%s\n%s", diff, show(mustRender(t, after)))
		}
		for h, n := range before.All() {
			if now := l.snapshot.Node(h); now.State != n.State {
				t.Fatalf("the state of %s became %q", n.Item.Key, now.State)
			}
		}
		if l.snapshot.Settings().Schema != ours.Config.Raw {
			t.Fatalf("the settings are %q", l.snapshot.Settings().Schema)
		}
		for _, c := range l.entries[1:] {
			notProvisional(t, c, before.Entry())
		}
		again, err := Push(l.state(), after, l)
		if err != nil || len(again.Operations) > 0 {
			t.Fatalf("a second push makes %d operations, %v: %+v", len(again.Operations), err, again.Operations)
		}
		if diff := cmp.Diff(string(after.Lock.Write()), string(again.Lock.Write())); diff != "" {
			t.Fatalf("a second push changes the lock:\n%s", diff)
		}
	})
}

func notProvisional(t *rapid.T, c *record.Change, since int64) {
	for _, op := range c.Operations {
		if put, ok := op.(record.PutItem); ok && c.Sequence > since && (put.Item.ID == record.ProvisionalID(put.Item.Key) || put.Item.ID == unknownID(put.Item.Key)) {
			t.Fatalf("%s got an identity that is made of its key", put.Item.Key)
		}
	}
}

// A text that says nothing new changes nothing.
//
// goldthread:verifies SRS-111
func TestPushOfWhatWasCheckedOutIsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		text := mustCheckout(t, l.state())
		pushed, err := Push(l.state(), readText(t, mustRender(t, text), fileHash), l)
		if err != nil {
			t.Fatal(err)
		}
		unplaced := slices.ContainsFunc(text.Documents, func(d *Document) bool { return strings.HasPrefix(d.Path, "unplaced") })
		if len(pushed.Operations) > 0 && !unplaced || len(pushed.Findings) > 0 {
			t.Fatalf("operations %+v, findings %+v", pushed.Operations, pushed.Findings)
		}
	})
}

// ledgerOf makes a ledger out of documents.
func ledgerOf(t *testing.T, files ...File) *testLedger {
	t.Helper()
	l := newTestLedger()
	text := readText(t, files, fileHash)
	mustPush(t, l, text)
	return l
}

// Steps that stand in each other's way.
//
// goldthread:verifies SRS-111
func TestPushFindsAnOrder(t *testing.T) {
	const a, b = "## SRS-1 One\n\n- refines: SRS-2\n\n## SRS-2 Two\n", "## SRS-3 Three\n\n- refines: SRS-1\n"
	swap := strings.NewReplacer("SRS-1 One", "SRS-2 One", "SRS-2 Two", "SRS-1 Two", "refines: SRS-2", "refines: SRS-1", "refines: SRS-1", "refines: SRS-2")
	cases := []struct {
		name  string
		a, b  string // "" for a document that goes
		rekey [][2]record.Key
		want  string
	}{
		{"two items swap their keys", swap.Replace(a), swap.Replace(b), [][2]record.Key{{"SRS-1", "SRS-8"}, {"SRS-2", "SRS-1"}, {"SRS-8", "SRS-2"}}, "rekey, rekey, rekey"},
		{"two documents swap their items", b, a, nil, "place, place, place, place"},
		{"all items of a document move, and it goes", a + "\n" + b, "", nil, "place, place, retire"},
		{"a key moves on", strings.NewReplacer("SRS-1", "SRS-2", "SRS-2", "SRS-9").Replace(a), strings.ReplaceAll(b, "SRS-1", "SRS-2"),
			[][2]record.Key{{"SRS-2", "SRS-9"}, {"SRS-1", "SRS-2"}}, "rekey, rekey"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := ledgerOf(t, File{"a.md", []byte(a)}, File{"b.md", []byte(b)})
			lock := mustCheckout(t, l.state()).Lock
			for _, r := range c.rekey {
				lock.Rekey(r[0], r[1])
			}
			var files []File
			for name, text := range map[string]string{"a.md": c.a, "b.md": c.b, LockFile: string(lock.Write())} {
				if text != "" {
					files = append(files, File{name, []byte(text)})
				}
			}
			ours := readText(t, files, fileHash)
			pushed, err := Push(l.state(), ours, l)
			if err != nil || len(pushed.Findings) > 0 {
				t.Fatalf("%v, %+v", err, pushed.Findings)
			}
			var types []string
			for _, op := range pushed.Operations {
				types = append(types, op.Type())
			}
			if have := strings.Join(types, ", "); have != c.want {
				t.Errorf("steps %s, want %s", have, c.want)
			}
			folded, err := mustPush(t, l, ours).Fold()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(said(folded), said(l.snapshot)); diff != "" {
				t.Errorf("the ledger says something else (-text +ledger):\n%s", diff)
			}
		})
	}
}

func TestPushRefuses(t *testing.T) {
	const doc = "## SRS-1 Stop\n\n- refines: SRS-2\n\nText.\n\n## SRS-2 Start\n\nText.\n"
	cases := []struct {
		name   string
		change func(text string) string
		retire bool // SRS-2 was taken out of use before
		want   []string
	}{
		{"the key of an item that is taken out by the same push", func(s string) string { return strings.ReplaceAll(s, "SRS-2", "SRS-1.1") + "\n## SRS-2 Other\n" }, false, nil},
		{"the key of an item that is out of use", func(s string) string { return s + "\n## SRS-2 Again\n" }, true, []string{"key-taken SRS-2"}},
		{"a new kind for an old item", func(s string) string { return "---\nkind: SYS\n---\n" + s }, false, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := ledgerOf(t, File{"a.md", []byte(doc)})
			if c.retire {
				h, _ := l.snapshot.ByKey("SRS-2")
				if err := l.append(record.Retire{ID: l.snapshot.Node(h).Item.ID}); err != nil {
					t.Fatal(err)
				}
			}
			files := mustRender(t, mustCheckout(t, l.state()))
			for i := range files {
				if files[i].Path == "a.md" {
					files[i].Data = []byte(c.change(string(files[i].Data)))
				}
			}
			pushed, err := Push(l.state(), readText(t, files, fileHash), l)
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, f := range pushed.Findings {
				if f.Severity == finding.Error {
					have = append(have, f.Rule+" "+string(f.Item))
				}
			}
			if diff := cmp.Diff(c.want, have); diff != "" {
				t.Errorf("findings (-want +have):\n%s", diff)
			}
			if len(c.want) > 0 && len(pushed.Operations) > 0 {
				t.Errorf("operations in spite of errors: %+v", pushed.Operations)
			}
		})
	}
}
