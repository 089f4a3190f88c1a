package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// validator checks that a source is sound in itself. Faults of an extension also mark the element they are about, so that
// it can be left out.
type validator struct {
	*reader
	src   *source
	whole bool // kinds.yaml: help and clauses are due, and protections
	bad   []element
	cut   []string // workflows of which a step was refused, so that it is known why no way leads to a state
}

// element names a part of an extension that cannot stay.
type element struct{ what, name, member string }

func (v *validator) bar(e element, at position, rule, remedy, format string, args ...any) {
	v.bad = append(v.bad, e)
	v.fault(at, rule, remedy, format, args...)
}

func (v *validator) validate() {
	v.checkSets()
	v.checkKinds()
	v.checkPrefixes()
	for i := range v.src.Kinds {
		v.checkFields(&v.src.Kinds[i])
	}
	for i := range v.src.Relations {
		v.checkRelation(&v.src.Relations[i])
	}
	v.checkReadings()
	for i := range v.src.Workflows {
		v.checkWorkflow(&v.src.Workflows[i])
	}
	if v.whole {
		v.checkProtections()
	}
}

var (
	kindID   = regexp.MustCompile(`^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$`)
	kindName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*([ -][A-Za-z0-9]+)*$`)
	verbName = regexp.MustCompile(`^[a-z]+( [a-z]+)*$`)
	// citation is a standard, a blank, and a clause: numbers and at most one letter.
	citation = regexp.MustCompile(`^(.+) ([0-9]+(\.[0-9]+)*(\.[a-z])?)$`)
)

func (v *validator) checkSets() {
	for _, s := range v.src.Sets {
		if !verbName.MatchString(s.Name) || s.Name == anyKind {
			v.fault(s.at, ruleName, "use lower-case words other than any", "set %q: not a name for a set", s.Name)
		}
		for _, k := range s.Kinds {
			if v.src.kind(k) == nil {
				v.fault(s.at, ruleUndeclared, "declare it under kinds", "set %q: %q is no kind", s.Name, k)
			}
		}
	}
}

// checkKinds checks each kind by itself and its names against those of all others.
func (v *validator) checkKinds() {
	named := make(map[string]string)
	for _, g := range v.src.Groups {
		named[plainName(g.Name)] = "the group " + g.Name
	}
	for i := range v.src.Kinds {
		k := &v.src.Kinds[i]
		e := element{"kind", k.ID, ""}
		v.checkKind(k, e)
		for _, name := range slices.Compact([]string{plainName(k.Name), plainName(k.Plural)}) {
			if other := named[name]; other != "" && name != "" {
				v.bar(e, k.at, ruleDuplicate, "choose another name", "kind %s: %q already names %s", k.ID, name, other)
				break
			}
			named[name] = "the kind " + k.ID
		}
	}
}

func (v *validator) checkKind(k *kindSource, e element) {
	if k.Origin == fromForeign {
		return // named by its tree
	}
	switch {
	case !kindID.MatchString(k.ID) || len(k.ID) > maxKindID:
		v.bar(e, k.at, ruleName, "use up to 20 capital letters, digits and dashes, such as UI", "%q is not a name for a kind", k.ID)
	case k.Name == "" || k.Help == "" && v.whole:
		v.bar(e, k.at, ruleIncomplete, "add name and help", "kind %s: needs a name people say, and help", k.ID)
	case !kindName.MatchString(k.Name) || !kindName.MatchString(k.Plural) || len(k.Name) > 60 || len(k.Plural) > 60:
		v.bar(e, k.at, ruleName, "use words with single blanks or dashes", "kind %s: %q, %q: not names people say", k.ID, k.Name, k.Plural)
	case record.CheckLine(k.Help) != nil:
		v.bar(e, k.at, ruleName, "write one line", "kind %s: help: %v", k.ID, record.CheckLine(k.Help))
	}
	if k.Group != "" && k.Origin == fromBuiltin && !slices.ContainsFunc(v.src.Groups, func(g Group) bool { return g.Name == k.Group }) || k.Group == "" && v.whole {
		v.bar(e, k.at, ruleUndeclared, "declare it under groups", "kind %s: %q is no group", k.ID, k.Group)
	}
	if k.Specialises != "" && v.src.kind(k.Specialises) == nil {
		v.bar(e, k.given["specialises"], ruleUndeclared, v.didYouMean(k.Specialises), "kind %s: specialises %q, which is no kind", k.ID, k.Specialises)
	}
	switch depth, cycle := v.depth(k); {
	case cycle:
		v.bar(e, k.given["specialises"], ruleCycle, "let one of them specialise nothing", "kind %s: specialises itself, by way of %s", k.ID, k.Specialises)
	case depth > maxDepth:
		v.bar(e, k.given["specialises"], ruleCycle, "specialise a more general kind", "kind %s: specialises kinds more than %d deep", k.ID, maxDepth)
	}
	if k.Workflow != "" && v.src.workflow(k.Workflow) == nil {
		v.bar(e, k.given["workflow"], ruleUndeclared, "declare it under workflows", "kind %s: %q is no workflow", k.ID, k.Workflow)
	}
	if v.whole && !k.Derived && k.Workflow == "" && k.Specialises == "" {
		v.bar(e, k.at, ruleIncomplete, "add workflow", "kind %s: has no workflow", k.ID)
	}
	if k.Derived && k.Prefix != "" {
		v.bar(e, k.at, rulePrefix, "leave prefix out", "kind %s: is derived, no key begins with its prefix", k.ID)
	}
	v.checkCitations(k.Clauses, "kind "+k.ID, e, k.at)
}

// didYouMean is the remedy for a kind that does not exist.
func (v *validator) didYouMean(name string) string {
	var ids []string
	for i := range v.src.Kinds {
		if plainName(v.src.Kinds[i].Name) == plainName(name) {
			return fmt.Sprintf("write %s", v.src.Kinds[i].ID)
		}
		ids = append(ids, v.src.Kinds[i].ID)
	}
	if near := v.nearest(name, ids); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "declare it under kinds"
}

// depth counts the kinds that k specialises at any remove, and tells whether k is one of them.
func (v *validator) depth(k *kindSource) (depth int, cycle bool) {
	for up := v.src.kind(k.Specialises); up != nil && depth <= maxDepth; up = v.src.kind(up.Specialises) {
		if up == k {
			return depth, true
		}
		depth++
	}
	return depth, false
}

func (v *validator) checkCitations(clauses []string, what string, e element, at position) {
	for _, c := range clauses {
		m := citation.FindStringSubmatch(c)
		switch {
		case m == nil:
			v.bar(e, at, ruleCitation, "write it like 62304 5.2.2 or 62304 5.2.2.a", "%s: %q cites no clause", what, c)
		case !slices.ContainsFunc(v.src.Standards, func(s Standard) bool { return s.Name == m[1] }):
			v.bar(e, at, ruleCitation, "cite one of "+v.standardNames(), "%s: %q cites an unknown standard", what, c)
		}
	}
}

func (v *validator) standardNames() string {
	var names []string
	for _, s := range v.src.Standards {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// usedPrefix is a prefix, the kind it leads to, and where that was said.
type usedPrefix struct {
	prefix, kind string
	e            element
	at           position
}

// checkPrefixes checks the prefixes of kinds and the further ones under keys against each other.
func (v *validator) checkPrefixes() {
	var used []usedPrefix
	for i := range v.src.Kinds {
		if k := &v.src.Kinds[i]; k.Prefix != "" && !k.Derived {
			used = append(used, usedPrefix{k.Prefix, k.ID, element{"kind", k.ID, ""}, k.at})
		}
	}
	for _, k := range v.src.Keys {
		if v.src.kind(k.Kind) == nil {
			v.bar(element{"key", k.Prefix, ""}, k.at, ruleUndeclared, v.didYouMean(k.Kind), "keys: %s stands for %q, which is no kind", k.Prefix, k.Kind)
			continue
		}
		used = append(used, usedPrefix{k.Prefix, k.Kind, element{"key", k.Prefix, ""}, k.at})
	}
	byPrefix := make(map[string]*usedPrefix, len(used))
	for i := range used {
		u := &used[i]
		if err := checkPrefix(u.prefix); err != nil {
			v.bar(u.e, u.at, rulePrefix, "write one like SRS", "%v", err)
		}
		if other := byPrefix[u.prefix]; other != nil && other.kind != u.kind {
			v.bar(u.e, u.at, rulePrefix, "choose another prefix", "prefix %s already leads to %s (%s)", u.prefix, other.kind, place(other.at))
			continue
		}
		byPrefix[u.prefix] = u
	}
	for i := range used {
		v.checkOverlap(&used[i], byPrefix)
	}
}

// checkOverlap looks for a shorter prefix of which the keys of this one are numbers.
func (v *validator) checkOverlap(u *usedPrefix, byPrefix map[string]*usedPrefix) {
	for i := len(u.prefix) - 1; i > 0; i-- {
		if shorter := byPrefix[u.prefix[:i]]; shorter != nil && overlaps(shorter.prefix, u.prefix) {
			v.bar(u.e, u.at, rulePrefix, "let the prefix end in a letter", "prefix %s: keys such as %s1 are also numbers of %s, which leads to %s", u.prefix, u.prefix, shorter.prefix, shorter.kind)
			return
		}
	}
}

// reservedFields have a meaning of their own in documents and records.
var reservedFields = []string{"id", "key", "kind", "title", "text", "state", "files", "fields", "language", "field", "value", "check", "comment"}

func (v *validator) checkFields(k *kindSource) {
	seen := make(map[string]bool)
	for i := range k.Fields {
		f := &k.Fields[i]
		e := element{"field", k.ID, f.Name}
		what := fmt.Sprintf("field %q of %s", f.Name, k.ID)
		switch {
		case record.CheckFieldName(f.Name) != nil || strings.Contains(f.Name, "/") || len(f.Name) > 60:
			v.bar(e, f.at, ruleName, "use lower-case words with single blanks", "%s: not a name for a field", what)
		case slices.Contains(reservedFields, f.Name):
			v.bar(e, f.at, ruleName, "choose another name", "%s: the name has a meaning of its own", what)
		case v.src.relation(f.Name) != nil:
			v.bar(e, f.at, ruleName, "choose another name", "%s: the name is that of a relation", what)
		case seen[f.Name]:
			v.bar(e, f.at, ruleDuplicate, "keep one of them", "%s: declared twice", what)
		}
		if up := v.src.inherited(k, f.Name); up != nil && (up.Type != f.Type || up.Many != f.Many) {
			v.bar(e, f.at, ruleField, "choose another name", "%s: is inherited with another type", what)
		}
		seen[f.Name] = true
		v.checkField(f, what, e)
	}
}

func (v *validator) checkField(f *fieldSource, what string, e element) {
	if !slices.Contains(FieldTypes(), f.Type) {
		var names []string
		for _, t := range FieldTypes() {
			names = append(names, string(t))
		}
		v.bar(e, f.at, ruleField, "take one of "+strings.Join(names, ", "), "%s: unknown type %q", what, f.Type)
		return
	}
	switch {
	case f.Help == "" && v.whole:
		v.bar(e, f.at, ruleIncomplete, "add help", "%s: has no help", what)
	case record.CheckLine(f.Help) != nil:
		v.bar(e, f.at, ruleField, "write one line", "%s: help: %v", what, record.CheckLine(f.Help))
	case (f.Type == TypeEnum) != (len(f.Values) > 0):
		v.bar(e, f.at, ruleField, "give values to type enum, and to no other", "%s: values and type do not fit", what)
	case len(f.To) > 0 && f.Type != TypeReference:
		v.bar(e, f.at, ruleField, "leave out to, or use type: reference", "%s: only a reference leads to kinds", what)
	case f.Unit != "" && f.Type != TypeInteger && f.Type != TypeDecimal:
		v.bar(e, f.at, ruleField, "leave out unit, or use a number", "%s: only numbers have a unit", what)
	case f.Closed && f.Type != TypeEnum:
		v.bar(e, f.at, ruleField, "leave out closed", "%s: only values can be closed", what)
	case f.Default != "" && f.Many:
		v.bar(e, f.at, ruleField, "leave out default", "%s: a field of many values has no default", what)
	}
	for _, to := range f.To {
		if k := v.src.kind(to); k == nil || k.Derived {
			v.bar(e, f.at, ruleUndeclared, v.didYouMean(to), "%s: leads to %q, which is no kind people write", what, to)
		}
	}
	v.checkValues(f, what, e)
	if f.Default != "" {
		field := Field{Name: f.Name, Type: f.Type, Values: f.Values}
		if err := field.check(f.Default); err != nil {
			v.bar(e, f.at, ruleField, "write a value of its type", "%s: default %v", what, err)
		}
	}
	v.checkCitations(f.Clauses, what, e, f.at)
}

func (v *validator) checkValues(f *fieldSource, what string, e element) {
	for _, value := range f.Values {
		if record.CheckLine(value.Value) != nil || value.Value == "" || strings.ContainsAny(value.Value, `,"`) {
			v.bar(e, f.at, ruleField, "use words without commas and quotation marks", "%s: %q cannot be a value", what, value.Value)
		}
		v.checkCitations(value.Clauses, what, e, f.at)
	}
}

