package schema

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/goldthread/goldthread/internal/record"
)

// sample holds a value of each type.
func sample(f *Field) string {
	switch f.Type {
	case TypeEnum:
		return f.Values[len(f.Values)-1].Value
	case TypeInteger:
		return "-12"
	case TypeDecimal:
		return "0.25"
	case TypeBoolean:
		return "yes"
	case TypeDate:
		return "2026-03-02"
	case TypeTime:
		return "2026-03-02T14:05:00Z"
	case TypeURL:
		return "https://example.org/a"
	case TypeHash:
		return fmt.Sprintf("sha256:%064x", 7)
	case TypeReference:
		if len(f.To) > 0 {
			return string(f.To[0]) + "-7"
		}
		return "SRS-7"
	default:
		return "some words"
	}
}

// want is what the accessor of a field answers for its sample.
func want(f *Field) []any {
	v := sample(f)
	switch {
	case f.Type == TypeReference && f.Many:
		return []any{[]record.Ref{record.Ref(v), record.Ref(v)}}
	case f.Many:
		return []any{[]string{v, v}}
	case f.Type == TypeReference:
		return []any{record.Ref(v)}
	case f.Type == TypeBoolean:
		return []any{true, true}
	case f.Type == TypeInteger:
		return []any{int64(-12), true}
	default:
		return []any{v}
	}
}

func TestAccessorsReadWhatWasSet(t *testing.T) {
	for _, k := range Builtin().Kinds() {
		if k.Derived {
			continue
		}
		for _, f := range k.Fields {
			if err := f.Check(sample(f)); err != nil {
				t.Fatalf("%s: sample: %v", k.ID, err)
			}
			values := []string{sample(f)}
			if f.Many {
				values = append(values, values[0])
			}
			it := &record.Item{Kind: k.ID, Fields: []record.Field{{Name: f.Name, Values: values, Many: f.Many}}}
			if have := read(t, it, f); !reflect.DeepEqual(have, want(f)) {
				t.Errorf("%s %q: have %v, want %v", k.ID, f.Name, have, want(f))
			}
			read(t, &record.Item{Kind: k.ID}, f) // an item without any field is read as well
		}
	}
}

// read calls the accessor of a field.
func read(t *testing.T, it *record.Item, f *Field) []any {
	t.Helper()
	view, ok := views[it.Kind](it)
	if !ok {
		t.Fatalf("%s is not seen as what it is", it.Kind)
	}
	method := reflect.ValueOf(view).MethodByName(goNames[f.Name])
	if !method.IsValid() {
		t.Fatalf("%s has no accessor for %q", it.Kind, f.Name)
	}
	var results []any
	for _, r := range method.Call(nil) {
		results = append(results, r.Interface())
	}
	return results
}

func TestViewsRefuseOtherKinds(t *testing.T) {
	for kind, view := range views {
		if _, ok := view(&record.Item{Kind: "XX"}); ok {
			t.Errorf("an item of kind XX is seen as %s", kind)
		}
	}
}

func TestAccessorsOfAnUnsetField(t *testing.T) {
	it := &record.Item{Kind: KindSRS}
	if v, set := (SoftwareRequirement{it}).SafetyRelated(); v || set {
		t.Error("an unset boolean is set")
	}
	if v, set := numberOf(it, "entry", "4"); v != 4 || !set {
		t.Error("the default of a number is not read")
	}
	if v, set := truthOf(it, "external", "no"); v || !set {
		t.Error("the default of a boolean is not read")
	}
}
