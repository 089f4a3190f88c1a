package reqif

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xhtml"
)

func itoa(n int) string { return strconv.Itoa(n) }

func firstOf(s ...string) string { return cmp.Or(s...) }

// Names under which tools keep what people call an object by, its title and its text, in lower case, the surer ones first
// (prostep ivip ReqIF Implementation Guide 1.4, 4.2: ReqIF.ForeignID, ReqIF.Name, ReqIF.ChapterName, ReqIF.Text).
var (
	keyNames = []string{"reqif.foreignid", "id", "uid", "req id", "req. id", "reqid", "requirement id", "requirement number", "identifier", "puid", "foreignid", "key", "work item id",
		"object identifier", "object id", "absolute number", "name/id"}
	titleNames = []string{"reqif.chaptername", "reqif.name", "title", "object heading", "heading", "name", "object short text", "summary", "short description", "headline"}
	textNames  = []string{"reqif.text", "object text", "text", "description", "statement", "requirement", "primary text", "requirement text", "content", "body", "desc"}
)

// builder makes the tree out of all files.
type builder struct {
	*reader
	types  map[string]*specType
	attrs  map[string]*attribute
	enums  map[string]string
	roles  map[string]*roles  // by identifier of the type
	ids    map[string]*object // the first object of each identifier
	linked map[string][]exchange.Link
	placed map[*object]bool
	said   map[string]bool
}

// roles are the attributes of a type that have a place of their own, the surer ones first.
type roles struct{ key, title, text []string } // identifiers of attributes

func (r *reader) build() *builder {
	b := &builder{reader: r, types: map[string]*specType{}, attrs: map[string]*attribute{}, enums: map[string]string{}, roles: map[string]*roles{}, ids: map[string]*object{},
		linked: map[string][]exchange.Link{}, placed: map[*object]bool{}, said: map[string]bool{}}
	for _, f := range r.files {
		r.tree.Tool = firstOf(r.tree.Tool, f.tool)
		for id, t := range f.types {
			if b.types[id] == nil {
				b.types[id] = t
			}
		}
		for id, a := range f.attrs {
			if b.attrs[id] == nil {
				b.attrs[id] = a
			}
		}
		for id, name := range f.enums {
			if b.enums[id] == "" {
				b.enums[id] = name
			}
		}
		for _, o := range f.objects {
			if b.ids[o.id] == nil && o.id != "" {
				b.ids[o.id] = o
			}
		}
	}
	b.convert()
	b.declare()
	for _, f := range r.files {
		b.relations(f)
	}
	for _, f := range r.files {
		b.documents(f)
	}
	for _, f := range r.files {
		b.unplaced(f)
	}
	return b
}

// convert turns all markup into Markdown, on all processors.
func (b *builder) convert() {
	var all []*value
	add := func(values []value) {
		for i := range values {
			if values[i].kind == "XHTML" {
				all = append(all, &values[i])
			}
		}
	}
	for _, f := range b.files {
		for _, o := range f.objects {
			add(o.values)
		}
		for _, l := range f.relations {
			add(l.values)
		}
		for _, s := range f.specs {
			add(s.values)
		}
	}
	const run = 256
	var wait sync.WaitGroup
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for from := int(next.Add(run)) - run; from < len(all); from = int(next.Add(run)) - run {
				for _, v := range all[from:min(from+run, len(all))] {
					v.markdown, v.wrong = xhtml.ToMarkdown(v.text)
				}
			}
		})
	}
	wait.Wait()
}

// declare lists types and relations as the source declares them.
func (b *builder) declare() {
	names := map[string]bool{}
	for _, f := range b.files {
		for _, t := range f.typeList {
			if names[t.element+t.name] {
				continue
			}
			names[t.element+t.name] = true
			switch t.element {
			case "SPEC-OBJECT-TYPE":
				if f.own && isOwnFrame(t.name) {
					continue
				}
				out := exchange.Type{Name: t.name, At: t.at}
				for _, a := range t.attrs {
					out.Attributes = append(out.Attributes, exchange.Attribute{Name: a.name, Data: dataOf(a.kind), Many: a.many, Values: b.valuesOfEnum(f, a)})
				}
				b.tree.Types = append(b.tree.Types, out)
			case "SPEC-RELATION-TYPE":
				b.tree.Relations = append(b.tree.Relations, exchange.Relation{Verb: t.name})
			}
		}
	}
}

func (b *builder) valuesOfEnum(f *file, a *attribute) []string {
	if a.kind != "ENUMERATION" {
		return nil
	}
	var out []string
	for id := range f.enums {
		if value, ok := strings.CutPrefix(id, a.datatype+"\x00"); ok {
			out = append(out, f.enums[value])
		}
	}
	slices.Sort(out)
	return out
}

