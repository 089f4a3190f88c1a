package workspace

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/record"
	"github.com/goldthread/goldthread/internal/schema"
)

// MergeOptions say how a merge names the sides behind the markers of its
// conflicts, each on one line.
type MergeOptions struct {
	Here, Base, Theirs string                 // here, entry 12, entry 15
	Of                 func(record.ID) string // what stands in place of Theirs for one item: the entry that changed it, who, why
	Schema             *schema.Schema         // that goldthread.yaml extends; nil for the built-in kinds
}

// Conflict is a part of a project that both sides have changed in different
// ways. It stands in the text, or in the lock, between markers until a person
// has settled it.
type Conflict struct {
	Item               record.ID  // zero for the project itself
	Key                record.Key // as it is here, or there where it is not here
	File               string     // in which it stands
	Part               string     // item, document, place, path, key, title, level, text, language, field NAME, file NAME, link VERB TARGET, front matter, goldthread.yaml
	Base, Ours, Theirs string
}

// Merged is a text with what a ledger has changed since the text was taken from
// it.
type Merged struct {
	Text      *Text         // as it stands here; of a conflict, what was here
	Write     []File        // what must be written: documents, goldthread.yaml, the lock
	Remove    []string      // what must go
	Files     []record.File // attached files that must be fetched, as their hashes say
	Conflicts []Conflict
}

// Merge3 brings into ours what changed from base to theirs, the texts of two
// states of a ledger. Items and documents are the same when their identities
// are, so that other keys, paths and places do not part them. Everything is
// merged by itself: title, text by its lines, each field, each link, each
// confirmation, the place. What only one side changed is taken; what both
// changed, in different ways, is a conflict, and so is what one side changed and
// the other took out.
//
// goldthread:implements SRS-97
func Merge3(base, theirs, ours *Text, opt MergeOptions) (*Merged, error) {
	m := &merger{opt: opt, out: &Merged{}, items: map[record.ID]*mergedItem{}, docs: map[record.ID]*mergedDocument{}, fileConflicts: map[string]string{}, files: map[string]record.Hash{}}
	if err := m.sides(base, theirs, ours); err != nil {
		return nil, err
	}
	m.configuration()
	m.allItems()
	docs := m.documents()
	for _, id := range m.order {
		m.items[id].writeLinks(m)
	}
	for _, f := range m.later {
		f()
	}
	m.keys()
	m.text(docs)
	m.lock()
	return m.out, m.write(docs)
}

type merger struct {
	opt                MergeOptions
	base, theirs, ours *side
	out                *Merged
	config             *Config
	schema             *schema.Schema
	items              map[record.ID]*mergedItem
	order              []record.ID            // of items, as they are read: ours, then what is only theirs
	files              map[string]record.Hash // attached files of the result
	fileConflicts      map[string]string      // name → the name under which the version of theirs is kept
	docs               map[record.ID]*mergedDocument
	later              []func() // what waits until all keys of the result are known
}

// sides finds the identities of the three texts.
func (m *merger) sides(base, theirs, ours *Text) error {
	var err error
	if m.base, err = sideOf(base, nil); err != nil {
		return err
	}
	if m.theirs, err = sideOf(theirs, m.base); err != nil {
		return err
	}
	if m.ours, err = sideOf(ours, m.base); err != nil {
		return err
	}
	for _, d := range slices.Concat(m.base.docs, m.ours.docs) {
		if d.id == unknownID(d.doc.Key()) {
			m.sameDocument(d)
		}
	}
	for _, it := range m.ours.order {
		if it.id == unknownID(it.Key) {
			m.sameItem(it)
		}
	}
	return nil
}

// sameDocument makes a document that no ledger knew one with the document that
// theirs has at its path by now.
func (m *merger) sameDocument(d *sideDocument) {
	for _, t := range m.theirs.docs {
		if t.doc.Path == d.doc.Path && t.id != d.id && !m.base.has(t.id) && !m.ours.has(t.id) {
			from := d.id
			m.base.relabel(from, t.id)
			m.ours.relabel(from, t.id)
			return
		}
	}
}

// sameItem makes an item that no ledger knew one with a new one of theirs that
// says the same under the same key: what was pushed from here, when nobody
// heard of the answer.
func (m *merger) sameItem(it *sideItem) {
	id, ok := m.theirs.byKey[it.Key]
	t := m.theirs.items[id]
	if !ok || t == nil || m.base.has(id) || m.ours.has(id) || t.Kind != it.Kind || t.ContentHash() != it.ContentHash() {
		return
	}
	delete(m.ours.items, it.id)
	it.id, m.ours.items[id], m.ours.byKey[it.Key] = id, it, id
}

// relabel gives a document another identity.
func (s *side) relabel(from, to record.ID) {
	d := s.doc[from]
	if d == nil {
		return
	}
	delete(s.doc, from)
	d.id, s.doc[to] = to, d
	s.byKey[d.doc.Key()] = to
	for _, it := range d.items {
		it.doc = to
	}
}

