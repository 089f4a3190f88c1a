package openfasttrace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// state is the part of a document that lines belong to.
type state int

const (
	stateOutside state = iota
	stateTitle         // behind a heading
	stateItem          // behind the id of an item
	stateDescription
	stateRationale
	stateComment
	stateCovers
	stateDepends
	stateNeeds
	stateTags
)

// markup reads a document in Markdown or reStructuredText line by line.
type markup struct {
	file   string
	rst    bool
	limits Limits
	lines  []string
	at     int // index of the current line

	doc     exchange.Document
	order   int
	state   state
	level   int // of the section that holds the next item
	title   *heading
	styles  []string // underlines of titles in reStructuredText, by level
	fence   fence
	fenceAt int
	prose   textLines

	item    *exchange.Item // being read: current, or nil
	current exchange.Item
	fields  []exchange.Field // room for those of several items
	parts   [3]textLines     // description, rationale, comment
	faults  []exchange.Fault
	lost    []exchange.Loss
	changed []exchange.Loss
	links   int // read
	stopped bool
}

// heading is a heading of which it is not known yet whether it is the title of an item.
type heading struct {
	text         string
	level, order int
	line         int
}

// textLines collects the lines of a text.
type textLines struct {
	lines []string
	line  int // of the first one, from 1
	used  bool
}

func (t *textLines) add(line string, number int) {
	if len(t.lines) == 0 {
		t.line = number
	}
	t.lines = append(t.lines, line)
	t.used = true
}

