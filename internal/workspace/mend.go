package workspace

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// tagWord begins every tag in the code.
const tagWord = "goldthread" + ":"

// Reference is a place outside of documents that names a key: a tag in the code.
type Reference struct {
	File         string
	Line, Column int
	Key          record.Key
	Name         string // of the test or unit it stands on, as declared; empty if none
}

// Mended says how duplicate keys are put right.
type Mended struct {
	Edits   []Edit
	Lock    *Lock
	Renamed []Renamed
	Unsure  []Unsure
}

// Renamed is an item that gets a new key.
type Renamed struct {
	Old, New record.Key
	Title    string
	At       Place
	Keeper   Place  // the item that keeps the key
	Because  string // how the two were told apart
}

// Unsure is a reference to a duplicate key of which nothing says which of the
// items it means. It is left as it is.
type Unsure struct {
	Key record.Key
	At  Place
}

// Mend plans new keys for items whose key another one has too: the item that
// was here before the last merge keeps it. References that came in with the
// merge follow the item they mean, as told by the lock (what the target was
// when the link was made) or by git (whether the reference was here before).
// Without git the item that stands first keeps its key.
//
// goldthread:implements SRS-24
func (t *Text) Mend(ctx context.Context, git *Git, tags []Reference) (*Mended, error) {
	m := &mender{text: t, out: &Mended{Lock: t.Lock.Clone()}}
	if git != nil {
		if err := m.sides(ctx, git); err != nil {
			return nil, err
		}
		defer m.close()
	}
	m.preferMatching()
	var given []record.Key
	for _, group := range t.duplicates() {
		moved, err := m.group(group, &given)
		if err != nil {
			return nil, err
		}
		if err := m.references(moved, tags); err != nil {
			return nil, err
		}
	}
	return m.out, nil
}

// occurrence is one of several items with one key.
type occurrence struct {
	doc  *Document
	item *Item
	new  record.Key // empty for the one that keeps the key
}

func (o *occurrence) place() Place { return Place{o.doc.Path, o.item.Line, 1} }

// duplicates lists the items whose keys are there more than once, by key, in
// reading order.
func (t *Text) duplicates() [][]*occurrence {
	at := map[record.Key][]*occurrence{}
	var keys []record.Key
	for _, d := range t.Documents {
		for it := range d.Items() {
			at[it.Key] = append(at[it.Key], &occurrence{doc: d, item: it})
			if len(at[it.Key]) == 2 {
				keys = append(keys, it.Key)
			}
		}
	}
	slices.SortFunc(keys, record.CompareKeys)
	groups := make([][]*occurrence, len(keys))
	for i, k := range keys {
		groups[i] = at[k]
	}
	return groups
}

type mender struct {
	text         *Text
	out          *Mended
	blobs        *blobs
	ours, theirs string // commits, empty without a merge
	read         map[string]*Document
}

func (m *mender) sides(ctx context.Context, git *Git) error {
	var ok bool
	if m.ours, m.theirs, ok = git.Merge(ctx); !ok {
		return nil
	}
	var err error
	m.blobs, err = git.blobs(ctx)
	m.read = map[string]*Document{}
	return err
}

func (m *mender) close() {
	if m.blobs != nil {
		m.blobs.close()
	}
}

// group decides who keeps the key, and gives the others new ones.
func (m *mender) group(group []*occurrence, given *[]record.Key) ([]*occurrence, error) {
	keeper, because := 0, "it stands first"
	if i := m.inLedger(group); i >= 0 {
		keeper, because = i, "the ledger has it"
	} else if m.blobs != nil {
		for i, o := range group {
			here, err := m.was(m.ours, o)
			if err != nil {
				return nil, err
			}
			if here {
				keeper, because = i, "it was here before the merge"
				break
			}
		}
	}
	for i, o := range group {
		if i == keeper {
			continue
		}
		o.new = m.text.FreeKey(o.item.Key, *given...)
		*given = append(*given, o.new)
		m.out.Edits = append(m.out.Edits, Edit{o.doc.Path, o.item.Line, 1, o.item.Key, o.new})
		m.out.Renamed = append(m.out.Renamed, Renamed{o.item.Key, o.new, o.item.Title, o.place(), group[keeper].place(), because})
	}
	m.identities(group, keeper)
	m.outgoing(group)
	return group, nil
}

