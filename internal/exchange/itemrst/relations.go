package itemrst

import (
	"regexp"
	"strings"
)

// Relation is a pair of option names: an item that fulfills another is what the other is fulfilled_by.
type Relation struct {
	Forward string
	Reverse string // empty for a relation without a name backwards
}

// Relations are those the plugin has by default.
func Relations() []Relation {
	return []Relation{
		{"fulfills", "fulfilled_by"},
		{"depends_on", "impacts_on"},
		{"implements", "implemented_by"},
		{"realizes", "realized_by"},
		{"validates", "validated_by"},
		{"trace", "backtrace"},
	}
}

// attributes are the options that the plugin knows and that are never relations.
var attributes = map[string]bool{
	"value": true, "asil": true, "aspice": true, "status": true, "result": true, "attendees": true, "assignee": true, "effort": true,
	"class": true, "nocaptions": true, "hidetype": true,
}

// relations says which option names are relations, and which of them are read backwards.
type relations struct {
	known     map[string]bool
	backwards map[string]string
}

func defaultRelations() relations {
	r := relations{known: map[string]bool{}, backwards: map[string]string{}}
	r.add(Relations())
	return r
}

func (r relations) add(list []Relation) {
	for _, relation := range list {
		forward, reverse := strings.ToLower(relation.Forward), strings.ToLower(relation.Reverse)
		if forward != "" {
			r.known[forward] = true
			delete(r.backwards, forward)
		}
		if reverse != "" && reverse != forward {
			r.known[reverse] = true
			r.backwards[reverse] = forward
		}
	}
}

// confName is the configuration of a Sphinx project.
const confName = "conf.py"

var (
	confBegin = regexp.MustCompile(`(?m)^traceability_relationships\s*=\s*\{`)
	confPair  = regexp.MustCompile(`^\s*(?:#[^\n]*\n\s*)*(?:'([^'\\\n]*)'|"([^"\\\n]*)")\s*:\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)")\s*(?:,|$|\})?`)
)

// confRelations reads the dictionary traceability_relationships of a conf.py, as far as it is made of plain strings.
// Relations whose name begins with ext_ lead out of the project and are not among them.
func confRelations(data []byte) ([]Relation, bool) {
	begin := confBegin.FindIndex(data)
	if begin == nil {
		return nil, false
	}
	rest := data[begin[1]:]
	var list []Relation
	for {
		m := confPair.FindSubmatchIndex(rest)
		if m == nil {
			return list, len(list) > 0
		}
		text := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return string(rest[m[2*n]:m[2*n+1]])
		}
		relation := Relation{Forward: text(1) + text(2), Reverse: text(3) + text(4)}
		if !strings.HasPrefix(relation.Forward, "ext_") {
			list = append(list, relation)
		}
		closed := m[1] > 0 && rest[m[1]-1] == '}'
		rest = rest[m[1]:]
		if closed {
			return list, len(list) > 0
		}
	}
}
