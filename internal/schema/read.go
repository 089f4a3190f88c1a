package schema

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/record"
)

// extension is what was read: a source, what was written as null ("remove"), and fields for kinds declared elsewhere.
type extension struct {
	source
	removed []removal
	fields  []fieldsFor
}

// removal is a name without a body, or with the body null.
type removal struct {
	what  string // kind, field, value, relation, ends, workflow, state
	owner string // kind of a field, kind and field of a value, workflow of a state
	name  string
	at    position
}

// fieldsFor holds fields for one kind, or for any.
type fieldsFor struct {
	kind   string
	at     position
	fields []fieldSource
}

// read turns the members of a kinds.yaml or goldthread.yaml that describe a schema into an extension.
func (r *reader) read(root *yaml.Node, whole bool) *extension {
	x := &extension{}
	known := map[string]func(entry){
		"kinds":     func(e entry) { r.readKinds(e, x) },
		"fields":    func(e entry) { r.readFieldsFor(e, x) },
		"relations": func(e entry) { r.readRelations(e, x) },
		"workflows": func(e entry) { r.readWorkflows(e, x) },
		"keys":      func(e entry) { r.readKeys(e, x) },
		"protected": func(e entry) { r.readProtected(e, x) },
	}
	if !whole {
		for _, e := range r.entries(root, "goldthread.yaml") {
			if read := known[e.name]; read != nil {
				read(e)
			}
		}
		return x
	}
	known["standards"] = func(e entry) { r.readStandards(e, x) }
	known["groups"] = func(e entry) { r.readGroups(e, x) }
	known["sets"] = func(e entry) { r.readSets(e, x) }
	r.members(root, "kinds.yaml", known)
	return x
}

func (r *reader) readStandards(e entry, x *extension) {
	for _, m := range r.entries(e.value, "standards") {
		s := Standard{Name: m.name}
		r.word(m, &s.Title)
		x.Standards = append(x.Standards, s)
	}
}

func (r *reader) readGroups(e entry, x *extension) {
	for _, m := range r.entries(e.value, "groups") {
		g := Group{Name: m.name}
		r.word(m, &g.Help)
		x.Groups = append(x.Groups, g)
	}
}

func (r *reader) readSets(e entry, x *extension) {
	for _, m := range r.entries(e.value, "sets") {
		s := setSource{Name: m.name, at: m.at}
		r.words(m, &s.Kinds)
		x.Sets = append(x.Sets, s)
	}
}

func (r *reader) readKeys(e entry, x *extension) {
	for _, m := range r.entries(e.value, "keys") {
		k := keySource{Prefix: m.name, at: m.at}
		r.word(m, &k.Kind)
		if k.Kind != "" {
			x.Keys = append(x.Keys, k)
		}
	}
}

func (r *reader) readProtected(e entry, x *extension) {
	for _, m := range r.entries(e.value, "protected") {
		p := Protection{ID: m.name, at: m.at}
		r.members(m.value, "protected "+m.name, map[string]func(entry){
			"what":   func(e entry) { r.word(e, &p.What) },
			"reason": func(e entry) { r.word(e, &p.Reason) },
		})
		x.Protected = append(x.Protected, p)
	}
	if len(x.Protected) == 0 {
		x.Protected = append(x.Protected, Protection{at: e.at})
	}
}

func (r *reader) readKinds(e entry, x *extension) {
	for _, m := range r.entries(e.value, "kinds") {
		if isNull(m.value) {
			x.removed = append(x.removed, removal{"kind", "", m.name, m.at})
			continue
		}
		if r.tooMany(m.at, len(x.Kinds), maxKinds, "kinds") {
			return
		}
		x.Kinds = append(x.Kinds, r.readKind(m, x))
	}
}

func (r *reader) readKind(m entry, x *extension) kindSource {
	k := kindSource{ID: m.name, at: m.at}
	k.given = r.members(m.value, "kind "+m.name, map[string]func(entry){
		"name":        func(e entry) { r.word(e, &k.Name) },
		"plural":      func(e entry) { r.word(e, &k.Plural) },
		"group":       func(e entry) { r.word(e, &k.Group) },
		"prefix":      func(e entry) { r.word(e, &k.Prefix) },
		"help":        func(e entry) { r.word(e, &k.Help) },
		"clauses":     func(e entry) { r.words(e, &k.Clauses) },
		"specialises": func(e entry) { r.word(e, &k.Specialises) },
		"derived":     func(e entry) { r.truth(e, &k.Derived) },
		"workflow":    func(e entry) { r.word(e, &k.Workflow) },
		"fields":      func(e entry) { k.Fields = r.readFields(e.value, m.name, x) },
	})
	return k
}

