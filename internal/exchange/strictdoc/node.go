package strictdoc

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// node is one node as written.
type node struct {
	tag       string
	composite bool
	old       bool // [SECTION], [COMPOSITE_REQUIREMENT]
	line      int
	fields    []nodeField
	relations []relation
}

type nodeField struct {
	name, value string
	line        int
}

const (
	textBegins = ">>>"
	textEnds   = "<<<"
)

// node reads a node from its tag on.
func (p *parser) node(tag string, composite, old bool) {
	n := &p.n
	*n = node{tag: tag, composite: composite, old: old, line: p.in.line, fields: n.fields[:0], relations: n.relations[:0]}
	p.in.next()
	for !p.in.done() && !blank(p.in.current()) {
		line := p.in.current()
		if line[0] == '[' {
			if _, form := bracketed(strings.TrimRight(line, " \t")); form != formNone {
				break
			}
		}
		if line == fieldRelations+":" || line == fieldRefs+":" {
			p.relations(n)
			continue
		}
		p.field(n, line)
		if !p.in.done() {
			p.in.next()
		}
	}
	if len(n.fields)+len(n.relations) == 0 {
		p.fault(n.line, 1, "the node "+tag+" has no fields", "write some, or remove it")
	}
	p.check(n)
	p.place(n)
}

// field reads a field that begins in the current line; the line after it is the next one.
func (p *parser) field(n *node, line string) {
	colon := strings.IndexByte(line, ':')
	if colon < 0 || !isFieldName(line[:colon]) || colon+1 < len(line) && line[colon+1] != ' ' {
		p.notField(n, line)
		return
	}
	f := nodeField{name: line[:colon], line: p.in.line}
	if colon+2 < len(line) {
		f.value = line[colon+2:]
	}
	if strings.HasPrefix(f.value, textBegins) && blank(f.value[len(textBegins):]) {
		if f.value != textBegins {
			p.fault(f.line, colon+3+len(textBegins), "blanks stand behind "+textBegins, "remove them")
		}
		f.value = p.multiline(f.line)
	} else if blank(f.value) {
		p.fault(f.line, 1, "the field "+f.name+" is empty", "write its value, or remove it")
		f.value = ""
	} else if f.value[0] == ' ' {
		p.fault(f.line, colon+3, "the value begins with a blank, and StrictDoc does not take it", "remove the blank")
	}
	if len(f.value) > p.limits.FieldBytes {
		p.tooLong(f.line, f.name, n.tag)
		return
	}
	n.fields = append(n.fields, f)
}

func (p *parser) tooLong(line int, name, tag string) {
	p.error(line, 1, fmt.Sprintf("the value of %s is longer than %d bytes and is not read", name, p.limits.FieldBytes), "put it into a file of its own")
	p.lost = append(p.lost, exchange.Loss{At: p.at(line, 1), Item: tag, What: name, Why: fmt.Sprintf("it is longer than %d bytes", p.limits.FieldBytes)})
}

// notField keeps an indented line with the field before it, and names any other.
func (p *parser) notField(n *node, line string) {
	if len(n.fields) > 0 && line[0] == ' ' && len(n.relations) == 0 {
		f := &n.fields[len(n.fields)-1]
		p.fault(p.in.line, 1, "the line is no field; it is kept with "+f.name, "write "+f.name+": "+textBegins+" and "+textEnds+" around it")
		p.keepWith(f)
		return
	}
	p.junk("the line is no field", "write FIELD: value")
}

// keepWith adds the indented lines from here on to a field.
func (p *parser) keepWith(f *nodeField) {
	start := p.in.start
	end := p.in.end
	for {
		rest := p.in.text[min(p.in.end+1, len(p.in.text)):]
		if !strings.HasPrefix(rest, " ") {
			break
		}
		if next := rest[:max(0, strings.IndexByte(rest+"\n", '\n'))]; blank(next) {
			break
		}
		p.in.next()
		end = p.in.end
	}
	if f.value != "" {
		f.value += "\n"
	}
	f.value += p.in.text[start:end]
}

