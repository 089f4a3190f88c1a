package web

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/fault"
)

func TestAnswers(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	tests := []struct {
		sentence, method, address string
		status                    int
		holds                     []string
	}{
		{"the list of projects", "GET", "/", 200, []string{"Pump &#34;&gt;", " errors, ", " warnings, ", `href="/projects/pump"`}},
		{"a project", "GET", "/projects/pump", 200, []string{"SWS-1", `<a href="/projects/pump/items/SWU-2">SWU-2 Watchdog</a>`, "undecided, so it is handled as C", "16 items", "2026-03-02 14:05:06 UTC"}},
		{"an item", "GET", "/projects/pump/items/SRS-1", 200, []string{"Stop on occlusion", "suspect"}},
		{"a test in the code, whose key holds a slash and a hash", "GET", "/projects/pump/items/dose/dose_test.go%23TestStop", 200, []string{"passed, unbound", "names no build manifest"}},
		{"code outside of the workspace, with a blank and a question mark", "GET", "/projects/pump/items/..%2Foutside%2Fa%20b%3F.go:12", 200, []string{"source location"}},
		{"a document", "GET", "/projects/pump/items/DOC-1", 200, []string{"What the document holds", "What the pump does."}},
		{"a retired item stays readable", "GET", "/projects/pump/items/SWU-2", 200, []string{`<span class="chip warn">retired</span>`}},
		{"an unknown page", "GET", "/nothing/here", 404, []string{"There is no page at /nothing/here."}},
		{"an unknown project names near ones", "GET", "/projects/pumps", 404, []string{`<a href="/projects/pump">pump</a>`}},
		{"an unknown item names near ones", "GET", "/projects/pump/items/srs01", 404, []string{`<a href="/projects/pump/items/SRS-1">SRS-1</a>`}},
		{"a missing item names who refers to it", "GET", "/projects/pump/items/SYS-77", 404, []string{"Items that link to it", `<a href="/projects/pump/items/SRS-2">SRS-2</a>`}},
		{"a hostile key is only a word", "GET", "/projects/pump/items/" + url.PathEscape(hostile), 404, []string{"&lt;script&gt;"}},
		{"no key leads to the list", "GET", "/projects/pump/items/", 302, nil},
		{"the folder of projects leads to their list", "GET", "/projects", 301, nil},
		{"a page that only reads refuses to be written to", "POST", "/projects/pump", 405, []string{"This page answers GET, HEAD only."}},
		{"a page that is not there is not there for writers either", "DELETE", "/nothing", 404, nil},
		{"an unknown file", "GET", "/projects/pump/files/" + strings.Repeat("0", 64), 404, nil},
		{"no hash at all", "GET", "/projects/pump/files/-", 404, nil},
		{"an unknown asset", "GET", "/assets/style.css", 404, nil},
		{"a search for nothing that is there", "GET", "/projects/pump?q=nowhere", 200, []string{"No item matches."}},
		{"a filter that nobody knows selects nothing", "GET", "/projects/pump?level=heaven", 200, []string{`<span id="shown">0</span> of 16 items`}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			w := s.request(tt.method, tt.address, nil)
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d", w.Code, tt.status)
			}
			for _, part := range tt.holds {
				if !strings.Contains(w.Body.String(), part) {
					t.Errorf("%q is not in the page", part)
				}
			}
			if tt.status == 405 && w.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow: %q", w.Header().Get("Allow"))
			}
		})
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	want := map[string]string{
		"Content-Security-Policy": contentPolicy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	}
	for _, address := range []string{"/", "/projects/pump", "/projects/pump/items/SRS-1", "/nothing", s.asset("style.css")} {
		get, head := s.get(address), s.request(http.MethodHead, address, nil)
		for name, value := range want {
			if got := get.Header().Get(name); got != value {
				t.Errorf("%s: %s: %q, want %q", address, name, got, value)
			}
		}
		if d := cmp.Diff(get.Header(), head.Header()); d != "" || head.Body.Len() != 0 || get.Code != head.Code {
			t.Errorf("%s: HEAD differs from GET or has a body of %d bytes (-get +head):\n%s", address, head.Body.Len(), d)
		}
		if n := get.Header().Get("Content-Length"); n != strconv.Itoa(get.Body.Len()) {
			t.Errorf("%s: Content-Length %s, body %d", address, n, get.Body.Len())
		}
	}
}

// asset finds the address of an asset as pages name it.
func (s *site) asset(name string) string {
	stem, ext, _ := strings.Cut(name, ".")
	return regexp.MustCompile(`/assets/` + stem + `-[0-9a-f]+\.` + ext).FindString(s.get("/").Body.String())
}