func (r *reader) readFieldsFor(e entry, x *extension) {
	for _, m := range r.entries(e.value, "fields") {
		x.fields = append(x.fields, fieldsFor{m.name, m.at, r.readFields(m.value, m.name, x)})
	}
}

func (r *reader) readFields(n *yaml.Node, kind string, x *extension) []fieldSource {
	var fields []fieldSource
	for _, m := range r.entries(n, "fields of "+kind) {
		if isNull(m.value) {
			x.removed = append(x.removed, removal{"field", kind, m.name, m.at})
			continue
		}
		if r.tooMany(m.at, len(fields), maxFields, "fields of "+kind) {
			return fields
		}
		fields = append(fields, r.readField(m, kind, x))
	}
	return fields
}

func (r *reader) readField(m entry, kind string, x *extension) fieldSource {
	f := fieldSource{Name: m.name, at: m.at}
	node := r.resolve(m.value)
	if node == nil {
		return f
	}
	f.given = r.members(node, fmt.Sprintf("field %q of %s", m.name, kind), map[string]func(entry){
		"type":     func(e entry) { r.word(e, (*string)(&f.Type)) },
		"many":     func(e entry) { r.truth(e, &f.Many) },
		"required": func(e entry) { r.truth(e, &f.Required) },
		"closed":   func(e entry) { r.truth(e, &f.Closed) },
		"default":  func(e entry) { r.word(e, &f.Default) },
		"values":   func(e entry) { f.Values, f.gone = r.readValues(e, kind, m.name, x) },
		"help":     func(e entry) { r.word(e, &f.Help) },
		"clauses":  func(e entry) { r.words(e, &f.Clauses) },
		"unit":     func(e entry) { r.word(e, &f.Unit) },
		"to":       func(e entry) { r.words(e, &f.To) },
	})
	return f
}

// readValues returns the values of a field, and the names of those that are written as null.
func (r *reader) readValues(e entry, kind, field string, x *extension) (values []EnumValue, gone []string) {
	for _, m := range r.entries(e.value, fmt.Sprintf("values of %q", field)) {
		if isNull(m.value) {
			x.removed = append(x.removed, removal{"value", kind + " " + field, m.name, m.at})
			gone = append(gone, m.name)
			continue
		}
		v := EnumValue{Value: m.name}
		r.members(m.value, fmt.Sprintf("value %q", m.name), map[string]func(entry){
			"code":    func(e entry) { r.word(e, &v.Code) },
			"title":   func(e entry) { r.word(e, &v.Title) },
			"help":    func(e entry) { r.word(e, &v.Help) },
			"clauses": func(e entry) { r.words(e, &v.Clauses) },
		})
		values = append(values, v)
	}
	return values, gone
}

func (r *reader) readRelations(e entry, x *extension) {
	for _, m := range r.entries(e.value, "relations") {
		if isNull(m.value) {
			x.removed = append(x.removed, removal{"relation", "", m.name, m.at})
			continue
		}
		if r.tooMany(m.at, len(x.Relations), maxRelations, "relations") {
			return
		}
		rel := relationSource{Verb: m.name, at: m.at}
		rel.given = r.members(m.value, "relation "+m.name, map[string]func(entry){
			"reverse":  func(e entry) { r.word(e, &rel.Reverse) },
			"help":     func(e entry) { r.word(e, &rel.Help) },
			"clauses":  func(e entry) { r.words(e, &rel.Clauses) },
			"acyclic":  func(e entry) { r.truth(e, &rel.Acyclic) },
			"self":     func(e entry) { r.truth(e, &rel.Self) },
			"evidence": func(e entry) { r.truth(e, &rel.Evidence) },
			"impact":   func(e entry) { r.word(e, (*string)(&rel.Impact)) },
			"ends":     func(e entry) { rel.Ends = r.readEnds(e, m.name, x) },
		})
		x.Relations = append(x.Relations, rel)
	}
}

