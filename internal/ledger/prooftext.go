package ledger

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/fault"
)

// Proofs in text, to be printed, kept and verified without the ledger. That of an entry is a c2sp.org/tlog-proof, whose extra data
// is the leaf data of the entry; that of an operation is a block of our own above the one of its entry; that of growth names the
// head it begins at. Each ends in a checkpoint. docs/ledger.md has the forms. Every form has one spelling: what is parsed must be
// what would be written.
const (
	entryProofLine       = "c2sp.org/tlog-proof@v1"
	operationProofLine   = "goldthread operation proof v1"
	consistencyProofLine = "goldthread consistency proof v1"

	// maxProof bounds the text of a proof: an operation and an envelope in base64, and paths.
	maxProof = (MaxOperation+MaxEnvelope)/3*4 + 64<<10
)

// maxPath is the longest path of a tree of MaxSize leaves; a proof of growth has one hash more.
const maxPath = 42

// FormatEntryProof writes a proof with the checkpoint of the head it leads to.
func FormatEntryProof(p EntryProof, c CheckpointRow) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nextra %s\nindex %d\n", entryProofLine, base64.StdEncoding.EncodeToString(p.Leaf.data()), p.Leaf.Sequence-1)
	writePath(&b, p.Path)
	b.WriteByte('\n')
	b.Write(c.Note)
	return b.Bytes()
}

// FormatOperationProof writes a proof with the checkpoint of the head it leads to.
func FormatOperationProof(p OperationProof, c CheckpointRow) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nnumber %d\nsalt %s\nbytes %s\n", operationProofLine, p.Number, hex.EncodeToString(p.Operation.Salt[:]), base64.StdEncoding.EncodeToString(p.Operation.Bytes))
	writePath(&b, p.Path)
	b.WriteByte('\n')
	b.Write(FormatEntryProof(p.Entry, c))
	return b.Bytes()
}

// FormatConsistencyProof writes a proof with the checkpoint of the newer head.
func FormatConsistencyProof(p ConsistencyProof, c CheckpointRow) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nsize %d\nroot %s\n", consistencyProofLine, p.Old.Size, base64.StdEncoding.EncodeToString(p.Old.Root[:]))
	writePath(&b, p.Path)
	b.WriteByte('\n')
	b.Write(c.Note)
	return b.Bytes()
}

// ProofText makes the proof, in text, that an entry (Number 0) or one operation is in a ledger, up to its last checkpoint. It fails
// with fault.NotFound where that does not cover the entry yet: PutCheckpoint of a SignHead makes it.
func ProofText(ctx context.Context, s Store, project string, ref OperationRef) ([]byte, error) {
	c, head, err := lastHead(ctx, s, project)
	if err != nil {
		return nil, err
	}
	if ref.Sequence > head.Size {
		return nil, fault.Newf(fault.NotFound, "the last checkpoint of project %s, of %d entries, does not cover entry %d", project, head.Size, ref.Sequence)
	}
	if ref.Number == 0 {
		p, err := ProveEntry(ctx, s, project, head, ref.Sequence)
		if err != nil {
			return nil, err
		}
		return FormatEntryProof(p, c), nil
	}
	p, err := ProveOperation(ctx, s, project, head, ref.Sequence, ref.Number)
	if err != nil {
		return nil, err
	}
	return FormatOperationProof(p, c), nil
}

// GrowthText makes the proof, in text, that a ledger has grown from a head that somebody has kept to its last checkpoint. It fails
// with fault.Corrupt when it has not: then one of the two is not of this history.
func GrowthText(ctx context.Context, s Store, project string, kept Head) ([]byte, error) {
	c, head, err := lastHead(ctx, s, project)
	if err != nil {
		return nil, err
	}
	p, err := ProveConsistency(ctx, s, project, kept, head)
	if err != nil {
		return nil, err
	}
	return FormatConsistencyProof(p, c), nil
}

func lastHead(ctx context.Context, s Store, project string) (CheckpointRow, Head, error) {
	c, err := s.LastCheckpoint(ctx, project)
	if err != nil {
		return CheckpointRow{}, Head{}, err
	}
	_, head, err := ParseNote(c.Note)
	if err != nil {
		return CheckpointRow{}, Head{}, fault.New(fault.Corrupt, fmt.Sprintf("the last checkpoint of project %s cannot be read", project), err)
	}
	return c, head, nil
}

// ReadEntryProof reads a proof and verifies all of it: the checkpoint by the origin and keys that the caller trusts, as
// VerifyCheckpoint does, and the path to its root. It fails with fault.Corrupt.
//
// goldthread:implements SRS-56
func ReadEntryProof(text []byte, origin string, keys []string) (EntryProof, Head, error) {
	p, head, err := readEntryProof(text, origin, keys)
	if err != nil {
		return EntryProof{}, Head{}, unproven(err)
	}
	return p, head, nil
}

func readEntryProof(text []byte, origin string, keys []string) (EntryProof, Head, error) {
	r := proofReader{text: text}
	r.line(entryProofLine)
	leaf := r.base64("extra ")
	index := r.number("index ")
	p := EntryProof{Path: r.path()}
	head, _, err := VerifyCheckpoint(r.text, origin, keys)
	if err := errors.Join(r.err, err); err != nil {
		return EntryProof{}, Head{}, err
	}
	if p.Leaf, err = parseLeaf(leaf); err != nil {
		return EntryProof{}, Head{}, err
	}
	if p.Leaf.Sequence != index+1 || !bytes.Equal(FormatEntryProof(p, CheckpointRow{Note: r.text}), text) {
		return EntryProof{}, Head{}, errors.New("the proof is not in its one spelling")
	}
	return p, head, CheckEntry(p, head)
}

