package record

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
)

// ID is the immutable identity of an item: 128 bits that carry no meaning.
// Its text form is 26 lower-case characters of RFC 4648 base32hex, unpadded.
type ID [16]byte

const idDigits = "0123456789abcdefghijklmnopqrstuv"

var idEncoding = base32.NewEncoding(idDigits).WithPadding(base32.NoPadding)

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
	if len(s) != IDLength {
		return ID{}, fmt.Errorf("identity %.40q: want %d characters, have %d", s, IDLength, len(s))
	}
	id, ok := parseID([]byte(s))
	if !ok {
		return ID{}, fmt.Errorf("identity %q: not base32hex in lower case, or its last character has unused bits set", s)
	}
	return id, nil
}

// parseID reads 26 digits of 5 bits, of which the last has two that are not used and must be zero.
func parseID(s []byte) (id ID, ok bool) {
	if len(s) != IDLength {
		return id, false
	}
	bits, have, at := uint(0), 0, 0
	for _, c := range s {
		v := idValues[c]
		if v > 31 {
			return ID{}, false
		}
		bits, have = bits<<5|uint(v), have+5
		if have >= 8 {
			have -= 8
			id[at] = byte(bits >> have)
			at++
		}
	}
	return id, bits&3 == 0
}

var idValues = func() (values [256]byte) {
	for i := range values {
		values[i] = 0xff
	}
	for i, c := range idDigits {
		values[c] = byte(i)
	}
	return values
}()

// ProvisionalID is the identity of an item that no lock or ledger has named
// yet: derived from its key, so that two readings of the same text agree.
func ProvisionalID(key Key) ID {
	sum := sha256.Sum256([]byte("goldthread provisional id 1\n" + string(key)))
	var id ID
	copy(id[:], sum[:])
	return id
}
