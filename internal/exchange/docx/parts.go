package docx

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange/opc"
	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// document is an open file with what its body refers to.
type document struct {
	r         *reader
	name      string // of the file
	stem      string
	pack      *opc.Package
	main      string // part
	relations map[string]opc.Relation
	styles    map[string]*style
	said      map[string]*says
	defaults  string // identity of the paragraph style that holds where none is named
	numbering numbering
	comments  map[string]*comment
	notes     map[string]string // footnotes and endnotes, as Markdown
	headers   []string          // parts of headers and footers
	title     string
	tool      string
	attached  map[string]string // paths of attachments by part
}

// style is a style of paragraphs.
type style struct {
	name    string
	basedOn string
	outline int // 0 for the first level, -1 for none
	numID   string
	ilvl    int
}

// comment is a remark at the margin.
type comment struct {
	author, date, text string
}

func openDocument(p *opc.Package) (*document, *opc.Error) {
	d := &document{pack: p, relations: map[string]opc.Relation{}, styles: map[string]*style{}, said: map[string]*says{}, comments: map[string]*comment{}, notes: map[string]string{}, attached: map[string]string{}}
	var refused *opc.Error
	if d.main, refused = p.Main(); refused != nil {
		return nil, refused
	}
	relations, refused := p.Relations(d.main)
	if refused != nil {
		return nil, refused
	}
	for _, r := range relations {
		d.relations[r.ID] = r
		if (r.Type == "header" || r.Type == "footer") && !r.External {
			d.headers = append(d.headers, r.Target)
		}
	}
	for _, part := range []struct {
		of   string
		read func(string) *opc.Error
	}{{"styles", d.readStyles}, {"numbering", d.readNumbering}, {"comments", d.readComments}} {
		if name := opc.One(relations, part.of); name != "" && p.Has(name) {
			if refused := part.read(name); refused != nil {
				return nil, refused
			}
		}
	}
	d.properties()
	return d, nil
}

// properties reads the title and the program from what a file says of itself; that it does not say it is no fault.
func (d *document) properties() {
	text := func(part, element string) string {
		data, refused := d.pack.Part(part)
		if refused != nil {
			return ""
		}
		out, inside := "", false
		_ = opc.Scan(part, data, func(x *xmlscan.Scanner) { // a broken one says nothing
			switch {
			case x.Kind == xmlscan.Text && inside && len(out) < 1000:
				out += x.Text
			case x.Kind != xmlscan.Text && x.Name.Local == element:
				inside = x.Kind == xmlscan.Start
			}
		})
		return strings.TrimSpace(out)
	}
	d.title = text("docProps/core.xml", "title")
	d.tool = strings.TrimSpace(text("docProps/app.xml", "Application") + " " + text("docProps/app.xml", "AppVersion"))
}

func (d *document) readStyles(part string) *opc.Error {
	data, refused := d.pack.Part(part)
	if refused != nil {
		return refused
	}
	var s *style
	deep := 0 // within the properties of a table style and the like
	return opc.Scan(part, data, func(x *xmlscan.Scanner) {
		if x.Kind == xmlscan.End && x.Name.Local == "style" {
			s = nil
		}
		if x.Kind == xmlscan.End && x.Name.Local == "tblStylePr" {
			deep--
		}
		if x.Kind != xmlscan.Start {
			return
		}
		switch x.Name.Local {
		case "style":
			id := x.Attr("styleId")
			s = &style{outline: -1, ilvl: -1}
			if kind := x.Attr("type"); kind == "paragraph" || kind == "" {
				d.styles[id] = s
				if on(x.Attr("default")) && x.Attr("default") != "" {
					d.defaults = id
				}
			}
		case "tblStylePr":
			deep++
		}
		if s == nil || deep > 0 {
			return
		}
		switch x.Name.Local {
		case "name":
			s.name = x.Attr("val")
		case "basedOn":
			s.basedOn = x.Attr("val")
		case "outlineLvl":
			s.outline = number(x.Attr("val"))
		case "numId":
			s.numID = x.Attr("val")
		case "ilvl":
			s.ilvl = number(x.Attr("val"))
		}
	})
}

