package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
	"github.com/goldthread/goldthread/internal/verification"
)

// TestKeysSurviveTheAddress sends keys through a server's own way of reading
// addresses.
func TestKeysSurviveTheAddress(t *testing.T) {
	mux := http.NewServeMux()
	var got string
	mux.HandleFunc("/projects/{project}/items/{key...}", func(_ http.ResponseWriter, r *http.Request) { got = r.PathValue("key") })
	keys := []string{"SRS-1", "dose/dose.go#Check", "a b/c?d=e&f.go:12", "../src/x.go#F", "./x.go", "a//b", "/abs", "trailing/", "ä/ö.go#Größe", "100%.go", hostile}
	for _, key := range keys {
		got = ""
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", itemURL("pump", record.Key(key)), nil))
		if got != key {
			t.Errorf("%q arrives as %q through %s", key, got, itemURL("pump", record.Key(key)))
		}
	}
}

// TestComparedWordsAreBothTexts says that nothing of either text is lost.
func TestComparedWordsAreBothTexts(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"the", "pump", " ", "stops", "200", "ms", ".", "\n", "ä"}), 0, 40)
	rapid.Check(t, func(t *rapid.T) {
		before, after := strings.Join(words.Draw(t, "before"), ""), strings.Join(words.Draw(t, "after"), "")
		var was, is strings.Builder
		last := ""
		for _, r := range compareWords(before, after) {
			if r.What != come {
				was.WriteString(r.Text)
			}
			if r.What != gone {
				is.WriteString(r.Text)
			}
			if r.What == last || r.Text == "" {
				t.Fatalf("two runs alike in a row, or an empty one: %q", r)
			}
			last = r.What
		}
		if was.String() != before || is.String() != after {
			t.Fatalf("%q and %q became %q and %q", before, after, was.String(), is.String())
		}
	})
}

func TestLongTextsAreComparedAsAWhole(t *testing.T) {
	before, after := strings.Repeat("a b ", 5000), strings.Repeat("c d ", 5000)
	got := compareWords("x "+before+"y", "x "+after+"y")
	if want := []string{same, gone, come, same}; len(got) != 4 || !slices.EqualFunc(got, want, func(r run, what string) bool { return r.What == what }) {
		t.Errorf("%d runs", len(got))
	}
}

func TestTogether(t *testing.T) {
	passed, unbound := said{verification.Passed, true}, said{verification.Passed, false}
	failed, skipped, none := said{verification.Failed, true}, said{verification.Skipped, true}, said{outcome: verification.NoResult}
	tests := []struct {
		sentence string
		all      []said
		want     string
	}{
		{"nothing proves nothing", nil, wordNoResult},
		{"one bound pass", []said{passed}, wordPassed},
		{"one that is not bound leaves all unbound", []said{passed, unbound, passed}, wordUnbound},
		{"one without a result leaves it open", []said{passed, none}, wordNoResult},
		{"a skipped one is not passed", []said{passed, skipped}, wordSkipped},
		{"a failed one decides, even unbound and beside one without result", []said{none, passed, {verification.Failed, false}}, wordFailed},
		{"a failed one decides wherever it stands", []said{failed, skipped, unbound}, wordFailed},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got := show(together(tt.all))
			if got.Word != tt.want || (got.Tone == "good") != (tt.want == wordPassed) {
				t.Errorf("%+v, want %s", got, tt.want)
			}
		})
	}
}

func TestClasses(t *testing.T) {
	s := newSite(t)
	d := newDraft()
	d.item(schema.KindSWS, "SWS-1", "decided", "", one(classField, "A"))
	d.item(schema.KindSWS, "SWS-2", "undecided", "")
	d.item(schema.KindSWI, "SWI-1", "in SWS-1", "")
	d.item(schema.KindSWU, "SWU-1", "in SWI-1", "")
	d.item(schema.KindSWU, "SWU-2", "its own", "", one(classField, "B"))
	d.item(schema.KindSWU, "SWU-3", "in SWS-2", "")
	d.item(schema.KindSWU, "SWU-4", "in nothing", "")
	d.item(schema.KindSWI, "SWI-8", "in a circle", "")
	d.item(schema.KindSWI, "SWI-9", "in a circle", "")
	d.item(schema.KindSRS, "SRS-1", "has no class", "")
	for _, l := range [][2]string{{"SWI-1", "SWS-1"}, {"SWU-1", "SWI-1"}, {"SWU-2", "SWI-1"}, {"SWU-3", "SWS-2"}, {"SWI-8", "SWI-9"}, {"SWI-9", "SWI-8"}} {
		d.link(l[0], schema.VerbPartOf, l[1])
	}
	s.takeIn("classes", d)
	p, err := s.service.Project(t.Context(), "classes")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range newView(p, s.service).rows {
		got[string(r.Key)] = r.Class.String()
	}
	want := map[string]string{"SWS-1": "A", "SWS-2": "C, undecided", "SWI-1": "A, of SWS-1", "SWU-1": "A, of SWS-1", "SWU-2": "B", "SWU-3": "C, undecided",
		"SWU-4": "C, undecided", "SWI-8": "C, undecided", "SWI-9": "C, undecided", "SRS-1": ""}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("classes (-want +got):\n%s", d)
	}
}