func dataOf(kind string) exchange.DataType {
	switch kind {
	case "XHTML":
		return exchange.DataMarkup
	case "INTEGER":
		return exchange.DataInteger
	case "REAL":
		return exchange.DataReal
	case "BOOLEAN":
		return exchange.DataBoolean
	case "DATE":
		return exchange.DataDate
	case "ENUMERATION":
		return exchange.DataEnum
	}
	return exchange.DataString
}

// rolesOf finds the attributes of a type that have a place of their own. Where no name says which is the text, it is the
// only one with markup.
func (b *builder) rolesOf(id string) *roles {
	if r := b.roles[id]; r != nil {
		return r
	}
	r := &roles{}
	b.roles[id] = r
	t := b.types[id]
	if t == nil {
		return r
	}
	r.key, r.title, r.text = named(t.attrs, keyNames), named(t.attrs, titleNames), named(t.attrs, textNames)
	r.text = slices.DeleteFunc(r.text, func(id string) bool { a := b.attrs[id]; return a.kind != "XHTML" && a.kind != "STRING" })
	if len(r.text) == 0 {
		var markup []string
		for _, a := range t.attrs {
			if a.kind == "XHTML" && !slices.Contains(r.title, a.id) && !slices.Contains(r.key, a.id) {
				markup = append(markup, a.id)
			}
		}
		if len(markup) == 1 {
			r.text = markup
		}
	}
	return r
}

func named(attrs []*attribute, names []string) (ids []string) {
	for _, name := range names {
		for _, a := range attrs {
			if strings.EqualFold(strings.TrimSpace(a.name), name) {
				ids = append(ids, a.id)
			}
		}
	}
	return ids
}

func (b *builder) typeName(id string) string {
	if t := b.types[id]; t != nil {
		return t.name
	}
	return id
}

// relations gives every relation to its source.
func (b *builder) relations(f *file) {
	byID := map[string]*relation{}
	for _, l := range f.relations {
		byID[l.id] = l
	}
	for _, g := range f.groups {
		for _, id := range g.relations {
			if l := byID[id]; l != nil {
				l.groups = append(l.groups, firstOf(g.name, g.id))
				continue
			}
			b.fault(g.at, g.id, false, fmt.Sprintf("the group %s names the relation %s, which is not there", firstOf(g.name, g.id), id), "export both together")
		}
	}
	for _, l := range f.relations {
		verb := firstOf(b.typeName(l.typ), "relation")
		if b.ids[l.source] == nil {
			why := "it names no source"
			if l.source != "" {
				why = "its source " + l.source + " is not there"
			}
			b.fault(l.sourceOr(), l.id, true, fmt.Sprintf("the relation %s is not taken: %s", l.id, why), "export the objects together with their relations")
			b.tree.Dangling = append(b.tree.Dangling, exchange.Dangling{Verb: verb, From: l.source, To: l.target, At: l.sourceOr()})
			continue
		}
		link := exchange.Link{Verb: verb, Target: l.target, ID: l.id, At: l.targetOr(), State: exchange.Unconfirmed}
		if b.ids[l.target] == nil {
			link.State = exchange.Unresolved
			link.Target = firstOf(l.target, "nothing")
			why := "it names no target"
			if l.target != "" {
				why = "its target " + l.target + " is not there"
			}
			b.fault(link.At, l.source, false, fmt.Sprintf("the relation %s leads nowhere: %s", l.id, why), "export the objects together with their relations")
		}
		for i := range l.values {
			if field, ok := b.field(f, &l.values[i], l.source); ok {
				link.Fields = append(link.Fields, field)
			}
		}
		for _, extra := range [][2]string{{"LONG-NAME", l.name}, {"DESC", l.desc}, {"RELATION-GROUP", strings.Join(l.groups, "\n")}} {
			if extra[1] != "" {
				link.Fields = append(link.Fields, exchange.Field{Name: extra[0], Values: []string{extra[1]}, At: l.at})
			}
		}
		b.linked[l.source] = append(b.linked[l.source], link)
	}
}

func (l *relation) sourceOr() exchange.Position {
	if l.sourceAt.Line > 0 {
		return l.sourceAt
	}
	return l.at
}

func (l *relation) targetOr() exchange.Position {
	if l.targetAt.Line > 0 {
		return l.targetAt
	}
	return l.at
}

