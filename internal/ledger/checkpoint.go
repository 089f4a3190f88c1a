package ledger

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/goldthread/goldthread/internal/fault"
)

// MaxNote is the largest checkpoint in bytes, and maxSigners the most keys that sign one.
const (
	MaxNote    = 16 << 10
	maxSigners = 16
)

// CheckpointRow is a signed head as a store keeps it: the size that it covers, and a note (c2sp.org/tlog-checkpoint and
// c2sp.org/signed-note) whose text is three lines: origin, size, root in base64. Nothing in one is true until VerifyCheckpoint
// has said so.
type CheckpointRow struct {
	Size int64
	Note []byte
}

// KeyChange says from which entry on a key signs the checkpoints of a ledger. The key is a verifier key of package note.
type KeyChange struct {
	Sequence int64
	Key      string
}

// SigningKeys returns the keys that must have signed a checkpoint of a size, when the checkpoint before it covers the given number
// of entries (0: there is none): the one in force then, and every one that has come into force since, oldest first. Without a
// rotation in between that is one key; at a rotation the old key says that it knows the new one.
//
// goldthread:implements SRS-93
func SigningKeys(changes []KeyChange, before, size int64) []string {
	var keys []string
	for _, c := range changes {
		switch {
		case c.Sequence > size:
		case c.Sequence <= before:
			keys = append(keys[:0], c.Key)
		default:
			keys = append(keys, c.Key)
		}
	}
	return keys
}

// FormatHead is the text that a checkpoint signs.
func FormatHead(origin string, head Head) string {
	return Checkpoint{Origin: origin, Head: head}.Text()
}

// SignCheckpoint signs a head by every signer. It reads nothing: SignHead is what looks first whether the head is true.
func SignCheckpoint(origin string, head Head, signers ...note.Signer) (CheckpointRow, error) {
	text, err := note.Sign(&note.Note{Text: FormatHead(origin, head)}, signers...)
	if err != nil {
		return CheckpointRow{}, fault.New(fault.Internal, fmt.Sprintf("the checkpoint of %d entries cannot be signed", head.Size), err)
	}
	return CheckpointRow{Size: head.Size, Note: text}, nil
}

