package workspace

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Names in the list below an item's heading that are neither fields nor verbs.
const (
	filesName    = "files"
	languageName = "language"
	stateName    = "state"
)

// listEntry splits a line "- name: value".
func listEntry(line string) (name, value string, ok bool) {
	rest, ok := strings.CutPrefix(line, "- ")
	if !ok {
		return "", "", false
	}
	i := strings.IndexByte(rest, ':')
	if i <= 0 || i+1 < len(rest) && rest[i+1] != ' ' && rest[i+1] != '\t' {
		return "", "", false
	}
	name = strings.Trim(rest[:i], " \t")
	return name, rest[i+1:], name != ""
}

// list reads the links and fields below the heading of an item, if there are
// any, and fills in the document's defaults.
func (r *reader) list(it *Item) {
	save := *r
	for {
		line, ok := r.peek()
		if !ok || strings.Trim(line, " \t") != "" {
			if _, _, entry := listEntry(line); !ok || !entry {
				r.pos, r.line = save.pos, save.line
				r.defaults(it, nil)
				return
			}
			break
		}
		r.next()
	}
	set := map[string]bool{}
	for {
		line, ok := r.peek()
		if !ok || strings.Trim(line, " \t") == "" || line[0] == '#' {
			break
		}
		r.next()
		name, value, entry := listEntry(line)
		if !entry {
			r.report("bad-list", r.line, 1, it.Key, fmt.Sprintf("%q is no `- name: value`", short(line)),
				"leave an empty line between the links and fields of an item and its text")
			continue
		}
		e := r.entry(name, value, len(line)-len(value))
		if set[e.name] {
			r.report("repeated-field", e.line, 3, it.Key, fmt.Sprintf("%q is listed twice", name), "put all of its values into one line, separated by commas")
			continue
		}
		set[e.name] = true
		r.take(it, e)
	}
	r.fieldAfterGap(it)
	r.defaults(it, set)
}

// fieldAfterGap reports a list of known names that an empty line has cut off
// from the links and fields above.
func (r *reader) fieldAfterGap(it *Item) {
	save := *r
	defer func() { r.pos, r.line = save.pos, save.line }()
	for {
		line, ok := r.next()
		if !ok {
			return
		}
		if strings.Trim(line, " \t") == "" {
			continue
		}
		if name, _, ok := listEntry(line); ok && r.known(it.Kind, name) {
			r.report("bad-list", r.line, 1, it.Key, fmt.Sprintf("%q stands below an empty line and is read as text", short(line)),
				"remove the empty line, or put the line "+textMarker+" above it if it is text")
		}
		return
	}
}

func (r *reader) known(kind record.Kind, name string) bool {
	k := r.schema.Kind(kind)
	return r.schema.Relation(record.Verb(name)) != nil || k != nil && k.Field(name) != nil || name == filesName || name == stateName
}

// rawEntry is one entry of the list with its continuation lines.
type rawEntry struct {
	name   string
	first  string   // as written behind the colon
	more   []string // continuation lines without their indentation
	line   int
	column int // of the first byte behind the colon
}

func (r *reader) entry(name, value string, column int) rawEntry {
	e := rawEntry{name: name, first: value, line: r.line, column: column + 1}
	if !strings.Contains(name, "/") {
		e.name = strings.ToLower(strings.ReplaceAll(name, "-", " "))
	}
	for {
		line, ok := r.peek()
		if !ok || !strings.HasPrefix(line, "  ") || strings.Trim(line, " \t") == "" {
			return e
		}
		r.next()
		line = line[2:]
		e.more = append(e.more, strings.TrimPrefix(line, "."))
	}
}

func (e *rawEntry) empty() bool { return len(e.more) == 0 && strings.Trim(e.first, " \t") == "" }

// single is the value of an entry that holds one.
func (r *reader) single(it *Item, e rawEntry) string {
	value := strings.TrimLeft(e.first, " \t")
	if strings.HasPrefix(value, `"`) {
		s, rest, err := unquote(value)
		if err == nil && strings.Trim(rest, " \t") != "" {
			err = fmt.Errorf("text behind the closing quote")
		}
		if err == nil && len(e.more) > 0 {
			err = fmt.Errorf("a quoted value stands on one line; write \\n for a line end")
		}
		if err != nil {
			r.report("bad-value", e.line, e.column, it.Key, fmt.Sprintf("%s: %v", e.name, err), "close the quotes, or write the value without them")
			return strings.Trim(value, `" `)
		}
		return s
	}
	for _, m := range e.more {
		value += "\n" + m
	}
	return strings.Trim(strings.TrimRight(value, " \t"), "\n")
}

// token is one value of an entry that holds many, and where it stands.
type token struct {
	value        string
	line, column int
}

// many splits the values of an entry at commas.
func (r *reader) many(it *Item, e rawEntry) []token {
	var out []token
	lines := append([]string{e.first}, e.more...)
	for i, line := range lines {
		column := e.column
		if i > 0 {
			column = 3
		}
		out = append(out, r.tokens(it, e, line, e.line+i, column)...)
	}
	return out
}

