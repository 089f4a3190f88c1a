package internal

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/cli"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/sqlite"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/service"
	"github.com/goldthread/goldthread/internal/web"
)

// This file verifies requirements of regulatory/ that several packages keep together: histories and what readers see of them,
// folders and what a check says of them, a service and its pages.

// history is a made-up list of changes, and a source of them.
type history []*record.Change

// Changes is part of project.Changes.
func (h history) Changes(from, to int64) iter.Seq2[*record.Change, error] {
	return func(yield func(*record.Change, error) bool) {
		for _, c := range h {
			if c.Sequence >= from && c.Sequence <= to && !yield(c, nil) {
				return
			}
		}
	}
}

func madeUpID(n int) record.ID { return record.ProvisionalID(record.Key(fmt.Sprintf("ID-%d", n))) }

func put(n int, title string) record.Operation {
	return record.PutItem{Item: record.Item{ID: madeUpID(n), Key: record.Key(fmt.Sprintf("SRS-%d", n)), Kind: "SRS", Title: title}}
}

// madeUpHistory is a history of many small changes: new items, new revisions, links made and taken away, items retired.
func madeUpHistory(seed uint64, length int) history {
	rng := rand.New(rand.NewPCG(seed, 7))
	var h history
	items, retired, links := 0, map[int]bool{}, map[[2]int]bool{}
	for n := range length {
		c := &record.Change{Sequence: int64(n + 1), Stream: record.Main, Time: time.Unix(int64(n), 0), Actor: "local"}
		for range 1 + rng.IntN(4) {
			a, b := rng.IntN(items+1), rng.IntN(items+1)
			switch pick := rng.IntN(8); {
			case items < 2 || pick < 3:
				c.Operations = append(c.Operations, put(items, "new"))
				items++
			case a == items || retired[a]:
			case pick < 5:
				c.Operations = append(c.Operations, put(a, fmt.Sprintf("revision of %d", n)))
			case pick < 7 && b < a && !retired[b] && !links[[2]int{a, b}]:
				links[[2]int{a, b}] = true
				c.Operations = append(c.Operations, record.AddLink{Link: record.Link{Verb: "refines", Source: madeUpID(a), Target: madeUpID(b)}})
			case pick == 7 && links[[2]int{a, b}]:
				delete(links, [2]int{a, b})
				c.Operations = append(c.Operations, record.Unlink{Verb: "refines", Source: madeUpID(a), Target: madeUpID(b)})
			case pick == 7 && a%5 == 0:
				retired[a] = true
				c.Operations = append(c.Operations, record.Retire{ID: madeUpID(a)})
			}
		}
		h = append(h, c)
	}
	return h
}

// shown is all that a snapshot shows, in one text.
func shown(s *project.Snapshot) string {
	var lines []string
	for h := range project.Handle(s.Handles()) {
		n := s.Node(h)
		line := fmt.Sprintf("%s %s %q retired=%t:", n.Item.Key, n.Item.Kind, n.Item.Title, n.Retired)
		var out, in []string
		for e := range s.Out(h).All() {
			out = append(out, fmt.Sprintf(" %s %s", s.Verb(e.Verb), s.Node(e.Node).Item.Key))
		}
		for e := range s.In(h).All() {
			in = append(in, fmt.Sprintf(" by %s", s.Node(e.Node).Item.Key))
		}
		slices.Sort(out)
		slices.Sort(in)
		lines = append(lines, line+strings.Join(out, "")+strings.Join(in, ""))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestSnapshotsStayAsTheyWere folds histories, holds on to every state on the way, and compares each afterwards with what it was,
// with what the entries alone give for its number, and with the fold of everything up to it in one change.
//
// goldthread:verifies SRS-16, SRS-17, SRS-18
// goldthread:verifies-implementation-of RC-14
// goldthread:verifies-effectiveness-of RC-14
func TestSnapshotsStayAsTheyWere(t *testing.T) {
	for seed, length := range map[uint64]int{1: 60, 2: 120, 3: 320} {
		h := madeUpHistory(seed, length)
		f := project.NewFold()
		states, was := []*project.Snapshot{f.Head(record.Main)}, []string{shown(f.Head(record.Main))}
		var all []record.Operation
		for _, c := range h {
			if err := f.Apply(c, h); err != nil {
				t.Fatal(err)
			}
			states, was = append(states, f.Head(record.Main)), append(was, shown(f.Head(record.Main)))
			all = append(all, c.Operations...)
			if c.Sequence%60 != 0 {
				continue
			}
			whole, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Operations: all})
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(was[c.Sequence], shown(whole)); diff != "" {
				t.Errorf("seed %d: entries 1 to %d in one change give another state (-one by one +at once):\n%s", seed, c.Sequence, diff)
			}
		}
		for n := range states {
			if shown(states[n]) != was[n] {
				t.Errorf("seed %d: the state after entry %d has changed since", seed, n)
			}
			if n%19 != 0 {
				continue
			}
			again, err := f.AsOf(record.Main, int64(n), h)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(was[n], shown(again)); diff != "" {
				t.Errorf("seed %d: the state as of entry %d is not what it was (-was +as of):\n%s", seed, n, diff)
			}
		}
	}
}

