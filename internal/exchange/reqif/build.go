package reqif

import (
	"cmp"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xhtml"
	"github.com/goldthread/goldthread/internal/parallel"
)

func itoa(n int) string { return strconv.Itoa(n) }

func firstOf(s ...string) string { return cmp.Or(s...) }

// Names under which tools keep what people call an object by, its title and its text, in lower case, the surer ones first
// (prostep ivip ReqIF Implementation Guide 1.4, 4.2: ReqIF.ForeignID, ReqIF.Name, ReqIF.ChapterName, ReqIF.Text).
var (
	keyNames = []string{"reqif.foreignid", "id", "uid", "req id", "req. id", "reqid", "requirement id", "requirement number", "identifier", "puid", "foreignid", "key", "work item id",
		"object identifier", "object id", "ie puid", "absolute number", "name/id"}
	titleNames = []string{"reqif.chaptername", "reqif.name", "title", "object heading", "heading", "name", "object short text", "summary", "short description", "headline"}
	textNames  = []string{"reqif.text", "object text", "text", "description", "statement", "requirement", "primary text", "requirement text", "content", "body", "desc"}
)

// groupField is the field of a link that names the groups it is in, one a line.
const groupField = "RELATION-GROUP"

// builder makes the tree out of all files. A reference means what is in its own file, else what another one has first.
type builder struct {
	*reader
	types     map[string]*specType
	attrs     map[string]*attribute
	enums     map[string]string
	datatypes map[string]*datatype
	ids       map[string]*object
	relations map[string]*relation
	roles     map[*specType]*roles
	linked    map[*object][]exchange.Link
	placed    map[*object]bool
	said      map[string]bool

	// What a writer that brings the source back needs to know of the tree.
	origins map[*object]*origin
	links   map[*relation]*linkOrigin
	nodes   map[*spec][]placedNode
	specs   map[*spec]*specOrigin
}

func (b *builder) typ(f *file, id string) *specType {
	if t := f.types[id]; t != nil {
		return t
	}
	return b.types[id]
}

func (b *builder) attr(f *file, id string) *attribute {
	if a := f.attrs[id]; a != nil {
		return a
	}
	return b.attrs[id]
}

func (b *builder) enum(f *file, id string) string { return firstOf(f.enums[id], b.enums[id], id) }

func (b *builder) datatype(f *file, id string) *datatype {
	if d := f.datatypes[id]; d != nil {
		return d
	}
	return b.datatypes[id]
}

func (b *builder) object(f *file, id string) *object {
	if o := f.byID[id]; o != nil {
		return o
	}
	return b.ids[id]
}

// placedNode says what became of a node of a hierarchy.
type placedNode struct {
	*hierarchy
	object *object // nil where it is not there
	text   string  // of the block, where the object stands here once more
}

// linkOrigin and specOrigin say which values of a relation, or specification, became which field, as origin does.
type linkOrigin struct {
	link   exchange.Link
	fields []int
}

type specOrigin struct {
	title  string
	fields []exchange.Field
	from   []int
}

// origin says which values of an object became what: their places in object.values, -1 for none.
type origin struct {
	item             exchange.Item
	key, title, text int
	exact            int
	fields           []int // by place in item.Fields; -1 for attributes of the element
	titled           bool  // its LONG-NAME is the title
	frame            bool  // it stands for a section or prose
}

// roles are the attributes of a type that have a place of their own, the surer ones first.
type roles struct{ key, title, text []string } // identifiers of attributes

