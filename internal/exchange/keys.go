package exchange

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// Identity is what tells an item of a source from the others for good: its identity there, else its key.
func (it *Item) Identity() string { return cmp.Or(it.ID, it.Key) }

// namer gives every item of a tree its key here, which says its kind.
//
// An item keeps the key that people call it by, where that can be a key here and its prefix can stand for its kind. Else
// it gets one of its words, and where there are none, the next number of its kind.
type namer struct {
	c      *converter
	prefix map[string]record.Kind // what key prefixes stand for, "" for a kind of their own
	taken  map[record.Key]*Item
	next   map[string]int
}

// nameItems fills keys and kinds of all items that can be taken.
//
// goldthread:implements SRS-70
func (c *converter) nameItems() {
	n := &namer{c: c, prefix: map[string]record.Kind{}, taken: make(map[record.Key]*Item, c.tree.Items()), next: map[string]int{}}
	n.prefixes()
	var left []*Item
	for _, it := range c.tree.All() {
		id := it.Identity()
		if key, ok := c.known[id]; ok && c.out.Schema.KindOfKey(key) != nil && n.free(key) {
			n.give(it, key)
		} else if at := slices.IndexFunc(c.twice[id], func(key record.Key) bool { return n.free(key) && c.out.Schema.KindOfKey(key) != nil }); at >= 0 {
			n.give(it, c.twice[id][at])
		}
	}
	for d, it := range c.tree.All() {
		if c.keys[it] == "" && !n.keep(d, it) {
			left = append(left, it)
		}
	}
	for _, it := range left {
		n.number(it)
	}
	for _, it := range c.tree.All() { // the first item of a name is the one that links mean
		for _, name := range []string{it.ID, it.Key} {
			if _, there := c.named[name]; name != "" && !there && c.keys[it] != "" {
				c.named[name] = c.keys[it]
			}
		}
	}
}

// typed reports whether an item is of a type that the mapping speaks of. Items of formats without types are what their
// keys say.
func typed(it *Item) bool { return it.Type != "" || it.ID != "" }

func (n *namer) free(key record.Key) bool { return n.taken[key] == nil }

func (n *namer) give(it *Item, key record.Key) {
	if n.taken[key] == nil {
		n.taken[key] = it
	}
	n.c.keys[it], n.c.kinds[it] = key, n.c.out.Schema.KindOfKey(key)
}

func (n *namer) kindOf(it *Item) (record.Kind, bool) {
	tm := n.c.mapping.Types[it.Type]
	if tm == nil {
		return "", false
	}
	return tm.Kind, tm.Stated
}

// prefixes finds what the prefixes of keys stand for: those that no kind has are given to the kind that most of their
// items are of.
func (n *namer) prefixes() {
	votes := map[string]map[record.Kind]int{}
	for _, it := range n.c.tree.All() {
		key, err := record.ParseKey(candidate(it.Key))
		if err != nil || !typed(it) || n.c.out.Schema.KindOfKey(key) != nil {
			continue
		}
		kind, _ := n.kindOf(it)
		prefix := keyPrefix(key)
		if votes[prefix] == nil {
			votes[prefix] = map[record.Kind]int{}
		}
		votes[prefix][kind]++
	}
	for _, prefix := range slices.Sorted(maps.Keys(votes)) {
		kinds := slices.Sorted(maps.Keys(votes[prefix]))
		slices.SortStableFunc(kinds, func(a, b record.Kind) int { return votes[prefix][b] - votes[prefix][a] })
		if kinds[0] != "" && n.c.alias(prefix, kinds[0]) {
			n.prefix[prefix] = kinds[0]
		}
	}
}

// alias makes a prefix stand for a kind.
func (c *converter) alias(prefix string, kind record.Kind) bool {
	data, err := yaml.Marshal(map[string]map[string]string{"keys": {prefix: string(kind)}})
	if err != nil {
		return false
	}
	extended, faults := c.out.Schema.Extend(data, "")
	if extended == nil || len(faults) > 0 {
		return false
	}
	c.out.Schema = extended
	c.out.Prefixes[prefix] = kind
	return true
}

// keyPrefix is the part of a key before its first number: names may go on behind it, as in req-stop-2.
func keyPrefix(key record.Key) string {
	if p := key.Prefix(); p != "" && !strings.ContainsAny(p, "0123456789") {
		return p
	}
	s := string(key)
	end := strings.IndexAny(s, "0123456789")
	s = strings.TrimRight(s[:end], "-_.")
	return s
}

// candidate is a key made of one that is written in another way: blanks, tildes and the like become dashes. Universally
// unique identifiers are no names for people.
func candidate(key string) string {
	if len(key) > record.MaxKey || isUUID(key) {
		return ""
	}
	if parts := strings.Split(key, "~"); len(parts) == 3 && record.LooksLikeKey(parts[1]) { // type~name~revision
		return parts[1]
	}
	var b strings.Builder
	dash := false
	for i := 0; i < len(key); i++ {
		c := key[i]
		switch {
		case c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z':
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteByte(c)
		case (c == '_' || c == '.') && !dash && b.Len() > 0 && i+1 < len(key) && (key[i+1]|0x20 >= 'a' && key[i+1]|0x20 <= 'z' || key[i+1] >= '0' && key[i+1] <= '9'):
			b.WriteByte(c)
		case c >= 0x80:
			return "" // letters that a key cannot have: a name of its own is better than half of one
		default:
			dash = true
		}
	}
	return b.String()
}

