package web

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/render/html"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
	"github.com/goldthread/goldthread/internal/wording"
	"github.com/goldthread/goldthread/internal/workspace"
)

// itemPage shows one item: what it says, its links both ways, what is wrong
// with it, its thread and its history.
type itemPage struct {
	frame
	Key, ItemTitle, Lang string
	Kind, KindName, Help string
	KindURL              string // of the list of its kind
	State, StateHelp     string
	Class                class
	Outcome              outcome
	Result               *resultOf
	Revision             int
	Hash                 string
	Retired              bool
	Document             *placeRow
	Fields               []fieldRow
	Missing              []fieldRow // required fields without a value
	Text                 template.HTML
	Files                []link
	Out, In              []linkGroup
	OutCount, InCount    int
	Suspects             int
	Findings             [][]template.HTML
	FindingCount         int
	Wording              []wording.Finding // of a kind that demands something
	Upstream, Downstream *threadView
	OpenURL              string // of the page with all branches open, "" where they are
	History              []revisionRow
	Outline              []blockRow // of a document
}

// placeRow says where an item stands, and what stands beside it.
type placeRow struct {
	Document       link
	Sections       []string
	Previous, Next *link
}

// fieldRow is a field with its values.
type fieldRow struct {
	Name, Help string
	Clauses    []string
	Values     []valueRow
	Default    bool // nobody set it
}

// valueRow is one value of a field.
type valueRow struct {
	Text, URL string
	HTML      template.HTML
	Note      string
	External  bool
}

// blockRow is one step of the outline of a document.
type blockRow struct {
	Level   int
	Heading string
	Prose   template.HTML
	Item    *link
	Kind    string
}

func (s *Server) itemPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.view(r.Context(), r.PathValue("project"))
	if err != nil {
		return s.unknownProject(r.Context(), r.PathValue("project"), err)
	}
	key := record.Key(r.PathValue("key"))
	if key == "" {
		http.Redirect(w, r, v.listURL(query{Sort: "key"}), http.StatusFound)
		return nil
	}
	h, ok := v.Snapshot.ByKey(key)
	if !ok || v.Snapshot.Node(h).Missing {
		return v.unknownItem(key, h, ok)
	}
	page, err := s.newItemPage(r.Context(), v, h, r.URL.Query().Get("thread") == "open")
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "item", page)
}

// unknownItem says which items refer to a missing one, and what may have been meant.
func (v *view) unknownItem(key record.Key, h project.Handle, known bool) error {
	failed := &nowhere{error: fault.Newf(fault.NotFound, "project %s has no item %.100s", v.Name, key), crumbs: []link{{v.title(), projectURL(v.Name)}}}
	if known {
		for e := range v.Snapshot.In(h).All() {
			from := v.Snapshot.Node(e.Node).Item.Key
			failed.referrers = append(failed.referrers, link{string(from), v.itemURL(from)})
		}
	}
	keys := func(yield func(string) bool) {
		for _, n := range v.Snapshot.All() {
			if !yield(string(n.Item.Key)) {
				return
			}
		}
	}
	for _, n := range nearest(string(key), keys, 6) {
		failed.near = append(failed.near, link{n, v.itemURL(record.Key(n))})
	}
	return failed
}

