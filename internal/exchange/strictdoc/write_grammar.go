package strictdoc

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// tag is the tag of a type: its name in capitals, or REQUIREMENT where it has none.
func (w *writer) tag(name string) string {
	if tag, ok := w.tags[name]; ok {
		return tag
	}
	tag := name
	if reserved(tag) || !isTag(tag) || !w.own && tag == tagText {
		if tag = capitals(name); tag == "" {
			tag = tagRequirement
		}
		if reserved(tag) || tag == tagText {
			tag += "_ITEM"
		}
	}
	unique := tag
	for n := 2; w.taken[unique] && name != ""; n++ {
		unique = tag + "_" + strconv.Itoa(n)
	}
	w.taken[unique] = true
	w.tags[name] = unique
	if unique != name && name != "" {
		w.loseOnce("the type "+name, "it is written as "+unique)
	}
	return unique
}

// reserved says that a tag begins no item.
func reserved(tag string) bool {
	switch tag {
	case tagDocument, tagFragment, tagGrammar, tagBibliography, tagSection, tagFreeText, tagInclude, tagOldInclude:
		return true
	}
	return strings.HasPrefix(tag, prefixComposite)
}

// capitals makes a name of capital letters, digits and underscores that begins with a letter; empty where s has none.
func capitals(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0:
			b.WriteByte('_')
		}
	}
	return strings.TrimRight(b.String(), "_")
}

// fieldName is the name of a field of a type in a document.
func (w *writer) fieldName(typ, name string) string {
	key := attributeName{typ, name}
	if known, ok := w.fields[key]; ok {
		return known
	}
	out := name
	switch {
	case w.own && isFieldName(name) && name != fieldRelations && name != fieldRefs:
		w.fields[key] = name
		return name
	case !isFieldName(name):
		if out = capitals(name); out == "" {
			out = "FIELD"
		}
	}
	// StrictDoc takes no other name that begins like those of its own.
	if ownField(out) || strings.HasPrefix(out, fieldUID) || strings.HasPrefix(out, fieldRelations) {
		out = "FIELD_" + out
	}
	unique := out
	for n := 2; w.takenFields[attributeName{typ, unique}]; n++ {
		unique = out + "_" + strconv.Itoa(n)
	}
	w.takenFields[attributeName{typ, unique}] = true
	w.fields[key] = unique
	if unique != name {
		w.loseOnce(strings.TrimSpace(typ+" "+name), "it is written as "+unique)
	}
	return unique
}

func ownField(name string) bool {
	switch name {
	case fieldMID, fieldUID, fieldLevel, fieldTitle, fieldStatement, fieldRefs, fieldRelations, "DESCRIPTION", "CONTENT":
		return true
	}
	return slices.Contains(flagNames, name)
}

// use is what is known of one attribute from its values.
type use struct {
	attribute exchange.Attribute
	lists     bool // some item has several values
	choices   bool // all values are among those declared
	plain     bool // all values can stand in a list
}

func (u *use) observe(f *exchange.Field) {
	u.lists = u.lists || len(f.Values) > 1
	for _, v := range f.Values {
		u.choices = u.choices && slices.Contains(u.attribute.Values, v)
		u.plain = u.plain && v != "" && !strings.ContainsAny(v, ",\r\n\x00") && strings.TrimSpace(v) == v && utf8.ValidString(v)
	}
}

// typeUse is what is known of one type from its items.
type typeUse struct {
	name       string
	attributes []*use
	byName     map[string]*use
	relations  []grammarRelation
	known      map[grammarRelation]bool
	flags      map[string]bool
	levels     bool
}

func (t *typeUse) attribute(a exchange.Attribute) *use {
	u := t.byName[a.Name]
	if u == nil {
		u = &use{attribute: a, choices: true, plain: true}
		t.byName[a.Name] = u
		t.attributes = append(t.attributes, u)
	}
	return u
}

func (t *typeUse) observe(it *exchange.Item, relations []grammarRelation) {
	t.levels = t.levels || it.Level != ""
	for i := range it.Fields {
		t.attribute(exchange.Attribute{Name: it.Fields[i].Name, Data: it.Fields[i].Data}).observe(&it.Fields[i])
	}
	for _, f := range flags(it) {
		t.flags[f.Name] = true
	}
	for _, r := range relations {
		if !t.known[r] {
			t.known[r] = true
			t.relations = append(t.relations, r)
		}
	}
}

