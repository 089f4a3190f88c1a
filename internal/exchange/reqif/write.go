package reqif

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
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
// are objects of types of their own. Identifiers are made of those of the items. What a file of another tool would lose is
// returned: nothing is, but the state and review of items.
func Write(t *exchange.Tree, options WriteOptions) ([]byte, []exchange.Loss, error) {
	w := &writer{tree: t, options: options, now: timeOf(options), types: map[string]*exchange.Type{}, items: map[string]string{}, ids: map[string]bool{}}
	w.prepare()
	w.file()
	if !options.Archive {
		for _, a := range t.Attachments {
			w.lost = append(w.lost, exchange.Loss{What: "file " + a.Path, Why: "only an archive (.reqifz) holds files"})
		}
		return w.b.Bytes(), w.lost, nil
	}
	data, err := pack(append([]exchange.Attachment{{Path: "requirements.reqif", Data: w.b.Bytes()}}, t.Attachments...))
	return data, w.lost, err
}

// pack makes an archive, always the same of the same files.
func pack(files []exchange.Attachment) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Path, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write(f.Data)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func timeOf(o WriteOptions) string { return o.Now.UTC().Format("2006-01-02T15:04:05Z") }

type writer struct {
	tree    *exchange.Tree
	options WriteOptions
	now     string
	b       bytes.Buffer
	depth   int
	types   map[string]*exchange.Type
	order   []*exchange.Type
	items   map[string]string // identity or key in the tree → identifier in the file
	ids     map[string]bool
	lost    []exchange.Loss
	frames  bool
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
		t := w.tree.Types[i]
		t.Attributes = slices.Clone(t.Attributes)
		w.addType(&t)
	}
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		w.frames = w.frames || len(d.Sections)+len(d.Blocks) > 0
		for j := range d.Items {
			it := &d.Items[j]
			w.declareItem(it)
			id := w.own(it.ID, "item", it.Identity())
			for _, name := range []string{it.ID, it.Key} {
				if _, there := w.items[name]; name != "" && !there {
					w.items[name] = id
				}
			}
			w.items[itemName(it)] = id
		}
	}
}

// itemName tells items apart that have the same key.
func itemName(it *exchange.Item) string { return fmt.Sprintf("\x00%p", it) }

func (w *writer) addType(t *exchange.Type) *exchange.Type {
	w.types[t.Name] = t
	w.order = append(w.order, t)
	return t
}

