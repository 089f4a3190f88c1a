package openfasttrace

import (
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// page is a document in Markdown or reStructuredText while it is written.
type page struct {
	w         *writer
	rst       bool
	out       []byte
	level     int            // of the section
	levels    map[int]string // of items whose heading stands elsewhere
	afterItem bool           // what follows would become text of the item
	prose     bool           // what follows would become part of the prose
	heading   bool           // an item that follows would take the heading as its title
	styles    []int          // levels in the order in which reStructuredText meets them
}

func (w *writer) markup(d *exchange.Document, rst bool) []byte {
	p := &page{w: w, rst: rst, levels: map[int]string{}}
	for _, f := range d.Fields {
		number, name, _ := strings.Cut(f.Name, "/")
		if order, err := strconv.Atoi(number); err == nil && name == "level" && w.own && len(f.Values) == 1 {
			p.levels[order] = f.Values[0]
			continue
		}
		w.lose(f.At, "", f.Name, "a document has no fields")
	}
	if d.Parent != "" {
		w.lose(d.At, "", d.Key, "that its parent is "+d.Parent+" has no place")
	}
	titled := slices.ContainsFunc(d.Sections, func(s exchange.Section) bool { return s.Level <= 1 })
	if title := oneLine(d.Title); !w.own && !titled && title != "" {
		p.section(&exchange.Section{Title: title, Level: 1})
	}
	sections, blocks, items := d.Sections, d.Blocks, d.Items
	for len(sections)+len(blocks)+len(items) > 0 {
		switch order := nextOrder(sections, blocks, items); {
		case len(sections) > 0 && sections[0].Order == order:
			p.section(&sections[0])
			sections = sections[1:]
		case len(blocks) > 0 && blocks[0].Order == order:
			p.block(&blocks[0])
			blocks = blocks[1:]
		default:
			p.item(&items[0])
			items = items[1:]
		}
	}
	return p.out
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

func (p *page) lines(lines ...string) {
	for _, line := range lines {
		p.out = append(p.out, line...)
		p.out = append(p.out, '\n')
	}
}

// gap leaves one line blank, but at the beginning.
func (p *page) gap() {
	if len(p.out) > 0 {
		p.lines("")
	}
}

func (p *page) section(s *exchange.Section) {
	p.level = min(max(s.Level, 1), 6)
	if p.level != s.Level {
		p.w.lose(s.At, "", s.Title, "the level of the section is written as "+strconv.Itoa(p.level))
	}
	p.writeHeading(s.Title, p.level, s.At, "")
	p.afterItem, p.prose, p.heading = false, false, true
}

// rstStyles underline headings, by level.
const rstStyles = "=-~^\"'+"

func (p *page) writeHeading(title string, level int, at exchange.Position, item string) {
	text := trimmed(title)
	if text != title {
		p.w.lose(at, item, "title", "it is written in one line, without blanks at its ends")
	}
	p.gap()
	if !p.rst {
		p.lines(strings.TrimRight(strings.Repeat("#", min(level, 6))+" "+text, " "))
		return
	}
	if _, isComment := comment(text, true); isComment || text == "" || underlined(text, true) || isItem(text) {
		text = `\` + text
		p.w.lose(at, item, "title", "a backslash is written before it")
	}
	if !slices.Contains(p.styles, level) {
		p.styles = append(p.styles, level)
		if len(p.styles) != level {
			p.w.lose(at, item, title, "a heading of level "+strconv.Itoa(level)+" will be read as one of level "+strconv.Itoa(len(p.styles)))
		}
	}
	style := rstStyles[min(level, len(rstStyles))-1]
	p.lines(text, strings.Repeat(string(style), max(3, len([]rune(text)))))
}

func isItem(line string) bool {
	_, ok := itemLine(line)
	return ok
}

func (p *page) comment(text string) string {
	if p.rst {
		return strings.TrimRight(".. "+text, " ")
	}
	if text == "" {
		return "<!-- -->"
	}
	return "<!-- " + text + " -->"
}

// block writes prose: as it is where it will be read as that, else where the reading of items is switched off.
func (p *page) block(b *exchange.Block) {
	text := clean(b.Text)
	if text != b.Text {
		p.w.lose(b.At, "", b.Kind, "characters that a file cannot hold were left out or replaced")
	}
	if b.Kind != blockProse {
		p.w.lose(b.At, "", b.Kind, "it is written as prose")
	}
	if !p.afterItem && !p.prose && p.plain(text) {
		p.gap()
		p.lines(text)
		p.prose, p.heading = true, false
		return
	}
	if lines := splitText(text); slices.ContainsFunc(lines, p.switchesOn) {
		for i, line := range lines {
			if p.switchesOn(line) {
				lines[i] = strings.Replace(line, switchOn, strings.ReplaceAll(switchOn, ":", ": "), 1)
			}
		}
		text = strings.Join(lines, "\n")
		p.w.lose(b.At, "", b.Kind, "a comment that would switch the reading on is written with a blank")
	}
	p.gap()
	p.lines(p.comment(switchOff))
	if text != "" {
		p.lines(text)
	}
	p.lines(p.comment(switchOn))
	p.prose, p.heading = false, false
}

func splitText(text string) []string { return strings.Split(text, "\n") }

func (p *page) switchesOn(line string) bool {
	text, ok := comment(line, p.rst)
	return ok && text == switchOn
}

// plain says that a text alone is read as one piece of prose.
func (p *page) plain(text string) bool {
	m := &markup{rst: p.rst, limits: Limits{}.withDefaults()}
	if len(p.out) > 0 {
		text = p.comment("") + "\n\n" + text // no settings here
		m.parse(text)
		_, text, _ = strings.Cut(text, "\n\n")
	} else {
		m.parse(text)
	}
	return len(m.doc.Blocks) == 1 && m.doc.Blocks[0].Text == text && len(m.doc.Items)+len(m.doc.Sections)+len(m.faults) == 0
}

func (p *page) item(it *exchange.Item) {
	i := p.w.prepare(it, false)
	if i.forwards && p.forward(i) || i.tag && p.tag(i) {
		return
	}
	if i.forwards || i.tag {
		p.w.lose(it.At, it.Key, "kind", "it has more than a forward or tag can say, and is written as an item")
	}
	if it.Title != "" {
		level := p.level + 1
		if written, err := strconv.Atoi(p.levels[it.Order]); err == nil {
			level = min(max(written, 1), 6)
		}
		p.writeHeading(it.Title, level, it.At, it.Key)
		p.lines(strings.TrimRight("`"+i.id.String()+"` "+trimmed(i.behindID), " "))
	} else {
		if p.heading {
			p.gap()
			p.lines(p.comment(""))
		}
		p.gap()
		p.lines(strings.TrimRight("`"+i.id.String()+"` "+trimmed(i.behindID), " "))
	}
	p.parts(i)
	p.afterItem, p.prose, p.heading = true, false, false
}

func (p *page) parts(i *prepared) {
	if i.status != "" {
		p.gap()
		p.lines("Status: " + i.status)
	}
	p.text("", i.text, i)
	p.text("Rationale:", i.rationale, i)
	p.text("Comment:", i.comment, i)
	p.links("Covers:", verbCovers, i)
	p.links("Depends:", verbDepends, i)
	p.words("Needs:", i.needs)
	p.words("Tags:", i.tags)
}

func (p *page) links(keyword, verb string, i *prepared) {
	begun := false
	for _, l := range i.links {
		if l.verb != verb {
			continue
		}
		if !begun {
			p.gap()
			p.lines(keyword, "")
			begun = true
		}
		p.lines("* `" + l.to.String() + "`")
	}
}

func (p *page) words(keyword string, words []string) {
	if len(words) == 0 {
		return
	}
	p.gap()
	if !slices.ContainsFunc(words, func(v string) bool { return !isWords(v) }) {
		p.lines(keyword + " " + strings.Join(words, ", "))
		return
	}
	p.lines(keyword, "")
	for _, v := range words {
		p.lines("* " + v)
	}
}

// text writes a part of an item so that it is read as that.
func (p *page) text(keyword, text string, i *prepared) {
	safe := strings.Join(p.safe(clean(text)), "\n")
	if safe != text {
		p.w.changedText(i.item, strings.TrimSpace(strings.TrimSuffix("text "+strings.ToLower(keyword), ":")), "blank lines at its ends and characters that a file cannot hold are left out; lines that begin something else have a blank or backslash before them, code blocks are closed")
	}
	if safe == "" {
		return
	}
	p.gap()
	if keyword != "" {
		p.lines(keyword, "")
	}
	p.lines(safe)
}

// safe keeps lines of a text from being anything else.
func (p *page) safe(text string) []string {
	lines := splitText(text)
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	lines = slices.Clone(lines)
	var open fence
	for i := range lines {
		if !p.rst && open.step(lines[i]) {
			continue
		}
		m := &markup{rst: p.rst, lines: lines, at: i}
		if mark := m.hazard(lines[i], i == 0); mark != "" {
			if p.rst {
				mark = `\`
			}
			lines[i] = mark + lines[i]
		}
		if i+1 < len(lines) && underlined(lines[i+1], p.rst) {
			lines[i+1] = `\` + lines[i+1]
		}
	}
	if open.mark != 0 {
		lines = append(lines, strings.Repeat(string(open.mark), open.length))
	}
	return lines
}

// hazard is what has to stand before a line of a text so that it stays one; empty where nothing.
func (m *markup) hazard(line string, first bool) string {
	const (
		blankMark = " "
		backslash = `\`
	)
	if text, ok := comment(line, m.rst); ok && (text == switchOff || strings.HasPrefix(text, "[")) {
		return backslash
	}
	if isItem(line) {
		return blankMark
	}
	if !m.rst && strings.HasPrefix(line, "#") || first && underlined(line, m.rst) || m.rst && underlined(line, true) {
		return backslash
	}
	if _, ok := forwarded(line, true); ok {
		return backslash
	}
	k, _, known := keyword(line)
	if known && (first || k != lineStatus && k != lineDescription) {
		return blankMark
	}
	return ""
}

// forward writes an item as a statement that hands on what is needed, where it is nothing more.
func (p *page) forward(i *prepared) bool {
	original := i.id
	if len(i.links) != 1 || i.links[0].verb != verbCovers || len(i.needs) == 0 || i.bare() || slices.ContainsFunc(i.needs, func(v string) bool { return letters(v) != len(v) }) {
		return false
	}
	original.artifact = i.links[0].to.artifact
	if original != i.links[0].to {
		return false
	}
	p.gap()
	p.lines(i.id.artifact + " " + forwardMark + " " + strings.Join(i.needs, ", ") + " : " + original.String())
	p.afterItem, p.prose, p.heading = false, false, false
	return true
}

// bare says that an item has what neither a forward nor a tag can say.
func (i *prepared) bare() bool {
	return i.title+i.text+i.status+i.rationale+i.comment+i.behindID != "" || len(i.tags) > 0
}

// tag writes an item as a coverage tag in a comment, where it is nothing more.
func (p *page) tag(i *prepared) bool {
	if len(i.links) == 0 || i.bare() || slices.ContainsFunc(i.links, func(l reverse) bool { return l.verb != verbCovers }) || slices.ContainsFunc(i.needs, func(v string) bool { return letters(v) != len(v) }) {
		return false
	}
	text := "[" + i.id.String() + "->"
	for n, l := range i.links {
		if n > 0 {
			text += ", "
		}
		text += l.to.String()
	}
	if len(i.needs) > 0 {
		text += ">>" + strings.Join(i.needs, ", ")
	}
	text += "]"
	if tags, bad := tagsOf(text); len(tags) != 1 || len(bad) > 0 {
		return false
	}
	p.gap()
	p.lines(p.comment(text))
	p.prose, p.heading = false, false
	return true
}
