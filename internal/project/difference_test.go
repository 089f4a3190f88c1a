package project_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// rows are the items in use of a world, each as what a difference may name of it.
func (w *world) rows() map[record.ID]map[string]string {
	rows := map[record.ID]map[string]string{}
	for id, it := range w.items {
		if it.retired {
			continue
		}
		row := map[string]string{"key": string(it.item.Key), "kind": string(it.item.Kind), "title": it.item.Title, "text": it.item.Text, "state": string(it.state)}
		for _, f := range it.item.Fields {
			row[f.Name] = fieldRow(f)
		}
		for _, f := range it.item.Files {
			row["file "+f.Name] = f.Hash.Hex()
		}
		links := map[string][]record.Key{}
		for _, l := range w.links {
			if l.source == id {
				to := record.Key(l.ref)
				if !l.target.IsZero() {
					to = w.items[l.target].item.Key
				}
				links["link "+string(l.verb)] = append(links["link "+string(l.verb)], to)
			}
		}
		for name, keys := range links {
			slices.SortFunc(keys, record.CompareKeys)
			row[name] = strings.Trim(fmt.Sprint(keys), "[]")
		}
		maps.DeleteFunc(row, func(_, v string) bool { return v == "" })
		rows[id] = row
	}
	return rows
}

// fieldRow tells any two settings of a field apart, in a way of its own.
func fieldRow(f record.Field) string { return fmt.Sprintf("%q", f.Values) }

// applied is what a difference makes of rows. Values of fields are compared as shown, so that they are looked up in want.
func applied(rows map[record.ID]map[string]string, list []project.ItemDifference) map[record.ID]map[string]string {
	out := map[record.ID]map[string]string{}
	for id, row := range rows {
		out[id] = maps.Clone(row)
	}
	for _, d := range list {
		switch d.What {
		case project.Removed:
			delete(out, d.ID)
			continue
		case project.Added:
			out[d.ID] = map[string]string{}
		}
		for _, f := range d.Fields {
			name := f.Name
			switch {
			case name == "document": // see checkDocuments
			case f.After == "":
				delete(out[d.ID], name)
			default:
				out[d.ID][name] = f.After
			}
		}
	}
	return out
}

// TestDifferencesLeadFromOneStateToTheOther compares any two states of random histories: the first with the differences applied is the
// second, field by field, and nothing is named that does not differ.
func TestDifferencesLeadFromOneStateToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genStory(12).Draw(t, "story")
		_, heads := s.fold(t)
		i, j := rapid.IntRange(0, len(heads)-1).Draw(t, "before"), rapid.IntRange(0, len(heads)-1).Draw(t, "after")
		a, b := s.asOf(s.entries[i].Stream, int64(i+1)).world, s.asOf(s.entries[j].Stream, int64(j+1)).world
		if !sameKinds(a, b) {
			t.Skip("another stream gave an identity to another item")
		}
		list, err := project.Difference(project.Side{Snapshot: heads[i], Source: s.entries}, project.Side{Snapshot: heads[j], Source: s.entries})
		if err != nil {
			t.Fatal(err)
		}
		before, after := shown(a.rows()), shown(b.rows())
		checkDocuments(t, list, a, b)
		if d := cmp.Diff(after, applied(before, list), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("(-second state +first with the differences):\n%s", d)
		}
		for _, d := range list {
			if len(d.Fields) == 0 {
				t.Fatalf("%s is %s, and no field is named", d.Key, d.What)
			}
			for _, f := range d.Fields {
				if f.Before == f.After {
					t.Fatalf("%s: %s", d.Key, f)
				}
			}
		}
		if !slices.IsSortedFunc(list, func(x, y project.ItemDifference) int { return record.CompareKeys(x.Key, y.Key) }) {
			t.Fatal("not in the order of keys")
		}
	})
}

// sameKinds: identities are random, so that two streams never make the same one for different items; the made-up ones here may be.
func sameKinds(a, b *world) bool {
	for id, x := range a.items {
		if y := b.items[id]; y != nil && x.item.Kind != y.item.Kind {
			return false
		}
	}
	return true
}

// shown writes values of fields as a difference shows them: this table is the promise.
func shown(rows map[record.ID]map[string]string) map[record.ID]map[string]string {
	for _, row := range rows {
		for _, name := range []string{"rationale", "tags"} {
			row[name] = shownField(name, row[name])
		}
		for name, value := range row {
			if strings.HasPrefix(name, "link ") {
				row[name] = strings.ReplaceAll(value, " ", ", ")
			}
			if value == "" {
				delete(row, name)
			}
		}
	}
	return rows
}

func shownField(name, row string) string {
	switch {
	case row == "":
		return ""
	case row == "[]":
		return "(no values)"
	case name == "rationale":
		return map[string]string{`["one"]`: "one", `["two"]`: "two", `["a, b"]`: "a, b", `[""]`: `""`, `["\"quoted\""]`: `"\"quoted\""`, `["two\nlines"]`: "two\nlines"}[row]
	}
	return strings.NewReplacer(`"one"`, "one", `"two"`, "two", `"two\nlines"`, "two\nlines", `" "`, `", "`, `" t`, `", t`, `" o`, `", o`).Replace(separated(row))
}

