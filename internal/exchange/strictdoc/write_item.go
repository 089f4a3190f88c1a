package strictdoc

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// item writes one item: its fields in the order of the grammar, then its relations.
func (w *writer) item(it *exchange.Item) {
	w.of = it.Identity()
	defer func() { w.of = "" }()
	tag := w.tag(it.Type)
	composite := slices.ContainsFunc(w.kept[it.Order], func(f exchange.Field) bool { return f.Name == fieldComposite })
	if tag == tagText && !composite && it.Key == "" && len(it.Fields)+len(it.Links)+len(it.Files) == 0 && it.Title == "" && it.Level == "" {
		w.lose(it.At, it.ID, it.Type, "a text without UID is no item in StrictDoc; it is one without a type")
		tag = tagRequirement
	}
	w.line("")
	if composite {
		w.line("[[" + tag + "]]")
		w.open = append(w.open, opened{tag: tag, item: true})
	} else {
		w.line("[" + tag + "]")
	}
	e := w.grammar.element(tag)
	if e == nil {
		e = standard.element(tagRequirement)
	}
	before := len(w.out)
	w.itemFields(it, e)
	w.relations(it)
	w.otherLosses(it)
	if len(w.out) == before { // StrictDoc wants a field
		w.field(e.content(), "", true)
	}
}

// written is a field of an item as it is written.
type written struct {
	name, value string
	text        bool
}

func (w *writer) itemFields(it *exchange.Item, e *element) {
	content := e.content()
	var all []written
	add := func(name, value string, text bool) {
		if value != "" {
			all = append(all, written{name, value, text})
		}
	}
	add(fieldMID, w.name(it, fieldMID, it.ID), false)
	add(fieldUID, w.name(it, fieldUID, it.Key), false)
	add(fieldLevel, it.Level, false)
	add(fieldTitle, it.Title, false)
	add(content, it.Text, true)
	for i := range it.Fields {
		f := &it.Fields[i]
		if strings.HasPrefix(f.Name, relationPrefix) && w.own {
			continue
		}
		name := w.fieldName(it.Type, f.Name)
		if len(f.Values) == 0 {
			w.lose(f.At, it.Key, f.Name, "it has no value")
		}
		for _, v := range w.values(f, e, name) {
			all = append(all, written{name, v, w.isText(f, e, name)})
		}
	}
	for _, f := range flags(it) {
		w.lose(it.At, it.Key, f.Name, "it is written as the field "+f.Name)
		all = append(all, written{f.Name, f.Values[0], false})
	}
	place := func(f written) int {
		if at := e.field(f.name); at >= 0 {
			return at
		}
		return len(e.fields)
	}
	slices.SortStableFunc(all, func(a, b written) int { return place(a) - place(b) })
	for _, f := range all {
		w.field(f.name, f.value, f.text)
	}
}

// flagNames are the fields that say what an item is beside its fields.
var flagNames = []string{"HEADING", "NORMATIVE", "DERIVED", "ACTIVE", "REVIEWED"}

// flags are those of an item.
func flags(it *exchange.Item) []exchange.Field {
	is := []bool{it.Heading, !it.Normative && it.Type != tagText, it.Derived, !it.Active, it.Review.Fingerprint != ""}
	values := []string{"True", "False", "True", "False", it.Review.Fingerprint}
	var out []exchange.Field
	for i, name := range flagNames {
		if is[i] {
			out = append(out, exchange.Field{Name: name, Values: values[i : i+1]})
		}
	}
	return out
}

func (w *writer) otherLosses(it *exchange.Item) {
	if it.Fingerprint != "" {
		w.loseOnce("fingerprints of items", "StrictDoc has none")
	}
}

// isText says that a field is written over several lines.
func (w *writer) isText(f *exchange.Field, e *element, name string) bool {
	if at := e.field(name); at >= 0 {
		return e.markup(at)
	}
	return f.Data == exchange.DataMarkup
}

// values are those that are written one by one: those of a list are joined where the grammar has one.
func (w *writer) values(f *exchange.Field, e *element, name string) []string {
	if f.Nested {
		w.lose(f.At, "", f.Name, "it is nested, and written as JSON")
	}
	at := e.field(name)
	if at < 0 || !e.fields[at].many() || len(f.Values) < 2 {
		return f.Values
	}
	joined := strings.Join(f.Values, listSeparator)
	if !slices.Equal(splitList(joined), f.Values) {
		return f.Values
	}
	return []string{joined}
}

// name is a MID or UID in one line.
func (w *writer) name(it *exchange.Item, field, value string) string {
	line := inOneLine(value)
	if line != value {
		w.lose(it.At, it.Key, field, fmt.Sprintf("%q is written as %q", value, line))
	}
	if strings.HasPrefix(line, textBegins) {
		w.lose(it.At, it.Key, field, fmt.Sprintf("%q cannot begin a value and is written as %q", textBegins, "-"+line))
		return "-" + line
	}
	if field == fieldUID && !strictUID(line) {
		w.loseOnce("the UID "+line, "StrictDoc takes letters, digits and _ ( ) - / . : alone in a UID; it is written as it is")
	}
	return line
}

