package trlc

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// valueKind is what a value is as written; what it means says the type of its component.
type valueKind uint8

const (
	valueString valueKind = iota
	valueInteger
	valueDecimal
	valueBoolean
	valueNull
	valueName      // of an object or of a literal of an enumeration, perhaps with packages
	valueArray     // [a, b]
	valueTuple     // (a, b)
	valueSeparated // a @ b
)

// value is a value as written.
type value struct {
	kind         valueKind
	unterminated bool
	text         string   // of strings with their quotes
	items        []value  // of arrays and tuples
	separators   []string // between items, of valueSeparated
	at           exchange.Position
}

// parser is a lexer that knows the grammar which models and objects share.
type parser struct {
	*lexer
	values int // of the present component
}

// expect takes the next token where it is the mark or keyword.
func (p *parser) expect(text, where string) bool {
	if p.is(text) {
		p.next()
		return true
	}
	p.missing("'"+text+"'", where)
	return false
}

// missing says what stands where something else should.
func (p *parser) missing(what, where string) {
	t := p.peek(0)
	found := "the end of the file"
	if t.kind != tokenEnd {
		found = fmt.Sprintf("%.40q", p.string(t))
	}
	p.fault(p.position(t), true, "", fmt.Sprintf("%s is expected %s, but there is %s", what, where, found), "write it as the TRLC reference manual shows")
}

// name is an identifier; words that are keywords only to later versions are taken too.
func (p *parser) name() (string, token, bool) {
	t := p.peek(0)
	if t.kind != tokenName && !(t.kind == tokenKeyword && p.peek(1).kind == tokenMark && p.string(p.peek(1)) == "=") {
		return "", t, false
	}
	return p.string(p.next()), t, true
}

// qualified is a name with the packages before it.
func (p *parser) qualified() (string, token, bool) {
	first, t, ok := p.name()
	if !ok || !p.is(".") {
		return first, t, ok
	}
	parts := []string{first}
	for p.is(".") && p.peek(1).kind == tokenName && len(parts) < p.limits.Depth {
		p.next()
		parts = append(parts, p.string(p.next()))
	}
	return strings.Join(parts, "."), t, true
}

// value is the value of a component.
func (p *parser) value(depth int) (value, bool) {
	first, ok := p.primary(depth)
	if !ok {
		return first, false
	}
	var all []value
	var separators []string
	for {
		t := p.peek(0)
		switch {
		case t.kind == tokenMark && (p.is("@") || p.is(":") || p.is(";")):
		case t.kind == tokenName && !p.assigned(1):
		default:
			if all == nil {
				return first, true
			}
			return value{kind: valueSeparated, items: append([]value{first}, all...), separators: separators, at: first.at}, true
		}
		separators = append(separators, p.string(p.next()))
		v, ok := p.primary(depth)
		if !ok {
			return first, false
		}
		all = append(all, v)
	}
}

// assigned says that a = stands n tokens ahead.
func (p *parser) assigned(n int) bool {
	t := p.peek(n)
	return t.kind == tokenMark && p.string(t) == "="
}

// primary is a value without separators.
func (p *parser) primary(depth int) (value, bool) {
	t := p.peek(0)
	v := value{at: p.position(t)}
	if p.values++; p.values > p.limits.Values {
		p.fault(v.at, true, "", fmt.Sprintf("the component has more than %d values", p.limits.Values), "split it")
		return v, false
	}
	switch {
	case t.kind == tokenString:
		v.kind, v.text, v.unterminated = valueString, p.string(p.next()), t.unterminated
		if len(v.text) > p.limits.ValueBytes {
			p.fault(v.at, true, "", fmt.Sprintf("the string is longer than %d bytes", p.limits.ValueBytes), "shorten it")
			return v, false
		}
	case t.kind == tokenInteger, t.kind == tokenDecimal, p.is("-"), p.is("+"):
		return p.number(v)
	case p.is("true"), p.is("false"):
		v.kind, v.text = valueBoolean, p.string(p.next())
	case p.is("null"):
		v.kind = valueNull
		p.next()
	case p.is("["):
		v.kind = valueArray
		return p.list(v, "]", depth)
	case p.is("("):
		v.kind = valueTuple
		return p.list(v, ")", depth)
	case t.kind == tokenName:
		v.kind = valueName
		v.text, _, _ = p.qualified()
	default:
		p.missing("a value", "here")
		return v, false
	}
	return v, true
}

func (p *parser) number(v value) (value, bool) {
	sign := ""
	if p.is("-") || p.is("+") {
		sign = strings.Trim(p.string(p.next()), "+")
	}
	t := p.peek(0)
	switch t.kind {
	case tokenInteger:
		v.kind = valueInteger
	case tokenDecimal:
		v.kind = valueDecimal
	default:
		p.missing("a number", "after its sign")
		return v, false
	}
	v.text = sign + p.string(p.next())
	return v, true
}

// list is the rest of an array or tuple, from its opening bracket on.
func (p *parser) list(v value, end string, depth int) (value, bool) {
	if depth >= p.limits.Depth {
		p.fault(v.at, true, "", fmt.Sprintf("values are nested more than %d deep", p.limits.Depth), "write them flat")
		return v, false
	}
	p.next()
	for !p.is(end) {
		item, ok := p.value(depth + 1)
		if !ok {
			return v, false
		}
		v.items = append(v.items, item)
		if p.is(",") {
			p.next()
			continue
		}
		if !p.is(end) {
			p.missing("',' or '"+end+"'", "behind a value")
			return v, false
		}
	}
	p.next()
	return v, true
}
