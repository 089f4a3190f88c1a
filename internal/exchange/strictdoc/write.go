package strictdoc

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Write makes the files of a tree: a .sdoc for each document in the present syntax, the grammars that they import, and
// the attachments. A document that was read from StrictDoc keeps its grammar, to which is added what it lacks; any
// other gets one made of Tree.Types. What StrictDoc cannot hold, or only in another form, is in the losses.
func Write(t *exchange.Tree) ([]exchange.WrittenFile, []exchange.Loss, error) {
	w := &writer{tree: t, own: t.Format == Format, paths: map[string]bool{}, grammars: map[string]string{}, tags: map[string]string{}, taken: map[string]bool{}, fields: map[attributeName]string{}, takenFields: map[attributeName]bool{}, said: map[string]bool{}, uids: map[string]string{}, keyed: map[string]bool{}}
	for _, it := range t.All() {
		if _, there := w.uids[it.ID]; !there && it.ID != "" {
			w.uids[it.ID] = it.Key
		}
		w.keyed[it.Key] = true
	}
	w.includes()
	w.plan()
	for i := range t.Documents {
		w.document(&t.Documents[i])
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

// writer holds one writing.
type writer struct {
	tree     *exchange.Tree
	own      bool // the tree was read from StrictDoc
	files    []exchange.WrittenFile
	losses   []exchange.Loss
	of       string            // key of the item that is being written, "" for none
	said     map[string]bool   // losses that are told once a tree
	paths    map[string]bool   // of files, in lower case
	grammars map[string]string // text of files .sgra by path
	uids     map[string]string // of items, by their identities
	keyed    map[string]bool   // keys of items
	included map[string]bool   // keys of documents that are shown in others

	tags        map[string]string // of types
	taken       map[string]bool   // tags
	fields      map[attributeName]string
	takenFields map[attributeName]bool
	planned     []*element // of the types of the tree, made when it is not our own

	out     []byte
	doc     *exchange.Document
	grammar *grammar
	kept    map[int][]exchange.Field // fields of the document under the number of a node
	open    []opened
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

// includes finds the documents that others show.
func (w *writer) includes() {
	w.included = map[string]bool{}
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		for _, b := range d.Blocks {
			if b.Kind == BlockInclude {
				w.included[path.Join(path.Dir(d.Path), b.Text)] = true
			}
		}
	}
}

func (w *writer) document(d *exchange.Document) {
	w.doc, w.out, w.open = d, nil, nil
	w.kept = map[int][]exchange.Field{}
	for _, f := range d.Fields {
		if number, name, ok := strings.Cut(f.Name, "/"); ok && w.own {
			if order, err := strconv.Atoi(number); err == nil {
				f.Name = name
				w.kept[order] = append(w.kept[order], f)
			}
		}
	}
	file := w.path(d)
	w.head(d)
	w.writeGrammar(d, file)
	w.body(d)
	w.files = append(w.files, exchange.WrittenFile{Path: file, Data: w.out})
}

// path is the file of a document: its own, or one named after it.
func (w *writer) path(d *exchange.Document) string {
	name := strings.TrimSuffix(d.Path, path.Ext(d.Path))
	if !hasExtension(d.Path, documentExtension) && (d.Path == "" || d.Path == "." || d.Path != d.At.File) {
		name = path.Join(d.Path, strings.ReplaceAll(d.Key, "/", "-"))
	}
	parts := strings.Split(path.Clean("/" + name)[1:], "/")
	for i, part := range parts {
		parts[i] = fileName(part)
	}
	name = strings.Join(parts, "/")
	extension := documentExtension
	if hasExtension(d.Path, documentExtension) {
		extension = path.Ext(d.Path)
	}
	unique := name + extension
	for n := 2; w.paths[strings.ToLower(unique)]; n++ {
		unique = name + "-" + strconv.Itoa(n) + extension
	}
	w.paths[strings.ToLower(unique)] = true
	if w.own && hasExtension(d.Path, documentExtension) && unique != d.Path {
		w.lose(d.At, "", d.Path, "the document is written to "+unique)
	}
	return unique
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

// head writes [DOCUMENT] and what stands below it.
func (w *writer) head(d *exchange.Document) {
	w.line("[" + tagDocument + "]")
	groups := map[string][]exchange.Field{}
	head := map[string]exchange.Field{}
	for _, f := range d.Fields {
		group, name, grouped := strings.Cut(f.Name, "/")
		switch {
		case f.Name == fieldViews || f.Name == tagGrammar || f.Name == fieldImport || f.Name == tagBibliography:
		case grouped && (group == fieldOptions || group == fieldMetadata):
			f.Name = name
			groups[group] = append(groups[group], f)
		case grouped && numbered(group) && w.own:
		case isHeaderField(f.Name) && f.Name != fieldTitle:
			head[f.Name] = f
		default:
			metadata := metadataName(f.Name)
			w.lose(f.At, "", f.Name, "it is written as METADATA "+metadata)
			f.Name = metadata
			groups[fieldMetadata] = append(groups[fieldMetadata], f)
		}
	}
	if d.Parent != "" && !w.included[d.Path] {
		w.lose(d.At, "", d.Key, "that its parent is "+d.Parent+" is written as METADATA parent")
		groups[fieldMetadata] = append(groups[fieldMetadata], exchange.Field{Name: "parent", Values: []string{d.Parent}})
	}
	for _, name := range headerFields {
		if name == fieldTitle {
			w.title(d)
		} else if f, ok := head[name]; ok {
			w.headLine("", name, f)
		}
	}
	w.options(groups[fieldOptions])
	if len(groups[fieldMetadata]) > 0 {
		w.line(fieldMetadata + ":")
		for _, f := range groups[fieldMetadata] {
			w.headLine("  ", f.Name, f)
		}
	}
	for _, f := range d.Fields {
		if f.Name == fieldViews {
			w.line(fieldViews + ":")
			w.verbatim(f)
		}
	}
}

func numbered(group string) bool {
	_, err := strconv.Atoi(group)
	return err == nil
}

// metadataName is a key that METADATA takes: letters, digits, _ and -, the first no digit.
func metadataName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-') {
			return r
		}
		return '_'
	}, name)
	if name == "" || name[0] >= '0' && name[0] <= '9' || name[0] == '-' {
		name = "_" + name
	}
	return name
}