func TestAssetsAreKeptForEver(t *testing.T) {
	s := newSite(t)
	for name, contentType := range map[string]string{"style.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"} {
		w := s.get(s.asset(name))
		if w.Code != 200 || w.Header().Get("Content-Type") != contentType || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, %v", name, w.Code, w.Header())
		}
		again := s.request("GET", s.asset(name), http.Header{"If-None-Match": {`"other", ` + w.Header().Get("ETag")}})
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s: asked again: status %d, %d bytes", name, again.Code, again.Body.Len())
		}
	}
}

// TestEveryLinkLeadsSomewhere follows every address of every page, filters and
// anchors included, and holds what it finds against the promises of all pages.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	bodies := map[string]string{}
	waiting := []string{"/"}
	anchors := map[string][]string{}
	for len(waiting) > 0 {
		address := waiting[0]
		waiting = waiting[1:]
		if _, seen := bodies[address]; seen {
			continue
		}
		w := s.get(address)
		if w.Code != 200 {
			t.Errorf("%s: status %d", address, w.Code)
		}
		bodies[address] = ""
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		bodies[address] = w.Body.String()
		all, _ := elements(t, w.Body.String())
		for _, e := range all {
			to := e.attrs["href"] + e.attrs["src"]
			if to == "" {
				continue
			}
			base, err := url.Parse("http://here" + address)
			if err != nil {
				t.Fatal(err)
			}
			u, err := base.Parse(to)
			if err != nil || u.Host != "here" {
				t.Errorf("%s leads to %q", address, to)
				continue
			}
			if u.Fragment != "" && !strings.Contains(address, "?") {
				anchors[u.RequestURI()] = append(anchors[u.RequestURI()], u.Fragment)
			}
			if strings.Contains(address, "?") && len(u.Query()) > 1 {
				continue // every filter with every order of every other filter: the same table again and again
			}
			waiting = append(waiting, u.RequestURI())
		}
	}
	for address, names := range anchors {
		for _, name := range names {
			if !strings.Contains(bodies[address], ` id="`+name+`"`) {
				t.Errorf("%s has no place #%s", address, name)
			}
		}
	}
	if len(bodies) < 60 {
		t.Errorf("only %d pages were reached", len(bodies))
	}
	for address, body := range bodies {
		if body != "" {
			promises(t, address, body)
		}
	}
}

// promises holds a page against what all pages promise.
func promises(t *testing.T, address, body string) {
	t.Helper()
	all, _ := elements(t, body)
	ids := map[string]bool{}
	mains, h1 := 0, 0
	for _, e := range all {
		for name := range e.attrs {
			if name == "style" || strings.HasPrefix(name, "on") {
				t.Errorf("%s: <%s> has the attribute %s", address, e.name, name)
			}
		}
		if id := e.attrs["id"]; id != "" && ids[id] {
			t.Errorf("%s: two elements are called %s", address, id)
		} else if id != "" {
			ids[id] = true
		}
		switch e.name {
		case "html":
			if e.attrs["lang"] == "" {
				t.Errorf("%s has no language", address)
			}
		case "main":
			mains++
		case "h1":
			h1++
		case "script":
			if !strings.HasPrefix(e.attrs["src"], "/assets/") {
				t.Errorf("%s: a script of its own", address)
			}
		case "style", "iframe", "object", "embed", "base":
			t.Errorf("%s: <%s>", address, e.name)
		case "img":
			if _, has := e.attrs["alt"]; !has || !strings.HasPrefix(e.attrs["src"], "/") {
				t.Errorf("%s: picture %v", address, e.attrs)
			}
		case "th":
			if e.attrs["scope"] == "" {
				t.Errorf("%s: a head of a table without scope", address)
			}
		}
	}
	if mains != 1 || h1 != 1 {
		t.Errorf("%s: %d main, %d h1", address, mains, h1)
	}
	if strings.Contains(body, "ZgotmplZ") || strings.Contains(body, "<nil>") {
		t.Errorf("%s: the template refused a value", address)
	}
}

func TestHostileWordsStayWords(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	for _, address := range []string{"/", "/projects/pump?q=" + url.QueryEscape(hostile), "/projects/pump?sort=" + url.QueryEscape(hostile) + "&rule=" + url.QueryEscape(hostile),
		"/projects/pump/items/SRS-1", "/projects/pump/items/SYS-1", "/projects/pump/items/DOC-1", "/projects/pump/items/DEV-1", "/projects/pump/items/dose/dose_test.go%23TestFails"} {
		body := s.get(address).Body.String()
		_, text := elements(t, body)
		if !strings.Contains(text, "<script>alert(2)</script>") {
			t.Errorf("%s does not show the words", address)
		}
		for _, bad := range []string{"<script>", "<img src=x", `"javascript:`, "onerror=alert(1)>"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %s", address, bad)
			}
		}
	}
}

