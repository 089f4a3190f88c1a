package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed templates
var templateFiles embed.FS

// pages are the templates by name, each with the layout around it.
type pages map[string]*template.Template

// frame is what the layout needs of every page.
type frame struct {
	Title   string
	Crumbs  []link // from the list of projects to the page above
	Version string
	Words   []word // of the standards, explained at the foot
	Keys    bool   // the page has rows to walk through
}

// link is an address with its words.
type link struct{ Text, To string }

func (s *Server) frame(title string, crumbs ...link) frame {
	return frame{Title: title, Crumbs: crumbs, Version: s.Version}
}

// parsePages reads the embedded templates. Layout and parts are shared by all.
func parsePages(a *assets) pages {
	functions := template.FuncMap{"asset": a.url, "count": count,
		"long": long, "longer": func(chunks [][]template.HTML) bool { return len(chunks)*chunkRows > longRows }}
	shared := template.Must(template.New("").Funcs(functions).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html"))
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	all := pages{}
	for _, name := range names {
		page := strings.TrimSuffix(path.Base(name), ".html")
		if page == "layout" || page == "parts" {
			continue
		}
		all[page] = template.Must(template.Must(shared.Clone()).ParseFS(templateFiles, name))
	}
	return all
}

// render makes the whole page before it sends any of it, so that a failure is an
// error page and not half a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name string, page any) error {
	var out bytes.Buffer
	t := s.pages[name]
	if t == nil {
		return fmt.Errorf("internal: there is no template %s", name)
	}
	if err := t.ExecuteTemplate(&out, "layout", page); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache") // the browser asks again: pages tell the newest state
	}
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		s.Log.DebugContext(r.Context(), "the browser went away", "error", err, "reference", reference(r))
	}
	return nil
}

// count writes a number with its noun: 1 item, 2 items.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// long reports whether so many rows are laid out only where they are looked at.
func long(rows int) bool { return rows > longRows }
