package wording

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ids are the rules that find something in a text.
func ids(text string, options Options) []string {
	var list []string
	for _, f := range Check("", text, options) {
		list = append(list, f.Rule)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestRulesAreComplete holds every row of the table: words, a known confidence and source, an example that is found and one that is clean.
func TestRulesAreComplete(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	source := regexp.MustCompile(`R\d+|29148:2018, 5\.2\.[4-7]|EARS`)
	seen := map[string]bool{}
	for _, r := range Rules() {
		if !id.MatchString(r.ID) || seen[r.ID] {
			t.Errorf("id %q is no id or there twice", r.ID)
		}
		seen[r.ID] = true
		if r.Title == "" || r.Why == "" || r.Better == "" || !slices.Contains(Confidences(), r.Confidence) || !source.MatchString(r.Source) {
			t.Errorf("%s: the row is not complete: %+v", r.ID, r)
		}
		if found := ids(r.Bad, Options{}); !slices.Contains(found, r.ID) {
			t.Errorf("%s: the bad example %q gives %v", r.ID, r.Bad, found)
		}
		if found := ids(r.Good, Options{}); len(found) > 0 {
			t.Errorf("%s: the good example %q gives %v", r.ID, r.Good, found)
		}
	}
	if len(seen) != int(ruleCount) {
		t.Errorf("%d rules, want %d", len(seen), ruleCount)
	}
}

// TestFindingsSayWhat holds that every finding of the bad examples speaks about the words found.
func TestFindingsSayWhat(t *testing.T) {
	for _, r := range Rules() {
		for _, f := range Check("", r.Bad, Options{}) {
			if f.Message == "" || f.Better == "" || strings.Contains(f.Message+f.Better, "%s") || strings.Contains(f.Message+f.Better, "  ") {
				t.Errorf("%s: message %q, better %q", r.ID, f.Message, f.Better)
			}
			if !strings.Contains(f.Message, strings.Trim(f.Excerpt, "….")[:1]) && f.Rule != "no-modal" {
				t.Errorf("%s: message %q does not speak about %q", r.ID, f.Message, f.Excerpt)
			}
			if strings.HasSuffix(f.Message, ".") {
				t.Errorf("%s: message %q ends with a full stop", r.ID, f.Message)
			}
		}
	}
}

// TestRules shows for each rule what it finds and what it leaves alone.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		rule      string
		bad, good []string
	}{
		{"placeholder",
			[]string{"The pump shall hold TBD mL.", "The pump shall stop within X ms.", "The screen shall be legible from N meters.", "The range shall lie between X and Y.", "The limits are to be defined.", "The rate shall be ??? mL/h.",
				"The report shall hold TODO: fields.", "The device shall conform to standard XYZ.", "The alarm shall sound within <TBD> s.", "The pump shall stop.\n\n| limit | value |\n|---|---|\n| rate | TBD |"},
			[]string{"The tool shall count the number of TBD and TBC in a document.", "The stage shall move along the X axis.", "The change shall have to be confirmed by the user.", "The pump shall stop `TBD`.", "The pixel shall have the coordinates X and Y."}},
		{"open-question",
			[]string{"The pump shall stop (how fast?).", "In which mode shall the alarm sound?"},
			[]string{"The help shall open on the key `?`.", "The dialog shall ask \"Stop now?\".", "The link shall be [this](http://example.com/?a=b)."}},
		{"vague-word",
			[]string{"The set-up shall be intuitive.", "The pump shall have adequate power.", "The menu shall be easy to read.", "The theme shall be colour-blind-friendly.", "The case shall be robust.", "The change shall cause minimal delay.", "The pump shall do something.", "The code shall have good readability."},
			[]string{"The mode “Easy Start” shall start the pump.", "The Easy Mode shall start the pump.", "The value shall have four significant digits.", "The flexible tube shall withstand 20 N.", "The pump shall log bad blocks.", "The wizard shall write a simple text file."}},
		{"no-acceptance-value",
			[]string{"The pump shall react quickly.", "The sensor shall be accurate.", "The pump shall stop when the pressure is too high.", "The system shall be scalable.", "The tone shall be loud enough.", "The sensor shall have high accuracy.", "The tone shall be long enough for a nurse."},
			[]string{"The sensor shall be accurate to ± 2 %.", "The pump shall react quickly, within 200 ms.", "The filter shall compute a fast Fourier transform.", "The pump shall offer a fast bolus mode.", "The PIP too high alarm shall sound.", "The sensor shall have an accuracy of ± 2 %.", "The stable release shall carry a tag.", "The time of birth shall be precise to the day.", "The clock shall be accurate to the nearest second.", "The log shall keep enough space for one hour."}},
		{"soft-word",
			[]string{"The pump shall run under usual conditions.", "The report shall show relevant data.", "The valve shall close properly.", "The browser shall be a modern one."},
			[]string{"The pump shall fill with normal saline.", "The name shall hold special characters.", "The pump shall report each serious incident."}},
		{"vague-quantity",
			[]string{"The log shall hold many entries.", "The pump shall offer several modes.", "The pump shall have a large number of alarms.", "The pump shall refuse certain drugs.", "The log shall keep enough space for one hour."},
			[]string{"The log shall say how many entries it holds.", "The table shall have a many-to-many relation.", "The pump shall offer three modes.", "The tone shall be long enough for a nurse."}},
		{"approximate-value",
			[]string{"The pump shall weigh about 2 kg.", "The tone shall last approx. 2 s.", "The tone shall last ~2 s.", "The tone shall last almost 2 s."},
			[]string{"The page shall tell about the pump.", "The tone shall last about 2 s ± 0.2 s.", "The page shall rotate around the centre."}},
		{"escape-clause",
			[]string{"The pump shall warn if possible.", "The pump shall warn as appropriate.", "The noise shall be as low as reasonably practicable.", "The pump shall, as far as practicable, warn.", "The pump shall be as small and as light as possible."},
			[]string{"The pump shall warn as required by IEC 60601-1-8.", "The pump shall stop when the door opens."}},
		{"open-list",
			[]string{"The log shall hold starts, stops and so on.", "The log shall hold fields including, but not limited to, date and time.", "The log shall hold starts, stops, ….", "The log shall hold the checks: ..."},
			[]string{"The value shall lie in 0...100 %.", "The value shall lie in 0..100 %.", "The path shall be `a/...`."}},
		{"example-list",
			[]string{"The pump shall accept formats such as CSV.", "The pump shall read files (e.g. CSV).", "The pump shall have a key, for example a button."},
			[]string{"The pump shall have a key.\n\nNOTE: For example, a button.", "The pump shall have a key. Example: a button such as the one of model A."}},
		{"undefined-time",
			[]string{"The pump shall stop promptly.", "The pump shall periodically test its memory.", "The screen shall show the pressure in real time.", "The log shall be kept indefinitely."},
			[]string{"The pump shall test its memory periodically, every 10 min.", "The pump shall have a real-time clock.", "The pump shall run on a real-time operating system.", "The log shall hold the immediately preceding entry."}},
		{"unbounded-goal",
			[]string{"The pump shall minimise the noise.", "The design shall maximize safety.", "The pump shall have the lowest possible noise."},
			[]string{"The icon shall minimise the window.", "The pump shall minimise the noise to at most 40 dB."}},
		{"absolute",
			[]string{"The alarm shall never fail.", "The alarm shall sound under all circumstances.", "The pump shall be available at all times."},
			[]string{"The alarm list shall show all active alarms.", "Each page shall carry a number.", "The gas shall hold 21 % to 100 % oxygen."}},
		{"comparative-without-reference",
			[]string{"The pump shall run faster.", "The display shall have a better contrast.", "The search shall be more accurate."},
			[]string{"The pump shall run faster than model A.", "The pump shall take the larger of both values.", "The device shall run on version 3 or later.", "The pump shall no longer answer."}},
		{"superfluous-infinitive",
			[]string{"The pump shall be able to stop.", "The pump shall be capable of stopping.", "The pump shall provide the capability to stop.", "It shall be possible to stop the pump.", "The pump must have the ability to stop."},
			[]string{"The pump shall stop.", "The pump shall enable the key."}},
		{"vague-verb",
			[]string{"The pump shall support USB.", "The pump shall handle errors.", "The pump must process the data.", "The design shall take into account the age.", "The pump supports USB."},
			[]string{"The bracket shall support a load of 20 kg.", "The pump shall log the process.", "The pump shall show the handle."}},
		{"and-or",
			[]string{"The alarm shall be a tone and/or a light."},
			[]string{"The alarm shall be a tone or a light."}},
		{"slash",
			[]string{"The pump shall stop/pause the motor.", "The nurse / doctor shall confirm."},
			[]string{"The rate shall be 5 mL/h.", "The pump shall have an input/output port.", "The pump shall speak TCP/IP.", "The file shall lie in /etc/pump.", "The pump shall store it in docs/a/b.", "The screen shall show the pressure/volume loop.", "The field shall show N/A."}},
		{"purpose-phrase",
			[]string{"The pump shall stop in order to save power.", "The pump shall lock, so that nobody changes the rate."},
			[]string{"In order to save power, the pump shall stop.", "The pump shall stop."}},
		{"should-demand",
			[]string{"The pump should stop.", "Should be small.", "If the door is open the pump should stop, and the alarm sounds.", "If the line should burst, the pump should stop."},
			[]string{"The pump shall warn when the bag should be changed.", "Should the door open, the pump shall stop.", "If the line should burst, the pump stops."}},
		{"may-demand",
			[]string{"The user can stop the pump.", "The pump may stop."},
			[]string{"The pump shall stop. The user can start it again.", "The pump shall list keys that can be changed."}},
		{"unclear-modal",
			[]string{"The pump will stop.", "The pump needs to stop.", "The pump is to stop."},
			[]string{"The pump shall stop. It will start again.", "When the user has to wait, the pump shall say so."}},
		{"two-demands",
			[]string{"The pump shall stop and shall warn.", "The pump must stop; the alarm must sound.", "The pump shall stop, meaning no flow; the alarm shall sound."},
			[]string{"A part that must not move shall carry a mark.", "The name shall be normalised by RFC 3986, meaning that the scheme must be in lower case.", "The pump shall stop on occlusion."}},
		{"several-demands",
			[]string{"The pump shall stop. The alarm shall sound.", "The pump shall show:\n\n- The rate shall be in mL/h.\n- The volume shall be in mL."},
			[]string{"The pump shall stop. This takes 200 ms.", "The pump shall show:\n\n- the rate\n- the volume"}},
		{"joined-verbs",
			[]string{"The pump shall measure and show the pressure.", "The pump shall stop the motor and sound an alarm."},
			[]string{"The pump shall show the start and stop times.", "The pump shall have a key to start and stop the motor.", "The pump shall show date and time."}},
		{"passive-without-actor",
			[]string{"The alarm shall be shown.", "The value must be automatically stored.", "Settings shall not be changed."},
			[]string{"The alarm shall be shown by the monitor.", "The code shall be written in Go.", "The pump shall be connected to mains.", "The value shall be required."}},
		{"pronoun",
			[]string{"It shall stop.", "They must be red.", "The pump shall log this."},
			[]string{"This value shall be red.", "The pump shall stop when it leaks."}},
		{"negative-demand",
			[]string{"The pump shall not harm the patient."},
			[]string{"The pressure shall not exceed 60 kPa.", "The pump shall not deliver more than 5 mL."}},
		{"not-unless",
			[]string{"The pump shall not run unless the door is closed.", "The pump must not start without a key."},
			[]string{"The pump shall run only when the door is closed."}},
		{"double-negation",
			[]string{"The pump shall not fail to stop.", "The key shall not be unavailable."},
			[]string{"The pump shall not stop."}},
		{"missing-unit",
			[]string{"The pressure shall be below 60.", "The temperature must not exceed 41.", "The rate shall be set in steps of 5.", "The pump shall test its memory every 10."},
			[]string{"The pressure shall be below 60 kPa.", "The pump shall conform to IEC 60601-1.", "The pump shall follow section 5.2.", "The pump shall have 3 keys.", "The pressure shall be the mean of 5 samples.", "The pressure shall lie between 5 and 60 kPa."}},
		{"missing-tolerance",
			[]string{"The lamp shall flash at a frequency of 2 Hz.", "The tone shall last 200ms."},
			[]string{"The lamp shall flash with at least 2 Hz.", "The tone shall last 200 ms ± 20 ms.", "The screen shall be legible from a distance of 1 m.", "The memory shall be 2 GB or more."}},
		{"mixed-and-or",
			[]string{"When the door opens and the key turns or the bag is empty, the pump shall stop."},
			[]string{"When the door opens or the key turns, the pump shall stop.", "When either the door opens and the key turns or the bag is empty, the pump shall stop."}},
		{"condition-without-outcome",
			[]string{"The pump shall start when.", "The pump shall stop when (to follow).", "The pump shall warn the user. If the battery is empty."},
			[]string{"The pump shall stop. If it was warned, the user starts it again.", "The pump shall start when:\n\n- the door is closed\n- the key is on", "The pump shall start when the key (red) is pressed."}},
		{"nested-parentheses",
			[]string{"The pump shall stop (motor (all of it) off)."},
			[]string{"The pump shall call f(g(x)) (red)."}},
		{"no-modal",
			[]string{"The monitor shows the pressure.", "The alarm has high priority."},
			[]string{"The monitor shall show the pressure. It is red.", "Alarm tone", "> The monitor shows the pressure."}},
	} {
		if !slices.ContainsFunc(Rules(), func(r Rule) bool { return r.ID == test.rule }) {
			t.Errorf("no rule %s", test.rule)
		}
		for _, text := range test.bad {
			if !slices.Contains(ids(text, Options{}), test.rule) {
				t.Errorf("%s: not found in %q, which gives %v", test.rule, text, ids(text, Options{}))
			}
		}
		for _, text := range test.good {
			if slices.Contains(ids(text, Options{}), test.rule) {
				t.Errorf("%s: found in %q", test.rule, text)
			}
		}
	}
}

