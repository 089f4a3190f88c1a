package schema

import "testing"

// FuzzExtend checks that no text of an extension breaks the reader, and that none gets around what is protected.
//
// goldthread:verifies SRS-15
func FuzzExtend(f *testing.F) {
	f.Add([]byte(project))
	for _, list := range attempts {
		for _, a := range list {
			f.Add([]byte(a.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, faults := Builtin().Extend(text, "goldthread.yaml")
		if s == nil {
			t.Fatal("no schema")
		}
		for _, fault := range faults {
			if fault.Line < 1 || fault.Column < 1 || fault.Rule == "" || fault.Message == "" {
				t.Errorf("a fault without place: %+v", fault)
			}
		}
		for _, k := range Builtin().Kinds() {
			if have := s.Kind(k.ID); have == nil || have.Prefix != k.Prefix || have.Name != k.Name {
				t.Fatalf("%s is weakened: %+v", k.ID, have)
			}
		}
		for _, w := range Builtin().Workflows() {
			if gate, state := bypassed(w, s.Workflow(w.Name)); gate != NoSignature {
				t.Fatalf("workflow %s: %s can be reached without %s", w.Name, state, gate)
			}
		}
		UnknownMembers(text, "goldthread.yaml", []string{"kinds"})
	})
}

// FuzzLoad checks that no text breaks the loader, and that what it takes can be extended.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(small + protectedPart()))
	f.Add(kindsYAML(f))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, faults := Load(text)
		if (s == nil) != (len(faults) > 0) {
			t.Fatalf("a schema and faults, or neither: %v", faults)
		}
		if s != nil {
			s.Extend([]byte("keys: {Q: Q}\n"), "goldthread.yaml")
			s.Hash()
		}
	})
}

// FuzzCheck checks that each type takes one spelling only of a number, and that no value breaks a check.
func FuzzCheck(f *testing.F) {
	f.Add("0.25")
	f.Add("2026-03-02T14:05:00Z")
	f.Add("sha256:00")
	f.Fuzz(func(t *testing.T, value string) {
		for _, k := range Builtin().Kinds() {
			for _, field := range k.Fields {
				_ = field.Check(value)
			}
		}
		if checkDecimal(value) == nil && plainNumber(value) != value {
			t.Errorf("%q is taken, and is %q", value, plainNumber(value))
		}
		Builtin().NearestName("SRS", value)
		Builtin().Select(value)
	})
}
