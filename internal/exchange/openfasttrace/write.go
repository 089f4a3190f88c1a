package openfasttrace

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Write makes the files of a tree: Markdown, or reStructuredText where the texts are in that; a document that was read
// from reStructuredText or ReqM2 becomes that again. What OpenFastTrace cannot hold, or only in another form, is in the
// losses.
func Write(t *exchange.Tree) ([]exchange.WrittenFile, []exchange.Loss, error) {
	w := newWriter(t)
	for i := range t.Documents {
		d := &t.Documents[i]
		file, k := w.path(d)
		if k == kindXML {
			w.files = append(w.files, exchange.WrittenFile{Path: file, Data: w.specdocument([]*exchange.Document{d})})
			continue
		}
		w.files = append(w.files, exchange.WrittenFile{Path: file, Data: w.markup(d, k == kindRST)})
	}
	for _, a := range t.Attachments {
		if !fs.ValidPath(a.Path) || w.paths[strings.ToLower(a.Path)] {
			w.lose(exchange.Position{}, "", a.Path, "its path is taken or leads out of the folder")
			continue
		}
		w.files = append(w.files, exchange.WrittenFile(a))
	}
	return w.files, w.losses, nil
}

// WriteSpecobject makes one ReqM2 file of all documents of a tree. Sections and prose have no place in it.
func WriteSpecobject(t *exchange.Tree) ([]byte, []exchange.Loss, error) {
	w := newWriter(t)
	all := make([]*exchange.Document, len(t.Documents))
	for i := range t.Documents {
		all[i] = &t.Documents[i]
	}
	data := w.specdocument(all)
	return data, w.losses, nil
}

// writer holds one writing.
type writer struct {
	tree   *exchange.Tree
	own    bool // the tree was read from OpenFastTrace
	files  []exchange.WrittenFile
	losses []exchange.Loss
	said   map[string]bool // losses that are told once a tree
	paths  map[string]bool // of files, in lower case

	ids     map[*exchange.Item]id
	targets map[string]id // by key and by identity of items
	taken   map[id]bool
	covered map[*exchange.Item][]reverse // links that other items say from their end
}

type reverse struct {
	verb string
	to   id
}

func newWriter(t *exchange.Tree) *writer {
	w := &writer{tree: t, own: t.Format == Format, said: map[string]bool{}, paths: map[string]bool{}, ids: map[*exchange.Item]id{}, targets: map[string]id{}, taken: map[id]bool{}, covered: map[*exchange.Item][]reverse{}}
	byKey := map[string]*exchange.Item{}
	w.each(func(it *exchange.Item) {
		i := w.newID(it)
		w.ids[it] = i
		for _, name := range []string{it.ID, it.Key} {
			if _, known := byKey[name]; !known && name != "" {
				byKey[name], w.targets[name] = it, i
			}
		}
	})
	w.each(func(it *exchange.Item) {
		for i := range it.Links {
			l := &it.Links[i]
			verb := t.Backwards[l.Verb]
			if verb == "" || w.own && l.Verb == verbFulfilled {
				continue
			}
			if from := byKey[l.Target]; from != nil {
				w.covered[from] = append(w.covered[from], reverse{w.verb(verb), w.ids[it]})
				if verb != verbCovers {
					w.loseOnce("the relation "+l.Verb, "it is written as "+w.verb(verb)+", from its other end")
				}
			} else {
				w.lose(l.At, it.Key, l.Verb+" "+l.Target, "the item that would say it is not there")
			}
		}
	})
	return w
}

func (w *writer) each(visit func(*exchange.Item)) {
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		for j := range d.Items {
			visit(&d.Items[j])
		}
	}
}

func (w *writer) lose(at exchange.Position, item, what, why string) {
	w.losses = append(w.losses, exchange.Loss{At: at, Item: item, What: what, Why: why})
}

// loseOnce tells what is the same for many items once.
func (w *writer) loseOnce(what, why string) {
	if !w.said[what+"\n"+why] {
		w.said[what+"\n"+why] = true
		w.lose(exchange.Position{}, "", what, why)
	}
}

// newID is the id of an item: its key where that is one, else one made of its type and key.
func (w *writer) newID(it *exchange.Item) id {
	if i, ok := wholeID(it.Key); ok && i.String() == it.Key {
		w.taken[i] = true
		return i
	}
	if w.own && strings.Count(it.Key, "~") >= 2 { // of ReqM2, which takes any name
		return splitKey(it.Key)
	}
	name := it.Key
	if name == "" {
		name = it.ID
	}
	i := id{artifactName(it.Type), itemName(name), "1"}
	for n := 2; w.taken[i]; n++ {
		i.name = itemName(name) + "-" + strconv.Itoa(n)
	}
	w.taken[i] = true
	w.lose(it.At, it.Key, "key", "it is written as "+i.String())
	return i
}