func (r *reader) readEnds(e entry, verb string, x *extension) []endSource {
	n := r.resolve(e.value)
	if n == nil {
		return nil
	}
	if isNull(n) || n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		x.removed = append(x.removed, removal{"ends", verb, verb, e.at})
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.fault(at(n), ruleSyntax, "write a list of {from: [KIND], to: [KIND]}", "ends of %q: want a list", verb)
		return nil
	}
	var ends []endSource
	for _, c := range n.Content {
		end := endSource{at: at(c)}
		end.given = r.members(c, fmt.Sprintf("end of %q", verb), map[string]func(entry){
			"from": func(e entry) { r.words(e, &end.From) },
			"to":   func(e entry) { r.words(e, &end.To) },
			"same": func(e entry) { r.truth(e, &end.Same) },
			"min":  func(e entry) { r.number(e, &end.Min) },
			"max":  func(e entry) { r.number(e, &end.Max) },
		})
		ends = append(ends, end)
	}
	return ends
}

func (r *reader) readWorkflows(e entry, x *extension) {
	for _, m := range r.entries(e.value, "workflows") {
		if isNull(m.value) {
			x.removed = append(x.removed, removal{"workflow", "", m.name, m.at})
			continue
		}
		w := workflowSource{at: m.at, Workflow: Workflow{Name: m.name}}
		w.given = r.members(m.value, "workflow "+m.name, map[string]func(entry){
			"help":        func(e entry) { r.word(e, &w.Help) },
			"clauses":     func(e entry) { r.words(e, &w.Clauses) },
			"initial":     func(e entry) { r.word(e, (*string)(&w.Initial)) },
			"states":      func(e entry) { w.States = r.readStates(e, m.name, x) },
			"transitions": func(e entry) { w.Transitions = r.readTransitions(e, m.name, x) },
		})
		x.Workflows = append(x.Workflows, w)
	}
}

func (r *reader) readStates(e entry, workflow string, x *extension) []State {
	var states []State
	for _, m := range r.entries(e.value, "states of "+workflow) {
		if isNull(m.value) {
			x.removed = append(x.removed, removal{"state", workflow, m.name, m.at})
			continue
		}
		if r.tooMany(m.at, len(states), maxStates, "states of "+workflow) {
			return states
		}
		s := State{Name: record.State(m.name), at: m.at}
		r.members(m.value, fmt.Sprintf("state %q", m.name), map[string]func(entry){
			"phase": func(e entry) { r.word(e, (*string)(&s.Phase)) },
			"help":  func(e entry) { r.word(e, &s.Help) },
		})
		states = append(states, s)
	}
	return states
}

func (r *reader) readTransitions(e entry, workflow string, x *extension) []Transition {
	n := r.resolve(e.value)
	if n == nil {
		return nil
	}
	if isNull(n) || n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		x.removed = append(x.removed, removal{"transition", workflow, "", e.at})
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.fault(at(n), ruleSyntax, "write a list of {from: STATE, to: STATE}", "transitions of %q: want a list", workflow)
		return nil
	}
	var transitions []Transition
	for _, c := range n.Content {
		if r.tooMany(at(c), len(transitions), maxTransitions, "transitions of "+workflow) {
			return transitions
		}
		t, remove := Transition{at: at(c)}, false
		r.members(c, "transition of "+workflow, map[string]func(entry){
			"from":      func(e entry) { r.word(e, (*string)(&t.From)) },
			"to":        func(e entry) { r.word(e, (*string)(&t.To)) },
			"signature": func(e entry) { r.signature(e, &t.Signature) },
			"remove":    func(e entry) { r.truth(e, &remove) },
		})
		if remove {
			x.removed = append(x.removed, removal{"transition", workflow, fmt.Sprintf("%s to %s", t.From, t.To), t.at})
			continue
		}
		transitions = append(transitions, t)
	}
	return transitions
}

// signature reads a meaning; none is how to write that there is none.
func (r *reader) signature(e entry, into *Meaning) {
	var word string
	r.word(e, &word)
	if word != "none" {
		*into = Meaning(word)
	}
}
