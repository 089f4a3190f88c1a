package record

import (
	"fmt"
	"time"
)

// Stream is a line of development: "main", or a maintenance line.
type Stream string

// Main is the stream every project begins with.
const Main Stream = "main"

// Change is one atomic step of a project: all of its operations happened, or
// none.
type Change struct {
	Sequence    int64 // 1 for the first entry of a project
	Stream      Stream
	Time        time.Time // UTC, microseconds
	Actor       string    // opaque identity of an account; "local" without accounts
	Channel     string    // where it came in: web, api, workspace, import …
	Request     string    // key of the change request, may be empty before the control point
	Reason      string
	Idempotency string // names this change for retries
	Claimed     []Claim
	Ported      []Ported // the entries of other streams that this change brings over
	// Operations, in their order. One that was redacted since is what its redaction says that stands in for it, or nil.
	Operations []Operation
}

// Ported names an entry of another stream of the same ledger.
type Ported struct {
	Stream Stream
	Entry  int64
}

// Claim is something said by a source that nobody here has proven: the author
// of a git commit, the date in an imported file.
type Claim struct {
	What   string // author, time …
	Value  string
	Source string
}

const timeLayout = "2006-01-02T15:04:05.000000Z"

// FormatTime writes t as in entries: UTC with six decimals.
func FormatTime(t time.Time) string { return t.UTC().Format(timeLayout) }

// ParseTime reads what FormatTime wrote, nothing else.
func ParseTime(s string) (time.Time, error) {
	t, err := time.Parse(timeLayout, s)
	if err != nil || FormatTime(t) != s {
		return time.Time{}, fmt.Errorf("time %q: want the form %s", s, timeLayout)
	}
	return t, nil
}
