package web

import (
	"context"
	"strings"
	"testing"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/service"
)

// wordingOf is the section on wording of the page of an item, "" where it has none.
func (s *site) wordingOf(key string) string {
	s.t.Helper()
	w := s.get("/projects/pump/items/" + key)
	if w.Code != 200 {
		s.t.Fatalf("%s: status %d", key, w.Code)
	}
	_, section, found := strings.Cut(w.Body.String(), `<section aria-labelledby="wording">`)
	section, _, _ = strings.Cut(section, "</section>")
	if linked := strings.Contains(w.Body.String(), `href="#wording"`); linked != found {
		s.t.Errorf("%s: section %v, link to it %v", key, found, linked)
	}
	return section
}

// goldthread:verifies SRS-77
func TestWordingOfAnItem(t *testing.T) {
	tests := []struct {
		sentence, config string
		kind             record.Kind
		title, text      string
		rows             int
		holds            []string
	}{
		{"what is wrong, where, what is better and who says so", "", schema.KindSRS, "Stop", "The pump shall stop.\n\nIt should warn quickly.", 4, []string{
			`<span class="chip warn">high</span></td><th scope="row">should</th><td>“should” is a wish`, "should-demand, line 3", `<td class="note">ISO/IEC/IEEE 29148:2018, 5.2.4</td>`, `<th scope="row">quickly</th>`, "within 500 ms"}},
		{"medium confidence looks otherwise", "", schema.KindSRS, "Keys", "The pump shall support keys.", 1, []string{`<span class="chip none">medium</span>`, "vague-verb, line 1"}},
		{"a need is judged as well", "", schema.KindUN, "Ease", "The pump shall be intuitive.", 1, []string{"intuitive"}},
		{"the title counts where there is no text", "", schema.KindSRS, "The pump should stop", "", 1, []string{`<th scope="row">should</th>`}},
		{"nothing is wrong", "", schema.KindSRS, "Stop", "When the line is occluded, the pump shall stop.", 0, nil},
		{"a kind that demands nothing", "", schema.KindTC, "Try", "The nurse should look quickly.", 0, nil},
		{"a language that the rules are not for", "", schema.KindSRS, "Halt", "Die Pumpe muss bei einem Verschluss der Leitung anhalten und der Alarm wird nicht mit dem Benutzer geteilt.", 0, nil},
		{"a term of the project", "wording: {terms: [fast bolus mode]}\n", schema.KindSRS, "Bolus", "The pump shall offer a fast bolus mode and a quick one.", 1, []string{`<th scope="row">quick</th>`}},
		{"a rule that is switched off", "wording: {off: [vague-verb]}\n", schema.KindSRS, "Keys", "The pump shall support keys.", 0, nil},
		{"hostile words stay words", "", schema.KindSRS, "Stop", "The pump shall stop the motor (x < y && y<script >?).", 1, []string{"x &lt; y &amp;&amp; y&lt;script"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			s := newSite(t)
			s.takeInWith(tt.config, newDraft().item(tt.kind, "X-1", tt.title, tt.text))
			section := s.wordingOf("X-1")
			if rows := strings.Count(section, `<th scope="row">`); rows != tt.rows || strings.Contains(section, "<script") {
				t.Errorf("%d rows, want %d:\n%s", rows, tt.rows, section)
			}
			for _, part := range tt.holds {
				if !strings.Contains(section, part) {
					t.Errorf("%q is not in the section:\n%s", part, section)
				}
			}
		})
	}
	t.Run("a retired item is not judged", func(t *testing.T) {
		s, d := newSite(t), newDraft().item(schema.KindSRS, "X-1", "Stop", "The pump should stop.")
		d.ops = append(d.ops, record.Retire{ID: record.ProvisionalID("X-1")})
		s.takeInWith("", d)
		if section := s.wordingOf("X-1"); section != "" {
			t.Errorf("the page has a section:\n%s", section)
		}
	})
}

// takeInWith takes a project in whose goldthread.yaml holds the lines.
func (s *site) takeInWith(config string, d *draft) {
	s.t.Helper()
	cmd := service.TakeIn{Command: service.Command{Project: "pump", Actor: service.LocalActor, Reason: "begin"}, Operations: d.ops, Files: d.files,
		Settings: record.Settings{Title: "Pump", Schema: "project: pump\n" + config}}
	if err := s.service.TakeIn(context.Background(), cmd); err != nil {
		s.t.Fatal(err)
	}
}
