package ledger

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/goldthread/goldthread/internal/fault"
)

// Checkpoint says how large a ledger is and what its root is. Signed, it is a note of C2SP (c2sp.org/tlog-checkpoint): whoever
// keeps one can tell later whether the ledger still holds what it held then.
type Checkpoint struct {
	Origin string // of the ledger
	Head
}

// Text is the text of the note that is signed: three lines.
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
}

// ParseCheckpoint reads what Text writes, and nothing else.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return Checkpoint{}, fault.Newf(fault.Invalid, "a checkpoint has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, rootErr := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || rootErr != nil || len(root) != len(Hash{}) || size < 0 || size > MaxSize {
		return Checkpoint{}, fault.Newf(fault.Invalid, "a checkpoint has its size in the second line and its root in the third")
	}
	c := Checkpoint{Origin: lines[0], Head: Head{Size: size, Root: Hash(root)}}
	if c.Text() != text {
		return Checkpoint{}, fault.Newf(fault.Invalid, "the checkpoint is written in another way than its own")
	}
	return c, nil
}

// Sign signs a checkpoint: by one key, or at a rotation by the old and the new one.
func (c Checkpoint) Sign(keys ...note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: c.Text()}, keys...)
	if err != nil {
		return nil, fmt.Errorf("sign the checkpoint of %d entries: %w", c.Size, err)
	}
	return signed, nil
}

// OpenCheckpoint reads a signed checkpoint. Keys are verifier keys in the text form of a note; at least one of them must have
// signed. It returns which did. A signature by one of the keys that does not hold is fault.Corrupt, as is a note that none of
// them has signed; what is no note is fault.Invalid.
func OpenCheckpoint(signed []byte, keys ...string) (c Checkpoint, by []string, err error) {
	var verifiers []note.Verifier
	names := map[string]string{} // by name and hash
	for _, key := range keys {
		v, err := note.NewVerifier(key)
		if err != nil {
			return Checkpoint{}, nil, fault.New(fault.Invalid, fmt.Sprintf("%.60q is no key that verifies notes", key), err)
		}
		id := fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash())
		if names[id] == "" {
			verifiers = append(verifiers, v)
		}
		names[id] = key
	}
	n, err := note.Open(signed, note.VerifierList(verifiers...))
	if err != nil {
		if _, unverified := err.(*note.UnverifiedNoteError); unverified {
			return Checkpoint{}, nil, fault.New(fault.Corrupt, "the checkpoint is signed by none of the keys on record", err)
		}
		if _, invalid := err.(*note.InvalidSignatureError); invalid {
			return Checkpoint{}, nil, fault.New(fault.Corrupt, "the signature of the checkpoint does not hold", err)
		}
		return Checkpoint{}, nil, fault.New(fault.Invalid, "that is no signed checkpoint", err)
	}
	for _, s := range n.Sigs {
		by = append(by, names[fmt.Sprintf("%s+%08x", s.Name, s.Hash)])
	}
	slices.Sort(by)
	c, err = ParseCheckpoint(n.Text)
	return c, by, err
}