// splitKey takes the type before the first ~ and the revision behind the last one.
func splitKey(key string) id {
	first, last := strings.IndexByte(key, '~'), strings.LastIndexByte(key, '~')
	return id{key[:first], key[first+1 : last], key[last+1:]}
}

// artifactName is the artifact type of a type: its letters.
func artifactName(name string) string {
	out := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && isLetter(byte(r)) {
			return r
		}
		return -1
	}, name)
	if out == strings.ToUpper(out) {
		out = strings.ToLower(out)
	}
	if out == "" {
		return "req"
	}
	return out
}

// itemName is a name that an id can have.
func itemName(name string) string {
	out := strings.Trim(strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || wordRune(r) {
			return r
		}
		return '-'
	}, name), ".-")
	for strings.Contains(out, "..") {
		out = strings.ReplaceAll(out, "..", ".")
	}
	if nameLength(out) != len(out) || out == "" {
		out = "x-" + out
	}
	return strings.TrimRight(out, "-")
}

// target is the id that a link leads to.
func (w *writer) target(it *exchange.Item, l *exchange.Link) id {
	if i, ok := w.targets[l.Target]; ok {
		return i
	}
	if i, ok := wholeID(l.Target); ok {
		return i
	}
	if w.own && strings.Count(l.Target, "~") >= 2 {
		return splitKey(l.Target)
	}
	i := id{unknownType, itemName(l.Target), "1"}
	w.lose(l.At, it.Key, l.Verb+" "+l.Target, "there is no such item; the link is written to "+i.String())
	return i
}

// path is the file of a document, and what it holds.
func (w *writer) path(d *exchange.Document) (string, kind) {
	k := kindOf(d.Path)
	ext := path.Ext(d.Path)
	if !w.own || k != kindMarkdown && k != kindRST && k != kindXML {
		k, ext = kindMarkdown, ".md"
		if w.tree.Markup == "rst" {
			k, ext = kindRST, ".rst"
		}
	}
	name := strings.TrimSuffix(d.Path, path.Ext(d.Path))
	if kindOf(d.Path) == kindNone && (d.Path == "" || d.Path == "." || d.Path != d.At.File) {
		name = path.Join(d.Path, strings.ReplaceAll(d.Key, "/", "-"))
	}
	parts := strings.Split(path.Clean("/" + name)[1:], "/")
	for i, part := range parts {
		parts[i] = fileName(part)
	}
	name = strings.Join(parts, "/")
	unique := name + ext
	for n := 2; w.paths[strings.ToLower(unique)]; n++ {
		unique = name + "-" + strconv.Itoa(n) + ext
	}
	w.paths[strings.ToLower(unique)] = true
	return unique, k
}

// fileName is a name that every file system takes.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '-'
		}
		return r
	}, strings.ToValidUTF8(s, "-"))
	if s = strings.Trim(s, " "); s == "" || s == "." || s == ".." {
		return "document"
	}
	return s
}

// prepared is an item in the terms of OpenFastTrace.
type prepared struct {
	item               *exchange.Item
	id                 id
	title, text        string
	status             string
	rationale, comment string
	needs, tags        []string
	links              []reverse
	behindID           string
	forwards, tag      bool
	order              []string         // of the fields in the item
	other              []exchange.Field // of ReqM2
}

// prepare puts an item into the terms of OpenFastTrace. What has no home there goes into the comment.
func (w *writer) prepare(it *exchange.Item, xml bool) *prepared {
	p := &prepared{item: it, id: w.ids[it], title: it.Title, text: it.Text}
	var notes []string
	for i := range it.Fields {
		f := &it.Fields[i]
		if !w.home(p, f, xml) {
			value := strings.Join(f.Values, ", ")
			notes = append(notes, "* "+oneLine(f.Name)+": "+strings.ReplaceAll(value, "\n", "\n  "))
			w.lose(f.At, it.Key, f.Name, "it is written into the comment")
		}
	}
	notes = append(notes, w.flags(it)...)
	if len(notes) > 0 {
		if p.comment != "" {
			p.comment += "\n\n"
		}
		p.comment += strings.Join(notes, "\n")
	}
	for i := range it.Links {
		w.prepareLink(p, &it.Links[i])
	}
	p.links = append(p.links, w.covered[it]...)
	return p
}