func (r *reader) tokens(it *Item, e rawEntry, line string, number, column int) []token {
	var out []token
	rest := line
	for strings.Trim(rest, " \t") != "" {
		trimmed := strings.TrimLeft(rest, " \t")
		at := column + len(line) - len(trimmed)
		var value string
		if strings.HasPrefix(trimmed, `"`) {
			var err error
			if value, rest, err = unquote(trimmed); err != nil {
				r.report("bad-value", number, at, it.Key, fmt.Sprintf("%s: %v", e.name, err), "close the quotes")
				return out
			}
			if rest = strings.TrimLeft(rest, " \t"); rest != "" && rest[0] != ',' {
				r.report("bad-value", number, at, it.Key, fmt.Sprintf("%s: %q behind the closing quote", e.name, short(rest)), "separate values by commas")
				return out
			}
			rest = strings.TrimPrefix(rest, ",")
		} else {
			value, rest, _ = strings.Cut(trimmed, ",")
			value = strings.TrimRight(value, " \t")
			if value == "" {
				r.report("bad-value", number, at, it.Key, fmt.Sprintf("%s: an empty value before a comma", e.name), "remove the comma, or write \"\" for an empty value")
				continue
			}
		}
		out = append(out, token{value, number, at})
	}
	return out
}

// unquote reads a value in double quotes and returns what follows it.
func unquote(s string) (value, rest string, err error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], nil
		case '\\':
			i++
			if i == len(s) {
				return "", "", fmt.Errorf("unfinished escape")
			}
			switch s[i] {
			case '"', '\\':
				b.WriteByte(s[i])
			case 'n':
				b.WriteByte('\n')
			default:
				return "", "", fmt.Errorf(`unknown escape \%c; there are \" \\ \n`, s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", fmt.Errorf("missing closing quote")
}

// take puts one entry where it belongs.
//
// goldthread:implements SRS-28
func (r *reader) take(it *Item, e rawEntry) {
	switch {
	case r.schema.Relation(record.Verb(e.name)) != nil:
		r.takeLinks(it, e)
	case e.name == filesName:
		for _, t := range r.many(it, e) {
			r.addFile(it, t.value, t.line, t.column)
		}
	case e.name == languageName:
		it.Language = r.single(it, e)
	case e.name == stateName:
		r.report("state-in-text", e.line, 3, it.Key, "a state written into text approves nothing; the line was not taken over",
			"remove the line; states change by signatures in the ledger")
	default:
		r.takeField(it, e)
	}
}

func (r *reader) takeLinks(it *Item, e rawEntry) {
	seen := map[string]bool{}
	for _, t := range r.many(it, e) {
		ref, err := record.ParseRef(t.value)
		if err != nil {
			r.report("bad-link", t.line, t.column, it.Key, fmt.Sprintf("%s: %v", e.name, err), "write the key of an item, or project/KEY")
			continue
		}
		if seen[t.value] {
			r.report("duplicate-link", t.line, t.column, it.Key, fmt.Sprintf("%s %s %s is written twice", it.Key, e.name, ref), "remove one of them")
			continue
		}
		seen[t.value] = true
		it.Links = append(it.Links, Link{Verb: record.Verb(e.name), Target: ref, Line: t.line, Column: t.column})
	}
}

func (r *reader) takeField(it *Item, e rawEntry) {
	if strings.Contains(e.name, "/") {
		if err := record.CheckFieldName(e.name); err != nil {
			r.report("unknown-field", e.line, 3, it.Key, err.Error(), "correct the name")
			return
		}
		it.Fields = append(it.Fields, record.Field{Name: e.name, Values: []string{r.single(it, e)}})
		return
	}
	kind := r.schema.Kind(it.Kind)
	f := kind.Field(e.name)
	if f == nil {
		message := fmt.Sprintf("%q is neither a field nor a relation of a %s", e.name, kind.Name)
		remedy := "correct the name; if it begins the text, put the line " + textMarker + " above it"
		if near := r.schema.NearestName(it.Kind, e.name); near != "" {
			message += fmt.Sprintf("; did you mean %q?", near)
		}
		r.report("unknown-field", e.line, 3, it.Key, message, remedy)
		return
	}
	field := record.Field{Name: e.name, Many: f.Many}
	switch {
	case f.Many:
		for _, t := range r.many(it, e) {
			r.checkValue(it, f, t.value, t.line, t.column)
			field.Values = append(field.Values, t.value)
		}
		if len(field.Values) == 0 {
			return
		}
	case e.empty():
		return
	default:
		value := r.single(it, e)
		r.checkValue(it, f, value, e.line, e.column+1)
		field.Values = []string{value}
	}
	it.Fields = append(it.Fields, field)
}

func (r *reader) checkValue(it *Item, f *schema.Field, value string, line, column int) {
	err := f.Check(value)
	if err == nil {
		err = record.CheckText(value)
	}
	if err != nil {
		r.report("bad-value", line, column, it.Key, fmt.Sprintf("%s: %v", f.Name, err), "correct the value")
	}
}

// defaults sets the fields that the document sets for its items, where the
// item's kind has them and the item does not speak of them itself.
func (r *reader) defaults(it *Item, set map[string]bool) {
	kind := r.schema.Kind(it.Kind)
	for name, values := range r.doc.Meta.Defaults {
		if f := kind.Field(name); f != nil && !set[name] {
			it.Fields = append(it.Fields, record.Field{Name: name, Values: values, Many: f.Many})
		}
	}
	if it.Language == "" {
		it.Language = r.doc.Meta.Language
	}
}

func short(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
