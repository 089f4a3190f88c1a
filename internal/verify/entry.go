package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// Entry is one line of ledger.jsonl. Leaf and Commitment are what was hashed when the entry was made: they prove nothing, since all
// of it is computed anew, and tell which entry or operation was changed.
type Entry struct {
	Envelope   string
	Key        string // of a retry; not hashed, and said by the envelope too
	Leaf       string // leaf hash, hex
	Operations []Operation
	Sequence   int64
}

// Operation is one operation of a line: bytes and salt, or the number of the entry that took them out.
type Operation struct {
	Bytes      string
	Commitment string // hex
	Salt       string // hex
	RedactedBy int64
}

// ParseLine reads a line and refuses every spelling but the one that AppendLine writes.
func ParseLine(line []byte) (Entry, error) {
	var wire struct {
		Envelope   string
		Key        string
		Leaf       string
		Operations []struct {
			Bytes, Commitment, Salt string
			RedactedBy              int64 `json:"redacted_by"`
		}
		Sequence int64
	}
	if err := json.Unmarshal(line, &wire); err != nil {
		return Entry{}, err
	}
	e := Entry{Envelope: wire.Envelope, Key: wire.Key, Leaf: wire.Leaf, Sequence: wire.Sequence}
	for _, op := range wire.Operations {
		e.Operations = append(e.Operations, Operation(op))
	}
	if !bytes.Equal(AppendLine(nil, e), line) {
		return Entry{}, errors.New("it is not in canonical form")
	}
	return e, nil
}

// AppendLine writes a line, without its line feed.
func AppendLine(dst []byte, e Entry) []byte {
	dst = appendString(append(dst, `{"envelope":`...), e.Envelope)
	dst = appendString(append(dst, `,"key":`...), e.Key)
	dst = appendString(append(dst, `,"leaf":`...), e.Leaf)
	dst = append(dst, `,"operations":[`...)
	for i, op := range e.Operations {
		if i > 0 {
			dst = append(dst, ',')
		}
		if op.RedactedBy != 0 {
			dst = appendString(append(dst, `{"commitment":`...), op.Commitment)
			dst = append(strconv.AppendInt(append(dst, `,"redacted_by":`...), op.RedactedBy, 10), '}')
			continue
		}
		dst = appendString(append(dst, `{"bytes":`...), op.Bytes)
		dst = appendString(append(dst, `,"commitment":`...), op.Commitment)
		dst = append(appendString(append(dst, `,"salt":`...), op.Salt), '}')
	}
	dst = strconv.AppendInt(append(dst, `],"sequence":`...), e.Sequence, 10)
	return append(dst, '}')
}

// commitment computes what the tree of an entry holds of an operation.
func commitment(op Operation) (h tlog.Hash, err error) {
	salt, ok := parseHex(op.Salt)
	if !ok {
		return h, errors.New("its salt is not 32 bytes in hex")
	}
	data := make([]byte, 0, 64+len(op.Bytes))
	data = append(append(append(data, "goldthread op v1\n"...), salt[:]...), op.Bytes...)
	return sha256.Sum256(data), nil
}

// leafHash computes the leaf of an entry from the commitments of its operations.
func leafHash(sequence int64, envelope string, commitments []tlog.Hash) tlog.Hash {
	var operations tree
	for i := range commitments {
		operations.push(tlog.RecordHash(commitments[i][:]))
	}
	root := operations.root()
	return tlog.RecordHash(fmt.Appendf(nil, "goldthread entry v1\n%d\n%d\n%x\n%s", sequence, len(commitments), root[:], envelope))
}

// tree is a tree of RFC 6962 of which the roots of its complete subtrees are kept, the largest first.
type tree struct {
	size  int64
	peaks []tlog.Hash
}

func (t *tree) push(leaf tlog.Hash) {
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.peaks) - 1
		leaf = tlog.NodeHash(t.peaks[last], leaf)
		t.peaks = t.peaks[:last]
	}
	t.peaks = append(t.peaks, leaf)
	t.size++
}

func (t *tree) root() tlog.Hash {
	if len(t.peaks) == 0 {
		return sha256.Sum256(nil)
	}
	root := t.peaks[len(t.peaks)-1]
	for i := len(t.peaks) - 2; i >= 0; i-- {
		root = tlog.NodeHash(t.peaks[i], root)
	}
	return root
}

func parseHex(s string) (h tlog.Hash, ok bool) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != len(h) || hex.EncodeToString(raw) != s {
		return h, false
	}
	return tlog.Hash(raw), true
}
