package souptoml

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// TypeSOUP is the type of entries that do not say theirs.
const TypeSOUP = "SOUP"

// Attributes that have a place of their own, the first that is there.
var (
	keyNames   = []string{"component_id", "id", "key", "identifier"}
	titleNames = []string{"name", "title", "component", "package"}
	textNames  = []string{"usage", "purpose", "description", "intended_use"}
	typeNames  = []string{"classification", "type"}
	linkNames  = []string{"depends_on", "dependencies", "parents", "requires"} // links where all that they name is in the registers
)

// reader holds one reading.
type reader struct {
	fsys   fs.FS
	limits Limits
	faults []exchange.Fault
	files  []string
	others []string
	docs   []exchange.Document
	keys   map[string]bool
	verbs  []string
	types  []exchange.Type
	counts exchange.Counts
	lost   []exchange.Loss
}

func (r *reader) fault(at exchange.Position, isError bool, item, message, remedy string) {
	r.faults = append(r.faults, exchange.Fault{At: at, Item: item, Message: message, Remedy: remedy, Error: isError})
}

func (r *reader) file(name string) {
	r.files = append(r.files, name)
	text, refused := exchange.ReadText(r.fsys, name, r.limits.FileBytes, nil)
	if refused != nil {
		r.faults = append(r.faults, *refused)
		return
	}
	f := &file{name: name, text: []byte(text), limits: r.limits}
	root, err := f.parse()
	if err != nil {
		if why, ok := errors.AsType[*refusal](err); ok {
			r.fault(why.at, true, "", why.message, why.remedy)
		}
		return
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	d := exchange.Document{Key: stem, Title: path.Base(stem), Path: name, At: root.at}
	notes := f.joined()
	for _, member := range root.names {
		v := root.members[member]
		switch {
		case isRegisterArray(v):
			for _, entry := range v.items {
				notes = r.item(&d, entry, "", notes)
			}
		case isRegisterTable(v):
			for _, key := range v.names {
				notes = r.item(&d, v.members[key], key, notes)
			}
		case member == "title" && v.quoted:
			d.Title = v.text
		default:
			d.Fields = append(d.Fields, v.field(member))
		}
	}
	r.notes(&d, notes, -1)
	if root.comment != nil {
		d.Fields = append(d.Fields, exchange.Field{Name: "comment", Values: root.comment, At: root.at})
	}
	if len(d.Items) == 0 {
		r.fault(root.at, false, "", "the file holds no table of components that have a name or an id", "write one table [[entries]] a component")
	}
	r.docs = append(r.docs, d)
}

// joined are the comments, those directly below each other in one.
func (f *file) joined() []note {
	var out []note
	for i := 0; i < len(f.notes); {
		end := i + 1
		for end < len(f.notes) && f.notes[end].at.Line == f.notes[end-1].at.Line+1 {
			end++
		}
		lines := make([]string, 0, end-i)
		for _, n := range f.notes[i:end] {
			lines = append(lines, n.text)
		}
		out = append(out, note{strings.Join(lines, "\n"), f.notes[i].at})
		i = end
	}
	return out
}

// notes makes blocks of the comments above a line, all for a line of -1, and gives back the others.
func (r *reader) notes(d *exchange.Document, notes []note, line int) []note {
	for len(notes) > 0 && (line < 0 || notes[0].at.Line < line) {
		d.Blocks = append(d.Blocks, exchange.Block{Kind: "comment", Text: notes[0].text, At: notes[0].at, Order: len(d.Blocks) + len(d.Items) + 1})
		notes = notes[1:]
	}
	return notes
}

// isRegisterArray says that a value is an array of tables of which each has a name or an id.
func isRegisterArray(v *value) bool {
	if v.kind != array || len(v.items) == 0 {
		return false
	}
	for _, entry := range v.items {
		if entry.kind != table || entry.first(keyNames) == "" && entry.first(titleNames) == "" {
			return v.tables && v.named()
		}
	}
	return true
}

// named says that one of the tables of an array has a name or an id.
func (v *value) named() bool {
	return slices.ContainsFunc(v.items, func(entry *value) bool {
		return entry.kind == table && (entry.first(keyNames) != "" || entry.first(titleNames) != "")
	})
}

// isRegisterTable says that a value is a table of tables of which each has a version: [soup.glfw].
func isRegisterTable(v *value) bool {
	if v.kind != table || len(v.names) == 0 {
		return false
	}
	for _, name := range v.names {
		m := v.members[name]
		if m.kind != table || m.members["version"] == nil {
			return false
		}
	}
	return true
}

// first is the name of the first attribute that is there and says something in one value.
func (v *value) first(names []string) string {
	for _, name := range names {
		if m := v.members[name]; m != nil && m.kind == scalar && m.text != "" {
			return name
		}
	}
	return ""
}

// item makes an item of the table of a component. The comments above it go before it.
func (r *reader) item(d *exchange.Document, entry *value, key string, notes []note) []note {
	notes = r.notes(d, notes, entry.at.Line)
	r.counts.Items++
	it := exchange.Item{Type: TypeSOUP, Key: key, Document: d.Key, Order: len(d.Blocks) + len(d.Items) + 1, Normative: true, Active: true,
		Review: exchange.Review{State: exchange.NotReviewed}, At: entry.at}
	taken := map[string]bool{}
	take := func(names []string, into *string) {
		if name := entry.first(names); name != "" {
			*into = entry.members[name].text
			taken[name] = true
		}
	}
	if key == "" {
		take(keyNames, &it.Key)
	}
	take(titleNames, &it.Title)
	take(textNames, &it.Text)
	take(typeNames, &it.Type)
	if it.Key == "" { // its name is all that tells it apart
		it.ID = it.Title
	}
	for _, name := range entry.names {
		if !taken[name] {
			it.Fields = append(it.Fields, entry.members[name].field(name))
		}
	}
	if entry.comment != nil {
		it.Fields = append(it.Fields, exchange.Field{Name: "comment", Values: entry.comment, At: entry.at})
	}
	r.judge(&it, entry)
	r.met(it.Type, it.Fields)
	d.Items = append(d.Items, it)
	return notes
}

func (r *reader) judge(it *exchange.Item, entry *value) {
	id := it.Identity()
	switch {
	case id == "":
		r.fault(it.At, false, "", "the component has neither a name nor an id", "add name =")
	case r.keys[id]:
		r.fault(it.At, false, it.Key, fmt.Sprintf("the component %s is there already", id), "give one of the two another id")
	}
	if id != "" {
		r.keys[id] = true
	}
	if entry.members["version"] == nil {
		r.fault(it.At, false, it.Key, fmt.Sprintf("the component %s has no version", id), "add version =")
	}
}

// met notes a type and its attributes.
func (r *reader) met(name string, fields []exchange.Field) {
	i := slices.IndexFunc(r.types, func(t exchange.Type) bool { return t.Name == name })
	if i < 0 {
		i = len(r.types)
		r.types = append(r.types, exchange.Type{Name: name})
	}
	t := &r.types[i]
	for _, f := range fields {
		if !slices.ContainsFunc(t.Attributes, func(a exchange.Attribute) bool { return a.Name == f.Name }) && len(t.Attributes) < 1000 {
			t.Attributes = append(t.Attributes, exchange.Attribute{Name: f.Name, Data: cmp.Or(f.Data, exchange.DataString), Many: len(f.Values) > 1})
		}
	}
}

// field is an attribute of any shape: a scalar, an array of scalars, or JSON.
func (v *value) field(name string) exchange.Field {
	f := exchange.Field{Name: name, At: v.at}
	switch {
	case v.kind == scalar:
		f.Values, f.Data = []string{v.text}, v.data
	case v.kind == array && !slices.ContainsFunc(v.items, func(item *value) bool { return item.kind != scalar }):
		f.Values = make([]string, len(v.items))
		for i, item := range v.items {
			f.Values[i] = item.text
		}
		if len(v.items) > 0 && !slices.ContainsFunc(v.items, func(item *value) bool { return item.data != v.items[0].data }) {
			f.Data = v.items[0].data
		}
	default:
		var b strings.Builder
		v.json(&b)
		f.Values, f.Nested = []string{b.String()}, true
	}
	return f
}

// json writes a value; its depth was bounded when it was read.
func (v *value) json(b *strings.Builder) {
	switch v.kind {
	case array:
		b.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.json(b)
		}
		b.WriteByte(']')
	case table:
		b.WriteByte('{')
		for i, name := range v.names {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quote(name))
			b.WriteByte(':')
			v.members[name].json(b)
		}
		b.WriteByte('}')
	default:
		if !v.quoted && json.Valid([]byte(v.text)) {
			b.WriteString(v.text)
			return
		}
		b.WriteString(quote(v.text))
	}
}

