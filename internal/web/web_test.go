package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/sqlite"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
	"github.com/goldthread/goldthread/internal/workspace"
)

// hostile is what a title or text may hold that wants to run.
const hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script>'`

// site is a server over a real ledger in a folder of the test.
type site struct {
	t       testing.TB
	service *service.Service
	handler http.Handler
	log     *syncBuffer
	blobs   string
}

// syncBuffer is a log that requests of other goroutines may write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// brokenStore cannot read the project of one name.
type brokenStore struct {
	ledger.Store
	name string
}

func (s *brokenStore) Head(ctx context.Context, project string) (ledger.Head, error) {
	if project == s.name {
		return ledger.Head{}, fault.New(fault.Corrupt, "the ledger of "+project+" is damaged", errors.New("secret path"))
	}
	return s.Store.Head(ctx, project)
}

func newSite(t testing.TB) *site {
	t.Helper()
	dir := t.TempDir()
	store, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, log: &syncBuffer{}, blobs: filepath.Join(dir, "files")}
	blobs, err := blob.OpenFolder(s.blobs)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 3, 2, 14, 5, 6, 0, time.UTC) }
	s.service = service.New(service.Config{Store: &brokenStore{store, "broken"}, Blobs: blobs, Now: now, Random: sevens{}})
	t.Cleanup(func() {
		if err := errors.Join(s.service.Close(), blobs.Close()); err != nil {
			t.Error(err)
		}
	})
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.handler = New(Config{Service: s.service, Version: "v0 <test>", Log: log, Now: now, Names: []string{"pump.example"}})
	return s
}

// sevens is a source of randomness for salts that nobody has to guess.
type sevens struct{}

func (sevens) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 7
	}
	return len(p), nil
}

// draft collects the operations of a project.
type draft struct {
	ops   []record.Operation
	files []service.File
	items map[record.Key]record.Item
}

func newDraft() *draft { return &draft{items: map[record.Key]record.Item{}} }

func (d *draft) item(kind record.Kind, key, title, text string, fields ...record.Field) *draft {
	it := record.Item{ID: record.ProvisionalID(record.Key(key)), Key: record.Key(key), Kind: kind, Title: title, Text: text, Fields: fields}
	return d.put(it)
}

func (d *draft) put(it record.Item) *draft {
	it.SortFields()
	d.items[it.Key] = it
	d.ops = append(d.ops, record.PutItem{Item: it})
	return d
}

func (d *draft) attach(key, name string, data []byte) *draft {
	it := d.items[record.Key(key)]
	f := record.File{Name: name, Hash: sha256.Sum256(data)}
	it.Files = append(it.Files, f)
	d.files = append(d.files, service.File{File: f, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }})
	return d.put(it)
}

// link makes a link that was confirmed with its ends as they are now.
func (d *draft) link(source string, verb record.Verb, target string) *draft {
	from, to := d.items[record.Key(source)], d.items[record.Key(target)]
	l := record.Link{Verb: verb, Source: from.ID, Target: to.ID, Ref: record.Ref(target), Confirmed: record.Confirmation{Source: from.ContentHash(), Target: to.ContentHash()}}
	if to.ID.IsZero() {
		l.Confirmed = record.Confirmation{}
	} else {
		l.Ref = ""
	}
	d.ops = append(d.ops, record.AddLink{Link: l})
	return d
}

func (d *draft) result(manifest string, results map[string]string) *draft {
	op := record.AttachEvidence{Report: record.File{Name: "results/" + manifest + "go-test.json", Hash: sha256.Sum256([]byte(manifest))}, Format: "gotest", Manifest: manifest}
	for key, outcome := range results {
		op.Results = append(op.Results, record.TestResult{Test: record.ProvisionalID(record.Key(key)), Outcome: outcome, Name: key, Message: "said " + hostile, Line: 7})
	}
	d.ops = append(d.ops, op)
	return d
}

func (s *site) takeIn(name string, d *draft) {
	s.t.Helper()
	cmd := service.TakeIn{Command: service.Command{Project: name, Actor: service.LocalActor, Reason: "taken in for " + hostile}, Settings: record.Settings{Title: "Pump " + hostile}, Operations: d.ops, Files: d.files}
	if err := s.service.TakeIn(context.Background(), cmd); err != nil {
		s.t.Fatal(err)
	}
}

func one(name, value string) record.Field {
	return record.Field{Name: name, Values: []string{value}}
}

