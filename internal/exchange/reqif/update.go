package reqif

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/exchange"
)

// Update writes a tree into the files, or archives, that an import came from: everything in them comes out again as it
// stands, but values that have changed, items and links that have come or gone, and hierarchies whose outline has changed.
// Items are found by Item.ID, documents by what is in them. A key that the source does not have is not written: it is ours.
//
// One file gives a file, or an archive where one is wanted; an archive, or several files, give an archive. It is an error
// where several files are to be one file that is no archive. What the files cannot take is returned.
func Update(source fs.FS, t *exchange.Tree, options WriteOptions) ([]byte, []exchange.Loss, error) {
	r, err := load(source, Options{})
	if err != nil {
		return nil, nil, err
	}
	if len(r.files) > 1 && !options.Archive {
		return nil, nil, fmt.Errorf("the source is %d files, which only an archive can hold: write a .reqifz", len(r.files))
	}
	u := &updater{builder: r.build(), next: t, options: options, w: &writer{tree: t, options: options, now: timeOf(options), ids: map[string]bool{}}}
	u.prepare()
	u.items()
	u.relate()
	u.documents()
	u.flush()
	changed := map[string][]byte{}
	for _, f := range u.files {
		if changed[f.name], err = u.result(f); err != nil {
			return nil, nil, err
		}
	}
	if !options.Archive {
		for _, a := range t.Attachments {
			u.lose("", "file "+a.Path, "only an archive (.reqifz) holds files")
		}
		return changed[u.files[0].name], u.w.lost, nil
	}
	data, err := u.archive(source, changed)
	return data, u.w.lost, err
}

// archive holds every file of the source in its place, those of archives where they would be unpacked, and what the tree has
// beside them.
func (u *updater) archive(source fs.FS, changed map[string][]byte) ([]byte, error) {
	var files []exchange.Attachment
	at := map[string]int{}
	put := func(name string, data []byte, over bool) {
		if i, there := at[name]; there {
			if over {
				files[i].Data = data
			}
			return
		}
		at[name] = len(files)
		files = append(files, exchange.Attachment{Path: name, Data: data})
	}
	names := slices.Clone(u.tree.Files)
	folder := "."
	if len(names) == 1 {
		folder = path.Dir(names[0])
	}
	within := func(name string) string {
		if folder == "." {
			return name
		}
		return strings.TrimPrefix(name, folder+"/")
	}
	for _, name := range names {
		raw, why := exchange.ReadFile(source, name, u.reader.options.MaxFile)
		if why != "" {
			return nil, fmt.Errorf("%s: %s", name, why)
		}
		if !isArchive(name) {
			if data, there := changed[name]; there {
				raw = data
			}
			put(within(name), raw, false)
			continue
		}
		entries, err := unpack(raw, u.reader.options)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, e := range entries {
			data := e.data
			if d, there := changed[name+"/"+e.name]; there {
				data = d
			}
			put(within(path.Join(path.Dir(name), e.name)), data, false)
		}
	}
	for _, a := range u.next.Attachments {
		put(within(a.Path), a.Data, !isReqIF(a.Path))
	}
	return exchange.Pack(files)
}

// updater brings files to what a tree says.
type updater struct {
	*builder
	next    *exchange.Tree
	options WriteOptions
	w       *writer // makes identifiers, and keeps the losses
	edits   map[*file][]edit

	kept    map[*exchange.Item]*object // the objects of items that were there
	homes   map[*object]*exchange.Item
	names   map[string]string // identity or key in the tree → IDENTIFIER
	ids     map[*exchange.Item]string
	matched map[*exchange.Document]*spec
	place   map[*object]*spec // where objects stand first
	gone    map[string]bool   // identifiers of elements that are taken out
	frames  map[*object]bool  // sections and prose that stay
	added   additions
}

// edit replaces a part of a file.
type edit struct {
	from, to int
	text     string
}

func (u *updater) edit(f *file, from, to int, text string) {
	u.edits[f] = append(u.edits[f], edit{from, to, text})
}

func (u *updater) lose(item, what, why string) {
	u.w.lost = append(u.w.lost, exchange.Loss{Item: item, What: what, Why: why})
}

var declaredEncoding = regexp.MustCompile(`^(<\?xml\s[^>]*?encoding\s*=\s*)("[^"]*"|'[^']*')`)

