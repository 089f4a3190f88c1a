package exportfile_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/goldthread/goldthread/internal/blob"
	"github.com/goldthread/goldthread/internal/ledger"
	"github.com/goldthread/goldthread/internal/ledger/exportfile"
	"github.com/goldthread/goldthread/internal/ledger/ledgertest"
	"github.com/goldthread/goldthread/internal/ledger/sqlite"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// house is where ledgers of tests are kept.
type house struct {
	t     testing.TB
	store *sqlite.Store
	blobs *blob.Folder
}

func newHouse(t testing.TB) house {
	t.Helper()
	store, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	blobs, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	return house{t, store, blobs}
}

func (h house) export(project string) []byte {
	h.t.Helper()
	var b bytes.Buffer
	if err := exportfile.Write(h.t.Context(), &b, h.store, h.blobs, project); err != nil {
		h.t.Fatal(err)
	}
	return b.Bytes()
}

// person has an SSH key made of a name.
type person struct {
	record.Membership
	key ed25519.PrivateKey
}

func newPerson(name string) person {
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	public, _ := key.Public().(ed25519.PublicKey)
	p := person{key: key}
	p.Person, p.Name, p.Roles = record.ProvisionalID(record.Key(name)), name, []string{"approver"}
	p.Credentials = []record.Credential{{Kind: "ssh-ed25519", Public: "ssh-ed25519 " + base64.StdEncoding.EncodeToString(fields("ssh-ed25519", string(public)))}}
	return p
}

func fields(all ...string) (b []byte) {
	for _, s := range all {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	return b
}

// sign makes the SSHSIG of a sign operation, as ssh-keygen -Y sign -n goldthread does.
func (p person) sign(op record.Sign, origin string) record.Sign {
	op.Person, op.Name, op.Credential = p.Person, p.Name, p.Credentials[0]
	hash := sha512.Sum512(op.SignedBytes(origin))
	raw := ed25519.Sign(p.key, append([]byte("SSHSIG"), fields("goldthread", "", "sha512", string(hash[:]))...))
	public, _ := p.key.Public().(ed25519.PublicKey)
	b := binary.BigEndian.AppendUint32([]byte("SSHSIG"), 1)
	b = append(b, fields(string(fields("ssh-ed25519", string(public))), "goldthread", "", "sha512", string(fields("ssh-ed25519", string(raw))))...)
	text := base64.StdEncoding.EncodeToString(b)
	var lines []string
	for part := range slices.Chunk([]byte(text), 70) {
		lines = append(lines, string(part))
	}
	op.Signature = "-----BEGIN SSH SIGNATURE-----\n" + strings.Join(lines, "\n") + "\n-----END SSH SIGNATURE-----\n"
	return op
}

// history is a ledger in the making, with everything that a ledger may hold.
type history struct {
	house
	choose  func(n int) int // from 0 to n-1
	name    string
	fold    *project.Fold
	changes []*record.Change
	origin  string
	now     time.Time
	head    ledger.Head
	pending []ledger.Entry
	unsaved []ledger.CheckpointRow
	keys    []ledger.KeyChange
	signers map[string]note.Signer
	people  []person
	items   []record.ID
	gone    map[ledger.OperationRef]bool
	serial  int // makes salts and texts of one history its own
}

func (h *history) signing() ledger.Signing {
	return ledger.Signing{Keys: h.keys, Signer: func(key string) (note.Signer, error) { return h.signers[key], nil }}
}

func (h *history) newKey() string {
	signer, public := ledgertest.Key(h.t, fmt.Sprintf("%08x", len(h.keys)+1))
	h.signers[public] = signer
	return public
}

// begin makes a ledger whose first entry names its key and two people.
func begin(h house, name string, choose func(n int) int) *history {
	h.t.Helper()
	if err := h.store.Create(h.t.Context(), name); err != nil {
		h.t.Fatal(err)
	}
	made := &history{house: h, choose: choose, name: name, fold: project.NewFold(), now: time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC), head: ledger.EmptyHead(),
		signers: map[string]note.Signer{}, people: []person{newPerson("Ann"), newPerson("Bob")}, gone: map[ledger.OperationRef]bool{}}
	made.add(record.Main, record.Settings{Title: name}, record.RotateKey{Key: made.newKey()}, made.people[0].Membership, made.people[1].Membership)
	made.commit()
	return made
}