func (s *Server) newItemPage(ctx context.Context, v *view, h project.Handle, open bool) (*itemPage, error) {
	n := v.Snapshot.Node(h)
	it, err := v.Snapshot.Full(v.Source, h)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", n.Item.Key, err)
	}
	p := &itemPage{frame: s.frame(headline(it), link{"Projects", "/"}, link{v.title(), projectURL(v.Name)}),
		Key: string(it.Key), ItemTitle: titleBeside(it), Lang: it.Language, Kind: string(it.Kind), KindName: v.kindName(it.Kind),
		KindURL: v.listURL(query{Kind: string(it.Kind), Sort: "key"}), State: v.stateOf(n), Class: v.classes.of(h), Outcome: v.outcomeOf(h),
		Result: v.resultOf(h), Revision: n.Revision(), Hash: n.Content.Content(), Retired: n.Retired, Document: v.place(n)}
	p.Words = words("thread", "upstream", "downstream", "suspect", "unbound", "no-result", "class", "state", "revision", "entry", "missing", "retired")
	p.Keys = true
	if kind := v.Schema.Kind(it.Kind); kind != nil {
		p.Help = kind.Help
		if kind.Workflow != nil {
			if state := kind.Workflow.State(record.State(p.State)); state != nil {
				p.StateHelp = state.Help
			}
		}
		p.Fields, p.Missing = v.fields(it, kind)
	}
	from := v.pathOf(n)
	p.Text = html.Markdown(it.Text, v.options(from, it.Files, 3))
	for _, f := range it.Files {
		p.Files = append(p.Files, link{f.Name, fileURL(v.Name, f.Hash)})
	}
	p.Out, p.OutCount = v.linkGroups(h, v.Snapshot.Out(h), true)
	p.In, p.InCount = v.linkGroups(h, v.Snapshot.In(h), false)
	p.Suspects = suspectsIn(p.Out) + suspectsIn(p.In)
	if err := s.draw(v); err != nil {
		return nil, err
	}
	var found []template.HTML
	for _, i := range v.ofItem[it.Key] {
		found = append(found, v.drawnFindings[i])
	}
	p.FindingCount, p.Findings = len(found), chunks(found)
	if v.Schema.Demands(it.Kind) && !n.Retired {
		p.Wording = wording.Check(it.Title, it.Text, v.wording)
	}
	p.Upstream, p.Downstream = v.threadOf(h, trace.Upstream, open), v.threadOf(h, trace.Downstream, open)
	if p.Upstream.Closed || p.Downstream.Closed {
		p.OpenURL = v.itemURL(it.Key) + "?thread=open#thread"
	}
	p.Outline = v.outline(n)
	if p.History, err = v.history(ctx, n); err != nil {
		return nil, err
	}
	return p, nil
}

// headline is an item in the title of a page.
func headline(it *record.Item) string {
	return strings.TrimSpace(string(it.Key) + " " + titleBeside(it))
}

// place says where an item stands in its document.
func (v *view) place(n *project.Node) *placeRow {
	if n.Document == project.NoHandle {
		return nil
	}
	doc := v.Snapshot.Node(n.Document)
	i := doc.Outline.Index(n.Item.ID)
	if i < 0 {
		return nil
	}
	p := &placeRow{Document: v.itemLink(&doc.Item), Sections: doc.Outline.Sections(i)}
	if len(p.Sections) > 0 && p.Sections[0] == doc.Item.Title {
		p.Sections = p.Sections[1:] // the heading of the document itself
	}
	for j := i - 1; j >= 0 && p.Previous == nil; j-- {
		p.Previous = v.blockLink(doc.Outline.Blocks[j])
	}
	for j := i + 1; j < len(doc.Outline.Blocks) && p.Next == nil; j++ {
		p.Next = v.blockLink(doc.Outline.Blocks[j])
	}
	return p
}

// blockLink leads to the item of a block, nil where it holds none.
func (v *view) blockLink(b record.Block) *link {
	h, ok := v.Snapshot.ByID(b.Item)
	if b.Item.IsZero() || !ok {
		return nil
	}
	l := v.itemLink(&v.Snapshot.Node(h).Item)
	return &l
}

func (v *view) itemLink(it *record.Item) link { return link{headline(it), v.itemURL(it.Key)} }

// fields lists what is set, with defaults, and what is required and is not.
func (v *view) fields(it *record.Item, kind *schema.Kind) (set, missing []fieldRow) {
	for _, f := range kind.Fields {
		row := fieldRow{Name: f.Name, Help: f.Help, Clauses: f.Clauses}
		values := it.Field(f.Name)
		if values == nil && f.Default != "" {
			values, row.Default = []string{f.Default}, true
		}
		if values == nil {
			if f.Required {
				missing = append(missing, row)
			}
			continue
		}
		for _, value := range values {
			row.Values = append(row.Values, v.value(f, value))
		}
		set = append(set, row)
	}
	for _, f := range it.Fields {
		if kind.Field(f.Name) == nil { // foreign: kept, and served by no rule
			row := fieldRow{Name: f.Name, Help: "From another format, or of no field of the schema; no rule reads it."}
			for _, value := range f.Values {
				row.Values = append(row.Values, valueRow{Text: value})
			}
			set = append(set, row)
		}
	}
	return set, missing
}