func TestItemsAreFilteredAndSorted(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	tests := []struct {
		sentence, query string
		want            []string
	}{
		{"by kind, in the order of keys as people count", "kind=SRS", []string{"SRS-1", "SRS-2", "SRS-10"}},
		{"backwards", "kind=SRS&order=desc", []string{"SRS-10", "SRS-2", "SRS-1"}},
		{"by title, whatever the case", "kind=SRS&sort=title", []string{"SRS-10", "SRS-1", "SRS-2"}},
		{"by what a person types of key and title, in any order and case", "q=OCCLUSION+srs", []string{"SRS-1"}},
		{"by title beyond ASCII", "q=ÅNGSTRÖM", []string{"SRS-2"}},
		{"by class, inherited and undecided ones included", "class=C", []string{"SWS-1", "SWU-1"}},
		{"by result: what is bound to a build", "result=passed", []string{"SRS-2", "dose/dose_test.go#TestBound"}},
		{"by result: what is not", "result=passed%2C+unbound", []string{"SRS-1", "TC-1", "dose/dose_test.go#TestStop"}},
		{"by result: what failed", "result=failed", []string{"SRS-10", "dose/dose_test.go#TestFails"}},
		{"by level of the V", "level=design", []string{"SWU-1"}},
		{"by level of the V, its right side", "level=software-tests&kind=TC", []string{"TC-1"}},
		{"by suspect links, at both ends", "has=suspect", []string{"SRS-1", "SYS-1"}},
		{"by verification that is missing", "has=unverified&kind=SWU", []string{"SWU-1"}},
		{"by result, worst first", "kind=SRS&sort=verification", []string{"SRS-10", "SRS-1", "SRS-2"}},
		{"by place, what stands in a document first", "kind=SRS&sort=place&order=desc", []string{"SRS-10", "SRS-2", "SRS-1"}},
		{"an order that nobody knows is that of keys", "kind=SRS&sort=luck", []string{"SRS-1", "SRS-2", "SRS-10"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if d := cmp.Diff(tt.want, rowKeys(t, s.get("/projects/pump?"+tt.query).Body.String())); d != "" {
				t.Errorf("rows differ (-want +got):\n%s", d)
			}
		})
	}
}

// TestScriptSortsAsTheServer holds the ranks that the script sorts by against
// the order in which the server sorts.
func TestScriptSortsAsTheServer(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	row := regexp.MustCompile(`data-n="([0-9 ]+)"`)
	for i, c := range columns() {
		for order, factor := range map[string]int{"asc": 1, "desc": -1} {
			body := s.get("/projects/pump?sort=" + c.ID + "&order=" + order).Body.String()
			var ranks []int
			for _, m := range row.FindAllStringSubmatch(body, -1) {
				n, err := strconv.Atoi(strings.Fields(m[1])[i])
				if err != nil {
					t.Fatal(err)
				}
				ranks = append(ranks, n*factor)
			}
			if len(ranks) != 16 || !slices.IsSorted(ranks) {
				t.Errorf("%s %s: ranks %v", c.ID, order, ranks)
			}
			if want := map[string]string{"asc": "ascending", "desc": "descending"}[order]; !strings.Contains(body, `aria-sort="`+want+`"`) {
				t.Errorf("%s %s: the head of the column does not say so", c.ID, order)
			}
		}
	}
}

func TestNumbersLeadToWhatTheyCount(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	body := s.get("/projects/pump").Body.String()
	link := regexp.MustCompile(`<a href="(/projects/pump\?[^"]*)#items" aria-label="[^"]*">(?:<text[^>]*>)?(\d+)`)
	found := link.FindAllStringSubmatch(body, -1)
	if len(found) < 40 {
		t.Fatalf("only %d numbers lead anywhere", len(found))
	}
	for _, m := range found {
		keys := rowKeys(t, s.get(html.UnescapeString(m[1])).Body.String())
		if m[2] != strconv.Itoa(len(keys)) {
			t.Errorf("%s: the number is %s, the list has %d", m[1], m[2], len(keys))
		}
	}
}