// pump is a small project with everything that pages show, hostile words included.
func pump() *draft {
	d := newDraft()
	d.item(schema.KindDOC, "DOC-1", "Requirements", "", one(workspace.PathField, "docs/requirements.md"))
	d.item(schema.KindDEV, "DEV-1", "Pump", "", one("intended use", "Gives *drugs*. "+hostile))
	d.item(schema.KindHAZ, "HAZ-1", "Too much drug", "")
	d.item(schema.KindRC, "RC-1", "Limit", "", one("option", "design"), one("means", "software"))
	d.item(schema.KindSWS, "SWS-1", "Controller", "")
	d.item(schema.KindSWS, "SWS-2", "Firmware", "", one(classField, "B"))
	d.item(schema.KindSWU, "SWU-1", "Limiter", "")
	d.item(schema.KindSWU, "SWU-2", "Watchdog", "")
	d.item(schema.KindSYS, "SYS-1", "Stop", "The pump stops within 200 ms.")
	d.item(schema.KindSRS, "SRS-1", "Stop on occlusion "+hostile, "See SYS-1 and [plan](javascript:alert(3)).\n\n"+hostile+"\n\n![states](img/states.svg)")
	d.item(schema.KindSRS, "SRS-2", "Ångström über alles", "| a | b |\n|---|--:|\n| 1 | 2 |")
	d.item(schema.KindSRS, "SRS-10", "alarm", "")
	d.attach("SRS-1", "docs/img/states.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(4)</script></svg>`))
	d.attach("SRS-2", "docs/img/data.html", []byte("<script>alert(5)</script>"))
	d.item(schema.KindTC, "TC-1", "Occlusion", "", one("level", "system"))
	d.item(schema.KindTEST, "dose/dose_test.go#TestStop", "TestStop", "")
	d.item(schema.KindTEST, "dose/dose_test.go#TestBound", "TestBound", "")
	d.item(schema.KindTEST, "dose/dose_test.go#TestFails", "TestFails", "")
	d.item(schema.KindCODE, "../outside/a b?.go:12", "../outside/a b?.go:12", "")
	d.link("SRS-1", schema.VerbRefines, "SYS-1")
	d.link("SRS-1", schema.VerbImplements, "RC-1")
	d.link("SRS-2", schema.VerbRefines, "SYS-77")
	d.link("SRS-1", schema.VerbAllocatedTo, "SWU-1")
	d.link("SWU-1", schema.VerbPartOf, "SWS-1")
	d.link("SWU-2", schema.VerbPartOf, "SWS-2")
	d.link("RC-1", schema.VerbControls, "HAZ-1")
	d.link("dose/dose_test.go#TestStop", schema.VerbVerifies, "SRS-1")
	d.link("dose/dose_test.go#TestStop", schema.VerbPartOf, "TC-1")
	d.link("TC-1", schema.VerbVerifies, "SRS-1")
	d.link("dose/dose_test.go#TestBound", schema.VerbVerifies, "SRS-2")
	d.link("dose/dose_test.go#TestFails", schema.VerbVerifies, "SRS-10")
	d.link("../outside/a b?.go:12", schema.VerbImplements, "SRS-1")
	d.item(schema.KindSYS, "SYS-1", "Stop", "The pump stops within 100 ms. "+hostile) // after the link was confirmed
	d.ops = append(d.ops, record.Place{Document: record.ProvisionalID("DOC-1"), Outline: []record.Block{
		{Level: 1, Heading: "Requirements", Prose: "What the pump does. " + hostile},
		{Level: 2, Heading: "Stopping " + hostile, Prose: ""},
		{Level: 3, Item: record.ProvisionalID("SRS-1")}, {Level: 3, Item: record.ProvisionalID("SRS-2")},
	}})
	d.result("", map[string]string{"dose/dose_test.go#TestStop": "passed", "dose/dose_test.go#TestFails": "failed"})
	d.result("manifest-1", map[string]string{"dose/dose_test.go#TestBound": "passed"})
	d.ops = append(d.ops, record.Retire{ID: record.ProvisionalID("SWU-2")})
	return d
}

// get asks for a page.
func (s *site) get(address string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.request(http.MethodGet, address, nil)
}

func (s *site) request(method, address string, header http.Header) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, address, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// element is a start tag of a page.
type element struct {
	name  string
	attrs map[string]string
}

// elements reads the tags of a page, and all its text. A page is HTML that reads
// as XML too, but for void elements and attributes without values.
func elements(t testing.TB, body string) ([]element, string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all []element
	var text strings.Builder
	for {
		token, err := d.Token()
		if err == io.EOF {
			return all, text.String()
		}
		if err != nil {
			t.Fatalf("the page cannot be read: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{token.Name.Local, map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			all = append(all, e)
		case xml.CharData:
			text.Write(token)
		}
	}
}

// rowKeys lists the keys in the table of items, in order.
func rowKeys(t testing.TB, body string) []string {
	t.Helper()
	_, table, ok := strings.Cut(body, `<table class="rows items`)
	if !ok {
		t.Fatal("the page has no table of items")
	}
	keys := []string{}
	for part := range strings.SplitSeq(table, `<th scope="row"><a href="`) {
		_, rest, ok := strings.Cut(part, `">`)
		if key, _, ends := strings.Cut(rest, "</a></th>"); ok && ends && strings.HasPrefix(part, "/projects/") {
			keys = append(keys, key)
		}
	}
	return keys
}

// damage changes the bytes of every stored file.
func (s *site) damage() {
	s.t.Helper()
	err := filepath.Walk(s.blobs, func(name string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			return os.WriteFile(name, []byte("damaged"), 0o600)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// large is a project of n software requirements with as many tests.
func large(n int) *draft {
	d := newDraft()
	d.item(schema.KindSYS, "SYS-1", "Everything", "")
	for i := range n {
		key := fmt.Sprintf("SRS-%d", i+1)
		d.item(schema.KindSRS, key, fmt.Sprintf("The controller does thing number %d in time", i+1), "It shall.")
		d.link(key, schema.VerbRefines, "SYS-1")
	}
	return d
}

// logger writes to the log of the site.
func (s *site) logger() *slog.Logger { return slog.New(slog.NewTextHandler(s.log, nil)) }
