package reqif

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xhtml"
)

// Update writes a tree into the file, or archive, that an import came from: everything in it comes out again as it stands, but
// values that have changed, items and links that have come or gone, and the hierarchy where the outline has changed. Items are
// found by Item.ID. What the file cannot take is returned.
//
// It is an error where source holds more than one file or archive: such a tree is to be written anew.
func Update(source fs.FS, t *exchange.Tree, options WriteOptions) ([]byte, []exchange.Loss, error) {
	names, err := find(source)
	if err != nil {
		return nil, nil, err
	}
	if len(names) != 1 {
		return nil, nil, fmt.Errorf("the source is %d files; one can be updated", len(names))
	}
	b, err := read(source, Options{})
	if err != nil {
		return nil, nil, err
	}
	u := &updater{builder: b, next: t, w: &writer{tree: t, now: options.Now.UTC().Format("2006-01-02T15:04:05Z"), ids: map[string]bool{}}, edits: map[*file][]edit{}, ids: map[string]string{},
		newAttrs: map[string]string{}, slots: map[slot]*addition{}}
	for _, f := range b.files {
		for id := range f.ids {
			u.w.ids[id] = true
		}
	}
	u.run()
	out := map[string][]byte{}
	for _, f := range b.files {
		if out[f.name], err = apply(f.data, u.edits[f]); err != nil {
			return nil, nil, err
		}
	}
	if !isArchive(names[0]) {
		return out[names[0]], u.w.lost, nil
	}
	data, err := u.repack(source, names[0], out)
	return data, u.w.lost, err
}

// repack makes the archive again, with the files of the tree in place of its own.
func (u *updater) repack(source fs.FS, name string, changed map[string][]byte) ([]byte, error) {
	raw, why := exchange.ReadFile(source, name, u.options.MaxFile)
	if why != "" {
		return nil, fmt.Errorf("%s", why)
	}
	entries, err := unpack(raw, u.options)
	if err != nil {
		return nil, err
	}
	files := &exchange.Tree{}
	var first string
	seen := map[string]bool{}
	for _, e := range entries {
		data := e.data
		if d, ok := changed[name+"/"+e.name]; ok {
			data = d
		}
		for _, a := range u.next.Attachments {
			if a.Path == e.name {
				data = a.Data
			}
		}
		seen[e.name] = true
		if first == "" && isReqIF(e.name) {
			first = e.name
		}
		files.Attachments = append(files.Attachments, exchange.Attachment{Path: e.name, Data: data})
	}
	for _, a := range u.next.Attachments {
		if !seen[a.Path] {
			files.Attachments = append(files.Attachments, a)
		}
	}
	head := slices.IndexFunc(files.Attachments, func(a exchange.Attachment) bool { return a.Path == first })
	data := files.Attachments[head].Data
	files.Attachments = slices.Delete(files.Attachments, head, head+1)
	return pack(files, first, data)
}

type edit struct {
	from, to int
	text     string
}

