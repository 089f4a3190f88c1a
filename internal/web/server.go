// Package web draws the pages of the server: what a project holds, what is wrong
// with it, and the thread of every item both ways.
//
// Pages only read. They work without JavaScript, which makes them quicker and
// nothing else; they fetch nothing from elsewhere. They show nothing as proven
// that is not: a passed test without a build manifest is passed, unbound, and not
// green. Nothing is cut off: a table holds all its rows.
//
// Where to add a page: one file with its typed structure, its builder without
// HTTP, and its handler; one template of the same name; one line in the table of
// routes. Handlers return errors, and package fault says how they are answered.
package web

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/service"
)

// Config is what the pages are drawn with.
type Config struct {
	Service *service.Service
	Version string // of the program, printed on every page
	Log     *slog.Logger
	Now     func() time.Time
	// Names are further host names under which requests may come in over the
	// loopback interface: those that a proxy on this machine passes on.
	Names []string
}

// Server answers requests. It holds the newest view of each project that was
// asked for.
type Server struct {
	Config
	assets *assets
	pages  pages
	mu     sync.Mutex // guards views
	views  map[string]*slot
}

// New returns the handler of all pages.
func New(c Config) http.Handler {
	a := loadAssets()
	s := &Server{Config: c, assets: a, pages: parsePages(a), views: map[string]*slot{}}
	mux := http.NewServeMux()
	byPattern := map[string]map[string]handler{}
	for _, r := range s.routes() {
		if byPattern[r.pattern] == nil {
			byPattern[r.pattern] = map[string]handler{}
		}
		byPattern[r.pattern][r.method] = r.handle
	}
	for pattern, methods := range byPattern {
		mux.Handle(pattern, s.answer(methods))
	}
	mux.Handle("/", s.answer(nil))
	return s.around(mux)
}

// handler answers one request or says why it cannot.
type handler func(http.ResponseWriter, *http.Request) error

// route is one line of the table of routes.
type route struct {
	method, pattern string
	handle          handler
}

// routes is the whole site. HEAD is answered where GET is.
//
// goldthread:implements SRS-66
func (s *Server) routes() []route {
	return []route{
		{http.MethodGet, "/{$}", s.projectsPage},
		{http.MethodGet, "/projects", to("/")},
		{http.MethodGet, "/projects/{project}", s.projectPage},
		{http.MethodGet, "/projects/{project}/items/{key...}", s.itemPage},
		{http.MethodGet, "/projects/{project}/files/{hash}", s.file},
		{http.MethodGet, "/assets/{name}", s.asset},
	}
}

// to sends the browser to another address for good.
func to(address string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		http.Redirect(w, r, address, http.StatusMovedPermanently)
		return nil
	}
}

// answer calls the handler of the request's method, and turns what it returns
// into a page.
func (s *Server) answer(methods map[string]handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		var err error
		switch handle := methods[method]; {
		case handle != nil:
			err = handle(w, r)
		case methods == nil:
			err = fault.Newf(fault.NotFound, "there is no page at %s", r.URL.Path)
		default:
			err = &notAllowed{allowed(methods)}
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

// notAllowed is how a request ends whose page does not know its method.
type notAllowed struct{ allowed string }

func (e *notAllowed) Error() string { return "this page answers " + e.allowed + " only" }

func allowed(methods map[string]handler) string {
	var names []string
	for m := range methods {
		names = append(names, m)
		if m == http.MethodGet {
			names = append(names, http.MethodHead)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
