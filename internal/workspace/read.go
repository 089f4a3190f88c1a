package workspace

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Limits of what is read; larger input is refused.
const (
	MaxFile = 64 << 20
	MaxLine = 1 << 20
)

const textMarker = "<!-- text -->"

// Read reads one document. The document comes back even when there are
// findings, with all that could be understood; it is nil only when the bytes
// are no text at all.
//
// goldthread:implements SRS-21, SRS-22, SRS-23
func Read(name string, data []byte, sch *schema.Schema) (*Document, []finding.Finding) {
	r := &reader{name: name, schema: sch, doc: &Document{Path: name}}
	if len(data) > MaxFile {
		r.report("file-too-large", 0, 0, "", fmt.Sprintf("%d bytes, the limit is %d", len(data), MaxFile), "split the document")
		return nil, r.findings
	}
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		data, r.doc.BOM = rest, true
	}
	text := stringOf(data)
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	if !r.checkBytes(text) {
		return nil, r.findings
	}
	r.text = text
	var left []marker
	r.hidden, left = conflicts(text)
	for _, m := range left {
		r.findings = append(r.findings, m.finding(name))
	}
	r.front()
	r.blocks()
	return r.doc, r.findings
}

type reader struct {
	name     string
	schema   *schema.Schema
	doc      *Document
	text     string
	pos      int // byte offset of the next line
	line     int // number of the line at pos, from 1 once reading has begun
	findings []finding.Finding
	long     int // last line that was reported as too long; lines may be read twice
	hidden   []hidden
}

func (r *reader) report(rule string, line, column int, key record.Key, message, remedy string) {
	r.findings = append(r.findings, finding.Finding{Rule: rule, Severity: finding.Error, Item: key, File: r.name,
		Line: line, Column: column, Message: message, Remedy: remedy})
}

// checkBytes refuses what is not text.
func (r *reader) checkBytes(s string) bool {
	bad := firstControl(s)
	what := "a control character"
	if bad < 0 && !utf8.ValidString(s) {
		what = "invalid UTF-8"
		bad = firstInvalid(s)
	}
	if bad >= 0 {
		line := 1 + strings.Count(s[:bad], "\n")
		column := bad - strings.LastIndexByte(s[:bad], '\n')
		if what == "a control character" {
			what = fmt.Sprintf("a control character (%#02x)", s[bad])
		}
		r.report("not-text", line, column, "", "the file holds "+what+"; it was not read", "save it as UTF-8 text")
		return false
	}
	return true
}

// firstControl returns the offset of the first byte below 0x20 that is neither
// tab nor line feed, or of DEL; -1 if there is none.
func firstControl(s string) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		below := (x - low*0x20) & ^x & high
		del := x ^ low*0x7f
		if below|(del-low)&^del&high == 0 {
			continue
		}
		for j := i; j < i+8; j++ {
			if isControl(s[j]) {
				return j
			}
		}
	}
	for ; i < len(s); i++ {
		if isControl(s[i]) {
			return i
		}
	}
	return -1
}

func isControl(c byte) bool { return c < 0x20 && c != '\n' && c != '\t' || c == 0x7f }

func firstInvalid(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// next returns the line at pos without its line end and moves behind it.
func (r *reader) next() (line string, ok bool) {
	r.skipHidden()
	if r.pos >= len(r.text) {
		return "", false
	}
	rest := r.text[r.pos:]
	r.line++
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		r.pos += i + 1
		line = rest[:i]
	} else {
		r.pos = len(r.text)
		line = rest
	}
	if len(line) > MaxLine && r.line > r.long {
		r.long = r.line
		r.report("line-too-long", r.line, 0, "", fmt.Sprintf("a line of %d bytes, the limit is %d", len(line), MaxLine), "break the line")
	}
	return line, true
}

// peek returns the next line without moving.
func (r *reader) peek() (line string, ok bool) {
	r.skipHidden()
	if r.pos >= len(r.text) {
		return "", false
	}
	rest := r.text[r.pos:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		return rest[:i], true
	}
	return rest, true
}