// TestReadersSeeWholeStates reads the newest state over and over while another goroutine applies changes.
//
// goldthread:verifies SRS-16
func TestReadersSeeWholeStates(t *testing.T) {
	h := madeUpHistory(11, 150)
	known := map[int64]string{}
	alone := project.NewFold()
	known[0] = shown(alone.Head(record.Main))
	for _, c := range h {
		if err := alone.Apply(c, h); err != nil {
			t.Fatal(err)
		}
		known[c.Sequence] = shown(alone.Head(record.Main))
	}
	f := project.NewFold()
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for last := int64(0); ; {
				s := f.Head(record.Main)
				if s.Entry() < last {
					t.Errorf("entry %d was seen after entry %d", s.Entry(), last)
				}
				last = s.Entry()
				if shown(s) != known[last] {
					t.Errorf("the state seen after entry %d is not that of the entries", last)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for _, c := range h {
		if err := f.Apply(c, h); err != nil {
			t.Error(err)
		}
	}
	close(done)
	readers.Wait()
}

// TestContradictionsLeaveNothingBehind applies changes whose last operation contradicts the state.
//
// goldthread:verifies SRS-19
func TestContradictionsLeaveNothingBehind(t *testing.T) {
	link := record.AddLink{Link: record.Link{Verb: "refines", Source: madeUpID(2), Target: madeUpID(1)}}
	cases := map[string]record.Operation{
		"a key that is taken":              record.PutItem{Item: record.Item{ID: madeUpID(9), Key: "SRS-1", Kind: "SRS"}},
		"another kind for the same item":   record.PutItem{Item: record.Item{ID: madeUpID(1), Key: "SRS-1", Kind: "SYS"}},
		"a new key that is taken":          record.Rekey{ID: madeUpID(1), Key: "SRS-2"},
		"an item that is not there":        record.Retire{ID: madeUpID(77)},
		"a link that is there already":     link,
		"a link to take away that is not":  record.Unlink{Verb: "refines", Source: madeUpID(1), Target: madeUpID(2)},
		"an operation of a later version":  record.Unknown{Name: "anything", Raw: []byte(`{"op":"anything"}`)},
		"a revision of an item retired":    put(3, "again"),
		"a state for an item not there":    record.MoveState{ID: madeUpID(77), State: "approved"},
		"a stream from a stream not there": record.Branch{Stream: "1.x", Parent: "0.x", Entry: 1},
	}
	for name, op := range cases {
		t.Run(name, func(t *testing.T) {
			f := project.NewFold()
			first := &record.Change{Sequence: 1, Stream: record.Main, Operations: []record.Operation{put(1, "one"), put(2, "two"), put(3, "three"), link,
				record.Retire{ID: madeUpID(3)}}}
			if err := f.Apply(first, history{}); err != nil {
				t.Fatal(err)
			}
			before := shown(f.Head(record.Main))
			if err := f.Apply(&record.Change{Sequence: 2, Stream: record.Main, Operations: []record.Operation{put(4, "four"), op}}, history{first}); err == nil {
				t.Fatal("was taken")
			}
			if f.Entry() != 1 || shown(f.Head(record.Main)) != before {
				t.Error("the state has changed all the same")
			}
		})
	}
}

// TestDifferencesNameEveryChange compares two states of a history that between them makes one change of each sort.
//
// goldthread:verifies SRS-20
func TestDifferencesNameEveryChange(t *testing.T) {
	text := func(n int, text string) record.Operation {
		op := put(n, "title").(record.PutItem)
		op.Item.Text = text
		op.Item.Fields = []record.Field{{Name: "category", Values: []string{"functional"}}}
		return op
	}
	refines := func(a, b int) record.Link {
		return record.Link{Verb: "refines", Source: madeUpID(a), Target: madeUpID(b)}
	}
	h := history{
		{Sequence: 1, Stream: record.Main, Operations: []record.Operation{put(1, "one"), text(2, "It stops."), put(3, "three"), put(4, "stays"),
			record.AddLink{Link: refines(2, 1)}}},
		{Sequence: 2, Stream: record.Main, Operations: []record.Operation{text(2, "It stops at once."), record.Rekey{ID: madeUpID(1), Key: "SRS-10"},
			record.Unlink{Verb: "refines", Source: madeUpID(2), Target: madeUpID(1)}, record.AddLink{Link: refines(2, 4)}, record.Retire{ID: madeUpID(3)}, put(5, "new")}},
	}
	f := project.NewFold()
	var sides []project.Side
	for _, c := range h {
		if err := f.Apply(c, h); err != nil {
			t.Fatal(err)
		}
		sides = append(sides, project.Side{Snapshot: f.Head(record.Main), Source: h})
	}
	differences, err := project.Difference(sides[0], sides[1])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range differences {
		for _, field := range d.Fields {
			got = append(got, fmt.Sprintf("%s %s: %s", d.Key, d.What, field))
		}
	}
	want := []string{
		`SRS-2 changed: link refines: "SRS-1" became "SRS-4"`,
		`SRS-2 changed: text: "It stops." became "It stops at once."`,
		`SRS-3 removed: key: removed "SRS-3"`,
		`SRS-3 removed: kind: removed "SRS"`,
		`SRS-3 removed: title: removed "three"`,
		`SRS-5 added: key: added "SRS-5"`,
		`SRS-5 added: kind: added "SRS"`,
		`SRS-5 added: title: added "new"`,
		`SRS-10 changed: key: "SRS-1" became "SRS-10"`,
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("differences differ (-want +got):\n%s", diff)
	}
}

// Operation is part of project.Source.
func (h history) Operation(p project.Position) (record.Operation, error) {
	for _, c := range h {
		if c.Sequence == p.Entry && int(p.Operation) < len(c.Operations) {
			return c.Operations[p.Operation], nil
		}
	}
	return nil, fmt.Errorf("there is no operation %v", p)
}

// seen is what a check says of one folder, a line a finding: file, line, rule, item.
func seen(t *testing.T, dir string) (lines []string, exit int) {
	t.Helper()
	var out, talk bytes.Buffer
	exit = cli.Run(t.Context(), &cli.Environment{Args: []string{"check", "--json"}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &talk, Dir: dir,
		Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	var report struct {
		Findings []struct {
			File, Rule, Item, Remedy string
			Line                     int
		}
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), talk.String())
	}
	for _, f := range report.Findings {
		if f.Rule == "no-lock" {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s:%d %s %s", f.File, f.Line, f.Rule, f.Item))
		if f.Remedy == "" {
			t.Errorf("%s at %s:%d has no remedy", f.Rule, f.File, f.Line)
		}
	}
	return lines, exit
}

// TestWhatAFolderLacksIsNamed checks folders that each lack or break something; every finding has its place.
//
// goldthread:verifies SRS-11, SRS-22, SRS-23, SRS-27, SRS-28, SRS-32, SRS-62
// goldthread:verifies-implementation-of RC-3
// goldthread:verifies-effectiveness-of RC-3
func TestWhatAFolderLacksIsNamed(t *testing.T) {
	cases := []struct {
		name string
		text string
		want []string
	}{
		{
			name: "a thread from need to test",
			text: "# UN-1 Need\n\n# SRS-1 Requirement\n\n- refines: UN-1\n- allocated to: SWS-1\n- category: functional\n\n# SWS-1 System\n\n" +
				"- safety class: A\n- class rationale: Toy.\n\n# TC-1 Case\n\n- verifies: SRS-1\n- level: unit\n- method: manual\n- expected result: It does.\n",
		},
		{
			name: "several faults of one file, each with its line",
			text: "# SRS-1 Requirement\n\n- refine: UN-1\n- category: functional\n- category: alarms\n- safety class: Z\n- refines: UN-1, UN-1\n- allocated to: UN-1\n\n" +
				"# UN-1 Need\n\n# TC-1 Case\n\n- verifies: SRS-1\n- level: unit\n- method: manual\n- expected result: It does.\n\n```\nno end\n",
			want: []string{"a.md:3 unknown-field SRS-1", "a.md:5 repeated-field SRS-1", "a.md:6 bad-value SRS-1", "a.md:7 duplicate-link SRS-1",
				"a.md:8 link-not-allowed SRS-1", "a.md:19 unclosed-fence TC-1"},
		},
		{
			name: "a state that is written approves nothing",
			text: "# DEV-1 Device\n\n- intended use: None.\n- state: approved\n",
			want: []string{"a.md:4 state-in-text DEV-1"},
		},
		{
			name: "orphans and dead ends",
			text: "# UN-1 Need\n\n# SYS-1 System\n\n# HAZ-1 Hazard\n\n# RC-1 Control\n\n- option: design\n- means: software\n",
			want: []string{"a.md:1 dead-end UN-1", "a.md:3 dead-end SYS-1", "a.md:3 orphan SYS-1", "a.md:5 dead-end HAZ-1",
				"a.md:7 dead-end RC-1", "a.md:7 missing-link RC-1", "a.md:7 orphan RC-1"},
		},
		{
			name: "a file that is not there, and one outside",
			text: "# DEV-1 Device\n\n- intended use: None.\n\n![plan](img/plan.png) and ![out](../out.png)\n",
			want: []string{"a.md:5 missing-file DEV-1", "a.md:5 path-outside DEV-1"},
		},
		{
			name: "a control character",
			text: "# DEV-1 Device\n\n- intended use: None.\n\nA bell: \a\n",
			want: []string{"a.md:5 not-text ", ":0 nothing-to-check "},
		},
		{
			name: "a line without measure",
			text: "# DEV-1 Device\n\n- intended use: None.\n\n" + strings.Repeat("long ", 1<<18) + "\n",
			want: []string{"a.md:5 line-too-long "},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "a.md"), []byte(c.text), 0o666); err != nil {
				t.Fatal(err)
			}
			got, exit := seen(t, dir)
			if diff := gocmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
			if want := min(1, len(c.want)); exit != want {
				t.Errorf("exit status %d, want %d", exit, want)
			}
		})
	}
}

