package workspace

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// editor is somebody who changes a text, in words that nobody else writes.
type editor struct {
	t     *rapid.T
	who   string
	text  *Text
	words int
	files map[string]record.Hash // what the editor put into attached files
}

// edit draws some changes of a text, and returns it as it is read afterwards.
func edit(t *rapid.T, who string, text *Text, most int) *Text {
	e := &editor{t: t, who: who, files: map[string]record.Hash{}}
	before := map[string]record.Hash{}
	for _, f := range text.Attached() {
		before[f.Name] = f.Hash
	}
	hash := func(name string) record.Hash {
		if h, ok := e.files[name]; ok {
			return h
		}
		if h, ok := before[name]; ok {
			return h
		}
		return fileHash(name)
	}
	e.text = readText(t, mustRender(t, text), hash)
	for range rapid.IntRange(0, most).Draw(t, who+" edits") {
		e.step()
	}
	for _, d := range e.text.Documents {
		d.fitLevels()
	}
	slices.SortFunc(e.text.Documents, func(a, b *Document) int { return strings.Compare(a.Path, b.Path) })
	return readText(t, mustRender(t, e.text), hash)
}

func (e *editor) word() string { e.words++; return fmt.Sprintf("%s%d", e.who, e.words) }

func (e *editor) pick(n int, what string) int {
	return rapid.IntRange(0, n-1).Draw(e.t, e.who+" "+what)
}

// place is where an item stands.
type place struct {
	doc   *Document
	block int
}

func (p place) item() *Item { return p.doc.Blocks[p.block].Item }

func (e *editor) items() []place {
	var out []place
	for _, d := range e.text.Documents {
		for i := range d.Blocks {
			if d.Blocks[i].Item != nil {
				out = append(out, place{d, i})
			}
		}
	}
	return out
}

func (e *editor) step() {
	items := e.items()
	if len(items) == 0 || len(e.text.Documents) == 0 {
		e.newDocument()
		return
	}
	p := items[0] // which others change as well
	if e.pick(3, "another item") > 0 {
		p = items[e.pick(len(items), "item")]
	}
	switch e.pick(1<<20, "edit") % 22 { // small numbers are drawn more often
	case 0, 1:
		p.item().Title = e.word()
	case 2, 3, 4:
		e.lines(p.item())
	case 5:
		e.field(p.item())
	case 6, 7:
		e.link(p.item(), items)
	case 8, 9:
		e.newItem()
	case 10:
		e.remove(p)
	case 11, 12:
		e.move(p)
	case 13, 14:
		e.section()
	case 15:
		e.rekey(p.item())
	case 16:
		e.newDocument()
	case 17:
		e.document()
	case 18:
		e.confirm()
	case 19:
		p.item().Language = rapid.SampledFrom([]string{"de", "fr"}).Draw(e.t, "language")
	case 20:
		e.files["img/x.bin"] = fileHash(e.word())
	case 21:
		e.settings()
	}
}

// lines changes the text of an item by one line.
func (e *editor) lines(it *Item) {
	lines := strings.Split(it.Text, "\n")
	at := e.pick(len(lines), "line")
	var f fence
	for i, l := range lines[:at+1] {
		if f.step(l, i); f.mark != 0 || strings.HasPrefix(lines[at], "```") || strings.Contains(lines[at], "~~~") || strings.Contains(lines[at], "<!--") || strings.Contains(lines[at], "](") {
			return // leave fences and pictures alone
		}
	}
	switch e.pick(3, "change of a line") {
	case 0:
		lines[at] = e.word()
	case 1:
		lines = slices.Insert(lines, at, e.word())
	default:
		lines = slices.Delete(lines, at, at+1)
	}
	it.Text = trimEmptyLines(strings.Join(lines, "\n"))
}

func (e *editor) field(it *Item) {
	name := rapid.SampledFrom([]string{"doorstop/level", "doorstop/other"}).Draw(e.t, "field")
	had := len(it.Fields)
	it.Fields = slices.DeleteFunc(it.Fields, func(f record.Field) bool { return f.Name == name })
	if len(it.Fields) == had || rapid.Bool().Draw(e.t, "set") {
		it.Fields = append(it.Fields, record.Field{Name: name, Values: []string{e.word()}})
	}
	it.SortFields()
}

func (e *editor) link(it *Item, items []place) {
	if len(it.Links) > 0 && rapid.Bool().Draw(e.t, "unlink") {
		at := e.pick(len(it.Links), "link")
		it.Links = slices.Delete(it.Links, at, at+1)
		return
	}
	l := Link{Verb: rapid.SampledFrom([]record.Verb{"refines", "uses"}).Draw(e.t, "verb"), Target: record.Ref(items[e.pick(len(items), "target")].item().Key)}
	if e.pick(5, "dangling") == 0 {
		l.Target = "SRS-50" // which somebody may write
	}
	if !slices.ContainsFunc(it.Links, func(x Link) bool { return x.Verb == l.Verb && x.Target == l.Target }) {
		it.Links = append(it.Links, l)
	}
}

