package project_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

func TestSectionsAboveABlock(t *testing.T) {
	o := &project.Outline{Blocks: []record.Block{
		{Prose: "Before all headings."},            // 0
		{Level: 1, Heading: "Pump"},                // 1
		{Level: 2, Heading: "Alarms"},              // 2
		{Level: 3, Item: testID(1)},                // 3
		{Level: 4, Item: testID(2)},                // 4: below an item, which is no section
		{Level: 2, Heading: "Power"},               // 5
		{Level: 4, Item: testID(3)},                // 6: a level is left out
		{Level: 1, Item: testID(4)},                // 7: beside the section
		{Level: 3, Heading: "Deep, after an item"}, // 8
		{Level: 4, Item: testID(5)},                // 9
	}}
	want := [][]string{nil, nil, {"Pump"}, {"Pump", "Alarms"}, {"Pump", "Alarms"}, {"Pump"}, {"Pump", "Power"}, nil,
		{"Pump", "Power"}, {"Pump", "Power", "Deep, after an item"}}
	for i := range want {
		if d := cmp.Diff(want[i], o.Sections(i)); d != "" {
			t.Errorf("block %d (-want +got):\n%s", i, d)
		}
	}
	if o.Index(testID(3)) != 6 || o.Index(testID(9)) != -1 || o.Index(record.ID{}) != -1 {
		t.Error("Index does not say in which block an item stands")
	}
}

// TestItemsLeaveDocuments places items again: what a new outline does not name has no document any more, and may go to another.
func TestItemsLeaveDocuments(t *testing.T) {
	outline := func(items ...int) (o []record.Block) {
		for _, i := range items {
			o = append(o, record.Block{Level: 1, Item: testID(i)})
		}
		return o
	}
	s, err := project.Empty(record.Main).Apply(change(1, requirement(1, ""), requirement(2, ""), requirement(10, "document"), requirement(11, "document"),
		record.Place{Document: testID(10), Outline: outline(1, 2)}))
	if err != nil {
		t.Fatal(err)
	}
	before := see(s)
	next, err := s.Apply(change(2, record.Place{Document: testID(10), Outline: outline(2)}, record.Place{Document: testID(11), Outline: outline(1)}, requirement(1, "new revision")))
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string]string{}
	for _, n := range next.All() {
		if n.Document != project.NoHandle {
			documents[string(n.Item.Key)] = string(next.Node(n.Document).Item.Key)
		}
	}
	if d := cmp.Diff(map[string]string{"SRS-1": "SRS-11", "SRS-2": "SRS-10"}, documents); d != "" {
		t.Errorf("documents of items (-want +got):\n%s", d)
	}
	if d := cmp.Diff(before, see(s)); d != "" {
		t.Errorf("the state before was altered:\n%s", d)
	}
}
