package doorstop

import (
	"cmp"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// all are the entries of all documents.
func (w *writer) all() []*written {
	var all []*written
	for _, t := range w.documents {
		all = append(all, t.entries...)
	}
	return all
}

// stamps finds what is lost of every item, and the form in which it is written.
func (w *writer) stamps() {
	all := w.all()
	losses := exchange.Concurrently(len(all), runtime.GOMAXPROCS(0), func(i int) []exchange.Loss {
		losses := all[i].itemLosses()
		all[i].asHeading()
		all[i].stamps = sync.OnceValues(all[i].fingerprints)
		return losses
	})
	w.losses = append(w.losses, slices.Concat(losses...)...)
}

// fingerprints are those of what is written, without and with its links: it is read as Doorstop will.
func (e *written) fingerprints() (plain, own string) {
	id, _ := parseUID(e.name)
	limits := Limits{}.withDefaults()
	limits.Nodes = 1 << 30
	read := parseItem(e.document.config, candidate{path: e.path, uid: id, name: e.name}, e.data(false), limits)
	return read.content.stamp(false), read.content.stamp(true)
}

// asHeading finds the form of a heading of Doorstop: its first line may be its header or stand in its text, which only
// the fingerprint tells.
func (e *written) asHeading() {
	if !e.document.own || !e.item.Heading || e.title == "" || e.item.Fingerprint == "" {
		return
	}
	title, text := e.title, e.text
	if plain, _ := e.fingerprints(); plain == e.item.Fingerprint {
		return
	}
	for _, form := range []string{title, title + "\n" + text, title + "\n\n" + text} {
		e.title, e.text = "", form
		if plain, _ := e.fingerprints(); plain == e.item.Fingerprint {
			return
		}
	}
	e.title, e.text = title, text
}

// files are the configurations and items.
func (w *writer) files() []exchange.WrittenFile {
	var files []exchange.WrittenFile
	for _, t := range w.documents {
		files = append(files, exchange.WrittenFile{Path: path.Join(t.folder, configName), Data: dump(w.settings(t))})
	}
	all := w.all()
	files = append(files, exchange.Concurrently(len(all), runtime.GOMAXPROCS(0), func(i int) exchange.WrittenFile {
		return exchange.WrittenFile{Path: all[i].path, Data: all[i].data(true)}
	})...)
	return append(files, w.attachments()...)
}

// data is the content of an item file.
func (e *written) data(stamps bool) []byte {
	members := e.members(stamps)
	if !e.document.markdown {
		return dump(sorted(members))
	}
	head, text, inside := e.markdown()
	if !inside {
		delete(members, "header")
	}
	delete(members, "text")
	var b strings.Builder
	b.WriteString("---\n")
	b.Write(dump(sorted(members)))
	b.WriteString("---\n")
	if head != "" {
		b.WriteString("\n" + head + "\n")
	}
	if text != "" {
		b.WriteString("\n" + text + "\n")
	}
	return []byte(b.String())
}

// markdown is the line of the header and the text of an item in Markdown; inside says that the header is an attribute,
// since it does not go into one line.
func (e *written) markdown() (head, text string, inside bool) {
	header := loadText(clean(e.title))
	text = loadText(clean(e.text))
	line := strings.Join(strings.Fields(header), " ")
	// Without a line of the header a text loses its first blanks, and a heading that it begins with.
	needed := text != "" && (strings.TrimLeftFunc(text, pythonSpace) != text || strings.HasPrefix(text, "# "))
	switch {
	case header == "" && !needed:
		return "", text, false
	case header != strings.TrimSpace(header) || strings.Contains(header, "\n"):
		if !needed {
			return "", text, true
		}
		return "# " + line, text, false
	}
	return "# " + header, text, false
}

// shortened says that the header stands in one line of Markdown, but is none.
func (e *written) shortened() bool {
	head, _, inside := e.markdown()
	return !inside && strings.TrimPrefix(head, "# ") != loadText(clean(e.title))
}

// sorted is a mapping in the order in which PyYAML writes it.
func sorted(members map[string]tree) tree {
	t := tree{isMap: true, keys: make([]string, 0, len(members)), values: make([]tree, len(members))}
	for key := range members {
		t.keys = append(t.keys, key)
	}
	slices.Sort(t.keys)
	for i, key := range t.keys {
		t.values[i] = members[key]
	}
	return t
}

func (e *written) members(stamps bool) map[string]tree {
	item := e.item
	m := map[string]tree{
		"active": truth(item.Active), "derived": truth(item.Derived), "normative": truth(item.Normative && !item.Heading && !e.made),
		"header": textTree(e.title), "text": textTree(e.text), "level": levelTree(e.level), "ref": stringTree(""), "links": {isList: true}, "reviewed": stampTree(""),
	}
	if stamps {
		m["reviewed"] = stampTree(e.reviewStamp())
	}
	links := tree{isList: true}
	for _, l := range e.links {
		stamp := ""
		if stamps {
			stamp = l.linkStamp()
		}
		entry := tree{}
		entry.set(l.name, stampTree(stamp))
		links.list = append(links.list, entry)
	}
	m["links"] = links
	e.references(m)
	for i := range item.Fields {
		f := &item.Fields[i]
		if name := e.attributeName(f.Name); name != "" {
			m[name] = fieldTree(f, e.document.isList(f), 0, len(name)+2)
		}
	}
	if !e.made && item.Key != e.name && item.Key != "" {
		if _, given := m[keyAttribute]; !given {
			m[keyAttribute] = stringTree(item.Key)
		}
	}
	if _, given := m["type"]; !given && item.Type != "" {
		m["type"] = stringTree(item.Type)
	}
	return m
}

func truth(is bool) tree {
	if is {
		return tree{text: "true", plain: true}
	}
	return tree{text: "false", plain: true}
}

func stampTree(stamp string) tree {
	if stamp == "" {
		return tree{text: "null", plain: true}
	}
	return stringTree(stamp)
}

// textTree is a text as Doorstop writes it: a block, with a line end behind it.
func textTree(text string) tree {
	if text = loadText(clean(text)); text == "" {
		return stringTree("")
	}
	t := stringTree(text + "\n")
	t.literal = !t.double
	return t
}

// clean is text that YAML can hold.
func clean(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

// levelTree is a level as Doorstop writes it: a number where YAML gives it back as it is (Level.save_level).
func levelTree(text string) tree {
	l, ok := parseLevel(text)
	if text == "" {
		return tree{text: "1.0", plain: true}
	}
	parts := strings.Count(text, ".") + 1
	number := ok && l.String() == text && (parts == 1 && pythonInt(text) == text || parts == 2 && pythonFloat(text) == text)
	if number && intPattern.MatchString(text) || number && decimalPattern.MatchString(text) {
		return tree{text: text, plain: true}
	}
	return stringTree(text)
}

// ownMembers are the attributes that every item has.
var ownMembers = []string{"active", "derived", "header", "level", "links", "normative", "ref", "references", "reviewed", "text"}

// attributeName is the attribute that a field becomes; empty for one that is written elsewhere.
func (e *written) attributeName(name string) string {
	switch {
	case strings.HasPrefix(name, "references/") && len(e.item.Files) > 0, name == "":
		return ""
	case slices.Contains(ownMembers, name):
		return name + "_"
	}
	return clean(name)
}

// isList says that an attribute is a list also where it has one value.
func (t *target) isList(f *exchange.Field) bool {
	return t.lists[f.Name] && len(f.Values) > 0
}

// references writes the files that an item refers to.
func (e *written) references(m map[string]tree) {
	var list []tree
	seen := false
	for i := range e.item.Files {
		f := &e.item.Files[i]
		if f.Type == "ref" && !seen {
			seen = true
			m["ref"] = longString(f.Path, 0, len("ref: "))
			continue
		}
		members := map[string]tree{"path": stringTree(clean(f.Path)), "type": stringTree(clean(cmp.Or(f.Type, "file")))}
		if f.Keyword != "" {
			members["keyword"] = stringTree(clean(f.Keyword))
		}
		if f.SHA256 != "" {
			members["sha"] = stringTree(clean(f.SHA256))
		}
		for j := range e.item.Fields {
			field := &e.item.Fields[j]
			if name, ok := strings.CutPrefix(field.Name, "references/"); ok && field.At == f.At && members[name].text == "" {
				members[name] = fieldTree(field, false, 2, len(name)+2)
			}
		}
		list = append(list, sorted(members))
	}
	if len(list) > 0 {
		m["references"] = tree{isList: true, list: list}
	}
}

// maxLine is the length above which Doorstop writes a string as a block.
const maxLine = 79

// longString is a string; a long one, or one of several lines, is a block (_convert_to_yaml).
func longString(text string, indent, prefix int) tree {
	t := stringTree(clean(text))
	t.literal = !t.double && (strings.Contains(text, "\n") || indent+prefix+utf8.RuneCountInString(text) > maxLine)
	return t
}

// fieldTree is the value of an attribute.
func fieldTree(f *exchange.Field, list bool, indent, prefix int) tree {
	switch {
	case f.Nested && len(f.Values) == 1:
		v, refused := jsontree.Parse("", []byte(f.Values[0]), jsontree.Limits{Depth: 63}) // the reader takes no more
		if refused == nil {
			return jsonTree(v, indent, prefix)
		}
		return longString(f.Values[0], indent, prefix)
	case f.Values == nil:
		return tree{text: "null", plain: true}
	case len(f.Values) == 1 && !list:
		return scalarTree(f.Values[0], f.Data, indent, prefix)
	}
	t := tree{isList: true}
	for _, v := range f.Values {
		t.list = append(t.list, scalarTree(v, f.Data, indent, 2))
	}
	return t
}

// scalarTree is a value of a data type; a number, truth value or date is one to YAML too.
func scalarTree(v string, data exchange.DataType, indent, prefix int) tree {
	k, _ := implicit(v)
	plain := false
	switch data {
	case exchange.DataBoolean:
		plain = v == "true" || v == "false"
	case exchange.DataInteger, exchange.DataReal:
		plain = k == kindInt && pythonInt(v) == v || k == kindFloat
	case exchange.DataDate:
		plain = k == kindDate || timePattern.MatchString(v) && isLine(v)
	}
	if plain {
		return tree{text: v, plain: true}
	}
	return longString(v, indent, prefix)
}

// isLine says that a time is nothing but that.
func isLine(v string) bool {
	return strings.Trim(v, "0123456789-:.tTzZ+ ") == "" && strings.TrimSpace(v) == v
}

// jsonTree is a JSON value.
func jsonTree(v jsontree.Value, indent, prefix int) tree {
	switch v.Kind() {
	case jsontree.Object:
		t := tree{isMap: true}
		for key, member := range v.Members() {
			t.set(key, jsonTree(member, indent+2, utf8.RuneCountInString(key)+2))
		}
		return t
	case jsontree.Array:
		t := tree{isList: true}
		for element := range v.Elements() {
			t.list = append(t.list, jsonTree(element, indent, 2))
		}
		return t
	case jsontree.String:
		return longString(v.Text(), indent, prefix)
	case jsontree.Number:
		if k, text := implicit(v.Text()); k == kindInt || k == kindFloat {
			return tree{text: text, plain: true}
		}
		return stringTree(v.Text())
	case jsontree.Bool:
		return truth(v.Bool())
	}
	return tree{text: "null", plain: true}
}

// itemLosses lists what of an item is not written, or not as it is.
func (e *written) itemLosses() []exchange.Loss {
	var losses []exchange.Loss
	lose := func(at exchange.Position, what, why string) {
		losses = append(losses, exchange.Loss{At: at, Item: cmp.Or(e.item.Key, e.name), What: what, Why: why})
	}
	seen := map[string]bool{}
	for _, f := range e.item.Fields {
		name := e.attributeName(f.Name)
		switch {
		case strings.HasPrefix(f.Name, "references/") && name == "":
			if !slices.ContainsFunc(e.item.Files, func(x exchange.File) bool { return x.At == f.At && x.Type != "ref" }) {
				lose(f.At, f.Name, "the file that it tells of is not known")
			}
		case name == "":
			lose(f.At, "field without a name", "attributes have names")
		case seen[name]:
			lose(f.At, f.Name, "the item has two attributes of this name; the last one is written")
		case name != f.Name:
			lose(f.At, f.Name, fmt.Sprintf("every item has an attribute of this name that says something else; it is written as %s", name))
		}
		seen[name] = true
	}
	if e.document.markdown && e.shortened() {
		lose(e.item.At, "title", "a header is one line in Markdown before a text of this sort; it was brought into one")
	}
	refs := 0
	for _, f := range e.item.Files {
		if f.Type == "ref" {
			if refs++; refs > 1 {
				lose(f.At, "type of "+f.Path, "an item has one ref; this one is written among the references")
			}
		}
	}
	if !e.document.own && !e.made {
		for what, text := range map[string]string{"title": e.item.Title, "text": e.item.Text} {
			if plain := strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n"); loadText(text) != plain {
				lose(e.item.At, what, "Doorstop keeps no blanks at the end of lines; it is written without")
			}
		}
		if e.item.Heading && e.item.Normative {
			lose(e.item.At, "normative", "a heading is not normative in Doorstop")
		}
	}
	return losses
}

// unwritten lists what is not in items.
func (w *writer) unwritten() {
	for _, t := range w.documents {
		n := 0
		for i := range t.source.Items {
			if item := &t.source.Items[i]; item.ID != "" && item.ID != w.uids[item] {
				n++
			}
		}
		if n > 0 {
			w.lose(t.source.At, "", fmt.Sprintf("identities of %d items of %s", n, t.prefix), "items have none in Doorstop beside their UIDs")
		}
		if t.own {
			continue
		}
		for _, f := range t.source.Fields {
			w.lose(f.At, "", f.Name+" of the document "+t.prefix, "documents have settings only in Doorstop")
		}
	}
	for _, d := range w.tree.Dangling {
		w.lose(d.At, d.To, strings.TrimSpace(d.Verb+" from "+d.From), "the item that links is not there")
	}
}

// attachments are files that came with the tree, each in the folder of every document whose texts name it.
func (w *writer) attachments() []exchange.WrittenFile {
	var files []exchange.WrittenFile
	for _, a := range w.tree.Attachments {
		there := 0
		for _, t := range w.documents {
			name := path.Join(t.folder, a.Path)
			if !t.names(a.Path) || !folderName(path.Clean(a.Path)) || w.paths[strings.ToLower(name)] {
				continue
			}
			w.paths[strings.ToLower(name)] = true
			files = append(files, exchange.WrittenFile{Path: name, Data: a.Data})
			there++
		}
		if there == 0 {
			w.lose(exchange.Position{}, "", "file "+a.Path, "no text names it, or another file has its place")
		}
	}
	return files
}

// names says that a text of a document has a path in it.
func (t *target) names(name string) bool {
	return slices.ContainsFunc(t.entries, func(e *written) bool { return strings.Contains(e.text, name) })
}