// headingName is what headings are called in the languages of Word, in lower case.
var headingName = regexp.MustCompile(`^(?:heading|überschrift|titre|título|titulo|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|заголовок|címsor|başlık|naslov|titlu|标题|標題|見出し|제목|berschrift)[ _-]*([1-9])$`)

// titleName is what the title of a document is called.
var titleName = regexp.MustCompile(`^(?:title|titel|titre|título|titolo|tytuł|название|标题|表題|document title|dokumenttitel)$`)

// contentsName is what the entries of tables of contents, figures and an index are called.
var contentsName = regexp.MustCompile(`^(?:toc|verzeichnis|tm|tdc|sommario|inhopg|innehåll|table of figures|table of authorities|abbildungsverzeichnis|index|contents|inhaltsverzeichnis)[ _-]*(?:heading|überschrift|\d)?$`)

// maxBase is how many styles may be based on each other.
const maxBase = 64

// says is what a style says of its paragraphs, found once.
type says struct {
	heading  int
	contents bool
	numID    string
	ilvl     int
}

func (d *document) says(id string) *says {
	if s := d.said[id]; s != nil {
		return s
	}
	s := &says{heading: d.heading(id), contents: contentsName.MatchString(d.styleName(id))}
	s.numID, s.ilvl = d.list(id)
	if len(d.said) < 10_000 {
		d.said[id] = s
	}
	return s
}

// heading is the level of a style as a heading from 1, 0 for none.
func (d *document) heading(id string) int {
	for n := 0; n < maxBase; n++ {
		s := d.styles[id]
		if s == nil {
			if n == 0 {
				if m := headingName.FindStringSubmatch(strings.ToLower(id)); m != nil {
					return number(m[1])
				}
			}
			return 0
		}
		if s.outline >= 0 {
			if s.outline > 8 {
				return 0 // body text
			}
			return s.outline + 1
		}
		if m := headingName.FindStringSubmatch(strings.ToLower(s.name)); m != nil {
			return number(m[1])
		}
		id = s.basedOn
	}
	return 0
}

// styleName is the name of a style in lower case.
func (d *document) styleName(id string) string {
	if s := d.styles[id]; s != nil {
		return strings.ToLower(s.name)
	}
	return strings.ToLower(id)
}

// list is the list and level that a style belongs to, "" for none.
func (d *document) list(id string) (numID string, ilvl int) {
	ilvl = -1
	first := id
	for n := 0; n < maxBase; n++ {
		s := d.styles[id]
		if s == nil {
			return "", 0
		}
		if ilvl < 0 {
			ilvl = s.ilvl
		}
		if s.numID != "" {
			if ilvl < 0 {
				ilvl = d.numbering.levelOf(s.numID, first)
			}
			return s.numID, max(ilvl, 0)
		}
		id = s.basedOn
	}
	return "", 0
}

func (d *document) readComments(part string) *opc.Error {
	data, refused := d.pack.Part(part)
	if refused != nil {
		return refused
	}
	var c *comment
	var text strings.Builder
	inText := false
	return opc.Scan(part, data, func(x *xmlscan.Scanner) {
		switch x.Kind {
		case xmlscan.Start:
			switch x.Name.Local {
			case "comment":
				c = &comment{author: x.Attr("author"), date: x.Attr("date")}
				d.comments[x.Attr("id")] = c
				text.Reset()
			case "t":
				inText = true
			case "p":
				if text.Len() > 0 {
					text.WriteByte('\n')
				}
			case "tab", "br":
				text.WriteByte(' ')
			}
		case xmlscan.Text:
			if inText {
				text.WriteString(x.Text)
			}
		case xmlscan.End:
			switch x.Name.Local {
			case "t":
				inText = false
			case "comment":
				if c != nil {
					c.text = strings.TrimSpace(text.String())
				}
			}
		}
	})
}

// String is a comment on one line: author (time): text.
func (c *comment) String() string {
	return by(c.author, c.date) + c.text
}

// by is who and when, with a colon behind.
func by(author, date string) string {
	switch {
	case author == "" && date == "":
		return ""
	case date == "":
		return author + ": "
	}
	return strings.TrimSpace(author+" ("+date+")") + ": "
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// on reads a truth of WordprocessingML, in which no value means yes.
func on(val string) bool {
	return val != "0" && val != "false" && val != "off" && val != "none"
}
