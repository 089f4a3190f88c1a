package needs

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/jsontree"
)

// WriteOptions are what a tree does not say itself. The zero value is good.
type WriteOptions struct {
	Project string // name of the project; default is what the tree was read with
	Version string // of the documentation; default is what the tree was read with, else 1.0
	Created string // time of writing, RFC 3339; left out where the tree has none either
}

// Write gives a tree as a needs.json that sphinx-needs imports (needimport, needs_external_needs) and Read reads as the
// same tree. What the format cannot hold is a Loss. A document is a docname, its title the outermost section. The schema
// of the file declares every field and verb; sphinx-needs takes those that its own configuration declares too.
//
// goldthread:implements SRS-75
func Write(tree *exchange.Tree, options WriteOptions) ([]byte, []exchange.Loss, error) {
	w := &writer{tree: tree, json: &jsontree.Printer{Indent: "    "}, ids: map[*exchange.Item]string{}, named: map[string]string{}, taken: map[string]bool{}}
	w.root = w.rootDocument()
	w.nameItems()
	w.nameVerbs()
	w.nameFields()

	version := cmp.Or(options.Version, value(w.root, "version"), value(w.root, "current_version"), "1.0")
	w.json.Begin('{')
	if created := cmp.Or(options.Created, value(w.root, "created")); created != "" {
		w.json.Name("created").String(w.text(created))
	}
	w.json.Name("current_version").String(w.text(version))
	if project := cmp.Or(options.Project, value(w.root, "project")); project != "" {
		w.json.Name("project").String(w.text(project))
	}
	w.aboutFile()
	w.json.Name("versions").Begin('{')
	w.json.Name(version).Begin('{')
	w.aboutVersion()
	w.json.Name("needs").Begin('{')
	w.needs()
	w.json.End('}')
	w.json.Name("needs_amount").Raw(strconv.Itoa(len(w.ids)))
	w.json.Name("needs_schema")
	w.schema()
	w.json.End('}')
	w.json.End('}')
	w.json.End('}')
	w.unwritten()
	return w.json.Bytes(), w.losses, nil
}

// writer holds one writing.
type writer struct {
	tree   *exchange.Tree
	root   *exchange.Document // of the file itself; nil where the tree has none
	json   *jsontree.Printer
	losses []exchange.Loss
	ids    map[*exchange.Item]string
	named  map[string]string // ids by key and by identity, the first of each
	taken  map[string]bool   // ids
	verbs  []string
	isVerb map[string]bool
	extras []*extra
	extra  map[string]*extra
}

func (w *writer) lose(at exchange.Position, item, what, why string) {
	w.losses = append(w.losses, exchange.Loss{At: at, Item: item, What: what, Why: why})
}

// text is a text as JSON readers take it.
func (w *writer) text(s string) string {
	if strings.Contains(s, "\x00") {
		w.lose(exchange.Position{}, "", "the character NUL", "no reader of JSON takes it; U+FFFD is written")
		return strings.ReplaceAll(s, "\x00", "\ufffd")
	}
	return s
}

func (w *writer) each(do func(*exchange.Item)) {
	for i := range w.tree.Documents {
		for j := range w.tree.Documents[i].Items {
			do(&w.tree.Documents[i].Items[j])
		}
	}
}

// rootDocument is the document that Read makes of the file itself.
func (w *writer) rootDocument() *exchange.Document {
	if w.tree.Format != Format || len(w.tree.Documents) == 0 {
		return nil
	}
	if d := &w.tree.Documents[0]; d.Parent == "" && value(d, "current_version") != "" {
		return d
	}
	return nil
}

// value is the value of a field of a document.
func value(d *exchange.Document, name string) string {
	if d == nil {
		return ""
	}
	for _, f := range d.Fields {
		if f.Name == name && len(f.Values) == 1 {
			return f.Values[0]
		}
	}
	return ""
}

// nameItems gives every item its id: its key or identity, with a number behind it where another has it.
func (w *writer) nameItems() {
	w.each(func(item *exchange.Item) {
		wish := strings.ReplaceAll(cmp.Or(item.Key, item.ID, "NEED"), "\x00", "\ufffd")
		id := wish
		for n := 2; w.taken[id]; n++ {
			id = fmt.Sprintf("%s_%d", wish, n)
		}
		if id != item.Key {
			w.lose(item.At, wish, "key", "every need has an id of its own; this one is written as "+id)
		}
		w.taken[id] = true
		w.ids[item] = id
		for _, name := range []string{item.Key, item.ID} {
			if _, known := w.named[name]; !known && name != "" {
				w.named[name] = id
			}
		}
	})
}

// nameVerbs lists the names of links, those that are declared first.
func (w *writer) nameVerbs() {
	w.isVerb = map[string]bool{}
	add := func(verb string) {
		if verb = verbName(verb); !w.isVerb[verb] {
			w.isVerb[verb] = true
			w.verbs = append(w.verbs, verb)
		}
	}
	for _, r := range w.tree.Relations {
		add(r.Verb)
	}
	w.each(func(item *exchange.Item) {
		for i := range item.Links {
			if !w.backwards(item.Links[i].Verb) {
				add(item.Links[i].Verb)
			}
		}
	})
}

// optionName is a name as sphinx-needs takes it for an option: without blanks.
func optionName(name string) string { return strings.ReplaceAll(name, " ", "_") }