// text is without the blank lines at both ends.
func (t *textLines) text() string {
	lines := t.lines
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

func (t *textLines) reset() { *t = textLines{lines: t.lines[:0]} }

func (m *markup) position(line, column int) exchange.Position {
	return exchange.Position{File: m.file, Line: line, Column: column}
}

func (m *markup) number() int { return m.at + 1 }

func (m *markup) fault(column int, message, remedy string) {
	m.add(exchange.Fault{At: m.position(m.number(), column), Message: message, Remedy: remedy})
}

func (m *markup) add(f exchange.Fault) {
	if m.stopped {
		return
	}
	if m.item != nil && f.Item == "" {
		f.Item = m.item.Key
	}
	if len(m.faults) >= m.limits.Faults {
		m.stopped = true
		f = exchange.Fault{At: m.position(m.number(), 1), Message: fmt.Sprintf("the file has more than %d faults; the rest of it is not read", m.limits.Faults), Remedy: "mend those named first", Error: true}
		m.at = len(m.lines)
	}
	m.faults = append(m.faults, f)
}

func (m *markup) nextOrder() int {
	m.order++
	return m.order
}

// parse reads the whole document.
func (m *markup) parse(text string) {
	m.lines = splitLines(text)
	m.frontMatter()
	for ; m.at < len(m.lines); m.at++ {
		m.line(m.lines[m.at])
	}
	m.at = min(m.at, len(m.lines)) - 1
	m.endItem()
	m.flushTitle()
	m.flushProse()
	if m.fence.mark != 0 {
		m.add(exchange.Fault{At: m.position(m.fenceAt, 1), Message: "the code block that begins here is not closed; nothing below it is read as an item", Remedy: "close it"})
	}
	byOrder := func(a, b exchange.Item) int { return a.Order - b.Order }
	if !slices.IsSortedFunc(m.doc.Items, byOrder) {
		slices.SortStableFunc(m.doc.Items, byOrder)
	}
}

// frontMatter passes over the settings between two lines --- at the beginning.
func (m *markup) frontMatter() {
	if m.rst || len(m.lines) == 0 || m.lines[0] != "---" {
		return
	}
	for i := 1; i < len(m.lines); i++ {
		if m.lines[i] == "---" {
			for ; m.at <= i; m.at++ {
				m.prose.add(m.lines[m.at], m.number())
			}
			m.flushProse()
			return
		}
	}
}

func (m *markup) next() string {
	if m.at+1 < len(m.lines) {
		return m.lines[m.at+1]
	}
	return ""
}

func (m *markup) line(line string) {
	if !m.rst {
		before := m.fence.mark
		if m.fence.step(line) {
			if before == 0 {
				m.fenceAt = m.number()
			}
			m.text(line)
			return
		}
	}
	if m.commentLine(line) {
		return
	}
	if f, ok := itemLine(line); ok {
		m.beginItem(f, line)
		return
	}
	if m.titleLine(line) {
		return
	}
	if m.state >= stateCovers {
		if _, _, ok := bullet(line); ok {
			m.entry(line)
			return
		}
	}
	if f, ok := forwarded(line, m.state >= stateItem && m.state <= stateComment); ok {
		m.forward(f, line)
		return
	}
	if m.item != nil && m.part(line) {
		return
	}
	m.text(line)
}

// commentLine reads comments that switch the reading off, hold tags, or part a heading from the item behind it.
func (m *markup) commentLine(line string) bool {
	text, ok := comment(line, m.rst)
	switch {
	case !ok:
		return false
	case text == switchOff:
		m.switchedOff()
		return true
	case text == "":
		if m.item == nil && len(m.prose.lines) == 0 {
			m.flushTitle()
			m.state = stateOutside
			return true
		}
	case strings.HasPrefix(text, "["):
		return m.commentTags(line)
	}
	return false
}

func (m *markup) commentTags(line string) bool {
	tags, bad := tagsOf(line)
	for _, column := range bad {
		m.add(badTag(m.file, line, m.number(), column))
	}
	if len(tags) == 0 {
		return false
	}
	m.flushTitle()
	m.flushProse()
	for i := range tags {
		for _, it := range tags[i].items(m.file, m.number(), i) {
			it.Document, it.Order = m.doc.Key, m.nextOrder()
			m.links += len(it.Links)
			m.doc.Items = append(m.doc.Items, it)
		}
	}
	if m.state == stateTitle {
		m.state = stateOutside
	}
	return true
}

// switchedOff keeps the lines up to oft:on as prose.
func (m *markup) switchedOff() {
	m.flushTitle()
	m.flushProse()
	begin := m.number()
	if m.state == stateTitle {
		m.state = stateOutside
	}
	for m.at++; m.at < len(m.lines); m.at++ {
		if text, ok := comment(m.lines[m.at], m.rst); ok && text == switchOn {
			break
		}
	}
	lines := m.lines[begin:min(m.at, len(m.lines))]
	if m.at >= len(m.lines) {
		m.add(exchange.Fault{At: m.position(begin, 1), Message: "the reading of items is switched off here and not on again", Remedy: "write " + switchOn + " in a comment where it begins again"})
	}
	m.block(strings.Join(lines, "\n"), begin)
}

func (m *markup) block(text string, line int) {
	if len(text) > m.limits.FieldBytes {
		m.tooLong(line, "a text")
		return
	}
	m.doc.Blocks = append(m.doc.Blocks, exchange.Block{Kind: blockProse, Text: text, Order: m.nextOrder(), At: m.position(line, 1)})
}

const blockProse = "prose"

func (m *markup) tooLong(line int, what string) {
	m.add(exchange.Fault{At: m.position(line, 1), Message: fmt.Sprintf("%s is longer than %d bytes and is not read", what, m.limits.FieldBytes), Remedy: "put it into a file of its own", Error: true})
	m.lost = append(m.lost, exchange.Loss{At: m.position(line, 1), What: what, Why: fmt.Sprintf("it is longer than %d bytes", m.limits.FieldBytes)})
}

// flushProse makes a block of what was collected.
func (m *markup) flushProse() {
	if text := m.prose.text(); text != "" {
		first := 0
		for blank(m.prose.lines[first]) {
			first++
		}
		m.block(text, m.prose.line+first)
	}
	m.prose.reset()
}

// flushTitle makes a section of the heading that waits for its item.
func (m *markup) flushTitle() {
	if h := m.title; h != nil {
		m.level = h.level
		m.doc.Sections = append(m.doc.Sections, exchange.Section{Title: h.text, Level: h.level, Order: h.order, At: m.position(h.line, 1)})
		if m.doc.Title == "" && h.level == 1 {
			m.doc.Title = h.text
		}
		m.title = nil
	}
}

// titleLine reads a heading.
func (m *markup) titleLine(line string) bool {
	text, level, lines := m.heading(line)
	if lines == 0 {
		// A line across the page ends an item too.
		if m.item != nil && blank(line) && underlined(m.next(), m.rst) {
			m.endItem()
			m.state = stateOutside
		}
		return false
	}
	m.endItem()
	m.flushTitle()
	m.flushProse()
	m.title = &heading{text: text, level: level, order: m.nextOrder(), line: m.number()}
	m.state = stateTitle
	m.at += lines - 1
	return true
}

// heading reads a heading of one line, or of two or three with lines above and below it.
func (m *markup) heading(line string) (text string, level, lines int) {
	if !m.rst && strings.HasPrefix(line, "#") {
		text = strings.TrimLeft(line, "#")
		return strings.TrimSpace(text), min(len(line)-len(text), 6), 1
	}
	if m.rst && underlined(line, true) && m.at+2 < len(m.lines) {
		over, under := strings.TrimRight(line, " \t"), strings.TrimRight(m.lines[m.at+2], " \t")
		if over == under && !blank(m.next()) && !underlined(m.next(), true) {
			return strings.TrimSpace(m.next()), m.style("^" + over[:1]), 3
		}
	}
	if blank(line) || !underlined(m.next(), m.rst) || underlined(line, m.rst) {
		return "", 0, 0
	}
	if m.rst {
		return strings.TrimSpace(line), m.style(m.next()[:1]), 2
	}
	level = 1
	if m.next()[0] == '-' {
		level = 2
	}
	return strings.TrimSpace(line), level, 2
}

// style is the level of a style of headings, in the order in which they are met.
func (m *markup) style(s string) int {
	at := slices.Index(m.styles, s)
	if at < 0 {
		at = len(m.styles)
		m.styles = append(m.styles, s)
	}
	return at + 1
}

// text takes a line that is nothing special.
func (m *markup) text(line string) {
	switch m.state {
	case stateTitle:
		if blank(line) {
			return
		}
		m.flushTitle()
		m.state = stateOutside
	case stateItem:
		if blank(line) {
			return
		}
		m.state = stateDescription
	case stateCovers, stateDepends, stateNeeds, stateTags:
		m.entry(line)
		return
	}
	switch m.state {
	case stateDescription, stateRationale, stateComment:
		m.parts[m.state-stateDescription].add(line, m.number())
	default:
		if len(m.prose.lines) > 0 || !blank(line) {
			m.prose.add(line, m.number())
		}
	}
}
