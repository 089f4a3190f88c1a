// Package fault is the one error type that carries a decision across packages: what kind of failure it is, a sentence a user
// can read, what to do about it, and the cause for the log.
//
// A package below the edges makes a fault where it knows what went wrong; packages between add context with fmt.Errorf and
// %w; the edges (pages, API, command line) ask KindOf, Sentence and Hint and look the answer up in the table of kinds. No other
// package decides an HTTP status, an exit code or a log level.
//
// It refuses to know any record, format or store, and it never hides a cause: the cause stays reachable by errors.Is and
// errors.As. The sentence is for the user and must not hold what the user may not see; the cause is for the log.
//
//	return fault.New(fault.NotFound, "project pump does not exist", err).WithHint("goldthread init pump")
package fault

import (
	"errors"
	"fmt"
)

// Error is a failure with its kind. Make one with New; read one with KindOf, Sentence and Hint, which also see through
// wrapping by fmt.Errorf.
type Error struct {
	kind     Kind
	sentence string
	hint     string
	cause    error
}

// New makes a fault. The sentence is what the user reads: lower case, no full stop, it names the record concerned. The cause
// may be nil when the fault is the first to know.
func New(kind Kind, sentence string, cause error) *Error {
	return &Error{kind: kind, sentence: sentence, cause: cause}
}

// Newf is New without a cause, its sentence built as by fmt.Sprintf.
func Newf(kind Kind, format string, args ...any) *Error {
	return &Error{kind: kind, sentence: fmt.Sprintf(format, args...)}
}

// WithHint returns a copy that carries the way out, best a command to type.
func (e *Error) WithHint(hint string) *Error {
	withHint := *e
	withHint.hint = hint
	return &withHint
}

// Error is the text for logs: the sentence and, after a colon, the cause.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.sentence
	}
	return e.sentence + ": " + e.cause.Error()
}

// Unwrap returns the cause, nil when there is none.
func (e *Error) Unwrap() error { return e.cause }

// Is makes errors.Is(err, fault.NotFound) work: a Kind is an error only so that it can be asked for.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == e.kind
}

// KindOf returns the kind of the outermost fault in err's tree. An error without one is Internal: nobody has said that the user
// can do something about it. KindOf(nil) is the zero Kind, which is no kind at all.
func KindOf(err error) Kind {
	if err == nil {
		return 0
	}
	if found := outermost(err); found != nil && found.kind.known() {
		return found.kind
	}
	return Internal
}

// Sentence returns what the user may read of err: the sentence of the outermost fault, and for an error without one a sentence
// that gives nothing away. Sentence(nil) is empty.
//
// goldthread:implements SRS-63
func Sentence(err error) string {
	if err == nil {
		return ""
	}
	if found := outermost(err); found != nil {
		return found.sentence
	}
	return "something went wrong inside goldthread"
}

// Hint returns the first hint found from the outside in along the chain of single causes, or "".
func Hint(err error) string {
	for found := outermost(err); found != nil; found = outermost(found.cause) {
		if found.hint != "" {
			return found.hint
		}
	}
	return ""
}

func outermost(err error) *Error {
	found, ok := errors.AsType[*Error](err)
	if !ok {
		return nil
	}
	return found
}