func isUUID(s string) bool {
	hex := 0
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		switch {
		case c >= 'a' && c <= 'f' || s[i] >= '0' && s[i] <= '9':
			hex++
		case s[i] == '-' || s[i] == '_' || s[i] == '{' || s[i] == '}':
		default:
			return false
		}
	}
	return hex >= 16
}

// keep gives an item the key that people call it by, or one of its words.
func (n *namer) keep(d *Document, it *Item) bool {
	if !typed(it) {
		return n.asWritten(d, it)
	}
	key, err := record.ParseKey(candidate(it.Key))
	if err != nil || !n.free(key) {
		return false
	}
	kind, stated := n.kindOf(it)
	k := n.c.out.Schema.KindOfKey(key)
	switch {
	case k != nil && (kind == k.ID || kind == "" && n.c.foreignPrefix(key) || !stated && kind != "" && n.prefix[keyPrefix(key)] == ""):
		n.give(it, key)
		return true
	case k != nil:
		return false
	case kind == "":
		if n.c.foreign(keyPrefix(key), it) == nil || n.c.out.Schema.KindOfKey(key) == nil {
			return false
		}
		n.give(it, key)
		return true
	}
	return false // its prefix stands for another kind, or can stand for none
}

// asWritten is for formats without types: a key is a key, or its item cannot be taken.
func (n *namer) asWritten(d *Document, it *Item) bool {
	key, err := record.ParseKey(it.Key)
	if err != nil {
		if it.Key == "" || n.c.takeAll {
			return false
		}
		n.c.add(finding.Finding{Rule: "foreign-key", Severity: finding.Error, Message: "the item was not taken: " + err.Error(), Remedy: "rename it at its source"}, it.At)
		return true
	}
	if kind := n.c.kind(key, d); kind != nil && (n.free(key) || !n.c.takeAll) {
		if n.taken[key] == nil {
			n.taken[key] = it
		}
		n.c.keys[it], n.c.kinds[it] = key, kind
		return true
	}
	return !n.c.takeAll
}

// number gives an item the next number of its kind, or its own one, where it has nothing but a number.
func (n *namer) number(it *Item) {
	kind, _ := n.kindOf(it)
	k := n.c.out.Schema.Kind(kind)
	if k == nil || k.Prefix == "" {
		if k = n.c.foreign(prefixOf(cmp.Or(it.Type, n.c.tree.Format)), it); k == nil {
			n.c.lose(it.At, it.Identity(), "item "+it.Identity(), "no key can be made for it")
			return
		}
	}
	if digits(it.Key) {
		if key := record.Key(k.Prefix + "-" + it.Key); n.free(key) && n.c.out.Schema.KindOfKey(key) == k {
			n.give(it, key)
			return
		}
	}
	for {
		n.next[k.Prefix]++
		if key := record.Key(fmt.Sprintf("%s-%d", k.Prefix, n.next[k.Prefix])); n.free(key) && !n.c.reserved[key] {
			n.give(it, key)
			return
		}
	}
}

func digits(s string) bool {
	return s != "" && len(s) < 10 && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}

// prefixOf makes a key prefix of the name of a type: HEADING of Heading, FEAT of feat.
func prefixOf(name string) string {
	if isUUID(name) {
		return "ITEM"
	}
	var b strings.Builder
	for _, w := range strings.Fields(plainWords(name)) {
		for _, r := range strings.ToUpper(w) {
			if r >= 'A' && r <= 'Z' {
				b.WriteRune(r)
			}
		}
		if b.Len() >= 6 {
			break
		}
	}
	s := b.String()
	return cmp.Or(s[:min(len(s), 12)], "ITEM")
}

// foreignPrefix reports whether a key is of a kind made for this tree.
func (c *converter) foreignPrefix(key record.Key) bool {
	k := c.out.Schema.KindOfKey(key)
	return k != nil && slices.Contains(c.out.Foreign, k.Prefix)
}

// foreign is the kind of their own that items with a prefix have.
func (c *converter) foreign(prefix string, it *Item) *schema.Kind {
	for try := prefix; len(try) < len(prefix)+3; try += "X" {
		if slices.Contains(c.out.Foreign, try) {
			return c.out.Schema.KindOfKey(record.Key(try + "-1"))
		}
		extended, err := c.out.Schema.WithForeignKind(try, cmp.Or(oneLine(it.Type), strings.ToLower(try))+" item")
		if err == nil {
			c.out.Schema = extended
			c.out.Foreign = append(c.out.Foreign, try)
			return extended.KindOfKey(record.Key(try + "-1"))
		}
	}
	return nil
}