// names of the sides in a conflict about an item or document.
func (m *merger) names(id record.ID) names {
	n := names{m.opt.Here, m.opt.Base, m.opt.Theirs}
	if m.opt.Of != nil {
		if of := m.opt.Of(id); of != "" {
			n.theirs = of
		}
	}
	return names{oneLine(n.here), oneLine(n.base), oneLine(n.theirs)}
}

func (m *merger) conflict(c Conflict) { m.out.Conflicts = append(m.out.Conflicts, c) }

// configuration merges goldthread.yaml by its lines.
func (m *merger) configuration() {
	base, ours, theirs := m.base.text.Config.Raw, m.ours.text.Config.Raw, m.theirs.text.Config.Raw
	v := versions{base: base, ours: ours, theirs: theirs}
	raw := ours
	switch choose(base, ours, theirs) {
	case takeOurs:
	case takeTheirs:
		raw = theirs
	default:
		_, conflicts := v.lines()
		for _, c := range conflicts {
			m.conflict(Conflict{File: ConfigFile, Part: ConfigFile, Base: c.base, Ours: c.ours, Theirs: c.theirs})
		}
		raw = v.marked(m.names(record.ID{}), func(s string) string { return s })
	}
	builtin := m.opt.Schema
	if builtin == nil {
		builtin = schema.Builtin()
	}
	m.config, m.schema, _ = ReadConfig([]byte(raw), raw != "", m.ours.text.Config.Project, builtin)
}

// text collects what stands here.
func (m *merger) text(docs []*mergedDocument) {
	t := &Text{Config: m.config, Schema: m.schema, Plain: m.ours.text.Plain}
	for _, d := range docs {
		t.Documents = append(t.Documents, d.doc)
	}
	m.out.Text = t
}

// write compares the result with what is here.
func (m *merger) write(docs []*mergedDocument) error {
	now := map[string][]byte{}
	var faults []error
	for _, d := range m.ours.text.Documents {
		data, err := Write(d, m.ours.text.Schema)
		faults = append(faults, err)
		now[d.Path] = data
	}
	kept := map[string]bool{}
	for _, d := range docs {
		kept[d.path] = true
		data, err := d.write(m.schema)
		faults = append(faults, err)
		if before, there := now[d.path]; !there || string(before) != string(data) {
			m.out.Write = append(m.out.Write, File{d.path, data})
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fault.New(fault.Conflict, "the merged text cannot be written", err)
	}
	for _, path := range slices.Sorted(maps.Keys(now)) {
		if !kept[path] {
			m.out.Remove = append(m.out.Remove, path)
		}
	}
	switch raw := m.config.Raw; {
	case raw == m.ours.text.Config.Raw:
	case raw == "":
		m.out.Remove = append(m.out.Remove, ConfigFile)
	default:
		m.out.Write = append(m.out.Write, File{ConfigFile, []byte(raw)})
	}
	if lock := m.out.Text.Lock.Write(); string(lock) != string(m.ours.text.Lock.Write()) {
		m.out.Write = append(m.out.Write, File{LockFile, lock})
	}
	m.fetch()
	return SortFiles(m.out.Write)
}

// fetch lists the attached files that are not here as they shall be.
func (m *merger) fetch() {
	for _, name := range slices.Sorted(maps.Keys(m.files)) {
		if h := m.files[name]; m.ours.files[name] != h {
			m.out.Files = append(m.out.Files, record.File{Name: name, Hash: h})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.fileConflicts)) {
		m.out.Files = append(m.out.Files, record.File{Name: m.fileConflicts[name], Hash: m.theirs.files[name]})
	}
}

// keyOf is the key that an item or document has in the result, "" where it is in
// none.
func (m *merger) keyOf(id record.ID) record.Key {
	if it := m.items[id]; it != nil {
		return it.key()
	}
	if d := m.docs[id]; d != nil {
		return d.doc.Key()
	}
	return ""
}

// ref is how a link of a side is written in the result: with the key that its
// target has now.
func (m *merger) ref(s *side, target record.Ref) record.Ref {
	if _, id := m.end(s, target); !id.IsZero() {
		if key := m.keyOf(id); key != "" {
			return record.Ref(key)
		}
	}
	return target
}

// mergeSet is what a set holds that two sides have changed: what one of them
// added, and nothing that one of them took out.
func mergeSet[T any](base, ours, theirs []T, name func(T) string) []T {
	in := func(list []T, x T) bool {
		return slices.ContainsFunc(list, func(y T) bool { return name(x) == name(y) })
	}
	same := func(list []T) bool {
		return len(base) == len(list) && !slices.ContainsFunc(base, func(x T) bool { return !in(list, x) })
	}
	switch { // each side has an order of its own
	case same(theirs):
		return ours
	case same(ours):
		return theirs
	}
	var out []T
	for _, x := range ours {
		if !in(base, x) || in(theirs, x) {
			out = append(out, x)
		}
	}
	for _, x := range theirs {
		if !in(base, x) && !in(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// theirsBeside is the name under which the version of theirs of a file that both
// sides changed is kept beside it.
func theirsBeside(name string) string {
	stem, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > strings.LastIndexByte(name, '/')+1 {
		stem, ext = name[:i], name[i:]
	}
	return stem + ".theirs" + ext
}
