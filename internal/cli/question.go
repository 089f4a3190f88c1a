package cli

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
	"github.com/goldthread/goldthread/internal/verification"
)

// question is an expression of --where that is asked of the items of a folder.
type question struct {
	folder *folder
	text   string
	wide   bool  // it asks for a kind that nobody writes by hand
	err    error // the first one of reading a text
}

// condition tells whether an item answers to a question.
type condition func(project.Handle) bool

// ask reads an expression for the items of the folder.
func (f *folder) ask(text string) (*question, condition, error) {
	q := &question{folder: f, text: text}
	w, err := parseWhere(text)
	var holds condition
	if err == nil {
		holds, err = q.condition(w)
	}
	var bad *whereFault
	if errors.As(err, &bad) {
		out := fault.New(fault.Invalid, fmt.Sprintf("--where, column %d: %s", bad.Column(), bad.message), errors.New(bad.mark()))
		if bad.hint != "" {
			out = out.WithHint(bad.hint)
		}
		return nil, nil, out
	}
	return q, holds, err
}

func (q *question) fault(at int, hint, format string, args ...any) error {
	return &whereFault{q.text, at, fmt.Sprintf(format, args...), hint}
}

func (q *question) condition(w *where) (condition, error) {
	switch w.op {
	case opOr, opAnd, opNot:
		return q.combined(w)
	case opSuspect:
		return q.folder.hasSuspectLink, nil
	case opUnverified:
		return func(h project.Handle) bool { return len(verification.Verifiers(q.folder.thread, h)) == 0 }, nil
	case opHas, opLinks:
		return q.has(w)
	default:
		return q.comparison(w)
	}
}

func (q *question) combined(w *where) (condition, error) {
	parts := make([]condition, len(w.parts))
	wide := q.wide
	for i, part := range w.parts {
		var err error
		if parts[i], err = q.condition(part); err != nil {
			return nil, err
		}
	}
	switch w.op {
	case opNot:
		q.wide = wide // what is not wanted is not asked for
		return func(h project.Handle) bool { return !parts[0](h) }, nil
	case opOr:
		return func(h project.Handle) bool {
			return slices.ContainsFunc(parts, func(c condition) bool { return c(h) })
		}, nil
	default:
		return func(h project.Handle) bool {
			return !slices.ContainsFunc(parts, func(c condition) bool { return !c(h) })
		}, nil
	}
}

// hasSuspectLink reports whether a link from the item is suspect: one that
// goldthread confirm would confirm.
func (f *folder) hasSuspectLink(h project.Handle) bool {
	for e := range f.snapshot.Out(h).All() {
		if f.thread.IsSuspect(e.Link) {
			return true
		}
	}
	return false
}

func (q *question) has(w *where) (condition, error) {
	p, err := q.property(w)
	if err != nil {
		return nil, err
	}
	if w.op == opLinks && !p.relation {
		return nil, q.fault(w.nameAt, "has "+w.name, "%s is no relation", printable(p.name))
	}
	return func(h project.Handle) bool { return len(p.set(h)) > 0 }, nil
}

func (q *question) property(w *where) (*property, error) {
	p, near := q.folder.property(w.name)
	if p != nil {
		return p, nil
	}
	hint := "goldthread list --help"
	if len(near) > 0 {
		hint = "did you mean " + oneOf(near) + "?"
	}
	return nil, q.fault(w.nameAt, hint, "there is no field or relation %q", printable(w.name))
}

func (q *question) comparison(w *where) (condition, error) {
	p, err := q.property(w)
	if err != nil {
		return nil, err
	}
	switch w.op {
	case opEqual, opUnequal:
		equal, err := q.equal(p, w)
		if err != nil || w.op == opEqual {
			return equal, err
		}
		return func(h project.Handle) bool { return !equal(h) }, nil
	case opContains:
		part := strings.ToLower(w.value)
		return q.anyValue(p, func(v string) bool { return strings.Contains(strings.ToLower(v), part) }), nil
	default:
		order, err := q.ordered(w)
		return q.anyValue(p, order), err
	}
}

// anyValue holds for items of which some value is wanted.
func (q *question) anyValue(p *property, wanted func(string) bool) condition {
	return func(h project.Handle) bool {
		values, err := p.values(h)
		if err != nil && q.err == nil {
			q.err = err
		}
		return slices.ContainsFunc(values, wanted)
	}
}

// equal compares with a value, and refuses one that the property never has: a
// typing error must not look like an empty answer.
func (q *question) equal(p *property, w *where) (condition, error) {
	if p.name == "kind" {
		s, err := q.folder.selectKind(w.value)
		if err != nil {
			return nil, q.fault(w.valueAt, fault.Hint(err), "%s", fault.Sentence(err))
		}
		for _, k := range s.kinds {
			q.wide = q.wide || w.op == opEqual && !q.folder.isItem(k)
		}
		return func(h project.Handle) bool { return s.has(q.folder, h) }, nil
	}
	accepted := []string{w.value}
	if p.closed != nil {
		accepted = nil
		for _, v := range p.closed {
			if strings.EqualFold(v.value, w.value) || v.code != "" && strings.EqualFold(v.code, w.value) {
				accepted = append(accepted, v.value)
			}
		}
		if len(accepted) == 0 {
			return nil, q.noValue(p, w)
		}
	}
	return q.anyValue(p, func(v string) bool {
		return slices.ContainsFunc(accepted, func(a string) bool { return strings.EqualFold(a, v) })
	}), nil
}

