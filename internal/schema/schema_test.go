package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/record"
)

func TestKindOfKey(t *testing.T) {
	s, faults := Builtin().Extend([]byte("keys: {REQ: SRS, RW-SYS: SYS, SRS-UI: LBL}\n"), "goldthread.yaml")
	if hasErrors(faults) {
		t.Fatal(faults)
	}
	for _, c := range []struct {
		name string
		key  record.Key
		want record.Kind
	}{
		{"a prefix and a number", "SRS-12", "SRS"},
		{"a number without separator", "SRS12", "SRS"},
		{"another separator", "SRS_12", "SRS"},
		{"words after the prefix", "SRS-ALARM-3", "SRS"},
		{"a further prefix", "REQ001", "SRS"},
		{"a further prefix with a separator in it", "RW-SYS-3", "SYS"},
		{"the longest prefix counts", "SRS-UI-3", "LBL"},
		{"a longer word than the prefix", "SRSX-1", ""},
		{"another case", "srs-1", ""},
		{"a derived kind has no keys", "TEST-1", ""},
		{"unknown", "QQ-1", ""},
		{"the prefix alone", "SRS", ""},
		{"nothing", "", ""},
		{"SYS is no prefix of SYSTEM", "SYSTEM-1", ""},
	} {
		k := s.KindOfKey(c.key)
		if (k == nil) != (c.want == "") || k != nil && k.ID != c.want {
			t.Errorf("%s: kind of %q is %v, want %q", c.name, c.key, k, c.want)
		}
	}
	if n := testing.AllocsPerRun(100, func() { s.KindOfKey("RW-SYS-30001") }); n != 0 {
		t.Errorf("KindOfKey allocates %v times", n)
	}
}

func TestSelect(t *testing.T) {
	s, faults := Builtin().Extend([]byte("kinds:\n  UI: {name: screen requirement, specialises: SRS}\nkeys: {RW-SYS: SYS}\n"), "goldthread.yaml")
	if hasErrors(faults) {
		t.Fatal(faults)
	}
	for _, c := range []struct {
		name  string
		input string
		want  []record.Kind
	}{
		{"a kind, with what specialises it", "SRS", []record.Kind{"SRS", "UI"}},
		{"in lower case", "srs", []record.Kind{"SRS", "UI"}},
		{"its name", "software requirement", []record.Kind{"SRS", "UI"}},
		{"its plural with dashes", "Software-Requirements", []record.Kind{"SRS", "UI"}},
		{"the specialised kind alone", "ui", []record.Kind{"UI"}},
		{"an irregular plural", "hazardous situations", []record.Kind{"HS"}},
		{"a further prefix", "rw-sys", []record.Kind{"SYS"}},
		{"a group", "needs", []record.Kind{"CLM", "UN", "USE", "SYS", "SC"}},
		{"a group, of which a kind of the project is a member", "requirements", []record.Kind{"SRS", "LBL", "UI"}},
		{"a group of several words", "source-code", []record.Kind{"CODE", "TEST"}},
		{"a derived kind", "test", []record.Kind{"TEST"}},
		{"SOUP", "soup items", []record.Kind{"SOUP"}},
		{"unknown", "wishes", nil},
		{"nothing", " ", nil},
	} {
		if diff := cmp.Diff(c.want, s.Select(c.input)); diff != "" {
			t.Errorf("%s: %q (-want +have):\n%s", c.name, c.input, diff)
		}
	}
}

func TestNearestName(t *testing.T) {
	for _, c := range []struct {
		name, kind, input, want string
	}{
		{"a slip in a field", "SRS", "catgory", "category"},
		{"two letters swapped", "SRS", "ratoinale", "rationale"},
		{"a slip in a verb", "SRS", "refine", "refines"},
		{"the beginning of a name", "SRS", "verification", "verification method"},
		{"dashes for blanks", "SRS", "allocated-to", "allocated to"},
		{"read backwards", "SYS", "refined by", "refines"},
		{"a verb that the kind cannot have", "SRS", "verifys", ""},
		{"the same verb of a kind that can", "TC", "verifys", "verifies"},
		{"files", "SRS", "file", "files"},
		{"far off", "SRS", "colour", ""},
		{"nothing", "SRS", "", ""},
	} {
		if have := Builtin().NearestName(record.Kind(c.kind), c.input); have != c.want {
			t.Errorf("%s: %q of %s is near %q, want %q", c.name, c.input, c.kind, have, c.want)
		}
	}
}

