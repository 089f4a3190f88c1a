package docx

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/table"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// line is a paragraph in Markdown, with its number or sign where it is of a list, without the space before it.
func (p *parser) line(q *paragraph) string {
	text := markdown(q.pieces)
	if text == "" || q.numID == "" || q.level > 0 {
		return text
	}
	return q.sign() + text
}

// sign is the beginning of an item of a list: "- ", "1. ", and "- a) " for what Markdown cannot count.
func (q *paragraph) sign() string {
	switch {
	case q.bullet || strings.TrimSpace(q.label) == "":
		return "- "
	case markdownNumber.MatchString(q.label):
		return q.label + " "
	}
	return "- " + escape(q.label) + " "
}

var markdownNumber = regexp.MustCompile(`^\d{1,9}[.)]$`)

// render writes blocks as Markdown.
func (p *parser) render(blocks []block) string {
	var w text
	for i := range blocks {
		w.add(p, &blocks[i])
	}
	return w.String()
}

// text collects paragraphs and tables.
type text struct {
	b      strings.Builder
	inList bool
}

func (w *text) add(p *parser, b *block) {
	if b.table != nil {
		w.write(p.markdownTable(b.table), false)
		return
	}
	q := b.paragraph
	line := p.line(q)
	if line == "" {
		return
	}
	if q.numID != "" && q.level == 0 {
		indent := strings.Repeat("    ", min(q.ilvl, listLevels))
		w.write(indent+strings.ReplaceAll(line, "\n", "\n"+indent+"    "), true)
	} else {
		w.write(line, strings.HasPrefix(line, "- ")) // typed like a list
	}
	for _, id := range q.notes {
		w.write("[^"+noteName(id)+"]: "+strings.ReplaceAll(p.d.notes[id], "\n", "\n    "), false)
	}
}

func (w *text) write(s string, list bool) {
	if s == "" {
		return
	}
	if w.b.Len() > 0 {
		w.b.WriteByte('\n')
		if !list || !w.inList {
			w.b.WriteByte('\n')
		}
	}
	w.b.WriteString(s)
	w.inList = list
}

func (w *text) String() string { return w.b.String() }

