package schema

import (
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// Select returns the kinds that a name means, as people type it after --from: a kind (SRS), its name in singular or plural
// with blanks or dashes (software-requirements), a key prefix (RW-SYS), or a group (risk-management), in any case. Kinds
// that specialise a named one are in. It returns nil where nothing is meant.
func (s *Schema) Select(name string) []record.Kind {
	plain := plainName(name)
	if plain == "" {
		return nil
	}
	for _, means := range []func(k *Kind) bool{
		func(k *Kind) bool { return strings.EqualFold(string(k.ID), strings.TrimSpace(name)) },
		func(k *Kind) bool { return k.Prefix != "" && strings.EqualFold(k.Prefix, strings.TrimSpace(name)) },
		func(k *Kind) bool { return plainName(k.Name) == plain || plainName(k.Plural) == plain },
	} {
		for _, k := range s.kinds {
			if means(k) {
				return s.kindIDs(s.expand([]string{string(k.ID)}))
			}
		}
	}
	for _, k := range s.source.Keys {
		if strings.EqualFold(k.Prefix, strings.TrimSpace(name)) {
			return s.kindIDs(s.expand([]string{k.Kind}))
		}
	}
	var group []record.Kind
	for _, k := range s.kinds {
		if plainName(k.Group) == plain {
			group = append(group, k.ID)
		}
	}
	return group
}