// TestAChangedPictureIsAChangedRequirement records a workspace, changes a picture, and looks for the links at it.
//
// goldthread:verifies SRS-27
func TestAChangedPictureIsAChangedRequirement(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"goldthread.yaml": "project: pump\n",
		"a.md":            "# DEV-1 Device\n\n- intended use: None.\n\n# UN-1 Need\n\n- refines: DEV-1\n\n![curve](curve.png)\n\n# UN-2 Need\n\n- refines: UN-1\n\n# UN-3 Other\n\n- refines: DEV-1\n",
		"curve.png":       "one",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	env := &cli.Environment{Args: []string{"fmt"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Dir: dir, Now: time.Now, User: "Tester",
		Random: crand.Reader, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if code := cli.Run(t.Context(), env); code != 0 {
		t.Fatalf("fmt ends with %d", code)
	}
	suspects := func() (out []string) {
		lines, _ := seen(t, dir)
		for _, line := range lines {
			if strings.Contains(line, "suspect-link") {
				out = append(out, line)
			}
		}
		return out
	}
	if got := suspects(); len(got) > 0 {
		t.Fatalf("suspect at once: %q", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "curve.png"), []byte("two"), 0o666); err != nil {
		t.Fatal(err)
	}
	want := []string{"a.md:7 suspect-link UN-1", "a.md:13 suspect-link UN-2"}
	if diff := gocmp.Diff(want, suspects()); diff != "" {
		t.Errorf("suspect links differ (-want +got):\n%s", diff)
	}
}

// failing is a store whose appends fail when told to.
type failing struct {
	ledger.Store
	fail bool
}

var errFull = errors.New("no space")

func (s *failing) Append(ctx context.Context, name string, head ledger.Head, entries []ledger.Entry, checkpoints ...ledger.CheckpointRow) (ledger.Receipt, error) {
	if s.fail {
		return ledger.Receipt{}, errFull
	}
	return s.Store.Append(ctx, name, head, entries, checkpoints...)
}

// newService opens a service on a data folder of its own.
func newService(t *testing.T) (*service.Service, *failing) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	blobs, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	f := &failing{Store: store}
	return service.New(service.Config{Store: f, Blobs: blobs, Now: time.Now, Random: crand.Reader}), f
}

func pumpProject() service.TakeIn {
	test := record.Item{ID: madeUpID(3), Key: "pump_test.go#TestStop", Kind: "TEST", Title: "TestStop"}
	return service.TakeIn{Command: service.Command{Project: "pump", Actor: service.LocalActor}, Operations: []record.Operation{put(1, "Stop <script>alert(1)</script>"),
		record.PutItem{Item: test},
		record.AddLink{Link: record.Link{Verb: "verifies", Source: test.ID, Target: madeUpID(1)}},
		record.AttachEvidence{Report: record.File{Name: "go-test.json"}, Format: "go test -json", Results: []record.TestResult{{Test: test.ID, Outcome: "passed", Name: "TestStop"}}},
	}}
}

// TestWhatWasNotAppendedIsNotSeen lets the store fail, and looks whether anybody sees the change.
//
// goldthread:verifies SRS-61
func TestWhatWasNotAppendedIsNotSeen(t *testing.T) {
	s, store := newService(t)
	store.fail = true
	if err := s.TakeIn(t.Context(), pumpProject()); !errors.Is(err, errFull) {
		t.Fatalf("error %v, want that of the store", err)
	}
	if p, err := s.Project(t.Context(), "pump"); err == nil && p.Snapshot.Items() != 0 {
		t.Errorf("%d items are seen that were not appended", p.Snapshot.Items())
	}
	other := pumpProject()
	other.Project = "other"
	store.fail = false
	if err := s.TakeIn(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	p, err := s.Project(t.Context(), "other")
	if err != nil {
		t.Fatal(err)
	}
	head, err := store.Head(t.Context(), "other")
	if err != nil {
		t.Fatal(err)
	}
	if p.Snapshot.Entry() != 1 || head.Size != 1 || p.Snapshot.Items() != 2 {
		t.Errorf("one change gave %d entries in the ledger, is seen after entry %d with %d items; want 1, 1 and 2", head.Size, p.Snapshot.Entry(), p.Snapshot.Items())
	}
}

// TestPagesAnswerReadersOnly asks for pages in ways that are right and wrong.
//
// goldthread:verifies SRS-46, SRS-66, SRS-67
// goldthread:verifies-implementation-of RC-12, SEG-1
// goldthread:verifies-effectiveness-of RC-12, SEG-1
func TestPagesAnswerReadersOnly(t *testing.T) {
	s, _ := newService(t)
	if err := s.TakeIn(t.Context(), pumpProject()); err != nil {
		t.Fatal(err)
	}
	pages := web.New(web.Config{Service: s, Version: "test", Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now})
	ask := func(method, path, host string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		r.Host = host
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 6230}))
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w
	}
	const here = "127.0.0.1:6230"
	cases := []struct {
		name, method, path, host string
		want                     int
	}{
		{"a project", http.MethodGet, "/projects/pump", here, http.StatusOK},
		{"an item", http.MethodGet, "/projects/pump/items/SRS-1", here, http.StatusOK},
		{"the head of a page", http.MethodHead, "/projects/pump", here, http.StatusOK},
		{"an item that is not there", http.MethodGet, "/projects/pump/items/SRS-9", here, http.StatusNotFound},
		{"a project that is not there", http.MethodGet, "/projects/none", here, http.StatusNotFound},
		{"writing", http.MethodPost, "/projects/pump", here, http.StatusMethodNotAllowed},
		{"writing an item", http.MethodPut, "/projects/pump/items/SRS-1", here, http.StatusMethodNotAllowed},
		{"deleting", http.MethodDelete, "/projects/pump/items/SRS-1", here, http.StatusMethodNotAllowed},
		{"the name of a stranger", http.MethodGet, "/projects/pump", "attacker.example", http.StatusMisdirectedRequest},
	}
	for _, c := range cases {
		if got := ask(c.method, c.path, c.host); got.Code != c.want {
			t.Errorf("%s: %s %s is answered with %d, want %d", c.name, c.method, c.path, got.Code, c.want)
		}
	}
	item := ask(http.MethodGet, "/projects/pump/items/SRS-1", here)
	page := item.Body.String()
	if policy := item.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the content security policy is %q", policy)
	}
	if strings.Contains(page, "<script>alert") || !strings.Contains(page, "&lt;script&gt;alert") {
		t.Error("the title of an item became code, or is not shown")
	}
	if !strings.Contains(page, "passed, unbound") || !strings.Contains(page, "TestStop") {
		t.Error("the page does not show the test of the item, or not that its result is unbound")
	}
}
