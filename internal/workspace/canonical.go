package workspace

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/finding"
	"github.com/goldthread/goldthread/internal/parallel"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// File is a file of a workspace as it shall be.
type File struct {
	Path string
	Data []byte
}

// Unread lists the findings that stand against writing anything: what could not
// be read would be lost.
func (t *Text) Unread() []finding.Finding {
	var out []finding.Finding
	for _, f := range t.Findings {
		if f.Severity == finding.Error {
			out = append(out, f)
		}
	}
	return out
}

// Canonical returns the documents that are not in canonical form, as they shall
// be. Nothing may stand against writing: see Unread.
func (t *Text) Canonical(root *os.Root) ([]File, error) {
	var out []File
	var faults []error
	for _, d := range t.Documents {
		data, err := Write(d, t.Schema)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		now, err := readFile(root, d.Path)
		if err != nil {
			return nil, fault.New(fault.Invalid, "cannot read "+d.Path, err)
		}
		if !bytes.Equal(data, now) {
			out = append(out, File{d.Path, data})
		}
	}
	if len(faults) > 0 {
		return nil, fault.New(fault.Invalid, "documents cannot be written", errors.Join(faults...))
	}
	return out, nil
}

// Record returns the lock as it shall be: every item with its identity and its
// hashes, a line for every link that is new, confirmed as its ends are now, and
// the lines of links that are there already, untouched. Identities of new items
// come from random.
func (t *Text) Record(s *project.Snapshot, random io.Reader) (*Lock, error) {
	out := NewLock()
	out.Present, out.Origin = true, t.Lock.Origin
	keys := t.recorded()
	ids := make([]record.ID, s.Handles()) // zero for items that have no line
	for _, key := range keys {
		h, ok := s.ByKey(key)
		if !ok {
			return nil, fmt.Errorf("internal: %s is in a document and not in the snapshot", key)
		}
		id := t.Lock.Items[key].ID
		if id.IsZero() {
			if _, err := io.ReadFull(random, id[:]); err != nil {
				return nil, fault.New(fault.Internal, "no randomness for the identity of an item", err)
			}
		}
		ids[h] = id
	}
	lines := make([]LockItem, len(keys))
	parallel.Runs(len(keys), 512, func(from, to int) {
		for i := from; i < to; i++ {
			h, _ := s.ByKey(keys[i])
			lines[i] = LockItem{ID: ids[h], Content: s.Node(h).Content, Links: linkSetHash(s, h, ids)}
		}
	})
	out.Items, out.Links = make(map[record.Key]LockItem, len(keys)), make(map[string]LockLink, len(keys))
	for i, key := range keys {
		out.Items[key] = lines[i]
	}
	for _, doc := range t.Documents {
		for it := range doc.Items() {
			t.recordLinks(out, s, it)
		}
	}
	return out, nil
}

// recorded lists the keys that have a line in the lock: those of items, of
// documents that were given one, and of documents that a ledger knows.
func (t *Text) recorded() []record.Key {
	var keys []record.Key
	for _, doc := range t.Documents {
		if _, known := t.Lock.Items[doc.Key()]; known || doc.Meta.Key != "" {
			keys = append(keys, doc.Key())
		}
		for it := range doc.Items() {
			keys = append(keys, it.Key)
		}
	}
	return keys
}

// linkSetHash is the link-set hash of an item under identities that the
// snapshot does not know yet.
func linkSetHash(s *project.Snapshot, h project.Handle, ids []record.ID) record.Hash {
	var links []record.Link
	for e := range s.Out(h).All() {
		l := s.RecordLink(s.Link(e.Link))
		if id := ids[e.Node]; !id.IsZero() {
			l.Target = id
		}
		links = append(links, l)
	}
	return record.LinkSetHash(links)
}

func (t *Text) recordLinks(out *Lock, s *project.Snapshot, it *Item) {
	source, _ := s.ByKey(it.Key)
	for _, l := range it.Links {
		name := LinkName(it.Key, l.Verb, l.Target)
		if old, ok := t.Lock.Links[name]; ok {
			out.Links[name] = old
			continue
		}
		target, ok := s.ByKey(record.Key(l.Target))
		if !ok || !s.Node(target).Present() {
			continue // check says so; there is nothing to have seen
		}
		out.Links[name] = LockLink{Confirmed: record.Confirmation{Source: s.Node(source).Content, Target: s.Node(target).Content}}
	}
}

// Signature is who confirmed a link, when, and why.
type Signature struct{ Person, Date, Reason string }

// Confirm records in the lock that a person has looked at both ends of a link
// as they are now.
//
// goldthread:implements SRS-26
func (l *Lock) Confirm(s *project.Snapshot, h project.LinkHandle, by Signature) {
	link := s.Link(h)
	source, target := s.Node(link.Source), s.Node(link.Target)
	l.Links[LinkName(source.Item.Key, s.Verb(link.Verb), record.Ref(target.Item.Key))] = LockLink{
		Confirmed: record.Confirmation{Source: source.Content, Target: target.Content}, Person: by.Person, Date: by.Date, Reason: by.Reason}
}

// Clone returns a lock that may be changed apart, without what a merge left.
func (l *Lock) Clone() *Lock {
	c := *l
	c.Items, c.Links = maps.Clone(l.Items), maps.Clone(l.Links)
	c.OtherItems, c.OtherLinks = nil, nil
	return &c
}

// Save writes files all or none, as far as a folder can: every file is written
// beside its place and synced first, and only then are they renamed.
func Save(root *os.Root, files []File) (err error) {
	staged := make([]string, 0, len(files))
	defer func() {
		for _, name := range staged {
			err = errors.Join(err, root.Remove(name))
		}
	}()
	for _, f := range files {
		name, err := stage(root, f)
		if err != nil {
			return fault.New(fault.Invalid, "cannot write "+f.Path+"; nothing was changed", err)
		}
		staged = append(staged, name)
	}
	for _, f := range files {
		if err := root.Rename(staged[0], f.Path); err != nil {
			return fault.New(fault.Invalid, "cannot write "+f.Path+"; files before it in the alphabet were changed", err)
		}
		staged = staged[1:]
	}
	return nil
}

// stage writes a file beside its place, with the rights of the old one.
func stage(root *os.Root, f File) (name string, err error) {
	dir, base := path.Split(f.Path)
	if dir != "" {
		if err := root.MkdirAll(path.Clean(dir), 0o777); err != nil {
			return "", err
		}
	}
	mode := fs.FileMode(0o666)
	if info, err := root.Stat(f.Path); err == nil {
		mode = info.Mode().Perm()
	}
	name = dir + "." + base + "." + suffix()
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", err
	}
	_, err = file.Write(f.Data)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return "", errors.Join(err, root.Remove(name))
	}
	return name, nil
}

// suffix tells files of concurrent runs apart; it goes into nothing that lasts.
func suffix() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%x.tmp", binary.NativeEndian.Uint64(b[:]))
}

// SortFiles orders files by path and refuses two of one path.
func SortFiles(files []File) error {
	slices.SortFunc(files, func(a, b File) int { return bytes.Compare([]byte(a.Path), []byte(b.Path)) })
	for i := 1; i < len(files); i++ {
		if files[i].Path == files[i-1].Path {
			return fault.Newf(fault.Conflict, "two documents would be written to %s", files[i].Path)
		}
	}
	return nil
}