// skipHidden moves behind lines that are not read.
func (r *reader) skipHidden() {
	if len(r.hidden) == 0 {
		return
	}
	if h, ok := within(r.hidden, r.pos); ok {
		r.pos, r.line = h.to, r.line+h.lines
	}
}

// heading splits an ATX heading at the first column; level 0 is none.
func heading(line string) (level int, text string) {
	if line == "" || line[0] != '#' {
		return 0, ""
	}
	n := 1
	for n < len(line) && line[n] == '#' {
		n++
	}
	if n > 6 {
		return 0, ""
	}
	if n == len(line) {
		return n, ""
	}
	if line[n] != ' ' && line[n] != '\t' {
		return 0, ""
	}
	return n, strings.Trim(line[n:], " \t")
}

// itemHeading reports whether the text of a heading begins with the key of an
// item, and which kind it is.
func itemHeading(text string, sch *schema.Schema, kind record.Kind) (key record.Key, title string, k record.Kind) {
	word, rest, _ := strings.Cut(text, " ")
	if !record.LooksLikeKey(word) {
		return "", "", ""
	}
	if of := sch.KindOfKey(record.Key(word)); of != nil {
		return record.Key(word), strings.Trim(rest, " \t"), of.ID
	}
	if kind != "" {
		return record.Key(word), strings.Trim(rest, " \t"), kind
	}
	return "", "", ""
}

// fence follows code fences and HTML comments, in which nothing is a heading.
type fence struct {
	mark   byte // '`', '~', '-' for a comment, 0 outside
	length int
	line   int
}

func (f *fence) step(line string, number int) {
	if f.mark == '-' {
		if strings.Contains(line, "-->") {
			f.mark = 0
		}
		return
	}
	i := 0
	for i < len(line) && i < 4 && line[i] == ' ' {
		i++
	}
	if i == 4 || i == len(line) {
		return
	}
	c := line[i]
	switch {
	case c == '`' || c == '~':
		n := i
		for n < len(line) && line[n] == c {
			n++
		}
		length, info := n-i, line[n:]
		switch {
		case length < 3:
		case f.mark == 0 && (c == '~' || !strings.Contains(info, "`")):
			*f = fence{c, length, number}
		case f.mark == c && length >= f.length && strings.Trim(info, " \t") == "":
			f.mark = 0
		}
	case c == '<' && f.mark == 0 && strings.HasPrefix(line[i:], "<!--"):
		if !strings.Contains(line[i+4:], "-->") {
			*f = fence{'-', 0, number}
		}
	}
}

// blocks reads everything after the front matter.
func (r *reader) blocks() {
	start, startLine := r.pos, r.line+1
	block := Block{Line: startLine}
	var f fence
	flush := func(end int) {
		r.endBlock(&block, visible(r.text, r.hidden, start, end), startLine)
	}
	first := true
	for {
		at := r.pos
		line, ok := r.next()
		if !ok {
			break
		}
		if f.mark != 0 || line == "" || line[0] != '#' {
			if line != "" && (line[0] == '`' || line[0] == '~' || line[0] == '<' || line[0] == ' ' || f.mark == '-') {
				f.step(line, r.line)
			}
			continue
		}
		level, text := heading(line)
		if level == 0 {
			continue
		}
		key, title, kind := itemHeading(text, r.schema, r.doc.Meta.Kind)
		if key == "" && block.Item != nil && level > block.Level {
			continue // belongs to the item's text
		}
		if !first || at > start {
			flush(at)
		}
		first = false
		block = Block{Level: level, Heading: text, Line: r.line}
		if key != "" {
			block.Heading = ""
			block.Item = &Item{Item: record.Item{Key: key, Kind: kind, Title: title}, Line: r.line}
			r.list(block.Item)
		} else {
			r.unknownPrefix(text)
		}
		start, startLine = r.pos, r.line+1
	}
	if f.mark != 0 {
		what := "code fence"
		if f.mark == '-' {
			what = "HTML comment"
		}
		r.report("unclosed-fence", f.line, 1, itemKey(block.Item), "the "+what+" that begins here is never closed, so that everything below it is one block",
			"close it")
	}
	if !first || len(r.text) > start {
		flush(len(r.text))
	}
}

