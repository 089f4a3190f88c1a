package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
)

// filePolicy keeps a file from doing anything when it is opened by itself; a
// drawing may have its own styles.
const filePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

// file serves an attached file of the project by the hash of its bytes.
func (s *Server) file(w http.ResponseWriter, r *http.Request) error {
	v, err := s.view(r.Context(), r.PathValue("project"))
	if err != nil {
		return s.unknownProject(r.Context(), r.PathValue("project"), err)
	}
	hash, ok := parseHash(r.PathValue("hash"))
	name := v.files[hash]
	if !ok || name == "" { // what no item of this project names is not this project's to show
		return fault.Newf(fault.NotFound, "no item of project %s has a file with the hash %.80s", v.Name, r.PathValue("hash"))
	}
	contentType, inline := fileType(name)
	disposition := "attachment"
	if inline {
		disposition = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": path.Base(name)}))
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+hash.Hex()+`"`)
	if sameTag(r, `"`+hash.Hex()+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	blob, err := s.Service.Blob(hash)
	if err != nil {
		clearFileHeaders(h)
		return fmt.Errorf("serve %s: %w", name, err)
	}
	defer blob.Close()
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	if _, err := io.Copy(w, blob); err != nil {
		if !errors.Is(err, fault.Corrupt) {
			return nil // the browser went away
		}
		s.Log.ErrorContext(r.Context(), "failed", "error", err, "file", name, "reference", reference(r))
		panic(http.ErrAbortHandler) // a damaged file must not be taken for a whole one
	}
	return nil
}

// clearFileHeaders makes room for an error page.
func clearFileHeaders(h http.Header) {
	for _, name := range []string{"Content-Disposition", "Cache-Control", "ETag"} {
		h.Del(name)
	}
	h.Set("Content-Security-Policy", contentPolicy)
}

// parseHash reads the 64 hexadecimal digits of a hash.
func parseHash(text string) (record.Hash, bool) {
	if len(text) != 64 {
		return record.Hash{}, false
	}
	h, err := record.ParseHash(record.ContentScheme, record.ContentScheme+text)
	return h, err == nil
}

// fileType is how a file is served, by its name. What is not on the list is
// offered for saving and never shown by the browser.
func fileType(name string) (contentType string, inline bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".png":
		return "image/png", true
	case ".jpg", ".jpeg":
		return "image/jpeg", true
	case ".gif":
		return "image/gif", true
	case ".webp":
		return "image/webp", true
	case ".svg":
		return "image/svg+xml", true
	case ".txt", ".md", ".csv", ".log":
		return "text/plain; charset=utf-8", true
	case ".pdf":
		return "application/pdf", false
	default:
		return "application/octet-stream", false
	}
}
