package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
)

//go:embed assets
var assetFiles embed.FS

// assets are the style sheet, the script and the icon, under names that hold the
// hash of their content: they can be kept for ever, and a new one is a new name.
type assets struct {
	byURLName map[string]asset
	urls      map[string]string
}

type asset struct {
	data              []byte
	contentType, etag string
}

// loadAssets reads the embedded files.
func loadAssets() *assets {
	a := &assets{map[string]asset{}, map[string]string{}}
	entries, err := fs.ReadDir(assetFiles, "assets")
	if err != nil {
		panic(err) // embedded
	}
	for _, e := range entries {
		data, err := fs.ReadFile(assetFiles, "assets/"+e.Name())
		if err != nil {
			panic(err) // embedded
		}
		sum := sha256.Sum256(data)
		hash := hex.EncodeToString(sum[:8])
		stem, ext, _ := strings.Cut(e.Name(), ".")
		name := stem + "-" + hash + "." + ext
		a.byURLName[name] = asset{data, assetType(e.Name()), `"` + hash + `"`}
		a.urls[e.Name()] = "/assets/" + name
	}
	return a
}

func assetType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return "application/octet-stream"
	}
}

// url is the address of an asset, for templates.
func (a *assets) url(name string) string { return a.urls[name] }

// asset serves one of them.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) error {
	a, ok := s.assets.byURLName[r.PathValue("name")]
	if !ok {
		return fault.Newf(fault.NotFound, "there is no file %s", r.URL.Path)
	}
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", a.etag)
	if sameTag(r, a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(a.data)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.data)
	}
	return nil
}

// sameTag reports whether the browser has what the tag names.
func sameTag(r *http.Request, tag string) bool {
	for have := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if have = strings.TrimSpace(have); have == tag || have == "*" || strings.TrimPrefix(have, "W/") == tag {
			return true
		}
	}
	return false
}
