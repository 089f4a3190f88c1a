package cli

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"iter"
)

//go:embed trace.html
var traceFiles embed.FS

// matrixPage is what the template of a matrix is given.
type matrixPage struct {
	Project, Title string
	From, To       string
	Via            []string
	Within         int
	Made           string
	Rows           iter.Seq[matrixRow]
	WithoutSource  iter.Seq[reference]
	matrix         *matrix
}

// Counts are known once rows and items without source have been written.
func (p *matrixPage) Counts() matrixCounts { return p.matrix.counts }

// matrixHTML writes one page that needs nothing else.
func matrixHTML(w io.Writer, m *matrix) error {
	page, err := template.New("trace.html").Funcs(template.FuncMap{"path": pathText}).ParseFS(traceFiles, "trace.html")
	if err != nil {
		return fmt.Errorf("internal: %w", err)
	}
	p := &matrixPage{Project: m.folder.text.Config.Project, Title: m.folder.text.Config.Title, From: m.from.label, To: m.to.label, Made: m.made, Within: m.within,
		Rows: m.rows, WithoutSource: m.withoutSource, matrix: m}
	if p.Title == "" {
		p.Title = p.Project
	}
	for _, v := range m.via {
		p.Via = append(p.Via, v.label)
	}
	return page.Execute(w, p)
}
