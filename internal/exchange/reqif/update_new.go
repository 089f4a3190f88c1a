package reqif

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// additions are elements that are new, by where they go.
type additions struct {
	sections   map[*file]map[string]*strings.Builder
	attributes map[*specType]*strings.Builder
	files      []*file
	types      []*specType
}

// sectionOrder is the order of the sections of a file.
var sectionOrder = []string{"DATATYPES", "SPEC-TYPES", "SPEC-OBJECTS", "SPEC-RELATIONS", "SPECIFICATIONS", "SPEC-RELATION-GROUPS"}

// add adds an element to a section of a file.
func (u *updater) add(f *file, section, text string) {
	a := &u.added
	if a.sections == nil {
		a.sections = map[*file]map[string]*strings.Builder{}
	}
	if a.sections[f] == nil {
		a.sections[f] = map[string]*strings.Builder{}
		a.files = append(a.files, f)
	}
	if a.sections[f][section] == nil {
		a.sections[f][section] = &strings.Builder{}
	}
	a.sections[f][section].WriteString("\n" + text)
}

// flush turns additions into edits.
func (u *updater) flush() {
	for _, t := range u.added.types {
		text := u.added.attributes[t].String()
		switch {
		case t.span.to == 0: // new itself
		case t.list.to > 0:
			u.append(t.file, t.list, text)
		default:
			u.append(t.file, t.span, "\n"+t.file.el("SPEC-ATTRIBUTES", "", text))
		}
	}
	for _, t := range u.added.types {
		if t.span.to == 0 {
			inner := u.added.attributes[t].String()
			if inner != "" {
				inner = t.file.el("SPEC-ATTRIBUTES", "", inner+"\n")
			}
			u.add(t.file, "SPEC-TYPES", t.file.el(t.element, u.identity(t.id, t.name), inner))
		}
	}
	for _, f := range u.added.files {
		u.flushSections(f)
	}
}

// flushSections writes what is new in the sections of a file, and sections that it has not in their place.
func (u *updater) flushSections(f *file) {
	missing := ""
	place := f.content.innerFrom
	flush := func() {
		if missing != "" && f.content.to > 0 && f.empty(f.content) {
			u.append(f, f.content, missing)
		} else if missing != "" {
			u.edit(f, place, place, missing)
		}
		missing = ""
	}
	for _, name := range sectionOrder {
		text := ""
		if b := u.added.sections[f][name]; b != nil {
			text = b.String()
		}
		s, there := f.sections[name]
		switch {
		case there:
			flush()
			place = s.to
			if text != "" {
				u.append(f, s, text)
			}
		case text != "":
			missing += "\n" + f.el(name, "", text+"\n")
		}
	}
	if missing == "" {
		return
	}
	if f.content.to > 0 {
		flush()
		return
	}
	u.append(f, f.root, "\n"+f.el("CORE-CONTENT", "", f.el("REQ-IF-CONTENT", "", missing+"\n")))
}

// identity is the attributes that every element has.
func (u *updater) identity(id, name string) string { return u.w.identity(id, oneLine(name)) }

// typeNamed is a type by its name: of the file, else of another one.
func (u *updater) typeNamed(f *file, element, name string) *specType {
	for _, f := range append([]*file{f}, u.files...) {
		for _, t := range f.typeList {
			if t.element == element && t.name == name {
				return t
			}
		}
	}
	return nil
}

// typeFor is a type by its name, which is made where there is none.
func (u *updater) typeFor(f *file, element, name, id string) *specType {
	if t := u.typeNamed(f, element, name); t != nil {
		return t
	}
	if u.w.ids[id] {
		id = u.w.identifier(strings.TrimPrefix(id, "_"))
	}
	u.w.ids[id] = true
	t := &specType{id: id, name: name, element: element, file: f}
	f.typeList = append(f.typeList, t)
	f.types[id] = t
	u.attributesOf(t)
	return t
}

// attributesOf begins the list of attributes that are new.
func (u *updater) attributesOf(t *specType) *strings.Builder {
	if u.added.attributes == nil {
		u.added.attributes = map[*specType]*strings.Builder{}
	}
	if u.added.attributes[t] == nil {
		u.added.attributes[t] = &strings.Builder{}
		u.added.types = append(u.added.types, t)
	}
	return u.added.attributes[t]
}

// attributeNamed is an attribute of a type by its name and data type, which is made where there is none.
func (u *updater) attributeNamed(t *specType, name, kind string, many bool) string {
	for _, a := range t.attrs {
		if a.name == name && a.kind == kind {
			return a.id
		}
	}
	return u.newAttribute(t, name, kind, many)
}