// strictUID says that StrictDoc's own reader takes a UID.
func strictUID(uid string) bool {
	for i, r := range uid {
		word := r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 0x7f
		if !word && (i == 0 || !strings.ContainsRune("()-/.: ", r)) {
			return false
		}
	}
	return true
}

// entry is one entry of RELATIONS.
type entry struct {
	at    exchange.Position
	lines []string
}

// relations writes links and files in the order in which they were read, else links first.
func (w *writer) relations(it *exchange.Item) {
	var all []entry
	for i := range it.Links {
		all = append(all, w.linkEntry(it, &it.Links[i]))
	}
	for i := range it.Files {
		all = append(all, w.fileEntry(it, &it.Files[i]))
	}
	for i := range it.Fields {
		f := &it.Fields[i]
		if kind, ok := strings.CutPrefix(f.Name, relationPrefix); ok && w.own {
			for _, v := range f.Values {
				e := entry{at: f.At, lines: []string{kind}}
				if v != "" {
					e.lines = append(e.lines, strings.Split(v, "\n")...)
				}
				all = append(all, e)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	placed := !slices.ContainsFunc(all, func(e entry) bool { return e.at.Line == 0 || e.at.File != it.At.File })
	if placed {
		slices.SortStableFunc(all, func(a, b entry) int { return a.at.Line - b.at.Line })
	}
	w.line(fieldRelations + ":")
	for _, e := range all {
		w.line("- TYPE: " + e.lines[0])
		for _, line := range e.lines[1:] {
			w.line("  " + line)
		}
	}
}

func (w *writer) linkEntry(it *exchange.Item, l *exchange.Link) entry {
	kind, role := w.relation(l.Verb)
	e := entry{at: l.At, lines: []string{kind, attributeTo + ": " + w.target(l.Target)}}
	if role != "" {
		e.lines = append(e.lines, attributeRole+": "+oneLine(role))
	}
	for _, f := range l.Fields {
		if w.own && isFieldName(f.Name) && len(f.Values) == 1 {
			e.lines = append(e.lines, f.Name+": "+f.Values[0])
			continue
		}
		w.lose(l.At, it.Key, l.Verb+" "+l.Target+" "+f.Name, "a relation has no other attributes")
	}
	if l.Fingerprint != "" {
		w.loseOnce("fingerprints of links", "StrictDoc has none")
	}
	if l.ID != "" {
		w.loseOnce("identities of links", "StrictDoc has none")
	}
	return e
}

func (w *writer) target(key string) string {
	if uid := w.uids[key]; uid != "" && !w.keyed[key] {
		key = uid
	}
	line := inOneLine(key)
	if strings.HasPrefix(line, textBegins) {
		return "-" + line
	}
	return line
}

// inOneLine is a name as it is where it can stand behind a field.
func inOneLine(s string) string {
	if fitsLine(s) && !strings.ContainsAny(s, "\r\x00") && strings.TrimSpace(s) == s && utf8.ValidString(s) {
		return s
	}
	return oneLine(s)
}

// relation is the type and role of a verb. A foreign verb that says it from the other end is a Child.
func (w *writer) relation(verb string) (kind, role string) {
	switch reverse, ok := w.tree.Backwards[verb]; {
	case w.own:
		return typeOf(verb)
	case ok:
		return relationChild, oneLine(reverse)
	case strings.EqualFold(verb, relationParent) || verb == "":
		return relationParent, ""
	}
	return relationParent, oneLine(verb)
}

func (w *writer) fileEntry(it *exchange.Item, f *exchange.File) entry {
	to := attributeTo
	var before, after []string
	if f.Keyword != "" {
		for _, line := range strings.Split(f.Keyword, "\n") {
			key, _, ok := strings.Cut(line, ": ")
			switch {
			case line == attributePath && w.own:
				to = attributePath
			case w.own && ok && (key == attributeRole || key == attributeFormat):
				before = append(before, line)
			case w.own && ok && isFieldName(key):
				after = append(after, line)
			default:
				w.lose(f.At, it.Key, f.Path, "the keyword "+line+" has no place in a relation")
			}
		}
	}
	if f.SHA256 != "" {
		after = append(after, attributeHash+": "+oneLine(f.SHA256))
	}
	if f.Type != relationFile && f.Type != "" && f.Type != "file" {
		w.lose(f.At, it.Key, f.Path, "its type "+f.Type+" has no place in a relation")
	}
	name := f.Path
	if clean := oneLine(name); clean != name && strings.ContainsAny(name, "\r\n\x00") {
		name = clean
	}
	return entry{at: f.At, lines: slices.Concat([]string{relationFile}, before, []string{to + ": " + name}, after)}
}