// separated puts commas between quoted values: ["a" "b"].
func separated(row string) string {
	return strings.ReplaceAll(strings.Trim(row, "[]"), `" "`, `", "`)
}

func checkDocuments(t *rapid.T, list []project.ItemDifference, a, b *world) {
	t.Helper()
	named := map[record.ID]project.FieldDifference{}
	for i := range list {
		for _, f := range list[i].Fields {
			if f.Name == "document" {
				named[list[i].ID] = f
			}
		}
	}
	for id, x := range a.items {
		y := b.items[id]
		if y == nil || x.retired || y.retired {
			continue
		}
		if f, moved := named[id]; moved != (x.document != y.document && a.key(x.document) != b.key(y.document)) ||
			moved && (f.Before != a.key(x.document) || f.After != b.key(y.document)) {
			t.Fatalf("%s stood in %q, stands in %q: %v, %s", x.item.Key, a.key(x.document), b.key(y.document), moved, f)
		}
	}
}

func (w *world) key(id record.ID) string {
	if it := w.items[id]; it != nil {
		return string(it.item.Key)
	}
	return ""
}

// side is a state with the given operations.
func side(t *testing.T, ops ...record.Operation) project.Side {
	t.Helper()
	c := change(1, ops...)
	s, err := project.Empty(record.Main).Apply(c)
	if err != nil {
		t.Fatal(err)
	}
	return project.Side{Snapshot: s, Source: entries{c}}
}

func lines(t *testing.T, a, b project.Side) []string {
	t.Helper()
	list, err := project.Difference(a, b)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range list {
		for _, f := range d.Fields {
			out = append(out, fmt.Sprintf("%s %s: %s", d.Key, d.What, f))
		}
	}
	return out
}

