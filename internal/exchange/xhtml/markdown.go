// Package xhtml turns the XHTML of requirement exchange formats into Markdown and back. The XHTML is what ReqIF allows
// (ReqIF 1.2, 10.8.20: the modules text, list, hypertext, edit, presentation, basic tables, object, style attribute); what
// tools write beyond that is taken as far as it says something. What Markdown cannot say is listed.
package xhtml

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	gmtext "github.com/yuin/goldmark/text"

	"github.com/goldthread/goldthread/internal/exchange/xmlscan"
)

// Result is a text with what became of it.
type Result struct {
	Markdown string
	Lost     []string // what Markdown cannot say, each once: "underline", "merged cells"
	Files    []string // that the text refers to, as written, each once
}

// node is an element, or text where the name is empty.
type node struct {
	name     string
	text     string
	attrs    []xmlscan.Attr
	children []*node
	block    bool // it is a block, or holds one
}

func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Local == name {
			return a.Value
		}
	}
	return ""
}

// ToMarkdown converts a fragment of XHTML: elements and text without a root. It is an error when that is not well-formed.
func ToMarkdown(fragment string) (Result, error) {
	if r, ok := plain(fragment); ok {
		return r, nil
	}
	s, err := xmlscan.New([]byte("<x>"+fragment+"</x>"), xmlscan.Options{})
	if err != nil {
		return Result{}, err
	}
	root := &node{name: "x"}
	stack := []*node{}
	for s.Next() {
		switch s.Kind {
		case xmlscan.Start:
			n := &node{name: strings.ToLower(s.Name.Local), attrs: slices.Clone(s.Attrs)}
			n.block = blockElements[n.name]
			if len(stack) == 0 {
				root = n
			} else {
				top := stack[len(stack)-1]
				top.children = append(top.children, n)
			}
			stack = append(stack, n)
		case xmlscan.End:
			n := stack[len(stack)-1]
			if stack = stack[:len(stack)-1]; len(stack) > 0 && n.block {
				stack[len(stack)-1].block = true
			}
		case xmlscan.Text:
			top := stack[len(stack)-1]
			top.children = append(top.children, &node{text: s.Text})
		}
	}
	if s.Err() != nil {
		return Result{}, s.Err()
	}
	c := &converter{cells: len(fragment)}
	text := strings.Join(c.blocks(root.children), "\n\n")
	return Result{text, c.lost, c.files}, nil
}

// plain takes the common case, one element with nothing but text in it, the short way.
func plain(fragment string) (Result, bool) {
	text := strings.TrimSpace(fragment)
	if strings.HasPrefix(text, "<") {
		open, rest, ok := strings.Cut(text[1:], ">")
		if !ok || strings.ContainsAny(open, " \t\r\n/'\"") {
			return Result{}, false
		}
		inner, closing, ok := strings.Cut(rest, "<")
		if !ok || closing != "/"+open+">" {
			return Result{}, false
		}
		local := open[strings.IndexByte(open, ':')+1:]
		if local != "div" && local != "p" {
			return Result{}, false
		}
		text = inner
	}
	if strings.ContainsAny(text, "<&") {
		return Result{}, false
	}
	return Result{Markdown: paragraph(escape(0, spaces(text)))}, true
}

type converter struct {
	lost, files []string
	within      []string // marks around what is written
	cell        bool     // of a table
	cells       int      // empty ones that may still be written
	nested      int      // lists and quotations around what is written
	before      byte     // stands before the run of nodes that is written
	unmarked    bool     // no marks are written
	risky       bool     // a mark was written where it could be taken for a character
}

func (c *converter) lose(what string) {
	if !slices.Contains(c.lost, what) {
		c.lost = append(c.lost, what)
	}
}

func (c *converter) refer(file string) {
	if !slices.Contains(c.files, file) {
		c.files = append(c.files, file)
	}
}

