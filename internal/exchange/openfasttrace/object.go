package openfasttrace

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// object reads one item.
func (s *specobject) object() {
	e := s.element()
	if e == nil {
		return
	}
	s.items++
	s.order++
	o := &object{s: s, at: e.at}
	o.item = newItem(id{}, o.at)
	o.item.Document, o.item.Order, o.item.Type = s.doc.Key, s.order, s.doctype
	if e.Attributes != nil {
		for _, name := range slices.Sorted(maps.Keys(e.Attributes)) {
			o.item.Fields = append(o.item.Fields, exchange.Field{Name: "@" + name, Values: []string{e.Attributes[name]}, At: o.at})
		}
	}
	for _, child := range e.Children {
		o.part(child)
	}
	o.finish()
	s.doc.Items = append(s.doc.Items, o.item)
}

// object is an item while it is read.
type object struct {
	s             *specobject
	item          exchange.Item
	at            exchange.Position
	name, version string
}

func (o *object) part(e *element) {
	f := &exchange.Field{Values: []string{e.Text}, At: e.at}
	simple := len(e.Children) == 0 && len(e.Attributes) == 0
	set := func(to *string, value string) {
		if *to != "" || !simple {
			o.item.Fields = append(o.item.Fields, e.field())
			return
		}
		*to = value
	}
	switch e.Name {
	case "id":
		set(&o.name, strings.TrimSpace(e.Text))
	case "version":
		set(&o.version, strings.TrimSpace(e.Text))
	case "shortdesc":
		set(&o.item.Title, e.Text)
	case "description":
		set(&o.item.Text, e.Text)
	case "rationale", "comment", "status":
		f.Name = map[string]string{"rationale": fieldRationale, "comment": fieldComment, "status": fieldStatus}[e.Name]
		f.Data = map[string]exchange.DataType{fieldStatus: exchange.DataEnum}[f.Name]
		if f.Data == "" {
			f.Data = exchange.DataMarkup
		} else {
			f.Values[0] = strings.TrimSpace(e.Text)
		}
		if simple {
			o.item.Fields = append(o.item.Fields, *f)
		} else {
			o.item.Fields = append(o.item.Fields, e.field())
		}
	case "needscoverage":
		o.list(e, "needsobj", fieldNeeds)
	case "tags":
		o.list(e, "tag", fieldTags)
	case "providescoverage":
		o.each(e, "provcov", o.covers)
	case "fulfilledby":
		o.each(e, "ffbobj", o.fulfilled)
	case "dependencies":
		o.each(e, "dependson", o.depends)
	default:
		o.item.Fields = append(o.item.Fields, e.field())
	}
}

// list reads elements with one word each into a field.
func (o *object) list(e *element, name, field string) {
	f := exchange.Field{Name: field, At: e.at}
	o.each(e, name, func(child *element) bool {
		if len(child.Children)+len(child.Attributes) > 0 || strings.TrimSpace(child.Text) == "" {
			return false
		}
		f.Values = append(f.Values, strings.TrimSpace(child.Text))
		return true
	})
	if len(f.Values) > 0 {
		o.item.Fields = append(o.item.Fields, f)
	}
}

// each visits the children with a name, however its letters are written, and keeps the others.
func (o *object) each(e *element, name string, visit func(*element) bool) {
	for _, child := range e.Children {
		if !strings.EqualFold(child.Name, name) || !visit(child) {
			f := child.field()
			f.Name = e.Name + "/" + f.Name
			o.item.Fields = append(o.item.Fields, f)
			o.s.add(child.at.Line, child.at.Column, false, "<"+child.Name+"> in <"+e.Name+"> is not understood; it is kept as a field", "compare it with the files of ReqM2")
		}
	}
}

// reference reads an id of which the type may stand before the name, as in req:name.
func reference(name, version string) (target id, written string) {
	target = id{unknownType, name, version}
	if n := letters(name); n > 0 {
		rest := name[n:]
		if second := strings.TrimPrefix(rest, "~"); second != rest {
			rest = second[letters(second):]
		}
		if after, ok := strings.CutPrefix(rest, ":"); ok && nameLength(after) == len(after) && after != "" {
			target.artifact, target.name = name[:n], after
		}
	}
	if target.artifact == unknownType {
		written = name
	}
	return target, written
}

// child is the text of a child, whatever the case of its name.
func child(e *element, name string) (string, bool) {
	for _, c := range e.Children {
		if strings.EqualFold(c.Name, name) {
			return strings.TrimSpace(c.Text), true
		}
	}
	return "", false
}

func (o *object) covers(e *element) bool {
	to, ok := child(e, "linksto")
	version, versioned := child(e, "dstversion")
	if !ok || to == "" || !versioned || len(e.Children) > 2 || len(e.Attributes) > 0 {
		return false
	}
	target, written := reference(to, version)
	o.link(verbCovers, target, written, e)
	return true
}

func (o *object) fulfilled(e *element) bool {
	name, ok := child(e, "ffbid")
	artifact, typed := child(e, "ffbtype")
	version, versioned := child(e, "ffbversion")
	if !ok || !typed || !versioned || name == "" || len(e.Children) > 3 || len(e.Attributes) > 0 {
		return false
	}
	o.link(verbFulfilled, plainName(id{artifact, name, version}), "", e)
	return true
}

func (o *object) depends(e *element) bool {
	text := strings.TrimSpace(e.Text)
	target, ok := wholeID(text)
	if !ok || len(e.Children)+len(e.Attributes) > 0 {
		return false
	}
	written := ""
	if target.String() != text {
		written = text
	}
	o.link(verbDepends, target, written, e)
	return true
}

func (o *object) link(verb string, target id, written string, e *element) {
	o.s.links++
	o.item.Links = append(o.item.Links, exchange.Link{Verb: verb, Target: target.String(), Written: written, State: exchange.Unresolved, At: e.at})
}

// plainName takes the type from before the name: req:name is name.
func plainName(i id) id {
	if target, _ := reference(i.name, i.revision); target.artifact != unknownType {
		i.name = target.name
		if i.artifact == "" {
			i.artifact = target.artifact
		}
	}
	return i
}

// finish gives the item its key.
func (o *object) finish() {
	key := plainName(id{o.item.Type, o.name, o.version})
	if key.artifact == "" {
		key.artifact = unknownType
	}
	if o.item.Type == "" {
		o.item.Type = key.artifact
	}
	if key.name != o.name {
		o.item.Fields = append(o.item.Fields, exchange.Field{Name: "id", Values: []string{o.name}, At: o.at})
	}
	if o.name == "" {
		o.s.add(o.at.Line, o.at.Column, false, "the <"+tagSpecObject+"> has no id", "give it one")
		return
	}
	if _, err := strconv.ParseUint(o.version, 10, 31); err != nil {
		o.s.add(o.at.Line, o.at.Column, false, fmt.Sprintf("the version %q of %s is no number", o.version, o.name), "count from 1")
	}
	o.item.Key = key.String()
}