func TestDifferencesOfOneItem(t *testing.T) {
	with := func(fields ...record.Field) record.PutItem {
		op := requirement(1, "Stop")
		op.Item.Fields = fields
		return op
	}
	tests := []struct {
		sentence      string
		before, after record.PutItem
		want          []string
	}{
		{"the same", with(), with(), nil},
		{"two values that become one with a comma", with(record.Field{Name: "tags", Values: []string{"a", "b"}, Many: true}), with(record.Field{Name: "tags", Values: []string{"a, b"}, Many: true}),
			[]string{`SRS-1 changed: tags: "a, b" became "\"a, b\""`}},
		{"a field that is set to nothing", with(), with(record.Field{Name: "source", Values: []string{""}}), []string{`SRS-1 changed: source: added "\"\""`}},
		{"a field of many without values", with(), with(record.Field{Name: "tags", Many: true}), []string{`SRS-1 changed: tags: added "(no values)"`}},
		{"a field that takes many values now", with(record.Field{Name: "tags", Values: []string{"a"}}), with(record.Field{Name: "tags", Values: []string{"a"}, Many: true}),
			[]string{fmt.Sprintf("SRS-1 changed: content hash: %q became %q", contentOf(with(record.Field{Name: "tags", Values: []string{"a"}})), contentOf(with(record.Field{Name: "tags", Values: []string{"a"}, Many: true})))}},
		{"blanks at line ends", with(record.Field{Name: "source", Values: []string{"a\nb"}}), with(record.Field{Name: "source", Values: []string{"a \nb"}}), nil},
		{"a field removed", with(record.Field{Name: "source", Values: []string{"a"}}), with(), []string{`SRS-1 changed: source: removed "a"`}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if d := cmp.Diff(tt.want, lines(t, side(t, tt.before), side(t, tt.after))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func contentOf(op record.PutItem) string { return op.Item.ContentHash().Content() }

// TestIdentitiesOfADifference compares states of text: one without a lock has identities made of keys.
func TestIdentitiesOfADifference(t *testing.T) {
	put := func(id record.ID, key record.Key, title string) record.PutItem {
		return record.PutItem{Item: record.Item{ID: id, Key: key, Kind: "SRS", Title: title}}
	}
	provisional := record.ProvisionalID
	tests := []struct {
		sentence      string
		before, after []record.Operation
		want          []string
	}{
		{"an item whose identity was recorded since", []record.Operation{put(provisional("SRS-1"), "SRS-1", "Stop")}, []record.Operation{put(testID(1), "SRS-1", "Stop")}, nil},
		{"an item whose lock was lost", []record.Operation{put(testID(1), "SRS-1", "Stop")}, []record.Operation{put(provisional("SRS-1"), "SRS-1", "Start")}, []string{`SRS-1 changed: title: "Stop" became "Start"`}},
		{"another item that took over the key", []record.Operation{put(testID(1), "SRS-1", "Stop")}, []record.Operation{put(testID(2), "SRS-1", "Start")},
			[]string{`SRS-1 added: key: added "SRS-1"`, `SRS-1 added: kind: added "SRS"`, `SRS-1 added: title: added "Start"`,
				`SRS-1 removed: key: removed "SRS-1"`, `SRS-1 removed: kind: removed "SRS"`, `SRS-1 removed: title: removed "Stop"`}},
		{"a new item without a lock that took over the key of one that has another now", []record.Operation{put(testID(1), "SRS-1", "Stop")},
			[]record.Operation{put(testID(1), "SRS-2", "Stop"), put(provisional("SRS-1"), "SRS-1", "Stop")},
			[]string{`SRS-1 added: key: added "SRS-1"`, `SRS-1 added: kind: added "SRS"`, `SRS-1 added: title: added "Stop"`, `SRS-2 changed: key: "SRS-1" became "SRS-2"`}},
		{"a key that was only referred to", []record.Operation{put(testID(1), "SRS-1", ""), record.AddLink{Link: record.Link{Verb: "refines", Source: testID(1), Ref: "SYS-1"}}},
			[]record.Operation{put(testID(1), "SRS-1", ""), put(testID(2), "SYS-1", "Need"), record.AddLink{Link: record.Link{Verb: "refines", Source: testID(1), Ref: "SYS-1"}}},
			[]string{`SYS-1 added: key: added "SYS-1"`, `SYS-1 added: kind: added "SRS"`, `SYS-1 added: title: added "Need"`}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if d := cmp.Diff(tt.want, lines(t, side(t, tt.before...), side(t, tt.after...))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestDifferencesWithoutTexts shows that a text that cannot be read is an error, not a difference left out.
func TestDifferencesWithoutTexts(t *testing.T) {
	a, b := side(t, requirement(1, "Stop")), side(t, requirement(1, "Start"))
	for _, sides := range [][2]project.Side{{{Snapshot: a.Snapshot, Source: entries{}}, b}, {a, {Snapshot: b.Snapshot, Source: entries{}}},
		{{Snapshot: a.Snapshot, Source: entries{}}, side(t)}} {
		if list, err := project.Difference(sides[0], sides[1]); err == nil {
			t.Errorf("%v", list)
		}
	}
}

func TestCompareItems(t *testing.T) {
	before := &record.Item{Kind: "SRS", Title: "Stop", Text: "At once.\n", Fields: []record.Field{{Name: "source", Values: []string{"a"}}}, Files: []record.File{{Name: "a.png", Hash: record.Hash{1}}}}
	after := &record.Item{Key: "SRS-1", Kind: "SRS", Title: "Stop", Text: "In 200 ms.", Fields: []record.Field{{Name: "rationale", Values: []string{"b"}}}, Files: []record.File{{Name: "a.png", Hash: record.Hash{2}}}}
	want := []project.FieldDifference{{Name: "text", Before: "At once.", After: "In 200 ms."}, {Name: "rationale", After: "b"},
		{Name: "file a.png", Before: record.Hash{1}.Hex(), After: record.Hash{2}.Hex()}, {Name: "source", Before: "a"}}
	if d := cmp.Diff(want, project.CompareItems(before, after)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestDifferencesOnOneLine(t *testing.T) {
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("wörter ", n)) }
	tests := []struct {
		sentence, before, after, want string
	}{
		{"added", "", "a", `text: added "a"`},
		{"removed", "a", "", `text: removed "a"`},
		{"short", "a b", "a c", `text: "a b" became "a c"`},
		{"long, another word in the middle", words(20) + " 200 ms " + words(20), words(20) + " 250 ms " + words(20),
			fmt.Sprintf("text: %q became %q", "…"+words(5)+" 200 ms "+words(5)+"…", "…"+words(5)+" 250 ms "+words(5)+"…")},
		{"long, more at the end", words(30), words(30) + " more", fmt.Sprintf("text: %q became %q", "…"+words(6), "…"+words(6)+" more")},
		{"long, nothing in common", strings.Repeat("a", 200), strings.Repeat("b", 200), fmt.Sprintf("text: %q became %q", strings.Repeat("a", 200), strings.Repeat("b", 200))},
		{"long, without blanks", strings.Repeat("a", 200), strings.Repeat("a", 200) + "b", fmt.Sprintf("text: %q became %q", strings.Repeat("a", 200), strings.Repeat("a", 200)+"b")},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if d := cmp.Diff(tt.want, project.FieldDifference{Name: "text", Before: tt.before, After: tt.after}.String()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestDifferencesOnOneLineCutNoCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringOfN(rapid.SampledFrom([]rune("ab é")), 1, 300, -1).Draw(t, "before"), rapid.StringOfN(rapid.SampledFrom([]rune("ab é")), 1, 300, -1).Draw(t, "after")
		same := rapid.StringOfN(rapid.SampledFrom([]rune("ab é")), 0, 200, -1).Draw(t, "same")
		d := project.FieldDifference{Name: "text", Before: same + a + same, After: same + b + same}
		if line := d.String(); !utf8.ValidString(line) || strings.Contains(line, `\x`) {
			t.Fatalf("a character was cut: %s", line)
		}
	})
}
