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
			if len(stack) == 0 {
				root = n
			} else {
				top := stack[len(stack)-1]
				top.children = append(top.children, n)
			}
			stack = append(stack, n)
		case xmlscan.End:
			stack = stack[:len(stack)-1]
		case xmlscan.Text:
			top := stack[len(stack)-1]
			top.children = append(top.children, &node{text: s.Text})
		}
	}
	if s.Err() != nil {
		return Result{}, s.Err()
	}
	c := &converter{}
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
	return Result{Markdown: paragraph(escape(strings.Join(strings.Fields(text), " ")))}, true
}

type converter struct {
	lost, files []string
	pre         bool
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

func hasBlock(n *node) bool {
	if blockElements[n.name] {
		return true
	}
	return slices.ContainsFunc(n.children, hasBlock)
}

// blocks renders a run of nodes as blocks of Markdown, each without blank lines at its ends.
func (c *converter) blocks(nodes []*node) []string {
	var out []string
	var run []*node
	flush := func() {
		if text := paragraph(c.inline(run)); text != "" {
			out = append(out, text)
		}
		run = nil
	}
	for _, n := range nodes {
		if n.name == "" || !hasBlock(n) {
			run = append(run, n)
			continue
		}
		flush()
		out = append(out, c.block(n)...)
	}
	flush()
	return out
}

func (c *converter) block(n *node) []string {
	c.styled(n)
	switch n.name {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		c.lose("the level of a heading")
		if text := strings.TrimSpace(c.inline(n.children)); text != "" {
			return []string{around("**", strings.ReplaceAll(text, "\n", " "))}
		}
		return nil
	case "ul", "ol":
		return c.list(n)
	case "dl":
		var out []string
		for _, child := range n.children {
			blocks := c.blocks(child.children)
			if child.name == "dt" && len(blocks) > 0 {
				blocks[0] = around("**", blocks[0])
			}
			out = append(out, blocks...)
		}
		return out
	case "table":
		return c.table(n)
	case "pre":
		return []string{fenced(strings.Trim(textOf(n), "\n"))}
	case "blockquote":
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
	number := 0
	for _, child := range n.children {
		switch {
		case child.name == "" && strings.TrimSpace(child.text) == "":
			continue
		case child.name == "ul" || child.name == "ol": // a list within a list without an item is below the item before
			if nested := strings.Join(c.list(child), "\n"); nested != "" {
				if len(items) == 0 {
					items = append(items, strings.TrimPrefix(nested, ""))
					continue
				}
				items[len(items)-1] += "\n" + shift(nested, "  ")
			}
			continue
		}
		number++
		mark := "- "
		if n.name == "ol" {
			mark = strconv.Itoa(number) + ". "
		}
		nodes := child.children
		if child.name != "li" {
			nodes = []*node{child}
		}
		c.styled(child)
		blocks := c.blocks(nodes)
		text := ""
		for i, b := range blocks {
			switch {
			case i == 0:
				text = b
			case strings.HasPrefix(b, "- ") || strings.HasPrefix(b, "1. "):
				text += "\n" + b
			default:
				text += "\n\n" + b
			}
		}
		items = append(items, mark+strings.TrimLeft(shift(text, strings.Repeat(" ", len(mark))), " "))
	}
	if len(items) == 0 {
		return nil
	}
	return []string{strings.Join(items, "\n")}
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
		for i := range width {
			b.WriteString("| ")
			if i < len(cells) && cells[i] != "" {
				b.WriteString(cells[i] + " ")
			}
		}
		b.WriteString("|\n")
	}
	if !header {
		rows = slices.Insert(rows, 0, nil)
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
		blocks := c.blocks(cell.children)
		for i, b := range blocks {
			if strings.Contains(b, "\n") {
				c.lose("lines within a table cell")
			}
			blocks[i] = strings.Join(strings.Fields(strings.ReplaceAll(b, "\\\n", " ")), " ")
		}
		if len(blocks) > 1 {
			c.lose("paragraphs within a table cell")
		}
		cells = append(cells, strings.ReplaceAll(strings.Join(blocks, " "), "|", "\\|"))
		if span, err := strconv.Atoi(cell.attr("colspan")); err == nil && span > 1 {
			c.lose("merged cells")
			for range min(span, maxColumns) - 1 {
				cells = append(cells, "")
			}
		}
		if span := cell.attr("rowspan"); span != "" && span != "1" {
			c.lose("merged cells")
		}
		if len(cells) > maxColumns {
			return cells[:maxColumns], header
		}
	}
	return cells, header
}

// inline renders a run of nodes as one paragraph: spaces are joined, and escaped where Markdown would take them for more.
func (c *converter) inline(nodes []*node) string {
	var b strings.Builder
	for _, n := range nodes {
		c.write(&b, n)
	}
	return b.String()
}

func (c *converter) write(b *strings.Builder, n *node) {
	if n.name == "" {
		b.WriteString(escape(spaces(n.text)))
		return
	}
	c.styled(n)
	switch n.name {
	case "br":
		b.WriteString("\\\n")
	case "b", "strong":
		b.WriteString(around("**", c.inline(n.children)))
	case "i", "em", "cite", "var", "dfn":
		b.WriteString(around("*", c.inline(n.children)))
	case "s", "del", "strike":
		b.WriteString(around("~~", c.inline(n.children)))
	case "code", "tt", "kbd", "samp":
		b.WriteString(code(strings.Join(strings.Fields(textOf(n)), " ")))
	case "u", "ins":
		c.lose("underline")
		b.WriteString(c.inline(n.children))
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
		b.WriteString(c.inline(n.children))
	case "span", "q", "abbr", "acronym", "label", "x":
		b.WriteString(c.inline(n.children))
	default:
		c.lose("element " + n.name)
		b.WriteString(c.inline(n.children))
	}
}

// raise writes digits above or below the line; other text is marked.
func (c *converter) raise(b *strings.Builder, n *node, mark, digits string) {
	text := strings.TrimSpace(c.inline(n.children))
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
	text := strings.TrimSpace(c.inline(n.children))
	to := strings.TrimSpace(n.attr("href"))
	switch {
	case to == "":
		b.WriteString(text)
	case text == "":
		b.WriteString("[" + escape(to) + "](" + address(to) + ")")
	default:
		b.WriteString("[" + text + "](" + address(to) + ")")
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
	b.WriteString("![" + escape(strings.Join(strings.Fields(alt), " ")) + "](" + address(src) + ")")
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
		text = strings.TrimSpace(c.inline(n.children))
	}
	if data == "" {
		b.WriteString(c.inline(n.children))
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
		c.write(&shown, inner)
		text = shown.String()
	}
	if text == "" {
		text = escape(path.Base(data))
	}
	b.WriteString("[" + text + "](" + address(data) + ")")
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
	if s == "" {
		return ""
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

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// around puts a mark around a text, inside of its spaces.
func around(mark, text string) string {
	inner := strings.TrimFunc(text, unicode.IsSpace)
	inner = strings.Trim(inner, "\\\n")
	if strings.TrimSpace(inner) == "" {
		return text
	}
	at := strings.Index(text, inner)
	return text[:at] + mark + inner + mark + text[at+len(inner):]
}

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

// escape keeps characters from being taken for Markdown.
func escape(s string) string {
	if !strings.ContainsAny(s, "\\`*_[]<>&~|") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\', '`', '*', '[', ']':
			b.WriteByte('\\')
		case '_':
			if i == 0 || i == len(s)-1 || !alnum(s[i-1]) || !alnum(s[i+1]) {
				b.WriteByte('\\')
			}
		case '~':
			if i+1 < len(s) && s[i+1] == '~' || i > 0 && s[i-1] == '~' {
				b.WriteByte('\\')
			}
		case '<':
			if i+1 < len(s) && (alnum(s[i+1]) || s[i+1] == '/' || s[i+1] == '!' || s[i+1] == '?') {
				b.WriteByte('\\')
			}
		case '&':
			if j := strings.IndexByte(s[i:min(len(s), i+40)], ';'); j > 1 && !strings.ContainsAny(s[i+1:i+j], " &") {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
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
		lines[i] = lineStart(l)
	}
	text = strings.Join(lines, "\n")
	for strings.HasSuffix(text, "\\\n") || strings.HasPrefix(text, "\\\n") { // breaks at the ends say nothing
		text = strings.TrimSuffix(strings.TrimPrefix(text, "\\\n"), "\\\n")
	}
	text = strings.ReplaceAll(text, "\\\n\\\n", "\n\n")
	return strings.TrimSpace(strings.TrimSuffix(text, "\\\n"))
}

func lineStart(l string) string {
	if l == "" {
		return l
	}
	switch l[0] {
	case '#', '>', '=', '|', '~', ':':
		return "\\" + l
	case '-', '+':
		if len(l) == 1 || l[1] == ' ' || l[1] == '-' || l[1] == '+' {
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