// add decides an entry of operations.
func (h *history) add(stream record.Stream, ops ...record.Operation) {
	h.t.Helper()
	c := &record.Change{Sequence: h.fold.Entry() + 1, Stream: stream, Time: h.now, Actor: "ann", Channel: "test", Reason: "because", Operations: ops}
	if h.choose(3) == 0 {
		c.Idempotency = fmt.Sprintf("%s-%d", h.name, c.Sequence)
	}
	if err := h.fold.Apply(c, changes(h.changes)); err != nil {
		h.t.Fatal(err)
	}
	h.changes = append(h.changes, c)
	e := ledger.Entry{Sequence: c.Sequence, Key: c.Idempotency, Envelope: record.EncodeEnvelope(c)}
	for i, op := range ops {
		e.Operations = append(e.Operations, ledger.Operation{Salt: sha256.Sum256(fmt.Append(nil, h.name, c.Sequence, i)), Bytes: record.EncodeOperation(op)})
		switch op := op.(type) {
		case record.RotateKey:
			h.keys = append(h.keys, ledger.KeyChange{Sequence: c.Sequence, Key: op.Key})
		case record.Redact:
			ref := ledger.OperationRef{Sequence: op.Entry, Number: op.Number}
			e.Redacts, h.gone[ref] = append(e.Redacts, ref), true
		}
	}
	h.pending = append(h.pending, e)
}

// commit appends what was decided and signs the head; the checkpoint is stored now or with the next append.
func (h *history) commit() {
	h.t.Helper()
	if len(h.pending) == 0 {
		return
	}
	receipt, err := h.store.Append(h.t.Context(), h.name, h.head, h.pending, h.unsaved...)
	if err != nil {
		h.t.Fatal(err)
	}
	h.head, h.pending, h.unsaved = receipt.Head, nil, nil
	c, err := ledger.SignHead(h.t.Context(), h.store, h.name, h.signing())
	if err != nil {
		h.t.Fatal(err)
	}
	if h.origin == "" {
		if h.origin, err = ledger.OriginOf(h.t.Context(), h.store, h.name); err != nil {
			h.t.Fatal(err)
		}
	}
	if h.unsaved = []ledger.CheckpointRow{c}; h.choose(2) == 0 {
		h.save()
	}
}

// save stores the checkpoint that is pending.
func (h *history) save() {
	h.t.Helper()
	for _, c := range h.unsaved {
		if err := h.store.PutCheckpoint(h.t.Context(), h.name, c); err != nil {
			h.t.Fatal(err)
		}
	}
	h.unsaved = nil
}

// step does one thing that happens to a ledger.
func (h *history) step() {
	h.now = h.now.Add(time.Duration(h.choose(600)) * time.Second)
	streams := h.fold.Streams()
	stream := streams[h.choose(len(streams))]
	snapshot := h.fold.Head(stream)
	h.serial++
	switch h.choose(12) {
	case 0, 1, 2:
		h.put(stream, snapshot)
	case 3:
		h.link(stream, snapshot)
	case 4:
		h.add(record.Main, record.Branch{Stream: record.Stream(fmt.Sprintf("%d.x", h.serial)), Parent: stream, Entry: h.fold.Entry()})
	case 5, 6:
		h.sign(stream, snapshot)
	case 7:
		h.redact(stream)
	case 8:
		h.add(stream, record.RotateKey{Key: h.newKey(), Previous: h.keys[len(h.keys)-1].Key})
	case 9:
		h.anchor(stream)
	case 10:
		h.evidence(stream, snapshot)
	default:
		again := newPerson(fmt.Sprintf("Ann with key %d", h.serial))
		again.Person, again.Name = h.people[0].Person, "Ann"
		h.people[0] = again
		h.add(stream, again.Membership)
	}
}

func (h *history) put(stream record.Stream, s *project.Snapshot) {
	key := record.Key(fmt.Sprintf("SRS-%d", h.serial))
	it := record.Item{ID: record.ProvisionalID(key), Key: key, Kind: "SRS", Title: "It says \"stop\" <& ü\u2028", Text: fmt.Sprintf("Revision %d  \n\tof a text.\\", h.serial)}
	for _, id := range h.items {
		if at, there := s.ByID(id); there && h.choose(2) == 0 {
			it.ID, it.Key = id, s.Node(at).Item.Key
			break
		}
	}
	it.Fields = []record.Field{{Name: "category", Values: []string{"a ", "b"}, Many: true}, {Name: "note", Values: []string{"\U0001F600 \ue000"}}}
	h.items = append(h.items, it.ID)
	h.add(stream, record.PutItem{Item: it}, record.Comment{ID: it.ID, Text: "well"})
}