func (v *validator) checkRelation(r *relationSource) {
	e := element{"relation", r.Verb, ""}
	switch {
	case !verbName.MatchString(r.Verb) || len(r.Verb) > 60 || r.Verb == "files" || r.Verb == "language" || r.Verb == "state":
		v.bar(e, r.at, ruleName, "use lower-case words, read from the source: refines", "%q is not a verb", r.Verb)
	case !verbName.MatchString(r.Reverse) || len(r.Reverse) > 60:
		v.bar(e, r.at, ruleIncomplete, "add reverse, such as refined by", "relation %q: needs its reading from the target, in lower-case words", r.Verb)
	case r.Help == "" && v.whole:
		v.bar(e, r.at, ruleIncomplete, "add help", "relation %q: has no help", r.Verb)
	case record.CheckLine(r.Help) != nil:
		v.bar(e, r.at, ruleRelation, "write one line", "relation %q: help: %v", r.Verb, record.CheckLine(r.Help))
	case len(r.Ends) == 0:
		v.bar(e, r.at, ruleIncomplete, "add ends: [{from: [KIND], to: [KIND]}]", "relation %q: links no kinds", r.Verb)
	case !r.Impact.known():
		v.bar(e, r.at, ruleRelation, "take target-to-source, source-to-target, both or none", "relation %q: unknown impact %q", r.Verb, r.Impact)
	}
	for i := range r.Ends {
		v.checkEnd(r, &r.Ends[i], element{"end", r.Verb, fmt.Sprint(i)})
	}
	v.checkCitations(r.Clauses, "relation "+r.Verb, e, r.at)
}

