package openfasttrace

import (
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// tag is a coverage tag: [impl->dsn~x~1], [impl~name~2->dsn~x~1, dsn~y~1>>utest].
type tag struct {
	artifact, name, revision string
	covers                   []found
	needs                    []string
	start                    int // of [ in the line
}

// tagsOf gives the tags of a line, and where something begins as one and is none.
func tagsOf(line string) (tags []tag, bad []int) {
	for at := 0; ; {
		next := strings.IndexByte(line[at:], '[')
		if next < 0 {
			return tags, bad
		}
		at += next
		t, n, begun := parseTag(line[at:])
		switch {
		case n > 0:
			t.start = at
			for i := range t.covers {
				t.covers[i].start += at
				t.covers[i].end += at
			}
			tags = append(tags, t)
			at += n
			continue
		case begun:
			bad = append(bad, at)
		}
		at++
	}
}

// cursor goes through a tag.
type cursor struct {
	s  string
	at int
}

func (c *cursor) blanks() {
	for c.at < len(c.s) && (c.s[c.at] == ' ' || c.s[c.at] == '\t') {
		c.at++
	}
}

func (c *cursor) take(s string) bool {
	if !strings.HasPrefix(c.s[c.at:], s) {
		return false
	}
	c.at += len(s)
	return true
}

// part takes what length measures.
func (c *cursor) part(length func(string) int) string {
	n := length(c.s[c.at:])
	c.at += n
	return c.s[c.at-n : c.at]
}

// parseTag reads a tag at the beginning of s. n is its length, 0 when it is none; begun says that it looked like one.
func parseTag(s string) (t tag, n int, begun bool) {
	c := &cursor{s: s, at: 1}
	c.blanks()
	if t.artifact = c.part(letters); t.artifact == "" {
		return tag{}, 0, false
	}
	if c.take("~") {
		t.name = c.part(nameLength)
		if !c.take("~") {
			return tag{}, 0, false
		}
		if t.revision = c.part(digits); t.revision == "" {
			return tag{}, 0, false
		}
	}
	c.blanks()
	if !c.take("->") {
		return tag{}, 0, false
	}
	for {
		c.blanks()
		covered, length := parseID(c.s[c.at:])
		if length == 0 || strings.HasPrefix(c.s[c.at+len(covered.artifact):], ":") {
			word := letters(c.s[c.at:])
			return tag{}, 0, len(t.covers) > 0 || word > 0 && strings.HasPrefix(c.s[c.at+word:], "~")
		}
		t.covers = append(t.covers, found{covered, c.at, c.at + length})
		c.at += length
		c.blanks()
		if !c.take(",") {
			break
		}
	}
	if c.take(">>") {
		for {
			c.blanks()
			word := c.part(letters)
			if word == "" {
				return tag{}, 0, true
			}
			t.needs = append(t.needs, word)
			c.blanks()
			if !c.take(",") {
				break
			}
		}
	}
	if !c.take("]") {
		return tag{}, 0, true
	}
	return t, c.at, true
}

// items are those that OpenFastTrace makes of a tag: one where it has a name, else one for each that it covers, with a
// name made of that, and of the place where the tag needs nothing.
func (t *tag) items(file string, line, counter int) []exchange.Item {
	at := func(column int) exchange.Position {
		return exchange.Position{File: file, Line: line, Column: column + 1}
	}
	make1 := func(name string, covers ...found) exchange.Item {
		key := id{t.artifact, name, t.revision}
		if key.revision == "" {
			key.revision = "0"
		}
		it := newItem(key, at(t.start))
		for _, c := range covers {
			it.Links = append(it.Links, exchange.Link{Verb: verbCovers, Target: c.id.String(), At: at(c.start), State: exchange.Unresolved})
		}
		if len(t.needs) > 0 {
			it.Fields = append(it.Fields, exchange.Field{Name: fieldNeeds, Values: t.needs, At: at(t.start)})
		}
		it.Fields = append(it.Fields, exchange.Field{Name: fieldTag, Values: []string{"true"}, Data: exchange.DataBoolean, At: at(t.start)})
		return it
	}
	if t.name != "" {
		return []exchange.Item{make1(t.name, t.covers...)}
	}
	var out []exchange.Item
	for _, c := range t.covers {
		name := c.id.name
		if len(t.needs) == 0 {
			sum := crc32.ChecksumIEEE([]byte(file + strconv.Itoa(line) + strconv.Itoa(counter) + c.id.String()))
			name += "-" + strconv.FormatUint(uint64(sum), 10)
		}
		out = append(out, make1(name, c))
	}
	return out
}

func newItem(key id, at exchange.Position) exchange.Item {
	return exchange.Item{Type: key.artifact, Key: key.String(), Normative: true, Active: true, Review: exchange.Review{State: exchange.NotReviewed}, At: at}
}

// sourceTags searches a source file for tags.
func (r *reader) sourceTags(name, text string) (tags int) {
	line, at := 1, 0
	r.bad = 0
	defer func() {
		if r.bad > r.limits.Faults {
			r.error(name, fmt.Sprintf("the file has more than %d lines that are like coverage tags and none; the others are not listed", r.limits.Faults), "correct those named first")
		}
	}()
	for {
		next := strings.Index(text[at:], "->")
		if next < 0 {
			return tags
		}
		mark := at + next
		start := strings.LastIndexByte(text[at:mark], '\n') + 1 + at
		line += strings.Count(text[at:start], "\n")
		end := strings.IndexByte(text[mark:], '\n')
		if end < 0 {
			end = len(text) - mark
		}
		end += mark
		if row := text[start:end]; strings.IndexByte(row, '~') >= 0 && strings.IndexByte(row, '[') >= 0 {
			tags += r.tagLine(name, row, line)
		}
		at = end
	}
}

func (r *reader) tagLine(name, row string, line int) int {
	tags, bad := tagsOf(row)
	for i := range tags {
		for _, it := range tags[i].items(name, line, i) {
			it.Document, it.Order = tagsDocument, len(r.tags)+1
			r.tags = append(r.tags, it)
		}
	}
	for _, column := range bad {
		if r.bad++; r.bad > r.limits.Faults {
			break
		}
		r.faults = append(r.faults, badTag(name, row, line, column))
	}
	return len(tags)
}

func badTag(file, row string, line, column int) exchange.Fault {
	return exchange.Fault{At: exchange.Position{File: file, Line: line, Column: column + 1}, Error: true, Message: "this is no coverage tag: " + shorten(row[column:]), Remedy: "write it like [impl->dsn~name~1]"}
}

// tagsDocument is the document that holds the tags of source files.
const tagsDocument = "coverage tags"

// shorten cuts a line for a message.
func shorten(s string) string {
	const most = 60
	runes := 0
	for i := range s {
		if runes++; runes > most {
			return s[:i] + "…"
		}
	}
	return s
}
