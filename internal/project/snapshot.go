package project

import (
	"hash/maphash"
	"iter"
	"time"

	"github.com/goldthread/goldthread/internal/record"
)

// VerbIndex is the number of a verb within a project.
type VerbIndex uint16

// Position is a place in a ledger: an operation of an entry.
type Position struct {
	Entry     int64
	Operation int32
}

// before reports whether p comes before q in the ledger.
func (p Position) before(q Position) bool {
	return p.Entry < q.Entry || p.Entry == q.Entry && p.Operation < q.Operation
}

// Source reads operations that a Snapshot does not hold. It must return what
// was folded; errors are those of the store.
type Source interface {
	Operation(Position) (record.Operation, error)
}

// Node is the present revision of one item. Its Item has no text; Snapshot.Text
// reads it. A Node is immutable.
type Node struct {
	Item     record.Item
	Content  record.Hash // content hash of this revision
	State    record.State
	Document Handle // the document that places it, NoHandle where none does
	Outline  *Outline
	Missing  bool // nothing but a reference to this key is known
	Retired  bool
	Result   *Result     // the latest one, of a test
	Signed   []Signature // of all revisions, oldest first
	At       Position    // the operation that holds this revision
	Earlier  []Position  // those of the revisions before, oldest first
}

// Result is the latest result of a test. Without a Manifest it is unbound and
// proves nothing.
type Result struct {
	Outcome, Name, Message string
	Report                 string // name of the report
	Line                   int    // in the report
	Manifest               string
	At                     Position
}

// Signature is what a person has signed of an item. It holds for the revision
// with that content and those links, for ever; Snapshot.Signatures yields those of the present
// one.
type Signature struct {
	Person         record.ID
	Name           string // as it was at signing
	Meaning        record.Meaning
	Revision       int64
	Content, Links record.Hash
	At             Position // of the operation that holds the signature itself
}

// NoHandle stands for "none".
const NoHandle = ^Handle(0)

// Revision is the number of the present revision, from 1.
func (n *Node) Revision() int { return len(n.Earlier) + 1 }

// Present reports whether n is an item in use.
func (n *Node) Present() bool { return !n.Missing && !n.Retired }

// Link is one link. Verb is an index; Snapshot.Verb names it.
type Link struct {
	Verb           VerbIndex
	Removed        bool
	Source, Target Handle
	Confirmed      record.Confirmation
	At             Position // the operation that made or last confirmed it
}

// Snapshot is the state of one stream of a project after one entry.
//
// goldthread:implements SRS-16
type Snapshot struct {
	seed     maphash.Seed
	stream   record.Stream
	entry    int64
	time     time.Time
	settings record.Settings

	nodes vector[*Node]
	out   vector[Edges]
	in    vector[Edges]
	links vector[Link]
	byKey trie
	byID  trie

	verbs     []record.Verb // append-only
	baselines []NamedBaseline
	items     int // present
	linkCount int
}

// NamedBaseline is a baseline of the stream.
type NamedBaseline struct {
	Name, Title string
	Entry       int64
}

// Empty is the state of a stream before its first entry.
func Empty(stream record.Stream) *Snapshot {
	return &Snapshot{seed: maphash.MakeSeed(), stream: stream}
}

// Stream names the stream.
func (s *Snapshot) Stream() record.Stream { return s.stream }

// Entry is the number of the last entry folded in, 0 for none.
func (s *Snapshot) Entry() int64 { return s.entry }

// Time is the time of the last entry folded in.
func (s *Snapshot) Time() time.Time { return s.time }

// Settings are those in force.
func (s *Snapshot) Settings() record.Settings { return s.settings }

// Baselines lists the baselines of the stream, oldest first.
func (s *Snapshot) Baselines() []NamedBaseline {
	return s.baselines[:len(s.baselines):len(s.baselines)]
}

// Items is the number of items in use, without derived ones being told apart.
func (s *Snapshot) Items() int { return s.items }

// Links is the number of links.
func (s *Snapshot) Links() int { return s.linkCount }

// Handles is one more than the highest handle.
func (s *Snapshot) Handles() Handle { return Handle(s.nodes.len()) }