// plan makes the elements of a tree that has no grammars, from its types and from what its items have.
func (w *writer) plan() {
	if w.own {
		return
	}
	byName := map[string]*typeUse{}
	var types []*typeUse
	of := func(name string) *typeUse {
		t := byName[name]
		if t == nil {
			t = &typeUse{name: name, byName: map[string]*use{}, known: map[grammarRelation]bool{}, flags: map[string]bool{}}
			byName[name] = t
			types = append(types, t)
		}
		return t
	}
	for _, declared := range w.tree.Types {
		t := of(declared.Name)
		for _, a := range declared.Attributes {
			t.attribute(a)
		}
	}
	for i := range w.tree.Documents {
		for j := range w.tree.Documents[i].Items {
			it := &w.tree.Documents[i].Items[j]
			of(it.Type).observe(it, w.relationsOf(it))
		}
	}
	for _, t := range types {
		w.planned = append(w.planned, w.element(t))
	}
}

// element declares a type: fields of one line, the title, the text, and fields of several lines.
func (w *writer) element(t *typeUse) *element {
	e := &element{tag: w.tag(t.name), relations: t.relations}
	text := func(names ...string) {
		for _, name := range names {
			e.fields = append(e.fields, grammarField{title: name, kind: kindString})
		}
	}
	attributes := func(markup bool) {
		for _, u := range t.attributes {
			if (u.attribute.Data == exchange.DataMarkup) == markup {
				e.fields = append(e.fields, w.grammarField(t.name, u))
			}
		}
	}
	text(fieldMID, fieldUID)
	if t.levels {
		text(fieldLevel)
	}
	attributes(false)
	for _, name := range flagNames {
		if t.flags[name] {
			text(name)
		}
	}
	text(fieldTitle, fieldStatement)
	attributes(true)
	if len(e.relations) == 0 {
		e.relations = []grammarRelation{{kind: relationParent}}
	}
	return e
}

// grammarField declares an attribute as StrictDoc can: a choice where all values are declared, a list of tags where
// several are usual, else a string, which may be given several times.
func (w *writer) grammarField(typ string, u *use) grammarField {
	f := grammarField{title: w.fieldName(typ, u.attribute.Name), kind: kindString}
	if f.title != u.attribute.Name && oneLine(u.attribute.Name) == u.attribute.Name {
		f.human = u.attribute.Name
	}
	a := &u.attribute
	choice := a.Data == exchange.DataEnum && len(a.Values) > 0 && u.choices && !slices.ContainsFunc(a.Values, func(v string) bool { return !isChoice(v) })
	switch {
	case choice && (a.Many || u.lists):
		f.kind, f.options = kindMultiple, a.Values
	case choice:
		f.kind, f.options = kindSingle, a.Values
	case a.Many && u.plain && (a.Data == exchange.DataString || a.Data == ""):
		f.kind = kindTag
	case a.Data != exchange.DataMarkup && a.Data != exchange.DataString && a.Data != "":
		w.loseOnce(strings.TrimSpace(typ+" "+a.Name), "its type "+string(a.Data)+" is written as String")
	}
	return f
}

