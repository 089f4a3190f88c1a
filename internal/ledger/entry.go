package ledger

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/goldthread/goldthread/internal/fault"
)

// Limits of what a ledger takes. They bound what one row, one entry and one proof can cost a reader.
const (
	MaxName       = 100       // bytes of a project's name
	MaxKey        = 200       // bytes of an idempotency key
	MaxEnvelope   = 1 << 20   // bytes of an envelope
	MaxOperation  = 16 << 20  // bytes of an operation
	MaxOperations = 1_000_000 // operations of an entry
	MaxSize       = 1 << 40   // entries of a ledger
)

// Salt hides an operation behind its commitment. It comes from a cryptographic source of randomness, a new one for each
// operation.
type Salt [32]byte

// Operation is one step of a change: opaque bytes and the salt of their commitment.
type Operation struct {
	Salt  Salt
	Bytes []byte
}

// OperationRef names an operation: the number of its entry, and its own in the entry, both from 1.
type OperationRef struct{ Sequence, Number int64 }

func (r OperationRef) String() string {
	return fmt.Sprintf("operation %d of entry %d", r.Number, r.Sequence)
}

// Entry is one atomic change.
type Entry struct {
	// Sequence is the number of the entry in its ledger, from 1. In an append it may be left 0; if it is set, the entry gets
	// exactly that number or is refused, so an envelope may name it.
	Sequence int64
	// Key makes a retry harmless: a ledger has at most one entry with a given key. Empty means none. It is an index into the
	// ledger and is not hashed; an envelope that is to prove its key says it itself.
	Key string
	// Envelope is who, when and why, in bytes of the caller's making, hashed as they are.
	Envelope []byte
	// Operations are hashed one by one, so that each can be proven alone.
	Operations []Operation
	// Redacts names operations of earlier entries whose salt and bytes are taken out of the store, for ever, in the very
	// transaction that appends this entry. Their commitments stay, so that everything else can still be proven. The list is
	// an instruction and is not hashed: an operation of this entry has to say the same in its bytes, or verification by
	// content finds operations that are gone without a reason. An entry that redacts is itself beyond redaction. Entries
	// that are read back have no list.
	Redacts []OperationRef
	// Redacted says of an entry that was read which of its operations were taken out since, by number, and by which entry.
	Redacted map[int64]int64
}

// Head is a ledger at one moment: how many entries, and the root of the tree over them.
type Head struct {
	Size int64
	Root Hash
}

// EmptyHead is the head of a ledger without entries.
func EmptyHead() Head { return Head{Root: new(frontier).root()} }

func (h Head) String() string { return fmt.Sprintf("%d %s", h.Size, h.Root) }

// CheckProject refuses a name that cannot be a project's. The ledger is not choosy (record is); it refuses what could not be
// printed or compared safely.
func CheckProject(name string) error {
	return checkText("project name", name, MaxName)
}

// check refuses an entry that no ledger takes.
func (e Entry) check() error {
	switch {
	case len(e.Envelope) == 0:
		return fault.Newf(fault.Invalid, "the entry has no envelope")
	case len(e.Envelope) > MaxEnvelope:
		return fault.Newf(fault.Invalid, "the envelope has %d bytes, more than %d", len(e.Envelope), MaxEnvelope)
	case len(e.Operations) > MaxOperations:
		return fault.Newf(fault.Invalid, "the entry has %d operations, more than %d; split the change", len(e.Operations), MaxOperations)
	}
	if err := checkRedacts(e.Redacts); err != nil {
		return err
	}
	if e.Key != "" {
		if err := checkText("idempotency key", e.Key, MaxKey); err != nil {
			return err
		}
	}
	for i, op := range e.Operations {
		if len(op.Bytes) > MaxOperation {
			return fault.Newf(fault.Invalid, "operation %d has %d bytes, more than %d; store files as blobs", i+1, len(op.Bytes), MaxOperation)
		}
		if op.Salt == (Salt{}) {
			return fault.Newf(fault.Invalid, "operation %d has no salt", i+1)
		}
	}
	return nil
}

// checkRedacts refuses a list that names what can be no operation, or one of them twice.
func checkRedacts(refs []OperationRef) error {
	seen := make(map[OperationRef]bool, len(refs))
	for _, ref := range refs {
		if ref.Sequence < 1 || ref.Sequence > MaxSize || ref.Number < 1 || ref.Number > MaxOperations {
			return fault.Newf(fault.Invalid, "%s cannot be redacted: entries and operations are numbered from 1", ref)
		}
		if seen[ref] {
			return fault.Newf(fault.Invalid, "%s is to be redacted twice", ref)
		}
		seen[ref] = true
	}
	return nil
}

func checkSequence(n int64) error {
	if n < 1 || n > MaxSize {
		return fault.Newf(fault.Invalid, "%d is not the number of an entry; entries are numbered from 1", n)
	}
	return nil
}

func checkText(what, text string, limit int) error {
	switch {
	case text == "":
		return fault.Newf(fault.Invalid, "the %s is empty", what)
	case len(text) > limit:
		return fault.Newf(fault.Invalid, "the %s has %d bytes, more than %d", what, len(text), limit)
	case !utf8.ValidString(text):
		return fault.Newf(fault.Invalid, "the %s %q is not UTF-8", what, text)
	}
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return fault.Newf(fault.Invalid, "the %s %q has a character that cannot be printed", what, text)
		}
	}
	return nil
}
