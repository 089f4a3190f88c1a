package workspace

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// failer is a test of either kind.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// testLedger is a ledger in memory, and the Source of its snapshots.
type testLedger struct {
	entries  []*record.Change
	snapshot *project.Snapshot
	ids      uint64 // given so far
}

func newTestLedger() *testLedger { return &testLedger{snapshot: project.Empty(record.Main)} }

func (l *testLedger) Operation(p project.Position) (record.Operation, error) {
	return l.entries[p.Entry-1].Operations[p.Operation], nil
}

func (l *testLedger) change(entry int64) (*record.Change, error) { return l.entries[entry-1], nil }

// append adds an entry. Operations go through their bytes, as in a store.
func (l *testLedger) append(ops ...record.Operation) error {
	n := int64(len(l.entries) + 1)
	c := &record.Change{Sequence: n, Stream: record.Main, Time: time.Date(2026, 3, int(n), 12, 0, 0, 0, time.UTC), Actor: "Ann", Reason: "the reason"}
	for _, op := range ops {
		decoded, err := record.DecodeOperation(record.EncodeOperation(op))
		if err != nil {
			return fmt.Errorf("%s: %w", op.Type(), err)
		}
		c.Operations = append(c.Operations, decoded)
	}
	next, err := l.snapshot.Apply(c)
	if err != nil {
		return err
	}
	l.entries, l.snapshot = append(l.entries, c), next
	return nil
}

func (l *testLedger) state() State { return l.at(l.snapshot) }

func (l *testLedger) at(s *project.Snapshot) State {
	return State{Snapshot: s, Source: l, Origin: Origin{"goldthread/0123", record.Main, s.Entry()}, Name: "pump", Change: l.change}
}

// Read makes the ledger a source of identities.
func (l *testLedger) Read(p []byte) (int, error) {
	clear(p)
	l.ids++
	binary.BigEndian.PutUint64(p[len(p)-8:], l.ids)
	return len(p), nil
}

func (l *testLedger) id() (id record.ID) { _, _ = l.Read(id[:]); return id }

// fileHash is what a file of a name holds in every generated project.
func fileHash(name string) record.Hash { return sha256.Sum256([]byte("content of " + name)) }

// readText reads files as a folder would be read.
func readText(t failer, files []File, hash func(name string) record.Hash) *Text {
	t.Helper()
	out := &Text{Lock: NewLock()}
	byName := map[string][]byte{}
	for _, f := range files {
		byName[f.Path] = f.Data
	}
	config, present := byName[ConfigFile]
	out.Config, out.Schema, out.Findings = ReadConfig(config, present, "pump", schema.Builtin())
	if data, ok := byName[LockFile]; ok {
		var found []finding.Finding
		out.Lock, found = ReadLock(data)
		out.Findings = append(out.Findings, found...)
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if !strings.HasSuffix(name, ".md") {
			continue
		}
		d, found := Read(name, byName[name], out.Schema)
		out.Findings = append(out.Findings, slices.DeleteFunc(found, func(f finding.Finding) bool { return f.Rule == "bad-list" })...)
		if !d.HasItems() && d.Front == "" {
			out.Plain = append(out.Plain, name)
			continue
		}
		for it := range d.Items() {
			for i := range it.Files {
				it.Files[i].Hash = hash(it.Files[i].Name)
			}
		}
		out.Documents = append(out.Documents, d)
	}
	return out
}

func mustCheckout(t failer, st State) *Text {
	t.Helper()
	text, err := Checkout(st)
	if err != nil {
		t.Fatalf("checkout: %v", err)
	}
	return text
}

func mustRender(t failer, text *Text) []File {
	t.Helper()
	files, err := text.Render()
	if err != nil {
		t.Fatalf("render: %v", err)
	}
	return files
}

// show prints files one below the other.
func show(files []File) string {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "-- %s --\n%s", f.Path, f.Data)
	}
	return b.String()
}

// lines are what a snapshot says that a text says too, a line each.
func said(s *project.Snapshot) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	sch := schema.Builtin()
	shown := func(n *project.Node) bool { return n.Present() && !sch.Kind(n.Item.Kind).Derived }
	for h, n := range s.All() {
		if !shown(n) {
			continue
		}
		content := n.Content.Content()
		if n.Outline != nil {
			live := liveBlocks(s, n.Outline.Blocks)
			if len(live) < len(n.Outline.Blocks) || !slices.ContainsFunc(live, func(b record.Block) bool { return !b.Item.IsZero() }) {
				content = "a document that lost items, and may have got front matter"
			}
		}
		add("item %s %s %s %q %s language %q", n.Item.ID, n.Item.Key, n.Item.Kind, n.Item.Title, content, n.Item.Language)
		for e := range s.Out(h).All() {
			to, l := s.Node(e.Node), s.Link(e.Link)
			end := to.Item.ID.String()
			if !shown(to) {
				end = string(to.Item.Key) // a text knows no more of it
			}
			add("link %s %s %s confirmed %s %s", n.Item.ID, s.Verb(e.Verb), end, l.Confirmed.Source.Content(), l.Confirmed.Target.Content())
		}
		if n.Outline == nil {
			continue
		}
		for i, b := range liveBlocks(s, n.Outline.Blocks) {
			add("block %s %03d level %d %s %q %q", n.Item.ID, i, b.Level, b.Item, b.Heading, b.Prose)
		}
	}
	slices.Sort(out)
	return out
}