func TestVerb(t *testing.T) {
	for _, c := range []struct{ input, want string }{
		{"refines", "refines"}, {"verifies-implementation-of", "verifies implementation of"}, {"Part_Of", "part of"}, {"likes", ""},
	} {
		if have, ok := Builtin().Verb(c.input); string(have) != c.want || ok != (c.want != "") {
			t.Errorf("verb %q is %q, %v", c.input, have, ok)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		verb     record.Verb
		kind     record.Kind
		min, max int
	}{
		{"part of", "SWU", 1, 1}, {"part of", "SWI", 1, 1}, {"part of", "SOUP", 0, 0}, {"segregates", "SEG", 2, 0},
		{"controls", "RC", 1, 0}, {"translates", "SRS", 0, 1},
	} {
		ends := Builtin().EndsFrom(c.verb, c.kind)
		if len(ends) != 1 || ends[0].Min != c.min || ends[0].Max != c.max {
			t.Errorf("%s %s: have %+v, want from %d to %d", c.kind, c.verb, ends, c.min, c.max)
		}
	}
	if Builtin().EndsFrom("likes", "SRS") != nil || Builtin().EndsFrom("refines", "XX") != nil {
		t.Error("unknown verbs and kinds have ends")
	}
}

func TestHash(t *testing.T) {
	base := Builtin()
	same, _ := base.Extend([]byte("title: x\n"), "goldthread.yaml")
	more, _ := base.Extend([]byte("keys: {REQ: SRS}\n"), "goldthread.yaml")
	moved, _ := base.Extend([]byte("\n\nkeys:\n  REQ: SRS\n"), "other.yaml")
	if same.Hash() != base.Hash() {
		t.Error("an extension that adds nothing changes the hash")
	}
	if more.Hash() == base.Hash() {
		t.Error("a further prefix does not change the hash")
	}
	if more.Hash() != moved.Hash() {
		t.Error("where a line stands changes the hash")
	}
}

func TestForeignKind(t *testing.T) {
	s, err := Builtin().WithForeignKind("TUT", "tutorial")
	if err != nil {
		t.Fatal(err)
	}
	k := s.KindOfKey("TUT012")
	if k == nil || k.ID != "TUT" || !k.ServesNoRule || k.Workflow == nil {
		t.Fatalf("kind of TUT012: %+v", k)
	}
	for _, c := range []struct {
		verb     record.Verb
		from, to record.Kind
		want     bool
	}{
		{"refines", "TUT", "TUT", true}, {"refines", "TUT", "SRS", true}, {"refines", "SRS", "TUT", true}, {"implements", "CODE", "TUT", true},
		{"verifies", "TEST", "TUT", true}, {"verifies", "TC", "TUT", true}, {"verifies", "TUT", "SRS", false}, {"implements", "TUT", "SRS", false},
	} {
		if s.Allowed(c.verb, c.from, c.to) != c.want {
			t.Errorf("%s %s %s: want %v", c.from, c.verb, c.to, c.want)
		}
	}
	for name, prefix := range map[string]string{"taken": "SRS", "no prefix": "9", "numbers of another": "SRS-2", "empty": ""} {
		if _, err := s.WithForeignKind(prefix, "x"); err == nil {
			t.Errorf("%s: prefix %q is taken", name, prefix)
		}
	}
	s, err = s.WithForeignKind("TEST", "test")
	if err != nil || s.KindOfKey("TEST-1").ID != "TEST-FOREIGN" || !s.Kind("TEST").Derived {
		t.Errorf("a foreign prefix that is the name of a derived kind: %v", err)
	}
	s, err = s.WithForeignKind("req", "software requirement")
	if err != nil || s.KindOfKey("req1") == nil || len(s.Select("software requirement")) != 1 {
		t.Errorf("a foreign kind with the name of a built-in one: %v", err)
	}
	extended, faults := s.Extend([]byte("fields:\n  SRS: {release train: {type: line}}\n"), "goldthread.yaml")
	if len(faults) > 0 || extended.Kind("SRS").Field("release train") == nil || extended.KindOfKey("req1") == nil {
		t.Errorf("extension of a schema with foreign kinds: %v", faults)
	}
}