func (v *view) value(f *schema.Field, value string) valueRow {
	row := valueRow{Text: value}
	switch f.Type {
	case schema.TypeText:
		row.HTML = html.Markdown(value, v.options("", nil, 4))
	case schema.TypeEnum:
		if e := f.Value(value); e != nil {
			row.Note = e.Title
			if row.Note == "" {
				row.Note = e.Help
			}
		}
	case schema.TypeReference:
		row.URL = v.linkTo(record.Key(value))
		if row.URL == "" {
			row.Note = "missing"
		} else if h, ok := v.Snapshot.ByKey(record.Key(value)); ok {
			row.Note = v.Snapshot.Node(h).Item.Title
		}
	case schema.TypeURL:
		if f.Check(value) == nil && (strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://")) {
			row.URL, row.External = value, true
		}
	case schema.TypeInteger, schema.TypeDecimal:
		row.Note = f.Unit
	default:
	}
	return row
}

// pathOf is the path of the document that a text stands in, "" where it has none.
func (v *view) pathOf(n *project.Node) string {
	if n.Document != project.NoHandle {
		n = v.Snapshot.Node(n.Document)
	}
	return n.Item.Value(workspace.PathField)
}

// options say what addresses and words in a text mean: files that the item
// names, other documents, other items.
func (v *view) options(from string, files []record.File, top int) html.Options {
	return html.Options{Top: top,
		File: func(address string) (string, bool) {
			name := path.Join(path.Dir(from), address)
			for _, f := range files {
				if f.Name == name || f.Name == path.Clean(address) {
					return fileURL(v.Name, f.Hash), true
				}
			}
			if h, ok := v.documents[name]; ok {
				return v.itemURL(v.Snapshot.Node(h).Item.Key), true
			}
			return "", false
		},
		Key: func(word string) (string, bool) {
			to := v.linkTo(record.Key(word))
			return to, to != ""
		},
	}
}

// outline lists what a document holds, in order.
func (v *view) outline(n *project.Node) []blockRow {
	if n.Outline == nil {
		return nil
	}
	var out []blockRow
	options := v.options(v.pathOf(n), n.Item.Files, 4)
	for i, b := range n.Outline.Blocks {
		if to := v.blockLink(b); to != nil {
			h, _ := v.Snapshot.ByID(b.Item)
			out = append(out, blockRow{Item: to, Kind: v.kindName(v.Snapshot.Node(h).Item.Kind)})
			continue
		}
		heading := b.Heading
		if i == 0 && heading == n.Item.Title {
			heading = "" // the title of the page already
		}
		out = append(out, blockRow{Level: b.Level, Heading: heading, Prose: html.Markdown(b.Prose, options)})
	}
	return out
}

// revisionRow is one revision of an item in its history.
type revisionRow struct {
	Number        int
	Entry         int64
	Time          string
	Actor, Reason string
	Channel       string
	Changes       []fieldChange
}

// history lists the revisions, newest first, each with what it changed.
func (v *view) history(ctx context.Context, n *project.Node) ([]revisionRow, error) {
	var out []revisionRow
	var before *record.Item
	for i, at := range append(slices.Clone(n.Earlier), n.At) {
		now, err := project.Revision(v.Source, at)
		if err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", n.Item.Key, err)
		}
		e, err := v.entry(ctx, at.Entry)
		if err != nil {
			return nil, err
		}
		row := revisionRow{Number: i + 1, Entry: at.Entry, Time: timeText(e.Change.Time), Actor: e.Change.Actor, Reason: e.Change.Reason, Channel: e.Change.Channel}
		if before != nil {
			row.Changes = fieldChanges(project.CompareItems(before, now))
		}
		out = append(out, row)
		before = now
	}
	slices.Reverse(out)
	return out, nil
}