// TestThreadsStayNarrow says that a thread does not run on through what many
// threads share: a harm, a part, a user of the same thing.
func TestThreadsStayNarrow(t *testing.T) {
	s := newSite(t)
	d := newDraft()
	for _, n := range []string{"1", "2"} {
		d.item(schema.KindHAZ, "HAZ-"+n, "", "").item(schema.KindHS, "HS-"+n, "", "").item(schema.KindRSK, "RSK-"+n, "", "").item(schema.KindRC, "RC-"+n, "", "")
		d.item(schema.KindSRS, "SRS-"+n, "", "").item(schema.KindSWU, "SWU-"+n, "", "").item(schema.KindTEST, "a_test.go#Test"+n, "", "")
	}
	d.item(schema.KindHARM, "HARM-1", "", "").item(schema.KindSWI, "SWI-1", "", "")
	for _, n := range []string{"1", "2"} {
		d.link("HAZ-"+n, schema.VerbLeadsTo, "HS-"+n).link("HS-"+n, schema.VerbLeadsTo, "HARM-1").link("RSK-"+n, schema.VerbEvaluates, "HS-"+n).link("RSK-"+n, schema.VerbEvaluates, "HARM-1")
		d.link("RC-"+n, schema.VerbControls, "RSK-"+n).link("SRS-"+n, schema.VerbImplements, "RC-"+n).link("SRS-"+n, schema.VerbAllocatedTo, "SWU-"+n)
		d.link("SWU-"+n, schema.VerbPartOf, "SWI-1").link("a_test.go#Test"+n, schema.VerbVerifies, "SRS-"+n)
	}
	d.link("SWU-1", schema.VerbUses, "SWU-2")
	s.takeIn("narrow", d)
	p, err := s.service.Project(t.Context(), "narrow")
	if err != nil {
		t.Fatal(err)
	}
	v := newView(p, s.service)
	tests := []struct {
		start     string
		direction trace.Direction
		want      []string
	}{
		{"HAZ-1", trace.Downstream, []string{"HARM-1", "HS-1", "RC-1", "RSK-1", "SRS-1", "SWU-1", "a_test.go#Test1"}},
		{"SRS-1", trace.Downstream, []string{"SWU-1", "a_test.go#Test1"}},
		{"a_test.go#Test1", trace.Upstream, []string{"HARM-1", "HAZ-1", "HS-1", "RC-1", "RSK-1", "SRS-1"}},
		{"HARM-1", trace.Upstream, []string{"HAZ-1", "HAZ-2", "HS-1", "HS-2"}},
	}
	for _, tt := range tests {
		h, _ := v.Snapshot.ByKey(record.Key(tt.start))
		got := keysBelow(v.threadOf(h, tt.direction, true).Branches)
		slices.Sort(got)
		slices.Sort(tt.want)
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s of %s (-want +got):\n%s", tt.direction, tt.start, d)
		}
	}
}

func keysBelow(branches []*branch) []string {
	var keys []string
	for _, b := range branches {
		keys = append(append(keys, b.Key), keysBelow(b.Branches)...)
	}
	return keys
}

// TestLongThreads says that a thread of any length is shown whole, and nested no
// deeper than browsers read.
func TestLongThreads(t *testing.T) {
	s := newSite(t)
	d := newDraft()
	const steps = 600
	for i := range steps {
		d.item(schema.KindSYS, fmt.Sprintf("SYS-%d", i), "", "")
	}
	for i := 1; i < steps; i++ {
		d.link(fmt.Sprintf("SYS-%d", i), schema.VerbRefines, fmt.Sprintf("SYS-%d", i-1))
	}
	s.takeIn("long", d)
	body := s.get(itemURL("long", "SYS-0") + "?thread=open").Body.String()
	if n := strings.Count(body, `<div class="step">`); n != steps-1 {
		t.Errorf("%d steps, want %d", n, steps-1)
	}
	depth, deepest := 0, 0
	for part := range strings.SplitSeq(body, "<") {
		if strings.HasPrefix(part, "ul") {
			depth++
		}
		if strings.HasPrefix(part, "/ul") {
			depth--
		}
		deepest = max(deepest, depth)
	}
	if deepest > maxDepth+2 || !strings.Contains(body, "step 599") {
		t.Errorf("lists nest to depth %d", deepest)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"SRS-1", "SRS-12", "SRS-112", "SYS-12", "RC-1", "dose/dose.go#Check"}
	tests := []struct {
		sentence, name string
		want           []string
	}{
		{"case, separators and zeros do not matter", "srs_012", []string{"SRS-12", "SRS-1", "SRS-112", "SYS-12"}},
		{"a place in the code", "dose/dose.go#check", []string{"dose/dose.go#Check"}},
		{"what is far off", "VALIDATION-9", nil},
		{"nothing", "", nil},
		{"a name without end", strings.Repeat("S", 300), nil},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if d := cmp.Diff(tt.want, nearest(tt.name, slices.Values(names), 6)); d != "" {
				t.Errorf("names differ (-want +got):\n%s", d)
			}
		})
	}
}

// TestEveryKindOfAProductHasALevel holds the levels of the V against the schema.
func TestEveryKindOfAProductHasALevel(t *testing.T) {
	byKind := levelsByKind(schema.Builtin())
	for _, k := range schema.Builtin().Kinds() {
		if (k.Group == "needs" || k.Group == "requirements" || k.Group == "architecture" || k.Group == "risk management") && byKind[k.ID] == "" {
			t.Errorf("%s (%s) stands on no level", k.ID, k.Name)
		}
	}
}
