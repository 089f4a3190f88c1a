package reqif

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xhtml"
)

// element is an element with values: an object, a relation or a specification.
type element struct {
	f      *file
	id     string
	span   span
	list   span // the element VALUES; empty where there is none
	values []value
	typ    *specType // nil where it is not there
	taken  []int     // values that are no fields

	added   strings.Builder
	written map[*value]bool
	changed bool
}

// items writes what has changed in the items that were there, takes out those that are gone and adds new ones.
func (u *updater) items() {
	for _, it := range u.next.All() {
		if o := u.kept[it]; o != nil {
			u.change(it, o)
		}
	}
	for _, f := range u.files {
		for _, o := range f.objects {
			if from := u.origins[o]; from != nil && !from.frame && u.homes[o] == nil {
				u.takeOut(f, o.id, o.span)
			}
		}
	}
}

func (u *updater) takeOut(f *file, id string, s span) {
	u.gone[id] = true
	u.remove(f, s)
}

// plain is a text without what no format keeps: the kind of its line ends, blank lines at its ends, blanks at the ends of lines.
func plain(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.Contains(s, " \n") || strings.Contains(s, "\t\n") {
		lines := strings.Split(s, "\n")
		for i, l := range lines {
			lines[i] = strings.TrimRight(l, " \t")
		}
		s = strings.Join(lines, "\n")
	}
	return strings.TrimRight(strings.Trim(s, "\n"), " \t\n")
}

func joined(f *exchange.Field) string { return strings.Join(f.Values, "\n") }

// sameField compares the values of fields. Names of values are the same in upper and lower case.
func sameField(a, b *exchange.Field, data exchange.DataType) bool {
	x, y := plain(joined(a)), plain(joined(b))
	if data == exchange.DataEnum || data == exchange.DataBoolean {
		return strings.EqualFold(x, y)
	}
	return x == y
}

func (u *updater) change(it *exchange.Item, o *object) {
	from := u.origins[o]
	was := &from.item
	e := &element{f: o.file, id: o.id, span: o.span, list: o.list, values: o.values, typ: u.typ(o.file, o.typ), taken: []int{from.key, from.title, from.text, from.exact}}
	if it.Type != was.Type && it.Type != "" && was.Type != "" {
		u.lose(o.id, "type "+it.Type, "the object is of the type "+was.Type+" and keeps it")
	}
	if was.Key != "" && oneLine(it.Key) != was.Key {
		u.role(e, from.key, u.rolesOf(e.typ).key, "ReqIF.ForeignID", oneLine(it.Key))
	}
	if title := oneLine(it.Title); title != was.Title {
		u.title(e, from, it, title)
	}
	if plain(it.Text) != plain(was.Text) {
		u.text(e, from, it.Text)
	}
	u.fields(e, it.Fields, was.Fields, from.fields)
	u.finish(e)
}