// documents makes a document of every specification: its hierarchy in reading order, objects placed again as references.
func (b *builder) documents(f *file) {
	for _, s := range f.specs {
		d := exchange.Document{Key: s.id, Title: firstOf(s.name, s.id), Path: f.path(), At: s.at}
		for i := range s.values {
			if field, ok := b.field(f, &s.values[i], s.id); ok {
				d.Fields = append(d.Fields, field)
				if slices.Contains(titleNames, strings.ToLower(field.Name)) && s.name == "" && len(field.Values) > 0 {
					d.Title = field.Values[0]
				}
			}
		}
		if s.desc != "" {
			d.Fields = append(d.Fields, exchange.Field{Name: "DESC", Values: []string{s.desc}, At: s.at})
		}
		var numbers []int
		for i := range s.nodes {
			n := &s.nodes[i]
			for len(numbers) < n.depth {
				numbers = append(numbers, 0)
			}
			numbers = numbers[:n.depth]
			numbers[n.depth-1]++
			b.place(f, &d, n, i+1, numbers)
		}
		b.tree.Documents = append(b.tree.Documents, d)
	}
}

// path is where the file would lie beside the files that its texts refer to: those of an archive are unpacked.
func (f *file) path() string { return path.Join(f.folder, path.Base(f.name)) }

func (b *builder) place(f *file, d *exchange.Document, n *hierarchy, order int, numbers []int) {
	o := b.ids[n.object]
	if o == nil {
		what := "the object " + n.object + ", which is not there"
		if n.object == "" {
			what = "no object"
		}
		b.fault(n.at, n.id, false, "a node of the hierarchy names "+what, "export the objects together with the specification")
		b.tree.Lost = append(b.tree.Lost, exchange.Loss{At: n.at, Item: n.id, What: "node of the hierarchy", Why: "it names " + what})
		return
	}
	if f.own && b.frame(d, o, n, order) {
		return
	}
	if b.placed[o] {
		d.Blocks = append(d.Blocks, exchange.Block{Kind: "reference", Text: "See " + firstOf(b.keyOf(o), o.id) + ".", Order: order, At: n.at})
		return
	}
	b.placed[o] = true
	parts := make([]string, len(numbers))
	for i, x := range numbers {
		parts[i] = itoa(x)
	}
	it := b.item(b.fileOf(o), o)
	it.Document, it.Level, it.Order = d.Key, strings.Join(parts, "."), order
	d.Items = append(d.Items, it)
}

func (b *builder) fileOf(o *object) *file {
	for _, f := range b.files {
		if f.name == o.at.File {
			return f
		}
	}
	return b.files[0]
}

// unplaced makes a document of the objects that no hierarchy names, and of those whose identifier another one has.
func (b *builder) unplaced(f *file) {
	d := exchange.Document{Key: "unplaced", Title: "Objects in no specification", Path: f.path(), At: exchange.Position{File: f.name, Line: 1}}
	for _, o := range f.objects {
		if b.placed[o] {
			continue
		}
		b.placed[o] = true
		it := b.item(f, o)
		if first := b.ids[o.id]; first != o && o.id != "" {
			it.ID = o.id + " (" + itoa(o.at.Line) + ")"
			it.Links = nil // they are those of the first
			it.Fields = append(it.Fields, exchange.Field{Name: "IDENTIFIER", Values: []string{o.id}, At: o.at})
		}
		it.Document, it.Order = d.Key, len(d.Items)+1
		d.Items = append(d.Items, it)
	}
	if len(d.Items) > 0 {
		b.tree.Documents = append(b.tree.Documents, d)
	}
}

func (b *builder) keyOf(o *object) string {
	for _, id := range b.rolesOf(o.typ).key {
		for i := range o.values {
			if o.values[i].def == id {
				if key := plainText(&o.values[i]); key != "" {
					return key
				}
			}
		}
	}
	return ""
}

// plainText is a value as one line of text.
func plainText(v *value) string {
	text := v.text
	if v.kind == "XHTML" {
		text = xhtml.ToText(text)
	}
	return strings.Join(strings.Fields(text), " ")
}

