package record

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
)

// ID is the immutable identity of an item: 128 bits that carry no meaning.
// Its text form is 26 lower-case characters of RFC 4648 base32hex, unpadded.
type ID [16]byte

var idEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// IDLength is the length of the text form of an ID.
const IDLength = 26

// String returns the 26 characters of id.
func (id ID) String() string { return idEncoding.EncodeToString(id[:]) }

// IsZero reports whether id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// ParseID reads the text form. Any other spelling of the same bits is refused,
// so that one identity has one form.
//
// goldthread:implements SRS-4
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != IDLength {
		return id, fmt.Errorf("identity %.40q: want %d characters, have %d", s, IDLength, len(s))
	}
	raw, err := idEncoding.DecodeString(s)
	if err != nil || len(raw) != len(id) {
		return id, fmt.Errorf("identity %q: not base32hex in lower case", s)
	}
	copy(id[:], raw)
	if id.String() != s {
		return ID{}, fmt.Errorf("identity %q: its last character has unused bits set", s)
	}
	return id, nil
}

// ProvisionalID is the identity of an item that no lock or ledger has named
// yet: derived from its key, so that two readings of the same text agree.
func ProvisionalID(key Key) ID {
	sum := sha256.Sum256([]byte("goldthread provisional id 1\n" + string(key)))
	var id ID
	copy(id[:], sum[:])
	return id
}
