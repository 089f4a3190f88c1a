package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
)

// projectPage shows one project: its state, the V-model, coverage, findings and
// all items.
type projectPage struct {
	frame
	Name     string
	URL      string
	Entry    int64
	Time     string
	Root     string // of the ledger's tree, as hex
	Reason   string // of the last entry
	Items    int
	Links    int
	Systems  []system
	V        *vModel
	Coverage []coverageRow
	Findings findingsTable
	Table    itemsTable
	Retired  []link
}

// findingsTable is the table of findings, filtered as asked.
type findingsTable struct {
	Counts  []findingCount
	Rules   []findingCount
	Chunks  [][]template.HTML
	Shown   int
	All     int
	Query   query
	Clear   string // address of the whole table, "" where it is whole
	Without []findingFilter
}

// findingCount is how many findings there are of a severity or rule.
type findingCount struct {
	Name, URL string
	N         int
	Chosen    bool
}

// findingFilter keeps the other table's filter in a form.
type findingFilter struct{ Name, Value string }

// findingRow is one finding.
type findingRow struct {
	finding.Finding
	URL  string // of the item, "" where there is none
	Tone string
}

// itemsTable is the table of items, filtered and sorted as asked.
type itemsTable struct {
	Query    query
	Columns  []columnHead
	Chunks   [][]template.HTML
	Shown    int
	All      int
	Filtered bool
	URL      string // of the table as a whole
	Kinds    []kindGroup
	States   []string
	Results  []string
	Levels   []choice
	Has      []choice
	Keep     []findingFilter
}

// columnHead is the head of a column with the address that sorts by it.
type columnHead struct {
	column
	URL  string
	Sort string // ascending, descending or ""
}

// kindGroup is a family of kinds that the project has items of.
type kindGroup struct {
	Name  string
	Kinds []choice
}

// chunkRows is how many rows stand in one body of a table, longRows from how
// many rows on bodies that are out of sight are not laid out.
const (
	chunkRows = 100
	longRows  = 1000
)

func (s *Server) projectPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.view(r.Context(), r.PathValue("project"))
	if err != nil {
		return s.unknownProject(r.Context(), r.PathValue("project"), err)
	}
	page, err := s.newProjectPage(r.Context(), v, readQuery(r.URL.Query()))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, "project", page)
}

func (s *Server) newProjectPage(ctx context.Context, v *view, q query) (*projectPage, error) {
	if err := s.draw(v); err != nil {
		return nil, err
	}
	p := &projectPage{frame: s.frame(v.title(), link{"Projects", "/"}), Name: v.Name, URL: projectURL(v.Name), Entry: v.Snapshot.Entry(),
		Time: timeText(v.Snapshot.Time()), Items: v.Snapshot.Items(), Links: v.Snapshot.Links(), Systems: v.systems(), V: v.picture,
		Coverage: v.coverage, Findings: v.findingsTable(q), Table: v.itemsTable(q), Retired: v.retired}
	p.Words = words("class", "entry", "verification", "upstream", "downstream", "orphan", "dead-end", "finding", "suspect", "unbound", "no-result", "state", "retired")
	p.Keys = true
	if p.Entry > 0 {
		e, err := v.entry(ctx, p.Entry)
		if err != nil {
			return nil, err
		}
		p.Root, p.Reason = record.Hash(e.Root).Hex(), e.Change.Reason
	}
	return p, nil
}

func chunks(rows []template.HTML) [][]template.HTML {
	return slices.Collect(slices.Chunk(rows, chunkRows))
}

// draw draws the rows of both tables, which look alike however they are filtered
// and sorted, once for all pages of a view.
func (s *Server) draw(v *view) error {
	v.drawing.Do(func() {
		parts := s.pages["project"]
		var out bytes.Buffer
		draw := func(name string, row any) template.HTML {
			out.Reset()
			v.notDrawn = cmp.Or(v.notDrawn, parts.ExecuteTemplate(&out, name, row))
			return template.HTML(out.String()) // made by a template that escapes
		}
		v.drawn = make([]template.HTML, len(v.rows))
		for i := range v.rows {
			v.drawn[i] = draw("row", &v.rows[i])
		}
		v.drawnFindings = make([]template.HTML, len(v.findings))
		for i, f := range v.findings {
			v.drawnFindings[i] = draw("finding", v.findingRow(f))
		}
	})
	if v.notDrawn != nil {
		return fmt.Errorf("rows of project %s: %w", v.Name, v.notDrawn)
	}
	return nil
}

