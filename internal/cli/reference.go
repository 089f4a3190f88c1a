package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
	"github.com/goldthread/goldthread/internal/verification"
)

// reference is an item as answers name it.
type reference struct {
	Key     record.Key `json:"key"`
	Kind    string     `json:"kind"` // "" where there is no such item
	Title   string     `json:"title"`
	File    string     `json:"file"` // "" where there is no such item
	Line    int        `json:"line"`
	Outcome string     `json:"outcome"` // of a test: passed, failed, skipped, no result; else ""
	Report  string     `json:"report"`  // that says so
	Missing bool       `json:"missing"` // a link leads there, but there is no such item

	at int // line in the report
}

func (f *folder) refer(h project.Handle) reference {
	n := f.snapshot.Node(h)
	r := reference{Key: n.Item.Key, Kind: string(n.Item.Kind), Title: n.Item.Title, Missing: n.Missing}
	r.File, r.Line = f.place(h)
	switch {
	case n.Result != nil:
		r.Outcome, r.Report, r.at = n.Result.Outcome, n.Result.Report, n.Result.Line
	case f.schema.Is(n.Item.Kind, schema.KindTEST):
		r.Outcome = string(verification.NoResult)
	}
	return r
}

// derived reports whether items of the kind are seen in sources.
func (f *folder) derived(k record.Kind) bool {
	kind := f.schema.Kind(k)
	return kind != nil && kind.Derived
}

// Titled reports whether the title says more than the key.
func (r reference) Titled() bool { return r.Title != "" && !strings.HasSuffix(string(r.Key), r.Title) }

// label is how a person knows the item: key and title on one line.
func (r reference) label() string {
	switch {
	case r.Missing:
		return printable(string(r.Key)) + " (no such item)"
	case !r.Titled():
		return printable(string(r.Key))
	}
	return printable(string(r.Key) + " " + r.Title)
}

// Place is the file and line, "" for none.
func (r reference) Place() string {
	if r.File == "" {
		return ""
	}
	return printable(fmt.Sprintf("%s:%d", r.File, r.Line))
}

// Result is the outcome of a test and where it stands, "" for none.
func (r reference) Result() string {
	if r.Report == "" {
		return r.Outcome
	}
	return printable(fmt.Sprintf("%s (%s:%d)", r.Outcome, r.Report, r.at))
}

// describe is label, place and result, as far as there are any.
func (r reference) describe() string {
	parts := []string{r.label(), r.Place(), r.Result()}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), columnGap)
}

// step is one link of a path, as it is walked.
type step struct {
	From    record.Key  `json:"from"`
	Verb    record.Verb `json:"verb"`    // of the link
	Reading string      `json:"reading"` // of the verb, in the direction of the step
	To      record.Key  `json:"to"`
	Suspect bool        `json:"suspect"`
}

// path returns a path as shown, and whether any of its links is suspect.
func (f *folder) path(steps []trace.Step) (path []step, suspect bool) {
	path = make([]step, len(steps))
	for i, s := range steps {
		path[i] = step{From: f.snapshot.Node(s.From).Item.Key, Verb: f.snapshot.Verb(f.snapshot.Link(s.Link).Verb), Reading: f.thread.Reading(s),
			To: f.snapshot.Node(s.To).Item.Key, Suspect: f.thread.IsSuspect(s.Link)}
		suspect = suspect || path[i].Suspect
	}
	return path, suspect
}

// pathText is a path on one line, to be read from its start.
func pathText(path []step) string {
	var b strings.Builder
	for i, s := range path {
		if i == 0 {
			b.WriteString(printable(string(s.From)))
		}
		mark := ""
		if s.Suspect {
			mark = ", suspect"
		}
		fmt.Fprintf(&b, " –%s%s→ %s", printable(s.Reading), mark, printable(string(s.To)))
	}
	return b.String()
}

// state is the state of an item: in a folder without a ledger, the one in which
// items of its kind begin; "" where its kind knows none.
func (f *folder) state(n *project.Node) record.State {
	if n.State != "" {
		return n.State
	}
	if k := f.schema.Kind(n.Item.Kind); k != nil && k.Workflow != nil && n.Present() {
		return k.Workflow.Initial
	}
	return ""
}

// sortHandles puts items into the order of their keys.
func (f *folder) sortHandles(handles []project.Handle) {
	slices.SortFunc(handles, func(a, b project.Handle) int {
		return cmp.Or(record.CompareKeys(f.snapshot.Node(a).Item.Key, f.snapshot.Node(b).Item.Key), cmp.Compare(a, b))
	})
}