// title writes a title where the old one stood, else where titles of the type stand, else as the name of the object.
func (u *updater) title(e *element, from *origin, it *exchange.Item, title string) {
	roles := u.rolesOf(e.typ).title
	switch {
	case from.title >= 0:
		u.role(e, from.title, roles, "", title)
	case from.titled || len(roles) == 0:
		u.attribute(e.f, e.span, "LONG-NAME", title)
		e.changed = true
	default:
		if !it.Heading { // a title that makes no heading
			roles = slices.Clone(roles)
			slices.SortStableFunc(roles, func(a, b string) int { return order(u.isChapter(e.f, a), u.isChapter(e.f, b)) })
		}
		u.role(e, -1, roles, "", title)
	}
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (u *updater) isChapter(f *file, id string) bool { return isChapter(u.attr(f, id).name) }

// role writes what an item has a place of its own for: in the value at, or in a new one of the first of the attributes, or in
// an attribute that is added.
func (u *updater) role(e *element, at int, attributes []string, standard, text string) {
	switch {
	case at >= 0:
		u.setField(e, &exchange.Field{Name: standard, Values: values(text), Data: "plain"}, at)
	case text == "":
	default:
		for _, id := range attributes {
			if a := u.attr(e.f, id); isText(a) {
				u.put(e, id, u.simple(e.f, a.kind, id, text))
				return
			}
		}
		if e.typ == nil {
			u.lose(e.id, standard, "the type is not there, so that no attribute can be added to it")
			return
		}
		u.insert(e, u.simple(e.f, "STRING", u.attributeNamed(e.typ, standard, "STRING", false), text))
	}
}

func values(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func isText(a *attribute) bool { return a.kind == "STRING" || a.kind == "XHTML" }

// put writes a value in place of an empty one of its attribute, else beside the others.
func (u *updater) put(e *element, def, text string) {
	for i := range e.values {
		if v := &e.values[i]; v.def == def && !slices.Contains(e.taken, i) {
			u.replace(e, v, text)
			return
		}
	}
	u.insert(e, text)
}

// text writes a text, and as it is too where its XHTML would be read as another.
func (u *updater) text(e *element, from *origin, text string) {
	kind, def := "XHTML", ""
	if from.text >= 0 {
		v := &e.values[from.text]
		kind, def = v.kind, v.def
		if len(v.markdown.Lost) > 0 && text != "" {
			u.lose(e.id, "text", "it has changed, and with it went what Markdown has not: "+strings.Join(v.markdown.Lost, ", "))
		}
	} else if roles := u.rolesOf(e.typ).text; len(roles) > 0 {
		a := u.attr(e.f, roles[0])
		kind, def = a.kind, a.id
	} else if e.typ != nil {
		def = u.attributeNamed(e.typ, "ReqIF.Text", "XHTML", false)
	} else {
		u.lose(e.id, "text", "the type of the object is not there, so that it can have no text")
		return
	}
	written, exact := "", false
	if text != "" {
		if kind != "XHTML" {
			written = u.simple(e.f, kind, def, text)
		} else {
			written, exact = u.markup(e.f, def, text)
		}
	}
	switch {
	case from.text >= 0:
		u.replace(e, &e.values[from.text], written)
	case written != "":
		u.put(e, def, written)
	}
	switch {
	case exact || written == "" || kind != "XHTML":
		if from.exact >= 0 {
			u.replace(e, &e.values[from.exact], "")
		}
	case from.exact >= 0:
		v := &e.values[from.exact]
		u.replace(e, v, u.simple(e.f, v.kind, v.def, text))
	case e.typ != nil:
		u.insert(e, u.simple(e.f, "STRING", u.attributeNamed(e.typ, exactName, "STRING", false), text))
	}
}

// fields writes the fields that are not what they were. The nth field of a name was the nth of that name.
func (u *updater) fields(e *element, now, was []exchange.Field, from []int) {
	seen := map[string]int{}
	places := map[string][]int{}
	for i := range was {
		places[was[i].Name] = append(places[was[i].Name], i)
	}
	for i := range now {
		n := &now[i]
		nth := seen[n.Name]
		seen[n.Name]++
		if nth >= len(places[n.Name]) {
			if joined(n) != "" {
				u.addField(e, n)
			}
			continue
		}
		k := places[n.Name][nth]
		if x := &was[k]; !sameField(n, x, x.Data) {
			u.setField(e, n, from[k])
		}
	}
	for name, list := range places {
		for _, k := range list[min(seen[name], len(list)):] {
			if joined(&was[k]) != "" {
				u.setField(e, &exchange.Field{Name: name}, from[k])
			}
		}
	}
}

// setField changes the value at a place, or an attribute of the element itself; a field without values takes it out.
func (u *updater) setField(e *element, n *exchange.Field, at int) {
	if at < 0 {
		switch n.Name {
		case "LONG-NAME", "DESC":
			u.attribute(e.f, e.span, n.Name, joined(n))
			e.changed = true
		case "IDENTIFIER": // it only says what the identity was made of
		default:
			u.lose(e.id, n.Name, "it is no value of the element, and stays as it is")
		}
		return
	}
	v := &e.values[at]
	if len(n.Values) == 0 {
		u.replace(e, v, "")
		return
	}
	if text := u.valueXML(e, v.kind, v.def, n); text != "" {
		u.replace(e, v, text)
	}
}

// addField adds a value, with a definition where the type has none that is free.
func (u *updater) addField(e *element, n *exchange.Field) {
	if slices.Contains(elementFields, n.Name) {
		u.setField(e, n, -1)
		return
	}
	if e.typ == nil {
		u.lose(e.id, n.Name, "the type is not there, so that no attribute can be added to it")
		return
	}
	for _, a := range e.typ.attrs {
		if a.name == n.Name && !slices.ContainsFunc(e.values, func(v value) bool { return v.def == a.id }) {
			if text := u.valueXML(e, a.kind, a.id, n); text != "" {
				u.insert(e, text)
			}
			return
		}
	}
	kind := kindFor(n)
	u.newAttribute(e.typ, n.Name, kind, len(n.Values) > 1)
	u.addField(e, n)
}

// elementFields are fields that are no values.
var elementFields = []string{"LONG-NAME", "DESC", "ALTERNATIVE-ID", "IDENTIFIER", groupField}

// kindFor is the data type for a new attribute. One that has several values is a string, and so is one with names of values.
func kindFor(n *exchange.Field) string {
	a := exchange.Attribute{Data: n.Data}
	if a.Data == exchange.DataEnum || a.Data == exchange.DataMarkup || len(n.Values) != 1 || !takes(&a, n.Values[0]) {
		return "STRING"
	}
	return kindOf(&a)
}

// valueXML is a value in XML; empty, with a loss, where its data type does not take it.
func (u *updater) valueXML(e *element, kind, def string, n *exchange.Field) string {
	switch kind {
	case "ENUMERATION":
		return u.enumXML(e, def, n)
	case "XHTML":
		if n.Data == "plain" {
			break
		}
		text, exact := u.markup(e.f, def, joined(n))
		if !exact {
			u.lose(e.id, n.Name, "XHTML says it in another way; it will be read a little differently")
		}
		return text
	case "STRING":
	default:
		if a := (exchange.Attribute{Data: dataOf(kind)}); !takes(&a, joined(n)) {
			u.lose(e.id, n.Name, fmt.Sprintf("%q is no value of the data type %s; the old one stays", joined(n), strings.ToLower(kind)))
			return ""
		}
	}
	if a := u.attr(e.f, def); a != nil && a.desc == manyMark && len(n.Values) > 1 {
		return u.simple(e.f, kind, def, joinValues(n.Values))
	}
	return u.simple(e.f, kind, def, joined(n))
}

func (u *updater) enumXML(e *element, def string, n *exchange.Field) string {
	var refs strings.Builder
	for _, name := range strings.Split(joined(n), "\n") {
		id := u.enumID(e.f, def, name)
		if id == "" {
			u.lose(e.id, n.Name, fmt.Sprintf("%q is none of the values of its enumeration; the old one stays", name))
			return ""
		}
		refs.WriteString(e.f.el("ENUM-VALUE-REF", "", escapeText(id)))
	}
	return "\n" + e.f.el("ATTRIBUTE-VALUE-ENUMERATION", "", e.f.definition("ENUMERATION", def)+e.f.el("VALUES", "", refs.String()))
}

// enumID is the identifier of a value by its name, which may be in upper or lower case where no other has it so.
func (u *updater) enumID(f *file, def, name string) string {
	a := u.attr(f, def)
	if a == nil {
		return ""
	}
	d := u.datatype(f, a.datatype)
	if d == nil {
		return ""
	}
	folded := ""
	for _, id := range d.values {
		switch known := u.enum(f, id); {
		case known == name:
			return id
		case folded == "" && strings.EqualFold(known, name):
			folded = id
		}
	}
	return folded
}

// markup is a text as a value with markup; exact where it is read again as it is.
func (u *updater) markup(f *file, def, text string) (xml string, exact bool) {
	fragment := f.div(xhtml.FromMarkdown(text, f.xhtml, nil))
	r, err := xhtml.ToMarkdown(fragment)
	return "\n" + f.el("ATTRIBUTE-VALUE-XHTML", "", f.definition("XHTML", def)+f.el("THE-VALUE", "", fragment)), err == nil && r.Markdown == text
}

// simple is a value of any data type but an enumeration; with markup it is text without any.
func (u *updater) simple(f *file, kind, def, text string) string {
	if kind == "XHTML" {
		fragment := "<div>" + escapeText(text) + "</div>"
		if f.xhtml != "" {
			fragment = fmt.Sprintf("<%[1]s:div>%[2]s</%[1]s:div>", f.xhtml, escapeText(text))
		}
		return "\n" + f.el("ATTRIBUTE-VALUE-XHTML", "", f.definition(kind, def)+f.el("THE-VALUE", "", f.div(fragment)))
	}
	return "\n" + f.el("ATTRIBUTE-VALUE-"+kind, `THE-VALUE="`+escape(text)+`"`, f.definition(kind, def))
}

// div gives an element the namespace of XHTML where no prefix does.
func (f *file) div(fragment string) string {
	if f.xhtml != "" {
		return fragment
	}
	return "<div" + xhtmlName + strings.TrimPrefix(fragment, "<div")
}

// el is an element of ReqIF as the file writes it.
func (f *file) el(name, attributes, inner string) string {
	open := "<" + f.prefix + name
	if attributes != "" {
		open += " " + attributes
	}
	if inner == "" {
		return open + "/>"
	}
	return open + ">" + inner + "</" + f.prefix + name + ">"
}

func (f *file) ref(element, kind, id string) string {
	return f.el(element, "", f.el(kind+"-REF", "", escapeText(id)))
}

func (f *file) definition(kind, def string) string {
	return f.ref("DEFINITION", "ATTRIBUTE-DEFINITION-"+kind, def)
}

func escape(s string) string     { return xhtml.Escape(s) }
func escapeText(s string) string { return xhtml.EscapeText(s) }

func (u *updater) replace(e *element, v *value, text string) {
	if e.written[v] { // an empty value that became the title or text
		u.lose(e.id, u.attrName(e.f, v.def), "its place was taken by the title or text of the item")
		return
	}
	if e.written == nil {
		e.written = map[*value]bool{}
	}
	e.written[v], e.changed = true, true
	if text == "" {
		u.remove(e.f, v.span)
		return
	}
	u.edit(e.f, v.span.from, v.span.to, strings.TrimLeft(text, "\n"))
}

func (u *updater) insert(e *element, text string) { e.added.WriteString(text) }

// finish writes the values that are new, and when the element was changed.
func (u *updater) finish(e *element) {
	if e.added.Len() > 0 {
		e.changed = true
		if e.list.to > 0 {
			u.append(e.f, e.list, e.added.String())
		} else {
			u.append(e.f, e.span, "\n"+e.f.el("VALUES", "", e.added.String()))
		}
	}
	if e.changed {
		u.touched(e.f, e.span)
	}
}
