package workspace

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/record"
)

// lockHeader is the first line of a lock: its format.
const lockHeader = "goldthread.lock v0"

// Lock is goldthread.lock: identities of items, and what links were when last
// confirmed.
type Lock struct {
	Present bool
	Origin  Origin // that the text was taken from
	Items   map[record.Key]LockItem
	Links   map[string]LockLink // by LinkName
	// What a merge of two branches left beside the line that counts.
	OtherItems map[record.Key][]LockItem
	OtherLinks map[string][]LockLink
}

// LockItem is the line of one item.
type LockItem struct {
	ID      record.ID
	Content record.Hash
	Links   record.Hash
	Line    int
}

// LockLink is the line of one link.
type LockLink struct {
	Confirmed record.Confirmation
	Person    string // empty where the link was only recorded
	Date      string // YYYY-MM-DD
	Reason    string
	Line      int
}

// NewLock is the lock of a workspace that has none.
func NewLock() *Lock {
	return &Lock{Items: map[record.Key]LockItem{}, Links: map[string]LockLink{},
		OtherItems: map[record.Key][]LockItem{}, OtherLinks: map[string][]LockLink{}}
}

// LinkName names a link in the lock: source, verb with dashes, target.
func LinkName(source record.Key, verb record.Verb, target record.Ref) string {
	return string(appendLinkName(nil, source, verb, target))
}

func appendLinkName(dst []byte, source record.Key, verb record.Verb, target record.Ref) []byte {
	dst = append(append(dst, source...), ' ')
	begin := len(dst)
	dst = append(dst, verb...)
	for i := begin; i < len(dst); i++ {
		if dst[i] == ' ' {
			dst[i] = '-'
		}
	}
	return append(append(dst, ' '), target...)
}

// ReadLock reads a lock. Lines that two branches made differently are findings,
// and the first one counts; conflict markers are findings of their own.
func ReadLock(data []byte) (*Lock, []finding.Finding) {
	l := NewLock()
	l.Present = true
	var findings []finding.Finding
	report := func(line int, key record.Key, rule, message, remedy string) {
		findings = append(findings, finding.Finding{Rule: rule, Severity: finding.Error, Item: key, File: LockFile, Line: line, Column: 1, Message: message, Remedy: remedy})
	}
	text := stringOf(data)
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	lines := strings.Count(text, "\n") + 1
	l.Items = make(map[record.Key]LockItem, lines/2)
	l.Links = make(map[string]LockLink, lines/2)
	for n := 1; text != ""; n++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line == "" {
			continue
		}
		if n == 1 {
			if line != lockHeader {
				report(1, "", "bad-lock", fmt.Sprintf("the first line is %q, not %q", short(line), lockHeader), "use the version of goldthread that wrote it, or remove the file and run goldthread fmt")
				return l, findings
			}
			continue
		}
		if markerOf(line) != "" {
			report(n, "", RuleConflictMarker, "a conflict of a merge is left in the lock", "keep the lines of both sides, then run goldthread mend")
			continue
		}
		if err := l.line(line, n); err != nil {
			if c, ok := err.(*lockConflict); ok {
				report(n, c.key, RuleLockConflict, c.message, cmp.Or(c.remedy, "run goldthread mend"))
				continue
			}
			report(n, "", "bad-lock", err.Error(), "correct the line, or remove it and run goldthread fmt")
		}
	}
	return l, findings
}

// lockConflict is a line that contradicts one above it.
type lockConflict struct {
	key     record.Key
	message string
	remedy  string // if another than mend
}

func (c *lockConflict) Error() string { return c.message }

func (l *Lock) line(line string, n int) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "origin":
		return l.originLine(rest)
	case "item":
		return l.itemLine(rest, n)
	case "link":
		return l.linkLine(rest, n)
	}
	return fmt.Errorf("%q begins no line of a lock; there are origin, item and link", short(word))
}

// originLine takes the newer of two states of one stream, which two branches
// have begun with: what lies between them is in the text.
func (l *Lock) originLine(rest string) error {
	o, err := ParseOrigin(rest)
	if err != nil {
		return err
	}
	old := l.Origin
	if old.Ledger != "" && o.Ledger != "" && (old.Ledger != o.Ledger || old.Stream != o.Stream) {
		return &lockConflict{"", fmt.Sprintf("the text comes from %s and from %s", old, o), "keep the line of the ledger that you push to"}
	}
	if o.Ledger != "" && o.Entry >= old.Entry {
		l.Origin = o
	}
	return nil
}

func (l *Lock) itemLine(rest string, n int) error {
	var f [4]string
	if !split(rest, f[:]) {
		return fmt.Errorf("want `item KEY ID CONTENT LINKS`")
	}
	key, err := record.ParseKey(f[0])
	if err != nil {
		return err
	}
	it := LockItem{Line: n}
	if it.ID, err = record.ParseID(f[1]); err != nil {
		return err
	}
	if it.Content, err = record.ParseHash(record.ContentScheme, f[2]); err != nil {
		return err
	}
	if it.Links, err = record.ParseHash(record.LinkScheme, f[3]); err != nil {
		return err
	}
	if old, ok := l.Items[key]; ok {
		if old.ID == it.ID {
			return nil // both branches changed the item: hashes follow from the text
		}
		l.OtherItems[key] = append(l.OtherItems[key], it)
		return &lockConflict{key: key, message: fmt.Sprintf("two items were given the key %s: line %d and this one", key, old.Line)}
	}
	l.Items[key] = it
	return nil
}