func TestNothingIsGreenThatIsNotProven(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	green := regexp.MustCompile(`<span class="chip good">([^<]*)</span>`)
	for address, want := range map[string]int{"/projects/pump/items/SRS-1": 0, "/projects/pump/items/SRS-10": 0, "/projects/pump": 2} {
		found := green.FindAllString(s.get(address).Body.String(), -1)
		if len(found) != want {
			t.Errorf("%s shows %v as good, want %d", address, found, want)
		}
	}
}

func TestThreadOfAHazardReachesResults(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	_, text := elements(t, s.get("/projects/pump/items/HAZ-1").Body.String())
	text = strings.Join(strings.Fields(text), " ")
	at := 0
	for _, step := range []string{"controlled by RC-1", "implemented by SRS-1", "allocated to SWU-1", "verified by TC-1", "has part dose/dose_test.go#TestStop", "passed, unbound"} {
		i := strings.Index(text[at:], step)
		if i < 0 && step != "has part dose/dose_test.go#TestStop" {
			t.Errorf("the thread does not say %q after %q", step, text[max(0, at-20):at])
			continue
		}
		at += max(i, 0)
	}
	up, _, _ := strings.Cut(s.get("/projects/pump/items/dose/dose_test.go%23TestStop").Body.String(), "Downstream: what follows")
	for _, key := range []string{"SRS-1", "RC-1", "HAZ-1", "SYS-1"} {
		if !strings.Contains(up, ">"+key+"</a>") {
			t.Errorf("upstream of the test there is no %s", key)
		}
	}
}

func TestSuspectLinkShowsWhatChanged(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	for _, address := range []string{"/projects/pump/items/SRS-1", "/projects/pump/items/SYS-1"} {
		body := s.get(address).Body.String()
		if !strings.Contains(body, "<del>200</del><ins>100</ins>") || !strings.Contains(body, "goldthread confirm SRS-1") {
			t.Errorf("%s does not show the change and what to do", address)
		}
	}
	body := s.get("/projects/pump/items/SYS-1").Body.String()
	if _, history, _ := strings.Cut(body, `id="history"`); !strings.Contains(history, "<del>200</del><ins>100</ins>") || !strings.Contains(history, "first revision") {
		t.Error("the history does not show both revisions")
	}
}

func TestFiles(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	files := regexp.MustCompile(`/projects/pump/files/[0-9a-f]{64}`)
	svg := files.FindString(s.get("/projects/pump/items/SRS-1").Body.String())
	page := files.FindString(s.get("/projects/pump/items/SRS-2").Body.String())
	w := s.get(svg)
	if w.Code != 200 || w.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") || !strings.Contains(w.Body.String(), "alert(4)") {
		t.Errorf("a drawing: status %d, %v", w.Code, w.Header())
	}
	if again := s.request("GET", svg, http.Header{"If-None-Match": {w.Header().Get("ETag")}}); again.Code != http.StatusNotModified {
		t.Errorf("asked again: status %d", again.Code)
	}
	if head := s.request("HEAD", svg, nil); head.Code != 200 || head.Body.Len() != 0 {
		t.Errorf("HEAD: status %d, %d bytes", head.Code, head.Body.Len())
	}
	w = s.get(page)
	if w.Header().Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("a page that was attached: %v", w.Header())
	}
	other := newDraft().item("SRS", "SRS-1", "other", "")
	s.takeIn("other", other)
	if w := s.get(strings.Replace(svg, "/pump/", "/other/", 1)); w.Code != 404 {
		t.Errorf("the file of one project in another: status %d", w.Code)
	}
	s.damage()
	func() {
		defer func() {
			if p := recover(); p != http.ErrAbortHandler {
				t.Errorf("a damaged file ended with %v, not broken off", p)
			}
		}()
		s.get(svg)
	}()
	if !strings.Contains(s.log.String(), "was damaged") {
		t.Error("the log does not tell of the damaged file")
	}
}

func TestOneBrokenProjectDoesNotHideTheOthers(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	if err := s.service.Store.Create(t.Context(), "broken"); err != nil {
		t.Fatal(err)
	}
	if err := s.service.Store.Create(t.Context(), "empty"); err != nil {
		t.Fatal(err)
	}
	w := s.get("/")
	for _, part := range []string{"The ledger of broken is damaged", `href="/projects/pump"`, `href="/projects/empty"`} {
		if w.Code != 200 || !strings.Contains(w.Body.String(), part) {
			t.Errorf("status %d, without %q", w.Code, part)
		}
	}
	w = s.get("/projects/broken")
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret path") || !strings.Contains(s.log.String(), "secret path") {
		t.Errorf("status %d, or the cause is not in the log alone", w.Code)
	}
	reference := regexp.MustCompile(`reference <code>([a-z0-9]+)</code>`).FindStringSubmatch(w.Body.String())
	if reference == nil || !strings.Contains(s.log.String(), "reference="+reference[1]) {
		t.Errorf("the page and the log do not share a reference: %v", reference)
	}
	if w = s.get("/projects/empty"); w.Code != 200 || !strings.Contains(w.Body.String(), "No software system is recorded yet") {
		t.Errorf("an empty project: status %d", w.Code)
	}
}

