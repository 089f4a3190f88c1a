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
