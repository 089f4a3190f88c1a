package verify

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// history keeps what a signature is held against: the revisions of items and the links from them, by stream, and who may sign with what.
type history struct {
	branches map[string]branch
	items    map[string]map[string][]revision // stream, item
	links    map[string]map[string][]linkStep // stream, source item
	gaps     map[string][]int64               // stream → entries with an operation that was redacted or is not known
	people   map[string][]object              // person → credentials as enrolled last
}

type branch struct {
	parent string
	entry  int64 // the last of the parent that the stream sees
}

type revision struct {
	entry   int64
	content string // content hash in text
}

type linkStep struct {
	entry        int64
	gone         bool
	verb, target string
	byName       bool // the target was written as a key that was no item's yet
}

func newHistory() *history {
	return &history{map[string]branch{}, map[string]map[string][]revision{}, map[string]map[string][]linkStep{}, map[string][]int64{}, map[string][]object{}}
}

// apply takes in one operation of an entry.
func (h *history) apply(entry int64, stream string, op object) {
	switch op.text("op") {
	case "put":
		if h.items[stream] == nil {
			h.items[stream] = map[string][]revision{}
		}
		id := op.text("id")
		h.items[stream][id] = append(h.items[stream][id], revision{entry, contentHash(op)})
	case "link", "unlink":
		if h.links[stream] == nil {
			h.links[stream] = map[string][]linkStep{}
		}
		step := linkStep{entry: entry, gone: op.text("op") == "unlink", verb: op.text("verb"), target: op.text("target")}
		if step.target == "" {
			step.target, step.byName = op.text("ref"), true
		}
		source := op.text("source")
		h.links[stream][source] = append(h.links[stream][source], step)
	case "branch stream":
		h.branches[op.text("stream")] = branch{op.text("parent"), op.number("entry")}
	case "membership":
		h.people[op.text("person")] = op.list("credentials")
	}
}

// line is a part of the past of a stream: its own entries up to one.
type line struct {
	stream string
	upTo   int64
}

// past returns what a stream sees as of an entry: of its ancestors first.
func (h *history) past(stream string, entry int64) (lines []line) {
	for range len(h.branches) + 1 {
		lines = append(lines, line{stream, entry})
		b, ok := h.branches[stream]
		if !ok {
			break
		}
		stream, entry = b.parent, min(entry, b.entry)
	}
	slices.Reverse(lines)
	return lines
}

// item returns content hash and number of the revision of an item as of an entry of a stream.
func (h *history) item(stream string, entry int64, id string) (content string, number int64) {
	for _, l := range h.past(stream, entry) {
		for _, r := range h.items[l.stream][id] {
			if r.entry <= l.upTo {
				content, number = r.content, number+1
			}
		}
	}
	return content, number
}

// linkSet returns the link-set hash of an item as of an entry of a stream; known is false where a link was written by a name, since
// which item that came to be is not followed here.
func (h *history) linkSet(stream string, entry int64, id string) (hash string, known bool) {
	set := map[[2]string]bool{}
	for _, l := range h.past(stream, entry) {
		for _, s := range h.links[l.stream][id] {
			if s.entry > l.upTo {
				continue
			}
			if s.byName {
				return "", false
			}
			if s.gone {
				delete(set, [2]string{s.verb, s.target})
			} else {
				set[[2]string{s.verb, s.target}] = true
			}
		}
	}
	var pairs [][2]string
	for pair := range set {
		pairs = append(pairs, pair)
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	b := []byte(`{"goldthread":"links 1","links":[`)
	for i, pair := range pairs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(append(appendString(append(b, '['), pair[0]), ','), pair[1]), ']')
	}
	return fmt.Sprintf("l1:%x", sha256.Sum256(append(b, "]}"...))), true
}

// whole says whether nothing of what a stream sees as of an entry was redacted.
func (h *history) whole(stream string, entry int64) bool {
	for _, l := range h.past(stream, entry) {
		for _, gap := range h.gaps[l.stream] {
			if gap <= l.upTo {
				return false
			}
		}
	}
	return true
}

// contentHash computes the content hash of an item from the operation that puts it; docs/hashes.md says how.
func contentHash(put object) string {
	fields := map[string]any{}
	for name, value := range put.member("fields") {
		switch value := value.(type) {
		case string:
			fields[name] = normalText(value)
		case []any:
			var all []any
			for _, one := range value {
				s, _ := one.(string)
				all = append(all, normalText(s))
			}
			fields[name] = all
		}
	}
	b, err := appendValue(nil, map[string]any{"fields": fields, "files": map[string]any(put.member("files")), "goldthread": "content 1",
		"kind": put.text("kind"), "text": normalText(put.text("text")), "title": put.text("title")})
	if err != nil {
		return "" // an operation of the right form has only texts here
	}
	return fmt.Sprintf("h1:%x", sha256.Sum256(b))
}

// normalText is text as the content hash sees it: \n as line end, no blanks at line ends, no empty lines at both ends.
func normalText(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\r")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// signature verifies a sign operation: that the person had enrolled the key before, that the signature is over this operation in this
// ledger, and that what it names is what the items were.
func (v *verifier) signature(at place, op object) {
	v.report.Signatures++
	credential := op.member("credential")
	enrolled := slices.ContainsFunc(v.history.people[op.text("person")], func(c object) bool {
		return c.text("kind") == credential.text("kind") && c.text("public") == credential.text("public")
	})
	if !enrolled {
		v.damage(at.entry, at.operation, "the signature of %s is by a key that was not enrolled before", op.text("name"))
	}
	unsigned := map[string]any{}
	for name, value := range op {
		unsigned[name] = value
	}
	unsigned["signature"] = ""
	message, err := appendValue([]byte("goldthread signature v1\n"+v.report.Origin+"\n"), unsigned)
	if err == nil && credential.text("kind") != keyType {
		v.note(at.entry, at.operation, "the signature of %s is of the kind %q, which is not verified here", op.text("name"), credential.text("kind"))
	} else if err == nil {
		err = checkSSH(credential.text("public"), op.text("signature"), message)
	}
	if err != nil {
		v.damage(at.entry, at.operation, "the signature of %s does not verify: %v", op.text("name"), err)
	}
	stream, seen := op.text("stream"), op.number("entry")
	if seen >= at.entry {
		v.damage(at.entry, at.operation, "the signature of %s is of entry %d, which was not there yet", op.text("name"), seen)
		return
	}
	for _, item := range op.list("items") {
		content, number := v.history.item(stream, seen, item.text("id"))
		links, known := v.history.linkSet(stream, seen, item.text("id"))
		same := content == item.text("content") && number == item.number("revision") && (!known || links == item.text("links"))
		switch {
		case same && known:
		case same:
			v.note(at.entry, at.operation, "which links %s had when it was signed is not recomputed: one was made to a name", item.text("key"))
		case !v.history.whole(stream, seen):
			v.note(at.entry, at.operation, "what %s was when it was signed is not recomputed: operations before were redacted", item.text("key"))
		default:
			v.damage(at.entry, at.operation, "%s was not what was signed: content, links or revision differ", item.text("key"))
		}
	}
}