// blockElements begin a block of their own.
var blockElements = map[string]bool{"div": true, "p": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "ul": true, "ol": true, "li": true, "dl": true,
	"dt": true, "dd": true, "table": true, "pre": true, "blockquote": true, "hr": true, "address": true, "section": true, "article": true, "center": true, "body": true, "html": true,
	"tr": true, "tbody": true, "thead": true, "tfoot": true}

// blocks renders a run of nodes as blocks of Markdown, each without blank lines at its ends.
func (c *converter) blocks(nodes []*node) []string {
	var out []string
	var run []*node
	flush := func() {
		if text := c.paragraph(run); text != "" {
			out = append(out, text)
		}
		run = nil
	}
	for _, n := range nodes {
		if !n.block {
			run = append(run, n)
			continue
		}
		flush()
		out = append(out, c.block(n)...)
	}
	flush()
	return out
}

// paragraph renders a run of nodes as a paragraph, without marks where Markdown would take one for a character.
func (c *converter) paragraph(run []*node) string {
	c.risky = false
	text := paragraph(c.inline(run, 0))
	if !c.risky {
		return text
	}
	c.unmarked = true
	plain := paragraph(c.inline(run, 0))
	c.unmarked = false
	if says(text) == says(plain) {
		return text
	}
	c.lose("emphasis within a word")
	return plain
}

// says is the text of a piece of Markdown, without space.
func says(text string) string {
	w := &writer{source: []byte(text)}
	doc := markdown.Parser().Parse(gmtext.NewReader(w.source))
	w.flat(doc)
	return strings.Join(strings.Fields(w.b.String()), "")
}

func (c *converter) block(n *node) []string {
	c.styled(n)
	switch n.name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		c.lose("the level of a heading")
		if text := strings.TrimSpace(c.inline(n.children, 0)); text != "" {
			return []string{around("**", strings.ReplaceAll(strings.ReplaceAll(text, "\\\n", " "), "\n", " "), 0, 0)}
		}
		return nil
	case "ul", "ol":
		if c.nested++; c.nested > maxNested {
			c.nested--
			c.lose("the depth of a list")
			return c.blocks(n.children)
		}
		defer func() { c.nested-- }()
		return c.list(n)
	case "dl":
		var out []string
		for _, child := range n.children {
			blocks := c.blocks(child.children)
			if child.name == "" {
				blocks = c.blocks([]*node{child})
			}
			if child.name == "dt" && len(blocks) > 0 {
				blocks[0] = around("**", blocks[0], 0, 0)
			}
			out = append(out, blocks...)
		}
		return out
	case "table":
		return c.table(n)
	case "pre":
		return []string{fenced(strings.Trim(textOf(n), "\n"))}
	case "blockquote":
		if c.nested++; c.nested > maxNested {
			c.nested--
			c.lose("the depth of a quotation")
			return c.blocks(n.children)
		}
		defer func() { c.nested-- }()
		if text := strings.Join(c.blocks(n.children), "\n\n"); text != "" {
			return []string{"> " + strings.ReplaceAll(text, "\n", "\n> ")}
		}
		return nil
	case "hr":
		return []string{"***"}
	case "script", "style":
		c.lose(n.name)
		return nil
	}
	return c.blocks(n.children)
}

// styled notes what the attributes of an element say and Markdown cannot.
func (c *converter) styled(n *node) {
	for _, a := range n.attrs {
		switch a.Local {
		case "style":
			if strings.TrimSpace(a.Value) != "" {
				c.lose("style: " + styleNames(a.Value))
			}
		case "color", "bgcolor", "face", "size":
			c.lose(a.Local)
		}
	}
}