func (r *reader) build() *builder {
	b := &builder{reader: r, types: map[string]*specType{}, attrs: map[string]*attribute{}, enums: map[string]string{}, datatypes: map[string]*datatype{}, ids: map[string]*object{},
		relations: map[string]*relation{}, roles: map[*specType]*roles{}, linked: map[*object][]exchange.Link{}, placed: map[*object]bool{}, said: map[string]bool{},
		origins: map[*object]*origin{}, links: map[*relation]*linkOrigin{}, nodes: map[*spec][]placedNode{}, specs: map[*spec]*specOrigin{}}
	for _, f := range r.files {
		r.tree.Tool = firstOf(r.tree.Tool, f.tool)
		first(b.types, f.types)
		first(b.attrs, f.attrs)
		first(b.enums, f.enums)
		first(b.datatypes, f.datatypes)
		for id, o := range f.byID {
			if before := b.ids[id]; before != nil && !b.said["again "+f.name] {
				b.said["again "+f.name] = true
				b.fault(o.at, id, false, "the identifier "+id+" and perhaps others are in "+before.file.name+" too; each file keeps its own", "import the files one by one, if they are two deliveries of one document")
			}
		}
		first(b.ids, f.byID)
		for _, l := range f.relations {
			if b.relations[l.id] == nil {
				b.relations[l.id] = l
			}
		}
	}
	b.convert()
	b.declare()
	for _, f := range r.files {
		b.groups(f)
	}
	for _, f := range r.files {
		b.linksOf(f)
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
	parallel.Runs(len(all), 256, func(from, to int) {
		for _, v := range all[from:to] {
			v.markdown, v.wrong = xhtml.ToMarkdown(v.text)
		}
	})
}

// first adds what is not there yet.
func first[T any](to, from map[string]T) {
	for id, x := range from {
		if _, there := to[id]; !there {
			to[id] = x
		}
	}
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
				if isOwnFrame(t) {
					continue
				}
				out := exchange.Type{Name: t.name, Title: t.title, At: t.at}
				for _, a := range t.attrs {
					if isRole(t, a) {
						continue
					}
					out.Attributes = append(out.Attributes, exchange.Attribute{Name: a.name, Data: dataOf(a.kind), Many: a.many || a.desc == manyMark, Values: b.valuesOfEnum(f, a)})
				}
				b.tree.Types = append(b.tree.Types, out)
			case "SPEC-RELATION-TYPE":
				b.tree.Relations = append(b.tree.Relations, exchange.Relation{Verb: t.name, Reverse: reverseOf(t)})
			}
		}
	}
}