// apply makes edits, which must not overlap; those of one place keep their order.
func apply(data []byte, edits []edit) ([]byte, error) {
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		if e.from < at {
			if e.to <= at {
				continue // within what is gone already
			}
			return nil, fmt.Errorf("internal: two changes of one place")
		}
		out.Write(data[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(data[at:])
	return out.Bytes(), nil
}

// updater brings a file to what a tree says.
type updater struct {
	*builder
	next     *exchange.Tree
	w        *writer
	edits    map[*file][]edit
	ids      map[string]string // identity in the tree → identifier in the file
	newAttrs map[string]string // type and name → identifier
	kept     map[string]bool   // identifiers of objects that stay
	slots    map[slot]*addition
	order    []slot
}

// slot is a place where things are added: the end of an element, or of a child of it that has to be made, or a section of a
// file that has to be made.
type slot struct {
	f     *file
	from  int    // of the element, -1 for a section
	child string // to be made, "" for none
}

type addition struct {
	span span
	text strings.Builder
}

func (u *updater) addTo(at slot, s span, text string) {
	a := u.slots[at]
	if a == nil {
		a = &addition{span: s}
		u.slots[at] = a
		u.order = append(u.order, at)
	}
	a.text.WriteString(text)
}

// flush turns additions into edits.
func (u *updater) flush() {
	for _, at := range u.order {
		a := u.slots[at]
		text := a.text.String()
		if at.child != "" {
			text = fmt.Sprintf("<%[1]s%[2]s>%[3]s</%[1]s%[2]s>", at.f.prefix, at.child, text)
		}
		if at.from >= 0 {
			u.openUp(at.f, a.span, text)
			continue
		}
		place := at.f.content.innerFrom
		for _, before := range sectionOrder[:slices.Index(sectionOrder, at.child)] {
			if s, there := at.f.sections[before]; there {
				place = max(place, s.to)
			}
		}
		u.edit(at.f, place, place, text)
	}
}

func (u *updater) edit(f *file, from, to int, text string) {
	u.edits[f] = append(u.edits[f], edit{from, to, text})
}

// main is the file that takes what is new.
func (u *updater) main() *file {
	for _, f := range u.files {
		if len(f.objects) > 0 {
			return f
		}
	}
	return u.files[0]
}

func (u *updater) run() {
	was := map[string]*exchange.Item{}
	for i := range u.tree.Documents {
		for j := range u.tree.Documents[i].Items {
			it := &u.tree.Documents[i].Items[j]
			was[it.ID] = it
		}
	}
	u.kept = map[string]bool{}
	var fresh []*exchange.Item
	docOf := map[*exchange.Item]*exchange.Document{}
	for i := range u.next.Documents {
		d := &u.next.Documents[i]
		for j := range d.Items {
			it := &d.Items[j]
			docOf[it] = d
			if was[it.ID] != nil {
				u.kept[it.ID] = true
				u.name(it, it.ID)
				continue
			}
			u.name(it, u.w.identifier("item", it.Identity()))
			fresh = append(fresh, it)
		}
	}
	for i := range u.next.Documents {
		d := &u.next.Documents[i]
		for j := range d.Items {
			if it := &d.Items[j]; u.kept[it.ID] {
				u.change(d, it, was[it.ID])
			}
		}
	}
	for _, f := range u.files {
		for _, o := range f.objects {
			if !u.kept[o.id] && u.builder.ids[o.id] == o {
				u.edit(f, o.span.from, o.span.to, "")
			}
		}
	}
	u.add(fresh, docOf)
	u.relations()
	u.outlines()
	u.flush()
}

func (u *updater) name(it *exchange.Item, id string) {
	for _, name := range []string{it.ID, it.Key} {
		if _, there := u.ids[name]; name != "" && !there {
			u.ids[name] = id
		}
	}
}

// same compares two values as people read them: space apart, and case where there are only so many values.
func same(data exchange.DataType, a, b string) bool {
	a, b = oneLine(a), oneLine(b)
	if data == exchange.DataEnum || data == exchange.DataBoolean {
		return strings.EqualFold(a, b)
	}
	return a == b
}

func joined(f *exchange.Field) string { return strings.Join(f.Values, "\n") }

// change writes the values of an item that are not what they were.
func (u *updater) change(d *exchange.Document, it, was *exchange.Item) {
	o := u.builder.ids[it.ID]
	f := u.fileOf(o)
	if was.Key != "" && it.Key != was.Key {
		u.role(f, o, "key", it.Key, "")
	}
	if !same("", it.Title, was.Title) {
		u.role(f, o, "title", it.Title, "")
	}
	if !same("", it.Text, was.Text) {
		u.role(f, o, "text", it.Text, path.Dir(d.Path))
	}
	for i := range it.Fields {
		n := &it.Fields[i]
		nth := ordinal(it.Fields, i)
		if x := nthField(was.Fields, n.Name, nth); x == nil || !same(x.Data, joined(n), joined(x)) {
			u.setField(f, o, n, nth)
		}
	}
	for i := range was.Fields {
		x := &was.Fields[i]
		nth := ordinal(was.Fields, i)
		if v := u.valueNamed(o, x.Name, nth); v != nil && joined(x) != "" && nthField(it.Fields, x.Name, nth) == nil {
			u.edit(f, v.span.from, v.span.to, "")
		}
	}
}

// ordinal is how many fields of the same name stand before one.
func ordinal(fields []exchange.Field, i int) (n int) {
	for _, f := range fields[:i] {
		if f.Name == fields[i].Name {
			n++
		}
	}
	return n
}

func nthField(fields []exchange.Field, name string, nth int) *exchange.Field {
	for i := range fields {
		if fields[i].Name == name {
			if nth == 0 {
				return &fields[i]
			}
			nth--
		}
	}
	return nil
}

// valueNamed is the nth value of an attribute that is a field, and has not the place of the key, title or text.
func (u *updater) valueNamed(o *object, name string, nth int) *value {
	for i := range o.values {
		taken := false
		for _, k := range o.from {
			taken = taken || k == i
		}
		if taken || u.attrName(o.values[i].def) != name {
			continue
		}
		if nth == 0 {
			return &o.values[i]
		}
		nth--
	}
	return nil
}

// role writes what an item has a place of its own for.
func (u *updater) role(f *file, o *object, role, text, folder string) {
	if i, ok := o.from[role]; ok {
		v := &o.values[i]
		u.edit(f, v.span.from, v.span.to, u.valueOf(f, v.kind, v.def, []string{text}, role == "text"))
		return
	}
	if role == "title" && o.titled {
		u.rename(f, o, text)
		return
	}
	r := u.rolesOf(o.typ)
	ids := map[string][]string{"key": r.key, "title": r.title, "text": r.text}[role]
	if len(ids) == 0 {
		u.setField(f, o, &exchange.Field{Name: map[string]string{"key": "ReqIF.ForeignID", "title": "ReqIF.Name", "text": "ReqIF.Text"}[role], Values: []string{text}}, 0)
		return
	}
	a := u.attrs[ids[0]]
	u.insertValue(f, o, u.valueOf(f, a.kind, a.id, []string{text}, role == "text"))
}

// rename changes the LONG-NAME of an object.
func (u *updater) rename(f *file, o *object, text string) {
	tag := f.data[o.span.from:o.span.innerFrom]
	at := bytes.Index(tag, []byte("LONG-NAME"))
	quote := at + bytes.IndexAny(tag[at:], "\"'")
	end := quote + 1 + bytes.IndexByte(tag[quote+1:], tag[quote])
	u.edit(f, o.span.from+quote, o.span.from+end+1, `"`+xhtml.Escape(text)+`"`)
}

// setField writes one attribute, whose definition is added where the type has none.
func (u *updater) setField(f *file, o *object, n *exchange.Field, nth int) {
	if v := u.valueNamed(o, n.Name, nth); v != nil {
		if text := u.checked(f, o.id, v.kind, v.def, n); text != "" {
			u.edit(f, v.span.from, v.span.to, text)
		}
		return
	}
	for _, a := range u.attributesOf(o.typ) {
		if a.name == n.Name {
			if text := u.checked(f, o.id, a.kind, a.id, n); text != "" {
				u.insertValue(f, o, text)
			}
			return
		}
	}
	t := u.types[o.typ]
	if t == nil {
		u.w.lost = append(u.w.lost, exchange.Loss{Item: o.id, What: n.Name, Why: "the type of the object is not in the file, so that no attribute can be added to it"})
		return
	}
	u.insertValue(f, o, u.valueOf(f, "STRING", u.newAttribute(t, n.Name), []string{joined(n)}, false))
}

func (u *updater) attributesOf(typ string) []*attribute {
	if t := u.types[typ]; t != nil {
		return t.attrs
	}
	return nil
}

// checked is a value in XML, or a loss where its data type does not take it.
func (u *updater) checked(f *file, item, kind, def string, n *exchange.Field) string {
	a := &exchange.Attribute{Data: dataOf(kind)}
	values := n.Values
	if kind == "ENUMERATION" {
		values = strings.Split(joined(n), "\n")
		for _, v := range values {
			if u.enumID(def, v) == "" {
				u.w.lost = append(u.w.lost, exchange.Loss{Item: item, What: n.Name, Why: fmt.Sprintf("%q is none of the values of its enumeration", v)})
				return ""
			}
		}
		return u.valueOf(f, kind, def, values, false)
	}
	if kind != "STRING" && kind != "XHTML" && !takes(a, joined(n)) {
		u.w.lost = append(u.w.lost, exchange.Loss{Item: item, What: n.Name, Why: fmt.Sprintf("%q is no %s", joined(n), strings.ToLower(kind))})
		return ""
	}
	return u.valueOf(f, kind, def, []string{joined(n)}, kind == "XHTML")
}

// enumID is the identifier of a value of an enumeration by its name.
func (u *updater) enumID(def, name string) string {
	a := u.attrs[def]
	if a == nil {
		return ""
	}
	for _, f := range u.files {
		for id := range f.enums {
			if value, ok := strings.CutPrefix(id, a.datatype+"\x00"); ok && strings.EqualFold(f.enums[value], name) {
				return value
			}
		}
	}
	return ""
}

// valueOf is a value as XML.
func (u *updater) valueOf(f *file, kind, def string, values []string, markdown bool) string {
	p := f.prefix
	definition := fmt.Sprintf("<%[1]sDEFINITION><%[1]sATTRIBUTE-DEFINITION-%[2]s-REF>%[3]s</%[1]sATTRIBUTE-DEFINITION-%[2]s-REF></%[1]sDEFINITION>", p, kind, xhtml.EscapeText(def))
	switch kind {
	case "XHTML":
		fragment := "<div>" + xhtml.EscapeText(values[0]) + "</div>"
		if markdown {
			fragment = xhtml.FromMarkdown(values[0], "", nil)
		}
		fragment = `<div xmlns="http://www.w3.org/1999/xhtml">` + strings.TrimPrefix(fragment, "<div>")
		return fmt.Sprintf("<%[1]sATTRIBUTE-VALUE-XHTML>%[2]s<%[1]sTHE-VALUE>%[3]s</%[1]sTHE-VALUE></%[1]sATTRIBUTE-VALUE-XHTML>", p, definition, fragment)
	case "ENUMERATION":
		var refs strings.Builder
		for _, v := range values {
			fmt.Fprintf(&refs, "<%[1]sENUM-VALUE-REF>%[2]s</%[1]sENUM-VALUE-REF>", p, xhtml.EscapeText(u.enumID(def, v)))
		}
		return fmt.Sprintf("<%[1]sATTRIBUTE-VALUE-ENUMERATION>%[2]s<%[1]sVALUES>%[3]s</%[1]sVALUES></%[1]sATTRIBUTE-VALUE-ENUMERATION>", p, definition, refs.String())
	}
	return fmt.Sprintf(`<%[1]sATTRIBUTE-VALUE-%[2]s THE-VALUE="%[3]s">%[4]s</%[1]sATTRIBUTE-VALUE-%[2]s>`, p, kind, xhtml.Escape(values[0]), definition)
}

// insertValue adds a value to an object.
func (u *updater) insertValue(f *file, o *object, text string) {
	u.into(f, o.inValues, o.span, "VALUES", text)
}

// into adds text at the end of an element within another, which is made where it is not there.
func (u *updater) into(f *file, element, parent span, name, text string) {
	if element.to == 0 {
		u.addTo(slot{f, parent.from, name}, parent, text)
		return
	}
	u.addTo(slot{f, element.from, ""}, element, text)
}

// openUp adds text before the closing tag of an element.
func (u *updater) openUp(f *file, s span, text string) {
	if s.innerTo > s.innerFrom || f.data[s.to-1] == '>' && f.data[s.to-2] != '/' {
		u.edit(f, s.innerTo, s.innerTo, text)
		return
	}
	// <NAME …/> becomes <NAME …>text</NAME>
	tag := f.data[s.from+1 : s.to-2]
	name, _, _ := strings.Cut(string(tag), " ")
	u.edit(f, s.to-2, s.to, ">"+text+"</"+strings.TrimSpace(name)+">")
}

// newAttribute adds the definition of a string to a type.
func (u *updater) newAttribute(t *specType, name string) string {
	key := t.id + "\x00" + name
	if id := u.newAttrs[key]; id != "" {
		return id
	}
	id := u.w.identifier("attribute", t.name, name)
	u.newAttrs[key] = id
	f := u.fileOfType(t)
	p := f.prefix
	text := fmt.Sprintf(`<%[1]sATTRIBUTE-DEFINITION-STRING %[2]s><%[1]sTYPE><%[1]sDATATYPE-DEFINITION-STRING-REF>%[3]s</%[1]sDATATYPE-DEFINITION-STRING-REF></%[1]sTYPE></%[1]sATTRIBUTE-DEFINITION-STRING>`,
		p, u.w.identity(id, name), u.stringTypeOf(f))
	u.into(f, t.inAttrs, t.span, "SPEC-ATTRIBUTES", text)
	return id
}

func (u *updater) fileOfType(t *specType) *file {
	for _, f := range u.files {
		if f.name == t.at.File {
			return f
		}
	}
	return u.files[0]
}

// stringTypeOf is a data type for strings, made where a file has none.
func (u *updater) stringTypeOf(f *file) string {
	if f.stringType == "" {
		f.stringType = u.w.identifier("data", "STRING")
		u.inSection(f, "DATATYPES", fmt.Sprintf(`<%sDATATYPE-DEFINITION-STRING %s MAX-LENGTH="16777216"/>`, f.prefix, u.w.identity(f.stringType, "String")))
	}
	return f.stringType
}

// sectionOrder is the order of the sections of a file.
var sectionOrder = []string{"DATATYPES", "SPEC-TYPES", "SPEC-OBJECTS", "SPEC-RELATIONS", "SPECIFICATIONS", "SPEC-RELATION-GROUPS"}

// inSection adds elements to a section, which is made in its place where it is not there.
func (u *updater) inSection(f *file, name, text string) {
	if s, there := f.sections[name]; there {
		u.addTo(slot{f, s.from, ""}, s, text)
		return
	}
	u.addTo(slot{f, -1, name}, span{}, text)
}

// add writes new items, with types that are not there yet.
func (u *updater) add(fresh []*exchange.Item, docOf map[*exchange.Item]*exchange.Document) {
	f := u.main()
	p := f.prefix
	for _, it := range fresh {
		t := u.typeNamed("SPEC-OBJECT-TYPE", it.Type)
		if t == nil {
			t = u.newType(f, it.Type)
		}
		o := &object{id: u.ids[it.Identity()], typ: t.id}
		var values strings.Builder
		set := func(names []string, standard, kind, text string) {
			if text == "" {
				return
			}
			for _, name := range names {
				for _, a := range t.attrs {
					if strings.EqualFold(a.name, name) && (a.kind == "STRING" || a.kind == "XHTML") {
						values.WriteString(u.valueOf(f, a.kind, a.id, []string{text}, kind == "XHTML"))
						return
					}
				}
			}
			values.WriteString(u.valueOf(f, "STRING", u.newAttribute(t, standard), []string{text}, false))
		}
		set(keyNames, "ReqIF.ForeignID", "STRING", it.Key)
		set(titleNames, "ReqIF.Name", "STRING", it.Title)
		set(textNames, "ReqIF.Text", "XHTML", it.Text)
		for i := range it.Fields {
			n := &it.Fields[i]
			if j := slices.IndexFunc(t.attrs, func(a *attribute) bool { return a.name == n.Name }); j >= 0 {
				values.WriteString(u.checked(f, it.Identity(), t.attrs[j].kind, t.attrs[j].id, n))
				continue
			}
			values.WriteString(u.valueOf(f, "STRING", u.newAttribute(t, n.Name), []string{joined(n)}, false))
		}
		u.inSection(f, "SPEC-OBJECTS", fmt.Sprintf("<%[1]sSPEC-OBJECT %[2]s><%[1]sVALUES>%[3]s</%[1]sVALUES><%[1]sTYPE><%[1]sSPEC-OBJECT-TYPE-REF>%[4]s</%[1]sSPEC-OBJECT-TYPE-REF></%[1]sTYPE></%[1]sSPEC-OBJECT>",
			p, u.w.identity(o.id, ""), values.String(), xhtml.EscapeText(t.id)))
	}
}

func (u *updater) typeNamed(element, name string) *specType {
	for _, f := range u.files {
		for _, t := range f.typeList {
			if t.element == element && (t.name == name || t.id == name) {
				return t
			}
		}
	}
	return nil
}

// newType adds a type. Its attributes are added one by one, where they are needed.
func (u *updater) newType(f *file, name string) *specType {
	t := &specType{id: u.w.identifier("type", name), name: name, element: "SPEC-OBJECT-TYPE", at: exchange.Position{File: f.name}}
	attributes := ""
	for _, a := range []struct{ name, kind string }{{"ReqIF.ForeignID", "STRING"}, {"ReqIF.Name", "STRING"}, {"ReqIF.Text", "STRING"}} {
		id := u.w.identifier("attribute", name, a.name)
		t.attrs = append(t.attrs, &attribute{id: id, name: a.name, kind: a.kind})
		attributes += fmt.Sprintf(`<%[1]sATTRIBUTE-DEFINITION-STRING %[2]s><%[1]sTYPE><%[1]sDATATYPE-DEFINITION-STRING-REF>%[3]s</%[1]sDATATYPE-DEFINITION-STRING-REF></%[1]sTYPE></%[1]sATTRIBUTE-DEFINITION-STRING>`,
			f.prefix, u.w.identity(id, a.name), u.stringTypeOf(f))
	}
	for _, d := range u.next.Documents { // what its items have
		for _, it := range d.Items {
			if it.Type != name {
				continue
			}
			for _, field := range it.Fields {
				if slices.ContainsFunc(t.attrs, func(a *attribute) bool { return a.name == field.Name }) {
					continue
				}
				id := u.w.identifier("attribute", name, field.Name)
				t.attrs = append(t.attrs, &attribute{id: id, name: field.Name, kind: "STRING"})
				attributes += fmt.Sprintf(`<%[1]sATTRIBUTE-DEFINITION-STRING %[2]s><%[1]sTYPE><%[1]sDATATYPE-DEFINITION-STRING-REF>%[3]s</%[1]sDATATYPE-DEFINITION-STRING-REF></%[1]sTYPE></%[1]sATTRIBUTE-DEFINITION-STRING>`,
					f.prefix, u.w.identity(id, field.Name), u.stringTypeOf(f))
			}
		}
	}
	f.typeList = append(f.typeList, t)
	u.types[t.id] = t
	u.inSection(f, "SPEC-TYPES", fmt.Sprintf("<%[1]sSPEC-OBJECT-TYPE %[2]s><%[1]sSPEC-ATTRIBUTES>%[3]s</%[1]sSPEC-ATTRIBUTES></%[1]sSPEC-OBJECT-TYPE>", f.prefix, u.w.identity(t.id, name), attributes))
	return t
}

// relations takes out links that are gone and adds new ones.
func (u *updater) relations() {
	type link struct{ source, verb, target string }
	want := map[link]int{}
	var order []link
	for i := range u.next.Documents {
		for j := range u.next.Documents[i].Items {
			it := &u.next.Documents[i].Items[j]
			for _, l := range it.Links {
				x := link{u.ids[it.Identity()], l.Verb, cmp.Or(u.ids[l.Target], l.Target)}
				if want[x] == 0 {
					order = append(order, x)
				}
				want[x]++
			}
		}
	}
	for _, f := range u.files {
		for _, l := range f.relations {
			x := link{l.source, firstOf(u.typeName(l.typ), "relation"), firstOf(l.target, "nothing")}
			if u.builder.ids[l.source] == nil { // it was never taken
				continue
			}
			if want[x] > 0 {
				want[x]--
				continue
			}
			u.edit(f, l.span.from, l.span.to, "")
		}
	}
	f := u.main()
	p := f.prefix
	for _, x := range order {
		for range want[x] {
			t := u.typeNamed("SPEC-RELATION-TYPE", x.verb)
			if t == nil {
				t = &specType{id: u.w.identifier("relation-type", x.verb), name: x.verb, element: "SPEC-RELATION-TYPE"}
				f.typeList = append(f.typeList, t)
				u.inSection(f, "SPEC-TYPES", fmt.Sprintf("<%sSPEC-RELATION-TYPE %s/>", p, u.w.identity(t.id, x.verb)))
			}
			u.inSection(f, "SPEC-RELATIONS", fmt.Sprintf("<%[1]sSPEC-RELATION %[2]s><%[1]sTARGET><%[1]sSPEC-OBJECT-REF>%[3]s</%[1]sSPEC-OBJECT-REF></%[1]sTARGET><%[1]sSOURCE><%[1]sSPEC-OBJECT-REF>%[4]s</%[1]sSPEC-OBJECT-REF></%[1]sSOURCE><%[1]sTYPE><%[1]sSPEC-RELATION-TYPE-REF>%[5]s</%[1]sSPEC-RELATION-TYPE-REF></%[1]sTYPE></%[1]sSPEC-RELATION>",
				p, u.w.identity(u.w.identifier("link", x.source, x.verb, x.target), ""), xhtml.EscapeText(x.target), xhtml.EscapeText(x.source), xhtml.EscapeText(t.id)))
		}
	}
}

// placed is an object in an outline.
type placedObject struct {
	id    string
	depth int
}

// outlines writes the hierarchy of every specification whose outline is no longer that of its document. A document is found
// by its title, and one that no specification has gets a new one.
func (u *updater) outlines() {
	used := map[*exchange.Document]bool{}
	for _, f := range u.files {
		for _, s := range f.specs {
			title := firstOf(s.name, s.id)
			var d *exchange.Document
			for i := range u.next.Documents {
				if x := &u.next.Documents[i]; !used[x] && (x.Title == oneLine(title) || u.holds(x, s)) {
					d = x
					break
				}
			}
			if d == nil {
				u.outline(f, s, nil)
				continue
			}
			used[d] = true
			u.outline(f, s, d)
		}
	}
	for i := range u.next.Documents {
		d := &u.next.Documents[i]
		if used[d] || d.Title == "Objects in no specification" || len(d.Items) == 0 {
			continue
		}
		u.newSpecification(d)
	}
	for i := range u.next.Documents {
		for _, x := range u.next.Documents[i].Sections {
			u.w.lost = append(u.w.lost, exchange.Loss{At: x.At, What: "section " + x.Title, Why: "it is no object of the file that came in; make it an item"})
		}
	}
}

// holds reports whether the first object of a specification is an item of a document.
func (u *updater) holds(d *exchange.Document, s *spec) bool {
	for _, n := range s.nodes {
		for i := range d.Items {
			if u.ids[d.Items[i].Identity()] == n.object {
				return true
			}
		}
	}
	return false
}

func (u *updater) outline(f *file, s *spec, d *exchange.Document) {
	var was, now []placedObject
	for _, n := range s.nodes {
		was = append(was, placedObject{n.object, n.depth})
	}
	seen := map[string]bool{}
	if d != nil {
		depth := 0
		for i := range d.Items {
			it := &d.Items[i]
			depth = min(strings.Count(it.Level, ".")+1, depth+1)
			id := u.ids[it.Identity()]
			now = append(now, placedObject{id, depth})
			seen[id] = true
		}
	}
	// What is no item of this document, a second place of an object or a node that names nothing, stays out of the comparison.
	compare := slices.DeleteFunc(slices.Clone(was), func(p placedObject) bool { return !seen[p.id] && !u.gone(p.id) })
	if slices.EqualFunc(compare, now, func(a, b placedObject) bool { return a.id == b.id && (a.depth == b.depth || a.depth > 5) }) {
		return
	}
	ids := map[string]string{}
	for _, n := range s.nodes {
		if ids[n.object] == "" {
			ids[n.object] = n.id
		}
	}
	text := u.children(f, s.id, now, ids)
	switch {
	case s.children.to == 0 && text != "":
		u.addTo(slot{f, s.span.from, ""}, s.span, text)
	case s.children.to != 0:
		u.edit(f, s.children.from, s.children.to, text)
	}
	if len(compare) != len(was) {
		u.w.lost = append(u.w.lost, exchange.Loss{Item: s.id, What: "second places of objects", Why: "the outline has changed, and the hierarchy was written anew"})
	}
}

func (u *updater) gone(id string) bool { return u.builder.ids[id] != nil && !u.kept[id] }

// children writes a hierarchy; nodes that were there keep their identifiers.
func (u *updater) children(f *file, spec string, nodes []placedObject, ids map[string]string) string {
	if len(nodes) == 0 {
		return ""
	}
	p := f.prefix
	var b strings.Builder
	for len(nodes) > 0 {
		n := 1
		for n < len(nodes) && nodes[n].depth > nodes[0].depth {
			n++
		}
		id := ids[nodes[0].id]
		if id == "" {
			id = u.w.identifier("node", spec, nodes[0].id)
		}
		fmt.Fprintf(&b, "<%[1]sSPEC-HIERARCHY %[2]s>%[3]s<%[1]sOBJECT><%[1]sSPEC-OBJECT-REF>%[4]s</%[1]sSPEC-OBJECT-REF></%[1]sOBJECT></%[1]sSPEC-HIERARCHY>", p, u.w.identity(id, ""), u.children(f, spec, nodes[1:n], ids),
			xhtml.EscapeText(nodes[0].id))
		nodes = nodes[n:]
	}
	return fmt.Sprintf("<%[1]sCHILDREN>%[2]s</%[1]sCHILDREN>", p, b.String())
}

// newSpecification writes a document that was not in the file.
func (u *updater) newSpecification(d *exchange.Document) {
	f := u.main()
	p := f.prefix
	t := u.typeNamed("SPECIFICATION-TYPE", "document")
	for _, x := range f.typeList {
		if t == nil && x.element == "SPECIFICATION-TYPE" {
			t = x
		}
	}
	if t == nil {
		t = &specType{id: u.w.identifier("specification-type"), name: "document", element: "SPECIFICATION-TYPE"}
		f.typeList = append(f.typeList, t)
		u.inSection(f, "SPEC-TYPES", fmt.Sprintf("<%sSPECIFICATION-TYPE %s/>", p, u.w.identity(t.id, t.name)))
	}
	var now []placedObject
	depth := 0
	for i := range d.Items {
		depth = min(strings.Count(d.Items[i].Level, ".")+1, depth+1)
		now = append(now, placedObject{u.ids[d.Items[i].Identity()], depth})
	}
	id := u.w.identifier("document", d.Key)
	u.inSection(f, "SPECIFICATIONS", fmt.Sprintf("<%[1]sSPECIFICATION %[2]s><%[1]sTYPE><%[1]sSPECIFICATION-TYPE-REF>%[3]s</%[1]sSPECIFICATION-TYPE-REF></%[1]sTYPE>%[4]s</%[1]sSPECIFICATION>", p,
		u.w.identity(id, oneLine(d.Title)), xhtml.EscapeText(t.id), u.children(f, id, now, nil)))
}
