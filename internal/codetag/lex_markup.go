package codetag

import (
	"bytes"
	"strings"
)

// lexXML reads comments of XML: <!-- … -->, not in attributes and not in CDATA.
func lexXML(x *lexer) { x.markup(false) }

// lexHTML reads those of HTML too, and script and style elements as their languages.
func lexHTML(x *lexer) { x.markup(true) }

func (x *lexer) markup(html bool) {
	for x.i < x.end {
		n := bytes.IndexByte(x.src[x.i:x.end], '<')
		if n < 0 {
			n = x.end - x.i
		}
		x.fill(x.i, x.i+n, inString)
		x.i += n
		switch {
		case x.i >= x.end:
		case x.at("<!--"):
			x.readBlock(&block{open: "<!--", close: "-->"})
		case x.at("<![CDATA["):
			x.hideTo("]]>")
		case x.at("<?"):
			x.hideTo("?>")
		case isLetter(x.peek(1)) || x.peek(1) == '/' || x.peek(1) == '!':
			x.element(html)
		default:
			x.mask[x.i] = inString
			x.i++
		}
	}
}

// hideTo passes text up to and with close.
func (x *lexer) hideTo(close string) {
	start := x.i
	if n := bytes.Index(x.src[x.i:x.end], []byte(close)); n >= 0 {
		x.i += n + len(close)
	} else {
		x.unclosed(start, "markup")
		x.i = x.end
	}
	x.fill(start, x.i, inString)
}

// element passes a tag with its attributes, and reads the text of script and style.
func (x *lexer) element(html bool) {
	start := x.i
	name := x.i + 1
	for x.i++; x.i < x.end && (isAlnum(x.src[x.i]) || x.src[x.i] == '-' || x.src[x.i] == ':' || x.src[x.i] == '/'); x.i++ {
	}
	tag := string(bytes.ToLower(x.src[name:min(x.i, name+16)]))
	for x.i < x.end && x.src[x.i] != '>' {
		if c := x.src[x.i]; c == '"' || c == '\'' {
			n := bytes.IndexByte(x.src[x.i+1:x.end], c)
			if n < 0 {
				x.unclosed(x.i, "attribute")
				x.i = x.end
				break
			}
			x.i += n + 1
		}
		x.i++
	}
	x.i = min(x.i+1, x.end)
	x.fill(start, x.i, inString)
	if !html {
		return
	}
	switch tag {
	case "script":
		x.embedded("</script", styleJS)
	case "style":
		x.embedded("</style", styleSCSS)
	}
}

// embedded reads text of another style up to the end tag.
func (x *lexer) embedded(close string, st *style) {
	end := x.end
	if n := indexFold(x.src[x.i:x.end], close); n >= 0 {
		end = x.i + n
	}
	inner := *x
	inner.st, inner.end = st, end
	inner.stack, inner.heredocs = nil, nil
	inner.run()
	x.i = end
	x.comments, x.flaws, x.word = inner.comments, inner.flaws, inner.word
	x.noRegex = 0
}

// indexFold is bytes.Index for a lower case needle that opens with '<', in any case.
func indexFold(s []byte, needle string) int {
	for at := 0; ; {
		n := bytes.IndexByte(s[at:], needle[0])
		if n < 0 || at+n+len(needle) > len(s) {
			return -1
		}
		at += n
		if bytes.EqualFold(s[at:at+len(needle)], []byte(needle)) {
			return at
		}
		at++
	}
}

// lexRobot reads Robot Framework: # at the start of a cell, and the cells of
// settings that hold tags.
func lexRobot(x *lexer) {
	tags := false // in a setting of tags, which a line "..." continues
	for x.i < x.end {
		end := x.lineEnd()
		for first := true; ; first = false {
			from, to := robotCell(x.src, x.i, end)
			if from >= end {
				break
			}
			x.i = from
			cell := string(x.src[from:min(to, from+20)])
			switch {
			case cell[0] == '#':
				x.lineComment(1)
				continue
			case first:
				tags = robotTags(cell) || tags && cell == "..."
			case tags:
				x.comment(from, from, to, to)
			}
			x.i = to
		}
		x.i = min(end+1, x.end)
	}
}

// robotCell returns the next cell of a line: text up to a tab or two blanks.
func robotCell(src []byte, i, end int) (from, to int) {
	for i < end && (isBlank(src[i]) || src[i] == '\r') {
		i++
	}
	from = i
	for i < end && src[i] != '\t' && src[i] != '\r' && (src[i] != ' ' || i+1 < end && src[i+1] != ' ') {
		i++
	}
	return from, i
}

func robotTags(cell string) bool {
	switch strings.ToLower(cell) {
	case "[tags]", "test tags", "task tags", "force tags", "default tags", "keyword tags":
		return true
	}
	return false
}
