package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func TestAddToConfig(t *testing.T) {
	needs := &workspaceConfig{Keys: map[string]string{"REQ": "SRS"}, Kinds: map[string]importedKind{"HEADING": {"heading item", "heading items", "HEADING"}},
		Relations: map[string]importedVerb{"refines": {[]importedEnd{{[]string{"HEADING"}, []string{"any"}}}}}}
	for raw, want := range map[string]string{
		"project: p # mine\n": "project: p # mine\nkeys: {REQ: SRS}\nkinds: {HEADING: {name: heading item, plural: heading items, prefix: HEADING}}\nrelations: {refines: {ends: [{from: [HEADING], to: [any]}]}}\n",
		"project: p":          "project: p\nkeys: {REQ: SRS}\nkinds: {HEADING: {name: heading item, plural: heading items, prefix: HEADING}}\nrelations: {refines: {ends: [{from: [HEADING], to: [any]}]}}\n",
		"keys: {A: SYS} # those\nkinds:\n  # ours\n  X: {name: x}\n": "keys: {REQ: SRS, A: SYS} # those\nkinds:\n  # ours\n  HEADING: {name: heading item, plural: heading items, prefix: HEADING}\n  X: {name: x}\nrelations: {refines: {ends: [{from: [HEADING], to: [any]}]}}\n",
		"keys:\n    REQ: SRS\nkinds: {HEADING: {name: heading item, plural: heading items, prefix: HEADING}}\nrelations:\n  refines:\n    ends:\n      - {from: [A], to: [B]}\n": "keys:\n    REQ: SRS\nkinds: {HEADING: {name: heading item, plural: heading items, prefix: HEADING}}\nrelations:\n  refines:\n    ends:\n      - {from: [HEADING], to: [any]}\n      - {from: [A], to: [B]}\n",
	} {
		got, err := addToConfig([]byte(raw), needs)
		if err != nil {
			t.Errorf("%q: %v", raw, err)
			continue
		}
		if d := cmp.Diff(want, string(got)); d != "" {
			t.Errorf("%q (-want +got):\n%s", raw, d)
		}
		var x any
		if err := yaml.Unmarshal(got, &x); err != nil {
			t.Errorf("%q is no YAML any more: %v", got, err)
		}
		again, err := addToConfig(got, needs)
		if d := cmp.Diff(string(got), string(again)); err != nil || d != "" {
			t.Errorf("added again: %v\n%s", err, d)
		}
	}
	if _, err := addToConfig([]byte("keys: [A]\n"), needs); err == nil {
		t.Error("a list of keys is added to")
	}
}