func (b *builder) valuesOfEnum(f *file, a *attribute) []string {
	if a.kind != "ENUMERATION" {
		return nil
	}
	var out []string
	if d := b.datatype(f, a.datatype); d != nil {
		for _, id := range d.values {
			out = append(out, b.enum(f, id))
		}
	}
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
func (b *builder) rolesOf(t *specType) *roles {
	if t == nil {
		return &roles{}
	}
	if r := b.roles[t]; r != nil {
		return r
	}
	r := &roles{}
	b.roles[t] = r
	if isOwn(t) {
		r.key, r.title, r.text = ownRoles(t, foreignID), ownRoles(t, chapterName, nameName), ownRoles(t, textName)
		return r
	}
	r.key, r.title, r.text = named(t.attrs, keyNames), named(t.attrs, titleNames), named(t.attrs, textNames)
	r.text = slices.DeleteFunc(r.text, func(id string) bool { a := b.attr(t.file, id); return a.kind != "XHTML" && a.kind != "STRING" })
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

// ownRoles are the attributes of a type of ours that are a place of an item. In one that was added to a file of another tool they
// are known by their names.
func ownRoles(t *specType, names ...string) (ids []string) {
	for _, name := range names {
		for _, a := range t.attrs {
			if a.name == name && isRole(t, a) {
				ids = append(ids, a.id)
			}
		}
	}
	if ids == nil {
		return named(t.attrs, names)
	}
	return ids
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

// isChapter reports an attribute whose value makes an object a heading, where it has no text.
func isChapter(name string) bool {
	name = strings.ToLower(strings.TrimSpace(name))
	return name == "reqif.chaptername" || name == "object heading" || name == "heading"
}

func (b *builder) typeName(f *file, id string) string {
	if t := b.typ(f, id); t != nil {
		return t.name
	}
	return id
}

// groups tells relations the groups that they are in.
func (b *builder) groups(f *file) {
	byID := map[string]*relation{}
	for _, l := range f.relations {
		byID[l.id] = l
	}
	for _, g := range f.groups {
		for _, id := range g.relations {
			l := byID[id]
			if l == nil {
				l = b.relations[id]
			}
			if l != nil {
				l.groups = append(l.groups, firstOf(g.name, g.id))
				continue
			}
			b.fault(g.at, g.id, false, fmt.Sprintf("the group %s names the relation %s, which is not there", firstOf(g.name, g.id), id), "export both together")
		}
	}
}

// linksOf gives every relation to its source.
func (b *builder) linksOf(f *file) {
	for _, l := range f.relations {
		verb := firstOf(b.typeName(f, l.typ), "relation")
		if l.from = b.object(f, l.source); l.from == nil {
			why := "it names no source"
			if l.source != "" {
				why = "its source " + l.source + " is not there"
			}
			b.fault(l.sourceOr(), l.id, true, fmt.Sprintf("the relation %s is not taken: %s", l.id, why), "export the objects together with their relations")
			b.tree.Dangling = append(b.tree.Dangling, exchange.Dangling{Verb: verb, From: l.source, To: l.target, At: l.sourceOr()})
			continue
		}
		link := exchange.Link{Verb: verb, Target: l.target, ID: l.id, At: l.targetOr(), State: exchange.Unconfirmed}
		if to := b.object(f, l.target); to != nil {
			link.Target = b.identity(to)
		} else {
			link.State = exchange.Unresolved
			link.Target = firstOf(l.target, "nothing")
			why := "it names no target"
			if l.target != "" {
				why = "its target " + l.target + " is not there"
			}
			b.fault(link.At, l.source, false, fmt.Sprintf("the relation %s leads nowhere: %s", l.id, why), "export the objects together with their relations")
		}
		from := &linkOrigin{}
		for i := range l.values {
			if field, ok := b.field(f, &l.values[i], l.source); ok {
				link.Fields = append(link.Fields, field)
				from.fields = append(from.fields, i)
			}
		}
		for _, extra := range [][2]string{{"LONG-NAME", l.name}, {"DESC", l.desc}, {groupField, strings.Join(l.groups, "\n")}} {
			if extra[1] != "" {
				link.Fields = append(link.Fields, exchange.Field{Name: extra[0], Values: []string{extra[1]}, At: l.at})
				from.fields = append(from.fields, -1)
			}
		}
		b.linked[l.from] = append(b.linked[l.from], link)
		from.link = link
		b.links[l] = from
	}
}

// identity is the identifier of an object, with its place where another one has it before.
func (b *builder) identity(o *object) string {
	switch first := b.ids[o.id]; {
	case o.id == "" || first == o:
		return o.id
	case first.file == o.file:
		return o.id + " (" + itoa(o.at.Line) + ")"
	}
	return o.id + " (" + o.at.File + ":" + itoa(o.at.Line) + ")"
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
		from := &specOrigin{}
		for i := range s.values {
			if field, ok := b.field(f, &s.values[i], s.id); ok {
				d.Fields = append(d.Fields, field)
				from.from = append(from.from, i)
				if slices.Contains(titleNames, strings.ToLower(field.Name)) && s.name == "" && len(field.Values) > 0 {
					d.Title = field.Values[0]
				}
			}
		}
		if s.desc != "" {
			d.Fields = append(d.Fields, exchange.Field{Name: "DESC", Values: []string{s.desc}, At: s.at})
			from.from = append(from.from, -1)
		}
		from.title, from.fields = d.Title, d.Fields
		b.specs[s] = from
		d.Items = make([]exchange.Item, 0, min(len(s.nodes), len(b.ids)))
		b.nodes[s] = make([]placedNode, 0, len(s.nodes))
		var numbers []int
		for i := range s.nodes {
			n := &s.nodes[i]
			for len(numbers) < n.depth {
				numbers = append(numbers, 0)
			}
			numbers = numbers[:n.depth]
			numbers[n.depth-1]++
			b.nodes[s] = append(b.nodes[s], b.place(f, &d, n, i+1, numbers))
		}
		b.tree.Documents = append(b.tree.Documents, d)
	}
}

// path is where the file would lie beside the files that its texts refer to: those of an archive are unpacked.
func (f *file) path() string { return path.Join(f.folder, path.Base(f.name)) }

func (b *builder) place(f *file, d *exchange.Document, n *hierarchy, order int, numbers []int) placedNode {
	o := b.object(f, n.object)
	out := placedNode{hierarchy: n, object: o}
	if o == nil {
		what := "the object " + n.object + ", which is not there"
		if n.object == "" {
			what = "no object"
		}
		b.fault(n.at, n.id, false, "a node of the hierarchy names "+what, "export the objects together with the specification")
		b.tree.Lost = append(b.tree.Lost, exchange.Loss{At: n.at, Item: n.id, What: "node of the hierarchy", Why: "it names " + what})
		return out
	}
	if b.frame(d, o, n, order) {
		return out
	}
	if b.placed[o] {
		out.text = "See " + firstOf(b.keyOf(o), o.id) + "."
		d.Blocks = append(d.Blocks, exchange.Block{Kind: "reference", Text: out.text, Order: order, At: n.at})
		return out
	}
	b.placed[o] = true
	parts := make([]string, len(numbers))
	for i, x := range numbers {
		parts[i] = itoa(x)
	}
	it := b.item(o)
	it.Document, it.Level, it.Order = d.Key, strings.Join(parts, "."), order
	d.Items = append(d.Items, it)
	return out
}

// unplaced makes a document of the objects that no hierarchy names, and of those whose identifier another one has.
func (b *builder) unplaced(f *file) {
	d := exchange.Document{Key: unplacedKey, Title: unplacedTitle, Path: f.path(), At: exchange.Position{File: f.name, Line: 1}}
	left := 0
	for _, o := range f.objects {
		if !b.placed[o] {
			left++
		}
	}
	d.Items = make([]exchange.Item, 0, left)
	for _, o := range f.objects {
		if b.placed[o] {
			continue
		}
		b.placed[o] = true
		it := b.item(o)
		it.Document, it.Order = d.Key, len(d.Items)+1
		d.Items = append(d.Items, it)
	}
	if len(d.Items) > 0 {
		b.tree.Documents = append(b.tree.Documents, d)
	}
}

func (b *builder) keyOf(o *object) string {
	for _, id := range b.rolesOf(b.typ(o.file, o.typ)).key {
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
func (b *builder) item(o *object) exchange.Item {
	f := o.file
	it := exchange.Item{ID: b.identity(o), Type: b.typeName(f, o.typ), Normative: true, Active: true, At: o.at, Links: b.linked[o]}
	from := &origin{key: -1, title: -1, text: -1, exact: -1}
	if o.typ != "" && b.typ(f, o.typ) == nil && !b.said["type "+o.typ] {
		b.said["type "+o.typ] = true
		b.fault(o.at, o.id, false, "the type "+o.typ+" is not in the file", "export the types too")
	}
	roles := b.rolesOf(b.typ(f, o.typ))
	taken := make([]bool, len(o.values))
	take := func(ids []string, set func(*value) bool) int {
		for _, id := range ids {
			for i := range o.values {
				if o.values[i].def == id && !taken[i] && set(&o.values[i]) {
					taken[i] = true
					return i
				}
			}
		}
		return -1
	}
	from.key = take(roles.key, func(v *value) bool {
		it.Key = plainText(v)
		return it.Key != ""
	})
	chapter := false
	from.title = take(roles.title, func(v *value) bool {
		if it.Title = plainText(v); it.Title == "" {
			return false
		}
		chapter = isChapter(b.attr(f, v.def).name)
		return true
	})
	exact := ""
	for i := range o.values {
		if a := b.attr(f, o.values[i].def); a != nil && a.name == exactName {
			exact = o.values[i].text
			taken[i], from.exact = true, i
		}
	}
	from.text = take(roles.text, func(v *value) bool {
		if v.kind == "XHTML" {
			if exact != "" && isFrom(exact, v.text) {
				it.Text = exact
				return true
			}
			it.Text = b.markdown(f, v, o.id)
		} else {
			it.Text = v.text
		}
		return it.Text != ""
	})
	it.Heading = chapter && it.Text == ""
	name := o.name
	if it.Title == "" && name != "" {
		it.Title = strings.Join(strings.Fields(name), " ")
		name, from.titled = "", true
	}
	for i := range o.values {
		if taken[i] {
			continue
		}
		if field, ok := b.field(f, &o.values[i], o.id); ok {
			it.Fields = append(it.Fields, field)
			from.fields = append(from.fields, i)
		}
	}
	identifier := ""
	if it.ID != o.id {
		identifier = o.id
	}
	for _, extra := range [][2]string{{"LONG-NAME", name}, {"DESC", o.desc}, {"ALTERNATIVE-ID", o.alternative}, {"IDENTIFIER", identifier}} {
		if extra[1] != "" && extra[1] != it.Title {
			it.Fields = append(it.Fields, exchange.Field{Name: extra[0], Values: []string{extra[1]}, At: o.at})
			from.fields = append(from.fields, -1)
		}
	}
	from.item = it
	b.origins[o] = from
	return it
}

// field makes a field of a value. One without anything in it is no value.
func (b *builder) field(f *file, v *value, item string) (exchange.Field, bool) {
	name, many := v.def, ""
	if a := b.attr(f, v.def); a != nil {
		name, many = a.name, a.desc
	}
	out := exchange.Field{Name: firstOf(name, "attribute"), Data: dataOf(v.kind), At: v.at}
	switch v.kind {
	case "XHTML":
		out.Values = []string{b.markdown(f, v, item)}
	case "ENUMERATION":
		for _, id := range v.enums {
			out.Values = append(out.Values, b.enum(f, id))
		}
	default:
		out.Values = []string{v.text}
		if many == manyMark {
			out.Values = splitValues(v.text)
		}
	}
	return out, len(out.Values) > 0 && strings.Join(out.Values, "") != "" || v.kind == "STRING"
}

// markdown is a value with markup. What Markdown cannot say is listed; it stays in the source that is kept.
func (b *builder) markdown(f *file, v *value, item string) string {
	r, err := v.markdown, v.wrong
	if err != nil { // well-formed, or the file had not been read; too deep
		b.fault(v.at, item, false, "the markup of a value cannot be read: "+err.Error(), "simplify it")
		b.tree.Changed = append(b.tree.Changed, exchange.Loss{At: v.at, Item: item, What: b.attrName(f, v.def), Why: "its markup cannot be read; the text alone was taken"})
		return xhtml.ToText(v.text)
	}
	if len(r.Lost) > 0 {
		b.tree.Changed = append(b.tree.Changed, exchange.Loss{At: v.at, Item: item, What: b.attrName(f, v.def), Why: "Markdown has no " + strings.Join(r.Lost, ", no ")})
	}
	for _, name := range r.Files {
		b.refers(f, v, item, name)
	}
	if v.original != "" && !b.said["original "+item+v.def] {
		b.said["original "+item+v.def] = true
		b.tree.Changed = append(b.tree.Changed, exchange.Loss{At: v.at, Item: item, What: b.attrName(f, v.def), Why: "it is a simplified value; the original stays in the source that is kept"})
	}
	return r.Markdown
}

func (b *builder) attrName(f *file, id string) string {
	if a := b.attr(f, id); a != nil {
		return a.name
	}
	return id
}

// beside takes a file that lies beside the source.
func (b *builder) beside(name string) bool {
	if !fs.ValidPath(name) || b.said["beside "+name] {
		return false
	}
	b.said["beside "+name] = true
	info, err := fs.Stat(b.fsys, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > b.room {
		return false
	}
	data, why := exchange.ReadFile(b.fsys, name, b.room)
	if why != "" {
		return false
	}
	b.room -= int64(len(data))
	b.attached[name] = true
	b.tree.Attachments = append(b.tree.Attachments, exchange.Attachment{Path: name, Data: data})
	b.tree.Read.Files++
	return true
}

// refers notes a file that a text refers to, and reports one that is not there.
func (b *builder) refers(f *file, v *value, item, name string) {
	u, err := url.PathUnescape(strings.ReplaceAll(name, `\`, "/"))
	if err != nil {
		u = name
	}
	u, _, _ = strings.Cut(u, "#")
	if to := path.Join(f.folder, u); u != "" && !b.attached[to] && !b.beside(to) {
		key := "file " + to + v.at.String()
		if !b.said[key] {
			b.said[key] = true
			b.fault(v.at, item, false, "the text refers to the file "+u+", which did not come along", "deliver it beside the file, or in a .reqifz")
		}
	}
}