// liveBlocks are the blocks of an outline without items out of use, and without
// sections that then stand too deep.
func liveBlocks(s *project.Snapshot, blocks []record.Block) []record.Block {
	out := slices.DeleteFunc(slices.Clone(blocks), func(b record.Block) bool {
		h, ok := s.ByID(b.Item)
		return !b.Item.IsZero() && (!ok || !s.Node(h).Present())
	})
	for i := 1; i < len(out); i++ {
		if !out[i-1].Item.IsZero() && out[i].Item.IsZero() {
			out[i].Level = min(out[i].Level, out[i-1].Level)
		}
	}
	return out
}

var testPaths = []string{"docs/a.md", "docs/b.md", "c.md", "docs/deep/d.md"}

// drawLedger draws a ledger with one or two entries.
func drawLedger(t *rapid.T) *testLedger {
	l := newTestLedger()
	var ops, late []record.Operation
	var ids []record.ID
	var keys []record.Key
	items := 0
	item := func(doc string) record.ID {
		it := drawItem(t, items).Item
		items++
		it.ID = l.id()
		attachSome(t, &it, doc)
		ops = append(ops, record.PutItem{Item: it})
		ids, keys = append(ids, it.ID), append(keys, it.Key)
		return it.ID
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "documents") {
		d := &Document{Path: testPaths[i]}
		blocks := drawOutline(t, func() record.ID { return item(d.Path) })
		noItem := !slices.ContainsFunc(blocks, func(b record.Block) bool { return !b.Item.IsZero() })
		if noItem || rapid.Bool().Draw(t, "front matter") {
			d.setFront(fmt.Sprintf("key: DOC-%d\ntitle: \"Document %d\" # a remark\n", i+1, i+1), schema.Builtin())
		}
		for _, b := range blocks {
			d.Blocks = append(d.Blocks, Block{Level: b.Level, Heading: b.Heading})
			if !b.Item.IsZero() {
				d.Blocks[len(d.Blocks)-1].Item = &Item{}
			}
		}
		id := l.id()
		ops = append(ops, record.PutItem{Item: documentItem(d, id)})
		late = append(late, record.Place{Document: id, Outline: blocks})
	}
	for range rapid.IntRange(0, 2).Draw(t, "items without a place") {
		item("unplaced.md")
	}
	ops = append(ops, late...)
	ops = append(ops, drawLinks(t, ids, keys)...)
	ops = append(ops, drawAside(t, l, ids)...)
	if err := l.append(ops...); err != nil {
		t.Fatal(err)
	}
	return l
}

// drawOutline draws the blocks of a document, in which nothing swallows another.
func drawOutline(t *rapid.T, item func() record.ID) []record.Block {
	var out []record.Block
	if prose := drawProse(t); prose != "" {
		out = append(out, record.Block{Prose: prose})
	}
	above := 0
	for n := range rapid.IntRange(0, 5).Draw(t, "blocks") {
		b := record.Block{Level: rapid.IntRange(1, 3).Draw(t, "level")}
		if rapid.IntRange(0, 2).Draw(t, "section") > 0 {
			b.Item, above = item(), b.Level
		} else {
			if above > 0 {
				b.Level = min(b.Level, above)
			}
			b.Heading, b.Prose, above = fmt.Sprintf("%s %d", rapid.SampledFrom([]string{"Scope", "Alarms", "Power"}).Draw(t, "heading"), n), drawProse(t), 0
		}
		out = append(out, b)
	}
	return out
}

func drawProse(t *rapid.T) string {
	if prose := drawText(t, "prose", true); !opensSomething(prose) {
		return prose
	}
	return ""
}

// attachSome gives an item files, one of them through its text.
func attachSome(t *rapid.T, it *record.Item, doc string) {
	add := func(name string) { it.Files = append(it.Files, record.File{Name: name, Hash: fileHash(name)}) }
	if it.Text != "" && rapid.IntRange(0, 4).Draw(t, "a picture") == 0 {
		it.Text += "\n\n![x](a.png)"
	}
	for _, ref := range FileReferences(it.Text) {
		add(resolve(doc, ref.Path))
	}
	if rapid.IntRange(0, 4).Draw(t, "a file") == 0 {
		add("img/x.bin")
	}
	it.SortFields()
}