// item makes an item of an object.
func (b *builder) item(f *file, o *object) exchange.Item {
	it := exchange.Item{ID: o.id, Type: b.typeName(o.typ), Normative: true, Active: true, At: o.at, Links: b.linked[o.id]}
	if o.typ != "" && b.types[o.typ] == nil && !b.said["type "+o.typ] {
		b.said["type "+o.typ] = true
		b.fault(o.at, o.id, false, "the type "+o.typ+" is not in the file", "export the types too")
	}
	roles := b.rolesOf(o.typ)
	taken := map[int]bool{}
	o.from = map[string]int{}
	take := func(role string, ids []string, set func(*value) bool) {
		for _, id := range ids {
			for i := range o.values {
				if o.values[i].def == id && !taken[i] && set(&o.values[i]) {
					taken[i] = true
					o.from[role] = i
					return
				}
			}
		}
	}
	take("key", roles.key, func(v *value) bool {
		it.Key = plainText(v)
		return it.Key != ""
	})
	chapter := false
	take("title", roles.title, func(v *value) bool {
		if it.Title = plainText(v); it.Title == "" {
			return false
		}
		name := strings.ToLower(b.attrs[v.def].name)
		chapter = name == "reqif.chaptername" || name == "object heading" || name == "heading"
		return true
	})
	exact := ""
	for i := range o.values {
		if f.own && b.attrs[o.values[i].def] != nil && b.attrs[o.values[i].def].name == exactName {
			exact = o.values[i].text
			taken[i] = true
		}
	}
	take("text", roles.text, func(v *value) bool {
		if v.kind == "XHTML" {
			it.Text = b.markdown(f, v, o.id)
			if exact != "" && xhtml.FromMarkdown(exact, xhtmlPrefix, nil) == strings.TrimSpace(v.text) {
				it.Text = exact
			}
		} else {
			it.Text = v.text
		}
		return it.Text != ""
	})
	it.Heading = chapter && it.Text == ""
	if it.Title == "" && o.name != "" {
		it.Title = strings.Join(strings.Fields(o.name), " ")
		o.name, o.titled = "", true
	}
	for i := range o.values {
		if taken[i] {
			continue
		}
		if field, ok := b.field(f, &o.values[i], o.id); ok {
			it.Fields = append(it.Fields, field)
		}
	}
	for _, extra := range [][2]string{{"LONG-NAME", o.name}, {"DESC", o.desc}, {"ALTERNATIVE-ID", o.alternative}} {
		if extra[1] != "" && extra[1] != it.Title {
			it.Fields = append(it.Fields, exchange.Field{Name: extra[0], Values: []string{extra[1]}, At: o.at})
		}
	}
	return it
}

// field makes a field of a value. One without anything in it is no value.
func (b *builder) field(f *file, v *value, item string) (exchange.Field, bool) {
	name, many := v.def, ""
	if a := b.attrs[v.def]; a != nil {
		name, many = a.name, a.desc
	}
	out := exchange.Field{Name: firstOf(name, "attribute"), Data: dataOf(v.kind), At: v.at}
	switch v.kind {
	case "XHTML":
		out.Values = []string{b.markdown(f, v, item)}
	case "ENUMERATION":
		for _, id := range v.enums {
			out.Values = append(out.Values, firstOf(b.enums[id], id))
		}
	default:
		out.Values = []string{v.text}
		if f.own && many == manyMark {
			out.Values = strings.Split(v.text, "\n")
		}
	}
	return out, len(out.Values) > 0 && strings.Join(out.Values, "") != "" || v.kind == "STRING"
}

// markdown is a value with markup. What Markdown cannot say is listed; it stays in the source that is kept.
func (b *builder) markdown(f *file, v *value, item string) string {
	r, err := v.markdown, v.wrong
	if err != nil { // well-formed, or the file had not been read; too deep
		b.fault(v.at, item, false, "the markup of a value cannot be read: "+err.Error(), "simplify it")
		b.tree.Changed = append(b.tree.Changed, exchange.Loss{At: v.at, Item: item, What: b.attrName(v.def), Why: "its markup cannot be read; the text alone was taken"})
		return xhtml.ToText(v.text)
	}
	if len(r.Lost) > 0 {
		b.tree.Changed = append(b.tree.Changed, exchange.Loss{At: v.at, Item: item, What: b.attrName(v.def), Why: "Markdown has no " + strings.Join(r.Lost, ", no ")})
	}
	for _, name := range r.Files {
		b.refers(f, v, item, name)
	}
	if v.original != "" && !b.said["original "+item+v.def] {
		b.said["original "+item+v.def] = true
		b.tree.Changed = append(b.tree.Changed, exchange.Loss{At: v.at, Item: item, What: b.attrName(v.def), Why: "it is a simplified value; the original stays in the source that is kept"})
	}
	return r.Markdown
}

func (b *builder) attrName(id string) string {
	if a := b.attrs[id]; a != nil {
		return a.name
	}
	return id
}

// refers notes a file that a text refers to, and reports one that is not there.
func (b *builder) refers(f *file, v *value, item, name string) {
	u, err := url.PathUnescape(strings.ReplaceAll(name, `\`, "/"))
	if err != nil {
		u = name
	}
	u, _, _ = strings.Cut(u, "#")
	if to := path.Join(f.folder, u); u != "" && !b.attached[to] {
		key := "file " + to + v.at.String()
		if !b.said[key] {
			b.said[key] = true
			b.fault(v.at, item, false, "the text refers to the file "+u+", which did not come along", "deliver it beside the file, or in a .reqifz")
		}
	}
}