// TestPlaces shows that offsets, lines and columns are those of the words found, with line ends of Windows and letters of two bytes.
func TestPlaces(t *testing.T) {
	text := "The pump shall warn the user:\r\n\r\n- quickly, “fast”\r\n- on the ä screen, etc.\r\n"
	var got []string
	for _, f := range Check("", text, Options{}) {
		if text[f.Start:f.End] != f.Excerpt {
			t.Errorf("offsets %d to %d are %q, the excerpt is %q", f.Start, f.End, text[f.Start:f.End], f.Excerpt)
		}
		got = append(got, strings.Join([]string{f.Rule, f.Excerpt}, " "))
		switch f.Rule {
		case "no-acceptance-value":
			if f.Line != 3 || f.Column != 3 {
				t.Errorf("%s at %d:%d, want 3:3", f.Rule, f.Line, f.Column)
			}
		case "open-list":
			if f.Line != 4 || f.Column != 21 {
				t.Errorf("%s at %d:%d, want 4:21", f.Rule, f.Line, f.Column)
			}
		}
	}
	if diff := cmp.Diff([]string{"no-acceptance-value quickly", "open-list etc"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestOptions shows defined terms, rules that are off, and a title in place of a text.
func TestOptions(t *testing.T) {
	const text = "The pump shall give a fast bolus and stop quickly."
	if got := ids(text, Options{Terms: []string{"Fast Bolus"}, Off: []string{"joined-verbs"}}); !slices.Equal(got, []string{"no-acceptance-value"}) {
		t.Errorf("with a term: %v", got)
	}
	found := Check("", text, Options{Terms: []string{"fast bolus", "", "fast"}, Off: []string{"joined-verbs"}})
	if len(found) != 1 || found[0].Excerpt != "quickly" {
		t.Errorf("with a term: %+v", found)
	}
	if got := ids(text, Options{Off: []string{"no-acceptance-value", "joined-verbs"}}); len(got) > 0 {
		t.Errorf("with rules off: %v", got)
	}
	found = Check("The pump should stop", " \n", Options{})
	if len(found) != 1 || !found[0].InTitle || found[0].Rule != "should-demand" || found[0].Column != 10 {
		t.Errorf("title alone: %+v", found)
	}
	if found = Check("The pump should stop", "The pump shall stop.", Options{}); len(found) > 0 {
		t.Errorf("title beside a text: %+v", found)
	}
}

// TestSkipped shows texts that are left alone because they are not English.
func TestSkipped(t *testing.T) {
	for text, want := range map[string]string{
		"Das Gerät muss den Alarm sofort anzeigen, etc.":          "the text is German; the rules are for English",
		"Die Pumpe soll bei einem Verschluss anhalten.":           "the text is German; the rules are for English",
		"Le système doit afficher la pression dans les 2 s, etc.": "the text is French; the rules are for English",
		"Насос должен остановиться.":                              "the text is not in Latin letters; the rules are for English",
		"The pump shall show the German word “nicht” and “oder”.": "",
		"The pump shall stop.":                                    "",
		"Alarm":                                                   "",
		"":                                                        "",
	} {
		if got := Skipped("", text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if found := Check("", text, Options{}); want != "" && len(found) > 0 {
			t.Errorf("%q: findings in a text that is skipped: %+v", text, found)
		}
	}
	if got := Skipped("Das Gerät muss den Alarm zeigen", ""); got == "" {
		t.Error("a German title is not skipped")
	}
}

// TestMarkdown shows what of a Markdown text is judged.
func TestMarkdown(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"code is not judged", "The pump shall print `fast and/or easy` and ``a ` TBD``.", nil},
		{"a fence is not judged", "The pump shall run this:\n\n```\nTBD should etc.\n```\n\n~~~text\nfast\n~~~\n", nil},
		{"an indented block is not judged", "The pump shall run:\n\n    TBD should etc.\n", nil},
		{"a fence that is not closed lasts to the end", "The pump shall run:\n\n```\nTBD should etc.\n", nil},
		{"the target of a link is not judged, its words are", "The pump shall be [fast](http://example.com/tbd/should-fast).", []string{"no-acceptance-value"}},
		{"a picture is not judged", "The pump shall look as shown.\n\n![fast and easy](tbd.png)", nil},
		{"an address is not judged", "The pump shall read https://example.com/tbd/fast/?a=etc. and www.fast.example.", nil},
		{"a block quote is not judged", "The pump shall stop.\n\n> It should be fast.\nstill quoted TBD\n\nThe end is reached.", nil},
		{"quoted words are not judged", "The pump shall show \"please wait, fast mode\" and 'easy'.", nil},
		{"inches are not a quote", "The screen shall be at least 12\" wide and fast enough for a 3\" film.", []string{"no-acceptance-value"}},
		{"emphasis does not hide words", "The pump **should** be _fast_.", []string{"no-acceptance-value", "should-demand"}},
		{"a heading is not judged", "## A fast pump should stop\n\nThe pump shall stop.\n\nFast pumps\n----\n\nThe end.", nil},
		{"items belong to the sentence before them", "The pump shall show:\n\n- the pressure\n- fast changes\n", []string{"no-acceptance-value"}},
		{"items without a colon before them", "The pump shall show\n1. the pressure\n2. fast changes\n", []string{"no-acceptance-value"}},
		{"items of a remark are remarks", "The pump shall stop.\n\nNOTE: Examples are:\n\n- fast pumps\n- easy pumps\n", nil},
		{"a remark ends with its block", "The pump shall stop. Note: This should be fast.\n\nThe pump should be fast.", []string{"no-acceptance-value", "several-demands", "should-demand"}},
		{"sentences beside a demand are explanation", "The pump shall stop. Fast pumps are good, etc.", nil},
		{"a cell without a word of duty is data", "The pump shall keep these limits:\n\n| what | limit |\n|---|---|\n| fast | easy, etc. |\n", nil},
		{"a cell with a word of duty is a demand", "| id | text |\n|---|---|\n| 1 | The pump should be fast. |\n", []string{"no-acceptance-value", "should-demand"}},
		{"tags are not words", "The pump shall <b class=\"fast\">stop</b> <!-- TBD fast --> now.", nil},
		{"a reference is not judged", "The pump shall stop [[should be fast]] [^fast] here.\n\n[x]: http://fast.example/tbd\n", nil},
		{"a directive is not judged", "The pump shall stop.\n\n.. code-block:: rust\n\n   TBD should fast\n\nThe end.", nil},
		{"a full stop without its blank ends a sentence", "The pump shall stop in 5 mL.The alarm shall sound.", []string{"several-demands"}},
		{"an abbreviation ends none", "The pump shall stop, i.e. the motor and approx. all of it.", nil},
		{"a template is not judged", "The pump shall be {{ fast.easy }} {% if tbd %}.", nil},
		{"blank", " \n\n\t\n", nil},
	} {
		if diff := cmp.Diff(test.want, ids(test.text, Options{})); diff != "" {
			t.Errorf("%s: %q\n%s", test.name, test.text, diff)
		}
	}
}

// TestBetter shows better forms that are made from the words found.
func TestBetter(t *testing.T) {
	for _, test := range []struct{ text, rule, want string }{
		{"The pump should stop on occlusion.", "should-demand", "“The pump shall stop on occlusion”, or take it out of the requirements"},
		{"The controller shall be able to detect a leak.", "superfluous-infinitive", "“The controller shall detect a leak”, with the condition under which it does"},
		{"The user shall be able to mute the alarm.", "superfluous-infinitive", "“The SYSTEM shall let the user mute the alarm”"},
		{"Active alarms shall be displayed in red.", "passive-without-actor", "name who does it: “The SYSTEM shall display Active alarms in red”"},
		{"The pump shall stop and the alarm shall sound.", "two-demands", "make it a requirement of its own: “the alarm shall sound”"},
		{"The pump shall not start unless the door is closed.", "not-unless", "“The pump shall start unless the …” only when …"},
		{"The monitor displays the pressure.", "no-modal", "“The monitor shall display the pressure”"},
		{"The alarm is of high priority.", "no-modal", "“The alarm shall be of high priority”"},
		{"When cold, the fan will run.", "unclear-modal", "“the fan shall run”"},
	} {
		better := ""
		for _, f := range Check("", test.text, Options{}) {
			if f.Rule == test.rule {
				better = f.Better
			}
		}
		if better != test.want {
			t.Errorf("%q\n got %s\nwant %s", test.text, better, test.want)
		}
	}
}

// TestCheckerIsShared uses one checker from several goroutines, which is to give what one gives alone.
func TestCheckerIsShared(t *testing.T) {
	checker := New(Options{Terms: []string{"tidal volume"}})
	list := readLabelled(t, "labelled.tsv", "tuning")
	want := make([][]Finding, len(list))
	for i, l := range list {
		want[i] = Check("", l.sentence, Options{Terms: []string{"tidal volume"}})
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i, l := range list {
				if got := checker.Check("", l.sentence); !slices.Equal(got, want[i]) {
					t.Errorf("%q: %+v, alone %+v", l.sentence, got, want[i])
				}
			}
		})
	}
	group.Wait()
}