func (v *validator) checkEnd(r *relationSource, end *endSource, e element) {
	if len(end.From) == 0 || len(end.To) == 0 {
		v.bar(e, end.at, ruleIncomplete, "write {from: [KIND], to: [KIND]}", "relation %q: an end lacks its kinds", r.Verb)
	}
	for _, name := range slices.Concat(end.From, end.To) {
		if name != anyKind && v.src.kind(name) == nil && v.src.set(name) == nil {
			v.bar(e, end.at, ruleUndeclared, v.didYouMean(name), "relation %q: %q is no kind", r.Verb, name)
		}
	}
	if end.Max > 0 && end.Min > end.Max {
		v.bar(e, end.at, ruleRelation, "let min be at most max", "relation %q: at least %d and at most %d", r.Verb, end.Min, end.Max)
	}
}

// checkReadings checks that no words mean two readings of links.
func (v *validator) checkReadings() {
	read := make(map[string]string)
	for i := range v.src.Relations {
		r := &v.src.Relations[i]
		for _, words := range []string{r.Verb, r.Reverse} {
			if other := read[words]; other != "" {
				v.bar(element{"relation", r.Verb, ""}, r.at, ruleDuplicate, "choose other words", "relation %q: %q is already read of %q", r.Verb, words, other)
				break
			}
			read[words] = r.Verb
		}
	}
}