// inLedger is the one of several items that the ledger has: the one whose line
// comes first in the lock of a text that was taken from a ledger. -1 for none.
func (m *mender) inLedger(group []*occurrence) int {
	line, ok := m.text.Lock.Items[group[0].item.Key]
	if !ok || m.text.Lock.Origin.Ledger == "" {
		return -1
	}
	return slices.IndexFunc(group, func(o *occurrence) bool { return o.item.ContentHash() == line.Content })
}

// was reports whether a document of a commit has the item: the same key and
// title, in the same file.
func (m *mender) was(commit string, o *occurrence) (bool, error) {
	doc, err := m.document(commit, o.doc.Path)
	if err != nil || doc == nil {
		return false, err
	}
	for it := range doc.Items() {
		if it.Key == o.item.Key && it.Title == o.item.Title && (it.Text == o.item.Text || record.NormalText(it.Text) == record.NormalText(o.item.Text)) {
			return true, nil
		}
	}
	return false, nil
}

// document reads a document as it was in a commit; nil where it was not there.
func (m *mender) document(commit, file string) (*Document, error) {
	name := commit + ":" + file
	if doc, known := m.read[name]; known {
		return doc, nil
	}
	id, data, err := m.blobs.file(commit, file)
	if err != nil && !errors.Is(err, errTooLarge) {
		return nil, err
	}
	var doc *Document
	if id != "" {
		doc, _ = Read(file, data, m.text.Schema)
	}
	m.read[name] = doc
	return doc, nil
}

// identities shares out the lines that the lock has for the key: each to the
// item whose content it names, what is left to the item that keeps the key.
func (m *mender) identities(group []*occurrence, keeper int) {
	key := group[keeper].item.Key
	first, ok := m.text.Lock.Items[key]
	if !ok {
		return
	}
	lines := append([]LockItem{first}, m.text.Lock.OtherItems[key]...)
	delete(m.out.Lock.Items, key)
	give := func(o *occurrence, line int) {
		name := key
		if o.new != "" {
			name = o.new
		}
		m.out.Lock.Items[name] = lines[line]
		lines = slices.Delete(lines, line, line+1)
	}
	for _, o := range group {
		content := o.item.ContentHash()
		if i := slices.IndexFunc(lines, func(l LockItem) bool { return l.Content == content }); i >= 0 {
			give(o, i)
		}
	}
	if _, has := m.out.Lock.Items[key]; !has && len(lines) > 0 {
		give(group[keeper], 0)
	}
}

// outgoing moves the lines of links from the renumbered items.
func (m *mender) outgoing(group []*occurrence) {
	key := group[0].item.Key
	for name := range m.text.Lock.Links {
		if strings.HasPrefix(name, string(key)+" ") {
			delete(m.out.Lock.Links, name)
		}
	}
	for _, o := range group {
		as := key
		if o.new != "" {
			as = o.new
		}
		for _, l := range o.item.Links {
			name := LinkName(key, l.Verb, l.Target)
			first, ok := m.text.Lock.Links[name]
			if !ok {
				continue
			}
			line := first
			for _, other := range m.text.Lock.OtherLinks[name] {
				if other.Confirmed.Source == o.item.ContentHash() && first.Confirmed.Source != o.item.ContentHash() {
					line = other
				}
			}
			m.out.Lock.Links[LinkName(as, l.Verb, l.Target)] = line
		}
	}
}

// references finds out which of the items each link and tag means.
func (m *mender) references(group []*occurrence, tags []Reference) error {
	key := group[0].item.Key
	for _, d := range m.text.Documents {
		for it := range d.Items() {
			for _, l := range it.Links {
				if record.Key(l.Target) != key {
					continue
				}
				if err := m.link(group, d, it, l); err != nil {
					return err
				}
			}
		}
	}
	for _, tag := range tags {
		if tag.Key == key {
			if err := m.tag(group, tag); err != nil {
				return err
			}
		}
	}
	return nil
}

