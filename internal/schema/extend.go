package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Extend reads the members kinds, fields, relations, workflows and keys of a goldthread.yaml and returns s with what they
// add. Other members are not its business; UnknownMembers reports those that are nobody's. What may not be weakened, and
// what is faulty, is left out and reported with its place, so that the rest can still be worked with; s stays as it is.
//
// goldthread:implements SRS-12, SRS-15
func (s *Schema) Extend(projectYAML []byte, file string) (*Schema, []Fault) {
	r := &reader{file: file}
	root := r.document(projectYAML)
	if root == nil {
		return s, r.faults
	}
	x := r.read(root, false)
	m := &merger{reader: r, schema: s, base: s.source, src: s.source.clone(), ends: make(map[string]map[string]int), anyFields: make(map[position]bool)}
	m.merge(x)
	sound := m.settle()
	sortFaults(r.faults)
	faults := m.once(r.faults)
	if !sound {
		return s, faults
	}
	return compile(m.src), faults
}

// once leaves one of the faults that a field of any kind has in every kind.
func (m *merger) once(faults []Fault) []Fault {
	return slices.CompactFunc(faults, func(a, b Fault) bool {
		return a.Rule == b.Rule && a.Remedy == b.Remedy && a.Line == b.Line && a.Column == b.Column && m.anyFields[position{a.Line, a.Column}]
	})
}

// merger puts an extension on top of a base, attempt by attempt.
type merger struct {
	*reader
	schema *Schema
	base   *source // of schema
	src    *source // the base and what was taken so far
	// ends finds the ends of a relation of the base by the kinds they link.
	ends map[string]map[string]int
	// anyFields holds the places of fields of any kind.
	anyFields map[position]bool
	// cut names the workflows of which a step was refused.
	cut []string
}

// weakens reports an attempt.
//
// goldthread:implements SRS-13
func (m *merger) weakens(id string, at position, remedy, format string, args ...any) {
	reason := ""
	for _, p := range m.base.Protected {
		if p.ID == id {
			reason = p.Reason
		}
	}
	m.fault(at, protectedRule+id, remedy, "%s: %s %s", id, fmt.Sprintf(format, args...), reason)
}

func (m *merger) merge(x *extension) {
	for _, p := range x.Protected {
		m.weakens(protectionChanged, p.at, "take it out", "an extension cannot change what is protected.")
	}
	for _, gone := range x.removed {
		m.refuseRemoval(gone)
	}
	for _, w := range x.Workflows {
		m.mergeWorkflow(w)
	}
	for _, k := range x.Kinds {
		m.mergeKind(k)
	}
	m.checkSpecialised()
	for _, f := range x.fields {
		m.mergeFieldsFor(f)
	}
	for _, r := range x.Relations {
		m.mergeRelation(r)
	}
	for _, k := range x.Keys {
		m.mergeKey(k)
	}
	m.noteUnruled()
}

// refuseRemoval answers a name with the body null: what is built in stays, and of one's own there is nothing to remove.
func (m *merger) refuseRemoval(gone removal) {
	removedIDs := map[string]string{"kind": kindRemoved, "field": fieldRemoved, "value": valueRemoved,
		"relation": relationRemoved, "ends": relationNarrowed, "workflow": workflowRemoved, "state": stateRemoved,
		"transition": transitionRemoved}
	known := false
	switch gone.what {
	case "kind":
		known = m.base.kind(gone.name) != nil
	case "field", "value":
		known = true // of a kind of one's own as well: it may inherit it
	case "relation", "ends":
		known = m.base.relation(gone.name) != nil
	case "workflow":
		known = m.base.workflow(gone.name) != nil
	default:
		known = m.base.workflow(gone.owner) != nil
	}
	if !known {
		m.fault(gone.at, ruleIncomplete, "write what it is, or take the name out", "%s %q has no body", gone.what, gone.name)
		return
	}
	m.weakens(removedIDs[gone.what], gone.at, "take the line out; leave unused what you do not need",
		"%s %q cannot be removed.", gone.what, strings.TrimSpace(gone.owner+" "+gone.name))
}