// verbName is a verb as the name of a member. A verb that reads as a member of another meaning is said to be one.
func verbName(verb string) string {
	verb = optionName(verb)
	switch {
	case verb == "":
		return "links"
	case ownMember(verb) && verb != "links" || isCore(verb) || strings.HasSuffix(verb, backOf):
		return verb + "_link"
	}
	return verb
}

// backwards says that a verb is the list X_back of links X.
func (w *writer) backwards(verb string) bool {
	forward := w.tree.Backwards[verb]
	return forward != "" && verb == verbName(forward)+backOf
}

// ownMember says that a member of needs is made of something else than fields.
func ownMember(name string) bool {
	switch name {
	case "id", "type", "title", "content", "description", "docname", "sections", "links":
		return true
	}
	return false
}

// aboutFile writes what the file says of itself.
func (w *writer) aboutFile() {
	w.about(func(name string) (string, bool) {
		own := slices.Contains([]string{"created", "current_version", "project", "version", "versions"}, name)
		return name, !own && !strings.HasPrefix(name, "version/")
	})
}

// aboutVersion writes what the version says of itself.
func (w *writer) aboutVersion() {
	w.about(func(name string) (string, bool) {
		name, ok := strings.CutPrefix(name, "version/")
		own := slices.Contains([]string{"needs", "needs_amount", "needs_schema", "needs_defaults_removed"}, name)
		return name, ok && !own
	})
}

func (w *writer) about(member func(field string) (name string, ok bool)) {
	if w.root == nil {
		return
	}
	written := map[string]bool{}
	for i := range w.root.Fields {
		f := &w.root.Fields[i]
		name, ok := member(f.Name)
		switch {
		case !ok:
		case written[name], len(f.Values) == 0:
			w.lose(f.At, "", f.Name, "it is said already, or has no value")
		default:
			written[name] = true
			w.json.Name(name)
			w.fieldValue(f, len(f.Values) > 1)
		}
	}
}

// needs writes the items of all documents.
func (w *writer) needs() {
	docnames := map[string]bool{}
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		docname := ""
		if d != w.root {
			docname = docnameOf(d, docnames)
			docnames[docname] = true
		}
		o := outline{sections: d.Sections}
		if docname != "" && d.Title != "" && !titled(d) {
			o.outer = []string{d.Title}
		}
		for j := range d.Items {
			w.need(&d.Items[j], docname, o.around(d.Items[j].Order))
		}
		w.flags(d)
		for _, s := range o.empty() {
			w.lose(s.At, "", "section "+s.Title, "no item stands below it, and only items name sections in needs.json")
		}
	}
}

// docnameOf is the name of a document: its file without the extension where it is a file, else its key.
func docnameOf(d *exchange.Document, taken map[string]bool) string {
	if name := strings.TrimSuffix(d.Path, path.Ext(d.Path)); d.Path == d.At.File && name != "" && !taken[name] {
		return name
	}
	return cmp.Or(d.Key, "index")
}

// titled says that the title of a document is the outermost section around all of it.
func titled(d *exchange.Document) bool {
	for i, s := range d.Sections {
		if (i == 0 || s.Level <= d.Sections[0].Level) && s.Title != d.Title {
			return false
		}
	}
	return len(d.Sections) > 0 && (len(d.Items) == 0 || d.Sections[0].Order < d.Items[0].Order)
}

// unwritten lists what is not in items, and puts all losses in order.
func (w *writer) unwritten() {
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		for _, b := range d.Blocks {
			w.lose(b.At, "", "text between items ("+b.Kind+")", "needs.json holds none")
		}
		if d == w.root {
			continue
		}
		for _, f := range d.Fields {
			w.lose(f.At, "", f.Name+" of the document "+d.Key, "documents have no fields in needs.json")
		}
		if len(d.Items) == 0 {
			w.lose(d.At, "", "document "+d.Key, "it has no items, and only items name documents in needs.json")
		}
	}
	for _, a := range w.tree.Attachments {
		w.lose(exchange.Position{}, "", "file "+a.Path, "needs.json holds no files")
	}
	for _, d := range w.tree.Dangling {
		w.lose(d.At, d.To, strings.TrimSpace(d.Verb+" from "+d.From), "the item that links is not there")
	}
	slices.SortStableFunc(w.losses, func(a, b exchange.Loss) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
}

// outline follows the sections of a document along its items.
type outline struct {
	outer    []string
	sections []exchange.Section
	next     int
	open     []int // indexes of sections
	used     []bool
}

// around are the titles around an item, the innermost first.
func (o *outline) around(order int) []string {
	if o.used == nil {
		o.used = make([]bool, len(o.sections))
	}
	for ; o.next < len(o.sections) && o.sections[o.next].Order < order; o.next++ {
		for len(o.open) > 0 && o.sections[o.open[len(o.open)-1]].Level >= o.sections[o.next].Level {
			o.open = o.open[:len(o.open)-1]
		}
		o.open = append(o.open, o.next)
	}
	var titles []string
	for _, i := range slices.Backward(o.open) {
		titles = append(titles, o.sections[i].Title)
		o.used[i] = true
	}
	return append(titles, o.outer...)
}

func (o *outline) empty() []exchange.Section {
	var out []exchange.Section
	for i, s := range o.sections {
		if o.used == nil || !o.used[i] {
			out = append(out, s)
		}
	}
	return out
}