// result is a file with its edits made: the bytes that were read where there are none, else in UTF-8, and saying so.
func (u *updater) result(f *file) ([]byte, error) {
	edits := u.edits[f]
	if len(edits) == 0 {
		return f.raw, nil
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var out bytes.Buffer
	out.Grow(len(f.data) + len(f.data)/8)
	if bytes.HasPrefix(f.raw, []byte("\xef\xbb\xbf")) {
		out.WriteString("\xef\xbb\xbf")
	}
	at := 0
	if m := declaredEncoding.FindSubmatchIndex(f.data[:min(len(f.data), 400)]); m != nil && !strings.EqualFold(strings.Trim(string(f.data[m[4]:m[5]]), `"'`), "utf-8") {
		out.Write(f.data[:m[4]])
		out.WriteString(`"UTF-8"`)
		at = m[5]
	}
	for _, e := range edits {
		if e.from < at {
			return nil, fmt.Errorf("internal: two changes of one place, at byte %d of %s", e.from, f.name)
		}
		out.Write(f.data[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(f.data[at:])
	return out.Bytes(), nil
}

// prepare finds out which objects are which items, and which specifications which documents.
func (u *updater) prepare() {
	u.edits, u.kept, u.homes, u.names, u.ids = map[*file][]edit{}, map[*exchange.Item]*object{}, map[*object]*exchange.Item{}, map[string]string{}, map[*exchange.Item]string{}
	u.matched, u.place, u.gone, u.frames = map[*exchange.Document]*spec{}, map[*object]*spec{}, map[string]bool{}, map[*object]bool{}
	byIdentity, nameless := map[string]*object{}, map[[3]string][]*object{}
	for _, f := range u.files {
		for id := range f.ids {
			u.w.ids[id] = true
		}
		for _, o := range f.objects {
			from := u.origins[o]
			switch {
			case from == nil || from.frame:
			case from.item.ID == "":
				like := likeness(&from.item)
				nameless[like] = append(nameless[like], o)
			default:
				byIdentity[from.item.ID] = o
			}
		}
		for _, s := range f.specs {
			for _, n := range u.nodes[s] {
				if n.object != nil && n.text == "" {
					u.place[n.object] = s
				}
			}
		}
	}
	for _, it := range u.next.All() {
		o := byIdentity[it.ID]
		if it.ID == "" {
			if same := nameless[likeness(it)]; len(same) > 0 {
				o, nameless[likeness(it)] = same[0], same[1:]
			}
		}
		if o != nil && u.homes[o] == nil {
			u.kept[it], u.homes[o], u.ids[it] = o, it, o.id
		}
	}
	for _, it := range u.next.All() {
		if u.kept[it] == nil {
			u.ids[it] = u.w.own(it.ID, "item", it.Identity())
		}
		for _, name := range []string{it.ID, it.Key} {
			if _, there := u.names[name]; name != "" && !there {
				u.names[name] = u.ids[it]
			}
		}
	}
	u.match()
}

// likeness tells apart objects that have no identifier.
func likeness(it *exchange.Item) [3]string {
	return [3]string{it.Key, oneLine(it.Title), plain(it.Text)}
}

// main is the file that takes what belongs to no other.
func (u *updater) main() *file {
	for _, f := range u.files {
		if len(f.objects) > 0 {
			return f
		}
	}
	return u.files[0]
}

// lastOf is where something is added at the end of an element that has an end tag: behind all but space.
func (f *file) lastOf(s span) int {
	at := s.innerTo
	for at > s.innerFrom && isSpace(f.data[at-1]) {
		at--
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// empty reports an element without an end tag.
func (f *file) empty(s span) bool { return s.innerFrom == s.to }

// tagName is the name of an element as written.
func (f *file) tagName(s span) string {
	end := s.from + 1
	for end < s.innerFrom && nameByte(f.data[end]) {
		end++
	}
	return string(f.data[s.from+1 : end])
}

func nameByte(c byte) bool {
	return c != ' ' && c != '\n' && c != '\t' && c != '\r' && c != '/' && c != '>'
}

// append adds elements at the end of an element. All that is added to one element comes in one call.
func (u *updater) append(f *file, s span, text string) {
	if f.empty(s) {
		u.edit(f, s.to-2, s.to, ">"+text+"</"+f.tagName(s)+">")
		return
	}
	at := f.lastOf(s)
	u.edit(f, at, at, text)
}

// remove takes out an element, and the space before it.
func (u *updater) remove(f *file, s span) {
	from := s.from
	for from > 0 && isSpace(f.data[from-1]) {
		from--
	}
	u.edit(f, from, s.to, "")
}

// attribute sets an attribute of the start tag of an element, or takes it out where the value is empty.
func (u *updater) attribute(f *file, s span, name, value string) {
	written := ""
	if value != "" {
		written = " " + name + `="` + escape(value) + `"`
	}
	if from, to := f.attribute(s, name); to > 0 {
		u.edit(f, from, to, written)
		return
	}
	if written != "" {
		at := s.from + 1 + len(f.tagName(s))
		u.edit(f, at, at, written)
	}
}

// attribute is where an attribute stands in the start tag of an element, with the space before it.
func (f *file) attribute(s span, name string) (from, to int) {
	at := s.from + 1 + len(f.tagName(s))
	for at < s.innerFrom {
		from = at
		for at < s.innerFrom && isSpace(f.data[at]) {
			at++
		}
		begin := at
		for at < s.innerFrom && nameByte(f.data[at]) && f.data[at] != '=' {
			at++
		}
		written := string(f.data[begin:at])
		quote := bytes.IndexAny(f.data[at:s.innerFrom], `"'`)
		if quote < 0 {
			return 0, 0
		}
		end := bytes.IndexByte(f.data[at+quote+1:s.innerFrom], f.data[at+quote])
		if end < 0 {
			return 0, 0
		}
		if at += quote + end + 2; written == name {
			return from, at
		}
	}
	return 0, 0
}

// touched says in an element that it has changed.
func (u *updater) touched(f *file, s span) {
	if _, to := f.attribute(s, "LAST-CHANGE"); to > 0 && !u.options.Now.IsZero() {
		u.attribute(f, s, "LAST-CHANGE", u.w.now)
	}
}