// link decides one link. The lock knows what its target was.
func (m *mender) link(group []*occurrence, d *Document, it *Item, l Link) error {
	key := group[0].item.Key
	at := Place{d.Path, l.Line, l.Column}
	name := LinkName(it.Key, l.Verb, l.Target)
	lines := m.text.Lock.OtherLinks[name]
	if first, ok := m.text.Lock.Links[name]; ok {
		lines = append([]LockLink{first}, lines...)
	}
	for _, line := range lines {
		for _, o := range group {
			if line.Confirmed.Target == o.item.ContentHash() {
				m.follow(o, it, l, line, at)
				return nil
			}
		}
	}
	moved := soleMoved(group)
	if m.blobs == nil || moved == nil {
		m.out.Unsure = append(m.out.Unsure, Unsure{key, at})
		return nil
	}
	here, err := m.linked(m.ours, d.Path, it.Key, l)
	if err != nil || here {
		return err // it was here before, and means the item that was here
	}
	there, err := m.linked(m.theirs, d.Path, it.Key, l)
	switch {
	case err != nil:
		return err
	case there:
		m.follow(moved, it, l, LockLink{}, at)
	default:
		m.out.Unsure = append(m.out.Unsure, Unsure{key, at})
	}
	return nil
}

// follow makes a link mean o.
func (m *mender) follow(o *occurrence, it *Item, l Link, line LockLink, at Place) {
	if o.new == "" {
		return
	}
	m.out.Edits = append(m.out.Edits, Edit{at.File, at.Line, at.Column, o.item.Key, o.new})
	delete(m.out.Lock.Links, LinkName(it.Key, l.Verb, l.Target))
	if !line.Confirmed.IsZero() {
		m.out.Lock.Links[LinkName(it.Key, l.Verb, record.Ref(o.new))] = line
	}
}

func soleMoved(group []*occurrence) *occurrence {
	var moved *occurrence
	for _, o := range group {
		if o.new != "" {
			if moved != nil {
				return nil
			}
			moved = o
		}
	}
	return moved
}

func (m *mender) linked(commit, file string, source record.Key, l Link) (bool, error) {
	doc, err := m.document(commit, file)
	if err != nil || doc == nil {
		return false, err
	}
	for it := range doc.Items() {
		if it.Key == source && slices.ContainsFunc(it.Links, func(x Link) bool { return x.Verb == l.Verb && x.Target == l.Target }) {
			return true, nil
		}
	}
	return false, nil
}

// tag decides one tag: whether its line was here before the merge.
func (m *mender) tag(group []*occurrence, tag Reference) error {
	at := Place{tag.File, tag.Line, tag.Column}
	moved := soleMoved(group)
	if m.blobs == nil || moved == nil {
		m.out.Unsure = append(m.out.Unsure, Unsure{tag.Key, at})
		return nil
	}
	here, near, err := m.names(m.ours, tag)
	if err != nil {
		return err
	}
	there, nearThere, err := m.names(m.theirs, tag)
	switch {
	case err != nil:
		return err
	case near || here && !there:
		return nil // it was here before, and means the item that was here
	case nearThere || there && !here:
		m.out.Edits = append(m.out.Edits, Edit{tag.File, tag.Line, tag.Column, tag.Key, moved.new})
	default:
		m.out.Unsure = append(m.out.Unsure, Unsure{tag.Key, at})
	}
	return nil
}

// tagReach is how many lines below a tag the name of what it stands on is
// looked for.
const tagReach = 6

// names reports whether the file of a commit has a tag with the key, and
// whether the name of what the tag stands on follows it there.
func (m *mender) names(commit string, tag Reference) (any, near bool, err error) {
	_, data, err := m.blobs.file(commit, tag.File)
	if err != nil && !errors.Is(err, errTooLarge) {
		return false, false, err
	}
	lines := strings.Split(string(data), "\n")
	for i, line := range lines {
		if !strings.Contains(line, tagWord) || findKey(line, tag.Key, 0) < 0 {
			continue
		}
		any = true
		for _, below := range lines[i:min(len(lines), i+tagReach)] {
			near = near || tag.Name != "" && strings.Contains(below, tag.Name)
		}
	}
	return any, near, nil
}

// preferMatching settles links that two branches confirmed differently: the
// line that names both ends as they are now counts.
func (m *mender) preferMatching() {
	content := map[record.Key]record.Hash{}
	for _, d := range m.text.Documents {
		for it := range d.Items() {
			content[it.Key] = it.ContentHash()
		}
	}
	for name, others := range m.text.Lock.OtherLinks {
		parts := strings.SplitN(name, " ", 3)
		now := record.Confirmation{Source: content[record.Key(parts[0])], Target: content[record.Key(parts[2])]}
		for _, l := range others {
			if l.Confirmed == now {
				m.out.Lock.Links[name] = l
			}
		}
	}
}