// ParseNote reads what a signed checkpoint says, and believes it: use it on one that is trusted for where it was kept, and on a
// stored one before its signatures are looked at. It fails with fault.Invalid.
func ParseNote(text []byte) (origin string, head Head, err error) {
	body, _, found := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(body), "\n")
	if !found || len(text) > MaxNote || len(lines) != 3 {
		return "", Head{}, fault.Newf(fault.Invalid, "this is no checkpoint of a ledger: it has not the three lines origin, size and root before its signatures")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 || size > MaxSize {
		return "", Head{}, fault.New(fault.Invalid, fmt.Sprintf("%.40q is not the size of a ledger", lines[1]), err)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != len(head.Root) {
		return "", Head{}, fault.New(fault.Invalid, fmt.Sprintf("%.60q is not a root in base64", lines[2]), err)
	}
	head = Head{Size: size, Root: Hash(root)}
	if FormatHead(lines[0], head) != string(body)+"\n" {
		return "", Head{}, fault.Newf(fault.Invalid, "the checkpoint of %d entries is not in its one spelling", size)
	}
	return lines[0], head, nil
}

// VerifyCheckpoint verifies a checkpoint of the ledger with a name, by keys that the caller trusts. Every signature on it must be
// by one of them, no key may sign twice, and there must be at least one; signers are the keys that signed, in their order on the
// note. Which of the keys must have signed is told by SigningKeys. Any other spelling of the same note is refused, so that no byte
// of it can be changed. It fails with fault.Corrupt.
//
// goldthread:implements SRS-93
func VerifyCheckpoint(text []byte, origin string, keys []string) (head Head, signers []string, err error) {
	said, head, err := ParseNote(text)
	if err != nil {
		return Head{}, nil, fault.New(fault.Corrupt, "a checkpoint cannot be read", err)
	}
	refuse := func(why error) (Head, []string, error) {
		return Head{}, nil, fault.New(fault.Corrupt, fmt.Sprintf("the checkpoint of %d entries does not verify", head.Size), why)
	}
	if said != origin {
		return refuse(fmt.Errorf("it is of the ledger %s, not of %s", said, origin))
	}
	byName := make(map[string]string)
	var verifiers []note.Verifier
	for _, key := range keys {
		v, err := note.NewVerifier(key)
		if err != nil {
			return refuse(fmt.Errorf("key %.80q: %w", key, err))
		}
		if name := signerName(v.Name(), v.KeyHash()); byName[name] == "" {
			byName[name] = key
			verifiers = append(verifiers, v)
		}
	}
	opened, err := note.Open(text, note.VerifierList(verifiers...))
	if err != nil {
		return refuse(err)
	}
	if len(opened.UnverifiedSigs) > 0 || len(opened.Sigs) > maxSigners {
		return refuse(errors.New("it has a signature by a key that is not known"))
	}
	again := FormatHead(origin, head) + "\n"
	for _, s := range opened.Sigs {
		raw, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil {
			return refuse(err)
		}
		again += fmt.Sprintf("— %s %s\n", s.Name, base64.StdEncoding.EncodeToString(raw))
		signers = append(signers, byName[signerName(s.Name, s.Hash)])
	}
	if again != string(text) {
		return refuse(errors.New("it is not in its one spelling"))
	}
	return head, signers, nil
}

func signerName(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }

// Signing is what the checkpoints of a ledger are signed with.
type Signing struct {
	Keys   []KeyChange                           // as entries of the ledger say, oldest first; at least that of entry 1
	Signer func(key string) (note.Signer, error) // has the private half of a verifier key, or says why not
}

// SignHead makes the checkpoint of the newest head of a ledger. It believes nothing that is in memory: it reads what the last
// checkpoint does not cover back from the store, entries and operations, recomputes every hash of it upon the tree of the last
// checkpoint, whose signatures it verifies, and signs only what comes to the root that the store says. After an unclean stop the
// same call verifies and signs the tail that nobody had signed. It fails with fault.Corrupt where something does not fit.
//
// It writes nothing. Hand the checkpoint to the next Append, or to PutCheckpoint when none is near. Where the last checkpoint
// covers the newest entry, it is what is returned.
//
// goldthread:implements SRS-93
func SignHead(ctx context.Context, s Store, project string, with Signing) (CheckpointRow, error) {
	origin, err := OriginOf(ctx, s, project)
	if err != nil {
		return CheckpointRow{}, err
	}
	last, before, err := lastSigned(ctx, s, project, origin, with.Keys)
	if err != nil {
		return CheckpointRow{}, err
	}
	head, err := s.Head(ctx, project)
	if err != nil {
		return CheckpointRow{}, err
	}
	if before.Size > head.Size {
		return CheckpointRow{}, fault.Newf(fault.Corrupt, "project %s has %d entries, and a checkpoint of %d: entries were cut off", project, head.Size, before.Size)
	}
	if err := readBack(ctx, s, project, before, head); err != nil {
		return CheckpointRow{}, err
	}
	if before.Size == head.Size {
		return last, nil
	}
	var signers []note.Signer
	for _, key := range SigningKeys(with.Keys, before.Size, head.Size) {
		signer, err := with.Signer(key)
		if err != nil {
			return CheckpointRow{}, fmt.Errorf("sign %d entries of project %s: %w", head.Size, project, err)
		}
		signers = append(signers, signer)
	}
	if len(signers) == 0 {
		return CheckpointRow{}, fault.Newf(fault.Invalid, "the ledger of project %s names no key for its checkpoints", project)
	}
	return SignCheckpoint(origin, head, signers...)
}

// lastSigned returns the last checkpoint and the head that it is of; the empty head where there is none.
func lastSigned(ctx context.Context, s Store, project, origin string, keys []KeyChange) (CheckpointRow, Head, error) {
	last, err := s.LastCheckpoint(ctx, project)
	if errors.Is(err, fault.NotFound) {
		return CheckpointRow{}, EmptyHead(), nil
	}
	if err != nil {
		return CheckpointRow{}, Head{}, err
	}
	var all []string
	for _, k := range keys {
		all = append(all, k.Key)
	}
	head, signers, err := VerifyCheckpoint(last.Note, origin, all)
	if err == nil {
		now := SigningKeys(keys, last.Size, last.Size)
		if head.Size != last.Size || len(now) != 1 || !slices.Contains(signers, now[0]) {
			err = errors.New("it is of another size, or the key in force has not signed it")
		}
	}
	if err != nil {
		return CheckpointRow{}, Head{}, fault.New(fault.Corrupt, fmt.Sprintf("the last checkpoint of project %s, of %d entries, does not verify", project, last.Size), err).
			WithHint("goldthread verify")
	}
	return last, head, nil
}

// readBack recomputes the entries from one head to another from their stored bytes.
func readBack(ctx context.Context, s Store, project string, from, to Head) error {
	tree, err := frontierAt(from, hashReader(ctx, s, project))
	if err != nil {
		return fmt.Errorf("project %s: %w", project, err)
	}
	if from.Size < to.Size {
		for row, err := range s.Rows(ctx, project, from.Size+1, to.Size-from.Size) {
			if err != nil {
				return err
			}
			if row.Sequence != tree.size+1 {
				return fault.Newf(fault.Corrupt, "project %s: entry %d is missing", project, tree.size+1)
			}
			if err := row.CheckContent(); err != nil {
				return fmt.Errorf("project %s: %w", project, err)
			}
			tree.push(row.leaf().Hash())
		}
	}
	if tree.size != to.Size || tree.root() != to.Root {
		return fault.Newf(fault.Corrupt, "project %s: what is stored of entries %d to %d does not give the root of %d entries; nothing is signed", project, from.Size+1, to.Size, to.Size).
			WithHint("goldthread verify")
	}
	return nil
}

// frontierAt reads the peaks of a tree of which the head is known.
func frontierAt(head Head, r tlog.HashReader) (*frontier, error) {
	var peaks []Hash
	keep := tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		hashes, err := r.ReadHashes(indexes)
		peaks = append([]Hash(nil), hashes...)
		return hashes, err
	})
	root, err := tlog.TreeHash(head.Size, keep)
	if err != nil {
		return nil, fmt.Errorf("read the tree of %d entries: %w", head.Size, err)
	}
	if root != head.Root {
		return nil, fault.Newf(fault.Corrupt, "the tree over %d entries has root %s, its head says %s", head.Size, root, head.Root)
	}
	return &frontier{size: head.Size, peaks: peaks}, nil
}

// CheckNew refuses a checkpoint that does not say of itself what a store is asked to keep: root is that of the ledger at its size.
// Stores call it; it looks at no signature. It fails with fault.Invalid.
func (c CheckpointRow) CheckNew(origin string, root Hash) error {
	said, head, err := ParseNote(c.Note)
	if err != nil {
		return err
	}
	if said != origin || head != (Head{Size: c.Size, Root: root}) {
		return fault.Newf(fault.Invalid, "the checkpoint of %d entries of %s is not of this ledger, %s", head.Size, said, origin)
	}
	return nil
}