func (m *merger) mergeKind(k kindSource) {
	if old := m.base.kind(k.ID); old != nil {
		m.changeKind(old, k)
		return
	}
	if k.given.has("derived") {
		m.weakens(derivedWritten, k.given["derived"], "take derived out", "only the program sees derived kinds; %s cannot be one.", k.ID)
		k.Derived = false
	}
	k.Origin = fromProject
	k.fillIn()
	if k.Specialises == "" && k.Workflow == "" {
		k.Workflow = m.base.defaultWorkflow()
	}
	if k.Specialises == "" && k.Group == "" {
		k.Group = "own kinds"
	}
	if taken := m.base.prefixKind(k.Prefix); taken != "" {
		m.weakens(prefixTaken, k.at, "choose another prefix", "prefix %s is that of %s.", k.Prefix, taken)
		return
	}
	if up := m.base.kind(k.Specialises); up != nil && up.Derived {
		m.weakens(derivedWritten, k.given["specialises"], "specialise TC for tests, DD for code", "%s cannot specialise %s, which is derived.", k.ID, k.Specialises)
		return
	}
	m.src.Kinds = append(m.src.Kinds, k) // its fields are compared once all kinds of the extension are there
}

// defaultWorkflow is that of kinds that name none and specialise none.
func (src *source) defaultWorkflow() string {
	if src.workflow("controlled") == nil && len(src.Workflows) > 0 {
		return src.Workflows[0].Name
	}
	return "controlled"
}

// prefixKind is the kind of the base whose own prefix it is.
func (src *source) prefixKind(prefix string) string {
	for i := range src.Kinds {
		if k := &src.Kinds[i]; k.Prefix == prefix && prefix != "" {
			return k.ID
		}
	}
	return ""
}

