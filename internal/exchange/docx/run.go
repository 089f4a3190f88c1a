package docx

import (
	"path"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// run reads a run: text of one look.
func (p *parser) run(q *paragraph, c context) {
	p.runContent(q, c, look{})
}

// runContent reads what a run holds, up to the end of the element at hand.
func (p *parser) runContent(q *paragraph, c context, l look) {
	for p.x.Next() {
		switch p.x.Kind {
		case xmlscan.End:
			return
		case xmlscan.Start:
			p.inRun(q, c, &l)
		}
	}
}

func (p *parser) inRun(q *paragraph, c context, l *look) {
	x := p.x
	switch x.Name.Local {
	case "rPr":
		p.look(l)
	case "t":
		p.text(q, c, *l, p.content())
	case "delText":
		text := p.content()
		if c.deleted == nil {
			c.deleted = &change{what: "deleted"}
			defer q.keep(c.deleted)
		}
		c.deleted.add(text)
	case "tab", "ptab":
		p.text(q, c, *l, "\t")
		p.skip()
	case "br":
		if kind := x.Attr("type"); kind == "" || kind == "textWrapping" {
			p.lineBreak(q, c)
		}
		p.skip()
	case "cr":
		p.lineBreak(q, c)
		p.skip()
	case "noBreakHyphen":
		p.text(q, c, *l, "-")
		p.skip()
	case "sym":
		p.text(q, c, *l, p.symbol(x.Attr("font"), x.Attr("char")))
		p.skip()
	case "instrText", "delInstrText":
		p.instruction(p.content())
	case "fldChar":
		p.fieldMark(x.Attr("fldCharType"))
		p.skip()
	case "footnoteReference", "endnoteReference":
		p.noteReference(q, c, strings.TrimSuffix(x.Name.Local, "Reference")+"s"+x.Attr("id"))
		p.skip()
	case "commentReference":
		q.comments = append(q.comments, x.Attr("id"))
		p.skip()
	case "drawing", "pict", "object":
		p.drawing(q, c)
	case "AlternateContent":
		p.alternativeRun(q, c)
	case "softHyphen", "lastRenderedPageBreak", "annotationRef", "footnoteRef", "endnoteRef", "separator", "continuationSeparator", "pgNum":
		p.skip()
	default:
		p.runContent(q, c, *l)
	}
}

// content is the text of the element at hand.
func (p *parser) content() string {
	text := ""
	var more strings.Builder
	for p.x.Next() {
		switch p.x.Kind {
		case xmlscan.Text:
			if text == "" {
				text = p.x.Text
			} else {
				more.WriteString(p.x.Text)
			}
		case xmlscan.Start:
			p.skip()
		case xmlscan.End:
			return text + more.String()
		}
	}
	return text
}

// look reads the properties of a run.
func (p *parser) look(l *look) {
	depth := p.x.Depth()
	for p.x.Next() {
		if p.x.Kind == xmlscan.End && p.x.Depth() < depth {
			return
		}
		if p.x.Kind != xmlscan.Start {
			continue
		}
		val := p.x.Attr("val")
		switch p.x.Name.Local {
		case "b":
			l.bold = on(val)
		case "i":
			l.italic = on(val)
		case "strike", "dstrike":
			l.struck = on(val)
		case "vertAlign":
			l.raised, l.lowered = val == "superscript", val == "subscript"
		case "rPrChange":
			p.skip()
		}
	}
}

// text adds text to a paragraph, or to what was deleted of it.
func (p *parser) text(q *paragraph, c context, l look, text string) {
	if text == "" {
		return
	}
	if c.deleted != nil {
		c.deleted.add(text)
		return
	}
	if c.inserted != nil {
		c.inserted.add(text)
	}
	href := c.href
	for i := len(p.fields) - 1; i >= 0; i-- {
		if f := &p.fields[i]; !f.result {
			return // the instruction of a field, which is not shown
		} else if href == "" {
			href = f.href
		}
		q.contents = q.contents || p.fields[i].contents
	}
	q.pieces = append(q.pieces, piece{text: text, look: l, href: href})
}

func (p *parser) lineBreak(q *paragraph, c context) {
	if c.deleted != nil {
		c.deleted.add(" ")
		return
	}
	if len(q.pieces) > 0 {
		q.pieces = append(q.pieces, piece{text: "\\\n", raw: true})
	}
}

// instruction collects what a field is to show.
func (p *parser) instruction(text string) {
	if n := len(p.fields); n > 0 && !p.fields[n-1].result && p.fields[n-1].instruction.Len() < 64<<10 {
		p.fields[n-1].instruction.WriteString(text)
	}
}

// mostFields is how many fields may stand in each other.
const mostFields = 64

func (p *parser) fieldMark(kind string) {
	n := len(p.fields)
	switch {
	case kind == "begin" && n < mostFields:
		p.fields = append(p.fields, field{})
	case kind == "separate" && n > 0:
		f := &p.fields[n-1]
		f.result = true
		text := strings.TrimSpace(f.instruction.String())
		f.href = hyperlink(text)
		f.contents = strings.HasPrefix(strings.ToUpper(text), "TOC")
	case kind == "end" && n > 0:
		p.fields = p.fields[:n-1]
	}
}

func (p *parser) noteReference(q *paragraph, c context, id string) {
	if _, there := p.d.notes[id]; !there || c.deleted != nil {
		return
	}
	q.notes = append(q.notes, id)
	q.pieces = append(q.pieces, piece{text: "[^" + noteName(id) + "]", raw: true})
}

// noteName tells notes apart: 1 for the first footnote, e1 for the first endnote.
func noteName(id string) string {
	if rest, ok := strings.CutPrefix(id, "footnotes"); ok {
		return rest
	}
	return "e" + strings.TrimPrefix(id, "endnotes")
}

// symbols are characters of the font Symbol that say something in a requirement, by their codes.
var symbols = map[int]string{0xa3: "≤", 0xb3: "≥", 0xb1: "±", 0xb0: "°", 0xb4: "×", 0xb8: "÷", 0xb9: "≠", 0xbb: "≈", 0xa5: "∞", 0x6d: "µ", 0x57: "Ω", 0x44: "Δ", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x70: "π", 0x73: "σ", 0x71: "θ", 0x6c: "λ",
	0xae: "→", 0xac: "←", 0xad: "↑", 0xaf: "↓", 0xde: "⇒", 0xb7: "·", 0x2d: "−", 0xce: "∈", 0xd6: "√", 0xe5: "∑"}

// signs are those of Wingdings.
var signs = map[int]string{0xfe: "☒", 0xfd: "☒", 0xa8: "☐", 0x6f: "☐", 0xfc: "✓", 0xfb: "✗", 0xe0: "→", 0xdf: "←", 0xf0: "→", 0x9f: "•", 0xa7: "▪", 0x6c: "●", 0x6e: "■", 0xd8: "➢"}

// symbol is a character that is named by a font and a code.
func (p *parser) symbol(font, code string) string {
	n, err := strconv.ParseInt(code, 16, 32)
	if err != nil {
		return ""
	}
	at := int(n)
	if at >= 0xf000 && at <= 0xf0ff {
		at -= 0xf000
	}
	table := map[int]string(nil)
	switch name := strings.ToLower(font); {
	case name == "symbol":
		table = symbols
	case strings.HasPrefix(name, "wingdings"):
		table = signs
	}
	if s := table[at]; s != "" {
		return s
	}
	if table == nil && at >= ' ' && at < 0xd800 || table != nil && at >= ' ' && at < 0x7f && font != "Wingdings" {
		return string(rune(at))
	}
	p.d.r.fault(p.position(), "", false, "the character "+code+" of the font "+font+" has no like in Unicode that is known here; U+FFFD stands for it", "write it with a character of Unicode")
	return "\ufffd"
}

// drawing reads a picture, a text box or an embedded object.
func (p *parser) drawing(q *paragraph, c context) {
	alt, embedded, found, what := "", "", false, p.x.Name.Local
	depth := p.x.Depth()
	for p.x.Next() {
		if p.x.Kind == xmlscan.End && p.x.Depth() < depth {
			break
		}
		if p.x.Kind != xmlscan.Start {
			continue
		}
		x := p.x
		switch x.Name.Local {
		case "docPr", "shape":
			for _, name := range []string{"descr", "alt", "title"} {
				if alt == "" {
					alt = x.Attr(name)
				}
			}
		case "blip":
			found = p.picture(q, c, x.Attr("embed"), x.Attr("link"), alt) || found
		case "imagedata":
			found = p.picture(q, c, x.Attr("id"), "", alt) || found
		case "txbxContent":
			found = true
			q.boxes = append(q.boxes, p.blocks()...)
		case "OLEObject":
			embedded = x.Attr("ProgID")
		case "chart", "relIds":
			what = x.Name.Prefix + ":" + x.Name.Local
		case "Fallback":
			if found {
				p.skip()
			}
		}
	}
	switch {
	case embedded != "":
		p.d.r.lost(p.position(), "", "embedded object "+embedded, "its picture is taken, the object itself is not")
	case !found && c.deleted == nil:
		p.d.r.lost(p.position(), "", "drawing ("+strings.TrimSuffix(strings.TrimPrefix(what, ":"), ":relIds")+") "+alt, "only pictures and text boxes are read; save it as a picture")
	}
}

// picture adds a picture.
func (p *parser) picture(q *paragraph, c context, embed, link, alt string) bool {
	if c.deleted != nil {
		return true
	}
	r, ok := p.relations[embed]
	if !ok || embed == "" {
		if r, ok = p.relations[link]; !ok || link == "" {
			return false
		}
	}
	to := r.Target
	if !r.External {
		if to = p.d.attach(r.Target, p.position()); to == "" {
			return false
		}
	}
	q.pieces = append(q.pieces, piece{text: "![" + escape(oneLine(alt)) + "](" + address(to) + ")", raw: true})
	return true
}

// attach takes a part as an attachment and gives its path, empty where it is not there.
func (d *document) attach(part string, at exchange.Position) string {
	if to, there := d.attached[part]; there {
		return to
	}
	data, refused := d.pack.Part(part)
	if refused != nil {
		d.r.fault(at, "", true, "a picture cannot be read: "+refused.Message, refused.Remedy)
		d.r.lost(at, "", "picture "+path.Base(part), refused.Message)
		d.attached[part] = ""
		return ""
	}
	folder, base := fileName(d.stem)+"-media", fileName(path.Base(part))
	to := folder + "/" + base
	for n := 2; d.r.attached[to]; n++ { // another document has one of that name
		to = folder + "-" + strconv.Itoa(n) + "/" + base
	}
	d.r.attached[to] = true
	d.r.tree.Attachments = append(d.r.tree.Attachments, exchange.Attachment{Path: to, Data: data})
	d.attached[part] = to
	return to
}

// fileName is a name without what file systems or addresses do not take.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(` /\:*?"<>|#%()[]`, r) {
			return '-'
		}
		return r
	}, name)
}