// TestTheNewestStateIsShown lets the project change under a view: an older view
// is thrown away, and one of the same state is kept.
func TestTheNewestStateIsShown(t *testing.T) {
	s := newSite(t)
	s.takeIn("pump", pump())
	server := &Server{Config: Config{Service: s.service}, views: map[string]*slot{"pump": {entry: 0, view: &view{}}}}
	first, err := server.view(t.Context(), "pump")
	if err != nil || first.Snapshot == nil || first.Snapshot.Entry() != 1 {
		t.Fatalf("the old view is still shown: %v", err)
	}
	if second, err := server.view(t.Context(), "pump"); err != nil || second != first {
		t.Errorf("the view is made again though nothing changed: %v", err)
	}
}

func TestRequestsUnderAForeignName(t *testing.T) {
	s := newSite(t)
	server := httptest.NewServer(s.handler)
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	for host, want := range map[string]int{"127.0.0.1" + port: 200, "localhost" + port: 200, "[::1]" + port: 200, "LOCALHOST": 200, "127.8.9.1": 200, "Pump.Example": 200,
		"evil.example" + port: 421, "127.0.0.1.evil.example": 421, "192.168.1.1": 421} {
		r, err := http.NewRequest("GET", server.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("Host %s: status %d, want %d", host, res.StatusCode, want)
		}
	}
}

func TestAPanicIsAPage(t *testing.T) {
	s := newSite(t)
	server := &Server{Config: Config{Service: s.service, Log: s.logger(), Now: s.service.Now}, assets: loadAssets()}
	server.pages = parsePages(server.assets)
	w := httptest.NewRecorder()
	server.around(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh <no>") })).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "oh ") || !strings.Contains(s.log.String(), "oh <no>") || !strings.Contains(s.log.String(), "status=500") {
		t.Errorf("status %d\n%s\n%s", w.Code, w.Body, s.log)
	}
}

func TestFaultsBecomeStatuses(t *testing.T) {
	s := newSite(t)
	server := &Server{Config: Config{Service: s.service, Log: s.logger(), Now: s.service.Now}, assets: loadAssets()}
	server.pages = parsePages(server.assets)
	for _, kind := range fault.Kinds() {
		w := httptest.NewRecorder()
		server.answer(map[string]handler{"GET": func(http.ResponseWriter, *http.Request) error {
			return fmt.Errorf("serve: %w", fault.Newf(kind, "it is so <i>").WithHint("do this"))
		}}).ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
		if w.Code != kind.HTTPStatus() || !strings.Contains(w.Body.String(), "It is so &lt;i&gt;.") || !strings.Contains(w.Body.String(), "do this") {
			t.Errorf("%s: status %d\n%s", kind, w.Code, w.Body)
		}
	}
}

func TestEveryRequestIsLogged(t *testing.T) {
	s := newSite(t)
	s.get("/nothing?secret=1")
	line := s.log.String()
	for _, part := range []string{"msg=request", "method=GET", "path=/nothing", "status=404", "reference="} {
		if !strings.Contains(line, part) {
			t.Errorf("%q is not in the log: %s", part, line)
		}
	}
	if strings.Contains(line, "secret") {
		t.Error("the log holds the query")
	}
}

func TestNoRowIsLeftOut(t *testing.T) {
	s := newSite(t)
	s.takeIn("large", large(2500))
	if n := len(rowKeys(t, s.get("/projects/large").Body.String())); n != 2501 {
		t.Errorf("%d rows, want 2501", n)
	}
	body := s.get("/projects/large/items/SYS-1?thread=open").Body.String()
	if n := strings.Count(body, `<div class="step">`); n != 2500 {
		t.Errorf("%d steps in the thread, want 2500", n)
	}
}

func BenchmarkProjectPage(b *testing.B) {
	s := newSite(b)
	s.takeIn("large", large(10_000))
	b.Run("first", func(b *testing.B) {
		p, err := s.service.Project(b.Context(), "large")
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			newView(p, s.service)
		}
	})
	for name, address := range map[string]string{"whole": "/projects/large", "filtered": "/projects/large?q=7777", "item": "/projects/large/items/SRS-77"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if w := s.get(address); w.Code != 200 {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