func itemKey(it *Item) record.Key {
	if it == nil {
		return ""
	}
	return it.Key
}

// endBlock puts a finished block into the document. The text begins at line.
func (r *reader) endBlock(b *Block, whole string, line int) {
	text := trimEmptyLines(whole)
	if b.Item == nil {
		b.Prose = text
		if b.Level == 0 && text == "" {
			return
		}
	} else {
		if rest, ok := cutLine(text, textMarker); ok {
			text = trimEmptyLines(rest)
		}
		b.Item.Text = r.unescape(text, b.Level)
		b.Item.TextLine = line
		if text != "" {
			b.Item.TextLine += strings.Count(whole[:strings.Index(whole, text)], "\n")
		}
		r.attach(b.Item)
		b.Item.SortFields()
	}
	r.doc.Blocks = append(r.doc.Blocks, *b)
}

func cutLine(text, line string) (rest string, ok bool) {
	first, rest, _ := strings.Cut(text, "\n")
	return rest, strings.TrimRight(first, " \t") == line
}

// trimEmptyLines drops blank lines at both ends, and nothing else.
func trimEmptyLines(s string) string {
	for {
		i := strings.IndexByte(s, '\n')
		if i < 0 || strings.Trim(s[:i], " \t") != "" {
			break
		}
		s = s[i+1:]
	}
	for s != "" {
		i := strings.LastIndexByte(s, '\n')
		if strings.Trim(s[i+1:], " \t") != "" {
			break
		}
		if i < 0 {
			return ""
		}
		s = s[:i]
	}
	return s
}

// unescape takes one backslash from lines that would end an item of this level
// if they did not begin with one.
func (r *reader) unescape(text string, level int) string {
	if !strings.Contains(text, `\#`) {
		return text
	}
	lines := strings.Split(text, "\n")
	var f fence
	for i, l := range lines {
		if f.mark == 0 && l != "" && l[0] == '\\' {
			if bare := strings.TrimLeft(l, `\`); endsItem(bare, level, r.schema, r.doc.Meta.Kind) {
				lines[i] = l[1:]
				continue
			}
		}
		f.step(l, 0)
	}
	return strings.Join(lines, "\n")
}

// endsItem reports whether a line is a heading that ends an item of the level.
func endsItem(line string, level int, sch *schema.Schema, kind record.Kind) bool {
	n, text := heading(line)
	if n == 0 {
		return false
	}
	if n <= level {
		return true
	}
	key, _, _ := itemHeading(text, sch, kind)
	return key != ""
}

// unknownPrefix reports a section heading that looks as if it were meant to be
// an item: a note where it may well be a section, an error where a list of
// links or fields follows.
func (r *reader) unknownPrefix(text string) {
	word, _, _ := strings.Cut(text, " ")
	if !record.LooksLikeKey(word) || !strings.ContainsAny(word, "-_") && strings.ToUpper(word) != word {
		return
	}
	severity := finding.Note
	message := fmt.Sprintf("the heading begins with %s, whose prefix is that of no kind; it is read as a section", word)
	save := *r
	for {
		line, ok := r.next()
		if !ok {
			break
		}
		if strings.Trim(line, " \t") == "" {
			continue
		}
		if name, _, ok := listEntry(line); ok && (r.schema.Relation(record.Verb(name)) != nil || r.anyField(name)) {
			severity = finding.Error
			message = fmt.Sprintf("%s looks like an item, but its prefix is that of no kind; neither it nor its links were read", word)
		}
		break
	}
	line := save.line
	r.pos, r.line = save.pos, save.line
	r.findings = append(r.findings, finding.Finding{Rule: "unknown-prefix", Severity: severity, File: r.name, Line: line, Column: 1, Message: message,
		Remedy: "correct the prefix, or name it under keys: in goldthread.yaml"})
}

func (r *reader) anyField(name string) bool {
	return slices.ContainsFunc(r.schema.Kinds(), func(k *schema.Kind) bool { return k.Field(name) != nil })
}