func quote(s string) string {
	out, err := json.Marshal(s)
	if err != nil { // a string always has a JSON form
		panic("souptoml: encode a string as JSON: " + err.Error())
	}
	return string(out)
}

// links makes links of the attributes that name other components, where all that they name is there.
func (r *reader) links() {
	for i := range r.docs {
		for j := range r.docs[i].Items {
			it := &r.docs[i].Items[j]
			it.Fields = slices.DeleteFunc(it.Fields, func(f exchange.Field) bool {
				if f.Nested || len(f.Values) == 0 || !slices.Contains(linkNames, f.Name) || slices.ContainsFunc(f.Values, func(v string) bool { return !r.keys[v] }) {
					return false
				}
				for _, v := range f.Values {
					r.counts.Links++
					it.Links = append(it.Links, exchange.Link{Verb: f.Name, Target: v, At: f.At, State: exchange.Unconfirmed})
				}
				if !slices.Contains(r.verbs, f.Name) {
					r.verbs = append(r.verbs, f.Name)
				}
				return true
			})
		}
	}
}

// tree puts everything in order.
func (r *reader) tree() *exchange.Tree {
	r.links()
	t := &exchange.Tree{Format: Format, Markup: "markdown", Types: r.types, Documents: r.docs, Files: r.files, Others: r.others, Lost: r.lost, Read: r.counts}
	slices.Sort(r.verbs)
	for _, verb := range r.verbs {
		t.Relations = append(t.Relations, exchange.Relation{Verb: verb})
	}
	t.Read.Documents = len(t.Documents)
	if len(r.files) == 0 && len(r.faults) == 0 {
		r.fault(exchange.Position{File: "."}, true, "", "no TOML file lies in the folder", "name the folder that holds the register")
	}
	exchange.SortFaults(r.faults)
	t.Faults = r.faults
	return t
}