func timeText(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func (v *view) findingsTable(q query) findingsTable {
	t := findingsTable{All: len(v.findings), Query: q}
	at := func(severity, rule string) string {
		only := q
		only.Severity, only.Rule = severity, rule
		address := projectURL(v.Name)
		if values := only.values(); len(values) > 0 {
			address += "?" + values.Encode()
		}
		return address + "#findings"
	}
	for _, sev := range finding.Severities() {
		if n := finding.Count(v.findings, sev); n > 0 {
			t.Counts = append(t.Counts, findingCount{string(sev), at(string(sev), ""), n, q.Severity == string(sev)})
		}
	}
	var rows []template.HTML
	for n, f := range v.findings {
		i := slices.IndexFunc(t.Rules, func(c findingCount) bool { return c.Name == f.Rule })
		if i < 0 {
			t.Rules = append(t.Rules, findingCount{f.Rule, at("", f.Rule), 0, q.Rule == f.Rule})
			i = len(t.Rules) - 1
		}
		t.Rules[i].N++
		if (q.Severity == "" || q.Severity == string(f.Severity)) && (q.Rule == "" || q.Rule == f.Rule) {
			rows = append(rows, v.drawnFindings[n])
		}
	}
	t.Shown, t.Chunks = len(rows), chunks(rows)
	if q.Severity != "" || q.Rule != "" {
		t.Clear = at("", "")
	}
	return t
}

func (v *view) findingRow(f finding.Finding) findingRow {
	return findingRow{f, v.linkTo(f.Item), severityTone(f.Severity)}
}

func severityTone(s finding.Severity) string {
	switch s {
	case finding.Error:
		return "bad"
	case finding.Warning:
		return "warn"
	default:
		return "neutral"
	}
}

func (v *view) itemsTable(q query) itemsTable {
	rows := v.selected(q)
	t := itemsTable{Query: q, Shown: len(rows), All: len(v.rows), Filtered: q.filters(), URL: projectURL(v.Name), Has: connections(), Results: outcomeWords()}
	drawn := make([]template.HTML, len(rows))
	for i, n := range rows {
		drawn[i] = v.drawn[n]
	}
	t.Chunks = chunks(drawn)
	for _, c := range columns() {
		t.Columns = append(t.Columns, v.columnHead(c, q))
	}
	for _, l := range levels() {
		t.Levels = append(t.Levels, choice{l.ID, l.Name})
	}
	for _, l := range levels() {
		if l.Tests != "" {
			t.Levels = append(t.Levels, choice{testsOf(l.ID), l.Tests})
		}
	}
	t.Kinds, t.States = v.present()
	for _, f := range []findingFilter{{"severity", q.Severity}, {"rule", q.Rule}} {
		if f.Value != "" {
			t.Keep = append(t.Keep, f)
		}
	}
	return t
}

func (v *view) columnHead(c column, q query) columnHead {
	head := columnHead{column: c}
	next := q
	next.Sort, next.Descending = c.ID, false
	if q.Sort == c.ID {
		head.Sort = "ascending"
		next.Descending = !q.Descending
		if q.Descending {
			head.Sort = "descending"
		}
	}
	head.URL = v.listURL(next)
	return head
}

// present lists the kinds and states that items of the project have, in the
// order of the schema and of words.
func (v *view) present() ([]kindGroup, []string) {
	seen := map[string]bool{}
	var states []string
	for i := range v.rows {
		seen[v.rows[i].Kind] = true
		if s := v.rows[i].State; s != "" && !slices.Contains(states, s) {
			states = append(states, s)
		}
	}
	slices.Sort(states)
	var groups []kindGroup
	for _, g := range v.Schema.Groups() {
		group := kindGroup{Name: g.Name}
		for _, k := range v.Schema.Kinds() {
			if k.Group == g.Name && seen[string(k.ID)] {
				group.Kinds = append(group.Kinds, choice{string(k.ID), string(k.ID) + " " + k.Name})
			}
		}
		if len(group.Kinds) > 0 {
			groups = append(groups, group)
		}
	}
	return groups, states
}

// unknownProject names projects that may have been meant.
func (s *Server) unknownProject(ctx context.Context, name string, err error) error {
	names, listErr := s.Service.Projects(ctx)
	if listErr != nil || slices.Contains(names, name) {
		return err
	}
	failed := &nowhere{error: err}
	for _, n := range nearest(name, slices.Values(names), 3) {
		failed.near = append(failed.near, link{n, "/projects/" + url.PathEscape(n)})
	}
	return failed
}