// pick returns an item of a stream.
func (h *history) pick(s *project.Snapshot) (project.Handle, record.ID, bool) {
	for range 4 {
		if len(h.items) == 0 {
			break
		}
		id := h.items[h.choose(len(h.items))]
		if at, there := s.ByID(id); there {
			return at, id, true
		}
	}
	return 0, record.ID{}, false
}

func (h *history) link(stream record.Stream, s *project.Snapshot) {
	at, from, ok := h.pick(s)
	_, to, okTo := h.pick(s)
	if !ok || !okTo {
		return
	}
	if h.choose(4) == 0 {
		h.add(stream, record.AddLink{Link: record.Link{Verb: "uses", Source: from, Ref: record.Ref(fmt.Sprintf("SWI-%d", h.serial))}})
		return
	}
	for e := range s.Out(at).All() {
		if l := s.Link(e.Link); s.Node(l.Target).Item.ID == to {
			h.add(stream, record.Unlink{Source: from, Verb: s.Verb(l.Verb), Target: to, Ref: record.Ref(s.Node(l.Target).Item.Key)})
			return
		}
	}
	h.add(stream, record.AddLink{Link: record.Link{Verb: "refines", Source: from, Target: to, Ref: "SRS-1"}})
}

func (h *history) sign(stream record.Stream, s *project.Snapshot) {
	at, _, ok := h.pick(s)
	if !ok {
		return
	}
	n := s.Node(at)
	op := record.Sign{Meaning: record.MeaningApproval, Stream: stream, Entry: s.Entry(), Time: record.FormatTime(h.now),
		Items: []record.SignedItem{{ID: n.Item.ID, Key: n.Item.Key, Revision: int64(n.Revision()), Content: n.Content, Links: s.LinkSetHash(at)}}}
	h.add(stream, h.people[h.choose(2)].sign(op, h.origin))
}

func (h *history) redact(stream record.Stream) {
	c := h.changes[h.choose(len(h.changes))]
	number := h.choose(len(c.Operations))
	ref := ledger.OperationRef{Sequence: c.Sequence, Number: int64(number) + 1}
	switch c.Operations[number].(type) {
	case record.PutItem, record.Comment, record.AddLink, record.AttachEvidence:
		if !h.gone[ref] {
			h.add(stream, record.Redact{Entry: ref.Sequence, Number: ref.Number, Order: "of a court", Approver: h.people[1].Person})
		}
	}
}

func (h *history) anchor(stream record.Stream) {
	size := int64(h.choose(int(h.head.Size))) + 1
	for row, err := range h.store.Rows(h.t.Context(), h.name, size, 1) {
		if err != nil {
			h.t.Fatal(err)
		}
		op := record.Anchor{Kind: "git", Size: size, Root: record.Hash(row.Root), Place: "elsewhere"}
		if h.choose(2) == 0 { // by a clock that is ahead of ours by less than five minutes, when the anchor covers the newest entry
			op.Kind, op.Size, op.Root = "rfc3161", h.head.Size, record.Hash(h.head.Root)
			if h.head.Size == h.fold.Entry() {
				op.Time = record.FormatTime(h.now.Add(4 * time.Minute))
			}
		}
		h.add(stream, op)
	}
}

func (h *history) evidence(stream record.Stream, s *project.Snapshot) {
	info, err := h.blobs.Put(strings.NewReader(fmt.Sprintf("%s report %d", h.name, h.serial)), 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	h.add(stream, record.AttachEvidence{Report: record.File{Name: "report.xml", Hash: record.Hash(info.Hash)}, Format: "junit"})
}

// changes reads a history back.
type changes []*record.Change

func (c changes) Changes(from, to int64) iter.Seq2[*record.Change, error] {
	return func(yield func(*record.Change, error) bool) {
		for _, one := range c {
			if one.Sequence >= from && one.Sequence <= to && !yield(one, nil) {
				return
			}
		}
	}
}