// declareItem declares what an item has and its type does not.
func (w *writer) declareItem(it *exchange.Item) {
	t := w.types[it.Type]
	if t == nil {
		t = w.addType(&exchange.Type{Name: it.Type})
	}
	for _, f := range it.Fields {
		i := slices.IndexFunc(t.Attributes, func(a exchange.Attribute) bool { return a.Name == f.Name })
		if i < 0 {
			t.Attributes = append(t.Attributes, exchange.Attribute{Name: f.Name, Data: f.Data})
			i = len(t.Attributes) - 1
		}
		a := &t.Attributes[i]
		a.Many = a.Many || len(f.Values) > 1
		for _, v := range f.Values {
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
	case exchange.DataString, exchange.DataMarkup, exchange.DataItem, "":
	}
	return true
}

func isInteger(v string) bool {
	digits := strings.TrimPrefix(v, "-")
	return digits != "" && len(digits) < 19 && strings.Trim(digits, "0123456789") == ""
}

// kindOf is the name of a data type in ReqIF. Markup of fields is a string: there it comes back as it was written.
func kindOf(a *exchange.Attribute) string {
	switch a.Data {
	case exchange.DataEnum:
		return "ENUMERATION"
	case exchange.DataInteger:
		return "INTEGER"
	case exchange.DataReal:
		return "REAL"
	case exchange.DataBoolean:
		return "BOOLEAN"
	case exchange.DataDate:
		return "DATE"
	case exchange.DataString, exchange.DataMarkup, exchange.DataItem, "":
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
	if w.tree.Items() > 0 || w.frames {
		w.in("SPEC-OBJECTS", w.objects)
	}
	if w.links() > 0 {
		w.in("SPEC-RELATIONS", w.relations)
	}
	if len(w.tree.Documents) > 0 {
		w.in("SPECIFICATIONS", w.specifications)
	}
}

func (w *writer) links() (n int) {
	for i := range w.tree.Documents {
		for j := range w.tree.Documents[i].Items {
			n += len(w.tree.Documents[i].Items[j].Links)
		}
	}
	return n
}

func (w *writer) datatypes() {
	for _, kind := range []string{"BOOLEAN", "DATE"} {
		w.line("%s", datatypeXML(&file{}, kind, w.identity(datatypeID(kind), datatypeNames[kind])))
	}
	for _, t := range w.order {
		for i := range t.Attributes {
			a := &t.Attributes[i]
			if a.Data != exchange.DataEnum {
				continue
			}
			w.in("DATATYPE-DEFINITION-ENUMERATION "+w.identity(enumID(t, a), title(t)+": "+a.Name), func() {
				w.in("SPECIFIED-VALUES", func() {
					for n, v := range a.Values {
						w.in("ENUM-VALUE "+w.identity(valueID(t, a, n), v), func() {
							w.in("PROPERTIES", func() { w.line(`<EMBEDDED-VALUE KEY="%d" OTHER-CONTENT=""/>`, n) })
						})
					}
				})
			})
		}
	}
	for _, kind := range []string{"INTEGER", "REAL", "STRING", "XHTML"} {
		w.line("%s", datatypeXML(&file{}, kind, w.identity(datatypeID(kind), datatypeNames[kind])))
	}
}

func datatypeID(kind string) string { return "_data-" + kind }

func title(t *exchange.Type) string { return cmp.Or(t.Title, t.Name, "Requirement") }

// made is an identifier made of names, always the same for the same names.
func made(kind string, names ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	return "_" + kind + "-" + hex.EncodeToString(sum[:10])
}

func typeID(name string) string                             { return made("type", name) }
func attrID(typ, name string) string                        { return made("attribute", typ, name) }
func enumID(t *exchange.Type, a *exchange.Attribute) string { return made("values", t.Name, a.Name) }
func valueID(t *exchange.Type, a *exchange.Attribute, n int) string {
	return made("value", t.Name, a.Name, itoa(n))
}
func relationTypeID(verb string) string { return made("relation-type", verb) }

// attribute writes the definition of an attribute.
func (w *writer) attribute(typ, name, kind, datatype, extra string) {
	w.in("ATTRIBUTE-DEFINITION-"+kind+" "+extra+w.identity(attrID(typ, name), name), func() {
		w.in("TYPE", func() { w.line("<DATATYPE-DEFINITION-%s-REF>%s</DATATYPE-DEFINITION-%s-REF>", kind, datatype, kind) })
	})
}

func (w *writer) specTypes() {
	for _, t := range w.order {
		w.in("SPEC-OBJECT-TYPE "+w.identity(typeID(t.Name), title(t)), func() {
			w.in("SPEC-ATTRIBUTES", func() {
				w.attribute(t.Name, "ReqIF.ForeignID", "STRING", "_data-STRING", "")
				w.attribute(t.Name, "ReqIF.Name", "STRING", "_data-STRING", "")
				w.attribute(t.Name, "ReqIF.Text", "XHTML", "_data-XHTML", "")
				w.attribute(t.Name, exactName, "STRING", "_data-STRING", "")
				for i := range t.Attributes {
					a := &t.Attributes[i]
					kind := kindOf(a)
					switch {
					case kind == "ENUMERATION":
						w.attribute(t.Name, a.Name, kind, enumID(t, a), fmt.Sprintf(`MULTI-VALUED="%t" `, a.Many))
					case a.Many:
						w.attribute(t.Name, a.Name, "STRING", "_data-STRING", `DESC="`+manyMark+`" `)
					default:
						w.attribute(t.Name, a.Name, kind, "_data-"+kind, "")
					}
				}
			})
		})
	}
	if w.frames {
		for _, name := range []string{sectionName, proseName} {
			attribute := frameAttribute[name]
			w.in("SPEC-OBJECT-TYPE "+w.identity(typeID(name), name), func() {
				w.in("SPEC-ATTRIBUTES", func() { w.attribute(name, attribute, "STRING", "_data-STRING", "") })
			})
		}
	}
	for _, verb := range w.verbs() {
		w.line("<SPEC-RELATION-TYPE %s/>", w.identity(relationTypeID(verb), verb))
	}
	w.line("<SPECIFICATION-TYPE %s/>", w.identity("_specification-type", "document"))
}

func (w *writer) verbs() []string {
	var out []string
	for i := range w.tree.Documents {
		for j := range w.tree.Documents[i].Items {
			for _, l := range w.tree.Documents[i].Items[j].Links {
				if !slices.Contains(out, l.Verb) {
					out = append(out, l.Verb)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

func (w *writer) objects() {
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		for j := range d.Items {
			w.object(d, &d.Items[j])
		}
		for j := range d.Sections {
			w.frame(frameID(d, "section", j), sectionName, frameAttribute[sectionName], d.Sections[j].Title)
		}
		for j := range d.Blocks {
			w.frame(frameID(d, "prose", j), proseName, frameAttribute[proseName], d.Blocks[j].Text)
		}
	}
}

func frameID(d *exchange.Document, kind string, n int) string {
	return made(kind, d.Path, d.Key, itoa(n))
}

func (w *writer) frame(id, typ, attribute, text string) {
	w.in("SPEC-OBJECT "+w.identity(id, ""), func() {
		w.in("VALUES", func() { w.value("STRING", attrID(typ, attribute), text) })
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
	w.in("SPEC-OBJECT "+w.identity(w.items[itemName(it)], ""), func() {
		w.in("VALUES", func() {
			if it.Key != "" {
				w.value("STRING", attrID(t.Name, "ReqIF.ForeignID"), it.Key)
			}
			if it.Title != "" {
				w.value("STRING", attrID(t.Name, "ReqIF.Name"), it.Title)
			}
			if it.Text != "" {
				w.text(d, t.Name, it.Text)
			}
			for i := range it.Fields {
				w.field(t, &it.Fields[i])
			}
		})
		w.ref("TYPE", "SPEC-OBJECT-TYPE", typeID(t.Name))
	})
	if it.Review.Fingerprint != "" {
		w.lost = append(w.lost, exchange.Loss{Item: it.Identity(), What: "review", Why: "ReqIF has no place for it"})
	}
}

// text writes a text as XHTML, and as it is where it would come back as another.
func (w *writer) text(d *exchange.Document, typ, text string) {
	fragment := xhtml.FromMarkdown(text, xhtmlPrefix, func(to string) string { return w.beside(d, to) })
	w.in("ATTRIBUTE-VALUE-XHTML", func() {
		w.ref("DEFINITION", "ATTRIBUTE-DEFINITION-XHTML", attrID(typ, "ReqIF.Text"))
		w.line("<THE-VALUE>%s</THE-VALUE>", fragment)
	})
	if r, err := xhtml.ToMarkdown(fragment); err != nil || r.Markdown != text {
		w.value("STRING", attrID(typ, exactName), text)
	}
}

// beside is the path of an attached file as seen from the file that is written, at the top of the archive.
func (w *writer) beside(d *exchange.Document, to string) string {
	name := path.Join(path.Dir(d.Path), to)
	if slices.ContainsFunc(w.tree.Attachments, func(a exchange.Attachment) bool { return a.Path == name }) {
		return name
	}
	return to
}

func (w *writer) field(t *exchange.Type, f *exchange.Field) {
	i := slices.IndexFunc(t.Attributes, func(a exchange.Attribute) bool { return a.Name == f.Name })
	a := &t.Attributes[i]
	kind, id := kindOf(a), attrID(t.Name, a.Name)
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
		w.value("STRING", id, strings.Join(f.Values, "\n"))
	default:
		w.value(kind, id, strings.Join(f.Values, "\n"))
	}
}

func (w *writer) relations() {
	for i := range w.tree.Documents {
		for j := range w.tree.Documents[i].Items {
			it := &w.tree.Documents[i].Items[j]
			for n := range it.Links {
				w.relation(it, &it.Links[n])
			}
		}
	}
}

// relation writes a link. One that leads nowhere names what it was to lead to.
func (w *writer) relation(it *exchange.Item, l *exchange.Link) {
	target := w.items[l.Target]
	if target == "" {
		target = l.Target
	}
	w.in("SPEC-RELATION "+w.identity(w.identifier("link", it.Identity(), l.Verb, l.Target), ""), func() {
		w.ref("TARGET", "SPEC-OBJECT", target)
		w.ref("SOURCE", "SPEC-OBJECT", w.items[itemName(it)])
		w.ref("TYPE", "SPEC-RELATION-TYPE", relationTypeID(l.Verb))
	})
	for _, f := range l.Fields {
		w.lost = append(w.lost, exchange.Loss{Item: it.Identity(), What: f.Name + " of the link " + l.Verb + " " + l.Target, Why: "attributes of links are written only where the file that they came from is kept"})
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
		name := d.Title
		if name == "" {
			name = cmp.Or(d.Key, path.Base(d.Path))
		}
		w.in("SPECIFICATION "+w.identity(w.identifier("document", d.Key), oneLine(name)), func() {
			w.ref("TYPE", "SPECIFICATION-TYPE", "_specification-type")
			nodes := w.outline(d)
			if len(nodes) > 0 {
				w.in("CHILDREN", func() { w.hierarchy(d, nodes) })
			}
		})
	}
}

// outline lists what a document holds in reading order, none deeper than one below what stands before it.
func (w *writer) outline(d *exchange.Document) []node {
	var nodes []node
	for j := range d.Items {
		it := &d.Items[j]
		nodes = append(nodes, node{w.items[itemName(it)], strings.Count(it.Level, ".") + 1, it.Order})
	}
	for j, s := range d.Sections {
		nodes = append(nodes, node{frameID(d, "section", j), max(s.Level, 1), s.Order})
	}
	for j, b := range d.Blocks {
		nodes = append(nodes, node{frameID(d, "prose", j), 0, b.Order})
	}
	slices.SortStableFunc(nodes, func(a, b node) int { return a.order - b.order })
	depth := 0
	for i := range nodes {
		if nodes[i].depth == 0 { // prose stands below the section before it
			nodes[i].depth = max(depth, 1)
			continue
		}
		depth = min(nodes[i].depth, depth+1)
		nodes[i].depth = depth
	}
	return nodes
}

// hierarchy writes nodes and, within each, those below it.
func (w *writer) hierarchy(d *exchange.Document, nodes []node) {
	for len(nodes) > 0 {
		n := 1
		for n < len(nodes) && nodes[n].depth > nodes[0].depth {
			n++
		}
		w.in("SPEC-HIERARCHY "+w.identity(w.identifier("node", d.Key, nodes[0].object), ""), func() {
			if n > 1 {
				w.in("CHILDREN", func() { w.hierarchy(d, nodes[1:n]) })
			}
			w.ref("OBJECT", "SPEC-OBJECT", nodes[0].object)
		})
		nodes = nodes[n:]
	}
}