// changeKind takes fields that an extension adds to a kind of the base, and refuses all else it says of it.
func (m *merger) changeKind(old *kindSource, k kindSource) {
	if old.Derived {
		m.weakens(derivedWritten, k.at, "take it out", "%s is seen in sources and cannot be extended.", k.ID)
		return
	}
	check := func(member, id string, differs bool, remedy string) {
		if k.given.has(member) && differs {
			m.weakens(id, k.given[member], remedy, "%s of %s is fixed.", member, k.ID)
		}
	}
	check("name", kindRenamed, k.Name != old.Name, "declare a kind of your own that specialises it")
	check("plural", kindRenamed, k.Plural != old.Plural, "declare a kind of your own that specialises it")
	check("group", kindMoved, k.Group != old.Group, "take group out")
	check("prefix", prefixChanged, k.Prefix != old.Prefix, fmt.Sprintf("add yours instead: keys: {%s: %s}", orElse(k.Prefix, "PREFIX"), k.ID))
	check("specialises", kindRespecialised, k.Specialises != old.Specialises, "take specialises out")
	check("workflow", kindWorkflowChanged, k.Workflow != old.Workflow, "add states to its workflow instead")
	check("clauses", citationChanged, !slices.Equal(k.Clauses, old.Clauses), "take clauses out")
	check("derived", derivedWritten, k.Derived != old.Derived, "take derived out")
	target := m.src.kind(k.ID)
	if k.Help != "" {
		target.Help = k.Help
	}
	for _, f := range k.Fields {
		m.mergeField(target, f)
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// checkSpecialised compares each kind of the extension with what it inherits.
func (m *merger) checkSpecialised() {
	for i := len(m.base.Kinds); i < len(m.src.Kinds); i++ {
		k := &m.src.Kinds[i]
		line := m.src.lineage(k.Specialises)
		for _, up := range line {
			if up.Workflow != "" && k.Workflow != "" && k.Workflow != up.Workflow {
				m.weakens(kindWorkflowChanged, k.given["workflow"], "take workflow out; it has that of "+up.ID,
					"%s specialises %s and goes through its workflow %q.", k.ID, up.ID, up.Workflow)
				k.Workflow = ""
			}
		}
		fields := k.Fields
		k.Fields = nil
		for _, f := range fields {
			m.mergeField(k, f)
		}
	}
}

func (m *merger) mergeFieldsFor(x fieldsFor) {
	if x.kind == anyKind {
		for _, f := range x.fields {
			m.anyFields[f.at] = true
		}
		for i := range m.src.Kinds {
			if k := &m.src.Kinds[i]; !k.Derived && k.Specialises == "" {
				for _, f := range x.fields {
					m.mergeField(k, f)
				}
			}
		}
		return
	}
	k := m.src.kind(x.kind)
	switch {
	case k == nil:
		v := &validator{reader: m.reader, src: m.src}
		m.fault(x.at, ruleUndeclared, v.didYouMean(x.kind), "fields for %q, which is no kind", x.kind)
	case k.Derived:
		m.weakens(derivedWritten, x.at, "take it out", "%s is seen in sources and cannot be given fields.", k.ID)
	default:
		for _, f := range x.fields {
			m.mergeField(k, f)
		}
	}
}

// mergeField adds a field to a kind. Where the kind has it already, or inherits it, only what makes it stricter is taken.
func (m *merger) mergeField(k *kindSource, f fieldSource) {
	own := k.field(f.Name)
	old := own
	if old == nil {
		old = m.src.inherited(k, f.Name)
	}
	if old == nil {
		k.Fields = append(k.Fields, f)
		return
	}
	if m.base.kind(k.ID) == nil && own != nil {
		m.fault(f.at, ruleDuplicate, "keep one of them", "field %q of %s: declared twice", f.Name, k.ID)
		return
	}
	stricter := m.changeField(*old, f, k.ID)
	if own != nil {
		*own = stricter
	} else {
		k.Fields = append(k.Fields, stricter)
	}
}

// changeField returns old with what f may say about it.
func (m *merger) changeField(old, f fieldSource, kind string) fieldSource {
	what := fmt.Sprintf("field %q of %s", f.Name, kind)
	check := func(member, id string, differs bool) {
		if f.given.has(member) && differs {
			m.weakens(id, f.given[member], "take "+member+" out, or add a field of your own", "%s of %s is fixed.", member, what)
		}
	}
	check("type", fieldTypeChanged, f.Type != old.Type)
	check("unit", fieldTypeChanged, f.Unit != old.Unit)
	check("to", fieldTypeChanged, !slices.Equal(f.To, old.To))
	check("many", fieldManyChanged, f.Many != old.Many)
	check("default", fieldDefaultChanged, f.Default != old.Default)
	check("clauses", citationChanged, !slices.Equal(f.Clauses, old.Clauses))
	check("required", requirementLifted, old.Required && !f.Required)
	check("closed", fieldOpened, old.Closed && !f.Closed)
	result := old
	result.at, result.given = f.at, f.given
	result.Required = old.Required || f.Required
	result.Closed = old.Closed || f.Closed
	if f.Help != "" {
		result.Help = f.Help
	}
	if f.given.has("values") {
		result.Values = m.changeValues(old, f, what)
	}
	return result
}

// changeValues returns the values of old, in their order, and those that f adds to them.
func (m *merger) changeValues(old, f fieldSource, what string) []EnumValue {
	values := slices.Clone(old.Values)
	find := func(in []EnumValue, value string) *EnumValue {
		if i := slices.IndexFunc(in, func(v EnumValue) bool { return v.Value == value }); i >= 0 {
			return &in[i]
		}
		return nil
	}
	at := f.given["values"]
	for i := range values {
		mine := find(f.Values, values[i].Value)
		if mine == nil && slices.Contains(f.gone, values[i].Value) {
			continue // refused where it stands
		}
		if mine == nil {
			m.weakens(valueRemoved, at, "list it too, or take values out", "value %q of %s cannot be left out.", values[i].Value, what)
			continue
		}
		if differs(mine.Code, values[i].Code) || differs(mine.Title, values[i].Title) || len(mine.Clauses) > 0 && !slices.Equal(mine.Clauses, values[i].Clauses) {
			m.weakens(valueChanged, at, "take its code, title and clauses out", "value %q of %s keeps its code, title and clauses.", values[i].Value, what)
		}
		values[i].Help = orElse(mine.Help, values[i].Help)
	}
	for _, v := range f.Values {
		switch {
		case find(old.Values, v.Value) != nil:
		case old.Closed:
			m.weakens(valueAdded, at, "add a field of your own", "value %q cannot be added to %s.", v.Value, what)
		default:
			values = append(values, v)
		}
	}
	return values
}

// differs reports whether something is said, and is not what was said before.
func differs(said, before string) bool { return said != "" && said != before }

func (m *merger) mergeKey(k keySource) {
	if taken := m.base.prefixKind(k.Prefix); taken != "" && taken != k.Kind {
		m.weakens(prefixTaken, k.at, "choose another prefix", "prefix %s is that of %s.", k.Prefix, taken)
		return
	}
	if kind := m.src.kind(k.Kind); kind != nil && kind.Derived {
		m.weakens(derivedWritten, k.at, "use TC for tests, DD for code", "%s is seen in sources; no key can stand for it.", k.Kind)
		return
	}
	m.src.Keys = append(m.src.Keys, k)
}

// noteUnruled notes each kind of the extension that no rule will ask for.
func (m *merger) noteUnruled() {
	for i := len(m.base.Kinds); i < len(m.src.Kinds); i++ {
		k := &m.src.Kinds[i]
		line := m.src.lineage(k.ID)
		if top := line[len(line)-1]; top.Origin != fromBuiltin && top.Specialises == "" {
			m.faults = append(m.faults, Fault{File: m.file, Line: k.at.line, Column: k.at.column, Severity: SeverityNote,
				Rule: ruleServesNoRule, Message: fmt.Sprintf("kind %s specialises no built-in kind: no rule asks for it, and no clause is met by it", k.ID),
				Remedy: "add specialises, if it is a special case of a built-in kind"})
		}
	}
}

// maxRounds bounds how often what depends on something left out is left out in turn.
const maxRounds = 20

// settle leaves out of the extension what is not sound, and then what no longer is. Only the first faults are reported;
// those that follow from them are not. It returns false when nothing sound remains.
//
// goldthread:implements SRS-14
func (m *merger) settle() bool {
	for round := range maxRounds {
		r := m.reader
		if round > 0 {
			r = &reader{file: m.file}
		}
		v := &validator{reader: r, src: m.src, cut: m.cut}
		v.validate()
		if len(v.bad) == 0 {
			return true
		}
		for _, e := range v.bad {
			if !m.drop(e) {
				return false
			}
		}
	}
	return false
}

// drop takes an element out; it returns false for one of the base.
func (m *merger) drop(e element) bool {
	switch e.what {
	case "kind":
		m.src.Kinds = slices.DeleteFunc(m.src.Kinds, func(k kindSource) bool { return k.ID == e.name && m.base.kind(k.ID) == nil })
		return m.base.kind(e.name) == nil
	case "field":
		k := m.src.kind(e.name)
		if k == nil {
			return true
		}
		k.Fields = slices.DeleteFunc(k.Fields, func(f fieldSource) bool { return f.Name == e.member && f.given != nil })
		if old := m.base.kind(e.name); old != nil && k.field(e.member) == nil {
			if f := old.field(e.member); f != nil {
				k.Fields = append(k.Fields, *f)
			}
		}
		return true
	case "end":
		return m.dropEnd(e)
	case "relation":
		m.src.Relations = slices.DeleteFunc(m.src.Relations, func(r relationSource) bool { return r.Verb == e.name && m.base.relation(e.name) == nil })
		return m.base.relation(e.name) == nil
	case "workflow":
		return m.dropWorkflow(e.name)
	case "key":
		m.src.Keys = slices.DeleteFunc(m.src.Keys, func(k keySource) bool { return k.Prefix == e.name && k.at.line > 0 })
		return true
	default:
		return false
	}
}

// dropEnd takes the ends of a relation back to those of the base that can stand.
func (m *merger) dropEnd(e element) bool {
	r := m.src.relation(e.name)
	if r == nil {
		return true
	}
	old := m.base.relation(e.name)
	if old == nil {
		m.src.Relations = slices.DeleteFunc(m.src.Relations, func(r relationSource) bool { return r.Verb == e.name })
		return true
	}
	r.Ends = slices.Clone(old.Ends)
	return true
}

func (m *merger) dropWorkflow(name string) bool {
	old := m.base.workflow(name)
	if old == nil {
		m.src.Workflows = slices.DeleteFunc(m.src.Workflows, func(w workflowSource) bool { return w.Name == name })
		return true
	}
	*m.src.workflow(name) = *old
	return true
}
