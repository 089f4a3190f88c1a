package strictdoc

import (
	"path"
	"strings"
	"unicode"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Names of fields of documents that are no lines of the head.
const (
	fieldOptions    = "OPTIONS"
	fieldMetadata   = "METADATA"
	fieldViews      = "VIEWS"
	fieldMarkup     = fieldOptions + "/MARKUP"
	fieldImport     = tagGrammar + "/" + keyImport
	fieldComposite  = exchange.FieldComposite
	keyImport       = "IMPORT_FROM_FILE"
	markupRST       = "rst"
	markupMarkdown  = "markdown"
	defaultMarkup   = markupRST
	keyOptionMarkup = "MARKUP"
)

// header reads the lines below [DOCUMENT] up to the first blank one.
func (p *parser) header() {
	group := ""
	for ; !p.in.done() && !blank(p.in.current()); p.in.next() {
		line := p.in.current()
		if _, form := bracketed(line); form != formNone {
			return
		}
		switch {
		case line == fieldOptions+":" || line == fieldMetadata+":":
			group = line[:len(line)-1] + "/"
			continue
		case line == fieldViews+":":
			number := p.in.line
			p.in.next()
			p.indented(fieldViews, number)
			return
		case strings.HasPrefix(line, "  ") && group != "":
			if key, value, ok := strings.Cut(line[2:], ": "); ok && key != "" && !strings.HasPrefix(key, " ") {
				p.headerField(group+key, value, len("  ")+len(key)+3)
				continue
			}
			p.junk("the line is no entry of "+group[:len(group)-1], "write KEY: value, two blanks before it")
			continue
		}
		group = ""
		key, value, ok := strings.Cut(line, ": ")
		if !ok && strings.HasSuffix(line, ":") {
			key, value, ok = line[:len(line)-1], "", true
		}
		if !ok || !isFieldName(key) {
			p.junk("the line is no field of the document", "write FIELD: value")
			continue
		}
		p.headerField(key, value, len(key)+3)
	}
}

func (p *parser) headerField(name, value string, column int) {
	at := p.at(p.in.line, 1)
	if strings.Contains(name, "/") {
		at.Column = 3
	}
	if name == fieldTitle && !p.titled {
		p.doc.Title, p.titled = strings.TrimLeftFunc(value, unicode.IsSpace), true
		switch {
		case p.doc.Title == "":
			p.fault(p.in.line, column, "the TITLE of the document is empty", "write a title")
		case len(p.doc.Title) < len(value):
			p.fault(p.in.line, column, "the value begins with a blank, and StrictDoc does not take it", "remove the blank")
		}
		return
	}
	if name == fieldTitle {
		p.fault(p.in.line, 1, "the document has a second TITLE", "keep one of the two")
	}
	for i := range p.doc.Fields {
		if p.doc.Fields[i].Name == name {
			p.fault(p.in.line, 1, "the field "+name+" of the document is given twice", "keep one of the two")
			break
		}
	}
	switch name {
	case fieldMID, fieldUID:
		p.names = append(p.names, named{name, value, p.at(p.in.line, column)})
	case fieldMarkup:
		p.markup = strings.ToLower(value)
	}
	if !strings.Contains(name, "/") && !isHeaderField(name) {
		p.fault(p.in.line, 1, "a document has no field "+name, "move it below METADATA:")
	}
	if len(p.doc.Fields) > maxHeaderFields {
		p.stop("the document has too many fields; the rest of the file is not read", "remove some")
		return
	}
	p.doc.Fields = append(p.doc.Fields, exchange.Field{Name: name, Values: []string{value}, At: at})
}

// maxHeaderFields keeps the search for fields given twice quick.
const maxHeaderFields = 1000

// headerFields are the lines of the head in StrictDoc's order.
var headerFields = []string{fieldMID, fieldTitle, fieldUID, "VERSION", "DATE", "CLASSIFICATION", "PREFIX", "REQ_PREFIX", "ROOT"}

func isHeaderField(name string) bool {
	for _, known := range headerFields {
		if name == known {
			return true
		}
	}
	return false
}

// indented keeps the lines of a block as written, up to a blank one.
func (p *parser) indented(name string, number int) {
	start := p.in.start
	end := start
	for ; !p.in.done() && (strings.HasPrefix(p.in.current(), "- ") || strings.HasPrefix(p.in.current(), "  ")) && !blank(p.in.current()); p.in.next() {
		end = p.in.end
	}
	p.doc.Fields = append(p.doc.Fields, exchange.Field{Name: name, Values: []string{p.in.text[start:end]}, At: p.at(number, 1)})
	for ; !p.in.done() && !blank(p.in.current()); p.in.next() {
		if _, form := bracketed(p.in.current()); form != formNone {
			return
		}
		p.junk("the line is no part of "+name, "remove it, or move it to where it belongs")
	}
}

// verbatim keeps the lines up to a blank one in a field of the document.
func (p *parser) verbatim(name string, number int) string {
	start := p.in.start
	end := start
	for ; !p.in.done() && !blank(p.in.current()); p.in.next() {
		if _, form := bracketed(p.in.current()); form != formNone {
			break
		}
		end = p.in.end
	}
	text := p.in.text[start:max(start, end)]
	p.doc.Fields = append(p.doc.Fields, exchange.Field{Name: name, Values: []string{text}, At: p.at(number, 1)})
	return text
}

// readGrammar reads the grammar of the document, from its own lines or from the file that they name. It stays in the
// field GRAMMAR.
func (p *parser) readGrammar() {
	number := p.in.line
	if !p.grammar.standard {
		p.fault(number, 1, "the document has a second grammar; the first one counts", "keep one of the two")
	} else if p.order > 0 {
		p.fault(number, 1, "the grammar stands behind the first node", "move it to the head of the document")
	}
	p.in.next()
	first := p.in.line
	name, imports := strings.CutPrefix(p.in.current(), keyImport+": ")
	if imports {
		p.importGrammar(strings.TrimSpace(name), number)
		return
	}
	text := p.verbatim(tagGrammar, number)
	g, faults := parseGrammar(p.file, text, first, p.limits.Faults)
	for _, f := range faults {
		p.add(f)
	}
	p.takeGrammar(g)
}

func (p *parser) takeGrammar(g *grammar) {
	if p.grammar.standard {
		p.grammar = g
	}
}

func (p *parser) importGrammar(name string, number int) {
	at := p.at(p.in.line, len(keyImport)+3)
	p.doc.Fields = append(p.doc.Fields, exchange.Field{Name: fieldImport, Values: []string{name}, At: p.at(p.in.line, 1)})
	target, ok := p.relative(name)
	var g *grammar
	if ok {
		var faults []exchange.Fault
		g, faults = p.load(target, at)
		for _, f := range faults {
			p.add(f)
		}
	} else {
		p.fault(at.Line, at.Column, "the grammar "+name+" lies outside the folder and is not read", "read a folder that holds it")
	}
	p.in.next()
	if g == nil {
		// Nothing is known of the nodes: they are taken as they are.
		p.grammar = &grammar{}
		p.grammar.index()
		return
	}
	p.doc.Fields = append(p.doc.Fields, exchange.Field{Name: tagGrammar, Values: []string{g.text}, At: p.at(number, 1)})
	p.takeGrammar(g)
}

// relative is a path written in this document, from the root of the tree.
func (p *parser) relative(name string) (string, bool) {
	if path.IsAbs(name) || strings.ContainsAny(name, "\\:") {
		return "", false
	}
	joined := path.Join(path.Dir(p.file), name)
	if joined == ".." || strings.HasPrefix(joined, "../") {
		return "", false
	}
	return joined, true
}

// freeText reads the text of a [FREETEXT] of old versions as a block.
func (p *parser) freeText() {
	number := p.in.line
	p.in.next()
	start := p.in.start
	for ; !p.in.done() && !p.noFreeTextEnd; p.in.next() {
		if strings.TrimRight(p.in.current(), " ") == "[/"+tagFreeText+"]" {
			p.text(p.in.text[start:max(start, p.in.start-1)], number)
			p.in.next()
			return
		}
	}
	p.noFreeTextEnd = true
	end := p.recover(start, number+1)
	p.fault(number, 1, "the free text is not closed; it ends before the next node", "write [/"+tagFreeText+"] where it ends")
	p.text(strings.TrimRight(p.in.text[start:end], "\n"), number)
}

// text is a block of prose.
func (p *parser) text(text string, number int) {
	p.flushEnds()
	if len(text) > p.limits.FieldBytes {
		p.tooLong(number, tagFreeText, "")
		return
	}
	p.doc.Blocks = append(p.doc.Blocks, exchange.Block{Kind: blockProse, Text: text, Order: p.nextOrder(), At: p.at(number, 1)})
}

const blockProse = "prose"

// include reads where another document is shown.
func (p *parser) include() {
	number := p.in.line
	p.in.next()
	name, ok := strings.CutPrefix(p.in.current(), "FILE: ")
	if !ok || blank(name) {
		p.error(number, 1, "the included document is not named", "write FILE: and its path below it")
		p.lost = append(p.lost, exchange.Loss{At: p.at(number, 1), What: tagInclude, Why: "it does not name a file"})
		return
	}
	p.flushEnds()
	target, inside := p.relative(strings.TrimSpace(name))
	at := p.at(p.in.line, len("FILE: ")+1)
	if !inside {
		p.fault(at.Line, at.Column, "the included document "+name+" lies outside the folder and is not read", "read a folder that holds it")
	} else {
		p.includes = append(p.includes, include{target, at})
	}
	p.doc.Blocks = append(p.doc.Blocks, exchange.Block{Kind: BlockInclude, Text: name, Order: p.nextOrder(), At: p.at(number, 1)})
	p.in.next()
}
