package web

import (
	"net/http"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
)

// projectsPage lists the projects of the store.
type projectsPage struct {
	frame
	Projects []projectRow
}

// projectRow is a project with its state, or why it cannot be read.
type projectRow struct {
	Name, Title, URL        string
	Items, Links            int
	Entry                   int64
	Time                    string
	Systems                 []system
	Errors, Warnings, Notes int
	Fault                   string
}

func (s *Server) projectsPage(w http.ResponseWriter, r *http.Request) error {
	names, err := s.Service.Projects(r.Context())
	if err != nil {
		return err
	}
	page := &projectsPage{frame: s.frame("Projects")}
	page.Words = words("class", "entry", "finding")
	for _, name := range names {
		v, err := s.view(r.Context(), name)
		if err != nil { // one project that cannot be read does not hide the others
			s.Log.Log(r.Context(), fault.KindOf(err).Level(), "failed", "error", err, "project", name, "reference", reference(r))
			page.Projects = append(page.Projects, projectRow{Name: name, Title: name, URL: projectURL(name), Fault: sentence(fault.Sentence(err))})
			continue
		}
		page.Projects = append(page.Projects, projectRow{Name: name, Title: v.title(), URL: projectURL(name), Items: v.Snapshot.Items(), Links: v.Snapshot.Links(),
			Entry: v.Snapshot.Entry(), Time: timeText(v.Snapshot.Time()), Systems: v.systems(), Errors: finding.Count(v.findings, finding.Error),
			Warnings: finding.Count(v.findings, finding.Warning), Notes: finding.Count(v.findings, finding.Note)})
	}
	return s.render(w, r, http.StatusOK, "projects", page)
}
