package openfasttrace

import (
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

func (m *markup) beginItem(f found, line string) {
	m.endItem()
	m.flushProse()
	m.current = newItem(f.id, m.position(m.number(), f.start+1))
	it := &m.current
	it.Document = m.doc.Key
	expected := m.level + 1
	if m.title != nil {
		it.Title = m.title.text
		it.Order = m.title.order
		if m.title.level != expected && it.Title != "" {
			m.doc.Fields = append(m.doc.Fields, exchange.Field{Name: strconv.Itoa(it.Order) + "/level", Values: []string{strconv.Itoa(m.title.level)}, At: m.position(m.title.line, 1)})
		}
		m.title = nil
	} else {
		it.Order = m.nextOrder()
	}
	m.item = it
	if m.fields == nil || cap(m.fields)-len(m.fields) < 4 {
		m.fields = make([]exchange.Field, 0, 256)
	}
	it.Fields = m.fields[len(m.fields):len(m.fields):cap(m.fields)]
	m.state = stateItem
	if written := line[f.start:f.end]; written != it.Key {
		m.changed = append(m.changed, exchange.Loss{At: it.At, Item: it.Key, What: "id", Why: "it is written in the old style, as " + written})
	}
	if len(f.id.revision) > maxRevision {
		m.fault(f.start+1, "the revision of "+it.Key+" is too long for OpenFastTrace", "count from 1")
	}
	if rest := strings.TrimPrefix(line[f.end:], "`"); !blank(rest) {
		it.Fields = append(it.Fields, exchange.Field{Name: fieldBehindID, Values: []string{strings.TrimSpace(rest)}, At: m.position(m.number(), f.end+1)})
	}
}

// endItem completes the item that is being read.
func (m *markup) endItem() {
	m.flushProse()
	it := m.item
	if it == nil {
		return
	}
	for i, name := range []string{"", fieldRationale, fieldComment} {
		part := &m.parts[i]
		text := part.text()
		switch {
		case len(text) > m.limits.FieldBytes:
			m.tooLong(part.line, "the text of "+it.Key)
		case name == "":
			it.Text = text
		case part.used && text != "":
			it.Fields = append(it.Fields, exchange.Field{Name: name, Values: []string{text}, Data: exchange.DataMarkup, At: m.position(part.line, 1)})
		}
		part.reset()
	}
	byLine := func(a, b exchange.Field) int { return a.At.Line - b.At.Line }
	if !slices.IsSortedFunc(it.Fields, byLine) {
		slices.SortStableFunc(it.Fields, byLine)
	}
	m.keepFields(it)
	m.doc.Items = append(m.doc.Items, *it)
	m.item = nil
}

// keepFields leaves the fields of an item where they are, in an array that many items share.
func (m *markup) keepFields(it *exchange.Item) {
	switch n := len(it.Fields); {
	case n == 0:
		it.Fields = nil
	case n <= cap(m.fields)-len(m.fields):
		m.fields = m.fields[:len(m.fields)+n]
		it.Fields = it.Fields[:n:n]
	}
}

// part reads a line that begins a part of an item, or is an entry of its lists.
func (m *markup) part(line string) bool {
	k, words, known := keyword(line)
	if !known {
		if k != lineText && m.state != stateOutside {
			m.fault(1, "the line is taken as text, because something stands behind the keyword that has no place there", "write it as OpenFastTrace wants it: a list below the keyword, or words divided by commas behind Needs: and Tags:")
		}
		return m.entry(line)
	}
	switch {
	case k == lineStatus && m.state == stateItem:
		m.field(fieldStatus, exchange.DataEnum, words...)
	case k == lineDescription && m.state == stateItem:
		m.state = stateDescription
	case k == lineRationale && m.state != stateRationale:
		m.to(stateRationale)
	case k == lineComment && m.state != stateComment:
		m.to(stateComment)
	case k == lineCovers:
		m.to(stateCovers)
	case k == lineDepends:
		m.to(stateDepends)
	case k == lineNeeds:
		m.to(stateNeeds)
		m.field(fieldNeeds, "", words...)
	case k == lineTags:
		m.to(stateTags)
		m.field(fieldTags, "", words...)
	default:
		if k == lineStatus {
			m.fault(1, "the status stands behind the text, where it is taken as text", "write it below the id")
		}
		return m.entry(line)
	}
	m.flushProse()
	return true
}

// to goes to another part of the item.
func (m *markup) to(s state) {
	m.state = s
	if i := s - stateDescription; i > 0 && int(i) < len(m.parts) && m.parts[i].used {
		m.parts[i].add("", m.number())
	}
}

// field adds values to a field of the item.
func (m *markup) field(name string, data exchange.DataType, values ...string) {
	if len(values) == 0 {
		return
	}
	for i := range m.item.Fields {
		if f := &m.item.Fields[i]; f.Name == name {
			f.Values = append(f.Values, values...)
			return
		}
	}
	m.item.Fields = append(m.item.Fields, exchange.Field{Name: name, Values: values, Data: data, At: m.position(m.number(), 1)})
}

// entry reads an entry of the lists below Covers:, Depends:, Needs: and Tags:.
func (m *markup) entry(line string) bool {
	if m.state < stateCovers {
		return false
	}
	if blank(line) {
		if len(m.prose.lines) > 0 {
			m.prose.add(line, m.number())
		}
		return true
	}
	text, at, ok := bullet(line)
	if ok {
		switch m.state {
		case stateCovers:
			ok = m.reference(verbCovers, text, at)
		case stateDepends:
			ok = m.reference(verbDepends, text, at)
		case stateNeeds:
			word := lastWord(text)
			if ok = word != ""; ok {
				m.field(fieldNeeds, "", word)
			}
		case stateTags:
			ok = m.tags(text)
		}
	}
	if !ok {
		m.fault(1, "the line is no entry of the list, and no part of "+m.item.Key+"; it is kept as prose", "write it above Covers:, Depends:, Needs: and Tags:")
		m.prose.add(line, m.number())
		return true
	}
	m.flushProse()
	return true
}

func (m *markup) tags(text string) bool {
	var tags []string
	for _, t := range strings.Split(text, ",") {
		if t = strings.TrimSpace(t); t != "" {
			tags = append(tags, t)
		}
	}
	m.field(fieldTags, "", tags...)
	return len(tags) > 0
}

// reference adds a link; of several ids OpenFastTrace takes the last one.
func (m *markup) reference(verb, text string, at int) bool {
	ids := findIDs(text)
	if len(ids) == 0 {
		return false
	}
	m.links += len(ids)
	for _, f := range ids[:len(ids)-1] {
		m.fault(at+f.start+1, "several ids stand in one entry, and OpenFastTrace takes the last one", "write an entry for each")
		m.lost = append(m.lost, exchange.Loss{At: m.position(m.number(), at+f.start+1), Item: m.item.Key, What: verb + " " + f.id.String(), Why: "OpenFastTrace takes the last id of an entry", Links: 1})
	}
	f := ids[len(ids)-1]
	m.item.Links = append(m.item.Links, link(verb, f.id, text[f.start:f.end], m.position(m.number(), at+f.start+1)))
	return true
}

func link(verb string, target id, written string, at exchange.Position) exchange.Link {
	l := exchange.Link{Verb: verb, Target: target.String(), At: at, State: exchange.Unresolved}
	if written != l.Target {
		l.Written = written
	}
	return l
}

// forward makes an item of a statement that hands on what is needed.
func (m *markup) forward(f forward, line string) {
	m.endItem()
	m.flushTitle()
	m.flushProse()
	m.state = stateOutside
	key := f.original.id
	key.artifact = f.skipped
	it := newItem(key, m.position(m.number(), f.start+1))
	it.Document, it.Order = m.doc.Key, m.nextOrder()
	it.Links = []exchange.Link{link(verbCovers, f.original.id, line[f.original.start:f.original.end], m.position(m.number(), f.original.start+1))}
	at := m.position(m.number(), f.start+1)
	it.Fields = []exchange.Field{{Name: fieldNeeds, Values: f.targets, At: at}, {Name: fieldForwards, Values: []string{"true"}, Data: exchange.DataBoolean, At: at}}
	m.links++
	m.doc.Items = append(m.doc.Items, it)
	const marks = " \t*+-`"
	if around := strings.Trim(line[:f.start], marks) + strings.Trim(line[f.end:], marks+"."); around != "" {
		m.changed = append(m.changed, exchange.Loss{At: at, Item: it.Key, What: "forward", Why: "the text around it is not part of the item: " + shorten(around)})
	}
}