func (q *question) noValue(p *property, w *where) error {
	var names []string
	for _, v := range p.closed {
		if !slices.Contains(names, v.value) {
			names = append(names, v.value)
		}
	}
	hint := "it is " + oneOf(names)
	if near := nearestNames(w.value, slices.Values(names), 3); len(near) > 0 {
		hint = "did you mean " + oneOf(near) + "?"
	}
	return q.fault(w.valueAt, hint, "%s is never %q", p.name, printable(w.value))
}

var (
	number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	date   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`)
)

// maxDigits is the longest number that is compared, in characters.
const maxDigits = 100

// ordered compares numbers by their value and dates by the calendar.
func (q *question) ordered(w *where) (func(string) bool, error) {
	if want := readNumber(w.value); want != nil {
		return func(v string) bool {
			got := readNumber(v)
			return got != nil && inOrder(w.op, got.Cmp(want))
		}, nil
	}
	if date.MatchString(w.value) {
		return func(v string) bool { return date.MatchString(v) && inOrder(w.op, strings.Compare(v, w.value)) }, nil
	}
	return nil, q.fault(w.valueAt, "", "%s compares numbers like 0.25 and dates like 2026-03-02, and %q is neither", w.op, printable(w.value))
}

func readNumber(s string) *big.Rat {
	if len(s) > maxDigits || !number.MatchString(s) {
		return nil
	}
	r, _ := new(big.Rat).SetString(s)
	return r
}

func inOrder(op whereOp, sign int) bool {
	switch op {
	case opLess:
		return sign < 0
	case opAtMost:
		return sign <= 0
	case opMore:
		return sign > 0
	case opAtLeast:
		return sign >= 0
	default:
		return false
	}
}

// property is something that can be asked of an item, and shown in a column.
type property struct {
	name     string
	relation bool
	closed   []closedValue // all values it can have, nil for any
	values   func(project.Handle) ([]string, error)
	// set is values without defaults of the schema, and without reading texts.
	set func(project.Handle) []string
}

type closedValue struct{ value, code string }

// property finds what a name means: a property of all items, a field, a
// relation read from either end; else the names that come near.
func (f *folder) property(name string) (p *property, near []string) {
	plain := plainPropertyName(name)
	for _, p := range f.ownProperties() {
		if p.name == plain {
			return p, nil
		}
	}
	if p := f.fieldProperty(plain, name); p != nil {
		return p, nil
	}
	if p := f.relationProperty(plain); p != nil {
		return p, nil
	}
	return nil, nearestNames(plain, slices.Values(f.propertyNames()), 3)
}

// plainPropertyName is a name as people type it: in any case, with dots, dashes
// and underscores for blanks.
func plainPropertyName(name string) string {
	return plainKindName(strings.ReplaceAll(name, ".", " "))
}

// ownProperties are those that every item has, whatever its kind.
func (f *folder) ownProperties() []*property {
	s := f.snapshot
	one := func(name string, value func(h project.Handle, n *project.Node) string) *property {
		set := func(h project.Handle) []string {
			if v := value(h, s.Node(h)); v != "" {
				return []string{v}
			}
			return nil
		}
		return &property{name: name, set: set, values: func(h project.Handle) ([]string, error) { return set(h), nil }}
	}
	state := one("state", func(_ project.Handle, n *project.Node) string { return string(f.state(n)) })
	state.closed = f.states()
	result := one("result", f.result)
	for _, o := range append(verification.Outcomes(), verification.NoResult) {
		result.closed = append(result.closed, closedValue{value: string(o)})
	}
	return []*property{
		one("key", func(_ project.Handle, n *project.Node) string { return string(n.Item.Key) }),
		one("kind", func(_ project.Handle, n *project.Node) string { return string(n.Item.Kind) }),
		one("title", func(_ project.Handle, n *project.Node) string { return n.Item.Title }),
		state, f.textProperty(), result,
		one("language", func(_ project.Handle, n *project.Node) string { return n.Item.Language }),
		one("document", func(_ project.Handle, n *project.Node) string {
			if n.Document == project.NoHandle {
				return ""
			}
			return string(s.Node(n.Document).Item.Key)
		}),
		one("file", func(h project.Handle, _ *project.Node) string { file, _ := f.place(h); return file }),
		one("line", func(h project.Handle, _ *project.Node) string { _, line := f.place(h); return fmt.Sprint(line) }),
	}
}

func (f *folder) states() []closedValue {
	var all []closedValue
	for _, w := range f.schema.Workflows() {
		for _, s := range w.States {
			all = append(all, closedValue{value: string(s.Name)})
		}
	}
	return all
}

// result is the outcome of a test, and for an item that tests verify what they
// say together.
func (f *folder) result(h project.Handle, n *project.Node) string {
	if n.Result != nil {
		return n.Result.Outcome
	}
	if verifiers := verification.Verifiers(f.thread, h); len(verifiers) > 0 || f.schema.Is(n.Item.Kind, schema.KindTEST) {
		return string(verification.ItemOutcome(verifiers))
	}
	return ""
}

func (f *folder) textProperty() *property {
	values := func(h project.Handle) ([]string, error) {
		text, err := f.snapshot.Text(f.draft, h)
		if text == "" {
			return nil, err
		}
		return []string{text}, err
	}
	return &property{name: "text", values: values, set: func(h project.Handle) []string { v, _ := values(h); return v }}
}

// fieldProperty is a field of some kind; foreign ones are known by their exact
// name.
func (f *folder) fieldProperty(plain, typed string) *property {
	p := &property{}
	defaults := map[record.Kind]string{}
	open := false
	for _, k := range f.schema.Kinds() {
		field := k.Field(plain)
		if field == nil {
			continue
		}
		p.name = field.Name
		defaults[k.ID] = field.Default
		closed := closedValues(field)
		p.closed = append(p.closed, closed...)
		open = open || closed == nil
	}
	if open {
		p.closed = nil
	}
	if p.name == "" && slices.Contains(f.foreignFields(), typed) {
		p.name = typed
	}
	if p.name == "" {
		return nil
	}
	p.set = func(h project.Handle) []string { return f.snapshot.Node(h).Item.Field(p.name) }
	p.values = func(h project.Handle) ([]string, error) {
		n := f.snapshot.Node(h)
		set := slices.ContainsFunc(n.Item.Fields, func(x record.Field) bool { return x.Name == p.name })
		if d := defaults[n.Item.Kind]; !set && d != "" {
			return []string{d}, nil
		}
		return n.Item.Field(p.name), nil
	}
	return p
}

func closedValues(field *schema.Field) []closedValue {
	switch field.Type {
	case schema.TypeEnum:
		all := []closedValue{}
		for _, v := range field.Values {
			all = append(all, closedValue{v.Value, v.Code})
		}
		return all
	case schema.TypeBoolean:
		return []closedValue{{value: "yes"}, {value: "no"}}
	default:
		return nil
	}
}

// foreignFields lists the fields that no kind declares.
func (f *folder) foreignFields() []string {
	var names []string
	known := map[string]bool{}
	for _, n := range f.snapshot.All() {
		for _, x := range n.Item.Fields {
			if !known[x.Name] && strings.Contains(x.Name, "/") {
				known[x.Name] = true
				names = append(names, x.Name)
			}
		}
	}
	return names
}

// relationProperty is a relation, read from its source or from its target; its
// values are the keys at the other end.
func (f *folder) relationProperty(plain string) *property {
	for v := range f.verbs() {
		for _, side := range []struct {
			reading string
			edges   func(project.Handle) *project.Edges
		}{{string(v), f.snapshot.Out}, {f.thread.Reverse(v), f.snapshot.In}} {
			if plainKindName(side.reading) != plain {
				continue
			}
			set := func(h project.Handle) []string { return f.farKeys(side.edges(h), v) }
			return &property{name: side.reading, relation: true, set: set, values: func(h project.Handle) ([]string, error) { return set(h), nil }}
		}
	}
	return nil
}

func (f *folder) farKeys(edges *project.Edges, verb record.Verb) []string {
	var keys []string
	for e := range edges.All() {
		n := f.snapshot.Node(e.Node)
		if f.snapshot.Verb(e.Verb) == verb && !n.Retired {
			keys = append(keys, string(n.Item.Key))
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return record.CompareKeys(record.Key(a), record.Key(b)) })
	return keys
}

// verbs yields those of the schema, then the foreign ones of the project.
func (f *folder) verbs() func(yield func(record.Verb) bool) {
	return func(yield func(record.Verb) bool) {
		for _, r := range f.schema.Relations() {
			if !yield(r.Verb) {
				return
			}
		}
		for i := range f.snapshot.Verbs() {
			v := f.snapshot.Verb(project.VerbIndex(i))
			if f.schema.Relation(v) == nil && !yield(v) {
				return
			}
		}
	}
}

// propertyNames lists every name that property knows.
func (f *folder) propertyNames() []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, p := range f.ownProperties() {
		add(p.name)
	}
	for _, k := range f.schema.Kinds() {
		for _, field := range k.Fields {
			add(field.Name)
		}
	}
	for v := range f.verbs() {
		add(string(v))
		add(f.thread.Reverse(v))
	}
	return append(names, f.foreignFields()...)
}