// newItem writes an item somewhere, seldom under a key that others might take.
func (e *editor) newItem() {
	d := e.text.Documents[e.pick(len(e.text.Documents), "document")]
	key := record.Key("SRS-" + e.word())
	if e.pick(6, "common key") == 0 {
		key = "SRS-50"
	}
	e.insert(d, Block{Level: 1 + e.pick(2, "level"), Item: &Item{Item: record.Item{Key: key, Kind: schema.KindSRS, Title: e.word(), Text: e.word()}}})
}

func (e *editor) insert(d *Document, b Block) {
	if b.Item != nil {
		for _, p := range e.items() {
			if p.item().Key == b.Item.Key {
				return
			}
		}
	}
	from := 0
	if len(d.Blocks) > 0 && d.Blocks[0].Level == 0 {
		from = 1
	}
	d.Blocks = slices.Insert(d.Blocks, rapid.IntRange(from, len(d.Blocks)).Draw(e.t, e.who+" at"), b)
}

// cut takes a block out, and the document with it if nothing is left to be read.
func (e *editor) cut(p place) Block {
	b := p.doc.Blocks[p.block]
	p.doc.Blocks = slices.Delete(p.doc.Blocks, p.block, p.block+1)
	return b
}

func (e *editor) remove(p place) { e.cut(p) }

func (e *editor) move(p place) {
	b := e.cut(p)
	d := e.text.Documents[e.pick(len(e.text.Documents), "document")]
	if d != p.doc && len(b.Item.Files) > 0 {
		d = p.doc // a picture beside the old document would not be found
	}
	e.insert(d, b)
}

func (e *editor) section() {
	d := e.text.Documents[0]
	if rapid.Bool().Draw(e.t, "another document") {
		d = e.text.Documents[e.pick(len(e.text.Documents), "document")]
	}
	var sections []int
	for i := range d.Blocks {
		if d.Blocks[i].Item == nil && d.Blocks[i].Level > 0 {
			sections = append(sections, i)
		}
	}
	if len(sections) == 0 || e.pick(3, "new section") == 0 {
		e.insert(d, Block{Level: 1, Heading: e.word(), Prose: e.word()})
		return
	}
	at := sections[e.pick(len(sections), "section")]
	switch b := &d.Blocks[at]; e.pick(4, "change of a section") {
	case 0:
		b.Heading = e.word()
	case 1:
		b.Prose = strings.Trim(b.Prose+"\n\n"+e.word(), "\n")
	case 2:
		b.Prose = e.word()
	default:
		d.Blocks = slices.Delete(d.Blocks, at, at+1)
	}
}

// rekey is what the command does.
func (e *editor) rekey(it *Item) {
	old, key := it.Key, record.Key(e.text.Schema.Kind(it.Kind).Prefix+"-"+e.word())
	for _, p := range e.items() {
		for i := range p.item().Links {
			if l := &p.item().Links[i]; l.Target == record.Ref(old) {
				l.Target = record.Ref(key)
			}
		}
	}
	it.Key = key
	e.text.Lock.Rekey(old, key)
}

func (e *editor) newDocument() {
	d := &Document{Path: "docs/" + e.word() + ".md", Blocks: []Block{{Level: 1, Heading: e.word()}}}
	if e.pick(6, "common path") == 0 && !slices.ContainsFunc(e.text.Documents, func(x *Document) bool { return x.Path == "docs/new.md" }) {
		d.Path = "docs/new.md"
	}
	e.text.Documents = append(e.text.Documents, d)
	e.insert(d, Block{Level: 2, Item: &Item{Item: record.Item{Key: record.Key("SRS-" + e.word()), Kind: schema.KindSRS, Title: e.word()}}})
}

// document changes a document as such.
func (e *editor) document() {
	at := e.pick(len(e.text.Documents), "document")
	d := e.text.Documents[at]
	switch e.pick(3, "change of a document") {
	case 0:
		e.text.Documents = slices.Delete(e.text.Documents, at, at+1)
	case 1:
		if !slices.ContainsFunc(d.Blocks, func(b Block) bool { return b.Item != nil && len(b.Item.Files) > 0 }) {
			d.Path = "docs/" + e.word() + ".md"
		}
	default:
		d.setMember("title", yamlScalar(e.word()), e.text.Schema)
	}
}

// confirm is what the command does.
func (e *editor) confirm() {
	for _, p := range e.items() {
		for _, l := range p.item().Links {
			name := LinkName(p.item().Key, l.Verb, l.Target)
			if _, ok := e.text.Lock.Links[name]; ok && rapid.Bool().Draw(e.t, "confirm") {
				e.text.Lock.Links[name] = LockLink{Confirmed: record.Confirmation{Source: p.item().ContentHash(), Target: fileHash(e.word())}, Person: e.who, Date: "2026-01-01", Reason: e.word()}
				return
			}
		}
	}
}

func (e *editor) settings() {
	if !e.text.Config.Present {
		e.text.Config.Present, e.text.Config.Raw = true, "project: pump\n"
	}
	e.text.Config.Raw += "# " + e.word() + "\n"
}
