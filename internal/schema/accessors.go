package schema

import (
	"strconv"

	"github.com/goldthread/goldthread/internal/record"
)

// valueOf, truthOf, numberOf and refsOf read the fields of items for the generated views: what is set, else the default.

func valueOf(it *record.Item, field, otherwise string) string {
	if values := it.Field(field); len(values) > 0 {
		return values[0]
	}
	return otherwise
}

func truthOf(it *record.Item, field, otherwise string) (value, set bool) {
	v := valueOf(it, field, otherwise)
	return v == "yes", v == "yes" || v == "no"
}

func numberOf(it *record.Item, field, otherwise string) (value int64, set bool) {
	n, err := strconv.ParseInt(valueOf(it, field, otherwise), 10, 64)
	return n, err == nil
}

func refsOf(it *record.Item, field string) []record.Ref {
	values := it.Field(field)
	refs := make([]record.Ref, len(values))
	for i, v := range values {
		refs[i] = record.Ref(v)
	}
	return refs
}
