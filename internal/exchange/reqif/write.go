package reqif

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xhtml"
)

// WriteOptions say what a file says of itself.
type WriteOptions struct {
	Title   string
	Version string // of the program
	Now     time.Time
	Archive bool // write a .reqifz, which holds attached files
}

// Write writes a tree as ReqIF 1.2, or as an archive with its attached files. The same tree gives the same bytes.
//
// Types are those of the tree, each with ReqIF.ForeignID, ReqIF.Name and ReqIF.Text before its attributes; sections and prose
// are objects of types of their own. Identifiers are those of the tree, where they can be, else made of names. What cannot be
// written, or not as it is, is returned.
func Write(t *exchange.Tree, options WriteOptions) ([]byte, []exchange.Loss, error) {
	w := &writer{tree: t, options: options, now: timeOf(options), types: map[string]*plannedType{}, items: map[string]string{},
		objects: map[*exchange.Item]string{}, ids: map[string]bool{}}
	w.prepare()
	w.file()
	if !options.Archive {
		for _, a := range t.Attachments {
			w.lost = append(w.lost, exchange.Loss{What: "file " + a.Path, Why: "only an archive (.reqifz) holds files"})
		}
		return w.b.Bytes(), w.lost, nil
	}
	data, err := exchange.Pack(append([]exchange.Attachment{{Path: "requirements.reqif", Data: w.b.Bytes()}}, t.Attachments...))
	return data, w.lost, err
}

func timeOf(o WriteOptions) string { return o.Now.UTC().Format("2006-01-02T15:04:05Z") }

type writer struct {
	tree    *exchange.Tree
	options WriteOptions
	now     string
	b       bytes.Buffer
	depth   int
	types   map[string]*plannedType
	order   []*plannedType
	links   []*plannedType    // types of relations, by their verbs
	spec    *plannedType      // of specifications
	items   map[string]string // identity or key in the tree → identifier in the file
	objects map[*exchange.Item]string
	ids     map[string]bool
	lost    []exchange.Loss
	frames  bool
}

// plannedType is a type of objects, relations or specifications, with the attributes that it needs.
type plannedType struct {
	exchange.Type
	declared map[string]bool // attributes that the tree declares, with all their values
	headings bool
	id       string
}

// identifier makes an identifier that XML Schema takes as an ID, and that no other element has.
func (w *writer) identifier(parts ...string) string {
	name := strings.Join(parts, "-")
	var b strings.Builder
	b.WriteByte('_')
	for i := 0; i < len(name) && b.Len() < 100; i++ {
		c := name[i]
		if c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '-' || c == '_' || c == '.' {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('_')
	}
	id := b.String()
	if w.ids[id] || id != "_"+name {
		sum := sha256.Sum256([]byte(name))
		id += "-" + hex.EncodeToString(sum[:6])
	}
	for n := 2; w.ids[id]; n++ {
		id = fmt.Sprintf("%s-%d", b.String(), n)
	}
	w.ids[id] = true
	return id
}

// own is an identity of the tree as an identifier, as it is where it can be one, else one made of other names.
func (w *writer) own(id string, parts ...string) string {
	if w.ids[id] || !isIdentifier(id) {
		return w.identifier(parts...)
	}
	w.ids[id] = true
	return id
}

// isIdentifier reports what XML Schema takes as an ID, as far as its characters are ASCII.
func isIdentifier(id string) bool {
	for i := range len(id) {
		c := id[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || c != '-' && c != '.' && (c < '0' || c > '9')) {
			return false
		}
	}
	return id != "" && len(id) <= 200
}

// prepare lists the types, those that items have and nobody declares too, and gives every item its identifier.
func (w *writer) prepare() {
	for i := range w.tree.Types {
		w.addType(w.tree.Types[i])
	}
	w.spec = &plannedType{Type: exchange.Type{Name: "document"}, id: "_specification-type"}
	verbs := map[string]*plannedType{}
	for _, r := range w.tree.Relations {
		verbs[r.Verb] = &plannedType{Type: exchange.Type{Name: r.Verb, Title: r.Reverse}, id: relationTypeID(r.Verb)}
	}
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		w.frames = w.frames || len(d.Sections)+len(d.Blocks) > 0
		w.declare(w.spec, d.Fields)
		for j := range d.Items {
			it := &d.Items[j]
			w.item(it)
			for k := range it.Links {
				l := &it.Links[k]
				if verbs[l.Verb] == nil {
					verbs[l.Verb] = &plannedType{Type: exchange.Type{Name: l.Verb}, id: relationTypeID(l.Verb)}
				}
				w.declare(verbs[l.Verb], l.Fields)
			}
		}
	}
	for _, verb := range slices.Sorted(maps.Keys(verbs)) {
		w.links = append(w.links, verbs[verb])
	}
}

