package doorstop

import (
	"bytes"
	"strings"
)

// split takes a Markdown item apart: the YAML between two lines --- at its beginning, and the text after them. A file
// without them is all text.
func (ir *itemReader) split(data []byte, markdown bool) (body string, isMarkdown bool) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !markdown {
		ir.source.yaml = data
		return "", false
	}
	first, rest, ok := bytes.Cut(data, []byte("\n"))
	if !ok || !fence(first) {
		ir.source.fault(ir.source.whole(), false, "the file has no attributes between two lines --- at its beginning", "add level, links and the other attributes there")
		return string(data), true
	}
	ir.source.before = 1
	for at := 0; at < len(rest); {
		end := bytes.IndexByte(rest[at:], '\n')
		line, next := rest[at:], len(rest)
		if end >= 0 {
			line, next = rest[at:at+end], at+end+1
		}
		if fence(line) {
			ir.source.yaml = rest[:at]
			return string(rest[next:]), true
		}
		at = next
	}
	ir.source.fault(ir.source.whole(), false, "the attributes at the beginning of the file have no closing line ---", "add a line --- after the last attribute")
	ir.source.yaml = rest
	return "", true
}

func fence(line []byte) bool {
	line = bytes.TrimRight(line, " \t\r")
	return len(line) >= 3 && len(bytes.Trim(line, "-")) == 0
}

// body reads the text of a Markdown item: a first line that is a heading of level one is its header.
func (ir *itemReader) body(body string) {
	text := strings.TrimFunc(strings.ReplaceAll(body, "\r\n", "\n"), pythonSpace)
	first, rest, _ := strings.Cut(text, "\n")
	if title, ok := strings.CutPrefix(first, "# "); ok {
		ir.header = loadText(strings.TrimSpace(title))
		text = rest
	}
	ir.out.content.text = loadText(text)
}