// Node returns the item of handle h, which must be one of this project.
func (s *Snapshot) Node(h Handle) *Node { return *s.nodes.ref(uint32(h)) }

// All yields every node in use, in the order in which the items came in.
func (s *Snapshot) All() iter.Seq2[Handle, *Node] {
	return func(yield func(Handle, *Node) bool) {
		for h := range s.Handles() {
			if n := s.Node(h); n.Present() && !yield(h, n) {
				return
			}
		}
	}
}

// Out returns the links from h, in the order in which they were made.
func (s *Snapshot) Out(h Handle) *Edges { return s.out.ref(uint32(h)) }

// In returns the links to h.
func (s *Snapshot) In(h Handle) *Edges { return s.in.ref(uint32(h)) }

// Link returns a link of this project; it may have been removed.
func (s *Snapshot) Link(l LinkHandle) *Link { return s.links.ref(uint32(l)) }

// AllLinks yields every link in the order in which they were made.
func (s *Snapshot) AllLinks() iter.Seq2[LinkHandle, *Link] {
	return func(yield func(LinkHandle, *Link) bool) {
		for i := range uint32(s.links.len()) {
			if l := s.links.ref(i); !l.Removed && !yield(LinkHandle(i), l) {
				return
			}
		}
	}
}

// Verb names a verb of this project.
func (s *Snapshot) Verb(v VerbIndex) record.Verb { return s.verbs[v] }

// VerbIndex returns the index of a verb that some link of the project has had.
func (s *Snapshot) VerbIndex(v record.Verb) (VerbIndex, bool) {
	for i, x := range s.verbs {
		if x == v {
			return VerbIndex(i), true
		}
	}
	return 0, false
}

// Verbs is the number of verb indexes in use.
func (s *Snapshot) Verbs() int { return len(s.verbs) }

// ByKey finds an item, or a reference to a missing one, by its key as written.
func (s *Snapshot) ByKey(key record.Key) (Handle, bool) {
	return s.byKeyHash(key, hashString(s.seed, string(key)))
}

func (s *Snapshot) byKeyHash(key record.Key, hash uint64) (Handle, bool) {
	candidates, rest := s.byKey.candidates(hash)
	for _, c := range candidates {
		if c.rest == rest && s.Node(c.handle).Item.Key == key {
			return c.handle, true
		}
	}
	return NoHandle, false
}

// ByID finds an item by its identity.
func (s *Snapshot) ByID(id record.ID) (Handle, bool) {
	return s.byIDHash(id, s.hashID(id))
}

func (s *Snapshot) hashID(id record.ID) uint64 { return maphash.Comparable(s.seed, id) }

func (s *Snapshot) byIDHash(id record.ID, hash uint64) (Handle, bool) {
	candidates, rest := s.byID.candidates(hash)
	for _, c := range candidates {
		if c.rest == rest && s.Node(c.handle).Item.ID == id {
			return c.handle, true
		}
	}
	return NoHandle, false
}

// RecordLink returns link l in the terms of package record.
func (s *Snapshot) RecordLink(l *Link) record.Link {
	target := s.Node(l.Target)
	out := record.Link{Verb: s.Verb(l.Verb), Source: s.Node(l.Source).Item.ID, Confirmed: l.Confirmed}
	if target.Missing {
		out.Ref = record.Ref(target.Item.Key)
	} else {
		out.Target = target.Item.ID
	}
	return out
}

// Signatures yields the signatures of the item at h that hold for it as it is:
// for its present content and its present links.
func (s *Snapshot) Signatures(h Handle) iter.Seq[Signature] {
	return func(yield func(Signature) bool) {
		n := s.Node(h)
		if len(n.Signed) == 0 {
			return
		}
		links := s.LinkSetHash(h)
		for _, x := range n.Signed {
			if x.Content == n.Content && x.Links == links && !yield(x) {
				return
			}
		}
	}
}

// LinkSetHash is the link-set hash of the item at h.
func (s *Snapshot) LinkSetHash(h Handle) record.Hash {
	edges := s.Out(h)
	links := make([]record.Link, 0, edges.Len())
	for e := range edges.All() {
		links = append(links, s.RecordLink(s.Link(e.Link)))
	}
	return record.LinkSetHash(links)
}
