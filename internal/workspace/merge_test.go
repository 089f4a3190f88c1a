package workspace

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
)

var update = flag.Bool("update", false, "write the results of merges into testdata")

// mergeCase is one file of testdata/merge: a text, what the ledger made of it,
// what somebody made of it in a folder, and what the merge of both is.
type mergeCase struct {
	archive            *txtar.Archive
	base, theirs, ours map[string]string
	commands           map[string][]string // rekey, remove, confirm: by side
}

func readMergeCase(t *testing.T, name string) *mergeCase {
	t.Helper()
	a, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := &mergeCase{archive: a, base: map[string]string{}, theirs: map[string]string{}, ours: map[string]string{}, commands: map[string][]string{}}
	for _, f := range a.Files {
		side, path, _ := strings.Cut(f.Name, "/")
		for at, files := range map[string]map[string]string{"base": c.base, "theirs": c.theirs, "ours": c.ours} {
			if side == at {
				files[path] = string(f.Data)
			}
		}
	}
	for _, line := range strings.Split(string(a.Comment), "\n") {
		if side, command, ok := strings.Cut(line, ": "); ok && (side == "theirs" || side == "ours") {
			c.commands[side] = append(c.commands[side], command)
		}
	}
	return c
}

// change makes the text of one side out of what was checked out.
func (c *mergeCase) change(t *testing.T, side string, from *Text, files map[string]string) *Text {
	t.Helper()
	rendered := mustRender(t, from)
	for name, text := range files {
		i := slices.IndexFunc(rendered, func(f File) bool { return f.Path == name })
		if i < 0 {
			i = len(rendered)
			rendered = append(rendered, File{Path: name})
		}
		rendered[i].Data = []byte(text)
	}
	hash := fileHash
	for _, command := range c.commands[side] {
		words := strings.Fields(command)
		switch words[0] {
		case "remove":
			rendered = slices.DeleteFunc(rendered, func(f File) bool { return f.Path == words[1] })
		case "change":
			name, before := words[1], hash
			hash = func(f string) record.Hash {
				if f == name {
					return fileHash(name + " of " + side)
				}
				return before(f)
			}
		}
	}
	text := readText(t, rendered, hash)
	for _, command := range c.commands[side] {
		switch words := strings.Fields(command); words[0] {
		case "rekey": // in the lock; the files say it already
			text.Lock.Rekey(record.Key(words[1]), record.Key(words[2]))
		case "confirm":
			name := strings.Join(words[1:4], " ")
			source, target := content(t, text, words[1]), content(t, text, words[3])
			text.Lock.Links[name] = LockLink{Confirmed: record.Confirmation{Source: source, Target: target}, Person: "Jane", Date: "2026-04-01", Reason: strings.Join(words[4:], " ")}
		}
	}
	return text
}

func content(t *testing.T, text *Text, key string) record.Hash {
	t.Helper()
	for _, d := range text.Documents {
		for it := range d.Items() {
			if it.Key == record.Key(key) {
				return it.ContentHash()
			}
		}
	}
	t.Fatalf("there is no %s", key)
	return record.Hash{}
}

// run merges the case.
func (c *mergeCase) run(t *testing.T) (*Merged, *Text) {
	t.Helper()
	l := newTestLedger()
	var files []File
	for name, text := range c.base {
		files = append(files, File{name, []byte(text)})
	}
	mustPush(t, l, readText(t, files, fileHash))
	base := mustCheckout(t, l.state())
	mustPush(t, l, c.change(t, "theirs", base, c.theirs))
	ours := c.change(t, "ours", base, c.ours)
	m, err := Merge3(base, mustCheckout(t, l.state()), ours, MergeOptions{Here: "here", Base: "entry 1", Theirs: "entry 2, Ann: the reason"})
	if err != nil {
		t.Fatal(err)
	}
	return m, ours
}

