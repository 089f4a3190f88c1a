package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
)

// contentPolicy lets a page load what this server serves, and nothing else: no
// inline script or style, no frame around it, no form that leads elsewhere.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// around is what happens to every request: headers, a name, the log, and an
// answer even when a handler panics.
func (s *Server) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Now()
		r = r.WithContext(context.WithValue(r.Context(), referenceKey{}, strings.ToLower(rand.Text()[:10])))
		recorded := &recorder{ResponseWriter: w}
		defer func() {
			s.Log.InfoContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, "status", recorded.status, "bytes", recorded.bytes,
				"duration", s.Now().Sub(start), "remote", r.RemoteAddr, "reference", reference(r))
		}()
		defer s.rescue(recorded, r)
		secure(w.Header())
		if !s.expects(r) {
			s.fail(recorded, r, &misdirected{r.Host})
			return
		}
		next.ServeHTTP(recorded, r)
	})
}

// goldthread:implements SRS-67
func secure(h http.Header) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}

// rescue turns a panic into an error page where nothing was sent yet; what was
// begun is broken off, so that half a page is not taken for a whole one.
func (s *Server) rescue(w *recorder, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.Log.ErrorContext(r.Context(), "panic", "panic", fmt.Sprint(p), "stack", string(debug.Stack()), "reference", reference(r))
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	s.fail(w, r, fault.Newf(fault.Internal, "the page could not be made"))
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader is part of http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write is part of http.ResponseWriter.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// referenceKey is where the context of a request keeps its name.
type referenceKey struct{}

// reference names a request in the log and on error pages.
func reference(r *http.Request) string {
	name, _ := r.Context().Value(referenceKey{}).(string)
	return name
}

// misdirected is a request that came to this machine under a foreign name.
type misdirected struct{ host string }

func (e *misdirected) Error() string {
	return fmt.Sprintf("this server answers under the names of this machine only, not as %.100q", e.host)
}

// expects refuses requests that a page of another site has led here by giving
// its own name the address of this machine (DNS rebinding): what came in over the
// loopback interface must name it.
func (s *Server) expects(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return true
	}
	if addr, err := netip.ParseAddrPort(local.String()); err != nil || !addr.Addr().Unmap().IsLoopback() {
		return true
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	same := func(name string) bool { return strings.EqualFold(host, name) }
	if same("localhost") || slices.ContainsFunc(s.Names, same) {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}