// multiline reads a text up to the line <<<, which is the current one then.
func (p *parser) multiline(number int) string {
	p.in.next()
	start := p.in.start
	for ; !p.in.done() && !p.noTextEnd; p.in.next() {
		line := p.in.current()
		if !strings.HasPrefix(line, textEnds) {
			continue
		}
		if line != textEnds {
			p.fault(p.in.line, 1+len(textEnds), "something stands behind "+textEnds, "put it into the line above")
			if !blank(line[len(textEnds):]) {
				p.lost = append(p.lost, exchange.Loss{At: p.at(p.in.line, 1+len(textEnds)), What: shorten(line[len(textEnds):]), Why: "it stands behind the end of a text"})
			}
		}
		text := p.in.text[start:max(start, p.in.start-1)]
		p.suspicious(text, number)
		return text
	}
	p.noTextEnd = true
	end := p.recover(start, number+1)
	p.fault(number, 1, "the text is not closed by "+textEnds+"; it ends before the next node", "write "+textEnds+" where it ends")
	return strings.TrimRight(p.in.text[start:end], "\n")
}

// suspicious names a text that holds what looks like another node: most likely its end is missing.
func (p *parser) suspicious(text string, number int) {
	at := strings.Index(text, ": "+textBegins+"\n")
	if at < 0 {
		return
	}
	if tag := strings.LastIndex(text[:at], "\n\n["); tag >= 0 {
		line, _, _ := strings.Cut(text[tag+2:], "\n")
		if _, form := bracketed(line); form != formNone {
			p.fault(number, 1, "the text holds the beginning of another node, "+line+"; perhaps its end is missing", "write "+textEnds+" where it ends, or indent what is an example")
		}
	}
}

// recover finds the end of a text that is not closed: where a node begins or ends behind a blank line. The scanner then
// stands at the line before it.
func (p *parser) recover(start, line int) int {
	p.in.back(start, line)
	wasBlank := false
	for ; !p.in.done(); p.in.next() {
		current := p.in.current()
		if _, form := bracketed(current); form != formNone && wasBlank {
			end := p.in.start
			p.in.back(end-1, p.in.line-1)
			return end - 1
		}
		wasBlank = current == ""
	}
	return len(p.in.text)
}

// place puts a node into the document.
func (p *parser) place(n *node) {
	p.remember(n)
	switch {
	case n.tag == tagSection:
		p.section(n)
	case n.tag == tagText && !n.composite && n.plainText():
		p.flushEnds()
		block := exchange.Block{Kind: blockProse, Order: p.nextOrder(), At: p.at(n.line, 1)}
		for _, f := range n.fields {
			if f.name == fieldStatement {
				block.Text = f.value
			} else {
				p.kept(block.Order, f.name, f.value, f.line)
			}
		}
		p.doc.Blocks = append(p.doc.Blocks, block)
	default:
		p.item(n)
	}
}

// plainText says that a node of the type TEXT is prose: nobody can refer to it, and it holds a text at most.
func (n *node) plainText() bool {
	seen := 0
	for _, f := range n.fields {
		switch f.name {
		case fieldMID:
			seen |= 1
		case fieldStatement:
			seen |= 2
		default:
			return false
		}
	}
	return len(n.relations) == 0 && len(n.fields) <= 2 && (len(n.fields) < 2 || seen == 3)
}

// kept puts what a section or block says into the fields of the document.
func (p *parser) kept(order int, name, value string, line int) {
	p.doc.Fields = append(p.doc.Fields, exchange.Field{Name: strconv.Itoa(order) + "/" + name, Values: []string{value}, At: p.at(line, 1)})
}

// remember takes down the names of a node, to find those given twice.
func (p *parser) remember(n *node) {
	for _, f := range n.fields {
		if (f.name == fieldMID || f.name == fieldUID) && f.value != "" {
			p.names = append(p.names, named{f.name, strings.TrimRight(f.value, " "), p.at(f.line, len(f.name)+3)})
		}
	}
}

func (p *parser) section(n *node) {
	p.ends = 0
	s := exchange.Section{Level: len(p.open) + 1, Order: p.nextOrder(), At: p.at(n.line, 1)}
	titled := false
	for _, f := range n.fields {
		if f.name == fieldTitle && !titled {
			s.Title, titled = f.value, true
			continue
		}
		p.kept(s.Order, f.name, f.value, f.line)
	}
	if !titled {
		p.fault(n.line, 1, "the section has no TITLE", "write TITLE: and its title")
	}
	p.sectionRelations(n, s.Order)
	p.doc.Sections = append(p.doc.Sections, s)
	p.push(opened{tag: tagSection, old: n.old, line: n.line})
}