// isChoice says that StrictDoc takes an option: words of letters, digits, _, / and -, divided by blanks.
func isChoice(s string) bool {
	if s == "" || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for _, r := range s {
		if r != ' ' && r != '_' && r != '/' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}

// relationsOf are the relations that an item needs.
func (w *writer) relationsOf(it *exchange.Item) []grammarRelation {
	var out []grammarRelation
	for i := range it.Links {
		kind, role := w.relation(it.Links[i].Verb)
		out = append(out, grammarRelation{kind: kind, role: role})
	}
	if len(it.Files) > 0 {
		roles := map[string]bool{}
		for i := range it.Files {
			role := ""
			for _, line := range strings.Split(it.Files[i].Keyword, "\n") {
				if value, ok := strings.CutPrefix(line, attributeRole+": "); ok && w.own {
					role = strings.TrimRight(value, " ")
				}
			}
			if !roles[role] {
				roles[role] = true
				out = append(out, grammarRelation{kind: relationFile, role: role})
			}
		}
	}
	return out
}

// writeGrammar writes the grammar of a document, or where it is imported from.
func (w *writer) writeGrammar(d *exchange.Document, file string) {
	var text, imported *exchange.Field
	for i := range d.Fields {
		switch d.Fields[i].Name {
		case tagGrammar:
			if text == nil {
				text = &d.Fields[i]
			}
		case fieldImport:
			imported = &d.Fields[i]
		}
	}
	switch {
	case !w.own:
		w.grammar = &grammar{elements: slices.Concat(baseElements(), w.planned)}
		w.grammar.index()
		w.grammarText(w.grammar.render())
	case text == nil && imported == nil:
		w.grammar = standardGrammar()
		if w.complete(d) {
			w.grammarText(w.grammar.render())
			w.lose(d.At, "", tagGrammar, "the nodes do not fit StrictDoc's own grammar; one that they fit is written")
		}
	case text == nil:
		w.grammar = &grammar{}
		w.grammar.index()
		w.grammarText(keyImport + ": " + imported.Values[0])
	default:
		w.ownGrammar(d, file, text.Values[0], imported)
	}
	for i := range d.Fields {
		if d.Fields[i].Name == tagBibliography {
			w.line("")
			w.line("[" + tagBibliography + "]")
			w.verbatim(d.Fields[i])
		}
	}
}

// ownGrammar writes the grammar that a document had, completed where its items need it.
func (w *writer) ownGrammar(d *exchange.Document, file, text string, imported *exchange.Field) {
	w.grammar, _ = parseGrammar(file, text, 1, Limits{}.withDefaults().Faults)
	if w.complete(d) {
		w.lose(d.At, "", tagGrammar, "it does not know all types, fields and relations of the items; they are added to it")
		w.grammarText(w.grammar.render())
		return
	}
	if imported == nil {
		w.grammarText(text)
		return
	}
	target := path.Join(path.Dir(file), imported.Values[0])
	before, there := w.grammars[target]
	switch {
	case there && before != text:
		w.lose(imported.At, "", imported.Values[0], "another document imports another grammar from it; this one is written into the document")
		w.grammarText(text)
		return
	case !there:
		w.grammars[target] = text
		w.paths[strings.ToLower(target)] = true
		w.files = append(w.files, exchange.WrittenFile{Path: target, Data: []byte("[" + tagGrammar + "]\n" + text + "\n")})
	}
	w.grammarText(keyImport + ": " + imported.Values[0])
}

func (w *writer) grammarText(text string) {
	w.line("")
	w.line("[" + tagGrammar + "]")
	w.line(text)
}

// baseElements are sections and texts.
func baseElements() []*element {
	var out []*element
	for _, e := range standardGrammar().elements {
		if e.tag == tagSection {
			e.properties = []keyValue{{"IS_COMPOSITE", "True"}}
			e.fields = slices.DeleteFunc(e.fields, func(f grammarField) bool { return f.title == "REQ_PREFIX" })
		}
		if e.tag != tagRequirement {
			out = append(out, e)
		}
	}
	return out
}

// complete adds to the grammar what the items of the document need, and says whether it had to.
func (w *writer) complete(d *exchange.Document) (added bool) {
	for i := range d.Items {
		it := &d.Items[i]
		e := w.grammar.element(w.tag(it.Type))
		if e == nil {
			e = &element{tag: w.tag(it.Type), byTitle: map[string]int{}, roles: map[grammarRelation]bool{}}
			for _, name := range []string{fieldMID, fieldUID, fieldLevel, fieldTitle, fieldStatement} {
				e.add(grammarField{title: name, kind: kindString})
			}
			w.grammar.elements = append(w.grammar.elements, e)
			w.grammar.byTag[e.tag] = e
			added = true
		}
		need := []string{}
		for name, value := range map[string]string{fieldMID: it.ID, fieldUID: it.Key, fieldLevel: it.Level, fieldTitle: it.Title, e.content(): it.Text} {
			if value != "" && e.field(name) < 0 {
				need = append(need, name)
			}
		}
		slices.Sort(need)
		for j := range it.Fields {
			if name := it.Fields[j].Name; !strings.HasPrefix(name, relationPrefix) {
				need = append(need, w.fieldName(it.Type, name))
			}
		}
		for _, f := range flags(it) {
			need = append(need, f.Name)
		}
		for _, name := range need {
			if e.field(name) < 0 {
				e.add(grammarField{title: name, kind: kindString})
				added = true
			}
		}
		for _, r := range w.relationsOf(it) {
			if !e.roles[r] {
				e.roles[r] = true
				e.relations = append(e.relations, r)
				added = true
			}
		}
	}
	return added
}

func (e *element) add(f grammarField) {
	e.byTitle[f.title] = len(e.fields)
	e.fields = append(e.fields, f)
}

// render is the grammar as text, without its first line.
func (g *grammar) render() string {
	lines := []string{"ELEMENTS:"}
	add := func(s ...string) { lines = append(lines, strings.Join(s, "")) }
	for _, e := range g.elements {
		add("- TAG: ", e.tag)
		if len(e.properties) > 0 {
			add("  PROPERTIES:")
			for _, p := range e.properties {
				add("    ", p.key, ": ", p.value)
			}
		}
		add("  FIELDS:")
		for _, f := range e.fields {
			add("  - TITLE: ", f.title)
			if f.human != "" {
				add("    HUMAN_TITLE: ", f.human)
			}
			kind := f.kind
			if len(f.options) > 0 {
				kind += "(" + strings.Join(f.options, ", ") + ")"
			}
			add("    TYPE: ", kind)
			required := "False"
			if f.required {
				required = "True"
			}
			add("    REQUIRED: ", required)
		}
		if len(e.relations) > 0 {
			add("  RELATIONS:")
			for _, r := range e.relations {
				add("  - TYPE: ", r.kind)
				if r.role != "" {
					add("    ROLE: ", r.role)
				}
				if r.reverse != "" {
					add("    REVERSE_ROLE: ", r.reverse)
				}
			}
		}
	}
	return strings.Join(lines, "\n")
}