// item gives an item its type and identifier.
func (w *writer) item(it *exchange.Item) {
	t := w.types[it.Type]
	if t == nil {
		t = w.addType(exchange.Type{Name: it.Type})
	}
	t.headings = t.headings || it.Heading
	w.declare(t, it.Fields)
	id := w.own(it.ID, "item", it.Identity())
	for _, name := range []string{it.ID, it.Key} {
		if _, there := w.items[name]; name != "" && !there {
			w.items[name] = id
		}
	}
	w.objects[it] = id
	w.unsaid(it)
}

// unsaid lists what an item has and ReqIF has no place for.
func (w *writer) unsaid(it *exchange.Item) {
	lose := func(is bool, what string) {
		if is {
			w.lose(it.Identity(), what, "ReqIF has no place for it")
		}
	}
	lose(it.Review.Fingerprint != "", "review")
	lose(!it.Active, "that it is not active")
	lose(!it.Normative && !it.Heading, "that it is not normative")
	lose(it.Derived, "that it is derived")
	for _, f := range it.Files {
		lose(true, "file "+f.Path)
	}
	if it.Heading && it.Text != "" {
		w.lose(it.Identity(), "that it is a heading", "it has a text")
	}
	texts := []string{it.Key, it.Title, it.Text}
	for _, f := range it.Fields {
		texts = append(texts, f.Values...)
	}
	if slices.ContainsFunc(texts, func(s string) bool { return xhtml.Clean(s) != s }) {
		w.lose(it.Identity(), "control characters", "XML does not have them; they were left out")
	}
}

func (w *writer) lose(item, what, why string) {
	w.lost = append(w.lost, exchange.Loss{Item: item, What: what, Why: why})
}

func (w *writer) addType(t exchange.Type) *plannedType {
	p := &plannedType{Type: t, id: typeID(t.Name), declared: map[string]bool{}}
	p.Attributes = slices.Clone(t.Attributes)
	for i := range p.Attributes {
		a := &p.Attributes[i]
		p.declared[a.Name] = true
		if a.Data == exchange.DataEnum && len(a.Values) == 0 {
			a.Data = exchange.DataString
		}
	}
	w.types[t.Name] = p
	w.order = append(w.order, p)
	return p
}

// declare declares what fields there are and the type does not have.
func (w *writer) declare(t *plannedType, fields []exchange.Field) {
	for _, f := range fields {
		i := slices.IndexFunc(t.Attributes, func(a exchange.Attribute) bool { return a.Name == f.Name })
		if i < 0 {
			t.Attributes = append(t.Attributes, exchange.Attribute{Name: f.Name, Data: f.Data})
			i = len(t.Attributes) - 1
		}
		a := &t.Attributes[i]
		a.Many = a.Many || len(f.Values) > 1
		for _, v := range f.Values {
			if a.Data == exchange.DataEnum && !t.declared[a.Name] && v != "" && !slices.Contains(a.Values, v) {
				a.Values = append(a.Values, v)
			}
			if !takes(a, v) {
				a.Data, a.Values = exchange.DataString, nil
			}
		}
	}
}

// takes reports whether the values of an attribute can be written with its data type.
func takes(a *exchange.Attribute, v string) bool {
	switch a.Data {
	case exchange.DataEnum:
		return slices.Contains(a.Values, v)
	case exchange.DataInteger:
		return isInteger(v)
	case exchange.DataReal:
		digits := strings.Replace(strings.TrimPrefix(v, "-"), ".", "", 1)
		return digits != "" && strings.Trim(digits, "0123456789") == ""
	case exchange.DataBoolean:
		return v == "true" || v == "false"
	case exchange.DataDate:
		_, err := time.Parse(time.RFC3339, v)
		return err == nil
	case exchange.DataMarkup:
		r, err := xhtml.ToMarkdown(xhtml.FromMarkdown(v, xhtmlPrefix, nil))
		return err == nil && r.Markdown == v
	case exchange.DataString, exchange.DataItem, "":
	}
	return true
}