func drawHash(t *rapid.T) record.Hash {
	return record.Hash{byte(rapid.IntRange(0, 3).Draw(t, "hash"))}
}

func drawLinks(t *rapid.T, ids []record.ID, keys []record.Key) []record.Operation {
	var ops []record.Operation
	seen := map[string]bool{}
	for _, source := range ids {
		for range rapid.IntRange(0, 3).Draw(t, "links") {
			l := record.Link{Source: source, Verb: rapid.SampledFrom([]record.Verb{"refines", "uses", "allocated to"}).Draw(t, "verb"), Confirmed: record.Confirmation{Source: drawHash(t), Target: drawHash(t)}}
			name := ""
			if rapid.IntRange(0, 3).Draw(t, "dangling") == 0 {
				l.Ref = rapid.SampledFrom([]record.Ref{"SYS-99", "other/SRS-2"}).Draw(t, "reference")
				name = string(l.Ref)
			} else {
				i := rapid.IntRange(0, len(ids)-1).Draw(t, "target")
				l.Target, name = ids[i], string(keys[i])
			}
			if name = string(l.Verb) + name + source.String(); !seen[name] {
				seen[name] = true
				ops = append(ops, record.AddLink{Link: l})
			}
		}
	}
	return ops
}

// drawAside draws what a text does not show: states, items of the code, items
// out of use.
func drawAside(t *rapid.T, l *testLedger, ids []record.ID) []record.Operation {
	var ops []record.Operation
	for _, id := range ids {
		if rapid.IntRange(0, 4).Draw(t, "approved") == 0 {
			ops = append(ops, record.MoveState{ID: id, State: "approved"})
		}
	}
	if len(ids) == 0 || rapid.Bool().Draw(t, "nothing aside") {
		return ops
	}
	code := record.Item{ID: l.id(), Key: "DD-900", Kind: schema.KindCODE, Title: "run"}
	return append(ops, record.PutItem{Item: code}, record.AddLink{Link: record.Link{Verb: "implements", Source: code.ID, Target: ids[0]}},
		record.Retire{ID: ids[len(ids)-1]})
}

// What is checked out is read again as the same project, and that project is
// checked out to the same bytes.
//
// goldthread:verifies SRS-110
func TestCheckoutIsTheProject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		text := mustCheckout(t, l.state())
		files := mustRender(t, text)
		read := readText(t, files, fileHash)
		if len(read.Unread()) > 0 {
			t.Fatalf("findings %+v in\n%s", read.Unread(), show(files))
		}
		folded, err := read.Fold()
		if err != nil {
			t.Fatal(err)
		}
		unplaced := map[string]bool{}
		for _, d := range read.Documents {
			if _, known := read.Lock.Items[d.Key()]; !known {
				unplaced[record.ProvisionalID(d.Key()).String()] = true
			}
		}
		want := said(l.snapshot)
		have := slices.DeleteFunc(said(folded), func(line string) bool { return unplaced[strings.Fields(line)[1]] })
		withoutLost(want, have)
		if diff := cmp.Diff(want, have); diff != "" {
			t.Fatalf("the text says something else (-ledger +text):\n%s\n%s", diff, show(files))
		}
		recorded, err := read.Record(folded, bytes.NewReader(nil))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(read.Lock.Write()), string(recorded.Write())); diff != "" {
			t.Fatalf("fmt would write another lock (-checked out +fmt):\n%s", diff)
		}
		draft := NewDraft(read.Lock, 1)
		draft.Documents(read.Documents)
		again := mustRender(t, mustCheckout(t, State{Snapshot: folded, Source: draft, Origin: l.state().Origin, Name: "pump"}))
		if diff := cmp.Diff(withoutUnplaced(show(files)), withoutUnplaced(show(again))); diff != "" {
			t.Fatalf("checked out again, it has other bytes (-first +again):\n%s", diff)
		}
	})
}

// withoutLost makes lines about documents that lost items equal.
func withoutLost(want, have []string) {
	for i := range min(len(want), len(have)) {
		if strings.Contains(want[i], "a document that lost items") && strings.HasPrefix(have[i], strings.Join(strings.Fields(want[i])[:4], " ")) {
			have[i] = want[i]
		}
	}
}

// withoutUnplaced takes out the line of the document of items without a place,
// which is an item once it was read.
func withoutUnplaced(s string) string {
	lines := strings.Split(s, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "item DOC-0.unplaced ") }), "\n")
}