// math reads a formula as text on one line.
func (p *parser) math(q *paragraph, c context) {
	var b strings.Builder
	var closing []string
	depth := p.x.Depth()
	inText := false
	for p.x.Next() {
		switch p.x.Kind {
		case xmlscan.Text:
			if inText {
				b.WriteString(p.x.Text)
			}
		case xmlscan.Start:
			open, shut := "", ""
			switch p.x.Name.Local {
			case "t":
				inText = true
			case "num":
				open, shut = "(", ")"
			case "den":
				open, shut = "/(", ")"
			case "sup":
				open, shut = "^(", ")"
			case "sub":
				open, shut = "_(", ")"
			case "rad":
				open, shut = "√(", ")"
			case "d":
				open, shut = "(", ")"
			case "deg":
				open, shut = "", ""
			}
			b.WriteString(open)
			closing = append(closing, shut)
		case xmlscan.End:
			if p.x.Depth() < depth {
				p.formula(q, c, b.String())
				return
			}
			inText = false
			if n := len(closing); n > 0 {
				b.WriteString(closing[n-1])
				closing = closing[:n-1]
			}
		}
	}
}

func (p *parser) formula(q *paragraph, c context, text string) {
	text = strings.NewReplacer("^()", "", "_()", "").Replace(text)
	if text == "" {
		return
	}
	p.text(q, c, look{}, text)
	p.d.r.changed(p.position(), "", "formula "+short(text), "it is written as text on one line")
}