// ReadOperationProof reads a proof of one operation and verifies all of it, as ReadEntryProof does.
//
// goldthread:implements SRS-56
func ReadOperationProof(text []byte, origin string, keys []string) (OperationProof, Head, error) {
	r := proofReader{text: text}
	r.line(operationProofLine)
	p := OperationProof{Number: r.number("number ")}
	salt := r.value("salt ")
	p.Operation.Bytes = r.base64("bytes ")
	p.Path = r.path()
	if r.err != nil {
		return OperationProof{}, Head{}, unproven(r.err)
	}
	if n, err := hex.Decode(p.Operation.Salt[:], []byte(fmt.Sprintf("%.64s", salt))); err != nil || n != len(p.Operation.Salt) {
		return OperationProof{}, Head{}, unproven(errors.New("the salt is not 64 hex digits"))
	}
	entry, head, err := readEntryProof(r.text, origin, keys)
	if err != nil {
		return OperationProof{}, Head{}, unproven(err)
	}
	p.Entry = entry
	rest := len(text) - len(r.text)
	if again := FormatOperationProof(p, CheckpointRow{}); !bytes.HasPrefix(again, text[:rest]) {
		return OperationProof{}, Head{}, unproven(errors.New("the proof is not in its one spelling"))
	}
	if err := CheckOperation(p, head); err != nil {
		return OperationProof{}, Head{}, err
	}
	return p, head, nil
}

// ReadConsistencyProof reads a proof that a ledger has grown from a head that the caller has kept, and verifies all of it, as
// ReadEntryProof does. It returns the newer head, to be kept from now on.
//
// goldthread:implements SRS-56
func ReadConsistencyProof(text []byte, origin string, keys []string, kept Head) (Head, error) {
	r := proofReader{text: text}
	r.line(consistencyProofLine)
	p := ConsistencyProof{Old: Head{Size: r.number("size ")}}
	root := r.base64("root ")
	p.Path = r.path()
	head, _, err := VerifyCheckpoint(r.text, origin, keys)
	if err := errors.Join(r.err, err); err != nil {
		return Head{}, unproven(err)
	}
	fixedHash(&p.Old.Root, root)
	p.New = head
	if p.Old != kept || !bytes.Equal(FormatConsistencyProof(p, CheckpointRow{Note: r.text}), text) {
		return Head{}, unproven(errors.New("the proof does not begin at the head that was kept, or is not in its one spelling"))
	}
	if err := CheckConsistency(p); err != nil {
		return Head{}, err
	}
	return head, nil
}

func fixedHash(into *Hash, b []byte) {
	if len(b) == len(into) {
		copy(into[:], b)
	}
}

func unproven(err error) error {
	return fault.New(fault.Corrupt, "the proof does not verify", err).WithHint("ask for it again, and compare the key and the name of the ledger with those you were given by another way")
}

func writePath(b *bytes.Buffer, path []Hash) {
	for _, h := range path {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]))
		b.WriteByte('\n')
	}
}

// proofReader takes the lines of a proof off its text and keeps the first error.
type proofReader struct {
	text []byte
	err  error
}

// value takes a line that begins with a word and returns the rest of it.
func (r *proofReader) value(word string) string {
	if r.err != nil {
		return ""
	}
	if len(r.text) > maxProof {
		r.err = fmt.Errorf("%d bytes are too many for a proof", len(r.text))
		return ""
	}
	line, rest, found := bytes.Cut(r.text, []byte("\n"))
	value, begins := strings.CutPrefix(string(line), word)
	if !found || !begins {
		r.err = fmt.Errorf("there is no line %q where one should be", strings.TrimSpace(word))
		return ""
	}
	r.text = rest
	return value
}

func (r *proofReader) line(whole string) {
	if rest := r.value(whole); rest != "" && r.err == nil {
		r.err = fmt.Errorf("the line %q goes on", whole)
	}
}

func (r *proofReader) number(word string) int64 {
	n, err := strconv.ParseInt(r.value(word), 10, 64)
	if err != nil && r.err == nil {
		r.err = err
	}
	return n
}

func (r *proofReader) base64(word string) []byte {
	b, err := base64.StdEncoding.DecodeString(r.value(word))
	if err != nil && r.err == nil {
		r.err = err
	}
	return b
}

// path takes the lines of hashes up to the empty one.
func (r *proofReader) path() (path []Hash) {
	for r.err == nil {
		line := r.value("")
		if line == "" || r.err != nil {
			break
		}
		b, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(b) != len(Hash{}) || len(path) > maxPath {
			r.err = errors.New("a path has a line that is no hash, or is too long")
			break
		}
		path = append(path, Hash(b))
	}
	return path
}

// parseLeaf reads leaf data. Every part has one spelling, which is checked by whoever writes it again.
func parseLeaf(data []byte) (l Leaf, err error) {
	rest, found := bytes.CutPrefix(data, []byte(entryPrefix))
	parts := bytes.SplitN(rest, []byte("\n"), 4)
	if !found || len(parts) != 4 {
		return Leaf{}, errors.New("the extra data is no leaf data of an entry")
	}
	if l.Sequence, err = strconv.ParseInt(string(parts[0]), 10, 64); err != nil {
		return Leaf{}, err
	}
	if l.OperationCount, err = strconv.ParseInt(string(parts[1]), 10, 64); err != nil {
		return Leaf{}, err
	}
	if len(parts[2]) != 2*len(l.OperationsRoot) {
		return Leaf{}, errors.New("the operations root is not 64 hex digits")
	}
	if _, err = hex.Decode(l.OperationsRoot[:], parts[2]); err != nil {
		return Leaf{}, err
	}
	l.Envelope = parts[3]
	return l, nil
}
