package signature

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goldthread/goldthread/internal/fault"
	"github.com/goldthread/goldthread/internal/project"
	"github.com/goldthread/goldthread/internal/record"
)

// Signer has a person's private key.
type Signer interface {
	// Credential is the public half.
	Credential() record.Credential
	// Sign signs bytes with plain Ed25519 [RFC 8032] and returns the 64 bytes
	// of the signature. It may ask the person, and fail as a fault.
	Sign(message []byte) ([]byte, error)
}

// Request says what is to be signed, by whom and how it is meant.
type Request struct {
	Person  record.Membership // who signs, as enrolled
	Meaning record.Meaning
	Keys    []record.Key // of the items
	Text    string       // what the signature says beyond its meaning; may be empty
	Time    time.Time    // by the clock of the signer
}

// Meanings lists what a signature may mean [21 CFR 11.50(a)(3)].
func Meanings() []record.Meaning {
	return []record.Meaning{record.MeaningReview, record.MeaningApproval, record.MeaningAuthorship, record.MeaningResponsibility}
}

// ParseMeaning reads a meaning as people type it.
func ParseMeaning(s string) (record.Meaning, error) {
	if m := record.Meaning(s); slices.Contains(Meanings(), m) {
		return m, nil
	}
	return "", fault.Newf(fault.Invalid, "a signature cannot mean %.40q", s).WithHint("--meaning review, approval, authorship or responsibility")
}

// Prepare makes the operation that a person is about to sign, of the items as
// they are in the snapshot. It is not signed yet: that is done by Complete.
//
// goldthread:implements SRS-102
func Prepare(s *project.Snapshot, r Request) (record.Sign, error) {
	if _, err := ParseMeaning(string(r.Meaning)); err != nil {
		return record.Sign{}, err
	}
	if r.Person.Person.IsZero() || strings.TrimSpace(r.Person.Name) == "" {
		return record.Sign{}, fault.Newf(fault.Invalid, "a signature needs somebody who is enrolled, with a name")
	}
	if err := record.CheckText(r.Text); err != nil {
		return record.Sign{}, fault.New(fault.Invalid, "the text of the signature cannot be taken", err)
	}
	items, err := manifest(s, r.Keys)
	if err != nil {
		return record.Sign{}, err
	}
	return record.Sign{Person: r.Person.Person, Name: r.Person.Name, Meaning: r.Meaning, Stream: s.Stream(), Entry: s.Entry(), Items: items, Text: r.Text,
		Time: record.FormatTime(r.Time)}, nil
}

// manifest lists the revisions of items as they are, in the order of their
// keys, each once.
func manifest(s *project.Snapshot, keys []record.Key) ([]record.SignedItem, error) {
	if len(keys) == 0 {
		return nil, fault.Newf(fault.Invalid, "a signature of nothing means nothing").WithHint("goldthread sign KEY --meaning review")
	}
	keys = slices.Clone(keys)
	slices.SortFunc(keys, record.CompareKeys)
	var items []record.SignedItem
	for _, key := range slices.Compact(keys) {
		h, there := s.ByKey(key)
		if !there || !s.Node(h).Present() {
			return nil, fault.Newf(fault.NotFound, "there is no item %s in stream %s", key, s.Stream())
		}
		items = append(items, RevisionOf(s, h))
	}
	return items, nil
}

// RevisionOf is an item as it is, as it would be signed.
func RevisionOf(s *project.Snapshot, h project.Handle) record.SignedItem {
	n := s.Node(h)
	return record.SignedItem{ID: n.Item.ID, Key: n.Item.Key, Revision: int64(n.Revision()), Content: n.Content, Links: s.LinkSetHash(h)}
}

// Complete signs an operation with the key of a person. Origin is the name of
// the ledger. The person must have enrolled the credential of the signer.
//
// goldthread:implements SRS-102
func Complete(op record.Sign, origin string, person record.Membership, with Signer) (record.Sign, error) {
	op.Credential = with.Credential()
	key, err := publicKey(op.Credential)
	if err != nil {
		return record.Sign{}, fault.New(fault.Invalid, "the key cannot be used for signing", err).WithHint("goldthread key new")
	}
	if !slices.Contains(person.Credentials, op.Credential) {
		fingerprint, _ := Fingerprint(op.Credential)
		return record.Sign{}, fault.Newf(fault.Denied, "the key %s is not enrolled for %s", fingerprint, person.Name).
			WithHint("use the key that is enrolled (--key FILE), or have a manager enrol this one")
	}
	raw, err := with.Sign(toSign(op.SignedBytes(origin)))
	if err != nil {
		return record.Sign{}, fmt.Errorf("sign: %w", err)
	}
	return Attach(op, origin, sshText(key, raw))
}

// Attach puts a signature that was made elsewhere, by ssh-keygen, to the
// operation whose SignedBytes were signed; its credential must be set.
func Attach(op record.Sign, origin, text string) (record.Sign, error) {
	op.Signature = text
	if err := Check(op, origin); err != nil {
		return record.Sign{}, fault.New(fault.Invalid, "the signature cannot be taken", err).
			WithHint("sign the very bytes: ssh-keygen -Y sign -n " + Namespace + " -f KEY FILE")
	}
	return op, nil
}
