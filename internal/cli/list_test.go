package cli

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
)

// answering lists the keys that a question finds.
func answering(t *testing.T, dir, where string) string {
	t.Helper()
	return strings.Join(strings.Fields(askOK(t, dir, "list", "--where", where, "--columns", "key")), " ")
}

func TestQuestions(t *testing.T) {
	dir := smallFolder(t)
	tests := []struct{ sentence, where, want string }{
		{"a kind, in the order of keys", `kind = SRS`, "REQ-1 SRS-2 SRS-10"},
		{"a kind as people call it", `kind = "software requirements"`, "REQ-1 SRS-2 SRS-10"},
		{"a prefix is a part of a kind", `kind = REQ`, "REQ-1"},
		{"what is not of a kind, without what nobody writes", `kind != SRS`, "SYS-1 TC-1 TC-2 UN-1"},
		{"not of a kind that is seen in code", `not kind = TEST and not kind = SRS`, "SYS-1 TC-1 TC-2 UN-1"},
		{"places in code are found when asked for", `kind = TEST`, "src/start_test.go#TestStart"},
		{"documents are found when asked for", `kind = DOC and file ~ needs`, "DOC-0.docs.needs"},
		{"a key", `key = srs-10`, "SRS-10"},
		{"part of a title, capitals or not", `title ~ "STOP ON"`, "SRS-2"},
		{"the text of the item", `text ~ "shall remind"`, "SRS-10"},
		{"one value of several", `category = alarms`, "SRS-2 SRS-10"},
		{"a value by its letter in the standard", `category = d`, "SRS-2 SRS-10"},
		{"none of the values", `kind = SRS and category != functional`, "REQ-1 SRS-10"},
		{"names with dots, dashes, underscores and blanks", `verification.method = test and verification_method ~ te and Verification-Method=test and verification method = test`, "SRS-10"},
		{"the brief's example", `kind=SRS and verification.method=test and not title~"stop"`, "SRS-10"},
		{"a field that is set", `has rationale`, "SRS-2"},
		{"a relation that is there", `links implemented by`, "SRS-10"},
		{"a relation by its other end", `refines = SYS-1`, "REQ-1 SRS-2 SRS-10"},
		{"a relation read backwards by its other end", `verified by ~ TestStart`, "REQ-1"},
		{"no test", `kind = SRS and unverified`, "SRS-2"},
		{"the result of the tests behind", `kind = SRS and result = failed`, "REQ-1"},
		{"a test case without a report", `result = "no result"`, "SRS-10"},
		{"the state in which it begins", `state = draft and kind = UN`, "UN-1"},
		{"numbers", `kind = SRS and line > 7 and line <= 15`, "SRS-2"},
		{"a file", `file = docs/tests.md`, "TC-1 TC-2"},
		{"or and brackets", `(key = UN-1 or key = SYS-1) and not has refines`, "UN-1"},
		{"nothing is suspect", `suspect`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) { same(t, "keys", tt.want, answering(t, dir, tt.where)) })
	}
	t.Run("what is suspect", func(t *testing.T) {
		same(t, "keys", "REQ-1 SRS-2 SRS-10 SYS-1", answering(t, suspectFolder(t), "suspect"))
	})
}