// plainBlocks is the text of blocks without marks.
func plainBlocks(blocks []block) string {
	all := paragraphs(blocks)
	lines := make([]string, 0, len(all))
	for _, q := range all {
		line := strings.TrimSpace(plain(q.pieces))
		if label := strings.TrimSpace(q.label); label != "" && line == "" {
			line = label // a number that the list gives, such as the key in the first column
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// builder makes items of the blocks of a document.
type builder struct {
	d          *document
	p          *parser
	document   *exchange.Document
	order      *int
	blocks     []block
	at         int // index of the block at hand
	cur        *open
	keys       map[string]bool // of items so far
	contents   int
	contentsAt int
}

// open is an item whose text goes on.
type open struct {
	item    exchange.Item
	rest    []piece // behind the key in its paragraph
	notes   []string
	content text
	key     string
	alone   bool // the paragraph is nothing but the key
	number  int
}

// items makes a document of the Tree.
func (d *document) items(blocks []block) {
	title := d.title
	if title == "" {
		title = d.stem
	}
	b := &builder{d: d, p: &parser{d: d, x: &xmlscan.Scanner{}}, blocks: blocks, keys: map[string]bool{}}
	b.document, b.order = d.r.table.Document(exchange.Document{Key: d.stem, Title: title, Path: d.name, At: exchange.Position{File: d.name, Line: 1}})
	for b.at = range blocks {
		b.block(&blocks[b.at])
	}
	b.flush()
	b.margins()
	if b.contents > 0 {
		d.r.lost(exchange.Position{File: d.name, Line: b.contentsAt}, "", fmt.Sprintf("table of contents, %d paragraphs", b.contents), "it repeats the headings; programs make it anew")
	}
}

func (b *builder) position(number int) exchange.Position {
	return exchange.Position{File: b.d.name, Line: number}
}

func (b *builder) block(k *block) {
	if k.table != nil {
		b.table(k.table)
		return
	}
	b.paragraph(k.paragraph)
}

func (b *builder) paragraph(q *paragraph) {
	if q.contents {
		if b.contents++; b.contents == 1 {
			b.contentsAt = q.number
		}
		return
	}
	defer b.remarks(q)
	if len(q.pieces) == 0 && strings.TrimSpace(q.label) == "" {
		return
	}
	words := plain(q.pieces)
	if strings.TrimSpace(words) == "" && !hasPicture(q.pieces) && (q.numID == "" || q.bullet) {
		return
	}
	found := b.d.r.keyOf(q, words)
	switch {
	case found.key != "" && b.isItem(q, &found):
		b.begin(q, &found)
	case q.level > 0:
		b.flush()
		b.section(q)
	case len(b.document.Items) == 0 && b.cur == nil && b.document.Title == b.d.givenTitle() && titleName.MatchString(b.d.styleName(q.style)):
		b.document.Title = oneLine(markdown(q.pieces))
	case b.cur != nil:
		b.goOn(q, words)
	default:
		b.addProse(b.p.renderOne(q), q.number)
	}
}

func hasPicture(pieces []piece) bool {
	for i := range pieces {
		if pieces[i].raw && strings.HasPrefix(pieces[i].text, "!") {
			return true
		}
	}
	return false
}

func (d *document) givenTitle() string {
	if d.title != "" {
		return d.title
	}
	return d.stem
}

func (p *parser) renderOne(q *paragraph) string {
	return p.render([]block{{paragraph: q}})
}

func (b *builder) section(q *paragraph) {
	title := oneLine(markdown(q.pieces))
	if title == "" {
		return
	}
	*b.order++
	b.document.Sections = append(b.document.Sections, exchange.Section{Title: title, Level: min(q.level, 9), Order: *b.order, At: b.position(q.number)})
}

// addProse adds a block of prose, and lists it.
func (b *builder) addProse(text string, number int) {
	if text == "" {
		return
	}
	*b.order++
	b.document.Blocks = append(b.document.Blocks, exchange.Block{Kind: "prose", Text: text, Order: *b.order, At: b.position(number)})
	b.d.r.changed(b.position(number), "", "paragraph "+short(text), "it belongs to no item, and is kept as prose")
}

// remarks lists the tracked changes and the comments of a paragraph.
func (b *builder) remarks(q *paragraph) {
	if len(q.changes) == 0 && len(q.comments) == 0 {
		return
	}
	key := ""
	if b.cur != nil {
		key = b.cur.item.Key
	}
	b.d.changes(q, key)
	for _, id := range q.comments {
		remark := b.d.comments[id]
		if remark == nil {
			continue
		}
		at := b.position(q.number)
		if b.cur == nil {
			*b.order++
			b.document.Blocks = append(b.document.Blocks, exchange.Block{Kind: "comment", Text: remark.String(), Order: *b.order, At: at})
			continue
		}
		addValue(&b.cur.item, "comment", remark.String(), at)
	}
}

// changes lists the tracked changes of a paragraph.
func (d *document) changes(q *paragraph, item string) {
	for _, c := range q.changes {
		why := "a tracked insertion, which is taken"
		if c.what == "deleted" {
			why = "a tracked deletion, which is left out"
		}
		d.r.changed(exchange.Position{File: d.name, Line: q.number}, item, c.what+" "+short(c.text), by(c.author, c.date)+why)
	}
}

func addValue(item *exchange.Item, name, value string, at exchange.Position) {
	for i := range item.Fields {
		if item.Fields[i].Name == name {
			item.Fields[i].Values = append(item.Fields[i].Values, value)
			return
		}
	}
	item.Fields = append(item.Fields, exchange.Field{Name: name, Values: []string{value}, At: at})
}

// isItem tells whether a paragraph with a key is an item, and not one that only mentions it.
func (b *builder) isItem(q *paragraph, f *found) bool {
	if f.alone && b.keys[f.key] && (b.aloneAt(b.at-1) || b.aloneAt(b.at+1)) {
		b.mention(q, f.key, "keys one below the other, of which this one is an item already: a list of items")
		return false
	}
	if !f.alone && !f.explicit && b.keys[f.key] && q.level == 0 {
		b.d.r.changed(b.position(q.number), f.key, "paragraph "+short(plain(q.pieces)), fmt.Sprintf("it begins with %s, which is an item already, and is taken for text; write a colon behind the key of an item", f.key))
		return false
	}
	return true
}

func (b *builder) mention(q *paragraph, key, why string) {
	b.flush()
	b.d.r.tree.Read.Items++
	b.d.r.tree.Lost = append(b.d.r.tree.Lost, exchange.Loss{At: b.position(q.number), Item: key, What: "item " + key, Why: why + "; it is kept as prose", Items: 1})
}

// aloneAt reports whether a block is a paragraph that is nothing but a key.
func (b *builder) aloneAt(i int) bool {
	if i < 0 || i >= len(b.blocks) || b.blocks[i].paragraph == nil || b.blocks[i].paragraph.level > 0 {
		return false
	}
	q := b.blocks[i].paragraph
	f := b.d.r.keyOf(q, plain(q.pieces))
	return f.key != "" && f.alone
}

// begin begins an item.
func (b *builder) begin(q *paragraph, f *found) {
	b.flush()
	b.keys[f.key] = true
	*b.order++
	b.cur = &open{key: f.key, alone: f.alone, rest: f.rest, notes: q.notes, number: q.number,
		item: exchange.Item{Key: f.key, Type: b.says(), Document: b.document.Key, Order: *b.order, Normative: true, Active: true, Review: exchange.Review{State: exchange.NotReviewed}, At: b.position(q.number)}}
	if q.level > 0 {
		b.cur.item.Title = oneLine(markdown(f.rest))
		b.cur.rest = nil
	}
	if f.label != "" {
		b.cur.item.Level = f.label
	}
}

// says is the type that the titles around an item give it.
func (b *builder) says() string {
	titles := []string{b.document.Title, b.d.stem}
	level := 10
	for i := len(b.document.Sections) - 1; i >= 0 && level > 1; i-- {
		if s := &b.document.Sections[i]; s.Level < level {
			level = s.Level
			titles = append(titles, s.Title)
		}
	}
	return table.Says(titles...)
}

// goOn adds a paragraph to the item at hand: a reference, a field, or text.
func (b *builder) goOn(q *paragraph, words string) {
	at := b.position(q.number)
	if len(q.notes) == 0 && len(words) < 2000 && strings.IndexByte(words, ':') > 0 && !hasPicture(q.pieces) {
		if verb, targets, ok := table.Reference(hyphens(words)); ok {
			for _, target := range targets {
				b.cur.item.Links = append(b.cur.item.Links, exchange.Link{Verb: verb, Target: target, At: at})
			}
			return
		}
		if name, value, ok := fieldLine(words); ok {
			addValue(&b.cur.item, name, value, at)
			return
		}
	}
	b.cur.content.add(b.p, &block{paragraph: q})
}

// fieldNames begin lines that say one thing of an item.
var fieldNames = regexp.MustCompile(`^(?i)(status|priority|priorität|rationale|begründung|verification|verification method|verification criteria|acceptance criteria|criticality|severity|safety class|safety|risk class|owner|version|allocation|category|kategorie|type|typ|stability|origin)$`)

// fieldLine reads "Priority: High".
func fieldLine(words string) (name, value string, ok bool) {
	name, value, found := strings.Cut(strings.TrimSpace(words), ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	return name, value, found && value != "" && fieldNames.MatchString(name)
}

// longest title, in characters.
const titleRunes = 120

// flush ends the item at hand. What stands behind its key is its title where there is text below, else its text.
func (b *builder) flush() {
	c := b.cur
	if c == nil {
		return
	}
	b.cur = nil
	rest := markdown(c.rest)
	below := c.content.String()
	notes := b.noteTexts(c.notes)
	switch {
	case rest == "":
		c.item.Text = below
	case below != "" && utf8.RuneCountInString(rest) <= titleRunes && !strings.HasSuffix(rest, ".") && !strings.Contains(rest, "\n"):
		c.item.Title, c.item.Text = rest, below
	case below == "":
		c.item.Text = rest
	default:
		c.item.Text = rest + "\n\n" + below
	}
	if notes != "" {
		c.item.Text = strings.TrimSpace(c.item.Text + "\n\n" + notes)
	}
	b.d.r.tree.Read.Items++
	b.document.Items = append(b.document.Items, c.item)
}

func (b *builder) noteTexts(ids []string) string {
	var w text
	for _, id := range ids {
		w.write("[^"+noteName(id)+"]: "+strings.ReplaceAll(b.d.notes[id], "\n", "\n    "), false)
	}
	return w.String()
}

// table takes a table: as items, as text of the item at hand, or as prose. One of a single column is only a frame.
func (b *builder) table(t *grid) {
	if t.columns() <= 1 {
		for i := range t.rows {
			for j := range t.rows[i].cells {
				b.nested(t.rows[i].cells[j].blocks)
			}
		}
		return
	}
	rows, merges := b.p.rows(t)
	shape := b.d.r.table.Recognise(filled(rows))
	for _, q := range paragraphs([]block{{table: t}}) {
		b.d.changes(q, "")
	}
	if shape == table.NoItems {
		text := b.p.markdownTable(t)
		if b.cur != nil {
			b.cur.content.write(text, false)
		} else {
			b.addProse(text, t.number)
		}
		b.tableComments(t)
		return
	}
	b.flush()
	if shape == table.Pairs {
		rows, merges = table.Turned(rows), nil
	}
	n := len(b.document.Items)
	s := b.d.r.table.Begin(table.Sheet{File: b.d.name, Document: b.document, Order: b.order, Merges: merges, Inline: true, Type: b.says()})
	for _, r := range rows {
		s.Row(r)
	}
	s.End()
	for i := n; i < len(b.document.Items); i++ {
		b.keys[b.document.Items[i].Key] = true
	}
}

// nested takes blocks within a frame as if they stood in the body.
func (b *builder) nested(blocks []block) {
	outer, at := b.blocks, b.at
	b.blocks = blocks
	for b.at = range blocks {
		b.block(&blocks[b.at])
	}
	b.blocks, b.at = outer, at
}

func filled(rows []table.Row) []table.Row {
	var out []table.Row
	for _, r := range rows {
		if len(r.Cells) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// tableComments keeps the comments of a table that is text.
func (b *builder) tableComments(t *grid) {
	for _, q := range paragraphs([]block{{table: t}}) {
		for _, id := range q.comments {
			if remark := b.d.comments[id]; remark != nil {
				*b.order++
				b.document.Blocks = append(b.document.Blocks, exchange.Block{Kind: "comment", Text: remark.String(), Order: *b.order, At: b.position(q.number)})
			}
		}
	}
}

// margins keeps the texts of headers and footers, each once.
func (b *builder) margins() {
	seen := map[string]bool{}
	for _, part := range b.d.headers {
		relations, refused := b.d.relationsOf(part)
		if refused == nil {
			var p *parser
			if p, refused = b.d.parser(part, relations); refused == nil {
				for p.x.Next() {
					if p.x.Kind == xmlscan.Start {
						break
					}
				}
				kind, text := "header", ""
				if p.x.Kind == xmlscan.Start {
					if p.x.Name.Local == "ftr" {
						kind = "footer"
					}
					text = p.render(p.blocks())
				}
				if text != "" && !seen[kind+text] {
					seen[kind+text] = true
					*b.order++
					b.document.Blocks = append(b.document.Blocks, exchange.Block{Kind: kind, Text: text, Order: *b.order, At: exchange.Position{File: b.d.name}})
				}
				continue
			}
		}
		b.d.r.fault(exchange.Position{File: b.d.name}, "", true, "a header or footer cannot be read: "+refused.Message, refused.Remedy)
	}
}

func trimmedRunes(s string) (string, int) {
	t := strings.TrimLeftFunc(s, unicode.IsSpace)
	return t, utf8.RuneCountInString(s[:len(s)-len(t)])
}