func (w *writer) title(d *exchange.Document) {
	title := d.Title
	if !fitsLine(title) || w.clean(title) != title {
		if title = oneLine(title); title == "" {
			title = oneLine(d.Key)
		}
		w.lose(d.At, "", fieldTitle, fmt.Sprintf("StrictDoc wants one in one line; %q is written", title))
	}
	w.line(fieldTitle + ": " + title)
}

func (w *writer) options(options []exchange.Field) {
	markup := true
	for _, f := range options {
		markup = markup && f.Name != keyOptionMarkup
	}
	if markup && w.tree.Markup != markupRST && w.tree.Markup != "" && !(w.own && hasExtension(w.doc.At.File, documentExtension)) {
		if name, ok := markupNames[w.tree.Markup]; ok {
			options = append(options, exchange.Field{Name: keyOptionMarkup, Values: []string{name}})
		} else {
			w.loseOnce("markup "+w.tree.Markup, "StrictDoc does not know it")
		}
	}
	if len(options) > 0 {
		w.line(fieldOptions + ":")
	}
	for _, f := range options {
		w.headLine("  ", f.Name, f)
	}
}

// markupNames are StrictDoc's names of the markups of a Tree.
var markupNames = map[string]string{markupRST: "RST", markupMarkdown: "Markdown", "html": "HTML", "text": "Text"}

// headLine writes a field of the head, which has one line.
func (w *writer) headLine(indent, name string, f exchange.Field) {
	value := strings.Join(f.Values, "\n")
	line := value
	if clean := w.clean(value); clean != value || strings.Contains(value, "\n") {
		line = oneLine(value)
		w.lose(f.At, "", name, "it is written in one line")
	}
	w.line(indent + name + ": " + line)
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(s, string(utf8.RuneError)), "\x00", "")), " ")
}

// clean is a text that a file can hold: valid UTF-8 with line ends \n and no NUL.
func (w *writer) clean(s string) string {
	if strings.IndexByte(s, '\r') < 0 && strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), string(utf8.RuneError))
}

func (w *writer) line(s string) {
	w.out = append(w.out, s...)
	w.out = append(w.out, '\n')
}

func (w *writer) verbatim(f exchange.Field) {
	for _, v := range f.Values {
		if v != "" {
			w.line(v)
		}
	}
}