func (v *validator) checkWorkflow(w *workflowSource) {
	e := element{"workflow", w.Name, ""}
	if !verbName.MatchString(w.Name) || len(w.Name) > 60 {
		v.bar(e, w.at, ruleName, "use lower-case words", "%q is not a name for a workflow", w.Name)
	}
	if w.State(w.Initial) == nil {
		v.bar(e, w.at, ruleWorkflow, "let initial name one of its states", "workflow %q: begins in %q, which is no state", w.Name, w.Initial)
		return
	}
	for _, s := range w.States {
		if !verbName.MatchString(string(s.Name)) || len(s.Name) > 60 {
			v.bar(e, s.at, ruleName, "use lower-case words", "workflow %q: %q is not a name for a state", w.Name, s.Name)
		}
		if !slices.Contains(Phases(), s.Phase) {
			v.bar(e, s.at, ruleWorkflow, "take open, effective or closed", "workflow %q: state %q has the unknown phase %q", w.Name, s.Name, s.Phase)
		}
	}
	for i, t := range w.Transitions {
		switch {
		case w.State(t.From) == nil || w.State(t.To) == nil:
			v.bar(e, t.at, ruleUndeclared, "declare both under states", "workflow %q: step from %q to %q names an undeclared state", w.Name, t.From, t.To)
		case t.From == t.To || w.Transition(t.From, t.To) != &w.Transitions[i]:
			v.bar(e, t.at, ruleDuplicate, "keep one step between two states", "workflow %q: the step from %q to %q is declared twice, or leads nowhere", w.Name, t.From, t.To)
		case t.Signature != NoSignature && !slices.Contains(Meanings(), t.Signature):
			v.bar(e, t.at, ruleWorkflow, "take authorship, review, approval or responsibility", "workflow %q: unknown signature %q", w.Name, t.Signature)
		}
	}
	reached := w.reach(w.Initial, NoSignature)
	for _, s := range w.States {
		switch {
		case slices.Contains(reached, s.Name):
		case slices.Contains(v.cut, w.Name):
			v.bad = append(v.bad, e)
		default:
			v.bar(e, s.at, ruleWorkflow, "add a transition to it", "workflow %q: no way leads to state %q", w.Name, s.Name)
		}
	}
	v.checkCitations(w.Clauses, "workflow "+w.Name, e, w.at)
}

// checkProtections compares the list with what this version enforces.
func (v *validator) checkProtections() {
	seen := make(map[string]bool)
	for _, p := range v.src.Protected {
		switch {
		case !slices.Contains(protections(), p.ID):
			v.fault(p.at, ruleUndeclared, "take it out, or enforce it in merge.go", "protected %q: nothing enforces it", p.ID)
		case p.What == "" || p.Reason == "":
			v.fault(p.at, ruleIncomplete, "add what and reason", "protected %q: needs what and reason", p.ID)
		}
		seen[p.ID] = true
	}
	for _, id := range protections() {
		if !seen[id] {
			v.fault(position{1, 1}, ruleIncomplete, "add it under protected", "%q is enforced, but not listed as protected", id)
		}
	}
}