func isInteger(v string) bool {
	digits := strings.TrimPrefix(v, "-")
	return digits != "" && len(digits) < 19 && strings.Trim(digits, "0123456789") == ""
}

// kindOf is the name of a data type in ReqIF. Several values are one string, unless they are those of an enumeration.
func kindOf(a *exchange.Attribute) string {
	if a.Many && a.Data != exchange.DataEnum {
		return "STRING"
	}
	switch a.Data {
	case exchange.DataEnum:
		return "ENUMERATION"
	case exchange.DataMarkup:
		return "XHTML"
	case exchange.DataInteger:
		return "INTEGER"
	case exchange.DataReal:
		return "REAL"
	case exchange.DataBoolean:
		return "BOOLEAN"
	case exchange.DataDate:
		return "DATE"
	case exchange.DataString, exchange.DataItem, "":
	}
	return "STRING"
}

// line writes an indented line.
func (w *writer) line(format string, args ...any) {
	for range w.depth {
		w.b.WriteString("  ")
	}
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

// in writes an element with what do writes within.
func (w *writer) in(open string, do func()) {
	w.line("<%s>", open)
	w.depth++
	do()
	w.depth--
	name, _, _ := strings.Cut(open, " ")
	w.line("</%s>", name)
}

// identity is the attributes that every element has.
func (w *writer) identity(id, name string) string {
	s := fmt.Sprintf(`IDENTIFIER="%s" LAST-CHANGE="%s"`, xhtml.Escape(id), w.now)
	if name != "" {
		s += fmt.Sprintf(` LONG-NAME="%s"`, xhtml.Escape(name))
	}
	return s
}

func (w *writer) file() {
	w.b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	w.in(`REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd" xmlns:xhtml="http://www.w3.org/1999/xhtml"`, func() {
		w.in("THE-HEADER", func() {
			w.in(`REQ-IF-HEADER IDENTIFIER="`+w.identifier("header")+`"`, func() {
				w.line("<CREATION-TIME>%s</CREATION-TIME>", w.now)
				w.line("<REQ-IF-TOOL-ID>%s</REQ-IF-TOOL-ID>", xhtml.Escape(strings.TrimSpace(ToolID+" "+w.options.Version)))
				w.line("<REQ-IF-VERSION>1.0</REQ-IF-VERSION>") // what the schema fixes, for 1.1 and 1.2 too
				w.line("<SOURCE-TOOL-ID>%s</SOURCE-TOOL-ID>", ToolID)
				w.line("<TITLE>%s</TITLE>", xhtml.EscapeText(oneLine(w.options.Title)))
			})
		})
		w.in("CORE-CONTENT", func() { w.in("REQ-IF-CONTENT", w.content) })
	})
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (w *writer) content() {
	w.in("DATATYPES", w.datatypes)
	w.in("SPEC-TYPES", w.specTypes)
	w.in("SPEC-OBJECTS", w.specObjects)
	w.in("SPEC-RELATIONS", w.relations)
	w.in("SPECIFICATIONS", w.specifications)
}

func (w *writer) datatypes() {
	for _, kind := range []string{"BOOLEAN", "DATE"} {
		w.line("%s", datatypeXML(&file{}, kind, w.identity(datatypeID(kind), datatypeNames[kind])))
	}
	for _, t := range w.planned() {
		for i := range t.Attributes {
			if a := &t.Attributes[i]; a.Data == exchange.DataEnum {
				w.enumeration(t, a)
			}
		}
	}
	for _, kind := range []string{"INTEGER", "REAL", "STRING", "XHTML"} {
		w.line("%s", datatypeXML(&file{}, kind, w.identity(datatypeID(kind), datatypeNames[kind])))
	}
}

func datatypeID(kind string) string { return "_data-" + kind }

// planned are all types.
func (w *writer) planned() []*plannedType {
	return append(slices.Concat(w.order, w.links), w.spec)
}

func (w *writer) enumeration(t *plannedType, a *exchange.Attribute) {
	w.in("DATATYPE-DEFINITION-ENUMERATION "+w.identity(enumID(t, a), t.name()+": "+a.Name), func() {
		w.in("SPECIFIED-VALUES", func() {
			for n, v := range a.Values {
				w.in("ENUM-VALUE "+w.identity(valueID(t, a, n), v), func() {
					w.in("PROPERTIES", func() { w.line(`<EMBEDDED-VALUE KEY="%d" OTHER-CONTENT=""/>`, n) })
				})
			}
		})
	})
}

func (t *plannedType) name() string { return cmp.Or(t.Title, t.Name, "Requirement") }

// made is an identifier made of names, always the same for the same names.
func made(kind string, names ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	return "_" + kind + "-" + hex.EncodeToString(sum[:10])
}

func typeID(name string) string                           { return made("type", name) }
func attrID(typ, name string) string                      { return made("attribute", typ, name) }
func enumID(t *plannedType, a *exchange.Attribute) string { return made("values", t.id, a.Name) }
func valueID(t *plannedType, a *exchange.Attribute, n int) string {
	return made("value", t.id, a.Name, itoa(n))
}
func relationTypeID(verb string) string { return made("relation-type", verb) }

// attribute writes the definition of an attribute.
func (w *writer) attribute(id, name, kind, datatype, extra string) {
	w.in("ATTRIBUTE-DEFINITION-"+kind+" "+extra+w.identity(id, name), func() {
		w.in("TYPE", func() { w.line("<DATATYPE-DEFINITION-%s-REF>%s</DATATYPE-DEFINITION-%s-REF>", kind, datatype, kind) })
	})
}

// roleAttributes are the first attributes of every type of ours.
var roleAttributes = []struct{ name, kind string }{{foreignID, "STRING"}, {chapterName, "STRING"}, {nameName, "STRING"}, {textName, "XHTML"}, {exactName, "STRING"}}

// roleID is the identifier of one of them, which no field of that name has.
func roleID(t *plannedType, name string) string { return made("role", t.id, name) }

func fieldID(t *plannedType, name string) string { return made("attribute", t.id, name) }

func (w *writer) specTypes() {
	for _, t := range w.order {
		extra := ""
		if t.name() != t.Name { // what the tree calls it
			extra = `DESC="` + escape(t.Name) + `" `
		}
		w.in("SPEC-OBJECT-TYPE "+extra+w.identity(t.id, t.name()), func() {
			w.in("SPEC-ATTRIBUTES", func() {
				for _, a := range roleAttributes {
					if a.name != chapterName || t.headings {
						w.attribute(roleID(t, a.name), a.name, a.kind, datatypeID(a.kind), "")
					}
				}
				w.attributes(t)
			})
		})
	}
	if w.frames {
		for _, name := range []string{sectionName, proseName} {
			w.in("SPEC-OBJECT-TYPE "+w.identity(typeID(name), name), func() {
				w.in("SPEC-ATTRIBUTES", func() {
					w.attribute(attrID(name, frameAttribute[name]), frameAttribute[name], "STRING", datatypeID("STRING"), "")
				})
			})
		}
	}
	for _, t := range w.links {
		extra := ""
		if t.Title != "" { // its reading from the target
			extra = `DESC="` + escape(t.Title) + `" `
		}
		w.in("SPEC-RELATION-TYPE "+extra+w.identity(t.id, t.Name), func() {
			w.in("SPEC-ATTRIBUTES", func() { w.attributes(t) })
		})
	}
	w.in("SPECIFICATION-TYPE "+w.identity(w.spec.id, w.spec.Name), func() {
		w.in("SPEC-ATTRIBUTES", func() { w.attributes(w.spec) })
	})
}

// attributes writes the definitions of what fields there are.
func (w *writer) attributes(t *plannedType) {
	for i := range t.Attributes {
		a := &t.Attributes[i]
		kind := kindOf(a)
		datatype, extra := datatypeID(kind), ""
		switch {
		case kind == "ENUMERATION":
			datatype, extra = enumID(t, a), fmt.Sprintf(`MULTI-VALUED="%t" `, a.Many)
		case a.Many:
			extra = `DESC="` + manyMark + `" `
		}
		w.attribute(fieldID(t, a.Name), a.Name, kind, datatype, extra)
	}
}

func (w *writer) specObjects() {
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		for j := range d.Items {
			w.object(d, &d.Items[j])
		}
		for j := range d.Sections {
			w.frame(frameID(d, "section", j), sectionName, d.Sections[j].Title)
		}
		for j := range d.Blocks {
			b := &d.Blocks[j]
			if w.referred(b) != "" {
				continue
			}
			if b.Kind != "prose" {
				w.lose("", fmt.Sprintf("that a block is %s", b.Kind), "it is written as prose")
			}
			w.frame(frameID(d, "prose", j), proseName, b.Text)
		}
	}
}

// referred is the object that a block places once more, "" where it does not.
func (w *writer) referred(b *exchange.Block) string {
	name, ok := strings.CutPrefix(strings.TrimSuffix(b.Text, "."), "See ")
	if b.Kind != "reference" || !ok {
		return ""
	}
	return w.items[name]
}

func frameID(d *exchange.Document, kind string, n int) string {
	return made(kind, d.Path, d.Key, itoa(n))
}

func (w *writer) frame(id, typ, text string) {
	w.in("SPEC-OBJECT "+w.identity(id, ""), func() {
		w.in("VALUES", func() { w.value("STRING", attrID(typ, frameAttribute[typ]), text) })
		w.ref("TYPE", "SPEC-OBJECT-TYPE", typeID(typ))
	})
}

func (w *writer) ref(element, kind, id string) {
	w.in(element, func() { w.line("<%s-REF>%s</%s-REF>", kind, xhtml.EscapeText(id), kind) })
}

// value writes a value that is an attribute of its element.
func (w *writer) value(kind, definition, text string) {
	w.in(fmt.Sprintf(`ATTRIBUTE-VALUE-%s THE-VALUE="%s"`, kind, xhtml.Escape(text)), func() { w.ref("DEFINITION", "ATTRIBUTE-DEFINITION-"+kind, definition) })
}

func (w *writer) object(d *exchange.Document, it *exchange.Item) {
	t := w.types[it.Type]
	w.in("SPEC-OBJECT "+w.identity(w.objects[it], ""), func() {
		w.in("VALUES", func() {
			if it.Key != "" {
				w.value("STRING", roleID(t, foreignID), it.Key)
			}
			switch {
			case it.Title != "" && it.Heading:
				w.value("STRING", roleID(t, chapterName), it.Title)
			case it.Title != "":
				w.value("STRING", roleID(t, nameName), it.Title)
			}
			if it.Text != "" {
				w.text(d, t, it.Text)
			}
			w.fields(t, it.Fields)
		})
		w.ref("TYPE", "SPEC-OBJECT-TYPE", t.id)
	})
}

// text writes a text as XHTML, and as it is where it would come back as another.
func (w *writer) text(d *exchange.Document, t *plannedType, text string) {
	fragment := xhtml.FromMarkdown(text, xhtmlPrefix, func(to string) string { return w.beside(d, to) })
	w.markup(roleID(t, textName), fragment)
	if r, err := xhtml.ToMarkdown(fragment); err != nil || r.Markdown != text {
		w.value("STRING", roleID(t, exactName), text)
	}
}

func (w *writer) markup(definition, fragment string) {
	w.in("ATTRIBUTE-VALUE-XHTML", func() {
		w.ref("DEFINITION", "ATTRIBUTE-DEFINITION-XHTML", definition)
		w.line("<THE-VALUE>%s</THE-VALUE>", fragment)
	})
}

// beside is the path of an attached file as seen from the file that is written, at the top of the archive.
func (w *writer) beside(d *exchange.Document, to string) string {
	name := path.Join(path.Dir(d.Path), to)
	if slices.ContainsFunc(w.tree.Attachments, func(a exchange.Attachment) bool { return a.Path == name }) {
		return name
	}
	return to
}

func (w *writer) fields(t *plannedType, fields []exchange.Field) {
	for i := range fields {
		if f := &fields[i]; len(f.Values) > 0 {
			w.field(t, f)
		}
	}
}

func (w *writer) field(t *plannedType, f *exchange.Field) {
	i := slices.IndexFunc(t.Attributes, func(a exchange.Attribute) bool { return a.Name == f.Name })
	a := &t.Attributes[i]
	kind, id := kindOf(a), fieldID(t, a.Name)
	switch {
	case kind == "ENUMERATION":
		w.in("ATTRIBUTE-VALUE-ENUMERATION", func() {
			w.ref("DEFINITION", "ATTRIBUTE-DEFINITION-ENUMERATION", id)
			w.in("VALUES", func() {
				for _, v := range f.Values {
					w.line("<ENUM-VALUE-REF>%s</ENUM-VALUE-REF>", valueID(t, a, slices.Index(a.Values, v)))
				}
			})
		})
	case a.Many:
		w.value("STRING", id, joinValues(f.Values))
	case kind == "XHTML":
		w.markup(id, xhtml.FromMarkdown(f.Values[0], xhtmlPrefix, nil))
	default:
		w.value(kind, id, f.Values[0])
	}
}

func (w *writer) relations() {
	for _, it := range w.tree.All() {
		for n := range it.Links {
			w.relation(it, &it.Links[n])
		}
	}
}

// relation writes a link. One that leads nowhere names what it was to lead to.
func (w *writer) relation(it *exchange.Item, l *exchange.Link) {
	target := w.items[l.Target]
	if target == "" {
		target = l.Target
	}
	t := w.links[slices.IndexFunc(w.links, func(t *plannedType) bool { return t.Name == l.Verb })]
	w.in("SPEC-RELATION "+w.identity(w.own(l.ID, "link", it.Identity(), l.Verb, l.Target), ""), func() {
		w.ref("TARGET", "SPEC-OBJECT", target)
		w.ref("SOURCE", "SPEC-OBJECT", w.objects[it])
		w.ref("TYPE", "SPEC-RELATION-TYPE", t.id)
		if len(l.Fields) > 0 {
			w.in("VALUES", func() { w.fields(t, l.Fields) })
		}
	})
	if l.Fingerprint != "" {
		w.lose(it.Identity(), "fingerprint of the link "+l.Verb+" "+l.Target, "ReqIF has no place for it")
	}
}

// node is what stands in a hierarchy.
type node struct {
	object string
	depth  int
	order  int
}

func (w *writer) specifications() {
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		if d.Key == unplacedKey && len(d.Sections)+len(d.Blocks)+len(d.Fields) == 0 {
			continue
		}
		id := w.own(d.Key, "document", d.Key)
		w.in("SPECIFICATION "+w.identity(id, oneLine(cmp.Or(d.Title, d.Key, path.Base(d.Path)))), func() {
			w.ref("TYPE", "SPECIFICATION-TYPE", w.spec.id)
			if len(d.Fields) > 0 {
				w.in("VALUES", func() { w.fields(w.spec, d.Fields) })
			}
			if nodes := w.outline(d); len(nodes) > 0 {
				w.in("CHILDREN", func() { w.hierarchy(id, nodes) })
			}
		})
	}
}