// body writes the nodes in their order.
func (w *writer) body(d *exchange.Document) {
	sections, blocks, items := d.Sections, d.Blocks, d.Items
	for len(sections)+len(blocks)+len(items) > 0 {
		order := nextOrder(sections, blocks, items)
		switch {
		case len(sections) > 0 && sections[0].Order == order:
			w.section(&sections[0])
			sections = sections[1:]
		case len(blocks) > 0 && blocks[0].Order == order:
			w.block(&blocks[0])
			blocks = blocks[1:]
		default:
			w.item(&items[0])
			items = items[1:]
		}
	}
	for len(w.open) > 0 {
		w.close()
	}
}

func nextOrder(sections []exchange.Section, blocks []exchange.Block, items []exchange.Item) int {
	order := -1
	least := func(o int) {
		if order < 0 || o < order {
			order = o
		}
	}
	if len(sections) > 0 {
		least(sections[0].Order)
	}
	if len(blocks) > 0 {
		least(blocks[0].Order)
	}
	if len(items) > 0 {
		least(items[0].Order)
	}
	return order
}

func (w *writer) close() {
	o := w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	w.line("")
	w.line(o.closing())
}

func (w *writer) section(s *exchange.Section) {
	level := max(s.Level, 1)
	for len(w.open) >= level {
		w.close()
	}
	if len(w.open) != level-1 {
		w.lose(s.At, "", s.Title, fmt.Sprintf("the section of level %d is written at level %d, below what is there", level, len(w.open)+1))
	}
	w.line("")
	w.line("[[" + tagSection + "]]")
	w.open = append(w.open, opened{tag: tagSection})
	kept := w.kept[s.Order]
	titled := false
	title := func() {
		w.field(fieldTitle, s.Title, false)
		titled = true
	}
	write := func(name string) {
		for _, f := range kept {
			if f.Name == name {
				w.keptField(f)
			}
		}
	}
	e := w.grammar.element(tagSection)
	if e == nil {
		e = standard.element(tagSection)
	}
	for i := range e.fields {
		if e.fields[i].title == fieldTitle && !titled {
			title()
		} else {
			write(e.fields[i].title)
		}
	}
	if !titled {
		title()
	}
	for _, f := range kept {
		if e.field(f.Name) < 0 && f.Name != fieldRelations {
			w.keptField(f)
		}
	}
	write(fieldRelations)
}

// standard is read only.
var standard = standardGrammar()

func (w *writer) keptField(f exchange.Field) {
	if f.Name == fieldRelations {
		w.line(fieldRelations + ":")
		w.verbatim(f)
		return
	}
	for _, v := range f.Values {
		w.field(f.Name, v, false)
	}
}

func (w *writer) block(b *exchange.Block) {
	switch b.Kind {
	case BlockEnd:
		if len(w.open) > 0 {
			w.close()
		}
		return
	case BlockInclude:
		w.line("")
		w.line("[" + tagInclude + "]")
		w.line("FILE: " + oneLine(b.Text))
		return
	case blockProse:
	default:
		w.lose(b.At, "", b.Kind, "it is written as a text")
	}
	w.line("")
	w.line("[" + tagText + "]")
	for _, f := range w.kept[b.Order] {
		w.keptField(f)
	}
	w.field(fieldStatement, b.Text, true)
}

// field writes one field, over several lines where it is a text or has to be.
func (w *writer) field(name, value string, text bool) {
	clean := w.clean(value)
	if clean != value {
		w.lose(w.doc.At, w.of, name, "characters that a file cannot hold were left out or replaced")
	}
	w.out = append(w.out, name...)
	w.out = append(w.out, ": "...)
	if !text && fitsLine(clean) {
		w.line(clean)
		return
	}
	w.line(textBegins)
	if strings.HasPrefix(clean, textEnds) || strings.Contains(clean, "\n"+textEnds) {
		w.lose(w.doc.At, w.of, name, "a line that begins with "+textEnds+" would end the text; a blank is written before it")
		clean = strings.TrimPrefix(strings.ReplaceAll("\n"+clean, "\n"+textEnds, "\n "+textEnds), "\n")
	}
	w.line(clean)
	w.line(textEnds)
}

// fitsLine says that a value can stand behind the name of its field.
func fitsLine(value string) bool {
	first, _ := utf8.DecodeRuneInString(value)
	return value != "" && !unicode.IsSpace(first) && !strings.Contains(value, "\n") && !strings.HasPrefix(value, textBegins)
}
