package web

import (
	"cmp"
	"context"
	"html/template"
	"slices"
	"strings"
	"sync"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
	"github.com/goldthread/goldthread/internal/trace"
	"github.com/goldthread/goldthread/internal/verification"
	"github.com/goldthread/goldthread/internal/wording"
	"github.com/goldthread/goldthread/internal/workspace"
)

// view is what pages ask of a project in one state, worked out once when a page
// first asks. It does not change, but for what it remembers of entries.
type view struct {
	*service.Project
	thread        *trace.Thread
	classes       *classes
	findings      []finding.Finding    // worst first
	ofItem        map[record.Key][]int // numbers of findings
	coverage      []coverageRow
	picture       *vModel
	rows          []row              // in the order of keys
	orders        map[string][]int32 // numbers of rows, by column
	retired       []link
	wording       wording.Options           // what the project has settled
	documents     map[string]project.Handle // by path in the workspace
	files         map[record.Hash]string    // names of attached files
	drawing       sync.Once                 // of drawn and drawnFindings
	drawn         []template.HTML           // the rows, by their number
	drawnFindings []template.HTML
	notDrawn      error
	service       *service.Service
	mu            sync.Mutex // guards entries
	entries       map[int64]*service.Entry
}

// slot is the place of a view that is made, or being made.
type slot struct {
	entry int64
	once  sync.Once
	view  *view
}

// view returns the newest view of a project, which is made when the project has
// changed since the last one.
func (s *Server) view(ctx context.Context, name string) (*view, error) {
	p, err := s.Service.Project(context.WithoutCancel(ctx), name) // the view outlives the request
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	at := s.views[name]
	if at == nil || at.entry < p.Snapshot.Entry() {
		at = &slot{entry: p.Snapshot.Entry()}
		s.views[name] = at
	}
	s.mu.Unlock()
	at.once.Do(func() { at.view = newView(p, s.Service) })
	if at.view == nil { // making it panicked, for whoever asked first
		return nil, fault.Newf(fault.Internal, "project %s cannot be shown in its present state", name)
	}
	return at.view, nil
}

func newView(p *service.Project, svc *service.Service) *view {
	v := &view{Project: p, thread: trace.New(p.Snapshot, p.Schema), service: svc, entries: map[int64]*service.Entry{},
		documents: map[string]project.Handle{}, files: map[record.Hash]string{}}
	v.classes = newClasses(v.thread)
	if raw := p.Snapshot.Settings().Schema; raw != "" {
		config, _, _ := workspace.ReadConfig([]byte(raw), true, p.Name, schema.Builtin())
		v.wording = wording.Options{Terms: config.Wording.Terms, Off: config.Wording.Off}
	}
	v.find()
	for h, n := range p.Snapshot.All() {
		for _, f := range n.Item.Files {
			v.files[f.Hash] = f.Name
		}
		if path := n.Item.Value(workspace.PathField); path != "" && n.Item.Kind == schema.KindDOC {
			v.documents[path] = h
		}
	}
	v.makeRows()
	v.picture, v.coverage = v.vModel(), v.coverageRows()
	for h := range p.Snapshot.Handles() {
		if n := p.Snapshot.Node(h); n.Retired {
			v.retired = append(v.retired, v.itemLink(&n.Item))
		}
	}
	return v
}

// find finds what is wrong with the records, worst first.
func (v *view) find() {
	nowhere := func(project.Position) (string, int, int) { return "", 0, 0 } // records of a ledger stand in no file
	v.findings = slices.Concat(v.thread.Check(nowhere, &ledgerTexts{v.Project}), verification.Check(v.thread, nowhere))
	rank := func(s finding.Severity) int { return slices.Index(finding.Severities(), s) }
	slices.SortStableFunc(v.findings, func(a, b finding.Finding) int {
		return cmp.Or(rank(a.Severity)-rank(b.Severity), strings.Compare(a.Rule, b.Rule), record.CompareKeys(a.Item, b.Item), strings.Compare(a.Message, b.Message))
	})
	v.ofItem = map[record.Key][]int{}
	for i, f := range v.findings {
		v.ofItem[f.Item] = append(v.ofItem[f.Item], i)
	}
}

// ledgerTexts reads the texts of suspect links from the ledger.
type ledgerTexts struct{ *service.Project }

// Now is part of trace.Texts.
func (t *ledgerTexts) Now(h project.Handle) (*record.Item, error) {
	return t.Snapshot.Full(t.Source, h)
}

// Confirmed is part of trace.Texts.
func (t *ledgerTexts) Confirmed(h project.Handle, content record.Hash) (*record.Item, error) {
	return t.Snapshot.ByContent(t.Source, h, content)
}

// entry reads who made an entry, when and why. Entries never change, so they are
// read once.
func (v *view) entry(ctx context.Context, number int64) (*service.Entry, error) {
	v.mu.Lock()
	known := v.entries[number]
	v.mu.Unlock()
	if known != nil {
		return known, nil
	}
	e, err := v.service.Entry(ctx, v.Name, number)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	v.entries[number] = e
	v.mu.Unlock()
	return e, nil
}

// title is how people call the project.
func (v *view) title() string {
	return cmp.Or(v.Snapshot.Settings().Title, v.Name)
}

// kindName is the name of a kind in a sentence.
func (v *view) kindName(k record.Kind) string {
	if kind := v.Schema.Kind(k); kind != nil {
		return kind.Name
	}
	return string(k)
}

// itemURL is the address of an item of the project.
func (v *view) itemURL(key record.Key) string { return itemURL(v.Name, key) }

// linkTo is the address of a key if there is such an item, else "".
func (v *view) linkTo(key record.Key) string {
	h, ok := v.Snapshot.ByKey(key)
	if !ok || v.Snapshot.Node(h).Missing {
		return ""
	}
	return v.itemURL(key)
}