// outline lists what a document holds in reading order, none deeper than one below what stands before it.
func (w *writer) outline(d *exchange.Document) []node {
	var nodes []node
	for j := range d.Items {
		it := &d.Items[j]
		nodes = append(nodes, node{w.objects[it], depthOf(it.Level), it.Order})
	}
	for j, s := range d.Sections {
		nodes = append(nodes, node{frameID(d, "section", j), max(s.Level, 1), s.Order})
	}
	for j := range d.Blocks {
		b := &d.Blocks[j]
		nodes = append(nodes, node{cmp.Or(w.referred(b), frameID(d, "prose", j)), 0, b.Order})
	}
	slices.SortStableFunc(nodes, func(a, b node) int { return a.order - b.order })
	depth := 0
	for i := range nodes {
		if nodes[i].depth == 0 { // prose stands below the section before it
			nodes[i].depth = max(depth, 1)
		}
		depth = min(nodes[i].depth, depth+1, maxOutline)
		nodes[i].depth = depth
	}
	return nodes
}

// hierarchy writes nodes and, within each, those below it.
func (w *writer) hierarchy(spec string, nodes []node) {
	for len(nodes) > 0 {
		n := 1
		for n < len(nodes) && nodes[n].depth > nodes[0].depth {
			n++
		}
		w.in("SPEC-HIERARCHY "+w.identity(w.identifier("node", spec, nodes[0].object), ""), func() {
			if n > 1 {
				w.in("CHILDREN", func() { w.hierarchy(spec, nodes[1:n]) })
			}
			w.ref("OBJECT", "SPEC-OBJECT", nodes[0].object)
		})
		nodes = nodes[n:]
	}
}