func TestWrongQuestions(t *testing.T) {
	dir := smallFolder(t)
	tests := []struct {
		sentence, where string
		talk            []string
	}{
		{"an unknown field names near ones", `kind=SRS and titel ~ x`, []string{"--where, column 14: there is no field or relation \"titel\"", "  kind=SRS and ▸titel ~ x\n", "hint: did you mean title?"}},
		{"an unknown kind", `kind = SRX`, []string{"--where, column 8: there is no kind \"SRX\"", "hint: did you mean SRS?"}},
		{"a value that the field never has", `verification.method = tset`, []string{`column 23: verification method is never "tset"`, "hint: did you mean test?"}},
		{"a state that there is not", `state = aproved`, []string{`state is never "aproved"`, "hint: did you mean approved?"}},
		{"a boolean that is neither", `safety related = true`, []string{`safety related is never "true"`, "hint: it is yes or no"}},
		{"a field is no relation", `links category`, []string{"column 7: category is no relation", "hint: has category"}},
		{"a word has no order", `line < many`, []string{"column 8: < compares numbers", `"many" is neither`}},
		{"a fault of the grammar", `kind =`, []string{"--where, column 7: a value is missing here"}},
		{"control characters are printed harmlessly", "kind = \x1b[2J", []string{"there is no kind", "\ufffd[2J"}},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got := askIn(t, dir, "list", "--where", tt.where)
			if got.Exit != 2 || got.Out != "" || strings.Contains(got.Talk, "\x1b") {
				t.Errorf("exit code %d, output %q, talk %q; want 2 and no output", got.Exit, got.Out, got.Talk)
			}
			for _, want := range tt.talk {
				if !strings.Contains(got.Talk, want) {
					t.Errorf("talk lacks %q:\n%s", want, got.Talk)
				}
			}
		})
	}
}

func TestListText(t *testing.T) {
	dir := smallFolder(t)
	same(t, "all items", `REQ-1   SRS  Start
SRS-2   SRS  Stop on occlusion
SRS-10  SRS  Reminder
SYS-1   SYS  Alarms
TC-1    TC   Reminder
TC-2    TC   Nothing yet
UN-1    UN   Safe infusion
`, askOK(t, dir, "list"))
	same(t, "columns as asked for", `SRS-2   functional, alarms                              2
SRS-10  alarms              src/remind.go#Remind  TC-1  2
`, strings.ReplaceAll(askOK(t, dir, "list", "--where", "category = alarms", "--columns", "key,category,implemented-by,verified.by,file"), "docs/software.md", "2"))
	if got := askOK(t, dir, "list", "--all", "--columns", "kind"); !strings.Contains(got, "DOC\n") || !strings.Contains(got, "CODE\n") || !strings.Contains(got, "TEST\n") {
		t.Errorf("--all leaves out documents or places in code:\n%s", got)
	}
}

func TestListCSV(t *testing.T) {
	files := smallFiles()
	files["docs/needs.md"] = "# Needs\n\n## UN-1 =1+1, \"x\"\n\nOne.\n\nTwo.\n"
	out := askOK(t, folderOf(t, files), "list", "--where", "kind = UN", "--columns", "key,title,text,refined by", "--format", "csv")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", [][]string{{"key", "title", "text", "refined by"}, {"UN-1", `'=1+1, "x"`, "One.\n\nTwo.", "SYS-1"}}, rows)
}

func TestListJSON(t *testing.T) {
	type list struct {
		Project, Where string
		Items          []struct {
			Key, Kind, Title, State, File string
			Line                          int
			Values                        map[string][]string
		}
		Count int
	}
	got := decode[list](t, askOK(t, smallFolder(t), "list", "--where", "key = SRS-2", "--columns", "category,rationale,verified by", "--json"))
	same(t, "list", "{small key = SRS-2 [{SRS-2 SRS Stop on occlusion draft docs/software.md 15 map[category:[functional alarms] "+
		"rationale:[The line can burst.\nSee the bench report.] verified by:[]]}] 1}", fmt.Sprint(got))
	empty := decode[list](t, askOK(t, smallFolder(t), "list", "--where", "key = NONE-1", "--json"))
	if empty.Items == nil || empty.Count != 0 {
		t.Errorf("an empty list is %v, count %d", empty.Items, empty.Count)
	}
}

func TestListOfTheWorkedExample(t *testing.T) {
	dir := pumpFolder(t)
	if got := answering(t, dir, "kind = SRS and title ~ occlusion"); !strings.HasPrefix(got, "SRS-12") {
		t.Errorf("requirements on occlusion: %q", got)
	}
	if got := answering(t, dir, "kind = TEST and result = failed"); got != "" {
		t.Errorf("failed tests: %q, want none", got)
	}
}
