package schema

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/record"
)

func kindsYAML(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("kinds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// goldthread:verifies SRS-9
func TestBuiltinIsKindsYAML(t *testing.T) {
	s, faults := Load(kindsYAML(t))
	if len(faults) > 0 {
		t.Fatalf("kinds.yaml has faults: %v", faults)
	}
	if s.Hash() != Builtin().Hash() {
		t.Error("the tables are not those of kinds.yaml: run go generate ./internal/schema")
	}
}

// TestKindsOfTheDesign holds the list of kinds that documents and other projects rely on.
//
// goldthread:verifies SRS-9
func TestKindsOfTheDesign(t *testing.T) {
	want := strings.Fields(`DEV UG ENV MKT QUAL CLM UN USE SYS SC SRS LBL SWS SWI SWU HW IF DF SEG SOUP DD HAZ SEQ HS HARM RSK
		CAU THR BEN RC AC TC CFG REV VAL PLN MS CIT TOOL BLD BL FB PR CR ANO VF ADV REL SITE DS KB MDL PIPE PCCP MOD EVAL SOP
		ROLE TRN SUP AUD DOC CERT ST NA CODE TEST`)
	var have []string
	for _, k := range Builtin().Kinds() {
		have = append(have, string(k.ID))
	}
	slices.Sort(want)
	slices.Sort(have)
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("kinds (-want +have):\n%s", diff)
	}
}

// goldthread:verifies SRS-9
func TestVerbsOfTheDesign(t *testing.T) {
	want := []record.Verb{"refines", "implements", "allocated to", "part of", "uses", "verifies", "verifies implementation of",
		"verifies effectiveness of", "validates", "causes", "leads to", "controls", "segregates", "reused from", "found in",
		"fixed in", "remains in", "resolves", "changes", "contains", "trained on", "evaluates", "installed at", "translates"}
	var have []record.Verb
	for _, r := range Builtin().Relations() {
		have = append(have, r.Verb)
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("verbs (-want +have):\n%s", diff)
	}
}

func TestEveryKindCanBeLinked(t *testing.T) {
	s := Builtin()
	for _, k := range s.Kinds() {
		verbs := 0
		for _, r := range s.Relations() {
			if r.Verb != "reused from" && r.Verb != "translates" && len(s.EndsFrom(r.Verb, k.ID)) > 0 {
				verbs++
			}
		}
		if verbs == 0 {
			t.Errorf("%s (%s) can be the source of nothing", k.Name, k.ID)
		}
	}
}

func TestEveryKindIsComplete(t *testing.T) {
	for _, k := range Builtin().Kinds() {
		switch {
		case len(k.Clauses) == 0:
			t.Errorf("%s cites no clause", k.ID)
		case len(k.Fields) == 0:
			t.Errorf("%s has no fields", k.ID)
		case k.Derived != (k.Workflow == nil) || k.Derived != (k.Prefix == ""):
			t.Errorf("%s: a derived kind has neither workflow nor prefix, any other has both", k.ID)
		case k.ServesNoRule:
			t.Errorf("%s is built in and serves no rule", k.ID)
		}
	}
}

// TestThreads follows the threads of the standards link by link.
func TestThreads(t *testing.T) {
	for _, thread := range []struct {
		name  string
		links []string // source verb target
	}{
		{"from hazard to test, along requirement, unit and code", []string{
			"HAZ|leads to|SEQ", "SEQ|leads to|HS", "HS|leads to|HARM", "RSK|evaluates|HS", "RSK|evaluates|HARM", "RC|controls|RSK",
			"SRS|implements|RC", "SWU|implements|SRS", "CODE|implements|SWU", "CODE|implements|SRS", "TEST|verifies|SRS", "TEST|verifies|TC",
			"TC|verifies|SRS", "TC|verifies implementation of|RC", "TEST|verifies effectiveness of|RC"}},
		{"hazardous situation, item, software cause, control, verification [62304 7.3.3]", []string{
			"SWI|causes|HS", "CAU|found in|SWI", "CAU|causes|HS", "RC|controls|CAU", "REV|verifies implementation of|RC"}},
		{"system requirement, software requirement, system test, risk control [62304 5.1.1]", []string{
			"SYS|refines|UN", "SRS|refines|SYS", "TC|verifies|SYS", "SRS|refines|SRS"}},
		{"architecture [62304 5.3]", []string{
			"SWS|part of|DEV", "SWI|part of|SWS", "SWI|part of|SWI", "SWU|part of|SWI", "SRS|allocated to|SWI", "SWI|uses|SOUP",
			"SWI|implements|IF", "SWU|uses|IF", "SEG|segregates|SWI", "DD|refines|SWU", "DD|implements|SRS", "SOUP|part of|SWS"}},
		{"a control outside of the software [62304 4.3]", []string{
			"HW|implements|RC", "LBL|implements|RC", "SOP|implements|RC", "TRN|implements|RC", "SYS|implements|RC", "RC|allocated to|HW"}},
		{"a control that brings a new risk [14971 7.5]", []string{"RC|causes|HS", "RC|causes|HAZ", "BEN|evaluates|RSK"}},
		{"security", []string{"THR|leads to|HS", "RC|controls|THR", "VF|found in|SOUP", "THR|causes|HAZ", "VF|evaluates|SOUP"}},
		{"feedback, problem, change, release, site [62304 6, 62304 9]", []string{
			"FB|leads to|PR", "PR|found in|REL", "PR|leads to|CR", "CR|resolves|PR", "CR|changes|SRS", "PR|fixed in|REL", "ANO|remains in|REL",
			"REL|contains|BLD", "REL|installed at|SITE", "ADV|resolves|PR", "TC|verifies|CR", "PR|found in|PLN", "PR|causes|HS"}},
		{"model [62304 8.1]", []string{
			"MDL|trained on|DS", "EVAL|evaluates|MDL", "MOD|part of|PCCP", "MOD|changes|MDL", "MDL|part of|SWS", "EVAL|verifies|SRS", "MDL|implements|SRS"}},
		{"plans, reviews, statements", []string{
			"REV|verifies|SRS", "REV|verifies|PLN", "MS|part of|PLN", "ST|evaluates|SWS", "NA|evaluates|SWS", "QUAL|evaluates|DEV", "AC|refines|SWU",
			"TC|verifies|AC", "VAL|validates|UN", "PLN|allocated to|SWS"}},
		{"another project, another language", []string{"SOUP|reused from|SOUP", "SRS|reused from|SRS", "SRS|translates|SRS"}},
	} {
		for _, link := range thread.links {
			p := strings.Split(link, "|")
			if !Builtin().Allowed(record.Verb(p[1]), record.Kind(p[0]), record.Kind(p[2])) {
				t.Errorf("%s: %s %s %s is refused", thread.name, p[0], p[1], p[2])
			}
		}
	}
}

// goldthread:verifies SRS-11
func TestRefusedLinks(t *testing.T) {
	for _, link := range []string{
		"SYS|refines|SRS", "SRS|verifies|SRS", "TEST|verifies|RC", "SRS|translates|SYS", "SRS|refines|TC", "RC|refines|SRS",
		"CODE|verifies|SRS", "TEST|implements|SRS", "SRS|changes|SRS", "SRS|refines|CODE", "XX|refines|SRS", "SRS|refines|XX", "SRS|xx|SRS"} {
		p := strings.Split(link, "|")
		if Builtin().Allowed(record.Verb(p[1]), record.Kind(p[0]), record.Kind(p[2])) {
			t.Errorf("%s %s %s is allowed", p[0], p[1], p[2])
		}
	}
}

// TestCitations looks every citation of IEC 62304 up in the catalogue of clauses.
func TestCitations(t *testing.T) {
	data := os.Getenv("GOLDTHREAD_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "shared", "data")
	}
	text, err := os.ReadFile(filepath.Join(data, "..", "standard", "clauses.yaml"))
	if err != nil {
		t.Skip("the catalogue of clauses is not there; set GOLDTHREAD_DATA to the folder of test data beside it")
	}
	known := catalogue(t, text)
	for _, cited := range citations(Builtin().source) {
		clause, ok := strings.CutPrefix(cited, "62304 ")
		if ok && !known[clause] {
			t.Errorf("%s is no clause of the catalogue", cited)
		}
	}
}

// catalogue reads the ids of clauses, and of their lettered items.
func catalogue(t *testing.T, text []byte) map[string]bool {
	var file struct {
		Clauses []struct {
			ID    string
			Items []struct{ Letter string }
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, c := range file.Clauses {
		known[c.ID] = true
		for _, item := range c.Items {
			known[c.ID+"."+item.Letter] = true
		}
	}
	return known
}

// citations gathers every citation in a source.
func citations(src *source) []string {
	var all []string
	for _, k := range src.Kinds {
		all = append(all, k.Clauses...)
		for _, f := range k.Fields {
			all = append(all, f.Clauses...)
			for _, v := range f.Values {
				all = append(all, v.Clauses...)
			}
		}
	}
	for _, r := range src.Relations {
		all = append(all, r.Clauses...)
	}
	for _, w := range src.Workflows {
		all = append(all, w.Clauses...)
	}
	return all
}

// TestGatesOfWorkflows says which states nobody reaches without a signature.
func TestGatesOfWorkflows(t *testing.T) {
	want := map[string]map[record.State]Meaning{
		"controlled": {"approved": MeaningApproval, "obsolete": MeaningApproval},
		"risk":       {"accepted": MeaningApproval, "dismissed": MeaningApproval},
		"problem":    {"no change": MeaningApproval, "closed": MeaningApproval},
		"change":     {"approved": MeaningApproval, "rejected": MeaningApproval, "implemented": MeaningApproval, "verified": MeaningApproval, "closed": MeaningApproval},
		"release":    {"released": MeaningApproval, "superseded": MeaningApproval, "withdrawn": MeaningApproval},
		"statement":  {"signed": MeaningResponsibility},
	}
	have := make(map[string]map[record.State]Meaning)
	for _, w := range Builtin().Workflows() {
		have[w.Name] = make(map[record.State]Meaning)
		for _, gate := range []Meaning{MeaningApproval, MeaningResponsibility} {
			free := w.reach(w.Initial, gate)
			for _, s := range w.States {
				if !slices.Contains(free, s.Name) {
					have[w.Name][s.Name] = gate
				}
			}
		}
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("gates (-want +have):\n%s", diff)
	}
}