// newAttribute adds the definition of an attribute to a type.
func (u *updater) newAttribute(t *specType, name, kind string, many bool) string {
	id := attrID(t.name, name)
	if u.w.ids[id] {
		id = u.w.identifier("attribute", t.name, name)
	}
	u.w.ids[id] = true
	desc := ""
	if many {
		desc = manyMark
	}
	a := &attribute{id: id, name: name, kind: kind, desc: desc, datatype: u.datatypeFor(t.file, kind)}
	t.attrs = append(t.attrs, a)
	t.file.attrs[id] = a
	delete(u.roles, t)
	attributes := u.identity(id, name)
	if many {
		attributes = `DESC="` + manyMark + `" ` + attributes
	}
	u.attributesOf(t).WriteString("\n" + t.file.el("ATTRIBUTE-DEFINITION-"+kind, attributes, t.file.ref("TYPE", "DATATYPE-DEFINITION-"+kind, a.datatype)))
	return id
}

// datatypeFor is a data type that takes whatever is of a kind.
func (u *updater) datatypeFor(f *file, kind string) string {
	id := datatypeID(kind)
	if d := f.datatypes[id]; d != nil && d.kind == kind {
		return id
	}
	if u.w.ids[id] {
		id = u.w.identifier("data", kind)
	}
	u.w.ids[id] = true
	f.datatypes[datatypeID(kind)] = &datatype{id: id, kind: kind}
	u.add(f, "DATATYPES", datatypeXML(f, kind, u.identity(id, datatypeNames[kind])))
	return id
}

func datatypeXML(f *file, kind, identity string) string {
	switch kind {
	case "INTEGER":
		identity += ` MAX="999999999999999999" MIN="-999999999999999999"`
	case "REAL":
		identity += ` ACCURACY="17" MAX="1.0E308" MIN="-1.0E308"`
	case "STRING":
		identity += ` MAX-LENGTH="16777216"`
	}
	return f.el("DATATYPE-DEFINITION-"+kind, identity, "")
}

var datatypeNames = map[string]string{"BOOLEAN": "Boolean", "DATE": "Date", "INTEGER": "Integer", "REAL": "Real", "STRING": "String", "XHTML": "Text"}

// newObject writes an item that was not there.
func (u *updater) newObject(f *file, it *exchange.Item) {
	t := u.typeFor(f, "SPEC-OBJECT-TYPE", it.Type, typeID(it.Type))
	e := &element{f: f, id: u.ids[it], typ: t}
	if it.Key != "" {
		u.role(e, -1, u.rolesOf(t).key, "ReqIF.ForeignID", it.Key)
	}
	if it.Title != "" {
		title := slices.Clone(u.rolesOf(t).title)
		slices.SortStableFunc(title, func(a, b string) int {
			if it.Heading {
				a, b = b, a
			}
			return order(u.isChapter(f, a), u.isChapter(f, b))
		})
		standard := "ReqIF.Name"
		if it.Heading {
			standard = "ReqIF.ChapterName"
		}
		if len(title) > 0 && u.isChapter(f, title[0]) != it.Heading {
			title = nil
		}
		u.role(e, -1, title, standard, it.Title)
	}
	if it.Text != "" {
		u.text(e, &origin{text: -1, exact: -1}, it.Text)
	}
	extra := ""
	for i := range it.Fields {
		if n := &it.Fields[i]; slices.Contains(elementFields, n.Name) {
			if n.Name == "LONG-NAME" || n.Name == "DESC" {
				extra += " " + n.Name + `="` + escape(joined(n)) + `"`
			}
		} else {
			u.addNew(e, n)
		}
	}
	u.add(f, "SPEC-OBJECTS", f.el("SPEC-OBJECT", u.identity(e.id, "")+extra, f.el("VALUES", "", e.added.String())+f.ref("TYPE", "SPEC-OBJECT-TYPE", t.id)))
	if it.Review.Fingerprint != "" {
		u.lose(it.Identity(), "review", "ReqIF has no place for it")
	}
}

// addNew adds a value to an element that is new.
func (u *updater) addNew(e *element, n *exchange.Field) {
	u.addField(e, n)
	if added := e.added.String(); added != "" && e.typ != nil { // the next field of this name takes another attribute
		for _, a := range e.typ.attrs {
			if a.name == n.Name && strings.Contains(added, ">"+escapeText(a.id)+"<") && !slices.ContainsFunc(e.values, func(v value) bool { return v.def == a.id }) {
				e.values = append(e.values, value{def: a.id})
			}
		}
	}
}

// newFrame writes a section or prose.
func (u *updater) newFrame(f *file, name, text string) string {
	attribute := frameAttribute[name]
	t := u.typeFor(f, "SPEC-OBJECT-TYPE", name, typeID(name))
	def := u.attributeNamed(t, attribute, "STRING", false)
	id := u.w.identifier(fmt.Sprintf("%s-%.20s", strings.TrimPrefix(name, ToolID+" "), made("", text)[2:]))
	u.add(f, "SPEC-OBJECTS", f.el("SPEC-OBJECT", u.identity(id, ""), f.el("VALUES", "", u.simple(f, "STRING", def, text))+f.ref("TYPE", "SPEC-OBJECT-TYPE", t.id)))
	return id
}