// home finds the place of a field.
func (w *writer) home(p *prepared, f *exchange.Field, xml bool) bool {
	name := f.Name
	if !w.own {
		for _, own := range []string{fieldStatus, fieldRationale, fieldComment, fieldNeeds, fieldTags} {
			if strings.EqualFold(name, own) && !f.Nested {
				name = own
			}
		}
	}
	p.order = append(p.order, name)
	value := strings.Join(f.Values, "\n")
	once := func(to *string) bool {
		if *to != "" {
			return false
		}
		*to = value
		return true
	}
	switch {
	case name == fieldStatus && (xml && w.own || slices.Contains(statuses, value)):
		return once(&p.status)
	case name == fieldRationale:
		return once(&p.rationale)
	case name == fieldComment:
		return once(&p.comment)
	case name == fieldNeeds && !slices.ContainsFunc(f.Values, func(v string) bool { return !isWords(v) && (!xml || oneLine(v) != v || v == "") }):
		p.needs = append(p.needs, f.Values...)
		return true
	case name == fieldTags && !slices.ContainsFunc(f.Values, func(v string) bool { return oneLine(v) != v || v == "" || !xml && strings.Contains(v, ",") }):
		p.tags = append(p.tags, f.Values...)
		return true
	case !w.own:
		return false
	case name == fieldBehindID && !xml:
		return once(&p.behindID)
	case name == fieldForwards && !xml:
		p.forwards = true
		return true
	case name == fieldTag:
		p.tag = true
		return true
	case xml:
		p.other = append(p.other, *f)
		return true
	}
	return false
}

// flags are what an item is beside its fields, for the comment.
func (w *writer) flags(it *exchange.Item) []string {
	var out []string
	add := func(is bool, name, value string) {
		if is {
			out = append(out, "* "+name+": "+value)
			w.lose(it.At, it.Key, name, "it is written into the comment")
		}
	}
	add(it.Level != "", "level", oneLine(it.Level))
	add(it.Heading, "heading", "yes")
	add(!it.Normative, "normative", "no")
	add(it.Derived, "derived", "yes")
	add(!it.Active, "active", "no")
	add(it.ID != "" && it.ID != it.Key, "id", oneLine(it.ID))
	add(it.Review.Fingerprint != "", "reviewed", oneLine(it.Review.Fingerprint))
	for _, f := range it.Files {
		add(true, "file", oneLine(strings.Join([]string{f.Path, f.Type, f.Keyword, f.SHA256}, " ")))
	}
	return out
}

// dependent are verbs that mean depends; all others mean covers.
var dependent = []string{verbDepends, "depends_on", "depends on", "uses", "requires"}

// verb is what OpenFastTrace has for a verb.
func (w *writer) verb(verb string) string {
	switch {
	case w.own && (verb == verbFulfilled || verb == verbDepends):
		return verb
	case slices.Contains(dependent, strings.ToLower(verb)):
		return verbDepends
	}
	return verbCovers
}

func (w *writer) prepareLink(p *prepared, l *exchange.Link) {
	if w.tree.Backwards[l.Verb] != "" && (!w.own || l.Verb != verbFulfilled) {
		return // said by the other end
	}
	verb := w.verb(l.Verb)
	if verb != l.Verb {
		w.loseOnce("the relation "+l.Verb, "it is written as "+verb)
	}
	for _, f := range l.Fields {
		w.lose(l.At, p.item.Key, l.Verb+" "+l.Target+" "+f.Name, "a link has no attributes")
	}
	if l.Fingerprint != "" || l.ID != "" {
		w.loseOnce("fingerprints and identities of links", "OpenFastTrace has none")
	}
	p.links = append(p.links, reverse{verb, w.target(p.item, l)})
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(s, string(utf8.RuneError)), "\x00", "")), " ")
}

// trimmed is a text in one line, without blanks at its ends.
func trimmed(s string) string {
	if strings.ContainsAny(s, "\r\n\x00") || !utf8.ValidString(s) {
		return oneLine(s)
	}
	return strings.TrimSpace(s)
}

// clean is a text that a file can hold.
func clean(s string) string {
	if strings.IndexByte(s, '\r') < 0 && strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), string(utf8.RuneError))
}

func (w *writer) changedText(it *exchange.Item, what, why string) {
	w.lose(it.At, it.Key, what, fmt.Sprintf("it is changed: %s", why))
}
