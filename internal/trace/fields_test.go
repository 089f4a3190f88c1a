package trace_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/trace"
)

// A field that is required and not set is a finding, and so is one that names
// what is not there.
func TestFieldsOfItems(t *testing.T) {
	field := func(name string, values ...string) record.Field {
		return record.Field{Name: name, Values: values, Many: name == "category" || name == "tests to repeat"}
	}
	cases := []struct {
		name string
		item record.Item
		want []string
	}{
		{"a requirement with its category", record.Item{Kind: schema.KindSRS, Fields: []record.Field{field("category", "functional")}}, nil},
		{"a requirement without one", record.Item{Kind: schema.KindSRS}, []string{"missing-field: SRS-1 has no category"}},
		{"a value of blanks is none", record.Item{Kind: schema.KindSRS, Fields: []record.Field{field("category", " ")}}, []string{"missing-field: SRS-1 has no category"}},
		{"a heading of another tool demands nothing", record.Item{Kind: schema.KindSRS, Fields: []record.Field{field("doorstop/normative", "no")}}, nil},
		{"a reference to a test that is there", record.Item{Kind: schema.KindCR, Fields: []record.Field{field("tests to repeat", "TC-1")}}, nil},
		{"a reference to nothing", record.Item{Kind: schema.KindCR, Fields: []record.Field{field("tests to repeat", "TC-9")}},
			[]string{"unresolved-reference: CR-1 names TC-9 under tests to repeat, but there is no such item"}},
		{"a reference to another kind", record.Item{Kind: schema.KindCR, Fields: []record.Field{field("tests to repeat", "UN-1")}},
			[]string{"unresolved-reference: CR-1 names UN-1 under tests to repeat, a user need"}},
		{"a reference into another project", record.Item{Kind: schema.KindCR, Fields: []record.Field{field("tests to repeat", "other/TC-9")}}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			it := c.item
			it.Key = record.Key(fmt.Sprintf("%s-1", it.Kind))
			it.ID = record.ProvisionalID(it.Key)
			ops := []record.Operation{record.PutItem{Item: it},
				record.PutItem{Item: record.Item{ID: record.ProvisionalID("TC-1"), Key: "TC-1", Kind: schema.KindTC}},
				record.PutItem{Item: record.Item{ID: record.ProvisionalID("UN-1"), Key: "UN-1", Kind: schema.KindUN}}}
			s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Actor: "test", Channel: "test", Operations: ops})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range trace.New(s, schema.Builtin()).Check(func(project.Position) (string, int, int) { return "a.md", 1, 1 }, nil) {
				about := f.Rule == trace.RuleUnresolvedReference || f.Rule == trace.RuleMissingField && it.Kind == schema.KindSRS
				if f.Item == it.Key && about {
					got = append(got, f.Rule+": "+f.Message)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings (-want +have):\n%s", diff)
			}
		})
	}
}

// A requirement is not traced to the tests of the unit that carries it: they
// would hide that nothing verifies the requirement.
func TestTheTestsOfAUnitAreNoneOfTheRequirementItCarries(t *testing.T) {
	id := record.ProvisionalID
	put := func(kind record.Kind, key record.Key) record.Operation {
		return record.PutItem{Item: record.Item{ID: id(key), Key: key, Kind: kind}}
	}
	link := func(source record.Key, verb record.Verb, target record.Key) record.Operation {
		return record.AddLink{Link: record.Link{Verb: verb, Source: id(source), Target: id(target)}}
	}
	s, err := project.Empty(record.Main).Apply(&record.Change{Sequence: 1, Stream: record.Main, Actor: "test", Channel: "test", Operations: []record.Operation{
		put(schema.KindSYS, "SYS-1"), put(schema.KindSRS, "SRS-1"), put(schema.KindSRS, "SRS-2"), put(schema.KindSWU, "SWU-1"), put(schema.KindTC, "TC-1"), put(schema.KindTC, "TC-2"),
		link("SRS-1", schema.VerbRefines, "SYS-1"), link("SRS-2", schema.VerbRefines, "SYS-1"),
		link("SRS-1", schema.VerbAllocatedTo, "SWU-1"), link("SRS-2", schema.VerbAllocatedTo, "SWU-1"),
		link("TC-1", schema.VerbVerifies, "SWU-1"), link("TC-2", schema.VerbVerifies, "SRS-2"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	pairs := func(from, to record.Kind) []string {
		var out []string
		for row := range trace.New(s, schema.Builtin()).Matrix(trace.Query{From: []record.Kind{from}, To: []record.Kind{to}}) {
			for _, h := range row.Hits {
				out = append(out, fmt.Sprintf("%s %s", s.Node(row.Item).Item.Key, s.Node(h.Item).Item.Key))
			}
		}
		return out
	}
	for _, c := range []struct {
		from, to record.Kind
		want     []string
	}{
		{schema.KindSRS, schema.KindTC, []string{"SRS-2 TC-2"}},
		{schema.KindTC, schema.KindSRS, []string{"TC-2 SRS-2"}},
		{schema.KindSYS, schema.KindTC, []string{"SYS-1 TC-2"}},
		{schema.KindSYS, schema.KindSWU, []string{"SYS-1 SWU-1"}},
		{schema.KindSWU, schema.KindTC, []string{"SWU-1 TC-1"}},
		{schema.KindSRS, schema.KindSRS, nil},
	} {
		if diff := cmp.Diff(c.want, pairs(c.from, c.to)); diff != "" {
			t.Errorf("%s to %s (-want +have):\n%s", c.from, c.to, diff)
		}
	}
}