// sectionRelations keeps what a section leads to: a section is no item, so its links have no source here.
func (p *parser) sectionRelations(n *node, order int) {
	if len(n.relations) == 0 {
		return
	}
	from := ""
	for _, f := range n.fields {
		if f.name == fieldUID || f.name == fieldMID && from == "" {
			from = f.value
		}
	}
	var text strings.Builder
	for i := range n.relations {
		r := &n.relations[i]
		text.WriteString("- TYPE: " + r.kind + "\n")
		for _, a := range r.attributes {
			text.WriteString("  " + a.key + ": " + a.value + "\n")
		}
		if r.kind == relationParent || r.kind == relationChild {
			if l, ok := p.link(r); ok {
				p.dangling = append(p.dangling, exchange.Dangling{Verb: l.Verb, From: from, To: l.Target, At: l.At})
			}
		}
	}
	p.kept(order, fieldRelations, strings.TrimSuffix(text.String(), "\n"), n.line)
}

// item makes an item of a node.
func (p *parser) item(n *node) {
	p.flushEnds()
	p.read.Items++
	p.met[n.tag] = true
	it := exchange.Item{Type: n.tag, Document: p.doc.Key, Order: p.nextOrder(), Normative: n.tag != tagText, Active: true, Review: exchange.Review{State: exchange.NotReviewed}, At: p.at(n.line, 1)}
	e := p.grammar.element(n.tag)
	p.itemFields(&it, n, e)
	p.itemRelations(&it, n)
	p.doc.Items = append(p.doc.Items, it)
	if n.composite {
		p.kept(it.Order, fieldComposite, "true", n.line)
		p.push(opened{tag: n.tag, old: n.old, item: true, line: n.line})
	}
}

func (p *parser) itemFields(it *exchange.Item, n *node, e *element) {
	content := e.content()
	const hasMID, hasUID, hasLevel, hasTitle, hasText = 1, 2, 4, 8, 16
	has := 0
	take := func(to *string, value string, bit int) bool {
		if has&bit != 0 {
			return false
		}
		has |= bit
		*to = value
		return true
	}
	for _, f := range n.fields {
		taken := false
		switch f.name {
		case fieldMID:
			taken = take(&it.ID, strings.TrimRight(f.value, " "), hasMID)
		case fieldUID:
			taken = take(&it.Key, strings.TrimRight(f.value, " "), hasUID)
		case fieldLevel:
			taken = take(&it.Level, f.value, hasLevel)
		case fieldTitle:
			taken = take(&it.Title, f.value, hasTitle)
		case content:
			taken = take(&it.Text, f.value, hasText)
		}
		if !taken {
			p.otherField(it, f, e)
		}
	}
}

// otherField adds a field to an item, or a value to the field of the same name before it.
func (p *parser) otherField(it *exchange.Item, f nodeField, e *element) {
	out := exchange.Field{Name: f.name, At: p.at(f.line, 1)}
	many := false
	if e != nil {
		if at := e.field(f.name); at >= 0 {
			out.Data, many = e.data(at), e.fields[at].many()
		}
	}
	if out.Data == exchange.DataString {
		out.Data = ""
	}
	if many {
		out.Values = splitList(f.value)
	} else if last := len(it.Fields) - 1; last >= 0 && it.Fields[last].Name == f.name {
		it.Fields[last].Values = append(it.Fields[last].Values, f.value)
		return
	}
	if out.Values == nil {
		out.Values = []string{f.value}
	}
	it.Fields = append(it.Fields, out)
}

const listSeparator = ", "

// splitList divides the value of a field that may have several; nil where joining them would not give it again.
func splitList(value string) []string {
	parts := strings.Split(value, listSeparator)
	for _, part := range parts {
		if part == "" || strings.Contains(part, "\n") {
			return nil
		}
	}
	return parts
}

func (p *parser) itemRelations(it *exchange.Item, n *node) {
	for i := range n.relations {
		r := &n.relations[i]
		switch r.kind {
		case relationParent, relationChild:
			if l, ok := p.link(r); ok {
				it.Links = append(it.Links, l)
			}
		case relationFile:
			if f, ok := p.referenced(r); ok {
				it.Files = append(it.Files, f)
			}
		case "":
			p.lost = append(p.lost, exchange.Loss{At: p.at(r.line, 1), Item: it.Key, What: fieldRelations, Why: "the relation has no TYPE"})
		default:
			it.Fields = append(it.Fields, exchange.Field{Name: relationPrefix + r.kind, Values: []string{r.all()}, At: p.at(r.line, 1)})
		}
	}
}

// relationPrefix begins the names of fields that hold relations of other types, such as BibTex.
const relationPrefix = "relation "
