package doorstop

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSameAsPyYAML compares with what yaml.dump of PyYAML 6 made of the same values.
func TestSameAsPyYAML(t *testing.T) {
	data, err := os.ReadFile("testdata/pyyaml.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Lit  bool // strings are wanted as blocks
		Data map[string]any
		YAML string
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 100 {
		t.Fatalf("%d vectors", len(vectors))
	}
	for i, v := range vectors {
		if got := string(dump(fromJSON(v.Data, v.Lit))); got != v.YAML {
			t.Errorf("vector %d: %#v (-PyYAML +dump)\n%s", i, v.Data, cmp.Diff(v.YAML, got))
		}
	}
}

func fromJSON(v any, literal bool) tree {
	switch v := v.(type) {
	case nil:
		return tree{text: "null", plain: true}
	case bool:
		if v {
			return tree{text: "true", plain: true}
		}
		return tree{text: "false", plain: true}
	case float64:
		return tree{text: string(mustJSON(v)), plain: true}
	case string:
		return tree{text: v, literal: literal}
	case []any:
		t := tree{isList: true}
		for _, e := range v {
			t.list = append(t.list, fromJSON(e, false))
		}
		return t
	case map[string]any:
		t := tree{isMap: true}
		var keys []string
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			t.set(k, fromJSON(v[k], literal))
		}
		return t
	}
	panic("no JSON")
}

func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // a number has a JSON form
	}
	return data
}
