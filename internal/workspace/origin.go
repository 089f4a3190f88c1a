package workspace

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goldthread/goldthread/internal/record"
)

// Origin is the ledger that a text was taken from, and the state of it that the
// text begins with: the line `origin` of the lock. The zero Origin is none.
type Origin struct {
	Ledger string // goldthread/ and hex digits; a word
	Stream record.Stream
	Entry  int64
}

// noOrigin is how a lock says that there is none.
const noOrigin = "-"

// ParseOrigin reads what String wrote.
func ParseOrigin(s string) (Origin, error) {
	if s == noOrigin {
		return Origin{}, nil
	}
	var f [3]string
	if !split(s, f[:]) {
		return Origin{}, fmt.Errorf("origin %q: want `origin LEDGER STREAM ENTRY`, or `origin -`", short(s))
	}
	entry, err := strconv.ParseInt(f[2], 10, 64)
	if err != nil || entry < 0 || strconv.FormatInt(entry, 10) != f[2] {
		return Origin{}, fmt.Errorf("origin %q: %q is not the number of an entry", short(s), short(f[2]))
	}
	return Origin{f[0], record.Stream(f[1]), entry}, nil
}

// String is the origin as the lock has it.
func (o Origin) String() string {
	if o.Ledger == "" {
		return noOrigin
	}
	return strings.Join([]string{o.Ledger, string(o.Stream), strconv.FormatInt(o.Entry, 10)}, " ")
}