// results are the files that a merge writes, without hashes, and its conflicts.
func results(m *Merged) []txtar.File {
	var out []txtar.File
	for _, f := range m.Write {
		if f.Path != LockFile {
			out = append(out, txtar.File{Name: "merged/" + f.Path, Data: f.Data})
		}
	}
	var said strings.Builder
	for _, name := range m.Remove {
		fmt.Fprintf(&said, "remove %s\n", name)
	}
	for _, f := range m.Files {
		fmt.Fprintf(&said, "fetch %s\n", f.Name)
	}
	for _, c := range m.Conflicts {
		fmt.Fprintf(&said, "conflict: %s\n", strings.TrimSpace(fmt.Sprintf("%s %s", c.Key, c.Part)))
	}
	if said.Len() > 0 {
		out = append(out, txtar.File{Name: "said", Data: []byte(said.String())})
	}
	return out
}

// Each case of testdata/merge reads as an example of what a pull does.
//
// goldthread:verifies SRS-97
func TestMergeCases(t *testing.T) {
	names, err := filepath.Glob("testdata/merge/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			c := readMergeCase(t, name)
			m, ours := c.run(t)
			kept := slices.DeleteFunc(slices.Clone(c.archive.Files), func(f txtar.File) bool { return f.Name == "said" || strings.HasPrefix(f.Name, "merged/") })
			have := txtar.Format(&txtar.Archive{Comment: c.archive.Comment, Files: append(kept, results(m)...)})
			if *update {
				if err := os.WriteFile(name, have, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(txtar.Format(c.archive)), string(have)); diff != "" && !*update {
				t.Errorf("the merge (-want +have):\n%s", diff)
			}
			markersAreFound(t, m, ours)
		})
	}
}

// markersAreFound reads what a merge writes, and checks that every conflict is
// found and that nothing else is.
func markersAreFound(t failer, m *Merged, ours *Text) *Text {
	t.Helper()
	files := pulled(t, m, ours)
	read := readText(t, files, func(name string) record.Hash {
		for _, f := range m.Files {
			if f.Name == name {
				return f.Hash
			}
		}
		for _, f := range ours.Attached() {
			if f.Name == name {
				return f.Hash
			}
		}
		return record.Hash{}
	})
	shown := 0
	for _, f := range read.Unread() {
		switch f.Rule {
		case RuleConflictMarker, RuleLockConflict:
			shown++
		default:
			t.Fatalf("the merged text has a fault: %+v\n%s", f, show(files))
		}
	}
	draft := NewDraft(read.Lock, 1)
	draft.Documents(read.Documents)
	shown += finding.Count(draft.Findings, finding.Error)
	if (shown == 0) != (len(m.Conflicts) == 0) {
		t.Fatalf("%d conflicts are shown, these are told: %+v\n%s", shown, m.Conflicts, show(files))
	}
	return read
}

// pulled are the files of a folder after a merge.
func pulled(t failer, m *Merged, ours *Text) []File {
	t.Helper()
	files := mustRender(t, ours)
	files = slices.DeleteFunc(files, func(f File) bool {
		return slices.Contains(m.Remove, f.Path) || slices.ContainsFunc(m.Write, func(w File) bool { return w.Path == f.Path })
	})
	files = append(files, m.Write...)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// Mend settles what a pull left of two items with one key: the one that the
// ledger has keeps it.
//
// goldthread:verifies SRS-24, SRS-97
func TestMendAfterAMerge(t *testing.T) {
	c := readMergeCase(t, "testdata/merge/one-key-two-items.txtar")
	m, ours := c.run(t)
	read := readText(t, pulled(t, m, ours), fileHash)
	mended, err := read.Mend(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, r := range mended.Renamed {
		have = append(have, fmt.Sprintf("%s %q is %s now: %s", r.Old, r.Title, r.New, r.Because))
	}
	if diff := cmp.Diff([]string{`SRS-2 "Wait" is SRS-3 now: the ledger has it`}, have); diff != "" {
		t.Errorf("mended (-want +have):\n%s", diff)
	}
}