// split cuts s at single blanks into exactly len(out) words.
func split(s string, out []string) bool {
	for i := range out {
		word, rest, found := strings.Cut(s, " ")
		if word == "" || found == (i == len(out)-1) {
			return false
		}
		out[i], s = word, rest
	}
	return true
}

func (l *Lock) linkLine(rest string, n int) error {
	// The name is the first three words as they stand in the line.
	end := 0
	for range 3 {
		i := strings.IndexByte(rest[end:], ' ')
		if i <= 0 {
			return fmt.Errorf("want `link SOURCE VERB TARGET HASH HASH`")
		}
		end += i + 1
	}
	name, tail := rest[:end-1], rest[end:]
	link := LockLink{Line: n}
	source, tail, _ := strings.Cut(tail, " ")
	target, tail, more := strings.Cut(tail, " ")
	var err error
	if link.Confirmed.Source, err = record.ParseHash(record.ContentScheme, source); err != nil {
		return err
	}
	if link.Confirmed.Target, err = record.ParseHash(record.ContentScheme, target); err != nil {
		return err
	}
	if more {
		if err := link.signature(tail); err != nil {
			return err
		}
	}
	if old, ok := l.Links[name]; ok {
		if old.Confirmed == link.Confirmed {
			return nil
		}
		l.OtherLinks[name] = append(l.OtherLinks[name], link)
		return &lockConflict{key: record.Key(name[:strings.IndexByte(name, ' ')]),
			message: fmt.Sprintf("the link %s was confirmed differently: line %d and this one", name, old.Line)}
	}
	l.Links[name] = link
	return nil
}

// signature reads `by "NAME" on DATE because "REASON"`.
func (k *LockLink) signature(s string) error {
	wrong := fmt.Errorf(`want by "NAME" on DATE because "REASON"`)
	rest, ok := strings.CutPrefix(s, "by ")
	if !ok {
		return wrong
	}
	prefix, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return wrong
	}
	k.Person, _ = strconv.Unquote(prefix)
	if rest, ok = strings.CutPrefix(rest[len(prefix):], " on "); !ok {
		return wrong
	}
	if k.Date, rest, ok = strings.Cut(rest, " because "); !ok {
		return wrong
	}
	if k.Reason, err = strconv.Unquote(rest); err != nil {
		return wrong
	}
	return nil
}

// Write returns the canonical bytes of the lock: sorted lines. What contradicts
// a line stands below it.
//
// goldthread:implements SRS-25
func (l *Lock) Write() []byte {
	parts := [][]byte{[]byte(lockHeader + "\norigin " + l.Origin.String() + "\n"), nil, nil}
	lines := []func() []byte{l.itemLines, l.linkLines}
	parallel.Each(len(lines), func(i int) { parts[i+1] = lines[i]() })
	return bytes.Join(parts, nil)
}

func (l *Lock) itemLines() []byte {
	out := make([]byte, 0, 160*len(l.Items))
	for _, k := range slices.SortedFunc(maps.Keys(l.Items), record.CompareKeys) {
		out = l.Items[k].line(out, k)
		for _, it := range l.OtherItems[k] {
			out = it.line(out, k)
		}
	}
	return out
}

func (l *Lock) linkLines() []byte {
	out := make([]byte, 0, 180*len(l.Links))
	for _, n := range slices.SortedFunc(maps.Keys(l.Links), compareLinkNames) {
		out = l.Links[n].line(out, n)
		for _, k := range l.OtherLinks[n] {
			out = k.line(out, n)
		}
	}
	return out
}

func (it LockItem) line(out []byte, key record.Key) []byte {
	out = appendWords(out, "item", string(key), it.ID.String(), it.Content.Content(), it.Links.Links())
	return append(out, '\n')
}

func (k LockLink) line(out []byte, name string) []byte {
	out = appendWords(out, "link", name, k.Confirmed.Source.Content(), k.Confirmed.Target.Content())
	if k.Person != "" {
		out = fmt.Appendf(out, " by %s on %s because %s", strconv.Quote(k.Person), k.Date, strconv.Quote(k.Reason))
	}
	return append(out, '\n')
}

func appendWords(dst []byte, words ...string) []byte {
	for i, w := range words {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, w...)
	}
	return dst
}

func compareLinkNames(a, b string) int {
	ka, ra, _ := strings.Cut(a, " ")
	kb, rb, _ := strings.Cut(b, " ")
	if c := record.CompareKeys(record.Key(ka), record.Key(kb)); c != 0 {
		return c
	}
	va, ta, _ := strings.Cut(ra, " ")
	vb, tb, _ := strings.Cut(rb, " ")
	if c := strings.Compare(va, vb); c != 0 {
		return c
	}
	return record.CompareKeys(record.Key(ta), record.Key(tb))
}
