package project

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"io"

	"github.com/goldthread/goldthread/internal/record"
)

// Digest is a hash of everything that a Snapshot holds, so that one that was kept can be compared with one that was folded
// anew. It depends on the order in which items and links came in, which is that of the ledger; it is no hash of the ledger's
// own format, and may change with the program.
func (s *Snapshot) Digest() record.Hash {
	d := digester{hash: sha256.New()}
	d.text(string(s.stream), s.settings.Title, s.settings.Schema, s.settings.Catalogue, s.settings.Rules, record.FormatTime(s.time))
	d.number(s.entry, int64(s.items), int64(s.linkCount), int64(len(s.baselines)))
	for _, b := range s.baselines {
		d.text(b.Name, b.Title)
		d.number(b.Entry)
	}
	for h := range s.Handles() {
		d.node(s.Node(h))
	}
	for i := range uint32(s.links.len()) {
		l := s.links.ref(i)
		if l.Removed {
			continue
		}
		d.number(int64(l.Source), int64(l.Target))
		d.text(string(s.Verb(l.Verb)))
		d.write(l.Confirmed.Source[:], l.Confirmed.Target[:])
		d.position(l.At)
	}
	var out record.Hash
	d.hash.Sum(out[:0])
	return out
}

// digester writes values so that no two sequences of them are the same bytes: each text with its length.
type digester struct {
	hash hash.Hash
	buf  []byte
}

func (d *digester) write(parts ...[]byte) {
	for _, p := range parts {
		_, _ = d.hash.Write(p) // a hash does not fail
	}
}

func (d *digester) text(texts ...string) {
	for _, t := range texts {
		d.number(int64(len(t)))
		_, _ = io.WriteString(d.hash, t)
	}
}

func (d *digester) number(numbers ...int64) {
	for _, n := range numbers {
		d.buf = binary.BigEndian.AppendUint64(d.buf[:0], uint64(n))
		d.write(d.buf)
	}
}

func (d *digester) position(p Position) { d.number(p.Entry, int64(p.Operation)) }

func (d *digester) flags(flags ...bool) {
	for _, f := range flags {
		if f {
			d.number(1)
		} else {
			d.number(0)
		}
	}
}

func (d *digester) node(n *Node) {
	d.write(n.Item.ID[:], n.Content[:])
	d.text(string(n.Item.Key), string(n.Item.Kind), n.Item.Title, n.Item.Language, string(n.State))
	d.number(int64(len(n.Item.Fields)), int64(len(n.Item.Files)), int64(n.Document), int64(len(n.Earlier)), int64(len(n.Signed)))
	for _, f := range n.Item.Fields {
		d.text(f.Name)
		d.flags(f.Many)
		d.number(int64(len(f.Values)))
		d.text(f.Values...)
	}
	for _, f := range n.Item.Files {
		d.text(f.Name)
		d.write(f.Hash[:])
	}
	d.flags(n.Missing, n.Retired, n.Result != nil, n.Outline != nil)
	d.position(n.At)
	for _, p := range n.Earlier {
		d.position(p)
	}
	for _, x := range n.Signed {
		d.write(x.Person[:], x.Content[:], x.Links[:])
		d.text(x.Name, string(x.Meaning))
		d.number(x.Revision)
		d.position(x.At)
	}
	if r := n.Result; r != nil {
		d.text(r.Outcome, r.Name, r.Message, r.Report, r.Manifest)
		d.number(int64(r.Line))
		d.position(r.At)
	}
	if o := n.Outline; o != nil {
		d.number(int64(len(o.Blocks)))
		for _, b := range o.Blocks {
			d.number(int64(b.Level))
			d.write(b.Item[:])
			d.text(b.Heading, b.Prose)
		}
	}
}
