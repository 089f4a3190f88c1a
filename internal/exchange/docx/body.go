package docx

import (
	"fmt"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// block is a paragraph or a table.
type block struct {
	paragraph *paragraph
	table     *grid
}

// paragraph is one paragraph as it is read.
type paragraph struct {
	number   int
	style    string
	level    int // as a heading, from 1; 0 for none
	numID    string
	ilvl     int
	label    string // its number in a list, as the document shows it
	bullet   bool
	pieces   []piece
	comments []string
	notes    []string
	changes  []change
	boxes    []block // text boxes that hang on it
	joined   bool    // its end was deleted: it goes on with the next one
	contents bool    // of a table of contents
}

// change is a tracked change.
type change struct {
	what         string // inserted, deleted
	author, date string
	text         string
}

// changeBytes is how much of a change is told.
const changeBytes = 1024

func (c *change) add(text string) {
	if len(c.text) < changeBytes {
		c.text += text[:min(len(text), changeBytes)]
	}
}

// grid is a table.
type grid struct {
	number int // of its first paragraph
	rows   []gridRow
}

type gridRow struct{ cells []gridCell }

type gridCell struct {
	column, span int
	goesOn       bool // it is one with the cell above
	begins       bool // it may go on below
	blocks       []block
}

// parser reads a part with text: the body, a header, the notes.
type parser struct {
	d          *document
	x          *xmlscan.Scanner
	part       string
	relations  map[string]opc.Relation
	paragraphs int
	at         int // number of the paragraph at hand
	fields     []field
	contents   int // tables of contents that are open
	tooMany    bool
	limit      int
}

// field is a complex field that is open.
type field struct {
	instruction strings.Builder
	result      bool // its instruction is over
	contents    bool
	href        string
}

// context is what holds for the runs at hand.
type context struct {
	inserted, deleted *change
	href              string
}

func (d *document) parser(part string, relations map[string]opc.Relation) (*parser, *opc.Error) {
	data, refused := d.pack.Part(part)
	if refused != nil {
		return nil, refused
	}
	x, err := xmlscan.New(data, xmlscan.Options{})
	if err != nil {
		return nil, opc.Broken(part, err)
	}
	return &parser{d: d, x: x, part: part, relations: relations, limit: d.r.options.Limits.Paragraphs}, nil
}

// body reads the body with what it refers to.
func (d *document) body() ([]block, *opc.Error) {
	for _, kind := range []string{"footnotes", "endnotes"} {
		if refused := d.readNotes(kind); refused != nil {
			return nil, refused
		}
	}
	p, refused := d.parser(d.main, d.relations)
	if refused != nil {
		return nil, refused
	}
	for p.x.Next() {
		if p.x.Kind != xmlscan.Start {
			continue
		}
		switch p.x.Name.Local {
		case "document":
		case "body":
			blocks := p.blocks()
			if err := p.x.Err(); err != nil {
				return nil, opc.Broken(d.main, err)
			}
			return blocks, nil
		case "background":
			p.skip()
		default:
			return nil, &opc.Error{Message: "the file is no document of Word", Remedy: "name the format that it is in"}
		}
	}
	if err := p.x.Err(); err != nil {
		return nil, opc.Broken(d.main, err)
	}
	return nil, &opc.Error{Message: "the document has no body", Remedy: "open it in Word and save it again"}
}

// readNotes reads footnotes or endnotes.
func (d *document) readNotes(kind string) *opc.Error {
	part := ""
	for _, r := range d.relations {
		if r.Type == kind && !r.External {
			part = r.Target
		}
	}
	if part == "" || !d.pack.Has(part) {
		return nil
	}
	relations, refused := d.relationsOf(part)
	if refused != nil {
		return refused
	}
	p, refused := d.parser(part, relations)
	if refused != nil {
		return refused
	}
	for p.x.Next() {
		if p.x.Kind != xmlscan.Start || p.x.Name.Local != "footnote" && p.x.Name.Local != "endnote" {
			continue
		}
		id, special := p.x.Attr("id"), p.x.Attr("type")
		text := p.render(p.blocks())
		if special == "" || special == "normal" {
			d.notes[kind+id] = text
		}
	}
	return opc.Broken(part, p.x.Err())
}

func (d *document) relationsOf(part string) (map[string]opc.Relation, *opc.Error) {
	all, refused := d.pack.Relations(part)
	if refused != nil {
		return nil, refused
	}
	m := map[string]opc.Relation{}
	for _, r := range all {
		m[r.ID] = r
	}
	return m, nil
}

// skip passes over the element at hand.
func (p *parser) skip() {
	for depth := p.x.Depth(); p.x.Next(); {
		if p.x.Kind == xmlscan.End && p.x.Depth() < depth {
			return
		}
	}
}

// blocks reads paragraphs and tables up to the end of the element at hand.
func (p *parser) blocks() []block {
	var out []block
	for p.x.Next() {
		switch p.x.Kind {
		case xmlscan.End:
			return joinDeleted(out)
		case xmlscan.Start:
			out = p.block(out)
		}
	}
	return out
}

func (p *parser) block(out []block) []block {
	switch p.x.Name.Local {
	case "p":
		q := p.paragraph()
		if q == nil {
			return out
		}
		out = append(out, block{paragraph: q})
		boxes := q.boxes
		q.boxes = nil
		return append(out, boxes...)
	case "tbl":
		if t := p.table(); t != nil {
			out = append(out, block{table: t})
		}
	case "sectPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "tcPr", "trPr", "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd":
		p.skip()
	case "docPartGallery":
		p.skip()
	case "sdt":
		out = p.control(out)
	case "altChunk":
		p.d.r.lost(p.position(), "", "text that another file holds", "it is embedded as a whole (altChunk); open the document in Word and save it again")
		p.skip()
	case "AlternateContent":
		out = append(out, p.alternative(func() []block { return p.blocks() })...)
	default: // what only holds others: sdtContent, customXml, ins, moveTo, txbxContent
		out = append(out, p.blocks()...)
	}
	return out
}

// control reads a content control; that of a table of contents marks its paragraphs.
func (p *parser) control(out []block) []block {
	contents := false
	for p.x.Next() {
		switch {
		case p.x.Kind == xmlscan.End:
			return out
		case p.x.Kind != xmlscan.Start:
		case p.x.Name.Local == "sdtPr":
			for depth := p.x.Depth(); p.x.Next(); {
				if p.x.Kind == xmlscan.Start && p.x.Name.Local == "docPartGallery" {
					contents = contents || strings.EqualFold(p.x.Attr("val"), "Table of Contents")
				}
				if p.x.Kind == xmlscan.End && p.x.Depth() < depth {
					break
				}
			}
		case p.x.Name.Local == "sdtContent":
			if contents {
				p.contents++
			}
			out = append(out, p.blocks()...)
			if contents {
				p.contents--
			}
		default:
			p.skip()
		}
	}
	return out
}

// alternative reads the first of several forms of a thing that says something.
func (p *parser) alternative(read func() []block) []block {
	var out []block
	for p.x.Next() {
		switch {
		case p.x.Kind == xmlscan.End:
			return out
		case p.x.Kind != xmlscan.Start:
		case len(out) == 0:
			out = read()
		default:
			p.skip()
		}
	}
	return out
}

// joinDeleted joins paragraphs whose ends were deleted with those behind them.
func joinDeleted(blocks []block) []block {
	out := blocks[:0]
	for _, b := range blocks {
		if n := len(out); b.paragraph != nil && n > 0 && out[n-1].paragraph != nil && out[n-1].paragraph.joined {
			first, next := out[n-1].paragraph, b.paragraph
			if len(first.pieces) == 0 { // deleted as a whole
				next.changes = append(first.changes, next.changes...)
				next.comments = append(first.comments, next.comments...)
				out[n-1] = b
				continue
			}
			first.pieces = append(first.pieces, next.pieces...)
			first.changes = append(first.changes, next.changes...)
			first.comments = append(first.comments, next.comments...)
			first.notes = append(first.notes, next.notes...)
			first.joined = next.joined
			continue
		}
		out = append(out, b)
	}
	return out
}

func (p *parser) position() exchange.Position {
	return exchange.Position{File: p.d.name, Line: p.at}
}

// paragraph reads a paragraph; nil beyond the limit.
func (p *parser) paragraph() *paragraph {
	p.paragraphs++
	p.at = p.paragraphs
	if p.paragraphs > p.limit {
		if !p.tooMany {
			p.tooMany = true
			p.d.r.fault(p.position(), "", true, fmt.Sprintf("more than %d paragraphs; the rest is not read", p.limit), "divide the document")
			p.d.r.lost(p.position(), "", fmt.Sprintf("paragraphs after the first %d", p.limit), "the document has more than are read")
		}
		p.skip()
		return nil
	}
	q := &paragraph{number: p.paragraphs, ilvl: -1, contents: p.contents > 0, style: p.d.defaults}
	number := p.at
	p.inline(q, context{})
	p.at = number
	p.place(q)
	return q
}

// place finds out what the style of a paragraph says, and counts it where it belongs to a list.
func (p *parser) place(q *paragraph) {
	said := p.d.says(q.style)
	if q.level == 0 {
		q.level = said.heading
	}
	q.level = max(q.level, 0)
	q.contents = q.contents || said.contents
	numID, ilvl := q.numID, q.ilvl
	if numID == "" {
		numID = said.numID
		if ilvl < 0 {
			ilvl = said.ilvl
		}
	}
	if numID == "" || numID == "0" || len(q.pieces) == 0 && q.joined {
		q.numID = ""
		return
	}
	q.numID, q.ilvl = numID, max(ilvl, 0)
	q.label, q.bullet = p.d.numbering.next(numID, q.ilvl)
}

// paragraphProperties reads what holds for a paragraph as a whole.
func (p *parser) paragraphProperties(q *paragraph) {
	depth := p.x.Depth()
	inRun := false
	for p.x.Next() {
		if p.x.Kind == xmlscan.End {
			if p.x.Depth() < depth {
				return
			}
			if p.x.Name.Local == "rPr" {
				inRun = false
			}
			continue
		}
		if p.x.Kind != xmlscan.Start {
			continue
		}
		val := p.x.Attr("val")
		switch p.x.Name.Local {
		case "pStyle":
			q.style = val
		case "outlineLvl":
			if n := number(val); n >= 0 && n < 9 {
				q.level = n + 1
			} else {
				q.level = -1 // body text, whatever the style says
			}
		case "numId":
			q.numID = val
		case "ilvl":
			q.ilvl = number(val)
		case "rPr":
			inRun = true
		case "del", "moveFrom":
			q.joined = q.joined || inRun
		case "pPrChange", "sectPr", "rPrChange", "numberingChange":
			p.skip()
		}
	}
}

// inline reads what a paragraph holds, up to the end of the element at hand.
func (p *parser) inline(q *paragraph, c context) {
	for p.x.Next() {
		if p.x.Kind == xmlscan.End {
			return
		}
		if p.x.Kind != xmlscan.Start {
			continue
		}
		switch p.x.Name.Local {
		case "pPr":
			p.paragraphProperties(q)
		case "r":
			if p.x.Name.Prefix == "m" {
				p.math(q, c)
				continue
			}
			p.run(q, c)
		case "ins", "moveTo":
			in := c
			in.inserted = &change{what: "inserted", author: p.x.Attr("author"), date: p.x.Attr("date")}
			p.inline(q, in)
			q.keep(in.inserted)
		case "del", "moveFrom":
			out := c
			out.deleted = &change{what: "deleted", author: p.x.Attr("author"), date: p.x.Attr("date")}
			p.inline(q, out)
			q.keep(out.deleted)
		case "hyperlink":
			link := c
			link.href = p.address(p.x.Attr("id"), p.x.Attr("anchor"))
			p.inline(q, link)
		case "fldSimple":
			link := c
			if href := hyperlink(p.x.Attr("instr")); href != "" {
				link.href = href
			}
			p.inline(q, link)
		case "oMath":
			p.math(q, c)
		case "commentReference":
			q.comments = append(q.comments, p.x.Attr("id"))
			p.skip()
		case "sdtPr", "sdtEndPr", "rPr", "smartTagPr", "customXmlPr", "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "proofErr":
			p.skip()
		case "AlternateContent":
			p.alternativeRun(q, c)
		case "p", "tbl": // a paragraph in a paragraph is wrong, but its text counts
			q.boxes = p.block(q.boxes)
		default:
			p.inline(q, c)
		}
	}
}

// keep keeps a tracked change that holds text.
func (q *paragraph) keep(c *change) {
	if strings.TrimSpace(c.text) != "" {
		q.changes = append(q.changes, *c)
	}
}

// alternativeRun reads the first of several forms of a thing in a run that gives text, a picture or a text box.
func (p *parser) alternativeRun(q *paragraph, c context) {
	found := false
	for p.x.Next() {
		switch {
		case p.x.Kind == xmlscan.End:
			return
		case p.x.Kind != xmlscan.Start:
		case found:
			p.skip()
		default:
			before := len(q.pieces) + len(q.boxes)
			p.runContent(q, c, look{})
			found = len(q.pieces)+len(q.boxes) > before
		}
	}
}

func (p *parser) address(id, anchor string) string {
	href := ""
	if r, ok := p.relations[id]; ok && id != "" {
		href = r.Target
	}
	if anchor != "" {
		if href == "" {
			return "" // a place in the document, which has no such address here
		}
		href += "#" + anchor
	}
	return href
}

// hyperlink is the address that the instruction of a field names.
func hyperlink(instruction string) string {
	words := strings.TrimSpace(instruction)
	if len(words) < 10 || !strings.EqualFold(words[:9], "HYPERLINK") {
		return ""
	}
	rest := strings.TrimSpace(words[9:])
	if !strings.HasPrefix(rest, `"`) {
		return ""
	}
	href, _, _ := strings.Cut(rest[1:], `"`)
	return href
}