func styleNames(style string) string {
	var names []string
	for _, part := range strings.Split(style, ";") {
		name, _, _ := strings.Cut(part, ":")
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) && len(names) < 8 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func textOf(n *node) string {
	var b strings.Builder
	var walk func(*node)
	walk = func(n *node) {
		b.WriteString(n.text)
		if n.name == "br" {
			b.WriteByte('\n')
		}
		for _, c := range n.children {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

func fenced(code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + "\n" + code + "\n" + fence
}

func (c *converter) list(n *node) []string {
	var items []string
	number, indent := 0, ""
	for _, child := range n.children {
		nodes := child.children
		switch {
		case child.name == "" && strings.TrimSpace(child.text) == "":
			continue
		case child.name == "ul" || child.name == "ol": // a list within a list without an item is below the item before
			if nested := strings.Join(c.block(child), "\n"); nested != "" {
				items = append(items, shift(nested, indent))
			}
			continue
		case child.name != "li":
			nodes = []*node{child}
		}
		c.styled(child)
		text := joinBlocks(c.blocks(nodes))
		if text == "" { // an empty item says nothing, and takes in what follows
			continue
		}
		number++
		mark := "- "
		if n.name == "ol" {
			mark = strconv.Itoa(number) + ". "
		}
		indent = strings.Repeat(" ", len(mark))
		items = append(items, mark+strings.TrimLeft(shift(text, indent), " "))
	}
	if len(items) == 0 {
		return nil
	}
	return []string{strings.Join(items, "\n")}
}

// joinBlocks joins the blocks of an item; lists need no blank line before them.
func joinBlocks(blocks []string) string {
	var b strings.Builder
	for i, block := range blocks {
		switch {
		case i == 0:
		case strings.HasPrefix(block, "- ") || strings.HasPrefix(block, "1. "):
			b.WriteByte('\n')
		default:
			b.WriteString("\n\n")
		}
		b.WriteString(block)
	}
	return b.String()
}

// shift indents lines that hold something.
func shift(text, blanks string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = blanks + l
		}
	}
	return strings.Join(lines, "\n")
}

// maxNested bounds how deep lists and quotations are written, since every line is moved in by the depth.
const maxNested = 20

// maxColumns bounds what a colspan can make.
const maxColumns = 256

func (c *converter) table(n *node) []string {
	var rows [][]string
	header := false
	var before []string
	var walk func(*node)
	walk = func(n *node) {
		for _, child := range n.children {
			switch child.name {
			case "tr":
				cells, all := c.row(child)
				if len(rows) == 0 && all && len(cells) > 0 {
					header = true
				}
				rows = append(rows, cells)
			case "caption":
				before = append(before, c.blocks(child.children)...)
			case "thead", "tbody", "tfoot":
				walk(child)
			}
		}
	}
	walk(n)
	width := 0
	for _, r := range rows {
		width = max(width, len(r))
	}
	if width == 0 {
		return before
	}
	var b strings.Builder
	line := func(cells []string) {
		for _, cell := range cells {
			b.WriteString("| ")
			if cell != "" {
				b.WriteString(cell + " ")
			}
		}
		for range min(width-len(cells), c.cells) { // Markdown takes shorter rows too
			b.WriteString("| ")
			c.cells--
		}
		b.WriteString("|\n")
	}
	if !header {
		rows = slices.Insert(rows, 0, make([]string, width))
	}
	for len(rows[0]) < width {
		rows[0] = append(rows[0], "")
	}
	line(rows[0])
	b.WriteString(strings.Repeat("|---", width) + "|\n")
	for _, r := range rows[1:] {
		line(r)
	}
	return append(before, strings.TrimRight(b.String(), "\n"))
}

func (c *converter) row(n *node) (cells []string, header bool) {
	header = true
	for _, cell := range n.children {
		if cell.name != "td" && cell.name != "th" {
			continue
		}
		header = header && cell.name == "th"
		c.styled(cell)
		outer := c.cell
		c.cell = true
		blocks := c.blocks(cell.children)
		c.cell = outer
		for i, b := range blocks {
			if strings.Contains(b, "\n") {
				c.lose("lines within a table cell")
			}
			blocks[i] = strings.Join(strings.Fields(strings.ReplaceAll(b, "\\\n", " ")), " ")
		}
		if len(blocks) > 1 {
			c.lose("paragraphs within a table cell")
		}
		cells = append(cells, escapePipes(strings.Join(blocks, " ")))
		if span, err := strconv.Atoi(cell.attr("colspan")); err == nil && span > 1 {
			c.lose("merged cells")
			for range min(span-1, maxColumns, c.cells) {
				cells = append(cells, "")
				c.cells--
			}
		}
		if span := cell.attr("rowspan"); span != "" && span != "1" {
			c.lose("merged cells")
		}
	}
	return cells, header
}

// escapePipes keeps a cell one cell: its | are escaped, those that are already excepted.
func escapePipes(cell string) string {
	if !strings.Contains(cell, "|") {
		return cell
	}
	var b strings.Builder
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; {
		case c == '\\' && i+1 < len(cell):
			b.WriteString(cell[i : i+2])
			i++
		case c == '|':
			b.WriteString("\\|")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// inline renders a run of nodes behind a character, 0 for none, as one paragraph: spaces are joined, and escaped where Markdown would take them for more.
func (c *converter) inline(nodes []*node, before byte) string {
	var b strings.Builder
	outer := c.before
	c.before = before
	defer func() { c.before = outer }()
	nodes = merged(nodes)
	for i, n := range nodes {
		next := rune(0)
		for _, m := range nodes[i+1:] {
			if next = firstRune(m); next != 0 {
				break
			}
		}
		c.write(&b, n, next)
	}
	return b.String()
}

// marks are the elements that Markdown writes with marks around a text.
var marks = map[string]string{"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "var": "*", "dfn": "*", "s": "~~", "del": "~~", "strike": "~~"}

func markOf(n *node) string {
	switch n.name {
	case "code", "tt", "kbd", "samp":
		return "`"
	}
	return marks[n.name]
}

// merged joins neighbours with the same mark, whose marks would run into one another.
func merged(nodes []*node) []*node {
	for i := 1; i < len(nodes); i++ {
		if mark := markOf(nodes[i]); mark == "" || mark != markOf(nodes[i-1]) {
			continue
		}
		out := slices.Clone(nodes[:1])
		for _, n := range nodes[1:] {
			last := out[len(out)-1]
			if mark := markOf(n); mark == "" || mark != markOf(last) {
				out = append(out, n)
				continue
			}
			out[len(out)-1] = &node{name: last.name, attrs: slices.Concat(last.attrs, n.attrs), children: slices.Concat(last.children, n.children)}
		}
		return out
	}
	return nodes
}

// firstRune is what the text of a node begins with, 0 where it has none.
func firstRune(n *node) rune {
	if n.name == "br" {
		return '\n'
	}
	for _, r := range n.text {
		return r
	}
	for _, c := range n.children {
		if r := firstRune(c); r != 0 {
			return r
		}
	}
	if n.name == "img" || n.name == "object" {
		return '!'
	}
	return 0
}

// write adds a node to what stands in b; next is the character behind it, 0 where there is none.
func (c *converter) write(b *strings.Builder, n *node, next rune) {
	if n.name == "" {
		b.WriteString(escape(c.last(b), spaces(n.text)))
		return
	}
	c.styled(n)
	if mark := marks[n.name]; mark != "" {
		c.marked(b, n, mark, next)
		return
	}
	switch n.name {
	case "br":
		if c.cell {
			c.lose("lines within a table cell")
			b.WriteByte(' ')
			return
		}
		if c.last(b) == '\\' { // goldmark would take both for characters
			b.WriteByte(' ')
		}
		b.WriteString("\\\n")
	case "code", "tt", "kbd", "samp":
		text := strings.Join(strings.Fields(textOf(n)), " ")
		if c.unmarked || c.cell && strings.Contains(text, `\|`) {
			b.WriteString(escape(c.last(b), text))
			return
		}
		c.emit(b, code(text))
	case "u", "ins":
		c.lose("underline")
		c.emit(b, c.inline(n.children, c.last(b)))
	case "sup":
		c.raise(b, n, "^", "⁰¹²³⁴⁵⁶⁷⁸⁹")
	case "sub":
		c.raise(b, n, "_", "₀₁₂₃₄₅₆₇₈₉")
	case "a":
		c.anchor(b, n)
	case "img":
		c.picture(b, n.attr("src"), n.attr("alt"))
	case "object":
		c.object(b, n)
	case "script", "style":
		c.lose(n.name)
	case "big", "small", "font":
		c.lose("font")
		c.emit(b, c.inline(n.children, c.last(b)))
	case "span", "q", "abbr", "acronym", "label", "x":
		c.emit(b, c.inline(n.children, c.last(b)))
	default:
		c.lose("element " + n.name)
		c.emit(b, c.inline(n.children, c.last(b)))
	}
}

// raise writes digits above or below the line; other text is marked.
func (c *converter) raise(b *strings.Builder, n *node, mark, digits string) {
	text := strings.TrimSpace(c.inline(n.children, 0))
	if text != "" && strings.Trim(text, "0123456789") == "" {
		for _, d := range text {
			b.WriteRune([]rune(digits)[d-'0'])
		}
		return
	}
	c.lose("text above or below the line")
	if text != "" {
		b.WriteString("\\" + mark + "(" + text + ")")
	}
}

func (c *converter) anchor(b *strings.Builder, n *node) {
	text := strings.TrimSpace(c.inline(n.children, 0))
	to := strings.TrimSpace(n.attr("href"))
	switch {
	case to == "":
		c.emit(b, text)
	case text == "":
		c.emit(b, "["+escape(0, to)+"]("+address(to)+")")
	default:
		c.emit(b, "["+text+"]("+address(to)+")")
	}
	if to != "" && local(to) {
		c.refer(to)
	}
}

func (c *converter) picture(b *strings.Builder, src, alt string) {
	if src == "" {
		c.lose("a picture without a source")
		return
	}
	if local(src) {
		c.refer(src)
	}
	b.WriteString("![" + escape(0, strings.Join(strings.Fields(alt), " ")) + "](" + address(src) + ")")
}

// object writes an embedded object: a picture, or a link to the file around the picture that stands for it.
func (c *converter) object(b *strings.Builder, n *node) {
	data, kind := n.attr("data"), n.attr("type")
	text := ""
	var inner *node
	for _, child := range n.children {
		if child.name == "object" || child.name == "img" {
			inner = child
		}
	}
	if inner == nil {
		text = strings.TrimSpace(c.inline(n.children, 0))
	}
	if data == "" {
		b.WriteString(c.inline(n.children, 0))
		return
	}
	if isPicture(data, kind) {
		c.picture(b, data, text)
		return
	}
	if local(data) {
		c.refer(data)
	}
	if inner != nil {
		var shown strings.Builder
		c.write(&shown, inner, 0)
		text = shown.String()
	}
	if text == "" {
		text = escape(0, path.Base(data))
	}
	c.emit(b, "["+text+"]("+address(data)+")")
}

func isPicture(data, kind string) bool {
	if kind != "" {
		return strings.HasPrefix(kind, "image/")
	}
	switch strings.ToLower(path.Ext(data)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".svg", ".bmp", ".tif", ".tiff", ".webp":
		return true
	}
	return false
}

func local(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "" && u.Host == "" && u.Path != ""
}

// address is a link target as Markdown takes it.
func address(to string) string {
	to = strings.NewReplacer(" ", "%20", "\n", "", "\t", "", "<", "%3C", ">", "%3E", "(", "%28", ")", "%29", "\\", "/").Replace(to)
	return to
}

// spaces joins runs of space; one at an end stays, since words may go on beside.
func spaces(s string) string {
	if s == "" || joinedSpaces(s) {
		return s
	}
	out := strings.Join(strings.FieldsFunc(s, isSpace), " ")
	if isSpace(rune(s[0])) {
		out = " " + out
	}
	if isSpace(rune(s[len(s)-1])) && out != " " {
		out += " "
	}
	return out
}

// joinedSpaces reports a text that has only single blanks.
func joinedSpaces(s string) bool {
	return !strings.ContainsAny(s, "\t\n\r") && !strings.Contains(s, "  ")
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// marked writes a text with marks around it, unless it has them already.
func (c *converter) marked(b *strings.Builder, n *node, mark string, next rune) {
	if c.unmarked || slices.Contains(c.within, mark) {
		c.emit(b, c.inline(n.children, c.last(b)))
		return
	}
	c.within = append(c.within, mark)
	text := c.inline(n.children, mark[0])
	c.within = c.within[:len(c.within)-1]
	before := c.last(b)
	marked := around(mark, text, before, next)
	c.risky = c.risky || before != 0 && !isSpace(rune(before)) || next != 0 && !isSpace(next) && !strings.ContainsRune(".,;:!?)", next) || !plainEnds(marked, mark)
	c.emit(b, marked)
}

// emit adds what may begin with a mark.
func (c *converter) emit(b *strings.Builder, text string) {
	if text != "" && strings.IndexByte("`*~", c.last(b)) >= 0 && strings.IndexByte("`*~", text[0]) >= 0 {
		c.risky = true
	}
	if before, ok := strings.CutSuffix(b.String(), "!"); ok && strings.HasPrefix(text, "[") { // no picture
		b.Reset()
		b.WriteString(before + "\\!")
	}
	b.WriteString(text)
}

// plainEnds reports a marked text, which may stand between spaces, that begins and ends with a letter or digit.
func plainEnds(text, mark string) bool {
	text = strings.TrimFunc(text, unicode.IsSpace)
	inner := strings.TrimSuffix(strings.TrimPrefix(text, mark), mark)
	return len(inner) > 0 && len(text) == len(inner)+2*len(mark) && alnum(inner[0]) && alnum(inner[len(inner)-1])
}

// last is the byte that stands before what comes next, 0 where there is none.
func (c *converter) last(b *strings.Builder) byte {
	if s := b.String(); s != "" {
		return s[len(s)-1]
	}
	return c.before
}

// around puts a mark around a text, inside of its spaces. A mark between a letter and punctuation would be none (CommonMark
// 0.31, 6.2, flanking): punctuation at the ends goes outside there.
func around(mark, text string, before byte, behind rune) string {
	inner := strings.TrimFunc(text, unicode.IsSpace)
	for strings.HasPrefix(inner, "\\\n") || strings.HasSuffix(inner, "\\\n") || strings.HasSuffix(inner, "\\") && !strings.HasSuffix(inner, "\\\\") {
		inner = strings.TrimFunc(strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(inner, "\n"), "\\"), "\\\n"), unicode.IsSpace)
	}
	if inner == "" || strings.Contains(strings.ReplaceAll(inner, " ", ""), "\\\n\\\n") { // two paragraphs
		return text
	}
	at := strings.Index(text, inner)
	from, to := at, at+len(inner)
	if at == 0 && alnum(before) {
		for from < to && punctuation(text[from]) {
			from++
		}
	}
	if to == len(text) && (unicode.IsLetter(behind) || unicode.IsDigit(behind)) {
		for to > from && punctuation(text[to-1]) {
			to--
		}
	}
	inner = text[from:to]
	if strings.TrimSpace(inner) == "" || strings.Trim(inner, " ") != inner || (from > at || to < at+len(inner)) && strings.ContainsAny(inner, "\\`[]") {
		return text
	}
	return text[:from] + mark + inner + mark + text[to:]
}

func punctuation(c byte) bool { return c > ' ' && c < 0x7f && !alnum(c) }

func code(text string) string {
	if text == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// escape keeps characters from being taken for Markdown. Before is what stands before the text, 0 for nothing.
func escape(before byte, s string) string {
	if !strings.ContainsAny(s, "\\`*_[]<>&~|") {
		return s
	}
	var b strings.Builder
	prev := before
	for i := 0; i < len(s); i++ {
		c := s[i]
		if needsEscape(s, i, prev) {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
		prev = c
	}
	return b.String()
}

func needsEscape(s string, i int, prev byte) bool {
	switch s[i] {
	case '\\', '`', '*', '[', ']':
		return true
	case '_':
		return i == 0 || i == len(s)-1 || !alnum(s[i-1]) || !alnum(s[i+1])
	case '~': // one that could end what another began, or that is not alone
		return prev != 0 && prev != ' ' && prev != '\n' || i+1 < len(s) && s[i+1] == '~'
	case '<':
		return i+1 == len(s) || alnum(s[i+1]) || s[i+1] == '/' || s[i+1] == '!' || s[i+1] == '?'
	case '&':
		j := strings.IndexByte(s[i:min(len(s), i+40)], ';')
		return i == len(s)-1 || j > 1 && !strings.ContainsAny(s[i+1:i+j], " &")
	}
	return false
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

// paragraph trims a paragraph and keeps the beginnings of its lines from being taken for blocks.
func paragraph(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		l = strings.TrimLeftFunc(l, unicode.IsSpace)
		if i == len(lines)-1 || !strings.HasSuffix(l, "\\") {
			l = strings.TrimRightFunc(l, unicode.IsSpace)
		}
		lines[i] = l
	}
	text = strings.Join(lines, "\n")
	for strings.HasSuffix(text, "\\\n") || strings.HasPrefix(text, "\\\n") { // breaks at the ends say nothing
		text = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(text, "\\\n"), "\\\n"), " ")
	}
	for strings.Contains(text, "\n\\\n") { // several breaks are an empty line
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\\\n\\\n", "\n\n"), "\n\\\n", "\n\n")
	}
	lines = strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		lines[i] = lineStart(l)
	}
	return strings.Join(lines, "\n")
}

func lineStart(l string) string {
	if l == "" {
		return l
	}
	switch l[0] {
	case '#', '>', '=', '|', ':':
		return "\\" + l
	case '~':
		if strings.HasPrefix(l, "~~~") {
			return "\\" + l
		}
	case '-', '+':
		if len(l) == 1 || strings.IndexByte(" -+:|", l[1]) >= 0 {
			return "\\" + l
		}
	}
	digits := 0
	for digits < len(l) && l[digits] >= '0' && l[digits] <= '9' {
		digits++
	}
	if digits > 0 && digits < 10 && digits < len(l) && (l[digits] == '.' || l[digits] == ')') && (digits+1 == len(l) || l[digits+1] == ' ') {
		return l[:digits] + "\\" + l[digits:]
	}
	return l
}

// ToText is the text of a fragment without its markup; elements are apart. What is not well-formed is taken as text.
func ToText(fragment string) string {
	if !strings.ContainsAny(fragment, "<&") {
		return strings.TrimSpace(fragment)
	}
	s, err := xmlscan.New([]byte("<x>"+fragment+"</x>"), xmlscan.Options{MaxDepth: 1 << 20})
	if err != nil {
		return fragment
	}
	var b strings.Builder
	for s.Next() {
		switch {
		case s.Kind == xmlscan.Text:
			b.WriteString(s.Text)
		case blockElements[strings.ToLower(s.Name.Local)] || s.Name.Local == "br" || s.Name.Local == "td" || s.Name.Local == "th":
			b.WriteByte('\n')
		}
	}
	if s.Err() != nil {
		return fragment
	}
	var lines []string
	for line := range strings.Lines(b.String()) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
