package doorstop

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Write gives a tree as a Doorstop tree: a folder with .doorstop.yml for each document, and a file for each item, laid
// out as Doorstop itself does. Links that are confirmed and items that are reviewed get the fingerprint that Doorstop
// computes; what is suspect or changed stays so. What the format cannot hold is a Loss. The files are sorted by path.
//
// In a tree that does not come from Doorstop, headings and prose between items become items that are not normative,
// items whose key is no UID get one, and documents get a prefix and a parent, since Doorstop wants one root.
//
// goldthread:implements SRS-75
func Write(t *exchange.Tree) ([]exchange.WrittenFile, []exchange.Loss, error) {
	w := &writer{tree: t, uids: map[*exchange.Item]string{}, byName: map[string]*written{}, taken: map[uid]bool{}, paths: map[string]bool{}}
	w.plan()
	for _, t := range w.documents {
		w.outline(t)
	}
	w.link()
	w.parents()
	w.stamps()
	files := w.files()
	w.unwritten()
	slices.SortFunc(files, func(a, b exchange.WrittenFile) int { return strings.Compare(a.Path, b.Path) })
	slices.SortStableFunc(w.losses, func(a, b exchange.Loss) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	return files, w.losses, nil
}

// writer holds one writing: names and places first, then items without their links, then links, then fingerprints.
type writer struct {
	tree      *exchange.Tree
	documents []*target
	uids      map[*exchange.Item]string
	byName    map[string]*written // items by key and by identity at the source, the first of each
	taken     map[uid]bool
	paths     map[string]bool // in lower case
	losses    []exchange.Loss
}

// target is a document that is written.
type target struct {
	source   *exchange.Document
	own      bool // it comes from a Doorstop tree
	folder   string
	prefix   string
	parent   string
	sep      string
	digits   int
	markdown bool
	lists    map[string]bool // attributes that are lists also where they have one value
	config   *document       // what the reader takes of the configuration
	entries  []*written
	next     int // number of the next item that has none
}

// written is an item file: an item of the tree, or a heading or prose of its document.
type written struct {
	document *target
	item     *exchange.Item
	made     bool   // of a section or block
	name     string // UID
	path     string
	section  *exchange.Section // it is made of
	level    string
	title    string
	text     string
	links    []link
	stamps   func() (plain, own string) // its fingerprints without and with its links, made when asked for
}

// link is a link of an item file.
type link struct {
	source *exchange.Link
	name   string   // UID of the target
	to     *written // nil where it is not there
}

func (w *writer) lose(at exchange.Position, item, what, why string) {
	w.losses = append(w.losses, exchange.Loss{At: at, Item: item, What: what, Why: why})
}

// plan gives documents their prefixes and folders, and items their UIDs: first those that have them already.
func (w *writer) plan() {
	prefixes := map[string]bool{}
	lists := map[string]bool{}
	for _, ty := range w.tree.Types {
		for _, a := range ty.Attributes {
			lists[a.Name] = lists[a.Name] || a.Many
		}
	}
	for i := range w.tree.Documents {
		d := &w.tree.Documents[i]
		t := &target{source: d, own: path.Base(d.At.File) == configName, next: 1, lists: lists}
		if t.own {
			t.fromSettings()
			prefixes[strings.ToLower(t.prefix)] = true
		}
		w.documents = append(w.documents, t)
	}
	for _, t := range w.documents {
		if !t.own {
			t.derive(prefixes)
			prefixes[strings.ToLower(t.prefix)] = true
		}
		t.config = &document{config: config{prefix: t.prefix, reviewed: reviewedOf(t)}}
		w.folder(t)
	}
	for _, t := range w.documents {
		for j := range t.source.Items {
			w.ownName(t, &t.source.Items[j])
		}
	}
	for _, t := range w.documents {
		for j := range t.source.Items {
			w.newName(t, &t.source.Items[j])
		}
	}
}

// field is the one value of a field, empty where there is none.
func field(fields []exchange.Field, name string) string {
	for _, f := range fields {
		if f.Name == name && len(f.Values) == 1 {
			return f.Values[0]
		}
	}
	return ""
}

// fromSettings takes what a document of Doorstop says of itself.
func (t *target) fromSettings() {
	t.prefix, t.parent = t.source.Key, t.source.Parent
	t.sep = field(t.source.Fields, "settings/sep")
	t.markdown = field(t.source.Fields, "settings/itemformat") == "markdown"
	if _, err := fmt.Sscan(field(t.source.Fields, "settings/digits"), &t.digits); err != nil {
		t.digits = 3
	}
	t.digits = min(max(t.digits, 0), 20)
}

// derive makes the prefix of a document out of the keys of its items, else out of its name.
func (t *target) derive(taken map[string]bool) {
	t.digits = 3
	counts := map[string]int{}
	best := ""
	for i := range t.source.Items {
		key := t.source.Items[i].Key
		if !validUID(key) {
			continue
		}
		prefix, sep, number := splitUID(key)
		if counts[prefix]++; counts[prefix] > counts[best] && !taken[strings.ToLower(prefix)] {
			best, t.sep = prefix, sep
			if t.digits = 1; strings.HasPrefix(number, "0") {
				t.digits = len(number)
			}
		}
	}
	t.prefix, t.parent = best, ""
	if best == "" {
		t.sep = "-"
		t.prefix = prefixOf(cmp.Or(t.source.Key, t.source.Title))
	}
	for wish, n := t.prefix, 'A'; taken[strings.ToLower(t.prefix)]; n++ {
		t.prefix = wish + "_" + string(n)
	}
}

// prefixOf makes a prefix of any name: letters of ASCII, and no digit at its end.
func prefixOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(name) {
		switch {
		case 'A' <= r && r <= 'Z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	prefix := strings.Trim(b.String(), "_")
	prefix = strings.TrimRight(prefix[:min(len(prefix), 40)], "0123456789_")
	if prefix == "" || prefix == "ALL" || prefix == "NONE" {
		return "DOC"
	}
	return prefix
}

// validUID says that a key can name a file and is a UID from end to end.
func validUID(key string) bool {
	if key == "" || len(key) > 100 || !strings.ContainsAny(key, "0123456789"+separators) {
		return false
	}
	for i := range len(key) {
		c := key[i]
		letter := '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
		if !letter && (i == 0 || i == len(key)-1 || c != '-' && c != '.') {
			return false
		}
	}
	_, ok := parseUID(key)
	return ok
}

// splitUID takes a UID apart as it is written: prefix, separator, number or name.
func splitUID(key string) (prefix, sep, number string) {
	number = key[len(strings.TrimRight(key, "0123456789")):]
	rest := strings.TrimSuffix(key, number)
	if at := strings.LastIndexAny(key, separators); at > 0 && at+1 < len(key) && number != key[at+1:] {
		return key[:at], key[at : at+1], key[at+1:] // a name
	}
	prefix = strings.TrimRight(rest, separators)
	return prefix, rest[len(prefix):], number
}

// folder gives a document a folder that no other has.
func (w *writer) folder(t *target) {
	wish := t.source.Path
	if !t.own {
		if wish = strings.TrimSuffix(wish, path.Ext(wish)); wish == "" || wish == "." || !folderName(wish) || t.source.Path != t.source.At.File {
			wish = strings.ToLower(t.prefix)
		}
	}
	if wish = path.Clean(wish); !folderName(wish) {
		wish = strings.ToLower(t.prefix)
	}
	t.folder = wish
	for n := 2; w.paths[strings.ToLower(path.Join(t.folder, configName))]; n++ {
		t.folder = fmt.Sprintf("%s-%d", wish, n)
	}
	w.paths[strings.ToLower(path.Join(t.folder, configName))] = true
}

// folderName says that a slash path names a folder below the one that is written, on every system.
func folderName(name string) bool {
	if name == "." {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." || strings.TrimRight(part, ". ") != part || strings.ContainsAny(part, "\\:*?\"<>|") || exchange.SkippedFolder(part) {
			return false
		}
		for _, r := range part {
			if r < 0x20 || r == 0x7f {
				return false
			}
		}
	}
	return true
}

// ownName gives an item the UID that is its key.
func (w *writer) ownName(t *target, item *exchange.Item) {
	id, ok := parseUID(item.Key)
	was := w.has(t, item, item.Key) // whether or not it is a UID of the document
	if !ok || !was && (!validUID(item.Key) || w.taken[id] || t.own && !strings.EqualFold(id.prefix, t.prefix)) || strings.ContainsAny(item.Key, "/\\:\x00") || w.paths[w.place(t, item, item.Key)] {
		return
	}
	if n, err := strconv.Atoi(id.number); err == nil && t.own {
		t.next = max(t.next, n+1) // as Doorstop does, which gives no number twice
	}
	w.name(t, item, item.Key, id)
}

// newName gives an item without a UID the next one of its document.
func (w *writer) newName(t *target, item *exchange.Item) {
	if w.uids[item] != "" {
		return
	}
	name, id := w.free(t)
	w.lose(item.At, cmp.Or(item.Key, item.ID), "key", fmt.Sprintf("it is no UID of Doorstop, or another item has it; the item is written as %s, with its key in the attribute %s", name, keyAttribute))
	w.name(t, item, name, id)
}

// keyAttribute keeps the key of an item that gets another one.
const keyAttribute = "key"

// free is the next UID of a document that nothing has.
func (w *writer) free(t *target) (string, uid) {
	for ; ; t.next++ {
		name := fmt.Sprintf("%s%s%0*d", t.prefix, t.sep, t.digits, t.next)
		if id, ok := parseUID(name); ok && !w.taken[id] {
			return name, id
		}
	}
}

func (w *writer) name(t *target, item *exchange.Item, name string, id uid) {
	w.taken[id] = true
	w.uids[item] = name
	e := &written{document: t, item: item, name: name, path: w.filePath(t, item, name), title: item.Title, text: item.Text}
	w.paths[strings.ToLower(e.path)] = true
	t.entries = append(t.entries, e)
	for _, known := range []string{item.Key, item.ID} {
		if known != "" && w.byName[known] == nil {
			w.byName[known] = e
		}
	}
}

func (w *writer) place(t *target, item *exchange.Item, name string) string {
	return strings.ToLower(w.filePath(t, item, name))
}

// isFileOf says that an item was read from a file of its name.
func isFileOf(item *exchange.Item, name string) bool {
	ext := path.Ext(item.At.File)
	return itemExtension(ext) && strings.TrimSuffix(path.Base(item.At.File), ext) == name
}

// has says that an item was read with its document: it did not come to it elsewhere.
func (w *writer) has(t *target, item *exchange.Item, name string) bool {
	if !t.own || item.At.File == "" {
		return t.own
	}
	if !isFileOf(item, name) {
		return false
	}
	depth := func(t *target) int {
		switch {
		case t.source.Path == ".":
			return 0
		case strings.HasPrefix(item.At.File, t.source.Path+"/"):
			return len(t.source.Path)
		}
		return -1
	}
	return depth(t) >= 0 && !slices.ContainsFunc(w.documents, func(other *target) bool { return other.own && depth(other) > depth(t) })
}

// filePath is where an item of Doorstop was, below the folder of its document; else a file there.
func (w *writer) filePath(t *target, item *exchange.Item, name string) string {
	ext := ".yml"
	if t.markdown {
		ext = ".md"
	}
	if was := item.At.File; was != "" && w.has(t, item, name) && folderName(was) && (t.folder == "." || strings.HasPrefix(was, t.folder+"/")) && strings.EqualFold(path.Ext(was), ".md") == t.markdown {
		return was
	}
	return path.Join(t.folder, name+ext)
}
