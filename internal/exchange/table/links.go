package table

import (
	"regexp"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// open marks a link while it is read that is one only if an item has its target's name.
const open = "\x00"

// said reads "verb: KEY" and "KEY: title", as Polarion and others write links.
var said = regexp.MustCompile(`^([A-Za-z][A-Za-z ]{0,40}):\s*(\S+)(.*)$`)

// fingerprinted reads KEY:FINGERPRINT, as Doorstop exports links.
var fingerprinted = regexp.MustCompile(`^([^:\s]+):([A-Za-z0-9_=+/-]{6,})$`)

// links takes the targets of a cell: several with commas, semicolons or line breaks between. What can be no target stays a field.
func (t *Table) links(item *exchange.Item, col *column, c *Cell, text string) {
	verb := col.verb
	if verb == "" {
		verb = col.field
	}
	at := t.position(c)
	for _, part := range parts(text) {
		for _, l := range target(part) {
			l.At = at
			if l.Verb == "" {
				l.Verb = verb
			}
			if l.ID == open {
				l.Verb = verb
				t.b.pending = true
			}
			item.Links = append(item.Links, l)
		}
	}
}

// parts divides a cell into targets.
func parts(text string) []string {
	if !strings.ContainsAny(text, ",;\n|") {
		return []string{text}
	}
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '|' })
}

// target reads one part of a cell of links.
func target(part string) []exchange.Link {
	part = strings.TrimSpace(part)
	if part == "" {
		return nil
	}
	bare := strings.Trim(part, "[](){}<>\"'")
	if strings.IndexByte(bare, ':') < 0 {
		if LooksLikeKey(bare) {
			return one(bare, part)
		}
	} else if m := fingerprinted.FindStringSubmatch(bare); m != nil && LooksLikeKey(m[1]) && strings.ContainsAny(m[2], "0123456789") {
		return []exchange.Link{{Target: m[1], Written: part, Fingerprint: m[2]}}
	}
	if LooksLikeKey(bare) {
		return one(bare, part)
	}
	words := strings.Fields(part)
	all := true
	for _, w := range words {
		all = all && LooksLikeKey(strings.Trim(w, "[]()"))
	}
	if all {
		links := make([]exchange.Link, len(words))
		for i, w := range words {
			links[i] = exchange.Link{Target: strings.Trim(w, "[]()")}
		}
		return links
	}
	if m := said.FindStringSubmatch(part); m != nil && LooksLikeKey(m[2]) && !LooksLikeKey(m[1]) {
		return []exchange.Link{{Verb: strings.TrimSpace(m[1]), Target: m[2], Written: part}}
	}
	if first := strings.Trim(words[0], "[]():"); namedKey(first) {
		return []exchange.Link{{Target: first, Written: part}}
	}
	return []exchange.Link{{Target: part, ID: open}}
}

func one(target, written string) []exchange.Link {
	l := exchange.Link{Target: target}
	if target != written {
		l.Written = written
	}
	return []exchange.Link{l}
}

// settle makes fields of what is no link, since no item is called so.
func (b *Builder) settle(item *exchange.Item, named map[string]bool) {
	kept := item.Links[:0]
	for _, l := range item.Links {
		if l.ID != open {
			kept = append(kept, l)
			continue
		}
		if named[l.Target] {
			l.ID = ""
			kept = append(kept, l)
			continue
		}
		i := len(item.Fields) - 1
		for ; i >= 0 && item.Fields[i].Name != l.Verb; i-- {
		}
		if i >= 0 {
			item.Fields[i].Values = append(item.Fields[i].Values, l.Target)
			continue
		}
		item.Fields = append(item.Fields, exchange.Field{Name: l.Verb, Values: []string{l.Target}, At: l.At})
	}
	item.Links = kept
	if len(kept) == 0 {
		item.Links = nil
	}
}

// Reference reads a line that only says what an item refers to, such as "Ref: SYS_155" or "covers: REQ_1, REQ_2".
func Reference(line string) (verb string, targets []string, ok bool) {
	verb, rest, found := strings.Cut(strings.TrimSpace(line), ":")
	verb = strings.TrimSpace(verb)
	if !found || verb == "" || len(verb) > 60 || LooksLikeKey(verb) || strings.TrimSpace(rest) == "" {
		return "", nil, false
	}
	c := compact(verb)
	if !linkNames[c] && verbs[c] == "" && !referenceNames[c] {
		return "", nil, false
	}
	for _, part := range parts(strings.TrimSuffix(strings.TrimSpace(rest), ".")) {
		for _, word := range strings.Fields(part) {
			key := strings.Trim(word, "[]()")
			if key == "and" || key == "und" || key == "&" {
				continue
			}
			if !LooksLikeKey(key) || !strings.ContainsFunc(key, func(r rune) bool { return r >= 'A' }) {
				return "", nil, false
			}
			targets = append(targets, key)
		}
	}
	return verb, targets, len(targets) > 0
}

// referenceNames are names of links in running text.
var referenceNames = compactSet("ref", "refs", "reference", "references", "source", "sources", "satisfy", "req", "requirement", "requirements", "see", "siehe", "quelle", "bezug", "allocated to", "traceability", "coverage")
