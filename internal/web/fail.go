package web

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/fault"
)

// failurePage says why there is no page, and the way out.
type failurePage struct {
	frame
	Status    int
	Heading   string
	Sentence  string
	Hint      string
	Reference string // empty where there is nothing to look up in the log
	Near      []link
	Referrers []link // items that refer to a missing one
}

// nowhere is an error that knows what may have been meant.
type nowhere struct {
	error
	crumbs    []link
	near      []link
	referrers []link
}

func (e *nowhere) Unwrap() error { return e.error }

// fail answers with an error page.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	page := s.failure(r, err)
	if level := levelOf(err); level >= slog.LevelWarn {
		s.Log.Log(r.Context(), level, "failed", "error", err, "path", r.URL.Path, "reference", reference(r))
	}
	if refused, ok := errors.AsType[*notAllowed](err); ok {
		w.Header().Set("Allow", refused.allowed)
	}
	w.Header().Set("Cache-Control", "no-store")
	if err := s.render(w, r, page.Status, "failure", page); err != nil {
		s.Log.ErrorContext(r.Context(), "error page", "error", err, "reference", reference(r))
		http.Error(w, page.Sentence, page.Status)
	}
}

func levelOf(err error) slog.Level {
	switch statusOf(err) {
	case http.StatusMethodNotAllowed, http.StatusMisdirectedRequest:
		return slog.LevelInfo
	}
	return fault.KindOf(err).Level()
}

func statusOf(err error) int {
	if _, ok := errors.AsType[*notAllowed](err); ok {
		return http.StatusMethodNotAllowed
	}
	if _, ok := errors.AsType[*misdirected](err); ok {
		return http.StatusMisdirectedRequest
	}
	return fault.KindOf(err).HTTPStatus()
}

func (s *Server) failure(r *http.Request, err error) *failurePage {
	p := &failurePage{Status: statusOf(err), Sentence: sentence(fault.Sentence(err)), Hint: fault.Hint(err)}
	switch p.Status {
	case http.StatusMethodNotAllowed, http.StatusMisdirectedRequest:
		p.Sentence = sentence(err.Error())
	case http.StatusNotFound:
	default:
		p.Reference = reference(r)
	}
	p.Heading = headingOf(p.Status)
	p.frame = s.frame(p.Heading, link{"Projects", "/"})
	if known, ok := errors.AsType[*nowhere](err); ok {
		p.Near, p.Referrers = known.near, known.referrers
		p.Crumbs = append(p.Crumbs, known.crumbs...)
	}
	return p
}

func headingOf(status int) string {
	switch status {
	case http.StatusNotFound:
		return "Not found"
	case http.StatusMethodNotAllowed:
		return "Not allowed here"
	case http.StatusServiceUnavailable:
		return "Not available now"
	case http.StatusForbidden:
		return "Not permitted"
	case http.StatusMisdirectedRequest:
		return "Wrong name"
	case http.StatusUnprocessableEntity, http.StatusConflict:
		return "Cannot be done"
	default:
		return "Something went wrong"
	}
}

// sentence makes a sentence of what faults say in lower case.
func sentence(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return ""
	}
	text = string(unicode.ToUpper(first)) + text[n:]
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
